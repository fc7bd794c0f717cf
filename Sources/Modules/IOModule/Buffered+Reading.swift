import CPythonABI
import Glibc
import Objects
import SystemCalls

/// The reading half. CPython: Modules/_io/bufferedio.c, _bufferedreader_read_generic and others.
extension Buffered {
  /// Before reading from the raw stream: what is to be written goes first.
  private static func enterReading(_ buffered: BufferedRef) throws(Raised) {
    if buffered.pointee.canWrite && buffered.pointee.pending > 0 { try buffered.flushPending() }
  }

  static let read: Method = .fast(
    "read($self, size=-1, /)", "Read size bytes, or all that is left when size is negative or None."
  ) { object, args, count in
    new {
      let size = try sizeArgument(onlyArgument("read", args, count))
      if size < -1 { throw raise(.valueError, "read length must be non-negative or -1") }
      let buffered = object.view(Buffered.self)
      try buffered.checkReady()
      try buffered.checkOpen("read of closed file")
      if size == -1 {
        return try buffered.locked { () throws(Raised) in try readAll(buffered) }
      }
      if size <= buffered.available, buffered.pointee.owner == 0 {
        return try bytes(buffered, size)
      }
      return try buffered.locked { () throws(Raised) in try readExactly(buffered, size) }
    }
  }

  /// The next bytes read ahead as an object.
  private static func bytes(_ buffered: BufferedRef, _ count: Int) throws(Raised) -> Owned {
    let start = buffered.pointee.memory.map {
      UnsafeRawPointer($0 + buffered.pointee.position).assumingMemoryBound(to: CChar.self)
    }
    let result = try own(PyBytes_FromStringAndSize(start, count))
    buffered.pointee.position += count
    return result
  }

  private static func readAll(_ buffered: BufferedRef) throws(Raised) -> Owned {
    let ahead = try bytes(buffered, buffered.available)
    buffered.forgetReadAhead()
    try enterReading(buffered)
    let raw = try buffered.raw()
    var reader: Ref?
    try check(PyObject_GetOptionalAttr(raw, Name.readall, &reader))
    if let reader {
      let method = Owned(adopting: reader)
      let rest = try own(PyObject_CallNoArgs(method.ref))
      buffered.pointee.rawPosition = -1
      if rest.ref.isNone {
        return apus_var_size(ahead.ref) == 0 ? noneObject().retained() : ahead
      }
      guard rest.ref.isBytes else { throw raise(.typeError, "readall() should return bytes") }
      if apus_var_size(ahead.ref) == 0 { return rest }
      return try own(PySequence_Concat(ahead.ref, rest.ref))
    }
    let pieces = try own(PyList_New(0))
    if apus_var_size(ahead.ref) > 0 { try check(PyList_Append(pieces.ref, ahead.ref)) }
    while true {
      let piece = try send(raw, Name.read)
      if piece.ref.isNone || (piece.ref.isBytes && apus_var_size(piece.ref) == 0) {
        if apus_var_size(pieces.ref) == 0 { return piece }
        break
      }
      guard piece.ref.isBytes else { throw raise(.typeError, "read() should return bytes") }
      try check(PyList_Append(pieces.ref, piece.ref))
      if buffered.pointee.rawPosition >= 0 {
        buffered.pointee.rawPosition += apus_var_size(piece.ref)
      }
    }
    let empty = try own(PyBytes_FromStringAndSize(nil, 0))
    return try own(_PyBytes_Join(empty.ref, pieces.ref))
  }

  /// As many bytes as asked for unless the stream ends or has no more now.
  private static func readExactly(_ buffered: BufferedRef, _ size: Int) throws(Raised) -> Owned {
    var result: Ref? = try own(PyBytes_FromStringAndSize(nil, size)).give()
    do throws(Raised) {
      guard let start = result.map({ UnsafeMutableRawPointer(apus_bytes_data($0)) }) else {
        throw Raised()
      }
      var used = buffered.take(start, size)
      try enterReading(buffered)
      var isBlocked = false
      while used < size {
        let left = size - used
        // Whole buffers go straight to their place.
        let direct = left - left % buffered.pointee.size
        let got: Int?
        if direct > 0 {
          got = try buffered.rawRead(start + used, direct)
          if let got { used += got }
        } else {
          got = try buffered.fill()
          used += buffered.take(start + used, left)
        }
        guard let got else {
          isBlocked = true
          break
        }
        if got == 0 { break }
      }
      if isBlocked && used == 0 {
        Py_XDECREF(result)
        return noneObject().retained()
      }
      if used < size { try check(_PyBytes_Resize(&result, used)) }
    } catch {
      Py_XDECREF(result)
      throw error
    }
    return try own(result)
  }

  static let read1: Method = .fast(
    "read1($self, size=-1, /)",
    "Read up to size bytes with at most one read of the raw stream; a buffer's worth when negative."
  ) { object, args, count in
    new {
      let argument = try onlyArgument("read1", args, count)
      var size = try argument.map { try check(PyNumber_AsSsize_t($0, .overflowError)) } ?? -1
      let buffered = object.view(Buffered.self)
      try buffered.checkReady()
      if size < 0 { size = buffered.pointee.size }
      try buffered.checkOpen("read of closed file")
      if size == 0 { return try own(PyBytes_FromStringAndSize(nil, 0)) }
      if buffered.available > 0 { return try bytes(buffered, Swift.min(size, buffered.available)) }
      var result: Ref? = try own(PyBytes_FromStringAndSize(nil, size)).give()
      guard let start = result.map({ UnsafeMutableRawPointer(apus_bytes_data($0)) }) else {
        throw Raised()
      }
      do {
        let got = try buffered.locked { () throws(Raised) -> Int in
          try enterReading(buffered)
          buffered.forgetReadAhead()
          return try buffered.rawRead(start, size) ?? 0
        }
        if got != size { try check(_PyBytes_Resize(&result, got)) }
      } catch {
        Py_XDECREF(result)
        throw error
      }
      return try own(result)
    }
  }

  /// Like `read1`, into memory: for the text layer. nil when nothing is there yet.
  static func read1(
    _ buffered: BufferedRef, into start: UnsafeMutableRawPointer, _ count: Int
  ) throws(Raised) -> Int? {
    try buffered.checkReady()
    try buffered.checkOpen("read of closed file")
    if buffered.available > 0 { return buffered.take(start, count) }
    return try buffered.locked { () throws(Raised) -> Int? in
      try enterReading(buffered)
      buffered.forgetReadAhead()
      return try buffered.rawRead(start, count)
    }
  }

  private static func readInto(
    _ object: Ref, _ target: Ref, once: Bool
  ) throws(Raised) -> Owned {
    let buffered = object.view(Buffered.self)
    try buffered.checkReady()
    let memory = try writableBuffer(once ? "readinto1" : "readinto", target)
    try buffered.checkOpen("readinto of closed file")
    guard let start = memory.start else { return try int(0) }
    let size = memory.count
    var used = buffered.take(start, size)
    if used == size { return try int(used) }
    var isBlocked = false
    try buffered.locked { () throws(Raised) in
      try enterReading(buffered)
      while used < size {
        let left = size - used
        let got: Int?
        if left > buffered.pointee.size {
          got = try buffered.rawRead(start + used, left)
          if let got { used += got }
        } else if !once || used == 0 {
          got = try buffered.fill()
          used += buffered.take(start + used, left)
        } else {
          break
        }
        guard let got else {
          isBlocked = true
          break
        }
        if got == 0 || once { break }
      }
    }
    if isBlocked && used == 0 { return noneObject().retained() }
    return try int(used)
  }
  static let readInto: Method = .o("readinto($self, buffer, /)", "Fill a buffer. Returns the number of bytes.") {
    object, target in new { try readInto(object, target, once: false) }
  }
  static let readInto1: Method = .o("readinto1($self, buffer, /)", "Fill a buffer with at most one raw read.") {
    object, target in new { try readInto(object, target, once: true) }
  }

  static let peek: Method = .fast(
    "peek($self, size=0, /)", "Bytes that are read next, which stay; at least one unless the stream is at its end."
  ) { object, args, count in
    new {
      _ = try Arguments(peek, args, count).index(0)
      let buffered = object.view(Buffered.self)
      try buffered.checkReady()
      try buffered.checkOpen("peek of closed file")
      return try buffered.locked { () throws(Raised) -> Owned in
        try enterReading(buffered)
        if buffered.available == 0 { _ = try buffered.fill() }
        let start = buffered.pointee.memory.map {
          UnsafeRawPointer($0 + buffered.pointee.position).assumingMemoryBound(to: CChar.self)
        }
        return try own(PyBytes_FromStringAndSize(start, buffered.available))
      }
    }
  }

  /// A line of at most `limit` bytes (-1: any). Empty at the end.
  static func line(_ buffered: BufferedRef, _ limit: Int) throws(Raised) -> Owned {
    try buffered.checkReady()
    try buffered.checkOpen("readline of closed file")
    if buffered.pointee.owner == 0, let memory = buffered.pointee.memory {
      let most = limit < 0 ? buffered.available : Swift.min(limit, buffered.available)
      let start = memory + buffered.pointee.position
      if most > 0, let found = memchr(start, 0x0A, most) {
        return try bytes(buffered, found - UnsafeMutableRawPointer(start) + 1)
      }
      if limit >= 0 && most == limit { return try bytes(buffered, limit) }
    }
    return try buffered.locked { () throws(Raised) -> Owned in
      try enterReading(buffered)
      var head: Owned?
      var left = limit
      while true {
        let most = left < 0 ? buffered.available : Swift.min(left, buffered.available)
        var piece = most
        var isComplete = false
        if let memory = buffered.pointee.memory, most > 0,
          let found = memchr(memory + buffered.pointee.position, 0x0A, most)
        {
          piece = found - UnsafeMutableRawPointer(memory + buffered.pointee.position) + 1
          isComplete = true
        }
        let bytes = try bytes(buffered, piece)
        if left >= 0 { left -= piece }
        let joined: Owned
        if let before = head.take() {
          joined = try own(PySequence_Concat(before.ref, bytes.ref))
        } else {
          joined = consume bytes
        }
        if isComplete || left == 0 { return joined }
        let got = try buffered.fill()
        if got ?? 0 == 0 { return joined }
        head = consume joined
      }
    }
  }

  static let readline: Method = .fast(
    "readline($self, size=-1, /)", "Read a line, of at most size bytes when that is not negative."
  ) { object, args, count in
    new {
      let limit = try sizeArgument(onlyArgument("readline", args, count))
      return try line(object.view(Buffered.self), limit)
    }
  }

  static let next: iternextfunc = { object in
    let buffered = object.view(Buffered.self)
    let isExact = object.type == BufferedReader.type || object.type == BufferedRandom.type
    let found: Ref?
    if isExact {
      found = try? line(buffered, -1).give()
    } else {
      found = PyObject_CallMethodNoArgs(object, Name.readline)
      if let found, !found.isBytes {
        _ = raise(
          .osError,
          "readline() should have returned a bytes object, not '\(found.type.fullName)'")
        Py_DECREF(found)
        return nil
      }
    }
    guard let found else { return nil }
    if apus_var_size(found) == 0 {
      Py_DECREF(found)
      return nil
    }
    return found
  }
}
