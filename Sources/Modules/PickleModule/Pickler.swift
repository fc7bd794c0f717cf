import CPythonABI
import Objects

/// _pickle.Pickler: an object graph to a stream of instructions for the pickle machine.
/// CPython: Modules/_pickle.c; PEP 307, 3154, 574.
///
/// The stream collects in a bytes object. Of a pickler with a file it goes out at the end, and
/// frame by frame before that.
struct Pickler {
  struct Layout {
    var base: PyObject
    var memo: UnsafeMutablePointer<PicklerMemo.Table>?
    /// What `dump` calls for every object, nil for nothing.
    var persistentID: Ref?
    /// `persistent_id` as set on the instance.
    var persistentIDAttribute: Ref?
    var dispatchTable: Ref?
    /// During `dump`.
    var reducerOverride: Ref?
    /// The file's `write`; nil when the result is a bytes object.
    var write: Ref?
    /// bytes; its length is `capacity`.
    var output: Ref?
    var count: Int
    var capacity: Int
    var version: Int32
    /// Protocol above 0.
    var isBinary: Int32
    var framing: Int32
    /// Where the open frame starts in the output, -1 without one.
    var frameStart: Int
    var reserved: Int
    var fast: Int32
    var fastNesting: Int32
    var fixImports: Int32
    /// In fast mode the containers being written, by identity.
    var fastMemo: Ref?
    var bufferCallback: Ref?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  let ref: Ref
  let own: UnsafeMutablePointer<Layout>

  @inline(__always)
  init(_ ref: Ref) {
    self.ref = ref
    own = ref.view(Layout.self)
  }

  @inline(__always)
  var memo: PicklerMemo { PicklerMemo(table: own.pointee.memo.unsafelyUnwrapped) }

  static func isPickler(_ object: Ref) -> Bool { object.isInstance(of: type) }

  /// A pickler without a file.
  static func make() throws(Raised) -> Owned {
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let object = try Objects.own(allocate(type, 0))
    let pickler = Pickler(object.ref)
    pickler.own.pointee.frameStart = -1
    pickler.own.pointee.memo = try PicklerMemo.make().table
    return object
  }

  /// Takes the protocol (None for the default, negative for the highest).
  func setProtocol(_ value: Ref?, fixImports: Bool) throws(Raised) {
    var version = Int(Format.defaultProtocol)
    if let value, !value.isNone {
      version = PyLong_AsLong(value)
      if version == -1 && hasRaised() { throw Raised() }
      if version < 0 { version = Int(Format.highestProtocol) }
      if version > Int(Format.highestProtocol) {
        throw raise(.valueError, "pickle protocol must be <= \(Format.highestProtocol)")
      }
    }
    own.pointee.version = Int32(version)
    own.pointee.isBinary = version > 0 ? 1 : 0
    own.pointee.fixImports = fixImports && version < 3 ? 1 : 0
  }

  func setFile(_ file: Ref) throws(Raised) {
    var write: Ref?
    try check(PyObject_GetOptionalAttrString(file, "write", &write))
    guard let write else { throw raise(.typeError, "file must have a 'write' attribute") }
    replaceReference(&own.pointee.write, write)
  }

  func setBufferCallback(_ callback: Ref?) throws(Raised) {
    guard let callback, !callback.isNone else {
      clearReference(&own.pointee.bufferCallback)
      return
    }
    if own.pointee.version < 5 {
      throw raise(.valueError, "buffer_callback needs protocol >= 5")
    }
    replaceReference(&own.pointee.bufferCallback, callback.retained().give())
  }

  /// `__init__`, which may come more than once.
  func initialize(
    file: Ref, version: Ref?, fixImports: Bool, callback: Ref?
  ) throws(Raised) {
    if own.pointee.write != nil { clear() }
    try setProtocol(version, fixImports: fixImports)
    try setFile(file)
    try setBufferCallback(callback)
    if own.pointee.memo == nil { own.pointee.memo = try PicklerMemo.make().table }
    try startOutput()
    own.pointee.fast = 0
    own.pointee.fastNesting = 0
    clearReference(&own.pointee.fastMemo)
    var table: Ref?
    try check(PyObject_GetOptionalAttr(ref, PickleState.names.dispatchTable, &table))
    replaceReference(&own.pointee.dispatchTable, table)
  }

  func clear() {
    clearReference(&own.pointee.output)
    own.pointee.count = 0
    own.pointee.capacity = 0
    clearReference(&own.pointee.write)
    clearReference(&own.pointee.persistentID)
    clearReference(&own.pointee.persistentIDAttribute)
    clearReference(&own.pointee.dispatchTable)
    clearReference(&own.pointee.fastMemo)
    clearReference(&own.pointee.reducerOverride)
    clearReference(&own.pointee.bufferCallback)
    if let table = own.pointee.memo {
      own.pointee.memo = nil
      PicklerMemo(table: table).free()
    }
  }

  // MARK: Dumping

  /// Writes one pickle to the output buffer.
  func dump(_ object: Ref) throws(Raised) {
    try findHooks()
    defer {
      own.pointee.framing = 0
      clearReference(&own.pointee.persistentID)
      clearReference(&own.pointee.reducerOverride)
    }
    if own.pointee.version >= 2 {
      let place = try room(2)
      place[0] = Opcode.proto
      place[1] = UInt8(truncatingIfNeeded: own.pointee.version)
      own.pointee.count &+= 2
      if own.pointee.version >= 4 { own.pointee.framing = 1 }
    }
    try save(object)
    try write(Opcode.stop)
    try closeFrame()
  }

  /// Looks up `persistent_id` and `reducer_override`, which subclasses and instances may have.
  private func findHooks() throws(Raised) {
    if let given = own.pointee.persistentIDAttribute {
      replaceReference(&own.pointee.persistentID, given.retained().give())
    } else if ref.type != Self.type {
      var found: Ref?
      try check(PyObject_GetOptionalAttr(ref, PickleState.names.persistentID, &found))
      if let method = found, method.type == builtinFunctionType(),
        method.view(PyCFunctionObject.self).pointee.m_self == ref,
        let descriptor = _PyType_Lookup(Self.type, PickleState.names.persistentID),
        descriptor.view(PyMethodDescrObject.self).pointee.d_method
          == method.view(PyCFunctionObject.self).pointee.m_ml
      {
        // Ours says None to everything.
        Py_DECREF(method)
        found = nil
      }
      replaceReference(&own.pointee.persistentID, found)
    }
    if ref.type != Self.type {
      var found: Ref?
      try check(PyObject_GetOptionalAttr(ref, PickleState.names.reducerOverride, &found))
      replaceReference(&own.pointee.reducerOverride, found)
    }
  }
}
