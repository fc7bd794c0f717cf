import CPythonABI
import Glibc
import Objects
import SystemCalls

/// A position in a text stream as one int, laid out as CPython's:
///
///     bits   0–63   where in the byte stream decoding starts
///     bits  64–127  the decoder's flags there
///     bits 128–191  how many bytes to feed
///     bits 192–255  how many characters to skip then
///     bit  256      whether to tell the decoder that the stream ends
///
/// CPython: Modules/_io/textio.c, cookie_type.
struct TextCookie {
  var position: UInt64 = 0
  var flags: UInt64 = 0
  var bytes: UInt64 = 0
  var characters: UInt64 = 0
  var isEnd = false

  init() {}

  init(_ number: Ref) throws(Raised) {
    let long = try own(PyNumber_Index(number))
    let memory = UnsafeMutablePointer<UInt64>.allocate(capacity: 5)
    memory.initialize(repeating: 0, count: 5)
    defer { memory.deallocate() }
    // Little-endian, not negative.
    let size = PyLong_AsNativeBytes(long.ref, memory, 40, 1 | 4 | 8)
    if size < 0 { throw Raised() }
    if size > 40 { throw raise(.overflowError, "Python int too large to convert to a stream position") }
    position = memory[0]
    flags = memory[1]
    bytes = memory[2]
    characters = memory[3]
    isEnd = memory[4] != 0
  }

  func object() throws(Raised) -> Owned {
    if flags == 0 && bytes == 0 && characters == 0 && !isEnd {
      return try own(PyLong_FromUnsignedLongLong(position))
    }
    let memory = UnsafeMutablePointer<UInt64>.allocate(capacity: 5)
    defer { memory.deallocate() }
    memory[0] = position
    memory[1] = flags
    memory[2] = bytes
    memory[3] = characters
    memory[4] = isEnd ? 1 : 0
    return try own(PyLong_FromUnsignedNativeBytes(memory, 40, 1))
  }
}

extension TextStream {
  // MARK: tell

  static let tell: Method = .noargs("tell($self, /)", "Return the stream position as an opaque number.") { object, _ in
    new {
      let text = object.view(TextStream.self)
      try text.checkOpen()
      if !text.pointee.isSeekable { throw unsupported("underlying stream is not seekable") }
      if !text.pointee.isTelling {
        throw raise(.osError, "telling position disabled by next() call")
      }
      try text.flushPending()
      _ = try send(object, Name.flush).ref
      let answer = try send(text.buffer(), Name.tell)
      if text.pointee.isNative {
        let ahead = text.pointee.end - text.pointee.start
        if ahead == 0 { return answer }
        let count = try int(ahead)
        return try own(PyNumber_Subtract(answer.ref, count.ref))
      }
      guard let decoder = text.pointee.decoder, let input = text.pointee.snapshotInput else {
        return answer
      }
      var cookie = try TextCookie(answer.ref)
      cookie.position &-= UInt64(apus_var_size(input))
      cookie.flags = text.pointee.snapshotFlags
      let skip = text.pointee.decodedUsed
      if skip == 0 || text.pointee.decoded == nil { return try cookie.object() }
      let saved = try send(decoder, Name.getstate)
      do throws(Raised) {
        let result = try reconstruct(text, decoder, input.retained(), cookie, skip)
        _ = try send(decoder, Name.setstate, saved.ref).ref
        return result
      } catch {
        let pending = PyErr_GetRaisedException()
        if let result = PyObject_CallMethodOneArg(decoder, Name.setstate, saved.ref) {
          Py_DECREF(result)
        } else {
          PyErr_Clear()
        }
        PyErr_SetRaisedException(pending)
        throw error
      }
    }
  }

  private static func setState(_ decoder: Ref, flags: UInt64) throws(Raised) {
    let state = try tuple(
      own(PyBytes_FromStringAndSize(nil, 0)), own(PyLong_FromUnsignedLongLong(flags)))
    _ = try send(decoder, Name.setstate, state.ref).ref
  }

  /// Finds a place near the position where the decoder holds nothing, and what leads from there to
  /// the position.
  private static func reconstruct(
    _ text: TextRef, _ decoder: Ref, _ input: consuming Owned, _ start: TextCookie, _ skipped: Int
  ) throws(Raised) -> Owned {
    var cookie = start
    var skip = skipped
    let count = apus_var_size(input.ref)
    let data = UnsafeRawPointer(apus_bytes_data(input.ref)).assumingMemoryBound(to: CChar.self)
    func feed(_ from: Int, _ size: Int) throws(Raised) -> Int {
      let piece = try own(PyBytes_FromStringAndSize(data + from, size))
      let decoded = try text.decode(decoder, piece.ref, final: false)
      return apus_str_length(decoded.ref)
    }
    // A guess by the mean size of a character, shortened until it is not too far.
    var guess = Swift.min(count, Int(text.pointee.bytesPerCharacter * Double(skip)))
    var back = 1
    while guess > 0 {
      try setState(decoder, flags: cookie.flags)
      let characters = try feed(0, guess)
      if characters <= skip {
        let (held, flags) = try text.decoderState(decoder)
        let heldCount = apus_var_size(held)
        Py_DECREF(held)
        if heldCount == 0 {
          cookie.flags = flags
          skip -= characters
          break
        }
        guess -= heldCount
        back = 1
      } else {
        guess -= back
        back *= 2
      }
    }
    if guess <= 0 {
      guess = 0
      try setState(decoder, flags: cookie.flags)
    }
    cookie.position &+= UInt64(guess)
    cookie.characters = UInt64(skip)
    if skip == 0 { return try cookie.object() }
    // Byte by byte from there.
    var fed = 0
    var characters = 0
    var index = guess
    while index < count {
      fed += 1
      characters += try feed(index, 1)
      index += 1
      let (held, flags) = try text.decoderState(decoder)
      let isEmpty = apus_var_size(held) == 0
      Py_DECREF(held)
      if isEmpty && characters <= skip {
        // A place to start from.
        cookie.position &+= UInt64(fed)
        skip -= characters
        cookie.flags = flags
        fed = 0
        characters = 0
      }
      if characters >= skip { break }
    }
    if characters < skip {
      let empty = try own(PyBytes_FromStringAndSize(nil, 0))
      let decoded = try text.decode(decoder, empty.ref, final: true)
      characters += apus_str_length(decoded.ref)
      cookie.isEnd = true
      if characters < skip {
        throw raise(.osError, "can't reconstruct logical file position")
      }
    }
    cookie.bytes = UInt64(fed)
    cookie.characters = UInt64(skip)
    return try cookie.object()
  }

  // MARK: seek

  /// The encoder starts anew at the beginning of the stream, else in its middle.
  private static func resetEncoder(_ text: TextRef, atStart: Bool) throws(Raised) {
    guard let encoder = text.pointee.encoder else { return }
    if atStart {
      _ = try send(encoder, Name.reset).ref
    } else {
      let zero = try int(0)
      _ = try send(encoder, Name.setstate, zero.ref).ref
    }
  }

  static let seek: Method = .fast(
    "seek($self, cookie, whence=os.SEEK_SET, /)",
    """
    Set the stream position, and return the new stream position.

    From the start (whence 0) it is zero or a number that tell() gave; otherwise zero: the current
    position (1) or the end (2).
    """
  ) { object, args, count in
    new {
      let a = try Arguments(seek, args, count)
      let whence = try a.int32(1)
      let text = object.view(TextStream.self)
      try text.checkOpen()
      if !text.pointee.isSeekable { throw unsupported("underlying stream is not seekable") }
      let buffer = try text.buffer()
      let zero = try int(0)
      var cookie = a.object(0).retained()
      switch whence {
      case 0: break
      case 1:
        if try check(PyObject_RichCompareBool(cookie.ref, zero.ref, Py_EQ)) == 0 {
          throw unsupported("can't do nonzero cur-relative seeks")
        }
        // Seeking to the current position brings the byte stream there too.
        cookie = try send(object, Name.tell)
      case 2:
        if try check(PyObject_RichCompareBool(cookie.ref, zero.ref, Py_EQ)) == 0 {
          throw unsupported("can't do nonzero end-relative seeks")
        }
        _ = try send(object, Name.flush).ref
        text.forgetReadAhead()
        if let decoder = text.pointee.decoder { _ = try send(decoder, Name.reset).ref }
        let method = try own(PyObject_GetAttr(buffer, Name.seek))
        let two = try int(2)
        let position = try own(call(method.ref, zero.ref, two.ref))
        let isStart = try check(PyObject_RichCompareBool(position.ref, zero.ref, Py_EQ)) != 0
        try resetEncoder(text, atStart: isStart)
        return position
      default:
        throw raise(.valueError, "invalid whence (\(whence), should be 0, 1 or 2)")
      }
      if try check(PyObject_RichCompareBool(cookie.ref, zero.ref, Py_LT)) != 0 {
        let shown = try own(PyObject_Repr(cookie.ref))
        throw raise(.valueError, "negative seek position \(Objects.text(of: shown.ref))")
      }
      _ = try send(object, Name.flush).ref
      let target = try TextCookie(cookie.ref)
      let position = try own(PyLong_FromUnsignedLongLong(target.position))
      _ = try send(buffer, Name.seek, position.ref).ref
      text.forgetReadAhead()
      let isPlain =
        target.flags == 0 && target.bytes == 0 && target.characters == 0 && !target.isEnd
      if text.pointee.isNative && !isPlain {
        // A position that a decoder made needs a decoder.
        try makeDecoder(text, text.pointee.encoding.map { Objects.text(of: $0) } ?? "utf-8")
      }
      if let decoder = text.pointee.decoder {
        if target.position == 0 && target.flags == 0 {
          _ = try send(decoder, Name.reset).ref
        } else {
          try setState(decoder, flags: target.flags)
        }
        if target.characters > 0 {
          let size = try own(PyLong_FromUnsignedLongLong(target.bytes))
          let input = try send(buffer, Name.read, size.ref)
          guard input.ref.isBytes else {
            throw raise(
              .typeError,
              "underlying read() should have returned a bytes object, "
                + "not '\(input.ref.type.fullName)'")
          }
          text.setSnapshot(input.ref.retained(), flags: target.flags)
          let decoded = try text.decode(decoder, input.ref, final: target.isEnd)
          if apus_str_length(decoded.ref) < Int(clamping: target.characters) {
            throw raise(.osError, "can't restore logical file position")
          }
          text.setDecoded(consume decoded)
          text.pointee.decodedUsed = Int(clamping: target.characters)
        } else {
          text.setSnapshot(try own(PyBytes_FromStringAndSize(nil, 0)), flags: target.flags)
        }
      }
      try resetEncoder(text, atStart: isPlain && target.position == 0)
      return cookie
    }
  }
}
