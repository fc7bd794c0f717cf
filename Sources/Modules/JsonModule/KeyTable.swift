import CPythonABI
import Glibc
import Objects

/// The keys of the objects of one document, so that equal keys are one str: a hash table with linear
/// probing over the raw text.
struct KeyTable: ~Copyable {
  private struct Entry {
    var hash: UInt64
    /// Owned; nil in a free place.
    var key: Ref?
  }

  private var entries: UnsafeMutablePointer<Entry>?
  private var mask = 0
  private var used = 0

  deinit {
    guard let entries else { return }
    for index in 0...mask { Py_XDECREF(entries[index].key) }
    free(entries)
  }

  /// A hash of raw text.
  @inline(__always)
  private static func hash(_ bytes: UnsafeRawPointer, _ count: Int) -> UInt64 {
    var value = UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15
    var index = 0
    while index &+ 8 <= count {
      value = (value ^ (bytes + index).loadUnaligned(as: UInt64.self)) &* 0xFF51_AFD7_ED55_8CCD
      value ^= value >> 32
      index &+= 8
    }
    while index < count {
      value = (value ^ UInt64((bytes + index).load(as: UInt8.self))) &* 0x0000_0100_0000_01B3
      index &+= 1
    }
    value ^= value >> 29
    return value
  }

  /// The key of the given text, made when it is new. Borrowed: lives as long as the table.
  @inline(__always)
  mutating func key(
    _ bytes: UnsafeRawPointer, _ length: Int, kind: Int32, make: () throws(Raised) -> Owned
  ) throws(Raised) -> Ref {
    let size = length &* Int(kind)
    let hash = Self.hash(bytes, size)
    if let entries {
      var index = Int(truncatingIfNeeded: hash) & mask
      while let key = entries[index].key {
        if entries[index].hash == hash && apus_str_length(key) == length
          && apus_str_kind(key) == kind && memcmp(apus_str_data(key), bytes, size) == 0
        {
          return key
        }
        index = (index &+ 1) & mask
      }
    }
    let made = try make()
    return try insert(made.give(), hash)
  }

  private mutating func insert(_ key: Ref, _ hash: UInt64) throws(Raised) -> Ref {
    if entries == nil || used &* 3 > mask &* 2 { try grow(key) }
    guard let entries else { throw raiseNoMemory() }
    Self.place(entries, mask, Entry(hash: hash, key: key))
    used &+= 1
    return key
  }

  private static func place(_ entries: UnsafeMutablePointer<Entry>, _ mask: Int, _ entry: Entry) {
    var index = Int(truncatingIfNeeded: entry.hash) & mask
    while entries[index].key != nil { index = (index &+ 1) & mask }
    entries[index] = entry
  }

  private mutating func grow(_ pending: Ref) throws(Raised) {
    let size = entries == nil ? 16 : (mask &+ 1) &* 4
    guard let memory = calloc(size, MemoryLayout<Entry>.stride) else {
      Py_DECREF(pending)
      throw raiseNoMemory()
    }
    let larger = memory.bindMemory(to: Entry.self, capacity: size)
    if let entries {
      for index in 0...mask where entries[index].key != nil {
        Self.place(larger, size &- 1, entries[index])
      }
      free(entries)
    }
    entries = larger
    mask = size &- 1
  }
}
