/// An integer of any size for constant folding: sign and magnitude, 30-bit digits, least
/// significant first, no leading zero digit, zero is never negative.
struct BigInteger: Equatable {
  var isNegative: Bool
  var digits: [UInt32]

  static let base = 30
  static let mask: UInt64 = (1 << 30) - 1

  init(_ value: Int) {
    isNegative = value < 0
    digits = []
    var rest = value.magnitude
    while rest != 0 {
      digits.append(UInt32(rest & UInt(Self.mask)))
      rest >>= 30
    }
  }

  init(negative: Bool, digits: [UInt32]) {
    self.digits = digits
    while self.digits.last == 0 { self.digits.removeLast() }
    isNegative = negative && !self.digits.isEmpty
  }

  /// The value when it fits a machine word.
  var asInt: Int? {
    if digits.count > 3 { return nil }
    var value: UInt = 0
    for digit in digits.reversed() {
      if value >> 34 != 0 { return nil }
      value = value << 30 | UInt(digit)
    }
    if isNegative { return value <= UInt(1) << 63 ? Int(truncatingIfNeeded: 0 &- value) : nil }
    return Int(exactly: value)
  }

  var isZero: Bool { digits.isEmpty }
  var isOdd: Bool { (digits.first ?? 0) & 1 == 1 }

  /// Bits of the magnitude (`int.bit_length`).
  var bitLength: Int {
    guard let top = digits.last else { return 0 }
    return (digits.count - 1) * 30 + 32 - top.leadingZeroBitCount
  }

  var negated: BigInteger { BigInteger(negative: !isNegative, digits: digits) }

  // MARK: magnitudes

  private static func compare(_ a: [UInt32], _ b: [UInt32]) -> Int {
    if a.count != b.count { return a.count < b.count ? -1 : 1 }
    for i in stride(from: a.count - 1, through: 0, by: -1) where a[i] != b[i] {
      return a[i] < b[i] ? -1 : 1
    }
    return 0
  }

  private static func add(_ a: [UInt32], _ b: [UInt32]) -> [UInt32] {
    var result: [UInt32] = []
    var carry: UInt64 = 0
    for i in 0..<max(a.count, b.count) {
      carry += UInt64(i < a.count ? a[i] : 0) + UInt64(i < b.count ? b[i] : 0)
      result.append(UInt32(carry & mask))
      carry >>= 30
    }
    if carry != 0 { result.append(UInt32(carry)) }
    return result
  }

  /// a - b for a >= b.
  private static func subtract(_ a: [UInt32], _ b: [UInt32]) -> [UInt32] {
    var result: [UInt32] = []
    var borrow: Int64 = 0
    for i in 0..<a.count {
      var digit = Int64(a[i]) - borrow - Int64(i < b.count ? b[i] : 0)
      borrow = digit < 0 ? 1 : 0
      if digit < 0 { digit += 1 << 30 }
      result.append(UInt32(digit))
    }
    while result.last == 0 { result.removeLast() }
    return result
  }

  // MARK: arithmetic

  static func + (a: BigInteger, b: BigInteger) -> BigInteger {
    if a.isNegative == b.isNegative {
      return BigInteger(negative: a.isNegative, digits: add(a.digits, b.digits))
    }
    switch compare(a.digits, b.digits) {
    case 0: return BigInteger(0)
    case 1: return BigInteger(negative: a.isNegative, digits: subtract(a.digits, b.digits))
    default: return BigInteger(negative: b.isNegative, digits: subtract(b.digits, a.digits))
    }
  }

  static func - (a: BigInteger, b: BigInteger) -> BigInteger { a + b.negated }

  static func * (a: BigInteger, b: BigInteger) -> BigInteger {
    if a.isZero || b.isZero { return BigInteger(0) }
    var result = [UInt32](repeating: 0, count: a.digits.count + b.digits.count)
    for i in 0..<a.digits.count {
      var carry: UInt64 = 0
      for j in 0..<b.digits.count {
        carry += UInt64(result[i + j]) + UInt64(a.digits[i]) * UInt64(b.digits[j])
        result[i + j] = UInt32(carry & mask)
        carry >>= 30
      }
      result[i + b.digits.count] = UInt32(carry)
    }
    return BigInteger(negative: a.isNegative != b.isNegative, digits: result)
  }

  /// Quotient and remainder of the magnitudes.
  private static func divide(_ a: [UInt32], _ b: [UInt32]) -> (
    quotient: [UInt32], remainder: [UInt32]
  ) {
    if compare(a, b) < 0 { return ([], a) }
    if b.count == 1 {
      var quotient = a
      var rest: UInt64 = 0
      for i in stride(from: a.count - 1, through: 0, by: -1) {
        rest = rest << 30 | UInt64(a[i])
        quotient[i] = UInt32(rest / UInt64(b[0]))
        rest %= UInt64(b[0])
      }
      return (quotient, rest == 0 ? [] : [UInt32(rest)])
    }
    // Knuth's algorithm D over 30-bit digits.
    let shift = b[b.count - 1].leadingZeroBitCount - 2
    let divisor = BigInteger(negative: false, digits: b).shiftedLeft(shift).digits
    var rest = BigInteger(negative: false, digits: a).shiftedLeft(shift).digits
    while rest.count <= a.count { rest.append(0) }
    let n = divisor.count
    var quotient = [UInt32](repeating: 0, count: rest.count - n)
    for j in stride(from: rest.count - n - 1, through: 0, by: -1) {
      let top = UInt64(rest[j + n]) << 30 | UInt64(rest[j + n - 1])
      var guess = top / UInt64(divisor[n - 1])
      var left = top % UInt64(divisor[n - 1])
      while guess > mask || guess * UInt64(divisor[n - 2]) > (left << 30 | UInt64(rest[j + n - 2]))
      {
        guess -= 1
        left += UInt64(divisor[n - 1])
        if left > mask { break }
      }
      var borrow: Int64 = 0
      var carry: UInt64 = 0
      for i in 0..<n {
        carry += guess * UInt64(divisor[i])
        var digit = Int64(rest[i + j]) - borrow - Int64(carry & mask)
        carry >>= 30
        borrow = digit < 0 ? 1 : 0
        if digit < 0 { digit += 1 << 30 }
        rest[i + j] = UInt32(digit)
      }
      let digit = Int64(rest[j + n]) - borrow - Int64(carry)
      if digit < 0 {
        guess -= 1
        var back: UInt64 = 0
        for i in 0..<n {
          back += UInt64(rest[i + j]) + UInt64(divisor[i])
          rest[i + j] = UInt32(back & mask)
          back >>= 30
        }
      }
      rest[j + n] = 0
      quotient[j] = UInt32(guess)
    }
    let remainder = BigInteger(negative: false, digits: Array(rest[0..<n])).shiftedRight(shift)
      .digits
    return (quotient, remainder)
  }

  /// Floor division and modulo with the divisor's sign; the divisor is not zero.
  func dividedFloor(by other: BigInteger) -> (quotient: BigInteger, remainder: BigInteger) {
    let parts = Self.divide(digits, other.digits)
    var quotient = BigInteger(negative: isNegative != other.isNegative, digits: parts.quotient)
    var remainder = BigInteger(negative: isNegative, digits: parts.remainder)
    if !remainder.isZero && remainder.isNegative != other.isNegative {
      quotient = quotient - BigInteger(1)
      remainder = remainder + other
    }
    return (quotient, remainder)
  }

  func power(_ exponent: Int) -> BigInteger {
    var result = BigInteger(1), square = self, rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result = result * square }
      rest >>= 1
      if rest > 0 { square = square * square }
    }
    return result
  }

  func shiftedLeft(_ count: Int) -> BigInteger {
    if isZero || count == 0 { return self }
    var result = [UInt32](repeating: 0, count: count / 30)
    let bits = UInt64(count % 30)
    var carry: UInt64 = 0
    for digit in digits {
      carry |= UInt64(digit) << bits
      result.append(UInt32(carry & Self.mask))
      carry >>= 30
    }
    result.append(UInt32(carry))
    return BigInteger(negative: isNegative, digits: result)
  }

  /// Towards minus infinity, as `>>` does.
  func shiftedRight(_ count: Int) -> BigInteger {
    if isNegative {
      // -((-self - 1) >> count) - 1
      return BigInteger(negative: false, digits: (negated - BigInteger(1)).digits)
        .shiftedRight(count).inverted
    }
    let drop = count / 30
    if drop >= digits.count { return BigInteger(0) }
    let bits = UInt64(count % 30)
    var result: [UInt32] = []
    for i in drop..<digits.count {
      let high = i + 1 < digits.count ? UInt64(digits[i + 1]) : 0
      result.append(UInt32((UInt64(digits[i]) | high << 30) >> bits & Self.mask))
    }
    return BigInteger(negative: false, digits: result)
  }

  /// `~self`.
  var inverted: BigInteger { negated - BigInteger(1) }

  /// `&`, `|` or `^` on the two's complement.
  static func bitwise(_ a: BigInteger, _ b: BigInteger, _ operation: (UInt32, UInt32) -> UInt32)
    -> BigInteger
  {
    let count = max(a.digits.count, b.digits.count) + 1
    let left = a.twosComplement(count), right = b.twosComplement(count)
    var result: [UInt32] = []
    for i in 0..<count { result.append(operation(left[i], right[i]) & UInt32(mask)) }
    guard result[count - 1] >> 29 == 1 else { return BigInteger(negative: false, digits: result) }
    let flipped = BigInteger(negative: false, digits: result.map { ~$0 & UInt32(mask) })
    return flipped.inverted
  }

  private func twosComplement(_ count: Int) -> [UInt32] {
    let source = isNegative ? inverted.digits : digits
    var result = source
    while result.count < count { result.append(0) }
    return isNegative ? result.map { ~$0 & UInt32(Self.mask) } : result
  }

  static func < (a: BigInteger, b: BigInteger) -> Bool {
    if a.isNegative != b.isNegative { return a.isNegative }
    let order = compare(a.digits, b.digits)
    return a.isNegative ? order > 0 : order < 0
  }

  // MARK: floats

  /// The nearest double, ties to even; nil when it is too large (Python raises OverflowError).
  var asDouble: Double? {
    let length = bitLength
    if length == 0 { return 0 }
    if length > 1024 { return nil }
    var value: Double
    if length <= 62 {
      value = Double(digits.reversed().reduce(UInt64(0)) { $0 << 30 | UInt64($1) })
    } else {
      let drop = length - 62
      let magnitude = BigInteger(negative: false, digits: digits)
      let top = magnitude.shiftedRight(drop)
      var word = top.digits.reversed().reduce(UInt64(0)) { $0 << 30 | UInt64($1) }
      if top.shiftedLeft(drop) != magnitude { word |= 1 }
      value = Double(sign: .plus, exponent: drop, significand: Double(word))
    }
    if value.isInfinite { return nil }
    if isNegative { value = -value }
    return value
  }

  /// True division rounded once; nil: overflow. The divisor is not zero.
  func trueDivide(by other: BigInteger) -> Double? {
    if isZero { return other.isNegative ? -0.0 : 0.0 }
    let negative = isNegative != other.isNegative
    // Scale so that the quotient has 64 to 66 bits, then round it once to what a double can hold.
    let shift = 65 - (bitLength - other.bitLength)
    var top = BigInteger(negative: false, digits: digits)
    var bottom = BigInteger(negative: false, digits: other.digits)
    if shift >= 0 { top = top.shiftedLeft(shift) } else { bottom = bottom.shiftedLeft(-shift) }
    let parts = Self.divide(top.digits, bottom.digits)
    let quotient = BigInteger(negative: false, digits: parts.quotient)
    let exact = parts.remainder.isEmpty
    // Bits a double can keep at this magnitude: 53, fewer when subnormal.
    let exponent = quotient.bitLength - shift
    let keep = max(0, min(53, exponent + 1074))
    let drop = quotient.bitLength - keep
    let kept = quotient.shiftedRight(drop)
    var word = kept.digits.reversed().reduce(UInt64(0)) { $0 << 30 | UInt64($1) }
    let rest = quotient - kept.shiftedLeft(drop)
    let half = BigInteger(1).shiftedLeft(drop - 1)
    if half < rest || (rest == half && (!exact || word & 1 == 1)) { word += 1 }
    let value = Double(sign: .plus, exponent: drop - shift, significand: Double(word))
    if value.isInfinite { return nil }
    return negative ? -value : value
  }

  /// Decimal text.
  var decimal: String {
    if isZero { return "0" }
    var chunks: [UInt32] = []
    var rest = digits
    while !rest.isEmpty {
      let parts = Self.divide(rest, [1_000_000_000])
      chunks.append(parts.remainder.first ?? 0)
      rest = BigInteger(negative: false, digits: parts.quotient).digits
    }
    var text = isNegative ? "-" : ""
    text += String(chunks[chunks.count - 1])
    for chunk in chunks.dropLast().reversed() {
      let part = String(chunk)
      text += String(repeating: "0", count: 9 - part.count) + part
    }
    return text
  }
}
