import CPythonABI
import Objects

/// Instance attributes in a real dict (not inline values), found again by the entry's number.
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
}
