import CPythonABI

@c @implementation public func PySet_New(_ iterable: Ref?) -> Ref? {
  new { try PySet.make(setType(), from: iterable) }
}

@c @implementation public func PyFrozenSet_New(_ iterable: Ref?) -> Ref? {
  new { try PySet.makeFrozen(frozenSetType(), from: iterable) }
}

@c @implementation public func PySet_Size(_ set: Ref) -> Int {
  guard PySet.isAnySet(set) else {
    PyErr_BadInternalCall()
    return -1
  }
  return PySet(set).count
}

@c @implementation public func PySet_Clear(_ set: Ref) -> Int32 {
  guard PySet.isSet(set) else {
    PyErr_BadInternalCall()
    return -1
  }
  PySet(set).clear()
  return 0
}

@c @implementation public func PySet_Contains(_ set: Ref, _ key: Ref) -> Int32 {
  guard PySet.isAnySet(set) else {
    PyErr_BadInternalCall()
    return -1
  }
  return truth {
    let hash = keyHash(key)
    if hash == -1 { throw Raised() }
    return try PySet(set).contains(key, hash)
  }
}

@c @implementation public func PySet_Discard(_ set: Ref, _ key: Ref) -> Int32 {
  guard PySet.isSet(set) else {
    PyErr_BadInternalCall()
    return -1
  }
  return truth {
    let hash = keyHash(key)
    if hash == -1 { throw Raised() }
    return try PySet(set).discard(key, hash)
  }
}

/// Adds a key; also to a frozenset that nobody else knows yet.
@c @implementation public func PySet_Add(_ set: Ref, _ key: Ref) -> Int32 {
  guard PySet.isSet(set) || (PySet.isFrozenSet(set) && set.pointee.ob_refcnt == 1) else {
    PyErr_BadInternalCall()
    return -1
  }
  return status { try PySet(set).add(key) }
}

@c @implementation public func PySet_Pop(_ set: Ref) -> Ref? {
  guard PySet.isSet(set) else {
    PyErr_BadInternalCall()
    return nil
  }
  return new { try PySet(set).pop() }
}

/// The next key and its hash, borrowed; `position` starts at 0. 0 at the end.
public func _PySet_NextEntry(
  _ set: Ref, _ position: inout Int, _ key: inout Ref?, _ hash: inout Int
) -> Int32 {
  guard let entry = PySet(set).nextEntry(&position) else { return 0 }
  (key, hash) = entry
  return 1
}

/// Adds the items of an iterable. Compiled code of mypyc calls it.
@c
public func _PySet_Update(_ set: Ref, _ iterable: Ref) -> Int32 {
  guard PySet.isSet(set) else {
    PyErr_BadInternalCall()
    return -1
  }
  return status { try PySet(set).update(iterable) }
}
