import CPythonABI

/// How deep deallocations may nest before the rest is put off (CPython: Py_TRASHCAN_HEADROOM).
@usableFromInline let deallocationDepth: Int32 = 50

/// Runs the body of a container's `tp_dealloc`. Deep inside nested deallocations the object is put
/// on the thread's chain of delayed ones instead, so that freeing a long chain of containers does
/// not exhaust the native stack. The object must be untracked already.
///
/// `base` is the type whose `tp_dealloc` is running: a subtype's own `tp_dealloc` has done this.
@inline(__always)
func withTrashcan(_ object: Ref, base: TypeRef, _ body: () -> Void) {
  let own = unsafeBitCast(base.pointee.tp_dealloc, to: Int.self)
  guard unsafeBitCast(object.type.pointee.tp_dealloc, to: Int.self) == own else {
    body()
    return
  }
  let thread = apus_tstate()
  if thread.pointee.trash_nesting >= deallocationDepth {
    _PyTrash_thread_deposit_object(thread, object)
    return
  }
  thread.pointee.trash_nesting &+= 1
  body()
  thread.pointee.trash_nesting &-= 1
  if thread.pointee.delete_later != nil && thread.pointee.trash_nesting == 0 {
    _PyTrash_thread_destroy_chain(thread)
  }
}
