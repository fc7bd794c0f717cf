import CPythonABI
import Objects

// Threads that Python did not start call in through these. CPython: Python/pystate.c, PEP 311.

/// The calling thread holds the GIL after this; a state is made for a thread that has none.
/// The result goes to the matching `PyGILState_Release`: 0 when it held the GIL before, else 1.
@c @implementation
public func PyGILState_Ensure() -> PyGILState_STATE {
  let known = apus_gilstate()
  let thread: UnsafeMutablePointer<PyThreadState>
  if let known {
    thread = known
  } else {
    guard let interpreter = Runtime.mainInterpreter, let made = Runtime.makeThread(interpreter)
    else { Py_FatalError("Couldn't create thread-state for new thread") }
    made.pointee.gilstate_counter = 0
    apus_set_gilstate(made)
    thread = made
  }
  let held = apus_tstate_or_null() == thread
  if !held { GIL.take(thread) }
  thread.pointee.gilstate_counter += 1
  return held ? 0 : 1
}

/// Undoes one `PyGILState_Ensure`; the last one of a thread that Python did not start frees its
/// state.
@c @implementation
public func PyGILState_Release(_ before: PyGILState_STATE) {
  guard let thread = apus_gilstate() else {
    Py_FatalError("auto-releasing thread-state, but no thread-state for this thread")
  }
  thread.pointee.gilstate_counter -= 1
  if thread.pointee.gilstate_counter == 0 {
    // A destructor may call in again: the state must not go under its feet.
    thread.pointee.gilstate_counter = 1
    ThreadStates.clear(thread)
    thread.pointee.gilstate_counter = 0
    PyThreadState_DeleteCurrent()
  } else if before == 1 {
    GIL.drop(thread)
  }
}

@c @implementation
public func PyGILState_GetThisThreadState() -> UnsafeMutablePointer<PyThreadState>? {
  apus_gilstate()
}

/// Whether the calling thread holds the GIL.
@c @implementation
public func PyGILState_Check() -> Int32 {
  guard let thread = apus_tstate_or_null() else { return 0 }
  return thread == apus_gilstate() ? 1 : 0
}
