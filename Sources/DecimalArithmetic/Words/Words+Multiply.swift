import Glibc

extension Words {
  /// Words of the shorter operand from which Karatsuba pays.
  private static var karatsubaThreshold: Int { 40 }
  /// Words of the shorter operand from which transforms pay.
  private static var transformThreshold: Int { 900 }

  /// target = a * b, with `na + nb` words (the top one may be zero).
  static func multiply(
    _ target: Target, _ a: Source, _ na: Int, _ b: Source, _ nb: Int
  ) throws(OutOfMemory) {
    if na < nb { return try multiply(target, b, nb, a, na) }
    if nb < karatsubaThreshold { return multiplySimply(target, a, na, b, nb) }
    if nb >= transformThreshold && na <= 3 &* nb {
      return try Transform.multiply(target, a, na, b, nb)
    }
    if na == nb {
      let scratch = try WordBuffer(4 &* na &+ 128)
      return karatsuba(target, a, b, na, scratch.words)
    }
    // A long operand in pieces of the other's length.
    clear(target, na &+ nb)
    let piece = try WordBuffer(2 &* nb)
    var start = 0
    while start < na {
      let length = Swift.min(nb, na &- start)
      try multiply(piece.words, b, nb, a + start, length)
      add(target + start, na &+ nb &- start, piece.words, nb &+ length)
      start &+= length
    }
  }

  /// The schoolbook method.
  static func multiplySimply(_ target: Target, _ a: Source, _ na: Int, _ b: Source, _ nb: Int) {
    clear(target, na)
    for j in 0..<nb {
      let factor = b[j]
      var carry: UInt64 = 0
      let row = target + j
      for i in 0..<na {
        // At most (radix - 1)**2 + 2 * (radix - 1) = radix**2 - 1.
        var (high, low) = a[i].multipliedFullWidth(by: factor)
        var (sum, overflow) = low.addingReportingOverflow(carry)
        high = high &+ (overflow ? 1 : 0)
        (sum, overflow) = sum.addingReportingOverflow(row[i])
        high = high &+ (overflow ? 1 : 0)
        low = sum
        (carry, row[i]) = Word.split(high, low)
      }
      row[na] = carry
    }
  }

  /// Karatsuba's method for operands of equal length; `scratch` has room for 4n + 128 words.
  private static func karatsuba(
    _ target: Target, _ a: Source, _ b: Source, _ n: Int, _ scratch: Target
  ) {
    if n < karatsubaThreshold { return multiplySimply(target, a, n, b, n) }
    let low = (n &+ 1) / 2
    let high = n &- low
    // Sums of the halves, low + 1 words each; their product above them.
    let x = scratch
    let y = scratch + (low &+ 1)
    let middle = scratch + 2 &* (low &+ 1)
    let rest = scratch + 4 &* (low &+ 1)
    copy(x, a, low)
    x[low] = add(x, low, a + low, high)
    copy(y, b, low)
    y[low] = add(y, low, b + low, high)
    if low &+ 1 < karatsubaThreshold {
      multiplySimply(middle, x, low &+ 1, y, low &+ 1)
    } else {
      // x and y lie below `middle`, so the deeper call may use what lies above it.
      karatsuba(middle, x, y, low &+ 1, rest)
    }
    karatsuba(target, a, b, low, rest)
    karatsuba(target + 2 &* low, a + low, b + low, high, rest)
    subtract(middle, 2 &* (low &+ 1), target, 2 &* low)
    subtract(middle, 2 &* (low &+ 1), target + 2 &* low, 2 &* high)
    let length = normalized(middle, 2 &* (low &+ 1))
    add(target + low, 2 &* n &- low, middle, length)
  }
}
