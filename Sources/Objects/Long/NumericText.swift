import CPythonABI
import Numerics

/// The ASCII text of a number given as str: whitespace becomes a space and decimal digits of any
/// script become 0 ... 9. At anything else the text ends with a `?`, which no number has.
/// CPython: _PyUnicode_TransformDecimalAndSpaceToASCII.
func numericText(of object: Ref) throws(Raised) -> TextBuffer {
  let length = apus_str_length(object)
  let data = apus_str_data(object)
  var text = TextBuffer(capacity: Swift.max(length, 1))
  if apus_str_is_ascii(object) != 0 {
    text.append(data.assumingMemoryBound(to: UInt8.self), count: length)
  } else {
    let kind = apus_str_kind(object)
    for index in 0..<length {
      let character = apus_str_read(kind, data, index)
      if character < 127 {
        text.append(UInt8(character))
      } else if _PyUnicode_IsWhitespace(character) != 0 {
        text.append(0x20)
      } else {
        let digit = _PyUnicode_ToDecimalDigit(character)
        guard digit >= 0 else {
          text.append(0x3F)
          break
        }
        text.append(0x30 + UInt8(truncatingIfNeeded: digit))
      }
    }
  }
  if text.failed { throw raiseNoMemory() }
  return text
}

/// The bytes of a bytes-like object, valid while the view lives.
struct BytesView: ~Copyable {
  private var buffer = Py_buffer()
  let bytes: UnsafePointer<UInt8>
  let count: Int

  /// nil without an exception when the object has no buffer.
  init?(_ object: Ref) throws(Raised) {
    guard PyObject_CheckBuffer(object) != 0 else { return nil }
    try check(PyObject_GetBuffer(object, &buffer, PyBUF_SIMPLE))
    count = buffer.len
    bytes = UnsafePointer(
      buffer.buf?.assumingMemoryBound(to: UInt8.self)
        ?? UnsafeMutableRawPointer(bitPattern: 8).unsafelyUnwrapped.assumingMemoryBound(
          to: UInt8.self))
  }

  deinit {
    var buffer = buffer
    PyBuffer_Release(&buffer)
  }
}

/// A new str of ASCII bytes.
func newString(ascii bytes: UnsafePointer<UInt8>, _ count: Int) throws(Raised) -> Owned {
  let text = try own(PyUnicode_New(count, 127))
  apus_str_data(text.ref).assumingMemoryBound(to: UInt8.self).update(from: bytes, count: count)
  return text
}
