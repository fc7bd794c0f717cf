import CPythonABI
import Glibc

/// A bytes object under construction.
public struct ByteWriter: ~Copyable {
  private var object: Ref?
  /// Where the content starts.
  private var base: UnsafeMutablePointer<UInt8>
  public private(set) var count = 0
  private var capacity = 0

  public init(capacity: Int) throws(Raised) {
    let size = Swift.max(capacity, 16)
    let object = try own(PyBytes_FromStringAndSize(nil, size))
    base = apus_bytes_data(object.ref)
    self.object = object.give()
    self.capacity = size
  }

  deinit { Py_XDECREF(object) }

  /// Makes room for `more` bytes; afterwards `unchecked` may be called that often.
  @inline(__always)
  mutating func reserve(_ more: Int) throws(Raised) {
    if more > capacity &- count { try grow(more) }
  }

  @inline(never)
  private mutating func grow(_ more: Int) throws(Raised) {
    let (needed, overflow) = count.addingReportingOverflow(more)
    if overflow || needed > Int.max / 2 { throw raiseNoMemory() }
    let size = needed + needed / 4 + 16
    if _PyBytes_Resize(&object, size) < 0 { throw Raised() }
    guard let object else { throw Raised() }
    base = apus_bytes_data(object)
    capacity = size
  }

  /// Room of `size` bytes at the end, to be filled by the caller at once.
  @inline(__always)
  public mutating func extend(by size: Int) throws(Raised) -> UnsafeMutablePointer<UInt8> {
    try reserve(size)
    let place = base + count
    count &+= size
    return place
  }

  @inline(__always)
  public mutating func append(_ byte: UInt8) throws(Raised) {
    try reserve(1)
    base[count] = byte
    count &+= 1
  }

  public mutating func append(_ bytes: UnsafePointer<UInt8>, _ size: Int) throws(Raised) {
    if size <= 0 { return }
    try reserve(size)
    memcpy(base + count, bytes, size)
    count &+= size
  }

  mutating func append(_ text: StaticString) throws(Raised) {
    try append(text.utf8Start, text.utf8CodeUnitCount)
  }

  /// The finished bytes object.
  public consuming func finish() throws(Raised) -> Owned {
    if count <= 1 { return Owned(adopting: count == 0 ? apus_bytes_empty() : apus_bytes_of(base[0])) }
    if count != capacity && _PyBytes_Resize(&object, count) < 0 { throw Raised() }
    guard let result = object else { throw Raised() }
    object = nil
    return Owned(adopting: result)
  }
}
