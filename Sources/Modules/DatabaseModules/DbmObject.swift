import CBerkeleyDB
import CPythonABI
import Glibc
import Objects

/// `_dbm.dbm`: an open database, a mapping of bytes.
struct DbmObject {
  struct Layout {
    var base: PyObject
    /// The database; nil once it is closed.
    var handle: OpaquePointer?
    var isWritable: Bool
    /// The number of items; negative when it has to be counted again.
    var count: Int
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  let ref: Ref
  init(_ ref: Ref) { self.ref = ref }
  var layout: UnsafeMutablePointer<Layout> { ref.view(Layout.self) }

  /// Takes over the handle.
  static func make(
    _ handle: OpaquePointer, isWritable: Bool
  ) throws(Raised) -> Owned {
    guard let object = PyType_GenericAlloc(type, 0) else {
      apus_dbm_close(handle)
      throw Raised()
    }
    let layout = object.view(Layout.self)
    layout.pointee.handle = handle
    layout.pointee.isWritable = isWritable
    layout.pointee.count = -1
    return Owned(adopting: object)
  }

  func handle() throws(Raised) -> OpaquePointer {
    guard let handle = layout.pointee.handle else {
      throw DbmFunctions.raise("DBM object has already been closed")
    }
    return handle
  }

  func close() {
    guard let handle = layout.pointee.handle else { return }
    layout.pointee.handle = nil
    apus_dbm_close(handle)
  }

  // MARK: Keys and values

  /// What a str or bytes object stands for in the database. Valid while the object lives.
  private static func datum(_ value: Ref) throws(Raised) -> ApusDatum {
    var size = 0
    let start: UnsafePointer<CChar>?
    if value.isStr {
      start = PyUnicode_AsUTF8AndSize(value, &size)
      if start == nil { throw Raised() }
    } else {
      start = PyBytes_AsString(value).map { UnsafePointer($0) }
      size = PyBytes_Size(value)
    }
    guard let start, size <= Int(Int32.max) else {
      throw raise(.overflowError, "size does not fit in an int")
    }
    return ApusDatum(start: UnsafeMutablePointer(mutating: start), size: Int32(size))
  }

  private static func isText(_ value: Ref) -> Bool { value.isStr || value.isBytes }

  /// The datum of a key argument. `place` says which argument, for the message.
  private static func key(_ value: Ref, _ place: String) throws(Raised) -> ApusDatum {
    if isText(value) { return try datum(value) }
    if PyObject_CheckBuffer(value) != 0 {
      throw raise(
        .typeError, "\(place) must be read-only bytes-like object, not \(value.type.fullName)")
    }
    throw raise(.typeError, "a bytes-like object is required, not '\(value.type.fullName)'")
  }

  /// The datum of a key or value that is stored, where any failure has one message.
  private static func stored(_ value: Ref, _ what: String) throws(Raised) -> ApusDatum {
    if isText(value) {
      do { return try datum(value) } catch { PyErr_Clear() }
    }
    throw raise(.typeError, "dbm mappings have bytes or string \(what) only")
  }

  private static func bytes(_ value: ApusDatum) throws(Raised) -> Owned {
    try own(PyBytes_FromStringAndSize(value.start, Int(value.size)))
  }

  private func store(_ key: ApusDatum, _ value: ApusDatum) throws(Raised) {
    let handle = try handle()
    layout.pointee.count = -1
    if apus_dbm_store(handle, key, value, false) < 0 {
      throw DbmFunctions.raise("cannot add item to database")
    }
  }

  private func assign(_ key: Ref, _ value: Ref?) throws(Raised) {
    let name = try Self.stored(key, "keys")
    let handle = try handle()
    layout.pointee.count = -1
    guard let value else {
      if apus_dbm_delete(handle, name) >= 0 { return }
      if layout.pointee.isWritable {
        PyErr_SetObject(.keyError, key)
        throw Raised()
      }
      throw DbmFunctions.raise("cannot delete item from database")
    }
    let content = try Self.stored(value, "elements")
    if apus_dbm_store(handle, name, content, true) < 0 {
      throw DbmFunctions.raise("cannot add item to database")
    }
  }

  private func countItems() throws(Raised) -> Int {
    let handle = try handle()
    if layout.pointee.count < 0 {
      var count = 0
      var key = apus_dbm_first(handle)
      while key.start != nil {
        count += 1
        key = apus_dbm_next(handle)
      }
      layout.pointee.count = count
    }
    return layout.pointee.count
  }

  // MARK: Methods

  /// One or two arguments, with the message of the functions that take a key as bytes.
  private static func checkCount(_ name: String, _ count: Int) throws(Raised) {
    if count < 1 {
      throw raise(.typeError, "\(name)() takes at least 1 positional argument (0 given)")
    }
    if count > 2 { throw raise(.typeError, "\(name)() takes at most 2 arguments (\(count) given)") }
  }

  private static let closeMethod: Method = .noargs("close($self, /)", "Close the file; what follows raises error.") {
    object, _ in
    none { DbmObject(object).close() }
  }

  private static let keys: Method = .fast("keys($self, /)", "Return the keys, each as bytes, in a list.") {
    object, _, count in
    new {
      if count > 0 { throw raise(.typeError, "keys() takes no arguments") }
      let handle = try DbmObject(object).handle()
      let list = try own(PyList_New(0))
      var key = apus_dbm_first(handle)
      while key.start != nil {
        let name = try bytes(key)
        try check(PyList_Append(list.ref, name.ref))
        key = apus_dbm_next(handle)
      }
      return list
    }
  }

  private static let get: Method = .fast(
    "get($self, key, default=None, /)", "Return the value of a key as bytes, or default where there is none."
  ) { object, args, count in
    new {
      try checkCount("get", count)
      let a = try Arguments(get, args, count)
      let name = try key(a.object(0), "get() argument 1")
      let value = apus_dbm_fetch(try DbmObject(object).handle(), name)
      return value.start == nil ? (a.optional(1) ?? noneObject()).retained() : try bytes(value)
    }
  }

  private static let setdefault: Method = .fast(
    "setdefault($self, key, default=b'', /)",
    "Return the value of a key as bytes.\n\nWhere there is none, store default and return that."
  ) { object, args, count in
    new {
      try checkCount("setdefault", count)
      let a = try Arguments(setdefault, args, count)
      let name = try key(a.object(0), "setdefault() argument 1")
      let database = DbmObject(object)
      let found = apus_dbm_fetch(try database.handle(), name)
      if found.start != nil { return try bytes(found) }
      let value =
        if let given = a.optional(1) { given.retained() } else { try own(PyBytes_FromStringAndSize(nil, 0)) }
      try database.store(name, try stored(value.ref, "elements"))
      return value
    }
  }

  private static let clear: Method = .fast("clear($self, /)", "Delete all items.") { object, _, count in
    none {
      if count > 0 { throw raise(.typeError, "clear() takes no arguments") }
      let database = DbmObject(object)
      let handle = try database.handle()
      database.layout.pointee.count = -1
      while true {
        let key = apus_dbm_first(handle)
        if key.start == nil { return }
        if apus_dbm_delete(handle, key) < 0 {
          throw DbmFunctions.raise("cannot delete item from database")
        }
      }
    }
  }

  private static let enter: Method = .noargs("__enter__($self, /)", "") { object, _ in
    new { object.retained() }
  }

  private static let exit: Method = .fast("__exit__", "") { object, _, _ in
    none { DbmObject(object).close() }
  }

  static let spec = TypeSpec(
    type, "_dbm.dbm", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .disallowInstantiation, .immutableType], base: objectType(),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        DbmObject(object).close()
        object.type.pointee.tp_free?(object)
      },
      .tp_traverse { _, _, _ in 0 },
      .tp_free { PyObject_GC_Del($0) },
      .nb_bool { object in truth { try DbmObject(object).countItems() > 0 } },
      .sq_contains { object, key in
        truth {
          let handle = try DbmObject(object).handle()
          guard isText(key) else {
            throw raise(.typeError, "dbm key must be bytes or string, not \(key.type.fullName)")
          }
          return apus_dbm_fetch(handle, try datum(key)).start != nil
        }
      },
      .mp_length { object in size { try DbmObject(object).countItems() } },
      .mp_subscript { object, key in
        new {
          let name = try Self.key(key, "argument")
          let value = apus_dbm_fetch(try DbmObject(object).handle(), name)
          if value.start == nil {
            PyErr_SetObject(.keyError, key)
            throw Raised()
          }
          return try bytes(value)
        }
      },
      .mp_ass_subscript { object, key, value in status { try DbmObject(object).assign(key, value) } },
    ],
    methods: [clear, closeMethod, enter, exit, get, keys, setdefault])
}
