import CPythonABI
import Glibc

// Names of files, arguments and the environment are UTF-8 with surrogateescape, whatever the
// locale (as CPython does under PEP 538, PEP 540 and in every UTF-8 locale).

/// The name of the error handler of file names.
private let escape: StaticString = "surrogateescape"

/// Raises ValueError when there is a NUL in a text.
private func requireNoNul(_ text: Ref) throws(Raised) {
  if PyUnicode(text).find(character: 0, 0, PyUnicode(text).count) >= 0 {
    throw raise(.valueError, "embedded null character")
  }
}

@c @implementation
public func PyUnicode_EncodeFSDefault(_ text: Ref) -> Ref? {
  new {
    try requireStr(text)
    return try TextEncoding.utf8(text, errors: cString(escape))
  }
}

@c @implementation
public func PyUnicode_DecodeFSDefaultAndSize(_ text: UnsafePointer<CChar>, _ size: Int) -> Ref? {
  if size <= 0 { return apus_str_empty() }
  return new { try PyUnicode.decodeUTF8(buffer(text), size, errors: cString(escape)) }
}

@c @implementation
public func PyUnicode_DecodeFSDefault(_ text: UnsafePointer<CChar>) -> Ref? {
  PyUnicode_DecodeFSDefaultAndSize(text, strlen(text))
}

/// Raises ValueError for any other error handler than strict, surrogateescape and surrogatepass.
private func requireLocaleErrors(_ errors: UnsafePointer<CChar>?) throws(Raised) {
  switch ErrorHandler(errors) {
  case .strict, .surrogateEscape, .surrogatePass: return
  default: throw raise(.valueError, "unsupported error handler")
  }
}

@c @implementation
public func PyUnicode_EncodeLocale(_ text: Ref, _ errors: UnsafePointer<CChar>?) -> Ref? {
  new {
    try requireStr(text)
    try requireLocaleErrors(errors)
    try requireNoNul(text)
    return try TextEncoding.utf8(text, errors: errors)
  }
}

@c @implementation
public func PyUnicode_DecodeLocaleAndSize(
  _ text: UnsafePointer<CChar>, _ size: Int, _ errors: UnsafePointer<CChar>?
) -> Ref? {
  new {
    try requireLocaleErrors(errors)
    if size <= 0 { return PyUnicode.empty }
    if memchr(text, 0, size) != nil { throw raise(.valueError, "embedded null byte") }
    return try PyUnicode.decodeUTF8(buffer(text), size, errors: errors)
  }
}

@c @implementation
public func PyUnicode_DecodeLocale(
  _ text: UnsafePointer<CChar>, _ errors: UnsafePointer<CChar>?
) -> Ref? {
  PyUnicode_DecodeLocaleAndSize(text, strlen(text), errors)
}

/// What `PyArg_ParseTuple` wants back from a converter that has to be called again for cleaning up.
private let cleanupSupported: Int32 = 0x20000

/// Argument converter `O&`: a path as bytes, stored to the object pointer `address`.
@c @implementation
public func PyUnicode_FSConverter(_ argument: Ref?, _ address: UnsafeMutableRawPointer?) -> Int32 {
  guard let place = address?.as(Ref?.self) else { return 0 }
  guard let argument else {
    let old = place.pointee
    place.pointee = nil
    Py_XDECREF(old)
    return 1
  }
  do {
    let path = try own(PyOS_FSPath(argument))
    let bytes = path.ref.isBytes ? path.ref.retained() : try own(PyUnicode_EncodeFSDefault(path.ref))
    if memchr(apus_bytes_data(bytes.ref), 0, apus_var_size(bytes.ref)) != nil {
      throw raise(.valueError, "embedded null byte")
    }
    place.pointee = bytes.give()
    return cleanupSupported
  } catch { return 0 }
}

/// Argument converter `O&`: a path as str, stored to the object pointer `address`.
@c @implementation
public func PyUnicode_FSDecoder(_ argument: Ref?, _ address: UnsafeMutableRawPointer?) -> Int32 {
  guard let place = address?.as(Ref?.self) else { return 0 }
  guard let argument else {
    let old = place.pointee
    place.pointee = nil
    Py_XDECREF(old)
    return 1
  }
  do {
    let path = try own(PyOS_FSPath(argument))
    let text: Owned
    if path.ref.isStr {
      text = path.ref.retained()
    } else {
      text = try own(
        PyUnicode_DecodeFSDefaultAndSize(
          UnsafeRawPointer(apus_bytes_data(path.ref)).as(CChar.self), apus_var_size(path.ref)))
    }
    try requireNoNul(text.ref)
    place.pointee = text.give()
    return cleanupSupported
  } catch { return 0 }
}
