import CPythonABI
import Objects

/// The module `_zoneinfo`. CPython: Modules/_zoneinfo.c.
public let zoneInfoModule = ModuleSpec(
  "_zoneinfo", doc: "Time zones of the IANA database.",
  exec: { module in
    status {
      let dates = try own(PyImport_ImportModule("_datetime"))
      _ = dates.ref
      if !ZoneInfo.spec.isReady { try ZoneInfo.spec.installInModule() }
      try check(PyModule_AddObjectRef(module, "ZoneInfo", ZoneInfo.type.object))
    }
  })

/// zoneinfo.ZoneInfo: a zone of the IANA database.
enum ZoneInfo {
  struct Layout {
    var base: PyObject
    /// The name it was asked for, or None.
    var key: Ref?
    /// The repr of the file it was read from.
    var file: Ref?
    var weakReferences: Ref?
    /// A `ZoneTable`, retained.
    var table: UnsafeMutableRawPointer?
    var source: UInt8
  }

  private static let uncached: UInt8 = 0
  private static let cached: UInt8 = 1
  private static let fromFile: UInt8 = 2
  /// How many zones are kept alive.
  private static let mostKept = 8

  nonisolated(unsafe) static let type = PermanentMemory.type()
  /// A WeakValueDictionary of the zones by key.
  nonisolated(unsafe) private static var weakCache: Ref?
  /// A list of `(key, zone)`, the last used first.
  nonisolated(unsafe) private static var kept: Ref?

  private static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  private static func table(_ object: Ref) -> ZoneTable? {
    view(object).pointee.table.map { Unmanaged<ZoneTable>.fromOpaque($0).takeUnretainedValue() }
  }

  // MARK: Reading

  private static func load(_ file: Ref, _ type: TypeRef, _ key: Ref) throws(Raised) -> Owned {
    let object = try own(PyType_GenericAlloc(type, 0))
    let module = try own(PyImport_ImportModule("zoneinfo._common"))
    let function = try own(PyObject_GetAttrString(module.ref, "load_data"))
    let data = try own(PyObject_CallOneArg(function.ref, file))
    let table = try ZoneTable(data.ref)
    view(object.ref).pointee.table = Unmanaged.passRetained(table).toOpaque()
    view(object.ref).pointee.key = key.retained().give()
    return object
  }

  private static func make(_ type: TypeRef, _ key: Ref) throws(Raised) -> Owned {
    let paths = try own(PyImport_ImportModule("zoneinfo._tzpath"))
    let find = try own(PyObject_GetAttrString(paths.ref, "find_tzfile"))
    let path = try own(PyObject_CallOneArg(find.ref, key))
    let file: Owned
    if path.ref.isNone {
      let common = try own(PyImport_ImportModule("zoneinfo._common"))
      let open = try own(PyObject_GetAttrString(common.ref, "load_tzdata"))
      file = try own(PyObject_CallOneArg(open.ref, key))
    } else {
      let io = try own(PyImport_ImportModule("io"))
      let open = try own(PyObject_GetAttrString(io.ref, "open"))
      let mode = try own(PyUnicode_FromString("rb"))
      file = try own(call(open.ref, path.ref, mode.ref))
    }
    var made: Ref?
    do { made = try load(file.ref, type, key).give() } catch {}
    let error = PyErr_GetRaisedException()
    let closed = callMethod(file.ref, "close")
    Py_XDECREF(closed)
    if let error {
      PyErr_Clear()
      PyErr_SetRaisedException(error)
      Py_XDECREF(made)
      throw Raised()
    }
    if closed == nil {
      Py_XDECREF(made)
      throw Raised()
    }
    return try own(made)
  }

  // MARK: Caches

  private static func newWeakCache() throws(Raised) -> Owned {
    let module = try own(PyImport_ImportModule("weakref"))
    let factory = try own(PyObject_GetAttrString(module.ref, "WeakValueDictionary"))
    return try own(PyObject_CallNoArgs(factory.ref))
  }

  private static func weakCache(_ type: TypeRef) throws(Raised) -> Owned {
    if type != self.type { return try own(PyObject_GetAttrString(type.object, "_weak_cache")) }
    if let known = weakCache { return known.retained() }
    let made = try newWeakCache()
    weakCache = made.ref.retained().give()
    InterpreterEnd.add("zoneinfo weak cache") { InterpreterEnd.drop(&weakCache) }
    return made
  }

  private static func strongCache() throws(Raised) -> Ref {
    if let known = kept { return known }
    let made = try own(PyList_New(0)).give()
    kept = made
    InterpreterEnd.add("zoneinfo strong cache") { InterpreterEnd.drop(&kept) }
    return made
  }

  /// The place of a key among the zones kept, nil when it is not there.
  private static func find(_ key: Ref) throws(Raised) -> Int? {
    let list = try strongCache()
    var index = 0
    while index < apus_var_size(list) {
      let pair = apus_list_item(list, index).retained()
      if try check(PyObject_RichCompareBool(apus_tuple_item(pair.ref, 0), key, Py_EQ)) != 0 {
        return index
      }
      index += 1
    }
    return nil
  }

  private static func drop(_ key: Ref) throws(Raised) {
    guard let index = try find(key) else { return }
    try check(PyList_SetSlice(try strongCache(), index, index + 1, nil))
  }

  private static func keep(_ key: Ref, _ zone: Ref) throws(Raised) {
    let list = try strongCache()
    let pair = try tuple(key.retained(), zone.retained())
    try check(PyList_Insert(list, 0, pair.ref))
    let count = apus_var_size(list)
    if count > mostKept { try check(PyList_SetSlice(list, mostKept, count, nil)) }
  }

  private static func zone(_ type: TypeRef, _ key: Ref) throws(Raised) -> Owned {
    if type == self.type, let index = try find(key), index < apus_var_size(try strongCache()) {
      let list = try strongCache()
      let pair = apus_list_item(list, index).retained()
      if index > 0 {
        try check(PyList_SetSlice(list, index, index + 1, nil))
        try check(PyList_Insert(list, 0, pair.ref))
      }
      return apus_tuple_item(pair.ref, 1).retained()
    }
    let cache = try weakCache(type)
    let get = try own(PyObject_GetAttrString(cache.ref, "get"))
    var found = try own(call(get.ref, key, noneObject()))
    if found.ref.isNone {
      let made = try make(type, key)
      view(made.ref).pointee.source = cached
      let setDefault = try own(PyObject_GetAttrString(cache.ref, "setdefault"))
      found = try own(call(setDefault.ref, key, made.ref))
    }
    if type == self.type { try keep(key, found.ref) }
    return found
  }

  // MARK: Class methods

  private static let construct = ArgumentFormat("O:ZoneInfo", ["key"])

  private static let clearCache: Method = .keywords(
    "clear_cache($type, /, *, only_keys=None)", "Clear the ZoneInfo cache."
  ) { type, args, count, names in
    none {
      let a = try Arguments(clearCache, args, count, names)
      let cache = try weakCache(type.asType)
      guard let keys = a.optional(0) else {
        _ = try own(callMethod(cache.ref, "clear"))
        if type.asType == ZoneInfo.type { try check(PyList_Clear(try strongCache())) }
        return
      }
      let iterator = try own(PyObject_GetIter(keys))
      let pop = try own(PyObject_GetAttrString(cache.ref, "pop"))
      while let next = PyIter_Next(iterator.ref) {
        let key = Owned(adopting: next)
        if type.asType == ZoneInfo.type { try drop(key.ref) }
        _ = try own(call(pop.ref, key.ref, noneObject()))
      }
      if hasRaised() { throw Raised() }
    }
  }.classMethod

  private static let noCache: Method = Method.keywords(
    "no_cache($type, /, key)", "Get a new instance of ZoneInfo, bypassing the cache."
  ) { type, args, count, names in
    new {
      let a = try Arguments(noCacheParameters, args, count, names)
      return try make(type.asType, a.object(0))
    }
  }.classMethod
  private static let noCacheParameters: Method = .variableKeywords("no_cache(key)", "") {
    _, _, _ in nil
  }

  private static let readFile: Method = Method.keywords(
    "from_file($type, file_obj, /, key=None)", "Create a ZoneInfo file from a file object."
  ) { type, args, count, names in
    new {
      let a = try Arguments(readFileParameters, args, count, names)
      let shown = try own(PyObject_Repr(a.object(0)))
      let made = try load(a.object(0), type.asType, a.object(1))
      view(made.ref).pointee.file = shown.give()
      view(made.ref).pointee.source = fromFile
      return made
    }
  }.classMethod
  private static let readFileParameters: Method = .variableKeywords(
    "from_file(file_obj, /, key=None)", "") { _, _, _ in nil }

  private static let unpickle: Method = Method.fast(
    "_unpickle($type, key, from_cache, /)", "Private method used in unpickling."
  ) { type, args, count in
    new {
      try checkPositional("_unpickle", count, least: 2, most: 2)
      guard let args else { throw Raised() }
      if try check(PyObject_IsTrue(args[1])) != 0 {
        return try own(PyObject_CallOneArg(type, args[0]))
      }
      return try make(type.asType, args[0])
    }
  }.classMethod

  private static let initSubclass: Method = Method.variableKeywords(
    "__init_subclass__", "Function to initialize subclasses."
  ) { type, _, _ in
    none {
      let cache = try newWeakCache()
      try check(PyObject_SetAttrString(type, "_weak_cache", cache.ref))
    }
  }.classMethod

  // MARK: Offsets

  /// The date and time of any datetime-like object, as seconds since 1970 on its own clock.
  private static func clock(_ moment: Ref) throws(Raised) -> (seconds: Int, year: Int, fold: Int) {
    if moment.type == DateTimeObject.type {
      let it = DateTimeObject(moment)
      let days = it.date.ordinal - CalendarDays.epoch
      return (days * 86_400 + it.secondOfDay, it.year, it.fold)
    }
    func number(_ name: String) throws(Raised) -> Int {
      let value = try own(PyObject_GetAttrString(moment, name))
      return try check(PyLong_AsLong(value.ref))
    }
    let ordinal = try own(callMethod(moment, "toordinal"))
    let days = try check(PyLong_AsLong(ordinal.ref)) &- CalendarDays.epoch
    let hour = try number("hour")
    let minute = try number("minute")
    let second = try number("second")
    let year = try number("year")
    let fold = try number("fold")
    return (days &* 86_400 &+ hour &* 3600 &+ minute &* 60 &+ second, year, fold)
  }

  private static func info(_ object: Ref, _ moment: Ref) throws(Raised) -> ZoneTable.Info? {
    guard let table = table(object) else { throw Raised() }
    if moment.isNone { return table.fixed }
    let (seconds, year, fold) = try clock(moment)
    guard year >= 1, year <= 9999 else { throw raise(.valueError, "year \(year) is out of range") }
    return table.info(local: seconds, year: year, fold: fold)
  }

  private static let utcoffset: Method = .o(
    "utcoffset($self, dt, /)", "Retrieve a timedelta representing the UTC offset in a zone at the given datetime."
  ) { object, moment in
    new { (try info(object, moment)?.offset ?? noneObject()).retained() }
  }
  private static let dst: Method = .o(
    "dst($self, dt, /)", "Retrieve a timedelta representing the amount of DST applied in a zone at the given datetime."
  ) { object, moment in
    new { (try info(object, moment)?.summer ?? noneObject()).retained() }
  }
  private static let tzname: Method = .o(
    "tzname($self, dt, /)", "Retrieve a string containing the abbreviation for the time zone that applies in a zone at a given datetime."
  ) { object, moment in
    new { (try info(object, moment)?.name ?? noneObject()).retained() }
  }

  private static let fromUTC: Method = .o(
    "fromutc($self, object, /)", "Given a datetime with local time in UTC, retrieve an adjusted datetime in local time."
  ) { object, moment in
    new {
      guard DateTimeObject.isDateTime(moment) else {
        throw raise(.typeError, "fromutc: argument must be a datetime")
      }
      let it = DateTimeObject(moment)
      guard it.zone == object else {
        throw raise(.valueError, "fromutc: dt.tzinfo is not self")
      }
      guard let table = table(object) else { throw Raised() }
      let seconds = (it.date.ordinal - CalendarDays.epoch) * 86_400 + it.secondOfDay
      guard let (info, fold) = table.info(utc: seconds, year: it.year) else {
        throw raise(.valueError, "No time zone information found.")
      }
      let local = try it.adding(TimeDelta(info.offset), sign: 1)
      if !fold { return local }
      if local.ref.type == DateTimeObject.type {
        DateTimeObject(local.ref).layout.pointee.fold = 1
        return local
      }
      let replace = try own(PyObject_GetAttrString(local.ref, "replace"))
      let nothing = try own(PyTuple_New(0))
      let keywords = try own(PyDict_New())
      let one = try int(1)
      try check(PyDict_SetItemString(keywords.ref, "fold", one.ref))
      return try own(PyObject_Call(replace.ref, nothing.ref, keywords.ref))
    }
  }

  // MARK: Text and pickles

  private static func repr(_ object: Ref) throws(Raised) -> Owned {
    let key = view(object).pointee.key ?? noneObject()
    let name = object.type.fullName
    if !key.isNone {
      let shown = try own(PyObject_Repr(key))
      let open = try own(newString("\(name)(key="))
      let joined = try own(PyUnicode_Concat(open.ref, shown.ref))
      let close = try own(PyUnicode_FromString(")"))
      return try own(PyUnicode_Concat(joined.ref, close.ref))
    }
    let open = try own(newString("\(name).from_file("))
    let joined = try own(PyUnicode_Concat(open.ref, view(object).pointee.file ?? apus_str_empty()))
    let close = try own(PyUnicode_FromString(")"))
    return try own(PyUnicode_Concat(joined.ref, close.ref))
  }

  private static let reduce: Method = .noargs("__reduce__($self, /)", "Function for serialization with the pickle protocol.") {
    object, _ in
    new {
      if view(object).pointee.source == fromFile {
        let pickle = try own(PyImport_ImportModule("pickle"))
        let error = try own(PyObject_GetAttrString(pickle.ref, "PicklingError"))
        throw raise(error.ref, "Cannot pickle a ZoneInfo file from a file stream.")
      }
      let rebuild = try own(PyObject_GetAttrString(object, "_unpickle"))
      let isCached = try int(view(object).pointee.source == cached ? 1 : 0)
      let arguments = try tuple(
        (view(object).pointee.key ?? noneObject()).retained(), isCached)
      return try tuple(rebuild, arguments)
    }
  }

  static let spec = TypeSpec(
    type, "zoneinfo.ZoneInfo", basicSize: MemoryLayout<Layout>.stride, flags: [.haveGC, .baseType],
    base: TimeZones.type, weakListOffset: MemoryLayout<Layout>.at(\.weakReferences),
    slots: [
      .tp_new { type, args, keywords in
        new {
          let given = try construct.parse(args, keywords)
          guard let key = given.object(0) else { throw Raised() }
          return try zone(type, key)
        }
      },
      .tp_getattro(PyObject_GenericGetAttr),
      .tp_traverse { object, visit, argument in
        visitReferences(visit, argument, view(object).pointee.key, view(object).pointee.file)
      },
      .tp_clear { object in
        clearReference(&view(object).pointee.file)
        return 0
      },
      .tp_free { PyObject_GC_Del($0) },
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        if view(object).pointee.weakReferences != nil { PyObject_ClearWeakRefs(object) }
        if let table = view(object).pointee.table {
          view(object).pointee.table = nil
          Unmanaged<ZoneTable>.fromOpaque(table).release()
        }
        clearReference(&view(object).pointee.key)
        clearReference(&view(object).pointee.file)
        object.type.pointee.tp_free?(object)
      },
      .tp_repr { object in new { try repr(object) } },
      .tp_str { object in
        new {
          let key = view(object).pointee.key ?? noneObject()
          return key.isNone ? try repr(object) : try own(PyObject_Str(key))
        }
      },
    ],
    methods: [
      clearCache, noCache, readFile, utcoffset, dst, tzname, fromUTC, reduce, unpickle,
      initSubclass,
    ],
    members: [
      Member("key", _Py_T_OBJECT, offset: MemoryLayout<Layout>.at(\.key), flags: Py_READONLY)
    ])
}
