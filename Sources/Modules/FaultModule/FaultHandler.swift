import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects

/// The module `faulthandler`. CPython: Modules/faulthandler.c.
public let faultHandlerModule = ModuleSpec(
  "faulthandler", doc: "Tracebacks on faults, after a timeout and on signals.",
  methods: [
    enable, disable, isEnabled, dumpTraceback, dumpTracebackLater, cancelDumpTracebackLater,
    registerSignal, unregisterSignal, readNull, raiseSegmentationFault, raiseAbort,
    raiseFloatingPoint, fatalErrorInThread, overflowStack,
  ],
  exec: { _ in
    FaultSignals.prepare()
    return 0
  })

/// Where tracebacks go: a descriptor, and the file it is of, which is kept open.
struct TraceTarget {
  var descriptor: Int32
  /// An owned reference, nil for a plain descriptor.
  var file: Ref?

  /// From a file object, a descriptor, or nil for `sys.stderr`.
  static func make(_ given: Ref?) throws(Raised) -> TraceTarget {
    var file = given
    if file == nil || file?.isNone == true {
      guard let standard = PySys_GetObject("stderr") else {
        throw raise(.runtimeError, "unable to get sys.stderr")
      }
      if standard.isNone { throw raise(.runtimeError, "sys.stderr is None") }
      file = standard
    } else if let number = file, number.isInt {
      let descriptor = PyLong_AsInt(number)
      if descriptor == -1 && hasRaised() { throw Raised() }
      if descriptor < 0 { throw raise(.valueError, "file is not a valid file descripter") }
      return TraceTarget(descriptor: descriptor, file: nil)
    }
    guard let file else { throw Raised() }
    let held = file.retained()
    let answer = try own(PyObject_CallMethodNoArgs(held.ref, fileno))
    var descriptor: Int32 = -1
    if answer.ref.isInt {
      let number = PyLong_AsLong(answer.ref)
      if number == -1 && hasRaised() { PyErr_Clear() }
      if number >= 0 && number < Int(Int32.max) { descriptor = Int32(number) }
    }
    if descriptor == -1 {
      throw raise(.runtimeError, "file.fileno() is not a valid file descriptor")
    }
    if let flushed = PyObject_CallMethodNoArgs(held.ref, id_flush()) {
      Py_DECREF(flushed)
    } else {
      PyErr_Clear()
    }
    return TraceTarget(descriptor: descriptor, file: held.give())
  }

  nonisolated(unsafe) private static let fileno = PermanentName.make("fileno")
}

/// The thread state of the calling thread, also without the GIL.
func threadOfCaller() -> UnsafeMutablePointer<PyThreadState>? {
  PyGILState_GetThisThreadState()
}

/// Writes tracebacks; safe in a signal handler.
func dumpTracebacks(_ descriptor: Int32, allThreads: Bool) {
  let thread = threadOfCaller()
  if allThreads {
    if let interpreter = thread?.pointee.interp ?? PyInterpreterState_Main() {
      RawTraceback.writeAll(interpreter, current: thread, to: descriptor)
    }
  } else if let thread {
    RawTraceback.write(thread, to: descriptor)
  }
}

// MARK: Functions

private let enable: Method = .keywords(
  "enable($module, /, file=sys.stderr, all_threads=True)",
  "Write tracebacks to file when a fault kills the process."
) { _, args, count, names in
  none {
    let a = try Arguments(enable, args, count, names)
    let all = try a.bool(1, default: true)
    let target = try TraceTarget.make(a[0])
    try FaultSignals.enable(target, allThreads: all)
  }
}

private let disable: Method = .noargs(
  "disable($module, /)", "Leave faults to the system; tells whether they were handled."
) { _, _ in boolObject(FaultSignals.disable()) }

private let isEnabled: Method = .noargs(
  "is_enabled($module, /)", "Whether faults are handled."
) { _, _ in boolObject(FaultSignals.isEnabled) }

private let dumpTraceback: Method = .keywords(
  "dump_traceback($module, /, file=sys.stderr, all_threads=True)",
  "Write the traceback of this thread, or of all threads, to file now."
) { _, args, count, names in
  none {
    let a = try Arguments(dumpTraceback, args, count, names)
    let all = try a.bool(1, default: true)
    let target = try TraceTarget.make(a[0])
    dumpTracebacks(target.descriptor, allThreads: all)
    Py_XDECREF(target.file)
    try check(PyErr_CheckSignals())
  }
}

private let dumpTracebackLater: Method = .keywords(
  "dump_traceback_later($module, /, timeout, repeat=False, file=sys.stderr, exit=False)",
  "Write the tracebacks of all threads in timeout seconds, or each timeout seconds with repeat.\nWith exit the process ends then, by _exit(1)."
) { _, args, count, names in
  none {
    let a = try Arguments(dumpTracebackLater, args, count, names)
    let span = try Watchdog.nanoseconds(a.object(0))
    let repeats = try a.bool(1)
    let exits = try a.bool(3)
    let target = try TraceTarget.make(a[2])
    try Watchdog.start(target, nanoseconds: span, repeats: repeats, exits: exits)
  }
}

private let cancelDumpTracebackLater: Method = .noargs(
  "cancel_dump_traceback_later($module, /)", "Call off what dump_traceback_later() asked for."
) { _, _ in
  Watchdog.cancel()
  return noneObject()
}

private let registerSignal: Method = .keywords(
  "register($module, /, signum, file=sys.stderr, all_threads=True, chain=False)",
  "Write tracebacks to file when the signal arrives; with chain the handler before runs too."
) { _, args, count, names in
  none {
    let a = try Arguments(registerSignal, args, count, names)
    let number = try a.int32(0)
    try UserSignals.check(number)
    let all = try a.bool(2, default: true)
    let chains = try a.bool(3)
    let target = try TraceTarget.make(a[1])
    try UserSignals.register(number, target, allThreads: all, chains: chains)
  }
}

private let unregisterSignal: Method = .o(
  "unregister($module, signum, /)", "Undo register(); tells whether the signal was registered."
) { _, signal in
  bool {
    let number = PyLong_AsInt(signal)
    if number == -1 && hasRaised() { throw Raised() }
    try UserSignals.check(number)
    return UserSignals.unregister(number)
  }
}

// MARK: Faults, for tests

private func withoutCoreDump() {
  var limit = rlimit()
  if getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0 {
    limit.rlim_cur = 0
    _ = setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
  }
}

private let readNull: Method = .noargs(
  "_read_null($module, /)", "Read from address 0."
) { _, _ in
  withoutCoreDump()
  raiseSignal(SIGSEGV)
  return noneObject()
}

private func raiseSignal(_ number: Int32) { _ = raise(number) }

private let raiseSegmentationFault: Method = .fast(
  "_sigsegv($module, release_gil=False, /)", "Raise SIGSEGV."
) { _, args, count in
  none {
    let a = try Arguments(raiseSegmentationFault, args, count)
    let releases = try a.bool(0)
    withoutCoreDump()
    if releases {
      withoutGIL { raiseSignal(SIGSEGV) }
    } else {
      raiseSignal(SIGSEGV)
    }
  }
}

private let raiseAbort: Method = .noargs("_sigabrt($module, /)", "Raise SIGABRT.") { _, _ in
  withoutCoreDump()
  abort()
}

private let raiseFloatingPoint: Method = .noargs("_sigfpe($module, /)", "Raise SIGFPE.") { _, _ in
  withoutCoreDump()
  raiseSignal(SIGFPE)
  return noneObject()
}

private let fatalErrorInThread: Method = .noargs(
  "_fatal_error_c_thread($module, /)", "Call Py_FatalError() in a thread without Python state."
) { _, _ in
  withoutCoreDump()
  var thread = pthread_t()
  _ = pthread_create(
    &thread, nil,
    { _ in _Py_FatalErrorFunc("faulthandler_fatal_error_thread", "in new thread") }, nil)
  withoutGIL { _ = pthread_join(thread, nil) }
  return noneObject()
}

/// Fills the stack.
@inline(never) private func descend(_ depth: Int, _ limit: UInt) -> Int {
  withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 16) { buffer in
    guard let base = buffer.baseAddress else { return depth }
    base.storeBytes(of: UInt8(truncatingIfNeeded: depth), as: UInt8.self)
    (base + 4095).storeBytes(of: UInt8(truncatingIfNeeded: depth), as: UInt8.self)
    if UInt(bitPattern: base) < limit { return depth }
    return descend(depth + 1, limit) &+ Int(base.load(as: UInt8.self)) &- Int(
      base.load(as: UInt8.self))
  }
}

private let overflowStack: Method = .noargs(
  "_stack_overflow($module, /)", "Use up the native stack."
) { _, _ in
  new {
    withoutCoreDump()
    var mark = 0
    let here = withUnsafePointer(to: &mark) { UInt(bitPattern: $0) }
    let most: UInt = 100 * 1024 * 1024
    let depth = descend(0, here > most ? here - most : 0)
    throw Objects.raise(
      .runtimeError,
      "unable to raise a stack overflow (allocated \(most) bytes on the stack, \(depth) recursive "
        + "calls)")
  }
}
