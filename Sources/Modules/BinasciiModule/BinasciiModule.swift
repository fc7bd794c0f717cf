import CPythonABI
import Objects

/// `binascii`: bytes as text in base64, hexadecimal, quoted-printable and uuencoding, and checksums.
/// CPython: Modules/binascii.c.
public let binasciiModule = ModuleSpec(
  "binascii", doc: "Bytes as ASCII text, and back.",
  methods: [
    Base64.decode, Base64.encode, HexadecimalText.hexlify, HexadecimalText.encode,
    HexadecimalText.unhexlify, HexadecimalText.decode, QuotedPrintable.decode,
    QuotedPrintable.encode, Uuencoding.decode, Uuencoding.encode, Checksum.crc32, Checksum.crcHqx,
  ],
  exec: { module in
    status {
      try check(PyModule_AddObjectRef(module, "Error", try BinasciiError.type()))
      let incomplete = try own(PyErr_NewException("binascii.Incomplete", nil, nil))
      try check(PyModule_AddObjectRef(module, "Incomplete", incomplete.ref))
    }
  })

/// binascii.Error, a ValueError.
enum BinasciiError {
  nonisolated(unsafe) private static var known: Ref?

  static func type() throws(Raised) -> Ref {
    if let known { return known }
    let type = try own(PyErr_NewException("binascii.Error", .valueError, nil)).give()
    known = type
    InterpreterEnd.add("binascii.Error") { InterpreterEnd.drop(&known) }
    return type
  }

  static func raise(_ message: String) -> Raised {
    do { return Objects.raise(try type(), message) } catch { return error }
  }
}

/// The content of a bytes-like argument or an ASCII str.
func asciiContent(_ object: Ref) throws(Raised) -> ByteBuffer {
  if object.isStr {
    guard apus_str_is_ascii(object) != 0 else {
      throw raise(.valueError, "string argument should contain only ASCII characters")
    }
    let bytes = try own(PyUnicode_AsUTF8String(object))
    return try ByteBuffer(bytes.ref)
  }
  if PyObject_CheckBuffer(object) == 0 {
    throw raise(
      .typeError,
      "argument should be bytes, buffer or ASCII string, not '\(object.type.fullName)'")
  }
  return try ByteBuffer(object)
}

enum HexadecimalText {
  private static func digits(
    _ method: Method, _ args: UnsafePointer<Ref>?, _ count: Int, _ names: Ref?
  ) throws(Raised) -> Owned {
    let a = try Arguments(method, args, count, names)
    let data = try ByteBuffer(a.object(0))
    let group = Int(try a.int32(2, default: 1))
    return Owned(
      adopting: try Hexadecimal.text(
        data.base, data.count, separator: a[1], group: group, asBytes: true))
  }

  private static func bytes(_ text: Ref) throws(Raised) -> Owned {
    let data = try asciiContent(text)
    if data.count % 2 != 0 { throw BinasciiError.raise("Odd-length string") }
    var writer = try ByteWriter(capacity: data.count / 2)
    var index = 0
    while index < data.count {
      guard let high = Hexadecimal.value(UInt32(data.base[index])),
        let low = Hexadecimal.value(UInt32(data.base[index + 1]))
      else { throw BinasciiError.raise("Non-hexadecimal digit found") }
      try writer.append(high << 4 | low)
      index += 2
    }
    return try writer.finish()
  }

  static let hexlify: Method = .keywords(
    "hexlify($module, /, data, sep=<unrepresentable>, bytes_per_sep=1)",
    "Bytes as hexadecimal digits, perhaps with a separator between groups."
  ) { _, args, count, names in
    new { try digits(hexlify, args, count, names) }
  }

  static let encode: Method = .keywords(
    "b2a_hex($module, /, data, sep=<unrepresentable>, bytes_per_sep=1)",
    "Bytes as hexadecimal digits, perhaps with a separator between groups."
  ) { _, args, count, names in
    new { try digits(encode, args, count, names) }
  }

  static let unhexlify: Method = .o(
    "unhexlify($module, hexstr, /)", "The bytes of hexadecimal digits."
  ) { _, text in
    new { try bytes(text) }
  }

  static let decode: Method = .o("a2b_hex($module, hexstr, /)", "The bytes of hexadecimal digits.") {
    _, text in
    new { try bytes(text) }
  }
}
