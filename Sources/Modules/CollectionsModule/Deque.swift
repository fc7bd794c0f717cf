import CPythonABI
import Glibc
import Objects

/// collections.deque: a ring of references that grows at both ends.
///
///     items:  [ 3 | 4 |   |   |   | 0 | 1 | 2 ]     capacity 8 (a power of two), head 5, count 5
///
/// CPython keeps a list of blocks instead (Modules/_collectionsmodule.c); a ring indexes in one
/// step. `state` changes with every change of the contents, so that iteration notices.
enum Deque {
  struct Layout {
    var base: PyVarObject
    var items: UnsafeMutablePointer<Ref?>?
    var capacity: Int
    var head: Int
    var state: Int
    /// -1 without a bound.
    var maxLength: Int
    var weakReferences: Ref?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  @inline(__always)
  static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  static func isDeque(_ object: Ref) -> Bool { object.isInstance(of: type) }

  @inline(__always)
  static func count(_ object: Ref) -> Int { apus_var_size(object) }

  /// The place of item `index`.
  @inline(__always)
  static func slot(_ object: Ref, _ index: Int) -> UnsafeMutablePointer<Ref?> {
    let own = view(object)
    return own.pointee.items.unsafelyUnwrapped
      + ((own.pointee.head &+ index) & (own.pointee.capacity - 1))
  }

  /// Item `index` as a new reference.
  static func item(_ object: Ref, _ index: Int) -> Owned {
    (slot(object, index).pointee ?? noneObject()).retained()
  }

  // MARK: Changing

  private static func changed(_ object: Ref, by difference: Int) {
    view(object).pointee.base.ob_size += difference
    view(object).pointee.state &+= 1
  }

  /// Makes room for one more item.
  private static func reserve(_ object: Ref) throws(Raised) {
    let own = view(object)
    let count = count(object)
    if count < own.pointee.capacity { return }
    let capacity = Swift.max(own.pointee.capacity * 2, 8)
    guard capacity < Int.max / 16,
      let memory = PyMem_Malloc(capacity * MemoryLayout<Ref?>.stride)
    else { throw raiseNoMemory() }
    let items = memory.bindMemory(to: Ref?.self, capacity: capacity)
    for index in 0..<count { (items + index).initialize(to: slot(object, index).pointee) }
    PyMem_Free(own.pointee.items)
    own.pointee.items = items
    own.pointee.capacity = capacity
    own.pointee.head = 0
  }

  /// Adds at the right end; with a bound the first item goes.
  static func append(_ object: Ref, _ item: consuming Owned) throws(Raised) {
    let own = view(object)
    if own.pointee.maxLength == 0 { return }
    if count(object) == own.pointee.maxLength {
      let old = takeFirst(object)
      slot(object, count(object)).pointee = item.give()
      changed(object, by: 1)
      _ = old.ref
      return
    }
    try reserve(object)
    slot(object, count(object)).pointee = item.give()
    changed(object, by: 1)
  }

  static func appendLeft(_ object: Ref, _ item: consuming Owned) throws(Raised) {
    let own = view(object)
    if own.pointee.maxLength == 0 { return }
    let isFull = count(object) == own.pointee.maxLength
    if isFull {
      let old = takeLast(object)
      pushFirst(object, item.give())
      _ = old.ref
      return
    }
    try reserve(object)
    pushFirst(object, item.give())
  }

  private static func pushFirst(_ object: Ref, _ item: Ref) {
    let own = view(object)
    own.pointee.head = (own.pointee.head &- 1) & (own.pointee.capacity - 1)
    slot(object, 0).pointee = item
    changed(object, by: 1)
  }

  /// Takes an end off; the deque is not empty.
  static func takeFirst(_ object: Ref) -> Owned {
    let item = slot(object, 0).pointee ?? noneObject()
    let own = view(object)
    own.pointee.head = (own.pointee.head &+ 1) & (own.pointee.capacity - 1)
    changed(object, by: -1)
    return Owned(adopting: item)
  }

  static func takeLast(_ object: Ref) -> Owned {
    let item = slot(object, count(object) - 1).pointee ?? noneObject()
    changed(object, by: -1)
    return Owned(adopting: item)
  }

  static func clear(_ object: Ref) {
    let own = view(object)
    let items = own.pointee.items
    let mask = own.pointee.capacity - 1
    let head = own.pointee.head
    let count = count(object)
    own.pointee.items = nil
    own.pointee.capacity = 0
    own.pointee.head = 0
    own.pointee.base.ob_size = 0
    own.pointee.state &+= 1
    guard let items else { return }
    for index in 0..<count { Py_XDECREF(items[(head &+ index) & mask]) }
    PyMem_Free(items)
  }

  static func extend(_ object: Ref, _ iterable: Ref, left: Bool = false) throws(Raised) {
    let source = iterable == object ? try own(PySequence_List(iterable)) : iterable.retained()
    let iterator = try own(PyObject_GetIter(source.ref))
    while let item = PyIter_Next(iterator.ref) {
      if left {
        try appendLeft(object, Owned(adopting: item))
      } else {
        try append(object, Owned(adopting: item))
      }
    }
    if hasRaised() { throw Raised() }
  }

  /// Removes item `index`, closing the gap from the shorter side.
  private static func remove(_ object: Ref, at index: Int) {
    let count = count(object)
    let item = slot(object, index).pointee
    if index < count / 2 {
      var place = index
      while place > 0 {
        slot(object, place).pointee = slot(object, place - 1).pointee
        place -= 1
      }
      let own = view(object)
      own.pointee.head = (own.pointee.head &+ 1) & (own.pointee.capacity - 1)
    } else {
      for place in index..<(count - 1) {
        slot(object, place).pointee = slot(object, place + 1).pointee
      }
    }
    changed(object, by: -1)
    Py_XDECREF(item)
  }

  private static func insert(_ object: Ref, _ item: consuming Owned, at index: Int) throws(Raised) {
    if count(object) == view(object).pointee.maxLength {
      throw raise(.indexError, "deque already at its maximum size")
    }
    try reserve(object)
    let count = count(object)
    var place = index < 0 ? Swift.max(index &+ count, 0) : Swift.min(index, count)
    if place < count / 2 {
      pushFirst(object, item.give())
      let moved = slot(object, 0).pointee
      for each in 0..<place { slot(object, each).pointee = slot(object, each + 1).pointee }
      slot(object, place).pointee = moved
    } else {
      let wanted = place
      place = count
      while place > wanted {
        slot(object, place).pointee = slot(object, place - 1).pointee
        place -= 1
      }
      slot(object, wanted).pointee = item.give()
      changed(object, by: 1)
    }
  }

  /// Turns the ring by `steps` to the right.
  static func rotate(_ object: Ref, _ steps: Int) {
    let count = count(object)
    if count <= 1 { return }
    var steps = steps % count
    if steps > count / 2 { steps -= count }
    if steps < -(count / 2) { steps += count }
    let own = view(object)
    while steps > 0 {
      let last = slot(object, count - 1).pointee
      own.pointee.head = (own.pointee.head &- 1) & (own.pointee.capacity - 1)
      slot(object, 0).pointee = last
      steps -= 1
    }
    while steps < 0 {
      let first = slot(object, 0).pointee
      own.pointee.head = (own.pointee.head &+ 1) & (own.pointee.capacity - 1)
      slot(object, count - 1).pointee = first
      steps += 1
    }
    own.pointee.state &+= 1
  }

  // MARK: Searching

  /// The first item equal to `value` in a range, nil when there is none. RuntimeError (or, of
  /// `remove`, IndexError) when a comparison changes the deque.
  static func find(
    _ object: Ref, _ value: Ref, _ range: Range<Int>, removing: Bool = false
  ) throws(Raised) -> Int? {
    let state = view(object).pointee.state
    for index in range {
      let candidate = item(object, index)
      let same = try check(PyObject_RichCompareBool(candidate.ref, value, Py_EQ))
      if view(object).pointee.state != state {
        throw removing
          ? raise(.indexError, "deque mutated during remove().")
          : raise(.runtimeError, "deque mutated during iteration")
      }
      if same > 0 { return index }
    }
    return nil
  }

  static func raiseMissing(_ value: Ref) -> Raised {
    guard let shown = PyObject_Repr(value) else { return Raised() }
    defer { Py_DECREF(shown) }
    return raise(.valueError, "\(text(of: shown)) is not in deque")
  }

  static func remove(_ object: Ref, _ value: Ref) throws(Raised) {
    guard let index = try find(object, value, 0..<count(object), removing: true) else {
      throw raiseMissing(value)
    }
    remove(object, at: index)
  }

  /// `deque[index] = value`, or deletes the item.
  static func assign(_ object: Ref, _ index: Int, _ value: Ref?) throws(Raised) {
    guard index >= 0, index < count(object) else {
      throw raise(.indexError, "deque index out of range")
    }
    guard let value else { return remove(object, at: index) }
    let slot = slot(object, index)
    let old = slot.pointee
    slot.pointee = value.retained().give()
    Py_XDECREF(old)
  }

  static func insert(_ object: Ref, _ index: Int, _ value: Ref) throws(Raised) {
    try insert(object, value.retained(), at: index)
  }

  // MARK: Copies

  /// An empty deque of the builtin type.
  static func empty(maxLength: Int) throws(Raised) -> Owned {
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let object = try own(allocate(type, 0))
    view(object.ref).pointee.maxLength = maxLength
    return object
  }

  static func copy(_ object: Ref) throws(Raised) -> Owned {
    let bound = view(object).pointee.maxLength
    if object.type == type {
      let result = try empty(maxLength: bound)
      try extend(result.ref, object)
      return result
    }
    let result: Ref?
    if bound < 0 {
      result = PyObject_CallOneArg(object.type.object, object)
    } else {
      let number = try int(bound)
      result = call(object.type.object, object, number.ref)
    }
    let made = try own(result)
    guard isDeque(made.ref) else {
      throw raise(
        .typeError,
        "\(object.type.fullName)() must return a deque, not \(made.ref.type.fullName)")
    }
    return made
  }

  /// Repeats the contents in place; a bound keeps the last items.
  static func repeatInPlace(_ object: Ref, _ times: Int) throws(Raised) {
    let count = count(object)
    if count == 0 || times == 1 { return }
    if times <= 0 {
      clear(object)
      return
    }
    let (total, overflow) = count.multipliedReportingOverflow(by: times)
    let bound = view(object).pointee.maxLength
    if bound < 0 && (overflow || total > Int.max / 16) { throw raiseNoMemory() }
    let once = try own(PySequence_List(object))
    var rounds = times - 1
    // More rounds than the bound holds only turn it over.
    if bound >= 0 { rounds = Swift.min(rounds, bound / count + 1) }
    if bound >= 0 && rounds < times - 1 {
      // The content is periodic, so the last rounds decide.
      clear(object)
      rounds += 1
    }
    for _ in 0..<rounds { try extend(object, once.ref) }
  }
}
