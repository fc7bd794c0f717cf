import CPythonABI

// C's `wchar_t` strings: one 32-bit unit per code point.

@c @implementation
public func PyUnicode_FromWideChar(_ text: UnsafePointer<Int32>?, _ size: Int) -> Ref? {
  new {
    guard let text else {
      if size == 0 { return PyUnicode.empty }
      PyErr_BadInternalCall()
      throw Raised()
    }
    var count = size
    if size < 0 {
      count = 0
      while text[count] != 0 { count += 1 }
    }
    for index in 0..<count where text[index] < 0 || text[index] > 0x10FFFF {
      throw raise(
        .valueError,
        "character U+\(String(UInt32(bitPattern: text[index]), radix: 16)) is not in range "
          + "[U+0000; U+10ffff]")
    }
    return try PyUnicode.make(UnsafeRawPointer(text), width: 4, count)
  }
}

/// Copies at most `size` units, with a NUL when there is room; returns the units without it, or the
/// room needed when there is no buffer.
@c @implementation
public func PyUnicode_AsWideChar(
  _ text: Ref, _ buffer: UnsafeMutablePointer<Int32>?, _ size: Int
) -> Int {
  guard text.isStr else {
    _ = PyErr_BadArgument()
    return -1
  }
  let view = PyUnicode(text)
  guard let buffer else { return view.count + 1 }
  let count = Swift.min(view.count, size)
  CodeUnits.copy(view.data, width: view.kind, to: buffer, width: 4, count)
  if count < size { buffer[count] = 0 }
  return count
}

/// A copy to be freed with `PyMem_Free`. Without `size` a NUL inside raises ValueError.
@c @implementation
public func PyUnicode_AsWideCharString(
  _ text: Ref, _ size: UnsafeMutablePointer<Int>?
) -> UnsafeMutablePointer<Int32>? {
  guard text.isStr else {
    _ = PyErr_BadArgument()
    return nil
  }
  let view = PyUnicode(text)
  guard let copy = PyUnicode_AsUCS4Copy(text) else { return nil }
  if let size {
    size.pointee = view.count
  } else if view.find(character: 0, 0, view.count) >= 0 {
    PyMem_Free(copy)
    _ = raise(.valueError, "embedded null character")
    return nil
  }
  return UnsafeMutableRawPointer(copy).as(Int32.self)
}
