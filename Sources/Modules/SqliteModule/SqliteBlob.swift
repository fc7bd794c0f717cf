import CPythonABI
import CSQLite
import Glibc
import Interpreter
import Objects

/// `sqlite3.Blob`: the bytes of a value in the database, read and written in place.
/// CPython: Modules/_sqlite/blob.c.
struct SqliteBlob {
  struct Layout {
    var base: PyObject
    var connection: Ref?
    var blob: OpaquePointer?
    var offset: Int32
    var weakReferences: Ref?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  let ref: Ref
  init(_ ref: Ref) { self.ref = ref }
  var layout: UnsafeMutablePointer<Layout> { ref.view(Layout.self) }
  var handle: OpaquePointer? { layout.pointee.blob }
  var count: Int { handle.map { Int(sqlite3_blob_bytes($0)) } ?? 0 }

  static func make(
    _ connection: SqliteConnection, _ blob: OpaquePointer?
  ) throws(Raised) -> Owned {
    guard let object = PyType_GenericAlloc(type, 0) else {
      sqlite3_blob_close(blob)
      throw Raised()
    }
    object.view(Layout.self).pointee.connection = connection.ref.retained().give()
    object.view(Layout.self).pointee.blob = blob
    return Owned(adopting: object)
  }

  func close() {
    guard let handle else { return }
    layout.pointee.blob = nil
    withoutGIL { _ = sqlite3_blob_close(handle) }
  }

  private func check() throws(Raised) {
    if let connection = layout.pointee.connection {
      try SqliteConnection(connection).checkUsable()
    }
    if handle == nil {
      throw SqliteErrors.raise(.programmingError, "Cannot operate on a closed blob.")
    }
  }

  private func raiseError(_ status: Int32) -> Raised {
    if status == SQLITE_ABORT {
      return SqliteErrors.raise(.operationalError, "Cannot operate on an expired blob handle")
    }
    let database = layout.pointee.connection.flatMap { SqliteConnection($0).database }
    return SqliteErrors.raise(database)
  }

  private func read(_ length: Int, at offset: Int) throws(Raised) -> Owned {
    let bytes = try own(PyBytes_FromStringAndSize(nil, length))
    if length == 0 { return bytes }
    let (handle, place) = (handle, apus_bytes_data(bytes.ref))
    let status = withoutGIL { sqlite3_blob_read(handle, place, Int32(length), Int32(offset)) }
    if status != SQLITE_OK { throw raiseError(status) }
    return bytes
  }

  private func write(_ bytes: UnsafeRawPointer?, _ length: Int, at offset: Int) throws(Raised) {
    guard length <= count - offset else { throw raise(.valueError, "data longer than blob") }
    if length == 0 { return }
    let handle = handle
    let status = withoutGIL { sqlite3_blob_write(handle, bytes, Int32(length), Int32(offset)) }
    if status != SQLITE_OK { throw raiseError(status) }
  }

  // MARK: Methods

  private static let closeMethod: Method = .noargs("close($self, /)", "Close the blob.") {
    object, _ in
    none {
      let blob = SqliteBlob(object)
      if let connection = blob.layout.pointee.connection {
        try SqliteConnection(connection).checkUsable()
      }
      blob.close()
    }
  }

  private static let readMethod: Method = .fast(
    "read($self, length=-1, /)",
    "Read data at the current offset position.\n\n  length\n    Read length in bytes.\n\nNever reads past the end; without a length it reads up to it."
  ) { object, args, count in
    new {
      let a = try Arguments(readMethod, args, count)
      var length = Int(try a.int32(0, default: -1))
      let blob = SqliteBlob(object)
      try blob.check()
      let rest = blob.count - Int(blob.layout.pointee.offset)
      if length < 0 || length > rest { length = rest }
      let bytes = try blob.read(Swift.max(length, 0), at: Int(blob.layout.pointee.offset))
      blob.layout.pointee.offset += Int32(Swift.max(length, 0))
      return bytes
    }
  }

  private static let writeMethod: Method = .o(
    "write($self, data, /)",
    "Write data at the current offset.\n\nA write cannot change the length of the blob; more than fits raises ValueError."
  ) { object, data in
    none {
      var view = Py_buffer()
      try Objects.check(PyObject_GetBuffer(data, &view, PyBUF_SIMPLE))
      defer { PyBuffer_Release(&view) }
      let blob = SqliteBlob(object)
      try blob.check()
      try blob.write(view.buf, view.len, at: Int(blob.layout.pointee.offset))
      blob.layout.pointee.offset += Int32(view.len)
    }
  }

  private static let seek: Method = .fast(
    "seek($self, offset, origin=0, /)",
    "Set the current access position to offset.\n\nThe origin is os.SEEK_SET (absolute), os.SEEK_CUR (from here) or os.SEEK_END (from the end)."
  ) { object, args, count in
    none {
      let a = try Arguments(seek, args, count)
      var offset = Int(try a.int32(0))
      let origin = try a.int32(1)
      let blob = SqliteBlob(object)
      try blob.check()
      switch origin {
      case SEEK_SET: break
      case SEEK_CUR: offset += Int(blob.layout.pointee.offset)
      case SEEK_END: offset += blob.count
      default:
        throw raise(
          .valueError, "'origin' should be os.SEEK_SET, os.SEEK_CUR, or os.SEEK_END")
      }
      if offset > Int(Int32.max) {
        throw raise(.overflowError, "seek offset results in offset overflow")
      }
      guard offset >= 0, offset <= blob.count else {
        throw raise(.valueError, "offset out of blob range")
      }
      blob.layout.pointee.offset = Int32(offset)
    }
  }

  private static let tell: Method = .noargs(
    "tell($self, /)", "Return the current access position for the blob."
  ) { object, _ in
    new {
      let blob = SqliteBlob(object)
      try blob.check()
      return try int(Int(blob.layout.pointee.offset))
    }
  }

  private static let enter: Method = .noargs("__enter__($self, /)", "Blob context manager enter.") {
    object, _ in
    new {
      try SqliteBlob(object).check()
      return object.retained()
    }
  }

  private static let exit: Method = .fast(
    "__exit__($self, type, val, tb, /)", "Blob context manager exit."
  ) { object, args, count in
    bool {
      _ = try Arguments(exit, args, count)
      try SqliteBlob(object).check()
      SqliteBlob(object).close()
      return false
    }
  }

  // MARK: Items

  private func index(_ key: Ref) throws(Raised) -> Int {
    var index = PyNumber_AsSsize_t(key, .indexError)
    if index == -1 && hasRaised() { throw Raised() }
    if index < 0 { index += count }
    guard index >= 0, index < count else { throw raise(.indexError, "Blob index out of range") }
    return index
  }

  private func range(_ slice: Ref) throws(Raised) -> (start: Int, step: Int, length: Int) {
    var start = 0, stop = 0, step = 0
    try Objects.check(PySlice_Unpack(slice, &start, &stop, &step))
    let length = PySlice_AdjustIndices(count, &start, &stop, step)
    return (start, step, length)
  }

  private static func subscripted(_ object: Ref, _ key: Ref) throws(Raised) -> Owned {
    let blob = SqliteBlob(object)
    try blob.check()
    if PyIndex_Check(key) != 0 {
      let byte = try blob.read(1, at: try blob.index(key))
      return try int(Int(apus_bytes_data(byte.ref)[0]))
    }
    guard key.type == sliceType() else {
      throw raise(.typeError, "Blob indices must be integers")
    }
    let (start, step, length) = try blob.range(key)
    if length == 0 { return try own(PyBytes_FromStringAndSize(nil, 0)) }
    if step == 1 { return try blob.read(length, at: start) }
    let low = step > 0 ? start : start + (length - 1) * step
    let high = step > 0 ? start + (length - 1) * step : start
    let whole = try blob.read(high - low + 1, at: low)
    let result = try own(PyBytes_FromStringAndSize(nil, length))
    for index in 0..<length {
      apus_bytes_data(result.ref)[index] = apus_bytes_data(whole.ref)[start + index * step - low]
    }
    return result
  }

  private static func assign(_ object: Ref, _ key: Ref, _ value: Ref?) throws(Raised) {
    let blob = SqliteBlob(object)
    try blob.check()
    if PyIndex_Check(key) != 0 {
      guard let value else { throw raise(.typeError, "Blob doesn't support item deletion") }
      let index = try blob.index(key)
      guard value.isInt else {
        throw raise(
          .typeError, "'\(value.type.fullName)' object cannot be interpreted as an integer")
      }
      var overflow: Int32 = 0
      let number = PyLong_AsLongAndOverflow(value, &overflow)
      guard overflow == 0, number >= 0, number <= 255 else {
        throw raise(.valueError, "byte must be in range(0, 256)")
      }
      var byte = UInt8(number)
      return try blob.write(&byte, 1, at: index)
    }
    guard key.type == sliceType() else {
      throw raise(.typeError, "Blob indices must be integers")
    }
    guard let value else { throw raise(.typeError, "Blob doesn't support slice deletion") }
    let (start, step, length) = try blob.range(key)
    if length == 0 { return }
    var view = Py_buffer()
    try Objects.check(PyObject_GetBuffer(value, &view, PyBUF_SIMPLE))
    defer { PyBuffer_Release(&view) }
    guard view.len == length else {
      throw raise(.indexError, "Blob slice assignment is wrong size")
    }
    if step == 1 { return try blob.write(view.buf, length, at: start) }
    let low = step > 0 ? start : start + (length - 1) * step
    let high = step > 0 ? start + (length - 1) * step : start
    let whole = try blob.read(high - low + 1, at: low)
    let bytes = apus_bytes_data(whole.ref)
    guard let given = view.buf?.assumingMemoryBound(to: UInt8.self) else { return }
    for index in 0..<length { bytes[start + index * step - low] = given[index] }
    try blob.write(bytes, high - low + 1, at: low)
  }

  static let spec = TypeSpec(
    type, "sqlite3.Blob", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .disallowInstantiation], base: objectType(),
    weakListOffset: MemoryLayout<Layout>.at(\.weakReferences),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        SqliteBlob(object).close()
        if object.view(Layout.self).pointee.weakReferences != nil { PyObject_ClearWeakRefs(object) }
        clearReference(&object.view(Layout.self).pointee.connection)
        object.type.pointee.tp_free?(object)
      },
      .tp_traverse { object, visit, argument in
        visitReferences(visit, argument, object.view(Layout.self).pointee.connection, nil)
      },
      .tp_clear { object in
        clearReference(&object.view(Layout.self).pointee.connection)
        return 0
      },
      .tp_free { PyObject_GC_Del($0) },
      .mp_length { object in
        size {
          try SqliteBlob(object).check()
          return SqliteBlob(object).count
        }
      },
      .mp_subscript { object, key in new { try subscripted(object, key) } },
      .mp_ass_subscript { object, key, value in status { try assign(object, key, value) } },
    ],
    methods: [closeMethod, enter, exit, readMethod, seek, tell, writeMethod])
}
