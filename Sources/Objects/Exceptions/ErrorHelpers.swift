import CPythonABI
import Glibc

// Entry points that raise one particular exception. CPython: Python/errors.c.

@c @implementation public func PyErr_NoMemory() -> Ref? {
  MemoryErrors.raise()
  return nil
}

/// MemoryError when there is no memory left to make one: the first failure uses an instance made at
/// start-up. CPython: Objects/exceptions.c, `get_memory_error`.
enum MemoryErrors {
  static let spec = SimpleExceptions.memoryError

  /// Makes the instance in reserve; start-up calls it once.
  public static func prepare() throws(Raised) {
    apus_reserved_memory_error_address().pointee = try own(PyObject_CallNoArgs(.memoryError)).give()
  }

  /// Ends the process while start-up has not come to `prepare` yet: the types are not ready then.
  static func raise() {
    guard let reserved = apus_reserved_memory_error_address().pointee else { fatalNoMemory() }
    if reserved.pointee.ob_refcnt == 1 {
      // Nobody else holds it: it is as new.
      _ = ExceptionFields.clear(reserved, objects: 0)
      reserved.view(PyBaseExceptionObject.self).pointee.suppress_context = 0
      if let empty = PyTuple_New(0) {
        reserved.view(PyBaseExceptionObject.self).pointee.args = empty
      }
      PyErr_SetObject(.memoryError, reserved)
      return
    }
    let depth = apus_memory_error_depth_address()
    if depth.pointee > 0 {
      // Making the exception failed for the same reason.
      PyErr_SetObject(.memoryError, reserved)
      return
    }
    depth.pointee += 1
    PyErr_SetNone(.memoryError)
    depth.pointee -= 1
  }
}

@c @implementation public func PyErr_BadArgument() -> Int32 {
  _ = raise(.typeError, "bad argument type for built-in operation")
  return 0
}

@c @implementation public func PyErr_BadInternalCall() {
  _ = raise(.systemError, "bad argument to internal function")
}

@c @implementation public func _PyErr_BadInternalCall(
  _ file: UnsafePointer<CChar>?, _ line: Int32
) {
  let name = file.map { String(cString: $0) } ?? "?"
  _ = raise(.systemError, "\(name):\(line): bad argument to internal function")
}

// MARK: New exception classes

@c @implementation public func PyErr_NewException(
  _ name: UnsafePointer<CChar>, _ base: Ref?, _ dict: Ref?
) -> Ref? {
  new {
    let full = String(cString: name)
    guard let dot = full.lastIndex(of: ".") else {
      throw raise(.systemError, "PyErr_NewException: name must be module.class")
    }
    let namespace: Owned
    if let dict { namespace = dict.retained() } else { namespace = try own(PyDict_New()) }
    if try check(PyDict_Contains(namespace.ref, id___module__())) == 0 {
      let module = try own(newString(String(full[..<dot])))
      try check(PyDict_SetItem(namespace.ref, id___module__(), module.ref))
    }
    let bases: Owned
    if let base, base.isTuple {
      bases = base.retained()
    } else {
      bases = try own(PyTuple_Pack1(base ?? .exception))
    }
    let short = try own(newString(String(full[full.index(after: dot)...])))
    let args = try own(PyTuple_Pack3(short.ref, bases.ref, namespace.ref))
    return try own(PyObject_Call(typeType().object, args.ref, nil))
  }
}

@c @implementation public func PyErr_NewExceptionWithDoc(
  _ name: UnsafePointer<CChar>, _ doc: UnsafePointer<CChar>?, _ base: Ref?, _ dict: Ref?
) -> Ref? {
  new {
    let namespace: Owned
    if let dict { namespace = dict.retained() } else { namespace = try own(PyDict_New()) }
    if let doc {
      let text = try own(PyUnicode_FromString(doc))
      try check(PyDict_SetItem(namespace.ref, id___doc__(), text.ref))
    }
    return try own(PyErr_NewException(name, base, namespace.ref))
  }
}

// MARK: Syntax errors

/// Adds the place to the SyntaxError that is set. Columns are those of the attributes, from 1; a
/// negative one is None.
@c @implementation public func PyErr_RangedSyntaxLocationObject(
  _ filename: Ref?, _ line: Int32, _ column: Int32, _ endLine: Int32, _ endColumn: Int32
) {
  guard let error = PyErr_GetRaisedException() else { return }
  let result = status {
    func set(_ name: StaticString, _ value: Int32?) throws(Raised) {
      let object: Owned
      if let value { object = try own(PyLong_FromLong(Int(value))) } else { object = noneObject().retained() }
      try check(PyObject_SetAttrString(error, cString(name), object.ref))
    }
    try set("lineno", line)
    try set("offset", column >= 0 ? column : nil)
    try set("end_lineno", endLine)
    try set("end_offset", endColumn >= 0 ? endColumn : nil)
    if let filename {
      try check(PyObject_SetAttr(error, id_filename(), filename))
      if let text = PyErr_ProgramTextObject(filename, line) {
        let held = Owned(adopting: text)
        try check(PyObject_SetAttr(error, id_text(), held.ref))
      } else {
        PyErr_Clear()
      }
    }
    if error.type != apus_exc_SyntaxError() {
      for name in [id_msg(), id_print_file_and_line()]
      where PyObject_HasAttrWithError(error, name) == 0 {
        try check(PyObject_SetAttr(error, name, noneObject()))
      }
    }
  }
  if result < 0 { PyErr_Clear() }
  PyErr_SetRaisedException(error)
}

@c @implementation public func PyErr_SyntaxLocationObject(
  _ filename: Ref?, _ line: Int32, _ column: Int32
) {
  PyErr_RangedSyntaxLocationObject(filename, line, column, line, -1)
}

@c @implementation public func PyErr_SyntaxLocationEx(
  _ filename: UnsafePointer<CChar>?, _ line: Int32, _ column: Int32
) {
  var name: Ref?
  if let filename {
    name = PyUnicode_DecodeFSDefault(filename)
    if name == nil { PyErr_Clear() }
  }
  PyErr_SyntaxLocationObject(name, line, column)
  Py_XDECREF(name)
}

@c @implementation public func PyErr_SyntaxLocation(_ filename: UnsafePointer<CChar>?, _ line: Int32) {
  PyErr_SyntaxLocationEx(filename, line, -1)
}

/// The text of a line of a source file; NULL without an exception when it cannot be read.
@c @implementation public func PyErr_ProgramTextObject(_ filename: Ref?, _ line: Int32) -> Ref? {
  guard let filename, line > 0 else { return nil }
  guard let path = PyUnicode_EncodeFSDefault(filename) else {
    PyErr_Clear()
    return nil
  }
  defer { Py_DECREF(path) }
  guard let name = PyBytes_AsString(path) else {
    PyErr_Clear()
    return nil
  }
  return PyErr_ProgramText(name, line)
}

@c @implementation public func PyErr_ProgramText(_ filename: UnsafePointer<CChar>?, _ line: Int32) -> Ref? {
  guard let filename, line > 0, let file = fopen(filename, "r") else { return nil }
  defer { fclose(file) }
  var buffer: UnsafeMutablePointer<CChar>?
  var capacity = 0
  defer { free(buffer) }
  var length = 0
  for _ in 0..<line {
    length = getline(&buffer, &capacity, file)
    if length < 0 { return nil }
  }
  guard let buffer else { return nil }
  let text = PyUnicode_DecodeUTF8(buffer, length, "replace")
  if text == nil { PyErr_Clear() }
  return text
}
