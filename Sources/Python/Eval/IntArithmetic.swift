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
