import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// `_io.TextIOWrapper`: text over a buffered byte stream. CPython: Modules/_io/textio.c.
///
/// Reading has two ways. For UTF-8, chunks of bytes are checked once and lines are cut out of them
/// and decoded one by one ("native"). For other encodings, and from the first invalid chunk on, an
/// incremental decoder turns whole chunks into text (`decoded`), as CPython does for all.
/// Writing collects encoded bytes in `pending`.
struct TextStream {
  enum Newline: UInt8 {
    /// None: any line end, given as "\n".
    case translated = 0
    /// '': any line end, as it is.
    case universal, lf, cr, crlf
  }
  enum Encoder: UInt8 { case none = 0, object, utf8, ascii, latin1 }

  var head: StreamHead
  var buffer: Ref?
  var encoding: Ref?
  var errors: Ref?
  var encoder: Ref?
  var decoder: Ref?
  var lineBuffering: CChar
  var writeThrough: CChar
  var finalizing: CChar
  var isReady: Bool
  var isDetached: Bool
  var isSeekable: Bool
  var isTelling: Bool
  var hasRead1: Bool
  var canRead: Bool
  /// Whether chunks are decoded natively.
  var isNative: Bool
  var hasRead: Bool
  var newline: UInt8
  var encoderKind: UInt8
  /// The line ends met by native decoding.
  var seen: UInt8
  var chunkSize: Int

  // Native chunk: start..<valid is checked text, valid..<end the start of a character.
  var chunk: UnsafeMutablePointer<UInt8>?
  var chunkCapacity: Int
  var start: Int
  var valid: Int
  var end: Int
  /// From where line ends were not noted yet.
  var noted: Int
  var isASCII: Bool
  var hasCarriageReturn: Bool

  // Decoded chunk.
  var decoded: Ref?
  var decodedUsed: Int
  /// The decoder's flags before the chunk, and the bytes fed to it since; nil when unknown.
  var snapshotFlags: UInt64
  var snapshotInput: Ref?
  var bytesPerCharacter: Double

  // Encoded bytes to be written.
  var pending: UnsafeMutablePointer<UInt8>?
  var pendingCount: Int
  var pendingCapacity: Int
}

typealias TextRef = UnsafeMutablePointer<TextStream>

extension UnsafeMutablePointer where Pointee == TextStream {
  var object: Ref { UnsafeMutableRawPointer(self).assumingMemoryBound(to: PyObject.self) }
  var newline: TextStream.Newline { TextStream.Newline(rawValue: pointee.newline) ?? .lf }
  var encoderKind: TextStream.Encoder {
    TextStream.Encoder(rawValue: pointee.encoderKind) ?? .none
  }

  func buffer() throws(Raised) -> Ref {
    guard pointee.isReady, let buffer = pointee.buffer else {
      throw raise(
        .valueError,
        pointee.isDetached
          ? "underlying buffer has been detached" : "I/O operation on uninitialized object")
    }
    return buffer
  }

  /// The byte stream, when no Python code can be behind it.
  var nativeReader: BufferedRef? {
    guard let buffer = pointee.buffer,
      buffer.type == BufferedReader.type || buffer.type == BufferedRandom.type
    else { return nil }
    return buffer.view(Buffered.self)
  }
  var nativeWriter: BufferedRef? {
    guard let buffer = pointee.buffer,
      buffer.type == BufferedWriter.type || buffer.type == BufferedRandom.type
    else { return nil }
    return buffer.view(Buffered.self)
  }

  func isClosed() throws(Raised) -> Bool {
    let buffer = try buffer()
    if buffer.type == BufferedReader.type || buffer.type == BufferedWriter.type
      || buffer.type == BufferedRandom.type
    {
      let buffered = buffer.view(Buffered.self)
      if buffered.pointee.isReady { return try buffered.isClosed() }
    }
    let answer = try own(PyObject_GetAttr(buffer, Name.closed))
    return try check(PyObject_IsTrue(answer.ref)) != 0
  }

  func checkOpen() throws(Raised) {
    if try isClosed() { throw raise(.valueError, "I/O operation on closed file.") }
  }

  func checkReadable() throws(Raised) {
    if !pointee.canRead { throw unsupported("not readable") }
  }

  // MARK: Read-ahead

  func setDecoded(_ text: consuming Owned?) {
    let old = pointee.decoded
    switch consume text {
    case .some(let text): pointee.decoded = text.give()
    case .none: pointee.decoded = nil
    }
    pointee.decodedUsed = 0
    Py_XDECREF(old)
  }

  func setSnapshot(_ input: consuming Owned?, flags: UInt64) {
    let old = pointee.snapshotInput
    switch consume input {
    case .some(let input): pointee.snapshotInput = input.give()
    case .none: pointee.snapshotInput = nil
    }
    pointee.snapshotFlags = flags
    Py_XDECREF(old)
  }

  /// Forgets what was read ahead, in both ways of reading.
  func forgetReadAhead() {
    setDecoded(nil)
    setSnapshot(nil, flags: 0)
    pointee.start = 0
    pointee.valid = 0
    pointee.end = 0
    pointee.noted = 0
    pointee.isASCII = true
    pointee.hasCarriageReturn = false
  }
}

extension TextStream {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  static let constructor: Method = .variableKeywords(
    "TextIOWrapper(buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False)",
    "", { _, _, _ in nil })

  static let spec = TypeSpec(
    type, "_io.TextIOWrapper", basicSize: MemoryLayout<TextStream>.size, flags: [.baseType, .haveGC],
    doc: """
      TextIOWrapper(buffer, encoding=None, errors=None, newline=None,
                    line_buffering=False, write_through=False)
      --

      Character and line based layer over a BufferedIOBase object, buffer.

      encoding is the name of the encoding, by default the locale's. errors says what becomes of
      what cannot be coded (default "strict").

      newline says how line ends are handled: None, '', '\\n', '\\r' or '\\r\\n'. Reading with None
      any of the three ends a line and becomes '\\n'; with '' any ends a line and stays; otherwise
      only that one ends a line. Writing, '\\n' becomes the given one (with None the system's).

      With line_buffering a line end in what is written implies flush().
      """,
    base: TextIOBase.type, dictOffset: StreamHead.dictOffset,
    weakListOffset: StreamHead.weakListOffset,
    slots: [
      .tp_init { object, args, keywords in
        status { try initialize(object, Arguments(constructor, tuple: args, keywords: keywords)) }
      },
      .tp_dealloc { object in
        let text = object.view(TextStream.self)
        text.pointee.finalizing = 1
        if IOBase.finalize(object) < 0 { return }
        PyObject_GC_UnTrack(object)
        _ = clear(object)
        PyMem_Free(text.pointee.chunk)
        PyMem_Free(text.pointee.pending)
        IOBase.clearHead(object)
        object.type.pointee.tp_free.unsafelyUnwrapped(object)
      },
      .tp_repr { object in new { try repr(object) } },
      .tp_traverse { object, visit, argument in
        let text = object.view(TextStream.self).pointee
        for reference in [
          text.buffer, text.encoding, text.errors, text.encoder, text.decoder, text.decoded,
          text.snapshotInput, text.head.dict,
        ] {
          let answer = visitReference(reference, visit, argument)
          if answer != 0 { return answer }
        }
        return 0
      },
      .tp_clear { clear($0) },
      .tp_iternext { object in
        let text = object.view(TextStream.self)
        text.pointee.isTelling = false
        let found: Ref?
        if object.type == type {
          found = new {
            try text.checkOpen()
            return try text.line(-1)
          }
        } else {
          found = PyObject_CallMethodNoArgs(object, Name.readline)
          if let found, !found.isStr {
            _ = raise(
              .osError, "readline() should have returned a str object, not '\(found.type.fullName)'")
            Py_DECREF(found)
            return nil
          }
        }
        guard let found else { return nil }
        if apus_str_length(found) == 0 {
          Py_DECREF(found)
          text.setSnapshot(nil, flags: 0)
          text.pointee.isTelling = text.pointee.isSeekable
          return nil
        }
        return found
      },
    ],
    methods: [
      detach, reconfigure, write, read, readline, fileno, seekable, readable, writable, isatty,
      flush, close, seek, tell, truncate, FileIO.getState,
    ],
    members: [
      Member("encoding", _Py_T_OBJECT, offset: MemoryLayout<TextStream>.offset(of: \.encoding) ?? 0, flags: Py_READONLY),
      Member("buffer", _Py_T_OBJECT, offset: MemoryLayout<TextStream>.offset(of: \.buffer) ?? 0, flags: Py_READONLY),
      Member("line_buffering", Py_T_BOOL, offset: MemoryLayout<TextStream>.offset(of: \.lineBuffering) ?? 0, flags: Py_READONLY),
      Member("write_through", Py_T_BOOL, offset: MemoryLayout<TextStream>.offset(of: \.writeThrough) ?? 0, flags: Py_READONLY),
      Member("_finalizing", Py_T_BOOL, offset: MemoryLayout<TextStream>.offset(of: \.finalizing) ?? 0),
    ],
    properties: [
      Property("name", get: { object, _ in
        new { try own(PyObject_GetAttr(object.view(TextStream.self).buffer(), Name.name)) }
      }),
      Property("closed", get: { object, _ in
        new { try own(PyObject_GetAttr(object.view(TextStream.self).buffer(), Name.closed)) }
      }),
      Property("newlines", get: { object, _ in new { try newlines(object) } }),
      Property("errors", get: { object, _ in
        new {
          let text = object.view(TextStream.self)
          if text.pointee.errors == nil { _ = try text.buffer() }
          return (text.pointee.errors ?? noneObject()).retained()
        }
      }),
      Property("_CHUNK_SIZE", get: { object, _ in
        new {
          _ = try object.view(TextStream.self).buffer()
          return try int(object.view(TextStream.self).pointee.chunkSize)
        }
      }, set: { object, value, _ in
        status {
          guard let value else { throw raise(.attributeError, "cannot delete attribute") }
          _ = try object.view(TextStream.self).buffer()
          let size = try check(PyNumber_AsSsize_t(value, .valueError))
          if size <= 0 { throw raise(.valueError, "a strictly positive integer is required") }
          object.view(TextStream.self).pointee.chunkSize = size
        }
      }),
    ])

  private static func clear(_ object: Ref) -> Int32 {
    let text = object.view(TextStream.self)
    text.pointee.isReady = false
    clearReference(&text.pointee.buffer)
    clearReference(&text.pointee.encoding)
    clearReference(&text.pointee.errors)
    clearReference(&text.pointee.encoder)
    clearReference(&text.pointee.decoder)
    clearReference(&text.pointee.decoded)
    clearReference(&text.pointee.snapshotInput)
    clearReference(&text.pointee.head.dict)
    return 0
  }

  private static func newlines(_ object: Ref) throws(Raised) -> Owned {
    let text = object.view(TextStream.self)
    _ = try text.buffer()
    if let decoder = text.pointee.decoder {
      var answer: Ref?
      try check(PyObject_GetOptionalAttr(decoder, Name.newlines, &answer))
      return Owned(adopting: answer ?? noneObject())
    }
    guard text.pointee.isNative, text.newline == .translated || text.newline == .universal else {
      return noneObject().retained()
    }
    return try NewlineKinds(rawValue: text.pointee.seen).object()
  }

  private static func repr(_ object: Ref) throws(Raised) -> Owned {
    let text = object.view(TextStream.self)
    if !text.pointee.isDetached { _ = try text.buffer() }
    let typeName = object.type.fullName
    if Py_ReprEnter(object) != 0 {
      if hasRaised() { throw Raised() }
      throw raise(.runtimeError, "reentrant call inside \(typeName).__repr__")
    }
    defer { Py_ReprLeave(object) }
    var result = try own(newString("<\(typeName)"))
    for (attribute, label) in [(Name.name, " name="), (Name.mode, " mode=")] {
      var value: Ref?
      if PyObject_GetOptionalAttr(object, attribute, &value) < 0 {
        if PyErr_ExceptionMatches(.valueError) == 0 { throw Raised() }
        PyErr_Clear()
      }
      guard let value else { continue }
      let held = Owned(adopting: value)
      let shown = try own(PyObject_Repr(held.ref))
      let name = try own(newString(label))
      let piece = try own(PyUnicode_Concat(name.ref, shown.ref))
      result = try own(PyUnicode_Concat(result.ref, piece.ref))
    }
    let shown = try own(PyObject_Repr(text.pointee.encoding ?? noneObject()))
    let label = try own(newString(" encoding="))
    let piece = try own(PyUnicode_Concat(label.ref, shown.ref))
    let end = try own(newString(">"))
    let tail = try own(PyUnicode_Concat(piece.ref, end.ref))
    return try own(PyUnicode_Concat(result.ref, tail.ref))
  }
}
