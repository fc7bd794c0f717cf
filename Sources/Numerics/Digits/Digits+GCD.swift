extension Digits {
  /// The greatest common divisor of two machine words.
  public static func gcd(_ a: UInt64, _ b: UInt64) -> UInt64 {
    var a = a, b = b
    if a == 0 { return b }
    if b == 0 { return a }
    // Stein's binary algorithm.
    let shift = (a | b).trailingZeroBitCount
    a &>>= UInt64(a.trailingZeroBitCount)
    while true {
      b &>>= UInt64(b.trailingZeroBitCount)
      if a > b { (a, b) = (b, a) }
      b &-= a
      if b == 0 { return a &<< UInt64(shift) }
    }
  }

  /// The greatest common divisor of two magnitudes. Nil when out of memory.
  public static func gcd(_ a: Source, _ na: Int, _ b: Source, _ nb: Int) -> DigitBuffer? {
    if compare(a, na, b, nb) < 0 { return gcd(b, nb, a, na) }
    guard var x = DigitBuffer(copying: a, na, extra: 1) else { return nil }
    if nb == 0 { return x }
    if let wordA = word(a, na), let wordB = word(b, nb) {
      x.count = write(gcd(wordA, wordB), into: x.digits)
      return x
    }
    if nb > 2 && na > 20, let large = LargeNumbers.shared {
      return gcdLarge(large, a, na, b, nb)
    }
    guard var y = DigitBuffer(copying: b, nb, extra: na &- nb &+ 1),
      var z = DigitBuffer(capacity: na &+ 1),
      let quotient = DigitBuffer(capacity: na &+ 1)
    else { return nil }
    // Lehmer's algorithm: simulate Euclid's steps on the top 60 bits with single words, then apply
    // them to the whole numbers at once (Knuth, TAOCP vol. 2, 4.5.2, algorithm L).
    while x.count > 2 {
      if y.count == 0 { return x }
      let shift = bitLength(x.source, x.count) &- 60
      var top = window(x.source, x.count, from: shift)
      var next = window(y.source, y.count, from: shift)
      var (a, b, c, d): (Int64, Int64, Int64, Int64) = (1, 0, 0, 1)
      while true {
        if next &+ c == 0 || next &+ d == 0 { break }
        let q = (top &+ a) / (next &+ c)
        if q != (top &+ b) / (next &+ d) || q >= 1 << 30 { break }
        let newC = a &- q &* c, newD = b &- q &* d
        if newC.magnitude >= 1 << 30 || newD.magnitude >= 1 << 30 { break }
        (a, c) = (c, newC)
        (b, d) = (d, newD)
        (top, next) = (next, top &- q &* next)
      }
      if b == 0 {
        // The first quotient is too long for a word: one true division.
        guard
          let counts = divide(
            x.source, x.count, y.source, y.count, quotient: quotient.digits, remainder: z.digits)
        else { return nil }
        z.count = counts.remainder
        swap(&x, &y)
        swap(&y, &z)
        continue
      }
      // (x, y) = (a x + b y, c x + d y), both not negative.
      let n = x.count
      for i in y.count..<max(n, y.count) { y.digits[i] = 0 }
      var carryX: Int64 = 0, carryY: Int64 = 0
      for i in 0..<n {
        let xi = Int64(x.digits[i]), yi = Int64(y.digits[i])
        carryX &+= a &* xi &+ b &* yi
        carryY &+= c &* xi &+ d &* yi
        x.digits[i] = UInt32(truncatingIfNeeded: carryX) & mask
        y.digits[i] = UInt32(truncatingIfNeeded: carryY) & mask
        carryX >>= 30
        carryY >>= 30
      }
      x.count = normalized(x.source, n)
      y.count = normalized(y.source, n)
      if compare(x.source, x.count, y.source, y.count) < 0 { swap(&x, &y) }
    }
    x.count = write(
      gcd(lowWord(x.source, x.count), lowWord(y.source, y.count)), into: x.digits)
    return x
  }

  /// 60 bits from bit `shift` on; `shift` is not negative.
  private static func window(_ a: Source, _ na: Int, from shift: Int) -> Int64 {
    let whole = shift / 30, part = UInt64(shift % 30)
    var value: UInt64 = 0
    if whole < na { value = UInt64(a[whole]) &>> part }
    if whole &+ 1 < na { value |= UInt64(a[whole &+ 1]) &<< (30 &- part) }
    if whole &+ 2 < na { value |= UInt64(a[whole &+ 2]) &<< (60 &- part) }
    return Int64(truncatingIfNeeded: value & (1 << 60 &- 1))
  }

  private static func gcdLarge(
    _ large: LargeNumbers, _ a: Source, _ na: Int, _ b: Source, _ nb: Int
  ) -> DigitBuffer? {
    let sizeA = LargeNumbers.limbCount(na), sizeB = LargeNumbers.limbCount(nb)
    guard let limbs = LimbBuffer(capacity: sizeA &+ sizeB), var result = DigitBuffer(capacity: nb)
    else { return nil }
    let limbsB = limbs.limbs + sizeA
    var x = LargeNumbers.Integer(viewing: limbs.limbs, LargeNumbers.pack(a, na, into: limbs.limbs))
    var y = LargeNumbers.Integer(viewing: limbsB, LargeNumbers.pack(b, nb, into: limbsB))
    var divisor = LargeNumbers.Integer()
    large.initialize(&divisor)
    large.gcd(&divisor, &x, &y)
    if let limbs = divisor.limbs {
      result.count = LargeNumbers.unpack(
        limbs, Int(divisor.size), into: result.digits, capacity: nb)
    }
    large.clear(&divisor)
    return result
  }
}
