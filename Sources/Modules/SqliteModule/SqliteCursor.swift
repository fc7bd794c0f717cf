import CPythonABI
import CSQLite
import Interpreter
import Objects

/// `sqlite3.Cursor`. CPython: Modules/_sqlite/cursor.c.
struct SqliteCursor {
  struct Layout {
    var base: PyObject
    var connection: Ref?
    var description: Ref?
    /// A converter or None for each column, when types are detected.
    var converters: Ref?
    var arraySize: Int32
    var lastRow: Ref?
    var rowCount: Int
    var rowFactory: Ref?
    /// The statement whose rows are being fetched.
    var statement: Ref?
    var isClosed: UInt8
    var isReset: UInt8
    var isLocked: UInt8
    var isReady: UInt8
    var weakReferences: Ref?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  let ref: Ref
  init(_ ref: Ref) { self.ref = ref }
  var layout: UnsafeMutablePointer<Layout> { ref.view(Layout.self) }
  var statement: SqliteStatement? { layout.pointee.statement.map { SqliteStatement($0) } }

  // MARK: Checks

  /// The connection, when the cursor can be used.
  func checked() throws(Raised) -> SqliteConnection {
    guard layout.pointee.isReady != 0, let connection = layout.pointee.connection else {
      throw SqliteErrors.raise(.programmingError, "Base Cursor.__init__ not called.")
    }
    if layout.pointee.isClosed != 0 {
      throw SqliteErrors.raise(.programmingError, "Cannot operate on a closed cursor.")
    }
    try checkLock()
    let it = SqliteConnection(connection)
    try it.checkThread()
    try it.checkOpen()
    return it
  }

  private func checkLock() throws(Raised) {
    if layout.pointee.isLocked != 0 {
      throw SqliteErrors.raise(.programmingError, "Recursive use of cursors not allowed.")
    }
  }

  /// Ends the current statement.
  func dropStatement() {
    guard let statement = layout.pointee.statement else { return }
    SqliteStatement(statement).reset()
    clearReference(&ref.view(Layout.self).pointee.statement)
  }

  // MARK: Life

  private static let construct: Method = .variableKeywords("Cursor(connection, /)", "") {
    _, _, _ in nil
  }

  private static func initialize(_ object: Ref, _ args: Ref, _ keywords: Ref?) throws(Raised) {
    if object.type == type { try checkNoKeywords("Cursor", dict: keywords) }
    try checkPositional("Cursor", apus_var_size(args), least: 1, most: 1)
    let connection = apus_tuple_item(args, 0)
    guard connection.isInstance(of: SqliteConnection.type) else {
      throw Objects.badArgument(
        "Cursor", "argument 1", expected: "sqlite3.Connection", got: connection)
    }
    let cursor = SqliteCursor(object)
    try cursor.checkLock()
    let layout = object.view(Layout.self)
    replaceReference(&layout.pointee.connection, connection.retained().give())
    clearReference(&layout.pointee.statement)
    clearReference(&layout.pointee.converters)
    replaceReference(&layout.pointee.description, noneObject())
    replaceReference(&layout.pointee.lastRow, noneObject())
    replaceReference(&layout.pointee.rowFactory, noneObject())
    layout.pointee.arraySize = 1
    layout.pointee.isClosed = 0
    layout.pointee.rowCount = -1
    try SqliteConnection(connection).checkThread()
    try SqliteConnection(connection).remember(object)
    layout.pointee.isReady = 1
  }

  // MARK: Fetching

  /// The next row, nil at the end.
  func next() throws(Raised) -> Owned? {
    let connection = try checked()
    guard let current = layout.pointee.statement else { return nil }
    let statement = SqliteStatement(current)
    let held = current.retained()
    defer { _ = held.ref }
    guard let handle = statement.handle else { return nil }
    if sqlite3_data_count(handle) == 0 {
      dropStatement()
      return nil
    }
    layout.pointee.isLocked = 1
    let result: Ref?
    do { result = try row(handle, connection).give() } catch { result = nil }
    layout.pointee.isLocked = 0
    guard let result else { throw Raised() }
    let fetched = Owned(adopting: result)
    let status = withoutGIL { sqlite3_step(handle) }
    if status == SQLITE_DONE {
      if statement.changesData {
        layout.pointee.rowCount = Int(sqlite3_changes(connection.database))
      }
      dropStatement()
    } else if status != SQLITE_ROW {
      let error = SqliteErrors.raise(connection.database)
      let saved = PyErr_GetRaisedException()
      dropStatement()
      PyErr_SetRaisedException(saved)
      throw error
    }
    guard let factory = layout.pointee.rowFactory, !factory.isNone else { return fetched }
    let function = factory.retained()
    return try own(call(function.ref, ref, fetched.ref))
  }

  private func row(
    _ handle: OpaquePointer, _ connection: SqliteConnection
  ) throws(Raised) -> Owned {
    let count = sqlite3_data_count(handle)
    let row = try own(PyTuple_New(Int(count)))
    for index in 0..<count {
      var converter: Ref?
      if connection.layout.pointee.detectTypes != 0, let converters = layout.pointee.converters,
        Int(index) < apus_var_size(converters)
      {
        let found = apus_tuple_item(converters, Int(index))
        if !found.isNone { converter = found }
      }
      let value: Owned
      if let converter {
        if let bytes = sqlite3_column_blob(handle, index) {
          let size = Int(sqlite3_column_bytes(handle, index))
          let item = try own(
            PyBytes_FromStringAndSize(bytes.assumingMemoryBound(to: CChar.self), size))
          value = try own(PyObject_CallOneArg(converter, item.ref))
        } else {
          value = noneObject().retained()
        }
      } else {
        value = try column(handle, index, connection)
      }
      apus_tuple_items(row.ref)[Int(index)] = value.give()
    }
    return row
  }

  private func column(
    _ handle: OpaquePointer, _ index: Int32, _ connection: SqliteConnection
  ) throws(Raised) -> Owned {
    switch sqlite3_column_type(handle, index) {
    case SQLITE_NULL: return noneObject().retained()
    case SQLITE_INTEGER: return try int(Int(sqlite3_column_int64(handle, index)))
    case SQLITE_FLOAT: return try own(PyFloat_FromDouble(sqlite3_column_double(handle, index)))
    case SQLITE_TEXT:
      guard let raw = sqlite3_column_text(handle, index) else { throw raiseNoMemory() }
      let text = UnsafeRawPointer(raw).assumingMemoryBound(to: CChar.self)
      let size = Int(sqlite3_column_bytes(handle, index))
      let factory = connection.layout.pointee.textFactory ?? strType().object
      if factory == strType().object {
        if let made = PyUnicode_FromStringAndSize(text, size) { return Owned(adopting: made) }
        guard PyErr_ExceptionMatches(.unicodeDecodeError) != 0 else { throw Raised() }
        PyErr_Clear()
        let name = sqlite3_column_name(handle, index).map { String(cString: $0) } ?? "?"
        let shown = try own(PyUnicode_DecodeASCII(text, size, "replace"))
        throw SqliteErrors.raise(
          .operationalError,
          "Could not decode to UTF-8 column '\(name)' with text '\(Objects.text(of: shown.ref))'")
      }
      if factory == bytesType().object { return try own(PyBytes_FromStringAndSize(text, size)) }
      if factory == byteArrayType().object {
        return try own(PyByteArray_FromStringAndSize(text, size))
      }
      let bytes = try own(PyBytes_FromStringAndSize(text, size))
      let function = factory.retained()
      return try own(PyObject_CallOneArg(function.ref, bytes.ref))
    default:
      let bytes = sqlite3_column_blob(handle, index)
      let size = Int(sqlite3_column_bytes(handle, index))
      return try own(
        PyBytes_FromStringAndSize(bytes?.assumingMemoryBound(to: CChar.self), size))
    }
  }

  // MARK: Methods

  private static let executeMethod: Method = .fast(
    "execute($self, sql, parameters=(), /)", "Executes an SQL statement."
  ) { object, args, count in
    new {
      let a = try Arguments(executeMethod, args, count)
      guard let sql = try a.str(0) else { throw Raised() }
      return try SqliteCursor(object).execute(sql, a[1], many: false)
    }
  }

  private static let executeMany: Method = .fast(
    "executemany($self, sql, seq_of_parameters, /)", "Repeatedly executes an SQL statement."
  ) { object, args, count in
    new {
      let a = try Arguments(executeMany, args, count)
      guard let sql = try a.str(0) else { throw Raised() }
      return try SqliteCursor(object).execute(sql, a.object(1), many: true)
    }
  }

  private static let executeScript: Method = .o(
    "executescript($self, sql_script, /)", "Executes multiple SQL statements at once."
  ) { object, script in
    new {
      guard script.isStr else {
        throw Objects.badArgument("executescript", "argument", expected: "str", got: script)
      }
      return try SqliteCursor(object).executeScript(script)
    }
  }

  private static let fetchOne: Method = .noargs("fetchone($self, /)", "Fetches one row from the resultset.") {
    object, _ in
    new {
      if let row = try SqliteCursor(object).next() { return row }
      return noneObject().retained()
    }
  }

  private func fetch(_ most: Int?) throws(Raised) -> Owned {
    let rows = try own(PyList_New(0))
    var count = 0
    while most.map({ count < $0 }) ?? true {
      guard let row = try next() else { break }
      let item = row.ref
      try check(PyList_Append(rows.ref, item))
      count += 1
    }
    return rows
  }

  private static let fetchMany: Method = .keywords(
    "fetchmany($self, /, size=1)",
    "Fetches several rows from the resultset.\n\n  size\n    The default value is set by the Cursor.arraysize attribute."
  ) { object, args, count, names in
    new {
      let a = try Arguments(fetchMany, args, count, names)
      let cursor = SqliteCursor(object)
      let most =
        a[0] == nil ? Int(cursor.layout.pointee.arraySize) : Int(try a.int32(0))
      return try cursor.fetch(most == 0 ? nil : Swift.max(most, 0) == 0 ? nil : most)
    }
  }

  private static let fetchAll: Method = .noargs("fetchall($self, /)", "Fetches all rows from the resultset.") {
    object, _ in new { try SqliteCursor(object).fetch(nil) }
  }

  private static let setInputSizes: Method = .o(
    "setinputsizes($self, sizes, /)", "Required by DB-API. Does nothing in sqlite3."
  ) { _, _ in noneObject() }

  private static let setOutputSize: Method = .fast(
    "setoutputsize($self, size, column=None, /)", "Required by DB-API. Does nothing in sqlite3."
  ) { _, args, count in none { _ = try Arguments(setOutputSize, args, count) } }

  private static let close: Method = .noargs("close($self, /)", "Closes the cursor.") { object, _ in
    none {
      let cursor = SqliteCursor(object)
      try cursor.checkLock()
      guard let connection = cursor.layout.pointee.connection else {
        throw SqliteErrors.raise(.programmingError, "Base Cursor.__init__ not called.")
      }
      try SqliteConnection(connection).checkThread()
      try SqliteConnection(connection).checkOpen()
      cursor.dropStatement()
      cursor.layout.pointee.isClosed = 1
    }
  }

  static let spec = TypeSpec(
    type, "sqlite3.Cursor", basicSize: MemoryLayout<Layout>.size, flags: [.haveGC, .baseType],
    doc: "SQLite database cursor class.", base: objectType(),
    weakListOffset: MemoryLayout<Layout>.at(\.weakReferences),
    slots: [
      .constructorOfObject,
      .tp_init { object, args, keywords in status { try initialize(object, args, keywords) } },
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        let layout = object.view(Layout.self)
        if layout.pointee.weakReferences != nil { PyObject_ClearWeakRefs(object) }
        SqliteCursor(object).dropStatement()
        clearReference(&layout.pointee.connection)
        clearReference(&layout.pointee.description)
        clearReference(&layout.pointee.converters)
        clearReference(&layout.pointee.lastRow)
        clearReference(&layout.pointee.rowFactory)
        object.type.pointee.tp_free?(object)
      },
      .tp_traverse { object, visit, argument in
        let layout = object.view(Layout.self).pointee
        return visitReferences(
          visit, argument, layout.connection, layout.description, layout.converters,
          layout.lastRow, layout.rowFactory, layout.statement)
      },
      .tp_clear { object in
        let layout = object.view(Layout.self)
        SqliteCursor(object).dropStatement()
        clearReference(&layout.pointee.connection)
        clearReference(&layout.pointee.description)
        clearReference(&layout.pointee.converters)
        clearReference(&layout.pointee.lastRow)
        clearReference(&layout.pointee.rowFactory)
        return 0
      },
      .tp_iter { Py_NewRef($0) },
      .tp_iternext { object in
        do { return try SqliteCursor(object).next()?.give() } catch { return nil }
      },
      .tp_free { PyObject_GC_Del($0) },
    ],
    methods: [
      close, executeMany, executeScript, executeMethod, fetchAll, fetchMany, fetchOne,
      setInputSizes, setOutputSize,
    ],
    members: [
      Member("connection", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.connection), flags: Py_READONLY),
      Member("description", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.description), flags: Py_READONLY),
      Member("arraysize", Py_T_INT, offset: MemoryLayout<Layout>.at(\.arraySize)),
      Member("lastrowid", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.lastRow), flags: Py_READONLY),
      Member("rowcount", Py_T_LONG, offset: MemoryLayout<Layout>.at(\.rowCount), flags: Py_READONLY),
      Member("row_factory", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.rowFactory)),
    ])
}
