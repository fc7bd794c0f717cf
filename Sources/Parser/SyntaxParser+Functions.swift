import AST

extension SyntaxParser {
  /// `lambdef: 'lambda' [lambda_params] ':' expression`
  func lambda() throws(Rejection) -> Expr {
    let first = position
    advance()
    let args = try parameters(until: .colon)
    try expect(.colon)
    try enter(2)
    let body = try expression()
    leave(2)
    return Expr(.lambda(args: args, body: body), at: range(from: first))
  }

  /// `params` or, up to a colon, `lambda_params`, which have neither annotations nor type comments.
  func parameters(until close: TokenKind) throws(Rejection) -> Arguments {
    let isLambda = close == .colon
    let all = Arguments()
    var sawSlash = false
    var sawStar = false
    while kind != close {
      switch kind {
      case .slash:
        if sawSlash || sawStar || all.args.isEmpty { throw .invalid }
        try require(8)
        sawSlash = true
        advance()
        all.posonlyargs = all.args
        all.args = []
      case .star:
        if sawStar { throw .invalid }
        sawStar = true
        advance()
        if kind == .comma {
          guard nextKind == .name else { throw .invalid }
          advance()
          continue
        }
        all.vararg = try parameter(isLambda, mayStarAnnotation: true)
      case .doubleStar:
        advance()
        all.kwarg = try parameter(isLambda)
      case .name:
        let parameter = try parameter(isLambda)
        var value: Expr?
        if accept(.equal) { value = try expression() }
        if sawStar {
          all.kwonlyargs.append(parameter)
          all.kwDefaults.append(value)
        } else {
          all.args.append(parameter)
          if let value {
            all.defaults.append(value)
          } else if !all.defaults.isEmpty {
            throw .invalid
          }
        }
        let hasComma = accept(.comma)
        if !isLambda, let comment = typeComment() { parameter.typeComment = comment }
        if !hasComma, kind != close { throw .invalid }
        continue
      default: throw .invalid
      }
      let hasComma = accept(.comma)
      if !isLambda, kind == .typeComment {
        let last = all.kwarg ?? all.vararg
        guard let last, tokens[position - 1].kind != .slash else { throw .invalid }
        if hasComma, tokens[position - 2].kind == .slash { throw .invalid }
        last.typeComment = typeComment()
      }
      if all.kwarg != nil {
        if kind != close { throw .invalid }
      } else if !hasComma, kind != close {
        throw .invalid
      }
    }
    return all
  }

  /// `param: NAME [annotation]`
  func parameter(
    _ isLambda: Bool, mayStarAnnotation: Bool = false
  ) throws(Rejection) -> Arg {
    let first = position
    let arg = try name()
    var annotation: Expr?
    if !isLambda, accept(.colon) {
      annotation = mayStarAnnotation ? try starExpression() : try expression()
    }
    return Arg(arg: arg, annotation: annotation, typeComment: nil, at: range(from: first))
  }

  /// `function_def_raw`; `isAsync` when the current token is `async`.
  func functionDefinition(_ decorators: [Expr], isAsync: Bool) throws(Rejection) -> Stmt {
    let first = position
    if isAsync {
      try require(5)
      advance()
    }
    try expect(.def)
    let name = try name()
    let typeParams = kind == .leftBracket ? try typeParameters() : []
    try expect(.leftParen)
    let args = try parameters(until: .rightParen)
    try expect(.rightParen)
    var returns: Expr?
    if accept(.arrow) { returns = try expression() }
    try expect(.colon)
    let comment = functionTypeComment()
    let body = try block()
    let definition = FunctionDef(
      name: name, args: args, body: body, decoratorList: decorators, returns: returns,
      typeComment: comment, typeParams: typeParams)
    return Stmt(
      isAsync ? .asyncFunctionDef(definition) : .functionDef(definition),
      at: rangeOfBlock(from: first))
  }

  /// `func_type_comment: NEWLINE TYPE_COMMENT &(NEWLINE INDENT) | TYPE_COMMENT`
  private func functionTypeComment() -> String? {
    guard typeComments else { return nil }
    if kind == .newline, nextKind == .typeComment, tokens[position + 2].kind == .newline,
      tokens[position + 3].kind == .indent
    {
      resemblesMistake = true
      advance()
    }
    return typeComment()
  }

  /// `class_def_raw`
  func classDefinition(_ decorators: [Expr]) throws(Rejection) -> Stmt {
    let first = position
    try expect(.class)
    let name = try name()
    let typeParams = kind == .leftBracket ? try typeParameters() : []
    var bases: [Expr] = []
    var keywords: [Keyword] = []
    if accept(.leftParen) {
      (bases, keywords) = try arguments()
      try expect(.rightParen)
    }
    try expect(.colon)
    let body = try block()
    let definition = ClassDef(
      name: name, bases: bases, keywords: keywords, body: body, decoratorList: decorators,
      typeParams: typeParams)
    return Stmt(.classDef(definition), at: rangeOfBlock(from: first))
  }

  /// `decorators: ('@' named_expression NEWLINE)+` and what they decorate.
  func decorated() throws(Rejection) -> Stmt {
    var decorators: [Expr] = []
    while accept(.at) {
      decorators.append(try namedExpression())
      try expect(.newline)
    }
    switch kind {
    case .class: return try classDefinition(decorators)
    case .def: return try functionDefinition(decorators, isAsync: false)
    case .async: return try functionDefinition(decorators, isAsync: true)
    default: throw .invalid
    }
  }

  /// `type_params: '[' ','.type_param+ [','] ']'` (PEP 695)
  func typeParameters() throws(Rejection) -> [TypeParam] {
    try require(12)
    try expect(.leftBracket)
    var all: [TypeParam] = []
    repeat {
      if kind == .rightBracket { break }
      all.append(try typeParameter())
    } while accept(.comma)
    try expect(.rightBracket)
    if all.isEmpty { throw .invalid }
    return all
  }

  /// `type_param`, defaults by PEP 696
  private func typeParameter() throws(Rejection) -> TypeParam {
    let first = position
    if accept(.star) {
      let name = try name()
      if kind == .colon { throw .invalid }
      var value: Expr?
      if accept(.equal) {
        try require(13)
        value = try starExpression()
      }
      return TypeParam(.typeVarTuple(name: name, defaultValue: value), at: range(from: first))
    }
    let isParamSpec = accept(.doubleStar)
    let name = try name()
    var bound: Expr?
    if accept(.colon) {
      if isParamSpec { throw .invalid }
      bound = try expression()
    }
    var value: Expr?
    if accept(.equal) {
      try require(13)
      value = try expression()
    }
    return TypeParam(
      isParamSpec
        ? .paramSpec(name: name, defaultValue: value)
        : .typeVar(name: name, bound: bound, defaultValue: value),
      at: range(from: first))
  }
}
