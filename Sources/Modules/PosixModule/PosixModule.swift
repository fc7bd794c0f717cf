import CPosix
import CPythonABI
import Objects

/// The module `posix`: the operating system. CPython: Modules/posixmodule.c.
public let posixModule = ModuleSpec(
  "posix",
  doc: "The operating system's functions as the C and POSIX standards have them, thinly disguised.",
  methods: FileStatus.methods + FileDescriptors.methods + Directories.methods
    + [DirectoryScan.scandir] + FileChanges.methods + PathText.methods + Identity.methods
    + Processes.methods + Spawning.methods + Scheduling.methods + SystemNames.methods
    + Terminals.methods + Timers.methods,
  types: [DirectoryScan.entry],
  exec: { module in
    status {
      if iteratorIsMissing { try DirectoryScan.iterator.install() }
      try FileStatus.install()
      try Processes.install()
      try Scheduling.install()
      try Terminals.install()
      try addConstants(module, apus_posix_table())
      for (name, type) in [
        ("stat_result", FileStatus.resultType), ("statvfs_result", FileStatus.volumeType),
        ("times_result", Processes.timesType), ("uname_result", Processes.unameType),
        ("waitid_result", Processes.waitidType), ("sched_param", Scheduling.parameterType),
        ("terminal_size", Terminals.sizeType),
      ] {
        try check(PyModule_AddObjectRef(module, name, type.object))
      }
      try check(PyModule_AddObjectRef(module, "error", .osError))
      try add(module, "environ", SystemNames.environment())
      try add(module, "sysconf_names", SystemNames.dict(apus_sysconf_table()))
      try add(module, "pathconf_names", SystemNames.dict(apus_pathconf_table()))
      try add(module, "confstr_names", SystemNames.dict(apus_confstr_table()))
      let functions = try own(PyList_New(0))
      for name in systemFunctions {
        let text = try own(newString(name))
        try check(PyList_Append(functions.ref, text.ref))
      }
      try check(PyModule_AddObjectRef(module, "_have_functions", functions.ref))
    }
  })

private var iteratorIsMissing: Bool {
  DirectoryScan.iteratorType.pointee.tp_flags & UInt(Py_TPFLAGS_READY) == 0
}

private func add(_ module: Ref, _ name: String, _ value: consuming Owned) throws(Raised) {
  try check(PyModule_AddObjectRef(module, name, value.ref))
}

/// Adds a table of the system's constants to a module.
func addConstants(_ module: Ref, _ table: UnsafePointer<ApusConstant>) throws(Raised) {
  var row = table
  while let name = row.pointee.name {
    let value = try int(row.pointee.value)
    try check(PyModule_AddObjectRef(module, name, value.ref))
    row += 1
  }
}

/// What `os` asks to know which functions take descriptors.
private let systemFunctions = [
  "HAVE_EVENTFD", "HAVE_TIMERFD_CREATE", "HAVE_FACCESSAT", "HAVE_FCHDIR", "HAVE_FCHMOD",
  "HAVE_FCHMODAT", "HAVE_FCHOWN", "HAVE_FCHOWNAT", "HAVE_FEXECVE", "HAVE_FDOPENDIR",
  "HAVE_FPATHCONF", "HAVE_FSTATAT", "HAVE_FSTATVFS", "HAVE_FTRUNCATE", "HAVE_FUTIMENS",
  "HAVE_FUTIMES", "HAVE_FUTIMESAT", "HAVE_LINKAT", "HAVE_LCHOWN", "HAVE_LSTAT", "HAVE_LUTIMES",
  "HAVE_MEMFD_CREATE", "HAVE_MKDIRAT", "HAVE_MKFIFOAT", "HAVE_MKNODAT", "HAVE_OPENAT",
  "HAVE_READLINKAT", "HAVE_RENAMEAT", "HAVE_SYMLINKAT", "HAVE_UNLINKAT", "HAVE_UTIMENSAT",
  "HAVE_PTSNAME_R",
]
