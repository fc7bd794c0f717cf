import CPythonABI
import Objects

/// Numbers and durations: the binary slots of timedelta.
extension TimeDelta {
  static func add(_ left: Ref, _ right: Ref) -> Ref? {
    guard isDelta(left), isDelta(right) else { return notImplementedObject() }
    return new { try sum(TimeDelta(left), TimeDelta(right), sign: 1) }
  }

  static func subtract(_ left: Ref, _ right: Ref) -> Ref? {
    guard isDelta(left), isDelta(right) else { return notImplementedObject() }
    return new { try sum(TimeDelta(left), TimeDelta(right), sign: -1) }
  }

  /// `left + sign * right`
  static func sum(_ left: TimeDelta, _ right: TimeDelta, sign: Int) throws(Raised) -> Owned {
    try normalized(
      left.days &+ sign &* right.days, left.seconds &+ sign &* right.seconds,
      left.microseconds &+ sign &* right.microseconds)
  }

  private static func isFloat(_ object: Ref) -> Bool { object.isInstance(of: floatType()) }

  static func multiply(_ left: Ref, _ right: Ref) -> Ref? {
    let (delta, factor) = isDelta(left) ? (left, right) : (right, left)
    if factor.isInt { return new { try scaled(TimeDelta(delta), by: factor) } }
    if isFloat(factor) {
      return new { try scaled(TimeDelta(delta), byFloat: factor, inverse: false) }
    }
    return notImplementedObject()
  }

  private static func scaled(_ delta: TimeDelta, by factor: Ref) throws(Raised) -> Owned {
    if factor.isExactInt && apus_long_is_compact(factor) != 0 {
      return try make(microseconds: delta.total &* Int128(apus_long_compact_value(factor)))
    }
    let microseconds = try delta.integer()
    let product = try own(PyNumber_Multiply(microseconds.ref, factor))
    return try make(integer: product.ref)
  }

  /// A duration times, or divided by, a float, exactly and then rounded half to even.
  private static func scaled(
    _ delta: TimeDelta, byFloat number: Ref, inverse: Bool
  ) throws(Raised) -> Owned {
    let ratio = try own(PyObject_CallMethodNoArgs(number, Names.asIntegerRatio))
    guard ratio.ref.isTuple else {
      throw raise(
        .typeError,
        "unexpected return type from as_integer_ratio(): expected tuple, "
          + "got '\(ratio.ref.type.fullName)'")
    }
    guard apus_var_size(ratio.ref) == 2 else {
      throw raise(.valueError, "as_integer_ratio() must return a 2-tuple")
    }
    let over = apus_tuple_item(ratio.ref, 0)
    let under = apus_tuple_item(ratio.ref, 1)
    let microseconds = try delta.integer()
    let product = try own(PyNumber_Multiply(microseconds.ref, inverse ? under : over))
    let result = try divideToNearest(product.ref, inverse ? over : under)
    return try make(integer: result.ref)
  }

  /// The int nearest to a quotient of ints, half to even.
  private static func divideToNearest(_ a: Ref, _ b: Ref) throws(Raised) -> Owned {
    if b.isExactInt, apus_long_is_compact(b) != 0, apus_long_compact_value(b) == 0 {
      throw raise(.zeroDivisionError, "integer division or modulo by zero")
    }
    let pair = try own(PyNumber_Divmod(a, b))
    let quotient = apus_tuple_item(pair.ref, 0)
    let rest = apus_tuple_item(pair.ref, 1)
    let two = try int(2)
    let twice = try own(PyNumber_Multiply(rest, two.ref))
    // The rest has the divisor's sign: compare sizes.
    let twiceSize = try own(PyNumber_Absolute(twice.ref))
    let size = try own(PyNumber_Absolute(b))
    var up = try check(PyObject_RichCompareBool(twiceSize.ref, size.ref, Py_GT)) != 0
    let half = try check(PyObject_RichCompareBool(twiceSize.ref, size.ref, Py_EQ)) != 0
    if half {
      let one = try int(1)
      let bit = try own(PyNumber_And(quotient, one.ref))
      up = try check(PyObject_IsTrue(bit.ref)) != 0
    }
    guard up else { return quotient.retained() }
    let one = try int(1)
    return try own(PyNumber_Add(quotient, one.ref))
  }

  static func floorDivide(_ left: Ref, _ right: Ref) -> Ref? {
    guard isDelta(left), isDelta(right) || right.isInt else { return notImplementedObject() }
    return new {
      let over = try TimeDelta(left).integer()
      if right.isInt {
        let quotient = try own(PyNumber_FloorDivide(over.ref, right))
        return try make(integer: quotient.ref)
      }
      let under = try TimeDelta(right).integer()
      return try own(PyNumber_FloorDivide(over.ref, under.ref))
    }
  }

  static func trueDivide(_ left: Ref, _ right: Ref) -> Ref? {
    guard isDelta(left) else { return notImplementedObject() }
    if isDelta(right) {
      return new {
        let over = try TimeDelta(left).integer()
        let under = try TimeDelta(right).integer()
        return try own(PyNumber_TrueDivide(over.ref, under.ref))
      }
    }
    if isFloat(right) {
      return new { try scaled(TimeDelta(left), byFloat: right, inverse: true) }
    }
    guard right.isInt else { return notImplementedObject() }
    return new {
      let over = try TimeDelta(left).integer()
      let quotient = try divideToNearest(over.ref, right)
      return try make(integer: quotient.ref)
    }
  }

  static func remainder(_ left: Ref, _ right: Ref) -> Ref? {
    guard isDelta(left), isDelta(right) else { return notImplementedObject() }
    return new {
      let over = try TimeDelta(left).integer()
      let under = try TimeDelta(right).integer()
      let rest = try own(PyNumber_Remainder(over.ref, under.ref))
      return try make(integer: rest.ref)
    }
  }

  static func divmod(_ left: Ref, _ right: Ref) -> Ref? {
    guard isDelta(left), isDelta(right) else { return notImplementedObject() }
    return new {
      let over = try TimeDelta(left).integer()
      let under = try TimeDelta(right).integer()
      let pair = try own(PyNumber_Divmod(over.ref, under.ref))
      let rest = try make(integer: apus_tuple_item(pair.ref, 1))
      return try tuple(apus_tuple_item(pair.ref, 0).retained(), rest)
    }
  }
}
