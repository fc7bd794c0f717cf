import CPythonABI
import Numerics

extension PyLong {
  /// `a ** b`, or `pow(a, b, m)` when `m` is not None.
  static func power(_ a: Ref, _ b: Ref, _ m: Ref) throws(Raised) -> Owned {
    if m.isNone {
      if PyLong(b).isNegative {
        // A negative exponent leaves the integers.
        let base = PyLong_AsDouble(a)
        if base == -1 && hasRaised() { throw Raised() }
        let exponent = PyLong_AsDouble(b)
        if exponent == -1 && hasRaised() { throw Raised() }
        return try PyFloat.power(base, exponent)
      }
      return try power(PyLong(a), PyLong(b))
    }
    return try power(a, b, modulus: m)
  }

  private static func power(_ x: PyLong, _ exponent: PyLong) throws(Raised) -> Owned {
    if exponent.isCompact && x.isCompact {
      if let small = smallPower(x.compactValue, exponent.compactValue) {
        return try own(make(small))
      }
    }
    let odd = exponent.digits[0] & 1 != 0
    if exponent.isZero { return Owned(adopting: apus_small_int(1)) }
    if x.isZero { return Owned(adopting: apus_small_int(0)) }
    if x.count == 1 && x.digits[0] == 1 {
      return Owned(adopting: apus_small_int(x.isNegative && odd ? -1 : 1))
    }
    guard let word = exponent.unsignedWord else { throw raiseNoMemory() }
    return try make(
      Digits.power(x.source, x.count, word), negative: x.isNegative && odd)
  }

  /// The power if it fits in a machine word.
  private static func smallPower(_ base: Int, _ exponent: Int) -> Int? {
    if exponent > 62 { return nil }
    var result = 1
    var factor = base
    var left = exponent
    while left > 0 {
      if left & 1 != 0 {
        let (product, overflow) = result.multipliedReportingOverflow(by: factor)
        if overflow { return nil }
        result = product
      }
      left >>= 1
      if left == 0 { break }
      let (square, overflow) = factor.multipliedReportingOverflow(by: factor)
      if overflow { return nil }
      factor = square
    }
    return result
  }

  private static func power(_ a: Ref, _ b: Ref, modulus m: Ref) throws(Raised) -> Owned {
    let modulus = PyLong(m)
    if modulus.isZero { throw raise(.valueError, "pow() 3rd argument cannot be 0") }
    // Work with a positive modulus and correct the sign at the end.
    let positive = try magnitude(m)
    let isOne = PyLong(positive.ref).count == 1 && PyLong(positive.ref).digits[0] == 1
    var base = try PyLong(a).exact()
    var exponent = try PyLong(b).exact()
    if PyLong(exponent.ref).isNegative {
      exponent = try negate(exponent.ref)
      base = try inverse(base.ref, modulo: positive.ref)
    }
    if isOne { return Owned(adopting: apus_small_int(0)) }
    base = try remainder(base.ref, positive.ref)
    let (x, e, n) = (PyLong(base.ref), PyLong(exponent.ref), PyLong(positive.ref))
    let result = try make(
      Digits.modularPower(
        x.source, x.count, exponent: e.source, e.count, modulus: n.source, n.count),
      negative: false)
    if modulus.isNegative && !PyLong(result.ref).isZero { return try add(result.ref, m) }
    return result
  }

  /// The inverse of `a` modulo `n` > 0 by Euclid's extended algorithm.
  private static func inverse(_ a: Ref, modulo n: Ref) throws(Raised) -> Owned {
    var current = try remainder(a, n)
    var next = n.retained()
    var coefficient = Owned(adopting: apus_small_int(1))
    var nextCoefficient = Owned(adopting: apus_small_int(0))
    while !PyLong(next.ref).isZero {
      var rest = Owned(adopting: apus_small_int(0))
      let quotient = try divideWithRemainder(current.ref, next.ref, remainder: &rest)
      current = next
      next = rest
      let product = try multiply(quotient.ref, nextCoefficient.ref)
      let difference = try subtract(coefficient.ref, product.ref)
      coefficient = nextCoefficient
      nextCoefficient = difference
    }
    let gcd = PyLong(current.ref)
    guard gcd.isCompact && gcd.compactValue == 1 else {
      throw raise(.valueError, "base is not invertible for the given modulus")
    }
    return coefficient
  }

  /// `self` rounded to a multiple of 10**-places, ties to even. `places` is negative.
  func rounded(_ places: Ref) throws(Raised) -> Owned {
    let count = try PyLong.negate(places)
    let unit = try PyLong.power(apus_small_int(10), count.ref, noneObject())
    var rest = Owned(adopting: apus_small_int(0))
    let quotient = try PyLong.divideWithRemainder(object, unit.ref, remainder: &rest)
    let twice = try PyLong(rest.ref).shifted(left: 1)
    let order = PyLong.compare(twice.ref, unit.ref)
    let odd = PyLong(quotient.ref).digits[0] & 1 != 0
    let down = try PyLong.subtract(object, rest.ref)
    return order > 0 || (order == 0 && odd) ? try PyLong.add(down.ref, unit.ref) : down
  }
}
