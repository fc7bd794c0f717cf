import CPythonABI
import Objects

/// What is known of names in types, for instructions that see objects of several types: their inline
/// cache holds one type only. A table for the whole process, looked up by type version and name.
enum AttributeMemo {
  struct Entry {
    var version: UInt32 = 0
    /// Version of the type's shared keys, for methods.
    var keysVersion: UInt32 = 0
    /// Held, so that no other string can get its address.
    var name: Ref?
    /// The method, which the type version keeps alive.
    var method: Ref?
    /// The class behind which `super()` searches; nil for an ordinary access. Not held: it is one of
    /// the bases that the receiver's type keeps alive for as long as it has the version.
    var start: Ref?
    var index: Int32 = 0
    var uses: Uses = []
  }

  /// What an entry may be used for; nothing when only the general way is right.
  struct Uses: OptionSet {
    let rawValue: UInt32
    /// The instance's inline value at `index`.
    static let load = Uses(rawValue: 1)
    static let store = Uses(rawValue: 2)
    /// A method of the type that no instance can hide: it has no dict, or none yet, or only inline
    /// values, of which none has the name.
    static let methodWithoutDict = Uses(rawValue: 4)
    static let methodWithLazyDict = Uses(rawValue: 8)
    static let methodWithValues = Uses(rawValue: 16)
    /// A method that `super()` finds.
    static let methodOfSuper = Uses(rawValue: 32)
  }

  private static let mask = 1023
  nonisolated(unsafe) private static let entries: UnsafeMutablePointer<Entry> = {
    let table = UnsafeMutablePointer<Entry>.allocate(capacity: mask + 1)
    table.initialize(repeating: Entry(), count: mask + 1)
    return table
  }()

  /// Lets go of the names when the interpreter ends.
  static func clear() {
    for index in 0...mask {
      let name = entries[index].name
      entries[index] = Entry()
      Py_XDECREF(name)
    }
  }

  @inline(__always)
  private static func entry(_ owner: Ref, _ name: Ref) -> UnsafeMutablePointer<Entry>? {
    let version = owner.type.pointee.tp_version_tag
    if version == 0 { return nil }
    let hash = Int(version) &* 73 ^ Int(bitPattern: name) >> 4
    let entry = entries + hash & mask
    if entry.pointee.version != version || entry.pointee.name != name || entry.pointee.start != nil {
      fill(entry, owner, name, version)
    }
    return entry
  }

  /// The method that `super(type, receiver)` finds, borrowed; nil when the general way must be taken.
  @inline(never)
  static func superMethod(_ type: Ref, _ receiver: Ref, _ name: Ref) -> Ref? {
    let version = receiver.type.pointee.tp_version_tag
    if version == 0 { return nil }
    let hash = Int(version) &* 73 ^ Int(bitPattern: name) >> 4 ^ Int(bitPattern: type) >> 5
    let entry = entries + hash & mask
    if entry.pointee.version != version || entry.pointee.name != name || entry.pointee.start != type {
      let method = Specializer.superMethod(type, receiver, name)
      let old = entry.pointee
      Py_INCREF(name)
      entry.pointee = Entry(
        version: version, name: name, method: method, start: type,
        uses: method == nil ? [] : .methodOfSuper)
      Py_XDECREF(old.name)
      return method
    }
    return entry.pointee.uses.contains(.methodOfSuper) ? entry.pointee.method : nil
  }

  /// The instance's own value of a name, borrowed; nil when the general way must be taken.
  @inline(never)
  static func value(_ owner: Ref, _ name: Ref) -> Ref? {
    guard let entry = entry(owner, name), entry.pointee.uses.contains(.load) else { return nil }
    let values = apus_inline_values(owner)
    if values.pointee.valid == 0 { return nil }
    return apus_values_items(values)[Int(entry.pointee.index)]
  }

  /// Replaces the instance's own value of a name that has one; takes over nothing. False when the
  /// general way must be taken.
  @inline(never)
  static func store(_ owner: Ref, _ name: Ref, _ value: Ref) -> Bool {
    guard let entry = entry(owner, name), entry.pointee.uses.contains(.store) else { return false }
    let values = apus_inline_values(owner)
    if values.pointee.valid == 0 || apus_managed_dict(owner).pointee != nil { return false }
    let item = apus_values_items(values) + Int(entry.pointee.index)
    guard let old = item.pointee else { return false }
    Py_INCREF(value)
    item.pointee = value
    Py_DECREF(old)
    return true
  }

  /// The type's method of a name, borrowed; nil when the general way must be taken.
  @inline(never)
  static func method(_ owner: Ref, _ name: Ref) -> Ref? {
    guard let entry = entry(owner, name) else { return nil }
    let uses = entry.pointee.uses
    if uses.contains(.methodWithValues) {
      guard apus_inline_values(owner).pointee.valid != 0,
        let keys = UnsafeMutableRawPointer(owner.type).assumingMemoryBound(
          to: PyHeapTypeObject.self
        ).pointee.ht_cached_keys, keys.pointee.dk_version == entry.pointee.keysVersion
      else {
        // Names were added since: look again next time.
        entry.pointee.version = 0
        return nil
      }
      return entry.pointee.method
    }
    if uses.contains(.methodWithoutDict) { return entry.pointee.method }
    if uses.contains(.methodWithLazyDict), apus_managed_dict(owner).pointee == nil {
      return entry.pointee.method
    }
    return nil
  }

  @inline(never)
  private static func fill(
    _ entry: UnsafeMutablePointer<Entry>, _ owner: Ref, _ name: Ref, _ version: UInt32
  ) {
    let old = entry.pointee
    if let known = Specializer.memo(owner, name) {
      Py_INCREF(name)
      entry.pointee = known
      entry.pointee.name = name
      entry.pointee.version = version
    } else {
      entry.pointee = Entry()
    }
    Py_XDECREF(old.name)
  }
}
