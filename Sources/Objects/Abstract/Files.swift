import CPythonABI

// Paths and file-like objects by their methods. CPython: Objects/fileobject.c,
// Modules/posixmodule.c (PyOS_FSPath).

/// `os.fspath(path)`: a str or bytes (PEP 519).
@c @implementation
public func PyOS_FSPath(_ path: Ref) -> Ref? {
  if path.isStr || path.isBytes {
    Py_INCREF(path)
    return path
  }
  return new {
    let name = try own(PyUnicode_InternFromString("__fspath__"))
    guard let raw = lookupSpecial(path, name.ref) else {
      if hasRaised() { throw Raised() }
      throw raise(
        .typeError,
        "expected str, bytes or os.PathLike object, not \(path.type.fullName)")
    }
    let method = Owned(adopting: raw)
    // `__fspath__ = None` says that the class is no path.
    if method.ref.isNone {
      throw raise(
        .typeError,
        "expected str, bytes or os.PathLike object, not \(path.type.fullName)")
    }
    let result = try own(PyObject_CallNoArgs(method.ref))
    guard result.ref.isStr || result.ref.isBytes else {
      throw raise(
        .typeError,
        "expected \(path.type.fullName).__fspath__() to return str or bytes, "
          + "not \(result.ref.type.fullName)")
    }
    return result
  }
}

/// The descriptor of an int or of an object with `fileno()`.
@c @implementation
public func PyObject_AsFileDescriptor(_ object: Ref) -> Int32 {
  do {
    let descriptor: Int32
    if object.isInt {
      if object.isBool {
        try check(
          PyErr_WarnEx(.runtimeWarning, "bool is used as a file descriptor", 1))
      }
      descriptor = PyLong_AsInt(object)
    } else {
      var found: Ref?
      try check(PyObject_GetOptionalAttrString(object, "fileno", &found))
      guard let found else {
        throw raise(.typeError, "argument must be an int, or have a fileno() method.")
      }
      let method = Owned(adopting: found)
      let number = try own(PyObject_CallNoArgs(method.ref))
      guard number.ref.isInt else {
        throw raise(.typeError, "fileno() returned a non-integer")
      }
      descriptor = PyLong_AsInt(number.ref)
    }
    if descriptor == -1 && hasRaised() { throw Raised() }
    if descriptor < 0 {
      throw raise(
        .valueError, "file descriptor cannot be a negative integer (\(descriptor))")
    }
    return descriptor
  } catch {
    return -1
  }
}

/// `file.write(str(object))`, or of its repr without the flag Py_PRINT_RAW (1).
@c @implementation
public func PyFile_WriteObject(_ object: Ref, _ file: Ref, _ flags: Int32) -> Int32 {
  status {
    let write = try own(PyObject_GetAttrString(file, "write"))
    let text = try own(flags & 1 != 0 ? PyObject_Str(object) : PyObject_Repr(object))
    let result = try own(PyObject_CallOneArg(write.ref, text.ref))
    _ = result.ref
  }
}

@c @implementation
public func PyFile_WriteString(_ text: UnsafePointer<CChar>, _ file: Ref) -> Int32 {
  if hasRaised() { return -1 }
  guard let object = PyUnicode_FromString(text) else { return -1 }
  defer { Py_DECREF(object) }
  return PyFile_WriteObject(object, file, 1)
}

/// A line of a file: whole (0), at most `limit` long (> 0), or without its newline (< 0), then with
/// EOFError at the end.
@c @implementation
public func PyFile_GetLine(_ file: Ref, _ limit: Int32) -> Ref? {
  new {
    let method = try own(PyObject_GetAttrString(file, "readline"))
    let limitObject = try int(Int(limit))
    let line =
      try limit <= 0
      ? own(PyObject_CallNoArgs(method.ref))
      : own(PyObject_CallOneArg(method.ref, limitObject.ref))
    guard line.ref.isStr || line.ref.isBytes else {
      throw raise(.typeError, "object.readline() returned non-string")
    }
    if limit >= 0 { return line }
    let length = line.ref.isStr ? apus_str_length(line.ref) : apus_var_size(line.ref)
    if length == 0 { throw raise(.eofError, "EOF when reading a line") }
    if line.ref.isStr {
      if PyUnicode_ReadChar(line.ref, length - 1) != 10 { return line }
      return try own(PyUnicode_Substring(line.ref, 0, length - 1))
    }
    let bytes = apus_bytes_data(line.ref)
    if bytes[length - 1] != 10 { return line }
    return try own(
      PyBytes_FromStringAndSize(
        UnsafeRawPointer(bytes).assumingMemoryBound(to: CChar.self), length - 1))
  }
}
