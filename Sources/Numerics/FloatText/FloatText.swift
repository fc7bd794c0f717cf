import Glibc

/// Text of floating-point numbers as CPython writes and reads it.
public enum FloatText {
  /// CPython's format codes of `PyOS_double_to_string`; upper case is chosen by a flag.
  public enum Code: Sendable {
    /// The shortest text that reads back as the same number.
    case repr
    case exponent, fixed, general
  }

  public struct Flags: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }
    /// Write `+` before what is not negative (Py_DTSF_SIGN).
    public static let sign = Flags(rawValue: 1)
    /// Write `.0` after a whole number (Py_DTSF_ADD_DOT_0).
    public static let addDotZero = Flags(rawValue: 2)
    /// Always write the point, and keep trailing zeros with `.general` (Py_DTSF_ALT).
    public static let alternate = Flags(rawValue: 4)
    /// Write a negative zero, also one that comes from rounding, without its sign (Py_DTSF_NO_NEG_0).
    public static let noNegativeZero = Flags(rawValue: 8)
    /// `E`, `INF`, `NAN`.
    public static let upperCase = Flags(rawValue: 16)
  }

  /// What `repr` and the other writers need at most for the shortest text.
  public static var reprLimit: Int { 32 }

  /// Writes `repr(value)` and returns its length, at most `reprLimit`.
  public static func repr(_ value: Double, into text: UnsafeMutablePointer<UInt8>) -> Int {
    if !value.isFinite { return writeSpecial(value, [], into: text) }
    var n = 0
    if value.sign == .minus {
      text[0] = 0x2D
      n = 1
    }
    if value == 0 {
      text[n] = 0x30
      text[n &+ 1] = 0x2E
      text[n &+ 2] = 0x30
      return n &+ 3
    }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { buffer in
      guard let digits = buffer.baseAddress else { return 0 }
      let (count, point) = ShortestDigits.write(value.magnitude, into: digits)
      return n &+ assemble(
        digits, count, point: point, exponent: point <= -4 || point > 16, decimals: 0,
        .addDotZero, into: text + n)
    }
  }

  /// `inf`, `-inf`, `nan`; NaN has no sign of its own.
  static func writeSpecial(
    _ value: Double, _ flags: Flags, into text: UnsafeMutablePointer<UInt8>
  ) -> Int {
    var n = 0
    if value.isInfinite && value < 0 {
      text[0] = 0x2D
      n = 1
    } else if flags.contains(.sign) {
      text[0] = 0x2B
      n = 1
    }
    let name: StaticString
    switch (value.isNaN, flags.contains(.upperCase)) {
    case (true, false): name = "nan"
    case (true, true): name = "NAN"
    case (false, false): name = "inf"
    case (false, true): name = "INF"
    }
    (text + n).update(from: name.utf8Start, count: 3)
    return n &+ 3
  }

  /// Lays out digits 0.d1d2... * 10**point, without sign, and returns the length. `decimals` is the
  /// least number of digits after the point (after the first digit with an exponent).
  ///
  /// The text has room for count + |point| + decimals + 10 bytes.
  static func assemble(
    _ digits: UnsafePointer<UInt8>, _ count: Int, point: Int, exponent: Bool, decimals: Int,
    _ flags: Flags, into text: UnsafeMutablePointer<UInt8>
  ) -> Int {
    let place = exponent ? 1 : point
    var n = 0
    // Before the point.
    if place <= 0 {
      text[n] = 0x30
      n &+= 1
    } else {
      let whole = min(place, count)
      (text + n).update(from: digits, count: whole)
      n &+= whole
      if place > whole {
        (text + n).update(repeating: 0x30, count: place &- whole)
        n &+= place &- whole
      }
    }
    // After it.
    let leading = place < 0 ? -place : 0
    let start = max(place, 0)
    let rest = max(count &- start, 0)
    var written = 0
    let dot = n
    text[n] = 0x2E
    n &+= 1
    if rest > 0 {
      (text + n).update(repeating: 0x30, count: leading)
      (text + (n &+ leading)).update(from: digits + start, count: rest)
      written = leading &+ rest
      n &+= written
    }
    let wanted = max(decimals, !exponent && flags.contains(.addDotZero) ? 1 : 0)
    if written < wanted {
      (text + n).update(repeating: 0x30, count: wanted &- written)
      n &+= wanted &- written
      written = wanted
    }
    if written == 0 && !flags.contains(.alternate) { n = dot }
    if exponent {
      text[n] = flags.contains(.upperCase) ? 0x45 : 0x65
      n &+= 1
      var power = point &- 1
      text[n] = power < 0 ? 0x2D : 0x2B
      n &+= 1
      if power < 0 { power = -power }
      if power < 10 {
        text[n] = 0x30
        n &+= 1
      }
      n &+= Digits.write(word: UInt64(power), base: 10, text: text + n)
    }
    return n
  }
}
