import Glibc

/// HZ: GB 2312 in seven bits between `~{` and `~}` (RFC 1843).
struct HzCodec: CodecEngine {
  private let table = CharacterTable.named("gb2312")
  private let plain = TableCodec("gb2312", "gb2312")

  func startEncoding(_ state: inout CodecState) { state[0] = 0 }
  func startDecoding(_ state: inout CodecState) { state[0] = 0 }

  func reset(_ state: inout CodecState, _ output: inout [UInt8]) {
    if state[0] != 0 {
      output += [0x7E, 0x7D]
      state[0] = 0
    }
  }

  func decode(
    _ state: inout CodecState, _ bytes: UnsafePointer<UInt8>, _ count: Int
  ) -> DecodedStep {
    let byte = bytes[0]
    if byte == 0x7E {
      if count < 2 { return .incomplete }
      switch (bytes[1], state[0]) {
      case (0x7E, 0): return .one(0x7E, bytes: 2)
      case (0x7B, 0): state[0] = 1
      case (0x0A, 0): break
      case (0x7D, 1): state[0] = 0
      default: return .invalid(1)
      }
      return .nothing(bytes: 2)
    }
    if byte & 0x80 != 0 { return .invalid(1) }
    if state[0] == 0 { return .one(UInt32(byte), bytes: 1) }
    if count < 2 { return .incomplete }
    if bytes[1] & 0x80 != 0 { return .invalid(1) }
    let character = table.cells[Int(byte | 0x80) << 8 | Int(bytes[1] | 0x80)]
    return character == 0 ? .invalid(1) : .one(character, bytes: 2)
  }

  func encode(
    _ state: inout CodecState, _ character: UInt32, _ next: UInt32?, flush: Bool,
    _ output: inout [UInt8]
  ) -> EncodedStep {
    if character < 0x80 {
      reset(&state, &output)
      output.append(UInt8(character))
      if character == 0x7E { output.append(0x7E) }
      return .done(1)
    }
    var bytes: [UInt8] = []
    guard case .done = plain.encode(&state, character, nil, flush: true, &bytes), bytes.count == 2
    else { return .invalid }
    if state[0] == 0 {
      output += [0x7E, 0x7B]
      state[0] = 1
    }
    output += [bytes[0] & 0x7F, bytes[1] & 0x7F]
    return .done(1)
  }
}

/// The codecs of the ISO 2022 family: escape sequences choose the character set.
/// CPython: Modules/cjkcodecs/_codecs_iso2022.c.
struct Iso2022Codec: CodecEngine {
  /// Final bytes of the escape sequences; sets of two bytes have the high bit.
  private enum Mark {
    static let ascii: UInt8 = 0x42
    static let latin1: UInt8 = 0x41
    static let greek: UInt8 = 0x46
    static let kana: UInt8 = 0x49
    static let roman: UInt8 = 0x4A
    static let jisx0208: UInt8 = 0xC2
  }

  /// A character set a codec can designate.
  struct Designation: Sendable {
    enum Kind {
      case roman, kana, latin1, greek
      case table
      /// The pairs of a table alone.
      case pairs
    }
    let mark: UInt8
    /// 0: G0, 1: G1 with shifts, 2: G2.
    let plane: Int
    let width: Int
    let kind: Kind
    let table: CharacterTable?
    let reverse: ReverseTable?
  }

  struct Options: OptionSet, Sendable {
    let rawValue: Int
    static let noShift = Options(rawValue: 1)
    static let usesG2 = Options(rawValue: 2)
    static let extended0208 = Options(rawValue: 4)
  }

  private let options: Options
  private let designations: [Designation]

  init(_ name: String) {
    func set(_ mark: Character, _ table: String, plane: Int = 0, rows: ((Int) -> Bool)? = nil)
      -> Designation
    {
      let cells = CharacterTable.named(table)
      let reverse = ReverseTable()
      for row in 0xA1...0xFE where rows?(row - 0x80) ?? true {
        for cell in 0xA1...0xFE {
          let character = cells.cells[row << 8 | cell]
          // The tilde of full width is EUC's alone.
          if table.hasPrefix("jisx0213") && character == 0xFF5E { continue }
          if character != 0 && character & CharacterTable.pairMark == 0 {
            reverse.add(character, UInt32(row << 8 | cell) & 0x7F7F)
          }
        }
      }
      return Designation(
        mark: (mark.asciiValue ?? 0) | 0x80, plane: plane, width: 2, kind: .table, table: cells,
        reverse: reverse)
    }
    func pairs(_ mark: Character, _ table: String) -> Designation {
      Designation(
        mark: (mark.asciiValue ?? 0) | 0x80, plane: 0, width: 2, kind: .pairs,
        table: .named(table), reverse: nil)
    }
    func plain(_ mark: UInt8, _ kind: Designation.Kind, plane: Int = 0) -> Designation {
      Designation(mark: mark, plane: plane, width: 1, kind: kind, table: nil, reverse: nil)
    }
    // The second plane has these rows; the others are JIS X 0212's.
    let second: (Int) -> Bool = {
      [0x21, 0x23, 0x24, 0x25, 0x28].contains($0) || (0x2C...0x2F).contains($0) || $0 >= 0x6E
    }
    let roman = plain(Mark.roman, .roman)
    let kanji = set("B", "jisx0208")
    let old = set("@", "jisx0208")
    switch name {
    case "iso2022_kr":
      options = []
      designations = [set("C", "cp949", plane: 1)]
    case "iso2022_jp_1":
      options = [.noShift, .extended0208]
      designations = [kanji, set("D", "jisx0212"), roman, old]
    case "iso2022_jp_2":
      options = [.noShift, .usesG2, .extended0208]
      designations = [
        kanji, set("D", "jisx0212"), set("C", "cp949"), set("A", "gb2312"), roman, old,
        plain(Mark.latin1, .latin1, plane: 2), plain(Mark.greek, .greek, plane: 2),
      ]
    case "iso2022_jp_2004":
      options = [.noShift, .extended0208]
      designations = [
        pairs("Q", "jisx0213_1"), kanji, set("Q", "jisx0213_1"), set("P", "jisx0213_2", rows: second),
      ]
    case "iso2022_jp_3":
      options = [.noShift, .extended0208]
      designations = [
        pairs("O", "jisx0213_2000_1"), kanji, set("O", "jisx0213_2000_1"),
        set("P", "jisx0213_2000_2", rows: second),
      ]
    case "iso2022_jp_ext":
      options = [.noShift, .extended0208]
      designations = [kanji, set("D", "jisx0212"), roman, plain(Mark.kana, .kana), old]
    default:
      options = [.noShift, .extended0208]
      designations = [kanji, roman, old]
    }
  }

  // MARK: State: G0, G1, G2, –, flags

  private static let shifted: UInt8 = 1
  /// Inside an escape sequence that is not ours.
  private static let passing: UInt8 = 2

  func startEncoding(_ state: inout CodecState) {
    state[4] = 0
    state[0] = Mark.ascii
    state[1] = Mark.ascii
  }
  func startDecoding(_ state: inout CodecState) {
    startEncoding(&state)
    state[2] = Mark.ascii
  }

  func reset(_ state: inout CodecState, _ output: inout [UInt8]) {
    unshift(&state, &output)
    if state[0] != Mark.ascii {
      output += [0x1B, 0x28, 0x42]
      state[0] = Mark.ascii
    }
  }

  private func unshift(_ state: inout CodecState, _ output: inout [UInt8]) {
    if state[4] & Self.shifted != 0 {
      output.append(0x0F)
      state[4] &= ~Self.shifted
    }
  }

  // MARK: Decoding

  func decode(
    _ state: inout CodecState, _ bytes: UnsafePointer<UInt8>, _ count: Int
  ) -> DecodedStep {
    let byte = bytes[0]
    if state[4] & Self.passing != 0 {
      if Self.endsEscape(byte) { state[4] &= ~Self.passing }
      return .one(UInt32(byte), bytes: 1)
    }
    switch byte {
    case 0x1B:
      if count < 2 { return .incomplete }
      if [0x28, 0x29, 0x24, 0x2E, 0x26].contains(bytes[1]) { return escape(&state, bytes, count) }
      if options.contains(.usesG2) && bytes[1] == 0x4E {
        return count < 3 ? .incomplete : single(state, bytes[2])
      }
      state[4] |= Self.passing
      return .one(0x1B, bytes: 1)
    case 0x0F where !options.contains(.noShift):
      state[4] &= ~Self.shifted
      return .nothing(bytes: 1)
    case 0x0E where !options.contains(.noShift):
      state[4] |= Self.shifted
      return .nothing(bytes: 1)
    case 0x0A:
      state[4] &= ~Self.shifted
      return .one(0x0A, bytes: 1)
    default: break
    }
    if byte < 0x20 { return .one(UInt32(byte), bytes: 1) }
    if byte >= 0x80 { return .invalid(1) }
    let mark = state[4] & Self.shifted != 0 ? state[1] : state[0]
    if mark == Mark.ascii { return .one(UInt32(byte), bytes: 1) }
    guard let designation = designations.first(where: { $0.mark == mark && $0.kind != .pairs }) else {
      return .invalid(1)
    }
    if count < designation.width { return .incomplete }
    return decode(designation, bytes)
  }

  private func decode(_ designation: Designation, _ bytes: UnsafePointer<UInt8>) -> DecodedStep {
    let byte = bytes[0]
    switch designation.kind {
    case .roman:
      return .one(byte == 0x5C ? 0xA5 : byte == 0x7E ? 0x203E : UInt32(byte), bytes: 1)
    case .kana:
      return (0x21...0x5F).contains(byte) ? .one(0xFF61 + UInt32(byte - 0x21), bytes: 1) : .invalid(1)
    case .latin1, .greek, .pairs: return .invalid(designation.width)
    case .table: break
    }
    let code = Int(byte | 0x80) << 8 | Int(bytes[1] | 0x80)
    guard bytes[1] < 0x80, let table = designation.table else { return .invalid(2) }
    let character = table.cells[code]
    if character == 0 { return .invalid(2) }
    if character & CharacterTable.pairMark != 0 {
      let pair = CharacterPair.all[Int(character & ~CharacterTable.pairMark)]
      return .two(pair.first, pair.second, bytes: 2)
    }
    // A table with JIS X 0212's rows in it must not show them.
    if character != 0xFF5E, let reverse = designation.reverse, reverse[character] == 0 {
      return .invalid(2)
    }
    return .one(character, bytes: 2)
  }

  private static func endsEscape(_ byte: UInt8) -> Bool { (0x40...0x5A).contains(byte) }

  /// An escape sequence that designates a set.
  private func escape(
    _ state: inout CodecState, _ bytes: UnsafePointer<UInt8>, _ count: Int
  ) -> DecodedStep {
    var length = 0
    var index = 1
    while index < 16 {
      if index >= count { return .incomplete }
      if Self.endsEscape(bytes[index]) {
        // "ESC & @" precedes another sequence.
        if options.contains(.extended0208), bytes[index] == 0x40, index == 2, bytes[1] == 0x26 {
          index += 1
          while index < 16 {
            if index >= count { return .incomplete }
            if Self.endsEscape(bytes[index]) { break }
            index += 1
          }
        }
        length = index + 1
        break
      }
      index += 1
    }
    let mark: UInt8
    let plane: Int
    switch length {
    case 0: return .invalid(1)
    case 3:
      switch bytes[1] {
      case 0x24: (mark, plane) = (bytes[2] | 0x80, 0)
      case 0x28: (mark, plane) = (bytes[2], 0)
      case 0x29: (mark, plane) = (bytes[2], 1)
      case 0x2E where options.contains(.usesG2): (mark, plane) = (bytes[2], 2)
      default: return .invalid(3)
      }
    case 4:
      guard bytes[1] == 0x24 else { return .invalid(4) }
      switch bytes[2] {
      case 0x28: (mark, plane) = (bytes[3] | 0x80, 0)
      case 0x29: (mark, plane) = (bytes[3] | 0x80, 1)
      default: return .invalid(4)
      }
    case 6:
      guard options.contains(.extended0208), bytes[3] == 0x1B, bytes[4] == 0x24, bytes[5] == 0x42
      else { return .invalid(6) }
      (mark, plane) = (Mark.jisx0208, 0)
    default: return .invalid(length)
    }
    if mark != Mark.ascii && !designations.contains(where: { $0.mark == mark }) {
      return .invalid(length)
    }
    state[plane] = mark
    return .nothing(bytes: length)
  }

  /// A character of G2 behind a single shift.
  private func single(_ state: CodecState, _ byte: UInt8) -> DecodedStep {
    switch state[2] {
    case Mark.latin1: return byte < 0x80 ? .one(UInt32(byte) + 0x80, bytes: 3) : .invalid(3)
    case Mark.greek:
      guard (0x20...0x7F).contains(byte) else { return .invalid(3) }
      let character = Self.greek[Int(byte) - 0x20]
      return character == 0xFFFD ? .invalid(3) : .one(character, bytes: 3)
    case Mark.ascii: return byte & 0x80 != 0 ? .invalid(3) : .one(UInt32(byte), bytes: 3)
    default: return .invalid(3)
    }
  }

  /// ISO 8859-7 from A0 on.
  private static let greek: [UInt32] = (
    "\u{A0}‘’£€₯¦§¨©ͺ«¬\u{AD}\u{FFFD}―°±²³΄΅Ά·ΈΉΊ»Ό½ΎΏΐΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡ\u{FFFD}ΣΤΥΦΧΨΩΪΫάέήίΰ"
    + "αβγδεζηθικλμνξοπρςστυφχψωϊϋόύώ\u{FFFD}"
  ).unicodeScalars.map { $0.value }

  // MARK: Encoding

  func encode(
    _ state: inout CodecState, _ character: UInt32, _ next: UInt32?, flush: Bool,
    _ output: inout [UInt8]
  ) -> EncodedStep {
    if character < 0x80 {
      if state[0] != Mark.ascii {
        output += [0x1B, 0x28, 0x42]
        state[0] = Mark.ascii
      }
      unshift(&state, &output)
      output.append(UInt8(character))
      return .done(1)
    }
    for designation in designations {
      var code: UInt32 = 0
      var used = 1
      switch designation.kind {
      case .roman: code = character == 0xA5 ? 0x5C : character == 0x203E ? 0x7E : 0
      case .kana where (0xFF61...0xFF9F).contains(character): code = character - 0xFF40
      case .table: code = designation.reverse?[character] ?? 0
      case .pairs:
        guard let table = designation.table else { continue }
        switch TableCodec.pair(character, next, table) {
        case .found(let found):
          code = UInt32(found) & 0x7F7F
          used = 2
        case .undecided where !flush: return .incomplete
        default: break
        }
      default: break
      }
      if code == 0 { continue }
      designate(designation, &state, &output)
      if designation.width == 2 { output.append(UInt8(code >> 8)) }
      output.append(UInt8(code & 0xFF))
      return .done(used)
    }
    return .invalid
  }

  private func designate(
    _ designation: Designation, _ state: inout CodecState, _ output: inout [UInt8]
  ) {
    let last = designation.mark & 0x7F
    if designation.plane == 0 {
      unshift(&state, &output)
      if state[0] != designation.mark {
        if designation.width == 1 {
          output += [0x1B, 0x28, last]
        } else if designation.mark == Mark.jisx0208 {
          output += [0x1B, 0x24, last]
        } else {
          output += [0x1B, 0x24, 0x28, last]
        }
        state[0] = designation.mark
      }
    } else {
      if state[1] != designation.mark {
        output += designation.width == 1 ? [0x1B, 0x29, last] : [0x1B, 0x24, 0x29, last]
        state[1] = designation.mark
      }
      if state[4] & Self.shifted == 0 {
        output.append(0x0E)
        state[4] |= Self.shifted
      }
    }
  }
}
