import CPythonABI
import Glibc

// Birth and death of the instances of classes. CPython: Objects/typeobject.c, `PyType_GenericAlloc`,
// `subtype_dealloc`, `subtype_traverse`, `subtype_clear`.

extension UnsafeMutablePointer where Pointee == PyTypeObject {
  /// Bytes before the object: managed weak reference list and dict, then the collector's header.
  ///
  ///     -32 weak references   -24 dict   -16 GC next   -8 GC prev   0 ob_refcnt ...
  @inlinable @inline(__always) var preheaderSize: Int {
    (pointee.tp_flags & UInt(Py_TPFLAGS_HAVE_GC) != 0 ? 16 : 0)
      + (pointee.tp_flags & UInt(Py_TPFLAGS_PREHEADER) != 0 ? 16 : 0)
  }
}

@c @implementation public func PyType_GenericAlloc(_ type: TypeRef, _ items: Int) -> Ref? {
  if items == 0, let instance = makePlainInstance(type) { return instance }
  guard let object = apus_type_alloc_untracked(type, items) else { return nil }
  if type.pointee.tp_flags & UInt(Py_TPFLAGS_HAVE_GC) != 0 {
    apus_gc_track(object)
  }
  return object
}

/// A zeroed object of the type that the collector does not know yet.
@inline(__always)
func apus_type_alloc_untracked(_ type: TypeRef, _ items: Int) -> Ref? {
  // One item more than asked for: the sentinel of bytes and the like.
  let (body, overflow) = type.pointee.tp_itemsize.multipliedReportingOverflow(by: items &+ 1)
  let (sum, overflow2) = type.pointee.tp_basicsize.addingReportingOverflow(
    type.pointee.tp_itemsize == 0 ? 0 : body)
  if items < 0 || overflow || overflow2 || sum > Int.max - 4096 { return PyErr_NoMemory() }
  var size = (sum + 7) & ~7
  let inline = type.pointee.tp_flags & UInt(Py_TPFLAGS_INLINE_VALUES) != 0
  if inline { size += inlineValuesSize(of: type) }
  let before = type.preheaderSize
  guard let memory = PyObject_Malloc(size + before) else { return PyErr_NoMemory() }
  memset(memory, 0, size + before)
  let object = (memory + before).assumingMemoryBound(to: PyObject.self)
  object.pointee.ob_type = type
  object.pointee.ob_refcnt = 1
  if type.isHeap { Py_INCREF(type.object) }
  if type.pointee.tp_itemsize != 0 { object.view(PyVarObject.self).pointee.ob_size = items }
  if before >= 16 && type.pointee.tp_flags & UInt(Py_TPFLAGS_HAVE_GC) != 0 {
    _PyObject_GC_Link(object)
  }
  if inline { _PyObject_InitInlineValues(object, type) }
  return object
}

@c @implementation public func PyType_GenericNew(
  _ type: TypeRef, _ args: Ref, _ keywords: Ref?
) -> Ref? {
  guard let allocator = type.pointee.tp_alloc else { return PyErr_NoMemory() }
  return allocator(type, 0)
}

/// Calls `body` with each field that the `__slots__` of this one class added.
@inline(__always)
private func forEachSlot(
  _ type: TypeRef, _ object: Ref, _ body: (UnsafeMutablePointer<Ref?>) -> Int32
) -> Int32 {
  let count = type.object.view(PyVarObject.self).pointee.ob_size
  guard count > 0 else { return 0 }
  let members = type.memberTable
  for index in 0..<count {
    let member = members[index]
    if member.type != Py_T_OBJECT_EX || member.flags & Py_READONLY != 0 { continue }
    let field = (UnsafeMutableRawPointer(object) + member.offset)
      .assumingMemoryBound(to: Ref?.self)
    let result = body(field)
    if result != 0 { return result }
  }
  return 0
}

private func clearSlots(_ type: TypeRef, _ object: Ref) {
  _ = forEachSlot(type, object) { field in
    if let value = field.pointee {
      field.pointee = nil
      Py_DECREF(value)
    }
    return 0
  }
}

private typealias SubtypeFunction = UnsafeRawPointer

@c func subtype_traverse(
  _ object: Ref, _ visit: @escaping visitproc, _ argument: UnsafeMutableRawPointer?
) -> Int32 {
  let type = object.type
  let own = unsafeBitCast(subtype_traverse as traverseproc, to: SubtypeFunction.self)
  var base = type
  while unsafeBitCast(base.pointee.tp_traverse, to: SubtypeFunction?.self) == own {
    let result = forEachSlot(base, object) { field in
      field.pointee.map { visit($0, argument) } ?? 0
    }
    if result != 0 { return result }
    guard let next = base.pointee.tp_base else { return 0 }
    base = next
  }
  let managed = UInt(Py_TPFLAGS_MANAGED_DICT)
  if type.has(managed) {
    if !base.has(managed) {
      let result = PyObject_VisitManagedDict(object, visit, argument)
      if result != 0 { return result }
    }
  } else if type.pointee.tp_dictoffset != base.pointee.tp_dictoffset,
    let slot = _PyObject_ComputedDictPointer(object), let dict = slot.pointee
  {
    let result = visit(dict, argument)
    if result != 0 { return result }
  }
  // An instance keeps its class alive. A heap base with its own traverse visits it itself.
  if type.isHeap && (base.pointee.tp_traverse == nil || !base.isHeap) {
    let result = visit(type.object, argument)
    if result != 0 { return result }
  }
  return base.pointee.tp_traverse?(object, visit, argument) ?? 0
}

@c func subtype_clear(_ object: Ref) -> Int32 {
  let type = object.type
  let own = unsafeBitCast(subtype_clear as inquiry, to: SubtypeFunction.self)
  var base = type
  while unsafeBitCast(base.pointee.tp_clear, to: SubtypeFunction?.self) == own {
    clearSlots(base, object)
    guard let next = base.pointee.tp_base else { return 0 }
    base = next
  }
  let managed = UInt(Py_TPFLAGS_MANAGED_DICT)
  if type.has(managed) {
    if !base.has(managed) { PyObject_ClearManagedDict(object) }
  } else if type.pointee.tp_dictoffset != base.pointee.tp_dictoffset,
    let slot = _PyObject_ComputedDictPointer(object), let dict = slot.pointee
  {
    slot.pointee = nil
    Py_DECREF(dict)
  }
  return base.pointee.tp_clear?(object) ?? 0
}

@c func subtype_dealloc(_ object: Ref) {
  let type = object.type
  guard type.pointee.tp_flags & UInt(Py_TPFLAGS_HAVE_GC) != 0 else {
    deallocateWithoutCollector(object, type)
    return
  }
  if _PyObject_GC_IS_TRACKED(object) != 0 { apus_gc_untrack(object) }
  let thread = apus_tstate()
  if thread.pointee.trash_nesting >= deallocationDepth {
    _PyTrash_thread_deposit_object(thread, object)
    return
  }
  thread.pointee.trash_nesting &+= 1
  if !deallocatePlain(object, type) { deallocateTracked(object, type) }
  thread.pointee.trash_nesting &-= 1
  if thread.pointee.delete_later != nil && thread.pointee.trash_nesting == 0 {
    _PyTrash_thread_destroy_chain(thread)
  }
}

@inline(__always)
private func nativeBase(_ type: TypeRef) -> TypeRef {
  let own = unsafeBitCast(subtype_dealloc as destructor, to: SubtypeFunction.self)
  var base = type
  while unsafeBitCast(base.pointee.tp_dealloc, to: SubtypeFunction?.self) == own,
    let next = base.pointee.tp_base
  {
    base = next
  }
  return base
}

/// The usual instance: its attributes inline, no finaliser, no `__slots__`, no weak references, no
/// builtin base. False when it is another one; then nothing has happened.
@inline(__always)
private func deallocatePlain(_ object: Ref, _ type: TypeRef) -> Bool {
  guard type.pointee.tp_flags & UInt(Py_TPFLAGS_INLINE_VALUES) != 0,
    type.pointee.tp_finalize == nil, type.pointee.tp_del == nil,
    apus_managed_dict(object).pointee == nil, apus_inline_values(object).pointee.valid != 0,
    type.pointee.tp_flags & UInt(Py_TPFLAGS_MANAGED_WEAKREF) == 0
      || apus_managed_weakrefs(object).pointee == nil
  else { return false }
  let own = unsafeBitCast(subtype_dealloc as destructor, to: SubtypeFunction.self)
  var base = type
  while base != objectType() {
    guard unsafeBitCast(base.pointee.tp_dealloc, to: SubtypeFunction?.self) == own,
      base.pointee.ob_base.ob_size == 0, let next = base.pointee.tp_base
    else { return false }
    base = next
  }
  let values = apus_inline_values(object)
  values.pointee.valid = 0
  let items = apus_values_items(values)
  var index = 0
  let capacity = Int(values.pointee.capacity)
  while index < capacity {
    if let value = items[index] {
      items[index] = nil
      Py_DECREF(value)
    }
    index &+= 1
  }
  PyObject_GC_Del(UnsafeMutableRawPointer(object))
  Py_DECREF(type.object)
  return true
}

@inline(__always)
private func deallocateTracked(_ object: Ref, _ initialType: TypeRef) {
  var type = initialType
  let base = nativeBase(type)
  let hasFinalizer = type.pointee.tp_finalize != nil || type.pointee.tp_del != nil
  if type.pointee.tp_finalize != nil {
    PyObject_GC_Track(UnsafeMutableRawPointer(object))
    if PyObject_CallFinalizerFromDealloc(object) < 0 { return }
    PyObject_GC_UnTrack(UnsafeMutableRawPointer(object))
  }
  let ownsWeakrefs = type.pointee.tp_weaklistoffset != 0 && base.pointee.tp_weaklistoffset == 0
  if ownsWeakrefs { PyObject_ClearWeakRefs(object) }
  if let delete = type.pointee.tp_del {
    PyObject_GC_Track(UnsafeMutableRawPointer(object))
    delete(object)
    if object.pointee.ob_refcnt > 0 { return }
    PyObject_GC_UnTrack(UnsafeMutableRawPointer(object))
  }
  if hasFinalizer && ownsWeakrefs {
    // References that the finaliser made; their callbacks do not run.
    PyUnstable_Object_ClearWeakRefsNoCallbacks(object)
  }
  clearAllSlots(object, type)
  let managed = UInt(Py_TPFLAGS_MANAGED_DICT)
  if type.has(managed) {
    if !base.has(managed) { PyObject_ClearManagedDict(object) }
  } else if type.pointee.tp_dictoffset != 0 && base.pointee.tp_dictoffset == 0 {
    if let slot = _PyObject_ComputedDictPointer(object), let dict = slot.pointee {
      slot.pointee = nil
      Py_DECREF(dict)
    }
  }
  // A finaliser may have assigned `__class__`.
  type = object.type
  if base.has(UInt(Py_TPFLAGS_HAVE_GC)) { PyObject_GC_Track(UnsafeMutableRawPointer(object)) }
  let releaseType = type.isHeap && !base.isHeap
  base.pointee.tp_dealloc?(object)
  if releaseType { Py_DECREF(type.object) }
}

private func clearAllSlots(_ object: Ref, _ type: TypeRef) {
  let own = unsafeBitCast(subtype_dealloc as destructor, to: SubtypeFunction.self)
  var base: TypeRef? = type
  while let one = base,
    unsafeBitCast(one.pointee.tp_dealloc, to: SubtypeFunction?.self) == own
  {
    clearSlots(one, object)
    base = one.pointee.tp_base
  }
}

private func deallocateWithoutCollector(_ object: Ref, _ type: TypeRef) {
  if type.pointee.tp_finalize != nil, PyObject_CallFinalizerFromDealloc(object) < 0 { return }
  if let delete = type.pointee.tp_del {
    delete(object)
    if object.pointee.ob_refcnt > 0 { return }
  }
  let base = nativeBase(type)
  let current = object.type
  let releaseType = current.isHeap && !base.isHeap
  base.pointee.tp_dealloc?(object)
  if releaseType { Py_DECREF(current.object) }
}

// MARK: Finalisers

@c @implementation public func PyObject_CallFinalizer(_ object: Ref) {
  guard let finalize = object.type.pointee.tp_finalize else { return }
  let tracked = object.type.has(UInt(Py_TPFLAGS_HAVE_GC))
  // Once only (PEP 442).
  if tracked && _Py_AS_GC(object).pointee._gc_prev & 1 != 0 { return }
  finalize(object)
  if tracked { _Py_AS_GC(object).pointee._gc_prev |= 1 }
}

/// Runs the finaliser of an object whose count is zero. -1 when the finaliser resurrected it.
@c @implementation public func PyObject_CallFinalizerFromDealloc(_ object: Ref) -> Int32 {
  object.pointee.ob_refcnt = 1
  PyObject_CallFinalizer(object)
  object.pointee.ob_refcnt -= 1
  return object.pointee.ob_refcnt == 0 ? 0 : -1
}

// MARK: Delayed deallocations

/// Puts a dead, untracked object on the chain of those to free later, linked through its GC header.
@c @implementation public func _PyTrash_thread_deposit_object(
  _ thread: UnsafeMutablePointer<PyThreadState>, _ object: Ref
) {
  let head = _Py_AS_GC(object)
  // The low bits keep their flags.
  head.pointee._gc_prev =
    (head.pointee._gc_prev & 3) | UInt(bitPattern: thread.pointee.delete_later)
  thread.pointee.delete_later = UnsafeMutableRawPointer(object)
}

@c @implementation public func _PyTrash_thread_destroy_chain(
  _ thread: UnsafeMutablePointer<PyThreadState>
) {
  // Nested calls must not start a chain of their own.
  thread.pointee.trash_nesting &+= 1
  while let next = thread.pointee.delete_later {
    let object = next.assumingMemoryBound(to: PyObject.self)
    let head = _Py_AS_GC(object)
    thread.pointee.delete_later = UnsafeMutableRawPointer(bitPattern: head.pointee._gc_prev & ~3)
    head.pointee._gc_prev &= 3
    object.type.pointee.tp_dealloc?(object)
  }
  thread.pointee.trash_nesting &-= 1
}
