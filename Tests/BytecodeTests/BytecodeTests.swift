import Bytecode
import Testing

@Suite struct InstructionTableTests {
  @Test func enumAgreesWithTable() {
    #expect(instructionTable.count == Opcode.allCases.count)
    for (row, opcode) in zip(instructionTable, Opcode.allCases) {
      #expect(row.number == opcode.rawValue && row.name == opcode.name)
      #expect(row.argument == opcode.argument && row.mayRaise == opcode.mayRaise)
      #expect((row.argument == .none) == (row.number < Opcode.haveArgument))
      #expect(Opcode(name: row.name) == opcode)
    }
  }

  @Test func numbersAscend() {
    let numbers = instructionTable.map(\.number)
    #expect(numbers == numbers.sorted() && Set(numbers).count == numbers.count)
  }

  /// Some of what `dis.stack_effect` of CPython 3.10 says.
  @Test func stackEffects() {
    #expect(Opcode.forIter.stackEffect(0, jump: false) == 1)
    #expect(Opcode.forIter.stackEffect(0, jump: true) == -1)
    #expect(Opcode.setupFinally.stackEffect(0, jump: true) == 6)
    #expect(Opcode.setupWith.stackEffect(0, jump: true) == 6)
    #expect(Opcode.setupAsyncWith.stackEffect(0, jump: true) == 5)
    #expect(Opcode.makeFunction.stackEffect(15, jump: false) == -5)
    #expect(Opcode.unpackEx.stackEffect(2 | 3 << 8, jump: false) == 5)
    #expect(Opcode.buildSlice.stackEffect(3, jump: false) == -2)
    #expect(Opcode.callMethod.stackEffect(2, jump: false) == -3)
  }
}

@Suite struct LineTableTests {
  @Test func longRangesAndJumps() {
    var writer = LineTableWriter(firstLine: 10)
    writer.mark(10, at: 0)
    writer.mark(400, at: 4)
    writer.mark(-1, at: 600)
    writer.mark(5, at: 604)
    let bytes = writer.finish(at: 610)
    let ranges = LineTableReader(bytes, firstLine: 10).map {
      "\($0.start)-\($0.end):\($0.line ?? -1)"
    }
    #expect(
      ranges == ["0-4:10", "4-258:400", "258-512:400", "512-600:400", "600-604:-1", "604-610:5"])
  }

  @Test func locationsRoundTrip() {
    let locations = [
      CodeLocation(line: 3, endLine: 3, column: 4, endColumn: 9),
      CodeLocation(line: 3, endLine: 3, column: 100, endColumn: 120),
      CodeLocation(line: 5, endLine: 7, column: 0, endColumn: 300),
      CodeLocation(line: 2, endLine: 2, column: -1, endColumn: -1),
      .none,
      CodeLocation(line: 900, endLine: 900, column: 79, endColumn: 94),
    ]
    var writer = LocationTableWriter(firstLine: 3)
    for (index, location) in locations.enumerated() { writer.add(location, count: index * 5 + 1) }
    var expected: [CodeLocation] = []
    for (index, location) in locations.enumerated() {
      expected += Array(repeating: location, count: index * 5 + 1)
    }
    #expect(Array(LocationTableReader(writer.bytes, firstLine: 3)) == expected)
  }

  @Test func extendedArguments() {
    let code: [UInt8] = [144, 1, 100, 2, 9, 0, 110, 3]
    let read = WordcodeReader(code).map { [$0.index, Int($0.opcode), $0.oparg] }
    #expect(read == [[0, 144, 1], [1, 100, 258], [2, 9, 0], [3, 110, 3]])
    #expect(Array(WordcodeReader(code))[3].jumpTarget == 7)
  }
}
