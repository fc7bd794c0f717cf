import Bytecode
import CPythonABI
import Objects

typealias CodeRef = UnsafeMutablePointer<PyCodeObject>
typealias FrameRef = UnsafeMutablePointer<_PyInterpreterFrame>
typealias InstructionRef = UnsafeMutablePointer<ApusInstruction>
typealias CacheRef = UnsafeMutablePointer<ApusInlineCache>
typealias StackRef = UnsafeMutablePointer<Ref?>
typealias ThreadRef = UnsafeMutablePointer<PyThreadState>

extension UnsafeMutablePointer where Pointee == ApusInstruction {
  /// The cache entry of the instruction. It lies behind the instructions, in the same memory; the
  /// number in the instruction counts eight-byte words from here.
  @inline(__always) var inlineCache: CacheRef {
    UnsafeMutableRawPointer(self + Int(pointee.cache)).assumingMemoryBound(
      to: ApusInlineCache.self)
  }

  // The eval loop's counter stands behind the instruction that runs: its argument lies before it.

  /// The argument of the instruction before this one.
  @inline(__always) var oparg: UInt32 { self[-1].oparg }
  /// The same as a count or an index.
  @inline(__always) var argument: Int { Int(oparg) }
  /// The same as how far to jump.
  @inline(__always) var distance: Int { Int(Int32(bitPattern: oparg)) }
}

/// Wordcode to quickened instructions, one to one: index n of the one is index n of the other.
///
/// `EXTENDED_ARG` becomes a NOP and its bits go into the instruction behind it. Every jump becomes a
/// signed distance from the next instruction. Instructions that specialise get a cache entry.
enum Quickener {
  /// How often an instruction runs before it looks for a specialised form.
  static let warmUp: Int16 = 2
  /// Eight-byte words of a cache entry.
  private static let cacheWords = MemoryLayout<ApusInlineCache>.stride / 8

  @inline(__always)
  static func instructions(of code: CodeRef) throws(Raised) -> InstructionRef {
    if let made = code.pointee.co_instructions { return made }
    return try quicken(code)
  }

  /// What becomes of a wordcode opcode, looked up for every instruction.
  private struct Form {
    var quick = QuickOpcode.nop
    var isKnown = false
    var usesCells = false
    var hasAbsoluteJump = false
    var isCached = false
    var isExtendedArg = false

    init(_ byte: UInt8) {
      guard let opcode = Opcode(rawValue: byte) else { return }
      quick = QuickOpcode(wordcode: opcode)
      isKnown = true
      usesCells = QuickOpcode.usesCells.contains(opcode)
      hasAbsoluteJump = opcode.hasAbsoluteJump
      isCached = quick.isCached
      isExtendedArg = opcode == .extendedArg
    }

    /// By opcode.
    nonisolated(unsafe) static let all: UnsafeMutablePointer<Form> = {
      let table = UnsafeMutablePointer<Form>.allocate(capacity: 256)
      for byte in 0..<256 { (table + byte).initialize(to: Form(UInt8(byte))) }
      return table
    }()
  }

  @inline(never)
  private static func quicken(_ code: CodeRef) throws(Raised) -> InstructionRef {
    if code.pointee.co_is_compiled == 0 { try CodeVerifier.verify(code) }
    let wordcode = code.pointee.co_wordcode
    let bytes = apus_bytes_data(wordcode)
    let count = apus_var_size(wordcode) / 2
    // One more, so that a jump to the very end stays inside: it raises SystemError.
    let forms = Form.all
    var cached = 0
    for index in 0..<count where forms[Int(bytes[index * 2])].isCached { cached += 1 }
    let words = count + 1 + cached * cacheWords
    guard let memory = PyMem_Calloc(words, MemoryLayout<ApusInstruction>.stride) else {
      throw raiseNoMemory()
    }
    let instructions = memory.bindMemory(to: ApusInstruction.self, capacity: words)
    var nextCache = count + 1
    var extended: UInt32 = 0
    for index in 0..<count {
      let argument = extended << 8 | UInt32(bytes[index * 2 + 1])
      let form = forms[Int(bytes[index * 2])]
      guard form.isKnown else {
        PyMem_Free(memory)
        throw raise(.systemError, "unknown opcode")
      }
      if form.isExtendedArg {
        extended = argument
        instructions[index] = ApusInstruction(opcode: QuickOpcode.nop.stored, cache: 0, oparg: 0)
        continue
      }
      extended = 0
      var oparg = argument
      if form.usesCells {
        // Cells and free variables lie behind the locals.
        oparg &+= UInt32(bitPattern: code.pointee.co_nlocals)
      }
      if form.hasAbsoluteJump {
        oparg = UInt32(bitPattern: Int32(truncatingIfNeeded: Int(argument) - (index + 1)))
      }
      let quick = form.quick
      var cache: UInt16 = 0
      // Where the entry would be too far away, the instruction stays general.
      if form.isCached, let distance = UInt16(exactly: nextCache - index) {
        cache = distance
        nextCache += cacheWords
      }
      instructions[index] = ApusInstruction(opcode: quick.stored, cache: cache, oparg: oparg)
      if cache != 0 { (instructions + index).inlineCache.pointee.counter = warmUp }
    }
    instructions[count] = ApusInstruction(
      opcode: QuickOpcode.raiseVarargs.stored, cache: 0, oparg: 3)
    fuse(instructions, count)
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
      case (.buildSlice, .binarySubscr): fused = .buildSliceSubscr
      case (.buildSlice, .storeSubscr) where instructions[index].oparg == 2:
        fused = .buildSliceStore
      default: continue
      }
      instructions[index].opcode = fused.stored
    }
  }

  /// The general form of a specialised or fused opcode.
  static func general(_ opcode: QuickOpcode) -> QuickOpcode {
    switch opcode {
    case .loadGlobalModule, .loadGlobalBuiltin: .loadGlobal
    case .storeGlobalModule: .storeGlobal
    case .loadAttrInstance, .loadAttrSlot, .loadAttrModule, .loadAttrClass, .loadAttrProperty,
      .loadAttrHint, .loadAttrOfType, .loadAttrBound, .loadAttrGetSet:
      .loadAttr
    case .storeAttrInstance, .storeAttrSlot: .storeAttr
    case .loadMethodValues, .loadMethodNoDict, .loadMethodLazyDict, .loadMethodModule,
      .loadMethodClass:
      .loadMethod
    case .callPythonExact, .callBuiltinO, .callBuiltinFast, .callTypeOne, .callClassInit,
      .callSuperMethod, .callSuperMethodOf:
      .callFunction
    case .callPythonKeywords: .callFunctionKw
    case .callMethodPythonExact, .callMethodNoargs, .callMethodO, .callMethodFast,
      .callMethodListAppend:
      .callMethod
    case .loadFastLoadFast, .loadFastLoadConst, .loadFastLoadAttr, .loadFastStoreAttr: .loadFast
    case .storeFastLoadFast, .storeFastStoreFast: .storeFast
    case .compareOpJump: .compareOp
    case .buildSliceSubscr, .buildSliceStore: .buildSlice
    default: opcode
    }
  }
}
