/// Where the language of 3.13 needs other code than CPython 3.10 makes.
///
/// `classic` compiles to the bytes of CPython 3.10.13; the default switches every entry on. Each
/// difference is one entry here and nowhere else.
public struct Dialect: OptionSet, Sendable, Hashable {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// PEP 709 (3.12): list, set and dict comprehensions run in the frame around them.
  public static let inlinedComprehensions = Dialect(rawValue: 1 << 0)
  /// 3.13: docstrings lose their common indentation.
  public static let cleanDocstrings = Dialect(rawValue: 1 << 1)
  /// 3.13: a class body stores `__static_attributes__`.
  public static let staticAttributes = Dialect(rawValue: 1 << 2)
  /// 3.13: a class body stores `__firstlineno__`.
  public static let classFirstLine = Dialect(rawValue: 1 << 3)
  /// PEP 657 (3.11): columns, and calls and operators placed where 3.13 places them.
  public static let columns = Dialect(rawValue: 1 << 4)
  /// 3.11: `CO_NOFREE` is gone.
  public static let withoutNoFree = Dialect(rawValue: 1 << 5)
  /// 3.11: `"%s" % (a,)` with plain conversions becomes an f-string.
  public static let percentFormats = Dialect(rawValue: 1 << 6)
  /// PEP 701 (3.12): expressions in f-strings have the positions they have in the source.
  public static let fstringPositions = Dialect(rawValue: 1 << 7)
  /// 3.13: 21 nested blocks instead of 20 (`CO_MAXBLOCKS`).
  public static let deeperBlocks = Dialect(rawValue: 1 << 8)
  /// 3.12: annotations inside `match` statements make `__annotations__` too.
  public static let annotationsInMatch = Dialect(rawValue: 1 << 9)
  /// 3.11: parameters that are cells come first in `co_cellvars`.
  public static let parameterCellsFirst = Dialect(rawValue: 1 << 10)

  public static let classic: Dialect = []
  public static let current = Dialect(rawValue: (1 << 11) - 1)
}
