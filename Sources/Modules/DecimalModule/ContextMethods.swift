import CPythonABI
import DecimalArithmetic
import Objects

/// The methods of decimal.Context.
enum ContextMethods {
  static let all: [Method] =
    ContextOperations.all + [
      lowestExponent, highestExponent, radix, clearFlags, clearTraps, copyMethod, copyProtocol,
      reduceMethod, apply, canonical, isCanonical, copyDecimal, createDecimal,
      createDecimalFromFloat, divideWithRemainder, fma, power, sameQuantum, numberClass,
      toEngineeringString, toScientificString,
    ]

  static let lowestExponent: Method = .noargs(
    "Etiny($self, /)", "Emin - prec + 1: the exponent of the least subnormal number.\n\n"
  ) { object, _ in PyLong_FromSsize_t(ContextObject(object).rules.etiny) }

  static let highestExponent: Method = .noargs(
    "Etop($self, /)", "Emax - prec + 1: the largest exponent of a number with all digits.\n\n"
  ) { object, _ in PyLong_FromSsize_t(ContextObject(object).rules.etop) }

  static let radix: Method = .noargs("radix($self, /)", "Decimal(10).\n\n") { _, _ in
    new {
      let result = try DecimalObject.make()
      DecimalObject(result.ref).number.set(0, 10, 0)
      return result
    }
  }

  static let clearFlags: Method = .noargs(
    "clear_flags($self, /)", "Makes all flags False.\n\n"
  ) { object, _ in
    ContextObject(object).layout.pointee.flagBits = 0
    return noneObject()
  }

  static let clearTraps: Method = .noargs(
    "clear_traps($self, /)", "Makes all traps False.\n\n"
  ) { object, _ in
    ContextObject(object).layout.pointee.trapBits = 0
    return noneObject()
  }

  static let copyMethod: Method = .noargs(
    "copy($self, /)", "A copy of the context with all flags False.\n\n"
  ) { object, _ in
    new {
      let copy = try ContextObject(object).copied()
      ContextObject(copy.ref).layout.pointee.flagBits = 0
      return copy
    }
  }

  static let copyProtocol: Method = .noargs("__copy__($self, /)", "") { object, _ in
    new {
      let copy = try ContextObject(object).copied()
      ContextObject(copy.ref).layout.pointee.flagBits = 0
      return copy
    }
  }

  static let reduceMethod: Method = .noargs("__reduce__($self, /)", "") { object, _ in
    new { try ContextObject(object).reduced() }
  }

  static let apply: Method = .o("_apply($self, object, /)", "") { object, value in
    new {
      let context = ContextObject(object)
      let a = try DecimalObject.requiredOperand(value, context)
      return try DecimalObject.make(rounding: a.ref, context)
    }
  }

  static let canonical: Method = .o("canonical($self, x, /)", "x itself.\n\n") { _, x in
    new {
      guard DecimalObject.isDecimal(x) else {
        throw raise(.typeError, "argument must be a Decimal")
      }
      return x.retained()
    }
  }

  static let isCanonical: Method = .o(
    "is_canonical($self, x, /)", "True: every decimal has the canonical encoding.\n\n"
  ) { _, x in
    bool {
      guard DecimalObject.isDecimal(x) else {
        throw raise(.typeError, "argument must be a Decimal")
      }
      return true
    }
  }

  static let copyDecimal: Method = .o(
    "copy_decimal($self, x, /)", "x as a decimal, not rounded.\n\n"
  ) { object, x in new { try DecimalObject.requiredOperand(x, ContextObject(object)) } }

  static let createDecimal: Method = .fast(
    "create_decimal($self, num=\"0\", /)",
    "A new decimal from what Decimal() takes, rounded to this context. Text must have neither white\nspace nor underscores.\n\n"
  ) { object, args, count in
    new {
      try CallArguments.check(count, least: 0, most: 1)
      return try DecimalObject.make(
        rounding: count == 1 ? args?[0] : nil, ContextObject(object))
    }
  }

  static let createDecimalFromFloat: Method = .o(
    "create_decimal_from_float($self, f, /)",
    "A new decimal from a float or int, rounded to this context, without FloatOperation.\n\n"
  ) { object, value in
    new {
      let context = ContextObject(object)
      if value.isInt {
        return try DecimalObject.make(DecimalObject.type, int: value, exact: false, context)
      }
      guard value.isInstance(of: floatType()) else {
        throw raise(.typeError, "argument must be int or float")
      }
      return try DecimalObject.make(DecimalObject.type, float: value, exact: false, context)
    }
  }

  static let divideWithRemainder: Method = .fast(
    "divmod($self, x, y, /)", "Quotient without fraction, and remainder.\n\n"
  ) { object, args, count in
    new {
      try CallArguments.check(count, least: 2, most: 2)
      guard let args else { throw Raised() }
      let context = ContextObject(object)
      let a = try DecimalObject.requiredOperand(args[0], context)
      let b = try DecimalObject.requiredOperand(args[1], context)
      return try DecimalObject.divmod(a.ref, b.ref, context)
    }
  }

  static let fma: Method = .fast(
    "fma($self, x, y, z, /)", "x * y + z with a single rounding.\n\n"
  ) { object, args, count in
    new {
      try CallArguments.check(count, least: 3, most: 3)
      guard let args else { throw Raised() }
      let context = ContextObject(object)
      let a = try DecimalObject.requiredOperand(args[0], context)
      let b = try DecimalObject.requiredOperand(args[1], context)
      let c = try DecimalObject.requiredOperand(args[2], context)
      let addend = DecimalObject(c.ref).number
      return try DecimalObject.apply(a.ref, b.ref, context) { c, r, x, y, s throws(OutOfMemory) in
        try c.multiplyAdd(r, x, y, addend, &s)
      }
    }
  }

  static let power: Method = .keywords(
    "power($self, /, a, b, modulo=None)",
    "a ** b, or with modulo (a ** b) % modulo for integers. A negative a needs an integer b.\nWithout modulo the result of a fractional b is almost always correctly rounded.\n\n"
  ) { object, args, count, names in
    new {
      let given = try CallArguments("a b modulo", total: 3, required: 2, args, count, names)
      let context = ContextObject(object)
      let a = try DecimalObject.requiredOperand(given.object(0), context)
      let b = try DecimalObject.requiredOperand(given.object(1), context)
      guard let modulo = given.optional(2) else {
        return try DecimalObject.power(a.ref, b.ref, modulo: nil, context)
      }
      let m = try DecimalObject.requiredOperand(modulo, context)
      return try DecimalObject.power(a.ref, b.ref, modulo: m.ref, context)
    }
  }

  static let sameQuantum: Method = .fast(
    "same_quantum($self, x, y, /)", "Whether both have the same exponent.\n\n"
  ) { object, args, count in
    bool {
      try CallArguments.check(count, least: 2, most: 2)
      guard let args else { throw Raised() }
      let context = ContextObject(object)
      let a = try DecimalObject.requiredOperand(args[0], context)
      let b = try DecimalObject.requiredOperand(args[1], context)
      return DecimalContext.sameQuantum(DecimalObject(a.ref).number, DecimalObject(b.ref).number)
    }
  }

  static let numberClass: Method = .o(
    "number_class($self, x, /)", "What kind of number x is, as a str.\n\n"
  ) { object, x in
    new {
      let a = try DecimalObject.requiredOperand(x, ContextObject(object))
      let kind = ContextObject(object).rules.numberClass(DecimalObject(a.ref).number)
      return try own(PyUnicode_FromString(cString(kind)))
    }
  }

  static let toEngineeringString: Method = .o(
    "to_eng_string($self, x, /)", "x as text with an exponent that is a multiple of three.\n\n"
  ) { object, x in
    new {
      let a = try DecimalObject.requiredOperand(x, ContextObject(object))
      return try DecimalObject(a.ref).text(
        engineering: true, capitals: ContextObject(object).layout.pointee.capitals)
    }
  }

  static let toScientificString: Method = .o(
    "to_sci_string($self, x, /)", "x as text in scientific notation.\n\n"
  ) { object, x in
    new {
      let a = try DecimalObject.requiredOperand(x, ContextObject(object))
      return try DecimalObject(a.ref).text(
        capitals: ContextObject(object).layout.pointee.capitals)
    }
  }
}
