extension Digits {
  /// The magnitude modulo 2**61 - 1, CPython's numeric hash before the sign.
  @inlinable
  public static func hash(_ a: Source, _ na: Int) -> UInt64 {
    let modulus: UInt64 = 1 << 61 &- 1
    var value: UInt64 = 0
    var i = na
    while i > 0 {
      i &-= 1
      // Multiplying by 2**30 modulo 2**61 - 1 rotates 61 bits.
      value = (value << 30 & modulus) | value >> 31
      value &+= UInt64(a[i])
      if value >= modulus { value &-= modulus }
    }
    return value
  }
}
