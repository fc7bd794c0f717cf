import CPythonABI
import Glibc
import Objects
import SystemCalls

/// Writing: text is encoded into `pending`, which goes to the byte stream when it is full.
extension UnsafeMutablePointer where Pointee == TextStream {
  private func reserve(_ more: Int) throws(Raised) -> UnsafeMutablePointer<UInt8> {
    let wanted = pointee.pendingCount + more
    if wanted > pointee.pendingCapacity || pointee.pending == nil {
      let capacity = Swift.max(wanted, Swift.min(pointee.chunkSize &+ 256, 1 << 20))
      guard let memory = PyMem_Realloc(pointee.pending, capacity) else { throw raiseNoMemory() }
      pointee.pending = memory.bindMemory(to: UInt8.self, capacity: capacity)
      pointee.pendingCapacity = capacity
    }
    guard let pending = pointee.pending else { throw raiseNoMemory() }
    return pending + pointee.pendingCount
  }

  private func add(_ source: UnsafeRawPointer, _ count: Int) throws(Raised) {
    if count == 0 { return }
    // The byte stream may write to this one.
    while pointee.pendingCount + count > pointee.chunkSize && pointee.pendingCount > 0 {
      try flushPending()
    }
    memcpy(try reserve(count), source, count)
    pointee.pendingCount += count
  }

  /// Hands what is pending to the byte stream.
  func flushPending() throws(Raised) {
    guard pointee.pendingCount > 0, let memory = pointee.pending else { return }
    let buffer = try buffer()
    let count = pointee.pendingCount
    // Another thread may write meanwhile, to memory of its own.
    let capacity = pointee.pendingCapacity
    pointee.pending = nil
    pointee.pendingCount = 0
    pointee.pendingCapacity = 0
    defer {
      if pointee.pending == nil {
        pointee.pending = memory
        pointee.pendingCapacity = capacity
      } else {
        PyMem_Free(memory)
      }
    }
    if let writer = nativeWriter {
      try writer.checkReady()
      try writer.checkOpen("write to closed file")
      try Buffered.write(writer, memory, count)
      return
    }
    let bytes = try own(
      PyBytes_FromStringAndSize(
        UnsafeRawPointer(memory).assumingMemoryBound(to: CChar.self), count))
    while true {
      if let result = PyObject_CallMethodOneArg(buffer, Name.write, bytes.ref) {
        Py_DECREF(result)
        return
      }
      if try !shouldRetry() { throw Raised() }
    }
  }

  /// Encodes text behind what is pending.
  private func encode(_ text: Ref) throws(Raised) {
    let kind = encoderKind
    let length = apus_str_length(text)
    if kind != .object && apus_str_is_ascii(text) != 0 {
      try add(apus_str_data(text), length)
      return
    }
    if kind == .latin1 && apus_str_kind(text) == 1 {
      try add(apus_str_data(text), length)
      return
    }
    if kind == .utf8 && length < 4096 {
      // Straight into the buffer; a lone surrogate is left to the error handler.
      while pointee.pendingCount + length * 4 > pointee.chunkSize && pointee.pendingCount > 0 {
        try flushPending()
      }
      let target = try reserve(length * 4)
      if let count = Self.encode(text, into: target) {
        pointee.pendingCount += count
        return
      }
    }
    let bytes: Owned
    if kind == .object {
      guard let encoder = pointee.encoder else { throw unsupported("not writable") }
      bytes = try send(encoder, Name.encode, text)
    } else {
      let name: StaticString = kind == .utf8 ? "utf-8" : kind == .ascii ? "ascii" : "latin-1"
      let errors = pointee.errors.flatMap { PyUnicode_AsUTF8($0) }
      bytes = try own(PyUnicode_AsEncodedString(text, cString(name), errors))
    }
    guard bytes.ref.isBytes else {
      throw raise(
        .typeError,
        "encoder should return a bytes object, not '\(bytes.ref.type.fullName)'")
    }
    try add(apus_bytes_data(bytes.ref), apus_var_size(bytes.ref))
  }

  /// UTF-8 of a text; nil when it has a lone surrogate.
  private static func encode(_ text: Ref, into start: UnsafeMutablePointer<UInt8>) -> Int? {
    let (kind, data, length) = (apus_str_kind(text), apus_str_data(text), apus_str_length(text))
    var target = start
    for index in 0..<length {
      let character = apus_str_read(kind, data, index)
      if character < 0x80 {
        target[0] = UInt8(truncatingIfNeeded: character)
        target += 1
      } else if character < 0x800 {
        target[0] = UInt8(truncatingIfNeeded: 0xC0 | character >> 6)
        target[1] = UInt8(truncatingIfNeeded: 0x80 | character & 0x3F)
        target += 2
      } else if character < 0x10000 {
        if character >= 0xD800 && character <= 0xDFFF { return nil }
        target[0] = UInt8(truncatingIfNeeded: 0xE0 | character >> 12)
        target[1] = UInt8(truncatingIfNeeded: 0x80 | character >> 6 & 0x3F)
        target[2] = UInt8(truncatingIfNeeded: 0x80 | character & 0x3F)
        target += 3
      } else {
        target[0] = UInt8(truncatingIfNeeded: 0xF0 | character >> 18)
        target[1] = UInt8(truncatingIfNeeded: 0x80 | character >> 12 & 0x3F)
        target[2] = UInt8(truncatingIfNeeded: 0x80 | character >> 6 & 0x3F)
        target[3] = UInt8(truncatingIfNeeded: 0x80 | character & 0x3F)
        target += 4
      }
    }
    return target - start
  }

  func write(_ text: Ref) throws(Raised) {
    try checkOpen()
    if encoderKind == .none { throw unsupported("not writable") }
    let translates = newline == .cr || newline == .crlf
    let hasNewline =
      (translates || pointee.lineBuffering != 0) && Newlines.find(text, 0x0A) != nil
    let flushes =
      pointee.lineBuffering != 0 && (hasNewline || Newlines.find(text, 0x0D) != nil)
    if hasNewline && translates {
      let replaced = try Newlines.replace(text, by: newline == .cr ? "\r" : "\r\n")
      try encode(replaced.ref)
    } else {
      try encode(text)
    }
    if pointee.pendingCount >= pointee.chunkSize || flushes || pointee.writeThrough != 0 {
      try flushPending()
    }
    if flushes { _ = try send(buffer(), Name.flush).ref }
    if pointee.canRead {
      if pointee.isTelling { forgetReadAhead() }
      if let decoder = pointee.decoder { _ = try send(decoder, Name.reset).ref }
    }
  }
}
