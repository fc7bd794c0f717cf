import CPythonABI
import Glibc
import Numerics

// MARK: Making ints

@c @implementation public func PyLong_FromLong(_ value: Int) -> Ref? { PyLong.make(value) }
@c @implementation public func PyLong_FromLongLong(_ value: Int64) -> Ref? { PyLong.make(Int(value)) }
@c @implementation public func PyLong_FromSsize_t(_ value: Int) -> Ref? { PyLong.make(value) }
@c @implementation public func PyLong_FromSize_t(_ value: Int) -> Ref? {
  PyLong.make(unsigned: UInt(bitPattern: value))
}
@c @implementation public func PyLong_FromUnsignedLong(_ value: UInt) -> Ref? {
  PyLong.make(unsigned: value)
}
@c @implementation public func PyLong_FromUnsignedLongLong(_ value: UInt64) -> Ref? {
  PyLong.make(unsigned: UInt(value))
}
@c @implementation public func PyLong_FromVoidPtr(_ pointer: UnsafeMutableRawPointer?) -> Ref? {
  PyLong.make(unsigned: UInt(bitPattern: pointer))
}

/// An int object with room for `count` digits, for code that fills them itself.
@c @implementation public func _PyLong_New(_ count: Int) -> UnsafeMutablePointer<PyLongObject>? {
  PyLong.allocate(count)?.view(PyLongObject.self)
}

@c @implementation public func PyLong_FromDouble(_ value: Double) -> Ref? {
  new { try PyLong.make(truncating: value) }
}

extension PyLong {
  /// The integral part. Raises OverflowError for infinity, ValueError for NaN.
  static func make(truncating value: Double) throws(Raised) -> Owned {
    if let small = Int(exactly: value.rounded(.towardZero)) { return try own(make(small)) }
    if value.isInfinite { throw raise(.overflowError, "cannot convert float infinity to integer") }
    if value.isNaN { throw raise(.valueError, "cannot convert float NaN to integer") }
    return try make(capacity: 35) { target in
      (Digits.write(truncating: value, into: target), value < 0)
    }
  }
}

/// Reads the number at the start of a C string and says where it ends.
@c @implementation public func PyLong_FromString(
  _ text: UnsafePointer<CChar>, _ end: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
  _ base: Int32
) -> Ref? {
  guard base == 0 || (base >= 2 && base <= 36) else {
    _ = raise(.valueError, "int() arg 2 must be >= 2 and <= 36")
    return nil
  }
  let count = strlen(text)
  let bytes = UnsafeRawPointer(text).assumingMemoryBound(to: UInt8.self)
  return new {
    if let result = try PyLong.parse(bytes, count, base: Int(base)) {
      end?.pointee = UnsafeMutablePointer(mutating: text + count)
      return result
    }
    end?.pointee = UnsafeMutablePointer(mutating: text)
    let shown = try own(PyUnicode_DecodeUTF8(text, count, "replace"))
    throw PyLong.raiseInvalid(shown.ref, base: base == 0 ? resolvedBase(bytes, count) : Int(base))
  }
}

/// The base that a prefix chooses (`0x`, `0o`, `0b`), 10 without one; white space and a sign before it.
private func resolvedBase(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int {
  var at = 0
  while at < count, bytes[at] == 32 || (bytes[at] >= 9 && bytes[at] <= 13) { at += 1 }
  if at < count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
  guard at + 1 < count, bytes[at] == UInt8(ascii: "0") else { return 10 }
  switch bytes[at + 1] | 32 {
  case UInt8(ascii: "x"): return 16
  case UInt8(ascii: "o"): return 8
  case UInt8(ascii: "b"): return 2
  default: return 10
  }
}

@c @implementation public func PyLong_FromUnicodeObject(_ text: Ref, _ base: Int32) -> Ref? {
  new { try PyLong.parse(str: text, base: Int(base)) }
}

/// The int of `count` bytes of text in a base; `bytes` shown in errors as a bytes object.
public func _PyLong_FromBytes(_ bytes: UnsafePointer<UInt8>, _ count: Int, _ base: Int32) -> Ref? {
  new {
    if let result = try PyLong.parse(bytes, count, base: Int(base)) { return result }
    let start = UnsafeRawPointer(bytes).assumingMemoryBound(to: CChar.self)
    let shown = try own(PyBytes_FromStringAndSize(start, count))
    throw PyLong.raiseInvalid(shown.ref, base: Int(base))
  }
}

@c @implementation public func _PyLong_FromByteArray(
  _ bytes: UnsafePointer<UInt8>, _ count: Int, _ littleEndian: Int32, _ signed: Int32
) -> Ref? {
  new {
    try PyLong.read(bytes, count, littleEndian != 0 ? .little : .big, signed: signed != 0)
  }
}

/// The byte order that the flags of the NativeBytes functions ask for.
private func isLittleEndian(_ flags: Int32) -> Bool {
  // -1 and bit 1 ask for the machine's order, which is little-endian.
  flags == -1 || flags & 2 != 0 || flags & 1 != 0
}

private func fromNativeBytes(
  _ buffer: UnsafeRawPointer?, _ count: Int, _ flags: Int32, signed: Bool
) -> Ref? {
  guard let buffer, count > 0 else { return apus_small_int(0) }
  return new {
    try PyLong.read(
      buffer.assumingMemoryBound(to: UInt8.self), count, isLittleEndian(flags) ? .little : .big,
      signed: signed)
  }
}

@c @implementation public func PyLong_FromNativeBytes(
  _ buffer: UnsafeRawPointer?, _ count: Int, _ flags: Int32
) -> Ref? {
  // Bit 2: the bytes are unsigned.
  fromNativeBytes(buffer, count, flags, signed: flags == -1 || flags & 4 == 0)
}

@c @implementation public func PyLong_FromUnsignedNativeBytes(
  _ buffer: UnsafeRawPointer?, _ count: Int, _ flags: Int32
) -> Ref? {
  fromNativeBytes(buffer, count, flags, signed: false)
}

// MARK: Reading ints

/// The int itself, or what `__index__` of another object gives.
@inline(__always)
private func integer(_ object: Ref) throws(Raised) -> Owned {
  object.isInt ? object.retained() : try own(PyNumber_Index(object))
}

/// The value as a machine word, nil when it does not fit; throws for what is no integer.
@inline(__always)
private func word(_ object: Ref) throws(Raised) -> Int? {
  if object.isInt { return PyLong(object).word }
  let number = try integer(object)
  return PyLong(number.ref).word
}

private func asLong(_ object: Ref, _ message: String) -> Int {
  do {
    if let value = try word(object) { return value }
    throw raise(.overflowError, message)
  } catch {
    return -1
  }
}

@c @implementation public func PyLong_AsLong(_ object: Ref?) -> Int {
  guard let object else {
    PyErr_BadInternalCall()
    return -1
  }
  return asLong(object, "Python int too large to convert to C long")
}

@c @implementation public func PyLong_AsLongLong(_ object: Ref?) -> Int64 {
  guard let object else {
    PyErr_BadInternalCall()
    return -1
  }
  return Int64(asLong(object, "int too big to convert"))
}

@c @implementation public func PyLong_AsInt(_ object: Ref?) -> Int32 {
  guard let object else {
    PyErr_BadInternalCall()
    return -1
  }
  do {
    if let value = try word(object), let narrow = Int32(exactly: value) { return narrow }
    throw raise(.overflowError, "Python int too large to convert to C int")
  } catch {
    return -1
  }
}

@c @implementation public func PyLong_AsSsize_t(_ object: Ref?) -> Int {
  guard let object else {
    PyErr_BadInternalCall()
    return -1
  }
  guard object.isInt else {
    _ = raise(.typeError, "an integer is required")
    return -1
  }
  if let value = PyLong(object).word { return value }
  _ = raise(.overflowError, "Python int too large to convert to C ssize_t")
  return -1
}

/// The value; when it does not fit, -1 and the direction in `overflow`, without an exception.
@c @implementation public func PyLong_AsLongAndOverflow(
  _ object: Ref?, _ overflow: UnsafeMutablePointer<Int32>?
) -> Int {
  overflow?.pointee = 0
  guard let object else {
    PyErr_BadInternalCall()
    return -1
  }
  do {
    let number = try integer(object)
    if let value = PyLong(number.ref).word { return value }
    overflow?.pointee = PyLong(number.ref).isNegative ? -1 : 1
    return -1
  } catch {
    return -1
  }
}

@c @implementation public func PyLong_AsLongLongAndOverflow(
  _ object: Ref?, _ overflow: UnsafeMutablePointer<Int32>?
) -> Int64 {
  Int64(PyLong_AsLongAndOverflow(object, overflow))
}

private func asUnsigned(_ object: Ref, _ negative: String, _ tooLarge: String) -> UInt {
  guard object.isInt else {
    _ = raise(.typeError, "an integer is required")
    return UInt.max
  }
  let long = PyLong(object)
  if long.isNegative {
    _ = raise(.overflowError, negative)
    return UInt.max
  }
  if let value = long.unsignedWord { return UInt(value) }
  _ = raise(.overflowError, tooLarge)
  return UInt.max
}

@c @implementation public func PyLong_AsUnsignedLong(_ object: Ref?) -> UInt {
  guard let object else {
    PyErr_BadInternalCall()
    return .max
  }
  return asUnsigned(
    object, "can't convert negative value to unsigned int",
    "Python int too large to convert to C unsigned long")
}

@c @implementation public func PyLong_AsUnsignedLongLong(_ object: Ref?) -> UInt64 {
  guard let object else {
    PyErr_BadInternalCall()
    return .max
  }
  return UInt64(
    asUnsigned(object, "can't convert negative int to unsigned", "int too big to convert"))
}

@c @implementation public func PyLong_AsSize_t(_ object: Ref?) -> Int {
  guard let object else {
    PyErr_BadInternalCall()
    return -1
  }
  return Int(
    bitPattern: asUnsigned(
      object, "can't convert negative value to size_t",
      "Python int too large to convert to C size_t"))
}

@c @implementation public func PyLong_AsUnsignedLongMask(_ object: Ref?) -> UInt {
  guard let object else {
    PyErr_BadInternalCall()
    return .max
  }
  do {
    let number = try integer(object)
    return UInt(PyLong(number.ref).lowWord)
  } catch {
    return UInt.max
  }
}

@c @implementation public func PyLong_AsUnsignedLongLongMask(_ object: Ref?) -> UInt64 {
  UInt64(PyLong_AsUnsignedLongMask(object))
}

@c @implementation public func PyLong_AsVoidPtr(_ object: Ref) -> UnsafeMutableRawPointer? {
  guard object.isInt else {
    _ = raise(.typeError, "an integer is required")
    return nil
  }
  let long = PyLong(object)
  if long.isNegative, let value = long.word { return UnsafeMutableRawPointer(bitPattern: value) }
  if let value = long.unsignedWord { return UnsafeMutableRawPointer(bitPattern: UInt(value)) }
  _ = raise(.overflowError, "int too big to convert")
  return nil
}

@c @implementation public func PyLong_AsDouble(_ object: Ref?) -> Double {
  guard let object else {
    PyErr_BadInternalCall()
    return -1
  }
  guard object.isInt else {
    _ = raise(.typeError, "an integer is required")
    return -1
  }
  let long = PyLong(object)
  if long.isCompact { return Double(long.compactValue) }
  if let value = Digits.double(long.source, long.count) { return long.isNegative ? -value : value }
  _ = raise(.overflowError, "int too large to convert to float")
  return -1
}

/// Writes the low `size` bytes in two's complement and returns how many bytes the number needs.
@c @implementation public func PyLong_AsNativeBytes(
  _ object: Ref, _ buffer: UnsafeMutableRawPointer?, _ size: Int, _ flags: Int32
) -> Int {
  Objects.size {
    if !object.isInt && (flags == -1 || flags & 16 == 0) {
      throw raise(.typeError, "expect int, got \(object.type.fullName)")
    }
    let number = try integer(object)
    let long = PyLong(number.ref)
    if flags != -1 && flags & 8 != 0 && long.isNegative {
      throw raise(.valueError, "Cannot convert negative int")
    }
    // What the number needs in two's complement. As in CPython the answer is the size of the buffer
    // for a one-digit number that fits, and 8 for one that does not; only where one byte is missing
    // is it worked out that -2**(8k-1), or an unsigned number, needs no byte for its sign.
    let bits = long.bitLength
    var needed = bits / 8 + 1
    if long.isCompact {
      let beyond = size > 0 && size < 8 ? long.compactValue >> (size * 8 - 1) : 0
      needed = size > 0 && (beyond == 0 || beyond == -1) ? size : 8
    } else if size > 0 && size == needed - 1 && bits % 8 == 0 {
      if long.isNegative {
        if Digits.isPowerOfTwo(long.source, long.count) { needed = size }
      } else if flags != -1 && flags & 4 != 0 {
        needed = size
      }
    }
    guard size > 0, let buffer else { return needed }
    let bytes = buffer.assumingMemoryBound(to: UInt8.self)
    let little = isLittleEndian(flags)
    var carry: UInt16 = long.isNegative ? 1 : 0
    for index in 0..<size {
      // Bits 8 * index … of the magnitude, complemented on the way for a negative number.
      let bit = index * 8
      let digit = bit / 30
      let shift = bit % 30
      var piece: UInt32 = digit < long.count ? long.digits[digit] >> UInt32(shift) : 0
      if shift > 22 && digit + 1 < long.count {
        piece |= long.digits[digit + 1] << UInt32(30 - shift)
      }
      var byte = UInt16(truncatingIfNeeded: piece & 0xFF)
      if long.isNegative {
        byte = (~byte & 0xFF) + carry
        carry = byte >> 8
      }
      bytes[little ? index : size - 1 - index] = UInt8(truncatingIfNeeded: byte)
    }
    return needed
  }
}

/// Writes exactly `count` bytes: 0, or -1 with OverflowError (when `withExceptions`).
@c @implementation public func _PyLong_AsByteArray(
  _ object: Ref, _ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ littleEndian: Int32,
  _ signed: Int32, _ withExceptions: Int32
) -> Int32 {
  let result = status {
    try PyLong(object).write(
      to: bytes, count, littleEndian != 0 ? .little : .big, signed: signed != 0)
  }
  if result < 0 && withExceptions == 0 { PyErr_Clear() }
  return result
}

/// A new int of the same value.
@c @implementation public func _PyLong_Copy(_ object: Ref) -> Ref? {
  guard object.isInt else {
    PyErr_BadInternalCall()
    return nil
  }
  if object.isExactInt { return object.retained().give() }
  return new { try own(PyNumber_Long(object)) }
}

@c @implementation public func _PyLong_NumBits(_ object: Ref) -> Int { PyLong(object).bitLength }

@c @implementation public func _PyLong_Sign(_ object: Ref) -> Int32 { Int32(PyLong(object).sign) }

@c @implementation public func _PyLong_GCD(_ a: Ref, _ b: Ref) -> Ref? {
  new {
    let x = PyLong(a)
    let y = PyLong(b)
    if x.isCompact && y.isCompact {
      let gcd = Digits.gcd(
        UInt64(x.compactValue.magnitude), UInt64(y.compactValue.magnitude))
      return try own(PyLong.make(Int(gcd)))
    }
    return try PyLong.make(Digits.gcd(x.source, x.count, y.source, y.count), negative: false)
  }
}

/// The text in base 2, 8, 10 or 16, as bin(), oct(), str() and hex() show it.
@c @implementation public func _PyLong_Format(_ object: Ref, _ base: Int32) -> Ref? {
  new { try PyLong(object).text(base: Int(base), prefix: true) }
}

/// 0.5 <= fraction < 1 and its exponent; the fraction has the number's sign.
public func _PyLong_Frexp(_ object: Ref, _ exponent: inout Int) -> Double {
  let long = PyLong(object)
  let (fraction, power) = Digits.frexp(long.source, long.count)
  exponent = power
  return long.isNegative ? -fraction : fraction
}

// MARK: C strings

@c @implementation public func PyOS_strtoul(
  _ text: UnsafePointer<CChar>, _ end: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
  _ base: Int32
) -> UInt {
  strtoul(text, end, base)
}

@c @implementation public func PyOS_strtol(
  _ text: UnsafePointer<CChar>, _ end: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
  _ base: Int32
) -> Int {
  strtol(text, end, base)
}
