extension Digits {
  /// Shifts by less than a digit, writing na digits, and returns the bits that fell out on top.
  /// `r` may be `a`.
  @discardableResult
  static func shiftDigits(_ a: Source, _ na: Int, left: Int, into r: Target) -> UInt32 {
    var carry: UInt32 = 0
    for i in 0..<na {
      let digit = a[i]
      r[i] = (digit &<< UInt32(left) | carry) & mask
      carry = digit &>> UInt32(30 &- left)
    }
    return carry
  }

  /// Shifts right by less than a digit, writing na digits. `r` may be `a`.
  static func shiftDigits(_ a: Source, _ na: Int, right: Int, into r: Target) {
    var carry: UInt32 = 0
    var i = na
    while i > 0 {
      i &-= 1
      let digit = a[i]
      r[i] = digit &>> UInt32(right) | carry
      carry = (digit &<< UInt32(30 &- right)) & mask
    }
  }

  /// Writes a * 2**count into `r`, which has room for na + count / 30 + 1 digits and may be `a`.
  public static func shiftLeft(_ a: Source, _ na: Int, by count: Int, into r: Target) -> Int {
    if na == 0 { return 0 }
    let whole = count / 30, part = count % 30
    if part == 0 {
      var i = na
      while i > 0 {
        i &-= 1
        r[i &+ whole] = a[i]
      }
    } else {
      // Downwards, so that shifting in place works.
      var upper: UInt32 = 0
      var i = na
      while i > 0 {
        i &-= 1
        let digit = a[i]
        r[i &+ whole &+ 1] = upper | digit &>> UInt32(30 &- part)
        upper = (digit &<< UInt32(part)) & mask
      }
      r[whole] = upper
    }
    for i in 0..<whole { r[i] = 0 }
    return normalized(r, na &+ whole &+ (part == 0 ? 0 : 1))
  }

  /// Writes the magnitude of floor(±a / 2**count) into `r`, which has room for
  /// max(na - count / 30, 1) + 1 digits and may be `a`. A negative number rounds away from zero.
  public static func shiftRight(
    _ a: Source, _ na: Int, negative: Bool, by count: Int, into r: Target
  ) -> Int {
    let whole = count / 30, part = count % 30
    if whole >= na {
      if !negative || na == 0 { return 0 }
      r[0] = 1
      return 1
    }
    var lost = false
    if negative {
      lost = a[whole] & (UInt32(1) &<< UInt32(part) &- 1) != 0
      var i = 0
      while !lost && i < whole {
        lost = a[i] != 0
        i &+= 1
      }
    }
    let n = na &- whole
    if part == 0 {
      for i in 0..<n { r[i] = a[i &+ whole] }
    } else {
      for i in 0..<n &- 1 {
        r[i] = a[i &+ whole] &>> UInt32(part)
          | (a[i &+ whole &+ 1] &<< UInt32(30 &- part)) & mask
      }
      r[n &- 1] = a[na &- 1] &>> UInt32(part)
    }
    let used = normalized(r, n)
    return lost ? add(r, used, digit: 1, into: r) : used
  }

  /// Whether any of the lowest `count` bits is set.
  public static func anyBit(_ a: Source, _ na: Int, below count: Int) -> Bool {
    let whole = min(count / 30, na)
    for i in 0..<whole where a[i] != 0 { return true }
    if count / 30 >= na { return false }
    return a[whole] & (UInt32(1) &<< UInt32(count % 30) &- 1) != 0
  }

  /// Bit number `index` of the magnitude.
  @inlinable
  public static func bit(_ a: Source, _ na: Int, _ index: Int) -> Bool {
    let digit = index / 30
    return digit < na && a[digit] &>> UInt32(index % 30) & 1 != 0
  }
}
