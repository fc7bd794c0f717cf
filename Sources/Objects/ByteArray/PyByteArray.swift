import CPythonABI
import Glibc

/// A bytearray, borrowed. `ob_start` lies within the block `ob_bytes` of `ob_alloc` bytes, so that
/// deleting at the front only moves it; a NUL follows the content. While buffers are handed out
/// (`ob_exports`) the size cannot change.
public struct PyByteArray {
  public let ref: Ref

  @inline(__always) public init(_ ref: Ref) { self.ref = ref }

  @inline(__always) var object: UnsafeMutablePointer<PyByteArrayObject> {
    ref.view(PyByteArrayObject.self)
  }
  @inline(__always) public var count: Int { apus_var_size(ref) }

  /// The content; never nil, also when nothing is allocated.
  @inline(__always) public var data: UnsafeMutablePointer<UInt8> {
    guard let start = object.pointee.ob_start else { return apus_bytes_data(apus_bytes_empty()) }
    return UnsafeMutableRawPointer(start).as(UInt8.self)
  }

  /// A new bytearray of `count` bytes for the caller to fill.
  static func make(_ count: Int) throws(Raised) -> Owned {
    if count < 0 {
      throw raise(.systemError, "Negative size passed to PyByteArray_FromStringAndSize")
    }
    if count == Int.max { throw raiseNoMemory() }
    let result = try own(_PyObject_New(byteArrayType()))
    let object = result.ref.view(PyByteArrayObject.self)
    object.pointee.ob_base.ob_size = 0
    object.pointee.ob_alloc = 0
    object.pointee.ob_bytes = nil
    object.pointee.ob_start = nil
    object.pointee.ob_exports = 0
    if count > 0 {
      guard let memory = PyObject_Malloc(count + 1) else { throw raiseNoMemory() }
      object.pointee.ob_bytes = memory.as(CChar.self)
      object.pointee.ob_start = object.pointee.ob_bytes
      object.pointee.ob_alloc = count + 1
      object.pointee.ob_base.ob_size = count
      memory.as(UInt8.self)[count] = 0
    }
    return result
  }

  /// A new bytearray with a copy of memory.
  static func make(_ bytes: UnsafePointer<UInt8>, _ count: Int) throws(Raised) -> Owned {
    let result = try make(count)
    if count > 0 { memcpy(PyByteArray(result.ref).data, bytes, count) }
    return result
  }

  /// Raises BufferError while somebody has the content's address.
  func requireResizable() throws(Raised) {
    if object.pointee.ob_exports > 0 {
      throw raise(
        .bufferError, "Existing exports of data: object cannot be re-sized")
    }
  }

  /// Changes the size; new bytes are undefined. Grows by an eighth and a little more.
  func resize(to size: Int) throws(Raised) {
    if size < 0 {
      throw raise(.valueError, "Can only resize to positive sizes, got \(size)")
    }
    if size == count { return }
    try requireResizable()
    let room = object.pointee.ob_alloc
    let start = object.pointee.ob_start
    let offset = object.pointee.ob_bytes.flatMap { base in start.map { $0 - base } } ?? 0
    if size == Int.max { throw raiseNoMemory() }
    var alloc: Int
    if size + offset + 1 <= room {
      if size < room / 2 {
        // Mostly empty: give memory back.
        alloc = size + 1
      } else {
        setSize(size)
        return
      }
    } else if size - room <= room / 8 {
      alloc = size + (size >> 3) + (size < 9 ? 3 : 6)
    } else {
      alloc = size + 1
    }
    if alloc < size { alloc = size + 1 }
    if offset > 0 {
      guard let memory = PyObject_Malloc(alloc) else { throw raiseNoMemory() }
      memcpy(memory, data, Swift.min(size, count))
      PyObject_Free(object.pointee.ob_bytes)
      object.pointee.ob_bytes = memory.as(CChar.self)
    } else {
      guard let memory = PyObject_Realloc(object.pointee.ob_bytes, alloc) else {
        throw raiseNoMemory()
      }
      object.pointee.ob_bytes = memory.as(CChar.self)
    }
    object.pointee.ob_start = object.pointee.ob_bytes
    object.pointee.ob_alloc = alloc
    setSize(size)
  }

  private func setSize(_ size: Int) {
    object.pointee.ob_base.ob_size = size
    object.pointee.ob_start?[size] = 0
  }

  /// Replaces the bytes `start..<end` with memory that is not part of this object.
  func replace(
    _ start: Int, _ end: Int, with bytes: UnsafePointer<UInt8>, _ size: Int
  ) throws(Raised) {
    let growth = size - (end - start)
    if growth < 0 {
      try requireResizable()
      if start == 0 {
        // Deleting at the front moves the start.
        object.pointee.ob_start? -= growth
        object.pointee.ob_base.ob_size += growth
        // The block is trimmed when it has become mostly empty.
        if count < object.pointee.ob_alloc / 2 { try trim() }
      } else {
        memmove(data + start + size, data + end, count - end)
        try resize(to: count + growth)
      }
    } else if growth > 0 {
      if count > Int.max - growth - 1 { throw raiseNoMemory() }
      let old = count
      try resize(to: count + growth)
      memmove(data + start + size, data + end, old - end)
    }
    if size > 0 { memcpy(data + start, bytes, size) }
  }

  private func trim() throws(Raised) {
    let size = count
    guard let memory = PyObject_Malloc(size + 1) else { throw raiseNoMemory() }
    memcpy(memory, data, size)
    PyObject_Free(object.pointee.ob_bytes)
    object.pointee.ob_bytes = memory.as(CChar.self)
    object.pointee.ob_start = object.pointee.ob_bytes
    object.pointee.ob_alloc = size + 1
    setSize(size)
  }

  /// Adds a byte at the end.
  func append(_ byte: UInt8) throws(Raised) {
    let size = count
    if size == Int.max - 1 {
      throw raise(.overflowError, "cannot add more objects to bytearray")
    }
    try resize(to: size + 1)
    data[size] = byte
  }

  static func deallocate(_ ref: Ref) {
    let object = ref.view(PyByteArrayObject.self)
    if object.pointee.ob_exports > 0 {
      _ = raise(.systemError, "deallocated bytearray object has exported buffers")
      PyErr_Print()
    }
    if let memory = object.pointee.ob_bytes { PyObject_Free(memory) }
    ref.type.pointee.tp_free?(ref)
  }
}

// MARK: C API

@c @implementation
public func PyByteArray_FromStringAndSize(_ bytes: UnsafePointer<CChar>?, _ size: Int) -> Ref? {
  new {
    guard let bytes else { return try PyByteArray.make(size) }
    if size < 0 {
      throw raise(.systemError, "Negative size passed to PyByteArray_FromStringAndSize")
    }
    return try PyByteArray.make(buffer(bytes), size)
  }
}

@c @implementation
public func PyByteArray_FromObject(_ object: Ref) -> Ref? {
  PyObject_CallOneArg(byteArrayType().object, object)
}

@c @implementation
public func PyByteArray_Concat(_ left: Ref, _ right: Ref) -> Ref? {
  new {
    guard PyObject_CheckBuffer(left) != 0, PyObject_CheckBuffer(right) != 0 else {
      throw raise(.typeError, "can't concat \(right.type.fullName) to \(left.type.fullName)")
    }
    let first = try ByteBuffer(left)
    let second = try ByteBuffer(right)
    let (size, overflow) = first.count.addingReportingOverflow(second.count)
    if overflow { throw raiseNoMemory() }
    let result = try PyByteArray.make(size)
    let target = PyByteArray(result.ref).data
    memcpy(target, first.base, first.count)
    memcpy(target + first.count, second.base, second.count)
    return result
  }
}

@c @implementation
public func PyByteArray_Size(_ object: Ref) -> Int { apus_var_size(object) }

@c @implementation
public func PyByteArray_AsString(_ object: Ref) -> UnsafeMutablePointer<CChar>? {
  UnsafeMutableRawPointer(PyByteArray(object).data).as(CChar.self)
}

@c @implementation
public func PyByteArray_Resize(_ object: Ref, _ size: Int) -> Int32 {
  status { try PyByteArray(object).resize(to: size) }
}
