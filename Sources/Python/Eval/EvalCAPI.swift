import CPythonABI
import Glibc
import Objects

// Names that the stable ABI keeps for calling, running code and looking at frames.
// CPython: Python/ceval.c, Python/ceval_gil.c, Objects/methodobject.c.

@c
public func PyCFunction_Call(
  _ callable: UnsafeMutablePointer<PyObject>, _ arguments: UnsafeMutablePointer<PyObject>,
  _ keywords: UnsafeMutablePointer<PyObject>?
) -> UnsafeMutablePointer<PyObject>? { PyObject_Call(callable, arguments, keywords) }

/// Calls with a tuple (none: no arguments) and a dict.
@c
public func PyEval_CallObjectWithKeywords(
  _ callable: UnsafeMutablePointer<PyObject>, _ arguments: UnsafeMutablePointer<PyObject>?,
  _ keywords: UnsafeMutablePointer<PyObject>?
) -> UnsafeMutablePointer<PyObject>? {
  new {
    if let arguments, !arguments.isTuple { throw raise(.typeError, "argument list must be a tuple") }
    if let keywords, !keywords.isDict { throw raise(.typeError, "keyword list must be a dictionary") }
    if let arguments { return try own(PyObject_Call(callable, arguments, keywords)) }
    let none = try own(PyTuple_New(0))
    return try own(PyObject_Call(callable, none.ref, keywords))
  }
}

/// CO_OPTIMIZED: variables have slots in the frame.
private let optimized: Int32 = 1

/// Runs a code object as the function with these defaults and cells would run, called like this.
/// `locals` matter to code that has no variables of its own.
@c @implementation
public func PyEval_EvalCodeEx(
  _ code: UnsafeMutablePointer<PyObject>, _ globals: UnsafeMutablePointer<PyObject>?,
  _ locals: UnsafeMutablePointer<PyObject>?,
  _ arguments: UnsafePointer<UnsafeMutablePointer<PyObject>>?, _ count: Int32,
  _ keywords: UnsafePointer<UnsafeMutablePointer<PyObject>>?, _ keywordCount: Int32,
  _ defaults: UnsafePointer<UnsafeMutablePointer<PyObject>>?, _ defaultCount: Int32,
  _ keywordDefaults: UnsafeMutablePointer<PyObject>?, _ closure: UnsafeMutablePointer<PyObject>?
) -> UnsafeMutablePointer<PyObject>? {
  new {
    guard let globals else { throw raise(.systemError, "PyEval_EvalCodeEx: NULL globals") }
    let isOptimized = code.view(PyCodeObject.self).pointee.co_flags & optimized != 0
    if !isOptimized, count == 0, keywordCount == 0, closure == nil {
      return try own(PyEval_EvalCode(code, globals, locals ?? globals))
    }
    let function = try own(PyFunction_New(code, globals))
    if let defaults, defaultCount > 0 {
      let tuple = try tuple(of: defaults, Int(defaultCount))
      try check(PyFunction_SetDefaults(function.ref, tuple.ref))
    }
    if let keywordDefaults { try check(PyFunction_SetKwDefaults(function.ref, keywordDefaults)) }
    if let closure { try check(PyFunction_SetClosure(function.ref, closure)) }
    let positional = try tuple(of: arguments, Int(count))
    let named = try own(PyDict_New())
    if let keywords {
      for index in 0..<Int(Swift.max(keywordCount, 0)) {
        try check(PyDict_SetItem(named.ref, keywords[2 * index], keywords[2 * index + 1]))
      }
    }
    return try own(PyObject_Call(function.ref, positional.ref, named.ref))
  }
}

private func tuple(
  of values: UnsafePointer<UnsafeMutablePointer<PyObject>>?, _ count: Int
) throws(Raised) -> Owned {
  let made = try own(PyTuple_New(values == nil ? 0 : Swift.max(count, 0)))
  for index in 0..<apus_var_size(made.ref) {
    guard let value = values?[index] else { break }
    Py_INCREF(value)
    apus_tuple_items(made.ref)[index] = value
  }
  return made
}

/// The function that a callable shows in messages: its name, or that of its type.
@c @implementation
public func PyEval_GetFuncName(_ callable: UnsafeMutablePointer<PyObject>) -> UnsafePointer<CChar>? {
  if callable.type == methodType(), let function = PyMethod_Function(callable) {
    return PyEval_GetFuncName(function)
  }
  if callable.type == functionType() {
    guard let name = callable.view(PyFunctionObject.self).pointee.func_name else { return nil }
    return PyUnicode_AsUTF8(name)
  }
  if PyType_IsSubtype(callable.type, builtinFunctionType()) != 0 {
    return callable.view(PyCFunctionObject.self).pointee.m_ml.pointee.ml_name
  }
  return callable.type.pointee.tp_name
}

/// What to write behind that name.
@c @implementation
public func PyEval_GetFuncDesc(_ callable: UnsafeMutablePointer<PyObject>) -> UnsafePointer<CChar>? {
  let isFunction =
    callable.type == methodType() || callable.type == functionType()
    || PyType_IsSubtype(callable.type, builtinFunctionType()) != 0
  return cString(isFunction ? "()" : " object")
}

/// The variables where Python code runs, borrowed. Of a function a dict made at this call, which
/// lives until the next call in the same thread.
@c @implementation
public func PyEval_GetLocals() -> UnsafeMutablePointer<PyObject>? {
  do {
    let found = try BuiltinNamespaces.currentLocals()
    guard let keeper = PyThreadState_GetDict() else {
      throw raise(.systemError, "no dict of this thread")
    }
    try check(PyDict_SetItemString(keeper, "PyEval_GetLocals", found.ref))
    return found.ref
  } catch {
    return nil
  }
}

// MARK: The lock

@c @implementation
public func PyEval_InitThreads() {}

@c
public func PyEval_ThreadsInitialized() -> Int32 { 1 }

@c
public func PyEval_AcquireLock() { GIL.take(apus_tstate()) }

@c
public func PyEval_ReleaseLock() { GIL.drop(apus_tstate()) }

/// Whether Ctrl-C was pressed since the last look; only the main thread hears of it.
@c @implementation
public func PyOS_InterruptOccurred() -> Int32 {
  guard apus_tstate() == Signals.mainThread, Signals.tripped[Int(SIGINT)] != 0 else { return 0 }
  Signals.tripped[Int(SIGINT)] = 0
  return 1
}

// MARK: Exceptions and streams

/// Writes an exception with its traceback to `sys.stderr`.
@c @implementation
public func PyErr_DisplayException(_ exception: UnsafeMutablePointer<PyObject>) {
  ExceptionPrinter.display(exception, traceback: noneObject())
}

@c @implementation
public func PyErr_Display(
  _ unused: UnsafeMutablePointer<PyObject>?, _ value: UnsafeMutablePointer<PyObject>?,
  _ traceback: UnsafeMutablePointer<PyObject>?
) {
  guard let value else { return }
  ExceptionPrinter.display(value, traceback: traceback ?? noneObject())
}

/// `io.open` of a descriptor; the name is not looked at.
@c @implementation
public func PyFile_FromFd(
  _ descriptor: Int32, _ name: UnsafePointer<CChar>?, _ mode: UnsafePointer<CChar>?,
  _ buffering: Int32, _ encoding: UnsafePointer<CChar>?, _ errors: UnsafePointer<CChar>?,
  _ newline: UnsafePointer<CChar>?, _ closes: Int32
) -> UnsafeMutablePointer<PyObject>? {
  new {
    func text(_ value: UnsafePointer<CChar>?) throws(Raised) -> Owned {
      guard let value else { return noneObject().retained() }
      return try own(PyUnicode_FromString(value))
    }
    let io = try own("_io".withCString { PyImport_ImportModule($0) })
    let open = try own("open".withCString { PyObject_GetAttrString(io.ref, $0) })
    let number = try own(PyLong_FromLong(Int(descriptor)))
    let mode = mode == nil ? try own(newString("r")) : try text(mode)
    let size = try own(PyLong_FromLong(Int(buffering)))
    let encoding = try text(encoding)
    let errors = try text(errors)
    let newline = try text(newline)
    let values = [
      number.ref, mode.ref, size.ref, encoding.ref, errors.ref, newline.ref, boolObject(closes != 0),
    ]
    let arguments = try own(PyTuple_New(values.count))
    for (index, value) in values.enumerated() {
      Py_INCREF(value)
      apus_tuple_items(arguments.ref)[index] = value
    }
    return try own(PyObject_Call(open.ref, arguments.ref, nil))
  }
}

/// The length of a str was once asked for like this.
@c
public func PyUnicode_GetSize(_ text: UnsafeMutablePointer<PyObject>) -> Int {
  _ = raise(.runtimeError, "PyUnicode_GetSize has been removed.")
  return -1
}

@c
public func _PyState_AddModule(
  _ thread: UnsafeMutablePointer<PyThreadState>, _ module: UnsafeMutablePointer<PyObject>,
  _ definition: UnsafeMutablePointer<PyModuleDef>
) -> Int32 { PyState_AddModule(module, definition) }
