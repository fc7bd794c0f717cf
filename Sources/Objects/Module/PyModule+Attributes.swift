import CPythonABI

// Attributes of modules: the dict, the module's own `__getattr__` (PEP 562), and a message that
// guesses what went wrong. CPython: Objects/moduleobject.c, _Py_module_getattro_impl.

extension PyModule {
  static func attribute(_ module: Ref, _ name: Ref) -> Ref? {
    if let found = _PyObject_GenericGetAttrWithDict(module, name, nil, 1) { return found }
    if hasRaised() {
      guard PyErr_ExceptionMatches(.attributeError) != 0 else { return nil }
      PyErr_Clear()
    }
    return new { try missing(module, name) }
  }

  /// An attribute that need not be there: nil without an error when it is not.
  static func attributeIfPresent(_ module: Ref, _ name: Ref) -> Ref? {
    if let found = _PyObject_GenericGetAttrWithDict(module, name, nil, 1) { return found }
    if hasRaised() {
      guard PyErr_ExceptionMatches(.attributeError) != 0 else { return nil }
      PyErr_Clear()
    }
    guard let dict = view(module).pointee.md_dict,
      let getattr = PyDict_GetItemWithError(dict, SpecialName.dunderGetattr)
    else { return nil }
    let function = getattr.retained()
    if let found = PyObject_CallOneArg(function.ref, name) { return found }
    if PyErr_ExceptionMatches(.attributeError) != 0 { PyErr_Clear() }
    return nil
  }

  private static func missing(_ module: Ref, _ name: Ref) throws(Raised) -> Owned {
    guard let dict = view(module).pointee.md_dict else {
      throw raise(.attributeError, "module has no attribute '\(text(of: name))'")
    }
    var found: Ref?
    try check(PyDict_GetItemRef(dict, SpecialName.dunderGetattr, &found))
    if let found {
      let getattr = Owned(adopting: found)
      return try own(PyObject_CallOneArg(getattr.ref, name))
    }
    try check(PyDict_GetItemRef(dict, SpecialName.name, &found))
    guard let found else {
      throw raise(.attributeError, "module has no attribute '\(text(of: name))'")
    }
    let moduleName = Owned(adopting: found)
    guard moduleName.ref.isStr else {
      throw raise(.attributeError, "module has no attribute '\(text(of: name))'")
    }
    var spec: Ref?
    try check(PyDict_GetItemRef(dict, SpecialName.spec, &spec))
    let message = try explanation(
      text(of: moduleName.ref), name, spec.map { Owned(adopting: $0) })
    let failure = raise(.attributeError, message)
    _ = _PyObject_SetAttributeErrorContext(module, name)
    throw failure
  }

  private static func explanation(
    _ module: String, _ name: Ref, _ spec: consuming Owned?
  ) throws(Raised) -> String {
    let plain = "module '\(module)' has no attribute '\(text(of: name))'"
    guard let spec, !spec.ref.isNone else { return plain }
    let origin = try origin(of: spec.ref)
    let shadows = try isFirstOnPath(origin)
    let isStandard = try isStandardModule(module)
    if shadows && isStandard {
      return plain
        + " (consider renaming '\(origin ?? "")' since it has the same name as the standard "
        + "library module named '\(module)' and the import system gives it precedence)"
    }
    if try isInitializing(spec.ref) {
      if shadows {
        return plain
          + " (consider renaming '\(origin ?? "")' if it has the same name as a third-party "
          + "module you intended to import)"
      }
      let from = origin.map { " from '\($0)'" } ?? ""
      return "partially initialized module '\(module)'\(from) has no attribute "
        + "'\(text(of: name))' (most likely due to a circular import)"
    }
    if try isUninitializedSubmodule(spec.ref, name) {
      return "cannot access submodule '\(text(of: name))' of module '\(module)' "
        + "(most likely due to a circular import)"
    }
    return plain
  }

  /// `spec.origin` of a module that came from a file.
  private static func origin(of spec: Ref) throws(Raised) -> String? {
    var flag: Ref?
    try check(PyObject_GetOptionalAttrString(spec, "has_location", &flag))
    guard let flag else { return nil }
    let located = Owned(adopting: flag)
    if try check(PyObject_IsTrue(located.ref)) == 0 { return nil }
    var found: Ref?
    try check(PyObject_GetOptionalAttrString(spec, "origin", &found))
    guard let found else { return nil }
    let origin = Owned(adopting: found)
    return origin.ref.isStr ? text(of: origin.ref) : nil
  }

  /// Whether the file lies in the first directory of `sys.path`, where scripts do.
  private static func isFirstOnPath(_ file: String?) throws(Raised) -> Bool {
    guard let file, let slash = file.lastIndex(of: "/") else { return false }
    var directory = String(file[..<slash])
    // A package's file is one level deeper than its name.
    if file[slash...] == "/__init__.py", let up = directory.lastIndex(of: "/") {
      directory = String(directory[..<up])
    }
    guard let path = PySys_GetObject("path"), path.isList, apus_var_size(path) > 0 else {
      return false
    }
    let first = apus_list_item(path, 0)
    return first.isStr && text(of: first) == directory
  }

  private static func isStandardModule(_ module: String) throws(Raised) -> Bool {
    guard let names = PySys_GetObject("stdlib_module_names"), names.type == frozenSetType() else {
      return false
    }
    let key = try own(newString(module))
    return try check(PySet_Contains(names, key.ref)) != 0
  }

  private static func isInitializing(_ spec: Ref) throws(Raised) -> Bool {
    var found: Ref?
    try check(PyObject_GetOptionalAttr(spec, SpecialName.initializing, &found))
    guard let found else { return false }
    let flag = Owned(adopting: found)
    return try check(PyObject_IsTrue(flag.ref)) != 0
  }

  private static func isUninitializedSubmodule(_ spec: Ref, _ name: Ref) throws(Raised) -> Bool {
    var found: Ref?
    try check(PyObject_GetOptionalAttrString(spec, "_uninitialized_submodules", &found))
    guard let found else { return false }
    let names = Owned(adopting: found)
    return try check(PySequence_Contains(names.ref, name)) != 0
  }
}
