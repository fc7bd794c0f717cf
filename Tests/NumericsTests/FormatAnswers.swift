import Numerics

/// Runs a command about format specifications and percent formats; nil when it is none.
func formatAnswer(_ p: [Substring]) -> String? {
  switch p[0] {
  case "format": return formatted(String(p[1]), points(p[2]), Array(p[3...]))
  case "percent": return percentFormatted(p[1], points(p[2]), p[3])
  default: return nil
  }
}

private func formatted(_ kind: String, _ specification: [UInt32], _ values: [Substring]) -> String {
  var text = ""
  for point in specification { text.unicodeScalars.append(Unicode.Scalar(point) ?? "?") }
  let defaultType: [String: UInt8] = ["int": UInt8(ascii: "d"), "str": UInt8(ascii: "s")]
  return lend(specification, or: 0) { start, count in
    do throws(FormatError) {
      let spec = try FormatSpec(
        start, count, defaultType: defaultType[kind] ?? 0,
        defaultAlignment: kind == "str" ? .left : .right)
      switch kind {
      case "float": return show(try spec.renderFloat(double(values[0])).string)
      case "complex":
        return show(try spec.renderComplex(double(values[0]), double(values[1])).string)
      case "str":
        let layout = try spec.layoutString(Int(values[0]) ?? 0)
        return padded("Q", layout.kept, spec.fill, layout.left, layout.right)
      default:
        return try integerFormatted(spec, big(values[0]))
      }
    } catch {
      return "E " + error.message(specification: text, typeName: kind)
    }
  }
}

private func integerFormatted(
  _ spec: FormatSpec, _ value: BigInteger
) throws(FormatError) -> String {
  if spec.type == UInt32(UInt8(ascii: "c")) {
    let layout = try spec.layoutCharacter(value.word)
    let character = Unicode.Scalar(UInt32(value.word ?? 0)) ?? "?"
    return padded(character, 1, spec.fill, layout.left, layout.right)
  }
  if "eEfFgG%".unicodeScalars.contains(where: { $0.value == spec.type }) {
    return show(try spec.renderFloat(value.double ?? .infinity).string)
  }
  let digits = value.digits + [0]
  var failure: FormatError?
  let text = digits.withUnsafeBufferPointer { buffer -> String in
    do throws(FormatError) {
      return try spec.renderInteger(
        buffer.baseAddress!, value.digits.count, negative: value.isNegative
      ).string
    } catch {
      failure = error
      return ""
    }
  }
  if let failure { throw failure }
  return show(text)
}

private func padded(
  _ character: Unicode.Scalar, _ count: Int, _ fill: UInt32, _ left: Int, _ right: Int
) -> String {
  show(
    [UInt32](repeating: fill, count: left) + [UInt32](repeating: character.value, count: count)
      + [UInt32](repeating: fill, count: right))
}

private func percentFormatted(
  _ kind: Substring, _ specification: [UInt32], _ value: Substring
) -> String {
  lend(specification, or: 0) { start, count in
    let spec = PercentSpec(start, count, from: 0)
    if let problem = spec.problem { return "E " + problem.rawValue }
    func size(_ size: PercentSpec.Size) -> Int {
      if case .value(let given) = size { return given }
      return -1
    }
    let width = size(spec.width), precision = size(spec.precision)
    if kind == "int" {
      let x = big(value)
      return lend(x) { a, na in
        guard
          let text = spec.renderInteger(
            a, na, negative: x.isNegative, width: width, precision: precision)
        else { return "out of memory" }
        return show(text.string)
      }
    }
    guard let text = spec.renderFloat(double(value), width: width, precision: precision) else {
      return "out of memory"
    }
    return show(text.string)
  }
}
