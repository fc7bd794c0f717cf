import CPythonABI

/// contextvars.Context: an immutable-looking mapping of context variables (PEP 567). CPython:
/// Python/context.c.
///
/// The values are in a dict that copies of a context share; a context that changes its values
/// while the dict is shared (or being iterated) takes a copy of it first. Copying a context costs
/// the same however large it is.
public enum PyContext {
  struct Layout {
    var base: PyObject
    /// The dict; its reference count says whether it is shared.
    var values: Ref?
    /// The context that was current before this one was entered.
    var previous: Ref?
    var weakReferences: Ref?
    var entered: Int
  }

  @inline(__always)
  static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  static let spec = TypeSpec(
    contextType(), "_contextvars.Context", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC], base: objectType(),
    weakListOffset: MemoryLayout<Layout>.at(\.weakReferences),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        if view(object).pointee.weakReferences != nil { PyObject_ClearWeakRefs(object) }
        clearReference(&view(object).pointee.values)
        clearReference(&view(object).pointee.previous)
        PyObject_GC_Del(object)
      },
      .tp_hash(PyObject_HashNotImplemented),
      .tp_traverse { object, visit, argument in
        visitReferences(
          visit, argument, view(object).pointee.values, view(object).pointee.previous)
      },
      .tp_clear { object in
        clearReference(&view(object).pointee.values)
        clearReference(&view(object).pointee.previous)
        return 0
      },
      .tp_richcompare { left, right, operation in
        guard right.type == contextType(), operation == Py_EQ || operation == Py_NE else {
          return notImplementedObject()
        }
        return new {
          let a = try values(left).retained()
          let b = try values(right).retained()
          return try own(PyObject_RichCompare(a.ref, b.ref, operation))
        }
      },
      .tp_iter { object in new { try own(PyObject_GetIter(values(object))) } },
      .tp_new { _, args, keywords in
        new {
          if apus_var_size(args) > 0 || keywords.map({ PyDict_Size($0) > 0 }) ?? false {
            throw raise(.typeError, "Context() does not accept any arguments")
          }
          return try make()
        }
      },
      .sq_contains { object, key in truth { try lookup(object, key) != nil } },
      .mp_length { object in size { PyDict_Size(try values(object)) } },
      .mp_subscript { object, key in
        new {
          guard let value = try lookup(object, key) else { throw raise(.keyError, value: key) }
          return value.retained()
        }
      },
    ],
    methods: [get, items, keys, valuesMethod, copyMethod, run])

  // MARK: Making and changing

  static func make(sharing values: Ref? = nil) throws(Raised) -> Owned {
    try ContextTypes.install()
    let object = try own(_PyObject_GC_New(contextType()))
    let fields = view(object.ref)
    fields.pointee.values = values ?? PyDict_New()
    if let values { Py_INCREF(values) }
    fields.pointee.previous = nil
    fields.pointee.weakReferences = nil
    fields.pointee.entered = 0
    PyObject_GC_Track(object.ref)
    if fields.pointee.values == nil { throw Raised() }
    return object
  }

  private static func values(_ object: Ref) throws(Raised) -> Ref {
    guard let values = view(object).pointee.values else {
      throw raise(.runtimeError, "context was cleared")
    }
    return values
  }

  /// The value of a variable (borrowed); TypeError for a key that is none.
  static func lookup(_ object: Ref, _ key: Ref) throws(Raised) -> Ref? {
    guard key.type == contextVarType() else {
      let shown = try own(PyObject_Repr(key))
      throw raise(.typeError, "a ContextVar key was expected, got \(text(of: shown.ref))")
    }
    let found = PyDict_GetItemWithError(try values(object), key)
    if found == nil && hasRaised() { throw Raised() }
    return found
  }

  /// Sets a variable, or takes its value away.
  static func assign(_ object: Ref, _ key: Ref, _ value: Ref?) throws(Raised) {
    let shared = try values(object)
    if shared.pointee.ob_refcnt > 1 {
      replaceReference(&view(object).pointee.values, try own(PyDict_Copy(shared)).give())
    }
    let dict = try values(object)
    apus_tstate().pointee.context_ver &+= 1
    if let value {
      try check(PyDict_SetItem(dict, key, value))
    } else {
      try check(PyDict_DelItem(dict, key))
    }
  }

  /// The context of this thread, made when there is none yet.
  static func current() throws(Raised) -> Ref {
    let thread = apus_tstate()
    if let context = thread.pointee.context { return context }
    let made = try make().give()
    thread.pointee.context = made
    return made
  }

  static func copy(_ object: Ref) throws(Raised) -> Owned { try make(sharing: values(object)) }

  static func enter(_ object: Ref) throws(Raised) {
    let own = view(object)
    if own.pointee.entered != 0 {
      throw try failure("cannot enter context: ", object, " is already entered")
    }
    let thread = apus_tstate()
    own.pointee.previous = thread.pointee.context
    own.pointee.entered = 1
    thread.pointee.context = object.retained().give()
    thread.pointee.context_ver &+= 1
  }

  static func exit(_ object: Ref) throws(Raised) {
    let own = view(object)
    if own.pointee.entered == 0 {
      throw try failure("cannot exit context: ", object, " has not been entered")
    }
    let thread = apus_tstate()
    if thread.pointee.context != object {
      throw try failure(
        "cannot exit context: ", object,
        " is not the current context of this thread")
    }
    let previous = own.pointee.previous
    own.pointee.previous = nil
    own.pointee.entered = 0
    thread.pointee.context = previous
    thread.pointee.context_ver &+= 1
    Py_DECREF(object)
  }

  private static func failure(
    _ before: String, _ object: Ref, _ after: String
  ) throws(Raised) -> Raised {
    let shown = try own(PyObject_Repr(object))
    return raise(.runtimeError, before + text(of: shown.ref) + after)
  }

  // MARK: Methods

  private static let get: Method = .fast(
    "get($self, key, default=None, /)",
    """
    Return the value for `key` if `key` has the value in the context object.

    If `key` does not exist, return `default`. If `default` is not given,
    return None.
    """
  ) { object, args, count in
    new {
      let a = try Arguments(get, args, count)
      return try (lookup(object, a.object(0)) ?? a.object(1)).retained()
    }
  }

  private static func iterate(_ object: Ref, _ part: (Ref) -> Ref?) throws(Raised) -> Owned {
    // The list is a snapshot: the context may change meanwhile.
    let list = try own(part(try values(object)))
    return try own(PyObject_GetIter(list.ref))
  }

  private static let items: Method = .noargs(
    "items($self, /)",
    "Return all variables and their values in the context object, as pairs."
  ) { object, _ in new { try iterate(object) { PyDict_Items($0) } } }

  private static let keys: Method = .noargs(
    "keys($self, /)", "Return all variables in the context object."
  ) { object, _ in new { try iterate(object) { PyDict_Keys($0) } } }

  private static let valuesMethod: Method = .noargs(
    "values($self, /)", "Return all variables' values in the context object."
  ) { object, _ in new { try iterate(object) { PyDict_Values($0) } } }

  private static let copyMethod: Method = .noargs(
    "copy($self, /)", "Return a shallow copy of the context object."
  ) { object, _ in new { try copy(object) } }

  private static let run: Method = .keywords("run", "") { object, args, count, names in
    new {
      guard count >= 1, let args else {
        throw raise(.typeError, "run() missing 1 required positional argument")
      }
      let held = object.retained()
      try enter(held.ref)
      let result = PyObject_Vectorcall(args[0], args + 1, (count - 1) | argumentsOffset, names)
      let pending = PyErr_GetRaisedException()
      do {
        try exit(held.ref)
      } catch {
        Py_XDECREF(result)
        Py_XDECREF(pending)
        throw error
      }
      PyErr_SetRaisedException(pending)
      return try own(result)
    }
  }

  public static let copyContext: Method = .noargs("copy_context($module, /)", "") { _, _ in
    PyContext_CopyCurrent()
  }
}

// MARK: C API

@c @implementation
public func PyContext_New() -> Ref? { new { try PyContext.make() } }

@c @implementation
public func PyContext_Copy(_ context: Ref) -> Ref? {
  new {
    guard context.type == contextType() else {
      throw raise(.typeError, "an instance of Context was expected")
    }
    return try PyContext.copy(context)
  }
}

@c @implementation
public func PyContext_CopyCurrent() -> Ref? { new { try PyContext.copy(PyContext.current()) } }

@c @implementation
public func PyContext_Enter(_ context: Ref) -> Int32 {
  status {
    guard context.type == contextType() else {
      throw raise(.typeError, "an instance of Context was expected")
    }
    try PyContext.enter(context)
  }
}

@c @implementation
public func PyContext_Exit(_ context: Ref) -> Int32 {
  status {
    guard context.type == contextType() else {
      throw raise(.typeError, "an instance of Context was expected")
    }
    try PyContext.exit(context)
  }
}
