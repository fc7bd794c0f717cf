import AST
import CPythonABI
import Objects

/// Between trees of the front end and `ast` objects. The `_ast` module installs its two functions
/// here when it is loaded; before, no `ast` object can exist.
public enum SyntaxTrees {
  /// An `ast` object of a tree.
  public typealias ToObject = (Mod, Compilation.Request) throws(Raised) -> Owned
  /// A tree of an `ast` object.
  public typealias FromObject = (Ref, Compilation.Request) throws(Raised) -> Mod

  nonisolated(unsafe) public static var toObject: ToObject?
  nonisolated(unsafe) public static var fromObject: FromObject?
  /// `ast.AST` (borrowed from the module).
  nonisolated(unsafe) public static var baseClass: Ref?

  static func isTree(_ object: Ref) throws(Raised) -> Bool {
    guard let baseClass else { return false }
    return try check(PyObject_IsInstance(object, baseClass)) != 0
  }

  static func tree(_ mod: Mod, _ request: Compilation.Request) throws(Raised) -> Owned {
    if toObject == nil {
      _ = try own("_ast".withCString { PyImport_ImportModule($0) })
    }
    guard let toObject else { throw raise(.systemError, "the _ast module is missing") }
    return try toObject(mod, request)
  }

  static func compile(_ object: Ref, _ request: Compilation.Request) throws(Raised) -> Owned {
    guard let fromObject else { throw raise(.systemError, "the _ast module is missing") }
    let mod = try fromObject(object, request)
    if request.flags & Compilation.Flag.onlyAST != 0 { return try tree(mod, request) }
    try Compilation.validate(mod, request)
    return try Compilation.code(of: mod, request)
  }
}
