extension Digits {
  public enum ByteOrder: Sendable { case little, big }

  public enum BytesOutcome: Sendable { case done, tooBig }

  /// Reads an integer from bytes. `r` has room for (8 * count + 29) / 30 + 1 digits. When `signed`,
  /// the top bit is the sign of two's complement.
  public static func read(
    bytes: UnsafePointer<UInt8>, _ count: Int, _ order: ByteOrder, signed: Bool, into r: Target
  ) -> (count: Int, negative: Bool) {
    if count == 0 { return (0, false) }
    let top = order == .little ? bytes[count &- 1] : bytes[0]
    let negative = signed && top & 0x80 != 0
    let flip: UInt8 = negative ? 0xFF : 0
    var pending: UInt64 = 0
    var filled: UInt64 = 0
    var n = 0
    for i in 0..<count {
      let byte = (order == .little ? bytes[i] : bytes[count &- 1 &- i]) ^ flip
      pending |= UInt64(byte) &<< filled
      filled &+= 8
      if filled >= 30 {
        r[n] = UInt32(truncatingIfNeeded: pending) & mask
        n &+= 1
        pending >>= 30
        filled &-= 30
      }
    }
    if filled > 0 {
      r[n] = UInt32(truncatingIfNeeded: pending)
      n &+= 1
    }
    n = normalized(r, n)
    if negative { n = add(r, n, digit: 1, into: r) }
    return (n, negative)
  }

  /// Writes exactly `count` bytes, in two's complement when `signed`. `.tooBig` when they do not
  /// hold the number; a negative number needs `signed`.
  public static func write(
    _ a: Source, _ na: Int, negative: Bool, bytes: UnsafeMutablePointer<UInt8>, _ count: Int,
    _ order: ByteOrder, signed: Bool
  ) -> BytesOutcome {
    let flip: UInt32 = negative ? mask : 0
    var carry: UInt32 = negative ? 1 : 0
    var pending: UInt64 = 0
    var filled: UInt64 = 0
    var digit = 0
    var last: UInt8 = 0
    for i in 0..<count {
      if filled < 8 {
        carry &+= (digit < na ? a[digit] : 0) ^ flip
        pending |= UInt64(carry & mask) &<< filled
        carry >>= 30
        filled &+= 30
        digit &+= 1
      }
      last = UInt8(truncatingIfNeeded: pending)
      bytes[order == .little ? i : count &- 1 &- i] = last
      pending >>= 8
      filled &-= 8
    }
    if na == 0 { return .done }
    let bits = bitLength(a, na)
    if !signed { return bits > 8 &* count ? .tooBig : .done }
    // CPython lets -1, all sign, take no bytes at all.
    if count == 0 { return negative && na == 1 && a[0] == 1 ? .done : .tooBig }
    if bits < 8 &* count { return .done }
    // Only the most negative number uses the sign's place.
    return negative && bits == 8 &* count && isPowerOfTwo(a, na) ? .done : .tooBig
  }
}
