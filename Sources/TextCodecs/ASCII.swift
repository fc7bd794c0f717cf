import Numerics

/// ASCII, and the search for the end of an ASCII run that the other codecs start with.
public enum ASCII {
  /// The offset of the first byte from 0x80 on, or `count`.
  @inlinable
  public static func prefixLength(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int {
    let raw = UnsafeRawPointer(bytes)
    let high: UInt64 = 0x8080_8080_8080_8080
    var i = 0
    while i &+ 32 <= count {
      let a = raw.loadUnaligned(fromByteOffset: i, as: UInt64.self)
      let b = raw.loadUnaligned(fromByteOffset: i &+ 8, as: UInt64.self)
      let c = raw.loadUnaligned(fromByteOffset: i &+ 16, as: UInt64.self)
      let d = raw.loadUnaligned(fromByteOffset: i &+ 24, as: UInt64.self)
      if (a | b | c | d) & high != 0 { break }
      i &+= 32
    }
    while i &+ 8 <= count {
      let found = raw.loadUnaligned(fromByteOffset: i, as: UInt64.self) & high
      if found != 0 { return i &+ UInt64(littleEndian: found).trailingZeroBitCount / 8 }
      i &+= 8
    }
    while i < count && bytes[i] < 0x80 { i &+= 1 }
    return i
  }

  @inlinable
  public static func isASCII(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    prefixLength(bytes, count) == count
  }

  public static func decode(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, position: inout Int,
    into out: inout CodePointBuffer
  ) -> CodecStop {
    let run = prefixLength(bytes + position, count &- position)
    out.append(latin1: bytes + position, count: run)
    position &+= run
    if out.failed { return .outOfMemory }
    if position == count { return .done }
    return .error(start: position, end: position &+ 1, reason: "ordinal not in range(128)")
  }

  public static func encode(
    _ text: CodePoints, position: inout Int, into out: inout TextBuffer
  ) -> CodecStop {
    encode(text, limit: 128, "ordinal not in range(128)", position: &position, into: &out)
  }

  /// Code points below `limit` become bytes of the same number.
  static func encode(
    _ text: CodePoints, limit: UInt32, _ reason: StaticString, position: inout Int,
    into out: inout TextBuffer
  ) -> CodecStop {
    if !out.reserve(text.count &- position) { return .outOfMemory }
    if text.unit == 1 {
      // Copy what needs no look at single characters: ASCII runs, or all of Latin-1.
      let bytes = text.data.assumingMemoryBound(to: UInt8.self) + position
      let left = text.count &- position
      let run = limit == 256 ? left : ASCII.prefixLength(bytes, left)
      out.append(bytes, count: run)
      position &+= run
    }
    while position < text.count {
      let point = text[position]
      if point >= limit {
        var end = position &+ 1
        while end < text.count && text[end] >= limit { end &+= 1 }
        return .error(start: position, end: end, reason: reason)
      }
      out.append(UInt8(truncatingIfNeeded: point))
      position &+= 1
    }
    return out.failed ? .outOfMemory : .done
  }
}

/// ISO 8859-1: the first 256 code points.
public enum Latin1 {
  public static func decode(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, position: inout Int,
    into out: inout CodePointBuffer
  ) -> CodecStop {
    out.append(latin1: bytes + position, count: count &- position)
    if out.failed { return .outOfMemory }
    position = count
    return .done
  }

  public static func encode(
    _ text: CodePoints, position: inout Int, into out: inout TextBuffer
  ) -> CodecStop {
    ASCII.encode(text, limit: 256, "ordinal not in range(256)", position: &position, into: &out)
  }
}
