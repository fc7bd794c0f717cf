import AST
import Bytecode

extension FlowGraph {
  /// The deepest the stack gets, over every way through the code.
  ///
  /// - Throws: SystemError when two ways reach a block with different depths, or one takes more
  ///   than there is: a fault of the compiler.
  func stackDepth(startsWithValue: Bool) throws(CompileError) -> Int {
    for block in blocks { block.startDepth = Int.min }
    var deepest = 0
    var pending: [Int] = []
    func push(_ index: Int, _ depth: Int) throws(CompileError) {
      let block = blocks[index]
      if block.startDepth == Int.min {
        block.startDepth = depth
        pending.append(index)
      } else if block.startDepth != depth {
        throw .system(message: "block with different stack depths \(block.startDepth) and \(depth)")
      }
    }
    try push(0, startsWithValue ? 1 : 0)
    while let index = pending.popLast() {
      let block = blocks[index]
      var depth = block.startDepth
      var runsOn = true
      for instruction in block.instructions {
        let after = depth + instruction.op.stackEffect(instruction.oparg, jump: false)
        if after < 0 { throw .system(message: "stack underflow at \(instruction.op.name)") }
        deepest = max(deepest, after)
        if instruction.isJump {
          let jumped = depth + instruction.op.stackEffect(instruction.oparg, jump: true)
          deepest = max(deepest, jumped)
          try push(instruction.target, jumped)
        }
        depth = after
        if instruction.op.isUnconditionalJump || instruction.op.isScopeExit {
          runsOn = false
          break
        }
      }
      if runsOn, block.next >= 0 { try push(block.next, depth) }
    }
    return deepest
  }

  /// Code units an argument takes with its `EXTENDED_ARG`s.
  private static func size(_ oparg: Int) -> Int {
    oparg <= 0xFF ? 1 : oparg <= 0xFFFF ? 2 : oparg <= 0xFF_FFFF ? 3 : 4
  }

  /// Jumps forward are relative, jumps back absolute.
  func chooseJumpOpcodes() {
    var seen = [Bool](repeating: false, count: blocks.count)
    var index = 0
    while index >= 0 {
      let block = blocks[index]
      seen[index] = true
      index = block.next
      guard let last = block.instructions.indices.last else { continue }
      if block.instructions[last].op.isUnconditionalJump {
        block.instructions[last].op =
          seen[block.instructions[last].target] ? .jumpAbsolute : .jumpForward
      }
    }
  }

  /// Turns targets into arguments. Longer arguments move the code, so it repeats until nothing
  /// changes.
  func assignJumpOffsets() throws(CompileError) {
    for _ in 0..<1000 {
      var total = 0
      var index = 0
      while index >= 0 {
        let block = blocks[index]
        block.offset = total
        for instruction in block.instructions { total += Self.size(instruction.oparg) }
        index = block.next
      }
      var changed = false
      index = 0
      while index >= 0 {
        let block = blocks[index]
        var end = block.offset
        for i in block.instructions.indices {
          let size = Self.size(block.instructions[i].oparg)
          end += size
          guard block.instructions[i].isJump else { continue }
          var oparg = blocks[block.instructions[i].target].offset
          if block.instructions[i].op.hasRelativeJump { oparg -= end }
          block.instructions[i].oparg = oparg
          if Self.size(oparg) != size { changed = true }
        }
        index = block.next
      }
      if !changed { return }
    }
    throw .system(message: "jump offsets do not settle")
  }

  /// Code bytes, line table of 3.10 and location table of 3.11.
  ///
  /// - Parameters:
  ///   - locations: make a location table; otherwise it is empty.
  ///   - columns: with columns, not only lines.
  func emit(
    firstLine: Int, locations withLocations: Bool, columns: Bool
  ) -> (code: [UInt8], lineTable: [UInt8], locationTable: [UInt8]) {
    var code: [UInt8] = []
    var lines = LineTableWriter(firstLine: firstLine)
    var locations = LocationTableWriter(firstLine: firstLine)
    var pending = CodeLocation.none
    var pendingCount = 0
    var index = 0
    while index >= 0 {
      let block = blocks[index]
      for instruction in block.instructions {
        lines.mark(Int(instruction.line), at: code.count)
        let size = Self.size(instruction.oparg)
        if withLocations {
          let place = instruction.location
          let location = CodeLocation(
            line: place.lineno, endLine: columns ? place.endLineno : place.lineno,
            column: columns ? place.colOffset : -1, endColumn: columns ? place.endColOffset : -1)
          if location != pending {
            locations.add(pending, count: pendingCount)
            pending = location
            pendingCount = 0
          }
          pendingCount += size
        }
        for shift in stride(from: (size - 1) * 8, to: 0, by: -8) {
          code.append(Opcode.extendedArg.rawValue)
          code.append(UInt8(truncatingIfNeeded: instruction.oparg >> shift))
        }
        code.append(instruction.op.rawValue)
        code.append(UInt8(truncatingIfNeeded: instruction.oparg))
      }
      index = block.next
    }
    locations.add(pending, count: pendingCount)
    return (code, lines.finish(at: code.count), withLocations ? locations.bytes : [])
  }
}
