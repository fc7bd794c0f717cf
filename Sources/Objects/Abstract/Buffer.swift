import CPythonABI
import Glibc

// The buffer protocol (PEP 3118). CPython: Objects/abstract.c, PyObject_GetBuffer and following.

@c @implementation
public func PyObject_CheckBuffer(_ object: Ref) -> Int32 {
  object.type.pointee.tp_as_buffer?.pointee.bf_getbuffer != nil ? 1 : 0
}

/// Fills `view` with the object's memory. TypeError for objects without a buffer, BufferError when
/// it cannot be had as the flags ask.
@c @implementation
public func PyObject_GetBuffer(
  _ object: Ref, _ view: UnsafeMutablePointer<Py_buffer>, _ flags: Int32
) -> Int32 {
  if flags == PyBUF_READ || flags == PyBUF_WRITE {
    PyErr_BadInternalCall()
    return -1
  }
  guard let get = object.type.pointee.tp_as_buffer?.pointee.bf_getbuffer else {
    _ = raise(
      .typeError, "a bytes-like object is required, not '\(object.type.fullName)'")
    return -1
  }
  return get(object, view, flags)
}

@c @implementation
public func PyBuffer_Release(_ view: UnsafeMutablePointer<Py_buffer>) {
  guard let object = view.pointee.obj else { return }
  object.type.pointee.tp_as_buffer?.pointee.bf_releasebuffer?(object, view)
  view.pointee.obj = nil
  Py_DECREF(object)
}

private func isCContiguous(_ view: UnsafePointer<Py_buffer>) -> Bool {
  if view.pointee.len == 0 { return true }
  guard let strides = view.pointee.strides else { return true }
  guard let shape = view.pointee.shape else { return true }
  var step = view.pointee.itemsize
  var index = Int(view.pointee.ndim) - 1
  while index >= 0 {
    if shape[index] > 1 && strides[index] != step { return false }
    step = step &* shape[index]
    index -= 1
  }
  return true
}

private func isFortranContiguous(_ view: UnsafePointer<Py_buffer>) -> Bool {
  if view.pointee.len == 0 { return true }
  guard let shape = view.pointee.shape else { return true }
  let count = Int(view.pointee.ndim)
  guard let strides = view.pointee.strides else {
    if count <= 1 { return true }
    // Without strides the layout is C; with one dimension larger than 1 both are the same.
    var large = 0
    for index in 0..<count where shape[index] > 1 { large += 1 }
    return large <= 1
  }
  var step = view.pointee.itemsize
  for index in 0..<count {
    if shape[index] > 1 && strides[index] != step { return false }
    step = step &* shape[index]
  }
  return true
}

/// Whether the memory is one block in C ('C'), Fortran ('F') or either ('A') order.
@c @implementation
public func PyBuffer_IsContiguous(_ view: UnsafePointer<Py_buffer>, _ order: CChar) -> Int32 {
  if view.pointee.suboffsets != nil { return 0 }
  switch UInt8(bitPattern: order) {
  case UInt8(ascii: "C"): return isCContiguous(view) ? 1 : 0
  case UInt8(ascii: "F"): return isFortranContiguous(view) ? 1 : 0
  case UInt8(ascii: "A"): return isCContiguous(view) || isFortranContiguous(view) ? 1 : 0
  default: return 0
  }
}

/// The address of an item.
@c @implementation
public func PyBuffer_GetPointer(
  _ view: UnsafePointer<Py_buffer>, _ indices: UnsafePointer<Int>?
) -> UnsafeMutableRawPointer? {
  guard var pointer = view.pointee.buf, let indices, let strides = view.pointee.strides else {
    return view.pointee.buf
  }
  for index in 0..<Int(view.pointee.ndim) {
    pointer += strides[index] &* indices[index]
    if let suboffsets = view.pointee.suboffsets, suboffsets[index] >= 0,
      let inner = pointer.load(as: UnsafeMutableRawPointer?.self)
    {
      pointer = inner + suboffsets[index]
    }
  }
  return pointer
}

/// `struct.calcsize(format)`.
@c @implementation
public func PyBuffer_SizeFromFormat(_ format: UnsafePointer<CChar>) -> Int {
  size {
    let module = try own(PyImport_ImportModule("struct"))
    let calcsize = try own(PyObject_GetAttrString(module.ref, "calcsize"))
    let text = try own(PyUnicode_FromString(format))
    let result = try own(PyObject_CallOneArg(calcsize.ref, text.ref))
    return try check(PyLong_AsSsize_t(result.ref))
  }
}

/// Steps a multi-index through `shape`; the last dimension runs fastest in C order, the first in
/// Fortran order.
private func advance(
  _ indices: UnsafeMutablePointer<Int>, _ shape: UnsafePointer<Int>, _ count: Int, fortran: Bool
) {
  for step in 0..<count {
    let index = fortran ? step : count - 1 - step
    if indices[index] < shape[index] - 1 {
      indices[index] += 1
      return
    }
    indices[index] = 0
  }
}

/// Visits the items of a view in the order asked for: `body(item, position)`.
private func visitItems(
  _ view: UnsafePointer<Py_buffer>, fortran: Bool, limit: Int,
  _ body: (UnsafeMutableRawPointer, Int) -> Void
) -> Bool {
  let count = Int(view.pointee.ndim)
  guard count > 0, let shape = view.pointee.shape, view.pointee.itemsize > 0 else { return true }
  guard let indices = PyMem_Calloc(count, MemoryLayout<Int>.stride) else { return false }
  defer { PyMem_Free(indices) }
  let position = indices.bindMemory(to: Int.self, capacity: count)
  for number in 0..<(limit / view.pointee.itemsize) {
    if let item = PyBuffer_GetPointer(view, position) {
      body(item, number &* view.pointee.itemsize)
    }
    advance(position, shape, count, fortran: fortran)
  }
  return true
}

/// Copies a contiguous block into a view.
@c @implementation
public func PyBuffer_FromContiguous(
  _ view: UnsafePointer<Py_buffer>, _ source: UnsafeRawPointer?, _ length: Int, _ order: CChar
) -> Int32 {
  let length = Swift.min(length, view.pointee.len)
  guard let source, length > 0 else { return 0 }
  if PyBuffer_IsContiguous(view, order) != 0 {
    if let target = view.pointee.buf { memcpy(target, source, length) }
    return 0
  }
  let itemSize = view.pointee.itemsize
  let done = visitItems(view, fortran: UInt8(bitPattern: order) == UInt8(ascii: "F"), limit: length) {
    memcpy($0, source + $1, itemSize)
  }
  if !done { _ = PyErr_NoMemory() }
  return done ? 0 : -1
}

/// Copies a view into a contiguous block of exactly its size.
@c @implementation
public func PyBuffer_ToContiguous(
  _ target: UnsafeMutableRawPointer?, _ view: UnsafePointer<Py_buffer>, _ length: Int,
  _ order: CChar
) -> Int32 {
  guard length == view.pointee.len else {
    _ = raise(.valueError, "PyBuffer_ToContiguous: len != view->len")
    return -1
  }
  guard let target, length > 0 else { return 0 }
  if PyBuffer_IsContiguous(view, order) != 0 {
    if let source = view.pointee.buf { memcpy(target, source, length) }
    return 0
  }
  let itemSize = view.pointee.itemsize
  let done = visitItems(view, fortran: UInt8(bitPattern: order) == UInt8(ascii: "F"), limit: length) {
    memcpy(target + $1, $0, itemSize)
  }
  if !done { _ = PyErr_NoMemory() }
  return done ? 0 : -1
}

/// Copies one object's buffer into another's.
@c @implementation
public func PyObject_CopyData(_ target: Ref, _ source: Ref) -> Int32 {
  status {
    guard PyObject_CheckBuffer(target) != 0, PyObject_CheckBuffer(source) != 0 else {
      throw raise(.typeError, "both destination and source must be bytes-like objects")
    }
    var into = Py_buffer()
    var from = Py_buffer()
    try check(PyObject_GetBuffer(target, &into, PyBUF_FULL))
    defer { PyBuffer_Release(&into) }
    try check(PyObject_GetBuffer(source, &from, PyBUF_FULL_RO))
    defer { PyBuffer_Release(&from) }
    guard into.len >= from.len else {
      throw raise(.bufferError, "destination is too small to receive data from source")
    }
    guard let block = PyMem_Malloc(Swift.max(from.len, 1)) else { throw raiseNoMemory() }
    defer { PyMem_Free(block) }
    try check(PyBuffer_ToContiguous(block, &from, from.len, CChar(UInt8(ascii: "C"))))
    try check(PyBuffer_FromContiguous(&into, block, from.len, CChar(UInt8(ascii: "C"))))
  }
}

/// The strides of a contiguous block of `shape` in C or Fortran order.
@c @implementation
public func PyBuffer_FillContiguousStrides(
  _ count: Int32, _ shape: UnsafeMutablePointer<Int>?, _ strides: UnsafeMutablePointer<Int>?,
  _ itemSize: Int32, _ order: CChar
) {
  guard let shape, let strides else { return }
  var step = Int(itemSize)
  for number in 0..<Int(count) {
    let index =
      UInt8(bitPattern: order) == UInt8(ascii: "F") ? number : Int(count) - 1 - number
    strides[index] = step
    step = step &* shape[index]
  }
}

/// Fills `view` as a flat block of unsigned bytes. BufferError when it should be writable and is not.
@c @implementation
public func PyBuffer_FillInfo(
  _ view: UnsafeMutablePointer<Py_buffer>, _ owner: Ref?, _ memory: UnsafeMutableRawPointer?,
  _ length: Int, _ readOnly: Int32, _ flags: Int32
) -> Int32 {
  if flags == PyBUF_READ || flags == PyBUF_WRITE {
    PyErr_BadInternalCall()
    return -1
  }
  if flags & PyBUF_WRITABLE == PyBUF_WRITABLE && readOnly == 1 {
    _ = raise(.bufferError, "Object is not writable.")
    return -1
  }
  Py_XINCREF(owner)
  view.pointee.obj = owner
  view.pointee.buf = memory
  view.pointee.len = length
  view.pointee.readonly = readOnly
  view.pointee.itemsize = 1
  view.pointee.ndim = 1
  view.pointee.format = nil
  if flags & PyBUF_FORMAT == PyBUF_FORMAT { view.pointee.format = BufferFormat.unsignedByte }
  // One dimension: shape and strides are the view's own length and item size.
  let base = UnsafeMutableRawPointer(view)
  view.pointee.shape = nil
  if flags & PyBUF_ND == PyBUF_ND, let at = MemoryLayout<Py_buffer>.offset(of: \.len) {
    view.pointee.shape = (base + at).assumingMemoryBound(to: Int.self)
  }
  view.pointee.strides = nil
  if flags & PyBUF_STRIDES == PyBUF_STRIDES, let at = MemoryLayout<Py_buffer>.offset(of: \.itemsize) {
    view.pointee.strides = (base + at).assumingMemoryBound(to: Int.self)
  }
  view.pointee.suboffsets = nil
  view.pointee.internal = nil
  return 0
}

/// Format strings that live as long as the process.
enum BufferFormat {
  /// "B"
  nonisolated(unsafe) static let unsignedByte = UnsafeMutablePointer(
    mutating: PermanentMemory.string("B"))
}

// The protocol before PEP 3118, kept in the stable ABI for extension modules compiled long ago: the
// memory is given back at once, and stays valid only while nobody resizes the object.

/// Whether the object has readable memory in one piece.
@c
public func PyObject_CheckReadBuffer(_ object: Ref) -> Int32 {
  var view = Py_buffer()
  if PyObject_GetBuffer(object, &view, PyBUF_SIMPLE) < 0 {
    PyErr_Clear()
    return 0
  }
  PyBuffer_Release(&view)
  return 1
}

private func oldBuffer(
  _ object: Ref?, _ flags: Int32, _ memory: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
  _ size: UnsafeMutablePointer<Int>?
) -> Int32 {
  status {
    guard let object, let memory, let size else {
      throw raise(.systemError, "null argument to internal routine")
    }
    var view = Py_buffer()
    try check(PyObject_GetBuffer(object, &view, flags))
    (memory.pointee, size.pointee) = (view.buf, view.len)
    PyBuffer_Release(&view)
  }
}

@c
public func PyObject_AsReadBuffer(
  _ object: Ref?, _ memory: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
  _ size: UnsafeMutablePointer<Int>?
) -> Int32 { oldBuffer(object, PyBUF_SIMPLE, memory, size) }

@c
public func PyObject_AsCharBuffer(
  _ object: Ref?, _ memory: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
  _ size: UnsafeMutablePointer<Int>?
) -> Int32 { oldBuffer(object, PyBUF_SIMPLE, memory, size) }

@c
public func PyObject_AsWriteBuffer(
  _ object: Ref?, _ memory: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
  _ size: UnsafeMutablePointer<Int>?
) -> Int32 { oldBuffer(object, PyBUF_WRITABLE, memory, size) }
