import CPythonABI

/// contextvars.ContextVar and contextvars.Token.
public enum PyContextVar {
  struct Layout {
    var base: PyObject
    var name: Ref?
    var fallback: Ref?
    var hash: Int
  }

  private static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  static let spec = TypeSpec(
    // CPython keeps the last value found in three more words.
    contextVarType(), "_contextvars.ContextVar", basicSize: MemoryLayout<Layout>.size + 24,
    flags: [.haveGC], base: objectType(),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        clearReference(&view(object).pointee.name)
        clearReference(&view(object).pointee.fallback)
        PyObject_GC_Del(object)
      },
      .tp_repr { object in
        new {
          let name = try own(PyObject_Repr(view(object).pointee.name))
          var middle = ""
          if let fallback = view(object).pointee.fallback {
            let shown = try own(PyObject_Repr(fallback))
            middle = " default=\(text(of: shown.ref))"
          }
          return try own(
            newString(
              "<ContextVar name=\(text(of: name.ref))\(middle) at \(hexAddress(object))>"))
        }
      },
      .tp_hash { view($0).pointee.hash },
      .tp_traverse { object, visit, argument in
        visitReferences(visit, argument, view(object).pointee.name, view(object).pointee.fallback)
      },
      .tp_clear { object in
        clearReference(&view(object).pointee.fallback)
        return 0
      },
      .tp_new { _, args, keywords in new { try construct(args, keywords) } },
    ],
    methods: [get, set, reset, classGetItem],
    members: [
      Member("name", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.name), flags: Py_READONLY)
    ])

  private static func construct(_ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    let count = apus_var_size(args)
    if count != 1 {
      throw raise(
        .typeError,
        "ContextVar() takes \(count < 1 ? "exactly" : "at most") 1 positional argument "
          + "(\(count) given)")
    }
    var fallback: Ref?
    var position = 0
    var key: Ref?
    var value: Ref?
    while let keywords, PyDict_Next(keywords, &position, &key, &value) != 0, let key {
      guard key.isStr, text(of: key) == "default" else {
        throw unexpectedKeyword("ContextVar()", text(of: key), among: ["default"])
      }
      fallback = value
    }
    return try make(apus_tuple_item(args, 0), fallback)
  }

  static func make(_ name: Ref, _ fallback: Ref?) throws(Raised) -> Owned {
    guard name.isStr else { throw raise(.typeError, "context variable name must be a str") }
    let nameHash = try check(PyObject_Hash(name))
    let object = try own(_PyObject_GC_New(contextVarType()))
    let fields = view(object.ref)
    fields.pointee.name = name.retained().give()
    fields.pointee.fallback = fallback.map { $0.retained().give() }
    let hash = PyObject_GenericHash(object.ref) ^ nameHash
    fields.pointee.hash = hash == -1 ? -2 : hash
    PyObject_GC_Track(object.ref)
    return object
  }

  /// The value in the current context, else `fallback`, else the variable's default, else nil.
  static func value(_ object: Ref, _ fallback: Ref?) throws(Raised) -> Owned? {
    if let context = apus_tstate().pointee.context,
      let found = try PyContext.lookup(context, object)
    {
      return found.retained()
    }
    if let fallback { return fallback.retained() }
    return view(object).pointee.fallback.map { $0.retained() }
  }

  static func set(_ object: Ref, _ value: Ref) throws(Raised) -> Owned {
    let context = try PyContext.current()
    let old = try PyContext.lookup(context, object)
    let token = try PyContextToken.make(context, object, old)
    try PyContext.assign(context, object, value)
    return token
  }

  static func reset(_ object: Ref, _ token: Ref) throws(Raised) {
    guard token.type == contextTokenType() else {
      let shown = try own(PyObject_Repr(token))
      throw raise(.typeError, "expected an instance of Token, got \(text(of: shown.ref))")
    }
    let fields = PyContextToken.view(token)
    if fields.pointee.used != 0 {
      throw try failure(.runtimeError, token, "has already been used once")
    }
    if fields.pointee.variable != object {
      throw try failure(.valueError, token, "was created by a different ContextVar")
    }
    let context = try PyContext.current()
    if fields.pointee.context != context {
      throw try failure(.valueError, token, "was created in a different Context")
    }
    fields.pointee.used = 1
    try PyContext.assign(context, object, fields.pointee.oldValue)
  }

  private static func failure(
    _ type: Ref, _ token: Ref, _ what: String
  ) throws(Raised) -> Raised {
    let shown = try own(PyObject_Repr(token))
    return raise(type, "\(text(of: shown.ref)) \(what)")
  }

  // MARK: Methods

  private static let get: Method = .fast(
    "get($self, default=<unrepresentable>, /)",
    """
    Return a value for the context variable for the current context.

    Without a value in the context it is the `default` given, or else the variable's
    own default; LookupError is raised when there is neither.
    """
  ) { object, args, count in
    new {
      let a = try Arguments(get, args, count)
      guard let value = try value(object, a[0]) else { throw raise(.lookupError, value: object) }
      return value
    }
  }

  private static let set: Method = .o(
    "set($self, value, /)",
    """
    Call to set a new value for the context variable in the current context.

    Returns a Token that reset() takes to put the old value back.
    """
  ) { object, value in new { try set(object, value) } }

  private static let reset: Method = .o(
    "reset($self, token, /)",
    """
    Reset the context variable.

    The variable gets the value it had before the `ContextVar.set()` that made the
    token.
    """
  ) { object, token in none { try reset(object, token) } }

  private static let classGetItem = Method.o("__class_getitem__", "See PEP 585") {
    Py_GenericAlias($0, $1)
  }.classMethod
}

/// contextvars.Token: what ContextVar.set returns.
enum PyContextToken {
  struct Layout {
    var base: PyObject
    var context: Ref?
    var variable: Ref?
    /// nil when the variable had no value.
    var oldValue: Ref?
    var used: Int
  }

  @inline(__always)
  static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  static let spec = TypeSpec(
    contextTokenType(), "_contextvars.Token", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC], base: objectType(),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        clear(object)
        PyObject_GC_Del(object)
      },
      .tp_repr { object in
        new {
          let variable = try own(PyObject_Repr(view(object).pointee.variable))
          let used = view(object).pointee.used != 0 ? " used" : ""
          return try own(
            newString("<Token\(used) var=\(text(of: variable.ref)) at \(hexAddress(object))>"))
        }
      },
      .tp_hash(PyObject_HashNotImplemented),
      .tp_traverse { object, visit, argument in
        let own = view(object).pointee
        return visitReferences(visit, argument, own.context, own.variable, own.oldValue)
      },
      .tp_clear { object in
        clear(object)
        return 0
      },
      .tp_new { _, _, _ in
        _ = raise(.runtimeError, "Tokens can only be created by ContextVars")
        return nil
      },
    ],
    methods: [
      Method.o("__class_getitem__", "See PEP 585") { Py_GenericAlias($0, $1) }.classMethod
    ],
    properties: [
      Property("var") { object, _ in
        new { (view(object).pointee.variable ?? noneObject()).retained() }
      },
      Property("old_value") { object, _ in
        new { (view(object).pointee.oldValue ?? missing).retained() }
      },
    ])

  private static func clear(_ object: Ref) {
    clearReference(&view(object).pointee.context)
    clearReference(&view(object).pointee.variable)
    clearReference(&view(object).pointee.oldValue)
  }

  static func make(_ context: Ref, _ variable: Ref, _ old: Ref?) throws(Raised) -> Owned {
    let object = try own(_PyObject_GC_New(contextTokenType()))
    let fields = view(object.ref)
    fields.pointee.context = context.retained().give()
    fields.pointee.variable = variable.retained().give()
    fields.pointee.oldValue = old.map { $0.retained().give() }
    fields.pointee.used = 0
    PyObject_GC_Track(object.ref)
    return object
  }

  // MARK: Token.MISSING

  nonisolated(unsafe) private static let missingType = PermanentMemory.type()

  static let missingSpec = TypeSpec(
    missingType, "Token.MISSING", basicSize: MemoryLayout<PyObject>.size, base: objectType(),
    slots: [
      .tp_dealloc { _ in },
      .tp_repr { _ in PyUnicode_FromString("<Token.MISSING>") },
    ])

  /// The old value of a variable that had none. Immortal.
  nonisolated(unsafe) static let missing: Ref = {
    let object = PermanentMemory.allocate(PyObject.self, count: 1)
    object.initialize(to: PyObject(ob_refcnt: Int(_Py_IMMORTAL_REFCNT), ob_type: missingType))
    return object
  }()
}

/// The types of contextvars, in the order they are made ready.
public enum ContextTypes {
  static let specs = [
    PyContext.spec, PyContextVar.spec, PyContextToken.missingSpec, PyContextToken.spec,
  ]

  public static func install() throws(Raised) {
    if PyContext.spec.isReady { return }
    for spec in specs { try spec.install() }
    guard let dict = contextTokenType().pointee.tp_dict else { throw Raised() }
    try check(PyDict_SetItemString(dict, "MISSING", PyContextToken.missing))
    PyType_Modified(contextTokenType())
  }
}

// MARK: C API

@c @implementation
public func PyContextVar_New(_ name: UnsafePointer<CChar>, _ fallback: Ref?) -> Ref? {
  new {
    try ContextTypes.install()
    let text = try own(PyUnicode_FromString(name))
    return try PyContextVar.make(text.ref, fallback)
  }
}

/// The value, `fallback` or the default as a new reference; NULL when there is none.
@c @implementation
public func PyContextVar_Get(
  _ variable: Ref, _ fallback: Ref?, _ result: UnsafeMutablePointer<Ref?>
) -> Int32 {
  result.pointee = nil
  return status {
    guard variable.type == contextVarType() else {
      throw raise(.typeError, "an instance of ContextVar was expected")
    }
    result.pointee = try PyContextVar.value(variable, fallback)?.give()
  }
}

@c @implementation
public func PyContextVar_Set(_ variable: Ref, _ value: Ref) -> Ref? {
  new {
    guard variable.type == contextVarType() else {
      throw raise(.typeError, "an instance of ContextVar was expected")
    }
    return try PyContextVar.set(variable, value)
  }
}

@c @implementation
public func PyContextVar_Reset(_ variable: Ref, _ token: Ref) -> Int32 {
  status {
    guard variable.type == contextVarType() else {
      throw raise(.typeError, "an instance of ContextVar was expected")
    }
    try PyContextVar.reset(variable, token)
  }
}
