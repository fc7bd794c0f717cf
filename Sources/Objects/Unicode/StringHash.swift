import CPythonABI
import Numerics

/// SipHash-1-3 of byte buffers with the process's key (Aumasson, Bernstein: "SipHash: a fast
/// short-input PRF", 2012; CPython: Python/pyhash.c).
enum StringHash {
  /// The hash of a buffer as `hash(bytes)` and `hash(str)` give it: 0 when empty, never -1.
  static func hash(_ data: UnsafeRawPointer, _ count: Int) -> Int {
    if count == 0 { return 0 }
    let key = apus_hash_secret().pointee.siphash
    let value = Int(
      truncatingIfNeeded: SipHash.hash(data, count, key0: key.k0, key1: key.k1))
    return value == -1 ? -2 : value
  }
}

extension PyUnicode {
  /// The hash, computed once.
  @inline(__always) public var hash: Int {
    let object = ref.view(PyASCIIObject.self)
    if object.pointee.hash != -1 { return object.pointee.hash }
    return computeHash()
  }

  @inline(never) private func computeHash() -> Int {
    let value = StringHash.hash(data, count &* kind)
    ref.view(PyASCIIObject.self).pointee.hash = value
    return value
  }
}

@c @implementation
public func _Py_HashBytes(_ data: UnsafeRawPointer, _ count: Int) -> Int {
  StringHash.hash(data, count)
}
