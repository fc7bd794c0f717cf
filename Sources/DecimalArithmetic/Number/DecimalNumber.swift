import Glibc

/// A decimal number: (-1)**sign * coefficient * 10**exponent, an infinity or a NaN.
///
/// The number lies at a fixed address with room for four words behind it; a longer coefficient has
/// its words on the heap. A finite number has at least one word and, for zero, one digit. A NaN has
/// its payload as coefficient: no words and no digits when it has none. An infinity has no words.
@frozen public struct DecimalNumber {
  public var flags: UInt8
  public var exponent: Int
  /// Decimal digits of the coefficient.
  public var digits: Int
  /// Words in use.
  public var count: Int
  /// Words there is room for.
  var capacity: Int
  public var words: UnsafeMutablePointer<UInt64>

  /// Bits of `flags`.
  public enum Flag {
    public static let negative: UInt8 = 1
    public static let infinite: UInt8 = 2
    public static let quiet: UInt8 = 4
    public static let signaling: UInt8 = 8
    public static let nan: UInt8 = 12
    public static let special: UInt8 = 14
  }

  static let inlineCapacity = 4
  /// Bytes of a number with its four words.
  public static let size = 48 + 32
}

/// A number at its address.
public typealias Number = UnsafeMutablePointer<DecimalNumber>

extension UnsafeMutablePointer where Pointee == DecimalNumber {
  // MARK: Life

  @inline(__always) private var inlineWords: UnsafeMutablePointer<UInt64> {
    UnsafeMutableRawPointer(self + 1).assumingMemoryBound(to: UInt64.self)
  }

  /// Makes fresh memory of `DecimalNumber.size` bytes a zero.
  @inline(__always) public func start() {
    inlineWords[0] = 0
    initialize(
      to: DecimalNumber(
        flags: 0, exponent: 0, digits: 1, count: 1, capacity: DecimalNumber.inlineCapacity,
        words: inlineWords))
  }

  /// Frees what the number has on the heap.
  @inline(__always) public func end() {
    if pointee.words != inlineWords { free(pointee.words) }
  }

  /// Bytes on the heap.
  public var heapSize: Int { pointee.words == inlineWords ? 0 : pointee.capacity &* 8 }

  /// Makes room for words and keeps those in use.
  @inline(__always) func reserve(_ count: Int) throws(OutOfMemory) {
    if count <= pointee.capacity { return }
    try grow(count)
  }

  private func grow(_ count: Int) throws(OutOfMemory) {
    guard count < Int.max / 16, let memory = malloc(count &* 8) else { throw OutOfMemory() }
    let words = memory.assumingMemoryBound(to: UInt64.self)
    memcpy(words, pointee.words, pointee.count &* 8)
    end()
    pointee.words = words
    pointee.capacity = count
  }

  // MARK: What it is

  @inlinable @inline(__always) public var isNegative: Bool { pointee.flags & 1 != 0 }
  @inlinable @inline(__always) public var isInfinite: Bool { pointee.flags & 2 != 0 }
  @inlinable @inline(__always) public var isQuietNaN: Bool { pointee.flags & 4 != 0 }
  @inlinable @inline(__always) public var isSignalingNaN: Bool { pointee.flags & 8 != 0 }
  @inlinable @inline(__always) public var isNaN: Bool { pointee.flags & 12 != 0 }
  @inlinable @inline(__always) public var isSpecial: Bool { pointee.flags & 14 != 0 }
  @inlinable @inline(__always) public var isFinite: Bool { pointee.flags & 14 == 0 }
  /// Whether the coefficient is zero; for finite numbers.
  @inlinable @inline(__always) public var hasZeroCoefficient: Bool {
    pointee.words[pointee.count &- 1] == 0
  }
  @inlinable @inline(__always) public var isZero: Bool { isFinite && hasZeroCoefficient }
  /// The exponent of the leading digit.
  @inlinable @inline(__always) public var adjusted: Int {
    pointee.exponent &+ pointee.digits &- 1
  }
  @inline(__always) public var sign: UInt8 { pointee.flags & 1 }

  /// Whether a finite number has no fraction.
  public var isInteger: Bool {
    guard isFinite else { return false }
    if pointee.exponent >= 0 || hasZeroCoefficient { return true }
    return Words.trailingZeros(pointee.words) >= -pointee.exponent
  }

  /// Whether a finite integer is odd.
  var isOdd: Bool {
    if pointee.exponent > 0 || hasZeroCoefficient { return false }
    return Words.digit(pointee.words, pointee.count, at: -pointee.exponent) & 1 == 1
  }

  /// The digit at a position, 0 for the lowest.
  public func digit(at position: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: Words.digit(pointee.words, pointee.count, at: position))
  }

  // MARK: Setting

  /// Counts the digits and drops leading zero words.
  @inline(__always) func settle(_ count: Int) {
    let count = Words.normalized(pointee.words, count)
    pointee.count = count
    pointee.digits = Words.digits(pointee.words, count)
  }

  /// A finite number of one word.
  @inline(__always) public func set(_ sign: UInt8, _ word: UInt64, _ exponent: Int) {
    pointee.flags = sign
    pointee.words[0] = word
    pointee.count = 1
    pointee.digits = Word.digitCount(word)
    pointee.exponent = exponent
  }

  /// The integer of a 64-bit magnitude.
  public func set(_ sign: UInt8, magnitude: UInt64) {
    if magnitude < Word.radix { return set(sign, magnitude, 0) }
    pointee.flags = sign
    pointee.words[0] = magnitude &- Word.radix
    pointee.words[1] = 1
    pointee.count = 2
    pointee.digits = 20
    pointee.exponent = 0
  }

  public func setInfinity(_ sign: UInt8) {
    pointee.flags = sign | DecimalNumber.Flag.infinite
    pointee.exponent = 0
    pointee.digits = 0
    pointee.count = 0
  }

  public func setNaN(_ flag: UInt8 = DecimalNumber.Flag.quiet) {
    pointee.flags = flag
    pointee.exponent = 0
    pointee.digits = 0
    pointee.count = 0
  }

  /// A copy of a number in all respects.
  @inline(__always) public func copy(_ other: Number) throws(OutOfMemory) {
    try reserve(other.pointee.count)
    Words.copy(pointee.words, other.pointee.words, other.pointee.count)
    pointee.flags = other.pointee.flags
    pointee.exponent = other.pointee.exponent
    pointee.digits = other.pointee.digits
    pointee.count = other.pointee.count
  }

  /// 10**(digits - 1) * 10**exponent: a one with zeros.
  func setPower(_ sign: UInt8, zeros: Int, _ exponent: Int) throws(OutOfMemory) {
    set(sign, 1, exponent)
    try shiftLeft(zeros)
    pointee.exponent = exponent
  }

  /// All nines.
  func setNines(_ sign: UInt8, digits: Int, _ exponent: Int) throws(OutOfMemory) {
    let count = Word.count(forDigits: digits)
    try reserve(count)
    for index in 0..<count { pointee.words[index] = Word.radix &- 1 }
    pointee.words[count &- 1] = Word.power(digits &- (count &- 1) &* 19) &- 1
    pointee.flags = sign
    pointee.count = count
    pointee.digits = digits
    pointee.exponent = exponent
  }

  /// Multiplies the coefficient by 10**zeros; the exponent stays.
  func shiftLeft(_ zeros: Int) throws(OutOfMemory) {
    if zeros == 0 { return }
    if hasZeroCoefficient { return }
    let (size, overflow) = pointee.digits.addingReportingOverflow(zeros)
    if overflow { throw OutOfMemory() }
    try reserve(Word.count(forDigits: size) &+ 1)
    pointee.count = Words.shiftLeft(pointee.words, pointee.words, pointee.count, zeros)
    pointee.digits = size
  }

  /// Divides the coefficient by 10**digits; the exponent stays.
  func shiftRight(_ digits: Int) -> Discarded {
    if digits == 0 { return .nothing }
    let (count, discarded) = Words.shiftRight(pointee.words, pointee.words, pointee.count, digits)
    pointee.count = count
    pointee.digits = Words.digits(pointee.words, count)
    return discarded
  }

  /// Adds one to the coefficient.
  func increment() throws(OutOfMemory) {
    if Words.increment(pointee.words, pointee.count) {
      try reserve(pointee.count &+ 1)
      pointee.words[pointee.count] = 1
      pointee.count &+= 1
    }
    pointee.digits = Words.digits(pointee.words, pointee.count)
  }

  /// Drops trailing zeros and raises the exponent, up to `limit`.
  func dropTrailingZeros(upTo limit: Int) {
    if pointee.exponent >= limit || hasZeroCoefficient { return }
    let zeros = Swift.min(Words.trailingZeros(pointee.words), limit &- pointee.exponent)
    if zeros > 0 {
      _ = shiftRight(zeros)
      pointee.exponent &+= zeros
    }
  }
}

/// A number for intermediate results, freed at the end of its life.
struct Temporary: ~Copyable {
  let number: Number

  init() throws(OutOfMemory) {
    guard let memory = malloc(DecimalNumber.size) else { throw OutOfMemory() }
    number = memory.assumingMemoryBound(to: DecimalNumber.self)
    number.start()
  }

  deinit {
    number.end()
    free(number)
  }
}
