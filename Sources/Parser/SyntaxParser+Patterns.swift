import AST

/// The patterns of `case` (PEP 634).
extension SyntaxParser {
  /// `patterns: open_sequence_pattern | pattern`
  func patterns() throws(Rejection) -> Pattern {
    let first = position
    let isStarred = kind == .star
    let pattern = try maybeStarPattern()
    guard kind == .comma else {
      if isStarred { throw .invalid }
      return pattern
    }
    var all = [pattern]
    while accept(.comma), kind != .colon, kind != .if { all.append(try maybeStarPattern()) }
    return Pattern(.matchSequence(patterns: all), at: range(from: first))
  }

  /// `pattern: or_pattern ['as' pattern_capture_target]`
  func pattern() throws(Rejection) -> Pattern {
    let first = position
    let pattern = try orPattern()
    guard accept(.as) else { return pattern }
    let name = try captureTarget()
    return Pattern(.matchAs(pattern: pattern, name: name), at: range(from: first))
  }

  /// `pattern_capture_target: !"_" NAME !('.' | '(' | '=')`
  private func captureTarget() throws(Rejection) -> Identifier {
    if isWord("_", at: position) { throw .invalid }
    let name = try name()
    if kind == .dot || kind == .leftParen || kind == .equal { throw .invalid }
    return name
  }

  /// `or_pattern: '|'.closed_pattern+`
  private func orPattern() throws(Rejection) -> Pattern {
    let first = position
    let pattern = try closedPattern()
    guard kind == .verticalBar else { return pattern }
    var all = [pattern]
    while accept(.verticalBar) { all.append(try closedPattern()) }
    return Pattern(.matchOr(patterns: all), at: range(from: first))
  }

  /// `maybe_star_pattern: star_pattern | pattern`
  private func maybeStarPattern() throws(Rejection) -> Pattern {
    let first = position
    guard accept(.star) else { return try pattern() }
    if isWord("_", at: position) {
      advance()
      return Pattern(.matchStar(name: nil), at: range(from: first))
    }
    let name = try captureTarget()
    return Pattern(.matchStar(name: name), at: range(from: first))
  }

  /// `closed_pattern`
  private func closedPattern() throws(Rejection) -> Pattern {
    let first = position
    switch kind {
    case .number, .minus, .string, .fstringStart:
      let value = try literal()
      return Pattern(.matchValue(value: value), at: range(from: first))
    case .none: return singleton(.none)
    case .true: return singleton(.true)
    case .false: return singleton(.false)
    case .name:
      if isWord("_", at: position) {
        advance()
        return Pattern(.matchAs(pattern: nil, name: nil), at: range(from: first))
      }
      return try namedPattern()
    case .leftParen, .leftBracket:
      try enter()
      let pattern = try bracketedPattern()
      leave()
      return pattern
    case .leftBrace:
      try enter()
      let pattern = try mappingPattern()
      leave()
      return pattern
    default: throw .invalid
    }
  }

  private func singleton(_ value: Constant) -> Pattern {
    advance()
    return Pattern(.matchSingleton(value: value), at: range(of: position - 1))
  }

  /// `signed_number !('+' | '-') | complex_number | strings`
  private func literal() throws(Rejection) -> Expr {
    if kind == .string || kind == .fstringStart { return try strings() }
    let first = position
    let isNegative = accept(.minus)
    let digits = try number()
    var value = digits
    if isNegative {
      value = Expr(.unaryOp(op: .uSub, operand: digits), at: range(from: first))
    }
    guard kind == .plus || kind == .minus else { return value }
    let op: Operator = kind == .plus ? .add : .sub
    advance()
    let imaginary = try number()
    if case .constant(.complex, _) = digits.kind { throw .invalid }
    guard case .constant(.complex, _) = imaginary.kind else { throw .invalid }
    return Expr(.binOp(left: value, op: op, right: imaginary), at: range(from: first))
  }

  /// `name_or_attr`, at least a name
  private func dottedPatternName() throws(Rejection) -> Expr {
    let first = position
    var value = try nameExpression(.load)
    var links = 0
    while accept(.dot) {
      let attr = try name()
      value = Expr(.attribute(value: value, attr: attr, ctx: .load), at: range(from: first))
      links += 1
      if links > Self.maxChain { throw .tooLong }
    }
    return value
  }

  /// `capture_pattern | value_pattern | class_pattern`
  private func namedPattern() throws(Rejection) -> Pattern {
    let first = position
    if nextKind != .dot, nextKind != .leftParen {
      let name = try captureTarget()
      return Pattern(.matchAs(pattern: nil, name: name), at: range(from: first))
    }
    let value = try dottedPatternName()
    if kind == .leftParen {
      try enter()
      let pattern = try classPattern(value, first)
      leave()
      return pattern
    }
    if kind == .equal { throw .invalid }
    return Pattern(.matchValue(value: value), at: range(from: first))
  }

  /// `class_pattern: name_or_attr '(' [positional and then keyword patterns] ')'`
  private func classPattern(_ cls: Expr, _ first: Int) throws(Rejection) -> Pattern {
    try expect(.leftParen)
    var patterns: [Pattern] = []
    var kwdAttrs: [Identifier] = []
    var kwdPatterns: [Pattern] = []
    while kind != .rightParen {
      if kind == .name, nextKind == .equal {
        kwdAttrs.append(try name())
        advance()
        kwdPatterns.append(try pattern())
      } else {
        if !kwdAttrs.isEmpty { throw .invalid }
        patterns.append(try pattern())
      }
      if !accept(.comma) { break }
    }
    try expect(.rightParen)
    return Pattern(
      .matchClass(cls: cls, patterns: patterns, kwdAttrs: kwdAttrs, kwdPatterns: kwdPatterns),
      at: range(from: first))
  }

  /// `group_pattern | sequence_pattern`
  private func bracketedPattern() throws(Rejection) -> Pattern {
    let first = position
    let close: TokenKind = kind == .leftParen ? .rightParen : .rightBracket
    advance()
    var all: [Pattern] = []
    var sawComma = false
    while kind != close {
      let isStarred = kind == .star
      all.append(try maybeStarPattern())
      if !accept(.comma) {
        if close == .rightParen, isStarred, !sawComma { throw .invalid }
        break
      }
      sawComma = true
    }
    try expect(close)
    if close == .rightParen, !sawComma, let group = all.first { return group }
    return Pattern(.matchSequence(patterns: all), at: range(from: first))
  }

  /// `mapping_pattern: '{' [key ':' pattern, ...] ['**' rest] '}'`
  private func mappingPattern() throws(Rejection) -> Pattern {
    let first = position
    advance()
    var keys: [Expr] = []
    var patterns: [Pattern] = []
    var rest: Identifier?
    while kind != .rightBrace {
      if accept(.doubleStar) {
        rest = try captureTarget()
        _ = accept(.comma)
        break
      }
      keys.append(try mappingKey())
      try expect(.colon)
      patterns.append(try pattern())
      if !accept(.comma) { break }
    }
    try expect(.rightBrace)
    return Pattern(
      .matchMapping(keys: keys, patterns: patterns, rest: rest), at: range(from: first))
  }

  /// `literal_expr | attr`
  private func mappingKey() throws(Rejection) -> Expr {
    let value: Constant
    switch kind {
    case .none: value = .none
    case .true: value = .true
    case .false: value = .false
    case .name:
      if nextKind != .dot { throw .invalid }
      return try dottedPatternName()
    default: return try literal()
    }
    advance()
    return Expr(.constant(value: value, kind: nil), at: range(of: position - 1))
  }
}
