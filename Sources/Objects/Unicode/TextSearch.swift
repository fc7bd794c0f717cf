import CPythonABI
import Glibc

/// Substring search over buffers of one width, for str, bytes and bytearray.
///
/// One unit: a vector scan (`memchr`, `memrchr` for bytes). More: such a scan for the needle's first
/// unit with direct comparison; when the comparisons wasted exceed what scanning costs, the search
/// continues with the two-way algorithm (Crochemore, Perrin: "Two-way string-matching", 1991), so no
/// input makes it quadratic. Searching backwards reads both texts through a negative stride.
struct TextSearch<T: CodeUnit> {
  /// The needle's first unit in reading direction.
  private let needle: UnsafePointer<T>
  private let count: Int
  /// 1 forwards, -1 backwards.
  private let stride: Int
  /// Set once the two-way preprocessing has been done.
  private var split = -1
  private var period = 0
  private var isPeriodic = false
  /// Units compared in vain and not yet paid for by progress.
  private var waste = 0

  /// Searches for a needle of at least one unit.
  init(_ needle: UnsafePointer<T>, _ count: Int, backwards: Bool = false) {
    self.needle = backwards ? needle + (count - 1) : needle
    self.count = count
    stride = backwards ? -1 : 1
  }

  /// The offset of the first (backwards: last) occurrence, or -1.
  mutating func find(in hay: UnsafePointer<T>, _ length: Int) -> Int {
    if length < count { return -1 }
    if stride > 0 {
      if count == 1 { return Self.index(of: needle[0], in: hay, length) }
      return scan(hay, length)
    }
    if count == 1 { return Self.lastIndex(of: needle[0], in: hay, length) }
    let found = scan(hay + (length - 1), length)
    return found < 0 ? -1 : length - found - count
  }

  /// The first occurrence of one unit.
  static func index(of unit: T, in hay: UnsafePointer<T>, _ length: Int) -> Int {
    if MemoryLayout<T>.size == 1 {
      guard let found = memchr(hay, Int32(truncatingIfNeeded: unit), length) else { return -1 }
      return UnsafeRawPointer(found) - UnsafeRawPointer(hay)
    }
    var index = 0
    let raw = UnsafeRawPointer(hay)
    let wanted = SIMD8<T>(repeating: unit)
    while index &+ 8 <= length {
      let block = raw.loadUnaligned(
        fromByteOffset: index &* MemoryLayout<T>.size, as: SIMD8<T>.self)
      let equal = block .== wanted
      if equal != SIMDMask(repeating: false) { break }
      index &+= 8
    }
    while index < length {
      if hay[index] == unit { return index }
      index &+= 1
    }
    return -1
  }

  /// The last occurrence of one unit.
  static func lastIndex(of unit: T, in hay: UnsafePointer<T>, _ length: Int) -> Int {
    if MemoryLayout<T>.size == 1 {
      guard let found = memrchr(hay, Int32(truncatingIfNeeded: unit), length) else { return -1 }
      return UnsafeRawPointer(found) - UnsafeRawPointer(hay)
    }
    var index = length
    while index > 0 {
      index &-= 1
      if hay[index] == unit { return index }
    }
    return -1
  }

  @inline(__always) private func unit(_ index: Int) -> T { needle[index &* stride] }

  /// First-unit scan; `hay` points at the first unit in reading direction.
  private mutating func scan(_ hay: UnsafePointer<T>, _ length: Int) -> Int {
    if split >= 0 { return twoWay(hay, length) }
    if MemoryLayout<T>.size == 1 && stride > 0 { return scanBytes(hay, length) }
    let last = length &- count
    let first = needle[0]
    let second = unit(1)
    let step = stride
    var position = 0
    while position <= last {
      if hay[position &* step] != first {
        if step > 0 {
          let skip = Self.index(of: first, in: hay + position, last &- position &+ 1)
          if skip < 0 { return -1 }
          position &+= skip
        } else {
          position &+= 1
          continue
        }
      }
      if hay[(position &+ 1) &* step] == second {
        var matched = 2
        while matched < count && hay[(position &+ matched) &* step] == unit(matched) {
          matched &+= 1
        }
        if matched == count { return position }
        waste &+= matched
        if waste > 64 &+ 4 &* position {
          let rest = twoWay(hay + position &* step, length &- position)
          return rest < 0 ? -1 : position &+ rest
        }
      }
      position &+= 1
    }
    return -1
  }

  /// The same for bytes, forwards: sixteen places at a time are tried for the needle's first and
  /// last byte, and only those that have both are compared.
  private mutating func scanBytes(_ hay: UnsafePointer<T>, _ length: Int) -> Int {
    let bytes = UnsafeRawPointer(hay)
    let pattern = UnsafeRawPointer(needle)
    let last = length &- count
    let first = pattern.load(as: UInt8.self)
    let end = pattern.load(fromByteOffset: count &- 1, as: UInt8.self)
    let firsts = SIMD16<UInt8>(repeating: first)
    let ends = SIMD16<UInt8>(repeating: end)
    var position = 0
    while position &+ 15 <= last {
      let a = bytes.loadUnaligned(fromByteOffset: position, as: SIMD16<UInt8>.self) ^ firsts
      let b =
        bytes.loadUnaligned(fromByteOffset: position &+ count &- 1, as: SIMD16<UInt8>.self) ^ ends
      let hits = (a | b) .== SIMD16<UInt8>(repeating: 0)
      let words = unsafeBitCast(hits, to: SIMD2<UInt64>.self)
      if words[0] | words[1] != 0 {
        for half in 0..<2 {
          var word = words[half]
          while word != 0 {
            let place = position &+ half &* 8 &+ word.trailingZeroBitCount &>> 3
            if memcmp(bytes + place + 1, pattern + 1, count &- 1) == 0 { return place }
            word &= ~(0xFF &<< UInt64(word.trailingZeroBitCount))
            waste &+= count
          }
        }
        if waste > 1024 &+ 4 &* position && count > 8 {
          let rest = twoWay(hay + position, length &- position)
          return rest < 0 ? -1 : position &+ rest
        }
      }
      position &+= 16
    }
    while position <= last {
      if bytes.load(fromByteOffset: position, as: UInt8.self) == first
        && memcmp(bytes + position, pattern, count) == 0
      {
        return position
      }
      position &+= 1
    }
    return -1
  }

  // MARK: Two-way

  private mutating func prepare() {
    let (i, p) = maximalSuffix(inverted: false)
    let (j, q) = maximalSuffix(inverted: true)
    if i > j {
      split = i
      period = p
    } else {
      split = j
      period = q
    }
    isPeriodic = true
    if split &+ period > count {
      isPeriodic = false
    } else {
      for index in 0..<split where unit(index) != unit(index &+ period) {
        isPeriodic = false
        break
      }
    }
    if !isPeriodic { period = Swift.max(split, count &- split) &+ 1 }
  }

  /// Start and period of the lexicographically largest suffix.
  private func maximalSuffix(inverted: Bool) -> (Int, Int) {
    var start = 0
    var candidate = 1
    var k = 0
    var period = 1
    while candidate &+ k < count {
      let a = unit(candidate &+ k)
      let b = unit(start &+ k)
      if a == b {
        if k &+ 1 != period {
          k &+= 1
        } else {
          candidate &+= period
          k = 0
        }
      } else if (a < b) != inverted {
        candidate &+= k &+ 1
        k = 0
        period = candidate &- start
      } else {
        start = candidate
        candidate &+= 1
        k = 0
        period = 1
      }
    }
    return (start, period)
  }

  private mutating func twoWay(_ hay: UnsafePointer<T>, _ length: Int) -> Int {
    if split < 0 { prepare() }
    let step = stride
    let last = length &- count
    var position = 0
    // With a periodic needle: how much of its start is known to match.
    var memory = 0
    while position <= last {
      var index = isPeriodic ? Swift.max(split, memory) : split
      while index < count && unit(index) == hay[(position &+ index) &* step] { index &+= 1 }
      if index < count {
        position &+= index &- split &+ 1
        memory = 0
        continue
      }
      index = split
      while index > memory && unit(index &- 1) == hay[(position &+ index &- 1) &* step] {
        index &-= 1
      }
      if index <= memory { return position }
      position &+= period
      memory = isPeriodic ? count &- period : 0
    }
    return -1
  }

  /// The number of occurrences that do not overlap, at most `limit`. Forward searches only.
  mutating func occurrences(in hay: UnsafePointer<T>, _ length: Int, limit: Int = .max) -> Int {
    if count == 1 && limit >= length {
      let wanted = needle[0]
      var total = 0
      for index in 0..<length { total &+= hay[index] == wanted ? 1 : 0 }
      return total
    }
    var total = 0
    var position = 0
    while total < limit {
      let found = find(in: hay + position, length &- position)
      if found < 0 { break }
      total &+= 1
      position &+= found &+ count
    }
    return total
  }
}
