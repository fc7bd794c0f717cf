import CPythonABI
import Glibc
import Objects

/// The module `_statistics`. CPython: Modules/_statisticsmodule.c.
public let statisticsModule = ModuleSpec(
  "_statistics", doc: "Fast paths for the module statistics.\n", methods: [inverseCDF])

private let inverseCDF: Method = .fast(
  "_normal_dist_inv_cdf($module, p, mu, sigma, /)", "The quantile p of a normal distribution."
) { _, args, count in
  new {
    let a = try Arguments(inverseCDF, args, count)
    let p = try a.double(0)
    let mu = try a.double(1)
    let sigma = try a.double(2)
    if p <= 0 || p >= 1 { throw raise(.valueError, "inv_cdf undefined for these parameters") }
    return try own(PyFloat_FromDouble(mu + NormalQuantile.standard(p) * sigma))
  }
}

/// Quantiles of the standard normal distribution to 16 digits: rational approximations in three
/// ranges. M. J. Wichura, Algorithm AS 241, Applied Statistics 37 (1988) 477-484.
enum NormalQuantile {
  /// Numerator and denominator for |p - 0.5| <= 0.425, in 0.180625 - (p - 0.5)².
  private static let middle: ([Double], [Double]) = (
    [
      2.5090809287301226727e+3, 3.3430575583588128105e+4, 6.7265770927008700853e+4,
      4.5921953931549871457e+4, 1.3731693765509461125e+4, 1.9715909503065514427e+3,
      1.3314166789178437745e+2, 3.3871328727963666080e+0,
    ],
    [
      5.2264952788528545610e+3, 2.8729085735721942674e+4, 3.9307895800092710610e+4,
      2.1213794301586595867e+4, 5.3941960214247511077e+3, 6.8718700749205790830e+2,
      4.2313330701600911252e+1, 1.0,
    ]
  )
  /// For r = sqrt(-log(min(p, 1 - p))) <= 5, in r - 1.6.
  private static let near: ([Double], [Double]) = (
    [
      7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
      1.27045825245236838258e+0, 3.64784832476320460504e+0, 5.76949722146069140550e+0,
      4.63033784615654529590e+0, 1.42343711074968357734e+0,
    ],
    [
      1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
      1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940e+0,
      2.05319162663775882187e+0, 1.0,
    ]
  )
  /// For larger r, in r - 5.
  private static let far: ([Double], [Double]) = (
    [
      2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
      2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e+0,
      5.46378491116411436990e+0, 6.65790464350110377720e+0,
    ],
    [
      2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
      7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1,
      5.99832206555887937690e-1, 1.0,
    ]
  )

  private static func value(_ coefficients: [Double], _ x: Double) -> Double {
    var sum = coefficients[0]
    for coefficient in coefficients.dropFirst() { sum = sum * x + coefficient }
    return sum
  }

  /// For 0 < p < 1.
  static func standard(_ p: Double) -> Double {
    let q = p - 0.5
    if abs(q) <= 0.425 {
      let r = 0.180625 - q * q
      return value(middle.0, r) * q / value(middle.1, r)
    }
    let r = sqrt(-log(q <= 0 ? p : 1 - p))
    let (parts, x) = r <= 5 ? (near, r - 1.6) : (far, r - 5)
    let size = value(parts.0, x) / value(parts.1, x)
    return q < 0 ? -size : size
  }
}
