import CPythonABI
import Glibc
import Objects

/// Time spans and points as Python numbers, in whole nanoseconds. CPython: Python/pytime.c.
public enum Timeout {
  public enum Rounding { case floor, ceiling, halfEven, up }

  /// Nanoseconds of a number of seconds given as int or float (`_PyTime_FromSecondsObject`).
  public static func nanoseconds(
    _ object: Ref, _ rounding: Rounding = .ceiling
  ) throws(Raised) -> Int {
    if object.isInstance(of: floatType()) {
      let seconds = PyFloat_AsDouble(object)
      if seconds.isNaN { throw raise(.valueError, "Invalid value NaN (not a number)") }
      return try nanoseconds(seconds: seconds, rounding)
    }
    guard PyIndex_Check(object) != 0 else {
      throw raise(
        .typeError, "'\(object.type.fullName)' object cannot be interpreted as an integer")
    }
    let number = try own(PyNumber_Index(object))
    var overflow: Int32 = 0
    let seconds = PyLong_AsLongAndOverflow(number.ref, &overflow)
    let (product, wide) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if overflow != 0 || wide {
      throw raise(.overflowError, "timestamp too large to convert to C PyTime_t")
    }
    return product
  }

  public static func nanoseconds(
    seconds: Double, _ rounding: Rounding
  ) throws(Raised) -> Int {
    let scaled = seconds * 1e9
    let rounded: Double =
      switch rounding {
      case .floor: scaled.rounded(.down)
      case .ceiling: scaled.rounded(.up)
      case .halfEven: scaled.rounded(.toNearestOrEven)
      case .up: scaled.rounded(.awayFromZero)
      }
    guard rounded >= -9223372036854775808.0 && rounded < 9223372036854775808.0 else {
      throw tooLarge()
    }
    return Int(rounded)
  }

  private static func tooLarge() -> Raised {
    raise(.overflowError, "timestamp out of range for platform time_t")
  }

  /// CLOCK_MONOTONIC in nanoseconds.
  public static func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec &* 1_000_000_000 &+ time.tv_nsec
  }

  public static func spec(_ nanoseconds: Int) -> timespec {
    var seconds = nanoseconds / 1_000_000_000
    var rest = nanoseconds % 1_000_000_000
    if rest < 0 {
      seconds -= 1
      rest += 1_000_000_000
    }
    return timespec(tv_sec: seconds, tv_nsec: rest)
  }

  /// A point in time so many nanoseconds from now, without overflow.
  public static func deadline(_ span: Int) -> Int {
    let (sum, overflow) = now().addingReportingOverflow(span)
    return overflow ? Int.max : sum
  }
}
