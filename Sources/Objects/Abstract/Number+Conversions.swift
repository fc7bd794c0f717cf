import CPythonABI

// Conversions between numbers. CPython: Objects/abstract.c, PyNumber_Index and following.

/// Whether the object can say it is a number: has `__index__`, `__int__`, `__float__` or is complex.
@c @implementation
public func PyNumber_Check(_ object: Ref?) -> Int32 {
  guard let object else { return 0 }
  guard let number = object.type.pointee.tp_as_number else {
    return object.isInstance(of: complexType()) ? 1 : 0
  }
  let numeric =
    number.pointee.nb_index != nil || number.pointee.nb_int != nil
    || number.pointee.nb_float != nil || object.isInstance(of: complexType())
  return numeric ? 1 : 0
}

/// Whether the type has `__index__`.
@c @implementation
public func PyIndex_Check(_ object: Ref) -> Int32 {
  object.type.pointee.tp_as_number?.pointee.nb_index != nil ? 1 : 0
}

/// The object through `__index__`: an int or, with a warning, an instance of a subclass.
private func index(_ object: Ref) throws(Raised) -> Owned {
  if object.isInt { return object.retained() }
  guard let slot = object.type.pointee.tp_as_number?.pointee.nb_index else {
    throw raise(
      .typeError, "'\(object.type.fullName)' object cannot be interpreted as an integer")
  }
  let result = try own(slot(object))
  if result.ref.isExactInt { return result }
  try checkIntegral(result.ref, "__index__")
  return result
}

/// Accepts an instance of a strict subclass of int with a warning, raises TypeError for the rest.
private func checkIntegral(_ result: Ref, _ method: StaticString) throws(Raised) {
  guard result.isInt else {
    throw raise(.typeError, "\(method) returned non-int (type \(result.type.fullName))")
  }
  let message =
    "\(method) returned non-int (type \(result.type.fullName)).  The ability to return an "
    + "instance of a strict subclass of int is deprecated, and may be removed in a future "
    + "version of Python."
  try check(PyErr_WarnEx(.deprecationWarning, message, 1))
}

/// An exact int of the same value.
private func exactInt(_ value: consuming Owned) throws(Raised) -> Owned {
  if value.ref.isExactInt { return value }
  guard let copy = intType().pointee.tp_as_number?.pointee.nb_int else {
    throw raise(.systemError, "int is not ready")
  }
  return try own(copy(value.ref))
}

/// `operator.index(object)`: always an exact int. TypeError without `__index__`.
@c @implementation
public func PyNumber_Index(_ object: Ref) -> Ref? {
  if object.isExactInt {
    Py_INCREF(object)
    return object
  }
  return new { try exactInt(index(object)) }
}

/// The object as a signed machine size. A value out of range raises `exception`, or is clipped
/// when that is NULL.
@c @implementation
public func PyNumber_AsSsize_t(_ object: Ref, _ exception: Ref?) -> Int {
  if object.isExactInt && apus_long_is_compact(object) != 0 {
    return apus_long_compact_value(object)
  }
  return size {
    let value = try index(object)
    let result = PyLong_AsSsize_t(value.ref)
    guard result == -1 && hasRaised() else { return result }
    guard PyErr_ExceptionMatches(.overflowError) != 0 else { throw Raised() }
    PyErr_Clear()
    guard let exception else { return apus_long_sign(value.ref) < 0 ? Int.min : Int.max }
    throw raise(
      exception, "cannot fit '\(object.type.fullName)' into an index-sized integer")
  }
}

/// An int from text in a buffer; the whole of it must be the number.
private func parseInt(_ text: UnsafePointer<CChar>?, _ length: Int) -> Ref? {
  guard let text, length > 0 else { return _PyLong_FromBytes([0], 0, 10) }
  return _PyLong_FromBytes(
    UnsafeRawPointer(text).assumingMemoryBound(to: UInt8.self), length, 10)
}

/// `int(object)`.
@c @implementation
public func PyNumber_Long(_ object: Ref) -> Ref? {
  if object.isExactInt {
    Py_INCREF(object)
    return object
  }
  let number = object.type.pointee.tp_as_number
  if let slot = number?.pointee.nb_int {
    return new {
      let result = try own(slot(object))
      if result.ref.isExactInt { return result }
      try checkIntegral(result.ref, "__int__")
      return try exactInt(result)
    }
  }
  if number?.pointee.nb_index != nil { return PyNumber_Index(object) }
  if let method = lookupSpecial(object, SpecialName.trunc) {
    return new {
      let method = Owned(adopting: method)
      try check(
        PyErr_WarnEx(
          .deprecationWarning, "The delegation of int() to __trunc__ is deprecated.", 1))
      let result = try own(PyObject_CallNoArgs(method.ref))
      if result.ref.isInt { return try exactInt(result) }
      guard PyIndex_Check(result.ref) != 0 else {
        throw raise(
          .typeError, "__trunc__ returned non-Integral (type \(result.ref.type.fullName))")
      }
      return try own(PyNumber_Index(result.ref))
    }
  }
  if hasRaised() { return nil }
  if object.isStr { return PyLong_FromUnicodeObject(object, 10) }
  if object.isBytes {
    return parseInt(
      UnsafeRawPointer(apus_bytes_data(object)).assumingMemoryBound(to: CChar.self),
      apus_var_size(object))
  }
  if object.isInstance(of: byteArrayType()) {
    return parseInt(PyByteArray_AsString(object), PyByteArray_Size(object))
  }
  if PyObject_CheckBuffer(object) != 0 {
    var view = Py_buffer()
    if PyObject_GetBuffer(object, &view, PyBUF_SIMPLE) < 0 { return nil }
    defer { PyBuffer_Release(&view) }
    return parseInt(view.buf?.assumingMemoryBound(to: CChar.self), view.len)
  }
  _ = raise(
    .typeError,
    "int() argument must be a string, a bytes-like object or a real number, not "
      + "'\(object.type.fullName)'")
  return nil
}

/// `float(object)`.
@c @implementation
public func PyNumber_Float(_ object: Ref) -> Ref? {
  if object.isExactFloat {
    Py_INCREF(object)
    return object
  }
  return new {
    if let slot = object.type.pointee.tp_as_number?.pointee.nb_float {
      let result = try own(slot(object))
      if result.ref.isExactFloat { return result }
      let returned =
        "\(object.type.fullName).__float__ returned non-float (type \(result.ref.type.fullName))"
      guard result.ref.isInstance(of: floatType()) else { throw raise(.typeError, returned) }
      let message =
        returned + ".  The ability to return an instance of a strict subclass of float is "
        + "deprecated, and may be removed in a future version of Python."
      try check(PyErr_WarnEx(.deprecationWarning, message, 1))
      return try own(PyFloat_FromDouble(result.ref.view(PyFloatObject.self).pointee.ob_fval))
    }
    if object.type.pointee.tp_as_number?.pointee.nb_index != nil {
      let value = try own(PyNumber_Index(object))
      let double = PyLong_AsDouble(value.ref)
      if double == -1 && hasRaised() { throw Raised() }
      return try own(PyFloat_FromDouble(double))
    }
    if object.isInstance(of: floatType()) {
      return try own(PyFloat_FromDouble(object.view(PyFloatObject.self).pointee.ob_fval))
    }
    return try own(PyFloat_FromString(object))
  }
}

/// The text of an integer in base 2, 8, 10 or 16, with its prefix.
@c @implementation
public func PyNumber_ToBase(_ object: Ref, _ base: Int32) -> Ref? {
  guard base == 2 || base == 8 || base == 10 || base == 16 else {
    _ = raise(.systemError, "PyNumber_ToBase: base must be 2, 8, 10 or 16")
    return nil
  }
  guard let value = PyNumber_Index(object) else { return nil }
  defer { Py_DECREF(value) }
  return _PyLong_Format(value, base)
}
