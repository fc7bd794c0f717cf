import CPythonABI

/// list: a growable buffer of references.
///
///     ob_refcnt | ob_type | ob_size | ob_item -> [ item 0 | … | item n-1 | room … ] | allocated
///
/// `ob_item` is nil while `allocated` is 0. During a sort `allocated` is -1, so that the sort can
/// tell that somebody touched the list. CPython: Objects/listobject.c.
@frozen public struct PyList {
  @usableFromInline let object: UnsafeMutablePointer<PyListObject>

  @inlinable @inline(__always) public init(_ object: Ref) {
    self.object = object.view(PyListObject.self)
  }

  @inlinable @inline(__always) public var ref: Ref {
    UnsafeMutableRawPointer(object).assumingMemoryBound(to: PyObject.self)
  }

  @inlinable @inline(__always) public var count: Int {
    get { object.pointee.ob_base.ob_size }
    nonmutating set { object.pointee.ob_base.ob_size = newValue }
  }

  /// The buffer; only valid while `count` > 0.
  @inlinable @inline(__always) public var items: UnsafeMutablePointer<Ref?> {
    object.pointee.ob_item.unsafelyUnwrapped
  }

  /// The item, borrowed. The index must be in range.
  @inlinable @inline(__always) public subscript(_ index: Int) -> Ref {
    items[index].unsafelyUnwrapped
  }
}

// MARK: Allocation and growth

extension PyList {
  /// An empty list that is not tracked yet.
  @inline(__always)
  static func allocate() throws(Raised) -> PyList {
    let free = apus_freelists()
    let list: PyList
    if let kept = free.pointee.lists {
      list = PyList(kept)
      free.pointee.lists = UnsafeMutableRawPointer(list.object.pointee.ob_item)?
        .assumingMemoryBound(to: PyObject.self)
      free.pointee.list_count &-= 1
      kept.pointee.ob_refcnt = 1
    } else {
      guard let made = _PyObject_GC_New(listType()) else { throw Raised() }
      list = PyList(made)
    }
    list.count = 0
    list.object.pointee.ob_item = nil
    list.object.pointee.allocated = 0
    return list
  }

  /// A list of `count` items, all nil, with a buffer of exactly that size.
  static func make(count: Int) throws(Raised) -> Owned {
    let list = try allocate()
    if count > 0 {
      do {
        try list.reserveExactly(count)
      } catch {
        PyObject_GC_Del(list.ref)
        throw error
      }
      list.items.update(repeating: nil, count: count)
      list.count = count
    }
    list.ref.track()
    return Owned(adopting: list.ref)
  }

  /// A list with new references to `count` objects.
  static func make(from source: UnsafePointer<Ref>, count: Int) throws(Raised) -> Owned {
    let list = try make(count: count)
    for index in 0..<count {
      Py_INCREF(source[index])
      PyList(list.ref).items[index] = source[index]
    }
    return list
  }

  /// Gives an empty list a buffer for exactly `count` > 0 items.
  func reserveExactly(_ count: Int) throws(Raised) {
    if count > Int.max / 8 { throw raiseNoMemory() }
    guard let buffer = PyMem_Malloc(count * 8) else { throw raiseNoMemory() }
    object.pointee.ob_item = buffer.assumingMemoryBound(to: Ref?.self)
    object.pointee.allocated = count
  }

  /// Gives an empty list a buffer for `count` > 0 items, rounded up to even as CPython does.
  func preallocate(_ count: Int) throws(Raised) {
    try reserveExactly(count < Int.max - 1 ? (count + 1) & ~1 : count)
  }

  /// Sets the count, growing or shrinking the buffer. New items are uninitialised.
  ///
  /// The buffer grows by an eighth and a little: 0, 4, 8, 16, 24, 32, 40, 52, 64, 76, … and shrinks
  /// when it is less than half full, so that appending is linear in the number of items.
  func resize(to newCount: Int) throws(Raised) {
    let allocated = object.pointee.allocated
    if allocated >= newCount && newCount >= allocated >> 1 {
      count = newCount
      return
    }
    if newCount == 0 {
      PyMem_Free(object.pointee.ob_item)
      object.pointee.ob_item = nil
      object.pointee.allocated = 0
      count = 0
      return
    }
    if newCount > Int.max / 16 { throw raiseNoMemory() }
    var room = (newCount + (newCount >> 3) + 6) & ~3
    // One large step, as for `extend`, is not over-allocated.
    if newCount - count > room - newCount { room = (newCount + 3) & ~3 }
    guard let buffer = PyMem_Realloc(object.pointee.ob_item, room * 8) else {
      if newCount > allocated { throw raiseNoMemory() }
      // To shrink must not fail: who takes an item out gives it away.
      count = newCount
      return
    }
    object.pointee.ob_item = buffer.assumingMemoryBound(to: Ref?.self)
    object.pointee.allocated = room
    count = newCount
  }

  /// Appends an object, taking over its reference.
  @inlinable @inline(__always)
  public func append(_ item: consuming Owned) throws(Raised) {
    let size = count
    if object.pointee.allocated > size {
      items[size] = item.give()
      count = size &+ 1
      return
    }
    try appendGrowing(item)
  }

  @inline(never) @usableFromInline
  func appendGrowing(_ item: consuming Owned) throws(Raised) {
    let size = count
    try resize(to: size + 1)
    items[size] = item.give()
  }

  /// Takes an item out of the list and leaves the buffer as large as it is.
  func removeKeepingRoom(at index: Int) {
    let item = items[index]
    let behind = count - index - 1
    (items + index).update(from: items + index + 1, count: behind)
    count -= 1
    Py_XDECREF(item)
  }

  /// Frees every list kept for reuse (at a full collection).
  static func clearFreeList() {
    let free = apus_freelists()
    while let kept = free.pointee.lists {
      free.pointee.lists = UnsafeMutableRawPointer(PyList(kept).object.pointee.ob_item)?
        .assumingMemoryBound(to: PyObject.self)
      PyObject_GC_Del(kept)
    }
    free.pointee.list_count = 0
  }
}

// MARK: Slots

extension PyList {
  static let dealloc: destructor = { object in
    object.untrackIfNeeded()
    withTrashcan(object, base: listType()) {
      let list = PyList(object)
      if let items = list.object.pointee.ob_item {
        var index = list.count
        while index > 0 {
          index &-= 1
          Py_XDECREF(items[index])
        }
        PyMem_Free(items)
      }
      let free = apus_freelists()
      if object.isExactList && free.pointee.list_count < APUS_LIST_FREE_MAX {
        list.object.pointee.ob_item = UnsafeMutableRawPointer(free.pointee.lists)?
          .assumingMemoryBound(to: Ref?.self)
        free.pointee.lists = object
        free.pointee.list_count &+= 1
      } else {
        object.type.pointee.tp_free.unsafelyUnwrapped(object)
      }
    }
  }

  static let traverse: traverseproc = { object, visit, argument in
    let list = PyList(object)
    var index = list.count
    while index > 0 {
      index &-= 1
      if let item = list.items[index] {
        let result = visit(item, argument)
        if result != 0 { return result }
      }
    }
    return 0
  }

  /// Empties the list. The items are released when the list is empty already.
  func clear() {
    guard let items = object.pointee.ob_item else { return }
    var index = count
    count = 0
    object.pointee.ob_item = nil
    object.pointee.allocated = 0
    while index > 0 {
      index &-= 1
      Py_XDECREF(items[index])
    }
    PyMem_Free(items)
  }

  func repr() throws(Raised) -> Owned {
    if count == 0 { return try newString(ascii: "[]") }
    let entered = try check(Py_ReprEnter(ref))
    if entered != 0 { return try newString(ascii: "[...]") }
    defer { Py_ReprLeave(ref) }
    var text = ReprText(capacity: 1 + 3 * count)
    try text.append("[")
    var index = 0
    while index < count {
      if index > 0 { try text.append(", ") }
      let item = self[index].retained()
      try text.append(reprOf: item.ref)
      index += 1
    }
    try text.append("]")
    return try text.finish()
  }

  func contains(_ value: Ref) throws(Raised) -> Bool {
    var index = 0
    while index < count {
      let item = self[index]
      if item == value { return true }
      let held = item.retained()
      if try equal(held.ref, value) { return true }
      index &+= 1
    }
    return false
  }

  static let richCompare: richcmpfunc = { leftObject, rightObject, operation in
    guard leftObject.isList && rightObject.isList else { return notImplementedObject() }
    let left = PyList(leftObject)
    let right = PyList(rightObject)
    if left.count != right.count && (operation == Py_EQ || operation == Py_NE) {
      return boolObject(operation == Py_NE)
    }
    var index = 0
    while index < left.count && index < right.count {
      let a = left[index]
      let b = right[index]
      if a != b {
        Py_INCREF(a)
        Py_INCREF(b)
        let same = PyObject_RichCompareBool(a, b, Py_EQ)
        Py_DECREF(a)
        Py_DECREF(b)
        if same < 0 { return nil }
        if same == 0 { break }
      }
      index &+= 1
    }
    if index >= left.count || index >= right.count {
      return boolObject(compareSizes(left.count, right.count, operation))
    }
    if operation == Py_EQ { return falseObject() }
    if operation == Py_NE { return trueObject() }
    let a = left[index].retained()
    let b = right[index].retained()
    return PyObject_RichCompare(a.ref, b.ref, operation)
  }

  func item(at index: Int) throws(Raised) -> Ref {
    guard index >= 0 && index < count else {
      throw raise(.indexError, "list index out of range")
    }
    return self[index]
  }

  /// A new list of the items `start ..< stop`; both must be in range.
  func slice(_ start: Int, _ stop: Int) throws(Raised) -> Owned {
    let length = Swift.max(stop - start, 0)
    let result = try PyList.make(count: length)
    if length > 0 {
      copyRetaining(items + start, to: PyList(result.ref).items, count: length)
    }
    return result
  }

  static func concat(_ left: Ref, _ right: Ref) throws(Raised) -> Owned {
    guard right.isList else {
      throw raise(
        .typeError, "can only concatenate list (not \"\(right.type.fullName)\") to list")
    }
    let a = PyList(left)
    let b = PyList(right)
    let (total, overflow) = a.count.addingReportingOverflow(b.count)
    if overflow { throw raiseNoMemory() }
    let result = try make(count: total)
    if total > 0 {
      let target = PyList(result.ref).items
      if a.count > 0 { copyRetaining(a.items, to: target, count: a.count) }
      if b.count > 0 { copyRetaining(b.items, to: target + a.count, count: b.count) }
    }
    return result
  }

  func repeated(_ times: Int) throws(Raised) -> Owned {
    let size = count
    if size == 0 || times <= 0 { return try PyList.make(count: 0) }
    let (total, overflow) = size.multipliedReportingOverflow(by: times)
    if overflow { throw raiseNoMemory() }
    let result = try PyList.make(count: total)
    let target = PyList(result.ref).items
    for start in stride(from: 0, to: total, by: size) {
      copyRetaining(items, to: target + start, count: size)
    }
    return result
  }

  /// `list *= times`
  func repeatInPlace(_ times: Int) throws(Raised) {
    let size = count
    if size == 0 || times == 1 { return }
    if times < 1 { return clear() }
    let (total, overflow) = size.multipliedReportingOverflow(by: times)
    if overflow { throw raiseNoMemory() }
    try resize(to: total)
    for start in stride(from: size, to: total, by: size) {
      copyRetaining(items, to: items + start, count: size)
    }
  }
}
