import CPythonABI
import Glibc
import Objects

/// Signals: the C handler only notes them; Python handlers run between instructions of the main
/// thread. CPython: Modules/signalmodule.c.
public enum Signals {
  public static let count = 65

  /// Set by the C handler, one byte a signal.
  nonisolated(unsafe) static let tripped: UnsafeMutablePointer<UInt8> = {
    let flags = UnsafeMutablePointer<UInt8>.allocate(capacity: count)
    flags.initialize(repeating: 0, count: count)
    return flags
  }()
  /// Python-level handlers: a callable, SIG_DFL or SIG_IGN as ints, None, or nil when unknown.
  nonisolated(unsafe) public static let handlers: UnsafeMutablePointer<UnsafeMutablePointer<PyObject>?> = {
    let table = UnsafeMutablePointer<UnsafeMutablePointer<PyObject>?>.allocate(capacity: count)
    table.initialize(repeating: nil, count: count)
    return table
  }()
  nonisolated(unsafe) public static var mainThread: UnsafeMutablePointer<PyThreadState>?
  /// A file descriptor that gets the number of each signal as a byte (`signal.set_wakeup_fd`), or -1.
  nonisolated(unsafe) public static var wakeupDescriptor: Int32 = -1

  /// The C handler of every signal that Python handles.
  public static let trip: @convention(c) (Int32) -> Void = { number in
    let saved = errno
    if number > 0 && Int(number) < Signals.count { Signals.tripped[Int(number)] = 1 }
    if let main = Signals.mainThread { EvalBreaker.set(main, UInt(APUS_BREAK_SIGNALS)) }
    if Signals.wakeupDescriptor >= 0 {
      var byte = UInt8(truncatingIfNeeded: number)
      _ = write(Signals.wakeupDescriptor, &byte, 1)
    }
    errno = saved
  }

  /// Whether SIGINT raises KeyboardInterrupt without the module `_signal`, which takes it over
  /// when it is imported.
  nonisolated(unsafe) public static var interruptsByItself = false

  /// Handles SIGINT from the start on, unless the process is to ignore it or has a handler.
  static func handleInterrupt() {
    // Made now: the first signal may come in the middle of malloc, where nothing can be allocated.
    tripped[0] = 0
    var action = sigaction()
    guard sigaction(SIGINT, nil, &action) == 0 else { return }
    // SIG_DFL is the null pointer.
    guard unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 0 else { return }
    action = sigaction()
    action.__sigaction_handler.sa_handler = trip
    sigemptyset(&action.sa_mask)
    action.sa_flags = Int32(SA_ONSTACK)
    interruptsByItself = sigaction(SIGINT, &action, nil) == 0
  }

  /// Gives every signal that Python handles back to the system and lets go of the handlers.
  /// CPython: Modules/signalmodule.c, _PySignal_Fini.
  static func forgetHandlers() {
    for number in 1..<count {
      tripped[number] = 0
      guard let handler = handlers[number] else { continue }
      handlers[number] = nil
      if !handler.isNone && !handler.isInt { signal(Int32(number), SIG_DFL) }
      Py_DECREF(handler)
    }
    if interruptsByItself { signal(SIGINT, SIG_DFL) }
    interruptsByItself = false
    wakeupDescriptor = -1
  }

  /// Notes a signal as if it had arrived (`_thread.interrupt_main`).
  public static func simulate(_ number: Int32) { trip(number) }

  /// Runs the Python handlers of noted signals. -1 when one raised.
  static func handle(_ thread: ThreadRef) -> Int32 {
    if thread != mainThread {
      // Only the main thread handles signals; it has a bit of its own.
      EvalBreaker.clear(thread, UInt(APUS_BREAK_SIGNALS))
      return 0
    }
    EvalBreaker.clear(thread, UInt(APUS_BREAK_SIGNALS))
    for number in 1..<count where tripped[number] != 0 {
      tripped[number] = 0
      if thread.pointee.interp.pointee.finalizing != 0 {
        _ = raise(.osError, "Signal \(number) ignored due to race condition")
        PyErr_WriteUnraisable(noneObject())
        continue
      }
      if number == Int(SIGINT) && interruptsByItself {
        EvalBreaker.set(thread, UInt(APUS_BREAK_SIGNALS))
        PyErr_SetNone(.keyboardInterrupt)
        return -1
      }
      guard let handler = handlers[number], !handler.isNone, !handler.isInt else { continue }
      guard let signal = PyLong_FromLong(number) else { return -1 }
      var frame = noneObject()
      if let current = thread.pointee.current_frame,
        let object = PyFrameObjects.object(for: current)
      {
        frame = PyFrameObjects.asObject(object)
      }
      let result = withUnsafeTemporaryAllocation(of: Ref.self, capacity: 2) { arguments in
        arguments[0] = signal
        arguments[1] = frame
        return PyObject_Vectorcall(handler, arguments.baseAddress, 2, nil)
      }
      Py_DECREF(signal)
      guard let result else {
        // Others stay noted for the next check.
        EvalBreaker.set(thread, UInt(APUS_BREAK_SIGNALS))
        return -1
      }
      Py_DECREF(result)
    }
    return 0
  }
}

@c @implementation
public func PyErr_CheckSignals() -> Int32 {
  let thread = apus_tstate()
  if thread.pointee.eval_breaker & UInt(APUS_BREAK_GC) != 0 {
    EvalBreaker.clear(thread, UInt(APUS_BREAK_GC))
    _Py_RunGC(thread)
  }
  if thread.pointee.eval_breaker & UInt(APUS_BREAK_SIGNALS) == 0 { return 0 }
  return Signals.handle(thread)
}

/// Functions to be called between instructions of the main thread (`Py_AddPendingCall`).
public enum PendingCalls {
  public typealias Function = @convention(c) (UnsafeMutableRawPointer?) -> Int32
  private static let most = 32
  nonisolated(unsafe) private static var queue:
    [(function: Function, argument: UnsafeMutableRawPointer?)] = []
  nonisolated(unsafe) private static var lock: UnsafeMutablePointer<pthread_mutex_t> = {
    let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
    return mutex
  }()

  /// 0, or -1 when the queue is full.
  public static func add(_ function: @escaping Function, _ argument: UnsafeMutableRawPointer?)
    -> Int32
  {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    if queue.count >= most { return -1 }
    queue.append((function, argument))
    if let main = Signals.mainThread { EvalBreaker.set(main, UInt(APUS_BREAK_PENDING_CALLS)) }
    return 0
  }

  static func run(_ thread: ThreadRef) -> Int32 {
    EvalBreaker.clear(thread, UInt(APUS_BREAK_PENDING_CALLS))
    while true {
      pthread_mutex_lock(lock)
      let next = queue.isEmpty ? nil : queue.removeFirst()
      pthread_mutex_unlock(lock)
      guard let next else { return 0 }
      if next.function(next.argument) < 0 { return -1 }
    }
  }
}
