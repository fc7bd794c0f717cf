// Every operation that rounds ends here. General Decimal Arithmetic 1.70, "Exceptional conditions".

extension DecimalContext {
  /// Makes an exact result fit the context: rounds, checks the exponent, reports.
  @inline(__always)
  public func finish(_ r: Number, _ status: inout Conditions) throws(OutOfMemory) {
    // The usual number needs nothing.
    if r.isFinite && r.pointee.digits <= precision && !r.hasZeroCoefficient {
      let adjusted = r.adjusted
      if adjusted >= minExponent && adjusted <= maxExponent
        && (!clamp || r.pointee.exponent <= etop)
      {
        return
      }
    }
    try fit(r, &status)
  }

  @inline(never)
  private func fit(_ r: Number, _ status: inout Conditions) throws(OutOfMemory) {
    if r.isSpecial {
      if r.isNaN { fitPayload(r) }
      return
    }
    let etiny = self.etiny
    if r.hasZeroCoefficient {
      let largest = clamp ? etop : maxExponent
      if r.pointee.exponent > largest || r.pointee.exponent < etiny {
        r.pointee.exponent = r.pointee.exponent < etiny ? etiny : largest
        status.insert(.clamped)
      }
      return
    }
    let adjusted = r.adjusted
    if adjusted > maxExponent { return try overflow(r, &status) }
    let isSubnormal = adjusted < minExponent
    let least = isSubnormal ? etiny : adjusted &- precision &+ 1
    if r.pointee.exponent < least {
      let discarded = r.shiftRight(least &- r.pointee.exponent)
      r.pointee.exponent = least
      try round(r, discarded)
      if r.pointee.digits > precision {
        _ = r.shiftRight(1)
        r.pointee.exponent &+= 1
      }
      status.insert(.rounded)
      if discarded != .nothing {
        status.insert(.inexact)
        if isSubnormal { status.insert(.underflow) }
      }
      if isSubnormal {
        status.insert(.subnormal)
        if r.hasZeroCoefficient {
          status.insert(.clamped)
          return
        }
      }
      if r.adjusted > maxExponent { return try overflow(r, &status) }
    } else if isSubnormal {
      status.insert(.subnormal)
    }
    if clamp && r.pointee.exponent > etop {
      status.insert(.clamped)
      try r.shiftLeft(r.pointee.exponent &- etop)
      r.pointee.exponent = etop
    }
  }

  /// Adds one if the rounding mode asks for it.
  @inline(__always)
  func round(_ r: Number, _ discarded: Discarded) throws(OutOfMemory) {
    if discarded == .nothing { return }
    let last = r.pointee.words[0] % 10
    if rounding.goesUp(negative: r.isNegative, lastDigit: last, discarded) { try r.increment() }
  }

  private func overflow(_ r: Number, _ status: inout Conditions) throws(OutOfMemory) {
    status.formUnion([.overflow, .inexact, .rounded])
    let becomesInfinite: Bool
    switch rounding {
    case .halfUp, .halfEven, .halfDown, .up: becomesInfinite = true
    case .down, .zeroFiveUp: becomesInfinite = false
    case .ceiling: becomesInfinite = !r.isNegative
    case .floor: becomesInfinite = r.isNegative
    }
    if becomesInfinite {
      r.setInfinity(r.sign)
    } else {
      try r.setNines(r.sign, digits: precision, etop)
    }
  }

  /// Keeps the low digits of a payload that is too long.
  private func fitPayload(_ r: Number) {
    let most = precision &- (clamp ? 1 : 0)
    if r.pointee.count == 0 || r.pointee.digits <= most { return }
    let count = Words.keepLow(r.pointee.words, r.pointee.count, most)
    if count == 1 && r.pointee.words[0] == 0 {
      r.pointee.count = 0
      r.pointee.digits = 0
    } else {
      r.settle(count)
    }
  }

  // MARK: NaN

  /// The result of an operation on a NaN: quiet, with the payload of the operand.
  private func propagate(
    _ r: Number, _ source: Number, _ status: inout Conditions
  ) throws(OutOfMemory) {
    if source.isSignalingNaN { status.insert(.invalidOperation) }
    try r.copy(source)
    r.pointee.flags = source.sign | DecimalNumber.Flag.quiet
    fitPayload(r)
  }

  /// Whether an operand is a NaN, which then is the result. Signaling ones come first.
  @inline(__always)
  func propagateNaN(
    _ r: Number, _ a: Number, _ status: inout Conditions
  ) throws(OutOfMemory) -> Bool {
    guard a.isNaN else { return false }
    try propagate(r, a, &status)
    return true
  }

  @inline(__always)
  func propagateNaN(
    _ r: Number, _ a: Number, _ b: Number, _ status: inout Conditions
  ) throws(OutOfMemory) -> Bool {
    if (a.pointee.flags | b.pointee.flags) & DecimalNumber.Flag.nan == 0 { return false }
    let source =
      a.isSignalingNaN ? a : b.isSignalingNaN ? b : a.isNaN ? a : b
    try propagate(r, source, &status)
    return true
  }

  /// A NaN for an operation that has no result.
  func invalid(
    _ r: Number, _ status: inout Conditions, _ condition: Conditions = .invalidOperation
  ) {
    status.insert(condition)
    r.setNaN()
  }
}
