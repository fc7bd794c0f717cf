import Glibc

/// Growable bytes for text under construction, freed with its owner.
///
/// When memory runs out `failed` becomes true and further appends do nothing; the caller checks once
/// at the end and raises MemoryError.
public struct TextBuffer: ~Copyable {
  public private(set) var bytes: UnsafeMutablePointer<UInt8>
  public private(set) var count = 0
  public private(set) var capacity: Int
  public private(set) var failed = false

  public init(capacity: Int = 64) {
    let size = max(capacity, 16)
    if let memory = malloc(size) {
      bytes = memory.assumingMemoryBound(to: UInt8.self)
      self.capacity = size
    } else {
      // A pointer that is never written to: capacity 0 makes every append try to grow.
      bytes = UnsafeMutablePointer<UInt8>(bitPattern: 16).unsafelyUnwrapped
      self.capacity = 0
      failed = true
    }
  }

  deinit { if capacity > 0 { free(bytes) } }

  /// Makes room for `extra` more bytes. False when there is no memory.
  @discardableResult
  public mutating func reserve(_ extra: Int) -> Bool {
    if failed { return false }
    if capacity &- count >= extra { return true }
    let (needed, overflow) = count.addingReportingOverflow(extra)
    let size = max(needed, capacity &+ capacity / 2)
    guard !overflow, size > 0, let memory = realloc(bytes, size) else {
      failed = true
      return false
    }
    bytes = memory.assumingMemoryBound(to: UInt8.self)
    capacity = size
    return true
  }

  public mutating func append(_ byte: UInt8) {
    if count == capacity && !reserve(1) { return }
    bytes[count] = byte
    count &+= 1
  }

  public mutating func append(repeating byte: UInt8, count n: Int) {
    if n <= 0 || !reserve(n) { return }
    (bytes + count).update(repeating: byte, count: n)
    count &+= n
  }

  public mutating func append(_ source: UnsafePointer<UInt8>, count n: Int) {
    if n <= 0 || !reserve(n) { return }
    (bytes + count).update(from: source, count: n)
    count &+= n
  }

  public mutating func append(_ text: StaticString) {
    append(text.utf8Start, count: text.utf8CodeUnitCount)
  }

  /// Appends what `write` puts into `bound` free bytes; it returns how many it used.
  public mutating func append(
    upTo bound: Int, _ write: (UnsafeMutablePointer<UInt8>) -> Int
  ) {
    if reserve(bound) { count &+= write(bytes + count) }
  }

  /// Counts `n` bytes that were written behind the end, into reserved room.
  public mutating func commit(_ n: Int) { count &+= n }

  /// Records that something could not be had.
  public mutating func fail() { failed = true }

  /// Drops everything from `length` on.
  public mutating func truncate(to length: Int) {
    if length < count { count = length }
  }

  /// The text as a Swift string; for tests and messages.
  public var string: String {
    String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
  }
}
