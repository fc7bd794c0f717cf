import AST

/// Checks a tree that a program has made itself: rules that no source text can break, but `ast`
/// objects can (`Python/ast.c` of CPython 3.13).
///
/// - Throws: `CompileError.value` or `CompileError.type` with CPython's message. A tree that passes
///   can be given to `compile`.
public func validate(_ mod: Mod, _ options: CompilerOptions) throws(CompileError) {
  try Attempt(options) { options throws(CompileError) in
    var validation = TreeValidation(depth: RecursionDepth(limit: options.recursionLimit))
    switch mod {
    case .module(let body, _), .interactive(let body): try validation.check(body)
    case .expression(let body): try validation.check(body, .load)
    case .functionType(let argtypes, let returns):
      try validation.check(argtypes, .load)
      try validation.check(returns, .load)
    }
  }.run()
}

private struct TreeValidation {
  typealias Failure = CompileError
  var depth: RecursionDepth

  private func require(_ condition: Bool, _ message: @autoclosure () -> String) throws(Failure) {
    if !condition { throw .value(message: message()) }
  }

  private func check(_ range: SourceRange) throws(Failure) {
    try require(
      range.lineno <= range.endLineno,
      "AST node line range (\(range.lineno), \(range.endLineno)) is not valid")
    try require(
      !(range.lineno < 0 && range.endLineno != range.lineno)
        && !(range.colOffset < 0 && range.colOffset != range.endColOffset),
      "AST node column range (\(range.colOffset), \(range.endColOffset)) for line range "
        + "(\(range.lineno), \(range.endLineno)) is not valid")
    try require(
      range.lineno != range.endLineno || range.colOffset <= range.endColOffset,
      "line \(range.lineno), column \(range.colOffset)-\(range.endColOffset) is not a valid range")
  }

  private func check(identifier: String) throws(Failure) {
    try require(
      identifier != "None" && identifier != "True" && identifier != "False",
      "identifier field can't represent '\(identifier)' constant")
  }

  private func check(capture name: String) throws(Failure) {
    try require(name != "_", "can't capture name '_' in patterns")
    try check(identifier: name)
  }

  // MARK: statements

  mutating func check(_ statements: [Stmt]) throws(Failure) {
    for statement in statements { try check(statement) }
  }

  private mutating func check(body: [Stmt], of owner: String) throws(Failure) {
    try require(!body.isEmpty, "empty body on \(owner)")
    try check(body)
  }

  private mutating func check(targets: [Expr], _ context: ExprContext, of owner: String)
    throws(Failure)
  {
    try require(!targets.isEmpty, "empty targets on \(owner)")
    try check(targets, context)
  }

  private mutating func check(_ statement: Stmt) throws(Failure) {
    try depth.enter()
    defer { depth.leave() }
    try check(statement.location)
    switch statement.kind {
    case .functionDef(let node): try check(node, "FunctionDef")
    case .asyncFunctionDef(let node): try check(node, "AsyncFunctionDef")
    case .classDef(let node):
      try check(body: node.body, of: "ClassDef")
      try check(node.typeParams)
      try check(node.bases, .load)
      for keyword in node.keywords { try check(keyword.value, .load) }
      try check(node.decoratorList, .load)
    case .return(let value): try check(value, .load)
    case .delete(let targets): try check(targets: targets, .del, of: "Delete")
    case .assign(let targets, let value, _):
      try check(targets: targets, .store, of: "Assign")
      try check(value, .load)
    case .typeAlias(let name, let typeParams, let value):
      guard case .name = name.kind else { throw .type(message: "TypeAlias with non-Name name") }
      try check(name, .store)
      try check(typeParams)
      try check(value, .load)
    case .augAssign(let target, _, let value):
      try check(target, .store)
      try check(value, .load)
    case .annAssign(let target, let annotation, let value, let simple):
      if simple {
        guard case .name = target.kind else {
          throw .type(message: "AnnAssign with simple non-Name target")
        }
      }
      try check(target, .store)
      try check(value, .load)
      try check(annotation, .load)
    case .for(let node): try check(node, "For")
    case .asyncFor(let node): try check(node, "AsyncFor")
    case .while(let test, let body, let orelse):
      try check(test, .load)
      try check(body: body, of: "While")
      try check(orelse)
    case .if(let test, let body, let orelse):
      try check(test, .load)
      try check(body: body, of: "If")
      try check(orelse)
    case .with(let node): try check(node, "With")
    case .asyncWith(let node): try check(node, "AsyncWith")
    case .match(let subject, let cases):
      try check(subject, .load)
      try require(!cases.isEmpty, "empty cases on Match")
      for item in cases {
        try check(item.pattern, starAllowed: false)
        try check(item.guard, .load)
        try check(body: item.body, of: "match_case")
      }
    case .raise(let exc, let cause):
      try check(exc, .load)
      try require(exc != nil || cause == nil, "Raise with cause but no exception")
      try check(cause, .load)
    case .try(let node): try check(node, "Try")
    case .tryStar(let node): try check(node, "TryStar")
    case .assert(let test, let msg):
      try check(test, .load)
      try check(msg, .load)
    case .import(let names): try require(!names.isEmpty, "empty names on Import")
    case .importFrom(_, let names, let level):
      try require(level >= 0, "Negative ImportFrom level")
      try require(!names.isEmpty, "empty names on ImportFrom")
    case .global(let names): try require(!names.isEmpty, "empty names on Global")
    case .nonlocal(let names): try require(!names.isEmpty, "empty names on Nonlocal")
    case .expr(let value): try check(value, .load)
    case .pass, .break, .continue: break
    }
  }

  private mutating func check(_ node: FunctionDef, _ owner: String) throws(Failure) {
    try check(body: node.body, of: owner)
    try check(node.typeParams)
    try check(node.args)
    try check(node.decoratorList, .load)
    try check(node.returns, .load)
  }

  private mutating func check(_ node: For, _ owner: String) throws(Failure) {
    try check(node.target, .store)
    try check(node.iter, .load)
    try check(body: node.body, of: owner)
    try check(node.orelse)
  }

  private mutating func check(_ node: With, _ owner: String) throws(Failure) {
    try require(!node.items.isEmpty, "empty items on \(owner)")
    for item in node.items {
      try check(item.contextExpr, .load)
      try check(item.optionalVars, .store)
    }
    try check(body: node.body, of: owner)
  }

  private mutating func check(_ node: Try, _ owner: String) throws(Failure) {
    try check(body: node.body, of: owner)
    try require(
      !node.handlers.isEmpty || !node.finalbody.isEmpty,
      "\(owner) has neither except handlers nor finalbody")
    try require(
      !node.handlers.isEmpty || node.orelse.isEmpty, "\(owner) has orelse but no except handlers")
    for handler in node.handlers {
      try check(handler.location)
      try check(handler.type, .load)
      try check(body: handler.body, of: "ExceptHandler")
    }
    try check(node.finalbody)
    try check(node.orelse)
  }

  private mutating func check(_ typeParams: [TypeParam]) throws(Failure) {
    for param in typeParams {
      try check(param.location)
      switch param.kind {
      case .typeVar(let name, let bound, let value):
        try check(identifier: name)
        try check(bound, .load)
        try check(value, .load)
      case .paramSpec(let name, let value), .typeVarTuple(let name, let value):
        try check(identifier: name)
        try check(value, .load)
      }
    }
  }

  private mutating func check(_ args: Arguments) throws(Failure) {
    for arg in args.posonlyargs + args.args + args.kwonlyargs {
      try check(arg.location)
      try check(arg.annotation, .load)
    }
    try check(args.vararg?.annotation, .load)
    try check(args.kwarg?.annotation, .load)
    try require(
      args.defaults.count <= args.posonlyargs.count + args.args.count,
      "more positional defaults than args on arguments")
    try require(
      args.kwDefaults.count == args.kwonlyargs.count,
      "length of kwonlyargs is not the same as kw_defaults on arguments")
    try check(args.defaults, .load)
    for value in args.kwDefaults { try check(value, .load) }
  }

  // MARK: expressions

  mutating func check(_ expressions: [Expr], _ context: ExprContext) throws(Failure) {
    for expression in expressions { try check(expression, context) }
  }

  private mutating func check(_ expression: Expr?, _ context: ExprContext) throws(Failure) {
    if let expression { try check(expression, context) }
  }

  private static func name(of context: ExprContext) -> String {
    switch context {
    case .load: "Load"
    case .store: "Store"
    case .del: "Del"
    }
  }

  /// The context a node carries, nil when its kind has none.
  private static func context(of expression: Expr) -> ExprContext? {
    switch expression.kind {
    case .attribute(_, _, let ctx), .subscript(_, _, let ctx), .starred(_, let ctx),
      .name(_, let ctx),
      .list(_, let ctx), .tuple(_, let ctx):
      ctx
    default: nil
    }
  }

  mutating func check(_ expression: Expr, _ context: ExprContext) throws(Failure) {
    try depth.enter()
    defer { depth.leave() }
    try check(expression.location)
    if let actual = Self.context(of: expression) {
      if case .name(let id, _) = expression.kind { try check(identifier: id) }
      try require(
        actual == context,
        "expression must have \(Self.name(of: context)) context but has \(Self.name(of: actual)) instead"
      )
    } else {
      try require(
        context == .load,
        "expression which can't be assigned to in \(Self.name(of: context)) context")
    }
    switch expression.kind {
    case .constant, .name: break
    case .boolOp(_, let values):
      try require(values.count >= 2, "BoolOp with less than 2 values")
      try check(values, .load)
    case .namedExpr(let target, let value):
      guard case .name = target.kind else {
        throw .type(message: "NamedExpr target must be a Name")
      }
      try check(value, .load)
    case .binOp(let left, _, let right):
      try check(left, .load)
      try check(right, .load)
    case .unaryOp(_, let operand): try check(operand, .load)
    case .lambda(let args, let body):
      try check(args)
      try check(body, .load)
    case .ifExp(let test, let body, let orelse):
      try check(test, .load)
      try check(body, .load)
      try check(orelse, .load)
    case .dict(let keys, let values):
      try require(
        keys.count == values.count, "Dict doesn't have the same number of keys as values")
      for key in keys { try check(key, .load) }
      try check(values, .load)
    case .set(let elts): try check(elts, .load)
    case .listComp(let elt, let generators), .setComp(let elt, let generators),
      .generatorExp(let elt, let generators):
      try check(generators)
      try check(elt, .load)
    case .dictComp(let key, let value, let generators):
      try check(generators)
      try check(key, .load)
      try check(value, .load)
    case .await(let value), .yieldFrom(let value): try check(value, .load)
    case .yield(let value): try check(value, .load)
    case .compare(let left, let ops, let comparators):
      try require(!comparators.isEmpty, "Compare with no comparators")
      try require(
        comparators.count == ops.count,
        "Compare has a different number of comparators and operands")
      try check(comparators, .load)
      try check(left, .load)
    case .call(let function, let args, let keywords):
      try check(function, .load)
      try check(args, .load)
      for keyword in keywords { try check(keyword.value, .load) }
    case .formattedValue(let value, _, let formatSpec):
      try check(value, .load)
      try check(formatSpec, .load)
    case .joinedStr(let values): try check(values, .load)
    case .attribute(let value, _, _): try check(value, .load)
    case .subscript(let value, let slice, _):
      try check(slice, .load)
      try check(value, .load)
    case .starred(let value, let ctx): try check(value, ctx)
    case .list(let elts, let ctx), .tuple(let elts, let ctx): try check(elts, ctx)
    case .slice(let lower, let upper, let step):
      try check(lower, .load)
      try check(upper, .load)
      try check(step, .load)
    }
  }

  private mutating func check(_ generators: [Comprehension]) throws(Failure) {
    try require(!generators.isEmpty, "comprehension with no generators")
    for generator in generators {
      try check(generator.target, .store)
      try check(generator.iter, .load)
      try check(generator.ifs, .load)
    }
  }

  // MARK: patterns

  private mutating func check(patterns: [Pattern], starAllowed: Bool) throws(Failure) {
    for pattern in patterns { try check(pattern, starAllowed: starAllowed) }
  }

  private mutating func check(_ pattern: Pattern, starAllowed: Bool) throws(Failure) {
    try depth.enter()
    defer { depth.leave() }
    try check(pattern.location)
    switch pattern.kind {
    case .matchValue(let value): try check(literal: value)
    case .matchSingleton(let value):
      switch value {
      case .none, .true, .false: break
      default: throw .value(message: "MatchSingleton can only contain True, False and None")
      }
    case .matchSequence(let patterns): try check(patterns: patterns, starAllowed: true)
    case .matchMapping(let keys, let patterns, let rest):
      try require(
        keys.count == patterns.count,
        "MatchMapping doesn't have the same number of keys as patterns")
      if let rest { try check(capture: rest) }
      for key in keys {
        if case .constant(let value, _) = key.kind {
          switch value {
          case .none, .true, .false: continue
          default: break
          }
        }
        try check(literal: key)
      }
      try check(patterns: patterns, starAllowed: false)
    case .matchClass(let cls, let patterns, let kwdAttrs, let kwdPatterns):
      try require(
        kwdAttrs.count == kwdPatterns.count,
        "MatchClass doesn't have the same number of keyword attributes as patterns")
      try check(cls, .load)
      var part = cls
      while case .attribute(let value, _, _) = part.kind { part = value }
      guard case .name = part.kind else {
        throw .value(message: "MatchClass cls field can only contain Name or Attribute nodes.")
      }
      for attr in kwdAttrs { try check(identifier: attr) }
      try check(patterns: patterns, starAllowed: false)
      try check(patterns: kwdPatterns, starAllowed: false)
    case .matchStar(let name):
      try require(starAllowed, "can't use MatchStar here")
      if let name { try check(capture: name) }
    case .matchAs(let inner, let name):
      if let name { try check(capture: name) }
      if let inner {
        try require(name != nil, "MatchAs must specify a target name if a pattern is given")
        try check(inner, starAllowed: false)
      }
    case .matchOr(let patterns):
      try require(patterns.count >= 2, "MatchOr requires at least 2 patterns")
      try check(patterns: patterns, starAllowed: false)
    }
  }

  /// A number, string or bytes, a negated or complex number, or a dotted name.
  private mutating func check(literal value: Expr) throws(Failure) {
    try check(value, .load)
    switch value.kind {
    case .constant(let constant, _):
      switch constant {
      case .int, .bigInt, .negativeBigInt, .float, .complex, .complexNumber, .string, .bytes: return
      default: throw .value(message: "unexpected constant inside of a literal pattern")
      }
    case .attribute, .joinedStr: return
    case .unaryOp(.uSub, let operand):
      if isNumber(operand, real: true, imaginary: true) { return }
    case .binOp(let left, let op, let right):
      guard op == .add || op == .sub else { break }
      var real = left
      if case .unaryOp(.uSub, let operand) = left.kind { real = operand }
      if isNumber(real, real: true, imaginary: false), isNumber(right, real: false, imaginary: true)
      {
        return
      }
    default: break
    }
    throw .value(message: "patterns may only match literals and attribute lookups")
  }

  private func isNumber(_ expression: Expr, real: Bool, imaginary: Bool) -> Bool {
    guard case .constant(let value, _) = expression.kind else { return false }
    switch value {
    case .int, .bigInt, .negativeBigInt, .float: return real
    case .complex, .complexNumber: return imaginary
    default: return false
    }
  }
}
