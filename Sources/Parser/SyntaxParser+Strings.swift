import AST

extension SyntaxParser {
  /// `strings: (fstring | string)+`: adjacent literals make one value.
  ///
  /// CPython: Parser/action_helpers.c, _PyPegen_concatenate_strings.
  func strings() throws(Rejection) -> Expr {
    let first = position
    if kind == .string, nextKind != .string, nextKind != .fstringStart { return try string() }
    var parts: [Expr] = []
    while true {
      if kind == .string {
        parts.append(try string())
      } else if kind == .fstringStart {
        parts.append(try fstring())
      } else {
        break
      }
    }
    return try concatenate(parts, at: range(from: first))
  }

  /// One `STRING` token.
  func string() throws(Rejection) -> Expr {
    let token = tokens[position]
    let literal: StringLiteral
    do throws(LiteralFailure) {
      literal = try readStringLiteral(text(token))
    } catch {
      literalFailure = error
      throw .invalid
    }
    if let escape = literal.doubtfulEscape { warn(escape, at: token) }
    advance()
    let value: Constant = literal.isBytes ? .bytes(literal.value) : .string(literal.value)
    return Expr(
      .constant(value: value, kind: literal.hasUPrefix ? "u" : nil), at: range(of: position - 1))
  }

  /// Notes the warning for a backslash that begins no escape; digits mean an octal escape beyond
  /// `\377`.
  private func warn(_ escape: DoubtfulEscape, at token: Token) {
    let isOctal = escape.text.utf8.first.map { $0 >= 0x34 && $0 <= 0x37 } ?? false
    let message = "invalid \(isOctal ? "octal " : "")escape sequence '\\\(escape.text)'"
    let lineno = Int(token.lineno) + escape.line
    var column = escape.column
    if escape.line == 0 {
      let start = text(token).prefix(3)
      let quote = start.first.map { $0 == UInt8(ascii: "'") || $0 == UInt8(ascii: "\"") } ?? false
      let quotes = !quote ? 0 : start.count == 3 && Set(start).count == 1 ? 3 : 1
      column += Int(token.colOffset) + quotes
    }
    // The line the tokenizer is on is shown with its end.
    let isCurrent = lineno >= Int(token.endLineno)
    let failure = SourceLines(source).failure(
      message, lineno, column, isCurrent ? Int(token.endLineno) : lineno, withEnd: isCurrent)
    cautions.append(SyntaxCaution(message: message, lineno: lineno, asError: failure))
  }

  /// Joins the parts of adjacent literals, or of a format specification.
  private func concatenate(_ parts: [Expr], at location: SourceRange) throws(Rejection) -> Expr {
    var flat: [Expr] = []
    var sawBytes = false
    var sawText = false
    var sawField = false
    for part in parts {
      switch part.kind {
      case .constant(.bytes, _):
        sawBytes = true
        flat.append(part)
      case .constant:
        sawText = true
        flat.append(part)
      case .joinedStr(let values):
        sawField = true
        flat.append(contentsOf: values)
      default:
        sawField = true
        flat.append(part)
      }
    }
    if sawBytes {
      if sawText || sawField {
        literalFailure = LiteralFailure(message: "cannot mix bytes and nonbytes literals")
        throw .invalid
      }
      var value: [UInt8] = []
      for case .constant(.bytes(let bytes), _) in flat.lazy.map(\.kind) { value += bytes }
      return Expr(.constant(value: .bytes(value), kind: nil), at: location)
    }
    if !sawField, flat.count == 1 { return flat[0] }
    let values = merged(flat, dropEmpty: sawField)
    if !sawField, let only = values.first {
      only.location = location
      return only
    }
    return Expr(.joinedStr(values: values), at: location)
  }

  /// Merges neighbouring constants; the first one's `u` prefix is the prefix of all.
  private func merged(_ parts: [Expr], dropEmpty: Bool) -> [Expr] {
    var values: [Expr] = []
    var i = 0
    while i < parts.count {
      guard case .constant(.string(let head), let kind) = parts[i].kind else {
        values.append(parts[i])
        i += 1
        continue
      }
      let first = parts[i]
      var last = first
      var text = head
      i += 1
      while i < parts.count, case .constant(.string(let more), _) = parts[i].kind {
        text += more
        last = parts[i]
        i += 1
      }
      if dropEmpty, text.isEmpty { continue }
      if last === first {
        values.append(first)
      } else {
        values.append(
          Expr(
            .constant(value: .string(text), kind: kind),
            at: SourceRange(from: first.location, to: last.location)))
      }
    }
    return values
  }

  // MARK: f-strings

  /// `fstring: FSTRING_START fstring_middle* FSTRING_END` (PEP 701)
  func fstring() throws(Rejection) -> Expr {
    let first = position
    let opening = text(tokens[position])
    let isRaw = opening.contains { $0 | 0x20 == UInt8(ascii: "r") }
    try expect(.fstringStart)
    /// The fields between literal parts, and the tokens of those.
    enum Part {
      case literal(Int)
      case field([Expr])
    }
    var parts: [Part] = []
    while kind != .fstringEnd {
      if kind == .fstringMiddle {
        parts.append(.literal(position))
        advance()
      } else {
        try enter()
        parts.append(.field(try replacementField()))
        leave()
      }
    }
    // Literal text is decoded last: its warnings belong to the closing quotes.
    var values: [Expr] = []
    for part in parts {
      switch part {
      case .field(let field): values += field
      case .literal(let index):
        let value = try decode(Array(text(tokens[index])), isRaw: isRaw, at: tokens[position])
        if value.isEmpty { continue }
        values.append(Expr(.constant(value: .string(value), kind: nil), at: range(of: index)))
      }
    }
    advance()
    return Expr(.joinedStr(values: values), at: range(from: first))
  }

  /// Literal text of an f-string with its escapes resolved.
  private func decode(
    _ text: [UInt8], isRaw: Bool, at token: Token
  ) throws(Rejection) -> [UInt8] {
    let isRaw = isRaw || !text.contains(UInt8(ascii: "\\"))
    if isRaw {
      if let problem = text.withUnsafeBufferPointer({ utf8Problem($0) }) {
        literalFailure = LiteralFailure(message: "(unicode error) \(problem)")
        throw .invalid
      }
      return text
    }
    var escape: DoubtfulEscape?
    let result: Result<[UInt8], LiteralFailure> = text.withUnsafeBufferPointer { buffer in
      do throws(LiteralFailure) {
        return .success(try unescapeText(buffer, &escape))
      } catch {
        return .failure(error)
      }
    }
    switch result {
    case .success(let value):
      // The tokenizer has warned about backslashes before braces.
      if let escape, escape.text != "{", escape.text != "}" { warn(escape, at: token) }
      return value
    case .failure(let failure):
      literalFailure = failure
      throw .invalid
    }
  }

  /// Reads the literal text of an f-string, not of its fields, for its errors and warnings only.
  func checkFStringText() throws(Rejection) {
    let opening = tokens[position]
    let isRaw = text(opening).contains { $0 | 0x20 == UInt8(ascii: "r") }
    var last = position
    while tokens[last + 1].kind != .endMarker { last += 1 }
    for index in position...last
    where tokens[index].kind == .fstringMiddle && tokens[index].level == opening.level {
      _ = try decode(Array(text(tokens[index])), isRaw: isRaw, at: tokens[last])
    }
  }

  /// Reads the literal text of a format specification for its errors and warnings only.
  func checkFormatText() throws(Rejection) {
    let token = tokens[position]
    _ = try decode(Array(text(token)), isRaw: false, at: token)
  }

  /// `fstring_replacement_field`; with `=`, its text comes first.
  private func replacementField() throws(Rejection) -> [Expr] {
    let first = position
    try expect(.leftBrace)
    let value = try annotatedValue()
    let isDebug = accept(.equal)
    /// The token that ends the text shown by `=`.
    let textEnd = position
    var conversion: Int32 = -1
    var conversionName: Int?
    if accept(.exclamation) {
      let token = tokens[position]
      let mark = tokens[position - 1]
      guard token.kind == .name, token.lineno == mark.lineno, token.start == mark.end,
        token.end - token.start == 1
      else { throw .invalid }
      let letter = source[Int(token.start)]
      guard
        letter == UInt8(ascii: "s") || letter == UInt8(ascii: "r") || letter == UInt8(ascii: "a")
      else { throw .invalid }
      conversion = Int32(letter)
      conversionName = position
      advance()
    }
    var spec: Expr?
    if kind == .colon { spec = try formatSpecification() }
    try expect(.rightBrace)
    if isDebug, conversionName == nil, spec == nil { conversion = Int32(UInt8(ascii: "r")) }
    let location = range(from: first)
    let field = Expr(
      .formattedValue(value: value, conversion: conversion, formatSpec: spec), at: location)
    guard isDebug else { return [field] }
    var end = (location.endLineno, location.endColOffset)
    if let conversionName {
      end = (tokens[conversionName].lineno, tokens[conversionName].colOffset)
    } else if let spec {
      end = (spec.location.lineno, spec.location.colOffset + 1)
    }
    let shown = debugText(Int(tokens[first].end), Int(tokens[textEnd].start))
    let text = Expr(
      .constant(value: .string(shown), kind: nil),
      at: SourceRange(
        lineno: location.lineno, colOffset: location.colOffset + 1, endLineno: end.0,
        endColOffset: end.1 - 1))
    return [text, field]
  }

  /// The source between two places, without comments.
  private func debugText(_ start: Int, _ end: Int) -> [UInt8] {
    var text: [UInt8] = []
    var p = start
    while p < end {
      if source[p] == UInt8(ascii: "#") {
        while p < end, source[p] != UInt8(ascii: "\n") { p += 1 }
        continue
      }
      text.append(source[p])
      p += 1
    }
    return text
  }

  /// `fstring_full_format_spec: ':' (FSTRING_MIDDLE | fstring_replacement_field)*`
  private func formatSpecification() throws(Rejection) -> Expr {
    let first = position
    advance()
    var parts: [Expr] = []
    while true {
      if kind == .fstringMiddle {
        let token = tokens[position]
        let value = try decode(Array(text(token)), isRaw: false, at: token)
        advance()
        if value.isEmpty { continue }
        parts.append(
          Expr(.constant(value: .string(value), kind: nil), at: range(of: position - 1)))
      } else if kind == .leftBrace {
        try enter()
        let field = position
        let values = try replacementField()
        leave()
        if values.count == 1 {
          parts += values
        } else {
          parts.append(Expr(.joinedStr(values: values), at: range(from: field)))
        }
      } else {
        break
      }
    }
    let location = range(from: first)
    if parts.isEmpty { return Expr(.joinedStr(values: []), at: location) }
    if parts.count == 1, case .constant = parts[0].kind {
      return Expr(.joinedStr(values: parts), at: location)
    }
    return try concatenate(parts, at: location)
  }
}
