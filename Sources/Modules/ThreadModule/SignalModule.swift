import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// The module `_signal`. CPython: Modules/signalmodule.c.
public let signalModule = ModuleSpec(
  "_signal",
  doc: """
    Mechanisms to use signal handlers in Python: alarm() and setitimer() ask for signals, pause()
    waits for one, signal() and getsignal() set and tell the action of one.
    """,
  methods: [
    defaultIntHandler, alarm, setTimer, getTimer, setAction, raiseSignal, describe, getAction,
    setWakeup, interruptsCalls, pause, pidfdSend, killThread, changeMask, pending, wait, waitInfo,
    timedWait, valid,
  ],
  exec: { module in
    status {
      try StructSequence.install(
        informationType, "signal.struct_siginfo",
        doc: "struct_siginfo: Result from sigwaitinfo or sigtimedwait, a tuple with names.",
        fields: [
          .init("si_signo", "signal number"), .init("si_code", "signal code"),
          .init("si_errno", "errno associated with this signal"), .init("si_pid", "sending process ID"),
          .init("si_uid", "real user ID of sending process"),
          .init("si_status", "exit value or signal"), .init("si_band", "band event for SIGPOLL"),
        ])
      try check(PyModule_AddObjectRef(module, "struct_siginfo", informationType.object))
      var row = apus_signal_table()
      while let name = row.pointee.name {
        let value = try int(row.pointee.value)
        try check(PyModule_AddObjectRef(module, name, value.ref))
        row += 1
      }
      InterpreterEnd.add("_signal") {
        InterpreterEnd.drop(&timerError)
        actionsAreKnown = false
        warnsOfFullBuffer = true
      }
      if timerError == nil {
        timerError = try own(
          "signal.itimer_error".withCString { PyErr_NewException($0, .osError, nil) }).give()
      }
      try check(PyModule_AddObjectRef(module, "ItimerError", timerError ?? .osError))
      try readActions(module)
    }
  })

nonisolated(unsafe) private let informationType = PermanentMemory.type()
nonisolated(unsafe) private var timerError: Ref?
nonisolated(unsafe) private var actionsAreKnown = false
/// Whether `set_wakeup_fd` warns when the descriptor's buffer is full.
nonisolated(unsafe) private var warnsOfFullBuffer = true

/// Notes the actions the process was started with; SIGINT gets Python's handler.
private func readActions(_ module: Ref) throws(Raised) {
  if actionsAreKnown { return }
  actionsAreKnown = true
  let interrupts = Signals.interruptsByItself
  Signals.interruptsByItself = false
  for number in 1..<Signals.count {
    if interrupts && number == Int(SIGINT) {
      Signals.handlers[number] = try int(0).give()
      continue
    }
    switch apus_signal_disposition(Int32(number)) {
    case 0: Signals.handlers[number] = try int(0).give()
    case 1: Signals.handlers[number] = try int(1).give()
    default: Signals.handlers[number] = noneObject()
    }
  }
  guard let handler = Signals.handlers[Int(SIGINT)], handler.isInt, PyLong_AsLong(handler) == 0
  else { return }
  let function = try own("default_int_handler".withCString { PyObject_GetAttrString(module, $0) })
  Py_DECREF(handler)
  Signals.handlers[Int(SIGINT)] = function.give()
  _ = apus_set_signal_handler(
    SIGINT, unsafeBitCast(Signals.trip, to: UnsafeMutableRawPointer.self))
}

private func signalNumber(_ a: Arguments, _ index: Int = 0) throws(Raised) -> Int32 {
  let number = try a.int32(index)
  guard number >= 1 && number < Int32(Signals.count) else {
    throw raise(.valueError, "signal number out of range")
  }
  return number
}

private func isMainThread() -> Bool { apus_tstate() == Signals.mainThread }

private let defaultIntHandler: Method = .fast(
  "default_int_handler($module, signalnum, frame, /)",
  "The default handler for SIGINT installed by Python. It raises KeyboardInterrupt."
) { _, args, count in
  new {
    try checkPositional("default_int_handler", count, least: 2, most: 2)
    throw raise(.keyboardInterrupt)
  }
}

private let alarm: Method = .o(
  "alarm($module, seconds, /)", "Arrange for SIGALRM to arrive after the given number of seconds."
) { _, object in
  new {
    let number = try own(PyNumber_Index(object))
    let seconds = PyLong_AsLong(number.ref)
    if seconds == -1 && hasRaised() { throw Raised() }
    return try int(Int(Glibc.alarm(UInt32(truncatingIfNeeded: seconds))))
  }
}

private func timerValue(_ value: itimerval) throws(Raised) -> Owned {
  func seconds(_ time: timeval) throws(Raised) -> Owned {
    try own(PyFloat_FromDouble(Double(time.tv_sec) + Double(time.tv_usec) / 1e6))
  }
  return try tuple(seconds(value.it_value), seconds(value.it_interval))
}

private func timeValue(_ object: Ref?) throws(Raised) -> timeval {
  guard let object else { return timeval() }
  let nanoseconds = try Timeout.nanoseconds(object)
  let microseconds = nanoseconds / 1000 + (nanoseconds % 1000 > 0 ? 1 : 0)
  return timeval(tv_sec: microseconds / 1_000_000, tv_usec: microseconds % 1_000_000)
}

private func timerFailure() -> Raised {
  _ = PyErr_SetFromErrno(timerError ?? .osError)
  return Raised()
}

/// One of the three timers; the C type holds no other number.
private func timer(_ which: Int32) throws(Raised) -> __itimer_which_t {
  guard which >= 0, which <= 2 else {
    errno = EINVAL
    throw timerFailure()
  }
  return __itimer_which_t(UInt32(which))
}

private let setTimer: Method = .fast(
  "setitimer($module, which, seconds, interval=0.0, /)",
  """
  Sets given itimer (one of ITIMER_REAL, ITIMER_VIRTUAL or ITIMER_PROF).

  It fires after the seconds and then every interval seconds; zero seconds stop it. Returns the old
  values as a tuple.
  """
) { _, args, count in
  new {
    let a = try Arguments(setTimer, args, count)
    let which = try a.int32(0)
    var value = itimerval(it_interval: try timeValue(a[2]), it_value: try timeValue(a[1]))
    var old = itimerval()
    if try setitimer(timer(which), &value, &old) != 0 {
      throw timerFailure()
    }
    return try timerValue(old)
  }
}

private let getTimer: Method = .o("getitimer($module, which, /)", "Returns current value of given itimer.") {
  _, object in
  new {
    let which = PyLong_AsInt(object)
    if which == -1 && hasRaised() { throw Raised() }
    var value = itimerval()
    if try getitimer(timer(which), &value) != 0 { throw timerFailure() }
    return try timerValue(value)
  }
}

private let setAction: Method = .fast(
  "signal($module, signalnum, handler, /)",
  """
  Set the action for the given signal: SIG_DFL, SIG_IGN, or a callable.

  The callable gets the signal's number and the interrupted frame. Returns the previous action.
  """
) { _, args, count in
  new {
    let a = try Arguments(setAction, args, count)
    let number = try a.int32(0)
    let handler = a.object(1)
    guard isMainThread() else {
      throw raise(
        .valueError, "signal only works in main thread of the main interpreter")
    }
    guard number >= 1 && number < Int32(Signals.count) else {
      throw raise(.valueError, "signal number out of range")
    }
    let action: UnsafeMutableRawPointer?
    if PyCallable_Check(handler) != 0 {
      action = unsafeBitCast(Signals.trip, to: UnsafeMutableRawPointer.self)
    } else {
      let value = handler.isInt ? PyLong_AsLong(handler) : -1
      PyErr_Clear()
      guard value == 0 || value == 1 else {
        throw raise(
          .typeError,
          "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object")
      }
      action = UnsafeMutableRawPointer(bitPattern: value)
    }
    try check(PyErr_CheckSignals())
    if apus_set_signal_handler(number, action) != 0 { throw raiseSystemError() }
    let old = Signals.handlers[Int(number)]
    Signals.handlers[Int(number)] = handler.retained().give()
    return Owned(adopting: old ?? noneObject())
  }
}

private let getAction: Method = .fast(
  "getsignal($module, signalnum, /)",
  """
  Return the current action for the given signal: SIG_DFL, SIG_IGN, a callable, or None when the
  handler was not installed from Python.
  """
) { _, args, count in
  new {
    let number = try signalNumber(Arguments(getAction, args, count))
    return (Signals.handlers[Int(number)] ?? noneObject()).retained()
  }
}

private let raiseSignal: Method = .o(
  "raise_signal($module, signalnum, /)", "Send a signal to the executing process."
) { _, object in
  none {
    let number = PyLong_AsInt(object)
    if number == -1 && hasRaised() { throw Raised() }
    if withoutGIL({ raise(number) }) != 0 { throw raiseSystemError() }
    try check(PyErr_CheckSignals())
  }
}

private let describe: Method = .fast(
  "strsignal($module, signalnum, /)",
  "Return the system description of the given signal; None when there is no such signal."
) { _, args, count in
  new {
    let number = try signalNumber(Arguments(describe, args, count))
    guard let text = Glibc.strsignal(number), strstr(text, "Unknown signal") == nil else {
      return noneObject().retained()
    }
    return try own(PyUnicode_FromString(text))
  }
}

private let setWakeup: Method = .keywords(
  "set_wakeup_fd($module, fd, /, *, warn_on_full_buffer=True)",
  """
  Sets the fd to be written to (with the signal number) when a signal comes in.

  The fd must be non-blocking; -1 stops it. Returns the old fd or -1.
  """
) { _, args, count, names in
  new {
    let a = try Arguments(setWakeup, args, count, names)
    let descriptor = try a.int32(0)
    let warns = try a.bool(1, default: true)
    guard isMainThread() else {
      throw raise(
        .valueError, "set_wakeup_fd only works in main thread of the main interpreter")
    }
    if descriptor != -1 {
      var status = stat()
      if fstat(descriptor, &status) != 0 {
        if errno == EBADF { throw raise(.valueError, "invalid fd") }
        throw raiseSystemError()
      }
      let flags = fcntl(descriptor, F_GETFL)
      if flags < 0 { throw raiseSystemError() }
      if flags & O_NONBLOCK == 0 {
        throw raise(.valueError, "the fd \(descriptor) must be in non-blocking mode")
      }
    }
    let old = Signals.wakeupDescriptor
    Signals.wakeupDescriptor = descriptor
    warnsOfFullBuffer = warns
    return try int(Int(old))
  }
}

private let interruptsCalls: Method = .fast(
  "siginterrupt($module, signalnum, flag, /)",
  "Change system call restart behaviour: with flag True system calls are interrupted by the signal."
) { _, args, count in
  none {
    let a = try Arguments(interruptsCalls, args, count)
    let number = try signalNumber(a)
    if apus_siginterrupt(number, try a.int32(1)) < 0 { throw raiseSystemError() }
  }
}

private let pause: Method = .noargs("pause($module, /)", "Wait until a signal arrives.") { _, _ in
  none {
    _ = withoutGIL { Glibc.pause() }
    try check(PyErr_CheckSignals())
  }
}

private let pidfdSend: Method = .fast(
  "pidfd_send_signal($module, pidfd, signalnum, siginfo=None, flags=0, /)",
  "Send a signal to a process referred to by a pid file descriptor."
) { _, args, count in
  none {
    let a = try Arguments(pidfdSend, args, count)
    let (descriptor, number) = (try a.int32(0), try a.int32(1))
    if a.optional(2) != nil { throw raise(.typeError, "siginfo must be None") }
    let flags = UInt32(bitPattern: try a.int32(3))
    if apus_pidfd_send_signal(descriptor, number, flags) < 0 { throw raiseSystemError() }
  }
}

private let killThread: Method = .fast(
  "pthread_kill($module, thread_id, signalnum, /)", "Send a signal to a thread."
) { _, args, count in
  none {
    let a = try Arguments(killThread, args, count)
    guard a.object(0).isInt else { throw a.badArgument(0, expected: "int") }
    let thread = PyLong_AsUnsignedLong(a.object(0))
    if thread == .max && hasRaised() { throw Raised() }
    let signal = try a.int32(1)
    try Audit.send(
      "signal.pthread_kill", [.int(Int(bitPattern: thread)), .int(Int(signal))])
    let number = pthread_kill(pthread_t(thread), signal)
    if number != 0 { throw raiseSystemError(number: number) }
    try check(PyErr_CheckSignals())
  }
}

// MARK: Sets of signals

/// The signals of an iterable.
private func signalSet(_ iterable: Ref) throws(Raised) -> sigset_t {
  var set = sigset_t()
  sigemptyset(&set)
  let iterator = try own(PyObject_GetIter(iterable))
  while let next = PyIter_Next(iterator.ref) {
    let item = Owned(adopting: next)
    let number = try own(PyNumber_Index(item.ref))
    var overflow: Int32 = 0
    let value = PyLong_AsLongAndOverflow(number.ref, &overflow)
    if overflow != 0 || value <= 0 || value >= Signals.count {
      throw raise(
        .valueError,
        overflow != 0
          ? "signal number out of range [1; 64]" : "signal number \(value) out of range [1; 64]")
    }
    // The C library refuses those it needs itself.
    _ = sigaddset(&set, Int32(value))
  }
  if hasRaised() { throw Raised() }
  return set
}

private func numbers(_ set: sigset_t) throws(Raised) -> Owned {
  var set = set
  let result = try own(PySet_New(nil))
  for number in 1..<Int32(Signals.count) where sigismember(&set, number) == 1 {
    let value = try int(Int(number))
    try check(PySet_Add(result.ref, value.ref))
  }
  return result
}

private let changeMask: Method = .fast(
  "pthread_sigmask($module, how, mask, /)",
  "Fetch and/or change the signal mask of the calling thread. Returns the old one."
) { _, args, count in
  new {
    let a = try Arguments(changeMask, args, count)
    let how = try a.int32(0)
    var mask = try signalSet(a.object(1))
    var old = sigset_t()
    let number = pthread_sigmask(how, &mask, &old)
    if number != 0 { throw raiseSystemError(number: number) }
    // A signal that is let through now is handled now.
    try check(PyErr_CheckSignals())
    return try numbers(old)
  }
}

private let pending: Method = .noargs(
  "sigpending($module, /)", "Examine pending signals: the set of those raised while blocked."
) { _, _ in
  new {
    var set = sigset_t()
    if sigpending(&set) != 0 { throw raiseSystemError() }
    return try numbers(set)
  }
}

private let wait: Method = .o(
  "sigwait($module, sigset, /)", "Wait for a signal of the set. Returns its number."
) { _, object in
  new {
    var set = try signalSet(object)
    var number: Int32 = 0
    while true {
      let failure = withoutGIL { sigwait(&set, &number) }
      if failure == 0 { return try int(Int(number)) }
      if failure != EINTR { throw raiseSystemError(number: failure) }
      try check(PyErr_CheckSignals())
    }
  }
}

private func information(_ info: ApusSignalInfo) throws(Raised) -> Owned {
  var result = try StructSequenceBuilder(informationType)
  try result.append(Int(info.signo))
  try result.append(Int(info.code))
  try result.append(Int(info.error))
  try result.append(Int(info.pid))
  try result.append(info.uid == -1 ? -1 : Int(UInt32(bitPattern: info.uid)))
  try result.append(Int(info.status))
  try result.append(info.band)
  return result.finish()
}

private let waitInfo: Method = .o(
  "sigwaitinfo($module, sigset, /)",
  "Wait synchronously until one of the signals in *sigset* is delivered. Returns a struct_siginfo."
) { _, object in
  new {
    var set = try signalSet(object)
    var info = ApusSignalInfo()
    try interruptibleCall { apus_sigwaitinfo(&set, &info, nil) }
    return try information(info)
  }
}

private let timedWait: Method = .fast(
  "sigtimedwait($module, sigset, timeout, /)",
  "Like sigwaitinfo(), but with a timeout in seconds, after which None is returned."
) { _, args, count in
  new {
    let a = try Arguments(timedWait, args, count)
    var set = try signalSet(a.object(0))
    let span = try Timeout.nanoseconds(a.object(1))
    if span < 0 { throw raise(.valueError, "timeout must be non-negative") }
    let deadline = Timeout.deadline(span)
    var info = ApusSignalInfo()
    var left = span
    while true {
      var time = Timeout.spec(left)
      if withoutGIL({ apus_sigwaitinfo(&set, &info, &time) }) != -1 { break }
      if errno == EAGAIN { return noneObject().retained() }
      if errno != EINTR { throw raiseSystemError() }
      try check(PyErr_CheckSignals())
      left = deadline - Timeout.now()
      if left < 0 { return noneObject().retained() }
    }
    return try information(info)
  }
}

private let valid: Method = .noargs(
  "valid_signals($module, /)", "Return a set of valid signal numbers on this platform."
) { _, _ in
  new {
    var set = sigset_t()
    if sigfillset(&set) != 0 { throw raiseSystemError() }
    return try numbers(set)
  }
}
