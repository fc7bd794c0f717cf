/// Writes `co_linetable` as 3.10 stores it (PEP 626; `Objects/lnotab_notes.txt`).
///
/// A table is pairs of bytes: how many bytes of code a range takes (even, at most 254) and by how
/// much its line differs from the line before it as a signed byte; -128 marks code without a line.
public struct LineTableWriter {
  public private(set) var bytes: [UInt8] = []
  private var previousLine: Int
  private var line: Int
  private var start = 0

  public init(firstLine: Int) {
    previousLine = firstLine
    line = firstLine
  }

  /// The code from `offset` (in bytes) on belongs to `newLine`; negative: to none; 0: to the line
  /// so far.
  public mutating func mark(_ newLine: Int, at offset: Int) {
    if newLine == line || newLine == 0 { return }
    close(at: offset)
    line = newLine
    start = offset
  }

  /// Ends the table at the end of the code.
  public mutating func finish(at offset: Int) -> [UInt8] {
    close(at: offset)
    return bytes
  }

  private mutating func close(at offset: Int) {
    var length = offset - start
    if length == 0 { return }
    var difference = -128
    if line >= 0 {
      difference = line - previousLine
      previousLine = line
      while difference > 127 {
        bytes += [0, 127]
        difference -= 127
      }
      while difference < -127 {
        bytes += [0, UInt8(bitPattern: -127)]
        difference += 127
      }
    }
    while length > 254 {
      bytes += [254, UInt8(bitPattern: Int8(difference))]
      difference = line < 0 ? -128 : 0
      length -= 254
    }
    bytes += [UInt8(length), UInt8(bitPattern: Int8(difference))]
    start = offset
  }
}

/// Reads `co_linetable` of 3.10: ranges of code and their lines (`co_lines`).
public struct LineTableReader: Sequence, IteratorProtocol {
  private let bytes: [UInt8]
  private var position = 0
  private var line: Int
  private var end = 0

  public init(_ bytes: [UInt8], firstLine: Int) {
    self.bytes = bytes
    line = firstLine
  }

  /// The next range in bytes of code; the line is nil where there is none.
  public mutating func next() -> (start: Int, end: Int, line: Int?)? {
    while position + 1 < bytes.count {
      let length = Int(bytes[position])
      let difference = Int8(bitPattern: bytes[position + 1])
      position += 2
      let start = end
      end += length
      if difference == -128 {
        return (start, end, nil)
      }
      line += Int(difference)
      if length == 0 { continue }
      return (start, end, line)
    }
    return nil
  }
}
