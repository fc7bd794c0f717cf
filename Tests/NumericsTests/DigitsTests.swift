import Numerics
import Testing

@Suite("digit arithmetic")
struct DigitsTests {
  /// Magnitudes around digit borders.
  private let interesting: [BigInteger] = [0, 30, 31, 59, 60, 61, 64, 90, 330, 360, 2000].flatMap {
    bits -> [BigInteger] in
    let power = BigInteger(1) << bits
    return [power - 1, power, power + 1]
  }

  @Test("a quotient times its divisor plus the remainder is the dividend again")
  func divisionInverts() throws {
    for a in interesting {
      for b in interesting where !b.isZero {
        for (x, y) in [(a, b), (-a, b), (a, -b), (-a, -b)] {
          let (quotient, remainder) = try #require(x.dividedFloor(by: y))
          #expect(quotient * y + remainder == x)
          #expect(remainder.isZero || remainder.isNegative == y.isNegative)
          #expect(remainder.magnitude < y.magnitude)
        }
      }
    }
  }

  @Test("bit operations agree with sums")
  func bitIdentities() {
    for a in interesting + interesting.map({ -$0 }) {
      for b in interesting + interesting.map({ -$0 }) {
        #expect((a & b) + (a | b) == a + b)
        #expect((a ^ b) + (a & b) + (a & b) == a + b)
        #expect(~(a & b) == ~a | ~b)
      }
    }
  }

  @Test("text in every base reads back")
  func textReadsBack() {
    for a in interesting {
      for base in 2...36 {
        #expect(BigInteger(a.text(base: base), base: base) == a)
      }
    }
  }

  @Test("long numbers: products, quotients, roots and text agree with each other")
  func longNumbers() throws {
    var a = BigInteger(7), b = BigInteger(11)
    for _ in 0..<9 {
      a = a * a + 1
      b = b * b * b + a
      if b.bitLength > 200_000 { break }
      let product = a * b
      let (quotient, remainder) = try #require(product.dividedFloor(by: b))
      #expect(quotient == a && remainder.isZero)
      #expect(BigInteger(product.text()) == product)
    }
    #expect(Combinatorics.factorial(3000).text().utf8.count == 9131)
    #expect(Combinatorics.combinations(3000, 1000) * Combinatorics.factorial(1000)
      == Combinatorics.permutations(3000, 1000))
  }

  @Test("a product made of parts is the product")
  func parts() throws {
    var state: UInt32 = 1
    func digit() -> UInt32 {
      state = state &* 1_664_525 &+ 1_013_904_223
      return state & 0x300 == 0 ? 0 : state & 0x400 == 0 ? Digits.mask : state & Digits.mask
    }
    for (na, nb) in [(1, 1), (5, 5), (9, 4), (40, 7), (40, 40), (41, 33), (100, 51), (130, 2)] {
      let a = (0..<na).map { _ in digit() | 1 }, b = (0..<nb).map { _ in digit() | 1 }
      for longest in [4, 5, 8, 60] {
        var whole = [UInt32](repeating: 0, count: na + nb), parts = whole
        whole.withUnsafeMutableBufferPointer { r in
          guard let r = r.baseAddress else { return }
          a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
              guard let a = a.baseAddress, let b = b.baseAddress else { return }
              for i in Digits.multiply(a, na, b, nb, into: r)..<(na + nb) { r[i] = 0 }
              parts.withUnsafeMutableBufferPointer { parts in
                guard let parts = parts.baseAddress else { return }
                #expect(Digits.multiply(a, na, b, nb, into: parts, longest: longest))
              }
            }
          }
        }
        #expect(whole == parts)
      }
    }
  }

  @Test("literals follow the rules of int(text, base)")
  func literals() {
    let values: [(String, Int, BigInteger?)] = [
      ("10", 10, 10), (" +1_0\n", 10, 10), ("1__0", 10, nil), ("_1", 10, nil), ("1_", 10, nil),
      ("0x_1f", 16, 31), ("0x1f", 0, 31), ("0b1", 16, 0xB1), ("010", 0, nil), ("00", 0, 0),
      ("0_0", 0, 0), ("-0o17", 0, -15), ("", 10, nil), ("-", 10, nil), ("0x", 16, nil), ("z", 36, 35),
      ("1 2", 10, nil), ("9", 9, nil),
    ]
    for (text, base, value) in values { #expect(BigInteger(text, base: base) == value, "\(text)") }
  }
}
