/// How a locale writes numbers, for format type `n`.
public struct NumberLocale: Sendable {
  public var decimalPoint: [UInt32]
  public var thousandsSeparator: [UInt32]
  /// `localeconv()`'s group sizes: 0 repeats the one before, 127 ends grouping.
  public var grouping: [UInt8]

  public init(decimalPoint: [UInt32], thousandsSeparator: [UInt32], grouping: [UInt8]) {
    self.decimalPoint = decimalPoint
    self.thousandsSeparator = thousandsSeparator
    self.grouping = grouping
  }

  /// The C locale.
  public static let c = NumberLocale(decimalPoint: [0x2E], thousandsSeparator: [], grouping: [])
}

/// A formatted number, ready to be written as code units of any width.
///
/// The body is ASCII, except that two bytes stand for texts of the locale.
public struct FormattedNumber: ~Copyable {
  /// Stands for the locale's thousands separator.
  static let separatorMark: UInt8 = 0x80
  /// Stands for the locale's decimal point.
  static let pointMark: UInt8 = 0x81

  var body = TextBuffer()
  var fill: UInt32 = 0x20
  /// Fill characters before the body, inside it at `innerOffset`, and behind it.
  var left = 0, inner = 0, innerOffset = 0, right = 0
  var locale: NumberLocale?

  init() {}

  /// The code points in all.
  public var count: Int {
    var total = left &+ inner &+ right &+ body.count
    if let locale {
      for i in 0..<body.count {
        if body.bytes[i] == Self.separatorMark { total &+= locale.thousandsSeparator.count &- 1 }
        if body.bytes[i] == Self.pointMark { total &+= locale.decimalPoint.count &- 1 }
      }
    }
    return total
  }

  /// The largest code point, or a larger one of the same storage width.
  public var maxCodePoint: UInt32 {
    var largest: UInt32 = left &+ inner &+ right > 0 ? max(127, fill) : 127
    if let locale {
      for point in locale.decimalPoint { largest = max(largest, point) }
      for point in locale.thousandsSeparator { largest = max(largest, point) }
    }
    return largest
  }

  /// Writes all `count` code points; `Unit` must hold `maxCodePoint`.
  @_specialize(where Unit == UInt8)
  @_specialize(where Unit == UInt16)
  @_specialize(where Unit == UInt32)
  public func write<Unit: FixedWidthInteger & UnsignedInteger>(
    into text: UnsafeMutablePointer<Unit>
  ) {
    var n = 0
    func pad(_ times: Int) {
      if times <= 0 { return }
      (text + n).update(repeating: Unit(truncatingIfNeeded: fill), count: times)
      n &+= times
    }
    func put(_ points: [UInt32]) {
      for point in points {
        text[n] = Unit(truncatingIfNeeded: point)
        n &+= 1
      }
    }
    pad(left)
    for i in 0..<body.count {
      if i == innerOffset { pad(inner) }
      let byte = body.bytes[i]
      if let locale, byte >= 0x80 {
        put(byte == Self.pointMark ? locale.decimalPoint : locale.thousandsSeparator)
      } else {
        text[n] = Unit(truncatingIfNeeded: byte)
        n &+= 1
      }
    }
    if innerOffset >= body.count { pad(inner) }
    pad(right)
  }

  /// The text as a Swift string; for tests and messages.
  public var string: String {
    var points = [UInt32](repeating: 0, count: count)
    points.withUnsafeMutableBufferPointer { buffer in
      if let start = buffer.baseAddress { write(into: start) }
    }
    var result = ""
    for point in points { result.unicodeScalars.append(Unicode.Scalar(point) ?? "\u{FFFD}") }
    return result
  }

  /// Spreads the padding that a width of `width` leaves around `length` characters.
  mutating func pad(_ alignment: FormatSpec.Alignment, width: Int, length: Int) {
    let room = width &- length
    if room <= 0 { return }
    switch alignment {
    case .left: right = room
    case .right: left = room
    case .center:
      left = room / 2
      right = room &- left
    case .afterSign: inner = room
    }
  }
}
