import CPythonABI

/// collections.OrderedDict: a dict whose order can be changed. CPython: Objects/odictobject.c.
///
/// The items are in the dict; a doubly linked list of nodes holds the order. `fast` finds the node
/// of a key through the number of its entry in the dict's table; it is built again when the table
/// was.
///
///     dict entry 0 "a" -> fast[0] -> node "a" <-> node "b" <- fast[1] <- dict entry 1 "b"
public enum OrderedDict {
  struct Node {
    /// Strong.
    var key: Ref
    var hash: Int
    var next: NodePointer?
    var previous: NodePointer?
  }
  typealias NodePointer = UnsafeMutablePointer<Node>

  struct Layout {
    var dict: PyDictObject
    var fast: UnsafeMutablePointer<NodePointer?>?
    var fastCount: Int
    /// The table that `fast` was built for.
    var table: UnsafeMutablePointer<PyDictKeysObject>?
    /// Changes with the order, so that iteration notices.
    var state: Int
    var first: NodePointer?
    var last: NodePointer?
    var instanceDict: Ref?
    var weakReferences: Ref?
  }

  @inline(__always)
  static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  static func isOrdered(_ object: Ref) -> Bool { object.isInstance(of: orderedDictType()) }

  // MARK: Nodes

  /// Builds `fast` for the dict's present table.
  private static func rebuild(_ object: Ref) throws(Raised) {
    let own = view(object)
    let keys = own.pointee.dict.ma_keys
    let count = 1 << Int(keys.pointee.dk_log2_size)
    guard let memory = PyMem_Calloc(count, MemoryLayout<NodePointer?>.stride) else {
      throw raiseNoMemory()
    }
    let fast = memory.bindMemory(to: NodePointer?.self, capacity: count)
    var next = own.pointee.first
    while let node = next {
      let entry = PyDict(object).lookup(node.pointee.key, node.pointee.hash)
      if entry == DictIndex.error {
        PyMem_Free(memory)
        throw Raised()
      }
      if entry >= 0 && entry < count { fast[entry] = node }
      next = node.pointee.next
    }
    PyMem_Free(own.pointee.fast)
    own.pointee.fast = fast
    own.pointee.fastCount = count
    own.pointee.table = keys
  }

  /// Where `fast` keeps the node of a key; nil when the dict does not have the key.
  private static func slot(
    _ object: Ref, _ key: Ref, _ hash: Int
  ) throws(Raised) -> UnsafeMutablePointer<NodePointer?>? {
    let own = view(object)
    if own.pointee.fast == nil || own.pointee.table != own.pointee.dict.ma_keys {
      try rebuild(object)
    }
    let entry = PyDict(object).lookup(key, hash)
    if entry == DictIndex.error { throw Raised() }
    // A comparison may have made the dict build its table again.
    if own.pointee.table != own.pointee.dict.ma_keys { try rebuild(object) }
    guard entry >= 0, entry < own.pointee.fastCount, let fast = own.pointee.fast else { return nil }
    return fast + entry
  }

  static func find(_ object: Ref, _ key: Ref, _ hash: Int) throws(Raised) -> NodePointer? {
    if view(object).pointee.first == nil { return nil }
    return try slot(object, key, hash)?.pointee
  }

  static func linkLast(_ object: Ref, _ node: NodePointer) {
    let own = view(object)
    node.pointee.next = nil
    node.pointee.previous = own.pointee.last
    if let last = own.pointee.last { last.pointee.next = node } else { own.pointee.first = node }
    own.pointee.last = node
    own.pointee.state &+= 1
  }

  static func linkFirst(_ object: Ref, _ node: NodePointer) {
    let own = view(object)
    node.pointee.previous = nil
    node.pointee.next = own.pointee.first
    if let first = own.pointee.first {
      first.pointee.previous = node
    } else {
      own.pointee.last = node
    }
    own.pointee.first = node
    own.pointee.state &+= 1
  }

  static func unlink(_ object: Ref, _ node: NodePointer) {
    let own = view(object)
    if let previous = node.pointee.previous {
      previous.pointee.next = node.pointee.next
    } else {
      own.pointee.first = node.pointee.next
    }
    if let next = node.pointee.next {
      next.pointee.previous = node.pointee.previous
    } else {
      own.pointee.last = node.pointee.previous
    }
    node.pointee.next = nil
    node.pointee.previous = nil
    own.pointee.state &+= 1
  }

  /// Adds a node at the end for a key that the dict has just got.
  private static func addNode(_ object: Ref, _ key: Ref, _ hash: Int) throws(Raised) {
    guard let place = try slot(object, key, hash) else {
      throw raise(.keyError, value: key)
    }
    if place.pointee != nil { return }
    guard let memory = PyMem_Malloc(MemoryLayout<Node>.stride) else { throw raiseNoMemory() }
    let node = memory.bindMemory(to: Node.self, capacity: 1)
    Py_INCREF(key)
    node.initialize(to: Node(key: key, hash: hash, next: nil, previous: nil))
    place.pointee = node
    linkLast(object, node)
  }

  /// Removes the node of a key, if there is one.
  private static func removeNode(_ object: Ref, _ key: Ref, _ hash: Int) throws(Raised) {
    if view(object).pointee.first == nil { return }
    guard let place = try slot(object, key, hash), let node = place.pointee else { return }
    place.pointee = nil
    unlink(object, node)
    let kept = node.pointee.key
    PyMem_Free(node)
    Py_DECREF(kept)
  }

  /// Removes all nodes.
  static func clearNodes(_ object: Ref) {
    let own = view(object)
    var next = own.pointee.first
    PyMem_Free(own.pointee.fast)
    own.pointee.fast = nil
    own.pointee.fastCount = 0
    own.pointee.table = nil
    own.pointee.first = nil
    own.pointee.last = nil
    own.pointee.state &+= 1
    while let node = next {
      next = node.pointee.next
      let key = node.pointee.key
      PyMem_Free(node)
      Py_DECREF(key)
    }
  }

  // MARK: Items

  static func make() throws(Raised) -> Owned {
    try OrderedDictTypes.install()
    guard let create = orderedDictType().pointee.tp_new else { throw Raised() }
    let empty = try own(PyTuple_New(0))
    return try own(create(orderedDictType(), empty.ref, nil))
  }

  static func set(_ object: Ref, _ key: Ref, _ value: Ref) throws(Raised) {
    let hash = try check(PyObject_Hash(key))
    try check(_PyDict_SetItem_KnownHash(object, key, value, hash))
    do {
      try addNode(object, key, hash)
    } catch {
      let pending = PyErr_GetRaisedException()
      if _PyDict_DelItem_KnownHash(object, key, hash) < 0 { PyErr_Clear() }
      PyErr_SetRaisedException(pending)
      throw error
    }
  }

  static func delete(_ object: Ref, _ key: Ref) throws(Raised) {
    let hash = try check(PyObject_Hash(key))
    try removeNode(object, key, hash)
    try check(_PyDict_DelItem_KnownHash(object, key, hash))
  }

  /// Takes an item out; `fallback`, or KeyError, when there is none.
  static func pop(_ object: Ref, _ key: Ref, _ fallback: Ref?) throws(Raised) -> Owned {
    let hash = try check(PyObject_Hash(key))
    try removeNode(object, key, hash)
    if let value = try PyDict(object).pop(key, hash) { return value }
    if let fallback { return fallback.retained() }
    throw raise(.keyError, value: key)
  }

  /// Takes the last or first item out: `(key, value)`.
  static func popItem(_ object: Ref, last: Bool) throws(Raised) -> Owned {
    let own = view(object).pointee
    guard let node = last ? own.last : own.first else {
      throw raise(.keyError, "dictionary is empty")
    }
    let key = node.pointee.key.retained()
    let value = try pop(object, key.ref, nil)
    return try tuple(key, value)
  }

  static func move(_ object: Ref, _ key: Ref, last: Bool) throws(Raised) {
    let hash = try check(PyObject_Hash(key))
    guard let node = try find(object, key, hash) else { throw raise(.keyError, value: key) }
    if node == (last ? view(object).pointee.last : view(object).pointee.first) { return }
    unlink(object, node)
    if last { linkLast(object, node) } else { linkFirst(object, node) }
  }

  static func clear(_ object: Ref) {
    PyDict_Clear(object)
    clearNodes(object)
  }

  static func copy(_ object: Ref) throws(Raised) -> Owned {
    let isExact = object.type == orderedDictType()
    let result = isExact ? try make() : try own(PyObject_CallNoArgs(object.type.object))
    let state = view(object).pointee.state
    var next = view(object).pointee.first
    while let node = next {
      let key = node.pointee.key.retained()
      if isExact {
        guard let value = try PyDict(object).find(key.ref) else {
          throw raise(.keyError, value: key.ref)
        }
        let held = value.retained()
        try set(result.ref, key.ref, held.ref)
      } else {
        let value = try own(PyObject_GetItem(object, key.ref))
        try check(PyObject_SetItem(result.ref, key.ref, value.ref))
      }
      if view(object).pointee.state != state {
        throw raise(.runtimeError, "OrderedDict mutated during iteration")
      }
      next = node.pointee.next
    }
    return result
  }

  /// Whether two have equal keys in the same order.
  static func sameOrder(_ left: Ref, _ right: Ref) throws(Raised) -> Bool {
    let states = (view(left).pointee.state, view(right).pointee.state)
    var a = view(left).pointee.first
    var b = view(right).pointee.first
    while let x = a, let y = b {
      let first = x.pointee.key.retained()
      let second = y.pointee.key.retained()
      let same = try check(PyObject_RichCompareBool(first.ref, second.ref, Py_EQ))
      if view(left).pointee.state != states.0 || view(right).pointee.state != states.1 {
        throw raise(.runtimeError, "OrderedDict mutated during iteration")
      }
      if same == 0 { return false }
      a = x.pointee.next
      b = y.pointee.next
    }
    return a == nil && b == nil
  }
}

@c @implementation
public func PyODict_New() -> Ref? { new { try OrderedDict.make() } }

@c @implementation
public func PyODict_SetItem(_ object: Ref, _ key: Ref, _ value: Ref) -> Int32 {
  status { try OrderedDict.set(object, key, value) }
}

@c @implementation
public func PyODict_DelItem(_ object: Ref, _ key: Ref) -> Int32 {
  status { try OrderedDict.delete(object, key) }
}
