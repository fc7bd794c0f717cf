/// A statement node (`stmt` in CPython's `Parser/Python.asdl`).
public final class Stmt {
  @exclusivity(unchecked) public var kind: Kind
  @exclusivity(unchecked) public var location: SourceRange

  @inlinable public init(_ kind: Kind, at location: SourceRange) {
    self.kind = kind
    self.location = location
  }

  deinit {
    // Branches of `if` nest in `orelse`, thousands deep where a program has that many `elif`.
    guard var next = detachBranch() else { return }
    while isKnownUniquelyReferenced(&next), let inner = next.detachBranch() { next = inner }
  }

  /// Lets go of all children and returns the `elif` branch; `nil`, and nothing done, where there is
  /// none.
  private func detachBranch() -> Stmt? {
    guard case .if(_, _, let orelse) = kind, orelse.count == 1 else { return nil }
    kind = .pass
    return orelse[0]
  }

  /// One case per constructor, fields in the order of the ASDL. Constructors that come in pairs or
  /// have many fields carry a class of their own.
  public enum Kind {
    case functionDef(FunctionDef)
    case asyncFunctionDef(FunctionDef)
    case classDef(ClassDef)
    case `return`(value: Expr?)
    case delete(targets: [Expr])
    case assign(targets: [Expr], value: Expr, typeComment: String?)
    case typeAlias(name: Expr, typeParams: [TypeParam], value: Expr)
    case augAssign(target: Expr, op: Operator, value: Expr)
    /// `simple` is true for a bare name that is not in parentheses.
    case annAssign(target: Expr, annotation: Expr, value: Expr?, simple: Bool)
    case `for`(For)
    case asyncFor(For)
    case `while`(test: Expr, body: [Stmt], orelse: [Stmt])
    case `if`(test: Expr, body: [Stmt], orelse: [Stmt])
    case with(With)
    case asyncWith(With)
    case match(subject: Expr, cases: [MatchCase])
    case raise(exc: Expr?, cause: Expr?)
    case `try`(Try)
    case tryStar(Try)
    case assert(test: Expr, msg: Expr?)
    case `import`(names: [Alias])
    /// `level` counts the leading dots.
    case importFrom(module: Identifier?, names: [Alias], level: Int)
    case global(names: [Identifier])
    case nonlocal(names: [Identifier])
    case expr(value: Expr)
    case pass
    case `break`
    case `continue`
  }
}

/// Fields of `FunctionDef` and `AsyncFunctionDef`.
public final class FunctionDef {
  public var name: Identifier
  public var args: Arguments
  public var body: [Stmt]
  public var decoratorList: [Expr]
  public var returns: Expr?
  public var typeComment: String?
  public var typeParams: [TypeParam]

  public init(
    name: Identifier, args: Arguments, body: [Stmt], decoratorList: [Expr], returns: Expr?,
    typeComment: String?, typeParams: [TypeParam]
  ) {
    self.name = name
    self.args = args
    self.body = body
    self.decoratorList = decoratorList
    self.returns = returns
    self.typeComment = typeComment
    self.typeParams = typeParams
  }
}

/// Fields of `ClassDef`.
public final class ClassDef {
  public var name: Identifier
  public var bases: [Expr]
  public var keywords: [Keyword]
  public var body: [Stmt]
  public var decoratorList: [Expr]
  public var typeParams: [TypeParam]

  public init(
    name: Identifier, bases: [Expr], keywords: [Keyword], body: [Stmt], decoratorList: [Expr],
    typeParams: [TypeParam]
  ) {
    self.name = name
    self.bases = bases
    self.keywords = keywords
    self.body = body
    self.decoratorList = decoratorList
    self.typeParams = typeParams
  }
}

/// Fields of `For` and `AsyncFor`.
public final class For {
  public var target: Expr
  public var iter: Expr
  public var body: [Stmt]
  public var orelse: [Stmt]
  public var typeComment: String?

  public init(target: Expr, iter: Expr, body: [Stmt], orelse: [Stmt], typeComment: String?) {
    self.target = target
    self.iter = iter
    self.body = body
    self.orelse = orelse
    self.typeComment = typeComment
  }
}

/// Fields of `With` and `AsyncWith`.
public final class With {
  public var items: [WithItem]
  public var body: [Stmt]
  public var typeComment: String?

  public init(items: [WithItem], body: [Stmt], typeComment: String?) {
    self.items = items
    self.body = body
    self.typeComment = typeComment
  }
}

/// Fields of `Try` and `TryStar`.
public final class Try {
  public var body: [Stmt]
  public var handlers: [ExceptHandler]
  public var orelse: [Stmt]
  public var finalbody: [Stmt]

  public init(body: [Stmt], handlers: [ExceptHandler], orelse: [Stmt], finalbody: [Stmt]) {
    self.body = body
    self.handlers = handlers
    self.orelse = orelse
    self.finalbody = finalbody
  }
}

/// `except type as name:`.
public final class ExceptHandler {
  public var type: Expr?
  public var name: Identifier?
  public var body: [Stmt]
  @exclusivity(unchecked) public var location: SourceRange

  public init(type: Expr?, name: Identifier?, body: [Stmt], at location: SourceRange) {
    self.type = type
    self.name = name
    self.body = body
    self.location = location
  }
}

/// `contextExpr as optionalVars` of a with statement. It has no location of its own.
public struct WithItem {
  public var contextExpr: Expr
  public var optionalVars: Expr?

  public init(contextExpr: Expr, optionalVars: Expr?) {
    self.contextExpr = contextExpr
    self.optionalVars = optionalVars
  }
}

/// `name as asname` of an import. `name` may be dotted, or `*`.
public struct Alias {
  public var name: Identifier
  public var asname: Identifier?
  public var location: SourceRange

  public init(name: Identifier, asname: Identifier?, at location: SourceRange) {
    self.name = name
    self.asname = asname
    self.location = location
  }
}

/// One type parameter (PEP 695, defaults by PEP 696).
public final class TypeParam {
  @exclusivity(unchecked) public var kind: Kind
  @exclusivity(unchecked) public var location: SourceRange

  public init(_ kind: Kind, at location: SourceRange) {
    self.kind = kind
    self.location = location
  }

  public enum Kind {
    case typeVar(name: Identifier, bound: Expr?, defaultValue: Expr?)
    case paramSpec(name: Identifier, defaultValue: Expr?)
    case typeVarTuple(name: Identifier, defaultValue: Expr?)
  }
}
