// Prints the syntax trees of Python files, as shared/parity/dump_ast.py does with CPython's `ast`.
//
//     apus-ast OUT FILE...             FILE may be @LIST, a file of names
//     apus-ast --failures IN OUT       what is wrong with each of many sources (see Failures.swift)
//     apus-ast --tokens OUT FILE...    the tokens as `_tokenize.TokenizerIter` gives them
//     apus-ast --time FILE...          how fast the files are parsed
import Glibc
import Parser

/// Writes a message to standard error.
func complain(_ message: String) {
  _ = message.withCString { write(2, $0, strlen($0)) }
}

/// The bytes of a file; `nil` when it cannot be read.
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

/// Writes text to a file, or ends the program.
final class Output {
  private let file: UnsafeMutablePointer<FILE>
  private var pending = ""

  init(_ path: String) {
    guard let file = fopen(path, "wb") else {
      complain("apus-ast: cannot write \(path)\n")
      exit(2)
    }
    self.file = file
  }

  func write(_ text: String) {
    pending += text
    if pending.utf8.count > 1 << 20 { flush() }
  }

  func flush() {
    pending.withUTF8 { _ = fwrite($0.baseAddress, 1, $0.count, file) }
    pending = ""
  }

  func close() {
    flush()
    fclose(file)
  }
}

func listed(_ arguments: ArraySlice<String>) -> [String] {
  arguments.flatMap { argument -> [String] in
    guard argument.hasPrefix("@") else { return [argument] }
    let names = readFile(String(argument.dropFirst())) ?? []
    return String(decoding: names, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}

func dump(_ path: String, to output: Output) {
  guard let source = readFile(path) else {
    complain("apus-ast: cannot read \(path)\n")
    return
  }
  do throws(ParseFailure) {
    guard case .module(let body, _) = try parseModule(source: source).tree else { return }
    for (index, statement) in body.enumerated() {
      var text = TreeText()
      text.write(statement)
      output.write("\(path)#\(index)\t\(text.text)\n")
    }
  } catch {
    let failure = error.failure
    let name = path.split(separator: "/").last.map(String.init) ?? path
    var shown = failure.message
    if let line = failure.lineno { shown += " (\(name), line \(line))" }
    output.write(
      "\(path)\t\(failure.kind.exceptionName) \(shown) \(failure.lineno.map(String.init) ?? "None") "
        + "\(failure.offset.map(String.init) ?? "None")\n")
  }
}

func time(_ files: [String]) {
  var bytes = 0
  let sources = files.compactMap(readFile)
  for source in sources { bytes += source.count }
  var best = Double.infinity
  for _ in 0..<3 {
    var begin = timespec()
    clock_gettime(CLOCK_MONOTONIC, &begin)
    for source in sources { _ = try? parseModule(source: source) }
    var end = timespec()
    clock_gettime(CLOCK_MONOTONIC, &end)
    let seconds =
      Double(end.tv_sec - begin.tv_sec) + Double(end.tv_nsec - begin.tv_nsec) / 1e9
    best = min(best, seconds)
  }
  print("\(sources.count) files, \(bytes) bytes, \(best) s, \(Double(bytes) / best / 1e6) MB/s")
}

let arguments = CommandLine.arguments.dropFirst()
switch arguments.first {
case "--failures":
  guard arguments.count == 3 else { fallthrough }
  reportFailures(CommandLine.arguments[2], CommandLine.arguments[3])
case "--tokens":
  guard arguments.count > 2 else { fallthrough }
  dumpTokens(listed(arguments.dropFirst(2)), CommandLine.arguments[2])
case "--time": time(listed(arguments.dropFirst()))
case nil:
  complain("usage: apus-ast OUT FILE...\n")
  exit(2)
case let out?:
  let output = Output(out)
  for file in listed(arguments.dropFirst()) { dump(file, to: output) }
  output.close()
}
