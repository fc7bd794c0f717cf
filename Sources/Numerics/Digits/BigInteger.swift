/// A whole number of any size as a Swift value, for code above the object layer or below it that
/// wants operators: constants in the compiler, exact fractions, tests.
///
/// Operations trap only when memory is exhausted.
public struct BigInteger: Hashable, Sendable {
  public private(set) var isNegative: Bool
  /// Normalised 30-bit digits, least significant first.
  public private(set) var digits: [UInt32]

  public init(negative: Bool = false, digits: [UInt32] = []) {
    self.digits = digits
    while self.digits.last == 0 { self.digits.removeLast() }
    isNegative = negative && !self.digits.isEmpty
  }

  public init<Value: BinaryInteger>(_ value: Value) {
    var magnitude = value.magnitude
    var digits: [UInt32] = []
    while magnitude != 0 {
      digits.append(UInt32(truncatingIfNeeded: magnitude) & Digits.mask)
      magnitude >>= 30
    }
    self.init(negative: value < 0, digits: digits)
  }

  public init(_ buffer: borrowing DigitBuffer, negative: Bool = false) {
    self.init(
      negative: negative,
      digits: Array(UnsafeBufferPointer(start: buffer.source, count: buffer.count)))
  }

  /// The integral part of a finite number.
  public init?(exactly value: Double) {
    guard value.isFinite, value == value.rounded(.towardZero) else { return nil }
    self.init(truncating: value)
  }

  /// The integral part; 0 for infinities and NaN.
  public init(truncating value: Double) {
    let digits = [UInt32](unsafeUninitializedCapacity: 36) { buffer, count in
      count = buffer.baseAddress.map { Digits.write(truncating: value, into: $0) } ?? 0
    }
    self.init(negative: value < 0, digits: digits)
  }

  /// Reads text as `int(text, base)` does; nil when it is not a number.
  public init?(_ text: some StringProtocol, base: Int = 10) {
    let bytes = Array(text.utf8)
    let parsed = bytes.withUnsafeBufferPointer { buffer -> BigInteger? in
      guard let start = buffer.baseAddress,
        let literal = IntegerLiteral(start, buffer.count, base: base)
      else { return nil }
      let capacity = Digits.digitCountBound(characters: literal.digits.count, base: literal.base)
      return BigInteger(negative: literal.negative, capacity: capacity) { digits in
        Digits.read(
          text: start + literal.digits.lowerBound, literal.digits.count, base: literal.base,
          into: digits) ?? 0
      }
    }
    guard let parsed else { return nil }
    self = parsed
  }

  /// `fill` writes up to `capacity` digits and returns how many.
  private init(
    negative: Bool = false, capacity: Int, _ fill: (UnsafeMutablePointer<UInt32>) -> Int
  ) {
    let digits = [UInt32](unsafeUninitializedCapacity: max(capacity, 1)) { buffer, count in
      count = buffer.baseAddress.map(fill) ?? 0
    }
    self.init(negative: negative, digits: digits)
  }

  private func read<Result>(_ body: (Digits.Source, Int) -> Result) -> Result {
    digits.withUnsafeBufferPointer { buffer in
      if let start = buffer.baseAddress { return body(start, buffer.count) }
      var zero: UInt32 = 0
      return body(&zero, 0)
    }
  }

  // MARK: Properties

  public var isZero: Bool { digits.isEmpty }
  public var bitLength: Int { read(Digits.bitLength) }
  public var magnitude: BigInteger { BigInteger(digits: digits) }

  /// The value if it fits in a machine word.
  public var word: Int? {
    guard let magnitude = read(Digits.word) else { return nil }
    if isNegative {
      return magnitude <= 1 << 63 ? Int(truncatingIfNeeded: 0 &- magnitude) : nil
    }
    return Int(exactly: magnitude)
  }

  /// The nearest double, ties to even; nil when it overflows.
  public var double: Double? {
    guard let magnitude = read(Digits.double) else { return nil }
    return isNegative ? -magnitude : magnitude
  }

  public func text(base: Int = 10) -> String {
    read { a, n in
      let bound = Digits.textLengthBound(a, n, base: base)
      let body = String(unsafeUninitializedCapacity: bound) { buffer in
        buffer.baseAddress.flatMap { Digits.write(a, n, base: base, text: $0) } ?? 0
      }
      return isNegative ? "-" + body : body
    }
  }

  // MARK: Arithmetic

  public static func + (x: BigInteger, y: BigInteger) -> BigInteger {
    x.read { a, na in
      y.read { b, nb in
        if x.isNegative == y.isNegative {
          return BigInteger(negative: x.isNegative, capacity: max(na, nb) + 1) {
            Digits.add(a, na, b, nb, into: $0)
          }
        }
        var negative = x.isNegative
        let digits = [UInt32](unsafeUninitializedCapacity: max(na, nb, 1)) { buffer, count in
          guard let start = buffer.baseAddress else { return }
          let result = Digits.difference(a, na, b, nb, into: start)
          count = result.count
          if result.negative { negative.toggle() }
        }
        return BigInteger(negative: negative, digits: digits)
      }
    }
  }

  public static prefix func - (x: BigInteger) -> BigInteger {
    BigInteger(negative: !x.isNegative, digits: x.digits)
  }

  public static func - (x: BigInteger, y: BigInteger) -> BigInteger { x + -y }

  public static func * (x: BigInteger, y: BigInteger) -> BigInteger {
    x.read { a, na in
      y.read { b, nb in
        BigInteger(negative: x.isNegative != y.isNegative, capacity: na + nb) {
          Digits.multiply(a, na, b, nb, into: $0)
        }
      }
    }
  }

  /// Floor division and modulo with Python's signs; nil for a zero divisor.
  public func dividedFloor(by y: BigInteger) -> (quotient: BigInteger, remainder: BigInteger)? {
    if y.isZero { return nil }
    return read { a, na in
      y.read { b, nb in
        var remainder = BigInteger()
        let quotient = BigInteger(
          negative: isNegative != y.isNegative, capacity: max(na - nb + 1, 1) + 1
        ) { q in
          var count = 0
          remainder = BigInteger(negative: y.isNegative, capacity: max(na, nb)) { r in
            guard
              let counts = Digits.floorDivide(
                a, na, negative: isNegative, b, nb, negative: y.isNegative, quotient: q,
                remainder: r)
            else { return 0 }
            count = counts.quotient
            return counts.remainder
          }
          return count
        }
        return (quotient, remainder)
      }
    }
  }

  /// x ** exponent; nil when out of memory.
  public func power(_ exponent: UInt64) -> BigInteger? {
    read { a, na in
      guard let result = Digits.power(a, na, exponent) else { return nil }
      return BigInteger(result, negative: isNegative && exponent & 1 == 1)
    }
  }

  public static func << (x: BigInteger, count: Int) -> BigInteger {
    x.read { a, na in
      BigInteger(negative: x.isNegative, capacity: na + count / 30 + 1) {
        Digits.shiftLeft(a, na, by: count, into: $0)
      }
    }
  }

  /// Floor of x / 2**count.
  public static func >> (x: BigInteger, count: Int) -> BigInteger {
    x.read { a, na in
      BigInteger(negative: x.isNegative, capacity: max(na - count / 30, 1) + 1) {
        Digits.shiftRight(a, na, negative: x.isNegative, by: count, into: $0)
      }
    }
  }

  private static func bitwise(
    _ operation: Digits.BitOperation, _ x: BigInteger, _ y: BigInteger
  ) -> BigInteger {
    x.read { a, na in
      y.read { b, nb in
        var negative = false
        let digits = [UInt32](unsafeUninitializedCapacity: max(na, nb) + 1) { buffer, count in
          guard let start = buffer.baseAddress else { return }
          let result = Digits.bitwise(
            operation, a, na, negative: x.isNegative, b, nb, negative: y.isNegative, into: start)
          count = result.count
          negative = result.negative
        }
        return BigInteger(negative: negative, digits: digits)
      }
    }
  }

  public static func & (x: BigInteger, y: BigInteger) -> BigInteger { bitwise(.and, x, y) }
  public static func | (x: BigInteger, y: BigInteger) -> BigInteger { bitwise(.or, x, y) }
  public static func ^ (x: BigInteger, y: BigInteger) -> BigInteger { bitwise(.xor, x, y) }
  public static prefix func ~ (x: BigInteger) -> BigInteger { -x - BigInteger(1) }
}

extension BigInteger: Comparable {
  public static func < (x: BigInteger, y: BigInteger) -> Bool {
    if x.isNegative != y.isNegative { return x.isNegative }
    let order = x.read { a, na in y.read { b, nb in Digits.compare(a, na, b, nb) } }
    return x.isNegative ? order > 0 : order < 0
  }
}

extension BigInteger: CustomStringConvertible, ExpressibleByIntegerLiteral {
  public var description: String { text() }
  public init(integerLiteral value: Int) { self.init(value) }
}
