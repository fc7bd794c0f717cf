/// Factorials, permutations and combinations as exact integers.
public enum Combinatorics {
  /// first * (first + step) * ... , `count` factors, multiplied in halves so that the long
  /// multiplications are balanced.
  private static func product(_ first: UInt64, step: UInt64, count: UInt64) -> BigInteger {
    if count == 0 { return 1 }
    if count <= 8 {
      var result = BigInteger(first)
      var word: UInt64 = 1
      for i in 1..<max(count, 1) {
        let factor = first &+ i &* step
        let (next, overflow) = word.multipliedReportingOverflow(by: factor)
        if overflow {
          result = result * BigInteger(word)
          word = factor
        } else {
          word = next
        }
      }
      return result * BigInteger(word)
    }
    let half = count / 2
    return product(first, step: step, count: half)
      * product(first &+ half &* step, step: step, count: count &- half)
  }

  /// n!
  public static func factorial(_ n: UInt64) -> BigInteger {
    if n <= 20 { return BigInteger((1...max(n, 1)).reduce(1, &*)) }
    // n! = 2**(n - ones(n)) * the product over i of the odd numbers up to n / 2**i.
    var odd: BigInteger = 1
    var inner: BigInteger = 1
    var previous: UInt64 = 1
    var i = 63 &- n.leadingZeroBitCount
    while i >= 0 {
      let top = n &>> UInt64(i)
      // odd numbers in previous < x <= top
      let last = top & 1 == 1 ? top : top &- 1
      if top > 2 && last > previous {
        let first = previous &+ 2
        inner = inner * product(first, step: 2, count: (last &- first) / 2 &+ 1)
        previous = last
      }
      odd = odd * inner
      i &-= 1
    }
    return odd << Int(n &- UInt64(n.nonzeroBitCount))
  }

  /// n (n - 1) ... (n - k + 1) for n >= k >= 0.
  public static func permutations(_ n: UInt64, _ k: UInt64) -> BigInteger {
    if k == 0 { return 1 }
    return product(n &- k &+ 1, step: 1, count: k)
  }

  /// The same for an n that does not fit a machine word.
  public static func permutations(large n: BigInteger, _ k: UInt64) -> BigInteger {
    if k == 0 { return 1 }
    if k == 1 { return n }
    let half = k / 2
    return permutations(large: n, half) * permutations(large: n - BigInteger(half), k &- half)
  }

  /// n over k for n >= k >= 0.
  public static func combinations(_ n: UInt64, _ k: UInt64) -> BigInteger {
    let k = min(k, n &- k)
    if k == 0 { return 1 }
    // Machine words as long as they last: c(n, i+1) = c(n, i) * (n - i) / (i + 1).
    var result: UInt64 = 1
    var i: UInt64 = 0
    while i < k {
      let (next, overflow) = result.multipliedReportingOverflow(by: n &- i)
      if overflow { break }
      result = next / (i &+ 1)
      i &+= 1
    }
    if i == k { return BigInteger(result) }
    return divideExactly(permutations(n, k), factorial(k))
  }

  /// The same for an n that does not fit a machine word; the caller has chosen the smaller k.
  public static func combinations(large n: BigInteger, _ k: UInt64) -> BigInteger {
    if k == 0 { return 1 }
    return divideExactly(permutations(large: n, k), factorial(k))
  }

  private static func divideExactly(_ a: BigInteger, _ b: BigInteger) -> BigInteger {
    a.dividedFloor(by: b)?.quotient ?? 0
  }
}
