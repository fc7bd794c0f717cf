import CPythonABI
import Glibc

@c @implementation public func PyComplex_FromCComplex(_ value: Py_complex) -> Ref? {
  new { try PyComplex.make(value) }
}

@c @implementation public func PyComplex_FromDoubles(_ real: Double, _ imaginary: Double) -> Ref? {
  new { try PyComplex.make(Py_complex(real: real, imag: imaginary)) }
}

/// The value of a complex, of anything with `__complex__`, or of a real number. The real part is -1
/// when an exception is set.
@c @implementation public func PyComplex_AsCComplex(_ object: Ref) -> Py_complex {
  do {
    if PyComplex.isComplex(object) { return PyComplex(object).value }
    if let converted = try PyComplex.special(object) { return PyComplex(converted.ref).value }
    return Py_complex(real: PyFloat_AsDouble(object), imag: 0)
  } catch {
    return Py_complex(real: -1, imag: 0)
  }
}

@c @implementation public func PyComplex_RealAsDouble(_ object: Ref) -> Double {
  PyComplex.isComplex(object) ? PyComplex(object).value.real : PyFloat_AsDouble(object)
}

@c @implementation public func PyComplex_ImagAsDouble(_ object: Ref) -> Double {
  PyComplex.isComplex(object) ? PyComplex(object).value.imag : 0
}

// MARK: Arithmetic on the struct; errors are in errno

@c @implementation public func _Py_c_sum(_ a: Py_complex, _ b: Py_complex) -> Py_complex {
  PyComplex.add(a, b)
}

@c @implementation public func _Py_c_diff(_ a: Py_complex, _ b: Py_complex) -> Py_complex {
  PyComplex.subtract(a, b)
}

@c @implementation public func _Py_c_neg(_ a: Py_complex) -> Py_complex {
  Py_complex(real: -a.real, imag: -a.imag)
}

@c @implementation public func _Py_c_prod(_ a: Py_complex, _ b: Py_complex) -> Py_complex {
  PyComplex.multiply(a, b)
}

@c @implementation public func _Py_c_quot(_ a: Py_complex, _ b: Py_complex) -> Py_complex {
  if let result = PyComplex.quotient(a, b) { return result }
  errno = EDOM
  return Py_complex(real: 0, imag: 0)
}

@c @implementation public func _Py_c_pow(_ a: Py_complex, _ b: Py_complex) -> Py_complex {
  guard let result = PyComplex.polarPower(a, b) else {
    errno = EDOM
    return Py_complex(real: 0, imag: 0)
  }
  if result.real.isInfinite || result.imag.isInfinite { errno = ERANGE }
  return result
}

@c @implementation public func _Py_c_abs(_ a: Py_complex) -> Double {
  guard let result = PyComplex.magnitude(a) else {
    errno = ERANGE
    return .infinity
  }
  errno = 0
  return result
}
