/// The rules of arithmetic: how many digits, which exponents, how to round.
@frozen public struct DecimalContext {
  /// Digits of a result, 1 … 999999999999999999.
  public var precision: Int
  /// The largest adjusted exponent, 0 … 999999999999999999.
  public var maxExponent: Int
  /// The least adjusted exponent of a normal number, -999999999999999999 … 0.
  public var minExponent: Int
  public var rounding: Rounding
  /// Whether exponents are folded down to at most `etop`.
  public var clamp: Bool

  public static var maxPrecision: Int { 999_999_999_999_999_999 }
  public static var maxEmax: Int { 999_999_999_999_999_999 }
  public static var minEmin: Int { -999_999_999_999_999_999 }
  public static var minEtiny: Int { minEmin - (maxPrecision - 1) }

  @inlinable
  public init(
    precision: Int, maxExponent: Int, minExponent: Int, rounding: Rounding = .halfEven,
    clamp: Bool = false
  ) {
    self.precision = precision
    self.maxExponent = maxExponent
    self.minExponent = minExponent
    self.rounding = rounding
    self.clamp = clamp
  }

  /// The widest context.
  @inlinable public static var widest: DecimalContext {
    DecimalContext(precision: maxPrecision, maxExponent: maxEmax, minExponent: minEmin)
  }

  /// The least exponent of any number.
  @inlinable public var etiny: Int { minExponent &- (precision &- 1) }
  /// The largest exponent of a number with all its digits.
  @inlinable public var etop: Int { maxExponent &- (precision &- 1) }
}

/// The rounding modes, in the order of the module's constants.
@frozen public enum Rounding: UInt8, Sendable {
  case up, down, ceiling, floor, halfUp, halfDown, halfEven, zeroFiveUp

  /// Whether a cut-off coefficient goes up by one.
  @inline(__always)
  func goesUp(negative: Bool, lastDigit: UInt64, _ discarded: Discarded) -> Bool {
    if discarded == .nothing { return false }
    switch self {
    case .halfEven:
      return discarded == .aboveHalf || (discarded == .half && lastDigit & 1 == 1)
    case .halfUp: return discarded.rawValue >= Discarded.half.rawValue
    case .halfDown: return discarded == .aboveHalf
    case .up: return true
    case .down: return false
    case .ceiling: return !negative
    case .floor: return negative
    case .zeroFiveUp: return lastDigit == 0 || lastDigit == 5
    }
  }
}

/// What an operation reports.
@frozen public struct Conditions: OptionSet, Sendable {
  public let rawValue: UInt32
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

  public static let clamped = Conditions(rawValue: 1)
  public static let conversionSyntax = Conditions(rawValue: 1 << 1)
  public static let divisionByZero = Conditions(rawValue: 1 << 2)
  public static let divisionImpossible = Conditions(rawValue: 1 << 3)
  public static let divisionUndefined = Conditions(rawValue: 1 << 4)
  public static let fpuError = Conditions(rawValue: 1 << 5)
  public static let inexact = Conditions(rawValue: 1 << 6)
  public static let invalidContext = Conditions(rawValue: 1 << 7)
  public static let invalidOperation = Conditions(rawValue: 1 << 8)
  public static let outOfMemory = Conditions(rawValue: 1 << 9)
  public static let floatOperation = Conditions(rawValue: 1 << 10)
  public static let overflow = Conditions(rawValue: 1 << 11)
  public static let rounded = Conditions(rawValue: 1 << 12)
  public static let subnormal = Conditions(rawValue: 1 << 13)
  public static let underflow = Conditions(rawValue: 1 << 14)

  /// What the signal InvalidOperation covers.
  public static let invalid: Conditions = [
    .conversionSyntax, .divisionImpossible, .divisionUndefined, .fpuError, .invalidContext,
    .invalidOperation, .outOfMemory,
  ]
  /// What leaves no usable result.
  public static let errors: Conditions = [.invalid, .divisionByZero]
}
