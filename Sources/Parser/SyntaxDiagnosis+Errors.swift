import AST

extension SyntaxDiagnosis {
  func place(_ token: Token) -> SourceRange {
    SourceRange(
      lineno: token.lineno, colOffset: token.colOffset, endLineno: token.endLineno,
      endColOffset: token.endColOffset)
  }

  /// An error at the last token read, or at `token`.
  func raise(
    _ kind: SyntaxFailure.Kind, _ message: String, at token: Token? = nil
  ) -> SyntaxFailure {
    let tokenizer = supply.tokenizer
    let token = token ?? buffer.tokens[buffer.count - 1]
    let column: Int
    if token.colOffset < 0 {
      column = tokenizer.cursor - tokenizer.lineStart
    } else {
      column = Int(token.colOffset) + 1
    }
    let endColumn = token.endColOffset < 0 ? -1 : Int(token.endColOffset) + 1
    return known(kind, message, Int(token.lineno), column, Int(token.endLineno), endColumn)
  }

  /// An error from the start of `first` to the end of `last`.
  func raise(
    _ kind: SyntaxFailure.Kind, _ message: String, from first: SourceRange, to last: SourceRange
  ) -> SyntaxFailure {
    known(
      kind, message, Int(first.lineno), Int(first.colOffset) + 1, Int(last.endLineno),
      Int(last.endColOffset) + 1)
  }

  /// An error from the start of `first` to where the tokenizer is.
  func raise(_ message: String, startingFrom first: SourceRange) -> SyntaxFailure {
    let tokenizer = supply.tokenizer
    return known(
      .syntaxError, message, Int(first.lineno), Int(first.colOffset) + 1, Int(tokenizer.lineno),
      tokenizer.cursor - tokenizer.lineStart)
  }

  /// An error at 1-based byte columns, which become characters of the text shown.
  ///
  /// CPython: _PyPegen_raise_error_known_location.
  func known(
    _ kind: SyntaxFailure.Kind, _ message: String, _ lineno: Int, _ column: Int, _ endLineno: Int,
    _ endColumn: Int
  ) -> SyntaxFailure {
    // A file in another encoding has been decoded: its text here is what CPython shows.
    if mode == .exec, !options.filename.hasPrefix("<"), (text.encoding ?? "utf-8") == "utf-8",
      let line = fileLine(options.filename, lineno)
    {
      return line.withUnsafeBufferPointer {
        Self.failure(kind, message, lineno, column, endLineno, endColumn, $0)
      }
    }
    let tokenizer = supply.tokenizer
    let source = UnsafePointer(text.bytes)
    let line: UnsafeBufferPointer<UInt8>
    if Int(tokenizer.lineno) <= lineno, tokenizer.limit > tokenizer.lineStart {
      line = UnsafeBufferPointer(
        start: source + tokenizer.lineStart, count: tokenizer.limit - tokenizer.lineStart)
    } else {
      line = SourceLines(source).line(lineno)
    }
    return Self.failure(kind, message, lineno, column, endLineno, endColumn, line)
  }

  private static func failure(
    _ kind: SyntaxFailure.Kind, _ message: String, _ lineno: Int, _ column: Int, _ endLineno: Int,
    _ endColumn: Int, _ line: UnsafeBufferPointer<UInt8>
  ) -> SyntaxFailure {
    SyntaxFailure(
      kind, message, lineno: lineno, offset: SourceLines.characters(line, column),
      endLineno: endLineno,
      endOffset: endColumn > 0 ? SourceLines.characters(line, endColumn) : endColumn,
      text: String(decoding: line, as: UTF8.self))
  }

  /// The error that the tokenizer stopped with.
  ///
  /// CPython: _Pypegen_tokenizer_error.
  func tokenizerFailure() -> SyntaxFailure {
    let tokenizer = supply.tokenizer
    let line = Int(tokenizer.lineno)
    switch tokenizer.state {
    case .failed, .endInString:
      return tokenizer.failure ?? SyntaxFailure(.syntaxError, "invalid token")
    case .ok, .endOfFile:
      if tokenizer.level > 0 { return unclosedBracket() }
      return raise(.syntaxError, "unexpected EOF while parsing")
    case .badDedent:
      return raise(
        .indentationError, "unindent does not match any outer indentation level")
    case .tabsAndSpaces:
      return known(
        .tabError, "inconsistent use of tabs and spaces in indentation", line, 1, line, 0)
    case .tooDeep:
      return known(.indentationError, "too many levels of indentation", line, 1, line, 0)
    case .badContinuation:
      // CPython counts from the first of the joined lines here; on a later one that is past the
      // line's end.
      return known(
        .syntaxError, "unexpected character after line continuation character", line,
        max(tokenizer.cursor - tokenizer.joinedStart, 1), line, 0)
    case .undecodable:
      return raise(.syntaxError, "(unicode error) \(undecodableName().message)")
    }
  }

  /// The error for the bytes of a name that are not UTF-8.
  private func undecodableName() -> SyntaxFailure {
    let start = max(supply.tokenizer.start, 0)
    let name = UnsafeBufferPointer(
      start: UnsafePointer(text.bytes) + start, count: max(0, supply.tokenizer.cursor - start))
    var failure = SyntaxFailure(.unicodeDecodeError, utf8Problem(name) ?? "invalid data")
    failure.undecoded = Array(name)
    return failure
  }

  private func unclosedBracket() -> SyntaxFailure {
    let tokenizer = supply.tokenizer
    guard let bracket = tokenizer.brackets.last, let line = tokenizer.bracketLines.last,
      let column = tokenizer.bracketColumns.last
    else { return raise(.syntaxError, "unexpected EOF while parsing") }
    let shown = Character(Unicode.Scalar(bracket))
    return known(
      .syntaxError, "'\(shown)' was never closed", Int(line), Int(column) + 1, Int(line), 0)
  }

  /// A parser's error, unless the tokenizer finds one in the rest of the source.
  func preferringTokenizer(_ failure: SyntaxFailure) -> SyntaxFailure {
    supply.tokenizer.state == .ok ? scanRest(failure) : failure
  }

  /// Reads the rest of the source: an error of the tokenizer, or a bracket left open on an earlier
  /// line, explains more than `failure`.
  ///
  /// CPython: _PyPegen_tokenize_full_source_to_check_for_errors.
  func scanRest(_ failure: SyntaxFailure) -> SyntaxFailure {
    let errorLine = buffer.tokens[buffer.count - 1].lineno
    while true {
      let token = supply.tokenizer.next()
      if token.kind == .endMarker { return failure }
      guard token.kind == .error else { continue }
      let tokenizer = supply.tokenizer
      // What goes wrong inside a replacement field says more than what does not match after it.
      if !tokenizer.fstrings.isEmpty { return failure }
      switch tokenizer.state {
      case .failed, .endInString:
        return tokenizer.failure ?? failure
      case .undecodable: return undecodableName()
      default: break
      }
      if let line = tokenizer.bracketLines.last, errorLine > line { return unclosedBracket() }
      return failure
    }
  }
}

extension SyntaxDiagnosis {
  /// An error at the last of `count` tokens, when there is something after a complete statement.
  func failureAfter(_ count: Int, _ message: String) -> SyntaxFailure {
    do throws(SyntaxFailure) {
      if count > 0 { _ = try token(count - 1) }
    } catch {
      return error
    }
    return raise(.syntaxError, message)
  }
}
