import CPythonABI

// The texts of any object. CPython: Objects/object.c, PyObject_Repr and following.

/// `repr(object)`; NULL shows as `<NULL>`.
@c @implementation
public func PyObject_Repr(_ object: Ref?) -> Ref? {
  guard let object else { return PyUnicode_FromString("<NULL>") }
  guard let repr = object.type.pointee.tp_repr else {
    return newString("<\(object.type.fullName) object at \(hexAddress(object))>")
  }
  if Py_EnterRecursiveCall(" while getting the repr of an object") != 0 { return nil }
  guard let result = repr(object) else { return nil }
  return checkText(result, "__repr__")
}

/// The result when it is a str, else nil with TypeError.
private func checkText(_ result: Ref, _ method: StaticString) -> Ref? {
  if result.isStr { return result }
  _ = raise(.typeError, "\(method) returned non-string (type \(result.type.fullName))")
  Py_DECREF(result)
  return nil
}

/// An address as `%p` prints it.
public func hexAddress(_ object: Ref) -> String {
  "0x" + String(UInt(bitPattern: object), radix: 16)
}

/// `str(object)`.
@c @implementation
public func PyObject_Str(_ object: Ref?) -> Ref? {
  guard let object else { return PyUnicode_FromString("<NULL>") }
  if object.isExactStr {
    Py_INCREF(object)
    return object
  }
  guard let str = object.type.pointee.tp_str else { return PyObject_Repr(object) }
  if Py_EnterRecursiveCall(" while getting the str of an object") != 0 { return nil }
  guard let result = str(object) else { return nil }
  return checkText(result, "__str__")
}

/// `ascii(object)`: the repr with everything beyond ASCII escaped.
@c @implementation
public func PyObject_ASCII(_ object: Ref?) -> Ref? {
  guard let repr = PyObject_Repr(object) else { return nil }
  if apus_str_is_ascii(repr) != 0 { return repr }
  defer { Py_DECREF(repr) }
  guard let bytes = PyUnicode_AsEncodedString(repr, "ascii", "backslashreplace") else {
    return nil
  }
  defer { Py_DECREF(bytes) }
  return PyUnicode_DecodeASCII(
    UnsafeRawPointer(apus_bytes_data(bytes)).assumingMemoryBound(to: CChar.self),
    apus_var_size(bytes), nil)
}

/// `bytes(object)` for one argument that is no str.
@c @implementation
public func PyObject_Bytes(_ object: Ref) -> Ref? {
  if object.type == bytesType() {
    Py_INCREF(object)
    return object
  }
  if let method = lookupSpecial(object, SpecialName.bytes) {
    defer { Py_DECREF(method) }
    guard let result = PyObject_CallNoArgs(method) else { return nil }
    if result.isBytes { return result }
    _ = raise(.typeError, "__bytes__ returned non-bytes (type \(result.type.fullName))")
    Py_DECREF(result)
    return nil
  }
  return hasRaised() ? nil : PyBytes_FromObject(object)
}

/// `format(object, spec)`; no spec is the empty one.
@c @implementation
public func PyObject_Format(_ object: Ref, _ spec: Ref?) -> Ref? {
  if let spec, !spec.isStr {
    _ = raise(
      .systemError, "Format specifier must be a string, not \(spec.type.fullName)")
    return nil
  }
  if spec.map({ apus_str_length($0) == 0 }) ?? true {
    if object.isExactStr {
      Py_INCREF(object)
      return object
    }
    if object.isExactInt { return PyObject_Str(object) }
  }
  return new {
    // The builtin types themselves need no method call.
    if let spec, apus_str_length(spec) > 0, let result = try Formatting.builtin(object, spec) {
      return result
    }
    let spec = try spec.map { $0.retained() } ?? own(PyUnicode_New(0, 0))
    guard let raw = lookupSpecial(object, SpecialName.format) else {
      if hasRaised() { throw Raised() }
      throw raise(.typeError, "Type \(object.type.fullName) doesn't define __format__")
    }
    let method = Owned(adopting: raw)
    let result = try own(PyObject_CallOneArg(method.ref, spec.ref))
    guard result.ref.isStr else {
      throw raise(
        .typeError, "__format__ must return a str, not \(result.ref.type.fullName)")
    }
    return result
  }
}
