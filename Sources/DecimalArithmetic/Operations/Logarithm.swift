extension DecimalContext {
  /// ln(a), correctly rounded.
  public func naturalLogarithm(
    _ r: Number, _ a: Number, _ status: inout Conditions
  ) throws(OutOfMemory) {
    if try logarithmOfSpecial(r, a, &status) { return }
    if Self.isOne(a) { return r.set(0, 0, 0) }
    try logarithm(r, a, common: false, &status)
  }

  /// log10(a), correctly rounded; exact for powers of ten.
  public func commonLogarithm(
    _ r: Number, _ a: Number, _ status: inout Conditions
  ) throws(OutOfMemory) {
    if try logarithmOfSpecial(r, a, &status) { return }
    if Words.trailingZeros(a.pointee.words) == a.pointee.digits - 1
      && a.digit(at: a.pointee.digits - 1) == 1
    {
      let adjusted = a.adjusted
      r.set(adjusted < 0 ? 1 : 0, magnitude: UInt64(adjusted.magnitude))
      return try nearest.finish(r, &status)
    }
    try logarithm(r, a, common: true, &status)
  }

  private func logarithmOfSpecial(
    _ r: Number, _ a: Number, _ status: inout Conditions
  ) throws(OutOfMemory) -> Bool {
    if try propagateNaN(r, a, &status) { return true }
    if a.isFinite && a.hasZeroCoefficient {
      r.setInfinity(1)
      return true
    }
    if a.isNegative {
      invalid(r, &status)
      return true
    }
    if a.isInfinite {
      r.setInfinity(0)
      return true
    }
    return false
  }

  /// Whether a finite number is +1.
  static func isOne(_ a: Number) -> Bool {
    !a.isNegative && !a.hasZeroCoefficient && a.adjusted == 0
      && Words.trailingZeros(a.pointee.words) == a.pointee.digits - 1
      && a.digit(at: a.pointee.digits - 1) == 1
  }

  private func logarithm(
    _ r: Number, _ a: Number, common: Bool, _ status: inout Conditions
  ) throws(OutOfMemory) {
    let context = nearest
    // a = m * 10**tens with m between 0.32 and 3.2.
    var tens = a.adjusted
    let first = a.digit(at: a.pointee.digits - 1)
    let second = a.pointee.digits > 1 ? a.digit(at: a.pointee.digits - 2) : 0
    if first > 3 || (first == 3 && second > 1) { tens += 1 }
    // Near 1 the leading zeros of the logarithm need digits, too.
    var leading = 0
    if tens == 0 {
      let one = try Temporary()
      one.number.set(0, 1, 0)
      let difference = try Temporary()
      try DecimalContext.widest.addFinite(difference.number, a, one.number, 1)
      leading = Swift.max(0, -difference.number.adjusted)
    }
    var fraction = Self.words(forDigits: precision &+ leading)
    while true {
      let size = fraction + 1
      let m = try Temporary()
      try m.number.copy(a)
      let shift = 19 * fraction + a.pointee.exponent - tens
      if shift >= 0 { try m.number.shiftLeft(shift) } else { _ = m.number.shiftRight(-shift) }
      let buffer = try WordBuffer(5 * size + 12)
      let argument = buffer.words
      let x = argument + size
      let total = x + (size + 2)
      Words.clear(argument, size)
      Words.copy(argument, m.number.pointee.words, m.number.pointee.count)
      let negative = try FixedPoint.logarithm(x, argument, fraction)
      x[size] = 0
      x[size + 1] = 0
      Words.clear(total, size + 2)
      if common {
        // ln m / ln 10; the power of ten is exact.
        let ten = try FixedPoint.logarithmOfTen(fraction)
        let scaled = try WordBuffer(fraction + size)
        Words.clear(scaled.words, fraction)
        Words.copy(scaled.words + fraction, x, size)
        let length = Words.normalized(scaled.words, fraction + size)
        Words.clear(x, size)
        if Words.compare(scaled.words, length, ten, size) >= 0 {
          let quotient = try WordBuffer(length - size + 1)
          try Words.divide(quotient.words, nil, scaled.words, length, ten, size)
          Words.copy(x, quotient.words, Swift.min(size, length - size + 1))
        }
        total[fraction] = UInt64(tens.magnitude)
      } else if tens != 0 {
        // One word more, since the factor may have 19 digits.
        let ten = try FixedPoint.logarithmOfTen(fraction + 1)
        let scaled = try WordBuffer(size + 2)
        Words.copy(scaled.words, ten, size + 1)
        scaled.words[size + 1] = Words.multiply(
          scaled.words, size + 1, by: UInt64(tens.magnitude))
        Words.copy(total, scaled.words + 1, size + 1)
      }
      // total is tens * ln 10 (or tens), x the rest: add them with their signs.
      var sign: UInt8 = negative ? 1 : 0
      let tensNegative = tens < 0
      if tens == 0 || negative == tensNegative {
        Words.add(total, size + 2, x, size + 2)
      } else {
        // The power of ten outweighs the rest.
        Words.subtract(total, size + 2, x, size + 2)
        sign = tensNegative ? 1 : 0
      }
      let length = Words.normalized(total, size + 2)
      let error = FixedPoint.logarithmError(fraction)
      if length > 1 || total[0] > error {
        if try settle(r, sign, total, length, -19 * fraction, error, context, &status) { return }
      }
      fraction += 1 + fraction / 4
    }
  }
}
