import CPythonABI
import Glibc

// The attributes of instances. A class keeps a table of the names its instances use
// (`ht_cached_keys`); an instance keeps only the values, inline behind its own fields:
//
//     … | managed dict | GC header | object of tp_basicsize | PyDictValues: values, insertion order
//
// `__dict__` is made when somebody asks for it; it then shares names and values with the instance.
// As soon as such a dict needs a table of its own (a key that is no str, more than 30 names, a
// table that popitem must change), the values move there and the inline row is no longer valid.
// CPython: Objects/dictobject.c, pycore_dict.h.

/// The most names a class's shared table takes (SHARED_KEYS_MAX_SIZE).
private let sharedKeysMaximum = 30

/// The shared keys of an object's class, nil when it has none.
@inline(__always)
private func sharedKeys(_ type: TypeRef) -> DictKeys? {
  guard type.pointee.tp_flags & UInt(Py_TPFLAGS_HEAPTYPE) != 0 else { return nil }
  return UnsafeMutableRawPointer(type).assumingMemoryBound(to: PyHeapTypeObject.self).pointee
    .ht_cached_keys
}

@inline(__always)
private func hasInlineValues(_ type: TypeRef) -> Bool {
  type.pointee.tp_flags & UInt(Py_TPFLAGS_INLINE_VALUES) != 0
}

/// The dict in the managed slot, borrowed.
@inline(__always)
private func managedDict(_ object: Ref) -> Ref? { apus_managed_dict(object).pointee }

/// A table for the names of a class's instances, nil when memory runs out (then instances have
/// ordinary dicts). The names the compiler found in the class's methods come first.
@c @implementation public func _PyDict_NewKeysForClass(
  _ type: UnsafeMutablePointer<PyHeapTypeObject>
) -> UnsafeMutablePointer<PyDictKeysObject>? {
  let keys: DictKeys
  do {
    keys = try DictKeys.make(log: 6, unicode: true)
  } catch {
    PyErr_Clear()
    return nil
  }
  keys.pointee.dk_usable = sharedKeysMaximum
  keys.pointee.dk_kind = DictKind.split
  if let namespace = type.pointee.ht_type.tp_dict, namespace.isDict {
    guard let name = PyUnicode_InternFromString("__static_attributes__") else {
      PyErr_Clear()
      return keys
    }
    let names = try? PyDict(namespace).find(name)
    Py_DECREF(name)
    if let names, names.isTuple {
      for index in 0..<apus_var_size(names) {
        let attribute = apus_tuple_item(names, index)
        if attribute.isExactStr {
          let hash = keyHash(attribute)
          if hash != -1 { _ = keys.insertSplit(attribute, hash) }
        }
      }
    }
  }
  return keys
}

@c @implementation public func _PyDictKeys_DecRef(_ keys: UnsafeMutablePointer<PyDictKeysObject>) {
  keys.release()
}

/// The bytes of inline values an instance of the class needs behind `tp_basicsize`.
public func inlineValuesSize(of type: TypeRef) -> Int {
  guard let keys = sharedKeys(type) else { return 0 }
  let capacity = keys.sharedCapacity
  return (capacity + 7) & ~7 + (capacity + 1) * 8
}

/// Empties the inline values and the dict slot of a new instance. Every instance made lowers the
/// room for names the class has not seen yet, so that classes with few attributes get small
/// instances.
@c @implementation public func _PyObject_InitInlineValues(
  _ object: Ref, _ type: UnsafeMutablePointer<PyTypeObject>
) {
  guard let keys = sharedKeys(type) else { return }
  if keys.pointee.dk_usable > 1 { keys.pointee.dk_usable &-= 1 }
  apus_inline_values(object).prepare(capacity: keys.sharedCapacity, embedded: true)
  apus_managed_dict(object).pointee = nil
}

/// A tracked instance of a class whose instances are nothing but inline attributes and perhaps some
/// fields of their own; nil, without an exception, when the type is of another kind or memory is out.
@inline(__always)
func makePlainInstance(_ type: TypeRef) -> Ref? {
  let wanted =
    UInt(Py_TPFLAGS_INLINE_VALUES) | UInt(Py_TPFLAGS_HAVE_GC) | UInt(Py_TPFLAGS_HEAPTYPE)
  guard type.pointee.tp_flags & wanted == wanted, type.pointee.tp_itemsize == 0,
    let keys = sharedKeys(type)
  else { return nil }
  let basic = type.pointee.tp_basicsize
  let reserved = keys.sharedCapacity
  let size = 32 &+ basic &+ ((reserved &+ 7) & ~7) &+ (reserved &+ 1) &* 8
  guard let memory = ObjectAllocator.allocate(size) else { return nil }
  // Weak references, dict, and the collector's links.
  let words = memory.assumingMemoryBound(to: UInt.self)
  words[0] = 0
  words[1] = 0
  words[2] = 0
  words[3] = 0
  let object = (memory + 32).assumingMemoryBound(to: PyObject.self)
  object.pointee.ob_refcnt = 1
  object.pointee.ob_type = type
  Py_INCREF(type.object)
  var offset = 48
  while offset < 32 &+ basic {
    memory.storeBytes(of: 0, toByteOffset: offset, as: UInt.self)
    offset &+= 8
  }
  if keys.pointee.dk_usable > 1 { keys.pointee.dk_usable &-= 1 }
  apus_inline_values(object).prepare(capacity: keys.sharedCapacity, embedded: true)
  countAllocation()
  apus_gc_track(object)
  return object
}

/// A dict that shares the inline values of an instance.
private func makeDict(
  _ keys: DictKeys, sharing values: UnsafeMutablePointer<PyDictValues>
) throws(Raised) -> Owned {
  let items = apus_values_items(values)
  var used = 0
  for index in 0..<Int(values.pointee.capacity) where items[index] != nil { used &+= 1 }
  keys.retain()
  let dict = try PyDict.make(keys, values: values, used: used)
  // Always: later values may be stored without the dict, and the object leaves visiting to it.
  dict.ref.track()
  return dict
}

/// An empty dict with the class's names and values of its own.
private func makeDict(sharing keys: DictKeys) throws(Raised) -> Owned {
  let values = try UnsafeMutablePointer<PyDictValues>.make(capacity: keys.sharedCapacity)
  keys.retain()
  do throws(Raised) {
    return try PyDict.make(keys, values: values)
  } catch {
    values.discard()
    throw error
  }
}

@c @implementation public func _PyObject_MaterializeManagedDict(_ object: Ref) -> Ref? {
  if let dict = managedDict(object) { return dict }
  do {
    let dict: Owned
    let keys = sharedKeys(object.type)
    if let keys, hasInlineValues(object.type), apus_inline_values(object).pointee.valid != 0 {
      dict = try makeDict(keys, sharing: apus_inline_values(object))
    } else if let keys {
      dict = try makeDict(sharing: keys)
    } else {
      dict = try PyDict.make()
    }
    let result = dict.give()
    apus_managed_dict(object).pointee = result
    return result
  } catch {
    return nil
  }
}

/// Sets (nil: deletes) an attribute in the inline values, or in the dict when they do not decide.
/// Raises AttributeError or KeyError when there is nothing to delete.
@c @implementation public func _PyObject_StoreInstanceAttribute(
  _ object: Ref, _ name: Ref, _ value: Ref?
) -> Int32 {
  status { try storeAttribute(object, name, value) }
}

/// The usual `object.name = value`: the class has nothing of that name and its instances hold the
/// value inline. False, with nothing changed, when it is another case. The name is interned.
@inline(__always)
func storeInlineAttribute(_ object: Ref, _ name: Ref, _ value: Ref) -> Bool {
  let type = object.type
  let wanted = UInt(Py_TPFLAGS_INLINE_VALUES) | UInt(Py_TPFLAGS_READY)
  guard type.pointee.tp_flags & wanted == wanted,
    apus_managed_dict(object).pointee == nil, let keys = sharedKeys(type)
  else { return false }
  let values = apus_inline_values(object)
  guard values.pointee.valid != 0, type.lookUp(name) == nil else { return false }
  let entry = keys.lookup(str: name, knownStrHash(name))
  guard entry >= 0 else { return false }
  let items = apus_values_items(values)
  let old = items[entry]
  Py_INCREF(value)
  items[entry] = value
  if let old { Py_DECREF(old) } else { values.appendToOrder(entry) }
  return true
}

private func storeAttribute(_ object: Ref, _ name: Ref, _ value: Ref?) throws(Raised) {
  let values = apus_inline_values(object)
  guard values.pointee.valid != 0, let keys = sharedKeys(object.type) else {
    let dict = try borrow(_PyObject_MaterializeManagedDict(object)).retained()
    return try store(in: dict.ref, name, value)
  }
  let dict = managedDict(object)
  var entry = DictIndex.empty
  if name.isExactStr {
    let hash = keyHash(name)
    if hash == -1 { throw Raised() }
    entry = value == nil ? keys.lookup(str: name, hash) : keys.insertSplit(name, hash)
  }
  if entry == DictIndex.empty {
    // Not a name for the shared table: from here on the instance has a dict of its own.
    if let dict { return try store(in: dict, name, value) }
    if value == nil { throw missingAttribute(object, name) }
    let made = try makeDict(keys, sharing: values)
    try store(in: made.ref, name, value)
    apus_managed_dict(object).pointee = made.give()
    return
  }
  let items = apus_values_items(values)
  let old = items[entry]
  if old == nil && value == nil { throw missingAttribute(object, name) }
  if let dict, PyDict(dict).isWatched {
    PyDict(dict).notify(
      old == nil ? PyDict_EVENT_ADDED : value == nil ? PyDict_EVENT_DELETED : PyDict_EVENT_MODIFIED,
      name, value)
  }
  Py_XINCREF(value)
  items[entry] = value
  if old == nil {
    values.appendToOrder(entry)
    if let dict { PyDict(dict).object.pointee.ma_used &+= 1 }
  } else if value == nil {
    values.removeFromOrder(entry)
    if let dict { PyDict(dict).object.pointee.ma_used &-= 1 }
  }
  Py_XDECREF(old)
}

private func store(in dict: Ref, _ name: Ref, _ value: Ref?) throws(Raised) {
  if let value { return try PyDict(dict).set(name, value) }
  if try !PyDict(dict).delete(name) { throw raiseKeyError(name) }
}

/// The exception does not know the object and the name, as in CPython.
private func missingAttribute(_ object: Ref, _ name: Ref) -> Raised {
  raise(
    .attributeError,
    "'\(object.type.fullName.prefix(100))' object has no attribute '\(text(of: name))'")
}

@c @implementation public func _PyObject_TryGetInstanceAttribute(
  _ object: Ref, _ name: Ref, _ attribute: UnsafeMutablePointer<Ref?>
) -> Int32 {
  attribute.pointee = nil
  let values = apus_inline_values(object)
  guard values.pointee.valid != 0, let keys = sharedKeys(object.type) else { return 0 }
  guard name.isExactStr else {
    // A subclass of str may compare as it likes: the dict decides.
    _ = _PyObject_MaterializeManagedDict(object)
    return 0
  }
  let hash = keyHash(name)
  if hash == -1 {
    PyErr_Clear()
    return 0
  }
  let entry = keys.lookup(str: name, hash)
  if entry >= 0, let value = apus_values_items(values)[entry] {
    Py_INCREF(value)
    attribute.pointee = value
  }
  return 1
}

@c @implementation public func _PyObject_IsInstanceDictEmpty(_ object: Ref) -> Int32 {
  let type = object.type
  if type.pointee.tp_flags & UInt(Py_TPFLAGS_MANAGED_DICT) != 0 {
    if hasInlineValues(type) {
      let values = apus_inline_values(object)
      if values.pointee.valid != 0 {
        let items = apus_values_items(values)
        for index in 0..<Int(values.pointee.capacity) where items[index] != nil { return 0 }
        return 1
      }
    }
    return managedDict(object).map { PyDict($0).count == 0 ? 1 : 0 } ?? 1
  }
  guard let place = _PyObject_ComputedDictPointer(object), let dict = place.pointee else {
    return 1
  }
  return PyDict(dict).count == 0 ? 1 : 0
}

// MARK: Replacing the dict, collecting

/// Gives a dict that shares an object's inline values a copy of them, because the object goes away
/// or gets another dict. The references move; the inline row becomes invalid.
private func detach(
  _ dict: PyDict, from object: Ref, keepingValues: Bool = false
) throws(Raised) {
  let values = apus_inline_values(object)
  guard dict.values == values else { return }
  let capacity = Int(values.pointee.capacity)
  let items = apus_values_items(values)
  if !keepingValues && dict.ref.pointee.ob_refcnt == 1 {
    // Nobody else has the dict: it is about to go, and needs no values.
    let keys = dict.keys
    dict.object.pointee.ma_values = nil
    dict.object.pointee.ma_keys = emptyKeys()
    dict.object.pointee.ma_used = 0
    values.pointee.valid = 0
    keys.release()
    for index in 0..<capacity {
      let item = items[index]
      items[index] = nil
      Py_XDECREF(item)
    }
    return
  }
  let fresh = try UnsafeMutablePointer<PyDictValues>.make(capacity: capacity)
  fresh.pointee.size = values.pointee.size
  memcpy(apus_values_order(fresh), apus_values_order(values), capacity)
  apus_values_items(fresh).update(from: items, count: capacity)
  items.update(repeating: nil, count: capacity)
  dict.object.pointee.ma_values = fresh
  values.pointee.valid = 0
  // Its values were visited through the object so far.
  if !dict.ref.isTracked { dict.ref.track() }
}

/// Makes the dict of an object independent of the object's inline values.
@c @implementation public func _PyDict_DetachFromObject(_ dict: Ref, _ object: Ref) -> Int32 {
  status { try detach(PyDict(dict), from: object, keepingValues: true) }
}

@c @implementation public func _PyObject_SetManagedDict(_ object: Ref, _ new: Ref?) -> Int32 {
  status {
    let place = apus_managed_dict(object)
    let old = place.pointee
    if hasInlineValues(object.type) {
      let values = apus_inline_values(object)
      if let old {
        try detach(PyDict(old), from: object)
      } else if values.pointee.valid != 0 {
        values.pointee.valid = 0
        Py_XINCREF(new)
        place.pointee = new
        let items = apus_values_items(values)
        for index in 0..<Int(values.pointee.capacity) {
          let item = items[index]
          items[index] = nil
          Py_XDECREF(item)
        }
        return
      }
    }
    Py_XINCREF(new)
    place.pointee = new
    Py_XDECREF(old)
  }
}

@c @implementation public func PyObject_ClearManagedDict(_ object: Ref) {
  if hasInlineValues(object.type) && managedDict(object) == nil {
    // The usual end of an instance: nobody asked for its `__dict__`.
    let values = apus_inline_values(object)
    guard values.pointee.valid != 0 else { return }
    values.pointee.valid = 0
    let items = apus_values_items(values)
    let order = apus_values_order(values)
    for index in 0..<Int(values.pointee.size) {
      let entry = Int(order[index])
      let item = items[entry]
      items[entry] = nil
      Py_XDECREF(item)
    }
    return
  }
  if _PyObject_SetManagedDict(object, nil) < 0 {
    // Out of memory: the dict loses its values rather than keep pointing into the object.
    PyErr_WriteUnraisable(nil)
    if let dict = managedDict(object) {
      PyDict(dict).clear()
      apus_managed_dict(object).pointee = nil
      Py_DECREF(dict)
    }
  }
}

@c @implementation public func PyObject_VisitManagedDict(
  _ object: Ref, _ visit: visitproc, _ argument: UnsafeMutableRawPointer?
) -> Int32 {
  let type = object.type
  guard type.pointee.tp_flags & UInt(Py_TPFLAGS_MANAGED_DICT) != 0 else { return 0 }
  // The dict answers for inline values that it shares; another object may have taken it over.
  if let dict = managedDict(object) { return visit(dict, argument) }
  if hasInlineValues(type) {
    let values = apus_inline_values(object)
    if values.pointee.valid != 0 {
      let items = apus_values_items(values)
      for index in 0..<Int(values.pointee.capacity) {
        if let item = items[index] {
          let result = visit(item, argument)
          if result != 0 { return result }
        }
      }
    }
  }
  return 0
}

// MARK: `__dict__`

/// The getter of `__dict__`: makes the dict when there is none yet.
@c @implementation public func PyObject_GenericGetDict(
  _ object: Ref, _: UnsafeMutableRawPointer?
) -> Ref? {
  if object.type.pointee.tp_flags & UInt(Py_TPFLAGS_MANAGED_DICT) != 0 {
    guard let dict = _PyObject_MaterializeManagedDict(object) else { return nil }
    Py_INCREF(dict)
    return dict
  }
  guard let place = _PyObject_ComputedDictPointer(object) else {
    _ = raise(.attributeError, "This object has no __dict__")
    return nil
  }
  return new { try ensureDict(object.type, place).retained() }
}

/// The dict in a slot that is not managed, made when it is missing (borrowed).
private func ensureDict(_ type: TypeRef, _ place: UnsafeMutablePointer<Ref?>) throws(Raised) -> Ref {
  if let dict = place.pointee { return dict }
  let keys = sharedKeys(type)
  let dict = try keys == nil ? PyDict.make() : makeDict(sharing: keys.unsafelyUnwrapped)
  let result = dict.give()
  place.pointee = result
  return result
}

/// Sets (nil: deletes) an attribute in the dict of an object that is not managed.
@c @implementation public func _PyObjectDict_SetItem(
  _ type: UnsafeMutablePointer<PyTypeObject>, _ object: Ref, _ place: UnsafeMutablePointer<Ref?>,
  _ name: Ref, _ value: Ref?
) -> Int32 {
  status {
    let dict = try ensureDict(type, place).retained()
    try store(in: dict.ref, name, value)
  }
}

// MARK: Versions for inline caches

/// A number that stands for this state of a key table: as long as it stays, a key's entry number
/// stays. 0 when the numbers are used up.
public func _PyDictKeys_GetVersionForCurrentState(
  _ interpreter: UnsafeMutablePointer<PyInterpreterState>, _ keys: DictKeys
) -> UInt32 {
  if keys.pointee.dk_version != 0 { return keys.pointee.dk_version }
  // 1 is the version of the empty table.
  let version = Swift.max(interpreter.pointee.next_keys_version, 2)
  if version == UInt32.max { return 0 }
  interpreter.pointee.next_keys_version = version + 1
  keys.pointee.dk_version = version
  return version
}

/// The entry number of a str key in a table of strs, or -1 (for inline caches).
public func _PyDictKeys_StringLookup(_ keys: DictKeys, _ key: Ref) -> Int {
  guard !keys.isGeneral, key.isExactStr else { return DictIndex.error }
  let hash = keyHash(key)
  if hash == -1 {
    PyErr_Clear()
    return DictIndex.error
  }
  return keys.lookup(str: key, hash)
}
