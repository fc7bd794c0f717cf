/// Doubles times powers of ten, rounded to whole numbers exactly: the quick way to a few decimals.
enum ScaledDecimal {
  /// 10**0 ... 10**19.
  static let powers: [UInt64] = [
    1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
    10_000_000_000, 100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000,
    1_000_000_000_000_000, 10_000_000_000_000_000, 100_000_000_000_000_000,
    1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
  ]

  /// value * 10**places, to the nearest whole number with ties to even; nil when the number or a
  /// step on the way is too long. The value is finite and not negative.
  static func rounded(_ value: Double, places: Int) -> UInt64? {
    if value == 0 { return places >= 0 ? 0 : nil }
    let biased = Int(value.exponentBitPattern)
    let significand = UInt128(value.significandBitPattern | (biased == 0 ? 0 : 1 << 52))
    let exponent = max(biased, 1) &- 1075
    if places >= 0 {
      // significand * 10**places has at most 53 + 64 bits.
      guard places <= 19 else { return nil }
      let product = significand &* UInt128(powers[places])
      if exponent >= 0 {
        guard exponent < 64, product >> (127 &- UInt128(exponent)) == 0 else { return nil }
        return UInt64(exactly: product << UInt128(exponent))
      }
      let shift = -exponent
      if shift > 120 { return 0 }  // below 2**-3
      let whole = product >> UInt128(shift)
      let rest = product & (1 << UInt128(shift) &- 1)
      let half = UInt128(1) << UInt128(shift &- 1)
      let up = rest > half || (rest == half && whole & 1 == 1)
      return UInt64(exactly: whole &+ (up ? 1 : 0))
    }
    guard places >= -19, exponent >= -60, exponent < 70 else { return nil }
    // Divide by 10**-places, and by 2**-exponent where that is not whole.
    let numerator = exponent >= 0 ? significand << UInt128(exponent) : significand
    let denominator =
      UInt128(powers[-places]) << UInt128(exponent < 0 ? -exponent : 0)
    let (whole, rest) = numerator.quotientAndRemainder(dividingBy: denominator)
    let twice = rest << 1
    let up = twice > denominator || (twice == denominator && whole & 1 == 1)
    return UInt64(exactly: whole &+ (up ? 1 : 0))
  }
}
