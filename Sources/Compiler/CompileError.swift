import AST

/// Why a tree has no code.
public enum CompileError: Error {
  /// SyntaxError with its message and the range it points at. Columns are those of the tree (bytes,
  /// from 0); `offset` of the exception is one more. A line of -1 means that there is no position,
  /// an end column of -1 that the end is not known (`end_offset` is None).
  case syntax(message: String, location: SourceRange)
  /// RecursionError: the tree is nested deeper than the native stack allows.
  case recursion(message: String)
  /// SystemError: the tree is one that no source text has.
  case system(message: String)
  /// ValueError: the tree breaks a rule of `ast` (hand-made trees only).
  case value(message: String)
  /// TypeError: the same, where CPython says so.
  case type(message: String)
  /// UnicodeEncodeError: a docstring (as UTF-8 that encodes surrogates, too) cannot be taken apart.
  case unencodable(text: [UInt8])
  /// The handler of warnings turned a warning into an exception of its own.
  case warningRaised
}

extension SourceRange {
  /// The place of instructions that no source text stands for.
  static let none = SourceRange(lineno: -1, colOffset: -1, endLineno: -1, endColOffset: -1)

  var hasLine: Bool { lineno >= 0 }
}
