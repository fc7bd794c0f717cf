import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// Where threads wait for an event. All fields but the word change only under the GIL, so a lock
/// that is free is taken without an atomic instruction.
struct Parking {
  /// Counts the wake-ups; a sleeper gives the kernel the count it saw.
  private var word: UInt32 = 0
  private var sleepers: Int32 = 0

  init() {}

  /// Wakes sleepers, all or one. Called with the GIL.
  mutating func wake(all: Bool) {
    if sleepers == 0 { return }
    withUnsafeMutablePointer(to: &word) { word in
      _ = apus_atomic_increment(word)
      apus_futex_wake(word, all ? Int32.max : 1)
    }
  }

  enum Outcome { case woken, timedOut, interrupted }

  /// Sleeps without the GIL until a wake-up, a time of CLOCK_MONOTONIC in nanoseconds (nil: for
  /// ever) or a signal. The object that holds `self` stays alive and in place.
  static func sleep(_ place: UnsafeMutablePointer<Parking>, until deadline: Int?) -> Outcome {
    let seen = place.pointee.word
    place.pointee.sleepers += 1
    let word = UnsafeMutableRawPointer(place).assumingMemoryBound(to: UInt32.self)
    let number = withoutGIL {
      guard let deadline else { return apus_futex_wait(word, seen, nil) }
      var time = Timeout.spec(deadline)
      return apus_futex_wait(word, seen, &time)
    }
    place.pointee.sleepers -= 1
    switch number {
    case ETIMEDOUT: return .timedOut
    case EINTR: return .interrupted
    default: return .woken
    }
  }

  /// Waits until `condition` holds. False when the time is over. Raises what signal handlers raise.
  static func wait(
    _ place: UnsafeMutablePointer<Parking>, until deadline: Int?, _ condition: () -> Bool
  ) throws(Raised) -> Bool {
    while !condition() {
      switch sleep(place, until: deadline) {
      case .woken: continue
      case .timedOut: return condition()
      case .interrupted: try check(PyErr_CheckSignals())
      }
    }
    return true
  }
}

/// The `blocking` and `timeout` arguments of `acquire`.
struct AcquireArguments {
  /// nil: for ever. 0: do not wait.
  let deadline: Int?
  let isBlocking: Bool

  init(_ a: Arguments) throws(Raised) {
    let blocking = try a.bool(0, default: true)
    var span = -1_000_000_000
    if let timeout = a[1] { span = try Timeout.nanoseconds(timeout) }
    if !blocking && span != -1_000_000_000 {
      throw raise(.valueError, "can't specify a timeout for a non-blocking call")
    }
    if span < 0 && span != -1_000_000_000 {
      throw raise(.valueError, "timeout value must be a non-negative number")
    }
    if span > 0 && span / 1000 > LockLimits.longestMicroseconds {
      throw raise(.overflowError, "timeout value is too large")
    }
    isBlocking = blocking && span != 0
    deadline = span > 0 ? Timeout.deadline(span) : nil
  }
}

enum LockLimits {
  /// The longest wait, `TIMEOUT_MAX` seconds.
  static let longestMicroseconds = Int.max / 1000
}
