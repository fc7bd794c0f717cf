import AST

/// Settings that decide what the grammar accepts.
public struct ParserFlags: OptionSet, Sendable {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Keep type comments in the tree (`PyCF_TYPE_COMMENTS`).
  public static let typeComments = ParserFlags(rawValue: 1 << 0)
  /// The source is text: ignore byte order mark and coding cookie (`PyCF_IGNORE_COOKIE`).
  public static let ignoreCookie = ParserFlags(rawValue: 1 << 1)
  /// An unfinished block at the end of interactive input is not ended (`PyCF_DONT_IMPLY_DEDENT`).
  public static let dontImplyDedent = ParserFlags(rawValue: 1 << 2)
  /// Report `incompleteInput` where more input could help (`PyCF_ALLOW_INCOMPLETE_INPUT`).
  public static let allowIncompleteInput = ParserFlags(rawValue: 1 << 3)
  /// `from __future__ import barry_as_FLUFL` is in force (`CO_FUTURE_BARRY_AS_BDFL`).
  public static let barryAsFLUFL = ParserFlags(rawValue: 1 << 4)
  /// The caller wants a tree and nothing else (`PyCF_ONLY_AST`); changes the wording of one error.
  public static let onlyAST = ParserFlags(rawValue: 1 << 5)
  /// The source is a file's content: undeclared bytes beyond UTF-8 are an error wherever they
  /// stand.
  public static let isFile = ParserFlags(rawValue: 1 << 6)
}

/// What a source text is meant to be.
public enum ParseMode: Sendable {
  case exec, eval, single, functionType
}

/// Builds the tree of a valid program from its tokens, by recursive descent.
///
/// It only ever says that a program is not valid, never why: for that, `SyntaxDiagnosis` reads the
/// program again the way CPython's parser does. Chains (`a + b + c`, `a.b.c`, `elif`) are loops;
/// what does recurse counts `depth`.
///
/// The grammar is that of the Python 3.13 language reference, chapter 10. Each method parses the
/// rule it is named for and stands behind it afterwards.
final class SyntaxParser {
  enum Rejection: Error {
    case invalid
    /// Nested deeper than `maxDepth`.
    case tooDeep
    /// A chain so long that later passes could not walk its tree.
    case tooLong
  }

  /// Longest chain of left-associative links (CPython's later passes stop at 10,000 levels).
  static let maxChain = 9_990

  /// Most branches of one `if` statement, where CPython's parser runs out of stack.
  static let maxBranches = 5_966

  let source: UnsafePointer<UInt8>
  /// Ends with `endMarker` or `error`.
  let tokens: UnsafePointer<Token>
  let typeComments: Bool
  let featureVersion: Int
  let maxIntDigits: Int
  let maxDepth: Int
  var isBarry: Bool

  @exclusivity(unchecked) var position = 0
  @exclusivity(unchecked) var depth = 0
  @exclusivity(unchecked) var names: NameTable
  var cautions: [SyntaxCaution] = []
  /// Something valid was read that CPython takes for a mistake when it looks for one because of an
  /// error further on: `match(x)` for a match statement, `print -1` for one of Python 2, the
  /// brackets of `type A[T = B]` for a subscript, a type comment on a line of its own for a missing
  /// block.
  var resemblesMistake = false
  /// Why a literal was rejected.
  var literalFailure: LiteralFailure?

  init(
    source: UnsafePointer<UInt8>, tokens: UnsafePointer<Token>, options: ParseOptions,
    maxDepth: Int
  ) {
    self.source = source
    self.tokens = tokens
    typeComments = options.flags.contains(.typeComments)
    featureVersion = options.featureVersion
    maxIntDigits = options.maxIntDigits
    isBarry = options.flags.contains(.barryAsFLUFL)
    self.maxDepth = maxDepth
    names = NameTable(source: source)
  }

  // MARK: Tokens

  @inline(__always) var kind: TokenKind { tokens[position].kind }
  @inline(__always) var nextKind: TokenKind { tokens[position + 1].kind }

  /// Goes on to the next token. The last token is never passed.
  @inline(__always) func advance() { position += 1 }

  @inline(__always)
  func accept(_ kind: TokenKind) -> Bool {
    if self.kind != kind { return false }
    position += 1
    return true
  }

  @inline(__always)
  func expect(_ kind: TokenKind) throws(Rejection) {
    if self.kind != kind { throw .invalid }
    position += 1
  }

  /// Whether the token at `index` is spelled `word`.
  func isWord(_ word: StaticString, at index: Int) -> Bool {
    let token = tokens[index]
    return token.kind == .name && Int(token.end - token.start) == word.utf8CodeUnitCount
      && word.utf8Start.same(as: source + Int(token.start), word.utf8CodeUnitCount)
  }

  func text(_ token: Token) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: source + Int(token.start), count: Int(token.end - token.start))
  }

  // MARK: Places

  /// From token `first` to the token before the current one.
  @inline(__always)
  func range(from first: Int) -> SourceRange {
    let last = tokens + (position - 1)
    return SourceRange(
      lineno: tokens[first].lineno, colOffset: tokens[first].colOffset,
      endLineno: last.pointee.endLineno, endColOffset: last.pointee.endColOffset)
  }

  /// From token `first` to the last token before the current one that is not layout.
  func rangeOfBlock(from first: Int) -> SourceRange {
    var last = position - 1
    while last > first, tokens[last].kind.isLayout { last -= 1 }
    return SourceRange(
      lineno: tokens[first].lineno, colOffset: tokens[first].colOffset,
      endLineno: tokens[last].endLineno, endColOffset: tokens[last].endColOffset)
  }

  func range(of index: Int) -> SourceRange {
    let token = tokens[index]
    return SourceRange(
      lineno: token.lineno, colOffset: token.colOffset, endLineno: token.endLineno,
      endColOffset: token.endColOffset)
  }

  // MARK: Names

  /// The identifier spelled by the current token, which must be a name.
  @inline(__always)
  func name() throws(Rejection) -> Identifier {
    let token = tokens[position]
    guard token.kind == .name else { throw .invalid }
    position += 1
    return names.name(token.start, token.end)
  }

  /// `name` as an expression.
  @inline(__always)
  func nameExpression(_ ctx: ExprContext) throws(Rejection) -> Expr {
    let first = position
    let id = try name()
    return Expr(.name(id: id, ctx: ctx), at: range(of: first))
  }

  // MARK: Depth and versions

  @inline(__always)
  func enter(_ weight: Int = 1) throws(Rejection) {
    depth += weight
    if depth > maxDepth { throw .tooDeep }
  }

  @inline(__always)
  func leave(_ weight: Int = 1) { depth -= weight }

  /// Syntax that came with Python 3.`minor`.
  @inline(__always)
  func require(_ minor: Int) throws(Rejection) {
    if featureVersion < minor { throw .invalid }
  }

  /// A type comment's text, when one stands here.
  func typeComment() -> String? {
    guard kind == .typeComment else { return nil }
    let comment = String(decoding: text(tokens[position]), as: UTF8.self)
    advance()
    return comment
  }
}
