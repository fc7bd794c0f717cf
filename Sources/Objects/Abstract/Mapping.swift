import CPythonABI

// The mapping protocol. CPython: Objects/abstract.c, PyMapping_*.

@c @implementation
public func PyMapping_Check(_ object: Ref?) -> Int32 {
  object?.type.pointee.tp_as_mapping?.pointee.mp_subscript != nil ? 1 : 0
}

@c @implementation
public func PyMapping_Size(_ object: Ref) -> Int {
  if let length = object.type.pointee.tp_as_mapping?.pointee.mp_length { return length(object) }
  if object.type.pointee.tp_as_sequence?.pointee.sq_length != nil {
    _ = raise(.typeError, "\(object.type.fullName) is not a mapping")
    return -1
  }
  _ = raise(.typeError, "object of type '\(object.type.fullName)' has no len()")
  return -1
}

@c @implementation
public func PyMapping_Length(_ object: Ref) -> Int { PyMapping_Size(object) }

@c @implementation
public func PyMapping_GetItemString(_ object: Ref, _ key: UnsafePointer<CChar>) -> Ref? {
  guard let name = PyUnicode_FromString(key) else { return nil }
  defer { Py_DECREF(name) }
  return PyObject_GetItem(object, name)
}

/// `object[key]` where a KeyError is an answer: 1 found, 0 absent, -1 failed.
@c @implementation
public func PyMapping_GetOptionalItem(
  _ object: Ref, _ key: Ref, _ result: UnsafeMutablePointer<Ref?>
) -> Int32 {
  if object.isExactDict { return PyDict_GetItemRef(object, key, result) }
  result.pointee = PyObject_GetItem(object, key)
  if result.pointee != nil { return 1 }
  guard PyErr_ExceptionMatches(.keyError) != 0 else { return -1 }
  PyErr_Clear()
  return 0
}

@c @implementation
public func PyMapping_GetOptionalItemString(
  _ object: Ref, _ key: UnsafePointer<CChar>, _ result: UnsafeMutablePointer<Ref?>
) -> Int32 {
  guard let name = PyUnicode_FromString(key) else {
    result.pointee = nil
    return -1
  }
  defer { Py_DECREF(name) }
  return PyMapping_GetOptionalItem(object, name, result)
}

@c @implementation
public func PyMapping_SetItemString(
  _ object: Ref, _ key: UnsafePointer<CChar>, _ value: Ref
) -> Int32 {
  guard let name = PyUnicode_FromString(key) else { return -1 }
  defer { Py_DECREF(name) }
  return PyObject_SetItem(object, name, value)
}

@c @implementation
public func PyMapping_HasKeyWithError(_ object: Ref, _ key: Ref) -> Int32 {
  var value: Ref?
  let found = PyMapping_GetOptionalItem(object, key, &value)
  Py_XDECREF(value)
  return found
}

@c @implementation
public func PyMapping_HasKeyStringWithError(_ object: Ref, _ key: UnsafePointer<CChar>) -> Int32 {
  var value: Ref?
  let found = PyMapping_GetOptionalItemString(object, key, &value)
  Py_XDECREF(value)
  return found
}

/// Like `PyMapping_HasKeyWithError`; an exception is reported as unraisable.
@c @implementation
public func PyMapping_HasKey(_ object: Ref, _ key: Ref) -> Int32 {
  let found = PyMapping_HasKeyWithError(object, key)
  if found < 0 {
    PyErr_WriteUnraisable(nil)
    return 0
  }
  return found
}

@c @implementation
public func PyMapping_HasKeyString(_ object: Ref, _ key: UnsafePointer<CChar>) -> Int32 {
  let found = PyMapping_HasKeyStringWithError(object, key)
  if found < 0 {
    PyErr_WriteUnraisable(nil)
    return 0
  }
  return found
}

/// The list of what a method of the mapping yields.
private func list(of mapping: Ref, _ method: Ref) -> Ref? {
  guard let output = PyObject_CallMethodNoArgs(mapping, method) else { return nil }
  defer { Py_DECREF(output) }
  guard let iterator = PyObject_GetIter(output) else {
    if PyErr_ExceptionMatches(.typeError) != 0 {
      _ = raise(
        .typeError,
        "\(mapping.type.fullName).\(text(of: method))() returned a non-iterable "
          + "(type \(output.type.fullName))")
    }
    return nil
  }
  defer { Py_DECREF(iterator) }
  return PySequence_List(iterator)
}

@c @implementation
public func PyMapping_Keys(_ object: Ref) -> Ref? {
  object.isExactDict ? PyDict_Keys(object) : list(of: object, SpecialName.keys)
}

@c @implementation
public func PyMapping_Values(_ object: Ref) -> Ref? {
  object.isExactDict ? PyDict_Values(object) : list(of: object, SpecialName.values)
}

@c @implementation
public func PyMapping_Items(_ object: Ref) -> Ref? {
  object.isExactDict ? PyDict_Items(object) : list(of: object, SpecialName.items)
}
