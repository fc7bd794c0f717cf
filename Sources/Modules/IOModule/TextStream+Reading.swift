import CPythonABI
import Glibc
import Objects
import SystemCalls

/// Native reading: UTF-8 chunks from which pieces are cut.
extension UnsafeMutablePointer where Pointee == TextStream {
  /// Whether any of the three line ends ends a line.
  var isUniversal: Bool { newline == .translated || newline == .universal }

  /// Reads bytes behind the chunk. False at the end of the stream. Goes over to the decoder when
  /// they are invalid; the caller checks `isNative`.
  func loadChunk() throws(Raised) -> Bool {
    pointee.hasRead = true
    // What is left moves to the front.
    if pointee.start > 0, let chunk = pointee.chunk {
      let left = pointee.end - pointee.start
      memmove(chunk, chunk + pointee.start, left)
      pointee.valid -= pointee.start
      pointee.noted = Swift.max(0, pointee.noted - pointee.start)
      pointee.end = left
      pointee.start = 0
      if left == 0 {
        pointee.isASCII = true
        pointee.hasCarriageReturn = false
      }
    }
    let wanted = pointee.end + pointee.chunkSize
    if pointee.chunkCapacity < wanted {
      let capacity = Swift.max(wanted, pointee.chunkCapacity &* 2)
      guard let memory = PyMem_Realloc(pointee.chunk, capacity) else { throw raiseNoMemory() }
      pointee.chunk = memory.bindMemory(to: UInt8.self, capacity: capacity)
      pointee.chunkCapacity = capacity
    }
    guard let chunk = pointee.chunk else { throw raiseNoMemory() }
    let got: Int
    if let reader = nativeReader {
      // The chunk stays in place: another thread reading the same text would be told it is busy.
      let memory = UnsafeMutableRawPointer.allocate(byteCount: pointee.chunkSize, alignment: 8)
      defer { memory.deallocate() }
      got = try Buffered.read1(reader, into: memory, pointee.chunkSize) ?? 0
      try append(memory, got)
    } else {
      let size = try int(pointee.chunkSize)
      let bytes = try readBytes(size.ref)
      let view = try bufferOf(bytes.ref)
      got = view.count
      if let source = view.start { try append(source, got) }
    }
    _ = chunk
    if got == 0 {
      noteNewlines(final: true)
      if pointee.valid < pointee.end {
        try leaveNative(atEnd: true)
        return true
      }
      return false
    }
    return true
  }

  private func append(_ source: UnsafeRawPointer, _ count: Int) throws(Raised) {
    let wanted = pointee.end + count
    if pointee.chunkCapacity < wanted {
      guard let memory = PyMem_Realloc(pointee.chunk, wanted) else { throw raiseNoMemory() }
      pointee.chunk = memory.bindMemory(to: UInt8.self, capacity: wanted)
      pointee.chunkCapacity = wanted
    }
    guard let chunk = pointee.chunk, count > 0 else { return }
    memcpy(chunk + pointee.end, source, count)
    pointee.end += count
    var isASCII = pointee.isASCII
    guard let valid = UTF8Check.validEnd(chunk, pointee.valid, pointee.end, &isASCII) else {
      try leaveNative(atEnd: false)
      return
    }
    pointee.isASCII = isASCII
    pointee.valid = valid
    noteNewlines(final: false)
  }

  /// What `buffer.read1` gives.
  func readBytes(_ size: Ref) throws(Raised) -> Owned {
    let buffer = try buffer()
    let name = pointee.hasRead1 ? Name.read1 : Name.read
    while true {
      if let bytes = PyObject_CallMethodOneArg(buffer, name, size) { return Owned(adopting: bytes) }
      if try !shouldRetry() { throw Raised() }
    }
  }

  func bufferOf(_ object: Ref) throws(Raised) -> BufferArgument {
    do throws(Raised) {
      return try BufferArgument(object)
    } catch {
      PyErr_Clear()
      throw raise(
        .typeError,
        "underlying \(pointee.hasRead1 ? "read1" : "read")() should have returned a bytes-like "
          + "object, not '\(object.type.fullName)'")
    }
  }

  /// Remembers the line ends of what was not looked at yet.
  private func noteNewlines(final: Bool) {
    guard isUniversal || newline == .cr || newline == .crlf, let chunk = pointee.chunk else { return }
    var index = pointee.noted
    let end = pointee.valid
    if index >= end { return }
    if memchr(chunk + index, 0x0D, end - index) == nil {
      if pointee.seen & NewlineKinds.lf.rawValue == 0,
        memchr(chunk + index, 0x0A, end - index) != nil
      {
        pointee.seen |= NewlineKinds.lf.rawValue
      }
      pointee.noted = end
      return
    }
    pointee.hasCarriageReturn = true
    while index < end {
      if chunk[index] == 0x0A { pointee.seen |= NewlineKinds.lf.rawValue }
      if chunk[index] == 0x0D {
        if index + 1 == end && !final { break }
        if index + 1 < end && chunk[index + 1] == 0x0A {
          pointee.seen |= NewlineKinds.crlf.rawValue
          index += 1
        } else {
          pointee.seen |= NewlineKinds.cr.rawValue
        }
      }
      index += 1
    }
    pointee.noted = index
  }

  /// Goes over to an incremental decoder, which gets the checked text first and then the bytes that
  /// are invalid or the incomplete character at the end. Raises what the error handler raises.
  private func leaveNative(atEnd: Bool) throws(Raised) {
    let encoding = pointee.encoding.map { Objects.text(of: $0) } ?? "utf-8"
    guard let chunk = pointee.chunk else { return }
    let start = UnsafeRawPointer(chunk).assumingMemoryBound(to: CChar.self)
    let good = try own(
      PyBytes_FromStringAndSize(start + pointee.start, pointee.valid - pointee.start))
    let rest = try own(
      PyBytes_FromStringAndSize(start + pointee.valid, pointee.end - pointee.valid))
    let all = try own(
      PyBytes_FromStringAndSize(start + pointee.start, pointee.end - pointee.start))
    try TextStream.makeDecoder(self, encoding)
    pointee.start = 0
    pointee.valid = 0
    pointee.end = 0
    pointee.noted = 0
    guard let decoder = pointee.decoder else { throw Raised() }
    let first = try decode(decoder, good.ref, final: false)
    setDecoded(first.ref.retained())
    setSnapshot(consume all, flags: 0)
    let second = try decode(decoder, rest.ref, final: atEnd)
    setDecoded(try own(PyUnicode_Concat(first.ref, second.ref)))
    let characters = apus_str_length(second.ref) + apus_str_length(first.ref)
    pointee.bytesPerCharacter =
      characters > 0
      ? Double(apus_var_size(good.ref) + apus_var_size(rest.ref)) / Double(characters) : 0
  }

  func decode(_ decoder: Ref, _ bytes: Ref, final: Bool) throws(Raised) -> Owned {
    if decoder.type == NewlineDecoder.type {
      return try NewlineDecoder.decode(decoder, bytes, final: final)
    }
    let method = try own(PyObject_GetAttr(decoder, Name.decode))
    let result = try own(call(method.ref, bytes, boolObject(final)))
    guard result.ref.isStr else {
      throw raise(
        .typeError, "decoder should return a string result, not '\(result.ref.type.fullName)'")
    }
    return result
  }

  // MARK: Cutting pieces out of the chunk

  /// The text of checked bytes.
  private func text(_ from: Int, _ count: Int) throws(Raised) -> Owned {
    guard count > 0, let chunk = pointee.chunk else { return try own(PyUnicode_New(0, 0)) }
    if pointee.isASCII {
      let result = try own(PyUnicode_New(count, 127))
      if count == 1 {
        // One-character strings are shared.
        return try own(
          PyUnicode_FromKindAndData(1, chunk + from, 1))
      }
      memcpy(apus_str_data(result.ref), chunk + from, count)
      return result
    }
    return try own(
      PyUnicode_DecodeUTF8(
        UnsafeRawPointer(chunk + from).assumingMemoryBound(to: CChar.self), count, nil))
  }

  /// Takes bytes off the front of the chunk as text, line ends translated if they are to be.
  private func take(_ count: Int) throws(Raised) -> Owned {
    let from = pointee.start
    pointee.start += count
    if newline != .translated || !pointee.hasCarriageReturn { return try text(from, count) }
    let raw = try text(from, count)
    return try Newlines.translate(raw.ref)
  }

  /// How many bytes the next `limit` characters take (a translated "\r\n" being one), and how many
  /// characters there are. A "\r" at the very end is left out unless `final`.
  private func measure(_ limit: Int, final: Bool) -> (bytes: Int, characters: Int) {
    guard let chunk = pointee.chunk else { return (0, 0) }
    let end = pointee.valid
    if pointee.isASCII && !(pointee.hasCarriageReturn && newline == .translated) {
      let count = Swift.min(limit, end - pointee.start)
      return (count, count)
    }
    var index = pointee.start
    var characters = 0
    while index < end && characters < limit {
      let byte = chunk[index]
      if byte == 0x0D && newline == .translated {
        if index + 1 == end && !final { break }
        if index + 1 < end && chunk[index + 1] == 0x0A { index += 1 }
      }
      index += byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
      characters += 1
    }
    return (Swift.min(index, end) - pointee.start, characters)
  }

  /// The end of the first line: bytes of the line, and of its end within. nil when it is not there.
  private func lineEnd(searchFrom: Int, final: Bool) -> (bytes: Int, terminator: Int)? {
    guard let chunk = pointee.chunk else { return nil }
    let start = pointee.start
    let end = pointee.valid
    if searchFrom >= end { return nil }
    func found(_ byte: UInt8, _ from: Int, _ to: Int) -> Int? {
      guard from < to, let place = memchr(chunk + from, Int32(byte), to - from) else { return nil }
      return place - UnsafeMutableRawPointer(chunk)
    }
    switch newline {
    case .lf:
      guard let at = found(0x0A, searchFrom, end) else { return nil }
      return (at + 1 - start, 1)
    case .cr:
      guard let at = found(0x0D, searchFrom, end) else { return nil }
      return (at + 1 - start, 1)
    case .crlf:
      var from = searchFrom
      while let at = found(0x0D, from, end) {
        if at + 1 < end && chunk[at + 1] == 0x0A { return (at + 2 - start, 2) }
        from = at + 1
      }
      return nil
    case .translated, .universal:
      let feed = found(0x0A, searchFrom, end)
      if pointee.hasCarriageReturn, let at = found(0x0D, searchFrom, feed ?? end) {
        if at + 1 < end { return chunk[at + 1] == 0x0A ? (at + 2 - start, 2) : (at + 1 - start, 1) }
        return final ? (at + 1 - start, 1) : nil
      }
      guard let feed else { return nil }
      return (feed + 1 - start, 1)
    }
  }

  /// The next line, of at most `limit` characters unless negative.
  private func nativeLine(_ limit: Int) throws(Raised) -> Owned {
    var searched = pointee.start
    var final = false
    while true {
      if let (bytes, terminator) = lineEnd(searchFrom: searched, final: final) {
        if limit >= 0 {
          let (most, characters) = measure(limit, final: true)
          if most < bytes || characters > limit { return try take(Swift.min(most, bytes)) }
        }
        if newline == .translated, let chunk = pointee.chunk,
          chunk[pointee.start + bytes - terminator] == 0x0D
        {
          // The line's end becomes "\n" in place.
          chunk[pointee.start + bytes - terminator] = 0x0A
          let from = pointee.start
          pointee.start += bytes
          return try text(from, bytes - terminator + 1)
        }
        let from = pointee.start
        pointee.start += bytes
        return try text(from, bytes)
      }
      if limit >= 0 {
        let (bytes, characters) = measure(limit, final: false)
        if characters >= limit { return try take(bytes) }
      }
      if final {
        return try take(pointee.valid - pointee.start)
      }
      // A "\r" may be the start of a longer line end.
      let left = pointee.valid - pointee.start
      let more = try loadChunk()
      if !pointee.isNative { return try decodedLine(limit) }
      final = !more
      searched = pointee.start + Swift.max(0, left - 1)
    }
  }

  func line(_ limit: Int) throws(Raised) -> Owned {
    try checkReadable()
    if pointee.pendingCount > 0 { try flushPending() }
    if limit == 0 { return try own(PyUnicode_New(0, 0)) }
    return try pointee.isNative ? nativeLine(limit) : decodedLine(limit)
  }

  // MARK: read()

  /// All the text that is left.
  func readAll() throws(Raised) -> Owned {
    try checkReadable()
    if pointee.pendingCount > 0 { try flushPending() }
    pointee.hasRead = true
    let buffer = try buffer()
    let bytes = try send(buffer, Name.read)
    if bytes.ref.isNone { throw raise(.blockingIOError, "Read returned None.") }
    guard pointee.isNative else {
      guard let decoder = pointee.decoder else { throw unsupported("not readable") }
      let rest = try decode(decoder, bytes.ref, final: true)
      let head = try takeDecoded(-1)
      setDecoded(nil)
      setSnapshot(nil, flags: 0)
      return try own(PyUnicode_Concat(head.ref, rest.ref))
    }
    let view = try bufferOf(bytes.ref)
    let errors = pointee.errors.flatMap { PyUnicode_AsUTF8($0) }
    let result: Owned
    if pointee.start == pointee.end {
      result = try own(
        PyUnicode_DecodeUTF8(
          view.start.map { UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self) }, view.count,
          errors))
    } else {
      let head = try text(pointee.start, pointee.valid - pointee.start)
      let tail = pointee.end - pointee.valid
      let joined = try own(PyByteArray_FromStringAndSize(nil, tail + view.count))
      if let target = PyByteArray_AsString(joined.ref), let chunk = pointee.chunk {
        memcpy(target, chunk + pointee.valid, tail)
        if let source = view.start { memcpy(target + tail, source, view.count) }
      }
      let rest = try own(
        PyUnicode_DecodeUTF8(PyByteArray_AsString(joined.ref), tail + view.count, errors))
      result = try own(PyUnicode_Concat(head.ref, rest.ref))
    }
    forgetReadAhead()
    if isUniversal {
      pointee.seen |= Newlines.kinds(result.ref).rawValue
      if newline == .translated { return try Newlines.translate(result.ref) }
    }
    return result
  }

  func read(_ size: Int) throws(Raised) -> Owned {
    try checkReadable()
    if pointee.pendingCount > 0 { try flushPending() }
    guard pointee.isNative else { return try readDecoded(size) }
    var final = false
    while true {
      let (bytes, characters) = measure(size, final: final)
      if characters >= size || final { return try take(bytes) }
      let more = try loadChunk()
      if !pointee.isNative { return try readDecoded(size) }
      final = !more
    }
  }
}

/// Checking UTF-8.
enum UTF8Check {
  /// Up to where the bytes are complete, valid UTF-8: `end`, or the start of a character that goes
  /// on behind it. nil when they are invalid. `isASCII` becomes false at the first other byte.
  static func validEnd(
    _ bytes: UnsafeMutablePointer<UInt8>, _ start: Int, _ end: Int, _ isASCII: inout Bool
  ) -> Int? {
    var index = start
    while index < end {
      while index + 8 <= end {
        let word = UnsafeRawPointer(bytes + index).loadUnaligned(as: UInt64.self)
        if word & 0x8080_8080_8080_8080 != 0 { break }
        index += 8
      }
      if index == end { return end }
      let first = bytes[index]
      if first < 0x80 {
        index += 1
        continue
      }
      isASCII = false
      let count: Int
      var low: UInt8 = 0x80
      var high: UInt8 = 0xBF
      switch first {
      case 0xC2...0xDF: count = 2
      case 0xE0: (count, low) = (3, 0xA0)
      case 0xED: (count, high) = (3, 0x9F)
      case 0xE1...0xEF: count = 3
      case 0xF0: (count, low) = (4, 0x90)
      case 0xF4: (count, high) = (4, 0x8F)
      case 0xF1...0xF3: count = 4
      default: return nil
      }
      for step in 1..<count {
        if index + step >= end { return index }
        let byte = bytes[index + step]
        if byte < low || byte > high { return nil }
        low = 0x80
        high = 0xBF
      }
      index += count
    }
    return end
  }
}
