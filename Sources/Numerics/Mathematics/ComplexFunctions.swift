import Glibc

/// The functions of `cmath`. CPython: Modules/cmathmodule.c; the formulas follow Kahan, "Branch Cuts
/// for Complex Elementary Functions" (1987), the results for infinities and NaNs C99 Annex G.
public enum ComplexFunctions {
  public enum Outcome: Sendable, Equatable {
    case value(ComplexValue)
    /// ValueError: "math domain error"
    case domainError
    /// OverflowError: "math range error"
    case rangeError
  }

  // Beyond these a naive formula would overflow.
  private static var large: Double { Double.greatestFiniteMagnitude / 4 }
  private static let sqrtLarge = large.squareRoot()
  private static let logLarge = Glibc.log(large)
  private static let sqrtLeast = Double.leastNormalMagnitude.squareRoot()
  private static let ln2 = Glibc.log(2.0)

  private static func isFinite(_ z: ComplexValue) -> Bool {
    z.real.isFinite && z.imaginary.isFinite
  }

  private static func special(_ table: [Double], _ z: ComplexValue) -> ComplexValue {
    func kind(_ x: Double) -> Int {
      if x.isNaN { return 6 }
      if x.isInfinite { return x < 0 ? 0 : 5 }
      if x == 0 { return x.sign == .minus ? 2 : 3 }
      return x < 0 ? 1 : 4
    }
    let index = 2 * (kind(z.real) * 7 + kind(z.imaginary))
    return ComplexValue(table[index], table[index + 1])
  }

  private static func copySign(_ magnitude: Double, _ sign: Double) -> Double {
    copysign(magnitude, sign)
  }

  /// log(|z|) for a z too large to take its absolute value.
  private static func logOfLarge(_ z: ComplexValue) -> Double {
    Glibc.log(hypot(z.real / 2, z.imaginary / 2)) + ln2 * 2
  }

  private static func isLarge(_ z: ComplexValue) -> Bool {
    z.real.magnitude > large || z.imaginary.magnitude > large
  }

  /// An infinite real part with an ordinary, not zero angle.
  private static func isInfiniteAtAngle(_ z: ComplexValue) -> Bool {
    z.real.isInfinite && z.imaginary.isFinite && z.imaginary != 0
  }

  private static func checked(_ z: ComplexValue) -> Outcome {
    z.real.isInfinite || z.imaginary.isInfinite ? .rangeError : .value(z)
  }

  // MARK: Roots and logarithms

  public static func sqrt(_ z: ComplexValue) -> ComplexValue {
    if !isFinite(z) { return special(ComplexSpecialValues.sqrt, z) }
    if z.real == 0 && z.imaginary == 0 { return ComplexValue(0, z.imaginary) }
    var x = z.real.magnitude
    let y = z.imaginary.magnitude
    let s: Double
    if x < .leastNormalMagnitude && y < .leastNormalMagnitude {
      // Both subnormal (or zero): scale up by an even power of two.
      x = scalbn(x, 53)
      s = scalbn((x + hypot(x, scalbn(y, 53))).squareRoot(), -27)
    } else {
      x /= 8
      s = 2 * (x + hypot(x, y / 8)).squareRoot()
    }
    let d = y / (2 * s)
    if z.real >= 0 { return ComplexValue(s, copySign(d, z.imaginary)) }
    return ComplexValue(d, copySign(s, z.imaginary))
  }

  public static func log(_ z: ComplexValue) -> Outcome {
    if !isFinite(z) { return .value(special(ComplexSpecialValues.log, z)) }
    let x = z.real.magnitude, y = z.imaginary.magnitude
    let size: Double
    if x > large || y > large {
      size = Glibc.log(hypot(x / 2, y / 2)) + ln2
    } else if x < .leastNormalMagnitude && y < .leastNormalMagnitude {
      if x == 0 && y == 0 { return .domainError }
      size = Glibc.log(hypot(scalbn(x, 53), scalbn(y, 53))) - 53 * ln2
    } else {
      let h = hypot(x, y)
      if h >= 0.71 && h <= 1.73 {
        // Near 1 the logarithm of the rounded absolute value would lose digits.
        let (big, small) = x > y ? (x, y) : (y, x)
        size = log1p((big - 1) * (big + 1) + small * small) / 2
      } else {
        size = Glibc.log(h)
      }
    }
    return .value(ComplexValue(size, atan2(z.imaginary, z.real)))
  }

  public static func log10(_ z: ComplexValue) -> Outcome {
    guard case .value(let result) = log(z) else { return .domainError }
    let ln10 = Glibc.log(10.0)
    return .value(ComplexValue(result.real / ln10, result.imaginary / ln10))
  }

  public static func exp(_ z: ComplexValue) -> Outcome {
    if !isFinite(z) {
      if isInfiniteAtAngle(z) {
        let size = z.real > 0 ? Double.infinity : 0
        return .value(
          ComplexValue(copySign(size, Glibc.cos(z.imaginary)), copySign(size, Glibc.sin(z.imaginary))))
      }
      if z.imaginary.isInfinite && (z.real.isFinite || z.real == .infinity) { return .domainError }
      return .value(special(ComplexSpecialValues.exp, z))
    }
    if z.real > logLarge {
      let size = Glibc.exp(z.real - 1)
      return checked(
        ComplexValue(size * Glibc.cos(z.imaginary) * M_E, size * Glibc.sin(z.imaginary) * M_E))
    }
    let size = Glibc.exp(z.real)
    return checked(ComplexValue(size * Glibc.cos(z.imaginary), size * Glibc.sin(z.imaginary)))
  }

  // MARK: Inverse functions

  public static func acos(_ z: ComplexValue) -> ComplexValue {
    if !isFinite(z) { return special(ComplexSpecialValues.acos, z) }
    if isLarge(z) {
      let size = logOfLarge(z)
      return ComplexValue(
        atan2(z.imaginary.magnitude, z.real),
        z.real < 0 ? -copySign(size, z.imaginary) : copySign(size, -z.imaginary))
    }
    let s1 = sqrt(ComplexValue(1 - z.real, -z.imaginary))
    let s2 = sqrt(ComplexValue(1 + z.real, z.imaginary))
    return ComplexValue(
      2 * atan2(s1.real, s2.real), Glibc.asinh(s2.real * s1.imaginary - s2.imaginary * s1.real))
  }

  public static func acosh(_ z: ComplexValue) -> ComplexValue {
    if !isFinite(z) { return special(ComplexSpecialValues.acosh, z) }
    if isLarge(z) { return ComplexValue(logOfLarge(z), atan2(z.imaginary, z.real)) }
    let s1 = sqrt(ComplexValue(z.real - 1, z.imaginary))
    let s2 = sqrt(ComplexValue(z.real + 1, z.imaginary))
    return ComplexValue(
      Glibc.asinh(s1.real * s2.real + s1.imaginary * s2.imaginary),
      2 * atan2(s1.imaginary, s2.real))
  }

  public static func asin(_ z: ComplexValue) -> ComplexValue {
    let s = asinh(ComplexValue(-z.imaginary, z.real))
    return ComplexValue(s.imaginary, -s.real)
  }

  public static func asinh(_ z: ComplexValue) -> ComplexValue {
    if !isFinite(z) { return special(ComplexSpecialValues.asinh, z) }
    if isLarge(z) {
      let size = logOfLarge(z)
      return ComplexValue(
        z.imaginary >= 0 ? copySign(size, z.real) : -copySign(size, -z.real),
        atan2(z.imaginary, z.real.magnitude))
    }
    let s1 = sqrt(ComplexValue(1 + z.imaginary, -z.real))
    let s2 = sqrt(ComplexValue(1 - z.imaginary, z.real))
    return ComplexValue(
      Glibc.asinh(s1.real * s2.imaginary - s2.real * s1.imaginary),
      atan2(z.imaginary, s1.real * s2.real - s1.imaginary * s2.imaginary))
  }

  public static func atan(_ z: ComplexValue) -> Outcome {
    guard case .value(let s) = atanh(ComplexValue(-z.imaginary, z.real)) else { return .domainError }
    return .value(ComplexValue(s.imaginary, -s.real))
  }

  public static func atanh(_ z: ComplexValue) -> Outcome {
    if !isFinite(z) { return .value(special(ComplexSpecialValues.atanh, z)) }
    if z.real.sign == .minus {
      guard case .value(let s) = atanh(-z) else { return .domainError }
      return .value(-s)
    }
    let y = z.imaginary.magnitude
    if z.real > sqrtLarge || y > sqrtLarge {
      let h = hypot(z.real / 2, z.imaginary / 2)
      return .value(ComplexValue(z.real / 4 / h / h, -copySign(.pi / 2, -z.imaginary)))
    }
    if z.real == 1 && y < sqrtLeast {
      if y == 0 { return .domainError }
      return .value(
        ComplexValue(
          -Glibc.log(y.squareRoot() / hypot(y, 2).squareRoot()),
          copySign(atan2(2, -y) / 2, z.imaginary)))
    }
    let rest = 1 - z.real
    return .value(
      ComplexValue(
        log1p(4 * z.real / (rest * rest + y * y)) / 4,
        -atan2(-2 * z.imaginary, rest * (1 + z.real) - y * y) / 2))
  }

  // MARK: Circular and hyperbolic functions

  public static func cos(_ z: ComplexValue) -> Outcome {
    cosh(ComplexValue(-z.imaginary, z.real))
  }

  public static func cosh(_ z: ComplexValue) -> Outcome {
    if !isFinite(z) {
      if isInfiniteAtAngle(z) {
        let real = copySign(.infinity, Glibc.cos(z.imaginary))
        let imaginary = copySign(.infinity, Glibc.sin(z.imaginary))
        return .value(ComplexValue(real, z.real > 0 ? imaginary : -imaginary))
      }
      if z.imaginary.isInfinite && !z.real.isNaN { return .domainError }
      return .value(special(ComplexSpecialValues.cosh, z))
    }
    if z.real.magnitude > logLarge {
      let x = z.real - copySign(1, z.real)
      return checked(
        ComplexValue(
          Glibc.cos(z.imaginary) * Glibc.cosh(x) * M_E,
          Glibc.sin(z.imaginary) * Glibc.sinh(x) * M_E))
    }
    return checked(
      ComplexValue(
        Glibc.cos(z.imaginary) * Glibc.cosh(z.real), Glibc.sin(z.imaginary) * Glibc.sinh(z.real)))
  }

  public static func sin(_ z: ComplexValue) -> Outcome {
    rotated(sinh(ComplexValue(-z.imaginary, z.real)))
  }

  /// Multiplies by -i.
  private static func rotated(_ outcome: Outcome) -> Outcome {
    guard case .value(let s) = outcome else { return outcome }
    return .value(ComplexValue(s.imaginary, -s.real))
  }

  public static func sinh(_ z: ComplexValue) -> Outcome {
    if !isFinite(z) {
      if isInfiniteAtAngle(z) {
        let real = copySign(.infinity, Glibc.cos(z.imaginary))
        return .value(
          ComplexValue(
            z.real > 0 ? real : -real, copySign(.infinity, Glibc.sin(z.imaginary))))
      }
      if z.imaginary.isInfinite && !z.real.isNaN { return .domainError }
      return .value(special(ComplexSpecialValues.sinh, z))
    }
    if z.real.magnitude > logLarge {
      let x = z.real - copySign(1, z.real)
      return checked(
        ComplexValue(
          Glibc.cos(z.imaginary) * Glibc.sinh(x) * M_E,
          Glibc.sin(z.imaginary) * Glibc.cosh(x) * M_E))
    }
    return checked(
      ComplexValue(
        Glibc.cos(z.imaginary) * Glibc.sinh(z.real), Glibc.sin(z.imaginary) * Glibc.cosh(z.real)))
  }

  public static func tan(_ z: ComplexValue) -> Outcome {
    rotated(tanh(ComplexValue(-z.imaginary, z.real)))
  }

  public static func tanh(_ z: ComplexValue) -> Outcome {
    if !isFinite(z) {
      if isInfiniteAtAngle(z) {
        let part = copySign(0, 2 * Glibc.sin(z.imaginary) * Glibc.cos(z.imaginary))
        return .value(ComplexValue(z.real > 0 ? 1 : -1, part))
      }
      if z.imaginary.isInfinite && z.real.isFinite { return .domainError }
      return .value(special(ComplexSpecialValues.tanh, z))
    }
    if z.real.magnitude > logLarge {
      return .value(
        ComplexValue(
          copySign(1, z.real),
          4 * Glibc.sin(z.imaginary) * Glibc.cos(z.imaginary)
            * Glibc.exp(-2 * z.real.magnitude)))
    }
    let tx = Glibc.tanh(z.real), ty = Glibc.tan(z.imaginary)
    let cx = 1 / Glibc.cosh(z.real)
    let product = tx * ty
    let denominator = 1 + product * product
    return .value(
      ComplexValue(tx * (1 + ty * ty) / denominator, ty / denominator * cx * cx))
  }

  // MARK: Polar coordinates

  public static func phase(_ z: ComplexValue) -> Double { atan2(z.imaginary, z.real) }

  public static func rect(_ r: Double, _ phi: Double) -> Outcome {
    if !r.isFinite || !phi.isFinite {
      let z = ComplexValue(r, phi)
      if isInfiniteAtAngle(z) {
        let real = copySign(.infinity, Glibc.cos(phi)), imaginary = copySign(.infinity, Glibc.sin(phi))
        return .value(r > 0 ? ComplexValue(real, imaginary) : ComplexValue(-real, -imaginary))
      }
      if r != 0 && !r.isNaN && phi.isInfinite { return .domainError }
      return .value(special(ComplexSpecialValues.rect, z))
    }
    if phi == 0 { return .value(ComplexValue(r, r * phi)) }
    return .value(ComplexValue(r * Glibc.cos(phi), r * Glibc.sin(phi)))
  }
}
