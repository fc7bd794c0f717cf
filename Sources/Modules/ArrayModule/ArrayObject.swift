import CPythonABI
import Glibc
import Objects

/// array.array: items of one machine type in a row. CPython: Modules/arraymodule.c.
struct ArrayObject {
  struct Layout {
    var base: PyVarObject
    var items: UnsafeMutableRawPointer?
    /// Items there is room for.
    var allocated: Int
    var typecode: UInt32
    /// Buffers handed out; the size is fixed while there are any.
    var exports: Int
    var weakReferences: Ref?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  let ref: Ref
  init(_ ref: Ref) { self.ref = ref }

  var layout: UnsafeMutablePointer<Layout> { ref.view(Layout.self) }
  var count: Int { layout.pointee.base.ob_size }
  var item: ItemType { ItemType(layout.pointee.typecode) ?? ItemType.byte }
  var byteCount: Int { count &* item.size }
  /// The items; for an empty array some valid address.
  var data: UnsafeMutableRawPointer {
    layout.pointee.items ?? UnsafeMutableRawPointer(ref)
  }

  static func isArray(_ object: Ref) -> Bool { object.isInstance(of: type) }

  /// A new array of `count` items that are not initialised.
  static func make(_ type: TypeRef, _ item: ItemType, _ count: Int) throws(Raised) -> Owned {
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let object = try own(allocate(type, 0))
    let layout = ArrayObject(object.ref).layout
    layout.pointee.base.ob_size = 0
    layout.pointee.typecode = UInt32(item.code)
    if count > 0 {
      let (bytes, overflow) = count.multipliedReportingOverflow(by: item.size)
      guard !overflow, let memory = PyMem_Malloc(bytes) else { throw raiseNoMemory() }
      layout.pointee.items = memory
      layout.pointee.allocated = count
      layout.pointee.base.ob_size = count
    }
    return object
  }

  /// Changes the number of items; new ones are not initialised. BufferError while exported.
  func resize(_ size: Int) throws(Raised) {
    if layout.pointee.exports > 0 && size != count {
      throw raise(.bufferError, "cannot resize an array that is exporting buffers")
    }
    let allocated = layout.pointee.allocated
    if allocated >= size && count < size + 16 && layout.pointee.items != nil {
      layout.pointee.base.ob_size = size
      return
    }
    if size == 0 {
      PyMem_Free(layout.pointee.items)
      layout.pointee.items = nil
      layout.pointee.base.ob_size = 0
      layout.pointee.allocated = 0
      return
    }
    // 0, 4, 8, 16, 25, 34, 46, 56, 67, 79, …
    let (room, overflow) = ((size >> 4) + (count < 8 ? 3 : 7)).addingReportingOverflow(size)
    let (bytes, tooLarge) = room.multipliedReportingOverflow(by: item.size)
    guard !overflow, !tooLarge, let memory = PyMem_Realloc(layout.pointee.items, bytes) else {
      throw raiseNoMemory()
    }
    layout.pointee.items = memory
    layout.pointee.allocated = room
    layout.pointee.base.ob_size = size
  }

  @inline(__always)
  func load(_ index: Int) throws(Raised) -> Owned {
    let item = self.item
    return try item.load(data + index * item.size)
  }

  /// Stores an object; converting it may run Python code.
  func store(_ value: Ref, at index: Int, else outOfRange: String) throws(Raised) {
    let item = self.item
    let bits = try item.bits(value)
    guard index >= 0, index < count else { throw raise(.indexError, outOfRange) }
    item.store(bits, data + index * item.size)
  }

  func append(_ value: Ref) throws(Raised) {
    let item = self.item
    let bits = try item.bits(value)
    let size = count
    try resize(size + 1)
    item.store(bits, data + size * item.size)
  }

  func insert(_ value: Ref, at position: Int) throws(Raised) {
    let item = self.item
    let bits = try item.bits(value)
    let size = count
    var index = position
    if index < 0 { index = Swift.max(index + size, 0) }
    index = Swift.min(index, size)
    try resize(size + 1)
    memmove(
      data + (index + 1) * item.size, data + index * item.size, (size - index) * item.size)
    item.store(bits, data + index * item.size)
  }

  /// Takes out items `from` up to `to`.
  func remove(_ from: Int, _ to: Int) throws(Raised) {
    if from >= to { return }
    if layout.pointee.exports > 0 {
      throw raise(.bufferError, "cannot resize an array that is exporting buffers")
    }
    let size = item.size
    memmove(data + from * size, data + to * size, (count - to) * size)
    try resize(count - (to - from))
  }

  func slice(_ from: Int, _ to: Int) throws(Raised) -> Owned {
    let result = try Self.make(Self.type, item, Swift.max(to - from, 0))
    if to > from {
      memcpy(ArrayObject(result.ref).data, data + from * item.size, (to - from) * item.size)
    }
    return result
  }

  /// Appends the items of another array of the same kind.
  func extend(array other: Ref) throws(Raised) {
    let source = ArrayObject(other)
    if source.item.code != item.code {
      throw raise(.typeError, "can only extend with array of same kind")
    }
    let added = source.count
    let (size, overflow) = count.addingReportingOverflow(added)
    if overflow { throw raiseNoMemory() }
    let old = count
    try resize(size)
    // The other array may be this one: read its items where they are now.
    if added > 0 { memcpy(data + old * item.size, source.data, added * item.size) }
  }

  func extend(_ other: Ref) throws(Raised) {
    if Self.isArray(other) { return try extend(array: other) }
    let iterator = try own(PyObject_GetIter(other))
    while let next = PyIter_Next(iterator.ref) {
      let value = Owned(adopting: next)
      try append(value.ref)
    }
    if hasRaised() { throw Raised() }
  }

  /// Appends raw bytes.
  func append(bytes: UnsafeRawPointer?, _ length: Int) throws(Raised) {
    if length % item.size != 0 {
      throw raise(.valueError, "bytes length not a multiple of item size")
    }
    if length == 0 { return }
    let old = count
    let (size, overflow) = old.addingReportingOverflow(length / item.size)
    if overflow { throw raiseNoMemory() }
    try resize(size)
    if let bytes { memmove(data + old * item.size, bytes, length) }
  }

  /// Appends the code points of a str.
  func append(text: Ref) throws(Raised) {
    let length = apus_str_length(text)
    let old = count
    try resize(old + length)
    let kind = apus_str_kind(text)
    let source = apus_str_data(text)
    for index in 0..<length {
      (data + (old + index) * 4).storeBytes(
        of: apus_str_read(kind, source, index), as: UInt32.self)
    }
  }

  /// The str of a text array.
  func text() throws(Raised) -> Owned {
    let items = data.assumingMemoryBound(to: Int32.self)
    for index in 0..<count where items[index] < 0 || items[index] > 0x10FFFF {
      throw raise(
        .valueError,
        "character U+\(String(UInt32(bitPattern: items[index]), radix: 16)) is not in range "
          + "[U+0000; U+10ffff]")
    }
    return try own(PyUnicode_FromKindAndData(4, data, count))
  }

  func list() throws(Raised) -> Owned {
    let result = try own(PyList_New(0))
    var index = 0
    while index < count {
      let value = try load(index)
      try check(PyList_Append(result.ref, value.ref))
      index += 1
    }
    return result
  }

  func bytes() throws(Raised) -> Owned {
    try own(
      PyBytes_FromStringAndSize(data.assumingMemoryBound(to: CChar.self), byteCount))
  }

  func repeated(_ times: Int) throws(Raised) -> Owned {
    let times = Swift.max(times, 0)
    let (size, overflow) = count.multipliedReportingOverflow(by: times)
    if overflow { throw raiseNoMemory() }
    let result = try Self.make(Self.type, item, size)
    let target = ArrayObject(result.ref).data
    let length = byteCount
    for round in 0..<(length > 0 ? times : 0) { memcpy(target + round * length, data, length) }
    return result
  }

  func repeatInPlace(_ times: Int) throws(Raised) {
    let length = byteCount
    let (size, overflow) = count.multipliedReportingOverflow(by: Swift.max(times, 0))
    if overflow { throw raiseNoMemory() }
    if count == 0 || times == 1 { return }
    try resize(size)
    for round in 1..<Swift.max(times, 1) { memcpy(data + round * length, data, length) }
  }

  /// The first item that equals a value, from `start` up to `stop`.
  func index(of value: Ref, from start: Int, to stop: Int) throws(Raised) -> Int? {
    var index = start
    while index < stop && index < count {
      let candidate = try load(index)
      if try check(PyObject_RichCompareBool(candidate.ref, value, Py_EQ)) != 0 { return index }
      index += 1
    }
    return nil
  }
}

extension ItemType {
  static let byte = ItemType(66).unsafelyUnwrapped
}
