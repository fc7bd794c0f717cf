import Glibc

/// A sum of two doubles that together hold what one would round away.
struct DoubleLength {
  var high: Double, low: Double

  /// a + b exactly (Knuth's TwoSum).
  @inline(__always)
  static func sum(_ a: Double, _ b: Double) -> DoubleLength {
    let x = a + b
    let z = x - a
    return DoubleLength(high: x, low: (a - (x - z)) + (b - z))
  }

  /// a + b exactly for |a| >= |b| (Dekker's Fast2Sum).
  @inline(__always)
  static func fastSum(_ a: Double, _ b: Double) -> DoubleLength {
    let x = a + b
    return DoubleLength(high: x, low: (a - x) + b)
  }

  /// a * b exactly.
  @inline(__always)
  static func product(_ a: Double, _ b: Double) -> DoubleLength {
    let x = a * b
    return DoubleLength(high: x, low: (-x).addingProduct(a, b))
  }
}

/// `math.fsum`: the sum of doubles rounded once (Shewchuk, "Adaptive Precision Floating-Point
/// Arithmetic", 1997). The partial sums do not overlap and grow in magnitude.
public struct ExactSum {
  public enum Outcome: Sendable, Equatable {
    case value(Double)
    /// ValueError: "-inf + inf in fsum"
    case oppositeInfinities
  }

  private var partials: [Double] = []
  private var special = 0.0
  private var infinities = 0.0

  public init() {}

  /// Adds a number. False for OverflowError: "intermediate overflow in fsum".
  public mutating func add(_ value: Double) -> Bool {
    var x = value
    var kept = 0
    for j in partials.indices {
      var y = partials[j]
      if x.magnitude < y.magnitude { swap(&x, &y) }
      let high = x + y
      let low = y - (high - x)
      if low != 0 {
        partials[kept] = low
        kept &+= 1
      }
      x = high
    }
    partials.removeLast(partials.count &- kept)
    if x == 0 { return true }
    if x.isFinite {
      partials.append(x)
      return true
    }
    if value.isFinite { return false }
    if value.isInfinite { infinities += value }
    special += value
    partials.removeAll()
    return true
  }

  public func finish() -> Outcome {
    if special != 0 {
      return infinities.isNaN ? .oppositeInfinities : .value(special)
    }
    var n = partials.count
    if n == 0 { return .value(0) }
    n &-= 1
    var high = partials[n]
    var low = 0.0
    while n > 0 {
      let x = high
      n &-= 1
      let y = partials[n]
      high = x + y
      low = y - (high - x)
      if low != 0 { break }
    }
    // A tie is no tie when the next partial leans the same way.
    if n > 0 && ((low < 0 && partials[n &- 1] < 0) || (low > 0 && partials[n &- 1] > 0)) {
      let y = low * 2
      let x = high + y
      if y == x - high { high = x }
    }
    return .value(high)
  }
}

/// `sum()` of floats: compensated summation (Neumaier 1974). CPython: Python/bltinmodule.c.
@frozen
public struct CompensatedSum {
  public var high: Double
  public var low = 0.0

  @inlinable public init(_ start: Double) { high = start }

  @inlinable
  public mutating func add(_ x: Double) {
    let total = high + x
    if high.magnitude >= x.magnitude {
      low += (high - total) + x
    } else {
      low += (x - total) + high
    }
    high = total
  }

  /// The compensation is left out when it is not finite, or would lose the sign of a zero.
  @inlinable
  public var value: Double { low != 0 && low.isFinite ? high + low : high }
}

/// `math.sumprod` of floats in triple-length arithmetic (Ogita, Rump & Oishi 2005, algorithm 5.10
/// with K = 3).
public struct ProductSum {
  private var high = 0.0, low = 0.0, tiny = 0.0

  public init() {}

  /// Adds x * y.
  public mutating func add(_ x: Double, _ y: Double) {
    let product = DoubleLength.product(x, y)
    let sum = DoubleLength.sum(high, product.high)
    let first = DoubleLength.sum(low, product.low)
    let second = DoubleLength.sum(first.high, sum.low)
    high = sum.high
    low = second.high
    tiny = tiny + first.low + second.low
  }

  /// The sum; NaN or infinite when exactness was lost on the way, and the caller must fall back to
  /// ordinary arithmetic.
  public var value: Double {
    let last = DoubleLength.sum(low, high)
    return tiny + last.low + last.high
  }
}

/// `math.hypot` and `math.dist`: the Euclidean norm within an ulp, without overflow on the way.
/// CPython 3.13: Modules/mathmodule.c, vector_norm.
public enum Norm {
  /// The norm of the magnitudes in `vector` (changed on the way). `largest` is their maximum,
  /// `hasNaN` tells whether one is NaN; an infinity wins over NaN.
  public static func norm(
    _ vector: UnsafeMutablePointer<Double>, _ count: Int, largest: Double, hasNaN: Bool
  ) -> Double {
    if largest.isInfinite { return largest }
    if hasNaN { return .nan }
    if largest == 0 || count <= 1 { return largest }
    var exponent: Int32 = 0
    _ = frexp(largest, &exponent)
    if exponent < -1023 {
      // Subnormal: the scale below would overflow.
      let least = Double.leastNormalMagnitude
      for i in 0..<count { vector[i] /= least }
      return least * norm(vector, count, largest: largest / least, hasNaN: false)
    }
    let scale = ldexp(1, -exponent)
    // Starting from 1 makes every addend the smaller one; 1 is taken off at the end.
    var sum = 1.0, squares = 0.0, errors = 0.0
    func add(_ x: Double, _ y: Double) {
      let product = DoubleLength.product(x, y)
      let next = DoubleLength.fastSum(sum, product.high)
      sum = next.high
      squares += product.low
      errors += next.low
    }
    for i in 0..<count {
      let x = vector[i] * scale
      add(x, x)
    }
    var root = (sum - 1 + (squares + errors)).squareRoot()
    // One Newton step on the exact residue.
    add(-root, root)
    root += (sum - 1 + (squares + errors)) / (2 * root)
    return root / scale
  }
}
