import CPythonABI
import Glibc
import Numerics

@c @implementation public func PyFloat_FromDouble(_ value: Double) -> Ref? { PyFloat.make(value) }

/// The float that a str or bytes-like object denotes.
@c @implementation public func PyFloat_FromString(_ text: Ref) -> Ref? { new { try PyFloat.parse(text) } }

/// The value of a float, or of anything with `__float__` or `__index__`. -1 with an exception set.
@c @implementation public func PyFloat_AsDouble(_ object: Ref?) -> Double {
  guard let object else {
    _ = PyErr_BadArgument()
    return -1
  }
  if object.isExactFloat || object.isInstance(of: floatType()) { return PyFloat(object).value }
  do {
    guard let numbers = object.type.pointee.tp_as_number, let convert = numbers.pointee.nb_float
    else {
      if PyIndex_Check(object) != 0 {
        let number = try own(PyNumber_Index(object))
        let value = PyLong_AsDouble(number.ref)
        return value
      }
      throw raise(.typeError, "must be real number, not \(object.type.fullName.prefix(50))")
    }
    let result = try own(convert(object))
    if result.ref.isExactFloat { return PyFloat(result.ref).value }
    guard result.ref.isInstance(of: floatType()) else {
      throw raise(
        .typeError,
        "\(object.type.fullName.prefix(50)).__float__ returned non-float (type "
          + "\(result.ref.type.fullName.prefix(50)))")
    }
    let message =
      "\(object.type.fullName.prefix(50)).__float__ returned non-float (type "
      + "\(result.ref.type.fullName.prefix(50))).  The ability to return an instance of a strict "
      + "subclass of float is deprecated, and may be removed in a future version of Python."
    try check(PyErr_WarnEx(.deprecationWarning, message, 1))
    return PyFloat(result.ref).value
  } catch {
    return -1
  }
}

@c @implementation public func PyFloat_GetMax() -> Double { Double.greatestFiniteMagnitude }

@c @implementation public func PyFloat_GetMin() -> Double { Double.leastNormalMagnitude }

// MARK: Binary forms

/// Writes bytes in the order asked for, the value's lowest byte being last in big-endian order.
private func store(_ bits: UInt64, _ count: Int, _ bytes: UnsafeMutablePointer<CChar>, _ little: Int32) {
  for index in 0..<count {
    let byte = CChar(truncatingIfNeeded: bits >> UInt64(8 * index))
    bytes[little != 0 ? index : count - 1 - index] = byte
  }
}

private func load(_ count: Int, _ bytes: UnsafePointer<CChar>, _ little: Int32) -> UInt64 {
  var bits: UInt64 = 0
  for index in 0..<count {
    let byte = UInt8(bitPattern: bytes[little != 0 ? index : count - 1 - index])
    bits |= UInt64(byte) << UInt64(8 * index)
  }
  return bits
}

/// Writes the IEEE 754 half-precision form. Raises OverflowError for a value too large.
@c @implementation public func PyFloat_Pack2(
  _ value: Double, _ bytes: UnsafeMutablePointer<CChar>, _ little: Int32
) -> Int32 {
  var bits: UInt64
  if value.isNaN {
    bits = 0x7E00
  } else if value.isInfinite {
    bits = 0x7C00
  } else if value == 0 {
    bits = 0
  } else {
    var binaryExponent: Int32 = 0
    var fraction = frexp(value.magnitude, &binaryExponent) * 2
    var exponent = Int(binaryExponent) - 1
    if exponent >= 16 { return tooLarge("e") }
    if exponent < -25 {
      fraction = 0
      exponent = 0
    } else if exponent < -14 {
      // Subnormal.
      fraction = scalbn(fraction, 14 + exponent)
      exponent = 0
    } else {
      exponent += 15
      fraction -= 1
    }
    fraction *= 1024
    bits = UInt64(fraction)
    fraction -= Double(bits)
    if fraction > 0.5 || (fraction == 0.5 && bits % 2 == 1) {
      bits += 1
      if bits == 1024 {
        bits = 0
        exponent += 1
        if exponent == 31 { return tooLarge("e") }
      }
    }
    bits |= UInt64(exponent) << 10
  }
  if value.sign == .minus { bits |= 0x8000 }
  store(bits, 2, bytes, little)
  return 0
}

private func tooLarge(_ code: String) -> Int32 {
  _ = raise(.overflowError, "float too large to pack with \(code) format")
  return -1
}

/// Writes the IEEE 754 single-precision form. Raises OverflowError for a value too large.
@c @implementation public func PyFloat_Pack4(
  _ value: Double, _ bytes: UnsafeMutablePointer<CChar>, _ little: Int32
) -> Int32 {
  let single = Float(value)
  if single.isInfinite && value.isFinite { return tooLarge("f") }
  var bits = UInt64(single.bitPattern)
  if value.isNaN {
    // Keep the payload, which a conversion may quieten.
    let wide = value.bitPattern
    bits =
      (wide >> 32) & 0x8000_0000 | 0x7F80_0000 | (wide >> 29) & 0x003F_FFFF
      | (wide >> 51 & 1 != 0 ? 0x0040_0000 : 0)
    if bits & 0x007F_FFFF == 0 { bits |= 1 }
  }
  store(bits, 4, bytes, little)
  return 0
}

@c @implementation public func PyFloat_Pack8(
  _ value: Double, _ bytes: UnsafeMutablePointer<CChar>, _ little: Int32
) -> Int32 {
  store(value.bitPattern, 8, bytes, little)
  return 0
}

@c @implementation public func PyFloat_Unpack2(_ bytes: UnsafePointer<CChar>, _ little: Int32) -> Double {
  let bits = load(2, bytes, little)
  let negative = bits & 0x8000 != 0
  let exponent = Int(bits >> 10 & 0x1F)
  let fraction = bits & 0x3FF
  let value: Double
  if exponent == 31 {
    value =
      fraction == 0
      ? .infinity : Double(bitPattern: 0x7FF0_0000_0000_0000 | fraction << 42)
  } else if exponent == 0 {
    value = scalbn(Double(fraction) / 1024, -14)
  } else {
    value = scalbn(1 + Double(fraction) / 1024, exponent - 15)
  }
  return negative ? -value : value
}

@c @implementation public func PyFloat_Unpack4(_ bytes: UnsafePointer<CChar>, _ little: Int32) -> Double {
  let bits = load(4, bytes, little)
  let single = Float(bitPattern: UInt32(truncatingIfNeeded: bits))
  if single.isNaN {
    return Double(
      bitPattern: (bits & 0x8000_0000) << 32 | 0x7FF0_0000_0000_0000 | (bits & 0x007F_FFFF) << 29)
  }
  return Double(single)
}

@c @implementation public func PyFloat_Unpack8(_ bytes: UnsafePointer<CChar>, _ little: Int32) -> Double {
  Double(bitPattern: load(8, bytes, little))
}

/// The hash of a double as a part of `object`, which gives a NaN its hash.
@c @implementation public func _Py_HashDouble(_ object: Ref, _ value: Double) -> Int {
  value.isNaN ? ObjectHash.pointer(object) : ObjectHash.double(value)
}
