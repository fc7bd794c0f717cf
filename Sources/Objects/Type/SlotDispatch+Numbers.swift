import CPythonABI

// The functions that fill the number slots of a class with Python-level special methods.
// CPython: Objects/typeobject.c, `slot_nb_*`. Each is a C symbol: its address says "this slot
// dispatches to Python".

/// A binary operator with reflected form: which of `__op__` and `__rop__` runs first follows the
/// data model ("if the right operand's type is a subclass and provides a different reflected method").
/// `leftOwns`, `rightOwns`: that operand's type has this very function in the slot.
@inline(__always)
private func binaryOperator(
  _ left: Ref, _ right: Ref, _ name: Ref, _ reflected: Ref, leftOwns: Bool, rightOwns: Bool
) -> Ref? {
  var tryRight = rightOwns && left.type != right.type
  if leftOwns {
    if tryRight && PyType_IsSubtype(right.type, left.type) != 0 {
      let overrides = overridesMethod(left, right, reflected)
      if overrides < 0 { return nil }
      if overrides > 0 {
        let result = SpecialMethod.callMaybe(right, reflected, left)
        if result != notImplementedObject() { return result }
        tryRight = false
      }
    }
    let result = SpecialMethod.callMaybe(left, name, right)
    if result != notImplementedObject() || left.type == right.type { return result }
  }
  if tryRight { return SpecialMethod.callMaybe(right, reflected, left) }
  return notImplementedObject()
}

/// Whether `right` has another method of that name than `left`: 1, 0, or -1 with an exception.
private func overridesMethod(_ left: Ref, _ right: Ref, _ name: Ref) -> Int32 {
  var theirs: Ref?
  if PyObject_GetOptionalAttr(right.type.object, name, &theirs) < 0 { return -1 }
  guard let theirs else { return 0 }
  defer { Py_DECREF(theirs) }
  var ours: Ref?
  if PyObject_GetOptionalAttr(left.type.object, name, &ours) < 0 { return -1 }
  guard let ours else { return 1 }
  defer { Py_DECREF(ours) }
  return PyObject_RichCompareBool(ours, theirs, Py_NE)
}

@c func slot_nb_add(_ left: Ref, _ right: Ref) -> Ref? {
  binaryOperator(
    left, right, id___add__(), id___radd__(),
    leftOwns: same(left.type.pointee.tp_as_number?.pointee.nb_add, slot_nb_add),
    rightOwns: same(right.type.pointee.tp_as_number?.pointee.nb_add, slot_nb_add))
}
@c func slot_nb_subtract(_ left: Ref, _ right: Ref) -> Ref? {
  binaryOperator(
    left, right, id___sub__(), id___rsub__(),
    leftOwns: same(left.type.pointee.tp_as_number?.pointee.nb_subtract, slot_nb_subtract),
    rightOwns: same(right.type.pointee.tp_as_number?.pointee.nb_subtract, slot_nb_subtract))
}
@c func slot_nb_multiply(_ left: Ref, _ right: Ref) -> Ref? {
  binaryOperator(
    left, right, id___mul__(), id___rmul__(),
    leftOwns: same(left.type.pointee.tp_as_number?.pointee.nb_multiply, slot_nb_multiply),
    rightOwns: same(right.type.pointee.tp_as_number?.pointee.nb_multiply, slot_nb_multiply))
}
@c func slot_nb_remainder(_ left: Ref, _ right: Ref) -> Ref? {
  binaryOperator(
    left, right, id___mod__(), id___rmod__(),
    leftOwns: same(left.type.pointee.tp_as_number?.pointee.nb_remainder, slot_nb_remainder),
    rightOwns: same(right.type.pointee.tp_as_number?.pointee.nb_remainder, slot_nb_remainder))
}
@c func slot_nb_divmod(_ left: Ref, _ right: Ref) -> Ref? {
  binaryOperator(
    left, right, id___divmod__(), id___rdivmod__(),
    leftOwns: same(left.type.pointee.tp_as_number?.pointee.nb_divmod, slot_nb_divmod),
    rightOwns: same(right.type.pointee.tp_as_number?.pointee.nb_divmod, slot_nb_divmod))
}
@c func slot_nb_lshift(_ left: Ref, _ right: Ref) -> Ref? {
  binaryOperator(
    left, right, id___lshift__(), id___rlshift__(),
    leftOwns: same(left.type.pointee.tp_as_number?.pointee.nb_lshift, slot_nb_lshift),
    rightOwns: same(right.type.pointee.tp_as_number?.pointee.nb_lshift, slot_nb_lshift))
}
@c func slot_nb_rshift(_ left: Ref, _ right: Ref) -> Ref? {
  binaryOperator(
    left, right, id___rshift__(), id___rrshift__(),
    leftOwns: same(left.type.pointee.tp_as_number?.pointee.nb_rshift, slot_nb_rshift),
    rightOwns: same(right.type.pointee.tp_as_number?.pointee.nb_rshift, slot_nb_rshift))
}
@c func slot_nb_and(_ left: Ref, _ right: Ref) -> Ref? {
  binaryOperator(
    left, right, id___and__(), id___rand__(),
    leftOwns: same(left.type.pointee.tp_as_number?.pointee.nb_and, slot_nb_and),
    rightOwns: same(right.type.pointee.tp_as_number?.pointee.nb_and, slot_nb_and))
}
@c func slot_nb_xor(_ left: Ref, _ right: Ref) -> Ref? {
  binaryOperator(
    left, right, id___xor__(), id___rxor__(),
    leftOwns: same(left.type.pointee.tp_as_number?.pointee.nb_xor, slot_nb_xor),
    rightOwns: same(right.type.pointee.tp_as_number?.pointee.nb_xor, slot_nb_xor))
}
@c func slot_nb_or(_ left: Ref, _ right: Ref) -> Ref? {
  binaryOperator(
    left, right, id___or__(), id___ror__(),
    leftOwns: same(left.type.pointee.tp_as_number?.pointee.nb_or, slot_nb_or),
    rightOwns: same(right.type.pointee.tp_as_number?.pointee.nb_or, slot_nb_or))
}
@c func slot_nb_floor_divide(_ left: Ref, _ right: Ref) -> Ref? {
  binaryOperator(
    left, right, id___floordiv__(), id___rfloordiv__(),
    leftOwns: same(left.type.pointee.tp_as_number?.pointee.nb_floor_divide, slot_nb_floor_divide),
    rightOwns: same(right.type.pointee.tp_as_number?.pointee.nb_floor_divide, slot_nb_floor_divide))
}
@c func slot_nb_true_divide(_ left: Ref, _ right: Ref) -> Ref? {
  binaryOperator(
    left, right, id___truediv__(), id___rtruediv__(),
    leftOwns: same(left.type.pointee.tp_as_number?.pointee.nb_true_divide, slot_nb_true_divide),
    rightOwns: same(right.type.pointee.tp_as_number?.pointee.nb_true_divide, slot_nb_true_divide))
}
@c func slot_nb_matrix_multiply(_ left: Ref, _ right: Ref) -> Ref? {
  binaryOperator(
    left, right, id___matmul__(), id___rmatmul__(),
    leftOwns: same(left.type.pointee.tp_as_number?.pointee.nb_matrix_multiply, slot_nb_matrix_multiply),
    rightOwns: same(right.type.pointee.tp_as_number?.pointee.nb_matrix_multiply, slot_nb_matrix_multiply))
}

/// Whether a slot holds this function.
@inline(__always)
private func same(_ slot: binaryfunc?, _ function: @escaping binaryfunc) -> Bool {
  unsafeBitCast(slot, to: UnsafeRawPointer?.self) == unsafeBitCast(function, to: UnsafeRawPointer.self)
}

@c func slot_nb_binary_power(_ left: Ref, _ right: Ref) -> Ref? {
  binaryOperator(
    left, right, id___pow__(), id___rpow__(), leftOwns: hasPower(left), rightOwns: hasPower(right))
}

private func hasPower(_ operand: Ref) -> Bool {
  let slot = operand.type.pointee.tp_as_number?.pointee.nb_power
  return unsafeBitCast(slot, to: UnsafeRawPointer?.self)
    == unsafeBitCast(slot_nb_power as ternaryfunc, to: UnsafeRawPointer.self)
}

@c func slot_nb_power(_ left: Ref, _ right: Ref, _ modulus: Ref?) -> Ref? {
  guard let modulus, !modulus.isNone else { return slot_nb_binary_power(left, right) }
  // Three-argument power never asks the second or third operand.
  if hasPower(left) {
    return withArguments(left, right, modulus) { SpecialMethod.callMaybe($0, 3, id___pow__()) }
  }
  return notImplementedObject()
}

@c func slot_nb_inplace_power(_ left: Ref, _ right: Ref, _ modulus: Ref?) -> Ref? {
  SpecialMethod.call(left, id___ipow__(), right)
}

@c func slot_nb_inplace_add(_ left: Ref, _ right: Ref) -> Ref? { SpecialMethod.call(left, id___iadd__(), right) }
@c func slot_nb_inplace_subtract(_ left: Ref, _ right: Ref) -> Ref? { SpecialMethod.call(left, id___isub__(), right) }
@c func slot_nb_inplace_multiply(_ left: Ref, _ right: Ref) -> Ref? { SpecialMethod.call(left, id___imul__(), right) }
@c func slot_nb_inplace_remainder(_ left: Ref, _ right: Ref) -> Ref? { SpecialMethod.call(left, id___imod__(), right) }
@c func slot_nb_inplace_lshift(_ left: Ref, _ right: Ref) -> Ref? { SpecialMethod.call(left, id___ilshift__(), right) }
@c func slot_nb_inplace_rshift(_ left: Ref, _ right: Ref) -> Ref? { SpecialMethod.call(left, id___irshift__(), right) }
@c func slot_nb_inplace_and(_ left: Ref, _ right: Ref) -> Ref? { SpecialMethod.call(left, id___iand__(), right) }
@c func slot_nb_inplace_xor(_ left: Ref, _ right: Ref) -> Ref? { SpecialMethod.call(left, id___ixor__(), right) }
@c func slot_nb_inplace_or(_ left: Ref, _ right: Ref) -> Ref? { SpecialMethod.call(left, id___ior__(), right) }
@c func slot_nb_inplace_floor_divide(_ left: Ref, _ right: Ref) -> Ref? { SpecialMethod.call(left, id___ifloordiv__(), right) }
@c func slot_nb_inplace_true_divide(_ left: Ref, _ right: Ref) -> Ref? { SpecialMethod.call(left, id___itruediv__(), right) }
@c func slot_nb_inplace_matrix_multiply(_ left: Ref, _ right: Ref) -> Ref? { SpecialMethod.call(left, id___imatmul__(), right) }

@c func slot_nb_negative(_ operand: Ref) -> Ref? { SpecialMethod.call(operand, id___neg__()) }
@c func slot_nb_positive(_ operand: Ref) -> Ref? { SpecialMethod.call(operand, id___pos__()) }
@c func slot_nb_absolute(_ operand: Ref) -> Ref? { SpecialMethod.call(operand, id___abs__()) }
@c func slot_nb_invert(_ operand: Ref) -> Ref? { SpecialMethod.call(operand, id___invert__()) }
@c func slot_nb_int(_ operand: Ref) -> Ref? { SpecialMethod.call(operand, id___int__()) }
@c func slot_nb_float(_ operand: Ref) -> Ref? { SpecialMethod.call(operand, id___float__()) }
@c func slot_nb_index(_ operand: Ref) -> Ref? { SpecialMethod.call(operand, id___index__()) }

/// `__bool__`, else `__len__`, else true.
@c func slot_nb_bool(_ operand: Ref) -> Int32 {
  var unbound = false
  var usesLength = false
  var method = SpecialMethod.find(operand, id___bool__(), unbound: &unbound)
  if method == nil {
    if hasRaised() { return -1 }
    method = SpecialMethod.find(operand, id___len__(), unbound: &unbound)
    if method == nil { return hasRaised() ? -1 : 1 }
    usesLength = true
  }
  guard let method else { return 1 }
  defer { Py_DECREF(method) }
  let value = withUnsafePointer(to: operand) {
    unbound ? PyObject_Vectorcall(method, $0, 1, nil) : PyObject_Vectorcall(method, nil, 0, nil)
  }
  guard let value else { return -1 }
  defer { Py_DECREF(value) }
  if usesLength { return PyObject_IsTrue(value) }
  if value.isBool { return value == trueObject() ? 1 : 0 }
  _ = raise(.typeError, "__bool__ should return bool, returned \(value.type.fullName)")
  return -1
}
