import CPythonABI
import Objects

/// _asyncio.Task: a coroutine run by an event loop, step by step. CPython:
/// Modules/_asynciomodule.c.
struct Task {
  struct Layout {
    var future: Future.Layout
    /// The future the coroutine waits for.
    var waiter: Ref?
    var coroutine: Ref?
    /// str, or the int of a task without a name.
    var name: Ref?
    var context: Ref?
    /// Whether the next step throws CancelledError into the coroutine.
    var mustCancel: UInt8
    /// Whether to complain when the task goes away unfinished.
    var logsDestroyed: UInt8
    var cancelRequests: Int32
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  let ref: Ref
  let own: UnsafeMutablePointer<Layout>

  @inline(__always)
  init(_ ref: Ref) {
    self.ref = ref
    own = ref.view(Layout.self)
  }

  var future: Future { Future(ref) }

  static func isTask(_ object: Ref) -> Bool { object.isInstance(of: type) }

  /// Whether `asyncio` takes the object for a coroutine.
  private static func isCoroutine(_ object: Ref) throws(Raised) -> Bool {
    if object.type == coroutineType() { return true }
    let known = AsyncioState.coroutineTypes
    if try check(PySet_Contains(known, object.type.object)) != 0 { return true }
    let answer = try Objects.own(PyObject_CallOneArg(AsyncioState.isCoroutine, object))
    guard try check(PyObject_IsTrue(answer.ref)) != 0 else { return false }
    if PySet_Size(known) < 100 { try check(PySet_Add(known, object.type.object)) }
    return true
  }

  func initialize(
    _ coroutine: Ref, loop: Ref?, name: Ref?, context: Ref?, eager: Bool
  ) throws(Raised) {
    try future.initialize(loop: loop)
    guard try Self.isCoroutine(coroutine) else {
      own.pointee.logsDestroyed = 0
      throw raise(.typeError, "a coroutine was expected, got \(try shown(coroutine))")
    }
    let variables: Owned
    if let context, !context.isNone {
      variables = context.retained()
    } else {
      variables = try Objects.own(PyContext_CopyCurrent())
    }
    replaceReference(&own.pointee.context, variables.give())
    clearReference(&own.pointee.waiter)
    own.pointee.mustCancel = 0
    own.pointee.logsDestroyed = 1
    own.pointee.cancelRequests = 0
    replaceReference(&own.pointee.coroutine, coroutine.retained().give())
    let title: Owned
    if let name, !name.isNone {
      title = name.isExactStr ? name.retained() : try Objects.own(PyObject_Str(name))
    } else {
      AsyncioState.taskNumber &+= 1
      title = try int(AsyncioState.taskNumber)
    }
    replaceReference(&own.pointee.name, title.give())
    if eager, let loop = own.pointee.future.loop {
      let running = try Objects.own(
        PyObject_CallMethodNoArgs(loop, AsyncioState.names.isRunning))
      if try check(PyObject_IsTrue(running.ref)) != 0 { return try startEagerly() }
    }
    try scheduleStep(nil)
    try TaskRegistry.add(ref)
  }

  func clearFields() {
    future.clearFields()
    clearReference(&own.pointee.context)
    clearReference(&own.pointee.coroutine)
    clearReference(&own.pointee.name)
    clearReference(&own.pointee.waiter)
  }

  /// `Task-7` for a task without a name of its own, made when it is asked for.
  func title() throws(Raised) -> Owned {
    guard let name = own.pointee.name else { return noneObject().retained() }
    if name.isExactInt {
      let number = PyLong_AsLong(name)
      let text = try Objects.own(newString("Task-\(number)"))
      replaceReference(&own.pointee.name, text.give())
    }
    return (own.pointee.name ?? noneObject()).retained()
  }

  /// Asks for cancellation: of what the task waits for, else at its next step.
  func cancel(_ message: Ref?) throws(Raised) -> Bool {
    own.pointee.future.logsTraceback = 0
    guard future.isPending else { return false }
    own.pointee.cancelRequests &+= 1
    if let waiter = own.pointee.waiter {
      let held = waiter.retained()
      if try Self.cancel(held.ref, message) { return true }
    }
    own.pointee.mustCancel = 1
    replaceReference(&own.pointee.future.cancelMessage, Py_NewRef(message ?? noneObject()))
    return true
  }

  /// `awaited.cancel(msg=message)`
  static func cancel(_ awaited: Ref, _ message: Ref?) throws(Raised) -> Bool {
    let answer = try callMethod(
      awaited, AsyncioState.names.cancel, keyword: AsyncioState.names.messageKeyword,
      value: message ?? noneObject())
    return try check(PyObject_IsTrue(answer.ref)) != 0
  }

  /// `__del__`
  func finalize() {
    if future.isPending && own.pointee.logsDestroyed != 0 && own.pointee.future.loop != nil {
      let pending = PyErr_GetRaisedException()
      future.report("Task was destroyed but it is pending!", key: "task", exception: nil)
      PyErr_SetRaisedException(pending)
    }
    future.finalize()
  }
}

/// Which tasks there are and which one runs in each loop.
enum TaskRegistry {
  static func add(_ task: Ref) throws(Raised) {
    _ = try own(
      PyObject_CallMethodOneArg(
        AsyncioState.scheduledTasks, AsyncioState.names.add, task))
  }

  static func remove(_ task: Ref) throws(Raised) {
    _ = try own(
      PyObject_CallMethodOneArg(
        AsyncioState.scheduledTasks, AsyncioState.names.discard, task))
  }

  static func enter(_ loop: Ref, _ task: Ref) throws(Raised) {
    let current = AsyncioState.currentTasks
    if let other = PyDict_GetItemWithError(current, loop) {
      throw raise(
        .runtimeError,
        "Cannot enter into task \(try shown(task)) while another task \(try shown(other)) is "
          + "being executed.")
    }
    if hasRaised() { throw Raised() }
    try check(PyDict_SetItem(current, loop, task))
  }

  static func leave(_ loop: Ref, _ task: Ref) throws(Raised) {
    let current = AsyncioState.currentTasks
    let found = PyDict_GetItemWithError(current, loop)
    if found == nil && hasRaised() { throw Raised() }
    guard found == task else {
      throw raise(
        .runtimeError,
        "Leaving task \(try shown(task)) does not match the current task "
          + "\(try shown(found ?? noneObject())).")
    }
    try check(PyDict_DelItem(current, loop))
  }

  /// Puts a task (None for none) in place: the one that was there, or None.
  static func swap(_ loop: Ref, _ task: Ref) throws(Raised) -> Owned {
    let current = AsyncioState.currentTasks
    let found = PyDict_GetItemWithError(current, loop)
    if found == nil && hasRaised() { throw Raised() }
    let previous = (found ?? noneObject()).retained()
    if task.isNone {
      if found != nil { try check(PyDict_DelItem(current, loop)) }
    } else {
      try check(PyDict_SetItem(current, loop, task))
    }
    return previous
  }

  /// The task that runs in a loop, borrowed.
  static func current(_ loop: Ref) throws(Raised) -> Ref {
    guard let task = PyDict_GetItemWithError(AsyncioState.currentTasks, loop) else {
      if hasRaised() { throw Raised() }
      return noneObject()
    }
    return task
  }
}
