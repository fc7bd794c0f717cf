extension Digits {
  /// From this many digits of the shorter factor the large-number library is asked. Measured on an
  /// x86-64 server, packing included, in ns (digit loop, library): 10 digits 160, 103; 20: 395, 228;
  /// 100: 11,900, 1,800; 1,000: 1,410,000, 49,000.
  static var largeMultiplication: Int { 12 }
  /// The same for squares: 14 digits 127, 120 ns; 100: 5,300, 1,360.
  static var largeSquare: Int { 16 }

  /// From this many digits Karatsuba's three products beat four, when the library is missing.
  static var karatsubaCutoff: Int { 70 }

  /// Writes a * b into `r`, which has room for na + nb digits and overlaps neither factor. Equal
  /// pointers and counts are recognised as a square.
  public static func multiply(
    _ a: Source, _ na: Int, _ b: Source, _ nb: Int, into r: Target
  ) -> Int {
    if na == 0 || nb == 0 { return 0 }
    if na < nb { return multiply(b, nb, a, na, into: r) }
    if nb == 1 { return multiply(a, na, digit: b[0], into: r) }
    if nb >= (a == b && na == nb ? largeSquare : largeMultiplication) {
      if let large = LargeNumbers.shared {
        if let count = multiplyLarge(large, a, na, b, nb, into: r) { return count }
      } else if nb >= karatsubaCutoff {
        if multiplyLopsided(a, na, b, nb, into: r) { return normalized(r, na &+ nb) }
      }
    }
    if a == b && na == nb {
      schoolSquare(a, na, into: r)
    } else {
      schoolMultiply(a, na, b, nb, into: r)
    }
    return r[na &+ nb &- 1] == 0 ? na &+ nb &- 1 : na &+ nb
  }

  /// Writes a * digit into `r` (room for na + 1 digits), which may be `a`. `digit` may have up to 32
  /// bits.
  public static func multiply(_ a: Source, _ na: Int, digit: UInt32, into r: Target) -> Int {
    if digit == 0 { return 0 }
    return multiply(a, na, digit: digit, adding: 0, into: r)
  }

  /// Writes a * digit + addend into `r` (room for na + 2 digits), which may be `a`.
  public static func multiply(
    _ a: Source, _ na: Int, digit: UInt32, adding addend: UInt32, into r: Target
  ) -> Int {
    let factor = UInt64(digit)
    var carry = UInt64(addend)
    var i = 0
    while i < na {
      carry &+= UInt64(a[i]) &* factor
      r[i] = UInt32(truncatingIfNeeded: carry) & mask
      carry >>= 30
      i &+= 1
    }
    while carry != 0 {
      r[i] = UInt32(truncatingIfNeeded: carry) & mask
      carry >>= 30
      i &+= 1
    }
    return i
  }

  /// Long multiplication, writing all na + nb digits.
  static func schoolMultiply(
    _ a: Source, _ na: Int, _ b: Source, _ nb: Int, into r: Target
  ) {
    var carry: UInt64 = 0
    let first = UInt64(b[0])
    for i in 0..<na {
      carry &+= UInt64(a[i]) &* first
      r[i] = UInt32(truncatingIfNeeded: carry) & mask
      carry >>= 30
    }
    r[na] = UInt32(truncatingIfNeeded: carry)
    for j in 1..<nb {
      let factor = UInt64(b[j])
      let row = r + j
      carry = 0
      for i in 0..<na {
        carry &+= UInt64(row[i]) &+ UInt64(a[i]) &* factor
        row[i] = UInt32(truncatingIfNeeded: carry) & mask
        carry >>= 30
      }
      row[na] = UInt32(truncatingIfNeeded: carry)
    }
  }

  /// Long squaring: every mixed product is formed once and doubled.
  static func schoolSquare(_ a: Source, _ na: Int, into r: Target) {
    r.update(repeating: 0, count: 2 &* na)
    for i in 0..<na {
      let digit = UInt64(a[i])
      let row = r + i
      var carry = UInt64(row[i]) &+ digit &* digit
      row[i] = UInt32(truncatingIfNeeded: carry) & mask
      carry >>= 30
      let double = digit << 1
      for j in i &+ 1..<na {
        carry &+= UInt64(row[j]) &+ UInt64(a[j]) &* double
        row[j] = UInt32(truncatingIfNeeded: carry) & mask
        carry >>= 30
      }
      if carry != 0 {
        carry &+= UInt64(row[na])
        row[na] = UInt32(truncatingIfNeeded: carry) & mask
        carry >>= 30
        if carry != 0 { row[na &+ 1] &+= UInt32(truncatingIfNeeded: carry) }
      }
    }
  }

  // MARK: Karatsuba

  /// Cuts the longer factor into pieces as long as the shorter one. False when out of memory.
  private static func multiplyLopsided(
    _ a: Source, _ na: Int, _ b: Source, _ nb: Int, into r: Target
  ) -> Bool {
    // Scratch: one piece product (2nb) and the recursion (at most 4 * (nb + 64) digits in all).
    guard let scratch = DigitBuffer(capacity: 2 &* nb &+ 4 &* (nb &+ 64)) else { return false }
    if na == nb {
      karatsuba(a, b, nb, into: r, scratch: scratch.digits)
      return true
    }
    r.update(repeating: 0, count: na &+ nb)
    let product = scratch.digits
    var start = 0
    while start < na {
      let size = min(nb, na &- start)
      if size == nb {
        karatsuba(a + start, b, nb, into: product, scratch: product + 2 &* nb)
      } else {
        // The last, shorter piece.
        let count = normalized(a + start, size)
        let used = multiply(a + start, count, b, nb, into: product)
        (product + used).update(repeating: 0, count: size &+ nb &- used)
      }
      _ = accumulate(r + start, na &+ nb &- start, product, size &+ nb)
      start &+= size
    }
    return true
  }

  /// Writes all 2n digits of a * b. Scratch: S(n) = 2 * (ceil(n/2) + 1) + S(ceil(n/2) + 1).
  /// (Karatsuba & Ofman 1962; Knuth, TAOCP vol. 2, 4.3.3.)
  private static func karatsuba(
    _ a: Source, _ b: Source, _ n: Int, into r: Target, scratch: Target
  ) {
    if n < karatsubaCutoff {
      if a == b { schoolSquare(a, n, into: r) } else { schoolMultiply(a, n, b, n, into: r) }
      return
    }
    let high = n / 2
    let low = n &- high  // low >= high
    let size = low &+ 1
    // Sums of the halves go where the result will be, their product to scratch.
    let sumA = r
    let sumB = a == b ? r : r + size
    fill(add(a, low, a + low, high, into: sumA), sumA, size)
    if a != b { fill(add(b, low, b + low, high, into: sumB), sumB, size) }
    let middle = scratch
    let rest = scratch + 2 &* size
    karatsuba(sumA, sumB, size, into: middle, scratch: rest)
    karatsuba(a, b, low, into: r, scratch: rest)
    karatsuba(a + low, b + low, high, into: r + 2 &* low, scratch: rest)
    _ = deduct(middle, 2 &* size, r, 2 &* low)
    _ = deduct(middle, 2 &* size, r + 2 &* low, 2 &* high)
    let room = 2 &* n &- low
    _ = accumulate(r + low, room, middle, min(2 &* size, room))
  }

  private static func fill(_ count: Int, _ r: Target, _ size: Int) {
    var i = count
    while i < size {
      r[i] = 0
      i &+= 1
    }
  }

  // MARK: The library

  private static func multiplyLarge(
    _ large: LargeNumbers, _ a: Source, _ na: Int, _ b: Source, _ nb: Int, into r: Target
  ) -> Int? {
    let sizeA = LargeNumbers.limbCount(na), sizeB = LargeNumbers.limbCount(nb)
    let total = 2 &* (sizeA &+ sizeB)
    func run(_ limbs: UnsafeMutablePointer<UInt64>) -> Int {
      let la = LargeNumbers.pack(a, na, into: limbs)
      let result = limbs + (sizeA &+ sizeB)
      if a == b && na == nb {
        large.square(result, limbs, la)
        return LargeNumbers.unpack(result, 2 &* la, into: r, capacity: na &+ nb)
      }
      let lb = LargeNumbers.pack(b, nb, into: limbs + sizeA)
      // The longer factor first: equally many digits can be one limb more or less.
      if la >= lb {
        _ = large.multiply(result, limbs, la, limbs + sizeA, lb)
      } else {
        _ = large.multiply(result, limbs + sizeA, lb, limbs, la)
      }
      return LargeNumbers.unpack(result, la &+ lb, into: r, capacity: na &+ nb)
    }
    if total <= 256 {
      return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 256) { buffer in
        buffer.baseAddress.map(run)
      }
    }
    guard let buffer = LimbBuffer(capacity: total) else { return nil }
    return run(buffer.limbs)
  }
}
