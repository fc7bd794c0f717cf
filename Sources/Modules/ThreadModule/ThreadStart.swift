import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// Starting native threads that run Python functions. CPython: Modules/_threadmodule.c,
/// thread_run.
enum ThreadStart {
  /// Bytes of a new thread's stack; 0 for the system's default.
  nonisolated(unsafe) static var stackSize = 0
  /// Threads started here and not ended.
  nonisolated(unsafe) static var count = 0

  private struct Task {
    let function: Ref
    let args: Ref
    let keywords: Ref?
    let record: UnsafeMutablePointer<ThreadRecord>
    let state: UnsafeMutablePointer<PyThreadState>
  }

  /// Starts a thread; its record says when it ends.
  static func start(
    _ function: Ref, _ args: Ref, _ keywords: Ref?, _ record: UnsafeMutablePointer<ThreadRecord>,
    daemon: Bool
  ) throws(Raised) {
    let interpreter = apus_tstate().pointee.interp
    if interpreter.pointee.finalizing != 0 {
      throw raise(
        .pythonFinalizationError, "can't create new thread at interpreter shutdown")
    }
    guard record.pointee.state == .notStarted else {
      throw raise(.runtimeError, "thread already started")
    }
    guard let state = Runtime.makeThread(interpreter) else { throw raiseNoMemory() }
    let task = UnsafeMutablePointer<Task>.allocate(capacity: 1)
    Py_INCREF(function)
    Py_INCREF(args)
    Py_XINCREF(keywords)
    task.initialize(
      to: Task(function: function, args: args, keywords: keywords, record: record, state: state))
    record.pointee.references += 1
    record.pointee.state = .starting
    if !daemon { ThreadHandle.list(record) }
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    // The interpreter keeps a reserve of the stack for itself: what was asked for is the program's.
    if stackSize > 0 { pthread_attr_setstacksize(&attributes, stackSize + (1 << 20)) }
    var identity = pthread_t()
    let number = pthread_create(&identity, &attributes, { ThreadStart.run($0) }, task)
    pthread_attr_destroy(&attributes)
    if number != 0 {
      record.pointee.state = .notStarted
      ThreadHandle.unlist(record)
      ThreadHandle.release(record)
      Py_DECREF(function)
      Py_DECREF(args)
      Py_XDECREF(keywords)
      task.deallocate()
      ThreadStates.unlink(state)
      ThreadStates.free(state)
      throw raise(.runtimeError, "can't start new thread")
    }
    count += 1
    record.pointee.identity = UInt(identity)
    record.pointee.state = .running
  }

  private static func run(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    let place = argument.unsafelyUnwrapped.assumingMemoryBound(to: Task.self)
    let task = place.pointee
    place.deallocate()
    let state = task.state
    Runtime.bind(state)
    apus_set_gilstate(state)
    state.pointee.gilstate_counter = 1
    GIL.take(state)
    if let result = PyObject_Call(task.function, task.args, task.keywords) {
      Py_DECREF(result)
    } else if PyErr_ExceptionMatches(.systemExit) != 0 {
      PyErr_Clear()
    } else {
      report(task.function)
    }
    Py_DECREF(task.function)
    Py_DECREF(task.args)
    Py_XDECREF(task.keywords)
    count -= 1
    end(state, task.record)
    return nil
  }

  /// "Exception ignored in thread started by …"
  private static func report(_ function: Ref) {
    let pending = PyErr_GetRaisedException()
    let shown = PyObject_Repr(function).map { Owned(adopting: $0) }
    let name =
      switch shown {
      case .some(let shown): text(of: shown.ref)
      case .none: "?"
      }
    PyErr_Clear()
    let message = newString("Exception ignored in thread started by \(name)")
    PyErr_SetRaisedException(pending)
    _PyErr_WriteUnraisableMsg(message, nil)
    Py_XDECREF(message)
  }

  /// Ends the calling thread's state and lets go of the GIL.
  private static func end(
    _ state: UnsafeMutablePointer<PyThreadState>, _ record: UnsafeMutablePointer<ThreadRecord>
  ) {
    ThreadLocal.forget(thread: state.pointee.id)
    ThreadStates.clear(state)
    ThreadHandle.finish(record)
    ThreadHandle.release(record)
    ThreadStates.unlink(state)
    GIL.drop(state)
    // Nobody finds the state any more; a waiting thread may have looked at it until the drop.
    ThreadStates.free(state)
  }
}
