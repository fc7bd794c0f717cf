import CPythonABI
import Glibc
import Objects
import SystemCalls

/// What the incremental and stream types have in common: a codec, its state and what is pending.
struct StatefulLayout {
  var base: PyObject
  /// CodecObject
  var codec: Ref?
  /// str: the name of the error handler.
  var errors: Ref?
  /// A stream, for the stream types.
  var stream: Ref?
  /// A str of characters that wait for the next one, for encoders.
  var pendingText: Ref?
  var state: CodecState
  var pending: InlineArray<8, UInt8>
  var pendingCount: Int

  static func view(_ object: Ref) -> UnsafeMutablePointer<StatefulLayout> {
    object.view(StatefulLayout.self)
  }

  static let slots: [Slot] = [
    .tp_dealloc { object in
      object.untrackIfNeeded()
      let state = view(object)
      Py_XDECREF(state.pointee.codec)
      Py_XDECREF(state.pointee.errors)
      Py_XDECREF(state.pointee.stream)
      Py_XDECREF(state.pointee.pendingText)
      object.type.pointee.tp_free.unsafelyUnwrapped(object)
    },
    .tp_getattro(PyObject_GenericGetAttr),
    .tp_traverse { object, visit, argument in
      if let stream = view(object).pointee.stream { return visit(stream, argument) }
      return 0
    },
  ]

  static let errorsProperty = Property(
    "errors", "how to treat errors",
    get: { object, _ in
      new {
        if let errors = view(object).pointee.errors { return errors.retained() }
        return try own(PyUnicode_FromString("strict"))
      }
    },
    set: { object, value, _ in
      status {
        guard let value else { throw raise(.attributeError, "cannot delete attribute") }
        guard value.isStr else { throw raise(.typeError, "errors must be a string") }
        let old = view(object).pointee.errors
        view(object).pointee.errors = value.retained().give()
        Py_XDECREF(old)
      }
    })

  /// A new object of a type whose class attribute `codec` says which codec it is for.
  static func make(_ type: TypeRef, errors: Ref?, stream: Ref?) throws(Raised) -> Owned {
    let codec = try own(PyObject_GetAttrString(type.object, "codec"))
    guard codec.ref.type == CodecObject.type else {
      throw raise(.typeError, "codec is unexpected type")
    }
    let object = try own(PyType_GenericAlloc(type, 0))
    let state = view(object.ref)
    state.pointee.errors = errors.map { $0.retained().give() }
    state.pointee.stream = stream.map { $0.retained().give() }
    state.pointee.codec = codec.give()
    return object
  }

  static func engine(_ object: Ref) throws(Raised) -> any CodecEngine {
    CodecObject.engine(try borrow(view(object).pointee.codec))
  }
  static func name(_ object: Ref) throws(Raised) -> String {
    CodecObject.name(try borrow(view(object).pointee.codec))
  }
  static func errors(_ object: Ref) -> Conversion.Errors { .init(view(object).pointee.errors) }

  // MARK: Encoding in parts

  /// The most characters that may wait.
  static let mostPendingText = 2

  /// Encodes what waits and a text; what has to wait is kept unless `final`.
  static func encode(_ object: Ref, _ given: Ref, final: Bool) throws(Raised) -> Owned {
    let text = try CodecObject.textArgument(given)
    let layout = view(object)
    let source: Owned
    if let pending = layout.pointee.pendingText {
      source = try own(PyUnicode_Concat(pending, text.ref))
    } else {
      source = text.ref.retained()
    }
    let before = layout.pointee.pendingText
    layout.pointee.pendingText = nil
    let result: (bytes: [UInt8], consumed: Int)
    do throws(Raised) {
      result = try Conversion.encode(
        engine(object), name(object), &layout.pointee.state, source.ref, errors(object),
        flush: final, reset: final)
    } catch {
      // The characters stay for another try.
      layout.pointee.pendingText = before
      throw error
    }
    Py_XDECREF(before)
    let total = apus_str_length(source.ref)
    if result.consumed < total {
      if total - result.consumed > mostPendingText {
        throw raise(.unicodeError, "pending buffer overflow")
      }
      layout.pointee.pendingText = try own(
        PyUnicode_Substring(source.ref, result.consumed, total)
      ).give()
    }
    return try Conversion.bytes(result.bytes)
  }

  /// Forgets what waits; the bytes that lead back to the first state.
  static func resetEncoder(_ object: Ref) throws(Raised) -> [UInt8] {
    var output: [UInt8] = []
    let layout = view(object)
    try engine(object).reset(&layout.pointee.state, &output)
    clearReference(&layout.pointee.pendingText)
    return output
  }

  // MARK: Decoding in parts

  /// Decodes what waits and bytes; a cut sequence waits unless `final`.
  static func decode(
    _ object: Ref, _ bytes: UnsafeRawPointer?, _ count: Int, final: Bool
  ) throws(Raised) -> Owned {
    let layout = view(object)
    var source: [UInt8] = []
    for index in 0..<layout.pointee.pendingCount { source.append(layout.pointee.pending[index]) }
    let kept = source.count
    if let bytes { source += UnsafeRawBufferPointer(start: bytes, count: count) }
    layout.pointee.pendingCount = 0
    let result: (text: [UInt32], consumed: Int)
    do throws(Raised) {
      let (codec, label) = (try engine(object), try name(object))
      result = try source.withUnsafeBufferPointer { buffer throws(Raised) in
        try Conversion.decode(
          codec, label, &layout.pointee.state, buffer, errors(object), final: final)
      }
    } catch {
      layout.pointee.pendingCount = kept
      throw error
    }
    let left = source.count - result.consumed
    if left > 8 { throw raise(.unicodeError, "pending buffer overflow") }
    for index in 0..<left { layout.pointee.pending[index] = source[result.consumed + index] }
    layout.pointee.pendingCount = left
    return try Conversion.string(result.text)
  }

  /// Eight bytes as an int, the lowest first.
  static func number(_ bytes: [UInt8]) throws(Raised) -> Owned {
    try own(
      bytes.withUnsafeBufferPointer { _PyLong_FromByteArray($0.baseAddress.unsafelyUnwrapped, $0.count, 1, 0) })
  }

  /// The bytes of an int that must fit.
  static func bytes(_ number: Ref, _ count: Int) throws(Raised) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: count)
    try check(
      result.withUnsafeMutableBufferPointer {
        _PyLong_AsByteArray(
          number, $0.baseAddress.unsafelyUnwrapped, count, 1, 0, 1)
      })
    return result
  }
}

/// `_multibytecodec.MultibyteIncrementalEncoder`.
enum IncrementalEncoder {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  private static let arguments: Method = .variableKeywords(
    "IncrementalEncoder(errors='strict')", "", { _, _, _ in nil })

  static let spec = TypeSpec(
    type, "_multibytecodec.MultibyteIncrementalEncoder",
    basicSize: MemoryLayout<StatefulLayout>.size, flags: [.baseType, .haveGC], base: objectType(),
    slots: StatefulLayout.slots + [
      .tp_new { type, args, keywords in
        new {
          let a = try Arguments(arguments, tuple: args, keywords: keywords)
          if let given = a[0], !given.isStr {
            throw raise(
              .typeError, "IncrementalEncoder() argument 1 must be str, not \(given.type.name)")
          }
          let object = try StatefulLayout.make(type, errors: a[0], stream: nil)
          try StatefulLayout.engine(object.ref)
            .startEncoding(&StatefulLayout.view(object.ref).pointee.state)
          return object
        }
      },
      .tp_init { _, _, _ in 0 },
    ],
    methods: [encode, getState, setState, reset], properties: [StatefulLayout.errorsProperty])

  private static let encode: Method = .keywords("encode($self, /, input, final=False)", "") {
    object, args, count, names in
    new {
      let a = try Arguments(encode, args, count, names)
      return try StatefulLayout.encode(object, a.object(0), final: a.bool(1))
    }
  }

  /// The length of the waiting text, its UTF-8 and the codec's state as one number.
  private static let getState: Method = .noargs("getstate($self, /)", "") { object, _ in
    new {
      let layout = StatefulLayout.view(object)
      var bytes: [UInt8] = [0]
      if let pending = layout.pointee.pendingText {
        var count = 0
        guard let text = PyUnicode_AsUTF8AndSize(pending, &count) else { throw Raised() }
        bytes[0] = UInt8(truncatingIfNeeded: count)
        bytes += UnsafeRawBufferPointer(start: text, count: count)
      }
      for index in 0..<8 { bytes.append(layout.pointee.state[index]) }
      return try StatefulLayout.number(bytes)
    }
  }

  private static let setState: Method = .o("setstate($self, state, /)", "") { object, given in
    none {
      guard given.isInt else {
        throw raise(.typeError, "setstate() argument must be int, not \(given.type.name)")
      }
      let bytes = try StatefulLayout.bytes(given, 1 + 8 + 8)
      let count = Int(bytes[0])
      if count > 8 { throw raise(.unicodeError, "pending buffer too large") }
      let text = try own(
        bytes.withUnsafeBytes {
          PyUnicode_DecodeUTF8(
            $0.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: CChar.self) + 1, count, "strict")
        })
      let layout = StatefulLayout.view(object)
      clearReference(&layout.pointee.pendingText)
      if count > 0 { layout.pointee.pendingText = text.give() }
      for index in 0..<8 { layout.pointee.state[index] = bytes[1 + count + index] }
    }
  }

  private static let reset: Method = .noargs("reset($self, /)", "") { object, _ in
    none { _ = try StatefulLayout.resetEncoder(object) }
  }
}

/// `_multibytecodec.MultibyteIncrementalDecoder`.
enum IncrementalDecoder {
  nonisolated(unsafe) static let type = PermanentMemory.type()
  private static let arguments: Method = .variableKeywords(
    "IncrementalDecoder(errors='strict')", "", { _, _, _ in nil })

  static let spec = TypeSpec(
    type, "_multibytecodec.MultibyteIncrementalDecoder",
    basicSize: MemoryLayout<StatefulLayout>.size, flags: [.baseType, .haveGC], base: objectType(),
    slots: StatefulLayout.slots + [
      .tp_new { type, args, keywords in
        new {
          let a = try Arguments(arguments, tuple: args, keywords: keywords)
          if let given = a[0], !given.isStr {
            throw raise(
              .typeError, "IncrementalDecoder() argument 1 must be str, not \(given.type.name)")
          }
          let object = try StatefulLayout.make(type, errors: a[0], stream: nil)
          try StatefulLayout.engine(object.ref)
            .startDecoding(&StatefulLayout.view(object.ref).pointee.state)
          return object
        }
      },
      .tp_init { _, _, _ in 0 },
    ],
    methods: [decode, getState, setState, reset], properties: [StatefulLayout.errorsProperty])

  private static let decode: Method = .keywords("decode($self, /, input, final=False)", "") {
    object, args, count, names in
    new {
      let a = try Arguments(decode, args, count, names)
      let data = try a.buffer(0)
      return try StatefulLayout.decode(object, data.start, data.count, final: a.bool(1))
    }
  }

  private static let getState: Method = .noargs("getstate($self, /)", "") { object, _ in
    new {
      let layout = StatefulLayout.view(object)
      let pending = (0..<layout.pointee.pendingCount).map { layout.pointee.pending[$0] }
      let state = (0..<8).map { layout.pointee.state[$0] }
      return try tuple(Conversion.bytes(pending), StatefulLayout.number(state))
    }
  }

  private static let setState: Method = .o("setstate($self, state, /)", "") { object, given in
    none {
      guard given.isTuple else {
        throw raise(.typeError, "setstate() argument must be tuple, not \(given.type.name)")
      }
      guard apus_var_size(given) == 2, apus_tuple_item(given, 0).isBytes,
        apus_tuple_item(given, 1).isInt
      else { throw raise(.typeError, "setstate(): illegal state argument") }
      let state = try StatefulLayout.bytes(apus_tuple_item(given, 1), 8)
      let pending = try BufferArgument(apus_tuple_item(given, 0))
      let layout = StatefulLayout.view(object)
      if pending.count > 8 {
        let name = try StatefulLayout.name(object)
        let start = pending.start?.assumingMemoryBound(to: CChar.self)
        let exception = try own(
          name.withCString {
            PyUnicodeDecodeError_Create(
              $0, start ?? UnsafeMutablePointer(mutating: cString("")), pending.count, 0, pending.count, "pending buffer too large")
          })
        PyErr_SetObject(.unicodeDecodeError, exception.ref)
        throw Raised()
      }
      for index in 0..<pending.count {
        layout.pointee.pending[index] = pending.start?.load(fromByteOffset: index, as: UInt8.self) ?? 0
      }
      layout.pointee.pendingCount = pending.count
      for index in 0..<8 { layout.pointee.state[index] = state[index] }
    }
  }

  private static let reset: Method = .noargs("reset($self, /)", "") { object, _ in
    none {
      let layout = StatefulLayout.view(object)
      try StatefulLayout.engine(object).startDecoding(&layout.pointee.state)
      layout.pointee.pendingCount = 0
    }
  }
}
