import Bytecode
import CPythonABI
import Objects

typealias CodeRef = UnsafeMutablePointer<PyCodeObject>
typealias FrameRef = UnsafeMutablePointer<_PyInterpreterFrame>
typealias InstructionRef = UnsafeMutablePointer<ApusInstruction>
typealias CacheRef = UnsafeMutablePointer<ApusInlineCache>
typealias StackRef = UnsafeMutablePointer<Ref?>
typealias ThreadRef = UnsafeMutablePointer<PyThreadState>

/// Wordcode to quickened instructions, one to one: index n of the one is index n of the other.
///
/// `EXTENDED_ARG` becomes a NOP and its bits go into the instruction behind it. Every jump becomes a
/// signed distance from the next instruction. Instructions that specialise get a cache entry.
enum Quickener {
  /// How often an instruction runs before it looks for a specialised form.
  static let warmUp: Int16 = 2
  /// Cache entry 0 is nobody's: instructions past the last possible number stay general.
  private static let mostCaches = Int(UInt16.max)

  @inline(__always)
  static func instructions(of code: CodeRef) throws(Raised) -> InstructionRef {
    if let made = code.pointee.co_instructions { return made }
    return try quicken(code)
  }

  @inline(never)
  private static func quicken(_ code: CodeRef) throws(Raised) -> InstructionRef {
    if code.pointee.co_is_compiled == 0 { try CodeVerifier.verify(code) }
    let wordcode = code.pointee.co_wordcode
    let bytes = apus_bytes_data(wordcode)
    let count = apus_var_size(wordcode) / 2
    // One more, so that a jump to the very end stays inside: it raises SystemError.
    guard let memory = PyMem_Malloc((count + 1) * MemoryLayout<ApusInstruction>.stride) else {
      throw raiseNoMemory()
    }
    let instructions = memory.bindMemory(to: ApusInstruction.self, capacity: count + 1)
    var caches = 1
    var extended: UInt32 = 0
    for index in 0..<count {
      let argument = extended << 8 | UInt32(bytes[index * 2 + 1])
      guard let opcode = Opcode(rawValue: bytes[index * 2]) else {
        PyMem_Free(memory)
        throw raise(.systemError, "unknown opcode")
      }
      if opcode == .extendedArg {
        extended = argument
        instructions[index] = ApusInstruction(opcode: QuickOpcode.nop.stored, cache: 0, oparg: 0)
        continue
      }
      extended = 0
      var oparg = argument
      if opcode.hasAbsoluteJump {
        oparg = UInt32(bitPattern: Int32(truncatingIfNeeded: Int(argument) - (index + 1)))
      }
      let quick = QuickOpcode(wordcode: opcode)
      var cache: UInt16 = 0
      if quick.isCached && caches < mostCaches {
        cache = UInt16(caches)
        caches += 1
      }
      instructions[index] = ApusInstruction(opcode: quick.stored, cache: cache, oparg: oparg)
    }
    instructions[count] = ApusInstruction(
      opcode: QuickOpcode.raiseVarargs.stored, cache: 0, oparg: 3)
    guard let cacheMemory = PyMem_Calloc(caches, MemoryLayout<ApusInlineCache>.stride) else {
      PyMem_Free(memory)
      throw raiseNoMemory()
    }
    let table = cacheMemory.bindMemory(to: ApusInlineCache.self, capacity: caches)
    for index in 0..<caches { table[index].counter = warmUp }
    fuse(instructions, count)
    code.pointee.co_caches = table
    code.pointee.co_ncaches = Int32(caches)
    code.pointee.co_ninstructions = Int32(count)
    code.pointee.co_instructions = instructions
    return instructions
  }

  /// Makes pairs out of frequent neighbours. The second instruction stays in its place, so a jump
  /// to it works as before.
  private static func fuse(_ instructions: InstructionRef, _ count: Int) {
    guard count > 1 else { return }
    for index in 0..<(count - 1) {
      let first = QuickOpcode(instructions[index].opcode)
      let second = QuickOpcode(instructions[index + 1].opcode)
      let fused: QuickOpcode
      switch (first, second) {
      case (.loadFast, .loadFast): fused = .loadFastLoadFast
      case (.loadFast, .loadConst): fused = .loadFastLoadConst
      case (.storeFast, .loadFast): fused = .storeFastLoadFast
      case (.storeFast, .storeFast): fused = .storeFastStoreFast
      case (.compareOp, .popJumpIfFalse), (.compareOp, .popJumpIfTrue): fused = .compareOpJump
      default: continue
      }
      instructions[index].opcode = fused.stored
    }
  }

  /// The general form of a specialised or fused opcode.
  static func general(_ opcode: QuickOpcode) -> QuickOpcode {
    switch opcode {
    case .loadGlobalModule, .loadGlobalBuiltin: .loadGlobal
    case .loadAttrInstance, .loadAttrSlot, .loadAttrModule, .loadAttrClass, .loadAttrProperty,
      .loadAttrHint:
      .loadAttr
    case .storeAttrInstance, .storeAttrSlot: .storeAttr
    case .loadMethodValues, .loadMethodNoDict, .loadMethodLazyDict: .loadMethod
    case .callPythonExact, .callBuiltinO, .callTypeOne: .callFunction
    case .callMethodPythonExact, .callMethodNoargs, .callMethodO, .callMethodFast,
      .callMethodListAppend:
      .callMethod
    case .loadFastLoadFast, .loadFastLoadConst: .loadFast
    case .storeFastLoadFast, .storeFastStoreFast: .storeFast
    case .compareOpJump: .compareOp
    default: opcode
    }
  }
}
