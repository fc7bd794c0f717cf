import Glibc

/// A parsed format specification of a decimal: `[[fill]align][sign][z][0][width][,][.precision][type]`.
public struct DecimalFormat {
  /// UTF-8 of the fill character.
  public var fill: [UInt8] = [0x20]
  /// `<`, `>`, `=`, `^`; `z` for zeros after the sign.
  public var alignment: UInt8 = 0x3E
  /// `-`, `+` or space.
  public var sign: UInt8 = 0x2D
  /// Whether negative zero shows without a sign.
  public var noNegativeZero = false
  /// Characters.
  public var width = 0
  /// -1 when not given.
  public var precision = -1
  /// Lower-case type: `e`, `f`, `g`, `%`.
  public var type: UInt8 = 0x67
  public var isUpper: Bool
  /// UTF-8; a separator only when it groups.
  public var point: [UInt8] = [0x2E]
  public var separator: [UInt8] = []
  /// Group sizes as in `localeconv()`: the last repeats, 127 ends grouping.
  public var grouping: [UInt8] = []
  /// Whether the type was `n`: point, separator and grouping are the locale's.
  public var isLocal = false

  /// Reads a specification in UTF-8; nil when it is invalid.
  public init?(_ text: UnsafeBufferPointer<UInt8>, capitals: Bool) {
    isUpper = capitals
    let count = text.count
    func at(_ index: Int) -> UInt8 { index < count ? text[index] : 0 }
    func isAlignment(_ byte: UInt8) -> Bool {
      byte == 0x3C || byte == 0x3E || byte == 0x3D || byte == 0x5E
    }
    func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    var position = 0
    var aligned = false
    let first = at(0)
    let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    if count > 0 && isAlignment(at(length)) {
      fill = (0..<length).map { at($0) }
      alignment = at(length)
      position = length + 1
      aligned = true
    } else if length > 1 {
      return nil
    } else if isAlignment(first) {
      alignment = first
      position = 1
      aligned = true
    }
    if at(position) == 0x2B || at(position) == 0x2D || at(position) == 0x20 {
      sign = at(position)
      position += 1
    }
    if at(position) == 0x7A {
      noNegativeZero = true
      position += 1
    }
    if at(position) == 0x30 {
      // It says the alignment, which is not to be said twice.
      if aligned { return nil }
      alignment = 0x7A
      fill = [0x30]
      position += 1
    }
    /// Digits as a number, nil beyond 63 bits.
    func number() -> Int? {
      var value = 0
      while isDigit(at(position)) {
        let (product, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(Int(at(position) - 0x30))
        if overflow || carry { return nil }
        value = sum
        position += 1
      }
      return value
    }
    if isDigit(at(position)) {
      if at(position) == 0x30 { return nil }
      guard let given = number() else { return nil }
      width = given
    }
    if at(position) == 0x2C {
      separator = [0x2C]
      grouping = [3]
      position += 1
    }
    if at(position) == 0x2E {
      position += 1
      guard isDigit(at(position)), let given = number() else { return nil }
      precision = given
    }
    if position < count {
      let given = at(position)
      switch given | 0x20 {
      case 0x65, 0x66, 0x67: type = given | 0x20
      case 0x6E:
        if !separator.isEmpty { return nil }
        isLocal = true
      default:
        guard given == 0x25 else { return nil }
        type = 0x25
      }
      if given != 0x25 { isUpper = given & 0x20 == 0 }
      position += 1
    }
    if position != count { return nil }
  }
}

extension DecimalContext {
  /// The text of a number in a format, UTF-8. Rounds with the context's mode.
  public func format(_ a: Number, _ format: DecimalFormat) throws(OutOfMemory) -> [UInt8] {
    var negative = a.isNegative
    if a.isSpecial {
      var body: [UInt8] = []
      let text = try DecimalText.make(a, capitals: true)
      for index in (negative ? 1 : 0)..<text.count { body.append(text.bytes[index]) }
      if format.type == 0x25 { body.append(0x25) }
      var plain = format
      if format.alignment == 0x7A {
        plain.alignment = 0x3E
        plain.fill = [0x20]
      }
      return Self.align(Self.sign(negative, format), body, plain)
    }
    let number = try Temporary()
    let n = number.number
    try n.copy(a)
    if format.type == 0x25 { n.pointee.exponent &+= 2 }
    if format.precision >= 0 {
      switch format.type {
      case 0x65: try keep(n, digits: format.precision + 1)
      case 0x67:
        if n.pointee.digits > Swift.max(1, format.precision) {
          try keep(n, digits: Swift.max(1, format.precision))
        }
      default: try rescale(n, -format.precision)
      }
    }
    if n.hasZeroCoefficient {
      if n.pointee.exponent > 0 && format.type != 0x65 && format.type != 0x67 {
        n.pointee.exponent = 0
      }
      if format.noNegativeZero { negative = false }
    }
    let digits = n.pointee.digits
    let left = n.pointee.exponent + digits
    var dot = 1
    switch format.type {
    case 0x65:
      if n.hasZeroCoefficient && format.precision >= 0 { dot = 1 - format.precision }
    case 0x67:
      if n.pointee.exponent <= 0 && left > -6 { dot = left }
    default: dot = left
    }
    // A text that cannot be is not tried.
    guard dot.magnitude < 1 << 40, digits < 1 << 40 else { throw OutOfMemory() }
    let buffer = try DecimalText(capacity: digits)
    DecimalText.write(n, to: buffer.bytes)
    let coefficient = UnsafeBufferPointer(start: buffer.bytes, count: digits)
    let sign = Self.sign(negative, format)
    let exponent = left - dot
    var tail: [UInt8] = []
    if exponent != 0 || format.type == 0x65 {
      tail.append(format.isUpper ? 0x45 : 0x65)
      tail.append(contentsOf: (exponent < 0 ? "\(exponent)" : "+\(exponent)").utf8)
    }
    if format.type == 0x25 { tail.append(0x25) }
    if format.separator.isEmpty && format.alignment != 0x7A {
      return Self.plain(sign, coefficient, dot, tail, format)
    }
    var whole: [UInt8]
    var rest: [UInt8] = []
    if dot < digits { rest = format.point }
    if dot < 0 {
      whole = [0x30]
      rest += [UInt8](repeating: 0x30, count: -dot)
      rest += coefficient
    } else if dot > digits {
      whole = coefficient + [UInt8](repeating: 0x30, count: dot - digits)
    } else {
      whole = dot == 0 ? [0x30] : Array(coefficient[..<dot])
      rest += coefficient[dot...]
    }
    rest += tail
    let least =
      format.alignment == 0x7A
      ? format.width - (sign == 0 ? 0 : 1) - Self.characters(rest) : 0
    whole = Self.group(whole, format, least)
    return Self.align(sign, whole + rest, format)
  }

  /// The text without grouping and without zeros after the sign, put together in one go.
  private static func plain(
    _ sign: UInt8, _ digits: UnsafeBufferPointer<UInt8>, _ dot: Int, _ tail: [UInt8],
    _ format: DecimalFormat
  ) -> [UInt8] {
    let wholeCount = Swift.max(dot, 1)
    let fractionCount = dot < digits.count ? digits.count - dot : 0
    let pointWidth = fractionCount > 0 ? characters(format.point) : 0
    let shown = (sign == 0 ? 0 : 1) + wholeCount + pointWidth + fractionCount + tail.count
    let missing = Swift.max(0, format.width - shown)
    var before = 0
    var inside = 0
    switch format.alignment {
    case 0x3C: break
    case 0x3D: inside = missing
    case 0x5E: before = missing / 2
    default: before = missing
    }
    let after = missing - before - inside
    var result: [UInt8] = []
    result.reserveCapacity(shown + missing * format.fill.count + format.point.count)
    func pad(_ count: Int) {
      for _ in 0..<count { result.append(contentsOf: format.fill) }
    }
    func zeros(_ count: Int) {
      for _ in 0..<Swift.max(0, count) { result.append(0x30) }
    }
    pad(before)
    if sign != 0 { result.append(sign) }
    pad(inside)
    if dot <= 0 {
      result.append(0x30)
    } else {
      result.append(contentsOf: digits[..<Swift.min(dot, digits.count)])
      zeros(dot - digits.count)
    }
    if fractionCount > 0 {
      result.append(contentsOf: format.point)
      zeros(-dot)
      result.append(contentsOf: digits[Swift.max(0, dot)...])
    }
    result.append(contentsOf: tail)
    pad(after)
    return result
  }

  private func keep(_ n: Number, digits: Int) throws(OutOfMemory) {
    if n.hasZeroCoefficient { return }
    let adjusted = n.adjusted
    try rescale(n, adjusted + 1 - digits)
    if n.adjusted != adjusted { try rescale(n, n.adjusted + 1 - digits) }
  }

  private func rescale(_ n: Number, _ exponent: Int) throws(OutOfMemory) {
    if n.hasZeroCoefficient {
      n.pointee.exponent = exponent
      return
    }
    if n.pointee.exponent >= exponent {
      try n.shiftLeft(n.pointee.exponent - exponent)
    } else {
      try round(n, n.shiftRight(exponent - n.pointee.exponent))
    }
    n.pointee.exponent = exponent
  }

  /// The sign's character, 0 for none.
  private static func sign(_ negative: Bool, _ format: DecimalFormat) -> UInt8 {
    negative ? 0x2D : format.sign == 0x2D ? 0 : format.sign
  }

  private static func characters(_ text: [UInt8]) -> Int {
    text.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
  }

  /// Inserts separators, with leading zeros up to `least` characters.
  private static func group(_ digits: [UInt8], _ format: DecimalFormat, _ least: Int) -> [UInt8] {
    var least = least
    if format.separator.isEmpty || format.grouping.isEmpty {
      let zeros = Swift.max(0, least - digits.count)
      return [UInt8](repeating: 0x30, count: zeros) + digits
    }
    let separatorWidth = characters(format.separator)
    var groups: [[UInt8]] = []
    var left = digits
    var index = 0
    var size = 0
    var isDone = false
    while true {
      if index < format.grouping.count {
        let given = Int(format.grouping[index])
        index += 1
        if given != 0 { size = given }
        if given >= 127 { break }
      }
      if size == 0 { break }
      // The last group takes what is left, zeros in front of it.
      let width = Swift.min(Swift.max(left.count, least, 1), size)
      let taken = Swift.min(width, left.count)
      groups.append(
        [UInt8](repeating: 0x30, count: width - taken) + left[(left.count - taken)...])
      left.removeLast(taken)
      least -= width
      if left.isEmpty && least <= 0 {
        isDone = true
        break
      }
      least -= separatorWidth
    }
    if !isDone {
      let width = Swift.max(left.count, least, 1)
      groups.append([UInt8](repeating: 0x30, count: width - left.count) + left)
    }
    var result: [UInt8] = []
    for (position, group) in groups.reversed().enumerated() {
      if position > 0 { result += format.separator }
      result += group
    }
    return result
  }

  private static func align(
    _ signCharacter: UInt8, _ body: [UInt8], _ format: DecimalFormat
  ) -> [UInt8] {
    let sign: [UInt8] = signCharacter == 0 ? [] : [signCharacter]
    let missing = format.width - sign.count - characters(body)
    if missing <= 0 { return sign + body }
    func padding(_ count: Int) -> [UInt8] {
      if format.fill.count == 1 { return [UInt8](repeating: format.fill[0], count: count) }
      var result: [UInt8] = []
      result.reserveCapacity(count * format.fill.count)
      for _ in 0..<count { result += format.fill }
      return result
    }
    switch format.alignment {
    case 0x3C: return sign + body + padding(missing)
    case 0x3D, 0x7A: return sign + padding(missing) + body
    case 0x5E: return padding(missing / 2) + sign + body + padding(missing - missing / 2)
    default: return padding(missing) + sign + body
    }
  }
}
