import CPythonABI
import Objects

/// `sys.settrace`, `sys.setprofile` and the events of `sys.monitoring`. While anybody listens, every
/// instruction takes the traced way; otherwise none of this costs anything.
/// CPython: Python/legacy_tracing.c, Python/instrumentation.c.
public enum Tracing {
  enum Event: Int32 {
    case call = 0, exception, line, `return`, cCall, cException, cReturn, opcode

    /// What tools of `sys.monitoring` are told in its place.
    var counterpart: MonitoringEvent {
      switch self {
      case .call: .pyStart
      case .exception: .raise
      case .line: .line
      case .return: .pyReturn
      case .cCall: .call
      case .cException: .cRaise
      case .cReturn: .cReturn
      case .opcode: .instruction
      }
    }
  }

  /// Whether somebody listens to events and is not being told of one just now.
  @inline(__always)
  static func isOn(_ thread: ThreadRef) -> Bool { thread.pointee.dispatch_mask == 0 }

  /// Updates the mask after the functions or the events of tools changed.
  static func update(_ thread: ThreadRef) {
    thread.pointee.dispatch_mask = isHeard(thread) || OpcodeProfile.isOn ? 0 : 0xFF
  }

  /// Whether some function waits for events; a profile of opcodes alone wants none.
  private static func isHeard(_ thread: ThreadRef) -> Bool {
    thread.pointee.c_tracefunc != nil || thread.pointee.c_profilefunc != nil
      || Monitoring.isActive(thread)
  }

  // MARK: Events

  /// A frame starts or goes on. False when a function raised.
  @inline(never)
  static func enter(_ thread: ThreadRef, _ frame: FrameRef) -> Bool {
    if thread.pointee.tracing != 0 || !isHeard(thread) { return true }
    let code = Frame.code(frame)
    let index = Frame.instructionIndex(frame)
    guard let object = PyFrameObjects.object(for: frame) else { return false }
    // What ran before is the yield, or nothing.
    LineState.of(object).pointee = LineState(line: -1, index: Int32(index - 1))
    let isStart = index == 0
    // A frame that starts is at its definition, not at its first instruction.
    if isStart { object.pointee.f_lineno = definitionLine(code) }
    let went =
      sendCall(thread, frame, as: isStart ? .pyStart : .pyResume)
      && Monitoring.send(thread, code, Swift.max(index, 0), isStart ? .pyStart : .pyResume)
    if isStart, let object = frame.pointee.frame_obj { object.pointee.f_lineno = 0 }
    return went
  }

  /// The line a frame is at before its first instruction: a module has none, which is 0.
  static func definitionLine(_ code: CodeRef) -> Int32 {
    code.pointee.co_firstlineno
  }

  private static func sendCall(
    _ thread: ThreadRef, _ frame: FrameRef, as what: MonitoringEvent
  ) -> Bool {
    if let function = thread.pointee.c_tracefunc,
      !send(thread, frame, function, thread.pointee.c_traceobj, .call, nil, as: what)
    {
      return false
    }
    if let function = thread.pointee.c_profilefunc,
      !send(thread, frame, function, thread.pointee.c_profileobj, .call, nil, as: what)
    {
      return false
    }
    return true
  }

  /// An exception is thrown into a generator that stands at a yield.
  @inline(never)
  static func thrown(_ thread: ThreadRef, _ frame: FrameRef) {
    if thread.pointee.tracing != 0 || !isHeard(thread) { return }
    let code = Frame.code(frame)
    let index = Frame.instructionIndex(frame)
    guard let pending = PyErr_GetRaisedException() else { return }
    guard let object = PyFrameObjects.object(for: frame) else {
      Py_DECREF(pending)
      return
    }
    LineState.of(object).pointee = LineState(line: -1, index: Int32(index))
    if sendCall(thread, frame, as: .pyThrow) {
      PyErr_SetRaisedException(pending)
      Monitoring.sendException(thread, code, index, .pyThrow)
    } else {
      Py_DECREF(pending)
    }
  }

  /// A frame returns or yields; its stack has been noted, without the value. False when a function
  /// raised.
  @inline(never)
  static func leave(
    _ thread: ThreadRef, _ frame: FrameRef, _ value: Ref?, yields: Bool
  ) -> Bool {
    if thread.pointee.tracing != 0 { return true }
    frame.pointee.flags |= Frame.stackIsKnown
    let went = sendReturn(thread, frame, value, as: yields ? .pyYield : .pyReturn)
    frame.pointee.flags &= ~Frame.stackIsKnown
    if !went { return false }
    let code = Frame.code(frame)
    let index = Frame.instructionIndex(frame)
    return Monitoring.send(thread, code, index, yields ? .pyYield : .pyReturn, value)
  }

  private static func sendReturn(
    _ thread: ThreadRef, _ frame: FrameRef, _ value: Ref?, as what: MonitoringEvent
  ) -> Bool {
    if let function = thread.pointee.c_tracefunc, frame.pointee.frame_obj != nil,
      !send(thread, frame, function, thread.pointee.c_traceobj, .return, value, as: what)
    {
      return false
    }
    if let function = thread.pointee.c_profilefunc,
      !send(thread, frame, function, thread.pointee.c_profileobj, .return, value, as: what)
    {
      return false
    }
    return true
  }

  /// A frame ends by an exception: a return event without value, the exception kept.
  @inline(never)
  static func unwind(_ thread: ThreadRef, _ frame: FrameRef) {
    if thread.pointee.tracing != 0 { return }
    let pending = PyErr_GetRaisedException()
    if sendReturn(thread, frame, nil, as: .pyUnwind) {
      PyErr_SetRaisedException(pending)
    } else {
      Py_XDECREF(pending)
    }
    let code = Frame.code(frame)
    Monitoring.sendException(thread, code, Frame.instructionIndex(frame), .pyUnwind)
  }

  /// An exception passes through a frame: raised here, or raised again by an `except` or `finally`
  /// that ends.
  @inline(never)
  static func exception(_ thread: ThreadRef, _ frame: FrameRef, isReraise: Bool) {
    if thread.pointee.tracing != 0 { return }
    let code = Frame.code(frame)
    let index = Frame.instructionIndex(frame)
    if let object = frame.pointee.frame_obj {
      // A handler's first instruction looks back at this one.
      LineState.of(object).pointee.index = Int32(truncatingIfNeeded: index)
    }
    if isReraise {
      Monitoring.sendException(thread, code, index, .reraise)
    } else {
      sendException(thread, frame)
      Monitoring.sendException(thread, code, index, .raise)
    }
  }

  private static func sendException(_ thread: ThreadRef, _ frame: FrameRef) {
    guard let function = thread.pointee.c_tracefunc,
      let pending = PyErr_GetRaisedException()
    else { return }
    let base = pending.view(PyBaseExceptionObject.self)
    guard let triple = PyTuple_New(3) else {
      Py_DECREF(pending)
      return
    }
    let items = apus_tuple_items(triple)
    let type = pending.type.object
    let traceback = base.pointee.traceback ?? noneObject()
    Py_INCREF(type)
    Py_INCREF(pending)
    Py_INCREF(traceback)
    items[0] = type
    items[1] = pending
    items[2] = traceback
    let went = send(thread, frame, function, thread.pointee.c_traceobj, .exception, triple)
    Py_DECREF(triple)
    if went { PyErr_SetRaisedException(pending) } else { Py_DECREF(pending) }
  }

  /// A handler of the frame takes the exception over. False when a function raised another, which
  /// is set then.
  @inline(never)
  static func handled(_ thread: ThreadRef, _ frame: FrameRef) -> Bool {
    let code = Frame.code(frame)
    guard thread.pointee.tracing == 0, Monitoring.wants(thread, code, .exceptionHandled) else {
      return true
    }
    let value = thread.pointee.exc_info.pointee.exc_value
    return Monitoring.send(
      thread, code, Frame.instructionIndex(frame), .exceptionHandled, value)
  }

  /// A `for` loop or `yield from` ends because its generator did.
  @inline(never)
  static func exhausted(_ thread: ThreadRef, _ frame: FrameRef, _ iterator: Ref) -> Bool {
    if thread.pointee.tracing != 0 { return true }
    let code = Frame.code(frame)
    let index = Frame.instructionIndex(frame)
    if thread.pointee.current_exception != nil {
      // A StopIteration was raised for it.
      sendException(thread, frame)
      Monitoring.sendException(thread, code, index, .raise)
      return true
    }
    guard iterator.type == generatorType(), Monitoring.wants(thread, code, .stopIteration) else {
      return true
    }
    guard let value = PyObject_CallNoArgs(.stopIteration) else { return false }
    defer { Py_DECREF(value) }
    return Monitoring.send(thread, code, index, .stopIteration, value)
  }

  /// What an `await` or `yield from` waits for ends with a value: a StopIteration says so. False when a function raised.
  @inline(never)
  static func delegateEnded(
    _ thread: ThreadRef, _ frame: FrameRef, _ delegate: Ref, _ value: Ref
  ) -> Bool {
    if thread.pointee.tracing != 0 { return true }
    let type = delegate.type
    let isGenerator = type == generatorType() || type == coroutineType()
    // A plain iterator of the interpreter's own ends without an exception.
    let slots = type.pointee.tp_as_async
    guard isGenerator || slots?.pointee.am_send != nil || slots?.pointee.am_await != nil
      || type.pointee.tp_flags & UInt(Py_TPFLAGS_HEAPTYPE) != 0
    else { return true }
    if value.isNone {
      PyErr_SetObject(.stopIteration, nil)
    } else {
      PyGenerator.setStopIteration(value)
    }
    sendException(thread, frame)
    Monitoring.sendException(
      thread, Frame.code(frame), Frame.instructionIndex(frame),
      isGenerator ? .stopIteration : .raise)
    if PyErr_ExceptionMatches(.stopIteration) == 0 { return !hasRaised() }
    PyErr_Clear()
    return true
  }

  /// The instruction at `pc` is about to run. Sends what the one before did (a jump), then the line
  /// when one begins, then the instruction. A function may set `f_lineno`: the frame's `instr_ptr`
  /// and stack are other ones then. False when a function raised.
  @inline(never)
  static func instruction(
    _ thread: ThreadRef, _ frame: FrameRef, _ code: CodeRef, _ pc: InstructionRef
  ) -> Bool {
    let instructions = code.pointee.co_instructions.unsafelyUnwrapped
    let index = pc - instructions
    let before = frame.pointee.instr_ptr.unsafelyUnwrapped - instructions
    frame.pointee.instr_ptr = pc
    if thread.pointee.tracing != 0 { return true }
    if OpcodeProfile.isOn {
      OpcodeProfile.note(thread, code, index)
      if !isHeard(thread) { return true }
    }
    guard let object = PyFrameObjects.object(for: frame), let events = CodeEvents.of(code),
      index < Int(events.header.pointee.count)
    else { return !hasRaised() }
    let state = LineState.of(object)
    let last = before != index ? before : Int(state.pointee.index)
    let known = last >= 0 && last < Int(events.header.pointee.count)
    let line = events.lines[index]
    let lastLine = known ? events.lines[last] : -1
    let kind = events.kinds[index]
    state.pointee = LineState(line: line, index: Int32(truncatingIfNeeded: index))
    // What the instruction before did. An exception handler is not jumped to.
    if known, before != index {
      let lastKind = events.kinds[last]
      if lastKind & CodeEvents.Kind.branch != 0 {
        if !Monitoring.send(thread, code, last, .branch, to: index) { return false }
      } else if lastKind & CodeEvents.Kind.jump != 0 {
        if !Monitoring.send(thread, code, last, .jump, to: index) { return false }
      }
    }
    let isNewLine =
      kind & CodeEvents.Kind.startsLine != 0 && line >= 0 && (!known || line != lastLine)
    // A loop on one line: each turn is an event for a trace function.
    let isTurn = known && line >= 0 && line == lastLine && index <= last
    if let function = thread.pointee.c_tracefunc, object.pointee.f_trace != nil {
      if (isNewLine || isTurn) && object.pointee.f_trace_lines != 0 {
        if !send(thread, frame, function, thread.pointee.c_traceobj, .line, nil) { return false }
        if frame.pointee.instr_ptr != pc { return true }
      }
      if object.pointee.f_trace_opcodes != 0 {
        if !send(thread, frame, function, thread.pointee.c_traceobj, .opcode, nil) { return false }
        if frame.pointee.instr_ptr != pc { return true }
      }
    }
    if isNewLine, Monitoring.wants(thread, code, .line) {
      if !Monitoring.sendLine(thread, code, index, Int(line)) { return false }
    }
    return Monitoring.send(thread, code, index, .instruction)
  }

  /// Calls something with the events of calls around it.
  ///
  /// - Parameter first: the first argument, for the tools of `sys.monitoring`.
  static func call(_ callable: Ref, _ first: Ref?, _ body: () -> Ref?) -> Ref? {
    let thread = apus_tstate()
    guard thread.pointee.tracing == 0, let frame = thread.pointee.current_frame else {
      return body()
    }
    let code = Frame.code(frame)
    let index = Frame.instructionIndex(frame)
    if Monitoring.wants(thread, code, .call),
      !Monitoring.sendCall(thread, code, index, .call, callable, first)
    {
      return nil
    }
    let isNative =
      callable.isInstance(of: builtinFunctionType()) || callable.type == methodDescrType()
    if isNative, let function = thread.pointee.c_profilefunc,
      !send(thread, frame, function, thread.pointee.c_profileobj, .cCall, callable)
    {
      return nil
    }
    let result = body()
    let isPython = callable.type == functionType() || callable.type == methodType()
    guard thread.pointee.tracing == 0, !isPython, isOn(thread) else {
      return result
    }
    let pending = PyErr_GetRaisedException()
    var went = true
    // The function may have switched profiling off.
    if isNative, let function = thread.pointee.c_profilefunc {
      went = send(
        thread, frame, function, thread.pointee.c_profileobj,
        result == nil ? .cException : .cReturn, callable)
    }
    if went, Monitoring.wants(thread, code, .call) {
      went = Monitoring.sendCall(
        thread, code, index, result == nil ? .cRaise : .cReturn, callable, first)
    }
    if !went {
      Py_XDECREF(result)
      Py_XDECREF(pending)
      return nil
    }
    PyErr_SetRaisedException(pending)
    return result
  }

  /// Calls a trace function with tracing off. False when it raised.
  private static func send(
    _ thread: ThreadRef, _ frame: FrameRef, _ function: Py_tracefunc, _ argument: Ref?,
    _ event: Event, _ value: Ref?, as what: MonitoringEvent? = nil
  ) -> Bool {
    guard let object = PyFrameObjects.object(for: frame) else { return false }
    thread.pointee.tracing &+= 1
    let oldEvent = thread.pointee.what_event
    thread.pointee.what_event = (what ?? event.counterpart).rawValue
    let isLine = event == .line || event == .opcode
    if isLine { frame.pointee.flags |= Frame.inLineEvent | Frame.stackIsKnown }
    let mask = thread.pointee.dispatch_mask
    thread.pointee.dispatch_mask = 0xFF
    let asObject = PyFrameObjects.asObject(object)
    Py_INCREF(asObject)
    let status = function(argument ?? noneObject(), object, event.rawValue, value)
    Py_DECREF(asObject)
    thread.pointee.tracing &-= 1
    thread.pointee.what_event = oldEvent
    if isLine { frame.pointee.flags &= ~(Frame.inLineEvent | Frame.stackIsKnown) }
    if !isOn(thread) { thread.pointee.dispatch_mask = mask }
    update(thread)
    return status == 0
  }

  /// The line and instruction of the last line event of a frame, kept in its object.
  struct LineState {
    var line: Int32
    var index: Int32

    /// In `f_locals_cache`, which frames of 3.13 do not use.
    static func of(
      _ object: UnsafeMutablePointer<PyFrameObject>
    ) -> UnsafeMutablePointer<LineState> {
      (UnsafeMutableRawPointer(object) + 56).assumingMemoryBound(to: LineState.self)
    }
  }

  // MARK: From Python

  private static let eventNames = [
    "call", "exception", "line", "return", "c_call", "c_exception", "c_return", "opcode",
  ]

  /// Calls a Python-level function with (frame, event, argument); nil when it raised.
  private static func call(
    _ callback: Ref, _ frame: UnsafeMutablePointer<PyFrameObject>, _ event: Int32, _ value: Ref?
  ) -> Ref? {
    guard let name = PyUnicode_InternFromString(eventNames[Int(event)]) else { return nil }
    defer { Py_DECREF(name) }
    return withUnsafeTemporaryAllocation(of: Ref.self, capacity: 3) { arguments in
      arguments[0] = PyFrameObjects.asObject(frame)
      arguments[1] = name
      arguments[2] = value ?? noneObject()
      return PyObject_Vectorcall(callback, arguments.baseAddress, 3, nil)
    }
  }

  /// Behind `sys.settrace`: the global function for calls, what it returned for the rest.
  static let traceTrampoline: Py_tracefunc = { argument, frame, event, value in
    let isCall = event == Event.call.rawValue
    guard let callback = isCall ? argument : frame.pointee.f_trace else { return 0 }
    Py_INCREF(callback)
    defer { Py_DECREF(callback) }
    guard let result = call(callback, frame, event, value) else {
      Py_XDECREF(frame.pointee.f_trace)
      frame.pointee.f_trace = nil
      PyEval_SetTrace(nil, nil)
      return -1
    }
    if !result.isNone {
      let old = frame.pointee.f_trace
      frame.pointee.f_trace = result
      Py_XDECREF(old)
    } else {
      Py_DECREF(result)
    }
    return 0
  }

  static let profileTrampoline: Py_tracefunc = { argument, frame, event, value in
    guard let result = call(argument, frame, event, value) else {
      PyEval_SetProfile(nil, nil)
      return -1
    }
    Py_DECREF(result)
    return 0
  }

  /// `sys.settrace(function)`; None switches it off.
  public static func setTrace(_ function: UnsafeMutablePointer<PyObject>) {
    if function.isNone {
      PyEval_SetTrace(nil, nil)
    } else {
      PyEval_SetTrace(traceTrampoline, function)
    }
  }

  /// `sys.setprofile(function)`; None switches it off.
  public static func setProfile(_ function: UnsafeMutablePointer<PyObject>) {
    if function.isNone {
      PyEval_SetProfile(nil, nil)
    } else {
      PyEval_SetProfile(profileTrampoline, function)
    }
  }
}

@c @implementation
public func PyEval_SetTrace(_ function: Py_tracefunc?, _ argument: UnsafeMutablePointer<PyObject>?) {
  let thread = apus_tstate()
  let old = thread.pointee.c_traceobj
  if let argument { Py_INCREF(argument) }
  thread.pointee.c_tracefunc = function
  thread.pointee.c_traceobj = argument
  Tracing.update(thread)
  Py_XDECREF(old)
}

@c @implementation
public func PyEval_SetProfile(
  _ function: Py_tracefunc?, _ argument: UnsafeMutablePointer<PyObject>?
) {
  let thread = apus_tstate()
  let old = thread.pointee.c_profileobj
  if let argument { Py_INCREF(argument) }
  thread.pointee.c_profilefunc = function
  thread.pointee.c_profileobj = argument
  Tracing.update(thread)
  Py_XDECREF(old)
}
