import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// The clocks: `time()`, `perf_counter()`, `sleep()` and the like. CPython: Modules/timemodule.c.
enum Clocks {
  static let methods: [Method] = [
    time, timeNanoseconds, clockGetTime, clockGetTimeNanoseconds, clockSetTime,
    clockSetTimeNanoseconds, clockGetResolution, threadClock, sleep, monotonic,
    monotonicNanoseconds, processTime, processTimeNanoseconds, threadTime, threadTimeNanoseconds,
    perfCounter, perfCounterNanoseconds, clockInfo,
  ]

  private static func read(_ clock: clockid_t) throws(Raised) -> timespec {
    var value = timespec()
    if clock_gettime(clock, &value) != 0 { throw raiseSystemError() }
    return value
  }

  /// Seconds as a float, rounded once.
  private static func seconds(_ clock: clockid_t) throws(Raised) -> Owned {
    let value = try read(clock)
    let total = value.tv_sec &* 1_000_000_000 &+ value.tv_nsec
    return try own(PyFloat_FromDouble(Double(total) / 1e9))
  }

  private static func nanoseconds(_ clock: clockid_t) throws(Raised) -> Owned {
    let value = try read(clock)
    return try int(value.tv_sec &* 1_000_000_000 &+ value.tv_nsec)
  }

  private static let time: Method = .noargs(
    "time($self, /)", "time() -> floating-point number\n\nSeconds since the Epoch, with their fraction."
  ) { _, _ in new { try seconds(CLOCK_REALTIME) } }
  private static let timeNanoseconds: Method = .noargs(
    "time_ns($self, /)", "time_ns() -> int\n\nNanoseconds since the Epoch."
  ) { _, _ in new { try nanoseconds(CLOCK_REALTIME) } }
  private static let monotonic: Method = .noargs(
    "monotonic($self, /)", "monotonic() -> float\n\nA clock that never goes backward, in seconds."
  ) { _, _ in new { try seconds(CLOCK_MONOTONIC) } }
  private static let monotonicNanoseconds: Method = .noargs(
    "monotonic_ns($self, /)", "monotonic_ns() -> int\n\nA clock that never goes backward, in nanoseconds."
  ) { _, _ in new { try nanoseconds(CLOCK_MONOTONIC) } }
  private static let perfCounter: Method = .noargs(
    "perf_counter($self, /)", "perf_counter() -> float\n\nPerformance counter for benchmarking, in seconds."
  ) { _, _ in new { try seconds(CLOCK_MONOTONIC) } }
  private static let perfCounterNanoseconds: Method = .noargs(
    "perf_counter_ns($self, /)", "perf_counter_ns() -> int\n\nPerformance counter for benchmarking, in nanoseconds."
  ) { _, _ in new { try nanoseconds(CLOCK_MONOTONIC) } }
  private static let processTime: Method = .noargs(
    "process_time($self, /)", "process_time() -> float\n\nProcessor time of the process, kernel and user, in seconds."
  ) { _, _ in new { try seconds(CLOCK_PROCESS_CPUTIME_ID) } }
  private static let processTimeNanoseconds: Method = .noargs(
    "process_time_ns($self, /)", "process_time() -> int\n\nProcessor time of the process, kernel and user, in nanoseconds."
  ) { _, _ in new { try nanoseconds(CLOCK_PROCESS_CPUTIME_ID) } }
  private static let threadTime: Method = .noargs(
    "thread_time($self, /)", "thread_time() -> float\n\nProcessor time of the thread, kernel and user, in seconds."
  ) { _, _ in new { try seconds(CLOCK_THREAD_CPUTIME_ID) } }
  private static let threadTimeNanoseconds: Method = .noargs(
    "thread_time_ns($self, /)", "thread_time() -> int\n\nProcessor time of the thread, kernel and user, in nanoseconds."
  ) { _, _ in new { try nanoseconds(CLOCK_THREAD_CPUTIME_ID) } }

  // MARK: Clocks by number

  private static func clock(_ object: Ref) throws(Raised) -> clockid_t {
    guard PyIndex_Check(object) != 0 else {
      throw raise(.typeError, "clk_id should be integer, not \(object.type.fullName)")
    }
    let number = try own(PyNumber_Index(object))
    let value = PyLong_AsInt(number.ref)
    if value == -1 && hasRaised() { throw Raised() }
    return value
  }

  private static let clockGetTime: Method = .o(
    "clock_gettime($module, clk_id, /)", "Return the time of the specified clock clk_id as a float."
  ) { _, object in new { try seconds(clock(object)) } }
  private static let clockGetTimeNanoseconds: Method = .o(
    "clock_gettime_ns($module, clk_id, /)", "Return the time of the specified clock clk_id as nanoseconds (int)."
  ) { _, object in new { try nanoseconds(clock(object)) } }
  private static let clockGetResolution: Method = .variable(
    "clock_getres", "clock_getres(clk_id) -> floating-point number\n\nThe resolution of a clock in seconds."
  ) { _, args in
    new {
      try checkPositional("clock_getres", apus_var_size(args), least: 1, most: 1)
      var value = timespec()
      if clock_getres(try clock(apus_tuple_item(args, 0)), &value) != 0 {
        throw raiseSystemError()
      }
      return try own(PyFloat_FromDouble(Double(value.tv_sec) + Double(value.tv_nsec) * 1e-9))
    }
  }
  private static func set(_ clock: clockid_t, _ nanoseconds: Int) throws(Raised) {
    var value = Timeout.spec(nanoseconds)
    if clock_settime(clock, &value) != 0 { throw raiseSystemError() }
  }
  private static let clockSetTime: Method = .variable(
    "clock_settime", "clock_settime(clk_id, time)\n\nSet a clock to a time in seconds."
  ) { _, args in
    none {
      try checkPositional("clock_settime", apus_var_size(args), least: 2, most: 2)
      let number = try clock(apus_tuple_item(args, 0))
      try set(number, Timeout.nanoseconds(apus_tuple_item(args, 1), .floor))
    }
  }
  private static let clockSetTimeNanoseconds: Method = .variable(
    "clock_settime_ns", "clock_settime_ns(clk_id, time)\n\nSet a clock to a time in nanoseconds."
  ) { _, args in
    none {
      try checkPositional("clock_settime_ns", apus_var_size(args), least: 2, most: 2)
      let number = try clock(apus_tuple_item(args, 0))
      let value = PyLong_AsLongLong(apus_tuple_item(args, 1))
      if value == -1 && hasRaised() { throw Raised() }
      try set(number, Int(value))
    }
  }
  private static let threadClock: Method = .variable(
    "pthread_getcpuclockid", "pthread_getcpuclockid(thread_id) -> int\n\nThe clock of a thread's processor time."
  ) { _, args in
    new {
      try checkPositional("pthread_getcpuclockid", apus_var_size(args), least: 1, most: 1)
      let object = apus_tuple_item(args, 0)
      guard object.isInt else {
        throw raise(
          .typeError, "pthread_getcpuclockid() argument 1 must be int, not \(object.type.fullName)")
      }
      let thread = PyLong_AsUnsignedLongMask(object)
      if thread == .max && hasRaised() { throw Raised() }
      var clock = clockid_t()
      let number = pthread_getcpuclockid(pthread_t(thread), &clock)
      if number != 0 { throw raiseSystemError(number: number) }
      return try int(Int(clock))
    }
  }

  // MARK: Sleep

  private static let sleep: Method = .o(
    "sleep($self, object, /)",
    "sleep(seconds)\n\nDelay execution for a given number of seconds, which may have a fraction."
  ) { _, object in
    none {
      try Audit.send("time.sleep", [.object(object)])
      let span = try Timeout.nanoseconds(object)
      if span < 0 { throw raise(.valueError, "sleep length must be non-negative") }
      let deadline = Timeout.spec(Timeout.deadline(span))
      while true {
        // An absolute time, so that signals do not make it longer.
        let number = withoutGIL {
          var until = deadline
          return clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nil)
        }
        if number == 0 { return }
        if number != EINTR { throw raiseSystemError(number: number) }
        try check(PyErr_CheckSignals())
      }
    }
  }

  // MARK: get_clock_info

  private static let clockInfo: Method = .variable(
    "get_clock_info", "get_clock_info(name: str) -> dict\n\nInformation on a clock by its function's name."
  ) { _, args in
    new {
      try checkPositional("get_clock_info", apus_var_size(args), least: 1, most: 1)
      let name = apus_tuple_item(args, 0)
      guard name.isStr else {
        throw raise(.typeError, "get_clock_info() argument 1 must be str, not \(name.type.fullName)")
      }
      let (clock, label): (clockid_t, String)
      switch text(of: name) {
      case "time": (clock, label) = (CLOCK_REALTIME, "CLOCK_REALTIME")
      case "monotonic", "perf_counter": (clock, label) = (CLOCK_MONOTONIC, "CLOCK_MONOTONIC")
      case "process_time": (clock, label) = (CLOCK_PROCESS_CPUTIME_ID, "CLOCK_PROCESS_CPUTIME_ID")
      case "thread_time": (clock, label) = (CLOCK_THREAD_CPUTIME_ID, "CLOCK_THREAD_CPUTIME_ID")
      default: throw raise(.valueError, "unknown clock")
      }
      var resolution = timespec()
      clock_getres(clock, &resolution)
      let dict = try own(PyDict_New())
      let implementation = try own(newString("clock_gettime(\(label))"))
      try check(PyDict_SetItemString(dict.ref, "implementation", implementation.ref))
      let isAdjustable = clock == CLOCK_REALTIME
      try check(PyDict_SetItemString(dict.ref, "monotonic", boolObject(!isAdjustable)))
      try check(PyDict_SetItemString(dict.ref, "adjustable", boolObject(isAdjustable)))
      let size = try own(
        PyFloat_FromDouble(Double(resolution.tv_sec) + Double(resolution.tv_nsec) * 1e-9))
      try check(PyDict_SetItemString(dict.ref, "resolution", size.ref))
      let types = try own("types".withCString { PyImport_ImportModule($0) })
      let namespace = try own(
        "SimpleNamespace".withCString { PyObject_GetAttrString(types.ref, $0) })
      let empty = try own(PyTuple_New(0))
      return try own(PyObject_Call(namespace.ref, empty.ref, dict.ref))
    }
  }
}
