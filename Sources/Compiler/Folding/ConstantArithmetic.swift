import AST
import Glibc

/// Operators on constants, with the results Python gives. Every function returns nil where Python
/// would raise, or where the result would be larger than the limits of CPython's `ast_opt.c`: the
/// expression then stays and is computed at run time.
enum ConstantArithmetic {
  /// Largest integer a product, power or shift may make, in bits.
  static let maxIntegerBits = 128
  /// Largest tuple or frozenset that repetition may make.
  static let maxCollection = 256
  /// Largest string or bytes that repetition may make.
  static let maxString = 4096
  /// Most constants in all nesting levels of a repeated tuple.
  static let maxTotalItems = 1024

  enum Number {
    case int(BigInteger)
    case float(Double)
    case complex(Double, Double)

    init?(_ constant: Constant) {
      switch constant {
      case .int(let value): self = .int(BigInteger(value))
      case .true: self = .int(BigInteger(1))
      case .false: self = .int(BigInteger(0))
      case .bigInt(let digits): self = .int(BigInteger(negative: false, digits: digits))
      case .negativeBigInt(let digits): self = .int(BigInteger(negative: true, digits: digits))
      case .float(let value): self = .float(value)
      case .complex(let imaginary): self = .complex(0, imaginary)
      case .complexNumber(let real, let imaginary): self = .complex(real, imaginary)
      default: return nil
      }
    }
  }

  static func constant(_ value: BigInteger) -> Constant {
    if let word = value.asInt { return .int(word) }
    return value.isNegative ? .negativeBigInt(value.digits) : .bigInt(value.digits)
  }

  static func constant(_ real: Double, _ imaginary: Double) -> Constant {
    .complexNumber(real: real, imaginary: imaginary)
  }

  // MARK: unary operators

  static func unary(_ op: UnaryOperator, _ operand: Constant) -> Constant? {
    if op == .not { return CodeConstant(operand).truth ? .false : .true }
    guard let number = Number(operand) else { return nil }
    switch (op, number) {
    case (.invert, .int(let value)): return constant(value.inverted)
    case (.uAdd, .int(let value)): return constant(value)
    case (.uSub, .int(let value)): return constant(value.negated)
    case (.uAdd, .float(let value)): return .float(value)
    case (.uSub, .float(let value)): return .float(-value)
    case (.uAdd, .complex): return operand
    case (.uSub, .complex(let real, let imaginary)): return constant(-real, -imaginary)
    default: return nil
    }
  }

  // MARK: binary operators

  static func binary(_ left: Constant, _ op: Operator, _ right: Constant) -> Constant? {
    if let a = Number(left), let b = Number(right) { return numeric(a, op, b, left, right) }
    switch op {
    case .add:
      switch (left, right) {
      case (.string(let a), .string(let b)): return .string(a + b)
      case (.bytes(let a), .bytes(let b)): return .bytes(a + b)
      case (.tuple(let a), .tuple(let b)): return .tuple(a + b)
      default: return nil
      }
    case .mult: return repeated(left, right)
    case .sub, .bitOr, .bitAnd, .bitXor:
      guard case .frozenset(let a) = left, case .frozenset(let b) = right else { return nil }
      return setOperation(a, op, b)
    default: return nil
    }
  }

  private static func setOperation(_ a: [Constant], _ op: Operator, _ b: [Constant]) -> Constant? {
    let left = Set(a.map(ValueKey.init)), right = Set(b.map(ValueKey.init))
    switch op {
    case .sub: return .frozenset(a.filter { !right.contains(ValueKey($0)) })
    case .bitAnd: return .frozenset(a.filter { right.contains(ValueKey($0)) })
    case .bitOr: return .frozenset(a + b.filter { !left.contains(ValueKey($0)) })
    default:
      return .frozenset(
        a.filter { !right.contains(ValueKey($0)) } + b.filter { !left.contains(ValueKey($0)) })
    }
  }

  private static func repeated(_ left: Constant, _ right: Constant) -> Constant? {
    var (sequence, factor) = (left, right)
    if case .int(let value)? = Number(left) {
      (sequence, factor) = (right, constant(value))
    } else if case .int(let value)? = Number(right) {
      factor = constant(value)
    } else {
      return nil
    }
    func times(_ size: Int, _ limit: Int) -> Int? {
      if size == 0 { return 0 }
      guard case .int(let count) = factor, count >= 0, count <= limit / size else { return nil }
      return count
    }
    switch sequence {
    case .tuple(let items):
      guard let count = times(items.count, maxCollection) else { return nil }
      if count > 0 && complexity(sequence, maxTotalItems / count) < 0 { return nil }
      return .tuple([[Constant]](repeating: items, count: count).flatMap { $0 })
    case .string(let bytes):
      let length = bytes.reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
      guard let count = times(length, maxString) else { return nil }
      return .string([[UInt8]](repeating: bytes, count: count).flatMap { $0 })
    case .bytes(let bytes):
      guard let count = times(bytes.count, maxString) else { return nil }
      return .bytes([[UInt8]](repeating: bytes, count: count).flatMap { $0 })
    default: return nil
    }
  }

  /// What is left of `limit` items after counting those in all levels; negative: too many.
  private static func complexity(_ constant: Constant, _ limit: Int) -> Int {
    guard case .tuple(let items) = constant else { return limit }
    var left = limit - items.count
    for item in items where left >= 0 { left = complexity(item, left) }
    return left
  }

  // MARK: numbers

  private static func numeric(
    _ a: Number, _ op: Operator, _ b: Number, _ left: Constant, _ right: Constant
  ) -> Constant? {
    switch (a, b) {
    case (.int(let x), .int(let y)):
      if isBool(left) && isBool(right) {
        switch op {
        case .bitAnd, .bitOr, .bitXor:
          let (p, q) = (!x.isZero, !y.isZero)
          let value = op == .bitAnd ? p && q : op == .bitOr ? p || q : p != q
          return value ? .true : .false
        default: break
        }
      }
      return integers(x, op, y)
    case (.complex(let real, let imaginary), _):
      guard let other = complexValue(b) else { return nil }
      return complexes((real, imaginary), op, other)
    case (_, .complex(let real, let imaginary)):
      guard let other = complexValue(a) else { return nil }
      return complexes(other, op, (real, imaginary))
    default:
      guard let x = floatValue(a), let y = floatValue(b) else { return nil }
      return floats(x, op, y)
    }
  }

  private static func isBool(_ constant: Constant) -> Bool {
    constant == .true || constant == .false
  }

  private static func floatValue(_ number: Number) -> Double? {
    switch number {
    case .int(let value): value.asDouble
    case .float(let value): value
    case .complex: nil
    }
  }

  private static func complexValue(_ number: Number) -> (Double, Double)? {
    if case .complex(let real, let imaginary) = number { return (real, imaginary) }
    return floatValue(number).map { ($0, 0) }
  }

  private static func integers(_ a: BigInteger, _ op: Operator, _ b: BigInteger) -> Constant? {
    switch op {
    case .add: return constant(a + b)
    case .sub: return constant(a - b)
    case .mult:
      if !a.isZero && !b.isZero && a.bitLength + b.bitLength > maxIntegerBits { return nil }
      return constant(a * b)
    case .div: return b.isZero ? nil : a.trueDivide(by: b).map { .float($0) }
    case .floorDiv: return b.isZero ? nil : constant(a.dividedFloor(by: b).quotient)
    case .mod: return b.isZero ? nil : constant(a.dividedFloor(by: b).remainder)
    case .pow:
      if b.isNegative {
        guard let x = a.asDouble, let y = b.asDouble else { return nil }
        return floats(x, .pow, y)
      }
      if a.isZero || b.isZero { return .int(b.isZero ? 1 : 0) }
      guard let exponent = b.asInt, a.bitLength <= maxIntegerBits / exponent else { return nil }
      return constant(a.power(exponent))
    case .lShift:
      if b.isNegative { return nil }
      if a.isZero || b.isZero { return constant(a) }
      guard let count = b.asInt, count <= maxIntegerBits, a.bitLength <= maxIntegerBits - count
      else {
        return nil
      }
      return constant(a.shiftedLeft(count))
    case .rShift:
      if b.isNegative { return nil }
      guard let count = b.asInt else { return .int(a.isNegative ? -1 : 0) }
      return constant(a.shiftedRight(count))
    case .bitAnd: return constant(BigInteger.bitwise(a, b, &))
    case .bitOr: return constant(BigInteger.bitwise(a, b, |))
    case .bitXor: return constant(BigInteger.bitwise(a, b, ^))
    case .matMult: return nil
    }
  }

  private static func floats(_ a: Double, _ op: Operator, _ b: Double) -> Constant? {
    switch op {
    case .add: return .float(a + b)
    case .sub: return .float(a - b)
    case .mult: return .float(a * b)
    case .div: return b == 0 ? nil : .float(a / b)
    case .floorDiv: return b == 0 ? nil : .float(floorDivide(a, b).quotient)
    case .mod: return b == 0 ? nil : .float(floorDivide(a, b).remainder)
    case .pow:
      if a == 0 && b < 0 { return nil }
      if a < 0 && a.isFinite && b.isFinite && b != b.rounded(.down) {
        return complexPower((a, 0), (b, 0)).map { constant($0.0, $0.1) }
      }
      let value = pow(a, b)
      if value.isInfinite && a.isFinite && b.isFinite { return nil }
      return .float(value)
    default: return nil
    }
  }

  /// `divmod` of floats, CPython's `float_divmod` in `Objects/floatobject.c`.
  private static func floorDivide(_ a: Double, _ b: Double) -> (quotient: Double, remainder: Double)
  {
    var remainder = fmod(a, b)
    var quotient = (a - remainder) / b
    if remainder != 0 {
      if (b < 0) != (remainder < 0) {
        remainder += b
        quotient -= 1
      }
    } else {
      remainder = copysign(0, b)
    }
    if quotient != 0 {
      var floored = quotient.rounded(.down)
      if quotient - floored > 0.5 { floored += 1 }
      quotient = floored
    } else {
      quotient = copysign(0, a / b)
    }
    return (quotient, remainder)
  }

  private static func complexes(
    _ a: (Double, Double), _ op: Operator, _ b: (Double, Double)
  ) -> Constant? {
    switch op {
    case .add: return constant(a.0 + b.0, a.1 + b.1)
    case .sub: return constant(a.0 - b.0, a.1 - b.1)
    case .mult:
      let product = multiply(a, b)
      return constant(product.0, product.1)
    case .div: return divide(a, b).map { constant($0.0, $0.1) }
    case .pow: return complexPower(a, b).map { constant($0.0, $0.1) }
    default: return nil
    }
  }

  private static func multiply(_ a: (Double, Double), _ b: (Double, Double)) -> (Double, Double) {
    let (p, q, r, s) = (a.0 * b.0, a.1 * b.1, a.0 * b.1, a.1 * b.0)
    return (p - q, r + s)
  }

  /// Smith's method, as `_Py_c_quot` in `Objects/complexobject.c`.
  private static func divide(_ a: (Double, Double), _ b: (Double, Double)) -> (Double, Double)? {
    if abs(b.0) >= abs(b.1) {
      if b.0 == 0 { return nil }
      let ratio = b.1 / b.0
      let denominator = b.0 + b.1 * ratio
      return ((a.0 + a.1 * ratio) / denominator, (a.1 - a.0 * ratio) / denominator)
    }
    if abs(b.1) >= abs(b.0) {
      let ratio = b.0 / b.1
      let denominator = b.0 * ratio + b.1
      return ((a.0 * ratio + a.1) / denominator, (a.1 * ratio - a.0) / denominator)
    }
    return (.nan, .nan)
  }

  private static func complexPower(_ a: (Double, Double), _ b: (Double, Double)) -> (
    Double, Double
  )? {
    var result: (Double, Double)
    if b.1 == 0 && b.0 == b.0.rounded(.down) && abs(b.0) <= 100 {
      var mask = 1
      let count = Int(abs(b.0))
      var product = (1.0, 0.0), square = a
      while mask <= count {
        if count & mask != 0 { product = multiply(product, square) }
        mask <<= 1
        square = multiply(square, square)
      }
      if b.0 > 0 || count == 0 {
        result = product
      } else {
        guard let inverse = divide((1, 0), product) else { return nil }
        result = inverse
      }
    } else if b.0 == 0 && b.1 == 0 {
      result = (1, 0)
    } else if a.0 == 0 && a.1 == 0 {
      if b.1 != 0 || b.0 < 0 { return nil }
      result = (0, 0)
    } else {
      let absolute = hypot(a.0, a.1)
      var length = pow(absolute, b.0)
      let angle = atan2(a.1, a.0)
      var phase = angle * b.0
      if b.1 != 0 {
        length /= exp(angle * b.1)
        phase += b.1 * log(absolute)
      }
      result = (length * cos(phase), length * sin(phase))
    }
    if result.0.isInfinite || result.1.isInfinite { return nil }
    return result
  }

  // MARK: subscripts

  /// `container[key]` for a tuple, string or bytes and an integer.
  static func subscripted(_ container: Constant, _ key: Constant) -> Constant? {
    guard case .int(let number)? = Number(key), let index = number.asInt else { return nil }
    func position(_ count: Int) -> Int? {
      let place = index < 0 ? index + count : index
      return place >= 0 && place < count ? place : nil
    }
    switch container {
    case .tuple(let items): return position(items.count).map { items[$0] }
    case .bytes(let bytes): return position(bytes.count).map { .int(Int(bytes[$0])) }
    case .string(let bytes):
      let starts = bytes.indices.filter { bytes[$0] & 0xC0 != 0x80 }
      guard let place = position(starts.count) else { return nil }
      let end = place + 1 < starts.count ? starts[place + 1] : bytes.count
      return .string(Array(bytes[starts[place]..<end]))
    default: return nil
    }
  }

  /// The items of a frozenset: each value once, the first of equal ones (`1 == True == 1.0`).
  static func frozenset(of items: [Constant]) -> Constant {
    var seen = Set<ValueKey>()
    return .frozenset(items.filter { seen.insert(ValueKey($0)).inserted })
  }
}

/// A constant under Python's `==` and `hash`.
struct ValueKey: Hashable {
  let constant: Constant

  init(_ constant: Constant) { self.constant = constant }

  private enum Normal: Hashable {
    case int(Bool, [UInt32])
    case float(UInt64)
    case complex(UInt64, UInt64)
    case string([UInt8])
    case bytes([UInt8])
    case tuple([ValueKey])
    case frozenset(Set<ValueKey>)
    case other(Int)
  }

  private static func normal(_ value: Double) -> Normal {
    if value == value.rounded(.towardZero), value.isFinite {
      if let word = Int(exactly: value) {
        let integer = BigInteger(word)
        return .int(integer.isNegative, integer.digits)
      }
      let drop = Int(value.exponent) - 52
      let integer = BigInteger(Int(value.magnitude.significand * 4503599627370496)).shiftedLeft(
        drop)
      return .int(value < 0, integer.digits)
    }
    return .float(value.bitPattern)
  }

  private var normal: Normal {
    switch constant {
    case .none: return .other(0)
    case .ellipsis: return .other(1)
    case .true, .false, .int, .bigInt, .negativeBigInt, .float, .complex, .complexNumber:
      switch ConstantArithmetic.Number(constant) {
      case .int(let value)?: return .int(value.isNegative, value.digits)
      case .float(let value)?: return Self.normal(value)
      case .complex(let real, let imaginary)?:
        if imaginary == 0 { return Self.normal(real) }
        return .complex((real + 0).bitPattern, imaginary.bitPattern)
      case nil: return .other(2)
      }
    case .string(let bytes): return .string(bytes)
    case .bytes(let bytes): return .bytes(bytes)
    case .tuple(let items): return .tuple(items.map(ValueKey.init))
    case .frozenset(let items): return .frozenset(Set(items.map(ValueKey.init)))
    }
  }

  func hash(into hasher: inout Hasher) { normal.hash(into: &hasher) }

  static func == (a: ValueKey, b: ValueKey) -> Bool { a.normal == b.normal }
}
