import Glibc

/// Arithmetic on magnitudes: little-endian arrays of words. A magnitude is *normalised* when its top
/// word is not zero, except that zero is one word. Unless said otherwise a result may not overlap an
/// operand.
enum Words {
  typealias Source = UnsafePointer<UInt64>
  typealias Target = UnsafeMutablePointer<UInt64>

  /// The count without leading zero words, at least 1.
  @inline(__always) static func normalized(_ a: Source, _ count: Int) -> Int {
    var count = count
    while count > 1 && a[count &- 1] == 0 { count &-= 1 }
    return count
  }

  /// The number of digits of a normalised magnitude.
  @inline(__always) static func digits(_ a: Source, _ count: Int) -> Int {
    (count &- 1) &* 19 &+ Word.digitCount(a[count &- 1])
  }

  @inline(__always) static func isZero(_ a: Source, _ count: Int) -> Bool {
    for index in 0..<count where a[index] != 0 { return false }
    return true
  }

  /// -1, 0 or 1 as normalised `a` is less than, equal to or greater than `b`.
  static func compare(_ a: Source, _ na: Int, _ b: Source, _ nb: Int) -> Int {
    if na != nb { return na < nb ? -1 : 1 }
    var index = na
    while index > 0 {
      index &-= 1
      if a[index] != b[index] { return a[index] < b[index] ? -1 : 1 }
    }
    return 0
  }

  /// a += b, where `a` has at least as many words; returns the carry out of `a`.
  @discardableResult
  static func add(_ a: Target, _ na: Int, _ b: Source, _ nb: Int) -> UInt64 {
    var carry: UInt64 = 0
    for index in 0..<nb { carry = sum(a[index], b[index], carry, &a[index]) }
    var index = nb
    while carry != 0 && index < na {
      carry = sum(a[index], 0, carry, &a[index])
      index &+= 1
    }
    return carry
  }

  /// The word x + y + carry; returns the carry.
  @inline(__always) private static func sum(
    _ x: UInt64, _ y: UInt64, _ carry: UInt64, _ result: inout UInt64
  ) -> UInt64 {
    // x + y + 1 < 2 * radix, which may exceed 2**64.
    let room = Word.radix &- y &- carry
    if x >= room {
      result = x &- room
      return 1
    }
    result = x &+ y &+ carry
    return 0
  }

  /// a -= b, where `a` has at least as many words; returns the borrow out of `a`.
  @discardableResult
  static func subtract(_ a: Target, _ na: Int, _ b: Source, _ nb: Int) -> UInt64 {
    var borrow: UInt64 = 0
    for index in 0..<nb {
      let y = b[index] &+ borrow
      let x = a[index]
      borrow = x < y ? 1 : 0
      a[index] = x &- y &+ (borrow != 0 ? Word.radix : 0)
    }
    var index = nb
    while borrow != 0 && index < na {
      if a[index] == 0 {
        a[index] = Word.radix &- 1
      } else {
        a[index] &-= 1
        borrow = 0
      }
      index &+= 1
    }
    return borrow
  }

  /// a = b - a, where `b` is the larger and has at least as many words; `a` has room for `nb`.
  static func subtractReversed(_ a: Target, _ na: Int, from b: Source, _ nb: Int) {
    var borrow: UInt64 = 0
    for index in 0..<nb {
      let y = (index < na ? a[index] : 0) &+ borrow
      let x = b[index]
      borrow = x < y ? 1 : 0
      a[index] = x &- y &+ (borrow != 0 ? Word.radix : 0)
    }
  }

  /// a += 1; returns the carry.
  static func increment(_ a: Target, _ count: Int) -> Bool {
    for index in 0..<count {
      if a[index] != Word.radix &- 1 {
        a[index] &+= 1
        return false
      }
      a[index] = 0
    }
    return true
  }

  /// a *= factor, then + carry; returns the word that does not fit.
  @discardableResult
  static func multiply(_ a: Target, _ count: Int, by factor: UInt64, adding carry: UInt64 = 0)
    -> UInt64
  {
    var carry = carry
    for index in 0..<count {
      var (high, low) = a[index].multipliedFullWidth(by: factor)
      let (sum, overflow) = low.addingReportingOverflow(carry)
      low = sum
      high = high &+ (overflow ? 1 : 0)
      (carry, a[index]) = Word.split(high, low)
    }
    return carry
  }

  /// q = a / divisor; returns the remainder. `q` may be `a`.
  @discardableResult
  static func divide(_ q: Target, _ a: Source, _ count: Int, by divisor: UInt64) -> UInt64 {
    var remainder: UInt64 = 0
    var index = count
    while index > 0 {
      index &-= 1
      let (high, low) = remainder.multipliedFullWidth(by: Word.radix)
      let (sum, carry) = low.addingReportingOverflow(a[index])
      let top = high &+ (carry ? 1 : 0)
      if top == 0 {
        q[index] = sum / divisor
        remainder = sum % divisor
      } else {
        (q[index], remainder) = divisor.dividingFullWidth((top, sum))
      }
    }
    return remainder
  }

  /// The number of trailing zero digits of a magnitude that is not zero.
  static func trailingZeros(_ a: Source) -> Int {
    var zeros = 0
    var index = 0
    while a[index] == 0 {
      index &+= 1
      zeros &+= 19
    }
    var word = a[index]
    var step = 16
    while step > 0 {
      let power = Word.power(step)
      if word % power == 0 {
        word /= power
        zeros &+= step
      }
      step /= 2
    }
    return zeros
  }

  /// The digit at a position, 0 for the lowest; 0 beyond the top.
  @inline(__always) static func digit(_ a: Source, _ count: Int, at position: Int) -> UInt64 {
    let (word, within) = position.quotientAndRemainder(dividingBy: 19)
    if word >= count { return 0 }
    return a[word] / Word.power(within) % 10
  }

  @inline(__always) static func copy(_ target: Target, _ source: Source, _ count: Int) {
    if count <= 4 {
      for index in 0..<count { target[index] = source[index] }
    } else {
      memmove(target, source, count &* 8)
    }
  }

  @inline(__always) static func clear(_ target: Target, _ count: Int) {
    for index in 0..<count { target[index] = 0 }
  }
}

/// There is no memory for a coefficient.
public struct OutOfMemory: Error {
  @inlinable public init() {}
}

/// Room for words, freed at the end of its life.
struct WordBuffer: ~Copyable {
  let words: Words.Target

  init(_ count: Int) throws(OutOfMemory) {
    guard count < Int.max / 16, let memory = malloc(Swift.max(count, 1) &* 8) else {
      throw OutOfMemory()
    }
    words = memory.assumingMemoryBound(to: UInt64.self)
  }

  deinit { free(words) }
}
