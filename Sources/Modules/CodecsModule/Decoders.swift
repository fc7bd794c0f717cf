import CPythonABI
import Glibc
import Objects

/// The decoding functions: each returns (text, bytes consumed). With `final` false an incomplete
/// sequence at the end is left for the next call.
enum Decoders {
  /// The content of a bytes-like argument, or of a str as UTF-8 where `allowsStr`.
  private static func content(_ object: Ref, allowsStr: Bool) throws(Raised) -> ByteBuffer {
    if allowsStr && object.isStr {
      let bytes = try own(PyUnicode_AsUTF8String(object))
      return try ByteBuffer(bytes.ref)
    }
    return try ByteBuffer(object)
  }

  private typealias Decode = (
    UnsafePointer<UInt8>, Int, UnsafePointer<CChar>?, UnsafeMutablePointer<Int>?
  ) throws(Raised) -> Owned

  /// Runs a decoder that may stop before the end unless argument 2 (`final`) says otherwise.
  private static func stateful(
    _ method: Method, _ args: UnsafePointer<Ref>?, _ count: Int, final: Bool,
    allowsStr: Bool = false, _ decode: Decode
  ) throws(Raised) -> Owned {
    let a = try Arguments(method, args, count)
    let data = try content(a.object(0), allowsStr: allowsStr)
    let errors = try nameOrNone(a, 1)
    let final = try a.bool(2, default: final)
    if final {
      return try pair(try decode(data.base, data.count, errors, nil), data.count)
    }
    let consumed = UnsafeMutablePointer<Int>.allocate(capacity: 1)
    consumed.initialize(to: 0)
    defer { consumed.deallocate() }
    let text = try decode(data.base, data.count, errors, consumed)
    return try pair(text, consumed.pointee)
  }

  static let escape: Method = .fast(
    "escape_decode($module, data, errors=None, /)", "The bytes that the escapes of a literal stand for."
  ) { _, args, count in
    new {
      let a = try Arguments(escape, args, count)
      let data = try content(a.object(0), allowsStr: true)
      let errors = try nameOrNone(a, 1)
      return try pair(try BytesEscape.decode(data.base, data.count, errors: errors), data.count)
    }
  }

  static let utf8: Method = .fast(
    "utf_8_decode($module, data, errors=None, final=False, /)", "The text of UTF-8 bytes."
  ) { _, args, count in
    new {
      try stateful(utf8, args, count, final: false) {
        bytes, count, errors, consumed throws(Raised) in
        try own(
          consumed == nil
            ? PyUnicode_DecodeUTF8(characters(bytes), count, errors)
            : PyUnicode_DecodeUTF8Stateful(characters(bytes), count, errors, consumed))
      }
    }
  }

  static let utf7: Method = .fast(
    "utf_7_decode($module, data, errors=None, final=False, /)", "The text of UTF-7 bytes."
  ) { _, args, count in
    new {
      try stateful(utf7, args, count, final: false) {
        bytes, count, errors, consumed throws(Raised) in
        try TextDecoding.utf7(bytes, count, errors: errors, consumed: consumed)
      }
    }
  }

  static let utf16: Method = .fast(
    "utf_16_decode($module, data, errors=None, final=False, /)", "The text of UTF-16 bytes, a byte order mark or the machine's order."
  ) { _, args, count in
    new {
      try stateful(utf16, args, count, final: false) {
        bytes, count, errors, consumed throws(Raised) in
        var order: Int32 = 0
        return try TextDecoding.wide(
          bytes, count, unit: 2, errors: errors, order: &order, consumed: consumed)
      }
    }
  }

  static let utf16Little: Method = .fast(
    "utf_16_le_decode($module, data, errors=None, final=False, /)", "The text of UTF-16 bytes, little endian."
  ) { _, args, count in
    new {
      try stateful(utf16Little, args, count, final: false) {
        bytes, count, errors, consumed throws(Raised) in
        var order: Int32 = -1
        return try TextDecoding.wide(
          bytes, count, unit: 2, errors: errors, order: &order, consumed: consumed)
      }
    }
  }

  static let utf16Big: Method = .fast(
    "utf_16_be_decode($module, data, errors=None, final=False, /)", "The text of UTF-16 bytes, big endian."
  ) { _, args, count in
    new {
      try stateful(utf16Big, args, count, final: false) {
        bytes, count, errors, consumed throws(Raised) in
        var order: Int32 = 1
        return try TextDecoding.wide(
          bytes, count, unit: 2, errors: errors, order: &order, consumed: consumed)
      }
    }
  }

  static let utf16Ex: Method = .fast(
    "utf_16_ex_decode($module, data, errors=None, byteorder=0, final=False,\n                 /)",
    "The text of UTF-16 bytes with the byte order given or found: (text, consumed, order)."
  ) { _, args, count in
    new { try wide(utf16Ex, args, count, unit: 2) }
  }

  static let utf32: Method = .fast(
    "utf_32_decode($module, data, errors=None, final=False, /)", "The text of UTF-32 bytes, a byte order mark or the machine's order."
  ) { _, args, count in
    new {
      try stateful(utf32, args, count, final: false) {
        bytes, count, errors, consumed throws(Raised) in
        var order: Int32 = 0
        return try TextDecoding.wide(
          bytes, count, unit: 4, errors: errors, order: &order, consumed: consumed)
      }
    }
  }

  static let utf32Little: Method = .fast(
    "utf_32_le_decode($module, data, errors=None, final=False, /)", "The text of UTF-32 bytes, little endian."
  ) { _, args, count in
    new {
      try stateful(utf32Little, args, count, final: false) {
        bytes, count, errors, consumed throws(Raised) in
        var order: Int32 = -1
        return try TextDecoding.wide(
          bytes, count, unit: 4, errors: errors, order: &order, consumed: consumed)
      }
    }
  }

  static let utf32Big: Method = .fast(
    "utf_32_be_decode($module, data, errors=None, final=False, /)", "The text of UTF-32 bytes, big endian."
  ) { _, args, count in
    new {
      try stateful(utf32Big, args, count, final: false) {
        bytes, count, errors, consumed throws(Raised) in
        var order: Int32 = 1
        return try TextDecoding.wide(
          bytes, count, unit: 4, errors: errors, order: &order, consumed: consumed)
      }
    }
  }

  static let utf32Ex: Method = .fast(
    "utf_32_ex_decode($module, data, errors=None, byteorder=0, final=False,\n                 /)",
    "The text of UTF-32 bytes with the byte order given or found: (text, consumed, order)."
  ) { _, args, count in
    new { try wide(utf32Ex, args, count, unit: 4) }
  }

  private static func wide(
    _ method: Method, _ args: UnsafePointer<Ref>?, _ count: Int, unit: Int
  ) throws(Raised) -> Owned {
    let a = try Arguments(method, args, count)
    let data = try content(a.object(0), allowsStr: false)
    let errors = try nameOrNone(a, 1)
    var order = try a.int32(2, default: 0)
    let final = try a.bool(3, default: false)
    let consumed = UnsafeMutablePointer<Int>.allocate(capacity: 1)
    consumed.initialize(to: data.count)
    defer { consumed.deallocate() }
    let text = try TextDecoding.wide(
      data.base, data.count, unit: unit, errors: errors, order: &order,
      consumed: final ? nil : consumed)
    let number = try own(PyLong_FromSsize_t(consumed.pointee))
    let found = try own(PyLong_FromLong(Int(order)))
    let tuple = try own(PyTuple_New(3))
    apus_tuple_items(tuple.ref)[0] = text.give()
    apus_tuple_items(tuple.ref)[1] = number.give()
    apus_tuple_items(tuple.ref)[2] = found.give()
    return tuple
  }

  static let unicodeEscape: Method = .fast(
    "unicode_escape_decode($module, data, errors=None, final=True, /)", "The text that the escapes of a literal stand for."
  ) { _, args, count in
    new {
      try stateful(unicodeEscape, args, count, final: true, allowsStr: true) {
        bytes, count, errors, consumed throws(Raised) in
        try TextDecoding.unicodeEscape(bytes, count, errors: errors, consumed: consumed)
      }
    }
  }

  static let rawUnicodeEscape: Method = .fast(
    "raw_unicode_escape_decode($module, data, errors=None, final=True, /)", "The text that \\u and \\U escapes stand for."
  ) { _, args, count in
    new {
      try stateful(rawUnicodeEscape, args, count, final: true, allowsStr: true) {
        bytes, count, errors, consumed throws(Raised) in
        try TextDecoding.rawUnicodeEscape(bytes, count, errors: errors, consumed: consumed)
      }
    }
  }

  static let latin1: Method = .fast(
    "latin_1_decode($module, data, errors=None, /)", "The text of Latin-1 bytes."
  ) { _, args, count in
    new {
      let a = try Arguments(latin1, args, count)
      let data = try content(a.object(0), allowsStr: false)
      _ = try nameOrNone(a, 1)
      return try pair(try TextDecoding.latin1(data.base, data.count), data.count)
    }
  }

  static let ascii: Method = .fast(
    "ascii_decode($module, data, errors=None, /)", "The text of ASCII bytes."
  ) { _, args, count in
    new {
      let a = try Arguments(ascii, args, count)
      let data = try content(a.object(0), allowsStr: false)
      let errors = try nameOrNone(a, 1)
      return try pair(
        try TextDecoding.ascii(data.base, data.count, errors: errors), data.count)
    }
  }

  static let charmap: Method = .fast(
    "charmap_decode($module, data, errors=None, mapping=None, /)",
    "The text of bytes by a mapping: a str, or anything indexed with bytes; None is Latin-1."
  ) { _, args, count in
    new {
      let a = try Arguments(charmap, args, count)
      let data = try content(a.object(0), allowsStr: false)
      let errors = try nameOrNone(a, 1)
      let text = try CharmapCodec.decode(
        data.base, data.count, mapping: a.optional(2), errors: errors)
      return try pair(text, data.count)
    }
  }

  private static func characters(_ bytes: UnsafePointer<UInt8>) -> UnsafePointer<CChar> {
    UnsafeRawPointer(bytes).assumingMemoryBound(to: CChar.self)
  }
}
