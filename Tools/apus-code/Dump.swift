import Bytecode
import Compiler
import Numerics

/// `ascii()` of a string in WTF-8.
func asciiText(_ bytes: [UInt8]) -> String {
  let hasSingle = bytes.contains(39)
  let hasDouble = bytes.contains(34)
  let quote: UInt8 = hasSingle && !hasDouble ? 34 : 39
  let hex = Array("0123456789abcdef")
  var out = String(UnicodeScalar(quote))
  var index = 0
  while index < bytes.count {
    let byte = bytes[index]
    switch byte {
    case quote, 92: out += "\\" + String(UnicodeScalar(byte))
    case 10: out += "\\n"
    case 13: out += "\\r"
    case 9: out += "\\t"
    case 0x20..<0x7F: out.unicodeScalars.append(UnicodeScalar(byte))
    case 0..<0x80: out += "\\x" + String(hex[Int(byte >> 4)]) + String(hex[Int(byte & 15)])
    default:
      let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
      var scalar = UInt32(byte) & (0xFF >> UInt32(length + 1))
      for next in bytes[(index + 1)..<min(index + length, bytes.count)] {
        scalar = scalar << 6 | UInt32(next & 0x3F)
      }
      let width = scalar < 0x100 ? 2 : scalar < 0x10000 ? 4 : 8
      out += width == 2 ? "\\x" : width == 4 ? "\\u" : "\\U"
      for shift in stride(from: (width - 1) * 4, through: 0, by: -4) {
        out.append(hex[Int(scalar >> UInt32(shift)) & 15])
      }
      index += length - 1
    }
    index += 1
  }
  return out + String(UnicodeScalar(quote))
}

func bytesText(_ bytes: [UInt8]) -> String {
  // Bytes above 127 are escapes; asciiText of their code points writes them the same way.
  var wide: [UInt8] = []
  for byte in bytes {
    if byte < 0x80 { wide.append(byte) } else { wide += [0xC0 | byte >> 6, 0x80 | byte & 0x3F] }
  }
  return "b" + asciiText(wide)
}

func floatText(_ value: Double) -> String {
  let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: FloatText.reprLimit)
  defer { buffer.deallocate() }
  let count = FloatText.repr(value, into: buffer)
  return String(decoding: UnsafeBufferPointer(start: buffer, count: count), as: UTF8.self)
}

func complexText(_ real: Double, _ imaginary: Double) -> String {
  func part(_ value: Double) -> String {
    let text = floatText(value)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
  if real == 0, real.sign == .plus { return part(imaginary) + "j" }
  return "(" + part(real) + (imaginary.sign == .minus || imaginary.isNaN ? "" : "+")
    + part(imaginary) + "j)"
}

func decimal(_ digits: [UInt32]) -> String {
  var chunks: [String] = []
  var rest = digits
  while !rest.isEmpty {
    var carry: UInt64 = 0
    for place in rest.indices.reversed() {
      carry = carry << 30 | UInt64(rest[place])
      rest[place] = UInt32(carry / 1_000_000_000)
      carry %= 1_000_000_000
    }
    while rest.last == 0 { rest.removeLast() }
    let text = String(carry)
    chunks.append(rest.isEmpty ? text : String(repeating: "0", count: 9 - text.count) + text)
  }
  return chunks.isEmpty ? "0" : chunks.reversed().joined()
}

/// A text that tells constants apart by type and value.
func constantText(_ constant: CodeConstant) -> String {
  switch constant {
  case .none: "NoneType None"
  case .true: "bool True"
  case .false: "bool False"
  case .ellipsis: "ellipsis Ellipsis"
  case .int(let value): "int \(value)"
  case .bigInt(let negative, let digits): "int " + (negative ? "-" : "") + decimal(digits)
  case .float(let value): "float " + floatText(value)
  case .complex(let real, let imaginary): "complex " + complexText(real, imaginary)
  case .string(let bytes): "str " + asciiText(bytes)
  case .bytes(let bytes): "bytes " + bytesText(bytes)
  case .tuple(let items): "(" + items.map(constantText).joined(separator: ", ") + ")"
  case .frozenset(let items):
    "frozenset{"
      + items.map(constantText).sorted {
        $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars)
      }
      .joined(separator: ", ") + "}"
  case .code(let code): "code " + code.name
  }
}

private func hexText(_ bytes: [UInt8]) -> String {
  let hex = Array("0123456789abcdef".utf8)
  var out: [UInt8] = []
  out.reserveCapacity(bytes.count * 2)
  for byte in bytes { out += [hex[Int(byte >> 4)], hex[Int(byte & 15)]] }
  return String(decoding: out, as: UTF8.self)
}

private func namesText(_ names: [String]) -> String {
  names.map { asciiText(Array($0.utf8)) }.joined(separator: " ")
}

func dumpFields(_ code: CodeUnit, _ path: String, _ output: Output) {
  output.write(
    """
    == \(path)
    co_argcount \(code.argCount)
    co_posonlyargcount \(code.posOnlyArgCount)
    co_kwonlyargcount \(code.kwOnlyArgCount)
    co_nlocals \(code.localCount)
    co_stacksize \(code.stackSize)
    co_flags \(code.flags.rawValue)
    co_firstlineno \(code.firstLine)
    co_code \(hexText(code.code))
    co_linetable \(hexText(code.lineTable))
    co_names \(namesText(code.names))
    co_varnames \(namesText(code.varNames))
    co_cellvars \(namesText(code.cellVars))
    co_freevars \(namesText(code.freeVars))
    co_consts \(code.constants.map(constantText).joined(separator: ", "))

    """)
  forEachNested(code, path) { dumpFields($0, $1, output) }
}

func forEachNested(_ code: CodeUnit, _ path: String, _ body: (CodeUnit, String) -> Void) {
  var count = 0
  for constant in code.constants {
    guard case .code(let inner) = constant else { continue }
    body(inner, "\(path)/\(inner.name)#\(count)")
    count += 1
  }
}

func dumpPositions(_ code: CodeUnit, _ path: String, _ output: Output) {
  output.write("== \(path)\n")
  let places = Array(LocationTableReader(code.locationTable, firstLine: code.firstLine))
  for (instruction, place) in zip(WordcodeReader(code.code), places) {
    let name = instruction.operation?.name ?? "<\(instruction.opcode)>"
    output.write(
      "\(instruction.index * 2) \(name) \(place.line):\(place.column)-\(place.endLine):\(place.endColumn)\n"
    )
  }
  forEachNested(code, path) { dumpPositions($0, $1, output) }
}

func symbolText(_ scope: Scope, _ indent: Int) -> String {
  let space = String(repeating: " ", count: indent)
  let symbols = scope.symbols.map { "\($0.name)=\($0.flags.rawValue)" }.sorted().joined(
    separator: " ")
  var text =
    "\(space)\(scope.name) type=\(scope.type.rawValue) line=\(scope.lineno) nested=\(scope.isNested) "
    + "vars=\(scope.varNames.joined(separator: ",")) \(symbols)\n"
  for child in scope.children { text += symbolText(child, indent + 1) }
  return text
}

/// Checks what an eval loop relies on: opcodes exist, indices are in range, jumps hit instructions,
/// and the stack has one depth at every instruction that never exceeds `co_stacksize`, the block
/// stack is the same on every way to an instruction.
func check(_ code: CodeUnit, _ path: String, _ output: Output) {
  var problems: [String] = []
  let instructions = Array(WordcodeReader(code.code))
  var starts = Set<Int>()
  var extended = false
  for instruction in instructions {
    if !extended { starts.insert(instruction.index) }
    extended = instruction.opcode == Opcode.extendedArg.rawValue
  }
  /// Blocks by the instruction that made them; handlers as its complement.
  typealias State = (depth: Int, blocks: [Int])
  var states = [State?](repeating: nil, count: instructions.count)
  let isGenerator = !code.flags.isDisjoint(with: [.generator, .coroutine, .asyncGenerator])
  var pending: [(Int, State)] = [(0, (isGenerator ? 1 : 0, []))]
  while let (first, start) = pending.popLast() {
    var index = first
    var (depth, blocks) = start
    while true {
      guard index < instructions.count else {
        problems.append("runs off the end")
        break
      }
      if let known = states[index] {
        if known.depth != depth {
          problems.append("depths \(known.depth) and \(depth) at \(index * 2)")
        }
        if known.blocks != blocks {
          problems.append("blocks \(known.blocks) and \(blocks) at \(index * 2)")
        }
        break
      }
      states[index] = (depth, blocks)
      let instruction = instructions[index]
      guard let op = instruction.operation else {
        problems.append("no opcode \(instruction.opcode) at \(index * 2)")
        break
      }
      let limit: Int? =
        switch op.argument {
        case .const: code.constants.count
        case .name: code.names.count
        case .local: code.varNames.count
        case .free: code.cellVars.count + code.freeVars.count
        default: nil
        }
      if let limit, instruction.oparg >= limit {
        problems.append("\(op.name) \(instruction.oparg) out of range")
      }
      if let target = instruction.jumpTarget {
        if !starts.contains(target) { problems.append("jump into an instruction at \(index * 2)") }
        let jumped = depth + op.stackEffect(instruction.oparg, jump: true)
        if jumped > code.stackSize { problems.append("stack \(jumped) > \(code.stackSize)") }
        pending.append((target, (jumped, op.isBlockPush ? blocks + [~index] : blocks)))
      }
      switch op {
      case .setupFinally, .setupWith, .setupAsyncWith: blocks.append(index)
      case .popBlock:
        if blocks.popLast().map({ $0 < 0 }) ?? true {
          problems.append("POP_BLOCK of no block at \(index * 2)")
        }
      case .popExcept, .endAsyncFor:
        if blocks.popLast().map({ $0 >= 0 }) ?? true {
          problems.append("\(op.name) of no handler at \(index * 2)")
        }
      default: break
      }
      depth += op.stackEffect(instruction.oparg, jump: false)
      if depth < 0 { problems.append("stack underflow at \(index * 2)") }
      if depth > code.stackSize { problems.append("stack \(depth) > \(code.stackSize)") }
      if op.isUnconditionalJump || op.isScopeExit { break }
      index += 1
    }
  }
  let lines = Array(LineTableReader(code.lineTable, firstLine: code.firstLine))
  if let last = lines.last, last.end != code.code.count {
    problems.append("line table ends at \(last.end)")
  }
  if !code.locationTable.isEmpty {
    let count = Array(LocationTableReader(code.locationTable, firstLine: code.firstLine)).count
    if count != instructions.count {
      problems.append("\(count) positions for \(instructions.count) instructions")
    }
  }
  for problem in problems { output.write("\(path): \(problem)\n") }
  forEachNested(code, path) { check($0, $1, output) }
}
