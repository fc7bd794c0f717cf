import CPythonABI

/// UnicodeEncodeError, UnicodeDecodeError, UnicodeTranslateError.
/// CPython: Objects/exceptions.c.
enum UnicodeErrors {
  static let specs = [
    TypeSpec(
      apus_exc_UnicodeEncodeError(), "UnicodeEncodeError",
      basicSize: MemoryLayout<PyUnicodeErrorObject>.stride,
      flags: [.baseType, .haveGC, .baseExcSubclass], doc: "Text cannot be encoded.",
      base: apus_exc_UnicodeError(), dictOffset: 16,
      slots: common + [
        .tp_init { exception, args, keywords in
          initialize(exception, args, keywords, hasEncoding: true, takesBytes: false)
        },
        .tp_str { exception in describe(exception, .encode) },
      ], members: members),
    TypeSpec(
      apus_exc_UnicodeDecodeError(), "UnicodeDecodeError",
      basicSize: MemoryLayout<PyUnicodeErrorObject>.stride,
      flags: [.baseType, .haveGC, .baseExcSubclass], doc: "Bytes cannot be decoded.",
      base: apus_exc_UnicodeError(), dictOffset: 16,
      slots: common + [
        .tp_init { exception, args, keywords in
          initialize(exception, args, keywords, hasEncoding: true, takesBytes: true)
        },
        .tp_str { exception in describe(exception, .decode) },
      ], members: members),
    TypeSpec(
      apus_exc_UnicodeTranslateError(), "UnicodeTranslateError",
      basicSize: MemoryLayout<PyUnicodeErrorObject>.stride,
      flags: [.baseType, .haveGC, .baseExcSubclass], doc: "Text cannot be translated.",
      base: apus_exc_UnicodeError(), dictOffset: 16,
      slots: common + [
        .tp_init { exception, args, keywords in
          initialize(exception, args, keywords, hasEncoding: false, takesBytes: false)
        },
        .tp_str { exception in describe(exception, .translate) },
      ], members: members),
  ]

  private static let common: [Slot] = [
    .tp_dealloc { ExceptionFields.deallocate($0, objects: ExceptionFields.unicode) },
    .tp_traverse { ExceptionFields.traverse($0, $1, $2, objects: ExceptionFields.unicode) },
    .tp_clear { ExceptionFields.clear($0, objects: ExceptionFields.unicode) },
    .tp_new(BaseException_new),
  ]

  private static let members = [
    Member("encoding", _Py_T_OBJECT, offset: 72, "The codec's name."),
    Member("object", _Py_T_OBJECT, offset: 80, "What is encoded, decoded or translated."),
    Member("start", Py_T_PYSSIZET, offset: 88, "Where the failing part starts."),
    Member("end", Py_T_PYSSIZET, offset: 96, "Where the failing part ends."),
    Member("reason", _Py_T_OBJECT, offset: 104, "What is wrong."),
  ]

  private static func fields(_ exception: Ref) -> UnsafeMutablePointer<PyUnicodeErrorObject> {
    exception.view(PyUnicodeErrorObject.self)
  }

  private static func initialize(
    _ exception: Ref, _ args: Ref, _ keywords: Ref?, hasEncoding: Bool, takesBytes: Bool
  ) -> Int32 {
    status {
      try checkNoKeywords(exception.type.fullName, keywords)
      if BaseException_init(exception, args, nil) < 0 { throw Raised() }
      let count = apus_var_size(args)
      let expected = hasEncoding ? 5 : 4
      guard count == expected else {
        throw raise(.typeError, "function takes exactly \(expected) arguments (\(count) given)")
      }
      var next = 0
      func take() -> Ref {
        next += 1
        return apus_tuple_item(args, next - 1)
      }
      func takeText() throws(Raised) -> Ref {
        let value = take()
        if value.isStr { return value }
        throw raise(
          .typeError,
          "argument \(next) must be str, not \(value.isNone ? "None" : value.type.fullName)")
      }
      func takeSize() throws(Raised) -> Int {
        let number = try own(PyNumber_Index(take()))
        let size = PyLong_AsSsize_t(number.ref)
        if size == -1 && hasRaised() { throw Raised() }
        return size
      }
      let encoding = hasEncoding ? try takeText() : nil
      let subject: Owned
      if takesBytes {
        let value = take()
        subject = value.isBytes ? value.retained() : try bytes(of: value)
      } else {
        subject = try takeText().retained()
      }
      let start = try takeSize()
      let end = try takeSize()
      let reason = try takeText()
      ExceptionFields.set(ExceptionFields.field(exception, 72), encoding)
      ExceptionFields.set(ExceptionFields.field(exception, 80), subject.ref)
      fields(exception).pointee.start = start
      fields(exception).pointee.end = end
      ExceptionFields.set(ExceptionFields.field(exception, 104), reason)
    }
  }

  private static func bytes(of value: Ref) throws(Raised) -> Owned {
    guard PyObject_CheckBuffer(value) != 0 else {
      throw raise(
        .typeError, "a bytes-like object is required, not '\(value.type.fullName)'")
    }
    return try own(PyBytes_FromObject(value))
  }

  // MARK: Text

  private enum Kind { case encode, decode, translate }

  private static func describe(_ exception: Ref, _ kind: Kind) -> Ref? {
    new {
      let values = fields(exception).pointee
      // An exception that was never initialised.
      guard let subject = values.object else { return try own(PyUnicode_New(0, 0)) }
      func shown(_ object: Ref?) throws(Raised) -> String {
        let string = try own(PyObject_Str(object ?? noneObject()))
        return text(of: string.ref)
      }
      let reason = try shown(values.reason)
      let start = values.start
      let end = values.end
      let encoding = kind == .translate ? "" : "'\(try shown(values.encoding))' codec "
      let verb = switch kind { case .encode: "encode" case .decode: "decode" case .translate: "translate" }
      let single = start >= 0 && end == start &+ 1
      if kind == .decode {
        if single, subject.isBytes, start < apus_var_size(subject),
          let data = PyBytes_AsString(subject)
        {
          let byte = UInt8(bitPattern: data[start])
          let hex = (byte < 16 ? "0" : "") + String(byte, radix: 16)
          return try own(
            newString("\(encoding)can't \(verb) byte 0x\(hex) in position \(start): \(reason)"))
        }
        return try own(
          newString("\(encoding)can't \(verb) bytes in position \(start)-\(end &- 1): \(reason)"))
      }
      if single, subject.isStr, start < apus_str_length(subject) {
        let code = PyUnicode_ReadChar(subject, start)
        let digits = String(code, radix: 16)
        let width = code <= 0xFF ? 2 : code <= 0xFFFF ? 4 : 8
        let letter = code <= 0xFF ? "x" : code <= 0xFFFF ? "u" : "U"
        let padded = String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
        return try own(
          newString(
            "\(encoding)can't \(verb) character '\\\(letter)\(padded)' in position \(start): \(reason)"))
      }
      return try own(
        newString("\(encoding)can't \(verb) characters in position \(start)-\(end &- 1): \(reason)"))
    }
  }

  // MARK: Access for codecs

  static func object(_ exception: Ref, bytes: Bool) throws(Raised) -> Owned {
    try attribute(fields(exception).pointee.object, "object", bytes: bytes)
  }

  static func attribute(
    _ value: Ref?, _ name: String, bytes: Bool = false
  ) throws(Raised) -> Owned {
    guard let value else { throw raise(.typeError, "\(name) attribute not set") }
    if bytes ? value.isBytes : value.isStr { return value.retained() }
    throw raise(.typeError, "\(name) attribute must be \(bytes ? "bytes" : "unicode")")
  }

  /// `start` brought into the object.
  static func start(
    _ exception: Ref, bytes: Bool, _ result: UnsafeMutablePointer<Int>?
  ) -> Int32 {
    status {
      let subject = try object(exception, bytes: bytes)
      let size = bytes ? apus_var_size(subject.ref) : apus_str_length(subject.ref)
      var start = Swift.max(0, fields(exception).pointee.start)
      if start >= size { start = Swift.max(0, size - 1) }
      result?.pointee = start
    }
  }

  /// `end` brought into the object, at least 1.
  static func end(_ exception: Ref, bytes: Bool, _ result: UnsafeMutablePointer<Int>?) -> Int32 {
    status {
      let subject = try object(exception, bytes: bytes)
      let size = bytes ? apus_var_size(subject.ref) : apus_str_length(subject.ref)
      result?.pointee = Swift.min(Swift.max(1, fields(exception).pointee.end), size)
    }
  }

  static func setReason(_ exception: Ref, _ reason: UnsafePointer<CChar>) -> Int32 {
    guard let text = PyUnicode_FromString(reason) else { return -1 }
    ExceptionFields.set(ExceptionFields.field(exception, 104), text)
    Py_DECREF(text)
    return 0
  }
}

@c @implementation public func PyUnicodeDecodeError_Create(
  _ encoding: UnsafePointer<CChar>?, _ object: UnsafePointer<CChar>, _ length: Int, _ start: Int,
  _ end: Int, _ reason: UnsafePointer<CChar>
) -> Ref? {
  new {
    let name = try own(encoding.map { PyUnicode_FromString($0) } ?? PyUnicode_New(0, 0))
    let data = try own(PyBytes_FromStringAndSize(object, length))
    let first = try own(PyLong_FromSsize_t(start))
    let last = try own(PyLong_FromSsize_t(end))
    let why = try own(PyUnicode_FromString(reason))
    let tuple = try own(PyTuple_New(5))
    let items = apus_tuple_items(tuple.ref)
    items[0] = name.give()
    items[1] = data.give()
    items[2] = first.give()
    items[3] = last.give()
    items[4] = why.give()
    return try own(PyObject_Call(.unicodeDecodeError, tuple.ref, nil))
  }
}

@c @implementation public func PyUnicodeEncodeError_GetEncoding(_ exception: Ref) -> Ref? {
  new { try UnicodeErrors.attribute(exception.view(PyUnicodeErrorObject.self).pointee.encoding, "encoding") }
}
@c @implementation public func PyUnicodeDecodeError_GetEncoding(_ exception: Ref) -> Ref? {
  new { try UnicodeErrors.attribute(exception.view(PyUnicodeErrorObject.self).pointee.encoding, "encoding") }
}
@c @implementation public func PyUnicodeEncodeError_GetObject(_ exception: Ref) -> Ref? {
  new { try UnicodeErrors.object(exception, bytes: false) }
}
@c @implementation public func PyUnicodeDecodeError_GetObject(_ exception: Ref) -> Ref? {
  new { try UnicodeErrors.object(exception, bytes: true) }
}
@c @implementation public func PyUnicodeTranslateError_GetObject(_ exception: Ref) -> Ref? {
  new { try UnicodeErrors.object(exception, bytes: false) }
}
@c @implementation public func PyUnicodeEncodeError_GetReason(_ exception: Ref) -> Ref? {
  new { try UnicodeErrors.attribute(exception.view(PyUnicodeErrorObject.self).pointee.reason, "reason") }
}
@c @implementation public func PyUnicodeDecodeError_GetReason(_ exception: Ref) -> Ref? {
  new { try UnicodeErrors.attribute(exception.view(PyUnicodeErrorObject.self).pointee.reason, "reason") }
}
@c @implementation public func PyUnicodeTranslateError_GetReason(_ exception: Ref) -> Ref? {
  new { try UnicodeErrors.attribute(exception.view(PyUnicodeErrorObject.self).pointee.reason, "reason") }
}
@c @implementation public func PyUnicodeEncodeError_GetStart(_ exception: Ref, _ start: UnsafeMutablePointer<Int>?) -> Int32 {
  UnicodeErrors.start(exception, bytes: false, start)
}
@c @implementation public func PyUnicodeDecodeError_GetStart(_ exception: Ref, _ start: UnsafeMutablePointer<Int>?) -> Int32 {
  UnicodeErrors.start(exception, bytes: true, start)
}
@c @implementation public func PyUnicodeTranslateError_GetStart(_ exception: Ref, _ start: UnsafeMutablePointer<Int>?) -> Int32 {
  UnicodeErrors.start(exception, bytes: false, start)
}
@c @implementation public func PyUnicodeEncodeError_GetEnd(_ exception: Ref, _ end: UnsafeMutablePointer<Int>?) -> Int32 {
  UnicodeErrors.end(exception, bytes: false, end)
}
@c @implementation public func PyUnicodeDecodeError_GetEnd(_ exception: Ref, _ end: UnsafeMutablePointer<Int>?) -> Int32 {
  UnicodeErrors.end(exception, bytes: true, end)
}
@c @implementation public func PyUnicodeTranslateError_GetEnd(_ exception: Ref, _ end: UnsafeMutablePointer<Int>?) -> Int32 {
  UnicodeErrors.end(exception, bytes: false, end)
}
@c @implementation public func PyUnicodeEncodeError_SetStart(_ exception: Ref, _ start: Int) -> Int32 {
  exception.view(PyUnicodeErrorObject.self).pointee.start = start
  return 0
}
@c @implementation public func PyUnicodeDecodeError_SetStart(_ exception: Ref, _ start: Int) -> Int32 {
  exception.view(PyUnicodeErrorObject.self).pointee.start = start
  return 0
}
@c @implementation public func PyUnicodeTranslateError_SetStart(_ exception: Ref, _ start: Int) -> Int32 {
  exception.view(PyUnicodeErrorObject.self).pointee.start = start
  return 0
}
@c @implementation public func PyUnicodeEncodeError_SetEnd(_ exception: Ref, _ end: Int) -> Int32 {
  exception.view(PyUnicodeErrorObject.self).pointee.end = end
  return 0
}
@c @implementation public func PyUnicodeDecodeError_SetEnd(_ exception: Ref, _ end: Int) -> Int32 {
  exception.view(PyUnicodeErrorObject.self).pointee.end = end
  return 0
}
@c @implementation public func PyUnicodeTranslateError_SetEnd(_ exception: Ref, _ end: Int) -> Int32 {
  exception.view(PyUnicodeErrorObject.self).pointee.end = end
  return 0
}
@c @implementation public func PyUnicodeEncodeError_SetReason(_ exception: Ref, _ reason: UnsafePointer<CChar>) -> Int32 {
  UnicodeErrors.setReason(exception, reason)
}
@c @implementation public func PyUnicodeDecodeError_SetReason(_ exception: Ref, _ reason: UnsafePointer<CChar>) -> Int32 {
  UnicodeErrors.setReason(exception, reason)
}
@c @implementation public func PyUnicodeTranslateError_SetReason(_ exception: Ref, _ reason: UnsafePointer<CChar>) -> Int32 {
  UnicodeErrors.setReason(exception, reason)
}
