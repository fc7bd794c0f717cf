import AST
import Bytecode

/// PEP 626: whatever leaves a frame has a line number.
extension FlowGraph {
  private func isExitWithoutLine(_ block: BasicBlock) -> Bool {
    block.isExit && (block.instructions.first?.line ?? 0) < 0
  }

  /// Gives every jump to an exit without a line its own copy, with the line of the jump.
  mutating func duplicateExitsWithoutLine() {
    for index in blocks.indices.reversed() {
      let block = blocks[index]
      guard let last = block.instructions.last, last.isJump, !last.op.isBlockPush else { continue }
      let target = blocks[last.target]
      guard isExitWithoutLine(target), !target.isEmpty, target.predecessors > 1 else { continue }
      let copy = BasicBlock()
      copy.instructions = target.instructions
      copy.isExit = true
      copy.neverFallsThrough = target.neverFallsThrough
      copy.instructions[0].location = last.location
      copy.predecessors = 1
      copy.next = target.next
      blocks.append(copy)
      block.instructions[block.instructions.count - 1].target = blocks.count - 1
      target.predecessors -= 1
      target.next = blocks.count - 1
    }
    for block in blocks {
      while block.next >= 0, blocks[block.next].isEmpty { block.next = blocks[block.next].next }
    }
    // What is left can only be run into from above.
    for block in blocks.reversed() {
      guard !block.neverFallsThrough, block.next >= 0, let last = block.instructions.last else {
        continue
      }
      let next = blocks[block.next]
      if isExitWithoutLine(next), !next.isEmpty { next.instructions[0].location = last.location }
    }
  }

  /// Instructions without a place take that of the instruction before them.
  func propagateLines() {
    var index = 0
    while index >= 0 {
      let block = blocks[index]
      index = block.next
      if block.isEmpty { continue }
      var previous = SourceRange.none
      for i in block.instructions.indices {
        if block.instructions[i].line < 0 {
          block.instructions[i].location = previous
        } else {
          previous = block.instructions[i].location
        }
      }
      if !block.neverFallsThrough, block.next >= 0 { inherit(previous, blocks[block.next]) }
      if let last = block.instructions.last, last.isJump, !last.op.isBlockPush {
        inherit(previous, blocks[last.target])
      }
    }
  }

  private func inherit(_ location: SourceRange, _ block: BasicBlock) {
    if block.predecessors == 1, let first = block.instructions.first, first.line < 0 {
      block.instructions[0].location = location
    }
  }

  /// Returns that still have no line take that of the code before them.
  func guaranteeExitLines(firstLine: Int) {
    var location = SourceRange(
      lineno: Int32(truncatingIfNeeded: firstLine), colOffset: -1,
      endLineno: Int32(truncatingIfNeeded: firstLine), endColOffset: -1)
    var index = 0
    while index >= 0 {
      let block = blocks[index]
      index = block.next
      guard let last = block.instructions.last else { continue }
      if last.line >= 0 {
        location = last.location
      } else if last.op == .returnValue {
        for i in block.instructions.indices { block.instructions[i].location = location }
      }
    }
  }
}
