import CPythonABI

// `sys.int_info` and `sys.float_info`.

extension PyLong {
  nonisolated(unsafe) private static let infoType = PermanentMemory.type()

  static func info() throws(Raised) -> Owned {
    let type = infoType
    if type.pointee.tp_flags & UInt(Py_TPFLAGS_READY) == 0 {
      try StructSequence.install(
        type, "sys.int_info", doc: "sys.int_info\n\nHow Python stores integers.",
        fields: [
          .init("bits_per_digit", "size of a digit in bits"),
          .init("sizeof_digit", "size in bytes of the C type used to represent a digit"),
          .init("default_max_str_digits", "maximum string conversion digits limitation"),
          .init(
            "str_digits_check_threshold",
            "minimum positive value for int_max_str_digits"),
        ])
    }
    let result = try own(PyStructSequence_New(type))
    for (index, value) in [30, 4, 4300, 640].enumerated() {
      PyStructSequence_SetItem(result.ref, index, try own(make(value)).give())
    }
    return result
  }
}

extension PyFloat {
  nonisolated(unsafe) private static let infoType = PermanentMemory.type()

  static func info() throws(Raised) -> Owned {
    let type = infoType
    if type.pointee.tp_flags & UInt(Py_TPFLAGS_READY) == 0 {
      try StructSequence.install(
        type, "sys.float_info",
        doc: "sys.float_info\n\nThe limits and the precision of floating-point numbers.",
        fields: [
          .init("max", "DBL_MAX -- maximum representable finite float"),
          .init("max_exp", "DBL_MAX_EXP -- maximum int e such that radix**(e-1) is representable"),
          .init("max_10_exp", "DBL_MAX_10_EXP -- maximum int e such that 10**e is representable"),
          .init("min", "DBL_MIN -- Minimum positive normalized float"),
          .init("min_exp", "DBL_MIN_EXP -- minimum int e such that radix**(e-1) is a normalized float"),
          .init("min_10_exp", "DBL_MIN_10_EXP -- minimum int e such that 10**e is a normalized float"),
          .init("dig", "DBL_DIG -- maximum number of decimal digits that can be faithfully represented"),
          .init("mant_dig", "DBL_MANT_DIG -- mantissa digits"),
          .init("epsilon", "DBL_EPSILON -- Difference between 1 and the next representable float"),
          .init("radix", "FLT_RADIX -- radix of exponent"),
          .init("rounds", "FLT_ROUNDS -- rounding mode used for arithmetic operations"),
        ])
    }
    let result = try own(PyStructSequence_New(type))
    let whole: [(Int, Int)] = [
      (1, 1024), (2, 308), (4, -1021), (5, -307), (6, 15), (7, 53), (9, 2), (10, 1),
    ]
    for (index, value) in whole {
      PyStructSequence_SetItem(result.ref, index, try own(PyLong.make(value)).give())
    }
    let fractional: [(Int, Double)] = [
      (0, .greatestFiniteMagnitude), (3, .leastNormalMagnitude), (8, .ulpOfOne),
    ]
    for (index, value) in fractional {
      PyStructSequence_SetItem(result.ref, index, try own(PyFloat.make(value)).give())
    }
    return result
  }
}

@c @implementation public func PyLong_GetInfo() -> Ref? { new { try PyLong.info() } }

@c @implementation public func PyFloat_GetInfo() -> Ref? { new { try PyFloat.info() } }
