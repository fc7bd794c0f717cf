import AST

/// What reading a number literal came to.
enum NumberLiteral {
  case value(Constant)
  /// A decimal integer with more digits than `sys.set_int_max_str_digits` allows.
  case tooManyDigits(Int)
}

/// Reads the text of a number token. `maxDigits` 0 means no limit.
func readNumberLiteral(_ text: UnsafeBufferPointer<UInt8>, maxDigits: Int) -> NumberLiteral {
  // Short decimal integers are nearly all there are.
  if text.count <= 18 {
    var value = 0
    var isPlain = true
    for c in text {
      let digit = c &- UInt8(ascii: "0")
      if digit > 9 {
        isPlain = false
        break
      }
      value = value &* 10 &+ Int(digit)
    }
    if isPlain { return .value(.int(value)) }
  }
  var digits: [UInt8] = []
  digits.reserveCapacity(text.count + 1)
  for c in text where c != UInt8(ascii: "_") { digits.append(c) }
  guard let last = digits.last else { return .value(.int(0)) }
  if digits.count > 2, digits[0] == UInt8(ascii: "0") {
    switch digits[1] | 0x20 {
    case UInt8(ascii: "x"): return .value(integer(digits[2...], bitsPerDigit: 4))
    case UInt8(ascii: "o"): return .value(integer(digits[2...], bitsPerDigit: 3))
    case UInt8(ascii: "b"): return .value(integer(digits[2...], bitsPerDigit: 1))
    default: break
    }
  }
  if last | 0x20 == UInt8(ascii: "j") {
    digits.removeLast()
    return .value(.complex(imaginary: double(digits)))
  }
  if digits.allSatisfy({ $0 &- UInt8(ascii: "0") <= 9 }) {
    if maxDigits > 0, digits.count > maxDigits { return .tooManyDigits(digits.count) }
    return .value(decimalInteger(digits))
  }
  return .value(.float(double(digits)))
}

/// An integer from 30-bit digits, least significant first.
private func constant(_ digits: [UInt32]) -> Constant {
  var digits = digits
  while let last = digits.last, last == 0 { digits.removeLast() }
  if digits.count <= 2 {
    var value = 0
    for digit in digits.reversed() { value = value << 30 | Int(digit) }
    return .int(value)
  }
  if digits.count == 3, digits[2] < 8 {
    return .int(Int(digits[2]) << 60 | Int(digits[1]) << 30 | Int(digits[0]))
  }
  return .bigInt(digits)
}

private func integer(_ text: ArraySlice<UInt8>, bitsPerDigit: Int) -> Constant {
  var out: [UInt32] = []
  out.reserveCapacity(text.count * bitsPerDigit / 30 + 1)
  var accumulator: UInt64 = 0
  var bits = 0
  for c in text.reversed() {
    let value = c <= UInt8(ascii: "9") ? c &- 0x30 : (c | 0x20) &- 0x61 &+ 10
    accumulator |= UInt64(value) << UInt64(bits)
    bits += bitsPerDigit
    if bits >= 30 {
      out.append(UInt32(accumulator & 0x3FFF_FFFF))
      accumulator >>= 30
      bits -= 30
    }
  }
  if bits > 0 { out.append(UInt32(accumulator)) }
  return constant(out)
}

private func decimalInteger(_ text: [UInt8]) -> Constant {
  var out: [UInt32] = []
  var i = 0
  while i < text.count {
    // Nine digits at a time.
    let chunk = min(9, text.count - i)
    var value: UInt64 = 0
    var scale: UInt64 = 1
    for c in text[i..<i + chunk] {
      value = value * 10 + UInt64(c &- UInt8(ascii: "0"))
      scale *= 10
    }
    var carry = value
    for j in out.indices {
      let t = UInt64(out[j]) * scale + carry
      out[j] = UInt32(t & 0x3FFF_FFFF)
      carry = t >> 30
    }
    while carry > 0 {
      out.append(UInt32(carry & 0x3FFF_FFFF))
      carry >>= 30
    }
    i += chunk
  }
  return constant(out)
}

/// The float that a decimal literal without underscores spells, correctly rounded.
private func double(_ digits: [UInt8]) -> Double {
  Double(String(decoding: digits, as: UTF8.self)) ?? 0
}
