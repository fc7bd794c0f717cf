/// An identifier, NFKC-normalised as PEP 3131 asks.
public typealias Identifier = String

/// The value of a `Constant` or `MatchSingleton` node.
///
/// The parser makes only what a literal can spell. The cases marked as folded come from constant
/// folding or from a program that builds trees itself.
public enum Constant: Equatable, Sendable {
  case none
  case `true`
  case `false`
  case ellipsis
  /// An integer that fits a machine word.
  case int(Int)
  /// A larger non-negative integer: 30-bit digits, least significant first, no leading zero digit.
  case bigInt([UInt32])
  case float(Double)
  /// A literal such as `2j`; the real part is zero.
  case complex(imaginary: Double)
  /// UTF-8, except that a lone surrogate (from `"\ud800"`) stands as its three bytes (WTF-8).
  case string([UInt8])
  case bytes([UInt8])
  /// Folded: a negative integer beyond a machine word, by the digits of its magnitude.
  case negativeBigInt([UInt32])
  /// Folded: a complex number with a real part.
  case complexNumber(real: Double, imaginary: Double)
  /// Folded.
  indirect case tuple([Constant])
  /// Folded: no two equal items, in the order of their first appearance.
  indirect case frozenset([Constant])
}
