/// The root of a tree (`mod` in CPython's `Parser/Python.asdl`).
public enum Mod {
  /// A file (mode `exec`).
  case module(body: [Stmt], typeIgnores: [TypeIgnore])
  /// One interactive statement (mode `single`).
  case interactive(body: [Stmt])
  /// One expression (mode `eval`).
  case expression(body: Expr)
  /// A signature type comment (mode `func_type`, PEP 484).
  case functionType(argtypes: [Expr], returns: Expr)
}

/// A `# type: ignore` comment; `tag` is the text after `ignore`.
public struct TypeIgnore: Equatable, Sendable {
  public var lineno: Int32
  public var tag: String

  public init(lineno: Int32, tag: String) {
    self.lineno = lineno
    self.tag = tag
  }
}
