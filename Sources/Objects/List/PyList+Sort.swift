import CPythonABI

extension PyList {
  /// Sorts in place, stably. While sorting, the list looks empty to the comparisons and the key
  /// function; a list that was changed meanwhile raises ValueError after the sort.
  func sort(key function: Ref?, reverse: Bool) throws(Raised) {
    // Take the items away.
    let savedItems = object.pointee.ob_item
    let savedCount = count
    let savedAllocated = object.pointee.allocated
    count = 0
    object.pointee.ob_item = nil
    object.pointee.allocated = -1

    let succeeded: Bool
    if savedCount > 0, let savedItems {
      let items = UnsafeMutableRawPointer(savedItems).assumingMemoryBound(to: Ref.self)
      succeeded = PyList.sort(items, savedCount, key: function, reverse: reverse)
    } else {
      succeeded = true
    }

    // Put them back, and drop what was put in meanwhile.
    let modified = object.pointee.allocated != -1
    let otherItems = object.pointee.ob_item
    var otherCount = count
    count = savedCount
    object.pointee.ob_item = savedItems
    object.pointee.allocated = savedAllocated
    if let otherItems {
      while otherCount > 0 {
        otherCount -= 1
        Py_XDECREF(otherItems[otherCount])
      }
      PyMem_Free(otherItems)
    }
    if !succeeded { throw Raised() }
    if modified { throw raise(.valueError, "list modified during sort") }
  }

  /// Sorts a row of objects; false with an exception set on failure.
  private static func sort(
    _ items: UnsafeMutablePointer<Ref>, _ count: Int, key function: Ref?, reverse: Bool
  ) -> Bool {
    guard let function else {
      return sort(SortSlice(keys: items, values: nil), count, reverse: reverse)
    }
    guard let memory = PyMem_Malloc(count * 8) else {
      _ = PyErr_NoMemory()
      return false
    }
    let keys = memory.assumingMemoryBound(to: Ref.self)
    var made = 0
    while made < count, let key = PyObject_CallOneArg(function, items[made]) {
      keys[made] = key
      made += 1
    }
    let succeeded =
      made == count && sort(SortSlice(keys: keys, values: items), count, reverse: reverse)
    for index in 0..<made { Py_DECREF(keys[index]) }
    PyMem_Free(memory)
    return succeeded
  }

  private static func sort(_ slice: SortSlice, _ count: Int, reverse: Bool) -> Bool {
    if count < 2 { return true }
    // Reversing before and after keeps equal elements in their order.
    if reverse { slice.reverse(count: count) }
    let (kind, inTuples) = SortKind.find(slice.keys, count)
    let succeeded =
      switch (kind, inTuples) {
      case (.general, false): run(slice, count, GeneralOrder())
      case (.latin, false): run(slice, count, LatinOrder())
      case (.compactInt, false): run(slice, count, CompactIntOrder())
      case (.int, false): run(slice, count, IntOrder())
      case (.float, false): run(slice, count, FloatOrder())
      case (.sameType(let compare), false): run(slice, count, SameTypeOrder(compare: compare))
      case (.general, true): run(slice, count, TupleOrder(first: GeneralOrder()))
      case (.latin, true): run(slice, count, TupleOrder(first: LatinOrder()))
      case (.compactInt, true): run(slice, count, TupleOrder(first: CompactIntOrder()))
      case (.int, true): run(slice, count, TupleOrder(first: IntOrder()))
      case (.float, true): run(slice, count, TupleOrder(first: FloatOrder()))
      case (.sameType(let compare), true):
        run(slice, count, TupleOrder(first: SameTypeOrder(compare: compare)))
      }
    if reverse { slice.reverse(count: count) }
    return succeeded
  }

  private static func run<Order: SortOrder>(_ slice: SortSlice, _ count: Int, _ order: Order) -> Bool {
    var sorter = MergeSort(slice, count: count, order: order)
    return sorter.sort()
  }
}
