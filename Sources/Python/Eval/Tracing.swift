import CPythonABI
import Objects

/// `sys.settrace` and `sys.setprofile`. While either is set, every instruction takes the `traced` way.
/// CPython: Python/sysmodule.c (trampolines), Python/ceval.c of 3.10 (line events).
public enum Tracing {
  enum Event: Int32 {
    case call = 0, exception, line, `return`, cCall, cException, cReturn, opcode
  }

  /// Updates the mask after the functions changed.
  static func update(_ thread: ThreadRef) {
    let on = thread.pointee.c_tracefunc != nil || thread.pointee.c_profilefunc != nil
    thread.pointee.trace_mask = on ? 0xFF : 0
  }

  // MARK: Events

  /// A frame starts or goes on. False when a function raised.
  @inline(never)
  static func enter(_ thread: ThreadRef, _ frame: FrameRef) -> Bool {
    if thread.pointee.tracing != 0 { return true }
    let code = Frame.code(frame)
    guard frame.pointee.instr_ptr == code.pointee.co_instructions else {
      return sendCall(thread, frame)
    }
    // A frame that starts is at its definition, not at its first instruction.
    guard let object = PyFrameObjects.object(for: frame) else { return false }
    object.pointee.f_lineno = code.pointee.co_firstlineno
    let went = sendCall(thread, frame)
    if let object = frame.pointee.frame_obj { object.pointee.f_lineno = 0 }
    return went
  }

  private static func sendCall(_ thread: ThreadRef, _ frame: FrameRef) -> Bool {
    if let function = thread.pointee.c_tracefunc,
      !send(thread, frame, function, thread.pointee.c_traceobj, .call, nil)
    {
      return false
    }
    if let function = thread.pointee.c_profilefunc,
      !send(thread, frame, function, thread.pointee.c_profileobj, .call, nil)
    {
      return false
    }
    return true
  }

  /// A frame returns or yields. False when a function raised.
  @inline(never)
  static func leave(_ thread: ThreadRef, _ frame: FrameRef, _ value: Ref?) -> Bool {
    if thread.pointee.tracing != 0 { return true }
    if let function = thread.pointee.c_tracefunc, frame.pointee.frame_obj != nil,
      !send(thread, frame, function, thread.pointee.c_traceobj, .return, value)
    {
      return false
    }
    if let function = thread.pointee.c_profilefunc,
      !send(thread, frame, function, thread.pointee.c_profileobj, .return, value)
    {
      return false
    }
    return true
  }

  /// A frame ends by an exception: a return event without value, the exception kept.
  @inline(never)
  static func unwind(_ thread: ThreadRef, _ frame: FrameRef) {
    let pending = PyErr_GetRaisedException()
    if leave(thread, frame, nil) {
      PyErr_SetRaisedException(pending)
    } else {
      Py_XDECREF(pending)
    }
  }

  /// An exception passes through a frame.
  @inline(never)
  static func exception(_ thread: ThreadRef, _ frame: FrameRef) {
    guard thread.pointee.tracing == 0, let function = thread.pointee.c_tracefunc,
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

  /// An instruction is about to run: a line event at the first of a line, or when jumping back.
  /// False when a function raised.
  @inline(never)
  static func line(_ thread: ThreadRef, _ frame: FrameRef, _ code: CodeRef) -> Bool {
    guard thread.pointee.tracing == 0, let function = thread.pointee.c_tracefunc,
      let object = frame.pointee.frame_obj, object.pointee.f_trace != nil
    else { return true }
    let instructions = code.pointee.co_instructions.unsafelyUnwrapped
    let index = frame.pointee.instr_ptr.unsafelyUnwrapped - instructions
    let state = LineState.of(object)
    let last = state.pointee
    var isNewLine = false
    var table = LineTable(code)
    var line = -1
    while let range = table.next() {
      if index * 2 < range.end {
        line = range.line
        // A line starts here, another line was running, or the program jumped back.
        isNewLine = line >= 0 && (index * 2 == range.start || last.line != Int32(line) || index <= Int(last.index))
        if isNewLine && index * 2 != range.start && last.line == Int32(line) && index > Int(last.index) {
          isNewLine = false
        }
        break
      }
    }
    if isNewLine && last.line == Int32(line) && index > Int(last.index) && last.index >= 0 {
      // Going on within the same line (a second range of it) is no event.
      isNewLine = false
    }
    state.pointee = LineState(line: line >= 0 ? Int32(line) : last.line, index: Int32(index))
    if isNewLine && object.pointee.f_trace_lines != 0 {
      if !send(thread, frame, function, thread.pointee.c_traceobj, .line, nil) { return false }
    }
    if object.pointee.f_trace_opcodes != 0 {
      if !send(thread, frame, function, thread.pointee.c_traceobj, .opcode, nil) { return false }
    }
    return true
  }

  /// Calls something that is no Python function, with the profile function's events around it.
  static func call(_ callable: Ref, _ body: () -> Ref?) -> Ref? {
    let thread = apus_tstate()
    let isNative =
      callable.isInstance(of: builtinFunctionType()) || callable.type == methodDescrType()
    guard isNative, thread.pointee.tracing == 0, let frame = thread.pointee.current_frame,
      let function = thread.pointee.c_profilefunc
    else { return body() }
    if !send(thread, frame, function, thread.pointee.c_profileobj, .cCall, callable) { return nil }
    let result = body()
    let pending = PyErr_GetRaisedException()
    // The function may have switched profiling off.
    if let function = thread.pointee.c_profilefunc,
      !send(
        thread, frame, function, thread.pointee.c_profileobj,
        result == nil ? .cException : .cReturn, callable)
    {
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
    _ event: Event, _ value: Ref?
  ) -> Bool {
    guard let object = PyFrameObjects.object(for: frame) else { return false }
    thread.pointee.tracing &+= 1
    let mask = thread.pointee.trace_mask
    thread.pointee.trace_mask = 0
    let asObject = PyFrameObjects.asObject(object)
    Py_INCREF(asObject)
    let status = function(argument ?? noneObject(), object, event.rawValue, value)
    Py_DECREF(asObject)
    thread.pointee.tracing &-= 1
    if thread.pointee.trace_mask == 0 { thread.pointee.trace_mask = mask }
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
