import CPythonABI
import Glibc
import Numerics

extension PyFloat {
  static var spec: TypeSpec {
    TypeSpec(
      floatType(), "float", basicSize: MemoryLayout<PyFloatObject>.size,
      flags: [.baseType, .matchSelf],
      doc: """
        float(x=0, /)
        --

        Makes a floating-point number of a number or a text.
        """,
      base: objectType(),
      slots: [
        .tp_dealloc(dealloc),
        .tp_repr { object in new { try PyFloat.repr(PyFloat(object).value) } },
        .tp_hash(hash),
        .tp_richcompare(richCompare),
        .tp_new { type, args, keywords in new { try PyFloat.construct(type, args, keywords) } },
        .freesUntracked,
        .tp_vectorcall { type, args, flags, names in
          new {
            let count = PyVectorcall_NARGS(flags)
            try checkNoKeywords("float", names: names)
            try checkPositional("float", count, least: 0, most: 1)
            return try PyFloat.construct(
              type.asType, from: count == 0 ? nil : args.unsafelyUnwrapped[0])
          }
        },
        .nb_add { a, b in
          PyFloat.binary(a, b) { (x, y) throws(Raised) in try own(PyFloat.make(x + y)) }
        },
        .nb_subtract { a, b in
          PyFloat.binary(a, b) { (x, y) throws(Raised) in try own(PyFloat.make(x - y)) }
        },
        .nb_multiply { a, b in
          PyFloat.binary(a, b) { (x, y) throws(Raised) in try own(PyFloat.make(x * y)) }
        },
        .nb_remainder { a, b in
          PyFloat.binary(a, b) { (x, y) throws(Raised) in
            if y == 0 { throw raise(.zeroDivisionError, "float modulo by zero") }
            return try own(PyFloat.make(PyFloat.remainder(x, y)))
          }
        },
        .nb_divmod { a, b in
          PyFloat.binary(a, b) { (x, y) throws(Raised) in
            if y == 0 { throw raise(.zeroDivisionError, "float divmod()") }
            let (quotient, remainder) = PyFloat.divmod(x, y)
            let first = try own(PyFloat.make(quotient))
            let second = try own(PyFloat.make(remainder))
            return try PyTuple.pair(first.ref, second.ref)
          }
        },
        .nb_power { a, b, modulus in
          if let modulus, !modulus.isNone {
            _ = raise(
              .typeError, "pow() 3rd argument not allowed unless all arguments are integers")
            return nil
          }
          return PyFloat.binary(a, b, PyFloat.power)
        },
        .nb_negative { object in PyFloat.make(-PyFloat(object).value) },
        .nb_positive { object in new { try PyFloat(object).exact() } },
        .nb_absolute { object in PyFloat.make(PyFloat(object).value.magnitude) },
        .nb_bool { object in PyFloat(object).value != 0 ? 1 : 0 },
        .nb_int { object in PyLong_FromDouble(PyFloat(object).value) },
        .nb_float { object in new { try PyFloat(object).exact() } },
        .nb_floor_divide { a, b in
          PyFloat.binary(a, b) { (x, y) throws(Raised) in
            if y == 0 { throw raise(.zeroDivisionError, "float floor division by zero") }
            return try own(PyFloat.make(PyFloat.divmod(x, y).quotient))
          }
        },
        .nb_true_divide { a, b in PyFloat.binary(a, b, PyFloat.divide) },
      ],
      methods: [
        conjugate, trunc, floor, ceil, round, asIntegerRatio, fromHexadecimal, hexadecimal,
        isInteger, getNewArguments, getFormat, format,
      ],
      properties: [
        Property("real", "The number itself.") { object, _ in new { try PyFloat(object).exact() } },
        Property("imag", "Always 0.0.") { _, _ in PyFloat.make(0) },
      ])
  }

  /// The float itself when it is an exact float, else an exact float of the same value.
  func exact() throws(Raised) -> Owned {
    object.isExactFloat ? object.retained() : try own(PyFloat.make(value))
  }

  // MARK: Construction

  static func construct(_ type: TypeRef, _ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    if type == floatType() || unsafeBitCast(type.pointee.tp_init, to: Int.self)
      == unsafeBitCast(floatType().pointee.tp_init, to: Int.self)
    {
      try checkNoKeywords("float", dict: keywords)
    }
    let given = apus_var_size(args)
    try checkPositional("float", given, least: 0, most: 1)
    return try construct(type, from: given == 0 ? nil : apus_tuple_item(args, 0))
  }

  static func construct(_ type: TypeRef, from source: Ref?) throws(Raised) -> Owned {
    let plain: Owned
    if let source {
      plain = source.isExactStr ? try parse(source) : try own(PyNumber_Float(source))
    } else {
      plain = try own(make(0))
    }
    if type == floatType() { return plain }
    guard let allocate = type.pointee.tp_alloc else {
      throw raise(.systemError, "type without tp_alloc")
    }
    let result = try own(allocate(type, 0))
    result.ref.view(PyFloatObject.self).pointee.ob_fval = PyFloat(plain.ref).value
    return result
  }

  // MARK: Methods

  static let conjugate: Method = .noargs(
    "conjugate($self, /)", "The number itself: a float has no imaginary part."
  ) { object, _ in
    new { try PyFloat(object).exact() }
  }

  static let trunc: Method = .noargs(
    "__trunc__($self, /)", "The integral part as an int."
  ) { object, _ in
    PyLong_FromDouble(PyFloat(object).value)
  }

  static let floor: Method = .noargs(
    "__floor__($self, /)", "The largest int that is not larger."
  ) { object, _ in
    PyLong_FromDouble(Glibc.floor(PyFloat(object).value))
  }

  static let ceil: Method = .noargs(
    "__ceil__($self, /)", "The smallest int that is not smaller."
  ) { object, _ in
    PyLong_FromDouble(Glibc.ceil(PyFloat(object).value))
  }

  static let round: Method = .fast(
    "__round__($self, ndigits=None, /)",
    """
    The number rounded to ndigits decimals, ties to even.

    Without ndigits the result is an int.
    """
  ) { object, args, count in
    new {
      try checkPositional("__round__", count, least: 0, most: 1)
      let value = PyFloat(object).value
      guard count == 1, let places = args?[0], !places.isNone else {
        // Ties to even, whatever the processor's rounding mode.
        return try PyLong.make(truncating: value.rounded(.toNearestOrEven))
      }
      let number = try own(PyNumber_Index(places))
      let limit = PyLong(number.ref).word ?? (PyLong(number.ref).isNegative ? Int.min : Int.max)
      switch FloatText.round(value, places: limit) {
      case .value(let rounded): return try own(PyFloat.make(rounded))
      case .overflow: throw raise(.overflowError, "rounded value too large to represent")
      case .outOfMemory: throw raiseNoMemory()
      }
    }
  }

  static let asIntegerRatio: Method = .noargs(
    "as_integer_ratio($self, /)",
    """
    The exact value as a fraction: a pair of ints, the second positive.

    >>> (10.0).as_integer_ratio()
    (10, 1)
    >>> (-.25).as_integer_ratio()
    (-1, 4)
    """
  ) { object, _ in
    new {
      let value = PyFloat(object).value
      if value.isInfinite {
        throw raise(.overflowError, "cannot convert Infinity to integer ratio")
      }
      if value.isNaN { throw raise(.valueError, "cannot convert NaN to integer ratio") }
      let (significand, exponent) = FloatText.ratio(value)
      let numerator = try own(PyLong.make(Int(significand)))
      let one = apus_small_int(1)
      if exponent >= 0 {
        return try PyTuple.pair(PyLong(numerator.ref).shifted(left: exponent), one)
      }
      return try PyTuple.pair(numerator.ref, PyLong(one).shifted(left: -exponent))
    }
  }

  static let fromHexadecimal = Method.o(
    "fromhex($type, string, /)",
    """
    The number that a hexadecimal text denotes.

    >>> float.fromhex('0x1.ffffp10')
    2047.984375
    """
  ) { type, text in
    new {
      var count = 0
      // A str, or TypeError.
      guard let utf8 = PyUnicode_AsUTF8AndSize(text, &count) else { throw Raised() }
      let bytes = UnsafeRawPointer(utf8).assumingMemoryBound(to: UInt8.self)
      let number: Owned
      switch FloatText.parseHexadecimal(bytes, count) {
      case .value(let value): number = try own(PyFloat.make(value))
      case .invalid: throw raise(.valueError, "invalid hexadecimal floating-point string")
      case .overflow:
        throw raise(.overflowError, "hexadecimal value too large to represent as a float")
      case .tooLong: throw raise(.valueError, "hexadecimal string too long to convert")
      }
      if type == floatType().object { return number }
      return try own(PyObject_CallOneArg(type, number.ref))
    }
  }.classMethod

  static let hexadecimal: Method = .noargs(
    "hex($self, /)",
    """
    The exact value as hexadecimal text.

    >>> (-0.1).hex()
    '-0x1.999999999999ap-4'
    """
  ) { object, _ in
    new {
      let value = PyFloat(object).value
      if !value.isFinite { return try PyFloat.repr(value) }
      var room = InlineArray<40, UInt8>(repeating: 0)
      var span = room.mutableSpan
      return try span.withUnsafeMutableBufferPointer { buffer throws(Raised) in
        let start = buffer.baseAddress.unsafelyUnwrapped
        return try newString(ascii: start, FloatText.hexadecimal(value, into: start))
      }
    }
  }

  static let isInteger: Method = .noargs(
    "is_integer($self, /)", "Whether the number has no fraction."
  ) { object, _ in
    let value = PyFloat(object).value
    return boolObject(value.isFinite && Glibc.floor(value) == value)
  }

  static let getNewArguments: Method = .noargs(
    "__getnewargs__($self, /)", "The arguments for __new__ that make an equal number."
  ) { object, _ in
    new { try PyTuple.single(own(PyFloat.make(PyFloat(object).value))) }
  }

  static let getFormat = Method.o(
    "__getformat__($type, typestr, /)",
    """
    How this machine stores 'double' or 'float', for Python's own test suite.

    The answer is 'unknown', 'IEEE, big-endian' or 'IEEE, little-endian'.
    """
  ) { _, name in
    new {
      guard name.isStr else {
        throw badArgument("__getformat__", "argument", expected: "str", got: name)
      }
      guard PyUnicode_CompareWithASCIIString(name, "double") == 0
        || PyUnicode_CompareWithASCIIString(name, "float") == 0
      else {
        throw raise(.valueError, "__getformat__() argument 1 must be 'double' or 'float'")
      }
      return try newString(ascii: "IEEE, little-endian")
    }
  }.classMethod

  static let format: Method = .o(
    "__format__($self, format_spec, /)", "The number as text, laid out as format_spec says."
  ) { object, spec in
    new {
      try checkFormatSpec(spec)
      return try Formatting.float(object, spec)
    }
  }
}

/// The types of this folder.
enum FloatTypes {
  static var specs: [TypeSpec] { [PyFloat.spec] }
}
