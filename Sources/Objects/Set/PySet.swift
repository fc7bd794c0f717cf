import CPythonABI
import Glibc

/// set and frozenset: keys and their hashes in an open table.
///
/// A search looks at up to ten neighbouring slots before it jumps, so that most of it stays in one
/// or two cache lines. Up to five keys fit the eight slots inside the object. The table is at most
/// three fifths full and grows fourfold (twofold beyond 50,000 keys). A removed key leaves a dummy,
/// whose hash is -1, which no key has. CPython: Objects/setobject.c.
@frozen public struct PySet {
  @usableFromInline let object: UnsafeMutablePointer<PySetObject>

  @inlinable @inline(__always) public init(_ object: Ref) {
    self.object = object.view(PySetObject.self)
  }

  @inlinable @inline(__always) public var ref: Ref {
    UnsafeMutableRawPointer(object).assumingMemoryBound(to: PyObject.self)
  }

  @inlinable @inline(__always) public var count: Int { object.pointee.used }
  @inline(__always) var table: UnsafeMutablePointer<setentry> { object.pointee.table }
  @inline(__always) var mask: Int { object.pointee.mask }
  @inline(__always) var small: UnsafeMutablePointer<setentry> { apus_set_smalltable(ref) }

  @inline(__always) static func isAnySet(_ object: Ref) -> Bool {
    let type = object.type
    return type == setType() || type == frozenSetType()
      || PyType_IsSubtype(type, setType()) != 0 || PyType_IsSubtype(type, frozenSetType()) != 0
  }

  @inline(__always) static func isSet(_ object: Ref) -> Bool {
    object.type == setType() || PyType_IsSubtype(object.type, setType()) != 0
  }

  @inline(__always) static func isFrozenSet(_ object: Ref) -> Bool {
    object.type == frozenSetType() || PyType_IsSubtype(object.type, frozenSetType()) != 0
  }
}

// MARK: Allocation

extension PySet {
  /// A set of the given type with the keys of an iterable.
  static func make(_ type: TypeRef, from iterable: Ref?) throws(Raised) -> Owned {
    guard let allocate = type.pointee.tp_alloc else {
      throw raise(.systemError, "type without tp_alloc")
    }
    let result = try own(allocate(type, 0))
    let set = PySet(result.ref)
    set.reset()
    set.object.pointee.hash = -1
    set.object.pointee.finger = 0
    set.object.pointee.weakreflist = nil
    if let iterable { try set.update(iterable) }
    return result
  }

  /// A set of the builtin type that `type` derives from, as operators return.
  static func makeBase(_ type: TypeRef, from iterable: Ref?) throws(Raised) -> Owned {
    if type == setType() || type == frozenSetType() { return try make(type, from: iterable) }
    let base = PyType_IsSubtype(type, setType()) != 0 ? setType() : frozenSetType()
    return try make(base, from: iterable)
  }

  /// Makes the table the empty one inside the object. The keys are not released.
  func reset() {
    object.pointee.fill = 0
    object.pointee.used = 0
    object.pointee.mask = Int(PySet_MINSIZE) - 1
    object.pointee.table = small
    object.pointee.hash = -1
    memset(small, 0, Int(PySet_MINSIZE) * MemoryLayout<setentry>.stride)
  }

  /// Removes every key.
  func clear() {
    let fill = object.pointee.fill
    let oldTable = table
    let isSmall = oldTable == small
    if fill == 0 && isSmall { return }
    let slots = mask + 1
    var copy = InlineArray<8, setentry>(repeating: setentry(key: nil, hash: 0))
    if isSmall {
      for index in 0..<slots { copy[index] = oldTable[index] }
      reset()
      for index in 0..<slots {
        if let key = copy[index].key, key != setDummy() { Py_DECREF(key) }
      }
      return
    }
    reset()
    for index in 0..<slots {
      if let key = oldTable[index].key, key != setDummy() { Py_DECREF(key) }
    }
    PyMem_Free(oldTable)
  }

  static let dealloc: destructor = { object in
    object.untrackIfNeeded()
    withTrashcan(object, base: setType()) {
      let set = PySet(object)
      if set.object.pointee.weakreflist != nil { PyObject_ClearWeakRefs(object) }
      let table = set.table
      var left = set.count
      var index = 0
      while left > 0 {
        if let key = table[index].key, key != setDummy() {
          left -= 1
          Py_DECREF(key)
        }
        index += 1
      }
      if table != set.small { PyMem_Free(table) }
      object.type.pointee.tp_free.unsafelyUnwrapped(object)
    }
  }

  static let traverse: traverseproc = { object, visit, argument in
    var position = 0
    while let key = PySet(object).next(&position) {
      let result = visit(key, argument)
      if result != 0 { return result }
    }
    return 0
  }
}

// MARK: The table

extension PySet {
  /// How many neighbours of a slot are looked at before jumping.
  private static var linearProbes: Int { 9 }

  /// Where a search came to.
  private enum Place {
    case found(UnsafeMutablePointer<setentry>)
    case free(UnsafeMutablePointer<setentry>)
    /// A comparison failed; an exception is set.
    case failed
  }

  /// Finds the slot of a key, or the free slot where the search for it ends. `dummy` becomes the last
  /// slot on the way that a removed key left behind.
  @inline(__always)
  private func search(
    _ key: Ref, _ hash: Int, _ dummy: inout UnsafeMutablePointer<setentry>?
  ) -> Place {
    let isStr = key.isExactStr
    restart: while true {
      dummy = nil
      let table = table
      var mask = mask
      var slot = hash & mask
      var perturb = UInt(bitPattern: hash)
      while true {
        var entry = table + slot
        var probes = slot &+ PySet.linearProbes <= mask ? PySet.linearProbes : 0
        while true {
          guard let other = entry.pointee.key else { return .free(entry) }
          if entry.pointee.hash == hash {
            if other == key { return .found(entry) }
            if isStr && other.isExactStr {
              if strEqual(other, key) { return .found(entry) }
            } else if let same = PyLong.equalIfCompact(other, key) {
              if same { return .found(entry) }
            } else {
              Py_INCREF(other)
              let same = PyObject_RichCompareBool(other, key, Py_EQ)
              Py_DECREF(other)
              if same < 0 { return .failed }
              // The comparison may have changed the set.
              if table != self.table || entry.pointee.key != other { continue restart }
              if same > 0 { return .found(entry) }
              mask = self.mask
            }
          } else if entry.pointee.hash == -1 {
            dummy = entry
          }
          if probes == 0 { break }
          probes &-= 1
          entry += 1
        }
        perturb >>= 5
        slot = (slot &* 5 &+ 1 &+ Int(bitPattern: perturb)) & mask
      }
    }
  }

  /// Puts a key into a table without dummies that does not have it.
  @inline(__always)
  private static func insertClean(
    _ table: UnsafeMutablePointer<setentry>, _ mask: Int, _ key: Ref, _ hash: Int
  ) {
    var slot = hash & mask
    var perturb = UInt(bitPattern: hash)
    while true {
      var entry = table + slot
      var probes = slot &+ linearProbes <= mask ? linearProbes : 0
      while true {
        if entry.pointee.key == nil {
          entry.pointee.key = key
          entry.pointee.hash = hash
          return
        }
        if probes == 0 { break }
        probes &-= 1
        entry += 1
      }
      perturb >>= 5
      slot = (slot &* 5 &+ 1 &+ Int(bitPattern: perturb)) & mask
    }
  }

  /// Rebuilds the table with more than `minimum` slots and without dummies.
  private func resize(_ minimum: Int) throws(Raised) {
    var slots = Int(PySet_MINSIZE)
    while slots <= minimum {
      let (doubled, overflow) = slots.multipliedReportingOverflow(by: 2)
      if overflow { throw raiseNoMemory() }
      slots = doubled
    }
    let old = table
    let oldMask = mask
    let wasSmall = old == small
    var copy = InlineArray<8, setentry>(repeating: setentry(key: nil, hash: 0))
    let new: UnsafeMutablePointer<setentry>
    if slots == Int(PySet_MINSIZE) {
      new = small
      if wasSmall {
        if object.pointee.fill == object.pointee.used { return }
        for index in 0..<slots { copy[index] = old[index] }
      }
    } else {
      let (bytes, overflow) = slots.multipliedReportingOverflow(by: 16)
      if overflow { throw raiseNoMemory() }
      guard let memory = PyMem_Malloc(bytes) else { throw raiseNoMemory() }
      new = memory.assumingMemoryBound(to: setentry.self)
    }
    memset(new, 0, slots * 16)
    object.pointee.mask = slots - 1
    object.pointee.table = new
    if wasSmall && new == small {
      for index in 0...oldMask {
        if let key = copy[index].key, key != setDummy() {
          PySet.insertClean(new, slots - 1, key, copy[index].hash)
        }
      }
    } else {
      for index in 0...oldMask {
        if let key = old[index].key, key != setDummy() {
          PySet.insertClean(new, slots - 1, key, old[index].hash)
        }
      }
    }
    object.pointee.fill = object.pointee.used
    if !wasSmall { PyMem_Free(old) }
  }

  private var grownSize: Int { count > 50_000 ? count &* 2 : count &* 4 }

  /// Adds a key with its hash, retaining it.
  func add(_ key: Ref, _ hash: Int) throws(Raised) {
    // Comparisons may remove the caller's reference from where it came.
    Py_INCREF(key)
    var dummy: UnsafeMutablePointer<setentry>?
    switch search(key, hash, &dummy) {
    case .found:
      Py_DECREF(key)
    case .failed:
      Py_DECREF(key)
      throw Raised()
    case .free(let entry):
      if let dummy {
        object.pointee.used &+= 1
        dummy.pointee.key = key
        dummy.pointee.hash = hash
        return
      }
      object.pointee.fill &+= 1
      object.pointee.used &+= 1
      entry.pointee.key = key
      entry.pointee.hash = hash
      if object.pointee.fill &* 5 >= mask &* 3 { try resize(grownSize) }
    }
  }

  func add(_ key: Ref) throws(Raised) {
    let hash = keyHash(key)
    if hash == -1 { throw Raised() }
    try add(key, hash)
  }

  func contains(_ key: Ref, _ hash: Int) throws(Raised) -> Bool {
    var dummy: UnsafeMutablePointer<setentry>?
    switch search(key, hash, &dummy) {
    case .found: return true
    case .free: return false
    case .failed: throw Raised()
    }
  }

  /// Removes a key with its hash; false when it is missing.
  func discard(_ key: Ref, _ hash: Int) throws(Raised) -> Bool {
    var dummy: UnsafeMutablePointer<setentry>?
    switch search(key, hash, &dummy) {
    case .free: return false
    case .failed: throw Raised()
    case .found(let entry):
      let old = entry.pointee.key
      entry.pointee.key = setDummy()
      entry.pointee.hash = -1
      object.pointee.used &-= 1
      Py_XDECREF(old)
      return true
    }
  }

  /// The next key, borrowed, from `position`, which starts at 0; nil at the end.
  @inline(__always)
  func next(_ position: inout Int) -> Ref? {
    while position <= mask {
      let key = table[position].key
      position &+= 1
      if let key, key != setDummy() { return key }
    }
    return nil
  }

  /// The same with the key's hash.
  @inline(__always)
  func nextEntry(_ position: inout Int) -> (key: Ref, hash: Int)? {
    guard let key = next(&position) else { return nil }
    return (key, table[position &- 1].hash)
  }

  /// Removes and returns some key. The search goes on where the last one ended.
  func pop() throws(Raised) -> Owned {
    if count == 0 { throw raise(.keyError, "pop from an empty set") }
    var slot = object.pointee.finger & mask
    while table[slot].key == nil || table[slot].key == setDummy() {
      slot = slot == mask ? 0 : slot + 1
    }
    let key = Owned(adopting: table[slot].key.unsafelyUnwrapped)
    table[slot].key = setDummy()
    table[slot].hash = -1
    object.pointee.used -= 1
    object.pointee.finger = slot + 1
    return key
  }

  /// Adds the keys of another set.
  private func merge(_ other: PySet) throws(Raised) {
    if other.object == object || other.count == 0 { return }
    if (object.pointee.fill + other.count) * 5 >= mask * 3 {
      try resize((count + other.count) * 2)
    }
    if object.pointee.fill == 0 && mask == other.mask && other.object.pointee.fill == other.count {
      // The same table: copy it.
      for index in 0...other.mask {
        if let key = other.table[index].key {
          Py_INCREF(key)
          table[index] = other.table[index]
        }
      }
      object.pointee.fill = other.count
      object.pointee.used = other.count
      return
    }
    if object.pointee.fill == 0 {
      object.pointee.fill = other.count
      object.pointee.used = other.count
      var position = 0
      while let (key, hash) = other.nextEntry(&position) {
        Py_INCREF(key)
        PySet.insertClean(table, mask, key, hash)
      }
      return
    }
    var position = 0
    while let (key, hash) = other.nextEntry(&position) {
      let held = key.retained()
      try add(held.ref, hash)
    }
  }

  /// Adds the items of any iterable.
  func update(_ other: Ref) throws(Raised) {
    if PySet.isAnySet(other) { return try merge(PySet(other)) }
    if other.isExactDict {
      let dict = PyDict(other)
      if (object.pointee.fill + dict.count) * 5 >= mask * 3 {
        try resize((count + dict.count) * 2)
      }
      var position = 0
      while let (key, _, hash) = dict.next(&position) {
        let held = key.retained()
        try add(held.ref, hash)
      }
      return
    }
    try forEach(other) { key throws(Raised) in
      try self.add(key)
      return true
    }
  }

  /// Calls the body with each item of an iterable until it says false.
  @inline(__always)
  func forEach(_ iterable: Ref, _ body: (Ref) throws(Raised) -> Bool) throws(Raised) {
    let iterator = try own(PyObject_GetIter(iterable))
    while let next = PyIter_Next(iterator.ref) {
      let item = Owned(adopting: next)
      if try !body(item.ref) { return }
    }
    if hasRaised() { throw Raised() }
  }
}

// MARK: Set algebra

extension PySet {
  func copy() throws(Raised) -> Owned { try PySet.makeBase(ref.type, from: ref) }

  /// Exchanges the contents with another set.
  func swapBodies(with other: PySet) {
    let a = object
    let b = other.object
    let aSmall = table == small
    let bSmall = other.table == other.small
    swap(&a.pointee.fill, &b.pointee.fill)
    swap(&a.pointee.used, &b.pointee.used)
    swap(&a.pointee.mask, &b.pointee.mask)
    swap(&a.pointee.table, &b.pointee.table)
    if bSmall { a.pointee.table = small }
    if aSmall { b.pointee.table = other.small }
    if aSmall || bSmall {
      for index in 0..<Int(PySet_MINSIZE) {
        let entry = small[index]
        small[index] = other.small[index]
        other.small[index] = entry
      }
    }
    if PySet.isFrozenSet(ref) && PySet.isFrozenSet(other.ref) {
      swap(&a.pointee.hash, &b.pointee.hash)
    } else {
      a.pointee.hash = -1
      b.pointee.hash = -1
    }
  }

  func intersection(_ other: Ref) throws(Raised) -> Owned {
    if other == ref { return try copy() }
    let result = try PySet.makeBase(ref.type, from: nil)
    let target = PySet(result.ref)
    if PySet.isAnySet(other) {
      var larger = self
      var smaller = PySet(other)
      if smaller.count > larger.count { swap(&larger, &smaller) }
      var position = 0
      while let (key, hash) = smaller.nextEntry(&position) {
        let held = key.retained()
        if try larger.contains(held.ref, hash) { try target.add(held.ref, hash) }
      }
      return result
    }
    let mine = self
    try forEach(other) { key throws(Raised) in
      let hash = keyHash(key)
      if hash == -1 { throw Raised() }
      if try mine.contains(key, hash) { try target.add(key, hash) }
      return true
    }
    return result
  }

  /// Removes the items of an iterable.
  func subtract(_ other: Ref) throws(Raised) {
    if other == ref { return clear() }
    if PySet.isAnySet(other) {
      // Of a much larger set only what is common matters.
      let common = PySet(other).count >> 3 > count ? try intersection(other) : other.retained()
      let source = PySet(common.ref)
      var position = 0
      while let (key, hash) = source.nextEntry(&position) {
        let held = key.retained()
        _ = try discard(held.ref, hash)
      }
    } else {
      let mine = self
      try forEach(other) { key throws(Raised) in
        let hash = keyHash(key)
        if hash == -1 { throw Raised() }
        _ = try mine.discard(key, hash)
        return true
      }
    }
    // More than a quarter of dummies is worth a new table.
    if object.pointee.fill - count > mask / 4 { try resize(grownSize) }
  }

  func difference(_ other: Ref) throws(Raised) -> Owned {
    let isAny = PySet.isAnySet(other)
    let theirs = isAny ? PySet(other).count : other.isExactDict ? PyDict(other).count : -1
    if theirs < 0 || count >> 2 > theirs {
      let result = try copy()
      try PySet(result.ref).subtract(other)
      return result
    }
    let result = try PySet.makeBase(ref.type, from: nil)
    let target = PySet(result.ref)
    var position = 0
    while let (key, hash) = nextEntry(&position) {
      let held = key.retained()
      let there =
        try isAny
        ? PySet(other).contains(held.ref, hash) : PyDict(other).find(held.ref, hash) != nil
      if !there { try target.add(held.ref, hash) }
    }
    return result
  }

  /// Keeps what is in one of both only.
  func updateSymmetricDifference(_ other: Ref) throws(Raised) {
    if other == ref { return clear() }
    if other.isExactDict {
      var position = 0
      while let (key, _, hash) = PyDict(other).next(&position) {
        let held = key.retained()
        if try !discard(held.ref, hash) { try add(held.ref, hash) }
      }
      return
    }
    let set = PySet.isAnySet(other) ? other.retained() : try PySet.makeBase(ref.type, from: other)
    var position = 0
    while let (key, hash) = PySet(set.ref).nextEntry(&position) {
      let held = key.retained()
      if try !discard(held.ref, hash) { try add(held.ref, hash) }
    }
  }

  func symmetricDifference(_ other: Ref) throws(Raised) -> Owned {
    let result = try PySet.makeBase(ref.type, from: other)
    try PySet(result.ref).updateSymmetricDifference(ref)
    return result
  }

  func isSubset(of other: Ref) throws(Raised) -> Bool {
    guard PySet.isAnySet(other) else {
      let common = try intersection(other)
      return PySet(common.ref).count == count
    }
    if count > PySet(other).count { return false }
    var position = 0
    while let (key, hash) = nextEntry(&position) {
      let held = key.retained()
      if try !PySet(other).contains(held.ref, hash) { return false }
    }
    return true
  }

  func isSuperset(of other: Ref) throws(Raised) -> Bool {
    if PySet.isAnySet(other) { return try PySet(other).isSubset(of: ref) }
    let mine = self
    var all = true
    try forEach(other) { key throws(Raised) in
      all = try mine.contains(key)
      return all
    }
    return all
  }

  func isDisjoint(from other: Ref) throws(Raised) -> Bool {
    if other == ref { return count == 0 }
    if other.type == setType() || other.type == frozenSetType() {
      var larger = self
      var smaller = PySet(other)
      if smaller.count > larger.count { swap(&larger, &smaller) }
      var position = 0
      while let (key, hash) = smaller.nextEntry(&position) {
        let held = key.retained()
        if try larger.contains(held.ref, hash) { return false }
      }
      return true
    }
    let mine = self
    var disjoint = true
    try forEach(other) { key throws(Raised) in
      let hash = keyHash(key)
      if hash == -1 { throw Raised() }
      disjoint = try !mine.contains(key, hash)
      return disjoint
    }
    return disjoint
  }

  /// Whether the key is in the set. A set as the key is looked for as a frozenset.
  func contains(_ key: Ref) throws(Raised) -> Bool {
    do {
      let hash = keyHash(key)
      if hash == -1 { throw Raised() }
      return try contains(key, hash)
    } catch {
      guard let frozen = try PySet.frozen(key) else { throw Raised() }
      return try contains(frozen.ref, PyObject_Hash(frozen.ref))
    }
  }

  /// Removes a key; false when it is missing. A set as the key is looked for as a frozenset.
  func discard(_ key: Ref) throws(Raised) -> Bool {
    do {
      let hash = keyHash(key)
      if hash == -1 { throw Raised() }
      return try discard(key, hash)
    } catch {
      guard let frozen = try PySet.frozen(key) else { throw Raised() }
      return try discard(frozen.ref, PyObject_Hash(frozen.ref))
    }
  }

  /// After a TypeError about an unhashable set: the set as a frozenset. nil for anything else, with
  /// the exception still set.
  private static func frozen(_ key: Ref) throws(Raised) -> Owned? {
    guard isSet(key), PyErr_ExceptionMatches(.typeError) != 0 else { return nil }
    PyErr_Clear()
    return try make(frozenSetType(), from: key)
  }

  // MARK: Comparing, hashing, showing

  func compare(_ other: Ref, _ operation: Int32) throws(Raised) -> Owned {
    guard PySet.isAnySet(other) else { return Owned(adopting: notImplementedObject()) }
    return try Owned(adopting: boolObject(isRelated(other, operation)))
  }

  private func isRelated(_ other: Ref, _ operation: Int32) throws(Raised) -> Bool {
    let set = PySet(other)
    switch operation {
    case Py_EQ:
      if count != set.count { return false }
      let mine = object.pointee.hash
      let theirs = set.object.pointee.hash
      if mine != -1 && theirs != -1 && mine != theirs { return false }
      return try isSubset(of: other)
    case Py_NE: return try !isRelated(other, Py_EQ)
    case Py_LE: return try isSubset(of: other)
    case Py_GE: return try set.isSubset(of: ref)
    case Py_LT: return count < set.count ? try isSubset(of: other) : false
    default: return count > set.count ? try set.isSubset(of: ref) : false
    }
  }

  /// The hash of a frozenset: independent of the order, with every key's bits spread.
  static let hash: hashfunc = { object in
    let set = PySet(object)
    if set.object.pointee.hash != -1 { return set.object.pointee.hash }
    func shuffle(_ hash: Int) -> UInt {
      let bits = UInt(bitPattern: hash)
      return ((bits ^ 89_869_747) ^ (bits << 16)) &* 3_644_798_167
    }
    var mixed: UInt = 0
    for index in 0...set.mask { mixed ^= shuffle(set.table[index].hash) }
    // Empty slots and dummies took part too: take out those that are odd in number.
    if (set.mask + 1 - set.object.pointee.fill) & 1 != 0 { mixed ^= shuffle(0) }
    if (set.object.pointee.fill - set.count) & 1 != 0 { mixed ^= shuffle(-1) }
    mixed ^= (UInt(bitPattern: set.count) &+ 1) &* 1_927_868_237
    mixed ^= (mixed >> 11) ^ (mixed >> 25)
    mixed = mixed &* 69069 &+ 907_133_923
    let result = mixed == UInt.max ? 590_923_713 : Int(bitPattern: mixed)
    set.object.pointee.hash = result
    return result
  }

  func repr() throws(Raised) -> Owned {
    let entered = try check(Py_ReprEnter(ref))
    if entered != 0 { return try own(newString("\(ref.type.fullName)(...)")) }
    defer { Py_ReprLeave(ref) }
    if count == 0 { return try own(newString("\(ref.type.fullName)()")) }
    let keys = try own(PySequence_List(ref))
    let body = try own(PyObject_Repr(keys.ref))
    // "[…]" becomes "{…}".
    let inner = try own(PyUnicode_Substring(body.ref, 1, apus_str_length(body.ref) - 1))
    var text = ReprText(capacity: apus_str_length(body.ref))
    if ref.type != setType() {
      let name = try own(newString(ref.type.fullName))
      try text.append(str: name.ref)
      try text.append("(")
    }
    try text.append("{")
    try text.append(str: inner.ref)
    try text.append("}")
    if ref.type != setType() { try text.append(")") }
    return try text.finish()
  }
}
