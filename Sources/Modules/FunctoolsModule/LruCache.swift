import CPythonABI
import Objects

/// What `functools.lru_cache` wraps a function in.
///
/// A bounded cache is a dict from key to link; the links form a ring through the wrapper, the
/// least recently used one first.
enum LruCache {
  struct Layout {
    var base: PyObject
    var first: Ref?
    var last: Ref?
    var function: Ref?
    var cache: Ref?
    var infoType: Ref?
    /// -1 without a bound.
    var maxSize: Int
    var hits: Int
    var misses: Int
    var typed: Int
    var dict: Ref?
    var weakReferences: Ref?
  }

  /// A cached result. Dict and ring both own it: the collector may empty the dict first.
  struct Link {
    var base: PyObject
    var previous: Ref?
    var next: Ref?
    var key: Ref?
    var hash: Int
    var result: Ref?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()
  nonisolated(unsafe) static let linkType = PermanentMemory.type()
  nonisolated(unsafe) static let markType = PermanentMemory.type()

  private static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }
  private static func link(_ object: Ref) -> UnsafeMutablePointer<Link> { object.view(Link.self) }

  private static let constructor: Method = .variableKeywords(
    "lru_cache(user_function, maxsize, typed, cache_info_type)", "", { _, _, _ in nil })

  static let linkSpec = TypeSpec(
    linkType, "functools._lru_list_elem", basicSize: MemoryLayout<Link>.size,
    flags: [.disallowInstantiation], base: objectType(),
    slots: [
      .tp_dealloc { object in
        let own = link(object).pointee
        PyObject_Free(object)
        Py_XDECREF(own.key)
        Py_XDECREF(own.result)
      }
    ])

  static let spec = TypeSpec(
    type, "functools._lru_cache_wrapper", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .methodDescriptor],
    doc: """
      Create a cached callable that wraps another function.

      user_function:      the function being cached

      maxsize:  0         for no caching
                None      for unlimited cache size
                n         for a bounded cache

      typed:    False     cache f(3) and f(3.0) as identical calls
                True      cache f(3) and f(3.0) as distinct calls

      cache_info_type:    namedtuple class with the fields:
                              hits misses currsize maxsize
      """,
    base: objectType(), dictOffset: MemoryLayout<Layout>.at(\.dict),
    weakListOffset: MemoryLayout<Layout>.at(\.weakReferences),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        if view(object).pointee.weakReferences != nil { PyObject_ClearWeakRefs(object) }
        clear(object)
        object.type.pointee.tp_free?(UnsafeMutableRawPointer(object))
      },
      .tp_call { object, args, keywords in new { try call(object, args, keywords) } },
      .tp_traverse { traverse($0, $1, $2) },
      .tp_clear { object in
        clear(object)
        return 0
      },
      .tp_descr_get { object, instance, _ in
        guard let instance, !instance.isNone else {
          Py_INCREF(object)
          return object
        }
        return PyMethod_New(object, instance)
      },
      .tp_new { type, args, keywords in new { try make(type, args, keywords) } },
      .tp_free { PyObject_GC_Del($0) },
    ],
    methods: [cacheInfo, cacheClear, reduce, copy, deepCopy],
    properties: [
      Property(
        "__dict__", get: { PyObject_GenericGetDict($0, $1) },
        set: { PyObject_GenericSetDict($0, $1, $2) })
    ])

  // MARK: Life

  private static func make(_ type: TypeRef, _ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    let a = try Arguments(constructor, tuple: args, keywords: keywords)
    let function = a.object(0)
    guard PyCallable_Check(function) != 0 else {
      throw raise(.typeError, "the first argument must be callable")
    }
    var maxSize = -1
    let given = a.object(1)
    if !given.isNone {
      guard PyIndex_Check(given) != 0 else {
        throw raise(.typeError, "maxsize should be integer or None")
      }
      maxSize = Swift.max(try check(PyNumber_AsSsize_t(given, .overflowError)), 0)
    }
    let typed = try a.bool(2)
    let cache = try own(PyDict_New())
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let object = try own(allocate(type, 0))
    let fields = view(object.ref)
    fields.pointee.function = function.retained().give()
    fields.pointee.cache = cache.give()
    fields.pointee.infoType = a.object(3).retained().give()
    fields.pointee.maxSize = maxSize
    fields.pointee.typed = typed ? 1 : 0
    return object
  }

  private static func traverse(
    _ object: Ref, _ visit: visitproc, _ argument: UnsafeMutableRawPointer?
  ) -> Int32 {
    let own = view(object).pointee
    var next = own.first
    while let current = next {
      let answer = visitReferences(
        visit, argument, link(current).pointee.key, link(current).pointee.result)
      if answer != 0 { return answer }
      next = link(current).pointee.next
    }
    return visitReferences(
      visit, argument, own.function, own.cache, own.infoType, own.dict)
  }

  /// Empties the ring: its references go to the caller, chained by `next`.
  private static func takeLinks(_ object: Ref) -> Ref? {
    let first = view(object).pointee.first
    view(object).pointee.first = nil
    view(object).pointee.last = nil
    return first
  }

  private static func dropLinks(_ first: Ref?) {
    var next = first
    while let current = next {
      next = link(current).pointee.next
      link(current).pointee.next = nil
      link(current).pointee.previous = nil
      Py_DECREF(current)
    }
  }

  private static func clear(_ object: Ref) {
    let links = takeLinks(object)
    let own = view(object)
    clearReference(&own.pointee.cache)
    clearReference(&own.pointee.function)
    clearReference(&own.pointee.infoType)
    clearReference(&own.pointee.dict)
    dropLinks(links)
  }

  // MARK: Keys

  /// What the arguments are remembered by: an int or str itself, else a tuple of the arguments,
  /// a mark before the keyword arguments, and the types when they matter.
  private static func key(
    _ args: Ref, _ keywords: Ref?, typed: Bool
  ) throws(Raised) -> Owned {
    let count = apus_var_size(args)
    let named = keywords.map { PyDict_Size($0) } ?? 0
    if !typed && named == 0 {
      if count == 1 {
        let only = apus_tuple_item(args, 0)
        if only.isExactStr || only.isExactInt { return only.retained() }
      }
      return args.retained()
    }
    var size = count + (named > 0 ? 2 * named + 1 : 0)
    if typed { size += count + named }
    let key = try own(PyTuple_New(size))
    let slots = apus_tuple_items(key.ref)
    var place = 0
    func put(_ item: Ref) {
      Py_INCREF(item)
      slots[place] = item
      place += 1
    }
    for index in 0..<count { put(apus_tuple_item(args, index)) }
    var position = 0
    var name: Ref?
    var value: Ref?
    if named > 0, let keywords {
      put(markType.object)
      while PyDict_Next(keywords, &position, &name, &value) != 0, let name, let value {
        put(name)
        put(value)
      }
    }
    if typed {
      for index in 0..<count { put(apus_tuple_item(args, index).type.object) }
      position = 0
      while let keywords, PyDict_Next(keywords, &position, nil, &value) != 0, let value {
        put(value.type.object)
      }
    }
    return key
  }

  /// The class itself stands between positional and keyword arguments: no argument equals it.
  static let markSpec = TypeSpec(
    markType, "functools._lru_cache_keyword_mark", basicSize: MemoryLayout<PyObject>.size,
    flags: [.disallowInstantiation], base: objectType())

  // MARK: Calls

  private static func call(_ object: Ref, _ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    let own = view(object)
    guard let function = own.pointee.function, let cache = own.pointee.cache else {
      throw raise(.systemError, "lru_cache wrapper is not initialised")
    }
    if own.pointee.maxSize == 0 {
      own.pointee.misses += 1
      return try Objects.own(PyObject_Call(function, args, keywords))
    }
    let key = try key(args, keywords, typed: own.pointee.typed != 0)
    let hash = try check(PyObject_Hash(key.ref))
    if let found = _PyDict_GetItem_KnownHash(cache, key.ref, hash) {
      own.pointee.hits += 1
      if own.pointee.maxSize < 0 { return found.retained() }
      unlink(object, found)
      linkLast(object, found)
      return (link(found).pointee.result ?? noneObject()).retained()
    }
    if hasRaised() { throw Raised() }
    own.pointee.misses += 1
    let result = try Objects.own(PyObject_Call(function, args, keywords))
    guard let cache = own.pointee.cache else { return result }
    if own.pointee.maxSize < 0 {
      try check(_PyDict_SetItem_KnownHash(cache, key.ref, result.ref, hash))
      return result
    }
    // The call may have cached the same key.
    if _PyDict_GetItem_KnownHash(cache, key.ref, hash) != nil { return result }
    if hasRaised() { throw Raised() }
    try remember(object, cache, key, hash, result.ref)
    return result
  }

  /// Adds a result; a full cache gives up its least recently used one.
  private static func remember(
    _ object: Ref, _ cache: Ref, _ key: consuming Owned, _ hash: Int, _ result: Ref
  ) throws(Raised) {
    let own = view(object)
    // The old result is dropped last: that may run anything.
    var evicted: Ref?
    defer { Py_XDECREF(evicted) }
    if PyDict_Size(cache) >= own.pointee.maxSize, let oldest = own.pointee.first {
      unlink(object, oldest)
      evicted = oldest
      guard let oldKey = link(oldest).pointee.key else { throw Raised() }
      let kept = oldKey.retained()
      // The entry may be gone already; then this result is not kept either.
      if _PyDict_GetItem_KnownHash(cache, kept.ref, link(oldest).pointee.hash) == nil {
        if hasRaised() { throw Raised() }
        return
      }
      try check(_PyDict_DelItem_KnownHash(cache, kept.ref, link(oldest).pointee.hash))
    }
    let new = try newLink(key.ref, hash, result)
    try check(_PyDict_SetItem_KnownHash(cache, key.ref, new.ref, hash))
    linkLast(object, new.give())
  }

  private static func newLink(_ key: Ref, _ hash: Int, _ result: Ref) throws(Raised) -> Owned {
    let new = try own(_PyObject_New(linkType))
    let fields = link(new.ref)
    fields.pointee.previous = nil
    fields.pointee.next = nil
    fields.pointee.key = key.retained().give()
    fields.pointee.hash = hash
    fields.pointee.result = result.retained().give()
    return new
  }

  /// Takes a link out of the ring; the ring's reference is the caller's from here on.
  private static func unlink(_ object: Ref, _ item: Ref) {
    let own = view(object)
    let fields = link(item)
    if let previous = fields.pointee.previous {
      link(previous).pointee.next = fields.pointee.next
    } else if own.pointee.first == item {
      own.pointee.first = fields.pointee.next
    }
    if let next = fields.pointee.next {
      link(next).pointee.previous = fields.pointee.previous
    } else if own.pointee.last == item {
      own.pointee.last = fields.pointee.previous
    }
    fields.pointee.previous = nil
    fields.pointee.next = nil
  }

  /// Puts a link at the ring's end, with the reference to it.
  private static func linkLast(_ object: Ref, _ item: Ref) {
    let own = view(object)
    link(item).pointee.previous = own.pointee.last
    link(item).pointee.next = nil
    if let last = own.pointee.last {
      link(last).pointee.next = item
    } else {
      own.pointee.first = item
    }
    own.pointee.last = item
  }

  // MARK: Methods

  private static let cacheInfo: Method = .noargs("cache_info($self, /)", "Report cache statistics") { object, _ in
    new {
      let own = view(object).pointee
      guard let infoType = own.infoType, let cache = own.cache else { throw Raised() }
      let size = own.maxSize < 0 ? noneObject().retained() : try int(own.maxSize)
      let args = try tuple(int(own.hits), int(own.misses), size, int(PyDict_Size(cache)))
      return try Objects.own(PyObject_Call(infoType, args.ref, nil))
    }
  }

  private static let cacheClear: Method = .noargs("cache_clear($self, /)", "Clear the cache and cache statistics") { object, _ in
    let own = view(object)
    let links = takeLinks(object)
    own.pointee.hits = 0
    own.pointee.misses = 0
    if let cache = own.pointee.cache { PyDict_Clear(cache) }
    dropLinks(links)
    return noneObject()
  }

  private static let reduce: Method = .noargs("__reduce__", "") { object, _ in
    PyObject_GetAttrString(object, "__qualname__")
  }

  private static let copy: Method = .variable("__copy__", "") { object, _ in
    Py_INCREF(object)
    return object
  }

  private static let deepCopy: Method = .variable("__deepcopy__", "") { object, _ in
    Py_INCREF(object)
    return object
  }
}
