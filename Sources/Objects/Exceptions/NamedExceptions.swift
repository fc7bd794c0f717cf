import CPythonABI

/// ImportError, NameError, AttributeError: exceptions with keyword arguments.
enum NamedExceptions {
  // MARK: Keyword arguments

  /// Sets the fields that the keywords name; `names` are in the order of the fields from `offset`.
  private static func initialize(
    _ exception: Ref, _ args: Ref, _ keywords: Ref?, _ function: String, _ names: [StaticString],
    offsets: [Int]
  ) -> Int32 {
    if BaseException_init(exception, args, nil) < 0 { return -1 }
    return status {
      for offset in offsets { ExceptionFields.set(ExceptionFields.field(exception, offset), nil) }
      guard let keywords else { return }
      let count = PyDict_Size(keywords)
      if count > names.count {
        throw raise(
          .typeError,
          "\(function)() takes at most \(names.count) keyword argument"
            + "\(names.count == 1 ? "" : "s") (\(count) given)")
      }
      var position = 0
      var key: Ref?
      var value: Ref?
      while PyDict_Next(keywords, &position, &key, &value) != 0 {
        guard let key, let value else { continue }
        guard key.isStr else { throw raise(.typeError, "keywords must be strings") }
        guard
          let index = names.firstIndex(where: {
            PyUnicode_CompareWithASCIIString(key, cString($0)) == 0
          })
        else {
          throw unexpectedKeyword(
            "\(function)()", text(of: key), among: names.map { String(describing: $0) })
        }
        ExceptionFields.set(ExceptionFields.field(exception, offsets[index]), value)
      }
    }
  }

  /// The instance dict plus the fields that are set; nil when that is nothing.
  private static func state(
    _ exception: Ref, _ fields: [(StaticString, Int)]
  ) throws(Raised) -> Owned? {
    let dict = exception.view(PyBaseExceptionObject.self).pointee.dict
    let set = fields.filter { ExceptionFields.field(exception, $0.1).pointee != nil }
    if set.isEmpty { return dict.map { $0.retained() } ?? nil }
    let copy: Owned
    if let dict { copy = try own(PyDict_Copy(dict)) } else { copy = try own(PyDict_New()) }
    for (name, offset) in set {
      if let value = ExceptionFields.field(exception, offset).pointee {
        try check(PyDict_SetItemString(copy.ref, cString(name), value))
      }
    }
    return copy
  }

  private static func reduced(_ exception: Ref, _ state: consuming Owned?) throws(Raised) -> Owned {
    let args = BaseException.arguments(exception) ?? noneObject()
    guard let state else { return try own(PyTuple_Pack2(exception.type.object, args)) }
    return try own(PyTuple_Pack3(exception.type.object, args, state.ref))
  }

  // MARK: ImportError

  static let importError = TypeSpec(
    apus_exc_ImportError(), "ImportError", basicSize: MemoryLayout<PyImportErrorObject>.stride,
    flags: [.baseType, .haveGC, .baseExcSubclass],
    doc: "A module, or a name in one, cannot be imported.",
    base: apus_exc_Exception(), dictOffset: 16,
    slots: [
      .tp_dealloc { ExceptionFields.deallocate($0, objects: 4) },
      .tp_str { exception in
        if let message = exception.view(PyImportErrorObject.self).pointee.msg, message.isExactStr {
          Py_INCREF(message)
          return message
        }
        return BaseException.str(exception)
      },
      .tp_traverse { ExceptionFields.traverse($0, $1, $2, objects: 4) },
      .tp_clear { ExceptionFields.clear($0, objects: 4) },
      .tp_init(ImportError_init),
    ],
    methods: [importErrorReduce],
    members: [
      Member("msg", _Py_T_OBJECT, offset: 72, "The message."),
      Member("name", _Py_T_OBJECT, offset: 80, "The module's name."),
      Member("path", _Py_T_OBJECT, offset: 88, "The module's path."),
      Member("name_from", _Py_T_OBJECT, offset: 96, "The name to import from the module."),
    ])

  private static let importErrorReduce: Method = .noargs("__reduce__($self, /)", "What pickle needs.") {
    exception, _ in
    new {
      try reduced(
        exception, try state(exception, [("name", 80), ("path", 88), ("name_from", 96)]))
    }
  }

  static func initializeImport(_ exception: Ref, _ args: Ref, _ keywords: Ref?) -> Int32 {
    let result = initialize(
      exception, args, keywords, "ImportError", ["name", "path", "name_from"], offsets: [80, 88, 96])
    if result < 0 { return result }
    ExceptionFields.set(
      ExceptionFields.field(exception, 72),
      apus_var_size(args) == 1 ? apus_tuple_item(args, 0) : nil)
    return 0
  }

  static let moduleNotFoundError = TypeSpec(
    apus_exc_ModuleNotFoundError(), "ModuleNotFoundError",
    basicSize: MemoryLayout<PyImportErrorObject>.stride,
    flags: [.baseType, .haveGC, .baseExcSubclass], doc: "There is no module of that name.",
    base: apus_exc_ImportError(), dictOffset: 16,
    slots: [
      .tp_dealloc { ExceptionFields.deallocate($0, objects: 4) },
      .tp_traverse { ExceptionFields.traverse($0, $1, $2, objects: 4) },
      .tp_clear { ExceptionFields.clear($0, objects: 4) },
      .tp_init(ImportError_init),
    ])

  // MARK: NameError

  static let nameError = TypeSpec(
    apus_exc_NameError(), "NameError", basicSize: MemoryLayout<PyNameErrorObject>.stride,
    flags: [.baseType, .haveGC, .baseExcSubclass], doc: "A name is not defined.",
    base: apus_exc_Exception(), dictOffset: 16,
    slots: [
      .tp_dealloc { ExceptionFields.deallocate($0, objects: 1) },
      .tp_str { BaseException.str($0) },
      .tp_traverse { ExceptionFields.traverse($0, $1, $2, objects: 1) },
      .tp_clear { ExceptionFields.clear($0, objects: 1) },
      .tp_init { initialize($0, $1, $2, "NameError", ["name"], offsets: [72]) },
    ],
    members: [Member("name", _Py_T_OBJECT, offset: 72, "The name.")])

  static let unboundLocalError = TypeSpec(
    apus_exc_UnboundLocalError(), "UnboundLocalError",
    basicSize: MemoryLayout<PyNameErrorObject>.stride,
    flags: [.baseType, .haveGC, .baseExcSubclass], doc: "A local name has no value yet.",
    base: apus_exc_NameError(), dictOffset: 16,
    slots: [
      .tp_dealloc { ExceptionFields.deallocate($0, objects: 1) },
      .tp_traverse { ExceptionFields.traverse($0, $1, $2, objects: 1) },
      .tp_clear { ExceptionFields.clear($0, objects: 1) },
      .tp_init { initialize($0, $1, $2, "NameError", ["name"], offsets: [72]) },
    ])

  // MARK: AttributeError

  static let attributeError = TypeSpec(
    apus_exc_AttributeError(), "AttributeError",
    basicSize: MemoryLayout<PyAttributeErrorObject>.stride,
    flags: [.baseType, .haveGC, .baseExcSubclass], doc: "An object lacks the attribute.",
    base: apus_exc_Exception(), dictOffset: 16,
    slots: [
      .tp_dealloc { ExceptionFields.deallocate($0, objects: 2) },
      .tp_str { BaseException.str($0) },
      .tp_traverse { ExceptionFields.traverse($0, $1, $2, objects: 2) },
      .tp_clear { ExceptionFields.clear($0, objects: 2) },
      .tp_init { initialize($0, $1, $2, "AttributeError", ["name", "obj"], offsets: [80, 72]) },
    ],
    methods: [attributeErrorState, attributeErrorReduce],
    members: [
      Member("name", _Py_T_OBJECT, offset: 80, "The attribute's name."),
      Member("obj", _Py_T_OBJECT, offset: 72, "The object."),
    ])

  /// The object itself is not saved: it may be anything.
  private static func attributeState(_ exception: Ref) throws(Raised) -> Owned? {
    try state(exception, [("name", 80), ("args", 24)])
  }

  private static let attributeErrorState: Method = .noargs(
    "__getstate__($self, /)", "The state that pickle saves."
  ) { exception, _ in
    new {
      if let state = try attributeState(exception) { return state }
      return noneObject().retained()
    }
  }

  private static let attributeErrorReduce: Method = .noargs("__reduce__($self, /)", "What pickle needs.") {
    exception, _ in
    new { try reduced(exception, try attributeState(exception)) }
  }
}

@c func ImportError_init(_ exception: Ref, _ args: Ref, _ keywords: Ref?) -> Int32 {
  NamedExceptions.initializeImport(exception, args, keywords)
}

/// Raises an ImportError with its name and path.
@c @implementation public func PyErr_SetImportErrorSubclass(
  _ exception: Ref, _ message: Ref, _ name: Ref?, _ path: Ref?
) -> Ref? {
  _ = status {
    let answer = try check(PyObject_IsSubclass(exception, .importError))
    if answer == 0 { throw raise(.typeError, "expected a subclass of ImportError") }
    let keywords = try own(PyDict_New())
    try check(PyDict_SetItem(keywords.ref, id_name(), name ?? noneObject()))
    try check(PyDict_SetItem(keywords.ref, id_path(), path ?? noneObject()))
    let error = try withUnsafePointer(to: message) { argument throws(Raised) -> Owned in
      try own(PyObject_VectorcallDict(exception, argument, 1, keywords.ref))
    }
    PyErr_SetObject(error.ref.type.object, error.ref)
  }
  return nil
}

@c @implementation public func PyErr_SetImportError(
  _ message: Ref?, _ name: Ref?, _ path: Ref?
) -> Ref? {
  guard let message else {
    _ = raise(.typeError, "expected a message argument")
    return nil
  }
  return PyErr_SetImportErrorSubclass(.importError, message, name, path)
}
