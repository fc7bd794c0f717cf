import CPythonABI
import Objects
import SystemCalls

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
