import CPythonABI

// Iteration over any object. CPython: Objects/abstract.c, PyObject_GetIter and following.

/// `tp_iternext` of types that define `__next__ = None` or no iteration at all.
@c @implementation
public func _PyObject_NextNotImplemented(_ object: Ref) -> Ref? {
  _ = raise(.typeError, "'\(object.type.fullName)' object is not iterable")
  return nil
}

/// `tp_iter` of iterators.
@c @implementation
public func PyObject_SelfIter(_ object: Ref) -> Ref? {
  Py_INCREF(object)
  return object
}

/// Whether the object has `__next__`.
@c @implementation
public func PyIter_Check(_ object: Ref) -> Int32 {
  guard let next = object.type.pointee.tp_iternext else { return 0 }
  let refuse: iternextfunc = _PyObject_NextNotImplemented
  let same = unsafeBitCast(next, to: UnsafeRawPointer.self)
    == unsafeBitCast(refuse, to: UnsafeRawPointer.self)
  return same ? 0 : 1
}

/// `iter(object)`: `__iter__`, or the items of a sequence one by one.
@c @implementation
public func PyObject_GetIter(_ object: Ref) -> Ref? {
  guard let iter = object.type.pointee.tp_iter else {
    if PySequence_Check(object) != 0 { return PySeqIter_New(object) }
    _ = raise(.typeError, "'\(object.type.fullName)' object is not iterable")
    return nil
  }
  guard let result = iter(object) else { return nil }
  if PyIter_Check(result) != 0 { return result }
  _ = raise(.typeError, "iter() returned non-iterator of type '\(result.type.fullName)'")
  Py_DECREF(result)
  return nil
}

/// The next item; nil at the end without an exception, nil with one on failure.
@c @implementation
public func PyIter_Next(_ iterator: Ref) -> Ref? {
  guard let next = iterator.type.pointee.tp_iternext else {
    return _PyObject_NextNotImplemented(iterator)
  }
  if let item = next(iterator) { return item }
  if hasRaised() && PyErr_ExceptionMatches(.stopIteration) != 0 { PyErr_Clear() }
  return nil
}

/// Sends a value into a generator-like object (PEP 342): what it yields or returns.
@c @implementation
public func PyIter_Send(
  _ iterator: Ref, _ value: Ref, _ result: UnsafeMutablePointer<Ref?>
) -> PySendResult {
  if let send = iterator.type.pointee.tp_as_async?.pointee.am_send {
    return send(iterator, value, result)
  }
  if value.isNone && PyIter_Check(iterator) != 0 {
    result.pointee = iterator.type.pointee.tp_iternext?(iterator)
  } else {
    result.pointee = PyObject_CallMethodOneArg(iterator, SpecialName.send, value)
  }
  if result.pointee != nil { return PYGEN_NEXT }
  return fetchStopIterationValue(result) ? PYGEN_RETURN : PYGEN_ERROR
}

/// Takes the value out of a StopIteration that is set (None when nothing is set). False when
/// another exception is set, which stays.
public func fetchStopIterationValue(_ result: UnsafeMutablePointer<Ref?>) -> Bool {
  result.pointee = nil
  guard hasRaised() else {
    result.pointee = noneObject()
    return true
  }
  guard PyErr_ExceptionMatches(.stopIteration) != 0, let exception = PyErr_GetRaisedException()
  else { return false }
  let value = exception.view(PyStopIterationObject.self).pointee.value ?? noneObject()
  Py_INCREF(value)
  result.pointee = value
  Py_DECREF(exception)
  return true
}

@c @implementation
public func PyAIter_Check(_ object: Ref) -> Int32 {
  guard let next = object.type.pointee.tp_as_async?.pointee.am_anext else { return 0 }
  let refuse: unaryfunc = _PyObject_NextNotImplemented
  let same = unsafeBitCast(next, to: UnsafeRawPointer.self)
    == unsafeBitCast(refuse, to: UnsafeRawPointer.self)
  return same ? 0 : 1
}

/// `aiter(object)`.
@c @implementation
public func PyObject_GetAIter(_ object: Ref) -> Ref? {
  guard let aiter = object.type.pointee.tp_as_async?.pointee.am_aiter else {
    _ = raise(.typeError, "'\(object.type.fullName)' object is not an async iterable")
    return nil
  }
  guard let result = aiter(object) else { return nil }
  if PyAIter_Check(result) != 0 { return result }
  _ = raise(
    .typeError, "aiter() returned not an async iterator of type '\(result.type.fullName)'")
  Py_DECREF(result)
  return nil
}
