import CPythonABI
import Objects

/// The encoding functions: each returns (bytes, code points encoded).
enum Encoders {
  /// Runs an encoder of the str argument 0 with the error handler argument 1.
  private static func run(
    _ method: Method, _ args: UnsafePointer<Ref>?, _ count: Int,
    _ encode: (Ref, UnsafePointer<CChar>?, Arguments) throws(Raised) -> Owned
  ) throws(Raised) -> Owned {
    let a = try Arguments(method, args, count)
    guard let text = try a.str(0) else { throw Raised() }
    let errors = try nameOrNone(a, 1)
    return try pair(try encode(text, errors, a), PyUnicode(text).count)
  }

  static let escape: Method = .fast(
    "escape_encode($module, data, errors=None, /)", "Bytes as they stand inside a literal."
  ) { _, args, count in
    new {
      let a = try Arguments(escape, args, count)
      guard a.object(0).isBytes else { throw a.badArgument(0, expected: "bytes") }
      _ = try nameOrNone(a, 1)
      let data = try ByteBuffer(a.object(0))
      return try pair(try BytesEscape.encode(data.base, data.count), data.count)
    }
  }

  static let readBuffer: Method = .fast(
    "readbuffer_encode($module, data, errors=None, /)", "The content of a buffer as bytes."
  ) { _, args, count in
    new {
      let a = try Arguments(readBuffer, args, count)
      _ = try nameOrNone(a, 1)
      if a.object(0).isStr {
        let bytes = try own(PyUnicode_AsUTF8String(a.object(0)))
        let size = apus_var_size(bytes.ref)
        return try pair(bytes, size)
      }
      let data = try ByteBuffer(a.object(0))
      let characters = UnsafeRawPointer(data.base).assumingMemoryBound(to: CChar.self)
      return try pair(try own(PyBytes_FromStringAndSize(characters, data.count)), data.count)
    }
  }

  static let utf8: Method = .fast(
    "utf_8_encode($module, str, errors=None, /)", "The text in UTF-8."
  ) { _, args, count in
    new {
      try run(utf8, args, count) { text, errors, a throws(Raised) in
        try TextEncoding.utf8(text, errors: errors)
      }
    }
  }

  static let utf7: Method = .fast(
    "utf_7_encode($module, str, errors=None, /)", "The text in UTF-7."
  ) { _, args, count in
    new {
      try run(utf7, args, count) { text, errors, a throws(Raised) in
        try TextEncoding.utf7(text)
      }
    }
  }

  static let utf16: Method = .fast(
    "utf_16_encode($module, str, errors=None, byteorder=0, /)", "The text in UTF-16; byteorder 0 adds a byte order mark, -1 is little and 1 big endian."
  ) { _, args, count in
    new {
      try run(utf16, args, count) { text, errors, a throws(Raised) in
        try TextEncoding.wide(text, unit: 2, order: try a.int32(2, default: 0), errors: errors)
      }
    }
  }

  static let utf16Little: Method = .fast(
    "utf_16_le_encode($module, str, errors=None, /)", "The text in UTF-16, little endian."
  ) { _, args, count in
    new {
      try run(utf16Little, args, count) { text, errors, a throws(Raised) in
        try TextEncoding.wide(text, unit: 2, order: -1, errors: errors)
      }
    }
  }

  static let utf16Big: Method = .fast(
    "utf_16_be_encode($module, str, errors=None, /)", "The text in UTF-16, big endian."
  ) { _, args, count in
    new {
      try run(utf16Big, args, count) { text, errors, a throws(Raised) in
        try TextEncoding.wide(text, unit: 2, order: 1, errors: errors)
      }
    }
  }

  static let utf32: Method = .fast(
    "utf_32_encode($module, str, errors=None, byteorder=0, /)", "The text in UTF-32; byteorder 0 adds a byte order mark, -1 is little and 1 big endian."
  ) { _, args, count in
    new {
      try run(utf32, args, count) { text, errors, a throws(Raised) in
        try TextEncoding.wide(text, unit: 4, order: try a.int32(2, default: 0), errors: errors)
      }
    }
  }

  static let utf32Little: Method = .fast(
    "utf_32_le_encode($module, str, errors=None, /)", "The text in UTF-32, little endian."
  ) { _, args, count in
    new {
      try run(utf32Little, args, count) { text, errors, a throws(Raised) in
        try TextEncoding.wide(text, unit: 4, order: -1, errors: errors)
      }
    }
  }

  static let utf32Big: Method = .fast(
    "utf_32_be_encode($module, str, errors=None, /)", "The text in UTF-32, big endian."
  ) { _, args, count in
    new {
      try run(utf32Big, args, count) { text, errors, a throws(Raised) in
        try TextEncoding.wide(text, unit: 4, order: 1, errors: errors)
      }
    }
  }

  static let unicodeEscape: Method = .fast(
    "unicode_escape_encode($module, str, errors=None, /)", "The text as it stands inside a literal."
  ) { _, args, count in
    new {
      try run(unicodeEscape, args, count) { text, errors, a throws(Raised) in
        try own(PyUnicode_AsUnicodeEscapeString(text))
      }
    }
  }

  static let rawUnicodeEscape: Method = .fast(
    "raw_unicode_escape_encode($module, str, errors=None, /)", "The text in Latin-1 with other characters escaped."
  ) { _, args, count in
    new {
      try run(rawUnicodeEscape, args, count) { text, errors, a throws(Raised) in
        try own(PyUnicode_AsRawUnicodeEscapeString(text))
      }
    }
  }

  static let latin1: Method = .fast(
    "latin_1_encode($module, str, errors=None, /)", "The text in Latin-1."
  ) { _, args, count in
    new {
      try run(latin1, args, count) { text, errors, a throws(Raised) in
        try TextEncoding.narrow(text, limit: 256, errors: errors)
      }
    }
  }

  static let ascii: Method = .fast(
    "ascii_encode($module, str, errors=None, /)", "The text in ASCII."
  ) { _, args, count in
    new {
      try run(ascii, args, count) { text, errors, a throws(Raised) in
        try TextEncoding.narrow(text, limit: 128, errors: errors)
      }
    }
  }

  static let charmap: Method = .fast(
    "charmap_encode($module, str, errors=None, mapping=None, /)", "The text by a mapping from ordinals to bytes; None is Latin-1."
  ) { _, args, count in
    new {
      try run(charmap, args, count) { text, errors, a throws(Raised) in
        try CharmapCodec.encode(text, mapping: a.optional(2), errors: errors)
      }
    }
  }

  static let charmapBuild: Method = .o(
    "charmap_build($module, map, /)", "The encoding map that inverts a decoding table."
  ) { _, table in
    new {
      guard table.isStr else {
        throw badArgument("charmap_build", "argument", expected: "str", got: table)
      }
      return try own(PyUnicode_BuildEncodingMap(table))
    }
  }
}
