import CPythonABI
import Objects

/// How a task runs: each step resumes the coroutine until it yields what it waits for.
extension Task {
  /// Has the loop run a step; `exception` is thrown into the coroutine.
  func scheduleStep(_ exception: Ref?) throws(Raised) {
    let step = try TaskStep.make(ref, exception)
    guard let loop = own.pointee.future.loop, let context = own.pointee.context else { return }
    try Future.callSoon(loop, step.ref, nil, context)
  }

  /// A step as the loop runs it.
  func step(_ exception: Ref?) throws(Raised) {
    guard let loop = own.pointee.future.loop else {
      throw raise(.runtimeError, "Future object is not initialized.")
    }
    let held = loop.retained()
    try TaskRegistry.enter(held.ref, ref)
    do throws(Raised) {
      try run(exception)
    } catch {
      let pending = PyErr_GetRaisedException()
      do throws(Raised) {
        try TaskRegistry.leave(held.ref, ref)
        PyErr_SetRaisedException(pending)
      } catch {
        if let pending { _PyErr_ChainExceptions1(pending) }
      }
      throw error
    }
    try TaskRegistry.leave(held.ref, ref)
  }

  /// Resumes the coroutine once.
  private func run(_ thrown: Ref?) throws(Raised) {
    guard future.isPending else {
      let text: String
      if let thrown { text = try shown(thrown) } else { text = "''" }
      throw AsyncioState.raiseInvalidState(
        "__step(): already done: \(try shown(ref)) \(text)")
    }
    var exception: Ref? = thrown.map { Py_NewRef($0) } ?? nil
    defer { Py_XDECREF(exception) }
    if own.pointee.mustCancel != 0 {
      var isCancellation = false
      if let given = exception {
        isCancellation =
          try check(PyObject_IsInstance(given, AsyncioState.cancelledError)) != 0
      }
      if !isCancellation {
        let old = exception
        exception = try future.takeCancelledError().give()
        Py_XDECREF(old)
      }
      own.pointee.mustCancel = 0
    }
    clearReference(&own.pointee.waiter)
    guard let coroutine = own.pointee.coroutine else {
      throw raise(.runtimeError, "uninitialized Task object")
    }
    let held = coroutine.retained()
    var result: Ref?
    let outcome: PySendResult
    if let given = exception {
      result = PyObject_CallMethodOneArg(held.ref, id_throw(), given)
      if result != nil {
        outcome = PYGEN_NEXT
      } else {
        outcome = hasRaised() && fetchStopIterationValue(&result) ? PYGEN_RETURN : PYGEN_ERROR
      }
    } else {
      outcome = PyIter_Send(held.ref, noneObject(), &result)
    }
    if outcome == PYGEN_NEXT, let yielded = result {
      defer { Py_DECREF(yielded) }
      return try wait(for: yielded)
    }
    if let value = result {
      defer { Py_DECREF(value) }
      return try finish(value)
    }
    try fail()
  }

  /// The coroutine returned.
  private func finish(_ value: Ref) throws(Raised) {
    if own.pointee.mustCancel != 0 {
      // Cancelled just before its end.
      own.pointee.mustCancel = 0
      let message = own.pointee.future.cancelMessage
      defer { Py_XDECREF(message) }
      Py_XINCREF(message)
      _ = try future.cancel(message)
    } else {
      try future.setResult(value)
    }
  }

  /// The coroutine raised.
  private func fail() throws(Raised) {
    let isCancellation = PyErr_ExceptionMatches(AsyncioState.cancelledError) != 0
    guard let raised = PyErr_GetRaisedException() else {
      throw raise(.systemError, "coroutine ended without result and exception")
    }
    let exception = Owned(adopting: raised)
    if isCancellation {
      replaceReference(&own.pointee.future.cancelledError, Py_NewRef(exception.ref))
      _ = try future.cancel(nil)
      return
    }
    try future.setException(exception.ref)
    if exception.ref.isInstance(of: Ref.keyboardInterrupt.asType)
      || exception.ref.isInstance(of: Ref.systemExit.asType)
    {
      // These leave the loop as well.
      PyErr_SetRaisedException(Py_NewRef(exception.ref))
      throw Raised()
    }
  }

  // MARK: What the coroutine yields

  private func wait(for yielded: Ref) throws(Raised) {
    if yielded == ref {
      return try failSoon("Task cannot await on itself: \(try shown(ref))")
    }
    if Future.isExact(yielded) {
      let awaited = Future(yielded)
      guard awaited.own.pointee.loop == own.pointee.future.loop else {
        return try failForLoop(yielded)
      }
      guard awaited.own.pointee.isBlocking != 0 else { return try failForYield(yielded) }
      awaited.own.pointee.isBlocking = 0
      let wakeup = try makeWakeup()
      try awaited.addDoneCallback(wakeup.ref, own.pointee.context ?? noneObject())
      return try setWaiter(yielded)
    }
    if yielded.isNone { return try scheduleStep(nil) }
    var blocking: Ref?
    try check(PyObject_GetOptionalAttr(yielded, AsyncioState.names.blocking, &blocking))
    defer { Py_XDECREF(blocking) }
    if let blocking, !blocking.isNone {
      let isBlocking = try check(PyObject_IsTrue(blocking)) != 0
      let loop = try Self.loop(of: yielded)
      guard loop.ref == own.pointee.future.loop else { return try failForLoop(yielded) }
      guard isBlocking else { return try failForYield(yielded) }
      try check(PyObject_SetAttr(yielded, AsyncioState.names.blocking, falseObject()))
      let wakeup = try makeWakeup()
      _ = try callMethod(
        yielded, AsyncioState.names.addDoneCallback, wakeup.ref,
        keyword: AsyncioState.names.contextKeyword, value: own.pointee.context ?? noneObject())
      return try setWaiter(yielded)
    }
    if yielded.type == generatorType() {
      return try failSoon(
        "yield was used instead of yield from for generator in task \(try shown(ref)) with "
          + (try shown(yielded)))
    }
    try failSoon("Task got bad yield: \(try shown(yielded))")
  }

  private func setWaiter(_ awaited: Ref) throws(Raised) {
    replaceReference(&own.pointee.waiter, Py_NewRef(awaited))
    if own.pointee.mustCancel == 0 { return }
    if try Self.cancel(awaited, own.pointee.future.cancelMessage) { own.pointee.mustCancel = 0 }
  }

  /// `get_loop()`, else the attribute `_loop`.
  private static func loop(of future: Ref) throws(Raised) -> Owned {
    if Future.isExact(future), let loop = Future(future).own.pointee.loop {
      return loop.retained()
    }
    var method: Ref?
    try check(PyObject_GetOptionalAttr(future, AsyncioState.names.getLoop, &method))
    if let method {
      defer { Py_DECREF(method) }
      return try Objects.own(PyObject_CallNoArgs(method))
    }
    return try Objects.own(PyObject_GetAttr(future, AsyncioState.names.loop))
  }

  /// Throws RuntimeError into the coroutine at its next step.
  private func failSoon(_ message: String) throws(Raised) {
    let text = try Objects.own(newString(message))
    let error = try Objects.own(PyObject_CallOneArg(.runtimeError, text.ref))
    try scheduleStep(error.ref)
  }

  private func failForLoop(_ yielded: Ref) throws(Raised) {
    try failSoon(
      "Task \(try shown(ref)) got Future \(try shown(yielded)) attached to a different loop")
  }

  private func failForYield(_ yielded: Ref) throws(Raised) {
    try failSoon(
      "yield was used instead of yield from in task \(try shown(ref)) with \(try shown(yielded))")
  }

  // MARK: Going on

  private static let wakeup: Method = .o("task_wakeup", "") { task, awaited in
    none { try Task(task).wake(awaited) }
  }

  nonisolated(unsafe) private static let wakeupDefinition: UnsafeMutablePointer<PyMethodDef>? =
    Method.table([wakeup])

  /// The callback of what the task waits for.
  private func makeWakeup() throws(Raised) -> Owned {
    guard let definition = Self.wakeupDefinition else { throw Raised() }
    return try Objects.own(PyCFunction_New(definition, ref))
  }

  /// What the task waited for is done: its exception goes into the coroutine, a value does not,
  /// for `await` asks for it.
  private func wake(_ awaited: Ref) throws(Raised) {
    let exception = Self.exception(of: awaited)
    defer { Py_XDECREF(exception) }
    try step(exception)
  }

  /// The exception that asking for the result raises, a new reference.
  private static func exception(of awaited: Ref) -> Ref? {
    do throws(Raised) {
      if Future.isExact(awaited) {
        switch try Future(awaited).outcome() {
        case .value: return nil
        case .exception(let exception): return exception.give()
        }
      }
      _ = try Objects.own(PyObject_CallMethodNoArgs(awaited, AsyncioState.names.result))
      return nil
    } catch { return PyErr_GetRaisedException() }
  }

  // MARK: Eager start

  /// Runs the first step at once, in the task's own context.
  func startEagerly() throws(Raised) {
    guard let loop = own.pointee.future.loop, let context = own.pointee.context else { return }
    let heldLoop = loop.retained()
    let heldContext = context.retained()
    let previous = try TaskRegistry.swap(heldLoop.ref, ref)
    try check(PySet_Add(AsyncioState.eagerTasks, ref))
    try check(PyContext_Enter(heldContext.ref))
    var failure: Ref?
    do throws(Raised) { try run(nil) } catch { failure = PyErr_GetRaisedException() }
    defer { Py_XDECREF(failure) }
    _ = try TaskRegistry.swap(heldLoop.ref, previous.ref)
    try check(PySet_Discard(AsyncioState.eagerTasks, ref))
    try check(PyContext_Exit(heldContext.ref))
    if future.isPending {
      try TaskRegistry.add(ref)
    } else {
      clearReference(&own.pointee.coroutine)
    }
    if let raised = failure {
      failure = nil
      PyErr_SetRaisedException(raised)
      throw Raised()
    }
  }
}

/// _asyncio.TaskStepMethWrapper: a step as an object the loop can call.
enum TaskStep {
  struct Layout {
    var base: PyObject
    var task: Ref?
    /// What to throw into the coroutine.
    var exception: Ref?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  private static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  static func make(_ task: Ref, _ exception: Ref?) throws(Raised) -> Owned {
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let step = try own(allocate(type, 0))
    view(step.ref).pointee.task = task.retained().give()
    view(step.ref).pointee.exception = exception.map { Py_NewRef($0) } ?? nil
    return step
  }

  static let spec = TypeSpec(
    type, "TaskStepMethWrapper", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .disallowInstantiation], base: objectType(),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        Py_XDECREF(view(object).pointee.task)
        Py_XDECREF(view(object).pointee.exception)
        object.type.pointee.tp_free?(object)
      },
      .tp_call { object, args, keywords in
        none {
          if let keywords, PyDict_Size(keywords) != 0 {
            throw raise(.typeError, "function takes no keyword arguments")
          }
          if apus_var_size(args) != 0 {
            throw raise(.typeError, "function takes no positional arguments")
          }
          guard let task = view(object).pointee.task else { return }
          try Task(task).step(view(object).pointee.exception)
        }
      },
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_traverse { object, visit, argument in
        visitReferences(
          visit, argument, view(object).pointee.task, view(object).pointee.exception)
      },
      .tp_clear { object in
        clearReference(&view(object).pointee.task)
        clearReference(&view(object).pointee.exception)
        return 0
      },
      .tp_free { PyObject_GC_Del($0) },
    ],
    properties: [
      Property("__self__", get: { object, _ in
        Py_NewRef(view(object).pointee.task ?? noneObject())
      }),
      Property("__qualname__", get: { object, _ in
        new {
          guard let task = view(object).pointee.task,
            let coroutine = Task(task).own.pointee.coroutine
          else { return noneObject().retained() }
          return try own(PyObject_GetAttr(coroutine, id___qualname__()))
        }
      }),
    ])
}
