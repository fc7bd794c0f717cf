import CPythonABI
import Objects

// The general way of operators: what the fast paths in the loop leave. Each works on the topmost
// stack entries and returns false when an exception is set, with the operands still on the stack
// (unwinding drops them).

/// Replaces the two topmost entries by `result`; nil is failure.
@inline(__always)
private func replaceTwo(_ sp: StackRef, _ result: Ref?) -> Bool {
  guard let result else { return false }
  let left = sp[-2].unsafelyUnwrapped
  let right = sp[-1].unsafelyUnwrapped
  sp[-2] = result
  Py_DECREF(left)
  Py_DECREF(right)
  return true
}

/// A float and a small int as doubles; nil for all other pairs.
@inline(__always)
private func doubles(_ left: Ref, _ right: Ref) -> (Double, Double)? {
  if left.isExactFloat && right.isExactInt && apus_long_is_compact(right) != 0 {
    return (floatValue(left), Double(apus_long_compact_value(right)))
  }
  if right.isExactFloat && left.isExactInt && apus_long_is_compact(left) != 0 {
    return (Double(apus_long_compact_value(left)), floatValue(right))
  }
  return nil
}

/// Arithmetic of a float and a small int; nil for other operands and operators.
@inline(__always)
private func floatAndInt(_ opcode: QuickOpcode, _ left: Ref, _ right: Ref) -> Double? {
  guard let (first, second) = doubles(left, right) else { return nil }
  switch opcode {
  case .binaryAdd, .inplaceAdd: return first + second
  case .binarySubtract, .inplaceSubtract: return first - second
  case .binaryMultiply, .inplaceMultiply: return first * second
  case .binaryTrueDivide, .inplaceTrueDivide: return second == 0 ? nil : first / second
  default: return nil
  }
}

/// A binary operator by its general opcode.
@inline(never)
func binaryOperator(_ opcode: QuickOpcode, _ sp: StackRef) -> Bool {
  let left = sp[-2].unsafelyUnwrapped
  let right = sp[-1].unsafelyUnwrapped
  if let value = floatAndInt(opcode, left, right) {
    return replaceTwo(sp, PyFloat_FromDouble(value))
  }
  if left.type == intType() && right.type == intType(),
    case .result(let value) = MediumInteger.apply(opcode, left, right)
  {
    return replaceTwo(sp, value)
  }
  let result: Ref?
  switch opcode {
  case .binaryAdd: result = PyNumber_Add(left, right)
  case .binarySubtract: result = PyNumber_Subtract(left, right)
  case .binaryMultiply: result = PyNumber_Multiply(left, right)
  case .binaryTrueDivide: result = PyNumber_TrueDivide(left, right)
  case .binaryFloorDivide: result = PyNumber_FloorDivide(left, right)
  case .binaryModulo:
    if left.type == strType() && (right.type == strType() || !right.isStr) {
      result = PyUnicode_Format(left, right)
    } else {
      result = PyNumber_Remainder(left, right)
    }
  case .binaryPower: result = PyNumber_Power(left, right, noneObject())
  case .binaryMatrixMultiply: result = PyNumber_MatrixMultiply(left, right)
  case .binaryLshift: result = PyNumber_Lshift(left, right)
  case .binaryRshift: result = PyNumber_Rshift(left, right)
  case .binaryAnd: result = PyNumber_And(left, right)
  case .binaryXor: result = PyNumber_Xor(left, right)
  case .binaryOr: result = PyNumber_Or(left, right)
  case .inplaceAdd: result = PyNumber_InPlaceAdd(left, right)
  case .inplaceSubtract: result = PyNumber_InPlaceSubtract(left, right)
  case .inplaceMultiply: result = PyNumber_InPlaceMultiply(left, right)
  case .inplaceTrueDivide: result = PyNumber_InPlaceTrueDivide(left, right)
  case .inplaceFloorDivide: result = PyNumber_InPlaceFloorDivide(left, right)
  case .inplaceModulo: result = PyNumber_InPlaceRemainder(left, right)
  case .inplacePower: result = PyNumber_InPlacePower(left, right, noneObject())
  case .inplaceMatrixMultiply: result = PyNumber_InPlaceMatrixMultiply(left, right)
  case .inplaceLshift: result = PyNumber_InPlaceLshift(left, right)
  case .inplaceRshift: result = PyNumber_InPlaceRshift(left, right)
  case .inplaceAnd: result = PyNumber_InPlaceAnd(left, right)
  case .inplaceXor: result = PyNumber_InPlaceXor(left, right)
  case .inplaceOr: result = PyNumber_InPlaceOr(left, right)
  default: result = PyObject_GetItem(left, right)
  }
  return replaceTwo(sp, result)
}

/// A unary operator on the top.
@inline(never)
func unaryOperator(_ opcode: QuickOpcode, _ sp: StackRef) -> Bool {
  let value = sp[-1].unsafelyUnwrapped
  let result: Ref?
  switch opcode {
  case .unaryPositive: result = PyNumber_Positive(value)
  case .unaryNegative: result = PyNumber_Negative(value)
  default: result = PyNumber_Invert(value)
  }
  guard let result else { return false }
  sp[-1] = result
  Py_DECREF(value)
  return true
}

/// COMPARE_OP; `oparg` is Py_LT and so on.
@inline(never)
func compareOperator(_ oparg: Int32, _ sp: StackRef) -> Bool {
  let left = sp[-2].unsafelyUnwrapped
  let right = sp[-1].unsafelyUnwrapped
  if let (first, second) = doubles(left, right) {
    return replaceTwo(sp, boolObject(compare(first, second, UInt32(truncatingIfNeeded: oparg))))
  }
  return replaceTwo(sp, PyObject_RichCompare(left, right, oparg))
}

/// Whether a small int or a str is in a list or tuple of such: 1 or 0. Nil for other values and when
/// an item must be asked, which may run Python code.
private func containsAmongPlainItems(_ container: Ref, _ value: Ref) -> Int32? {
  let items: StackRef
  if container.isExactList {
    guard let first = container.view(PyListObject.self).pointee.ob_item else { return 0 }
    items = first
  } else if container.isExactTuple {
    items = apus_tuple_items(container)
  } else {
    return nil
  }
  let count = apus_var_size(container)
  var index = 0
  if value.isExactInt && apus_long_is_compact(value) != 0 {
    while index < count {
      let item = items[index].unsafelyUnwrapped
      if item == value { return 1 }
      guard item.isExactInt else { return nil }
      if apus_long_tag(item) == apus_long_tag(value)
        && apus_long_compact_value(item) == apus_long_compact_value(value)
      {
        return 1
      }
      index &+= 1
    }
    return 0
  }
  guard value.isExactStr else { return nil }
  while index < count {
    let item = items[index].unsafelyUnwrapped
    if item == value { return 1 }
    guard item.isExactStr else { return nil }
    if _PyUnicode_Equal(item, value) != 0 { return 1 }
    index &+= 1
  }
  return 0
}

/// CONTAINS_OP: the item below, the container on top.
@inline(never)
func containsOperator(_ invert: UInt32, _ sp: StackRef) -> Bool {
  let container = sp[-1].unsafelyUnwrapped
  let value = sp[-2].unsafelyUnwrapped
  let found =
    containsAmongPlainItems(container, value) ?? PySequence_Contains(container, value)
  if found < 0 { return false }
  return replaceTwo(sp, boolObject((found != 0) != (invert != 0)))
}

/// The fast comparison of two machine numbers by a `Py_LT`... number.
@inline(__always)
func compare<T: Comparable>(_ left: T, _ right: T, _ operation: UInt32) -> Bool {
  switch operation {
  case 0: left < right
  case 1: left <= right
  case 2: left == right
  case 3: left != right
  case 4: left > right
  default: left >= right
  }
}

/// The truth of an object: 1, 0, or -1 with an exception set.
@inline(__always)
func isTrue(_ object: Ref) -> Int32 {
  if object == trueObject() { return 1 }
  if object == falseObject() || object == noneObject() { return 0 }
  return PyObject_IsTrue(object)
}
