/// Bits of `co_flags`.
public struct CodeFlags: OptionSet, Sendable, Hashable {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  public static let optimized = CodeFlags(rawValue: 0x1)
  public static let newLocals = CodeFlags(rawValue: 0x2)
  public static let varArgs = CodeFlags(rawValue: 0x4)
  public static let varKeywords = CodeFlags(rawValue: 0x8)
  public static let nested = CodeFlags(rawValue: 0x10)
  public static let generator = CodeFlags(rawValue: 0x20)
  /// Set by 3.10 for code without cells and free variables; gone since 3.11.
  public static let noFree = CodeFlags(rawValue: 0x40)
  public static let coroutine = CodeFlags(rawValue: 0x80)
  public static let iterableCoroutine = CodeFlags(rawValue: 0x100)
  public static let asyncGenerator = CodeFlags(rawValue: 0x200)
}

/// What compiling yields: the contents of a code object.
///
/// Names follow `co_…` attributes. Immutable once made; nested code stands in `constants`.
public final class CodeUnit {
  public let argCount: Int
  public let posOnlyArgCount: Int
  public let kwOnlyArgCount: Int
  /// `co_nlocals`: the number of `varNames`.
  public var localCount: Int { varNames.count }
  public let stackSize: Int
  public let flags: CodeFlags
  public let firstLine: Int
  /// Wordcode: opcode and argument bytes alternating.
  public let code: [UInt8]
  public let constants: [CodeConstant]
  public let names: [String]
  public let varNames: [String]
  public let cellVars: [String]
  public let freeVars: [String]
  public let fileName: String
  public let name: String
  public let qualifiedName: String
  /// `co_linetable` in the format of 3.10 (PEP 626).
  public let lineTable: [UInt8]
  /// Line and column ranges of every instruction in the location format of 3.11 and later (PEP
  /// 657).
  public let locationTable: [UInt8]

  init(
    argCount: Int, posOnlyArgCount: Int, kwOnlyArgCount: Int, stackSize: Int, flags: CodeFlags,
    firstLine: Int, code: [UInt8], constants: [CodeConstant], names: [String], varNames: [String],
    cellVars: [String], freeVars: [String], fileName: String, name: String, qualifiedName: String,
    lineTable: [UInt8], locationTable: [UInt8]
  ) {
    self.argCount = argCount
    self.posOnlyArgCount = posOnlyArgCount
    self.kwOnlyArgCount = kwOnlyArgCount
    self.stackSize = stackSize
    self.flags = flags
    self.firstLine = firstLine
    self.code = code
    self.constants = constants
    self.names = names
    self.varNames = varNames
    self.cellVars = cellVars
    self.freeVars = freeVars
    self.fileName = fileName
    self.name = name
    self.qualifiedName = qualifiedName
    self.lineTable = lineTable
    self.locationTable = locationTable
  }

  /// `==` of code objects: everything but file name and qualified name; positions count when the
  /// unit has them (they do since 3.12, the classic dialect carries none).
  public func isEqual(to other: CodeUnit) -> Bool {
    name == other.name && firstLine == other.firstLine && argCount == other.argCount
      && posOnlyArgCount == other.posOnlyArgCount && kwOnlyArgCount == other.kwOnlyArgCount
      && flags == other.flags && code == other.code && names == other.names
      && varNames == other.varNames && cellVars == other.cellVars && freeVars == other.freeVars
      && locationTable == other.locationTable && constants.count == other.constants.count
      && zip(constants, other.constants).allSatisfy { ConstantKey($0) == ConstantKey($1) }
  }
}
