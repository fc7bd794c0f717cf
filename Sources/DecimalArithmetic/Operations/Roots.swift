extension DecimalContext {
  /// The square root, correctly rounded.
  public func squareRoot(
    _ r: Number, _ a: Number, _ status: inout Conditions
  ) throws(OutOfMemory) {
    if a.isSpecial {
      if try propagateNaN(r, a, &status) { return }
      if a.isNegative { return invalid(r, &status) }
      return r.setInfinity(0)
    }
    let ideal = a.pointee.exponent >> 1
    if a.hasZeroCoefficient {
      r.set(a.sign, 0, ideal)
      return try nearest.finish(r, &status)
    }
    if a.isNegative { return invalid(r, &status) }
    let number = try Temporary()
    try number.number.copy(a)
    number.number.pointee.flags = 0
    if a.pointee.exponent & 1 == 1 { try number.number.shiftLeft(1) }
    let rootDigits = (number.number.pointee.digits + 1) / 2
    let shift = precision &+ 1 &- rootDigits
    if shift > 400 {
      // A root that is exact has no more digits than half of the operand's.
      if try root(r, number.number) {
        r.pointee.exponent = ideal
        return try nearest.finish(r, &status)
      }
    }
    var discarded = Discarded.nothing
    if shift > 0 {
      let (zeros, overflow) = shift.multipliedReportingOverflow(by: 2)
      if overflow { throw OutOfMemory() }
      try number.number.shiftLeft(zeros)
    } else if shift < 0 {
      discarded = number.number.shiftRight(-2 * shift)
    }
    let isSquare = try root(r, number.number)
    r.pointee.exponent = ideal - shift
    if isSquare && discarded == .nothing {
      if shift >= 0 {
        _ = r.shiftRight(shift)
      } else {
        try r.shiftLeft(-shift)
      }
      r.pointee.exponent = ideal
    } else if r.pointee.words[0] % 5 == 0 {
      // Not exact: neither 0 nor 5 may be the last digit.
      r.pointee.words[0] &+= 1
    }
    try nearest.finish(r, &status)
  }

  /// The integer root of the coefficient; whether it is exact.
  private func root(_ r: Number, _ a: Number) throws(OutOfMemory) -> Bool {
    let count = a.pointee.count
    let size = (count + 1) / 2
    try r.reserve(size)
    try Words.squareRoot(r.pointee.words, a.pointee.words, count)
    r.pointee.flags = 0
    r.settle(size)
    let square = try WordBuffer(2 * size)
    try Words.multiply(
      square.words, r.pointee.words, r.pointee.count, r.pointee.words, r.pointee.count)
    let length = Words.normalized(square.words, 2 * r.pointee.count)
    return Words.compare(square.words, length, a.pointee.words, count) == 0
  }
}
