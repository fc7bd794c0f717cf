extension DecimalContext {
  /// -1, 0 or 1 as a is less than, equal to or greater than b in value; neither is a NaN.
  public static func compare(_ a: Number, _ b: Number) -> Int {
    if (a.pointee.flags | b.pointee.flags) & DecimalNumber.Flag.infinite != 0 {
      let left = a.isInfinite ? (a.isNegative ? -1 : 1) : 0
      let right = b.isInfinite ? (b.isNegative ? -1 : 1) : 0
      return left == right ? 0 : left < right ? -1 : 1
    }
    let aZero = a.hasZeroCoefficient
    let bZero = b.hasZeroCoefficient
    if aZero || bZero {
      if aZero && bZero { return 0 }
      if aZero { return b.isNegative ? 1 : -1 }
      return a.isNegative ? -1 : 1
    }
    if a.sign != b.sign { return a.isNegative ? -1 : 1 }
    let order = compareMagnitudes(a, b)
    return a.isNegative ? -order : order
  }

  /// Compares |a| and |b|, finite and not zero.
  static func compareMagnitudes(_ a: Number, _ b: Number) -> Int {
    if a.pointee.exponent == b.pointee.exponent {
      return Words.compare(a.pointee.words, a.pointee.count, b.pointee.words, b.pointee.count)
    }
    if a.adjusted != b.adjusted { return a.adjusted < b.adjusted ? -1 : 1 }
    // The same leading position: digits from the top, word by word of the longer scale.
    if a.pointee.digits < b.pointee.digits { return -compareAligned(b, a) }
    return compareAligned(a, b)
  }

  /// Compares coefficients with the leading digits at the same place; `long` has at least the digits
  /// of `short`.
  private static func compareAligned(_ long: Number, _ short: Number) -> Int {
    let shift = long.pointee.digits &- short.pointee.digits
    let (whole, within) = shift.quotientAndRemainder(dividingBy: 19)
    let power = Word.power(within)
    let words = short.pointee.words
    let count = short.pointee.count
    var index = long.pointee.count
    while index > whole {
      index &-= 1
      // The word of short * 10**shift at this index.
      let position = index &- whole
      var word: UInt64 = 0
      if within == 0 {
        word = position < count ? words[position] : 0
      } else {
        if position < count {
          let (high, low) = words[position].multipliedFullWidth(by: power)
          word = Word.split(high, low).remainder
        }
        if position > 0 && position &- 1 < count {
          let (high, low) = words[position &- 1].multipliedFullWidth(by: power)
          word &+= Word.split(high, low).quotient
        }
      }
      let other = long.pointee.words[index]
      if other != word { return other < word ? -1 : 1 }
    }
    return Words.isZero(long.pointee.words, whole) ? 0 : 1
  }

  /// compare and, with `signals`, compare_signal.
  public func compare(
    _ r: Number, _ a: Number, _ b: Number, signals: Bool, _ status: inout Conditions
  ) throws(OutOfMemory) {
    if try propagateNaN(r, a, b, &status) {
      if signals { status.insert(.invalidOperation) }
      return
    }
    set(r, order: Self.compare(a, b))
  }

  @inline(__always) func set(_ r: Number, order: Int) {
    r.set(order < 0 ? 1 : 0, order == 0 ? 0 : 1, 0)
  }

  /// The order of abstract representations, which tells 1.0 from 1.00 and has a place for NaNs.
  public static func compareTotal(_ a: Number, _ b: Number) -> Int {
    if a.sign != b.sign { return a.isNegative ? -1 : 1 }
    let order = compareTotalMagnitude(a, b)
    return a.isNegative ? -order : order
  }

  public static func compareTotalMagnitude(_ a: Number, _ b: Number) -> Int {
    func rank(_ x: Number) -> Int {
      x.isQuietNaN ? 3 : x.isSignalingNaN ? 2 : x.isInfinite ? 1 : 0
    }
    let left = rank(a)
    let right = rank(b)
    if left != right { return left < right ? -1 : 1 }
    if left == 1 { return 0 }
    if left >= 2 {
      // Payloads, no payload being zero.
      if a.pointee.count == 0 || b.pointee.count == 0 {
        return a.pointee.count == b.pointee.count ? 0 : a.pointee.count == 0 ? -1 : 1
      }
      return Words.compare(a.pointee.words, a.pointee.count, b.pointee.words, b.pointee.count)
    }
    var order: Int
    if a.hasZeroCoefficient || b.hasZeroCoefficient {
      order =
        a.hasZeroCoefficient && b.hasZeroCoefficient ? 0 : a.hasZeroCoefficient ? -1 : 1
    } else {
      order = compareMagnitudes(a, b)
    }
    if order == 0 && a.pointee.exponent != b.pointee.exponent {
      order = a.pointee.exponent < b.pointee.exponent ? -1 : 1
    }
    return order
  }

  /// max, min, max_mag, min_mag. A quiet NaN loses against a number.
  public func select(
    _ r: Number, _ a: Number, _ b: Number, largest: Bool, byMagnitude: Bool,
    _ status: inout Conditions
  ) throws(OutOfMemory) {
    if (a.pointee.flags | b.pointee.flags) & DecimalNumber.Flag.nan != 0 {
      if a.isQuietNaN && !b.isNaN {
        try r.copy(b)
      } else if b.isQuietNaN && !a.isNaN {
        try r.copy(a)
      } else {
        _ = try propagateNaN(r, a, b, &status)
        return
      }
      return try finish(r, &status)
    }
    var order = 0
    if byMagnitude {
      if a.isInfinite || b.isInfinite {
        order = (a.isInfinite ? 1 : 0) - (b.isInfinite ? 1 : 0)
      } else if a.hasZeroCoefficient || b.hasZeroCoefficient {
        order = (a.hasZeroCoefficient ? 0 : 1) - (b.hasZeroCoefficient ? 0 : 1)
      } else {
        order = Self.compareMagnitudes(a, b)
      }
    }
    if !byMagnitude { order = Self.compare(a, b) }
    if order == 0 { order = Self.compareTotal(a, b) }
    try r.copy(largest == (order < 0) ? b : a)
    try finish(r, &status)
  }

  /// Whether the exponents are the same; NaNs go with NaNs, infinities with infinities.
  public static func sameQuantum(_ a: Number, _ b: Number) -> Bool {
    if a.isSpecial || b.isSpecial {
      return (a.isNaN && b.isNaN) || (a.isInfinite && b.isInfinite)
    }
    return a.pointee.exponent == b.pointee.exponent
  }

  /// Whether a finite number is not zero and not subnormal.
  public func isNormal(_ a: Number) -> Bool {
    a.isFinite && !a.hasZeroCoefficient && a.adjusted >= minExponent
  }

  public func isSubnormal(_ a: Number) -> Bool {
    a.isFinite && !a.hasZeroCoefficient && a.adjusted < minExponent
  }

  public func numberClass(_ a: Number) -> StaticString {
    if a.isQuietNaN { return "NaN" }
    if a.isSignalingNaN { return "sNaN" }
    if a.isInfinite { return a.isNegative ? "-Infinity" : "+Infinity" }
    if a.hasZeroCoefficient { return a.isNegative ? "-Zero" : "+Zero" }
    if isSubnormal(a) { return a.isNegative ? "-Subnormal" : "+Subnormal" }
    return a.isNegative ? "-Normal" : "+Normal"
  }
}

extension DecimalContext {
  /// Sets r to -1, 0 or 1.
  public func set(_ r: Number, totalOrder order: Int) { set(r, order: order) }
}

extension UnsafeMutablePointer where Pointee == DecimalNumber {
  /// A copy with another sign bit.
  public func copy(_ other: Number, sign: UInt8) throws(OutOfMemory) {
    try copy(other)
    pointee.flags = other.pointee.flags & ~1 | sign
  }

  /// A copy with the sign of a third number.
  public func copy(_ other: Number, sign third: Number) throws(OutOfMemory) {
    try copy(other, sign: third.sign)
  }
}
