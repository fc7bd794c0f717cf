// Digit-wise operations on numbers whose digits are all 0 or 1.

extension DecimalContext {
  public enum LogicalOperation: Sendable { case and, or, xor }

  /// Whether the number is a logical operand: no sign, no exponent, digits 0 and 1.
  private func isLogical(_ a: Number) -> Bool {
    guard a.isFinite, !a.isNegative, a.pointee.exponent == 0 else { return false }
    for index in 0..<a.pointee.count {
      var word = a.pointee.words[index]
      while word != 0 {
        if word % 10 > 1 { return false }
        word /= 10
      }
    }
    return true
  }

  public func logical(
    _ operation: LogicalOperation, _ r: Number, _ a: Number, _ b: Number,
    _ status: inout Conditions
  ) throws(OutOfMemory) {
    guard isLogical(a), isLogical(b) else { return invalid(r, &status) }
    let count = Swift.max(a.pointee.count, b.pointee.count)
    try r.reserve(count)
    for index in 0..<count {
      var x = index < a.pointee.count ? a.pointee.words[index] : 0
      var y = index < b.pointee.count ? b.pointee.words[index] : 0
      var word: UInt64 = 0
      var power: UInt64 = 1
      while x != 0 || y != 0 {
        let (p, q) = (x % 10, y % 10)
        switch operation {
        case .and: word &+= (p & q) &* power
        case .or: word &+= (p | q) &* power
        case .xor: word &+= (p ^ q) &* power
        }
        x /= 10
        y /= 10
        power = power &* 10
      }
      r.pointee.words[index] = word
    }
    finishLogical(r, count)
  }

  public func logicalInvert(
    _ r: Number, _ a: Number, _ status: inout Conditions
  ) throws(OutOfMemory) {
    guard isLogical(a) else { return invalid(r, &status) }
    // All ones, without those of a.
    let count = Swift.max(Word.count(forDigits: precision), a.pointee.count)
    try r.reserve(count)
    for index in 0..<count {
      let digits = Swift.min(19, Swift.max(0, precision &- index &* 19))
      let ones = digits == 0 ? 0 : Word.power(digits) / 9
      // Beyond the precision nothing counts.
      let x = index < a.pointee.count ? a.pointee.words[index] : 0
      r.pointee.words[index] = digits == 19 ? ones &- x : ones &- x % Word.power(digits)
    }
    finishLogical(r, count)
  }

  private func finishLogical(_ r: Number, _ count: Int) {
    r.pointee.flags = 0
    r.pointee.exponent = 0
    r.settle(Words.keepLow(r.pointee.words, count, precision))
  }
}
