import CPythonABI
import Glibc
import Objects

/// A stack of calls, kept once for all blocks allocated there. Followed in memory by its frames.
struct Traceback {
  struct Frame {
    /// An owned str.
    var filename: Ref
    var line: Int
  }

  var hash: UInt
  /// Frames kept, at least 1.
  var count: Int
  /// Frames there were, at most 65535.
  var total: Int

  static func frames(
    _ traceback: UnsafeMutablePointer<Traceback>
  ) -> UnsafeMutablePointer<Frame> {
    (UnsafeMutableRawPointer(traceback) + MemoryLayout<Traceback>.stride)
      .assumingMemoryBound(to: Frame.self)
  }
}

/// The tracebacks there are, each once: open addressing, nothing is taken out but all.
struct TracebackTable {
  private var places: UnsafeMutablePointer<UnsafeMutablePointer<Traceback>?>?
  private var capacity = 0
  private var count = 0
  /// Bytes of the tracebacks.
  private var bytes = 0

  var memory: Int {
    bytes + capacity * MemoryLayout<UnsafeMutablePointer<Traceback>?>.stride
  }

  private func matches(
    _ traceback: UnsafeMutablePointer<Traceback>, _ hash: UInt,
    _ frames: UnsafeMutablePointer<Traceback.Frame>, _ count: Int, _ total: Int
  ) -> Bool {
    guard traceback.pointee.hash == hash, traceback.pointee.count == count,
      traceback.pointee.total == total
    else { return false }
    let own = Traceback.frames(traceback)
    for index in 0..<count
    where own[index].filename != frames[index].filename || own[index].line != frames[index].line {
      return false
    }
    return true
  }

  /// The traceback of frames, made if need be; nil without memory.
  mutating func intern(
    _ frames: UnsafeMutablePointer<Traceback.Frame>, _ count: Int, total: Int
  ) -> UnsafeMutablePointer<Traceback>? {
    var hash: UInt = UInt(bitPattern: total)
    for index in 0..<count {
      hash = (hash ^ UInt(bitPattern: frames[index].filename)) &* 0x9E37_79B9_7F4A_7C15
      hash = (hash ^ UInt(bitPattern: frames[index].line)) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 29
    }
    if self.count * 3 >= capacity * 2 && !grow() { return nil }
    guard let places else { return nil }
    let mask = UInt(capacity - 1)
    var index = hash & mask
    while let known = places[Int(index)] {
      if matches(known, hash, frames, count, total) { return known }
      index = (index &+ 1) & mask
    }
    let size = MemoryLayout<Traceback>.stride + count * MemoryLayout<Traceback.Frame>.stride
    guard let memory = malloc(size) else { return nil }
    let made = memory.bindMemory(to: Traceback.self, capacity: 1)
    made.initialize(to: Traceback(hash: hash, count: count, total: total))
    let own = Traceback.frames(made)
    for position in 0..<count {
      Py_INCREF(frames[position].filename)
      own[position] = frames[position]
    }
    places[Int(index)] = made
    self.count += 1
    bytes += size
    return made
  }

  private mutating func grow() -> Bool {
    let wanted = Swift.max(capacity * 2, 64)
    guard
      let memory = calloc(wanted, MemoryLayout<UnsafeMutablePointer<Traceback>?>.stride)
    else { return false }
    let fresh = memory.bindMemory(
      to: UnsafeMutablePointer<Traceback>?.self, capacity: wanted)
    for old in 0..<capacity {
      guard let traceback = places?[old] else { continue }
      var index = traceback.pointee.hash & UInt(wanted - 1)
      while fresh[Int(index)] != nil { index = (index &+ 1) & UInt(wanted - 1) }
      fresh[Int(index)] = traceback
    }
    free(places)
    places = fresh
    capacity = wanted
    return true
  }

  /// Frees everything. File names may go with it, so the table is empty before they do.
  mutating func clear() {
    let old = places
    let size = capacity
    places = nil
    capacity = 0
    count = 0
    bytes = 0
    for index in 0..<size {
      guard let traceback = old?[index] else { continue }
      let frames = Traceback.frames(traceback)
      for position in 0..<traceback.pointee.count { Py_DECREF(frames[position].filename) }
      free(traceback)
    }
    free(old)
  }
}

/// The blocks there are: by address and domain, open addressing with linear probing.
struct TraceTable {
  struct Entry {
    /// 0 where there is none.
    var address: UInt
    var domain: UInt32
    var size: Int
    var traceback: UnsafeMutablePointer<Traceback>?
  }

  private(set) var entries: UnsafeMutablePointer<Entry>?
  private(set) var capacity = 0
  private(set) var count = 0

  var memory: Int { capacity * MemoryLayout<Entry>.stride }

  private func home(_ address: UInt, _ domain: UInt32) -> UInt {
    (((address >> 4) ^ UInt(domain)) &* 0x9E37_79B9_7F4A_7C15) >> 20 & UInt(capacity - 1)
  }

  private func place(_ address: UInt, _ domain: UInt32) -> UnsafeMutablePointer<Entry>? {
    guard let entries, capacity > 0 else { return nil }
    var index = home(address, domain)
    while true {
      let entry = entries + Int(index)
      if entry.pointee.address == 0
        || (entry.pointee.address == address && entry.pointee.domain == domain)
      {
        return entry
      }
      index = (index &+ 1) & UInt(capacity - 1)
    }
  }

  func find(_ address: UInt, _ domain: UInt32) -> Entry? {
    guard let entry = place(address, domain), entry.pointee.address != 0 else { return nil }
    return entry.pointee
  }

  /// False without memory. An entry that is there already is replaced; its size comes back.
  mutating func set(_ entry: Entry) -> (done: Bool, replaced: Int) {
    if count * 3 >= capacity * 2 && !grow() { return (false, 0) }
    guard let place = place(entry.address, entry.domain) else { return (false, 0) }
    let old = place.pointee.address != 0 ? place.pointee.size : 0
    if place.pointee.address == 0 { count += 1 }
    place.pointee = entry
    return (true, old)
  }

  private mutating func grow() -> Bool {
    let wanted = Swift.max(capacity * 2, 256)
    guard let memory = calloc(wanted, MemoryLayout<Entry>.stride) else { return false }
    let old = entries
    let size = capacity
    entries = memory.bindMemory(to: Entry.self, capacity: wanted)
    capacity = wanted
    for index in 0..<size {
      guard let entry = old?[index], entry.address != 0 else { continue }
      place(entry.address, entry.domain)?.pointee = entry
    }
    free(old)
    return true
  }

  /// Takes an entry out: its size, 0 when there is none. Entries behind it move up.
  mutating func remove(_ address: UInt, _ domain: UInt32) -> Int {
    guard let entries, let found = place(address, domain), found.pointee.address != 0 else {
      return 0
    }
    let size = found.pointee.size
    let mask = UInt(capacity - 1)
    var hole = UInt(found - entries)
    var index = hole
    while true {
      index = (index &+ 1) & mask
      let entry = entries[Int(index)]
      if entry.address == 0 { break }
      let start = home(entry.address, entry.domain)
      // Whether the entry's home lies cyclically outside (hole, index].
      if (index &- start) & mask >= (index &- hole) & mask {
        entries[Int(hole)] = entry
        hole = index
      }
    }
    entries[Int(hole)].address = 0
    count -= 1
    return size
  }

  mutating func clear() {
    free(entries)
    entries = nil
    capacity = 0
    count = 0
  }
}
