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
    /// The rule that matched; -1 for anything else.
    var rule: Int32 = -1
  }

  struct Captures {
    var a = Span()
    var b = Span()

    subscript(which: GrammarNode.Capture) -> Span {
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
    if start >= buffer.count { try fill() }
    let rule = grammar.rules[index]
    guard rule.isRemembered || rule.isLeftRecursive else { return try raw(rule) }
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
    if !rule.isQuiet { return try alternatives(rule.first, rule.count) }
    let before = callsInvalid
    callsInvalid = false
    let matched = try alternatives(rule.first, rule.count)
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

  /// Tries `count` alternatives from number `first` on.
  private func alternatives(_ first: Int32, _ count: Int32) throws(SyntaxFailure) -> Bool {
    try enter()
    defer { level -= 1 }
    let start = mark
    for index in first..<first + count {
      let alternative = grammar.alternatives[Int(index)]
      if alternative.isInvalid, !callsInvalid { continue }
      mark = start
      var captures = Captures()
      var hasCut = false
      var matched = true
      for number in alternative.first..<alternative.first + alternative.count {
        let node = grammar.nodes[Int(number)]
        if node.op == .cut {
          hasCut = true
          continue
        }
        let before = mark
        if !(try match(node)) {
          matched = false
          break
        }
        if node.capture != .none {
          captures[node.capture] =
            node.op == .rule
            ? Span(start: lastValue.start, end: lastValue.end, rule: node.a)
            : Span(start: before, end: mark)
        }
      }
      if matched {
        let end = mark
        lastValue = Span(start: start, end: end)
        if alternative.action < 0 { return true }
        let action = grammar.actions[Int(alternative.action)]
        if action.verb == "value" {
          lastValue = captures.a
          return true
        }
        // An action that comes to nothing ends the rule: the alternatives after it are not tried.
        let stands = try perform(action, captures)
        lastValue = Span(start: start, end: end)
        return stands
      }
      mark = start
      if hasCut { return false }
    }
    return false
  }

  private func match(_ node: GrammarNode) throws(SyntaxFailure) -> Bool {
    switch node.op {
    case .token:
      if mark >= buffer.count { try fill() }
      if buffer.tokens[mark].kind != node.kind { return false }
      mark += 1
      return true
    case .rule: return try rule(Int(node.a))
    case .group: return try alternatives(node.a, node.b)
    case .optional:
      let before = mark
      if !(try match(grammar.nodes[Int(node.a)])) { mark = before }
      return true
    case .zeroOrMore:
      _ = try loop(grammar.nodes[Int(node.a)])
      return true
    case .oneOrMore: return try loop(grammar.nodes[Int(node.a)]) > 0
    case .gather: return try gather(grammar.nodes[Int(node.a)], grammar.nodes[Int(node.b)])
    case .ahead, .notAhead:
      let before = mark
      let matched = try match(grammar.nodes[Int(node.a)])
      mark = before
      return matched == (node.op == .ahead)
    case .cut: return true
    case .word, .softKeyword: return try matchWord(node)
    case .forced:
      let token = try token(mark)
      if token.kind != node.kind {
        let spelling = String(decoding: grammar.words[Int(node.a)], as: UTF8.self)
        throw raise(.syntaxError, "expected '\(spelling)'", from: place(token), to: place(token))
      }
      mark += 1
      return true
    }
  }

  private func matchWord(_ node: GrammarNode) throws(SyntaxFailure) -> Bool {
    let token = try token(mark)
    guard token.kind == .name else { return false }
    let name = bytes(token)
    if node.op == .word {
      guard name.elementsEqual(grammar.words[Int(node.a)]) else { return false }
    } else {
      // CPython compares only as many characters as the name has, so beginnings count.
      guard ["_", "case", "match", "type"].contains(where: { $0.utf8.starts(with: name) }) else {
        return false
      }
    }
    mark += 1
    return true
  }

  private func gather(
    _ separator: GrammarNode, _ element: GrammarNode
  ) throws(SyntaxFailure) -> Bool {
    try enter()
    defer { level -= 1 }
    if !(try match(element)) { return false }
    while true {
      let before = mark
      let more = try match(separator)
      if more, try match(element) { continue }
      mark = before
      return true
    }
  }

  private func loop(_ element: GrammarNode) throws(SyntaxFailure) -> Int {
    try enter()
    defer { level -= 1 }
    var matches = 0
    while true {
      let before = mark
      if !(try match(element)) {
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
