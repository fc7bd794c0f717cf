import CPythonABI
import Objects

/// base64 (RFC 4648) in its standard alphabet.
enum Base64 {
  private static let alphabet: StaticString =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

  @inline(__always)
  private static func value(_ byte: UInt8) -> UInt32? {
    switch byte {
    case 65...90: UInt32(byte - 65)
    case 97...122: UInt32(byte - 71)
    case 48...57: UInt32(byte + 4)
    case 43: 62
    case 47: 63
    default: nil
    }
  }

  private static func decode(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, strict: Bool
  ) throws(Raised) -> Owned {
    var writer = try ByteWriter(capacity: count / 4 * 3 + 3)
    if strict && count > 0 && bytes[0] == 61 {
      throw BinasciiError.raise("Leading padding not allowed")
    }
    var group: UInt32 = 0
    var position = 0
    var pads = 0
    for index in 0..<count {
      let byte = bytes[index]
      if byte == 61 {
        pads += 1
        if !strict || (position >= 2 && position + pads <= 4) { continue }
        // A single character before it cannot be a byte whatever follows.
        if position == 1 { break }
        throw BinasciiError.raise("Excess padding not allowed")
      }
      guard let bits = value(byte) else {
        if strict { throw BinasciiError.raise("Only base64 data is allowed") }
        continue
      }
      if strict && pads > 0 {
        throw BinasciiError.raise(
          position + pads == 4
            ? "Excess data after padding" : "Discontinuous padding not allowed")
      }
      pads = 0
      group = group << 6 | bits
      switch position {
      case 0: break
      case 1: try writer.append(UInt8(truncatingIfNeeded: group >> 4))
      case 2: try writer.append(UInt8(truncatingIfNeeded: group >> 2))
      default: try writer.append(UInt8(truncatingIfNeeded: group))
      }
      position = (position + 1) & 3
    }
    if position == 1 {
      throw BinasciiError.raise(
        "Invalid base64-encoded string: number of data characters "
          + "(\(writer.count / 3 * 4 + 1)) cannot be 1 more than a multiple of 4")
    }
    if position != 0 && position + pads < 4 { throw BinasciiError.raise("Incorrect padding") }
    return try writer.finish()
  }

  private static func encode(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, newline: Bool
  ) throws(Raised) -> Owned {
    let letters = alphabet.utf8Start
    var writer = try ByteWriter(capacity: (count + 2) / 3 * 4 + 1)
    var index = 0
    while index + 3 <= count {
      let group = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
      let target = try writer.extend(by: 4)
      target[0] = letters[Int(group >> 18)]
      target[1] = letters[Int(group >> 12 & 63)]
      target[2] = letters[Int(group >> 6 & 63)]
      target[3] = letters[Int(group & 63)]
      index += 3
    }
    if index < count {
      let last = index + 1 < count ? UInt32(bytes[index + 1]) : 0
      let group = UInt32(bytes[index]) << 16 | last << 8
      let target = try writer.extend(by: 4)
      target[0] = letters[Int(group >> 18)]
      target[1] = letters[Int(group >> 12 & 63)]
      target[2] = index + 1 < count ? letters[Int(group >> 6 & 63)] : 61
      target[3] = 61
    }
    if newline { try writer.append(10) }
    return try writer.finish()
  }

  static let decode: Method = .keywords(
    "a2b_base64($module, data, /, *, strict_mode=False)",
    "The bytes of base64 text; strict_mode accepts nothing but well-formed text."
  ) { _, args, count, names in
    new {
      let a = try Arguments(decode, args, count, names)
      let data = try asciiContent(a.object(0))
      return try decode(data.base, data.count, strict: a.bool(1))
    }
  }

  static let encode: Method = .keywords(
    "b2a_base64($module, data, /, *, newline=True)", "Bytes in base64, as one line."
  ) { _, args, count, names in
    new {
      let a = try Arguments(encode, args, count, names)
      let data = try ByteBuffer(a.object(0))
      return try encode(data.base, data.count, newline: a.bool(1, default: true))
    }
  }
}
