import CPythonABI
import CSQLite
import Interpreter
import Objects

/// A prepared statement, `sqlite3.Statement`; the connection keeps them for reuse.
struct SqliteStatement {
  struct Layout {
    var base: PyObject
    var statement: OpaquePointer?
    /// INSERT, UPDATE, DELETE or REPLACE.
    var changesData: UInt8
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  let ref: Ref
  init(_ ref: Ref) { self.ref = ref }
  var handle: OpaquePointer? { ref.view(Layout.self).pointee.statement }
  var changesData: Bool { ref.view(Layout.self).pointee.changesData != 0 }

  /// The text without the white space and comments it starts with; nil when nothing is left.
  static func skipBlank(_ sql: UnsafePointer<CChar>) -> UnsafePointer<CChar>? {
    var place = sql
    while true {
      switch UInt8(bitPattern: place.pointee) {
      case 0: return nil
      case 32, 9, 12, 10, 13: place += 1
      case 45 where place[1] == 45:
        place += 2
        while place.pointee != 0 && place.pointee != 10 { place += 1 }
        if place.pointee == 0 { return nil }
      case 47 where place[1] == 42:
        place += 2
        while place.pointee != 0 && !(place[0] == 42 && place[1] == 47) { place += 1 }
        if place.pointee == 0 { return nil }
        place += 2
      default: return place
      }
    }
  }

  static func make(_ connection: SqliteConnection, _ sql: Ref) throws(Raised) -> Owned {
    var size = 0
    guard let text = PyUnicode_AsUTF8AndSize(sql, &size) else { throw Raised() }
    let database = connection.database
    guard size <= Int(sqlite3_limit(database, SQLITE_LIMIT_SQL_LENGTH, -1)) else {
      throw SqliteErrors.raise(.dataError, "query string is too large")
    }
    for index in 0..<size where text[index] == 0 {
      throw SqliteErrors.raise(.programmingError, "the query contains a null character")
    }
    var statement: OpaquePointer?
    var tail: UnsafePointer<CChar>?
    let length = Int32(truncatingIfNeeded: size + 1)
    let status = withoutGIL { sqlite3_prepare_v2(database, text, length, &statement, &tail) }
    guard status == SQLITE_OK else { throw SqliteErrors.raise(database) }
    if let tail, skipBlank(tail) != nil {
      _ = sqlite3_finalize(statement)
      throw SqliteErrors.raise(
        .programmingError, "You can only execute one statement at a time.")
    }
    var changes = false
    if let start = skipBlank(text) {
      for word in ["insert", "update", "delete", "replace"] as [StaticString]
      where sqlite3_strnicmp(start, cString(word), Int32(word.utf8CodeUnitCount)) == 0 {
        changes = true
      }
    }
    let object = try own(PyType_GenericAlloc(type, 0))
    object.ref.view(Layout.self).pointee.statement = statement
    object.ref.view(Layout.self).pointee.changesData = changes ? 1 : 0
    return object
  }

  func reset() {
    guard let handle else { return }
    withoutGIL { _ = sqlite3_reset(handle) }
  }

  static let spec = TypeSpec(
    type, "sqlite3.Statement", basicSize: MemoryLayout<Layout>.size,
    flags: [.disallowInstantiation], base: objectType(),
    slots: [
      .tp_dealloc { object in
        if let handle = SqliteStatement(object).handle {
          object.view(Layout.self).pointee.statement = nil
          withoutGIL { _ = sqlite3_finalize(handle) }
        }
        object.type.pointee.tp_free?(object)
      }
    ])
}
