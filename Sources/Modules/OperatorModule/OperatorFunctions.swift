import CPythonABI
import Glibc
import Objects

/// One function per operator.
enum OperatorFunctions {
  static let truthValue: Method = .o("truth($module, a, /)", "Return True if a is true, False otherwise.") { _, a in bool { try check(PyObject_IsTrue(a)) != 0 } }
  static let negation: Method = .o("not_($module, a, /)", "Same as not a.") { _, a in bool { try check(PyObject_Not(a)) != 0 } }
  static let indexOperator: Method = .o("index($module, a, /)", "Same as a.__index__()") { _, a in PyNumber_Index(a) }
  static let neg: Method = .o("neg($module, a, /)", "Same as -a.") { _, a in PyNumber_Negative(a) }
  static let pos: Method = .o("pos($module, a, /)", "Same as +a.") { _, a in PyNumber_Positive(a) }
  static let absolute: Method = .o("abs($module, a, /)", "Same as abs(a).") { _, a in PyNumber_Absolute(a) }
  static let inv: Method = .o("inv($module, a, /)", "Same as ~a.") { _, a in PyNumber_Invert(a) }
  static let invert: Method = .o("invert($module, a, /)", "Same as ~a.") { _, a in PyNumber_Invert(a) }
  static let add: Method = .fast("add($module, a, b, /)", "Same as a + b.") { _, args, count in
    binary(add, args, count) { PyNumber_Add($0, $1) }
  }
  static let sub: Method = .fast("sub($module, a, b, /)", "Same as a - b.") { _, args, count in
    binary(sub, args, count) { PyNumber_Subtract($0, $1) }
  }
  static let mul: Method = .fast("mul($module, a, b, /)", "Same as a * b.") { _, args, count in
    binary(mul, args, count) { PyNumber_Multiply($0, $1) }
  }
  static let matmul: Method = .fast("matmul($module, a, b, /)", "Same as a @ b.") { _, args, count in
    binary(matmul, args, count) { PyNumber_MatrixMultiply($0, $1) }
  }
  static let floordiv: Method = .fast("floordiv($module, a, b, /)", "Same as a // b.") { _, args, count in
    binary(floordiv, args, count) { PyNumber_FloorDivide($0, $1) }
  }
  static let truediv: Method = .fast("truediv($module, a, b, /)", "Same as a / b.") { _, args, count in
    binary(truediv, args, count) { PyNumber_TrueDivide($0, $1) }
  }
  static let mod: Method = .fast("mod($module, a, b, /)", "Same as a % b.") { _, args, count in
    binary(mod, args, count) { PyNumber_Remainder($0, $1) }
  }
  static let lshift: Method = .fast("lshift($module, a, b, /)", "Same as a << b.") { _, args, count in
    binary(lshift, args, count) { PyNumber_Lshift($0, $1) }
  }
  static let rshift: Method = .fast("rshift($module, a, b, /)", "Same as a >> b.") { _, args, count in
    binary(rshift, args, count) { PyNumber_Rshift($0, $1) }
  }
  static let and: Method = .fast("and_($module, a, b, /)", "Same as a & b.") { _, args, count in
    binary(and, args, count) { PyNumber_And($0, $1) }
  }
  static let xor: Method = .fast("xor($module, a, b, /)", "Same as a ^ b.") { _, args, count in
    binary(xor, args, count) { PyNumber_Xor($0, $1) }
  }
  static let or: Method = .fast("or_($module, a, b, /)", "Same as a | b.") { _, args, count in
    binary(or, args, count) { PyNumber_Or($0, $1) }
  }
  static let iadd: Method = .fast("iadd($module, a, b, /)", "Same as a += b.") { _, args, count in
    binary(iadd, args, count) { PyNumber_InPlaceAdd($0, $1) }
  }
  static let isub: Method = .fast("isub($module, a, b, /)", "Same as a -= b.") { _, args, count in
    binary(isub, args, count) { PyNumber_InPlaceSubtract($0, $1) }
  }
  static let imul: Method = .fast("imul($module, a, b, /)", "Same as a *= b.") { _, args, count in
    binary(imul, args, count) { PyNumber_InPlaceMultiply($0, $1) }
  }
  static let imatmul: Method = .fast("imatmul($module, a, b, /)", "Same as a @= b.") { _, args, count in
    binary(imatmul, args, count) { PyNumber_InPlaceMatrixMultiply($0, $1) }
  }
  static let ifloordiv: Method = .fast("ifloordiv($module, a, b, /)", "Same as a //= b.") { _, args, count in
    binary(ifloordiv, args, count) { PyNumber_InPlaceFloorDivide($0, $1) }
  }
  static let itruediv: Method = .fast("itruediv($module, a, b, /)", "Same as a /= b.") { _, args, count in
    binary(itruediv, args, count) { PyNumber_InPlaceTrueDivide($0, $1) }
  }
  static let imod: Method = .fast("imod($module, a, b, /)", "Same as a %= b.") { _, args, count in
    binary(imod, args, count) { PyNumber_InPlaceRemainder($0, $1) }
  }
  static let ilshift: Method = .fast("ilshift($module, a, b, /)", "Same as a <<= b.") { _, args, count in
    binary(ilshift, args, count) { PyNumber_InPlaceLshift($0, $1) }
  }
  static let irshift: Method = .fast("irshift($module, a, b, /)", "Same as a >>= b.") { _, args, count in
    binary(irshift, args, count) { PyNumber_InPlaceRshift($0, $1) }
  }
  static let iand: Method = .fast("iand($module, a, b, /)", "Same as a &= b.") { _, args, count in
    binary(iand, args, count) { PyNumber_InPlaceAnd($0, $1) }
  }
  static let ixor: Method = .fast("ixor($module, a, b, /)", "Same as a ^= b.") { _, args, count in
    binary(ixor, args, count) { PyNumber_InPlaceXor($0, $1) }
  }
  static let ior: Method = .fast("ior($module, a, b, /)", "Same as a |= b.") { _, args, count in
    binary(ior, args, count) { PyNumber_InPlaceOr($0, $1) }
  }
  static let concat: Method = .fast("concat($module, a, b, /)", "Same as a + b, for a and b sequences.") { _, args, count in
    binary(concat, args, count) { PySequence_Concat($0, $1) }
  }
  static let iconcat: Method = .fast("iconcat($module, a, b, /)", "Same as a += b, for a and b sequences.") { _, args, count in
    binary(iconcat, args, count) { PySequence_InPlaceConcat($0, $1) }
  }
  static let getitem: Method = .fast("getitem($module, a, b, /)", "Same as a[b].") { _, args, count in
    binary(getitem, args, count) { PyObject_GetItem($0, $1) }
  }
  static let lt: Method = .fast("lt($module, a, b, /)", "Same as a < b.") { _, args, count in
    binary(lt, args, count) { PyObject_RichCompare($0, $1, Py_LT) }
  }
  static let le: Method = .fast("le($module, a, b, /)", "Same as a <= b.") { _, args, count in
    binary(le, args, count) { PyObject_RichCompare($0, $1, Py_LE) }
  }
  static let eq: Method = .fast("eq($module, a, b, /)", "Same as a == b.") { _, args, count in
    binary(eq, args, count) { PyObject_RichCompare($0, $1, Py_EQ) }
  }
  static let ne: Method = .fast("ne($module, a, b, /)", "Same as a != b.") { _, args, count in
    binary(ne, args, count) { PyObject_RichCompare($0, $1, Py_NE) }
  }
  static let gt: Method = .fast("gt($module, a, b, /)", "Same as a > b.") { _, args, count in
    binary(gt, args, count) { PyObject_RichCompare($0, $1, Py_GT) }
  }
  static let ge: Method = .fast("ge($module, a, b, /)", "Same as a >= b.") { _, args, count in
    binary(ge, args, count) { PyObject_RichCompare($0, $1, Py_GE) }
  }

  private static func binary(
    _ method: Method, _ args: ArgumentPointer?, _ count: Int, _ body: (Ref, Ref) -> Ref?
  ) -> Ref? {
    // Two arguments are the rule; everything else is an error that Arguments words.
    if count == 2, let args { return body(args[0], args[1]) }
    return new {
      let a = try Arguments(method, args, count)
      return try own(body(a.object(0), a.object(1)))
    }
  }

  static let pow: Method = .fast("pow($module, a, b, /)", "Same as a ** b.") { _, args, count in
    binary(pow, args, count) { PyNumber_Power($0, $1, noneObject()) }
  }

  static let ipow: Method = .fast("ipow($module, a, b, /)", "Same as a **= b.") { _, args, count in
    binary(ipow, args, count) { PyNumber_InPlacePower($0, $1, noneObject()) }
  }

  static let isIdentical: Method = .fast("is_($module, a, b, /)", "Same as a is b.") { _, args, count in
    binary(isIdentical, args, count) { boolObject($0 == $1) }
  }

  static let isDifferent: Method = .fast("is_not($module, a, b, /)", "Same as a is not b.") { _, args, count in
    binary(isDifferent, args, count) { boolObject($0 != $1) }
  }

  static let contains: Method = .fast(
    "contains($module, a, b, /)", "Same as b in a (note reversed operands)."
  ) { _, args, count in
    binary(contains, args, count) { a, b in bool { try check(PySequence_Contains(a, b)) != 0 } }
  }

  static let indexOf: Method = .fast(
    "indexOf($module, a, b, /)", "Return the first index of b in a."
  ) { _, args, count in
    binary(indexOf, args, count) { a, b in
      new {
        let index = PySequence_Index(a, b)
        if index == -1 { throw Raised() }
        return try int(index)
      }
    }
  }

  static let countOf: Method = .fast(
    "countOf($module, a, b, /)", "Return the number of items in a which are, or which equal, b."
  ) { _, args, count in
    binary(countOf, args, count) { a, b in
      new {
        let found = PySequence_Count(a, b)
        if found == -1 { throw Raised() }
        return try int(found)
      }
    }
  }

  static let delitem: Method = .fast("delitem($module, a, b, /)", "Same as del a[b].") { _, args, count in
    binary(delitem, args, count) { a, b in none { try check(PyObject_DelItem(a, b)) } }
  }

  static let setitem: Method = .fast("setitem($module, a, b, c, /)", "Same as a[b] = c.") { _, args, count in
    none {
      let a = try Arguments(setitem, args, count)
      try check(PyObject_SetItem(a.object(0), a.object(1), a.object(2)))
    }
  }

  static let lengthHint: Method = .fast(
    "length_hint($module, obj, default=0, /)",
    """
    Return an estimate of the number of items in obj.

    It is for sizing a container that is about to be filled from obj; the default
    is the answer for objects that cannot tell.
    """
  ) { _, args, count in
    new {
      let a = try Arguments(lengthHint, args, count)
      let fallback = try a.index(1, default: 0)
      let hint = PyObject_LengthHint(a.object(0), fallback)
      if hint == -1 && hasRaised() { throw Raised() }
      return try int(hint)
    }
  }

  static let call: Method = .keywords(
    "call($module, obj, /, *args, **kwargs)", "Same as obj(*args, **kwargs)."
  ) { _, args, count, names in
    guard count >= 1, let args else {
      _ = raise(.typeError, "call expected at least 1 argument, got 0")
      return nil
    }
    return PyObject_Vectorcall(args[0], args + 1, (count - 1) | argumentsOffset, names)
  }

  /// Takes the same time for equal lengths, whatever the content, so that the time does not tell
  /// how much of a secret was guessed.
  static let compareDigest: Method = .fast(
    "_compare_digest($module, a, b, /)",
    """
    Return 'a == b', in a time that does not depend on where they differ.

    Both must be str with ASCII only, or both bytes-like.
    """
  ) { _, args, count in
    bool {
      let arguments = try Arguments(compareDigest, args, count)
      let a = arguments.object(0)
      let b = arguments.object(1)
      if a.isStr && b.isStr {
        guard apus_str_is_ascii(a) != 0, apus_str_is_ascii(b) != 0 else {
          throw raise(
            .typeError, "comparing strings with non-ASCII characters is not supported")
        }
        return sameBytes(
          apus_str_data(a), apus_str_length(a), apus_str_data(b), apus_str_length(b))
      }
      var left = Py_buffer()
      var right = Py_buffer()
      try check(PyObject_GetBuffer(a, &left, PyBUF_SIMPLE))
      defer { PyBuffer_Release(&left) }
      try check(PyObject_GetBuffer(b, &right, PyBUF_SIMPLE))
      defer { PyBuffer_Release(&right) }
      guard left.ndim <= 1, right.ndim <= 1 else {
        throw raise(.bufferError, "Buffer must be single dimension")
      }
      return sameBytes(left.buf, left.len, right.buf, right.len)
    }
  }

  private static func sameBytes(
    _ a: UnsafeMutableRawPointer?, _ aCount: Int, _ b: UnsafeMutableRawPointer?, _ bCount: Int
  ) -> Bool {
    guard let b else { return aCount == bCount }
    // The loop runs over b in any case, against itself when the lengths differ.
    let left = aCount == bCount ? (a ?? b) : b
    var difference: UInt8 = aCount == bCount ? 0 : 1
    for index in 0..<bCount {
      difference |=
        left.load(fromByteOffset: index, as: UInt8.self)
        ^ b.load(fromByteOffset: index, as: UInt8.self)
    }
    return difference == 0
  }

  static let all: [Method] = [
    truthValue, negation, indexOperator, neg, pos, absolute, inv, invert, add, sub, mul, matmul,
    floordiv, truediv, mod, lshift, rshift, and, xor, or, iadd, isub, imul, imatmul, ifloordiv,
    itruediv, imod, ilshift, irshift, iand, ixor, ior, concat, iconcat, getitem, lt, le, eq, ne,
    gt, ge, pow, ipow, isIdentical, isDifferent, contains, indexOf, countOf, delitem, setitem,
    lengthHint, call, compareDigest,
  ]
}
