import CPythonABI
import Objects

/// What all connections share.
enum SqliteState {
  nonisolated(unsafe) private static var knownAdapters: Ref?
  nonisolated(unsafe) private static var knownConverters: Ref?
  /// Whether an adapter was registered for int, float, str or bytearray, which otherwise need none.
  nonisolated(unsafe) static var adaptsBasicTypes = false
  /// Whether exceptions of callbacks are shown.
  nonisolated(unsafe) static var showsTracebacks = false

  nonisolated(unsafe) static let protocolType = PermanentMemory.type()

  static let protocolSpec = TypeSpec(
    protocolType, "sqlite3.PrepareProtocol", basicSize: MemoryLayout<PyObject>.size,
    doc: "PEP 246 style object adaption protocol type.", base: objectType(),
    slots: [.constructorOfObject, .tp_init { _, _, _ in 0 }])

  /// The dict of adapters by `(type, protocol)`.
  static func adapters() throws(Raised) -> Ref {
    if let known = knownAdapters { return known }
    let made = try own(PyDict_New()).give()
    knownAdapters = made
    InterpreterEnd.add("sqlite3 adapters") { InterpreterEnd.drop(&knownAdapters) }
    return made
  }

  /// The dict of converters by upper-case type name.
  static func converters() throws(Raised) -> Ref {
    if let known = knownConverters { return known }
    let made = try own(PyDict_New()).give()
    knownConverters = made
    InterpreterEnd.add("sqlite3 converters") { InterpreterEnd.drop(&knownConverters) }
    return made
  }

  static func converter(_ name: Ref) throws(Raised) -> Owned? {
    let key = try own(callMethod(name, "upper"))
    var found: Ref?
    try check(PyDict_GetItemRef(try converters(), key.ref, &found))
    return found.map { Owned(adopting: $0) }
  }

  /// `object.name()`
  static func callMethod(_ object: Ref, _ name: StaticString) -> Ref? {
    guard let text = PyUnicode_InternFromString(cString(name)) else { return nil }
    defer { Py_DECREF(text) }
    return PyObject_CallMethodNoArgs(object, text)
  }

  /// The object in a form that `proto` stands for: by an adapter, by `proto.__adapt__`, by
  /// `object.__conform__` (PEP 246), else `fallback`.
  static func adapt(_ object: Ref, _ proto: Ref, fallback: Ref?) throws(Raised) -> Owned {
    let key = try tuple(object.type.object.retained(), proto.retained())
    var adapter: Ref?
    try check(PyDict_GetItemRef(try adapters(), key.ref, &adapter))
    if let adapter {
      let function = Owned(adopting: adapter)
      return try own(PyObject_CallOneArg(function.ref, object))
    }
    if let done = try ask(proto, "__adapt__", object) { return done }
    if let done = try ask(object, "__conform__", proto) { return done }
    if let fallback { return fallback.retained() }
    throw SqliteErrors.raise(.programmingError, "can't adapt")
  }

  /// `object.name(argument)`, nil when there is no such method, it gives None or raises TypeError.
  private static func ask(
    _ object: Ref, _ name: String, _ argument: Ref
  ) throws(Raised) -> Owned? {
    var method: Ref?
    try check(PyObject_GetOptionalAttrString(object, name, &method))
    guard let method else { return nil }
    let function = Owned(adopting: method)
    guard let result = PyObject_CallOneArg(function.ref, argument) else {
      guard PyErr_ExceptionMatches(.typeError) != 0 else { throw Raised() }
      PyErr_Clear()
      return nil
    }
    if result.isNone { return nil }
    return Owned(adopting: result)
  }
}
