import CPythonABI
import Glibc
import Objects

/// What the items of an array are, by typecode.
struct ItemType {
  let code: UInt8
  let size: Int

  static let codes: StaticString = "bBuwhHiIlLqQfd"

  /// nil for an unknown typecode.
  init?(_ code: UInt32) {
    switch code {
    case 0x62, 0x42: size = 1
    case 0x68, 0x48: size = 2
    case 0x69, 0x49, 0x66, 0x75, 0x77: size = 4
    case 0x6C, 0x4C, 0x71, 0x51, 0x64: size = 8
    default: return nil
    }
    self.code = UInt8(truncatingIfNeeded: code)
  }

  var letter: String { String(Unicode.Scalar(code)) }
  var isText: Bool { code == UInt8(ascii: "u") || code == UInt8(ascii: "w") }
  var isFloat: Bool { code == UInt8(ascii: "f") || code == UInt8(ascii: "d") }
  var isSigned: Bool { !isFloat && !isText && code >= 97 }

  /// The number of the layout in pickles. CPython: Modules/arraymodule.c, enum machine_format_code.
  var machineFormat: Int {
    switch (size, isSigned) {
    case _ where code == UInt8(ascii: "f"): return 14
    case _ where code == UInt8(ascii: "d"): return 16
    case _ where isText: return 20
    case (1, false): return 0
    case (1, true): return 1
    case (2, false): return 2
    case (2, true): return 4
    case (4, false): return 6
    case (4, true): return 8
    case (_, false): return 10
    default: return 12
    }
  }

  /// The buffer format.
  var format: UnsafePointer<CChar> {
    switch code {
    case UInt8(ascii: "b"): return cString("b")
    case UInt8(ascii: "B"): return cString("B")
    case UInt8(ascii: "u"), UInt8(ascii: "w"): return cString("w")
    case UInt8(ascii: "h"): return cString("h")
    case UInt8(ascii: "H"): return cString("H")
    case UInt8(ascii: "i"): return cString("i")
    case UInt8(ascii: "I"): return cString("I")
    case UInt8(ascii: "l"): return cString("l")
    case UInt8(ascii: "L"): return cString("L")
    case UInt8(ascii: "q"): return cString("q")
    case UInt8(ascii: "Q"): return cString("Q")
    case UInt8(ascii: "f"): return cString("f")
    default: return cString("d")
    }
  }

  /// The item at a place as an object.
  @inline(__always)
  func load(_ place: UnsafeRawPointer) throws(Raised) -> Owned {
    switch code {
    case UInt8(ascii: "b"): return try int(Int(place.load(as: Int8.self)))
    case UInt8(ascii: "B"): return try int(Int(place.load(as: UInt8.self)))
    case UInt8(ascii: "h"): return try int(Int(place.load(as: Int16.self)))
    case UInt8(ascii: "H"): return try int(Int(place.load(as: UInt16.self)))
    case UInt8(ascii: "i"): return try int(Int(place.load(as: Int32.self)))
    case UInt8(ascii: "I"): return try int(Int(place.load(as: UInt32.self)))
    case UInt8(ascii: "l"), UInt8(ascii: "q"): return try int(place.load(as: Int.self))
    case UInt8(ascii: "L"), UInt8(ascii: "Q"):
      return try own(PyLong_FromUnsignedLong(place.load(as: UInt.self)))
    case UInt8(ascii: "f"):
      return try own(PyFloat_FromDouble(Double(place.load(as: Float.self))))
    case UInt8(ascii: "d"): return try own(PyFloat_FromDouble(place.load(as: Double.self)))
    default:
      let value = place.load(as: Int32.self)
      guard value >= 0, value <= 0x10FFFF else {
        throw raise(
          .valueError,
          "character U+\(String(UInt32(bitPattern: value), radix: 16)) is not in range "
            + "[U+0000; U+10ffff]")
      }
      return try own(PyUnicode_FromOrdinal(value))
    }
  }

  /// A value as the bytes of an item, in the low bits.
  func bits(_ value: Ref) throws(Raised) -> UInt64 {
    switch code {
    case UInt8(ascii: "b"):
      return try signed(value, Int8.self, "signed char is", "signed char is")
    case UInt8(ascii: "B"):
      return try narrow(value, 0, 255, "unsigned byte integer is")
    case UInt8(ascii: "h"): return try narrow(value, -32768, 32767, "signed short integer is")
    case UInt8(ascii: "H"): return try narrow(value, 0, 65535, "unsigned short is")
    case UInt8(ascii: "i"):
      return try narrow(value, Int(Int32.min), Int(Int32.max), "signed integer is")
    case UInt8(ascii: "I"):
      let wide = try unsigned(value)
      if wide > UInt(UInt32.max) {
        throw raise(.overflowError, "unsigned int is greater than maximum")
      }
      return UInt64(wide)
    case UInt8(ascii: "l"):
      let number = try index(value)
      let wide = PyLong_AsLong(number.ref)
      if wide == -1 && hasRaised() { throw Raised() }
      return UInt64(bitPattern: Int64(wide))
    case UInt8(ascii: "L"): return UInt64(try unsigned(value))
    case UInt8(ascii: "q"):
      let number = try index(value)
      let wide = PyLong_AsLongLong(number.ref)
      if wide == -1 && hasRaised() { throw Raised() }
      return UInt64(bitPattern: Int64(wide))
    case UInt8(ascii: "Q"):
      let number = try index(value)
      if apus_long_sign(number.ref) < 0 {
        throw raise(.overflowError, "can't convert negative int to unsigned")
      }
      let wide = PyLong_AsUnsignedLongLong(number.ref)
      if wide == UInt64.max && hasRaised() { throw Raised() }
      return UInt64(wide)
    case UInt8(ascii: "f"):
      let double = PyFloat_AsDouble(value)
      if double == -1 && hasRaised() { throw Raised() }
      return UInt64(Float(double).bitPattern)
    case UInt8(ascii: "d"):
      let double = PyFloat_AsDouble(value)
      if double == -1 && hasRaised() { throw Raised() }
      return double.bitPattern
    default:
      guard value.isStr, apus_str_length(value) == 1 else {
        throw raise(.typeError, "array item must be unicode character")
      }
      return UInt64(apus_str_read(apus_str_kind(value), apus_str_data(value), 0))
    }
  }

  /// Stores what `bits` made.
  @inline(__always)
  func store(_ bits: UInt64, _ place: UnsafeMutableRawPointer) {
    switch size {
    case 1: place.storeBytes(of: UInt8(truncatingIfNeeded: bits), as: UInt8.self)
    case 2: place.storeBytes(of: UInt16(truncatingIfNeeded: bits), as: UInt16.self)
    case 4: place.storeBytes(of: UInt32(truncatingIfNeeded: bits), as: UInt32.self)
    default: place.storeBytes(of: bits, as: UInt64.self)
    }
  }

  private func index(_ value: Ref) throws(Raised) -> Owned { try own(PyNumber_Index(value)) }

  private func signed<T: FixedWidthInteger>(
    _ value: Ref, _: T.Type, _ above: String, _ below: String
  ) throws(Raised) -> UInt64 {
    try narrow(value, Int(T.min), Int(T.max), above)
  }

  /// An int between two limits.
  private func narrow(
    _ value: Ref, _ least: Int, _ most: Int, _ name: String
  ) throws(Raised) -> UInt64 {
    let number = try index(value)
    var overflow: Int32 = 0
    let wide = PyLong_AsLongAndOverflow(number.ref, &overflow)
    if overflow > 0 || (overflow == 0 && wide > most) {
      throw raise(.overflowError, "\(name) greater than maximum")
    }
    if overflow < 0 || wide < least { throw raise(.overflowError, "\(name) less than minimum") }
    return UInt64(bitPattern: Int64(wide))
  }

  private func unsigned(_ value: Ref) throws(Raised) -> UInt {
    let number = try index(value)
    if apus_long_sign(number.ref) < 0 {
      throw raise(.overflowError, "can't convert negative value to unsigned int")
    }
    let wide = PyLong_AsUnsignedLong(number.ref)
    if wide == UInt.max && hasRaised() { throw Raised() }
    return wide
  }
}
