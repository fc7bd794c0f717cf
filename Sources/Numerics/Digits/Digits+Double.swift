import Glibc

extension Digits {
  /// Writes the integral part of a finite number's magnitude. `r` has room for 35 digits.
  public static func write(truncating value: Double, into r: Target) -> Int {
    let magnitude = value.magnitude
    if magnitude < 1 || !magnitude.isFinite { return 0 }
    let significand = magnitude.significandBitPattern | 1 << 52
    let exponent = Int(magnitude.exponent) &- 52
    if exponent <= 0 { return write(significand &>> UInt64(-exponent), into: r) }
    var n = write(significand, into: r)
    n = shiftLeft(r, n, by: exponent, into: r)
    return n
  }

  /// The 64 bits from the top one on, the lowest of which also says whether any bit below is set,
  /// and the exponent: the value lies at top * 2**exponent.
  private static func top(_ a: Source, _ na: Int) -> (top: UInt64, exponent: Int) {
    let length = bitLength(a, na)
    if length <= 64 {
      return (lowWord(a, na), 0)
    }
    let shift = length &- 64
    let whole = shift / 30, part = UInt64(shift % 30)
    var value = UInt64(a[whole]) &>> part | UInt64(a[whole &+ 1]) &<< (30 &- part)
    if whole &+ 2 < na { value |= UInt64(a[whole &+ 2]) &<< (60 &- part) }
    if part > 26, whole &+ 3 < na { value |= UInt64(a[whole &+ 3]) &<< (90 &- part) }
    if anyBit(a, na, below: shift) { value |= 1 }
    return (value, shift)
  }

  /// The nearest double, ties to even; nil when it overflows.
  public static func double(_ a: Source, _ na: Int) -> Double? {
    if na == 0 { return 0 }
    let (top, exponent) = top(a, na)
    if exponent > 960 { return nil }
    // A 64-bit word with a sticky low bit converts with one correct rounding.
    let value = scalbn(Double(top), Int32(exponent))
    return value.isFinite ? value : nil
  }

  /// A fraction 0.5 <= x < 1 and exponent with a = x * 2**exponent, the fraction rounded to nearest
  /// even. (0, 0) for zero. CPython: Objects/longobject.c, _PyLong_Frexp.
  public static func frexp(_ a: Source, _ na: Int) -> (fraction: Double, exponent: Int) {
    if na == 0 { return (0, 0) }
    let (top, exponent) = top(a, na)
    var power: Int32 = 0
    let fraction = Glibc.frexp(Double(top), &power)
    return (fraction, exponent &+ Int(power))
  }

  public enum QuotientOutcome: Sendable {
    case value(Double)
    case overflow
    case outOfMemory
  }

  /// a / b, correctly rounded (ties to even), subnormal results included. `b` is not zero.
  /// CPython: Objects/longobject.c, long_true_divide.
  public static func trueDivide(
    _ a: Source, _ na: Int, _ b: Source, _ nb: Int
  ) -> QuotientOutcome {
    if na == 0 { return .value(0) }
    let bitsA = bitLength(a, na), bitsB = bitLength(b, nb)
    if bitsA <= 53 && bitsB <= 53 {
      return .value(Double(lowWord(a, na)) / Double(lowWord(b, nb)))
    }
    let difference = bitsA &- bitsB
    if difference > 1024 { return .overflow }
    if difference < -1076 { return .value(0) }
    // Scale so that the quotient has 55 or 56 bits, or fewer where it will be subnormal: then
    // every dropped bit lies below the last bit of the double.
    let shift = max(difference, -1021) &- 55
    guard let scaled = DigitBuffer(capacity: na &+ abs(shift) / 30 &+ 2) else { return .outOfMemory }
    var inexact = false
    let n: Int
    if shift <= 0 {
      n = shiftLeft(a, na, by: -shift, into: scaled.digits)
    } else {
      n = shiftRight(a, na, negative: false, by: shift, into: scaled.digits)
      inexact = anyBit(a, na, below: shift)
    }
    guard let quotient = DigitBuffer(capacity: max(n &- nb &+ 1, 1)),
      let remainder = DigitBuffer(capacity: max(n, nb)),
      let counts = divide(
        scaled.source, n, b, nb, quotient: quotient.digits, remainder: remainder.digits)
    else { return .outOfMemory }
    if counts.remainder != 0 { inexact = true }
    var word = lowWord(quotient.source, counts.quotient)
    // Round here: scaling a subnormal afterwards must not round again.
    let length = 64 &- word.leadingZeroBitCount
    let extra = max(length, -1021 &- shift) &- 53
    if extra > 0 {
      let unit: UInt64 = 1 &<< UInt64(extra)
      let half = unit >> 1
      let below = word & (unit &- 1)
      word &-= below
      if below > half || (below == half && (inexact || word & unit != 0)) { word &+= unit }
    }
    let value = scalbn(Double(word), Int32(shift))
    return value.isFinite ? .value(value) : .overflow
  }
}
