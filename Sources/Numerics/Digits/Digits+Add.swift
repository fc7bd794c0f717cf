extension Digits {
  /// Writes a + b into `r`, which has room for max(na, nb) + 1 digits and may be `a` or `b`.
  public static func add(
    _ a: Source, _ na: Int, _ b: Source, _ nb: Int, into r: Target
  ) -> Int {
    if na < nb { return add(b, nb, a, na, into: r) }
    var carry: UInt32 = 0
    var i = 0
    while i < nb {
      carry &+= a[i] &+ b[i]
      r[i] = carry & mask
      carry >>= 30
      i &+= 1
    }
    while i < na {
      carry &+= a[i]
      r[i] = carry & mask
      carry >>= 30
      i &+= 1
    }
    if carry != 0 {
      r[i] = carry
      i &+= 1
    }
    return i
  }

  /// Writes a - b into `r`, which has room for na digits and may be `a` or `b`. Requires a >= b.
  public static func subtract(
    _ a: Source, _ na: Int, _ b: Source, _ nb: Int, into r: Target
  ) -> Int {
    var borrow: UInt32 = 0
    var i = 0
    while i < nb {
      borrow = a[i] &- b[i] &- borrow
      r[i] = borrow & mask
      borrow = borrow >> 31
      i &+= 1
    }
    while i < na {
      borrow = a[i] &- borrow
      r[i] = borrow & mask
      borrow = borrow >> 31
      i &+= 1
    }
    return normalized(r, na)
  }

  /// Writes |a - b| into `r`, which has room for max(na, nb) digits and may be `a` or `b`.
  /// `negative` tells whether a < b.
  public static func difference(
    _ a: Source, _ na: Int, _ b: Source, _ nb: Int, into r: Target
  ) -> (count: Int, negative: Bool) {
    switch compare(a, na, b, nb) {
    case 0: return (0, false)
    case 1: return (subtract(a, na, b, nb, into: r), false)
    default: return (subtract(b, nb, a, na, into: r), true)
    }
  }

  /// Writes a + digit into `r` (room for na + 1 digits), which may be `a`.
  public static func add(_ a: Source, _ na: Int, digit: UInt32, into r: Target) -> Int {
    var carry = digit
    for i in 0..<na {
      carry &+= a[i]
      r[i] = carry & mask
      carry >>= 30
    }
    if carry == 0 { return na }
    r[na] = carry
    return na &+ 1
  }

  /// Adds `b` to the `nr` digits at `r` in place and returns the carry out. Requires nb <= nr.
  static func accumulate(_ r: Target, _ nr: Int, _ b: Source, _ nb: Int) -> UInt32 {
    var carry: UInt32 = 0
    var i = 0
    while i < nb {
      carry &+= r[i] &+ b[i]
      r[i] = carry & mask
      carry >>= 30
      i &+= 1
    }
    while carry != 0 && i < nr {
      carry &+= r[i]
      r[i] = carry & mask
      carry >>= 30
      i &+= 1
    }
    return carry
  }

  /// Subtracts `b` from the `nr` digits at `r` in place and returns the borrow. Requires nb <= nr.
  static func deduct(_ r: Target, _ nr: Int, _ b: Source, _ nb: Int) -> UInt32 {
    var borrow: UInt32 = 0
    var i = 0
    while i < nb {
      borrow = r[i] &- b[i] &- borrow
      r[i] = borrow & mask
      borrow = borrow >> 31
      i &+= 1
    }
    while borrow != 0 && i < nr {
      borrow = r[i] &- borrow
      r[i] = borrow & mask
      borrow = borrow >> 31
      i &+= 1
    }
    return borrow
  }
}
