import CPythonABI
import Glibc
import Objects

/// The JSON strings of a document whose str has code units of one width.
struct StringScan<Unit: FixedWidthInteger & UnsignedInteger> {
  /// The document, kept alive by the caller.
  let source: Ref
  let text: UnsafePointer<Unit>
  let count: Int
  let isASCII: Bool

  init(_ source: Ref) {
    self.source = source
    text = UnsafePointer(apus_str_data(source).assumingMemoryBound(to: Unit.self))
    count = apus_str_length(source)
    isASCII = apus_str_is_ascii(source) != 0
  }

  /// The index of the first quote, backslash or (when strict) control character, `count` if none.
  @inline(__always)
  func stop(from start: Int, strict: Bool) -> Int {
    var index = start
    if MemoryLayout<Unit>.size == 1 {
      let ones: UInt64 = 0x0101_0101_0101_0101
      let bytes = UnsafeRawPointer(text)
      while index &+ 8 <= count {
        let word = (bytes + index).loadUnaligned(as: UInt64.self)
        let quote = word ^ (ones &* 34)
        let slash = word ^ (ones &* 92)
        let special =
          (((word &- ones &* 32) & ~word) | ((quote &- ones) & ~quote)
            | ((slash &- ones) & ~slash)) & 0x8080_8080_8080_8080
        if special != 0 {
          index &+= special.trailingZeroBitCount >> 3
          break
        }
        index &+= 8
      }
    }
    while index < count {
      let unit = text[index]
      if unit == 34 || unit == 92 || (unit < 32 && strict) { return index }
      index &+= 1
    }
    return count
  }

  /// A str of some units.
  @inline(__always)
  func string(_ start: Int, _ length: Int) throws(Raised) -> Owned {
    if length == 0 { return apus_str_empty().retained() }
    if MemoryLayout<Unit>.size == 1 && length > 1 {
      let made = try own(PyUnicode_New(length, isASCII || isASCII(start, length) ? 127 : 255))
      memcpy(apus_str_data(made.ref), text + start, length)
      return made
    }
    return try own(
      PyUnicode_FromKindAndData(Int32(MemoryLayout<Unit>.size), text + start, length))
  }

  /// Whether some bytes are all ASCII.
  private func isASCII(_ start: Int, _ length: Int) -> Bool {
    let bytes = UnsafeRawPointer(text) + start
    var bits: UInt64 = 0
    var index = 0
    while index &+ 8 <= length {
      bits |= (bytes + index).loadUnaligned(as: UInt64.self)
      index &+= 8
    }
    while index < length {
      bits |= UInt64((bytes + index).load(as: UInt8.self))
      index &+= 1
    }
    return bits & 0x8080_8080_8080_8080 == 0
  }

  /// Reads the string whose first character is at `start`; `next` is the index after its end quote.
  func scan(from start: Int, strict: Bool, next: inout Int) throws(Raised) -> Owned {
    let end = stop(from: start, strict: strict)
    if end < count && text[end] == 34 {
      next = end &+ 1
      return try string(start, end &- start)
    }
    return try scanEscaped(from: start, strict: strict, next: &next)
  }

  private func scanEscaped(
    from start: Int, strict: Bool, next: inout Int
  ) throws(Raised) -> Owned {
    var writer = _PyUnicodeWriter()
    _PyUnicodeWriter_Init(&writer)
    writer.overallocate = 1
    var finished = false
    defer { if !finished { _PyUnicodeWriter_Dealloc(&writer) } }
    var index = start
    while true {
      let end = stop(from: index, strict: strict)
      if end > index {
        let part = try string(index, end &- index)
        try check(_PyUnicodeWriter_WriteStr(&writer, part.ref))
      }
      guard end < count else {
        throw raiseDecodeError("Unterminated string starting at", source, start &- 1)
      }
      let unit = text[end]
      if unit == 34 {
        next = end &+ 1
        finished = true
        return try own(_PyUnicodeWriter_Finish(&writer))
      }
      guard unit == 92 else { throw raiseDecodeError("Invalid control character at", source, end) }
      index = end &+ 1
      guard index < count else {
        throw raiseDecodeError("Unterminated string starting at", source, start &- 1)
      }
      let character = try escape(&index)
      try check(_PyUnicodeWriter_WriteChar(&writer, character))
    }
  }

  /// The character of an escape; `index` is that of the letter, then the one after the escape.
  private func escape(_ index: inout Int) throws(Raised) -> UInt32 {
    let letter = UInt32(truncatingIfNeeded: text[index])
    let backslash = index &- 1
    index &+= 1
    switch letter {
    case 34, 92, 47: return letter
    case 98: return 8
    case 102: return 12
    case 110: return 10
    case 114: return 13
    case 116: return 9
    case 117: break
    default: throw raiseDecodeError("Invalid \\escape", source, backslash)
    }
    // A closing quote must be able to follow.
    guard index &+ 4 < count, let high = hexadecimal(index) else {
      throw raiseDecodeError("Invalid \\uXXXX escape", source, index &- 1)
    }
    index &+= 4
    guard high >= 0xD800, high <= 0xDBFF, index &+ 6 < count, text[index] == 92,
      text[index &+ 1] == 117
    else { return high }
    guard let low = hexadecimal(index &+ 2) else {
      throw raiseDecodeError("Invalid \\uXXXX escape", source, index &+ 1)
    }
    guard low >= 0xDC00, low <= 0xDFFF else { return high }
    index &+= 6
    return 0x10000 &+ ((high &- 0xD800) << 10) &+ (low &- 0xDC00)
  }

  private func hexadecimal(_ start: Int) -> UInt32? {
    var value: UInt32 = 0
    for index in start..<(start &+ 4) {
      let unit = UInt32(truncatingIfNeeded: text[index])
      let digit: UInt32
      switch unit {
      case 48...57: digit = unit &- 48
      case 65...70: digit = unit &- 55
      case 97...102: digit = unit &- 87
      default: return nil
      }
      value = value << 4 | digit
    }
    return value
  }
}
