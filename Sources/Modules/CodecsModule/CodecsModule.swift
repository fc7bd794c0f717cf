import CPythonABI
import Glibc
import Objects

/// `_codecs`: the builtin codecs as functions, and the registry. CPython: Modules/_codecsmodule.c.
public let codecsModule = ModuleSpec(
  "_codecs",
  methods: [
    Registry.register, Registry.unregister, Registry.lookup, Registry.encode, Registry.decode,
    Registry.registerError, Registry.lookupError,
    Decoders.escape, Decoders.utf8, Decoders.utf7, Decoders.utf16, Decoders.utf16Little,
    Decoders.utf16Big, Decoders.utf16Ex, Decoders.utf32, Decoders.utf32Little, Decoders.utf32Big,
    Decoders.utf32Ex, Decoders.unicodeEscape, Decoders.rawUnicodeEscape, Decoders.latin1,
    Decoders.ascii, Decoders.charmap,
    Encoders.escape, Encoders.readBuffer, Encoders.utf7, Encoders.utf8, Encoders.utf16,
    Encoders.utf16Little, Encoders.utf16Big, Encoders.utf32, Encoders.utf32Little,
    Encoders.utf32Big, Encoders.unicodeEscape, Encoders.rawUnicodeEscape, Encoders.latin1,
    Encoders.ascii, Encoders.charmap, Encoders.charmapBuild,
  ])

/// `_string`: what string.Formatter needs of the str.format machinery.
public let stringModule = ModuleSpec(
  "_string", doc: "What string.Formatter needs of str.format.",
  methods: [
    .o("formatter_field_name_split($self, object, /)", "The first part of a field name, and the others.") {
      _, text in
      new { try FormatterIterator.split(fieldName: text) }
    },
    .o("formatter_parser($self, object, /)", "The pieces of a format string, one after the other.") {
      _, text in
      new { try FormatterIterator.pieces(text) }
    },
  ])

/// The C string of a str argument, nil when it was left out. Raises TypeError and, for a NUL inside,
/// ValueError.
func name(_ a: Arguments, _ index: Int) throws(Raised) -> UnsafePointer<CChar>? {
  guard let object = try a.str(index) else { return nil }
  return try PyUnicode(object).cString()
}

/// The same for an argument that may be None.
func nameOrNone(_ a: Arguments, _ index: Int) throws(Raised) -> UnsafePointer<CChar>? {
  guard let object = try a.strOrNone(index) else { return nil }
  return try PyUnicode(object).cString()
}

/// (result, number)
func pair(_ result: consuming Owned, _ number: Int) throws(Raised) -> Owned {
  let count = try own(PyLong_FromSsize_t(number))
  let tuple = try own(PyTuple_New(2))
  apus_tuple_items(tuple.ref)[0] = result.give()
  apus_tuple_items(tuple.ref)[1] = count.give()
  return tuple
}

enum Registry {
  static let register: Method = .o(
    "register($module, search_function, /)",
    "Adds a function that finds codecs: it gets a normalised name and returns a CodecInfo or None."
  ) { _, function in
    none { try CodecRegistry.register(function) }
  }

  static let unregister: Method = .o(
    "unregister($module, search_function, /)", "Removes a function that finds codecs."
  ) { _, function in
    none { try CodecRegistry.unregister(function) }
  }

  static let lookup: Method = .o(
    "lookup($module, encoding, /)", "The CodecInfo of an encoding; LookupError when it is unknown."
  ) { _, encoding in
    new {
      guard encoding.isStr else {
        throw badArgument("lookup", "argument", expected: "str", got: encoding)
      }
      guard let name = try PyUnicode(encoding).cString() else { throw Raised() }
      return try CodecRegistry.look(up: name)
    }
  }

  static let encode: Method = .keywords(
    "encode($module, /, obj, encoding='utf-8', errors='strict')",
    "The object encoded by a codec of any kind."
  ) { _, args, count, names in
    new {
      let a = try Arguments(encode, args, count, names)
      return try own(PyCodec_Encode(a.object(0), try name(a, 1), try name(a, 2)))
    }
  }

  static let decode: Method = .keywords(
    "decode($module, /, obj, encoding='utf-8', errors='strict')",
    "The object decoded by a codec of any kind."
  ) { _, args, count, names in
    new {
      let a = try Arguments(decode, args, count, names)
      return try own(PyCodec_Decode(a.object(0), try name(a, 1), try name(a, 2)))
    }
  }

  static let registerError: Method = .fast(
    "register_error($module, errors, handler, /)",
    "Gives an error handler a name; it gets the UnicodeError and returns (replacement, position)."
  ) { _, args, count in
    none {
      let a = try Arguments(registerError, args, count)
      guard let errors = try name(a, 0) else { throw Raised() }
      try check(PyCodec_RegisterError(errors, a.object(1)))
    }
  }

  static let lookupError: Method = .o(
    "lookup_error($module, name, /)", "The error handler of a name; LookupError when it is unknown."
  ) { _, object in
    new {
      guard object.isStr else {
        throw badArgument("lookup_error", "argument", expected: "str", got: object)
      }
      return try own(PyCodec_LookupError(try PyUnicode(object).cString()))
    }
  }
}
