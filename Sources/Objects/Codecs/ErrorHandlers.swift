import CPythonABI
import Glibc
import UnicodeData

/// The builtin error handlers as Python functions: they take a UnicodeError and return the
/// replacement and the position to go on at. CPython: Python/codecs.c.
enum ErrorHandlers {
  private static let methods: [Method] = [
    .o("strict_errors($self, object, /)", "The handler 'strict': raises the error.") { _, error in
      PyCodec_StrictErrors(error)
    },
    .o("ignore_errors($self, object, /)", "The handler 'ignore': skips what is malformed.") { _, error in
      PyCodec_IgnoreErrors(error)
    },
    .o("replace_errors($self, object, /)", "The handler 'replace': '?' or U+FFFD instead.") { _, error in
      PyCodec_ReplaceErrors(error)
    },
    .o("xmlcharrefreplace_errors($self, object, /)", "The handler 'xmlcharrefreplace': &#123; instead.") { _, error in
      PyCodec_XMLCharRefReplaceErrors(error)
    },
    .o("backslashreplace_errors($self, object, /)", "The handler 'backslashreplace': \\x7f instead.") { _, error in
      PyCodec_BackslashReplaceErrors(error)
    },
    .o("namereplace_errors($self, object, /)", "The handler 'namereplace': \\N{NAME} instead.") { _, error in
      PyCodec_NameReplaceErrors(error)
    },
    .o("surrogatepass($self, object, /)", "The handler 'surrogatepass': surrogates as any character.") { _, error in
      new { try surrogatePass(error) }
    },
    .o("surrogateescape($self, object, /)", "The handler 'surrogateescape': bytes as U+DC80-DCFF.") { _, error in
      new { try surrogateEscape(error) }
    },
  ]

  private static let names = [
    "strict", "ignore", "replace", "xmlcharrefreplace", "backslashreplace", "namereplace",
    "surrogatepass", "surrogateescape",
  ]

  static func install(in registry: Ref) throws(Raised) {
    guard let table = Method.table(methods) else { return }
    for (index, name) in names.enumerated() {
      let function = try own(PyCFunction_NewEx(table + index, nil, nil))
      try check(PyDict_SetItemString(registry, name, function.ref))
    }
  }

  // MARK: The error

  enum Kind { case encode, decode, translate }

  /// What a UnicodeError says, with its range brought into the object.
  struct Fault: ~Copyable {
    let kind: Kind
    let error: Ref
    /// str when encoding or translating, bytes when decoding.
    let object: Owned
    let start: Int
    let end: Int

    /// Raises TypeError for any other object than the UnicodeErrors of the kinds allowed.
    init(_ error: Ref, _ allowed: [Kind]) throws(Raised) {
      let kind: Kind
      if error.isInstance(of: apus_exc_UnicodeEncodeError()) {
        kind = .encode
      } else if error.isInstance(of: apus_exc_UnicodeDecodeError()) {
        kind = .decode
      } else if error.isInstance(of: apus_exc_UnicodeTranslateError()) {
        kind = .translate
      } else {
        throw Fault.wrong(error)
      }
      if !allowed.contains(kind) { throw Fault.wrong(error) }
      var start = 0
      var end = 0
      let object: Owned
      switch kind {
      case .encode:
        object = try own(PyUnicodeEncodeError_GetObject(error))
        try check(PyUnicodeEncodeError_GetStart(error, &start))
        try check(PyUnicodeEncodeError_GetEnd(error, &end))
      case .decode:
        object = try own(PyUnicodeDecodeError_GetObject(error))
        try check(PyUnicodeDecodeError_GetStart(error, &start))
        try check(PyUnicodeDecodeError_GetEnd(error, &end))
      case .translate:
        object = try own(PyUnicodeTranslateError_GetObject(error))
        try check(PyUnicodeTranslateError_GetStart(error, &start))
        try check(PyUnicodeTranslateError_GetEnd(error, &end))
      }
      // Nothing throws from here on.
      self.kind = kind
      self.error = error
      self.object = object
      self.start = start
      self.end = end
    }

    static func wrong(_ error: Ref) -> Raised {
      raise(.typeError, "don't know how to handle \(error.type.fullName) in error callback")
    }

    var count: Int { Swift.max(end - start, 0) }
    var text: PyUnicode { PyUnicode(object.ref) }
    var bytes: UnsafePointer<UInt8> { UnsafePointer(apus_bytes_data(object.ref)) }

    /// Raises the error itself.
    func reraise() -> Raised {
      PyErr_SetObject(error.type.object, error)
      return Raised()
    }

    /// The encoding's name.
    func encoding() throws(Raised) -> Owned {
      kind == .encode
        ? try own(PyUnicodeEncodeError_GetEncoding(error))
        : try own(PyUnicodeDecodeError_GetEncoding(error))
    }
  }

  /// (replacement, position)
  static func answer(_ replacement: consuming Owned, _ position: Int) throws(Raised) -> Owned {
    let number = try own(PyLong_FromSsize_t(position))
    let tuple = try own(PyTuple_New(2))
    apus_tuple_items(tuple.ref)[0] = replacement.give()
    apus_tuple_items(tuple.ref)[1] = number.give()
    return tuple
  }

  static func ignore(_ error: Ref) throws(Raised) -> Owned {
    let fault = try Fault(error, [.encode, .decode, .translate])
    return try answer(PyUnicode.empty, fault.end)
  }

  static func replace(_ error: Ref) throws(Raised) -> Owned {
    let fault = try Fault(error, [.encode, .decode, .translate])
    var writer = TextWriter()
    switch fault.kind {
    case .encode: try writer.append(63, times: fault.count)
    case .decode: try writer.append(0xFFFD)
    case .translate: try writer.append(0xFFFD, times: fault.count)
    }
    return try answer(try writer.finish(), fault.end)
  }

  static func characterReferences(_ error: Ref) throws(Raised) -> Owned {
    let fault = try Fault(error, [.encode])
    var writer = TextWriter()
    for index in fault.start..<Swift.max(fault.end, fault.start) {
      try writer.append("&#\(fault.text[index]);")
    }
    return try answer(try writer.finish(), fault.end)
  }

  private static func append(escape value: UInt32, to writer: inout TextWriter) throws(Raised) {
    let hex = String(value, radix: 16)
    let (letter, digits) = value < 0x100 ? ("x", 2) : value < 0x10000 ? ("u", 4) : ("U", 8)
    try writer.append("\\" + letter + String(repeating: "0", count: digits - hex.count) + hex)
  }

  static func backslashes(_ error: Ref) throws(Raised) -> Owned {
    let fault = try Fault(error, [.encode, .decode, .translate])
    var writer = TextWriter()
    for index in fault.start..<Swift.max(fault.end, fault.start) {
      let value = fault.kind == .decode ? UInt32(fault.bytes[index]) : fault.text[index]
      try append(escape: value, to: &writer)
    }
    return try answer(try writer.finish(), fault.end)
  }

  static func characterNames(_ error: Ref) throws(Raised) -> Owned {
    let fault = try Fault(error, [.encode])
    var writer = TextWriter()
    let room = UnsafeMutablePointer<CChar>.allocate(capacity: Int(APUS_NAME_LIMIT))
    defer { room.deallocate() }
    for index in fault.start..<Swift.max(fault.end, fault.start) {
      let value = fault.text[index]
      let length = apus_name(value, false, room)
      if length > 0 {
        try writer.append(ascii: "\\N{")
        try writer.append(ascii: buffer(room), Int(length))
        try writer.append(125)
      } else {
        try append(escape: value, to: &writer)
      }
    }
    return try answer(try writer.finish(), fault.end)
  }

  // MARK: Surrogates

  /// The encodings that have a form for surrogates: code unit bytes and byte order.
  private enum Form {
    case utf8
    case utf16(big: Bool)
    case utf32(big: Bool)

    var size: Int {
      switch self {
      case .utf8: 3
      case .utf16: 2
      case .utf32: 4
      }
    }

    init?(_ name: String) {
      let compact = name.lowercased().filter { $0 != "-" && $0 != "_" }
      switch compact {
      case "utf8", "cputf8": self = .utf8
      case "utf16", "utf16le": self = .utf16(big: false)
      case "utf16be": self = .utf16(big: true)
      case "utf32", "utf32le": self = .utf32(big: false)
      case "utf32be": self = .utf32(big: true)
      default: return nil
      }
    }

    func write(_ value: UInt32, to output: inout ByteWriter) throws(Raised) {
      let low = UInt8(truncatingIfNeeded: value)
      let high = UInt8(truncatingIfNeeded: value >> 8)
      switch self {
      case .utf8: _ = UTF8Coding.write(value, to: try output.extend(by: 3))
      case .utf16(let big):
        try output.append(big ? high : low)
        try output.append(big ? low : high)
      case .utf32(let big):
        for byte in big ? [0, 0, high, low] : [low, high, 0, 0] { try output.append(byte) }
      }
    }

    /// The surrogate that the bytes stand for, 0 when they do not.
    func read(_ bytes: UnsafePointer<UInt8>) -> UInt32 {
      let value: UInt32
      switch self {
      case .utf8:
        guard bytes[0] & 0xF0 == 0xE0, bytes[1] & 0xC0 == 0x80, bytes[2] & 0xC0 == 0x80 else {
          return 0
        }
        value =
          UInt32(bytes[0] & 15) << 12 | UInt32(bytes[1] & 63) << 6 | UInt32(bytes[2] & 63)
      case .utf16(let big):
        value = UInt32(bytes[big ? 0 : 1]) << 8 | UInt32(bytes[big ? 1 : 0])
      case .utf32(let big):
        let word = UnsafeRawPointer(bytes).loadUnaligned(as: UInt32.self)
        value = big ? UInt32(bigEndian: word) : UInt32(littleEndian: word)
      }
      return value >= 0xD800 && value < 0xE000 ? value : 0
    }
  }

  static func surrogatePass(_ error: Ref) throws(Raised) -> Owned {
    let fault = try Fault(error, [.encode, .decode])
    let name = try fault.encoding()
    guard let form = Form(text(of: name.ref)) else { throw fault.reraise() }
    if fault.kind == .encode {
      var output = try ByteWriter(capacity: fault.count * form.size)
      for index in fault.start..<Swift.max(fault.end, fault.start) {
        let value = fault.text[index]
        if value < 0xD800 || value > 0xDFFF { throw fault.reraise() }
        try form.write(value, to: &output)
      }
      return try answer(try output.finish(), fault.end)
    }
    let left = apus_var_size(fault.object.ref) - fault.start
    let value = left >= form.size ? form.read(fault.bytes + fault.start) : 0
    if value == 0 { throw fault.reraise() }
    return try answer(try PyUnicode.character(value), fault.start + form.size)
  }

  static func surrogateEscape(_ error: Ref) throws(Raised) -> Owned {
    let fault = try Fault(error, [.encode, .decode])
    if fault.kind == .encode {
      var output = try ByteWriter(capacity: fault.count)
      for index in fault.start..<Swift.max(fault.end, fault.start) {
        let value = fault.text[index]
        if value < 0xDC80 || value > 0xDCFF { throw fault.reraise() }
        try output.append(UInt8(truncatingIfNeeded: value))
      }
      return try answer(try output.finish(), fault.end)
    }
    // At most four bytes, and never ASCII, which could hide something.
    var writer = TextWriter()
    var position = fault.start
    while position < fault.end && position - fault.start < 4 && fault.bytes[position] >= 128 {
      try writer.append(0xDC00 + UInt32(fault.bytes[position]))
      position += 1
    }
    if position == fault.start { throw fault.reraise() }
    return try answer(try writer.finish(), position)
  }
}

// MARK: C API

@c @implementation
public func PyCodec_StrictErrors(_ error: Ref) -> Ref? {
  if error.isException {
    PyErr_SetObject(error.type.object, error)
  } else {
    _ = raise(.typeError, "codec must pass exception instance")
  }
  return nil
}

@c @implementation
public func PyCodec_IgnoreErrors(_ error: Ref) -> Ref? { new { try ErrorHandlers.ignore(error) } }

@c @implementation
public func PyCodec_ReplaceErrors(_ error: Ref) -> Ref? { new { try ErrorHandlers.replace(error) } }

@c @implementation
public func PyCodec_XMLCharRefReplaceErrors(_ error: Ref) -> Ref? {
  new { try ErrorHandlers.characterReferences(error) }
}

@c @implementation
public func PyCodec_BackslashReplaceErrors(_ error: Ref) -> Ref? {
  new { try ErrorHandlers.backslashes(error) }
}

@c @implementation
public func PyCodec_NameReplaceErrors(_ error: Ref) -> Ref? {
  new { try ErrorHandlers.characterNames(error) }
}
