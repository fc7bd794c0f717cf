import Glibc

/// Finds source lines and turns byte columns into the character columns of a `SyntaxFailure`.
struct SourceLines {
  private let source: UnsafePointer<UInt8>

  /// - Parameter source: ends with a byte 0.
  init(_ source: UnsafePointer<UInt8>) { self.source = source }

  /// The bytes of line `lineno`, with or without its end. Past the end it is the last line.
  func line(_ lineno: Int, withEnd: Bool = false) -> UnsafeBufferPointer<UInt8> {
    var p = source
    var left = lineno - 1
    while left > 0 {
      var q = p
      while q.pointee != 0, q.pointee != UInt8(ascii: "\n") { q += 1 }
      if q.pointee == 0 { break }
      p = q + 1
      left -= 1
    }
    var end = p
    while end.pointee != 0, end.pointee != UInt8(ascii: "\n") { end += 1 }
    if withEnd, end.pointee != 0 { end += 1 }
    return UnsafeBufferPointer(start: p, count: end - p)
  }

  /// How many characters the first `bytes` bytes of `text` are; a cut character counts.
  static func characters(_ text: UnsafeBufferPointer<UInt8>, _ bytes: Int) -> Int {
    // CPython measures the text after decoding it, where a wrong byte became U+FFFD.
    var repaired = String(decoding: text, as: UTF8.self)
    return repaired.withUTF8 { utf8 in
      let end = min(bytes, utf8.count)
      guard end > 0 else { return 0 }
      let head = UnsafeBufferPointer(rebasing: utf8[0..<end])
      return String(decoding: head, as: UTF8.self).unicodeScalars.count
        + (bytes > utf8.count ? 1 : 0)
    }
  }

  /// A failure at two bytes of line `lineno`, which is shown as line `shown`.
  func failure(
    _ message: String, _ lineno: Int, _ column: Int, _ shown: Int, withEnd: Bool
  ) -> SyntaxFailure {
    let text = line(shown, withEnd: withEnd)
    return SyntaxFailure(
      .syntaxError, message, lineno: lineno, offset: Self.characters(text, column + 1),
      endLineno: lineno, endOffset: Self.characters(text, column + 3),
      text: String(decoding: text, as: UTF8.self))
  }

  /// A failure that spans `token`.
  func failure(_ kind: SyntaxFailure.Kind, _ message: String, at token: Token) -> SyntaxFailure {
    let text = line(Int(token.lineno))
    return SyntaxFailure(
      kind, message, lineno: Int(token.lineno),
      offset: Self.characters(text, Int(token.colOffset) + 1), endLineno: Int(token.endLineno),
      endOffset: Self.characters(text, Int(token.endColOffset) + 1),
      text: String(decoding: text, as: UTF8.self))
  }
}

/// Line `lineno` of a file, with its line end if it has one, at most 999 bytes; `nil` when there is
/// no such line.
///
/// CPython: Python/errors.c, _PyErr_ProgramDecodedTextObject, which syntax errors take their text
/// from where the file named by the code exists.
func fileLine(_ path: String, _ lineno: Int) -> [UInt8]? {
  guard lineno > 0, !path.isEmpty, let file = fopen(path, "rb") else { return nil }
  defer { fclose(file) }
  var line: [UInt8] = []
  var number = 1
  var afterReturn = false
  while true {
    let c = getc(file)
    if c == EOF { return number == lineno && !line.isEmpty ? line : nil }
    var byte = UInt8(truncatingIfNeeded: c)
    if afterReturn {
      afterReturn = false
      if byte == UInt8(ascii: "\n") { continue }
    }
    if byte == UInt8(ascii: "\r") {
      afterReturn = true
      byte = UInt8(ascii: "\n")
    }
    if number == lineno { line.append(byte) }
    if byte == UInt8(ascii: "\n") {
      if number == lineno { return line }
      number += 1
    } else if line.count == 999 {
      return line
    }
    if number == 1, line == [0xEF, 0xBB, 0xBF] { line = [] }
  }
}
