import CMultibyte
import Glibc

/// A codec without state: ASCII, and sequences of two bytes (three with the prefix 8F) by tables.
struct TableCodec: CodecEngine {
  enum Variant { case plain, shiftJIS, cp932, shiftJISX0213, gb18030, eucKR }

  /// Characters that a newer edition of the set has: they are wrong as a whole.
  private let newer: CharacterTable?

  private let variant: Variant
  private let two: CharacterTable
  /// The table behind the prefix 8F.
  private let three: CharacterTable?
  private let reverse: ReverseTable
  private let hasPairs: Bool

  init(
    _ name: String, _ table: String, third: String? = nil, newer: String? = nil,
    _ variant: Variant = .plain
  ) {
    self.newer = newer.map { .named($0) }
    self.variant = variant
    two = .named(table)
    three = third.map { .named($0) }
    reverse = ReverseTable()
    var hasPairs = false
    for byte in 0..<UInt32(256) {
      if let character = Self.single(variant, byte) { reverse.add(character, byte) }
    }
    for index in 0..<CharacterTable.size {
      let character = two.cells[index]
      if character & CharacterTable.pairMark != 0 {
        hasPairs = true
      } else if character != 0 {
        reverse.add(character, UInt32(index))
      }
    }
    if let three {
      for index in 0..<CharacterTable.size where three.cells[index] != 0 {
        reverse.add(three.cells[index], 0x8F0000 | UInt32(index))
      }
    }
    self.hasPairs = hasPairs
    var lists = apus_multibyte_preferences_start()
    while let label = lists.pointee.codec {
      if String(cString: label) == name, var row = lists.pointee.list {
        while row.pointee.character != 0 {
          reverse[row.pointee.character] = row.pointee.bytes
          row += 1
        }
      }
      lists += 1
    }
  }

  /// The character of a byte that stands alone.
  private static func single(_ variant: Variant, _ byte: UInt32) -> UInt32? {
    switch variant {
    case .plain, .gb18030, .eucKR: return byte < 0x80 ? byte : nil
    case .shiftJISX0213 where byte == 0x5C: return 0xA5
    case .shiftJISX0213 where byte == 0x7E: return 0x203E
    case .cp932 where byte == 0x80: return 0x80
    case .cp932 where byte == 0xA0: return 0xF8F0
    case .cp932 where byte >= 0xFD: return 0xF8F1 + (byte - 0xFD)
    default:
      if byte < 0x80 { return byte }
      return byte >= 0xA1 && byte <= 0xDF ? 0xFF61 + (byte - 0xA1) : nil
    }
  }

  func decode(
    _ state: inout CodecState, _ bytes: UnsafePointer<UInt8>, _ count: Int
  ) -> DecodedStep {
    let lead = UInt32(bytes[0])
    if lead < 0x80 && variant != .shiftJISX0213 { return .one(lead, bytes: 1) }
    if let character = Self.single(variant, lead) { return .one(character, bytes: 1) }
    switch variant {
    case .shiftJIS, .cp932, .shiftJISX0213:
      let last: UInt32 = variant == .shiftJIS ? 0xEA : 0xFC
      if !((0x81...0x9F).contains(lead) || (0xE0...last).contains(lead)) { return .invalid(1) }
    case .plain where lead == 0x8F:
      if let three {
        if count < 3 { return .incomplete }
        let character = three.cells[Int(bytes[1]) << 8 | Int(bytes[2])]
        return character == 0 ? .invalid(1) : .one(character, bytes: 3)
      }
    default: break
    }
    if count < 2 { return .incomplete }
    if variant == .gb18030 && (0x30...0x39).contains(bytes[1]) {
      return count < 4 ? .incomplete : GB18030.decode(bytes)
    }
    if variant == .eucKR && lead == 0xA4 && bytes[1] == 0xD4 {
      return count < 8 ? .incomplete : HangulMakeUp.decode(bytes)
    }
    let character = two.cells[Int(lead) << 8 | Int(bytes[1])]
    if character == 0 {
      return .invalid(newer.map { $0.cells[Int(lead) << 8 | Int(bytes[1])] != 0 } ?? false ? 2 : 1)
    }
    if character & CharacterTable.pairMark != 0 {
      let pair = CharacterPair.all[Int(character & ~CharacterTable.pairMark)]
      return .two(pair.first, pair.second, bytes: 2)
    }
    return .one(character, bytes: 2)
  }

  func encode(
    _ state: inout CodecState, _ character: UInt32, _ next: UInt32?, flush: Bool,
    _ output: inout [UInt8]
  ) -> EncodedStep {
    if hasPairs {
      switch Self.pair(character, next, two) {
      case .found(let code):
        output.append(UInt8(code >> 8))
        output.append(UInt8(code & 0xFF))
        return .done(2)
      case .undecided where !flush: return .incomplete
      default: break
      }
    }
    let code = reverse[character]
    if code == 0 {
      if character == 0 {
        output.append(0)
        return .done(1)
      }
      switch variant {
      case .gb18030: return GB18030.encode(character, &output) ? .done(1) : .invalid
      case .eucKR: return HangulMakeUp.encode(character, &output) ? .done(1) : .invalid
      default: return .invalid
      }
    }
    if code > 0xFFFF { output.append(UInt8(code >> 16)) }
    if code > 0xFF { output.append(UInt8(truncatingIfNeeded: code >> 8)) }
    output.append(UInt8(truncatingIfNeeded: code))
    return .done(1)
  }

  enum PairSearch { case none, undecided, found(Int) }

  /// Whether a character begins a pair of the table's, and whether the next one makes it.
  static func pair(_ character: UInt32, _ next: UInt32?, _ table: CharacterTable) -> PairSearch {
    var begins = false
    for (number, pair) in CharacterPair.all.enumerated() where pair.first == character {
      if table.cells[pair.code] != CharacterTable.pairMark | UInt32(number) { continue }
      if let next {
        if pair.second == next { return .found(pair.code) }
      } else {
        begins = true
      }
    }
    return begins ? .undecided : .none
  }
}

/// The four-byte sequences of GB 18030.
enum GB18030 {
  static func decode(_ bytes: UnsafePointer<UInt8>) -> DecodedStep {
    guard (0x81...0xFE).contains(bytes[0]), (0x81...0xFE).contains(bytes[2]),
      (0x30...0x39).contains(bytes[3])
    else { return .invalid(1) }
    let (a, b) = (Int(bytes[0]) - 0x81, Int(bytes[1]) - 0x30)
    let (c, d) = (Int(bytes[2]) - 0x81, Int(bytes[3]) - 0x30)
    let index = ((a * 10 + b) * 126 + c) * 10 + d
    if a < 4 {
      guard index < 39420 else { return .invalid(1) }
      var range = apus_gb18030_ranges_start()
      while range.pointee.first != 0 {
        let offset = index - Int(range.pointee.index)
        if offset >= 0 && offset <= Int(range.pointee.last) - Int(range.pointee.first) {
          return .one(UInt32(range.pointee.first) + UInt32(offset), bytes: 4)
        }
        range += 1
      }
    } else if a >= 15 {
      let character = 0x10000 + index - 15 * 12600
      if character <= 0x10FFFF { return .one(UInt32(character), bytes: 4) }
    }
    return .invalid(1)
  }

  static func encode(_ character: UInt32, _ output: inout [UInt8]) -> Bool {
    var index: Int
    if character >= 0x10000 {
      index = Int(character) - 0x10000 + 15 * 12600
    } else {
      index = -1
      var range = apus_gb18030_ranges_start()
      while range.pointee.first != 0 && index < 0 {
        if character >= UInt32(range.pointee.first) && character <= UInt32(range.pointee.last) {
          index = Int(range.pointee.index) + Int(character) - Int(range.pointee.first)
        }
        range += 1
      }
      if index < 0 { return false }
    }
    var bytes: [UInt8] = []
    for (count, base) in [(10, 0x30), (126, 0x81), (10, 0x30)] {
      bytes.append(UInt8(index % count + base))
      index /= count
    }
    bytes.append(UInt8(index + 0x81))
    output += bytes.reversed()
    return true
  }
}

/// Syllables that KS X 1001 lacks: a filler and three letters, eight bytes of EUC-KR.
enum HangulMakeUp {
  private static let initials: [UInt8] = [
    0xA1, 0xA2, 0xA4, 0xA7, 0xA8, 0xA9, 0xB1, 0xB2, 0xB3, 0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xBA, 0xBB,
    0xBC, 0xBD, 0xBE,
  ]
  private static let finals: [UInt8] = [
    0xD4, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA9, 0xAA, 0xAB, 0xAC, 0xAD, 0xAE, 0xAF, 0xB0,
    0xB1, 0xB2, 0xB4, 0xB5, 0xB6, 0xB7, 0xB8, 0xBA, 0xBB, 0xBC, 0xBD, 0xBE,
  ]
  /// The byte before each letter.
  private static let row: UInt8 = 0xA4

  static func decode(_ bytes: UnsafePointer<UInt8>) -> DecodedStep {
    guard bytes[2] == row, bytes[4] == row, bytes[6] == row,
      let initial = initials.firstIndex(of: bytes[3]), (0xBF...0xD3).contains(bytes[5]),
      let last = finals.firstIndex(of: bytes[7])
    else { return .invalid(1) }
    let vowel = Int(bytes[5]) - 0xBF
    return .one(UInt32(0xAC00 + (initial * 21 + vowel) * 28 + last), bytes: 8)
  }

  static func encode(_ character: UInt32, _ output: inout [UInt8]) -> Bool {
    guard (0xAC00...0xD7A3).contains(character) else { return false }
    let index = Int(character) - 0xAC00
    output += [
      row, 0xD4, row, initials[index / 588], row, UInt8(0xBF + index / 28 % 21), row,
      finals[index % 28],
    ]
    return true
  }
}
