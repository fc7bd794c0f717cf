import CExpat
import CPythonABI
import Glibc
import Objects

/// pyexpat.xmlparser: an Expat parser whose events call Python. CPython: Modules/pyexpat.c.
struct ExpatParser {
  struct Layout {
    var base: PyObject
    var parser: OpaquePointer?
    var orderedAttributes: UInt8
    var specifiedAttributes: UInt8
    var inCallback: UInt8
    var namespacePrefixes: UInt8
    var reparseDeferral: UInt8
    /// Character data waiting for its event; nil when events come at once.
    var buffer: UnsafeMutablePointer<CChar>?
    var bufferSize: Int
    var bufferUsed: Int
    /// A dict of the names seen, or nil.
    var names: Ref?
    /// The Python callables by `ExpatEvent`; nil where there is none.
    var handlers: UnsafeMutablePointer<Ref?>?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  let ref: Ref
  init(_ ref: Ref) { self.ref = ref }

  var layout: UnsafeMutablePointer<Layout> { ref.view(Layout.self) }
  var parser: OpaquePointer? { layout.pointee.parser }

  /// The parser object behind Expat's user data.
  static func of(_ data: UnsafeMutableRawPointer?) -> ExpatParser? {
    data.map { ExpatParser($0.assumingMemoryBound(to: PyObject.self)) }
  }

  // MARK: Making

  private static let chunk = 1 << 20

  private static func blank() throws(Raised) -> Owned {
    let object = try own(_PyObject_GC_New(type))
    let layout = object.ref.view(Layout.self)
    layout.pointee.parser = nil
    layout.pointee.orderedAttributes = 0
    layout.pointee.specifiedAttributes = 0
    layout.pointee.inCallback = 0
    layout.pointee.namespacePrefixes = 0
    layout.pointee.reparseDeferral = 0
    layout.pointee.buffer = nil
    layout.pointee.bufferSize = 8192
    layout.pointee.bufferUsed = 0
    layout.pointee.names = nil
    layout.pointee.handlers = nil
    let count = ExpatEvent.all.count
    guard let memory = PyMem_Calloc(count, MemoryLayout<Ref?>.stride) else {
      PyObject_GC_Track(object.ref)
      throw raiseNoMemory()
    }
    layout.pointee.handlers = memory.bindMemory(to: Ref?.self, capacity: count)
    return object
  }

  static func make(
    encoding: Ref?, separator: Ref?, names: consuming Owned?
  ) throws(Raised) -> Owned {
    let object = try blank()
    let layout = object.ref.view(Layout.self)
    layout.pointee.names = names?.give()
    PyObject_GC_Track(object.ref)
    let encodingText = try encoding.map { text throws(Raised) in try utf8(text) }
    let parser: OpaquePointer?
    if let separator {
      let text = try utf8(separator)
      parser = XML_ParserCreateNS(encodingText, text.pointee)
    } else {
      parser = XML_ParserCreate(encodingText)
    }
    guard let parser else { throw raise(.runtimeError, "XML_ParserCreate failed") }
    layout.pointee.parser = parser
    let salt = apus_hash_secret().pointee.siphash.k0
    _ = XML_SetHashSalt(parser, UInt(salt))
    XML_SetUserData(parser, object.ref)
    XML_SetUnknownEncodingHandler(parser, unknownEncoding, nil)
    return object
  }

  static func utf8(_ text: Ref) throws(Raised) -> UnsafePointer<CChar> {
    var size = 0
    guard let bytes = PyUnicode_AsUTF8AndSize(text, &size) else { throw Raised() }
    guard strlen(bytes) == size else { throw raise(.valueError, "embedded null character") }
    return bytes
  }

  /// Fills in an encoding of one byte per character that Expat does not know.
  static let unknownEncoding: XML_UnknownEncodingHandler = { _, name, info in
    guard let name, let info, !hasRaised() else { return 0 }
    var bytes = InlineArray<256, CChar>(repeating: 0)
    for index in 0..<256 { bytes[index] = CChar(truncatingIfNeeded: index) }
    let span = bytes.span
    let decoded = span.withUnsafeBufferPointer {
      PyUnicode_Decode($0.baseAddress, 256, name, "replace")
    }
    guard let decoded else { return 0 }
    defer { Py_DECREF(decoded) }
    guard apus_str_length(decoded) == 256 else {
      _ = raise(.valueError, "multi-byte encodings are not supported")
      return 0
    }
    let kind = apus_str_kind(decoded)
    let data = apus_str_data(decoded)
    withUnsafeMutablePointer(to: &info.pointee.map) { map in
      let places = UnsafeMutableRawPointer(map).assumingMemoryBound(to: Int32.self)
      for index in 0..<256 {
        let character = apus_str_read(kind, data, index)
        places[index] = character == 0xFFFD ? -1 : Int32(bitPattern: character)
      }
    }
    info.pointee.data = nil
    info.pointee.convert = nil
    info.pointee.release = nil
    return 1
  }

  // MARK: Character data

  /// Hands over the character data that waits. False when an exception was raised.
  func flush() -> Bool {
    guard let buffer = layout.pointee.buffer, layout.pointee.bufferUsed > 0 else { return true }
    let used = layout.pointee.bufferUsed
    layout.pointee.bufferUsed = 0
    return deliver(buffer, used)
  }

  private func deliver(_ text: UnsafePointer<CChar>, _ count: Int) -> Bool {
    if handler(.characterData) == nil { return true }
    return ExpatEvent.call(self, .characterData, flushing: false) { () throws(Raised) in
      let data = try own(PyUnicode_DecodeUTF8(text, count, "strict"))
      return try tuple(data)
    } != nil
  }

  func characters(_ text: UnsafePointer<CChar>, _ count: Int) {
    if hasRaised() { return }
    guard layout.pointee.buffer != nil else {
      _ = deliver(text, count)
      return
    }
    if layout.pointee.bufferUsed + count > layout.pointee.bufferSize {
      guard flush() else { return }
      // The handler may have been taken away.
      if handler(.characterData) == nil { return }
    }
    guard let buffer = layout.pointee.buffer, count <= layout.pointee.bufferSize else {
      _ = deliver(text, count)
      return
    }
    memcpy(buffer + layout.pointee.bufferUsed, text, count)
    layout.pointee.bufferUsed += count
  }

  // MARK: Handlers

  func handler(_ event: ExpatEvent) -> Ref? { layout.pointee.handlers?[event.rawValue] }

  /// Takes all handlers away, also from Expat.
  func clearHandlers() {
    guard let handlers = layout.pointee.handlers else { return }
    for event in ExpatEvent.all {
      if let parser { event.attach(parser, false) }
      clearReference(handlers + event.rawValue)
    }
  }

  /// Ends the parse after an exception.
  func stop() {
    clearHandlers()
    guard let parser else { return }
    XML_SetExternalEntityRefHandler(parser) { _, _, _, _, _ in 0 }
  }

  func setHandler(_ event: ExpatEvent, _ value: Ref?) throws(Raised) {
    guard let value else { throw raise(.runtimeError, "Cannot delete attribute") }
    if event == .characterData {
      // What waits belongs to the old handler.
      guard flush() else { throw Raised() }
    }
    guard let parser, let handlers = layout.pointee.handlers else { return }
    if value.isNone {
      if event == .characterData && layout.pointee.inCallback != 0 {
        // Expat must not see its handler vanish while it calls it.
        clearReference(handlers + event.rawValue)
        XML_SetCharacterDataHandler(parser) { _, _, _ in }
        return
      }
      clearReference(handlers + event.rawValue)
      event.attach(parser, false)
      return
    }
    replaceReference(handlers + event.rawValue, value.retained().give())
    event.attach(parser, true)
  }

  // MARK: Parsing

  static func raiseError(_ parser: OpaquePointer) -> Raised {
    raiseError(parser, XML_GetErrorCode(parser))
  }

  static func raiseError(_ parser: OpaquePointer, _ code: XML_Error) -> Raised {
    do {
      let line = Int(bitPattern: UInt(XML_GetCurrentLineNumber(parser)))
      let column = Int(bitPattern: UInt(XML_GetCurrentColumnNumber(parser)))
      let words = XML_ErrorString(code).map { String(cString: $0) } ?? ""
      let message = try own(newString("\(words): line \(line), column \(column)"))
      let type = try ExpatErrors.type()
      let exception = try own(PyObject_CallOneArg(type, message.ref))
      let number = try int(Int(code.rawValue))
      try check(PyObject_SetAttrString(exception.ref, "code", number.ref))
      let offset = try int(column)
      try check(PyObject_SetAttrString(exception.ref, "offset", offset.ref))
      let lineNumber = try int(line)
      try check(PyObject_SetAttrString(exception.ref, "lineno", lineNumber.ref))
      PyErr_SetObject(type, exception.ref)
      return Raised()
    } catch { return Raised() }
  }

  private func result(_ status: XML_Status) throws(Raised) -> Owned {
    if hasRaised() { throw Raised() }
    guard let parser else { throw Raised() }
    if status == XML_STATUS_ERROR { throw Self.raiseError(parser) }
    if !flush() { throw Raised() }
    return try int(Int(status.rawValue))
  }

  /// Feeds a str or an object with a buffer.
  func parse(_ data: Ref, isFinal: Bool) throws(Raised) -> Owned {
    guard let parser else { throw Raised() }
    if data.isStr {
      var size = 0
      guard let bytes = PyUnicode_AsUTF8AndSize(data, &size) else { throw Raised() }
      _ = XML_SetEncoding(parser, "utf-8")
      return try result(Self.feed(parser, bytes, size, isFinal: isFinal))
    }
    var view = Py_buffer()
    try check(PyObject_GetBuffer(data, &view, PyBUF_SIMPLE))
    defer { PyBuffer_Release(&view) }
    let bytes = view.buf.map { UnsafePointer($0.assumingMemoryBound(to: CChar.self)) }
    return try result(Self.feed(parser, bytes, view.len, isFinal: isFinal))
  }

  /// Expat counts in C ints: large inputs go in pieces.
  static func feed(
    _ parser: OpaquePointer, _ bytes: UnsafePointer<CChar>?, _ count: Int, isFinal: Bool
  ) -> XML_Status {
    var start = 0
    while count - start > chunk {
      let status = XML_Parse(parser, bytes.map { $0 + start }, Int32(chunk), 0)
      if status != XML_STATUS_OK { return status }
      if hasRaised() { return status }
      start += chunk
    }
    return XML_Parse(parser, bytes.map { $0 + start }, Int32(count - start), isFinal ? 1 : 0)
  }

  func parseFile(_ file: Ref) throws(Raised) -> Owned {
    guard let parser else { throw Raised() }
    var found: Ref?
    try check(PyObject_GetOptionalAttrString(file, "read", &found))
    guard let found else { throw raise(.typeError, "argument must have 'read' attribute") }
    let read = Owned(adopting: found)
    let wanted = 2048
    let size = try int(wanted)
    while true {
      guard let room = XML_GetBuffer(parser, Int32(wanted)) else {
        let code = XML_GetErrorCode(parser)
        if code == XML_ERROR_NO_MEMORY { throw raiseNoMemory() }
        throw Self.raiseError(parser, code)
      }
      let piece = try own(PyObject_CallOneArg(read.ref, size.ref))
      let bytes: UnsafeRawPointer?
      let count: Int
      if piece.ref.isBytes {
        bytes = UnsafeRawPointer(apus_bytes_data(piece.ref))
        count = apus_var_size(piece.ref)
      } else if piece.ref.isInstance(of: byteArrayType()) {
        bytes = PyByteArray_AsString(piece.ref).map { UnsafeRawPointer($0) }
        count = apus_var_size(piece.ref)
      } else {
        throw raise(
          .typeError,
          "read() did not return a bytes object (type=\(piece.ref.type.fullName))")
      }
      guard count <= wanted else {
        throw raise(
          .valueError,
          "read() returned too much data: \(wanted) bytes requested, \(count) returned")
      }
      if count > 0, let bytes { memcpy(room, bytes, count) }
      let status = XML_ParseBuffer(parser, Int32(count), count == 0 ? 1 : 0)
      if hasRaised() { throw Raised() }
      if status == XML_STATUS_ERROR || count == 0 { return try result(status) }
    }
  }

  /// A parser for an external entity that this one met.
  func child(context: Ref?, encoding: Ref?) throws(Raised) -> Owned {
    guard let parser else { throw Raised() }
    let object = try Self.blank()
    let copy = ExpatParser(object.ref).layout
    PyObject_GC_Track(object.ref)
    copy.pointee.orderedAttributes = layout.pointee.orderedAttributes
    copy.pointee.specifiedAttributes = layout.pointee.specifiedAttributes
    copy.pointee.namespacePrefixes = layout.pointee.namespacePrefixes
    copy.pointee.reparseDeferral = layout.pointee.reparseDeferral
    copy.pointee.bufferSize = layout.pointee.bufferSize
    copy.pointee.names = layout.pointee.names?.retained().give()
    if layout.pointee.buffer != nil {
      guard let memory = PyMem_Malloc(copy.pointee.bufferSize) else { throw raiseNoMemory() }
      copy.pointee.buffer = memory.assumingMemoryBound(to: CChar.self)
    }
    let contextText = try context.map { text throws(Raised) in try Self.utf8(text) }
    let encodingText = try encoding.map { text throws(Raised) in try Self.utf8(text) }
    guard let made = XML_ExternalEntityParserCreate(parser, contextText, encodingText) else {
      throw raiseNoMemory()
    }
    copy.pointee.parser = made
    XML_SetUserData(made, object.ref)
    for event in ExpatEvent.all {
      guard let handler = handler(event) else { continue }
      copy.pointee.handlers?[event.rawValue] = handler.retained().give()
      event.attach(made, true)
    }
    return object
  }
}
