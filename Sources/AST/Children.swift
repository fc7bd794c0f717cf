/// Any node that can be a child of another.
public enum Node {
  case stmt(Stmt)
  case expr(Expr)
  case pattern(Pattern)
  case arguments(Arguments)
  case arg(Arg)
  case keyword(Keyword)
  case comprehension(Comprehension)
  case exceptHandler(ExceptHandler)
  case withItem(WithItem)
  case matchCase(MatchCase)
  case alias(Alias)
  case typeParam(TypeParam)

  /// Calls `visit` with every direct child, in the order of the ASDL's fields
  /// (`ast.iter_child_nodes`).
  public func forEachChild<E: Error>(_ visit: (Node) throws(E) -> Void) throws(E) {
    switch self {
    case .stmt(let node): try node.forEachChild(visit)
    case .expr(let node): try node.forEachChild(visit)
    case .pattern(let node): try node.forEachChild(visit)
    case .arguments(let node):
      try each(node.posonlyargs, visit)
      try each(node.args, visit)
      if let vararg = node.vararg { try visit(.arg(vararg)) }
      try each(node.kwonlyargs, visit)
      for value in node.kwDefaults { try one(value, visit) }
      if let kwarg = node.kwarg { try visit(.arg(kwarg)) }
      try each(node.defaults, visit)
    case .arg(let node): try one(node.annotation, visit)
    case .keyword(let node): try visit(.expr(node.value))
    case .comprehension(let node):
      try visit(.expr(node.target))
      try visit(.expr(node.iter))
      try each(node.ifs, visit)
    case .exceptHandler(let node):
      try one(node.type, visit)
      try each(node.body, visit)
    case .withItem(let node):
      try visit(.expr(node.contextExpr))
      try one(node.optionalVars, visit)
    case .matchCase(let node):
      try visit(.pattern(node.pattern))
      try one(node.guard, visit)
      try each(node.body, visit)
    case .alias: break
    case .typeParam(let node):
      switch node.kind {
      case .typeVar(_, let bound, let value):
        try one(bound, visit)
        try one(value, visit)
      case .paramSpec(_, let value), .typeVarTuple(_, let value): try one(value, visit)
      }
    }
  }
}

extension Expr {
  /// Calls `visit` with every direct child, in the order of the ASDL's fields.
  public func forEachChild<E: Error>(_ visit: (Node) throws(E) -> Void) throws(E) {
    switch kind {
    case .boolOp(_, let values): try each(values, visit)
    case .namedExpr(let target, let value):
      try visit(.expr(target))
      try visit(.expr(value))
    case .binOp(let left, _, let right):
      try visit(.expr(left))
      try visit(.expr(right))
    case .unaryOp(_, let operand): try visit(.expr(operand))
    case .lambda(let args, let body):
      try visit(.arguments(args))
      try visit(.expr(body))
    case .ifExp(let test, let body, let orelse):
      try visit(.expr(test))
      try visit(.expr(body))
      try visit(.expr(orelse))
    case .dict(let keys, let values):
      for key in keys { try one(key, visit) }
      try each(values, visit)
    case .set(let elts): try each(elts, visit)
    case .listComp(let elt, let generators), .setComp(let elt, let generators),
      .generatorExp(let elt, let generators):
      try visit(.expr(elt))
      try each(generators, visit)
    case .dictComp(let key, let value, let generators):
      try visit(.expr(key))
      try visit(.expr(value))
      try each(generators, visit)
    case .await(let value), .yieldFrom(let value): try visit(.expr(value))
    case .yield(let value): try one(value, visit)
    case .compare(let left, _, let comparators):
      try visit(.expr(left))
      try each(comparators, visit)
    case .call(let function, let args, let keywords):
      try visit(.expr(function))
      try each(args, visit)
      try each(keywords, visit)
    case .formattedValue(let value, _, let formatSpec):
      try visit(.expr(value))
      try one(formatSpec, visit)
    case .joinedStr(let values): try each(values, visit)
    case .constant, .name: break
    case .attribute(let value, _, _), .starred(let value, _): try visit(.expr(value))
    case .subscript(let value, let slice, _):
      try visit(.expr(value))
      try visit(.expr(slice))
    case .list(let elts, _), .tuple(let elts, _): try each(elts, visit)
    case .slice(let lower, let upper, let step):
      try one(lower, visit)
      try one(upper, visit)
      try one(step, visit)
    }
  }
}

extension Stmt {
  /// Calls `visit` with every direct child, in the order of the ASDL's fields.
  public func forEachChild<E: Error>(_ visit: (Node) throws(E) -> Void) throws(E) {
    switch kind {
    case .functionDef(let node), .asyncFunctionDef(let node):
      try visit(.arguments(node.args))
      try each(node.body, visit)
      try each(node.decoratorList, visit)
      try one(node.returns, visit)
      try each(node.typeParams, visit)
    case .classDef(let node):
      try each(node.bases, visit)
      try each(node.keywords, visit)
      try each(node.body, visit)
      try each(node.decoratorList, visit)
      try each(node.typeParams, visit)
    case .return(let value): try one(value, visit)
    case .delete(let targets): try each(targets, visit)
    case .assign(let targets, let value, _):
      try each(targets, visit)
      try visit(.expr(value))
    case .typeAlias(let name, let typeParams, let value):
      try visit(.expr(name))
      try each(typeParams, visit)
      try visit(.expr(value))
    case .augAssign(let target, _, let value):
      try visit(.expr(target))
      try visit(.expr(value))
    case .annAssign(let target, let annotation, let value, _):
      try visit(.expr(target))
      try visit(.expr(annotation))
      try one(value, visit)
    case .for(let node), .asyncFor(let node):
      try visit(.expr(node.target))
      try visit(.expr(node.iter))
      try each(node.body, visit)
      try each(node.orelse, visit)
    case .while(let test, let body, let orelse), .if(let test, let body, let orelse):
      try visit(.expr(test))
      try each(body, visit)
      try each(orelse, visit)
    case .with(let node), .asyncWith(let node):
      for item in node.items { try visit(.withItem(item)) }
      try each(node.body, visit)
    case .match(let subject, let cases):
      try visit(.expr(subject))
      for item in cases { try visit(.matchCase(item)) }
    case .raise(let exc, let cause):
      try one(exc, visit)
      try one(cause, visit)
    case .try(let node), .tryStar(let node):
      try each(node.body, visit)
      for handler in node.handlers { try visit(.exceptHandler(handler)) }
      try each(node.orelse, visit)
      try each(node.finalbody, visit)
    case .assert(let test, let msg):
      try visit(.expr(test))
      try one(msg, visit)
    case .import(let names), .importFrom(_, let names, _):
      for name in names { try visit(.alias(name)) }
    case .expr(let value): try visit(.expr(value))
    case .global, .nonlocal, .pass, .break, .continue: break
    }
  }
}

extension Pattern {
  /// Calls `visit` with every direct child, in the order of the ASDL's fields.
  public func forEachChild<E: Error>(_ visit: (Node) throws(E) -> Void) throws(E) {
    switch kind {
    case .matchValue(let value): try visit(.expr(value))
    case .matchSingleton, .matchStar: break
    case .matchSequence(let patterns), .matchOr(let patterns): try each(patterns, visit)
    case .matchMapping(let keys, let patterns, _):
      try each(keys, visit)
      try each(patterns, visit)
    case .matchClass(let cls, let patterns, _, let kwdPatterns):
      try visit(.expr(cls))
      try each(patterns, visit)
      try each(kwdPatterns, visit)
    case .matchAs(let pattern, _):
      if let pattern { try visit(.pattern(pattern)) }
    }
  }
}

@inline(__always)
private func one<E: Error>(_ node: Expr?, _ visit: (Node) throws(E) -> Void) throws(E) {
  if let node { try visit(.expr(node)) }
}

private func each<E: Error>(_ nodes: [Expr], _ visit: (Node) throws(E) -> Void) throws(E) {
  for node in nodes { try visit(.expr(node)) }
}

private func each<E: Error>(_ nodes: [Stmt], _ visit: (Node) throws(E) -> Void) throws(E) {
  for node in nodes { try visit(.stmt(node)) }
}

private func each<E: Error>(_ nodes: [Pattern], _ visit: (Node) throws(E) -> Void) throws(E) {
  for node in nodes { try visit(.pattern(node)) }
}

private func each<E: Error>(_ nodes: [Arg], _ visit: (Node) throws(E) -> Void) throws(E) {
  for node in nodes { try visit(.arg(node)) }
}

private func each<E: Error>(_ nodes: [Keyword], _ visit: (Node) throws(E) -> Void) throws(E) {
  for node in nodes { try visit(.keyword(node)) }
}

private func each<E: Error>(
  _ nodes: [Comprehension], _ visit: (Node) throws(E) -> Void
) throws(E) {
  for node in nodes { try visit(.comprehension(node)) }
}

private func each<E: Error>(_ nodes: [TypeParam], _ visit: (Node) throws(E) -> Void) throws(E) {
  for node in nodes { try visit(.typeParam(node)) }
}
