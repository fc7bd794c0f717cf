/// A pattern of a match statement (PEP 634; `pattern` in CPython's `Parser/Python.asdl`).
public final class Pattern {
  @exclusivity(unchecked) public var kind: Kind
  @exclusivity(unchecked) public var location: SourceRange

  public init(_ kind: Kind, at location: SourceRange) {
    self.kind = kind
    self.location = location
  }

  public enum Kind {
    case matchValue(value: Expr)
    /// `None`, `True` or `False`.
    case matchSingleton(value: Constant)
    case matchSequence(patterns: [Pattern])
    case matchMapping(keys: [Expr], patterns: [Pattern], rest: Identifier?)
    case matchClass(
      cls: Expr, patterns: [Pattern], kwdAttrs: [Identifier], kwdPatterns: [Pattern])
    case matchStar(name: Identifier?)
    /// `_` when both are `nil`.
    case matchAs(pattern: Pattern?, name: Identifier?)
    case matchOr(patterns: [Pattern])
  }
}

/// `case pattern if guard:`. It has no location of its own.
public struct MatchCase {
  public var pattern: Pattern
  public var `guard`: Expr?
  public var body: [Stmt]

  public init(pattern: Pattern, guard: Expr?, body: [Stmt]) {
    self.pattern = pattern
    self.guard = `guard`
    self.body = body
  }
}
