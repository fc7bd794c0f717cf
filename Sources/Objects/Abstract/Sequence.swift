import CPythonABI

// The sequence protocol. CPython: Objects/abstract.c, PySequence_*.

@c @implementation
public func PySequence_Check(_ object: Ref?) -> Int32 {
  guard let object else { return 0 }
  if object.isDict { return 0 }
  return object.type.pointee.tp_as_sequence?.pointee.sq_item != nil ? 1 : 0
}

@c @implementation
public func PySequence_Size(_ object: Ref) -> Int {
  if let length = object.type.pointee.tp_as_sequence?.pointee.sq_length { return length(object) }
  if object.type.pointee.tp_as_mapping?.pointee.mp_length != nil {
    _ = raise(.typeError, "\(object.type.fullName) is not a sequence")
    return -1
  }
  _ = raise(.typeError, "object of type '\(object.type.fullName)' has no len()")
  return -1
}

@c @implementation
public func PySequence_Length(_ object: Ref) -> Int { PySequence_Size(object) }

// MARK: Concatenation and repetition

private func concatenated(_ left: Ref, _ right: Ref, inPlace: Bool) -> Ref? {
  if let sequence = left.type.pointee.tp_as_sequence {
    if inPlace, let slot = sequence.pointee.sq_inplace_concat { return slot(left, right) }
    if let slot = sequence.pointee.sq_concat { return slot(left, right) }
  }
  // Classes written in Python have `__add__` in the number slot only.
  if PySequence_Check(left) != 0 && PySequence_Check(right) != 0 {
    if inPlace, let slot = left.type.pointee.tp_as_number?.pointee.nb_inplace_add {
      let result = slot(left, right)
      if result != notImplementedObject() { return result }
    }
    let result = binaryOperation(left, right, NumberSlot.add)
    if result != notImplementedObject() { return result }
  }
  _ = raise(.typeError, "'\(left.type.fullName)' object can't be concatenated")
  return nil
}

@c @implementation
public func PySequence_Concat(_ left: Ref, _ right: Ref) -> Ref? {
  concatenated(left, right, inPlace: false)
}

@c @implementation
public func PySequence_InPlaceConcat(_ left: Ref, _ right: Ref) -> Ref? {
  concatenated(left, right, inPlace: true)
}

private func repeated(_ object: Ref, _ count: Int, inPlace: Bool) -> Ref? {
  if let sequence = object.type.pointee.tp_as_sequence {
    if inPlace, let slot = sequence.pointee.sq_inplace_repeat { return slot(object, count) }
    if let slot = sequence.pointee.sq_repeat { return slot(object, count) }
  }
  if PySequence_Check(object) != 0 {
    guard let number = PyLong_FromSsize_t(count) else { return nil }
    defer { Py_DECREF(number) }
    if inPlace, let slot = object.type.pointee.tp_as_number?.pointee.nb_inplace_multiply {
      let result = slot(object, number)
      if result != notImplementedObject() { return result }
    }
    let result = binaryOperation(object, number, NumberSlot.multiply)
    if result != notImplementedObject() { return result }
  }
  _ = raise(.typeError, "'\(object.type.fullName)' object can't be repeated")
  return nil
}

@c @implementation
public func PySequence_Repeat(_ object: Ref, _ count: Int) -> Ref? {
  repeated(object, count, inPlace: false)
}

@c @implementation
public func PySequence_InPlaceRepeat(_ object: Ref, _ count: Int) -> Ref? {
  repeated(object, count, inPlace: true)
}

// MARK: Items

/// TypeError for a sequence operation: of a mapping that it is no sequence, else `message`.
private func raiseNoSequence(_ object: Ref, isMapping: Bool, _ message: String) {
  if isMapping {
    _ = raise(.typeError, "\(object.type.fullName) is not a sequence")
  } else {
    _ = raise(.typeError, "'\(object.type.fullName)' object \(message)")
  }
}

/// A negative index counted from the end; nil with an exception when the size is not to be had.
@inline(__always)
private func fromEnd(
  _ object: Ref, _ index: Int, _ sequence: UnsafeMutablePointer<PySequenceMethods>
) -> Int? {
  guard index < 0, let length = sequence.pointee.sq_length else { return index }
  let count = length(object)
  if count < 0 { return nil }
  return index &+ count
}

@c @implementation
public func PySequence_GetItem(_ object: Ref, _ index: Int) -> Ref? {
  if let sequence = object.type.pointee.tp_as_sequence, let item = sequence.pointee.sq_item {
    guard let index = fromEnd(object, index, sequence) else { return nil }
    return item(object, index)
  }
  raiseNoSequence(
    object, isMapping: object.type.pointee.tp_as_mapping?.pointee.mp_subscript != nil,
    "does not support indexing")
  return nil
}

@c @implementation
public func PySequence_SetItem(_ object: Ref, _ index: Int, _ value: Ref) -> Int32 {
  assign(object, index, value, "does not support item assignment")
}

@c @implementation
public func PySequence_DelItem(_ object: Ref, _ index: Int) -> Int32 {
  assign(object, index, nil, "doesn't support item deletion")
}

private func assign(_ object: Ref, _ index: Int, _ value: Ref?, _ message: String) -> Int32 {
  if let sequence = object.type.pointee.tp_as_sequence, let slot = sequence.pointee.sq_ass_item {
    guard let index = fromEnd(object, index, sequence) else { return -1 }
    return slot(object, index, value)
  }
  raiseNoSequence(
    object, isMapping: object.type.pointee.tp_as_mapping?.pointee.mp_ass_subscript != nil, message)
  return -1
}

@c @implementation
public func PySequence_GetSlice(_ object: Ref, _ start: Int, _ stop: Int) -> Ref? {
  guard let subscribe = object.type.pointee.tp_as_mapping?.pointee.mp_subscript else {
    _ = raise(.typeError, "'\(object.type.fullName)' object is unsliceable")
    return nil
  }
  guard let slice = _PySlice_FromIndices(start, stop) else { return nil }
  defer { Py_DECREF(slice) }
  return subscribe(object, slice)
}

@c @implementation
public func PySequence_SetSlice(_ object: Ref, _ start: Int, _ stop: Int, _ value: Ref?) -> Int32 {
  assignSlice(object, start, stop, value, "assignment")
}

@c @implementation
public func PySequence_DelSlice(_ object: Ref, _ start: Int, _ stop: Int) -> Int32 {
  assignSlice(object, start, stop, nil, "deletion")
}

private func assignSlice(
  _ object: Ref, _ start: Int, _ stop: Int, _ value: Ref?, _ what: StaticString
) -> Int32 {
  guard let slot = object.type.pointee.tp_as_mapping?.pointee.mp_ass_subscript else {
    _ = raise(.typeError, "'\(object.type.fullName)' object doesn't support slice \(what)")
    return -1
  }
  guard let slice = _PySlice_FromIndices(start, stop) else { return -1 }
  defer { Py_DECREF(slice) }
  return slot(object, slice, value)
}

// MARK: Whole sequences

@c @implementation
public func PySequence_List(_ object: Ref) -> Ref? {
  guard let list = PyList_New(0) else { return nil }
  if PyList_Extend(list, object) < 0 {
    Py_DECREF(list)
    return nil
  }
  return list
}

@c @implementation
public func PySequence_Tuple(_ object: Ref) -> Ref? {
  if object.isExactTuple {
    Py_INCREF(object)
    return object
  }
  if object.isExactList { return PyList_AsTuple(object) }
  return new {
    let iterator = try own(PyObject_GetIter(object))
    var capacity = try check(PyObject_LengthHint(object, 10))
    var result = PyTuple_New(capacity)
    guard result != nil else { throw Raised() }
    var count = 0
    while let item = PyIter_Next(iterator.ref) {
      if count == capacity {
        // Grows by a quarter, at least by ten.
        let (wider, overflow) = capacity.addingReportingOverflow(10 + (capacity >> 2))
        if overflow {
          Py_DECREF(item)
          Py_XDECREF(result)
          throw raiseNoMemory()
        }
        capacity = wider
        if _PyTuple_Resize(&result, capacity) != 0 {
          Py_DECREF(item)
          throw Raised()
        }
      }
      apus_tuple_items(result.unsafelyUnwrapped)[count] = item
      count += 1
    }
    if hasRaised() {
      Py_XDECREF(result)
      throw Raised()
    }
    if count < capacity && _PyTuple_Resize(&result, count) != 0 { throw Raised() }
    return try own(result)
  }
}

/// The object itself when it is a list or tuple, else a list of its items. TypeError with `message`
/// when it is not iterable.
@c @implementation
public func PySequence_Fast(_ object: Ref, _ message: UnsafePointer<CChar>) -> Ref? {
  if object.isExactList || object.isExactTuple {
    Py_INCREF(object)
    return object
  }
  guard let iterator = PyObject_GetIter(object) else {
    if PyErr_ExceptionMatches(.typeError) != 0 { PyErr_SetString(.typeError, message) }
    return nil
  }
  defer { Py_DECREF(iterator) }
  return PySequence_List(iterator)
}

// MARK: Searching

private enum Search { case count, index, contains }

/// Goes through an iterable for items equal to `value`. -1 with an exception.
private func search(_ sequence: Ref, _ value: Ref, _ what: Search) throws(Raised) -> Int {
  guard let raw = PyObject_GetIter(sequence) else {
    if PyErr_ExceptionMatches(.typeError) != 0 {
      throw raise(
        .typeError, "argument of type '\(sequence.type.fullName)' is not iterable")
    }
    throw Raised()
  }
  let iterator = Owned(adopting: raw)
  var found = 0
  var position = 0
  var wrapped = false
  while let next = PyIter_Next(iterator.ref) {
    let item = Owned(adopting: next)
    if try check(PyObject_RichCompareBool(item.ref, value, Py_EQ)) > 0 {
      switch what {
      case .contains: return 1
      case .index:
        if wrapped { throw raise(.overflowError, "index exceeds C integer size") }
        return position
      case .count:
        if found == Int.max { throw raise(.overflowError, "count exceeds C integer size") }
        found += 1
      }
    }
    if position == Int.max { wrapped = true }
    position &+= 1
  }
  if hasRaised() { throw Raised() }
  if what == .index { throw raise(.valueError, "sequence.index(x): x not in sequence") }
  return found
}

@c @implementation
public func PySequence_Count(_ sequence: Ref, _ value: Ref) -> Int {
  size { try search(sequence, value, .count) }
}

@c @implementation
public func PySequence_Index(_ sequence: Ref, _ value: Ref) -> Int {
  size { try search(sequence, value, .index) }
}

@c @implementation
public func PySequence_Contains(_ sequence: Ref, _ value: Ref) -> Int32 {
  if let contains = sequence.type.pointee.tp_as_sequence?.pointee.sq_contains {
    return contains(sequence, value)
  }
  return status2 { try search(sequence, value, .contains) }
}

/// `containsByIteration`: `in` for types whose slot only knows some kinds of values.
func containsByIteration(_ sequence: Ref, _ value: Ref) -> Int32 {
  status2 { try search(sequence, value, .contains) }
}

/// Searches by iteration, whatever slots the type has: 1 counts, 2 finds the index, 3 says whether
/// the value is there.
@c @implementation
public func _PySequence_IterSearch(_ sequence: Ref, _ value: Ref, _ operation: Int32) -> Int {
  size {
    try search(sequence, value, operation == 1 ? .count : operation == 2 ? .index : .contains)
  }
}

private func status2(_ body: () throws -> Int) -> Int32 {
  do { return Int32(try body()) } catch { return -1 }
}

@c @implementation
public func PySequence_In(_ sequence: Ref, _ value: Ref) -> Int32 {
  PySequence_Contains(sequence, value)
}
