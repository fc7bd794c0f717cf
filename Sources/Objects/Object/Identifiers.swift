import CPythonABI

/// The names the runtime looks up itself (`id___add__()` is "__add__"), see identifiers.h.
public enum Identifiers {
  /// Interns every name; start-up calls it before the first `PyType_Ready`.
  public static func intern() throws(Raised) {
    for index in 0..<apus_identifier_count() {
      let slot = apus_identifier_slot(index)
      if slot.pointee != nil { continue }
      let name = try own(PyUnicode_InternFromString(apus_identifier_spelling(index))).give()
      name.pointee.ob_refcnt = Int(_Py_IMMORTAL_REFCNT)
      slot.pointee = name
    }
  }

  /// Empties the slots when the interpreter ends; the names go with all interned strings.
  static func forget() {
    for index in 0..<apus_identifier_count() { apus_identifier_slot(index).pointee = nil }
  }
}
