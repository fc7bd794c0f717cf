import CPythonABI
import Glibc
import TextCodecs

/// The error handlers that codecs apply themselves, without a call through the registry.
enum ErrorHandler {
  case strict, ignore, replace, surrogateEscape, surrogatePass, backslashReplace
  case xmlCharRefReplace
  /// Any other name: look in the registry.
  case registered

  init(_ name: UnsafePointer<CChar>?) {
    guard let name else {
      self = .strict
      return
    }
    switch true {
    case strcmp(name, "strict") == 0: self = .strict
    case strcmp(name, "surrogateescape") == 0: self = .surrogateEscape
    case strcmp(name, "replace") == 0: self = .replace
    case strcmp(name, "ignore") == 0: self = .ignore
    case strcmp(name, "surrogatepass") == 0: self = .surrogatePass
    case strcmp(name, "backslashreplace") == 0: self = .backslashReplace
    case strcmp(name, "xmlcharrefreplace") == 0: self = .xmlCharRefReplace
    default: self = .registered
    }
  }
}

/// A decoder at work: its input, its output, and what to do with bytes it cannot decode.
struct DecodingRun: ~Copyable {
  private(set) var bytes: UnsafePointer<UInt8>
  private(set) var count: Int
  var output: CodePointBuffer
  let encoding: StaticString
  private let errors: UnsafePointer<CChar>?
  let kind: ErrorHandler
  private var handler: Owned?
  private var exception: Owned?
  /// The input object after a handler has exchanged it.
  private var replacement: Owned?

  init(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, _ encoding: StaticString,
    _ errors: UnsafePointer<CChar>?
  ) {
    self.bytes = bytes
    self.count = count
    self.encoding = encoding
    self.errors = errors
    kind = ErrorHandler(errors)
    output = CodePointBuffer(capacity: count)
  }

  /// Deals with the bytes `start..<end`, which do not decode, and returns where to go on.
  mutating func fail(
    _ start: Int, _ end: Int, _ reason: StaticString
  ) throws(Raised) -> Int {
    switch kind {
    case .ignore:
      return end
    case .replace:
      output.append(0xFFFD)
      return end
    case .surrogateEscape:
      // Escapes the bytes from 128 on; a byte below that is left to the strict handler.
      var index = start
      while index < end && bytes[index] >= 128 {
        output.append(0xDC00 + UInt32(bytes[index]))
        index += 1
      }
      if index > start { return index }
    default: break
    }
    try describe(start, end, reason)
    guard let exception = exception?.ref else { throw Raised() }
    if kind == .strict {
      PyErr_SetObject(.unicodeDecodeError, exception)
      throw Raised()
    }
    if handler == nil { handler = try own(PyCodec_LookupError(errors ?? cString("strict"))) }
    guard let function = handler?.ref else { throw Raised() }
    let result = try own(PyObject_CallOneArg(function, exception))
    guard result.ref.isTuple, apus_var_size(result.ref) == 2,
      apus_tuple_item(result.ref, 0).isStr, apus_tuple_item(result.ref, 1).isInt
    else {
      throw raise(.typeError, "decoding error handler must return (str, int) tuple")
    }
    var position = PyLong_AsSsize_t(apus_tuple_item(result.ref, 1))
    if position == -1 && hasRaised() { throw Raised() }
    // The handler may have exchanged the input.
    let input = try own(PyUnicodeDecodeError_GetObject(exception))
    guard input.ref.isBytes else {
      throw raise(.typeError, "exception attribute object must be bytes")
    }
    bytes = UnsafePointer(apus_bytes_data(input.ref))
    count = apus_var_size(input.ref)
    replacement = consume input
    let given = position
    if position < 0 { position += count }
    if position < 0 || position > count {
      throw raise(.indexError, "position \(given) from error handler out of bounds")
    }
    let text = PyUnicode(apus_tuple_item(result.ref, 0))
    output.append(CodePoints(data: text.data, unit: text.kind, count: text.count))
    return position
  }

  /// Makes or updates the UnicodeDecodeError.
  private mutating func describe(
    _ start: Int, _ end: Int, _ reason: StaticString
  ) throws(Raised) {
    if let known = exception?.ref {
      try check(PyUnicodeDecodeError_SetStart(known, start))
      try check(PyUnicodeDecodeError_SetEnd(known, end))
      try check(PyUnicodeDecodeError_SetReason(known, cString(reason)))
      return
    }
    exception = try own(
      PyUnicodeDecodeError_Create(
        cString(encoding), UnsafeRawPointer(bytes).as(CChar.self), count, start, end,
        cString(reason)))
  }

  consuming func finish() throws(Raised) -> Owned {
    if output.failed { throw raiseNoMemory() }
    return try PyUnicode.make(output.data, width: output.unit, output.count)
  }

  /// Decodes all input with a codec of TextCodecs. `step` reads on from a position.
  mutating func run(
    from start: Int = 0,
    _ step: (UnsafePointer<UInt8>, Int, inout Int, inout CodePointBuffer) -> CodecStop
  ) throws(Raised) -> Int {
    var position = start
    while true {
      switch step(bytes, count, &position, &output) {
      case .done: return position
      case .outOfMemory: throw raiseNoMemory()
      case .error(let start, let end, let reason): position = try fail(start, end, reason)
      }
    }
  }
}

/// An encoder's dealings with code points it cannot encode.
struct EncodingErrors: ~Copyable {
  /// What to write instead, and where to go on.
  struct Answer: ~Copyable {
    /// str or bytes.
    let replacement: Owned
    let position: Int
  }

  let text: Ref
  let encoding: StaticString
  private let errors: UnsafePointer<CChar>?
  let kind: ErrorHandler
  private var handler: Owned?
  private var exception: Owned?

  init(_ text: Ref, _ encoding: StaticString, _ errors: UnsafePointer<CChar>?) {
    self.text = text
    self.encoding = encoding
    self.errors = errors
    kind = ErrorHandler(errors)
  }

  /// Raises the UnicodeEncodeError of the code points `start..<end`.
  func strict(_ start: Int, _ end: Int, _ reason: StaticString) -> Raised {
    TextEncoding.raise(encoding, text, start, end, reason)
  }

  /// Asks the handler about the code points `start..<end`.
  mutating func ask(
    _ start: Int, _ end: Int, _ reason: StaticString
  ) throws(Raised) -> Answer {
    if kind == .strict { throw strict(start, end, reason) }
    if let known = exception?.ref {
      try check(PyUnicodeEncodeError_SetStart(known, start))
      try check(PyUnicodeEncodeError_SetEnd(known, end))
      try check(PyUnicodeEncodeError_SetReason(known, cString(reason)))
    } else {
      exception = try TextEncoding.makeError(encoding, text, start, end, reason)
    }
    if handler == nil { handler = try own(PyCodec_LookupError(errors ?? cString("strict"))) }
    guard let function = handler?.ref, let exception = exception?.ref else { throw Raised() }
    let result = try own(PyObject_CallOneArg(function, exception))
    guard result.ref.isTuple, apus_var_size(result.ref) == 2,
      apus_tuple_item(result.ref, 0).isStr || apus_tuple_item(result.ref, 0).isBytes,
      apus_tuple_item(result.ref, 1).isInt
    else {
      throw raise(.typeError, "encoding error handler must return (str/bytes, int) tuple")
    }
    var position = PyLong_AsSsize_t(apus_tuple_item(result.ref, 1))
    if position == -1 && hasRaised() { throw Raised() }
    let given = position
    let count = PyUnicode(text).count
    if position < 0 { position += count }
    if position < 0 || position > count {
      throw raise(.indexError, "position \(given) from error handler out of bounds")
    }
    return Answer(replacement: apus_tuple_item(result.ref, 0).retained(), position: position)
  }
}

/// The UnicodeEncodeError of the builtin encoders.
extension TextEncoding {
  static func makeError(
    _ encoding: StaticString, _ text: Ref, _ start: Int, _ end: Int, _ reason: StaticString
  ) throws(Raised) -> Owned {
    let name = try PyUnicode.make(ascii: encoding)
    let why = try PyUnicode.make(ascii: reason)
    let first = try own(PyLong_FromSsize_t(start))
    let last = try own(PyLong_FromSsize_t(end))
    let arguments: [Ref] = [name.ref, text, first.ref, last.ref, why.ref]
    let made = arguments.withUnsafeBufferPointer { buffer in
      PyObject_Vectorcall(.unicodeEncodeError, buffer.baseAddress, 5, nil)
    }
    // The arguments stay alive up to here.
    _ = (name.ref, why.ref, first.ref, last.ref)
    return try own(made)
  }

  static func raise(
    _ encoding: StaticString, _ text: Ref, _ start: Int, _ end: Int, _ reason: StaticString
  ) -> Raised {
    do {
      let error = try makeError(encoding, text, start, end, reason)
      PyErr_SetObject(.unicodeEncodeError, error.ref)
    } catch {}
    return Raised()
  }
}
