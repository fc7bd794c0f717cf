import Numerics
import Testing

@Suite("numbers of a locale")
struct FormattedNumberTests {
  private func format(_ specification: String, _ value: Double, _ locale: NumberLocale) -> String {
    let bytes = Array(specification.utf8)
    return lend(bytes, or: 0) { start, count in
      do throws(FormatError) {
        let spec = try FormatSpec(start, count, defaultType: 0, defaultAlignment: .right)
        return try spec.renderFloat(value, locale: locale).string
      } catch {
        return error.message(specification: specification, typeName: "float")
      }
    }
  }

  @Test("type n takes point, separator and group sizes from the locale")
  func localeGrouping() {
    let french = NumberLocale(decimalPoint: [0x2C], thousandsSeparator: [0x202F], grouping: [3, 0])
    #expect(format("n", 1234567.0, french) == "1,23457e+06")
    #expect(format(".9n", 1234567.5, french) == "1\u{202F}234\u{202F}567,5")
    #expect(format("014.9n", 1234567.5, french) == "0\u{202F}001\u{202F}234\u{202F}567,5")
    let indian = NumberLocale(decimalPoint: [0x2E], thousandsSeparator: [0x2C], grouping: [3, 2, 0])
    #expect(format(".12n", 123456789.0, indian) == "12,34,56,789")
    let once = NumberLocale(decimalPoint: [0x2E], thousandsSeparator: [0x2C], grouping: [3, 127])
    #expect(format(".12n", 123456789.0, once) == "123456,789")
  }
}
