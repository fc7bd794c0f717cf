import Bytecode

/// Listings of code in the format of `dis` in 3.6 to 3.10.
public enum Disassembly {
  /// The listing of a code object and of those nested in it.
  public static func text(of code: CodeUnit) -> String {
    var out = listing(of: code)
    for constant in code.constants {
      guard case .code(let inner) = constant else { continue }
      out += "\nDisassembly of \(description(of: inner)):\n" + text(of: inner)
    }
    return out
  }

  /// The listing of one code object.
  public static func listing(of code: CodeUnit) -> String {
    var lineStarts: [Int: Int] = [:]
    var previous: Int?
    for range in LineTableReader(code.lineTable, firstLine: code.firstLine) {
      if let line = range.line, line != previous {
        lineStarts[range.start] = line
        previous = line
      }
    }
    let instructions = Array(WordcodeReader(code.code))
    let targets = Set(instructions.compactMap(\.jumpTarget))
    let lineWidth = max(3, String(lineStarts.values.max() ?? 0).count)
    let offsetWidth = max(4, String(max(code.code.count - 2, 0)).count)
    var out = ""
    for instruction in instructions {
      let offset = instruction.index * 2
      var fields: [String] = []
      if let line = lineStarts[offset] {
        if offset > 0 { out += "\n" }
        fields.append(padded(String(line), lineWidth))
      } else {
        fields.append(String(repeating: " ", count: lineWidth))
      }
      fields.append("   ")
      fields.append(targets.contains(instruction.index) ? ">>" : "  ")
      fields.append(padded(String(offset), offsetWidth))
      let name = instruction.operation?.name ?? "<\(instruction.opcode)>"
      fields.append(name + String(repeating: " ", count: max(0, 20 - name.count)))
      if let operation = instruction.operation, operation.hasArgument {
        fields.append(padded(String(instruction.oparg), 5))
        if let note = note(for: instruction, operation, code), !note.isEmpty {
          fields.append("(\(note))")
        }
      }
      var line = fields.joined(separator: " ")
      while line.last == " " { line.removeLast() }
      out += line + "\n"
    }
    return out
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private static func description(of code: CodeUnit) -> String {
    "<code object \(code.name), file \"\(code.fileName)\", line \(code.firstLine)>"
  }

  /// What the argument stands for.
  private static func note(
    for instruction: WordcodeInstruction, _ operation: Opcode, _ code: CodeUnit
  ) -> String? {
    let index = instruction.oparg
    func entry(_ names: [String]) -> String? { index < names.count ? names[index] : nil }
    switch operation.argument {
    case .const:
      guard index < code.constants.count else { return nil }
      if case .code(let inner) = code.constants[index] { return description(of: inner) }
      return text(of: code.constants[index])
    case .name: return entry(code.names)
    case .local: return entry(code.varNames)
    case .free: return entry(code.cellVars + code.freeVars)
    case .compare: return entry(comparisonOperators)
    case .relativeJump, .absoluteJump: return "to \((instruction.jumpTarget ?? 0) * 2)"
    default: break
    }
    switch operation {
    case .formatValue:
      var parts: [String] = []
      if index & 3 > 0 { parts.append(["", "str", "repr", "ascii"][index & 3]) }
      if index & 4 != 0 { parts.append("with format") }
      return parts.joined(separator: ", ")
    case .makeFunction:
      let names = ["defaults", "kwdefaults", "annotations", "closure"]
      return names.indices.filter { index & 1 << $0 != 0 }.map { names[$0] }.joined(separator: ", ")
    case .callIntrinsic1:
      return UInt8(exactly: index).flatMap { IntrinsicFunction1(rawValue: $0)?.name }
    case .callIntrinsic2:
      return UInt8(exactly: index).flatMap { IntrinsicFunction2(rawValue: $0)?.name }
    default: return nil
    }
  }

  private static func text(of constant: CodeConstant) -> String {
    switch constant {
    case .code(let code): description(of: code)
    case .tuple(let items):
      "(" + items.map(text).joined(separator: ", ") + (items.count == 1 ? ",)" : ")")
    case .frozenset(let items): "frozenset({" + items.map(text).joined(separator: ", ") + "})"
    default: constant.plain.map { Unparser.representation(of: $0) } ?? "?"
    }
  }
}
