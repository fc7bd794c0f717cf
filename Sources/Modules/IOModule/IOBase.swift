import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// `_io._IOBase`: what all streams have. CPython: Modules/_io/iobase.c.
enum IOBase {
  nonisolated(unsafe) static let type = PermanentMemory.type()

  static let spec = TypeSpec(
    type, "_io._IOBase", basicSize: MemoryLayout<StreamHead>.size, flags: [.baseType, .haveGC],
    doc: """
      The abstract base class for all I/O classes.

      Methods that a derived class may override; those for reading, writing and seeking raise
      UnsupportedOperation (an OSError) where the class has no support. A stream iterates over its
      lines and is a context manager that closes it.
      """,
    base: objectType(), dictOffset: StreamHead.dictOffset,
    weakListOffset: StreamHead.weakListOffset,
    slots: [
      .constructorOfObject,
      .tp_dealloc { object in
        if finalize(object) < 0 { return }
        PyObject_GC_UnTrack(object)
        clearHead(object)
        object.type.pointee.tp_free.unsafelyUnwrapped(object)
      },
      .tp_traverse { object, visit, argument in traverseHead(object, visit, argument) },
      .tp_clear { object in
        clearReference(&object.view(StreamHead.self).pointee.dict)
        return 0
      },
      .tp_iter { object in
        new {
          try checkClosed(object)
          return object.retained()
        }
      },
      .tp_iternext { object in
        guard let line = PyObject_CallMethodNoArgs(object, Name.readline) else { return nil }
        let size = PyObject_Size(line)
        if size <= 0 {
          // The end, or an error.
          Py_DECREF(line)
          return nil
        }
        return line
      },
      .tp_finalize { finalizer($0) },
    ],
    methods: [
      seek, tell, truncate, flush, close, seekable, readable, writable, checkClosedMethod,
      checkSeekableMethod, checkReadableMethod, checkWritableMethod, fileno, isatty, enter, exit,
      readline, readlines, writelines,
    ],
    properties: [
      Property("__dict__", get: { object, _ in PyObject_GenericGetDict(object, nil) }),
      Property("closed", get: { object, _ in bool { try isMarkedClosed(object) } }),
    ])

  // MARK: Life

  static func traverseHead(
    _ object: Ref, _ visit: visitproc, _ argument: UnsafeMutableRawPointer?
  ) -> Int32 {
    visitReference(object.view(StreamHead.self).pointee.dict, visit, argument)
  }

  static func clearHead(_ object: Ref) {
    if object.view(StreamHead.self).pointee.weakReferences != nil { PyObject_ClearWeakRefs(object) }
    clearReference(&object.view(StreamHead.self).pointee.dict)
  }

  /// Runs the finaliser of an object about to be freed. Negative when that brought it back.
  static func finalize(_ object: Ref) -> Int32 {
    let isBase = object.type.pointee.tp_finalize == nil
    if isBase { return 0 }
    return PyObject_CallFinalizerFromDealloc(object)
  }

  /// Closes a stream that was left open.
  private static let finalizer: destructor = { object in
    let pending = PyErr_GetRaisedException()
    // A stream whose state cannot be told is in no state to be closed.
    var isClosed: Int32 = -1
    var answer: Ref?
    if PyObject_GetOptionalAttr(object, Name.closed, &answer) <= 0 {
      PyErr_Clear()
    } else if let answer {
      isClosed = PyObject_IsTrue(answer)
      Py_DECREF(answer)
      if isClosed == -1 { PyErr_Clear() }
    }
    if isClosed == 0 {
      if PyObject_SetAttr(object, Name.finalizing, trueObject()) < 0 { PyErr_Clear() }
      if let result = PyObject_CallMethodNoArgs(object, Name.close) {
        Py_DECREF(result)
      } else {
        PyErr_WriteUnraisable(object)
      }
    }
    PyErr_SetRaisedException(pending)
  }

  private static func isMarkedClosed(_ object: Ref) throws(Raised) -> Bool {
    var mark: Ref?
    let found = try check(PyObject_GetOptionalAttr(object, Name.closedMark, &mark))
    Py_XDECREF(mark)
    return found != 0
  }

  // MARK: Checks

  static func checkClosed(_ object: Ref) throws(Raised) {
    var answer: Ref?
    try check(PyObject_GetOptionalAttr(object, Name.closed, &answer))
    guard let answer else { return }
    let held = Owned(adopting: answer)
    if try check(PyObject_IsTrue(held.ref)) != 0 {
      throw raise(.valueError, "I/O operation on closed file.")
    }
  }

  private static func require(
    _ object: Ref, _ name: Ref, _ message: String
  ) throws(Raised) -> Owned {
    let answer = try send(object, name)
    if answer.ref != trueObject() { throw unsupported(message) }
    return answer
  }
  static func checkReadable(_ object: Ref) throws(Raised) -> Owned {
    try require(object, Name.readable, "File or stream is not readable.")
  }
  static func checkWritable(_ object: Ref) throws(Raised) -> Owned {
    try require(object, Name.writable, "File or stream is not writable.")
  }
  static func checkSeekable(_ object: Ref) throws(Raised) -> Owned {
    try require(object, Name.seekable, "File or stream is not seekable.")
  }

  private static let checkClosedMethod: Method = .noargs("_checkClosed($self, /)", "") { object, _ in
    none { try checkClosed(object) }
  }
  private static let checkSeekableMethod: Method = .noargs("_checkSeekable($self, /)", "") { object, _ in
    new { try checkSeekable(object) }
  }
  private static let checkReadableMethod: Method = .noargs("_checkReadable($self, /)", "") { object, _ in
    new { try checkReadable(object) }
  }
  private static let checkWritableMethod: Method = .noargs("_checkWritable($self, /)", "") { object, _ in
    new { try checkWritable(object) }
  }

  // MARK: What a class without support answers

  private static let seek: Method = .fast(
    "seek($self, offset, whence=os.SEEK_SET, /)",
    """
    Change the stream position to the given byte offset, relative to whence: SEEK_SET (0, the
    start), SEEK_CUR (1, the current position) or SEEK_END (2).

    Return the new absolute position.
    """
  ) { _, _, _ in new { throw unsupported("seek") } }

  private static let tell: Method = .noargs("tell($self, /)", "Return current stream position.") { object, _ in
    new {
      let arguments = try tuple(int(0), int(1))
      let method = try own(PyObject_GetAttr(object, Name.seek))
      return try own(PyObject_Call(method.ref, arguments.ref, nil))
    }
  }
  private static let truncate: Method = .fast(
    "truncate($self, size=None, /)",
    "Truncate file to size bytes (the current position when None), which stays as it is. Return the new size."
  ) { _, _, _ in new { throw unsupported("truncate") } }
  private static let fileno: Method = .noargs(
    "fileno($self, /)", "Return underlying file descriptor if one exists; else raise OSError."
  ) { _, _ in new { throw unsupported("fileno") } }

  private static let flush: Method = .noargs(
    "flush($self, /)", "Flush write buffers, if applicable."
  ) { object, _ in
    none {
      if try isMarkedClosed(object) {
        throw raise(.valueError, "I/O operation on closed file.")
      }
    }
  }

  static let close: Method = .noargs(
    "close($self, /)", "Flush and close the IO object. It has no effect when closed already."
  ) { object, _ in none { try closeBase(object) } }

  static func closeBase(_ object: Ref) throws(Raised) {
    if try isMarkedClosed(object) { return }
    let result = PyObject_CallMethodNoArgs(object, Name.flush)
    let pending = PyErr_GetRaisedException()
    Py_XDECREF(result)
    let marked = PyObject_SetAttr(object, Name.closedMark, trueObject())
    if let pending {
      if marked < 0 { PyErr_Clear() }
      PyErr_SetRaisedException(pending)
      throw Raised()
    }
    try check(marked)
  }

  private static let seekable: Method = .noargs(
    "seekable($self, /)", "Return whether object supports random access: seek(), tell() and truncate()."
  ) { _, _ in falseObject() }
  private static let readable: Method = .noargs(
    "readable($self, /)", "Return whether object was opened for reading."
  ) { _, _ in falseObject() }
  private static let writable: Method = .noargs(
    "writable($self, /)", "Return whether object was opened for writing."
  ) { _, _ in falseObject() }

  private static let enter: Method = .noargs("__enter__($self, /)", "") { object, _ in
    new {
      try checkClosed(object)
      return object.retained()
    }
  }
  private static let exit: Method = .variable("__exit__", "") { object, _ in
    PyObject_CallMethodNoArgs(object, Name.close)
  }

  private static let isatty: Method = .noargs(
    "isatty($self, /)", "Return whether this is an 'interactive' stream; False if it can't be determined."
  ) { object, _ in
    bool {
      try checkClosed(object)
      return false
    }
  }

  // MARK: Lines

  private static let readline: Method = .fast(
    "readline($self, size=-1, /)",
    "Read and return a line from the stream, ended by b'\\n'; at most size bytes when that is not negative."
  ) { object, args, count in
    new {
      let limit = try sizeArgument(onlyArgument("readline", args, count))
      var peek: Ref?
      try check(PyObject_GetOptionalAttr(object, Name.peek, &peek))
      defer { Py_XDECREF(peek) }
      let line = try own(PyByteArray_FromStringAndSize(nil, 0))
      while limit < 0 || PyByteArray_Size(line.ref) < limit {
        var wanted = 1
        if let peek {
          let one = try int(1)
          guard let ahead = PyObject_CallOneArg(peek, one.ref) else {
            if try shouldRetry() { continue }
            throw Raised()
          }
          let held = Owned(adopting: ahead)
          guard held.ref.isBytes else {
            throw raise(
              .osError,
              "peek() should have returned a bytes object, not '\(held.ref.type.fullName)'")
          }
          let available = apus_var_size(held.ref)
          if available > 0, let start = PyBytes_AsString(held.ref) {
            var least = available
            if limit >= 0 { least = Swift.min(least, limit - PyByteArray_Size(line.ref)) }
            if let found = memchr(start, 0x0A, least) {
              wanted = found - UnsafeMutableRawPointer(start) + 1
            } else {
              wanted = least
            }
          }
        }
        let number = try int(wanted)
        guard let piece = PyObject_CallMethodOneArg(object, Name.read, number.ref) else {
          if try shouldRetry() { continue }
          throw Raised()
        }
        let bytes = Owned(adopting: piece)
        guard bytes.ref.isBytes else {
          throw raise(
            .osError,
            "read() should have returned a bytes object, not '\(bytes.ref.type.fullName)'")
        }
        let got = apus_var_size(bytes.ref)
        if got == 0 { break }
        let old = PyByteArray_Size(line.ref)
        try check(PyByteArray_Resize(line.ref, old + got))
        if let target = PyByteArray_AsString(line.ref), let source = PyBytes_AsString(bytes.ref) {
          memcpy(target + old, source, got)
          if target[old + got - 1] == 0x0A { break }
        }
      }
      return try own(
        PyBytes_FromStringAndSize(PyByteArray_AsString(line.ref), PyByteArray_Size(line.ref)))
    }
  }

  static let readlines: Method = .fast(
    "readlines($self, hint=-1, /)",
    "Return a list of lines from the stream; no more are read once their total size reaches hint."
  ) { object, args, count in
    new {
      let hint = try sizeArgument(onlyArgument("readlines", args, count))
      let list = try own(PyList_New(0))
      let iterator = try own(PyObject_GetIter(object))
      var total = 0
      while let next = PyIter_Next(iterator.ref) {
        let line = Owned(adopting: next)
        try check(PyList_Append(list.ref, line.ref))
        if hint > 0 {
          let size = try check(PyObject_Size(line.ref))
          if size > hint - total { break }
          total += size
        }
      }
      if hasRaised() { throw Raised() }
      return list
    }
  }

  private static let writelines: Method = .o(
    "writelines($self, lines, /)",
    "Write a list of lines to stream. Line separators are not added."
  ) { object, lines in
    none {
      try checkClosed(object)
      let iterator = try own(PyObject_GetIter(lines))
      while let next = PyIter_Next(iterator.ref) {
        let line = Owned(adopting: next)
        while true {
          if let result = PyObject_CallMethodOneArg(object, Name.write, line.ref) {
            Py_DECREF(result)
            break
          }
          if try !shouldRetry() { throw Raised() }
        }
      }
      if hasRaised() { throw Raised() }
    }
  }
}

/// `_io._RawIOBase`.
enum RawIOBase {
  nonisolated(unsafe) static let type = PermanentMemory.type()

  static let spec = TypeSpec(
    type, "_io._RawIOBase", basicSize: MemoryLayout<StreamHead>.size, flags: [.baseType],
    doc: "Base class for raw binary I/O.", base: IOBase.type,
    methods: [read, readAll, readInto, write])

  private static let read: Method = .fast("read($self, size=-1, /)", "") { object, args, count in
    new {
      let argument = try onlyArgument("read", args, count)
      let size = try argument.map { try check(PyNumber_AsSsize_t($0, .overflowError)) } ?? -1
      if size < 0 { return try send(object, Name.readall) }
      let buffer = try own(PyByteArray_FromStringAndSize(nil, size))
      let result = try send(object, Name.readinto, buffer.ref)
      if result.ref.isNone { return result }
      let got = try check(PyNumber_AsSsize_t(result.ref, .valueError))
      if got < 0 || got > PyByteArray_Size(buffer.ref) {
        throw raise(
          .valueError, "readinto returned \(got) outside buffer size \(PyByteArray_Size(buffer.ref))")
      }
      return try own(PyBytes_FromStringAndSize(PyByteArray_AsString(buffer.ref), got))
    }
  }

  static let readAll: Method = .noargs("readall($self, /)", "Read until EOF, using multiple read() call.") {
    object, _ in
    new {
      let pieces = try own(PyList_New(0))
      while true {
        let size = try int(Streams.defaultBufferSize)
        guard let piece = PyObject_CallMethodOneArg(object, Name.read, size.ref) else {
          if try shouldRetry() { continue }
          throw Raised()
        }
        let bytes = Owned(adopting: piece)
        if bytes.ref.isNone {
          if apus_var_size(pieces.ref) == 0 { return bytes }
          break
        }
        guard bytes.ref.isBytes else { throw raise(.typeError, "read() should return bytes") }
        if apus_var_size(bytes.ref) == 0 { break }
        try check(PyList_Append(pieces.ref, bytes.ref))
      }
      let empty = try own(PyBytes_FromStringAndSize(nil, 0))
      return try own(_PyBytes_Join(empty.ref, pieces.ref))
    }
  }
  private static let readInto: Method = .variable("readinto", "") { _, _ in
    PyErr_SetNone(.notImplementedError)
    return nil
  }
  private static let write: Method = .variable("write", "") { _, _ in
    PyErr_SetNone(.notImplementedError)
    return nil
  }
}

/// `_io._BufferedIOBase`. CPython: Modules/_io/bufferedio.c.
enum BufferedIOBase {
  nonisolated(unsafe) static let type = PermanentMemory.type()

  static let spec = TypeSpec(
    type, "_io._BufferedIOBase", basicSize: MemoryLayout<StreamHead>.size,
    flags: [.baseType],
    doc: """
      Base class for buffered IO objects.

      Unlike a raw stream's, read() without a size reads until the end, readinto() exists for all,
      and reading and writing do not stop early without need.
      """,
    base: IOBase.type, methods: [detach, read, read1, readInto, readInto1, write])

  private static let detach: Method = .noargs(
    "detach($self, /)", "Disconnect this buffer from its underlying raw stream and return it."
  ) { _, _ in new { throw unsupported("detach") } }
  private static let read: Method = .fast("read($self, size=-1, /)", "Read and return up to size bytes, or all.") {
    _, _, _ in new { throw unsupported("read") }
  }
  private static let read1: Method = .fast(
    "read1($self, size=-1, /)", "Read and return up to size bytes with at most one read of the raw stream."
  ) { _, _, _ in new { throw unsupported("read1") } }
  private static let write: Method = .o(
    "write($self, b, /)", "Write buffer b to the IO stream. Return the number of bytes written."
  ) { _, _ in new { throw unsupported("write") } }

  /// Reads by another method and copies.
  private static func fill(_ object: Ref, _ buffer: Ref, _ name: Ref) throws(Raised) -> Owned {
    let target = try BufferArgument(buffer, writable: true)
    let size = try int(target.count)
    let data = try send(object, name, size.ref)
    guard data.ref.isBytes else { throw raise(.typeError, "read() should return bytes") }
    let count = apus_var_size(data.ref)
    if count > target.count {
      throw raise(
        .valueError,
        "read() returned too much data: \(target.count) bytes requested, \(count) returned")
    }
    if let source = PyBytes_AsString(data.ref), let start = target.start {
      memcpy(start, source, count)
    }
    return try int(count)
  }
  private static let readInto: Method = .o("readinto($self, buffer, /)", "") { object, buffer in
    new { try fill(object, buffer, Name.read) }
  }
  private static let readInto1: Method = .o("readinto1($self, buffer, /)", "") { object, buffer in
    new { try fill(object, buffer, Name.read1) }
  }
}

/// `_io._TextIOBase`. CPython: Modules/_io/textio.c.
enum TextIOBase {
  nonisolated(unsafe) static let type = PermanentMemory.type()

  static let spec = TypeSpec(
    type, "_io._TextIOBase", basicSize: MemoryLayout<StreamHead>.size, flags: [.baseType],
    doc: "Base class for text I/O: characters and lines. There is no readinto, as strings are immutable.",
    base: IOBase.type, methods: [detach, read, readline, write],
    properties: [
      Property("encoding", "Encoding of the text stream; subclasses should override.", get: { _, _ in noneObject() }),
      Property("newlines", "Line endings translated so far; subclasses should override.", get: { _, _ in noneObject() }),
      Property("errors", "The error setting of the decoder or encoder; subclasses should override.", get: { _, _ in noneObject() }),
    ])

  private static let detach: Method = .noargs(
    "detach($self, /)", "Separate the underlying buffer from the TextIOBase and return it."
  ) { _, _ in new { throw unsupported("detach") } }
  private static let read: Method = .fast("read($self, size=-1, /)", "Read at most size characters from stream; all when negative.") {
    _, _, _ in new { throw unsupported("read") }
  }
  private static let readline: Method = .fast(
    "readline($self, size=-1, /)", "Read until newline or EOF. Return an empty string if EOF is hit immediately."
  ) { _, _, _ in new { throw unsupported("readline") } }
  private static let write: Method = .o(
    "write($self, s, /)", "Write string s to stream. Return the number of characters written."
  ) { _, _ in new { throw unsupported("write") } }
}
