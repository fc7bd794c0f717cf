/// What the argument byte (`oparg`) of an instruction stands for.
public enum ArgumentKind: String, Sendable, CaseIterable {
  /// No argument: the byte is 0 and ignored (opcodes below `Opcode.haveArgument`).
  case none
  /// Index into `co_consts`.
  case const
  /// Index into `co_names`.
  case name
  /// Index of a local variable, into `co_varnames`.
  case local
  /// Index of a cell, into `co_cellvars + co_freevars`.
  case free
  /// Distance of a jump in instructions, counted from the next instruction.
  case relativeJump
  /// Target of a jump: the index of an instruction.
  case absoluteJump
  /// Index into `comparisonOperators`.
  case compare
  /// How many values the instruction takes or makes, or how deep it looks.
  case count
  /// A set of bits.
  case flags
  /// Number of an intrinsic function, see `IntrinsicFunction1` and `IntrinsicFunction2`.
  case intrinsic
}

/// One row of the instruction table.
///
/// The stack effect is written `(taken -- left)`, top of the stack at the right. `values[n]` stands
/// for `n` values, where `n` is an expression in `oparg`. Jumping instructions that leave another
/// stack when they jump have a second effect.
public struct InstructionSpec: Sendable {
  public let name: String
  public let number: UInt8
  public let effect: String
  public let argument: ArgumentKind
  public let mayRaise: Bool
  /// The effect when the jump is taken or the handler entered; nil: the same as `effect`.
  public let jumpEffect: String?
  /// The release whose constructs need it, when that is newer than 3.10.
  public let since: String?
  public let meaning: String

  init(
    _ name: String, _ number: UInt8, _ effect: String, arg argument: ArgumentKind = .none,
    mayRaise: Bool = false, jump jumpEffect: String? = nil, since: String? = nil, _ meaning: String
  ) {
    self.name = name
    self.number = number
    self.effect = effect
    self.argument = argument
    self.mayRaise = mayRaise
    self.jumpEffect = jumpEffect
    self.since = since
    self.meaning = meaning
  }
}
