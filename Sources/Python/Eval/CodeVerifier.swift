import Bytecode
import CPythonABI
import Objects

/// Checks a code object that the compiler did not make, before it runs for the first time.
///
/// The instruction bodies trust their operands: that the stack is deep enough, that an entry is no
/// NULL, that LIST_APPEND finds a list. The compiler's code keeps all that. Code of `types.CodeType`,
/// `code.replace` and `marshal` is followed here along every way through it, with the depth, the
/// block stack and the kind of every stack entry; what cannot be shown to be right raises SystemError.
/// What depends on values (the type of an exception, say) is checked by the bodies themselves.
struct CodeVerifier {
  /// What is known of a stack entry: a kind in the low 4 bits, a number above them.
  private typealias Entry = Int32

  private enum Kind {
    static let any: Entry = 0
    /// NULL is possible.
    static let optional: Entry = 1
    static let list: Entry = 2
    static let set: Entry = 3
    static let dict: Entry = 4
    static let cell: Entry = 5
    /// A tuple; the number is its size.
    static let tuple: Entry = 6
    /// A tuple of cells; the number is its size.
    static let cells: Entry = 7
    /// A constant; the number is its index.
    static let constant: Entry = 8
    static func with(_ kind: Entry, _ number: Int) -> Entry { Entry(truncatingIfNeeded: number) << 4 | kind }
    static func of(_ entry: Entry) -> Entry { entry & 15 }
    static func number(_ entry: Entry) -> Int { Int(entry >> 4) }
  }

  /// A block: where its handler is, how deep the stack was, whether the handler runs already, and
  /// the block around it. Equal blocks have equal numbers.
  private struct Block: Hashable {
    var handler: Int
    var level: Int
    var isHandler: Bool
    var parent: Int
  }

  private struct State {
    var stack: [Entry]
    var block: Int
  }

  private struct Invalid: Error {
    var reason: String
  }

  private let code: CodeRef
  private let bytes: UnsafeMutablePointer<UInt8>
  private let count: Int
  private let limit: Int
  private var isTarget: [Bool]
  /// For each instruction the number of its state, or -1.
  private var known: [Int32]
  private var states: [State] = []
  private var waiting: [Int] = []
  private var blocks: [Block] = []
  private var blockNumbers: [Block: Int] = [:]
  /// The state on the way that is being followed.
  private var stack: [Entry] = []
  private var block = -1

  private init(_ code: CodeRef) {
    self.code = code
    bytes = apus_bytes_data(code.pointee.co_wordcode)
    count = apus_var_size(code.pointee.co_wordcode) / 2
    limit = Int(code.pointee.co_stacksize)
    isTarget = Array(repeating: false, count: count)
    known = Array(repeating: -1, count: count)
    stack.reserveCapacity(min(limit, 64))
  }

  /// Raises SystemError for code that may not run.
  static func verify(_ code: CodeRef) throws(Raised) {
    var verifier = CodeVerifier(code)
    var failure: Invalid?
    do throws(Invalid) {
      try verifier.findTargets()
      try verifier.followAll()
    } catch { failure = error }
    if let failure {
      let name = text(of: code.pointee.co_name)
      throw raise(.systemError, "invalid wordcode of \(name): \(failure.reason)")
    }
  }

  // MARK: Reading

  private func opcode(_ index: Int) -> UInt8 { bytes[index * 2] }
  private func argument(_ index: Int) -> Int { Int(bytes[index * 2 + 1]) }

  /// Every instruction exists, and every jump goes to one (and not behind its EXTENDED_ARG).
  private mutating func findTargets() throws(Invalid) {
    if count == 0 { throw Invalid(reason: "no instruction") }
    var prefix = 0
    var prefixes = 0
    for index in 0..<count {
      guard let opcode = Opcode(rawValue: opcode(index)) else {
        throw Invalid(reason: "unknown opcode \(opcode(index)) at \(index * 2)")
      }
      let whole = prefix << 8 | argument(index)
      if opcode == .extendedArg {
        prefixes += 1
        if prefixes > 3 { throw Invalid(reason: "too many EXTENDED_ARG at \(index * 2)") }
        prefix = whole
        continue
      }
      prefix = 0
      prefixes = 0
      guard opcode.hasJump else { continue }
      let target = opcode.hasRelativeJump ? index + 1 + whole : whole
      guard target < count else { throw Invalid(reason: "jump out of the code at \(index * 2)") }
      if target > 0, self.opcode(target - 1) == Opcode.extendedArg.rawValue {
        throw Invalid(reason: "jump into an instruction at \(index * 2)")
      }
      isTarget[target] = true
    }
    if prefixes > 0 { throw Invalid(reason: "EXTENDED_ARG at the end") }
  }

  // MARK: Ways

  private mutating func followAll() throws(Invalid) {
    let isGenerator = code.pointee.co_flags & 0x2A0 != 0
    if isGenerator != (opcode(0) == Opcode.genStart.rawValue) {
      throw Invalid(reason: isGenerator ? "generator without GEN_START" : "GEN_START in a function")
    }
    // A generator starts with the value that was sent to it.
    stack = isGenerator ? [Kind.any] : []
    try follow(from: 0)
    while let start = waiting.popLast() {
      stack.replaceSubrange(0..., with: states[Int(known[start])].stack)
      block = states[Int(known[start])].block
      try follow(from: start)
    }
  }

  /// Follows one way to its end, or to where several ways meet.
  private mutating func follow(from start: Int) throws(Invalid) {
    var index = start
    while true {
      if index >= count { throw Invalid(reason: "no end") }
      if index != start || index == 0, isTarget[index] {
        // A jump back to the first instruction: its own state, too.
        if index != start || known[index] < 0 {
          try reach(index, stack, block)
          return
        }
      }
      let first = index
      var whole = 0
      while opcode(index) == Opcode.extendedArg.rawValue {
        whole = whole << 8 | argument(index)
        index += 1
      }
      whole = whole << 8 | argument(index)
      // findTargets has seen that it exists.
      let opcode = Opcode(rawValue: opcode(index)) ?? .nop
      index += 1
      if opcode == .genStart && first != 0 { throw Invalid(reason: "GEN_START at \(first * 2)") }
      do throws(Invalid) {
        if try !step(opcode, whole, next: index) { return }
      } catch {
        throw Invalid(reason: "\(opcode.name): \(error.reason) at \(first * 2)")
      }
      if stack.count > limit { throw Invalid(reason: "stack deeper than \(limit) at \(first * 2)") }
    }
  }

  /// Notes a way to an instruction, and that it has to be followed when it tells something new.
  private mutating func reach(
    _ target: Int, _ stack: [Entry], _ block: Int
  ) throws(Invalid) {
    if stack.count > limit { throw Invalid(reason: "stack deeper than \(limit)") }
    let number = Int(known[target])
    if number < 0 {
      known[target] = Int32(truncatingIfNeeded: states.count)
      states.append(State(stack: stack, block: block))
      waiting.append(target)
      return
    }
    if states[number].stack.count != stack.count { throw Invalid(reason: "different stack depths") }
    if states[number].block != block { throw Invalid(reason: "different blocks") }
    var changed = false
    for (position, entry) in stack.enumerated() {
      let old = states[number].stack[position]
      if old == entry { continue }
      let new = old == Kind.optional || entry == Kind.optional ? Kind.optional : Kind.any
      if new != old {
        states[number].stack[position] = new
        changed = true
      }
    }
    if changed { waiting.append(target) }
  }

  // MARK: The stack

  /// The depth that nothing may go below: that of the block, with the exception its handler saves.
  private var floor: Int {
    if block < 0 { return 0 }
    return blocks[block].level + (blocks[block].isHandler ? 3 : 0)
  }

  private mutating func pop() throws(Invalid) -> Entry {
    guard stack.count > floor, let entry = stack.popLast() else {
      throw Invalid(reason: "too few values")
    }
    if entry == Kind.optional { throw Invalid(reason: "NULL where a value is wanted") }
    return entry
  }

  private mutating func pop(_ count: Int) throws(Invalid) {
    if count > stack.count { throw Invalid(reason: "too few values") }
    for _ in 0..<count { _ = try pop() }
  }

  private mutating func push(_ count: Int) throws(Invalid) {
    if count > limit { throw Invalid(reason: "too many values") }
    for _ in 0..<count { stack.append(Kind.any) }
  }

  /// The entry so many places below the top (1 is the top).
  private func entry(_ below: Int) throws(Invalid) -> Entry {
    guard below >= 1, below <= stack.count else { throw Invalid(reason: "too few values") }
    return stack[stack.count - below]
  }

  private mutating func rotate(_ count: Int) throws(Invalid) {
    // A handler may move its result below what it saved; POP_EXCEPT follows then.
    let lowest = block >= 0 && blocks[block].isHandler ? blocks[block].level : 0
    guard count >= 2, count <= stack.count - lowest else { throw Invalid(reason: "too few values") }
    let top = stack.removeLast()
    stack.insert(top, at: stack.count - (count - 1))
    // Handlers find below their blocks what lies there now.
    let position = stack.count - count
    var around = block
    while around >= 0, position < blocks[around].level {
      let outer = blocks[around]
      if !outer.isHandler {
        let handling = number(
          of: Block(
            handler: outer.handler, level: outer.level, isHandler: true, parent: outer.parent))
        try reach(
          outer.handler, Array(stack[..<outer.level]) + Array(repeating: Kind.any, count: 6),
          handling)
      }
      around = outer.parent
    }
  }

  private mutating func number(of block: Block) -> Int {
    if let number = blockNumbers[block] { return number }
    blocks.append(block)
    blockNumbers[block] = blocks.count - 1
    return blocks.count - 1
  }

  /// SETUP_*: the way into the handler, and the block for the instructions that follow.
  private mutating func enterBlock(_ handler: Int, level: Int) throws(Invalid) {
    // What the table of blocks can hold.
    if level > Int(UInt16.max) { throw Invalid(reason: "stack too deep for a block") }
    let handling = number(
      of: Block(handler: handler, level: level, isHandler: true, parent: block))
    try reach(
      handler, Array(stack[..<level]) + Array(repeating: Kind.any, count: 6), handling)
    block = number(of: Block(handler: handler, level: level, isHandler: false, parent: block))
  }

  // MARK: Operands

  private func index(_ value: Int, below size: Int, _ what: String) throws(Invalid) {
    if value >= size { throw Invalid(reason: "\(what) out of range") }
  }

  private func constant(_ entry: Entry) -> Ref? {
    Kind.of(entry) == Kind.constant
      ? apus_tuple_item(code.pointee.co_consts, Kind.number(entry)) : nil
  }

  /// The size of a tuple that is surely one.
  private func tupleSize(_ entry: Entry) -> Int? {
    let kind = Kind.of(entry)
    if kind == Kind.tuple || kind == Kind.cells { return Kind.number(entry) }
    guard let value = constant(entry), value.isTuple else { return nil }
    return apus_var_size(value)
  }

  private func checkOperand(_ opcode: Opcode, _ argument: Int) throws(Invalid) {
    switch opcode.argument {
    case .const: try index(argument, below: apus_var_size(code.pointee.co_consts), "constant")
    case .name: try index(argument, below: apus_var_size(code.pointee.co_names), "name")
    case .local: try index(argument, below: Int(code.pointee.co_nlocals), "local variable")
    case .free:
      try index(
        argument, below: Int(code.pointee.co_ncellvars + code.pointee.co_nfreevars), "cell")
    case .compare: try index(argument, below: comparisonOperators.count, "operator")
    default: break
    }
  }

  private func require(_ below: Int, _ kind: Entry, _ what: String) throws(Invalid) {
    if Kind.of(try entry(below)) != kind { throw Invalid(reason: "no \(what)") }
  }

  // MARK: Instructions

  /// Applies an instruction; false when the way ends with it.
  private mutating func step(_ opcode: Opcode, _ argument: Int, next: Int) throws(Invalid) -> Bool {
    try checkOperand(opcode, argument)
    let target = opcode.hasRelativeJump ? next + argument : argument
    switch opcode {
    case .rotTwo: try rotate(2)
    case .rotThree: try rotate(3)
    case .rotFour: try rotate(4)
    case .rotN: try rotate(argument)
    case .dupTop:
      let top = try entry(1)
      if top == Kind.optional { throw Invalid(reason: "NULL where a value is wanted") }
      stack.append(top)
    case .dupTopTwo:
      let (top, second) = (try entry(1), try entry(2))
      if top == Kind.optional || second == Kind.optional {
        throw Invalid(reason: "NULL where a value is wanted")
      }
      stack += [second, top]
    case .loadConst: stack.append(Kind.with(Kind.constant, argument))
    case .loadClosure, .loadCellAndClear: stack.append(Kind.cell)
    case .loadFastAndClear: stack.append(Kind.optional)
    case .storeFastMaybeNull:
      guard stack.count > floor else { throw Invalid(reason: "too few values") }
      stack.removeLast()
    case .storeCell:
      if Kind.of(try pop()) != Kind.cell { throw Invalid(reason: "no cell") }
    case .loadMethod:
      try pop(1)
      stack += [Kind.optional, Kind.any]
    case .callMethod:
      try pop(argument)
      try pop(1)
      guard stack.count > floor else { throw Invalid(reason: "too few values") }
      stack[stack.count - 1] = Kind.any
    case .buildTuple:
      if argument > stack.count { throw Invalid(reason: "too few values") }
      let isClosure = argument > 0 && stack.suffix(argument).allSatisfy { Kind.of($0) == Kind.cell }
      try pop(argument)
      stack.append(Kind.with(isClosure ? Kind.cells : Kind.tuple, argument))
    case .buildList:
      try pop(argument)
      stack.append(Kind.list)
    case .buildSet:
      try pop(argument)
      stack.append(Kind.set)
    case .buildMap:
      try pop(argument &* 2)
      stack.append(Kind.dict)
    case .buildConstKeyMap:
      try pop(argument + 1)
      stack.append(Kind.dict)
    case .listAppend, .listExtend:
      try require(argument + 1, Kind.list, "list")
      try pop(1)
    case .setAdd, .setUpdate:
      try require(argument + 1, Kind.set, "set")
      try pop(1)
    case .mapAdd:
      try require(argument + 2, Kind.dict, "dict")
      try pop(2)
    case .dictUpdate:
      try require(argument + 1, Kind.dict, "dict")
      try pop(1)
    case .dictMerge:
      try require(argument + 1, Kind.dict, "dict")
      if try entry(argument + 3) == Kind.optional { throw Invalid(reason: "no callable") }
      try pop(1)
    case .listToTuple:
      try require(1, Kind.list, "list")
      try pop(1)
      try push(1)
    case .callFunctionKw:
      guard let names = constant(try pop()), names.isExactTuple, apus_var_size(names) <= argument
      else { throw Invalid(reason: "no keyword names") }
      for position in 0..<apus_var_size(names) where !apus_tuple_item(names, position).isExactStr {
        throw Invalid(reason: "no keyword names")
      }
      try pop(argument + 1)
      try push(1)
    case .makeFunction: try makeFunction(argument)
    case .setupFinally: try enterBlock(target, level: stack.count)
    case .setupWith:
      try pop(1)
      try push(1)
      try enterBlock(target, level: stack.count)
      try push(1)
    case .setupAsyncWith:
      try pop(1)
      try enterBlock(target, level: stack.count)
      try push(1)
    case .popBlock:
      guard block >= 0, !blocks[block].isHandler else { throw Invalid(reason: "no block") }
      block = blocks[block].parent
    case .popExcept:
      guard block >= 0, blocks[block].isHandler, stack.count >= blocks[block].level + 3,
        stack.suffix(3).allSatisfy({ $0 != Kind.optional })
      else { throw Invalid(reason: "no handler") }
      stack.removeLast(3)
      block = blocks[block].parent
    case .endAsyncFor:
      guard block >= 0, blocks[block].isHandler, stack.count == blocks[block].level + 6 else {
        throw Invalid(reason: "no handler")
      }
      stack.removeLast(6)
      block = blocks[block].parent
      try pop(1)
    case .withExceptStart:
      for below in [1, 2, 3, 7] where try entry(below) == Kind.optional {
        throw Invalid(reason: "no exception")
      }
      try push(1)
    case .returnValue:
      try pop(1)
      if !stack.isEmpty || block >= 0 { throw Invalid(reason: "values left on the stack") }
      return false
    case .raiseVarargs:
      try index(argument, below: 3, "operand")
      try pop(argument)
      return false
    case .reraise:
      try pop(3)
      return false
    case .reraiseValue:
      try pop(1)
      return false
    case .jumpForward, .jumpAbsolute:
      try reach(target, stack, block)
      return false
    case .jumpIfFalseOrPop, .jumpIfTrueOrPop:
      let top = try pop()
      try reach(target, stack + [top], block)
    case .forIter:
      try pop(1)
      try reach(target, stack, block)
      try push(2)
    case .popJumpIfFalse, .popJumpIfTrue:
      try pop(1)
      try reach(target, stack, block)
    case .jumpIfNotExcMatch:
      try pop(2)
      try reach(target, stack, block)
    case .yieldValue:
      if code.pointee.co_flags & 0x2A0 == 0 { throw Invalid(reason: "not in a generator") }
      try pop(1)
      try push(1)
    case .yieldFrom:
      if code.pointee.co_flags & 0x2A0 == 0 { throw Invalid(reason: "not in a generator") }
      try pop(2)
      try push(1)
    // These look at the top and leave it, which may lie below the block of a loop.
    case .getAnext, .getLen, .matchMapping, .matchSequence, .importFrom:
      if try entry(1) == Kind.optional { throw Invalid(reason: "NULL where a value is wanted") }
      try push(1)
    case .matchKeys:
      let (top, below) = (try entry(1), try entry(2))
      if top == Kind.optional || below == Kind.optional {
        throw Invalid(reason: "NULL where a value is wanted")
      }
      try push(2)
    case .buildSlice:
      if argument != 2 && argument != 3 { throw Invalid(reason: "bad operand") }
      try pop(argument)
      try push(1)
    case .unpackSequence:
      try pop(1)
      try push(argument)
    case .unpackEx:
      try pop(1)
      try push((argument & 255) + 1 + (argument >> 8))
    default:
      let taken = Self.taken(opcode, argument)
      if taken > stack.count { throw Invalid(reason: "too few values") }
      try pop(taken)
      try push(taken + opcode.stackEffect(argument, jump: false))
    }
    return true
  }

  private mutating func makeFunction(_ flags: Int) throws(Invalid) {
    if flags > 15 { throw Invalid(reason: "bad operand") }
    guard let name = constant(try pop()), name.isStr, let inner = constant(try pop()),
      inner.type == codeType()
    else { throw Invalid(reason: "no code and name") }
    let free = Int(inner.view(PyCodeObject.self).pointee.co_nfreevars)
    if flags & 8 != 0 {
      let closure = try pop()
      guard Kind.of(closure) == Kind.cells, Kind.number(closure) == free else {
        throw Invalid(reason: "no closure")
      }
    } else if free != 0 {
      throw Invalid(reason: "no closure")
    }
    if flags & 4 != 0 {
      let annotations = try pop()
      guard Kind.of(annotations) == Kind.dict || tupleSize(annotations).map({ $0 & 1 }) == 0 else {
        throw Invalid(reason: "no annotations")
      }
    }
    // Their types are looked at when the function is made.
    try pop((flags & 1) + (flags >> 1 & 1))
    try push(1)
  }

  /// How many values an instruction without a rule of its own takes (some it puts back).
  private static func taken(_ opcode: Opcode, _ argument: Int) -> Int {
    switch opcode {
    case .nop, .loadBuildClass, .loadAssertionError, .loadLocals, .setupAnnotations, .loadName,
      .deleteName, .loadGlobal, .deleteGlobal, .loadFast, .deleteFast, .loadDeref, .deleteDeref,
      .loadClassderef:
      0
    case .popTop, .unaryPositive, .unaryNegative, .unaryNot, .unaryInvert, .reraiseValue, .getAiter,
      .beforeAsyncWith, .getIter, .getYieldFromIter, .printExpr, .getAwaitable, .importStar,
      .storeName, .deleteAttr, .storeGlobal, .loadAttr, .storeFast, .genStart, .storeDeref, .callIntrinsic1,
      .loadFromDictOrGlobals, .loadFromDictOrDeref:
      1
    case .copyDictWithoutKeys, .checkEgMatch, .prepReraiseStar, .deleteSubscr,
      .storeAttr, .compareOp, .importName, .isOp, .containsOp, .callIntrinsic2:
      2
    case .storeSubscr, .matchClass: 3
    case .callFunction: argument + 1
    case .callFunctionEx: 2 + (argument & 1)
    case .formatValue: 1 + (argument >> 2 & 1)
    case .buildString: argument
    // The binary and in-place operators.
    default: 2
    }
  }
}
