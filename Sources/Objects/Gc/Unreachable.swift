import CPythonABI

/// Finds what only a generation itself refers to. CPython: Python/gc.c, deduce_unreachable.
enum Unreachable {
  /// Moves the objects of `base` that nothing outside refers to, directly or not, to
  /// `unreachable`. Those keep the mark "collecting" and, in `_gc_next`, "unreachable".
  static func deduce(_ base: GcHead, _ unreachable: GcHead) {
    updateReferences(base)
    subtractReferences(base)
    unreachable.initializeList()
    moveUnreachable(base, unreachable)
  }

  /// Copies the reference counts into the headers. Immortal objects leave the collector.
  private static func updateReferences(_ list: GcHead) {
    var node = list.next
    while node != list {
      let next = node.next
      let object = node.object
      if _Py_IsImmortal(object) != 0 {
        apus_gc_untrack(object)
      } else {
        node.resetReferences(UInt(bitPattern: object.pointee.ob_refcnt))
      }
      node = next
    }
  }

  @inline(__always) private static func decrement(_ object: Ref) {
    guard hasGcHeader(object) else { return }
    let node = _Py_AS_GC(object)
    if node.isCollecting { node.pointee._gc_prev &-= 4 }
  }

  private static let decrementFunction: visitproc = { object, _ in
    Unreachable.decrement(object)
    return 0
  }

  /// Takes away the references that come from inside.
  private static func subtractReferences(_ list: GcHead) {
    var node = list.next
    while node != list {
      forEachReference(of: node.object, decrementFunction, nil) { decrement($0) }
      node = node.next
    }
  }

  /// What a reachable object refers to is reachable; `list` is the one being scanned.
  @inline(__always) private static func reach(_ object: Ref, _ list: GcHead) {
    guard hasGcHeader(object) else { return }
    let node = _Py_AS_GC(object)
    // Objects of other generations, and those scanned already, do not carry the mark.
    guard node.isCollecting else { return }
    if node.pointee._gc_next & GcMark.unreachable != 0 {
      bringBack(node, to: list)
    } else if node.references == 0 {
      node.setReferences(1)
    }
  }

  /// An object that was put aside too early goes back to the end of the scan.
  @inline(never) private static func bringBack(_ node: GcHead, to list: GcHead) {
    let before = node.previous
    before.pointee._gc_next = node.pointee._gc_next
    node.next.setPrevious(before)
    list.append(node)
    node.setReferences(1)
  }

  private static let reachFunction: visitproc = { object, argument in
    guard let argument else { return 0 }
    Unreachable.reach(object, argument.assumingMemoryBound(to: PyGC_Head.self))
    return 0
  }

  /// Scans the list once: an object with references left is reachable and shows what it refers
  /// to; the others go aside, to come back when something reachable refers to them.
  private static func moveUnreachable(_ list: GcHead, _ unreachable: GcHead) {
    var previous = list
    var node = list.next
    while node != list {
      if node.references != 0 {
        forEachReference(of: node.object, reachFunction, UnsafeMutableRawPointer(list)) {
          reach($0, list)
        }
        node.setPrevious(previous)
        node.clearCollecting()
        previous = node
      } else {
        previous.pointee._gc_next = node.pointee._gc_next
        let last = unreachable.previous
        last.pointee._gc_next = node.address | GcMark.unreachable
        node.setPrevious(last)
        node.pointee._gc_next = unreachable.address | GcMark.unreachable
        unreachable.pointee._gc_prev = node.address
      }
      node = previous.next
    }
    list.pointee._gc_prev = previous.address
    unreachable.pointee._gc_next &= ~GcMark.unreachable
  }

  /// Takes the marks off `_gc_next`.
  static func clearUnreachableMarks(_ list: GcHead) {
    list.pointee._gc_next &= ~GcMark.unreachable
    var node = list.next
    while node != list {
      node.pointee._gc_next &= ~GcMark.unreachable
      node = node.next
    }
  }

  /// Takes the mark "collecting" off, so that the list can be examined again.
  static func clearMarks(_ list: GcHead) {
    var node = list.next
    while node != list {
      node.clearCollecting()
      node = node.next
    }
  }

  private static let moveAlong: visitproc = { object, argument in
    guard hasGcHeader(object), let argument else { return 0 }
    let node = _Py_AS_GC(object)
    if node.isCollecting {
      argument.assumingMemoryBound(to: PyGC_Head.self).take(node)
      node.clearCollecting()
    }
    return 0
  }

  /// Moves objects with a `tp_del`, and what is reachable from them, out of the unreachable set.
  static func moveLegacyFinalizers(_ unreachable: GcHead, _ finalizers: GcHead) {
    clearUnreachableMarks(unreachable)
    var node = unreachable.next
    while node != unreachable {
      let next = node.next
      if node.object.type.pointee.tp_del != nil {
        node.clearCollecting()
        finalizers.take(node)
      }
      node = next
    }
    node = finalizers.next
    while node != finalizers {
      _ = node.object.type.pointee.tp_traverse?(
        node.object, moveAlong, UnsafeMutableRawPointer(finalizers))
      node = node.next
    }
  }
}
