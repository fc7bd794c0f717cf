import CPythonABI

/// `tp_free` with the address of the C function itself: types are compared by it when `__class__` or
/// `__bases__` is assigned.
extension Slot {
  private typealias Free = @convention(c) (UnsafeMutableRawPointer?) -> Void

  /// Objects the collector does not know.
  static var freesUntracked: Slot {
    .tp_free(unsafeBitCast(PyObject_Free as Free, to: freefunc.self))
  }

  /// Objects with a collector's header.
  static var freesTracked: Slot {
    .tp_free(unsafeBitCast(PyObject_GC_Del as Free, to: freefunc.self))
  }
}
