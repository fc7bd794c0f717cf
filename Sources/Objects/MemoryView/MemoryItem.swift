import CPythonABI
import Glibc

/// One item of a memoryview in a native single-character format of the `struct` module.
enum MemoryItem {
  /// The character of a native format ("B" or "@B") and the bytes of an item; nil for others.
  static func native(_ format: UnsafePointer<CChar>?) -> (code: UInt8, size: Int)? {
    guard let format else { return (UInt8(ascii: "B"), 1) }
    var text = format
    if text[0] == CChar(UInt8(ascii: "@")) { text += 1 }
    if text[0] == 0 || text[1] != 0 { return nil }
    let code = UInt8(bitPattern: text[0])
    switch code {
    case UInt8(ascii: "c"), UInt8(ascii: "b"), UInt8(ascii: "B"), UInt8(ascii: "?"):
      return (code, 1)
    case UInt8(ascii: "h"), UInt8(ascii: "H"), UInt8(ascii: "e"): return (code, 2)
    case UInt8(ascii: "i"), UInt8(ascii: "I"), UInt8(ascii: "f"): return (code, 4)
    case UInt8(ascii: "l"), UInt8(ascii: "L"), UInt8(ascii: "q"), UInt8(ascii: "Q"),
      UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "d"), UInt8(ascii: "P"):
      return (code, 8)
    default: return nil
    }
  }

  static func isByte(_ code: UInt8) -> Bool {
    code == UInt8(ascii: "b") || code == UInt8(ascii: "B") || code == UInt8(ascii: "c")
  }

  /// A native format as text that lives as long as the process, for a view to point to.
  static func text(_ code: UInt8, prefixed: Bool) -> UnsafeMutablePointer<CChar> {
    // Pairs of "@x" and its end; the plain form is the same text one byte later.
    let all: StaticString = "@c\0@b\0@B\0@h\0@H\0@i\0@I\0@l\0@L\0@q\0@Q\0@n\0@N\0@f\0@d\0@e\0@?\0@P\0"
    let start = UnsafeRawPointer(all.utf8Start).as(UInt8.self)
    var position = 0
    while position < all.utf8CodeUnitCount && start[position + 1] != code { position += 3 }
    let found = start + position + (prefixed ? 0 : 1)
    return UnsafeMutablePointer(mutating: UnsafeRawPointer(found).as(CChar.self))
  }

  /// The item as an object.
  static func unpack(
    _ place: UnsafeRawPointer, _ format: UnsafePointer<CChar>?
  ) throws(Raised) -> Owned {
    guard let (code, _) = native(format) else { throw unsupported(format) }
    switch code {
    case UInt8(ascii: "B"): return Owned(adopting: apus_small_int(Int(place.load(as: UInt8.self))))
    case UInt8(ascii: "b"): return try int(Int(place.load(as: Int8.self)))
    case UInt8(ascii: "h"): return try int(Int(place.loadUnaligned(as: Int16.self)))
    case UInt8(ascii: "H"): return try int(Int(place.loadUnaligned(as: UInt16.self)))
    case UInt8(ascii: "i"): return try int(Int(place.loadUnaligned(as: Int32.self)))
    case UInt8(ascii: "I"): return try int(Int(place.loadUnaligned(as: UInt32.self)))
    case UInt8(ascii: "l"), UInt8(ascii: "q"), UInt8(ascii: "n"):
      return try int(place.loadUnaligned(as: Int.self))
    case UInt8(ascii: "L"), UInt8(ascii: "Q"), UInt8(ascii: "N"), UInt8(ascii: "P"):
      return try own(PyLong_FromUnsignedLong(place.loadUnaligned(as: UInt.self)))
    case UInt8(ascii: "?"): return Owned(adopting: boolObject(place.load(as: UInt8.self) != 0))
    case UInt8(ascii: "f"):
      return try own(PyFloat_FromDouble(Double(place.loadUnaligned(as: Float.self))))
    case UInt8(ascii: "d"):
      return try own(PyFloat_FromDouble(place.loadUnaligned(as: Double.self)))
    case UInt8(ascii: "e"):
      let value = PyFloat_Unpack2(place.as(CChar.self), 1)
      if value == -1 && hasRaised() { throw Raised() }
      return try own(PyFloat_FromDouble(value))
    default: return Owned(adopting: apus_bytes_of(place.load(as: UInt8.self)))
    }
  }

  private static func int(_ value: Int) throws(Raised) -> Owned { try own(PyLong_FromLong(value)) }

  static func unsupported(_ format: UnsafePointer<CChar>?) -> Raised {
    raise(
      .notImplementedError,
      "memoryview: format \(format.map { String(cString: $0) } ?? "B") not supported")
  }

  /// Stores an object as an item. Raises TypeError or ValueError when it does not fit the format.
  static func pack(
    _ value: Ref, _ place: UnsafeMutableRawPointer, _ format: UnsafePointer<CChar>?
  ) throws(Raised) {
    guard let (code, _) = native(format) else { throw unsupported(format) }
    let name = format.map { String(cString: $0) } ?? "B"
    func wrongType() -> Raised {
      raise(.typeError, "memoryview: invalid type for format '\(name)'")
    }
    func wrongValue() -> Raised {
      raise(.valueError, "memoryview: invalid value for format '\(name)'")
    }
    /// Keeps other exceptions than TypeError (wrong type) and OverflowError, ValueError (wrong value).
    func translated() -> Raised {
      if PyErr_ExceptionMatches(.typeError) != 0 {
        PyErr_Clear()
        return wrongType()
      }
      if PyErr_ExceptionMatches(.overflowError) != 0 || PyErr_ExceptionMatches(.valueError) != 0 {
        PyErr_Clear()
        return wrongValue()
      }
      return Raised()
    }
    func signed<T: FixedWidthInteger & SignedInteger>(_: T.Type) throws(Raised) {
      guard let index = PyNumber_Index(value) else { throw translated() }
      let number = Owned(adopting: index)
      let wide = PyLong_AsLong(number.ref)
      if wide == -1 && hasRaised() { throw translated() }
      guard let narrow = T(exactly: wide) else { throw wrongValue() }
      place.storeBytes(of: narrow, as: T.self)
    }
    func unsigned<T: FixedWidthInteger & UnsignedInteger>(_: T.Type) throws(Raised) {
      guard let index = PyNumber_Index(value) else { throw translated() }
      let number = Owned(adopting: index)
      let wide = PyLong_AsUnsignedLong(number.ref)
      if wide == UInt.max && hasRaised() { throw translated() }
      guard let narrow = T(exactly: wide) else { throw wrongValue() }
      place.storeBytes(of: narrow, as: T.self)
    }
    switch code {
    case UInt8(ascii: "b"): try signed(Int8.self)
    case UInt8(ascii: "h"): try signed(Int16.self)
    case UInt8(ascii: "i"): try signed(Int32.self)
    case UInt8(ascii: "l"), UInt8(ascii: "q"), UInt8(ascii: "n"): try signed(Int.self)
    case UInt8(ascii: "B"): try unsigned(UInt8.self)
    case UInt8(ascii: "H"): try unsigned(UInt16.self)
    case UInt8(ascii: "I"): try unsigned(UInt32.self)
    case UInt8(ascii: "L"), UInt8(ascii: "Q"), UInt8(ascii: "N"): try unsigned(UInt.self)
    case UInt8(ascii: "P"):
      let address = PyLong_AsVoidPtr(value)
      if address == nil && hasRaised() { throw translated() }
      place.storeBytes(of: UInt(bitPattern: address), as: UInt.self)
    case UInt8(ascii: "f"), UInt8(ascii: "d"), UInt8(ascii: "e"):
      let number = PyFloat_AsDouble(value)
      if number == -1 && hasRaised() { throw translated() }
      if code == UInt8(ascii: "f") {
        place.storeBytes(of: Float(number), as: Float.self)
      } else if code == UInt8(ascii: "d") {
        place.storeBytes(of: number, as: Double.self)
      } else if PyFloat_Pack2(number, place.as(CChar.self), 1) < 0 {
        throw translated()
      }
    case UInt8(ascii: "?"):
      let flag = PyObject_IsTrue(value)
      if flag < 0 { throw Raised() }
      place.storeBytes(of: flag != 0 ? 1 : 0, as: UInt8.self)
    default:
      guard value.isBytes else { throw wrongType() }
      if apus_var_size(value) != 1 { throw wrongValue() }
      place.storeBytes(of: apus_bytes_data(value)[0], as: UInt8.self)
    }
  }
}
