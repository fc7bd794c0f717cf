/// Doubles as IEEE 754 binary16 and binary32, for `struct`, `array` and `memoryview`.
/// CPython: Objects/floatobject.c, PyFloat_Pack2 and PyFloat_Pack4.
public enum FloatPacking {
  /// The nearest half-precision number, ties to even. Nil when it is too large
  /// (OverflowError: "float too large to pack with e format").
  public static func half(_ value: Double) -> UInt16? {
    let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 48) & 0x8000
    if value.isNaN { return sign | 0x7E00 }  // the payload is not kept
    if value.isInfinite { return sign | 0x7C00 }
    let magnitude = value.magnitude
    if magnitude < 0x1p-25 { return sign }
    // The place of the last bit: 2**-24 for subnormals, else ten below the top one.
    let exponent = max(Int(magnitude.exponent), -14)
    let scaled = (magnitude * power(10 &- exponent)).rounded(.toNearestOrEven)
    var bits = Int(scaled)  // 0 ... 2048
    if exponent > -14 || bits >= 1024 { bits = bits &- 1024 &+ (exponent &+ 15) << 10 }
    return bits >= 0x7C00 ? nil : sign | UInt16(truncatingIfNeeded: bits)
  }

  /// The value of a half-precision number.
  public static func double(half: UInt16) -> Double {
    let sign: Double = half & 0x8000 == 0 ? 1 : -1
    let exponent = Int(half >> 10 & 31)
    let fraction = UInt64(half & 0x3FF)
    if exponent == 31 {
      if fraction == 0 { return sign * .infinity }
      return Double(bitPattern: UInt64(half & 0x8000) << 48 | 0x7FF8 << 48)
    }
    if exponent == 0 { return sign * Double(fraction) * 0x1p-24 }
    return sign * Double(fraction | 1024) * power(exponent &- 25)
  }

  /// The nearest single-precision number. Nil when a finite number becomes infinite
  /// (OverflowError: "float too large to pack with f format").
  public static func single(_ value: Double) -> Float? {
    let result = Float(value)
    return result.isInfinite && value.isFinite ? nil : result
  }

  /// 2**n for a normal exponent.
  private static func power(_ n: Int) -> Double {
    Double(bitPattern: UInt64(truncatingIfNeeded: n &+ 1023) << 52)
  }
}
