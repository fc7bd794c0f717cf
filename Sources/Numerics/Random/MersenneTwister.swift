/// MT19937 of Matsumoto & Nishimura (1998), as CPython's `_random.Random` uses it.
public struct MersenneTwister: Sendable {
  /// The 624 state words.
  public private(set) var words: [UInt32]
  /// The next word to use; 624 when all are used up.
  public private(set) var index: Int

  @inlinable public static var size: Int { 624 }

  public init(seed: UInt32) {
    words = [UInt32](repeating: 0, count: Self.size)
    index = Self.size
    initialize(seed)
  }

  /// A generator seeded with a key, as `random.seed(number)` with the 32-bit words of its magnitude,
  /// least significant first; zero is one word 0.
  public init(key: [UInt32]) {
    self.init(seed: 19_650_218)
    let key = key.isEmpty ? [0] : key
    var i = 1, j = 0
    for _ in 0..<max(Self.size, key.count) {
      words[i] = (words[i] ^ (words[i &- 1] ^ words[i &- 1] >> 30) &* 1_664_525)
        &+ key[j] &+ UInt32(truncatingIfNeeded: j)
      advance(&i)
      j &+= 1
      if j >= key.count { j = 0 }
    }
    for _ in 0..<Self.size &- 1 {
      words[i] = (words[i] ^ (words[i &- 1] ^ words[i &- 1] >> 30) &* 1_566_083_941)
        &- UInt32(truncatingIfNeeded: i)
      advance(&i)
    }
    words[0] = 0x8000_0000
  }

  /// Restores a state; nil when it has not 624 words or the index is not in 0 ... 624.
  public init?(words: [UInt32], index: Int) {
    guard words.count == Self.size, index >= 0, index <= Self.size else { return nil }
    self.words = words
    self.index = index
  }

  private mutating func initialize(_ seed: UInt32) {
    words[0] = seed
    for i in 1..<Self.size {
      words[i] = 1_812_433_253 &* (words[i &- 1] ^ words[i &- 1] >> 30)
        &+ UInt32(truncatingIfNeeded: i)
    }
    index = Self.size
  }

  private mutating func advance(_ i: inout Int) {
    i &+= 1
    if i >= Self.size {
      words[0] = words[Self.size &- 1]
      i = 1
    }
  }

  private mutating func refill() {
    Self.refill(&words)
    index = 0
  }

  private static func refill(_ words: inout [UInt32]) {
    words.withUnsafeMutableBufferPointer { w in
      @inline(__always) func twist(_ upper: UInt32, _ lower: UInt32) -> UInt32 {
        let mixed = upper & 0x8000_0000 | lower & 0x7FFF_FFFF
        return mixed >> 1 ^ (lower & 1 == 0 ? 0 : 0x9908_B0DF)
      }
      for k in 0..<227 { w[k] = w[k &+ 397] ^ twist(w[k], w[k &+ 1]) }
      for k in 227..<623 { w[k] = w[k &- 227] ^ twist(w[k], w[k &+ 1]) }
      w[623] = w[396] ^ twist(w[623], w[0])
    }
  }

  /// 32 random bits.
  public mutating func next() -> UInt32 {
    if index >= Self.size { refill() }
    var y = words[index]
    index &+= 1
    y ^= y >> 11
    y ^= y << 7 & 0x9D2C_5680
    y ^= y << 15 & 0xEFC6_0000
    return y ^ y >> 18
  }

  /// `random()`: 53 random bits over 2**53.
  public mutating func nextDouble() -> Double {
    let a = next() >> 5, b = next() >> 6
    return (Double(a) * 67_108_864 + Double(b)) * (1.0 / 9_007_199_254_740_992)
  }

  /// `getrandbits(k)` for k > 0: little-endian 32-bit words, the top one holding the rest of the
  /// bits.
  public mutating func bits(_ k: Int) -> [UInt32] {
    var result = [UInt32](repeating: 0, count: (k &- 1) / 32 &+ 1)
    result.withUnsafeMutableBufferPointer { buffer in
      if let start = buffer.baseAddress { fill(start, bits: k) }
    }
    return result
  }

  /// Writes the (k - 1) / 32 + 1 words of `getrandbits(k)`.
  public mutating func fill(_ result: UnsafeMutablePointer<UInt32>, bits k: Int) {
    var left = k
    var i = 0
    while left > 0 {
      let word = next()
      result[i] = left < 32 ? word &>> UInt32(32 &- left) : word
      left &-= 32
      i &+= 1
    }
  }
}
