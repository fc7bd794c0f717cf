import CPythonABI

/// Whether the object is a list; sets SystemError when not.
@inline(__always)
private func isList(_ object: Ref) -> Bool {
  if object.isList { return true }
  PyErr_BadInternalCall()
  return false
}

@c @implementation public func PyList_New(_ size: Int) -> Ref? {
  if size < 0 {
    PyErr_BadInternalCall()
    return nil
  }
  return new { try PyList.make(count: size) }
}

@c @implementation public func PyList_Size(_ list: Ref) -> Int {
  isList(list) ? apus_var_size(list) : -1
}

@c @implementation public func PyList_GetItem(_ list: Ref, _ index: Int) -> Ref? {
  guard isList(list) else { return nil }
  do { return try PyList(list).item(at: index) } catch { return nil }
}

@c @implementation public func PyList_GetItemRef(_ list: Ref, _ index: Int) -> Ref? {
  guard list.isList else {
    _ = raise(.typeError, "expected a list")
    return nil
  }
  return new { try PyList(list).item(at: index).retained() }
}

/// Takes over the reference to the item, also on failure.
@c @implementation public func PyList_SetItem(_ list: Ref, _ index: Int, _ item: Ref?) -> Int32 {
  guard isList(list) else {
    Py_XDECREF(item)
    return -1
  }
  guard index >= 0 && index < apus_var_size(list) else {
    Py_XDECREF(item)
    _ = raise(.indexError, "list assignment index out of range")
    return -1
  }
  let items = PyList(list).items
  let old = items[index]
  items[index] = item
  Py_XDECREF(old)
  return 0
}

@c @implementation public func PyList_Insert(_ list: Ref, _ index: Int, _ item: Ref) -> Int32 {
  guard isList(list) else { return -1 }
  return status { try PyList(list).insert(item, at: index) }
}

@c @implementation public func PyList_Append(_ list: Ref, _ item: Ref) -> Int32 {
  guard isList(list) else { return -1 }
  return status { try PyList(list).append(item.retained()) }
}

@c @implementation public func PyList_GetSlice(_ list: Ref, _ low: Int, _ high: Int) -> Ref? {
  guard isList(list) else { return nil }
  return new {
    let count = apus_var_size(list)
    let start = Swift.min(Swift.max(low, 0), count)
    return try PyList(list).slice(start, Swift.min(Swift.max(high, start), count))
  }
}

@c @implementation public func PyList_SetSlice(
  _ list: Ref, _ low: Int, _ high: Int, _ values: Ref?
) -> Int32 {
  guard isList(list) else { return -1 }
  return status { try PyList(list).replace(low, high, with: values) }
}

@c @implementation public func PyList_Clear(_ list: Ref) -> Int32 {
  guard isList(list) else { return -1 }
  PyList(list).clear()
  return 0
}

@c @implementation public func PyList_Extend(_ list: Ref, _ iterable: Ref) -> Int32 {
  guard isList(list) else { return -1 }
  return status { try PyList(list).extend(iterable) }
}

@c @implementation public func PyList_Sort(_ list: Ref) -> Int32 {
  guard isList(list) else { return -1 }
  return status { try PyList(list).sort(key: nil, reverse: false) }
}

@c @implementation public func PyList_Reverse(_ list: Ref) -> Int32 {
  guard isList(list) else { return -1 }
  PyList(list).reverse()
  return 0
}

@c @implementation public func PyList_AsTuple(_ list: Ref) -> Ref? {
  guard isList(list) else { return nil }
  return new {
    let items = PyList(list).object.pointee.ob_item
    return try PyTuple.make(
      from: UnsafeRawPointer(items)?.assumingMemoryBound(to: Ref.self), count: PyList(list).count)
  }
}
