import CPythonABI
import Glibc
import Objects

/// Memory that grows while a library writes into it, up to a limit.
struct OutputBuffer: ~Copyable {
  private(set) var start: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  /// Bytes written.
  private(set) var count = 0
  /// The most bytes there may be; negative: no limit.
  let limit: Int

  init(limit: Int = -1, capacity: Int = 32768) throws(Raised) {
    let wanted = Swift.max(1, limit >= 0 ? Swift.min(limit, capacity) : capacity)
    guard let memory = malloc(wanted) else { throw raiseNoMemory() }
    self.limit = limit
    self.capacity = limit == 0 ? 0 : wanted
    start = memory.assumingMemoryBound(to: UInt8.self)
  }

  deinit { free(start) }

  /// Whether no more may be written.
  var isFull: Bool { limit >= 0 && count >= limit }

  /// Where to write next.
  var next: UnsafeMutablePointer<UInt8> { start + count }

  /// How much there is room for, as the libraries count.
  var room: UInt32 { UInt32(clamping: capacity - count) }

  /// Makes room when there is none. False when the limit is reached.
  mutating func makeRoom() throws(Raised) -> Bool {
    if count < capacity { return true }
    if isFull { return false }
    let (double, overflow) = capacity.multipliedReportingOverflow(by: 2)
    let wanted = limit >= 0 ? Swift.min(double, limit) : double
    guard !overflow, let memory = realloc(start, wanted) else { throw raiseNoMemory() }
    start = memory.assumingMemoryBound(to: UInt8.self)
    capacity = wanted
    return true
  }

  /// Counts what the library has written, given the room it left.
  mutating func advance(room before: UInt32, left: UInt32) { count += Int(before) - Int(left) }

  /// The bytes written.
  func bytes() throws(Raised) -> Owned {
    try own(
      PyBytes_FromStringAndSize(
        UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self), count))
  }
}
