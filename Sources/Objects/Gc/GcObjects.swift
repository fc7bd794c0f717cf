import CPythonABI

// Memory of the objects that the collector knows. CPython: Python/gc.c, PyObject_GC_New and
// following.
//
//     managed weak references | managed dict | _gc_next | _gc_prev | object …
//     -32                       -24            -16        -8         0
//
// The first two words exist only for types with Py_TPFLAGS_PREHEADER.

/// Bytes before the objects of a type.
@inlinable @inline(__always)
public func preheaderSize(_ type: TypeRef) -> Int {
  let flags = type.pointee.tp_flags
  return (flags & (1 << 14) != 0 ? 16 : 0) + (flags & (3 << 3) != 0 ? 16 : 0)
}

/// Bytes that the inline values of an instance take behind `tp_basicsize`.
@inline(__always)
private func inlineValuesSize(_ type: TypeRef) -> Int {
  guard type.pointee.tp_flags & UInt(Py_TPFLAGS_INLINE_VALUES) != 0,
    let keys = type.object.view(PyHeapTypeObject.self).pointee.ht_cached_keys
  else { return 0 }
  let layout = UnsafeMutableRawPointer(keys).assumingMemoryBound(to: PyDictKeysObject.self)
  let capacity = layout.pointee.dk_nentries + layout.pointee.dk_usable
  return ((capacity + 7) & ~7) + (capacity + 1) * 8
}

/// Room for a GC object of `size` bytes with its header; nil with MemoryError.
@inline(__always)
private func allocate(_ type: TypeRef, _ size: Int) -> Ref? {
  let before = preheaderSize(type)
  let (total, overflow) = size.addingReportingOverflow(before)
  guard !overflow, let block = PyObject_Malloc(total) else {
    _ = PyErr_NoMemory()
    return nil
  }
  if before > 16 {
    block.storeBytes(of: 0, as: Int.self)
    block.storeBytes(of: 0, toByteOffset: 8, as: Int.self)
  }
  let object = (block + before).assumingMemoryBound(to: PyObject.self)
  _PyObject_GC_Link(object)
  return object
}

@c @implementation
public func _PyObject_GC_Link(_ object: Ref) {
  let header = _Py_AS_GC(object)
  header.pointee._gc_next = 0
  header.pointee._gc_prev = 0
  countAllocation()
}

/// One object more in the youngest generation, which asks for a collection when that is too many.
@inline(__always) func countAllocation() {
  let thread = apus_tstate()
  let interpreter = thread.pointee.interp
  let young = apus_gc_generation(interpreter, 0)
  young.pointee.count &+= 1
  if young.pointee.count > young.pointee.threshold && young.pointee.threshold != 0
    && interpreter.pointee.gc.enabled != 0 && interpreter.pointee.gc.collecting == 0
    && thread.pointee.current_exception == nil
  {
    thread.pointee.eval_breaker |= UInt(APUS_BREAK_GC)
  }
}

/// An object of a GC type, untracked, with one reference. Fields are not initialised.
@c @implementation
public func _PyObject_GC_New(_ type: TypeRef) -> Ref? {
  guard let object = allocate(type, type.pointee.tp_basicsize + inlineValuesSize(type)) else {
    return nil
  }
  guard let object = PyObject_Init(object, type) else { return nil }
  if type.pointee.tp_flags & UInt(Py_TPFLAGS_INLINE_VALUES) != 0 {
    _PyObject_InitInlineValues(object, type)
  }
  return object
}

/// Bytes of an object with items, a multiple of 8; nil when that is beyond 63 bits.
private func variableSize(_ type: TypeRef, _ count: Int) -> Int? {
  let (items, overflow) = count.multipliedReportingOverflow(by: type.pointee.tp_itemsize)
  let (size, overflow2) = items.addingReportingOverflow(type.pointee.tp_basicsize + 7)
  return overflow || overflow2 ? nil : size & ~7
}

@c @implementation
public func _PyObject_GC_NewVar(
  _ type: TypeRef, _ count: Int
) -> UnsafeMutablePointer<PyVarObject>? {
  guard count >= 0 else {
    PyErr_BadInternalCall()
    return nil
  }
  guard let size = variableSize(type, count), let object = allocate(type, size) else {
    if !hasRaised() { _ = PyErr_NoMemory() }
    return nil
  }
  return PyObject_InitVar(object.view(PyVarObject.self), type, count)
}

/// An object with `extra` bytes behind its `tp_basicsize`; everything beyond the header is zero.
@c @implementation
public func PyUnstable_Object_GC_NewWithExtraData(_ type: TypeRef, _ extra: Int) -> Ref? {
  let (size, overflow) = type.pointee.tp_basicsize.addingReportingOverflow(extra)
  guard !overflow, let object = allocate(type, size) else {
    if !hasRaised() { _ = PyErr_NoMemory() }
    return nil
  }
  UnsafeMutableRawPointer(object).initializeMemory(as: UInt8.self, repeating: 0, count: size)
  return PyObject_Init(object, type)
}

/// Changes the room for items of an untracked object, which may move.
@c @implementation
public func _PyObject_GC_Resize(
  _ object: UnsafeMutablePointer<PyVarObject>, _ count: Int
) -> UnsafeMutablePointer<PyVarObject>? {
  let type = object.pointee.ob_base.ob_type
  let before = preheaderSize(type)
  guard let size = variableSize(type, count),
    let block = PyObject_Realloc(UnsafeMutableRawPointer(object) - before, size + before)
  else {
    _ = PyErr_NoMemory()
    return nil
  }
  let moved = (block + before).assumingMemoryBound(to: PyVarObject.self)
  moved.pointee.ob_size = count
  return moved
}

@c @implementation
public func PyObject_GC_Del(_ pointer: UnsafeMutableRawPointer?) {
  guard let pointer else { return }
  let object = pointer.assumingMemoryBound(to: PyObject.self)
  if _PyObject_GC_IS_TRACKED(object) != 0 { apus_gc_untrack(object) }
  let young = apus_gc_generation(apus_tstate().pointee.interp, 0)
  if young.pointee.count > 0 { young.pointee.count &-= 1 }
  PyObject_Free(pointer - preheaderSize(object.type))
}

@c @implementation
public func PyObject_GC_Track(_ pointer: UnsafeMutableRawPointer?) {
  guard let object = pointer?.assumingMemoryBound(to: PyObject.self) else { return }
  if _PyObject_GC_IS_TRACKED(object) == 0 { apus_gc_track(object) }
}

@c @implementation
public func PyObject_GC_UnTrack(_ pointer: UnsafeMutableRawPointer?) {
  guard let object = pointer?.assumingMemoryBound(to: PyObject.self) else { return }
  if _PyObject_GC_IS_TRACKED(object) != 0 { apus_gc_untrack(object) }
}

@c @implementation
public func PyObject_GC_IsTracked(_ object: Ref) -> Int32 {
  PyObject_IS_GC(object) != 0 && _PyObject_GC_IS_TRACKED(object) != 0 ? 1 : 0
}

@c @implementation
public func PyObject_GC_IsFinalized(_ object: Ref) -> Int32 {
  PyObject_IS_GC(object) != 0 && _Py_AS_GC(object).pointee._gc_prev & 1 != 0 ? 1 : 0
}

/// Whether the object has a GC header.
@c @implementation
public func PyObject_IS_GC(_ object: Ref) -> Int32 {
  guard object.type.pointee.tp_flags & (1 << 14) != 0 else { return 0 }
  guard let test = object.type.pointee.tp_is_gc else { return 1 }
  return test(object) != 0 ? 1 : 0
}

@c @implementation
public func PyType_SUPPORTS_WEAKREFS(_ type: TypeRef) -> Int32 {
  type.pointee.tp_weaklistoffset != 0 ? 1 : 0
}

/// Whether an object could be part of a cycle: a GC object, and tracked when it is a tuple.
@inline(__always) func mayBeTracked(_ object: Ref) -> Bool {
  guard hasGcHeader(object) else { return false }
  return !object.isExactTuple || _PyObject_GC_IS_TRACKED(object) != 0
}
