/// One conversion of a `%` format: `%[(key)][flags][width][.precision][l|h|L]type`.
/// CPython: Objects/unicodeobject.c, unicode_format_arg_parse.
public struct PercentSpec: Sendable, Equatable {
  public enum Size: Sendable, Equatable {
    case none
    case value(Int)
    /// `*`: taken from the arguments.
    case argument
  }

  public struct Flags: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }
    public static let left = Flags(rawValue: 1)
    public static let sign = Flags(rawValue: 2)
    public static let blank = Flags(rawValue: 4)
    public static let alternate = Flags(rawValue: 8)
    public static let zero = Flags(rawValue: 16)
  }

  /// What is wrong with the format; the texts are CPython's, all ValueErrors.
  public enum Problem: String, Sendable {
    case incompleteKey = "incomplete format key"
    case widthTooBig = "width too big"
    case precisionTooBig = "precision too big"
    case incomplete = "incomplete format"
  }

  /// The offsets of the key between its parentheses.
  public private(set) var key: Range<Int>?
  public var flags: Flags = []
  public var width = Size.none
  public var precision = Size.none
  /// The type's character, 0 when there is a problem.
  public private(set) var type: UInt32 = 0
  /// The offset behind the conversion.
  public private(set) var end: Int
  /// Set when the text breaks off or a number is too big. Parts that come before it (a `*` that
  /// wants an argument) are valid, and CPython asks for them first.
  public private(set) var problem: Problem?

  /// Parses from `start`, the offset behind the percent sign.
  @_specialize(where Unit == UInt8)
  @_specialize(where Unit == UInt16)
  @_specialize(where Unit == UInt32)
  public init<Unit: FixedWidthInteger & UnsignedInteger>(
    _ text: UnsafePointer<Unit>, _ count: Int, from start: Int
  ) {
    var i = start
    end = start
    func at(_ index: Int) -> UInt32 {
      index < count ? UInt32(truncatingIfNeeded: text[index]) : 0xFFFF_FFFF
    }
    if at(i) == 0x28 {
      i &+= 1
      let keyStart = i
      var depth = 1
      while depth > 0 && i < count {
        if at(i) == 0x29 { depth &-= 1 } else if at(i) == 0x28 { depth &+= 1 }
        i &+= 1
      }
      if depth > 0 {
        problem = .incompleteKey
        return
      }
      key = keyStart..<i &- 1
    }
    flags: while true {
      switch at(i) {
      case 0x2D: flags.insert(.left)
      case 0x2B: flags.insert(.sign)
      case 0x20: flags.insert(.blank)
      case 0x23: flags.insert(.alternate)
      case 0x30: flags.insert(.zero)
      default: break flags
      }
      i &+= 1
    }
    func size(limit: Int) -> Size? {
      if at(i) == 0x2A {
        i &+= 1
        return .argument
      }
      guard at(i) >= 0x30 && at(i) <= 0x39 else { return Size.none }
      var value = 0
      while at(i) >= 0x30 && at(i) <= 0x39 {
        let digit = Int(at(i)) &- 0x30
        if value > (limit &- digit) / 10 { return nil }
        value = value &* 10 &+ digit
        i &+= 1
      }
      return .value(value)
    }
    guard let width = size(limit: Int.max) else {
      problem = .widthTooBig
      return
    }
    self.width = width
    if at(i) == 0x2E {
      i &+= 1
      guard let precision = size(limit: Int(Int32.max)) else {
        problem = .precisionTooBig
        return
      }
      self.precision = precision == .none ? .value(0) : precision
    }
    if at(i) == 0x68 || at(i) == 0x6C || at(i) == 0x4C { i &+= 1 }
    if i >= count {
      problem = .incomplete
      return
    }
    type = at(i)
    end = i &+ 1
  }

  // MARK: Rendering

  /// An integer for `d i u o x X`, its digits already in the base of the type (see `base`).
  ///
  /// - Parameters:
  ///   - width: -1 for none; a negative argument of `*` has become the flag `.left` before.
  ///   - precision: the least number of digits, -1 for none.
  public func renderInteger(
    _ a: Digits.Source, _ na: Int, negative: Bool, width: Int, precision: Int
  ) -> FormattedNumber? {
    let base: Int
    switch type {
    case UInt32(UInt8(ascii: "o")): base = 8
    case UInt32(UInt8(ascii: "x")), UInt32(UInt8(ascii: "X")): base = 16
    default: base = 10
    }
    let bound = Digits.textLengthBound(a, na, base: base)
    var digits = TextBuffer(capacity: bound)
    guard digits.reserve(bound), let length = Digits.write(a, na, base: base, text: digits.bytes)
    else { return nil }
    if type == UInt32(UInt8(ascii: "X")) {
      for i in 0..<length where digits.bytes[i] >= 0x61 { digits.bytes[i] &-= 32 }
    }
    let prefix = flags.contains(.alternate) && base != 10
    return layout(
      digits.bytes, length, zeros: max(precision &- length, 0), negative: negative,
      prefix: prefix ? UInt8(truncatingIfNeeded: type) : 0, width: width)
  }

  /// A float for `e E f F g G`; precision -1 means 6.
  public func renderFloat(_ value: Double, width: Int, precision: Int) -> FormattedNumber? {
    var floatFlags: FloatText.Flags = flags.contains(.alternate) ? .alternate : []
    let code: FloatText.Code
    switch type | 0x20 {
    case UInt32(UInt8(ascii: "e")): code = .exponent
    case UInt32(UInt8(ascii: "f")): code = .fixed
    default: code = .general
    }
    if type & 0x20 == 0 { floatFlags.insert(.upperCase) }
    var text = TextBuffer()
    FloatText.format(
      value, code, precision: precision < 0 ? 6 : precision, floatFlags, into: &text)
    if text.failed { return nil }
    let negative = text.bytes[0] == 0x2D
    let start = negative ? 1 : 0
    return layout(
      text.bytes + start, text.count &- start, zeros: 0, negative: negative, prefix: 0,
      width: width)
  }

  private func layout(
    _ text: UnsafePointer<UInt8>, _ count: Int, zeros: Int, negative: Bool, prefix: UInt8,
    width: Int
  ) -> FormattedNumber? {
    var result = FormattedNumber()
    if negative {
      result.body.append(0x2D)
    } else if flags.contains(.sign) {
      result.body.append(0x2B)
    } else if flags.contains(.blank) {
      result.body.append(0x20)
    }
    if prefix != 0 {
      result.body.append(0x30)
      result.body.append(prefix)
    }
    let offset = result.body.count
    let room = width &- offset &- zeros &- count
    if flags.contains(.zero) && !flags.contains(.left) {
      result.body.append(repeating: 0x30, count: room)
    } else if room > 0 {
      if flags.contains(.left) { result.right = room } else { result.left = room }
    }
    result.body.append(repeating: 0x30, count: zeros)
    result.body.append(text, count: count)
    if result.body.failed { return nil }
    return result
  }
}
