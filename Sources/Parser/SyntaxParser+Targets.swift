import AST

extension SyntaxParser {
  /// `star_targets: star_target !',' | ','.star_target+ [',']`
  func starTargets() throws(Rejection) -> Expr {
    let first = position
    let target = try starTarget()
    guard kind == .comma else { return target }
    var elts = [target]
    while accept(.comma), startsExpression(kind) { elts.append(try starTarget()) }
    return Expr(.tuple(elts: elts, ctx: .store), at: range(from: first))
  }

  /// `star_target: '*' !'*' star_target | target_with_star_atom`
  func starTarget() throws(Rejection) -> Expr {
    let first = position
    if accept(.star) {
      if kind == .star { throw .invalid }
      let value = try starTarget()
      return Expr(.starred(value: value, ctx: .store), at: range(from: first))
    }
    let target = try primary()
    try assign(target, .store)
    return target
  }

  /// `del_targets: ','.del_target+ [',']`
  func delTargets() throws(Rejection) -> [Expr] {
    var targets: [Expr] = []
    repeat {
      if !targets.isEmpty, !startsExpression(kind) { break }
      let target = try primary()
      try assign(target, .del)
      targets.append(target)
    } while accept(.comma)
    return targets
  }

  /// Makes a parsed expression a target, in place, if it has the form of one.
  func assign(_ target: Expr, _ ctx: ExprContext) throws(Rejection) {
    switch target.kind {
    case .name(let id, _): target.kind = .name(id: id, ctx: ctx)
    case .attribute(let value, let attr, _):
      target.kind = .attribute(value: value, attr: attr, ctx: ctx)
    case .subscript(let value, let slice, _):
      target.kind = .subscript(value: value, slice: slice, ctx: ctx)
    case .starred(let value, _):
      if ctx == .del { throw .invalid }
      if case .starred = value.kind { throw .invalid }
      try assign(value, ctx)
      target.kind = .starred(value: value, ctx: ctx)
    case .tuple(let elts, _):
      for element in elts { try assign(element, ctx) }
      target.kind = .tuple(elts: elts, ctx: ctx)
    case .list(let elts, _):
      for element in elts { try assign(element, ctx) }
      target.kind = .list(elts: elts, ctx: ctx)
    default: throw .invalid
    }
  }

  /// `single_target`: a name, attribute or subscript.
  func assignSingle(_ target: Expr) throws(Rejection) {
    switch target.kind {
    case .name, .attribute, .subscript: try assign(target, .store)
    default: throw .invalid
    }
  }
}
