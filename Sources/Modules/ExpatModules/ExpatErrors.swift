import CExpat
import CPythonABI
import Objects

/// Expat's errors: the exception, and the modules pyexpat.errors and pyexpat.model.
enum ExpatErrors {
  nonisolated(unsafe) private static var known: Ref?

  /// The class `xml.parsers.expat.ExpatError`.
  static func type() throws(Raised) -> Ref {
    if let known { return known }
    let made = try own(PyErr_NewException("xml.parsers.expat.ExpatError", nil, nil)).give()
    known = made
    InterpreterEnd.add("xml.parsers.expat.ExpatError") { InterpreterEnd.drop(&known) }
    return made
  }

  /// Names by number, from 1.
  private static let names: [String] = [
    "NO_MEMORY", "SYNTAX", "NO_ELEMENTS", "INVALID_TOKEN", "UNCLOSED_TOKEN", "PARTIAL_CHAR",
    "TAG_MISMATCH", "DUPLICATE_ATTRIBUTE", "JUNK_AFTER_DOC_ELEMENT", "PARAM_ENTITY_REF",
    "UNDEFINED_ENTITY", "RECURSIVE_ENTITY_REF", "ASYNC_ENTITY", "BAD_CHAR_REF",
    "BINARY_ENTITY_REF", "ATTRIBUTE_EXTERNAL_ENTITY_REF", "MISPLACED_XML_PI", "UNKNOWN_ENCODING",
    "INCORRECT_ENCODING", "UNCLOSED_CDATA_SECTION", "EXTERNAL_ENTITY_HANDLING", "NOT_STANDALONE",
    "UNEXPECTED_STATE", "ENTITY_DECLARED_IN_PE", "FEATURE_REQUIRES_XML_DTD",
    "CANT_CHANGE_FEATURE_ONCE_PARSING", "UNBOUND_PREFIX", "UNDECLARING_PREFIX", "INCOMPLETE_PE",
    "XML_DECL", "TEXT_DECL", "PUBLICID", "SUSPENDED", "NOT_SUSPENDED", "ABORTED", "FINISHED",
    "SUSPEND_PE", "RESERVED_PREFIX_XML", "RESERVED_PREFIX_XMLNS", "RESERVED_NAMESPACE_URI",
    "INVALID_ARGUMENT", "NO_BUFFER", "AMPLIFICATION_LIMIT_BREACH",
  ]

  /// A submodule, reachable as an attribute and by import.
  private static func submodule(
    _ parent: Ref, _ name: StaticString, _ attribute: StaticString, _ doc: StaticString
  ) throws(Raised) -> Ref {
    let module = try borrow(PyImport_AddModule(cString(name)))
    try check(PyModule_SetDocString(module, cString(doc)))
    try check(PyModule_AddObjectRef(parent, cString(attribute), module))
    return module
  }

  static func add(to parent: Ref) throws(Raised) {
    let errors = try submodule(
      parent, "pyexpat.errors", "errors", "Constants used to describe error conditions.")
    let codes = try own(PyDict_New())
    let messages = try own(PyDict_New())
    for (index, name) in names.enumerated() {
      let number = index + 1
      let words = XML_ErrorString(XML_Error(UInt32(number))).map { String(cString: $0) } ?? ""
      let text = try own(newString(words))
      let code = try int(number)
      try check(PyDict_SetItem(codes.ref, text.ref, code.ref))
      try check(PyDict_SetItem(messages.ref, code.ref, text.ref))
      try check(PyModule_AddObjectRef(errors, "XML_ERROR_" + name, text.ref))
    }
    try check(PyModule_AddObjectRef(errors, "codes", codes.ref))
    try check(PyModule_AddObjectRef(errors, "messages", messages.ref))
    let model = try submodule(
      parent, "pyexpat.model", "model", "Constants used to interpret content model information.")
    let constants: [(String, Int)] = [
      ("XML_CTYPE_EMPTY", 1), ("XML_CTYPE_ANY", 2), ("XML_CTYPE_MIXED", 3), ("XML_CTYPE_NAME", 4),
      ("XML_CTYPE_CHOICE", 5), ("XML_CTYPE_SEQ", 6), ("XML_CQUANT_NONE", 0), ("XML_CQUANT_OPT", 1),
      ("XML_CQUANT_REP", 2), ("XML_CQUANT_PLUS", 3),
    ]
    for (name, value) in constants { try check(PyModule_AddIntConstant(model, name, value)) }
  }
}
