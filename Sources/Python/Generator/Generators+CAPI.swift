import CPythonABI
import Objects

// The C API of generators. CPython: Objects/genobject.c.

/// The code that a generator runs: a new reference.
@c @implementation
public func PyGen_GetCode(
  _ object: UnsafeMutablePointer<PyObject>
) -> UnsafeMutablePointer<PyObject>? {
  PyObject_GetAttrString(object, "gi_code")
}

/// Takes the StopIteration that is set, if there is one, and gives its value (None without one).
/// -1 when another exception is set, which stays.
@c @implementation
public func _PyGen_FetchStopIterationValue(
  _ value: UnsafeMutablePointer<UnsafeMutablePointer<PyObject>?>
) -> Int32 {
  value.pointee = nil
  if PyErr_Occurred() == nil {
    value.pointee = noneObject().retained().give()
    return 0
  }
  guard PyErr_ExceptionMatches(.stopIteration) != 0, let exception = PyErr_GetRaisedException()
  else { return -1 }
  defer { Py_DECREF(exception) }
  value.pointee = PyObject_GetAttrString(exception, "value")
  return value.pointee == nil ? -1 : 0
}
