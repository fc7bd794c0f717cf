import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// What BufferedReader, BufferedWriter and BufferedRandom share: a buffer before a raw stream.
/// CPython: Modules/_io/bufferedio.c.
///
/// The buffer holds either bytes read ahead (`position..<readEnd` not given out yet; the raw stream
/// is at `readEnd`) or bytes to be written (`0..<pending`; the raw stream is where they belong).
/// Going from one to the other empties it.
struct Buffered {
  var head: StreamHead
  var raw: Ref?
  var memory: UnsafeMutablePointer<UInt8>?
  var size: Int
  var position: Int
  var readEnd: Int
  var pending: Int
  /// Where the raw stream is, when that is known.
  var rawPosition: Int
  /// The thread inside, 0 when there is none.
  var owner: UInt
  var parking: Parking
  var isReady: Bool
  var isDetached: Bool
  var canRead: Bool
  var canWrite: Bool
  /// Whether the raw stream is exactly a FileIO and this exactly a type of this module, so that no
  /// Python code can be involved.
  var isDirect: Bool
  var finalizing: CChar
}

typealias BufferedRef = UnsafeMutablePointer<Buffered>

extension UnsafeMutablePointer where Pointee == Buffered {
  var object: Ref { UnsafeMutableRawPointer(self).assumingMemoryBound(to: PyObject.self) }
  private var place: UnsafeMutablePointer<Parking> {
    (UnsafeMutableRawPointer(self) + (MemoryLayout<Buffered>.offset(of: \.parking) ?? 0))
      .assumingMemoryBound(to: Parking.self)
  }

  var available: Int { pointee.readEnd - pointee.position }

  // MARK: State

  func checkReady() throws(Raised) {
    if pointee.isReady { return }
    throw raise(
      .valueError,
      pointee.isDetached
        ? "raw stream has been detached" : "I/O operation on uninitialized object")
  }

  /// The raw stream, kept alive by the caller's use.
  func raw() throws(Raised) -> Ref {
    try checkReady()
    guard let raw = pointee.raw else {
      throw raise(.valueError, "raw stream has been detached")
    }
    return raw
  }

  func isClosed() throws(Raised) -> Bool {
    let raw = try raw()
    if pointee.isDirect { return raw.view(FileIO.File.self).pointee.descriptor < 0 }
    let answer = try own(PyObject_GetAttr(raw, Name.closed))
    return try check(PyObject_IsTrue(answer.ref)) != 0
  }

  func checkOpen(_ message: String) throws(Raised) {
    if try isClosed() { throw raise(.valueError, message) }
  }

  /// Runs `body` while no other thread is inside. Raises RuntimeError when this thread is.
  func locked<Result: ~Copyable>(
    _ body: () throws(Raised) -> Result
  ) throws(Raised) -> Result {
    let me = apus_tstate().pointee.thread_id
    if pointee.owner != 0 {
      if pointee.owner == me {
        let shown = try own(PyObject_Repr(object))
        throw raise(.runtimeError, "reentrant call inside \(text(of: shown.ref))")
      }
      _ = try Parking.wait(place, until: nil) { pointee.owner == 0 }
    }
    pointee.owner = me
    defer {
      pointee.owner = 0
      pointee.parking.wake(all: false)
    }
    return try body()
  }

  // MARK: The raw stream

  /// One read of the raw stream. nil when nothing is there yet.
  func rawRead(_ start: UnsafeMutableRawPointer, _ count: Int) throws(Raised) -> Int? {
    let raw = try raw()
    let got: Int
    if pointee.isDirect {
      guard let result = try FileIO.read(raw, into: start, count) else { return nil }
      got = result
    } else {
      let view = try own(
        PyMemoryView_FromMemory(start.assumingMemoryBound(to: CChar.self), count, 0x200))
      while true {
        guard let answer = PyObject_CallMethodOneArg(raw, Name.readinto, view.ref) else {
          if try shouldRetry() { continue }
          throw Raised()
        }
        let result = Owned(adopting: answer)
        if result.ref.isNone { return nil }
        got = PyNumber_AsSsize_t(result.ref, .valueError)
        if got == -1 && hasRaised() {
          let cause = PyErr_GetRaisedException()
          _ = raise(.osError, "raw readinto() failed")
          if let failure = PyErr_GetRaisedException() {
            if let cause { PyException_SetCause(failure, cause) }
            PyErr_SetRaisedException(failure)
          }
          throw Raised()
        }
        break
      }
      if got < 0 || got > count {
        throw raise(
          .osError,
          "raw readinto() returned invalid length \(got) (should have been between 0 and \(count))")
      }
    }
    if got > 0 && pointee.rawPosition >= 0 { pointee.rawPosition += got }
    return got
  }

  /// One write to the raw stream. nil when nothing can be taken now.
  func rawWrite(_ start: UnsafeRawPointer, _ count: Int) throws(Raised) -> Int? {
    let raw = try raw()
    let done: Int
    if pointee.isDirect {
      guard let result = try FileIO.write(raw, from: start, count) else { return nil }
      done = result
    } else {
      let memory = UnsafeMutableRawPointer(mutating: start).assumingMemoryBound(to: CChar.self)
      let view = try own(PyMemoryView_FromMemory(memory, count, 0x100))
      while true {
        guard let answer = PyObject_CallMethodOneArg(raw, Name.write, view.ref) else {
          if try shouldRetry() { continue }
          throw Raised()
        }
        let result = Owned(adopting: answer)
        if result.ref.isNone { return nil }
        done = try check(PyNumber_AsSsize_t(result.ref, .valueError))
        break
      }
      if done < 0 || done > count {
        throw raise(
          .osError,
          "raw write() returned invalid length \(done) (should have been between 0 and \(count))")
      }
    }
    if done > 0 && pointee.rawPosition >= 0 { pointee.rawPosition += done }
    return done
  }

  func rawTell() throws(Raised) -> Int {
    pointee.rawPosition = -1
    let raw = try raw()
    let position: Int
    if pointee.isDirect {
      position = try FileIO.seek(raw, 0, SEEK_CUR)
    } else {
      let answer = try send(raw, Name.tell)
      position = try offset(answer.ref)
    }
    if position < 0 {
      throw raise(.osError, "Raw stream returned invalid position \(position)")
    }
    pointee.rawPosition = position
    return position
  }

  func rawSeek(_ target: Int, _ whence: Int32) throws(Raised) -> Int {
    pointee.rawPosition = -1
    let raw = try raw()
    let position: Int
    if pointee.isDirect {
      position = try FileIO.seek(raw, target, whence)
    } else {
      let method = try own(PyObject_GetAttr(raw, Name.seek))
      let first = try int(target)
      let second = try int(Int(whence))
      let answer = try own(call(method.ref, first.ref, second.ref))
      position = try offset(answer.ref)
    }
    if position < 0 {
      throw raise(.osError, "Raw stream returned invalid position \(position)")
    }
    pointee.rawPosition = position
    return position
  }

  private func offset(_ object: Ref) throws(Raised) -> Int {
    let number = try own(PyNumber_Index(object))
    return try check(PyLong_AsLong(number.ref))
  }

  // MARK: Buffer

  /// Writes what is pending. Raises BlockingIOError when the raw stream takes no more.
  func flushPending() throws(Raised) {
    var done = 0
    while done < pointee.pending, let memory = pointee.memory {
      let written: Int?
      do {
        written = try rawWrite(memory + done, pointee.pending - done)
      } catch {
        drop(done)
        throw error
      }
      guard let written else {
        drop(done)
        throw Buffered.blocked(0)
      }
      done += written
      do { try check(PyErr_CheckSignals()) } catch {
        drop(done)
        throw error
      }
    }
    pointee.pending = 0
  }

  /// Forgets the first pending bytes, which are written.
  private func drop(_ count: Int) {
    guard count > 0, let memory = pointee.memory else { return }
    memmove(memory, memory + count, pointee.pending - count)
    pointee.pending -= count
  }

  func forgetReadAhead() {
    pointee.position = 0
    pointee.readEnd = 0
  }

  /// Before writing: the raw stream goes back to where the reader is.
  func leaveReading() throws(Raised) {
    let ahead = available
    if ahead > 0 { _ = try rawSeek(-ahead, 1) }
    forgetReadAhead()
  }

  /// One raw read into the empty buffer. nil when nothing is there yet.
  func fill() throws(Raised) -> Int? {
    forgetReadAhead()
    guard let memory = pointee.memory else { throw raise(.systemError, "stream without buffer") }
    guard let got = try rawRead(memory, pointee.size) else { return nil }
    pointee.readEnd = got
    return got
  }

  /// Copies bytes that are read ahead.
  func take(_ target: UnsafeMutableRawPointer, _ most: Int) -> Int {
    let count = Swift.min(most, available)
    if count > 0, let memory = pointee.memory {
      memcpy(target, memory + pointee.position, count)
      pointee.position += count
    }
    return count
  }
}

extension Buffered {
  /// BlockingIOError of a write that took `written` bytes.
  static func blocked(_ written: Int) -> Raised {
    do {
      let number = try int(Int(EAGAIN))
      let message = try own(newString("write could not complete without blocking"))
      let count = try int(written)
      let exception = try own(call(.blockingIOError, number.ref, message.ref, count.ref))
      PyErr_SetObject(.blockingIOError, exception.ref)
    } catch {}
    return Raised()
  }

  // MARK: Life

  static func initialize(
    _ object: Ref, raw: Ref, size: Int, reads: Bool, writes: Bool, type: TypeRef
  ) throws(Raised) {
    let buffered = object.view(Buffered.self)
    buffered.pointee.isReady = false
    buffered.pointee.isDetached = false
    if reads { _ = try IOBase.checkReadable(raw).ref }
    if writes { _ = try IOBase.checkWritable(raw).ref }
    if reads && writes { _ = try IOBase.checkSeekable(raw).ref }
    if size <= 0 { throw raise(.valueError, "buffer size must be strictly positive") }
    replaceReference(&buffered.pointee.raw, raw.retained().give())
    guard let memory = PyMem_Malloc(size) else { throw raiseNoMemory() }
    PyMem_Free(buffered.pointee.memory)
    buffered.pointee.memory = memory.bindMemory(to: UInt8.self, capacity: size)
    buffered.pointee.size = size
    buffered.pointee.position = 0
    buffered.pointee.readEnd = 0
    buffered.pointee.pending = 0
    buffered.pointee.rawPosition = -1
    buffered.pointee.canRead = reads
    buffered.pointee.canWrite = writes
    buffered.pointee.owner = 0
    buffered.pointee.parking = Parking()
    buffered.pointee.isDirect = object.type == type && raw.type == FileIO.type
    // The first position is asked for now, so that seeks within the buffer need no system call.
    if (try? buffered.rawTell()) == nil { PyErr_Clear() }
    buffered.pointee.isReady = true
  }

  static let dealloc: destructor = { object in
    let buffered = object.view(Buffered.self)
    buffered.pointee.finalizing = 1
    if IOBase.finalize(object) < 0 { return }
    PyObject_GC_UnTrack(object)
    buffered.pointee.isReady = false
    clearReference(&buffered.pointee.raw)
    PyMem_Free(buffered.pointee.memory)
    buffered.pointee.memory = nil
    IOBase.clearHead(object)
    object.type.pointee.tp_free.unsafelyUnwrapped(object)
  }
  static let traverse: traverseproc = { object, visit, argument in
    let answer = visitReference(object.view(Buffered.self).pointee.raw, visit, argument)
    return answer != 0 ? answer : IOBase.traverseHead(object, visit, argument)
  }
  static let clear: inquiry = { object in
    object.view(Buffered.self).pointee.isReady = false
    clearReference(&object.view(Buffered.self).pointee.raw)
    clearReference(&object.view(StreamHead.self).pointee.dict)
    return 0
  }
  static let repr: reprfunc = { object in
    new { try describe(object, object.type.fullName) }
  }

  /// `<type name=…>`
  static func describe(_ object: Ref, _ typeName: String) throws(Raised) -> Owned {
    var name: Ref?
    if PyObject_GetOptionalAttr(object, Name.name, &name) < 0 {
      if PyErr_ExceptionMatches(.valueError) == 0 { throw Raised() }
      PyErr_Clear()
    }
    guard let name else { return try own(newString("<\(typeName)>")) }
    let held = Owned(adopting: name)
    if Py_ReprEnter(object) != 0 {
      if hasRaised() { throw Raised() }
      throw raise(.runtimeError, "reentrant call inside \(typeName).__repr__")
    }
    defer { Py_ReprLeave(object) }
    let shown = try own(PyObject_Repr(held.ref))
    let start = try own(newString("<\(typeName) name="))
    let middle = try own(PyUnicode_Concat(start.ref, shown.ref))
    let end = try own(newString(">"))
    return try own(PyUnicode_Concat(middle.ref, end.ref))
  }

  // MARK: Methods of all three

  private static func forward(_ object: Ref, _ name: Ref) throws(Raised) -> Owned {
    try send(object.view(Buffered.self).raw(), name)
  }

  static let detach: Method = .noargs(
    "detach($self, /)", "Disconnect this buffer from its underlying raw stream and return it."
  ) { object, _ in
    new {
      let buffered = object.view(Buffered.self)
      try buffered.checkReady()
      _ = try send(object, Name.flush).ref
      let raw = try buffered.raw()
      buffered.pointee.raw = nil
      buffered.pointee.isDetached = true
      buffered.pointee.isReady = false
      return Owned(adopting: raw)
    }
  }
  static let seekable: Method = .noargs("seekable($self, /)", "Whether the raw stream supports random access.") {
    object, _ in new { try forward(object, Name.seekable) }
  }
  static let readable: Method = .noargs("readable($self, /)", "Whether the raw stream can be read.") {
    object, _ in new { try forward(object, Name.readable) }
  }
  static let writable: Method = .noargs("writable($self, /)", "Whether the raw stream can be written.") {
    object, _ in new { try forward(object, Name.writable) }
  }
  static let fileno: Method = .noargs("fileno($self, /)", "The raw stream's file descriptor.") {
    object, _ in new { try forward(object, Name.fileno) }
  }
  static let isatty: Method = .noargs("isatty($self, /)", "Whether the raw stream is a terminal.") {
    object, _ in new { try forward(object, Name.isatty) }
  }
  static let deallocWarn: Method = .o("_dealloc_warn($self, source, /)", "") { object, source in
    let buffered = object.view(Buffered.self)
    if buffered.pointee.isReady, let raw = buffered.pointee.raw {
      if let result = PyObject_CallMethodOneArg(raw, Name.deallocWarn, source) {
        Py_DECREF(result)
      } else {
        PyErr_Clear()
      }
    }
    return noneObject()
  }

  static let simpleFlush: Method = .noargs("flush($self, /)", "Flush the raw stream.") { object, _ in
    new { try forward(object, Name.flush) }
  }
  static let flush: Method = .noargs("flush($self, /)", "Write the buffered bytes to the raw stream.") {
    object, _ in
    none {
      let buffered = object.view(Buffered.self)
      try buffered.checkReady()
      try buffered.checkOpen("flush of closed file")
      try buffered.locked { () throws(Raised) in try flushAndRewind(buffered) }
    }
  }

  /// Empties the buffer in both directions.
  static func flushAndRewind(_ buffered: BufferedRef) throws(Raised) {
    try buffered.flushPending()
    if buffered.pointee.canRead { try buffered.leaveReading() }
  }

  static let close: Method = .noargs("close($self, /)", "Flush and close this stream and the raw one.") { object, _ in
    new {
      let buffered = object.view(Buffered.self)
      try buffered.checkReady()
      if try buffered.isClosed() { return noneObject().retained() }
      if buffered.pointee.finalizing != 0, let raw = buffered.pointee.raw {
        if let result = PyObject_CallMethodOneArg(raw, Name.deallocWarn, object) {
          Py_DECREF(result)
        } else {
          PyErr_Clear()
        }
      }
      // The raw stream is closed even when what is pending could not be written.
      let flushed = PyObject_CallMethodNoArgs(object, Name.flush)
      let pending = flushed == nil ? PyErr_GetRaisedException() : nil
      Py_XDECREF(flushed)
      // Other threads wait meanwhile, and find the stream closed.
      var closed: Ref?
      try? buffered.locked { () throws(Raised) in
        defer {
          PyMem_Free(buffered.pointee.memory)
          buffered.pointee.memory = nil
          buffered.pointee.size = 0
          buffered.pointee.pending = 0
          buffered.forgetReadAhead()
        }
        closed = try forward(object, Name.close).give()
      }
      if let pending {
        if closed == nil, let second = PyErr_GetRaisedException() {
          PyException_SetContext(second, pending)
          PyErr_SetRaisedException(second)
        } else {
          Py_XDECREF(closed)
          PyErr_SetRaisedException(pending)
        }
        throw Raised()
      }
      return try own(closed)
    }
  }

  static let tell: Method = .noargs("tell($self, /)", "The stream's position.") { object, _ in
    new {
      let buffered = object.view(Buffered.self)
      try buffered.checkReady()
      let position = try buffered.rawTell()
      return try int(Swift.max(0, position - buffered.available + buffered.pointee.pending))
    }
  }

  static let seek: Method = .fast(
    "seek($self, target, whence=0, /)",
    "Move to a position relative to the start (whence 0), here (1) or the end (2). Returns the new one."
  ) { object, args, count in
    new {
      let a = try Arguments(seek, args, count)
      let whence = try a.int32(1)
      guard (0...4).contains(whence) else {
        throw raise(.valueError, "whence value \(whence) unsupported")
      }
      let buffered = object.view(Buffered.self)
      try buffered.checkReady()
      try buffered.checkOpen("seek of closed file")
      _ = try IOBase.checkSeekable(buffered.raw()).ref
      var target = try FileIO.offset(a.object(0))
      // Within what is read ahead nothing needs to move.
      if whence <= 1 && buffered.pointee.canRead && buffered.pointee.pending == 0 {
        let current =
          buffered.pointee.rawPosition >= 0
          ? buffered.pointee.rawPosition : try buffered.rawTell()
        let here = current - buffered.available
        let step = whence == 0 ? target - here : target
        if step >= -buffered.pointee.position && step <= buffered.available
          && buffered.pointee.readEnd > 0
        {
          buffered.pointee.position += step
          // A character device has no position.
          return try int(Swift.max(0, here + step))
        }
      }
      return try buffered.locked { () throws(Raised) -> Owned in
        if buffered.pointee.canWrite { try buffered.flushPending() }
        if whence == 1 { target -= buffered.available }
        let position = try buffered.rawSeek(target, whence)
        buffered.forgetReadAhead()
        return try int(position)
      }
    }
  }

  static let truncate: Method = .fast(
    "truncate($self, pos=None, /)", "Truncate the stream to a size, by default the current position. Returns the size."
  ) { object, args, count in
    new {
      let buffered = object.view(Buffered.self)
      try buffered.checkReady()
      try buffered.checkOpen("truncate of closed file")
      if !buffered.pointee.canWrite { throw unsupported("truncate") }
      let position = try onlyArgument("truncate", args, count) ?? noneObject()
      return try buffered.locked { () throws(Raised) -> Owned in
        try flushAndRewind(buffered)
        let size = position.isNone ? try int(buffered.rawTell()) : position.retained()
        buffered.pointee.rawPosition = -1
        return try send(buffered.raw(), Name.truncate, size.ref)
      }
    }
  }

  static let sizeof: Method = .noargs("__sizeof__($self, /)", "") { object, _ in
    PyLong_FromSsize_t(
      object.type.pointee.tp_basicsize + object.view(Buffered.self).pointee.size)
  }

  static let members: [Member] = [
    Member("raw", _Py_T_OBJECT, offset: MemoryLayout<Buffered>.offset(of: \.raw) ?? 32, flags: Py_READONLY),
    Member("_finalizing", Py_T_BOOL, offset: MemoryLayout<Buffered>.offset(of: \.finalizing) ?? 0),
  ]
  static let properties: [Property] = [
    Property("closed", get: { object, _ in
      new { try own(PyObject_GetAttr(object.view(Buffered.self).raw(), Name.closed)) }
    }),
    Property("name", get: { object, _ in
      new { try own(PyObject_GetAttr(object.view(Buffered.self).raw(), Name.name)) }
    }),
    Property("mode", get: { object, _ in
      new { try own(PyObject_GetAttr(object.view(Buffered.self).raw(), Name.mode)) }
    }),
  ]
  static let common: [Method] = [
    detach, close, seekable, fileno, isatty, deallocWarn, FileIO.getState, seek, tell,
    truncate, sizeof,
  ]
}
