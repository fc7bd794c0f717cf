import CPythonABI
import Glibc

/// The two halves of a builtin's documentation: `signature + "\n--\n\n" + text`.
/// CPython: Objects/typeobject.c, find_signature and following.
enum Docstring {
  /// The halves of a method's documentation that nobody has asked for yet.
  private struct Deferred {
    let signature: UnsafePointer<CChar>
    let doc: UnsafePointer<CChar>
  }

  nonisolated(unsafe) private static var deferred: [Deferred] = []

  /// Keeps two halves for later; the number to find them by, which is not 0.
  static func postpone(_ signature: StaticString, _ doc: StaticString) -> UInt32 {
    deferred.append(Deferred(signature: cString(signature), doc: cString(doc)))
    return UInt32(deferred.count)
  }

  /// `ml_doc` of a definition, put together if it was not yet.
  private static func whole(_ definition: UnsafeMutablePointer<PyMethodDef>) -> UnsafePointer<CChar>? {
    let number = Int(apus_method_number(definition))
    // The number of a definition that an extension made may be anything.
    guard number > 0, number <= deferred.count,
      definition.pointee.ml_doc == deferred[number - 1].signature
    else { return definition.pointee.ml_doc }
    let halves = deferred[number - 1]
    let doc = PermanentMemory.docstring(signature: halves.signature, doc: halves.doc)
    definition.pointee.ml_doc = doc
    apus_method_set_number(definition, 0)
    return doc
  }

  /// `__doc__` of a builtin function or method.
  static func text(of definition: UnsafeMutablePointer<PyMethodDef>) -> Ref? {
    text(definition.pointee.ml_name, whole(definition))
  }

  /// `__text_signature__` of a builtin function or method.
  static func signatureText(of definition: UnsafeMutablePointer<PyMethodDef>) -> Ref? {
    signatureText(definition.pointee.ml_name, whole(definition), flags: definition.pointee.ml_flags)
  }

  /// Where the signature (with its name) starts, nil when the text has none for `name`.
  private static func signature(
    _ name: UnsafePointer<CChar>, _ doc: UnsafePointer<CChar>
  ) -> UnsafePointer<CChar>? {
    var name = name
    if let dot = strrchr(name, Int32(UInt8(ascii: "."))) { name = UnsafePointer(dot) + 1 }
    let length = strlen(name)
    guard strncmp(doc, name, length) == 0, doc[length] == CChar(UInt8(ascii: "(")) else {
      return nil
    }
    return doc + length
  }

  /// The place behind the marker that ends a signature.
  private static func end(_ signature: UnsafePointer<CChar>) -> UnsafePointer<CChar>? {
    let marker: StaticString = ")\n--\n\n"
    var here = signature
    while here.pointee != 0 {
      if strncmp(here, cString(marker), marker.utf8CodeUnitCount) == 0 {
        return here + marker.utf8CodeUnitCount
      }
      // A signature has no blank line.
      if here[0] == 10 && here[1] == 10 { return nil }
      here += 1
    }
    return nil
  }

  /// `__doc__`: the text without the signature, None when there is no documentation.
  static func text(_ name: UnsafePointer<CChar>?, _ doc: UnsafePointer<CChar>?) -> Ref? {
    guard let doc, let name else { return noneObject() }
    let body = signature(name, doc).flatMap(end) ?? doc
    return body.pointee == 0 ? noneObject() : PyUnicode_FromString(body)
  }

  /// `__text_signature__`: from the opening to the closing bracket. Without one in the text it
  /// follows from the METH_* flags where those leave no choice, else it is None.
  static func signatureText(
    _ name: UnsafePointer<CChar>?, _ doc: UnsafePointer<CChar>?, flags: Int32
  ) -> Ref? {
    if let doc, let name, let start = signature(name, doc), let stop = end(start) {
      let marker: StaticString = "\n--\n\n"
      return PyUnicode_FromStringAndSize(start, stop - start - marker.utf8CodeUnitCount)
    }
    switch flags & ~METH_COEXIST {
    case METH_NOARGS: return PyUnicode_FromString("($self, /)")
    case METH_NOARGS | METH_CLASS: return PyUnicode_FromString("($type, /)")
    case METH_NOARGS | METH_STATIC: return PyUnicode_FromString("()")
    case METH_O: return PyUnicode_FromString("($self, object, /)")
    case METH_O | METH_CLASS: return PyUnicode_FromString("($type, object, /)")
    case METH_O | METH_STATIC: return PyUnicode_FromString("(object, /)")
    default: return noneObject()
    }
  }
}
