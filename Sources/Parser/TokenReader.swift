/// One token as the `_tokenize` module reports it.
public struct TokenRecord: Sendable {
  /// The number of CPython's `token` module.
  public var type: Int
  /// The token's text in UTF-8.
  public var string: [UInt8]
  /// Lines count from 1, columns in characters from 0.
  public var start: (line: Int, column: Int)
  public var end: (line: Int, column: Int)
  /// The line, or lines, that the token stands on, in UTF-8.
  public var line: [UInt8]
}

/// Reads the tokens of a whole source, one at a time, for `_tokenize.TokenizerIter`.
///
/// With `extraTokens`, comments and blank lines are tokens too, operators all have the type `OP`,
/// and what only the parser would reject is let pass.
///
/// CPython: Python/Python-tokenize.c.
public final class TokenReader {
  private let text: SourceText
  private var tokenizer: Tokenizer
  private let extraTokens: Bool
  /// The source's last line had no end, and was given one.
  private let hasImplicitNewline: Bool
  private var isDone = false

  /// - Parameter source: UTF-8, line ends as they are.
  public init(_ source: UnsafeBufferPointer<UInt8>, extraTokens: Bool) throws(SyntaxFailure) {
    text = try SourceText(
      source, ignoreCookie: true, endsWithNewline: true, keepsCarriageReturns: true, decoder: nil)
    hasImplicitNewline = source.last.map { $0 != UInt8(ascii: "\n") } ?? false
    self.extraTokens = extraTokens
    tokenizer = Tokenizer(
      source: UnsafePointer(text.bytes), count: text.count, extraTokens: extraTokens)
  }

  /// The warnings met so far.
  public var cautions: [SyntaxCaution] { tokenizer.cautions }

  /// The next token; `nil` after `ENDMARKER`.
  public func next() throws(SyntaxFailure) -> TokenRecord? {
    if isDone { return nil }
    let token = tokenizer.next()
    if token.kind == .error { throw failure() }
    if token.kind == .endMarker { isDone = true }
    return record(token)
  }

  private func record(_ token: Token) -> TokenRecord {
    let isMultiLine =
      token.kind == .string || token.kind == .fstringStart || token.kind == .fstringMiddle
      || token.kind == .fstringEnd
    let lineStart = isMultiLine ? Int(token.start) - Int(token.colOffset) : tokenizer.lineStart
    let isTrailing =
      token.kind == .endMarker || token.kind == .dedent && tokenizer.state == .endOfFile
    let isImplicit = hasImplicitNewline && tokenizer.limit == text.count
    var string = slice(Int(token.start), Int(token.end))
    if token.kind == .endMarker || token.kind == .dedent { string = [] }
    if token.kind == .indent, !extraTokens { string = [] }
    var start = (line: Int(token.lineno), column: -1)
    var end = (line: Int(token.endLineno), column: -1)
    if token.colOffset >= 0 {
      start.column = characters(lineStart, lineStart + Int(token.colOffset))
      // Of a doubled brace only the first counts.
      let last =
        token.kind == .fstringMiddle
        ? Int(token.end) : tokenizer.lineStart + Int(token.endColOffset)
      end.column = characters(tokenizer.lineStart, last)
    }
    var line: [UInt8] = []
    if !(extraTokens && isTrailing) {
      let lineEnd = tokenizer.limit - (isImplicit && tokenizer.limit > lineStart ? 1 : 0)
      line = slice(lineStart, lineEnd)
    }
    var type = Int(token.kind.rawValue)
    if token.kind.isKeyword { type = Int(TokenKind.name.rawValue) }
    guard extraTokens else {
      if token.kind == .newline { end.column -= 1 }
      return TokenRecord(type: type, string: string, start: start, end: end, line: line)
    }
    if isTrailing {
      start = (start.line + 1, 0)
      end = start
    }
    if type > Int(TokenKind.dedent.rawValue), type < Int(TokenKind.op.rawValue) {
      type = Int(TokenKind.op.rawValue)
    } else if token.kind == .newline {
      let isCarriageReturn = text.bytes[Int(token.start)] == UInt8(ascii: "\r")
      string = isImplicit ? [] : Array((isCarriageReturn ? "\r\n" : "\n").utf8)
      end.column = characters(tokenizer.lineStart, Int(token.end)) + 1
    } else if token.kind == .nl, isImplicit {
      string = []
    }
    return TokenRecord(type: type, string: string, start: start, end: end, line: line)
  }

  private func slice(_ start: Int, _ end: Int) -> [UInt8] {
    guard start < end else { return [] }
    return Array(UnsafeBufferPointer(start: UnsafePointer(text.bytes) + start, count: end - start))
  }

  private func characters(_ start: Int, _ end: Int) -> Int {
    var count = 0
    var p = start
    while p < end {
      if text.bytes[p] & 0xC0 != 0x80 { count += 1 }
      p += 1
    }
    return count
  }

  /// The error that the tokenizer stopped with.
  private func failure() -> SyntaxFailure {
    if let failure = tokenizer.failure { return failure }
    isDone = true
    func made(_ kind: SyntaxFailure.Kind, _ message: String) -> SyntaxFailure {
      var line = slice(tokenizer.joinedStart, tokenizer.limit)
      if line.last == UInt8(ascii: "\n") { line.removeLast() }
      let text = String(decoding: line, as: UTF8.self)
      return SyntaxFailure(
        kind, message, lineno: Int(tokenizer.lineno), offset: text.unicodeScalars.count + 1,
        text: text)
    }
    switch tokenizer.state {
    case .badDedent:
      return made(.indentationError, "unindent does not match any outer indentation level")
    case .tabsAndSpaces:
      return made(.tabError, "inconsistent use of tabs and spaces in indentation")
    case .tooDeep: return made(.indentationError, "too many levels of indentation")
    case .badContinuation:
      return made(.syntaxError, "unexpected character after line continuation character")
    case .ok, .endOfFile:
      let isBetween = tokenizer.endedBetweenTokens && tokenizer.fstrings.isEmpty
      return SyntaxFailure(
        .syntaxError, "unexpected EOF in multi-line statement", lineno: Int(tokenizer.lineno),
        offset: isBetween
          ? 0 : tokenizer.limit - (tokenizer.fstrings.first?.lineStart ?? tokenizer.joinedStart),
        endLineno: Int(tokenizer.lineno))
    default: return made(.syntaxError, "unknown tokenization error")
    }
  }
}
