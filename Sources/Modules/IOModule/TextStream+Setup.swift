import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// The encoding names that need no codec object.
enum KnownEncoding {
  case utf8, ascii, latin1

  /// The encoding a name stands for, as `encodings` would find it.
  init?(_ name: String) {
    switch String(name.lowercased().map { $0 == "_" || $0 == " " ? "-" : $0 }) {
    case "utf-8", "utf8", "u8", "utf", "cp65001": self = .utf8
    case "ascii", "us-ascii", "646": self = .ascii
    case "latin-1", "latin1", "iso-8859-1", "iso8859-1", "8859", "l1": self = .latin1
    default: return nil
    }
  }
}

/// The encoding of text files when none is given.
enum LocaleEncoding {
  static func name() -> String {
    if apus_setting("utf8_mode").pointee != 0 { return "utf-8" }
    guard let text = nl_langinfo(nl_item(CODESET)), text[0] != 0 else { return "UTF-8" }
    return String(cString: text)
  }
}

extension TextStream {
  static func initialize(_ object: Ref, _ a: Arguments) throws(Raised) {
    let text = object.view(TextStream.self)
    text.pointee.isReady = false
    text.pointee.isDetached = false
    text.pointee.chunkSize = 8192
    let buffer = a.object(0)
    if let encoding = a.optional(1), !encoding.isStr {
      throw raise(
        .typeError,
        "TextIOWrapper() argument 'encoding' must be str or None, not \(encoding.type.fullName)")
    }
    if let newline = a.optional(3), !newline.isStr {
      throw raise(
        .typeError, "TextIOWrapper() argument 'newline' must be str or None, not \(newline.type.fullName)")
    }
    if let errors = a.optional(2), !errors.isStr {
      throw raise(
        .typeError, "TextIOWrapper() argument 'errors' must be str or None, not \(errors.type.fullName)")
    }
    try checkCodecNames(a.optional(1), a.optional(2))
    if a.optional(1) == nil, try OpenFunction.warnsOfDefaultEncoding() {
      try warn(.encodingWarning, "'encoding' argument not specified", stackLevel: 1)
    }
    let newline = try parseNewline(a.optional(3))
    let lineBuffering = try a.bool(4)
    let writeThrough = try a.bool(5)
    clearReference(&text.pointee.encoder)
    clearReference(&text.pointee.decoder)
    text.forgetReadAhead()
    text.pointee.pendingCount = 0
    text.pointee.hasRead = false
    text.pointee.seen = 0

    var name = a.optional(1).map { Objects.text(of: $0) } ?? "locale"
    var encoding: Owned
    if name == "locale" {
      name = LocaleEncoding.name()
      encoding = try own(newString(name))
    } else {
      guard let given = a.optional(1) else { throw Raised() }
      if name.unicodeScalars.contains("\0") {
        throw raise(.valueError, "embedded null character")
      }
      encoding = given.retained()
    }
    if let errors = a.optional(2) {
      guard let spelled = PyUnicode_AsUTF8(errors) else { throw Raised() }
      if strlen(spelled) != Objects.text(of: errors).utf8.count {
        throw raise(.valueError, "embedded null character")
      }
    }
    replaceReference(&text.pointee.encoding, encoding.ref.retained().give())
    if let errors = a.optional(2) {
      replaceReference(&text.pointee.errors, errors.retained().give())
    } else {
      replaceReference(&text.pointee.errors, try own(PyUnicode_FromString("strict")).give())
    }
    text.pointee.lineBuffering = lineBuffering ? 1 : 0
    text.pointee.writeThrough = writeThrough ? 1 : 0
    try checkTextEncoding(name)
    let reads = try ask(buffer, Name.readable)
    let writes = try ask(buffer, Name.writable)
    try setCodec(text, name, newline, reads: reads, writes: writes)
    replaceReference(&text.pointee.buffer, buffer.retained().give())
    text.pointee.isSeekable = try ask(buffer, Name.seekable)
    text.pointee.isTelling = text.pointee.isSeekable
    var read1: Ref?
    text.pointee.hasRead1 = try check(PyObject_GetOptionalAttr(buffer, Name.read1, &read1)) != 0
    Py_XDECREF(read1)
    if text.pointee.isSeekable, let encoder = text.pointee.encoder {
      // No mark of the byte order in the middle of a file.
      let position = try send(buffer, Name.tell)
      if try check(PyObject_IsTrue(position.ref)) != 0 {
        let zero = try int(0)
        _ = try send(encoder, Name.setstate, zero.ref).ref
      }
    }
    text.pointee.isReady = true
  }

  /// The names as UTF-8; in development mode a handler of errors must be known.
  private static func checkCodecNames(_ encoding: Ref?, _ errors: Ref?) throws(Raised) {
    if let encoding, PyUnicode_AsUTF8(encoding) == nil { throw Raised() }
    guard let errors else { return }
    guard let name = PyUnicode_AsUTF8(errors) else { throw Raised() }
    if apus_tstate().pointee.interp.pointee.dev_mode != 0 {
      _ = try own(PyCodec_LookupError(name))
    }
  }

  /// A truth value given as an int.
  private static func flag(_ value: Ref) throws(Raised) -> Bool {
    let number = PyLong_AsLong(value)
    if number == -1 && hasRaised() { throw Raised() }
    return number != 0
  }

  static func parseNewline(_ object: Ref?) throws(Raised) -> Newline {
    guard let object else { return .translated }
    switch Objects.text(of: object) {
    case "": return .universal
    case "\n": return .lf
    case "\r": return .cr
    case "\r\n": return .crlf
    default:
      throw raise(.valueError, "illegal newline value: \(Objects.text(of: object))")
    }
  }

  /// Raises LookupError unless there is such a text encoding.
  static func checkTextEncoding(_ name: String) throws(Raised) {
    if KnownEncoding(name) != nil { return }
    let codec = try own(name.withCString { _PyCodec_Lookup($0) })
    var flag: Ref?
    try check("_is_text_encoding".withCString { PyObject_GetOptionalAttrString(codec.ref, $0, &flag) })
    guard let flag else { return }
    let held = Owned(adopting: flag)
    if try check(PyObject_IsTrue(held.ref)) == 0 {
      throw raise(
        .lookupError,
        "'\(name)' is not a text encoding; use codecs.open() to handle arbitrary codecs")
    }
  }

  /// Prepares decoding and encoding.
  static func setCodec(
    _ text: TextRef, _ name: String, _ newline: Newline, reads: Bool, writes: Bool
  ) throws(Raised) {
    let known = KnownEncoding(name)
    text.pointee.newline = newline.rawValue
    text.pointee.canRead = reads
    text.pointee.isNative = reads && known == .utf8
    clearReference(&text.pointee.decoder)
    clearReference(&text.pointee.encoder)
    text.pointee.encoderKind = Encoder.none.rawValue
    if reads && !text.pointee.isNative { try makeDecoder(text, name) }
    if !writes { return }
    switch known {
    case .utf8: text.pointee.encoderKind = Encoder.utf8.rawValue
    case .ascii: text.pointee.encoderKind = Encoder.ascii.rawValue
    case .latin1: text.pointee.encoderKind = Encoder.latin1.rawValue
    case nil:
      let errors = text.pointee.errors.flatMap { PyUnicode_AsUTF8($0) }
      text.pointee.encoder = try own(
        name.withCString { PyCodec_IncrementalEncoder($0, errors) }).give()
      text.pointee.encoderKind = Encoder.object.rawValue
    }
  }

  /// The incremental decoder of the encoding.
  static func makeDecoder(_ text: TextRef, _ name: String) throws(Raised) {
    let errors = text.pointee.errors.flatMap { PyUnicode_AsUTF8($0) }
    var decoder = try own(name.withCString { PyCodec_IncrementalDecoder($0, errors) })
    if text.newline == .translated || text.newline == .universal {
      decoder = try NewlineDecoder.make(decoder.ref, translates: text.newline == .translated)
    }
    replaceReference(&text.pointee.decoder, decoder.give())
    text.pointee.isNative = false
  }

  // MARK: reconfigure

  static let reconfigure: Method = .keywords(
    "reconfigure($self, /, *, encoding=None, errors=None, newline=None,\n            line_buffering=None, write_through=None)",
    "Reconfigure the text stream with new parameters. This also does an implicit stream flush."
  ) { object, args, count, names in
    none {
      let a = try Arguments(reconfigure, args, count, names)
      let text = object.view(TextStream.self)
      let buffer = try text.buffer()
      for (index, name) in [(0, "encoding"), (1, "errors"), (2, "newline")] {
        if let value = a.optional(index), !value.isStr {
          throw raise(
            .typeError,
            "reconfigure() argument '\(name)' must be str or None, not \(value.type.fullName)")
        }
      }
      try checkCodecNames(a.optional(0), a.optional(1))
      if text.pointee.hasRead
        && (a.optional(0) != nil || a.optional(1) != nil || a[2] != nil)
      {
        throw unsupported(
          "It is not possible to set the encoding or newline of stream after the first read")
      }
      let newline = try a[2].map { value throws(Raised) in
        try parseNewline(value.isNone ? nil : value)
      } ?? text.newline
      let lineBuffering = try a.optional(3).map { try flag($0) } ?? (text.pointee.lineBuffering != 0)
      let writeThrough = try a.optional(4).map { try flag($0) } ?? (text.pointee.writeThrough != 0)
      _ = try send(object, Name.flush).ref
      if a.optional(0) != nil || a.optional(1) != nil || a[2] != nil {
        var name = text.pointee.encoding.map { Objects.text(of: $0) } ?? "UTF-8"
        if let encoding = a.optional(0) {
          name = Objects.text(of: encoding)
          if name == "locale" {
            name = LocaleEncoding.name()
            let found = try own(newString(name))
            try checkTextEncoding(name)
            replaceReference(&text.pointee.encoding, found.give())
          } else {
            try checkTextEncoding(name)
            replaceReference(&text.pointee.encoding, encoding.retained().give())
          }
          if a.optional(1) == nil {
            replaceReference(&text.pointee.errors, try own(PyUnicode_FromString("strict")).give())
          }
        }
        if let errors = a.optional(1) {
          replaceReference(&text.pointee.errors, errors.retained().give())
        }
        let reads = try ask(buffer, Name.readable)
        let writes = try ask(buffer, Name.writable)
        try setCodec(text, name, newline, reads: reads, writes: writes)
        if text.pointee.isSeekable, let encoder = text.pointee.encoder {
          let position = try send(buffer, Name.tell)
          if try check(PyObject_IsTrue(position.ref)) != 0 {
            let zero = try int(0)
            _ = try send(encoder, Name.setstate, zero.ref).ref
          }
        }
      }
      text.pointee.lineBuffering = lineBuffering ? 1 : 0
      text.pointee.writeThrough = writeThrough ? 1 : 0
    }
  }
}
