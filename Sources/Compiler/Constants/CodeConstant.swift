import AST

/// An entry of `co_consts`, as a value without an object model below it.
public indirect enum CodeConstant {
  case none
  case `true`
  case `false`
  case ellipsis
  /// An integer that fits a machine word.
  case int(Int)
  /// A larger one: 30-bit digits of the magnitude, least significant first.
  case bigInt(negative: Bool, digits: [UInt32])
  case float(Double)
  case complex(real: Double, imaginary: Double)
  /// UTF-8, lone surrogates as three bytes (WTF-8).
  case string([UInt8])
  case bytes([UInt8])
  case tuple([CodeConstant])
  /// No two equal items.
  case frozenset([CodeConstant])
  case code(CodeUnit)

  public init(_ constant: Constant) {
    switch constant {
    case .none: self = .none
    case .true: self = .true
    case .false: self = .false
    case .ellipsis: self = .ellipsis
    case .int(let value): self = .int(value)
    case .bigInt(let digits): self = .bigInt(negative: false, digits: digits)
    case .negativeBigInt(let digits): self = .bigInt(negative: true, digits: digits)
    case .float(let value): self = .float(value)
    case .complex(let imaginary): self = .complex(real: 0, imaginary: imaginary)
    case .complexNumber(let real, let imaginary): self = .complex(real: real, imaginary: imaginary)
    case .string(let bytes): self = .string(bytes)
    case .bytes(let bytes): self = .bytes(bytes)
    case .tuple(let items): self = .tuple(items.map(CodeConstant.init))
    case .frozenset(let items): self = .frozenset(items.map(CodeConstant.init))
    }
  }

  /// `bool(constant)`; code objects are true.
  public var truth: Bool {
    switch self {
    case .none, .false: false
    case .true, .ellipsis, .bigInt, .code: true
    case .int(let value): value != 0
    case .float(let value): value != 0
    case .complex(let real, let imaginary): real != 0 || imaginary != 0
    case .string(let bytes), .bytes(let bytes): !bytes.isEmpty
    case .tuple(let items), .frozenset(let items): !items.isEmpty
    }
  }
}

/// Two constants are one entry of `co_consts` when type and value agree, in containers too; zeros
/// of different sign differ, a NaN equals nothing. (`_PyCode_ConstantKey` in
/// `Objects/codeobject.c`.)
struct ConstantKey: Hashable {
  let constant: CodeConstant

  init(_ constant: CodeConstant) { self.constant = constant }

  func hash(into hasher: inout Hasher) {
    switch constant {
    case .none: hasher.combine(0)
    case .true: hasher.combine(1)
    case .false: hasher.combine(2)
    case .ellipsis: hasher.combine(3)
    case .int(let value):
      hasher.combine(4)
      hasher.combine(value)
    case .bigInt(let negative, let digits):
      hasher.combine(negative)
      hasher.combine(digits)
    case .float(let value):
      hasher.combine(5)
      hasher.combine(value.bitPattern)
    case .complex(let real, let imaginary):
      hasher.combine(real.bitPattern)
      hasher.combine(imaginary.bitPattern)
    case .string(let bytes):
      hasher.combine(6)
      bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    case .bytes(let bytes):
      hasher.combine(7)
      bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    case .tuple(let items):
      hasher.combine(8)
      for item in items { ConstantKey(item).hash(into: &hasher) }
    case .frozenset(let items):
      hasher.combine(9)
      hasher.combine(items.count)
    case .code(let code):
      hasher.combine(code.name)
      hasher.combine(code.firstLine)
      hasher.combine(code.code.count)
    }
  }

  static func == (a: ConstantKey, b: ConstantKey) -> Bool {
    switch (a.constant, b.constant) {
    case (.none, .none), (.true, .true), (.false, .false), (.ellipsis, .ellipsis): true
    case (.int(let x), .int(let y)): x == y
    case (.bigInt(let s, let x), .bigInt(let t, let y)): s == t && x == y
    case (.float(let x), .float(let y)): !x.isNaN && x.bitPattern == y.bitPattern
    case (.complex(let x, let u), .complex(let y, let v)):
      !x.isNaN && !u.isNaN && x.bitPattern == y.bitPattern && u.bitPattern == v.bitPattern
    case (.string(let x), .string(let y)), (.bytes(let x), .bytes(let y)): x == y
    case (.tuple(let x), .tuple(let y)):
      x.count == y.count && zip(x, y).allSatisfy { ConstantKey($0) == ConstantKey($1) }
    case (.frozenset(let x), .frozenset(let y)):
      x.count == y.count && Set(x.map(ConstantKey.init)) == Set(y.map(ConstantKey.init))
    case (.code(let x), .code(let y)): x === y || x.isEqual(to: y)
    default: false
    }
  }
}

/// The constants of one code object in order of their first use.
struct ConstantTable {
  private(set) var items: [CodeConstant] = []
  private var index: [ConstantKey: Int] = [:]

  /// The index of an equal constant, which is added when there is none.
  mutating func add(_ constant: CodeConstant) -> Int {
    let key = ConstantKey(constant)
    if let found = index[key] { return found }
    index[key] = items.count
    items.append(constant)
    return items.count - 1
  }

  /// Drops what follows the first `count` constants.
  mutating func truncate(to count: Int) {
    if count < items.count { items.removeLast(items.count - count) }
  }
}

extension CodeConstant {
  /// The same as a constant of a tree; nil for code and for what contains it.
  var plain: Constant? {
    switch self {
    case .none: Constant.none
    case .true: .true
    case .false: .false
    case .ellipsis: .ellipsis
    case .int(let value): .int(value)
    case .bigInt(let negative, let digits): negative ? .negativeBigInt(digits) : .bigInt(digits)
    case .float(let value): .float(value)
    case .complex(let real, let imaginary): .complexNumber(real: real, imaginary: imaginary)
    case .string(let bytes): .string(bytes)
    case .bytes(let bytes): .bytes(bytes)
    case .tuple, .frozenset, .code: nil
    }
  }
}
