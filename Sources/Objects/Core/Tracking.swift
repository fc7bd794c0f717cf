import CPythonABI

// The collector's bookkeeping on hot paths, without a call. The collector itself is elsewhere; it
// relies on the same two facts: a tracked object is linked into a generation's circular list
// through `_gc_next` and `_gc_prev`, and the two low bits of `_gc_prev` are flags.

extension UnsafeMutablePointer where Pointee == PyObject {
  /// Whether the collector can know this object (PyObject_IS_GC).
  @inlinable @inline(__always) public var isCollectable: Bool {
    guard type.pointee.tp_flags & UInt(Py_TPFLAGS_HAVE_GC) != 0 else { return false }
    guard let isGC = type.pointee.tp_is_gc else { return true }
    return isGC(self) != 0
  }

  /// Whether the object is linked into a generation. Only for collectable objects.
  @inlinable @inline(__always) public var isTracked: Bool { _PyObject_GC_IS_TRACKED(self) != 0 }

  /// Whether a container must be tracked because it holds this: everything the collector knows,
  /// except a tuple it already found harmless.
  @inlinable @inline(__always) public var mayBeTracked: Bool {
    isCollectable && (!isExactTuple || isTracked)
  }

  /// Links an untracked collectable object into the youngest generation.
  @inlinable @inline(__always) public func track() {
    let interpreter = apus_tstate().pointee.interp
    let header = _Py_AS_GC(self)
    withUnsafeMutablePointer(to: &interpreter.pointee.gc.generations.0.head) { young in
      let last = young.pointee._gc_prev
      UnsafeMutablePointer<PyGC_Head>(bitPattern: last).unsafelyUnwrapped.pointee._gc_next =
        UInt(bitPattern: header)
      header.pointee._gc_prev = (header.pointee._gc_prev & 3) | last
      header.pointee._gc_next = UInt(bitPattern: young)
      young.pointee._gc_prev = UInt(bitPattern: header)
    }
  }

  /// Unlinks a tracked object.
  @inlinable @inline(__always) public func untrack() {
    let header = _Py_AS_GC(self)
    let next = UnsafeMutablePointer<PyGC_Head>(bitPattern: header.pointee._gc_next)
    let previous = UnsafeMutablePointer<PyGC_Head>(bitPattern: header.pointee._gc_prev & ~3)
    previous.unsafelyUnwrapped.pointee._gc_next = header.pointee._gc_next
    next.unsafelyUnwrapped.pointee._gc_prev =
      (next.unsafelyUnwrapped.pointee._gc_prev & 3) | (header.pointee._gc_prev & ~3)
    header.pointee._gc_next = 0
    // Only the "finalised" bit survives.
    header.pointee._gc_prev &= 1
  }

  /// Unlinks the object if it is linked.
  @inlinable @inline(__always) public func untrackIfNeeded() {
    if isTracked { untrack() }
  }
}
