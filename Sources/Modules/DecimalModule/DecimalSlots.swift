import CPythonABI
import DecimalArithmetic
import Objects

extension DecimalObject {
  typealias Unary = (DecimalContext, Number, Number, inout Conditions) throws(OutOfMemory) -> Void
  typealias Binary =
    (DecimalContext, Number, Number, Number, inout Conditions) throws(OutOfMemory) -> Void

  /// The result of an operation on one number.
  @inline(__always)
  static func apply(
    _ a: Ref, _ context: ContextObject, _ operation: Unary
  ) throws(Raised) -> Owned {
    let result = try make()
    var status: Conditions = []
    do {
      try operation(context.rules, DecimalObject(result.ref).number, DecimalObject(a).number, &status)
    } catch { throw raiseNoMemory() }
    try context.report(status)
    return result
  }

  /// The result of an operation on two numbers.
  @inline(__always)
  static func apply(
    _ a: Ref, _ b: Ref, _ context: ContextObject, _ operation: Binary
  ) throws(Raised) -> Owned {
    let result = try make()
    var status: Conditions = []
    do {
      try operation(
        context.rules, DecimalObject(result.ref).number, DecimalObject(a).number,
        DecimalObject(b).number, &status)
    } catch { throw raiseNoMemory() }
    try context.report(status)
    return result
  }

  /// A binary operator: decimals and ints; NotImplemented for anything else.
  @inline(__always)
  static func binary(_ left: Ref, _ right: Ref, _ operation: Binary) throws(Raised) -> Owned {
    let current = try Contexts.current()
    let context = ContextObject(current.ref)
    if isDecimal(left) && isDecimal(right) { return try apply(left, right, context, operation) }
    guard let a = try operand(left, context), let b = try operand(right, context) else {
      return notImplementedObject().retained()
    }
    return try apply(a.ref, b.ref, context, operation)
  }

  @inline(__always)
  private static func unary(_ object: Ref, _ operation: Unary) throws(Raised) -> Owned {
    let current = try Contexts.current()
    return try apply(object, ContextObject(current.ref), operation)
  }

  static func divmod(
    _ a: Ref, _ b: Ref, _ context: ContextObject
  ) throws(Raised) -> Owned {
    let quotient = try make()
    let remainder = try make()
    var status: Conditions = []
    do {
      try context.rules.divideWithRemainder(
        DecimalObject(quotient.ref).number, DecimalObject(remainder.ref).number,
        DecimalObject(a).number, DecimalObject(b).number, &status)
    } catch { throw raiseNoMemory() }
    try context.report(status)
    return try Objects.tuple(quotient, remainder)
  }

  static func power(
    _ a: Ref, _ b: Ref, modulo: Ref?, _ context: ContextObject
  ) throws(Raised) -> Owned {
    guard let modulo else {
      return try apply(a, b, context) { c, r, x, y, s throws(OutOfMemory) in
        try c.power(r, x, y, &s)
      }
    }
    let m = DecimalObject(modulo).number
    return try apply(a, b, context) { c, r, x, y, s throws(OutOfMemory) in
      try c.power(r, x, y, modulo: m, &s)
    }
  }

  // MARK: Comparison

  /// The other operand of a comparison as a decimal, exactly; with a fraction `left` becomes its
  /// product with the denominator. Nil for NotImplemented.
  private static func comparable(
    _ left: Ref, _ right: Ref, _ operation: Int32, _ context: ContextObject
  ) throws(Raised) -> (Ref, Ref)? {
    let isEquality = operation == Py_EQ || operation == Py_NE
    if right.isInt {
      let converted = try make(type, int: right, exact: true, context)
      return (left.retained().give(), converted.give())
    }
    if right.isInstance(of: floatType()) {
      if isEquality {
        context.layout.pointee.flagBits |= Conditions.floatOperation.rawValue
      } else {
        try context.report(.floatOperation)
      }
      let converted = try make(type, float: right, exact: true, context)
      return (left.retained().give(), converted.give())
    }
    if isEquality && right.isInstance(of: complexType()) {
      let value = right.view(PyComplexObject.self).pointee.cval
      guard value.imag == 0 else { return nil }
      context.layout.pointee.flagBits |= Conditions.floatOperation.rawValue
      let real = try own(PyFloat_FromDouble(value.real))
      let converted = try make(type, float: real.ref, exact: true, context)
      return (left.retained().give(), converted.give())
    }
    guard let rational = Classes.rational, try check(PyObject_IsInstance(right, rational)) != 0
    else { return nil }
    let top = try own(PyObject_GetAttrString(right, "numerator"))
    guard top.ref.isInt else {
      throw raise(.typeError, "numerator must be an integer")
    }
    let bottom = try own(PyObject_GetAttrString(right, "denominator"))
    guard bottom.ref.isInt else {
      throw raise(.typeError, "denominator must be an integer")
    }
    let numerator = try make(type, int: top.ref, exact: true, context)
    if DecimalObject(left).number.isSpecial {
      return (left.retained().give(), numerator.give())
    }
    let denominator = try make(type, int: bottom.ref, exact: true, context)
    let product = try make()
    var status: Conditions = []
    // With exponent 0, so that the product stays within any limits; then as it should be.
    let shifted = try make()
    let factor = DecimalObject(shifted.ref).number
    do {
      try factor.copy(DecimalObject(left).number)
      factor.pointee.exponent = 0
      try DecimalContext.widest.multiply(
        DecimalObject(product.ref).number, factor, DecimalObject(denominator.ref).number, &status)
    } catch { throw raiseNoMemory() }
    if !status.isDisjoint(with: [.inexact, .rounded, .clamped]) {
      throw raise(.valueError, "exact conversion for comparison failed")
    }
    DecimalObject(product.ref).number.pointee.exponent +=
      DecimalObject(left).number.pointee.exponent
    return (product.give(), numerator.give())
  }

  static func compare(_ left: Ref, _ right: Ref, _ operation: Int32) throws(Raised) -> Owned {
    let current = try Contexts.current()
    let context = ContextObject(current.ref)
    if isDecimal(right) { return try compareNumbers(left, right, operation, context) }
    guard let (a, b) = try comparable(left, right, operation, context) else {
      return notImplementedObject().retained()
    }
    defer {
      Py_DECREF(a)
      Py_DECREF(b)
    }
    return try compareNumbers(a, b, operation, context)
  }

  private static func compareNumbers(
    _ left: Ref, _ right: Ref, _ operation: Int32, _ context: ContextObject
  ) throws(Raised) -> Owned {
    let a = DecimalObject(left).number
    let b = DecimalObject(right).number
    if a.isNaN || b.isNaN {
      // Order signals for any NaN, equality for a signaling one.
      let isEquality = operation == Py_EQ || operation == Py_NE
      if a.isSignalingNaN || b.isSignalingNaN || !isEquality {
        try context.report(.invalidOperation)
      }
      return boolObject(operation == Py_NE).retained()
    }
    let order = DecimalContext.compare(a, b)
    let answer: Bool
    switch operation {
    case Py_LT: answer = order < 0
    case Py_LE: answer = order <= 0
    case Py_EQ: answer = order == 0
    case Py_NE: answer = order != 0
    case Py_GT: answer = order > 0
    default: answer = order >= 0
    }
    return boolObject(answer).retained()
  }

  // MARK: The type

  static let spec = TypeSpec(
    type, "decimal.Decimal", basicSize: size, flags: [.baseType],
    doc: """
      Decimal(value=\"0\", context=None)
      --

      A decimal number made exactly from an int, a str, a float, a tuple of
      sign, digits and exponent, or another decimal. The context says only
      whether a value that is none of these raises.


      """,
    base: objectType(),
    slots: [
      .tp_new { type, args, keywords in
        new {
          let value: Ref?
          let given: Ref?
          if keywords == nil && apus_var_size(args) == 1 {
            value = apus_tuple_item(args, 0)
            given = nil
          } else {
            let a = try CallArguments(
              "value context", total: 2, required: 0, tuple: args, keywords: keywords)
            value = a[0]
            given = a[1]
          }
          let context = try Contexts.chosen(given)
          return try make(type, exactly: value, ContextObject(context.ref))
        }
      },
      .tp_dealloc { object in
        DecimalObject(object).number.end()
        object.type.pointee.tp_free?(object)
      },
      .tp_repr { object in new { try DecimalObject(object).represented() } },
      .tp_str { object in new { try DecimalObject(object).shown() } },
      .tp_hash { object in Objects.size { try DecimalObject(object).hash() } },
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_richcompare { left, right, operation in new { try compare(left, right, operation) } },
      .nb_add { left, right in
        new {
          try binary(left, right) { c, r, a, b, s throws(OutOfMemory) in try c.add(r, a, b, &s) }
        }
      },
      .nb_subtract { left, right in
        new {
          try binary(left, right) { c, r, a, b, s throws(OutOfMemory) in
            try c.subtract(r, a, b, &s)
          }
        }
      },
      .nb_multiply { left, right in
        new {
          try binary(left, right) { c, r, a, b, s throws(OutOfMemory) in
            try c.multiply(r, a, b, &s)
          }
        }
      },
      .nb_true_divide { left, right in
        new {
          try binary(left, right) { c, r, a, b, s throws(OutOfMemory) in
            try c.divide(r, a, b, &s)
          }
        }
      },
      .nb_floor_divide { left, right in
        new {
          try binary(left, right) { c, r, a, b, s throws(OutOfMemory) in
            try c.divideToInteger(r, a, b, &s)
          }
        }
      },
      .nb_remainder { left, right in
        new {
          try binary(left, right) { c, r, a, b, s throws(OutOfMemory) in
            try c.remainder(r, a, b, &s)
          }
        }
      },
      .nb_divmod { left, right in
        new {
          let current = try Contexts.current()
          let context = ContextObject(current.ref)
          guard let a = try operand(left, context), let b = try operand(right, context) else {
            return notImplementedObject().retained()
          }
          return try divmod(a.ref, b.ref, context)
        }
      },
      .nb_power { left, right, modulo in
        new {
          let current = try Contexts.current()
          let context = ContextObject(current.ref)
          guard let a = try operand(left, context), let b = try operand(right, context) else {
            return notImplementedObject().retained()
          }
          guard let modulo, !modulo.isNone else {
            return try power(a.ref, b.ref, modulo: nil, context)
          }
          guard let m = try operand(modulo, context) else {
            return notImplementedObject().retained()
          }
          return try power(a.ref, b.ref, modulo: m.ref, context)
        }
      },
      .nb_negative { object in
        new { try unary(object) { c, r, a, s throws(OutOfMemory) in try c.minus(r, a, &s) } }
      },
      .nb_positive { object in
        new { try unary(object) { c, r, a, s throws(OutOfMemory) in try c.plus(r, a, &s) } }
      },
      .nb_absolute { object in
        new { try unary(object) { c, r, a, s throws(OutOfMemory) in try c.absolute(r, a, &s) } }
      },
      .nb_bool { object in DecimalObject(object).number.isZero ? 0 : 1 },
      .nb_int { object in new { try DecimalObject(object).int(.down) } },
      .nb_float { object in new { try DecimalObject(object).float() } },
    ],
    methods: DecimalMethods.all,
    properties: [
      Property("real", get: { object, _ in Py_NewRef(object) }),
      Property("imag", get: { _, _ in new { try make() } }),
    ])
}
