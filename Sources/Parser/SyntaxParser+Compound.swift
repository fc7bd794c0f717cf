import AST

extension SyntaxParser {
  /// `compound_stmt`; `nil` when the token begins none.
  func compoundStatement() throws(Rejection) -> Stmt? {
    switch kind {
    case .def: return try functionDefinition([], isAsync: false)
    case .class: return try classDefinition([])
    case .at: return try decorated()
    case .if: return try ifStatement()
    case .for: return try forStatement(isAsync: false)
    case .while: return try whileStatement()
    case .try: return try tryStatement()
    case .with: return try withStatement(isAsync: false)
    case .async:
      switch nextKind {
      case .def: return try functionDefinition([], isAsync: true)
      case .for: return try forStatement(isAsync: true)
      case .with: return try withStatement(isAsync: true)
      default: throw .invalid
      }
    case .name:
      return isWord("match", at: position) ? try matchStatement() : nil
    default: return nil
    }
  }

  /// `if_stmt: 'if' named_expression ':' block (elif_stmt | [else_block])`
  private func ifStatement() throws(Rejection) -> Stmt {
    var branches: [(first: Int, test: Expr, body: [Stmt])] = []
    repeat {
      let first = position
      advance()
      let test = try namedExpression()
      try expect(.colon)
      branches.append((first, test, try block()))
      if branches.count > Self.maxBranches { throw .tooDeep }
    } while kind == .elif
    var orelse = try elseBlock()
    // Every branch ends where the last one does.
    var statement: Stmt?
    for branch in branches.reversed() {
      let next = Stmt(
        .if(test: branch.test, body: branch.body, orelse: orelse),
        at: rangeOfBlock(from: branch.first))
      orelse = [next]
      statement = next
    }
    guard let statement else { throw .invalid }
    return statement
  }

  /// `else_block: 'else' ':' block`
  private func elseBlock() throws(Rejection) -> [Stmt] {
    guard accept(.else) else { return [] }
    try expect(.colon)
    return try block()
  }

  /// `while_stmt: 'while' named_expression ':' block [else_block]`
  private func whileStatement() throws(Rejection) -> Stmt {
    let first = position
    advance()
    let test = try namedExpression()
    try expect(.colon)
    let body = try block()
    let orelse = try elseBlock()
    return Stmt(.while(test: test, body: body, orelse: orelse), at: rangeOfBlock(from: first))
  }

  /// `for_stmt: ['async'] 'for' star_targets 'in' star_expressions ':' [TYPE_COMMENT] block
  /// [else_block]`
  private func forStatement(isAsync: Bool) throws(Rejection) -> Stmt {
    let first = position
    if isAsync {
      try require(5)
      advance()
    }
    advance()
    let target = try starTargets()
    try expect(.in)
    let iter = try starExpressions()
    try expect(.colon)
    let comment = typeComment()
    let body = try block()
    let orelse = try elseBlock()
    let loop = For(
      target: target, iter: iter, body: body, orelse: orelse, typeComment: comment)
    return Stmt(isAsync ? .asyncFor(loop) : .for(loop), at: rangeOfBlock(from: first))
  }

  /// `with_stmt: ['async'] 'with' (with_items | '(' with_items [','] ')') ':' [TYPE_COMMENT] block`
  private func withStatement(isAsync: Bool) throws(Rejection) -> Stmt {
    let first = position
    if isAsync {
      try require(5)
      advance()
    }
    advance()
    let items = try withItems()
    try expect(.colon)
    let comment = typeComment()
    let body = try block()
    let with = With(items: items, body: body, typeComment: comment)
    return Stmt(isAsync ? .asyncWith(with) : .with(with), at: rangeOfBlock(from: first))
  }

  private func withItems() throws(Rejection) -> [WithItem] {
    if kind == .leftParen, closesBeforeColon() {
      // The brackets are the statement's if items fill them, else they belong to an expression.
      let start = position
      let savedDepth = depth
      let savedCautions = cautions.count
      do throws(Rejection) {
        advance()
        var items: [WithItem] = []
        repeat {
          if !items.isEmpty, kind == .rightParen { break }
          items.append(try withItem())
        } while accept(.comma)
        try expect(.rightParen)
        if kind == .colon { return items }
      } catch  where error == .tooDeep || error == .tooLong {
        throw error
      } catch {}
      position = start
      depth = savedDepth
      cautions.removeLast(cautions.count - savedCautions)
    }
    var items: [WithItem] = []
    repeat { items.append(try withItem()) } while accept(.comma)
    return items
  }

  /// Whether the bracket that opens here closes right before a colon.
  private func closesBeforeColon() -> Bool {
    let outside = tokens[position].level - 1
    var i = position + 1
    while tokens[i].level > outside, tokens[i].kind != .endMarker, tokens[i].kind != .error {
      i += 1
    }
    return tokens[i].kind == .rightParen && tokens[i + 1].kind == .colon
  }

  /// `with_item: expression ['as' star_target &(',' | ')' | ':')]`
  private func withItem() throws(Rejection) -> WithItem {
    let context = try expression()
    guard accept(.as) else { return WithItem(contextExpr: context, optionalVars: nil) }
    let target = try starTarget()
    guard kind == .comma || kind == .rightParen || kind == .colon else { throw .invalid }
    return WithItem(contextExpr: context, optionalVars: target)
  }

  /// `try_stmt`, with `except` or `except*` (PEP 654)
  private func tryStatement() throws(Rejection) -> Stmt {
    let first = position
    advance()
    try expect(.colon)
    let body = try block()
    var handlers: [ExceptHandler] = []
    let isStar = kind == .except && nextKind == .star
    if isStar { try require(11) }
    while kind == .except { handlers.append(try exceptHandler(isStar: isStar)) }
    let orelse = handlers.isEmpty ? [] : try elseBlock()
    var finalbody: [Stmt] = []
    if accept(.finally) {
      try expect(.colon)
      finalbody = try block()
    } else if handlers.isEmpty {
      throw .invalid
    }
    let statement = Try(body: body, handlers: handlers, orelse: orelse, finalbody: finalbody)
    return Stmt(isStar ? .tryStar(statement) : .try(statement), at: rangeOfBlock(from: first))
  }

  /// `except_block | except_star_block`
  private func exceptHandler(isStar: Bool) throws(Rejection) -> ExceptHandler {
    let first = position
    advance()
    if isStar { try expect(.star) }
    var type: Expr?
    var name: Identifier?
    if isStar || kind != .colon {
      type = try expression()
      if accept(.as) { name = try self.name() }
    }
    try expect(.colon)
    let body = try block()
    return ExceptHandler(type: type, name: name, body: body, at: rangeOfBlock(from: first))
  }

  /// `match_stmt`; `nil` when the word `match` is a name here.
  private func matchStatement() throws(Rejection) -> Stmt? {
    switch nextKind {
    case .name, .number, .string, .fstringStart, .leftParen, .leftBracket, .leftBrace, .minus,
      .plus, .tilde, .not, .lambda, .await, .none, .true, .false, .ellipsis, .star:
      break
    default: return nil
    }
    let first = position
    let savedDepth = depth
    let savedCautions = cautions.count
    advance()
    let subject: Expr
    do throws(Rejection) {
      subject = try matchSubject()
      guard kind == .colon, nextKind == .newline, tokens[position + 2].kind == .indent,
        isWord("case", at: position + 3)
      else { throw .invalid }
    } catch  where error == .tooDeep || error == .tooLong {
      throw error
    } catch {
      position = first
      depth = savedDepth
      cautions.removeLast(cautions.count - savedCautions)
      resemblesMistake = true
      return nil
    }
    try require(10)
    position += 3
    var cases: [MatchCase] = []
    repeat { cases.append(try caseBlock()) } while isWord("case", at: position)
    try expect(.dedent)
    return Stmt(.match(subject: subject, cases: cases), at: rangeOfBlock(from: first))
  }

  /// `subject_expr: star_named_expression ',' [star_named_expressions] | named_expression`
  private func matchSubject() throws(Rejection) -> Expr {
    let first = position
    let isStarred = kind == .star
    let value = try starNamedExpression()
    guard kind == .comma else {
      if isStarred { throw .invalid }
      return value
    }
    var elts = [value]
    while accept(.comma), kind != .colon { elts.append(try starNamedExpression()) }
    return Expr(.tuple(elts: elts, ctx: .load), at: range(from: first))
  }

  /// `case_block: "case" patterns ['if' named_expression] ':' block`
  private func caseBlock() throws(Rejection) -> MatchCase {
    advance()
    let pattern = try patterns()
    let condition = accept(.if) ? try namedExpression() : nil
    try expect(.colon)
    return MatchCase(pattern: pattern, guard: condition, body: try block())
  }
}
