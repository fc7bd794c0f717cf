import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// Making a system call on a socket that may have a timeout. CPython: sock_call_ex.
extension SocketObject {
  enum Direction { case reading, writing, connecting }

  /// Waits for the descriptor: false when the time is over. -1 waits for ever. EINTR is left to the
  /// caller as nil.
  private static func wait(
    _ descriptor: Int32, _ direction: Direction, _ span: Int
  ) throws(Raised) -> Bool? {
    if descriptor < 0 { return true }
    let events: Int32 =
      switch direction {
      case .reading: POLLIN
      case .writing: POLLOUT
      case .connecting: POLLOUT | POLLERR
      }
    var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
    let milliseconds =
      span < 0 ? -1 : Int32(clamping: span / 1_000_000 + (span % 1_000_000 > 0 ? 1 : 0))
    let found = withoutGIL { poll(&entry, 1, milliseconds) }
    if found < 0 {
      if errno == EINTR { return nil }
      throw raiseSystemError()
    }
    return found > 0
  }

  static func timedOut() -> Raised { raise(.timeoutError, "timed out") }

  /// Calls `body` without the GIL until it succeeds (a result that is not negative), waiting for the
  /// descriptor within the timeout (nanoseconds; -1 none, 0 never wait). Signal handlers run and
  /// the call goes on (PEP 475).
  @discardableResult
  static func call(
    _ object: Ref, _ direction: Direction, timeout: Int, _ body: () -> Int
  ) throws(Raised) -> Int {
    var deadline: Int?
    let mustWait = timeout > 0 || direction == .connecting
    while true {
      if mustWait {
        var span = timeout
        if timeout > 0 {
          if let end = deadline {
            span = end - Timeout.now()
          } else {
            deadline = Timeout.deadline(timeout)
          }
          if span < 0 { throw timedOut() }
        }
        guard let isReady = try wait(view(object).pointee.sock_fd, direction, span) else {
          try check(PyErr_CheckSignals())
          continue
        }
        if !isReady { throw timedOut() }
      }
      while true {
        let result = withoutGIL(body)
        if result >= 0 { return result }
        if errno != EINTR { break }
        try check(PyErr_CheckSignals())
      }
      if timeout > 0 && (errno == EWOULDBLOCK || errno == EAGAIN) { continue }
      throw raiseSystemError()
    }
  }

  @discardableResult
  static func call(_ object: Ref, _ direction: Direction, _ body: () -> Int) throws(Raised) -> Int {
    try call(object, direction, timeout: view(object).pointee.sock_timeout, body)
  }
}
