import CPythonABI
import CSQLite
import Glibc
import Interpreter
import Objects

/// `sqlite3.Connection`. CPython: Modules/_sqlite/connection.c.
struct SqliteConnection {
  struct Layout {
    var base: PyObject
    var database: OpaquePointer?
    var detectTypes: Int32
    /// 1, 0 or -1: LEGACY_TRANSACTION_CONTROL.
    var autocommit: Int32
    var isReady: UInt8
    var checksThread: UInt8
    var thread: UInt
    /// "", "DEFERRED", "IMMEDIATE" or "EXCLUSIVE" as a str; nil for None.
    var isolationLevel: Ref?
    /// A cache of statements by their text, callable.
    var statements: Ref?
    /// Weak references to the blobs that are open.
    var blobs: Ref?
    var cursors: Ref?
    var rowFactory: Ref?
    var textFactory: Ref?
    var trace: UnsafeMutablePointer<SqliteCallback>?
    var progress: UnsafeMutablePointer<SqliteCallback>?
    var authorizer: UnsafeMutablePointer<SqliteCallback>?
    var errors: InlineArray<10, Ref?>
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()
  static let parseDeclaredTypes: Int32 = 1
  static let parseColumnNames: Int32 = 2

  let ref: Ref
  init(_ ref: Ref) { self.ref = ref }
  var layout: UnsafeMutablePointer<Layout> { ref.view(Layout.self) }
  var database: OpaquePointer? { layout.pointee.database }
  var isLegacy: Bool { layout.pointee.autocommit == -1 }

  // MARK: Checks

  func checkThread() throws(Raised) {
    guard layout.pointee.isReady != 0, layout.pointee.checksThread != 0 else { return }
    let here = PyThread_get_thread_ident()
    if here != layout.pointee.thread {
      throw SqliteErrors.raise(
        .programmingError,
        "SQLite objects created in a thread can only be used in that same thread. The object was "
          + "created in thread id \(layout.pointee.thread) and this is thread id \(here).")
    }
  }

  func checkOpen() throws(Raised) {
    if layout.pointee.isReady == 0 {
      throw SqliteErrors.raise(.programmingError, "Base Connection.__init__ not called.")
    }
    if database == nil {
      throw SqliteErrors.raise(.programmingError, "Cannot operate on a closed database.")
    }
  }

  func checkUsable() throws(Raised) {
    try checkThread()
    try checkOpen()
  }

  // MARK: Opening

  static let positionalWarning =
    "Parameters 'timeout', 'detect_types', 'isolation_level', 'check_same_thread', 'factory', "
    + "'cached_statements' and 'uri' will become keyword-only parameters in Python 3.15."

  private static let construct: Method = .variableKeywords(
    "Connection(database, timeout=5.0, detect_types=0, isolation_level='', check_same_thread=True, factory=ConnectionType, cached_statements=128, uri=False, *, autocommit=sqlite3.LEGACY_TRANSACTION_CONTROL)",
    "") { _, _, _ in nil }

  /// An isolation level as an upper-case str; nil for None.
  static func level(_ value: Ref) throws(Raised) -> Owned? {
    if value.isNone { return nil }
    guard value.isStr else {
      throw raise(.typeError, "isolation_level must be str or None")
    }
    let name = Objects.text(of: value)
    if name.utf8.contains(0) { throw raise(.valueError, "embedded null character") }
    for known in ["", "DEFERRED", "IMMEDIATE", "EXCLUSIVE"] where known == name.uppercased() {
      return try own(newString(known))
    }
    throw raise(
      .valueError,
      "isolation_level string must be '', 'DEFERRED', 'IMMEDIATE', or 'EXCLUSIVE'")
  }

  private static func autocommit(_ value: Ref?) throws(Raised) -> Int32 {
    guard let value else { return -1 }
    if value == trueObject() { return 1 }
    if value == falseObject() { return 0 }
    if value.isInt, PyLong_AsLong(value) == -1 { return -1 }
    if hasRaised() { throw Raised() }
    throw raise(
      .valueError, "autocommit must be True, False, or sqlite3.LEGACY_TRANSACTION_CONTROL")
  }

  private static func initialize(_ object: Ref, _ args: Ref, _ keywords: Ref?) throws(Raised) {
    if apus_var_size(args) > 1 && apus_var_size(args) <= 8 {
      try check(
        PyErr_WarnEx(
          .deprecationWarning,
          "Passing more than 1 positional argument to _sqlite3.Connection() is deprecated. "
            + positionalWarning, 1))
    }
    let a = try Arguments(construct, tuple: args, keywords: keywords)
    let name = try own(PyOS_FSPath(a.object(0)))
    let path = name.ref.isStr ? try own(PyUnicode_EncodeFSDefault(name.ref)) : name.ref.retained()
    guard let bytes = PyBytes_AsString(path.ref) else { throw Raised() }
    guard strlen(bytes) == apus_var_size(path.ref) else {
      throw raise(.valueError, "embedded null byte")
    }
    let timeout = try a.double(1, default: 5)
    let detect = try a.int32(2)
    var level: Ref?
    defer { Py_XDECREF(level) }
    if let given = a[3] {
      level = try Self.level(given)?.give()
    } else {
      level = try own(newString("")).give()
    }
    let sameThread = try a.bool(4, default: true)
    let cached = try a.int32(6, default: 128)
    let uri = try a.bool(7)
    let mode = try Self.autocommit(a[8])
    let auditArguments = try tuple(a.object(0).retained())
    try check(PySys_AuditTuple("sqlite3.connect", auditArguments.ref))
    let connection = SqliteConnection(object)
    let fields = object.view(Layout.self)
    if fields.pointee.isReady != 0 {
      clear(object)
      connection.close()
      fields.pointee.isReady = 0
    }
    var database: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | (uri ? SQLITE_OPEN_URI : 0)
    let wait = timeout * 1000
    let milliseconds = wait >= 2_147_483_647 ? Int32.max : wait.isNaN || wait <= 0 ? 0 : Int32(wait)
    let status = withoutGIL { () -> Int32 in
      let status = sqlite3_open_v2(bytes, &database, flags, nil)
      if status == SQLITE_OK { sqlite3_busy_timeout(database, milliseconds) }
      return status
    }
    guard status == SQLITE_OK else {
      let error = database == nil ? raiseNoMemory() : SqliteErrors.raise(database)
      sqlite3_close_v2(database)
      throw error
    }
    fields.pointee.database = database
    fields.pointee.detectTypes = detect
    fields.pointee.autocommit = mode
    fields.pointee.checksThread = sameThread ? 1 : 0
    fields.pointee.thread = PyThread_get_thread_ident()
    replaceReference(&fields.pointee.isolationLevel, level?.retained().give())
    replaceReference(&fields.pointee.cursors, try own(PyList_New(0)).give())
    replaceReference(&fields.pointee.blobs, try own(PyList_New(0)).give())
    replaceReference(&fields.pointee.rowFactory, noneObject())
    replaceReference(&fields.pointee.textFactory, strType().object)
    for kind in SqliteErrors.Kind.allCases {
      let type = try SqliteErrors.type(kind)
      let old = fields.pointee.errors[kind.rawValue]
      fields.pointee.errors[kind.rawValue] = type.retained().give()
      Py_XDECREF(old)
    }
    let tools = try own(PyImport_ImportModule("functools"))
    let factory = try own(PyObject_GetAttrString(tools.ref, "lru_cache"))
    let most = try int(Int(cached))
    let decorator = try own(PyObject_CallOneArg(factory.ref, most.ref))
    let cache = try own(PyObject_CallOneArg(decorator.ref, object))
    replaceReference(&fields.pointee.statements, cache.give())
    fields.pointee.isReady = 1
    let handleArguments = try tuple(object.retained())
    try check(PySys_AuditTuple("sqlite3.connect/handle", handleArguments.ref))
    if mode == 0 { try connection.run("BEGIN") }
  }

  // MARK: Closing

  /// Closes the database, after undoing what autocommit mode left open.
  func close() {
    guard let database else { return }
    if layout.pointee.autocommit == 0 && sqlite3_get_autocommit(database) == 0 {
      let saved = PyErr_GetRaisedException()
      do { try run("ROLLBACK") } catch { PyErr_WriteUnraisable(ref) }
      PyErr_SetRaisedException(saved)
    }
    // Without these, SQLite would call into freed memory.
    sqlite3_trace_v2(database, 0, nil, nil)
    sqlite3_progress_handler(database, 0, nil, nil)
    sqlite3_set_authorizer(database, nil, nil)
    SqliteCallback.release(layout.pointee.trace)
    SqliteCallback.release(layout.pointee.progress)
    SqliteCallback.release(layout.pointee.authorizer)
    layout.pointee.trace = nil
    layout.pointee.progress = nil
    layout.pointee.authorizer = nil
    layout.pointee.database = nil
    withoutGIL { _ = sqlite3_close_v2(database) }
  }

  static func clear(_ object: Ref) {
    let fields = object.view(Layout.self)
    clearReference(&fields.pointee.isolationLevel)
    clearReference(&fields.pointee.statements)
    clearReference(&fields.pointee.cursors)
    clearReference(&fields.pointee.blobs)
    clearReference(&fields.pointee.rowFactory)
    clearReference(&fields.pointee.textFactory)
  }

  func closeBlobs() {
    guard let blobs = layout.pointee.blobs else { return }
    for index in 0..<apus_var_size(blobs) {
      var blob: Ref?
      if PyWeakref_GetRef(apus_list_item(blobs, index), &blob) > 0, let blob {
        SqliteBlob(blob).close()
        Py_DECREF(blob)
      }
    }
  }

  /// Keeps a weak reference to a cursor, and drops those that died.
  func remember(_ cursor: Ref) throws(Raised) {
    guard let cursors = layout.pointee.cursors else { return }
    try Self.remember(cursor, in: cursors)
  }

  static func remember(_ object: Ref, in list: Ref) throws(Raised) {
    if apus_var_size(list) >= 64, apus_var_size(list) & 63 == 0 {
      var kept = 0
      while kept < apus_var_size(list) {
        let weak = apus_list_item(list, kept)
        if weak.view(PyWeakReference.self).pointee.wr_object.isNone {
          try check(PyList_SetSlice(list, kept, kept + 1, nil))
        } else {
          kept += 1
        }
      }
    }
    let weak = try own(PyWeakref_NewRef(object, nil))
    try check(PyList_Append(list, weak.ref))
  }

  // MARK: Transactions

  /// Runs a statement that gives no rows.
  func run(_ sql: String) throws(Raised) {
    let database = database
    let status = withoutGIL { () -> Int32 in
      var statement: OpaquePointer?
      let status = sqlite3_prepare_v2(database, sql, -1, &statement, nil)
      if status != SQLITE_OK { return status }
      _ = sqlite3_step(statement)
      return sqlite3_finalize(statement)
    }
    if status != SQLITE_OK { throw SqliteErrors.raise(database) }
  }

  /// Opens a transaction of the connection's isolation level.
  func begin() throws(Raised) {
    let level = layout.pointee.isolationLevel.map { Objects.text(of: $0) } ?? ""
    try run("BEGIN \(level)")
  }

  func commit() throws(Raised) {
    try checkUsable()
    if isLegacy {
      if sqlite3_get_autocommit(database) == 0 { try run("COMMIT") }
    } else if layout.pointee.autocommit == 0 {
      try run("COMMIT")
      try run("BEGIN")
    }
  }

  func rollback() throws(Raised) {
    try checkUsable()
    if isLegacy {
      if sqlite3_get_autocommit(database) == 0 { try run("ROLLBACK") }
    } else if layout.pointee.autocommit == 0 {
      try run("ROLLBACK")
      try run("BEGIN")
    }
  }

  // MARK: Type

  private static func getLevel(_ object: Ref) throws(Raised) -> Owned {
    let connection = SqliteConnection(object)
    try connection.checkOpen()
    return (connection.layout.pointee.isolationLevel ?? noneObject()).retained()
  }

  private static func setLevel(_ object: Ref, _ value: Ref?) throws(Raised) {
    guard let value else { throw raise(.attributeError, "cannot delete attribute") }
    let connection = SqliteConnection(object)
    if value.isNone {
      clearReference(&object.view(Layout.self).pointee.isolationLevel)
      // Outside transactions from now on.
      try connection.commit()
      return
    }
    let level = try level(value)
    replaceReference(&object.view(Layout.self).pointee.isolationLevel, level?.give())
  }

  private static func setAutocommit(_ object: Ref, _ value: Ref?) throws(Raised) {
    let connection = SqliteConnection(object)
    try connection.checkUsable()
    guard let value else { throw raise(.attributeError, "cannot delete attribute") }
    let mode = try autocommit(value)
    if mode == 1 {
      if sqlite3_get_autocommit(connection.database) == 0 { try connection.run("COMMIT") }
    } else if mode == 0 {
      if sqlite3_get_autocommit(connection.database) != 0 { try connection.run("BEGIN") }
    }
    connection.layout.pointee.autocommit = mode
  }

  private static let finalize: destructor = { object in
    let connection = SqliteConnection(object)
    guard connection.layout.pointee.database != nil else { return }
    let saved = PyErr_GetRaisedException()
    if let shown = PyObject_Repr(object) {
      let words = "unclosed database in \(Objects.text(of: shown))"
      Py_DECREF(shown)
      if let message = newString(words) {
        if _PyErr_WarnUnicode(.resourceWarning, message, 1, object) < 0,
          PyErr_ExceptionMatches(.warning) != 0
        {
          PyErr_WriteUnraisable(object)
        }
        Py_DECREF(message)
      }
    }
    PyErr_Clear()
    PyErr_SetRaisedException(saved)
    clear(object)
    connection.close()
  }

  static let spec = TypeSpec(
    type, "sqlite3.Connection", basicSize: MemoryLayout<Layout>.size, flags: [.haveGC, .baseType],
    doc: "SQLite database connection object.", base: objectType(),
    slots: [
      .constructorOfObject,
      .tp_init { object, args, keywords in status { try initialize(object, args, keywords) } },
      .tp_finalize(finalize),
      .tp_dealloc { object in
        if PyObject_CallFinalizerFromDealloc(object) < 0 { return }
        PyObject_GC_UnTrack(object)
        let connection = SqliteConnection(object)
        clear(object)
        connection.close()
        for index in 0..<10 { Py_XDECREF(connection.layout.pointee.errors[index]) }
        object.type.pointee.tp_free?(object)
      },
      .tp_traverse { object, visit, argument in
        let layout = object.view(Layout.self).pointee
        let answer = visitReferences(
          visit, argument, layout.statements, layout.cursors, layout.blobs, layout.rowFactory,
          layout.textFactory, layout.isolationLevel)
        if answer != 0 { return answer }
        return visitReferences(
          visit, argument, layout.trace?.pointee.callable, layout.progress?.pointee.callable,
          layout.authorizer?.pointee.callable)
      },
      .tp_clear { object in
        clear(object)
        return 0
      },
      .tp_call { object, args, keywords in
        new {
          let connection = SqliteConnection(object)
          try connection.checkOpen()
          try checkNoKeywords("Connection", dict: keywords)
          try checkPositional("Connection", apus_var_size(args), least: 1, most: 1)
          let sql = apus_tuple_item(args, 0)
          guard sql.isStr else {
            throw Objects.badArgument("Connection", "argument 1", expected: "str", got: sql)
          }
          return try SqliteStatement.make(connection, sql)
        }
      },
      .tp_free { PyObject_GC_Del($0) },
    ],
    methods: methods,
    members: SqliteErrors.Kind.allCases.map {
      Member(
        $0.name, _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.errors) + $0.rawValue * 8,
        flags: Py_READONLY)
    } + [
      Member("row_factory", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.rowFactory)),
      Member("text_factory", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.textFactory)),
    ],
    properties: [
      // Of calling a connection, which makes a statement.
      Property("__text_signature__", get: { _, _ in PyUnicode_FromString("(sql, /)") }),
      Property(
        "isolation_level", get: { object, _ in new { try getLevel(object) } },
        set: { object, value, _ in status { try setLevel(object, value) } }),
      Property(
        "total_changes",
        get: { object, _ in
          new {
            let connection = SqliteConnection(object)
            try connection.checkOpen()
            return try int(Int(sqlite3_total_changes(connection.database)))
          }
        }),
      Property(
        "in_transaction",
        get: { object, _ in
          bool {
            let connection = SqliteConnection(object)
            try connection.checkOpen()
            return sqlite3_get_autocommit(connection.database) == 0
          }
        }),
      Property(
        "autocommit",
        get: { object, _ in
          new {
            let connection = SqliteConnection(object)
            try connection.checkUsable()
            switch connection.layout.pointee.autocommit {
            case 1: return trueObject().retained()
            case 0: return falseObject().retained()
            default: return try int(-1)
            }
          }
        },
        set: { object, value, _ in status { try setAutocommit(object, value) } }),
    ])
}
