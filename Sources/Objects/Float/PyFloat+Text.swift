import CPythonABI
import Glibc
import Numerics

/// How many of the bytes from the start are one number as `float()` reads it: an optional sign and
/// a decimal, `inf`, `infinity` or `nan`. 0 when none is there. Underscores between digits count
/// when allowed.
func numberLength(
  _ text: UnsafePointer<UInt8>, _ count: Int, underscores: Bool
) -> Int {
  var index = 0
  if index < count && (text[index] == 0x2B || text[index] == 0x2D) { index += 1 }
  for name in ["infinity", "inf", "nan"] as [StaticString] {
    let length = name.utf8CodeUnitCount
    guard count - index >= length else { continue }
    var same = true
    for offset in 0..<length where text[index + offset] | 0x20 != name.utf8Start[offset] {
      same = false
    }
    if same { return index + length }
  }
  func digits() -> Int {
    var found = 0
    while index < count {
      let byte = text[index]
      if byte >= 0x30 && byte <= 0x39 {
        found += 1
      } else if !(underscores && byte == 0x5F && found > 0) {
        break
      }
      index += 1
    }
    return found
  }
  var found = digits()
  if index < count && text[index] == 0x2E {
    index += 1
    found += digits()
  }
  if found == 0 { return 0 }
  if index < count && text[index] | 0x20 == 0x65 {
    let before = index
    index += 1
    if index < count && (text[index] == 0x2B || text[index] == 0x2D) { index += 1 }
    if digits() == 0 { index = before }
  }
  return index
}

/// Reads a number at the start of a C string. Without `end` the whole string must be one.
/// Raises ValueError when there is none; a value too large is infinity, or `overflow` when given.
@c @implementation public func PyOS_string_to_double(
  _ text: UnsafePointer<CChar>, _ end: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
  _ overflow: Ref?
) -> Double {
  let bytes = UnsafeRawPointer(text).assumingMemoryBound(to: UInt8.self)
  let count = strlen(text)
  let length = numberLength(bytes, count, underscores: false)
  func invalid() -> Double {
    _ = raise(
      .valueError, "could not convert string to float: '\(String(cString: text).clipped(200))'")
    return -1
  }
  guard length > 0, end != nil || length == count else {
    end?.pointee = UnsafeMutablePointer(mutating: text)
    return invalid()
  }
  switch FloatText.parse(bytes, length) {
  case .value(let value):
    end?.pointee = UnsafeMutablePointer(mutating: text + length)
    let named = bytes[length - 1] | 0x20 == 0x66 || bytes[length - 1] | 0x20 == 0x79
    if value.isInfinite && !named, let overflow {
      _ = raise(
        overflow,
        "value too large to convert to float: '\(String(cString: text).clipped(200))'")
      return -1
    }
    return value
  case .invalid:
    end?.pointee = UnsafeMutablePointer(mutating: text)
    return invalid()
  case .outOfMemory:
    _ = PyErr_NoMemory()
    return -1
  }
}

/// A number as text in memory from `PyMem_Malloc`. `format` is one of e, E, f, F, g, G, r; `flags`
/// are Py_DTSF_*; `type` says whether it is finite (0), infinite (1) or NaN (2).
@c @implementation public func PyOS_double_to_string(
  _ value: Double, _ format: CChar, _ precision: Int32, _ flags: Int32,
  _ type: UnsafeMutablePointer<Int32>?
) -> UnsafeMutablePointer<CChar>? {
  var options: FloatText.Flags = []
  if flags & 1 != 0 { options.insert(.sign) }
  if flags & 2 != 0 { options.insert(.addDotZero) }
  if flags & 4 != 0 { options.insert(.alternate) }
  if flags & 8 != 0 { options.insert(.noNegativeZero) }
  let code: FloatText.Code
  switch UInt8(bitPattern: format) {
  case UInt8(ascii: "e"): code = .exponent
  case UInt8(ascii: "E"): (code, options) = (.exponent, options.union(.upperCase))
  case UInt8(ascii: "f"): code = .fixed
  case UInt8(ascii: "F"): (code, options) = (.fixed, options.union(.upperCase))
  case UInt8(ascii: "g"): code = .general
  case UInt8(ascii: "G"): (code, options) = (.general, options.union(.upperCase))
  case UInt8(ascii: "r") where precision == 0: code = .repr
  default:
    PyErr_BadInternalCall()
    return nil
  }
  type?.pointee = value.isNaN ? 2 : value.isInfinite ? 1 : 0
  var text = TextBuffer()
  FloatText.format(value, code, precision: Int(Swift.max(precision, 0)), options, into: &text)
  guard !text.failed, let memory = PyMem_Malloc(text.count + 1) else {
    _ = PyErr_NoMemory()
    return nil
  }
  let result = memory.assumingMemoryBound(to: CChar.self)
  memcpy(result, text.bytes, text.count)
  result[text.count] = 0
  return result
}
