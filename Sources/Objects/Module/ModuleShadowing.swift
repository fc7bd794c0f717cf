import CPythonABI
import Glibc

/// Guesses whether a module hides another one of the same name because it lies beside the program
/// (`fractions.py` in the folder of a script), for messages about missing names.
/// CPython: Objects/moduleobject.c, _PyModule_IsPossiblyShadowing.
public enum ModuleShadowing {
  /// What start-up put in front of `sys.path`: the folder of the program, or "" for the current one.
  /// Nil when it put nothing there (`-P`, `-I`).
  nonisolated(unsafe) public static var programFolder: String?

  /// The file a module came from, by its spec; nil without one.
  public static func origin(of spec: Ref?) throws(Raised) -> Owned? {
    guard let spec, !spec.isNone else { return nil }
    var flag: Ref?
    try check(PyObject_GetOptionalAttrString(spec, "has_location", &flag))
    guard let flag else { return nil }
    let located = Owned(adopting: flag)
    if try check(PyObject_IsTrue(located.ref)) == 0 { return nil }
    var found: Ref?
    try check(PyObject_GetOptionalAttrString(spec, "origin", &found))
    guard let found else { return nil }
    let origin = Owned(adopting: found)
    if !origin.ref.isStr { return nil }
    return origin
  }

  /// Whether the file lies where the program does.
  public static func isPossible(_ origin: Ref?) -> Bool {
    guard let origin, let programFolder else { return false }
    let file = text(of: origin)
    guard let slash = file.lastIndex(of: "/") else { return false }
    var folder = String(file[..<slash])
    // A package's file is one level deeper than its name.
    if file[slash...] == "/__init__.py" {
      guard let up = folder.lastIndex(of: "/") else { return false }
      folder = String(folder[..<up])
    }
    if !programFolder.isEmpty { return folder == programFolder }
    guard let current = getcwd(nil, 0) else { return false }
    defer { free(current) }
    return folder == String(cString: current)
  }

  /// Whether a module of the standard library has this name. TypeError for an unhashable one.
  public static func isStandard(_ module: Ref) throws(Raised) -> Bool {
    guard let names = PySys_GetObject("stdlib_module_names"),
      names.isInstance(of: frozenSetType()) || names.isInstance(of: setType())
    else { return false }
    return try check(PySet_Contains(names, module)) != 0
  }

  /// Whether the module's body is still running.
  public static func isInitializing(_ spec: Ref?) throws(Raised) -> Bool {
    guard let spec, !spec.isNone else { return false }
    var found: Ref?
    try check(PyObject_GetOptionalAttr(spec, SpecialName.initializing, &found))
    guard let found else { return false }
    let flag = Owned(adopting: found)
    return try check(PyObject_IsTrue(flag.ref)) != 0
  }
}
