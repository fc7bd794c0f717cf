import CPythonABI
import Glibc
import Objects

/// Items between memory and objects.
extension StructFormat.Item {
  private var letter: String { String(Unicode.Scalar(code)) }

  @inline(__always)
  private func load<T: FixedWidthInteger>(_ place: UnsafeRawPointer, _: T.Type) -> T {
    let value = place.loadUnaligned(as: T.self)
    return layout == .big ? value.byteSwapped : value
  }

  @inline(__always)
  private func store<T: FixedWidthInteger>(_ value: T, _ place: UnsafeMutableRawPointer) {
    place.storeBytes(of: layout == .big ? value.byteSwapped : value, as: T.self)
  }

  /// One item as an object.
  func unpack(_ place: UnsafeRawPointer) throws(Raised) -> Owned {
    switch code {
    case UInt8(ascii: "b"): return try own(PyLong_FromLong(Int(place.load(as: Int8.self))))
    case UInt8(ascii: "B"): return Owned(adopting: apus_small_int(Int(place.load(as: UInt8.self))))
    case UInt8(ascii: "c"): return Owned(adopting: apus_bytes_of(place.load(as: UInt8.self)))
    case UInt8(ascii: "?"): return boolObject(place.load(as: UInt8.self) != 0).retained()
    case UInt8(ascii: "h"): return try own(PyLong_FromLong(Int(load(place, Int16.self))))
    case UInt8(ascii: "H"): return try own(PyLong_FromLong(Int(load(place, UInt16.self))))
    case UInt8(ascii: "i"): return try own(PyLong_FromLong(Int(load(place, Int32.self))))
    case UInt8(ascii: "I"): return try own(PyLong_FromLong(Int(load(place, UInt32.self))))
    case UInt8(ascii: "l") where size == 4:
      return try own(PyLong_FromLong(Int(load(place, Int32.self))))
    case UInt8(ascii: "L") where size == 4:
      return try own(PyLong_FromLong(Int(load(place, UInt32.self))))
    case UInt8(ascii: "l"), UInt8(ascii: "q"), UInt8(ascii: "n"):
      return try own(PyLong_FromLong(load(place, Int.self)))
    case UInt8(ascii: "L"), UInt8(ascii: "Q"), UInt8(ascii: "N"), UInt8(ascii: "P"):
      return try own(PyLong_FromUnsignedLong(load(place, UInt.self)))
    case UInt8(ascii: "f"):
      return try own(PyFloat_FromDouble(Double(Float(bitPattern: load(place, UInt32.self)))))
    case UInt8(ascii: "d"):
      return try own(PyFloat_FromDouble(Double(bitPattern: load(place, UInt64.self))))
    case UInt8(ascii: "e"):
      let value = PyFloat_Unpack2(
        place.assumingMemoryBound(to: CChar.self), layout == .big ? 0 : 1)
      if value == -1 && hasRaised() { throw Raised() }
      return try own(PyFloat_FromDouble(value))
    case UInt8(ascii: "s"):
      return try own(PyBytes_FromStringAndSize(place.assumingMemoryBound(to: CChar.self), size))
    default:
      // `p`: a length byte, then the content.
      if size == 0 { return try own(PyBytes_FromStringAndSize(nil, 0)) }
      let length = Swift.min(Int(place.load(as: UInt8.self)), size - 1)
      return try own(
        PyBytes_FromStringAndSize((place + 1).assumingMemoryBound(to: CChar.self), length))
    }
  }

  /// Stores an object. Raises struct.error when it does not fit.
  func pack(_ value: Ref, _ place: UnsafeMutableRawPointer) throws(Raised) {
    do { try packItem(value, place) } catch {
      if value.isInt && PyErr_ExceptionMatches(.overflowError) != 0 {
        PyErr_Clear()
        throw StructError.raise("int too large to convert")
      }
      throw error
    }
  }

  private func packItem(_ value: Ref, _ place: UnsafeMutableRawPointer) throws(Raised) {
    switch code {
    case UInt8(ascii: "b"): store(try signed(value, Int8.self), place)
    case UInt8(ascii: "B"): store(try unsigned(value, UInt8.self), place)
    case UInt8(ascii: "h"): store(try signed(value, Int16.self), place)
    case UInt8(ascii: "H"): store(try unsigned(value, UInt16.self), place)
    case UInt8(ascii: "i"): store(try signed(value, Int32.self), place)
    case UInt8(ascii: "I"): store(try unsigned(value, UInt32.self), place)
    case UInt8(ascii: "l") where size == 4: store(try signed(value, Int32.self), place)
    case UInt8(ascii: "L") where size == 4: store(try unsigned(value, UInt32.self), place)
    case UInt8(ascii: "l"), UInt8(ascii: "q"), UInt8(ascii: "n"):
      store(try signed(value, Int.self), place)
    case UInt8(ascii: "L"), UInt8(ascii: "Q"), UInt8(ascii: "N"):
      store(try unsigned(value, UInt.self), place)
    case UInt8(ascii: "P"):
      let number = try integer(value)
      let address = PyLong_AsVoidPtr(number.ref)
      if address == nil && hasRaised() { throw Raised() }
      store(UInt(bitPattern: address), place)
    case UInt8(ascii: "?"):
      store(try check(PyObject_IsTrue(value)) != 0 ? 1 as UInt8 : 0, place)
    case UInt8(ascii: "c"):
      guard value.isBytes, apus_var_size(value) == 1 else {
        throw StructError.raise("char format requires a bytes object of length 1")
      }
      place.storeBytes(of: apus_bytes_data(value)[0], as: UInt8.self)
    case UInt8(ascii: "f"):
      let number = try float(value)
      if layout != .native && number.isFinite && Float(number).isInfinite {
        throw Objects.raise(.overflowError, "float too large to pack with f format")
      }
      store(Float(number).bitPattern, place)
    case UInt8(ascii: "d"): store(try float(value).bitPattern, place)
    case UInt8(ascii: "e"):
      let number = try float(value)
      let target = place.assumingMemoryBound(to: CChar.self)
      if PyFloat_Pack2(number, target, layout == .big ? 0 : 1) < 0 { throw Raised() }
    default: try packString(value, place)
    }
  }

  private func packString(_ value: Ref, _ place: UnsafeMutableRawPointer) throws(Raised) {
    guard value.isBytes || value.isInstance(of: byteArrayType()) else {
      throw StructError.raise("argument for '\(letter)' must be a bytes object")
    }
    let content = try ByteBuffer(value)
    if code == UInt8(ascii: "s") {
      let length = Swift.min(content.count, size)
      memcpy(place, content.base, length)
      return
    }
    if size == 0 { return }
    let length = Swift.min(content.count, size - 1)
    memcpy(place + 1, content.base, length)
    place.storeBytes(of: UInt8(Swift.min(length, 255)), as: UInt8.self)
  }

  private func float(_ value: Ref) throws(Raised) -> Double {
    let number = PyFloat_AsDouble(value)
    if number == -1 && hasRaised() {
      PyErr_Clear()
      throw StructError.raise("required argument is not a float")
    }
    return number
  }

  /// The int an item is made from.
  private func integer(_ value: Ref) throws(Raised) -> Owned {
    if value.isInt { return value.retained() }
    if PyIndex_Check(value) != 0 {
      if let index = PyNumber_Index(value) { return Owned(adopting: index) }
      if PyErr_ExceptionMatches(.typeError) == 0 { throw Raised() }
      PyErr_Clear()
    }
    throw StructError.raise("required argument is not an integer")
  }

  private func outOfRange<T: FixedWidthInteger>(_: T.Type) -> Raised {
    StructError.raise("'\(letter)' format requires \(T.min) <= number <= \(T.max)")
  }

  private func signed<T: FixedWidthInteger & SignedInteger>(
    _ value: Ref, _: T.Type
  ) throws(Raised) -> T {
    let number = try integer(value)
    var overflow: Int32 = 0
    let wide = PyLong_AsLongAndOverflow(number.ref, &overflow)
    guard overflow == 0, let narrow = T(exactly: wide) else { throw outOfRange(T.self) }
    return narrow
  }

  private func unsigned<T: FixedWidthInteger & UnsignedInteger>(
    _ value: Ref, _: T.Type
  ) throws(Raised) -> T {
    let number = try integer(value)
    let wide = PyLong_AsUnsignedLong(number.ref)
    if wide == UInt.max && hasRaised() {
      PyErr_Clear()
      throw outOfRange(T.self)
    }
    guard let narrow = T(exactly: wide) else { throw outOfRange(T.self) }
    return narrow
  }
}
