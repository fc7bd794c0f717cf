/// Why a source text could not be parsed: what CPython would raise, ready to be made an exception.
public struct SyntaxFailure: Error, Equatable, Sendable {
  /// The exception's class.
  public enum Kind: Sendable {
    case syntaxError
    case indentationError
    case tabError
    /// `_IncompleteInputError`: more input could make this valid (flag `allowIncompleteInput`).
    case incompleteInput
    /// `MemoryError`: the text nests deeper than the parser goes.
    case memoryError
    /// `RecursionError`: the tree would be too deep for the passes after the parser.
    case recursionError
    /// `UnicodeDecodeError`, with its text in `message`.
    case unicodeDecodeError
    /// `ValueError`: an identifier whose NFKC form is `None`, `True` or `False`.
    case valueError
    /// `OverflowError`: a line or the whole source is too long.
    case overflowError
  }

  public var kind: Kind
  public var message: String
  /// Counts from 1; `nil` when the failure has no place.
  public var lineno: Int?
  /// In characters, counting from 1, of `text`. CPython also gives 0 and -1 in rare cases.
  public var offset: Int?
  public var endLineno: Int?
  /// In characters, counting from 1, exclusive; `nil` when CPython leaves it out.
  public var endOffset: Int?
  /// The source line, or lines, shown with the error.
  public var text: String?
  /// Of a `unicodeDecodeError`: the bytes that are not UTF-8, if the exception shall hold them.
  public var undecoded: [UInt8]?
  /// The exception has the message as its only argument: a file that cannot even be read as text.
  public var isBare = false

  public init(
    _ kind: Kind, _ message: String, lineno: Int? = nil, offset: Int? = nil, endLineno: Int? = nil,
    endOffset: Int? = nil, text: String? = nil
  ) {
    self.kind = kind
    self.message = message
    self.lineno = lineno
    self.offset = offset
    self.endLineno = endLineno
    self.endOffset = endOffset
    self.text = text
  }
}

/// A `SyntaxWarning` found while reading the source.
public struct SyntaxCaution: Equatable, Sendable {
  public var message: String
  public var lineno: Int
  /// What to raise instead when the program turned this warning into an error.
  public var asError: SyntaxFailure
}
