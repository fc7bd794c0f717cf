import CPythonABI
import Objects

/// Quoted-printable text (RFC 2045), and the variant of message headers (RFC 2047).
enum QuotedPrintable {
  /// Characters in an encoded line, the soft break included.
  private static let lineLimit = 76

  private static func decode(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, header: Bool
  ) throws(Raised) -> Owned {
    var writer = try ByteWriter(capacity: count)
    var index = 0
    while index < count {
      let byte = bytes[index]
      index += 1
      guard byte == 61 else {
        try writer.append(header && byte == 95 ? 32 : byte)
        continue
      }
      if index >= count { break }
      if bytes[index] == 10 || bytes[index] == 13 {
        // A soft line break.
        while index < count && bytes[index] != 10 { index += 1 }
        index += 1
      } else if bytes[index] == 61 {
        try writer.append(61)
        index += 1
      } else if index + 1 < count, let high = Hexadecimal.value(UInt32(bytes[index])),
        let low = Hexadecimal.value(UInt32(bytes[index + 1]))
      {
        try writer.append(high << 4 | low)
        index += 2
      } else {
        try writer.append(61)
      }
    }
    return try writer.finish()
  }

  private static func encode(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, quoteTabs: Bool, isText: Bool, header: Bool
  ) throws(Raised) -> Owned {
    // The first line decides how lines end.
    var first = 0
    while first < count && bytes[first] != 10 { first += 1 }
    let crlf = first > 0 && first < count && bytes[first - 1] == 13
    var writer = try ByteWriter(capacity: count + count / 8)
    var column = 0

    func hex(_ byte: UInt8, _ writer: inout ByteWriter) throws(Raised) {
      func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 55 + value }
      try writer.append(61)
      try writer.append(digit(byte >> 4))
      try writer.append(digit(byte & 15))
    }
    func softBreak(_ writer: inout ByteWriter) throws(Raised) {
      try writer.append(61)
      if crlf { try writer.append(13) }
      try writer.append(10)
      column = 0
    }
    func mustQuote(_ index: Int) -> Bool {
      let byte = bytes[index]
      let isEnd = index + 1 == count
      if byte > 126 || byte == 61 || header && byte == 95 { return true }
      if byte == 46 && column == 0 {
        if isEnd || bytes[index + 1] == 10 || bytes[index + 1] == 13 || bytes[index + 1] == 0 {
          return true
        }
      }
      if !isText && (byte == 13 || byte == 10) { return true }
      if (byte == 9 || byte == 32) && isEnd { return true }
      if byte < 33 && byte != 13 && byte != 10 {
        return quoteTabs || byte != 9 && byte != 32
      }
      return false
    }

    // A space or tab waits until it is known not to end its line.
    var index = 0
    var pending: UInt8?
    func flush(_ writer: inout ByteWriter) throws(Raised) {
      if let byte = pending {
        try writer.append(byte)
        pending = nil
      }
    }
    while index < count {
      let byte = bytes[index]
      if mustQuote(index) {
        try flush(&writer)
        if column + 3 >= lineLimit { try softBreak(&writer) }
        column += 3
        try hex(byte, &writer)
        index += 1
        continue
      }
      if isText && (byte == 10 || byte == 13 && index + 1 < count && bytes[index + 1] == 10) {
        column = 0
        if let space = pending {
          try hex(space, &writer)
          pending = nil
        }
        if crlf { try writer.append(13) }
        try writer.append(10)
        index += byte == 13 ? 2 : 1
        continue
      }
      if index + 1 != count && bytes[index + 1] != 10 && column + 1 >= lineLimit {
        try flush(&writer)
        try softBreak(&writer)
      }
      column += 1
      try flush(&writer)
      if header && byte == 32 {
        try writer.append(95)
      } else if byte == 32 || byte == 9 {
        pending = byte
      } else {
        try writer.append(byte)
      }
      index += 1
    }
    try flush(&writer)
    return try writer.finish()
  }

  static let decode: Method = .keywords(
    "a2b_qp($module, /, data, header=False)", "The bytes of quoted-printable text."
  ) { _, args, count, names in
    new {
      let a = try Arguments(decode, args, count, names)
      let data = try asciiContent(a.object(0))
      return try decode(data.base, data.count, header: a.bool(1))
    }
  }

  static let encode: Method = .keywords(
    "b2a_qp($module, /, data, quotetabs=False, istext=True, header=False)",
    """
    Bytes as quoted-printable text.

    quotetabs escapes tabs and spaces too; without istext line ends are escaped; header writes
    spaces as underscores.
    """
  ) { _, args, count, names in
    new {
      let a = try Arguments(encode, args, count, names)
      let data = try ByteBuffer(a.object(0))
      return try encode(
        data.base, data.count, quoteTabs: a.bool(1), isText: a.bool(2, default: true),
        header: a.bool(3))
    }
  }
}
