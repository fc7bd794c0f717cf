import CPythonABI

/// The native modules of this process, by name: what `sys.builtin_module_names` lists and
/// `_imp.create_builtin` makes. Filled once at start-up, before the first interpreter.
public enum BuiltinModules {
  private struct Entry {
    let spec: ModuleSpec
    var definition: UnsafeMutablePointer<PyModuleDef>?
  }

  nonisolated(unsafe) private static var entries: [String: Entry] = [:]

  /// Adds specifications; another one of the same name is replaced.
  public static func register(_ specs: [ModuleSpec]) {
    for spec in specs {
      let known = entries[String(describing: spec.name)]
      if known?.spec.name.utf8Start == spec.name.utf8Start { continue }
      entries[String(describing: spec.name)] = Entry(spec: spec, definition: nil)
    }
  }

  /// All names, sorted.
  public static var names: [String] { entries.keys.sorted() }

  public static func contains(_ name: String) -> Bool { entries[name] != nil }

  /// The C definition, written at first use; nil for an unknown name.
  public static func definition(_ name: String) -> UnsafeMutablePointer<PyModuleDef>? {
    guard let entry = entries[name] else { return nil }
    if let known = entry.definition { return known }
    let made = NativeModule.make(entry.spec)
    entries[name]?.definition = made
    return made
  }

  /// An empty module for an import spec (an object with `name`); nil for an unknown name.
  public static func create(_ name: String, spec: Ref) throws(Raised) -> Owned? {
    guard let definition = definition(name) else { return nil }
    return try own(PyModule_FromDefAndSpec2(definition, spec, 1013))
  }

  /// Runs the second phase of a module that `create` made.
  public static func execute(_ module: Ref) throws(Raised) {
    guard let definition = PyModule_GetDef(module) else {
      if hasRaised() { throw Raised() }
      return
    }
    // Executed already when the state is there.
    if PyModule.view(module).pointee.md_state != nil { return }
    try check(PyModule_ExecDef(module, definition))
  }

  /// A complete module without an import spec, for start-up (`sys`, `builtins`, `_imp`).
  public static func make(_ name: String) throws(Raised) -> Owned {
    guard let definition = definition(name) else {
      throw raise(.importError, "no built-in module named '\(name)'")
    }
    return try make(name, definition)
  }

  nonisolated(unsafe) private static var unlisted: [String: UnsafeMutablePointer<PyModuleDef>] = [:]

  /// A module that cannot be imported by its name (`sys.monitoring`).
  public static func make(unlisted spec: ModuleSpec) throws(Raised) -> Owned {
    let name = String(describing: spec.name)
    let definition = unlisted[name] ?? NativeModule.make(spec)
    unlisted[name] = definition
    return try make(name, definition)
  }

  private static func make(
    _ name: String, _ definition: UnsafeMutablePointer<PyModuleDef>
  ) throws(Raised) -> Owned {
    let text = try own(newString(name))
    let module = try own(PyModule_NewObject(text.ref))
    _ = PyModuleDef_Init(definition)
    PyModule.view(module.ref).pointee.md_def = definition
    if let methods = definition.pointee.m_methods {
      try check(PyModule_AddFunctions(module.ref, methods))
    }
    if let doc = definition.pointee.m_doc { try check(PyModule_SetDocString(module.ref, doc)) }
    try check(PyModule_ExecDef(module.ref, definition))
    return module
  }
}

enum ModuleTypes {
  /// moduledef: a definition as an object.
  static let definitionSpec = TypeSpec(
    moduleDefType(), "moduledef", basicSize: MemoryLayout<PyModuleDef>.size, base: objectType())

  static let specs = [PyModule.spec, definitionSpec]
}
