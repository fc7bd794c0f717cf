import UnicodeData

/// A parsed format specification: `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`.
/// CPython: Python/formatter_unicode.c, parse_internal_render_format_spec.
public struct FormatSpec: Sendable, Equatable {
  public enum Alignment: UInt8, Sendable {
    case left = 0x3C  // <
    case right = 0x3E  // >
    case center = 0x5E  // ^
    /// Padding between sign and digits.
    case afterSign = 0x3D  // =
  }

  public enum Grouping: Sendable {
    case none, comma, underscore
    /// Underscores every four digits, for binary, octal and hexadecimal numbers.
    case underscoreFour
    /// The locale's, for type `n`.
    case locale
  }

  public var fill: UInt32 = 0x20
  public var alignment: Alignment
  public var alternate = false
  /// 0, or one of `+`, `-` and space.
  public var sign: UInt8 = 0
  /// The `z` option: negative zero becomes positive.
  public var noNegativeZero = false
  /// -1 when not given.
  public var width = -1
  public var grouping = Grouping.none
  /// -1 when not given.
  public var precision = -1
  /// The type's character.
  public var type: UInt32

  /// Parses the specification. Numbers may use any Unicode decimal digits.
  ///
  /// - Throws: `FormatError` with CPython's text; all of them are ValueErrors.
  @_specialize(where Unit == UInt8)
  @_specialize(where Unit == UInt16)
  @_specialize(where Unit == UInt32)
  public init<Unit: FixedWidthInteger & UnsignedInteger>(
    _ text: UnsafePointer<Unit>, _ count: Int, defaultType: UInt8, defaultAlignment: Alignment
  ) throws(FormatError) {
    alignment = defaultAlignment
    type = UInt32(defaultType)
    var i = 0
    @inline(__always) func at(_ index: Int) -> UInt32 {
      index < count ? UInt32(truncatingIfNeeded: text[index]) : 0xFFFF_FFFF
    }
    func alignmentToken(_ character: UInt32) -> Alignment? {
      character < 128 ? Alignment(rawValue: UInt8(truncatingIfNeeded: character)) : nil
    }
    var fillGiven = false, alignmentGiven = false
    if count >= 2, let given = alignmentToken(at(1)) {
      alignment = given
      fill = at(0)
      fillGiven = true
      alignmentGiven = true
      i = 2
    } else if let given = alignmentToken(at(0)) {
      alignment = given
      alignmentGiven = true
      i = 1
    }
    if at(i) == 0x2B || at(i) == 0x2D || at(i) == 0x20 {
      sign = UInt8(at(i))
      i &+= 1
    }
    if at(i) == 0x7A {
      noNegativeZero = true
      i &+= 1
    }
    if at(i) == 0x23 {
      alternate = true
      i &+= 1
    }
    if !fillGiven && at(i) == 0x30 {
      fill = 0x30
      if !alignmentGiven && defaultAlignment == .right { alignment = .afterSign }
      i &+= 1
    }
    /// Reads decimal digits; nil when there are none.
    func number() throws(FormatError) -> Int? {
      var value = 0
      let start = i
      while i < count {
        let digit = apus_decimal_value(at(i))
        if digit < 0 { break }
        let (product, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(Int(digit))
        if overflow || carry { throw FormatError(.tooManyDigits) }
        value = sum
        i &+= 1
      }
      return i == start ? nil : value
    }
    if let given = try number() { width = given }
    if at(i) == 0x2C {
      grouping = .comma
      i &+= 1
    }
    if at(i) == 0x5F {
      if grouping != .none { throw FormatError(.commaAndUnderscore) }
      grouping = .underscore
      i &+= 1
    }
    if at(i) == 0x2C && grouping == .underscore { throw FormatError(.commaAndUnderscore) }
    if at(i) == 0x2E {
      i &+= 1
      guard let given = try number() else { throw FormatError(.missingPrecision) }
      precision = given
    }
    if count &- i > 1 { throw FormatError(.invalidSpecifier) }
    if count &- i == 1 { type = at(i) }
    if grouping != .none {
      func isOne(of types: StaticString) -> Bool {
        for k in 0..<types.utf8CodeUnitCount where UInt32(types.utf8Start[k]) == type { return true }
        return false
      }
      if grouping == .underscore && isOne(of: "boxX") {
        grouping = .underscoreFour
      } else if type != 0 && !isOne(of: "defgEGF%") {
        throw FormatError(.groupingWithType(grouping == .comma ? 0x2C : 0x5F, type))
      }
    }
  }

  /// Whether the specification says nothing at all about the layout.
  @inlinable
  public var isPlain: Bool {
    width == -1 && precision == -1 && grouping == .none && sign == 0 && !alternate
      && !noNegativeZero
  }
}

/// Why a format specification cannot be used. `message` gives CPython's text; the exception is a
/// ValueError except where `isOverflow`.
public struct FormatError: Error, Equatable {
  public enum Kind: Equatable, Sendable {
    case tooManyDigits, commaAndUnderscore, missingPrecision, invalidSpecifier
    case groupingWithType(UInt8, UInt32)
    case unknownCode(UInt32)
    case signInString, spaceInString, zeroCoercionInString, alternateInString, afterSignInString
    case precisionInInteger, zeroCoercionInInteger
    case signWithCharacter, alternateWithCharacter, characterRange, characterTooLarge
    case precisionTooBig
    case zeroPaddingInComplex, afterSignInComplex
    case outOfMemory
  }

  public let kind: Kind
  public init(_ kind: Kind) { self.kind = kind }

  /// The error is an OverflowError.
  public var isOverflow: Bool {
    kind == .characterRange || kind == .characterTooLarge
  }
  /// The error is a MemoryError.
  public var isOutOfMemory: Bool { kind == .outOfMemory }

  /// - Parameters:
  ///   - specification: the text of the format specification.
  ///   - typeName: the type of the formatted object.
  public func message(specification: String, typeName: String) -> String {
    switch kind {
    case .tooManyDigits: return "Too many decimal digits in format string"
    case .commaAndUnderscore: return "Cannot specify both ',' and '_'."
    case .missingPrecision: return "Format specifier missing precision"
    case .invalidSpecifier:
      return "Invalid format specifier '\(specification)' for object of type '\(typeName)'"
    case .groupingWithType(let separator, let type):
      let separator = Unicode.Scalar(separator)
      if type > 32 && type < 128, let type = Unicode.Scalar(type) {
        return "Cannot specify '\(separator)' with '\(type)'."
      }
      return "Cannot specify '\(separator)' with '\\x\(String(type, radix: 16))'."
    case .unknownCode(let code):
      if code > 32 && code < 128, let code = Unicode.Scalar(code) {
        return "Unknown format code '\(code)' for object of type '\(typeName)'"
      }
      return "Unknown format code '\\x\(String(code, radix: 16))' for object of type '\(typeName)'"
    case .signInString: return "Sign not allowed in string format specifier"
    case .spaceInString: return "Space not allowed in string format specifier"
    case .zeroCoercionInString:
      return "Negative zero coercion (z) not allowed in string format specifier"
    case .alternateInString: return "Alternate form (#) not allowed in string format specifier"
    case .afterSignInString: return "'=' alignment not allowed in string format specifier"
    case .precisionInInteger: return "Precision not allowed in integer format specifier"
    case .zeroCoercionInInteger:
      return "Negative zero coercion (z) not allowed in integer format specifier"
    case .signWithCharacter: return "Sign not allowed with integer format specifier 'c'"
    case .alternateWithCharacter:
      return "Alternate form (#) not allowed with integer format specifier 'c'"
    case .characterRange: return "%c arg not in range(0x110000)"
    case .characterTooLarge: return "Python int too large to convert to C long"
    case .precisionTooBig: return "precision too big"
    case .zeroPaddingInComplex: return "Zero padding is not allowed in complex format specifier"
    case .afterSignInComplex:
      return "'=' alignment flag is not allowed in complex format specifier"
    case .outOfMemory: return ""
    }
  }
}
