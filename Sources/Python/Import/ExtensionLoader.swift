import CPythonABI
import Glibc
import Objects

/// Loads extension modules built for CPython 3.13. CPython: Python/importdl.c.
enum ExtensionLoader {
  static func load(spec: Ref) throws(Raised) -> Owned {
    let name = try own("name".withCString { PyObject_GetAttrString(spec, $0) })
    let origin = try own("origin".withCString { PyObject_GetAttrString(spec, $0) })
    let fullName = text(of: name.ref)
    let path = text(of: origin.ref)
    func fail(_ message: String) -> Raised {
      guard let text = newString(message) else { return Raised() }
      defer { Py_DECREF(text) }
      _ = PyErr_SetImportError(text, name.ref, origin.ref)
      return Raised()
    }
    guard let handle = dlopen(path, SysValues.dlopenFlags) else {
      throw fail(dlerror().map { String(cString: $0) } ?? "cannot load \(path)")
    }
    if let again = try ExtensionCache.module(name.ref, path) { return again }
    let last = fullName.split(separator: ".").last.map(String.init) ?? fullName
    guard let symbol = dlsym(handle, "PyInit_\(last)") else {
      throw fail("dynamic module does not define module export function (PyInit_\(last))")
    }
    let initialize = unsafeBitCast(symbol, to: (@convention(c) () -> Ref?).self)
    let outer = ModulePackage.fullName
    ModulePackage.fullName = fullName
    let made = initialize()
    ModulePackage.fullName = outer
    guard let result = made else {
      if !hasRaised() {
        throw raise(
          .systemError,
          "initialization of \(last) failed without raising an exception")
      }
      throw Raised()
    }
    if hasRaised() {
      Py_DECREF(result)
      throw raise(.systemError, "initialization of \(last) raised unreported exception")
    }
    if result.type == moduleDefType() {
      let definition = result.view(PyModuleDef.self)
      return try own(PyModule_FromDefAndSpec2(definition, spec, 1013))
    }
    // Single-phase initialisation: the module is complete already.
    let module = Owned(adopting: result)
    if module.ref.isInstance(of: moduleType()) {
      try check(
        "__file__".withCString { PyModule_AddObjectRef(module.ref, $0, origin.ref) })
      if let definition = PyModule_GetDef(module.ref) {
        try ExtensionCache.add(module.ref, definition, fullName, path, initialize)
      }
      try check(PyObject_SetItem(try ImportSystem.modules(), name.ref, module.ref))
    }
    return module
  }
}

/// What is known of extension modules with single-phase initialisation, so that their second import
/// does not initialise them again. CPython: Python/import.c, `extensions`.
private enum ExtensionCache {
  private struct Entry {
    let name: String
    let path: String
    let definition: UnsafeMutablePointer<PyModuleDef>
  }

  /// Grows only; the GIL protects it.
  nonisolated(unsafe) private static var entries: [Entry] = []

  /// Registers a module that was just made: `PyState_FindModule` finds it, and its names are kept if
  /// it has its state in C variables (`m_size` -1).
  static func add(
    _ module: Ref, _ definition: UnsafeMutablePointer<PyModuleDef>, _ name: String, _ path: String,
    _ initialize: @escaping @convention(c) () -> Ref?
  ) throws(Raised) {
    try check(PyState_AddModule(module, definition))
    definition.pointee.m_base.m_init = initialize
    if definition.pointee.m_size == -1 {
      let copy = try own(PyDict_Copy(try borrow(PyModule_GetDict(module))))
      let former = definition.pointee.m_base.m_copy
      definition.pointee.m_base.m_copy = copy.give()
      Py_XDECREF(former)
    }
    if !entries.contains(where: { $0.definition == definition && $0.name == name }) {
      entries.append(Entry(name: name, path: path, definition: definition))
    }
  }

  /// The module again, for an import after it was taken out of `sys.modules`; nil when it was never
  /// imported or is to be initialised anew.
  static func module(_ name: Ref, _ path: String) throws(Raised) -> Owned? {
    let fullName = text(of: name)
    guard let entry = entries.first(where: { $0.name == fullName && $0.path == path }),
      entry.definition.pointee.m_size == -1, let copy = entry.definition.pointee.m_base.m_copy
    else { return nil }
    let module = try own(PyModule_NewObject(name))
    try check(PyDict_Update(try borrow(PyModule_GetDict(module.ref)), copy))
    module.ref.view(PyModuleObject.self).pointee.md_def = entry.definition
    try check(PyObject_SetItem(try ImportSystem.modules(), name, module.ref))
    try check(PyState_AddModule(module.ref, entry.definition))
    return module
  }
}
