/// Where a node stands in its source, in CPython's units.
///
/// Lines count from 1. Columns are offsets in UTF-8 bytes from the start of the line, counting from
/// 0. The end is exclusive. CPython: `lineno`, `col_offset`, `end_lineno`, `end_col_offset` of
/// `Parser/Python.asdl`.
@frozen public struct SourceRange: Equatable, Sendable {
  public var lineno: Int32
  public var colOffset: Int32
  public var endLineno: Int32
  public var endColOffset: Int32

  @inlinable public init(lineno: Int32, colOffset: Int32, endLineno: Int32, endColOffset: Int32) {
    self.lineno = lineno
    self.colOffset = colOffset
    self.endLineno = endLineno
    self.endColOffset = endColOffset
  }

  /// From the start of `first` to the end of `last`.
  @inlinable public init(from first: SourceRange, to last: SourceRange) {
    self.init(
      lineno: first.lineno, colOffset: first.colOffset,
      endLineno: last.endLineno, endColOffset: last.endColOffset)
  }
}
