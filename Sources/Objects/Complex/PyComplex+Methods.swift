import CPythonABI
import Numerics

extension PyComplex {
  static var spec: TypeSpec {
    TypeSpec(
      complexType(), "complex", basicSize: MemoryLayout<PyComplexObject>.size, flags: [.baseType],
      doc: """
        complex(real=0, imag=0)
        --

        Makes a complex number of a text, or of a real and an imaginary part.

        A text is given alone. The parts may be numbers of any kind.
        """,
      base: objectType(),
      slots: [
        .tp_dealloc { object in object.type.pointee.tp_free.unsafelyUnwrapped(object) },
        .tp_repr { object in new { try PyComplex(object).repr() } },
        .tp_hash(hash),
        .tp_getattro(PyObject_GenericGetAttr),
        .tp_richcompare(richCompare),
        .tp_new { type, args, keywords in
          new {
            let given = try Arguments(PyComplex.parameters, tuple: args, keywords: keywords)
            return try PyComplex.construct(type, given[0], given[1])
          }
        },
        .freesUntracked,
        .nb_add { a, b in
          PyComplex.binary(a, b) { (x, y) throws(Raised) in PyComplex.add(x, y) }
        },
        .nb_subtract { a, b in
          PyComplex.binary(a, b) { (x, y) throws(Raised) in PyComplex.subtract(x, y) }
        },
        .nb_multiply { a, b in
          PyComplex.binary(a, b) { (x, y) throws(Raised) in PyComplex.multiply(x, y) }
        },
        .nb_power { a, b, modulus in
          var failed = false
          guard let x = PyComplex.operand(a, failed: &failed),
            let y = PyComplex.operand(b, failed: &failed)
          else { return failed ? nil : notImplementedObject() }
          return new {
            if let modulus, !modulus.isNone { throw raise(.valueError, "complex modulo") }
            return try PyComplex.make(PyComplex.power(x, y))
          }
        },
        .nb_negative { object in
          let value = PyComplex(object).value
          return PyComplex_FromCComplex(Py_complex(real: -value.real, imag: -value.imag))
        },
        .nb_positive { object in
          new {
            object.type == complexType()
              ? object.retained() : try PyComplex.make(PyComplex(object).value)
          }
        },
        .nb_absolute { object in
          new {
            guard let size = PyComplex.magnitude(PyComplex(object).value) else {
              throw raise(.overflowError, "absolute value too large")
            }
            return try own(PyFloat.make(size))
          }
        },
        .nb_bool { object in
          let value = PyComplex(object).value
          return value.real != 0 || value.imag != 0 ? 1 : 0
        },
        .nb_true_divide { a, b in PyComplex.binary(a, b, PyComplex.divide) },
      ],
      methods: [conjugate, dunderComplex, getNewArguments, format],
      members: [
        Member("real", Py_T_DOUBLE, offset: 16, flags: Py_READONLY, "the real part of a complex number"),
        Member("imag", Py_T_DOUBLE, offset: 24, flags: Py_READONLY, "the imaginary part of a complex number"),
      ])
  }

  // MARK: Construction

  private static let parameters: Method = .variableKeywords("complex(real=0, imag=0)", "") { _, _, _ in
    nil
  }

  /// What `__complex__` of an object that is no complex gives; nil when there is none.
  static func special(_ object: Ref) throws(Raised) -> Owned? {
    let name = try own(PyUnicode_InternFromString("__complex__"))
    guard let found = _PyObject_LookupSpecial(object, name.ref) else {
      if hasRaised() { throw Raised() }
      return nil
    }
    let method = Owned(adopting: found)
    let result = try own(PyObject_CallNoArgs(method.ref))
    if result.ref.type == complexType() { return result }
    let kind = "__complex__ returned non-complex (type \(result.ref.type.fullName))"
    guard isComplex(result.ref) else { throw raise(.typeError, kind) }
    try check(
      PyErr_WarnEx(
        .deprecationWarning,
        kind + ".  The ability to return an instance of a strict subclass of complex is "
          + "deprecated, and may be removed in a future version of Python.", 1))
    return result
  }

  static func construct(_ type: TypeRef, _ first: Ref?, _ second: Ref?) throws(Raised) -> Owned {
    let first = first ?? apus_small_int(0)
    if second == nil && type == complexType() && first.type == complexType() {
      return first.retained()
    }
    if first.isStr {
      if second != nil {
        throw raise(.typeError, "complex() can't take second arg if first is a string")
      }
      return try make(type, parse(str: first))
    }
    if let second, second.isStr {
      throw raise(.typeError, "complex() second arg can't be a string")
    }
    let real = try converted(first)
    if !isComplex(real.ref) && !isReal(real.ref) {
      throw raise(
        .typeError,
        "complex() first argument must be a string or a number, not '\(real.ref.type.fullName)'")
    }
    if let second, !isComplex(second) && !isReal(second) {
      throw raise(
        .typeError, "complex() second argument must be a number, not '\(second.type.fullName)'")
    }
    // real + imag * 1j, where either may be complex.
    var result = Py_complex(real: 0, imag: 0)
    if isComplex(real.ref) {
      result = PyComplex(real.ref).value
    } else {
      result.real = try double(real.ref)
    }
    if let second {
      if isComplex(second) {
        let value = PyComplex(second).value
        result.real -= value.imag
        result.imag = isComplex(real.ref) ? value.real + result.imag : value.real
      } else {
        let value = try double(second)
        result.imag = isComplex(real.ref) ? value + result.imag : value
      }
    }
    return try make(type, result)
  }

  /// What `__complex__` gives, or the object itself.
  private static func converted(_ object: Ref) throws(Raised) -> Owned {
    if object.type == complexType() { return object.retained() }
    if let result = try special(object) { return result }
    return object.retained()
  }

  /// Whether an object converts to float.
  private static func isReal(_ object: Ref) -> Bool {
    guard let numbers = object.type.pointee.tp_as_number else { return false }
    return numbers.pointee.nb_float != nil || numbers.pointee.nb_index != nil
  }

  private static func double(_ object: Ref) throws(Raised) -> Double {
    let number = try own(PyNumber_Float(object))
    return PyFloat(number.ref).value
  }

  // MARK: Methods

  static let conjugate: Method = .noargs(
    "conjugate($self, /)", "The number with the imaginary part negated."
  ) { object, _ in
    let value = PyComplex(object).value
    return PyComplex_FromCComplex(Py_complex(real: value.real, imag: -value.imag))
  }

  static let dunderComplex: Method = .noargs(
    "__complex__($self, /)", "The number as an exact complex."
  ) { object, _ in
    new {
      object.type == complexType()
        ? object.retained() : try PyComplex.make(PyComplex(object).value)
    }
  }

  static let getNewArguments: Method = .noargs(
    "__getnewargs__($self, /)", "The arguments for __new__ that make an equal number."
  ) { object, _ in
    new {
      let value = PyComplex(object).value
      let real = try own(PyFloat.make(value.real))
      let imaginary = try own(PyFloat.make(value.imag))
      return try PyTuple.pair(real.ref, imaginary.ref)
    }
  }

  static let format: Method = .o(
    "__format__($self, format_spec, /)", "The number as text, laid out as format_spec says."
  ) { object, spec in
    new {
      try checkFormatSpec(spec)
      return try Formatting.complex(object, spec)
    }
  }
}

/// The types of this folder.
enum ComplexTypes {
  static var specs: [TypeSpec] { [PyComplex.spec] }
}
