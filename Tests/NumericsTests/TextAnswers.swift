import Numerics
import TextCodecs

/// Runs a command about text encodings; nil when it is none.
func textAnswer(_ p: [Substring]) -> String? {
  guard p.count == 4, let handler = ErrorHandler(rawValue: String(p[2])) else { return nil }
  switch p[0] {
  case "dec", "inc":
    return lend(bytes(p[3]), or: 0) { data, count in
      decoded(p[1], handler, data, count, final: p[0] == "dec")
    }
  case "enc": return encoded(p[1], handler, points(p[3]))
  default: return nil
  }
}

private func decoded(
  _ encoding: Substring, _ handler: ErrorHandler, _ data: UnsafePointer<UInt8>, _ count: Int,
  final: Bool
) -> String {
  let family = ErrorHandler.Family(encoding: String(encoding))
  var out = CodePointBuffer(capacity: 1)
  var position = 0
  var doubt: EscapeCodec.Doubt?
  while true {
    let stop: CodecStop
    switch encoding {
    case "utf-8":
      stop = UTF8Codec.decode(data, count, position: &position, final: final, into: &out)
    case "ascii": stop = ASCII.decode(data, count, position: &position, into: &out)
    case "latin-1": stop = Latin1.decode(data, count, position: &position, into: &out)
    case "utf-16-le":
      stop = UTF16Codec.decode(data, count, .little, position: &position, final: final, into: &out)
    case "utf-16-be":
      stop = UTF16Codec.decode(data, count, .big, position: &position, final: final, into: &out)
    case "utf-32-le":
      stop = UTF32Codec.decode(data, count, .little, position: &position, final: final, into: &out)
    case "utf-32-be":
      stop = UTF32Codec.decode(data, count, .big, position: &position, final: final, into: &out)
    case "utf-7":
      stop = UTF7Codec.decode(data, count, position: &position, final: final, into: &out)
    case "unicode_escape":
      stop = EscapeCodec.decode(
        data, count, position: &position, final: final, doubt: &doubt, into: &out)
    default:
      stop = EscapeCodec.decodeRaw(data, count, position: &position, final: final, into: &out)
    }
    switch stop {
    case .done:
      return "\(show((0..<out.count).map { out[$0] })) \(position)"
    case .outOfMemory:
      return "out of memory"
    case .error(let start, let end, let reason):
      guard
        let next = handler.handleDecoding(
          data, count, start: start, end: end, family: family, into: &out)
      else { return "E \(start) \(end) \(reason)" }
      position = next
    }
  }
}

private func encoded(
  _ encoding: Substring, _ handler: ErrorHandler, _ points: [UInt32]
) -> String {
  let family = ErrorHandler.Family(encoding: String(encoding))
  var buffer = CodePointBuffer()
  for point in points { buffer.append(point) }
  let text = buffer.codePoints
  var out = TextBuffer()
  var position = 0
  while true {
    let stop: CodecStop
    switch encoding {
    case "utf-8": stop = UTF8Codec.encode(text, position: &position, into: &out)
    case "ascii": stop = ASCII.encode(text, position: &position, into: &out)
    case "latin-1": stop = Latin1.encode(text, position: &position, into: &out)
    case "utf-16-le": stop = UTF16Codec.encode(text, .little, position: &position, into: &out)
    case "utf-16-be": stop = UTF16Codec.encode(text, .big, position: &position, into: &out)
    case "utf-32-le": stop = UTF32Codec.encode(text, .little, position: &position, into: &out)
    case "utf-32-be": stop = UTF32Codec.encode(text, .big, position: &position, into: &out)
    case "utf-7": stop = UTF7Codec.encode(text, into: &out)
    case "unicode_escape": stop = EscapeCodec.encode(text, into: &out)
    default: stop = EscapeCodec.encodeRaw(text, into: &out)
    }
    switch stop {
    case .done: return show(out.bytes, out.count)
    case .outOfMemory: return "out of memory"
    case .error(let start, let end, let reason):
      guard
        let next = handler.handleEncoding(text, start: start, end: end, family: family, into: &out)
      else { return "E \(start) \(end) \(reason)" }
      position = next
    }
  }
}
