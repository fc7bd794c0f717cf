extension FormatSpec {
  // MARK: Text

  /// How `str.__format__` lays out text of `length` characters: how many of them to keep, and the
  /// fill before and after them.
  public func layoutString(
    _ length: Int
  ) throws(FormatError) -> (kept: Int, left: Int, right: Int) {
    if type != UInt32(UInt8(ascii: "s")) { throw FormatError(.unknownCode(type)) }
    if sign != 0 { throw FormatError(sign == 0x20 ? .spaceInString : .signInString) }
    if noNegativeZero { throw FormatError(.zeroCoercionInString) }
    if alternate { throw FormatError(.alternateInString) }
    if alignment == .afterSign { throw FormatError(.afterSignInString) }
    let kept = precision >= 0 ? min(length, precision) : length
    let room = max(width &- kept, 0)
    switch alignment {
    case .left, .afterSign: return (kept, 0, room)
    case .right: return (kept, room, 0)
    case .center: return (kept, room / 2, room &- room / 2)
    }
  }

  // MARK: Integers

  /// The number base that an integer format code asks for, nil when it is no such code. `c` is
  /// formatted by `renderCharacter`.
  public var integerBase: Int? {
    switch type {
    case UInt32(UInt8(ascii: "b")): return 2
    case UInt32(UInt8(ascii: "o")): return 8
    case UInt32(UInt8(ascii: "x")), UInt32(UInt8(ascii: "X")): return 16
    case UInt32(UInt8(ascii: "d")), UInt32(UInt8(ascii: "n")): return 10
    default: return nil
    }
  }

  private func checkInteger() throws(FormatError) {
    if precision != -1 { throw FormatError(.precisionInInteger) }
    if noNegativeZero { throw FormatError(.zeroCoercionInInteger) }
  }

  /// `int.__format__` for types b, d, n, o, x, X. Float types are for `renderFloat`.
  public func renderInteger(
    _ a: Digits.Source, _ na: Int, negative: Bool, locale: NumberLocale = .c
  ) throws(FormatError) -> FormattedNumber {
    guard let base = integerBase else { throw FormatError(.unknownCode(type)) }
    try checkInteger()
    let bound = Digits.textLengthBound(a, na, base: base)
    var digits = TextBuffer(capacity: bound)
    guard digits.reserve(bound), let length = Digits.write(a, na, base: base, text: digits.bytes)
    else { throw FormatError(.outOfMemory) }
    digits.commit(length)
    var prefix: [UInt8] = []
    if alternate && base != 10 { prefix = [0x30, UInt8(truncatingIfNeeded: type)] }
    if type == UInt32(UInt8(ascii: "X")) {
      for i in 0..<length where digits.bytes[i] >= 0x61 { digits.bytes[i] &-= 32 }
    }
    return try layoutNumber(
      digits.bytes, length, negative: negative, prefix: prefix, locale: locale)
  }

  /// `int.__format__` for type `c`: checks the specification and the value, and lays out the one
  /// character as text. `value` is nil when it does not fit a machine word.
  public func layoutCharacter(
    _ value: Int?
  ) throws(FormatError) -> (left: Int, right: Int) {
    try checkInteger()
    if sign != 0 { throw FormatError(.signWithCharacter) }
    if alternate { throw FormatError(.alternateWithCharacter) }
    guard let value else { throw FormatError(.characterTooLarge) }
    if value < 0 || value > 0x10FFFF { throw FormatError(.characterRange) }
    let room = max(width &- 1, 0)
    switch alignment {
    case .left: return (0, room)
    case .right, .afterSign: return (room, 0)
    case .center: return (room / 2, room &- room / 2)
    }
  }

  // MARK: Floats

  /// The code and flags for `FloatText.format`, whether a percent sign follows, and the precision.
  private func floatCode() throws(FormatError) -> (
    code: FloatText.Code, precision: Int, flags: FloatText.Flags, percent: Bool
  ) {
    var flags: FloatText.Flags = []
    if alternate { flags.insert(.alternate) }
    if noNegativeZero { flags.insert(.noNegativeZero) }
    var code: FloatText.Code
    var percent = false
    switch type {
    case 0:
      code = .repr
      flags.insert(.addDotZero)
    case UInt32(UInt8(ascii: "e")): code = .exponent
    case UInt32(UInt8(ascii: "E")): (code, flags) = (.exponent, flags.union(.upperCase))
    case UInt32(UInt8(ascii: "f")): code = .fixed
    case UInt32(UInt8(ascii: "F")): (code, flags) = (.fixed, flags.union(.upperCase))
    case UInt32(UInt8(ascii: "g")), UInt32(UInt8(ascii: "n")): code = .general
    case UInt32(UInt8(ascii: "G")): (code, flags) = (.general, flags.union(.upperCase))
    case UInt32(UInt8(ascii: "%")): (code, percent) = (.fixed, true)
    default: throw FormatError(.unknownCode(type))
    }
    if precision > Int(Int32.max) { throw FormatError(.precisionTooBig) }
    var precision = precision
    if precision < 0 {
      precision = code == .repr ? 0 : 6
    } else if code == .repr {
      code = .general
    }
    return (code, precision, flags, percent)
  }

  /// `float.__format__`.
  public func renderFloat(
    _ value: Double, locale: NumberLocale = .c
  ) throws(FormatError) -> FormattedNumber {
    let (code, precision, flags, percent) = try floatCode()
    var text = TextBuffer()
    FloatText.format(percent ? value * 100 : value, code, precision: precision, flags, into: &text)
    if percent { text.append(0x25) }
    if text.failed { throw FormatError(.outOfMemory) }
    let negative = text.bytes[0] == 0x2D
    let start = negative ? 1 : 0
    return try layoutNumber(
      text.bytes + start, text.count &- start, negative: negative, prefix: [], locale: locale)
  }

  // MARK: Complex numbers

  /// `complex.__format__`.
  public func renderComplex(
    _ real: Double, _ imaginary: Double, locale: NumberLocale = .c
  ) throws(FormatError) -> FormattedNumber {
    if type == UInt32(UInt8(ascii: "%")) { throw FormatError(.unknownCode(type)) }
    let (givenCode, precision, givenFlags, _) = try floatCode()
    if fill == 0x30 { throw FormatError(.zeroPaddingInComplex) }
    if alignment == .afterSign { throw FormatError(.afterSignInComplex) }
    // Without a type the parts look as in repr: no ".0", parentheses, a positive zero real part
    // left out.
    let plain = type == 0
    let flags = givenFlags.subtracting(.addDotZero)
    let skipReal = plain && real == 0 && real.sign == .plus
    let parentheses = plain && !skipReal

    var part = self
    part.fill = 0x20
    part.alignment = .left
    part.width = -1
    var result = FormattedNumber()
    if type == UInt32(UInt8(ascii: "n")) { result.locale = locale }
    if parentheses { result.body.append(0x28) }
    if !skipReal {
      try part.append(real, givenCode, precision, flags, locale, to: &result.body)
      part.sign = 0x2B
    }
    try part.append(imaginary, givenCode, precision, flags, locale, to: &result.body)
    result.body.append(0x6A)
    if parentheses { result.body.append(0x29) }
    if result.body.failed { throw FormatError(.outOfMemory) }
    result.fill = fill
    result.pad(alignment, width: width, length: result.count)
    return result
  }

  /// Appends one part of a complex number.
  private func append(
    _ value: Double, _ code: FloatText.Code, _ precision: Int, _ flags: FloatText.Flags,
    _ locale: NumberLocale, to body: inout TextBuffer
  ) throws(FormatError) {
    var text = TextBuffer()
    FloatText.format(value, code, precision: precision, flags, into: &text)
    if text.failed { throw FormatError(.outOfMemory) }
    let negative = text.bytes[0] == 0x2D
    let start = negative ? 1 : 0
    let number = try layoutNumber(
      text.bytes + start, text.count &- start, negative: negative, prefix: [], locale: locale)
    body.append(number.body.bytes, count: number.body.count)
  }

  // MARK: Layout

  /// Puts sign, prefix, grouping and padding around a number's unsigned ASCII text.
  func layoutNumber(
    _ text: UnsafePointer<UInt8>, _ count: Int, negative: Bool, prefix: [UInt8],
    locale: NumberLocale
  ) throws(FormatError) -> FormattedNumber {
    var result = FormattedNumber()
    result.fill = fill
    let isLocal = type == UInt32(UInt8(ascii: "n"))
    // The leading run of digits is what can be grouped; the rest follows as it is.
    var whole = 0
    if integerBase == nil || isLocal {
      while whole < count && text[whole] >= 0x30 && text[whole] <= 0x39 { whole &+= 1 }
    } else {
      whole = count
    }
    let hasPoint = whole < count && text[whole] == 0x2E
    let rest = count &- whole

    let signCharacter: UInt8
    if negative {
      signCharacter = 0x2D
    } else {
      signCharacter = sign == 0x2B || sign == 0x20 ? sign : 0
    }
    if signCharacter != 0 { result.body.append(signCharacter) }
    for byte in prefix { result.body.append(byte) }
    result.innerOffset = result.body.count

    let pointExtra = isLocal && hasPoint ? locale.decimalPoint.count &- 1 : 0
    let fixed = result.body.count &+ rest &+ pointExtra
    if isLocal { result.locale = locale }
    let minimum = fill == 0x30 && alignment == .afterSign ? width &- fixed : 0
    var grouped = 0
    if whole > 0 {
      switch isLocal ? .locale : grouping {
      case .none:
        let zeros = max(minimum &- whole, 0)
        result.body.append(repeating: 0x30, count: zeros)
        result.body.append(text, count: whole)
        grouped = zeros &+ whole
      case .comma:
        grouped = group(text, whole, minimum, [3], 0x2C, 1, &result.body)
      case .underscore:
        grouped = group(text, whole, minimum, [3], 0x5F, 1, &result.body)
      case .underscoreFour:
        grouped = group(text, whole, minimum, [4], 0x5F, 1, &result.body)
      case .locale:
        grouped = group(
          text, whole, minimum, locale.grouping, FormattedNumber.separatorMark,
          locale.thousandsSeparator.count, &result.body)
      }
    }
    if isLocal && hasPoint {
      result.body.append(FormattedNumber.pointMark)
      result.body.append(text + whole + 1, count: rest &- 1)
    } else {
      result.body.append(text + whole, count: rest)
    }
    if result.body.failed { throw FormatError(.outOfMemory) }
    result.pad(alignment, width: width, length: fixed &+ grouped)
    return result
  }

  /// Appends digits with separators and leading zeros up to `minimum` characters; returns the
  /// characters written, a separator counting `separatorLength`. A group repeats by itself: of
  /// `sizes`, 0 or the end repeats the one before, 127 means no more groups.
  private func group(
    _ text: UnsafePointer<UInt8>, _ count: Int, _ minimum: Int, _ sizes: [UInt8],
    _ separator: UInt8, _ separatorLength: Int, _ out: inout TextBuffer
  ) -> Int {
    // Gathered from the right, then reversed. All memory at once: an absurd width fails here.
    let (digits, tooWide) = max(count, minimum).multipliedReportingOverflow(by: 2)
    if tooWide { out.fail() }
    if !out.reserve(digits) { return 0 }
    let start = out.count
    var remaining = count
    var minimum = minimum
    var length = 0
    var next = 0
    var previous = 0
    var first = true
    var done = false
    func emit(_ size: Int) {
      if !first {
        out.append(separator)
        length &+= separatorLength
      }
      first = false
      let digits = min(remaining, size)
      var i = 0
      while i < digits {
        out.append(text[remaining &- 1 &- i])
        i &+= 1
      }
      out.append(repeating: 0x30, count: size &- digits)
      remaining &-= digits
      length &+= size
      minimum &-= size
    }
    while !done {
      var size: Int
      if next < sizes.count && sizes[next] != 0 {
        if sizes[next] == 127 { break }
        size = Int(sizes[next])
        previous = size
        next &+= 1
      } else {
        size = previous
      }
      if size == 0 { break }
      size = min(size, max(max(remaining, minimum), 1))
      emit(size)
      if remaining <= 0 && minimum <= 0 {
        done = true
        break
      }
      minimum &-= separatorLength
    }
    if !done { emit(max(max(remaining, minimum), 1)) }
    if !out.failed {
      var low = start, high = out.count &- 1
      while low < high {
        (out.bytes[low], out.bytes[high]) = (out.bytes[high], out.bytes[low])
        low &+= 1
        high &-= 1
      }
    }
    return length
  }
}
