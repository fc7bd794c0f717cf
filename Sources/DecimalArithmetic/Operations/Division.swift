extension DecimalContext {
  public func divide(
    _ r: Number, _ a: Number, _ b: Number, _ status: inout Conditions
  ) throws(OutOfMemory) {
    let sign = a.sign ^ b.sign
    if (a.pointee.flags | b.pointee.flags) & DecimalNumber.Flag.special != 0 {
      if try propagateNaN(r, a, b, &status) { return }
      if a.isInfinite {
        if b.isInfinite { return invalid(r, &status) }
        return r.setInfinity(sign)
      }
      // A finite number over infinity.
      r.set(sign, 0, etiny)
      status.insert(.clamped)
      return
    }
    if b.hasZeroCoefficient {
      if a.hasZeroCoefficient { return invalid(r, &status, .divisionUndefined) }
      status.insert(.divisionByZero)
      return r.setInfinity(sign)
    }
    let ideal = a.pointee.exponent &- b.pointee.exponent
    if a.hasZeroCoefficient {
      r.set(sign, 0, ideal)
    } else {
      try divideCoefficients(r, a, b, ideal)
      r.pointee.flags = sign
    }
    try finish(r, &status)
  }

  /// One digit more than the precision; a last digit 0 or 5 gives way for a remainder.
  private func divideCoefficients(
    _ r: Number, _ a: Number, _ b: Number, _ ideal: Int
  ) throws(OutOfMemory) {
    let shift = b.pointee.digits &- a.pointee.digits &+ precision &+ 1
    // An exact quotient has no more than the digits of a and four times those of b: with a very
    // large precision look for it first.
    let enough = 4 &* b.pointee.digits &+ 1
    if shift > enough &+ 400 {
      if try quotient(r, a, b, enough, discardInexact: true) {
        r.pointee.exponent = ideal &- enough
        r.dropTrailingZeros(upTo: ideal)
        return
      }
    }
    let exact = try quotient(r, a, b, shift, discardInexact: false)
    r.pointee.exponent = ideal &- shift
    if exact { r.dropTrailingZeros(upTo: ideal) }
  }

  /// r = a * 10**shift / b; whether there was no remainder. A remainder makes the last digit neither
  /// 0 nor 5.
  private func quotient(
    _ r: Number, _ a: Number, _ b: Number, _ shift: Int, discardInexact: Bool
  ) throws(OutOfMemory) -> Bool {
    var numerator = Words.Source(a.pointee.words)
    var numeratorCount = a.pointee.count
    var denominator = Words.Source(b.pointee.words)
    var denominatorCount = b.pointee.count
    let digits = Swift.max(a.pointee.digits, b.pointee.digits) &+ Swift.max(shift, 0 &- shift)
    let size = Word.count(forDigits: digits) &+ 2
    // Short ones without a trip to the heap.
    var small = InlineArray<8, UInt64>(repeating: 0)
    return try withUnsafeMutablePointer(to: &small) { small throws(OutOfMemory) in
      let stack = UnsafeMutableRawPointer(small).assumingMemoryBound(to: UInt64.self)
      let buffer = try WordBuffer(size > 8 ? size : 1)
      let scaled = size > 8 ? buffer.words : stack
      if shift > 0 {
        numeratorCount = Words.shiftLeft(scaled, numerator, numeratorCount, shift)
        numerator = Words.Source(scaled)
      } else if shift < 0 {
        denominatorCount = Words.shiftLeft(scaled, denominator, denominatorCount, -shift)
        denominator = Words.Source(scaled)
      }
      if Words.compare(numerator, numeratorCount, denominator, denominatorCount) < 0 {
        r.set(0, Words.isZero(numerator, numeratorCount) ? 0 : 1, 0)
        return r.hasZeroCoefficient
      }
      let count = numeratorCount &- denominatorCount &+ 1
      try r.reserve(count)
      let exact: Bool
      if denominatorCount == 1 {
        exact =
          Words.divide(r.pointee.words, numerator, numeratorCount, by: denominator[0]) == 0
      } else {
        let remainder = try WordBuffer(denominatorCount)
        try Words.divide(
          r.pointee.words, remainder.words, numerator, numeratorCount, denominator,
          denominatorCount)
        exact = Words.isZero(remainder.words, denominatorCount)
      }
      if !exact && discardInexact { return false }
      if !exact && r.pointee.words[0] % 5 == 0 { r.pointee.words[0] &+= 1 }
      r.settle(count)
      return exact
    }
  }

  // MARK: Integer division

  /// Quotient and remainder of finite numbers, b not zero, exact and without signs. False when the
  /// quotient has more digits than the precision.
  private func divideExactly(
    _ quotient: Number, _ remainder: Number, _ a: Number, _ b: Number
  ) throws(OutOfMemory) -> Bool {
    let exponent = Swift.min(a.pointee.exponent, b.pointee.exponent)
    if a.hasZeroCoefficient {
      quotient.set(0, 0, 0)
      remainder.set(0, 0, exponent)
      return true
    }
    let difference = a.adjusted &- b.adjusted
    if difference < 0 {
      quotient.set(0, 0, 0)
      try remainder.copy(a)
      if a.pointee.exponent > b.pointee.exponent {
        // The remainder has the lesser exponent, as far as the precision needs it.
        let zeros = a.pointee.exponent &- b.pointee.exponent
        try remainder.shiftLeft(zeros)
        remainder.pointee.exponent = exponent
      }
      return true
    }
    if difference > precision { return false }
    try quotient.copy(a)
    quotient.pointee.flags = 0
    try quotient.shiftLeft(a.pointee.exponent &- exponent)
    let divisor = try Temporary()
    try divisor.number.copy(b)
    try divisor.number.shiftLeft(b.pointee.exponent &- exponent)
    let dividendCount = quotient.pointee.count
    let divisorCount = divisor.number.pointee.count
    if Words.compare(
      quotient.pointee.words, dividendCount, divisor.number.pointee.words, divisorCount) < 0
    {
      try remainder.copy(quotient)
      remainder.pointee.exponent = exponent
      quotient.set(0, 0, 0)
      return true
    }
    let result = try WordBuffer(dividendCount &- divisorCount &+ 1)
    try remainder.reserve(divisorCount)
    try Words.divide(
      result.words, remainder.pointee.words, quotient.pointee.words, dividendCount,
      divisor.number.pointee.words, divisorCount)
    let count = Words.normalized(result.words, dividendCount &- divisorCount &+ 1)
    Words.copy(quotient.pointee.words, result.words, count)
    quotient.settle(count)
    quotient.pointee.exponent = 0
    remainder.pointee.flags = 0
    remainder.pointee.exponent = exponent
    remainder.settle(divisorCount)
    return quotient.pointee.digits <= precision
  }

  /// Whether a is so far below b that only a itself remains; then r is a, rounded.
  private func keepsDividend(
    _ r: Number, _ a: Number, _ b: Number, _ status: inout Conditions
  ) throws(OutOfMemory) -> Bool {
    guard b.isInfinite || (!a.hasZeroCoefficient && a.adjusted &- b.adjusted <= -2) else {
      return false
    }
    try r.copy(a)
    if b.isFinite && a.pointee.exponent > b.pointee.exponent {
      // Towards the lesser exponent; zeros beyond the precision would be rounded off again.
      let zeros = a.pointee.exponent &- b.pointee.exponent
      let room = Swift.max(0, precision &- a.pointee.digits)
      if zeros > room { status.insert(.rounded) }
      try r.shiftLeft(Swift.min(zeros, room))
      r.pointee.exponent = a.pointee.exponent &- Swift.min(zeros, room)
    }
    try finish(r, &status)
    return true
  }

  public func divideToInteger(
    _ r: Number, _ a: Number, _ b: Number, _ status: inout Conditions
  ) throws(OutOfMemory) {
    if try propagateNaN(r, a, b, &status) { return }
    let sign = a.sign ^ b.sign
    if a.isInfinite {
      if b.isInfinite { return invalid(r, &status) }
      return r.setInfinity(sign)
    }
    if b.isInfinite { return r.set(sign, 0, 0) }
    if b.hasZeroCoefficient {
      if a.hasZeroCoefficient { return invalid(r, &status, .divisionUndefined) }
      status.insert(.divisionByZero)
      return r.setInfinity(sign)
    }
    if !a.hasZeroCoefficient && a.adjusted &- b.adjusted <= -2 {
      r.set(sign, 0, 0)
      return try finish(r, &status)
    }
    let remainder = try Temporary()
    guard try divideExactly(r, remainder.number, a, b) else {
      return invalid(r, &status, .divisionImpossible)
    }
    r.pointee.flags = sign
    try finish(r, &status)
  }

  public func remainder(
    _ r: Number, _ a: Number, _ b: Number, _ status: inout Conditions
  ) throws(OutOfMemory) {
    if try propagateNaN(r, a, b, &status) { return }
    if a.isInfinite { return invalid(r, &status) }
    if b.isFinite && b.hasZeroCoefficient {
      return invalid(r, &status, a.hasZeroCoefficient ? .divisionUndefined : .invalidOperation)
    }
    if try keepsDividend(r, a, b, &status) { return }
    let quotient = try Temporary()
    guard try divideExactly(quotient.number, r, a, b) else {
      return invalid(r, &status, .divisionImpossible)
    }
    r.pointee.flags = a.sign
    try finish(r, &status)
  }

  public func divideWithRemainder(
    _ q: Number, _ r: Number, _ a: Number, _ b: Number, _ status: inout Conditions
  ) throws(OutOfMemory) {
    if try propagateNaN(q, a, b, &status) { return try r.copy(q) }
    let sign = a.sign ^ b.sign
    if a.isInfinite {
      if b.isInfinite { invalid(q, &status) } else { q.setInfinity(sign) }
      return invalid(r, &status)
    }
    if b.isFinite && b.hasZeroCoefficient {
      if a.hasZeroCoefficient {
        invalid(q, &status, .divisionUndefined)
        return r.setNaN()
      }
      q.setInfinity(sign)
      status.insert(.divisionByZero)
      return invalid(r, &status)
    }
    if try keepsDividend(r, a, b, &status) {
      q.set(sign, 0, 0)
      if b.isFinite { try finish(q, &status) }
      return
    }
    guard try divideExactly(q, r, a, b) else {
      invalid(q, &status, .divisionImpossible)
      return r.setNaN()
    }
    q.pointee.flags = sign
    r.pointee.flags = a.sign
    try finish(q, &status)
    try finish(r, &status)
  }

  /// a - b * n, where n is the integer nearest to a / b, the even one of two.
  public func remainderNear(
    _ r: Number, _ a: Number, _ b: Number, _ status: inout Conditions
  ) throws(OutOfMemory) {
    if try propagateNaN(r, a, b, &status) { return }
    if a.isInfinite { return invalid(r, &status) }
    if b.isFinite && b.hasZeroCoefficient {
      return invalid(r, &status, a.hasZeroCoefficient ? .divisionUndefined : .invalidOperation)
    }
    if try keepsDividend(r, a, b, &status) { return }
    if a.hasZeroCoefficient {
      r.set(a.sign, 0, Swift.min(a.pointee.exponent, b.pointee.exponent))
      return try finish(r, &status)
    }
    if a.adjusted &- b.adjusted > precision { return invalid(r, &status, .divisionImpossible) }
    let quotient = try Temporary()
    guard try divideExactly(quotient.number, r, a, b) else {
      return invalid(r, &status, .divisionImpossible)
    }
    var sign = a.sign
    // Twice the remainder against the divisor, at the same exponent.
    let exponent = r.pointee.exponent
    let divisor = try Temporary()
    try divisor.number.copy(b)
    try divisor.number.shiftLeft(b.pointee.exponent &- exponent)
    let twice = try Temporary()
    try twice.number.copy(r)
    try twice.number.reserve(r.pointee.count &+ 1)
    let carry = Words.multiply(twice.number.pointee.words, r.pointee.count, by: 2)
    twice.number.pointee.words[r.pointee.count] = carry
    twice.number.settle(r.pointee.count &+ 1)
    let order = Words.compare(
      twice.number.pointee.words, twice.number.pointee.count, divisor.number.pointee.words,
      divisor.number.pointee.count)
    let odd = quotient.number.pointee.words[0] & 1 == 1
    if order > 0 || (order == 0 && odd) {
      let count = divisor.number.pointee.count
      try r.reserve(count)
      Words.subtractReversed(
        r.pointee.words, r.pointee.count, from: divisor.number.pointee.words, count)
      r.settle(count)
      sign ^= 1
      try quotient.number.increment()
      if quotient.number.pointee.digits > precision {
        return invalid(r, &status, .divisionImpossible)
      }
    }
    r.pointee.flags = sign
    try finish(r, &status)
  }
}
