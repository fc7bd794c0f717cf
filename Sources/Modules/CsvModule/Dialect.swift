import CPythonABI
import Objects

/// _csv.Dialect: how a kind of CSV file is written. CPython: Modules/_csv.c.
struct Dialect {
  struct Layout {
    var base: PyObject
    var doubleQuote: UInt8
    var skipInitialSpace: UInt8
    var strict: UInt8
    var quoting: Int32
    /// Code points; -1 for none.
    var delimiter: Int32
    var quote: Int32
    var escape: Int32
    /// str.
    var lineTerminator: Ref?
  }

  enum Quoting {
    static let minimal: Int32 = 0
    static let all: Int32 = 1
    static let nonNumeric: Int32 = 2
    static let none: Int32 = 3
    static let strings: Int32 = 4
    static let notNull: Int32 = 5
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  let ref: Ref
  init(_ ref: Ref) { self.ref = ref }
  var layout: UnsafeMutablePointer<Layout> { ref.view(Layout.self) }

  private static let construct = Method.variableKeywords(
    "Dialect(dialect=None, delimiter=None, doublequote=None, escapechar=None, lineterminator=None, quotechar=None, quoting=None, skipinitialspace=None, strict=None)",
    ""
  ) { _, _, _ in nil }

  private static let names = [
    "dialect", "delimiter", "doublequote", "escapechar", "lineterminator", "quotechar", "quoting",
    "skipinitialspace", "strict",
  ]

  /// A dialect of a name, a dialect or any object with the attributes, changed by keywords.
  static func make(_ dialect: Ref?, _ keywords: Ref?) throws(Raised) -> Owned {
    let args: Owned
    if let dialect { args = try tuple(dialect.retained()) } else { args = try own(PyTuple_New(0)) }
    return try make(type, args.ref, keywords)
  }

  static func make(_ type: TypeRef, _ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    let a: Arguments
    do { a = try Arguments(construct, tuple: args, keywords: keywords) } catch {
      throw reworded()
    }
    var base: Owned?
    if let given = a.optional(0) {
      base = given.isStr ? try CsvState.dialect(given) : given.retained()
      if let found = base?.ref, found.type == self.type {
        var others = false
        for index in 1..<9 where a[index] != nil { others = true }
        if !others { return found.retained() }
      }
    }
    let source = base?.ref
    /// The keyword, else the attribute, else nil.
    func value(_ index: Int) throws(Raised) -> Owned? {
      if let given = a[index] { return given.retained() }
      guard let source else { return nil }
      guard let found = names[index].withCString({ PyObject_GetAttrString(source, $0) }) else {
        PyErr_Clear()
        return nil
      }
      return Owned(adopting: found)
    }
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let object = try own(allocate(type, 0))
    let layout = Dialect(object.ref).layout
    let delimiter = try value(1)
    layout.pointee.delimiter = try character(
      delimiter?.ref, "delimiter", default: 44, allowsNone: false)
    let doubleQuote = try value(2)
    layout.pointee.doubleQuote = try flag(doubleQuote?.ref, default: true)
    let escape = try value(3)
    layout.pointee.escape = try character(escape?.ref, "escapechar", default: -1, allowsNone: true)
    let terminator = try value(4)
    if let terminator = terminator?.ref {
      if terminator.isNone {
        layout.pointee.lineTerminator = nil
      } else {
        guard terminator.isStr else {
          throw raise(.typeError, "\"lineterminator\" must be a string")
        }
        layout.pointee.lineTerminator = terminator.retained().give()
      }
    } else {
      layout.pointee.lineTerminator = try own(PyUnicode_FromString("\r\n")).give()
    }
    let quote = try value(5)
    let quoteObject = quote?.ref
    layout.pointee.quote = try character(quoteObject, "quotechar", default: 34, allowsNone: true)
    let quoting = try value(6)
    if let quoting = quoting?.ref {
      guard quoting.isExactInt else { throw raise(.typeError, "\"quoting\" must be an integer") }
      layout.pointee.quoting = PyLong_AsInt(quoting)
      if layout.pointee.quoting == -1 && hasRaised() { throw Raised() }
    } else {
      layout.pointee.quoting = quoteObject?.isNone == true ? Quoting.none : Quoting.minimal
    }
    let skips = try value(7)
    layout.pointee.skipInitialSpace = try flag(skips?.ref, default: false)
    let strict = try value(8)
    layout.pointee.strict = try flag(strict?.ref, default: false)
    try Dialect(object.ref).validate()
    return object
  }

  /// The words C's argument parser has when it knows no function name.
  private static func reworded() -> Raised {
    guard PyErr_ExceptionMatches(.typeError) != 0, let exception = PyErr_GetRaisedException() else {
      return Raised()
    }
    defer { Py_DECREF(exception) }
    guard let shown = PyObject_Str(exception) else { return Raised() }
    defer { Py_DECREF(shown) }
    var message = text(of: shown)
    if message.hasPrefix("Dialect() got") { message = "this function" + message.dropFirst(9) }
    if message.hasPrefix("Dialect() takes") { message = "function" + message.dropFirst(9) }
    return raise(.typeError, message)
  }

  private static func flag(_ value: Ref?, default fallback: Bool) throws(Raised) -> UInt8 {
    guard let value else { return fallback ? 1 : 0 }
    return try check(PyObject_IsTrue(value)) != 0 ? 1 : 0
  }

  private static func character(
    _ value: Ref?, _ name: String, default fallback: Int32, allowsNone: Bool
  ) throws(Raised) -> Int32 {
    guard let object = value else { return fallback }
    if object.isNone && allowsNone { return -1 }
    guard object.isStr else {
      throw raise(
        .typeError,
        "\"\(name)\" must be string\(allowsNone ? " or None" : ""), not \(object.type.fullName)")
    }
    guard apus_str_length(object) == 1 else {
      throw raise(.typeError, "\"\(name)\" must be a 1-character string")
    }
    return Int32(bitPattern: apus_str_read(apus_str_kind(object), apus_str_data(object), 0))
  }

  func isInTerminator(_ c: Int32) -> Bool {
    guard c >= 0, let terminator = layout.pointee.lineTerminator else { return false }
    return PyUnicode_FindChar(terminator, UInt32(c), 0, apus_str_length(terminator), 1) >= 0
  }

  private func validate() throws(Raised) {
    let quoting = layout.pointee.quoting
    guard quoting >= Quoting.minimal, quoting <= Quoting.notNull else {
      throw raise(.typeError, "bad \"quoting\" value")
    }
    guard layout.pointee.delimiter >= 0 else { throw raise(.typeError, "\"delimiter\" must be set") }
    if quoting != Quoting.none && layout.pointee.quote < 0 {
      throw raise(.typeError, "quotechar must be set if quoting enabled")
    }
    guard layout.pointee.lineTerminator != nil else {
      throw raise(.typeError, "lineterminator must be set")
    }
    let skips = layout.pointee.skipInitialSpace != 0
    func single(_ c: Int32, _ name: String, allowsSpace: Bool) throws(Raised) {
      if c == 10 || c == 13 || (c == 32 && !allowsSpace) {
        throw raise(.valueError, "bad \(name) value")
      }
      if isInTerminator(c) { throw raise(.valueError, "bad \(name) or lineterminator value") }
    }
    func distinct(_ a: Int32, _ b: Int32, _ first: String, _ second: String) throws(Raised) {
      if a >= 0 && a == b { throw raise(.valueError, "bad \(first) or \(second) value") }
    }
    try single(layout.pointee.delimiter, "delimiter", allowsSpace: true)
    try single(layout.pointee.escape, "escapechar", allowsSpace: !skips)
    try single(layout.pointee.quote, "quotechar", allowsSpace: !skips)
    try distinct(layout.pointee.delimiter, layout.pointee.escape, "delimiter", "escapechar")
    try distinct(layout.pointee.delimiter, layout.pointee.quote, "delimiter", "quotechar")
    try distinct(layout.pointee.escape, layout.pointee.quote, "escapechar", "quotechar")
  }

  private static func shown(_ c: Int32) -> Ref? {
    c < 0 ? Py_NewRef(noneObject()) : PyUnicode_FromOrdinal(c)
  }

  private static let refusePickle: Method.Variable = { object, _ in
    new { throw raise(.typeError, "cannot pickle '\(object.type.fullName)' instances") }
  }

  static let spec = TypeSpec(
    type, "_csv.Dialect", basicSize: MemoryLayout<Layout>.size, flags: [.baseType],
    doc: "CSV dialect\n\nThe characters and rules of a kind of CSV file.",
    base: objectType(),
    slots: [
      .tp_new { type, args, keywords in new { try make(type, args, keywords) } },
      .tp_dealloc { object in
        Py_XDECREF(Dialect(object).layout.pointee.lineTerminator)
        object.type.pointee.tp_free?(object)
      },
    ],
    methods: [
      .variable("__reduce__", "raises an exception to avoid pickling", refusePickle),
      .variable("__reduce_ex__", "raises an exception to avoid pickling", refusePickle),
    ],
    members: [
      Member(
        "skipinitialspace", Py_T_BOOL, offset: MemoryLayout<Layout>.at(\.skipInitialSpace),
        flags: Py_READONLY),
      Member(
        "doublequote", Py_T_BOOL, offset: MemoryLayout<Layout>.at(\.doubleQuote),
        flags: Py_READONLY),
      Member(
        "strict", Py_T_BOOL, offset: MemoryLayout<Layout>.at(\.strict), flags: Py_READONLY),
    ],
    properties: [
      Property("delimiter", get: { object, _ in shown(Dialect(object).layout.pointee.delimiter) }),
      Property("escapechar", get: { object, _ in shown(Dialect(object).layout.pointee.escape) }),
      Property(
        "lineterminator",
        get: { object, _ in
          Py_NewRef(Dialect(object).layout.pointee.lineTerminator ?? noneObject())
        }),
      Property("quotechar", get: { object, _ in shown(Dialect(object).layout.pointee.quote) }),
      Property(
        "quoting", get: { object, _ in PyLong_FromLong(Int(Dialect(object).layout.pointee.quoting)) }),
    ])
}
