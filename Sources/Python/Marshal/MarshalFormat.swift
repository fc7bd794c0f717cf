/// The serialisation format of `.pyc` files. CPython: Python/marshal.c, Doc/library/marshal.rst.
///
/// Every object is one type byte and its data, integers little-endian. A type byte with bit 7 set
/// enters the object into a numbered table, from which `reference` repeats it.
enum MarshalFormat {
  /// The version `dumps` writes unless told otherwise: 1 shares interned strings, 2 has binary
  /// floats, 3 object references, 4 short and ASCII strings.
  static let version = 4
  /// How deep objects may nest, on both sides.
  static let depthLimit = 2000
  static let referenceFlag: UInt8 = 0x80

  /// What a code object consists of.
  enum CodeLayout {
    /// With the qualified name and the table of columns.
    case own
    /// The fields of CPython 3.10, in its order.
    case python310

    /// What `dumps` writes and `loads` expects: 3.10's with `-X classic`.
    static var current: CodeLayout {
      Compilation.dialect.contains(.codeFiles) ? .own : .python310
    }
  }

  enum Code {
    static let null = UInt8(ascii: "0")
    static let none = UInt8(ascii: "N")
    static let `false` = UInt8(ascii: "F")
    static let `true` = UInt8(ascii: "T")
    static let stopIteration = UInt8(ascii: "S")
    static let ellipsis = UInt8(ascii: ".")
    static let int = UInt8(ascii: "i")
    static let int64 = UInt8(ascii: "I")
    static let float = UInt8(ascii: "f")
    static let binaryFloat = UInt8(ascii: "g")
    static let complex = UInt8(ascii: "x")
    static let binaryComplex = UInt8(ascii: "y")
    static let long = UInt8(ascii: "l")
    static let bytes = UInt8(ascii: "s")
    static let interned = UInt8(ascii: "t")
    static let reference = UInt8(ascii: "r")
    static let tuple = UInt8(ascii: "(")
    static let list = UInt8(ascii: "[")
    static let dict = UInt8(ascii: "{")
    static let code = UInt8(ascii: "c")
    static let unicode = UInt8(ascii: "u")
    static let unknown = UInt8(ascii: "?")
    static let set = UInt8(ascii: "<")
    static let frozenset = UInt8(ascii: ">")
    static let ascii = UInt8(ascii: "a")
    static let asciiInterned = UInt8(ascii: "A")
    static let smallTuple = UInt8(ascii: ")")
    static let shortAscii = UInt8(ascii: "z")
    static let shortAsciiInterned = UInt8(ascii: "Z")
  }
}
