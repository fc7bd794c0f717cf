import CPythonABI
import Objects

/// Structural pattern matching (PEP 634). CPython: Python/ceval.c, match_keys, match_class.
enum Matching {
  /// MATCH_KEYS (subject, keys -- subject, keys, values, matched).
  @inline(never)
  static func keys(_ sp: StackRef) -> Bool {
    let keys = sp[-1].unsafelyUnwrapped
    let subject = sp[-2].unsafelyUnwrapped
    var values: Ref?
    if !lookUp(subject, keys, &values) { return false }
    sp[0] = values ?? noneObject()
    sp[1] = boolObject(values != nil)
    return true
  }

  /// Keys and names are constants in compiled code; code made by hand may bring anything.
  private static func isTuple(_ operand: Ref) -> Bool {
    if operand.isTuple { return true }
    _ = raise(.systemError, "bad operand of a pattern")
    return false
  }

  /// The values of the keys as a new tuple, or nil when one is missing.
  private static func lookUp(_ subject: Ref, _ keys: Ref, _ result: inout Ref?) -> Bool {
    guard isTuple(keys) else { return false }
    let count = apus_var_size(keys)
    guard let seen = PySet_New(nil) else { return false }
    defer { Py_DECREF(seen) }
    guard let get = "get".withCString({ PyObject_GetAttrString(subject, $0) }) else { return false }
    defer { Py_DECREF(get) }
    // A marker of our own: `get` must not make missing keys (defaultdict).
    guard let marker = PyType_GenericAlloc(objectType(), 0) else { return false }
    defer { Py_DECREF(marker) }
    guard let values = PyTuple_New(count) else { return false }
    for index in 0..<count {
      let key = apus_tuple_item(keys, index)
      let known = PySet_Contains(seen, key)
      if known < 0 || (known == 0 && PySet_Add(seen, key) < 0) {
        Py_DECREF(values)
        return false
      }
      if known > 0 {
        let shown = PyObject_Repr(key)
        _ = raise(
          .valueError, "mapping pattern checks duplicate key (\(shown.map { text(of: $0) } ?? ""))")
        Py_XDECREF(shown)
        Py_DECREF(values)
        return false
      }
      let value = withUnsafeTemporaryAllocation(of: Ref.self, capacity: 2) { arguments -> Ref? in
        arguments[0] = key
        arguments[1] = marker
        return PyObject_Vectorcall(get, arguments.baseAddress, 2, nil)
      }
      guard let value else {
        Py_DECREF(values)
        return false
      }
      if value == marker {
        Py_DECREF(value)
        Py_DECREF(values)
        return true
      }
      apus_tuple_items(values)[index] = value
    }
    result = values
    return true
  }

  /// COPY_DICT_WITHOUT_KEYS (subject, keys -- subject, rest).
  @inline(never)
  static func copyWithoutKeys(_ sp: StackRef) -> Bool {
    let keys = sp[-1].unsafelyUnwrapped
    guard isTuple(keys) else { return false }
    guard let rest = PyDict_New() else { return false }
    if PyDict_Update(rest, sp[-2].unsafelyUnwrapped) < 0 {
      Py_DECREF(rest)
      return false
    }
    for index in 0..<apus_var_size(keys)
    where PyDict_DelItem(rest, apus_tuple_item(keys, index)) < 0 {
      Py_DECREF(rest)
      return false
    }
    sp[-1] = rest
    Py_DECREF(keys)
    return true
  }

  /// MATCH_CLASS (subject, class, names -- attributes, matched).
  @inline(never)
  static func classPattern(_ sp: StackRef, _ positional: Int) -> Bool {
    let names = sp[-1].unsafelyUnwrapped
    guard isTuple(names) else { return false }
    let type = sp[-2].unsafelyUnwrapped
    let subject = sp[-3].unsafelyUnwrapped
    var attributes: Ref?
    do {
      attributes = try matchClass(subject, type, positional, names)?.give()
    } catch { return false }
    sp[-3] = attributes ?? noneObject()
    sp[-2] = boolObject(attributes != nil)
    Py_DECREF(subject)
    Py_DECREF(type)
    Py_DECREF(names)
    return true
  }

  private static func matchClass(
    _ subject: Ref, _ type: Ref, _ positional: Int, _ names: Ref
  ) throws(Raised) -> Owned? {
    guard type.isType else {
      throw raise(.typeError, "called match pattern must be a class")
    }
    if try check(PyObject_IsInstance(subject, type)) == 0 { return nil }
    let attributes = try own(PyList_New(0))
    let seen = try own(PySet_New(nil))
    if positional > 0 {
      var matchSelf = false
      var arguments = try matchArguments(type)
      if arguments == nil {
        matchSelf = type.asType.pointee.tp_flags & UInt(_Py_TPFLAGS_MATCH_SELF) != 0
        arguments = try own(PyTuple_New(0))
      }
      guard let arguments else { return nil }
      let allowed = matchSelf ? 1 : apus_var_size(arguments.ref)
      if allowed < positional {
        let plural = allowed == 1 ? "" : "s"
        throw raise(
          .typeError,
          "\(type.asType.name)() accepts \(allowed) positional sub-pattern\(plural) "
            + "(\(positional) given)")
      }
      if matchSelf {
        try check(PyList_Append(attributes.ref, subject))
      } else {
        for index in 0..<positional {
          let name = apus_tuple_item(arguments.ref, index)
          guard name.isStr else {
            throw raise(
              .typeError,
              "__match_args__ elements must be strings (got \(name.type.fullName))")
          }
          guard let value = try attribute(subject, type, name, seen.ref) else { return nil }
          try check(PyList_Append(attributes.ref, value.ref))
        }
      }
    }
    for index in 0..<apus_var_size(names) {
      guard let value = try attribute(subject, type, apus_tuple_item(names, index), seen.ref)
      else { return nil }
      try check(PyList_Append(attributes.ref, value.ref))
    }
    return try own(PyList_AsTuple(attributes.ref))
  }

  /// `type.__match_args__`, nil when there is none.
  private static func matchArguments(_ type: Ref) throws(Raised) -> Owned? {
    let name = id___match_args__().retained()
    var found: Ref?
    try check(PyObject_GetOptionalAttr(type, name.ref, &found))
    guard let found else { return nil }
    let arguments = Owned(adopting: found)
    guard arguments.ref.isExactTuple else {
      throw raise(
        .typeError,
        "\(type.asType.name).__match_args__ must be a tuple (got \(arguments.ref.type.fullName))")
    }
    return arguments
  }

  /// An attribute of the subject, nil when it has none. TypeError when the pattern names it twice.
  private static func attribute(
    _ subject: Ref, _ type: Ref, _ name: Ref, _ seen: Ref
  ) throws(Raised) -> Owned? {
    guard name.isStr else { throw raise(.systemError, "bad operand of a pattern") }
    if try check(PySet_Contains(seen, name)) != 0 {
      throw raise(
        .typeError,
        "\(type.asType.name)() got multiple sub-patterns for attribute '\(text(of: name))'")
    }
    try check(PySet_Add(seen, name))
    var found: Ref?
    try check(PyObject_GetOptionalAttr(subject, name, &found))
    guard let found else { return nil }
    return Owned(adopting: found)
  }
}
