import CPythonABI

/// Attribute access of ordinary objects: data descriptors, the instance's own attributes, then
/// other class attributes. CPython: Objects/object.c, `_PyObject_GenericGetAttrWithDict`,
/// `_PyObject_GenericSetAttrWithDict`, `_PyObject_GetMethod`.
enum GenericAttributes {
  /// `object.__getattribute__`. nil without an exception when missing and `quietly`.
  /// `dict`: look here instead of in the instance's own attributes.
  @inline(__always)
  static func get(_ object: Ref, _ name: Ref, dict given: Ref?, quietly: Bool) -> Ref? {
    guard name.isStr else {
      _ = raise(.typeError, "attribute name must be string, not '\(name.type.fullName)'")
      return nil
    }
    let type = object.type
    let descriptor = type.lookUp(name)
    var getter: descrgetfunc?
    if let descriptor {
      getter = descriptor.type.pointee.tp_descr_get
      Py_INCREF(descriptor)
      if let getter, descriptor.type.pointee.tp_descr_set != nil {
        let result = getter(descriptor, object, type.object)
        Py_DECREF(descriptor)
        return quietly ? silence(result) : result
      }
    }
    if let found = ownAttribute(object, type, name, given) {
      Py_XDECREF(descriptor)
      return found
    }
    if hasRaised() {
      Py_XDECREF(descriptor)
      return nil
    }
    if let descriptor {
      guard let getter else { return descriptor }
      let result = getter(descriptor, object, type.object)
      Py_DECREF(descriptor)
      return quietly ? silence(result) : result
    }
    if !quietly {
      _ = raise(
        .attributeError, "'\(type.fullName)' object has no attribute '\(text(of: name))'")
      _ = _PyObject_SetAttributeErrorContext(object, name)
    }
    return nil
  }

  /// Forgets an AttributeError that the caller did not want.
  private static func silence(_ result: Ref?) -> Ref? {
    if result == nil && PyErr_ExceptionMatches(.attributeError) != 0 { PyErr_Clear() }
    return result
  }

  /// The attribute stored with the instance, a new reference; nil when there is none.
  @inline(__always)
  private static func ownAttribute(
    _ object: Ref, _ type: TypeRef, _ name: Ref, _ given: Ref?
  ) -> Ref? {
    var dict = given
    if dict == nil {
      if type.pointee.tp_flags & UInt(Py_TPFLAGS_INLINE_VALUES) != 0 {
        var value: Ref?
        if _PyObject_TryGetInstanceAttribute(object, name, &value) != 0 { return value }
      }
      if type.pointee.tp_flags & UInt(Py_TPFLAGS_MANAGED_DICT) != 0 {
        dict = apus_managed_dict(object).pointee
      } else if type.pointee.tp_dictoffset != 0 {
        dict = _PyObject_ComputedDictPointer(object)?.pointee
      }
    }
    guard let dict else { return nil }
    Py_INCREF(dict)
    defer { Py_DECREF(dict) }
    var value: Ref?
    _ = PyDict_GetItemRef(dict, name, &value)
    return value
  }

  /// `object.__setattr__`, and `__delattr__` with a nil value.
  static func set(_ object: Ref, _ name: Ref, _ value: Ref?, dict given: Ref?) throws(Raised) {
    guard name.isStr else {
      throw raise(.typeError, "attribute name must be string, not '\(name.type.fullName)'")
    }
    let type = object.type
    if !type.has(UInt(Py_TPFLAGS_READY)) { try check(PyType_Ready(type)) }
    let descriptor = type.lookUp(name)
    if let descriptor, let setter = descriptor.type.pointee.tp_descr_set {
      Py_INCREF(descriptor)
      let result = setter(descriptor, object, value)
      Py_DECREF(descriptor)
      try check(result)
      return
    }
    Py_XINCREF(descriptor)
    defer { Py_XDECREF(descriptor) }
    Py_INCREF(name)
    defer { Py_DECREF(name) }
    let result: Int32
    var isInline = false
    if let given {
      Py_INCREF(given)
      defer { Py_DECREF(given) }
      result = value.map { PyDict_SetItem(given, name, $0) } ?? PyDict_DelItem(given, name)
    } else if type.has(UInt(Py_TPFLAGS_INLINE_VALUES)),
      apus_inline_values(object).pointee.valid != 0
    {
      isInline = true
      result = _PyObject_StoreInstanceAttribute(object, name, value)
    } else if type.has(UInt(Py_TPFLAGS_MANAGED_DICT)) {
      result = _PyObjectDict_SetItem(type, object, apus_managed_dict(object), name, value)
    } else if let slot = _PyObject_ComputedDictPointer(object) {
      result = _PyObjectDict_SetItem(type, object, slot, name, value)
    } else {
      throw raiseReadOnly(object, name, descriptor)
    }
    if result >= 0 { return }
    if PyErr_ExceptionMatches(.keyError) != 0 {
      PyErr_Clear()
      throw raiseMissing(object, name, hasContext: !isInline)
    }
    throw Raised()
  }

  /// The object has no place for attributes of its own.
  private static func raiseReadOnly(_ object: Ref, _ name: Ref, _ descriptor: Ref?) -> Raised {
    let message =
      descriptor == nil
      ? "'\(object.type.fullName)' object has no attribute '\(text(of: name))' and no __dict__ for "
        + "setting new attributes"
      : "'\(object.type.fullName)' object attribute '\(text(of: name))' is read-only"
    let raised = raise(.attributeError, message)
    _ = _PyObject_SetAttributeErrorContext(object, name)
    return raised
  }

  /// Without context, as CPython raises it for values inside the instance, the exception does not
  /// know the object and the name.
  private static func raiseMissing(_ object: Ref, _ name: Ref, hasContext: Bool) -> Raised {
    let message =
      object.isType
      ? "type object '\(object.asType.fullName)' has no attribute '\(text(of: name))'"
      : "'\(object.type.fullName)' object has no attribute '\(text(of: name))'"
    let raised = raise(.attributeError, message)
    if hasContext { _ = _PyObject_SetAttributeErrorContext(object, name) }
    return raised
  }
}

@c @implementation public func PyObject_GenericGetAttr(_ object: Ref, _ name: Ref) -> Ref? {
  GenericAttributes.get(object, name, dict: nil, quietly: false)
}

@c @implementation public func _PyObject_GenericGetAttrWithDict(
  _ object: Ref, _ name: Ref, _ dict: Ref?, _ suppress: Int32
) -> Ref? {
  GenericAttributes.get(object, name, dict: dict, quietly: suppress != 0)
}

@c @implementation public func PyObject_GenericSetAttr(
  _ object: Ref, _ name: Ref, _ value: Ref?
) -> Int32 {
  status { try GenericAttributes.set(object, name, value, dict: nil) }
}

@c @implementation public func _PyObject_GenericSetAttrWithDict(
  _ object: Ref, _ name: Ref, _ value: Ref?, _ dict: Ref?
) -> Int32 {
  // The attributes of a type are its dict.
  status {
    try GenericAttributes.set(
      object, name, value, dict: dict ?? (object.isType ? object.asType.pointee.tp_dict : nil))
  }
}

/// Where the dict pointer of the instance lies (not of inline values); nil without one.
@c @implementation public func _PyObject_ComputedDictPointer(
  _ object: Ref
) -> UnsafeMutablePointer<Ref?>? {
  let type = object.type
  var offset = type.pointee.tp_dictoffset
  if offset == 0 { return nil }
  if type.has(UInt(Py_TPFLAGS_MANAGED_DICT)) { return apus_managed_dict(object) }
  if offset < 0 {
    // Counted from the end of a variable-size object.
    let items = abs(apus_var_size(object))
    let size = (type.pointee.tp_basicsize + items * type.pointee.tp_itemsize + 7) & ~7
    offset += size
  }
  return (UnsafeMutableRawPointer(object) + offset).assumingMemoryBound(to: Ref?.self)
}

/// The same, with inline values turned into a dict first.
@c @implementation public func _PyObject_GetDictPtr(_ object: Ref) -> UnsafeMutablePointer<Ref?>? {
  if object.has(UInt(Py_TPFLAGS_MANAGED_DICT)) {
    if object.has(UInt(Py_TPFLAGS_INLINE_VALUES)),
      apus_managed_dict(object).pointee == nil,
      _PyObject_MaterializeManagedDict(object) == nil
    {
      PyErr_Clear()
      return nil
    }
    return apus_managed_dict(object)
  }
  return _PyObject_ComputedDictPointer(object)
}

@c @implementation public func PyObject_GenericSetDict(
  _ object: Ref, _ value: Ref?, _ context: UnsafeMutableRawPointer?
) -> Int32 {
  status {
    guard object.type.pointee.tp_dictoffset != 0 else {
      throw raise(.attributeError, "This object has no __dict__")
    }
    guard let value else { throw raise(.typeError, "cannot delete __dict__") }
    guard value.isDict else {
      throw raise(
        .typeError, "__dict__ must be set to a dictionary, not a '\(value.type.fullName)'")
    }
    if object.has(UInt(Py_TPFLAGS_MANAGED_DICT)) {
      try check(_PyObject_SetManagedDict(object, value))
      return
    }
    guard let slot = _PyObject_ComputedDictPointer(object) else {
      throw raise(.attributeError, "This object has no __dict__")
    }
    let old = slot.pointee
    Py_INCREF(value)
    slot.pointee = value
    Py_XDECREF(old)
  }
}

// MARK: Methods without binding

@c @implementation public func _PyObject_GetMethod(
  _ object: Ref, _ name: Ref, _ result: UnsafeMutablePointer<Ref?>
) -> Int32 {
  result.pointee = nil
  let type = object.type
  guard
    unsafeBitCast(type.pointee.tp_getattro, to: UnsafeRawPointer?.self)
      == unsafeBitCast(PyObject_GenericGetAttr as getattrofunc, to: UnsafeRawPointer.self),
    name.isExactStr
  else {
    result.pointee = PyObject_GetAttr(object, name)
    return 0
  }
  let descriptor = type.lookUp(name)
  var isMethod = false
  var getter: descrgetfunc?
  if let descriptor {
    Py_INCREF(descriptor)
    if descriptor.has(UInt(Py_TPFLAGS_METHOD_DESCRIPTOR)) {
      isMethod = true
    } else {
      getter = descriptor.type.pointee.tp_descr_get
      if let getter, descriptor.type.pointee.tp_descr_set != nil {
        result.pointee = getter(descriptor, object, type.object)
        Py_DECREF(descriptor)
        return 0
      }
    }
  }
  if let found = GenericAttributes.own(object, type, name) {
    result.pointee = found
    Py_XDECREF(descriptor)
    return 0
  }
  if hasRaised() {
    Py_XDECREF(descriptor)
    return 0
  }
  guard let descriptor else {
    _ = raise(.attributeError, "'\(type.fullName)' object has no attribute '\(text(of: name))'")
    _ = _PyObject_SetAttributeErrorContext(object, name)
    return 0
  }
  if isMethod {
    result.pointee = descriptor
    return 1
  }
  if let getter {
    result.pointee = getter(descriptor, object, type.object)
    Py_DECREF(descriptor)
    return 0
  }
  result.pointee = descriptor
  return 0
}

extension GenericAttributes {
  /// The attribute stored with the instance, for `_PyObject_GetMethod`.
  @inline(__always)
  static func own(_ object: Ref, _ type: TypeRef, _ name: Ref) -> Ref? {
    ownAttribute(object, type, name, nil)
  }
}

/// Completes an AttributeError that is set with `name` and `obj`, unless it has them.
@c @implementation public func _PyObject_SetAttributeErrorContext(
  _ object: Ref, _ name: Ref
) -> Int32 {
  guard PyErr_ExceptionMatches(.attributeError) != 0, let error = PyErr_GetRaisedException() else {
    return 0
  }
  if error.isInstance(of: apus_exc_AttributeError()) {
    let fields = error.view(PyAttributeErrorObject.self)
    if fields.pointee.name == nil && fields.pointee.obj == nil {
      Py_INCREF(name)
      Py_INCREF(object)
      fields.pointee.name = name
      fields.pointee.obj = object
    }
  }
  PyErr_SetRaisedException(error)
  return 0
}
