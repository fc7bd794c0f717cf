import Glibc

extension FloatText {
  /// Writes `value.hex()`, at most 32 bytes: `[-]0x1.8000000000000p+1`. CPython: float.hex.
  public static func hexadecimal(
    _ value: Double, into text: UnsafeMutablePointer<UInt8>
  ) -> Int {
    if !value.isFinite { return writeSpecial(value, [], into: text) }
    var n = 0
    func put(_ byte: UInt8) {
      text[n] = byte
      n &+= 1
    }
    if value.sign == .minus { put(0x2D) }
    put(0x30)
    put(0x78)
    if value == 0 {
      for byte: UInt8 in [0x30, 0x2E, 0x30, 0x70, 0x2B, 0x30] { put(byte) }
      return n
    }
    let biased = Int(value.exponentBitPattern)
    put(biased == 0 ? 0x30 : 0x31)
    put(0x2E)
    var shift: UInt64 = 52
    while shift > 0 {
      shift &-= 4
      let digit = UInt8(truncatingIfNeeded: value.significandBitPattern &>> shift) & 15
      put(digit < 10 ? 0x30 &+ digit : 0x57 &+ digit)
    }
    put(0x70)
    let exponent = biased == 0 ? -1022 : biased &- 1023
    put(exponent < 0 ? 0x2D : 0x2B)
    return n &+ Digits.write(word: UInt64(exponent.magnitude), base: 10, text: text + n)
  }

  public enum HexadecimalOutcome: Sendable {
    case value(Double)
    /// ValueError: "invalid hexadecimal floating-point string"
    case invalid
    /// OverflowError: "hexadecimal value too large to represent as a float"
    case overflow
    /// ValueError: "hexadecimal string too long to convert"
    case tooLong
  }

  /// Reads a number as `float.fromhex(text)` does, rounding once, ties to even.
  public static func parseHexadecimal(
    _ text: UnsafePointer<UInt8>, _ count: Int
  ) -> HexadecimalOutcome {
    var i = 0, end = count
    while i < end && isBlank(text[i]) { i &+= 1 }
    while end > i && isBlank(text[end &- 1]) { end &-= 1 }
    var negative = false
    if i < end && (text[i] == 0x2B || text[i] == 0x2D) {
      negative = text[i] == 0x2D
      i &+= 1
    }
    let rest = end &- i
    if isName(text + i, rest, "inf") || isName(text + i, rest, "infinity") {
      return .value(negative ? -.infinity : .infinity)
    }
    if isName(text + i, rest, "nan") { return .value(negative ? -.nan : .nan) }
    if rest >= 2 && text[i] == 0x30 && text[i &+ 1] | 0x20 == 0x78 { i &+= 2 }

    // Keep 60 bits and a sticky one; `place` counts the bits dropped (or, after the point, kept).
    var significand: UInt64 = 0
    var sticky = false
    var digits = 0, place = 0
    var point = false
    while i < end {
      let character = text[i]
      let digit = Digits.digitValue(character)
      if digit < 16 {
        digits &+= 1
        if significand >> 56 == 0 {
          significand = significand << 4 | UInt64(digit)
          if point { place &-= 4 }
        } else {
          if digit != 0 { sticky = true }
          if !point { place &+= 4 }
        }
      } else if character == 0x2E && !point {
        point = true
      } else {
        break
      }
      i &+= 1
    }
    if digits == 0 { return .invalid }
    if digits > (1 << 62) / 4 { return .tooLong }
    var exponent = 0
    if i < end {
      guard text[i] | 0x20 == 0x70 else { return .invalid }
      i &+= 1
      var exponentNegative = false
      if i < end && (text[i] == 0x2B || text[i] == 0x2D) {
        exponentNegative = text[i] == 0x2D
        i &+= 1
      }
      if i == end { return .invalid }
      while i < end {
        guard text[i] >= 0x30 && text[i] <= 0x39 else { return .invalid }
        if exponent < 1 << 56 { exponent = exponent &* 10 &+ Int(text[i] &- 0x30) }
        i &+= 1
      }
      if exponentNegative { exponent = -exponent }
    }
    if significand == 0 { return .value(negative ? -0.0 : 0.0) }
    exponent &+= place
    // The value lies at significand * 2**exponent; round to 53 bits, or fewer when subnormal.
    let length = 64 &- significand.leadingZeroBitCount
    let top = exponent &+ length
    if top > 1024 { return .overflow }
    if top < -1074 { return .value(negative ? -0.0 : 0.0) }
    let drop = max(length &- 53, -1074 &- exponent)
    if drop > 0 {
      if drop > 63 { return .value(negative ? -0.0 : 0.0) }
      let unit: UInt64 = 1 &<< UInt64(drop)
      let half = unit >> 1
      let below = significand & (unit &- 1)
      significand &>>= UInt64(drop)
      exponent &+= drop
      if below > half || (below == half && (sticky || significand & 1 != 0)) { significand &+= 1 }
    }
    let value = scalbn(Double(significand), Int32(truncatingIfNeeded: exponent))
    if value.isInfinite { return .overflow }
    return .value(negative ? -value : value)
  }

  private static func isBlank(_ character: UInt8) -> Bool {
    character == 0x20 || (character >= 0x09 && character <= 0x0D)
  }

  private static func isName(
    _ text: UnsafePointer<UInt8>, _ count: Int, _ name: StaticString
  ) -> Bool {
    if count != name.utf8CodeUnitCount { return false }
    for i in 0..<count where text[i] | 0x20 != name.utf8Start[i] { return false }
    return true
  }
}
