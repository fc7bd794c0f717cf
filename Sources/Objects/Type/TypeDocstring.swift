import CPythonABI
import Glibc

/// Native docstrings may start with a text signature: `name(parameters)\n--\n\n`, then the text.
/// CPython: Objects/typeobject.c, `find_signature`, `skip_signature`.
enum TypeDocstring {
  /// Where the parameters start, or nil.
  private static func signatureStart(
    _ doc: UnsafePointer<CChar>, _ name: UnsafePointer<CChar>?
  ) -> UnsafePointer<CChar>? {
    guard var name else { return nil }
    // `tp_name` may carry the module.
    if let dot = strrchr(name, 0x2E) { name = UnsafePointer(dot + 1) }
    let length = strlen(name)
    guard strncmp(doc, name, length) == 0, doc[length] == 0x28 else { return nil }
    return doc + length
  }

  /// Where the text behind the end marker starts, or nil; a blank line before it ends the search.
  private static func signatureEnd(_ start: UnsafePointer<CChar>) -> UnsafePointer<CChar>? {
    var next = start
    while next.pointee != 0 {
      if strncmp(next, ")\n--\n\n", 6) == 0 { return next + 6 }
      if next[0] == 0x0A && next[1] == 0x0A { return nil }
      next += 1
    }
    return nil
  }

  /// The text without a signature.
  static func body(
    of doc: UnsafePointer<CChar>, name: UnsafePointer<CChar>?
  ) -> UnsafePointer<CChar> {
    guard let start = signatureStart(doc, name), let end = signatureEnd(start) else { return doc }
    return end
  }

  /// `__doc__`: a new str, or None.
  static func text(
    _ doc: UnsafePointer<CChar>?, name: UnsafePointer<CChar>?
  ) throws(Raised) -> Owned {
    guard let doc else { return noneObject().retained() }
    let body = body(of: doc, name: name)
    return body.pointee == 0 ? noneObject().retained() : try own(PyUnicode_FromString(body))
  }

  /// `__text_signature__`: a new str, or None.
  static func signature(
    _ doc: UnsafePointer<CChar>?, name: UnsafePointer<CChar>?
  ) throws(Raised) -> Owned {
    guard let doc, let start = signatureStart(doc, name), let end = signatureEnd(start) else {
      return noneObject().retained()
    }
    return try own(PyUnicode_FromStringAndSize(start, end - start - 5))
  }
}
