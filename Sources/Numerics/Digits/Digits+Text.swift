import Glibc

extension Digits {
  /// From this many digits the large-number library converts to decimal. Measured in ns (quadratic
  /// loop, library): 24 digits 1,010, 960; 100: 17,200, 5,600; 1,000: 1,540,000, 125,000.
  static var largeText: Int { 26 }

  /// An upper bound of the characters that `count` digits need in a base of 2 ... 36, without sign
  /// and prefix.
  public static func textLengthBound(_ a: Source, _ na: Int, base: Int) -> Int {
    if na == 0 { return 1 }
    // log(2) / log(base), rounded up in 1/65536.
    let scaled = log2Inverse[base]
    let bits = bitLength(a, na)
    return (bits / 65536) &* scaled &+ (bits % 65536) &* scaled / 65536 &+ 2
  }

  /// ceil(65536 * log(2) / log(base)), with a margin of one.
  private static let log2Inverse: [Int] = (0...36).map { base in
    base < 2 ? 0 : Int(65536 * Glibc.log(2) / Glibc.log(Double(base))) + 2
  }

  /// Writes the number in a base of 2 ... 36, lower-case, most significant first, no prefix.
  /// `text` has room for `textLengthBound` bytes. Returns the length.
  public static func write(
    _ a: Source, _ na: Int, base: Int, text: UnsafeMutablePointer<UInt8>
  ) -> Int? {
    if na == 0 {
      text[0] = 0x30
      return 1
    }
    if base & (base &- 1) == 0 {
      return writePowerOfTwo(a, na, bits: base.trailingZeroBitCount, text: text)
    }
    if na <= 2 {
      return write(word: lowWord(a, na), base: UInt64(base), text: text)
    }
    if na >= largeText, let large = LargeNumbers.shared {
      return writeLarge(large, a, na, base: base, text: text)
    }
    return base == 10 ? writeDecimal(a, na, text: text) : writeAny(a, na, base: base, text: text)
  }

  @inline(__always)
  private static func letter(_ digit: UInt32) -> UInt8 {
    UInt8(truncatingIfNeeded: digit < 10 ? 0x30 &+ digit : 0x57 &+ digit)
  }

  /// Writes a machine word and returns the length.
  public static func write(
    word: UInt64, base: UInt64, text: UnsafeMutablePointer<UInt8>
  ) -> Int {
    var word = word
    var n = 0
    if base == 10 {
      repeat {
        text[n] = 0x30 &+ UInt8(truncatingIfNeeded: word % 10)
        word /= 10
        n &+= 1
      } while word != 0
    } else {
      repeat {
        text[n] = letter(UInt32(truncatingIfNeeded: word % base))
        word /= base
        n &+= 1
      } while word != 0
    }
    reverse(text, n)
    return n
  }

  private static func reverse(_ text: UnsafeMutablePointer<UInt8>, _ n: Int) {
    var low = 0, high = n &- 1
    while low < high {
      (text[low], text[high]) = (text[high], text[low])
      low &+= 1
      high &-= 1
    }
  }

  private static func writePowerOfTwo(
    _ a: Source, _ na: Int, bits: Int, text: UnsafeMutablePointer<UInt8>
  ) -> Int {
    let length = (bitLength(a, na) &+ bits &- 1) / bits
    let letterMask = UInt64(1) &<< UInt64(bits) &- 1
    var pending: UInt64 = 0
    var filled = 0
    var digit = 0
    var i = length
    while i > 0 {
      i &-= 1
      if filled < bits && digit < na {
        pending |= UInt64(a[digit]) &<< UInt64(filled)
        filled &+= 30
        digit &+= 1
      }
      text[i] = letter(UInt32(truncatingIfNeeded: pending & letterMask))
      pending &>>= UInt64(bits)
      filled &-= bits
    }
    return length
  }

  /// Converts to base 10**9 by Horner's rule from the top (Knuth, TAOCP vol. 2, 4.4, method 1b).
  private static func writeDecimal(
    _ a: Source, _ na: Int, text: UnsafeMutablePointer<UInt8>
  ) -> Int? {
    let billion: UInt64 = 1_000_000_000
    guard let scratch = DigitBuffer(capacity: na &+ na / 32 &+ 2) else { return nil }
    let chunks = scratch.digits
    var size = 0
    var i = na
    while i > 0 {
      i &-= 1
      var high = UInt64(a[i])
      for j in 0..<size {
        let value = UInt64(chunks[j]) << 30 | high
        high = value / billion
        chunks[j] = UInt32(truncatingIfNeeded: value &- high &* billion)
      }
      while high != 0 {
        let rest = high / billion
        chunks[size] = UInt32(truncatingIfNeeded: high &- rest &* billion)
        high = rest
        size &+= 1
      }
    }
    var n = write(word: UInt64(chunks[size &- 1]), base: 10, text: text)
    var chunk = size &- 1
    while chunk > 0 {
      chunk &-= 1
      var value = chunks[chunk]
      var place = 9
      while place > 0 {
        place &-= 1
        text[n &+ place] = 0x30 &+ UInt8(truncatingIfNeeded: value % 10)
        value /= 10
      }
      n &+= 9
    }
    return n
  }

  /// Divides by the largest power of the base that fits a digit, over and over.
  private static func writeAny(
    _ a: Source, _ na: Int, base: Int, text: UnsafeMutablePointer<UInt8>
  ) -> Int? {
    guard let scratch = DigitBuffer(copying: a, na) else { return nil }
    let (power, width) = chunk(base)
    var count = na
    var n = 0
    while count > 0 {
      let (rest, chunk) = divide(scratch.source, count, digit: power, quotient: scratch.digits)
      count = rest
      var value = chunk
      var place = 0
      while place < width && (count > 0 || value != 0) {
        text[n] = letter(value % UInt32(base))
        value /= UInt32(base)
        n &+= 1
        place &+= 1
      }
    }
    reverse(text, n)
    return n
  }

  /// The largest power of a base below 2**30, and its exponent.
  private static func chunk(_ base: Int) -> (power: UInt32, width: Int) {
    var power = base, width = 1
    while power &* base < 1 << 30 {
      power &*= base
      width &+= 1
    }
    return (UInt32(power), width)
  }

  private static func writeLarge(
    _ large: LargeNumbers, _ a: Source, _ na: Int, base: Int, text: UnsafeMutablePointer<UInt8>
  ) -> Int? {
    // The library may write as many characters as the number of limbs allows, and one more: up to
    // 64 more than the number itself has.
    let bound = textLengthBound(a, na, base: base) &+ 66
    guard let limbs = LimbBuffer(capacity: LargeNumbers.limbCount(na) &+ 1),
      let memory = malloc(bound)
    else { return nil }
    defer { free(memory) }
    let values = memory.assumingMemoryBound(to: UInt8.self)
    let used = LargeNumbers.pack(a, na, into: limbs.limbs)
    let length = large.getText(values, Int32(base), limbs.limbs, used)
    // Digit values, perhaps with leading zeros.
    var skip = 0
    while skip < length &- 1 && values[skip] == 0 { skip &+= 1 }
    for i in skip..<length { text[i &- skip] = letter(UInt32(values[i])) }
    return length &- skip
  }

  // MARK: Reading

  /// The digits that a text of `count` digits in `base` may need.
  public static func digitCountBound(characters count: Int, base: Int) -> Int {
    if base & (base &- 1) == 0 {
      return (count &* base.trailingZeroBitCount) / 30 &+ 2
    }
    // bits per character, rounded up in 1/65536
    let scaled = log2Scaled[base]
    let bits = (count / 65536) &* scaled &+ (count % 65536) &* scaled / 65536 &+ 1
    return bits / 30 &+ 3
  }

  private static let log2Scaled: [Int] = (0...36).map { base in
    base < 2 ? 0 : Int(65536 * Glibc.log2(Double(base))) + 2
  }

  /// The value of a digit character, or 255.
  @inlinable
  public static func digitValue(_ character: UInt8) -> UInt8 {
    switch character {
    case 0x30...0x39: return character &- 0x30
    case 0x61...0x7A: return character &- 0x57
    case 0x41...0x5A: return character &- 0x37
    default: return 255
    }
  }

  /// Reads `count` characters, digits of `base` (2 ... 36) or underscores, all checked before. `r`
  /// has room for `digitCountBound(characters:base:)` digits. Returns nil when out of memory.
  public static func read(
    text: UnsafePointer<UInt8>, _ count: Int, base: Int, into r: Target
  ) -> Int? {
    if base & (base &- 1) == 0 {
      return readPowerOfTwo(text, count, bits: base.trailingZeroBitCount, into: r)
    }
    if count >= 300, let large = LargeNumbers.shared {
      return readLarge(large, text, count, base: base, into: r)
    }
    let (_, width) = chunk(base)
    var n = 0
    var i = 0
    while i < count {
      var value: UInt32 = 0
      var scale: UInt32 = 1
      var taken = 0
      while i < count && taken < width {
        let digit = digitValue(text[i])
        i &+= 1
        if digit == 255 { continue }
        value = value &* UInt32(base) &+ UInt32(digit)
        scale &*= UInt32(base)
        taken &+= 1
      }
      if taken > 0 { n = multiply(r, n, digit: scale, adding: value, into: r) }
    }
    return n
  }

  private static func readPowerOfTwo(
    _ text: UnsafePointer<UInt8>, _ count: Int, bits: Int, into r: Target
  ) -> Int {
    var pending: UInt64 = 0
    var filled: UInt64 = 0
    var n = 0
    var i = count
    while i > 0 {
      i &-= 1
      let digit = digitValue(text[i])
      if digit == 255 { continue }
      pending |= UInt64(digit) &<< filled
      filled &+= UInt64(bits)
      if filled >= 30 {
        r[n] = UInt32(truncatingIfNeeded: pending) & mask
        n &+= 1
        pending >>= 30
        filled &-= 30
      }
    }
    if filled > 0 {
      r[n] = UInt32(truncatingIfNeeded: pending)
      n &+= 1
    }
    return normalized(r, n)
  }

  private static func readLarge(
    _ large: LargeNumbers, _ text: UnsafePointer<UInt8>, _ count: Int, base: Int, into r: Target
  ) -> Int? {
    let capacity = digitCountBound(characters: count, base: base)
    guard let values = malloc(count), let limbs = LimbBuffer(capacity: capacity / 2 &+ 4)
    else { return nil }
    defer { free(values) }
    let digits = values.assumingMemoryBound(to: UInt8.self)
    var n = 0
    for i in 0..<count {
      let digit = digitValue(text[i])
      // Leading zeros are skipped: the library wants a first digit that is not zero.
      if digit == 255 || (n == 0 && digit == 0) { continue }
      digits[n] = digit
      n &+= 1
    }
    if n == 0 { return 0 }
    let used = large.setText(limbs.limbs, digits, n, Int32(base))
    return LargeNumbers.unpack(limbs.limbs, used, into: r, capacity: capacity)
  }
}
