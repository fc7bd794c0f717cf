import CPythonABI
import CSQLite
import Objects

/// The module `_sqlite3`. CPython: Modules/_sqlite.
public let sqliteModule = ModuleSpec(
  "_sqlite3",
  methods: [
    adapt, completeStatement, connect, enableTracebacks, registerAdapter, registerConverter,
  ],
  constants: SqliteConstants.all + [
    .int("PARSE_DECLTYPES", SqliteConnection.parseDeclaredTypes),
    .int("PARSE_COLNAMES", SqliteConnection.parseColumnNames),
    .int("LEGACY_TRANSACTION_CONTROL", -1),
    .string("_deprecated_version", "2.6.0"),
  ],
  exec: { module in
    status {
      guard sqlite3_initialize() == SQLITE_OK else {
        throw raise(.importError, "SQLite could not be initialized")
      }
      let specs: [(StaticString, TypeSpec, TypeRef)] = [
        ("Blob", SqliteBlob.spec, SqliteBlob.type),
        ("Connection", SqliteConnection.spec, SqliteConnection.type),
        ("Cursor", SqliteCursor.spec, SqliteCursor.type),
        ("PrepareProtocol", SqliteState.protocolSpec, SqliteState.protocolType),
        ("Row", SqliteRow.spec, SqliteRow.type),
      ]
      try SqliteStatement.spec.installInModule()
      for (name, spec, type) in specs {
        try spec.installInModule()
        try check(PyModule_AddObjectRef(module, cString(name), type.object))
      }
      for kind in SqliteErrors.Kind.allCases {
        try check(PyModule_AddObjectRef(module, cString(kind.name), SqliteErrors.type(kind)))
      }
      let version = try own(PyUnicode_FromString(sqlite3_libversion()))
      try check(PyModule_AddObjectRef(module, "sqlite_version", version.ref))
      // The levels of DB-API, from SQLite's modes: single-thread, serialized, multi-thread.
      let mode = sqlite3_threadsafe()
      try check(PyModule_AddIntConstant(module, "threadsafety", mode == 0 ? 0 : mode == 1 ? 3 : 1))
      try check(PyModule_AddObjectRef(module, "adapters", try SqliteState.adapters()))
      try check(PyModule_AddObjectRef(module, "converters", try SqliteState.converters()))
    }
  })

private let connect: Method = .keywords(
  "connect($module, /, database, timeout=5.0, detect_types=0,\n        isolation_level='', check_same_thread=True,\n        factory=ConnectionType, cached_statements=128, uri=False, *,\n        autocommit=sqlite3.LEGACY_TRANSACTION_CONTROL)",
  "Open a connection to the SQLite database file 'database'.\n\nThe name \":memory:\" stands for a database in memory.\n\nNote: Passing more than 1 positional argument to _sqlite3.connect() is\ndeprecated. Parameters 'timeout', 'detect_types', 'isolation_level',\n'check_same_thread', 'factory', 'cached_statements' and 'uri' will\nbecome keyword-only parameters in Python 3.15.\n"
) { _, args, count, names in
  new {
    if count > 1 {
      try check(
        PyErr_WarnEx(
          .deprecationWarning,
          "Passing more than 1 positional argument to sqlite3.connect() is deprecated. "
            + SqliteConnection.positionalWarning, 1))
    }
    var factory: Ref = SqliteConnection.type.object
    if count > 5, let args { factory = args[5] }
    if let names, let args {
      for index in 0..<apus_var_size(names)
      where PyUnicode_EqualToUTF8(apus_tuple_item(names, index), "factory") != 0 {
        factory = args[count + index]
      }
    }
    return try own(PyObject_Vectorcall(factory, args, count, names))
  }
}

private let completeStatement: Method = .keywords(
  "complete_statement($module, /, statement)",
  "Checks if a string contains a complete SQL statement."
) { _, args, count, names in
  bool {
    let a = try Arguments(completeStatement, args, count, names)
    guard let text = try a.str(0) else { throw Raised() }
    guard let bytes = PyUnicode_AsUTF8(text) else { throw Raised() }
    return sqlite3_complete(bytes) != 0
  }
}

private let registerAdapter: Method = .fast(
  "register_adapter($module, type, adapter, /)", "Register a function to adapt Python objects to SQLite values."
) { _, args, count in
  none {
    let a = try Arguments(registerAdapter, args, count)
    let type = a.object(0)
    if type == intType().object || type == floatType().object || type == strType().object
      || type == byteArrayType().object
    {
      SqliteState.adaptsBasicTypes = true
    }
    let key = try tuple(type.retained(), SqliteState.protocolType.object.retained())
    try check(PyDict_SetItem(try SqliteState.adapters(), key.ref, a.object(1)))
  }
}

private let registerConverter: Method = .fast(
  "register_converter($module, typename, converter, /)",
  "Register a function to convert SQLite values to Python objects."
) { _, args, count in
  none {
    let a = try Arguments(registerConverter, args, count)
    guard let name = try a.str(0) else { throw Raised() }
    let upper = try own(SqliteState.callMethod(name, "upper"))
    try check(PyDict_SetItem(try SqliteState.converters(), upper.ref, a.object(1)))
  }
}

private let enableTracebacks: Method = .o(
  "enable_callback_tracebacks($module, enable, /)",
  "Enable or disable callback functions throwing errors to stderr."
) { _, enable in
  none { SqliteState.showsTracebacks = try check(PyObject_IsTrue(enable)) != 0 }
}

private let adapt: Method = .fast(
  "adapt($module, obj, proto=PrepareProtocolType, alt=<unrepresentable>, /)",
  "Adapt given object to given protocol."
) { _, args, count in
  new {
    let a = try Arguments(adapt, args, count)
    return try SqliteState.adapt(
      a.object(0), a[1] ?? SqliteState.protocolType.object, fallback: a[2])
  }
}
