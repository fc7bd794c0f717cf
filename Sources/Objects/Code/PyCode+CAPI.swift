import CPythonABI

// The C API of code objects. CPython: Objects/codeobject.c.

/// A code object without instructions of its own, for C code that wants a name and a line in a
/// traceback; running it raises AssertionError.
@c @implementation
public func PyCode_NewEmpty(
  _ filename: UnsafePointer<CChar>?, _ funcname: UnsafePointer<CChar>, _ firstlineno: Int32
) -> UnsafeMutablePointer<PyCodeObject>? {
  do {
    let file = try own(filename.map { PyUnicode_DecodeFSDefault($0) } ?? PyUnicode_FromString(""))
    let name = try own(PyUnicode_FromString(funcname))
    let none = try own(PyTuple_New(0))
    // LOAD_ASSERTION_ERROR; RAISE_VARARGS 1
    let wordcode = try own(bytes([74, 0, 130, 1]))
    let empty = try own(PyBytes_FromStringAndSize(nil, 0))
    let lines = try own(bytes([4, 0]))
    let code = try PyCode.make(
      CodeParts(
        argCount: 0, posOnlyArgCount: 0, kwOnlyArgCount: 0, stackSize: 1, flags: 0x3,
        firstLine: firstlineno, wordcode: wordcode.ref, constants: none.ref, names: none.ref,
        varNames: none.ref, cellVars: none.ref, freeVars: none.ref, fileName: file.ref,
        name: name.ref, qualifiedName: name.ref, lineTable: lines.ref, locationTable: empty.ref))
    return code.give().view(PyCodeObject.self)
  } catch {
    return nil
  }
}

private func bytes(_ values: [UInt8]) -> Ref? {
  values.withUnsafeBufferPointer { buffer in
    buffer.withMemoryRebound(to: CChar.self) {
      PyBytes_FromStringAndSize($0.baseAddress, $0.count)
    }
  }
}

private func held(_ object: Ref) -> Ref {
  Py_INCREF(object)
  return object
}

/// The wordcode: a new reference to bytes.
@c @implementation
public func PyCode_GetCode(
  _ code: UnsafeMutablePointer<PyCodeObject>
) -> UnsafeMutablePointer<PyObject>? { held(code.pointee.co_wordcode) }

@c @implementation
public func PyCode_GetVarnames(
  _ code: UnsafeMutablePointer<PyCodeObject>
) -> UnsafeMutablePointer<PyObject>? { held(code.pointee.co_varnames) }

@c @implementation
public func PyCode_GetCellvars(
  _ code: UnsafeMutablePointer<PyCodeObject>
) -> UnsafeMutablePointer<PyObject>? { held(code.pointee.co_cellvars) }

@c @implementation
public func PyCode_GetFreevars(
  _ code: UnsafeMutablePointer<PyCodeObject>
) -> UnsafeMutablePointer<PyObject>? { held(code.pointee.co_freevars) }

/// A code object of what C code gives. Wheels make one per function of theirs, for tracebacks and
/// `inspect`; its bytes are 3.13's bytecode, which never runs here: the wordcode is that of
/// `PyCode_NewEmpty`, the lines are read from 3.11's location table.
@c @implementation
public func PyUnstable_Code_NewWithPosOnlyArgs(
  _ argcount: Int32, _ posonlyargcount: Int32, _ kwonlyargcount: Int32, _ nlocals: Int32,
  _ stacksize: Int32, _ flags: Int32, _ code: UnsafeMutablePointer<PyObject>,
  _ consts: UnsafeMutablePointer<PyObject>, _ names: UnsafeMutablePointer<PyObject>,
  _ varnames: UnsafeMutablePointer<PyObject>, _ freevars: UnsafeMutablePointer<PyObject>,
  _ cellvars: UnsafeMutablePointer<PyObject>, _ filename: UnsafeMutablePointer<PyObject>,
  _ name: UnsafeMutablePointer<PyObject>, _ qualname: UnsafeMutablePointer<PyObject>,
  _ firstlineno: Int32, _ linetable: UnsafeMutablePointer<PyObject>,
  _ exceptiontable: UnsafeMutablePointer<PyObject>
) -> UnsafeMutablePointer<PyCodeObject>? {
  do {
    let wordcode = try own(bytes([74, 0, 130, 1]))
    let lines = try own(bytes([4, 0]))
    let parts = CodeParts(
      argCount: argcount, posOnlyArgCount: posonlyargcount, kwOnlyArgCount: kwonlyargcount,
      stackSize: Swift.max(stacksize, 1), flags: flags, firstLine: firstlineno,
      wordcode: wordcode.ref, constants: consts, names: names, varNames: varnames,
      cellVars: cellvars, freeVars: freevars, fileName: filename, name: name,
      qualifiedName: qualname, lineTable: lines.ref, locationTable: linetable)
    try PyCode.validate(parts)
    return try PyCode.make(parts).give().view(PyCodeObject.self)
  } catch {
    return nil
  }
}

@c @implementation
public func PyUnstable_Code_New(
  _ argcount: Int32, _ kwonlyargcount: Int32, _ nlocals: Int32, _ stacksize: Int32, _ flags: Int32,
  _ code: UnsafeMutablePointer<PyObject>, _ consts: UnsafeMutablePointer<PyObject>,
  _ names: UnsafeMutablePointer<PyObject>, _ varnames: UnsafeMutablePointer<PyObject>,
  _ freevars: UnsafeMutablePointer<PyObject>, _ cellvars: UnsafeMutablePointer<PyObject>,
  _ filename: UnsafeMutablePointer<PyObject>, _ name: UnsafeMutablePointer<PyObject>,
  _ qualname: UnsafeMutablePointer<PyObject>, _ firstlineno: Int32,
  _ linetable: UnsafeMutablePointer<PyObject>, _ exceptiontable: UnsafeMutablePointer<PyObject>
) -> UnsafeMutablePointer<PyCodeObject>? {
  PyUnstable_Code_NewWithPosOnlyArgs(
    argcount, 0, kwonlyargcount, nlocals, stacksize, flags, code, consts, names, varnames,
    freevars, cellvars, filename, name, qualname, firstlineno, linetable, exceptiontable)
}
