import Glibc

/// The text of a number: ASCII bytes, freed at the end of its life.
public struct DecimalText: ~Copyable {
  public let bytes: UnsafeMutablePointer<UInt8>
  public private(set) var count = 0

  init(capacity: Int) throws(OutOfMemory) {
    guard let memory = malloc(capacity) else { throw OutOfMemory() }
    bytes = memory.assumingMemoryBound(to: UInt8.self)
  }

  deinit { free(bytes) }

  @inline(__always) mutating func append(_ byte: UInt8) {
    bytes[count] = byte
    count &+= 1
  }

  mutating func append(_ text: StaticString) {
    for index in 0..<text.utf8CodeUnitCount { append(text.utf8Start[index]) }
  }

  mutating func appendZeros(_ times: Int) {
    if times <= 0 { return }
    memset(bytes + count, 0x30, times)
    count &+= times
  }

  /// The coefficient's digits.
  mutating func append(digitsOf number: Number) {
    if number.pointee.count == 0 { return }
    Self.write(number, to: bytes + count)
    count &+= number.pointee.digits
  }

  mutating func append(exponent value: Int) {
    append(value < 0 ? 0x2D : 0x2B)
    let magnitude = UInt64(value.magnitude)
    let digits = Word.digitCount(magnitude)
    Self.write(magnitude, digits, to: bytes + count)
    count &+= digits
  }

  /// Writes the digits of a coefficient, `digits` bytes.
  static func write(_ number: Number, to target: UnsafeMutablePointer<UInt8>) {
    var end = target + number.pointee.digits
    var left = number.pointee.digits
    var index = 0
    while left > 0 {
      let here = Swift.min(left, 19)
      end -= here
      write(number.pointee.words[index], here, to: end)
      left &-= here
      index &+= 1
    }
  }

  /// Writes the low `digits` digits of a word.
  @inline(__always)
  static func write(_ word: UInt64, _ digits: Int, to target: UnsafeMutablePointer<UInt8>) {
    let pairs: StaticString =
      "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899"
    var rest = word
    var position = digits
    while position >= 2 {
      position &-= 2
      let pair = Int(truncatingIfNeeded: rest % 100)
      rest /= 100
      target[position] = pairs.utf8Start[2 &* pair]
      target[position &+ 1] = pairs.utf8Start[2 &* pair &+ 1]
    }
    if position == 1 { target[0] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10) }
  }

  /// Scientific or engineering notation (General Decimal Arithmetic, "to-scientific-string").
  public static func make(
    _ number: Number, engineering: Bool = false, capitals: Bool
  ) throws(OutOfMemory) -> DecimalText {
    var text = try DecimalText(capacity: number.pointee.digits &+ 48)
    if number.isNegative { text.append(0x2D) }
    if number.isSpecial {
      if number.isInfinite {
        text.append("Infinity")
      } else {
        text.append(number.isSignalingNaN ? "sNaN" : "NaN")
        text.append(digitsOf: number)
      }
      return text
    }
    let digits = number.pointee.digits
    let left = number.pointee.exponent &+ digits
    var dot = 1
    if number.pointee.exponent <= 0 && left > -6 {
      dot = left
    } else if engineering {
      if number.hasZeroCoefficient {
        dot = modulo(left &+ 1, 3) &- 1
      } else {
        dot = modulo(left &- 1, 3) &+ 1
      }
    }
    if dot <= 0 {
      text.append("0.")
      text.appendZeros(-dot)
      text.append(digitsOf: number)
    } else if dot >= digits {
      text.append(digitsOf: number)
      text.appendZeros(dot &- digits)
    } else {
      text.append(digitsOf: number)
      // Makes room for the point.
      let start = text.bytes + (text.count &- digits &+ dot)
      memmove(start + 1, start, digits &- dot)
      start[0] = 0x2E
      text.count &+= 1
    }
    if left != dot {
      text.append(capitals ? 0x45 : 0x65)
      text.append(exponent: left &- dot)
    }
    return text
  }

  private static func modulo(_ a: Int, _ b: Int) -> Int {
    let r = a % b
    return r < 0 ? r + b : r
  }
}
