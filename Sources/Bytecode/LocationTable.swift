/// Where one instruction comes from. -1 stands for unknown.
@frozen public struct CodeLocation: Equatable, Sendable {
  public var line: Int32
  public var endLine: Int32
  public var column: Int32
  public var endColumn: Int32

  @inlinable public init(line: Int32, endLine: Int32, column: Int32, endColumn: Int32) {
    self.line = line
    self.endLine = endLine
    self.column = column
    self.endColumn = endColumn
  }

  public static let none = CodeLocation(line: -1, endLine: -1, column: -1, endColumn: -1)
}

/// Writes positions as 3.11 and later store them in `co_linetable` (`Objects/locations.md` there).
///
/// Every entry begins with a byte `1cccckkk`: a code `c` for the form of the rest, and the number
/// of instructions it is for less one, `k`. Lines are stored as differences to the entry before.
public struct LocationTableWriter {
  public private(set) var bytes: [UInt8] = []
  private var line: Int32

  public init(firstLine: Int) { line = Int32(truncatingIfNeeded: firstLine) }

  /// Adds `count` instructions at one place.
  public mutating func add(_ location: CodeLocation, count: Int) {
    var rest = count
    while rest > 0 {
      entry(location, min(rest, 8))
      rest -= 8
    }
  }

  private mutating func entry(_ location: CodeLocation, _ count: Int) {
    func head(_ code: UInt8) { bytes.append(0x80 | code << 3 | UInt8(count - 1)) }
    if location.line < 0 { return head(15) }
    let difference = location.line - line
    if location.column < 0 || location.endColumn < 0 {
      if location.endLine == location.line || location.endLine < 0 {
        head(13)
        signed(difference)
        line = location.line
        return
      }
    } else if location.endLine == location.line {
      let width = location.endColumn - location.column
      if difference == 0, location.column < 80, width >= 0, width < 16 {
        head(UInt8(location.column >> 3))
        bytes.append(UInt8(location.column & 7) << 4 | UInt8(width))
        return
      }
      if difference >= 0, difference < 3, location.column < 128, location.endColumn < 128 {
        head(10 + UInt8(difference))
        bytes.append(UInt8(location.column))
        bytes.append(UInt8(location.endColumn))
        line = location.line
        return
      }
    }
    head(14)
    signed(difference)
    unsigned(UInt32(bitPattern: max(location.endLine - location.line, 0)))
    unsigned(UInt32(bitPattern: location.column + 1))
    unsigned(UInt32(bitPattern: location.endColumn + 1))
    line = location.line
  }

  private mutating func unsigned(_ value: UInt32) {
    var rest = value
    while rest >= 64 {
      bytes.append(0x40 | UInt8(rest & 0x3F))
      rest >>= 6
    }
    bytes.append(UInt8(rest))
  }

  private mutating func signed(_ value: Int32) {
    unsigned(value < 0 ? UInt32(bitPattern: 0 &- value) << 1 | 1 : UInt32(bitPattern: value) << 1)
  }
}

/// Reads a location table: one element per instruction (`co_positions`). Ends early when the table
/// is cut off.
public struct LocationTableReader: Sequence, IteratorProtocol {
  private let bytes: [UInt8]
  private var position = 0
  private var line: Int32
  private var left = 0
  private var current = CodeLocation.none

  public init(_ bytes: [UInt8], firstLine: Int) {
    self.bytes = bytes
    line = Int32(truncatingIfNeeded: firstLine)
  }

  public mutating func next() -> CodeLocation? {
    if left == 0 {
      guard let first = byte(), first & 0x80 != 0, let location = entry(first >> 3 & 15) else {
        return nil
      }
      left = Int(first & 7) + 1
      current = location
    }
    left -= 1
    return current
  }

  private mutating func byte() -> UInt8? {
    guard position < bytes.count else { return nil }
    position += 1
    return bytes[position - 1]
  }

  private mutating func unsigned() -> UInt32? {
    var value: UInt32 = 0
    var shift: UInt32 = 0
    while let next = byte() {
      value |= UInt32(next & 0x3F) << shift
      if next & 0x40 == 0 { return value }
      shift += 6
    }
    return nil
  }

  private mutating func signed() -> Int32? {
    guard let value = unsigned() else { return nil }
    let magnitude = Int32(bitPattern: value >> 1)
    return value & 1 == 1 ? 0 &- magnitude : magnitude
  }

  private mutating func entry(_ code: UInt8) -> CodeLocation? {
    switch code {
    case 15: return CodeLocation.none
    case 14:
      guard let difference = signed(), let lines = unsigned(), let column = unsigned(),
        let endColumn = unsigned()
      else { return nil }
      line &+= difference
      return CodeLocation(
        line: line, endLine: line &+ Int32(bitPattern: lines),
        column: Int32(bitPattern: column) &- 1,
        endColumn: Int32(bitPattern: endColumn) &- 1)
    case 13:
      guard let difference = signed() else { return nil }
      line &+= difference
      return CodeLocation(line: line, endLine: line, column: -1, endColumn: -1)
    case 10...12:
      guard let column = byte(), let endColumn = byte() else { return nil }
      line &+= Int32(code) - 10
      return CodeLocation(
        line: line, endLine: line, column: Int32(column), endColumn: Int32(endColumn))
    default:
      guard let low = byte() else { return nil }
      let column = Int32(code) << 3 | Int32(low >> 4)
      return CodeLocation(
        line: line, endLine: line, column: column, endColumn: column + Int32(low & 15))
    }
  }
}
