import CPythonABI

/// A slice; NULL parts are None.
@c @implementation
public func PySlice_New(_ start: Ref?, _ stop: Ref?, _ step: Ref?) -> Ref? {
  guard let slice = _PyObject_GC_New(sliceType()) else { return nil }
  let own = PySlice.view(slice)
  own.pointee.start = start ?? noneObject()
  own.pointee.stop = stop ?? noneObject()
  own.pointee.step = step ?? noneObject()
  Py_INCREF(own.pointee.start)
  Py_INCREF(own.pointee.stop)
  Py_INCREF(own.pointee.step)
  PyObject_GC_Track(slice)
  return slice
}

@c @implementation
public func _PySlice_FromIndices(_ start: Int, _ stop: Int) -> Ref? {
  guard let first = PyLong_FromSsize_t(start) else { return nil }
  defer { Py_DECREF(first) }
  guard let last = PyLong_FromSsize_t(stop) else { return nil }
  defer { Py_DECREF(last) }
  return PySlice_New(first, last, nil)
}

/// A bound of a slice as a machine int, clipped; 0 with TypeError without `__index__`.
@c @implementation
public func _PyEval_SliceIndexNotNone(_ value: Ref, _ result: UnsafeMutablePointer<Int>?) -> Int32 {
  guard PyIndex_Check(value) != 0 else {
    _ = raise(.typeError, "slice indices must be integers or have an __index__ method")
    return 0
  }
  let number = PyNumber_AsSsize_t(value, nil)
  if number == -1 && hasRaised() { return 0 }
  result?.pointee = number
  return 1
}

/// The same; None leaves `result` as it is.
@c @implementation
public func _PyEval_SliceIndex(_ value: Ref, _ result: UnsafeMutablePointer<Int>?) -> Int32 {
  if value.isNone { return 1 }
  guard PyIndex_Check(value) != 0 else {
    _ = PySlice.raiseIndexType()
    return 0
  }
  return _PyEval_SliceIndexNotNone(value, result)
}

/// `_PyEval_SliceIndex` without a call for None and small ints.
@inline(__always) private func readBound(_ value: Ref, _ result: inout Int) -> Bool {
  if value.isNone { return true }
  if value.isExactInt && apus_long_is_compact(value) != 0 {
    result = apus_long_compact_value(value)
    return true
  }
  return _PyEval_SliceIndex(value, &result) != 0
}

/// The parts of a slice as machine ints, with the widest bounds for None. ValueError for a step of
/// zero.
@c @implementation
public func PySlice_Unpack(
  _ slice: Ref, _ start: UnsafeMutablePointer<Int>?, _ stop: UnsafeMutablePointer<Int>?,
  _ step: UnsafeMutablePointer<Int>?
) -> Int32 {
  let own = PySlice.view(slice).pointee
  var stride = 1
  if !readBound(own.step, &stride) { return -1 }
  if stride == 0 {
    _ = raise(.valueError, "slice step cannot be zero")
    return -1
  }
  // So that the step can be negated.
  if stride < -Int.max { stride = -Int.max }
  var first = stride < 0 ? Int.max : 0
  var last = stride < 0 ? Int.min : Int.max
  if !readBound(own.start, &first) || !readBound(own.stop, &last) { return -1 }
  start?.pointee = first
  stop?.pointee = last
  step?.pointee = stride
  return 0
}

/// Clips unpacked bounds to a sequence of `length` items; returns how many the slice selects.
@c @implementation
public func PySlice_AdjustIndices(
  _ length: Int, _ start: UnsafeMutablePointer<Int>?, _ stop: UnsafeMutablePointer<Int>?,
  _ step: Int
) -> Int {
  guard let start, let stop, step != 0 else { return 0 }
  start.pointee = clipped(start.pointee, length, backwards: step < 0)
  stop.pointee = clipped(stop.pointee, length, backwards: step < 0)
  if step < 0 {
    return stop.pointee < start.pointee ? (start.pointee - stop.pointee - 1) / -step + 1 : 0
  }
  return start.pointee < stop.pointee ? (stop.pointee - start.pointee - 1) / step + 1 : 0
}

@inline(__always)
private func clipped(_ bound: Int, _ length: Int, backwards: Bool) -> Int {
  if bound < 0 {
    let fromEnd = bound &+ length
    return fromEnd < 0 ? (backwards ? -1 : 0) : fromEnd
  }
  return bound >= length ? (backwards ? length - 1 : length) : bound
}

@c @implementation
public func PySlice_GetIndicesEx(
  _ slice: Ref, _ length: Int, _ start: UnsafeMutablePointer<Int>?,
  _ stop: UnsafeMutablePointer<Int>?, _ step: UnsafeMutablePointer<Int>?,
  _ count: UnsafeMutablePointer<Int>?
) -> Int32 {
  if PySlice_Unpack(slice, start, stop, step) < 0 { return -1 }
  count?.pointee = PySlice_AdjustIndices(length, start, stop, step?.pointee ?? 1)
  return 0
}

/// The old interface: no conversion through `__index__`, -1 without an exception when out of range.
@c @implementation
public func PySlice_GetIndices(
  _ slice: Ref, _ length: Int, _ start: UnsafeMutablePointer<Int>?,
  _ stop: UnsafeMutablePointer<Int>?, _ step: UnsafeMutablePointer<Int>?
) -> Int32 {
  let own = PySlice.view(slice).pointee
  func value(_ part: Ref, _ fallback: Int, relative: Bool) -> Int? {
    if part.isNone { return fallback }
    guard part.isInt else { return nil }
    let number = PyLong_AsSsize_t(part)
    if number == -1 && hasRaised() { return nil }
    return relative && number < 0 ? number &+ length : number
  }
  guard let stride = value(own.step, 1, relative: false),
    let first = value(own.start, stride < 0 ? length - 1 : 0, relative: true),
    let last = value(own.stop, stride < 0 ? -1 : length, relative: true)
  else { return -1 }
  start?.pointee = first
  stop?.pointee = last
  step?.pointee = stride
  if last > length || first >= length || stride == 0 { return -1 }
  return 0
}
