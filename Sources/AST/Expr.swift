/// An expression node (`expr` in CPython's `Parser/Python.asdl`).
public final class Expr {
  @exclusivity(unchecked) public var kind: Kind
  @exclusivity(unchecked) public var location: SourceRange

  @inlinable public init(_ kind: Kind, at location: SourceRange) {
    self.kind = kind
    self.location = location
  }

  deinit {
    // A chain such as `a.b.c` or `a + b + c` is taken apart in a loop: as many nested releases as
    // it has links would not fit a small stack.
    guard var next = detachChain() else { return }
    while isKnownUniquelyReferenced(&next), let inner = next.detachChain() { next = inner }
  }

  /// Lets go of all children and returns the one along which chains grow; `nil`, and nothing done,
  /// where there is none.
  private func detachChain() -> Expr? {
    let child: Expr
    switch kind {
    case .binOp(let left, let op, let right):
      // `**` grows to the right.
      child = op == .pow ? right : left
    case .attribute(let value, _, _): child = value
    case .call(let function, _, _): child = function
    case .subscript(let value, _, _): child = value
    case .unaryOp(_, let operand): child = operand
    case .ifExp(_, _, let orelse): child = orelse
    case .lambda(_, let body): child = body
    default: return nil
    }
    kind = .yield(value: nil)
    return child
  }

  /// One case per constructor, fields in the order of the ASDL.
  public enum Kind {
    case boolOp(op: BoolOperator, values: [Expr])
    case namedExpr(target: Expr, value: Expr)
    case binOp(left: Expr, op: Operator, right: Expr)
    case unaryOp(op: UnaryOperator, operand: Expr)
    case lambda(args: Arguments, body: Expr)
    case ifExp(test: Expr, body: Expr, orelse: Expr)
    /// A `nil` key stands for `**value`.
    case dict(keys: [Expr?], values: [Expr])
    case set(elts: [Expr])
    case listComp(elt: Expr, generators: [Comprehension])
    case setComp(elt: Expr, generators: [Comprehension])
    case dictComp(key: Expr, value: Expr, generators: [Comprehension])
    case generatorExp(elt: Expr, generators: [Comprehension])
    case await(value: Expr)
    case yield(value: Expr?)
    case yieldFrom(value: Expr)
    case compare(left: Expr, ops: [CompareOperator], comparators: [Expr])
    case call(function: Expr, args: [Expr], keywords: [Keyword])
    /// `conversion` is -1 (none) or the character code of `s`, `r` or `a`.
    case formattedValue(value: Expr, conversion: Int32, formatSpec: Expr?)
    case joinedStr(values: [Expr])
    /// `kind` is `"u"` for a literal with that prefix.
    case constant(value: Constant, kind: String?)
    case attribute(value: Expr, attr: Identifier, ctx: ExprContext)
    case `subscript`(value: Expr, slice: Expr, ctx: ExprContext)
    case starred(value: Expr, ctx: ExprContext)
    case name(id: Identifier, ctx: ExprContext)
    case list(elts: [Expr], ctx: ExprContext)
    case tuple(elts: [Expr], ctx: ExprContext)
    case slice(lower: Expr?, upper: Expr?, step: Expr?)
  }
}

/// How a target is used (`expr_context`).
@frozen public enum ExprContext: UInt8, CaseIterable, Sendable { case load, store, del }

/// `boolop`.
@frozen public enum BoolOperator: UInt8, CaseIterable, Sendable { case and, or }

/// `operator`, in the ASDL's order.
@frozen public enum Operator: UInt8, CaseIterable, Sendable {
  case add, sub, mult, matMult, div, mod, pow, lShift, rShift, bitOr, bitXor, bitAnd, floorDiv
}

/// `unaryop`.
@frozen public enum UnaryOperator: UInt8, CaseIterable, Sendable { case invert, not, uAdd, uSub }

/// `cmpop`.
@frozen public enum CompareOperator: UInt8, CaseIterable, Sendable {
  case eq, notEq, lt, ltE, gt, gtE, `is`, isNot, `in`, notIn
}

/// One `for target in iter if ...` of a comprehension. It has no location of its own.
public struct Comprehension {
  public var target: Expr
  public var iter: Expr
  public var ifs: [Expr]
  public var isAsync: Bool

  public init(target: Expr, iter: Expr, ifs: [Expr], isAsync: Bool) {
    self.target = target
    self.iter = iter
    self.ifs = ifs
    self.isAsync = isAsync
  }
}

/// `name=value` of a call or class; a `nil` name stands for `**value`.
public final class Keyword {
  public var arg: Identifier?
  public var value: Expr
  @exclusivity(unchecked) public var location: SourceRange

  public init(arg: Identifier?, value: Expr, at location: SourceRange) {
    self.arg = arg
    self.value = value
    self.location = location
  }
}

/// The parameters of a function or lambda. It has no location of its own.
public final class Arguments {
  public var posonlyargs: [Arg]
  public var args: [Arg]
  public var vararg: Arg?
  public var kwonlyargs: [Arg]
  /// One entry per `kwonlyargs` entry; `nil` where there is no default.
  public var kwDefaults: [Expr?]
  public var kwarg: Arg?
  /// Defaults of the last `defaults.count` positional parameters.
  public var defaults: [Expr]

  public init(
    posonlyargs: [Arg] = [], args: [Arg] = [], vararg: Arg? = nil, kwonlyargs: [Arg] = [],
    kwDefaults: [Expr?] = [], kwarg: Arg? = nil, defaults: [Expr] = []
  ) {
    self.posonlyargs = posonlyargs
    self.args = args
    self.vararg = vararg
    self.kwonlyargs = kwonlyargs
    self.kwDefaults = kwDefaults
    self.kwarg = kwarg
    self.defaults = defaults
  }
}

/// One parameter.
public final class Arg {
  public var arg: Identifier
  public var annotation: Expr?
  public var typeComment: String?
  @exclusivity(unchecked) public var location: SourceRange

  public init(arg: Identifier, annotation: Expr?, typeComment: String?, at location: SourceRange) {
    self.arg = arg
    self.annotation = annotation
    self.typeComment = typeComment
    self.location = location
  }
}
