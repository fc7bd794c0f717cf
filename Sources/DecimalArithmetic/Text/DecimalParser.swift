/// Reads a number from ASCII text (General Decimal Arithmetic, "to-number").
struct DecimalParser {
  private let text: UnsafePointer<UInt8>
  private let count: Int
  private var position = 0

  init(_ text: UnsafePointer<UInt8>, _ count: Int) {
    self.text = text
    self.count = count
  }

  private func isDigit(_ index: Int) -> Bool { index < count && text[index] &- 0x30 < 10 }

  /// Takes a word in any case.
  private mutating func take(_ word: StaticString) -> Bool {
    let length = word.utf8CodeUnitCount
    if count &- position < length { return false }
    for index in 0..<length where text[position &+ index] | 0x20 != word.utf8Start[index] {
      return false
    }
    position &+= length
    return true
  }

  /// Sets r exactly; false when the text is no number.
  mutating func read(_ r: Number) throws(OutOfMemory) -> Bool {
    var sign: UInt8 = 0
    if position < count && (text[position] == 0x2B || text[position] == 0x2D) {
      sign = text[position] == 0x2D ? 1 : 0
      position &+= 1
    }
    if position >= count { return false }
    if !isDigit(position) && text[position] != 0x2E { return try readSpecial(r, sign) }
    // Digits with at most one point among them.
    let start = position
    var point = -1
    var digits = 0
    while position < count {
      if isDigit(position) {
        digits &+= 1
      } else if text[position] == 0x2E && point < 0 {
        point = position
      } else {
        break
      }
      position &+= 1
    }
    if digits == 0 { return false }
    let end = position
    let fraction = point < 0 ? 0 : end &- point &- 1
    var exponent = 0
    if position < count {
      guard text[position] | 0x20 == 0x65, let given = readExponent() else { return false }
      exponent = given
    }
    try fill(r, start, end, digits)
    r.pointee.flags = sign
    r.pointee.exponent = exponent &- fraction
    return true
  }

  private mutating func readExponent() -> Int? {
    position &+= 1
    var negative = false
    if position < count && (text[position] == 0x2B || text[position] == 0x2D) {
      negative = text[position] == 0x2D
      position &+= 1
    }
    if position >= count { return nil }
    var value = 0
    while position < count {
      guard isDigit(position) else { return nil }
      // Beyond every limit it stays where it is.
      let beyond = value > 400_000_000_000_000_000
      value =
        beyond ? 4_000_000_000_000_000_001 : value &* 10 &+ Int(text[position] &- 0x30)
      position &+= 1
    }
    value = Swift.min(value, 4_000_000_000_000_000_001)
    return negative ? -value : value
  }

  private mutating func readSpecial(_ r: Number, _ sign: UInt8) throws(OutOfMemory) -> Bool {
    if take("inf") {
      _ = take("inity")
      r.setInfinity(sign)
      return position == count
    }
    var flag = DecimalNumber.Flag.quiet
    if take("snan") { flag = DecimalNumber.Flag.signaling } else if !take("nan") { return false }
    while position < count && text[position] == 0x30 { position &+= 1 }
    let start = position
    while isDigit(position) { position &+= 1 }
    if position != count { return false }
    r.setNaN(flag | sign)
    if position > start {
      try fill(r, start, position, position &- start)
      r.pointee.flags = flag | sign
      r.pointee.exponent = 0
    }
    return true
  }

  /// The coefficient from the digits of a range that may hold a point.
  private func fill(_ r: Number, _ start: Int, _ end: Int, _ digits: Int) throws(OutOfMemory) {
    if digits <= 19 {
      var word: UInt64 = 0
      for index in start..<end where text[index] != 0x2E {
        word = word &* 10 &+ UInt64(text[index] &- 0x30)
      }
      return r.set(0, word, 0)
    }
    let words = Word.count(forDigits: digits)
    try r.reserve(words)
    var left = digits
    var index = start
    var word: UInt64 = 0
    while index < end {
      if text[index] != 0x2E {
        word = word &* 10 &+ UInt64(text[index] &- 0x30)
        left &-= 1
        if left % 19 == 0 {
          r.pointee.words[left / 19] = word
          word = 0
        }
      }
      index &+= 1
    }
    r.settle(words)
  }
}

extension DecimalContext {
  /// The number that ASCII text says, rounded to the context.
  public func read(
    _ r: Number, _ text: UnsafePointer<UInt8>, _ count: Int, _ status: inout Conditions
  ) throws(OutOfMemory) {
    var parser = DecimalParser(text, count)
    guard try parser.read(r) else { return invalid(r, &status, .conversionSyntax) }
    if r.isNaN && r.pointee.digits > precision &- (clamp ? 1 : 0) {
      return invalid(r, &status, .conversionSyntax)
    }
    try finish(r, &status)
  }
}

extension UnsafeMutablePointer where Pointee == DecimalNumber {
  /// The integer of a magnitude in 64-bit words, little-endian.
  public func set(
    _ sign: UInt8, binary: UnsafePointer<UInt64>, _ count: Int
  ) throws(OutOfMemory) {
    try reserve(Words.count(forBinary: count))
    let made = try Words.fromBinary(pointee.words, binary, count)
    pointee.flags = sign
    pointee.exponent = 0
    settle(made)
  }

  /// The magnitude of an integer as 64-bit words, little-endian, without leading zeros: handed to
  /// `body`. Digits after the point are cut off.
  public func withBinary<R>(
    _ body: (UnsafePointer<UInt64>, Int) -> R
  ) throws(OutOfMemory) -> R {
    if pointee.exponent == 0 && pointee.count == 1 {
      return body(UnsafePointer(pointee.words), pointee.words[0] == 0 ? 0 : 1)
    }
    let whole = try Temporary()
    try whole.number.copy(self)
    if pointee.exponent > 0 {
      try whole.number.shiftLeft(pointee.exponent)
    } else if pointee.exponent < 0 {
      _ = whole.number.shiftRight(-pointee.exponent)
    }
    let buffer = try WordBuffer(whole.number.pointee.count + 1)
    let length = Words.toBinary(
      buffer.words, whole.number.pointee.words, whole.number.pointee.count)
    return body(buffer.words, length)
  }

  /// The value modulo 2**61 - 1, as `hash()` of numbers wants it; for finite numbers.
  public var hashModulus: Int {
    let p: UInt64 = (1 << 61) - 1
    @inline(__always) func product(_ a: UInt64, _ b: UInt64) -> UInt64 {
      let (high, low) = a.multipliedFullWidth(by: b)
      let sum = (low & p) &+ (high << 3 | low >> 61)
      return sum >= p ? sum &- p : sum
    }
    var value: UInt64 = 0
    let radix = Word.radix % p
    var index = pointee.count
    while index > 0 {
      index &-= 1
      value = product(value, radix) &+ pointee.words[index] % p
      if value >= p { value &-= p }
    }
    // 10**exponent, of 1/10 for a negative one.
    var base: UInt64 = pointee.exponent < 0 ? 2_075_258_708_292_324_556 : 10
    var rest = pointee.exponent.magnitude
    while rest > 0 {
      if rest & 1 == 1 { value = product(value, base) }
      base = product(base, base)
      rest >>= 1
    }
    let result = isNegative ? -Int(value) : Int(value)
    return result == -1 ? -2 : result
  }
}

extension UnsafeMutablePointer where Pointee == DecimalNumber {
  /// Makes this the integer part of a number.
  public func truncate(_ other: Number, _ rounding: Rounding) throws(OutOfMemory) {
    try DecimalContext.widest.truncate(self, other, rounding)
  }

  /// Makes this exactly a machine number.
  public func set(_ value: Double) throws(OutOfMemory) {
    let sign: UInt8 = value.sign == .minus ? 1 : 0
    if value.isNaN { return setNaN(sign | DecimalNumber.Flag.quiet) }
    if value.isInfinite { return setInfinity(sign) }
    if value == 0 { return set(sign, 0, 0) }
    var mantissa = value.significandBitPattern
    var power = Int(value.exponentBitPattern)
    if power == 0 { power = 1 } else { mantissa |= 1 << 52 }
    power -= 1075
    let zeros = mantissa.trailingZeroBitCount
    mantissa >>= UInt64(zeros)
    power += zeros
    set(sign, magnitude: mantissa)
    pointee.flags = sign
    // m * 2**p, or m * 5**-p * 10**p.
    var left = power.magnitude
    let base: UInt64 = power < 0 ? 5 : 2
    let step: UInt = power < 0 ? 27 : 62
    try reserve(2 + Int(left) / (power < 0 ? 27 : 62) + 2)
    while left > 0 {
      let times = Swift.min(left, step)
      var factor: UInt64 = 1
      for _ in 0..<times { factor = factor &* base }
      let carry = Words.multiply(pointee.words, pointee.count, by: factor)
      if carry != 0 {
        pointee.words[pointee.count] = carry
        pointee.count &+= 1
      }
      left -= times
    }
    pointee.exponent = power < 0 ? power : 0
    settle(pointee.count)
  }
}
