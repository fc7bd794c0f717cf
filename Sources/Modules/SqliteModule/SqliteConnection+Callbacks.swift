import CPythonABI
import CSQLite
import Interpreter
import Objects

/// Methods that give SQLite functions to call.
extension SqliteConnection {
  /// Warns when arguments that are to become positional are given by name.
  private static func warn(
    _ method: String, _ names: [String], positional: Int, _ given: Ref?
  ) throws(Raised) {
    guard positional < names.count, given != nil else { return }
    let quoted = names.map { "'\($0)'" }
    let list =
      quoted.count == 1
      ? quoted[0] : quoted.dropLast().joined(separator: ", ") + " and " + (quoted.last ?? "")
    try check(
      PyErr_WarnEx(
        .deprecationWarning,
        "Passing keyword argument\(names.count == 1 ? "" : "s") \(list) to "
          + "_sqlite3.Connection.\(method)() is deprecated. Parameter\(names.count == 1 ? "" : "s") "
          + "\(list) will become positional-only in Python 3.15.", 1))
  }

  private static func utf8(_ text: Ref) throws(Raised) -> UnsafePointer<CChar> {
    guard let bytes = PyUnicode_AsUTF8(text) else { throw Raised() }
    return bytes
  }

  private static let createFunction: Method = .keywords(
    "create_function($self, /, name, narg, func, *, deterministic=False)",
    "Creates a new function.\n\nNote: Passing keyword arguments 'name', 'narg' and 'func' to\n_sqlite3.Connection.create_function() is deprecated. Parameters\n'name', 'narg' and 'func' will become positional-only in Python 3.15.\n"
  ) { object, args, count, names in
    none {
      let a = try Arguments(createFunction, args, count, names)
      try warn("create_function", ["name", "narg", "func"], positional: count, names)
      guard let nameText = try a.str(0) else { throw Raised() }
      let name = try utf8(nameText)
      let arity = try a.int32(1)
      let deterministic = try a.bool(3)
      let connection = SqliteConnection(object)
      try connection.checkUsable()
      let flags = SQLITE_UTF8 | (deterministic ? SQLITE_DETERMINISTIC : 0)
      let status: Int32
      if a.object(2).isNone {
        status = sqlite3_create_function_v2(
          connection.database, name, arity, flags, nil, nil, nil, nil, nil)
      } else {
        let callback = try SqliteCallback.make(a.object(2))
        status = sqlite3_create_function_v2(
          connection.database, name, arity, flags, callback, SqliteCallback.function, nil, nil,
          SqliteCallback.destroy)
      }
      if status != SQLITE_OK {
        throw SqliteErrors.raise(.operationalError, "Error creating function")
      }
    }
  }

  private static let createAggregate: Method = .keywords(
    "create_aggregate($self, /, name, n_arg, aggregate_class)",
    "Creates a new aggregate.\n\nNote: Passing keyword arguments 'name', 'n_arg' and 'aggregate_class'\nto _sqlite3.Connection.create_aggregate() is deprecated. Parameters\n'name', 'n_arg' and 'aggregate_class' will become positional-only in\nPython 3.15.\n"
  ) { object, args, count, names in
    none {
      let a = try Arguments(createAggregate, args, count, names)
      try warn("create_aggregate", ["name", "n_arg", "aggregate_class"], positional: count, names)
      guard let nameText = try a.str(0) else { throw Raised() }
      let name = try utf8(nameText)
      let arity = try a.int32(1)
      let connection = SqliteConnection(object)
      try connection.checkUsable()
      let status: Int32
      if a.object(2).isNone {
        status = sqlite3_create_function_v2(
          connection.database, name, arity, SQLITE_UTF8, nil, nil, nil, nil, nil)
      } else {
        let callback = try SqliteCallback.make(a.object(2))
        status = sqlite3_create_function_v2(
          connection.database, name, arity, SQLITE_UTF8, callback, nil, SqliteCallback.step,
          SqliteCallback.final, SqliteCallback.destroy)
      }
      if status != SQLITE_OK {
        throw SqliteErrors.raise(.operationalError, "Error creating aggregate")
      }
    }
  }

  private static let createWindowFunction: Method = .fast(
    "create_window_function($self, name, num_params, aggregate_class, /)",
    "Creates or redefines an aggregate window function. Non-standard.\n\n  name\n    The name of the SQL aggregate window function to be created or\n    redefined.\n  num_params\n    The number of arguments the step and inverse methods takes.\n  aggregate_class\n    A class with step(), finalize(), value(), and inverse() methods.\n    Set to None to clear the window function."
  ) { object, args, count in
    none {
      let a = try Arguments(createWindowFunction, args, count)
      guard let nameText = try a.str(0) else { throw Raised() }
      let name = try utf8(nameText)
      let arity = try a.int32(1)
      let connection = SqliteConnection(object)
      try connection.checkUsable()
      let status: Int32
      if a.object(2).isNone {
        status = sqlite3_create_window_function(
          connection.database, name, arity, SQLITE_UTF8, nil, nil, nil, nil, nil, nil)
      } else {
        let callback = try SqliteCallback.make(a.object(2))
        status = sqlite3_create_window_function(
          connection.database, name, arity, SQLITE_UTF8, callback, SqliteCallback.step,
          SqliteCallback.final, SqliteCallback.value, SqliteCallback.inverse,
          SqliteCallback.destroy)
      }
      // The connection keeps no error for this call.
      if status != SQLITE_OK {
        throw SqliteErrors.raise(
          .programmingError, sqlite3_errstr(status).map { String(cString: $0) } ?? "")
      }
    }
  }

  private static let createCollation: Method = .fast(
    "create_collation($self, name, callback, /)", "Creates a collation function."
  ) { object, args, count in
    none {
      let a = try Arguments(createCollation, args, count)
      guard let nameText = try a.str(0) else { throw Raised() }
      let name = try utf8(nameText)
      let connection = SqliteConnection(object)
      try connection.checkUsable()
      let status: Int32
      if a.object(1).isNone {
        status = sqlite3_create_collation_v2(
          connection.database, name, SQLITE_UTF8, nil, nil, nil)
      } else {
        guard PyCallable_Check(a.object(1)) != 0 else {
          throw raise(.typeError, "parameter must be callable")
        }
        let callback = try SqliteCallback.make(a.object(1))
        status = sqlite3_create_collation_v2(
          connection.database, name, SQLITE_UTF8, callback, SqliteCallback.collate,
          SqliteCallback.destroy)
        // Unlike the other functions, this one does not call the destructor when it fails.
        if status != SQLITE_OK { SqliteCallback.release(callback) }
      }
      if status != SQLITE_OK { throw SqliteErrors.raise(connection.database) }
    }
  }

  private static let setAuthorizer: Method = .keywords(
    "set_authorizer($self, /, authorizer_callback)",
    "Set authorizer callback.\n\nNote: Passing keyword argument 'authorizer_callback' to\n_sqlite3.Connection.set_authorizer() is deprecated. Parameter\n'authorizer_callback' will become positional-only in Python 3.15.\n"
  ) { object, args, count, names in
    none {
      let a = try Arguments(setAuthorizer, args, count, names)
      try warn("set_authorizer", ["authorizer_callback"], positional: count, names)
      let connection = SqliteConnection(object)
      try connection.checkUsable()
      var callback: UnsafeMutablePointer<SqliteCallback>?
      if !a.object(0).isNone { callback = try SqliteCallback.make(a.object(0)) }
      let status = sqlite3_set_authorizer(
        connection.database, callback == nil ? nil : SqliteCallback.authorize, callback)
      if status != SQLITE_OK {
        SqliteCallback.release(callback)
        throw SqliteErrors.raise(.operationalError, "Error setting authorizer callback")
      }
      let old = connection.layout.pointee.authorizer
      connection.layout.pointee.authorizer = callback
      SqliteCallback.release(old)
    }
  }

  private static let setProgress: Method = .keywords(
    "set_progress_handler($self, /, progress_handler, n)",
    "Set progress handler callback.\n\n  progress_handler\n    A callable that takes no arguments.\n    If the callable returns non-zero, the current query is terminated,\n    and an exception is raised.\n  n\n    The number of SQLite virtual machine instructions that are\n    executed between invocations of 'progress_handler'.\n\nIf 'progress_handler' is None or 'n' is 0, the progress handler is disabled.\n\nNote: Passing keyword argument 'progress_handler' to\n_sqlite3.Connection.set_progress_handler() is deprecated. Parameter\n'progress_handler' will become positional-only in Python 3.15.\n"
  ) { object, args, count, names in
    none {
      let a = try Arguments(setProgress, args, count, names)
      try warn("set_progress_handler", ["progress_handler"], positional: count, names)
      let steps = try a.int32(1)
      let connection = SqliteConnection(object)
      try connection.checkUsable()
      var callback: UnsafeMutablePointer<SqliteCallback>?
      if !a.object(0).isNone { callback = try SqliteCallback.make(a.object(0)) }
      sqlite3_progress_handler(
        connection.database, callback == nil ? 0 : steps,
        callback == nil ? nil : SqliteCallback.tick, callback)
      let old = connection.layout.pointee.progress
      connection.layout.pointee.progress = callback
      SqliteCallback.release(old)
    }
  }

  private static let setTrace: Method = .keywords(
    "set_trace_callback($self, /, trace_callback)",
    "Set a trace callback called for each SQL statement (passed as unicode).\n\nNote: Passing keyword argument 'trace_callback' to\n_sqlite3.Connection.set_trace_callback() is deprecated. Parameter\n'trace_callback' will become positional-only in Python 3.15.\n"
  ) { object, args, count, names in
    none {
      let a = try Arguments(setTrace, args, count, names)
      try warn("set_trace_callback", ["trace_callback"], positional: count, names)
      let connection = SqliteConnection(object)
      try connection.checkUsable()
      var callback: UnsafeMutablePointer<SqliteCallback>?
      if !a.object(0).isNone { callback = try SqliteCallback.make(a.object(0)) }
      sqlite3_trace_v2(
        connection.database, callback == nil ? 0 : UInt32(SQLITE_TRACE_STMT),
        callback == nil ? nil : SqliteCallback.traced, callback)
      let old = connection.layout.pointee.trace
      connection.layout.pointee.trace = callback
      SqliteCallback.release(old)
    }
  }

  static var callbackMethods: [Method] {
    [
      createAggregate, createCollation, createFunction, createWindowFunction, setAuthorizer,
      setProgress, setTrace,
    ]
  }
}
