import CPythonABI
import Glibc
import Numerics
import Objects

/// The module `cmath`. CPython: Modules/cmathmodule.c. The algorithms are in Numerics.
public let cmathModule = ModuleSpec(
  "cmath", doc: "The mathematical functions for complex numbers.",
  methods: [
    acos, acosh, asin, asinh, atan, atanh, cos, cosh, exp, isClose, isFinite, isInfinite, isNaN,
    log, log10, phase, polar, rect, sin, sinh, sqrt, tan, tanh,
  ],
  constants: [
    .float("pi", .pi), .float("e", 2.718281828459045), .float("tau", 2 * .pi),
    .float("inf", .infinity), .float("nan", .nan),
  ],
  exec: { module in
    status {
      let infinity = try own(PyComplex_FromDoubles(0, .infinity))
      try check(PyModule_AddObjectRef(module, "infj", infinity.ref))
      let nan = try own(PyComplex_FromDoubles(0, .nan))
      try check(PyModule_AddObjectRef(module, "nanj", nan.ref))
    }
  })

/// A number argument as a complex value.
private func complex(_ object: Ref) throws(Raised) -> ComplexValue {
  let value = PyComplex_AsCComplex(object)
  if value.real == -1 && hasRaised() { throw Raised() }
  return ComplexValue(value.real, value.imag)
}

private func object(_ value: ComplexValue) throws(Raised) -> Owned {
  try own(PyComplex_FromDoubles(value.real, value.imaginary))
}

private func value(_ outcome: ComplexFunctions.Outcome) throws(Raised) -> ComplexValue {
  switch outcome {
  case .value(let value): return value
  case .domainError: throw raise(.valueError, "math domain error")
  case .rangeError: throw raise(.overflowError, "math range error")
  }
}

private let acos: Method = .o("acos($module, z, /)", "The arc cosine of z.") { _, z in
  new { try object(ComplexFunctions.acos(complex(z))) }
}

private let acosh: Method = .o("acosh($module, z, /)", "The inverse hyperbolic cosine of z.") { _, z in
  new { try object(ComplexFunctions.acosh(complex(z))) }
}

private let asin: Method = .o("asin($module, z, /)", "The arc sine of z.") { _, z in
  new { try object(ComplexFunctions.asin(complex(z))) }
}

private let asinh: Method = .o("asinh($module, z, /)", "The inverse hyperbolic sine of z.") { _, z in
  new { try object(ComplexFunctions.asinh(complex(z))) }
}

private let atan: Method = .o("atan($module, z, /)", "The arc tangent of z.") { _, z in
  new { try object(value(ComplexFunctions.atan(complex(z)))) }
}

private let atanh: Method = .o("atanh($module, z, /)", "The inverse hyperbolic tangent of z.") { _, z in
  new { try object(value(ComplexFunctions.atanh(complex(z)))) }
}

private let cos: Method = .o("cos($module, z, /)", "The cosine of z.") { _, z in
  new { try object(value(ComplexFunctions.cos(complex(z)))) }
}

private let cosh: Method = .o("cosh($module, z, /)", "The hyperbolic cosine of z.") { _, z in
  new { try object(value(ComplexFunctions.cosh(complex(z)))) }
}

private let exp: Method = .o("exp($module, z, /)", "e to the power of z.") { _, z in
  new { try object(value(ComplexFunctions.exp(complex(z)))) }
}

private let log10: Method = .o("log10($module, z, /)", "The logarithm of z to base 10.") { _, z in
  new { try object(value(ComplexFunctions.log10(complex(z)))) }
}

private let sin: Method = .o("sin($module, z, /)", "The sine of z.") { _, z in
  new { try object(value(ComplexFunctions.sin(complex(z)))) }
}

private let sinh: Method = .o("sinh($module, z, /)", "The hyperbolic sine of z.") { _, z in
  new { try object(value(ComplexFunctions.sinh(complex(z)))) }
}

private let sqrt: Method = .o("sqrt($module, z, /)", "The square root of z.") { _, z in
  new { try object(ComplexFunctions.sqrt(complex(z))) }
}

private let tan: Method = .o("tan($module, z, /)", "The tangent of z.") { _, z in
  new { try object(value(ComplexFunctions.tan(complex(z)))) }
}

private let tanh: Method = .o("tanh($module, z, /)", "The hyperbolic tangent of z.") { _, z in
  new { try object(value(ComplexFunctions.tanh(complex(z)))) }
}

private let log: Method = .fast(
  "log($module, z, base=<unrepresentable>, /)",
  "log(z[, base]) -> the logarithm of z to a base, the natural one without."
) { _, args, count in
  new {
    let a = try Arguments(log, args, count)
    let above = try complex(a.object(0))
    guard let base = a[1] else { return try object(value(ComplexFunctions.log(above))) }
    let below = try complex(base)
    let first = try value(ComplexFunctions.log(above))
    let second = try value(ComplexFunctions.log(below))
    guard let quotient = first.divided(by: second) else {
      throw raise(.valueError, "math domain error")
    }
    return try object(quotient)
  }
}

private let phase: Method = .o(
  "phase($module, z, /)", "The angle of z in radians, from -pi to pi."
) { _, z in new { try own(PyFloat_FromDouble(ComplexFunctions.phase(complex(z)))) } }

private let polar: Method = .o(
  "polar($module, z, /)", "The distance of z from zero and its angle."
) { _, z in
  new {
    let z = try complex(z)
    guard let magnitude = z.magnitude else { throw raise(.overflowError, "math range error") }
    let r = try own(PyFloat_FromDouble(magnitude))
    let phi = try own(PyFloat_FromDouble(ComplexFunctions.phase(z)))
    return try tuple(r, phi)
  }
}

private let rect: Method = .fast(
  "rect($module, r, phi, /)", "The number at a distance from zero and an angle."
) { _, args, count in
  new {
    let a = try Arguments(rect, args, count)
    let r = try a.double(0)
    return try object(value(ComplexFunctions.rect(r, a.double(1))))
  }
}

private let isFinite: Method = .o(
  "isfinite($module, z, /)", "Whether both parts of z are finite."
) { _, z in
  bool {
    let z = try complex(z)
    return z.real.isFinite && z.imaginary.isFinite
  }
}

private let isInfinite: Method = .o(
  "isinf($module, z, /)", "Whether a part of z is infinite."
) { _, z in
  bool {
    let z = try complex(z)
    return z.real.isInfinite || z.imaginary.isInfinite
  }
}

private let isNaN: Method = .o("isnan($module, z, /)", "Whether a part of z is a NaN.") { _, z in
  bool {
    let z = try complex(z)
    return z.real.isNaN || z.imaginary.isNaN
  }
}

private let isClose: Method = .keywords(
  "isclose($module, /, a, b, *, rel_tol=1e-09, abs_tol=0.0)",
  """
  Whether two complex numbers are close to each other.

    rel_tol
      The largest distance as a part of the larger magnitude.
    abs_tol
      The largest distance as it is, for numbers near zero.

  A NaN is close to nothing, an infinity only to itself.
  """
) { _, args, count, names in
  bool {
    let a = try Arguments(isClose, args, count, names)
    let x = try complex(a.object(0))
    let y = try complex(a.object(1))
    let relative = try a.double(2, default: 1e-9)
    let absolute = try a.double(3)
    if relative < 0 || absolute < 0 { throw raise(.valueError, "tolerances must be non-negative") }
    if x == y { return true }
    if x.real.isInfinite || x.imaginary.isInfinite || y.real.isInfinite || y.imaginary.isInfinite {
      return false
    }
    let distance = Glibc.hypot(x.real - y.real, x.imaginary - y.imaginary)
    return distance <= relative * Glibc.hypot(y.real, y.imaginary)
      || distance <= relative * Glibc.hypot(x.real, x.imaginary) || distance <= absolute
  }
}
