import AST

extension SyntaxParser {
  /// Appends the statements up to a token that ends a block: `DEDENT` or the end.
  func statements(_ body: inout [Stmt]) throws(Rejection) {
    while kind != .dedent, kind != .endMarker { try statement(&body) }
  }

  /// `statement: compound_stmt | simple_stmts`
  func statement(_ body: inout [Stmt]) throws(Rejection) {
    if let compound = try compoundStatement() {
      body.append(compound)
    } else {
      try simpleStatements(&body)
    }
  }

  /// `simple_stmts: ';'.simple_stmt+ [';'] NEWLINE`
  func simpleStatements(_ body: inout [Stmt]) throws(Rejection) {
    body.append(try simpleStatement())
    while accept(.semicolon), kind != .newline { body.append(try simpleStatement()) }
    try expect(.newline)
  }

  /// `block: NEWLINE INDENT statements DEDENT | simple_stmts`
  func block() throws(Rejection) -> [Stmt] {
    var body: [Stmt] = []
    if accept(.newline) {
      try expect(.indent)
      try statements(&body)
      try expect(.dedent)
    } else {
      try simpleStatements(&body)
    }
    return body
  }

  /// `simple_stmt`
  func simpleStatement() throws(Rejection) -> Stmt {
    let first = position
    let statement: Stmt.Kind
    switch kind {
    case .name:
      if isWord("type", at: position), nextKind == .name {
        statement = try typeAlias()
      } else {
        statement = try expressionStatement()
      }
    case .return:
      advance()
      statement = .return(value: startsExpression(kind) ? try starExpressions() : nil)
    case .import: statement = try importStatement()
    case .from: statement = try importFromStatement()
    case .raise:
      advance()
      if startsExpression(kind) {
        let exc = try expression()
        statement = .raise(exc: exc, cause: accept(.from) ? try expression() : nil)
      } else {
        statement = .raise(exc: nil, cause: nil)
      }
    case .pass:
      advance()
      statement = .pass
    case .break:
      advance()
      statement = .break
    case .continue:
      advance()
      statement = .continue
    case .del:
      advance()
      statement = .delete(targets: try delTargets())
      if kind != .semicolon, kind != .newline { throw .invalid }
    case .assert:
      advance()
      let test = try expression()
      statement = .assert(test: test, msg: accept(.comma) ? try expression() : nil)
    case .global:
      advance()
      statement = .global(names: try nameList())
    case .nonlocal:
      advance()
      statement = .nonlocal(names: try nameList())
    default: statement = try expressionStatement()
    }
    return Stmt(statement, at: range(from: first))
  }

  /// `','.NAME+`
  private func nameList() throws(Rejection) -> [Identifier] {
    var names: [Identifier] = []
    repeat { names.append(try name()) } while accept(.comma)
    return names
  }

  /// `type_alias: "type" NAME [type_params] '=' expression` (PEP 695)
  private func typeAlias() throws(Rejection) -> Stmt.Kind {
    try require(12)
    advance()
    let name = try nameExpression(.store)
    let typeParams = kind == .leftBracket ? try typeParameters() : []
    if !typeParams.isEmpty { resemblesMistake = true }
    try expect(.equal)
    return .typeAlias(name: name, typeParams: typeParams, value: try expression())
  }

  /// `assignment | star_expressions | yield_stmt`
  private func expressionStatement() throws(Rejection) -> Stmt.Kind {
    let first = position
    if kind == .yield {
      let value = try yieldExpression()
      return .expr(value: value)
    }
    let value = try starExpressions()
    switch kind {
    case .newline, .semicolon: return .expr(value: value)
    case .equal: return try assignment(value)
    case .colon:
      try require(6)
      try assignSingle(value)
      advance()
      let annotation = try expression()
      var simple = false
      if case .name = value.kind { simple = tokens[first].kind == .name }
      let assigned = accept(.equal) ? try annotatedValue() : nil
      return .annAssign(target: value, annotation: annotation, value: assigned, simple: simple)
    default:
      guard let op = augmentedOperator(kind) else { return .expr(value: value) }
      if op == .matMult { try require(5) }
      try assignSingle(value)
      advance()
      return .augAssign(target: value, op: op, value: try annotatedValue())
    }
  }

  /// `(star_targets '=')+ annotated_rhs !'=' [TYPE_COMMENT]`; the first target was parsed.
  private func assignment(_ first: Expr) throws(Rejection) -> Stmt.Kind {
    var targets: [Expr] = []
    var value = first
    while accept(.equal) {
      try assign(value, .store)
      targets.append(value)
      value = try annotatedValue()
    }
    return .assign(targets: targets, value: value, typeComment: typeComment())
  }

  private func augmentedOperator(_ kind: TokenKind) -> Operator? {
    switch kind {
    case .plusEqual: .add
    case .minusEqual: .sub
    case .starEqual: .mult
    case .atEqual: .matMult
    case .slashEqual: .div
    case .percentEqual: .mod
    case .ampersandEqual: .bitAnd
    case .verticalBarEqual: .bitOr
    case .circumflexEqual: .bitXor
    case .leftShiftEqual: .lShift
    case .rightShiftEqual: .rShift
    case .doubleStarEqual: .pow
    case .doubleSlashEqual: .floorDiv
    default: nil
    }
  }

  // MARK: Imports

  /// `dotted_name: NAME ('.' NAME)*`
  private func dottedName() throws(Rejection) -> Identifier {
    var dotted = try name()
    while accept(.dot) { dotted += "." + (try name()) }
    return dotted
  }

  /// `import_name: 'import' ','.(dotted_name ['as' NAME])+`
  private func importStatement() throws(Rejection) -> Stmt.Kind {
    advance()
    var aliases: [Alias] = []
    repeat {
      let first = position
      let name = try dottedName()
      let asname = accept(.as) ? try self.name() : nil
      aliases.append(Alias(name: name, asname: asname, at: range(from: first)))
    } while accept(.comma)
    return .import(names: aliases)
  }

  /// `import_from: 'from' ('.' | '...')* [dotted_name] 'import' import_from_targets`
  private func importFromStatement() throws(Rejection) -> Stmt.Kind {
    advance()
    var level = 0
    while true {
      if accept(.dot) {
        level += 1
      } else if accept(.ellipsis) {
        level += 3
      } else {
        break
      }
    }
    var module: Identifier?
    if level == 0 || kind != .import { module = try dottedName() }
    try expect(.import)
    let aliases: [Alias]
    if kind == .star {
      advance()
      aliases = [Alias(name: "*", asname: nil, at: range(of: position - 1))]
    } else if accept(.leftParen) {
      aliases = try importedNames(until: .rightParen)
      try expect(.rightParen)
    } else {
      aliases = try importedNames(until: nil)
    }
    if module == "__future__", level == 0, aliases.contains(where: { $0.name == "barry_as_FLUFL" })
    {
      isBarry = true
    }
    return .importFrom(module: module, names: aliases, level: level)
  }

  /// `','.(NAME ['as' NAME])+`, with a trailing comma before `close` only.
  private func importedNames(until close: TokenKind?) throws(Rejection) -> [Alias] {
    var aliases: [Alias] = []
    repeat {
      if let close, !aliases.isEmpty, kind == close { break }
      let first = position
      let name = try name()
      let asname = accept(.as) ? try self.name() : nil
      aliases.append(Alias(name: name, asname: asname, at: range(from: first)))
    } while accept(.comma)
    return aliases
  }
}
