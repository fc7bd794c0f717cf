import CPythonABI

/// Whether the object is a dict; sets SystemError when not.
@inline(__always)
private func isDict(_ object: Ref) -> Bool {
  if object.isDict { return true }
  PyErr_BadInternalCall()
  return false
}

/// A str for a C string, for the functions that take their key as one.
private func keyString(_ key: UnsafePointer<CChar>) throws(Raised) -> Owned {
  try own(PyUnicode_FromString(key))
}

@c @implementation public func PyDict_New() -> Ref? { new { try PyDict.make() } }

@c @implementation public func _PyDict_NewPresized(_ count: Int) -> Ref? {
  new { try PyDict.make(room: count, unicode: false) }
}

@c @implementation public func PyDict_Size(_ dict: Ref) -> Int {
  isDict(dict) ? PyDict(dict).count : -1
}

// MARK: Getting

/// The value, borrowed, or nil. Hides every exception, as it always did.
@c @implementation public func PyDict_GetItem(_ dict: Ref, _ key: Ref) -> Ref? {
  guard dict.isDict else { return nil }
  let saved = PyErr_GetRaisedException()
  let value: Ref?
  do {
    value = try PyDict(dict).find(key)
  } catch {
    PyErr_WriteUnraisable(nil)
    value = nil
  }
  PyErr_SetRaisedException(saved)
  return value
}

@c @implementation public func PyDict_GetItemWithError(_ dict: Ref, _ key: Ref) -> Ref? {
  guard isDict(dict) else { return nil }
  do { return try PyDict(dict).find(key) } catch { return nil }
}

@c @implementation public func _PyDict_GetItem_KnownHash(_ dict: Ref, _ key: Ref, _ hash: Int) -> Ref? {
  guard isDict(dict) else { return nil }
  do { return try PyDict(dict).find(key, hash) } catch { return nil }
}

/// 1 with a new reference in `result`, 0 with nil for a missing key, -1 with an exception set.
@c @implementation public func PyDict_GetItemRef(
  _ dict: Ref, _ key: Ref, _ result: UnsafeMutablePointer<Ref?>
) -> Int32 {
  result.pointee = nil
  guard isDict(dict) else { return -1 }
  return truth {
    guard let value = try PyDict(dict).find(key) else { return false }
    Py_INCREF(value)
    result.pointee = value
    return true
  }
}

@c @implementation public func PyDict_GetItemString(
  _ dict: Ref, _ key: UnsafePointer<CChar>
) -> Ref? {
  do {
    let name = try keyString(key)
    return PyDict_GetItem(dict, name.ref)
  } catch {
    PyErr_Clear()
    return nil
  }
}

@c @implementation public func _PyDict_GetItemStringWithError(
  _ dict: Ref, _ key: UnsafePointer<CChar>
) -> Ref? {
  do {
    let name = try keyString(key)
    return PyDict_GetItemWithError(dict, name.ref)
  } catch {
    return nil
  }
}

@c @implementation public func PyDict_GetItemStringRef(
  _ dict: Ref, _ key: UnsafePointer<CChar>, _ result: UnsafeMutablePointer<Ref?>
) -> Int32 {
  result.pointee = nil
  do {
    let name = try keyString(key)
    return PyDict_GetItemRef(dict, name.ref, result)
  } catch {
    return -1
  }
}

@c @implementation public func PyDict_Contains(_ dict: Ref, _ key: Ref) -> Int32 {
  truth { try PyDict(dict).find(key) != nil }
}

@c @implementation public func PyDict_ContainsString(
  _ dict: Ref, _ key: UnsafePointer<CChar>
) -> Int32 {
  truth {
    let name = try keyString(key)
    return try PyDict(dict).find(name.ref) != nil
  }
}

public func _PyDict_Contains_KnownHash(_ dict: Ref, _ key: Ref, _ hash: Int) -> Int32 {
  truth { try PyDict(dict).find(key, hash) != nil }
}

/// The next entry, borrowed; `position` starts at 0. 0 at the end.
@c @implementation public func PyDict_Next(
  _ dict: Ref, _ position: UnsafeMutablePointer<Int>, _ key: UnsafeMutablePointer<Ref?>?,
  _ value: UnsafeMutablePointer<Ref?>?
) -> Int32 {
  guard dict.isDict, let entry = PyDict(dict).next(&position.pointee) else { return 0 }
  key?.pointee = entry.key
  value?.pointee = entry.value
  return 1
}

/// The same with the key's hash.
public func _PyDict_Next(
  _ dict: Ref, _ position: inout Int, _ key: inout Ref?, _ value: inout Ref?, _ hash: inout Int
) -> Int32 {
  guard dict.isDict, let entry = PyDict(dict).next(&position) else { return 0 }
  (key, value, hash) = entry
  return 1
}

// MARK: Setting

@c @implementation public func PyDict_SetItem(_ dict: Ref, _ key: Ref, _ value: Ref) -> Int32 {
  guard isDict(dict) else { return -1 }
  let hash = keyHash(key)
  if hash == -1 { return -1 }
  do { try PyDict(dict).set(key, hash, value) } catch { return -1 }
  return 0
}

@c
public func _PyDict_SetItem_KnownHash(_ dict: Ref, _ key: Ref, _ value: Ref, _ hash: Int) -> Int32 {
  guard isDict(dict) else { return -1 }
  return status { try PyDict(dict).set(key, hash, value) }
}

/// The same: where one thread runs at a time no dict needs a lock of its own.
@c
public func _PyDict_SetItem_KnownHash_LockHeld(
  _ dict: Ref, _ key: Ref, _ value: Ref, _ hash: Int
) -> Int32 { _PyDict_SetItem_KnownHash(dict, key, value, hash) }

@c @implementation public func PyDict_SetItemString(
  _ dict: Ref, _ key: UnsafePointer<CChar>, _ value: Ref
) -> Int32 {
  status {
    var name = PyUnicode_FromString(key)
    if name == nil { throw Raised() }
    PyUnicode_InternInPlace(&name)
    let interned = try own(name)
    try check(PyDict_SetItem(dict, interned.ref, value))
  }
}

/// The value, borrowed, added when the key is missing.
@c @implementation public func PyDict_SetDefault(_ dict: Ref, _ key: Ref, _ value: Ref?) -> Ref? {
  guard isDict(dict) else { return nil }
  do {
    var present = false
    let result = try PyDict(dict).setDefault(key, value ?? noneObject(), present: &present)
    // The dict keeps it alive.
    return result.ref
  } catch {
    return nil
  }
}

/// 1 when the key was there, 0 when it was added, -1 with an exception set. `result` may be NULL.
@c @implementation public func PyDict_SetDefaultRef(
  _ dict: Ref, _ key: Ref, _ value: Ref?, _ result: UnsafeMutablePointer<Ref?>?
) -> Int32 {
  result?.pointee = nil
  guard isDict(dict) else { return -1 }
  return truth {
    var present = false
    let found = try PyDict(dict).setDefault(key, value ?? noneObject(), present: &present)
    if let result { result.pointee = found.give() }
    return present
  }
}

// MARK: Deleting

@c @implementation public func PyDict_DelItem(_ dict: Ref, _ key: Ref) -> Int32 {
  guard isDict(dict) else { return -1 }
  return status { if try !PyDict(dict).delete(key) { throw raiseKeyError(key) } }
}

public func _PyDict_DelItem_KnownHash(_ dict: Ref, _ key: Ref, _ hash: Int) -> Int32 {
  guard isDict(dict) else { return -1 }
  return status {
    guard let old = try PyDict(dict).pop(key, hash) else { throw raiseKeyError(key) }
    _ = consume old
  }
}

/// Deletes the key if `predicate` says so of its value: 1 deleted, 0 not, -1 with an exception set.
public func _PyDict_DelItemIf(_ dict: Ref, _ key: Ref, _ predicate: (Ref) -> Int32) -> Int32 {
  guard isDict(dict) else { return -1 }
  return truth {
    let hash = keyHash(key)
    if hash == -1 { throw Raised() }
    guard let value = try PyDict(dict).find(key, hash) else { return false }
    if try check(predicate(value)) == 0 { return false }
    guard let old = try PyDict(dict).pop(key, hash) else { return false }
    _ = consume old
    return true
  }
}

@c @implementation public func PyDict_DelItemString(
  _ dict: Ref, _ key: UnsafePointer<CChar>
) -> Int32 {
  status {
    let name = try keyString(key)
    try check(PyDict_DelItem(dict, name.ref))
  }
}

/// 1 with a new reference in `result`, 0 with nil for a missing key, -1 with an exception set.
/// `result` may be NULL.
@c @implementation public func PyDict_Pop(
  _ dict: Ref, _ key: Ref, _ result: UnsafeMutablePointer<Ref?>?
) -> Int32 {
  result?.pointee = nil
  guard isDict(dict) else { return -1 }
  return truth {
    guard let value = try PyDict(dict).pop(key) else { return false }
    if let result { result.pointee = value.give() }
    return true
  }
}

@c @implementation public func PyDict_PopString(
  _ dict: Ref, _ key: UnsafePointer<CChar>, _ result: UnsafeMutablePointer<Ref?>?
) -> Int32 {
  result?.pointee = nil
  return truth {
    let name = try keyString(key)
    return try check(PyDict_Pop(dict, name.ref, result)) != 0
  }
}

@c @implementation public func _PyDict_Pop(_ dict: Ref, _ key: Ref, _ fallback: Ref?) -> Ref? {
  guard isDict(dict) else { return nil }
  return new {
    if let value = try PyDict(dict).pop(key) { return value }
    if let fallback { return fallback.retained() }
    throw raiseKeyError(key)
  }
}

@c @implementation public func PyDict_Clear(_ dict: Ref) {
  if dict.isDict { PyDict(dict).clear() }
}

// MARK: Copying and merging

@c @implementation public func PyDict_Copy(_ dict: Ref) -> Ref? {
  guard isDict(dict) else { return nil }
  return new { try PyDict(dict).copy() }
}

@c @implementation public func PyDict_Update(_ dict: Ref, _ other: Ref) -> Int32 {
  guard isDict(dict) else { return -1 }
  return status { try PyDict(dict).merge(other, .override) }
}

@c @implementation public func PyDict_Merge(_ dict: Ref, _ other: Ref, _ override: Int32) -> Int32 {
  guard isDict(dict) else { return -1 }
  return status { try PyDict(dict).merge(other, override != 0 ? .override : .keep) }
}

/// Merges; `override` 2 raises KeyError with the key for one that is there already.
public func _PyDict_MergeEx(_ dict: Ref, _ other: Ref, _ override: Int32) -> Int32 {
  guard isDict(dict) else { return -1 }
  return status { try PyDict(dict).merge(other, PyDict.Collision(override)) }
}

@c @implementation public func PyDict_MergeFromSeq2(
  _ dict: Ref, _ pairs: Ref, _ override: Int32
) -> Int32 {
  guard isDict(dict) else { return -1 }
  return status { try PyDict(dict).merge(pairs: pairs, override != 0 ? .override : .keep) }
}

/// A dict of `count` pairs, the keys and values lying `keyStep` and `valueStep` apart.
public func _PyDict_FromItems(
  _ keys: UnsafePointer<Ref>, _ keyStep: Int, _ values: UnsafePointer<Ref>, _ valueStep: Int,
  _ count: Int
) -> Ref? {
  new {
    var unicode = true
    for index in 0..<count where !keys[index * keyStep].isExactStr { unicode = false }
    let dict = try PyDict.make(room: count, unicode: unicode)
    for index in 0..<count {
      try PyDict(dict.ref).set(keys[index * keyStep], values[index * valueStep])
    }
    return dict
  }
}

// MARK: Lists of what a dict holds

private func list(_ dict: Ref, _ item: (Ref, Ref) throws(Raised) -> Owned) -> Ref? {
  guard isDict(dict) else { return nil }
  return new {
    let result = try PyList.make(count: 0)
    var position = 0
    while let (key, value, _) = PyDict(dict).next(&position) {
      try PyList(result.ref).append(item(key, value))
    }
    return result
  }
}

@c @implementation public func PyDict_Keys(_ dict: Ref) -> Ref? {
  list(dict) { (key, _) throws(Raised) in key.retained() }
}

@c @implementation public func PyDict_Values(_ dict: Ref) -> Ref? {
  list(dict) { (_, value) throws(Raised) in value.retained() }
}

@c @implementation public func PyDict_Items(_ dict: Ref) -> Ref? {
  list(dict) { (key, value) throws(Raised) in try PyTuple.pair(key, value) }
}

/// Whether every key is a str.
public func _PyDict_HasOnlyStringKeys(_ dict: Ref) -> Int32 {
  if !PyDict(dict).keys.isGeneral { return 1 }
  var position = 0
  while let (key, _, _) = PyDict(dict).next(&position) {
    if !key.isStr { return 0 }
  }
  return 1
}

/// The bytes of a dict and of the tables that belong to it alone.
public func _PyDict_SizeOf(_ dict: Ref) -> Int { PyDict(dict).byteSize }

/// A global by name: the value in `globals` or else in `builtins`, a new reference; nil without an
/// exception when it is in neither.
public func _PyDict_LoadGlobal(_ globals: Ref, _ builtins: Ref, _ name: Ref) throws(Raised) -> Owned? {
  let hash = keyHash(name)
  if hash == -1 { throw Raised() }
  if let value = try PyDict(globals).find(name, hash) { return value.retained() }
  if let value = try PyDict(builtins).find(name, hash) { return value.retained() }
  return nil
}

// MARK: The collector

/// Takes a dict out of the collector's lists when nothing in it can be part of a cycle.
/// Called for the survivors of a collection.
public func _PyDict_MaybeUntrack(_ object: Ref) {
  guard object.isExactDict && object.isTracked else { return }
  let dict = PyDict(object)
  if let values = dict.values, values.pointee.embedded != 0 { return }
  var position = 0
  while let (key, value, _) = dict.next(&position) {
    if value.mayBeTracked || (!key.isExactStr && key.mayBeTracked) { return }
  }
  object.untrack()
}

// MARK: Watchers

private func isWatcher(_ id: Int32) -> Bool {
  guard id >= 0 && id < APUS_DICT_WATCHERS else {
    _ = raise(.valueError, "Invalid dict watcher ID \(id)")
    return false
  }
  guard apus_dict_watcher(id).pointee != nil else {
    _ = raise(.valueError, "No dict watcher set for ID \(id)")
    return false
  }
  return true
}

/// Registers a callback and returns its number.
@c @implementation public func PyDict_AddWatcher(_ callback: @escaping PyDict_WatchCallback) -> Int32 {
  // The first two numbers are CPython's own.
  for id in 2..<Int32(APUS_DICT_WATCHERS) where apus_dict_watcher(id).pointee == nil {
    apus_dict_watcher(id).pointee = callback
    return id
  }
  _ = raise(.runtimeError, "no more dict watcher IDs available")
  return -1
}

@c @implementation public func PyDict_ClearWatcher(_ id: Int32) -> Int32 {
  guard isWatcher(id) else { return -1 }
  apus_dict_watcher(id).pointee = nil
  return 0
}

@c @implementation public func PyDict_Watch(_ id: Int32, _ dict: Ref) -> Int32 {
  guard dict.isDict else {
    _ = raise(.valueError, "Cannot watch non-dictionary")
    return -1
  }
  guard isWatcher(id) else { return -1 }
  PyDict(dict).object.pointee.ma_version_tag |= 1 << UInt64(id)
  return 0
}

@c @implementation public func PyDict_Unwatch(_ id: Int32, _ dict: Ref) -> Int32 {
  guard dict.isDict else {
    _ = raise(.valueError, "Cannot watch non-dictionary")
    return -1
  }
  guard isWatcher(id) else { return -1 }
  PyDict(dict).object.pointee.ma_version_tag &= ~(1 << UInt64(id))
  return 0
}
