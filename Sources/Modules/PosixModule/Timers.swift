import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// Timers as file descriptors.
enum Timers {
  static let methods: [Method] = [create, setTime, setTimeNanoseconds, getTime, getTimeNanoseconds]

  static let create: Method = .keywords(
    "timerfd_create($module, clockid, /, *, flags=0)",
    "Create and return a timer file descriptor of CLOCK_REALTIME or CLOCK_MONOTONIC (TFD_* flags)."
  ) { _, args, count, names in
    new {
      let a = try Arguments(create, args, count, names)
      let clock = try a.int32(0)
      let flags = try a.int32(1, default: O_CLOEXEC)
      // As all descriptors Python makes: not inherited.
      return try int(Int(systemCall { apus_timerfd_create(clock, flags | O_CLOEXEC) }))
    }
  }

  private static func time(_ nanoseconds: Int) -> timespec {
    var seconds = nanoseconds / 1_000_000_000
    var rest = nanoseconds % 1_000_000_000
    if rest < 0 {
      rest += 1_000_000_000
      seconds -= 1
    }
    return timespec(tv_sec: seconds, tv_nsec: rest)
  }

  private static func nanoseconds(_ seconds: Double) throws(Raised) -> Int {
    let scaled = (seconds * 1e9).rounded(.down)
    guard scaled >= -9.2e18 && scaled <= 9.2e18 else {
      throw raise(.overflowError, "timestamp too large to convert to C PyTime_t")
    }
    return Int(scaled)
  }

  private static func pair(_ value: itimerspec, seconds: Bool) throws(Raised) -> Owned {
    func number(_ time: timespec) throws(Raised) -> Owned {
      seconds
        ? try own(PyFloat_FromDouble(Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9))
        : try int(time.tv_sec &* 1_000_000_000 &+ time.tv_nsec)
    }
    return try tuple(number(value.it_value), number(value.it_interval))
  }

  private static func set(
    _ descriptor: Int32, _ flags: Int32, _ initial: Int, _ interval: Int, seconds: Bool
  ) throws(Raised) -> Owned {
    var value = itimerspec(it_interval: time(interval), it_value: time(initial))
    var old = itimerspec()
    try systemCall { apus_timerfd_settime(descriptor, flags, &value, &old) }
    return try pair(old, seconds: seconds)
  }

  static let setTime: Method = .keywords(
    "timerfd_settime($module, fd, /, *, flags=0, initial=0.0, interval=0.0)",
    "Alter a timer file descriptor's internal timer in seconds."
  ) { _, args, count, names in
    new {
      let a = try Arguments(setTime, args, count, names)
      return try set(
        a.fileno(0), a.int32(1), nanoseconds(a.double(2)), nanoseconds(a.double(3)), seconds: true)
    }
  }

  static let setTimeNanoseconds: Method = .keywords(
    "timerfd_settime_ns($module, fd, /, *, flags=0, initial=0, interval=0)",
    "Alter a timer file descriptor's internal timer in nanoseconds."
  ) { _, args, count, names in
    new {
      let a = try Arguments(setTimeNanoseconds, args, count, names)
      return try set(a.fileno(0), a.int32(1), a.offset(2), a.offset(3), seconds: false)
    }
  }

  private static func get(_ object: Ref, seconds: Bool) throws(Raised) -> Owned {
    let descriptor = try DescriptorArgument.fileno(object)
    var value = itimerspec()
    try systemCall { apus_timerfd_gettime(descriptor, &value) }
    return try pair(value, seconds: seconds)
  }

  static let getTime: Method = .o(
    "timerfd_gettime($module, fd, /)",
    "Return a tuple of a timer file descriptor's (next expiration, interval) in float seconds."
  ) { _, object in new { try get(object, seconds: true) } }
  static let getTimeNanoseconds: Method = .o(
    "timerfd_gettime_ns($module, fd, /)",
    "Return a tuple of a timer file descriptor's (next expiration, interval) in nanoseconds."
  ) { _, object in new { try get(object, seconds: false) } }
}
