import CPythonABI
import Glibc
import Numerics

/// complex: a pair of doubles. CPython: Objects/complexobject.c.
public struct PyComplex {
  let object: Ref
  init(_ object: Ref) { self.object = object }

  var value: Py_complex { object.view(PyComplexObject.self).pointee.cval }

  static func isComplex(_ object: Ref) -> Bool { object.isInstance(of: complexType()) }

  static func make(_ value: Py_complex) throws(Raised) -> Owned { try make(complexType(), value) }

  static func make(_ type: TypeRef, _ value: Py_complex) throws(Raised) -> Owned {
    let result: Owned
    if type == complexType() {
      guard let memory = PyObject_Malloc(MemoryLayout<PyComplexObject>.size) else {
        throw raiseNoMemory()
      }
      result = try own(PyObject_Init(memory.assumingMemoryBound(to: PyObject.self), type))
    } else {
      guard let allocate = type.pointee.tp_alloc else {
        throw raise(.systemError, "type without tp_alloc")
      }
      result = try own(allocate(type, 0))
    }
    result.ref.view(PyComplexObject.self).pointee.cval = value
    return result
  }

  // MARK: Arithmetic

  /// An operand of complex arithmetic as a complex number: complex, int or float. nil otherwise;
  /// `failed` tells of an int too large.
  static func operand(_ object: Ref, failed: inout Bool) -> Py_complex? {
    if isComplex(object) { return PyComplex(object).value }
    switch PyFloat.operand(object) {
    case .value(let value): return Py_complex(real: value, imag: 0)
    case .other: return nil
    case .failed:
      failed = true
      return nil
    }
  }

  static func binary(
    _ left: Ref, _ right: Ref, _ body: (Py_complex, Py_complex) throws(Raised) -> Py_complex
  ) -> Ref? {
    var failed = false
    guard let x = operand(left, failed: &failed), let y = operand(right, failed: &failed) else {
      return failed ? nil : notImplementedObject()
    }
    return new { try make(body(x, y)) }
  }

  static func add(_ a: Py_complex, _ b: Py_complex) -> Py_complex {
    Py_complex(real: a.real + b.real, imag: a.imag + b.imag)
  }

  static func subtract(_ a: Py_complex, _ b: Py_complex) -> Py_complex {
    Py_complex(real: a.real - b.real, imag: a.imag - b.imag)
  }

  static func multiply(_ a: Py_complex, _ b: Py_complex) -> Py_complex {
    Py_complex(
      real: a.real * b.real - a.imag * b.imag, imag: a.real * b.imag + a.imag * b.real)
  }

  /// a / b by Smith's method (CACM 5, 1962), which does not overflow without need; nil for a
  /// division by zero.
  static func quotient(_ a: Py_complex, _ b: Py_complex) -> Py_complex? {
    let real = b.real.magnitude
    let imaginary = b.imag.magnitude
    if real >= imaginary {
      if real == 0 { return nil }
      let ratio = b.imag / b.real
      let scale = b.real + b.imag * ratio
      return Py_complex(
        real: (a.real + a.imag * ratio) / scale, imag: (a.imag - a.real * ratio) / scale)
    }
    if imaginary >= real {
      let ratio = b.real / b.imag
      let scale = b.real * ratio + b.imag
      return Py_complex(
        real: (a.real * ratio + a.imag) / scale, imag: (a.imag * ratio - a.real) / scale)
    }
    return Py_complex(real: .nan, imag: .nan)
  }

  static func divide(_ a: Py_complex, _ b: Py_complex) throws(Raised) -> Py_complex {
    guard let result = quotient(a, b) else {
      throw raise(.zeroDivisionError, "complex division by zero")
    }
    return result
  }

  private static func raiseZeroPower() -> Raised {
    raise(.zeroDivisionError, "0.0 to a negative or complex power")
  }

  /// a ** b: by repeated multiplication for small whole exponents, which is exact where it can be,
  /// else in polar form. Raises ZeroDivisionError and OverflowError.
  static func power(_ a: Py_complex, _ b: Py_complex) throws(Raised) -> Py_complex {
    let result: Py_complex
    if b.imag == 0 && b.real == floor(b.real) && b.real.magnitude <= 100 {
      let exponent = Int(b.real)
      let positive = power(a, UInt(exponent.magnitude))
      if exponent > 0 {
        result = positive
      } else {
        guard let inverse = quotient(Py_complex(real: 1, imag: 0), positive) else {
          throw raiseZeroPower()
        }
        result = inverse
      }
    } else {
      guard let polar = polarPower(a, b) else { throw raiseZeroPower() }
      result = polar
    }
    if result.real.isInfinite || result.imag.isInfinite {
      throw raise(.overflowError, "complex exponentiation")
    }
    return result
  }

  private static func power(_ base: Py_complex, _ exponent: UInt) -> Py_complex {
    var result = Py_complex(real: 1, imag: 0)
    var square = base
    var mask: UInt = 1
    while mask > 0 && exponent >= mask {
      if exponent & mask != 0 { result = multiply(result, square) }
      mask <<= 1
      square = multiply(square, square)
    }
    return result
  }

  /// nil when 0 is raised to a negative or complex power, or the angle is infinite.
  static func polarPower(_ a: Py_complex, _ b: Py_complex) -> Py_complex? {
    if b.real == 0 && b.imag == 0 { return Py_complex(real: 1, imag: 0) }
    if a.real == 0 && a.imag == 0 {
      return b.imag != 0 || b.real < 0 ? nil : Py_complex(real: 0, imag: 0)
    }
    let size = hypot(a.real, a.imag)
    var length = pow(size, b.real)
    let angle = atan2(a.imag, a.real)
    var phase = angle * b.real
    if b.imag != 0 {
      length /= exp(angle * b.imag)
      phase += b.imag * log(size)
    }
    // The cosine of an infinite angle is a domain error, which counts as the same.
    if phase.isInfinite { return nil }
    return Py_complex(real: length * cos(phase), imag: length * sin(phase))
  }

  /// |a|; nil when it overflows.
  static func magnitude(_ a: Py_complex) -> Double? {
    if !a.real.isFinite || !a.imag.isFinite {
      if a.real.isInfinite || a.imag.isInfinite { return .infinity }
      return .nan
    }
    let result = hypot(a.real, a.imag)
    return result.isFinite ? result : nil
  }

  // MARK: Comparing and hashing

  static let richCompare: richcmpfunc = { left, right, operation in
    guard operation == Py_EQ || operation == Py_NE else { return notImplementedObject() }
    let value = PyComplex(left).value
    let same: Bool
    if right.isInt {
      if value.imag == 0 {
        // Exact, also for an int beyond a double's precision.
        guard let real = PyFloat.make(value.real) else { return nil }
        let part = Owned(adopting: real)
        return PyFloat.richCompare(part.ref, right, operation)
      }
      same = false
    } else if right.isInstance(of: floatType()) {
      same = value.real == PyFloat(right).value && value.imag == 0
    } else if isComplex(right) {
      let other = PyComplex(right).value
      same = value.real == other.real && value.imag == other.imag
    } else {
      return notImplementedObject()
    }
    return boolObject(same == (operation == Py_EQ))
  }

  static let hash: hashfunc = { object in
    let value = PyComplex(object).value
    return ObjectHash.complex(
      real: _Py_HashDouble(object, value.real), imaginary: _Py_HashDouble(object, value.imag))
  }

  // MARK: Text

  func repr() throws(Raised) -> Owned {
    var text = TextBuffer()
    if value.real == 0 && value.real.sign == .plus {
      FloatText.format(value.imag, .repr, precision: 0, [], into: &text)
      text.append(UInt8(ascii: "j"))
    } else {
      text.append(UInt8(ascii: "("))
      FloatText.format(value.real, .repr, precision: 0, [], into: &text)
      FloatText.format(value.imag, .repr, precision: 0, .sign, into: &text)
      text.append("j)")
    }
    if text.failed { throw raiseNoMemory() }
    return try newString(ascii: text.bytes, text.count)
  }

  /// The complex number a text denotes: parts with an optional sign, `j` behind the imaginary one,
  /// perhaps in parentheses, whitespace around it.
  static func parse(str object: Ref) throws(Raised) -> Py_complex {
    let text = try numericText(of: object)
    if let value = try parse(text.bytes, text.count) { return value }
    throw raise(.valueError, "complex() arg is a malformed string")
  }

  private static func parse(_ text: UnsafePointer<UInt8>, _ count: Int) throws(Raised) -> Py_complex? {
    var index = 0
    func at(_ index: Int) -> UInt8 { index < count ? text[index] : 0 }
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 9 && byte <= 13) }
    func isJ(_ byte: UInt8) -> Bool { byte | 0x20 == UInt8(ascii: "j") }
    func isSign(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") }
    func number() throws(Raised) -> Double? {
      let length = numberLength(text + index, count - index, underscores: true)
      if length == 0 { return nil }
      switch FloatText.parse(text + index, length) {
      case .value(let value):
        index += length
        return value
      case .invalid: return nil
      case .outOfMemory: throw raiseNoMemory()
      }
    }
    while isSpace(at(index)) { index += 1 }
    let bracket = at(index) == UInt8(ascii: "(")
    if bracket {
      index += 1
      while isSpace(at(index)) { index += 1 }
    }
    var result = Py_complex(real: 0, imag: 0)
    if let first = try number() {
      if isSign(at(index)) {
        result.real = first
        let positive = at(index) == UInt8(ascii: "+")
        if let second = try number() {
          result.imag = second
        } else {
          result.imag = positive ? 1 : -1
          index += 1
        }
        guard isJ(at(index)) else { return nil }
        index += 1
      } else if isJ(at(index)) {
        index += 1
        result.imag = first
      } else {
        result.real = first
      }
    } else {
      result.imag = 1
      if isSign(at(index)) {
        result.imag = at(index) == UInt8(ascii: "+") ? 1 : -1
        index += 1
      }
      guard isJ(at(index)) else { return nil }
      index += 1
    }
    while isSpace(at(index)) { index += 1 }
    if bracket {
      guard at(index) == UInt8(ascii: ")") else { return nil }
      index += 1
      while isSpace(at(index)) { index += 1 }
    }
    return index == count ? result : nil
  }
}
