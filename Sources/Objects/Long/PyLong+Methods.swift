import CPythonABI
import Numerics

/// The result of a binary slot: NotImplemented unless both operands are ints.
@inline(__always)
private func ints(_ left: Ref, _ right: Ref, _ body: (Ref, Ref) throws(Raised) -> Owned) -> Ref? {
  guard left.isInt && right.isInt else { return notImplementedObject() }
  do { return try body(left, right).give() } catch { return nil }
}

extension PyLong {
  static var spec: TypeSpec {
    TypeSpec(
      intType(), "int", basicSize: 24, itemSize: 4, flags: [.baseType, .longSubclass, .matchSelf],
      doc: """
        int([x]) -> integer
        int(x, base=10) -> integer

        Makes an integer of a number or a text; without arguments 0.

        A number is asked for __int__() or __index__(); a float loses its fraction.
        A str, bytes or bytearray holds an integer literal in the base, with an
        optional sign and whitespace around it. The base is 2 to 36, or 0 to read
        it from the literal's prefix as in source code.
        >>> int('0x1f', base=0)
        31
        """,
      base: objectType(),
      slots: [
        .tp_dealloc(dealloc),
        .tp_repr { object in new { try PyLong(object).text(base: 10, prefix: false) } },
        .tp_hash(hash),
        .tp_getattro(PyObject_GenericGetAttr),
        .tp_richcompare(richCompare),
        .tp_new { type, args, keywords in new { try PyLong.construct(type, args, keywords) } },
        .freesUntracked,
        .tp_vectorcall { type, args, flags, names in
          new { try PyLong.vectorcall(type, args, PyVectorcall_NARGS(flags), names) }
        },
        .nb_add { a, b in ints(a, b, PyLong.add) },
        .nb_subtract { a, b in ints(a, b, PyLong.subtract) },
        .nb_multiply { a, b in ints(a, b, PyLong.multiply) },
        .nb_remainder { a, b in ints(a, b, PyLong.remainder) },
        .nb_divmod { a, b in ints(a, b, PyLong.divmod) },
        .nb_power { a, b, modulus in
          let modulus = modulus ?? noneObject()
          guard a.isInt && b.isInt && (modulus.isNone || modulus.isInt) else {
            return notImplementedObject()
          }
          return new { try PyLong.power(a, b, modulus) }
        },
        .nb_negative { object in new { try PyLong.negate(object) } },
        .nb_positive { object in new { try PyLong(object).exact() } },
        .nb_absolute { object in new { try PyLong.magnitude(object) } },
        .nb_bool { object in PyLong(object).isZero ? 0 : 1 },
        .nb_invert { object in new { try PyLong.invert(object) } },
        .nb_lshift { a, b in ints(a, b, PyLong.shiftLeft) },
        .nb_rshift { a, b in ints(a, b, PyLong.shiftRight) },
        .nb_and { a, b in ints(a, b) { (a, b) throws(Raised) in try PyLong.bitwise(.and, a, b) } },
        .nb_xor { a, b in ints(a, b) { (a, b) throws(Raised) in try PyLong.bitwise(.xor, a, b) } },
        .nb_or { a, b in ints(a, b) { (a, b) throws(Raised) in try PyLong.bitwise(.or, a, b) } },
        .nb_int { object in new { try PyLong(object).exact() } },
        .nb_float { object in
          let value = PyLong_AsDouble(object)
          return value == -1 && hasRaised() ? nil : PyFloat_FromDouble(value)
        },
        .nb_floor_divide { a, b in ints(a, b, PyLong.floorDivide) },
        .nb_true_divide { a, b in ints(a, b, PyLong.trueDivide) },
        .nb_index { object in new { try PyLong(object).exact() } },
      ],
      methods: [
        conjugate, bitLengthMethod, bitCount, toBytes, fromBytes, asIntegerRatio, trunc, floor, ceil,
        round, getNewArguments, format, sizeof, isInteger,
      ],
      properties: [
        Property("real", "The number itself.") { object, _ in new { try PyLong(object).exact() } },
        Property("imag", "Always 0.") { _, _ in apus_small_int(0) },
        Property("numerator", "The number itself.") { object, _ in
          new { try PyLong(object).exact() }
        },
        Property("denominator", "Always 1.") { _, _ in apus_small_int(1) },
      ])
  }

  // MARK: Construction

  private static let parameters: Method = .variableKeywords("int(x=0, /, base=10)", "") { _, _, _ in
    nil
  }

  static func construct(_ type: TypeRef, _ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    let total = apus_var_size(args) + (keywords.map { PyDict_Size($0) } ?? 0)
    if keywords == nil {
      try checkPositional("int", total, least: 0, most: 2)
      return try construct(
        type, total > 0 ? apus_tuple_item(args, 0) : nil, total > 1 ? apus_tuple_item(args, 1) : nil)
    }
    let given = try Arguments(parameters, tuple: args, keywords: keywords)
    return try construct(type, given[0], given[1])
  }

  static func construct(_ type: TypeRef, _ value: Ref?, _ base: Ref?) throws(Raised) -> Owned {
    let plain = try convert(value, base)
    if type == intType() { return plain }
    guard let allocate = type.pointee.tp_alloc else {
      throw raise(.systemError, "type without tp_alloc")
    }
    let source = PyLong(plain.ref)
    let count = source.count
    let result = try own(allocate(type, Swift.max(count, 1)))
    PyLong(result.ref).digits.update(from: source.digits, count: Swift.max(count, 1))
    PyLong(result.ref).setTag(count, negative: source.isNegative)
    return result
  }

  private static func convert(_ value: Ref?, _ base: Ref?) throws(Raised) -> Owned {
    guard let value else {
      if base != nil { throw raise(.typeError, "int() missing string argument") }
      return Owned(adopting: apus_small_int(0))
    }
    guard let base else { return try own(PyNumber_Long(value)) }
    let number = try own(PyNumber_Index(base))
    // A base beyond 64 bits is as wrong as 37.
    let wanted = PyLong(number.ref).word ?? 37
    guard wanted == 0 || (wanted >= 2 && wanted <= 36) else {
      throw raise(.valueError, "int() base must be >= 2 and <= 36, or 0")
    }
    if value.isStr { return try parse(str: value, base: wanted) }
    if value.isBytes || value.isInstance(of: byteArrayType()) {
      guard let view = try BytesView(value) else { throw raiseInvalid(value, base: wanted) }
      return try parse(bytes: view.bytes, view.count, base: wanted, shown: value)
    }
    throw raise(.typeError, "int() can't convert non-string with explicit base")
  }

  static func vectorcall(
    _ type: Ref, _ args: UnsafePointer<Ref>?, _ count: Int, _ names: Ref?
  ) throws(Raised) -> Owned {
    if names != nil {
      let given = try Arguments(parameters, args, count, names)
      return try construct(type.asType, given[0], given[1])
    }
    try checkPositional("int", count, least: 0, most: 2)
    return try construct(
      type.asType, count > 0 ? args.unsafelyUnwrapped[0] : nil,
      count > 1 ? args.unsafelyUnwrapped[1] : nil)
  }

  // MARK: Methods

  static let conjugate: Method = .noargs(
    "conjugate($self, /)", "The number itself: an int has no imaginary part."
  ) { object, _ in
    new { try PyLong(object).exact() }
  }

  static let bitLengthMethod: Method = .noargs(
    "bit_length($self, /)",
    """
    The number of bits that the number needs in binary, without sign.

    >>> bin(37)
    '0b100101'
    >>> (37).bit_length()
    6
    """
  ) { object, _ in
    PyLong_FromSsize_t(PyLong(object).bitLength)
  }

  static let bitCount: Method = .noargs(
    "bit_count($self, /)",
    "The number of ones in the binary text of the absolute value.\n\n>>> (-7).bit_count()\n3"
  ) { object, _ in
    PyLong_FromSsize_t(Digits.bitCount(PyLong(object).source, PyLong(object).count))
  }

  static let toBytes: Method = .keywords(
    "to_bytes($self, /, length=1, byteorder='big', *, signed=False)",
    """
    The number as bytes.

    length is the number of bytes; OverflowError is raised when they are too few.
    byteorder is 'big' (most significant byte first) or 'little'. With signed the
    bytes are in two's complement; without it a negative number is an error.
    """
  ) { object, args, count, names in
    new {
      let given = try Arguments(toBytes, args, count, names)
      let length = try given.index(0, default: 1)
      let order = try PyLong.byteOrder(given.str(1))
      let signed = try given.bool(2)
      if length < 0 { throw raise(.valueError, "length argument must be non-negative") }
      let result = try own(PyBytes_FromStringAndSize(nil, length))
      try PyLong(object).write(
        to: apus_bytes_data(result.ref), length, order, signed: signed)
      return result
    }
  }

  /// Writes exactly `length` bytes. Raises OverflowError when they do not hold the number.
  func write(
    to bytes: UnsafeMutablePointer<UInt8>, _ length: Int, _ order: Digits.ByteOrder, signed: Bool
  ) throws(Raised) {
    if isNegative && !signed {
      throw raise(.overflowError, "can't convert negative int to unsigned")
    }
    let outcome = Digits.write(
      source, count, negative: isNegative, bytes: bytes, length, order, signed: signed)
    if case .tooBig = outcome { throw raise(.overflowError, "int too big to convert") }
  }

  private static func byteOrder(_ name: Ref?) throws(Raised) -> Digits.ByteOrder {
    guard let name else { return .big }
    if PyUnicode_CompareWithASCIIString(name, "little") == 0 { return .little }
    if PyUnicode_CompareWithASCIIString(name, "big") == 0 { return .big }
    throw raise(.valueError, "byteorder must be either 'little' or 'big'")
  }

  static let fromBytes: Method = Method.keywords(
    "from_bytes($type, /, bytes, byteorder='big', *, signed=False)",
    """
    The number that bytes stand for.

    bytes is a bytes-like object or an iterable of ints from 0 to 255. byteorder
    is 'big' (most significant byte first) or 'little'. With signed the bytes are
    in two's complement.
    """
  ) { type, args, count, names in
    new {
      let given = try Arguments(fromBytes, args, count, names)
      let order = try PyLong.byteOrder(given.str(1))
      let signed = try given.bool(2)
      let bytes = try own(PyObject_Bytes(given.object(0)))
      let number = try PyLong.read(
        apus_bytes_data(bytes.ref), apus_var_size(bytes.ref), order, signed: signed)
      if type == intType().object { return number }
      return try own(PyObject_CallOneArg(type, number.ref))
    }
  }.classMethod

  static func read(
    _ bytes: UnsafePointer<UInt8>, _ length: Int, _ order: Digits.ByteOrder, signed: Bool
  ) throws(Raised) -> Owned {
    if length > Int.max / 8 - 30 { throw raise(.overflowError, "byte array too long to convert to int") }
    return try make(capacity: (8 * length + 29) / 30 + 1) { target in
      Digits.read(bytes: bytes, length, order, signed: signed, into: target)
    }
  }

  static let asIntegerRatio: Method = .noargs(
    "as_integer_ratio($self, /)",
    """
    The pair (number, 1).

    >>> (10).as_integer_ratio()
    (10, 1)
    """
  ) { object, _ in
    new { try PyTuple.pair(PyLong(object).exact(), apus_small_int(1)) }
  }

  static let trunc: Method = .noargs("__trunc__($self, /)", "The number itself.") { object, _ in
    new { try PyLong(object).exact() }
  }

  static let floor: Method = .noargs("__floor__($self, /)", "The number itself.") { object, _ in
    new { try PyLong(object).exact() }
  }

  static let ceil: Method = .noargs("__ceil__($self, /)", "The number itself.") { object, _ in
    new { try PyLong(object).exact() }
  }

  static let round: Method = .fast(
    "__round__($self, ndigits=<unrepresentable>, /)",
    "The number rounded to ndigits decimals; negative ndigits round to tens, hundreds, …"
  ) { object, args, count in
    new {
      try checkPositional("__round__", count, least: 0, most: 1)
      if count == 0 { return try PyLong(object).exact() }
      let places = try own(PyNumber_Index(args.unsafelyUnwrapped[0]))
      if !PyLong(places.ref).isNegative { return try PyLong(object).exact() }
      return try PyLong(object).rounded(places.ref)
    }
  }

  static let getNewArguments: Method = .noargs(
    "__getnewargs__($self, /)", "The arguments for __new__ that make an equal number."
  ) { object, _ in
    new { try PyTuple.single(PyLong(object).exact()) }
  }

  static let format: Method = .o(
    "__format__($self, format_spec, /)", "The number as text, laid out as format_spec says."
  ) { object, spec in
    new {
      try checkFormatSpec(spec)
      return try Formatting.int(object, spec)
    }
  }

  static let sizeof: Method = .noargs("__sizeof__($self, /)", "The bytes of the object.") { object, _ in
    // A zero has a digit too.
    PyLong_FromSsize_t(24 + 4 * Swift.max(PyLong(object).count, 1))
  }

  static let isInteger: Method = .noargs(
    "is_integer($self, /)", "Always True, as for every other kind of number without fraction."
  ) { _, _ in
    trueObject()
  }
}

/// The specification of a `__format__` call must be a str.
func checkFormatSpec(_ spec: Ref) throws(Raised) {
  if !spec.isStr { throw badArgument("__format__", "argument", expected: "str", got: spec) }
}

/// The types of this folder.
enum LongTypes {
  static var specs: [TypeSpec] { [PyLong.spec] }
}
