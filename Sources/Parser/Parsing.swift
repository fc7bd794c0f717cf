import AST

/// How to parse.
public struct ParseOptions: Sendable {
  public var flags: ParserFlags
  /// Accept the syntax of Python 3.`featureVersion` and no newer.
  public var featureVersion: Int
  /// Most digits a decimal integer literal may have; 0 means no limit
  /// (`sys.set_int_max_str_digits`).
  public var maxIntDigits: Int
  /// Named in messages about encodings. Where a file has this name, errors show its lines.
  public var filename: String

  public init(
    flags: ParserFlags = [], featureVersion: Int = 13, maxIntDigits: Int = 4300,
    filename: String = "<string>"
  ) {
    self.flags = flags
    self.featureVersion = featureVersion
    self.maxIntDigits = maxIntDigits
    self.filename = filename
  }
}

/// A parsed source.
public struct ParsedSource {
  public var tree: Mod
  /// Warnings in the order of their lines.
  public var cautions: [SyntaxCaution]
  /// The encoding the source declares; `nil` when it declares none.
  public var encoding: String?
}

/// A source that could not be parsed, and the warnings met before.
public struct ParseFailure: Error {
  public var failure: SyntaxFailure
  public var cautions: [SyntaxCaution]
}

/// Parses a source text.
///
/// - Parameter decoder: asked for source encodings other than UTF-8, Latin-1 and ASCII.
/// - Throws: `ParseFailure` for everything wrong with the source.
public func parseModule(
  _ source: UnsafeBufferPointer<UInt8>, mode: ParseMode = .exec,
  options: ParseOptions = ParseOptions(), decoder: SourceDecoder? = nil
) throws(ParseFailure) -> ParsedSource {
  let text: SourceText
  do throws(SyntaxFailure) {
    text = try SourceText(
      source, ignoreCookie: options.flags.contains(.ignoreCookie),
      endsWithNewline: mode == .exec, decoder: decoder)
    if options.flags.contains(.isFile), text.encoding == nil {
      try text.checkUndeclaredUTF8(filename: options.filename)
    }
  } catch {
    let failure = options.flags.contains(.isFile) ? SourceText.unreadable(source, error) : error
    throw ParseFailure(failure: failure, cautions: [])
  }
  return try Parsing(text, mode, options).run()
}

/// Parses a source text held in an array.
public func parseModule(
  source: [UInt8], mode: ParseMode = .exec, options: ParseOptions = ParseOptions(),
  decoder: SourceDecoder? = nil
) throws(ParseFailure) -> ParsedSource {
  let result: Result<ParsedSource, ParseFailure> = source.withUnsafeBufferPointer { buffer in
    do throws(ParseFailure) {
      return .success(try parseModule(buffer, mode: mode, options: options, decoder: decoder))
    } catch {
      return .failure(error)
    }
  }
  return try result.get()
}

/// One run of the parser over one source.
private struct Parsing {
  /// Nesting that is safe on a small thread's stack; deeper sources are parsed on a stack of their
  /// own.
  static let shallowDepth = 400
  /// Where CPython's parser gives up for the constructs that nest most cheaply.
  static let deepDepth = 5_968

  let text: SourceText
  let mode: ParseMode
  let options: ParseOptions

  init(_ text: SourceText, _ mode: ParseMode, _ options: ParseOptions) {
    self.text = text
    self.mode = mode
    self.options = options
  }

  func run() throws(ParseFailure) -> ParsedSource {
    var supply = TokenSupply(text, mode: mode, flags: options.flags)
    let buffer = TokenBuffer(capacity: text.count / 4 + 64)
    while true {
      let token = supply.next()
      buffer.append(token)
      if token.kind == .endMarker || token.kind == .error { break }
    }
    buffer.pad()
    let tokenizer = supply.tokenizer

    var attempt = Attempt(skip: 0)
    self.attempt(buffer, supply, Self.shallowDepth, &attempt)
    if attempt.rejection == .tooDeep {
      onLargeStack { self.attempt(buffer, supply, Self.deepDepth, &attempt) }
    }
    if let misnomer = attempt.misnomer, attempt.tree != nil {
      throw ParseFailure(
        failure: SyntaxFailure(
          .valueError, "identifier field can't represent '\(misnomer)' constant"),
        cautions: merged(tokenizer.cautions, attempt.cautions))
    }
    if let tree = attempt.tree {
      var cautions = merged(tokenizer.cautions, attempt.cautions)
      if mode == .single {
        let line = Int(buffer.tokens[max(attempt.consumed - 1, 0)].endLineno)
        cautions.removeAll { $0.lineno > line }
      }
      if mode == .single, let failure = trailingStatement(supply, attempt.consumed, buffer) {
        throw ParseFailure(failure: failure, cautions: cautions)
      }
      return ParsedSource(tree: tree, cautions: cautions, encoding: text.encoding)
    }
    throw diagnose(attempt, buffer)
  }

  /// What came of letting `SyntaxParser` read the tokens.
  private struct Attempt {
    var tree: Mod?
    var rejection: SyntaxParser.Rejection?
    /// Tokens of the statements that were read completely.
    var skip: Int
    var consumed = 0
    var cautions: [SyntaxCaution] = []
    var misnomer: Identifier?
  }

  private func attempt(
    _ buffer: TokenBuffer, _ supply: TokenSupply, _ maxDepth: Int, _ attempt: inout Attempt
  ) {
    let parser = SyntaxParser(
      source: UnsafePointer(text.bytes), tokens: UnsafePointer(buffer.tokens), options: options,
      maxDepth: maxDepth)
    attempt.tree = nil
    attempt.rejection = nil
    attempt.skip = 0
    do throws(SyntaxParser.Rejection) {
      attempt.tree = try tree(parser, supply, &attempt.skip)
    } catch {
      attempt.rejection = error
    }
    attempt.consumed = parser.position
    attempt.cautions = parser.cautions
    attempt.misnomer = parser.names.misnomer
  }

  private func tree(
    _ parser: SyntaxParser, _ supply: TokenSupply, _ skip: inout Int
  ) throws(SyntaxParser.Rejection) -> Mod {
    switch mode {
    case .exec:
      var body: [Stmt] = []
      while parser.kind != .endMarker {
        try parser.statement(&body)
        if !parser.resemblesMistake { skip = parser.position }
      }
      let ignores = supply.typeIgnores.map { token in
        TypeIgnore(
          lineno: token.lineno, tag: String(decoding: parser.text(token), as: UTF8.self))
      }
      return .module(body: body, typeIgnores: ignores)
    case .eval:
      let first = parser.position
      var value = try parser.expression()
      if parser.kind == .comma {
        var elts = [value]
        while parser.accept(.comma), parser.startsExpression(parser.kind) {
          elts.append(try parser.expression())
        }
        value = Expr(.tuple(elts: elts, ctx: .load), at: parser.range(from: first))
      }
      while parser.accept(.newline) {}
      try parser.expect(.endMarker)
      return .expression(body: value)
    case .single:
      if parser.kind == .endMarker { throw .invalid }
      if parser.kind == .newline {
        parser.advance()
        let pass = Stmt(.pass, at: parser.range(of: 0))
        return .interactive(body: [pass])
      }
      if let compound = try parser.compoundStatement() {
        try parser.expect(.newline)
        return .interactive(body: [compound])
      }
      var body: [Stmt] = []
      try parser.simpleStatements(&body)
      return .interactive(body: body)
    case .functionType: return try functionType(parser)
    }
  }

  /// `func_type: '(' [type_expressions] ')' '->' expression NEWLINE* ENDMARKER`; stars say nothing.
  private func functionType(_ parser: SyntaxParser) throws(SyntaxParser.Rejection) -> Mod {
    try parser.expect(.leftParen)
    var argtypes: [Expr] = []
    var stage = 0
    while parser.kind != .rightParen {
      let rank = parser.kind == .star ? 1 : parser.kind == .doubleStar ? 2 : 0
      if rank < stage || rank > 0 && rank == stage { throw .invalid }
      stage = rank
      if rank > 0 { parser.advance() }
      argtypes.append(try parser.expression())
      if !parser.accept(.comma) { break }
      if parser.kind == .rightParen { throw .invalid }
    }
    try parser.expect(.rightParen)
    try parser.expect(.arrow)
    let returns = try parser.expression()
    while parser.accept(.newline) {}
    try parser.expect(.endMarker)
    return .functionType(argtypes: argtypes, returns: returns)
  }

  private func diagnose(_ attempt: Attempt, _ buffer: TokenBuffer) -> ParseFailure {
    let diagnosis = SyntaxDiagnosis(text, mode: mode, options: options)
    var failure: SyntaxFailure?
    onLargeStack { failure = diagnosis.failure(skipping: attempt.skip) }
    var cautions = merged(diagnosis.supply.tokenizer.cautions, diagnosis.cautions)
    if attempt.skip > 0 {
      let line = buffer.tokens[attempt.skip].lineno
      cautions = merged(attempt.cautions.filter { $0.lineno < line }, cautions)
    }
    if let failure { return ParseFailure(failure: failure, cautions: cautions) }
    if attempt.rejection == .tooLong {
      return ParseFailure(
        failure: SyntaxFailure(
          .recursionError,
          options.flags.contains(.onlyAST)
            ? "maximum recursion depth exceeded during ast construction"
            : "maximum recursion depth exceeded during compilation"),
        cautions: cautions)
    }
    if attempt.rejection == .tooDeep {
      return ParseFailure(
        failure: SyntaxFailure(
          .memoryError, "Parser stack overflowed - Python source too complex to parse"),
        cautions: cautions)
    }
    let token = buffer.tokens[min(attempt.consumed, buffer.count - 1)]
    return ParseFailure(
      failure: SourceLines(UnsafePointer(text.bytes)).failure(
        .syntaxError, "invalid syntax", at: token),
      cautions: cautions)
  }

  /// In mode `single` nothing but blank lines and comments may follow the statement.
  private func trailingStatement(
    _ supply: TokenSupply, _ consumed: Int, _ buffer: TokenBuffer
  ) -> SyntaxFailure? {
    let last = buffer.tokens[max(consumed - 1, 0)]
    var p = Int(last.end)
    while p < text.count {
      switch text.bytes[p] {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), 0x0C: p += 1
      case UInt8(ascii: "#"):
        while p < text.count, text.bytes[p] != UInt8(ascii: "\n") { p += 1 }
      default:
        let diagnosis = SyntaxDiagnosis(text, mode: mode, options: options)
        return diagnosis.failureAfter(
          consumed, "multiple statements found while compiling a single statement")
      }
    }
    return nil
  }

  private func merged(_ a: [SyntaxCaution], _ b: [SyntaxCaution]) -> [SyntaxCaution] {
    if a.isEmpty { return b }
    if b.isEmpty { return a }
    return (a + b).enumerated().sorted {
      ($0.element.lineno, $0.offset) < ($1.element.lineno, $1.offset)
    }.map(\.element)
  }
}
