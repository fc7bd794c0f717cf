import AST

/// What the braces of the grammar ask for.
extension SyntaxDiagnosis {
  /// Carries out an action. False makes its rule fail; an error is thrown.
  func perform(
    _ action: GrammarAction, _ captures: Captures
  ) throws(SyntaxFailure) -> Bool {
    let a = captures.a
    let b = captures.b
    switch action.verb {
    case "error": throw raise(.syntaxError, message(action, a))
    case "next": throw raise(.syntaxError, message(action, a), at: try token(mark))
    case "indent": throw raise(.indentationError, message(action, a))
    case "at", "range":
      let last = action.operands.count > 1 ? b : a
      throw raise(.syntaxError, message(action, a), from: range(a), to: range(last, isLast: true))
    case "from": throw raise(message(action, a), startingFrom: range(a))
    case "since":
      if options.featureVersion >= action.version { return true }
      throw raise(
        .syntaxError,
        "\(action.message) only supported in Python 3.\(action.version) and greater")
    case "endOfInput": return false
    case "futureImport":
      noteFutureImport(a, b)
      return true
    case "notEqual": return try checkNotEqual(buffer.tokens[a.start])
    case "realNumber":
      if isImaginary(a) {
        throw raise(
          .syntaxError, "real number required in complex literal", from: range(a), to: range(a))
      }
      return true
    case "imaginaryNumber":
      if !isImaginary(a) {
        throw raise(
          .syntaxError, "imaginary number required in complex literal", from: range(a),
          to: range(a))
      }
      return true
    case "bound":
      var isTuple = false
      if let bound = expression(b), case .tuple = bound.kind { isTuple = true }
      throw raise(
        "cannot use \(isTuple ? "constraints" : "bound") with \(action.message)",
        startingFrom: range(a))
    case "conversion":
      try checkConversion(a, b)
      return true
    case "conversionLetter":
      try checkConversionLetter(a)
      return true
    case "numberText":
      try checkNumber(buffer.tokens[a.start])
      return true
    case "stringText", "formatText":
      try checkLiteral(a.start, a.end, action.verb)
      return true
    case "fstringText":
      try checkLiteral(a.start, b.end, action.verb)
      return true
    case "stringKinds":
      try checkStringKinds()
      return true
    case "isUTF8":
      if let problem = utf8Problem(bytes(buffer.tokens[a.start])) {
        throw SyntaxFailure(.unicodeDecodeError, problem)
      }
      return true
    case "bareGenerator": return try checkBareGenerator(a, b)
    case "argumentOrder":
      let unpacks = arguments(a).keywords.contains { $0.arg == nil }
      throw raise(
        .syntaxError,
        "positional argument follows keyword argument\(unpacks ? " unpacking" : "")")
    case "legacyCall":
      guard let name = legacyName(a) else { return false }
      throw raise(
        .syntaxError, "Missing parentheses in call to '\(name)'. Did you mean \(name)(...)?",
        from: range(a), to: range(b))
    case "missingComma":
      if legacyName(a) != nil || buffer.tokens[mark - 1].level == 0 { return false }
      throw raise(
        .syntaxError, "invalid syntax. Perhaps you forgot a comma?", from: range(a), to: range(b))
    case "assignTarget": return try checkTarget(a, .store, inLoop: false)
    case "deleteTarget": return try checkTarget(a, .del, inLoop: false)
    case "loopTarget": return try checkTarget(a, .store, inLoop: true)
    case "missingDictColon":
      let key = range(a)
      throw known(
        .syntaxError, "':' expected after dictionary key", Int(key.lineno),
        Int(key.endColOffset), Int(key.endLineno), 0)
    default: return true
    }
  }

  /// The action's message with its placeholders filled in.
  private func message(_ action: GrammarAction, _ a: Span) -> String {
    guard let percent = action.message.utf8.firstIndex(of: UInt8(ascii: "%")) else {
      return action.message
    }
    let tail = action.message[percent...]
    let head = action.message[..<percent]
    if tail.hasPrefix("%line") {
      return head + String(buffer.tokens[a.start].lineno) + tail.dropFirst(5)
    }
    if tail.hasPrefix("%text") {
      return head + String(decoding: bytes(buffer.tokens[a.start]), as: UTF8.self)
        + tail.dropFirst(5)
    }
    let name = expression(a).map(Self.kindName) ?? "expression"
    return head + name + tail.dropFirst(5)
  }

  // MARK: Parts as trees

  /// Lets the tree builder parse the tokens of `span`.
  private func rebuild<T>(
    _ span: Span, _ parse: (SyntaxParser) throws(SyntaxParser.Rejection) -> T
  ) -> T? {
    let part = TokenBuffer(capacity: span.end - span.start + 8)
    for i in span.start..<span.end { part.append(buffer.tokens[i]) }
    part.pad()
    let parser = SyntaxParser(
      source: UnsafePointer(text.bytes), tokens: UnsafePointer(part.tokens), options: options,
      maxDepth: Self.maxLevel)
    parser.isBarry = isBarry
    return withExtendedLifetime(part) {
      do throws(SyntaxParser.Rejection) {
        return try parse(parser)
      } catch {
        return nil
      }
    }
  }

  /// The expression that `span` matched.
  func expression(_ span: Span) -> Expr? {
    rebuild(span) { (parser) throws(SyntaxParser.Rejection) -> Expr in
      if self.ruleName(span) == "starred_expression" { return try parser.starredExpression() }
      switch parser.kind {
      case .yield: return try parser.yieldExpression()
      case .not where self.ruleName(span) == "inversion":
        return try parser.operators(Precedence.not)
      case .name where parser.nextKind == .colonEqual: return try parser.namedExpression()
      default: return try parser.starExpressions()
      }
    }
  }

  private func ruleName(_ span: Span) -> String {
    span.rule < 0 ? "" : grammar.names[Int(span.rule)]
  }

  private func arguments(_ span: Span) -> (args: [Expr], keywords: [Keyword]) {
    rebuild(span) { (parser) throws(SyntaxParser.Rejection) in try parser.arguments() } ?? ([], [])
  }

  private func tokenRange(_ span: Span) -> SourceRange {
    SourceRange(
      from: place(buffer.tokens[span.start]),
      to: place(buffer.tokens[max(span.start, span.end - 1)]))
  }

  /// Where what `span` matched stands. Of a list it is the first element, or the last.
  private func range(_ span: Span, isLast: Bool = false) -> SourceRange {
    switch ruleName(span) {
    case "": return tokenRange(span)
    case "for_if_clauses":
      let clauses = rebuild(span) { (parser) throws(SyntaxParser.Rejection) in
        try parser.comprehensions()
      }
      guard let last = clauses?.last else { return tokenRange(span) }
      return (last.ifs.last ?? last.iter).location
    case "star_named_expressions":
      let elements = rebuild(span) { (parser) throws(SyntaxParser.Rejection) -> [Expr] in
        var all: [Expr] = []
        repeat {
          if parser.kind == .endMarker { break }
          all.append(try parser.starNamedExpression())
        } while parser.accept(.comma)
        return all
      }
      return elements?.last?.location ?? tokenRange(span)
    case "invalid_class_argument_pattern", "positional_patterns":
      let patterns = rebuild(span) { (parser) throws(SyntaxParser.Rejection) -> [Pattern] in
        var all: [Pattern] = []
        repeat { all.append(try parser.pattern()) } while parser.accept(.comma)
        return all
      }
      guard let patterns, let first = patterns.first, let last = patterns.last else {
        return tokenRange(span)
      }
      return SourceRange(from: first.location, to: last.location)
    case "param", "param_no_default", "lambda_param", "lambda_param_no_default", "number":
      return tokenRange(span)
    default: return expression(span)?.location ?? tokenRange(span)
    }
  }

  /// What CPython calls an expression in messages (`_PyPegen_get_expr_name`).
  static func kindName(_ expression: Expr) -> String {
    switch expression.kind {
    case .attribute: "attribute"
    case .subscript: "subscript"
    case .starred: "starred"
    case .name: "name"
    case .list: "list"
    case .tuple: "tuple"
    case .lambda: "lambda"
    case .call: "function call"
    case .boolOp, .binOp, .unaryOp, .slice: "expression"
    case .generatorExp: "generator expression"
    case .yield, .yieldFrom: "yield expression"
    case .await: "await expression"
    case .listComp: "list comprehension"
    case .setComp: "set comprehension"
    case .dictComp: "dict comprehension"
    case .dict: "dict literal"
    case .set: "set display"
    case .joinedStr, .formattedValue: "f-string expression"
    case .constant(.none, _): "None"
    case .constant(.true, _): "True"
    case .constant(.false, _): "False"
    case .constant(.ellipsis, _): "ellipsis"
    case .constant: "literal"
    case .compare: "comparison"
    case .ifExp: "conditional expression"
    case .namedExpr: "named expression"
    }
  }

  // MARK: Targets

  private func checkTarget(
    _ span: Span, _ ctx: ExprContext, inLoop: Bool
  ) throws(SyntaxFailure) -> Bool {
    guard let whole = expression(span),
      let wrong = Self.invalidTarget(whole, ctx, inLoop: inLoop)
    else { return false }
    let verb = ctx == .del ? "delete" : "assign to"
    throw raise(
      .syntaxError, "cannot \(verb) \(Self.kindName(wrong))", from: wrong.location,
      to: wrong.location)
  }

  /// The first part of `target` that cannot be assigned to, or deleted
  /// (`_PyPegen_get_invalid_target`).
  private static func invalidTarget(_ target: Expr, _ ctx: ExprContext, inLoop: Bool) -> Expr? {
    switch target.kind {
    case .list(let elts, _), .tuple(let elts, _):
      for element in elts {
        if let wrong = invalidTarget(element, ctx, inLoop: inLoop) { return wrong }
      }
      return nil
    case .starred(let value, _):
      return ctx == .del ? target : invalidTarget(value, ctx, inLoop: inLoop)
    case .compare(let left, let ops, _):
      // `for a in b` parses as `for (a in b)` here.
      guard inLoop else { return target }
      return ops.first == .in ? invalidTarget(left, ctx, inLoop: inLoop) : nil
    case .name, .subscript, .attribute: return nil
    default: return target
    }
  }

  // MARK: Literals

  private func isImaginary(_ span: Span) -> Bool {
    let token = buffer.tokens[span.start]
    return bytes(token).last.map { $0 | 0x20 == UInt8(ascii: "j") } ?? false
      && bytes(token).prefix(2).allSatisfy { $0 | 0x20 != UInt8(ascii: "x") }
  }

  private func checkNumber(_ token: Token) throws(SyntaxFailure) {
    if options.featureVersion < 6, bytes(token).contains(UInt8(ascii: "_")) {
      throw raise(
        .syntaxError,
        "Underscores in numeric literals are only supported in Python 3.6 and greater")
    }
    guard
      case .tooManyDigits(let count) = readNumberLiteral(
        bytes(token), maxDigits: options.maxIntDigits)
    else { return }
    throw known(
      .syntaxError,
      "Exceeds the limit (\(options.maxIntDigits) digits) for integer string conversion: "
        + "value has \(count) digits; use sys.set_int_max_str_digits() to increase the limit - "
        + "Consider hexadecimal for huge integer literals to avoid decimal conversion limits.",
      Int(token.lineno), 0, Int(token.lineno), 0)
  }

  /// Reads the literal in tokens `start ..< end` for its errors and warnings.
  private func checkLiteral(_ start: Int, _ end: Int, _ verb: String) throws(SyntaxFailure) {
    let span = Span(start: start, end: end)
    var problem: LiteralFailure?
    var warnings: [SyntaxCaution] = []
    _ = rebuild(span) { (parser) throws(SyntaxParser.Rejection) in
      defer {
        problem = parser.literalFailure
        warnings = parser.cautions
      }
      switch verb {
      case "stringText": _ = try parser.string()
      case "fstringText": try parser.checkFStringText()
      default: try parser.checkFormatText()
      }
    }
    if !callsInvalid { cautions += warnings }
    guard let problem else { return }
    let codecPrefix = "(unicode error) "
    if verb == "formatText", problem.message.hasPrefix(codecPrefix) {
      throw SyntaxFailure(
        .unicodeDecodeError, String(problem.message.dropFirst(codecPrefix.count)))
    }
    if problem.atToken {
      let place = place(buffer.tokens[start])
      throw raise(.syntaxError, problem.message, from: place, to: place)
    }
    throw raise(.syntaxError, problem.message)
  }

  /// Bytes and text do not join. The literals end at the current token.
  private func checkStringKinds() throws(SyntaxFailure) {
    var sawBytes = false
    var sawText = false
    var depth = 0
    var i = mark - 1
    scan: while i >= 0 {
      let token = buffer.tokens[i]
      switch token.kind {
      case .fstringEnd:
        depth += 1
        sawText = true
      case .fstringStart: depth -= 1
      case .string where depth == 0:
        let prefix = bytes(token).prefix { $0 != UInt8(ascii: "'") && $0 != UInt8(ascii: "\"") }
        if prefix.contains(where: { $0 | 0x20 == UInt8(ascii: "b") }) {
          sawBytes = true
        } else {
          sawText = true
        }
      default: if depth == 0 { break scan }
      }
      i -= 1
    }
    if sawBytes, sawText { throw raise(.syntaxError, "cannot mix bytes and nonbytes literals") }
  }

  private func checkConversion(_ mark: Span, _ name: Span) throws(SyntaxFailure) {
    let first = buffer.tokens[mark.start]
    let letter = buffer.tokens[name.start]
    if first.lineno != letter.lineno || first.endColOffset != letter.colOffset {
      throw raise(
        .syntaxError, "f-string: conversion type must come right after the exclamanation mark",
        from: place(first), to: place(letter))
    }
  }

  /// The letter after `!`, once the whole field has been read.
  private func checkConversionLetter(_ conversion: Span) throws(SyntaxFailure) {
    guard conversion.end > conversion.start else { return }
    let letter = buffer.tokens[conversion.end - 1]
    let text = String(decoding: bytes(letter), as: UTF8.self)
    if text == "s" || text == "r" || text == "a" { return }
    throw raise(
      .syntaxError,
      "f-string: invalid conversion character '\(text)': expected 's', 'r', or 'a'",
      from: place(letter), to: place(letter))
  }

  // MARK: Calls, names and operators

  private func checkBareGenerator(_ args: Span, _ clauses: Span) throws(SyntaxFailure) -> Bool {
    let positional = arguments(args).args
    guard positional.count > 1, let last = positional.last else { return false }
    throw raise(
      .syntaxError, "Generator expression must be parenthesized", from: last.location,
      to: range(clauses))
  }

  /// The statement of Python 2 that a name stands for.
  private func legacyName(_ span: Span) -> String? {
    guard span.end == span.start + 1, buffer.tokens[span.start].kind == .name else { return nil }
    let name = String(decoding: bytes(buffer.tokens[span.start]), as: UTF8.self)
    return name == "print" || name == "exec" ? name : nil
  }

  private func checkNotEqual(_ token: Token) throws(SyntaxFailure) -> Bool {
    let isOldSpelling = bytes(token).first == UInt8(ascii: "<")
    if isBarry, !isOldSpelling {
      throw raise(.syntaxError, "with Barry as BDFL, use '<>' instead of '!='")
    }
    return isOldSpelling == isBarry
  }

  private func noteFutureImport(_ module: Span, _ names: Span) {
    guard module.end == module.start + 1,
      bytes(buffer.tokens[module.start]).elementsEqual("__future__".utf8),
      buffer.tokens[module.start - 1].kind == .from
    else { return }
    for i in names.start..<names.end
    where bytes(buffer.tokens[i]).elementsEqual("barry_as_FLUFL".utf8) { isBarry = true }
  }
}
