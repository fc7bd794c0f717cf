import AST
import Bytecode
import Compiler
import Parser

/// Parses and compiles a source named `t.py`.
func code(
  _ source: String, dialect: Dialect = .current, mode: ParseMode = .exec, optimize: Int = 0
) throws -> CodeUnit {
  let tree = try parseModule(source: Array(source.utf8), mode: mode).tree
  var options = CompilerOptions(fileName: "t.py")
  options.dialect = dialect
  options.optimize = optimize
  return try compile(tree, options)
}

/// The listing of one code object without offsets and widths: `LOAD_NAME x`.
func brief(_ code: CodeUnit) -> [String] {
  Disassembly.listing(of: code).split(separator: "\n").compactMap { line in
    var words = line.split(separator: " ").map(String.init)
    while let first = words.first, Int(first) != nil || first == ">>" { words.removeFirst() }
    guard let name = words.first else { return nil }
    let note = line.firstIndex(of: "(").map { line[$0...].dropFirst().dropLast() }
    if let note { return name + " " + note }
    return words.joined(separator: " ")
  }
}

/// The code object with this name inside another, at any depth.
func nested(_ name: String, in code: CodeUnit) -> CodeUnit? {
  for constant in code.constants {
    guard case .code(let inner) = constant else { continue }
    if inner.name == name { return inner }
    if let found = nested(name, in: inner) { return found }
  }
  return nil
}

/// Message and start of the error a source has in the compiler, as `message line:offset`.
func failure(_ source: String) throws -> String? {
  let tree = try parseModule(source: Array(source.utf8)).tree
  do throws(CompileError) {
    _ = try compile(tree, CompilerOptions(fileName: "t.py"))
    return nil
  } catch {
    guard case .syntax(let message, let place) = error else { return "\(error)" }
    return "\(message) \(place.lineno):\(place.colOffset + 1)"
  }
}

func parse(_ source: String) throws -> Mod { try parseModule(source: Array(source.utf8)).tree }
