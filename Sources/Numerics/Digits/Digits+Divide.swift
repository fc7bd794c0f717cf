extension Digits {
  /// From this many digits of divisor and quotient the large-number library is asked. Measured in ns
  /// for 2n by n digits (Knuth, library): n = 8 221, 207; 20: 863, 383; 100: 16,400, 3,600.
  static var largeDivision: Int { 12 }

  /// Divides by one digit (1 ... 2**32 - 1), writing na digits of quotient (`q` may be `a`), and
  /// returns the remainder.
  public static func divide(
    _ a: Source, _ na: Int, digit: UInt32, quotient q: Target
  ) -> (count: Int, remainder: UInt32) {
    let divisor = UInt64(digit)
    var remainder: UInt64 = 0
    var i = na
    while i > 0 {
      i &-= 1
      let value = remainder << 30 | UInt64(a[i])
      let digit = value / divisor
      q[i] = UInt32(truncatingIfNeeded: digit)
      remainder = value &- digit &* divisor
    }
    return (normalized(q, na), UInt32(truncatingIfNeeded: remainder))
  }

  /// a modulo one digit.
  public static func remainder(_ a: Source, _ na: Int, digit: UInt32) -> UInt32 {
    let divisor = UInt64(digit)
    var remainder: UInt64 = 0
    var i = na
    while i > 0 {
      i &-= 1
      remainder = (remainder << 30 | UInt64(a[i])) % divisor
    }
    return UInt32(truncatingIfNeeded: remainder)
  }

  /// Truncating division. `quotient` has room for max(na - nb + 1, 1) digits and `remainder` for
  /// max(na, nb); neither overlaps an input. The divisor must not be zero.
  public static func divide(
    _ a: Source, _ na: Int, _ b: Source, _ nb: Int, quotient q: Target, remainder r: Target
  ) -> (quotient: Int, remainder: Int)? {
    if na < nb || (na == nb && a[na &- 1] < b[nb &- 1]) {
      r.update(from: a, count: na)
      return (0, na)
    }
    if nb == 1 {
      let (count, rest) = divide(a, na, digit: b[0], quotient: q)
      r[0] = rest
      return (count, rest == 0 ? 0 : 1)
    }
    if na <= 2 {
      let x = UInt64(a[0]) | UInt64(a[1]) << 30, y = UInt64(b[0]) | UInt64(b[1]) << 30
      let quotient = x / y
      return (write(quotient, into: q), write(x &- quotient &* y, into: r))
    }
    if na <= 4 {
      let x = doubleWord(a, na), y = doubleWord(b, nb)
      let (quotient, rest) = x.quotientAndRemainder(dividingBy: y)
      return (write(quotient, into: q), write(rest, into: r))
    }
    if nb >= largeDivision && na &- nb >= largeDivision, let large = LargeNumbers.shared {
      return divideLarge(large, a, na, b, nb, quotient: q, remainder: r)
    }
    return longDivide(a, na, b, nb, quotient: q, remainder: r)
  }

  /// The value of at most four digits.
  private static func doubleWord(_ a: Source, _ na: Int) -> UInt128 {
    var value: UInt128 = 0
    var i = na
    while i > 0 {
      i &-= 1
      value = value << 30 | UInt128(a[i])
    }
    return value
  }

  private static func write(_ value: UInt128, into r: Target) -> Int {
    var value = value
    var n = 0
    while value != 0 {
      r[n] = UInt32(truncatingIfNeeded: value) & mask
      value >>= 30
      n &+= 1
    }
    return n
  }

  /// Knuth's Algorithm D (TAOCP vol. 2, 4.3.1) for a divisor of at least two digits.
  private static func longDivide(
    _ a: Source, _ na: Int, _ b: Source, _ nb: Int, quotient q: Target, remainder r: Target
  ) -> (quotient: Int, remainder: Int)? {
    guard let scratch = DigitBuffer(capacity: na &+ 1 &+ nb) else { return nil }
    let v = scratch.digits, u = scratch.digits + nb
    // Scaling makes the divisor's top bit set, which bounds the error of each guess by two.
    let shift = 30 &- (32 &- b[nb &- 1].leadingZeroBitCount)
    _ = shiftDigits(b, nb, left: shift, into: v)
    u[na] = shiftDigits(a, na, left: shift, into: u)
    let top = UInt64(v[nb &- 1]), next = UInt64(v[nb &- 2])

    var k = na &- nb
    while k >= 0 {
      let row = u + k
      let high = UInt64(row[nb]) << 30 | UInt64(row[nb &- 1])
      var guess = high / top
      var rest = high &- guess &* top
      while guess > UInt64(mask) || guess &* next > (rest << 30 | UInt64(row[nb &- 2])) {
        guess &-= 1
        rest &+= top
        if rest > UInt64(mask) { break }
      }
      // row -= guess * v
      var carry: Int64 = 0
      for i in 0..<nb {
        let value = Int64(row[i]) &+ carry
          &- Int64(bitPattern: guess &* UInt64(v[i]))
        row[i] = UInt32(truncatingIfNeeded: value) & mask
        carry = value >> 30
      }
      if Int64(row[nb]) &+ carry < 0 {
        // One too many: add the divisor back.
        var back: UInt32 = 0
        for i in 0..<nb {
          back &+= row[i] &+ v[i]
          row[i] = back & mask
          back >>= 30
        }
        guess &-= 1
      }
      row[nb] = 0
      q[k] = UInt32(truncatingIfNeeded: guess)
      k &-= 1
    }
    shiftDigits(u, nb, right: shift, into: r)
    return (normalized(q, na &- nb &+ 1), normalized(r, nb))
  }

  private static func divideLarge(
    _ large: LargeNumbers, _ a: Source, _ na: Int, _ b: Source, _ nb: Int,
    quotient q: Target, remainder r: Target
  ) -> (quotient: Int, remainder: Int)? {
    let sizeA = LargeNumbers.limbCount(na), sizeB = LargeNumbers.limbCount(nb)
    guard let buffer = LimbBuffer(capacity: 2 &* (sizeA &+ sizeB) &+ 2) else { return nil }
    let limbsA = buffer.limbs
    let limbsB = limbsA + sizeA
    let limbsR = limbsB + sizeB
    let limbsQ = limbsR + sizeB
    let la = LargeNumbers.pack(a, na, into: limbsA)
    let lb = LargeNumbers.pack(b, nb, into: limbsB)
    if la < lb {
      r.update(from: a, count: na)
      return (0, na)
    }
    large.divide(limbsQ, limbsR, 0, limbsA, la, limbsB, lb)
    return (
      LargeNumbers.unpack(limbsQ, la &- lb &+ 1, into: q, capacity: na &- nb &+ 1),
      LargeNumbers.unpack(limbsR, lb, into: r, capacity: nb)
    )
  }

  /// Floor division with signs, as Python's `divmod`: the remainder has the sign of the divisor.
  /// `quotient` has room for max(na - nb + 1, 1) + 1 digits, `remainder` for max(na, nb).
  public static func floorDivide(
    _ a: Source, _ na: Int, negative negativeA: Bool, _ b: Source, _ nb: Int,
    negative negativeB: Bool, quotient q: Target, remainder r: Target
  ) -> (quotient: Int, remainder: Int)? {
    guard var (nq, nr) = divide(a, na, b, nb, quotient: q, remainder: r) else { return nil }
    if negativeA != negativeB && nr != 0 {
      nq = add(q, nq, digit: 1, into: q)
      nr = subtract(b, nb, r, nr, into: r)
    }
    return (nq, nr)
  }
}
