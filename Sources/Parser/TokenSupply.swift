/// The tokens as the parser sees them: without `# type: ignore`, and with the end of interactive
/// input made a line end.
///
/// CPython: Parser/pegen.c, _PyPegen_fill_token.
struct TokenSupply {
  var tokenizer: Tokenizer
  private let isSingle: Bool
  private let impliesDedent: Bool
  private var hasStarted = false
  /// Line and tag of every `# type: ignore` met.
  private(set) var typeIgnores: [Token] = []

  init(_ text: SourceText, mode: ParseMode, flags: ParserFlags) {
    tokenizer = Tokenizer(
      source: UnsafePointer(text.bytes), count: text.count,
      typeComments: flags.contains(.typeComments))
    isSingle = mode == .single
    impliesDedent = !flags.contains(.dontImplyDedent)
  }

  mutating func next() -> Token {
    var token = tokenizer.next()
    while token.kind == .typeIgnore {
      typeIgnores.append(token)
      token = tokenizer.next()
    }
    guard isSingle else { return token }
    if token.kind == .endMarker, hasStarted {
      token.kind = .newline
      hasStarted = false
      if tokenizer.indents.count > 1, impliesDedent {
        tokenizer.pendingIndents = 1 - tokenizer.indents.count
        tokenizer.indents = [0]
        tokenizer.alternateIndents = [0]
      }
    } else {
      hasStarted = true
    }
    return token
  }
}

/// A growing array of tokens that stays where it is while it is read.
final class TokenBuffer {
  private(set) var tokens: UnsafeMutablePointer<Token>
  private(set) var count = 0
  private var capacity: Int

  init(capacity: Int) {
    self.capacity = max(capacity, 16)
    tokens = .allocate(capacity: self.capacity)
  }

  deinit { tokens.deallocate() }

  @inline(__always)
  func append(_ token: Token) {
    if count == capacity { grow() }
    (tokens + count).initialize(to: token)
    count += 1
  }

  private func grow() {
    capacity *= 2
    let larger = UnsafeMutablePointer<Token>.allocate(capacity: capacity)
    larger.moveInitialize(from: tokens, count: count)
    tokens.deallocate()
    tokens = larger
  }

  /// Repeats the end, so that looking a few tokens ahead stays inside.
  func pad() {
    let last = Token(.endMarker)
    for _ in 0..<4 { append(last) }
  }
}
