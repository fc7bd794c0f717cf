extension Digits {
  /// a ** exponent. Nil when the result does not fit in memory or `mustStop` said so.
  public static func power(_ a: Source, _ na: Int, _ exponent: UInt64) -> DigitBuffer? {
    if exponent == 0 || (na == 1 && a[0] == 1) {
      guard var one = DigitBuffer(capacity: 1) else { return nil }
      one.digits[0] = 1
      one.count = 1
      return one
    }
    if na == 0 { return DigitBuffer(capacity: 1) }
    // The magnitude is below 2**length, so the result is below 2**(length * exponent).
    let length = UInt64(truncatingIfNeeded: bitLength(a, na))
    let (bits, overflow) = length.multipliedReportingOverflow(by: exponent)
    if overflow || bits >= 1 << 42 { return nil }
    let capacity = digitCount(bits: Int(truncatingIfNeeded: bits)) &+ 1
    if isPowerOfTwo(a, na) {
      let shift = (bitLength(a, na) &- 1) &* Int(truncatingIfNeeded: exponent)
      guard var result = DigitBuffer(capacity: shift / 30 &+ 2) else { return nil }
      result.digits.update(repeating: 0, count: shift / 30)
      result.digits[shift / 30] = 1 &<< UInt32(shift % 30)
      result.count = shift / 30 &+ 1
      return result
    }
    if bits <= 64 {
      guard var result = DigitBuffer(capacity: 3) else { return nil }
      var word: UInt64 = 1, square = lowWord(a, na), left = exponent
      while true {
        if left & 1 != 0 { word = word &* square }
        left >>= 1
        if left == 0 { break }
        square = square &* square
      }
      result.count = write(word, into: result.digits)
      return result
    }
    if bits > 2000, bits < 1 << 27, let large = LargeNumbers.shared {
      return powerLarge(large, a, na, exponent, capacity: capacity)
    }
    guard var result = DigitBuffer(capacity: capacity &+ na),
      var spare = DigitBuffer(capacity: capacity &+ na)
    else { return nil }
    result.digits.update(from: a, count: na)
    result.count = na
    // Left to right over the bits below the top one.
    var bit = 62 &- exponent.leadingZeroBitCount
    while bit >= 0 {
      guard
        let count = multiplyLong(
          result.source, result.count, result.source, result.count, into: spare.digits)
      else { return nil }
      spare.count = count
      swap(&result, &spare)
      if exponent &>> UInt64(bit) & 1 != 0 {
        guard let count = multiplyLong(result.source, result.count, a, na, into: spare.digits)
        else { return nil }
        spare.count = count
        swap(&result, &spare)
      }
      bit &-= 1
    }
    return result
  }

  private static func powerLarge(
    _ large: LargeNumbers, _ a: Source, _ na: Int, _ exponent: UInt64, capacity: Int
  ) -> DigitBuffer? {
    guard let limbs = LimbBuffer(capacity: LargeNumbers.limbCount(na)),
      var result = DigitBuffer(capacity: capacity)
    else { return nil }
    var base = LargeNumbers.Integer(
      viewing: limbs.limbs, LargeNumbers.pack(a, na, into: limbs.limbs))
    var power = LargeNumbers.Integer()
    large.initialize(&power)
    large.power(&power, &base, UInt(exponent))
    if let limbs = power.limbs {
      result.count = LargeNumbers.unpack(
        limbs, Int(power.size), into: result.digits, capacity: capacity)
    }
    large.clear(&power)
    return result
  }

  /// a ** e mod m for magnitudes, with 0 <= a < m and m > 0. Nil when out of memory.
  public static func modularPower(
    _ a: Source, _ na: Int, exponent e: Source, _ ne: Int, modulus m: Source, _ nm: Int
  ) -> DigitBuffer? {
    guard var result = DigitBuffer(capacity: nm &+ 1) else { return nil }
    if nm == 1 && m[0] == 1 { return result }
    if ne == 0 {
      result.digits[0] = 1
      result.count = 1
      return result
    }
    if nm >= 4, let large = LargeNumbers.shared {
      let sizes = (LargeNumbers.limbCount(na), LargeNumbers.limbCount(ne), LargeNumbers.limbCount(nm))
      guard let limbs = LimbBuffer(capacity: sizes.0 &+ sizes.1 &+ sizes.2) else { return nil }
      let limbsE = limbs.limbs + sizes.0, limbsM = limbsE + sizes.1
      var base = LargeNumbers.Integer(
        viewing: limbs.limbs, LargeNumbers.pack(a, na, into: limbs.limbs))
      var exponent = LargeNumbers.Integer(viewing: limbsE, LargeNumbers.pack(e, ne, into: limbsE))
      var modulus = LargeNumbers.Integer(viewing: limbsM, LargeNumbers.pack(m, nm, into: limbsM))
      var power = LargeNumbers.Integer()
      large.initialize(&power)
      large.modularPower(&power, &base, &exponent, &modulus)
      if let limbs = power.limbs {
        result.count = LargeNumbers.unpack(
          limbs, Int(power.size), into: result.digits, capacity: nm &+ 1)
      }
      large.clear(&power)
      return result
    }
    if nm <= 2, let word = word(m, nm) {
      result.count = write(modularPower(lowWord(a, na), e, ne, word), into: result.digits)
      return result
    }
    return windowedPower(a, na, e, ne, m, nm)
  }

  /// Modulus below 2**60.
  private static func modularPower(
    _ a: UInt64, _ e: Source, _ ne: Int, _ modulus: UInt64
  ) -> UInt64 {
    func times(_ x: UInt64, _ y: UInt64) -> UInt64 {
      let product = x.multipliedFullWidth(by: y)
      return product.high == 0
        ? product.low % modulus : modulus.dividingFullWidth(product).remainder
    }
    var result: UInt64 = 1
    var bit = bitLength(e, ne)
    while bit > 0 {
      bit &-= 1
      result = times(result, result)
      if self.bit(e, ne, bit) { result = times(result, a) }
    }
    return result
  }

  /// Windows of four exponent bits, a table of the first 16 powers.
  private static func windowedPower(
    _ a: Source, _ na: Int, _ e: Source, _ ne: Int, _ m: Source, _ nm: Int
  ) -> DigitBuffer? {
    let size = nm &+ 1
    guard let table = DigitBuffer(capacity: 16 &* size),
      let product = DigitBuffer(capacity: 2 &* nm &+ 1),
      let quotient = DigitBuffer(capacity: nm &+ 2),
      let spare = DigitBuffer(capacity: 2 &* nm &+ 1),
      var result = DigitBuffer(capacity: 2 &* nm &+ 1)
    else { return nil }
    var counts = (0..<16).map { _ in 0 }

    /// result = x * y mod m
    func times(_ x: Source, _ nx: Int, _ y: Source, _ ny: Int, into r: Target) -> Int? {
      let n = multiply(x, nx, y, ny, into: product.digits)
      guard
        let counts = divide(
          product.source, n, m, nm, quotient: quotient.digits, remainder: spare.digits)
      else { return nil }
      r.update(from: spare.digits, count: counts.remainder)
      return counts.remainder
    }

    table.digits[0] = 1
    counts[0] = 1
    for i in 1..<16 {
      guard
        let n = times(
          table.source + (i &- 1) &* size, counts[i &- 1], a, na, into: table.digits + i &* size)
      else { return nil }
      counts[i] = n
    }
    result.digits[0] = 1
    result.count = 1
    var bit = (bitLength(e, ne) &+ 3) / 4 &* 4
    while bit > 0 {
      bit &-= 4
      for _ in 0..<4 {
        guard
          let n = times(
            result.source, result.count, result.source, result.count, into: result.digits)
        else { return nil }
        result.count = n
      }
      var window = 0
      for i in 0..<4 where self.bit(e, ne, bit &+ i) { window |= 1 << i }
      if window != 0 {
        guard
          let n = times(
            result.source, result.count, table.source + window &* size, counts[window],
            into: result.digits)
        else { return nil }
        result.count = n
      }
    }
    return result
  }
}
