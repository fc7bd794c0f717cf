import CPythonABI
import CSQLite
import Glibc
import Interpreter
import Objects

/// The methods of connections.
extension SqliteConnection {
  // MARK: Cursors and statements

  /// A cursor of a class.
  private func cursor(_ factory: Ref) throws(Raised) -> Owned {
    let cursor = try own(PyObject_CallOneArg(factory, ref))
    guard cursor.ref.isInstance(of: SqliteCursor.type) else {
      throw raise(
        .typeError, "factory must return a cursor, not \(cursor.ref.type.fullName)")
    }
    if let rows = layout.pointee.rowFactory, !rows.isNone {
      replaceReference(
        &cursor.ref.view(SqliteCursor.Layout.self).pointee.rowFactory, rows.retained().give())
    }
    return cursor
  }

  private static let cursorMethod: Method = .keywords(
    "cursor($self, /, factory=<unrepresentable>)", "Return a cursor for the connection."
  ) { object, args, count, names in
    new {
      let a = try Arguments(cursorMethod, args, count, names)
      let connection = SqliteConnection(object)
      try connection.checkUsable()
      return try connection.cursor(a[0] ?? SqliteCursor.type.object)
    }
  }

  /// `self.cursor().name(*args)`
  private func onCursor(
    _ name: StaticString, _ args: UnsafePointer<Ref>?, _ count: Int
  ) throws(Raised) -> Owned {
    let cursor = try own(SqliteState.callMethod(ref, "cursor"))
    let method = try own(PyObject_GetAttrString(cursor.ref, cString(name)))
    return try own(PyObject_Vectorcall(method.ref, args, count, nil))
  }

  private static let execute: Method = .fast(
    "execute($self, sql, parameters=<unrepresentable>, /)", "Executes an SQL statement."
  ) { object, args, count in
    new {
      let a = try Arguments(execute, args, count)
      _ = try a.str(0)
      return try SqliteConnection(object).onCursor("execute", args, count)
    }
  }

  private static let executeMany: Method = .fast(
    "executemany($self, sql, parameters, /)", "Repeatedly executes an SQL statement."
  ) { object, args, count in
    new {
      let a = try Arguments(executeMany, args, count)
      _ = try a.str(0)
      return try SqliteConnection(object).onCursor("executemany", args, count)
    }
  }

  private static let executeScript: Method = .o(
    "executescript($self, sql_script, /)", "Executes multiple SQL statements at once."
  ) { object, script in
    new {
      var argument = script
      return try SqliteConnection(object).onCursor("executescript", &argument, 1)
    }
  }

  // MARK: Transactions and closing

  private static let commitMethod: Method = .noargs(
    "commit($self, /)",
    "Commit any pending transaction to the database.\n\nIf there is no open transaction, this method is a no-op."
  ) { object, _ in none { try SqliteConnection(object).commit() } }

  private static let rollbackMethod: Method = .noargs(
    "rollback($self, /)",
    "Roll back to the start of any pending transaction.\n\nIf there is no open transaction, this method is a no-op."
  ) { object, _ in none { try SqliteConnection(object).rollback() } }

  private static let closeMethod: Method = .noargs(
    "close($self, /)",
    "Close the database connection.\n\nAny pending transaction is not committed implicitly."
  ) { object, _ in
    none {
      let connection = SqliteConnection(object)
      try connection.checkThread()
      if connection.layout.pointee.isReady == 0 {
        throw SqliteErrors.raise(.programmingError, "Base Connection.__init__ not called.")
      }
      connection.closeBlobs()
      clearReference(&object.view(Layout.self).pointee.statements)
      connection.close()
    }
  }

  private static let enter: Method = .noargs(
    "__enter__($self, /)",
    "Called when the connection is used as a context manager.\n\nReturns itself as a convenience to the caller."
  ) { object, _ in
    new {
      try SqliteConnection(object).checkOpen()
      return object.retained()
    }
  }

  private static let exit: Method = .fast(
    "__exit__($self, type, value, traceback, /)",
    "Called when the connection is used as a context manager.\n\nIf there was any exception, a rollback takes place; otherwise we commit."
  ) { object, args, count in
    new {
      let a = try Arguments(exit, args, count)
      let connection = SqliteConnection(object)
      if connection.layout.pointee.autocommit == 1 { return falseObject().retained() }
      if a.object(0).isNone && a.object(1).isNone && a.object(2).isNone {
        guard let done = SqliteState.callMethod(object, "commit") else {
          // What could not be committed is undone; the first error counts.
          let error = PyErr_GetRaisedException()
          if let undone = SqliteState.callMethod(object, "rollback") {
            Py_DECREF(undone)
            PyErr_SetRaisedException(error)
          } else {
            _PyErr_ChainExceptions1(error ?? noneObject())
          }
          throw Raised()
        }
        Py_DECREF(done)
      } else {
        _ = try own(SqliteState.callMethod(object, "rollback"))
      }
      return falseObject().retained()
    }
  }

  private static let interrupt: Method = .noargs(
    "interrupt($self, /)", "Abort any pending database operation."
  ) { object, _ in
    none {
      let connection = SqliteConnection(object)
      try connection.checkOpen()
      sqlite3_interrupt(connection.database)
    }
  }

  private static let iterdump: Method = .keywords(
    "iterdump($self, /, *, filter=None)",
    "Returns iterator to the dump of the database in an SQL text format.\n\n  filter\n    An optional LIKE pattern for database objects to dump"
  ) { object, args, count, names in
    new {
      let a = try Arguments(iterdump, args, count, names)
      let connection = SqliteConnection(object)
      try connection.checkOpen()
      let module = try own(PyImport_ImportModule("sqlite3.dump"))
      let function = try own(PyObject_GetAttrString(module.ref, "_iterdump"))
      let keywords = try own(PyDict_New())
      try check(PyDict_SetItemString(keywords.ref, "filter", a[0] ?? noneObject()))
      let positional = try tuple(object.retained())
      return try own(PyObject_Call(function.ref, positional.ref, keywords.ref))
    }
  }

  // MARK: Extensions and settings

  private static let enableExtensions: Method = .o(
    "enable_load_extension($self, enable, /)", "Enable dynamic loading of SQLite extension modules."
  ) { object, enable in
    none {
      let on = try check(PyObject_IsTrue(enable)) != 0
      let arguments = try tuple(object.retained(), boolObject(on).retained())
      try check(PySys_AuditTuple("sqlite3.enable_load_extension", arguments.ref))
      let connection = SqliteConnection(object)
      try connection.checkUsable()
      var actual: Int32 = 0
      if apus_sqlite_config(
        connection.database, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, on ? 1 : 0, &actual)
        != SQLITE_OK
      {
        throw SqliteErrors.raise(.operationalError, "Error enabling load extension")
      }
    }
  }

  private static let loadExtension: Method = .keywords(
    "load_extension($self, name, /, *, entrypoint=None)", "Load SQLite extension module."
  ) { object, args, count, names in
    none {
      let a = try Arguments(loadExtension, args, count, names)
      guard let name = try a.str(0) else { throw Raised() }
      let entry = try a.strOrNone(1)
      let arguments = try tuple(object.retained(), name.retained())
      try check(PySys_AuditTuple("sqlite3.load_extension", arguments.ref))
      let connection = SqliteConnection(object)
      try connection.checkUsable()
      guard let path = PyUnicode_AsUTF8(name) else { throw Raised() }
      let start = try entry.map { text throws(Raised) -> UnsafePointer<CChar> in
        guard let bytes = PyUnicode_AsUTF8(text) else { throw Raised() }
        return bytes
      }
      var message: UnsafeMutablePointer<CChar>?
      if sqlite3_load_extension(connection.database, path, start, &message) != SQLITE_OK {
        let words = message.map { String(cString: $0) } ?? ""
        sqlite3_free(message)
        throw SqliteErrors.raise(.operationalError, words)
      }
    }
  }

  private static let getLimit: Method = .o(
    "getlimit($self, category, /)",
    "Get connection run-time limits.\n\n  category\n    The limit category to be queried."
  ) { object, category in
    new { try SqliteConnection(object).limit(category, -1) }
  }

  private static let setLimit: Method = .fast(
    "setlimit($self, category, limit, /)",
    "Set connection run-time limits; gives the prior value.\n\n  category\n    The limit category to be set.\n  limit\n    The new limit. A negative number leaves the limit as it is."
  ) { object, args, count in
    new {
      let a = try Arguments(setLimit, args, count)
      _ = try a.int32(0)
      return try SqliteConnection(object).limit(a.object(0), a.int32(1))
    }
  }

  private func limit(_ category: Ref, _ value: Int32) throws(Raised) -> Owned {
    let number = PyLong_AsInt(category)
    if number == -1 && hasRaised() { throw Raised() }
    try checkUsable()
    let old = sqlite3_limit(database, number, value)
    if old < 0 { throw SqliteErrors.raise(.programmingError, "'category' is out of bounds") }
    return try int(Int(old))
  }

  private static func isFlag(_ operation: Int32) -> Bool {
    (operation >= SQLITE_DBCONFIG_ENABLE_FKEY && operation <= SQLITE_DBCONFIG_TRUSTED_SCHEMA)
  }

  private static let getConfig: Method = .o(
    "getconfig($self, op, /)",
    "Query a boolean connection configuration option.\n\n  op\n    The configuration verb; one of the sqlite3.SQLITE_DBCONFIG codes."
  ) { object, op in
    bool {
      let operation = PyLong_AsInt(op)
      if operation == -1 && hasRaised() { throw Raised() }
      let connection = SqliteConnection(object)
      try connection.checkUsable()
      guard isFlag(operation) else { throw raise(.valueError, "unknown config 'op': \(operation)") }
      var actual: Int32 = 0
      if apus_sqlite_config(connection.database, operation, -1, &actual) != SQLITE_OK {
        throw SqliteErrors.raise(connection.database)
      }
      return actual != 0
    }
  }

  private static let setConfig: Method = .fast(
    "setconfig($self, op, enable=True, /)",
    "Set a boolean connection configuration option.\n\n  op\n    The configuration verb; one of the sqlite3.SQLITE_DBCONFIG codes."
  ) { object, args, count in
    none {
      let a = try Arguments(setConfig, args, count)
      let operation = try a.int32(0)
      let on = try a.bool(1, default: true)
      let connection = SqliteConnection(object)
      try connection.checkUsable()
      guard isFlag(operation) else { throw raise(.valueError, "unknown config 'op': \(operation)") }
      var actual: Int32 = 0
      if apus_sqlite_config(connection.database, operation, on ? 1 : 0, &actual) != SQLITE_OK {
        throw SqliteErrors.raise(connection.database)
      }
      if (actual != 0) != on {
        throw SqliteErrors.raise(.operationalError, "Unable to set config")
      }
    }
  }

  // MARK: Images

  private static func name(_ a: Arguments, _ index: Int, _ function: String) throws(Raised) -> String {
    guard let value = a[index] else { return "main" }
    guard value.isStr else { throw a.badArgument(index, expected: "str") }
    var size = 0
    guard let bytes = PyUnicode_AsUTF8AndSize(value, &size) else { throw Raised() }
    guard strlen(bytes) == size else { throw raise(.valueError, "embedded null character") }
    return String(cString: bytes)
  }

  private static let serialize: Method = .keywords(
    "serialize($self, /, *, name='main')",
    "Serialize a database into a byte string.\n\n  name\n    Which database to serialize.\n\nThe bytes are those of a database file on disk."
  ) { object, args, count, names in
    new {
      let a = try Arguments(serialize, args, count, names)
      let database = try name(a, 0, "serialize")
      let connection = SqliteConnection(object)
      try connection.checkUsable()
      let handle = connection.database
      var size: Int64 = 0
      if let bytes = sqlite3_serialize(handle, database, &size, UInt32(SQLITE_SERIALIZE_NOCOPY)) {
        return try own(
          PyBytes_FromStringAndSize(
            UnsafeRawPointer(bytes).assumingMemoryBound(to: CChar.self), Int(size)))
      }
      let copy = withoutGIL { sqlite3_serialize(handle, database, &size, 0) }
      guard let copy else {
        throw SqliteErrors.raise(.operationalError, "unable to serialize '\(database)'")
      }
      defer { sqlite3_free(copy) }
      return try own(
        PyBytes_FromStringAndSize(
          UnsafeRawPointer(copy).assumingMemoryBound(to: CChar.self), Int(size)))
    }
  }

  private static let deserialize: Method = .keywords(
    "deserialize($self, data, /, *, name='main')",
    "Load a serialized database.\n\n  data\n    The serialized database content.\n  name\n    Which database to reopen with the deserialization.\n\nThe connection then works on the content in memory. Fails with OperationalError while the database\nis used by a transaction or a backup, and with DatabaseError for what is no database."
  ) { object, args, count, names in
    none {
      let a = try Arguments(deserialize, args, count, names)
      var view = Py_buffer()
      var isView = false
      defer { if isView { PyBuffer_Release(&view) } }
      let bytes: UnsafeRawPointer?
      let size: Int
      if a.object(0).isStr {
        var length = 0
        bytes = PyUnicode_AsUTF8AndSize(a.object(0), &length).map { UnsafeRawPointer($0) }
        if bytes == nil { throw Raised() }
        size = length
      } else {
        try check(PyObject_GetBuffer(a.object(0), &view, PyBUF_SIMPLE))
        isView = true
        bytes = view.buf.map { UnsafeRawPointer($0) }
        size = view.len
      }
      let database = try name(a, 1, "deserialize")
      let connection = SqliteConnection(object)
      try connection.checkUsable()
      // SQLite frees it.
      guard let copy = sqlite3_malloc64(UInt64(Swift.max(size, 1))) else { throw raiseNoMemory() }
      if size > 0, let bytes { memcpy(copy, bytes, size) }
      let handle = connection.database
      let status = withoutGIL {
        sqlite3_deserialize(
          handle, database, copy.assumingMemoryBound(to: UInt8.self), Int64(size), Int64(size),
          UInt32(SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE))
      }
      if status != SQLITE_OK { throw SqliteErrors.raise(handle) }
    }
  }

  // MARK: Backup

  private static let backup: Method = .keywords(
    "backup($self, /, target, *, pages=-1, progress=None, name='main',\n       sleep=0.25)",
    "Makes a backup of the database."
  ) { object, args, count, names in
    none {
      let a = try Arguments(backup, args, count, names)
      let target = a.object(0)
      guard target.isInstance(of: SqliteConnection.type) else {
        throw a.badArgument(0, expected: "sqlite3.Connection")
      }
      var pages = try a.int32(1, default: -1)
      let progress = a.optional(2)
      let source = try name(a, 3, "backup")
      let seconds = try a.double(4, default: 0.25)
      let connection = SqliteConnection(object)
      try connection.checkUsable()
      let other = SqliteConnection(target)
      // The target may be on another thread.
      try other.checkOpen()
      if target == object {
        throw raise(.valueError, "target cannot be the same connection instance")
      }
      if let progress, PyCallable_Check(progress) == 0 {
        throw raise(.typeError, "progress argument must be a callable")
      }
      if seconds < 0 { throw raise(.valueError, "sleep must be greater-than or equal to zero") }
      if pages == 0 { pages = -1 }
      let (from, to) = (connection.database, other.database)
      guard let copy = withoutGIL({ sqlite3_backup_init(to, "main", from, source) }) else {
        throw SqliteErrors.raise(to)
      }
      var status: Int32
      var raised = false
      let pause = Int32(Swift.min(seconds * 1000, 2_000_000_000))
      repeat {
        status = withoutGIL { sqlite3_backup_step(copy, pages) }
        if let progress {
          do {
            let code = try int(Int(status))
            let rest = try int(Int(sqlite3_backup_remaining(copy)))
            let total = try int(Int(sqlite3_backup_pagecount(copy)))
            _ = try own(call(progress, code.ref, rest.ref, total.ref))
          } catch {
            raised = true
            break
          }
        }
        if status == SQLITE_BUSY || status == SQLITE_LOCKED {
          withoutGIL { _ = sqlite3_sleep(pause) }
        }
      } while status == SQLITE_OK || status == SQLITE_BUSY || status == SQLITE_LOCKED
      let end = withoutGIL { sqlite3_backup_finish(copy) }
      if raised { throw Raised() }
      if end != SQLITE_OK { throw SqliteErrors.raise(to) }
    }
  }

  // MARK: Blobs

  private static let blobOpen: Method = .keywords(
    "blobopen($self, table, column, row, /, *, readonly=False, name='main')",
    "Open and return a BLOB object.\n\n  table\n    Table name.\n  column\n    Column name.\n  row\n    Row index.\n  readonly\n    Open the BLOB without write permissions.\n  name\n    Database name."
  ) { object, args, count, names in
    new {
      let a = try Arguments(blobOpen, args, count, names)
      let table = try name(a, 0, "blobopen")
      let column = try name(a, 1, "blobopen")
      let number = try own(PyNumber_Index(a.object(2)))
      let row = try SqliteValues.int64(number.ref)
      let readOnly = try a.bool(3)
      let database = try name(a, 4, "blobopen")
      let connection = SqliteConnection(object)
      try connection.checkUsable()
      let handle = connection.database
      var blob: OpaquePointer?
      let status = withoutGIL {
        sqlite3_blob_open(handle, database, table, column, row, readOnly ? 0 : 1, &blob)
      }
      if status == SQLITE_MISUSE { throw SqliteErrors.raise(code: status) }
      if status != SQLITE_OK { throw SqliteErrors.raise(handle) }
      let made = try SqliteBlob.make(connection, blob)
      if let blobs = connection.layout.pointee.blobs {
        try SqliteConnection.remember(made.ref, in: blobs)
      }
      return made
    }
  }

  static var methods: [Method] {
    [
      backup, blobOpen, closeMethod, commitMethod, deserialize, cursorMethod, enableExtensions,
      execute, executeMany, executeScript, getLimit, interrupt, iterdump, loadExtension,
      rollbackMethod, serialize, setLimit, enter, exit, getConfig, setConfig,
    ] + callbackMethods
  }
}
