import Glibc

extension Words {
  /// The magnitude of 64-bit words, little-endian, as decimal words; `target` has room for
  /// `binaryCount * 1.02 + 2` words. Returns the normalised count.
  static func fromBinary(_ target: Target, _ a: Source, _ binaryCount: Int) throws(OutOfMemory)
    -> Int
  {
    if binaryCount > 400 { return try fromBinaryByHalves(target, a, binaryCount) }
    var count = 1
    target[0] = 0
    var index = binaryCount
    while index > 0 {
      index &-= 1
      // target * 2**64 + word: each step divides the pair (word above, carry) by the radix.
      var carry = a[index]
      for i in 0..<count {
        (carry, target[i]) = Word.split(target[i], carry)
      }
      while carry != 0 {
        target[count] = carry % Word.radix
        carry = carry / Word.radix
        count &+= 1
      }
    }
    return normalized(target, count)
  }

  /// Decimal words that binary words may need.
  static func count(forBinary binaryCount: Int) -> Int { binaryCount &+ binaryCount / 48 &+ 2 }

  private static func fromBinaryByHalves(
    _ target: Target, _ a: Source, _ binaryCount: Int
  ) throws(OutOfMemory) -> Int {
    // Powers 2**(64 * 250 * 2**k) by squaring, up to half of the number.
    var unit = 250
    var powers: [[UInt64]] = []
    var first = [UInt64](repeating: 0, count: unit + 1)
    first[unit] = 1
    var power = [UInt64](repeating: 0, count: count(forBinary: unit + 1))
    let made = try first.withUnsafeBufferPointer { source throws(OutOfMemory) in
      try power.withUnsafeMutableBufferPointer { target throws(OutOfMemory) in
        guard let t = target.baseAddress, let s = source.baseAddress else { return 0 }
        return try fromBinary(t, s, unit + 1)
      }
    }
    power.removeLast(power.count - made)
    powers.append(power)
    while unit * 2 < binaryCount {
      let last = powers[powers.count - 1]
      var next = [UInt64](repeating: 0, count: 2 * last.count)
      let length = try last.withUnsafeBufferPointer { source throws(OutOfMemory) in
        try next.withUnsafeMutableBufferPointer { target throws(OutOfMemory) in
          guard let t = target.baseAddress, let s = source.baseAddress else { return 0 }
          try multiply(t, s, source.count, s, source.count)
          return normalized(t, target.count)
        }
      }
      next.removeLast(next.count - length)
      powers.append(next)
      unit *= 2
    }
    return try combine(target, a, binaryCount, powers, powers.count - 1)
  }

  private static func combine(
    _ target: Target, _ a: Source, _ binaryCount: Int, _ powers: [[UInt64]], _ level: Int
  ) throws(OutOfMemory) -> Int {
    if level < 0 || binaryCount <= 400 { return try fromBinary(target, a, binaryCount) }
    let unit = 250 << level
    if binaryCount <= unit { return try combine(target, a, binaryCount, powers, level - 1) }
    let high = binaryCount - unit
    let upper = try WordBuffer(count(forBinary: high))
    let upperCount = try combine(upper.words, a + unit, high, powers, level - 1)
    let lower = try WordBuffer(count(forBinary: unit))
    let lowerCount = try combine(lower.words, a, unit, powers, level - 1)
    let power = powers[level]
    let product = try WordBuffer(upperCount + power.count + 1)
    try power.withUnsafeBufferPointer { source throws(OutOfMemory) in
      guard let s = source.baseAddress else { return }
      try multiply(product.words, upper.words, upperCount, s, power.count)
    }
    let total = upperCount + power.count
    product.words[total] = 0
    add(product.words, total + 1, lower.words, lowerCount)
    let result = normalized(product.words, total + 1)
    copy(target, product.words, result)
    return result
  }

  /// The magnitude as 64-bit words, little-endian; `target` has room for `count` words. Returns the
  /// number of words written, without leading zeros.
  static func toBinary(_ target: Target, _ a: Source, _ count: Int) -> Int {
    var length = 0
    var index = count
    while index > 0 {
      index &-= 1
      var carry = a[index]
      for i in 0..<length {
        let (high, low) = target[i].multipliedFullWidth(by: Word.radix)
        let (sum, overflow) = low.addingReportingOverflow(carry)
        target[i] = sum
        carry = high &+ (overflow ? 1 : 0)
      }
      if carry != 0 {
        target[length] = carry
        length &+= 1
      }
    }
    return length
  }
}
