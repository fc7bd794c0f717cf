import CPythonABI
import Glibc
import Objects

/// Classes and case of code points, as the instructions ask for them.
enum Characters {
  @inline(__always) static func isAsciiDigit(_ c: UInt32) -> Bool { c &- 48 < 10 }
  @inline(__always) static func isAsciiSpace(_ c: UInt32) -> Bool { c == 32 || c &- 9 < 5 }
  @inline(__always) static func isAsciiWord(_ c: UInt32) -> Bool {
    (c | 32) &- 97 < 26 || c &- 48 < 10 || c == 95
  }
  static func isLocaleWord(_ c: UInt32) -> Bool {
    c < 256 && (isalnum(Int32(c)) != 0 || c == 95)
  }
  @inline(__always) static func isWord(_ c: UInt32) -> Bool {
    if c < 128 { return isAsciiWord(c) }
    return isOtherWord(c)
  }
  @inline(never) static func isOtherWord(_ c: UInt32) -> Bool {
    _PyUnicode_IsAlpha(c) != 0 || _PyUnicode_IsDecimalDigit(c) != 0 || _PyUnicode_IsDigit(c) != 0
      || _PyUnicode_IsNumeric(c) != 0
  }
  @inline(__always) static func isSpace(_ c: UInt32) -> Bool {
    if c < 128 { return isAsciiSpace(c) || c &- 28 < 4 }
    return _PyUnicode_IsWhitespace(c) != 0
  }
  @inline(__always) static func isDigit(_ c: UInt32) -> Bool {
    if c < 128 { return isAsciiDigit(c) }
    return _PyUnicode_IsDecimalDigit(c) != 0
  }

  /// CATEGORY with the number of `re/_constants.py`, CHCODES.
  static func isMember(_ c: UInt32, of category: UInt32) -> Bool {
    switch category {
    case 0: return isAsciiDigit(c)
    case 1: return !isAsciiDigit(c)
    case 2: return isAsciiSpace(c)
    case 3: return !isAsciiSpace(c)
    case 4: return isAsciiWord(c)
    case 5: return !isAsciiWord(c)
    case 6: return c == 10
    case 7: return c != 10
    case 8: return isLocaleWord(c)
    case 9: return !isLocaleWord(c)
    case 10: return isDigit(c)
    case 11: return !isDigit(c)
    case 12: return isSpace(c)
    case 13: return !isSpace(c)
    case 14: return isWord(c)
    case 15: return !isWord(c)
    case 16: return _PyUnicode_IsLinebreak(c) != 0
    case 17: return _PyUnicode_IsLinebreak(c) == 0
    default: return false
    }
  }

  @inline(__always) static func asciiLower(_ c: UInt32) -> UInt32 { c &- 65 < 26 ? c &+ 32 : c }
  static func localeLower(_ c: UInt32) -> UInt32 {
    c < 256 ? UInt32(truncatingIfNeeded: tolower(Int32(c))) : c
  }
  static func localeUpper(_ c: UInt32) -> UInt32 {
    c < 256 ? UInt32(truncatingIfNeeded: toupper(Int32(c))) : c
  }
  @inline(__always) static func lower(_ c: UInt32) -> UInt32 {
    c < 128 ? asciiLower(c) : _PyUnicode_ToLowercase(c)
  }

  /// Whether a character matches a literal under the locale's case rules.
  static func localeEquals(_ literal: UInt32, _ c: UInt32) -> Bool {
    c == literal || localeLower(c) == literal || localeUpper(c) == literal
  }

  /// Whether a set holds a character. `set` points to its first instruction.
  static func isMember(_ c: UInt32, ofSet set: UnsafePointer<UInt32>) -> Bool {
    var set = set
    var found = true
    while true {
      let op = set[0]
      set += 1
      switch op {
      case Op.literal:
        if c == set[0] { return found }
        set += 1
      case Op.range:
        if set[0] <= c && c <= set[1] { return found }
        set += 2
      case Op.rangeUniIgnore:
        if set[0] <= c && c <= set[1] { return found }
        let upper = _PyUnicode_ToUppercase(c)
        if set[0] <= upper && upper <= set[1] { return found }
        set += 2
      case Op.category:
        if isMember(c, of: set[0]) { return found }
        set += 1
      case Op.charset:
        if c < 256 && set[Int(c >> 5)] & (1 << (c & 31)) != 0 { return found }
        set += 8
      case Op.bigCharset:
        let blocks = Int(set[0])
        set += 1
        if c < 0x10000 {
          let block = Int(UnsafeRawPointer(set).load(fromByteOffset: Int(c >> 8), as: UInt8.self))
          let bit = block * 256 + Int(c & 255)
          if set[64 + bit >> 5] & (1 << UInt32(bit & 31)) != 0 { return found }
        }
        set += 64 + blocks * 8
      case Op.negate: found.toggle()
      default: return !found
      }
    }
  }

  static func isMemberIgnoringLocaleCase(_ c: UInt32, ofSet set: UnsafePointer<UInt32>) -> Bool {
    let lower = localeLower(c)
    if isMember(lower, ofSet: set) { return true }
    let upper = localeUpper(c)
    return upper != lower && isMember(upper, ofSet: set)
  }
}
