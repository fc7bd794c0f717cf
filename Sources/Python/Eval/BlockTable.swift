import Bytecode
import CPythonABI
import Glibc
import Objects

/// What the block stack would hold at each instruction, worked out once per code object.
///
/// The compiler only makes code whose blocks and stack depths are the same on every way to an
/// instruction, so `SETUP_FINALLY`, `SETUP_WITH` and `POP_BLOCK` need to do nothing at run time: a
/// `try` is free until something is raised, and then this table says where to go. It is built at the
/// first exception in the code, of plain `malloc()` blocks: when Python's memory is at an end, handlers
/// still run.
enum BlockTable {
  static let finallyBlock: UInt16 = 0
  static let handlerBlock: UInt16 = 1

  /// The number of the innermost block at the instruction, or -1.
  static func block(in code: CodeRef, at index: Int) throws(Raised) -> Int32 {
    if code.pointee.co_blockmap == nil { try build(code) }
    return code.pointee.co_blockmap.unsafelyUnwrapped[index]
  }

  private static let unvisited = Int32.min

  private static func build(_ code: CodeRef) throws(Raised) {
    let bytes = apus_bytes_data(code.pointee.co_wordcode)
    let count = apus_var_size(code.pointee.co_wordcode) / 2
    guard let mapMemory = malloc(Swift.max(count, 1) * 4) else { throw raiseNoMemory() }
    let map = mapMemory.bindMemory(to: Int32.self, capacity: count)
    for index in 0..<count { map[index] = unvisited }
    var blocks: [ApusBlock] = []
    /// Instruction, depth and block of the ways still to follow.
    var pending: [(index: Int, depth: Int, block: Int32)] = [(0, 0, -1)]
    // A generator starts with the value sent to it on its stack.
    if count > 0 && bytes[0] == Opcode.genStart.rawValue { pending[0].depth = 1 }
    while let start = pending.popLast() {
      var index = start.index
      var depth = start.depth
      var block = start.block
      while index < count && map[index] == unvisited {
        var argument = 0
        var opcode = Opcode.nop
        // The prefixes belong to the instruction behind them.
        while index < count {
          map[index] = block
          argument = argument << 8 | Int(bytes[index * 2 + 1])
          opcode = Opcode(rawValue: bytes[index * 2]) ?? .nop
          index += 1
          if opcode != .extendedArg { break }
        }
        if opcode.hasJump {
          let target = opcode.hasRelativeJump ? index + argument : argument
          if opcode.isBlockPush {
            // SETUP_WITH has replaced the manager by __exit__ at this moment, SETUP_ASYNC_WITH
            // keeps its block below the result.
            let level = opcode == .setupAsyncWith ? depth - 1 : depth
            let handled = Int32(blocks.count)
            blocks.append(
              ApusBlock(
                handler: UInt32(target), level: UInt16(truncatingIfNeeded: level),
                kind: handlerBlock, parent: block))
            pending.append((target, level + 6, handled))
            let pushed = Int32(blocks.count)
            blocks.append(
              ApusBlock(
                handler: UInt32(target), level: UInt16(truncatingIfNeeded: level),
                kind: finallyBlock, parent: block))
            if opcode == .setupWith { depth += 1 }
            block = pushed
            continue
          }
          let effect = opcode.stackEffect(argument, jump: true)
          pending.append((target, depth + effect, block))
        }
        if opcode == .popBlock || opcode == .popExcept {
          guard block >= 0 else { break }
          block = blocks[Int(block)].parent
        }
        if opcode == .endAsyncFor, block >= 0 { block = blocks[Int(block)].parent }
        if opcode.isScopeExit || opcode.isUnconditionalJump { break }
        depth += opcode.stackEffect(argument, jump: false)
      }
    }
    for index in 0..<count where map[index] == unvisited { map[index] = -1 }
    guard
      let blockMemory = malloc(Swift.max(blocks.count, 1) * MemoryLayout<ApusBlock>.stride)
    else {
      free(mapMemory)
      throw raiseNoMemory()
    }
    let table = blockMemory.bindMemory(to: ApusBlock.self, capacity: blocks.count)
    for (index, block) in blocks.enumerated() { table[index] = block }
    code.pointee.co_blocks = table
    code.pointee.co_blockmap = map
  }
}
