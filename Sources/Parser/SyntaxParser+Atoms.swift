import AST

extension SyntaxParser {
  /// `atom`: names, constants, literals and everything in brackets.
  func atom() throws(Rejection) -> Expr {
    let first = position
    switch kind {
    case .name:
      switch nextKind {
      case .minus, .plus, .star, .leftBracket:
        if isWord("print", at: first) || isWord("exec", at: first) { resemblesMistake = true }
      default: break
      }
      return try nameExpression(.load)
    case .true: return constant(.true)
    case .false: return constant(.false)
    case .none: return constant(.none)
    case .ellipsis: return constant(.ellipsis)
    case .number: return try number()
    case .string, .fstringStart: return try strings()
    case .leftParen:
      try enter()
      let value = try parenthesized(first)
      leave()
      return value
    case .leftBracket:
      try enter()
      let value = try bracketed(first)
      leave()
      return value
    case .leftBrace:
      try enter()
      let value = try braced(first)
      leave()
      return value
    default: throw .invalid
    }
  }

  private func constant(_ value: Constant) -> Expr {
    advance()
    return Expr(.constant(value: value, kind: nil), at: range(of: position - 1))
  }

  /// `NUMBER`
  func number() throws(Rejection) -> Expr {
    let token = tokens[position]
    guard token.kind == .number else { throw .invalid }
    let text = text(token)
    if featureVersion < 6, text.contains(UInt8(ascii: "_")) { throw .invalid }
    guard case .value(let value) = readNumberLiteral(text, maxDigits: maxIntDigits) else {
      throw .invalid
    }
    return constant(value)
  }

  /// `tuple | group | genexp`
  private func parenthesized(_ first: Int) throws(Rejection) -> Expr {
    advance()
    if accept(.rightParen) { return Expr(.tuple(elts: [], ctx: .load), at: range(from: first)) }
    if kind == .yield {
      let value = try yieldExpression()
      try expect(.rightParen)
      return value
    }
    let isStarred = kind == .star
    let value = try starNamedExpression()
    switch kind {
    case .rightParen:
      if isStarred { throw .invalid }
      advance()
      return value
    case .comma:
      let elts = try elements(value, until: .rightParen)
      return Expr(.tuple(elts: elts, ctx: .load), at: range(from: first))
    case .for, .async:
      if isStarred { throw .invalid }
      let generators = try comprehensions()
      try expect(.rightParen)
      return Expr(.generatorExp(elt: value, generators: generators), at: range(from: first))
    default: throw .invalid
    }
  }

  /// The elements after `first`, commas between, up to and with `close`.
  private func elements(_ first: Expr, until close: TokenKind) throws(Rejection) -> [Expr] {
    var elts = [first]
    while accept(.comma), kind != close { elts.append(try starNamedExpression()) }
    try expect(close)
    return elts
  }

  /// `list | listcomp`
  private func bracketed(_ first: Int) throws(Rejection) -> Expr {
    advance()
    if accept(.rightBracket) { return Expr(.list(elts: [], ctx: .load), at: range(from: first)) }
    let isStarred = kind == .star
    let value = try starNamedExpression()
    if kind == .for || kind == .async {
      if isStarred { throw .invalid }
      let generators = try comprehensions()
      try expect(.rightBracket)
      return Expr(.listComp(elt: value, generators: generators), at: range(from: first))
    }
    let elts = try elements(value, until: .rightBracket)
    return Expr(.list(elts: elts, ctx: .load), at: range(from: first))
  }

  /// `dict | set | dictcomp | setcomp`
  private func braced(_ first: Int) throws(Rejection) -> Expr {
    advance()
    if kind == .rightBrace || kind == .doubleStar { return try dict(first, firstKey: nil) }
    let isStarred = kind == .star
    let isNamed = kind == .name && nextKind == .colonEqual
    let value = try starNamedExpression()
    if kind == .colon {
      if isStarred || isNamed { throw .invalid }
      return try dict(first, firstKey: value)
    }
    if kind == .for || kind == .async {
      if isStarred { throw .invalid }
      let generators = try comprehensions()
      try expect(.rightBrace)
      return Expr(.setComp(elt: value, generators: generators), at: range(from: first))
    }
    let elts = try elements(value, until: .rightBrace)
    return Expr(.set(elts: elts), at: range(from: first))
  }

  /// `dict | dictcomp`, from its first pair on; `firstKey` was parsed already.
  private func dict(_ first: Int, firstKey: Expr?) throws(Rejection) -> Expr {
    var keys: [Expr?] = []
    var values: [Expr] = []
    var pending = firstKey
    while kind != .rightBrace {
      if let key = pending {
        pending = nil
        try expect(.colon)
        let value = try expression()
        if keys.isEmpty, kind == .for || kind == .async {
          let generators = try comprehensions()
          try expect(.rightBrace)
          return Expr(
            .dictComp(key: key, value: value, generators: generators), at: range(from: first))
        }
        keys.append(key)
        values.append(value)
      } else if accept(.doubleStar) {
        keys.append(nil)
        values.append(try operators(Precedence.bitwiseOr))
      } else {
        let key = try expression()
        try expect(.colon)
        keys.append(key)
        values.append(try expression())
      }
      if !accept(.comma) { break }
    }
    try expect(.rightBrace)
    return Expr(.dict(keys: keys, values: values), at: range(from: first))
  }

  /// `for_if_clauses: (['async'] 'for' star_targets 'in' disjunction ('if' disjunction)*)+`
  func comprehensions() throws(Rejection) -> [Comprehension] {
    var clauses: [Comprehension] = []
    while kind == .for || kind == .async {
      let isAsync = accept(.async)
      if isAsync { try require(6) }
      try expect(.for)
      let target = try starTargets()
      try expect(.in)
      let iter = try operators(Precedence.or)
      var ifs: [Expr] = []
      while accept(.if) { ifs.append(try operators(Precedence.or)) }
      clauses.append(Comprehension(target: target, iter: iter, ifs: ifs, isAsync: isAsync))
    }
    if clauses.isEmpty { throw .invalid }
    return clauses
  }

  /// The call of `function`, which began at token `first`; the current token is the bracket.
  func call(_ function: Expr, _ first: Int) throws(Rejection) -> Expr {
    let open = position
    advance()
    try enter()
    var (args, keywords) = try arguments()
    leave()
    if kind == .for || kind == .async {
      // A generator expression may go without brackets of its own when it is the only argument.
      guard args.count == 1, keywords.isEmpty, tokens[position - 1].kind != .comma,
        tokens[open + 1].kind != .star
      else { throw .invalid }
      let generators = try comprehensions()
      try expect(.rightParen)
      args[0] = Expr(.generatorExp(elt: args[0], generators: generators), at: range(from: open))
    } else {
      try expect(.rightParen)
    }
    return Expr(.call(function: function, args: args, keywords: keywords), at: range(from: first))
  }

  /// `args`: positional and starred arguments, then keywords among which starred ones may stand
  /// until `**` comes.
  func arguments() throws(Rejection) -> (args: [Expr], keywords: [Keyword]) {
    var args: [Expr] = []
    var keywords: [Keyword] = []
    var sawUnpacking = false
    while true {
      let first = position
      switch kind {
      case .rightParen: return (args, keywords)
      case .star:
        if sawUnpacking { throw .invalid }
        args.append(try starredExpression())
      case .doubleStar:
        advance()
        sawUnpacking = true
        let value = try expression()
        keywords.append(Keyword(arg: nil, value: value, at: range(from: first)))
      case .name where nextKind == .equal:
        let arg = try name()
        advance()
        let value = try expression()
        keywords.append(Keyword(arg: arg, value: value, at: range(from: first)))
      default:
        if !keywords.isEmpty { throw .invalid }
        args.append(try namedExpression())
      }
      if !accept(.comma) { return (args, keywords) }
    }
  }
}
