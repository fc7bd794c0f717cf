import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// Opening, reading, writing and closing by descriptor.
enum FileDescriptors {
  static let methods: [Method] = [
    open, close, closerange, dup, dup2, pipe, pipe2, read, write, lseek, pread, pwrite, readv,
    writev, preadv, pwritev, sendfile, copyFileRange, splice, fsync, fdatasync, sync, ftruncate,
    truncate, lockf, posixFadvise, posixFallocate, isatty, getInheritable, setInheritable,
    getBlocking, setBlocking, memfdCreate, eventfd, eventfdRead, eventfdWrite, deviceEncoding,
  ]
  /// The most one read or write may ask for (CPython: _PY_READ_MAX).
  static let most = Int(Int.max)

  static let open: Method = .keywords(
    "open($module, /, path, flags, mode=511, *, dir_fd=None)",
    "Open a file for low level IO. Returns a file descriptor that child programs do not inherit."
  ) { _, args, count, names in
    new {
      let a = try Arguments(open, args, count, names)
      let path = try PathArgument(a[0], "open")
      let flags = try a.int32(1) | O_CLOEXEC
      let mode = mode_t(truncatingIfNeeded: try a.int32(2, default: 0o777))
      let directory = try DescriptorArgument.directory(a[3])
      try Audit.send("open", [.object(path.filename), .object(nil), .int(Int(flags))])
      let bytes = path.bytes
      let descriptor = try interruptibleCall(path.filename) {
        Glibc.openat(directory, bytes, flags, mode)
      }
      return try int(Int(descriptor))
    }
  }

  static let close: Method = .keywords("close($module, /, fd)", "Close a file descriptor.") {
    _, args, count, names in
    none {
      let a = try Arguments(close, args, count, names)
      let descriptor = try a.descriptor(0)
      let result = withoutGIL { Glibc.close(descriptor) }
      // Linux has closed the descriptor even when a signal interrupted the call.
      if result < 0 && errno != EINTR { throw raiseSystemError() }
    }
  }

  static let closerange: Method = .fast(
    "closerange($module, fd_low, fd_high, /)",
    "Close all file descriptors from fd_low up to but not including fd_high, ignoring errors."
  ) { _, args, count in
    none {
      let a = try Arguments(closerange, args, count)
      let low = Swift.max(try a.int32(0), 0)
      let high = try a.int32(1)
      if low >= high { return }
      withoutGIL { closeAll(from: low, to: high - 1) }
    }
  }

  /// Closes a closed range of descriptors.
  static func closeAll(from first: Int32, to last: Int32) {
    if apus_close_range(UInt32(first), UInt32(last), 0) == 0 { return }
    let end = Swift.min(Int(last), Swift.max(sysconf(Int32(_SC_OPEN_MAX)), 256))
    var descriptor = Int(first)
    while descriptor <= end {
      _ = Glibc.close(Int32(descriptor))
      descriptor += 1
    }
  }

  static let dup: Method = .o("dup($module, fd, /)", "Return a duplicate of a file descriptor.") { _, object in
    new {
      let descriptor = try intArgument(object)
      return try int(Int(systemCall { fcntl(descriptor, F_DUPFD_CLOEXEC, 0) }))
    }
  }

  static let dup2: Method = .keywords(
    "dup2($module, /, fd, fd2, inheritable=True)", "Duplicate file descriptor."
  ) { _, args, count, names in
    new {
      let a = try Arguments(dup2, args, count, names)
      let (from, to) = (try a.int32(0), try a.int32(1))
      let inheritable = try a.bool(2, default: true)
      if from < 0 || to < 0 {
        errno = EBADF
        throw raiseSystemError()
      }
      let result = try systemCall {
        inheritable || from == to ? Glibc.dup2(from, to) : apus_dup3(from, to, O_CLOEXEC)
      }
      return try int(Int(result))
    }
  }

  private static func makePipe(_ flags: Int32) throws(Raised) -> Owned {
    let ends = UnsafeMutablePointer<Int32>.allocate(capacity: 2)
    defer { ends.deallocate() }
    ends[0] = -1
    ends[1] = -1
    try systemCall { apus_pipe2(ends, flags) }
    return try tuple(int(Int(ends[0])), int(Int(ends[1])))
  }

  static let pipe: Method = .noargs(
    "pipe($module, /)", "Create a pipe. Returns a tuple of two file descriptors: (read_fd, write_fd)"
  ) { _, _ in new { try makePipe(O_CLOEXEC) } }

  static let pipe2: Method = .o(
    "pipe2($module, flags, /)",
    """
    Create a pipe with flags set atomically. Returns a tuple of two file
    descriptors: (read_fd, write_fd). Flags are O_NONBLOCK and O_CLOEXEC.
    """
  ) { _, object in new { try makePipe(try intArgument(object)) } }

  /// A new bytes object filled by a call that reads at most `length` bytes.
  private static func bytes(
    _ length: Int, _ fill: (UnsafeMutableRawPointer, Int) -> Int
  ) throws(Raised) -> Owned {
    if length < 0 {
      errno = EINVAL
      throw raiseSystemError()
    }
    var buffer: Ref? = try own(PyBytes_FromStringAndSize(nil, length)).give()
    guard let start = buffer.flatMap({ PyBytes_AsString($0) }) else { throw Raised() }
    do {
      let count = try interruptibleCall { fill(UnsafeMutableRawPointer(start), length) }
      if count != length { try check(_PyBytes_Resize(&buffer, count)) }
    } catch {
      Py_XDECREF(buffer)
      throw error
    }
    return try own(buffer)
  }

  static let read: Method = .fast(
    "read($module, fd, length, /)", "Read from a file descriptor. Returns a bytes object."
  ) { _, args, count in
    new {
      let a = try Arguments(read, args, count)
      let descriptor = try a.descriptor(0)
      return try bytes(a.index(1)) { Glibc.read(descriptor, $0, $1) }
    }
  }

  static let write: Method = .fast(
    "write($module, fd, data, /)",
    "Write a bytes-like object to a file descriptor. Returns the number of bytes written."
  ) { _, args, count in
    new {
      let a = try Arguments(write, args, count)
      let descriptor = try a.descriptor(0)
      let data = try a.buffer(1)
      let (start, size) = (data.start, data.count)
      return try int(interruptibleCall { Glibc.write(descriptor, start, size) })
    }
  }

  static let pread: Method = .fast(
    "pread($module, fd, length, offset, /)",
    """
    Read a number of bytes from a file descriptor starting at a particular offset.

    The position of the file does not change.
    """
  ) { _, args, count in
    new {
      let a = try Arguments(pread, args, count)
      let descriptor = try a.descriptor(0)
      let length = try a.index(1)
      let offset = try a.offset(2)
      return try bytes(length) { Glibc.pread(descriptor, $0, $1, offset) }
    }
  }

  static let pwrite: Method = .fast(
    "pwrite($module, fd, buffer, offset, /)",
    """
    Write bytes to a file descriptor starting at a particular offset.

    Returns the number of bytes written; the position of the file does not change.
    """
  ) { _, args, count in
    new {
      let a = try Arguments(pwrite, args, count)
      let descriptor = try a.descriptor(0)
      let data = try a.buffer(1)
      let offset = try a.offset(2)
      let (start, size) = (data.start, data.count)
      return try int(interruptibleCall { Glibc.pwrite(descriptor, start, size, offset) })
    }
  }

  static let lseek: Method = .fast(
    "lseek($module, fd, position, whence, /)",
    """
    Set the position of a file descriptor. Return the new position.

      whence
        SEEK_SET, SEEK_CUR, SEEK_END, SEEK_DATA or SEEK_HOLE: what the position is relative to
    """
  ) { _, args, count in
    new {
      let a = try Arguments(lseek, args, count)
      let descriptor = try a.descriptor(0)
      let position = try a.offset(1)
      let whence = try a.int32(2)
      return try int(systemCall { Glibc.lseek(descriptor, position, whence) })
    }
  }

  /// Runs a vectored call on the buffers of a sequence.
  private static func vectored(
    _ function: StaticString, _ sequence: Ref, writable: Bool,
    _ body: (UnsafePointer<iovec>, Int32) throws -> Int
  ) throws -> Owned {
    guard PySequence_Check(sequence) != 0 else {
      throw raise(.typeError, "\(function)() arg 2 must be a sequence")
    }
    let items = try own(PySequence_Fast(sequence, "a sequence of buffers is needed"))
    let count = apus_var_size(items.ref)
    let views = UnsafeMutablePointer<Py_buffer>.allocate(capacity: count + 1)
    let parts = UnsafeMutablePointer<iovec>.allocate(capacity: count + 1)
    var held = 0
    defer {
      for index in 0..<held { PyBuffer_Release(views + index) }
      views.deallocate()
      parts.deallocate()
    }
    while held < count {
      let item =
        items.ref.isList ? apus_list_item(items.ref, held) : apus_tuple_item(items.ref, held)
      (views + held).initialize(to: Py_buffer())
      try check(PyObject_GetBuffer(item, views + held, writable ? 1 : 0))
      parts[held] = iovec(iov_base: views[held].buf, iov_len: views[held].len)
      held += 1
    }
    guard let narrow = Int32(exactly: count) else { throw raiseSystemError(number: EINVAL) }
    return try int(body(parts, narrow))
  }

  static let readv: Method = .fast(
    "readv($module, fd, buffers, /)",
    "Read from a file descriptor into a sequence of writable buffers. Returns the bytes read."
  ) { _, args, count in
    new {
      let a = try Arguments(readv, args, count)
      let descriptor = try a.descriptor(0)
      return try vectored("readv", a.object(1), writable: true) { parts, count in
        try interruptibleCall { Glibc.readv(descriptor, parts, count) }
      }
    }
  }

  static let writev: Method = .fast(
    "writev($module, fd, buffers, /)",
    "Write the buffers of a sequence to a file descriptor. Returns the bytes written."
  ) { _, args, count in
    new {
      let a = try Arguments(writev, args, count)
      let descriptor = try a.descriptor(0)
      return try vectored("writev", a.object(1), writable: false) { parts, count in
        try interruptibleCall { Glibc.writev(descriptor, parts, count) }
      }
    }
  }

  static let preadv: Method = .fast(
    "preadv($module, fd, buffers, offset, flags=0, /)",
    """
    Reads from a file descriptor into a number of mutable bytes-like objects.

    Combines readv() and pread(); flags are RWF_HIPRI and RWF_NOWAIT.
    """
  ) { _, args, count in
    new {
      let a = try Arguments(preadv, args, count)
      let descriptor = try a.descriptor(0)
      let offset = try a.offset(2)
      let flags = try a.int32(3)
      return try vectored("preadv", a.object(1), writable: true) { parts, count in
        try interruptibleCall { apus_preadv2(descriptor, parts, count, Int64(offset), flags) }
      }
    }
  }

  static let pwritev: Method = .fast(
    "pwritev($module, fd, buffers, offset, flags=0, /)",
    """
    Writes the contents of bytes-like objects to a file descriptor at a given offset.

    Combines writev() and pwrite(); flags are RWF_DSYNC, RWF_SYNC and RWF_APPEND.
    """
  ) { _, args, count in
    new {
      let a = try Arguments(pwritev, args, count)
      let descriptor = try a.descriptor(0)
      let offset = try a.offset(2)
      let flags = try a.int32(3)
      return try vectored("pwritev", a.object(1), writable: false) { parts, count in
        try interruptibleCall { apus_pwritev2(descriptor, parts, count, Int64(offset), flags) }
      }
    }
  }

  static let sendfile: Method = .keywords(
    "sendfile($module, /, out_fd, in_fd, offset, count)",
    "Copy count bytes from file descriptor in_fd to file descriptor out_fd."
  ) { _, args, count, names in
    new {
      let a = try Arguments(sendfile, args, count, names)
      let (out, input) = (try a.descriptor(0), try a.descriptor(1))
      let length = try a.index(3)
      guard let start = a.optional(2) else {
        return try int(interruptibleCall { apus_sendfile(out, input, nil, length) })
      }
      var offset = Int64(try offsetNumber(start))
      return try int(interruptibleCall { apus_sendfile(out, input, &offset, length) })
    }
  }

  private static func offsetNumber(_ object: Ref) throws(Raised) -> Int {
    let number = try own(PyNumber_Index(object))
    return try check(PyLong_AsLong(number.ref))
  }

  static let copyFileRange: Method = .keywords(
    "copy_file_range($module, /, src, dst, count, offset_src=None,\n                offset_dst=None)",
    """
    Copy count bytes from one file descriptor to another.

    Where an offset is None the file's own position is used and moved.
    """
  ) { _, args, count, names in
    new {
      let a = try Arguments(copyFileRange, args, count, names)
      let (source, target) = (try a.descriptor(0), try a.descriptor(1))
      let length = try a.index(2)
      if length < 0 { throw raise(.valueError, "negative value for 'count' not allowed") }
      var from = Int64(try a.optional(3).map { try offsetNumber($0) } ?? 0)
      var to = Int64(try a.optional(4).map { try offsetNumber($0) } ?? 0)
      let (hasFrom, hasTo) = (a.optional(3) != nil, a.optional(4) != nil)
      return try int(
        withUnsafeMutablePointer(to: &from) { from in
          try withUnsafeMutablePointer(to: &to) { to in
            try interruptibleCall {
              apus_copy_file_range(
                source, hasFrom ? from : nil, target, hasTo ? to : nil, length, 0)
            }
          }
        })
    }
  }

  static let splice: Method = .keywords(
    "splice($module, /, src, dst, count, offset_src=None, offset_dst=None,\n       flags=0)",
    "Transfer count bytes from one pipe to a descriptor or vice versa."
  ) { _, args, count, names in
    new {
      let a = try Arguments(splice, args, count, names)
      let (source, target) = (try a.descriptor(0), try a.descriptor(1))
      let length = try a.index(2)
      if length < 0 { throw raise(.valueError, "negative value for 'count' not allowed") }
      var from = Int64(try a.optional(3).map { try offsetNumber($0) } ?? 0)
      var to = Int64(try a.optional(4).map { try offsetNumber($0) } ?? 0)
      let (hasFrom, hasTo) = (a.optional(3) != nil, a.optional(4) != nil)
      let flags = UInt32(bitPattern: try a.int32(5))
      return try int(
        withUnsafeMutablePointer(to: &from) { from in
          try withUnsafeMutablePointer(to: &to) { to in
            try interruptibleCall {
              apus_splice(source, hasFrom ? from : nil, target, hasTo ? to : nil, length, flags)
            }
          }
        })
    }
  }

  static let fsync: Method = .keywords(
    "fsync($module, /, fd)", "Force write of fd to disk."
  ) { _, args, count, names in
    none {
      let a = try Arguments(fsync, args, count, names)
      let descriptor = try a.fileno(0)
      try interruptibleCall { Glibc.fsync(descriptor) }
    }
  }

  static let fdatasync: Method = .keywords(
    "fdatasync($module, /, fd)", "Force write of fd to disk without forcing update of metadata."
  ) { _, args, count, names in
    none {
      let a = try Arguments(fdatasync, args, count, names)
      let descriptor = try a.fileno(0)
      try interruptibleCall { Glibc.fdatasync(descriptor) }
    }
  }

  static let sync: Method = .noargs("sync($module, /)", "Force write of everything to disk.") { _, _ in
    withoutGIL { Glibc.sync() }
    return noneObject()
  }

  static let ftruncate: Method = .fast(
    "ftruncate($module, fd, length, /)", "Truncate a file, specified by file descriptor, to a length."
  ) { _, args, count in
    none {
      let a = try Arguments(ftruncate, args, count)
      let descriptor = try a.descriptor(0)
      let length = try a.offset(1)
      try Audit.send("os.truncate", [.int(Int(descriptor)), .int(Int(length))])
      try interruptibleCall { Glibc.ftruncate(descriptor, length) }
    }
  }

  static let truncate: Method = .keywords(
    "truncate($module, /, path, length)",
    "Truncate a file, specified by path or open descriptor, to a length."
  ) { _, args, count, names in
    none {
      let a = try Arguments(truncate, args, count, names)
      let path = try PathArgument(a[0], "truncate", "path", .descriptor)
      let length = try a.offset(1)
      try Audit.send("os.truncate", [.object(path.filename), .int(Int(length))])
      let (bytes, descriptor) = (path.bytes, path.descriptor)
      try systemCall(path.filename) {
        descriptor >= 0 ? Glibc.ftruncate(descriptor, length) : Glibc.truncate(bytes, length)
      }
    }
  }

  static let lockf: Method = .fast(
    "lockf($module, fd, command, length, /)",
    """
    Apply, test or remove a POSIX lock on an open file descriptor.

      command
        F_LOCK, F_TLOCK, F_ULOCK or F_TEST
      length
        bytes to lock, starting at the current position
    """
  ) { _, args, count in
    none {
      let a = try Arguments(lockf, args, count)
      let (descriptor, command) = (try a.descriptor(0), try a.int32(1))
      let length = try a.offset(2)
      try Audit.send(
        "os.lockf", [.int(Int(descriptor)), .int(Int(command)), .int(Int(length))])
      try systemCall { Glibc.lockf(descriptor, command, length) }
    }
  }

  static let posixFadvise: Method = .fast(
    "posix_fadvise($module, fd, offset, length, advice, /)",
    "Announce an intention to access data in a specific pattern (POSIX_FADV_*)."
  ) { _, args, count in
    none {
      let a = try Arguments(posixFadvise, args, count)
      let descriptor = try a.descriptor(0)
      let (offset, length) = (try a.offset(1), try a.offset(2))
      let advice = try a.int32(3)
      try numbered { posix_fadvise(descriptor, offset, length, advice) }
    }
  }

  static let posixFallocate: Method = .fast(
    "posix_fallocate($module, fd, offset, length, /)",
    "Ensure that disk space is allocated for length bytes of the file starting at offset."
  ) { _, args, count in
    none {
      let a = try Arguments(posixFallocate, args, count)
      let descriptor = try a.descriptor(0)
      let (offset, length) = (try a.offset(1), try a.offset(2))
      try numbered { posix_fallocate(descriptor, offset, length) }
    }
  }

  /// A call that returns its error number.
  private static func numbered(_ body: () -> Int32) throws(Raised) {
    while true {
      let number = withoutGIL(body)
      if number == 0 { return }
      if number != EINTR { throw raiseSystemError(number: number) }
      try check(PyErr_CheckSignals())
    }
  }

  static let isatty: Method = .o(
    "isatty($module, fd, /)", "Return True if the fd is connected to a terminal."
  ) { _, object in
    bool {
      let descriptor = try intArgument(object)
      return withoutGIL { Glibc.isatty(descriptor) } != 0
    }
  }

  static let getInheritable: Method = .o(
    "get_inheritable($module, fd, /)", "Get the close-on-exe flag of the specified file descriptor."
  ) { _, object in
    bool {
      let descriptor = try intArgument(object)
      let flags = fcntl(descriptor, F_GETFD)
      if flags < 0 { throw raiseSystemError() }
      return flags & FD_CLOEXEC == 0
    }
  }

  static let setInheritable: Method = .fast(
    "set_inheritable($module, fd, inheritable, /)", "Set the inheritable flag of the specified file descriptor."
  ) { _, args, count in
    none {
      let a = try Arguments(setInheritable, args, count)
      let descriptor = try a.descriptor(0)
      let flags = fcntl(descriptor, F_GETFD)
      if flags < 0 { throw raiseSystemError() }
      let wanted = try a.int32(1) != 0 ? flags & ~FD_CLOEXEC : flags | FD_CLOEXEC
      if wanted != flags && fcntl(descriptor, F_SETFD, wanted) < 0 { throw raiseSystemError() }
    }
  }

  static let getBlocking: Method = .o(
    "get_blocking($module, fd, /)",
    "Get the blocking mode of the file descriptor: False if O_NONBLOCK is set, else True."
  ) { _, object in
    bool {
      let descriptor = try intArgument(object)
      let flags = fcntl(descriptor, F_GETFL)
      if flags < 0 { throw raiseSystemError() }
      return flags & O_NONBLOCK == 0
    }
  }

  static let setBlocking: Method = .fast(
    "set_blocking($module, fd, blocking, /)", "Set the blocking mode of the specified file descriptor."
  ) { _, args, count in
    none {
      let a = try Arguments(setBlocking, args, count)
      let descriptor = try a.descriptor(0)
      let blocking = try a.bool(1)
      let flags = fcntl(descriptor, F_GETFL)
      if flags < 0 { throw raiseSystemError() }
      let wanted = blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK
      if fcntl(descriptor, F_SETFL, wanted) < 0 { throw raiseSystemError() }
    }
  }

  static let memfdCreate: Method = .keywords(
    "memfd_create($module, /, name, flags=MFD_CLOEXEC)",
    "Create an anonymous file in memory and return a descriptor of it."
  ) { _, args, count, names in
    new {
      let a = try Arguments(memfdCreate, args, count, names)
      let name = try PathArgument(a[0], "memfd_create", "name")
      let flags = UInt32(bitPattern: try a.int32(1, default: 1))
      let bytes = name.bytes
      return try int(Int(systemCall { apus_memfd_create(bytes, flags) }))
    }
  }

  static let eventfd: Method = .keywords(
    "eventfd($module, /, initval, flags=EFD_CLOEXEC)",
    "Creates and returns an event notification file descriptor."
  ) { _, args, count, names in
    new {
      let a = try Arguments(eventfd, args, count, names)
      let initial = UInt32(truncatingIfNeeded: try a.index(0))
      let flags = try a.int32(1, default: O_CLOEXEC)
      return try int(Int(systemCall { apus_eventfd(initial, flags) }))
    }
  }

  static let eventfdRead: Method = .keywords("eventfd_read($module, /, fd)", "Read eventfd value") {
    _, args, count, names in
    new {
      let a = try Arguments(eventfdRead, args, count, names)
      let descriptor = try a.fileno(0)
      var value: UInt64 = 0
      try systemCall { apus_eventfd_read(descriptor, &value) }
      return try own(PyLong_FromUnsignedLongLong(value))
    }
  }

  static let eventfdWrite: Method = .keywords(
    "eventfd_write($module, /, fd, value)", "Write eventfd value."
  ) { _, args, count, names in
    none {
      let a = try Arguments(eventfdWrite, args, count, names)
      let descriptor = try a.fileno(0)
      let value = PyLong_AsUnsignedLongLong(a.object(1))
      if value == .max && hasRaised() { throw Raised() }
      try systemCall { apus_eventfd_write(descriptor, value) }
    }
  }

  static let deviceEncoding: Method = .keywords(
    "device_encoding($module, /, fd)",
    """
    Return a string describing the encoding of a terminal's file descriptor.

    The file descriptor must be attached to a terminal, else None is returned.
    """
  ) { _, args, count, names in
    new {
      let a = try Arguments(deviceEncoding, args, count, names)
      let descriptor = try a.descriptor(0)
      guard withoutGIL({ Glibc.isatty(descriptor) }) != 0 else { return noneObject().retained() }
      return try own(PyUnicode_FromString("UTF-8"))
    }
  }
}
