/// SipHash-1-3 (Aumasson & Bernstein 2012, with one round per word and three at the end), CPython's
/// hash of `str`, `bytes` and `memoryview` contents. CPython: Python/pyhash.c, siphash13.
public enum SipHash {
  /// The hash of `count` bytes under a 128-bit key.
  public static func hash(
    _ bytes: UnsafeRawPointer, _ count: Int, key0: UInt64, key1: UInt64
  ) -> UInt64 {
    var v0 = key0 ^ 0x736f_6d65_7073_6575
    var v1 = key1 ^ 0x646f_7261_6e64_6f6d
    var v2 = key0 ^ 0x6c79_6765_6e65_7261
    var v3 = key1 ^ 0x7465_6462_7974_6573

    @inline(__always) func round() {
      v0 &+= v1
      v2 &+= v3
      v1 = (v1 << 13 | v1 >> 51) ^ v0
      v3 = (v3 << 16 | v3 >> 48) ^ v2
      v0 = v0 << 32 | v0 >> 32
      v2 &+= v1
      v0 &+= v3
      v1 = (v1 << 17 | v1 >> 47) ^ v2
      v3 = (v3 << 21 | v3 >> 43) ^ v0
      v2 = v2 << 32 | v2 >> 32
    }

    var position = bytes
    var left = count
    while left >= 8 {
      let word = UInt64(littleEndian: position.loadUnaligned(as: UInt64.self))
      v3 ^= word
      round()
      v0 ^= word
      position += 8
      left &-= 8
    }
    var last = UInt64(truncatingIfNeeded: count) << 56
    if left >= 4 {
      last |= UInt64(UInt32(littleEndian: position.loadUnaligned(as: UInt32.self)))
      var i = 4
      while i < left {
        last |= UInt64(position.load(fromByteOffset: i, as: UInt8.self)) &<< UInt64(8 &* i)
        i &+= 1
      }
    } else {
      var i = 0
      while i < left {
        last |= UInt64(position.load(fromByteOffset: i, as: UInt8.self)) &<< UInt64(8 &* i)
        i &+= 1
      }
    }
    v3 ^= last
    round()
    v0 ^= last
    v2 ^= 0xFF
    round()
    round()
    round()
    return v0 ^ v1 ^ v2 ^ v3
  }
}
