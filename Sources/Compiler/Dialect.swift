/// Where the language of 3.13 needs other code than CPython 3.10 makes.
///
/// `classic` compiles to the bytes of CPython 3.10.13 (`-X classic`); the default switches every
/// entry on. Each difference is one entry here and nowhere else: code asks `dialect.contains(…)`,
/// never which of the two modes it is in. `entries` lists them with what asks for them and a source
/// that shows the difference, which Tests/CompilerTests/DialectTests.swift compiles.
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
  /// 3.12: `~True` and `~False` are deprecated; they are folded only where the warning passes.
  public static let invertedTruthWarnings = Dialect(rawValue: 1 << 11)
  /// PEP 657 and `co_qualname` (3.11): `.pyc` files and `marshal` keep both, in a format with a
  /// magic number of its own. Without it they are CPython 3.10's, magic number 3439.
  public static let codeFiles = Dialect(rawValue: 1 << 12)

  public static let classic: Dialect = []
  public static let current = Dialect(rawValue: (1 << 13) - 1)
}

extension Dialect {
  /// A difference by name.
  public struct Entry: Sendable {
    public let name: String
    public let dialect: Dialect
    /// The PEP, or what the release notes say, and the release that brought it.
    public let source: String
    /// A program that compiles to other code, with other warnings or not at all without the entry;
    /// nil where the difference is not in what the compiler makes.
    public let example: String?
  }

  /// Every difference, in the order of its bits.
  public static let entries: [Entry] = [
    Entry(
      name: "inlinedComprehensions", dialect: .inlinedComprehensions, source: "PEP 709, 3.12",
      example: "x = [i for i in y]\n"),
    Entry(
      name: "cleanDocstrings", dialect: .cleanDocstrings, source: "gh-81283, 3.13",
      example: "def f():\n    '''one\n    two'''\n"),
    Entry(
      name: "staticAttributes", dialect: .staticAttributes, source: "gh-115775, 3.13",
      example: "class A:\n    def f(self): self.x = 1\n"),
    Entry(
      name: "classFirstLine", dialect: .classFirstLine, source: "gh-118465, 3.13",
      example: "class A: pass\n"),
    Entry(
      name: "columns", dialect: .columns, source: "PEP 657, 3.11", example: "x = f(\n  y)\n"),
    Entry(
      name: "withoutNoFree", dialect: .withoutNoFree, source: "bpo-43693, 3.11",
      example: "x = 1\n"),
    Entry(
      name: "percentFormats", dialect: .percentFormats, source: "bpo-28307, 3.11",
      example: "x = '%s' % (y,)\n"),
    Entry(
      name: "fstringPositions", dialect: .fstringPositions, source: "PEP 701, 3.12",
      example: "x = f'''a\n{\ny}'''\n"),
    Entry(
      name: "deeperBlocks", dialect: .deeperBlocks, source: "CO_MAXBLOCKS, 3.13",
      example: (0..<21).map { String(repeating: " ", count: $0) + "while x:\n" }.joined()
        + String(repeating: " ", count: 21) + "y\n"),
    Entry(
      name: "annotationsInMatch", dialect: .annotationsInMatch, source: "Python/compile.c, find_ann, 3.12",
      example: "match x:\n    case 1:\n        y: int\n"),
    Entry(
      name: "parameterCellsFirst", dialect: .parameterCellsFirst, source: "bpo-43693, 3.11",
      example: "def f(z):\n    a = 1\n    return lambda: (a, z)\n"),
    Entry(
      name: "invertedTruthWarnings", dialect: .invertedTruthWarnings, source: "gh-103487, 3.12",
      example: "x = ~True\n"),
    Entry(name: "codeFiles", dialect: .codeFiles, source: "PEP 657, 3.11", example: nil),
  ]
}
