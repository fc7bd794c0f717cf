import AST
import Bytecode

/// The optimiser of CPython 3.10 (`optimize_cfg` and what it calls in `Python/compile.c`): its
/// order of steps and conditions decide the bytes, so they are kept.
extension FlowGraph {
  /// Exit blocks up to this size replace a jump to them.
  private static let maxCopySize = 4

  // MARK: marks

  /// Marks exits and ends of flow, and lets jumps skip empty blocks.
  ///
  /// - Throws: SystemError when a jump stands in the middle of a block.
  func normalize() throws(CompileError) {
    for block in blocks {
      for index in block.instructions.indices {
        switch block.instructions[index].op {
        case .returnValue, .raiseVarargs, .reraise, .reraiseValue:
          block.isExit = true
          block.neverFallsThrough = true
        case .jumpAbsolute, .jumpForward, .popJumpIfFalse, .popJumpIfTrue, .jumpIfFalseOrPop,
          .jumpIfTrueOrPop, .forIter, .jumpIfNotExcMatch:
          if block.instructions[index].op.isUnconditionalJump { block.neverFallsThrough = true }
          if index != block.instructions.count - 1 {
            throw .system(message: "malformed control flow graph.")
          }
          skipEmptyTarget(block, index)
        default: break
        }
      }
    }
  }

  private func skipEmptyTarget(_ block: BasicBlock, _ index: Int) {
    var target = block.instructions[index].target
    while blocks[target].isEmpty, blocks[target].next >= 0 { target = blocks[target].next }
    block.instructions[index].target = target
  }

  // MARK: the passes

  mutating func optimize(_ constants: inout ConstantTable) {
    // Extending twice lets a jump to a jump to an exit become that exit.
    for block in blocks.reversed() { extend(block) }
    var index = 0
    while index >= 0 {
      let block = blocks[index]
      optimize(block, &constants)
      removeNops(block, after: -1)
      index = block.next
    }
    for block in blocks.reversed() { extend(block) }
    markReachable()
    index = 0
    while index >= 0 {
      let block = blocks[index]
      if block.predecessors == 0 {
        block.instructions = []
        block.neverFallsThrough = false
      }
      index = block.next
    }
    var previous: BasicBlock?
    index = 0
    while index >= 0 {
      let block = blocks[index]
      removeNops(block, after: previous?.instructions.last?.line ?? -1)
      previous = block.neverFallsThrough ? nil : block
      index = block.next
    }
    removeEmptyBlocks()
    removeRedundantJumps()
  }

  /// Looks at each instruction with the one after it and the one it jumps to.
  private func optimize(_ block: BasicBlock, _ constants: inout ConstantTable) {
    var i = 0
    while i < block.instructions.count {
      let instruction = block.instructions[i]
      let nextOp = i + 1 < block.instructions.count ? block.instructions[i + 1].op : nil
      var target: Instruction?
      if instruction.isJump {
        skipEmptyTarget(block, i)
        target = blocks[block.instructions[i].target].instructions.first
      }
      let sameLine = target.map { $0.line == instruction.line } ?? false
      switch instruction.op {
      case .loadConst: foldCondition(block, i, nextOp, constants)
      case .buildTuple: foldTuple(block, i, nextOp, &constants)
      case .jumpIfFalseOrPop:
        guard let target, sameLine else { break }
        switch target.op {
        case .popJumpIfFalse:
          block.instructions[i].op = .popJumpIfFalse
          block.instructions[i].target = target.target
          continue
        case .jumpAbsolute, .jumpForward, .jumpIfFalseOrPop:
          if block.instructions[i].target != target.target {
            block.instructions[i].target = target.target
            continue
          }
        case .jumpIfTrueOrPop:
          block.instructions[i].op = .popJumpIfFalse
          block.instructions[i].target = blocks[block.instructions[i].target].next
          continue
        default: break
        }
      case .jumpIfTrueOrPop:
        guard let target, sameLine else { break }
        switch target.op {
        case .popJumpIfTrue:
          block.instructions[i].op = .popJumpIfTrue
          block.instructions[i].target = target.target
          continue
        case .jumpAbsolute, .jumpForward, .jumpIfTrueOrPop:
          if block.instructions[i].target != target.target {
            block.instructions[i].target = target.target
            continue
          }
        case .jumpIfFalseOrPop:
          block.instructions[i].op = .popJumpIfTrue
          block.instructions[i].target = blocks[block.instructions[i].target].next
          continue
        default: break
        }
      case .popJumpIfFalse, .popJumpIfTrue, .jumpAbsolute, .jumpForward:
        guard let target, sameLine, target.op.isUnconditionalJump else { break }
        if block.instructions[i].target != target.target {
          if instruction.op.isUnconditionalJump { block.instructions[i].op = target.op }
          block.instructions[i].target = target.target
          continue
        }
      case .forIter:
        guard let target, sameLine, target.op == .jumpForward else { break }
        if block.instructions[i].target != target.target {
          block.instructions[i].target = target.target
          continue
        }
      case .rotN: foldRotation(block, i)
      default: break
      }
      i += 1
    }
  }

  /// A constant that decides a jump.
  private func foldCondition(
    _ block: BasicBlock, _ i: Int, _ nextOp: Opcode?, _ constants: ConstantTable
  ) {
    switch nextOp {
    case .popJumpIfFalse?, .popJumpIfTrue?:
      let truth = constants.items[block.instructions[i].oparg].truth
      block.instructions[i].op = .nop
      if truth == (nextOp == .popJumpIfTrue) {
        block.instructions[i + 1].op = .jumpAbsolute
        block.neverFallsThrough = true
      } else {
        block.instructions[i + 1].op = .nop
        block.instructions[i + 1].target = -1
      }
    case .jumpIfFalseOrPop?, .jumpIfTrueOrPop?:
      let truth = constants.items[block.instructions[i].oparg].truth
      if truth == (nextOp == .jumpIfTrueOrPop) {
        block.instructions[i + 1].op = .jumpAbsolute
        block.neverFallsThrough = true
      } else {
        block.instructions[i].op = .nop
        block.instructions[i + 1].op = .nop
        block.instructions[i + 1].target = -1
      }
    default: break
    }
  }

  /// A tuple of constants, or a small tuple that is taken apart at once.
  private func foldTuple(
    _ block: BasicBlock, _ i: Int, _ nextOp: Opcode?, _ constants: inout ConstantTable
  ) {
    let count = block.instructions[i].oparg
    if nextOp == .unpackSequence, block.instructions[i + 1].oparg == count {
      switch count {
      case 1:
        block.instructions[i].op = .nop
        block.instructions[i + 1].op = .nop
        return
      case 2:
        block.instructions[i].op = .rotTwo
        block.instructions[i + 1].op = .nop
        return
      case 3:
        block.instructions[i].op = .rotThree
        block.instructions[i + 1].op = .rotTwo
        return
      default: break
      }
    }
    guard i >= count else { return }
    for place in (i - count)..<i where block.instructions[place].op != .loadConst { return }
    var items: [CodeConstant] = []
    for place in (i - count)..<i {
      items.append(constants.items[block.instructions[place].oparg])
      block.instructions[place].op = .nop
    }
    block.instructions[i].op = .loadConst
    block.instructions[i].oparg = constants.add(.tuple(items))
  }

  private func foldRotation(_ block: BasicBlock, _ i: Int) {
    let count = block.instructions[i].oparg
    switch count {
    case 0, 1:
      block.instructions[i].op = .nop
      return
    case 2: block.instructions[i].op = .rotTwo
    case 3: block.instructions[i].op = .rotThree
    case 4: block.instructions[i].op = .rotFour
    default: break
    }
    // n rotations of n values change nothing.
    guard i >= count - 1 else { return }
    for place in (i - count + 1)...i {
      let size: Int
      switch block.instructions[place].op {
      case .rotN: size = block.instructions[place].oparg
      case .rotFour: size = 4
      case .rotThree: size = 3
      case .rotTwo: size = 2
      default: return
      }
      if size != count { return }
    }
    for place in (i - count + 1)...i { block.instructions[place].op = .nop }
  }

  /// Replaces a jump to a small exit block by that block.
  private func extend(_ block: BasicBlock) {
    guard let last = block.instructions.last, last.op.isUnconditionalJump else { return }
    let target = blocks[last.target]
    guard target.isExit, target.instructions.count <= Self.maxCopySize else { return }
    let end = block.instructions.count - 1
    block.instructions[end].op = .nop
    block.instructions[end].target = -1
    block.instructions += target.instructions
    block.isExit = true
  }

  /// Counts the ways into each block that can be reached from the entry.
  private func markReachable() {
    for block in blocks { block.predecessors = 0 }
    blocks[0].predecessors = 1
    var pending = [0]
    while let index = pending.popLast() {
      let block = blocks[index]
      if block.next >= 0, !block.neverFallsThrough {
        if blocks[block.next].predecessors == 0 { pending.append(block.next) }
        blocks[block.next].predecessors += 1
      }
      for instruction in block.instructions where instruction.isJump {
        let target = blocks[instruction.target]
        if target.predecessors == 0 { pending.append(instruction.target) }
        target.predecessors += 1
      }
    }
  }

  /// Takes out no-ops that no line needs.
  ///
  /// - Parameter after: the line of the instruction that runs before the block; -1: unknown.
  private func removeNops(_ block: BasicBlock, after: Int32) {
    guard block.instructions.contains(where: { $0.op == .nop }) else { return }
    var previous = after
    var kept: [Instruction] = []
    kept.reserveCapacity(block.instructions.count)
    for i in block.instructions.indices {
      let instruction = block.instructions[i]
      let line = instruction.line
      if instruction.op == .nop {
        if line < 0 || previous == line { continue }
        if i + 1 < block.instructions.count {
          let next = block.instructions[i + 1].line
          if next < 0 || next == line {
            if next < 0 { block.instructions[i + 1].location = instruction.location }
            continue
          }
        } else {
          var next = block.next
          while next >= 0, blocks[next].isEmpty { next = blocks[next].next }
          if next >= 0, blocks[next].instructions[0].line == line { continue }
        }
      }
      kept.append(instruction)
      previous = line
    }
    block.instructions = kept
  }

  private func removeEmptyBlocks() {
    var index = 0
    while index >= 0 {
      let block = blocks[index]
      if block.next >= 0 {
        var next = block.next
        while blocks[next].isEmpty, blocks[next].next >= 0 { next = blocks[next].next }
        block.next = next
      }
      index = block.next
    }
    index = 0
    while index >= 0 {
      let block = blocks[index]
      if let last = block.instructions.indices.last, block.instructions[last].isJump {
        skipEmptyTarget(block, last)
      }
      index = block.next
    }
  }

  /// A jump to the block that follows anyway.
  private func removeRedundantJumps() {
    var emptied = false
    var index = 0
    while index >= 0 {
      let block = blocks[index]
      if let last = block.instructions.last, last.op.isUnconditionalJump, last.target == block.next
      {
        let end = block.instructions.count - 1
        block.neverFallsThrough = false
        block.instructions[end].op = .nop
        block.instructions[end].target = -1
        removeNops(block, after: -1)
        emptied = true
      }
      index = block.next
    }
    if emptied { removeEmptyBlocks() }
  }
}
