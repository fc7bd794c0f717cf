import Numerics

/// Runs a command about the text of floats; nil when it is none.
func floatAnswer(_ p: [Substring]) -> String? {
  switch p[0] {
  case "repr":
    var text = [UInt8](repeating: 0, count: FloatText.reprLimit)
    let count = FloatText.repr(double(p[1]), into: &text)
    return String(decoding: text[..<count], as: UTF8.self)
  case "fhex":
    var text = [UInt8](repeating: 0, count: 32)
    let count = FloatText.hexadecimal(double(p[1]), into: &text)
    return String(decoding: text[..<count], as: UTF8.self)
  case "fmt":
    var text = TextBuffer()
    let codes: [Substring: FloatText.Code] = ["e": .exponent, "f": .fixed, "g": .general]
    FloatText.format(
      double(p[1]), codes[p[2]] ?? .repr, precision: Int(p[3]) ?? 0,
      FloatText.Flags(rawValue: Int(p[4]) ?? 0), into: &text)
    return text.string
  case "fparse":
    switch lend(bytes(p.count > 1 ? p[1] : "-"), or: 0, FloatText.parse) {
    case .value(let value): return show(value)
    case .invalid: return "invalid"
    case .outOfMemory: return "out of memory"
    }
  case "fparsehex":
    switch lend(bytes(p[1]), or: 0, FloatText.parseHexadecimal) {
    case .value(let value): return show(value)
    case .invalid: return "invalid"
    case .overflow: return "overflow"
    case .tooLong: return "too long"
    }
  case "round":
    switch FloatText.round(double(p[1]), places: Int(p[2]) ?? 0) {
    case .value(let value): return show(value)
    case .overflow: return "overflow"
    case .outOfMemory: return "out of memory"
    }
  case "ratio":
    let (significand, exponent) = FloatText.ratio(double(p[1]))
    return "\(significand) \(exponent)"
  default: return nil
  }
}
