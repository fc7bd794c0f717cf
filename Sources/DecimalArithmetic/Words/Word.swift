/// A word of a coefficient: 19 decimal digits, 0 up to 10**19 - 1, in a UInt64.
public enum Word {
  @inlinable public static var radix: UInt64 { 10_000_000_000_000_000_000 }
  /// Decimal digits of a full word.
  @inlinable public static var digits: Int { 19 }
  /// Half of the radix: the fraction word of exactly one half.
  @inlinable static var half: UInt64 { 5_000_000_000_000_000_000 }
  /// (2**128 - 1) / radix - 2**64. The radix has its top bit set, so it needs no normalising.
  @usableFromInline static var reciprocal: UInt64 { 0xD83C_94FB_6D2A_C34A }

  /// 10**0 … 10**19.
  static let powers: InlineArray<20, UInt64> = [
    1, 10, 100, 1000, 10000, 100000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
    10_000_000_000, 100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000,
    1_000_000_000_000_000, 10_000_000_000_000_000, 100_000_000_000_000_000,
    1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
  ]

  /// 10**exponent for 0 … 19.
  @inline(__always) public static func power(_ exponent: Int) -> UInt64 {
    powers[unchecked: exponent]
  }

  /// Quotient and remainder of high * 2**64 + low by the radix; `high` must be below the radix.
  ///
  /// Möller and Granlund, "Improved division by invariant integers" (2011), algorithm 4.
  @inlinable @inline(__always)
  static func split(_ high: UInt64, _ low: UInt64) -> (quotient: UInt64, remainder: UInt64) {
    var (q1, q0) = reciprocal.multipliedFullWidth(by: high)
    let (sum, carry) = q0.addingReportingOverflow(low)
    q0 = sum
    q1 = q1 &+ high &+ (carry ? 1 : 0) &+ 1
    var r = low &- q1 &* radix
    if r > q0 {
      q1 &-= 1
      r = r &+ radix
    }
    if _slowPath(r >= radix) {
      q1 &+= 1
      r &-= radix
    }
    return (q1, r)
  }

  /// The number of decimal digits; 1 for zero.
  @inline(__always) public static func digitCount(_ word: UInt64) -> Int {
    let estimate = ((64 &- (word | 1).leadingZeroBitCount) &* 1233) >> 12
    return estimate &+ (word >= powers[unchecked: estimate] ? 1 : 0) | (word == 0 ? 1 : 0)
  }

  /// Words that a number of digits needs; at least 1.
  @inline(__always) static func count(forDigits digits: Int) -> Int {
    digits <= 19 ? 1 : (digits &- 1) / 19 &+ 1
  }
}
