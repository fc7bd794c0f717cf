/// What was cut off below the last digit kept.
enum Discarded: UInt8 {
  case nothing, belowHalf, half, aboveHalf
}

extension Words {
  /// target = a * 10**digits; returns the normalised count. `target` has room for
  /// `count + digits / 19 + 1` words and may be `a`.
  static func shiftLeft(_ target: Target, _ a: Source, _ count: Int, _ digits: Int) -> Int {
    if digits == 0 {
      if target != a { copy(target, a, count) }
      return count
    }
    let (whole, within) = digits.quotientAndRemainder(dividingBy: 19)
    if within == 0 {
      var index = count
      while index > 0 {
        index &-= 1
        target[index &+ whole] = a[index]
      }
      clear(target, whole)
      return normalized(target, count &+ whole)
    }
    // From the top down, so that the target may be the source.
    let power = Word.power(within)
    var index = count
    var upper: UInt64 = 0
    while index > 0 {
      index &-= 1
      let (high, low) = a[index].multipliedFullWidth(by: power)
      let (carry, word) = Word.split(high, low)
      // The word above has 19 - within low digits free for the carry.
      target[index &+ whole &+ 1] = upper &+ carry
      upper = word
    }
    target[whole] = upper
    clear(target, whole)
    return normalized(target, count &+ whole &+ 1)
  }

  /// target = a / 10**digits, where `digits` is at least 1; returns the normalised count and what
  /// was cut off. `target` may be `a` and has room for `count - digits / 19` words, at least 1.
  static func shiftRight(
    _ target: Target, _ a: Source, _ count: Int, _ digits: Int
  ) -> (count: Int, discarded: Discarded) {
    let (whole, within) = digits.quotientAndRemainder(dividingBy: 19)
    if whole > count || (whole == count && within > 0) {
      let nothing = isZero(a, count)
      target[0] = 0
      return (1, nothing ? .nothing : .belowHalf)
    }
    var fraction: UInt64
    var sticky: Bool
    var kept: Int
    if within == 0 {
      fraction = a[whole &- 1]
      sticky = !isZero(a, whole &- 1)
      kept = count &- whole
      for index in 0..<kept { target[index] = a[index &+ whole] }
    } else {
      sticky = !isZero(a, whole)
      let power = Word.power(19 &- within)
      let (high, low) = a[whole].multipliedFullWidth(by: power)
      var carry: UInt64
      (carry, fraction) = Word.split(high, low)
      kept = count &- whole
      for index in 0..<kept {
        if index &+ 1 < kept {
          let (high, low) = a[index &+ whole &+ 1].multipliedFullWidth(by: power)
          let (next, word) = Word.split(high, low)
          target[index] = word &+ carry
          carry = next
        } else {
          target[index] = carry
        }
      }
    }
    if kept == 0 {
      target[0] = 0
      kept = 1
    }
    let discarded: Discarded
    if fraction < Word.half {
      discarded = fraction == 0 && !sticky ? .nothing : .belowHalf
    } else if fraction == Word.half {
      discarded = sticky ? .aboveHalf : .half
    } else {
      discarded = .aboveHalf
    }
    return (normalized(target, kept), discarded)
  }

  /// Keeps the lowest `digits` digits; returns the normalised count.
  static func keepLow(_ a: Target, _ count: Int, _ digits: Int) -> Int {
    let (whole, within) = digits.quotientAndRemainder(dividingBy: 19)
    if whole >= count { return normalized(a, count) }
    if within == 0 {
      if whole == 0 {
        a[0] = 0
        return 1
      }
      return normalized(a, whole)
    }
    a[whole] %= Word.power(within)
    return normalized(a, whole &+ 1)
  }
}
