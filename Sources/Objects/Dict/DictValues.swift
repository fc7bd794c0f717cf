import CPythonABI

extension UnsafeMutablePointer where Pointee == PyDictValues {
  /// A row of values outside any object, all of them missing.
  static func make(capacity: Int) throws(Raised) -> UnsafeMutablePointer<PyDictValues> {
    guard let memory = PyMem_Malloc(8 + capacity * 8 + (capacity + 7) & ~7) else {
      throw raiseNoMemory()
    }
    let values = memory.assumingMemoryBound(to: PyDictValues.self)
    values.prepare(capacity: capacity, embedded: false)
    return values
  }

  /// Gives back a row outside any object, with what is in it.
  func discard() {
    let items = apus_values_items(self)
    for index in 0..<Int(pointee.capacity) { Py_XDECREF(items[index]) }
    PyMem_Free(self)
  }

  /// Writes the header and empties the values.
  @inline(__always) func prepare(capacity: Int, embedded: Bool) {
    pointee.capacity = UInt8(truncatingIfNeeded: capacity)
    pointee.size = 0
    pointee.embedded = embedded ? 1 : 0
    pointee.valid = 1
    let items = apus_values_items(self)
    var index = 0
    while index < capacity {
      items[index] = nil
      index &+= 1
    }
  }

  /// Notes that the value of an entry was added last.
  @inline(__always)
  func appendToOrder(_ entry: Int) {
    apus_values_order(self)[Int(pointee.size)] = UInt8(truncatingIfNeeded: entry)
    pointee.size &+= 1
  }

  /// Takes an entry out of the insertion order.
  func removeFromOrder(_ entry: Int) {
    let order = apus_values_order(self)
    let size = Int(pointee.size)
    var position = 0
    while position < size && order[position] != UInt8(truncatingIfNeeded: entry) { position &+= 1 }
    guard position < size else { return }
    while position &+ 1 < size {
      order[position] = order[position &+ 1]
      position &+= 1
    }
    pointee.size = UInt8(truncatingIfNeeded: size &- 1)
  }
}
