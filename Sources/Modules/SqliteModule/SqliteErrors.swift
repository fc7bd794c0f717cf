import CPythonABI
import CSQLite
import Objects

/// The exceptions of DB-API 2.0 (PEP 249) and SQLite's errors as them.
enum SqliteErrors {
  enum Kind: Int, CaseIterable {
    case warning, error, interfaceError, databaseError, dataError, operationalError,
      integrityError, internalError, programmingError, notSupportedError

    var name: StaticString {
      switch self {
      case .warning: "Warning"
      case .error: "Error"
      case .interfaceError: "InterfaceError"
      case .databaseError: "DatabaseError"
      case .dataError: "DataError"
      case .operationalError: "OperationalError"
      case .integrityError: "IntegrityError"
      case .internalError: "InternalError"
      case .programmingError: "ProgrammingError"
      case .notSupportedError: "NotSupportedError"
      }
    }
  }

  nonisolated(unsafe) private static var types = InlineArray<10, Ref?>(repeating: nil)

  static func type(_ kind: Kind) throws(Raised) -> Ref {
    if let known = types[kind.rawValue] { return known }
    let base: Ref
    switch kind {
    case .warning, .error: base = .exception
    case .interfaceError, .databaseError: base = try type(.error)
    default: base = try type(.databaseError)
    }
    let made = try own(PyErr_NewException("sqlite3.\(kind.name)", base, nil)).give()
    types[kind.rawValue] = made
    InterpreterEnd.add("sqlite3 errors") {
      for index in types.indices { InterpreterEnd.drop(&types[index]) }
    }
    return made
  }

  static func raise(_ kind: Kind, _ message: String) -> Raised {
    do { return Objects.raise(try type(kind), message) } catch { return Raised() }
  }

  /// Raises the error that a result code stands for.
  static func raise(code: Int32, extended: Int32, message: String) -> Raised {
    let kind: Kind
    switch code & 0xFF {
    case SQLITE_INTERNAL, SQLITE_NOTFOUND: kind = .internalError
    case SQLITE_NOMEM: return raiseNoMemory()
    case SQLITE_ERROR, SQLITE_PERM, SQLITE_ABORT, SQLITE_BUSY, SQLITE_LOCKED, SQLITE_READONLY,
      SQLITE_INTERRUPT, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN, SQLITE_PROTOCOL, SQLITE_EMPTY,
      SQLITE_SCHEMA:
      kind = .operationalError
    case SQLITE_TOOBIG: kind = .dataError
    case SQLITE_CONSTRAINT, SQLITE_MISMATCH: kind = .integrityError
    case SQLITE_MISUSE, SQLITE_RANGE: kind = .interfaceError
    default: kind = .databaseError
    }
    do {
      let type = try type(kind)
      let text = try own(newString(message))
      let exception = try own(PyObject_CallOneArg(type, text.ref))
      let number = try int(Int(extended))
      try check(PyObject_SetAttrString(exception.ref, "sqlite_errorcode", number.ref))
      let name = try own(
        PyUnicode_FromString(cString(SqliteConstants.name(Int(extended)) ?? "unknown")))
      try check(PyObject_SetAttrString(exception.ref, "sqlite_errorname", name.ref))
      PyErr_SetObject(type, exception.ref)
      return Raised()
    } catch { return Raised() }
  }

  /// Raises the error of a connection's last call.
  static func raise(_ database: OpaquePointer?) -> Raised {
    guard let database else { return raise(.interfaceError, "no database") }
    let code = sqlite3_errcode(database)
    let message = sqlite3_errmsg(database).map { String(cString: $0) } ?? ""
    if code == SQLITE_OK { return hasRaised() ? Raised() : raise(.databaseError, message) }
    return raise(code: code, extended: sqlite3_extended_errcode(database), message: message)
  }

  /// Raises the error of a code that no connection keeps.
  static func raise(code: Int32) -> Raised {
    let message = sqlite3_errstr(code).map { String(cString: $0) } ?? ""
    return raise(code: code, extended: code, message: message)
  }
}
