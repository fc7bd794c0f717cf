extension Digits {
  /// floor(sqrt(x)).
  public static func squareRoot(_ x: UInt64) -> UInt64 {
    var root = UInt64(Double(x).squareRoot())
    // Rounding of the conversion and of the root can be one off either way.
    if root > 0xFFFF_FFFF { root = 0xFFFF_FFFF }
    while root &* root > x { root &-= 1 }
    while root < 0xFFFF_FFFF && (root &+ 1) &* (root &+ 1) <= x { root &+= 1 }
    return root
  }

  /// The integer square root of a magnitude. Nil when out of memory.
  public static func squareRoot(_ a: Source, _ na: Int) -> DigitBuffer? {
    guard var result = DigitBuffer(capacity: na / 2 &+ 3) else { return nil }
    if let word = word(a, na) {
      result.count = write(squareRoot(word), into: result.digits)
      return result
    }
    if let large = LargeNumbers.shared {
      let size = LargeNumbers.limbCount(na)
      guard let limbs = LimbBuffer(capacity: 2 &* size &+ 1) else { return nil }
      let root = limbs.limbs + size
      let used = LargeNumbers.pack(a, na, into: limbs.limbs)
      // Without room for the remainder the function still works, and is quicker.
      _ = large.root(root, nil, limbs.limbs, used)
      result.count = LargeNumbers.unpack(
        root, (used &+ 1) / 2, into: result.digits, capacity: na / 2 &+ 3)
      return result
    }
    return newtonRoot(a, na)
  }

  /// Newton's iteration that doubles the precision with each step, as in CPython's
  /// Modules/mathmodule.c, math_isqrt: x is a root of the top 2d bits before a step that finds one of
  /// the top 4d bits.
  private static func newtonRoot(_ a: Source, _ na: Int) -> DigitBuffer? {
    let half = (bitLength(a, na) &- 1) / 2
    guard var root = DigitBuffer(capacity: na / 2 &+ 4),
      var shifted = DigitBuffer(capacity: na &+ 2),
      var quotient = DigitBuffer(capacity: na &+ 3),
      let remainder = DigitBuffer(capacity: na &+ 3)
    else { return nil }
    root.digits[0] = 1
    root.count = 1
    var precise = 0
    var step = Int.bitWidth &- half.leadingZeroBitCount
    while step > 0 {
      step &-= 1
      let before = precise
      precise = half &>> step
      shifted.count = shiftRight(
        a, na, negative: false, by: 2 &* half &- before &- precise &+ 1, into: shifted.digits)
      guard
        let counts = divide(
          shifted.source, shifted.count, root.source, root.count, quotient: quotient.digits,
          remainder: remainder.digits)
      else { return nil }
      root.count = shiftLeft(
        root.source, root.count, by: precise &- before &- 1, into: root.digits)
      root.count = add(
        root.source, root.count, quotient.source, counts.quotient, into: root.digits)
    }
    // The last approximation is exact or one too large.
    quotient.count = multiply(
      root.source, root.count, root.source, root.count, into: quotient.digits)
    if compare(quotient.source, quotient.count, a, na) > 0 {
      var one: UInt32 = 1
      root.count = subtract(root.source, root.count, &one, 1, into: root.digits)
    }
    return root
  }
}
