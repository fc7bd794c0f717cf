import CPythonABI
import Objects

/// _asyncio.Future: a result that comes later, bound to an event loop.
/// CPython: Modules/_asynciomodule.c.
struct Future {
  enum State {
    static let pending: Int32 = 0
    static let cancelled: Int32 = 1
    static let finished: Int32 = 2
  }

  struct Layout {
    var base: PyObject
    /// nil before `__init__`.
    var loop: Ref?
    /// The first callback and its context apart, for most futures have one only.
    var callback: Ref?
    var context: Ref?
    /// list of (callback, context).
    var callbacks: Ref?
    var exception: Ref?
    var exceptionTraceback: Ref?
    var result: Ref?
    var sourceTraceback: Ref?
    var cancelMessage: Ref?
    /// The CancelledError a coroutine ended with, raised once.
    var cancelledError: Ref?
    var state: Int32
    /// Whether the exception is reported if nobody asks for it.
    var logsTraceback: UInt8
    /// Whether `__await__` has just yielded the future.
    var isBlocking: UInt8
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  let ref: Ref
  let own: UnsafeMutablePointer<Layout>

  @inline(__always)
  init(_ ref: Ref) {
    self.ref = ref
    own = ref.view(Layout.self)
  }

  /// Whether the object is a future or a task of exactly our types.
  static func isExact(_ object: Ref) -> Bool { object.type == type || object.type == Task.type }

  var isPending: Bool { own.pointee.state == State.pending }

  /// Raises RuntimeError before `__init__`.
  func requireInitialized() throws(Raised) {
    if own.pointee.loop == nil {
      throw raise(.runtimeError, "Future object is not initialized.")
    }
  }

  func initialize(loop given: Ref?) throws(Raised) {
    clearFields()
    own.pointee.state = State.pending
    own.pointee.logsTraceback = 0
    own.pointee.isBlocking = 0
    let loop: Owned
    if let given, !given.isNone { loop = given.retained() } else { loop = try RunningLoop.orPolicy() }
    own.pointee.loop = loop.ref.retained().give()
    let debug = try Objects.own(PyObject_CallMethodNoArgs(loop.ref, AsyncioState.names.getDebug))
    if try check(PyObject_IsTrue(debug.ref)) != 0 && Py_IsFinalizing() == 0 {
      let stack = try Objects.own(PyObject_CallNoArgs(AsyncioState.extractStack))
      replaceReference(&own.pointee.sourceTraceback, stack.give())
    }
  }

  func clearFields() {
    clearReference(&own.pointee.loop)
    clearReference(&own.pointee.callback)
    clearReference(&own.pointee.context)
    clearReference(&own.pointee.callbacks)
    clearReference(&own.pointee.result)
    clearReference(&own.pointee.exception)
    clearReference(&own.pointee.exceptionTraceback)
    clearReference(&own.pointee.sourceTraceback)
    clearReference(&own.pointee.cancelMessage)
    clearReference(&own.pointee.cancelledError)
  }

  func traverse(_ visit: visitproc, _ argument: UnsafeMutableRawPointer?) -> Int32 {
    let answer = visitReferences(
      visit, argument, own.pointee.loop, own.pointee.callback, own.pointee.context,
      own.pointee.callbacks, own.pointee.result, own.pointee.exception,
      own.pointee.exceptionTraceback, own.pointee.sourceTraceback, own.pointee.cancelMessage,
      own.pointee.cancelledError)
    return answer != 0 ? answer : PyObject_VisitManagedDict(ref, visit, argument)
  }

  // MARK: Outcomes

  func setResult(_ value: Ref) throws(Raised) {
    try requireInitialized()
    guard isPending else { throw AsyncioState.raiseInvalidState("invalid state") }
    own.pointee.result = value.retained().give()
    own.pointee.state = State.finished
    try scheduleCallbacks()
  }

  func setException(_ given: Ref) throws(Raised) {
    try requireInitialized()
    guard isPending else { throw AsyncioState.raiseInvalidState("invalid state") }
    var exception: Owned
    if given.isType && PyType_IsSubtype(given.asType, Ref.baseException.asType) != 0 {
      exception = try Objects.own(PyObject_CallNoArgs(given))
      guard isPending else { throw AsyncioState.raiseInvalidState("invalid state") }
    } else {
      exception = given.retained()
    }
    guard exception.ref.isException else { throw raise(.typeError, "invalid exception object") }
    if exception.ref.isInstance(of: Ref.stopIteration.asType) {
      // It would end the generator it is thrown into.
      let message = try Objects.own(
        newString(
          "StopIteration interacts badly with generators and cannot be raised into a Future"))
      let replacement = try Objects.own(PyObject_CallOneArg(.runtimeError, message.ref))
      PyException_SetCause(replacement.ref, Py_NewRef(exception.ref))
      PyException_SetContext(replacement.ref, Py_NewRef(exception.ref))
      exception = replacement
    }
    own.pointee.exceptionTraceback = PyException_GetTraceback(exception.ref)
    own.pointee.exception = exception.give()
    own.pointee.state = State.finished
    try scheduleCallbacks()
    own.pointee.logsTraceback = 1
  }

  /// False when it is done already.
  func cancel(_ message: Ref?) throws(Raised) -> Bool {
    own.pointee.logsTraceback = 0
    guard isPending else { return false }
    own.pointee.state = State.cancelled
    replaceReference(&own.pointee.cancelMessage, message.map { Py_NewRef($0) } ?? nil)
    try scheduleCallbacks()
    return true
  }

  /// The CancelledError to raise: the one a coroutine left, once, else a new one.
  func takeCancelledError() throws(Raised) -> Owned {
    if let known = own.pointee.cancelledError {
      own.pointee.cancelledError = nil
      return Owned(adopting: known)
    }
    guard let message = own.pointee.cancelMessage, !message.isNone else {
      return try Objects.own(PyObject_CallNoArgs(AsyncioState.cancelledError))
    }
    return try Objects.own(PyObject_CallOneArg(AsyncioState.cancelledError, message))
  }

  func raiseCancelled() -> Raised {
    do throws(Raised) {
      let error = try takeCancelledError()
      PyErr_SetObject(error.ref.type.object, error.ref)
      return Raised()
    } catch { return error }
  }

  /// What `result` answers.
  enum Outcome: ~Copyable {
    case value(Owned)
    case exception(Owned)
  }

  /// Raises CancelledError and InvalidStateError.
  func outcome() throws(Raised) -> Outcome {
    if own.pointee.loop == nil {
      throw AsyncioState.raiseInvalidState("Future object is not initialized.")
    }
    if own.pointee.state == State.cancelled { throw raiseCancelled() }
    if own.pointee.state != State.finished {
      throw AsyncioState.raiseInvalidState("Result is not set.")
    }
    own.pointee.logsTraceback = 0
    if let exception = own.pointee.exception {
      let held = exception.retained()
      let traceback = own.pointee.exceptionTraceback ?? noneObject()
      try check(PyException_SetTraceback(held.ref, traceback))
      clearReference(&own.pointee.exceptionTraceback)
      return .exception(held)
    }
    return .value((own.pointee.result ?? noneObject()).retained())
  }

  /// The result, or its exception raised.
  func result() throws(Raised) -> Owned {
    switch try outcome() {
    case .value(let value): return value
    case .exception(let exception):
      PyErr_SetObject(exception.ref.type.object, exception.ref)
      throw Raised()
    }
  }

  /// What the event loop is told when an exception was never asked for.
  func report(_ message: String, key: String, exception: Ref?) {
    do throws(Raised) {
      guard let loop = own.pointee.loop else { return }
      let context = try Objects.own(PyDict_New())
      let text = try Objects.own(newString(message))
      try check(PyDict_SetItemString(context.ref, "message", text.ref))
      if let exception { try check(PyDict_SetItemString(context.ref, "exception", exception)) }
      try check(PyDict_SetItemString(context.ref, key, ref))
      if let stack = own.pointee.sourceTraceback {
        try check(PyDict_SetItemString(context.ref, "source_traceback", stack))
      }
      let handler = try Objects.own(PyObject_GetAttr(loop, AsyncioState.names.handler))
      if let answer = PyObject_CallOneArg(handler.ref, context.ref) {
        Py_DECREF(answer)
      } else {
        PyErr_WriteUnraisable(handler.ref)
      }
    } catch { PyErr_WriteUnraisable(ref) }
  }

  /// `__del__`: an exception nobody asked for goes to the loop's handler.
  func finalize() {
    if own.pointee.logsTraceback == 0 { return }
    own.pointee.logsTraceback = 0
    let pending = PyErr_GetRaisedException()
    let exception = own.pointee.exception
    report("\(ref.type.name) exception was never retrieved", key: "future", exception: exception)
    PyErr_SetRaisedException(pending)
  }
}
