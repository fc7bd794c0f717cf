import CPythonABI
import Glibc

/// Blocks that show misuse: writing beyond their ends, freeing through another family of functions,
/// freeing twice. CPython: Objects/obmalloc.c, _PyMem_DebugRawAlloc and following.
///
/// ```
/// | size, 8 bytes big endian | family | 7 x 0xFD | the block | 8 x 0xFD | serial number |
/// ```
/// New memory is full of 0xCD, memory given back of 0xDD.
enum DebugBlocks {
  /// The functions a block belongs to, by the letter in front of it.
  enum Family: UInt8 {
    case raw = 0x72
    case memory = 0x6D
    case object = 0x6F
  }

  private static let before = 16
  private static let after = 16
  private static let clean: Int32 = 0xCD
  private static let dead: Int32 = 0xDD
  private static let forbidden: UInt8 = 0xFD

  /// How many blocks there were so far.
  nonisolated(unsafe) private static var serial: UInt64 = 0

  static func allocate(_ size: Int, _ family: Family) -> UnsafeMutableRawPointer? {
    if AllocationFailures.isDue { return nil }
    guard size >= 0, size <= Int.max - before - after else { return nil }
    if GuardedBlocks.isOn, let block = GuardedBlocks.allocate(size, family.rawValue) {
      count(family, 1)
      return block
    }
    guard let memory = malloc(size + before + after) else { return nil }
    count(family, 1)
    let block = memory + before
    mark(block, size, family)
    memset(block, clean, size)
    return block
  }

  static func zeroed(_ size: Int?, _ family: Family) -> UnsafeMutableRawPointer? {
    guard let size, let block = allocate(size, family) else { return nil }
    memset(block, 0, size)
    return block
  }

  static func reallocate(
    _ block: UnsafeMutableRawPointer?, _ size: Int, _ family: Family
  ) -> UnsafeMutableRawPointer? {
    guard let block else { return allocate(size, family) }
    check(block, family, "_PyMem_DebugRawRealloc")
    guard let moved = allocate(size, family) else { return nil }
    memcpy(moved, block, Swift.min(size, self.size(block)))
    release(block, family)
    return moved
  }

  static func free(_ block: UnsafeMutableRawPointer, _ family: Family) {
    check(block, family, "_PyMem_DebugRawFree")
    release(block, family)
  }

  /// The blocks alive, as `sys.getallocatedblocks()` counts them: without those of the raw layer.
  private static func count(_ family: Family, _ change: Int64) {
    if family != .raw { apus_allocator().pointee.raw_blocks &+= change }
  }

  private static func release(_ block: UnsafeMutableRawPointer, _ family: Family) {
    count(family, -1)
    if GuardedBlocks.owns(block) { return GuardedBlocks.free(block) }
    memset(block - before, dead, size(block) + before + after)
    Glibc.free(block - before)
  }

  private static func mark(_ block: UnsafeMutableRawPointer, _ size: Int, _ family: Family) {
    serial &+= 1
    (block - 16).storeBytes(of: UInt64(size).bigEndian, as: UInt64.self)
    memset(block - 8, Int32(forbidden), 8)
    (block - 8).storeBytes(of: family.rawValue, as: UInt8.self)
    memset(block + size, Int32(forbidden), 8)
    (block + size + 8).storeBytes(of: serial.bigEndian, as: UInt64.self)
  }

  private static func size(_ block: UnsafeMutableRawPointer) -> Int {
    if GuardedBlocks.owns(block) { return GuardedBlocks.size(block) }
    return Int(truncatingIfNeeded: UInt64(bigEndian: (block - 16).load(as: UInt64.self)))
  }

  // MARK: Checking

  /// Ends the process with a report when the marks around a block are not as they were made.
  private static func check(
    _ block: UnsafeMutableRawPointer, _ family: Family, _ function: StaticString
  ) {
    if GuardedBlocks.owns(block) { return GuardedBlocks.check(block, family.rawValue) }
    let found = (block - 8).load(as: UInt8.self)
    if found != family.rawValue {
      fail(
        block, function,
        "bad ID: Allocated using API '\(character(found))', verified using API "
          + "'\(character(family.rawValue))'")
    }
    for offset in 1..<8 where (block - 8).load(fromByteOffset: offset, as: UInt8.self) != forbidden {
      fail(block, function, "bad leading pad byte")
    }
    let end = block + size(block)
    for offset in 0..<8 where end.load(fromByteOffset: offset, as: UInt8.self) != forbidden {
      fail(block, function, "bad trailing pad byte")
    }
  }

  private static func character(_ byte: UInt8) -> String {
    byte >= 32 && byte < 127 ? String(Unicode.Scalar(byte)) : "\\x" + String(byte, radix: 16)
  }

  private static func fail(
    _ block: UnsafeMutableRawPointer, _ function: StaticString, _ problem: String
  ) -> Never {
    let size = size(block)
    let family = (block - 8).load(as: UInt8.self)
    var report =
      "Debug memory block at address p=0x\(String(UInt(bitPattern: block), radix: 16)): "
      + "API '\(character(family))'\n    \(size) bytes originally requested\n"
    report += pads(block, at: -7, count: 7, name: "p", from: -7)
    // A size that was overwritten leads nowhere.
    if size >= 0 && size < 1 << 40 {
      report += pads(block, at: size, count: 8, name: "tail", from: 0)
      let shown = Swift.min(size, 16)
      let bytes = (0..<shown).map { hex(block.load(fromByteOffset: $0, as: UInt8.self)) }
      report += "    Data at p: \(bytes.joined(separator: " "))\n"
    }
    report += "\nFatal Python error: \(function): \(problem)\nPython runtime state: initialized\n\n"
    var text = report
    text.withUTF8 { _ = write(2, $0.baseAddress, $0.count) }
    abort()
  }

  private static func hex(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return digits.count == 1 ? "0" + digits : digits
  }

  /// The line, or lines, about the bytes in front of or behind a block.
  private static func pads(
    _ block: UnsafeMutableRawPointer, at start: Int, count: Int, name: String, from first: Int
  ) -> String {
    let bytes = (0..<count).map { block.load(fromByteOffset: start + $0, as: UInt8.self) }
    let place =
      first < 0 ? "\(name)\(first)" : "\(name)=0x\(String(UInt(bitPattern: block + start), radix: 16))"
    if bytes.allSatisfy({ $0 == forbidden }) {
      return "    The \(count) pad bytes at \(place) are FORBIDDENBYTE, as expected.\n"
    }
    var text = "    The \(count) pad bytes at \(place) are not all FORBIDDENBYTE (0xfd):\n"
    for (index, byte) in bytes.enumerated() {
      let offset = first + index
      text += "        at \(name)\(offset < 0 ? "" : "+")\(offset): 0x\(hex(byte))"
      text += byte == forbidden ? "\n" : " *** OUCH\n"
    }
    return text
  }
}
