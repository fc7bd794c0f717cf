import CPythonABI
import Numerics

extension PyLong {
  // MARK: Compact operands
  //
  // For two compact ints (both `isCompact`), without a type check: what the eval loop calls when it
  // has seen that both are exact ints. nil with MemoryError set.

  @inlinable @inline(__always)
  public static func addCompact(_ a: Ref, _ b: Ref) -> Ref? {
    make(apus_long_compact_value(a) &+ apus_long_compact_value(b))
  }

  @inlinable @inline(__always)
  public static func subtractCompact(_ a: Ref, _ b: Ref) -> Ref? {
    make(apus_long_compact_value(a) &- apus_long_compact_value(b))
  }

  @inlinable @inline(__always)
  public static func multiplyCompact(_ a: Ref, _ b: Ref) -> Ref? {
    make(apus_long_compact_value(a) &* apus_long_compact_value(b))
  }

  /// `a // b`, rounded down. The divisor is not zero.
  @inlinable @inline(__always)
  public static func floorDivideCompact(_ a: Ref, _ b: Ref) -> Ref? {
    let x = apus_long_compact_value(a)
    let y = apus_long_compact_value(b)
    let quotient = x / y
    return make((x < 0) != (y < 0) && quotient &* y != x ? quotient &- 1 : quotient)
  }

  /// `a % b`, with the sign of the divisor, which is not zero.
  @inlinable @inline(__always)
  public static func remainderCompact(_ a: Ref, _ b: Ref) -> Ref? {
    let x = apus_long_compact_value(a)
    let y = apus_long_compact_value(b)
    let rest = x % y
    return make(rest != 0 && (rest < 0) != (y < 0) ? rest &+ y : rest)
  }

  /// The result of a comparison of two compact ints.
  @inlinable @inline(__always)
  public static func compareCompact(_ a: Ref, _ b: Ref, _ operation: Int32) -> Bool {
    let x = apus_long_compact_value(a)
    let y = apus_long_compact_value(b)
    switch operation {
    case Py_LT: return x < y
    case Py_LE: return x <= y
    case Py_EQ: return x == y
    case Py_NE: return x != y
    case Py_GT: return x > y
    default: return x >= y
    }
  }

  /// Whether two objects are equal if both are exact compact ints, nil otherwise. Keys of sets and
  /// dicts are compared this way before the general comparison.
  @inline(__always)
  static func equalIfCompact(_ a: Ref, _ b: Ref) -> Bool? {
    guard a.isExactInt && b.isExactInt && apus_long_is_compact(a) != 0
      && apus_long_is_compact(b) != 0
    else { return nil }
    return apus_long_compact_value(a) == apus_long_compact_value(b)
  }

  // MARK: Any operands

  static func add(_ a: Ref, _ b: Ref) throws(Raised) -> Owned {
    let x = PyLong(a)
    let y = PyLong(b)
    if x.isCompact && y.isCompact { return try own(addCompact(a, b)) }
    return try sum(x, y, negateSecond: false)
  }

  static func subtract(_ a: Ref, _ b: Ref) throws(Raised) -> Owned {
    let x = PyLong(a)
    let y = PyLong(b)
    if x.isCompact && y.isCompact { return try own(subtractCompact(a, b)) }
    return try sum(x, y, negateSecond: true)
  }

  private static func sum(_ x: PyLong, _ y: PyLong, negateSecond: Bool) throws(Raised) -> Owned {
    let (nx, ny) = (x.count, y.count)
    let negativeX = x.isNegative
    let negativeY = y.isNegative != negateSecond && ny > 0
    return try make(capacity: Swift.max(nx, ny) + 1) { target in
      if negativeX == negativeY || nx == 0 || ny == 0 {
        let count = Digits.add(x.source, nx, y.source, ny, into: target)
        return (count, nx == 0 ? negativeY : negativeX)
      }
      let (count, swapped) = Digits.difference(x.source, nx, y.source, ny, into: target)
      return (count, negativeX != swapped)
    }
  }

  static func multiply(_ a: Ref, _ b: Ref) throws(Raised) -> Owned {
    let x = PyLong(a)
    let y = PyLong(b)
    if x.isCompact && y.isCompact { return try own(multiplyCompact(a, b)) }
    let (nx, ny) = (x.count, y.count)
    if nx == 0 || ny == 0 { return Owned(adopting: apus_small_int(0)) }
    if Swift.min(nx, ny) >= Digits.longMultiplication { return try multiplyLong(x, y) }
    return try make(capacity: nx + ny) { target in
      (Digits.multiply(x.source, nx, y.source, ny, into: target), x.isNegative != y.isNegative)
    }
  }

  /// A product that signals may end.
  private static func multiplyLong(_ x: PyLong, _ y: PyLong) throws(Raised) -> Owned {
    let (nx, ny) = (x.count, y.count)
    var isWhole = true
    let result = try make(capacity: nx + ny) { target in
      guard let count = Digits.multiplyLong(x.source, nx, y.source, ny, into: target) else {
        isWhole = false
        return (0, false)
      }
      return (count, x.isNegative != y.isNegative)
    }
    if isWhole { return result }
    throw hasRaised() ? Raised() : raiseNoMemory()
  }

  static func floorDivide(_ a: Ref, _ b: Ref) throws(Raised) -> Owned {
    let x = PyLong(a)
    let y = PyLong(b)
    if y.isZero { throw raise(.zeroDivisionError, "integer division or modulo by zero") }
    if x.isCompact && y.isCompact { return try own(floorDivideCompact(a, b)) }
    return try divide(x, y, quotient: true)
  }

  static func remainder(_ a: Ref, _ b: Ref) throws(Raised) -> Owned {
    let x = PyLong(a)
    let y = PyLong(b)
    if y.isZero { throw raise(.zeroDivisionError, "integer modulo by zero") }
    if x.isCompact && y.isCompact { return try own(remainderCompact(a, b)) }
    return try divide(x, y, quotient: false)
  }

  private static func divide(_ x: PyLong, _ y: PyLong, quotient: Bool) throws(Raised) -> Owned {
    let (nx, ny) = (x.count, y.count)
    guard let other = DigitBuffer(capacity: Swift.max(nx, ny) + 2) else { throw raiseNoMemory() }
    let aside = other.digits
    let capacity = quotient ? Swift.max(nx - ny + 1, 1) + 1 : Swift.max(nx, ny)
    let result = try make(capacity: capacity) { target in
      guard
        let sizes = Digits.floorDivide(
          x.source, nx, negative: x.isNegative, y.source, ny, negative: y.isNegative,
          quotient: quotient ? target : aside, remainder: quotient ? aside : target)
      else { return nil }
      return quotient
        ? (sizes.quotient, x.isNegative != y.isNegative) : (sizes.remainder, y.isNegative)
    }
    // `aside` lies in the buffer.
    withExtendedLifetime(other.count) {}
    return result
  }

  /// Quotient and remainder of floor division.
  static func divideWithRemainder(
    _ a: Ref, _ b: Ref, remainder: inout Owned
  ) throws(Raised) -> Owned {
    let x = PyLong(a)
    let y = PyLong(b)
    if y.isZero { throw raise(.zeroDivisionError, "integer division or modulo by zero") }
    if x.isCompact && y.isCompact {
      remainder = try own(remainderCompact(a, b))
      return try own(floorDivideCompact(a, b))
    }
    let (nx, ny) = (x.count, y.count)
    guard let aside = DigitBuffer(capacity: Swift.max(nx, ny) + 2) else { throw raiseNoMemory() }
    let room = aside.digits
    var restCount = 0
    let quotient = try make(capacity: Swift.max(nx - ny + 1, 1) + 1) { target in
      guard
        let sizes = Digits.floorDivide(
          x.source, nx, negative: x.isNegative, y.source, ny, negative: y.isNegative,
          quotient: target, remainder: room)
      else { return nil }
      restCount = sizes.remainder
      return (sizes.quotient, x.isNegative != y.isNegative)
    }
    remainder = try make(capacity: restCount) { target in
      target.update(from: room, count: restCount)
      return (restCount, y.isNegative)
    }
    withExtendedLifetime(aside.count) {}
    return quotient
  }

  /// `(a // b, a % b)`
  static func divmod(_ a: Ref, _ b: Ref) throws(Raised) -> Owned {
    var rest = Owned(adopting: apus_small_int(0))
    let quotient = try divideWithRemainder(a, b, remainder: &rest)
    return try PyTuple.pair(quotient.ref, rest.ref)
  }

  static func trueDivide(_ a: Ref, _ b: Ref) throws(Raised) -> Owned {
    let x = PyLong(a)
    let y = PyLong(b)
    if y.isZero { throw raise(.zeroDivisionError, "division by zero") }
    if x.isCompact && y.isCompact {
      return try own(PyFloat_FromDouble(Double(x.compactValue) / Double(y.compactValue)))
    }
    switch Digits.trueDivide(x.source, x.count, y.source, y.count) {
    case .value(let value):
      return try own(PyFloat_FromDouble(x.isNegative != y.isNegative ? -value : value))
    case .overflow:
      throw raise(.overflowError, "integer division result too large for a float")
    case .outOfMemory:
      throw raiseNoMemory()
    }
  }

  static func negate(_ a: Ref) throws(Raised) -> Owned {
    let x = PyLong(a)
    if x.isCompact { return try own(make(0 &- x.compactValue)) }
    let count = x.count
    return try make(capacity: count) { target in
      target.update(from: x.source, count: count)
      return (count, !x.isNegative)
    }
  }

  static func magnitude(_ a: Ref) throws(Raised) -> Owned {
    PyLong(a).isNegative ? try negate(a) : try PyLong(a).exact()
  }

  // MARK: Comparing and hashing

  /// -1, 0 or 1.
  static func compare(_ a: Ref, _ b: Ref) -> Int {
    let x = PyLong(a)
    let y = PyLong(b)
    if x.isCompact && y.isCompact {
      return x.compactValue == y.compactValue ? 0 : x.compactValue < y.compactValue ? -1 : 1
    }
    if x.sign != y.sign { return x.sign < y.sign ? -1 : 1 }
    let order = Digits.compare(x.source, x.count, y.source, y.count)
    return x.isNegative ? -order : order
  }

  static let richCompare: richcmpfunc = { left, right, operation in
    guard left.isInt && right.isInt else { return notImplementedObject() }
    if left == right { return boolObject(compareSizes(0, 0, operation)) }
    return boolObject(compareSizes(compare(left, right), 0, operation))
  }

  static let hash: hashfunc = { object in
    let long = PyLong(object)
    if long.isCompact {
      let value = long.compactValue
      return value == -1 ? -2 : value
    }
    return ObjectHash.integer(long.source, long.count, negative: long.isNegative)
  }
}
