import AST
import CPythonABI
import Objects

/// Between trees of the front end and `ast` objects.
///
/// The node classes are those of the module `_ast`, which is imported when they are first needed.
public enum SyntaxTrees {
  /// Whether an object is a node. Before `_ast` is imported there are none, nor while its own source
  /// is being compiled.
  static func isTree(_ object: Ref) throws(Raised) -> Bool {
    if object.isStr || object.isBytes { return false }
    let name = try own("_ast".withCString { PyUnicode_InternFromString($0) })
    guard let module = PyImport_GetModule(name.ref) else {
      if hasRaised() { throw Raised() }
      return false
    }
    let held = Owned(adopting: module)
    var found: Ref?
    try check("AST".withCString { PyObject_GetOptionalAttrString(held.ref, $0, &found) })
    // The module itself is just being compiled.
    guard let found else { return false }
    let base = Owned(adopting: found)
    return try check(PyObject_IsInstance(object, base.ref)) != 0
  }

  static func tree(_ mod: Mod, _ request: Compilation.Request) throws(Raised) -> Owned {
    if request.flags & Compilation.Flag.optimizedAST & ~Compilation.Flag.onlyAST != 0 {
      try Compilation.fold(mod, request)
    }
    return try TreeWriter.object(mod)
  }

  static func compile(_ object: Ref, _ request: Compilation.Request) throws(Raised) -> Owned {
    let mod = try TreeReader.tree(object, request.mode)
    if request.flags & Compilation.Flag.onlyAST != 0 { return try tree(mod, request) }
    try Compilation.validate(mod, request)
    return try Compilation.code(of: mod, request)
  }
}
