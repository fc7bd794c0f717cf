import Glibc
import Testing
import UnicodeData

/// Samples; Tools/unicode/check.py compares every code point with CPython.
@Suite("Unicode data")
struct UnicodeDataTests {
  private func points(_ text: String) -> [UInt32] { text.unicodeScalars.map(\.value) }

  private func normalize(_ text: String, _ form: apus_form, old: Bool = false) -> [UInt32] {
    let input = points(text)
    var out = apus_points()
    #expect(apus_normalize(form, old, input, input.count, &out))
    defer { free(out.data) }
    return (0..<out.count).map { out.data![$0] }
  }

  private func name(_ point: UInt32, old: Bool = false) -> String {
    var buffer = [CChar](repeating: 0, count: Int(APUS_NAME_LIMIT))
    let length = apus_name(point, old, &buffer)
    return String(decoding: buffer[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private func look(up name: String, _ kinds: apus_name_kinds = APUS_NAMES_SEQUENCES) -> [UInt32] {
    var found = [UInt32](repeating: 0, count: 4)
    let count = apus_lookup(name, name.utf8.count, kinds, &found)
    return Array(found[..<Int(count)])
  }

  @Test("types of characters")
  func types() {
    #expect(apus_isalpha(0xE9) && apus_isdecimal(0x663) && !apus_isdecimal(0xB2) && apus_isdigit(0xB2))
    #expect(apus_isnumeric(0x4E00) && apus_isspace(0x85) && apus_istitle(0x1C5))
    #expect(!apus_isprintable(0xAD) && apus_isidentifierstart(0x5F) && !apus_isxidstart(0x5F))
    #expect(apus_decimal_value(0x663) == 3 && apus_digit_value(0xB2) == 2)
    var value = 0.0
    #expect(apus_numeric_value(0xBD, &value) && value == 0.5)
  }

  @Test("full case mappings")
  func caseMappings() {
    var out = [UInt32](repeating: 0, count: 3)
    #expect(apus_full_upper(0xDF, &out) == 2 && out[0] == 0x53 && out[1] == 0x53)
    #expect(apus_full_fold(0xDF, &out) == 2 && out[0] == 0x73)
    #expect(apus_full_lower(0x130, &out) == 2 && apus_simple_lower(0x130) == 0x69)
    #expect(apus_full_title(0x1C4, &out) == 1 && out[0] == 0x1C5)
  }

  @Test("normal forms")
  func normalForms() {
    #expect(normalize("e\u{301}", APUS_NFC) == [0xE9])
    #expect(normalize("\u{FB01}", APUS_NFKC) == [0x66, 0x69])
    #expect(normalize("\u{AC01}", APUS_NFD) == [0x1100, 0x1161, 0x11A8])
    #expect(normalize("\u{1100}\u{1161}\u{11A8}", APUS_NFC) == [0xAC01])
    #expect(normalize("a\u{301}\u{323}", APUS_NFD) == [0x61, 0x323, 0x301])
    #expect(normalize("\u{2F868}", APUS_NFC) == [0x36FC])
    #expect(normalize("\u{2F868}", APUS_NFC, old: true) == [0x2136A])
  }

  @Test("names both ways")
  func names() {
    #expect(name(0x1F600) == "GRINNING FACE" && name(0xAC00) == "HANGUL SYLLABLE GA")
    #expect(name(0x4E00) == "CJK UNIFIED IDEOGRAPH-4E00" && name(0x0A).isEmpty)
    #expect(name(0x1F600, old: true).isEmpty)
    #expect(look(up: "digit one") == [0x31] && look(up: "HANGUL SYLLABLE GAG") == [0xAC01])
    #expect(look(up: "EM") == [0x19] && look(up: "EM", APUS_NAMES_ONLY).isEmpty)
    #expect(look(up: "KEYCAP ASTERISK") == [0x2A, 0xFE0F, 0x20E3])
    #expect(look(up: "KEYCAP ASTERISK", APUS_NAMES_ALIASES).isEmpty && look(up: "nothing").isEmpty)
  }
}
