import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects

/// What must happen around fork(): the functions of `os.register_at_fork` and the repair of what
/// the child's other threads left. CPython: Modules/posixmodule.c, PyOS_AfterFork_Child.
public enum Forking {
  /// Lists of callables, made at the first registration.
  nonisolated(unsafe) private static var before: Ref?
  nonisolated(unsafe) private static var parent: Ref?
  nonisolated(unsafe) private static var child: Ref?
  /// What native modules repair in the child, before Python code runs there.
  nonisolated(unsafe) public static var repairs: [() -> Void] = []

  public static func register(before: Ref?, child: Ref?, parent: Ref?) throws(Raised) {
    InterpreterEnd.add("os.register_at_fork") {
      InterpreterEnd.drop(&Self.before)
      InterpreterEnd.drop(&Self.parent)
      InterpreterEnd.drop(&Self.child)
    }
    if let before { try add(before, to: &Self.before) }
    if let child { try add(child, to: &Self.child) }
    if let parent { try add(parent, to: &Self.parent) }
  }

  private static func add(_ function: Ref, to list: inout Ref?) throws(Raised) {
    let target: Ref
    if let list {
      target = list
    } else {
      target = try own(PyList_New(0)).give()
      list = target
    }
    try check(PyList_Append(target, function))
  }

  /// Calls the functions of a list; what they raise is reported and forgotten.
  private static func run(_ list: Ref?, reversed: Bool) {
    guard let list, let copy = PyList_GetSlice(list, 0, apus_var_size(list)) else {
      PyErr_Clear()
      return
    }
    if reversed && PyList_Reverse(copy) < 0 { PyErr_Clear() }
    for index in 0..<apus_var_size(copy) {
      let function = apus_list_item(copy, index)
      if let result = PyObject_CallNoArgs(function) {
        Py_DECREF(result)
      } else {
        PyErr_WriteUnraisable(function)
      }
    }
    Py_DECREF(copy)
  }

  /// Waits for a thread that imports, so that the child sees no module half made.
  public static func runBefore() {
    run(before, reversed: true)
    ImportLock.acquire()
  }

  public static func runInParent() {
    _ = ImportLock.release()
    run(parent, reversed: false)
  }

  public static func runInChild() {
    let thread = apus_tstate()
    GIL.reinitializeAfterFork(thread)
    Runtime.bind(thread)
    apus_set_gilstate(thread)
    Signals.mainThread = thread
    // The states of threads that do not exist here; what their frames hold stays allocated.
    var other = thread.pointee.interp.pointee.threads
    while let state = other {
      other = state.pointee.next
      if state != thread {
        if let next = state.pointee.next { next.pointee.prev = state.pointee.prev }
        if let previous = state.pointee.prev {
          previous.pointee.next = state.pointee.next
        } else {
          thread.pointee.interp.pointee.threads = state.pointee.next
        }
      }
    }
    _ = ImportLock.release()
    for repair in repairs { repair() }
    run(child, reversed: false)
  }

  /// Forks with all that belongs to it. Returns the child's number, 0 in the child.
  public static func fork(_ name: StaticString, _ body: () -> pid_t) throws(Raised) -> pid_t {
    try checkNotFinalizing("can't fork at interpreter shutdown")
    runBefore()
    let pid = body()
    let number = errno
    if pid == 0 {
      runInChild()
      return 0
    }
    warnOfThreads(name)
    runInParent()
    if pid < 0 { throw raiseSystemError(number: number) }
    return pid
  }

  /// PythonFinalizationError once the interpreter is ending.
  public static func checkNotFinalizing(_ message: String) throws(Raised) {
    if apus_tstate().pointee.interp.pointee.finalizing != 0 {
      throw raise(.pythonFinalizationError, message)
    }
  }

  /// The warning that a process with several threads forks.
  public static func warnOfThreads(_ name: StaticString) {
    let first = apus_tstate().pointee.interp.pointee.threads
    guard first?.pointee.next != nil else { return }
    do {
      try warn(
        .deprecationWarning,
        "This process (pid=\(getpid())) is multi-threaded, use of \(name)() may lead to "
          + "deadlocks in the child.")
    } catch {
      PyErr_WriteUnraisable(nil)
    }
  }
}

@c @implementation
public func PyOS_BeforeFork() { Forking.runBefore() }

@c @implementation
public func PyOS_AfterFork_Parent() { Forking.runInParent() }

@c @implementation
public func PyOS_AfterFork_Child() { Forking.runInChild() }

@c @implementation
public func PyOS_AfterFork() { Forking.runInChild() }
