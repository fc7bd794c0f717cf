import CPythonABI
import Objects

/// Lines of uuencoded text.
enum Uuencoding {
  private static func decode(
    _ bytes: UnsafePointer<UInt8>, _ count: Int
  ) throws(Raised) -> Owned {
    // A line starts with the number of its bytes; an empty one reads as a NUL does.
    let first = count > 0 ? bytes[0] : 0
    var left = Int((first &- 32) & 63)
    var writer = try ByteWriter(capacity: left)
    var index = 1
    var bits: UInt32 = 0
    var held: UInt32 = 0
    while left > 0 {
      var value: UInt32 = 0
      if index < count {
        let byte = bytes[index]
        if byte != 10 && byte != 13 {
          if byte < 32 || byte > 96 { throw BinasciiError.raise("Illegal char") }
          value = UInt32((byte - 32) & 63)
        }
      }
      index += 1
      bits = bits << 6 | value
      held += 6
      if held >= 8 {
        held -= 8
        try writer.append(UInt8(truncatingIfNeeded: bits >> held))
        bits &= 1 << held - 1
        left -= 1
      }
    }
    while index < count {
      switch bytes[index] {
      case 32, 96, 10, 13: index += 1
      default: throw BinasciiError.raise("Trailing garbage")
      }
    }
    return try writer.finish()
  }

  private static func encode(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, backtick: Bool
  ) throws(Raised) -> Owned {
    if count > 45 { throw BinasciiError.raise("At most 45 bytes at once") }
    var writer = try ByteWriter(capacity: 64)
    func letter(_ value: UInt32) -> UInt8 {
      backtick && value == 0 ? 96 : 32 + UInt8(truncatingIfNeeded: value)
    }
    try writer.append(letter(UInt32(count)))
    var index = 0
    var bits: UInt32 = 0
    var held: UInt32 = 0
    while index < count || held != 0 {
      bits = bits << 8 | (index < count ? UInt32(bytes[index]) : 0)
      index += 1
      held += 8
      while held >= 6 {
        held -= 6
        try writer.append(letter(bits >> held & 63))
      }
    }
    try writer.append(10)
    return try writer.finish()
  }

  static let decode: Method = .o("a2b_uu($module, data, /)", "The bytes of a uuencoded line.") {
    _, text in
    new {
      let data = try asciiContent(text)
      return try decode(data.base, data.count)
    }
  }

  static let encode: Method = .keywords(
    "b2a_uu($module, data, /, *, backtick=False)",
    "At most 45 bytes as a uuencoded line; backtick writes zeros as '`' instead of spaces."
  ) { _, args, count, names in
    new {
      let a = try Arguments(encode, args, count, names)
      let data = try ByteBuffer(a.object(0))
      return try encode(data.base, data.count, backtick: a.bool(1))
    }
  }
}
