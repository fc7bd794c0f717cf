import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// The module `fcntl`. CPython: Modules/fcntlmodule.c.
public let fcntlModule = ModuleSpec(
  "fcntl",
  doc: "File control and I/O control on file descriptors: the calls fcntl() and ioctl(), and locks.",
  methods: [control, deviceControl, lockWhole, lockRange],
  exec: { module in status { try addConstants(module, apus_fcntl_table()) } })

/// Adds a table of the system's constants to a module.
func addConstants(_ module: Ref, _ table: UnsafePointer<ApusConstant>) throws(Raised) {
  var row = table
  while let name = row.pointee.name {
    let value = try int(row.pointee.value)
    try check(PyModule_AddObjectRef(module, name, value.ref))
    row += 1
  }
}

private let control: Method = .fast(
  "fcntl($module, fd, cmd, arg=0, /)",
  """
  Perform the operation `cmd` on file descriptor fd.

  An int argument is handed on, and the result is the system's. A bytes-like one is handed on as
  memory, and the result is bytes with what the system made of it (at most 1024 bytes).
  """
) { _, args, count in
  new {
    let a = try Arguments(control, args, count)
    let descriptor = try a.fileno(0)
    let command = try a.int32(1)
    try Audit.send(
      "fcntl.fcntl", [.int(Int(descriptor)), .int(Int(command)), .object(a[2])])
    guard let argument = a[2], !argument.isInt, argument.isStr || PyObject_CheckBuffer(argument) != 0
    else {
      let number = try a.offset(2)
      return try int(Int(interruptibleCall { apus_fcntl_int(descriptor, command, number) }))
    }
    let bytes = argument.isStr ? try own(PyUnicode_AsUTF8String(argument)) : argument.retained()
    let source = try BufferArgument(bytes.ref)
    if source.count > 1024 { throw raise(.valueError, "fcntl string arg too long") }
    let memory = UnsafeMutablePointer<CChar>.allocate(capacity: 1025)
    memory.initialize(repeating: 0, count: 1025)
    defer { memory.deallocate() }
    if let start = source.start { memcpy(memory, start, source.count) }
    try interruptibleCall { apus_fcntl_pointer(descriptor, command, memory) }
    return try own(PyBytes_FromStringAndSize(memory, source.count))
  }
}

private let deviceControl: Method = .fast(
  "ioctl($module, fd, request, arg=0, mutate_flag=True, /)",
  """
  Perform the operation request on file descriptor fd.

  The argument is an int, a read-only buffer, whose changed copy is the result, or a writable
  buffer, which is changed itself unless mutate_flag is False.
  """
) { _, args, count in
  new {
    let a = try Arguments(deviceControl, args, count)
    let descriptor = try a.fileno(0)
    let request = PyLong_AsUnsignedLongMask(a.object(1))
    if request == .max && hasRaised() { throw Raised() }
    let mutates = try a.bool(3, default: true)
    try Audit.send(
      "fcntl.ioctl",
      [.int(Int(descriptor)), .int(Int(UInt32(truncatingIfNeeded: request))), .object(a[2])])
    guard let argument = a[2], !argument.isInt else {
      let number = try a.offset(2)
      return try int(Int(systemCall { apus_ioctl_int(descriptor, request, number) }))
    }
    let bytes = argument.isStr ? try own(PyUnicode_AsUTF8String(argument)) : argument.retained()
    if !argument.isStr, mutates, let target = writable(bytes.ref) {
      guard target.count > 1024, let start = target.start else {
        let memory = UnsafeMutablePointer<CChar>.allocate(capacity: 1025)
        memory.initialize(repeating: 0, count: 1025)
        defer { memory.deallocate() }
        if let start = target.start { memcpy(memory, start, target.count) }
        let result = withoutGIL { apus_ioctl_pointer(descriptor, request, memory) }
        let number = errno
        if let start = target.start { memcpy(start, memory, target.count) }
        if result < 0 { throw raiseSystemError(number: number) }
        return try int(Int(result))
      }
      return try int(Int(systemCall { apus_ioctl_pointer(descriptor, request, start) }))
    }
    let source = try BufferArgument(bytes.ref)
    if source.count > 1024 { throw raise(.valueError, "ioctl string arg too long") }
    let memory = UnsafeMutablePointer<CChar>.allocate(capacity: 1025)
    memory.initialize(repeating: 0, count: 1025)
    defer { memory.deallocate() }
    if let start = source.start { memcpy(memory, start, source.count) }
    try systemCall { apus_ioctl_pointer(descriptor, request, memory) }
    return try own(PyBytes_FromStringAndSize(memory, source.count))
  }
}

/// The object's memory when it can be written.
private func writable(_ object: Ref) -> BufferArgument? {
  do throws(Raised) {
    return try BufferArgument(object, writable: true)
  } catch {
    PyErr_Clear()
    return nil
  }
}

private let lockWhole: Method = .fast(
  "flock($module, fd, operation, /)",
  "Perform the lock operation (LOCK_SH, LOCK_EX, LOCK_UN, with LOCK_NB) on file descriptor fd."
) { _, args, count in
  none {
    let a = try Arguments(lockWhole, args, count)
    let (descriptor, operation) = (try a.fileno(0), try a.int32(1))
    try Audit.send("fcntl.flock", [.int(Int(descriptor)), .int(Int(operation))])
    try interruptibleCall { flock(descriptor, operation) }
  }
}

private let lockRange: Method = .fast(
  "lockf($module, fd, cmd, len=0, start=0, whence=0, /)",
  """
  A wrapper around the fcntl() locking calls.

  cmd is LOCK_UN, LOCK_SH or LOCK_EX, with LOCK_NB to fail at once when the lock is taken. len bytes
  are locked (0: to the end), from start on, relative to whence as in lseek().
  """
) { _, args, count in
  none {
    let a = try Arguments(lockRange, args, count)
    let descriptor = try a.fileno(0)
    let command = try a.int32(1)
    let (length, start) = (try a.offset(2), try a.offset(3))
    let whence = try a.int32(4)
    try Audit.send(
      "fcntl.lockf",
      [
        .int(Int(descriptor)), .int(Int(command)), .object(a[2]), .object(a[3]), .int(Int(whence)),
      ])
    let kind: Int32
    if command == LOCK_UN { kind = Int32(F_UNLCK) } else if command & LOCK_SH != 0 {
      kind = Int32(F_RDLCK)
    } else if command & LOCK_EX != 0 {
      kind = Int32(F_WRLCK)
    } else {
      throw raise(.valueError, "unrecognized lockf argument")
    }
    let operation = command & LOCK_NB != 0 ? F_SETLK : F_SETLKW
    try interruptibleCall {
      apus_fcntl_lock(descriptor, operation, kind, Int64(start), Int64(length), whence)
    }
  }
}
