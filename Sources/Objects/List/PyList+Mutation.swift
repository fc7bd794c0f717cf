import CPythonABI

// Changing a list in place. Every function takes the old items out first and releases them last,
// because releasing may run Python code that looks at the list.

extension PyList {
  /// Inserts before `index`, which is clipped as a slice bound is.
  func insert(_ item: Ref, at index: Int) throws(Raised) {
    let size = count
    if size == Int.max { throw raise(.overflowError, "cannot add more objects to list") }
    try resize(to: size + 1)
    var position = index
    if position < 0 { position = Swift.max(position + size, 0) }
    if position > size { position = size }
    let items = items
    var moving = size
    while moving > position {
      items[moving] = items[moving &- 1]
      moving &-= 1
    }
    Py_INCREF(item)
    items[position] = item
  }

  /// Removes and returns the item at an index that may be negative.
  func pop(at index: Int) throws(Raised) -> Owned {
    let size = count
    if size == 0 { throw raise(.indexError, "pop from empty list") }
    let position = index < 0 ? index &+ size : index
    guard position >= 0 && position < size else {
      throw raise(.indexError, "pop index out of range")
    }
    let items = items
    let item = Owned(adopting: items[position].unsafelyUnwrapped)
    for moving in position..<(size &- 1) { items[moving] = items[moving &+ 1] }
    try resize(to: size &- 1)
    return item
  }

  /// Replaces or, with nil, deletes the item at an index in range.
  func setItem(at index: Int, _ value: Ref?) throws(Raised) {
    guard index >= 0 && index < count else {
      throw raise(.indexError, "list assignment index out of range")
    }
    guard let value else {
      // The buffer keeps its size, as CPython's does here.
      let last = count &- 1
      let old = Owned(adopting: self[index])
      for moving in index..<last { items[moving] = items[moving &+ 1] }
      count = last
      _ = consume old
      return
    }
    Py_INCREF(value)
    let old = self[index]
    items[index] = value
    Py_DECREF(old)
  }

  /// `list[start:stop] = values`, or deletion with nil. The bounds are clipped.
  func replace(_ start: Int, _ stop: Int, with values: Ref?) throws(Raised) {
    guard let values else { return try replace(start, stop, source: nil, inserted: 0) }
    if values == ref {
      let copy = try slice(0, count)
      return try replace(start, stop, with: copy.ref)
    }
    let fast = try fastSequence(values, "can only assign an iterable")
    let (source, inserted) = sequenceItems(fast.ref)
    try replace(start, stop, source: source, inserted: inserted)
  }

  private func replace(
    _ start: Int, _ stop: Int, source: UnsafeMutablePointer<Ref?>?, inserted: Int
  ) throws(Raised) {
    let size = count
    let low = Swift.min(Swift.max(start, 0), size)
    let high = Swift.min(Swift.max(stop, low), size)
    let removed = high - low
    let change = inserted - removed
    if size + change == 0 { return clear() }
    guard removed > 0 || inserted > 0 else { return }
    // The removed items are kept aside until the list is whole again.
    var inlineStore = InlineArray<8, Ref?>(repeating: nil)
    var heapStore: UnsafeMutablePointer<Ref?>?
    if removed > 8 {
      guard let memory = PyMem_Malloc(removed * 8) else { throw raiseNoMemory() }
      heapStore = memory.assumingMemoryBound(to: Ref?.self)
    }
    for index in 0..<removed {
      if let heapStore { heapStore[index] = items[low + index] } else {
        inlineStore[index] = items[low + index]
      }
    }
    if change < 0 {
      let tail = size - high
      (items + high + change).update(from: items + high, count: tail)
      do {
        try resize(to: size + change)
      } catch {
        // Shrinking failed: the buffer stays as large as it was.
        PyErr_Clear()
        count = size + change
      }
    } else if change > 0 {
      do {
        try resize(to: size + change)
      } catch {
        PyMem_Free(heapStore)
        throw error
      }
      var index = size
      while index > high {
        index &-= 1
        items[index &+ change] = items[index]
      }
    }
    for index in 0..<inserted {
      let item = source.unsafelyUnwrapped[index]
      Py_XINCREF(item)
      items[low + index] = item
    }
    var index = removed
    while index > 0 {
      index &-= 1
      Py_XDECREF(heapStore.map { $0[index] } ?? inlineStore[index])
    }
    PyMem_Free(heapStore)
  }

  func subscripted(_ key: Ref) throws(Raised) -> Owned {
    if let index = try indexValue(key) {
      return try item(at: index < 0 ? index &+ count : index).retained()
    }
    guard key.type == sliceType() else {
      throw raise(.typeError, "list indices must be integers or slices, not \(key.type.fullName)")
    }
    var range = try SliceRange(key, length: count)
    if range.length <= 0 { return try PyList.make(count: 0) }
    if range.step == 1 { return try slice(range.start, range.stop) }
    let result = try PyList.make(count: range.length)
    let target = PyList(result.ref).items
    for position in 0..<range.length {
      let item = items[range.start]
      Py_XINCREF(item)
      target[position] = item
      range.start &+= range.step
    }
    return result
  }

  /// `list[key] = value`, or `del list[key]` with nil.
  func setSubscript(_ key: Ref, _ value: Ref?) throws(Raised) {
    if let index = try indexValue(key) {
      return try setItem(at: index < 0 ? index &+ count : index, value)
    }
    guard key.type == sliceType() else {
      throw raise(.typeError, "list indices must be integers or slices, not \(key.type.fullName)")
    }
    var range = try SliceRange(key)
    guard let value else {
      range.clip(to: count)
      if range.step == 1 { return try replace(range.start, range.stop, with: nil) }
      return try delete(&range)
    }
    let fast =
      value == ref
      ? try slice(0, count)
      : try fastSequence(value, "must assign iterable to extended slice")
    // Only now: making the sequence may have changed this list.
    range.clip(to: count)
    if range.step == 1 { return try replace(range.start, range.stop, with: fast.ref) }
    try assign(fast.ref, to: range)
  }

  private func assign(_ fast: Ref, to range: SliceRange) throws(Raised) {
    let (source, inserted) = sequenceItems(fast)
    guard inserted == range.length else {
      throw raise(
        .valueError,
        "attempt to assign sequence of size \(inserted) to extended slice of size \(range.length)")
    }
    if range.length == 0 { return }
    guard let memory = PyMem_Malloc(range.length * 8) else { throw raiseNoMemory() }
    let garbage = memory.assumingMemoryBound(to: Ref?.self)
    var position = range.start
    for index in 0..<range.length {
      garbage[index] = items[position]
      let item = source.unsafelyUnwrapped[index]
      Py_XINCREF(item)
      items[position] = item
      position &+= range.step
    }
    for index in 0..<range.length { Py_XDECREF(garbage[index]) }
    PyMem_Free(memory)
  }

  private func delete(_ range: inout SliceRange) throws(Raised) {
    if range.length <= 0 { return }
    if range.step < 0 {
      range.stop = range.start + 1
      range.start = range.stop + range.step * (range.length - 1) - 1
      range.step = -range.step
    }
    let size = count
    guard let memory = PyMem_Malloc(range.length * 8) else { throw raiseNoMemory() }
    let garbage = memory.assumingMemoryBound(to: Ref?.self)
    var target = range.start
    var next = range.start
    var taken = 0
    for position in range.start..<size {
      if taken < range.length && position == next {
        garbage[taken] = items[position]
        taken += 1
        next &+= range.step
      } else {
        items[target] = items[position]
        target += 1
      }
    }
    count = size - range.length
    do { try resize(to: size - range.length) } catch { PyErr_Clear() }
    for index in 0..<taken { Py_XDECREF(garbage[index]) }
    PyMem_Free(memory)
  }

  func reverse() {
    guard count > 1 else { return }
    var low = items
    var high = items + (count - 1)
    while low < high {
      let item = low.pointee
      low.pointee = high.pointee
      high.pointee = item
      low += 1
      high -= 1
    }
  }

  // MARK: Extending

  /// Appends the items of any iterable.
  func extend(_ iterable: Ref) throws(Raised) {
    if iterable.isExactList || iterable.isExactTuple || iterable == ref {
      return try extend(items: iterable)
    }
    if iterable.type == setType() || iterable.type == frozenSetType() {
      return try extendFromTable(iterable, count: PySet_Size(iterable)) { position in
        PySet(iterable).next(&position)
      }
    }
    if iterable.isExactDict { return try extend(dict: iterable, keys: true, values: false) }
    let type = iterable.type
    if type == dictKeysType() || type == dictValuesType() || type == dictItemsType(),
      let dict = DictView(iterable).dict, dict.isExactDict
    {
      return try extend(
        dict: dict, keys: type != dictValuesType(), values: type != dictKeysType())
    }
    try extend(iterating: iterable)
  }

  /// Appends the items of an exact list or tuple, which may be this list.
  private func extend(items source: Ref) throws(Raised) {
    let (_, added) = sequenceItems(source)
    if added == 0 { return }
    let size = count
    if object.pointee.ob_item == nil {
      try preallocate(added)
      count = added
    } else {
      try resize(to: size + added)
    }
    // Only now: the source's buffer moves when it is this list.
    let (from, _) = sequenceItems(source)
    copyRetaining(from.unsafelyUnwrapped, to: items + size, count: added)
  }

  /// Appends references that `next` lends one after the other, `added` of them.
  private func extendFromTable(
    _ source: Ref, count added: Int, _ next: (inout Int) -> Ref?
  ) throws(Raised) {
    let size = count
    if added == 0 { return }
    try resize(to: size + added)
    let target = items + size
    var position = 0
    var filled = 0
    while filled < added, let item = next(&position) {
      Py_INCREF(item)
      target[filled] = item
      filled += 1
    }
    count = size + filled
  }

  private func extend(dict: Ref, keys: Bool, values: Bool) throws(Raised) {
    let added = PyDict_Size(dict)
    if !(keys && values) {
      return try extendFromTable(dict, count: added) { position in
        var key: Ref?
        var value: Ref?
        return PyDict_Next(dict, &position, &key, &value) != 0 ? (keys ? key : value) : nil
      }
    }
    let size = count
    if added == 0 { return }
    // Making a pair may run the collector, which must not see items without value.
    try resize(to: size + added)
    count = size
    var position = 0
    var key: Ref?
    var value: Ref?
    while PyDict_Next(dict, &position, &key, &value) != 0 {
      try append(PyTuple.pair(key.unsafelyUnwrapped, value.unsafelyUnwrapped))
    }
  }

  private func extend(iterating iterable: Ref) throws(Raised) {
    let iterator = try own(PyObject_GetIter(iterable))
    guard let next = iterator.ref.type.pointee.tp_iternext else { throw Raised() }
    let hint = PyObject_LengthHint(iterable, 8)
    if hint < 0 { throw Raised() }
    let size = count
    if object.pointee.ob_item == nil {
      if hint > 0 { try preallocate(hint) }
    } else if size <= Int.max - hint {
      try resize(to: size + hint)
      count = size
    }
    while let item = next(iterator.ref) {
      try append(Owned(adopting: item))
    }
    if hasRaised() {
      guard PyErr_ExceptionMatches(.stopIteration) != 0 else { throw Raised() }
      PyErr_Clear()
    }
    // The hint may have been too generous.
    if count < object.pointee.allocated { try resize(to: count) }
  }
}

/// A list or tuple with the items of an iterable (PySequence_Fast); `message` is the TypeError for
/// something that is not iterable.
func fastSequence(_ iterable: Ref, _ message: StaticString) throws(Raised) -> Owned {
  if iterable.isExactList || iterable.isExactTuple { return iterable.retained() }
  return try own(PySequence_Fast(iterable, cString(message)))
}

/// The items of a list or tuple.
@inline(__always)
func sequenceItems(_ sequence: Ref) -> (UnsafeMutablePointer<Ref?>?, Int) {
  if sequence.isTuple { return (apus_tuple_items(sequence), apus_var_size(sequence)) }
  return (sequence.view(PyListObject.self).pointee.ob_item, apus_var_size(sequence))
}
