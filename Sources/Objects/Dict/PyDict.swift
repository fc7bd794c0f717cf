import CPythonABI
import Glibc

/// dict: keys, values and their insertion order in one table.
///
/// A combined table holds the values in its entries. A split table has its keys in the class
/// (shared by the instances) and its values in a row of their own, `ma_values`, which for most
/// instances lies inside the object. Replacing a value never moves an entry; a deletion leaves a
/// hole; the table is rebuilt without holes when it is full.
@frozen public struct PyDict {
  @usableFromInline let object: UnsafeMutablePointer<PyDictObject>

  @inlinable @inline(__always) public init(_ object: Ref) {
    self.object = object.view(PyDictObject.self)
  }

  @inlinable @inline(__always) public var ref: Ref {
    UnsafeMutableRawPointer(object).assumingMemoryBound(to: PyObject.self)
  }

  @inlinable @inline(__always) public var count: Int { object.pointee.ma_used }
  @inlinable @inline(__always) public var keys: DictKeys { object.pointee.ma_keys }
  @inlinable @inline(__always) public var values: UnsafeMutablePointer<PyDictValues>? {
    object.pointee.ma_values
  }
}

// MARK: Allocation

extension PyDict {
  /// An untracked dict with the given table; takes over the reference to the keys.
  @inline(__always)
  static func make(
    _ keys: DictKeys, values: UnsafeMutablePointer<PyDictValues>? = nil, used: Int = 0
  ) throws(Raised) -> Owned {
    let free = apus_freelists()
    let result: Ref
    if let kept = free.pointee.dicts {
      let next = UnsafeMutableRawPointer(kept.view(PyDictObject.self).pointee.ma_keys)
      free.pointee.dicts = free.pointee.dict_count > 1 ? next.assumingMemoryBound(to: PyObject.self) : nil
      free.pointee.dict_count &-= 1
      kept.pointee.ob_refcnt = 1
      result = kept
    } else {
      guard let made = _PyObject_GC_New(dictType()) else {
        keys.release()
        throw Raised()
      }
      result = made
    }
    let dict = PyDict(result)
    dict.object.pointee.ma_used = used
    dict.object.pointee.ma_version_tag = 0
    dict.object.pointee.ma_keys = keys
    dict.object.pointee.ma_values = values
    return Owned(adopting: result)
  }

  /// An empty dict.
  @inline(__always)
  public static func make() throws(Raised) -> Owned { try make(emptyKeys()) }

  /// An empty dict with room for `count` entries; `unicode` when the keys will be strs.
  static func make(room count: Int, unicode: Bool) throws(Raised) -> Owned {
    if count <= 5 {
      // A small table is made by the first insertion.
      return try make()
    }
    // The limit is CPython's: 128 Ki slots in advance at most.
    let log = count > 1 << 16 ? 17 : DictKeys.log(holding: count)
    return try make(DictKeys.make(log: log, unicode: unicode))
  }

  static let dealloc: destructor = { object in
    object.untrackIfNeeded()
    withTrashcan(object, base: dictType()) {
      let dict = PyDict(object)
      if dict.isWatched {
        object.pointee.ob_refcnt = 1
        dict.notify(PyDict_EVENT_DEALLOCATED, nil, nil)
        if object.pointee.ob_refcnt > 1 {
          // A watcher kept the dict.
          Py_DECREF(object)
          return
        }
        object.pointee.ob_refcnt = 0
      }
      let keys = dict.keys
      if let values = dict.values {
        if values.pointee.embedded == 0 { values.discard() }
      }
      keys.release()
      let free = apus_freelists()
      if object.isExactDict && free.pointee.dict_count < APUS_DICT_FREE_MAX {
        dict.object.pointee.ma_keys = UnsafeMutableRawPointer(free.pointee.dicts ?? object)
          .assumingMemoryBound(to: PyDictKeysObject.self)
        free.pointee.dicts = object
        free.pointee.dict_count &+= 1
      } else {
        object.type.pointee.tp_free.unsafelyUnwrapped(object)
      }
    }
  }

  /// Frees the dicts and tables kept for reuse (at a full collection).
  static func clearFreeLists() {
    let free = apus_freelists()
    while let kept = free.pointee.dicts {
      let next = UnsafeMutableRawPointer(kept.view(PyDictObject.self).pointee.ma_keys)
      free.pointee.dicts = free.pointee.dict_count > 1 ? next.assumingMemoryBound(to: PyObject.self) : nil
      free.pointee.dict_count &-= 1
      PyObject_GC_Del(kept)
    }
    while let kept = free.pointee.keys {
      free.pointee.keys = kept.load(as: UnsafeMutableRawPointer?.self)
      PyMem_Free(kept)
    }
    free.pointee.keys_count = 0
  }
}

// MARK: Lookup

extension PyDict {
  /// The number of the key's entry, `DictIndex.empty`, or `DictIndex.error` with an exception set.
  /// An entry of a split table may have no value.
  @inline(__always)
  func lookup(_ key: Ref, _ hash: Int) -> Int {
    let keys = keys
    if !keys.isGeneral && key.isExactStr { return keys.lookup(str: key, hash) }
    if keys.isGeneral, let entry = keys.lookupGeneral(identical: key, hash) { return entry }
    return lookupComparing(key, hash)
  }

  /// Compares with `==`, which may run Python code that changes the dict: then it starts again.
  @inline(never)
  private func lookupComparing(_ key: Ref, _ hash: Int) -> Int {
    restart: while true {
      let keys = keys
      if !keys.isGeneral && key.isExactStr { return keys.lookup(str: key, hash) }
      let isStr = key.isExactStr
      var probe = DictProbe(hash, keys.mask)
      while true {
        let entry = keys.index(probe.slot)
        if entry == DictIndex.empty { return DictIndex.empty }
        if entry >= 0, let other = keys.key(entry) {
          if other == key { return entry }
          if keys.hash(entry) == hash {
            if isStr && other.isExactStr {
              if strEqual(other, key) { return entry }
            } else if let same = PyLong.equalIfCompact(other, key) {
              if same { return entry }
            } else {
              Py_INCREF(other)
              let same = PyObject_RichCompareBool(other, key, Py_EQ)
              let unchanged = self.keys == keys && entry < keys.count && keys.key(entry) == other
              Py_DECREF(other)
              if same < 0 { return DictIndex.error }
              if !unchanged || self.keys != keys { continue restart }
              if same > 0 { return entry }
            }
          }
        }
        probe.advance()
      }
    }
  }

  /// Where the value of an entry is stored.
  @inline(__always)
  func valueSlot(_ entry: Int) -> UnsafeMutablePointer<Ref?> {
    if let values { return apus_values_items(values) + entry }
    let keys = keys
    let field =
      keys.isGeneral
      ? UnsafeMutableRawPointer(keys.general + entry) + 16
      : UnsafeMutableRawPointer(keys.unicode + entry) + 8
    return field.assumingMemoryBound(to: Ref?.self)
  }

  /// The value of a key, borrowed; nil when it is missing. Throws when hashing or comparing does.
  @inline(__always)
  func find(_ key: Ref) throws(Raised) -> Ref? {
    let hash = keyHash(key)
    if hash == -1 { throw Raised() }
    return try find(key, hash)
  }

  @inline(__always)
  func find(_ key: Ref, _ hash: Int) throws(Raised) -> Ref? {
    let entry = lookup(key, hash)
    if entry >= 0 { return valueSlot(entry).pointee }
    if entry == DictIndex.error { throw Raised() }
    return nil
  }

  /// The next entry in insertion order, from `position`, which starts at 0; nil at the end.
  @inline(__always)
  func next(_ position: inout Int) -> (key: Ref, value: Ref, hash: Int)? {
    if let values {
      guard position >= 0 && position < count else { return nil }
      let entry = Int(apus_values_order(values)[position])
      guard let key = keys.unicode[entry].me_key, let value = apus_values_items(values)[entry]
      else { return nil }
      position &+= 1
      return (key, value, knownStrHash(key))
    }
    let keys = keys
    guard position >= 0 else { return nil }
    if keys.isGeneral {
      let entries = keys.general
      while position < keys.count {
        let entry = entries[position]
        position &+= 1
        if let value = entry.me_value {
          return (entry.me_key.unsafelyUnwrapped, value, entry.me_hash)
        }
      }
    } else {
      let entries = keys.unicode
      while position < keys.count {
        let entry = entries[position]
        position &+= 1
        if let value = entry.me_value {
          let key = entry.me_key.unsafelyUnwrapped
          return (key, value, knownStrHash(key))
        }
      }
    }
    return nil
  }
}

// MARK: Insertion

extension PyDict {
  /// Sets the value of a key.
  @inline(__always)
  func set(_ key: Ref, _ value: Ref) throws(Raised) {
    let hash = keyHash(key)
    if hash == -1 { throw Raised() }
    try set(key, hash, value)
  }

  /// Sets the value of a key with its hash. Key and value are retained.
  func set(_ key: Ref, _ hash: Int, _ value: Ref) throws(Raised) {
    if keys == emptyKeys() { return try insertFirst(key, hash, value) }
    if !keys.isGeneral && !key.isExactStr { try resize(log: growthLog, unicode: false) }
    if keys.isSplit {
      let entry = keys.insertSplit(key, hash)
      if entry != DictIndex.empty { return setSplit(entry, key, value) }
      // No room in the shared keys: this dict gets a table of its own.
      try resize(log: growthLog, unicode: true)
    }
    let entry = lookup(key, hash)
    if entry == DictIndex.error { throw Raised() }
    if entry == DictIndex.empty { return try insert(key, hash, value) }
    let slot = valueSlot(entry)
    guard let old = slot.pointee, old != value else { return }
    trackFor(key, value)
    Py_INCREF(value)
    if isWatched {
      notify(PyDict_EVENT_MODIFIED, key, value)
      // A watcher may have moved the table.
      valueSlot(entry).pointee = value
    } else {
      slot.pointee = value
    }
    Py_DECREF(old)
  }

  private func setSplit(_ entry: Int, _ key: Ref, _ value: Ref) {
    guard let values else { return }
    trackFor(key, value)
    let old = apus_values_items(values)[entry]
    if isWatched { notify(old == nil ? PyDict_EVENT_ADDED : PyDict_EVENT_MODIFIED, key, value) }
    Py_INCREF(value)
    apus_values_items(values)[entry] = value
    if let old {
      Py_DECREF(old)
    } else {
      values.appendToOrder(entry)
      object.pointee.ma_used &+= 1
    }
  }

  /// Adds a key that is known to be missing. The table is not split.
  @inline(__always)
  func insert(_ key: Ref, _ hash: Int, _ value: Ref) throws(Raised) {
    if isWatched { notify(PyDict_EVENT_ADDED, key, value) }
    trackFor(key, value)
    keys.pointee.dk_version = 0
    if keys.pointee.dk_usable <= 0 { try resize(log: growthLog, unicode: key.isExactStr) }
    let keys = keys
    let entry = keys.count
    keys.setIndex(keys.freeSlot(hash), entry)
    Py_INCREF(key)
    Py_INCREF(value)
    if keys.isGeneral {
      (keys.general + entry).initialize(
        to: PyDictKeyEntry(me_hash: hash, me_key: key, me_value: value))
    } else {
      (keys.unicode + entry).initialize(to: PyDictUnicodeEntry(me_key: key, me_value: value))
    }
    keys.pointee.dk_usable &-= 1
    keys.pointee.dk_nentries = entry &+ 1
    object.pointee.ma_used &+= 1
  }

  /// Adds a key that is known to be missing to a dict that is not split, making room and turning
  /// the table into a general one when the key requires it.
  func insertMissing(_ key: Ref, _ hash: Int, _ value: Ref) throws(Raised) {
    if keys == emptyKeys() { return try insertFirst(key, hash, value) }
    if keys.isSplit || (!keys.isGeneral && !key.isExactStr) {
      try resize(log: growthLog, unicode: key.isExactStr)
    }
    try insert(key, hash, value)
  }

  private func insertFirst(_ key: Ref, _ hash: Int, _ value: Ref) throws(Raised) {
    let made = try DictKeys.make(log: DictKeys.smallestLog, unicode: key.isExactStr)
    if isWatched { notify(PyDict_EVENT_ADDED, key, value) }
    object.pointee.ma_keys = made
    trackFor(key, value)
    made.setIndex(hash & made.mask, 0)
    Py_INCREF(key)
    Py_INCREF(value)
    if made.isGeneral {
      made.general.initialize(to: PyDictKeyEntry(me_hash: hash, me_key: key, me_value: value))
    } else {
      made.unicode.initialize(to: PyDictUnicodeEntry(me_key: key, me_value: value))
    }
    made.pointee.dk_usable &-= 1
    made.pointee.dk_nentries = 1
    object.pointee.ma_used = 1
  }

  /// The table size to grow to: three times the entries, so that a dict that keeps growing doubles
  /// and one with many deletions shrinks.
  private var growthLog: UInt8 { DictKeys.log(slots: count &* 3) }

  /// Replaces the table by a combined one of `1 << log` slots without holes.
  @inline(never)
  func resize(log: UInt8, unicode: Bool) throws(Raised) {
    let old = keys
    let used = count
    let made = try DictKeys.make(log: log, unicode: unicode && !old.isGeneral)
    if let values {
      let items = apus_values_items(values)
      let order = apus_values_order(values)
      for index in 0..<used {
        let entry = Int(order[index])
        let key = old.unicode[entry].me_key.unsafelyUnwrapped
        Py_INCREF(key)
        if made.isGeneral {
          made.general[index] = PyDictKeyEntry(
            me_hash: knownStrHash(key), me_key: key, me_value: items[entry])
        } else {
          made.unicode[index] = PyDictUnicodeEntry(me_key: key, me_value: items[entry])
        }
      }
      object.pointee.ma_values = nil
      object.pointee.ma_keys = made
      if values.pointee.embedded != 0 {
        // The references moved to the table; the object now asks its dict.
        values.pointee.valid = 0
        items.update(repeating: nil, count: Int(values.pointee.capacity))
      } else {
        PyMem_Free(values)
      }
      finishResize(made, used)
      old.release()
      return
    }
    var target = 0
    if old.isGeneral {
      let source = old.general
      if old.count == used {
        made.general.update(from: source, count: used)
      } else {
        for entry in 0..<old.count where source[entry].me_value != nil {
          made.general[target] = source[entry]
          target &+= 1
        }
      }
    } else if made.isGeneral {
      let source = old.unicode
      for entry in 0..<old.count {
        guard let value = source[entry].me_value, let key = source[entry].me_key else { continue }
        made.general[target] = PyDictKeyEntry(
          me_hash: knownStrHash(key), me_key: key, me_value: value)
        target &+= 1
      }
    } else {
      let source = old.unicode
      if old.count == used {
        made.unicode.update(from: source, count: used)
      } else {
        for entry in 0..<old.count where source[entry].me_value != nil {
          made.unicode[target] = source[entry]
          target &+= 1
        }
      }
    }
    object.pointee.ma_keys = made
    finishResize(made, used)
    old.freeTable()
  }

  private func finishResize(_ made: DictKeys, _ used: Int) {
    made.buildIndices(used)
    made.pointee.dk_usable &-= used
    made.pointee.dk_nentries = used
  }

  /// Tracks the dict when it gets something the collector must see (CPython: MAINTAIN_TRACKING).
  @inline(__always)
  func trackFor(_ key: Ref, _ value: Ref) {
    if !ref.isTracked && (value.mayBeTracked || (!key.isExactStr && key.mayBeTracked)) {
      ref.track()
    }
  }
}

// MARK: Removal

extension PyDict {
  /// Removes an entry that has a value and returns the value.
  func remove(_ entry: Int, _ hash: Int) -> Owned {
    let slot = valueSlot(entry)
    let old = Owned(adopting: slot.pointee.unsafelyUnwrapped)
    slot.pointee = nil
    object.pointee.ma_used &-= 1
    if let values {
      values.removeFromOrder(entry)
      return old
    }
    let keys = keys
    keys.pointee.dk_version = 0
    keys.setIndex(keys.slot(of: entry, hash), DictIndex.dummy)
    let key: Ref?
    if keys.isGeneral {
      key = keys.general[entry].me_key
      keys.general[entry].me_key = nil
      keys.general[entry].me_hash = 0
    } else {
      key = keys.unicode[entry].me_key
      keys.unicode[entry].me_key = nil
    }
    Py_XDECREF(key)
    return old
  }

  /// Removes a key and returns its value; nil when it is missing.
  func pop(_ key: Ref) throws(Raised) -> Owned? {
    // An empty dict does not even hash the key.
    if count == 0 { return nil }
    let hash = keyHash(key)
    if hash == -1 { throw Raised() }
    return try pop(key, hash)
  }

  func pop(_ key: Ref, _ hash: Int) throws(Raised) -> Owned? {
    let entry = lookup(key, hash)
    if entry == DictIndex.error { throw Raised() }
    guard entry >= 0, valueSlot(entry).pointee != nil else { return nil }
    if isWatched { notify(PyDict_EVENT_DELETED, key, nil) }
    return remove(entry, hash)
  }

  /// Removes a key; false when it is missing.
  func delete(_ key: Ref) throws(Raised) -> Bool {
    guard let old = try pop(key) else { return false }
    _ = consume old
    return true
  }

  /// Removes the newest entry. Raises KeyError when there is none.
  func popItem() throws(Raised) -> Owned {
    if count == 0 {
      throw raise(.keyError, "popitem(): dictionary is empty")
    }
    if values != nil { try resize(log: keys.pointee.dk_log2_size, unicode: true) }
    let keys = keys
    keys.pointee.dk_version = 0
    var entry = keys.count &- 1
    while entry >= 0 && valueSlot(entry).pointee == nil { entry &-= 1 }
    if entry < 0 { throw raise(.keyError, "popitem(): dictionary is empty") }
    let key = keys.key(entry).unsafelyUnwrapped
    let value = valueSlot(entry).pointee.unsafelyUnwrapped
    let pair = try PyTuple.pair(key, value)
    if isWatched { notify(PyDict_EVENT_DELETED, key, nil) }
    keys.setIndex(keys.slot(of: entry, keys.hash(entry)), DictIndex.dummy)
    valueSlot(entry).pointee = nil
    if keys.isGeneral { keys.general[entry].me_key = nil } else { keys.unicode[entry].me_key = nil }
    keys.pointee.dk_nentries = entry
    object.pointee.ma_used &-= 1
    Py_DECREF(key)
    Py_DECREF(value)
    return pair
  }

  /// Removes everything.
  func clear() {
    let old = keys
    if old == emptyKeys() { return }
    if isWatched { notify(PyDict_EVENT_CLEARED, nil, nil) }
    if let values {
      if values.pointee.embedded != 0 {
        // The object goes on using its inline values; they are only emptied, and all of them before
        // the first is given up: that may be the end of the object, and of its values.
        object.pointee.ma_used = 0
        values.pointee.size = 0
        let items = apus_values_items(values)
        let capacity = Int(values.pointee.capacity)
        withUnsafeTemporaryAllocation(of: Ref?.self, capacity: capacity) { held in
          for index in 0..<capacity {
            held[index] = items[index]
            items[index] = nil
          }
          for item in held { Py_XDECREF(item) }
        }
        return
      }
      object.pointee.ma_keys = emptyKeys()
      object.pointee.ma_values = nil
      object.pointee.ma_used = 0
      let items = apus_values_items(values)
      for index in 0..<Int(values.pointee.capacity) { Py_XDECREF(items[index]) }
      PyMem_Free(values)
    } else {
      object.pointee.ma_keys = emptyKeys()
      object.pointee.ma_used = 0
    }
    old.release()
  }
}

// MARK: Copying

extension PyDict {
  /// Whether iterating gives the entries as they are stored (no subclass with another `__iter__`).
  @inline(__always)
  var iteratesItself: Bool {
    ref.isExactDict
      || unsafeBitCast(ref.type.pointee.tp_iter, to: Int.self)
        == unsafeBitCast(dictType().pointee.tp_iter, to: Int.self)
  }

  /// A plain dict with the same entries.
  func copy() throws(Raised) -> Owned {
    if count == 0 { return try PyDict.make() }
    if let values, keys.isSplit {
      let capacity = Int(values.pointee.capacity)
      let fresh = try UnsafeMutablePointer<PyDictValues>.make(capacity: capacity)
      fresh.pointee.size = values.pointee.size
      memcpy(apus_values_order(fresh), apus_values_order(values), capacity)
      copyRetaining(apus_values_items(values), to: apus_values_items(fresh), count: capacity)
      keys.retain()
      do throws(Raised) {
        let result = try PyDict.make(keys, values: fresh, used: count)
        if ref.isTracked { result.ref.track() }
        return result
      } catch {
        fresh.discard()
        throw error
      }
    }
    if iteratesItself && values == nil && count >= keys.count * 2 / 3 {
      let result = try PyDict.make(cloneKeys(), used: count)
      if ref.isTracked { result.ref.track() }
      return result
    }
    let result = try PyDict.make()
    try PyDict(result.ref).merge(ref, .override)
    return result
  }

  /// A copy of a combined table, byte for byte, with a reference to everything in it.
  func cloneKeys() throws(Raised) -> DictKeys {
    let source = keys
    let made = try DictKeys.make(log: source.pointee.dk_log2_size, unicode: !source.isGeneral)
    let used = source.count
    memcpy(
      apus_keys_indices(made), apus_keys_indices(source),
      1 << Int(source.pointee.dk_log2_index_bytes))
    made.pointee.dk_usable = source.pointee.dk_usable
    made.pointee.dk_nentries = used
    if source.isGeneral {
      made.general.update(from: source.general, count: used)
      for entry in 0..<used {
        Py_XINCREF(made.general[entry].me_key)
        Py_XINCREF(made.general[entry].me_value)
      }
    } else {
      made.unicode.update(from: source.unicode, count: used)
      for entry in 0..<used {
        Py_XINCREF(made.unicode[entry].me_key)
        Py_XINCREF(made.unicode[entry].me_value)
      }
    }
    return made
  }
}

// MARK: Watchers

extension PyDict {
  @inline(__always)
  var isWatched: Bool { object.pointee.ma_version_tag & 0xFF != 0 }

  /// Tells the watchers of this dict. An exception in one is reported as unraisable.
  @inline(never)
  func notify(_ event: PyDict_WatchEvent, _ key: Ref?, _ value: Ref?) {
    let bits = object.pointee.ma_version_tag & 0xFF
    for watcher in 0..<Int32(APUS_DICT_WATCHERS) where bits & (1 << UInt64(watcher)) != 0 {
      guard let callback = apus_dict_watcher(watcher).pointee else { continue }
      if callback(event, ref, key, value) < 0 { PyErr_WriteUnraisable(ref) }
    }
  }
}
