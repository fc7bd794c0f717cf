import Glibc

/// Multiplication of very long magnitudes by number theoretic transforms over three primes just
/// below 2**63; the Chinese remainder theorem joins the residues. A word is one coefficient: the
/// sums of products stay below n * 10**38, far below the primes' product of about 2**189.
enum Transform {
  /// target = a * b, with `na + nb` words.
  static func multiply(
    _ target: Words.Target, _ a: Words.Source, _ na: Int, _ b: Words.Source, _ nb: Int
  ) throws(OutOfMemory) {
    var bits = 1
    while 1 << bits < na &+ nb { bits += 1 }
    let size = 1 << bits
    let residues = try WordBuffer(3 &* size)
    let scratch = try WordBuffer(size &+ size / 2)
    let square = a == b && na == nb
    let primes = [Prime.first, Prime.second, Prime.third]
    for (index, prime) in primes.enumerated() {
      let x = residues.words + index &* size
      let y = scratch.words
      let roots = scratch.words + size
      prime.load(x, a, na, size)
      prime.fillRoots(roots, bits, inverse: false)
      prime.forward(x, size, roots)
      if square {
        for i in 0..<size { x[i] = prime.product(x[i], x[i]) }
      } else {
        prime.load(y, b, nb, size)
        prime.forward(y, size, roots)
        for i in 0..<size { x[i] = prime.product(x[i], y[i]) }
      }
      prime.fillRoots(roots, bits, inverse: true)
      prime.backward(x, size, roots)
      // Each product lost a factor R; R**2 / size gives it back when it is multiplied in.
      let scale = prime.product(
        prime.montgomery(prime.r2), prime.inverse(UInt64(size) % prime.p))
      for i in 0..<(na &+ nb) { x[i] = prime.product(x[i], scale) }
    }
    join(target, na &+ nb, residues.words, residues.words + size, residues.words + 2 &* size)
  }

  /// Garner's algorithm for each coefficient, then carries.
  private static func join(
    _ target: Words.Target, _ count: Int, _ x1: Words.Source, _ x2: Words.Source,
    _ x3: Words.Source
  ) {
    let (p1, p2, p3) = (Prime.first, Prime.second, Prime.third)
    // 1 / p1 mod p2 and 1 / (p1 p2) mod p3, with a Montgomery factor to multiply plain numbers.
    let inverse1 = p2.montgomery(p2.inverse(p1.p % p2.p))
    let p1modP3 = p3.montgomery(p1.p % p3.p)
    let p1p2modP3 = p3.product(p1modP3, p2.p % p3.p)
    let inverse12 = p3.montgomery(p3.inverse(p1p2modP3))
    let (high, low) = p1.p.multipliedFullWidth(by: p2.p)
    var carryLow: UInt64 = 0
    var carryHigh: UInt64 = 0
    for i in 0..<count {
      let v1 = x1[i]
      let v2 = p2.product(p2.difference(x2[i], v1 % p2.p), inverse1)
      let partial = p3.sum(v1 % p3.p, p3.product(p1modP3, v2 % p3.p))
      let v3 = p3.product(p3.difference(x3[i], partial), inverse12)
      // v1 + v2 p1 + v3 p1 p2 + carry, three 64-bit parts.
      let (a1, a0) = v2.multipliedFullWidth(by: p1.p)
      let (b1, b0) = v3.multipliedFullWidth(by: low)
      let (c1, c0) = v3.multipliedFullWidth(by: high)
      var (t0, t1, t2): (UInt64, UInt64, UInt64) = (v1, 0, 0)
      func accumulate(_ x0: UInt64, _ x1: UInt64, _ x2: UInt64) {
        var overflow: Bool
        var carry: UInt64
        (t0, overflow) = t0.addingReportingOverflow(x0)
        carry = overflow ? 1 : 0
        (t1, overflow) = t1.addingReportingOverflow(carry)
        var over: UInt64 = overflow ? 1 : 0
        (t1, overflow) = t1.addingReportingOverflow(x1)
        over = over &+ (overflow ? 1 : 0)
        t2 = t2 &+ x2 &+ over
      }
      accumulate(a0, a1, 0)
      accumulate(b0, b1, 0)
      accumulate(0, c0, c1)
      accumulate(carryLow, carryHigh, 0)
      let (q1, r1) = Word.split(t2, t1)
      let (q0, r0) = Word.split(r1, t0)
      target[i] = r0
      carryLow = q0
      carryHigh = q1
    }
  }
}

/// A prime c * 2**40 + 1 with arithmetic in Montgomery's form (R = 2**64).
private struct Prime {
  let p: UInt64
  /// -1 / p mod 2**64.
  let negativeInverse: UInt64
  /// A generator of the multiplicative group.
  let generator: UInt64
  /// R**2 mod p.
  let r2: UInt64

  static let first = Prime(9_223_369_837_831_520_257, generator: 7)
  static let second = Prime(9_223_353_345_157_103_617, generator: 5)
  static let third = Prime(9_223_346_748_087_336_961, generator: 7)

  init(_ p: UInt64, generator: UInt64) {
    self.p = p
    self.generator = generator
    var inverse: UInt64 = 1
    for _ in 0..<6 { inverse = inverse &* (2 &- p &* inverse) }
    negativeInverse = 0 &- inverse
    let r = UInt64.max % p + 1
    let (high, low) = r.multipliedFullWidth(by: r)
    r2 = p.dividingFullWidth((high, low)).remainder
  }

  /// a * b / R mod p.
  @inline(__always) func product(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let (high, low) = a.multipliedFullWidth(by: b)
    let m = low &* negativeInverse
    let (extra, _) = m.multipliedFullWidth(by: p)
    // low + (m * p) mod 2**64 is 0 mod 2**64: it carries unless low is 0.
    let t = high &+ extra &+ (low != 0 ? 1 : 0)
    return t >= p ? t &- p : t
  }
  @inline(__always) func sum(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let s = a &+ b
    return s >= p ? s &- p : s
  }
  @inline(__always) func difference(_ a: UInt64, _ b: UInt64) -> UInt64 {
    a >= b ? a &- b : a &- b &+ p
  }
  /// a * R mod p.
  func montgomery(_ a: UInt64) -> UInt64 { product(a, r2) }

  /// base**exponent mod p, plain numbers.
  func power(_ base: UInt64, _ exponent: UInt64) -> UInt64 {
    var result = montgomery(1)
    var square = montgomery(base)
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result = product(result, square) }
      square = product(square, square)
      rest >>= 1
    }
    return product(result, 1)
  }
  func inverse(_ a: UInt64) -> UInt64 { power(a, p - 2) }

  /// The words mod p, zeros up to the transform's size.
  func load(_ x: Words.Target, _ a: Words.Source, _ count: Int, _ size: Int) {
    for i in 0..<count { x[i] = a[i] >= p ? a[i] &- p : a[i] }
    for i in count..<size { x[i] = 0 }
  }

  /// The powers 0 … size/2 - 1 of a primitive root of order 2**bits, in Montgomery's form.
  func fillRoots(_ roots: Words.Target, _ bits: Int, inverse wantsInverse: Bool) {
    var root = power(generator, (p - 1) >> UInt64(bits))
    if wantsInverse { root = inverse(root) }
    let step = montgomery(root)
    var value = montgomery(1)
    for i in 0..<(1 << (bits - 1)) {
      roots[i] = value
      value = product(value, step)
    }
  }

  /// Decimation in frequency: natural order in, bit-reversed order out.
  func forward(_ x: Words.Target, _ size: Int, _ roots: Words.Target) {
    var half = size / 2
    var stride = 1
    while half > 0 {
      var start = 0
      while start < size {
        let lower = x + start
        let upper = lower + half
        for i in 0..<half {
          let u = lower[i]
          let v = upper[i]
          lower[i] = sum(u, v)
          upper[i] = product(difference(u, v), roots[i &* stride])
        }
        start &+= 2 &* half
      }
      half /= 2
      stride *= 2
    }
  }

  /// Decimation in time: bit-reversed order in, natural order out, without division by the size.
  func backward(_ x: Words.Target, _ size: Int, _ roots: Words.Target) {
    var half = 1
    var stride = size / 2
    while half < size {
      var start = 0
      while start < size {
        let lower = x + start
        let upper = lower + half
        for i in 0..<half {
          let u = lower[i]
          let v = product(upper[i], roots[i &* stride])
          lower[i] = sum(u, v)
          upper[i] = difference(u, v)
        }
        start &+= 2 &* half
      }
      half *= 2
      stride /= 2
    }
  }
}
