import AST
import Bytecode

/// An instruction before it has an offset.
struct Instruction {
  var op: Opcode
  var oparg: Int
  /// The block it jumps to (or whose handler it sets up); -1: none.
  var target: Int
  var location: SourceRange

  init(_ op: Opcode, _ oparg: Int = 0, target: Int = -1, at location: SourceRange) {
    self.op = op
    self.oparg = oparg
    self.target = target
    self.location = location
  }

  var line: Int32 { location.lineno }
  var isJump: Bool { target >= 0 }
}

/// Instructions that run one after the other; jumps stand at the end, except those to handlers.
final class BasicBlock {
  var instructions: [Instruction] = []
  /// The block that follows in the code; -1: none.
  var next = -1
  /// Ends the frame by return or raise.
  var isExit = false
  /// Control never runs from its end into `next`.
  var neverFallsThrough = false
  var predecessors = 0
  /// Depth of the stack at its start, `Int.min` while unknown.
  var startDepth = Int.min
  /// Code unit at which it starts.
  var offset = 0
  /// The last instruction added was RETURN_VALUE.
  var endsInReturn = false

  var isEmpty: Bool { instructions.isEmpty }
}

/// The blocks of one code object. Blocks are named by their index in order of creation.
struct FlowGraph {
  var blocks: [BasicBlock] = [BasicBlock()]
  var current = 0
  /// The block code is added to.
  var currentBlock: BasicBlock

  init() { currentBlock = blocks[0] }

  mutating func newBlock() -> Int {
    blocks.append(BasicBlock())
    return blocks.count - 1
  }

  /// Continues with a block, which follows the present one in the code.
  mutating func use(_ block: Int) {
    currentBlock.next = block
    current = block
    currentBlock = blocks[block]
  }

  mutating func startBlock() { use(newBlock()) }

  @inline(__always)
  func add(_ instruction: Instruction) {
    currentBlock.instructions.append(instruction)
    if instruction.op == .returnValue { currentBlock.endsInReturn = true }
  }
}
