import CPythonABI
import Glibc
import Objects

/// Where the bytes come from.
extension Unpickler {
  func releaseInput() {
    if own.pointee.view.obj != nil {
      PyBuffer_Release(&own.pointee.view)
      own.pointee.view.obj = nil
    }
    own.pointee.input = nil
    own.pointee.inputSize = 0
  }

  /// Reads on in a bytes-like object.
  func setInput(_ object: Ref) throws(Raised) {
    releaseInput()
    if PyObject_GetBuffer(object, &own.pointee.view, PyBUF_CONTIG_RO) < 0 {
      own.pointee.view.obj = nil
      throw Raised()
    }
    own.pointee.input = UnsafePointer(
      own.pointee.view.buf?.assumingMemoryBound(to: UInt8.self))
    own.pointee.inputSize = own.pointee.view.len
    own.pointee.next = 0
    own.pointee.prefetched = own.pointee.inputSize
  }

  static func raiseTruncated() -> Raised {
    PickleState.raiseUnpickling("pickle data was truncated")
  }

  /// Moves the file on over what was only peeked at and has been used.
  func skipConsumed() throws(Raised) {
    let consumed = own.pointee.next - own.pointee.prefetched
    if consumed <= 0 { return }
    guard let read = own.pointee.read else { return }
    let method = read.retained()
    let count = try int(consumed)
    _ = try Objects.own(PyObject_CallOneArg(method.ref, count.ref))
    own.pointee.prefetched = own.pointee.next
  }

  /// Gets more from the file: a line when `wanted` is nil. The number of bytes there are now.
  private func refill(_ wanted: Int?) throws(Raised) -> Int {
    try skipConsumed()
    let data: Owned
    if let wanted {
      if let peek = own.pointee.peek, wanted < Format.prefetch {
        let method = peek.retained()
        let count = try int(Format.prefetch)
        if let peeked = PyObject_CallOneArg(method.ref, count.ref) {
          let piece = Owned(adopting: peeked)
          try setInput(piece.ref)
          own.pointee.prefetched = 0
          if wanted <= own.pointee.inputSize { return own.pointee.inputSize }
        } else {
          guard PyErr_ExceptionMatches(.notImplementedError) != 0 else { throw Raised() }
          // The file has the method but cannot.
          PyErr_Clear()
          clearReference(&own.pointee.peek)
        }
      }
      guard let read = own.pointee.read else { throw Self.raiseTruncated() }
      let method = read.retained()
      let count = try int(wanted)
      data = try Objects.own(PyObject_CallOneArg(method.ref, count.ref))
    } else {
      guard let readLine = own.pointee.readLine else { throw Self.raiseTruncated() }
      let method = readLine.retained()
      data = try Objects.own(PyObject_CallNoArgs(method.ref))
    }
    try setInput(data.ref)
    return own.pointee.inputSize
  }

  /// The next `count` bytes, valid until the next read. UnpicklingError when there are fewer.
  @inline(__always)
  func read(_ count: Int) throws(Raised) -> UnsafePointer<UInt8> {
    let next = own.pointee.next
    if count <= own.pointee.inputSize &- next, let input = own.pointee.input {
      own.pointee.next = next &+ count
      return input + next
    }
    return try readMore(count)
  }

  @inline(never)
  private func readMore(_ count: Int) throws(Raised) -> UnsafePointer<UInt8> {
    if count == 0 {
      return own.pointee.input
        ?? UnsafeRawPointer(emptyTuple()).assumingMemoryBound(to: UInt8.self)
    }
    guard own.pointee.read != nil else { throw Self.raiseTruncated() }
    // What is left of the buffer was got from the file already; only peeked input is read anew.
    let rest = own.pointee.inputSize - own.pointee.next
    if rest > 0 && own.pointee.prefetched >= own.pointee.inputSize {
      throw Self.raiseTruncated()
    }
    let got = try refill(count)
    guard got >= count, let input = own.pointee.input else { throw Self.raiseTruncated() }
    own.pointee.next = count
    return input
  }

  /// Copies the next bytes to `place`: large ones straight from the file.
  func read(into place: UnsafeMutablePointer<UInt8>, _ count: Int) throws(Raised) {
    var place = place
    var count = count
    let rest = Swift.min(own.pointee.inputSize - own.pointee.next, count)
    if rest > 0, let input = own.pointee.input {
      memcpy(place, input + own.pointee.next, rest)
      own.pointee.next += rest
      place += rest
      count -= rest
    }
    if count == 0 { return }
    guard let read = own.pointee.read else { throw Self.raiseTruncated() }
    try skipConsumed()
    guard let readInto = own.pointee.readInto else {
      let method = read.retained()
      let wanted = try int(count)
      let data = try Objects.own(PyObject_CallOneArg(method.ref, wanted.ref))
      guard data.ref.isBytes else {
        throw raise(.valueError, "read() returned non-bytes object (\(try shown(data.ref)))")
      }
      if apus_var_size(data.ref) < count { throw Self.raiseTruncated() }
      memcpy(place, apus_bytes_data(data.ref), count)
      return
    }
    let method = readInto.retained()
    let view = try Objects.own(
      PyMemoryView_FromMemory(
        UnsafeMutableRawPointer(place).assumingMemoryBound(to: CChar.self), count, PyBUF_WRITE))
    let answer = try Objects.own(PyObject_CallOneArg(method.ref, view.ref))
    let got = PyLong_AsSsize_t(answer.ref)
    if got < 0 {
      if hasRaised() { throw Raised() }
      throw raise(.valueError, "readinto() returned negative size")
    }
    if got < count { throw Self.raiseTruncated() }
  }

  /// The rest of the line with its end, in memory of its own that ends with a NUL, valid until the
  /// next line; and its length. UnpicklingError when there is no line end.
  func readLine() throws(Raised) -> (UnsafeMutablePointer<UInt8>, Int) {
    if let input = own.pointee.input {
      let rest = own.pointee.inputSize - own.pointee.next
      if rest > 0, let end = memchr(input + own.pointee.next, 10, rest) {
        let start = input + own.pointee.next
        let count = UnsafeRawPointer(end) - UnsafeRawPointer(start) + 1
        own.pointee.next += count
        return (try keepLine(start, count), count)
      }
    }
    guard own.pointee.read != nil else { throw Self.raiseTruncated() }
    let count = try refill(nil)
    guard count > 0, let input = own.pointee.input, input[count - 1] == 10 else {
      throw Self.raiseTruncated()
    }
    own.pointee.next = count
    return (try keepLine(input, count), count)
  }

  private func keepLine(
    _ start: UnsafePointer<UInt8>, _ count: Int
  ) throws(Raised) -> UnsafeMutablePointer<UInt8> {
    guard let memory = PyMem_Realloc(own.pointee.line, count + 1) else { throw raiseNoMemory() }
    let line = memory.assumingMemoryBound(to: UInt8.self)
    memcpy(line, start, count)
    line[count] = 0
    own.pointee.line = line
    return line
  }
}
