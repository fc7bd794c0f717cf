/// One instruction of a code string with its extended argument put together.
@frozen public struct WordcodeInstruction: Sendable {
  /// Index of the opcode's code unit (bytes: twice as much).
  public let index: Int
  public let opcode: UInt8
  public let oparg: Int

  /// The operation; nil for a number that has none.
  public var operation: Opcode? { Opcode(rawValue: opcode) }

  /// The code unit a jump goes to, nil for other instructions.
  public var jumpTarget: Int? {
    guard let operation else { return nil }
    if operation.hasAbsoluteJump { return oparg }
    if operation.hasRelativeJump { return index + 1 + oparg }
    return nil
  }
}

/// Walks the instructions of a code string. `EXTENDED_ARG` units are elements of their own, and
/// their bits are part of the instruction after them (`dis._unpack_opargs`).
public struct WordcodeReader: Sequence, IteratorProtocol {
  private let code: [UInt8]
  private var position = 0
  private var extended = 0

  public init(_ code: [UInt8]) { self.code = code }

  public mutating func next() -> WordcodeInstruction? {
    guard position + 1 < code.count else { return nil }
    let opcode = code[position]
    let oparg = opcode >= Opcode.haveArgument ? extended | Int(code[position + 1]) : 0
    extended = opcode == Opcode.extendedArg.rawValue ? (oparg & 0xFF_FFFF) << 8 : 0
    defer { position += 2 }
    return WordcodeInstruction(index: position / 2, opcode: opcode, oparg: oparg)
  }
}
