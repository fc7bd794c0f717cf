import CPythonABI
import DecimalArithmetic
import Objects

/// The methods of decimal.Decimal that are operations of the arithmetic.
enum DecimalOperations {
  /// A method of one number with an optional context.
  @inline(__always)
  private static func unary(
    _ object: Ref, _ args: UnsafePointer<Ref>?, _ count: Int, _ names: Ref?,
    _ operation: DecimalObject.Unary
  ) -> Ref? {
    new {
      let a = try CallArguments("context", total: 1, required: 0, args, count, names)
      let context = try Contexts.chosen(a[0])
      return try DecimalObject.apply(object, ContextObject(context.ref), operation)
    }
  }

  /// A method of two numbers with an optional context.
  @inline(__always)
  private static func binary(
    _ object: Ref, _ args: UnsafePointer<Ref>?, _ count: Int, _ names: Ref?,
    _ operation: DecimalObject.Binary
  ) -> Ref? {
    new {
      let a = try CallArguments("other context", total: 2, required: 1, args, count, names)
      let context = try Contexts.chosen(a[1])
      let other = try DecimalObject.requiredOperand(a.object(0), ContextObject(context.ref))
      return try DecimalObject.apply(object, other.ref, ContextObject(context.ref), operation)
    }
  }

  static let exponential: Method = .keywords(
    "exp($self, /, context=None)",
    "e to the power of the number, correctly rounded (ROUND_HALF_EVEN).\n\n"
  ) { object, args, count, names in
    unary(object, args, count, names) { c, r, a, s throws(OutOfMemory) in
      try c.exponential(r, a, &s)
    }
  }

  static let naturalLogarithm: Method = .keywords(
    "ln($self, /, context=None)",
    "The natural logarithm, correctly rounded (ROUND_HALF_EVEN).\n\n"
  ) { object, args, count, names in
    unary(object, args, count, names) { c, r, a, s throws(OutOfMemory) in
      try c.naturalLogarithm(r, a, &s)
    }
  }

  static let commonLogarithm: Method = .keywords(
    "log10($self, /, context=None)",
    "The logarithm to base ten, correctly rounded (ROUND_HALF_EVEN).\n\n"
  ) { object, args, count, names in
    unary(object, args, count, names) { c, r, a, s throws(OutOfMemory) in
      try c.commonLogarithm(r, a, &s)
    }
  }

  static let logb: Method = .keywords(
    "logb($self, /, context=None)",
    "The adjusted exponent as a decimal; zero gives -Infinity and DivisionByZero.\n\n"
  ) { object, args, count, names in
    unary(object, args, count, names) { c, r, a, s throws(OutOfMemory) in
      try c.exponent(r, a, &s)
    }
  }

  static let logicalInvert: Method = .keywords(
    "logical_invert($self, /, context=None)",
    "Zeros for ones and ones for zeros, in all digits of the precision.\n\n"
  ) { object, args, count, names in
    unary(object, args, count, names) { c, r, a, s throws(OutOfMemory) in
      try c.logicalInvert(r, a, &s)
    }
  }

  static let nextMinus: Method = .keywords(
    "next_minus($self, /, context=None)",
    "The largest number of the context below this one.\n\n"
  ) { object, args, count, names in
    unary(object, args, count, names) { c, r, a, s throws(OutOfMemory) in
      try c.nextMinus(r, a, &s)
    }
  }

  static let nextPlus: Method = .keywords(
    "next_plus($self, /, context=None)",
    "The least number of the context above this one.\n\n"
  ) { object, args, count, names in
    unary(object, args, count, names) { c, r, a, s throws(OutOfMemory) in
      try c.nextPlus(r, a, &s)
    }
  }

  static let normalize: Method = .keywords(
    "normalize($self, /, context=None)",
    "The number without trailing zeros; every zero becomes 0E0.\n\n"
  ) { object, args, count, names in
    unary(object, args, count, names) { c, r, a, s throws(OutOfMemory) in
      try c.reduce(r, a, &s)
    }
  }

  static let sqrt: Method = .keywords(
    "sqrt($self, /, context=None)",
    "The square root, correctly rounded (ROUND_HALF_EVEN).\n\n"
  ) { object, args, count, names in
    unary(object, args, count, names) { c, r, a, s throws(OutOfMemory) in
      try c.squareRoot(r, a, &s)
    }
  }

  static let compare: Method = .keywords(
    "compare($self, /, other, context=None)",
    "-1, 0 or 1 as a decimal, as self is less than, equal to or greater than other; NaN if one is.\n\n"
  ) { object, args, count, names in
    binary(object, args, count, names) { c, r, a, b, s throws(OutOfMemory) in
      try c.compare(r, a, b, signals: false, &s)
    }
  }

  static let compareSignal: Method = .keywords(
    "compare_signal($self, /, other, context=None)",
    "Like compare, but every NaN signals.\n\n"
  ) { object, args, count, names in
    binary(object, args, count, names) { c, r, a, b, s throws(OutOfMemory) in
      try c.compare(r, a, b, signals: true, &s)
    }
  }

  static let maximum: Method = .keywords(
    "max($self, /, other, context=None)",
    "The larger number; a quiet NaN gives way to a number.\n\n"
  ) { object, args, count, names in
    binary(object, args, count, names) { c, r, a, b, s throws(OutOfMemory) in
      try c.select(r, a, b, largest: true, byMagnitude: false, &s)
    }
  }

  static let maximumMagnitude: Method = .keywords(
    "max_mag($self, /, other, context=None)",
    "The number with the larger absolute value.\n\n"
  ) { object, args, count, names in
    binary(object, args, count, names) { c, r, a, b, s throws(OutOfMemory) in
      try c.select(r, a, b, largest: true, byMagnitude: true, &s)
    }
  }

  static let minimum: Method = .keywords(
    "min($self, /, other, context=None)",
    "The lesser number; a quiet NaN gives way to a number.\n\n"
  ) { object, args, count, names in
    binary(object, args, count, names) { c, r, a, b, s throws(OutOfMemory) in
      try c.select(r, a, b, largest: false, byMagnitude: false, &s)
    }
  }

  static let minimumMagnitude: Method = .keywords(
    "min_mag($self, /, other, context=None)",
    "The number with the lesser absolute value.\n\n"
  ) { object, args, count, names in
    binary(object, args, count, names) { c, r, a, b, s throws(OutOfMemory) in
      try c.select(r, a, b, largest: false, byMagnitude: true, &s)
    }
  }

  static let nextToward: Method = .keywords(
    "next_toward($self, /, other, context=None)",
    "The number next to self on the way to other.\n\n"
  ) { object, args, count, names in
    binary(object, args, count, names) { c, r, a, b, s throws(OutOfMemory) in
      try c.nextToward(r, a, b, &s)
    }
  }

  static let remainderNear: Method = .keywords(
    "remainder_near($self, /, other, context=None)",
    "self - other * n for the integer n nearest to the quotient, the even one of two.\n\n"
  ) { object, args, count, names in
    binary(object, args, count, names) { c, r, a, b, s throws(OutOfMemory) in
      try c.remainderNear(r, a, b, &s)
    }
  }

  static let logicalAnd: Method = .keywords(
    "logical_and($self, /, other, context=None)",
    "The and of the digits, which must be 0 and 1.\n\n"
  ) { object, args, count, names in
    binary(object, args, count, names) { c, r, a, b, s throws(OutOfMemory) in
      try c.logical(.and, r, a, b, &s)
    }
  }

  static let logicalOr: Method = .keywords(
    "logical_or($self, /, other, context=None)",
    "The or of the digits, which must be 0 and 1.\n\n"
  ) { object, args, count, names in
    binary(object, args, count, names) { c, r, a, b, s throws(OutOfMemory) in
      try c.logical(.or, r, a, b, &s)
    }
  }

  static let logicalXor: Method = .keywords(
    "logical_xor($self, /, other, context=None)",
    "The exclusive or of the digits, which must be 0 and 1.\n\n"
  ) { object, args, count, names in
    binary(object, args, count, names) { c, r, a, b, s throws(OutOfMemory) in
      try c.logical(.xor, r, a, b, &s)
    }
  }

  static let rotate: Method = .keywords(
    "rotate($self, /, other, context=None)",
    "The digits rotated by other places, to the left if positive.\n\n"
  ) { object, args, count, names in
    binary(object, args, count, names) { c, r, a, b, s throws(OutOfMemory) in
      try c.rotate(r, a, b, &s)
    }
  }

  static let scaleb: Method = .keywords(
    "scaleb($self, /, other, context=None)",
    "The number with other added to its exponent.\n\n"
  ) { object, args, count, names in
    binary(object, args, count, names) { c, r, a, b, s throws(OutOfMemory) in
      try c.scale(r, a, b, &s)
    }
  }

  static let shift: Method = .keywords(
    "shift($self, /, other, context=None)",
    "The digits shifted by other places, to the left if positive, zeros coming in.\n\n"
  ) { object, args, count, names in
    binary(object, args, count, names) { c, r, a, b, s throws(OutOfMemory) in
      try c.shift(r, a, b, &s)
    }
  }

  static let compareTotal: Method = .keywords(
    "compare_total($self, /, other, context=None)",
    "The order of representations, in which NaNs have their place, too.\n\n    >>> Decimal('7.0').compare_total(Decimal('7'))\n    Decimal('-1')\n\n"
  ) { object, args, count, names in
    binary(object, args, count, names) { c, r, a, b, s throws(OutOfMemory) in
      c.set(r, totalOrder: DecimalContext.compareTotal(a, b))
    }
  }

  static let compareTotalMag: Method = .keywords(
    "compare_total_mag($self, /, other, context=None)",
    "compare_total without regard to signs.\n\n"
  ) { object, args, count, names in
    binary(object, args, count, names) { c, r, a, b, s throws(OutOfMemory) in
      c.set(r, totalOrder: DecimalContext.compareTotalMagnitude(a, b))
    }
  }

  static let copySign: Method = .keywords(
    "copy_sign($self, /, other, context=None)",
    "The number with the sign of other.\n\n    >>> Decimal('4.5').copy_sign(Decimal('-1'))\n    Decimal('-4.5')\n\n"
  ) { object, args, count, names in
    binary(object, args, count, names) { c, r, a, b, s throws(OutOfMemory) in
      try r.copy(a, sign: b)
    }
  }

  static let isFinite: Method = .noargs(
    "is_finite($self, /)",
    "Whether the number is neither infinite nor a NaN.\n\n"
  ) { object, _ in
    boolObject(DecimalObject(object).number.isFinite)
  }

  static let isInfinite: Method = .noargs(
    "is_infinite($self, /)", "Whether the number is infinite.\n\n"
  ) { object, _ in
    boolObject(DecimalObject(object).number.isInfinite)
  }

  static let isNan: Method = .noargs(
    "is_nan($self, /)", "Whether the number is a NaN.\n\n"
  ) { object, _ in
    boolObject(DecimalObject(object).number.isNaN)
  }

  static let isQnan: Method = .noargs(
    "is_qnan($self, /)", "Whether the number is a quiet NaN.\n\n"
  ) { object, _ in
    boolObject(DecimalObject(object).number.isQuietNaN)
  }

  static let isSigned: Method = .noargs(
    "is_signed($self, /)",
    "Whether the number is of negative sign.\n\n"
  ) { object, _ in
    boolObject(DecimalObject(object).number.isNegative)
  }

  static let isSnan: Method = .noargs(
    "is_snan($self, /)", "Whether the number is a signaling NaN.\n\n"
  ) { object, _ in
    boolObject(DecimalObject(object).number.isSignalingNaN)
  }

  static let isZero: Method = .noargs(
    "is_zero($self, /)", "Whether the number is a zero.\n\n"
  ) { object, _ in
    boolObject(DecimalObject(object).number.isZero)
  }

  static let isNormal: Method = .keywords(
    "is_normal($self, /, context=None)",
    "Whether the number is finite, not zero and not subnormal in the context.\n\n"
  ) { object, args, count, names in
    new {
      let a = try CallArguments("context", total: 1, required: 0, args, count, names)
      let context = try Contexts.chosen(a[0])
      let rules = ContextObject(context.ref).rules
      let number = DecimalObject(object).number
      return boolObject(rules.isNormal(number)).retained()
    }
  }

  static let isSubnormal: Method = .keywords(
    "is_subnormal($self, /, context=None)",
    "Whether the number is subnormal in the context.\n\n"
  ) { object, args, count, names in
    new {
      let a = try CallArguments("context", total: 1, required: 0, args, count, names)
      let context = try Contexts.chosen(a[0])
      let rules = ContextObject(context.ref).rules
      let number = DecimalObject(object).number
      return boolObject(rules.isSubnormal(number)).retained()
    }
  }

  static let all: [Method] = [
    exponential, naturalLogarithm, commonLogarithm, logb, logicalInvert, nextMinus, nextPlus,
    normalize, sqrt, compare, compareSignal, maximum, maximumMagnitude, minimum,
    minimumMagnitude, nextToward, remainderNear, logicalAnd, logicalOr, logicalXor, rotate,
    scaleb, shift, compareTotal, compareTotalMag, copySign, isFinite, isInfinite, isNan, isQnan,
    isSigned, isSnan, isZero, isNormal, isSubnormal,
  ]
}
