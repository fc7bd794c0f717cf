import Numerics
import UnicodeData

/// The error handlers every Python has. Handlers registered with `codecs.register_error` are the
/// object layer's; it asks here first when the name is one of these and nothing replaced it.
public enum ErrorHandler: String, Sendable {
  case strict, ignore, replace, backslashreplace, surrogateescape, surrogatepass
  case xmlcharrefreplace, namereplace

  /// The encodings that `surrogatepass` knows.
  public enum Family: Sendable {
    case utf8
    case utf16(ByteOrder)
    case utf32(ByteOrder)

    /// By normalised encoding name (`utf-8`, `utf-16-le`, `utf-32-be`, `utf_16`...); nil for others.
    public init?(encoding: String) {
      var name = ""
      for scalar in encoding.unicodeScalars {
        switch scalar {
        case "_", "-", " ": continue
        default: name.unicodeScalars.append(scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar)
        }
      }
      switch name {
      case "utf8", "cputf8": self = .utf8
      case "utf16", "utf16le": self = .utf16(.little)
      case "utf16be": self = .utf16(.big)
      case "utf32", "utf32le": self = .utf32(.little)
      case "utf32be": self = .utf32(.big)
      default: return nil
      }
    }
  }

  /// Handles a decoding error in bytes `start ..< end`: appends the replacement and returns where to
  /// go on, or nil when the error stands.
  public func handleDecoding(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, start: Int, end: Int, family: Family? = nil,
    into out: inout CodePointBuffer
  ) -> Int? {
    switch self {
    case .strict, .xmlcharrefreplace, .namereplace:
      return nil
    case .ignore:
      return end
    case .replace:
      out.append(0xFFFD)
      return end
    case .backslashreplace:
      for i in start..<end {
        out.append(0x5C)
        out.append(0x78)
        for digit in [bytes[i] >> 4, bytes[i] & 15] {
          out.append(UInt32(digit < 10 ? 0x30 &+ digit : 0x57 &+ digit))
        }
      }
      return end
    case .surrogateescape:
      // At most four bytes, and never ASCII, which could hide something.
      var i = start
      while i < end && i &- start < 4 && bytes[i] >= 0x80 {
        out.append(0xDC00 &+ UInt32(bytes[i]))
        i &+= 1
      }
      return i == start ? nil : i
    case .surrogatepass:
      guard let family else { return nil }
      let point: UInt32
      let width: Int
      let s = bytes + start
      switch family {
      case .utf8:
        width = 3
        guard count &- start >= 3, s[0] & 0xF0 == 0xE0, s[1] & 0xC0 == 0x80, s[2] & 0xC0 == 0x80
        else { return nil }
        point = UInt32(s[0] & 0x0F) << 12 | UInt32(s[1] & 0x3F) << 6 | UInt32(s[2] & 0x3F)
      case .utf16(let order):
        width = 2
        guard count &- start >= 2 else { return nil }
        point = order == .little
          ? UInt32(s[1]) << 8 | UInt32(s[0]) : UInt32(s[0]) << 8 | UInt32(s[1])
      case .utf32(let order):
        width = 4
        guard count &- start >= 4 else { return nil }
        let word = UnsafeRawPointer(s).loadUnaligned(as: UInt32.self)
        point = order == .little ? UInt32(littleEndian: word) : UInt32(bigEndian: word)
      }
      if point & 0xFFFF_F800 != 0xD800 { return nil }
      out.append(point)
      return start &+ width
    }
  }

  /// Handles an encoding error in the characters `start ..< end` of an encoding that contains ASCII,
  /// or with `surrogatepass` of a UTF: appends replacement bytes and returns where to go on, or nil
  /// when the error stands. The new position may lie before `end`; the next error then begins there.
  public func handleEncoding(
    _ text: CodePoints, start: Int, end: Int, family: Family? = nil, into out: inout TextBuffer
  ) -> Int? {
    switch self {
    case .strict:
      return nil
    case .ignore:
      return end
    case .replace:
      for _ in start..<end { put(0x3F, family, into: &out) }
      return end
    case .surrogateescape:
      // One byte each, which is no code unit of UTF-16 or UTF-32.
      switch family {
      case .utf16, .utf32: return nil
      default: break
      }
      var i = start
      while i < end, case let point = text[i], point >= 0xDC80, point <= 0xDCFF {
        out.append(UInt8(truncatingIfNeeded: point))
        i &+= 1
      }
      return i == start ? nil : i
    case .surrogatepass:
      guard let family else { return nil }
      for i in start..<end where text[i] & 0xFFFF_F800 != 0xD800 { return nil }
      for i in start..<end {
        switch family {
        case .utf8: UTF8Codec.append(text[i], into: &out)
        case .utf16(let order): UTF16Codec.append(text[i], order, into: &out)
        case .utf32(let order): UTF32Codec.append(text[i], order, into: &out)
        }
      }
      return end
    case .backslashreplace, .xmlcharrefreplace, .namereplace:
      var ascii = TextBuffer()
      replacement(text, start: start, end: end, into: &ascii)
      if ascii.failed {
        out.fail()
        return end
      }
      for i in 0..<ascii.count { put(ascii.bytes[i], family, into: &out) }
      return end
    }
  }

  private func put(_ byte: UInt8, _ family: Family?, into out: inout TextBuffer) {
    switch family {
    case .utf16(let order): UTF16Codec.append(UInt32(byte), order, into: &out)
    case .utf32(let order): UTF32Codec.append(UInt32(byte), order, into: &out)
    default: out.append(byte)
    }
  }

  /// The ASCII text that `backslashreplace`, `xmlcharrefreplace` and `namereplace` put in place of
  /// characters.
  public func replacement(
    _ text: CodePoints, start: Int, end: Int, into out: inout TextBuffer
  ) {
    for i in start..<end {
      let point = text[i]
      switch self {
      case .xmlcharrefreplace:
        out.append("&#")
        out.append(upTo: 12) { Digits.write(word: UInt64(point), base: 10, text: $0) }
        out.append(0x3B)
      case .namereplace:
        var length = 0
        if out.reserve(Int(APUS_NAME_LIMIT) &+ 4) {
          let room = out.bytes + (out.count &+ 3)
          length = room.withMemoryRebound(to: CChar.self, capacity: Int(APUS_NAME_LIMIT)) {
            Int(apus_name(point, false, $0))
          }
        }
        if length > 0 {
          out.append("\\N{")
          out.commit(length)
          out.append(0x7D)
        } else {
          EscapeCodec.appendEscape(point, into: &out)
        }
      default:
        EscapeCodec.appendEscape(point, into: &out)
      }
    }
  }
}
