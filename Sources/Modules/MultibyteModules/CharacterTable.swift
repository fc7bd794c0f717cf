import CMultibyte
import Glibc

/// A table of two-byte characters, unpacked: the value at `lead << 8 | trail` is a code point, a
/// pair's number with `pairMark`, or 0. Made at first use and kept.
struct CharacterTable: @unchecked Sendable {
  let cells: UnsafeMutablePointer<UInt32>

  static let size = 65536
  static let pairMark: UInt32 = 0x8000_0000

  nonisolated(unsafe) private static var known: [String: CharacterTable] = [:]

  /// The table with a name. The GIL orders this.
  static func named(_ name: String) -> CharacterTable {
    if let table = known[name] { return table }
    let table = make(name)
    known[name] = table
    return table
  }

  private init() {
    cells = .allocate(capacity: Self.size)
    cells.initialize(repeating: 0, count: Self.size)
  }

  private static func make(_ name: String) -> CharacterTable {
    let table = CharacterTable()
    var entry = apus_multibyte_tables_start()
    while let label = entry.pointee.name, String(cString: label) != name { entry += 1 }
    guard entry.pointee.name != nil else { return table }
    let first = Int(entry.pointee.first)
    if let base = entry.pointee.base { table.inherit(String(cString: base), first) }
    if var row = entry.pointee.rows {
      while let text = row.pointee.cells {
        table.fill(Int(row.pointee.lead), first, text)
        row += 1
      }
    }
    table.addPairs(name)
    return table
  }

  private func inherit(_ base: String, _ first: Int) {
    if base.hasPrefix("shift:") {
      let names = base.dropFirst(6).split(separator: "+").map(String.init)
      shift(.named(names[0]), names.count > 1 ? .named(names[1]) : nil)
      return
    }
    let source = CharacterTable.named(base)
    var entry = apus_multibyte_tables_start()
    while let label = entry.pointee.name, String(cString: label) != base { entry += 1 }
    // A set of 94 rows and cells may be the corner of a larger one.
    let lowest = first >= 0xA1 && entry.pointee.first < 0xA1 ? 0xA1 : 0
    for index in 0..<Self.size where index & 0xFF >= first && index >> 8 >= lowest {
      cells[index] = source.cells[index]
    }
  }

  /// Sets a row from UTF-8 text; U+FFFD stands for no character.
  private func fill(_ lead: Int, _ first: Int, _ text: UnsafePointer<CChar>) {
    for trail in first..<256 { cells[lead << 8 | trail] = 0 }
    var index = lead << 8 | first
    for scalar in String(cString: text).unicodeScalars {
      if index >= (lead + 1) << 8 { break }
      cells[index] = scalar.value == 0xFFFD ? 0 : scalar.value
      index += 1
    }
  }

  private func addPairs(_ name: String) {
    let source =
      name == "jisx0213_2000_1" ? "jisx0213_1" : name == "shift_jisx0213" ? "shift_jis_2004" : name
    for (number, pair) in CharacterPair.all.enumerated() where pair.table == source {
      cells[pair.code] = Self.pairMark | UInt32(number)
    }
  }

  /// Rearranges rows of 94 characters as Shift JIS does; `second` is the second plane.
  private func shift(_ plane: CharacterTable, _ second: CharacterTable?) {
    // The rows of the second plane that lead bytes F0 to F4 have.
    let rows = [(0x21, 0x28), (0x23, 0x24), (0x25, 0x2C), (0x2D, 0x2E), (0x2F, 0x6E)]
    for lead in Array(0x81...0x9F) + Array(0xE0...0xFC) {
      for trail in 0x40...0xFC where trail != 0x7F {
        let half = trail - 0x40 - (trail > 0x7F ? 1 : 0)
        let isSecond = half >= 94
        var source = plane
        let row: Int
        if lead < 0xF0 {
          row = 2 * (lead - (lead < 0xA0 ? 0x81 : 0xC1)) + 0x21 + (isSecond ? 1 : 0)
        } else {
          guard let second else { continue }
          source = second
          row =
            lead < 0xF5
            ? (isSecond ? rows[lead - 0xF0].1 : rows[lead - 0xF0].0)
            : 0x6F + 2 * (lead - 0xF5) + (isSecond ? 1 : 0)
        }
        cells[lead << 8 | trail] = source.cells[(row | 0x80) << 8 | (half % 94 + 0x21) | 0x80]
      }
    }
  }
}

/// A sequence of bytes that stands for two code points.
struct CharacterPair: Sendable {
  let table: String
  let code: Int
  let first: UInt32
  let second: UInt32

  static let all: [CharacterPair] = {
    var result: [CharacterPair] = []
    var row = apus_multibyte_pairs_start()
    while let table = row.pointee.table {
      result.append(
        CharacterPair(
          table: String(cString: table), code: Int(row.pointee.code),
          first: UInt32(row.pointee.first), second: UInt32(row.pointee.second)))
      row += 1
    }
    return result
  }()
}

/// Code points to bytes: packed, the first byte highest; 0 for none. Planes 0 and 2 are all there is.
struct ReverseTable: @unchecked Sendable {
  private let cells: UnsafeMutablePointer<UInt32>
  private static let size = 0x30000

  init() {
    cells = .allocate(capacity: Self.size)
    cells.initialize(repeating: 0, count: Self.size)
  }

  subscript(_ character: UInt32) -> UInt32 {
    get { character < Self.size ? cells[Int(character)] : 0 }
    nonmutating set { if character < Self.size { cells[Int(character)] = newValue } }
  }

  /// Notes a sequence unless the character has one already.
  func add(_ character: UInt32, _ bytes: UInt32) {
    if self[character] == 0 { self[character] = bytes }
  }
}
