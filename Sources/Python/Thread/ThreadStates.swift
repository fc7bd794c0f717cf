import CPythonABI
import Glibc
import Objects

/// The list of an interpreter's thread states, and their end.
/// CPython: Python/pystate.c, HEAD_LOCK, PyThreadState_Clear, tstate_delete_common.
public enum ThreadStates {
  /// Guards the lists: a thread that Python did not start adds its state without the GIL.
  nonisolated(unsafe) private static let lock: UnsafeMutablePointer<PyMutex> = {
    let lock = UnsafeMutablePointer<PyMutex>.allocate(capacity: 1)
    lock.initialize(to: PyMutex())
    return lock
  }()

  /// `PyInterpreterState_GetDict` of the one interpreter.
  nonisolated(unsafe) static var interpreterDict: Ref?

  static func forgetInterpreterDict() { drop(&interpreterDict) }

  private static func locked(_ body: () -> Void) {
    while apus_mutex_try(lock) == 0 { sched_yield() }
    body()
    _ = apus_mutex_free(lock)
  }

  /// Puts a new state in front of its interpreter's list and numbers it.
  static func link(_ thread: UnsafeMutablePointer<PyThreadState>) {
    let interpreter = thread.pointee.interp
    locked {
      thread.pointee.id = interpreter.pointee.next_thread_id
      interpreter.pointee.next_thread_id += 1
      thread.pointee.next = interpreter.pointee.threads
      interpreter.pointee.threads?.pointee.prev = thread
      interpreter.pointee.threads = thread
    }
  }

  /// Gives back every object that a state holds. Destructors may run.
  public static func clear(_ thread: UnsafeMutablePointer<PyThreadState>) {
    drop(&thread.pointee.dict)
    drop(&thread.pointee.async_exc)
    drop(&thread.pointee.current_exception)
    drop(&thread.pointee.context)
    drop(&thread.pointee.async_gen_firstiter)
    drop(&thread.pointee.async_gen_finalizer)
    drop(&thread.pointee.threading_local_key)
    drop(&thread.pointee.threading_local_sentinel)
    drop(&thread.pointee.c_profileobj)
    drop(&thread.pointee.c_traceobj)
  }

  private static func drop(_ field: inout Ref?) {
    let old = field
    field = nil
    Py_XDECREF(old)
  }

  /// Takes a state out of its interpreter's list: nobody finds it any more.
  public static func unlink(_ thread: UnsafeMutablePointer<PyThreadState>) {
    locked {
      if let next = thread.pointee.next { next.pointee.prev = thread.pointee.prev }
      if let previous = thread.pointee.prev {
        previous.pointee.next = thread.pointee.next
      } else {
        thread.pointee.interp.pointee.threads = thread.pointee.next
      }
    }
    if apus_gilstate() == thread { apus_set_gilstate(nil) }
  }

  /// Frees the memory of a state that is unlinked, with its stack of frames.
  public static func free(_ thread: UnsafeMutablePointer<PyThreadState>) {
    var chunk = thread.pointee.datastack_chunk
    while let at = chunk {
      chunk = at.pointee.previous
      PyMem_RawFree(at)
    }
    PyMem_RawFree(thread)
  }
}

@c @implementation
public func PyThreadState_New(
  _ interpreter: UnsafeMutablePointer<PyInterpreterState>
) -> UnsafeMutablePointer<PyThreadState>? {
  let thread = Runtime.makeThread(interpreter)
  if let thread, apus_gilstate() == nil { apus_set_gilstate(thread) }
  return thread
}

@c @implementation
public func PyThreadState_Clear(_ thread: UnsafeMutablePointer<PyThreadState>) {
  ThreadStates.clear(thread)
}

@c @implementation
public func PyThreadState_Delete(_ thread: UnsafeMutablePointer<PyThreadState>) {
  ThreadStates.unlink(thread)
  ThreadStates.free(thread)
}

@c @implementation
public func PyThreadState_DeleteCurrent() {
  let thread = apus_tstate()
  ThreadStates.unlink(thread)
  GIL.drop(thread)
  ThreadStates.free(thread)
}

/// The thread's state without a check that there is one: nil while it does not hold the GIL.
@c @implementation
public func PyThreadState_GetUnchecked() -> UnsafeMutablePointer<PyThreadState>? {
  apus_tstate_or_null()
}

/// Makes another state the current one and returns the one before; the GIL stays with the thread.
@c @implementation
public func PyThreadState_Swap(
  _ thread: UnsafeMutablePointer<PyThreadState>?
) -> UnsafeMutablePointer<PyThreadState>? {
  let old = apus_tstate_or_null()
  if old == thread { return old }
  if let old { GIL.drop(old) }
  if let thread { GIL.take(thread) }
  return old
}

@c @implementation
public func PyThreadState_GetID(_ thread: UnsafeMutablePointer<PyThreadState>) -> UInt64 {
  thread.pointee.id
}

@c @implementation
public func PyThreadState_GetInterpreter(
  _ thread: UnsafeMutablePointer<PyThreadState>
) -> UnsafeMutablePointer<PyInterpreterState>? { thread.pointee.interp }

@c @implementation
public func PyThreadState_Next(
  _ thread: UnsafeMutablePointer<PyThreadState>
) -> UnsafeMutablePointer<PyThreadState>? { thread.pointee.next }

/// Raises an exception in the thread with this identity at its next check; nil takes a waiting one
/// back. The number of threads that were found.
@c @implementation
public func PyThreadState_SetAsyncExc(
  _ identity: UInt, _ exception: UnsafeMutablePointer<PyObject>?
) -> Int32 {
  var at = apus_tstate().pointee.interp.pointee.threads
  while let thread = at {
    if thread.pointee.thread_id == identity {
      let old = thread.pointee.async_exc
      Py_XINCREF(exception)
      thread.pointee.async_exc = exception
      if exception != nil { EvalBreaker.set(thread, UInt(APUS_BREAK_ASYNC_EXCEPTION)) }
      Py_XDECREF(old)
      return 1
    }
    at = thread.pointee.next
  }
  return 0
}

@c @implementation
public func PyEval_AcquireThread(_ thread: UnsafeMutablePointer<PyThreadState>) {
  GIL.take(thread)
}

@c @implementation
public func PyEval_ReleaseThread(_ thread: UnsafeMutablePointer<PyThreadState>) {
  GIL.drop(thread)
}

// MARK: Interpreters

@c @implementation
public func PyInterpreterState_Get() -> UnsafeMutablePointer<PyInterpreterState>? {
  apus_tstate().pointee.interp
}

@c @implementation
public func PyInterpreterState_Main() -> UnsafeMutablePointer<PyInterpreterState>? {
  Runtime.mainInterpreter
}

@c @implementation
public func PyInterpreterState_Head() -> UnsafeMutablePointer<PyInterpreterState>? {
  Runtime.mainInterpreter
}

/// Interpreters are one: the main one.
@c @implementation
public func PyInterpreterState_Next(
  _ interpreter: UnsafeMutablePointer<PyInterpreterState>
) -> UnsafeMutablePointer<PyInterpreterState>? { nil }

@c @implementation
public func PyInterpreterState_ThreadHead(
  _ interpreter: UnsafeMutablePointer<PyInterpreterState>
) -> UnsafeMutablePointer<PyThreadState>? { interpreter.pointee.threads }

@c @implementation
public func PyInterpreterState_GetID(
  _ interpreter: UnsafeMutablePointer<PyInterpreterState>
) -> Int64 { 0 }

/// A dict where extension modules keep what belongs to the interpreter (borrowed).
@c @implementation
public func PyInterpreterState_GetDict(
  _ interpreter: UnsafeMutablePointer<PyInterpreterState>
) -> UnsafeMutablePointer<PyObject>? {
  if ThreadStates.interpreterDict == nil {
    ThreadStates.interpreterDict = PyDict_New()
    if ThreadStates.interpreterDict == nil { PyErr_Clear() }
  }
  return ThreadStates.interpreterDict
}

/// Switches trace and profile functions off for a thread until the matching `LeaveTracing`.
@c @implementation
public func PyThreadState_EnterTracing(_ thread: UnsafeMutablePointer<PyThreadState>) {
  thread.pointee.tracing += 1
}

@c @implementation
public func PyThreadState_LeaveTracing(_ thread: UnsafeMutablePointer<PyThreadState>) {
  thread.pointee.tracing -= 1
}
