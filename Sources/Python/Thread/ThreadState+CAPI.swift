import CPythonABI
import Objects

// The C API of thread, interpreter and frame state. CPython: Python/pystate.c, Python/ceval.c.

@c @implementation
public func PyThreadState_Get() -> UnsafeMutablePointer<PyThreadState>? { apus_tstate() }

@c @implementation
public func PyThreadState_GetDict() -> UnsafeMutablePointer<PyObject>? {
  let thread = apus_tstate()
  if thread.pointee.dict == nil {
    thread.pointee.dict = PyDict_New()
    if thread.pointee.dict == nil { PyErr_Clear() }
  }
  return thread.pointee.dict
}

/// The frame a thread runs, as a new reference. Greenlets link the frames of a suspended stack anew
/// and later take each link back from the room that the frame object keeps for a frame that outlives
/// its call: so the frames below get objects, too, and their links are there.
@c @implementation
public func PyThreadState_GetFrame(
  _ thread: UnsafeMutablePointer<PyThreadState>
) -> UnsafeMutablePointer<PyFrameObject>? {
  var each = thread.pointee.current_frame
  while let frame = each {
    guard let object = PyFrameObjects.object(for: frame) else { return nil }
    UnsafeMutableRawPointer(object).storeBytes(
      of: frame.pointee.previous, toByteOffset: Frame.embeddedOffset, as: FrameRef?.self)
    each = frame.pointee.previous
  }
  guard let object = thread.pointee.current_frame?.pointee.frame_obj else { return nil }
  Py_INCREF(PyFrameObjects.asObject(object))
  return object
}

@c @implementation
public func PyFrame_GetGlobals(
  _ object: UnsafeMutablePointer<PyFrameObject>
) -> UnsafeMutablePointer<PyObject>? {
  guard let globals = object.pointee.f_frame?.pointee.f_globals else { return nil }
  Py_INCREF(globals)
  return globals
}

@c @implementation
public func PyEval_GetFrameLocals() -> UnsafeMutablePointer<PyObject>? {
  new { try BuiltinNamespaces.currentLocals() }
}

@c @implementation
public func PySys_AuditTuple(
  _ event: UnsafePointer<CChar>, _ details: UnsafeMutablePointer<PyObject>
) -> Int32 {
  status {
    if !AuditHooks.isActive { return }
    let name = try own(PyUnicode_FromString(event))
    try AuditHooks.send(name.ref, details)
  }
}

// MARK: Printing exceptions

@c @implementation
public func PyErr_Print() { PyErr_PrintEx(1) }

/// Hands the exception that is set to `sys.excepthook`, after keeping it in `sys.last_exc`.
/// SystemExit ends the process.
@c @implementation
public func PyErr_PrintEx(_ keepsLast: Int32) {
  guard let exception = PyErr_GetRaisedException() else { return }
  defer { Py_DECREF(exception) }
  // With -i it is shown, and the session goes on.
  if PyErr_GivenExceptionMatches(exception, .systemExit) != 0, !Interactive.isInspecting {
    Py_INCREF(exception)
    PyErr_SetRaisedException(exception)
    Launcher.exitProcess()
  }
  let traceback = exception.view(PyBaseExceptionObject.self).pointee.traceback ?? noneObject()
  if keepsLast != 0 {
    for (name, value) in [
      ("last_exc", exception), ("last_type", exception.type.object), ("last_value", exception),
      ("last_traceback", traceback),
    ] {
      if name.withCString({ PySys_SetObject($0, value) }) < 0 { PyErr_Clear() }
    }
  }
  guard let hook = "excepthook".withCString({ PySys_GetObject($0) }) else {
    ExceptionPrinter.write("sys.excepthook is missing\n")
    ExceptionPrinter.display(exception, traceback: traceback)
    return
  }
  Py_INCREF(hook)
  defer { Py_DECREF(hook) }
  if Audit.refuses(
    "sys.excepthook",
    [.object(hook), .object(exception.type.object), .object(exception), .object(traceback)])
  {
    // The hook's answer: nothing is shown.
    guard PyErr_ExceptionMatches(.runtimeError) != 0 else {
      return PyErr_WriteUnraisable(nil)
    }
    return PyErr_Clear()
  }
  let result = withUnsafeTemporaryAllocation(of: Ref.self, capacity: 3) { arguments in
    arguments[0] = exception.type.object
    arguments[1] = exception
    arguments[2] = traceback
    return PyObject_Vectorcall(hook, arguments.baseAddress, 3, nil)
  }
  if let result {
    Py_DECREF(result)
    return
  }
  // The hook failed: show both.
  guard let second = PyErr_GetRaisedException() else { return }
  if PyErr_GivenExceptionMatches(second, .systemExit) != 0 {
    PyErr_SetRaisedException(second)
    Launcher.exitProcess()
  }
  ExceptionPrinter.write("Error in sys.excepthook:\n")
  ExceptionPrinter.display(
    second, traceback: second.view(PyBaseExceptionObject.self).pointee.traceback ?? noneObject())
  ExceptionPrinter.write("\nOriginal exception was:\n")
  ExceptionPrinter.display(exception, traceback: traceback)
  Py_DECREF(second)
}
