import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects

/// Where threads wait for an event. All fields but the word change only under the GIL, so a lock
/// that is free is taken without an atomic instruction.
public struct Parking {
  /// Counts the wake-ups; a sleeper gives the kernel the count it saw.
  private var word: UInt32 = 0
  private var sleepers: Int32 = 0

  public init() {}

  /// Wakes sleepers, all or one. Called with the GIL.
  public mutating func wake(all: Bool) {
    if sleepers == 0 { return }
    withUnsafeMutablePointer(to: &word) { word in
      _ = apus_atomic_increment(word)
      apus_futex_wake(word, all ? Int32.max : 1)
    }
  }

  public enum Outcome { case woken, timedOut, interrupted }

  /// Sleeps without the GIL until a wake-up, a time of CLOCK_MONOTONIC in nanoseconds (nil: for
  /// ever) or a signal. The object that holds `self` stays alive and in place.
  public static func sleep(_ place: UnsafeMutablePointer<Parking>, until deadline: Int?) -> Outcome {
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
  public static func wait(
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
