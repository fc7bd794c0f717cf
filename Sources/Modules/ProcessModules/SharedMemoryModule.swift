import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// The module `_posixshmem`: shared memory by name. CPython: Modules/_multiprocessing/posixshmem.c.
public let sharedMemoryModule = ModuleSpec(
  "_posixshmem", doc: "POSIX shared memory module", methods: [openMemory, unlinkMemory])

private func name(_ a: Arguments, _ function: StaticString) throws(Raised) -> UnsafePointer<CChar> {
  guard a.object(0).isStr else {
    throw raise(
      .typeError, "\(function)() argument 1 must be str, not \(a.object(0).isNone ? "None" : a.object(0).type.name)")
  }
  return try NumberConversion.cText(a.object(0))
}

private let openMemory: Method = .keywords(
  "shm_open($module, /, path, flags, mode=511)",
  "Open a shared memory object.  Returns a file descriptor (integer)."
) { _, args, count, names in
  new {
    let a = try Arguments(openMemory, args, count, names)
    let path = try name(a, "shm_open")
    let (flags, mode) = (try a.int32(1), try a.int32(2, default: 511))
    return try int(Int(interruptibleCall(a.object(0)) { apus_shm_open(path, flags, mode) }))
  }
}

private let unlinkMemory: Method = .keywords(
  "shm_unlink($module, /, path)",
  "Remove a shared memory object (similar to unlink()).\n\nThe memory goes when nobody maps it any more."
) { _, args, count, names in
  none {
    let a = try Arguments(unlinkMemory, args, count, names)
    let path = try name(a, "shm_unlink")
    try interruptibleCall(a.object(0)) { apus_shm_unlink(path) }
  }
}
