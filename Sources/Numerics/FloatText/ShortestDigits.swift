/// The shortest decimal that reads back as the same double, and of those the closest.
///
/// Raffaello Giulietti, "The Schubfach way to render doubles" (2020): the interval of numbers that
/// round to the value is scaled by a power of ten with one 64 x 128-bit multiplication per bound,
/// rounding to odd, after which all comparisons are exact on small integers.
enum ShortestDigits {
  /// significand * 10**exponent for a positive finite value; the significand has at most 17 digits
  /// and may end in zeros.
  static func decimal(_ value: Double) -> (significand: UInt64, exponent: Int) {
    let bits = value.bitPattern
    let fraction = bits & (1 << 52 &- 1)
    let biased = Int(bits >> 52) & 0x7FF
    let c: UInt64
    let q: Int
    if biased != 0 {
      c = fraction | 1 << 52
      q = biased &- 1075
      if q <= 0 && q > -53 && c & (1 &<< UInt64(-q) &- 1) == 0 {
        return (c &>> UInt64(-q), 0)  // a whole number below 2**53
      }
    } else {
      c = fraction
      q = -1074
    }
    let even = c & 1 == 0
    // At a power of two the neighbour below is only half as far.
    let closer = fraction == 0 && biased > 1
    let left = 4 &* c &- 2 &+ (closer ? 1 : 0)
    let middle = 4 &* c
    let right = 4 &* c &+ 2
    // k = floor(log10(2**q)), or of 3/4 of it; the constants are exact for the doubles' range.
    let k = (q &* 1_262_611 &- (closer ? 524_031 : 0)) >> 22
    let h = UInt64(truncatingIfNeeded: q &+ ((-k &* 1_741_647) >> 19) &+ 1)
    let index = 2 &* (-k &- PowersOfTen.first)
    return PowersOfTen.words.withUnsafeBufferPointer { words in
      let high = words[index], low = words[index &+ 1]
      let vLeft = roundToOdd(high, low, left &<< h)
      let v = roundToOdd(high, low, middle &<< h)
      let vRight = roundToOdd(high, low, right &<< h)
      let lower = vLeft &+ (even ? 0 : 1)
      let upper = vRight &- (even ? 0 : 1)
      let s = v / 4
      if s >= 10 {
        let tens = s / 10
        let below = lower <= 40 &* tens
        let above = 40 &* tens &+ 40 <= upper
        if below != above { return (tens &+ (above ? 1 : 0), k &+ 1) }
      }
      let below = lower <= 4 &* s
      let above = 4 &* s &+ 4 <= upper
      if below != above { return (s &+ (above ? 1 : 0), k) }
      let tie = 4 &* s &+ 2
      let up = v > tie || (v == tie && s & 1 != 0)
      return (s &+ (up ? 1 : 0), k)
    }
  }

  /// The top 64 bits of a 128 x 64-bit product, the lowest bit set if anything is lost.
  @inline(__always)
  private static func roundToOdd(_ high: UInt64, _ low: UInt64, _ factor: UInt64) -> UInt64 {
    let x = low.multipliedFullWidth(by: factor)
    let y = high.multipliedFullWidth(by: factor)
    let (sum, carry) = y.low.addingReportingOverflow(x.high)
    let top = y.high &+ (carry ? 1 : 0)
    return top | (sum > 1 ? 1 : 0)
  }

  /// Writes the digits without trailing zeros (1 ... 17 bytes) and returns their count and the place
  /// of the decimal point: value = 0.d1d2d3... * 10**point. The value is positive and finite.
  static func write(
    _ value: Double, into text: UnsafeMutablePointer<UInt8>
  ) -> (count: Int, point: Int) {
    let decimal = decimal(value)
    var count = Digits.write(word: decimal.significand, base: 10, text: text)
    let point = count &+ decimal.exponent
    while count > 1 && text[count &- 1] == 0x30 { count &-= 1 }
    return (count, point)
  }
}
