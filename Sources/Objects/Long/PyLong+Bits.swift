import CPythonABI
import Numerics

extension PyLong {
  static func invert(_ a: Ref) throws(Raised) -> Owned {
    let x = PyLong(a)
    if x.isCompact { return try own(make(~x.compactValue)) }
    // ~x is -(x + 1).
    let next = try add(a, apus_small_int(1))
    return try negate(next.ref)
  }

  static func bitwise(_ operation: Digits.BitOperation, _ a: Ref, _ b: Ref) throws(Raised) -> Owned {
    let x = PyLong(a)
    let y = PyLong(b)
    if x.isCompact && y.isCompact {
      switch operation {
      case .and: return try own(make(x.compactValue & y.compactValue))
      case .or: return try own(make(x.compactValue | y.compactValue))
      case .xor: return try own(make(x.compactValue ^ y.compactValue))
      }
    }
    return try make(capacity: Swift.max(x.count, y.count) + 1) { target in
      Digits.bitwise(
        operation, x.source, x.count, negative: x.isNegative, y.source, y.count,
        negative: y.isNegative, into: target)
    }
  }

  static func shiftLeft(_ a: Ref, _ b: Ref) throws(Raised) -> Owned {
    let x = PyLong(a)
    if PyLong(b).isNegative { throw raise(.valueError, "negative shift count") }
    if x.isZero { return Owned(adopting: apus_small_int(0)) }
    guard let shift = PyLong(b).word, shift / 30 < Int.max / 8 else {
      throw raise(.overflowError, "too many digits in integer")
    }
    return try x.shifted(left: shift)
  }

  func shifted(left shift: Int) throws(Raised) -> Owned {
    if isCompact && shift < 32 { return try own(PyLong.make(compactValue << shift)) }
    let (source, count, negative) = (self.source, self.count, isNegative)
    return try PyLong.make(capacity: count + shift / 30 + 1) { target in
      (Digits.shiftLeft(source, count, by: shift, into: target), negative)
    }
  }

  static func shiftRight(_ a: Ref, _ b: Ref) throws(Raised) -> Owned {
    let x = PyLong(a)
    if PyLong(b).isNegative { throw raise(.valueError, "negative shift count") }
    guard let shift = PyLong(b).word else {
      return Owned(adopting: apus_small_int(x.isNegative ? -1 : 0))
    }
    return try x.shifted(right: shift)
  }

  func shifted(right shift: Int) throws(Raised) -> Owned {
    if isCompact { return try own(PyLong.make(compactValue >> Swift.min(shift, 63))) }
    if shift / 30 >= count { return Owned(adopting: apus_small_int(isNegative ? -1 : 0)) }
    let (source, count, negative) = (self.source, self.count, isNegative)
    return try PyLong.make(capacity: Swift.max(count - shift / 30, 1) + 1) { target in
      let size = Digits.shiftRight(source, count, negative: negative, by: shift, into: target)
      return (size, negative)
    }
  }

  /// The number of bits of the magnitude.
  var bitLength: Int { Digits.bitLength(source, count) }
}
