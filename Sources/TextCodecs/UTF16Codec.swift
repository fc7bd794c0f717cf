import Numerics

/// UTF-16 with CPython's errors (Objects/unicodeobject.c, PyUnicode_DecodeUTF16Stateful).
public enum UTF16Codec {
  /// Looks for a byte order mark at the start and steps over it. Nil when there is none.
  public static func byteOrderMark(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, position: inout Int
  ) -> ByteOrder? {
    guard count &- position >= 2 else { return nil }
    switch (bytes[position], bytes[position &+ 1]) {
    case (0xFF, 0xFE):
      position &+= 2
      return .little
    case (0xFE, 0xFF):
      position &+= 2
      return .big
    default:
      return nil
    }
  }

  @inline(__always)
  private static func unit(_ bytes: UnsafePointer<UInt8>, _ i: Int, _ order: ByteOrder) -> UInt32 {
    order == .little
      ? UInt32(bytes[i]) | UInt32(bytes[i &+ 1]) << 8
      : UInt32(bytes[i]) << 8 | UInt32(bytes[i &+ 1])
  }

  public static func decode(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, _ order: ByteOrder, position: inout Int,
    final: Bool = true, into out: inout CodePointBuffer
  ) -> CodecStop {
    out.reserve((count &- position) / 2)
    while count &- position >= 2 {
      let point = unit(bytes, position, order)
      if point & 0xF800 != 0xD800 {
        out.append(point)
        position &+= 2
        continue
      }
      if point >= 0xDC00 {
        return .error(start: position, end: position &+ 2, reason: "illegal encoding")
      }
      if count &- position < 4 {
        if !final { return out.failed ? .outOfMemory : .done }
        return .error(start: position, end: count, reason: "unexpected end of data")
      }
      let low = unit(bytes, position &+ 2, order)
      if low & 0xFC00 != 0xDC00 {
        return .error(start: position, end: position &+ 2, reason: "illegal UTF-16 surrogate")
      }
      out.append(0x10000 &+ (point & 0x3FF) << 10 &+ low & 0x3FF)
      position &+= 4
    }
    if position < count && final {
      return .error(start: position, end: count, reason: "truncated data")
    }
    return out.failed ? .outOfMemory : .done
  }

  public static func encode(
    _ text: CodePoints, _ order: ByteOrder, position: inout Int, into out: inout TextBuffer
  ) -> CodecStop {
    while position < text.count {
      let point = text[position]
      if point < 0x10000 {
        if point & 0xF800 == 0xD800 {
          return .error(
            start: position, end: position &+ 1, reason: "surrogates not allowed")
        }
        append(point, order, into: &out)
      } else {
        append(0xD7C0 &+ point >> 10, order, into: &out)
        append(0xDC00 | point & 0x3FF, order, into: &out)
      }
      position &+= 1
    }
    return out.failed ? .outOfMemory : .done
  }

  /// Appends one code unit.
  public static func append(_ unit: UInt32, _ order: ByteOrder, into out: inout TextBuffer) {
    let low = UInt8(truncatingIfNeeded: unit), high = UInt8(truncatingIfNeeded: unit >> 8)
    out.append(order == .little ? low : high)
    out.append(order == .little ? high : low)
  }
}

/// UTF-32 with CPython's errors.
public enum UTF32Codec {
  /// Looks for a byte order mark at the start and steps over it. Nil when there is none.
  public static func byteOrderMark(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, position: inout Int
  ) -> ByteOrder? {
    guard count &- position >= 4 else { return nil }
    let p = bytes + position
    if p[0] == 0xFF && p[1] == 0xFE && p[2] == 0 && p[3] == 0 {
      position &+= 4
      return .little
    }
    if p[0] == 0 && p[1] == 0 && p[2] == 0xFE && p[3] == 0xFF {
      position &+= 4
      return .big
    }
    return nil
  }

  public static func decode(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, _ order: ByteOrder, position: inout Int,
    final: Bool = true, into out: inout CodePointBuffer
  ) -> CodecStop {
    out.reserve((count &- position) / 4)
    while count &- position >= 4 {
      let word = UnsafeRawPointer(bytes + position).loadUnaligned(as: UInt32.self)
      let point = order == .little ? UInt32(littleEndian: word) : UInt32(bigEndian: word)
      if point & 0xFFFF_F800 == 0xD800 {
        return .error(
          start: position, end: position &+ 4,
          reason: "code point in surrogate code point range(0xd800, 0xe000)")
      }
      if point > 0x10FFFF {
        return .error(
          start: position, end: position &+ 4, reason: "code point not in range(0x110000)")
      }
      out.append(point)
      position &+= 4
    }
    if position < count && final {
      return .error(start: position, end: count, reason: "truncated data")
    }
    return out.failed ? .outOfMemory : .done
  }

  public static func encode(
    _ text: CodePoints, _ order: ByteOrder, position: inout Int, into out: inout TextBuffer
  ) -> CodecStop {
    while position < text.count {
      let point = text[position]
      if point & 0xFFFF_F800 == 0xD800 {
        return .error(start: position, end: position &+ 1, reason: "surrogates not allowed")
      }
      append(point, order, into: &out)
      position &+= 1
    }
    return out.failed ? .outOfMemory : .done
  }

  /// Appends one code point, surrogates included.
  public static func append(_ point: UInt32, _ order: ByteOrder, into out: inout TextBuffer) {
    var shift: UInt32 = order == .little ? 0 : 24
    for _ in 0..<4 {
      out.append(UInt8(truncatingIfNeeded: point >> shift))
      shift = order == .little ? shift &+ 8 : shift &- 8
    }
  }
}
