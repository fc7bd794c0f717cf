extension DecimalContext {
  /// The context of the elementary functions, which round to the nearest, ties to even.
  var nearest: DecimalContext {
    var context = self
    context.rounding = .halfEven
    return context
  }

  /// e**a, correctly rounded.
  public func exponential(
    _ r: Number, _ a: Number, _ status: inout Conditions
  ) throws(OutOfMemory) {
    if a.isSpecial {
      if try propagateNaN(r, a, &status) { return }
      if a.isNegative { r.set(0, 0, 0) } else { r.setInfinity(0) }
      return
    }
    if a.hasZeroCoefficient { return r.set(0, 1, 0) }
    let context = nearest
    let adjusted = a.adjusted
    if adjusted >= 19 {
      // Beyond any exponent.
      r.set(0, 1, a.isNegative ? -4_000_000_000_000_000_001 : 4_000_000_000_000_000_001)
      return try context.finish(r, &status)
    }
    if adjusted < -(precision &+ 2) {
      // 1 and less than half a unit in the last place.
      status.formUnion([.inexact, .rounded])
      try r.setPower(0, zeros: precision &- 1, -(precision &- 1))
      return try context.finish(r, &status)
    }
    var fraction = Self.words(forDigits: precision)
    while true {
      let size = fraction + 1
      let buffer = try WordBuffer(3 * size + 8)
      let x = buffer.words
      let argument = x + (size + 3)
      let tens = try Self.reduce(x, a, fraction)
      Words.copy(argument, x + 1, size)
      try FixedPoint.exponential(x, argument, fraction)
      let error = FixedPoint.exponentialError(fraction)
      if try settle(r, 0, x, size, tens - 19 * fraction, error, context, &status) { return }
      fraction += 1 + fraction / 4
    }
  }

  /// Words after the point for a result of so many digits.
  static func words(forDigits digits: Int) -> Int {
    let least = Word.count(forDigits: digits &+ 20)
    return Word.count(forDigits: digits &+ FixedPoint.guardDigits(least) &+ 4)
  }

  /// x = |a| mod ln 10 with `fraction + 1` words after the point and one before it, for a < 0 from
  /// below; returns the power of ten taken out.
  private static func reduce(
    _ x: Words.Target, _ a: Number, _ fraction: Int
  ) throws(OutOfMemory) -> Int {
    let inner = fraction + 1
    let shift = 19 * inner + a.pointee.exponent
    let large = try Temporary()
    try large.number.copy(a)
    if shift >= 0 {
      try large.number.shiftLeft(shift)
    } else {
      _ = large.number.shiftRight(-shift)
    }
    let ten = try FixedPoint.logarithmOfTen(inner)
    let size = inner + 1
    let count = large.number.pointee.count
    Words.clear(x, size)
    var tens = 0
    if Words.compare(large.number.pointee.words, count, ten, size) < 0 {
      Words.copy(x, large.number.pointee.words, count)
    } else {
      let quotient = try WordBuffer(count - size + 1)
      try Words.divide(quotient.words, x, large.number.pointee.words, count, ten, size)
      tens = Int(quotient.words[0])
    }
    if a.isNegative {
      tens = -tens
      if !Words.isZero(x, size) {
        Words.subtractReversed(x, size, from: ten, size)
        tens -= 1
      }
    }
    return tens
  }

  /// Rounds a magnitude known up to an error; false when the error leaves two possible results.
  func settle(
    _ r: Number, _ sign: UInt8, _ x: Words.Source, _ count: Int, _ exponent: Int, _ error: UInt64,
    _ context: DecimalContext, _ status: inout Conditions
  ) throws(OutOfMemory) -> Bool {
    var error = error
    let lower = try Temporary()
    try lower.number.reserve(count + 1)
    Words.copy(lower.number.pointee.words, x, count)
    Words.subtract(lower.number.pointee.words, count, &error, 1)
    try r.reserve(count + 1)
    Words.copy(r.pointee.words, x, count)
    let carry = Words.add(r.pointee.words, count, &error, 1)
    r.pointee.words[count] = carry
    // Never exact: a last digit that is not zero says so.
    r.pointee.words[0] |= 1
    for number in [lower.number, r] {
      number.pointee.flags = sign
      number.pointee.exponent = exponent
      number.settle(number == r ? count + 1 : count)
    }
    var reported: Conditions = []
    var ignored: Conditions = []
    try context.finish(lower.number, &ignored)
    try context.finish(r, &reported)
    if r.pointee.flags != lower.number.pointee.flags { return false }
    if r.isFinite {
      let equal =
        r.pointee.exponent == lower.number.pointee.exponent
        && Words.compare(
          r.pointee.words, r.pointee.count, lower.number.pointee.words,
          lower.number.pointee.count) == 0
      if !equal { return false }
    }
    status.formUnion(reported)
    status.formUnion([.inexact, .rounded])
    return true
  }
}
