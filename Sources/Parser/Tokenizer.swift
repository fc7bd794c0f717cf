import Glibc

/// Turns UTF-8 source into tokens, one at a time, by the rules of CPython 3.13's tokenizer.
///
/// The source must end with a byte 0 that is not part of it, and its line ends must be `\n` alone
/// (`SourceText` sees to both). The state is the one CPython keeps, because syntax errors are
/// placed by it: `lineno`, `lineStart`, `cursor`, and the brackets that are open.
///
/// CPython: Parser/lexer/lexer.c.
struct Tokenizer {
  /// How reading stands. Everything but `ok` and `endOfFile` is an error.
  enum State: UInt8 {
    case ok, endOfFile
    /// `failure` says what is wrong.
    case failed
    /// As `failed`; the end of the source was met inside a string.
    case endInString
    case badDedent, tabsAndSpaces, tooDeep, badContinuation, undecodable
  }

  /// An f-string being read, or (kind regular) one of its replacement fields.
  struct FString {
    var inLiteral = true
    var isRaw = false
    var quote: UInt8 = 0
    var quoteSize = 1
    var start = 0
    var lineStart = 0
    var lineno: Int32 = 0
    var braceDepth = 0
    /// `braceDepth` just outside the innermost replacement field; -1 outside all.
    var fieldDepth = -1
    var inFormatSpec = false
    var isDebug = false
  }

  static let maxBrackets = 200
  static let maxIndents = 100
  static let maxFStrings = 150
  static let maxFieldDepth = 3
  /// What `nextByte` returns at the end of the source.
  static let endOfSource: Int32 = -1

  let source: UnsafePointer<UInt8>
  let count: Int
  private let classes = ByteClass.table.pointer
  private let hasNul: Bool
  let typeComments: Bool
  /// Report comments, blank lines and positions of layout, and tolerate what only the parser
  /// rejects (`tokenize`).
  let extraTokens: Bool

  var state = State.ok
  var failure: SyntaxFailure?
  var cautions: [SyntaxCaution] = []

  /// The next byte to read.
  var cursor = 0
  /// End of the lines read so far.
  var limit = 0
  var lineStart = 0
  /// Start of the line, or of the first of several lines that a token or backslashes join.
  var joinedStart = 0
  var lineno: Int32 = 0
  /// The end of the source was met where no token was open.
  var endedBetweenTokens = false
  /// Start of the current token; -1 between tokens.
  var start = -1

  var atLineStart = true
  var pendingIndents = 0
  var indents: [Int32] = [0]
  var alternateIndents: [Int32] = [0]

  var brackets: [UInt8] = []
  var bracketLines: [Int32] = []
  var bracketColumns: [Int32] = []

  var fstrings: [FString] = []
  var commentNewline = false
  var isBlankLine = false
  /// The columns of a token that starts on an earlier line.
  var firstLineno: Int32 = 0
  var multiLineStart = 0

  init(
    source: UnsafePointer<UInt8>, count: Int, typeComments: Bool = false, extraTokens: Bool = false
  ) {
    self.source = source
    self.count = count
    hasNul = count > 0 && memchr(source, 0, count) != nil
    self.typeComments = typeComments
    self.extraTokens = extraTokens
    brackets.reserveCapacity(32)
    bracketLines.reserveCapacity(32)
    bracketColumns.reserveCapacity(32)
  }

  var level: Int { brackets.count }

  // MARK: Reading bytes

  /// Makes the next line readable. False at the end of the source or on an error.
  mutating func readLine() -> Bool {
    guard state == .ok else { return false }
    guard limit < count else {
      state = .endOfFile
      endedBetweenTokens = start < 0
      return false
    }
    if start < 0 { joinedStart = cursor }
    lineStart = cursor
    lineno &+= 1
    let rest = source + limit
    if let newline = memchr(rest, Int32(UInt8(ascii: "\n")), count - limit) {
      limit += rest.distance(to: newline.assumingMemoryBound(to: UInt8.self)) + 1
    } else {
      limit = count
    }
    if hasNul, memchr(source + lineStart, 0, limit - lineStart) != nil {
      fail("source code cannot contain null bytes")
      cursor = limit
      return false
    }
    return true
  }

  @inline(__always)
  mutating func nextByte() -> Int32 {
    while cursor == limit {
      if !readLine() {
        cursor = limit
        return Self.endOfSource
      }
    }
    let c = source[cursor]
    cursor += 1
    return Int32(c)
  }

  /// Unreads `c`, the byte just read.
  @inline(__always)
  mutating func back(_ c: Int32) {
    if c != Self.endOfSource { cursor -= 1 }
  }

  /// Where CPython would have looked at the next byte: notes when there is none.
  @inline(__always)
  mutating func noticeEnd() {
    if cursor == count, state == .ok { state = .endOfFile }
  }

  // MARK: Making tokens

  /// A token without text.
  func layout(_ kind: TokenKind) -> Token {
    var token = Token(kind)
    token.level = UInt8(truncatingIfNeeded: level)
    token.start = Int32(truncatingIfNeeded: cursor)
    token.end = token.start
    token.lineno = lineno
    token.endLineno = lineno
    if extraTokens {
      token.colOffset = Int32(truncatingIfNeeded: cursor - lineStart)
      token.endColOffset = token.colOffset
    }
    return token
  }

  /// A token on one line from `start` to the cursor.
  @inline(__always)
  func token(_ kind: TokenKind) -> Token {
    var token = Token(kind)
    token.level = UInt8(truncatingIfNeeded: level)
    token.start = Int32(truncatingIfNeeded: start)
    token.end = Int32(truncatingIfNeeded: cursor)
    token.lineno = lineno
    token.colOffset = Int32(truncatingIfNeeded: start - lineStart)
    token.endLineno = lineno
    token.endColOffset = Int32(truncatingIfNeeded: cursor - lineStart)
    return token
  }

  /// A token that began at `firstLineno`, `multiLineStart`, with text up to `end`.
  func stringToken(_ kind: TokenKind, end: Int) -> Token {
    var token = Token(kind)
    token.level = UInt8(truncatingIfNeeded: level)
    token.start = Int32(truncatingIfNeeded: start)
    token.end = Int32(truncatingIfNeeded: end)
    token.lineno = firstLineno
    token.colOffset = Int32(truncatingIfNeeded: start - multiLineStart)
    token.endLineno = lineno
    token.endColOffset = Int32(truncatingIfNeeded: cursor - lineStart)
    return token
  }

  // MARK: Errors

  /// Notes a syntax error at the last byte read and returns the error token.
  @discardableResult
  mutating func fail(_ message: String) -> Token {
    if state != .failed {
      failure = failureHere(message)
      state = .failed
    }
    return layout(.error)
  }

  /// A syntax error at the last byte read, or at the 1-based columns given, which CPython counts in
  /// bytes.
  func failureHere(_ message: String, column: Int? = nil, endColumn: Int? = nil) -> SyntaxFailure {
    var lineEnd = lineStart
    while lineEnd < count, source[lineEnd] != UInt8(ascii: "\n") { lineEnd += 1 }
    func characters(_ bytes: Int) -> Int {
      String(
        decoding: UnsafeBufferPointer(start: source + lineStart, count: max(0, bytes)),
        as: UTF8.self
      ).unicodeScalars.count
    }
    let offset = column ?? characters(cursor - lineStart)
    let endOffset = endColumn ?? offset
    let text = String(
      decoding: UnsafeBufferPointer(start: source + lineStart, count: lineEnd - lineStart),
      as: UTF8.self)
    return SyntaxFailure(
      .syntaxError, message, lineno: Int(lineno), offset: offset, endLineno: Int(lineno),
      endOffset: endOffset, text: text)
  }

  /// Notes a `SyntaxWarning` at the last byte read.
  mutating func warn(_ message: String, asError: String? = nil) {
    cautions.append(
      SyntaxCaution(
        message: message, lineno: Int(lineno), asError: failureHere(asError ?? message)))
  }

  /// Gives up in `state`, with the rest of the line skipped.
  private mutating func stop(_ state: State) -> Token {
    self.state = state
    cursor = limit
    return layout(.error)
  }

  // MARK: Tokens

  /// The next token. After `endMarker` or `error` the same comes again.
  mutating func next() -> Token {
    if let last = fstrings.last, last.inLiteral { return nextInFString() }
    return nextRegular()
  }

  /// A token outside the literal parts of f-strings.
  mutating func nextRegular() -> Token {
    while true {
      start = -1
      isBlankLine = false
      if atLineStart, let token = readIndentation() { return token }
      if pendingIndents != 0 {
        start = cursor
        return layoutForPendingIndent()
      }
      if let token = readToken() { return token }
    }
  }

  private mutating func layoutForPendingIndent() -> Token {
    if pendingIndents < 0 {
      pendingIndents += 1
      return layout(.dedent)
    }
    pendingIndents -= 1
    var token = layout(.indent)
    if extraTokens {
      token.start = Int32(truncatingIfNeeded: lineStart)
      token.colOffset = 0
    }
    return token
  }

  /// Measures the indentation of a line. Returns a token only for an error.
  private mutating func readIndentation() -> Token? {
    atLineStart = false
    var column: Int32 = 0
    var alternate: Int32 = 0
    var continued: Int32 = 0
    var c: Int32
    scan: while true {
      c = nextByte()
      switch c {
      case 0x20:
        column &+= 1
        alternate &+= 1
      case 0x09:
        column = (column / 8 &+ 1) &* 8
        alternate &+= 1
      case 0x0C:
        column = 0
        alternate = 0
      case 0x5C:
        // The first backslash decides the indentation of the joined line.
        if continued == 0 { continued = column }
        if !joinLine() { return layout(.error) }
      default: break scan
      }
    }
    back(c)
    if c == 0x23 || c == 0x0A || c == 0x0D {
      isBlankLine = true
      return nil
    }
    guard level == 0 else { return nil }
    if continued != 0 {
      column = continued
      alternate = continued
    }
    let current = indents[indents.count - 1]
    if column == current {
      if alternate != alternateIndents[alternateIndents.count - 1] { return stop(.tabsAndSpaces) }
    } else if column > current {
      if indents.count >= Self.maxIndents { return stop(.tooDeep) }
      if alternate <= alternateIndents[alternateIndents.count - 1] { return stop(.tabsAndSpaces) }
      pendingIndents += 1
      indents.append(column)
      alternateIndents.append(alternate)
    } else {
      while indents.count > 1, column < indents[indents.count - 1] {
        pendingIndents -= 1
        indents.removeLast()
        alternateIndents.removeLast()
      }
      if column != indents[indents.count - 1] { return stop(.badDedent) }
      if alternate != alternateIndents[alternateIndents.count - 1] { return stop(.tabsAndSpaces) }
    }
    return nil
  }

  /// Reads the line end after a backslash. False, with `state` set, when there is none or the
  /// source ends.
  private mutating func joinLine() -> Bool {
    var c = nextByte()
    if c == 0x0D { c = nextByte() }
    guard c == 0x0A else {
      state = .badContinuation
      return false
    }
    c = nextByte()
    if c == Self.endOfSource {
      state = .endOfFile
      cursor = limit
      return false
    }
    back(c)
    return true
  }

  /// A token of the current line; `nil` when the line ended without one.
  private mutating func readToken() -> Token? {
    while true {
      start = -1
      var c: Int32
      repeat { c = nextByte() } while c == 0x20 || c == 0x09 || c == 0x0C
      start = c == Self.endOfSource ? cursor : cursor - 1

      if c == 0x23 {
        if let token = readComment() { return token }
        c = nextByte()
      }
      if c == Self.endOfSource {
        if level > 0 { return layout(.error) }
        return layout(state == .endOfFile ? .endMarker : .error)
      }
      let byte = UInt8(truncatingIfNeeded: c)
      switch ByteClass(rawValue: classes[Int(byte)] & 0x7F) ?? .other {
      case .letter: return readName()
      case .prefix: return readNameOrString(byte)
      case .digit: return readNumber(byte)
      case .quote: return readString(byte)
      case .newline:
        if byte == UInt8(ascii: "\r") { _ = nextByte() }
        atLineStart = true
        if isBlankLine || level > 0 {
          if !extraTokens { return nil }
          commentNewline = false
          return token(.nl)
        }
        if commentNewline, extraTokens {
          commentNewline = false
          return token(.nl)
        }
        var token = token(.newline)
        token.end -= 1
        return token
      case .backslash:
        if !joinLine() { return layout(.error) }
        continue
      case .dot:
        let next = source[cursor]
        if next &- 0x30 < 10 {
          cursor += 1
          return readFraction(Int32(next))
        }
        if next == byte, source[cursor + 1] == byte {
          cursor += 2
          return token(.ellipsis)
        }
        noticeEnd()
        if next == byte, cursor + 1 == count, state == .ok { state = .endOfFile }
        return token(.dot)
      case .other: return readOperator(byte)
      }
    }
  }

  /// Skips a comment up to the line end, or returns it where comments are tokens.
  private mutating func readComment() -> Token? {
    while cursor < limit, source[cursor] != UInt8(ascii: "\n"), source[cursor] != UInt8(ascii: "\r")
    {
      cursor += 1
    }
    if typeComments, let token = typeComment() { return token }
    guard extraTokens else { return nil }
    commentNewline = isBlankLine
    return token(.comment)
  }

  /// The comment from `start` to the cursor as a type comment (PEP 484), if it is one.
  private mutating func typeComment() -> Token? {
    var p = start
    func skipBlanks() {
      while p < cursor, source[p] == UInt8(ascii: " ") || source[p] == UInt8(ascii: "\t") { p += 1 }
    }
    p += 1
    skipBlanks()
    for c in "type:".utf8 {
      guard p < cursor, source[p] == c else { return nil }
      p += 1
    }
    skipBlanks()
    var token: Token
    let ignore: StaticString = "ignore"
    let tail = p + 6
    let ignores =
      cursor >= tail && ignore.utf8Start.same(as: source + p, 6)
      && !(cursor > tail && (source[tail] >= 0x80 || isASCIIAlphanumeric(source[tail])))
    start = ignores ? tail : p
    token = self.token(ignores ? .typeIgnore : .typeComment)
    if ignores, isBlankLine {
      // A comment alone on its line takes the line end along.
      _ = nextByte()
      atLineStart = true
    }
    return token
  }

  /// A name that cannot be a string prefix.
  private mutating func readName() -> Token {
    var p = cursor
    var isASCII = source[start] < 0x80
    while true {
      let c = source[p]
      guard classes[Int(c)] & ByteClass.inName != 0 else { break }
      if c >= 0x80 { isASCII = false }
      p += 1
    }
    cursor = p
    noticeEnd()
    guard isASCII else { return checkedName() }
    return token(TokenKind.keyword(source + start, cursor - start))
  }

  /// A name, or a string with the prefix that begins with `first`.
  private mutating func readNameOrString(_ first: UInt8) -> Token {
    var sawB = false
    var sawR = false
    var sawU = false
    var sawF = false
    var p = start
    while true {
      switch source[p] {
      case UInt8(ascii: "b"), UInt8(ascii: "B"):
        if sawB || sawU || sawF { return readName() }
        sawB = true
      case UInt8(ascii: "u"), UInt8(ascii: "U"):
        if sawB || sawU || sawR || sawF { return readName() }
        sawU = true
      case UInt8(ascii: "r"), UInt8(ascii: "R"):
        if sawR || sawU { return readName() }
        sawR = true
      case UInt8(ascii: "f"), UInt8(ascii: "F"):
        if sawF || sawB || sawU { return readName() }
        sawF = true
      default: return readName()
      }
      p += 1
      let c = source[p]
      if c == UInt8(ascii: "\"") || c == UInt8(ascii: "'") {
        cursor = p + 1
        return sawF ? openFString(quote: c) : readString(c)
      }
    }
  }

  /// The name from `start` to the cursor, which has characters beyond ASCII, checked against PEP
  /// 3131.
  private mutating func checkedName() -> Token {
    if extraTokens { return token(.name) }
    var p = start
    while p < cursor {
      guard let (_, length) = decodeUTF8(source + p, cursor - p) else {
        state = .undecodable
        return layout(.error)
      }
      p += length
    }
    p = start
    while p < cursor {
      guard let (scalar, length) = decodeUTF8(source + p, cursor - p) else { break }
      let fits = p == start ? isIdentifierStart(scalar) : isIdentifierContinue(scalar)
      if !fits {
        cursor = p + length
        let code = hexadecimal(scalar, width: 4)
        if isPrintable(scalar), let shown = Unicode.Scalar(scalar) {
          return fail("invalid character '\(Character(shown))' (U+\(code))")
        }
        return fail("invalid non-printable character U+\(code)")
      }
      p += length
    }
    return token(.name)
  }
}

/// `value` in upper-case hexadecimal, at least `width` digits.
func hexadecimal(_ value: UInt32, width: Int) -> String {
  let digits = String(value, radix: 16, uppercase: true)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

/// The scalar that begins at `p`, which may read `count` bytes, and its length; `nil` when the
/// bytes are not UTF-8.
func decodeUTF8(_ p: UnsafePointer<UInt8>, _ count: Int) -> (UInt32, Int)? {
  let first = p[0]
  if first < 0x80 { return (UInt32(first), 1) }
  func tail(_ i: Int) -> UInt32? {
    guard i < count, p[i] & 0xC0 == 0x80 else { return nil }
    return UInt32(p[i] & 0x3F)
  }
  switch first {
  case 0xC2...0xDF:
    guard let a = tail(1) else { return nil }
    return (UInt32(first & 0x1F) << 6 | a, 2)
  case 0xE0...0xEF:
    guard let a = tail(1), let b = tail(2) else { return nil }
    let value = UInt32(first & 0x0F) << 12 | a << 6 | b
    return value < 0x800 || (0xD800...0xDFFF).contains(value) ? nil : (value, 3)
  case 0xF0...0xF4:
    guard let a = tail(1), let b = tail(2), let c = tail(3) else { return nil }
    let value = UInt32(first & 0x07) << 18 | a << 12 | b << 6 | c
    return value < 0x10000 || value > 0x10FFFF ? nil : (value, 4)
  default: return nil
  }
}

@inline(__always)
func isASCIIAlphanumeric(_ c: UInt8) -> Bool {
  (c | 0x20) &- 0x61 < 26 || c &- 0x30 < 10
}

/// What a token's first byte says about it.
enum ByteClass: UInt8 {
  case other, letter, prefix, digit, quote, newline, backslash, dot
}

extension ByteClass {
  /// Set in `table` for bytes that can continue a name.
  static let inName: UInt8 = 0x80

  /// The class of every byte. Lives as long as the program.
  static let table: UnsafeTable = {
    let table = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
    for value in 0..<256 {
      let c = UInt8(value)
      let continues = c >= 0x80 || c == UInt8(ascii: "_") || isASCIIAlphanumeric(c)
      table[value] = of(c).rawValue | (continues ? inName : 0)
    }
    return UnsafeTable(pointer: UnsafePointer(table))
  }()

  private static func of(_ c: UInt8) -> ByteClass {
    switch c {
    case UInt8(ascii: "b"), UInt8(ascii: "B"), UInt8(ascii: "r"), UInt8(ascii: "R"),
      UInt8(ascii: "u"), UInt8(ascii: "U"), UInt8(ascii: "f"), UInt8(ascii: "F"):
      .prefix
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"), 0x80...0xFF:
      .letter
    case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
    case UInt8(ascii: "\""), UInt8(ascii: "'"): .quote
    case UInt8(ascii: "\n"), UInt8(ascii: "\r"): .newline
    case UInt8(ascii: "\\"): .backslash
    case UInt8(ascii: "."): .dot
    default: .other
    }
  }
}

/// A constant table of bytes, shared between threads.
struct UnsafeTable: @unchecked Sendable {
  let pointer: UnsafePointer<UInt8>
}
