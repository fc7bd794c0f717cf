/// Finds source lines and turns byte columns into the character columns of a `SyntaxFailure`.
struct SourceLines {
  private let source: UnsafePointer<UInt8>

  /// - Parameter source: ends with a byte 0.
  init(_ source: UnsafePointer<UInt8>) { self.source = source }

  /// The bytes of line `lineno`, without its end. Past the end it is the last line.
  func line(_ lineno: Int) -> UnsafeBufferPointer<UInt8> {
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
