extension DecimalContext {
  public func multiply(
    _ r: Number, _ a: Number, _ b: Number, _ status: inout Conditions
  ) throws(OutOfMemory) {
    if (a.pointee.flags | b.pointee.flags) & DecimalNumber.Flag.special != 0 {
      return try multiplySpecial(r, a, b, &status)
    }
    try Self.multiplyFinite(r, a, b)
    try finish(r, &status)
  }

  private func multiplySpecial(
    _ r: Number, _ a: Number, _ b: Number, _ status: inout Conditions
  ) throws(OutOfMemory) {
    if try propagateNaN(r, a, b, &status) { return }
    if a.isZero || b.isZero { return invalid(r, &status) }
    r.setInfinity(a.sign ^ b.sign)
  }

  /// The exact product of finite numbers.
  @inline(__always)
  static func multiplyFinite(_ r: Number, _ a: Number, _ b: Number) throws(OutOfMemory) {
    if a.pointee.count == 1 && b.pointee.count == 1 {
      let (high, low) = a.pointee.words[0].multipliedFullWidth(by: b.pointee.words[0])
      let (upper, lower) = Word.split(high, low)
      r.pointee.words[0] = lower
      r.pointee.words[1] = upper
      r.pointee.count = upper == 0 ? 1 : 2
      r.pointee.digits =
        upper == 0 ? Word.digitCount(lower) : 19 &+ Word.digitCount(upper)
    } else {
      let count = a.pointee.count &+ b.pointee.count
      try r.reserve(count)
      try Words.multiply(
        r.pointee.words, a.pointee.words, a.pointee.count, b.pointee.words, b.pointee.count)
      r.settle(count)
    }
    r.pointee.flags = (a.pointee.flags ^ b.pointee.flags) & 1
    r.pointee.exponent = a.pointee.exponent &+ b.pointee.exponent
  }

  /// a * b + c with one rounding.
  public func multiplyAdd(
    _ r: Number, _ a: Number, _ b: Number, _ c: Number, _ status: inout Conditions
  ) throws(OutOfMemory) {
    let flags = a.pointee.flags | b.pointee.flags | c.pointee.flags
    if flags & DecimalNumber.Flag.nan != 0 {
      // Signaling factors first; then what the sum makes of the product.
      let first = a.isSignalingNaN || b.isSignalingNaN || ((a.isNaN || b.isNaN) && !c.isSignalingNaN)
      if first {
        _ = try propagateNaN(r, a, b, &status)
      } else if !a.isNaN && !b.isNaN
        && ((a.isInfinite && b.isZero) || (a.isZero && b.isInfinite))
      {
        invalid(r, &status)
      } else {
        _ = try propagateNaN(r, c, &status)
      }
      return
    }
    let product = try Temporary()
    if (a.pointee.flags | b.pointee.flags) & DecimalNumber.Flag.special != 0 {
      try multiplySpecial(product.number, a, b, &status)
      if product.number.isNaN {
        r.setNaN()
        return
      }
    } else {
      try Self.multiplyFinite(product.number, a, b)
    }
    try add(r, product.number, c, &status)
  }
}
