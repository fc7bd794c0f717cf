// Prints code objects of Python files, as shared/parity/dump_code.py does with CPython's `compile`.
//
//     apus-code [OPTIONS] OUT FILE...     FILE may be @LIST, a file of names
//
//   --classic        CPython 3.10's bytes (else the language of 3.13)
//   --optimize N     -O level
//   --mode MODE      exec, single or eval
//   --dis            listings instead of fields
//   --positions      lines and columns of every instruction
//   --symbols        symbol tables instead of code
//   --check          jump targets and stack depths instead of code
//   --messages       errors with their full range, and warnings
//   --time           how long parsing and compiling take
import AST
import Bytecode
import Compiler
import Glibc
import Parser

struct Settings {
  enum Output { case fields, listing, positions, symbols, check, messages, time }
  var output = Output.fields
  var dialect = Dialect.current
  var optimize = 0
  var mode = ParseMode.exec
  var names: [String] = []
}

func readFile(_ path: String) -> [UInt8]? {
  guard let file = fopen(path, "rb") else { return nil }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = fread(&chunk, 1, chunk.count, file)
    if count == 0 { return bytes }
    bytes += chunk[0..<count]
  }
}

func complain(_ message: String) {
  let text = "apus-code: \(message)\n"
  _ = text.withCString { write(2, $0, strlen($0)) }
}

func fail(_ message: String) -> Never {
  complain(message)
  exit(2)
}

func settings(_ arguments: [String]) -> Settings {
  var result = Settings()
  var rest = arguments[...]
  while let option = rest.first, option.hasPrefix("--") {
    rest.removeFirst()
    switch option {
    case "--classic": result.dialect = .classic
    case "--dis": result.output = .listing
    case "--positions": result.output = .positions
    case "--symbols": result.output = .symbols
    case "--check": result.output = .check
    case "--messages": result.output = .messages
    case "--time": result.output = .time
    case "--optimize": result.optimize = rest.popFirst().flatMap { Int($0) } ?? 0
    case "--mode":
      switch rest.popFirst() {
      case "single": result.mode = .single
      case "eval": result.mode = .eval
      default: result.mode = .exec
      }
    default: fail("unknown option \(option)")
    }
  }
  result.names = rest.flatMap { name -> [String] in
    guard name.hasPrefix("@") else { return [name] }
    let list = readFile(String(name.dropFirst())) ?? []
    return String(decoding: list, as: UTF8.self).split(separator: "\n").map(String.init)
  }
  return result
}

/// Text that goes to a file in large pieces.
final class Output {
  private let file: UnsafeMutablePointer<FILE>
  private var pending = ""

  init(_ path: String) {
    guard let file = path == "-" ? fdopen(1, "wb") : fopen(path, "wb") else {
      fail("cannot write \(path)")
    }
    self.file = file
  }

  func write(_ text: String) {
    pending += text
    if pending.utf8.count > 1 << 20 { flush() }
  }

  func flush() {
    pending.withUTF8 { _ = fwrite($0.baseAddress, 1, $0.count, file) }
    fflush(file)
    pending = ""
  }
}

func syntaxErrorText(_ error: CompileError, range: Bool = false) -> String {
  switch error {
  case .syntax(let message, let place):
    if range {
      let end = place.endColOffset < 0 ? "None" : String(place.endColOffset + 1)
      return
        "SyntaxError \(message) \(place.lineno) \(place.colOffset + 1) \(place.endLineno) \(end)"
    }
    let offset = place.colOffset < 0 ? "None" : String(place.colOffset + 1)
    return "SyntaxError \(message) \(place.lineno) \(offset)"
  case .recursion(let message): return "RecursionError \(message)"
  case .system(let message): return "SystemError \(message)"
  case .value(let message): return "ValueError \(message)"
  case .type(let message): return "TypeError \(message)"
  case .warningRaised: return "Warning"
  }
}

/// Encodings that only the runtime knows: their ASCII part is enough here.
func decodeLoosely(_: String, _ bytes: UnsafeBufferPointer<UInt8>) throws(SyntaxFailure) -> [UInt8]?
{
  var text: [UInt8] = []
  for byte in bytes { text += byte < 0x80 ? [byte] : [0xC0 | byte >> 6, 0x80 | byte & 0x3F] }
  return text
}

func seconds() -> Double {
  var now = timespec()
  clock_gettime(CLOCK_MONOTONIC, &now)
  return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
}

let chosen = settings(Array(CommandLine.arguments.dropFirst()))
guard let target = chosen.names.first else { fail("usage: apus-code [OPTIONS] OUT FILE...") }
let output = Output(target)
var parseTime = 0.0
var compileTime = 0.0
for path in chosen.names.dropFirst() {
  guard let source = readFile(path) else {
    complain("cannot read \(path)")
    continue
  }
  let name = path.split(separator: "/").last.map(String.init) ?? path
  var options = CompilerOptions(fileName: name)
  options.dialect = chosen.dialect
  options.optimize = chosen.optimize
  let started = seconds()
  let tree: Mod
  do throws(ParseFailure) {
    tree = try parseModule(source: source, mode: chosen.mode, decoder: decodeLoosely).tree
  } catch {
    let failure = error.failure
    if chosen.output == .messages {
      output.write("== \(path)\nparser\n")
      continue
    }
    output.write(
      "== \(path)\nSyntaxError \(failure.message) \(failure.lineno ?? 0) \(failure.offset ?? 0)\n")
    continue
  }
  parseTime += seconds() - started
  do throws(CompileError) {
    if chosen.output == .symbols {
      let table = try makeSymbolTable(tree, options)
      output.write("== \(path)\n" + symbolText(table.top, 0))
      continue
    }
    let compiling = seconds()
    var warnings = ""
    let code = try compile(tree, options) { warning in
      warnings += "SyntaxWarning \(warning.message) \(warning.location.lineno)\n"
      return .proceed
    }
    compileTime += seconds() - compiling
    switch chosen.output {
    case .fields: dumpFields(code, path, output)
    case .listing: output.write(Disassembly.text(of: code))
    case .positions: dumpPositions(code, path, output)
    case .check: check(code, path, output)
    case .messages: output.write("== \(path)\n\(warnings)ok\n")
    case .time, .symbols: break
    }
  } catch {
    output.write("== \(path)\n\(syntaxErrorText(error, range: chosen.output == .messages))\n")
  }
}
if chosen.output == .time {
  output.write("parse \(parseTime) s, compile \(compileTime) s\n")
}
output.flush()
