import CPythonABI
import Objects

/// send, throw and close of generators and coroutines. CPython: Objects/genobject.c.
enum PyGenerator {
  /// The word messages use.
  static func kind(_ object: Ref) -> String {
    object.type == coroutineType()
      ? "coroutine" : object.type == asyncGeneratorType() ? "async generator" : "generator"
  }

  static func state(_ object: Ref) -> Int32 {
    Int32(object.view(PyGenObject.self).pointee.gi_frame_state)
  }

  /// Runs the generator up to its next yield or its end.
  ///
  /// - Parameter value: what `yield` evaluates to; nil raises the exception that is set inside.
  /// - Returns: PYGEN_NEXT with the yielded value, PYGEN_RETURN with the result, PYGEN_ERROR.
  static func resume(_ object: Ref, _ value: Ref?, _ result: inout Ref?) -> PySendResult {
    result = nil
    let state = state(object)
    if state >= FRAME_EXECUTING || (state == FRAME_CREATED && value != nil && value != noneObject())
    {
      return refuse(object, state, value, &result)
    }
    let thread = apus_tstate()
    let generator = object.view(PyGenObject.self)
    let frame = apus_gen_frame(object)
    thread.pointee.py_recursion_remaining &-= 1
    if thread.pointee.py_recursion_remaining < 0 {
      thread.pointee.py_recursion_remaining &+= 1
      Calls.raiseTooDeep()
      return PYGEN_ERROR
    }
    Py_INCREF(object)
    defer { Py_DECREF(object) }
    let caller = thread.pointee.current_frame
    if let value {
      Generators.resume(thread, generator, frame, from: caller, sending: value)
    } else {
      // The loop steps over the instruction the frame is at, as after a yield.
      frame.pointee.instr_ptr = frame.pointee.instr_ptr.unsafelyUnwrapped + 1
      if state == FRAME_CREATED, let start = Frame.code(frame).pointee.co_instructions {
        frame.pointee.instr_ptr = start + 1
      }
      // A thrown exception chains to the one this generator is handling.
      Generators.link(thread, generator, frame, from: caller)
      chainToHandled(generator)
    }
    let outcome = _PyEval_EvalFrameDefault(thread, frame, value == nil ? 1 : 0)
    guard let outcome else { return PYGEN_ERROR }
    result = outcome
    return self.state(object) < FRAME_EXECUTING ? PYGEN_NEXT : PYGEN_RETURN
  }

  /// What sending to a generator comes to that cannot run now.
  @inline(never)
  private static func refuse(
    _ object: Ref, _ state: Int32, _ value: Ref?, _ result: inout Ref?
  ) -> PySendResult {
    if state == FRAME_CREATED {
      _ = raise(.typeError, "can't send non-None value to a just-started \(kind(object))")
    } else if state == FRAME_EXECUTING {
      _ = raise(.valueError, "\(kind(object)) already executing")
    } else if object.type == coroutineType() && value != nil {
      _ = raise(.runtimeError, "cannot reuse already awaited coroutine")
    } else if value != nil {
      result = noneObject()
      return PYGEN_RETURN
    }
    return PYGEN_ERROR
  }

  /// Links the exception about to be thrown to the one the generator handles (`__context__`).
  private static func chainToHandled(_ generator: GeneratorRef) {
    guard let handled = generator.pointee.gi_exc_state.exc_value, !handled.isNone,
      let exception = PyErr_GetRaisedException()
    else { return }
    let base = exception.view(PyBaseExceptionObject.self)
    if handled != exception && base.pointee.context == nil {
      Py_INCREF(handled)
      PyException_SetContext(exception, handled)
    }
    PyErr_SetRaisedException(exception)
  }

  /// `send(value)`: a new reference to what is yielded; StopIteration with the result at the end.
  static func send(_ object: Ref, _ value: Ref) -> Ref? {
    var result: Ref?
    let outcome = resume(object, value, &result)
    return finish(object, outcome, result)
  }

  /// Turns a return into StopIteration (StopAsyncIteration for an asynchronous generator).
  static func finish(_ object: Ref, _ outcome: PySendResult, _ result: Ref?) -> Ref? {
    if outcome != PYGEN_RETURN { return result }
    if object.type == asyncGeneratorType() {
      PyErr_SetObject(.stopAsyncIteration, nil)
    } else if let result, result.isNone {
      PyErr_SetObject(.stopIteration, nil)
    } else if let result {
      setStopIteration(result)
    }
    Py_XDECREF(result)
    return nil
  }

  /// Raises `StopIteration(value)`, also when the value is a tuple or an exception.
  static func setStopIteration(_ value: Ref) {
    guard let exception = PyObject_CallOneArg(.stopIteration, value) else { return }
    PyErr_SetObject(.stopIteration, exception)
    Py_DECREF(exception)
  }

  /// `__next__`: the next value, or nil without an exception at a plain end.
  static func next(_ object: Ref) -> Ref? {
    var result: Ref?
    let outcome = resume(object, noneObject(), &result)
    if outcome == PYGEN_RETURN {
      if let result, !result.isNone { setStopIteration(result) }
      Py_XDECREF(result)
      return nil
    }
    return result
  }

  /// The iterator a suspended generator delegates to, borrowed.
  static func delegate(_ object: Ref) -> Ref? {
    guard state(object) == FRAME_SUSPENDED_YIELD_FROM else { return nil }
    let frame = apus_gen_frame(object)
    return apus_frame_locals(frame)[Int(frame.pointee.stacktop) - 1]
  }

  // MARK: throw

  /// `throw(exception)`. The exception's parts are borrowed.
  static func `throw`(
    _ object: Ref, _ type: Ref, _ value: Ref?, _ traceback: Ref?, closesOnExit: Bool = true
  ) -> Ref? {
    if let delegate = delegate(object) {
      Py_INCREF(delegate)
      defer { Py_DECREF(delegate) }
      return throwInto(object, delegate, type, value, traceback, closesOnExit: closesOnExit)
    }
    return throwHere(object, type, value, traceback)
  }

  private static func throwInto(
    _ object: Ref, _ delegate: Ref, _ type: Ref, _ value: Ref?, _ traceback: Ref?,
    closesOnExit: Bool
  ) -> Ref? {
    let generator = object.view(PyGenObject.self)
    if closesOnExit && PyErr_GivenExceptionMatches(type, .generatorExit) != 0 {
      let saved = generator.pointee.gi_frame_state
      generator.pointee.gi_frame_state = Int8(FRAME_EXECUTING)
      let status = closeIterator(delegate)
      generator.pointee.gi_frame_state = saved
      if status < 0 { return raiseInside(object) }
      return throwHere(object, type, value, traceback)
    }
    let saved = generator.pointee.gi_frame_state
    var result: Ref?
    if delegate.type == generatorType() || delegate.type == coroutineType() {
      generator.pointee.gi_frame_state = Int8(FRAME_EXECUTING)
      // The frame is in the chain while its delegate runs, for tracebacks and sys._getframe.
      let thread = apus_tstate()
      let frame = apus_gen_frame(object)
      frame.pointee.previous = thread.pointee.current_frame
      thread.pointee.current_frame = frame
      result = self.throw(delegate, type, value, traceback, closesOnExit: closesOnExit)
      thread.pointee.current_frame = frame.pointee.previous
      frame.pointee.previous = nil
      generator.pointee.gi_frame_state = saved
    } else {
      var method: Ref?
      guard let name = newString("throw") else { return nil }
      let status = PyObject_GetOptionalAttr(delegate, name, &method)
      Py_DECREF(name)
      if status < 0 { return nil }
      guard let method else { return throwHere(object, type, value, traceback) }
      defer { Py_DECREF(method) }
      generator.pointee.gi_frame_state = Int8(FRAME_EXECUTING)
      result = withUnsafeTemporaryAllocation(of: Ref.self, capacity: 3) { arguments in
        var count = 1
        arguments[0] = type
        if let value {
          arguments[1] = value
          count = 2
          if let traceback {
            arguments[2] = traceback
            count = 3
          }
        }
        return PyObject_Vectorcall(method, arguments.baseAddress, count, nil)
      }
      generator.pointee.gi_frame_state = saved
    }
    if result != nil { return result }
    // The delegate is done: its StopIteration's value is the result of `yield from`.
    let frame = apus_gen_frame(object)
    if hasRaised() && PyErr_ExceptionMatches(.stopIteration) == 0 {
      dropDelegate(frame)
      return raiseInside(object)
    }
    let finished = stopIterationValue()
    guard let finished else {
      dropDelegate(frame)
      return raiseInside(object)
    }
    dropDelegate(frame)
    // Past the YIELD_FROM the frame stands before.
    frame.pointee.instr_ptr = frame.pointee.instr_ptr.unsafelyUnwrapped + 1
    let sent = send(object, finished)
    Py_DECREF(finished)
    return sent
  }

  private static func dropDelegate(_ frame: FrameRef) {
    frame.pointee.stacktop &-= 1
    let slot = apus_frame_locals(frame) + Int(frame.pointee.stacktop)
    Py_XDECREF(slot[0])
    slot[0] = nil
    // Only the stack changed: an exception is raised at the YIELD_FROM itself.
  }

  /// The value of the StopIteration that is set (which it clears), None without one; nil when
  /// another exception is set.
  static func stopIterationValue() -> Ref? {
    guard hasRaised() else { return noneObject() }
    guard PyErr_ExceptionMatches(.stopIteration) != 0, let exception = PyErr_GetRaisedException()
    else { return nil }
    let value = exception.view(PyStopIterationObject.self).pointee.value ?? noneObject()
    Py_INCREF(value)
    Py_DECREF(exception)
    return value
  }

  private static func raiseInside(_ object: Ref) -> Ref? {
    var result: Ref?
    let outcome = resume(object, nil, &result)
    return finish(object, outcome, result)
  }

  private static func throwHere(
    _ object: Ref, _ type: Ref, _ value: Ref?, _ traceback: Ref?
  ) -> Ref? {
    do { try setThrown(type, value, traceback) } catch { return nil }
    if state(object) == FRAME_EXECUTING {
      PyErr_Clear()
      _ = raise(.valueError, "\(kind(object)) already executing")
      return nil
    }
    if state(object) >= FRAME_COMPLETED && object.type == coroutineType() {
      PyErr_Clear()
      _ = raise(.runtimeError, "cannot reuse already awaited coroutine")
      return nil
    }
    return raiseInside(object)
  }

  private static func instance(of type: Ref, _ value: Ref?) throws(Raised) -> Owned {
    let exception: Owned
    if let value, !value.isNone {
      if value.isException && value.type == type.asType {
        exception = value.retained()
      } else if value.isTuple {
        exception = try own(PyObject_Call(type, value, nil))
      } else {
        exception = try own(PyObject_CallOneArg(type, value))
      }
    } else {
      exception = try own(PyObject_CallNoArgs(type))
    }
    guard exception.ref.isException else {
      let shown = try own(PyObject_Repr(type))
      throw raise(
        .typeError,
        "calling \(text(of: shown.ref)) should have returned an instance of BaseException, not "
          + exception.ref.type.fullName)
    }
    return exception
  }

  /// Makes the exception of the old three-part form of `throw` and sets it.
  private static func setThrown(_ type: Ref, _ value: Ref?, _ traceback: Ref?) throws(Raised) {
    if let traceback, !traceback.isNone, traceback.type != tracebackType() {
      throw raise(.typeError, "throw() third argument must be a traceback object")
    }
    let exception: Owned
    if Unwinding.isExceptionClass(type) {
      do { exception = try instance(of: type, value) } catch {
        // What went wrong in making the exception is raised in the generator instead of it.
        return
      }
    } else if type.isException {
      if let value, !value.isNone {
        throw raise(.typeError, "instance exception may not have a separate value")
      }
      exception = type.retained()
    } else {
      throw raise(
        .typeError,
        "exceptions must be classes or instances deriving from BaseException, not "
          + type.type.fullName)
    }
    if let traceback, !traceback.isNone {
      _ = PyException_SetTraceback(exception.ref, traceback)
    }
    PyErr_SetRaisedException(exception.give())
  }

  // MARK: close

  /// Closes whatever a generator delegates to. -1 with an exception set.
  static func closeIterator(_ iterator: Ref) -> Int32 {
    if iterator.type == generatorType() || iterator.type == coroutineType() {
      guard let result = close(iterator) else { return -1 }
      Py_DECREF(result)
      return 0
    }
    guard let name = newString("close") else { return -1 }
    defer { Py_DECREF(name) }
    var method: Ref?
    if PyObject_GetOptionalAttr(iterator, name, &method) < 0 {
      PyErr_WriteUnraisable(iterator)
    }
    guard let method else { return 0 }
    defer { Py_DECREF(method) }
    guard let result = PyObject_CallNoArgs(method) else { return -1 }
    Py_DECREF(result)
    return 0
  }

  /// `close()`: None, or (3.13) the value the generator returns. Nil with an exception set.
  static func close(_ object: Ref) -> Ref? {
    let generator = object.view(PyGenObject.self)
    let state = state(object)
    if state == FRAME_CREATED {
      finishUnstarted(object)
      return noneObject()
    }
    if state >= FRAME_COMPLETED { return noneObject() }
    var failed = false
    let delegate = delegate(object)
    if delegate == nil, isOutsideBlocks(object) {
      // Nothing of it would see the GeneratorExit.
      finishSuspended(object)
      return noneObject()
    }
    if let delegate {
      Py_INCREF(delegate)
      generator.pointee.gi_frame_state = Int8(FRAME_EXECUTING)
      failed = closeIterator(delegate) < 0
      generator.pointee.gi_frame_state = Int8(state)
      Py_DECREF(delegate)
    }
    if !failed { PyErr_SetObject(.generatorExit, nil) }
    var result: Ref?
    let outcome = resume(object, nil, &result)
    if outcome == PYGEN_NEXT {
      Py_XDECREF(result)
      _ = raise(.runtimeError, "\(kind(object)) ignored GeneratorExit")
      return nil
    }
    if outcome == PYGEN_RETURN { return result }
    if PyErr_ExceptionMatches(.generatorExit) != 0 {
      PyErr_Clear()
      return noneObject()
    }
    if PyErr_ExceptionMatches(.stopIteration) != 0 { return stopIterationValue() }
    return nil
  }

  /// Ends a generator that never ran.
  private static func finishUnstarted(_ object: Ref) {
    let generator = object.view(PyGenObject.self)
    let frame = apus_gen_frame(object)
    generator.pointee.gi_frame_state = Int8(FRAME_CLEARED)
    Py_XINCREF(frame.pointee.f_executable)
    Frame.clearContent(frame, Frame.code(frame))
  }

  /// Whether a suspended generator is in no block that would handle an exception.
  private static func isOutsideBlocks(_ object: Ref) -> Bool {
    let frame = apus_gen_frame(object)
    let index = Frame.instructionIndex(frame)
    guard index >= 0, index < Int(Frame.code(frame).pointee.co_ninstructions) else { return false }
    do {
      return try BlockTable.block(in: Frame.code(frame), at: index) < 0
    } catch {
      PyErr_Clear()
      return false
    }
  }

  /// Ends a suspended generator without running it.
  private static func finishSuspended(_ object: Ref) {
    let frame = apus_gen_frame(object)
    object.view(PyGenObject.self).pointee.gi_frame_state = Int8(FRAME_CLEARED)
    let locals = apus_frame_locals(frame)
    let base = Int(Frame.code(frame).pointee.co_nlocalsplus)
    var top = Int(frame.pointee.stacktop)
    frame.pointee.stacktop = Int32(base)
    while top > base {
      top -= 1
      Py_XDECREF(locals[top])
    }
    frame.pointee.previous = nil
    Py_XINCREF(frame.pointee.f_executable)
    Frame.clearContent(frame, Frame.code(frame))
  }

  // MARK: Lifetime

  /// tp_finalize: closes a suspended generator; warns of a coroutine never awaited.
  static func finalize(_ object: Ref) {
    if state(object) >= FRAME_COMPLETED { return }
    let generator = object.view(PyGenObject.self)
    let pending = PyErr_GetRaisedException()
    defer { PyErr_SetRaisedException(pending) }
    if object.type == asyncGeneratorType(),
      let finalizer = generator.pointee.gi_origin_or_finalizer, generator.pointee.gi_closed == 0
    {
      if let result = PyObject_CallOneArg(finalizer, object) {
        Py_DECREF(result)
      } else {
        PyErr_WriteUnraisable(object)
      }
      return
    }
    if state(object) == FRAME_CREATED && object.type == coroutineType() {
      warnNeverAwaited(object)
      return
    }
    if let result = close(object) {
      Py_DECREF(result)
    } else if hasRaised() {
      PyErr_WriteUnraisable(object)
    }
  }

  private static func warnNeverAwaited(_ object: Ref) {
    let name = object.view(PyGenObject.self).pointee.gi_qualname.map { text(of: $0) } ?? "?"
    if let module = "warnings".withCString({ PyImport_ImportModule($0) }) {
      defer { Py_DECREF(module) }
      if let function = "_warn_unawaited_coroutine".withCString({
        PyObject_GetAttrString(module, $0)
      }) {
        defer { Py_DECREF(function) }
        if let result = PyObject_CallOneArg(function, object) {
          Py_DECREF(result)
          return
        }
        PyErr_WriteUnraisable(object)
      }
    }
    PyErr_Clear()
    if PyErr_WarnEx(.runtimeWarning, "coroutine '\(name)' was never awaited", 1) < 0 {
      PyErr_WriteUnraisable(object)
    }
  }

  static func deallocate(_ object: Ref) {
    let generator = object.view(PyGenObject.self)
    PyObject_GC_UnTrack(object)
    if generator.pointee.gi_weakreflist != nil { PyObject_ClearWeakRefs(object) }
    if state(object) < FRAME_COMPLETED {
      PyObject_GC_Track(object)
      if PyObject_CallFinalizerFromDealloc(object) != 0 { return }
      PyObject_GC_UnTrack(object)
    }
    if state(object) < FRAME_COMPLETED {
      let frame = apus_gen_frame(object)
      let locals = apus_frame_locals(frame)
      let base = Int(Frame.code(frame).pointee.co_nlocalsplus)
      var top = Int(frame.pointee.stacktop)
      while top > base {
        top -= 1
        Py_XDECREF(locals[top])
      }
      frame.pointee.previous = nil
      Py_XINCREF(frame.pointee.f_executable)
      Frame.clearContent(frame, Frame.code(frame))
      generator.pointee.gi_frame_state = Int8(FRAME_CLEARED)
    }
    Py_XDECREF(apus_gen_frame(object).pointee.f_executable)
    Py_XDECREF(generator.pointee.gi_origin_or_finalizer)
    Py_XDECREF(generator.pointee.gi_name)
    Py_XDECREF(generator.pointee.gi_qualname)
    Py_XDECREF(generator.pointee.gi_exc_state.exc_value)
    PyObject_GC_Del(object)
  }

  static func traverse(
    _ object: Ref, _ visit: visitproc, _ argument: UnsafeMutableRawPointer?
  ) -> Int32 {
    let generator = object.view(PyGenObject.self)
    func each(_ value: Ref?) -> Int32 { value.map { visit($0, argument) } ?? 0 }
    if state(object) < FRAME_COMPLETED {
      let status = FrameTraversal.visit(apus_gen_frame(object), visit, argument)
      if status != 0 { return status }
    }
    var status = each(generator.pointee.gi_name)
    if status == 0 { status = each(generator.pointee.gi_qualname) }
    if status == 0 { status = each(generator.pointee.gi_origin_or_finalizer) }
    if status == 0 { status = each(generator.pointee.gi_exc_state.exc_value) }
    return status
  }
}

/// What a frame holds, for the collector.
enum FrameTraversal {
  static func visit(
    _ frame: FrameRef, _ visit: visitproc, _ argument: UnsafeMutableRawPointer?
  ) -> Int32 {
    for value in [frame.pointee.f_locals, frame.pointee.f_funcobj, frame.pointee.f_executable] {
      if let value {
        let status = visit(value, argument)
        if status != 0 { return status }
      }
    }
    if let object = frame.pointee.frame_obj {
      let status = visit(PyFrameObjects.asObject(object), argument)
      if status != 0 { return status }
    }
    let locals = apus_frame_locals(frame)
    let executing = frame.pointee.owner == CChar(FRAME_OWNED_BY_GENERATOR)
      && Generators.object(of: frame).pointee.gi_frame_state == Int8(FRAME_EXECUTING)
    // What a running frame holds is in use, not for the collector to follow.
    let count = executing ? 0 : Int(frame.pointee.stacktop)
    for index in 0..<count {
      if let value = locals[index] {
        let status = visit(value, argument)
        if status != 0 { return status }
      }
    }
    return 0
  }
}
