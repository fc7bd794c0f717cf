import CPythonABI
import CSQLite
import Objects

/// Python objects as SQLite values and the other way round.
enum SqliteValues {
  /// An int as SQLite has them. Raises OverflowError.
  static func int64(_ object: Ref) throws(Raised) -> Int64 {
    var overflow: Int32 = 0
    let value = PyLong_AsLongLongAndOverflow(object, &overflow)
    if overflow != 0 {
      throw raise(.overflowError, "Python int too large to convert to SQLite INTEGER")
    }
    if value == -1 && hasRaised() { throw Raised() }
    return value
  }

  static func text(_ object: Ref) throws(Raised) -> (UnsafePointer<CChar>, Int32) {
    var size = 0
    guard let bytes = PyUnicode_AsUTF8AndSize(object, &size) else { throw Raised() }
    guard let small = Int32(exactly: size) else {
      throw raise(.overflowError, "string is longer than INT_MAX bytes")
    }
    return (bytes, small)
  }

  /// Binds a parameter. False when SQLite refused it (its error is in the connection).
  /// - Parameter shown: how messages name the parameter.
  static func bind(
    _ statement: OpaquePointer, _ index: Int32, _ value: Ref, shown: String
  ) throws(Raised) -> Bool {
    let status: Int32
    if value.isNone {
      status = sqlite3_bind_null(statement, index)
    } else if value.isInt {
      status = sqlite3_bind_int64(statement, index, try int64(value))
    } else if value.isInstance(of: floatType()) {
      let number = PyFloat_AsDouble(value)
      if number == -1 && hasRaised() { throw Raised() }
      status = sqlite3_bind_double(statement, index, number)
    } else if value.isStr {
      let (bytes, size) = try text(value)
      status = apus_sqlite_bind_text(statement, index, bytes, size)
    } else if PyObject_CheckBuffer(value) != 0 {
      var view = Py_buffer()
      try check(PyObject_GetBuffer(value, &view, PyBUF_SIMPLE))
      defer { PyBuffer_Release(&view) }
      guard let size = Int32(exactly: view.len) else {
        throw raise(.overflowError, "BLOB longer than INT_MAX bytes")
      }
      status = apus_sqlite_bind_blob(statement, index, view.buf, size)
    } else {
      throw SqliteErrors.raise(
        .programmingError,
        "Error binding parameter \(shown): type '\(value.type.fullName)' is not supported")
    }
    return status == SQLITE_OK
  }

  /// Whether a parameter has to be asked for its adapted form.
  static func needsAdapting(_ value: Ref) -> Bool {
    if SqliteState.adaptsBasicTypes { return true }
    return !(value.isExactInt || value.isExactFloat || value.isExactStr
      || value.type == byteArrayType())
  }

  /// The arguments of a function that SQL calls.
  static func arguments(
    _ count: Int32, _ values: UnsafeMutablePointer<OpaquePointer?>?
  ) throws(Raised) -> Owned {
    let args = try own(PyTuple_New(Int(count)))
    for index in 0..<Int(count) {
      apus_tuple_items(args.ref)[index] = try argument(values?[index]).give()
    }
    return args
  }

  private static func argument(_ value: OpaquePointer?) throws(Raised) -> Owned {
    switch sqlite3_value_type(value) {
    case SQLITE_INTEGER: return try int(Int(sqlite3_value_int64(value)))
    case SQLITE_FLOAT: return try own(PyFloat_FromDouble(sqlite3_value_double(value)))
    case SQLITE_TEXT:
      let text = sqlite3_value_text(value)
      let size = sqlite3_value_bytes(value)
      return try own(
        PyUnicode_FromStringAndSize(
          UnsafeRawPointer(text)?.assumingMemoryBound(to: CChar.self), Int(size)))
    case SQLITE_BLOB:
      let bytes = sqlite3_value_blob(value)
      let size = sqlite3_value_bytes(value)
      return try own(
        PyBytes_FromStringAndSize(bytes?.assumingMemoryBound(to: CChar.self), Int(size)))
    default: return noneObject().retained()
    }
  }

  /// Gives a Python result to SQLite.
  static func setResult(_ context: OpaquePointer?, _ value: Ref) throws(Raised) {
    if value.isNone {
      sqlite3_result_null(context)
    } else if value.isInt {
      sqlite3_result_int64(context, try int64(value))
    } else if value.isInstance(of: floatType()) {
      let number = PyFloat_AsDouble(value)
      if number == -1 && hasRaised() { throw Raised() }
      sqlite3_result_double(context, number)
    } else if value.isStr {
      let (bytes, size) = try text(value)
      apus_sqlite_result_text(context, bytes, size)
    } else if PyObject_CheckBuffer(value) != 0 {
      var view = Py_buffer()
      try check(PyObject_GetBuffer(value, &view, PyBUF_SIMPLE))
      defer { PyBuffer_Release(&view) }
      guard let size = Int32(exactly: view.len) else {
        throw raise(.overflowError, "BLOB longer than INT_MAX bytes")
      }
      apus_sqlite_result_blob(context, view.buf, size)
    } else {
      throw SqliteErrors.raise(
        .programmingError,
        "User-defined functions cannot return '\(value.type.fullName)' values to SQLite")
    }
  }
}
