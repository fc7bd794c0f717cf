import CPythonABI
import Glibc

/// A bytes object, borrowed. The content follows the header in the same block, with a NUL behind it.
/// b"" and the objects of one byte exist once.
public struct PyBytes {
  public let ref: Ref

  @inline(__always) public init(_ ref: Ref) { self.ref = ref }

  @inline(__always) public var count: Int { apus_var_size(ref) }
  @inline(__always) public var data: UnsafeMutablePointer<UInt8> { apus_bytes_data(ref) }

  /// Bytes of an object before its content, the final NUL included (`bytes.__basicsize__`).
  static let header = 33

  /// A new object of `count` bytes for the caller to fill.
  static func make(_ count: Int) throws(Raised) -> Owned {
    if count == 0 { return empty }
    return try makeOwn(count)
  }

  /// The same, also for no bytes: an object that nobody else has.
  static func makeOwn(_ count: Int) throws(Raised) -> Owned {
    if count < 0 { throw raise(.systemError, "Negative size passed to PyBytes_FromStringAndSize") }
    if count > Int.max - header { throw raise(.overflowError, "byte string is too large") }
    guard let memory = PyObject_Malloc(header &+ count) else { throw raiseNoMemory() }
    let object = memory.as(PyObject.self)
    object.pointee.ob_refcnt = 1
    object.pointee.ob_type = bytesType()
    object.view(PyVarObject.self).pointee.ob_size = count
    object.view(PyBytesObject.self).pointee.ob_shash = -1
    apus_bytes_data(object)[count] = 0
    return Owned(adopting: object)
  }

  /// A copy of memory.
  static func make(_ bytes: UnsafePointer<UInt8>, _ count: Int) throws(Raised) -> Owned {
    if count == 1 { return Owned(adopting: apus_bytes_of(bytes[0])) }
    let result = try make(count)
    if count > 0 { memcpy(PyBytes(result.ref).data, bytes, count) }
    return result
  }

  static func make(_ text: StaticString) throws(Raised) -> Owned {
    try make(text.utf8Start, text.utf8CodeUnitCount)
  }

  static var empty: Owned { Owned(adopting: apus_bytes_empty()) }

  /// The hash, equal to that of any other object with the same bytes.
  var hash: Int {
    let object = ref.view(PyBytesObject.self)
    if object.pointee.ob_shash == -1 {
      object.pointee.ob_shash = StringHash.hash(data, count)
    }
    return object.pointee.ob_shash
  }

  /// Copies the content of a bytes-like object, a list, a tuple or an iterable of ints.
  static func convert(_ object: Ref) throws(Raised) -> Owned {
    if object.type == bytesType() { return object.retained() }
    if PyObject_CheckBuffer(object) != 0 {
      let hold = try ByteBuffer(object, flags: PyBUF_FULL_RO)
      let result = try make(hold.count)
      if hold.count > 0 {
        try hold.copy(to: PyBytes(result.ref).data)
      }
      return result
    }
    if object.isStr || object.type.pointee.tp_iter == nil && PySequence_Check(object) == 0 {
      throw raise(.typeError, "cannot convert '\(object.type.fullName)' object to bytes")
    }
    let iterator = try own(PyObject_GetIter(object))
    let hint = PyObject_LengthHint(object, 64)
    if hint < 0 { throw Raised() }
    var writer = try ByteWriter(capacity: Swift.min(hint, 1 << 20))
    while let item = PyIter_Next(iterator.ref) {
      let item = Owned(adopting: item)
      try writer.append(try byte(item.ref, "bytes must be in range(0, 256)"))
    }
    if hasRaised() { throw Raised() }
    return try writer.finish()
  }

  /// A byte from an int-like object. Raises ValueError with `message` out of range.
  static func byte(_ object: Ref, _ message: String) throws(Raised) -> UInt8 {
    let value: Int
    if object.isExactInt && apus_long_is_compact(object) != 0 {
      value = apus_long_compact_value(object)
    } else {
      value = PyNumber_AsSsize_t(object, .valueError)
      if value == -1 && hasRaised() {
        if PyErr_ExceptionMatches(.valueError) != 0 { PyErr_Clear() } else { throw Raised() }
      }
    }
    guard let byte = UInt8(exactly: value) else { throw raise(.valueError, message) }
    return byte
  }
}

/// A buffer of bytes held for reading as long as this lives.
///
/// A `Py_buffer` may point into itself (`shape` at its own `len`), so it must not move: it has memory
/// of its own, except for a plain bytes object, which needs no protocol.
public struct ByteBuffer: ~Copyable {
  private let bytesObject: Ref?
  private let view: UnsafeMutablePointer<Py_buffer>?
  public let base: UnsafePointer<UInt8>
  public let count: Int

  /// Raises TypeError when the object has no buffer ("a bytes-like object is required, not 'str'").
  public init(_ object: Ref, flags: Int32 = PyBUF_SIMPLE) throws(Raised) {
    if object.type == bytesType() {
      Py_INCREF(object)
      bytesObject = object
      view = nil
      base = UnsafePointer(apus_bytes_data(object))
      count = apus_var_size(object)
      return
    }
    let memory = UnsafeMutablePointer<Py_buffer>.allocate(capacity: 1)
    memory.initialize(to: Py_buffer())
    if PyObject_GetBuffer(object, memory, flags) != 0 {
      memory.deallocate()
      throw Raised()
    }
    bytesObject = nil
    view = memory
    let start = memory.pointee.buf ?? UnsafeMutableRawPointer(apus_bytes_data(apus_bytes_empty()))
    base = UnsafePointer(start.as(UInt8.self))
    count = memory.pointee.len
  }

  deinit {
    Py_XDECREF(bytesObject)
    if let view {
      PyBuffer_Release(view)
      view.deallocate()
    }
  }

  var bytes: ByteView { ByteView(base, count) }

  /// Copies the content in C order, also of a buffer that is not contiguous.
  func copy(to target: UnsafeMutablePointer<UInt8>) throws(Raised) {
    guard let view else {
      memcpy(target, base, count)
      return
    }
    try check(PyBuffer_ToContiguous(target, view, count, CChar(UInt8(ascii: "C"))))
  }
}

/// Bytes in memory somebody else keeps in place.
struct ByteView {
  let base: UnsafePointer<UInt8>
  let count: Int

  @inline(__always) init(_ base: UnsafePointer<UInt8>, _ count: Int) {
    self.base = base
    self.count = count
  }

  /// The content of a bytes or bytearray object; valid until Python code runs.
  @inline(__always) init(_ object: Ref) {
    if object.isBytes {
      base = UnsafePointer(apus_bytes_data(object))
      count = apus_var_size(object)
    } else {
      base = UnsafePointer(PyByteArray(object).data)
      count = apus_var_size(object)
    }
  }

  @inline(__always) subscript(index: Int) -> UInt8 { base[index] }

  @inline(__always) func part(_ start: Int, _ end: Int) -> ByteView {
    ByteView(base + start, Swift.max(end - start, 0))
  }

  func equals(_ other: ByteView) -> Bool {
    count == other.count && memcmp(base, other.base, count) == 0
  }

  func compare(_ other: ByteView) -> Int {
    let order = memcmp(base, other.base, Swift.min(count, other.count))
    return order != 0 ? Int(order) : count - other.count
  }

  /// The offset of the first (last) occurrence, or -1; an empty needle is found at the start (end).
  func find(_ needle: ByteView, backwards: Bool = false) -> Int {
    if needle.count == 0 { return backwards ? count : 0 }
    var search = TextSearch<UInt8>(needle.base, needle.count, backwards: backwards)
    return search.find(in: base, count)
  }

  @inline(__always) static func isSpace(_ byte: UInt8) -> Bool {
    byte == 32 || byte &- 9 < 5
  }
}

// MARK: C API

@c @implementation
public func PyBytes_FromStringAndSize(_ text: UnsafePointer<CChar>?, _ size: Int) -> Ref? {
  new {
    guard let text, size > 0 else { return try PyBytes.make(size) }
    return try PyBytes.make(buffer(text), size)
  }
}

@c @implementation
public func PyBytes_FromString(_ text: UnsafePointer<CChar>) -> Ref? {
  PyBytes_FromStringAndSize(text, strlen(text))
}

@c @implementation
public func PyBytes_FromObject(_ object: Ref) -> Ref? { new { try PyBytes.convert(object) } }

@c @implementation
public func PyBytes_AsString(_ object: Ref) -> UnsafeMutablePointer<CChar>? {
  guard object.isBytes else {
    _ = raise(.typeError, "expected bytes, \(object.type.fullName) found")
    return nil
  }
  return UnsafeMutableRawPointer(apus_bytes_data(object)).as(CChar.self)
}

@c @implementation
public func PyBytes_Size(_ object: Ref) -> Int {
  guard object.isBytes else {
    _ = raise(.typeError, "expected bytes, \(object.type.fullName) found")
    return -1
  }
  return apus_var_size(object)
}

@c @implementation
public func PyBytes_AsStringAndSize(
  _ object: Ref, _ text: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>,
  _ size: UnsafeMutablePointer<Int>?
) -> Int32 {
  status {
    guard object.isBytes else {
      throw raise(.typeError, "expected bytes, \(object.type.fullName) found")
    }
    text.pointee = UnsafeMutableRawPointer(apus_bytes_data(object)).as(CChar.self)
    if let size {
      size.pointee = apus_var_size(object)
    } else if strlen(UnsafeRawPointer(apus_bytes_data(object)).as(CChar.self)) != apus_var_size(object) {
      throw raise(.valueError, "embedded null byte")
    }
  }
}

/// Changes the size of a bytes object nobody else has seen. On failure the object is gone.
@c @implementation
public func _PyBytes_Resize(_ pointer: UnsafeMutablePointer<Ref?>, _ size: Int) -> Int32 {
  guard let object = pointer.pointee else {
    PyErr_BadInternalCall()
    return -1
  }
  guard object.isBytes, size >= 0 else {
    pointer.pointee = nil
    Py_DECREF(object)
    PyErr_BadInternalCall()
    return -1
  }
  if apus_var_size(object) == size { return 0 }
  if size == 0 {
    pointer.pointee = apus_bytes_empty()
    Py_DECREF(object)
    return 0
  }
  if apus_var_size(object) == 0 || apus_var_size(object) == 1 && _Py_IsImmortal(object) != 0 {
    let fresh = PyBytes_FromStringAndSize(nil, size)
    if let fresh, apus_var_size(object) == 1 { apus_bytes_data(fresh)[0] = apus_bytes_data(object)[0] }
    pointer.pointee = fresh
    Py_DECREF(object)
    return fresh == nil ? -1 : 0
  }
  guard object.pointee.ob_refcnt == 1, size <= Int.max - PyBytes.header else {
    pointer.pointee = nil
    Py_DECREF(object)
    PyErr_BadInternalCall()
    return -1
  }
  guard let moved = PyObject_Realloc(object, PyBytes.header + size) else {
    pointer.pointee = nil
    PyObject_Free(object)
    _ = PyErr_NoMemory()
    return -1
  }
  let result = moved.as(PyObject.self)
  result.view(PyVarObject.self).pointee.ob_size = size
  result.view(PyBytesObject.self).pointee.ob_shash = -1
  apus_bytes_data(result)[size] = 0
  pointer.pointee = result
  return 0
}

@c @implementation
public func PyBytes_Concat(_ pointer: UnsafeMutablePointer<Ref?>, _ more: Ref?) {
  guard let left = pointer.pointee else { return }
  guard let more else {
    pointer.pointee = nil
    Py_DECREF(left)
    return
  }
  pointer.pointee = new { try ByteMethods.concatenate(left, more) }
  Py_DECREF(left)
}

@c @implementation
public func PyBytes_ConcatAndDel(_ pointer: UnsafeMutablePointer<Ref?>, _ more: Ref?) {
  PyBytes_Concat(pointer, more)
  Py_XDECREF(more)
}

@c @implementation
public func PyBytes_Repr(_ object: Ref, _ smartQuotes: Int32) -> Ref? {
  new { try ByteView(object).literal(prefix: "b", smartQuotes: smartQuotes != 0) }
}

@c @implementation
public func _PyBytes_Join(_ separator: Ref, _ sequence: Ref) -> Ref? {
  new { try ByteMethods.join(separator, sequence) }
}

extension ByteView {
  /// The bytes as a literal: printable ASCII and escapes. Smart quotes are double ones when that
  /// saves escapes.
  func literal(prefix: StaticString, smartQuotes: Bool = true) throws(Raised) -> Owned {
    var singles = 0
    var doubles = 0
    for index in 0..<count {
      if base[index] == 39 { singles += 1 } else if base[index] == 34 { doubles += 1 }
    }
    let quote: UInt8 = smartQuotes && singles > 0 && doubles == 0 ? 34 : 39
    var writer = TextWriter(minimum: count + 3)
    try writer.append(ascii: prefix)
    try writer.append(UInt32(quote))
    for index in 0..<count { try writer.append(byteEscape: base[index], quote: quote) }
    try writer.append(UInt32(quote))
    return try writer.finish()
  }
}

extension TextWriter {
  /// A byte as it stands in a bytes literal.
  mutating func append(byteEscape byte: UInt8, quote: UInt8) throws(Raised) {
    switch byte {
    case quote, 92:
      try append(92)
      try append(UInt32(byte))
    case 9: try append(ascii: "\\t")
    case 10: try append(ascii: "\\n")
    case 13: try append(ascii: "\\r")
    case 32..<127: try append(UInt32(byte))
    default:
      let digits: StaticString = "0123456789abcdef"
      try append(ascii: "\\x")
      try append(UInt32(digits.utf8Start[Int(byte >> 4)]))
      try append(UInt32(digits.utf8Start[Int(byte & 15)]))
    }
  }
}
