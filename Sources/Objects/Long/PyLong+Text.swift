import CPythonABI
import Numerics

extension PyLong {
  /// Below this many digits the limit on decimal conversions is never checked.
  private static var limitThreshold: Int { 640 }

  /// The most decimal digits `int` and `str` convert (`sys.set_int_max_str_digits`); nil: no limit.
  private static var digitLimit: Int? {
    let limit = Int(apus_tstate().pointee.interp.pointee.int_max_str_digits)
    return limit > 0 ? limit : nil
  }

  // MARK: Reading

  /// The int that a text denotes, nil when it is none. Raises ValueError when it is too long.
  static func parse(_ text: UnsafePointer<UInt8>, _ count: Int, base: Int) throws(Raised) -> Owned? {
    guard let literal = IntegerLiteral(text, count, base: base) else { return nil }
    let isBinary = literal.base & (literal.base - 1) == 0
    if !isBinary && literal.digitCount > limitThreshold, let limit = digitLimit,
      literal.digitCount > limit
    {
      throw raise(
        .valueError,
        "Exceeds the limit (\(limit) digits) for integer string conversion: value has "
          + "\(literal.digitCount) digits; use sys.set_int_max_str_digits() to increase the limit")
    }
    let characters = literal.digits.count
    let start = text + literal.digits.lowerBound
    let bound = Digits.digitCountBound(characters: characters, base: literal.base)
    return try make(capacity: bound) { target in
      guard let size = Digits.read(text: start, characters, base: literal.base, into: target) else {
        return nil
      }
      return (size, literal.negative && size > 0)
    }
  }

  /// ValueError for a text that is no int; `object` is what was given.
  static func raiseInvalid(_ object: Ref, base: Int) -> Raised {
    guard let shown = PyObject_Repr(object) else { return Raised() }
    let text = Owned(adopting: shown)
    return raise(
      .valueError,
      "invalid literal for int() with base \(base): \(Objects.text(of: text.ref).clipped(200))")
  }

  static func parse(str object: Ref, base: Int) throws(Raised) -> Owned {
    if base == 10, let value = shortDecimal(object) { return try own(make(value)) }
    if apus_str_is_ascii(object) != 0 {
      let bytes = UnsafePointer(apus_str_data(object).assumingMemoryBound(to: UInt8.self))
      if let result = try parse(bytes, apus_str_length(object), base: base) { return result }
      throw raiseInvalid(object, base: base)
    }
    let text = try numericText(of: object)
    if let result = try parse(text.bytes, text.count, base: base) { return result }
    throw raiseInvalid(object, base: base)
  }

  /// The value of an ASCII text of up to 18 decimal digits with perhaps a minus sign and nothing
  /// else; nil for any other text.
  @inline(__always)
  private static func shortDecimal(_ object: Ref) -> Int? {
    let length = apus_str_length(object)
    guard length > 0 && length <= 18 && apus_str_is_ascii(object) != 0 else { return nil }
    let text = apus_str_data(object).assumingMemoryBound(to: UInt8.self)
    let negative = text[0] == 0x2D
    var index = negative ? 1 : 0
    if index == length { return nil }
    var value = 0
    while index < length {
      let digit = text[index] &- 0x30
      if digit > 9 { return nil }
      value = value &* 10 &+ Int(digit)
      index &+= 1
    }
    return negative ? -value : value
  }

  /// Reads bytes-like text; `shown` is what an error shows.
  static func parse(
    bytes: UnsafePointer<UInt8>, _ count: Int, base: Int, shown: Ref
  ) throws(Raised) -> Owned {
    if let result = try parse(bytes, count, base: base) { return result }
    throw raiseInvalid(shown, base: base)
  }

  // MARK: Writing

  /// The text in a base of 2, 8, 10 or 16, with prefix for all but 10. Raises ValueError for
  /// a decimal text beyond the limit.
  func text(base: Int, prefix: Bool) throws(Raised) -> Owned {
    if isCompact && base == 10 {
      // At most ten digits and a sign.
      var room = InlineArray<16, UInt8>(repeating: 0)
      let value = compactValue
      var position = 16
      var left = value.magnitude
      repeat {
        position &-= 1
        room[position] = 0x30 &+ UInt8(truncatingIfNeeded: left % 10)
        left /= 10
      } while left > 0
      if value < 0 {
        position &-= 1
        room[position] = 0x2D
      }
      let result = try own(PyUnicode_New(16 &- position, 127))
      let target = apus_str_data(result.ref).assumingMemoryBound(to: UInt8.self)
      for index in position..<16 { target[index &- position] = room[index] }
      return result
    }
    let bound = Digits.textLengthBound(source, count, base: base)
    if base == 10 && bound > PyLong.limitThreshold, let limit = PyLong.digitLimit,
      // Surely too long, before any work: 2**(bits - 1) has more digits.
      Double(Digits.bitLength(source, count) - 1) * 0.30102999566398119 > Double(limit)
    {
      throw PyLong.raiseTooLong(limit)
    }
    var buffer = TextBuffer(capacity: bound + 3)
    if isNegative { buffer.append(0x2D) }
    if prefix && base != 10 {
      buffer.append(0x30)
      buffer.append(base == 16 ? 0x78 : base == 8 ? 0x6F : 0x62)
    }
    guard buffer.reserve(bound),
      let length = Digits.write(source, count, base: base, text: buffer.bytes + buffer.count)
    else { throw raiseNoMemory() }
    if base == 10 && length > PyLong.limitThreshold, let limit = PyLong.digitLimit, length > limit {
      throw PyLong.raiseTooLong(limit)
    }
    return try newString(ascii: buffer.bytes, buffer.count + length)
  }

  private static func raiseTooLong(_ limit: Int) -> Raised {
    raise(
      .valueError,
      "Exceeds the limit (\(limit) digits) for integer string conversion; use "
        + "sys.set_int_max_str_digits() to increase the limit")
  }
}

extension String {
  /// The first `count` characters, as `%.200R` shows.
  func clipped(_ count: Int) -> String {
    unicodeScalars.count <= count ? self : String(String.UnicodeScalarView(unicodeScalars.prefix(count)))
  }
}
