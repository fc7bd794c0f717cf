import Glibc

/// The functions of one and two numbers in `math`, with CPython's errors (Modules/mathmodule.c).
public enum Elementary {
  public enum Function: Sendable {
    case acos, acosh, asin, asinh, atan, atanh, cbrt, cos, cosh, erf, erfc, exp, exp2, expm1
    case fabs, gamma, lgamma, log, log10, log1p, log2, sin, sinh, sqrt, tan, tanh
  }

  public static func apply(_ function: Function, _ x: Double) -> MathOutcome {
    var overflows = false
    let result: Double
    switch function {
    case .acos: result = Glibc.acos(x)
    case .acosh: result = Glibc.acosh(x)
    case .asin: result = Glibc.asin(x)
    case .asinh: result = Glibc.asinh(x)
    case .atan: result = Glibc.atan(x)
    case .atanh: result = Glibc.atanh(x)
    case .cbrt: result = Glibc.cbrt(x)
    case .cos: result = Glibc.cos(x)
    case .cosh: (result, overflows) = (Glibc.cosh(x), true)
    case .erf: return .value(Glibc.erf(x))
    case .erfc: return .value(Glibc.erfc(x))
    case .exp: (result, overflows) = (Glibc.exp(x), true)
    case .exp2: (result, overflows) = (Glibc.exp2(x), true)
    case .expm1: (result, overflows) = (Glibc.expm1(x), true)
    case .fabs: return .value(x.magnitude)
    case .gamma: return Gamma.gamma(x)
    case .lgamma: return Gamma.logGamma(x)
    // A pole at 0 gives an infinity, which is a domain error here; negative numbers give NaN.
    case .log: result = Glibc.log(x)
    case .log2: result = Glibc.log2(x)
    case .log10: result = Glibc.log10(x)
    // log1p(-0.0) is -0.0, which not every library gets right.
    case .log1p: result = x == 0 ? x : Glibc.log1p(x)
    case .sin: result = Glibc.sin(x)
    case .sinh: (result, overflows) = (Glibc.sinh(x), true)
    case .sqrt: result = x.squareRoot()
    case .tan: result = Glibc.tan(x)
    case .tanh: result = Glibc.tanh(x)
    }
    return .checked(result, finite: x.isFinite, nan: x.isNaN, overflows: overflows)
  }

  /// The logarithm of a positive integer too large for a double, from its fraction and exponent
  /// (`Digits.frexp`). `function` is log, log2 or log10.
  public static func logarithm(
    _ function: Function, fraction: Double, exponent: Int
  ) -> Double {
    let (a, b): (Double, Double)
    switch function {
    case .log2: (a, b) = (Glibc.log2(fraction), 1)
    case .log10: (a, b) = (Glibc.log10(fraction), Glibc.log10(2))
    default: (a, b) = (Glibc.log(fraction), Glibc.log(2))
    }
    return a + b * Double(exponent)
  }

  // MARK: Two numbers

  public static func atan2(_ y: Double, _ x: Double) -> Double { Glibc.atan2(y, x) }

  public static func fmod(_ x: Double, _ y: Double) -> MathOutcome {
    // fmod(x, inf) is x.
    if y.isInfinite && x.isFinite { return .value(x) }
    return .checked(
      Glibc.fmod(x, y), finite: x.isFinite && y.isFinite, nan: x.isNaN || y.isNaN,
      overflows: true)
  }

  /// IEEE 754 remainder: x - n*y for the integer n nearest to x/y, ties to even.
  public static func remainder(_ x: Double, _ y: Double) -> MathOutcome {
    if x.isNaN { return .value(x) }
    if y.isNaN { return .value(y) }
    if x.isInfinite || y == 0 { return .domainError }
    return .value(Glibc.remainder(x, y))
  }

  public static func pow(_ x: Double, _ y: Double) -> MathOutcome {
    if !x.isFinite || !y.isFinite {
      // The C library follows Annex F; none of these is an error.
      return .value(Glibc.pow(x, y))
    }
    let result = Glibc.pow(x, y)
    if result.isNaN { return .domainError }
    if result.isInfinite { return x == 0 ? .domainError : .rangeError }
    return .value(result)
  }

  /// `ldexp` with any exponent; clamp a Python integer to Int before.
  public static func ldexp(_ x: Double, _ exponent: Int) -> MathOutcome {
    if x == 0 || !x.isFinite { return .value(x) }
    if exponent > Int(Int32.max) { return .rangeError }
    if exponent < Int(Int32.min) { return .value(x < 0 ? -0.0 : 0.0) }
    let result = Glibc.ldexp(x, Int32(exponent))
    return result.isInfinite ? .rangeError : .value(result)
  }

  /// x * y + z with one rounding.
  public static func fma(_ x: Double, _ y: Double, _ z: Double) -> MathOutcome {
    let result = Glibc.fma(x, y, z)
    if result.isFinite { return .value(result) }
    if result.isNaN {
      return x.isNaN || y.isNaN || z.isNaN ? .value(result) : .domainError
    }
    return x.isFinite && y.isFinite && z.isFinite ? .rangeError : .value(result)
  }

  // MARK: Neighbours

  public static func nextAfter(_ x: Double, _ y: Double) -> Double { Glibc.nextafter(x, y) }

  /// `nextafter(x, y, steps=n)`.
  public static func nextAfter(_ x: Double, _ y: Double, steps: UInt64) -> Double {
    if steps == 0 { return x }
    if x.isNaN { return x }
    if y.isNaN { return y }
    if x == y { return y }
    // Doubles of one sign are ordered as their bit patterns.
    let sign: UInt64 = 1 << 63
    let a = x.bitPattern, b = y.bitPattern
    let magnitudeA = a & ~sign, magnitudeB = b & ~sign
    if (a ^ b) & sign != 0 {
      // Through zero: down to it, then up on the other side.
      if steps >= magnitudeA &+ magnitudeB { return y }
      if steps < magnitudeA { return Double(bitPattern: a &- steps) }
      if steps == magnitudeA { return Double(bitPattern: a & sign) }
      return Double(bitPattern: (steps &- magnitudeA) | b & sign)
    }
    if magnitudeA < magnitudeB {
      return steps >= magnitudeB &- magnitudeA ? y : Double(bitPattern: a &+ steps)
    }
    return steps >= magnitudeA &- magnitudeB ? y : Double(bitPattern: a &- steps)
  }

  /// The value of the least significant bit.
  public static func ulp(_ x: Double) -> Double {
    if x.isNaN { return x }
    let x = x.magnitude
    if x.isInfinite { return x }
    let above = Glibc.nextafter(x, .infinity)
    if above.isInfinite { return x - Glibc.nextafter(x, -.infinity) }
    return above - x
  }

  /// `math.isclose` and, with magnitudes as distances, `cmath.isclose`; tolerances not negative.
  public static func isClose(
    _ a: Double, _ b: Double, relative: Double, absolute: Double
  ) -> Bool {
    if a == b { return true }
    if a.isInfinite || b.isInfinite { return false }
    let difference = (b - a).magnitude
    return difference <= (relative * b).magnitude || difference <= (relative * a).magnitude
      || difference <= absolute
  }
}
