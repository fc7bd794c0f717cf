import CPythonABI
import CSQLite
import Interpreter
import Objects

/// Running statements.
extension SqliteCursor {
  /// Runs one statement with one set of parameters, or with each of many.
  func execute(_ sql: Ref, _ parameters: Ref?, many: Bool) throws(Raised) -> Owned {
    let connection = try checked()
    layout.pointee.isLocked = 1
    let held = ref.retained()
    defer { _ = held.ref }
    var failed = false
    do { try run(sql, parameters, many: many, connection) } catch { failed = true }
    layout.pointee.isLocked = 0
    if failed {
      let saved = PyErr_GetRaisedException()
      dropStatement()
      PyErr_SetRaisedException(saved)
      layout.pointee.rowCount = -1
      throw Raised()
    }
    if let handle = statement?.handle, sqlite3_stmt_busy(handle) == 0 {
      clearReference(&ref.view(Layout.self).pointee.statement)
    }
    return ref.retained()
  }

  private func run(
    _ sql: Ref, _ parameters: Ref?, many: Bool, _ connection: SqliteConnection
  ) throws(Raised) {
    let sets: Owned
    if many, let parameters {
      sets =
        PyIter_Check(parameters) != 0
        ? parameters.retained() : try own(PyObject_GetIter(parameters))
    } else {
      let list = try own(PyList_New(0))
      if let parameters {
        try check(PyList_Append(list.ref, parameters))
      } else {
        let nothing = try own(PyTuple_New(0))
        try check(PyList_Append(list.ref, nothing.ref))
      }
      sets = try own(PyObject_GetIter(list.ref))
    }
    let fields = ref.view(Layout.self)
    replaceReference(&fields.pointee.description, noneObject())
    dropStatement()
    guard let cache = connection.layout.pointee.statements else { throw Raised() }
    var prepared = try own(PyObject_CallOneArg(cache, sql))
    if let handle = SqliteStatement(prepared.ref).handle, sqlite3_stmt_busy(handle) != 0 {
      // Another cursor fetches from it.
      prepared = try SqliteStatement.make(connection, sql)
    }
    guard prepared.ref.type == SqliteStatement.type else { throw Raised() }
    replaceReference(&fields.pointee.statement, prepared.ref.retained().give())
    let statement = SqliteStatement(prepared.ref)
    statement.reset()
    layout.pointee.rowCount = statement.changesData ? 0 : -1
    let database = connection.database
    if many && !statement.changesData {
      throw SqliteErrors.raise(
        .programmingError, "executemany() can only execute DML statements.")
    }
    if connection.isLegacy, statement.changesData,
      connection.layout.pointee.isolationLevel != nil, sqlite3_get_autocommit(database) != 0
    {
      try connection.begin()
    }
    while true {
      guard let next = PyIter_Next(sets.ref) else {
        if hasRaised() { throw Raised() }
        break
      }
      let values = Owned(adopting: next)
      // A statement without text does nothing.
      guard let handle = statement.handle else {
        try bind(nil, values.ref, database)
        continue
      }
      try bind(handle, values.ref, database)
      let status = withoutGIL { sqlite3_step(handle) }
      if status != SQLITE_DONE && status != SQLITE_ROW {
        if hasRaised() {
          if SqliteState.showsTracebacks { PyErr_Print() } else { PyErr_Clear() }
        }
        throw SqliteErrors.raise(database)
      }
      try findConverters(handle, connection)
      let columns = sqlite3_column_count(handle)
      if columns > 0, layout.pointee.description?.isNone ?? true {
        let description = try describe(handle, columns, connection)
        replaceReference(&fields.pointee.description, description.give())
      }
      if status == SQLITE_DONE {
        if statement.changesData {
          layout.pointee.rowCount += Int(sqlite3_changes(database))
        }
        statement.reset()
      }
    }
    if !many {
      let row = try int(Int(sqlite3_last_insert_rowid(database)))
      replaceReference(&fields.pointee.lastRow, row.give())
    }
  }

  // MARK: Parameters

  private func bind(
    _ handle: OpaquePointer?, _ parameters: Ref, _ database: OpaquePointer?
  ) throws(Raised) {
    let needed = handle.map { sqlite3_bind_parameter_count($0) } ?? 0
    if parameters.isExactTuple || parameters.isExactList
      || (!parameters.isDict && PySequence_Check(parameters) != 0)
    {
      let given = PySequence_Size(parameters)
      if given == -1 && hasRaised() { throw Raised() }
      guard given == Int(needed) else {
        throw SqliteErrors.raise(
          .programmingError,
          "Incorrect number of bindings supplied. The current statement uses \(needed), and there "
            + "are \(given) supplied.")
      }
      for index in 0..<Int(needed) {
        guard let handle else { return }
        if let raw = sqlite3_bind_parameter_name(handle, Int32(index + 1)), raw.pointee != 63 {
          try check(
            PyErr_WarnEx(
              .deprecationWarning,
              "Binding \(index + 1) ('\(String(cString: raw))') is a named parameter, but you "
                + "supplied a sequence which requires nominal (qmark) placeholders. Starting with "
                + "Python 3.14 an sqlite3.ProgrammingError will be raised.", 1))
        }
        let value = try own(PySequence_GetItem(parameters, index))
        try bind(handle, Int32(index + 1), value.ref, "\(index + 1)", database)
      }
      return
    }
    guard PyMapping_Check(parameters) != 0 else {
      throw SqliteErrors.raise(.programmingError, "parameters are of unsupported type")
    }
    for index in 0..<Int(needed) {
      guard let handle else { return }
      guard let raw = sqlite3_bind_parameter_name(handle, Int32(index + 1)) else {
        throw SqliteErrors.raise(
          .programmingError,
          "Binding \(index + 1) has no name, but you supplied a dictionary (which has only names).")
      }
      let name = try own(PyUnicode_FromString(raw + 1))
      guard let found = PyObject_GetItem(parameters, name.ref) else {
        guard PyErr_ExceptionMatches(.lookupError) != 0 else { throw Raised() }
        throw SqliteErrors.raise(
          .programmingError,
          "You did not supply a value for binding parameter :\(Objects.text(of: name.ref)).")
      }
      let value = Owned(adopting: found)
      try bind(
        handle, Int32(index + 1), value.ref, "':\(Objects.text(of: name.ref))'", database)
    }
  }

  private func bind(
    _ handle: OpaquePointer, _ index: Int32, _ value: Ref, _ shown: String,
    _ database: OpaquePointer?
  ) throws(Raised) {
    let adapted =
      SqliteValues.needsAdapting(value)
      ? try SqliteState.adapt(value, SqliteState.protocolType.object, fallback: value)
      : value.retained()
    guard try SqliteValues.bind(handle, index, adapted.ref, shown: shown) else {
      throw SqliteErrors.raise(database)
    }
  }

  // MARK: Columns

  /// Finds the converter of each column by its declared type or by the type in its name.
  private func findConverters(
    _ handle: OpaquePointer, _ connection: SqliteConnection
  ) throws(Raised) {
    let detect = connection.layout.pointee.detectTypes
    if detect == 0 { return }
    let count = sqlite3_column_count(handle)
    let converters = try own(PyTuple_New(Int(count)))
    for index in 0..<count {
      var found: Ref?
      if detect & SqliteConnection.parseColumnNames != 0,
        let raw = sqlite3_column_name(handle, index)
      {
        let name = String(cString: raw)
        if let open = name.firstIndex(of: "["),
          let close = name[open...].firstIndex(of: "]")
        {
          let key = try own(newString(String(name[name.index(after: open)..<close])))
          found = try SqliteState.converter(key.ref)?.give()
        }
      }
      if found == nil, detect & SqliteConnection.parseDeclaredTypes != 0,
        let raw = sqlite3_column_decltype(handle, index)
      {
        let declared = String(cString: raw).prefix { $0 != " " && $0 != "(" }
        let key = try own(newString(String(declared)))
        found = try SqliteState.converter(key.ref)?.give()
      }
      apus_tuple_items(converters.ref)[Int(index)] = found ?? noneObject()
    }
    replaceReference(&ref.view(Layout.self).pointee.converters, converters.give())
  }

  /// `((name, None, None, None, None, None, None), …)`
  private func describe(
    _ handle: OpaquePointer, _ count: Int32, _ connection: SqliteConnection
  ) throws(Raised) -> Owned {
    let description = try own(PyTuple_New(Int(count)))
    for index in 0..<count {
      guard let raw = sqlite3_column_name(handle, index) else { throw raiseNoMemory() }
      var length = 0
      while raw[length] != 0 {
        if connection.layout.pointee.detectTypes & SqliteConnection.parseColumnNames != 0,
          raw[length] == 91
        {
          if length > 0 && raw[length - 1] == 32 { length -= 1 }
          break
        }
        length += 1
      }
      let name = try own(PyUnicode_FromStringAndSize(raw, length))
      let column = try own(PyTuple_New(7))
      apus_tuple_items(column.ref)[0] = name.give()
      for place in 1..<7 { apus_tuple_items(column.ref)[place] = noneObject() }
      apus_tuple_items(description.ref)[Int(index)] = column.give()
    }
    return description
  }

  // MARK: Scripts

  func executeScript(_ script: Ref) throws(Raised) -> Owned {
    var size = 0
    guard let start = PyUnicode_AsUTF8AndSize(script, &size) else { throw Raised() }
    for index in 0..<size where start[index] == 0 {
      throw raise(.valueError, "embedded null character")
    }
    let connection = try checked()
    let database = connection.database
    guard size <= Int(sqlite3_limit(database, SQLITE_LIMIT_SQL_LENGTH, -1)) else {
      throw SqliteErrors.raise(.dataError, "query string is too large")
    }
    if connection.isLegacy, sqlite3_get_autocommit(database) == 0 {
      try connection.run("COMMIT")
    }
    var place = start
    while true {
      var statement: OpaquePointer?
      var tail: UnsafePointer<CChar>?
      let text = place
      let status = withoutGIL { () -> Int32 in
        var status = sqlite3_prepare_v2(database, text, Int32(size) + 1, &statement, &tail)
        if status == SQLITE_OK {
          repeat { status = sqlite3_step(statement) } while status == SQLITE_ROW
          status = sqlite3_finalize(statement)
        }
        return status
      }
      if status != SQLITE_OK {
        if hasRaised() { throw Raised() }
        throw SqliteErrors.raise(database)
      }
      guard let tail, tail.pointee != 0 else { break }
      size -= tail - place
      place = tail
    }
    return ref.retained()
  }
}
