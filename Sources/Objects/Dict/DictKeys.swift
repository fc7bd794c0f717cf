import CPythonABI
import Glibc

/// The key table of a dict, shared by the instances of a class when it is split.
///
///     header | indices: 2^n of 1, 2, 4 or 8 bytes | entries in insertion order
///
/// A hash selects an index slot; the slot holds the number of an entry, -1 when it never held one
/// (the search ends) or -2 when its entry was deleted (the search goes on). At most two thirds of
/// the slots are used. CPython: Objects/dictobject.c, pycore_dict.h.
public typealias DictKeys = UnsafeMutablePointer<PyDictKeysObject>

/// Results of a lookup besides the number of an entry.
enum DictIndex {
  static let empty = -1
  static let dummy = -2
  static let error = -3
}

/// A table's kind, `dk_kind`.
enum DictKind {
  static let general = UInt8(DICT_KEYS_GENERAL)
  static let unicode = UInt8(DICT_KEYS_UNICODE)
  static let split = UInt8(DICT_KEYS_SPLIT)
}

extension UnsafeMutablePointer where Pointee == PyDictKeysObject {
  /// The base-2 logarithm of the smallest table's size.
  static var smallestLog: UInt8 { 3 }

  @inline(__always) var slots: Int { 1 &<< Int(pointee.dk_log2_size) }
  @inline(__always) var mask: Int { slots &- 1 }
  @inline(__always) var isGeneral: Bool { pointee.dk_kind == DictKind.general }
  @inline(__always) var isSplit: Bool { pointee.dk_kind == DictKind.split }
  @inline(__always) var count: Int { pointee.dk_nentries }
  @inline(__always) var general: UnsafeMutablePointer<PyDictKeyEntry> { apus_keys_general(self) }
  @inline(__always) var unicode: UnsafeMutablePointer<PyDictUnicodeEntry> { apus_keys_unicode(self) }

  /// How many entries a table of `slots` slots may hold.
  @inline(__always) static func usable(_ slots: Int) -> Int { (slots << 1) / 3 }

  /// How many values an instance of the class that owns these shared keys may need.
  @inline(__always) var sharedCapacity: Int { pointee.dk_nentries &+ pointee.dk_usable }

  /// The logarithm of the smallest table of at least `minimum` slots.
  static func log(slots minimum: Int) -> UInt8 {
    let wanted = UInt((Swift.max(minimum, 0) | 8) - 1) | 7
    return UInt8(64 - wanted.leadingZeroBitCount)
  }

  /// The logarithm of the smallest table that holds `count` entries.
  static func log(holding count: Int) -> UInt8 {
    let (tripled, overflow) = count.multipliedReportingOverflow(by: 3)
    return overflow ? 63 : log(slots: (tripled &+ 1) / 2)
  }

  // MARK: Memory

  private static func indexLog(_ log: UInt8) -> UInt8 {
    log < 8 ? log : log < 16 ? log + 1 : log < 32 ? log + 2 : log + 3
  }

  /// A table of `1 << log` slots without entries. The entries' memory is uninitialised.
  static func make(log: UInt8, unicode: Bool) throws(Raised) -> DictKeys {
    let indexLog = indexLog(log)
    let free = apus_freelists()
    let keys: DictKeys
    let usable: Int
    if log == smallestLog && unicode, let kept = free.pointee.keys {
      usable = 5
      free.pointee.keys = kept.load(as: UnsafeMutableRawPointer?.self)
      free.pointee.keys_count &-= 1
      keys = kept.assumingMemoryBound(to: PyDictKeysObject.self)
    } else {
      // 2^48 slots do not fit any address space.
      if log >= 48 { throw raiseNoMemory() }
      usable = Self.usable(1 << Int(log))
      let bytes = 32 + (1 << Int(indexLog)) + usable * (unicode ? 16 : 24)
      guard let memory = PyMem_Malloc(bytes) else { throw raiseNoMemory() }
      keys = memory.assumingMemoryBound(to: PyDictKeysObject.self)
    }
    keys.pointee.dk_refcnt = 1
    keys.pointee.dk_log2_size = log
    keys.pointee.dk_log2_index_bytes = indexLog
    keys.pointee.dk_kind = unicode ? DictKind.unicode : DictKind.general
    keys.pointee.dk_version = 0
    keys.pointee.dk_usable = usable
    keys.pointee.dk_nentries = 0
    memset(apus_keys_indices(keys), 0xFF, 1 << Int(indexLog))
    return keys
  }

  /// Frees the table but not what its entries refer to.
  @inline(__always)
  func freeTable() {
    if self == emptyKeys() { return }
    let free = apus_freelists()
    if pointee.dk_log2_size == Self.smallestLog && pointee.dk_kind == DictKind.unicode
      && free.pointee.keys_count < APUS_DICT_FREE_MAX
    {
      UnsafeMutableRawPointer(self).storeBytes(
        of: free.pointee.keys, as: UnsafeMutableRawPointer?.self)
      free.pointee.keys = UnsafeMutableRawPointer(self)
      free.pointee.keys_count &+= 1
      return
    }
    PyMem_Free(self)
  }

  @inline(__always) func retain() {
    if self != emptyKeys() { pointee.dk_refcnt &+= 1 }
  }

  /// Drops a reference to the table; the last one releases the entries and frees it.
  @inline(__always) func release() {
    if self == emptyKeys() { return }
    pointee.dk_refcnt &-= 1
    if pointee.dk_refcnt == 0 { destroy() }
  }

  @inline(never) private func destroy() {
    if isGeneral {
      let entries = general
      for index in 0..<count {
        Py_XDECREF(entries[index].me_key)
        Py_XDECREF(entries[index].me_value)
      }
    } else if isSplit {
      let entries = unicode
      for index in 0..<count { Py_XDECREF(entries[index].me_key) }
    } else {
      let entries = unicode
      for index in 0..<count {
        Py_XDECREF(entries[index].me_key)
        Py_XDECREF(entries[index].me_value)
      }
    }
    freeTable()
  }

  /// Bytes of the table (_PyDict_KeysSize).
  var byteSize: Int {
    32 + (1 << Int(pointee.dk_log2_index_bytes)) + Self.usable(slots) * (isGeneral ? 24 : 16)
  }

  // MARK: Index slots

  /// The content of an index slot.
  @inline(__always)
  func index(_ slot: Int) -> Int {
    let indices = apus_keys_indices(self)
    let log = pointee.dk_log2_size
    if log < 8 { return Int(indices.assumingMemoryBound(to: Int8.self)[slot]) }
    if log < 16 { return Int(indices.assumingMemoryBound(to: Int16.self)[slot]) }
    if log < 32 { return Int(indices.assumingMemoryBound(to: Int32.self)[slot]) }
    return indices.assumingMemoryBound(to: Int.self)[slot]
  }

  @inline(__always)
  func setIndex(_ slot: Int, _ value: Int) {
    let indices = apus_keys_indices(self)
    let log = pointee.dk_log2_size
    if log < 8 {
      indices.assumingMemoryBound(to: Int8.self)[slot] = Int8(truncatingIfNeeded: value)
    } else if log < 16 {
      indices.assumingMemoryBound(to: Int16.self)[slot] = Int16(truncatingIfNeeded: value)
    } else if log < 32 {
      indices.assumingMemoryBound(to: Int32.self)[slot] = Int32(truncatingIfNeeded: value)
    } else {
      indices.assumingMemoryBound(to: Int.self)[slot] = value
    }
  }

  /// The first slot for `hash` that holds no entry.
  @inline(__always)
  func freeSlot(_ hash: Int) -> Int {
    var probe = DictProbe(hash, mask)
    while index(probe.slot) >= 0 { probe.advance() }
    return probe.slot
  }

  /// The slot that holds the number of an entry which is present.
  @inline(__always)
  func slot(of entry: Int, _ hash: Int) -> Int {
    var probe = DictProbe(hash, mask)
    while index(probe.slot) != entry { probe.advance() }
    return probe.slot
  }

  /// Enters the first `count` entries into empty index slots.
  func buildIndices(_ count: Int) {
    if isGeneral {
      let entries = general
      for entry in 0..<count { setIndex(freeSlot(entries[entry].me_hash), entry) }
    } else {
      let entries = unicode
      for entry in 0..<count {
        setIndex(freeSlot(knownStrHash(entries[entry].me_key.unsafelyUnwrapped)), entry)
      }
    }
  }

  // MARK: Entries

  @inline(__always)
  func key(_ entry: Int) -> Ref? {
    isGeneral ? general[entry].me_key : unicode[entry].me_key
  }

  /// The hash of the key of an entry that is present.
  @inline(__always)
  func hash(_ entry: Int) -> Int {
    isGeneral
      ? general[entry].me_hash : knownStrHash(unicode[entry].me_key.unsafelyUnwrapped)
  }

  // MARK: Lookup

  /// The entry of an exact str in a table of exact strs, or `DictIndex.empty`. Runs no Python code.
  @inline(__always)
  func lookup(str key: Ref, _ hash: Int) -> Int {
    let entries = unicode
    var probe = DictProbe(hash, mask)
    while true {
      let entry = index(probe.slot)
      if entry >= 0 {
        let other = entries[entry].me_key.unsafelyUnwrapped
        if other == key || (knownStrHash(other) == hash && strEqual(other, key)) { return entry }
      } else if entry == DictIndex.empty {
        return DictIndex.empty
      }
      probe.advance()
    }
  }

  /// The same in a table of any keys.
  @inline(__always)
  func lookupGeneral(identical key: Ref, _ hash: Int) -> Int? {
    // The first slot decides most lookups of small ints and interned strs.
    let entry = index(hash & mask)
    if entry >= 0 && general[entry].me_key == key { return entry }
    return nil
  }

  /// Adds a key to the shared keys of a class; `DictIndex.empty` when there is no room.
  func insertSplit(_ key: Ref, _ hash: Int) -> Int {
    let entry = lookup(str: key, hash)
    if entry != DictIndex.empty { return entry }
    if pointee.dk_usable <= 0 { return DictIndex.empty }
    let made = pointee.dk_nentries
    pointee.dk_version = 0
    setIndex(freeSlot(hash), made)
    Py_INCREF(key)
    unicode[made].me_key = key
    unicode[made].me_value = nil
    pointee.dk_usable &-= 1
    pointee.dk_nentries = made &+ 1
    return made
  }
}

/// The sequence of slots a hash visits. Every slot is visited in the end, and all bits of the hash
/// take part (CPython: PERTURB_SHIFT).
@usableFromInline struct DictProbe {
  @usableFromInline var slot: Int
  private var perturb: UInt
  private let mask: Int

  @inline(__always) init(_ hash: Int, _ mask: Int) {
    slot = hash & mask
    perturb = UInt(bitPattern: hash)
    self.mask = mask
  }

  @inline(__always) mutating func advance() {
    perturb >>= 5
    slot = (slot &* 5 &+ Int(bitPattern: perturb) &+ 1) & mask
  }
}

// MARK: str keys

/// The hash of a str that is a key already, so that it is known.
@inline(__always)
func knownStrHash(_ key: Ref) -> Int { key.view(PyASCIIObject.self).pointee.hash }

/// The hash of a key: the stored one of a str, else by `PyObject_Hash`. -1 with an exception set.
@inline(__always)
func keyHash(_ key: Ref) -> Int {
  if key.isExactStr {
    let known = knownStrHash(key)
    if known != -1 { return known }
  }
  return PyObject_Hash(key)
}

/// Whether two str objects have the same text.
@inline(__always)
func strEqual(_ a: Ref, _ b: Ref) -> Bool {
  let length = apus_str_length(a)
  if length != apus_str_length(b) { return false }
  let kind = apus_str_kind(a)
  if kind != apus_str_kind(b) { return false }
  return memcmp(apus_str_data(a), apus_str_data(b), length &* Int(kind)) == 0
}
