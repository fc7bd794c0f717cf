import CPythonABI

/// `object.__class__ = type`. CPython: Objects/typeobject.c, `object_set_class`.
enum ClassAssignment {
  static func assign(_ value: Ref?, to object: Ref) throws(Raised) {
    guard let value else { throw raise(.typeError, "can't delete __class__ attribute") }
    guard value.isType else {
      throw raise(.typeError, "__class__ must be set to a class, not '\(value.type.fullName)' object")
    }
    try Audit.send("object.__setattr__", [.object(object), .text("__class__"), .object(value)])
    let new = value.asType
    let old = object.type
    let modules =
      PyType_IsSubtype(new, moduleType()) != 0 && PyType_IsSubtype(old, moduleType()) != 0
    let immutable = UInt(Py_TPFLAGS_IMMUTABLETYPE)
    if !modules && (new.has(immutable) || old.has(immutable)) {
      throw raise(
        .typeError,
        "__class__ assignment only supported for mutable types or ModuleType subclasses")
    }
    try TypeRef.checkAssignable(new, old, attribute: "__class__")
    if old.has(UInt(Py_TPFLAGS_INLINE_VALUES)) {
      // The inline values belong to the keys of the old class: a dict of its own takes over.
      let dict = try borrow(_PyObject_MaterializeManagedDict(object))
      try check(_PyDict_DetachFromObject(dict, object))
    }
    if new.isHeap { Py_INCREF(new.object) }
    object.pointee.ob_type = new
    if old.isHeap { Py_DECREF(old.object) }
  }
}
