import Glibc

/// Decodes a source in an encoding the parser does not know: the encoding's name and the bytes in,
/// UTF-8 out.
///
/// Returns `nil` when the encoding is unknown; throws what the codec reports.
public typealias SourceDecoder = (
  _ encoding: String, _ bytes: UnsafeBufferPointer<UInt8>
) throws(SyntaxFailure) -> [UInt8]?

/// The encoding that a comment in the first two lines of a source names, normalised; nil when there
/// is none (PEP 263).
public func declaredSourceEncoding(_ source: UnsafeBufferPointer<UInt8>) -> String? {
  SourceText.declaredEncoding(source)
}

/// A source as the tokenizer wants it: UTF-8 with `\n` line ends and a 0 byte after the end.
///
/// CPython: Parser/tokenizer/string_tokenizer.c and helpers.c; PEP 263.
final class SourceText {
  let bytes: UnsafeMutablePointer<UInt8>
  let count: Int
  /// The encoding declared by a cookie or byte order mark, normalised; `nil` when neither is there.
  let encoding: String?

  deinit { bytes.deallocate() }

  /// - Parameters:
  ///   - ignoreCookie: the bytes are UTF-8 whatever they declare (source given as `str`).
  ///   - endsWithNewline: supply a missing last line end.
  ///   - keepsCarriageReturns: leave `\r` alone (`tokenize`).
  init(
    _ input: UnsafeBufferPointer<UInt8>, ignoreCookie: Bool, endsWithNewline: Bool,
    keepsCarriageReturns: Bool = false, decoder: SourceDecoder?
  ) throws(SyntaxFailure) {
    var input = input
    if input.count > Int(Int32.max) - 16 {
      throw SyntaxFailure(.overflowError, "source code is too long")
    }
    var encoding: String?
    var decoded: [UInt8]?
    if !ignoreCookie {
      let hasMark = input.count >= 3 && input[0] == 0xEF && input[1] == 0xBB && input[2] == 0xBF
      if hasMark {
        input = UnsafeBufferPointer(rebasing: input[3...])
        encoding = "utf-8"
      }
      if let declared = Self.declaredEncoding(input, inWholeLines: !endsWithNewline) {
        if hasMark, declared != "utf-8" {
          throw Self.placeless("encoding problem: \(declared) with BOM")
        }
        encoding = declared
        decoded = try Self.decode(input, declared, decoder)
      }
    }
    self.encoding = encoding
    if let decoded {
      (bytes, count) = decoded.withUnsafeBufferPointer {
        Self.copy($0, endsWithNewline, keepsCarriageReturns)
      }
    } else {
      (bytes, count) = Self.copy(input, endsWithNewline, keepsCarriageReturns)
    }
  }

  private static func placeless(_ message: String) -> SyntaxFailure {
    SyntaxFailure(.syntaxError, message, lineno: 0, offset: -1)
  }

  /// What is wrong with a file's encoding, as CPython words it for files.
  static func unreadable(
    _ input: UnsafeBufferPointer<UInt8>, _ failure: SyntaxFailure
  ) -> SyntaxFailure {
    guard failure.kind == .syntaxError else { return failure }
    var failure = failure
    failure.isBare = true
    let described = ["Non-UTF-8 code", "encoding problem:"].contains { failure.message.hasPrefix($0) }
    if !described, let name = declaredEncoding(input) {
      failure.message = "encoding problem: \(name)"
    }
    return failure
  }

  private static func copy(
    _ input: UnsafeBufferPointer<UInt8>, _ endsWithNewline: Bool, _ keepsCarriageReturns: Bool
  ) -> (UnsafeMutablePointer<UInt8>, Int) {
    // Three spare bytes: the tokenizer peeks past the end.
    let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: input.count + 8)
    var count = input.count
    if count > 0, let base = input.baseAddress {
      memcpy(bytes, base, count)
      if !keepsCarriageReturns, memchr(base, 13, count) != nil {
        var out = 0
        var i = 0
        while i < count {
          var c = base[i]
          i += 1
          if c == UInt8(ascii: "\r") {
            c = UInt8(ascii: "\n")
            if i < count, base[i] == c { i += 1 }
          }
          bytes[out] = c
          out += 1
        }
        count = out
      }
    }
    if endsWithNewline, count > 0, bytes[count - 1] != UInt8(ascii: "\n") {
      bytes[count] = UInt8(ascii: "\n")
      count += 1
    }
    memset(bytes + count, 0, 4)
    return (bytes, count)
  }

  /// The encoding named by a comment in the first two lines, normalised; `nil` when there is none.
  ///
  /// - Parameter inWholeLines: a line without its end does not count (source that is no file).
  static func declaredEncoding(
    _ input: UnsafeBufferPointer<UInt8>, inWholeLines: Bool = false
  ) -> String? {
    var lineStart = 0
    for _ in 0..<2 {
      guard lineStart < input.count else { return nil }
      var end = lineStart
      while end < input.count, input[end] != UInt8(ascii: "\n"), input[end] != UInt8(ascii: "\r") {
        end += 1
      }
      if inWholeLines && end == input.count { return nil }
      var p = lineStart
      while p < end,
        input[p] == UInt8(ascii: " ") || input[p] == UInt8(ascii: "\t") || input[p] == 0x0C
      {
        p += 1
      }
      if p < end, input[p] != UInt8(ascii: "#") { return nil }
      if let name = cookie(input, p, end) { return normalizedEncoding(name) }
      if end + 1 < input.count, input[end] == UInt8(ascii: "\r"),
        input[end + 1] == UInt8(ascii: "\n")
      {
        end += 1
      }
      lineStart = end + 1
    }
    return nil
  }

  /// The name after `coding:` or `coding=` in the bytes `start ..< end`.
  private static func cookie(
    _ input: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int
  ) -> String? {
    let word = Array("coding".utf8)
    var p = start
    while p + 7 <= end {
      defer { p += 1 }
      guard input[p] == word[0], input[p..<p + 6].elementsEqual(word) else { continue }
      var t = p + 6
      guard input[t] == UInt8(ascii: ":") || input[t] == UInt8(ascii: "=") else { continue }
      repeat {
        t += 1
      } while t < end && (input[t] == UInt8(ascii: " ") || input[t] == UInt8(ascii: "\t"))
      let begin = t
      while t < end,
        isASCIIAlphanumeric(input[t]) || input[t] == UInt8(ascii: "-")
          || input[t] == UInt8(ascii: "_") || input[t] == UInt8(ascii: ".")
      {
        t += 1
      }
      if begin < t { return String(decoding: input[begin..<t], as: UTF8.self) }
    }
    return nil
  }

  /// `utf-8` and `iso-8859-1` under their many names; other names as they are.
  private static func normalizedEncoding(_ name: String) -> String {
    let head = String(name.prefix(12)).lowercased().map { $0 == "_" ? "-" : $0 }
    let text = String(head)
    if text == "utf-8" || text.hasPrefix("utf-8-") { return "utf-8" }
    for latin in ["latin-1", "iso-8859-1", "iso-latin-1"]
    where text == latin || text.hasPrefix(latin + "-") {
      return "iso-8859-1"
    }
    return name
  }

  /// The source in UTF-8; `nil` when it already is.
  private static func decode(
    _ input: UnsafeBufferPointer<UInt8>, _ encoding: String, _ decoder: SourceDecoder?
  ) throws(SyntaxFailure) -> [UInt8]? {
    switch encoding.lowercased() {
    case "utf-8", "utf8": return nil
    case "iso-8859-1", "latin1", "l1", "iso8859-1":
      var out: [UInt8] = []
      out.reserveCapacity(input.count + input.count / 8)
      for c in input {
        if c < 0x80 {
          out.append(c)
        } else {
          out.append(0xC0 | c >> 6)
          out.append(0x80 | c & 0x3F)
        }
      }
      return out
    case "ascii", "us-ascii":
      if let position = input.firstIndex(where: { $0 >= 0x80 }) {
        let byte = String(input[position], radix: 16)
        throw placeless(
          "'ascii' codec can't decode byte 0x\(byte) in position \(position): "
            + "ordinal not in range(128)")
      }
      return nil
    default:
      if let decoder, let decoded = try decoder(encoding, input) { return decoded }
      throw placeless("unknown encoding: \(encoding)")
    }
  }

  /// Checks that a file without a declared encoding is UTF-8.
  func checkUndeclaredUTF8(filename: String) throws(SyntaxFailure) {
    var p = 0
    var line = 1
    while p < count {
      if bytes[p] < 0x80 {
        if bytes[p] == UInt8(ascii: "\n") { line += 1 }
        p += 1
      } else if let (_, length) = decodeUTF8(bytes + p, count - p) {
        p += length
      } else {
        let byte = String(bytes[p], radix: 16)
        throw SyntaxFailure(
          .syntaxError,
          "Non-UTF-8 code starting with '\\x\(byte)' in file \(filename) on line \(line), but no "
            + "encoding declared; see https://peps.python.org/pep-0263/ for details")
      }
    }
  }
}
