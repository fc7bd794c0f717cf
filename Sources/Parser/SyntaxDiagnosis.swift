import AST

/// Finds out why a program is not valid, and where, exactly as CPython 3.13 does.
///
/// CPython parses twice: once to find that something is wrong, then with `invalid_` rules that
/// recognise usual mistakes. The place of a plain "invalid syntax" is the furthest token asked for
/// in the first pass. Both depend on the order in which its packrat parser tries things, so this
/// class tries them in the same order (`DiagnosisGrammar`), reading tokens only when asked. It
/// recognises and builds nothing; where an error's place or text depends on a tree, `SyntaxParser`
/// builds that part.
///
/// CPython: Parser/pegen.c, pegen_errors.c.
final class SyntaxDiagnosis {
  /// Nested rules before the parser gives up (`MAXSTACK`).
  static let maxLevel = 6_000

  /// The tokens that matched something, and what it was.
  struct Span {
    var start = 0
    var end = 0
    var item: GrammarItem?
  }

  struct Captures {
    var a = Span()
    var b = Span()

    subscript(which: GrammarItem.Capture) -> Span {
      get { which == .b ? b : a }
      set { if which == .b { b = newValue } else { a = newValue } }
    }
  }

  private struct Memory {
    var rule: Int32
    /// Where the match ended; -1 when there was none.
    var end: Int32
    var next: Int32
  }

  let grammar = DiagnosisGrammar.shared
  let text: SourceText
  let mode: ParseMode
  let options: ParseOptions
  var supply: TokenSupply
  let buffer = TokenBuffer(capacity: 64)
  @exclusivity(unchecked) var mark = 0
  var isBarry: Bool
  var cautions: [SyntaxCaution] = []

  /// Whether `invalid_` rules are tried; literals do not warn meanwhile.
  private(set) var callsInvalid = false

  @exclusivity(unchecked) private var level = 0
  @exclusivity(unchecked) private var lastValue = Span()
  @exclusivity(unchecked) private var memories: [Memory] = []
  @exclusivity(unchecked) private var memoryHeads: [Int32] = []

  init(_ text: SourceText, mode: ParseMode, options: ParseOptions) {
    self.text = text
    self.mode = mode
    self.options = options
    supply = TokenSupply(text, mode: mode, flags: options.flags)
    isBarry = options.flags.contains(.barryAsFLUFL)
  }

  /// What CPython would raise for this program, which is known not to be valid. `nil` when it finds
  /// nothing wrong.
  ///
  /// - Parameter skip: how many tokens at the start belong to statements known to be valid.
  func failure(skipping skip: Int) -> SyntaxFailure? {
    let start: Int
    switch mode {
    case .exec: start = grammar.rule("file")
    case .eval: start = grammar.rule("eval")
    case .single: start = grammar.rule("interactive")
    case .functionType: start = grammar.rule("func_type")
    }
    do throws(SyntaxFailure) {
      for _ in 0..<skip { try fill() }
    } catch {
      return error
    }
    let begin = buffer.count
    mark = begin
    var failure: SyntaxFailure?
    do throws(SyntaxFailure) {
      if try rule(start) { return nil }
    } catch {
      failure = error
    }
    if options.flags.contains(.allowIncompleteInput), isAtEndOfSource {
      return raise(.incompleteInput, "incomplete input")
    }
    if let failure {
      switch failure.kind {
      case .memoryError, .unicodeDecodeError: return failure
      default: return preferringTokenizer(failure)
      }
    }
    guard buffer.count > 0 else {
      return SyntaxFailure(
        .syntaxError, "error at start before reading any input", lineno: 0, offset: 0)
    }
    let lastToken = buffer.tokens[buffer.count - 1]
    mark = begin
    level = 0
    memories.removeAll()
    for i in memoryHeads.indices { memoryHeads[i] = -1 }
    callsInvalid = true
    do throws(SyntaxFailure) {
      _ = try rule(start)
    } catch {
      return preferringTokenizer(error)
    }
    if lastToken.kind == .indent || lastToken.kind == .dedent {
      return raise(
        .indentationError,
        lastToken.kind == .indent ? "unexpected indent" : "unexpected unindent")
    }
    return scanRest(
      raise(.syntaxError, "invalid syntax", from: place(lastToken), to: place(lastToken)))
  }

  private var isAtEndOfSource: Bool {
    supply.tokenizer.state == .endOfFile || supply.tokenizer.state == .endInString
  }

  // MARK: Tokens

  /// Reads one more token.
  private func fill() throws(SyntaxFailure) {
    let token = supply.next()
    buffer.append(token)
    memoryHeads.append(-1)
    if token.kind == .error { throw tokenizerFailure() }
  }

  @inline(__always)
  func token(_ index: Int) throws(SyntaxFailure) -> Token {
    while index >= buffer.count { try fill() }
    return buffer.tokens[index]
  }

  // MARK: Matching

  private func rule(_ index: Int) throws(SyntaxFailure) -> Bool {
    let start = mark
    _ = try token(start)
    let rule = grammar.rules[index]
    guard rule.isRemembered || rule.isLeftRecursive else {
      let matched = try raw(rule)
      return matched
    }
    if let end = recall(index, start) {
      if end < 0 { return false }
      mark = end
      lastValue = Span(start: start, end: end)
      return true
    }
    if !rule.isLeftRecursive {
      let matched = try raw(rule)
      remember(index, start, matched ? mark : -1)
      return matched
    }
    // Grow the match from the left until it grows no more.
    try enter()
    defer { level -= 1 }
    var best = -1
    while true {
      remember(index, start, best)
      mark = start
      let matched = try raw(rule)
      if !matched || mark <= max(best, start) { break }
      best = mark
    }
    mark = best < 0 ? start : best
    lastValue = Span(start: start, end: mark)
    return best >= 0
  }

  private func raw(_ rule: GrammarRule) throws(SyntaxFailure) -> Bool {
    if !rule.isQuiet { return try alternatives(rule.alternatives) }
    let before = callsInvalid
    callsInvalid = false
    let matched = try alternatives(rule.alternatives)
    callsInvalid = before
    return matched
  }

  private func recall(_ rule: Int, _ position: Int) -> Int? {
    var i = memoryHeads[position]
    while i >= 0 {
      let memory = memories[Int(i)]
      if memory.rule == rule { return Int(memory.end) }
      i = memory.next
    }
    return nil
  }

  private func remember(_ rule: Int, _ position: Int, _ end: Int) {
    var i = memoryHeads[position]
    while i >= 0 {
      if memories[Int(i)].rule == rule {
        memories[Int(i)].end = Int32(truncatingIfNeeded: end)
        return
      }
      i = memories[Int(i)].next
    }
    memories.append(
      Memory(
        rule: Int32(truncatingIfNeeded: rule), end: Int32(truncatingIfNeeded: end),
        next: memoryHeads[position]))
    memoryHeads[position] = Int32(truncatingIfNeeded: memories.count - 1)
  }

  private func enter() throws(SyntaxFailure) {
    level += 1
    if level > Self.maxLevel {
      throw SyntaxFailure(
        .memoryError, "Parser stack overflowed - Python source too complex to parse")
    }
  }

  private func alternatives(_ all: [GrammarAlternative]) throws(SyntaxFailure) -> Bool {
    try enter()
    defer { level -= 1 }
    let start = mark
    for alternative in all {
      if alternative.isInvalid, !callsInvalid { continue }
      mark = start
      var captures = Captures()
      var hasCut = false
      var matched = true
      for item in alternative.items {
        if case .cut = item.op {
          hasCut = true
          continue
        }
        let before = mark
        if !(try match(item)) {
          matched = false
          break
        }
        if item.capture != .none {
          var span = Span(start: before, end: mark, item: item)
          if case .rule = item.op {
            span.start = lastValue.start
            span.end = lastValue.end
          }
          captures[item.capture] = span
        }
      }
      if matched {
        lastValue = Span(start: start, end: mark)
        guard let action = alternative.action else { return true }
        if action.verb == "value" {
          lastValue = captures.a
          return true
        }
        // An action that comes to nothing ends the rule: the alternatives after it are not tried.
        let end = mark
        let stands = try perform(action, captures)
        lastValue = Span(start: start, end: end)
        return stands
      }
      mark = start
      if hasCut { return false }
    }
    return false
  }

  private func match(_ item: GrammarItem) throws(SyntaxFailure) -> Bool {
    switch item.op {
    case .token(let kind):
      if try token(mark).kind != kind { return false }
      mark += 1
      return true
    case .word(let word):
      let token = try token(mark)
      guard token.kind == .name, Int(token.end - token.start) == word.count,
        word.elementsEqual(bytes(token))
      else { return false }
      mark += 1
      return true
    case .softKeyword:
      let token = try token(mark)
      guard token.kind == .name else { return false }
      // CPython compares only as many characters as the name has, so beginnings count.
      let name = String(decoding: bytes(token), as: UTF8.self)
      for keyword in ["_", "case", "match", "type"] where keyword.hasPrefix(name) {
        mark += 1
        return true
      }
      return false
    case .rule(let index): return try rule(index)
    case .group(let all): return try alternatives(all)
    case .optional(let inner):
      let before = mark
      if !(try match(inner)) { mark = before }
      return true
    case .zeroOrMore(let inner):
      _ = try loop(inner)
      return true
    case .oneOrMore(let inner): return try loop(inner) > 0
    case .gather(let separator, let inner):
      try enter()
      defer { level -= 1 }
      if !(try match(inner)) { return false }
      while true {
        let before = mark
        let more = try match(separator)
        if more, try match(inner) { continue }
        mark = before
        return true
      }
    case .lookahead(let inner, let positive):
      let before = mark
      let matched = try match(inner)
      mark = before
      return matched == positive
    case .cut: return true
    case .forced(let kind, let text):
      let token = try token(mark)
      if token.kind != kind {
        throw raise(.syntaxError, "expected '\(text)'", from: place(token), to: place(token))
      }
      mark += 1
      return true
    }
  }

  private func loop(_ inner: GrammarItem) throws(SyntaxFailure) -> Int {
    try enter()
    defer { level -= 1 }
    var matches = 0
    while true {
      let before = mark
      if !(try match(inner)) {
        mark = before
        return matches
      }
      matches += 1
    }
  }

  func bytes(_ token: Token) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(
      start: UnsafePointer(text.bytes) + Int(token.start), count: Int(token.end - token.start))
  }
}
