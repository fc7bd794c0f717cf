import CPythonABI
import Glibc
import Objects

/// Line ends in text: which there are, and their translation to "\n".
struct NewlineKinds: OptionSet {
  let rawValue: UInt8
  static let lf = NewlineKinds(rawValue: 1)
  static let cr = NewlineKinds(rawValue: 2)
  static let crlf = NewlineKinds(rawValue: 4)

  /// None, a string, or a tuple of strings (the `newlines` attribute).
  func object() throws(Raised) -> Owned {
    var texts: [String] = []
    if contains(.cr) { texts.append("\r") }
    if contains(.lf) { texts.append("\n") }
    if contains(.crlf) { texts.append("\r\n") }
    if texts.isEmpty { return noneObject().retained() }
    if texts.count == 1 { return try own(newString(texts[0])) }
    let result = try own(PyTuple_New(texts.count))
    for (index, text) in texts.enumerated() {
      apus_tuple_items(result.ref)[index] = try own(newString(text)).give()
    }
    return result
  }
}

enum Newlines {
  /// The position of a character in a str's data from `start`, or nil.
  static func find(_ text: Ref, _ character: UInt32, from start: Int = 0) -> Int? {
    let length = apus_str_length(text)
    if start >= length { return nil }
    let data = apus_str_data(text)
    if apus_str_kind(text) == 1 {
      guard let found = memchr(data + start, Int32(character), length - start) else { return nil }
      return found - UnsafeMutableRawPointer(data)
    }
    let kind = apus_str_kind(text)
    for index in start..<length where apus_str_read(kind, data, index) == character {
      return index
    }
    return nil
  }

  /// The kinds of line ends in a text.
  static func kinds(_ text: Ref) -> NewlineKinds {
    guard find(text, 0x0D) != nil else { return find(text, 0x0A) != nil ? .lf : [] }
    var seen: NewlineKinds = []
    let (kind, data, length) = (apus_str_kind(text), apus_str_data(text), apus_str_length(text))
    var index = 0
    while index < length {
      let character = apus_str_read(kind, data, index)
      if character == 0x0A { seen.insert(.lf) }
      if character == 0x0D {
        if index + 1 < length && apus_str_read(kind, data, index + 1) == 0x0A {
          seen.insert(.crlf)
          index += 1
        } else {
          seen.insert(.cr)
        }
      }
      index += 1
    }
    return seen
  }

  /// The text with "\r\n" and "\r" replaced by "\n".
  static func translate(_ text: Ref) throws(Raised) -> Owned {
    guard let first = find(text, 0x0D) else { return text.retained() }
    let (data, length) = (apus_str_data(text), apus_str_length(text))
    let kind = Int(apus_str_kind(text))
    let memory = UnsafeMutableRawPointer.allocate(byteCount: length * kind + 4, alignment: 4)
    defer { memory.deallocate() }
    memcpy(memory, data, first * kind)
    var used = first
    var index = first
    while index < length {
      var character = apus_str_read(Int32(kind), data, index)
      if character == 0x0D {
        if index + 1 < length && apus_str_read(Int32(kind), data, index + 1) == 0x0A { index += 1 }
        character = 0x0A
      }
      switch kind {
      case 1: memory.storeBytes(of: UInt8(character), toByteOffset: used, as: UInt8.self)
      case 2: memory.storeBytes(of: UInt16(character), toByteOffset: used * 2, as: UInt16.self)
      default: memory.storeBytes(of: character, toByteOffset: used * 4, as: UInt32.self)
      }
      used += 1
      index += 1
    }
    return try own(PyUnicode_FromKindAndData(Int32(kind), memory, used))
  }

  /// The text with "\n" replaced.
  static func replace(_ text: Ref, by newline: StaticString) throws(Raised) -> Owned {
    let old = try own(PyUnicode_FromString("\n"))
    let fresh = try own(PyUnicode_FromString(cString(newline)))
    return try own(PyUnicode_Replace(text, old.ref, fresh.ref, -1))
  }
}

/// `_io.IncrementalNewlineDecoder`. CPython: Modules/_io/textio.c.
enum NewlineDecoder {
  struct Decoder {
    var ob_base: PyObject
    var decoder: Ref?
    var errors: Ref?
    var pendingCarriageReturn: Bool
    var translates: Bool
    var seen: UInt8
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()
  private static let constructor: Method = .variableKeywords(
    "IncrementalNewlineDecoder(decoder, translate, errors='strict')", "", { _, _, _ in nil })

  static let spec = TypeSpec(
    type, "_io.IncrementalNewlineDecoder", basicSize: MemoryLayout<Decoder>.size,
    flags: [.baseType, .haveGC],
    doc: """
      IncrementalNewlineDecoder(decoder, translate, errors='strict')
      --

      Codec used when reading a file in universal newlines mode.

      It wraps another incremental decoder (or none), translating \\r\\n and \\r into \\n when translate
      is true, and records the line ends it met in its newlines attribute.
      """,
    base: objectType(),
    slots: [
      .constructorOfObject,
      .tp_init { object, args, keywords in
        status {
          let a = try Arguments(constructor, tuple: args, keywords: keywords)
          try prepare(object, a.object(0), translates: a.bool(1), errors: a[2])
        }
      },
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        clearReference(&object.view(Decoder.self).pointee.decoder)
        clearReference(&object.view(Decoder.self).pointee.errors)
        object.type.pointee.tp_free.unsafelyUnwrapped(object)
      },
      .tp_traverse { object, visit, argument in
        let answer = visitReference(object.view(Decoder.self).pointee.decoder, visit, argument)
        return answer != 0
          ? answer : visitReference(object.view(Decoder.self).pointee.errors, visit, argument)
      },
      .tp_clear { object in
        clearReference(&object.view(Decoder.self).pointee.decoder)
        clearReference(&object.view(Decoder.self).pointee.errors)
        return 0
      },
    ],
    methods: [decode, getstate, setstate, reset],
    properties: [
      Property("newlines", get: { object, _ in
        new {
          try checkReady(object)
          return try NewlineKinds(rawValue: object.view(Decoder.self).pointee.seen).object()
        }
      })
    ])

  private static func prepare(
    _ object: Ref, _ decoder: Ref, translates: Bool, errors: Ref?
  ) throws(Raised) {
    let state = object.view(Decoder.self)
    replaceReference(&state.pointee.decoder, decoder.retained().give())
    if let errors {
      replaceReference(&state.pointee.errors, errors.retained().give())
    } else {
      replaceReference(&state.pointee.errors, try own(PyUnicode_FromString("strict")).give())
    }
    state.pointee.translates = translates
    state.pointee.seen = 0
    state.pointee.pendingCarriageReturn = false
  }

  /// A decoder around another, or around none (None).
  static func make(_ decoder: Ref, translates: Bool) throws(Raised) -> Owned {
    let object = try own(PyType_GenericAlloc(type, 0))
    try prepare(object.ref, decoder, translates: translates, errors: nil)
    return object
  }

  private static func checkReady(_ object: Ref) throws(Raised) {
    if object.view(Decoder.self).pointee.decoder == nil {
      throw raise(.valueError, "IncrementalNewlineDecoder.__init__() not called")
    }
  }

  static func seen(_ object: Ref) -> NewlineKinds {
    NewlineKinds(rawValue: object.view(Decoder.self).pointee.seen)
  }

  static func decode(_ object: Ref, _ input: Ref, final: Bool) throws(Raised) -> Owned {
    try checkReady(object)
    let state = object.view(Decoder.self)
    let raw: Owned
    if let decoder = state.pointee.decoder, !decoder.isNone {
      let method = try own(PyObject_GetAttr(decoder, Name.decode))
      raw = try own(call(method.ref, input, boolObject(final)))
    } else {
      raw = input.retained()
    }
    var output = consume raw
    guard output.ref.isStr else {
      throw raise(
        .typeError,
        "decoder should return a string result, not '\(output.ref.type.fullName)'")
    }
    let count = apus_str_length(output.ref)
    if state.pointee.pendingCarriageReturn && (final || count > 0) {
      let start = try own(PyUnicode_FromString("\r"))
      output = try own(PyUnicode_Concat(start.ref, output.ref))
      state.pointee.pendingCarriageReturn = false
    }
    let length = apus_str_length(output.ref)
    if !final && length > 0
      && apus_str_read(
        apus_str_kind(output.ref), apus_str_data(output.ref), length - 1) == 0x0D
    {
      // It may be the first half of "\r\n".
      output = try own(PyUnicode_Substring(output.ref, 0, length - 1))
      state.pointee.pendingCarriageReturn = true
    }
    state.pointee.seen |= Newlines.kinds(output.ref).rawValue
    if !state.pointee.translates { return output }
    return try Newlines.translate(output.ref)
  }

  private static let decode: Method = .keywords("decode($self, /, input, final=False)", "Decode the next piece of input.") {
    object, args, count, names in
    new {
      let a = try Arguments(decode, args, count, names)
      return try decode(object, a.object(0), final: a.bool(1))
    }
  }

  private static let getstate: Method = .noargs("getstate($self, /)", "The state: (input, flag).") { object, _ in
    new {
      try checkReady(object)
      let state = object.view(Decoder.self)
      var buffer = try own(PyBytes_FromStringAndSize(nil, 0))
      var flag: UInt64 = 0
      if let decoder = state.pointee.decoder, !decoder.isNone {
        let inner = try send(decoder, Name.getstate)
        guard inner.ref.isTuple, apus_var_size(inner.ref) >= 2 else {
          throw raise(.typeError, "illegal decoder state")
        }
        buffer = apus_tuple_item(inner.ref, 0).retained()
        flag = PyLong_AsUnsignedLongLong(apus_tuple_item(inner.ref, 1))
        if flag == .max && hasRaised() { throw Raised() }
      }
      flag = flag << 1 | (state.pointee.pendingCarriageReturn ? 1 : 0)
      return try tuple(buffer, own(PyLong_FromUnsignedLongLong(flag)))
    }
  }

  private static let setstate: Method = .o("setstate($self, state, /)", "Restore a state.") { object, given in
    new {
      try checkReady(object)
      guard given.isTuple, apus_var_size(given) == 2 else {
        throw raise(.typeError, "state argument must be a tuple")
      }
      let flag = PyLong_AsUnsignedLongLong(apus_tuple_item(given, 1))
      if flag == .max && hasRaised() {
        throw raise(.typeError, "illegal decoder state")
      }
      let state = object.view(Decoder.self)
      state.pointee.pendingCarriageReturn = flag & 1 != 0
      guard let decoder = state.pointee.decoder, !decoder.isNone else {
        return noneObject().retained()
      }
      let inner = try tuple(
        apus_tuple_item(given, 0).retained(), own(PyLong_FromUnsignedLongLong(flag >> 1)))
      return try send(decoder, Name.setstate, inner.ref)
    }
  }

  private static let reset: Method = .noargs("reset($self, /)", "Start anew.") { object, _ in
    new {
      try checkReady(object)
      let state = object.view(Decoder.self)
      state.pointee.seen = 0
      state.pointee.pendingCarriageReturn = false
      guard let decoder = state.pointee.decoder, !decoder.isNone else {
        return noneObject().retained()
      }
      return try send(decoder, Name.reset)
    }
  }
}
