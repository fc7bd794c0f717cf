/// The hash functions of Python objects, as numbers. -1 means an error in CPython's slots, so it is
/// never a hash: -2 takes its place. CPython: Python/pyhash.c, Objects/{tuple,set,complex}object.c.
public enum ObjectHash {
  /// Numeric hashes are taken modulo the Mersenne prime 2**61 - 1.
  @inlinable public static var modulus: UInt64 { 1 << 61 &- 1 }
  @inlinable public static var infinity: Int { 314_159 }
  @inlinable public static var imaginary: UInt64 { 1_000_003 }

  @inlinable
  static func valid(_ hash: UInt64) -> Int {
    let hash = Int(bitPattern: UInt(hash))
    return hash == -1 ? -2 : hash
  }

  /// The hash of the bytes of a `str` (in its own width), `bytes` and the like.
  @inlinable
  public static func bytes(_ bytes: UnsafeRawPointer, _ count: Int, _ secret: HashSecret) -> Int {
    if count == 0 { return 0 }
    return valid(SipHash.hash(bytes, count, key0: secret.key0, key1: secret.key1))
  }

  /// The hash of an address: its low four bits, which alignment fixes, go to the top.
  @inlinable
  public static func pointer(_ pointer: UnsafeRawPointer) -> Int {
    let bits = UInt64(UInt(bitPattern: pointer))
    return valid(bits >> 4 | bits << 60)
  }

  /// The hash of a signed integer's digits.
  @inlinable
  public static func integer(_ a: Digits.Source, _ na: Int, negative: Bool) -> Int {
    let hash = Digits.hash(a, na)
    return valid(negative ? 0 &- hash : hash)
  }

  /// The hash of a machine integer.
  @inlinable
  public static func integer(_ value: Int) -> Int {
    let hash = UInt64(value.magnitude) % modulus
    return valid(value < 0 ? 0 &- hash : hash)
  }

  /// The hash of a double, equal to that of an equal integer or fraction. Not of NaN, which hashes
  /// by identity: the caller asks `pointer` then.
  public static func double(_ value: Double) -> Int {
    if !value.isFinite { return value > 0 ? infinity : value < 0 ? -infinity : 0 }
    if value == 0 { return 0 }
    let biased = Int(value.exponentBitPattern)
    let fraction = value.significandBitPattern
    let significand = biased == 0 ? fraction : fraction | 1 << 52
    // Multiplying by 2**e modulo 2**61 - 1 rotates by e modulo 61.
    var turn = (max(biased, 1) &- 1075) % 61
    if turn < 0 { turn &+= 61 }
    let left = UInt64(turn)
    var hash = (significand &<< left & modulus) | significand &>> (61 &- left)
    if hash >= modulus { hash &-= modulus }
    return valid(value < 0 ? 0 &- hash : hash)
  }

  /// The hash of a complex number from those of its parts.
  @inlinable
  public static func complex(real: Int, imaginary part: Int) -> Int {
    valid(UInt64(bitPattern: Int64(real)) &+ imaginary &* UInt64(bitPattern: Int64(part)))
  }

  /// The hash of a tuple, one element at a time: a simplified xxHash.
  @frozen
  public struct Tuple {
    @usableFromInline var accumulator: UInt64 = 2_870_177_450_012_600_261

    @inlinable public init() {}

    @inlinable
    public mutating func combine(_ hash: Int) {
      accumulator &+= UInt64(bitPattern: Int64(hash)) &* 14_029_467_366_897_019_727
      accumulator = accumulator << 31 | accumulator >> 33
      accumulator &*= 11_400_714_785_074_694_791
    }

    @inlinable
    public func finish(count: Int) -> Int {
      let hash =
        accumulator &+ (UInt64(truncatingIfNeeded: count) ^ (2_870_177_450_012_600_261 ^ 3_527_539))
      return hash == UInt64.max ? 1_546_275_796 : Int(bitPattern: UInt(hash))
    }
  }

  /// The hash of a frozenset, its elements in any order.
  @frozen
  public struct Set {
    @usableFromInline var accumulator: UInt64 = 0

    @inlinable public init() {}

    @inlinable
    public mutating func combine(_ hash: Int) {
      let bits = UInt64(bitPattern: Int64(hash))
      accumulator ^= ((bits ^ 89_869_747) ^ (bits << 16)) &* 3_644_798_167
    }

    @inlinable
    public func finish(count: Int) -> Int {
      var hash = accumulator ^ (UInt64(truncatingIfNeeded: count) &+ 1) &* 1_927_868_237
      hash ^= (hash >> 11) ^ (hash >> 25)
      hash = hash &* 69_069 &+ 907_133_923
      return hash == UInt64.max ? 590_923_713 : Int(bitPattern: UInt(hash))
    }
  }
}
