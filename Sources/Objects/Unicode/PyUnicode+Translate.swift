import CPythonABI

extension PyUnicode {
  /// What a translation table says about a code point.
  private enum Mapping: ~Copyable {
    case unchanged
    case deleted
    case character(UInt32)
    case text(Owned)
  }

  private static func look(_ value: UInt32, in table: Ref) throws(Raised) -> Mapping {
    let key = try own(PyLong_FromLong(Int(value)))
    guard let found = PyObject_GetItem(table, key.ref) else {
      if PyErr_ExceptionMatches(.lookupError) == 0 { throw Raised() }
      PyErr_Clear()
      return .unchanged
    }
    let item = Owned(adopting: found)
    if item.ref.isNone { return .deleted }
    if item.ref.isInt {
      let number = PyLong_AsLong(item.ref)
      if hasRaised() || number < 0 || number > 0x10FFFF {
        PyErr_Clear()
        throw raise(.valueError, "character mapping must be in range(0x110000)")
      }
      return .character(UInt32(truncatingIfNeeded: number))
    }
    if item.ref.isStr { return .text(item) }
    throw raise(.typeError, "character mapping must return integer, None or str")
  }

  /// The text with every code point replaced by what `table[ordinal]` says.
  func translated(_ table: Ref) throws(Raised) -> Owned {
    if count == 0 { return Self.empty }
    var writer = TextWriter(minimum: count)
    // What is known about ASCII code points: 0 nothing, 1...128 the result plus one, 254 deleted.
    var known = InlineArray<128, UInt8>(repeating: 0)
    for index in 0..<count {
      let value = self[index]
      if value < 128 {
        let entry = known[Int(value)]
        if entry == 254 { continue }
        if entry != 0 {
          try writer.append(UInt32(entry) - 1)
          continue
        }
      }
      switch try Self.look(value, in: table) {
      case .unchanged:
        try writer.append(value)
        if value < 128 { known[Int(value)] = UInt8(truncatingIfNeeded: value + 1) }
      case .deleted:
        if value < 128 { known[Int(value)] = 254 }
      case .character(let replacement):
        try writer.append(replacement)
        if value < 128 && replacement < 128 {
          known[Int(value)] = UInt8(truncatingIfNeeded: replacement + 1)
        }
      case .text(let replacement):
        try writer.append(replacement.ref)
      }
    }
    return try writer.finish()
  }

  // MARK: maketrans

  fileprivate static func makeTable(_ dict: Ref) throws(Raised) -> Owned {
    guard dict.isExactDict else {
      throw raise(
        .typeError, "if you give only one argument to maketrans it must be a dict")
    }
    let table = try own(PyDict_New())
    var position = 0
    var key: Ref?
    var value: Ref?
    while PyDict_Next(dict, &position, &key, &value) != 0 {
      guard let key, let value else { break }
      if key.isStr {
        if PyUnicode(key).count != 1 {
          throw raise(.valueError, "string keys in translate table must be of length 1")
        }
        let ordinal = try own(PyLong_FromLong(Int(PyUnicode(key)[0])))
        try check(PyDict_SetItem(table.ref, ordinal.ref, value))
      } else if key.isInt {
        try check(PyDict_SetItem(table.ref, key, value))
      } else {
        throw raise(.typeError, "keys in translate table must be strings or integers")
      }
    }
    return table
  }

  fileprivate static func makeTable(
    _ from: PyUnicode, _ to: PyUnicode, deleting: PyUnicode?
  ) throws(Raised) -> Owned {
    if from.count != to.count {
      throw raise(
        .valueError, "the first two maketrans arguments must have equal length")
    }
    let table = try own(PyDict_New())
    for index in 0..<from.count {
      let key = try own(PyLong_FromLong(Int(from[index])))
      let value = try own(PyLong_FromLong(Int(to[index])))
      try check(PyDict_SetItem(table.ref, key.ref, value.ref))
    }
    if let deleting {
      for index in 0..<deleting.count {
        let key = try own(PyLong_FromLong(Int(deleting[index])))
        try check(PyDict_SetItem(table.ref, key.ref, noneObject()))
      }
    }
    return table
  }
}

extension PyUnicode.Methods {
  static let translate: Method = .o(
    "translate($self, table, /)",
    """
    The text with each character replaced by what the table gives for its ordinal.

    The table is indexed with the ordinal; it gives an ordinal, a string, or None to delete the
    character. LookupError leaves the character as it is.
    """
  ) { text, table in
    new { try PyUnicode(text).translated(table) }
  }

  static let maketrans: Method = Method.fast(
    "maketrans(x, y=<unrepresentable>, z=<unrepresentable>, /)",
    """
    A table for str.translate().

    One argument: a dict from ordinals or characters to ordinals, strings or None. Two strings of
    equal length: each character of x becomes the one of y at its place; characters of z vanish.
    """
  ) { _, args, count in
    new {
      try checkPositional("maketrans", count, least: 1, most: 3)
      let args = args.unsafelyUnwrapped
      if count == 1 { return try PyUnicode.makeTable(args[0]) }
      guard args[1].isStr else {
        throw badArgument("maketrans", "argument 2", expected: "str", got: args[1])
      }
      if count == 3 && !args[2].isStr {
        throw badArgument("maketrans", "argument 3", expected: "str", got: args[2])
      }
      guard args[0].isStr else {
        throw raise(
          .typeError,
          "first maketrans argument must be a string if there is a second argument")
      }
      return try PyUnicode.makeTable(
        PyUnicode(args[0]), PyUnicode(args[1]), deleting: count == 3 ? PyUnicode(args[2]) : nil)
    }
  }.staticMethod
}

@c @implementation
public func PyUnicode_Translate(
  _ text: Ref, _ table: Ref, _ errors: UnsafePointer<CChar>?
) -> Ref? {
  new {
    try requireStr(text)
    return try PyUnicode(text).translated(table)
  }
}
