import Numerics

/// Character maps given as text: position = byte, character = what it means, U+FFFE = nothing.
/// Mappings that are arbitrary Python objects belong to the object layer.
public enum Charmap {
  static var undefined: StaticString { "character maps to <undefined>" }

  public static func decode(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, table: CodePoints, position: inout Int,
    into out: inout CodePointBuffer
  ) -> CodecStop {
    out.reserve(count &- position)
    while position < count {
      let byte = Int(bytes[position])
      guard byte < table.count, table[byte] != 0xFFFE else {
        return .error(start: position, end: position &+ 1, reason: undefined)
      }
      out.append(table[byte])
      position &+= 1
    }
    return out.failed ? .outOfMemory : .done
  }

  /// The inverse of a decoding table: CPython's `EncodingMap`, three levels deep, made by
  /// `codecs.charmap_build`.
  public struct EncodingMap: Sendable {
    /// By bits 11 ... 15 of the character: a block of `middle`, 255 for none.
    private var top = [UInt8](repeating: 255, count: 32)
    /// By bits 7 ... 10: a block of `bottom`, 255 for none.
    private var middle: [UInt8] = []
    /// By bits 0 ... 6: the byte, 0 for none.
    private var bottom: [UInt8] = []

    /// Nil when the first 256 characters do not fit this form (one beyond U+FFFF, U+0000 anywhere but
    /// at byte 0); such tables need a dictionary.
    public init?(table: CodePoints) {
      let count = min(table.count, 256)
      if count == 0 || table[0] != 0 { return nil }
      for i in 1..<max(count, 1) where table[i] == 0 || table[i] > 0xFFFF { return nil }
      for byte in 1..<count {
        let point = table[byte]
        if point == 0xFFFE { continue }
        let first = Int(point >> 11), second = Int(point >> 7 & 15), third = Int(point & 127)
        if top[first] == 255 {
          let block = middle.count / 16
          if block >= 255 { return nil }
          top[first] = UInt8(block)
          middle.append(contentsOf: repeatElement(255, count: 16))
        }
        let slot = Int(top[first]) &* 16 &+ second
        if middle[slot] == 255 {
          let block = bottom.count / 128
          if block >= 255 { return nil }
          middle[slot] = UInt8(block)
          bottom.append(contentsOf: repeatElement(0, count: 128))
        }
        bottom[Int(middle[slot]) &* 128 &+ third] = UInt8(byte)
      }
    }

    /// The blocks of the second and third level, as `EncodingMap.size` counts them.
    public var blockCounts: (middle: Int, bottom: Int) { (middle.count / 16, bottom.count / 128) }

    /// The byte of a character.
    public subscript(point: UInt32) -> UInt8? {
      if point == 0 { return 0 }
      if point > 0xFFFF { return nil }
      let block = top[Int(point >> 11)]
      if block == 255 { return nil }
      let last = middle[Int(block) &* 16 &+ Int(point >> 7 & 15)]
      if last == 255 { return nil }
      let byte = bottom[Int(last) &* 128 &+ Int(point & 127)]
      return byte == 0 ? nil : byte
    }
  }

  public static func encode(
    _ text: CodePoints, map: EncodingMap, position: inout Int, into out: inout TextBuffer
  ) -> CodecStop {
    out.reserve(text.count &- position)
    while position < text.count {
      guard let byte = map[text[position]] else {
        var end = position &+ 1
        while end < text.count && map[text[end]] == nil { end &+= 1 }
        return .error(start: position, end: end, reason: undefined)
      }
      out.append(byte)
      position &+= 1
    }
    return out.failed ? .outOfMemory : .done
  }
}
