import CPythonABI
import Glibc
import Numerics
import Objects

/// Functions of two numbers, rounding, parts and properties of floats.
enum FloatFunctions {
  static let all: [Method] = [
    atan2, copySign, fmod, pow, remainder, fma, log, log2, log10, floor, ceil, trunc, frexp, ldexp,
    modf, degrees, radians, isFinite, isInfinite, isNaN, isClose, nextAfter, ulp, hypot, dist,
  ]

  private static let atan2: Method = .fast(
    "atan2($module, y, x, /)", "The angle in radians of the point (x, y), from -pi to pi."
  ) { _, args, count in
    new {
      let a = try Arguments(atan2, args, count)
      let y = try real(a.object(0))
      return try float(Elementary.atan2(y, real(a.object(1))))
    }
  }

  private static let copySign: Method = .fast(
    "copysign($module, x, y, /)", "The magnitude of x with the sign of y, also that of a zero."
  ) { _, args, count in
    new {
      let a = try Arguments(copySign, args, count)
      let x = try real(a.object(0))
      return try float(Glibc.copysign(x, real(a.object(1))))
    }
  }

  private static let fmod: Method = .fast(
    "fmod($module, x, y, /)", "The remainder of x / y with the sign of x, exactly."
  ) { _, args, count in
    new {
      let a = try Arguments(fmod, args, count)
      let x = try real(a.object(0))
      return try float(Elementary.fmod(x, real(a.object(1))))
    }
  }

  private static let pow: Method = .fast(
    "pow($module, x, y, /)", "x to the power of y as floats."
  ) { _, args, count in
    new {
      let a = try Arguments(pow, args, count)
      let x = try real(a.object(0))
      return try float(Elementary.pow(x, real(a.object(1))))
    }
  }

  private static let remainder: Method = .fast(
    "remainder($module, x, y, /)",
    "x less the multiple of y that is closest to it; of two as close the even one."
  ) { _, args, count in
    new {
      let a = try Arguments(remainder, args, count)
      let x = try real(a.object(0))
      return try float(Elementary.remainder(x, real(a.object(1))))
    }
  }

  private static let fma: Method = .fast(
    "fma($module, x, y, z, /)", "x * y + z, rounded once."
  ) { _, args, count in
    new {
      let a = try Arguments(fma, args, count)
      let x = try real(a.object(0))
      let y = try real(a.object(1))
      return try float(
        Elementary.fma(x, y, real(a.object(2))), domain: "invalid operation in fma",
        range: "overflow in fma")
    }
  }

  // MARK: Logarithms

  /// The logarithm of an int of any size or of a float.
  private static func logarithm(
    _ function: Elementary.Function, _ x: Ref
  ) throws(Raised) -> Owned {
    guard x.isInt else { return try float(Elementary.apply(function, real(x))) }
    if apus_long_sign(x) <= 0 { throw raise(.valueError, "math domain error") }
    let value = PyLong_AsDouble(x)
    if value != -1 || !hasRaised() { return try float(Elementary.apply(function, value)) }
    guard PyErr_ExceptionMatches(.overflowError) != 0 else { throw Raised() }
    PyErr_Clear()
    let parts = Digits.frexp(
      UnsafePointer(apus_long_digits(x)), apus_long_digit_count(x))
    return try float(
      Elementary.logarithm(function, fraction: parts.fraction, exponent: parts.exponent))
  }

  private static let log: Method = .fast(
    "log", "log(x, [base=math.e])\nThe logarithm of x to a base, the natural one without."
  ) { _, args, count in
    new {
      try checkPositional("log", count, least: 1, most: 2)
      guard let args else { throw Raised() }
      let above = try logarithm(.log, args[0])
      if count == 1 { return above }
      let below = try logarithm(.log, args[1])
      return try own(PyNumber_TrueDivide(above.ref, below.ref))
    }
  }

  private static let log2: Method = .o("log2($module, x, /)", "The logarithm of x to base 2.") {
    _, x in new { try logarithm(.log2, x) }
  }

  private static let log10: Method = .o("log10($module, x, /)", "The logarithm of x to base 10.") {
    _, x in new { try logarithm(.log10, x) }
  }

  // MARK: Rounding and parts

  /// The result of a special method, or nil when the type has none.
  private static func special(_ object: Ref, _ name: StaticString) throws(Raised) -> Owned? {
    let text = try own(PyUnicode_InternFromString(cString(name)))
    guard let method = _PyObject_LookupSpecial(object, text.ref) else {
      if hasRaised() { throw Raised() }
      return nil
    }
    let bound = Owned(adopting: method)
    return try own(PyObject_CallNoArgs(bound.ref))
  }

  private static let floor: Method = .o(
    "floor($module, x, /)", "The largest int that is not above x."
  ) { _, x in
    new {
      if !x.isExactFloat, let result = try special(x, "__floor__") { return result }
      return try own(PyLong_FromDouble(real(x).rounded(.down)))
    }
  }

  private static let ceil: Method = .o(
    "ceil($module, x, /)", "The smallest int that is not below x."
  ) { _, x in
    new {
      if !x.isExactFloat, let result = try special(x, "__ceil__") { return result }
      return try own(PyLong_FromDouble(real(x).rounded(.up)))
    }
  }

  private static let trunc: Method = .o(
    "trunc($module, x, /)", "The int between 0 and x that is closest to x, by x.__trunc__()."
  ) { _, x in
    new {
      if x.isExactFloat { return try own(PyLong_FromDouble(real(x))) }
      if let result = try special(x, "__trunc__") { return result }
      throw raise(.typeError, "type \(x.type.fullName) doesn't define __trunc__ method")
    }
  }

  private static let frexp: Method = .o(
    "frexp($module, x, /)",
    "A fraction m and an int e with x == m * 2**e and m at least 0.5 and below 1, or zero."
  ) { _, x in
    new {
      let x = try real(x)
      if !x.isFinite || x == 0 { return try tuple(float(x), int(0)) }
      var exponent: Int32 = 0
      let fraction = Glibc.frexp(x, &exponent)
      return try tuple(float(fraction), int(Int(exponent)))
    }
  }

  private static let ldexp: Method = .fast(
    "ldexp($module, x, i, /)", "x * 2**i, the inverse of frexp()."
  ) { _, args, count in
    new {
      let a = try Arguments(ldexp, args, count)
      let x = try real(a.object(0))
      guard a.object(1).isInt else {
        throw raise(.typeError, "Expected an int as second argument to ldexp.")
      }
      var overflow: Int32 = 0
      var exponent = PyLong_AsLongAndOverflow(a.object(1), &overflow)
      if overflow != 0 { exponent = overflow < 0 ? Int.min : Int.max }
      return try float(Elementary.ldexp(x, exponent))
    }
  }

  private static let modf: Method = .o(
    "modf($module, x, /)", "The fractional and the whole part of x, both floats with its sign."
  ) { _, x in
    new {
      let x = try real(x)
      if x.isInfinite { return try tuple(float(Glibc.copysign(0, x)), float(x)) }
      if x.isNaN { return try tuple(float(x), float(x)) }
      let (whole, rest) = Glibc.modf(x)
      let fraction = copysign(rest, x)
      return try tuple(float(fraction), float(whole))
    }
  }

  private static let degrees: Method = .o(
    "degrees($module, x, /)", "An angle in radians as degrees."
  ) { _, x in new { try float(real(x) * (180.0 / Double.pi)) } }

  private static let radians: Method = .o(
    "radians($module, x, /)", "An angle in degrees as radians."
  ) { _, x in new { try float(real(x) * (Double.pi / 180.0)) } }

  // MARK: Properties

  private static let isFinite: Method = .o(
    "isfinite($module, x, /)", "Whether x is neither infinite nor a NaN."
  ) { _, x in bool { try real(x).isFinite } }

  private static let isInfinite: Method = .o(
    "isinf($module, x, /)", "Whether x is an infinity of either sign."
  ) { _, x in bool { try real(x).isInfinite } }

  private static let isNaN: Method = .o("isnan($module, x, /)", "Whether x is a NaN.") { _, x in
    bool { try real(x).isNaN }
  }

  private static let isClose: Method = .keywords(
    "isclose($module, /, a, b, *, rel_tol=1e-09, abs_tol=0.0)",
    """
    Whether two numbers are close to each other.

      rel_tol
        The largest difference as a part of the larger magnitude.
      abs_tol
        The largest difference as it is, for numbers near zero.

    A NaN is close to nothing, an infinity only to itself.
    """
  ) { _, args, count, names in
    bool {
      let a = try Arguments(isClose, args, count, names)
      let x = try real(a.object(0))
      let y = try real(a.object(1))
      let relative = try a.double(2, default: 1e-9)
      let absolute = try a.double(3)
      if relative < 0 || absolute < 0 {
        throw raise(.valueError, "tolerances must be non-negative")
      }
      return Elementary.isClose(x, y, relative: relative, absolute: absolute)
    }
  }

  private static let nextAfter: Method = .keywords(
    "nextafter($module, x, y, /, *, steps=None)",
    "The float that many steps (one without) from x towards y."
  ) { _, args, count, names in
    new {
      let a = try Arguments(nextAfter, args, count, names)
      let x = try real(a.object(0))
      let y = try real(a.object(1))
      guard let steps = a.optional(2) else { return try float(Elementary.nextAfter(x, y)) }
      let number = try own(PyNumber_Index(steps))
      if apus_long_sign(number.ref) < 0 {
        throw raise(.valueError, "steps must be a non-negative integer")
      }
      var limit = PyLong_AsUnsignedLongLong(number.ref)
      if limit == UInt64.max && hasRaised() {
        guard PyErr_ExceptionMatches(.overflowError) != 0 else { throw Raised() }
        // More steps than there are floats.
        PyErr_Clear()
        limit = UInt64.max
      }
      return try float(Elementary.nextAfter(x, y, steps: UInt64(limit)))
    }
  }

  private static let ulp: Method = .o(
    "ulp($module, x, /)", "The value of the least significant bit of the float x."
  ) { _, x in new { try float(Elementary.ulp(real(x))) } }

  // MARK: Distances

  private static func norm(
    _ count: Int, _ coordinate: (Int) throws(Raised) -> Double
  ) throws(Raised) -> Owned {
    var values: [Double] = []
    values.reserveCapacity(count)
    var largest = 0.0
    var hasNaN = false
    for index in 0..<count {
      let value = try coordinate(index).magnitude
      values.append(value)
      hasNaN = hasNaN || value.isNaN
      if value > largest { largest = value }
    }
    let result = values.withUnsafeMutableBufferPointer { buffer -> Double in
      guard let base = buffer.baseAddress else { return 0 }
      return Norm.norm(base, count, largest: largest, hasNaN: hasNaN)
    }
    return try float(result)
  }

  private static let hypot: Method = .fast(
    "hypot",
    "hypot(*coordinates) -> value\n\nThe distance of a point from the origin, without overflow on the way."
  ) { _, args, count in
    new {
      try norm(count) { (index) throws(Raised) in
        guard let args else { return 0 }
        return try real(args[index])
      }
    }
  }

  private static let dist: Method = .fast(
    "dist($module, p, q, /)",
    "The distance between two points, sequences of as many coordinates."
  ) { _, args, count in
    new {
      let a = try Arguments(dist, args, count)
      let p = try a.object(0).isTuple ? a.object(0).retained() : own(PySequence_Tuple(a.object(0)))
      let q = try a.object(1).isTuple ? a.object(1).retained() : own(PySequence_Tuple(a.object(1)))
      guard apus_var_size(p.ref) == apus_var_size(q.ref) else {
        throw raise(.valueError, "both points must have the same number of dimensions")
      }
      let first = p.ref
      let second = q.ref
      return try norm(apus_var_size(first)) { (index) throws(Raised) in
        let x = try real(apus_tuple_item(first, index))
        return try x - real(apus_tuple_item(second, index))
      }
    }
  }
}
