import AST
import Glibc
import UnicodeData

/// Makes identifiers out of source bytes, and the same `String` for the same bytes as far as it
/// remembers.
struct NameTable {
  private struct Entry {
    var start: Int32 = -1
    var count: Int32 = 0
    var name: Identifier = ""
  }

  private let source: UnsafePointer<UInt8>
  /// An identifier that normalises to the name of a constant, which no tree can hold.
  private(set) var misnomer: Identifier?
  private var entries = [Entry](repeating: Entry(), count: 512)

  init(source: UnsafePointer<UInt8>) { self.source = source }

  /// The identifier spelled by `source[start ..< end]`, NFKC-normalised (PEP 3131).
  mutating func name(_ start: Int32, _ end: Int32) -> Identifier {
    let count = end - start
    let text = source + Int(start)
    var hash: UInt32 = 2_166_136_261
    for i in 0..<Int(count) { hash = (hash ^ UInt32(text[i])) &* 16_777_619 }
    let slot = Int((hash ^ hash >> 15) & 511)
    let entry = entries[slot]
    if entry.count == count, entry.start >= 0,
      (source + Int(entry.start)).same(as: text, Int(count))
    {
      return entry.name
    }
    let name = Self.identifier(UnsafeBufferPointer(start: text, count: Int(count)))
    if name == "None" || name == "True" || name == "False" { misnomer = misnomer ?? name }
    entries[slot] = Entry(start: start, count: count, name: name)
    return name
  }

  private static func identifier(_ text: UnsafeBufferPointer<UInt8>) -> Identifier {
    if text.allSatisfy({ $0 < 0x80 }) { return String(decoding: text, as: UTF8.self) }
    let name = String(decoding: text, as: UTF8.self)
    let points = name.unicodeScalars.map(\.value)
    if apus_quick_check(APUS_NFKC, points, points.count) == APUS_CHECK_YES { return name }
    var out = apus_points()
    defer { free(out.data) }
    guard apus_normalize(APUS_NFKC, false, points, points.count, &out), let data = out.data else {
      return name
    }
    var normalized = String.UnicodeScalarView()
    for i in 0..<out.count {
      if let scalar = Unicode.Scalar(data[i]) { normalized.append(scalar) }
    }
    return String(normalized)
  }
}
