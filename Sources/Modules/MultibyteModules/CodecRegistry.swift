import Glibc

/// The codecs by name, made at first use.
enum CodecRegistry {
  nonisolated(unsafe) private static var known: [String: any CodecEngine] = [:]

  static let chinese = ["gb2312", "gbk", "gb18030", "hz"]
  static let taiwanese = ["big5", "cp950"]
  static let hongkong = ["big5hkscs"]
  static let japanese = [
    "shift_jis", "cp932", "euc_jp", "shift_jis_2004", "euc_jis_2004", "euc_jisx0213",
    "shift_jisx0213",
  ]
  static let korean = ["euc_kr", "cp949", "johab"]
  static let escaping = [
    "iso2022_kr", "iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_2004", "iso2022_jp_3",
    "iso2022_jp_ext",
  ]

  /// The codec of a name that is in one of the lists. The GIL orders this.
  static func engine(_ name: String) -> any CodecEngine {
    if let engine = known[name] { return engine }
    let engine = make(name)
    known[name] = engine
    return engine
  }

  private static func make(_ name: String) -> any CodecEngine {
    switch name {
    case "hz": return HzCodec()
    case "gb18030": return TableCodec(name, name, .gb18030)
    case "shift_jis": return TableCodec(name, name, .shiftJIS)
    case "cp932": return TableCodec(name, name, .cp932)
    case "shift_jis_2004": return TableCodec(name, name, .shiftJISX0213)
    case "shift_jisx0213":
      return TableCodec(name, name, newer: "shift_jis_2004", .shiftJISX0213)
    case "euc_jp": return TableCodec(name, "jisx0208", third: "jisx0212")
    case "euc_jis_2004": return TableCodec(name, "jisx0213_1", third: "jisx0213_2")
    case "euc_jisx0213": return TableCodec(name, "jisx0213_2000_1", third: "jisx0213_2000_2", newer: "jisx0213_1")
    case "euc_kr": return TableCodec(name, "ksx1001", .eucKR)
    default: return escaping.contains(name) ? Iso2022Codec(name) : TableCodec(name, name)
    }
  }
}
