import CPythonABI

// Setting, reading and clearing the exception of the thread. CPython: Python/errors.c.

private func thread() -> UnsafeMutablePointer<PyThreadState> { apus_tstate() }

/// Takes over the reference; nil clears.
@inline(__always) private func setCurrent(_ exception: Ref?) {
  let state = thread()
  let old = state.pointee.current_exception
  state.pointee.current_exception = exception
  Py_XDECREF(old)
}

/// The exception being handled now, borrowed: the innermost `exc_info` that holds one.
func handledException() -> Ref? {
  var item: UnsafeMutablePointer<_PyErr_StackItem>? = thread().pointee.exc_info
  while let current = item {
    if let value = current.pointee.exc_value, !value.isNone { return value }
    item = current.pointee.previous_item
  }
  return nil
}

@c @implementation public func PyErr_Occurred() -> Ref? {
  thread().pointee.current_exception?.type.object
}

@c @implementation public func PyErr_Clear() { setCurrent(nil) }

@c @implementation public func PyErr_GetRaisedException() -> Ref? {
  let state = thread()
  let exception = state.pointee.current_exception
  state.pointee.current_exception = nil
  return exception
}

@c @implementation public func PyErr_SetRaisedException(_ exception: Ref?) { setCurrent(exception) }

/// Whether the object is an exception class.
@inline(__always) func isExceptionClass(_ object: Ref) -> Bool {
  object.isType && object.asType.has(UInt(Py_TPFLAGS_BASE_EXC_SUBCLASS))
}

/// An instance of the exception class: `value` gives its arguments as `raise` in C always did (nil
/// or None none, a tuple several, anything else one). Raises TypeError.
func makeException(_ type: Ref, _ value: Ref?) throws(Raised) -> Owned {
  let made: Owned
  if let value, !value.isNone {
    made =
      value.isTuple
      ? try own(PyObject_Call(type, value, nil)) : try own(PyObject_CallOneArg(type, value))
  } else {
    made = try own(PyObject_CallNoArgs(type))
  }
  guard made.ref.isException else {
    let shown = try own(PyObject_Repr(type))
    throw raise(
      .typeError,
      "calling \(text(of: shown.ref)) should have returned an instance of BaseException, not "
        + made.ref.type.fullName)
  }
  return made
}

@c @implementation public func PyErr_SetObject(_ type: Ref?, _ value: Ref?) {
  guard let type else {
    setCurrent(nil)
    return
  }
  guard isExceptionClass(type) else {
    guard let shown = PyObject_Repr(type) else { return }
    let message =
      "_PyErr_SetObject: exception \(text(of: shown)) is not a BaseException subclass"
    Py_DECREF(shown)
    _ = raise(.systemError, message)
    return
  }
  // The value may be kept alive only by the exception it replaces.
  Py_XINCREF(value)
  defer { Py_XDECREF(value) }
  var exception: Ref
  if let value, value.isException, PyType_IsSubtype(value.type, type.asType) != 0 {
    Py_INCREF(value)
    exception = value
  } else {
    setCurrent(nil)
    do { exception = try makeException(type, value).give() } catch { return }
  }
  if let handled = handledException(), handled != exception {
    chain(exception, onto: handled)
  }
  setCurrent(exception)
}

/// Makes `handled` the context of the new exception, without closing a cycle: if the new one is
/// already in the chain of contexts, the chain is cut before it.
private func chain(_ exception: Ref, onto handled: Ref) {
  var current = handled
  var slow = handled
  var moveSlow = false
  while let context = current.view(PyBaseExceptionObject.self).pointee.context {
    if context == exception {
      PyException_SetContext(current, nil)
      break
    }
    current = context
    // A cycle that was there before (Floyd's tortoise and hare).
    if current == slow { break }
    if moveSlow, let next = slow.view(PyBaseExceptionObject.self).pointee.context { slow = next }
    moveSlow.toggle()
  }
  Py_INCREF(handled)
  PyException_SetContext(exception, handled)
}

@c @implementation public func PyErr_SetNone(_ type: Ref) { PyErr_SetObject(type, nil) }

@c @implementation public func PyErr_SetString(_ type: Ref, _ message: UnsafePointer<CChar>) {
  guard let text = PyUnicode_FromString(message) else { return }
  PyErr_SetObject(type, text)
  Py_DECREF(text)
}

@c @implementation public func _PyErr_SetKeyError(_ key: Ref) {
  // A tuple must not be taken for the arguments.
  guard let args = PyTuple_Pack1(key) else { return }
  guard let exception = PyObject_Call(.keyError, args, nil) else {
    Py_DECREF(args)
    return
  }
  Py_DECREF(args)
  PyErr_SetObject(exception.type.object, exception)
  Py_DECREF(exception)
}

// MARK: The three-part form

@c @implementation public func PyErr_Restore(_ type: Ref?, _ value: Ref?, _ traceback: Ref?) {
  guard let type else {
    setCurrent(nil)
    Py_XDECREF(value)
    Py_XDECREF(traceback)
    return
  }
  var exception: Ref?
  if let value, value.isException {
    exception = value
  } else {
    do { exception = try makeException(type, value).give() } catch { exception = nil }
    Py_XDECREF(value)
  }
  Py_DECREF(type)
  guard let exception else {
    Py_XDECREF(traceback)
    return
  }
  let fields = exception.view(PyBaseExceptionObject.self)
  if let traceback, traceback != fields.pointee.traceback {
    if PyException_SetTraceback(exception, traceback) < 0 {
      Py_DECREF(exception)
      Py_DECREF(traceback)
      return
    }
  }
  Py_XDECREF(traceback)
  setCurrent(exception)
}

@c @implementation public func PyErr_Fetch(
  _ type: UnsafeMutablePointer<Ref?>, _ value: UnsafeMutablePointer<Ref?>,
  _ traceback: UnsafeMutablePointer<Ref?>
) {
  let exception = PyErr_GetRaisedException()
  value.pointee = exception
  guard let exception else {
    type.pointee = nil
    traceback.pointee = nil
    return
  }
  type.pointee = exception.type.object
  Py_INCREF(exception.type.object)
  traceback.pointee = PyException_GetTraceback(exception)
}

@c @implementation public func PyErr_NormalizeException(
  _ type: UnsafeMutablePointer<Ref?>, _ value: UnsafeMutablePointer<Ref?>,
  _ traceback: UnsafeMutablePointer<Ref?>
) {
  guard let given = type.pointee, isExceptionClass(given) else { return }
  if let instance = value.pointee, instance.isException,
    PyType_IsSubtype(instance.type, given.asType) != 0
  {
    if instance.type.object != given {
      Py_INCREF(instance.type.object)
      type.pointee = instance.type.object
      Py_DECREF(given)
    }
    return
  }
  let old = value.pointee
  do {
    value.pointee = try makeException(given, old).give()
    Py_XDECREF(old)
  } catch {
    // Making it failed: that failure takes its place.
    Py_DECREF(given)
    Py_XDECREF(old)
    Py_XDECREF(traceback.pointee)
    PyErr_Fetch(type, value, traceback)
  }
}

// MARK: Matching

@c @implementation public func PyErr_GivenExceptionMatches(_ error: Ref?, _ given: Ref?) -> Int32 {
  guard let error, let given else { return 0 }
  if given.isTuple {
    for index in 0..<apus_var_size(given)
    where PyErr_GivenExceptionMatches(error, apus_tuple_item(given, index)) != 0 {
      return 1
    }
    return 0
  }
  let type = error.isException ? error.type.object : error
  if isExceptionClass(type) && isExceptionClass(given) {
    return PyType_IsSubtype(type.asType, given.asType)
  }
  return type == given ? 1 : 0
}

@c @implementation public func PyErr_ExceptionMatches(_ type: Ref) -> Int32 {
  guard let exception = thread().pointee.current_exception else { return 0 }
  return PyErr_GivenExceptionMatches(exception.type.object, type)
}

// MARK: The exception being handled

@c @implementation public func PyErr_GetHandledException() -> Ref? {
  let exception = handledException()
  Py_XINCREF(exception)
  return exception
}

@c @implementation public func PyErr_SetHandledException(_ exception: Ref?) {
  let item = thread().pointee.exc_info
  let old = item.pointee.exc_value
  let new = exception.map { $0.isNone ? nil : $0 } ?? nil
  Py_XINCREF(new)
  item.pointee.exc_value = new
  Py_XDECREF(old)
}

@c @implementation public func PyErr_GetExcInfo(
  _ type: UnsafeMutablePointer<Ref?>, _ value: UnsafeMutablePointer<Ref?>,
  _ traceback: UnsafeMutablePointer<Ref?>
) {
  guard let exception = handledException() else {
    type.pointee = noneObject()
    value.pointee = nil
    traceback.pointee = noneObject()
    return
  }
  Py_INCREF(exception)
  Py_INCREF(exception.type.object)
  type.pointee = exception.type.object
  value.pointee = exception
  traceback.pointee = PyException_GetTraceback(exception) ?? noneObject()
}

@c @implementation public func PyErr_SetExcInfo(_ type: Ref?, _ value: Ref?, _ traceback: Ref?) {
  PyErr_SetHandledException(value)
  Py_XDECREF(value)
  // The instance knows its type and traceback.
  Py_XDECREF(type)
  Py_XDECREF(traceback)
}

// MARK: Chaining

/// The exception that is set now gets `earlier` as its context; without one `earlier` is set again.
/// Takes over the reference.
@c @implementation public func _PyErr_ChainExceptions1(_ earlier: Ref) {
  if thread().pointee.current_exception == nil {
    setCurrent(earlier)
    return
  }
  guard let later = PyErr_GetRaisedException() else { return }
  PyException_SetContext(later, earlier)
  PyErr_SetRaisedException(later)
}

/// Raises `exception(text)` with the exception that is set now as cause and context.
@c @implementation public func _PyErr_FormatFromCause(_ exception: Ref, _ text: Ref) -> Ref? {
  let cause = PyErr_GetRaisedException()
  PyErr_SetObject(exception, text)
  guard let made = PyErr_GetRaisedException() else {
    Py_XDECREF(cause)
    return nil
  }
  Py_XINCREF(cause)
  PyException_SetCause(made, cause)
  PyException_SetContext(made, cause)
  PyErr_SetRaisedException(made)
  return nil
}
