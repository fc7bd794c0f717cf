import CPythonABI
import Objects

/// What specialised attribute instructions look at: instance attributes in a real dict (not inline
/// values), found again by the entry's number, and what the type decides.
enum Attributes {
  @inline(__always) static func hasManagedDict(_ owner: Ref) -> Bool {
    owner.has(UInt(Py_TPFLAGS_MANAGED_DICT))
  }

  /// Keeps where the name lies in the owner's dict; false when it is not there.
  static func remember(_ owner: Ref, _ name: Ref, _ cache: CacheRef) -> Bool {
    guard let dict = apus_managed_dict(owner).pointee, dict.isExactDict else { return false }
    let object = dict.view(PyDictObject.self)
    let keys = object.pointee.ma_keys
    guard object.pointee.ma_values == nil, keys.pointee.dk_kind == UInt8(DICT_KEYS_UNICODE),
      let index = Specializer.index(of: name, in: keys)
    else { return false }
    cache.pointee.index = UInt32(truncatingIfNeeded: index)
    return true
  }

  /// The value at the remembered place, borrowed; nil when another key is there.
  @inline(__always)
  static func dictValue(_ owner: Ref, _ name: Ref, _ cache: CacheRef) -> Ref? {
    guard let dict = apus_managed_dict(owner).pointee else { return nil }
    let object = dict.view(PyDictObject.self)
    let keys = object.pointee.ma_keys
    guard object.pointee.ma_values == nil, keys.pointee.dk_kind == UInt8(DICT_KEYS_UNICODE),
      Int(cache.pointee.index) < keys.pointee.dk_nentries
    else { return nil }
    let entry = apus_keys_unicode(keys) + Int(cache.pointee.index)
    return entry.pointee.me_key == name ? entry.pointee.me_value : nil
  }

  /// Whether an object is of the type that the cache entry knows and has no attribute of its own
  /// under the name: it has no dict at all (`keys_version` is 0), or inline values whose keys are still
  /// those among which the name was not.
  @inline(__always)
  static func isTypeDecisive(_ owner: Ref, _ cache: CacheRef) -> Bool {
    let type = owner.type
    guard type.pointee.tp_version_tag == cache.pointee.version else { return false }
    if cache.pointee.keys_version == 0 { return true }
    guard apus_inline_values(owner).pointee.valid != 0,
      let keys = UnsafeMutableRawPointer(type).assumingMemoryBound(to: PyHeapTypeObject.self)
        .pointee.ht_cached_keys
    else { return false }
    return keys.pointee.dk_version == cache.pointee.keys_version
  }

  /// What the getter of a getset descriptor, which fits the object, returns: a new reference.
  @inline(__always)
  static func get(_ owner: Ref, _ descriptor: Ref) -> Ref? {
    let definition = descriptor.view(PyGetSetDescrObject.self).pointee.d_getset
    return definition.pointee.get.unsafelyUnwrapped(owner, definition.pointee.closure)
  }
}
