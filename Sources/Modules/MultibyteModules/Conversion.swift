import CPythonABI
import Glibc
import Objects

/// Whole texts through a codec, with error handlers. CPython: Modules/cjkcodecs/multibytecodec.c.
enum Conversion {
  private static let illegal: StaticString = "illegal multibyte sequence"
  private static let cut: StaticString = "incomplete multibyte sequence"

  /// How errors are handled: nil and "strict" raise.
  enum Errors {
    case strict, ignore, replace
    case handler(Ref)

    init(_ name: Ref?) {
      guard let name else {
        self = .strict
        return
      }
      switch text(of: name) {
      case "strict": self = .strict
      case "ignore": self = .ignore
      case "replace": self = .replace
      default: self = .handler(name)
      }
    }
  }

  private static func call(_ name: Ref, _ exception: Ref) throws(Raised) -> Owned {
    guard let text = PyUnicode_AsUTF8(name) else { throw Raised() }
    let handler = try own(PyCodec_LookupError(text))
    return try own(PyObject_CallOneArg(handler.ref, exception))
  }

  /// The place a handler says to go on at.
  private static func position(_ value: Ref, _ count: Int) throws(Raised) -> Int {
    var place = PyLong_AsSsize_t(value)
    if place == -1 && hasRaised() {
      if PyErr_ExceptionMatches(.overflowError) == 0 { throw Raised() }
      PyErr_Clear()
      throw raise(.indexError, "position from error handler out of bounds")
    }
    if place < 0 { place += count }
    guard place >= 0 && place <= count else {
      throw raise(.indexError, "position \(place) from error handler out of bounds")
    }
    return place
  }

  // MARK: Decoding

  /// The text of bytes, and how many of them were read: all, or up to a cut sequence unless `final`.
  static func decode(
    _ codec: any CodecEngine, _ name: String, _ state: inout CodecState,
    _ bytes: UnsafeBufferPointer<UInt8>, _ errors: Errors, final: Bool
  ) throws(Raised) -> (text: [UInt32], consumed: Int) {
    var text: [UInt32] = []
    text.reserveCapacity(bytes.count)
    guard let base = bytes.baseAddress else { return (text, 0) }
    var at = 0
    while at < bytes.count {
      let size: Int
      let reason: StaticString
      switch codec.decode(&state, base + at, bytes.count - at) {
      case .one(let character, let used):
        text.append(character)
        at += used
        continue
      case .two(let first, let second, let used):
        text.append(first)
        text.append(second)
        at += used
        continue
      case .nothing(let used):
        at += used
        continue
      case .incomplete:
        if !final { return (text, at) }
        size = bytes.count - at
        reason = cut
      case .invalid(let wrong):
        size = Swift.min(wrong, bytes.count - at)
        reason = illegal
      }
      switch errors {
      case .ignore: at += size
      case .replace:
        text.append(0xFFFD)
        at += size
      default:
        let start = UnsafeRawPointer(base).assumingMemoryBound(to: CChar.self)
        let exception = try own(
          name.withCString {
            PyUnicodeDecodeError_Create($0, start, bytes.count, at, at + size, cString(reason))
          })
        guard case .handler(let handler) = errors else {
          PyErr_SetObject(.unicodeDecodeError, exception.ref)
          throw Raised()
        }
        let result = try call(handler, exception.ref)
        guard result.ref.isTuple, apus_var_size(result.ref) == 2,
          apus_tuple_item(result.ref, 0).isStr, apus_tuple_item(result.ref, 1).isInt
        else {
          throw raise(.typeError, "decoding error handler must return (str, int) tuple")
        }
        let replacement = apus_tuple_item(result.ref, 0)
        let (kind, data) = (apus_str_kind(replacement), apus_str_data(replacement))
        for index in 0..<apus_str_length(replacement) {
          text.append(apus_str_read(kind, data, index))
        }
        at = try position(apus_tuple_item(result.ref, 1), bytes.count)
      }
    }
    return (text, at)
  }

  /// A str of code points.
  static func string(_ text: [UInt32]) throws(Raised) -> Owned {
    try own(
      text.withUnsafeBufferPointer {
        $0.isEmpty ? PyUnicode_New(0, 0) : PyUnicode_FromKindAndData(4, $0.baseAddress, $0.count)
      })
  }

  // MARK: Encoding

  /// The bytes of a str, and how many characters were read: all, or up to one that the next may
  /// belong to unless `flush`.
  static func encode(
    _ codec: any CodecEngine, _ name: String, _ state: inout CodecState, _ source: Ref,
    _ errors: Errors, flush: Bool, reset: Bool
  ) throws(Raised) -> (bytes: [UInt8], consumed: Int) {
    let (kind, data, count) = (apus_str_kind(source), apus_str_data(source), apus_str_length(source))
    var output: [UInt8] = []
    output.reserveCapacity(count * 2 + 16)
    var at = 0
    loop: while at < count {
      let next: UInt32? = at + 1 < count ? apus_str_read(kind, data, at + 1) : nil
      let size: Int
      let reason: StaticString
      switch codec.encode(&state, apus_str_read(kind, data, at), next, flush: flush, &output) {
      case .done(let used):
        at += used
        continue
      case .incomplete: break loop
      case .invalid:
        size = 1
        reason = illegal
      }
      switch errors {
      case .ignore: at += size
      case .replace:
        if case .done = codec.encode(&state, 0x3F, nil, flush: true, &output) {} else {
          output.append(0x3F)
        }
        at += size
      default:
        let exception = try own(
          encodeError(name, source, at, at + size, reason))
        guard case .handler(let handler) = errors else {
          PyErr_SetObject(.unicodeEncodeError, exception.ref)
          throw Raised()
        }
        let result = try call(handler, exception.ref)
        guard result.ref.isTuple, apus_var_size(result.ref) == 2,
          apus_tuple_item(result.ref, 0).isStr || apus_tuple_item(result.ref, 0).isBytes,
          apus_tuple_item(result.ref, 1).isInt
        else {
          throw raise(.typeError, "encoding error handler must return (str, int) tuple")
        }
        let replacement = apus_tuple_item(result.ref, 0)
        if replacement.isStr {
          output += try encode(
            codec, name, &state, replacement, .strict, flush: true, reset: false
          ).bytes
        } else if let start = PyBytes_AsString(replacement) {
          output += UnsafeRawBufferPointer(start: start, count: apus_var_size(replacement))
        }
        at = try position(apus_tuple_item(result.ref, 1), count)
      }
    }
    if reset { codec.reset(&state, &output) }
    return (output, at)
  }

  /// The exception itself: its class is called, as there is no C function for it any more.
  private static func encodeError(
    _ name: String, _ source: Ref, _ start: Int, _ end: Int, _ reason: StaticString
  ) -> Ref? {
    new {
      let arguments = try own(PyTuple_New(5))
      let items = apus_tuple_items(arguments.ref)
      items[0] = try own(newString(name)).give()
      items[1] = source.retained().give()
      items[2] = try int(start).give()
      items[3] = try int(end).give()
      items[4] = try own(PyUnicode_FromString(cString(reason))).give()
      return try own(PyObject_Call(.unicodeEncodeError, arguments.ref, nil))
    }
  }

  static func bytes(_ output: [UInt8]) throws(Raised) -> Owned {
    try own(
      output.withUnsafeBytes {
        PyBytes_FromStringAndSize($0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
      })
  }
}
