import CNumerics
import Glibc

extension FloatText {
  private static let exactPowers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  public enum ParseOutcome: Sendable {
    case value(Double)
    /// Not a number in Python's notation.
    case invalid
    case outOfMemory
  }

  /// Reads a number as `float(text)` does: ASCII whitespace around it, a sign, `inf`, `infinity` or
  /// `nan` in any case, or a decimal with single underscores between digits. Correctly rounded;
  /// too large gives infinity.
  public static func parse(_ text: UnsafePointer<UInt8>, _ count: Int) -> ParseOutcome {
    var start = 0, end = count
    while start < end && isSpace(text[start]) { start &+= 1 }
    while end > start && isSpace(text[end &- 1]) { end &-= 1 }
    return parseTrimmed(text + start, end &- start)
  }

  private static func isSpace(_ character: UInt8) -> Bool {
    character == 0x20 || (character >= 0x09 && character <= 0x0D)
  }

  private static func parseTrimmed(_ text: UnsafePointer<UInt8>, _ count: Int) -> ParseOutcome {
    var i = 0
    var negative = false
    if i < count && (text[i] == 0x2B || text[i] == 0x2D) {
      negative = text[i] == 0x2D
      i &+= 1
    }
    if let special = special(text + i, count &- i) {
      return .value(negative ? -special : special)
    }
    let start = i
    // One pass checks the form and gathers up to 19 digits for the quick way.
    var significand: UInt64 = 0
    var kept = 0, dropped = 0, scale = 0, digits = 0
    var underscores = false
    var point = false
    var previous: UInt8 = 0
    while i < count {
      let character = text[i]
      if character >= 0x30 && character <= 0x39 {
        digits &+= 1
        if kept < 19 {
          significand = significand &* 10 &+ UInt64(character &- 0x30)
          if significand != 0 { kept &+= 1 }
          if point { scale &-= 1 }
        } else {
          if character != 0x30 { dropped &+= 1 }
          if !point { scale &+= 1 }
        }
      } else if character == 0x2E && !point {
        if previous == 0x5F { return .invalid }
        point = true
      } else if character == 0x5F {
        if !(previous >= 0x30 && previous <= 0x39) { return .invalid }
        underscores = true
      } else {
        break
      }
      if previous == 0x5F && !(character >= 0x30 && character <= 0x39) { return .invalid }
      previous = character
      i &+= 1
    }
    if digits == 0 || previous == 0x5F { return .invalid }
    if i < count {
      guard text[i] | 0x20 == 0x65 else { return .invalid }
      i &+= 1
      var exponentNegative = false
      if i < count && (text[i] == 0x2B || text[i] == 0x2D) {
        exponentNegative = text[i] == 0x2D
        i &+= 1
      }
      var exponent = 0
      var exponentDigits = 0
      previous = 0
      while i < count {
        let character = text[i]
        if character >= 0x30 && character <= 0x39 {
          exponentDigits &+= 1
          if exponent < 1 << 40 { exponent = exponent &* 10 &+ Int(character &- 0x30) }
        } else if character == 0x5F && previous >= 0x30 && previous <= 0x39 {
          underscores = true
        } else {
          return .invalid
        }
        previous = character
        i &+= 1
      }
      if exponentDigits == 0 || previous == 0x5F { return .invalid }
      scale &+= exponentNegative ? -exponent : exponent
    }
    if dropped == 0 {
      // Both factors are exact doubles: one rounding (Clinger 1990).
      if significand == 0 { return .value(negative ? -0.0 : 0.0) }
      if significand <= 1 << 53 && scale >= -22 && scale <= 22 {
        let value = Double(significand)
        let result = scale < 0 ? value / exactPowers[-scale] : value * exactPowers[scale]
        return .value(negative ? -result : result)
      }
    }
    return convert(text + start, count &- start, negative: negative, underscores: underscores)
  }

  private static func special(_ text: UnsafePointer<UInt8>, _ count: Int) -> Double? {
    func matches(_ name: StaticString) -> Bool {
      if count != name.utf8CodeUnitCount { return false }
      for i in 0..<count where text[i] | 0x20 != name.utf8Start[i] { return false }
      return true
    }
    if count != 3 && count != 8 { return nil }
    if matches("inf") || matches("infinity") { return .infinity }
    return matches("nan") ? .nan : nil
  }

  /// Lets the C library round a number whose form is known to be right.
  private static func convert(
    _ text: UnsafePointer<UInt8>, _ count: Int, negative: Bool, underscores: Bool
  ) -> ParseOutcome {
    func run(_ copy: UnsafeMutablePointer<UInt8>) -> ParseOutcome {
      var n = 0
      for i in 0..<count where text[i] != 0x5F {
        copy[n] = text[i]
        n &+= 1
      }
      copy[n] = 0
      let value = copy.withMemoryRebound(to: CChar.self, capacity: n &+ 1) { apus_read_double($0) }
      return .value(negative ? -value : value)
    }
    if count < 128 {
      return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 128) { buffer in
        buffer.baseAddress.map(run) ?? .outOfMemory
      }
    }
    guard let memory = malloc(count &+ 1) else { return .outOfMemory }
    defer { free(memory) }
    return run(memory.assumingMemoryBound(to: UInt8.self))
  }
}
