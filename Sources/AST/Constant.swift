/// An identifier, NFKC-normalised as PEP 3131 asks.
public typealias Identifier = String

/// The value of a `Constant` or `MatchSingleton` node.
///
/// Only what a literal can spell. Tuples and frozensets appear after constant folding and belong to the compiler.
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
}
