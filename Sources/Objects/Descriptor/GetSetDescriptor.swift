import CPythonABI

/// A computed attribute of a builtin type: `int.real`.
/// CPython: Objects/descrobject.c, `PyGetSetDescr_Type`.
enum GetSetDescriptor {
  static let spec = TypeSpec(
    getSetDescrType(), "getset_descriptor", basicSize: MemoryLayout<PyGetSetDescrObject>.size,
    flags: [.haveGC], base: objectType(),
    slots: [
      .tp_dealloc(descriptor_dealloc),
      .tp_repr { Descriptors.repr($0, "attribute") },
      .tp_traverse(descriptor_traverse),
      .tp_descr_get { descriptor, object, _ in
        guard let object else {
          Py_INCREF(descriptor)
          return descriptor
        }
        guard Descriptors.applies(descriptor, to: object) else { return nil }
        let definition = descriptor.view(PyGetSetDescrObject.self).pointee.d_getset
        if let get = definition.pointee.get { return get(object, definition.pointee.closure) }
        _ = raise(
          .attributeError,
          "attribute '\(Descriptors.name(descriptor))' of "
            + "'\(Descriptors.owner(descriptor).fullName)' objects is not readable")
        return nil
      },
      .tp_descr_set { descriptor, object, value in
        guard Descriptors.applies(descriptor, to: object) else { return -1 }
        let definition = descriptor.view(PyGetSetDescrObject.self).pointee.d_getset
        if let set = definition.pointee.set {
          return set(object, value, definition.pointee.closure)
        }
        _ = raise(
          .attributeError,
          "attribute '\(Descriptors.name(descriptor))' of "
            + "'\(Descriptors.owner(descriptor).fullName)' objects is not writable")
        return -1
      },
    ],
    members: Descriptors.members, properties: [doc, Descriptors.qualifiedName])

  static let doc = Property(
    "__doc__",
    get: { descriptor, _ in
      guard let doc = descriptor.view(PyGetSetDescrObject.self).pointee.d_getset.pointee.doc else {
        return noneObject()
      }
      return PyUnicode_FromString(doc)
    })
}

@c @implementation public func PyDescr_NewGetSet(
  _ type: TypeRef, _ definition: UnsafeMutablePointer<PyGetSetDef>
) -> Ref? {
  guard let object = Descriptors.make(getSetDescrType(), type, definition.pointee.name) else {
    return nil
  }
  object.view(PyGetSetDescrObject.self).pointee.d_getset = definition
  return object
}
