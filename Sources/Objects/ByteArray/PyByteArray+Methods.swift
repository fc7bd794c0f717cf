import CPythonABI
import Glibc

extension PyByteArray {
  /// A byte argument. Raises TypeError, or ValueError out of range.
  static func byte(_ object: Ref) throws(Raised) -> UInt8 {
    if PyIndex_Check(object) == 0 {
      throw raise(
        .typeError, "'\(object.type.fullName)' object cannot be interpreted as an integer")
    }
    return try PyBytes.byte(object, "byte must be in range(0, 256)")
  }

  /// Adds the content of a bytes-like object or the ints of an iterable.
  func extend(_ other: Ref) throws(Raised) {
    if PyObject_CheckBuffer(other) != 0 {
      try append(contentsOf: other)
      return
    }
    guard let found = PyObject_GetIter(other) else {
      if PyErr_ExceptionMatches(.typeError) != 0 {
        throw raise(.typeError, "can't extend bytearray with \(other.type.fullName)")
      }
      throw Raised()
    }
    let iterator = Owned(adopting: found)
    let hint = PyObject_LengthHint(other, 32)
    if hint < 0 { throw Raised() }
    // Collected aside, so that a failure leaves this object as it was.
    var writer = try ByteWriter(capacity: Swift.min(hint, 1 << 20))
    while let item = PyIter_Next(iterator.ref) {
      let item = Owned(adopting: item)
      if other.isStr {
        throw raise(.typeError, "expected iterable of integers; got: 'str'")
      }
      try writer.append(try Self.byte(item.ref))
    }
    if hasRaised() { throw Raised() }
    let collected = try writer.finish()
    try replace(count, count, with: PyBytes(collected.ref).data, PyBytes(collected.ref).count)
  }

  /// Adds the content of a bytes-like object, which may be this one.
  func append(contentsOf other: Ref) throws(Raised) {
    if other == ref {
      let size = count
      let (doubled, overflow) = size.addingReportingOverflow(size)
      if overflow { throw raiseNoMemory() }
      try resize(to: doubled)
      memcpy(data + size, data, size)
      return
    }
    let hold = try ByteBuffer(other)
    try replace(count, count, with: hold.base, hold.count)
  }

  func remove(at index: Int) throws(Raised) {
    try requireResizable()
    try replace(index, index + 1, with: data, 0)
  }

  // MARK: Item assignment

  /// `array[key] = value`, or `del array[key]` without a value.
  func assign(_ key: Ref, _ value: Ref?) throws(Raised) {
    if PyIndex_Check(key) != 0 {
      var index = PyNumber_AsSsize_t(key, .indexError)
      if index == -1 && hasRaised() { throw Raised() }
      let byte = try value.map { object throws(Raised) in try Self.byte(object) }
      if index < 0 { index += count }
      if index < 0 || index >= count {
        throw raise(.indexError, "bytearray index out of range")
      }
      if let byte { data[index] = byte } else { try remove(at: index) }
      return
    }
    guard key.type == sliceType() else {
      throw raise(
        .typeError,
        "bytearray indices must be integers or slices, not \(key.type.fullName)")
    }
    var start = 0
    var stop = 0
    var step = 0
    try check(PySlice_Unpack(key, &start, &stop, &step))
    guard let value else {
      let length = PySlice_AdjustIndices(count, &start, &stop, step)
      try assign(start, stop, step, length, apus_bytes_data(apus_bytes_empty()), 0, deletes: true)
      return
    }
    // A copy, because the value may be this object or share its memory.
    if value == ref || !value.isBytes && !value.isInstance(of: byteArrayType()) {
      if PyIndex_Check(value) != 0 && PyObject_CheckBuffer(value) == 0 || value.isStr {
        throw raise(
          .typeError,
          "can assign only bytes, buffers, or iterables of ints in range(0, 256)")
      }
      let copy = try own(PyByteArray_FromObject(value))
      let length = PySlice_AdjustIndices(count, &start, &stop, step)
      try assign(
        start, stop, step, length, PyByteArray(copy.ref).data, PyByteArray(copy.ref).count,
        deletes: false)
      return
    }
    let view = ByteView(value)
    let length = PySlice_AdjustIndices(count, &start, &stop, step)
    try assign(start, stop, step, length, view.base, view.count, deletes: false)
  }

  private func assign(
    _ start: Int, _ stop: Int, _ step: Int, _ length: Int, _ bytes: UnsafePointer<UInt8>,
    _ size: Int, deletes: Bool
  ) throws(Raised) {
    if step == 1 {
      try replace(start, Swift.max(start, stop), with: bytes, size)
      return
    }
    if deletes || size == 0 {
      if length == 0 { return }
      try requireResizable()
      let first = step < 0 ? start &+ step &* (length - 1) : start
      // With one byte to delete the step may be as large as an int.
      let gap = length == 1 ? count : Int(truncatingIfNeeded: step.magnitude)
      // Close the gaps from the left.
      var target = first
      var source = first
      for _ in 0..<length {
        let end = gap < count - source ? source + gap : count
        memmove(data + target, data + source + 1, end - source - 1)
        target += end - source - 1
        source = end
      }
      if source < count { memmove(data + target, data + source, count - source) }
      try resize(to: count - length)
      return
    }
    if size != length {
      throw raise(
        .valueError,
        "attempt to assign bytes of size \(size) to extended slice of size \(length)")
    }
    var position = start
    for index in 0..<length {
      data[position] = bytes[index]
      position &+= step
    }
  }

  // MARK: Methods

  static let append: Method = .o("append($self, item, /)", "Adds one byte at the end.") { array, item in
    none { try PyByteArray(array).append(try byte(item)) }
  }

  static let clear: Method = .noargs("clear($self, /)", "Removes all bytes.") { array, _ in
    none { try PyByteArray(array).resize(to: 0) }
  }

  static let copy: Method = .noargs("copy($self, /)", "A copy of the bytearray.") { array, _ in
    new { try make(PyByteArray(array).data, PyByteArray(array).count) }
  }

  static let extend: Method = .o(
    "extend($self, iterable_of_ints, /)", "Adds the bytes of an iterable or a buffer at the end."
  ) { array, iterable in
    none { try PyByteArray(array).extend(iterable) }
  }

  static let insert: Method = .fast(
    "insert($self, index, item, /)", "Inserts a byte before an index."
  ) { array, args, count in
    none {
      let a = try Arguments(insert, args, count)
      var index = try a.index(0)
      let byte = try byte(a.object(1))
      let view = PyByteArray(array)
      let size = view.count
      if size == Int.max - 1 {
        throw raise(.overflowError, "cannot add more objects to bytearray")
      }
      if index < 0 { index = Swift.max(index + size, 0) }
      index = Swift.min(index, size)
      try view.resize(to: size + 1)
      memmove(view.data + index + 1, view.data + index, size - index)
      view.data[index] = byte
    }
  }

  static let pop: Method = .fast(
    "pop($self, index=-1, /)", "Removes and returns the byte at an index, the last one if none is given."
  ) { array, args, count in
    new {
      let a = try Arguments(pop, args, count)
      var index = try a.index(0, default: -1)
      let view = PyByteArray(array)
      if view.count == 0 { throw raise(.indexError, "pop from empty bytearray") }
      if index < 0 { index += view.count }
      if index < 0 || index >= view.count {
        throw raise(.indexError, "pop index out of range")
      }
      try view.requireResizable()
      let byte = view.data[index]
      try view.remove(at: index)
      return Owned(adopting: apus_small_int(Int(byte)))
    }
  }

  static let remove: Method = .o(
    "remove($self, value, /)", "Removes the first byte with a value; ValueError without one."
  ) { array, value in
    none {
      let byte = try byte(value)
      let view = PyByteArray(array)
      let found = TextSearch<UInt8>.index(of: byte, in: view.data, view.count)
      if found < 0 { throw raise(.valueError, "value not found in bytearray") }
      try view.remove(at: found)
    }
  }

  static let reverse: Method = .noargs("reverse($self, /)", "Turns the order around, in place.") {
    array, _ in
    none {
      let view = PyByteArray(array)
      var bytes = UnsafeMutableBufferPointer(start: view.data, count: view.count)
      bytes.reverse()
    }
  }

  static let alloc: Method = .noargs(
    "__alloc__($self, /)", "The bytes of memory allocated for the content."
  ) { array, _ in
    PyLong_FromSsize_t(PyByteArray(array).object.pointee.ob_alloc)
  }

  static let sizeof: Method = .noargs(
    "__sizeof__($self, /)", "The bytes of memory the bytearray takes."
  ) { array, _ in
    PyLong_FromSsize_t(
      array.type.pointee.tp_basicsize + PyByteArray(array).object.pointee.ob_alloc)
  }

  /// (type, arguments, state) for pickling; before protocol 3 through a latin-1 string.
  private static func reduced(_ array: Ref, _ protocolVersion: Int) throws(Raised) -> Owned {
    let dict = try own(_PyObject_GetState(array))
    let arguments: Owned
    let view = PyByteArray(array)
    if view.count == 0 {
      arguments = try own(PyTuple_New(0))
    } else if protocolVersion < 3 {
      arguments = try own(PyTuple_New(2))
      apus_tuple_items(arguments.ref)[0] = try TextDecoding.latin1(view.data, view.count).give()
      apus_tuple_items(arguments.ref)[1] = try PyUnicode.make(ascii: "latin-1").give()
    } else {
      arguments = try own(PyTuple_New(1))
      apus_tuple_items(arguments.ref)[0] = try PyBytes.make(view.data, view.count).give()
    }
    return try PyUnicode.triple(array.type.object.retained(), arguments, dict)
  }

  static let reduce: Method = .noargs("__reduce__($self, /)", "For pickling.") { array, _ in
    new { try reduced(array, 2) }
  }

  static let reduceEx: Method = .fast("__reduce_ex__($self, proto=0, /)", "For pickling.") {
    array, args, count in
    new {
      let a = try Arguments(reduceEx, args, count)
      return try reduced(array, Int(a.int32(0)))
    }
  }
}
