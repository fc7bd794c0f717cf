import CPythonABI

/// Attribute lookup on types: the MRO scan, the global cache in front of it, and the version tags
/// that keep it honest. CPython: Objects/typeobject.c, `_PyType_Lookup`, `PyType_Modified`,
/// `assign_version_tag`.
///
/// A type with a version promises: as long as `tp_version_tag` keeps its value, every lookup on the
/// type gives what it gave before. Therefore all bases of a versioned type are versioned too, and a
/// change to a type clears the tags of its subclasses.
extension UnsafeMutablePointer where Pointee == PyTypeObject {
  /// The attribute in the type's MRO, borrowed; nil when there is none. Sets no exception.
  @inlinable @inline(__always) public func lookUp(_ name: Ref) -> Ref? {
    let version = pointee.tp_version_tag
    let entry = apus_type_cache_entry(version, name)
    if entry.pointee.version == version && entry.pointee.name == name {
      return entry.pointee.value
    }
    return lookUpUncached(name)
  }

  @usableFromInline @inline(never) func lookUpUncached(_ name: Ref) -> Ref? {
    // Names made for one lookup would push lasting ones out of the cache, and live on in it.
    let cacheable =
      name.isExactStr && apus_str_interned(name) != 0 && apus_str_length(name) <= 100
      && assignVersion()
    let version = pointee.tp_version_tag
    let found = scanMRO(name)
    if cacheable && pointee.tp_version_tag == version {
      let entry = apus_type_cache_entry(version, name)
      let old = entry.pointee.name
      Py_INCREF(name)
      entry.pointee.version = version
      entry.pointee.name = name
      entry.pointee.value = found
      Py_XDECREF(old)
    }
    return found
  }

  /// The attribute in the dict of the first type of the MRO that has it, borrowed.
  func scanMRO(_ name: Ref) -> Ref? {
    guard let mro = pointee.tp_mro else { return nil }
    let hash = PyObject_Hash(name)
    if hash == -1 {
      PyErr_Clear()
      return nil
    }
    // A key with a Python-level __eq__ may replace the MRO under our feet.
    Py_INCREF(mro)
    defer { Py_DECREF(mro) }
    for index in 0..<apus_var_size(mro) {
      guard let dict = apus_tuple_item(mro, index).asType.pointee.tp_dict else { continue }
      if let value = _PyDict_GetItem_KnownHash(dict, name, hash) { return value }
      if hasRaised() {
        PyErr_Clear()
        return nil
      }
    }
    return nil
  }

  /// Gives the type a version unless it has one. False when it cannot have one: not ready, its
  /// metaclass makes its own MRO, or too many versions were used up.
  func assignVersion() -> Bool {
    if pointee.tp_version_tag != 0 { return true }
    if pointee.tp_flags & UInt(Py_TPFLAGS_READY) == 0 { return false }
    // CPython's limit: a type that changes all the time is not worth caching.
    if pointee.tp_versions_used >= 1000 { return false }
    if let bases = pointee.tp_bases {
      for index in 0..<apus_var_size(bases) {
        if !apus_tuple_item(bases, index).asType.assignVersion() { return false }
      }
    }
    let counter = apus_next_type_version_address()
    if counter.pointee == UInt32.max { return false }
    counter.pointee &+= 1
    pointee.tp_versions_used += 1
    pointee.tp_version_tag = counter.pointee
    return true
  }

  /// Invalidates what anybody remembers about the type and its subclasses.
  func modified() {
    if pointee.tp_version_tag == 0 { return }
    forEachSubclass { $0.modified() }
    if pointee.tp_watched != 0 { TypeWatchers.notify(self) }
    pointee.tp_version_tag = 0
    if pointee.tp_flags & UInt(Py_TPFLAGS_HEAPTYPE) != 0 {
      heap.pointee._spec_cache.getitem = nil
      heap.pointee._spec_cache.`init` = nil
    }
  }

  /// The type as a heap type; only valid with Py_TPFLAGS_HEAPTYPE.
  @inlinable @inline(__always) public var heap: UnsafeMutablePointer<PyHeapTypeObject> {
    UnsafeMutableRawPointer(self).assumingMemoryBound(to: PyHeapTypeObject.self)
  }

  @inlinable @inline(__always) var isHeap: Bool {
    pointee.tp_flags & UInt(Py_TPFLAGS_HEAPTYPE) != 0
  }

  @inlinable @inline(__always) func has(_ flag: UInt) -> Bool { pointee.tp_flags & flag != 0 }
}

/// The callbacks of `PyType_AddWatcher`: eight at most, each a bit of `tp_watched`.
enum TypeWatchers {
  static let capacity = 8

  static func notify(_ type: TypeRef) {
    let table = apus_type_watchers()
    for index in 0..<capacity where type.pointee.tp_watched & (1 << UInt8(index)) != 0 {
      if let callback = table[index], callback(type) < 0 { PyErr_WriteUnraisable(type.object) }
    }
  }

  static func check(_ id: Int32) throws(Raised) {
    guard id >= 0 && id < capacity else {
      throw raise(.valueError, "Invalid type watcher ID \(id)")
    }
    if apus_type_watchers()[Int(id)] == nil {
      throw raise(.valueError, "No type watcher set for ID \(id)")
    }
  }
}

@c @implementation public func PyType_AddWatcher(_ callback: @escaping PyType_WatchCallback) -> Int32 {
  let table = apus_type_watchers()
  for index in 1..<TypeWatchers.capacity where table[index] == nil {
    table[index] = callback
    return Int32(index)
  }
  _ = raise(.runtimeError, "no more type watcher IDs available")
  return -1
}

@c @implementation public func PyType_ClearWatcher(_ watcher_id: Int32) -> Int32 {
  status {
    try TypeWatchers.check(watcher_id)
    apus_type_watchers()[Int(watcher_id)] = nil
  }
}

@c @implementation public func PyType_Watch(_ watcher_id: Int32, _ type: Ref) -> Int32 {
  status {
    guard type.isType else { throw raise(.valueError, "Cannot watch non-type") }
    try TypeWatchers.check(watcher_id)
    // A type without a version would never report a change.
    _ = type.asType.assignVersion()
    type.asType.pointee.tp_watched |= 1 << UInt8(watcher_id)
  }
}

@c @implementation public func PyType_Unwatch(_ watcher_id: Int32, _ type: Ref) -> Int32 {
  status {
    guard type.isType else { throw raise(.valueError, "Cannot watch non-type") }
    try TypeWatchers.check(watcher_id)
    type.asType.pointee.tp_watched &= ~(1 << UInt8(watcher_id))
  }
}

@c @implementation public func _PyType_Lookup(_ type: TypeRef, _ name: Ref) -> Ref? {
  type.lookUp(name)
}

@c @implementation public func _PyType_LookupRef(_ type: TypeRef, _ name: Ref) -> Ref? {
  guard let found = type.lookUp(name) else { return nil }
  Py_INCREF(found)
  return found
}

@c @implementation public func PyType_Modified(_ type: TypeRef) { type.modified() }

@c @implementation public func PyUnstable_Type_AssignVersionTag(_ type: TypeRef) -> Int32 {
  type.assignVersion() ? 1 : 0
}

/// Empties the cache; the result is the last version given out.
@c @implementation public func PyType_ClearCache() -> UInt32 {
  for index in 0..<(1 << Int(APUS_TYPE_CACHE_BITS)) {
    let entry = apus_type_cache_entry_at(index)
    let name = entry.pointee.name
    entry.pointee.version = 0
    entry.pointee.name = nil
    entry.pointee.value = nil
    Py_XDECREF(name)
  }
  return apus_next_type_version_address().pointee
}
