import CPythonABI
import Numerics
import Objects

/// Functions of whole numbers.
enum IntegerFunctions {
  static let all: [Method] = [gcd, lcm, isqrt, factorial, comb, perm]

  /// An int object of a value.
  private static func long(_ value: BigInteger) throws(Raised) -> Owned {
    let digits = value.digits
    if digits.count <= 2 {
      var word = 0
      for digit in digits.reversed() { word = word << 30 | Int(digit) }
      return try int(value.isNegative ? -word : word)
    }
    guard let made = _PyLong_New(digits.count) else { throw Raised() }
    let object = UnsafeMutableRawPointer(made).assumingMemoryBound(to: PyObject.self)
    let target = apus_long_digits(object)
    for (index, digit) in digits.enumerated() { target[index] = digit }
    made.pointee.long_value.lv_tag = UInt(digits.count) << 3 | (value.isNegative ? 2 : 0)
    return Owned(adopting: object)
  }

  private static func value(_ object: Ref) -> BigInteger {
    BigInteger(
      negative: apus_long_sign(object) < 0,
      digits: Array(
        UnsafeBufferPointer(
          start: apus_long_digits(object), count: apus_long_digit_count(object))))
  }

  /// The value when it fits a word.
  private static func word(_ object: Ref) -> Int? {
    var overflow: Int32 = 0
    let value = PyLong_AsLongAndOverflow(object, &overflow)
    return overflow == 0 ? value : nil
  }

  private static let gcd: Method = .fast(
    "gcd($module, *integers)", "The greatest common divisor; 0 without arguments."
  ) { _, args, count in
    new {
      guard count > 0, let args else { return try int(0) }
      let first = try own(PyNumber_Index(args[0]))
      var result = try own(PyNumber_Absolute(first.ref))
      for index in 1..<Swift.max(count, 1) {
        let next = try own(PyNumber_Index(args[index]))
        result = try own(_PyLong_GCD(result.ref, next.ref))
      }
      return result
    }
  }

  private static let lcm: Method = .fast(
    "lcm($module, *integers)", "The least common multiple; 1 without arguments."
  ) { _, args, count in
    new {
      guard count > 0, let args else { return try int(1) }
      let first = try own(PyNumber_Index(args[0]))
      var result = try own(PyNumber_Absolute(first.ref))
      for index in 1..<Swift.max(count, 1) {
        let next = try own(PyNumber_Index(args[index]))
        if apus_long_sign(result.ref) == 0 { continue }
        if apus_long_sign(next.ref) == 0 {
          result = try int(0)
          continue
        }
        let divisor = try own(_PyLong_GCD(result.ref, next.ref))
        let part = try own(PyNumber_FloorDivide(result.ref, divisor.ref))
        let product = try own(PyNumber_Multiply(part.ref, next.ref))
        result = try own(PyNumber_Absolute(product.ref))
      }
      return result
    }
  }

  private static let isqrt: Method = .o(
    "isqrt($module, n, /)", "The largest int whose square is not above n."
  ) { _, n in
    new {
      let number = try own(PyNumber_Index(n))
      if apus_long_sign(number.ref) < 0 {
        throw raise(.valueError, "isqrt() argument must be nonnegative")
      }
      if let word = word(number.ref) {
        return try int(Int(Digits.squareRoot(UInt64(word))))
      }
      guard
        let root = Digits.squareRoot(
          UnsafePointer(apus_long_digits(number.ref)), apus_long_digit_count(number.ref))
      else { throw raiseNoMemory() }
      return try long(BigInteger(root))
    }
  }

  private static let factorial: Method = .o(
    "factorial($module, n, /)", "The product of all ints from 1 to n."
  ) { _, n in factorialOf(n) }

  private static func requireNatural(_ n: Ref, _ k: Ref) throws(Raised) {
    if apus_long_sign(n) < 0 { throw raise(.valueError, "n must be a non-negative integer") }
    if apus_long_sign(k) < 0 { throw raise(.valueError, "k must be a non-negative integer") }
  }

  private static let comb: Method = .fast(
    "comb($module, n, k, /)",
    "In how many ways k of n things can be chosen, without order; 0 when k is larger than n."
  ) { _, args, count in
    new {
      let a = try Arguments(comb, args, count)
      let n = try own(PyNumber_Index(a.object(0)))
      let k = try own(PyNumber_Index(a.object(1)))
      try requireNatural(n.ref, k.ref)
      if let nWord = word(n.ref) {
        guard let kWord = word(k.ref), kWord <= nWord else { return try int(0) }
        return try long(
          Combinatorics.combinations(UInt64(nWord), UInt64(Swift.min(kWord, nWord - kWord))))
      }
      let rest = try own(PyNumber_Subtract(n.ref, k.ref))
      if apus_long_sign(rest.ref) < 0 { return try int(0) }
      let smaller = try check(PyObject_RichCompareBool(rest.ref, k.ref, Py_LT)) != 0
      guard let chosen = word(smaller ? rest.ref : k.ref) else {
        throw raise(.overflowError, "min(n - k, k) must not exceed \(Int.max)")
      }
      return try long(Combinatorics.combinations(large: value(n.ref), UInt64(chosen)))
    }
  }

  private static let perm: Method = .fast(
    "perm($module, n, k=None, /)",
    "In how many ways k of n things can be put in order; all of them without k."
  ) { _, args, count in
    new {
      let a = try Arguments(perm, args, count)
      guard let second = a.optional(1) else {
        return try own(factorialOf(a.object(0)))
      }
      let n = try own(PyNumber_Index(a.object(0)))
      let k = try own(PyNumber_Index(second))
      try requireNatural(n.ref, k.ref)
      if try check(PyObject_RichCompareBool(n.ref, k.ref, Py_LT)) != 0 { return try int(0) }
      guard let kWord = word(k.ref) else {
        throw raise(.overflowError, "k must not exceed \(Int.max)")
      }
      if let nWord = word(n.ref) {
        return try long(Combinatorics.permutations(UInt64(nWord), UInt64(kWord)))
      }
      return try long(Combinatorics.permutations(large: value(n.ref), UInt64(kWord)))
    }
  }

  private static func factorialOf(_ n: Ref) -> Ref? {
    new {
      let number = try own(PyNumber_Index(n))
      if apus_long_sign(number.ref) < 0 {
        throw raise(.valueError, "factorial() not defined for negative values")
      }
      guard let word = word(number.ref) else {
        throw raise(.overflowError, "factorial() argument should not exceed \(Int.max)")
      }
      if word > 1 << 40 { throw raiseNoMemory() }
      return try long(Combinatorics.factorial(UInt64(word)))
    }
  }
}
