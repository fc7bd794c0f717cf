import Numerics
import UnicodeData

/// The escapes of Python literals as a codec: `unicode_escape`, `raw_unicode_escape`, and
/// `codecs.escape_decode` for bytes.
public enum EscapeCodec {
  /// An escape that is no escape; CPython warns about the first one in a text.
  public enum Doubt: Sendable, Equatable {
    /// `\q`: the offset of the character behind the backslash.
    case unknown(Int)
    /// `\400` and above: the offset of the first of three octal digits.
    case octal(Int)
  }

  // MARK: unicode_escape

  public static func decode(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, position: inout Int, final: Bool = true,
    doubt: inout Doubt?, into out: inout CodePointBuffer
  ) -> CodecStop {
    while position < count {
      if bytes[position] != 0x5C {
        var end = position &+ 1
        while end < count && bytes[end] != 0x5C { end &+= 1 }
        out.append(latin1: bytes + position, count: end &- position)
        position = end
        continue
      }
      let start = position
      var i = start &+ 1
      func stop(_ reason: StaticString) -> CodecStop {
        .error(start: start, end: i, reason: reason)
      }
      func incomplete(_ reason: StaticString) -> CodecStop {
        if !final { return out.failed ? .outOfMemory : .done }
        return stop(reason)
      }
      if i >= count { return incomplete("\\ at end of string") }
      let c = bytes[i]
      i &+= 1
      var digits = 0
      var reason: StaticString = ""
      switch c {
      case 0x0A: break
      case 0x5C, 0x27, 0x22: out.append(UInt32(c))
      case 0x62: out.append(0x08)
      case 0x66: out.append(0x0C)
      case 0x74: out.append(0x09)
      case 0x6E: out.append(0x0A)
      case 0x72: out.append(0x0D)
      case 0x76: out.append(0x0B)
      case 0x61: out.append(0x07)
      case 0x30...0x37:
        var value = UInt32(c &- 0x30)
        var n = 1
        while n < 3 && i < count && bytes[i] >= 0x30 && bytes[i] <= 0x37 {
          value = value << 3 | UInt32(bytes[i] &- 0x30)
          i &+= 1
          n &+= 1
        }
        if value > 0o377 && doubt == nil { doubt = .octal(start &+ 1) }
        out.append(value)
      case 0x78: (digits, reason) = (2, "truncated \\xXX escape")
      case 0x75: (digits, reason) = (4, "truncated \\uXXXX escape")
      case 0x55: (digits, reason) = (8, "truncated \\UXXXXXXXX escape")
      case 0x4E:
        reason = "malformed \\N character escape"
        if i >= count { return incomplete(reason) }
        guard bytes[i] == 0x7B else { return stop(reason) }
        i &+= 1
        let nameStart = i
        while i < count && bytes[i] != 0x7D { i &+= 1 }
        if i >= count { return incomplete(reason) }
        let length = i &- nameStart
        if length == 0 { return stop(reason) }
        i &+= 1
        guard let point = character(named: bytes + nameStart, length) else {
          return stop("unknown Unicode character name")
        }
        out.append(point)
      default:
        if doubt == nil { doubt = .unknown(start &+ 1) }
        out.append(0x5C)
        out.append(UInt32(c))
      }
      if digits > 0 {
        var value: UInt32 = 0
        while digits > 0 {
          if i >= count { return incomplete(reason) }
          let digit = Digits.digitValue(bytes[i])
          if digit >= 16 { return stop(reason) }
          value = value << 4 | UInt32(digit)
          i &+= 1
          digits &-= 1
        }
        if value > 0x10FFFF { return stop("illegal Unicode character") }
        out.append(value)
      }
      position = i
    }
    return out.failed ? .outOfMemory : .done
  }

  /// The character of a name or alias, as in `\N{...}`.
  public static func character(named name: UnsafePointer<UInt8>, _ length: Int) -> UInt32? {
    var points: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    let found = name.withMemoryRebound(to: CChar.self, capacity: length) { name in
      withUnsafeMutableBytes(of: &points) { buffer -> Int32 in
        guard let start = buffer.baseAddress?.assumingMemoryBound(to: UInt32.self) else { return 0 }
        return apus_lookup(name, length, APUS_NAMES_ALIASES, start)
      }
    }
    return found == 1 ? points.0 : nil
  }

  /// `unicode_escape`: ASCII printable characters stay, the rest becomes escapes.
  public static func encode(_ text: CodePoints, into out: inout TextBuffer) -> CodecStop {
    out.reserve(text.count)
    for i in 0..<text.count {
      let point = text[i]
      switch point {
      case 0x5C: out.append("\\\\")
      case 0x09: out.append("\\t")
      case 0x0A: out.append("\\n")
      case 0x0D: out.append("\\r")
      case 0x20...0x7E: out.append(UInt8(truncatingIfNeeded: point))
      default: appendEscape(point, into: &out)
      }
    }
    return out.failed ? .outOfMemory : .done
  }

  /// Appends `\xhh`, `\uhhhh` or `\Uhhhhhhhh`, whichever is the shortest that fits.
  public static func appendEscape(_ point: UInt32, into out: inout TextBuffer) {
    let digits: UInt32
    out.append(0x5C)
    if point < 0x100 {
      out.append(0x78)
      digits = 2
    } else if point < 0x10000 {
      out.append(0x75)
      digits = 4
    } else {
      out.append(0x55)
      digits = 8
    }
    appendHexadecimal(point, digits, into: &out)
  }

  static func appendHexadecimal(_ value: UInt32, _ digits: UInt32, into out: inout TextBuffer) {
    var left = digits
    while left > 0 {
      left &-= 1
      let digit = UInt8(truncatingIfNeeded: value &>> (4 &* left) & 15)
      out.append(digit < 10 ? 0x30 &+ digit : 0x57 &+ digit)
    }
  }

  // MARK: raw_unicode_escape

  public static func decodeRaw(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, position: inout Int, final: Bool = true,
    into out: inout CodePointBuffer
  ) -> CodecStop {
    while position < count {
      let c = bytes[position]
      if c != 0x5C {
        var end = position &+ 1
        while end < count && bytes[end] != 0x5C { end &+= 1 }
        out.append(latin1: bytes + position, count: end &- position)
        position = end
        continue
      }
      let start = position
      var i = start &+ 1
      if i >= count {
        if !final { return out.failed ? .outOfMemory : .done }
        out.append(0x5C)
        position = i
        continue
      }
      let kind = bytes[i]
      i &+= 1
      guard kind == 0x75 || kind == 0x55 else {
        out.append(0x5C)
        out.append(UInt32(kind))
        position = i
        continue
      }
      let reason: StaticString =
        kind == 0x75 ? "truncated \\uXXXX escape" : "truncated \\UXXXXXXXX escape"
      var value: UInt32 = 0
      var left = kind == 0x75 ? 4 : 8
      while left > 0 {
        if i >= count && !final { return out.failed ? .outOfMemory : .done }
        let digit = i < count ? Digits.digitValue(bytes[i]) : 255
        if digit >= 16 { return .error(start: start, end: i, reason: reason) }
        value = value << 4 | UInt32(digit)
        i &+= 1
        left &-= 1
      }
      if value > 0x10FFFF {
        return .error(start: start, end: i, reason: "\\Uxxxxxxxx out of range")
      }
      out.append(value)
      position = i
    }
    return out.failed ? .outOfMemory : .done
  }

  /// `raw_unicode_escape`: Latin-1 characters stay, backslashes included.
  public static func encodeRaw(_ text: CodePoints, into out: inout TextBuffer) -> CodecStop {
    out.reserve(text.count)
    for i in 0..<text.count {
      let point = text[i]
      if point < 0x100 {
        out.append(UInt8(truncatingIfNeeded: point))
      } else {
        appendEscape(point, into: &out)
      }
    }
    return out.failed ? .outOfMemory : .done
  }

  // MARK: bytes

  public enum BytesStop: Sendable, Equatable {
    case done
    /// ValueError: "Trailing \ in string"
    case trailingBackslash
    /// `\x` without two digits at the offset. `position` stands behind the bad escape (a single
    /// digit included), so that decoding can go on.
    case invalidHexadecimal(Int)
    case outOfMemory
  }

  /// `codecs.escape_decode`: the escapes of bytes literals.
  public static func decodeBytes(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, position: inout Int, doubt: inout Doubt?,
    into out: inout TextBuffer
  ) -> BytesStop {
    while position < count {
      if bytes[position] != 0x5C {
        out.append(bytes[position])
        position &+= 1
        continue
      }
      let start = position
      position &+= 1
      if position >= count { return .trailingBackslash }
      let c = bytes[position]
      position &+= 1
      switch c {
      case 0x0A: break
      case 0x5C, 0x27, 0x22: out.append(c)
      case 0x62: out.append(0x08)
      case 0x66: out.append(0x0C)
      case 0x74: out.append(0x09)
      case 0x6E: out.append(0x0A)
      case 0x72: out.append(0x0D)
      case 0x76: out.append(0x0B)
      case 0x61: out.append(0x07)
      case 0x30...0x37:
        var value = UInt32(c &- 0x30)
        var n = 1
        while n < 3 && position < count && bytes[position] >= 0x30 && bytes[position] <= 0x37 {
          value = value << 3 | UInt32(bytes[position] &- 0x30)
          position &+= 1
          n &+= 1
        }
        if value > 0o377 && doubt == nil { doubt = .octal(start &+ 1) }
        out.append(UInt8(truncatingIfNeeded: value))
      case 0x78:
        let high = position < count ? Digits.digitValue(bytes[position]) : 255
        let low = position &+ 1 < count ? Digits.digitValue(bytes[position &+ 1]) : 255
        if high < 16 && low < 16 {
          out.append(high << 4 | low)
          position &+= 2
        } else {
          if high < 16 { position &+= 1 }
          return .invalidHexadecimal(start)
        }
      default:
        if doubt == nil { doubt = .unknown(start &+ 1) }
        out.append(0x5C)
        out.append(c)
      }
    }
    return out.failed ? .outOfMemory : .done
  }

  /// `codecs.escape_encode`: bytes as the inside of a literal in single quotes.
  public static func encodeBytes(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, into out: inout TextBuffer
  ) {
    for i in 0..<count {
      let c = bytes[i]
      switch c {
      case 0x27: out.append("\\'")
      case 0x5C: out.append("\\\\")
      case 0x09: out.append("\\t")
      case 0x0A: out.append("\\n")
      case 0x0D: out.append("\\r")
      case 0x20...0x7E: out.append(c)
      default: appendEscape(UInt32(c), into: &out)
      }
    }
  }
}
