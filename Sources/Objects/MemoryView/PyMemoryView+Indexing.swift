import CPythonABI
import Glibc

extension PyMemoryView {
  /// Where an item lies: `index` in dimension `dimension`, following a suboffset.
  private func place(
    _ pointer: UnsafeMutableRawPointer, _ index: Int, _ dimension: Int
  ) throws(Raised) -> UnsafeMutableRawPointer {
    let count = view.shape?[dimension] ?? 0
    let index = index < 0 ? index &+ count : index
    if index < 0 || index >= count {
      throw raise(.indexError, "index out of bounds on dimension \(dimension + 1)")
    }
    let item = pointer + (view.strides?[dimension] ?? 0) * index
    if let offset = view.suboffsets?[dimension], offset >= 0 {
      guard let base = item.load(as: UnsafeMutableRawPointer?.self) else { return item }
      return base + offset
    }
    return item
  }

  private var base: UnsafeMutableRawPointer {
    view.buf ?? UnsafeMutableRawPointer(apus_bytes_data(apus_bytes_empty()))
  }

  /// An item of a one-dimensional view.
  func item(at index: Int) throws(Raised) -> Owned {
    try requireUsable()
    switch view.ndim {
    case 0: throw raise(.typeError, "invalid indexing of 0-dim memory")
    case 1: return try MemoryItem.unpack(try place(base, index, 0), view.format)
    default:
      throw raise(
        .notImplementedError, "multi-dimensional sub-views are not implemented")
    }
  }

  private static func index(_ object: Ref) throws(Raised) -> Int {
    let value = PyNumber_AsSsize_t(object, .indexError)
    if value == -1 && hasRaised() { throw Raised() }
    return value
  }

  /// Where the item lies that a tuple of indices names.
  private func place(_ indices: Ref) throws(Raised) -> UnsafeMutableRawPointer {
    let count = apus_var_size(indices)
    if count > dimensions {
      throw raise(
        .typeError, "cannot index \(dimensions)-dimension view with \(count)-element tuple")
    }
    var pointer = base
    for dimension in 0..<count {
      let index = try Self.index(apus_tuple_item(indices, dimension))
      try requireUsable()
      pointer = try place(pointer, index, dimension)
    }
    return pointer
  }

  private static func all(_ tuple: Ref, _ test: (Ref) -> Bool) -> Bool {
    for index in 0..<apus_var_size(tuple) where !test(apus_tuple_item(tuple, index)) {
      return false
    }
    return true
  }

  /// `view[key]`
  func subscripted(_ key: Ref) throws(Raised) -> Owned {
    try requireUsable()
    if view.ndim == 0 {
      if key.isTuple && apus_var_size(key) == 0 {
        return try MemoryItem.unpack(base, view.format)
      }
      if key == ellipsisObject() { return ref.retained() }
      throw raise(.typeError, "invalid indexing of 0-dim memory")
    }
    if PyIndex_Check(key) != 0 { return try item(at: try Self.index(key)) }
    if key.type == sliceType() {
      try requireUnrestricted()
      let result = try Self.make(managed, view)
      try PyMemoryView(result.ref).narrow(key)
      return result
    }
    if key.isTuple && Self.all(key, { PyIndex_Check($0) != 0 }) {
      // Checked before the number of indices is complete, as in CPython.
      if apus_var_size(key) < dimensions {
        throw raise(.notImplementedError, "sub-views are not implemented")
      }
      return try MemoryItem.unpack(try place(key), view.format)
    }
    if key.isTuple && apus_var_size(key) > 0 && Self.all(key, { $0.type == sliceType() }) {
      throw raise(
        .notImplementedError, "multi-dimensional slicing is not implemented")
    }
    throw raise(.typeError, "memoryview: invalid slice key")
  }

  /// Restricts the first dimension to a slice.
  private func narrow(_ slice: Ref) throws(Raised) {
    var start = 0
    var stop = 0
    var step = 0
    try check(PySlice_Unpack(slice, &start, &stop, &step))
    guard let shape = view.shape, let strides = view.strides else { return }
    let count = PySlice_AdjustIndices(shape[0], &start, &stop, step)
    // An indirect dimension before would need its offset adjusted instead of the address; the first
    // dimension has none before it.
    object.pointee.view.buf = view.buf.map { $0 + strides[0] &* start }
    shape[0] = count
    strides[0] = strides[0] &* step
    var length = view.itemsize
    for index in 0..<dimensions { length = length &* shape[index] }
    object.pointee.view.len = length
    updateFlags()
  }

  /// `view[key] = value`
  func assign(_ key: Ref, _ value: Ref?) throws(Raised) {
    try requireUsable()
    if view.readonly != 0 { throw raise(.typeError, "cannot modify read-only memory") }
    guard let value else { throw raise(.typeError, "cannot delete memory") }
    if view.ndim == 0 {
      if key == ellipsisObject() || key.isTuple && apus_var_size(key) == 0 {
        try pack(value, base)
        return
      }
      throw raise(.typeError, "invalid indexing of 0-dim memory")
    }
    if PyIndex_Check(key) != 0 {
      if view.ndim > 1 { throw raise(.notImplementedError, "sub-views are not implemented") }
      try pack(value, try place(base, try Self.index(key), 0))
      return
    }
    if key.type == sliceType() && view.ndim == 1 {
      try assign(slice: key, value)
      return
    }
    if key.isTuple && Self.all(key, { PyIndex_Check($0) != 0 }) {
      if apus_var_size(key) < dimensions {
        throw raise(.notImplementedError, "sub-views are not implemented")
      }
      try pack(value, try place(key))
      return
    }
    if key.type == sliceType() || key.isTuple && Self.all(key, { $0.type == sliceType() }) {
      throw raise(
        .notImplementedError,
        "memoryview slice assignments are currently restricted to ndim = 1")
    }
    throw raise(.typeError, "memoryview: invalid slice key")
  }

  /// Converts first, for that may run code that releases the view.
  private func pack(_ value: Ref, _ place: UnsafeMutableRawPointer) throws(Raised) {
    var item = InlineArray<8, UInt8>(repeating: 0)
    let size = Swift.min(view.itemsize, 8)
    let format = view.format
    var span = item.mutableSpan
    try span.withUnsafeMutableBufferPointer { buffer throws(Raised) in
      guard let start = buffer.baseAddress else { return }
      try MemoryItem.pack(value, UnsafeMutableRawPointer(start), format)
      try requireUsable()
      memcpy(place, start, size)
    }
  }

  private func assign(slice: Ref, _ value: Ref) throws(Raised) {
    let source = try Self.holdBuffer(value)
    defer { source.release() }
    let target = try Self.make(managed, view)
    let part = PyMemoryView(target.ref)
    try part.narrow(slice)
    // Code run for the bounds may have released the view.
    try requireUsable()
    let from = source.buffer.pointee
    guard from.ndim == 1, part.view.shape?[0] == from.shape?[0] || from.shape == nil,
      Self.sameFormat(part.view.format, from.format), part.view.itemsize == from.itemsize,
      (from.shape?[0] ?? from.len / Swift.max(from.itemsize, 1)) == part.view.shape?[0]
    else {
      throw raise(
        .valueError,
        "memoryview assignment: lvalue and rvalue have different structures")
    }
    // Through a copy, because source and target may overlap.
    let size = from.len
    guard let memory = malloc(Swift.max(size, 1)) else { throw raiseNoMemory() }
    defer { free(memory) }
    if size > 0 {
      try check(
        PyBuffer_ToContiguous(memory, source.buffer, size, CChar(UInt8(ascii: "C"))))
      var into = part.view
      try check(PyBuffer_FromContiguous(&into, memory, size, CChar(UInt8(ascii: "C"))))
    }
  }

  /// A buffer of any kind held for reading; call `release` when done.
  struct HeldBuffer {
    let buffer: UnsafeMutablePointer<Py_buffer>
    func release() {
      PyBuffer_Release(buffer)
      buffer.deallocate()
    }
  }

  static func holdBuffer(_ object: Ref) throws(Raised) -> HeldBuffer {
    let buffer = UnsafeMutablePointer<Py_buffer>.allocate(capacity: 1)
    buffer.initialize(to: Py_buffer())
    if PyObject_GetBuffer(object, buffer, PyBUF_FULL_RO) != 0 {
      buffer.deallocate()
      throw Raised()
    }
    return HeldBuffer(buffer: buffer)
  }

  private static func sameFormat(_ a: UnsafePointer<CChar>?, _ b: UnsafePointer<CChar>?) -> Bool {
    func plain(_ format: UnsafePointer<CChar>?) -> UnsafePointer<CChar> {
      guard let format else { return cString("B") }
      return format[0] == CChar(UInt8(ascii: "@")) ? format + 1 : format
    }
    return strcmp(plain(a), plain(b)) == 0
  }

  // MARK: Lists

  /// The items as a list, of lists for more dimensions.
  func list() throws(Raised) -> Owned {
    try requireUsable()
    if view.ndim == 0 { return try MemoryItem.unpack(base, view.format) }
    if MemoryItem.native(view.format) == nil { throw MemoryItem.unsupported(view.format) }
    return try list(base, 0)
  }

  private func list(_ start: UnsafeMutableRawPointer, _ dimension: Int) throws(Raised) -> Owned {
    let count = view.shape?[dimension] ?? 0
    let result = try own(PyList_New(count))
    for index in 0..<count {
      let item = try place(start, index, dimension)
      let value =
        dimension == dimensions - 1
        ? try MemoryItem.unpack(item, view.format) : try list(item, dimension + 1)
      if PyList_SetItem(result.ref, index, value.give()) < 0 { throw Raised() }
    }
    return result
  }
}
