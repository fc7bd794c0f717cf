import DecimalArithmetic
import Glibc
import Testing

/// A number that frees itself.
private final class Decimal {
  let number: Number

  init() {
    number = UnsafeMutableRawPointer.allocate(byteCount: DecimalNumber.size, alignment: 16)
      .assumingMemoryBound(to: DecimalNumber.self)
    number.start()
  }

  convenience init(_ text: String) throws {
    self.init()
    var status: Conditions = []
    let bytes = Array(text.utf8)
    let target = number
    try bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      try DecimalContext.widest.read(target, base, buffer.count, &status)
    }
  }

  deinit {
    number.end()
    UnsafeMutableRawPointer(number).deallocate()
  }

  func text() throws -> String {
    let text = try DecimalText.make(number, capitals: true)
    return String(decoding: UnsafeBufferPointer(start: text.bytes, count: text.count), as: UTF8.self)
  }
}

@Suite("decimal arithmetic")
struct DecimalArithmeticTests {
  private let context = DecimalContext(precision: 9, maxExponent: 99, minExponent: -99)

  @Test(
    "text comes back in scientific notation",
    arguments: [
      ("0", "0"), ("-0.00", "-0.00"), ("1E3", "1E+3"), ("12.50", "12.50"), ("1e-7", "1E-7"),
      ("123456789012345678901234567890.5", "123456789012345678901234567890.5"),
      ("-Infinity", "-Infinity"), ("snan12", "sNaN12"), ("1..2", "NaN"), ("", "NaN"),
    ])
  func textRoundTrip(given: String, shown: String) throws {
    #expect(try Decimal(given).text() == shown)
  }

  @Test("sums, products and quotients are rounded once")
  func rounding() throws {
    let (a, b, r) = (try Decimal("123456789"), try Decimal("0.5"), Decimal())
    var status: Conditions = []
    try context.add(r.number, a.number, b.number, &status)
    #expect(try r.text() == "123456790" && status == [.inexact, .rounded])
    status = []
    try context.multiply(r.number, a.number, a.number, &status)
    #expect(try r.text() == "1.52415788E+16")
    try context.divide(r.number, b.number, a.number, &status)
    #expect(try r.text() == "4.05000004E-9")
  }

  @Test("an exact quotient has its ideal exponent")
  func exactQuotient() throws {
    let (ten, four, r) = (try Decimal("10"), try Decimal("4"), Decimal())
    var status: Conditions = []
    try context.divide(r.number, ten.number, four.number, &status)
    #expect(try r.text() == "2.5" && status.isEmpty)
  }

  @Test("exponents beyond the limits overflow and underflow")
  func limits() throws {
    let (large, two, r) = (try Decimal("9E99"), try Decimal("2"), Decimal())
    let (small, smaller) = (try Decimal("1E-99"), try Decimal("1E-20"))
    var status: Conditions = []
    try context.multiply(r.number, large.number, two.number, &status)
    #expect(try r.text() == "Infinity" && status.contains(.overflow))
    status = []
    try context.multiply(r.number, small.number, smaller.number, &status)
    #expect(try r.text() == "0E-107" && status.contains(.underflow))
  }

  @Test("long products and quotients agree", arguments: [10, 100, 1000, 5000, 40000])
  func longNumbers(digits: Int) throws {
    let wide = DecimalContext(precision: 4 * digits, maxExponent: 999_999, minExponent: -999_999)
    let a = try Decimal(String(repeating: "7", count: digits))
    let b = try Decimal("1" + String(repeating: "30", count: digits / 3) + "9")
    let (product, quotient) = (Decimal(), Decimal())
    var status: Conditions = []
    try wide.multiply(product.number, a.number, b.number, &status)
    try wide.divideToInteger(quotient.number, product.number, b.number, &status)
    #expect(DecimalContext.compare(quotient.number, a.number) == 0)
    try wide.squareRoot(quotient.number, product.number, &status)
    #expect(!quotient.number.isNaN)
  }

  @Test("exp and ln undo each other", arguments: ["0.1", "1", "2.5", "17", "1E-20"])
  func exponentialAndLogarithm(text: String) throws {
    let wide = DecimalContext(precision: 60, maxExponent: 999, minExponent: -999)
    let narrow = DecimalContext(precision: 30, maxExponent: 999, minExponent: -999)
    let (x, power, back, rounded) = (try Decimal(text), Decimal(), Decimal(), Decimal())
    var status: Conditions = []
    try wide.exponential(power.number, x.number, &status)
    try wide.naturalLogarithm(back.number, power.number, &status)
    try narrow.plus(rounded.number, back.number, &status)
    #expect(DecimalContext.compare(rounded.number, x.number) == 0)
  }
}
