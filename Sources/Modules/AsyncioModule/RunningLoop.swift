import CPythonABI
import Glibc
import Objects

/// The event loop that runs in each thread. It is in the thread's dict, so that it goes with the
/// thread; the last one used is remembered. A loop does not survive a fork.
enum RunningLoop {
  /// How often this process was forked off.
  nonisolated(unsafe) private static var forks = 0
  nonisolated(unsafe) private static var cachedThread: UInt64 = .max
  /// Borrowed from the thread's dict.
  nonisolated(unsafe) private static var cachedLoop: Ref?

  static func watchForks() {
    if isWatching { return }
    isWatching = true
    _ = pthread_atfork(nil, nil) {
      RunningLoop.forks &+= 1
      RunningLoop.cachedThread = .max
      RunningLoop.cachedLoop = nil
    }
  }

  nonisolated(unsafe) private static var isWatching = false

  /// The next interpreter numbers its threads anew.
  static func forget() {
    cachedThread = .max
    cachedLoop = nil
  }

  private static var thread: UInt64 { UInt64(truncatingIfNeeded: apus_tstate().pointee.id) }

  /// The loop, borrowed, nil without one.
  static func get() throws(Raised) -> Ref? {
    let thread = thread
    if thread == cachedThread { return cachedLoop }
    guard let dict = PyThreadState_GetDict() else { return nil }
    guard let entry = PyDict_GetItemWithError(dict, AsyncioState.names.runningLoop) else {
      if hasRaised() { throw Raised() }
      return nil
    }
    guard entry.isTuple, apus_var_size(entry) == 2,
      PyLong_AsLong(apus_tuple_item(entry, 1)) == forks
    else { return nil }
    let loop = apus_tuple_item(entry, 0)
    if loop.isNone { return nil }
    cachedThread = thread
    cachedLoop = loop
    return loop
  }

  static func set(_ loop: Ref) throws(Raised) {
    cachedThread = .max
    cachedLoop = nil
    guard let dict = PyThreadState_GetDict() else {
      throw raise(.runtimeError, "thread-local storage is not available")
    }
    let entry = try tuple(loop.retained(), try int(forks))
    try check(PyDict_SetItem(dict, AsyncioState.names.runningLoop, entry.ref))
    cachedThread = thread
    cachedLoop = loop.isNone ? nil : loop
  }

  /// The running loop, else the one of the policy.
  static func orPolicy() throws(Raised) -> Owned {
    if let loop = try get() { return loop.retained() }
    let policy = try own(PyObject_CallNoArgs(AsyncioState.getPolicy))
    return try own(PyObject_CallMethodNoArgs(policy.ref, AsyncioState.names.getEventLoop))
  }
}
