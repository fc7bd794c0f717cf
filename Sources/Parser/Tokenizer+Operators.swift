extension Tokenizer {
  /// An operator that begins with `c`, already read.
  mutating func readOperator(_ c: UInt8) -> Token {
    let top = fstrings.count - 1
    if top >= 0, let token = readFieldDelimiter(c, top) { return token }

    let pair = TokenKind.pair(c, source[cursor])
    if pair != .op {
      cursor += 1
      let triple = TokenKind.triple(pair, source[cursor])
      if triple != .op {
        cursor += 1
        return token(triple)
      }
      noticeEnd()
      return token(pair)
    }
    noticeEnd()

    switch c {
    case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
      if level >= Self.maxBrackets { return fail("too many nested parentheses") }
      brackets.append(c)
      bracketLines.append(lineno)
      bracketColumns.append(Int32(truncatingIfNeeded: start - lineStart))
      if top >= 0 { fstrings[top].braceDepth += 1 }
    case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
      if let error = closeBracket(c, top) { return error }
    default: break
    }
    if c < 0x20 || c == 0x7F {
      return fail("invalid non-printable character U+\(hexadecimal(UInt32(c), width: 4))")
    }
    if c == UInt8(ascii: "="), top >= 0, fstrings[top].fieldDepth >= 0 {
      fstrings[top].isDebug = true
    }
    return token(TokenKind.single(c))
  }

  /// In a replacement field: the `:` that begins its format specification.
  private mutating func readFieldDelimiter(_ c: UInt8, _ top: Int) -> Token? {
    guard c == UInt8(ascii: ":"), fstrings[top].fieldDepth >= 0 else { return nil }
    let depth = fstrings[top].braceDepth - 1
    guard depth == fstrings[top].fieldDepth else { return nil }
    fstrings[top].inLiteral = true
    fstrings[top].inFormatSpec = true
    return token(.colon)
  }

  /// Matches the closing bracket `c` with the one that is open. Returns a token only for an error.
  private mutating func closeBracket(_ c: UInt8, _ top: Int) -> Token? {
    let shown = Character(Unicode.Scalar(c))
    if top >= 0, fstrings[top].braceDepth == 0, c == UInt8(ascii: "}") {
      return fail("f-string: single '}' is not allowed")
    }
    if !extraTokens, brackets.isEmpty { return fail("unmatched '\(shown)'") }
    if let opening = brackets.popLast() {
      let line = bracketLines.removeLast()
      bracketColumns.removeLast()
      let matches =
        opening == UInt8(ascii: "(") ? c == UInt8(ascii: ")") : c == opening + 2
      if !extraTokens, !matches {
        if top >= 0, opening == UInt8(ascii: "{"),
          fstrings[top].braceDepth - 1 == fstrings[top].fieldDepth
        {
          return fail("f-string: unmatched '\(shown)'")
        }
        let other = Character(Unicode.Scalar(opening))
        let place = line != lineno ? " on line \(line)" : ""
        return fail(
          "closing parenthesis '\(shown)' does not match opening parenthesis '\(other)'" + place)
      }
    }
    if top >= 0 {
      fstrings[top].braceDepth -= 1
      if fstrings[top].braceDepth < 0 { return fail("f-string: unmatched '\(shown)'") }
      if c == UInt8(ascii: "}"), fstrings[top].braceDepth == fstrings[top].fieldDepth {
        fstrings[top].fieldDepth -= 1
        fstrings[top].inLiteral = true
        fstrings[top].inFormatSpec = false
        fstrings[top].isDebug = false
      }
    }
    return nil
  }
}
