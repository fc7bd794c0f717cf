import CPythonABI
import Glibc

/// Encoding and decoding by name: the encodings every Python has are found here at once, all others
/// through the registry.
public enum Encoding {
  case utf8, latin1, ascii, utf16, utf32

  /// The builtin encoding of a name in any of its usual spellings.
  init?(_ name: UnsafePointer<CChar>) {
    // Lower case, underscores as hyphens.
    var compact = InlineArray<12, UInt8>(repeating: 0)
    var count = 0
    let bytes = buffer(name)
    while bytes[count] != 0 {
      if count == 11 { return nil }
      let byte = PyUnicode.asciiLower(bytes[count])
      compact[count] = byte == 95 ? 45 : byte
      count += 1
    }
    func matches(_ text: StaticString) -> Bool {
      guard text.utf8CodeUnitCount == count else { return false }
      for index in 0..<count where compact[index] != text.utf8Start[index] { return false }
      return true
    }
    if matches("utf-8") || matches("utf8") {
      self = .utf8
    } else if matches("latin-1") || matches("latin1") || matches("iso-8859-1")
      || matches("iso8859-1")
    {
      self = .latin1
    } else if matches("ascii") || matches("us-ascii") {
      self = .ascii
    } else if matches("utf-16") || matches("utf16") {
      self = .utf16
    } else if matches("utf-32") || matches("utf32") {
      self = .utf32
    } else {
      return nil
    }
  }

  static func decode(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, _ encoding: UnsafePointer<CChar>?,
    _ errors: UnsafePointer<CChar>?
  ) throws(Raised) -> Owned {
    guard let encoding else { return try PyUnicode.decodeUTF8(bytes, count, errors: errors) }
    var order: Int32 = 0
    switch Encoding(encoding) {
    case .utf8: return try PyUnicode.decodeUTF8(bytes, count, errors: errors)
    case .latin1: return try TextDecoding.latin1(bytes, count)
    case .ascii: return try TextDecoding.ascii(bytes, count, errors: errors)
    case .utf16:
      return try TextDecoding.wide(
        bytes, count, unit: 2, errors: errors, order: &order, consumed: nil)
    case .utf32:
      return try TextDecoding.wide(
        bytes, count, unit: 4, errors: errors, order: &order, consumed: nil)
    case nil: break
    }
    var view = Py_buffer()
    view.buf = UnsafeMutableRawPointer(mutating: bytes)
    view.len = count
    view.itemsize = 1
    view.ndim = 1
    view.readonly = 1
    let object = try own(PyMemoryView_FromBuffer(&view))
    let codec = try CodecRegistry.look(upText: encoding, alternative: "codecs.decode()")
    let result = try CodecRegistry.run(codec.ref, item: 1, object.ref, encoding, errors)
    guard result.ref.isStr else {
      throw raise(
        .typeError,
        "'\(String(cString: encoding))' decoder returned '\(result.ref.type.fullName)' instead of "
          + "'str'; use codecs.decode() to decode to arbitrary types")
    }
    return result
  }

  static func encode(
    _ text: Ref, _ encoding: UnsafePointer<CChar>?, _ errors: UnsafePointer<CChar>?
  ) throws(Raised) -> Owned {
    guard let encoding else { return try TextEncoding.utf8(text, errors: errors) }
    switch Encoding(encoding) {
    case .utf8: return try TextEncoding.utf8(text, errors: errors)
    case .latin1: return try TextEncoding.narrow(text, limit: 256, errors: errors)
    case .ascii: return try TextEncoding.narrow(text, limit: 128, errors: errors)
    case .utf16: return try TextEncoding.wide(text, unit: 2, order: 0, errors: errors)
    case .utf32: return try TextEncoding.wide(text, unit: 4, order: 0, errors: errors)
    case nil: break
    }
    let codec = try CodecRegistry.look(upText: encoding, alternative: "codecs.encode()")
    let result = try CodecRegistry.run(codec.ref, item: 0, text, encoding, errors)
    if result.ref.isBytes { return result }
    if result.ref.isInstance(of: byteArrayType()) {
      try check(
        PyErr_WarnEx(
          .runtimeWarning,
          "encoder \(String(cString: encoding)) returned bytearray instead of bytes; "
            + "use codecs.encode() to encode to arbitrary types", 1))
      return try PyBytes.make(ByteView(result.ref).base, ByteView(result.ref).count)
    }
    throw raise(
      .typeError,
      "'\(String(cString: encoding))' encoder returned '\(result.ref.type.fullName)' instead of "
        + "'bytes'; use codecs.encode() to encode to arbitrary types")
  }
}

extension Encoding {
  /// In development mode (`-X dev`) names of encodings and error handlers must be known even when
  /// there is nothing to convert. Raises LookupError.
  @inline(__always)
  static func requireKnown(
    _ encoding: UnsafePointer<CChar>?, _ errors: UnsafePointer<CChar>?
  ) throws(Raised) {
    if apus_tstate().pointee.interp.pointee.dev_mode != 0 { try lookUp(encoding, errors) }
  }

  @inline(never)
  private static func lookUp(
    _ encoding: UnsafePointer<CChar>?, _ errors: UnsafePointer<CChar>?
  ) throws(Raised) {
    if apus_tstate().pointee.interp.pointee.finalizing != 0 { return }
    if let encoding, Encoding(encoding) == nil {
      _ = try own(_PyCodec_Lookup(encoding))
    }
    if let errors, strcmp(errors, "strict") != 0, strcmp(errors, "surrogateescape") != 0 {
      _ = try own(PyCodec_LookupError(errors))
    }
  }
}

// MARK: C API

@c @implementation
public func PyUnicode_Decode(
  _ text: UnsafePointer<CChar>?, _ size: Int, _ encoding: UnsafePointer<CChar>?,
  _ errors: UnsafePointer<CChar>?
) -> Ref? {
  new {
    let bytes = text.map(buffer) ?? UnsafePointer(apus_bytes_data(apus_bytes_empty()))
    try Encoding.requireKnown(encoding, errors)
    return try Encoding.decode(bytes, size, encoding, errors)
  }
}

@c @implementation
public func PyUnicode_AsEncodedString(
  _ text: Ref, _ encoding: UnsafePointer<CChar>?, _ errors: UnsafePointer<CChar>?
) -> Ref? {
  new {
    guard text.isStr else {
      _ = PyErr_BadArgument()
      throw Raised()
    }
    try Encoding.requireKnown(encoding, errors)
    return try Encoding.encode(text, encoding, errors)
  }
}

/// The text in the content of a bytes-like object.
@c @implementation
public func PyUnicode_FromEncodedObject(
  _ object: Ref, _ encoding: UnsafePointer<CChar>?, _ errors: UnsafePointer<CChar>?
) -> Ref? {
  new {
    if object.isStr { throw raise(.typeError, "decoding str is not supported") }
    if PyObject_CheckBuffer(object) == 0 {
      throw raise(
        .typeError, "decoding to str: need a bytes-like object, \(object.type.fullName) found")
    }
    try Encoding.requireKnown(encoding, errors)
    let hold = try ByteBuffer(object)
    if hold.count == 0 { return PyUnicode.empty }
    return try Encoding.decode(hold.base, hold.count, encoding, errors)
  }
}

@c @implementation
public func PyUnicode_AsEncodedObject(
  _ text: Ref, _ encoding: UnsafePointer<CChar>?, _ errors: UnsafePointer<CChar>?
) -> Ref? {
  PyCodec_Encode(text, encoding, errors)
}

@c @implementation
public func PyUnicode_AsDecodedObject(
  _ text: Ref, _ encoding: UnsafePointer<CChar>?, _ errors: UnsafePointer<CChar>?
) -> Ref? {
  PyCodec_Decode(text, encoding, errors)
}

@c @implementation
public func PyUnicode_AsDecodedUnicode(
  _ text: Ref, _ encoding: UnsafePointer<CChar>?, _ errors: UnsafePointer<CChar>?
) -> Ref? {
  new {
    let encoding = encoding ?? cString("utf-8")
    let result = try own(PyCodec_Decode(text, encoding, errors))
    if !result.ref.isStr {
      throw raise(
        .typeError,
        "'\(String(cString: encoding))' decoder returned '\(result.ref.type.fullName)' instead of "
          + "'str'; use codecs.decode() to decode to arbitrary types")
    }
    return result
  }
}

@c @implementation
public func PyUnicode_AsEncodedUnicode(
  _ text: Ref, _ encoding: UnsafePointer<CChar>?, _ errors: UnsafePointer<CChar>?
) -> Ref? {
  new {
    let encoding = encoding ?? cString("utf-8")
    let result = try own(PyCodec_Encode(text, encoding, errors))
    if !result.ref.isStr {
      throw raise(
        .typeError,
        "'\(String(cString: encoding))' encoder returned '\(result.ref.type.fullName)' instead of "
          + "'str'; use codecs.encode() to encode to arbitrary types")
    }
    return result
  }
}
