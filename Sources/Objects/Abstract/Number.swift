import CPythonABI

// The binary and unary operators. CPython: Objects/abstract.c, binary_op1 and its callers.

/// A slot of `PyNumberMethods`, by its offset in bytes.
enum NumberSlot {
  static let add = 0
  static let subtract = 8
  static let multiply = 16
  static let remainder = 24
  static let divmod = 32
  static let power = 40
  static let lshift = 88
  static let rshift = 96
  static let and = 104
  static let xor = 112
  static let or = 120
  static let inPlaceAdd = 152
  static let inPlaceSubtract = 160
  static let inPlaceMultiply = 168
  static let inPlaceRemainder = 176
  static let inPlacePower = 184
  static let inPlaceLshift = 192
  static let inPlaceRshift = 200
  static let inPlaceAnd = 208
  static let inPlaceXor = 216
  static let inPlaceOr = 224
  static let floorDivide = 232
  static let trueDivide = 240
  static let inPlaceFloorDivide = 248
  static let inPlaceTrueDivide = 256
  static let matrixMultiply = 272
  static let inPlaceMatrixMultiply = 280
}

@inline(__always)
private func binarySlot(_ type: TypeRef, _ offset: Int) -> binaryfunc? {
  guard let table = type.pointee.tp_as_number else { return nil }
  return UnsafeRawPointer(table).load(fromByteOffset: offset, as: binaryfunc?.self)
}

@inline(__always)
private func ternarySlot(_ type: TypeRef, _ offset: Int) -> ternaryfunc? {
  guard let table = type.pointee.tp_as_number else { return nil }
  return UnsafeRawPointer(table).load(fromByteOffset: offset, as: ternaryfunc?.self)
}

@inline(__always)
private func address<T>(_ function: T) -> UnsafeRawPointer? {
  unsafeBitCast(function, to: UnsafeRawPointer?.self)
}

/// Tries the left operand's slot, then the right's; the right's first when its type is a subclass
/// of the left's. Returns NotImplemented (owned) when neither takes the pair.
@inline(__always)
func binaryOperation(_ left: Ref, _ right: Ref, _ offset: Int) -> Ref? {
  let leftSlot = binarySlot(left.type, offset)
  var rightSlot: binaryfunc?
  if left.type != right.type {
    rightSlot = binarySlot(right.type, offset)
    if address(rightSlot) == address(leftSlot) { rightSlot = nil }
  }
  if let leftSlot {
    if let first = rightSlot, PyType_IsSubtype(right.type, left.type) != 0 {
      let result = first(left, right)
      if result != notImplementedObject() { return result }
      rightSlot = nil
    }
    let result = leftSlot(left, right)
    if result != notImplementedObject() { return result }
  }
  if let rightSlot { return rightSlot(left, right) }
  return notImplementedObject()
}

/// The augmented operator: the left operand's in-place slot, then the ordinary slots.
@inline(__always)
private func inPlaceOperation(_ left: Ref, _ right: Ref, _ inPlace: Int, _ offset: Int) -> Ref? {
  if let slot = binarySlot(left.type, inPlace) {
    let result = slot(left, right)
    if result != notImplementedObject() { return result }
  }
  return binaryOperation(left, right, offset)
}

/// TypeError for operands that an operator does not take.
@inline(never)
func raiseOperands(_ left: Ref, _ right: Ref, _ symbol: StaticString) -> Ref? {
  _ = raise(
    .typeError,
    "unsupported operand type(s) for \(symbol): '\(left.type.fullName)' and "
      + "'\(right.type.fullName)'")
  return nil
}

@inline(__always)
private func operation(_ left: Ref, _ right: Ref, _ offset: Int, _ symbol: StaticString) -> Ref? {
  let result = binaryOperation(left, right, offset)
  if result == notImplementedObject() { return raiseOperands(left, right, symbol) }
  return result
}

@inline(__always)
private func operation(
  inPlace: Int, _ left: Ref, _ right: Ref, _ offset: Int, _ symbol: StaticString
) -> Ref? {
  let result = inPlaceOperation(left, right, inPlace, offset)
  if result == notImplementedObject() { return raiseOperands(left, right, symbol) }
  return result
}

@c @implementation
public func PyNumber_Subtract(_ left: Ref, _ right: Ref) -> Ref? {
  operation(left, right, NumberSlot.subtract, "-")
}
@c @implementation
public func PyNumber_Remainder(_ left: Ref, _ right: Ref) -> Ref? {
  operation(left, right, NumberSlot.remainder, "%")
}
@c @implementation
public func PyNumber_Divmod(_ left: Ref, _ right: Ref) -> Ref? {
  operation(left, right, NumberSlot.divmod, "divmod()")
}
@c @implementation
public func PyNumber_Lshift(_ left: Ref, _ right: Ref) -> Ref? {
  operation(left, right, NumberSlot.lshift, "<<")
}
@c @implementation
public func PyNumber_And(_ left: Ref, _ right: Ref) -> Ref? {
  operation(left, right, NumberSlot.and, "&")
}
@c @implementation
public func PyNumber_Xor(_ left: Ref, _ right: Ref) -> Ref? {
  operation(left, right, NumberSlot.xor, "^")
}
@c @implementation
public func PyNumber_Or(_ left: Ref, _ right: Ref) -> Ref? {
  operation(left, right, NumberSlot.or, "|")
}
@c @implementation
public func PyNumber_FloorDivide(_ left: Ref, _ right: Ref) -> Ref? {
  operation(left, right, NumberSlot.floorDivide, "//")
}
@c @implementation
public func PyNumber_TrueDivide(_ left: Ref, _ right: Ref) -> Ref? {
  operation(left, right, NumberSlot.trueDivide, "/")
}
@c @implementation
public func PyNumber_MatrixMultiply(_ left: Ref, _ right: Ref) -> Ref? {
  operation(left, right, NumberSlot.matrixMultiply, "@")
}

/// `left >> right`, with a hint for Python 2's `print >> stream`.
@c @implementation
public func PyNumber_Rshift(_ left: Ref, _ right: Ref) -> Ref? {
  let result = binaryOperation(left, right, NumberSlot.rshift)
  guard result == notImplementedObject() else { return result }
  if left.type == builtinFunctionType(),
    let name = left.view(PyCFunctionObject.self).pointee.m_ml.pointee.ml_name,
    String(cString: name) == "print"
  {
    _ = raise(
      .typeError,
      "unsupported operand type(s) for >>: '\(left.type.fullName)' and "
        + "'\(right.type.fullName)'. Did you mean \"print(<message>, file=<output_stream>)\"?")
    return nil
  }
  return raiseOperands(left, right, ">>")
}

/// `left + right`: numbers first, then concatenation of sequences.
@c @implementation
public func PyNumber_Add(_ left: Ref, _ right: Ref) -> Ref? {
  let result = binaryOperation(left, right, NumberSlot.add)
  guard result == notImplementedObject() else { return result }
  if let concat = left.type.pointee.tp_as_sequence?.pointee.sq_concat {
    return concat(left, right)
  }
  return raiseOperands(left, right, "+")
}

/// `sequence * count` through a repeat slot.
private func repeated(_ slot: ssizeargfunc, _ sequence: Ref, _ count: Ref) -> Ref? {
  guard PyIndex_Check(count) != 0 else {
    _ = raise(.typeError, "can't multiply sequence by non-int of type '\(count.type.fullName)'")
    return nil
  }
  let times = PyNumber_AsSsize_t(count, .overflowError)
  if times == -1 && hasRaised() { return nil }
  return slot(sequence, times)
}

/// `left * right`: numbers first, then repetition of either side.
@c @implementation
public func PyNumber_Multiply(_ left: Ref, _ right: Ref) -> Ref? {
  let result = binaryOperation(left, right, NumberSlot.multiply)
  guard result == notImplementedObject() else { return result }
  if let slot = left.type.pointee.tp_as_sequence?.pointee.sq_repeat {
    return repeated(slot, left, right)
  }
  if let slot = right.type.pointee.tp_as_sequence?.pointee.sq_repeat {
    return repeated(slot, right, left)
  }
  return raiseOperands(left, right, "*")
}

// MARK: Augmented assignment

@c @implementation
public func PyNumber_InPlaceSubtract(_ left: Ref, _ right: Ref) -> Ref? {
  operation(inPlace: NumberSlot.inPlaceSubtract, left, right, NumberSlot.subtract, "-=")
}
@c @implementation
public func PyNumber_InPlaceRemainder(_ left: Ref, _ right: Ref) -> Ref? {
  operation(inPlace: NumberSlot.inPlaceRemainder, left, right, NumberSlot.remainder, "%=")
}
@c @implementation
public func PyNumber_InPlaceLshift(_ left: Ref, _ right: Ref) -> Ref? {
  operation(inPlace: NumberSlot.inPlaceLshift, left, right, NumberSlot.lshift, "<<=")
}
@c @implementation
public func PyNumber_InPlaceRshift(_ left: Ref, _ right: Ref) -> Ref? {
  operation(inPlace: NumberSlot.inPlaceRshift, left, right, NumberSlot.rshift, ">>=")
}
@c @implementation
public func PyNumber_InPlaceAnd(_ left: Ref, _ right: Ref) -> Ref? {
  operation(inPlace: NumberSlot.inPlaceAnd, left, right, NumberSlot.and, "&=")
}
@c @implementation
public func PyNumber_InPlaceXor(_ left: Ref, _ right: Ref) -> Ref? {
  operation(inPlace: NumberSlot.inPlaceXor, left, right, NumberSlot.xor, "^=")
}
@c @implementation
public func PyNumber_InPlaceOr(_ left: Ref, _ right: Ref) -> Ref? {
  operation(inPlace: NumberSlot.inPlaceOr, left, right, NumberSlot.or, "|=")
}
@c @implementation
public func PyNumber_InPlaceFloorDivide(_ left: Ref, _ right: Ref) -> Ref? {
  operation(inPlace: NumberSlot.inPlaceFloorDivide, left, right, NumberSlot.floorDivide, "//=")
}
@c @implementation
public func PyNumber_InPlaceTrueDivide(_ left: Ref, _ right: Ref) -> Ref? {
  operation(inPlace: NumberSlot.inPlaceTrueDivide, left, right, NumberSlot.trueDivide, "/=")
}
@c @implementation
public func PyNumber_InPlaceMatrixMultiply(_ left: Ref, _ right: Ref) -> Ref? {
  operation(
    inPlace: NumberSlot.inPlaceMatrixMultiply, left, right, NumberSlot.matrixMultiply, "@=")
}

@c @implementation
public func PyNumber_InPlaceAdd(_ left: Ref, _ right: Ref) -> Ref? {
  let result = inPlaceOperation(left, right, NumberSlot.inPlaceAdd, NumberSlot.add)
  guard result == notImplementedObject() else { return result }
  if let sequence = left.type.pointee.tp_as_sequence,
    let concat = sequence.pointee.sq_inplace_concat ?? sequence.pointee.sq_concat
  {
    return concat(left, right)
  }
  return raiseOperands(left, right, "+=")
}

@c @implementation
public func PyNumber_InPlaceMultiply(_ left: Ref, _ right: Ref) -> Ref? {
  let result = inPlaceOperation(left, right, NumberSlot.inPlaceMultiply, NumberSlot.multiply)
  guard result == notImplementedObject() else { return result }
  if let sequence = left.type.pointee.tp_as_sequence,
    let slot = sequence.pointee.sq_inplace_repeat ?? sequence.pointee.sq_repeat
  {
    return repeated(slot, left, right)
  }
  // The right operand does not change in place: only the left name is assigned.
  if let slot = right.type.pointee.tp_as_sequence?.pointee.sq_repeat {
    return repeated(slot, right, left)
  }
  return raiseOperands(left, right, "*=")
}

// MARK: Power

/// `pow(left, right, modulus)` through the three operands' slots; NotImplemented when none takes
/// them, raised as TypeError by the caller.
private func ternaryOperation(
  _ left: Ref, _ right: Ref, _ modulus: Ref, _ symbol: StaticString
) -> Ref? {
  let leftSlot = ternarySlot(left.type, NumberSlot.power)
  var rightSlot: ternaryfunc?
  if left.type != right.type {
    rightSlot = ternarySlot(right.type, NumberSlot.power)
    if address(rightSlot) == address(leftSlot) { rightSlot = nil }
  }
  let triedRight = rightSlot
  if let leftSlot {
    if let first = rightSlot, PyType_IsSubtype(right.type, left.type) != 0 {
      let result = first(left, right, modulus)
      if result != notImplementedObject() { return result }
      rightSlot = nil
    }
    let result = leftSlot(left, right, modulus)
    if result != notImplementedObject() { return result }
  }
  if let rightSlot {
    let result = rightSlot(left, right, modulus)
    if result != notImplementedObject() { return result }
  }
  if let slot = ternarySlot(modulus.type, NumberSlot.power),
    address(slot) != address(leftSlot), triedRight == nil || address(slot) != address(triedRight)
  {
    let result = slot(left, right, modulus)
    if result != notImplementedObject() { return result }
  }
  if modulus.isNone { return raiseOperands(left, right, symbol) }
  _ = raise(
    .typeError,
    "unsupported operand type(s) for \(symbol): '\(left.type.fullName)', "
      + "'\(right.type.fullName)', '\(modulus.type.fullName)'")
  return nil
}

/// `left ** right`, or `pow(left, right, modulus)` when `modulus` is not None.
@c @implementation
public func PyNumber_Power(_ left: Ref, _ right: Ref, _ modulus: Ref) -> Ref? {
  ternaryOperation(left, right, modulus, "** or pow()")
}

@c @implementation
public func PyNumber_InPlacePower(_ left: Ref, _ right: Ref, _ modulus: Ref) -> Ref? {
  if let slot = ternarySlot(left.type, NumberSlot.inPlacePower) {
    let result = slot(left, right, modulus)
    if result != notImplementedObject() { return result }
  }
  return ternaryOperation(left, right, modulus, "**=")
}

// MARK: Unary operators

private func raiseUnary(_ operand: Ref, _ symbol: StaticString) -> Ref? {
  _ = raise(.typeError, "bad operand type for \(symbol): '\(operand.type.fullName)'")
  return nil
}

@c @implementation
public func PyNumber_Negative(_ operand: Ref) -> Ref? {
  if let slot = operand.type.pointee.tp_as_number?.pointee.nb_negative { return slot(operand) }
  return raiseUnary(operand, "unary -")
}

@c @implementation
public func PyNumber_Positive(_ operand: Ref) -> Ref? {
  if let slot = operand.type.pointee.tp_as_number?.pointee.nb_positive { return slot(operand) }
  return raiseUnary(operand, "unary +")
}

@c @implementation
public func PyNumber_Invert(_ operand: Ref) -> Ref? {
  if let slot = operand.type.pointee.tp_as_number?.pointee.nb_invert { return slot(operand) }
  return raiseUnary(operand, "unary ~")
}

@c @implementation
public func PyNumber_Absolute(_ operand: Ref) -> Ref? {
  if let slot = operand.type.pointee.tp_as_number?.pointee.nb_absolute { return slot(operand) }
  return raiseUnary(operand, "abs()")
}
