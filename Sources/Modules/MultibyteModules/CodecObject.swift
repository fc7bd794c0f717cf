import CPythonABI
import Glibc
import Objects
import SystemCalls

/// `_multibytecodec.MultibyteCodec`.
enum CodecObject {
  struct Layout {
    var base: PyObject
    /// Index into `names`.
    var number: Int
  }

  static let names =
    CodecRegistry.chinese + CodecRegistry.taiwanese + CodecRegistry.hongkong
    + CodecRegistry.japanese + CodecRegistry.korean + CodecRegistry.escaping

  nonisolated(unsafe) static let type = PermanentMemory.type()

  static let spec = TypeSpec(
    type, "_multibytecodec.MultibyteCodec", basicSize: MemoryLayout<Layout>.size,
    flags: [.disallowInstantiation, .immutableType], base: objectType(),
    slots: [
      .tp_dealloc { PyObject_Free($0) },
      .tp_getattro { object, name in PyObject_GenericGetAttr(object, name) },
    ], methods: [encode, decode])

  static func make(_ name: String) throws(Raised) -> Owned {
    guard let number = names.firstIndex(of: name) else {
      throw raise(.lookupError, "no such codec is supported.")
    }
    guard let object = _PyObject_New(type) else { throw Raised() }
    object.view(Layout.self).pointee.number = number
    return Owned(adopting: object)
  }

  static func name(_ codec: Ref) -> String { names[codec.view(Layout.self).pointee.number] }
  static func engine(_ codec: Ref) -> any CodecEngine { CodecRegistry.engine(name(codec)) }

  /// The text to encode: a str, or what str() makes of another object.
  static func textArgument(_ given: Ref) throws(Raised) -> Owned {
    if given.isStr { return given.retained() }
    let text = try own(PyObject_Str(given))
    guard text.ref.isStr else {
      throw raise(.typeError, "couldn't convert the object to unicode.")
    }
    return text
  }

  private static let encode: Method = .keywords(
    "encode($self, /, input, errors=None)",
    """
    Return an encoded string version of 'input'.

    'errors' is a handler's name as str.encode() takes it. The result is a pair of the bytes and
    the number of characters read.
    """
  ) { object, args, count, names in
    new {
      let a = try Arguments(encode, args, count, names)
      let errors = Conversion.Errors(try a.strOrNone(1))
      let text = try textArgument(a.object(0))
      let codec = engine(object)
      var state = CodecState(repeating: 0)
      codec.startEncoding(&state)
      let result = try Conversion.encode(
        codec, name(object), &state, text.ref, errors, flush: true, reset: true)
      return try tuple(Conversion.bytes(result.bytes), int(apus_str_length(text.ref)))
    }
  }

  private static let decode: Method = .keywords(
    "decode($self, /, input, errors=None)",
    """
    Decodes 'input'.

    'errors' is a handler's name as bytes.decode() takes it. The result is a pair of the text and
    the number of bytes read.
    """
  ) { object, args, count, names in
    new {
      let a = try Arguments(decode, args, count, names)
      let data = try a.buffer(0)
      let errors = Conversion.Errors(try a.strOrNone(1))
      let codec = engine(object)
      var state = CodecState(repeating: 0)
      codec.startDecoding(&state)
      let source = UnsafeBufferPointer(
        start: data.start.map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) },
        count: data.count)
      let result = try Conversion.decode(
        codec, name(object), &state, source, errors, final: true)
      return try tuple(Conversion.string(result.text), int(data.count))
    }
  }
}
