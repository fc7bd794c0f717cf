/// Arithmetic on magnitudes: little-endian arrays of 30-bit digits in 32-bit words, the layout of
/// `PyLongObject`.
///
/// A magnitude is a pointer and a count. It is *normalised* when its top digit is not zero; zero has
/// count 0. Functions accept normalised input and return the normalised count of what they wrote.
/// Unless said otherwise a result may not overlap an input. Functions that need scratch memory
/// return nil when there is none (the caller raises MemoryError).
public enum Digits {
  public typealias Source = UnsafePointer<UInt32>
  public typealias Target = UnsafeMutablePointer<UInt32>

  /// Bits in a digit.
  @inlinable public static var bits: Int { 30 }
  /// The largest digit, 2**30 - 1.
  @inlinable public static var mask: UInt32 { 0x3FFF_FFFF }

  /// The count without leading zero digits.
  @inlinable
  public static func normalized(_ a: Source, _ count: Int) -> Int {
    var count = count
    while count > 0 && a[count &- 1] == 0 { count &-= 1 }
    return count
  }

  /// -1, 0 or 1 as `a` is less than, equal to or greater than `b`.
  @inlinable
  public static func compare(_ a: Source, _ na: Int, _ b: Source, _ nb: Int) -> Int {
    if na != nb { return na < nb ? -1 : 1 }
    var i = na
    while i > 0 {
      i &-= 1
      if a[i] != b[i] { return a[i] < b[i] ? -1 : 1 }
    }
    return 0
  }

  /// The number of bits of the magnitude; 0 for zero.
  @inlinable
  public static func bitLength(_ a: Source, _ count: Int) -> Int {
    if count == 0 { return 0 }
    return (count &- 1) &* 30 &+ (32 &- a[count &- 1].leadingZeroBitCount)
  }

  /// The number of ones among the bits.
  @inlinable
  public static func bitCount(_ a: Source, _ count: Int) -> Int {
    var ones = 0
    var i = 0
    while i < count {
      ones &+= a[i].nonzeroBitCount
      i &+= 1
    }
    return ones
  }

  /// The number of zero bits below the lowest one; `count` must not be 0.
  @inlinable
  public static func trailingZeroBits(_ a: Source, _ count: Int) -> Int {
    var i = 0
    while i < count &- 1 && a[i] == 0 { i &+= 1 }
    return i &* 30 &+ a[i].trailingZeroBitCount
  }

  /// The digits that `bits` bits need.
  @inlinable
  public static func digitCount(bits: Int) -> Int {
    bits / 30 &+ (bits % 30 == 0 ? 0 : 1)
  }

  /// Whether the magnitude is a power of two.
  @inlinable
  public static func isPowerOfTwo(_ a: Source, _ count: Int) -> Bool {
    if count == 0 || a[count &- 1] & (a[count &- 1] &- 1) != 0 { return false }
    var i = 0
    while i < count &- 1 {
      if a[i] != 0 { return false }
      i &+= 1
    }
    return true
  }

  // MARK: Machine words

  /// Writes a 64-bit value (up to 3 digits).
  @inlinable
  public static func write(_ value: UInt64, into r: Target) -> Int {
    var value = value
    var n = 0
    while value != 0 {
      r[n] = UInt32(truncatingIfNeeded: value) & mask
      value >>= 30
      n &+= 1
    }
    return n
  }

  /// The value if it fits in 64 bits.
  @inlinable
  public static func word(_ a: Source, _ count: Int) -> UInt64? {
    switch count {
    case 0: return 0
    case 1: return UInt64(a[0])
    case 2: return UInt64(a[0]) | UInt64(a[1]) << 30
    case 3 where a[2] < 16: return UInt64(a[0]) | UInt64(a[1]) << 30 | UInt64(a[2]) << 60
    default: return nil
    }
  }

  /// The value modulo 2**64.
  @inlinable
  public static func lowWord(_ a: Source, _ count: Int) -> UInt64 {
    var word: UInt64 = 0
    if count > 0 { word = UInt64(a[0]) }
    if count > 1 { word |= UInt64(a[1]) << 30 }
    if count > 2 { word |= UInt64(a[2]) << 60 }
    return word
  }
}
