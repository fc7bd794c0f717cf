import CPythonABI
import UnicodeData

extension PyUnicode {
  /// The text as a literal: quotes, escapes, and unprintable characters as \\x, \\u, \\U.
  func literal() throws(Raised) -> Owned {
    var size = 2
    var single = 0
    var double = 0
    var max: UInt32 = 127
    _ = allSatisfy { value in
      switch value {
      case 39: single += 1; size &+= 1
      case 34: double += 1; size &+= 1
      case 92, 9, 10, 13: size &+= 2
      default:
        if value < 32 || value == 127 {
          size &+= 4
        } else if value < 127 {
          size &+= 1
        } else if apus_isprintable(value) {
          size &+= 1
          if value > max { max = value }
        } else {
          size &+= value < 0x100 ? 4 : value < 0x10000 ? 6 : 10
        }
      }
      return true
    }
    // Python counts on strings of at most a tenth of the address space here.
    if size < 0 { throw raise(.overflowError, "string is too long to generate repr") }
    let quote: UInt32 = single > 0 && double == 0 ? 34 : 39
    if quote == 39 { size &+= single }
    let result = try Self.make(size, max: max)
    let target = PyUnicode(result.ref)
    target.write(quote, at: 0)
    if size == count + 2 {
      target.copy(self, count, at: 1)
    } else {
      switch target.kind {
      case 1: writeLiteral(target.data.as(UInt8.self) + 1, quote)
      case 2: writeLiteral(target.data.as(UInt16.self) + 1, quote)
      default: writeLiteral(target.data.as(UInt32.self) + 1, quote)
      }
    }
    target.write(quote, at: size - 1)
    return result
  }

  private func writeLiteral<T: CodeUnit>(_ target: UnsafeMutablePointer<T>, _ quote: UInt32) {
    var position = 0
    for index in 0..<count {
      let value = self[index]
      if value == quote || value == 92 {
        target[position] = 92
        target[position &+ 1] = T(truncatingIfNeeded: value)
        position &+= 2
      } else if value >= 127 ? apus_isprintable(value) : value >= 32 {
        target[position] = T(truncatingIfNeeded: value)
        position &+= 1
      } else {
        position &+= Self.writeEscape(value, to: target + position)
      }
    }
  }

  /// Writes \\t, \\n, \\r, \\xNN, \\uNNNN or \\UNNNNNNNN and returns the length.
  static func writeEscape<T: CodeUnit>(
    _ value: UInt32, to target: UnsafeMutablePointer<T>
  ) -> Int {
    target[0] = 92
    switch value {
    case 9: target[1] = 116; return 2
    case 10: target[1] = 110; return 2
    case 13: target[1] = 114; return 2
    default: break
    }
    let digits = value < 0x100 ? 2 : value < 0x10000 ? 4 : 8
    target[1] = digits == 2 ? 120 : digits == 4 ? 117 : 85
    for index in 0..<digits {
      let digit = value >> UInt32(4 * (digits - 1 - index)) & 15
      target[2 + index] = T(truncatingIfNeeded: digit < 10 ? 48 + digit : 87 + digit)
    }
    return 2 + digits
  }
}

/// `ascii(text)` for a repr: characters from 128 on escaped.
func asciiEscaped(_ text: Ref) throws(Raised) -> Owned {
  let view = PyUnicode(text)
  if view.isASCII { return text.retained() }
  var writer = TextWriter(minimum: view.count)
  for index in 0..<view.count {
    let value = view[index]
    if value < 128 {
      try writer.append(value)
      continue
    }
    var escape = InlineArray<10, UInt8>(repeating: 0)
    var span = escape.mutableSpan
    try span.withUnsafeMutableBufferPointer { buffer throws(Raised) in
      guard let start = buffer.baseAddress else { return }
      let count = PyUnicode.writeEscape(value, to: start)
      try writer.append(ascii: start, count)
    }
  }
  return try writer.finish()
}
