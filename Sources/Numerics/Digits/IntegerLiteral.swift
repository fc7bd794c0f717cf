/// What the text of an integer consists of, as `int(text, base)` and the tokenizer read it.
///
/// Grammar: `[sign] [prefix] digit (["_"] digit)*` where a prefix (`0x`, `0o`, `0b`, either case)
/// fits the base or base 0, may be followed by one underscore, and with base 0 a decimal number has
/// no leading zeros unless it is zero. CPython: Objects/longobject.c, PyLong_FromString.
public struct IntegerLiteral: Sendable {
  public let negative: Bool
  /// 2 ... 36.
  public let base: Int
  /// The digits with their underscores, as offsets into the text.
  public let digits: Range<Int>
  /// Digits without underscores: what the limit of `sys.set_int_max_str_digits` counts.
  public let digitCount: Int

  /// Nil when the text is not an integer in the base (0 or 2 ... 36). ASCII whitespace around it
  /// is allowed.
  public init?(_ text: UnsafePointer<UInt8>, _ count: Int, base: Int) {
    var start = 0, end = count
    while start < end && Self.isSpace(text[start]) { start &+= 1 }
    while end > start && Self.isSpace(text[end &- 1]) { end &-= 1 }
    var negative = false
    if start < end && (text[start] == 0x2B || text[start] == 0x2D) {
      negative = text[start] == 0x2D
      start &+= 1
    }
    var base = base
    var zeroOnly = false
    let prefixBase = end &- start >= 2 && text[start] == 0x30 ? Self.prefix(text[start &+ 1]) : 0
    if base == 0 {
      if start < end && text[start] != 0x30 {
        base = 10
      } else if prefixBase != 0 {
        base = prefixBase
      } else {
        base = 10
        zeroOnly = true
      }
    }
    if prefixBase != 0 && prefixBase == base {
      start &+= 2
      if start < end && text[start] == 0x5F { start &+= 1 }
    }
    var digitCount = 0
    var nonzero = false
    var previous: UInt8 = 0x5F
    var i = start
    if base == 10 && !zeroOnly {
      // The usual text, without looking up values.
      while i < end && text[i] &- 0x30 <= 9 { i &+= 1 }
      digitCount = i &- start
      if i > start { previous = 0x30 }
    }
    while i < end {
      let character = text[i]
      if character == 0x5F {
        if previous == 0x5F { return nil }
      } else {
        let value = Digits.digitValue(character)
        if Int(value) >= base { return nil }
        if value != 0 { nonzero = true }
        digitCount &+= 1
      }
      previous = character
      i &+= 1
    }
    if digitCount == 0 || previous == 0x5F || (zeroOnly && nonzero) { return nil }
    self.negative = negative
    self.base = base
    self.digits = start..<end
    self.digitCount = digitCount
  }

  private static func isSpace(_ character: UInt8) -> Bool {
    character == 0x20 || (character >= 0x09 && character <= 0x0D)
  }

  private static func prefix(_ character: UInt8) -> Int {
    switch character {
    case 0x78, 0x58: return 16
    case 0x6F, 0x4F: return 8
    case 0x62, 0x42: return 2
    default: return 0
    }
  }
}
