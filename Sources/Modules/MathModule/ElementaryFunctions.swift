import CPythonABI
import Numerics
import Objects

/// The functions of one number.
enum ElementaryFunctions {
  static let all: [Method] = [
    acos, acosh, asin, asinh, atan, atanh, cbrt, cos, cosh, erf, erfc, exp, exp2, expm1, fabs,
    gamma, lgamma, log1p, sin, sinh, sqrt, tan, tanh,
  ]

  private static let acos: Method = .o("acos($module, x, /)", "The arc cosine of x in radians, from 0 to pi.") { _, x in
    new { try float(Elementary.apply(.acos, real(x))) }
  }
  private static let acosh: Method = .o("acosh($module, x, /)", "The inverse hyperbolic cosine of x.") { _, x in
    new { try float(Elementary.apply(.acosh, real(x))) }
  }
  private static let asin: Method = .o("asin($module, x, /)", "The arc sine of x in radians, from -pi/2 to pi/2.") { _, x in
    new { try float(Elementary.apply(.asin, real(x))) }
  }
  private static let asinh: Method = .o("asinh($module, x, /)", "The inverse hyperbolic sine of x.") { _, x in
    new { try float(Elementary.apply(.asinh, real(x))) }
  }
  private static let atan: Method = .o("atan($module, x, /)", "The arc tangent of x in radians, from -pi/2 to pi/2.") { _, x in
    new { try float(Elementary.apply(.atan, real(x))) }
  }
  private static let atanh: Method = .o("atanh($module, x, /)", "The inverse hyperbolic tangent of x.") { _, x in
    new { try float(Elementary.apply(.atanh, real(x))) }
  }
  private static let cbrt: Method = .o("cbrt($module, x, /)", "The cube root of x.") { _, x in
    new { try float(Elementary.apply(.cbrt, real(x))) }
  }
  private static let cos: Method = .o("cos($module, x, /)", "The cosine of x radians.") { _, x in
    new { try float(Elementary.apply(.cos, real(x))) }
  }
  private static let cosh: Method = .o("cosh($module, x, /)", "The hyperbolic cosine of x.") { _, x in
    new { try float(Elementary.apply(.cosh, real(x))) }
  }
  private static let erf: Method = .o("erf($module, x, /)", "The error function at x.") { _, x in
    new { try float(Elementary.apply(.erf, real(x))) }
  }
  private static let erfc: Method = .o("erfc($module, x, /)", "One minus the error function at x, exact for large x.") { _, x in
    new { try float(Elementary.apply(.erfc, real(x))) }
  }
  private static let exp: Method = .o("exp($module, x, /)", "e to the power of x.") { _, x in
    new { try float(Elementary.apply(.exp, real(x))) }
  }
  private static let exp2: Method = .o("exp2($module, x, /)", "2 to the power of x.") { _, x in
    new { try float(Elementary.apply(.exp2, real(x))) }
  }
  private static let expm1: Method = .o("expm1($module, x, /)", "exp(x) - 1, exact for small x.") { _, x in
    new { try float(Elementary.apply(.expm1, real(x))) }
  }
  private static let fabs: Method = .o("fabs($module, x, /)", "The magnitude of x as a float.") { _, x in
    new { try float(Elementary.apply(.fabs, real(x))) }
  }
  private static let gamma: Method = .o("gamma($module, x, /)", "The gamma function at x.") { _, x in
    new { try float(Elementary.apply(.gamma, real(x))) }
  }
  private static let lgamma: Method = .o("lgamma($module, x, /)", "The natural logarithm of the magnitude of the gamma function at x.") { _, x in
    new { try float(Elementary.apply(.lgamma, real(x))) }
  }
  private static let log1p: Method = .o("log1p($module, x, /)", "The natural logarithm of 1 + x, exact for small x.") { _, x in
    new { try float(Elementary.apply(.log1p, real(x))) }
  }
  private static let sin: Method = .o("sin($module, x, /)", "The sine of x radians.") { _, x in
    new { try float(Elementary.apply(.sin, real(x))) }
  }
  private static let sinh: Method = .o("sinh($module, x, /)", "The hyperbolic sine of x.") { _, x in
    new { try float(Elementary.apply(.sinh, real(x))) }
  }
  private static let sqrt: Method = .o("sqrt($module, x, /)", "The square root of x.") { _, x in
    new { try float(Elementary.apply(.sqrt, real(x))) }
  }
  private static let tan: Method = .o("tan($module, x, /)", "The tangent of x radians.") { _, x in
    new { try float(Elementary.apply(.tan, real(x))) }
  }
  private static let tanh: Method = .o("tanh($module, x, /)", "The hyperbolic tangent of x.") { _, x in
    new { try float(Elementary.apply(.tanh, real(x))) }
  }
}
