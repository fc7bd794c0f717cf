import CExpat
import CPythonABI
import Objects

/// The module `pyexpat`. CPython: Modules/pyexpat.c.
public let expatModule = ModuleSpec(
  "pyexpat", doc: "Python wrapper for Expat parser.",
  methods: [parserCreate, errorString],
  constants: [
    .string("native_encoding", "UTF-8"),
    .int("XML_PARAM_ENTITY_PARSING_NEVER", 0),
    .int("XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE", 1),
    .int("XML_PARAM_ENTITY_PARSING_ALWAYS", 2),
  ],
  exec: { module in
    status {
      try ExpatParser.spec.installInModule()
      try check(PyModule_AddObjectRef(module, "XMLParserType", ExpatParser.type.object))
      let error = try ExpatErrors.type()
      try check(PyModule_AddObjectRef(module, "error", error))
      try check(PyModule_AddObjectRef(module, "ExpatError", error))
      let version = try own(XML_ExpatVersion().flatMap { PyUnicode_FromString($0) })
      try check(PyModule_AddObjectRef(module, "EXPAT_VERSION", version.ref))
      let numbers = XML_ExpatVersionInfo()
      let major = try int(Int(numbers.major))
      let minor = try int(Int(numbers.minor))
      let micro = try int(Int(numbers.micro))
      let info = try tuple(major, minor, micro)
      try check(PyModule_AddObjectRef(module, "version_info", info.ref))
      let features = try own(PyList_New(0))
      if var feature = XML_GetFeatureList() {
        while feature.pointee.feature != XML_FEATURE_END, let name = feature.pointee.name {
          let text = try own(PyUnicode_FromString(name))
          let pair = try tuple(text, int(feature.pointee.value))
          try check(PyList_Append(features.ref, pair.ref))
          feature += 1
        }
      }
      try check(PyModule_AddObjectRef(module, "features", features.ref))
      try ExpatErrors.add(to: module)
      let table = UnsafeMutableRawPointer(
        mutating: apus_expat_interface(ExpatParser.unknownEncoding))
      let capsule = try own(
        PyCapsule_New(table, PermanentMemory.string("pyexpat.expat_CAPI"), nil))
      try check(PyModule_AddObjectRef(module, "expat_CAPI", capsule.ref))
    }
  })

private let parserCreate: Method = .keywords(
  "ParserCreate($module, /, encoding=None, namespace_separator=None,\n             intern=<unrepresentable>)",
  "Return a new XML parser object."
) { _, args, count, names in
  new {
    let a = try Arguments(parserCreate, args, count, names)
    let encoding = try a.strOrNone(0)
    let separator = try a.strOrNone(1)
    if let separator, apus_str_length(separator) > 1 {
      throw raise(
        .valueError, "namespace_separator must be at most one character, omitted, or None")
    }
    guard let given = a[2] else {
      let made = try own(PyDict_New())
      return try ExpatParser.make(encoding: encoding, separator: separator, names: made)
    }
    if given.isNone {
      return try ExpatParser.make(encoding: encoding, separator: separator, names: nil)
    }
    guard given.isDict else { throw raise(.typeError, "intern must be a dictionary") }
    return try ExpatParser.make(
      encoding: encoding, separator: separator, names: given.retained())
  }
}

private let errorString: Method = .o(
  "ErrorString($module, code, /)", "Returns string error for given number."
) { _, code in
  new {
    let number = PyLong_AsLong(code)
    if number == -1 && hasRaised() { throw Raised() }
    guard let small = UInt32(exactly: number), let words = XML_ErrorString(XML_Error(small)) else {
      return noneObject().retained()
    }
    return try own(PyUnicode_FromString(words))
  }
}
