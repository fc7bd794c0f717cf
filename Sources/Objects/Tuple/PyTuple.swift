import CPythonABI

/// tuple: a fixed row of references behind a variable-size header.
///
///     ob_refcnt | ob_type | ob_size | ob_item[0] | ob_item[1] | …
///
/// Tuples of fewer than 20 items come from free lists, one per size, linked through `ob_item[0]`.
/// The empty tuple is one immortal object. CPython: Objects/tupleobject.c.
@frozen public struct PyTuple {
  @usableFromInline let object: Ref

  @inlinable @inline(__always) public init(_ object: Ref) { self.object = object }

  @inlinable @inline(__always) public var ref: Ref { object }

  @inlinable @inline(__always) public var count: Int { apus_var_size(object) }

  @inlinable @inline(__always) public var items: UnsafeMutablePointer<Ref?> {
    apus_tuple_items(object)
  }

  /// The item, borrowed. The index must be in range and the item filled.
  @inlinable @inline(__always) public subscript(_ index: Int) -> Ref {
    apus_tuple_item(object, index)
  }
}

// MARK: Allocation

extension PyTuple {
  /// A tracked tuple of `count` > 0 items with uninitialised items: the caller fills all of them
  /// before anything else can run.
  @inline(__always)
  static func allocate(_ count: Int) throws(Raised) -> Ref {
    if count < Int(APUS_TUPLE_FREE_SIZES) {
      let list = apus_free_tuples(count)
      if let free = list.pointee {
        list.pointee = apus_tuple_items(free)[0]
        apus_free_tuple_count(count).pointee &-= 1
        free.pointee.ob_refcnt = 1
        return free
      }
    }
    return try allocateSlow(count)
  }

  @inline(never)
  private static func allocateSlow(_ count: Int) throws(Raised) -> Ref {
    if count > (Int.max - 24 - 16) / 8 { throw raiseNoMemory() }
    guard let object = _PyObject_GC_NewVar(tupleType(), count) else { throw Raised() }
    return UnsafeMutableRawPointer(object).assumingMemoryBound(to: PyObject.self)
  }

  /// Frees a dead, untracked tuple whose items are gone, or keeps it for reuse.
  @inline(__always)
  static func release(_ object: Ref) {
    let count = apus_var_size(object)
    if object.isExactTuple && count > 0 && count < Int(APUS_TUPLE_FREE_SIZES)
      && apus_free_tuple_count(count).pointee < APUS_TUPLE_FREE_MAX
    {
      let list = apus_free_tuples(count)
      apus_tuple_items(object)[0] = list.pointee
      list.pointee = object
      apus_free_tuple_count(count).pointee &+= 1
      return
    }
    object.type.pointee.tp_free.unsafelyUnwrapped(object)
  }

  /// A tuple with new references to `count` objects (CPython: _PyTuple_FromArray).
  public static func make(from source: UnsafePointer<Ref>?, count: Int) throws(Raised) -> Owned {
    guard count > 0, let source else { return Owned(adopting: emptyTuple()) }
    let tuple = try allocate(count)
    let items = apus_tuple_items(tuple)
    for index in 0..<count {
      Py_INCREF(source[index])
      items[index] = source[index]
    }
    tuple.track()
    return Owned(adopting: tuple)
  }

  /// A tuple that takes over the references of an array of `count` objects; they are released also
  /// when memory runs out (CPython: _PyTuple_FromArraySteal).
  public static func make(stealing source: UnsafePointer<Ref>?, count: Int) throws(Raised) -> Owned {
    guard count > 0, let source else { return Owned(adopting: emptyTuple()) }
    let tuple: Ref
    do {
      tuple = try allocate(count)
    } catch {
      for index in 0..<count { Py_DECREF(source[index]) }
      throw error
    }
    let items = apus_tuple_items(tuple)
    for index in 0..<count { items[index] = source[index] }
    tuple.track()
    return Owned(adopting: tuple)
  }

  /// A pair with new references.
  public static func pair(_ first: Ref, _ second: Ref) throws(Raised) -> Owned {
    let tuple = try allocate(2)
    Py_INCREF(first)
    Py_INCREF(second)
    let items = apus_tuple_items(tuple)
    items[0] = first
    items[1] = second
    tuple.track()
    return Owned(adopting: tuple)
  }

  /// A tuple of one new reference.
  public static func single(_ item: Ref) throws(Raised) -> Owned {
    let tuple = try allocate(1)
    Py_INCREF(item)
    apus_tuple_items(tuple)[0] = item
    tuple.track()
    return Owned(adopting: tuple)
  }

  /// A tuple of three new references.
  public static func triple(_ first: Ref, _ second: Ref, _ third: Ref) throws(Raised) -> Owned {
    let tuple = try allocate(3)
    Py_INCREF(first)
    Py_INCREF(second)
    Py_INCREF(third)
    let items = apus_tuple_items(tuple)
    items[0] = first
    items[1] = second
    items[2] = third
    tuple.track()
    return Owned(adopting: tuple)
  }

  // MARK: Items that are given away
  //
  // `pair(a.ref, made().ref)` would release what `made()` returns before the call.

  /// A tuple of one item.
  public static func single(_ item: consuming Owned) throws(Raised) -> Owned {
    let item = item
    return try single(item.ref)
  }

  public static func pair(_ first: Ref, _ second: consuming Owned) throws(Raised) -> Owned {
    let second = second
    return try pair(first, second.ref)
  }

  public static func pair(_ first: consuming Owned, _ second: Ref) throws(Raised) -> Owned {
    let first = first
    return try pair(first.ref, second)
  }

  public static func triple(
    _ first: Ref, _ second: consuming Owned, _ third: Ref
  ) throws(Raised) -> Owned {
    let second = second
    return try triple(first, second.ref, third)
  }

  /// Frees every tuple kept for reuse (at a full collection).
  static func clearFreeLists() {
    for size in 1..<Int(APUS_TUPLE_FREE_SIZES) {
      let list = apus_free_tuples(size)
      while let tuple = list.pointee {
        list.pointee = apus_tuple_items(tuple)[0]
        PyObject_GC_Del(tuple)
      }
      apus_free_tuple_count(size).pointee = 0
    }
  }
}

// MARK: Slots

extension PyTuple {
  static let dealloc: destructor = { tuple in
    let count = apus_var_size(tuple)
    if count == 0 && tuple == emptyTuple() {
      // Extension code released one reference too many: the empty tuple stays.
      tuple.pointee.ob_refcnt = Int(_Py_IMMORTAL_REFCNT)
      return
    }
    tuple.untrackIfNeeded()
    withTrashcan(tuple, base: tupleType()) {
      let items = apus_tuple_items(tuple)
      var index = count
      while index > 0 {
        index &-= 1
        Py_XDECREF(items[index])
      }
      release(tuple)
    }
  }

  static let traverse: traverseproc = { tuple, visit, argument in
    let items = apus_tuple_items(tuple)
    for index in 0..<apus_var_size(tuple) {
      if let item = items[index] {
        let result = visit(item, argument)
        if result != 0 { return result }
      }
    }
    return 0
  }

  /// The hash of a row of hashes: xxHash's mixing, as in CPython's `tuplehash`.
  static let hash: hashfunc = { tuple in
    let prime1: UInt = 11_400_714_785_074_694_791
    let prime2: UInt = 14_029_467_366_897_019_727
    let prime5: UInt = 2_870_177_450_012_600_261
    let count = apus_var_size(tuple)
    var mixed = prime5
    for index in 0..<count {
      let lane = PyObject_Hash(apus_tuple_item(tuple, index))
      if lane == -1 { return -1 }
      mixed &+= UInt(bitPattern: lane) &* prime2
      mixed = (mixed << 31) | (mixed >> 33)
      mixed &*= prime1
    }
    mixed &+= UInt(bitPattern: count) ^ (prime5 ^ 3_527_539)
    return mixed == UInt.max ? 1_546_275_796 : Int(bitPattern: mixed)
  }

  func repr() throws(Raised) -> Owned {
    if count == 0 { return try newString(ascii: "()") }
    let entered = try check(Py_ReprEnter(object))
    if entered != 0 { return try newString(ascii: "(...)") }
    defer { Py_ReprLeave(object) }
    var text = ReprText(capacity: count > 1 ? 2 + 3 * count : 4)
    try text.append("(")
    for index in 0..<count {
      if index > 0 { try text.append(", ") }
      try text.append(reprOf: self[index])
    }
    try text.append(count == 1 ? ",)" : ")")
    return try text.finish()
  }

  func contains(_ value: Ref) throws(Raised) -> Bool {
    for index in 0..<count {
      if try equal(self[index], value) { return true }
    }
    return false
  }

  static let richCompare: richcmpfunc = { left, right, operation in
    guard left.isTuple && right.isTuple else { return notImplementedObject() }
    let leftCount = apus_var_size(left)
    let rightCount = apus_var_size(right)
    let common = Swift.min(leftCount, rightCount)
    var index = 0
    while index < common {
      let a = apus_tuple_item(left, index)
      let b = apus_tuple_item(right, index)
      if a != b {
        let same = PyObject_RichCompareBool(a, b, Py_EQ)
        if same < 0 { return nil }
        if same == 0 { break }
      }
      index &+= 1
    }
    if index >= common { return boolObject(compareSizes(leftCount, rightCount, operation)) }
    if operation == Py_EQ { return falseObject() }
    if operation == Py_NE { return trueObject() }
    return PyObject_RichCompare(
      apus_tuple_item(left, index), apus_tuple_item(right, index), operation)
  }

  func item(at index: Int) throws(Raised) -> Ref {
    guard index >= 0 && index < count else {
      throw raise(.indexError, "tuple index out of range")
    }
    return self[index]
  }

  /// A copy of the items `start ..< stop`; both must be in range.
  func slice(_ start: Int, _ stop: Int) throws(Raised) -> Owned {
    if start == 0 && stop == count && object.isExactTuple { return object.retained() }
    let length = stop - start
    if length <= 0 { return Owned(adopting: emptyTuple()) }
    let source = UnsafeRawPointer(items + start).assumingMemoryBound(to: Ref.self)
    return try PyTuple.make(from: source, count: length)
  }

  func subscripted(_ key: Ref) throws(Raised) -> Owned {
    if let index = try indexValue(key) {
      return try item(at: index < 0 ? index &+ count : index).retained()
    }
    guard key.type == sliceType() else {
      throw raise(
        .typeError, "tuple indices must be integers or slices, not \(key.type.fullName)")
    }
    var range = try SliceRange(key, length: count)
    if range.length <= 0 { return Owned(adopting: emptyTuple()) }
    if range.start == 0 && range.step == 1 && range.length == count && object.isExactTuple {
      return object.retained()
    }
    let result = try PyTuple.allocate(range.length)
    let target = apus_tuple_items(result)
    for position in 0..<range.length {
      let item = items[range.start]
      Py_XINCREF(item)
      target[position] = item
      range.start &+= range.step
    }
    result.track()
    return Owned(adopting: result)
  }

  static func concat(_ left: Ref, _ right: Ref) throws(Raised) -> Owned {
    if apus_var_size(left) == 0 && right.isExactTuple { return right.retained() }
    guard right.isTuple else {
      throw raise(
        .typeError, "can only concatenate tuple (not \"\(right.type.fullName)\") to tuple")
    }
    let leftCount = apus_var_size(left)
    let rightCount = apus_var_size(right)
    if rightCount == 0 && left.isExactTuple { return left.retained() }
    let (total, overflow) = leftCount.addingReportingOverflow(rightCount)
    if overflow { throw raiseNoMemory() }
    if total == 0 { return Owned(adopting: emptyTuple()) }
    let result = try allocate(total)
    let target = apus_tuple_items(result)
    copyRetaining(apus_tuple_items(left), to: target, count: leftCount)
    copyRetaining(apus_tuple_items(right), to: target + leftCount, count: rightCount)
    result.track()
    return Owned(adopting: result)
  }

  func repeated(_ times: Int) throws(Raised) -> Owned {
    let size = count
    if (size == 0 || times == 1) && object.isExactTuple { return object.retained() }
    if size == 0 || times <= 0 { return Owned(adopting: emptyTuple()) }
    let (total, overflow) = size.multipliedReportingOverflow(by: times)
    if overflow { throw raiseNoMemory() }
    let result = try PyTuple.allocate(total)
    let target = apus_tuple_items(result)
    for start in stride(from: 0, to: total, by: size) {
      copyRetaining(items, to: target + start, count: size)
    }
    result.track()
    return Owned(adopting: result)
  }
}

/// Copies a row of references to uninitialised memory and makes each a strong one.
@inline(__always)
func copyRetaining(
  _ source: UnsafeMutablePointer<Ref?>, to target: UnsafeMutablePointer<Ref?>, count: Int
) {
  for index in 0..<count {
    let item = source[index]
    Py_XINCREF(item)
    target[index] = item
  }
}

/// The result of comparing sequences that agree as far as the shorter one goes.
@inline(__always)
func compareSizes(_ left: Int, _ right: Int, _ operation: Int32) -> Bool {
  switch operation {
  case Py_LT: left < right
  case Py_LE: left <= right
  case Py_EQ: left == right
  case Py_NE: left != right
  case Py_GT: left > right
  default: left >= right
  }
}

/// `item is value or item == value`, with the item kept alive by the caller.
@inline(__always)
func equal(_ item: Ref, _ value: Ref) throws(Raised) -> Bool {
  if item == value { return true }
  return try check(PyObject_RichCompareBool(item, value, Py_EQ)) != 0
}

/// The value of a subscript that has `__index__`; nil for anything else. Raises IndexError for an
/// int beyond 64 bits.
@inline(__always)
func indexValue(_ key: Ref) throws(Raised) -> Int? {
  if key.isExactInt && apus_long_is_compact(key) != 0 { return apus_long_compact_value(key) }
  guard PyIndex_Check(key) != 0 else { return nil }
  return try check(PyNumber_AsSsize_t(key, .indexError))
}

/// The positions a slice selects of a sequence.
struct SliceRange {
  var start = 0
  var stop = 0
  var step = 0
  /// How many positions are selected.
  var length = 0

  /// Reads the slice, which may run Python code. The bounds are not clipped yet.
  init(_ slice: Ref) throws(Raised) {
    try check(PySlice_Unpack(slice, &start, &stop, &step))
  }

  /// Reads the slice, then clips it to a sequence of `length` items. Reading may run Python code,
  /// so `length` is asked for after it.
  init(_ slice: Ref, length sequenceLength: @autoclosure () -> Int) throws(Raised) {
    try self.init(slice)
    length = PySlice_AdjustIndices(sequenceLength(), &start, &stop, step)
  }

  /// Clips the bounds to a sequence that is assigned to; `s[5:2]` then inserts before 5.
  mutating func clip(to count: Int) {
    length = PySlice_AdjustIndices(count, &start, &stop, step)
    if (step < 0 && start < stop) || (step > 0 && start > stop) { stop = start }
  }
}
