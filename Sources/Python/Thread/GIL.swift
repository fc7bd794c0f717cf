import CPythonABI
import Glibc
import Objects

/// The lock that lets one thread at a time run Python code. CPython: Python/ceval_gil.c.
///
/// A waiting thread sets `APUS_BREAK_GIL_DROP_REQUEST` on the holder after the switch interval; the
/// holder lets go between two instructions and does not take the lock back before another had it.
public enum GIL {
  private struct State {
    var mutex = pthread_mutex_t()
    var changed = pthread_cond_t()
    var switched = pthread_cond_t()
    var isLocked = false
    var holder: UnsafeMutablePointer<PyThreadState>?
    var switches: UInt = 0
  }

  nonisolated(unsafe) private static let state: UnsafeMutablePointer<State> = {
    let state = UnsafeMutablePointer<State>.allocate(capacity: 1)
    state.initialize(to: State())
    pthread_mutex_init(&state.pointee.mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(&state.pointee.changed, &attributes)
    pthread_cond_init(&state.pointee.switched, &attributes)
    return state
  }()

  /// Microseconds until a waiting thread asks the holder to let go (`sys.setswitchinterval`).
  nonisolated(unsafe) public static var interval: Int = 5000

  /// Waits for the lock and takes it for the thread.
  public static func take(_ thread: UnsafeMutablePointer<PyThreadState>) {
    let saved = errno
    pthread_mutex_lock(&state.pointee.mutex)
    while state.pointee.isLocked {
      let before = state.pointee.switches
      var deadline = timespec()
      clock_gettime(CLOCK_MONOTONIC, &deadline)
      let nanoseconds = deadline.tv_nsec + interval * 1000
      deadline.tv_sec += nanoseconds / 1_000_000_000
      deadline.tv_nsec = nanoseconds % 1_000_000_000
      let status = pthread_cond_timedwait(
        &state.pointee.changed, &state.pointee.mutex, &deadline)
      if status == ETIMEDOUT && state.pointee.isLocked && state.pointee.switches == before,
        let holder = state.pointee.holder
      {
        EvalBreaker.set(holder, UInt(APUS_BREAK_GIL_DROP_REQUEST))
      }
    }
    state.pointee.isLocked = true
    if state.pointee.holder != thread {
      state.pointee.holder = thread
      state.pointee.switches &+= 1
    }
    pthread_cond_signal(&state.pointee.switched)
    pthread_mutex_unlock(&state.pointee.mutex)
    apus_set_tstate(thread)
    errno = saved
  }

  /// Lets go of the lock. The thread must not touch Python objects until `take`.
  public static func drop(_ thread: UnsafeMutablePointer<PyThreadState>) {
    apus_set_tstate(nil)
    pthread_mutex_lock(&state.pointee.mutex)
    state.pointee.isLocked = false
    pthread_cond_signal(&state.pointee.changed)
    pthread_mutex_unlock(&state.pointee.mutex)
  }

  /// Lets another thread run: drops the lock, waits until somebody had it, takes it back.
  static func yield(_ thread: ThreadRef) {
    EvalBreaker.clear(thread, UInt(APUS_BREAK_GIL_DROP_REQUEST))
    apus_set_tstate(nil)
    pthread_mutex_lock(&state.pointee.mutex)
    state.pointee.isLocked = false
    let before = state.pointee.switches
    pthread_cond_signal(&state.pointee.changed)
    var deadline = timespec()
    clock_gettime(CLOCK_MONOTONIC, &deadline)
    deadline.tv_sec += 1
    while state.pointee.switches == before {
      if pthread_cond_timedwait(&state.pointee.switched, &state.pointee.mutex, &deadline) != 0 {
        break
      }
    }
    pthread_mutex_unlock(&state.pointee.mutex)
    take(thread)
  }

  /// After fork() only the calling thread exists: the lock is made anew and held by it.
  public static func reinitializeAfterFork(_ thread: UnsafeMutablePointer<PyThreadState>) {
    pthread_mutex_init(&state.pointee.mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(&state.pointee.changed, &attributes)
    pthread_cond_init(&state.pointee.switched, &attributes)
    state.pointee.isLocked = true
    state.pointee.holder = thread
  }
}

/// Setting and clearing bits of a thread's eval breaker from any thread or signal handler.
public enum EvalBreaker {
  public static func set(_ thread: UnsafeMutablePointer<PyThreadState>, _ bits: UInt) {
    apus_atomic_or(breaker(thread), bits)
  }
  public static func clear(_ thread: UnsafeMutablePointer<PyThreadState>, _ bits: UInt) {
    apus_atomic_and(breaker(thread), ~bits)
  }
  private static func breaker(
    _ thread: UnsafeMutablePointer<PyThreadState>
  ) -> UnsafeMutablePointer<UInt> {
    (UnsafeMutableRawPointer(thread) + 24).assumingMemoryBound(to: UInt.self)
  }
}

@c @implementation
public func PyEval_SaveThread() -> UnsafeMutablePointer<PyThreadState>? {
  let thread = apus_tstate()
  GIL.drop(thread)
  return thread
}

@c @implementation
public func PyEval_RestoreThread(_ thread: UnsafeMutablePointer<PyThreadState>) {
  GIL.take(thread)
}

/// Runs something that may block without holding the lock.
@inline(__always)
public func withoutGIL<Result>(_ body: () -> Result) -> Result {
  let thread = apus_tstate()
  GIL.drop(thread)
  let result = body()
  let saved = errno
  GIL.take(thread)
  errno = saved
  return result
}
