import CPythonABI
import Glibc
import Objects
import UnicodeData

/// `unicodedata`: the Unicode character database. CPython: Modules/unicodedata.c.
///
/// The functions of the module are also the methods of `ucd_3_2_0`, which answers with the data of
/// Unicode 3.2.0; which one is meant, `self` tells.
public let unicodedataModule = ModuleSpec(
  "unicodedata",
  doc: """
    The Unicode character database, version 15.1.0, and ucd_3_2_0, the one of Unicode 3.2.0.
    """,
  methods: Database.methods, constants: [.string("unidata_version", "15.1.0")],
  exec: { module in
    status {
      if Database.type.pointee.tp_dict == nil { try Database.spec.installInModule() }
      try check(PyModule_AddObjectRef(module, "UCD", Database.type.object))
      let old = try own(_PyObject_New(Database.type))
      try check(PyModule_AddObjectRef(module, "ucd_3_2_0", old.ref))
    }
  })

enum Database {
  /// The type of `ucd_3_2_0`.
  nonisolated(unsafe) static let type = PermanentMemory.type()

  static let spec = TypeSpec(
    type, "unicodedata.UCD", basicSize: MemoryLayout<PyObject>.size + 24,
    flags: [.disallowInstantiation], base: objectType(),
    slots: [
      .tp_dealloc { PyObject_Free($0) },
      .tp_getattro(PyObject_GenericGetAttr),
    ],
    methods: methods,
    properties: [
      Property("unidata_version") { _, _ in PyUnicode_FromString("3.2.0") }
    ])

  static let methods: [Method] = [
    decimal, digit, numeric, category, bidirectional, combining, mirrored, eastAsianWidth,
    decomposition, name, lookup, isNormalized, normalize,
  ]

  /// Whether the answer is to come from Unicode 3.2.0.
  private static func isOld(_ owner: Ref) -> Bool { owner.type == type }

  /// The code point of an argument. Raises TypeError unless it is a str of length 1.
  private static func character(
    _ object: Ref, _ function: String, _ argument: String
  ) throws(Raised) -> UInt32 {
    guard object.isStr, PyUnicode(object).count == 1 else {
      throw badArgument(function, argument, expected: "a unicode character", got: object)
    }
    return PyUnicode(object)[0]
  }

  /// Character and default of `decimal`, `digit`, `numeric` and `name`.
  private static func arguments(
    _ function: String, _ args: UnsafePointer<Ref>?, _ count: Int
  ) throws(Raised) -> (value: UInt32, fallback: Ref?) {
    try checkPositional(function, count, least: 1, most: 2)
    let args = args.unsafelyUnwrapped
    return (try character(args[0], function, "argument 1"), count > 1 ? args[1] : nil)
  }

  /// The default, or ValueError without one.
  private static func missing(_ fallback: Ref?, _ message: String) throws(Raised) -> Owned {
    guard let fallback else { throw raise(.valueError, message) }
    return fallback.retained()
  }

  static let decimal: Method = .fast(
    "decimal($self, chr, default=<unrepresentable>, /)",
    "The decimal digit value of a character; the default or ValueError without one."
  ) { owner, args, count in
    new {
      let (value, fallback) = try arguments("decimal", args, count)
      let digit = apus_decimal_in(value, isOld(owner))
      if digit < 0 { return try missing(fallback, "not a decimal") }
      return try own(PyLong_FromLong(Int(digit)))
    }
  }

  static let digit: Method = .fast(
    "digit($self, chr, default=<unrepresentable>, /)",
    "The digit value of a character; the default or ValueError without one."
  ) { owner, args, count in
    new {
      let (value, fallback) = try arguments("digit", args, count)
      let digit = apus_digit_in(value, isOld(owner))
      if digit < 0 { return try missing(fallback, "not a digit") }
      return try own(PyLong_FromLong(Int(digit)))
    }
  }

  static let numeric: Method = .fast(
    "numeric($self, chr, default=<unrepresentable>, /)",
    "The numeric value of a character as a float; the default or ValueError without one."
  ) { owner, args, count in
    new {
      let (value, fallback) = try arguments("numeric", args, count)
      var number = 0.0
      if !apus_numeric_in(value, isOld(owner), &number) {
        return try missing(fallback, "not a numeric character")
      }
      return try own(PyFloat_FromDouble(number))
    }
  }

  static let category: Method = .o("category($self, chr, /)", "The general category of a character.") {
    owner, object in
    new {
      try own(PyUnicode_FromString(
        apus_category(try character(object, "category", "argument"), isOld(owner))))
    }
  }

  static let bidirectional: Method = .o(
    "bidirectional($self, chr, /)", "The bidirectional class of a character, '' without one."
  ) { owner, object in
    new {
      try own(PyUnicode_FromString(
        apus_bidirectional(try character(object, "bidirectional", "argument"), isOld(owner))))
    }
  }

  static let combining: Method = .o(
    "combining($self, chr, /)", "The canonical combining class of a character, 0 without one."
  ) { owner, object in
    new {
      try own(PyLong_FromLong(Int(
        apus_combining(try character(object, "combining", "argument"), isOld(owner)))))
    }
  }

  static let mirrored: Method = .o(
    "mirrored($self, chr, /)", "1 for a character that is mirrored in right-to-left text, else 0."
  ) { owner, object in
    new {
      try own(PyLong_FromLong(
        apus_mirrored(try character(object, "mirrored", "argument"), isOld(owner)) ? 1 : 0))
    }
  }

  static let eastAsianWidth: Method = .o(
    "east_asian_width($self, chr, /)", "The east Asian width class of a character."
  ) { owner, object in
    new {
      try own(PyUnicode_FromString(
        apus_east_asian_width(
          try character(object, "east_asian_width", "argument"), isOld(owner))))
    }
  }

  static let decomposition: Method = .o(
    "decomposition($self, chr, /)", "The decomposition mapping of a character, '' without one."
  ) { owner, object in
    new {
      let value = try character(object, "decomposition", "argument")
      var points: UnsafePointer<UInt32>?
      var tag: UnsafePointer<CChar>?
      let count = apus_decomposition(value, isOld(owner), &points, &tag)
      var parts: [String] = []
      if count > 0, let tag, tag[0] != 0 { parts.append(String(cString: tag)) }
      for index in 0..<Int(count) {
        let hex = String(points?[index] ?? 0, radix: 16, uppercase: true)
        parts.append(String(repeating: "0", count: Swift.max(4 - hex.count, 0)) + hex)
      }
      return try own(newString(parts.joined(separator: " ")))
    }
  }

  static let name: Method = .fast(
    "name($self, chr, default=<unrepresentable>, /)",
    "The name of a character; the default or ValueError without one."
  ) { owner, args, count in
    new {
      let (value, fallback) = try arguments("name", args, count)
      let room = UnsafeMutablePointer<CChar>.allocate(capacity: Int(APUS_NAME_LIMIT))
      defer { room.deallocate() }
      let length = apus_name(value, isOld(owner), room)
      if length == 0 { return try missing(fallback, "no such name") }
      return try own(PyUnicode_FromStringAndSize(room, Int(length)))
    }
  }

  static let lookup: Method = .o(
    "lookup($self, name, /)",
    "The character, or named sequence, of a name or alias; KeyError when there is none."
  ) { owner, object in
    new {
      let bytes =
        object.isStr ? try own(PyUnicode_AsUTF8String(object)) : object.retained()
      let name = try ByteBuffer(bytes.ref)
      if name.count > Int(APUS_NAME_LIMIT) {
        let message = try own(newString("name too long"))
        throw raise(.keyError, value: message.ref)
      }
      var points: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
      let kinds = isOld(owner) ? APUS_NAMES_ONLY : APUS_NAMES_SEQUENCES
      let characters = UnsafeRawPointer(name.base).assumingMemoryBound(to: CChar.self)
      let length = name.count
      return try withUnsafeMutableBytes(of: &points) { buffer throws(Raised) -> Owned in
        guard let start = buffer.baseAddress?.assumingMemoryBound(to: UInt32.self) else {
          throw Raised()
        }
        let count = apus_lookup(characters, length, kinds, start)
        if count == 0 || isOld(owner) && (count > 1 || !isAssigned(start[0])) {
          let shown = String(
            decoding: UnsafeRawBufferPointer(start: characters, count: length), as: UTF8.self)
          let message = try own(newString("undefined character name '\(shown)'"))
          throw raise(.keyError, value: message.ref)
        }
        return try own(PyUnicode_FromKindAndData(4, start, Int(count)))
      }
    }
  }

  /// Whether Unicode 3.2.0 has the character.
  private static func isAssigned(_ value: UInt32) -> Bool {
    strcmp(apus_category(value, true), "Cn") != 0
  }

  // MARK: Normal forms

  private static func form(_ object: Ref) throws(Raised) -> apus_form {
    let name = text(of: object)
    switch name {
    case "NFC": return APUS_NFC
    case "NFD": return APUS_NFD
    case "NFKC": return APUS_NFKC
    case "NFKD": return APUS_NFKD
    default: throw raise(.valueError, "invalid normalization form")
    }
  }

  /// Form and text of `normalize` and `is_normalized`.
  private static func formAndText(
    _ method: Method, _ args: UnsafePointer<Ref>?, _ count: Int
  ) throws(Raised) -> (form: apus_form, text: Ref) {
    let a = try Arguments(method, args, count)
    guard let form = try a.str(0), let text = try a.str(1) else { throw Raised() }
    return (try Database.form(form), text)
  }

  /// Runs `body` with the normal form of a text.
  private static func normalized<T: ~Copyable>(
    _ text: Ref, _ form: apus_form, old: Bool,
    _ body: (UnsafePointer<UInt32>, Int) throws(Raised) -> T
  ) throws(Raised) -> T {
    guard let points = PyUnicode_AsUCS4Copy(text) else { throw Raised() }
    defer { PyMem_Free(points) }
    var output = apus_points()
    defer { free(output.data) }
    if !apus_normalize(form, old, points, apus_str_length(text), &output) {
      throw raiseNoMemory()
    }
    return try body(output.data.map { UnsafePointer($0) } ?? UnsafePointer(points), Int(output.count))
  }

  /// Whether the quick check already says that a text is in a form.
  private static func isQuicklyNormal(_ text: Ref, _ form: apus_form) throws(Raised) -> apus_check {
    if apus_str_is_ascii(text) != 0 { return APUS_CHECK_YES }
    guard let points = PyUnicode_AsUCS4Copy(text) else { throw Raised() }
    defer { PyMem_Free(points) }
    return apus_quick_check(form, points, apus_str_length(text))
  }

  static let isNormalized: Method = .fast(
    "is_normalized($self, form, unistr, /)",
    "Whether a text is in the normal form 'NFC', 'NFKC', 'NFD' or 'NFKD'."
  ) { owner, args, count in
    bool {
      let (form, text) = try formAndText(isNormalized, args, count)
      if apus_str_length(text) == 0 { return true }
      let old = isOld(owner)
      if !old {
        let quick = try isQuicklyNormal(text, form)
        if quick != APUS_CHECK_MAYBE { return quick == APUS_CHECK_YES }
      }
      return try normalized(text, form, old: old) { points, count throws(Raised) in
        let result = try own(PyUnicode_FromKindAndData(4, points, count))
        return _PyUnicode_Equal(result.ref, text) != 0
      }
    }
  }

  static let normalize: Method = .fast(
    "normalize($self, form, unistr, /)",
    "A text in the normal form 'NFC', 'NFKC', 'NFD' or 'NFKD'."
  ) { owner, args, count in
    new {
      let (form, text) = try formAndText(normalize, args, count)
      let old = isOld(owner)
      if apus_str_length(text) == 0 { return text.retained() }
      if !old {
        if try isQuicklyNormal(text, form) == APUS_CHECK_YES {
          return try own(PyUnicode_FromObject(text))
        }
      }
      return try normalized(text, form, old: old) { points, count throws(Raised) in
        try own(PyUnicode_FromKindAndData(4, points, count))
      }
    }
  }
}
