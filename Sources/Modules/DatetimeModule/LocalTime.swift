import CPythonABI
import Glibc
import Objects

/// POSIX timestamps and the zone of this machine.
enum LocalTime {
  /// Seconds; no transition moves clocks by more.
  private static let mostFold = 24 * 3600
  /// 1970-01-01 in seconds since 0000-12-31.
  static let epoch = CalendarDays.epoch * 86_400

  // MARK: Timestamps

  private static func raiseRange() -> Raised {
    raise(.overflowError, "timestamp out of range for platform time_t")
  }

  private static func integer(_ timestamp: Ref) throws(Raised) -> Int {
    let value = PyLong_AsLongLong(timestamp)
    if value == -1 && hasRaised() {
      if PyErr_ExceptionMatches(.overflowError) != 0 { throw raiseRange() }
      throw Raised()
    }
    return Int(value)
  }

  /// A timestamp in seconds, rounded down.
  static func seconds(_ timestamp: Ref) throws(Raised) -> Int {
    guard timestamp.isInstance(of: floatType()) else { return try integer(timestamp) }
    let value = timestamp.view(PyFloatObject.self).pointee.ob_fval
    if value.isNaN { throw raise(.valueError, "Invalid value NaN (not a number)") }
    let whole = value.rounded(.down)
    guard whole >= -9.223372036854775808e18, whole < 9.223372036854775808e18 else {
      throw raiseRange()
    }
    return Int(whole)
  }

  /// A timestamp in seconds and microseconds, rounded half to even.
  static func moment(_ timestamp: Ref) throws(Raised) -> (seconds: Int, microseconds: Int) {
    guard timestamp.isInstance(of: floatType()) else { return (try integer(timestamp), 0) }
    let value = timestamp.view(PyFloatObject.self).pointee.ob_fval
    if value.isNaN { throw raise(.valueError, "Invalid value NaN (not a number)") }
    var whole = value.rounded(.towardZero)
    var part = ((value - whole) * 1e6).rounded(.toNearestOrEven)
    if part >= 1e6 {
      part -= 1e6
      whole += 1
    } else if part < 0 {
      part += 1e6
      whole -= 1
    }
    guard whole >= -9.223372036854775808e18, whole < 9.223372036854775808e18 else {
      throw raiseRange()
    }
    return (Int(whole), Int(part))
  }

  /// The clock, rounded down to microseconds.
  static func now() -> (seconds: Int, microseconds: Int) {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return (now.tv_sec, now.tv_nsec / 1000)
  }

  // MARK: Calendars

  private static func raiseErrno(_ number: Int32) -> Raised {
    errno = number == 0 ? EINVAL : number
    _ = PyErr_SetFromErrno(.osError)
    return Raised()
  }

  static func local(_ seconds: Int) throws(Raised) -> tm {
    var time = seconds
    var result = tm()
    errno = 0
    guard localtime_r(&time, &result) != nil else { throw raiseErrno(errno) }
    return result
  }

  static func utc(_ seconds: Int) throws(Raised) -> tm {
    var time = seconds
    var result = tm()
    errno = 0
    guard gmtime_r(&time, &result) != nil else { throw raiseErrno(errno) }
    return result
  }

  /// Seconds since 0000-12-31 of a calendar moment. Raises ValueError for other years.
  static func count(
    _ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ second: Int
  ) throws(Raised) -> Int {
    guard year >= CalendarDays.firstYear, year <= CalendarDays.lastYear else {
      throw raise(.valueError, "year \(year) is out of range")
    }
    let days = CalendarDays.ordinal(year, month, day)
    return ((days &* 24 &+ hour) &* 60 &+ minute) &* 60 &+ second
  }

  /// What local clocks show at a moment of UTC; both in seconds since 0000-12-31.
  private static func shown(_ moment: Int) throws(Raised) -> Int {
    let clock = try local(moment &- epoch)
    return try count(
      Int(clock.tm_year) &+ 1900, Int(clock.tm_mon) &+ 1, Int(clock.tm_mday), Int(clock.tm_hour),
      Int(clock.tm_min), Int(clock.tm_sec))
  }

  /// The moment (seconds since 0000-12-31, UTC) at which local clocks show `clock`. In a fold the
  /// first one, or the second when `fold` is 1; in a gap as if the clocks had not moved.
  /// PEP 495.
  static func moment(ofLocal clock: Int, fold: Int) throws(Raised) -> Int {
    let offset = try shown(clock) &- clock
    let first = clock &- offset
    let shownFirst = try shown(first)
    let other: Int
    if shownFirst == clock {
      // One solution; there may be an earlier or a later one.
      let probe = fold != 0 ? first &+ mostFold : first &- mostFold
      other = try shown(probe) &- probe
      if other == offset { return first }
    } else {
      other = shownFirst &- first
    }
    let second = clock &- other
    if try shown(second) == clock { return second }
    if shownFirst == clock { return first }
    return fold != 0 ? Swift.min(first, second) : Swift.max(first, second)
  }

  /// 1 when clocks showed the same a while before: `clock` is what they show at `seconds`.
  static func fold(at seconds: Int, clock: Int) throws(Raised) -> Int {
    let before = try shown(epoch &+ seconds &- mostFold)
    let change = clock &- before &- mostFold
    guard change < 0 else { return 0 }
    return try shown(epoch &+ seconds &+ change) == clock ? 1 : 0
  }

  /// The fixed zone of local clocks at a timestamp.
  static func zone(at seconds: Int) throws(Raised) -> Owned {
    let clock = try local(seconds)
    let offset = try TimeDelta.normalized(0, clock.tm_gmtoff, 0)
    guard let name = clock.tm_zone else { return try FixedZone.make(offset.ref, nil) }
    let text = try own(PyUnicode_DecodeLocale(name, "surrogateescape"))
    return try FixedZone.make(offset.ref, text.ref)
  }
}
