import CPythonABI
import Objects

/// Cyclic redundancy checks.
public enum Checksum {
  /// CRC-32 (ISO 3309, polynomial 0xEDB88320 reflected), eight bytes at a step.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for index in 0..<256 {
      var value = UInt32(index)
      for _ in 0..<8 { value = value & 1 != 0 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
      tables[index] = value
    }
    for index in 0..<256 {
      for table in 1..<8 {
        let before = tables[(table - 1) * 256 + index]
        tables[table * 256 + index] = before >> 8 ^ tables[Int(before & 0xFF)]
      }
    }
    return tables
  }()

  /// Continues a CRC-32 (0 at first) over more bytes.
  public static func crc32(
    _ start: UInt32, _ bytes: UnsafePointer<UInt8>, _ count: Int
  ) -> UInt32 {
    var crc = ~start
    tables.withUnsafeBufferPointer { table in
      var index = 0
      while index &+ 8 <= count {
        let word = UnsafeRawPointer(bytes + index).loadUnaligned(as: UInt64.self)
        let low = UInt32(truncatingIfNeeded: word) ^ crc
        let high = UInt32(truncatingIfNeeded: word >> 32)
        crc =
          table[7 * 256 + Int(low & 0xFF)] ^ table[6 * 256 + Int(low >> 8 & 0xFF)]
          ^ table[5 * 256 + Int(low >> 16 & 0xFF)] ^ table[4 * 256 + Int(low >> 24)]
          ^ table[3 * 256 + Int(high & 0xFF)] ^ table[2 * 256 + Int(high >> 8 & 0xFF)]
          ^ table[256 + Int(high >> 16 & 0xFF)] ^ table[Int(high >> 24)]
        index &+= 8
      }
      while index < count {
        crc = crc >> 8 ^ table[Int((crc ^ UInt32(bytes[index])) & 0xFF)]
        index &+= 1
      }
    }
    return ~crc
  }

  static let crc32: Method = .fast(
    "crc32($module, data, crc=0, /)", "The CRC-32 of bytes, continuing from crc."
  ) { _, args, count in
    new {
      let a = try Arguments(crc32, args, count)
      let data = try ByteBuffer(a.object(0))
      let start = try a[1].map { object throws(Raised) in try mask(object) } ?? 0
      return try own(PyLong_FromLong(Int(crc32(start, data.base, data.count))))
    }
  }

  /// The low 32 bits of an int.
  private static func mask(_ object: Ref) throws(Raised) -> UInt32 {
    let value = PyLong_AsUnsignedLongMask(object)
    if value == UInt.max && hasRaised() { throw Raised() }
    return UInt32(truncatingIfNeeded: value)
  }

  static let crcHqx: Method = .fast(
    "crc_hqx($module, data, crc, /)",
    "The CRC of binhex4 (polynomial 0x1021) of bytes, continuing from crc."
  ) { _, args, count in
    new {
      let a = try Arguments(crcHqx, args, count)
      let data = try ByteBuffer(a.object(0))
      var crc = try mask(a.object(1)) & 0xFFFF
      for index in 0..<data.count {
        crc ^= UInt32(data.base[index]) << 8
        for _ in 0..<8 { crc = crc & 0x8000 != 0 ? (crc << 1 ^ 0x1021) & 0xFFFF : crc << 1 }
      }
      return try own(PyLong_FromLong(Int(crc)))
    }
  }
}
