import CPythonABI
import Objects

/// An int of at most 128 bits in two machine words: hashes, checksums, random numbers and times are
/// this large. Operators on it need no loop over digits.
struct MediumInteger {
  var magnitude: UInt128
  var isNegative: Bool

  private init(_ magnitude: UInt128, isNegative: Bool) {
    self.magnitude = magnitude
    self.isNegative = isNegative
  }

  private init(_ value: Int128) { self.init(value.magnitude, isNegative: value < 0) }

  /// The value of an exact int; nil when it is too large.
  @inline(__always)
  private init?(_ object: Ref) {
    let tag = apus_long_tag(object)
    let count = tag >> 3
    if count > 5 { return nil }
    let digits = apus_long_digits(object)
    var low = UInt64(digits[0])
    var high: UInt64 = 0
    if count > 1 {
      low |= UInt64(digits[1]) << 30
      if count > 2 {
        let third = UInt64(digits[2])
        low |= third << 60
        high = third >> 4
        if count > 3 {
          high |= UInt64(digits[3]) << 26
          if count > 4 {
            let fifth = UInt64(digits[4])
            if fifth >= 256 { return nil }
            high |= fifth << 56
          }
        }
      }
    }
    self.init(UInt128(high) << 64 | UInt128(low), isNegative: tag & 3 == 2)
  }

  private var high: UInt64 { UInt64(truncatingIfNeeded: magnitude >> 64) }
  private var low: UInt64 { UInt64(truncatingIfNeeded: magnitude) }

  /// The value with its sign, and room for one carry; nil when it has more than 126 bits.
  @inline(__always)
  private var signed: Int128? {
    if high >> 62 != 0 { return nil }
    let value = Int128(truncatingIfNeeded: magnitude)
    return isNegative ? 0 &- value : value
  }

  /// The value as a machine integer; nil when it does not fit.
  @inline(__always)
  private var word: Int? {
    if high != 0 || low > UInt64(Int.max) { return nil }
    return isNegative ? 0 &- Int(low) : Int(low)
  }

  /// A new reference to the int; nil with MemoryError.
  private func object() -> Ref? {
    if let word, word.magnitude >> 30 == 0 { return makeInt(word) }
    let count = (128 - magnitude.leadingZeroBitCount + 29) / 30
    guard let memory = PyObject_Malloc(24 + 4 * count) else { return PyErr_NoMemory() }
    let result = memory.assumingMemoryBound(to: PyObject.self)
    result.pointee.ob_refcnt = 1
    result.pointee.ob_type = intType()
    result.view(PyLongObject.self).pointee.long_value.lv_tag =
      UInt(count) << 3 | (isNegative ? 2 : 0)
    let digits = apus_long_digits(result)
    let mask: UInt64 = 0x3fff_ffff
    digits[0] = UInt32(truncatingIfNeeded: low & mask)
    if count > 1 { digits[1] = UInt32(truncatingIfNeeded: low >> 30 & mask) }
    if count > 2 { digits[2] = UInt32(truncatingIfNeeded: (low >> 60 | high << 4) & mask) }
    if count > 3 { digits[3] = UInt32(truncatingIfNeeded: high >> 26 & mask) }
    if count > 4 { digits[4] = UInt32(truncatingIfNeeded: high >> 56) }
    return result
  }

  /// What trying an operator came to.
  enum Outcome {
    /// A new reference; nil with MemoryError.
    case result(Ref?)
    /// Nothing has been done: the general way must be taken.
    case general
  }

  /// A binary operator over two exact ints.
  static func apply(_ opcode: QuickOpcode, _ left: Ref, _ right: Ref) -> Outcome {
    guard let left = MediumInteger(left), let right = MediumInteger(right),
      let value = value(opcode, left, right)
    else { return .general }
    return .result(value.object())
  }

  @inline(__always)
  private static func value(
    _ opcode: QuickOpcode, _ left: MediumInteger, _ right: MediumInteger
  ) -> MediumInteger? {
    switch opcode {
    case .binaryAdd, .inplaceAdd:
      guard let first = left.signed, let second = right.signed else { return nil }
      return MediumInteger(first &+ second)
    case .binarySubtract, .inplaceSubtract:
      guard let first = left.signed, let second = right.signed else { return nil }
      return MediumInteger(first &- second)
    case .binaryMultiply, .inplaceMultiply:
      if left.high | right.high != 0 { return nil }
      let product = left.low.multipliedFullWidth(by: right.low)
      let magnitude = UInt128(product.high) << 64 | UInt128(product.low)
      return MediumInteger(
        magnitude, isNegative: magnitude != 0 && left.isNegative != right.isNegative)
    case .binaryFloorDivide, .inplaceFloorDivide:
      guard let first = left.word, let second = right.word, second != 0 else { return nil }
      return MediumInteger(Int128(floorDivide(first, second)))
    case .binaryModulo, .inplaceModulo:
      guard let first = left.word, let second = right.word, second != 0 else { return nil }
      return MediumInteger(Int128(floorModulo(first, second)))
    case .binaryAnd, .inplaceAnd: return bitwise(left, right) { $0 & $1 }
    case .binaryOr, .inplaceOr: return bitwise(left, right) { $0 | $1 }
    case .binaryXor, .inplaceXor: return bitwise(left, right) { $0 ^ $1 }
    case .binaryRshift, .inplaceRshift:
      guard let count = right.word, count >= 0, count < 128 else { return nil }
      if !left.isNegative { return MediumInteger(left.magnitude &>> UInt128(count), isNegative: false) }
      guard let first = left.signed else { return nil }
      return MediumInteger(first &>> Int128(count))
    case .binaryLshift, .inplaceLshift:
      guard let count = right.word, count >= 0, count < left.magnitude.leadingZeroBitCount,
        count < 128
      else { return nil }
      return MediumInteger(left.magnitude &<< UInt128(count), isNegative: left.isNegative)
    default: return nil
    }
  }

  /// An operator over the two's complements.
  @inline(__always)
  private static func bitwise(
    _ left: MediumInteger, _ right: MediumInteger, _ operation: (UInt128, UInt128) -> UInt128
  ) -> MediumInteger? {
    if !left.isNegative && !right.isNegative {
      return MediumInteger(operation(left.magnitude, right.magnitude), isNegative: false)
    }
    guard let first = left.signed, let second = right.signed else { return nil }
    return MediumInteger(
      Int128(truncatingIfNeeded: operation(
        UInt128(truncatingIfNeeded: first), UInt128(truncatingIfNeeded: second))))
  }
}
