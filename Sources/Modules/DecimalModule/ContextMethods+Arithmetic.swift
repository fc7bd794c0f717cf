import CPythonABI
import DecimalArithmetic
import Objects

/// The methods of decimal.Context that are operations of the arithmetic.
enum ContextOperations {
  @inline(__always)
  private static func unary(_ object: Ref, _ x: Ref, _ operation: DecimalObject.Unary) -> Ref? {
    new {
      let context = ContextObject(object)
      let a = try DecimalObject.requiredOperand(x, context)
      return try DecimalObject.apply(a.ref, context, operation)
    }
  }

  @inline(__always)
  private static func binary(
    _ object: Ref, _ args: UnsafePointer<Ref>?, _ count: Int, _ operation: DecimalObject.Binary
  ) -> Ref? {
    new {
      try CallArguments.check(count, least: 2, most: 2)
      guard let args else { throw Raised() }
      let context = ContextObject(object)
      let a = try DecimalObject.requiredOperand(args[0], context)
      let b = try DecimalObject.requiredOperand(args[1], context)
      return try DecimalObject.apply(a.ref, b.ref, context, operation)
    }
  }

  static let exponential: Method = .o(
    "exp($self, x, /)", "e ** x.\n\n"
  ) { object, x in
    unary(object, x) { c, r, a, s throws(OutOfMemory) in
      try c.exponential(r, a, &s)
    }
  }

  static let naturalLogarithm: Method = .o(
    "ln($self, x, /)", "The natural logarithm of x.\n\n"
  ) { object, x in
    unary(object, x) { c, r, a, s throws(OutOfMemory) in
      try c.naturalLogarithm(r, a, &s)
    }
  }

  static let commonLogarithm: Method = .o(
    "log10($self, x, /)", "The logarithm of x to base ten.\n\n"
  ) { object, x in
    unary(object, x) { c, r, a, s throws(OutOfMemory) in
      try c.commonLogarithm(r, a, &s)
    }
  }

  static let logb: Method = .o(
    "logb($self, x, /)",
    "The exponent of the leading digit of x as a decimal.\n\n"
  ) { object, x in
    unary(object, x) { c, r, a, s throws(OutOfMemory) in
      try c.exponent(r, a, &s)
    }
  }

  static let logicalInvert: Method = .o(
    "logical_invert($self, x, /)", "x with all digits inverted.\n\n"
  ) { object, x in
    unary(object, x) { c, r, a, s throws(OutOfMemory) in
      try c.logicalInvert(r, a, &s)
    }
  }

  static let nextMinus: Method = .o(
    "next_minus($self, x, /)", "The largest number below x.\n\n"
  ) { object, x in
    unary(object, x) { c, r, a, s throws(OutOfMemory) in
      try c.nextMinus(r, a, &s)
    }
  }

  static let nextPlus: Method = .o(
    "next_plus($self, x, /)", "The least number above x.\n\n"
  ) { object, x in
    unary(object, x) { c, r, a, s throws(OutOfMemory) in
      try c.nextPlus(r, a, &s)
    }
  }

  static let normalize: Method = .o(
    "normalize($self, x, /)", "x without trailing zeros.\n\n"
  ) { object, x in
    unary(object, x) { c, r, a, s throws(OutOfMemory) in
      try c.reduce(r, a, &s)
    }
  }

  static let sqrt: Method = .o(
    "sqrt($self, x, /)", "The square root of x.\n\n"
  ) { object, x in
    unary(object, x) { c, r, a, s throws(OutOfMemory) in
      try c.squareRoot(r, a, &s)
    }
  }

  static let absolute: Method = .o(
    "abs($self, x, /)", "The absolute value of x, rounded.\n\n"
  ) { object, x in
    unary(object, x) { c, r, a, s throws(OutOfMemory) in
      try c.absolute(r, a, &s)
    }
  }

  static let minus: Method = .o(
    "minus($self, x, /)", "-x, rounded.\n\n"
  ) { object, x in
    unary(object, x) { c, r, a, s throws(OutOfMemory) in
      try c.minus(r, a, &s)
    }
  }

  static let plus: Method = .o(
    "plus($self, x, /)", "+x: x rounded.\n\n"
  ) { object, x in
    unary(object, x) { c, r, a, s throws(OutOfMemory) in
      try c.plus(r, a, &s)
    }
  }

  static let copyAbs: Method = .o(
    "copy_abs($self, x, /)", "x without its sign, not rounded.\n\n"
  ) { object, x in
    unary(object, x) { c, r, a, s throws(OutOfMemory) in
      try r.copy(a, sign: 0)
    }
  }

  static let copyNegate: Method = .o(
    "copy_negate($self, x, /)",
    "x with the other sign, not rounded.\n\n"
  ) { object, x in
    unary(object, x) { c, r, a, s throws(OutOfMemory) in
      try r.copy(a, sign: a.sign ^ 1)
    }
  }

  static let toIntegral: Method = .o(
    "to_integral($self, x, /)",
    "The same as to_integral_value(x).\n\n"
  ) { object, x in
    unary(object, x) { c, r, a, s throws(OutOfMemory) in
      try c.roundToInteger(r, a, exact: false, &s)
    }
  }

  static let toIntegralValue: Method = .o(
    "to_integral_value($self, x, /)",
    "x rounded to an integer, without Inexact and Rounded.\n\n"
  ) { object, x in
    unary(object, x) { c, r, a, s throws(OutOfMemory) in
      try c.roundToInteger(r, a, exact: false, &s)
    }
  }

  static let toIntegralExact: Method = .o(
    "to_integral_exact($self, x, /)", "x rounded to an integer.\n\n"
  ) { object, x in
    unary(object, x) { c, r, a, s throws(OutOfMemory) in
      try c.roundToInteger(r, a, exact: true, &s)
    }
  }

  static let add: Method = .fast(
    "add($self, x, y, /)", "x + y.\n\n"
  ) { object, args, count in
    binary(object, args, count) { c, r, a, b, s throws(OutOfMemory) in
      try c.add(r, a, b, &s)
    }
  }

  static let divide: Method = .fast(
    "divide($self, x, y, /)", "x / y.\n\n"
  ) { object, args, count in
    binary(object, args, count) { c, r, a, b, s throws(OutOfMemory) in
      try c.divide(r, a, b, &s)
    }
  }

  static let divideInt: Method = .fast(
    "divide_int($self, x, y, /)", "x / y without its fraction.\n\n"
  ) { object, args, count in
    binary(object, args, count) { c, r, a, b, s throws(OutOfMemory) in
      try c.divideToInteger(r, a, b, &s)
    }
  }

  static let multiply: Method = .fast(
    "multiply($self, x, y, /)", "x * y.\n\n"
  ) { object, args, count in
    binary(object, args, count) { c, r, a, b, s throws(OutOfMemory) in
      try c.multiply(r, a, b, &s)
    }
  }

  static let subtract: Method = .fast(
    "subtract($self, x, y, /)", "x - y.\n\n"
  ) { object, args, count in
    binary(object, args, count) { c, r, a, b, s throws(OutOfMemory) in
      try c.subtract(r, a, b, &s)
    }
  }

  static let quantize: Method = .fast(
    "quantize($self, x, y, /)", "x rounded to the exponent of y.\n\n"
  ) { object, args, count in
    binary(object, args, count) { c, r, a, b, s throws(OutOfMemory) in
      try c.quantize(r, a, b, &s)
    }
  }

  static let remainder: Method = .fast(
    "remainder($self, x, y, /)",
    "The remainder of the division, with the sign of x.\n\n"
  ) { object, args, count in
    binary(object, args, count) { c, r, a, b, s throws(OutOfMemory) in
      try c.remainder(r, a, b, &s)
    }
  }

  static let compare: Method = .fast(
    "compare($self, x, y, /)",
    "Compares values; the result is a decimal -1, 0, 1 or NaN.\n\n"
  ) { object, args, count in
    binary(object, args, count) { c, r, a, b, s throws(OutOfMemory) in
      try c.compare(r, a, b, signals: false, &s)
    }
  }

  static let compareSignal: Method = .fast(
    "compare_signal($self, x, y, /)",
    "Compares values; every NaN signals.\n\n"
  ) { object, args, count in
    binary(object, args, count) { c, r, a, b, s throws(OutOfMemory) in
      try c.compare(r, a, b, signals: true, &s)
    }
  }

  static let maximum: Method = .fast(
    "max($self, x, y, /)", "The larger of x and y.\n\n"
  ) { object, args, count in
    binary(object, args, count) { c, r, a, b, s throws(OutOfMemory) in
      try c.select(r, a, b, largest: true, byMagnitude: false, &s)
    }
  }

  static let maximumMagnitude: Method = .fast(
    "max_mag($self, x, y, /)",
    "The one of x and y with the larger absolute value.\n\n"
  ) { object, args, count in
    binary(object, args, count) { c, r, a, b, s throws(OutOfMemory) in
      try c.select(r, a, b, largest: true, byMagnitude: true, &s)
    }
  }

  static let minimum: Method = .fast(
    "min($self, x, y, /)", "The lesser of x and y.\n\n"
  ) { object, args, count in
    binary(object, args, count) { c, r, a, b, s throws(OutOfMemory) in
      try c.select(r, a, b, largest: false, byMagnitude: false, &s)
    }
  }

  static let minimumMagnitude: Method = .fast(
    "min_mag($self, x, y, /)",
    "The one of x and y with the lesser absolute value.\n\n"
  ) { object, args, count in
    binary(object, args, count) { c, r, a, b, s throws(OutOfMemory) in
      try c.select(r, a, b, largest: false, byMagnitude: true, &s)
    }
  }

  static let nextToward: Method = .fast(
    "next_toward($self, x, y, /)",
    "The number next to x on the way to y.\n\n"
  ) { object, args, count in
    binary(object, args, count) { c, r, a, b, s throws(OutOfMemory) in
      try c.nextToward(r, a, b, &s)
    }
  }

  static let remainderNear: Method = .fast(
    "remainder_near($self, x, y, /)",
    "x - y * n for the integer n nearest to x / y.\n\n"
  ) { object, args, count in
    binary(object, args, count) { c, r, a, b, s throws(OutOfMemory) in
      try c.remainderNear(r, a, b, &s)
    }
  }

  static let logicalAnd: Method = .fast(
    "logical_and($self, x, y, /)",
    "The and of the digits of x and y.\n\n"
  ) { object, args, count in
    binary(object, args, count) { c, r, a, b, s throws(OutOfMemory) in
      try c.logical(.and, r, a, b, &s)
    }
  }

  static let logicalOr: Method = .fast(
    "logical_or($self, x, y, /)",
    "The or of the digits of x and y.\n\n"
  ) { object, args, count in
    binary(object, args, count) { c, r, a, b, s throws(OutOfMemory) in
      try c.logical(.or, r, a, b, &s)
    }
  }

  static let logicalXor: Method = .fast(
    "logical_xor($self, x, y, /)",
    "The exclusive or of the digits of x and y.\n\n"
  ) { object, args, count in
    binary(object, args, count) { c, r, a, b, s throws(OutOfMemory) in
      try c.logical(.xor, r, a, b, &s)
    }
  }

  static let rotate: Method = .fast(
    "rotate($self, x, y, /)",
    "The digits of x rotated by y places.\n\n"
  ) { object, args, count in
    binary(object, args, count) { c, r, a, b, s throws(OutOfMemory) in
      try c.rotate(r, a, b, &s)
    }
  }

  static let scaleb: Method = .fast(
    "scaleb($self, x, y, /)", "x with y added to its exponent.\n\n"
  ) { object, args, count in
    binary(object, args, count) { c, r, a, b, s throws(OutOfMemory) in
      try c.scale(r, a, b, &s)
    }
  }

  static let shift: Method = .fast(
    "shift($self, x, y, /)",
    "The digits of x shifted by y places.\n\n"
  ) { object, args, count in
    binary(object, args, count) { c, r, a, b, s throws(OutOfMemory) in
      try c.shift(r, a, b, &s)
    }
  }

  static let compareTotal: Method = .fast(
    "compare_total($self, x, y, /)",
    "Compares representations, not values.\n\n"
  ) { object, args, count in
    binary(object, args, count) { c, r, a, b, s throws(OutOfMemory) in
      c.set(r, totalOrder: DecimalContext.compareTotal(a, b))
    }
  }

  static let compareTotalMag: Method = .fast(
    "compare_total_mag($self, x, y, /)",
    "Compares representations without their signs.\n\n"
  ) { object, args, count in
    binary(object, args, count) { c, r, a, b, s throws(OutOfMemory) in
      c.set(r, totalOrder: DecimalContext.compareTotalMagnitude(a, b))
    }
  }

  static let copySign: Method = .fast(
    "copy_sign($self, x, y, /)", "x with the sign of y.\n\n"
  ) { object, args, count in
    binary(object, args, count) { c, r, a, b, s throws(OutOfMemory) in
      try r.copy(a, sign: b)
    }
  }

  static let isFinite: Method = .o(
    "is_finite($self, x, /)",
    "Whether x is neither infinite nor a NaN.\n\n"
  ) { object, x in
    bool {
      let value = try DecimalObject.requiredOperand(x, ContextObject(object))
      let number = DecimalObject(value.ref).number
      return number.isFinite
    }
  }

  static let isInfinite: Method = .o(
    "is_infinite($self, x, /)", "Whether x is infinite.\n\n"
  ) { object, x in
    bool {
      let value = try DecimalObject.requiredOperand(x, ContextObject(object))
      let number = DecimalObject(value.ref).number
      return number.isInfinite
    }
  }

  static let isNan: Method = .o(
    "is_nan($self, x, /)", "Whether x is a NaN.\n\n"
  ) { object, x in
    bool {
      let value = try DecimalObject.requiredOperand(x, ContextObject(object))
      let number = DecimalObject(value.ref).number
      return number.isNaN
    }
  }

  static let isQnan: Method = .o(
    "is_qnan($self, x, /)", "Whether x is a quiet NaN.\n\n"
  ) { object, x in
    bool {
      let value = try DecimalObject.requiredOperand(x, ContextObject(object))
      let number = DecimalObject(value.ref).number
      return number.isQuietNaN
    }
  }

  static let isSigned: Method = .o(
    "is_signed($self, x, /)", "Whether x is of negative sign.\n\n"
  ) { object, x in
    bool {
      let value = try DecimalObject.requiredOperand(x, ContextObject(object))
      let number = DecimalObject(value.ref).number
      return number.isNegative
    }
  }

  static let isSnan: Method = .o(
    "is_snan($self, x, /)", "Whether x is a signaling NaN.\n\n"
  ) { object, x in
    bool {
      let value = try DecimalObject.requiredOperand(x, ContextObject(object))
      let number = DecimalObject(value.ref).number
      return number.isSignalingNaN
    }
  }

  static let isZero: Method = .o(
    "is_zero($self, x, /)", "Whether x is a zero.\n\n"
  ) { object, x in
    bool {
      let value = try DecimalObject.requiredOperand(x, ContextObject(object))
      let number = DecimalObject(value.ref).number
      return number.isZero
    }
  }

  static let isNormal: Method = .o(
    "is_normal($self, x, /)",
    "Whether x is finite, not zero and not subnormal.\n\n"
  ) { object, x in
    bool {
      let value = try DecimalObject.requiredOperand(x, ContextObject(object))
      let rules = ContextObject(object).rules
      let number = DecimalObject(value.ref).number
      return rules.isNormal(number)
    }
  }

  static let isSubnormal: Method = .o(
    "is_subnormal($self, x, /)", "Whether x is subnormal.\n\n"
  ) { object, x in
    bool {
      let value = try DecimalObject.requiredOperand(x, ContextObject(object))
      let rules = ContextObject(object).rules
      let number = DecimalObject(value.ref).number
      return rules.isSubnormal(number)
    }
  }

  static let all: [Method] = [
    exponential, naturalLogarithm, commonLogarithm, logb, logicalInvert, nextMinus, nextPlus,
    normalize, sqrt, absolute, minus, plus, copyAbs, copyNegate, toIntegral, toIntegralValue,
    toIntegralExact, add, divide, divideInt, multiply, subtract, quantize, remainder, compare,
    compareSignal, maximum, maximumMagnitude, minimum, minimumMagnitude, nextToward,
    remainderNear, logicalAnd, logicalOr, logicalXor, rotate, scaleb, shift, compareTotal,
    compareTotalMag, copySign, isFinite, isInfinite, isNan, isQnan, isSigned, isSnan, isZero,
    isNormal, isSubnormal,
  ]
}
