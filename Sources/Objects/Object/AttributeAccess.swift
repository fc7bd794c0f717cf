import CPythonABI

// `getattr`, `setattr` and their relatives as the C API has them: through `tp_getattro` and
// `tp_setattro`. CPython: Objects/object.c, `PyObject_GetAttr`, `PyObject_GetOptionalAttr`.

@inline(__always)
private func getAttribute(_ object: Ref, _ name: Ref) -> Ref? {
  let type = object.type
  if let getter = type.pointee.tp_getattro { return getter(object, name) }
  if let getter = type.pointee.tp_getattr {
    guard let spelling = PyUnicode_AsUTF8AndSize(name, nil) else { return nil }
    return getter(object, UnsafeMutablePointer(mutating: spelling))
  }
  _ = raise(
    .attributeError, "'\(type.fullName)' object has no attribute '\(text(of: name))'")
  return nil
}

@c @implementation public func PyObject_GetAttr(_ object: Ref, _ name: Ref) -> Ref? {
  guard name.isStr else {
    _ = raise(.typeError, "attribute name must be string, not '\(name.type.fullName)'")
    return nil
  }
  let result = getAttribute(object, name)
  if result == nil { _ = _PyObject_SetAttributeErrorContext(object, name) }
  return result
}

/// 1: found. 0: no such attribute, no exception. -1: an exception other than AttributeError.
@c @implementation public func PyObject_GetOptionalAttr(
  _ object: Ref, _ name: Ref, _ result: UnsafeMutablePointer<Ref?>
) -> Int32 {
  result.pointee = nil
  guard name.isStr else {
    _ = raise(.typeError, "attribute name must be string, not '\(name.type.fullName)'")
    return -1
  }
  let type = object.type
  let getter = unsafeBitCast(type.pointee.tp_getattro, to: UnsafeRawPointer?.self)
  // The two usual getters need not make an exception only to have it thrown away.
  if getter == unsafeBitCast(PyObject_GenericGetAttr as getattrofunc, to: UnsafeRawPointer.self) {
    result.pointee = GenericAttributes.get(object, name, dict: nil, quietly: true)
    if result.pointee != nil { return 1 }
    return hasRaised() ? -1 : 0
  }
  if getter == unsafeBitCast(type_getattro as getattrofunc, to: UnsafeRawPointer.self) {
    result.pointee = PyType.attribute(object.asType, name, quietly: true)
    if result.pointee != nil { return 1 }
    if !hasRaised() { return 0 }
  } else if type == moduleType() {
    result.pointee = PyModule.attributeIfPresent(object, name)
    if result.pointee != nil { return 1 }
    return hasRaised() ? -1 : 0
  } else {
    result.pointee = getAttribute(object, name)
    if result.pointee != nil { return 1 }
  }
  if PyErr_ExceptionMatches(.attributeError) == 0 { return hasRaised() ? -1 : 0 }
  PyErr_Clear()
  return 0
}

@c @implementation public func PyObject_SetAttr(
  _ object: Ref, _ name: Ref, _ value: Ref?
) -> Int32 {
  guard name.isStr else {
    _ = raise(.typeError, "attribute name must be string, not '\(name.type.fullName)'")
    return -1
  }
  let type = object.type
  if name.isExactStr && apus_str_interned(name) != 0, let setter = type.pointee.tp_setattro {
    let generic = unsafeBitCast(
      PyObject_GenericSetAttr as setattrofunc, to: UnsafeRawPointer.self)
    if let value, unsafeBitCast(setter, to: UnsafeRawPointer.self) == generic,
      storeInlineAttribute(object, name, value)
    {
      return 0
    }
    return setter(object, name, value)
  }
  var interned: Ref? = name
  Py_INCREF(name)
  PyUnicode_InternInPlace(&interned)
  let key = interned ?? name
  defer { Py_DECREF(key) }
  if let setter = type.pointee.tp_setattro { return setter(object, key, value) }
  if let setter = type.pointee.tp_setattr {
    guard let spelling = PyUnicode_AsUTF8AndSize(key, nil) else { return -1 }
    return setter(object, UnsafeMutablePointer(mutating: spelling), value)
  }
  let readable = type.pointee.tp_getattr != nil || type.pointee.tp_getattro != nil
  _ = raise(
    .typeError,
    "'\(type.fullName)' object has \(readable ? "only read-only" : "no") attributes "
      + "(\(value == nil ? "del" : "assign to") .\(text(of: key)))")
  return -1
}

@c @implementation public func PyObject_DelAttr(_ object: Ref, _ name: Ref) -> Int32 {
  PyObject_SetAttr(object, name, nil)
}

@c @implementation public func PyObject_GetAttrString(
  _ object: Ref, _ name: UnsafePointer<CChar>
) -> Ref? {
  guard let key = PyUnicode_FromString(name) else { return nil }
  defer { Py_DECREF(key) }
  return PyObject_GetAttr(object, key)
}

@c @implementation public func PyObject_GetOptionalAttrString(
  _ object: Ref, _ name: UnsafePointer<CChar>, _ result: UnsafeMutablePointer<Ref?>
) -> Int32 {
  result.pointee = nil
  guard let key = PyUnicode_FromString(name) else { return -1 }
  defer { Py_DECREF(key) }
  return PyObject_GetOptionalAttr(object, key, result)
}

@c @implementation public func PyObject_SetAttrString(
  _ object: Ref, _ name: UnsafePointer<CChar>, _ value: Ref?
) -> Int32 {
  guard let key = PyUnicode_InternFromString(name) else { return -1 }
  defer { Py_DECREF(key) }
  return PyObject_SetAttr(object, key, value)
}

@c @implementation public func PyObject_DelAttrString(
  _ object: Ref, _ name: UnsafePointer<CChar>
) -> Int32 {
  PyObject_SetAttrString(object, name, nil)
}

@c @implementation public func PyObject_HasAttrWithError(_ object: Ref, _ name: Ref) -> Int32 {
  var result: Ref?
  let found = PyObject_GetOptionalAttr(object, name, &result)
  Py_XDECREF(result)
  return found
}

@c @implementation public func PyObject_HasAttrStringWithError(
  _ object: Ref, _ name: UnsafePointer<CChar>
) -> Int32 {
  var result: Ref?
  let found = PyObject_GetOptionalAttrString(object, name, &result)
  Py_XDECREF(result)
  return found
}

/// Reports any exception as unraisable: the function has no way to fail.
@c @implementation public func PyObject_HasAttr(_ object: Ref, _ name: Ref) -> Int32 {
  let found = PyObject_HasAttrWithError(object, name)
  if found < 0 { PyErr_WriteUnraisable(nil) }
  return found > 0 ? 1 : 0
}

@c @implementation public func PyObject_HasAttrString(
  _ object: Ref, _ name: UnsafePointer<CChar>
) -> Int32 {
  let found = PyObject_HasAttrStringWithError(object, name)
  if found < 0 { PyErr_WriteUnraisable(nil) }
  return found > 0 ? 1 : 0
}
