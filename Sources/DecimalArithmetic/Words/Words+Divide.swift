import Glibc

extension Words {
  /// Words of the divisor from which division by recursion pays.
  private static var recursionThreshold: Int { 80 }

  /// quotient = a / b with `na - nb + 1` words, remainder = a % b with `nb` words. Both operands
  /// normalised, `na >= nb`, `b` not zero. Either result may be nil.
  static func divide(
    _ quotient: Target?, _ remainder: Target?, _ a: Source, _ na: Int, _ b: Source, _ nb: Int
  ) throws(OutOfMemory) {
    if nb == 1 {
      if let quotient {
        let rest = divide(quotient, a, na, by: b[0])
        remainder?[0] = rest
      } else if let remainder {
        let scratch = try WordBuffer(na)
        remainder[0] = divide(scratch.words, a, na, by: b[0])
      }
      return
    }
    // Both times the same factor, so that the divisor's top word is at least half the radix.
    let factor = Word.radix / (b[nb &- 1] &+ 1)
    if nb < recursionThreshold || na &- nb < recursionThreshold {
      let buffer = try WordBuffer(na &+ nb &+ 1)
      let u = buffer.words
      let v = u + (na &+ 1)
      copy(u, a, na)
      u[na] = multiply(u, na, by: factor)
      copy(v, b, nb)
      multiply(v, nb, by: factor)
      divideSimply(quotient, u, na &+ 1, v, nb)
      if let remainder { divide(remainder, u, nb, by: factor) }
      return
    }
    try divideByBlocks(quotient, remainder, a, na, b, nb, factor)
  }

  /// The schoolbook method (Knuth, volume 2, 4.3.1, algorithm D). `v` has its top word at least half
  /// the radix and `u` a top word below it; the remainder stays in the low `nv` words of `u`. The
  /// quotient has `nu - nv` words.
  private static func divideSimply(
    _ quotient: Target?, _ u: Target, _ nu: Int, _ v: Source, _ nv: Int
  ) {
    let v1 = v[nv &- 1]
    let v0 = v[nv &- 2]
    var j = nu &- nv
    while j > 0 {
      j &-= 1
      let row = u + j
      let u2 = row[nv]
      let u1 = row[nv &- 1]
      let u0 = row[nv &- 2]
      // u2 * radix + u1 over v1; u2 <= v1.
      var estimate: UInt64
      var rest: UInt64
      var certain = false
      if u2 >= v1 {
        estimate = Word.radix &- 1
        // u2 * radix + u1 - (radix - 1) * v1 = u1 + v1 when u2 = v1.
        let (sum, overflow) = u1.addingReportingOverflow(v1)
        rest = sum
        certain = overflow || sum >= Word.radix
      } else {
        let (high, low) = u2.multipliedFullWidth(by: Word.radix)
        let (sum, carry) = low.addingReportingOverflow(u1)
        (estimate, rest) = v1.dividingFullWidth((high &+ (carry ? 1 : 0), sum))
      }
      while !certain {
        // estimate * v0 > rest * radix + u0 ?
        let (ph, pl) = estimate.multipliedFullWidth(by: v0)
        let (rh0, rl0) = rest.multipliedFullWidth(by: Word.radix)
        let (rl, carry) = rl0.addingReportingOverflow(u0)
        let rh = rh0 &+ (carry ? 1 : 0)
        if ph < rh || (ph == rh && pl <= rl) { break }
        estimate &-= 1
        let (sum, overflow) = rest.addingReportingOverflow(v1)
        rest = sum
        certain = overflow || sum >= Word.radix
      }
      if estimate != 0 && subtractProduct(row, v, nv, estimate) {
        estimate &-= 1
        add(row, nv &+ 1, v, nv)
      }
      quotient?[j] = estimate
    }
  }

  /// row[0...nv] -= v * factor; whether it fell below zero.
  @inline(__always)
  private static func subtractProduct(
    _ row: Target, _ v: Source, _ nv: Int, _ factor: UInt64
  ) -> Bool {
    var carry: UInt64 = 0
    for i in 0..<nv {
      var (high, low) = v[i].multipliedFullWidth(by: factor)
      let (sum, overflow) = low.addingReportingOverflow(carry)
      low = sum
      high = high &+ (overflow ? 1 : 0)
      let (next, word) = Word.split(high, low)
      carry = next
      let x = row[i]
      if x < word {
        row[i] = x &- word &+ Word.radix
        carry &+= 1
      } else {
        row[i] = x &- word
      }
    }
    let top = row[nv]
    row[nv] = top >= carry ? top &- carry : top &- carry &+ Word.radix
    return top < carry
  }

  /// Burnikel and Ziegler, "Fast recursive division" (1998): the dividend in blocks as long as the
  /// divisor, each divided by halves.
  private static func divideByBlocks(
    _ quotient: Target?, _ remainder: Target?, _ a: Source, _ na: Int, _ b: Source, _ nb: Int,
    _ factor: UInt64
  ) throws(OutOfMemory) {
    // A divisor length that halves down to a short one.
    var levels = 0
    while nb >> levels > recursionThreshold { levels &+= 1 }
    let unit = 1 << levels
    let n = (nb &+ unit &- 1) / unit &* unit
    let pad = n &- nb
    // One word more, so that the top block is below the divisor.
    let total = na &+ pad &+ 1
    let blocks = Swift.max(2, (total &+ n &- 1) / n)
    let dividend = try WordBuffer(blocks &* n &+ 1)
    let u = dividend.words
    clear(u, pad)
    copy(u + pad, a, na)
    u[pad &+ na] = multiply(u + pad, na, by: factor)
    clear(u + total, blocks &* n &+ 1 &- total)
    let divisor = try WordBuffer(n)
    let v = divisor.words
    clear(v, pad)
    copy(v + pad, b, nb)
    multiply(v + pad, nb, by: factor)
    let result = try WordBuffer(blocks &* n)
    let q = result.words
    var top = blocks &- 1
    if compare(u + top &* n, normalized(u + top &* n, n), v, n) >= 0 {
      // Cannot be: the top block holds a word that the divisor's does not reach. Kept exact anyway.
      subtract(u + top &* n, n, v, n)
      q[top &* n] = 1
      clear(q + (top &* n &+ 1), n &- 1)
    } else {
      clear(q + top &* n, n)
    }
    let scratch = try WordBuffer(2 &* n)
    while top > 0 {
      top &-= 1
      try divideTwoByOne(q + top &* n, u + top &* n, v, n, scratch.words)
    }
    if let quotient { copy(quotient, q, na &- nb &+ 1) }
    if let remainder { divide(remainder, u + pad, nb, by: factor) }
  }

  /// q[n] = a[2n] / b[n], the remainder in the low n words of `a`, its high words zero. The high half
  /// of `a` is below `b`.
  private static func divideTwoByOne(
    _ q: Target, _ a: Target, _ b: Source, _ n: Int, _ scratch: Target
  ) throws(OutOfMemory) {
    if n & 1 == 1 || n <= recursionThreshold { return divideSimply(q, a, 2 &* n, b, n) }
    let half = n / 2
    try divideThreeByTwo(q + half, a + half, b, half, scratch)
    try divideThreeByTwo(q, a, b, half, scratch)
  }

  /// q[h] = a[3h] / b[2h], the remainder in the low 2h words of `a`, its high words zero.
  private static func divideThreeByTwo(
    _ q: Target, _ a: Target, _ b: Source, _ h: Int, _ scratch: Target
  ) throws(OutOfMemory) {
    // Words above the remainder: 0 or 1, below zero after the subtraction.
    var top = 0
    if compare(a + 2 &* h, normalized(a + 2 &* h, h), b + h, h) < 0 {
      try divideTwoByOne(q, a + h, b + h, h, scratch)
    } else {
      // The high part equals b's: the quotient is radix**h - 1, the rest a1 + b1.
      for i in 0..<h { q[i] = Word.radix &- 1 }
      top = Int(add(a + h, h, b + h, h))
      clear(a + 2 &* h, h)
    }
    try multiply(scratch, q, h, b, h)
    top &-= Int(subtract(a, 2 &* h, scratch, 2 &* h))
    while top < 0 {
      decrement(q, h)
      top &+= Int(add(a, 2 &* h, b, 2 &* h))
    }
  }

  /// a -= 1 for `a` that is not zero.
  private static func decrement(_ a: Target, _ count: Int) {
    for i in 0..<count {
      if a[i] != 0 {
        a[i] &-= 1
        return
      }
      a[i] = Word.radix &- 1
    }
  }

  /// root = floor(sqrt(a)), `(count + 1) / 2` words; `a` normalised.
  static func squareRoot(_ root: Target, _ a: Source, _ count: Int) throws(OutOfMemory) {
    let size = (count &+ 1) / 2
    if count <= 2 {
      let value =
        UInt128(count == 2 ? a[1] : 0) &* UInt128(Word.radix) &+ UInt128(a[0])
      root[0] = squareRoot(value)
      return
    }
    // The root of the upper words, plus one, is above the root; Newton's iteration comes down.
    let low = Swift.max(1, (count &- 1) / 4)
    let buffer = try WordBuffer(2 &* size &+ 4)
    let s = buffer.words
    let next = s + (size &+ 2)
    clear(s, size &+ 1)
    let upper = count &- 2 &* low
    try squareRoot(s + low, a + 2 &* low, upper)
    if increment(s + low, size &+ 1 &- low) {}
    while true {
      let length = normalized(s, size &+ 1)
      clear(next, size &+ 2)
      try divide(next, nil, a, count, s, length)
      add(next, size &+ 2, s, length)
      divide(next, next, size &+ 2, by: 2)
      let nextLength = normalized(next, size &+ 2)
      if compare(next, nextLength, s, length) >= 0 { break }
      clear(s, size &+ 1)
      copy(s, next, Swift.min(nextLength, size &+ 1))
    }
    copy(root, s, size)
  }

  private static func squareRoot(_ value: UInt128) -> UInt64 {
    if value == 0 { return 0 }
    // From above the root, which machine arithmetic gives up to 2**-52 of it.
    var s = UInt128(Double(value).squareRoot())
    s = s &+ (s >> 50) &+ 1
    while true {
      let next = (s &+ value / s) / 2
      if next >= s { return UInt64(truncatingIfNeeded: s) }
      s = next
    }
  }
}
