import CPythonABI
import Glibc
import Interpreter
import Objects

/// The thread behind `dump_traceback_later`.
enum Watchdog {
  private struct State {
    var mutex = pthread_mutex_t()
    var changed = pthread_cond_t()
    var thread = pthread_t()
    var isRunning = false
    var isCancelled = false
    var descriptor: Int32 = 2
    var file: Ref?
    var nanoseconds = 0
    var repeats = false
    var exits = false
    var interpreter: UnsafeMutablePointer<PyInterpreterState>?
  }

  nonisolated(unsafe) private static let state: UnsafeMutablePointer<State> = {
    let state = UnsafeMutablePointer<State>.allocate(capacity: 1)
    state.initialize(to: State())
    pthread_mutex_init(&state.pointee.mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(&state.pointee.changed, &attributes)
    return state
  }()

  /// A time span argument, in nanoseconds.
  static func nanoseconds(_ timeout: Ref) throws(Raised) -> Int {
    let seconds = PyFloat_AsDouble(timeout)
    if seconds == -1 && hasRaised() { throw Raised() }
    if seconds.isNaN { throw raise(.valueError, "Invalid value NaN (not a number)") }
    guard seconds * 1e9 < Double(Int.max / 2) else {
      throw raise(.overflowError, "timeout value is too large")
    }
    if seconds <= 0 { throw raise(.valueError, "timeout must be greater than 0") }
    return Int(seconds * 1e9)
  }

  private static let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
    _ in
    // Signals are for the other threads.
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, nil)
    Watchdog.run()
    return nil
  }

  private static func run() {
    let state = state
    pthread_mutex_lock(&state.pointee.mutex)
    while !state.pointee.isCancelled {
      var deadline = timespec()
      clock_gettime(CLOCK_MONOTONIC, &deadline)
      let total = deadline.tv_nsec + state.pointee.nanoseconds % 1_000_000_000
      deadline.tv_sec += state.pointee.nanoseconds / 1_000_000_000 + total / 1_000_000_000
      deadline.tv_nsec = total % 1_000_000_000
      var status: Int32 = 0
      while !state.pointee.isCancelled && status == 0 {
        status = pthread_cond_timedwait(
          &state.pointee.changed, &state.pointee.mutex, &deadline)
      }
      if state.pointee.isCancelled { break }
      report()
      if state.pointee.exits { _exit(1) }
      if !state.pointee.repeats { break }
    }
    pthread_mutex_unlock(&state.pointee.mutex)
  }

  private static func report() {
    let descriptor = state.pointee.descriptor
    let microseconds = state.pointee.nanoseconds / 1000
    let seconds = microseconds / 1_000_000
    RawTraceback.write("Timeout (", to: descriptor)
    RawTraceback.write(seconds / 3600, width: 1, to: descriptor)
    RawTraceback.write(":", to: descriptor)
    RawTraceback.write(seconds / 60 % 60, width: 2, to: descriptor)
    RawTraceback.write(":", to: descriptor)
    RawTraceback.write(seconds % 60, width: 2, to: descriptor)
    if microseconds % 1_000_000 != 0 {
      RawTraceback.write(".", to: descriptor)
      RawTraceback.write(microseconds % 1_000_000, width: 6, to: descriptor)
    }
    RawTraceback.write(")!\n", to: descriptor)
    if let interpreter = state.pointee.interpreter {
      RawTraceback.writeAll(interpreter, current: nil, to: descriptor)
    }
  }

  static func start(
    _ target: TraceTarget, nanoseconds: Int, repeats: Bool, exits: Bool
  ) throws(Raised) {
    cancel()
    state.pointee.descriptor = target.descriptor
    state.pointee.file = target.file
    state.pointee.nanoseconds = nanoseconds
    state.pointee.repeats = repeats
    state.pointee.exits = exits
    state.pointee.isCancelled = false
    state.pointee.interpreter = apus_tstate().pointee.interp
    guard pthread_create(&state.pointee.thread, nil, body, nil) == 0 else {
      clearReference(&state.pointee.file)
      throw raise(.runtimeError, "unable to start watchdog thread")
    }
    state.pointee.isRunning = true
  }

  /// Stops the thread and waits for its end.
  static func cancel() {
    guard state.pointee.isRunning else { return }
    pthread_mutex_lock(&state.pointee.mutex)
    state.pointee.isCancelled = true
    pthread_cond_signal(&state.pointee.changed)
    pthread_mutex_unlock(&state.pointee.mutex)
    let thread = state.pointee.thread
    withoutGIL { _ = pthread_join(thread, nil) }
    state.pointee.isRunning = false
    clearReference(&state.pointee.file)
  }
}
