import CPythonABI

/// A slot shown as a special method: `int.__add__`.
/// CPython: Objects/descrobject.c, `PyWrapperDescr_Type`.
enum WrapperDescriptor {
  static let spec = TypeSpec(
    wrapperDescrType(), "wrapper_descriptor", basicSize: MemoryLayout<PyWrapperDescrObject>.size,
    flags: [.haveGC, .methodDescriptor], base: objectType(),
    slots: [
      .tp_dealloc(descriptor_dealloc),
      .tp_repr { Descriptors.repr($0, "slot wrapper") },
      .tp_call { descriptor, args, keywords in
        guard apus_var_size(args) > 0 else {
          _ = raise(
            .typeError,
            "descriptor '\(Descriptors.name(descriptor))' of "
              + "'\(Descriptors.owner(descriptor).fullName)' object needs an argument")
          return nil
        }
        let receiver = apus_tuple_item(args, 0)
        if !receiver.isInstance(of: Descriptors.owner(descriptor)) {
          // By `__class__` too: a proxy may stand for its referent.
          let answer = _PyObject_RealIsSubclass(
            receiver.type.object, Descriptors.owner(descriptor).object)
          if answer < 0 { return nil }
          if answer == 0 {
            _ = raise(
              .typeError,
              "descriptor '\(Descriptors.name(descriptor))' requires a "
                + "'\(Descriptors.owner(descriptor).fullName)' object but received a "
                + "'\(receiver.type.fullName)'")
            return nil
          }
        }
        guard let rest = PyTuple_GetSlice(args, 1, apus_var_size(args)) else { return nil }
        defer { Py_DECREF(rest) }
        return call(descriptor, receiver, rest, keywords)
      },
      .tp_traverse(descriptor_traverse),
      .tp_descr_get { descriptor, object, _ in
        guard let object else {
          Py_INCREF(descriptor)
          return descriptor
        }
        guard Descriptors.applies(descriptor, to: object) else { return nil }
        return PyWrapper_New(descriptor, object)
      },
    ],
    methods: [Descriptors.reduce], members: Descriptors.members,
    properties: [doc, Descriptors.qualifiedName, textSignature])

  static func base(_ descriptor: Ref) -> wrapperbase {
    descriptor.view(PyWrapperDescrObject.self).pointee.d_base.pointee
  }

  /// Calls the slot with the arguments behind the receiver.
  static func call(_ descriptor: Ref, _ receiver: Ref, _ args: Ref, _ keywords: Ref?) -> Ref? {
    let fields = descriptor.view(PyWrapperDescrObject.self).pointee
    let base = fields.d_base.pointee
    guard let wrapper = base.wrapper else { return nil }
    if base.flags & 1 != 0 {
      return unsafeBitCast(wrapper, to: wrapperfunc_kwds.self)(
        receiver, args, fields.d_wrapped, keywords)
    }
    if let keywords, PyDict_Size(keywords) > 0 {
      _ = raise(
        .typeError, "wrapper \(base.name.map { String(cString: $0) } ?? "?")() takes no keyword arguments")
      return nil
    }
    return wrapper(receiver, args, fields.d_wrapped)
  }

  static let doc = Property(
    "__doc__", get: { descriptor, _ in new { try own(Docstring.text(base(descriptor).name, base(descriptor).doc)) } })

  static let textSignature = Property(
    "__text_signature__",
    get: { descriptor, _ in
      new { try own(Docstring.signatureText(base(descriptor).name, base(descriptor).doc, flags: 0)) }
    })
}

@c @implementation public func PyDescr_NewWrapper(
  _ type: TypeRef, _ base: UnsafeMutablePointer<wrapperbase>, _ wrapped: UnsafeMutableRawPointer
) -> Ref? {
  guard let object = Descriptors.make(wrapperDescrType(), type, base.pointee.name) else {
    return nil
  }
  let fields = object.view(PyWrapperDescrObject.self)
  fields.pointee.d_base = base
  fields.pointee.d_wrapped = wrapped
  return object
}

/// A slot wrapper bound to an object: `(1).__add__`.
/// CPython: Objects/descrobject.c, `_PyMethodWrapper_Type`.
enum MethodWrapper {
  static let spec = TypeSpec(
    methodWrapperType(), "method-wrapper", basicSize: MemoryLayout<PyMethodWrapperObject>.size,
    flags: [.haveGC], base: objectType(),
    slots: [
      .tp_dealloc { wrapper in
        PyObject_GC_UnTrack(UnsafeMutableRawPointer(wrapper))
        // A chain of bound wrappers (`x.__str__.__str__ ...`) may be long.
        withTrashcan(wrapper, base: methodWrapperType()) {
          Py_DECREF(descriptor(wrapper))
          Py_DECREF(receiver(wrapper))
          PyObject_GC_Del(UnsafeMutableRawPointer(wrapper))
        }
      },
      .tp_repr { wrapper in
        newString(
          "<method-wrapper '\(Descriptors.name(descriptor(wrapper)))' of "
            + "\(receiver(wrapper).type.fullName) object at \(address(of: receiver(wrapper)))>")
      },
      .tp_hash { wrapper in
        let both =
          Py_HashPointer(UnsafeRawPointer(receiver(wrapper)))
          ^ Py_HashPointer(UnsafeRawPointer(descriptor(wrapper)))
        return both == -1 ? -2 : both
      },
      .tp_call { wrapper, args, keywords in
        WrapperDescriptor.call(descriptor(wrapper), receiver(wrapper), args, keywords)
      },
      .tp_traverse { wrapper, visit, argument in
        let result = visit(descriptor(wrapper), argument)
        return result != 0 ? result : visit(receiver(wrapper), argument)
      },
      .tp_richcompare { left, right, operation in
        guard operation == Py_EQ || operation == Py_NE, left.type == methodWrapperType(),
          right.type == methodWrapperType()
        else { return notImplementedObject() }
        let equal = descriptor(left) == descriptor(right) && receiver(left) == receiver(right)
        return boolObject(equal == (operation == Py_EQ))
      },
    ],
    methods: [reduce],
    members: [Member("__self__", _Py_T_OBJECT, offset: 24, flags: Py_READONLY)],
    properties: [
      Property("__objclass__", get: { wrapper, _ in
        let owner = Descriptors.owner(descriptor(wrapper)).object
        Py_INCREF(owner)
        return owner
      }),
      Property("__name__", get: { wrapper, _ in
        let name = descriptor(wrapper).view(PyDescrObject.self).pointee.d_name ?? noneObject()
        Py_INCREF(name)
        return name
      }),
      Property("__qualname__", get: { wrapper, _ in
        PyObject_GetAttr(descriptor(wrapper), id___qualname__())
      }),
      Property("__doc__", get: { wrapper, _ in PyObject_GetAttr(descriptor(wrapper), id___doc__()) }),
      Property("__text_signature__", get: { wrapper, _ in
        PyObject_GetAttr(descriptor(wrapper), id___text_signature__())
      }),
    ])

  static let reduce: Method = .noargs("__reduce__", "") { wrapper, _ in
    new {
      let name = descriptor(wrapper).view(PyDescrObject.self).pointee.d_name ?? noneObject()
      return try Descriptors.reduceAsGetAttr(receiver(wrapper), name)
    }
  }

  static func descriptor(_ wrapper: Ref) -> Ref {
    UnsafeMutableRawPointer(wrapper.view(PyMethodWrapperObject.self).pointee.descr)
      .assumingMemoryBound(to: PyObject.self)
  }

  static func receiver(_ wrapper: Ref) -> Ref {
    wrapper.view(PyMethodWrapperObject.self).pointee.`self`
  }
}

@c @implementation public func PyWrapper_New(_ descriptor: Ref, _ receiver: Ref) -> Ref? {
  guard let object = _PyObject_GC_New(methodWrapperType()) else { return nil }
  let fields = object.view(PyMethodWrapperObject.self)
  Py_INCREF(descriptor)
  Py_INCREF(receiver)
  fields.pointee.descr = descriptor.view(PyWrapperDescrObject.self)
  fields.pointee.`self` = receiver
  PyObject_GC_Track(UnsafeMutableRawPointer(object))
  return object
}
