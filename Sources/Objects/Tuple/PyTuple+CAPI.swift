import CPythonABI

@c @implementation public func PyTuple_New(_ size: Int) -> Ref? {
  if size == 0 { return emptyTuple() }
  if size < 0 {
    PyErr_BadInternalCall()
    return nil
  }
  return new {
    let tuple = try PyTuple.allocate(size)
    apus_tuple_items(tuple).update(repeating: nil, count: size)
    tuple.track()
    return Owned(adopting: tuple)
  }
}

@c @implementation public func PyTuple_Size(_ tuple: Ref) -> Int {
  guard tuple.isTuple else {
    PyErr_BadInternalCall()
    return -1
  }
  return apus_var_size(tuple)
}

@c @implementation public func PyTuple_GetItem(_ tuple: Ref, _ index: Int) -> Ref? {
  guard tuple.isTuple else {
    PyErr_BadInternalCall()
    return nil
  }
  guard index >= 0 && index < apus_var_size(tuple) else {
    _ = raise(.indexError, "tuple index out of range")
    return nil
  }
  return apus_tuple_items(tuple)[index]
}

/// Takes over the reference to the item, also on failure.
@c @implementation public func PyTuple_SetItem(_ tuple: Ref, _ index: Int, _ item: Ref?) -> Int32 {
  guard tuple.isTuple && tuple.pointee.ob_refcnt == 1 else {
    Py_XDECREF(item)
    PyErr_BadInternalCall()
    return -1
  }
  guard index >= 0 && index < apus_var_size(tuple) else {
    Py_XDECREF(item)
    _ = raise(.indexError, "tuple assignment index out of range")
    return -1
  }
  let old = apus_tuple_items(tuple)[index]
  apus_tuple_items(tuple)[index] = item
  Py_XDECREF(old)
  return 0
}

@c @implementation public func PyTuple_GetSlice(_ tuple: Ref, _ low: Int, _ high: Int) -> Ref? {
  guard tuple.isTuple else {
    PyErr_BadInternalCall()
    return nil
  }
  return new {
    let count = apus_var_size(tuple)
    let start = Swift.max(low, 0)
    let stop = Swift.min(high, count)
    return try PyTuple(tuple).slice(start, Swift.max(stop, start))
  }
}

/// Changes the size of a tuple nobody else knows yet; it may move. On failure the tuple is gone.
@c @implementation public func _PyTuple_Resize(
  _ place: UnsafeMutablePointer<Ref?>, _ size: Int
) -> Int32 {
  guard let tuple = place.pointee, tuple.isExactTuple,
    apus_var_size(tuple) == 0 || tuple.pointee.ob_refcnt == 1
  else {
    Py_XDECREF(place.pointee)
    place.pointee = nil
    PyErr_BadInternalCall()
    return -1
  }
  let old = apus_var_size(tuple)
  if old == size { return 0 }
  if size == 0 {
    place.pointee = emptyTuple()
    Py_DECREF(tuple)
    return 0
  }
  if old == 0 {
    place.pointee = PyTuple_New(size)
    Py_DECREF(tuple)
    return place.pointee == nil ? -1 : 0
  }
  tuple.untrackIfNeeded()
  if size < old {
    let items = apus_tuple_items(tuple)
    for index in size..<old {
      let item = items[index]
      items[index] = nil
      Py_XDECREF(item)
    }
  }
  guard
    let moved = _PyObject_GC_Resize(
      UnsafeMutableRawPointer(tuple).assumingMemoryBound(to: PyVarObject.self), size)
  else {
    place.pointee = nil
    for index in 0..<Swift.min(old, size) { Py_XDECREF(apus_tuple_items(tuple)[index]) }
    PyObject_GC_Del(tuple)
    return -1
  }
  let result = UnsafeMutableRawPointer(moved).assumingMemoryBound(to: PyObject.self)
  if size > old { (apus_tuple_items(result) + old).update(repeating: nil, count: size - old) }
  place.pointee = result
  result.track()
  return 0
}

/// Takes a tuple out of the collector's lists when nothing in it can be part of a cycle.
/// Called for the survivors of a collection.
public func _PyTuple_MaybeUntrack(_ tuple: Ref) {
  guard tuple.isExactTuple && tuple.isTracked else { return }
  let items = apus_tuple_items(tuple)
  for index in 0..<apus_var_size(tuple) {
    guard let item = items[index], !item.mayBeTracked else { return }
  }
  tuple.untrack()
}
