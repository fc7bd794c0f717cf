import CPythonABI
import Objects

/// The module `_json`: the fast halves of json.decoder and json.encoder. CPython: Modules/_json.c.
public let jsonModule = ModuleSpec(
  "_json", doc: "Fast scanning and encoding for the package json.\n",
  methods: [escapeASCII, escapeMinimal, scanString],
  types: [],
  exec: { module in
    status {
      for spec in [JsonEncoder.spec, JsonScanner.spec] { try spec.installInModule() }
      try check(PyModule_AddObjectRef(module, "make_encoder", JsonEncoder.type.object))
      try check(PyModule_AddObjectRef(module, "make_scanner", JsonScanner.type.object))
    }
  })

/// The bodies of the two string encoders, known by address: `make_encoder` calls them directly.
enum StringEncoders {
  static let ascii: Method.OneArgument = { _, object in
    new { try quote(object, ascii: true) }
  }
  static let minimal: Method.OneArgument = { _, object in
    new { try quote(object, ascii: false) }
  }

  private static func quote(_ object: Ref, ascii: Bool) throws(Raised) -> Owned {
    guard object.isStr else {
      throw raise(
        .typeError, "first argument must be a string, not \(object.type.fullName)")
    }
    var output = JsonText(capacity: apus_str_length(object) &+ 16)
    try output.append(quoted: object, ascii: ascii)
    return try output.finish()
  }
}

private let escapeASCII: Method = .o(
  "encode_basestring_ascii($self, object, /)",
  "The str as a JSON string of ASCII characters only.", StringEncoders.ascii)

private let escapeMinimal: Method = .o(
  "encode_basestring($self, object, /)",
  "The str as a JSON string; only quotes, backslashes and control characters are escaped.",
  StringEncoders.minimal)

private let scanString: Method = .variable(
  "scanstring",
  """
  scanstring(string, end, strict=True) -> (string, end)

  Read a JSON string whose opening quote is just before index end.

  Gives the text with its escapes replaced and the index after the closing quote. Raises
  JSONDecodeError for a malformed string; literal control characters are one unless strict is false.
  """
) { _, args in
  new {
    let count = apus_var_size(args)
    guard count >= 2 else {
      throw raise(.typeError, "scanstring() takes at least 2 arguments (\(count) given)")
    }
    guard count <= 3 else {
      throw raise(.typeError, "scanstring() takes at most 3 arguments (\(count) given)")
    }
    let source = apus_tuple_item(args, 0)
    let given = apus_tuple_item(args, 1)
    let number = try own(PyNumber_Index(given))
    let end = PyLong_AsSsize_t(number.ref)
    if end == -1 && hasRaised() { throw Raised() }
    var strict = true
    if count == 3 { strict = try check(PyObject_IsTrue(apus_tuple_item(args, 2))) != 0 }
    guard source.isStr else {
      throw raise(.typeError, "first argument must be a string, not \(source.type.fullName)")
    }
    guard end >= 0, end <= apus_str_length(source) else {
      throw raise(.valueError, "end is out of bounds")
    }
    var next = 0
    let text: Owned
    switch apus_str_kind(source) {
    case 1:
      text = try StringScan<UInt8>(source).scan(from: end, strict: strict, next: &next)
    case 2:
      text = try StringScan<UInt16>(source).scan(from: end, strict: strict, next: &next)
    default:
      text = try StringScan<UInt32>(source).scan(from: end, strict: strict, next: &next)
    }
    return try tuple(text, int(next))
  }
}

/// Raises json.decoder.JSONDecodeError for a place in a document.
@inline(never)
func raiseDecodeError(_ message: String, _ source: Ref, _ position: Int) -> Raised {
  do {
    let module = try own(PyImport_ImportModule("json.decoder"))
    let type = try own(PyObject_GetAttrString(module.ref, "JSONDecodeError"))
    let words = try own(newString(message))
    let place = try int(position)
    let exception = try own(call(type.ref, words.ref, source, place.ref))
    PyErr_SetObject(exception.ref.type.object, exception.ref)
    return Raised()
  } catch { return Raised() }
}
