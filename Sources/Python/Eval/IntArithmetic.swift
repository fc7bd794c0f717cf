import CPythonABI
import Objects

// Fast paths for exact ints of at most one digit and exact floats. Each returns nil when it does not
// apply, with nothing changed and no exception set; the handler then takes the general way.

/// Whether both are exact ints of at most one digit.
@inline(__always) func areCompactInts(_ left: Ref, _ right: Ref) -> Bool {
  left.type == intType() && right.type == intType()
    && (apus_long_tag(left) | apus_long_tag(right)) < 16
}

/// A new reference to the int `value`; nil with MemoryError.
@inline(__always) func makeInt(_ value: Int) -> Ref? {
  if value &+ 5 < 262 && value &+ 5 >= 0 { return apus_small_int(value) }
  let magnitude = value < 0 ? 0 &- value : value
  if magnitude >> 30 != 0 { return PyLong_FromSsize_t(value) }
  guard let memory = PyObject_Malloc(32) else { return PyErr_NoMemory() }
  let object = memory.assumingMemoryBound(to: PyLongObject.self)
  object.pointee.ob_base.ob_refcnt = 1
  object.pointee.ob_base.ob_type = intType()
  object.pointee.long_value.lv_tag = UInt(8 | (value < 0 ? 2 : 0))
  object.pointee.long_value.ob_digit = UInt32(truncatingIfNeeded: magnitude)
  return UnsafeMutableRawPointer(object).assumingMemoryBound(to: PyObject.self)
}

/// The int `value` in place of `left`, which is reused when nobody else has it. Consumes `left`.
@inline(__always) func makeInt(_ value: Int, reusing left: Ref) -> Ref? {
  if value &+ 5 < 262 && value &+ 5 >= 0 {
    dropInt(left)
    return apus_small_int(value)
  }
  let magnitude = value < 0 ? 0 &- value : value
  if left.pointee.ob_refcnt == 1 && magnitude >> 30 == 0 {
    let object = left.view(PyLongObject.self)
    object.pointee.long_value.lv_tag = UInt(8 | (value < 0 ? 2 : 0))
    object.pointee.long_value.ob_digit = UInt32(truncatingIfNeeded: magnitude)
    return left
  }
  guard let result = makeInt(value) else { return nil }
  dropInt(left)
  return result
}

/// DECREF of an exact int.
@inline(__always) func dropInt(_ object: Ref) {
  if _Py_IsImmortal(object) != 0 { return }
  object.pointee.ob_refcnt &-= 1
  if object.pointee.ob_refcnt == 0 { PyObject_Free(object) }
}

/// A new float; nil with MemoryError.
@inline(__always) func makeFloat(_ value: Double) -> Ref? { PyFloat_FromDouble(value) }

/// The float `value`, in the memory of one of the operands when nobody else has it.
/// Consumes both operands.
@inline(__always)
func makeFloat(_ value: Double, reusing left: Ref, _ right: Ref) -> Ref? {
  if left.pointee.ob_refcnt == 1 {
    left.view(PyFloatObject.self).pointee.ob_fval = value
    Py_DECREF(right)
    return left
  }
  if right.pointee.ob_refcnt == 1 {
    right.view(PyFloatObject.self).pointee.ob_fval = value
    Py_DECREF(left)
    return right
  }
  guard let result = PyFloat_FromDouble(value) else { return nil }
  Py_DECREF(left)
  Py_DECREF(right)
  return result
}

@inline(__always) func floatValue(_ object: Ref) -> Double {
  object.view(PyFloatObject.self).pointee.ob_fval
}

// The fast ways are transparent, not only inlined: the optimiser's limit on the size of a caller would
// leave them calls in the eval loop.

/// What trying a fast way came to.
enum FastOutcome {
  /// `sp[-2]` has the result and `sp[-1]` is gone.
  case done
  /// An exception is set.
  case failed
  /// Nothing has been done: the operands are of other kinds.
  case general
}

/// Operators with a fast way. As an argument always a constant, so that only its case is left.
enum FastOperator {
  case add, subtract, multiply, floorDivide, modulo, and, or, xor, shiftLeft, shiftRight

  @_transparent
  func applies(to right: Int) -> Bool {
    switch self {
    case .floorDivide, .modulo: right != 0
    case .shiftLeft, .shiftRight: right >= 0 && right < 32
    default: true
    }
  }

  @_transparent
  func callAsFunction(_ left: Int, _ right: Int) -> Int {
    switch self {
    case .add: left &+ right
    case .subtract: left &- right
    case .multiply: left &* right
    case .floorDivide: Interpreter.floorDivide(left, right)
    case .modulo: floorModulo(left, right)
    case .and: left & right
    case .or: left | right
    case .xor: left ^ right
    case .shiftLeft: left &<< right
    case .shiftRight: left &>> right
    }
  }
}

/// Addition, subtraction or multiplication of two small ints or two floats, on top of the stack.
@_transparent
func fastArithmetic(_ sp: StackRef, _ operation: FastOperator) -> FastOutcome {
  let right = sp[-1].unsafelyUnwrapped
  let left = sp[-2].unsafelyUnwrapped
  let type = left.type
  if type != right.type { return .general }
  if type == intType() {
    if (apus_long_tag(left) | apus_long_tag(right)) >= 16 { return .general }
    let value = operation(apus_long_compact_value(left), apus_long_compact_value(right))
    guard let result = makeInt(value, reusing: left) else { return .failed }
    sp[-2] = result
    dropInt(right)
    return .done
  }
  if type != floatType() { return .general }
  let value: Double
  switch operation {
  case .add: value = floatValue(left) + floatValue(right)
  case .subtract: value = floatValue(left) - floatValue(right)
  default: value = floatValue(left) * floatValue(right)
  }
  guard let result = makeFloat(value, reusing: left, right) else { return .failed }
  sp[-2] = result
  return .done
}

/// An operator over two small ints, on top of the stack.
@_transparent
func fastIntegers(_ sp: StackRef, _ operation: FastOperator) -> FastOutcome {
  let right = sp[-1].unsafelyUnwrapped
  let left = sp[-2].unsafelyUnwrapped
  if !areCompactInts(left, right) { return .general }
  let second = apus_long_compact_value(right)
  if !operation.applies(to: second) { return .general }
  guard let result = makeInt(operation(apus_long_compact_value(left), second), reusing: left) else {
    return .failed
  }
  sp[-2] = result
  dropInt(right)
  return .done
}

/// True division of two floats or two small ints, on top of the stack.
@_transparent
func fastTrueDivision(_ sp: StackRef) -> FastOutcome {
  let right = sp[-1].unsafelyUnwrapped
  let left = sp[-2].unsafelyUnwrapped
  if left.isExactFloat && right.isExactFloat && floatValue(right) != 0 {
    guard
      let result = makeFloat(floatValue(left) / floatValue(right), reusing: left, right)
    else { return .failed }
    sp[-2] = result
    return .done
  }
  if !areCompactInts(left, right) || apus_long_tag(right) == 1 { return .general }
  guard
    let result = makeFloat(
      Double(apus_long_compact_value(left)) / Double(apus_long_compact_value(right)))
  else { return .failed }
  sp[-2] = result
  dropInt(left)
  dropInt(right)
  return .done
}

/// Floor division of machine ints; the divisor is not zero.
@inline(__always) func floorDivide(_ left: Int, _ right: Int) -> Int {
  let quotient = left / right
  return (left % right != 0) && ((left < 0) != (right < 0)) ? quotient &- 1 : quotient
}

/// Modulo with the sign of the divisor; the divisor is not zero.
@inline(__always) func floorModulo(_ left: Int, _ right: Int) -> Int {
  let remainder = left % right
  return remainder != 0 && ((remainder < 0) != (right < 0)) ? remainder &+ right : remainder
}
