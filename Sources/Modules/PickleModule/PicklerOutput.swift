import CPythonABI
import Glibc
import Objects

/// The output buffer and the frames of protocol 4.
extension Pickler {
  /// An empty buffer.
  func startOutput() throws(Raised) {
    let fresh = try Objects.own(PyBytes_FromStringAndSize(nil, Format.writeBuffer))
    own.pointee.count = 0
    own.pointee.capacity = Format.writeBuffer
    own.pointee.frameStart = -1
    replaceReference(&own.pointee.output, fresh.give())
  }

  @inline(__always)
  private var data: UnsafeMutablePointer<UInt8> {
    apus_bytes_data(own.pointee.output.unsafelyUnwrapped)
  }

  /// Where the next `size` bytes go; the caller adds what it wrote to `count`.
  @inline(__always)
  func room(_ size: Int) throws(Raised) -> UnsafeMutablePointer<UInt8> {
    if own.pointee.framing != 0 && own.pointee.frameStart < 0 { try openFrame() }
    if own.pointee.capacity &- own.pointee.count < size { try grow(size) }
    return data + own.pointee.count
  }

  @inline(never)
  private func grow(_ size: Int) throws(Raised) {
    let (needed, overflow) = own.pointee.count.addingReportingOverflow(size)
    if overflow || needed >= Int.max / 2 { throw raiseNoMemory() }
    let capacity = Swift.max(needed / 2 * 3, Format.writeBuffer)
    guard own.pointee.output != nil else {
      own.pointee.output = try Objects.own(PyBytes_FromStringAndSize(nil, capacity)).give()
      own.pointee.capacity = capacity
      return
    }
    if _PyBytes_Resize(&own.pointee.output, capacity) < 0 {
      own.pointee.count = 0
      own.pointee.capacity = 0
      throw Raised()
    }
    own.pointee.capacity = capacity
  }

  @inline(__always)
  func write(_ byte: UInt8) throws(Raised) {
    try room(1).pointee = byte
    own.pointee.count &+= 1
  }

  func write(_ bytes: UnsafeRawPointer, _ size: Int) throws(Raised) {
    memcpy(try room(size), bytes, size)
    own.pointee.count &+= size
  }

  /// Writes ASCII text, of which there is only in protocol 0.
  func write(_ text: String) throws(Raised) {
    for byte in text.utf8 { try write(byte) }
  }

  // MARK: Frames

  @inline(never)
  private func openFrame() throws(Raised) {
    if own.pointee.capacity - own.pointee.count < Format.frameHeader {
      try grow(Format.frameHeader)
    }
    own.pointee.frameStart = own.pointee.count
    own.pointee.count += Format.frameHeader
  }

  /// Ends the open frame: its length into the header, or no header if it is not worth one.
  func closeFrame() throws(Raised) {
    let start = own.pointee.frameStart
    if own.pointee.framing == 0 || start < 0 { return }
    own.pointee.frameStart = -1
    let header = data + start
    let size = own.pointee.count - start - Format.frameHeader
    if size >= Format.smallestFrame {
      header[0] = Opcode.frame
      Self.store(UInt64(size), header + 1)
    } else {
      memmove(header, header + Format.frameHeader, size)
      own.pointee.count -= Format.frameHeader
    }
  }

  @inline(__always)
  static func store<T: FixedWidthInteger>(_ value: T, _ place: UnsafeMutablePointer<UInt8>) {
    UnsafeMutableRawPointer(place).storeBytes(of: value.littleEndian, as: T.self)
  }

  /// Between two values: a frame that is long enough ends, and goes to the file.
  @inline(__always)
  func commitFrame() throws(Raised) {
    if own.pointee.framing == 0 || own.pointee.frameStart < 0 { return }
    if own.pointee.count &- own.pointee.frameStart &- Format.frameHeader < Format.frameTarget {
      return
    }
    try commitLongFrame()
  }

  @inline(never)
  private func commitLongFrame() throws(Raised) {
    try closeFrame()
    if own.pointee.write != nil {
      try flush()
      try startOutput()
    }
  }

  /// What was written, as bytes; leaves no buffer.
  func takeOutput() throws(Raised) -> Owned {
    try closeFrame()
    let size = own.pointee.count
    own.pointee.count = 0
    own.pointee.capacity = 0
    guard let output = own.pointee.output else { return apus_bytes_empty().retained() }
    if size <= Format.writeBuffer / 2 {
      let result = try Objects.own(
        PyBytes_FromStringAndSize(
          UnsafeRawPointer(apus_bytes_data(output)).assumingMemoryBound(to: CChar.self), size))
      clearReference(&own.pointee.output)
      return result
    }
    if _PyBytes_Resize(&own.pointee.output, size) < 0 { throw Raised() }
    guard let result = own.pointee.output else { throw Raised() }
    own.pointee.output = nil
    return Owned(adopting: result)
  }

  func flush() throws(Raised) {
    guard let write = own.pointee.write else { return }
    let method = write.retained()
    let output = try takeOutput()
    _ = try Objects.own(PyObject_CallOneArg(method.ref, output.ref))
  }

  /// Writes an instruction with much data. Large data goes around buffer and frames; `payload` is
  /// the data as an object, when there is one that a file may be given.
  func write(
    _ header: UnsafePointer<UInt8>, _ headerSize: Int, _ bytes: UnsafeRawPointer?, _ size: Int,
    payload: Ref?
  ) throws(Raised) {
    if size < Format.frameTarget {
      let place = try room(headerSize + size)
      memcpy(place, header, headerSize)
      if let bytes, size > 0 { memcpy(place + headerSize, bytes, size) }
      own.pointee.count &+= headerSize + size
      return
    }
    try closeFrame()
    let framing = own.pointee.framing
    own.pointee.framing = 0
    defer { own.pointee.framing = framing }
    try write(header, headerSize)
    guard let bytes else { return }
    guard let file = own.pointee.write else { return try write(bytes, size) }
    let method = file.retained()
    try flush()
    let whole: Owned
    if let payload {
      whole = payload.retained()
    } else {
      whole = try Objects.own(
        PyBytes_FromStringAndSize(bytes.assumingMemoryBound(to: CChar.self), size))
    }
    _ = try Objects.own(PyObject_CallOneArg(method.ref, whole.ref))
    try startOutput()
  }
}
