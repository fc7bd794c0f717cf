import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// `_io.FileIO`: a file descriptor as a raw stream. CPython: Modules/_io/fileio.c.
enum FileIO {
  struct File {
    var head: StreamHead
    var descriptor: Int32
    var isCreated: Bool
    var isReadable: Bool
    var isWritable: Bool
    var isAppending: Bool
    /// 1, 0, or -1 when not known yet.
    var seekable: Int8
    var closesDescriptor: Bool
    var finalizing: CChar
    var blockSize: UInt32
    /// The size found when opening, to read all at once; -1 when unknown.
    var estimatedSize: Int
  }
  typealias FileRef = UnsafeMutablePointer<File>

  nonisolated(unsafe) static let type = PermanentMemory.type()

  static let spec = TypeSpec(
    type, "_io.FileIO", basicSize: MemoryLayout<File>.size, flags: [.baseType, .haveGC],
    doc: """
      FileIO(file, mode='r', closefd=True, opener=None)
      --

      Open a file as a raw stream.

      The mode is 'r' (default), 'w', 'x' or 'a' for reading, writing, exclusive creation or
      appending; '+' adds the other direction. The file is a path, or a descriptor, which close()
      closes unless closefd is False. A callable opener gets the name and flags and returns a
      descriptor.
      """,
    base: RawIOBase.type, dictOffset: StreamHead.dictOffset,
    weakListOffset: StreamHead.weakListOffset,
    slots: [
      .tp_new { type, _, _ in
        guard let object = PyType_GenericAlloc(type, 0) else { return nil }
        reset(object.view(File.self))
        return object
      },
      .tp_init { object, args, keywords in
        status { try initialize(object, Arguments(constructor, tuple: args, keywords: keywords)) }
      },
      .tp_dealloc { object in
        object.view(File.self).pointee.finalizing = 1
        if IOBase.finalize(object) < 0 { return }
        PyObject_GC_UnTrack(object)
        IOBase.clearHead(object)
        object.type.pointee.tp_free.unsafelyUnwrapped(object)
      },
      .tp_repr { object in new { try repr(object) } },
      .tp_traverse { object, visit, argument in IOBase.traverseHead(object, visit, argument) },
    ],
    methods: [
      read, readAll, readInto, write, seek, tell, truncate, close, seekable, readable, writable,
      fileno, isatty, deallocWarn, getState,
    ],
    members: [
      Member("_blksize", Py_T_UINT, offset: MemoryLayout<File>.offset(of: \.blockSize) ?? 48),
      Member("_finalizing", Py_T_BOOL, offset: MemoryLayout<File>.offset(of: \.finalizing) ?? 44),
    ],
    properties: [
      Property("closed", "True if the file is closed", get: { object, _ in
        boolObject(object.view(File.self).pointee.descriptor < 0)
      }),
      Property("closefd", "True if the file descriptor will be closed by close().", get: { object, _ in
        boolObject(object.view(File.self).pointee.closesDescriptor)
      }),
      Property("mode", "String giving the file mode", get: { object, _ in
        newString(mode(object.view(File.self)))
      }),
    ])

  static let constructor: Method = .variableKeywords(
    "FileIO(file, mode='r', closefd=True, opener=None)", "", { _, _, _ in nil })

  private static func reset(_ file: FileRef) {
    file.pointee.descriptor = -1
    file.pointee.seekable = -1
    file.pointee.closesDescriptor = true
    file.pointee.estimatedSize = -1
  }

  private static func mode(_ file: FileRef) -> String {
    let f = file.pointee
    if f.isCreated { return f.isReadable ? "xb+" : "xb" }
    if f.isAppending { return f.isReadable ? "ab+" : "ab" }
    if f.isReadable { return f.isWritable ? "rb+" : "rb" }
    return "wb"
  }

  // MARK: Opening

  private static func parse(_ mode: String, _ file: FileRef) throws(Raised) -> Int32 {
    var chosen = false
    var plus = false
    var flags: Int32 = 0
    func wrong() -> Raised {
      raise(
        .valueError,
        "Must have exactly one of create/read/write/append mode and at most one plus")
    }
    for letter in mode.unicodeScalars {
      switch letter {
      case "x":
        if chosen { throw wrong() }
        chosen = true
        file.pointee.isCreated = true
        file.pointee.isWritable = true
        flags |= O_EXCL | O_CREAT
      case "r":
        if chosen { throw wrong() }
        chosen = true
        file.pointee.isReadable = true
      case "w":
        if chosen { throw wrong() }
        chosen = true
        file.pointee.isWritable = true
        flags |= O_CREAT | O_TRUNC
      case "a":
        if chosen { throw wrong() }
        chosen = true
        file.pointee.isWritable = true
        file.pointee.isAppending = true
        flags |= O_APPEND | O_CREAT
      case "b": break
      case "+":
        if plus { throw wrong() }
        plus = true
        file.pointee.isReadable = true
        file.pointee.isWritable = true
      default:
        throw raise(.valueError, "invalid mode: \(mode)")
      }
    }
    if !chosen { throw wrong() }
    let f = file.pointee
    flags |= f.isReadable && f.isWritable ? O_RDWR : f.isReadable ? O_RDONLY : O_WRONLY
    return flags | O_CLOEXEC
  }

  private static func initialize(_ object: Ref, _ a: Arguments) throws(Raised) {
    let file = object.view(File.self)
    if file.pointee.descriptor >= 0 {
      if file.pointee.closesDescriptor { try closeDescriptor(file) } else {
        file.pointee.descriptor = -1
      }
    }
    let name = a.object(0)
    let mode = try a.str(1).map { text(of: $0) } ?? "r"
    let closes = try a.bool(2, default: true)
    try open(object, name, mode, closes: closes, opener: a.optional(3))
  }

  static func open(
    _ object: Ref, _ name: Ref, _ mode: String, closes: Bool, opener: Ref?
  ) throws(Raised) {
    let file = object.view(File.self)
    if name.isBool { try warn(.runtimeWarning, "bool is used as a file descriptor") }
    var descriptor: Int32 = -1
    if name.isInt {
      descriptor = PyLong_AsInt(name)
      if descriptor < 0 {
        if hasRaised() { throw Raised() }
        throw raise(.valueError, "negative file descriptor")
      }
    }
    file.pointee.isCreated = false
    file.pointee.isReadable = false
    file.pointee.isWritable = false
    file.pointee.isAppending = false
    file.pointee.seekable = -1
    file.pointee.estimatedSize = -1
    let flags = try parse(mode, file)
    file.pointee.closesDescriptor = closes
    var isOwn = false
    try Audit.send("open", [.object(name), .string(mode), .int(Int(flags))])
    if descriptor >= 0 {
      file.pointee.descriptor = descriptor
    } else {
      if !closes { throw raise(.valueError, "Cannot use closefd=False with file name") }
      let bytes = try ProgramArguments.encode(name)
      if let opener {
        let number = try int(Int(flags))
        let result = try own(call(opener, name, number.ref))
        guard result.ref.isInt else { throw raise(.typeError, "expected integer from opener") }
        let opened = PyLong_AsInt(result.ref)
        if opened < 0 {
          if hasRaised() { throw Raised() }
          throw raise(.valueError, "opener returned \(opened)")
        }
        file.pointee.descriptor = opened
        if fcntl(opened, F_SETFD, fcntl(opened, F_GETFD) | FD_CLOEXEC) < 0 {
          let raised = raiseSystemError()
          file.pointee.descriptor = -1
          throw raised
        }
      } else {
        guard let path = PyBytes_AsString(bytes.ref) else { throw Raised() }
        file.pointee.descriptor = try interruptibleCall(name) {
          Glibc.open(path, flags, 0o666)
        }
      }
      isOwn = true
    }
    do {
      try examine(object, name)
    } catch {
      let pending = PyErr_GetRaisedException()
      if isOwn { _ = Glibc.close(file.pointee.descriptor) }
      file.pointee.descriptor = -1
      PyErr_SetRaisedException(pending)
      throw error
    }
  }

  private static func examine(_ object: Ref, _ name: Ref) throws(Raised) {
    let file = object.view(File.self)
    let descriptor = file.pointee.descriptor
    file.pointee.blockSize = UInt32(Streams.defaultBufferSize)
    var status = stat()
    let result = withoutGIL { fstat(descriptor, &status) }
    if result < 0 {
      if errno == EBADF { throw raiseSystemError(name.isInt ? nil : name) }
    } else {
      if status.st_mode & S_IFMT == S_IFDIR { throw raiseSystemError(number: EISDIR, name) }
      if status.st_blksize > 1 { file.pointee.blockSize = UInt32(status.st_blksize) }
      if status.st_mode & S_IFMT == S_IFREG { file.pointee.estimatedSize = status.st_size }
    }
    try check(PyObject_SetAttr(object, Name.name, name))
    if file.pointee.isAppending {
      // For consistent behaviour the position starts at the end.
      if lseek(descriptor, 0, SEEK_END) < 0 && errno != ESPIPE { throw raiseSystemError() }
    }
  }

  private static func closeDescriptor(_ file: FileRef) throws(Raised) {
    let descriptor = file.pointee.descriptor
    if descriptor < 0 { return }
    file.pointee.descriptor = -1
    let result = withoutGIL { Glibc.close(descriptor) }
    if result < 0 && errno != EINTR { throw raiseSystemError() }
  }

  private static func repr(_ object: Ref) throws(Raised) -> Owned {
    let file = object.view(File.self)
    let typeName = object.type.fullName
    if file.pointee.descriptor < 0 { return try own(newString("<\(typeName) [closed]>")) }
    var name: Ref?
    try check(PyObject_GetOptionalAttr(object, Name.name, &name))
    let tail = "mode='\(mode(file))' closefd=\(file.pointee.closesDescriptor ? "True" : "False")>"
    guard let name else {
      return try own(newString("<\(typeName) fd=\(file.pointee.descriptor) \(tail)"))
    }
    let held = Owned(adopting: name)
    if Py_ReprEnter(object) != 0 {
      if hasRaised() { throw Raised() }
      throw raise(.runtimeError, "reentrant call inside \(typeName).__repr__")
    }
    defer { Py_ReprLeave(object) }
    let shown = try own(PyObject_Repr(held.ref))
    let text = try own(newString("<\(typeName) name="))
    let joined = try own(PyUnicode_Concat(text.ref, shown.ref))
    let rest = try own(newString(" \(tail)"))
    return try own(PyUnicode_Concat(joined.ref, rest.ref))
  }

  // MARK: Reading and writing

  private static func checkOpen(_ file: FileRef) throws(Raised) {
    if file.pointee.descriptor < 0 { throw raise(.valueError, "I/O operation on closed file") }
  }

  /// Reads into memory. nil when nothing is there yet (non-blocking). Retries after signals.
  static func read(
    _ object: Ref, into start: UnsafeMutableRawPointer, _ count: Int
  ) throws(Raised) -> Int? {
    let file = object.view(File.self)
    try checkOpen(file)
    if !file.pointee.isReadable { throw unsupported("File not open for reading") }
    let descriptor = file.pointee.descriptor
    while true {
      let got = withoutGIL { Glibc.read(descriptor, start, count) }
      if got >= 0 { return got }
      if errno == EAGAIN { return nil }
      if errno != EINTR { throw raiseSystemError() }
      try check(PyErr_CheckSignals())
    }
  }

  /// Writes from memory. nil when nothing can be taken now (non-blocking).
  static func write(
    _ object: Ref, from start: UnsafeRawPointer?, _ count: Int
  ) throws(Raised) -> Int? {
    let file = object.view(File.self)
    try checkOpen(file)
    if !file.pointee.isWritable { throw unsupported("File not open for writing") }
    let descriptor = file.pointee.descriptor
    while true {
      let done = withoutGIL { Glibc.write(descriptor, start, count) }
      if done >= 0 { return done }
      if errno == EAGAIN { return nil }
      if errno != EINTR { throw raiseSystemError() }
      try check(PyErr_CheckSignals())
    }
  }

  static let read: Method = .fast(
    "read($self, size=-1, /)",
    """
    Read at most size bytes, returned as bytes; until the end when negative.

    One system call is made for a size. None when nothing is there yet, b'' at the end.
    """
  ) { object, args, count in
    new {
      try checkOpen(object.view(File.self))
      if !object.view(File.self).pointee.isReadable {
        throw unsupported("File not open for reading")
      }
      let size = try sizeArgument(onlyArgument("read", args, count))
      if size < 0 { return try readToEnd(object) }
      var bytes: Ref? = try own(PyBytes_FromStringAndSize(nil, size)).give()
      guard let start = bytes.flatMap({ PyBytes_AsString($0) }) else { throw Raised() }
      do {
        guard let got = try read(object, into: start, size) else {
          Py_XDECREF(bytes)
          return noneObject().retained()
        }
        if got != size { try check(_PyBytes_Resize(&bytes, got)) }
      } catch {
        Py_XDECREF(bytes)
        throw error
      }
      return try own(bytes)
    }
  }

  /// All that is left.
  static func readToEnd(_ object: Ref) throws(Raised) -> Owned {
    let file = object.view(File.self)
    try checkOpen(file)
    var room = 8192
    if file.pointee.estimatedSize > 0 {
      let descriptor = file.pointee.descriptor
      let here = withoutGIL { lseek(descriptor, 0, SEEK_CUR) }
      if here >= 0 && here <= file.pointee.estimatedSize {
        room = file.pointee.estimatedSize - here + 1
      }
    }
    var bytes: Ref? = try own(PyBytes_FromStringAndSize(nil, room)).give()
    var used = 0
    while true {
      if used == room {
        let more = room > 65536 ? room / 2 &+ 65536 : room &+ 256
        room &+= Swift.min(more, 1 << 30)
        if _PyBytes_Resize(&bytes, room) < 0 { throw Raised() }
      }
      guard let start = bytes.flatMap({ PyBytes_AsString($0) }) else { throw Raised() }
      let got: Int?
      do {
        got = try read(object, into: start + used, room - used)
      } catch {
        Py_XDECREF(bytes)
        throw error
      }
      guard let got else {
        if used > 0 { break }
        Py_XDECREF(bytes)
        return noneObject().retained()
      }
      if got == 0 { break }
      used += got
    }
    if used != room, _PyBytes_Resize(&bytes, used) < 0 { throw Raised() }
    return try own(bytes)
  }

  private static let readAll: Method = .noargs(
    "readall($self, /)", "Read all data from the file, returned as bytes, until the end or until none is there."
  ) { object, _ in new { try readToEnd(object) } }

  private static let readInto: Method = .o("readinto($self, buffer, /)", "Same as RawIOBase.readinto().") {
    object, buffer in
    new {
      try checkOpen(object.view(File.self))
      if !object.view(File.self).pointee.isReadable {
        throw unsupported("File not open for reading")
      }
      let target = try writableBuffer("readinto", buffer)
      guard let start = target.start, target.count > 0 else { return try int(0) }
      guard let got = try read(object, into: start, target.count) else {
        return noneObject().retained()
      }
      return try int(got)
    }
  }

  private static let write: Method = .o(
    "write($self, b, /)",
    "Write buffer b to file, return number of bytes written; None when nothing can be taken now."
  ) { object, data in
    new {
      try checkOpen(object.view(File.self))
      let source = try BufferArgument(data)
      guard let done = try write(object, from: source.start, source.count) else {
        return noneObject().retained()
      }
      return try int(done)
    }
  }

  // MARK: Position

  /// Moves the descriptor's position; the new one.
  static func seek(_ object: Ref, _ target: Int, _ whence: Int32) throws(Raised) -> Int {
    let file = object.view(File.self)
    try checkOpen(file)
    let descriptor = file.pointee.descriptor
    let position = withoutGIL { lseek(descriptor, target, whence) }
    if file.pointee.seekable < 0 { file.pointee.seekable = position >= 0 ? 1 : 0 }
    if position < 0 { throw raiseSystemError() }
    return position
  }

  static func offset(_ object: Ref) throws(Raised) -> Int {
    if object.isInstance(of: floatType()) {
      throw raise(.typeError, "an integer is required")
    }
    let number = try own(PyNumber_Index(object))
    return try check(PyLong_AsLong(number.ref))
  }

  private static let seek: Method = .fast(
    "seek($self, pos, whence=0, /)",
    """
    Move to new file position and return the file position.

    The position is relative to the start (whence 0), the current position (1) or the end (2).
    """
  ) { object, args, count in
    new {
      let a = try Arguments(seek, args, count)
      try checkOpen(object.view(File.self))
      let target = try offset(a.object(0))
      return try int(seek(object, target, a.int32(1)))
    }
  }
  private static let tell: Method = .noargs("tell($self, /)", "Current file position. Can raise OSError for non seekable files.") {
    object, _ in new { try int(seek(object, 0, SEEK_CUR)) }
  }

  private static let truncate: Method = .fast(
    "truncate($self, size=None, /)",
    "Truncate the file to at most size bytes (tell() when None) and return the size. The position stays."
  ) { object, args, count in
    new {
      let file = object.view(File.self)
      try checkOpen(file)
      if !file.pointee.isWritable { throw unsupported("File not open for writing") }
      let argument = try onlyArgument("truncate", args, count)
      let size: Owned
      if let argument, !argument.isNone {
        size = argument.retained()
      } else {
        size = try int(seek(object, 0, SEEK_CUR))
      }
      let length = try offset(size.ref)
      let descriptor = file.pointee.descriptor
      try interruptibleCall { ftruncate(descriptor, length) }
      file.pointee.estimatedSize = -1
      return size
    }
  }

  private static let close: Method = .noargs(
    "close($self, /)", "Close the file; its descriptor too unless closefd is False. May be called more than once."
  ) { object, _ in
    none {
      let file = object.view(File.self)
      if file.pointee.descriptor < 0 {
        // Closed already; the base's mark may still be missing.
        try IOBase.closeBase(object)
        return
      }
      let base = status { try IOBase.closeBase(object) }
      if !file.pointee.closesDescriptor {
        file.pointee.descriptor = -1
        try check(base)
        return
      }
      let pending = base < 0 ? PyErr_GetRaisedException() : nil
      if file.pointee.finalizing != 0 { warnOfOpenFile(object, object) }
      let closed = status { try closeDescriptor(file) }
      if let pending {
        if closed < 0 { PyErr_Clear() }
        PyErr_SetRaisedException(pending)
        throw Raised()
      }
      try check(closed)
    }
  }

  private static let seekable: Method = .noargs("seekable($self, /)", "True if file supports random-access.") {
    object, _ in
    bool {
      let file = object.view(File.self)
      try checkOpen(file)
      if file.pointee.seekable < 0 {
        let descriptor = file.pointee.descriptor
        file.pointee.seekable = withoutGIL { lseek(descriptor, 0, SEEK_CUR) } >= 0 ? 1 : 0
      }
      return file.pointee.seekable == 1
    }
  }
  private static let readable: Method = .noargs("readable($self, /)", "True if file was opened in a read mode.") {
    object, _ in
    bool {
      try checkOpen(object.view(File.self))
      return object.view(File.self).pointee.isReadable
    }
  }
  private static let writable: Method = .noargs("writable($self, /)", "True if file was opened in a write mode.") {
    object, _ in
    bool {
      try checkOpen(object.view(File.self))
      return object.view(File.self).pointee.isWritable
    }
  }
  private static let fileno: Method = .noargs("fileno($self, /)", "Return the underlying file descriptor (an integer).") {
    object, _ in
    new {
      try checkOpen(object.view(File.self))
      return try int(Int(object.view(File.self).pointee.descriptor))
    }
  }
  private static let isatty: Method = .noargs("isatty($self, /)", "True if the file is connected to a TTY device.") {
    object, _ in
    bool {
      try checkOpen(object.view(File.self))
      let descriptor = object.view(File.self).pointee.descriptor
      return withoutGIL { Glibc.isatty(descriptor) } != 0
    }
  }

  /// The ResourceWarning of a file nobody closed.
  static func warnOfOpenFile(_ object: Ref, _ source: Ref) {
    let file = object.view(File.self)
    guard file.pointee.descriptor >= 0 && file.pointee.closesDescriptor else { return }
    let pending = PyErr_GetRaisedException()
    if let shown = PyObject_Repr(source) {
      do {
        try warn(.resourceWarning, "unclosed file \(text(of: shown))")
      } catch {
        if PyErr_ExceptionMatches(.warning) != 0 { PyErr_WriteUnraisable(object) }
      }
      Py_DECREF(shown)
    }
    PyErr_Clear()
    PyErr_SetRaisedException(pending)
  }
  private static let deallocWarn: Method = .o("_dealloc_warn($self, object, /)", "") { object, source in
    warnOfOpenFile(object, source)
    return noneObject()
  }

  /// Raises TypeError: a stream cannot be pickled unless a subclass says how.
  static let getState: Method = .noargs("__getstate__", "") { object, _ in
    new { throw raise(.typeError, "cannot pickle '\(object.type.name)' instances") }
  }
}

/// A writable buffer argument, with the message of a bad one.
func writableBuffer(_ function: String, _ object: Ref) throws(Raised) -> BufferArgument {
  do {
    return try BufferArgument(object, writable: true)
  } catch {
    PyErr_Clear()
    throw raise(
      .typeError,
      "\(function)() argument must be read-write bytes-like object, not "
        + (object.isNone ? "None" : object.type.fullName))
  }
}
