import Numerics

/// UTF-8 with CPython's errors (Objects/stringlib/codecs.h, utf8_decode): a bad sequence ends before
/// the first byte that cannot continue it, as Unicode recommends (The Unicode Standard, table 3-8).
public enum UTF8Codec {
  /// One sequence looked at.
  @usableFromInline
  enum Sequence {
    case point(UInt32, length: Int)
    case invalidStart
    /// Cut off by the end of the bytes; all there is would be fine.
    case incomplete
    /// Good up to `length` bytes, then a byte that is no continuation.
    case invalidContinuation(length: Int)
  }

  /// Reads the sequence that starts with a byte from 0x80 on.
  @inline(__always)
  static func sequence(_ s: UnsafePointer<UInt8>, _ left: Int) -> Sequence {
    let a = s[0]
    if a < 0xC2 { return .invalidStart }
    if a < 0xE0 {
      if left < 2 { return .incomplete }
      if s[1] & 0xC0 != 0x80 { return .invalidContinuation(length: 1) }
      return .point(UInt32(a & 0x1F) << 6 | UInt32(s[1] & 0x3F), length: 2)
    }
    if a < 0xF0 {
      if left < 2 { return .incomplete }
      let b = s[1]
      // E0 80-9F would be overlong, ED A0-BF a surrogate.
      if b & 0xC0 != 0x80 || (b < 0xA0 ? a == 0xE0 : a == 0xED) {
        return .invalidContinuation(length: 1)
      }
      if left < 3 { return .incomplete }
      if s[2] & 0xC0 != 0x80 { return .invalidContinuation(length: 2) }
      return .point(
        UInt32(a & 0x0F) << 12 | UInt32(b & 0x3F) << 6 | UInt32(s[2] & 0x3F), length: 3)
    }
    if a < 0xF5 {
      if left < 2 { return .incomplete }
      let b = s[1]
      // F0 80-8F would be overlong, F4 90-BF beyond 0x10FFFF.
      if b & 0xC0 != 0x80 || (b < 0x90 ? a == 0xF0 : a == 0xF4) {
        return .invalidContinuation(length: 1)
      }
      if left < 3 { return .incomplete }
      if s[2] & 0xC0 != 0x80 { return .invalidContinuation(length: 2) }
      if left < 4 { return .incomplete }
      if s[3] & 0xC0 != 0x80 { return .invalidContinuation(length: 3) }
      let high = UInt32(a & 0x07) << 18 | UInt32(b & 0x3F) << 12
      return .point(high | UInt32(s[2] & 0x3F) << 6 | UInt32(s[3] & 0x3F), length: 4)
    }
    return .invalidStart
  }

  /// What a first pass over the bytes finds.
  public struct Measure: Sendable {
    /// Bytes up to the first error or incomplete sequence.
    public var validBytes: Int
    /// Code points in them.
    public var points: Int
    /// The code points or-ed together; tells the storage width as in `CodePointBuffer.bits`.
    public var bits: UInt32
  }

  /// Whether the eight bytes at `p` are all ASCII.
  @inline(__always)
  private static func isASCIIWord(_ p: UnsafePointer<UInt8>) -> Bool {
    UnsafeRawPointer(p).loadUnaligned(as: UInt64.self) & 0x8080_8080_8080_8080 == 0
  }

  /// Counts code points and finds the storage width, so that the text can be made in place by
  /// `decodeValid`.
  public static func measure(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Measure {
    var i = ASCII.prefixLength(bytes, count)
    var points = i
    var bits: UInt32 = i > 0 ? 0x7F : 0
    while i < count {
      if bytes[i] < 0x80 {
        // A long run is worth a search, a short one between other characters is not.
        if i &+ 8 <= count && isASCIIWord(bytes + i) {
          let run = ASCII.prefixLength(bytes + i, count &- i)
          points &+= run
          i &+= run
        } else {
          points &+= 1
          i &+= 1
        }
        continue
      }
      guard case .point(let point, let length) = sequence(bytes + i, count &- i) else { break }
      bits |= point
      points &+= 1
      i &+= length
    }
    return Measure(validBytes: i, points: points, bits: bits)
  }

  /// Decodes bytes that `measure` found valid into units that hold every code point.
  @_specialize(where Unit == UInt8)
  @_specialize(where Unit == UInt16)
  @_specialize(where Unit == UInt32)
  public static func decodeValid<Unit: FixedWidthInteger & UnsignedInteger>(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, into text: UnsafeMutablePointer<Unit>
  ) {
    var i = 0, n = 0
    while i < count {
      let a = bytes[i]
      if a < 0x80 {
        if i &+ 8 <= count && isASCIIWord(bytes + i) {
          let run = ASCII.prefixLength(bytes + i, count &- i)
          for k in 0..<run { text[n &+ k] = Unit(truncatingIfNeeded: bytes[i &+ k]) }
          i &+= run
          n &+= run
        } else {
          text[n] = Unit(truncatingIfNeeded: a)
          i &+= 1
          n &+= 1
        }
        continue
      }
      let point: UInt32
      if a < 0xE0 {
        point = UInt32(a & 0x1F) << 6 | UInt32(bytes[i &+ 1] & 0x3F)
        i &+= 2
      } else if a < 0xF0 {
        point = UInt32(a & 0x0F) << 12 | UInt32(bytes[i &+ 1] & 0x3F) << 6
          | UInt32(bytes[i &+ 2] & 0x3F)
        i &+= 3
      } else {
        point = UInt32(a & 0x07) << 18 | UInt32(bytes[i &+ 1] & 0x3F) << 12
          | UInt32(bytes[i &+ 2] & 0x3F) << 6 | UInt32(bytes[i &+ 3] & 0x3F)
        i &+= 4
      }
      text[n] = Unit(truncatingIfNeeded: point)
      n &+= 1
    }
  }

  public static func decode(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, position: inout Int, final: Bool = true,
    into out: inout CodePointBuffer
  ) -> CodecStop {
    while position < count {
      let valid = measure(bytes + position, count &- position)
      if !append(valid, bytes + position, into: &out) { return .outOfMemory }
      position &+= valid.validBytes
      if position == count { break }
      switch sequence(bytes + position, count &- position) {
      case .point(let point, let length):
        out.append(point)
        position &+= length
      case .invalidStart:
        return .error(start: position, end: position &+ 1, reason: "invalid start byte")
      case .incomplete:
        if !final { return out.failed ? .outOfMemory : .done }
        return .error(start: position, end: count, reason: "unexpected end of data")
      case .invalidContinuation(let length):
        // Two bytes of an encoded surrogate may still be completed for `surrogatepass`.
        if !final && bytes[position] == 0xED && count &- position == 2
          && bytes[position &+ 1] & 0xE0 == 0xA0
        {
          return out.failed ? .outOfMemory : .done
        }
        return .error(
          start: position, end: position &+ length, reason: "invalid continuation byte")
      }
    }
    return out.failed ? .outOfMemory : .done
  }

  /// Appends measured bytes. False when out of memory.
  private static func append(
    _ valid: Measure, _ bytes: UnsafePointer<UInt8>, into out: inout CodePointBuffer
  ) -> Bool {
    if valid.points == 0 { return !out.failed }
    if !out.reserve(valid.points, width: CodePointBuffer.width(of: valid.bits)) { return false }
    switch out.unit {
    case 1:
      decodeValid(
        bytes, valid.validBytes, into: out.data.assumingMemoryBound(to: UInt8.self) + out.count)
    case 2:
      decodeValid(
        bytes, valid.validBytes, into: out.data.assumingMemoryBound(to: UInt16.self) + out.count)
    default:
      decodeValid(
        bytes, valid.validBytes, into: out.data.assumingMemoryBound(to: UInt32.self) + out.count)
    }
    out.commit(valid.points, bits: valid.bits)
    return true
  }

  public static func encode(
    _ text: CodePoints, position: inout Int, into out: inout TextBuffer
  ) -> CodecStop {
    // Room for the worst case: 2, 3 or 4 bytes by the width of the text.
    let worst = text.unit == 1 ? 2 : text.unit == 2 ? 3 : 4
    let (room, overflow) = (text.count &- position).multipliedReportingOverflow(by: worst)
    if overflow || !out.reserve(room) { return .outOfMemory }
    let target = out.bytes + out.count
    let written: Int
    switch text.unit {
    case 1:
      written = encodeUnits(
        text.data.assumingMemoryBound(to: UInt8.self), text.count, &position, into: target)
    case 2:
      written = encodeUnits(
        text.data.assumingMemoryBound(to: UInt16.self), text.count, &position, into: target)
    default:
      written = encodeUnits(
        text.data.assumingMemoryBound(to: UInt32.self), text.count, &position, into: target)
    }
    out.commit(written)
    if position == text.count { return .done }
    var end = position &+ 1
    while end < text.count && text[end] & 0xFFFF_F800 == 0xD800 { end &+= 1 }
    return .error(start: position, end: end, reason: "surrogates not allowed")
  }

  /// Writes text that has no surrogates, exactly `encodedLength` bytes.
  public static func encodeValid(_ text: CodePoints, into target: UnsafeMutablePointer<UInt8>) {
    var position = 0
    switch text.unit {
    case 1:
      _ = encodeUnits(
        text.data.assumingMemoryBound(to: UInt8.self), text.count, &position, into: target)
    case 2:
      _ = encodeUnits(
        text.data.assumingMemoryBound(to: UInt16.self), text.count, &position, into: target)
    default:
      _ = encodeUnits(
        text.data.assumingMemoryBound(to: UInt32.self), text.count, &position, into: target)
    }
  }

  /// Encodes up to the end or the first surrogate and returns the bytes written.
  @inline(__always)
  private static func encodeUnits<Unit: FixedWidthInteger & UnsignedInteger>(
    _ text: UnsafePointer<Unit>, _ count: Int, _ position: inout Int,
    into target: UnsafeMutablePointer<UInt8>
  ) -> Int {
    var i = position
    var n = 0
    @inline(__always) func put(_ byte: UInt32) {
      target[n] = UInt8(truncatingIfNeeded: byte)
      n &+= 1
    }
    while i < count {
      let point = UInt32(truncatingIfNeeded: text[i])
      if point < 0x80 {
        if Unit.bitWidth == 8 && i &+ 8 <= count {
          let bytes = UnsafeRawPointer(text + i).assumingMemoryBound(to: UInt8.self)
          if isASCIIWord(bytes) {
            let run = ASCII.prefixLength(bytes, count &- i)
            (target + n).update(from: bytes, count: run)
            n &+= run
            i &+= run
            continue
          }
        }
        put(point)
      } else if point < 0x800 {
        put(0xC0 | point >> 6)
        put(0x80 | point & 0x3F)
      } else if point < 0x10000 {
        if point & 0xF800 == 0xD800 { break }
        put(0xE0 | point >> 12)
        put(0x80 | point >> 6 & 0x3F)
        put(0x80 | point & 0x3F)
      } else {
        put(0xF0 | point >> 18)
        put(0x80 | point >> 12 & 0x3F)
        put(0x80 | point >> 6 & 0x3F)
        put(0x80 | point & 0x3F)
      }
      i &+= 1
    }
    position = i
    return n
  }

  /// Appends one code point, surrogates included (`surrogatepass`).
  public static func append(_ point: UInt32, into out: inout TextBuffer) {
    @inline(__always) func put(_ byte: UInt32) { out.append(UInt8(truncatingIfNeeded: byte)) }
    if point < 0x80 {
      put(point)
    } else if point < 0x800 {
      put(0xC0 | point >> 6)
      put(0x80 | point & 0x3F)
    } else if point < 0x10000 {
      put(0xE0 | point >> 12)
      put(0x80 | point >> 6 & 0x3F)
      put(0x80 | point & 0x3F)
    } else {
      put(0xF0 | point >> 18)
      put(0x80 | point >> 12 & 0x3F)
      put(0x80 | point >> 6 & 0x3F)
      put(0x80 | point & 0x3F)
    }
  }

  /// The bytes that text without surrogates takes, for exact allocation; nil if there is a
  /// surrogate.
  public static func encodedLength(_ text: CodePoints) -> Int? {
    var length = text.count
    switch text.unit {
    case 1:
      let units = text.data.assumingMemoryBound(to: UInt8.self)
      for i in 0..<text.count { length &+= Int(units[i] >> 7) }
    case 2:
      let units = text.data.assumingMemoryBound(to: UInt16.self)
      var surrogates = false
      for i in 0..<text.count {
        let unit = units[i]
        length &+= (unit >= 0x80 ? 1 : 0) &+ (unit >= 0x800 ? 1 : 0)
        if unit & 0xF800 == 0xD800 { surrogates = true }
      }
      if surrogates { return nil }
    default:
      let units = text.data.assumingMemoryBound(to: UInt32.self)
      var surrogates = false
      for i in 0..<text.count {
        let unit = units[i]
        length &+= (unit >= 0x80 ? 1 : 0) &+ (unit >= 0x800 ? 1 : 0) &+ (unit >= 0x10000 ? 1 : 0)
        if unit & 0xFFFF_F800 == 0xD800 { surrogates = true }
      }
      if surrogates { return nil }
    }
    return length
  }
}
