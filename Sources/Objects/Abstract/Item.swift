import CPythonABI

// Subscription and size of any object. CPython: Objects/abstract.c, PyObject_GetItem and following.

@c @implementation
public func PyObject_Type(_ object: Ref) -> Ref? {
  Py_INCREF(object.type.object)
  return object.type.object
}

/// `len(object)`. TypeError for objects without a size.
@c @implementation
public func PyObject_Size(_ object: Ref) -> Int {
  if let length = object.type.pointee.tp_as_sequence?.pointee.sq_length { return length(object) }
  return PyMapping_Size(object)
}

@c @implementation
public func PyObject_Length(_ object: Ref) -> Int { PyObject_Size(object) }

/// Whether `len(object)` is defined.
func hasLength(_ object: Ref) -> Bool {
  object.type.pointee.tp_as_sequence?.pointee.sq_length != nil
    || object.type.pointee.tp_as_mapping?.pointee.mp_length != nil
}

/// `operator.length_hint(object, fallback)` (PEP 424).
@c @implementation
public func PyObject_LengthHint(_ object: Ref, _ fallback: Int) -> Int {
  if hasLength(object) {
    let length = PyObject_Size(object)
    if length >= 0 { return length }
    guard PyErr_ExceptionMatches(.typeError) != 0 else { return -1 }
    PyErr_Clear()
  }
  guard let hint = lookupSpecial(object, SpecialName.lengthHint) else {
    return hasRaised() ? -1 : fallback
  }
  let answer = PyObject_CallNoArgs(hint)
  Py_DECREF(hint)
  guard let answer else {
    guard PyErr_ExceptionMatches(.typeError) != 0 else { return -1 }
    PyErr_Clear()
    return fallback
  }
  defer { Py_DECREF(answer) }
  if answer == notImplementedObject() { return fallback }
  guard answer.isInt else {
    _ = raise(.typeError, "__length_hint__ must be an integer, not \(answer.type.fullName)")
    return -1
  }
  let value = PyLong_AsSsize_t(answer)
  if value < 0 {
    if !hasRaised() { _ = raise(.valueError, "__length_hint__() should return >= 0") }
    return -1
  }
  return value
}

/// `object[key]`.
@c @implementation
public func PyObject_GetItem(_ object: Ref, _ key: Ref) -> Ref? {
  let type = object.type
  if let subscribe = type.pointee.tp_as_mapping?.pointee.mp_subscript {
    return subscribe(object, key)
  }
  if type.pointee.tp_as_sequence?.pointee.sq_item != nil {
    guard let index = sequenceIndex(key) else { return nil }
    return PySequence_GetItem(object, index)
  }
  if object.isType { return subscribeType(object, key) }
  _ = raise(.typeError, "'\(type.fullName)' object is not subscriptable")
  return nil
}

/// `C[key]` through `__class_getitem__` (PEP 560).
private func subscribeType(_ object: Ref, _ key: Ref) -> Ref? {
  // type[int] without making type itself have the method, which all classes would inherit.
  if object == typeType().object { return Py_GenericAlias(object, key) }
  var method: Ref?
  if PyObject_GetOptionalAttr(object, SpecialName.classGetItem, &method) < 0 { return nil }
  if let method {
    defer { Py_DECREF(method) }
    if !method.isNone { return PyObject_CallOneArg(method, key) }
  }
  _ = raise(.typeError, "type '\(object.asType.fullName)' is not subscriptable")
  return nil
}

/// The key of a sequence as an index; nil with TypeError or IndexError.
private func sequenceIndex(_ key: Ref) -> Int? {
  guard PyIndex_Check(key) != 0 else {
    _ = raise(.typeError, "sequence index must be integer, not '\(key.type.fullName)'")
    return nil
  }
  let index = PyNumber_AsSsize_t(key, .indexError)
  if index == -1 && hasRaised() { return nil }
  return index
}

/// `object[key] = value`.
@c @implementation
public func PyObject_SetItem(_ object: Ref, _ key: Ref, _ value: Ref) -> Int32 {
  if let assign = object.type.pointee.tp_as_mapping?.pointee.mp_ass_subscript {
    return assign(object, key, value)
  }
  if let sequence = object.type.pointee.tp_as_sequence {
    if PyIndex_Check(key) != 0 {
      let index = PyNumber_AsSsize_t(key, .indexError)
      if index == -1 && hasRaised() { return -1 }
      return PySequence_SetItem(object, index, value)
    }
    if sequence.pointee.sq_ass_item != nil {
      _ = raise(.typeError, "sequence index must be integer, not '\(key.type.fullName)'")
      return -1
    }
  }
  _ = raise(.typeError, "'\(object.type.fullName)' object does not support item assignment")
  return -1
}

/// `del object[key]`.
@c @implementation
public func PyObject_DelItem(_ object: Ref, _ key: Ref) -> Int32 {
  if let assign = object.type.pointee.tp_as_mapping?.pointee.mp_ass_subscript {
    return assign(object, key, nil)
  }
  if let sequence = object.type.pointee.tp_as_sequence {
    if PyIndex_Check(key) != 0 {
      let index = PyNumber_AsSsize_t(key, .indexError)
      if index == -1 && hasRaised() { return -1 }
      return PySequence_DelItem(object, index)
    }
    if sequence.pointee.sq_ass_item != nil {
      _ = raise(.typeError, "sequence index must be integer, not '\(key.type.fullName)'")
      return -1
    }
  }
  _ = raise(.typeError, "'\(object.type.fullName)' object does not support item deletion")
  return -1
}

@c @implementation
public func PyObject_DelItemString(_ object: Ref, _ key: UnsafePointer<CChar>) -> Int32 {
  guard let name = PyUnicode_FromString(key) else { return -1 }
  defer { Py_DECREF(name) }
  return PyObject_DelItem(object, name)
}
