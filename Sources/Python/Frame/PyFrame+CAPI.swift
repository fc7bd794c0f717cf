import CPythonABI
import Objects

// The C API of frame objects. CPython: Objects/frameobject.c, Python/ceval.c.

private let noFrame = "The frame's content is gone."

extension PyFrameObjects {
  /// A frame object whose frame lies inside it and never ran: C code makes one to have a place in a
  /// traceback (Cython and pybind11 do).
  static func makeDetached(
    _ code: CodeRef, _ globals: Ref, _ locals: Ref?
  ) throws(Raised) -> UnsafeMutablePointer<PyFrameObject> {
    let codeObject = UnsafeMutableRawPointer(code).assumingMemoryBound(to: PyObject.self)
    let function = try own(PyFunction_New(codeObject, globals))
    let words = Frame.headerWords + Int(code.pointee.co_nlocalsplus)
    guard let memory = _PyObject_GC_NewVar(frameType(), words) else { throw Raised() }
    let object = UnsafeMutableRawPointer(memory).assumingMemoryBound(to: PyFrameObject.self)
    let inner = UnsafeMutableRawPointer(object).advanced(by: Frame.embeddedOffset)
      .assumingMemoryBound(to: _PyInterpreterFrame.self)
    object.pointee.f_back = nil
    object.pointee.f_frame = inner
    object.pointee.f_trace = nil
    object.pointee.f_lineno = 0
    object.pointee.f_trace_lines = 1
    object.pointee.f_trace_opcodes = 0
    object.pointee.f_extra_locals = nil
    object.pointee.f_locals_cache = nil
    let source = function.give().view(PyFunctionObject.self)
    Frame.initialize(inner, code: code, function: source, instructions: code.pointee.co_instructions)
    inner.pointee.owner = CChar(FRAME_OWNED_BY_FRAME_OBJECT)
    inner.pointee.previous = nil
    inner.pointee.frame_obj = object
    inner.pointee.stacktop = code.pointee.co_nlocalsplus
    Py_XINCREF(locals)
    inner.pointee.f_locals = locals
    let variables = apus_frame_locals(inner)
    for index in 0..<Int(code.pointee.co_nlocalsplus) { variables[index] = nil }
    if let caller = apus_tstate().pointee.current_frame, let back = self.object(for: caller) {
      Py_INCREF(asObject(back))
      object.pointee.f_back = back
    }
    PyObject_GC_Track(object)
    return object
  }
}

/// A new frame object that never runs.
@c @implementation
public func PyFrame_New(
  _ thread: UnsafeMutablePointer<PyThreadState>, _ code: UnsafeMutablePointer<PyCodeObject>,
  _ globals: UnsafeMutablePointer<PyObject>, _ locals: UnsafeMutablePointer<PyObject>?
) -> UnsafeMutablePointer<PyFrameObject>? {
  do { return try PyFrameObjects.makeDetached(code, globals, locals) } catch { return nil }
}

/// Offset of the wordcode instruction the frame is at, or -1.
@c @implementation
public func PyFrame_GetLasti(_ object: UnsafeMutablePointer<PyFrameObject>) -> Int32 {
  guard let frame = object.pointee.f_frame else { return -1 }
  let index = Frame.instructionIndex(frame)
  return index < 0 ? -1 : Int32(truncatingIfNeeded: index * 2)
}

@c @implementation
public func PyFrame_GetBuiltins(
  _ object: UnsafeMutablePointer<PyFrameObject>
) -> UnsafeMutablePointer<PyObject>? {
  guard let builtins = object.pointee.f_frame?.pointee.f_builtins else {
    _ = raise(.systemError, noFrame)
    return nil
  }
  return builtins.retained().give()
}

/// `f_locals`: a namespace, or the proxy of a function's variables (PEP 667).
@c @implementation
public func PyFrame_GetLocals(
  _ object: UnsafeMutablePointer<PyFrameObject>
) -> UnsafeMutablePointer<PyObject>? {
  PyObject_GetAttrString(PyFrameObjects.asObject(object), "f_locals")
}

/// The generator, coroutine or asynchronous generator that the frame belongs to; nil without one.
@c @implementation
public func PyFrame_GetGenerator(
  _ object: UnsafeMutablePointer<PyFrameObject>
) -> UnsafeMutablePointer<PyObject>? {
  guard let frame = object.pointee.f_frame, frame.pointee.owner == CChar(FRAME_OWNED_BY_GENERATOR)
  else { return nil }
  return UnsafeMutableRawPointer(Generators.object(of: frame))
    .assumingMemoryBound(to: PyObject.self).retained().give()
}

/// A variable of the frame. NameError when there is none of that name with a value.
@c @implementation
public func PyFrame_GetVar(
  _ object: UnsafeMutablePointer<PyFrameObject>, _ name: UnsafeMutablePointer<PyObject>
) -> UnsafeMutablePointer<PyObject>? {
  new {
    guard name.isStr else {
      throw raise(.typeError, "name must be str, not \(name.type.fullName)")
    }
    let locals = try own(PyFrame_GetLocals(object))
    var value: Ref?
    if try check(PyMapping_GetOptionalItem(locals.ref, name, &value)) == 0 {
      let shown = try own(PyObject_Repr(name))
      throw raise(.nameError, "variable \(text(of: shown.ref)) does not exist")
    }
    return try own(value)
  }
}

@c @implementation
public func PyFrame_GetVarString(
  _ object: UnsafeMutablePointer<PyFrameObject>, _ name: UnsafePointer<CChar>
) -> UnsafeMutablePointer<PyObject>? {
  new {
    let name = try own(PyUnicode_FromString(name))
    return try own(PyFrame_GetVar(object, name.ref))
  }
}

@c @implementation
public func PyEval_GetFrameGlobals() -> UnsafeMutablePointer<PyObject>? {
  PyEval_GetGlobals().map { $0.retained().give() }
}

@c @implementation
public func PyEval_GetFrameBuiltins() -> UnsafeMutablePointer<PyObject>? {
  PyEval_GetBuiltins().map { $0.retained().give() }
}
