import CPythonABI
import CSQLite
import Glibc
import Objects

/// A Python callable that SQLite holds: for a function, an aggregate class, a collation or a hook.
struct SqliteCallback {
  /// Owned.
  var callable: Ref

  static func make(_ callable: Ref) throws(Raised) -> UnsafeMutablePointer<SqliteCallback> {
    guard let memory = PyMem_RawMalloc(MemoryLayout<SqliteCallback>.stride) else {
      throw raiseNoMemory()
    }
    let callback = memory.bindMemory(to: SqliteCallback.self, capacity: 1)
    callback.initialize(to: SqliteCallback(callable: callable.retained().give()))
    return callback
  }

  /// Gives a callback up. With the GIL.
  static func release(_ callback: UnsafeMutablePointer<SqliteCallback>?) {
    guard let callback else { return }
    Py_DECREF(callback.pointee.callable)
    PyMem_RawFree(callback)
  }

  /// The destructor that SQLite calls, without the GIL or with it.
  static let destroy: @convention(c) (UnsafeMutableRawPointer?) -> Void = { data in
    guard let data else { return }
    let state = PyGILState_Ensure()
    SqliteCallback.release(data.assumingMemoryBound(to: SqliteCallback.self))
    PyGILState_Release(state)
  }

  static func of(_ data: UnsafeMutableRawPointer?) -> SqliteCallback? {
    data?.assumingMemoryBound(to: SqliteCallback.self).pointee
  }

  /// Shows the exception of a callback, or forgets it.
  func report() {
    if SqliteState.showsTracebacks {
      PyErr_WriteUnraisable(callable)
    } else {
      PyErr_Clear()
    }
  }

  /// Makes the SQL statement fail because of the exception that is set.
  func fail(_ context: OpaquePointer?, _ message: String) {
    if PyErr_ExceptionMatches(.memoryError) != 0 {
      sqlite3_result_error_nomem(context)
    } else if PyErr_ExceptionMatches(.overflowError) != 0 {
      sqlite3_result_error_toobig(context)
    } else {
      sqlite3_result_error(context, message, -1)
    }
    report()
  }

  // MARK: Functions

  typealias Values = UnsafeMutablePointer<OpaquePointer?>

  static let function: @convention(c) (OpaquePointer?, Int32, Values?) -> Void = {
    context, count, values in
    let state = PyGILState_Ensure()
    defer { PyGILState_Release(state) }
    guard let callback = SqliteCallback.of(sqlite3_user_data(context)) else { return }
    do {
      let args = try SqliteValues.arguments(count, values)
      let result = try own(PyObject_Call(callback.callable, args.ref, nil))
      try SqliteValues.setResult(context, result.ref)
    } catch {
      callback.fail(context, "user-defined function raised exception")
    }
  }

  // MARK: Aggregates

  /// Where SQLite keeps the aggregate's Python object during a query.
  private static func place(
    _ context: OpaquePointer?, make: Bool
  ) -> UnsafeMutablePointer<Ref?>? {
    sqlite3_aggregate_context(context, make ? Int32(MemoryLayout<Ref?>.size) : 0)?
      .assumingMemoryBound(to: Ref?.self)
  }

  private static func method(
    _ object: Ref, _ name: String, _ callback: SqliteCallback, _ context: OpaquePointer?
  ) -> Owned? {
    if let method = PyObject_GetAttrString(object, name) { return Owned(adopting: method) }
    let words =
      PyErr_ExceptionMatches(.attributeError) != 0 ? "method not defined" : "method raised error"
    callback.fail(context, "user-defined aggregate's '\(name)' \(words)")
    return nil
  }

  /// Calls `step` or `inverse`.
  private static func advance(
    _ context: OpaquePointer?, _ count: Int32, _ values: Values?, _ name: String
  ) {
    guard let callback = SqliteCallback.of(sqlite3_user_data(context)),
      let place = place(context, make: true)
    else { return }
    if place.pointee == nil {
      guard let made = PyObject_CallNoArgs(callback.callable) else {
        callback.fail(context, "user-defined aggregate's '__init__' method raised error")
        return
      }
      place.pointee = made
    }
    guard let object = place.pointee,
      let function = method(object, name, callback, context)
    else { return }
    let callable = function.ref
    do {
      let args = try SqliteValues.arguments(count, values)
      _ = try own(PyObject_Call(callable, args.ref, nil))
    } catch {
      callback.fail(context, "user-defined aggregate's '\(name)' method raised error")
    }
  }

  static let step: @convention(c) (OpaquePointer?, Int32, Values?) -> Void = {
    context, count, values in
    let state = PyGILState_Ensure()
    SqliteCallback.advance(context, count, values, "step")
    PyGILState_Release(state)
  }

  static let inverse: @convention(c) (OpaquePointer?, Int32, Values?) -> Void = {
    context, count, values in
    let state = PyGILState_Ensure()
    SqliteCallback.advance(context, count, values, "inverse")
    PyGILState_Release(state)
  }

  /// Calls `value` or `finalize` and hands over the result.
  private static func conclude(_ context: OpaquePointer?, _ object: Ref, _ name: String) {
    guard let callback = SqliteCallback.of(sqlite3_user_data(context)) else { return }
    guard let function = method(object, name, callback, context) else { return }
    let callable = function.ref
    do {
      let result = try own(PyObject_CallNoArgs(callable))
      try SqliteValues.setResult(context, result.ref)
    } catch {
      callback.fail(context, "user-defined aggregate's '\(name)' method raised error")
    }
  }

  static let value: @convention(c) (OpaquePointer?) -> Void = { context in
    let state = PyGILState_Ensure()
    defer { PyGILState_Release(state) }
    guard let object = SqliteCallback.place(context, make: false)?.pointee else { return }
    SqliteCallback.conclude(context, object, "value")
  }

  static let final: @convention(c) (OpaquePointer?) -> Void = { context in
    let state = PyGILState_Ensure()
    defer { PyGILState_Release(state) }
    // No row came, or the object could not be made.
    guard let place = SqliteCallback.place(context, make: false), let object = place.pointee else {
      return
    }
    let saved = PyErr_GetRaisedException()
    SqliteCallback.conclude(context, object, "finalize")
    PyErr_SetRaisedException(saved)
    place.pointee = nil
    Py_DECREF(object)
  }

  // MARK: Collations and hooks

  static let collate:
    @convention(c) (
      UnsafeMutableRawPointer?, Int32, UnsafeRawPointer?, Int32, UnsafeRawPointer?
    ) -> Int32 = { data, leftSize, left, rightSize, right in
      let state = PyGILState_Ensure()
      defer { PyGILState_Release(state) }
      guard !hasRaised(), let callback = SqliteCallback.of(data) else { return 0 }
      do {
        let first = try own(
          PyUnicode_FromStringAndSize(left?.assumingMemoryBound(to: CChar.self), Int(leftSize)))
        let second = try own(
          PyUnicode_FromStringAndSize(right?.assumingMemoryBound(to: CChar.self), Int(rightSize)))
        let result = try own(call(callback.callable, first.ref, second.ref))
        var overflow: Int32 = 0
        let order = PyLong_AsLongAndOverflow(result.ref, &overflow)
        if order == -1 && hasRaised() { throw Raised() }
        if overflow != 0 { return overflow }
        return order > 0 ? 1 : order < 0 ? -1 : 0
      } catch {
        callback.report()
        return 0
      }
    }

  typealias Name = UnsafePointer<CChar>

  static let authorize:
    @convention(c) (UnsafeMutableRawPointer?, Int32, Name?, Name?, Name?, Name?) -> Int32 = {
      data, action, first, second, database, source in
      let state = PyGILState_Ensure()
      defer { PyGILState_Release(state) }
      guard let callback = SqliteCallback.of(data) else { return SQLITE_DENY }
      do {
        let args = try own(PyTuple_New(5))
        apus_tuple_items(args.ref)[0] = try int(Int(action)).give()
        for (index, text) in [first, second, database, source].enumerated() {
          apus_tuple_items(args.ref)[index + 1] =
            text == nil ? noneObject() : try own(PyUnicode_FromString(text.unsafelyUnwrapped)).give()
        }
        let result = try own(PyObject_Call(callback.callable, args.ref, nil))
        guard result.ref.isInt else { return SQLITE_DENY }
        let answer = PyLong_AsInt(result.ref)
        if answer == -1 && hasRaised() { throw Raised() }
        return answer
      } catch {
        callback.report()
        return SQLITE_DENY
      }
    }

  static let tick: @convention(c) (UnsafeMutableRawPointer?) -> Int32 = { data in
    let state = PyGILState_Ensure()
    defer { PyGILState_Release(state) }
    guard let callback = SqliteCallback.of(data) else { return 0 }
    do {
      let result = try own(PyObject_CallNoArgs(callback.callable))
      return try check(PyObject_IsTrue(result.ref))
    } catch {
      callback.report()
      return 1
    }
  }

  static let traced:
    @convention(c) (
      UInt32, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?
    ) -> Int32 = { event, data, statement, sql in
      guard event == UInt32(SQLITE_TRACE_STMT) else { return 0 }
      let state = PyGILState_Ensure()
      defer { PyGILState_Release(state) }
      guard let callback = SqliteCallback.of(data) else { return 0 }
      let handle = statement.map { OpaquePointer($0) }
      var text: Ref?
      if let expanded = sqlite3_expanded_sql(handle) {
        text = PyUnicode_FromString(expanded)
        sqlite3_free(expanded)
      } else {
        let database = sqlite3_db_handle(handle)
        if sqlite3_errcode(database) == SQLITE_NOMEM {
          _ = raiseNoMemory()
          callback.report()
          return 0
        }
        _ = SqliteErrors.raise(
          .dataError, "Expanded SQL string exceeds the maximum string length")
        callback.report()
        // The text with its placeholders is better than nothing.
        text = sql.flatMap { PyUnicode_FromString($0.assumingMemoryBound(to: CChar.self)) }
      }
      guard let text else {
        callback.report()
        return 0
      }
      let result = PyObject_CallOneArg(callback.callable, text)
      Py_DECREF(text)
      if let result { Py_DECREF(result) } else { callback.report() }
      return 0
    }
}
