import CPythonABI
import Glibc

// Bytes of the system as wide characters and back: UTF-8, a byte that is none as a lone surrogate
// (PEP 383). Needs neither the lock nor a runtime. CPython: Python/fileutils.c.

/// The code point at `bytes`, with the number of its bytes; nil where no valid sequence begins.
private func decodeOne(_ bytes: UnsafePointer<UInt8>, _ left: Int) -> (Int32, Int)? {
  let first = bytes[0]
  let (length, least, start): (Int, Int32, Int32)
  switch first {
  case 0..<0x80: return (Int32(first), 1)
  case 0xC2..<0xE0: (length, least, start) = (2, 0x80, Int32(first & 0x1F))
  case 0xE0..<0xF0: (length, least, start) = (3, 0x800, Int32(first & 0x0F))
  case 0xF0..<0xF5: (length, least, start) = (4, 0x1_0000, Int32(first & 0x07))
  default: return nil
  }
  if left < length { return nil }
  var point = start
  for index in 1..<length {
    guard bytes[index] & 0xC0 == 0x80 else { return nil }
    point = point << 6 | Int32(bytes[index] & 0x3F)
  }
  let isValid = point >= least && point <= 0x10_FFFF && !(0xD800...0xDFFF).contains(point)
  return isValid ? (point, length) : nil
}

/// New memory of `PyMem_RawMalloc`; NULL without memory, and `size` is then (size_t)-1.
@c
public func Py_DecodeLocale(
  _ text: UnsafePointer<CChar>, _ size: UnsafeMutablePointer<UInt>?
) -> UnsafeMutablePointer<Int32>? {
  let count = strlen(text)
  let bytes = UnsafeRawPointer(text).assumingMemoryBound(to: UInt8.self)
  guard let memory = PyMem_RawMalloc((count + 1) * MemoryLayout<Int32>.size) else {
    size?.pointee = UInt.max
    return nil
  }
  let wide = memory.assumingMemoryBound(to: Int32.self)
  var length = 0
  var index = 0
  while index < count {
    let (point, width) = decodeOne(bytes + index, count - index) ?? (0xDC00 + Int32(bytes[index]), 1)
    wide[length] = point
    length += 1
    index += width
  }
  wide[length] = 0
  size?.pointee = UInt(length)
  return wide
}

/// New memory of `PyMem_Malloc`. NULL for a character that has no bytes, whose index is then in
/// `errorPlace`, or without memory ((size_t)-1).
@c
public func Py_EncodeLocale(
  _ text: UnsafePointer<Int32>, _ errorPlace: UnsafeMutablePointer<UInt>?
) -> UnsafeMutablePointer<CChar>? {
  errorPlace?.pointee = UInt.max
  var count = 0
  while text[count] != 0 { count += 1 }
  guard let memory = PyMem_Malloc(count * 4 + 1) else { return nil }
  let bytes = memory.assumingMemoryBound(to: UInt8.self)
  var length = 0
  func put(_ value: Int32) {
    bytes[length] = UInt8(truncatingIfNeeded: value)
    length += 1
  }
  for index in 0..<count {
    let point = text[index]
    switch point {
    case 0..<0x80: put(point)
    case 0x80..<0x800:
      put(0xC0 | point >> 6)
      put(0x80 | point & 0x3F)
    case 0xDC80...0xDCFF: put(point & 0xFF)
    case 0x800..<0xD800, 0xE000..<0x1_0000:
      put(0xE0 | point >> 12)
      put(0x80 | point >> 6 & 0x3F)
      put(0x80 | point & 0x3F)
    case 0x1_0000...0x10_FFFF:
      put(0xF0 | point >> 18)
      put(0x80 | point >> 12 & 0x3F)
      put(0x80 | point >> 6 & 0x3F)
      put(0x80 | point & 0x3F)
    default:
      PyMem_Free(memory)
      errorPlace?.pointee = UInt(index)
      return nil
    }
  }
  bytes[length] = 0
  return memory.assumingMemoryBound(to: CChar.self)
}
