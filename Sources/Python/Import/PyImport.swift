import CPythonABI
import Objects

/// The import system's native half. The work is done by the library's `importlib`; without a library
/// only native modules can be imported. CPython: Python/import.c.
public enum ImportSystem {
  static var interpreter: UnsafeMutablePointer<PyInterpreterState> { apus_tstate().pointee.interp }

  static func modules() throws(Raised) -> Ref {
    guard let modules = interpreter.pointee.modules else {
      throw raise(.runtimeError, "unable to get sys.modules")
    }
    return modules
  }

  /// A module in `sys.modules` (new), nil when it is not there.
  static func loaded(_ name: Ref) throws(Raised) -> Owned? {
    let modules = try modules()
    var found: Ref?
    try check(PyMapping_GetOptionalItem(modules, name, &found))
    guard let found else { return nil }
    return Owned(adopting: found)
  }

  // MARK: Names

  /// The absolute name of a relative import. CPython: resolve_name.
  private static func resolve(_ name: Ref, _ globals: Ref?, _ level: Int32) throws(Raised) -> Owned {
    guard let globals else {
      throw raise(.keyError, "'__name__' not in globals")
    }
    guard globals.isDict else { throw raise(.typeError, "globals must be a dict") }
    func item(_ key: String) throws(Raised) -> Owned? {
      let name = try own(newString(key))
      var value: Ref?
      try check(PyDict_GetItemRef(globals, name.ref, &value))
      guard let value else { return nil }
      return Owned(adopting: value)
    }
    var package: Owned?
    let spec = try item("__spec__")
    let declared = try item("__package__")
    if let declared, !declared.ref.isNone {
      guard declared.ref.isStr else {
        throw raise(.typeError, "package must be a string")
      }
      if let spec, !spec.ref.isNone {
        let parent = try own("parent".withCString { PyObject_GetAttrString(spec.ref, $0) })
        if try check(PyObject_RichCompareBool(declared.ref, parent.ref, Py_EQ)) == 0 {
          try check(
            PyErr_WarnEx(.deprecationWarning, "__package__ != __spec__.parent", 1))
        }
      }
      package = declared.ref.retained()
    } else if let spec, !spec.ref.isNone {
      let parent = try own("parent".withCString { PyObject_GetAttrString(spec.ref, $0) })
      guard parent.ref.isStr else {
        throw raise(.typeError, "__spec__.parent must be a string")
      }
      package = consume parent
    } else {
      try check(
        PyErr_WarnEx(
          .importWarning,
          "can't resolve package from __spec__ or __package__, falling back on __name__ and __path__",
          1))
      guard let own = try item("__name__") else {
        throw raise(.keyError, "'__name__' not in globals")
      }
      guard own.ref.isStr else { throw raise(.typeError, "__name__ must be a string") }
      if try item("__path__") != nil {
        package = consume own
      } else {
        let full = text(of: own.ref)
        let parent = full.lastIndex(of: ".").map { String(full[..<$0]) } ?? ""
        package = try Objects.own(newString(parent))
      }
    }
    guard let package else { throw Raised() }
    var base = text(of: package.ref)
    if base.isEmpty {
      throw raise(
        .importError, "attempted relative import with no known parent package")
    }
    var left = level
    while left > 1 {
      guard let dot = base.lastIndex(of: ".") else {
        throw raise(.importError, "attempted relative import beyond top-level package")
      }
      base = String(base[..<dot])
      left -= 1
    }
    let rest = text(of: name)
    return try own(newString(rest.isEmpty ? base : base + "." + rest))
  }

  /// `__import__(name, globals, locals, fromlist, level)`.
  static func importModule(
    _ name: Ref, _ globals: Ref?, _ fromList: Ref?, _ level: Int32
  ) throws(Raised) -> Owned {
    guard name.isStr else { throw raise(.typeError, "module name must be a string") }
    if level < 0 { throw raise(.valueError, "level must be >= 0") }
    let absolute: Owned
    if level > 0 {
      absolute = try resolve(name, globals, level)
    } else {
      if apus_str_length(name) == 0 { throw raise(.valueError, "Empty module name") }
      absolute = name.retained()
    }
    var module = try loaded(absolute.ref)
    if let found = module.take(), !found.ref.isNone {
      try waitForInitialization(found.ref, absolute.ref)
      module = consume found
    } else {
      module = try findAndLoad(absolute.ref)
    }
    guard let module else { throw Raised() }
    var hasFromList = false
    if let fromList, !fromList.isNone { hasFromList = try check(PyObject_IsTrue(fromList)) != 0 }
    if hasFromList, let fromList {
      var path: Ref?
      try check(PyObject_GetOptionalAttr(module.ref, id___path__(), &path))
      guard let path else { return module }
      Py_DECREF(path)
      guard let importlib = interpreter.pointee.importlib else { return module }
      let handle = try own(
        "_handle_fromlist".withCString { PyObject_GetAttrString(importlib, $0) })
      let function = interpreter.pointee.import_func ?? noneObject()
      let result = withUnsafeTemporaryAllocation(of: Ref.self, capacity: 3) { arguments in
        arguments[0] = module.ref
        arguments[1] = fromList
        arguments[2] = function
        return PyObject_Vectorcall(handle.ref, arguments.baseAddress, 3, nil)
      }
      if result == nil { removeImportlibFrames() }
      return try own(result)
    }
    if level == 0 || apus_str_length(name) > 0 {
      if PyUnicode_FindChar(name, 0x2E, 0, apus_str_length(name), 1) < 0 { return module }
      let shown = text(of: name)
      guard let dot = shown.firstIndex(of: ".") else { return module }
      let front = String(shown[..<dot])
      if level == 0 {
        let frontName = try own(newString(front))
        return try importModule(frontName.ref, nil, nil, 0)
      }
      // `import .a.b` binds the package part of the absolute name.
      let full = text(of: absolute.ref)
      let cut = full.count - (shown.count - front.count)
      let topName = try own(newString(String(full.prefix(cut))))
      guard let top = try loaded(topName.ref) else {
        throw raise(.keyError, "'\(text(of: topName.ref))' not in sys.modules as expected")
      }
      return top
    }
    return module
  }

  /// Waits while another thread runs the module's body.
  private static func waitForInitialization(_ module: Ref, _ name: Ref) throws(Raised) {
    guard let importlib = interpreter.pointee.importlib else { return }
    var spec: Ref?
    try check(PyObject_GetOptionalAttr(module, id___spec__(), &spec))
    guard let spec else { return }
    let held = Owned(adopting: spec)
    if held.ref.isNone { return }
    var flag: Ref?
    try check(PyObject_GetOptionalAttr(held.ref, id__initializing(), &flag))
    guard let flag else { return }
    let initializing = PyObject_IsTrue(flag)
    Py_DECREF(flag)
    if initializing <= 0 {
      if initializing < 0 { PyErr_Clear() }
      return
    }
    let method = try own(newString("_lock_unlock_module"))
    _ = try own(PyObject_CallMethodOneArg(importlib, method.ref, name))
  }

  private static func findAndLoad(_ name: Ref) throws(Raised) -> Owned {
    if !ImportTimes.isWanted { return try findAndLoadUntimed(name) }
    let outer = ImportTimes.begin()
    defer { ImportTimes.end(outer, name) }
    return try findAndLoadUntimed(name)
  }

  private static func findAndLoadUntimed(_ name: Ref) throws(Raised) -> Owned {
    guard let importlib = interpreter.pointee.importlib else {
      return try loadBuiltin(name)
    }
    if Audit.isActive {
      try Audit.send(
        "import",
        [
          .object(name), .object(nil), .object(PySys_GetObject("path")),
          .object(PySys_GetObject("meta_path")), .object(PySys_GetObject("path_hooks")),
        ])
    }
    let method = try own(newString("_find_and_load"))
    let function = interpreter.pointee.import_func ?? noneObject()
    let bound = try own(PyObject_GetAttr(importlib, method.ref))
    let result = withUnsafeTemporaryAllocation(of: Ref.self, capacity: 2) { arguments in
      arguments[0] = name
      arguments[1] = function
      return PyObject_Vectorcall(bound.ref, arguments.baseAddress, 2, nil)
    }
    if result == nil {
      removeImportlibFrames()
    } else if CommandText.isPending {
      CommandText.moduleIsLoaded(name)
    }
    return try own(result)
  }

  /// Without importlib: native modules by their full name.
  static func loadBuiltin(_ name: Ref) throws(Raised) -> Owned {
    let text = text(of: name)
    guard BuiltinModules.contains(text) else {
      let message = try own(newString("No module named '\(text)'"))
      _ = PyErr_SetImportErrorSubclass(.moduleNotFoundError, message.ref, name, nil)
      throw Raised()
    }
    let module = try BuiltinModules.make(text)
    try check(PyObject_SetItem(try modules(), name, module.ref))
    return module
  }

  /// Cuts the entries of importlib out of the traceback of a failed import: all of them when an
  /// ImportError came from there, otherwise the chunks that end in `_call_with_frames_removed`.
  private static func removeImportlibFrames() {
    guard let exception = PyErr_GetRaisedException() else { return }
    defer { PyErr_SetRaisedException(exception) }
    let base = exception.view(PyBaseExceptionObject.self)
    let always = PyErr_GivenExceptionMatches(exception, .importError) != 0
    var entries: [Ref] = []
    var entry = base.pointee.traceback
    while let at = entry {
      if !at.isNone { entries.append(at) }
      entry = at.isNone ? nil : at.view(PyTracebackObject.self).pointee.tb_next
    }
    func isImportlib(_ at: Ref) -> (inside: Bool, ends: Bool) {
      guard let frame = at.view(PyTracebackObject.self).pointee.tb_frame,
        let inner = frame.view(PyFrameObject.self).pointee.f_frame
      else { return (false, false) }
      let code = Frame.code(inner)
      let file = text(of: code.pointee.co_filename)
      let inside =
        file == "<frozen importlib._bootstrap>" || file == "<frozen importlib._bootstrap_external>"
      return (inside, text(of: code.pointee.co_name) == "_call_with_frames_removed")
    }
    var kept: [Ref] = []
    var chunk: [Ref] = []
    for at in entries {
      let place = isImportlib(at)
      if place.inside {
        chunk.append(at)
        if always || place.ends { chunk = [] }
      } else {
        kept += chunk
        chunk = []
        kept.append(at)
      }
    }
    kept += chunk
    if kept.count == entries.count { return }
    for at in entries { Py_INCREF(at) }
    var next: Ref?
    for at in kept.reversed() {
      let traceback = at.view(PyTracebackObject.self)
      let old = traceback.pointee.tb_next
      if old != next {
        if let next { Py_INCREF(next) }
        traceback.pointee.tb_next = next
        Py_XDECREF(old)
      }
      next = at
    }
    if let next { Py_INCREF(next) }
    let old = base.pointee.traceback
    base.pointee.traceback = next
    Py_XDECREF(old)
    for at in entries { Py_DECREF(at) }
  }
}

@c @implementation
public func PyImport_ImportModuleLevelObject(
  _ name: UnsafeMutablePointer<PyObject>, _ globals: UnsafeMutablePointer<PyObject>?,
  _ locals: UnsafeMutablePointer<PyObject>?, _ fromList: UnsafeMutablePointer<PyObject>?,
  _ level: Int32
) -> UnsafeMutablePointer<PyObject>? {
  new { try ImportSystem.importModule(name, globals, fromList, level) }
}

@c @implementation
public func PyImport_ImportModuleLevel(
  _ name: UnsafePointer<CChar>, _ globals: UnsafeMutablePointer<PyObject>?,
  _ locals: UnsafeMutablePointer<PyObject>?, _ fromList: UnsafeMutablePointer<PyObject>?,
  _ level: Int32
) -> UnsafeMutablePointer<PyObject>? {
  new {
    let text = try own(PyUnicode_FromString(name))
    return try ImportSystem.importModule(text.ref, globals, fromList, level)
  }
}

@c @implementation
public func PyImport_Import(
  _ name: UnsafeMutablePointer<PyObject>
) -> UnsafeMutablePointer<PyObject>? {
  new {
    // A non-empty fromlist makes `import a.b` return a.b.
    let list = try own(PyList_New(0))
    let marker = try own(newString("__doc__"))
    try check(PyList_Append(list.ref, marker.ref))
    _ = try ImportSystem.importModule(name, nil, list.ref, 0)
    guard let module = try ImportSystem.loaded(name) else {
      throw raise(.keyError, value: name)
    }
    return module
  }
}

@c @implementation
public func PyImport_ImportModule(
  _ name: UnsafePointer<CChar>
) -> UnsafeMutablePointer<PyObject>? {
  guard let text = PyUnicode_FromString(name) else { return nil }
  defer { Py_DECREF(text) }
  return PyImport_Import(text)
}

@c @implementation
public func PyImport_ImportModuleNoBlock(
  _ name: UnsafePointer<CChar>
) -> UnsafeMutablePointer<PyObject>? {
  PyImport_ImportModule(name)
}

@c @implementation
public func PyImport_GetModuleDict() -> UnsafeMutablePointer<PyObject>? {
  ImportSystem.interpreter.pointee.modules
}

@c @implementation
public func PyImport_GetModule(
  _ name: UnsafeMutablePointer<PyObject>
) -> UnsafeMutablePointer<PyObject>? {
  do { return try ImportSystem.loaded(name)?.give() } catch { return nil }
}

@c @implementation
public func PyImport_AddModuleRef(
  _ name: UnsafePointer<CChar>
) -> UnsafeMutablePointer<PyObject>? {
  new {
    let text = try own(PyUnicode_FromString(name))
    if let known = try ImportSystem.loaded(text.ref), known.ref.isInstance(of: moduleType()) {
      return known
    }
    let module = try own(PyModule_NewObject(text.ref))
    try check(PyObject_SetItem(try ImportSystem.modules(), text.ref, module.ref))
    return module
  }
}

@c @implementation
public func PyImport_AddModuleObject(
  _ name: UnsafeMutablePointer<PyObject>
) -> UnsafeMutablePointer<PyObject>? {
  guard let utf8 = PyUnicode_AsUTF8(name), let module = PyImport_AddModuleRef(utf8) else {
    return nil
  }
  // Borrowed: sys.modules keeps it.
  Py_DECREF(module)
  return module
}

@c @implementation
public func PyImport_AddModule(_ name: UnsafePointer<CChar>) -> UnsafeMutablePointer<PyObject>? {
  guard let module = PyImport_AddModuleRef(name) else { return nil }
  Py_DECREF(module)
  return module
}

@c @implementation
public func PyImport_ReloadModule(
  _ module: UnsafeMutablePointer<PyObject>
) -> UnsafeMutablePointer<PyObject>? {
  new {
    let importlib = try own("importlib".withCString { PyImport_ImportModule($0) })
    let name = try own(newString("reload"))
    return try own(PyObject_CallMethodOneArg(importlib.ref, name.ref, module))
  }
}
