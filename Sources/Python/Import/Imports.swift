import CPythonABI
import Objects

/// The import instructions. CPython: Python/ceval.c, import_name, import_from, import_all_from.
enum Imports {
  /// IMPORT_NAME: through `__builtins__.__import__`, directly when nobody replaced it.
  @inline(never)
  static func name(_ frame: FrameRef, _ name: Ref, _ names: Ref, _ level: Ref) -> Ref? {
    guard let builtins = frame.pointee.f_builtins else { return nil }
    var function: Ref?
    if PyMapping_GetOptionalItem(builtins, id___import__(), &function) < 0 { return nil }
    guard let function else {
      _ = raise(.importError, "__import__ not found")
      return nil
    }
    defer { Py_DECREF(function) }
    let locals = frame.pointee.f_locals ?? noneObject()
    if function == apus_tstate().pointee.interp.pointee.import_func {
      let number = PyLong_AsLong(level)
      if number == -1 && hasRaised() { return nil }
      return PyImport_ImportModuleLevelObject(
        name, frame.pointee.f_globals, locals, names, Int32(truncatingIfNeeded: number))
    }
    return withUnsafeTemporaryAllocation(of: Ref.self, capacity: 5) { arguments in
      arguments[0] = name
      arguments[1] = frame.pointee.f_globals ?? noneObject()
      arguments[2] = locals
      arguments[3] = names
      arguments[4] = level
      return PyObject_Vectorcall(function, arguments.baseAddress, 5, nil)
    }
  }

  /// IMPORT_FROM: an attribute of the module, or a submodule in `sys.modules`.
  @inline(never)
  static func from(_ module: Ref, _ name: Ref) -> Ref? {
    var value: Ref?
    if PyObject_GetOptionalAttr(module, name, &value) < 0 { return nil }
    if let value { return value }
    return (try? fromSubmodule(module, name))?.give()
  }

  private static func fromSubmodule(_ module: Ref, _ name: Ref) throws(Raised) -> Owned {
    let attribute = id___name__().retained()
    var found: Ref?
    try check(PyObject_GetOptionalAttr(module, attribute.ref, &found))
    if let found, found.isStr {
      let packageName = Owned(adopting: found)
      let full = try own(newString("\(text(of: packageName.ref)).\(text(of: name))"))
      if let modules = apus_tstate().pointee.interp.pointee.modules {
        var submodule: Ref?
        try check(PyMapping_GetOptionalItem(modules, full.ref, &submodule))
        if let submodule { return Owned(adopting: submodule) }
      }
      throw try cannotImport(module, name, packageName.ref)
    }
    Py_XDECREF(found)
    throw try cannotImport(module, name, nil)
  }

  private static func cannotImport(
    _ module: Ref, _ name: Ref, _ packageName: Ref?
  ) throws(Raised) -> Raised {
    func quoted(_ object: Ref) throws(Raised) -> String {
      let shown = try own(PyObject_Repr(object))
      return text(of: shown.ref)
    }
    let unknown = try own(newString("<unknown module name>"))
    let package = packageName ?? unknown.ref
    var spec: Ref?
    let specName = try own(newString("__spec__"))
    try check(PyObject_GetOptionalAttr(module, specName.ref, &spec))
    defer { Py_XDECREF(spec) }
    var origin = try ModuleShadowing.origin(of: spec)?.give()
    defer { Py_XDECREF(origin) }
    let shadows = ModuleShadowing.isPossible(origin)
    let isStandard = try shadows ? ModuleShadowing.isStandard(package) : false
    if origin == nil {
      let key = id___file__().retained()
      if PyObject_GetOptionalAttr(module, key.ref, &origin) < 0 { PyErr_Clear() }
      if let found = origin, !found.isStr {
        origin = nil
        Py_DECREF(found)
      }
    }
    let file = origin.map { text(of: $0) } ?? "unknown location"
    let shownName = try quoted(name)
    let shownPackage = try quoted(package)
    let shownOrigin = try quoted(origin ?? noneObject())
    let start = "cannot import name \(shownName) from "
    let what: String
    if isStandard {
      what =
        start + "\(shownPackage) (consider renaming \(shownOrigin) since it has the same name as "
        + "the standard library module named \(shownPackage) and prevents importing that standard "
        + "library module)"
    } else if try ModuleShadowing.isInitializing(spec) {
      if shadows {
        what =
          start + "\(shownPackage) (consider renaming \(shownOrigin) if it has the same name as a "
          + "library you intended to import)"
      } else {
        what =
          start + "partially initialized module \(shownPackage) (most likely due to a circular "
          + "import) (\(file))"
      }
    } else {
      what = start + "\(shownPackage) (\(file))"
    }
    let message = try own(newString(what))
    let keywords = try own(PyDict_New())
    try check(PyDict_SetItemString(keywords.ref, "name", package))
    try check(PyDict_SetItemString(keywords.ref, "path", origin ?? noneObject()))
    try check(PyDict_SetItemString(keywords.ref, "name_from", name))
    let arguments = try own(PyTuple_New(1))
    apus_tuple_items(arguments.ref)[0] = message.ref.retained().give()
    let error = try own(PyObject_Call(.importError, arguments.ref, keywords.ref))
    PyErr_SetObject(.importError, error.ref)
    return Raised()
  }

  /// IMPORT_STAR: binds `__all__`, or every name without a leading underscore.
  @inline(never)
  static func star(_ frame: FrameRef, _ module: Ref) -> Bool {
    do {
      guard let locals = frame.pointee.f_locals else {
        throw raise(.systemError, "no locals found during 'import *'")
      }
      try bindAll(locals, module)
      return true
    } catch { return false }
  }

  private static func bindAll(_ locals: Ref, _ module: Ref) throws(Raised) {
    let allName = id___all__().retained()
    var found: Ref?
    try check(PyObject_GetOptionalAttr(module, allName.ref, &found))
    var skipsUnderscores = false
    if found == nil {
      let dictName = id___dict__().retained()
      var dict: Ref?
      try check(PyObject_GetOptionalAttr(module, dictName.ref, &dict))
      guard let dict else {
        throw raise(.importError, "from-import-* object has no __dict__ and no __all__")
      }
      found = PyMapping_Keys(dict)
      Py_DECREF(dict)
      skipsUnderscores = true
    }
    let names = try own(found)
    var position = 0
    while true {
      guard let item = PySequence_GetItem(names.ref, position) else {
        if PyErr_ExceptionMatches(.indexError) != 0 {
          PyErr_Clear()
          return
        }
        throw Raised()
      }
      position += 1
      let name = Owned(adopting: item)
      guard name.ref.isStr else {
        let nameAttribute = id___name__().retained()
        let moduleName = try own(PyObject_GetAttr(module, nameAttribute.ref))
        throw raise(
          .typeError,
          skipsUnderscores
            ? "Key in \(text(of: moduleName.ref)).__dict__ must be str, not \(name.ref.type.fullName)"
            : "Item in \(text(of: moduleName.ref)).__all__ must be str, not \(name.ref.type.fullName)")
      }
      if skipsUnderscores && apus_str_length(name.ref) > 0
        && apus_str_read(apus_str_kind(name.ref), apus_str_data(name.ref), 0) == 0x5F
      {
        continue
      }
      let value = try own(PyObject_GetAttr(module, name.ref))
      if locals.isExactDict {
        try check(PyDict_SetItem(locals, name.ref, value.ref))
      } else {
        try check(PyObject_SetItem(locals, name.ref, value.ref))
      }
    }
  }
}
