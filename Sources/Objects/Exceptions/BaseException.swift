import CPythonABI

/// `BaseException`. CPython: Objects/exceptions.c.
enum BaseException {
  static let spec = TypeSpec(
    apus_exc_BaseException(), "BaseException",
    basicSize: MemoryLayout<PyBaseExceptionObject>.stride,
    flags: [.baseType, .haveGC, .baseExcSubclass], doc: "The base of all exceptions.",
    base: objectType(), dictOffset: 16,
    slots: [
      .tp_dealloc { ExceptionFields.deallocate($0, objects: 0) },
      .tp_repr { BaseException.repr($0) },
      .tp_str { BaseException.str($0) },
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_traverse { ExceptionFields.traverse($0, $1, $2, objects: 0) },
      .tp_clear { ExceptionFields.clear($0, objects: 0) },
      .tp_init(BaseException_init),
      .tp_new(BaseException_new),
      .tp_vectorcall(BaseException_vectorcall),
    ],
    methods: [reduce, setState, withTraceback, addNote],
    members: [Member("__suppress_context__", Py_T_BOOL, offset: 64)],
    properties: [
      Property("__dict__", get: PyObject_GenericGetDict, set: PyObject_GenericSetDict),
      args, traceback, context, cause,
    ])

  static func arguments(_ exception: Ref) -> Ref? {
    exception.view(PyBaseExceptionObject.self).pointee.args
  }

  static func str(_ exception: Ref) -> Ref? {
    guard let args = arguments(exception) else { return PyUnicode_New(0, 0) }
    switch apus_var_size(args) {
    case 0: return PyUnicode_New(0, 0)
    case 1: return PyObject_Str(apus_tuple_item(args, 0))
    default: return PyObject_Str(args)
    }
  }

  static func repr(_ exception: Ref) -> Ref? {
    let name = exception.type.name
    guard let args = arguments(exception) else { return newString("\(name)()") }
    if apus_var_size(args) == 1 {
      guard let inner = PyObject_Repr(apus_tuple_item(args, 0)) else { return nil }
      defer { Py_DECREF(inner) }
      return MappingProxy.join("\(name)(", inner, ")")
    }
    guard let inner = PyObject_Repr(args) else { return nil }
    defer { Py_DECREF(inner) }
    return MappingProxy.join(name, inner, "")
  }


  // MARK: Methods

  static let reduce: Method = .noargs("__reduce__($self, /)", "What pickle needs.") { exception, _ in
    let fields = exception.view(PyBaseExceptionObject.self).pointee
    let args = fields.args ?? noneObject()
    if let dict = fields.dict { return PyTuple_Pack3(exception.type.object, args, dict) }
    return PyTuple_Pack2(exception.type.object, args)
  }

  static let setState: Method = .o(
    "__setstate__($self, object, /)", "Sets the attributes that pickle saved."
  ) { exception, state in
    none {
      if state.isNone { return }
      guard state.isDict else { throw raise(.typeError, "state is not a dictionary") }
      var position = 0
      var key: Ref?
      var value: Ref?
      while PyDict_Next(state, &position, &key, &value) != 0 {
        guard let key, let value else { continue }
        let heldKey = key.retained()
        let heldValue = value.retained()
        try check(PyObject_SetAttr(exception, heldKey.ref, heldValue.ref))
      }
    }
  }

  static let withTraceback: Method = .o(
    "with_traceback($self, object, /)", "Sets __traceback__ and returns the exception."
  ) { exception, traceback in
    if PyException_SetTraceback(exception, traceback) < 0 { return nil }
    Py_INCREF(exception)
    return exception
  }

  static let addNote: Method = .o(
    "add_note($self, object, /)", "Adds a text that is shown below the exception."
  ) { exception, note in
    none { try add(note: note, to: exception) }
  }

  static func add(note: Ref, to exception: Ref) throws(Raised) {
    guard note.isStr else {
      throw raise(.typeError, "note must be a str, not '\(note.type.fullName)'")
    }
    var existing: Ref?
    try check(PyObject_GetOptionalAttr(exception, id___notes__(), &existing))
    let notes: Owned
    if let existing {
      notes = Owned(adopting: existing)
    } else {
      notes = try own(PyList_New(0))
      try check(PyObject_SetAttr(exception, id___notes__(), notes.ref))
    }
    guard notes.ref.isList else {
      throw raise(.typeError, "Cannot add note: __notes__ is not a list")
    }
    try check(PyList_Append(notes.ref, note))
  }

  // MARK: Properties

  static let args = Property(
    "args",
    get: { exception, _ in
      let args = arguments(exception) ?? noneObject()
      Py_INCREF(args)
      return args
    },
    set: { exception, value, _ in
      status {
        guard let value else { throw raise(.typeError, "args may not be deleted") }
        let tuple = try own(PySequence_Tuple(value))
        ExceptionFields.set(ExceptionFields.field(exception, 24), tuple.ref)
      }
    })

  static let traceback = Property(
    "__traceback__",
    get: { exception, _ in
      let traceback = exception.view(PyBaseExceptionObject.self).pointee.traceback ?? noneObject()
      Py_INCREF(traceback)
      return traceback
    },
    set: { exception, value, _ in
      guard let value else {
        _ = raise(.typeError, "__traceback__ may not be deleted")
        return -1
      }
      return PyException_SetTraceback(exception, value)
    })

  static let context = Property(
    "__context__", "The exception that was being handled when this one was raised.",
    get: { exception, _ in
      let context = exception.view(PyBaseExceptionObject.self).pointee.context ?? noneObject()
      Py_INCREF(context)
      return context
    },
    set: { exception, value, _ in
      status {
        guard let value else { throw raise(.typeError, "__context__ may not be deleted") }
        guard value.isNone || value.isException else {
          throw raise(
            .typeError, "exception context must be None or derive from BaseException")
        }
        ExceptionFields.set(ExceptionFields.field(exception, 48), value.isNone ? nil : value)
      }
    })

  static let cause = Property(
    "__cause__", "The exception this one was raised from.",
    get: { exception, _ in
      let cause = exception.view(PyBaseExceptionObject.self).pointee.cause ?? noneObject()
      Py_INCREF(cause)
      return cause
    },
    set: { exception, value, _ in
      status {
        guard let value else { throw raise(.typeError, "__cause__ may not be deleted") }
        guard value.isNone || value.isException else {
          throw raise(.typeError, "exception cause must be None or derive from BaseException")
        }
        if !value.isNone { Py_INCREF(value) }
        PyException_SetCause(exception, value.isNone ? nil : value)
      }
    })
}

@c func BaseException_new(_ type: TypeRef, _ args: Ref, _ keywords: Ref?) -> Ref? {
  guard let exception = type.pointee.tp_alloc?(type, 0) else { return nil }
  Py_INCREF(args)
  exception.view(PyBaseExceptionObject.self).pointee.args = args
  return exception
}

@c func BaseException_init(_ exception: Ref, _ args: Ref, _ keywords: Ref?) -> Int32 {
  status {
    try checkNoKeywords(exception.type.fullName, keywords)
    ExceptionFields.set(ExceptionFields.field(exception, 24), args)
  }
}

/// Calls of the plain exception classes, without `tp_new` and `tp_init`.
@c func BaseException_vectorcall(
  _ receiver: Ref, _ args: UnsafePointer<Ref>?, _ flags: Int, _ names: Ref?
) -> Ref? {
  let type = receiver.asType
  if let names, apus_var_size(names) > 0 {
    _ = raise(.typeError, "\(type.fullName)() takes no keyword arguments")
    return nil
  }
  let count = PyVectorcall_NARGS(flags)
  guard let tuple = PyTuple_New(count) else { return nil }
  for index in 0..<count {
    let item = args.unsafelyUnwrapped[index]
    Py_INCREF(item)
    apus_tuple_items(tuple)[index] = item
  }
  guard let exception = type.pointee.tp_alloc?(type, 0) else {
    Py_DECREF(tuple)
    return nil
  }
  exception.view(PyBaseExceptionObject.self).pointee.args = tuple
  return exception
}

// MARK: C API

@c @implementation public func PyException_GetTraceback(_ exception: Ref) -> Ref? {
  let value = exception.view(PyBaseExceptionObject.self).pointee.traceback
  Py_XINCREF(value)
  return value
}

@c @implementation public func PyException_SetTraceback(_ exception: Ref, _ traceback: Ref?) -> Int32 {
  guard let traceback else {
    _ = raise(.typeError, "__traceback__ may not be deleted")
    return -1
  }
  guard traceback.isNone || traceback.type == tracebackType() else {
    _ = raise(.typeError, "__traceback__ must be a traceback or None")
    return -1
  }
  ExceptionFields.set(ExceptionFields.field(exception, 40), traceback.isNone ? nil : traceback)
  return 0
}

@c @implementation public func PyException_GetContext(_ exception: Ref) -> Ref? {
  let value = exception.view(PyBaseExceptionObject.self).pointee.context
  Py_XINCREF(value)
  return value
}

/// Takes over the reference to `context`.
@c @implementation public func PyException_SetContext(_ exception: Ref, _ context: Ref?) {
  let fields = exception.view(PyBaseExceptionObject.self)
  let old = fields.pointee.context
  fields.pointee.context = context
  Py_XDECREF(old)
}

@c @implementation public func PyException_GetCause(_ exception: Ref) -> Ref? {
  let value = exception.view(PyBaseExceptionObject.self).pointee.cause
  Py_XINCREF(value)
  return value
}

/// Takes over the reference to `cause`; the context is not shown any more.
@c @implementation public func PyException_SetCause(_ exception: Ref, _ cause: Ref?) {
  let fields = exception.view(PyBaseExceptionObject.self)
  let old = fields.pointee.cause
  fields.pointee.cause = cause
  fields.pointee.suppress_context = 1
  Py_XDECREF(old)
}

@c @implementation public func PyException_GetArgs(_ exception: Ref) -> Ref? {
  let args = BaseException.arguments(exception)
  Py_XINCREF(args)
  return args
}

@c @implementation public func PyException_SetArgs(_ exception: Ref, _ args: Ref) {
  ExceptionFields.set(ExceptionFields.field(exception, 24), args)
}

@c @implementation public func PyExceptionClass_Name(_ type: Ref) -> UnsafePointer<CChar>? {
  type.asType.pointee.tp_name
}

@c @implementation public func _PyException_AddNote(_ exception: Ref, _ note: Ref) -> Int32 {
  status {
    guard exception.isException else {
      throw raise(
        .typeError, "exc must be an exception, not '\(exception.type.fullName)'")
    }
    let result = try own(SpecialMethod.call(exception, id_add_note(), note))
    _ = result.ref
  }
}
