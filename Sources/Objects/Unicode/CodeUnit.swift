import Glibc

/// The element of a text or bytes buffer: one, two or four bytes wide.
protocol CodeUnit: FixedWidthInteger, UnsignedInteger, SIMDScalar, Codable {}
extension UInt8: CodeUnit {}
extension UInt16: CodeUnit {}
extension UInt32: CodeUnit {}

/// Loops over buffers of code units, written so that the compiler turns them into vector code.
enum CodeUnits {
  /// The bitwise or of all units: its highest bit says which storage the text needs.
  @inline(__always)
  static func union<T: CodeUnit>(_ units: UnsafePointer<T>, _ count: Int) -> T {
    var all: T = 0
    for index in 0..<count { all |= units[index] }
    return all
  }

  /// Copies `count` units, widening or narrowing; narrowed values must fit.
  @inline(__always)
  static func copy<S: CodeUnit, D: CodeUnit>(
    _ source: UnsafePointer<S>, to target: UnsafeMutablePointer<D>, _ count: Int
  ) {
    for index in 0..<count { target[index] = D(truncatingIfNeeded: source[index]) }
  }

  /// Copies between buffers of the given widths in bytes (1, 2 or 4).
  static func copy(
    _ source: UnsafeRawPointer, width: Int, to target: UnsafeMutableRawPointer, width wide: Int,
    _ count: Int
  ) {
    if width == wide {
      memcpy(target, source, count &* width)
      return
    }
    switch (width, wide) {
    case (1, 2): copy(source.as(UInt8.self), to: target.as(UInt16.self), count)
    case (1, _): copy(source.as(UInt8.self), to: target.as(UInt32.self), count)
    case (2, 1): copy(source.as(UInt16.self), to: target.as(UInt8.self), count)
    case (2, _): copy(source.as(UInt16.self), to: target.as(UInt32.self), count)
    case (_, 1): copy(source.as(UInt32.self), to: target.as(UInt8.self), count)
    default: copy(source.as(UInt32.self), to: target.as(UInt16.self), count)
    }
  }

  /// How many leading bytes are below 128.
  @inline(__always)
  static func asciiPrefix(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int {
    var index = 0
    let raw = UnsafeRawPointer(bytes)
    while index &+ 32 <= count {
      let block = raw.loadUnaligned(fromByteOffset: index, as: SIMD4<UInt64>.self)
      let high = block & 0x8080_8080_8080_8080
      if (high[0] | high[1] | high[2] | high[3]) != 0 { break }
      index &+= 32
    }
    while index &+ 8 <= count {
      let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080
      if word != 0 { return index &+ word.trailingZeroBitCount / 8 }
      index &+= 8
    }
    while index < count && bytes[index] < 128 { index &+= 1 }
    return index
  }

  /// Stores `value` into `count` units.
  @inline(__always)
  static func fill<T: CodeUnit>(_ target: UnsafeMutablePointer<T>, _ count: Int, _ value: T) {
    if count > 0 { target.update(repeating: value, count: count) }
  }

  /// Stores a code point into `count` units of the given width, from unit `start`.
  static func fill(
    _ target: UnsafeMutableRawPointer, width: Int, from start: Int, _ count: Int, _ value: UInt32
  ) {
    switch width {
    case 1: fill(target.as(UInt8.self) + start, count, UInt8(truncatingIfNeeded: value))
    case 2: fill(target.as(UInt16.self) + start, count, UInt16(truncatingIfNeeded: value))
    default: fill(target.as(UInt32.self) + start, count, value)
    }
  }
}

extension UnsafeRawPointer {
  @inline(__always) func `as`<T>(_: T.Type) -> UnsafePointer<T> { assumingMemoryBound(to: T.self) }
}

extension UnsafeMutableRawPointer {
  @inline(__always) func `as`<T>(_: T.Type) -> UnsafeMutablePointer<T> {
    assumingMemoryBound(to: T.self)
  }
}
