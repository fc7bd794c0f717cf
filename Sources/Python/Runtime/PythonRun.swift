import CPythonABI
import Glibc
import Objects

// Source text given by C code: compiled, run, printed. CPython: Python/pythonrun.c.

/// Compiles what C code hands over.
private enum GivenSource {
  static func compile(
    _ source: [UInt8], _ fileName: Ref, _ start: Int32,
    _ flags: UnsafeMutablePointer<PyCompilerFlags>?, _ optimize: Int32
  ) throws(Raised) -> Owned {
    var request = Compilation.Request(fileName: fileName)
    switch start {
    case Py_single_input: request.mode = .single
    case Py_file_input: request.mode = .exec
    case Py_eval_input: request.mode = .eval
    default:
      throw raise(.systemError, "invalid start symbol")
    }
    if let flags { request.flags = Int(flags.pointee.cf_flags) & Compilation.Flag.all }
    request.optimize = Int(optimize)
    return try Compilation.compile(source, request)
  }

  static func bytes(_ text: UnsafePointer<CChar>) -> [UInt8] {
    UnsafeRawBufferPointer(start: text, count: strlen(text)).map { $0 }
  }

  /// Everything that is left in a C stream.
  static func read(_ file: UnsafeMutablePointer<FILE>) throws(Raised) -> [UInt8] {
    var source: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { break }
      source += buffer[..<count]
    }
    if ferror(file) != 0 {
      _ = PyErr_SetFromErrno(.osError)
      throw Raised()
    }
    return source
  }

  static func run(
    _ source: [UInt8], _ name: Ref, _ start: Int32, _ globals: Ref, _ locals: Ref,
    _ flags: UnsafeMutablePointer<PyCompilerFlags>?
  ) throws(Raised) -> Owned {
    let code = try compile(source, name, start, flags, -1)
    return try own(PyEval_EvalCode(code.ref, globals, locals))
  }

  /// Runs in `__main__`; prints what is raised. 0, or -1 after an exception.
  static func runInMain(
    _ name: String, _ flags: UnsafeMutablePointer<PyCompilerFlags>?,
    _ source: () throws(Raised) -> [UInt8]
  ) -> Int32 {
    let outcome = status {
      let main = try own("__main__".withCString { PyImport_AddModuleRef($0) })
      let dict = try borrow(PyModule_GetDict(main.ref))
      let fileName = try own(SysValues.fileSystemString(name))
      _ = try run(try source(), fileName.ref, Py_file_input, dict, dict, flags)
    }
    if outcome < 0 { PyErr_Print() }
    _ = Lifecycle.flushStreams()
    return outcome
  }
}

/// A new code object. `start` is `Py_single_input`, `Py_file_input` or `Py_eval_input`; `optimize`
/// -1 takes the interpreter's level. Raises SyntaxError, ValueError for NUL bytes.
@c @implementation
public func Py_CompileStringObject(
  _ source: UnsafePointer<CChar>, _ filename: UnsafeMutablePointer<PyObject>, _ start: Int32,
  _ flags: UnsafeMutablePointer<PyCompilerFlags>?, _ optimize: Int32
) -> UnsafeMutablePointer<PyObject>? {
  new { try GivenSource.compile(GivenSource.bytes(source), filename, start, flags, optimize) }
}

@c @implementation
public func Py_CompileStringExFlags(
  _ source: UnsafePointer<CChar>, _ filename: UnsafePointer<CChar>, _ start: Int32,
  _ flags: UnsafeMutablePointer<PyCompilerFlags>?, _ optimize: Int32
) -> UnsafeMutablePointer<PyObject>? {
  new {
    let name = try own(PyUnicode_DecodeFSDefault(filename))
    return try GivenSource.compile(GivenSource.bytes(source), name.ref, start, flags, optimize)
  }
}

@c @implementation
public func Py_CompileStringFlags(
  _ source: UnsafePointer<CChar>, _ filename: UnsafePointer<CChar>, _ start: Int32,
  _ flags: UnsafeMutablePointer<PyCompilerFlags>?
) -> UnsafeMutablePointer<PyObject>? {
  Py_CompileStringExFlags(source, filename, start, flags, -1)
}

@c @implementation
public func Py_CompileString(
  _ source: UnsafePointer<CChar>, _ filename: UnsafePointer<CChar>, _ start: Int32
) -> UnsafeMutablePointer<PyObject>? {
  Py_CompileStringExFlags(source, filename, start, nil, -1)
}

// MARK: Strings

/// The value of an expression, None for statements; nil with the exception that was raised.
@c @implementation
public func PyRun_StringFlags(
  _ source: UnsafePointer<CChar>, _ start: Int32, _ globals: UnsafeMutablePointer<PyObject>,
  _ locals: UnsafeMutablePointer<PyObject>, _ flags: UnsafeMutablePointer<PyCompilerFlags>?
) -> UnsafeMutablePointer<PyObject>? {
  new {
    let name = try own(newString("<string>"))
    return try GivenSource.run(
      GivenSource.bytes(source), name.ref, start, globals, locals, flags)
  }
}

@c @implementation
public func PyRun_String(
  _ source: UnsafePointer<CChar>, _ start: Int32, _ globals: UnsafeMutablePointer<PyObject>,
  _ locals: UnsafeMutablePointer<PyObject>
) -> UnsafeMutablePointer<PyObject>? {
  PyRun_StringFlags(source, start, globals, locals, nil)
}

/// Runs statements in `__main__`. 0, or -1 after an exception, which is printed.
@c @implementation
public func PyRun_SimpleStringFlags(
  _ source: UnsafePointer<CChar>, _ flags: UnsafeMutablePointer<PyCompilerFlags>?
) -> Int32 {
  GivenSource.runInMain("<string>", flags) { () throws(Raised) in GivenSource.bytes(source) }
}

@c @implementation
public func PyRun_SimpleString(_ source: UnsafePointer<CChar>) -> Int32 {
  PyRun_SimpleStringFlags(source, nil)
}

// MARK: Files

@c @implementation
public func PyRun_FileExFlags(
  _ file: UnsafeMutablePointer<FILE>, _ filename: UnsafePointer<CChar>, _ start: Int32,
  _ globals: UnsafeMutablePointer<PyObject>, _ locals: UnsafeMutablePointer<PyObject>,
  _ closeit: Int32, _ flags: UnsafeMutablePointer<PyCompilerFlags>?
) -> UnsafeMutablePointer<PyObject>? {
  new {
    defer { if closeit != 0 { fclose(file) } }
    let name = try own(PyUnicode_DecodeFSDefault(filename))
    return try GivenSource.run(GivenSource.read(file), name.ref, start, globals, locals, flags)
  }
}

@c @implementation
public func PyRun_FileFlags(
  _ file: UnsafeMutablePointer<FILE>, _ filename: UnsafePointer<CChar>, _ start: Int32,
  _ globals: UnsafeMutablePointer<PyObject>, _ locals: UnsafeMutablePointer<PyObject>,
  _ flags: UnsafeMutablePointer<PyCompilerFlags>?
) -> UnsafeMutablePointer<PyObject>? {
  PyRun_FileExFlags(file, filename, start, globals, locals, 0, flags)
}

@c @implementation
public func PyRun_FileEx(
  _ file: UnsafeMutablePointer<FILE>, _ filename: UnsafePointer<CChar>, _ start: Int32,
  _ globals: UnsafeMutablePointer<PyObject>, _ locals: UnsafeMutablePointer<PyObject>,
  _ closeit: Int32
) -> UnsafeMutablePointer<PyObject>? {
  PyRun_FileExFlags(file, filename, start, globals, locals, closeit, nil)
}

@c @implementation
public func PyRun_File(
  _ file: UnsafeMutablePointer<FILE>, _ filename: UnsafePointer<CChar>, _ start: Int32,
  _ globals: UnsafeMutablePointer<PyObject>, _ locals: UnsafeMutablePointer<PyObject>
) -> UnsafeMutablePointer<PyObject>? {
  PyRun_FileExFlags(file, filename, start, globals, locals, 0, nil)
}

@c @implementation
public func PyRun_SimpleFileExFlags(
  _ file: UnsafeMutablePointer<FILE>, _ filename: UnsafePointer<CChar>, _ closeit: Int32,
  _ flags: UnsafeMutablePointer<PyCompilerFlags>?
) -> Int32 {
  defer { if closeit != 0 { fclose(file) } }
  return GivenSource.runInMain(String(cString: filename), flags) { () throws(Raised) in
    try GivenSource.read(file)
  }
}

@c @implementation
public func PyRun_SimpleFileEx(
  _ file: UnsafeMutablePointer<FILE>, _ filename: UnsafePointer<CChar>, _ closeit: Int32
) -> Int32 { PyRun_SimpleFileExFlags(file, filename, closeit, nil) }

@c @implementation
public func PyRun_SimpleFile(
  _ file: UnsafeMutablePointer<FILE>, _ filename: UnsafePointer<CChar>
) -> Int32 { PyRun_SimpleFileExFlags(file, filename, 0, nil) }

@c @implementation
public func PyRun_AnyFileExFlags(
  _ file: UnsafeMutablePointer<FILE>, _ filename: UnsafePointer<CChar>?, _ closeit: Int32,
  _ flags: UnsafeMutablePointer<PyCompilerFlags>?
) -> Int32 {
  guard let filename else {
    return "???".withCString { PyRun_SimpleFileExFlags(file, $0, closeit, flags) }
  }
  return PyRun_SimpleFileExFlags(file, filename, closeit, flags)
}

@c @implementation
public func PyRun_AnyFileFlags(
  _ file: UnsafeMutablePointer<FILE>, _ filename: UnsafePointer<CChar>?,
  _ flags: UnsafeMutablePointer<PyCompilerFlags>?
) -> Int32 { PyRun_AnyFileExFlags(file, filename, 0, flags) }

@c @implementation
public func PyRun_AnyFileEx(
  _ file: UnsafeMutablePointer<FILE>, _ filename: UnsafePointer<CChar>?, _ closeit: Int32
) -> Int32 { PyRun_AnyFileExFlags(file, filename, closeit, nil) }

@c @implementation
public func PyRun_AnyFile(
  _ file: UnsafeMutablePointer<FILE>, _ filename: UnsafePointer<CChar>?
) -> Int32 { PyRun_AnyFileExFlags(file, filename, 0, nil) }

// MARK: Printing

/// Writes `repr(object)`, or `str(object)` when `flags` is 1 (`Py_PRINT_RAW`), to a C stream. 0, or
/// -1 with an exception.
@c @implementation
public func PyObject_Print(
  _ object: UnsafeMutablePointer<PyObject>?, _ file: UnsafeMutablePointer<FILE>, _ flags: Int32
) -> Int32 {
  status {
    guard let object else {
      fputs("<nil>", file)
      return
    }
    let shown = try own(flags & 1 != 0 ? PyObject_Str(object) : PyObject_Repr(object))
    let encoded = try own(PyUnicode_AsEncodedString(shown.ref, "utf-8", "backslashreplace"))
    let bytes = PyBytes_AsString(encoded.ref)
    fwrite(bytes, 1, PyBytes_Size(encoded.ref), file)
    if ferror(file) != 0 {
      _ = PyErr_SetFromErrno(.osError)
      clearerr(file)
      throw Raised()
    }
  }
}
