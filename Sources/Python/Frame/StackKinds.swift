import Bytecode
import CPythonABI
import Objects

/// What lies on the value stack at each instruction, as far as setting `f_lineno` has to know.
/// CPython: Objects/frameobject.c, mark_stacks.
struct StackKinds {
  enum Kind: UInt8 {
    case object
    /// NULL or a value: under the arguments of a method call.
    case null
    /// Of a `for` loop.
    case iterator
    /// The exception that was being handled before, three entries that POP_EXCEPT takes.
    case handled
    /// The exception that came in, three entries.
    case raised
  }

  /// Bottom first; nil where no way leads.
  private(set) var stacks: [[Kind]?]

  init(_ code: CodeRef) {
    let bytes = apus_bytes_data(code.pointee.co_wordcode)
    let count = apus_var_size(code.pointee.co_wordcode) / 2
    stacks = Array(repeating: nil, count: count)
    var pending: [(index: Int, stack: [Kind])] = [(0, [])]
    if count > 0 && bytes[0] == Opcode.genStart.rawValue { pending[0].stack = [.object] }
    while let start = pending.popLast() {
      var index = start.index
      var stack = start.stack
      while index >= 0, index < count, stacks[index] == nil {
        var argument = 0
        var opcode = Opcode.nop
        while index < count {
          stacks[index] = stack
          argument = argument << 8 | Int(bytes[index * 2 + 1])
          opcode = Opcode(rawValue: bytes[index * 2]) ?? .nop
          index += 1
          if opcode != .extendedArg { break }
        }
        if opcode.hasJump {
          let target = opcode.hasRelativeJump ? index + argument : argument
          pending.append((target, Self.after(opcode, argument, stack, jump: true)))
        }
        if opcode.isScopeExit || opcode.isUnconditionalJump { break }
        stack = Self.after(opcode, argument, stack, jump: false)
      }
    }
  }

  private static let handlerEntry: [Kind] = [
    .handled, .handled, .handled, .raised, .raised, .raised,
  ]

  private static func after(
    _ opcode: Opcode, _ argument: Int, _ stack: [Kind], jump: Bool
  ) -> [Kind] {
    var stack = stack
    func drop(_ count: Int) { stack.removeLast(Swift.min(Swift.max(count, 0), stack.count)) }
    switch opcode {
    case .setupFinally:
      if jump { stack += handlerEntry }
    case .setupWith:
      if jump { stack += handlerEntry } else { stack.append(.object) }
    case .setupAsyncWith:
      if jump {
        drop(1)
        stack += handlerEntry
      }
    case .getIter, .getAiter, .getYieldFromIter:
      drop(1)
      stack.append(.iterator)
    case .forIter:
      if jump { drop(1) } else { stack.append(.object) }
    case .rotTwo: rotate(&stack, 2)
    case .rotThree: rotate(&stack, 3)
    case .rotFour: rotate(&stack, 4)
    case .rotN: rotate(&stack, argument)
    case .dupTop: if let top = stack.last { stack.append(top) }
    case .dupTopTwo: stack += stack.suffix(2)
    case .loadMethod:
      drop(1)
      stack += [.null, .object]
    case .loadFastAndClear, .loadCellAndClear: stack.append(.null)
    default:
      let effect = opcode.stackEffect(argument, jump: jump)
      if effect < 0 {
        drop(-effect)
        // What replaces the operands is an ordinary value.
        if !opcode.isPlainPop, let last = stack.last, last != .handled, last != .iterator {
          stack[stack.count - 1] = .object
        }
      } else {
        stack += Array(repeating: .object, count: effect)
      }
    }
    return stack
  }

  private static func rotate(_ stack: inout [Kind], _ count: Int) {
    guard count > 1, count <= stack.count else { return }
    let top = stack.removeLast()
    stack.insert(top, at: stack.count - count + 1)
  }

  /// Whether values of one kind may stand where the other is expected.
  private static func fits(_ from: Kind, _ to: Kind) -> Bool {
    switch to {
    case .object: from != .null
    case .null: true
    default: from == to
    }
  }

  /// Whether a jump can get from one stack to the other by dropping values.
  static func leads(_ from: [Kind], _ to: [Kind]) -> Bool {
    to.count <= from.count && zip(from, to).allSatisfy { fits($0, $1) }
  }

  /// Why a jump to a place with this stack is impossible.
  static func obstacle(_ target: [Kind]?) -> String {
    guard let target else {
      return "can't jump into an exception handler, or code may be unreachable"
    }
    switch target.last {
    case .handled, .raised: return "can't jump into an 'except' block as there's no exception"
    case .iterator: return "can't jump into the body of a for loop"
    case .object, .null, nil: return "incompatible stacks"
    }
  }
}

extension Opcode {
  /// Takes values off the stack and puts none there.
  fileprivate var isPlainPop: Bool {
    switch self {
    case .popTop, .popExcept, .endAsyncFor, .storeFast, .storeName, .storeGlobal, .storeDeref,
      .storeAttr, .storeSubscr, .deleteSubscr, .deleteAttr, .popJumpIfFalse, .popJumpIfTrue,
      .jumpIfNotExcMatch, .jumpIfFalseOrPop, .jumpIfTrueOrPop, .printExpr, .importStar,
      .listAppend, .setAdd, .mapAdd, .listExtend, .setUpdate, .dictMerge, .dictUpdate,
      .genStart, .storeFastMaybeNull, .storeCell:
      true
    default: false
    }
  }
}
