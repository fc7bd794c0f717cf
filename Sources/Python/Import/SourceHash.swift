import Numerics

/// The keyed hash of hash-based caches (PEP 552).
enum SourceHash {
  static func sipHash13(key: UInt64, _ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var empty: UInt8 = 0
    return withUnsafePointer(to: &empty) { nothing in
      SipHash.hash(
        bytes.baseAddress ?? UnsafeRawPointer(nothing), bytes.count, key0: key, key1: 0)
    }
  }
}
