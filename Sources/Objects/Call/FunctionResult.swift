import CPythonABI

/// Checks what a native function returned: a result and no exception, or NULL and an exception.
/// Anything else becomes SystemError. CPython: Objects/call.c, _Py_CheckFunctionResult.
@c @implementation
public func _Py_CheckFunctionResult(
  _ thread: UnsafeMutablePointer<PyThreadState>, _ callable: Ref, _ result: Ref?,
  _ place: UnsafePointer<CChar>?
) -> Ref? {
  if (result == nil) == (thread.pointee.current_exception != nil) { return result }
  return raiseBadResult(callable, result)
}

@inline(__always)
func checked(_ callable: Ref, _ result: Ref?) -> Ref? {
  if (result == nil) == (apus_tstate().pointee.current_exception != nil) { return result }
  return raiseBadResult(callable, result)
}

@inline(never)
private func raiseBadResult(_ callable: Ref, _ result: Ref?) -> Ref? {
  if let result {
    Py_DECREF(result)
    let cause = PyErr_GetRaisedException()
    raiseSystemError(callable, "returned a result with an exception set")
    if let cause, let exception = PyErr_GetRaisedException() {
      Py_INCREF(cause)
      PyException_SetCause(exception, cause)
      PyException_SetContext(exception, cause)
      PyErr_SetRaisedException(exception)
    }
  } else {
    raiseSystemError(callable, "returned NULL without setting an exception")
  }
  return nil
}

private func raiseSystemError(_ callable: Ref, _ what: StaticString) {
  guard let shown = PyObject_Repr(callable) else { return }
  _ = raise(.systemError, "\(text(of: shown)) \(what)")
  Py_DECREF(shown)
}
