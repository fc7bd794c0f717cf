import CPythonABI
import Glibc
import TextCodecs

/// The builtin decoders: bytes to str. The codecs themselves are in TextCodecs; here they meet
/// objects, error handlers and exceptions.
public enum TextDecoding {
  /// UTF-8 with faults in it (the fault-free case is `PyUnicode.decodeUTF8`).
  static func utf8(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, errors: UnsafePointer<CChar>?,
    consumed: UnsafeMutablePointer<Int>?
  ) throws(Raised) -> Owned {
    var run = DecodingRun(bytes, count, "utf-8", errors)
    let end = try run.run { bytes, count, position, output in
      UTF8Codec.decode(
        bytes, count, position: &position, final: consumed == nil, into: &output)
    }
    consumed?.pointee = end
    return try run.finish()
  }

  public static func ascii(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, errors: UnsafePointer<CChar>?
  ) throws(Raised) -> Owned {
    let prefix = CodeUnits.asciiPrefix(bytes, count)
    if prefix == count { return try PyUnicode.make(ascii: bytes, count) }
    var run = DecodingRun(bytes, count, "ascii", errors)
    var position = 0
    while position < run.count {
      let good = CodeUnits.asciiPrefix(run.bytes + position, run.count - position)
      run.output.append(latin1: run.bytes + position, count: good)
      position += good
      if position >= run.count { break }
      position = try run.fail(position, position + 1, "ordinal not in range(128)")
    }
    return try run.finish()
  }

  public static func latin1(_ bytes: UnsafePointer<UInt8>, _ count: Int) throws(Raised) -> Owned {
    try PyUnicode.make(bytes, count)
  }

  /// UTF-16 and UTF-32. `order` is negative for little, positive for big endian, 0 for the byte
  /// order mark or else the machine's; it is set to what was found.
  public static func wide(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, unit: Int, errors: UnsafePointer<CChar>?,
    order: inout Int32, consumed: UnsafeMutablePointer<Int>?
  ) throws(Raised) -> Owned {
    var start = 0
    if order == 0 {
      let mark =
        unit == 2
        ? UTF16Codec.byteOrderMark(bytes, count, position: &start)
        : UTF32Codec.byteOrderMark(bytes, count, position: &start)
      if let mark { order = mark == .little ? -1 : 1 }
    }
    let byteOrder: ByteOrder = order > 0 ? .big : .little
    let name: StaticString =
      unit == 2
      ? (order > 0 ? "utf-16-be" : "utf-16-le") : (order > 0 ? "utf-32-be" : "utf-32-le")
    var run = DecodingRun(bytes, count, name, errors)
    let final = consumed == nil
    let end = try run.run(from: start) { bytes, count, position, output in
      unit == 2
        ? UTF16Codec.decode(
          bytes, count, byteOrder, position: &position, final: final, into: &output)
        : UTF32Codec.decode(
          bytes, count, byteOrder, position: &position, final: final, into: &output)
    }
    consumed?.pointee = end
    return try run.finish()
  }

  public static func utf7(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, errors: UnsafePointer<CChar>?,
    consumed: UnsafeMutablePointer<Int>?
  ) throws(Raised) -> Owned {
    var run = DecodingRun(bytes, count, "utf7", errors)
    let final = consumed == nil
    let end = try run.run { bytes, count, position, output in
      UTF7Codec.decode(bytes, count, position: &position, final: final, into: &output)
    }
    consumed?.pointee = end
    return try run.finish()
  }

  /// The escapes of str literals. Raises the DeprecationWarning of an escape that is none.
  public static func unicodeEscape(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, errors: UnsafePointer<CChar>?,
    consumed: UnsafeMutablePointer<Int>?
  ) throws(Raised) -> Owned {
    var run = DecodingRun(bytes, count, "unicodeescape", errors)
    let final = consumed == nil
    var doubt: EscapeCodec.Doubt?
    let end = try run.run { bytes, count, position, output in
      EscapeCodec.decode(
        bytes, count, position: &position, final: final, doubt: &doubt, into: &output)
    }
    consumed?.pointee = end
    if let doubt { try warn(doubt, run.bytes, run.count) }
    return try run.finish()
  }

  /// Warns about an escape sequence that means nothing.
  static func warn(
    _ doubt: EscapeCodec.Doubt, _ bytes: UnsafePointer<UInt8>, _ count: Int
  ) throws(Raised) {
    let message: String
    switch doubt {
    case .unknown(let place):
      guard place < count else { return }
      message = "invalid escape sequence '\\\(Unicode.Scalar(bytes[place]))'"
    case .octal(let place):
      let end = Swift.min(place + 3, count)
      let digits = String(decoding: UnsafeBufferPointer(start: bytes + place, count: end - place), as: UTF8.self)
      message = "invalid octal escape sequence '\\\(digits)'"
    }
    try check(PyErr_WarnEx(.deprecationWarning, message, 1))
  }

  public static func rawUnicodeEscape(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, errors: UnsafePointer<CChar>?,
    consumed: UnsafeMutablePointer<Int>?
  ) throws(Raised) -> Owned {
    var run = DecodingRun(bytes, count, "rawunicodeescape", errors)
    let final = consumed == nil
    let end = try run.run { bytes, count, position, output in
      EscapeCodec.decodeRaw(bytes, count, position: &position, final: final, into: &output)
    }
    consumed?.pointee = end
    return try run.finish()
  }
}

// MARK: C API

/// The bytes of a C buffer.
@inline(__always)
func buffer(_ text: UnsafePointer<CChar>) -> UnsafePointer<UInt8> {
  UnsafeRawPointer(text).as(UInt8.self)
}

@c @implementation
public func PyUnicode_DecodeASCII(
  _ text: UnsafePointer<CChar>, _ size: Int, _ errors: UnsafePointer<CChar>?
) -> Ref? {
  if size <= 0 { return apus_str_empty() }
  return new { try TextDecoding.ascii(buffer(text), size, errors: errors) }
}

@c @implementation
public func PyUnicode_DecodeLatin1(
  _ text: UnsafePointer<CChar>, _ size: Int, _ errors: UnsafePointer<CChar>?
) -> Ref? {
  if size <= 0 { return apus_str_empty() }
  return new { try TextDecoding.latin1(buffer(text), size) }
}

private func decodeWide(
  _ text: UnsafePointer<CChar>, _ size: Int, _ unit: Int, _ errors: UnsafePointer<CChar>?,
  _ order: UnsafeMutablePointer<Int32>?, _ consumed: UnsafeMutablePointer<Int>?
) -> Ref? {
  new {
    var found = order?.pointee ?? 0
    let result = try TextDecoding.wide(
      buffer(text), size, unit: unit, errors: errors, order: &found, consumed: consumed)
    order?.pointee = found
    return result
  }
}

@c @implementation
public func PyUnicode_DecodeUTF16(
  _ text: UnsafePointer<CChar>, _ size: Int, _ errors: UnsafePointer<CChar>?,
  _ order: UnsafeMutablePointer<Int32>?
) -> Ref? {
  decodeWide(text, size, 2, errors, order, nil)
}

@c @implementation
public func PyUnicode_DecodeUTF16Stateful(
  _ text: UnsafePointer<CChar>, _ size: Int, _ errors: UnsafePointer<CChar>?,
  _ order: UnsafeMutablePointer<Int32>?, _ consumed: UnsafeMutablePointer<Int>?
) -> Ref? {
  decodeWide(text, size, 2, errors, order, consumed)
}

@c @implementation
public func PyUnicode_DecodeUTF32(
  _ text: UnsafePointer<CChar>, _ size: Int, _ errors: UnsafePointer<CChar>?,
  _ order: UnsafeMutablePointer<Int32>?
) -> Ref? {
  decodeWide(text, size, 4, errors, order, nil)
}

@c @implementation
public func PyUnicode_DecodeUTF32Stateful(
  _ text: UnsafePointer<CChar>, _ size: Int, _ errors: UnsafePointer<CChar>?,
  _ order: UnsafeMutablePointer<Int32>?, _ consumed: UnsafeMutablePointer<Int>?
) -> Ref? {
  decodeWide(text, size, 4, errors, order, consumed)
}

@c @implementation
public func PyUnicode_DecodeUTF7(
  _ text: UnsafePointer<CChar>, _ size: Int, _ errors: UnsafePointer<CChar>?
) -> Ref? {
  new { try TextDecoding.utf7(buffer(text), size, errors: errors, consumed: nil) }
}

@c @implementation
public func PyUnicode_DecodeUTF7Stateful(
  _ text: UnsafePointer<CChar>, _ size: Int, _ errors: UnsafePointer<CChar>?,
  _ consumed: UnsafeMutablePointer<Int>?
) -> Ref? {
  new { try TextDecoding.utf7(buffer(text), size, errors: errors, consumed: consumed) }
}

@c @implementation
public func PyUnicode_DecodeUnicodeEscape(
  _ text: UnsafePointer<CChar>, _ size: Int, _ errors: UnsafePointer<CChar>?
) -> Ref? {
  new { try TextDecoding.unicodeEscape(buffer(text), size, errors: errors, consumed: nil) }
}

@c @implementation
public func PyUnicode_DecodeRawUnicodeEscape(
  _ text: UnsafePointer<CChar>, _ size: Int, _ errors: UnsafePointer<CChar>?
) -> Ref? {
  new { try TextDecoding.rawUnicodeEscape(buffer(text), size, errors: errors, consumed: nil) }
}

/// The escapes of bytes literals; `errors` may be NULL, "strict", "replace" or "ignore".
@c @implementation
public func PyBytes_DecodeEscape(
  _ text: UnsafePointer<CChar>, _ size: Int, _ errors: UnsafePointer<CChar>?, _ unused: Int,
  _ unused2: UnsafePointer<CChar>?
) -> Ref? {
  new { try BytesEscape.decode(buffer(text), size, errors: errors) }
}
