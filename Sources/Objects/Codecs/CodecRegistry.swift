import CPythonABI
import Glibc

/// The codecs that Python code registers: search functions, the cache of what they found, and the
/// error handlers by name. All three belong to the interpreter. CPython: Python/codecs.c.
public enum CodecRegistry {
  private static var interpreter: UnsafeMutablePointer<PyInterpreterState> {
    apus_tstate().pointee.interp
  }

  /// Makes the registry at its first use, with the builtin error handlers.
  private static func prepare() throws(Raised) {
    if interpreter.pointee.codec_search_path != nil { return }
    let path = try own(PyList_New(0))
    let cache = try own(PyDict_New())
    try prepareErrors()
    interpreter.pointee.codec_search_path = path.give()
    interpreter.pointee.codec_search_cache = cache.give()
  }

  /// Imports `encodings`, which registers the search function of the standard library. Without a
  /// standard library, and while start-up cannot import yet, the builtin codecs still work.
  private static func importEncodings() throws(Raised) {
    if let encodings = PyImport_ImportModule("encodings") {
      Py_DECREF(encodings)
    } else {
      if PyErr_ExceptionMatches(.importError) == 0 { throw Raised() }
      PyErr_Clear()
    }
  }

  private static func prepareErrors() throws(Raised) {
    if interpreter.pointee.codec_error_registry != nil { return }
    let registry = try own(PyDict_New())
    try ErrorHandlers.install(in: registry.ref)
    interpreter.pointee.codec_error_registry = registry.give()
  }

  public static func register(_ function: Ref) throws(Raised) {
    try prepare()
    if PyCallable_Check(function) == 0 { throw raise(.typeError, "argument must be callable") }
    try check(PyList_Append(try borrow(interpreter.pointee.codec_search_path), function))
  }

  /// Forgets a search function and everything found so far.
  public static func unregister(_ function: Ref) throws(Raised) {
    guard let path = interpreter.pointee.codec_search_path else { return }
    for index in 0..<PyList_Size(path) where apus_list_item(path, index) == function {
      if let cache = interpreter.pointee.codec_search_cache { PyDict_Clear(cache) }
      try check(PyList_SetSlice(path, index, index + 1, nil))
      return
    }
  }

  /// The form in which search functions get names: lower case, every run of other characters than
  /// letters, digits and dots one underscore.
  static func normalized(_ name: UnsafePointer<CChar>) throws(Raised) -> Owned {
    let bytes = buffer(name)
    let count = strlen(name)
    var writer = TextWriter(minimum: count)
    var pendingGap = false
    var wrote = false
    for index in 0..<count {
      let byte = PyUnicode.asciiLower(bytes[index])
      let isWord = byte &- 97 < 26 || byte &- 48 < 10 || byte == 46
      if isWord {
        if pendingGap && wrote { try writer.append(95) }
        pendingGap = false
        wrote = true
        try writer.append(UInt32(byte))
      } else if byte < 128 {
        pendingGap = true
      }
    }
    return try writer.finish()
  }

  /// The CodecInfo of an encoding. Raises LookupError.
  public static func look(up encoding: UnsafePointer<CChar>) throws(Raised) -> Owned {
    try prepare()
    let key = try normalized(encoding)
    let cache = try borrow(interpreter.pointee.codec_search_cache)
    var found: Ref?
    try check(PyDict_GetItemRef(cache, key.ref, &found))
    if let found { return Owned(adopting: found) }
    let path = try borrow(interpreter.pointee.codec_search_path)
    if PyList_Size(path) == 0 { try importEncodings() }
    var index = 0
    while index < PyList_Size(path) {
      let function = Owned(retaining: apus_list_item(path, index))
      index += 1
      let result = try own(PyObject_CallOneArg(function.ref, key.ref))
      if result.ref.isNone { continue }
      guard result.ref.isTuple, apus_var_size(result.ref) == 4 else {
        throw raise(.typeError, "codec search functions must return 4-tuples")
      }
      try check(PyDict_SetItem(cache, key.ref, result.ref))
      return result
    }
    throw unknown(encoding)
  }

  private static func unknown(_ encoding: UnsafePointer<CChar>) -> Raised {
    raise(.lookupError, "unknown encoding: \(String(cString: encoding))")
  }

  /// The same for an encoding of text. `alternative` is what the message offers instead.
  static func look(
    upText encoding: UnsafePointer<CChar>, alternative: StaticString
  ) throws(Raised) -> Owned {
    let codec = try look(up: encoding)
    if codec.ref.isExactTuple { return codec }
    var attribute: Ref?
    try check(PyObject_GetOptionalAttrString(codec.ref, "_is_text_encoding", &attribute))
    guard let attribute else { return codec }
    let flag = Owned(adopting: attribute)
    if try check(PyObject_IsTrue(flag.ref)) == 0 {
      throw raise(
        .lookupError,
        "'\(String(cString: encoding))' is not a text encoding; "
          + "use \(alternative) to handle arbitrary codecs")
    }
    return codec
  }

  // MARK: Running a codec

  /// Calls the encoder (item 0) or decoder (item 1) of a codec and returns what it made.
  static func run(
    _ codec: Ref, item: Int, _ object: Ref, _ encoding: UnsafePointer<CChar>,
    _ errors: UnsafePointer<CChar>?
  ) throws(Raised) -> Owned {
    let function = Owned(retaining: apus_tuple_item(codec, item))
    var arguments = [object]
    let errorsName = try errors.map { name throws(Raised) in try own(PyUnicode_FromString(name)).give() }
    defer { Py_XDECREF(errorsName) }
    if let errorsName { arguments.append(errorsName) }
    let made = arguments.withUnsafeBufferPointer { buffer in
      PyObject_Vectorcall(function.ref, buffer.baseAddress, Int(buffer.count), nil)
    }
    guard let made else {
      addNote("\(item == 0 ? "encoding" : "decoding") with '\(String(cString: encoding))' codec failed")
      throw Raised()
    }
    let result = Owned(adopting: made)
    guard result.ref.isTuple, apus_var_size(result.ref) == 2 else {
      throw raise(
        .typeError,
        item == 0
          ? "encoder must return a tuple (object, integer)"
          : "decoder must return a tuple (object,integer)")
    }
    return apus_tuple_item(result.ref, 0).retained()
  }

  /// Adds a note to the exception being raised.
  private static func addNote(_ text: String) {
    guard let exception = PyErr_GetRaisedException() else { return }
    if let note = newString(text) {
      var arguments = [exception, note]
      if let name = PyUnicode_FromString("add_note") {
        let result = arguments.withUnsafeMutableBufferPointer { buffer in
          PyObject_VectorcallMethod(name, UnsafePointer(buffer.baseAddress), 2, nil)
        }
        Py_XDECREF(result)
        Py_DECREF(name)
      }
      Py_DECREF(note)
    }
    if hasRaised() { PyErr_Clear() }
    PyErr_SetRaisedException(exception)
  }

  // MARK: Error handlers

  static func register(_ handler: Ref, forErrors name: UnsafePointer<CChar>) throws(Raised) {
    try prepareErrors()
    if PyCallable_Check(handler) == 0 { throw raise(.typeError, "handler must be callable") }
    try check(
      PyDict_SetItemString(
        try borrow(interpreter.pointee.codec_error_registry), name, handler))
  }

  static func handler(forErrors name: UnsafePointer<CChar>?) throws(Raised) -> Owned {
    try prepareErrors()
    let name = name ?? cString("strict")
    var found: Ref?
    try check(
      PyDict_GetItemStringRef(
        try borrow(interpreter.pointee.codec_error_registry), name, &found))
    guard let found else {
      throw raise(.lookupError, "unknown error handler name '\(String(cString: name))'")
    }
    return Owned(adopting: found)
  }
}

// MARK: C API

@c @implementation
public func PyCodec_Register(_ function: Ref) -> Int32 { status { try CodecRegistry.register(function) } }

@c @implementation
public func PyCodec_Unregister(_ function: Ref) -> Int32 {
  status { try CodecRegistry.unregister(function) }
}

@c @implementation
public func PyCodec_KnownEncoding(_ encoding: UnsafePointer<CChar>?) -> Int32 {
  guard let encoding else { return 0 }
  do {
    let codec = try CodecRegistry.look(up: encoding)
    _ = codec.ref
    return 1
  } catch {
    PyErr_Clear()
    return 0
  }
}

@c @implementation
public func _PyCodec_Lookup(_ encoding: UnsafePointer<CChar>) -> Ref? {
  new { try CodecRegistry.look(up: encoding) }
}

private func item(_ encoding: UnsafePointer<CChar>?, _ index: Int) -> Ref? {
  guard let encoding else {
    _ = PyErr_BadArgument()
    return nil
  }
  return new {
    let codec = try CodecRegistry.look(up: encoding)
    return apus_tuple_item(codec.ref, index).retained()
  }
}

@c @implementation
public func PyCodec_Encoder(_ encoding: UnsafePointer<CChar>?) -> Ref? { item(encoding, 0) }

@c @implementation
public func PyCodec_Decoder(_ encoding: UnsafePointer<CChar>?) -> Ref? { item(encoding, 1) }

private func incremental(
  _ encoding: UnsafePointer<CChar>?, _ errors: UnsafePointer<CChar>?, _ attribute: StaticString
) -> Ref? {
  guard let encoding else {
    _ = PyErr_BadArgument()
    return nil
  }
  return new {
    let codec = try CodecRegistry.look(up: encoding)
    let factory = try own(PyObject_GetAttrString(codec.ref, cString(attribute)))
    guard let errors else { return try own(PyObject_CallNoArgs(factory.ref)) }
    let name = try own(PyUnicode_FromString(errors))
    return try own(PyObject_CallOneArg(factory.ref, name.ref))
  }
}

@c @implementation
public func PyCodec_IncrementalEncoder(
  _ encoding: UnsafePointer<CChar>?, _ errors: UnsafePointer<CChar>?
) -> Ref? {
  incremental(encoding, errors, "incrementalencoder")
}

@c @implementation
public func PyCodec_IncrementalDecoder(
  _ encoding: UnsafePointer<CChar>?, _ errors: UnsafePointer<CChar>?
) -> Ref? {
  incremental(encoding, errors, "incrementaldecoder")
}

private func stream(
  _ encoding: UnsafePointer<CChar>?, _ stream: Ref, _ errors: UnsafePointer<CChar>?, _ index: Int
) -> Ref? {
  guard let encoding else {
    _ = PyErr_BadArgument()
    return nil
  }
  return new {
    let codec = try CodecRegistry.look(up: encoding)
    let factory = Owned(retaining: apus_tuple_item(codec.ref, index))
    guard let errors else { return try own(PyObject_CallOneArg(factory.ref, stream)) }
    let name = try own(PyUnicode_FromString(errors))
    let arguments = [stream, name.ref]
    let result = arguments.withUnsafeBufferPointer { buffer in
      PyObject_Vectorcall(factory.ref, buffer.baseAddress, 2, nil)
    }
    _ = name.ref
    return try own(result)
  }
}

@c @implementation
public func PyCodec_StreamReader(
  _ encoding: UnsafePointer<CChar>?, _ source: Ref, _ errors: UnsafePointer<CChar>?
) -> Ref? {
  stream(encoding, source, errors, 2)
}

@c @implementation
public func PyCodec_StreamWriter(
  _ encoding: UnsafePointer<CChar>?, _ target: Ref, _ errors: UnsafePointer<CChar>?
) -> Ref? {
  stream(encoding, target, errors, 3)
}

@c @implementation
public func PyCodec_Encode(
  _ object: Ref, _ encoding: UnsafePointer<CChar>?, _ errors: UnsafePointer<CChar>?
) -> Ref? {
  new {
    let encoding = encoding ?? cString("utf-8")
    let codec = try CodecRegistry.look(up: encoding)
    return try CodecRegistry.run(codec.ref, item: 0, object, encoding, errors)
  }
}

@c @implementation
public func PyCodec_Decode(
  _ object: Ref, _ encoding: UnsafePointer<CChar>?, _ errors: UnsafePointer<CChar>?
) -> Ref? {
  new {
    let encoding = encoding ?? cString("utf-8")
    let codec = try CodecRegistry.look(up: encoding)
    return try CodecRegistry.run(codec.ref, item: 1, object, encoding, errors)
  }
}

@c @implementation
public func PyCodec_RegisterError(_ name: UnsafePointer<CChar>, _ handler: Ref) -> Int32 {
  status { try CodecRegistry.register(handler, forErrors: name) }
}

@c @implementation
public func PyCodec_LookupError(_ name: UnsafePointer<CChar>?) -> Ref? {
  new { try CodecRegistry.handler(forErrors: name) }
}
