import CPythonABI
import Objects

/// The objects a pickler has written, with their numbers in the stream: an open hash table by
/// identity. Every key is a reference the table owns.
struct PicklerMemo {
  struct Entry {
    var key: Ref?
    var number: Int
  }

  /// 32 bytes, then the entries.
  struct Table {
    /// Number of places - 1.
    var mask: Int
    var used: Int
    var places: Int
    var entries: UnsafeMutablePointer<Entry>
  }

  static let smallest = 8

  let table: UnsafeMutablePointer<Table>

  static func make() throws(Raised) -> PicklerMemo {
    guard let memory = PyMem_Malloc(MemoryLayout<Table>.size) else { throw raiseNoMemory() }
    guard let entries = entries(smallest) else {
      PyMem_Free(memory)
      throw raiseNoMemory()
    }
    let table = memory.bindMemory(to: Table.self, capacity: 1)
    table.initialize(
      to: Table(mask: smallest - 1, used: 0, places: smallest, entries: entries))
    return PicklerMemo(table: table)
  }

  private static func entries(_ count: Int) -> UnsafeMutablePointer<Entry>? {
    PyMem_Calloc(count, MemoryLayout<Entry>.stride)?.bindMemory(to: Entry.self, capacity: count)
  }

  var count: Int { table.pointee.used }

  /// Objects of one pool (16 KiB) keep their order, so that what was allocated together is looked up
  /// together; where a pool's stretch begins is scattered.
  @inline(__always)
  private static func hash(_ key: Ref) -> Int {
    let bits = UInt(bitPattern: key)
    return Int(truncatingIfNeeded: (bits >> 4) &+ (((bits >> 14) &* 0x9E37_79B9_7F4A_7C15) >> 40))
  }

  /// The place of a key, or the free place where it belongs.
  @inline(__always)
  private func place(_ key: Ref) -> UnsafeMutablePointer<Entry> {
    let mask = table.pointee.mask
    let entries = table.pointee.entries
    var index = Self.hash(key) & mask
    while true {
      let entry = entries + index
      if entry.pointee.key == nil || entry.pointee.key == key { return entry }
      index = (index &+ 1) & mask
    }
  }

  /// The object's number.
  @inline(__always)
  func find(_ key: Ref) -> Int? {
    let entry = place(key)
    return entry.pointee.key == nil ? nil : entry.pointee.number
  }

  @inline(__always)
  func set(_ key: Ref, _ number: Int) throws(Raised) {
    let entry = place(key)
    if entry.pointee.key != nil {
      entry.pointee.number = number
      return
    }
    Py_INCREF(key)
    entry.pointee = Entry(key: key, number: number)
    table.pointee.used &+= 1
    if table.pointee.used &* 3 >= table.pointee.places &* 2 { try grow() }
  }

  @inline(never)
  private func grow() throws(Raised) {
    let used = table.pointee.used
    let wanted = (used > 50_000 ? 2 : 4) * used
    var places = Self.smallest
    while places < wanted { places <<= 1 }
    guard let entries = Self.entries(places) else { throw raiseNoMemory() }
    let old = table.pointee.entries
    let count = table.pointee.places
    table.pointee.entries = entries
    table.pointee.places = places
    table.pointee.mask = places - 1
    for index in 0..<count {
      if let key = old[index].key { place(key).pointee = old[index] }
    }
    PyMem_Free(old)
  }

  /// Forgets everything; the table keeps its size.
  func clear() {
    for index in 0..<table.pointee.places {
      guard let key = table.pointee.entries[index].key else { continue }
      table.pointee.entries[index].key = nil
      table.pointee.used -= 1
      Py_DECREF(key)
    }
  }

  func free() {
    let entries = table.pointee.entries
    for index in 0..<table.pointee.places { Py_XDECREF(entries[index].key) }
    PyMem_Free(entries)
    PyMem_Free(table)
  }

  func copy() throws(Raised) -> PicklerMemo {
    guard let memory = PyMem_Malloc(MemoryLayout<Table>.size) else { throw raiseNoMemory() }
    guard let entries = Self.entries(table.pointee.places) else {
      PyMem_Free(memory)
      throw raiseNoMemory()
    }
    for index in 0..<table.pointee.places {
      entries[index] = table.pointee.entries[index]
      Py_XINCREF(entries[index].key)
    }
    let copy = memory.bindMemory(to: Table.self, capacity: 1)
    copy.initialize(to: table.pointee)
    copy.pointee.entries = entries
    return PicklerMemo(table: copy)
  }

  /// `{id(object): (number, object)}`
  func dict() throws(Raised) -> Owned {
    let result = try own(PyDict_New())
    for index in 0..<table.pointee.places {
      guard let key = table.pointee.entries[index].key else { continue }
      let identity = try own(PyLong_FromVoidPtr(key))
      let pair = try tuple(try int(table.pointee.entries[index].number), key.retained())
      try check(PyDict_SetItem(result.ref, identity.ref, pair.ref))
    }
    return result
  }

  /// The memo that a dict of the form of `dict()` describes.
  static func make(dict: Ref) throws(Raised) -> PicklerMemo {
    let memo = try make()
    do throws(Raised) {
      var position = 0
      var key: Ref?
      var value: Ref?
      while PyDict_Next(dict, &position, &key, &value) != 0 {
        guard let pair = value, pair.isTuple, apus_var_size(pair) == 2 else {
          throw raise(.typeError, "'memo' values must be 2-item tuples")
        }
        let number = try check(PyLong_AsSsize_t(apus_tuple_item(pair, 0)))
        try memo.set(apus_tuple_item(pair, 1), number)
      }
    } catch {
      memo.free()
      throw error
    }
    return memo
  }

  func traverse(_ visit: visitproc, _ argument: UnsafeMutableRawPointer?) -> Int32 {
    for index in 0..<table.pointee.places {
      let answer = visitReference(table.pointee.entries[index].key, visit, argument)
      if answer != 0 { return answer }
    }
    return 0
  }
}
