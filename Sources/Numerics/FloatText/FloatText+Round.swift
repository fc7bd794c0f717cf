import Glibc

extension FloatText {
  public enum RoundOutcome: Sendable {
    case value(Double)
    /// "rounded value too large to represent"
    case overflow
    case outOfMemory
  }

  /// `round(value, places)`: to the nearest decimal with that many places after the point, ties to
  /// even, as if on the exact value. CPython: Objects/floatobject.c, double_round.
  public static func round(_ value: Double, places: Int) -> RoundOutcome {
    if !value.isFinite || value == 0 || places > 323 { return .value(value) }
    if places < -308 { return .value(value.sign == .minus ? -0.0 : 0.0) }
    var text = TextBuffer(capacity: 400)
    if places >= 0 {
      format(value, .fixed, precision: places, [], into: &text)
    } else {
      roundTens(value, -places, into: &text)
    }
    if text.failed { return .outOfMemory }
    guard case .value(let result) = parse(text.bytes, text.count) else { return .outOfMemory }
    return result.isInfinite ? .overflow : .value(result)
  }

  /// Rounds the whole part at 10**place, looking at the fraction only to break ties.
  private static func roundTens(_ value: Double, _ place: Int, into text: inout TextBuffer) {
    let whole = value.magnitude.rounded(.towardZero)
    let fraction = whole != value.magnitude
    format(whole, .fixed, precision: 0, [], into: &text)
    if text.failed { return }
    let digits = text.bytes
    let kept = text.count &- place
    if kept < 0 {
      text.truncate(to: 0)
      text.append(0x30)
    } else {
      var below = fraction
      for i in kept &+ 1..<max(text.count, kept &+ 1) where digits[i] != 0x30 { below = true }
      let half = digits[kept]
      let odd = kept > 0 && digits[kept &- 1] & 1 != 0
      let up = half > 0x35 || (half == 0x35 && (below || odd))
      for i in kept..<text.count { digits[i] = 0x30 }
      if up {
        var i = kept
        while i > 0 && digits[i &- 1] == 0x39 {
          i &-= 1
          digits[i] = 0x30
        }
        if i > 0 {
          digits[i &- 1] &+= 1
        } else {
          // 99.. became 100..: one more zero behind the new leading one.
          text.append(0x30)
          text.bytes[0] = 0x31
          for i in 1..<text.count { text.bytes[i] = 0x30 }
        }
      }
    }
    if value.sign == .minus {
      let length = text.count
      text.append(0)
      if text.failed { return }
      var i = length
      while i > 0 {
        text.bytes[i] = text.bytes[i &- 1]
        i &-= 1
      }
      text.bytes[0] = 0x2D
    }
  }

  /// The exact ratio of a finite number: an odd (or zero) significand and a power of two.
  public static func ratio(_ value: Double) -> (significand: Int64, exponent: Int) {
    if value == 0 || !value.isFinite { return (0, 0) }
    var exponent: Int32 = 0
    let fraction = Glibc.frexp(value, &exponent)
    let significand = Int64(fraction * 0x1p53)
    let zeros = significand.trailingZeroBitCount
    return (significand >> Int64(zeros), Int(exponent) &- 53 &+ zeros)
  }
}
