import UnicodeData

/// What is wrong with the text of a literal.
struct LiteralFailure: Error {
  /// As CPython words it, with the "(unicode error) " in front where it has one.
  var message: String
  /// Point at the literal itself and not at the last token read.
  var atToken = false
}

/// An escape that is not one.
struct DoubtfulEscape {
  /// As the warning shows it, without the backslash.
  var text: String
  /// Lines of the literal before it.
  var line = 0
  /// Bytes before its backslash on its line, where CPython has rewritten characters beyond ASCII as
  /// ten-byte escapes.
  var column = 0

  /// The escape `text` whose backslash is at `position` of `body`.
  init(_ text: String, _ body: UnsafeBufferPointer<UInt8>, _ position: Int) {
    self.text = text
    var p = 0
    while p < position {
      if body[p] == UInt8(ascii: "\n") {
        line += 1
        column = 0
      } else if body[p] < 0x80 {
        column += 1
      } else if body[p] >= 0xC0 {
        column += 10
      }
      p += 1
    }
  }
}

/// The value of one string token.
struct StringLiteral {
  var isBytes = false
  var hasUPrefix = false
  var value: [UInt8] = []
  /// The first escape that is not one.
  var doubtfulEscape: DoubtfulEscape?
}

/// Reads a string token: prefix, quotes, escapes.
///
/// CPython: Parser/string_parser.c, _PyPegen_parse_string.
func readStringLiteral(
  _ text: UnsafeBufferPointer<UInt8>
) throws(LiteralFailure) -> StringLiteral {
  var literal = StringLiteral()
  var isRaw = false
  var p = 0
  prefix: while p < text.count {
    switch text[p] | 0x20 {
    case UInt8(ascii: "b"): literal.isBytes = true
    case UInt8(ascii: "r"): isRaw = true
    case UInt8(ascii: "u"): literal.hasUPrefix = p == 0 && text[p] == UInt8(ascii: "u")
    default: break prefix
    }
    p += 1
  }
  let quote = text[p]
  var end = text.count - 1
  p += 1
  if end - p >= 4, text[p] == quote, text[p + 1] == quote {
    p += 2
    end -= 2
  }
  let body = UnsafeBufferPointer(rebasing: text[p..<max(p, end)])
  var hasBackslash = false
  var isASCII = true
  for c in body {
    if c == UInt8(ascii: "\\") { hasBackslash = true }
    if c >= 0x80 { isASCII = false }
  }
  if literal.isBytes, !isASCII {
    throw LiteralFailure(
      message: "bytes can only contain ASCII literal characters", atToken: true)
  }
  if isRaw || !hasBackslash {
    if !isASCII, let problem = utf8Problem(body) {
      throw LiteralFailure(message: "(unicode error) \(problem)")
    }
    literal.value = Array(body)
  } else if literal.isBytes {
    literal.value = try unescapeBytes(body, &literal.doubtfulEscape)
  } else {
    literal.value = try unescapeText(body, &literal.doubtfulEscape)
  }
  return literal
}

/// Why `bytes` are not UTF-8, in the words of `UnicodeDecodeError`; `nil` when they are.
func utf8Problem(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
  guard let base = bytes.baseAddress else { return nil }
  var p = 0
  while p < bytes.count {
    if bytes[p] < 0x80 {
      p += 1
      continue
    }
    if let (_, length) = decodeUTF8(base + p, bytes.count - p) {
      p += length
      continue
    }
    let first = bytes[p]
    var needed = 0
    var low: UInt8 = 0x80
    var high: UInt8 = 0xBF
    switch first {
    case 0xC2...0xDF: needed = 1
    case 0xE0...0xEF:
      needed = 2
      if first == 0xE0 { low = 0xA0 }
      if first == 0xED { high = 0x9F }
    case 0xF0...0xF4:
      needed = 3
      if first == 0xF0 { low = 0x90 }
      if first == 0xF4 { high = 0x8F }
    default: break
    }
    let shown = String(first, radix: 16)
    if needed == 0 {
      return "'utf-8' codec can't decode byte 0x\(shown) in position \(p): invalid start byte"
    }
    var good = 1
    while good <= needed, p + good < bytes.count {
      let c = bytes[p + good]
      let fits = good == 1 ? c >= low && c <= high : c & 0xC0 == 0x80
      if !fits { break }
      good += 1
    }
    let reason = p + good >= bytes.count ? "unexpected end of data" : "invalid continuation byte"
    if good == 1 {
      return "'utf-8' codec can't decode byte 0x\(shown) in position \(p): \(reason)"
    }
    return "'utf-8' codec can't decode bytes in position \(p)-\(p + good - 1): \(reason)"
  }
  return nil
}

/// Resolves the escapes of a bytes literal. CPython: `_PyBytes_DecodeEscape`.
private func unescapeBytes(
  _ body: UnsafeBufferPointer<UInt8>, _ doubtful: inout DoubtfulEscape?
) throws(LiteralFailure) -> [UInt8] {
  var out: [UInt8] = []
  out.reserveCapacity(body.count)
  var p = 0
  while p < body.count {
    let c = body[p]
    p += 1
    guard c == UInt8(ascii: "\\"), p < body.count else {
      out.append(c)
      continue
    }
    let e = body[p]
    p += 1
    if e == UInt8(ascii: "\n") { continue }
    if let simple = simpleEscape(e) {
      out.append(simple)
    } else if e >= UInt8(ascii: "0"), e <= UInt8(ascii: "7") {
      let value = octal(body, &p, e)
      if value > 0xFF, doubtful == nil { doubtful = .init(octalText(body, p), body, p - 4) }
      out.append(UInt8(truncatingIfNeeded: value))
    } else if e == UInt8(ascii: "x") {
      guard p + 1 < body.count, let high = hexDigit(body[p]), let low = hexDigit(body[p + 1])
      else {
        throw LiteralFailure(message: "(value error) invalid \\x escape at position \(p - 2)")
      }
      out.append(UInt8(truncatingIfNeeded: high << 4 | low))
      p += 2
    } else {
      if doubtful == nil { doubtful = .init(String(Character(Unicode.Scalar(e))), body, p - 2) }
      out.append(UInt8(ascii: "\\"))
      out.append(e)
    }
  }
  return out
}

/// Resolves the escapes of a text literal, or of a literal part of an f-string.
///
/// CPython: `_PyUnicode_DecodeUnicodeEscapeInternal`, after non-ASCII characters have become
/// ten-byte escapes; errors count positions in that form.
func unescapeText(
  _ body: UnsafeBufferPointer<UInt8>, _ doubtful: inout DoubtfulEscape?
) throws(LiteralFailure) -> [UInt8] {
  var out: [UInt8] = []
  out.reserveCapacity(body.count)
  guard let base = body.baseAddress else { return out }
  var p = 0
  /// How much longer the source so far is in CPython's intermediate form.
  var growth = 0
  func failure(_ from: Int, _ to: Int, _ reason: String) -> LiteralFailure {
    var end = to - 1 + growth
    var p = from
    while p < to {
      let length = decodeUTF8(base + p, body.count - p)?.1 ?? 1
      if length > 1 { end += 10 - length }
      p += length
    }
    let place =
      to - from == 1
      ? "byte 0x5c in position \(from + growth)"
      : "bytes in position \(from + growth)-\(end)"
    return LiteralFailure(
      message: "(unicode error) 'unicodeescape' codec can't decode \(place): \(reason)")
  }
  while p < body.count {
    let c = body[p]
    if c != UInt8(ascii: "\\") {
      if c < 0x80 {
        out.append(c)
        p += 1
        continue
      }
      guard let (_, length) = decodeUTF8(base + p, body.count - p) else {
        // The codec sees the run of bytes beyond ASCII that begins here.
        var end = p
        while end < body.count, body[end] >= 0x80 { end += 1 }
        let run = UnsafeBufferPointer(rebasing: body[p..<end])
        throw LiteralFailure(message: "(unicode error) \(utf8Problem(run) ?? "invalid data")")
      }
      out.append(contentsOf: body[p..<p + length])
      p += length
      growth += 10 - length
      continue
    }
    let escape = p
    p += 1
    guard p < body.count else {
      out.append(c)
      break
    }
    let e = body[p]
    if e >= 0x80 {
      // The intermediate form spells this backslash \u005c, which is no doubtful escape.
      out.append(c)
      growth += 5
      continue
    }
    p += 1
    if e == UInt8(ascii: "\n") { continue }
    if let simple = simpleEscape(e) {
      out.append(simple)
      continue
    }
    switch e {
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      let value = octal(body, &p, e)
      if value > 0xFF, doubtful == nil { doubtful = .init(octalText(body, p), body, p - 4) }
      appendWTF8(UInt32(value), &out)
    case UInt8(ascii: "x"), UInt8(ascii: "u"), UInt8(ascii: "U"):
      let digits = e == UInt8(ascii: "x") ? 2 : e == UInt8(ascii: "u") ? 4 : 8
      var value: UInt32 = 0
      var i = 0
      while i < digits, p < body.count, let digit = hexDigit(body[p]) {
        value = value << 4 | UInt32(digit)
        p += 1
        i += 1
      }
      if i < digits {
        let form = Character(Unicode.Scalar(e))
        throw failure(
          escape, p, "truncated \\\(form)\(String(repeating: "X", count: digits)) escape")
      }
      if value > 0x10FFFF { throw failure(escape, p, "illegal Unicode character") }
      appendWTF8(value, &out)
    case UInt8(ascii: "N"):
      var reason = "malformed \\N character escape"
      var found: UInt32?
      if p < body.count, body[p] == UInt8(ascii: "{") {
        p += 1
        let nameStart = p
        while p < body.count, body[p] != UInt8(ascii: "}") { p += 1 }
        if p > nameStart, p < body.count {
          reason = "unknown Unicode character name"
          found = scalarNamed(UnsafeBufferPointer(rebasing: body[nameStart..<p]))
          p += 1
        }
      }
      guard let found else { throw failure(escape, p, reason) }
      appendWTF8(found, &out)
    default:
      if doubtful == nil { doubtful = .init(String(Character(Unicode.Scalar(e))), body, p - 2) }
      out.append(UInt8(ascii: "\\"))
      out.append(e)
    }
  }
  return out
}

/// Appends a code point as UTF-8, a surrogate by the same scheme.
func appendWTF8(_ c: UInt32, _ out: inout [UInt8]) {
  func tail(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(truncatingIfNeeded: c >> shift & 0x3F) }
  switch c {
  case 0..<0x80: out.append(UInt8(truncatingIfNeeded: c))
  case 0x80..<0x800:
    out.append(0xC0 | UInt8(truncatingIfNeeded: c >> 6))
    out.append(tail(0))
  case 0x800..<0x10000:
    out.append(0xE0 | UInt8(truncatingIfNeeded: c >> 12))
    out.append(tail(6))
    out.append(tail(0))
  default:
    out.append(0xF0 | UInt8(truncatingIfNeeded: c >> 18))
    out.append(tail(12))
    out.append(tail(6))
    out.append(tail(0))
  }
}

/// The character of `\a`, `\n` and their like.
private func simpleEscape(_ c: UInt8) -> UInt8? {
  switch c {
  case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): c
  case UInt8(ascii: "a"): 7
  case UInt8(ascii: "b"): 8
  case UInt8(ascii: "t"): 9
  case UInt8(ascii: "n"): 10
  case UInt8(ascii: "v"): 11
  case UInt8(ascii: "f"): 12
  case UInt8(ascii: "r"): 13
  default: nil
  }
}

/// The value of up to three octal digits, the first of which was read.
private func octal(_ body: UnsafeBufferPointer<UInt8>, _ p: inout Int, _ first: UInt8) -> Int {
  var value = Int(first - UInt8(ascii: "0"))
  var digits = 1
  while digits < 3, p < body.count, body[p] >= UInt8(ascii: "0"), body[p] <= UInt8(ascii: "7") {
    value = value << 3 | Int(body[p] - UInt8(ascii: "0"))
    p += 1
    digits += 1
  }
  return value
}

private func octalText(_ body: UnsafeBufferPointer<UInt8>, _ end: Int) -> String {
  String(decoding: body[(end - 3)..<end], as: UTF8.self)
}

private func hexDigit(_ c: UInt8) -> Int? {
  if c &- 0x30 < 10 { return Int(c - 0x30) }
  let lower = (c | 0x20) &- 0x61
  return lower < 6 ? Int(lower) + 10 : nil
}

/// The character with a Unicode name or alias, as `\N{...}` finds it.
private func scalarNamed(_ name: UnsafeBufferPointer<UInt8>) -> UInt32? {
  guard name.count <= 256, name.allSatisfy({ $0 < 0x80 }) else { return nil }
  var points: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
  let found = name.withMemoryRebound(to: CChar.self) { characters -> Bool in
    guard let base = characters.baseAddress else { return false }
    return withUnsafeMutablePointer(to: &points) {
      $0.withMemoryRebound(to: UInt32.self, capacity: 4) {
        apus_lookup(base, characters.count, APUS_NAMES_ALIASES, $0) == 1
      }
    }
  }
  return found ? points.0 : nil
}
