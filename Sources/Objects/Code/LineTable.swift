import CPythonABI

/// Positions of instructions in the location format of 3.11 (PEP 657).
///
/// Each entry starts with a byte `1ccccnnn`: code c, n + 1 instructions. Codes 0-9: one byte of
/// columns, the line stays. 10-12: the line moves by code - 10, two column bytes. 13: a signed varint
/// of lines, no columns. 14: lines, end line, columns as varints. 15: no position.
public struct LocationTable {
  /// A range of source: lines count from 1, columns are UTF-8 bytes from 0; -1 is unknown.
  public struct Position {
    public var line: Int = -1
    public var endLine: Int = -1
    public var column: Int = -1
    public var endColumn: Int = -1
    public init() {}
  }

  /// One entry: the instructions from `start` up to `end`.
  public struct Entry {
    public var start: Int
    public var end: Int
    public var position: Position
  }

  private let bytes: UnsafePointer<UInt8>
  private let count: Int
  private var offset = 0
  private var line: Int
  private var instruction = 0

  public init(_ code: UnsafeMutablePointer<PyCodeObject>) {
    bytes = UnsafePointer(apus_bytes_data(code.pointee.co_linetable))
    count = apus_var_size(code.pointee.co_linetable)
    line = Int(code.pointee.co_firstlineno)
  }

  private mutating func readVarint() -> Int {
    var value = 0
    var shift = 0
    while offset < count {
      let byte = bytes[offset]
      offset += 1
      value |= Int(byte & 63) << shift
      if byte & 64 == 0 { break }
      shift += 6
      if shift > 54 { break }
    }
    return value
  }

  private mutating func readSignedVarint() -> Int {
    let value = readVarint()
    return value & 1 != 0 ? -(value >> 1) : value >> 1
  }

  private mutating func readByte() -> Int {
    guard offset < count else { return 0 }
    defer { offset += 1 }
    return Int(bytes[offset])
  }

  /// The next entry, nil at the end.
  public mutating func next() -> Entry? {
    guard offset < count else { return nil }
    let head = readByte()
    let code = head >> 3 & 15
    let length = (head & 7) + 1
    var position = Position()
    switch code {
    case 15: break
    case 14:
      line += readSignedVarint()
      position.line = line
      position.endLine = line + readVarint()
      position.column = readVarint() - 1
      position.endColumn = readVarint() - 1
    case 13:
      line += readSignedVarint()
      position.line = line
      position.endLine = line
    case 10...12:
      line += code - 10
      position.line = line
      position.endLine = line
      position.column = readByte()
      position.endColumn = readByte()
    default:
      let second = readByte()
      position.line = line
      position.endLine = line
      position.column = code << 3 | second >> 4
      position.endColumn = position.column + (second & 15)
    }
    let entry = Entry(start: instruction, end: instruction + length, position: position)
    instruction += length
    return entry
  }

  /// The position of an instruction.
  public static func position(
    in code: UnsafeMutablePointer<PyCodeObject>, at instruction: Int
  ) -> Position {
    var table = LocationTable(code)
    while let entry = table.next() {
      if instruction < entry.end { return entry.position }
    }
    return Position()
  }
}

/// Lines of instructions in 3.10's format (PEP 626): pairs of a byte distance and a signed line
/// distance; -128 means no line.
public struct LineTable {
  private let bytes: UnsafePointer<UInt8>
  private let count: Int
  private var offset = 0
  private var line: Int
  private var address = 0

  public init(_ code: UnsafeMutablePointer<PyCodeObject>) {
    bytes = UnsafePointer(apus_bytes_data(code.pointee.co_lnotab310))
    count = apus_var_size(code.pointee.co_lnotab310)
    line = Int(code.pointee.co_firstlineno)
  }

  /// The next range of byte offsets with its line, -1 when it has none; nil at the end.
  public mutating func next() -> (start: Int, end: Int, line: Int)? {
    while offset + 1 < count {
      let distance = Int(bytes[offset])
      let lines = Int(Int8(bitPattern: bytes[offset + 1]))
      offset += 2
      let start = address
      address += distance
      if lines == -128 {
        if distance == 0 { continue }
        return (start, address, -1)
      }
      line += lines
      if distance == 0 { continue }
      return (start, address, line)
    }
    return nil
  }

  /// The line of the instruction at a byte offset, -1 when it has none. Before the first
  /// instruction: the first line.
  public static func line(of code: UnsafeMutablePointer<PyCodeObject>, at offset: Int) -> Int {
    if offset < 0 { return Int(code.pointee.co_firstlineno) }
    var table = LineTable(code)
    while let range = table.next() {
      if offset < range.end { return range.line }
    }
    return -1
  }
}

@c @implementation
public func PyCode_Addr2Line(_ code: UnsafeMutablePointer<PyCodeObject>, _ offset: Int32) -> Int32 {
  Int32(truncatingIfNeeded: LineTable.line(of: code, at: Int(offset)))
}
