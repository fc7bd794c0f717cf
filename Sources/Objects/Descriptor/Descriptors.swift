import CPythonABI

/// What method, member, getset and wrapper descriptors share: the type they belong to and their
/// name. CPython: Objects/descrobject.c.
enum Descriptors {
  /// A new, tracked descriptor with its common fields set.
  static func make(_ descriptorType: TypeRef, _ type: TypeRef, _ name: UnsafePointer<CChar>?) -> Ref? {
    guard let name, let object = PyType_GenericAlloc(descriptorType, 0) else { return nil }
    let fields = object.view(PyDescrObject.self)
    Py_INCREF(type.object)
    fields.pointee.d_type = type
    fields.pointee.d_name = PyUnicode_InternFromString(name)
    if fields.pointee.d_name == nil {
      Py_DECREF(object)
      return nil
    }
    return object
  }

  static func name(_ descriptor: Ref) -> String {
    descriptor.view(PyDescrObject.self).pointee.d_name.map { text(of: $0) } ?? "?"
  }

  static func owner(_ descriptor: Ref) -> TypeRef {
    descriptor.view(PyDescrObject.self).pointee.d_type
  }

  static func repr(_ descriptor: Ref, _ kind: String) -> Ref? {
    newString("<\(kind) '\(name(descriptor))' of '\(owner(descriptor).fullName)' objects>")
  }

  /// Whether the object is one the descriptor applies to; TypeError set when not.
  @inline(__always)
  static func applies(_ descriptor: Ref, to object: Ref) -> Bool {
    if object.isInstance(of: owner(descriptor)) { return true }
    _ = raise(
      .typeError,
      "descriptor '\(name(descriptor))' for '\(owner(descriptor).fullName)' objects doesn't apply "
        + "to a '\(object.type.fullName)' object")
    return false
  }

  /// `__qualname__`: "type.name".
  static let qualifiedName = Property(
    "__qualname__",
    get: { descriptor, _ in
      let fields = descriptor.view(PyDescrObject.self)
      if fields.pointee.d_qualname == nil {
        guard let owner = PyObject_GetAttr(fields.pointee.d_type.object, id___qualname__()) else {
          return nil
        }
        defer { Py_DECREF(owner) }
        guard owner.isStr else {
          _ = raise(.typeError, "<descriptor>.__objclass__.__qualname__ is not a unicode object")
          return nil
        }
        fields.pointee.d_qualname = newString("\(text(of: owner)).\(name(descriptor))")
      }
      Py_XINCREF(fields.pointee.d_qualname)
      return fields.pointee.d_qualname
    })

  static let members = [
    Member("__objclass__", _Py_T_OBJECT, offset: 16, flags: Py_READONLY),
    Member("__name__", _Py_T_OBJECT, offset: 24, flags: Py_READONLY),
  ]

  /// `getattr(type, name)`, which is how pickle finds the descriptor again.
  static let reduce: Method = .noargs("__reduce__", "What pickle needs to find the descriptor.") {
    descriptor, _ in
    new {
      let fields = descriptor.view(PyDescrObject.self).pointee
      return try reduceAsGetAttr(fields.d_type.object, fields.d_name ?? noneObject())
    }
  }

  static func reduceAsGetAttr(_ object: Ref, _ name: Ref) throws(Raised) -> Owned {
    let builtins = try own(PyImport_Import(id_builtins()))
    let function = try own(PyObject_GetAttrString(builtins.ref, "getattr"))
    let arguments = try own(PyTuple_Pack2(object, name))
    return try own(PyTuple_Pack2(function.ref, arguments.ref))
  }
}

@c @implementation public func PyDescr_IsData(_ descriptor: Ref) -> Int32 {
  descriptor.type.pointee.tp_descr_set != nil ? 1 : 0
}

@c func descriptor_dealloc(_ descriptor: Ref) {
  PyObject_GC_UnTrack(UnsafeMutableRawPointer(descriptor))
  let fields = descriptor.view(PyDescrObject.self).pointee
  Py_XDECREF(fields.d_type.object)
  Py_XDECREF(fields.d_name)
  Py_XDECREF(fields.d_qualname)
  PyObject_GC_Del(UnsafeMutableRawPointer(descriptor))
}

@c func descriptor_traverse(
  _ descriptor: Ref, _ visit: @escaping visitproc, _ argument: UnsafeMutableRawPointer?
) -> Int32 {
  visit(Descriptors.owner(descriptor).object, argument)
}
