/// The operators of `COMPARE_OP`, by oparg (`opcode.cmp_op`).
public let comparisonOperators = ["<", "<=", "==", "!=", ">", ">="]

extension Opcode {
  /// Opcodes from here on use their argument (`opcode.HAVE_ARGUMENT`).
  public static let haveArgument: UInt8 = 90

  @inlinable public var hasArgument: Bool { rawValue >= 90 }
  /// In `opcode.hasconst`.
  @inlinable public var hasConst: Bool { argument == .const }
  /// In `opcode.hasname`.
  @inlinable public var hasName: Bool { argument == .name }
  /// In `opcode.hasjrel`.
  @inlinable public var hasRelativeJump: Bool { argument == .relativeJump }
  /// In `opcode.hasjabs`.
  @inlinable public var hasAbsoluteJump: Bool { argument == .absoluteJump }
  @inlinable public var hasJump: Bool { hasRelativeJump || hasAbsoluteJump }
  /// In `opcode.haslocal`.
  @inlinable public var hasLocal: Bool { argument == .local }
  /// In `opcode.hascompare`.
  @inlinable public var hasCompare: Bool { argument == .compare }
  /// In `opcode.hasfree`.
  @inlinable public var hasFree: Bool { argument == .free }

  /// A jump that is always taken.
  @inlinable public var isUnconditionalJump: Bool { self == .jumpForward || self == .jumpAbsolute }
  /// Pushes a block on the block stack; its jump is the way to the handler.
  @inlinable public var isBlockPush: Bool {
    self == .setupFinally || self == .setupWith || self == .setupAsyncWith
  }
  /// Leaves the frame or raises: the next instruction is not reached from here.
  @inlinable public var isScopeExit: Bool {
    self == .returnValue || self == .raiseVarargs || self == .reraise || self == .reraiseValue
  }

  /// The opcode printed as `name`, nil when there is none. Linear: for tools, not for hot paths.
  public init?(name: String) {
    guard let row = instructionTable.first(where: { $0.name == name }) else { return nil }
    self.init(rawValue: row.number)
  }
}
