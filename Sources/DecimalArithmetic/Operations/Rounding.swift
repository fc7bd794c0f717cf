// Operations that move digits: quantize, rounding to integers, reduction, shifts.

extension DecimalContext {
  /// a with the exponent of b. A result that needs more digits than the precision is invalid.
  public func quantize(
    _ r: Number, _ a: Number, _ b: Number, _ status: inout Conditions
  ) throws(OutOfMemory) {
    if (a.pointee.flags | b.pointee.flags) & DecimalNumber.Flag.special != 0 {
      if try propagateNaN(r, a, b, &status) { return }
      if a.isInfinite && b.isInfinite { return try r.copy(a) }
      return invalid(r, &status)
    }
    let exponent = b.pointee.exponent
    if exponent > maxExponent || exponent < etiny { return invalid(r, &status) }
    if a.hasZeroCoefficient {
      r.set(a.sign, 0, exponent)
      return try finish(r, &status)
    }
    let shift = a.pointee.exponent &- exponent
    if a.adjusted > maxExponent || a.pointee.digits &+ shift > precision {
      return invalid(r, &status)
    }
    var reported: Conditions = []
    try rescale(r, a, exponent, &reported)
    if r.adjusted > maxExponent || r.pointee.digits > precision { return invalid(r, &status) }
    status.formUnion(reported)
    try finish(r, &status)
  }

  /// The coefficient for another exponent, rounded; reports Rounded and Inexact.
  private func rescale(
    _ r: Number, _ a: Number, _ exponent: Int, _ status: inout Conditions
  ) throws(OutOfMemory) {
    try r.copy(a)
    let shift = a.pointee.exponent &- exponent
    if shift >= 0 {
      try r.shiftLeft(shift)
    } else {
      let discarded = r.shiftRight(-shift)
      try round(r, discarded)
      status.insert(.rounded)
      if discarded != .nothing { status.insert(.inexact) }
    }
    r.pointee.exponent = exponent
  }

  /// a with another exponent, without limits on the digits (`__round__`, `__format__`).
  public func rescaled(
    _ r: Number, _ a: Number, exponent: Int, _ status: inout Conditions
  ) throws(OutOfMemory) {
    if a.isSpecial { return try r.copy(a) }
    if a.hasZeroCoefficient { return r.set(a.sign, 0, exponent) }
    try rescale(r, a, exponent, &status)
  }

  /// Rounded to an integer; with `exact` reports Inexact and Rounded.
  public func roundToInteger(
    _ r: Number, _ a: Number, exact: Bool, _ status: inout Conditions
  ) throws(OutOfMemory) {
    if a.isSpecial {
      if try propagateNaN(r, a, &status) { return }
      return r.setInfinity(a.sign)
    }
    if a.pointee.exponent >= 0 { return try r.copy(a) }
    if a.hasZeroCoefficient { return r.set(a.sign, 0, 0) }
    var reported: Conditions = []
    try rescale(r, a, 0, &reported)
    if exact { status.formUnion(reported) }
  }

  /// The integer towards zero, floor or ceiling; for finite numbers.
  public func truncate(_ r: Number, _ a: Number, _ rounding: Rounding) throws(OutOfMemory) {
    var context = DecimalContext.widest
    context.rounding = rounding
    var status: Conditions = []
    try context.roundToInteger(r, a, exact: false, &status)
  }

  /// Without trailing zeros.
  public func reduce(
    _ r: Number, _ a: Number, _ status: inout Conditions
  ) throws(OutOfMemory) {
    if try propagateNaN(r, a, &status) { return }
    try r.copy(a)
    try finish(r, &status)
    if r.isSpecial { return }
    if r.hasZeroCoefficient { return r.set(r.sign, 0, 0) }
    r.dropTrailingZeros(upTo: clamp ? etop : maxExponent)
  }

  /// The number of places in an operand of shift or rotate, nil when it is invalid.
  private func places(_ b: Number) -> Int? {
    guard b.isFinite, b.pointee.exponent == 0, b.pointee.count <= 1 else { return nil }
    guard b.pointee.words[0] <= UInt64(precision) else { return nil }
    let size = Int(b.pointee.words[0])
    return b.isNegative ? -size : size
  }

  public func shift(
    _ r: Number, _ a: Number, _ b: Number, _ status: inout Conditions
  ) throws(OutOfMemory) {
    if try propagateNaN(r, a, b, &status) { return }
    guard let places = places(b) else { return invalid(r, &status) }
    if a.isInfinite { return r.setInfinity(a.sign) }
    try r.copy(a)
    // First to the precision, so that only digits that count move.
    cut(r, to: places > 0 ? precision &- places : precision)
    if places >= 0 {
      if !r.hasZeroCoefficient { try r.shiftLeft(places) }
    } else {
      _ = r.shiftRight(-places)
    }
  }

  /// Keeps the lowest digits.
  private func cut(_ r: Number, to digits: Int) {
    if r.pointee.digits > digits {
      r.settle(Words.keepLow(r.pointee.words, r.pointee.count, digits))
    }
  }

  public func rotate(
    _ r: Number, _ a: Number, _ b: Number, _ status: inout Conditions
  ) throws(OutOfMemory) {
    if try propagateNaN(r, a, b, &status) { return }
    guard var places = places(b) else { return invalid(r, &status) }
    if a.isInfinite { return r.setInfinity(a.sign) }
    if places < 0 { places += precision }
    try r.copy(a)
    cut(r, to: precision)
    // The upper digits come in at the bottom.
    let upper = try Temporary()
    try upper.number.copy(r)
    _ = upper.number.shiftRight(precision &- places)
    cut(r, to: precision &- places)
    try r.shiftLeft(places)
    let count = Swift.max(r.pointee.count, upper.number.pointee.count)
    try r.reserve(count &+ 1)
    for index in r.pointee.count..<Swift.max(count, r.pointee.count) { r.pointee.words[index] = 0 }
    Words.add(r.pointee.words, count, upper.number.pointee.words, upper.number.pointee.count)
    r.settle(count)
  }

  /// a with b added to its exponent.
  public func scale(
    _ r: Number, _ a: Number, _ b: Number, _ status: inout Conditions
  ) throws(OutOfMemory) {
    if try propagateNaN(r, a, b, &status) { return }
    guard b.isFinite, b.pointee.exponent == 0, b.pointee.count == 1,
      b.pointee.words[0] <= UInt64(2 &* (maxExponent &+ precision))
    else { return invalid(r, &status) }
    if a.isInfinite { return r.setInfinity(a.sign) }
    try r.copy(a)
    let amount = Int(b.pointee.words[0])
    r.pointee.exponent &+= b.isNegative ? -amount : amount
    // As far as any context reaches.
    r.pointee.exponent = Swift.min(
      Swift.max(r.pointee.exponent, -4_000_000_000_000_000_001), 4_000_000_000_000_000_001)
    try finish(r, &status)
  }

  /// The adjusted exponent as a number.
  public func exponent(
    _ r: Number, _ a: Number, _ status: inout Conditions
  ) throws(OutOfMemory) {
    if try propagateNaN(r, a, &status) { return }
    if a.isInfinite { return r.setInfinity(0) }
    if a.hasZeroCoefficient {
      status.insert(.divisionByZero)
      return r.setInfinity(1)
    }
    let adjusted = a.adjusted
    r.set(adjusted < 0 ? 1 : 0, magnitude: UInt64(adjusted.magnitude))
    try finish(r, &status)
  }

  // MARK: Neighbours

  public func nextMinus(
    _ r: Number, _ a: Number, _ status: inout Conditions
  ) throws(OutOfMemory) {
    if try propagateNaN(r, a, &status) { return }
    try neighbour(r, a, up: false)
  }

  public func nextPlus(
    _ r: Number, _ a: Number, _ status: inout Conditions
  ) throws(OutOfMemory) {
    if try propagateNaN(r, a, &status) { return }
    try neighbour(r, a, up: true)
  }

  private func neighbour(_ r: Number, _ a: Number, up: Bool) throws(OutOfMemory) {
    if a.isInfinite {
      if a.isNegative == up { return try r.setNines(a.sign, digits: precision, etop) }
      return r.setInfinity(a.sign)
    }
    var context = self
    context.rounding = up ? .ceiling : .floor
    var ignored: Conditions = []
    try r.copy(a)
    try context.finish(r, &ignored)
    if Self.compare(r, a) != 0 { return }
    // It was representable: add or take away less than the least step.
    let step = try Temporary()
    step.number.set(up ? 0 : 1, 1, etiny &- 1)
    try context.add(r, a, step.number, &ignored)
  }

  public func nextToward(
    _ r: Number, _ a: Number, _ b: Number, _ status: inout Conditions
  ) throws(OutOfMemory) {
    if try propagateNaN(r, a, b, &status) { return }
    let order = Self.compare(a, b)
    if order == 0 {
      try r.copy(a)
      r.pointee.flags = a.pointee.flags & ~1 | b.sign
      return
    }
    try neighbour(r, a, up: order < 0)
    if r.isInfinite {
      status.formUnion([.overflow, .rounded, .inexact])
    } else if r.adjusted < minExponent {
      status.formUnion([.underflow, .subnormal, .rounded, .inexact])
      if r.hasZeroCoefficient { status.insert(.clamped) }
    }
  }
}
