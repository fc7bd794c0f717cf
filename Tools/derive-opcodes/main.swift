// Writes what is derived from the instruction table:
//   derive-opcodes ROOT     ROOT is the package's folder
// Sources/Bytecode/Opcode.swift, Documentation/instructions.md, Lib/_opcode_metadata.py
import Bytecode
import Glibc

/// `LOAD_FAST` -> `loadFast`.
func caseName(_ name: String) -> String {
  let words = name.lowercased().split(separator: "_")
  return String(words[0])
    + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
}

/// The parts of one side of an effect: plain values counted, and the expressions of `values[n]`.
func side(_ text: Substring) -> (fixed: Int, sizes: [String]) {
  var fixed = 0
  var sizes: [String] = []
  for part in text.split(separator: ",") {
    let item = part.filter { $0 != " " || part.contains("[") }
    guard let open = item.firstIndex(of: "[") else {
      if item.contains(where: { $0 != " " }) { fixed += 1 }
      continue
    }
    sizes.append(String(item[item.index(after: open)..<item.lastIndex(of: "]")!]))
  }
  return (fixed, sizes)
}

/// A Swift (and Python, but for `?:`) expression for the net effect.
func effect(_ notation: String) -> String {
  let body = notation.dropFirst().dropLast()
  var before = "", after = ""
  if let dashes = body.firstRange(of: "--") {
    before = String(body[body.startIndex..<dashes.lowerBound])
    after = String(body[dashes.upperBound...])
  }
  var (taken, left) = (side(Substring(before)), side(Substring(after)))
  for size in taken.sizes {
    if let same = left.sizes.firstIndex(of: size) {
      left.sizes.remove(at: same)
      taken.sizes.remove(at: taken.sizes.firstIndex(of: size)!)
    }
  }
  let fixed = left.fixed - taken.fixed
  var text = fixed != 0 || left.sizes.isEmpty ? "\(fixed)" : ""
  for size in left.sizes {
    let term = size == "oparg" ? size : "(\(size))"
    text += text.isEmpty ? term : " + \(term)"
  }
  for size in taken.sizes { text += size == "oparg" ? " - \(size)" : " - (\(size))" }
  return text
}

func write(_ text: String, to path: String) {
  guard let file = fopen(path, "w") else {
    print("derive-opcodes: cannot write \(path)")
    exit(1)
  }
  fputs(text, file)
  fclose(file)
}

func swiftSource() -> String {
  var out = """
    // Derived from InstructionTable.swift by Tools/derive-opcodes. Do not edit.

    /// The operations of the wordcode, by number.
    public enum Opcode: UInt8, Sendable, CaseIterable {

    """
  for row in instructionTable {
    out += "  /// `\(row.name)` `\(row.effect)` \(row.meaning.split(separator: ". ")[0])\n"
    out += "  case \(caseName(row.name)) = \(row.number)\n"
  }
  out +=
    "}\n\nextension Opcode {\n  /// The printed name, as in `opcode.opname`.\n  public var name: String {\n    switch self {\n"
  for row in instructionTable { out += "    case .\(caseName(row.name)): \"\(row.name)\"\n" }
  out +=
    "    }\n  }\n\n  /// What `oparg` stands for.\n  @inlinable public var argument: ArgumentKind {\n    switch self {\n"
  for kind in ArgumentKind.allCases where kind != .none {
    let cases = instructionTable.filter { $0.argument == kind }.map { "." + caseName($0.name) }
    if cases.isEmpty { continue }
    out += "    case " + cases.joined(separator: ",\n      ") + ":\n      .\(kind.rawValue)\n"
  }
  out +=
    "    default: .none\n    }\n  }\n\n  /// Whether executing it can leave an exception.\n  public var mayRaise: Bool {\n    switch self {\n    case "
  out += instructionTable.filter { !$0.mayRaise }.map { "." + caseName($0.name) }.joined(
    separator: ",\n      ")
  out += ":\n      false\n    default: true\n    }\n  }\n\n"
  out += """
      /// How many entries the stack grows by.
      ///
      /// - Parameter jump: the way where the jump is taken (for blocks: where the handler is entered).
      public func stackEffect(_ oparg: Int, jump: Bool) -> Int {
        switch self {

    """
  for row in instructionTable {
    let plain = effect(row.effect)
    let jump = row.jumpEffect.map(effect) ?? plain
    out +=
      "    case .\(caseName(row.name)): " + (jump == plain ? plain : "jump ? \(jump) : \(plain)")
      + "\n"
  }
  out += "    }\n  }\n}\n"
  return out
}

func documentation() -> String {
  var out = """
    # The instructions

    Derived from `Sources/Bytecode/InstructionTable.swift` by `Tools/derive-opcodes`.

    Every instruction is two bytes: opcode and argument (`oparg`). `EXTENDED_ARG` carries the higher bits
    of a larger argument. Jumps count instructions, not bytes. The stack effect reads `(taken -- left)`
    with the top of the stack at the right; `values[n]` stands for `n` values. An exception on the stack
    takes three entries: traceback, value, type. Entering a handler pushes six: first the exception that
    was being handled until then, then the new one; the handler block stays on the block stack until
    `POP_EXCEPT` (or until an exception unwinds it, which restores the earlier one).

    Instructions marked with a release serve constructs newer than 3.10, in numbers 3.10 leaves free.

    | No. | Instruction | Argument | Stack | Meaning |
    |---|---|---|---|---|

    """
  func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }
  for row in instructionTable {
    let since = row.since.map { " (\($0))" } ?? ""
    let jump = row.jumpEffect.map { "<br>jump: `\(cell($0))`" } ?? ""
    out +=
      "| \(row.number) | `\(row.name)`\(since) | \(row.argument == .none ? "" : row.argument.rawValue) "
    out += "| `\(cell(row.effect))`\(jump) | \(cell(row.meaning)) |\n"
  }
  out += "\n## CALL_INTRINSIC_1\n\n| oparg | name |\n|---|---|\n"
  for item in IntrinsicFunction1.allCases { out += "| \(item.rawValue) | `\(item.name)` |\n" }
  out += "\n## CALL_INTRINSIC_2\n\n| oparg | name |\n|---|---|\n"
  for item in IntrinsicFunction2.allCases { out += "| \(item.rawValue) | `\(item.name)` |\n" }
  out += "\nWhat each does: `Sources/Bytecode/Intrinsics.swift`.\n"
  return out
}

func pythonSource() -> String {
  var out =
    "# Derived from Sources/Bytecode/InstructionTable.swift by Tools/derive-opcodes. Do not edit.\n"
  out +=
    "\"\"\"The instructions of the machine as plain data, for `opcode` and `dis`.\"\"\"\n\nopmap = {\n"
  for row in instructionTable { out += "    '\(row.name)': \(row.number),\n" }
  out += "}\n\nHAVE_ARGUMENT = 90\n"
  func numbers(_ name: String, _ kinds: ArgumentKind...) {
    let list = instructionTable.filter { kinds.contains($0.argument) }.map { String($0.number) }
    out += "\(name) = [\(list.joined(separator: ", "))]\n"
  }
  numbers("hasconst", .const)
  numbers("hasname", .name)
  numbers("hasjrel", .relativeJump)
  numbers("hasjabs", .absoluteJump)
  numbers("haslocal", .local)
  numbers("hascompare", .compare)
  numbers("hasfree", .free)
  numbers("hasintrinsic", .intrinsic)
  out += "\nintrinsic_1 = {\n"
  for item in IntrinsicFunction1.allCases { out += "    \(item.rawValue): '\(item.name)',\n" }
  out += "}\n\nintrinsic_2 = {\n"
  for item in IntrinsicFunction2.allCases { out += "    \(item.rawValue): '\(item.name)',\n" }
  out +=
    "}\n\n# By how much each instruction makes the stack grow: a number or a function of oparg;\n"
  out += "# a pair where it differs between running on and jumping.\neffects = {\n"
  for row in instructionTable {
    let plain = effect(row.effect).replacing(" ? 1 : 0", with: "")
    let value = plain.contains("oparg") ? "lambda oparg: \(plain)" : plain
    if let jump = row.jumpEffect {
      out += "    \(row.number): (\(value), \(effect(jump))),\n"
    } else {
      out += "    \(row.number): \(value),\n"
    }
  }
  out += "}\n\n# What each instruction does: its stack effect and a sentence.\nmeanings = {\n"
  for row in instructionTable {
    let text = row.meaning.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
    out += "    \(row.number): ('\(row.effect)', '\(text)'),\n"
  }
  out += "}\n"
  return out
}

let root = CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : "."
write(swiftSource(), to: root + "/Sources/Bytecode/Opcode.swift")
write(documentation(), to: root + "/Documentation/instructions.md")
write(pythonSource(), to: root + "/Lib/_opcode_metadata.py")
