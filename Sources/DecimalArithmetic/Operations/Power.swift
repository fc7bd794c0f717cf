extension DecimalContext {
  /// a**b. With an integer b the result is exact as far as it fits, otherwise exp(b ln a) with some
  /// digits more than asked for.
  public func power(
    _ r: Number, _ a: Number, _ b: Number, _ status: inout Conditions
  ) throws(OutOfMemory) {
    if try propagateNaN(r, a, b, &status) { return }
    let isInteger = b.isInteger
    let sign: UInt8 = isInteger && a.isNegative && b.isOdd ? 1 : 0
    if a.isZero {
      if b.isZero { return invalid(r, &status) }
      if b.isNegative { return r.setInfinity(sign) }
      return r.set(sign, 0, 0)
    }
    if a.isNegative && (!isInteger || b.isInfinite) { return invalid(r, &status) }
    if b.isInfinite {
      let order = a.isInfinite ? 1 : Self.compareToOne(a)
      if order == 0 {
        status.formUnion([.inexact, .rounded])
        return try setOne(r, sign, zeros: precision &- 1)
      }
      if (order < 0) != b.isNegative { return r.set(sign, 0, 0) }
      return r.setInfinity(sign)
    }
    if a.isInfinite {
      if b.hasZeroCoefficient { return r.set(sign, 1, 0) }
      if b.isNegative { return r.set(sign, 0, 0) }
      return r.setInfinity(sign)
    }
    if b.hasZeroCoefficient { return r.set(sign, 1, 0) }
    if Self.compareToOne(a) == 0 { return try powerOfOne(r, a, b, sign, &status) }
    if try powerIsBeyond(r, a, b, sign, &status) { return }
    if isInteger { return try powerInteger(r, a, b, sign, &status) }
    try powerReal(r, a, b, &status)
  }

  /// Compares |a| with 1; a is finite and not zero.
  private static func compareToOne(_ a: Number) -> Int {
    let adjusted = a.adjusted
    if adjusted != 0 { return adjusted < 0 ? -1 : 1 }
    let isPower =
      Words.trailingZeros(a.pointee.words) == a.pointee.digits - 1
      && a.digit(at: a.pointee.digits - 1) == 1
    return isPower ? 0 : 1
  }

  /// 1 with zeros after the point.
  private func setOne(_ r: Number, _ sign: UInt8, zeros: Int) throws(OutOfMemory) {
    try r.setPower(sign, zeros: zeros, -zeros)
  }

  /// (±1.000)**b: a one with as many zeros as the exact power would have.
  private func powerOfOne(
    _ r: Number, _ a: Number, _ b: Number, _ sign: UInt8, _ status: inout Conditions
  ) throws(OutOfMemory) {
    var zeros = precision &- 1
    if b.isInteger {
      if b.isNegative { return r.set(sign, 1, 0) }
      // -exponent * b, as far as the precision goes.
      let places = -a.pointee.exponent
      if places <= 0 {
        zeros = 0
      } else if b.adjusted < 18, let times = Self.integer(b) {
        let (product, overflow) = places.multipliedReportingOverflow(by: times)
        if overflow || product > precision &- 1 {
          status.insert(.rounded)
        } else {
          zeros = product
        }
      } else {
        status.insert(.rounded)
      }
    } else {
      status.formUnion([.inexact, .rounded])
    }
    try setOne(r, sign, zeros: zeros)
  }

  /// The value of a finite integer below 10**18, nil for another number.
  static func integer(_ b: Number) -> Int? {
    guard b.isFinite, b.adjusted < 18 || b.hasZeroCoefficient else { return nil }
    if b.hasZeroCoefficient { return 0 }
    var value: UInt64 = 0
    var position = b.pointee.digits
    while position > 0 {
      position -= 1
      let digit = UInt64(b.digit(at: position))
      if position + b.pointee.exponent < 0 {
        if digit != 0 { return nil }
      } else {
        value = value * 10 + digit
      }
    }
    if b.pointee.exponent > 0 { value = value * Word.power(b.pointee.exponent) }
    return b.isNegative ? -Int(value) : Int(value)
  }

  /// Whether the power surely over- or underflows; then r is that.
  private func powerIsBeyond(
    _ r: Number, _ a: Number, _ b: Number, _ sign: UInt8, _ status: inout Conditions
  ) throws(OutOfMemory) -> Bool {
    // |log10 a| is at least |adjusted| (or adjusted + 1 below one), or at least 10**-digits near one.
    let adjusted = a.adjusted
    let distance: Int
    if adjusted > 0 {
      distance = Word.digitCount(UInt64(adjusted)) - 1
    } else if adjusted < -1 {
      distance = Word.digitCount(UInt64(-adjusted - 1)) - 1
    } else {
      // The leading place of |a - 1|: log10(1 + e) is some tenths of e.
      let one = try Temporary()
      one.number.set(a.sign, 1, 0)
      let difference = try Temporary()
      try DecimalContext.widest.addFinite(difference.number, a, one.number, a.sign ^ 1)
      distance = difference.number.adjusted - (adjusted == 0 ? 2 : 1)
    }
    // |b log10 a| >= 10**(distance + adjusted(b)), to compare with a power of ten above the limit.
    let grows = (Self.compareToOne(a) > 0) != b.isNegative
    let limit = grows ? maxExponent : etiny
    guard Word.digitCount(UInt64(limit.magnitude)) < distance + b.adjusted else { return false }
    r.set(sign, 1, grows ? 4_000_000_000_000_000_001 : -4_000_000_000_000_000_001)
    try finish(r, &status)
    return true
  }

  private func powerInteger(
    _ r: Number, _ a: Number, _ b: Number, _ sign: UInt8, _ status: inout Conditions
  ) throws(OutOfMemory) {
    var work = self
    work.precision = precision &+ b.pointee.digits &+ b.pointee.exponent &+ 2
    work.rounding = .halfEven
    work.clamp = false
    let base = try Temporary()
    if b.isNegative {
      work.precision &+= 1
      let one = try Temporary()
      one.number.set(0, 1, 0)
      try work.divide(base.number, one.number, a, &status)
      if base.number.isNaN { return r.setNaN() }
    } else {
      try base.number.copy(a)
    }
    if let value = Self.integer(b) {
      try raise(r, base.number, to: UInt64(value.magnitude), work, &status)
    } else {
      try raise(r, base.number, to: b, work, &status)
    }
    r.pointee.flags = r.pointee.flags & ~1 | sign
    // Other roundings make of an overflow the largest number.
    if r.isInfinite { r.set(sign, 1, 4_000_000_000_000_000_001) }
    try finish(r, &status)
  }

  /// r = base**exponent for an exponent above 0, by squaring from the top bit.
  private func raise(
    _ r: Number, _ base: Number, to exponent: UInt64, _ work: DecimalContext,
    _ status: inout Conditions
  ) throws(OutOfMemory) {
    try r.copy(base)
    let scratch = try Temporary()
    var current = r
    var other = scratch.number
    var bit = 63 - exponent.leadingZeroBitCount
    while bit > 0 {
      bit -= 1
      try work.multiply(other, current, current, &status)
      swap(&current, &other)
      if exponent >> UInt64(bit) & 1 == 1 {
        try work.multiply(other, current, base, &status)
        swap(&current, &other)
      }
      if current.isSpecial || (current.hasZeroCoefficient && status.contains(.clamped)) { break }
    }
    if current != r { try r.copy(current) }
  }

  /// The same for an exponent of any size.
  private func raise(
    _ r: Number, _ base: Number, to b: Number, _ work: DecimalContext, _ status: inout Conditions
  ) throws(OutOfMemory) {
    let whole = try Temporary()
    try whole.number.copy(b)
    if b.pointee.exponent >= 0 {
      try whole.number.shiftLeft(b.pointee.exponent)
    } else {
      _ = whole.number.shiftRight(-b.pointee.exponent)
    }
    let binary = try WordBuffer(whole.number.pointee.count + 1)
    let length = Words.toBinary(
      binary.words, whole.number.pointee.words, whole.number.pointee.count)
    let scratch = try Temporary()
    try r.copy(base)
    var bit = length * 64 - binary.words[length - 1].leadingZeroBitCount - 1
    while bit > 0 {
      bit -= 1
      try work.multiply(scratch.number, r, r, &status)
      if binary.words[bit / 64] >> UInt64(bit % 64) & 1 == 1 {
        try work.multiply(r, scratch.number, base, &status)
      } else {
        try r.copy(scratch.number)
      }
      if r.isSpecial || (r.hasZeroCoefficient && status.contains(.clamped)) { break }
    }
  }

  private func powerReal(
    _ r: Number, _ a: Number, _ b: Number, _ status: inout Conditions
  ) throws(OutOfMemory) {
    var work = DecimalContext.widest
    work.precision = Swift.max(a.pointee.digits, precision) &+ 23
    var reported: Conditions = []
    let logarithm = try Temporary()
    try work.naturalLogarithm(logarithm.number, a, &reported)
    let product = try Temporary()
    try work.multiply(product.number, logarithm.number, b, &reported)
    status.formUnion(reported.intersection(.errors))
    try work.exponential(r, product.number, &status)
    status.formUnion([.inexact, .rounded])
    if r.isFinite && !r.hasZeroCoefficient && Self.isOne(r) {
      try setOne(r, 0, zeros: precision &- 1)
    }
    if r.isInfinite { r.set(0, 1, 4_000_000_000_000_000_001) }
    try finish(r, &status)
  }

  // MARK: Modulo

  /// a**b mod m for integers.
  public func power(
    _ r: Number, _ a: Number, _ b: Number, modulo m: Number, _ status: inout Conditions
  ) throws(OutOfMemory) {
    if (a.pointee.flags | b.pointee.flags | m.pointee.flags) & DecimalNumber.Flag.nan != 0 {
      let first = a.isSignalingNaN || b.isSignalingNaN || ((a.isNaN || b.isNaN) && !m.isSignalingNaN)
      if first {
        _ = try propagateNaN(r, a, b, &status)
      } else {
        _ = try propagateNaN(r, m, &status)
      }
      return
    }
    guard a.isInteger, b.isInteger, m.isInteger, !m.hasZeroCoefficient,
      m.adjusted < precision, !b.isNegative || b.hasZeroCoefficient,
      !(a.hasZeroCoefficient && b.hasZeroCoefficient)
    else { return invalid(r, &status) }
    let sign: UInt8 = a.isNegative && b.isOdd ? 1 : 0
    let modulus = try Temporary()
    try Self.setInteger(modulus.number, m)
    let base = try Temporary()
    // The coefficient, then the power of ten.
    try base.number.copy(a)
    base.number.pointee.flags = 0
    if a.pointee.exponent < 0 { _ = base.number.shiftRight(-a.pointee.exponent) }
    base.number.pointee.exponent = 0
    let scratch = try Temporary()
    try Self.reduce(base.number, modulus.number, scratch.number)
    if a.pointee.exponent > 0 {
      let ten = try Temporary()
      ten.number.set(0, 10, 0)
      let times = try Temporary()
      times.number.set(0, magnitude: UInt64(a.pointee.exponent))
      let tens = try Temporary()
      try Self.modularPower(tens.number, ten.number, times.number, modulus.number)
      try Self.modularProduct(scratch.number, base.number, tens.number, modulus.number)
      try base.number.copy(scratch.number)
    }
    let exponent = try Temporary()
    try exponent.number.copy(b)
    exponent.number.pointee.flags = 0
    if b.pointee.exponent < 0 { _ = exponent.number.shiftRight(-b.pointee.exponent) }
    exponent.number.pointee.exponent = 0
    if b.pointee.exponent > 0 {
      // a**(c * 10**n): n times to the tenth.
      let ten = try Temporary()
      ten.number.set(0, 10, 0)
      for _ in 0..<b.pointee.exponent {
        try Self.modularPower(scratch.number, base.number, ten.number, modulus.number)
        try base.number.copy(scratch.number)
        if base.number.pointee.digits == 1 && base.number.pointee.words[0] <= 1 { break }
      }
    }
    try Self.modularPower(r, base.number, exponent.number, modulus.number)
    r.pointee.flags = sign
  }

  /// The magnitude of an integer with exponent 0.
  private static func setInteger(_ r: Number, _ a: Number) throws(OutOfMemory) {
    try r.copy(a)
    r.pointee.flags = 0
    if a.pointee.exponent > 0 { try r.shiftLeft(a.pointee.exponent) }
    if a.pointee.exponent < 0 { _ = r.shiftRight(-a.pointee.exponent) }
    r.pointee.exponent = 0
  }

  /// a %= m for coefficients; `scratch` is overwritten.
  private static func reduce(_ a: Number, _ m: Number, _ scratch: Number) throws(OutOfMemory) {
    let count = a.pointee.count
    let size = m.pointee.count
    if Words.compare(a.pointee.words, count, m.pointee.words, size) < 0 { return }
    let quotient = try WordBuffer(count - size + 1)
    try scratch.reserve(size)
    try Words.divide(
      quotient.words, scratch.pointee.words, a.pointee.words, count, m.pointee.words, size)
    Words.copy(a.pointee.words, scratch.pointee.words, size)
    a.settle(size)
  }

  private static func modularProduct(
    _ r: Number, _ a: Number, _ b: Number, _ m: Number
  ) throws(OutOfMemory) {
    try multiplyFinite(r, a, b)
    let scratch = try Temporary()
    try reduce(r, m, scratch.number)
    r.pointee.exponent = 0
  }

  private static func modularPower(
    _ r: Number, _ base: Number, _ exponent: Number, _ m: Number
  ) throws(OutOfMemory) {
    let binary = try WordBuffer(exponent.pointee.count + 1)
    let length = Words.toBinary(binary.words, exponent.pointee.words, exponent.pointee.count)
    r.set(0, 1, 0)
    let scratch = try Temporary()
    try reduce(r, m, scratch.number)
    if length == 0 { return }
    var bit = length * 64 - binary.words[length - 1].leadingZeroBitCount
    while bit > 0 {
      bit -= 1
      try modularProduct(scratch.number, r, r, m)
      if binary.words[bit / 64] >> UInt64(bit % 64) & 1 == 1 {
        try modularProduct(r, scratch.number, base, m)
      } else {
        try r.copy(scratch.number)
      }
    }
  }
}
