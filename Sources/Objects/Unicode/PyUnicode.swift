import CPythonABI
import Glibc

/// A str, borrowed: the typed view of `PyUnicode_Type` objects (PEP 393).
///
/// ```
/// compact ASCII:  | PyASCIIObject 40 | text, 1 byte each | NUL |
/// compact:        | PyCompactUnicodeObject 56 | text, kind bytes each | NUL |
/// subclass:       | PyUnicodeObject 64 | ...   data.any -> text in a block of its own
/// ```
/// `kind` is always the smallest of 1, 2, 4 that holds every code point, so equal texts have equal
/// bytes. The empty text and the texts of one code point below 256 exist once.
public struct PyUnicode {
  public let ref: Ref

  @inline(__always) public init(_ ref: Ref) { self.ref = ref }

  /// Code points.
  @inline(__always) public var count: Int { apus_str_length(ref) }
  /// Bytes per code point.
  @inline(__always) public var kind: Int { Int(apus_str_kind(ref)) }
  @inline(__always) public var data: UnsafeMutableRawPointer { apus_str_data(ref) }
  @inline(__always) public var isASCII: Bool { apus_str_is_ascii(ref) != 0 }
  @inline(__always) var isCompact: Bool { apus_str_is_compact(ref) != 0 }
  @inline(__always) var interned: Int32 { apus_str_interned(ref) }

  @inline(__always) public subscript(index: Int) -> UInt32 {
    switch kind {
    case 1: UInt32(data.as(UInt8.self)[index])
    case 2: UInt32(data.as(UInt16.self)[index])
    default: data.as(UInt32.self)[index]
    }
  }

  /// The largest code point a text stored like this one may hold: 0x7F, 0xFF, 0xFFFF or 0x10FFFF.
  @inline(__always) var limit: UInt32 {
    if isASCII { return 0x7F }
    return Self.limit(ofKind: kind)
  }

  @inline(__always) static func limit(ofKind kind: Int) -> UInt32 {
    kind == 1 ? 0xFF : kind == 2 ? 0xFFFF : 0x10FFFF
  }

  /// The `state` bits of a compact text.
  enum State {
    static let mortal: UInt32 = 1
    static let immortal: UInt32 = 2
    static let internedMask: UInt32 = 3
    static let compact: UInt32 = 1 << 5
    static let ascii: UInt32 = 1 << 6
  }

  static let asciiHeader = 40
  static let header = 56

  // MARK: Making

  /// A new text of `count` code points not above `max`, for the caller to fill.
  static func make(_ count: Int, max: UInt32) throws(Raised) -> Owned {
    try own(allocate(count, max: max))
  }

  @inline(__always)
  static func allocate(_ count: Int, max: UInt32) -> Ref? {
    if max < 128 && count > 0 && count < 1 << 40 {
      guard let memory = PyObject_Malloc(asciiHeader &+ count &+ 1) else { return PyErr_NoMemory() }
      let object = memory.as(PyObject.self)
      setHeader(object, count, state: 1 << 2 | State.compact | State.ascii)
      (memory + asciiHeader).as(UInt8.self)[count] = 0
      return object
    }
    return allocateSlow(count, max: max)
  }

  @inline(never)
  private static func allocateSlow(_ count: Int, max: UInt32) -> Ref? {
    if count == 0 { return apus_str_empty() }
    if max > 0x10FFFF {
      _ = raise(.systemError, "invalid maximum character passed to PyUnicode_New")
      return nil
    }
    if count < 0 {
      _ = raise(.systemError, "Negative size passed to PyUnicode_New")
      return nil
    }
    let kind = max < 0x100 ? 1 : max < 0x10000 ? 2 : 4
    let header = max < 128 ? asciiHeader : Self.header
    if count >= (Int.max - header) / kind - 1 { return PyErr_NoMemory() }
    guard let memory = PyObject_Malloc(header + (count + 1) * kind) else { return PyErr_NoMemory() }
    let object = memory.as(PyObject.self)
    setHeader(
      object, count,
      state: UInt32(kind) << 2 | State.compact | (max < 128 ? State.ascii : 0))
    if max >= 128 {
      object.view(PyCompactUnicodeObject.self).pointee.utf8 = nil
      object.view(PyCompactUnicodeObject.self).pointee.utf8_length = 0
    }
    CodeUnits.fill(memory + header, width: kind, from: count, 1, 0)
    return object
  }

  @inline(__always)
  private static func setHeader(_ object: Ref, _ count: Int, state: UInt32) {
    object.pointee.ob_refcnt = 1
    object.pointee.ob_type = strType()
    object.view(PyASCIIObject.self).pointee.length = count
    object.view(PyASCIIObject.self).pointee.hash = -1
    apus_str_set_state(object, state)
  }

  /// The text of one code point.
  @inline(__always)
  static func character(_ value: UInt32) throws(Raised) -> Owned {
    if value < 256 { return Owned(adopting: apus_str_of_latin1(UInt8(truncatingIfNeeded: value))) }
    let result = try make(1, max: value)
    PyUnicode(result.ref).write(value, at: 0)
    return result
  }

  static var empty: Owned { Owned(adopting: apus_str_empty()) }

  /// A text of the given code points in the smallest storage. They must be below 0x110000.
  @inline(__always)
  static func make<T: CodeUnit>(_ units: UnsafePointer<T>, _ count: Int) throws(Raised) -> Owned {
    if count == 0 { return empty }
    if count == 1 { return try character(UInt32(truncatingIfNeeded: units[0])) }
    let max = UInt32(truncatingIfNeeded: CodeUnits.union(units, count))
    let result = try make(count, max: Swift.min(max, 0x10FFFF))
    let view = PyUnicode(result.ref)
    CodeUnits.copy(
      UnsafeRawPointer(units), width: MemoryLayout<T>.size, to: view.data, width: view.kind, count)
    return result
  }

  static func make(_ data: UnsafeRawPointer, width: Int, _ count: Int) throws(Raised) -> Owned {
    switch width {
    case 1: try make(data.as(UInt8.self), count)
    case 2: try make(data.as(UInt16.self), count)
    default: try make(data.as(UInt32.self), count)
    }
  }

  /// A text of bytes known to be below 128.
  static func make(ascii bytes: UnsafePointer<UInt8>, _ count: Int) throws(Raised) -> Owned {
    if count <= 1 { return count == 0 ? empty : try character(UInt32(bytes[0])) }
    let result = try make(count, max: 127)
    memcpy(PyUnicode(result.ref).data, bytes, count)
    return result
  }

  static func make(ascii text: StaticString) throws(Raised) -> Owned {
    try make(ascii: text.utf8Start, text.utf8CodeUnitCount)
  }

  /// A text from a Swift string.
  static func make(_ text: String) throws(Raised) -> Owned { try own(newString(text)) }

  @inline(__always) func write(_ value: UInt32, at index: Int) {
    switch kind {
    case 1: data.as(UInt8.self)[index] = UInt8(truncatingIfNeeded: value)
    case 2: data.as(UInt16.self)[index] = UInt16(truncatingIfNeeded: value)
    default: data.as(UInt32.self)[index] = value
    }
  }

  /// Copies code points of `other` into this text under construction; they must fit.
  @inline(__always)
  func copy(_ other: PyUnicode, from start: Int = 0, _ count: Int, at position: Int) {
    let width = other.kind
    let wide = kind
    CodeUnits.copy(
      other.data + start &* width, width: width, to: data + position &* wide, width: wide, count)
  }

  /// An upper bound, by storage class, of the code points in a part of the text.
  func limit(from start: Int, to end: Int) -> UInt32 {
    if isASCII { return 127 }
    let count = end - start
    let all: UInt32
    switch kind {
    case 1: all = UInt32(CodeUnits.union(UnsafePointer(data.as(UInt8.self) + start), count))
    case 2: all = UInt32(CodeUnits.union(UnsafePointer(data.as(UInt16.self) + start), count))
    default: all = CodeUnits.union(UnsafePointer(data.as(UInt32.self) + start), count)
    }
    return all < 0x80 ? 0x7F : all < 0x100 ? 0xFF : all < 0x10000 ? 0xFFFF : 0x10FFFF
  }

  /// The code points from `start` to before `end`, which must be in range.
  @inline(__always)
  func substring(_ start: Int, _ end: Int) throws(Raised) -> Owned {
    let count = end &- start
    if count <= 0 { return Self.empty }
    if count == self.count && ref.isExactStr { return ref.retained() }
    if count == 1 { return try Self.character(self[start]) }
    if isASCII {
      let result = try Self.make(count, max: 127)
      memcpy(PyUnicode(result.ref).data, data + start, count)
      return result
    }
    return try Self.make(data + start &* kind, width: kind, count)
  }

  /// This very object when it is an exact str, else a copy that is.
  func exact() throws(Raised) -> Owned {
    if ref.isExactStr { return ref.retained() }
    let copy = try Self.make(count, max: limit)
    if count > 0 { memcpy(PyUnicode(copy.ref).data, data, count * kind) }
    return copy
  }

  // MARK: The end

  /// Whether the text may be changed in place: nobody else has seen it.
  @inline(__always) var isModifiable: Bool {
    ref.pointee.ob_refcnt == 1 && ref.isExactStr && isCompact && interned == 0
      && ref.view(PyASCIIObject.self).pointee.hash == -1
  }

  /// The cached UTF-8 when it has a block of its own.
  @inline(__always) var ownUTF8: UnsafeMutablePointer<CChar>? {
    if isCompact && isASCII { return nil }
    let utf8 = ref.view(PyCompactUnicodeObject.self).pointee.utf8
    if !isCompact && UnsafeMutableRawPointer(utf8) == data { return nil }
    return utf8
  }

  static func deallocate(_ object: Ref) {
    let text = PyUnicode(object)
    if text.interned != 0 {
      if _Py_IsImmortal(object) != 0 {
        // A C extension counted an immortal down: keep it.
        object.pointee.ob_refcnt = Int(_Py_IMMORTAL_REFCNT)
        return
      }
      Interning.remove(object)
    }
    if !(text.isASCII && text.isCompact) {
      if let utf8 = text.ownUTF8 { PyMem_Free(utf8) }
      if !text.isCompact { PyMem_Free(object.view(PyUnicodeObject.self).pointee.data.any) }
    }
    if object.isExactStr {
      PyObject_Free(object)
    } else {
      object.type.pointee.tp_free?(object)
    }
  }

  /// Changes the length of a modifiable compact text; the object may move. Raises MemoryError and
  /// then leaves the object as it was.
  static func resize(_ object: inout Ref, to count: Int) throws(Raised) {
    let text = PyUnicode(object)
    let kind = text.kind
    let header = text.isASCII ? asciiHeader : Self.header
    if count >= (Int.max - header) / kind - 1 { throw raiseNoMemory() }
    if let utf8 = text.ownUTF8 {
      PyMem_Free(utf8)
      object.view(PyCompactUnicodeObject.self).pointee.utf8 = nil
      object.view(PyCompactUnicodeObject.self).pointee.utf8_length = 0
    }
    guard let moved = PyObject_Realloc(object, header + (count + 1) * kind) else {
      throw raiseNoMemory()
    }
    object = moved.as(PyObject.self)
    object.view(PyASCIIObject.self).pointee.length = count
    CodeUnits.fill(moved + header, width: kind, from: count, 1, 0)
  }
}
