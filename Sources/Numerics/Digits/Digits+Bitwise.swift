extension Digits {
  public enum BitOperation: Sendable { case and, or, xor }

  /// `&`, `|`, `^` of signed numbers as if in two's complement of unlimited width. `r` has room for
  /// max(na, nb) + 1 digits and may be `a` or `b`.
  public static func bitwise(
    _ operation: BitOperation, _ a: Source, _ na: Int, negative negativeA: Bool,
    _ b: Source, _ nb: Int, negative negativeB: Bool, into r: Target
  ) -> (count: Int, negative: Bool) {
    switch operation {
    case .and:
      return combine(a, na, negativeA, b, nb, negativeB, into: r, negativeA && negativeB) { $0 & $1 }
    case .or:
      return combine(a, na, negativeA, b, nb, negativeB, into: r, negativeA || negativeB) { $0 | $1 }
    case .xor:
      return combine(a, na, negativeA, b, nb, negativeB, into: r, negativeA != negativeB) { $0 ^ $1 }
    }
  }

  /// Complements negative inputs on the way in and a negative result on the way out: -x is ~x + 1,
  /// the 1 travelling as a carry.
  @inline(__always)
  private static func combine(
    _ a: Source, _ na: Int, _ negativeA: Bool, _ b: Source, _ nb: Int, _ negativeB: Bool,
    into r: Target, _ negative: Bool, _ operation: (UInt32, UInt32) -> UInt32
  ) -> (count: Int, negative: Bool) {
    let maskA: UInt32 = negativeA ? mask : 0
    let maskB: UInt32 = negativeB ? mask : 0
    let maskR: UInt32 = negative ? mask : 0
    var carryA: UInt32 = negativeA ? 1 : 0
    var carryB: UInt32 = negativeB ? 1 : 0
    var carryR: UInt32 = negative ? 1 : 0
    // Above the longer operand there is only sign; a negative result may need one digit of it.
    let n = max(na, nb) &+ (negative ? 1 : 0)
    for i in 0..<n {
      carryA &+= (i < na ? a[i] : 0) ^ maskA
      carryB &+= (i < nb ? b[i] : 0) ^ maskB
      carryR &+= (operation(carryA & mask, carryB & mask) & mask) ^ maskR
      carryA >>= 30
      carryB >>= 30
      r[i] = carryR & mask
      carryR >>= 30
    }
    let count = normalized(r, n)
    return (count, negative && count != 0)
  }
}
