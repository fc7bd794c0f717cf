import CPythonABI
import Objects

/// Frame objects: made when somebody looks at a frame. CPython: Objects/frameobject.c.
public enum PyFrameObjects {
  public typealias ObjectRef = UnsafeMutablePointer<PyFrameObject>

  /// The frame object of a frame (borrowed), made at the first call. Nil with MemoryError.
  public static func object(for frame: UnsafeMutablePointer<_PyInterpreterFrame>) -> ObjectRef? {
    if let made = frame.pointee.frame_obj { return made }
    let words = Frame.headerWords + Int(Frame.code(frame).pointee.co_nlocalsplus)
    guard let memory = _PyObject_GC_NewVar(frameType(), words) else { return nil }
    let object = UnsafeMutableRawPointer(memory).assumingMemoryBound(to: PyFrameObject.self)
    object.pointee.f_back = nil
    object.pointee.f_frame = frame
    object.pointee.f_trace = nil
    object.pointee.f_lineno = 0
    object.pointee.f_trace_lines = 1
    object.pointee.f_trace_opcodes = 0
    object.pointee.f_extra_locals = nil
    Tracing.LineState.of(object).pointee = Tracing.LineState(line: -1, index: -1)
    frame.pointee.frame_obj = object
    PyObject_GC_Track(object)
    return object
  }

  static func asObject(_ object: ObjectRef) -> Ref {
    UnsafeMutableRawPointer(object).assumingMemoryBound(to: PyObject.self)
  }

  /// The line a frame is at, or -1.
  static func line(_ frame: FrameRef) -> Int {
    let index = Frame.instructionIndex(frame)
    let line = LineTable.line(of: Frame.code(frame), at: index * 2)
    // A generator that has not started stands at an instruction without a line.
    return line < 0 && index <= 0 ? Int(Frame.code(frame).pointee.co_firstlineno) : line
  }
}

@c @implementation
public func PyFrame_GetLineNumber(_ object: UnsafeMutablePointer<PyFrameObject>) -> Int32 {
  if object.pointee.f_lineno != 0 { return object.pointee.f_lineno }
  guard let frame = object.pointee.f_frame else { return -1 }
  return Int32(truncatingIfNeeded: PyFrameObjects.line(frame))
}

@c @implementation
public func PyFrame_GetCode(
  _ object: UnsafeMutablePointer<PyFrameObject>
) -> UnsafeMutablePointer<PyCodeObject>? {
  guard let frame = object.pointee.f_frame else { return nil }
  let code = Frame.code(frame)
  Py_INCREF(UnsafeMutableRawPointer(code).assumingMemoryBound(to: PyObject.self))
  return code
}

@c @implementation
public func PyFrame_GetBack(
  _ object: UnsafeMutablePointer<PyFrameObject>
) -> UnsafeMutablePointer<PyFrameObject>? {
  var back = object.pointee.f_back
  if back == nil, let previous = object.pointee.f_frame?.pointee.previous {
    back = PyFrameObjects.object(for: previous)
  }
  if let back { Py_INCREF(PyFrameObjects.asObject(back)) }
  return back
}

@c @implementation
public func PyEval_GetFrame() -> UnsafeMutablePointer<PyFrameObject>? {
  guard let frame = apus_tstate().pointee.current_frame else { return nil }
  return PyFrameObjects.object(for: frame)
}

@c @implementation
public func PyEval_GetGlobals() -> UnsafeMutablePointer<PyObject>? {
  apus_tstate().pointee.current_frame?.pointee.f_globals
}

@c @implementation
public func PyEval_GetBuiltins() -> UnsafeMutablePointer<PyObject>? {
  let thread = apus_tstate()
  return thread.pointee.current_frame?.pointee.f_builtins ?? thread.pointee.interp.pointee.builtins
}
