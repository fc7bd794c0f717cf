import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// Making, replacing, ending and waiting for processes.
enum Processes {
  static let methods: [Method] = [
    exit, abort, fork, registerAtFork, execv, execve, kill, killpg, system, wait, waitpid, wait3,
    wait4, waitid, waitStatusToExitCode, coreDumped, hasContinued, hasStopped, wasSignaled,
    hasExited, exitStatus, terminationSignal, stopSignal, nice, getpriority, setpriority,
    pidfdOpen, times, uname, getloadavg, setns, unshare, inputHook, isInputHookInstalled,
  ]

  nonisolated(unsafe) static let timesType = PermanentMemory.type()
  nonisolated(unsafe) static let unameType = PermanentMemory.type()
  nonisolated(unsafe) static let waitidType = PermanentMemory.type()

  static func install() throws(Raised) {
    try StructSequence.install(
      timesType, "posix.times_result", doc: "times_result: Result from os.times(), a tuple with names.",
      fields: [
        .init("user", "user time"), .init("system", "system time"),
        .init("children_user", "user time of children"),
        .init("children_system", "system time of children"),
        .init("elapsed", "elapsed time since an arbitrary point in the past"),
      ])
    try StructSequence.install(
      unameType, "posix.uname_result", doc: "uname_result: Result from os.uname(), a tuple with names.",
      fields: [
        .init("sysname", "operating system name"),
        .init("nodename", "name of machine on network (implementation-defined)"),
        .init("release", "operating system release"),
        .init("version", "operating system version"), .init("machine", "hardware identifier"),
      ])
    try StructSequence.install(
      waitidType, "posix.waitid_result", doc: "waitid_result: Result from waitid, a tuple with names.",
      fields: [
        .init("si_pid"), .init("si_uid"), .init("si_signo"), .init("si_status"), .init("si_code"),
      ])
  }

  static let exit: Method = .keywords(
    "_exit($module, /, status)",
    "Exit to the system with specified status, without normal exit processing."
  ) { _, args, count, names in
    none {
      let a = try Arguments(exit, args, count, names)
      Glibc._exit(try a.int32(0))
    }
  }

  static let abort: Method = .noargs(
    "abort($module, /)", "Abort the interpreter immediately: dump core or fail in the hardest way."
  ) { _, _ in Glibc.abort() }

  static let fork: Method = .noargs(
    "fork($module, /)", "Fork a child process. Return 0 to child process and PID of child to parent process."
  ) { _, _ in
    new {
      try Audit.send("os.fork")
      return try int(Int(Forking.fork("fork") { apus_fork() }))
    }
  }

  static let registerAtFork: Method = .keywords(
    "register_at_fork($module, /, *, before=<unrepresentable>,\n                 after_in_child=<unrepresentable>,\n                 after_in_parent=<unrepresentable>)",
    """
    Register callables to be called when forking a new process.

      before
        called in the parent before fork(), the last registered first
      after_in_child, after_in_parent
        called after it, in the order of registration
    """
  ) { _, args, count, names in
    none {
      let a = try Arguments(registerAtFork, args, count, names)
      if a[0] == nil && a[1] == nil && a[2] == nil {
        throw raise(.typeError, "At least one argument is required.")
      }
      for (index, name) in ["before", "after_in_child", "after_in_parent"].enumerated() {
        if let function = a[index], PyCallable_Check(function) == 0 {
          throw raise(.typeError, "'\(name)' must be callable, not \(function.type.fullName)")
        }
      }
      try Forking.register(before: a[0], child: a[1], parent: a[2])
    }
  }

  static let execv: Method = .fast(
    "execv($module, path, argv, /)",
    "Execute an executable path with arguments, replacing current process."
  ) { _, args, count in
    none {
      let a = try Arguments(execv, args, count)
      let path = try PathArgument(a[0], "execv")
      guard a.object(1).isList || a.object(1).isTuple else {
        throw raise(.typeError, "execv() arg 2 must be a tuple or list")
      }
      guard apus_var_size(a.object(1)) > 0 else {
        throw raise(.valueError, "execv() arg 2 must not be empty")
      }
      let argv = try ProgramArguments.list(a.object(1))
      guard argv.pointer[0]?[0] != 0 else {
        throw raise(.valueError, "execv() arg 2 first element cannot be empty")
      }
      try Audit.send("os.exec", [.object(path.filename), .object(a[1]), .object(nil)])
      _ = Glibc.execv(path.bytes, argv.pointer)
      throw raiseSystemError()
    }
  }

  static let execve: Method = .keywords(
    "execve($module, /, path, argv, env)",
    "Execute an executable path (or descriptor) with arguments and an environment, replacing current process."
  ) { _, args, count, names in
    none {
      let a = try Arguments(execve, args, count, names)
      let path = try PathArgument(a[0], "execve", "path", .descriptor)
      guard a.object(1).isList || a.object(1).isTuple else {
        throw raise(.typeError, "execve: argv must be a tuple or list")
      }
      guard PyMapping_Check(a.object(2)) != 0 else {
        throw raise(.typeError, "execve: environment must be a mapping object")
      }
      guard apus_var_size(a.object(1)) > 0 else {
        throw raise(.valueError, "execve: argv must not be empty")
      }
      let argv = try ProgramArguments.list(a.object(1))
      guard argv.pointer[0]?[0] != 0 else {
        throw raise(.valueError, "execve: argv first element cannot be empty")
      }
      let environment = try ProgramArguments.environment(a.object(2))
      try Audit.send("os.exec", [.object(path.filename), .object(a[1]), .object(a[2])])
      if path.isDescriptor {
        _ = apus_execve_fd(path.descriptor, argv.pointer, environment.pointer)
      } else {
        _ = Glibc.execve(path.bytes, argv.pointer, environment.pointer)
      }
      throw path.raiseError()
    }
  }

  static let kill: Method = .fast("kill($module, pid, signal, /)", "Kill a process with a signal.") {
    _, args, count in
    none {
      let a = try Arguments(kill, args, count)
      let (pid, signal) = (try a.int32(0), try a.int32(1))
      try Audit.send("os.kill", [.int(Int(pid)), .int(Int(signal))])
      if Glibc.kill(pid, signal) < 0 { throw raiseSystemError() }
      // A signal to itself is handled before the call returns.
      try check(PyErr_CheckSignals())
    }
  }

  static let killpg: Method = .fast("killpg($module, pgid, signal, /)", "Kill a process group with a signal.") {
    _, args, count in
    none {
      let a = try Arguments(killpg, args, count)
      let (group, signal) = (try a.int32(0), try a.int32(1))
      try Audit.send("os.killpg", [.int(Int(group)), .int(Int(signal))])
      if Glibc.killpg(group, signal) < 0 { throw raiseSystemError() }
      try check(PyErr_CheckSignals())
    }
  }

  static let system: Method = .keywords(
    "system($module, /, command)", "Execute the command in a subshell. Returns the wait status."
  ) { _, args, count, names in
    new {
      let a = try Arguments(system, args, count, names)
      let command = try ProgramArguments.encode(a.object(0))
      guard let text = PyBytes_AsString(command.ref) else { throw Raised() }
      try Audit.send("os.system", [.object(command.ref)])
      return try int(Int(withoutGIL { Glibc.system(text) }))
    }
  }

  // MARK: Waiting

  private static func waitResult(_ pid: Int32, _ status: Int32) throws(Raised) -> Owned {
    try tuple(int(Int(pid)), int(Int(status)))
  }

  static let wait: Method = .noargs(
    "wait($module, /)", "Wait for completion of a child process. Returns a tuple (pid, status)."
  ) { _, _ in
    new {
      var status: Int32 = 0
      let pid = try interruptibleCall { Glibc.waitpid(-1, &status, 0) }
      return try waitResult(pid, status)
    }
  }

  static let waitpid: Method = .fast(
    "waitpid($module, pid, options, /)",
    "Wait for completion of a given child process. Returns a tuple (pid, status)."
  ) { _, args, count in
    new {
      let a = try Arguments(waitpid, args, count)
      let (wanted, options) = (try a.int32(0), try a.int32(1))
      var status: Int32 = 0
      let pid = try interruptibleCall { Glibc.waitpid(wanted, &status, options) }
      return try waitResult(pid, status)
    }
  }

  private static func waitWithUsage(_ wanted: Int32, _ options: Int32) throws(Raised) -> Owned {
    var status: Int32 = 0
    var usage = rusage()
    let pid = try interruptibleCall { Glibc.wait4(wanted, &status, options, &usage) }
    if pid == 0 { usage = rusage() }
    let module = try own("resource".withCString { PyImport_ImportModule($0) })
    let type = try own("struct_rusage".withCString { PyObject_GetAttrString(module.ref, $0) })
    let result = try own(PyStructSequence_New(type.ref.asType))
    func seconds(_ time: timeval) throws(Raised) -> Owned {
      try own(PyFloat_FromDouble(Double(time.tv_sec) + Double(time.tv_usec) * 1e-6))
    }
    PyStructSequence_SetItem(result.ref, 0, try seconds(usage.ru_utime).give())
    PyStructSequence_SetItem(result.ref, 1, try seconds(usage.ru_stime).give())
    for (index, value) in [
      usage.ru_maxrss, usage.ru_ixrss, usage.ru_idrss, usage.ru_isrss, usage.ru_minflt,
      usage.ru_majflt, usage.ru_nswap, usage.ru_inblock, usage.ru_oublock, usage.ru_msgsnd,
      usage.ru_msgrcv, usage.ru_nsignals, usage.ru_nvcsw, usage.ru_nivcsw,
    ].enumerated() {
      PyStructSequence_SetItem(result.ref, index + 2, try int(value).give())
    }
    return try tuple(int(Int(pid)), int(Int(status)), result)
  }

  static let wait3: Method = .keywords(
    "wait3($module, /, options)",
    "Wait for completion of a child process. Returns a tuple (pid, status, rusage)."
  ) { _, args, count, names in
    new { try waitWithUsage(-1, Arguments(wait3, args, count, names).int32(0)) }
  }

  static let wait4: Method = .keywords(
    "wait4($module, /, pid, options)",
    "Wait for completion of a specific child process. Returns a tuple (pid, status, rusage)."
  ) { _, args, count, names in
    new {
      let a = try Arguments(wait4, args, count, names)
      return try waitWithUsage(a.int32(0), a.int32(1))
    }
  }

  static let waitid: Method = .fast(
    "waitid($module, idtype, id, options, /)",
    """
    Returns the result of waiting for a process or processes.

      idtype
        P_PID, P_PGID, P_ALL or P_PIDFD
      options
        WEXITED, WSTOPPED, WCONTINUED, and WNOHANG or WNOWAIT

    None when nothing happened and WNOHANG was given.
    """
  ) { _, args, count in
    new {
      let a = try Arguments(waitid, args, count)
      let kind = try a.int32(0)
      let id = UInt32(truncatingIfNeeded: try a.index(1))
      let options = try a.int32(2)
      var info = ApusSignalInfo()
      try interruptibleCall { apus_waitid(kind, id, &info, options) }
      if info.pid == 0 { return noneObject().retained() }
      var result = try StructSequenceBuilder(waitidType)
      try result.append(Int(info.pid))
      result.append(try FileStatus.identity(UInt32(bitPattern: info.uid)))
      try result.append(Int(info.signo))
      try result.append(Int(info.status))
      try result.append(Int(info.code))
      return result.finish()
    }
  }

  static let waitStatusToExitCode: Method = .keywords(
    "waitstatus_to_exitcode($module, /, status)",
    """
    Convert a wait status to an exit code.

    The exit status of a process that exited; minus the signal of one that a signal ended.
    """
  ) { _, args, count, names in
    new {
      let a = try Arguments(waitStatusToExitCode, args, count, names)
      let status = try a.int32(0)
      if apus_wifexited(status) != 0 { return try int(Int(apus_wexitstatus(status))) }
      if apus_wifsignaled(status) != 0 {
        let signal = apus_wtermsig(status)
        if signal <= 0 { throw raise(.valueError, "invalid WTERMSIG: \(signal)") }
        return try int(-Int(signal))
      }
      if apus_wifstopped(status) != 0 {
        throw raise(
          .valueError, "process stopped by delivery of signal \(apus_wstopsig(status))")
      }
      throw raise(.valueError, "invalid wait status: \(status)")
    }
  }

  static let coreDumped: Method = .o(
    "WCOREDUMP($module, status, /)", "Return True if the process returning status was dumped to a core file."
  ) { _, object in bool { apus_wcoredump(try intArgument(object)) != 0 } }
  static let hasContinued: Method = .keywords(
    "WIFCONTINUED($module, /, status)", "Return True if a particular process was continued from a job control stop."
  ) { _, args, count, names in
    bool { apus_wifcontinued(try Arguments(hasContinued, args, count, names).int32(0)) != 0 }
  }
  static let hasStopped: Method = .keywords(
    "WIFSTOPPED($module, /, status)", "Return True if the process returning status was stopped."
  ) { _, args, count, names in
    bool { apus_wifstopped(try Arguments(hasStopped, args, count, names).int32(0)) != 0 }
  }
  static let wasSignaled: Method = .keywords(
    "WIFSIGNALED($module, /, status)", "Return True if the process returning status was terminated by a signal."
  ) { _, args, count, names in
    bool { apus_wifsignaled(try Arguments(wasSignaled, args, count, names).int32(0)) != 0 }
  }
  static let hasExited: Method = .keywords(
    "WIFEXITED($module, /, status)", "Return True if the process returning status exited via the exit() system call."
  ) { _, args, count, names in
    bool { apus_wifexited(try Arguments(hasExited, args, count, names).int32(0)) != 0 }
  }
  static let exitStatus: Method = .keywords(
    "WEXITSTATUS($module, /, status)", "Return the process return code from status."
  ) { _, args, count, names in
    new { try int(Int(apus_wexitstatus(Arguments(exitStatus, args, count, names).int32(0)))) }
  }
  static let terminationSignal: Method = .keywords(
    "WTERMSIG($module, /, status)", "Return the signal that terminated the process that provided the status value."
  ) { _, args, count, names in
    new { try int(Int(apus_wtermsig(Arguments(terminationSignal, args, count, names).int32(0)))) }
  }
  static let stopSignal: Method = .keywords(
    "WSTOPSIG($module, /, status)", "Return the signal that stopped the process that provided the status value."
  ) { _, args, count, names in
    new { try int(Int(apus_wstopsig(Arguments(stopSignal, args, count, names).int32(0)))) }
  }

  static let pidfdOpen: Method = .keywords(
    "pidfd_open($module, /, pid, flags=0)", "Return a file descriptor referring to the process *pid*."
  ) { _, args, count, names in
    new {
      let a = try Arguments(pidfdOpen, args, count, names)
      let (pid, flags) = (try a.int32(0), UInt32(bitPattern: try a.int32(1)))
      return try int(Int(systemCall { apus_pidfd_open(pid, flags) }))
    }
  }

  // MARK: Priority

  static let nice: Method = .o("nice($module, increment, /)", "Add increment to the priority of process and return the new priority.") {
    _, object in
    new {
      let increment = try intArgument(object)
      errno = 0
      let value = Glibc.nice(increment)
      if value == -1 && errno != 0 { throw raiseSystemError() }
      return try int(Int(value))
    }
  }
  static let getpriority: Method = .keywords(
    "getpriority($module, /, which, who)", "Return program scheduling priority."
  ) { _, args, count, names in
    new {
      let a = try Arguments(getpriority, args, count, names)
      let (which, who) = (try a.int32(0), try a.int32(1))
      errno = 0
      let value = Glibc.getpriority(__priority_which_t(UInt32(bitPattern: which)), id_t(bitPattern: who))
      if errno != 0 { throw raiseSystemError() }
      return try int(Int(value))
    }
  }
  static let setpriority: Method = .keywords(
    "setpriority($module, /, which, who, priority)", "Set program scheduling priority."
  ) { _, args, count, names in
    none {
      let a = try Arguments(setpriority, args, count, names)
      let (which, who, value) = (try a.int32(0), try a.int32(1), try a.int32(2))
      if Glibc.setpriority(__priority_which_t(UInt32(bitPattern: which)), id_t(bitPattern: who), value) < 0 {
        throw raiseSystemError()
      }
    }
  }

  // MARK: The system

  static let times: Method = .noargs(
    "times($module, /)",
    "Return a collection containing process timing information: user, system, children_user, children_system, elapsed."
  ) { _, _ in
    new {
      var used = tms()
      let elapsed = Glibc.times(&used)
      if elapsed == -1 { throw raiseSystemError() }
      let ticks = Double(Swift.max(sysconf(Int32(_SC_CLK_TCK)), 1))
      var result = try StructSequenceBuilder(timesType)
      for value in [used.tms_utime, used.tms_stime, used.tms_cutime, used.tms_cstime, elapsed] {
        result.append(try own(PyFloat_FromDouble(Double(value) / ticks)))
      }
      return result.finish()
    }
  }

  static let uname: Method = .noargs(
    "uname($module, /)", "Return an object identifying the current operating system."
  ) { _, _ in
    new {
      var system = utsname()
      if withoutGIL({ Glibc.uname(&system) }) < 0 { throw raiseSystemError() }
      var result = try StructSequenceBuilder(unameType)
      let field = MemoryLayout.size(ofValue: system.sysname)
      try withUnsafeBytes(of: &system) { raw in
        for index in 0..<5 {
          let text = raw.baseAddress.unsafelyUnwrapped + index * field
          result.append(try own(PyUnicode_DecodeFSDefault(text.assumingMemoryBound(to: CChar.self))))
        }
      }
      return result.finish()
    }
  }

  static let getloadavg: Method = .noargs(
    "getloadavg($module, /)", "Return average recent system load information over the last 1, 5, and 15 minutes."
  ) { _, _ in
    new {
      let loads = UnsafeMutablePointer<Double>.allocate(capacity: 3)
      defer { loads.deallocate() }
      if Glibc.getloadavg(loads, 3) != 3 {
        throw raise(.osError, "Load averages are unobtainable")
      }
      return try tuple(
        own(PyFloat_FromDouble(loads[0])), own(PyFloat_FromDouble(loads[1])),
        own(PyFloat_FromDouble(loads[2])))
    }
  }

  static let setns: Method = .keywords(
    "setns($module, /, fd, nstype=0)", "Move the calling thread into different namespaces."
  ) { _, args, count, names in
    none {
      let a = try Arguments(setns, args, count, names)
      let (descriptor, kind) = (try a.fileno(0), try a.int32(1))
      try systemCall { apus_setns(descriptor, kind) }
    }
  }
  static let unshare: Method = .keywords(
    "unshare($module, /, flags)", "Disassociate parts of a process (or thread) execution context."
  ) { _, args, count, names in
    none {
      let flags = try Arguments(unshare, args, count, names).int32(0)
      try systemCall { apus_unshare(flags) }
    }
  }

  static let inputHook: Method = .noargs(
    "_inputhook($module, /)", "Calls the hook that runs while input is awaited, if there is one."
  ) { _, _ in PyLong_FromLong(0) }
  static let isInputHookInstalled: Method = .noargs(
    "_is_inputhook_installed($module, /)", "Checks if a hook runs while input is awaited."
  ) { _, _ in falseObject() }
}
