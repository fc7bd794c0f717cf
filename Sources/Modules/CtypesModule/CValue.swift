import CForeign
import CPythonABI
import Glibc
import Objects

/// C values in memory: from and to Python objects, by the letter of the type.
/// CPython: Modules/_ctypes/cfield.c.
enum CValue {
  static let letters: StaticString = "cbBhHiIlLdfuzZqQPXOv?g"

  /// Bits of a bit field: how many, and where the lowest is.
  struct Bits {
    var count: Int
    var shift: Int
  }

  /// Bytes of a simple type; 0 for an unknown letter.
  static func size(_ code: UInt8) -> Int {
    switch code {
    case UInt8(ascii: "c"), UInt8(ascii: "b"), UInt8(ascii: "B"), UInt8(ascii: "?"): return 1
    case UInt8(ascii: "h"), UInt8(ascii: "H"), UInt8(ascii: "v"): return 2
    case UInt8(ascii: "i"), UInt8(ascii: "I"), UInt8(ascii: "f"), UInt8(ascii: "u"): return 4
    case UInt8(ascii: "g"): return 16
    case UInt8(ascii: "l"), UInt8(ascii: "L"), UInt8(ascii: "q"), UInt8(ascii: "Q"),
      UInt8(ascii: "d"), UInt8(ascii: "P"), UInt8(ascii: "z"), UInt8(ascii: "Z"),
      UInt8(ascii: "O"), UInt8(ascii: "X"):
      return 8
    default: return 0
    }
  }

  /// Whether there is a form with the other byte order.
  static func isSwappable(_ code: UInt8) -> Bool {
    switch code {
    case UInt8(ascii: "b"), UInt8(ascii: "B"), UInt8(ascii: "h"), UInt8(ascii: "H"),
      UInt8(ascii: "i"), UInt8(ascii: "I"), UInt8(ascii: "l"), UInt8(ascii: "L"),
      UInt8(ascii: "q"), UInt8(ascii: "Q"), UInt8(ascii: "f"), UInt8(ascii: "d"),
      UInt8(ascii: "c"):
      return true
    default: return false
    }
  }

  /// Whether values are integers that may be bit fields, and whether they have a sign.
  static func isSigned(_ code: UInt8) -> Bool? {
    switch code {
    case UInt8(ascii: "b"), UInt8(ascii: "h"), UInt8(ascii: "i"), UInt8(ascii: "l"),
      UInt8(ascii: "q"), UInt8(ascii: "v"):
      return true
    case UInt8(ascii: "B"), UInt8(ascii: "H"), UInt8(ascii: "I"), UInt8(ascii: "L"),
      UInt8(ascii: "Q"), UInt8(ascii: "?"):
      return false
    default: return nil
    }
  }

  /// The PEP 3118 letter: sizes are standard there.
  static func format(_ code: UInt8, swapped: Bool) -> String {
    var letter = code
    if code == UInt8(ascii: "l") { letter = UInt8(ascii: "q") }
    if code == UInt8(ascii: "L") { letter = UInt8(ascii: "Q") }
    return (swapped ? ">" : "<") + String(Character(Unicode.Scalar(letter)))
  }

  // MARK: Integers

  private static func load(_ place: UnsafeRawPointer, _ size: Int, swapped: Bool) -> UInt64 {
    switch size {
    case 1: return UInt64(place.load(as: UInt8.self))
    case 2:
      let value = place.loadUnaligned(as: UInt16.self)
      return UInt64(swapped ? value.byteSwapped : value)
    case 4:
      let value = place.loadUnaligned(as: UInt32.self)
      return UInt64(swapped ? value.byteSwapped : value)
    default:
      let value = place.loadUnaligned(as: UInt64.self)
      return swapped ? value.byteSwapped : value
    }
  }

  private static func store(
    _ value: UInt64, _ place: UnsafeMutableRawPointer, _ size: Int, swapped: Bool
  ) {
    switch size {
    case 1: place.storeBytes(of: UInt8(truncatingIfNeeded: value), as: UInt8.self)
    case 2:
      let narrow = UInt16(truncatingIfNeeded: value)
      place.storeBytes(of: swapped ? narrow.byteSwapped : narrow, as: UInt16.self)
    case 4:
      let narrow = UInt32(truncatingIfNeeded: value)
      place.storeBytes(of: swapped ? narrow.byteSwapped : narrow, as: UInt32.self)
    default:
      place.storeBytes(of: swapped ? value.byteSwapped : value, as: UInt64.self)
    }
  }

  private static func getInteger(
    _ code: UInt8, _ place: UnsafeRawPointer, swapped: Bool, bits: Bits?, signed: Bool
  ) throws(Raised) -> Owned {
    let size = size(code)
    var value = load(place, size, swapped: swapped)
    var width = size * 8
    if let bits {
      value >>= UInt64(bits.shift)
      width = bits.count
    }
    let unused = UInt64(64 - width)
    if signed {
      let wide = unused >= 64 ? 0 : Int64(bitPattern: value << unused) >> Int64(unused)
      return try int(Int(wide))
    }
    let wide = unused >= 64 ? 0 : (value << unused) >> unused
    return try own(PyLong_FromUnsignedLongLong(wide))
  }

  private static func setInteger(
    _ code: UInt8, _ place: UnsafeMutableRawPointer, _ value: Ref, swapped: Bool, bits: Bits?
  ) throws(Raised) {
    guard value.isInt || value.type.pointee.tp_as_number?.pointee.nb_index != nil else {
      throw raise(
        .typeError, "'\(value.type.fullName)' object cannot be interpreted as an integer")
    }
    let number = PyLong_AsUnsignedLongLongMask(value)
    if number == UInt64.max && hasRaised() { throw Raised() }
    storeInteger(code, place, number, swapped: swapped, bits: bits)
  }

  private static func storeInteger(
    _ code: UInt8, _ place: UnsafeMutableRawPointer, _ number: UInt64, swapped: Bool, bits: Bits?
  ) {
    let size = size(code)
    guard let bits else { return store(number, place, size, swapped: swapped) }
    let ones: UInt64 = bits.count >= 64 ? .max : (1 << UInt64(bits.count)) - 1
    let mask = ones << UInt64(bits.shift)
    let old = load(place, size, swapped: swapped)
    store((old & ~mask) | ((number << UInt64(bits.shift)) & mask), place, size, swapped: swapped)
  }

  // MARK: Reading

  /// The value at a place. `length` is the room of a character array, in bytes.
  static func get(
    _ code: UInt8, _ place: UnsafeRawPointer, swapped: Bool = false, length: Int = 0,
    bits: Bits? = nil
  ) throws(Raised) -> Owned {
    if code == UInt8(ascii: "?") {
      if let bits {
        return boolObject((load(place, 1, swapped: false) >> UInt64(bits.shift)) & 1 != 0).retained()
      }
      return boolObject(place.load(as: UInt8.self) != 0).retained()
    }
    if code == UInt8(ascii: "v") {
      return boolObject(place.loadUnaligned(as: Int16.self) != 0).retained()
    }
    if let signed = isSigned(code) {
      return try getInteger(code, place, swapped: swapped, bits: bits, signed: signed)
    }
    switch code {
    case UInt8(ascii: "c"):
      return try own(PyBytes_FromStringAndSize(place.assumingMemoryBound(to: CChar.self), 1))
    case UInt8(ascii: "f"):
      let bits = UInt32(truncatingIfNeeded: load(place, 4, swapped: swapped))
      return try own(PyFloat_FromDouble(Double(Float(bitPattern: bits))))
    case UInt8(ascii: "d"):
      return try own(
        PyFloat_FromDouble(Double(bitPattern: load(place, 8, swapped: swapped))))
    case UInt8(ascii: "g"): return try own(PyFloat_FromDouble(apus_long_double_get(place)))
    case UInt8(ascii: "u"):
      var character = place.loadUnaligned(as: Int32.self)
      return try own(PyUnicode_FromWideChar(&character, 1))
    case UInt8(ascii: "O"):
      guard let object = place.loadUnaligned(as: Ref?.self) else {
        throw raise(.valueError, "PyObject is NULL")
      }
      return object.retained()
    case UInt8(ascii: "P"):
      guard let address = place.loadUnaligned(as: UnsafeMutableRawPointer?.self) else {
        return noneObject().retained()
      }
      return try own(PyLong_FromVoidPtr(address))
    case UInt8(ascii: "z"):
      guard let text = place.loadUnaligned(as: UnsafePointer<CChar>?.self) else {
        return noneObject().retained()
      }
      return try own(PyBytes_FromStringAndSize(text, strlen(text)))
    case UInt8(ascii: "Z"):
      guard let text = place.loadUnaligned(as: UnsafePointer<Int32>?.self) else {
        return noneObject().retained()
      }
      return try own(PyUnicode_FromWideChar(text, apus_wide_length(text)))
    case UInt8(ascii: "s"):
      let text = place.assumingMemoryBound(to: CChar.self)
      return try own(PyBytes_FromStringAndSize(text, strnlen(text, length)))
    case UInt8(ascii: "U"):
      let text = place.assumingMemoryBound(to: Int32.self)
      var count = 0
      while count < length / 4, text[count] != 0 { count += 1 }
      return try own(PyUnicode_FromWideChar(text, count))
    default: throw raise(.systemError, "unknown type of a C value")
    }
  }

  // MARK: Writing

  /// Stores a value: what must be kept alive for it, None when nothing.
  static func set(
    _ code: UInt8, _ place: UnsafeMutableRawPointer, _ value: Ref, swapped: Bool = false,
    length: Int = 0, bits: Bits? = nil
  ) throws(Raised) -> Owned {
    let nothing = noneObject()
    if code == UInt8(ascii: "?") {
      let truth: UInt64 = try check(PyObject_IsTrue(value)) != 0 ? 1 : 0
      storeInteger(code, place, truth, swapped: false, bits: bits)
      return nothing.retained()
    }
    if code == UInt8(ascii: "v") {
      let truth = try check(PyObject_IsTrue(value)) != 0
      place.storeBytes(of: truth ? -1 : 0, as: Int16.self)
      return nothing.retained()
    }
    if isSigned(code) != nil {
      try setInteger(code, place, value, swapped: swapped, bits: bits)
      return nothing.retained()
    }
    switch code {
    case UInt8(ascii: "c"): try setCharacter(place, value)
    case UInt8(ascii: "f"):
      let number = PyFloat_AsDouble(value)
      if number == -1 && hasRaised() { throw Raised() }
      store(UInt64(Float(number).bitPattern), place, 4, swapped: swapped)
    case UInt8(ascii: "d"):
      let number = PyFloat_AsDouble(value)
      if number == -1 && hasRaised() { throw Raised() }
      store(number.bitPattern, place, 8, swapped: swapped)
    case UInt8(ascii: "g"):
      let number = PyFloat_AsDouble(value)
      if number == -1 && hasRaised() { throw Raised() }
      apus_long_double_set(place, number)
    case UInt8(ascii: "u"):
      guard value.isStr else { throw wrongType(value, "unicode string expected") }
      guard apus_str_length(value) == 1 else {
        throw raise(.typeError, "one character unicode string expected")
      }
      let c = apus_str_read(apus_str_kind(value), apus_str_data(value), 0)
      place.storeBytes(of: Int32(bitPattern: c), as: Int32.self)
    case UInt8(ascii: "O"):
      place.storeBytes(of: value, as: Ref?.self)
      return value.retained()
    case UInt8(ascii: "P"):
      if value.isNone {
        place.storeBytes(of: nil, as: UnsafeMutableRawPointer?.self)
      } else {
        guard value.isInt else { throw raise(.typeError, "cannot be converted to pointer") }
        place.storeBytes(of: PyLong_AsUnsignedLongLongMask(value), as: UInt64.self)
      }
    case UInt8(ascii: "z"):
      if value.isBytes {
        place.storeBytes(of: apus_bytes_data(value), as: UnsafeMutablePointer<UInt8>?.self)
        return value.retained()
      }
      try setAddress(place, value, "bytes or integer address expected")
    case UInt8(ascii: "Z"):
      if value.isStr { return try setWide(place, value) }
      try setAddress(place, value, "unicode string or integer address expected")
    case UInt8(ascii: "s"): try setBytes(place, value, length)
    case UInt8(ascii: "U"): try setText(place, value, length)
    default: throw raise(.systemError, "unknown type of a C value")
    }
    return nothing.retained()
  }

  private static func wrongType(_ value: Ref, _ expected: String) -> Raised {
    raise(.typeError, "\(expected) instead of \(value.type.fullName) instance")
  }

  private static func setAddress(
    _ place: UnsafeMutableRawPointer, _ value: Ref, _ expected: String
  ) throws(Raised) {
    if value.isNone {
      place.storeBytes(of: 0, as: UInt64.self)
    } else {
      guard value.isInt else { throw wrongType(value, expected) }
      place.storeBytes(of: PyLong_AsUnsignedLongLongMask(value), as: UInt64.self)
    }
  }

  private static func setCharacter(
    _ place: UnsafeMutableRawPointer, _ value: Ref
  ) throws(Raised) {
    if value.isBytes && apus_var_size(value) == 1 {
      place.storeBytes(of: apus_bytes_data(value)[0], as: UInt8.self)
      return
    }
    if value.isInstance(of: byteArrayType()) && PyByteArray_Size(value) == 1,
      let data = PyByteArray_AsString(value)
    {
      place.storeBytes(of: UInt8(bitPattern: data[0]), as: UInt8.self)
      return
    }
    if value.isInt {
      let number = PyLong_AsLong(value)
      if number == -1 && hasRaised() { PyErr_Clear() }
      if number >= 0 && number < 256 {
        place.storeBytes(of: UInt8(number), as: UInt8.self)
        return
      }
    }
    throw raise(.typeError, "one character bytes, bytearray or integer expected")
  }

  /// A NUL-terminated copy of a str that lives as long as the capsule returned.
  static func setWide(_ place: UnsafeMutableRawPointer, _ value: Ref) throws(Raised) -> Owned {
    var count = 0
    guard let text = PyUnicode_AsWideCharString(value, &count) else { throw Raised() }
    guard
      let capsule = PyCapsule_New(
        text, wideName,
        { capsule in PyMem_Free(PyCapsule_GetPointer(capsule, CValue.wideName)) })
    else {
      PyMem_Free(text)
      throw Raised()
    }
    place.storeBytes(of: text, as: UnsafeMutablePointer<Int32>?.self)
    return Owned(adopting: capsule)
  }

  nonisolated(unsafe) private static let wideName = cString("_ctypes wide string")

  private static func setBytes(
    _ place: UnsafeMutableRawPointer, _ value: Ref, _ length: Int
  ) throws(Raised) {
    guard value.isBytes else {
      throw raise(.typeError, "expected bytes, \(value.type.fullName) found")
    }
    let size = strlen(UnsafeRawPointer(apus_bytes_data(value)).assumingMemoryBound(to: CChar.self))
    if size > length {
      throw raise(.valueError, "bytes too long (\(size), maximum length \(length))")
    }
    memcpy(place, apus_bytes_data(value), Swift.min(size + 1, length))
  }

  private static func setText(
    _ place: UnsafeMutableRawPointer, _ value: Ref, _ length: Int
  ) throws(Raised) {
    guard value.isStr else { throw wrongType(value, "unicode string expected") }
    let count = apus_str_length(value)
    let room = length / 4
    if count > room {
      throw raise(.valueError, "string too long (\(count), maximum length \(room))")
    }
    let text = place.assumingMemoryBound(to: Int32.self)
    for index in 0..<count {
      text[index] = Int32(
        bitPattern: apus_str_read(apus_str_kind(value), apus_str_data(value), index))
    }
    if count < room { text[count] = 0 }
  }
}
