import AST
import Compiler
import Parser
import Testing

/// What compiling gives, as far as the dialects may differ in it.
private struct Outcome {
  var unit: CodeUnit?
  var error: String?
  var warnings: [String] = []

  init(_ source: String, _ dialect: Dialect) throws {
    let tree = try parse(source)
    var options = CompilerOptions(fileName: "t.py")
    options.dialect = dialect
    var warnings: [String] = []
    do throws(CompileError) {
      unit = try compile(tree, options) { warning in
        warnings.append(warning.message)
        return .proceed
      }
    } catch {
      self.error = "\(error)"
    }
    self.warnings = warnings
  }

  func isEqual(to other: Outcome) -> Bool {
    guard error == other.error, warnings == other.warnings else { return false }
    guard let unit, let otherUnit = other.unit else { return true }
    return unit.isEqual(to: otherUnit) && unit.lineTable == otherUnit.lineTable
  }
}

@Suite struct DialectTests {
  @Test("every bit has exactly one entry, in the order of the bits")
  func entriesAreComplete() {
    #expect(Dialect.entries.map(\.dialect.rawValue) == Dialect.entries.indices.map { 1 << UInt32($0) })
    #expect(Dialect.entries.reduce(into: Dialect.classic) { $0.formUnion($1.dialect) } == .current)
    #expect(Set(Dialect.entries.map(\.name)).count == Dialect.entries.count)
    #expect(Dialect.entries.allSatisfy { !$0.source.isEmpty })
  }

  /// Without an example: seen in files, by Tests/python/test_classic_mode.py.
  @Test("each entry makes a difference of its own", arguments: Dialect.entries.indices)
  func entryIsObservable(index: Int) throws {
    let entry = Dialect.entries[index]
    guard let example = entry.example else {
      #expect(entry.dialect == .codeFiles)
      return
    }
    let with = try Outcome(example, .current)
    let without = try Outcome(example, Dialect.current.subtracting(entry.dialect))
    #expect(!with.isEqual(to: without), "\(entry.name)")
    let classic = try Outcome(example, .classic)
    #expect(!classic.isEqual(to: with), "\(entry.name)")
  }

  @Test("what shows no entry compiles to the same bytes") func othersAreEqual() throws {
    let source = "def f(x, y):\n    return x + y\n"
    let unit = try code(source, dialect: .classic)
    let current = try code(source)
    #expect(unit.code == current.code && unit.constants.count == current.constants.count)
  }
}
