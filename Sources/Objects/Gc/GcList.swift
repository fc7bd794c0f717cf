import CPythonABI

/// A circular list of GC headers, by its sentinel. CPython: Python/gc.c, gc_list_*.
typealias GcHead = UnsafeMutablePointer<PyGC_Head>

/// Marks in `_gc_prev` and `_gc_next`.
enum GcMark {
  /// The finaliser ran.
  static let finalized: UInt = 1
  /// In the generation being collected; the bits above hold the reference count then.
  static let collecting: UInt = 2
  static let prevFlags: UInt = 3
  /// In `_gc_next`: on the list of unreachable objects.
  static let unreachable: UInt = 1
}

extension UnsafeMutablePointer where Pointee == PyGC_Head {
  @inline(__always) var address: UInt { UInt(bitPattern: self) }

  /// The next header, its mark taken off. Headers on a list always have one.
  @inline(__always) var next: GcHead {
    GcHead(bitPattern: pointee._gc_next & ~GcMark.unreachable).unsafelyUnwrapped
  }

  @inline(__always) var previous: GcHead {
    GcHead(bitPattern: pointee._gc_prev & ~GcMark.prevFlags).unsafelyUnwrapped
  }

  @inline(__always) func setPrevious(_ other: GcHead) {
    pointee._gc_prev = (pointee._gc_prev & GcMark.prevFlags) | other.address
  }

  @inline(__always) var object: Ref { _Py_FROM_GC(self) }

  @inline(__always) var isCollecting: Bool { pointee._gc_prev & GcMark.collecting != 0 }
  @inline(__always) func clearCollecting() { pointee._gc_prev &= ~GcMark.collecting }

  /// The count of references from outside the collected generation.
  @inline(__always) var references: UInt { pointee._gc_prev >> 2 }
  @inline(__always) func setReferences(_ count: UInt) {
    pointee._gc_prev = (pointee._gc_prev & GcMark.prevFlags) | count << 2
  }
  @inline(__always) func resetReferences(_ count: UInt) {
    pointee._gc_prev =
      (pointee._gc_prev & GcMark.finalized) | GcMark.collecting | count << 2
  }

  // MARK: The list of a sentinel

  @inline(__always) func initializeList() {
    pointee._gc_next = address
    pointee._gc_prev = address
  }

  @inline(__always) var isEmptyList: Bool { pointee._gc_next == address }

  @inline(__always) func append(_ node: GcHead) {
    let last = previous
    node.setPrevious(last)
    last.pointee._gc_next = node.address
    node.pointee._gc_next = address
    pointee._gc_prev = node.address
  }

  /// Takes the node from the list it is on and puts it at the end of this one.
  @inline(__always) func take(_ node: GcHead) {
    let before = node.previous
    let after = node.next
    before.pointee._gc_next = after.address
    after.setPrevious(before)
    append(node)
  }

  /// Moves all nodes of another list to the end of this one.
  func merge(_ other: GcHead) {
    if !other.isEmptyList {
      let last = previous
      let first = other.next
      let end = other.previous
      last.pointee._gc_next = first.address
      first.setPrevious(last)
      end.pointee._gc_next = address
      pointee._gc_prev = end.address
    }
    other.initializeList()
  }

  var listCount: Int {
    var count = 0
    var node = next
    while node != self {
      count += 1
      node = node.next
    }
    return count
  }
}
