import CPythonABI
import Glibc

@c @implementation
public func PyUnicode_New(_ size: Int, _ maximum: Py_UCS4) -> Ref? {
  PyUnicode.allocate(size, max: maximum)
}

@c @implementation
public func PyUnicode_FromStringAndSize(_ text: UnsafePointer<CChar>?, _ size: Int) -> Ref? {
  if size < 0 {
    _ = raise(.systemError, "Negative size passed to PyUnicode_FromStringAndSize")
    return nil
  }
  guard let text else {
    if size == 0 { return apus_str_empty() }
    _ = raise(.systemError, "NULL string with positive size with NULL passed to PyUnicode_FromStringAndSize")
    return nil
  }
  return PyUnicode_DecodeUTF8(text, size, nil)
}

@c @implementation
public func PyUnicode_FromString(_ text: UnsafePointer<CChar>) -> Ref? {
  PyUnicode_DecodeUTF8(text, strlen(text), nil)
}

@c @implementation
public func PyUnicode_FromKindAndData(
  _ kind: Int32, _ buffer: UnsafeRawPointer?, _ size: Int
) -> Ref? {
  new {
    if size < 0 { throw raise(.valueError, "size must be positive") }
    guard let buffer, size > 0 else { return PyUnicode.empty }
    guard kind == 1 || kind == 2 || kind == 4 else {
      throw raise(.systemError, "invalid kind")
    }
    return try PyUnicode.make(buffer, width: Int(kind), size)
  }
}

@c @implementation
public func PyUnicode_FromOrdinal(_ ordinal: Int32) -> Ref? {
  new {
    if ordinal < 0 || ordinal > 0x10FFFF {
      throw raise(.valueError, "chr() arg not in range(0x110000)")
    }
    return try PyUnicode.character(UInt32(bitPattern: ordinal))
  }
}

@c @implementation
public func PyUnicode_FromObject(_ object: Ref) -> Ref? {
  new {
    if object.isStr { return try PyUnicode(object).exact() }
    throw raise(
      .typeError, "Can't convert '\(object.type.fullName)' object to str implicitly")
  }
}

@c @implementation
public func PyUnicode_GetLength(_ text: Ref) -> Int {
  if !text.isStr {
    _ = PyErr_BadArgument()
    return -1
  }
  return apus_str_length(text)
}

@c @implementation
public func PyUnicode_ReadChar(_ text: Ref, _ index: Int) -> Py_UCS4 {
  if !text.isStr {
    _ = PyErr_BadArgument()
    return Py_UCS4.max
  }
  if index < 0 || index >= apus_str_length(text) {
    _ = raise(.indexError, "string index out of range")
    return Py_UCS4.max
  }
  return PyUnicode(text)[index]
}

/// Raises SystemError unless the text may still be written.
private func requireModifiable(_ text: Ref) throws(Raised) {
  if !PyUnicode(text).isModifiable {
    throw raise(.systemError, "Cannot modify a string currently used")
  }
}

@c @implementation
public func PyUnicode_WriteChar(_ text: Ref, _ index: Int, _ character: Py_UCS4) -> Int32 {
  status {
    guard text.isStr && apus_str_is_compact(text) != 0 else {
      _ = PyErr_BadArgument()
      throw Raised()
    }
    if index < 0 || index >= apus_str_length(text) {
      throw raise(.indexError, "string index out of range")
    }
    try requireModifiable(text)
    if character > PyUnicode(text).limit { throw raise(.valueError, "character out of range") }
    PyUnicode(text).write(character, at: index)
  }
}

@c @implementation
public func PyUnicode_CopyCharacters(
  _ target: Ref, _ targetStart: Int, _ source: Ref, _ start: Int, _ count: Int
) -> Int {
  size {
    guard target.isStr && source.isStr else {
      PyErr_BadInternalCall()
      throw Raised()
    }
    let from = PyUnicode(source)
    let to = PyUnicode(target)
    if start < 0 || start > from.count || targetStart < 0 || targetStart > to.count {
      throw raise(.indexError, "string index out of range")
    }
    if count < 0 { throw raise(.systemError, "how_many cannot be negative") }
    let count = Swift.min(from.count - start, count)
    if targetStart + count > to.count {
      throw raise(
        .systemError,
        "Cannot write \(count) characters at \(targetStart) in a string of \(to.count) characters")
    }
    if count == 0 { return 0 }
    try requireModifiable(target)
    if from.limit(from: start, to: start + count) > to.limit {
      throw raise(
        .systemError,
        "Cannot copy \(source.isExactStr ? "UCS\(from.kind)" : "str") characters into a string of "
          + (to.isASCII ? "ASCII" : "UCS\(to.kind)") + " characters")
    }
    to.copy(from, from: start, count, at: targetStart)
    return count
  }
}

@c @implementation
public func PyUnicode_Fill(
  _ text: Ref, _ start: Int, _ length: Int, _ character: Py_UCS4
) -> Int {
  size {
    guard text.isStr else {
      PyErr_BadInternalCall()
      throw Raised()
    }
    try requireModifiable(text)
    let view = PyUnicode(text)
    if start < 0 { throw raise(.indexError, "string index out of range") }
    if character > view.limit {
      throw raise(.valueError, "fill character is bigger than the string maximum character")
    }
    let count = Swift.min(view.count - start, length)
    if count <= 0 { return 0 }
    CodeUnits.fill(view.data, width: view.kind, from: start, count, character)
    return count
  }
}

@c @implementation
public func PyUnicode_Resize(_ pointer: UnsafeMutablePointer<Ref?>, _ length: Int) -> Int32 {
  status {
    guard var text = pointer.pointee, text.isStr, length >= 0 else {
      PyErr_BadInternalCall()
      throw Raised()
    }
    let view = PyUnicode(text)
    if view.count == length { return }
    if length == 0 {
      Py_DECREF(text)
      pointer.pointee = apus_str_empty()
      return
    }
    if view.isModifiable {
      try PyUnicode.resize(&text, to: length)
      pointer.pointee = text
      return
    }
    let copy = try PyUnicode.make(length, max: view.limit)
    PyUnicode(copy.ref).copy(view, Swift.min(length, view.count), at: 0)
    pointer.pointee = copy.give()
    Py_DECREF(text)
  }
}

@c @implementation
public func PyUnicode_Substring(_ text: Ref, _ start: Int, _ end: Int) -> Ref? {
  new {
    if start < 0 || end < 0 { throw raise(.indexError, "string index out of range") }
    let view = PyUnicode(text)
    let end = Swift.min(end, view.count)
    if start >= view.count || end < start { return PyUnicode.empty }
    return try view.substring(start, end)
  }
}

@c @implementation
public func PyUnicode_AsUCS4(
  _ text: Ref, _ buffer: UnsafeMutablePointer<Py_UCS4>, _ room: Int, _ terminated: Int32
) -> UnsafeMutablePointer<Py_UCS4>? {
  let view = PyUnicode(text)
  let needed = view.count + (terminated != 0 ? 1 : 0)
  if room < needed {
    _ = raise(.systemError, "string is longer than the buffer")
    if terminated != 0 && room > 0 { buffer[0] = 0 }
    return nil
  }
  CodeUnits.copy(view.data, width: view.kind, to: buffer, width: 4, view.count)
  if terminated != 0 { buffer[view.count] = 0 }
  return buffer
}

@c @implementation
public func PyUnicode_AsUCS4Copy(_ text: Ref) -> UnsafeMutablePointer<Py_UCS4>? {
  let count = PyUnicode(text).count
  guard count < Int.max / 4 - 1, let memory = PyMem_Malloc((count + 1) * 4) else {
    _ = PyErr_NoMemory()
    return nil
  }
  return PyUnicode_AsUCS4(text, memory.as(Py_UCS4.self), count + 1, 1)
}

@c @implementation
public func PyUnicode_GetDefaultEncoding() -> UnsafePointer<CChar>? { cString("utf-8") }
