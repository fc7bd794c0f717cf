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
    let message = try explanation(moduleName.ref, name, spec.map { Owned(adopting: $0) })
    let failure = raise(.attributeError, message)
    _ = _PyObject_SetAttributeErrorContext(module, name)
    throw failure
  }

  private static func explanation(
    _ moduleName: Ref, _ name: Ref, _ spec: consuming Owned?
  ) throws(Raised) -> String {
    let module = text(of: moduleName)
    let plain = "module '\(module)' has no attribute '\(text(of: name))'"
    guard let spec, !spec.ref.isNone else { return plain }
    let origin = try ModuleShadowing.origin(of: spec.ref)
    let shadows = ModuleShadowing.isPossible(origin.ref)
    let file = origin.ref.map { text(of: $0) }
    if shadows, try ModuleShadowing.isStandard(moduleName) {
      return plain
        + " (consider renaming '\(file ?? "")' since it has the same name as the standard library "
        + "module named '\(module)' and prevents importing that standard library module)"
    }
    if try ModuleShadowing.isInitializing(spec.ref) {
      if shadows {
        return plain
          + " (consider renaming '\(file ?? "")' if it has the same name as a library you intended "
          + "to import)"
      }
      let from = file.map { " from '\($0)'" } ?? ""
      return "partially initialized module '\(module)'\(from) has no attribute "
        + "'\(text(of: name))' (most likely due to a circular import)"
    }
    if try isUninitializedSubmodule(spec.ref, name) {
      return "cannot access submodule '\(text(of: name))' of module '\(module)' "
        + "(most likely due to a circular import)"
    }
    return plain
  }

  private static func isUninitializedSubmodule(_ spec: Ref, _ name: Ref) throws(Raised) -> Bool {
    var found: Ref?
    try check(PyObject_GetOptionalAttrString(spec, "_uninitialized_submodules", &found))
    guard let found else { return false }
    let names = Owned(adopting: found)
    return try check(PySequence_Contains(names.ref, name)) != 0
  }
}
