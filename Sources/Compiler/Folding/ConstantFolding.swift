import AST

/// Replaces constant expressions of a tree by their values, in place, before names are resolved.
///
/// Does what CPython's `Python/ast_opt.c` does (3.10 and 3.13): operators and subscripts on
/// constants, tuples of constants, `__debug__`, lists and sets that are only iterated or searched,
/// `not a in b`.
struct ConstantFolding {
  let optimize: Int
  let dialect: Dialect
  /// With `from __future__ import annotations` they become text and stay as written.
  let stringAnnotations: Bool
  var depth: RecursionDepth
  /// `~True` is deprecated (3.12): it is folded only after the warnings have been issued.
  var foldsInvertedTruths = true
  /// Where such expressions stand that were left alone.
  var invertedTruths: [SourceRange] = []

  typealias Failure = CompileError

  mutating func fold(_ mod: Mod) throws(Failure) {
    switch mod {
    case .module(let body, _): try fold(body: body)
    case .interactive(let body): try fold(body)
    case .expression(let body): try fold(body)
    case .functionType: break
    }
  }

  // MARK: statements

  /// A body that may begin with a docstring. A string that only folding produced is none.
  private mutating func fold(body: [Stmt]) throws(Failure) {
    let before = docstring(of: body) != nil
    try fold(body)
    if !before, docstring(of: body) != nil, case .expr(let value) = body[0].kind {
      let inner = Expr(value.kind, at: value.location)
      body[0].kind = .expr(value: Expr(.joinedStr(values: [inner]), at: body[0].location))
    }
  }

  private mutating func fold(_ statements: [Stmt]) throws(Failure) {
    for statement in statements { try fold(statement) }
  }

  private mutating func fold(_ expressions: [Expr]) throws(Failure) {
    for expression in expressions { try fold(expression) }
  }

  private mutating func fold(_ expression: Expr?) throws(Failure) {
    if let expression { try fold(expression) }
  }

  private mutating func fold(_ typeParams: [TypeParam]) throws(Failure) {
    for param in typeParams {
      switch param.kind {
      case .typeVar(_, let bound, let value):
        try fold(bound)
        try fold(value)
      case .paramSpec(_, let value), .typeVarTuple(_, let value): try fold(value)
      }
    }
  }

  private mutating func fold(_ args: Arguments) throws(Failure) {
    for arg in args.posonlyargs + args.args { try fold(annotation: arg.annotation) }
    try fold(annotation: args.vararg?.annotation)
    for arg in args.kwonlyargs { try fold(annotation: arg.annotation) }
    for value in args.kwDefaults { try fold(value) }
    try fold(annotation: args.kwarg?.annotation)
    try fold(args.defaults)
  }

  private mutating func fold(annotation: Expr?) throws(Failure) {
    if !stringAnnotations { try fold(annotation) }
  }

  private mutating func fold(_ statement: Stmt) throws(Failure) {
    try depth.enter()
    defer { depth.leave() }
    switch statement.kind {
    case .functionDef(let node), .asyncFunctionDef(let node):
      try fold(node.typeParams)
      try fold(node.args)
      try fold(body: node.body)
      try fold(node.decoratorList)
      try fold(annotation: node.returns)
    case .classDef(let node):
      try fold(node.typeParams)
      try fold(node.bases)
      for keyword in node.keywords { try fold(keyword.value) }
      try fold(body: node.body)
      try fold(node.decoratorList)
    case .return(let value): try fold(value)
    case .delete(let targets): try fold(targets)
    case .assign(let targets, let value, _):
      try fold(targets)
      try fold(value)
    case .typeAlias(_, let typeParams, let value):
      try fold(typeParams)
      try fold(value)
    case .augAssign(let target, _, let value):
      try fold(target)
      try fold(value)
    case .annAssign(let target, let annotation, let value, _):
      try fold(target)
      try fold(annotation: annotation)
      try fold(value)
    case .for(let node):
      try fold(node.target)
      try fold(node.iter)
      try fold(node.body)
      try fold(node.orelse)
      foldIterated(node.iter)
    case .asyncFor(let node):
      try fold(node.target)
      try fold(node.iter)
      try fold(node.body)
      try fold(node.orelse)
    case .while(let test, let body, let orelse), .if(let test, let body, let orelse):
      try fold(test)
      try fold(body)
      try fold(orelse)
    case .with(let node), .asyncWith(let node):
      for item in node.items {
        try fold(item.contextExpr)
        try fold(item.optionalVars)
      }
      try fold(node.body)
    case .match(let subject, let cases):
      try fold(subject)
      for item in cases {
        try fold(item.pattern)
        try fold(item.guard)
        try fold(item.body)
      }
    case .raise(let exc, let cause):
      try fold(exc)
      try fold(cause)
    case .try(let node), .tryStar(let node):
      try fold(node.body)
      for handler in node.handlers {
        try fold(handler.type)
        try fold(handler.body)
      }
      try fold(node.orelse)
      try fold(node.finalbody)
    case .assert(let test, let msg):
      try fold(test)
      try fold(msg)
    case .expr(let value): try fold(value)
    case .import, .importFrom, .global, .nonlocal, .pass, .break, .continue: break
    }
  }

  private mutating func fold(_ pattern: Pattern) throws(Failure) {
    try depth.enter()
    defer { depth.leave() }
    switch pattern.kind {
    case .matchValue(let value): try fold(value)
    case .matchSingleton, .matchStar: break
    case .matchSequence(let patterns), .matchOr(let patterns):
      for item in patterns { try fold(item) }
    case .matchMapping(let keys, let patterns, _):
      try fold(keys)
      for item in patterns { try fold(item) }
    case .matchClass(let cls, let patterns, _, let kwdPatterns):
      try fold(cls)
      for item in patterns + kwdPatterns { try fold(item) }
    case .matchAs(let inner, _): if let inner { try fold(inner) }
    }
  }

  // MARK: expressions

  private mutating func fold(_ generators: [Comprehension]) throws(Failure) {
    for generator in generators {
      try fold(generator.target)
      try fold(generator.iter)
      try fold(generator.ifs)
      foldIterated(generator.iter)
    }
  }

  private mutating func fold(_ expression: Expr) throws(Failure) {
    switch expression.kind {
    case .constant: return
    case .name(let id, let ctx):
      if ctx == .load && id == "__debug__" {
        expression.kind = .constant(value: optimize == 0 ? .true : .false, kind: nil)
      }
      return
    default: break
    }
    try depth.enter()
    defer { depth.leave() }
    switch expression.kind {
    case .constant, .name: break
    case .boolOp(_, let values), .joinedStr(let values), .set(let values): try fold(values)
    case .namedExpr(_, let value): try fold(value)
    case .binOp(let left, let op, let right):
      try fold(left)
      try fold(right)
      guard case .constant(let a, _) = left.kind else { return }
      if case .constant(let b, _) = right.kind {
        if let value = ConstantArithmetic.binary(a, op, b) {
          expression.kind = .constant(value: value, kind: nil)
        }
      } else if op == .mod, dialect.contains(.percentFormats), case .string(let format) = a,
        case .tuple(let elts, _) = right.kind
      {
        let values = PercentFormat.fields(of: format, values: elts, at: left.location)
        if let values { expression.kind = .joinedStr(values: values) }
      }
    case .unaryOp(let op, let operand):
      try fold(operand)
      if case .constant(let value, _) = operand.kind {
        let isTruth = switch value { case .true, .false: true; default: false }
        if op == .invert, isTruth, !foldsInvertedTruths {
          invertedTruths.append(expression.location)
          return
        }
        if let result = ConstantArithmetic.unary(op, value) {
          expression.kind = .constant(value: result, kind: nil)
        }
      } else if op == .not, case .compare(let left, let ops, let comparators) = operand.kind,
        ops.count == 1, let inverse = Self.inverse(of: ops[0])
      {
        expression.kind = .compare(left: left, ops: [inverse], comparators: comparators)
        expression.location = operand.location
      }
    case .lambda(let args, let body):
      try fold(args)
      try fold(body)
    case .ifExp(let test, let body, let orelse):
      try fold(test)
      try fold(body)
      try fold(orelse)
    case .dict(let keys, let values):
      for key in keys { try fold(key) }
      try fold(values)
    case .listComp(let elt, let generators), .setComp(let elt, let generators),
      .generatorExp(let elt, let generators):
      try fold(elt)
      try fold(generators)
    case .dictComp(let key, let value, let generators):
      try fold(key)
      try fold(value)
      try fold(generators)
    case .await(let value), .yieldFrom(let value), .starred(let value, _),
      .attribute(let value, _, _):
      try fold(value)
    case .yield(let value): try fold(value)
    case .compare(let left, let ops, let comparators):
      try fold(left)
      try fold(comparators)
      if let last = ops.last, last == .in || last == .notIn {
        foldIterated(comparators[comparators.count - 1])
      }
    case .call(let function, let args, let keywords):
      try fold(function)
      try fold(args)
      for keyword in keywords { try fold(keyword.value) }
    case .formattedValue(let value, _, let formatSpec):
      try fold(value)
      try fold(formatSpec)
    case .subscript(let value, let slice, let ctx):
      try fold(value)
      try fold(slice)
      if ctx == .load, case .constant(let container, _) = value.kind,
        case .constant(let key, _) = slice.kind,
        let item = ConstantArithmetic.subscripted(container, key)
      {
        expression.kind = .constant(value: item, kind: nil)
      }
    case .list(let elts, _): try fold(elts)
    case .tuple(let elts, let ctx):
      try fold(elts)
      if ctx == .load, let items = constants(elts) {
        expression.kind = .constant(value: .tuple(items), kind: nil)
      }
    case .slice(let lower, let upper, let step):
      try fold(lower)
      try fold(upper)
      try fold(step)
    }
  }

  /// A list or set that is only iterated or searched: a tuple or frozenset serves as well.
  private func foldIterated(_ expression: Expr) {
    switch expression.kind {
    case .list(let elts, let ctx):
      if elts.contains(where: { if case .starred = $0.kind { true } else { false } }) { return }
      if let items = constants(elts) {
        expression.kind = .constant(value: .tuple(items), kind: nil)
      } else {
        expression.kind = .tuple(elts: elts, ctx: ctx)
      }
    case .set(let elts):
      if let items = constants(elts) {
        expression.kind = .constant(value: ConstantArithmetic.frozenset(of: items), kind: nil)
      }
    default: break
    }
  }

  private func constants(_ elts: [Expr]) -> [Constant]? {
    var items: [Constant] = []
    items.reserveCapacity(elts.count)
    for elt in elts {
      guard case .constant(let value, _) = elt.kind else { return nil }
      items.append(value)
    }
    return items
  }

  private static func inverse(of op: CompareOperator) -> CompareOperator? {
    switch op {
    case .is: .isNot
    case .isNot: .is
    case .in: .notIn
    case .notIn: .in
    default: nil
    }
  }
}

/// The docstring of a body: the string constant that is its first statement.
func docstring(of body: [Stmt]) -> [UInt8]? {
  guard let first = body.first, case .expr(let value) = first.kind,
    case .constant(.string(let text), _) = value.kind
  else { return nil }
  return text
}
