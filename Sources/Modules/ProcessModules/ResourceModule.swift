import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// The module `resource`: limits and use of the system's resources. CPython: Modules/resource.c.
public let resourceModule = ModuleSpec(
  "resource", doc: "Limits on the resources a process may use, and how much it used.",
  methods: [usage, getLimit, setLimit, processLimit, pageSize],
  exec: { module in
    status {
      try StructSequence.install(
        usageType, "resource.struct_rusage", doc: "struct_rusage: Result from getrusage, a tuple with names.",
        fields: [
          .init("ru_utime", "user time used"), .init("ru_stime", "system time used"),
          .init("ru_maxrss", "max. resident set size"), .init("ru_ixrss", "shared memory size"),
          .init("ru_idrss", "unshared data size"), .init("ru_isrss", "unshared stack size"),
          .init("ru_minflt", "page faults not requiring I/O"),
          .init("ru_majflt", "page faults requiring I/O"), .init("ru_nswap", "number of swap outs"),
          .init("ru_inblock", "block input operations"),
          .init("ru_oublock", "block output operations"), .init("ru_msgsnd", "IPC messages sent"),
          .init("ru_msgrcv", "IPC messages received"), .init("ru_nsignals", "signals received"),
          .init("ru_nvcsw", "voluntary context switches"),
          .init("ru_nivcsw", "involuntary context switches"),
        ])
      try check(PyModule_AddObjectRef(module, "struct_rusage", usageType.object))
      try check(PyModule_AddObjectRef(module, "error", .osError))
      try addConstants(module, apus_resource_table())
    }
  })

nonisolated(unsafe) private let usageType = PermanentMemory.type()

private let usage: Method = .o("getrusage($module, who, /)", "The resources used by RUSAGE_SELF, RUSAGE_CHILDREN or RUSAGE_THREAD.") {
  _, object in
  new {
    let who = PyLong_AsInt(object)
    if who == -1 && hasRaised() { throw Raised() }
    var used = rusage()
    if apus_getrusage(who, &used) < 0 {
      if errno == EINVAL { throw raise(.valueError, "invalid who parameter") }
      throw raiseSystemError()
    }
    var result = try StructSequenceBuilder(usageType)
    for time in [used.ru_utime, used.ru_stime] {
      result.append(
        try own(PyFloat_FromDouble(Double(time.tv_sec) + Double(time.tv_usec) * 1e-6)))
    }
    for value in [
      used.ru_maxrss, used.ru_ixrss, used.ru_idrss, used.ru_isrss, used.ru_minflt, used.ru_majflt,
      used.ru_nswap, used.ru_inblock, used.ru_oublock, used.ru_msgsnd, used.ru_msgrcv,
      used.ru_nsignals, used.ru_nvcsw, used.ru_nivcsw,
    ] {
      try result.append(value)
    }
    return result.finish()
  }
}

private func limitPair(_ soft: UInt64, _ hard: UInt64) throws(Raised) -> Owned {
  try tuple(int(Int(bitPattern: UInt(soft))), int(Int(bitPattern: UInt(hard))))
}

private func limits(_ object: Ref) throws(Raised) -> (UInt64, UInt64) {
  let pair = try own(PySequence_Tuple(object))
  guard apus_var_size(pair.ref) == 2 else {
    throw raise(.valueError, "expected a tuple of 2 integers")
  }
  func value(_ index: Int) throws(Raised) -> UInt64 {
    let number = try own(PyNumber_Index(apus_tuple_item(pair.ref, index)))
    let value = PyLong_AsLongLong(number.ref)
    if value == -1 && hasRaised() { throw Raised() }
    return UInt64(bitPattern: value)
  }
  return (try value(0), try value(1))
}

private func checkResource(_ number: Int32) throws(Raised) {
  if number < 0 || number >= 16 { throw raise(.valueError, "invalid resource specified") }
}

private let getLimit: Method = .o("getrlimit($module, resource, /)", "The soft and the hard limit of a resource.") {
  _, object in
  new {
    let resource = PyLong_AsInt(object)
    if resource == -1 && hasRaised() { throw Raised() }
    try checkResource(resource)
    var (soft, hard): (UInt64, UInt64) = (0, 0)
    if apus_getrlimit(resource, &soft, &hard) < 0 { throw raiseSystemError() }
    return try limitPair(soft, hard)
  }
}

private func limitFailure() -> Raised {
  if errno == EINVAL { return raise(.valueError, "current limit exceeds maximum limit") }
  if errno == EPERM { return raise(.valueError, "not allowed to raise maximum limit") }
  return raiseSystemError()
}

private let setLimit: Method = .fast("setrlimit($module, resource, limits, /)", "Set the soft and the hard limit of a resource.") {
  _, args, count in
  none {
    let a = try Arguments(setLimit, args, count)
    let resource = try a.int32(0)
    try Audit.send("resource.setrlimit", [.int(Int(resource)), .object(a[1])])
    try checkResource(resource)
    let (soft, hard) = try limits(a.object(1))
    if apus_setrlimit(resource, soft, hard) < 0 { throw limitFailure() }
  }
}

private let processLimit: Method = .fast(
  "prlimit($module, pid, resource, limits=None, /)", "The limits of another process's resource, before they are set if limits are given."
) { _, args, count in
  new {
    let a = try Arguments(processLimit, args, count)
    let (pid, resource) = (try a.int32(0), try a.int32(1))
    try Audit.send("resource.prlimit", [.int(Int(pid)), .int(Int(resource)), .object(a[2])])
    try checkResource(resource)
    let old = UnsafeMutablePointer<UInt64>.allocate(capacity: 4)
    defer { old.deallocate() }
    var hasLimits = false
    if let given = a.optional(2) {
      (old[2], old[3]) = try limits(given)
      hasLimits = true
    }
    if apus_prlimit(pid, resource, hasLimits ? old + 2 : nil, old) < 0 {
      throw errno == EINVAL ? limitFailure() : raiseSystemError()
    }
    return try limitPair(old[0], old[1])
  }
}

private let pageSize: Method = .noargs("getpagesize($module, /)", "Bytes of a page of memory.") { _, _ in
  PyLong_FromLong(sysconf(Int32(_SC_PAGESIZE)))
}
