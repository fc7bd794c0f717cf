import CPythonABI
import Glibc
import Objects
import SystemCalls

/// `_io.BytesIO`: bytes in memory as a stream. CPython: Modules/_io/bytesio.c.
///
/// The content is in a bytes object. While only the stream refers to it, it is changed in place;
/// `getvalue()` and the constructor's argument are shared, and copied before the next change.
enum BytesIO {
  struct Buffer {
    var head: StreamHead
    /// nil when closed.
    var content: Ref?
    var position: Int
    /// Bytes in use; the object may have room for more.
    var count: Int
    /// Views of `getbuffer()` that are alive.
    var exports: Int
  }
  typealias BufferRef = UnsafeMutablePointer<Buffer>

  nonisolated(unsafe) static let type = PermanentMemory.type()

  static let spec = TypeSpec(
    type, "_io.BytesIO", basicSize: MemoryLayout<Buffer>.size, flags: [.baseType, .haveGC],
    doc: "BytesIO(initial_bytes=b'')\n--\n\nBuffered I/O implementation using an in-memory bytes buffer.",
    base: BufferedIOBase.type, dictOffset: StreamHead.dictOffset,
    weakListOffset: StreamHead.weakListOffset,
    slots: [
      .tp_new { type, _, _ in
        new {
          let object = try own(PyType_GenericAlloc(type, 0))
          object.ref.view(Buffer.self).pointee.content =
            try own(PyBytes_FromStringAndSize(nil, 0)).give()
          return object
        }
      },
      .tp_init { object, args, keywords in
        status { try initialize(object, Arguments(constructor, tuple: args, keywords: keywords)) }
      },
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        clearReference(&object.view(Buffer.self).pointee.content)
        IOBase.clearHead(object)
        object.type.pointee.tp_free.unsafelyUnwrapped(object)
      },
      .tp_traverse { object, visit, argument in IOBase.traverseHead(object, visit, argument) },
      .tp_clear { object in
        let buffer = object.view(Buffer.self)
        clearReference(&buffer.pointee.head.dict)
        if buffer.pointee.exports == 0 { clearReference(&buffer.pointee.content) }
        return 0
      },
      .tp_iter { object in
        new {
          try checkOpen(object.view(Buffer.self))
          return object.retained()
        }
      },
      .tp_iternext { object in
        let buffer = object.view(Buffer.self)
        do { try checkOpen(buffer) } catch { return nil }
        let length = lineLength(buffer, -1)
        if length == 0 { return nil }
        return new { try take(buffer, length) }
      },
    ],
    methods: [
      readable, seekable, writable, close, flush, isatty, tell, write, writelines, read1, readInto,
      readline, readlines, read, getbuffer, getvalue, seek, truncate, getstate, setstate, sizeof,
    ],
    properties: [
      Property("closed", "True if the file is closed.", get: { object, _ in
        boolObject(object.view(Buffer.self).pointee.content == nil)
      })
    ])

  static let constructor: Method = .variableKeywords("BytesIO(initial_bytes=b'')", "", { _, _, _ in nil })

  private static func initialize(_ object: Ref, _ a: Arguments) throws(Raised) {
    let buffer = object.view(Buffer.self)
    try checkExports(buffer)
    buffer.pointee.position = 0
    buffer.pointee.count = 0
    guard let initial = a.optional(0) else { return }
    if initial.type == bytesType() {
      replaceReference(&buffer.pointee.content, initial.retained().give())
      buffer.pointee.count = apus_var_size(initial)
      return
    }
    let source = try BufferArgument(initial)
    try put(buffer, source.start, source.count)
    buffer.pointee.position = 0
  }

  // MARK: Content

  private static func checkOpen(_ buffer: BufferRef) throws(Raised) {
    if buffer.pointee.content == nil {
      throw raise(.valueError, "I/O operation on closed file.")
    }
  }
  private static func checkExports(_ buffer: BufferRef) throws(Raised) {
    if buffer.pointee.exports > 0 {
      throw raise(.bufferError, "Existing exports of data: object cannot be re-sized")
    }
  }

  private static func start(_ buffer: BufferRef) -> UnsafeMutableRawPointer {
    let content = buffer.pointee.content.unsafelyUnwrapped
    return UnsafeMutableRawPointer(apus_bytes_data(content))
  }
  private static func isShared(_ buffer: BufferRef) -> Bool {
    guard let content = buffer.pointee.content else { return false }
    return content.pointee.ob_refcnt > 1 || _Py_IsImmortal(content) != 0
  }

  /// Replaces the content by a copy with room for so many bytes.
  private static func copy(_ buffer: BufferRef, capacity: Int) throws(Raised) {
    let fresh = try own(PyBytes_FromStringAndSize(nil, capacity))
    let target = UnsafeMutableRawPointer(apus_bytes_data(fresh.ref))
    memcpy(target, start(buffer), Swift.min(buffer.pointee.count, capacity))
    replaceReference(&buffer.pointee.content, fresh.give())
  }

  /// Makes the content the stream's own, with room for so many bytes.
  private static func reserve(_ buffer: BufferRef, _ wanted: Int) throws(Raised) {
    let room = buffer.pointee.content.map { apus_var_size($0) } ?? 0
    if wanted <= room && !isShared(buffer) { return }
    // Grown by an eighth, or a quarter of little, as lists are.
    let capacity = wanted <= room ? room : wanted &+ wanted >> 3 &+ (wanted < 9 ? 3 : 6)
    if capacity < wanted {
      throw raise(.overflowError, "new buffer size too large")
    }
    if isShared(buffer) {
      try copy(buffer, capacity: capacity)
      return
    }
    if _PyBytes_Resize(&buffer.pointee.content, capacity) < 0 { throw Raised() }
  }

  private static func put(
    _ buffer: BufferRef, _ source: UnsafeRawPointer?, _ count: Int
  ) throws(Raised) {
    if count == 0 { return }
    let (end, overflow) = buffer.pointee.position.addingReportingOverflow(count)
    if overflow { throw raise(.overflowError, "new position too large") }
    try reserve(buffer, Swift.max(end, buffer.pointee.count))
    let target = start(buffer)
    if buffer.pointee.position > buffer.pointee.count {
      memset(
        target + buffer.pointee.count, 0, buffer.pointee.position - buffer.pointee.count)
    }
    if let source { memcpy(target + buffer.pointee.position, source, count) }
    buffer.pointee.position = end
    if end > buffer.pointee.count { buffer.pointee.count = end }
  }

  /// The next bytes, which the caller has counted.
  private static func take(_ buffer: BufferRef, _ count: Int) throws(Raised) -> Owned {
    let content = buffer.pointee.content.unsafelyUnwrapped
    if count > 1 && buffer.pointee.position == 0 && count == buffer.pointee.count
      && count == apus_var_size(content) && buffer.pointee.exports == 0
    {
      buffer.pointee.position = count
      return content.retained()
    }
    let from = start(buffer) + Swift.min(buffer.pointee.position, buffer.pointee.count)
    buffer.pointee.position += count
    return try own(
      PyBytes_FromStringAndSize(from.assumingMemoryBound(to: CChar.self), count))
  }

  private static func available(_ buffer: BufferRef) -> Int {
    Swift.max(0, buffer.pointee.count - buffer.pointee.position)
  }

  private static func lineLength(_ buffer: BufferRef, _ limit: Int) -> Int {
    let rest = available(buffer)
    let most = limit < 0 ? rest : Swift.min(limit, rest)
    if most == 0 { return 0 }
    let from = start(buffer) + buffer.pointee.position
    guard let found = memchr(from, 0x0A, most) else { return most }
    return found - from + 1
  }

  // MARK: Methods

  private static let readable: Method = .noargs("readable($self, /)", "Returns True if the IO object can be read.") { object, _ in
    bool { try checkOpen(object.view(Buffer.self)); return true }
  }
  private static let writable: Method = .noargs("writable($self, /)", "Returns True if the IO object can be written.") { object, _ in
    bool { try checkOpen(object.view(Buffer.self)); return true }
  }
  private static let seekable: Method = .noargs("seekable($self, /)", "Returns True if the IO object can be seeked.") { object, _ in
    bool { try checkOpen(object.view(Buffer.self)); return true }
  }
  private static let flush: Method = .noargs("flush($self, /)", "Does nothing.") { object, _ in
    none { try checkOpen(object.view(Buffer.self)) }
  }
  private static let isatty: Method = .noargs("isatty($self, /)", "Always returns False.") { object, _ in
    bool { try checkOpen(object.view(Buffer.self)); return false }
  }
  private static let tell: Method = .noargs("tell($self, /)", "Current file position, an integer.") { object, _ in
    new {
      try checkOpen(object.view(Buffer.self))
      return try int(object.view(Buffer.self).pointee.position)
    }
  }
  private static let close: Method = .noargs("close($self, /)", "Disable all I/O operations.") { object, _ in
    none {
      let buffer = object.view(Buffer.self)
      try checkExports(buffer)
      clearReference(&buffer.pointee.content)
    }
  }

  private static let read: Method = .fast(
    "read($self, size=-1, /)", "Read at most size bytes, returned as a bytes object; until the end when negative."
  ) { object, args, count in
    new {
      let buffer = object.view(Buffer.self)
      let size = try sizeArgument(onlyArgument("read", args, count))
      try checkOpen(buffer)
      let rest = available(buffer)
      return try take(buffer, size < 0 ? rest : Swift.min(size, rest))
    }
  }
  private static let read1: Method = .fast("read1($self, size=-1, /)", "The same as read().") { object, args, count in
    new {
      let buffer = object.view(Buffer.self)
      let size = try sizeArgument(onlyArgument("read1", args, count))
      try checkOpen(buffer)
      let rest = available(buffer)
      return try take(buffer, size < 0 ? rest : Swift.min(size, rest))
    }
  }
  private static let readline: Method = .fast(
    "readline($self, size=-1, /)", "Next line from the file, as a bytes object; b'' at the end."
  ) { object, args, count in
    new {
      let buffer = object.view(Buffer.self)
      let size = try sizeArgument(onlyArgument("readline", args, count))
      try checkOpen(buffer)
      return try take(buffer, lineLength(buffer, size))
    }
  }
  private static let readlines: Method = .fast(
    "readlines($self, size=None, /)", "List of bytes objects, each a line from the file; size is a hint of their total."
  ) { object, args, count in
    new {
      let buffer = object.view(Buffer.self)
      let limit = try sizeArgument(onlyArgument("readlines", args, count))
      try checkOpen(buffer)
      let list = try own(PyList_New(0))
      var total = 0
      while true {
        let length = lineLength(buffer, -1)
        if length == 0 { return list }
        let line = try take(buffer, length)
        try check(PyList_Append(list.ref, line.ref))
        total += length
        if limit > 0 && total >= limit { return list }
      }
    }
  }
  private static let readInto: Method = .o("readinto($self, buffer, /)", "Read bytes into buffer. Returns their number.") {
    object, target in
    new {
      let buffer = object.view(Buffer.self)
      let memory = try writableBuffer("readinto", target)
      try checkOpen(buffer)
      let count = Swift.min(memory.count, available(buffer))
      if let to = memory.start, count > 0 {
        memcpy(to, start(buffer) + buffer.pointee.position, count)
      }
      buffer.pointee.position += count
      return try int(count)
    }
  }

  private static func write(_ object: Ref, _ data: Ref) throws(Raised) -> Int {
    let buffer = object.view(Buffer.self)
    try checkOpen(buffer)
    try checkExports(buffer)
    if data.type == bytesType() {
      let count = apus_var_size(data)
      try put(buffer, UnsafeRawPointer(apus_bytes_data(data)), count)
      return count
    }
    let source = try BufferArgument(data)
    try checkOpen(buffer)
    try checkExports(buffer)
    try put(buffer, source.start, source.count)
    return source.count
  }

  private static let write: Method = .o(
    "write($self, b, /)", "Write bytes to file. Return the number of bytes written."
  ) { object, data in new { try int(write(object, data)) } }

  private static let writelines: Method = .o("writelines($self, lines, /)", "Write lines to the file.") { object, lines in
    none {
      try checkOpen(object.view(Buffer.self))
      let iterator = try own(PyObject_GetIter(lines))
      while let next = PyIter_Next(iterator.ref) {
        let line = Owned(adopting: next)
        _ = try write(object, line.ref)
      }
      if hasRaised() { throw Raised() }
    }
  }

  private static let seek: Method = .fast(
    "seek($self, pos, whence=0, /)",
    "Change stream position relative to the start (whence 0), here (1) or the end (2). Returns the new position."
  ) { object, args, count in
    new {
      let a = try Arguments(seek, args, count)
      var target = try a.index(0)
      let whence = try a.int32(1)
      let buffer = object.view(Buffer.self)
      try checkOpen(buffer)
      if target < 0 && whence == 0 { throw raise(.valueError, "negative seek value \(target)") }
      let base =
        switch whence {
        case 0: 0
        case 1: buffer.pointee.position
        case 2: buffer.pointee.count
        default:
          throw raise(.valueError, "invalid whence (\(whence), should be 0, 1 or 2)")
        }
      let (sum, overflow) = target.addingReportingOverflow(base)
      if overflow { throw raise(.overflowError, "new position too large") }
      target = Swift.max(0, sum)
      buffer.pointee.position = target
      return try int(target)
    }
  }

  private static let truncate: Method = .fast(
    "truncate($self, size=None, /)", "Truncate the file to at most size bytes (tell() when None). Returns the size."
  ) { object, args, count in
    new {
      let buffer = object.view(Buffer.self)
      try checkOpen(buffer)
      try checkExports(buffer)
      let size = try sizeArgument(
        onlyArgument("truncate", args, count), default: buffer.pointee.position)
      if size < 0 { throw raise(.valueError, "negative size value \(size)") }
      if size < buffer.pointee.count {
        buffer.pointee.count = size
        try copy(buffer, capacity: size)
      }
      return try int(size)
    }
  }

  /// The content as one bytes object of just that size, shared.
  private static func value(_ buffer: BufferRef) throws(Raised) -> Owned {
    let content = buffer.pointee.content.unsafelyUnwrapped
    if apus_var_size(content) != buffer.pointee.count && buffer.pointee.exports == 0 {
      if isShared(buffer) {
        try copy(buffer, capacity: buffer.pointee.count)
      } else if _PyBytes_Resize(&buffer.pointee.content, buffer.pointee.count) < 0 {
        throw Raised()
      }
    }
    let exact = buffer.pointee.content.unsafelyUnwrapped
    if buffer.pointee.exports > 0 {
      return try own(
        PyBytes_FromStringAndSize(
          start(buffer).assumingMemoryBound(to: CChar.self), buffer.pointee.count))
    }
    return exact.retained()
  }

  private static let getvalue: Method = .noargs("getvalue($self, /)", "Retrieve the entire contents of the BytesIO object.") {
    object, _ in
    new {
      let buffer = object.view(Buffer.self)
      try checkOpen(buffer)
      return try value(buffer)
    }
  }

  private static let getbuffer: Method = .noargs(
    "getbuffer($self, /)", "Get a read-write view over the contents of the BytesIO object."
  ) { object, _ in
    new {
      try checkOpen(object.view(Buffer.self))
      let view = try own(PyType_GenericAlloc(BytesIOView.type, 0))
      view.ref.view(BytesIOView.View.self).pointee.source = object.retained().give()
      return try own(PyMemoryView_FromObject(view.ref))
    }
  }

  /// Memory for a view; the content may not be moved while there are any.
  static func export(
    _ object: Ref, _ view: Ref, _ buffer: UnsafeMutablePointer<Py_buffer>, _ flags: Int32
  ) throws(Raised) {
    let stream = object.view(Buffer.self)
    if stream.pointee.exports == 0 && isShared(stream) {
      try copy(stream, capacity: stream.pointee.count)
    }
    try check(PyBuffer_FillInfo(buffer, view, start(stream), stream.pointee.count, 0, flags))
    stream.pointee.exports += 1
  }

  private static let getstate: Method = .noargs("__getstate__($self, /)", "") { object, _ in
    new {
      let buffer = object.view(Buffer.self)
      try checkOpen(buffer)
      let content = try value(buffer)
      let dict = try buffer.pointee.head.dict.map { try own(PyDict_Copy($0)).give() }
      return try tuple(
        content, int(buffer.pointee.position), Owned(adopting: dict ?? noneObject()))
    }
  }
  private static let setstate: Method = .o("__setstate__($self, object, /)", "") { object, state in
    none {
      let buffer = object.view(Buffer.self)
      guard state.isTuple, apus_var_size(state) >= 3 else {
        throw raise(
          .typeError,
          "\(object.type.fullName).__setstate__ argument should be 3-tuple, "
            + "got \(state.type.fullName)")
      }
      try checkOpen(buffer)
      try checkExports(buffer)
      buffer.pointee.position = 0
      buffer.pointee.count = 0
      _ = try write(object, apus_tuple_item(state, 0))
      guard apus_tuple_item(state, 1).isInt else {
        throw raise(
          .typeError,
          "second item of state must be an integer, not \(apus_tuple_item(state, 1).type.fullName)")
      }
      let position = try check(PyLong_AsSsize_t(apus_tuple_item(state, 1)))
      if position < 0 { throw raise(.valueError, "position value cannot be negative") }
      buffer.pointee.position = position
      let dict = apus_tuple_item(state, 2)
      if dict.isNone { return }
      guard dict.isDict else {
        throw raise(
          .typeError, "third item of state should be a dict, got a \(dict.type.fullName)")
      }
      if let mine = buffer.pointee.head.dict {
        try check(PyDict_Update(mine, dict))
      } else {
        buffer.pointee.head.dict = dict.retained().give()
      }
    }
  }
  private static let sizeof: Method = .noargs("__sizeof__($self, /)", "") { object, _ in
    let buffer = object.view(Buffer.self)
    var size = object.type.pointee.tp_basicsize
    if let content = buffer.pointee.content, !isShared(buffer) {
      size += apus_var_size(content) + 33
    }
    return PyLong_FromSsize_t(size)
  }
}

/// `_io._BytesIOBuffer`: what the memoryview of `getbuffer()` refers to.
enum BytesIOView {
  struct View {
    var ob_base: PyObject
    var source: Ref?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  static let spec = TypeSpec(
    type, "_io._BytesIOBuffer", basicSize: MemoryLayout<View>.size,
    flags: [.haveGC, .disallowInstantiation], base: objectType(),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        clearReference(&object.view(View.self).pointee.source)
        object.type.pointee.tp_free.unsafelyUnwrapped(object)
      },
      .tp_traverse { object, visit, argument in
        visitReference(object.view(View.self).pointee.source, visit, argument)
      },
      .bf_getbuffer { object, buffer, flags in
        status {
          guard let source = object.view(View.self).pointee.source else {
            throw raise(
              .bufferError, "bytesiobuf_getbuffer: view==NULL argument is obsolete")
          }
          try BytesIO.export(source, object, buffer, flags)
        }
      },
      .bf_releasebuffer { object, _ in
        object.view(View.self).pointee.source?.view(BytesIO.Buffer.self).pointee.exports -= 1
      },
    ])
}
