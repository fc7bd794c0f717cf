import Glibc

/// Growable text in the narrowest of CPython's storage widths (1, 2 or 4 bytes per code point) that
/// holds what was appended so far; freed with its owner.
///
/// When memory runs out `failed` becomes true and further appends do nothing.
public struct CodePointBuffer: ~Copyable {
  public private(set) var data: UnsafeMutableRawPointer
  /// Bytes per code point: 1, 2 or 4.
  public private(set) var unit: Int
  public private(set) var count = 0
  /// In code points.
  public private(set) var capacity: Int
  public private(set) var failed = false
  /// All code points or-ed together: below 128 the text is ASCII, below 256 Latin-1, below 0x10000
  /// it needs two bytes.
  public private(set) var bits: UInt32 = 0

  public init(capacity: Int = 64, unit: Int = 1) {
    self.unit = unit
    let size = max(capacity, 16)
    let (bytes, overflow) = size.multipliedReportingOverflow(by: unit)
    if !overflow, let memory = malloc(bytes) {
      data = memory
      self.capacity = size
    } else {
      data = UnsafeMutableRawPointer(bitPattern: 16).unsafelyUnwrapped  // never written to
      self.capacity = 0
      failed = true
    }
  }

  deinit { if capacity > 0 { free(data) } }

  /// Makes room for `extra` more code points of at most `width` bytes each.
  @discardableResult
  public mutating func reserve(_ extra: Int, width: Int = 1) -> Bool {
    if failed { return false }
    if width <= unit && capacity &- count >= extra { return true }
    return grow(extra, width)
  }

  private mutating func grow(_ extra: Int, _ width: Int) -> Bool {
    let newUnit = max(unit, width)
    let (needed, overflow) = count.addingReportingOverflow(extra)
    var size = max(needed, capacity)
    if needed > capacity { size = max(needed, capacity &+ capacity / 2) }
    let (bytes, overflow2) = size.multipliedReportingOverflow(by: newUnit)
    guard extra >= 0, !overflow, !overflow2, size > 0, let memory = realloc(data, bytes) else {
      failed = true
      return false
    }
    data = memory
    capacity = size
    if newUnit != unit { widen(to: newUnit) }
    return true
  }

  /// Spreads the units in place, from the end.
  private mutating func widen(to newUnit: Int) {
    var i = count
    switch (unit, newUnit) {
    case (1, 2):
      let old = data.assumingMemoryBound(to: UInt8.self)
      let new = data.assumingMemoryBound(to: UInt16.self)
      while i > 0 {
        i &-= 1
        new[i] = UInt16(old[i])
      }
    case (1, 4):
      let old = data.assumingMemoryBound(to: UInt8.self)
      let new = data.assumingMemoryBound(to: UInt32.self)
      while i > 0 {
        i &-= 1
        new[i] = UInt32(old[i])
      }
    default:
      let old = data.assumingMemoryBound(to: UInt16.self)
      let new = data.assumingMemoryBound(to: UInt32.self)
      while i > 0 {
        i &-= 1
        new[i] = UInt32(old[i])
      }
    }
    unit = newUnit
  }

  /// The bytes a code point needs.
  @inline(__always)
  public static func width(of point: UInt32) -> Int {
    point < 0x100 ? 1 : point < 0x10000 ? 2 : 4
  }

  public mutating func append(_ point: UInt32) {
    let width = Self.width(of: point)
    if (count == capacity || width > unit) && !reserve(1, width: width) { return }
    bits |= point
    store(point, at: count)
    count &+= 1
  }

  @inline(__always)
  private func store(_ point: UInt32, at index: Int) {
    switch unit {
    case 1: data.assumingMemoryBound(to: UInt8.self)[index] = UInt8(truncatingIfNeeded: point)
    case 2: data.assumingMemoryBound(to: UInt16.self)[index] = UInt16(truncatingIfNeeded: point)
    default: data.assumingMemoryBound(to: UInt32.self)[index] = point
    }
  }

  /// Appends Latin-1 bytes.
  public mutating func append(latin1 source: UnsafePointer<UInt8>, count n: Int) {
    if n <= 0 || !reserve(n) { return }
    var seen: UInt8 = 0
    switch unit {
    case 1:
      let target = data.assumingMemoryBound(to: UInt8.self) + count
      target.update(from: source, count: n)
      for i in 0..<n { seen |= source[i] }
    case 2:
      let target = data.assumingMemoryBound(to: UInt16.self) + count
      for i in 0..<n {
        target[i] = UInt16(source[i])
        seen |= source[i]
      }
    default:
      let target = data.assumingMemoryBound(to: UInt32.self) + count
      for i in 0..<n {
        target[i] = UInt32(source[i])
        seen |= source[i]
      }
    }
    bits |= UInt32(seen)
    count &+= n
  }

  /// Appends text in any storage width.
  public mutating func append(_ text: CodePoints) {
    if text.unit == 1 {
      append(latin1: text.data.assumingMemoryBound(to: UInt8.self), count: text.count)
      return
    }
    reserve(text.count)
    for i in 0..<text.count { append(text[i]) }
  }

  public mutating func append(ascii text: StaticString) {
    append(latin1: text.utf8Start, count: text.utf8CodeUnitCount)
  }

  /// Counts `n` code points that were written behind the end, into reserved room, in the buffer's
  /// own width; `seen` is all of them or-ed together.
  public mutating func commit(_ n: Int, bits seen: UInt32) {
    count &+= n
    bits |= seen
  }

  public subscript(index: Int) -> UInt32 { codePoints[index] }

  /// Drops everything from `length` on.
  public mutating func truncate(to length: Int) {
    if length >= count { return }
    count = length
    bits = 0
    let text = codePoints
    for i in 0..<length { bits |= text[i] }
  }

  /// A view of the contents, valid until the next change.
  public var codePoints: CodePoints { CodePoints(data: data, unit: unit, count: count) }

  /// The bytes per code point that the text needs at least, which may be fewer than `unit` after
  /// `reserve` asked for more.
  public var neededUnit: Int { Self.width(of: bits) }
}

/// Borrowed text in one of CPython's storage widths.
public struct CodePoints {
  public let data: UnsafeRawPointer
  /// Bytes per code point: 1, 2 or 4.
  public let unit: Int
  public let count: Int

  @inlinable
  public init(data: UnsafeRawPointer, unit: Int, count: Int) {
    self.data = data
    self.unit = unit
    self.count = count
  }

  @inlinable
  public subscript(index: Int) -> UInt32 {
    @inline(__always) get {
      switch unit {
      case 1: return UInt32(data.assumingMemoryBound(to: UInt8.self)[index])
      case 2: return UInt32(data.assumingMemoryBound(to: UInt16.self)[index])
      default: return data.assumingMemoryBound(to: UInt32.self)[index]
      }
    }
  }
}
