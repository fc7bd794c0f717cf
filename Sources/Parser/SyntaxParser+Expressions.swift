import AST

/// How tightly binary operators bind; 0 for every other token.
enum Precedence {
  static let or: UInt8 = 1
  static let and: UInt8 = 2
  static let not: UInt8 = 3
  static let comparison: UInt8 = 4
  static let bitwiseOr: UInt8 = 5

  static let table: UnsafeTable = {
    let table = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
    table.initialize(repeating: 0, count: 256)
    let rows: [(UInt8, [TokenKind])] = [
      (or, [.or]), (and, [.and]),
      (
        comparison,
        [
          .equalEqual, .notEqual, .less, .lessEqual, .greater, .greaterEqual, .not, .in, .is,
        ]
      ),
      (bitwiseOr, [.verticalBar]), (6, [.circumflex]), (7, [.ampersand]),
      (8, [.leftShift, .rightShift]), (9, [.plus, .minus]),
      (10, [.star, .slash, .doubleSlash, .percent, .at]),
    ]
    for (precedence, kinds) in rows { for kind in kinds { table[Int(kind.rawValue)] = precedence } }
    return UnsafeTable(pointer: UnsafePointer(table))
  }()
}

extension SyntaxParser {
  /// `expression: disjunction ['if' disjunction 'else' expression] | lambdef`
  func expression() throws(Rejection) -> Expr {
    let first = position
    if kind == .lambda { return try lambda() }
    let body = try operators(Precedence.or)
    guard accept(.if) else { return body }
    let test = try operators(Precedence.or)
    try expect(.else)
    try enter()
    let orelse = try expression()
    leave()
    return Expr(.ifExp(test: test, body: body, orelse: orelse), at: range(from: first))
  }

  /// `disjunction`, or a weaker part of it: operators that bind at least as tightly as `minimum`.
  func operators(_ minimum: UInt8) throws(Rejection) -> Expr {
    let first = position
    var left: Expr
    if kind == .not {
      if minimum > Precedence.not { throw .invalid }
      advance()
      try enter()
      let operand = try operators(Precedence.not)
      leave()
      left = Expr(.unaryOp(op: .not, operand: operand), at: range(from: first))
    } else {
      left = try factor()
    }
    var links = 0
    while true {
      let precedence = Precedence.table.pointer[Int(kind.rawValue)]
      if precedence < minimum || precedence == 0 { return left }
      switch precedence {
      case Precedence.or, Precedence.and:
        let operation = kind
        var values = [left]
        while accept(operation) { values.append(try operators(precedence + 1)) }
        left = Expr(
          .boolOp(op: operation == .or ? .or : .and, values: values), at: range(from: first))
      case Precedence.comparison:
        var ops: [CompareOperator] = []
        var comparators: [Expr] = []
        while let op = try compareOperator() {
          ops.append(op)
          comparators.append(try operators(Precedence.bitwiseOr))
        }
        if ops.isEmpty { return left }
        left = Expr(
          .compare(left: left, ops: ops, comparators: comparators), at: range(from: first))
      default:
        let op = binaryOperator(kind)
        if op == .matMult { try require(5) }
        advance()
        let right = try operators(precedence + 1)
        left = Expr(.binOp(left: left, op: op, right: right), at: range(from: first))
        links += 1
        if links > Self.maxChain { throw .tooLong }
      }
    }
  }

  /// Takes a comparison operator; `nil` when there is none.
  private func compareOperator() throws(Rejection) -> CompareOperator? {
    let op: CompareOperator
    switch kind {
    case .equalEqual: op = .eq
    case .notEqual:
      // PEP 401: under barry_as_FLUFL only `<>` is spelled right, otherwise only `!=`.
      if (source[Int(tokens[position].start)] == UInt8(ascii: "<")) != isBarry { throw .invalid }
      op = .notEq
    case .less: op = .lt
    case .lessEqual: op = .ltE
    case .greater: op = .gt
    case .greaterEqual: op = .gtE
    case .in: op = .in
    case .is:
      if nextKind == .not {
        advance()
        op = .isNot
      } else {
        op = .is
      }
    case .not:
      guard nextKind == .in else { return nil }
      advance()
      op = .notIn
    default: return nil
    }
    advance()
    return op
  }

  private func binaryOperator(_ kind: TokenKind) -> Operator {
    switch kind {
    case .verticalBar: .bitOr
    case .circumflex: .bitXor
    case .ampersand: .bitAnd
    case .leftShift: .lShift
    case .rightShift: .rShift
    case .plus: .add
    case .minus: .sub
    case .star: .mult
    case .slash: .div
    case .doubleSlash: .floorDiv
    case .percent: .mod
    default: .matMult
    }
  }

  /// `factor: ('+' | '-' | '~') factor | await_primary ['**' factor]`
  func factor() throws(Rejection) -> Expr {
    let first = position
    let op: UnaryOperator
    switch kind {
    case .plus: op = .uAdd
    case .minus: op = .uSub
    case .tilde: op = .invert
    default:
      let base = try awaitPrimary()
      guard accept(.doubleStar) else { return base }
      try enter(2)
      let exponent = try factor()
      leave(2)
      return Expr(.binOp(left: base, op: .pow, right: exponent), at: range(from: first))
    }
    advance()
    try enter()
    let operand = try factor()
    leave()
    return Expr(.unaryOp(op: op, operand: operand), at: range(from: first))
  }

  /// `await_primary: ['await'] primary`
  @inline(__always)
  private func awaitPrimary() throws(Rejection) -> Expr {
    let first = position
    guard accept(.await) else { return try primary() }
    try require(5)
    let value = try primary()
    return Expr(.await(value: value), at: range(from: first))
  }

  /// `primary: atom` followed by any number of `.name`, `(arguments)` and `[slices]`.
  func primary() throws(Rejection) -> Expr {
    let first = position
    var value = try atom()
    var links = 0
    while true {
      switch kind {
      case .dot:
        advance()
        let attr = try name()
        value = Expr(.attribute(value: value, attr: attr, ctx: .load), at: range(from: first))
      case .leftParen:
        value = try call(value, first)
      case .leftBracket:
        advance()
        try enter()
        let slice = try slices()
        leave()
        try expect(.rightBracket)
        value = Expr(.subscript(value: value, slice: slice, ctx: .load), at: range(from: first))
      default: return value
      }
      links += 1
      if links > Self.maxChain { throw .tooLong }
    }
  }

  /// `slices: slice !',' | ','.(slice | starred_expression)+ [',']`
  func slices() throws(Rejection) -> Expr {
    let first = position
    var elts: [Expr] = []
    var isTuple = false
    repeat {
      if kind == .rightBracket { break }
      if kind == .star {
        elts.append(try starredExpression())
        isTuple = true
      } else {
        elts.append(try slice())
      }
      if kind == .comma { isTuple = true }
    } while accept(.comma)
    guard let only = elts.first else { throw .invalid }
    if !isTuple { return only }
    return Expr(.tuple(elts: elts, ctx: .load), at: range(from: first))
  }

  /// `slice: [expression] ':' [expression] [':' [expression]] | named_expression`
  private func slice() throws(Rejection) -> Expr {
    let first = position
    var lower: Expr?
    if kind != .colon {
      if kind == .name, nextKind == .colonEqual { return try namedExpression() }
      let value = try expression()
      if kind != .colon { return value }
      lower = value
    }
    try expect(.colon)
    var upper: Expr?
    var step: Expr?
    func ends(_ kind: TokenKind) -> Bool {
      kind == .colon || kind == .comma || kind == .rightBracket
    }
    if !ends(kind) { upper = try expression() }
    if accept(.colon), !ends(kind) { step = try expression() }
    return Expr(.slice(lower: lower, upper: upper, step: step), at: range(from: first))
  }

  /// `starred_expression: '*' expression`
  func starredExpression() throws(Rejection) -> Expr {
    let first = position
    try expect(.star)
    let value = try expression()
    return Expr(.starred(value: value, ctx: .load), at: range(from: first))
  }

  /// `named_expression: NAME ':=' expression | expression !':='`
  func namedExpression() throws(Rejection) -> Expr {
    if kind == .name, nextKind == .colonEqual {
      let first = position
      try require(8)
      let target = try nameExpression(.store)
      advance()
      let value = try expression()
      return Expr(.namedExpr(target: target, value: value), at: range(from: first))
    }
    return try expression()
  }

  /// `star_named_expression: '*' bitwise_or | named_expression`
  func starNamedExpression() throws(Rejection) -> Expr {
    guard kind == .star else { return try namedExpression() }
    return try starredOperand()
  }

  /// `'*' bitwise_or`
  private func starredOperand() throws(Rejection) -> Expr {
    let first = position
    advance()
    let value = try operators(Precedence.bitwiseOr)
    return Expr(.starred(value: value, ctx: .load), at: range(from: first))
  }

  /// `star_expression: '*' bitwise_or | expression`
  func starExpression() throws(Rejection) -> Expr {
    kind == .star ? try starredOperand() : try expression()
  }

  /// `star_expressions: ','.star_expression+ [',']`
  func starExpressions() throws(Rejection) -> Expr {
    let first = position
    let value = try starExpression()
    guard kind == .comma else { return value }
    var elts = [value]
    while accept(.comma), startsExpression(kind) { elts.append(try starExpression()) }
    return Expr(.tuple(elts: elts, ctx: .load), at: range(from: first))
  }

  /// `yield_expr: 'yield' 'from' expression | 'yield' [star_expressions]`
  func yieldExpression() throws(Rejection) -> Expr {
    let first = position
    try expect(.yield)
    if accept(.from) {
      let value = try expression()
      return Expr(.yieldFrom(value: value), at: range(from: first))
    }
    let value = startsExpression(kind) ? try starExpressions() : nil
    return Expr(.yield(value: value), at: range(from: first))
  }

  /// `annotated_rhs: yield_expr | star_expressions`
  func annotatedValue() throws(Rejection) -> Expr {
    kind == .yield ? try yieldExpression() : try starExpressions()
  }

  /// Whether a star_expression can begin with a token.
  func startsExpression(_ kind: TokenKind) -> Bool {
    switch kind {
    case .name, .number, .string, .fstringStart, .leftParen, .leftBracket, .leftBrace, .minus,
      .plus, .tilde, .not, .lambda, .await, .none, .true, .false, .ellipsis, .star:
      true
    default: false
    }
  }
}
