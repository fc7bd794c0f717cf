import CPythonABI
import Glibc
import Objects

// Modules made of code objects by C code. CPython: Python/import.c.

enum CodeModules {
  /// Runs a code object as the module of a name, which stays in `sys.modules` only when it ends well.
  static func run(
    _ name: Ref, _ code: Ref, path: Ref?, cachedPath: Ref?
  ) throws(Raised) -> Owned {
    guard code.type == codeType() else {
      throw raise(.typeError, "expected a code object, not \(code.type.fullName)")
    }
    let module = try borrow(PyImport_AddModuleObject(name)).retained()
    do throws(Raised) {
      let dict = try borrow(PyModule_GetDict(module.ref))
      try CodeExecution.addBuiltins(dict)
      try setPlace(dict, name, path ?? code.view(PyCodeObject.self).pointee.co_filename, cachedPath)
      _ = try own(PyEval_EvalCode(code, dict, dict))
      guard let found = try ImportSystem.loaded(name) else {
        let shown = try own(PyObject_Repr(name))
        throw raise(.importError, "Loaded module \(text(of: shown.ref)) not found in sys.modules")
      }
      return found
    } catch {
      forget(name)
      throw error
    }
  }

  /// `__file__`, `__cached__`, `__spec__` and `__loader__`, as importlib sets them.
  private static func setPlace(
    _ dict: Ref, _ name: Ref, _ path: Ref, _ cachedPath: Ref?
  ) throws(Raised) {
    let importlib = try own("_frozen_importlib_external".withCString { PyImport_ImportModule($0) })
    let function = try own("_fix_up_module".withCString { PyObject_GetAttrString(importlib.ref, $0) })
    let arguments = try own(PyTuple_New(4))
    for (index, value) in [dict, name, path, cachedPath ?? noneObject()].enumerated() {
      Py_INCREF(value)
      apus_tuple_items(arguments.ref)[index] = value
    }
    _ = try own(PyObject_Call(function.ref, arguments.ref, nil))
  }

  /// Takes a half-made module out of `sys.modules`; the exception stays set.
  private static func forget(_ name: Ref) {
    let raised = PyErr_GetRaisedException()
    if let modules = try? ImportSystem.modules(), PyObject_DelItem(modules, name) < 0 { PyErr_Clear() }
    PyErr_Clear()
    PyErr_SetRaisedException(raised)
  }

  /// A path as a str that the caller has to give back, nil for none.
  static func decoded(_ text: UnsafePointer<CChar>?) throws(Raised) -> Ref? {
    guard let text else { return nil }
    return try own(PyUnicode_DecodeFSDefault(text)).give()
  }

  /// Imports a frozen module anew: 1, or 0 when there is none of the name.
  static func importFrozen(_ name: Ref) throws(Raised) -> Bool {
    let module = try own("_imp".withCString { PyImport_ImportModule($0) })
    func ask(_ function: StaticString) throws(Raised) -> Owned {
      let function = try own(PyObject_GetAttrString(module.ref, cString(function)))
      return try own(PyObject_CallOneArg(function.ref, name))
    }
    let known = try ask("is_frozen")
    if try check(PyObject_IsTrue(known.ref)) == 0 { return false }
    let code = try ask("get_frozen_object")
    let package = try ask("is_frozen_package")
    if try check(PyObject_IsTrue(package.ref)) != 0 {
      let made = try borrow(PyImport_AddModuleObject(name))
      let path = try own(PyList_New(0))
      try check(PyObject_SetAttrString(made, "__path__", path.ref))
    }
    _ = try run(name, code.ref, path: nil, cachedPath: nil)
    return true
  }
}

@c @implementation
public func PyImport_ExecCodeModuleObject(
  _ name: UnsafeMutablePointer<PyObject>, _ code: UnsafeMutablePointer<PyObject>,
  _ path: UnsafeMutablePointer<PyObject>?, _ cachedPath: UnsafeMutablePointer<PyObject>?
) -> UnsafeMutablePointer<PyObject>? {
  new { try CodeModules.run(name, code, path: path, cachedPath: cachedPath) }
}

@c @implementation
public func PyImport_ExecCodeModuleWithPathnames(
  _ name: UnsafePointer<CChar>, _ code: UnsafeMutablePointer<PyObject>,
  _ path: UnsafePointer<CChar>?, _ cachedPath: UnsafePointer<CChar>?
) -> UnsafeMutablePointer<PyObject>? {
  new {
    let name = try own(PyUnicode_FromString(name))
    let path = try CodeModules.decoded(path)
    defer { Py_XDECREF(path) }
    let cachedPath = try CodeModules.decoded(cachedPath)
    defer { Py_XDECREF(cachedPath) }
    return try CodeModules.run(name.ref, code, path: path, cachedPath: cachedPath)
  }
}

@c @implementation
public func PyImport_ExecCodeModuleEx(
  _ name: UnsafePointer<CChar>, _ code: UnsafeMutablePointer<PyObject>, _ path: UnsafePointer<CChar>?
) -> UnsafeMutablePointer<PyObject>? {
  PyImport_ExecCodeModuleWithPathnames(name, code, path, nil)
}

@c @implementation
public func PyImport_ExecCodeModule(
  _ name: UnsafePointer<CChar>, _ code: UnsafeMutablePointer<PyObject>
) -> UnsafeMutablePointer<PyObject>? {
  PyImport_ExecCodeModuleWithPathnames(name, code, nil, nil)
}

/// 1, 0 when there is no such frozen module, -1 with an exception.
@c @implementation
public func PyImport_ImportFrozenModuleObject(_ name: UnsafeMutablePointer<PyObject>) -> Int32 {
  truth { try CodeModules.importFrozen(name) }
}

@c @implementation
public func PyImport_ImportFrozenModule(_ name: UnsafePointer<CChar>) -> Int32 {
  truth {
    let name = try own(PyUnicode_FromString(name))
    return try CodeModules.importFrozen(name.ref)
  }
}

/// Native modules are known before the start; an extension module is always too late.
@c
public func PyImport_AppendInittab(
  _ name: UnsafePointer<CChar>, _ initialize: UnsafeMutableRawPointer?
) -> Int32 {
  Py_FatalError("PyImport_AppendInittab() may not be called after Py_Initialize()")
}
