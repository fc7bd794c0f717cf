import CPythonABI
import Glibc
import UnicodeData

/// Case mapping by the full mappings of Unicode (SpecialCasing.txt without conditions except the
/// final sigma).
extension PyUnicode {
  /// Code points produced one after the other, at most three per input.
  private struct Points: ~Copyable {
    let base: UnsafeMutablePointer<UInt32>
    var count = 0

    init(capacity: Int) throws(Raised) {
      let (bytes, overflow) = capacity.multipliedReportingOverflow(by: 12)
      guard !overflow, let memory = malloc(Swift.max(bytes, 1)) else { throw raiseNoMemory() }
      base = memory.as(UInt32.self)
    }

    deinit { free(base) }

    mutating func append(_ value: UInt32) {
      base[count] = value
      count &+= 1
    }
    mutating func appendUpper(_ value: UInt32) { count &+= Int(apus_full_upper(value, base + count)) }
    mutating func appendLower(_ value: UInt32) { count &+= Int(apus_full_lower(value, base + count)) }
    mutating func appendTitle(_ value: UInt32) { count &+= Int(apus_full_title(value, base + count)) }
    mutating func appendFold(_ value: UInt32) { count &+= Int(apus_full_fold(value, base + count)) }

    consuming func finish() throws(Raised) -> Owned { try PyUnicode.make(base, count) }
  }

  /// A text of the same length made from the ASCII bytes of this one.
  @inline(__always)
  private func mapASCII(_ map: (UInt8, Int) -> UInt8) throws(Raised) -> Owned {
    if count == 0 { return Self.empty }
    if count == 1 { return try Self.character(UInt32(map(data.as(UInt8.self)[0], 0))) }
    let result = try Self.make(count, max: 127)
    let source = data.as(UInt8.self)
    let target = PyUnicode(result.ref).data.as(UInt8.self)
    for index in 0..<count { target[index] = map(source[index], index) }
    return result
  }

  @inline(__always) static func asciiUpper(_ byte: UInt8) -> UInt8 {
    byte &- ((byte &- 97) < 26 ? 32 : 0)
  }
  @inline(__always) static func asciiLower(_ byte: UInt8) -> UInt8 {
    byte &+ ((byte &- 65) < 26 ? 32 : 0)
  }

  func uppercased() throws(Raised) -> Owned {
    if isASCII { return try mapASCII { byte, _ in Self.asciiUpper(byte) } }
    var points = try Points(capacity: count)
    for index in 0..<count { points.appendUpper(self[index]) }
    return try points.finish()
  }

  func lowercased() throws(Raised) -> Owned {
    if isASCII { return try mapASCII { byte, _ in Self.asciiLower(byte) } }
    var points = try Points(capacity: count)
    for index in 0..<count { appendLower(index, to: &points) }
    return try points.finish()
  }

  func caseFolded() throws(Raised) -> Owned {
    if isASCII { return try mapASCII { byte, _ in Self.asciiLower(byte) } }
    var points = try Points(capacity: count)
    for index in 0..<count { points.appendFold(self[index]) }
    return try points.finish()
  }

  func caseSwapped() throws(Raised) -> Owned {
    if isASCII {
      return try mapASCII { byte, _ in ((byte | 32) &- 97) < 26 ? byte ^ 32 : byte }
    }
    var points = try Points(capacity: count)
    for index in 0..<count {
      let value = self[index]
      if apus_isupper(value) {
        appendLower(index, to: &points)
      } else if apus_islower(value) {
        points.appendUpper(value)
      } else {
        points.append(value)
      }
    }
    return try points.finish()
  }

  func capitalized() throws(Raised) -> Owned {
    if isASCII {
      return try mapASCII { byte, index in
        index == 0 ? Self.asciiUpper(byte) : Self.asciiLower(byte)
      }
    }
    var points = try Points(capacity: count)
    points.appendTitle(self[0])
    for index in 1..<count { appendLower(index, to: &points) }
    return try points.finish()
  }

  func titlecased() throws(Raised) -> Owned {
    if count == 0 { return Self.empty }
    var points = try Points(capacity: count)
    var afterCased = false
    for index in 0..<count {
      let value = self[index]
      if afterCased { appendLower(index, to: &points) } else { points.appendTitle(value) }
      afterCased = apus_iscased(value)
    }
    return try points.finish()
  }

  /// Appends the lower case of one code point; a sigma that ends a word becomes final.
  private func appendLower(_ index: Int, to points: inout Points) {
    let value = self[index]
    if value == 0x3A3 {
      points.append(isFinalSigma(index) ? 0x3C2 : 0x3C3)
    } else {
      points.appendLower(value)
    }
  }

  private func isFinalSigma(_ index: Int) -> Bool {
    var before = index - 1
    while before >= 0 && apus_iscaseignorable(self[before]) { before -= 1 }
    guard before >= 0 && apus_iscased(self[before]) else { return false }
    var after = index + 1
    while after < count && apus_iscaseignorable(self[after]) { after += 1 }
    return after == count || !apus_iscased(self[after])
  }
}

extension PyUnicode.Methods {
  static let upper: Method = .noargs("upper($self, /)", "The text in upper case.") { text, _ in
    new { try PyUnicode(text).uppercased() }
  }
  static let lower: Method = .noargs("lower($self, /)", "The text in lower case.") { text, _ in
    new { try PyUnicode(text).lowercased() }
  }
  static let casefold: Method = .noargs(
    "casefold($self, /)", "The text with case folded away, for comparisons that ignore case."
  ) { text, _ in
    new { try PyUnicode(text).caseFolded() }
  }
  static let swapcase: Method = .noargs(
    "swapcase($self, /)", "The text with upper case made lower and lower case made upper."
  ) { text, _ in
    new { try PyUnicode(text).caseSwapped() }
  }
  static let capitalize: Method = .noargs(
    "capitalize($self, /)", "The text with its first character in title case, the rest in lower."
  ) { text, _ in
    new {
      if PyUnicode(text).count == 0 { return PyUnicode.empty }
      return try PyUnicode(text).capitalized()
    }
  }
  static let title: Method = .noargs(
    "title($self, /)", "The text with every word in lower case but for a title-case initial."
  ) { text, _ in
    new { try PyUnicode(text).titlecased() }
  }
}
