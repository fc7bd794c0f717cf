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
    let last = fullName.split(separator: ".").last.map(String.init) ?? fullName
    guard let symbol = dlsym(handle, "PyInit_\(last)") else {
      throw fail("dynamic module does not define module export function (PyInit_\(last))")
    }
    let initialize = unsafeBitCast(symbol, to: (@convention(c) () -> Ref?).self)
    guard let result = initialize() else {
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
      try check(PyObject_SetItem(try ImportSystem.modules(), name.ref, module.ref))
    }
    return module
  }
}
