import CPythonABI
import Glibc
import Objects
import SystemCalls

/// Reading with an incremental decoder.
extension UnsafeMutablePointer where Pointee == TextStream {
  /// Takes up to `count` characters (all when negative) of the decoded chunk.
  func takeDecoded(_ count: Int) throws(Raised) -> Owned {
    guard let decoded = pointee.decoded else { return try own(PyUnicode_New(0, 0)) }
    let available = apus_str_length(decoded) - pointee.decodedUsed
    let wanted = count < 0 ? available : Swift.min(count, available)
    let from = pointee.decodedUsed
    pointee.decodedUsed += wanted
    if from == 0 && wanted == apus_str_length(decoded) { return decoded.retained() }
    return try own(PyUnicode_Substring(decoded, from, from + wanted))
  }

  /// Decodes the next chunk. False at the end of the stream.
  func decodeChunk(_ hint: Int = 0) throws(Raised) -> Bool {
    guard let decoder = pointee.decoder else { throw unsupported("not readable") }
    pointee.hasRead = true
    var flags: UInt64 = 0
    var before: Owned?
    if pointee.isTelling {
      let (bytes, state) = try decoderState(decoder)
      before = .some(Owned(adopting: bytes))
      flags = state
    }
    let wanted =
      hint > 0
      ? Swift.max(pointee.chunkSize, Int(Swift.max(pointee.bytesPerCharacter, 1) * Double(hint)))
      : pointee.chunkSize
    let size = try int(wanted)
    let input = try readBytes(size.ref)
    let view = try bufferOf(input.ref)
    let count = view.count
    let isEnd = count == 0
    let text = try decode(decoder, input.ref, final: isEnd)
    let characters = apus_str_length(text.ref)
    setDecoded(consume text)
    pointee.bytesPerCharacter = characters > 0 ? Double(count) / Double(characters) : 0
    if let before = before.take() {
      let bytes = try own(
        PyBytes_FromStringAndSize(
          view.start.map { UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self) }, count))
      setSnapshot(try own(PySequence_Concat(before.ref, bytes.ref)), flags: flags)
    }
    return !isEnd || characters > 0
  }

  /// `decoder.getstate()`: a new reference to the bytes, and the flags.
  func decoderState(_ decoder: Ref) throws(Raised) -> (Ref, UInt64) {
    let state = try send(decoder, Name.getstate)
    guard state.ref.isTuple, apus_var_size(state.ref) == 2 else {
      throw raise(.typeError, "illegal decoder state")
    }
    let bytes = apus_tuple_item(state.ref, 0)
    guard bytes.isBytes else {
      throw raise(
        .typeError,
        "illegal decoder state: the first item should be a bytes object, not '\(bytes.type.fullName)'")
    }
    let flags = PyLong_AsUnsignedLongLong(apus_tuple_item(state.ref, 1))
    if flags == .max && hasRaised() { throw Raised() }
    return (bytes.retained().give(), flags)
  }

  func readDecoded(_ size: Int) throws(Raised) -> Owned {
    var result = try takeDecoded(size)
    var left = size - apus_str_length(result.ref)
    while left > 0 {
      if try !decodeChunk(left) { break }
      let more = try takeDecoded(left)
      left -= apus_str_length(more.ref)
      result = try own(PyUnicode_Concat(result.ref, more.ref))
    }
    return result
  }

  /// The characters up to and with the first line end from `from` on; nil when there is none.
  private func decodedLineEnd(_ text: Ref, from: Int) -> Int? {
    let length = apus_str_length(text)
    switch newline {
    case .translated, .lf:
      return Newlines.find(text, 0x0A, from: from).map { $0 + 1 }
    case .cr:
      return Newlines.find(text, 0x0D, from: from).map { $0 + 1 }
    case .crlf:
      var at = from
      while let found = Newlines.find(text, 0x0D, from: at) {
        if found + 1 < length
          && apus_str_read(apus_str_kind(text), apus_str_data(text), found + 1) == 0x0A
        {
          return found + 2
        }
        at = found + 1
      }
      return nil
    case .universal:
      let feed = Newlines.find(text, 0x0A, from: from)
      guard let turn = Newlines.find(text, 0x0D, from: from), turn < feed ?? length else {
        return feed.map { $0 + 1 }
      }
      return turn + 1 == feed ? turn + 2 : turn + 1
    }
  }

  func decodedLine(_ limit: Int) throws(Raised) -> Owned {
    // What earlier chunks had of the line.
    var head: Ref?
    defer { Py_XDECREF(head) }
    while true {
      if pointee.decoded.map({ apus_str_length($0) <= pointee.decodedUsed }) ?? true {
        let more: Bool
        repeat { more = try decodeChunk() } while false
        if !more {
          setDecoded(nil)
          setSnapshot(nil, flags: 0)
          if let head { return head.retained() }
          return try own(PyUnicode_New(0, 0))
        }
        continue
      }
      guard let decoded = pointee.decoded else { continue }
      let from = pointee.decodedUsed
      if let before = head {
        // A line end may lie across the two ("\r" and "\n").
        let rest = try own(PyUnicode_Substring(decoded, from, apus_str_length(decoded)))
        let offset = apus_str_length(before)
        let text = try own(PyUnicode_Concat(before, rest.ref))
        if let found = decodedLineEnd(text.ref, from: Swift.max(0, offset - 1)) {
          let end = limit >= 0 ? Swift.min(found, limit) : found
          pointee.decodedUsed = from + end - offset
          return try own(PyUnicode_Substring(text.ref, 0, end))
        }
        if limit >= 0 && apus_str_length(text.ref) >= limit {
          pointee.decodedUsed = from + limit - offset
          return try own(PyUnicode_Substring(text.ref, 0, limit))
        }
        pointee.decodedUsed = apus_str_length(decoded)
        head = text.give()
        Py_DECREF(before)
      } else {
        if let found = decodedLineEnd(decoded, from: from) {
          let end = limit >= 0 ? Swift.min(found, from + limit) : found
          pointee.decodedUsed = end
          return try own(PyUnicode_Substring(decoded, from, end))
        }
        if limit >= 0 && apus_str_length(decoded) - from >= limit {
          pointee.decodedUsed = from + limit
          return try own(PyUnicode_Substring(decoded, from, from + limit))
        }
        head = try own(PyUnicode_Substring(decoded, from, apus_str_length(decoded))).give()
        pointee.decodedUsed = apus_str_length(decoded)
      }
    }
  }
}
