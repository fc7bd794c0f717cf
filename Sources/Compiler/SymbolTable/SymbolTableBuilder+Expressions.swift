import AST

extension SymbolTableBuilder {
  mutating func visit(_ expressions: [Expr]) throws(Failure) {
    for expression in expressions { try visit(expression) }
  }

  mutating func visit(_ expression: Expr?) throws(Failure) {
    if let expression { try visit(expression) }
  }

  mutating func visit(_ keyword: Keyword) throws(Failure) { try visit(keyword.value) }

  mutating func visit(_ expression: Expr) throws(Failure) {
    try depth.enter()
    defer { depth.leave() }
    switch expression.kind {
    case .constant: break
    case .name(let id, let ctx):
      try define(id, ctx == .load ? .use : .defLocal, expression.location)
      // Zero-argument super() needs the class.
      if ctx == .load, current.isFunctionLike, id == "super" {
        try define("__class__", .use, expression.location)
      }
    case .namedExpr(let target, let value): try visitNamed(target, value, expression)
    case .boolOp(_, let values), .joinedStr(let values), .set(let values): try visit(values)
    case .binOp(let left, _, let right):
      try visit(left)
      try visit(right)
    case .unaryOp(_, let operand): try visit(operand)
    case .lambda(let args, let body):
      try visit(args.defaults)
      for value in args.kwDefaults { try visit(value) }
      enter("lambda", .function, expression, expression.location)
      try visitParameters(args)
      try visit(body)
      leave()
    case .ifExp(let test, let body, let orelse):
      try visit(test)
      try visit(body)
      try visit(orelse)
    case .dict(let keys, let values):
      for key in keys { try visit(key) }
      try visit(values)
    case .listComp(let elt, let generators):
      try visitComprehension(expression, "listcomp", .list, generators, elt, nil)
    case .setComp(let elt, let generators):
      try visitComprehension(expression, "setcomp", .set, generators, elt, nil)
    case .generatorExp(let elt, let generators):
      try visitComprehension(expression, "genexpr", .generator, generators, elt, nil)
    case .dictComp(let key, let value, let generators):
      try visitComprehension(expression, "dictcomp", .dict, generators, key, value)
    case .yield(let value):
      try rejectInAnnotation("yield expression", expression)
      try visit(value)
      current.isGenerator = true
      try rejectYieldInComprehension(expression)
    case .yieldFrom(let value):
      try rejectInAnnotation("yield expression", expression)
      try visit(value)
      current.isGenerator = true
      try rejectYieldInComprehension(expression)
    case .await(let value):
      try rejectInAnnotation("await expression", expression)
      try visit(value)
      current.isCoroutine = true
    case .compare(let left, _, let comparators):
      try visit(left)
      try visit(comparators)
    case .call(let function, let args, let keywords):
      try visit(function)
      try visit(args)
      for keyword in keywords { try visit(keyword) }
    case .formattedValue(let value, _, let formatSpec):
      try visit(value)
      try visit(formatSpec)
    case .attribute(let value, _, _), .starred(let value, _): try visit(value)
    case .subscript(let value, let slice, _):
      try visit(value)
      try visit(slice)
    case .slice(let lower, let upper, let step):
      try visit(lower)
      try visit(upper)
      try visit(step)
    case .list(let elts, _), .tuple(let elts, _): try visit(elts)
    }
  }

  // MARK: assignment expressions

  private mutating func visitNamed(
    _ target: Expr, _ value: Expr, _ expression: Expr
  ) throws(Failure) {
    try rejectInAnnotation("named expression", expression)
    if current.comprehensionIterableDepth > 0 {
      throw error(
        "assignment expression cannot be used in a comprehension iterable expression",
        at: expression.location)
    }
    if current.comprehension != .none { try extendNamedScope(target) }
    try visit(value)
    try visit(target)
  }

  /// In a comprehension the target belongs to the nearest block around that is none (PEP 572).
  private mutating func extendNamedScope(_ target: Expr) throws(Failure) {
    guard case .name(let name, _) = target.kind else { return }
    for scope in stack.reversed() {
      if scope.comprehension != .none {
        let flags = scope[mangle(name, in: privateName, scope: scope)]
        if flags.contains(.defComprehensionIteration),
          !flags.isDisjoint(with: [.defLocal, .defGlobal])
        {
          throw error(
            "assignment expression cannot rebind comprehension iteration variable '\(name)'",
            at: target.location)
        }
        continue
      }
      switch scope.type {
      case .function:
        let flags = scope[mangle(name, in: privateName, scope: scope)]
        try define(name, flags.contains(.defGlobal) ? .defGlobal : .defNonlocal, target.location)
        recordDirective(name, target.location)
        try define(name, .defLocal, in: scope, target.location)
      case .module:
        try define(name, .defGlobal, target.location)
        recordDirective(name, target.location)
        try define(name, .defGlobal, in: scope, target.location)
      case .class:
        throw error(
          "assignment expression within a comprehension cannot be used in a class body",
          at: target.location)
      case .typeParameters:
        throw error(
          "assignment expression within a comprehension cannot be used within the definition of a generic",
          at: target.location)
      case .typeAlias:
        throw error(
          "assignment expression within a comprehension cannot be used in a type alias",
          at: target.location)
      case .typeVariable:
        throw error(
          "assignment expression within a comprehension cannot be used in a TypeVar bound",
          at: target.location)
      case .annotation: continue
      }
      return
    }
  }

  // MARK: comprehensions

  private mutating func visitComprehension(
    _ expression: Expr, _ name: String, _ kind: ComprehensionKind, _ generators: [Comprehension],
    _ elt: Expr, _ value: Expr?
  ) throws(Failure) {
    guard let outermost = generators.first else {
      throw .value(message: "comprehension with no generators")
    }
    // The outermost iterable belongs to the block around.
    current.comprehensionIterableDepth += 1
    try visit(outermost.iter)
    current.comprehensionIterableDepth -= 1
    enter(name, .function, expression, expression.location)
    current.comprehension = kind
    if outermost.isAsync { current.isCoroutine = true }
    try define(".0", .defParam, expression.location)
    try visitTarget(outermost.target)
    try visit(outermost.ifs)
    for generator in generators.dropFirst() {
      try visitTarget(generator.target)
      current.comprehensionIterableDepth += 1
      try visit(generator.iter)
      current.comprehensionIterableDepth -= 1
      try visit(generator.ifs)
      if generator.isAsync { current.isCoroutine = true }
    }
    try visit(value)
    try visit(elt)
    current.isGenerator = kind == .generator
    let isAsync = current.isCoroutine && kind != .generator
    leave()
    if isAsync { current.isCoroutine = true }
  }

  private mutating func visitTarget(_ target: Expr) throws(Failure) {
    current.isIterationTarget = true
    try visit(target)
    current.isIterationTarget = false
  }

  // MARK: what some blocks forbid

  private func rejectYieldInComprehension(_ expression: Expr) throws(Failure) {
    let place: String
    switch current.comprehension {
    case .none: return
    case .list: place = "list comprehension"
    case .set: place = "set comprehension"
    case .dict: place = "dict comprehension"
    case .generator: place = "generator expression"
    }
    throw error("'yield' inside \(place)", at: expression.location)
  }

  private func rejectInAnnotation(_ what: String, _ expression: Expr) throws(Failure) {
    let place: String
    switch current.type {
    case .annotation: place = "an annotation"
    case .typeVariable: place = current.scopeInfo ?? "a TypeVar bound"
    case .typeAlias: place = "a type alias"
    case .typeParameters: place = "the definition of a generic"
    case .function, .class, .module: return
    }
    throw error("\(what) cannot be used within \(place)", at: expression.location)
  }
}
