extension Tokenizer {
  /// A string whose opening `quote` was just read; `start` is at its prefix.
  mutating func readString(_ quote: UInt8) -> Token {
    firstLineno = lineno
    multiLineStart = lineStart
    var quoteSize = 1
    if source[cursor] == quote {
      if source[cursor + 1] == quote {
        quoteSize = 3
        cursor += 2
      } else {
        cursor += 1
        return stringToken(.string, end: cursor)
      }
    }
    var sawEscapedQuote = false
    var closing = 0
    while closing != quoteSize {
      let c = nextByte()
      if state == .failed { return layout(.error) }
      if c == Self.endOfSource || (quoteSize == 1 && c == 0x0A) {
        return unterminated(quote, quoteSize, sawEscapedQuote, atEnd: c == Self.endOfSource)
      }
      if c == Int32(quote) {
        closing += 1
      } else {
        closing = 0
        if c == 0x5C {
          let escaped = nextByte()
          if escaped == Int32(quote) { sawEscapedQuote = true }
        }
      }
    }
    return stringToken(.string, end: cursor)
  }

  /// The error for a string without an end, placed at its opening quote.
  private mutating func unterminated(
    _ quote: UInt8, _ quoteSize: Int, _ sawEscapedQuote: Bool, atEnd: Bool
  ) -> Token {
    let detected = lineno
    cursor = start + 1
    lineStart = multiLineStart
    lineno = firstLineno
    if let last = fstrings.last, last.quote == quote, last.quoteSize == quoteSize {
      return fail("f-string: expecting '}'")
    }
    if quoteSize == 3 {
      fail("unterminated triple-quoted string literal (detected at line \(detected))")
    } else {
      let hint = sawEscapedQuote ? "; perhaps you escaped the end quote?" : ""
      fail("unterminated string literal (detected at line \(detected))" + hint)
    }
    if atEnd { state = .endInString }
    return layout(.error)
  }

  /// Begins an f-string whose opening `quote` was just read.
  mutating func openFString(quote: UInt8) -> Token {
    firstLineno = lineno
    multiLineStart = lineStart
    var quoteSize = 1
    if source[cursor] == quote, source[cursor + 1] == quote {
      quoteSize = 3
      cursor += 2
    }
    if fstrings.count + 1 >= Self.maxFStrings { return fail("too many nested f-strings") }
    var fstring = FString()
    fstring.quote = quote
    fstring.quoteSize = quoteSize
    fstring.start = start
    fstring.lineStart = lineStart
    fstring.lineno = lineno
    fstring.isRaw =
      source[start] | 0x20 == UInt8(ascii: "r") || source[start + 1] | 0x20 == UInt8(ascii: "r")
    fstrings.append(fstring)
    return token(.fstringStart)
  }

  /// A token in the literal part of an f-string (PEP 701).
  mutating func nextInFString() -> Token {
    let top = fstrings.count - 1
    let quote = fstrings[top].quote
    let quoteSize = fstrings[top].quoteSize
    start = cursor
    firstLineno = lineno

    let first = nextByte()
    if first == 0x7B {
      let second = nextByte()
      back(second)
      back(first)
      if second != 0x7B {
        fstrings[top].fieldDepth += 1
        if fstrings[top].fieldDepth >= Self.maxFieldDepth {
          return fail("f-string: expressions nested too deeply")
        }
        fstrings[top].inLiteral = false
        return nextRegular()
      }
    } else {
      back(first)
    }

    // The end of the string?
    var matched = 0
    while matched < quoteSize {
      let c = nextByte()
      if c != Int32(quote) {
        back(c)
        break
      }
      matched += 1
    }
    if matched == quoteSize {
      fstrings.removeLast()
      return token(.fstringEnd)
    }
    return readFStringMiddle(top, quote, quoteSize)
  }

  /// Literal text of an f-string up to a brace or the end.
  private mutating func readFStringMiddle(
    _ top: Int, _ quote: UInt8, _ quoteSize: Int
  ) -> Token {
    multiLineStart = lineStart
    var closing = 0
    var inNamedEscape = false
    while closing != quoteSize {
      let c = nextByte()
      if state == .failed { return layout(.error) }
      let inFormatSpec = fstrings[top].inFormatSpec && fstrings[top].fieldDepth >= 0
      if c == Self.endOfSource || (quoteSize == 1 && c == 0x0A) {
        if inFormatSpec, c == 0x0A {
          return fail(
            "f-string: newlines are not allowed in format specifiers for single quoted f-strings")
        }
        return unterminatedFString(top, atEnd: c == Self.endOfSource)
      }
      if c == Int32(quote) {
        closing += 1
        continue
      }
      closing = 0
      if c == 0x7B {
        let peek = nextByte()
        if peek != 0x7B || inFormatSpec {
          back(peek)
          back(c)
          fstrings[top].fieldDepth += 1
          if fstrings[top].fieldDepth >= Self.maxFieldDepth {
            return fail("f-string: expressions nested too deeply")
          }
          fstrings[top].inLiteral = false
          fstrings[top].inFormatSpec = false
          return stringToken(.fstringMiddle, end: cursor)
        }
        return stringToken(.fstringMiddle, end: cursor - 1)
      } else if c == 0x7D {
        if inNamedEscape { return stringToken(.fstringMiddle, end: cursor) }
        let peek = nextByte()
        if peek == 0x7D, !inFormatSpec, fstrings[top].braceDepth == 0 {
          return stringToken(.fstringMiddle, end: cursor - 1)
        }
        back(peek)
        back(c)
        fstrings[top].inLiteral = false
        fstrings[top].inFormatSpec = false
        return stringToken(.fstringMiddle, end: cursor)
      } else if c == 0x5C {
        var peek = nextByte()
        if peek == 0x7B || peek == 0x7D {
          if !fstrings[top].isRaw {
            let shown = peek == 0x7B ? "{" : "}"
            warn("invalid escape sequence '\\\(shown)'")
          }
          back(peek)
          continue
        }
        if !fstrings[top].isRaw, peek == 0x4E {
          peek = nextByte()
          if peek == 0x7B {
            inNamedEscape = true
          } else {
            back(peek)
          }
        }
      }
    }
    // Leave the closing quotes for the end token.
    cursor -= quoteSize
    return stringToken(.fstringMiddle, end: cursor)
  }

  private mutating func unterminatedFString(_ top: Int, atEnd: Bool) -> Token {
    let detected = lineno
    cursor = fstrings[top].start + 1
    lineStart = fstrings[top].lineStart
    lineno = fstrings[top].lineno
    if fstrings[top].quoteSize == 3 {
      fail("unterminated triple-quoted f-string literal (detected at line \(detected))")
      if atEnd { state = .endInString }
      return layout(.error)
    }
    return fail("unterminated f-string literal (detected at line \(detected))")
  }
}
