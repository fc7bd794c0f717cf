import Glibc

/// The gamma function by Lanczos' approximation (g = 6.0246800407767296, 13 terms, as published
/// with Boost), with the arrangement of CPython's Modules/mathmodule.c so that results agree to the
/// last bit.
enum Gamma {
  private static var g: Double { 6.024680040776729583740234375 }
  private static var gMinusHalf: Double { 5.524680040776729583740234375 }

  private static let numerator: [Double] = [
    23531376880.410759688572007674451636754734846804940,
    42919803642.649098768957899047001988850926355848959,
    35711959237.355668049440185451547166705960488635843,
    17921034426.037209699919755754458931112671403265390,
    6039542586.3520280050642916443072979210699388420708,
    1439720407.3117216736632230727949123939715485786372,
    248874557.86205415651146038641322942321632125127801,
    31426415.585400194380614231628318205362874684987640,
    2876370.6289353724412254090516208496135991145378768,
    186056.26539522349504029498971604569928220784236328,
    8071.6720023658162106380029022722506138218516325024,
    210.82427775157934587250973392071336271166969580291,
    2.5066282746310002701649081771338373386264310793408,
  ]

  /// x (x+1) ... (x+11)
  private static let denominator: [Double] = [
    0, 39916800, 120543840, 150917976, 105258076, 45995730, 13339535, 2637558, 357423, 32670, 1925,
    66, 1,
  ]

  /// 0! ... 22!, all exact.
  private static let factorials: [Double] = [
    1, 1, 2, 6, 24, 120, 720, 5040, 40320, 362880, 3628800, 39916800, 479001600, 6227020800,
    87178291200, 1307674368000, 20922789888000, 355687428096000, 6402373705728000,
    121645100408832000, 2432902008176640000, 51090942171709440000, 1124000727777607680000,
  ]

  private static func lanczosSum(_ x: Double) -> Double {
    var top = 0.0, bottom = 0.0
    if x < 5 {
      for i in stride(from: 12, through: 0, by: -1) {
        top = top * x + numerator[i]
        bottom = bottom * x + denominator[i]
      }
    } else {
      // In powers of 1/x, which cannot overflow.
      for i in 0..<13 {
        top = top / x + numerator[i]
        bottom = bottom / x + denominator[i]
      }
    }
    return top / bottom
  }

  /// sin(pi x), exact at multiples of 1/2.
  private static func sinPi(_ x: Double) -> Double {
    let y = fmod(x.magnitude, 2)
    let result: Double
    switch Int((2 * y).rounded(.toNearestOrAwayFromZero)) {
    case 0: result = sin(.pi * y)
    case 1: result = cos(.pi * (y - 0.5))
    case 2: result = sin(.pi * (1 - y))
    case 3: result = -cos(.pi * (y - 1.5))
    default: result = sin(.pi * (y - 2))
    }
    return x.sign == .minus ? -result : result
  }

  static func gamma(_ x: Double) -> MathOutcome {
    if !x.isFinite { return x.isNaN || x > 0 ? .value(x) : .domainError }
    if x == 0 { return .domainError }
    if x == x.rounded(.down) {
      if x < 0 { return .domainError }
      if x <= 23 { return .value(factorials[Int(x) - 1]) }
    }
    let a = x.magnitude
    if a < 1e-20 {
      let result = 1 / x
      return result.isInfinite ? .rangeError : .value(result)
    }
    if a > 200 { return x < 0 ? .value(0 / sinPi(x)) : .rangeError }
    let y = a + gMinusHalf
    // The rounding error of y, to correct the power of y for it.
    let lost = a > gMinusHalf ? (y - a) - gMinusHalf : (y - gMinusHalf) - a
    let correction = lost * g / y
    var result: Double
    if x < 0 {
      result = -Double.pi / sinPi(a) / a * exp(y) / lanczosSum(a)
      result -= correction * result
      if a < 140 {
        result /= pow(y, a - 0.5)
      } else {
        let root = pow(y, a / 2 - 0.25)
        result /= root
        result /= root
      }
    } else {
      result = lanczosSum(a) / exp(y)
      result += correction * result
      if a < 140 {
        result *= pow(y, a - 0.5)
      } else {
        let root = pow(y, a / 2 - 0.25)
        result *= root
        result *= root
      }
    }
    return result.isInfinite ? .rangeError : .value(result)
  }

  static func logGamma(_ x: Double) -> MathOutcome {
    if !x.isFinite { return .value(x.isNaN ? x : .infinity) }
    if x == x.rounded(.down) && x <= 2 {
      return x <= 0 ? .domainError : .value(0)
    }
    let a = x.magnitude
    if a < 1e-20 { return .value(-log(a)) }
    var result = log(lanczosSum(a)) - g
    result += (a - 0.5) * (log(a + g - 0.5) - 1)
    if x < 0 {
      // Reflection: log(pi / (|x| |sin(pi x)|)) - log(gamma(|x|)).
      result = 1.144729885849400174143427351353058711647 - log(sinPi(a).magnitude) - log(a) - result
    }
    return result.isInfinite ? .rangeError : .value(result)
  }
}
