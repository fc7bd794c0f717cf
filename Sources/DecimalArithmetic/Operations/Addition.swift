extension DecimalContext {
  public func add(
    _ r: Number, _ a: Number, _ b: Number, _ status: inout Conditions
  ) throws(OutOfMemory) {
    try add(r, a, b, b.sign, &status)
  }

  public func subtract(
    _ r: Number, _ a: Number, _ b: Number, _ status: inout Conditions
  ) throws(OutOfMemory) {
    try add(r, a, b, b.sign ^ 1, &status)
  }

  /// a + b, where b has the given sign instead of its own.
  @inline(__always)
  private func add(
    _ r: Number, _ a: Number, _ b: Number, _ bSign: UInt8, _ status: inout Conditions
  ) throws(OutOfMemory) {
    if (a.pointee.flags | b.pointee.flags) & DecimalNumber.Flag.special != 0 {
      return try addSpecial(r, a, b, bSign, &status)
    }
    if a.pointee.exponent == b.pointee.exponent && a.pointee.count == 1 && b.pointee.count == 1 {
      addWords(r, a, b, bSign)
    } else {
      try addFinite(r, a, b, bSign)
    }
    try finish(r, &status)
  }

  private func addSpecial(
    _ r: Number, _ a: Number, _ b: Number, _ bSign: UInt8, _ status: inout Conditions
  ) throws(OutOfMemory) {
    if try propagateNaN(r, a, b, &status) { return }
    if a.isInfinite {
      if b.isInfinite && a.sign != bSign { return invalid(r, &status) }
      r.setInfinity(a.sign)
    } else {
      r.setInfinity(bSign)
    }
  }

  /// The sign of a zero sum of numbers with different signs.
  @inline(__always) private var zeroSign: UInt8 { rounding == .floor ? 1 : 0 }

  /// One word each, the same exponent.
  @inline(__always)
  private func addWords(_ r: Number, _ a: Number, _ b: Number, _ bSign: UInt8) {
    let x = a.pointee.words[0]
    let y = b.pointee.words[0]
    if a.sign == bSign {
      let room = Word.radix &- y
      if x >= room {
        r.pointee.flags = bSign
        r.pointee.words[0] = x &- room
        r.pointee.words[1] = 1
        r.pointee.count = 2
        r.pointee.digits = 20
        r.pointee.exponent = a.pointee.exponent
      } else {
        r.set(bSign, x &+ y, a.pointee.exponent)
      }
    } else if x == y {
      r.set(zeroSign, 0, a.pointee.exponent)
    } else if x > y {
      r.set(a.sign, x &- y, a.pointee.exponent)
    } else {
      r.set(bSign, y &- x, a.pointee.exponent)
    }
  }

  /// The sum of finite numbers: exact, or with one digit far below the last that counts standing for
  /// everything smaller.
  func addFinite(
    _ r: Number, _ a: Number, _ b: Number, _ bSign: UInt8
  ) throws(OutOfMemory) {
    let swapped = a.pointee.exponent < b.pointee.exponent
    let large = swapped ? b : a
    let small = swapped ? a : b
    let largeSign = swapped ? bSign : a.sign
    let smallSign = swapped ? a.sign : bSign
    var exponent = small.pointee.exponent
    if large.hasZeroCoefficient {
      // Zero adds nothing but its exponent, and that is not the lesser one.
      try r.copy(small)
      r.pointee.flags =
        small.hasZeroCoefficient && largeSign != smallSign ? zeroSign : smallSign
      return
    }
    var smallWords = Words.Source(small.pointee.words)
    var smallCount = small.pointee.count
    var one: UInt64 = 1
    return try withUnsafePointer(to: &one) { one throws(OutOfMemory) in
      let distance = large.pointee.exponent &- exponent
      if distance > 0 {
        let limit = large.pointee.exponent &+ Swift.min(-1, large.pointee.digits &- precision &- 2)
        if small.hasZeroCoefficient {
          exponent = Swift.max(exponent, limit)
        } else if small.adjusted < limit {
          smallWords = one
          smallCount = 1
          exponent = limit
        }
      }
      let shift = large.pointee.exponent &- exponent
      let needed = Word.count(forDigits: large.pointee.digits &+ shift) &+ 1
      try r.reserve(Swift.max(needed, smallCount) &+ 1)
      let words = r.pointee.words
      var count = Words.shiftLeft(words, large.pointee.words, large.pointee.count, shift)
      var sign = largeSign
      if largeSign == smallSign {
        while count < smallCount {
          words[count] = 0
          count &+= 1
        }
        let carry = Words.add(words, count, smallWords, smallCount)
        if carry != 0 {
          words[count] = carry
          count &+= 1
        }
      } else {
        let order = Words.compare(words, count, smallWords, smallCount)
        if order == 0 {
          words[0] = 0
          count = 1
          sign = zeroSign
        } else if order > 0 {
          Words.subtract(words, count, smallWords, smallCount)
        } else {
          Words.subtractReversed(words, count, from: smallWords, smallCount)
          count = smallCount
          sign = smallSign
        }
      }
      r.pointee.flags = sign
      r.pointee.exponent = exponent
      r.settle(count)
    }
  }

  /// +a or -a as an operation: rounded, and zero without a sign (except when rounding to the floor).
  public func plus(
    _ r: Number, _ a: Number, _ status: inout Conditions
  ) throws(OutOfMemory) {
    try signed(r, a, a.sign, &status)
  }

  public func minus(
    _ r: Number, _ a: Number, _ status: inout Conditions
  ) throws(OutOfMemory) {
    try signed(r, a, a.sign ^ 1, &status)
  }

  public func absolute(
    _ r: Number, _ a: Number, _ status: inout Conditions
  ) throws(OutOfMemory) {
    if a.isNegative { try minus(r, a, &status) } else { try plus(r, a, &status) }
  }

  private func signed(
    _ r: Number, _ a: Number, _ sign: UInt8, _ status: inout Conditions
  ) throws(OutOfMemory) {
    if try propagateNaN(r, a, &status) { return }
    try r.copy(a)
    r.pointee.flags = a.pointee.flags & ~1 | sign
    // Rounding to the floor keeps the sign of a zero.
    if rounding != .floor && r.isZero { r.pointee.flags = 0 }
    try finish(r, &status)
  }
}
