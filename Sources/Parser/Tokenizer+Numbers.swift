extension Tokenizer {
  /// A number that begins with the digit `first`, already read.
  mutating func readNumber(_ first: UInt8) -> Token {
    if first == UInt8(ascii: "0") {
      switch source[cursor] | 0x20 {
      case UInt8(ascii: "x"): return readRadix("hexadecimal", 16)
      case UInt8(ascii: "o"): return readRadix("octal", 8)
      case UInt8(ascii: "b"): return readRadix("binary", 2)
      default: return readZeros()
      }
    }
    guard let c = decimalTail() else { return layout(.error) }
    if c == 0x2E { return readFraction(nextByte()) }
    return readExponent(c)
  }

  /// The rest of a literal with a base prefix; the cursor is on the prefix letter.
  private mutating func readRadix(_ name: String, _ radix: Int32) -> Token {
    cursor += 1
    var c = nextByte()
    repeat {
      if c == 0x5F { c = nextByte() }
      if digit(c, radix) == nil {
        if radix < 10, isDigit(c) { return badDigit(c, name) }
        back(c)
        return fail("invalid \(name) literal")
      }
      repeat { c = nextByte() } while digit(c, radix) != nil
    } while c == 0x5F
    if radix < 10, isDigit(c) { return badDigit(c, name) }
    guard checkEnd(c, name) else { return layout(.error) }
    back(c)
    return token(.number)
  }

  private mutating func badDigit(_ c: Int32, _ name: String) -> Token {
    fail(
      "invalid digit '\(Character(Unicode.Scalar(UInt8(truncatingIfNeeded: c))))' in \(name) literal"
    )
  }

  /// A decimal literal that begins with `0`.
  private mutating func readZeros() -> Token {
    var c: Int32 = 0x30
    while true {
      if c == 0x5F {
        c = nextByte()
        if !isDigit(c) {
          back(c)
          return fail("invalid decimal literal")
        }
      }
      if c != 0x30 { break }
      c = nextByte()
    }
    let zerosEnd = cursor
    var isOldOctal = false
    if isDigit(c) {
      isOldOctal = true
      guard let next = decimalTail() else { return layout(.error) }
      c = next
    }
    switch c {
    case 0x2E: return readFraction(nextByte())
    case 0x65, 0x45, 0x6A, 0x4A: return readExponent(c)
    default: break
    }
    if isOldOctal, !extraTokens {
      back(c)
      let message =
        "leading zeros in decimal integer literals are not permitted; "
        + "use an 0o prefix for octal integers"
      failure = failureHere(
        message, column: start + 1 - lineStart, endColumn: zerosEnd - lineStart)
      state = .failed
      return layout(.error)
    }
    guard checkEnd(c, "decimal") else { return layout(.error) }
    back(c)
    return token(.number)
  }

  /// What follows the point of a number; `c` is the byte after it, already read.
  mutating func readFraction(_ first: Int32) -> Token {
    var c = first
    if isDigit(c) {
      guard let next = decimalTail() else { return layout(.error) }
      c = next
    }
    return readExponent(c)
  }

  /// An exponent and the imaginary unit, if `c`, already read, begins one.
  private mutating func readExponent(_ first: Int32) -> Token {
    var c = first
    if c == 0x65 || c == 0x45 {
      let e = c
      c = nextByte()
      if c == 0x2B || c == 0x2D {
        c = nextByte()
        if !isDigit(c) {
          back(c)
          return fail("invalid decimal literal")
        }
      } else if !isDigit(c) {
        back(c)
        guard checkEnd(e, "decimal") else { return layout(.error) }
        back(e)
        return token(.number)
      }
      guard let next = decimalTail() else { return layout(.error) }
      c = next
    }
    if c == 0x6A || c == 0x4A {
      c = nextByte()
      guard checkEnd(c, "imaginary") else { return layout(.error) }
    } else if !checkEnd(c, "decimal") {
      return layout(.error)
    }
    back(c)
    return token(.number)
  }

  /// Reads digits and single underscores between them; returns the byte after, already read, or
  /// `nil` on an error.
  private mutating func decimalTail() -> Int32? {
    while true {
      var c: Int32
      repeat { c = nextByte() } while isDigit(c)
      if c != 0x5F { return c }
      c = nextByte()
      if !isDigit(c) {
        back(c)
        fail("invalid decimal literal")
        return nil
      }
    }
  }

  /// Checks `c`, the byte read after a number. A keyword that may follow a number is only worth a
  /// warning.
  private mutating func checkEnd(_ c: Int32, _ name: String) -> Bool {
    if extraTokens || c < 0 || c >= 0x80 { return true }
    let byte = UInt8(truncatingIfNeeded: c)
    guard isASCIIAlphanumeric(byte) || byte == UInt8(ascii: "_") else { return true }
    let tolerated: Bool
    switch byte {
    case UInt8(ascii: "a"): tolerated = wordEnds("nd")
    case UInt8(ascii: "e"): tolerated = wordEnds("lse")
    case UInt8(ascii: "f"): tolerated = wordEnds("or")
    case UInt8(ascii: "i"):
      let next = source[cursor]
      tolerated =
        next == UInt8(ascii: "f") || next == UInt8(ascii: "n") || next == UInt8(ascii: "s")
    case UInt8(ascii: "o"): tolerated = wordEnds("r")
    case UInt8(ascii: "n"): tolerated = wordEnds("ot")
    default: tolerated = false
    }
    back(c)
    if tolerated {
      warn("invalid \(name) literal")
      _ = nextByte()
      return true
    }
    fail("invalid \(name) literal")
    return false
  }

  /// Whether the cursor is at `rest` and no name goes on after it.
  private func wordEnds(_ rest: StaticString) -> Bool {
    let length = rest.utf8CodeUnitCount
    for i in 0..<length where source[cursor + i] != rest.utf8Start[i] { return false }
    let after = source[cursor + length]
    return !(after >= 0x80 || after == UInt8(ascii: "_") || isASCIIAlphanumeric(after))
  }

  @inline(__always)
  private func isDigit(_ c: Int32) -> Bool { c >= 0x30 && c <= 0x39 }

  /// The value of `c` as a digit of `radix`.
  private func digit(_ c: Int32, _ radix: Int32) -> Int32? {
    var value = c &- 0x30
    if value < 0 { return nil }
    if value > 9 {
      value = (c | 0x20) &- 0x61
      if value < 0 { return nil }
      value += 10
    }
    return value < radix ? value : nil
  }
}
