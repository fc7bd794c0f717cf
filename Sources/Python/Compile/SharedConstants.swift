import CPythonABI
import Objects

/// The constants of one compilation that are made so far, so that equal ones are one object in all of
/// its code objects. CPython: Python/compile.c, `c_const_cache`.
final class SharedConstants {
  /// What makes two constants the same: the kind and the exact value, with the sign of a zero.
  enum Key: Hashable {
    case int(Int)
    case bigInt(negative: Bool, digits: [UInt32])
    case float(UInt64)
    case complex(UInt64, UInt64)
    case string([UInt8])
    case bytes([UInt8])
    /// The items' addresses: they are shared themselves.
    case tuple([UInt])
  }

  private var known: [Key: Ref] = [:]

  deinit {
    for object in known.values { Py_DECREF(object) }
  }

  /// The object for a key; made when it is new.
  func object(_ key: Key, _ make: () throws(Raised) -> Owned) throws(Raised) -> Owned {
    if let object = known[key] { return object.retained() }
    let made = try make()
    known[key] = made.ref.retained().give()
    return made
  }

  /// The tuple of some items, of which an equal one may exist.
  func tuple(_ made: consuming Owned) -> Owned {
    let ref = made.ref
    let count = apus_var_size(ref)
    let key = Key.tuple((0..<count).map { UInt(bitPattern: apus_tuple_item(ref, $0)) })
    if let object = known[key] { return object.retained() }
    known[key] = ref.retained().give()
    return made
  }
}
