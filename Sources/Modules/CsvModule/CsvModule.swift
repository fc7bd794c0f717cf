import CPythonABI
import Objects

/// The module `_csv`. CPython: Modules/_csv.c.
public let csvModule = ModuleSpec(
  "_csv", doc: "CSV parsing and writing.\n",
  methods: [reader, writer, registerDialect, listDialects, unregisterDialect, getDialect, fieldLimit],
  constants: [
    .int("QUOTE_MINIMAL", Dialect.Quoting.minimal), .int("QUOTE_ALL", Dialect.Quoting.all),
    .int("QUOTE_NONNUMERIC", Dialect.Quoting.nonNumeric),
    .int("QUOTE_NONE", Dialect.Quoting.none), .int("QUOTE_STRINGS", Dialect.Quoting.strings),
    .int("QUOTE_NOTNULL", Dialect.Quoting.notNull),
  ],
  types: [Dialect.spec],
  exec: { module in
    status {
      for spec in [Reader.spec, Writer.spec] where !spec.isReady { try spec.installInModule() }
      try check(PyModule_AddObjectRef(module, "Reader", Reader.type.object))
      try check(PyModule_AddObjectRef(module, "Writer", Writer.type.object))
      try check(PyModule_AddObjectRef(module, "_dialects", try CsvState.dialects()))
      try check(PyModule_AddObjectRef(module, "Error", try CsvState.error()))
    }
  })

/// What all readers and writers share: registered dialects, the exception, the limit of a field.
enum CsvState {
  nonisolated(unsafe) private static var knownDialects: Ref?
  nonisolated(unsafe) private static var knownError: Ref?
  /// Characters.
  nonisolated(unsafe) static var fieldLimit = 128 * 1024

  /// The dict of dialects by name.
  static func dialects() throws(Raised) -> Ref {
    if let known = knownDialects { return known }
    let made = try own(PyDict_New()).give()
    knownDialects = made
    InterpreterEnd.add("csv dialects") { InterpreterEnd.drop(&knownDialects) }
    return made
  }

  /// The class `_csv.Error`.
  static func error() throws(Raised) -> Ref {
    if let known = knownError { return known }
    let made = try own(PyErr_NewException("_csv.Error", nil, nil)).give()
    knownError = made
    InterpreterEnd.add("_csv.Error") { InterpreterEnd.drop(&knownError) }
    return made
  }

  static func raise(_ message: String) -> Raised {
    do { return Objects.raise(try error(), message) } catch { return error }
  }

  static func dialect(_ name: Ref) throws(Raised) -> Owned {
    var found: Ref?
    if try check(PyDict_GetItemRef(try dialects(), name, &found)) == 0 {
      throw raise("unknown dialect")
    }
    return try own(found)
  }
}

/// The first argument and the dialect of a call that takes keywords for the dialect.
private func unpack(_ args: Ref) throws(Raised) -> (Ref, Ref?) {
  let count = apus_var_size(args)
  if count < 1 { throw raise(.typeError, " expected at least 1 argument, got 0") }
  if count > 2 { throw raise(.typeError, " expected at most 2 arguments, got \(count)") }
  return (apus_tuple_item(args, 0), count == 2 ? apus_tuple_item(args, 1) : nil)
}

private let reader: Method = .variableKeywords(
  "reader",
  "csv_reader = reader(iterable [, dialect='excel'] [optional keyword args])\n\nAn iterator of the rows that lines hold; keywords change the dialect."
) { _, args, keywords in
  new {
    let (first, dialect) = try unpack(args)
    return try Reader.make(first, dialect, keywords)
  }
}

private let writer: Method = .variableKeywords(
  "writer",
  "csv_writer = csv.writer(fileobj [, dialect='excel'] [optional keyword args])\n\nAn object that writes rows to a file; keywords change the dialect."
) { _, args, keywords in
  new {
    let (first, dialect) = try unpack(args)
    return try Writer.make(first, dialect, keywords)
  }
}

private let registerDialect: Method = .variableKeywords(
  "register_dialect",
  "Create a mapping from a string name to a dialect class.\n\n    dialect = csv.register_dialect(name[, dialect[, **fmtparams]])"
) { _, args, keywords in
  none {
    let (name, dialect) = try unpack(args)
    guard name.isStr else { throw raise(.typeError, "dialect name must be a string") }
    let made = try Dialect.make(dialect, keywords)
    try check(PyDict_SetItem(try CsvState.dialects(), name, made.ref))
  }
}

private let listDialects: Method = .noargs(
  "list_dialects($module, /)", "Return a list of all known dialect names."
) { _, _ in new { try own(PyDict_Keys(try CsvState.dialects())) } }

private let unregisterDialect: Method = .keywords(
  "unregister_dialect($module, /, name)", "Delete the name/dialect mapping of a name."
) { _, args, count, names in
  none {
    let a = try Arguments(unregisterDialect, args, count, names)
    var old: Ref?
    if try check(PyDict_Pop(try CsvState.dialects(), a.object(0), &old)) == 0 {
      throw CsvState.raise("unknown dialect")
    }
    Py_XDECREF(old)
  }
}

private let getDialect: Method = .keywords(
  "get_dialect($module, /, name)", "Return the dialect instance of a name."
) { _, args, count, names in
  new {
    let a = try Arguments(getDialect, args, count, names)
    return try CsvState.dialect(a.object(0))
  }
}

private let fieldLimit: Method = .keywords(
  "field_size_limit($module, /, new_limit=<unrepresentable>)",
  "The largest number of characters of a field that a reader takes; sets it when one is given."
) { _, args, count, names in
  new {
    let a = try Arguments(fieldLimit, args, count, names)
    let old = CsvState.fieldLimit
    if let limit = a[0] {
      guard limit.isExactInt else { throw raise(.typeError, "limit must be an integer") }
      let value = PyLong_AsLong(limit)
      if value == -1 && hasRaised() { throw Raised() }
      CsvState.fieldLimit = value
    }
    return try int(old)
  }
}
