import CPythonABI
import Glibc
import Numerics

extension PyFloat {
  /// An operand of float arithmetic.
  enum Operand {
    case value(Double)
    /// Neither float nor int: NotImplemented.
    case other
    /// An int too large; an exception is set.
    case failed
  }

  @inline(__always)
  static func operand(_ object: Ref) -> Operand {
    if object.isExactFloat { return .value(PyFloat(object).value) }
    return operandSlow(object)
  }

  private static func operandSlow(_ object: Ref) -> Operand {
    if object.isInstance(of: floatType()) { return .value(PyFloat(object).value) }
    guard object.isInt else { return .other }
    let value = PyLong_AsDouble(object)
    return value == -1 && hasRaised() ? .failed : .value(value)
  }

  /// The body of a binary slot.
  @inline(__always)
  static func binary(
    _ left: Ref, _ right: Ref, _ body: (Double, Double) throws(Raised) -> Owned
  ) -> Ref? {
    let x: Double
    switch operand(left) {
    case .value(let value): x = value
    case .other: return notImplementedObject()
    case .failed: return nil
    }
    let y: Double
    switch operand(right) {
    case .value(let value): y = value
    case .other: return notImplementedObject()
    case .failed: return nil
    }
    do { return try body(x, y).give() } catch { return nil }
  }

  static func divide(_ x: Double, _ y: Double) throws(Raised) -> Owned {
    if y == 0 { throw raise(.zeroDivisionError, "float division by zero") }
    return try own(make(x / y))
  }

  /// The remainder with the sign of the divisor, which is not zero.
  @inline(__always)
  static func remainder(_ x: Double, _ y: Double) -> Double {
    let rest = fmod(x, y)
    if rest != 0 { return (y < 0) != (rest < 0) ? rest + y : rest }
    return copysign(0, y)
  }

  /// Floor quotient and remainder; the divisor is not zero.
  static func divmod(_ x: Double, _ y: Double) -> (quotient: Double, remainder: Double) {
    var rest = fmod(x, y)
    // x - rest is very nearly a multiple of y; the quotient is rounded to the integer it means.
    var quotient = (x - rest) / y
    if rest != 0 {
      if (y < 0) != (rest < 0) {
        rest += y
        quotient -= 1
      }
    } else {
      rest = copysign(0, y)
    }
    if quotient == 0 { return (copysign(0, x / y), rest) }
    var whole = quotient.rounded(.down)
    if quotient - whole > 0.5 { whole += 1 }
    return (whole, rest)
  }

  /// `x ** y` with IEEE 754's special values; a negative base with a fractional exponent gives a
  /// complex number.
  static func power(_ x: Double, _ y: Double) throws(Raised) -> Owned {
    if y == 0 { return try own(make(1)) }
    if x.isNaN { return try own(make(x)) }
    if y.isNaN { return try own(make(x == 1 ? 1 : y)) }
    let yIsOdd = fmod(y.magnitude, 2) == 1
    if y.isInfinite {
      let size = x.magnitude
      if size == 1 { return try own(make(1)) }
      return try own(make((y > 0) == (size > 1) ? y.magnitude : 0))
    }
    if x.isInfinite {
      if y > 0 { return try own(make(yIsOdd ? x : x.magnitude)) }
      return try own(make(yIsOdd ? copysign(0, x) : 0))
    }
    if x == 0 {
      if y < 0 {
        throw raise(.zeroDivisionError, "0.0 cannot be raised to a negative power")
      }
      return try own(make(yIsOdd ? x : 0))
    }
    var base = x
    var negate = false
    if x < 0 {
      if y != y.rounded(.down) {
        let value = try PyComplex.power(
          Py_complex(real: x, imag: 0), Py_complex(real: y, imag: 0))
        return try own(PyComplex_FromCComplex(value))
      }
      base = -x
      negate = yIsOdd
    }
    if base == 1 { return try own(make(negate ? -1 : 1)) }
    let result = pow(base, y)
    if result.isInfinite { throw raiseRange() }
    return try own(make(negate ? -result : result))
  }

  /// OverflowError as errno ERANGE gives it.
  static func raiseRange() -> Raised {
    do {
      let number = try own(PyLong_FromLong(Int(ERANGE)))
      let text = try own(newString("Numerical result out of range"))
      let arguments = try PyTuple.pair(number.ref, text.ref)
      return raise(.overflowError, value: arguments.ref)
    } catch {
      return error
    }
  }

  // MARK: Comparing

  static let richCompare: richcmpfunc = { left, right, operation in
    let x = PyFloat(left).value
    if right.isExactFloat || right.isInstance(of: floatType()) {
      return boolObject(related(x, PyFloat(right).value, operation))
    }
    guard right.isInt else { return notImplementedObject() }
    if apus_long_is_compact(right) != 0 {
      return boolObject(related(x, Double(apus_long_compact_value(right)), operation))
    }
    if !x.isFinite {
      // Infinity and NaN relate to every int as they do to 0.
      return boolObject(related(x, 0, operation))
    }
    return boolObject(compareSizes(compare(x, PyLong(right)), 0, operation))
  }

  @inline(__always)
  static func related(_ x: Double, _ y: Double, _ operation: Int32) -> Bool {
    switch operation {
    case Py_LT: x < y
    case Py_LE: x <= y
    case Py_EQ: x == y
    case Py_NE: x != y
    case Py_GT: x > y
    default: x >= y
    }
  }

  /// -1, 0 or 1 for a finite double and an int of two digits or more, exactly.
  private static func compare(_ x: Double, _ long: PyLong) -> Int {
    let sign = x > 0 ? 1 : x < 0 ? -1 : 0
    if sign != long.sign { return sign < long.sign ? -1 : 1 }
    var exponent: Int32 = 0
    _ = frexp(x, &exponent)
    let bits = long.bitLength
    if Int(exponent) != bits { return (Int(exponent) < bits) == (sign > 0) ? -1 : 1 }
    // As many bits: compare the integral part, then the fraction. There are at most 1024 bits.
    var digits = InlineArray<36, UInt32>(repeating: 0)
    var span = digits.mutableSpan
    let order = span.withUnsafeMutableBufferPointer { buffer in
      let start = buffer.baseAddress.unsafelyUnwrapped
      let count = Digits.write(truncating: x, into: start)
      return Digits.compare(Digits.Source(start), count, long.source, long.count)
    }
    if order != 0 { return order * sign }
    return x == x.rounded(.towardZero) ? 0 : sign
  }
}
