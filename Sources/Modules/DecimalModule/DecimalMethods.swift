import CPythonABI
import DecimalArithmetic
import Objects

/// The methods of decimal.Decimal.
enum DecimalMethods {
  static let all: [Method] =
    DecimalOperations.all + [
      fma, quantize, toIntegral, toIntegralValue, toIntegralExact, sameQuantum, numberClass,
      toEngineeringString, adjusted, integerRatio, asTuple, canonical, isCanonical, conjugate,
      copyAbsolute, copyNegate, fromFloat, radix, ceiling, complexMethod, copyMethod, deepCopy, floor,
      formatMethod, reduceMethod, roundMethod, sizeOf, truncate,
    ]

  static let fma: Method = .keywords(
    "fma($self, /, other, third, context=None)",
    "self * other + third with a single rounding.\n\n    >>> Decimal(3).fma(4, 5)\n    Decimal('17')\n\n\n"
  ) { object, args, count, names in
    new {
      let a = try CallArguments("other third context", total: 3, required: 2, args, count, names)
      let current = try Contexts.chosen(a[2])
      let context = ContextObject(current.ref)
      let other = try DecimalObject.requiredOperand(a.object(0), context)
      let third = try DecimalObject.requiredOperand(a.object(1), context)
      let addend = DecimalObject(third.ref).number
      return try DecimalObject.apply(object, other.ref, context) {
        c, r, x, y, s throws(OutOfMemory) in
        try c.multiplyAdd(r, x, y, addend, &s)
      }
    }
  }

  static let quantize: Method = .keywords(
    "quantize($self, /, exp, rounding=None, context=None)",
    "The number rounded to the exponent of exp, with the given rounding or the context's.\n\n    >>> Decimal('2.718').quantize(Decimal('0.01'))\n    Decimal('2.72')\n\n"
  ) { object, args, count, names in
    new {
      let a = try CallArguments("exp rounding context", total: 3, required: 1, args, count, names)
      let current = try Contexts.chosen(a[2])
      let context = ContextObject(current.ref)
      let rounding = try a.optional(1).map { value throws(Raised) in try Contexts.rounding(value) }
      let other = try DecimalObject.requiredOperand(a.object(0), context)
      return try DecimalObject.apply(object, other.ref, context) {
        c, r, x, y, s throws(OutOfMemory) in
        var rules = c
        if let rounding { rules.rounding = rounding }
        try rules.quantize(r, x, y, &s)
      }
    }
  }

  @inline(__always)
  private static func integral(
    _ object: Ref, _ args: UnsafePointer<Ref>?, _ count: Int, _ names: Ref?, exact: Bool
  ) -> Ref? {
    new {
      let a = try CallArguments("rounding context", total: 2, required: 0, args, count, names)
      let current = try Contexts.chosen(a[1])
      let rounding = try a.optional(0).map { value throws(Raised) in try Contexts.rounding(value) }
      return try DecimalObject.apply(object, ContextObject(current.ref)) {
        c, r, x, s throws(OutOfMemory) in
        var rules = c
        if let rounding { rules.rounding = rounding }
        try rules.roundToInteger(r, x, exact: exact, &s)
      }
    }
  }

  static let toIntegral: Method = .keywords(
    "to_integral($self, /, rounding=None, context=None)",
    "The same as to_integral_value, which is its name today.\n\n"
  ) { object, args, count, names in integral(object, args, count, names, exact: false) }

  static let toIntegralValue: Method = .keywords(
    "to_integral_value($self, /, rounding=None, context=None)",
    "The number rounded to an integer, without signaling Inexact and Rounded.\n\n"
  ) { object, args, count, names in integral(object, args, count, names, exact: false) }

  static let toIntegralExact: Method = .keywords(
    "to_integral_exact($self, /, rounding=None, context=None)",
    "The number rounded to an integer; signals Inexact and Rounded.\n\n"
  ) { object, args, count, names in integral(object, args, count, names, exact: true) }

  static let sameQuantum: Method = .keywords(
    "same_quantum($self, /, other, context=None)",
    "Whether both have the same exponent, or both are NaNs, or both infinite.\n\n"
  ) { object, args, count, names in
    bool {
      let a = try CallArguments("other context", total: 2, required: 1, args, count, names)
      let context = try Contexts.chosen(a[1])
      let other = try DecimalObject.requiredOperand(a.object(0), ContextObject(context.ref))
      return DecimalContext.sameQuantum(
        DecimalObject(object).number, DecimalObject(other.ref).number)
    }
  }

  static let numberClass: Method = .keywords(
    "number_class($self, /, context=None)",
    "What kind of number it is: '+Normal', '-Zero', '+Subnormal', '-Infinity', 'NaN', ….\n\n"
  ) { object, args, count, names in
    new {
      let a = try CallArguments("context", total: 1, required: 0, args, count, names)
      let context = try Contexts.chosen(a[0])
      let kind = ContextObject(context.ref).rules.numberClass(DecimalObject(object).number)
      return try own(PyUnicode_FromString(cString(kind)))
    }
  }

  static let toEngineeringString: Method = .keywords(
    "to_eng_string($self, /, context=None)",
    "Text with an exponent that is a multiple of three.\n\n"
  ) { object, args, count, names in
    new {
      let a = try CallArguments("context", total: 1, required: 0, args, count, names)
      let context = try Contexts.chosen(a[0])
      return try DecimalObject(object).text(
        engineering: true, capitals: ContextObject(context.ref).layout.pointee.capitals)
    }
  }

  static let adjusted: Method = .noargs(
    "adjusted($self, /)", "The exponent of the leading digit; 0 for infinities and NaNs.\n\n"
  ) { object, _ in
    let number = DecimalObject(object).number
    return PyLong_FromSsize_t(number.isSpecial ? 0 : number.adjusted)
  }

  static let integerRatio: Method = .noargs(
    "as_integer_ratio($self, /)",
    "Decimal.as_integer_ratio() -> (int, int)\n\nTwo ints with the number as their quotient, in lowest terms, the second positive.\nRaises OverflowError for infinities and ValueError for NaNs.\n\n"
  ) { object, _ in new { try DecimalObject(object).integerRatio() } }

  static let asTuple: Method = .noargs(
    "as_tuple($self, /)", "Sign, digits and exponent as a named tuple.\n\n"
  ) { object, _ in new { try DecimalObject(object).tuple() } }

  static let canonical: Method = .noargs(
    "canonical($self, /)", "The number itself: every decimal has the canonical encoding.\n\n"
  ) { object, _ in Py_NewRef(object) }

  static let isCanonical: Method = .noargs(
    "is_canonical($self, /)", "True: every decimal has the canonical encoding.\n\n"
  ) { _, _ in trueObject() }

  static let conjugate: Method = .noargs("conjugate($self, /)", "The number itself.\n\n") {
    object, _ in Py_NewRef(object)
  }

  private static func copied(_ object: Ref, _ sign: UInt8) throws(Raised) -> Owned {
    let result = try DecimalObject.make()
    let target = DecimalObject(result.ref).number
    try attempt { () throws(OutOfMemory) in
      try target.copy(DecimalObject(object).number, sign: sign)
    }
    return result
  }

  static let copyAbsolute: Method = .noargs(
    "copy_abs($self, /)", "The number without its sign; never rounds or signals.\n\n"
  ) { object, _ in new { try copied(object, 0) } }

  static let copyNegate: Method = .noargs(
    "copy_negate($self, /)", "The number with the other sign; never rounds or signals.\n\n"
  ) { object, _ in new { try copied(object, DecimalObject(object).number.sign ^ 1) } }

  static let fromFloat: Method = .o(
    "from_float($type, f, /)",
    "The exact value of a float or int as a decimal, without FloatOperation.\n\n"
  ) { type, value in
    new {
      let context = try Contexts.current()
      let made: Owned
      if value.isInt {
        made = try DecimalObject.make(
          DecimalObject.type, int: value, exact: true, ContextObject(context.ref))
      } else if value.isInstance(of: floatType()) {
        made = try DecimalObject.make(
          DecimalObject.type, float: value, exact: true, ContextObject(context.ref))
      } else {
        throw raise(.typeError, "argument must be int or float")
      }
      if type == DecimalObject.type.object { return made }
      return try own(PyObject_CallOneArg(type, made.ref))
    }
  }.classMethod

  static let radix: Method = .noargs(
    "radix($self, /)", "Decimal(10), the base of the arithmetic.\n\n"
  ) { _, _ in
    new {
      let result = try DecimalObject.make()
      DecimalObject(result.ref).number.set(0, 10, 0)
      return result
    }
  }

  static let ceiling: Method = .noargs("__ceil__($self, /)", "") { object, _ in
    new { try DecimalObject(object).int(.ceiling) }
  }
  static let floor: Method = .noargs("__floor__($self, /)", "") { object, _ in
    new { try DecimalObject(object).int(.floor) }
  }
  static let truncate: Method = .noargs("__trunc__($self, /)", "") { object, _ in
    new { try DecimalObject(object).int(.down) }
  }
  static let complexMethod: Method = .noargs("__complex__($self, /)", "") { object, _ in
    new {
      let real = try DecimalObject(object).float()
      return try own(
        PyComplex_FromDoubles(real.ref.view(PyFloatObject.self).pointee.ob_fval, 0))
    }
  }
  static let copyMethod: Method = .noargs("__copy__($self, /)", "") { object, _ in
    Py_NewRef(object)
  }
  static let deepCopy: Method = .o("__deepcopy__($self, object, /)", "") { object, _ in
    Py_NewRef(object)
  }
  static let formatMethod: Method = .fast("__format__", "") { object, args, count in
    new {
      try CallArguments.check(count, least: 1, most: 2)
      guard let args else { throw Raised() }
      return try DecimalObject(object).formatted(args[0], count == 2 ? args[1] : nil)
    }
  }
  static let reduceMethod: Method = .noargs("__reduce__($self, /)", "") { object, _ in
    new {
      let text = try DecimalObject(object).text(capitals: true)
      return try tuple(object.type.object.retained(), try tuple(text))
    }
  }
  static let roundMethod: Method = .fast("__round__", "") { object, args, count in
    new {
      try CallArguments.check(count, least: 0, most: 1)
      return try DecimalObject(object).rounded(count == 1 ? args?[0] : nil)
    }
  }
  static let sizeOf: Method = .noargs("__sizeof__($self, /)", "") { object, _ in
    PyLong_FromSsize_t(object.type.pointee.tp_basicsize + DecimalObject(object).number.heapSize)
  }
}
