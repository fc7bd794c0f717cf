import CPythonABI
import Glibc

/// A place in the keys being sorted and, when there is a key function, in the values beside them.
struct SortSlice {
  var keys: UnsafeMutablePointer<Ref>
  var values: UnsafeMutablePointer<Ref>?

  @inline(__always) static func + (slice: SortSlice, offset: Int) -> SortSlice {
    SortSlice(keys: slice.keys + offset, values: slice.values.map { $0 + offset })
  }

  @inline(__always) mutating func advance(_ distance: Int = 1) {
    keys += distance
    if let values { self.values = values + distance }
  }

  /// Copies `count` elements here from a place that may overlap.
  @inline(__always) func move(from source: SortSlice, count: Int) {
    memmove(keys, source.keys, count &* 8)
    if let values, let from = source.values { memmove(values, from, count &* 8) }
  }

  @inline(__always) func set(_ source: SortSlice) {
    keys.pointee = source.keys.pointee
    if let values, let from = source.values { values.pointee = from.pointee }
  }

  func reverse(count: Int) {
    Self.reverse(keys, count)
    if let values { Self.reverse(values, count) }
  }

  private static func reverse(_ start: UnsafeMutablePointer<Ref>, _ count: Int) {
    guard count > 1 else { return }
    var low = start
    var high = start + (count - 1)
    while low < high {
      let item = low.pointee
      low.pointee = high.pointee
      high.pointee = item
      low += 1
      high -= 1
    }
  }
}

/// A stable, adaptive merge sort: natural runs are found, short ones extended by binary insertion,
/// and merged in the order Powersort gives, galloping where one run wins many times in a row.
///
/// Sources: T. Peters, CPython Objects/listsort.txt; J. I. Munro and S. Wild, "Nearly-Optimal
/// Mergesorts" (2018). When a comparison fails the elements are left as some permutation.
struct MergeSort<Order: SortOrder>: ~Copyable {
  /// A run waiting to be merged.
  struct Run {
    var start: SortSlice
    var length: Int
    /// Depth in the merge tree of the boundary to the next run.
    var power: Int
  }

  let order: Order
  let base: SortSlice
  let total: Int
  /// How often one run must win in a row to begin galloping; adapts to the data.
  private var threshold = 7
  private var scratch: SortSlice
  private var scratchSize = 0
  private var runs: UnsafeMutablePointer<Run>
  private var runCount = 0

  /// Where galloping begins to pay at first.
  private static var minimalGallop: Int { 7 }
  /// More runs than can wait at once: their powers are strictly increasing.
  private static var capacity: Int { 80 }

  init(_ base: SortSlice, count: Int, order: Order) {
    self.order = order
    self.base = base
    total = count
    scratch = SortSlice(keys: base.keys, values: nil)
    runs = .allocate(capacity: Self.capacity)
  }

  deinit {
    runs.deallocate()
    if scratchSize > 0 {
      PyMem_Free(scratch.keys)
      PyMem_Free(scratch.values)
    }
  }

  /// Sorts; false with an exception set when a comparison failed or memory ran out.
  mutating func sort() -> Bool {
    var remaining = total
    var place = base
    // Between 32 and 64, such that total / minRun is close to, but not above, a power of two.
    var minRun = total
    var odd = 0
    while minRun >= 64 {
      odd |= minRun & 1
      minRun >>= 1
    }
    minRun += odd
    while remaining > 0 {
      var length = findRun(place, remaining)
      if length < 0 { return false }
      if length < minRun {
        let forced = Swift.min(remaining, minRun)
        if !insertionSort(place, forced, sorted: length) { return false }
        length = forced
      }
      if !mergeBefore(place, length) { return false }
      runs[runCount] = Run(start: place, length: length, power: 0)
      runCount += 1
      place.advance(length)
      remaining -= length
    }
    while runCount > 1 {
      var at = runCount - 2
      if at > 0 && runs[at - 1].length < runs[at + 1].length { at -= 1 }
      if !merge(at: at) { return false }
    }
    return true
  }

  // MARK: Runs

  /// The length of the run that starts here, ascending after the call; -1 on failure.
  private func findRun(_ place: SortSlice, _ count: Int) -> Int {
    if count < 2 { return count }
    let keys = place.keys
    var length = 2
    let descending = order.less(keys[1], keys[0])
    if descending < 0 { return -1 }
    if descending != 0 {
      while length < count {
        let less = order.less(keys[length], keys[length - 1])
        if less < 0 { return -1 }
        if less == 0 { break }
        length &+= 1
      }
      // Strictly descending, so reversing keeps equal elements in order.
      place.reverse(count: length)
      return length
    }
    while length < count {
      let less = order.less(keys[length], keys[length - 1])
      if less < 0 { return -1 }
      if less != 0 { break }
      length &+= 1
    }
    return length
  }

  /// Binary insertion sort of `count` elements of which the first `sorted` are in order.
  private func insertionSort(_ place: SortSlice, _ count: Int, sorted: Int) -> Bool {
    let keys = place.keys
    var next = Swift.max(sorted, 1)
    while next < count {
      let pivot = keys[next]
      var low = 0
      var high = next
      while low < high {
        let middle = (low &+ high) >> 1
        let less = order.less(pivot, keys[middle])
        if less < 0 { return false }
        if less != 0 { high = middle } else { low = middle &+ 1 }
      }
      var moving = next
      while moving > low {
        keys[moving] = keys[moving &- 1]
        moving &-= 1
      }
      keys[low] = pivot
      if let values = place.values {
        let value = values[next]
        memmove(values + (low + 1), values + low, (next - low) &* 8)
        values[low] = value
      }
      next &+= 1
    }
    return true
  }

  /// The power of the boundary between a run at `start` of `left` elements and the next of `right`:
  /// the depth of the first binary fraction between the two runs' midpoints.
  private func power(start: Int, left: Int, right: Int) -> Int {
    var result = 0
    var a = 2 &* start &+ left
    var b = a &+ left &+ right
    while true {
      result += 1
      if a >= total {
        a &-= total
        b &-= total
      } else if b >= total {
        return result
      }
      a <<= 1
      b <<= 1
    }
  }

  /// Merges waiting runs that must be merged before the run at `place` is pushed.
  private mutating func mergeBefore(_ place: SortSlice, _ length: Int) -> Bool {
    guard runCount > 0 else { return true }
    let last = runs[runCount - 1]
    let boundary = power(start: last.start.keys - base.keys, left: last.length, right: length)
    while runCount > 1 && runs[runCount - 2].power > boundary {
      if !merge(at: runCount - 2) { return false }
    }
    runs[runCount - 1].power = boundary
    return true
  }

  /// Merges the waiting runs `index` and `index + 1`.
  private mutating func merge(at index: Int) -> Bool {
    var left = runs[index].start
    var leftCount = runs[index].length
    let right = runs[index + 1].start
    var rightCount = runs[index + 1].length
    runs[index].length = leftCount + rightCount
    if index == runCount - 3 { runs[index + 1] = runs[index + 2] }
    runCount -= 1
    // What of the left run already is in place, and what of the right run.
    let skipped = gallopRight(right.keys[0], left.keys, leftCount, hint: 0)
    if skipped < 0 { return false }
    left.advance(skipped)
    leftCount -= skipped
    if leftCount == 0 { return true }
    rightCount = gallopLeft(left.keys[leftCount - 1], right.keys, rightCount, hint: rightCount - 1)
    if rightCount <= 0 { return rightCount == 0 }
    return leftCount <= rightCount
      ? mergeLow(left, leftCount, right, rightCount)
      : mergeHigh(left, leftCount, right, rightCount)
  }

  // MARK: Galloping

  /// Where `key` belongs in a sorted row, left of equal elements; -1 on failure. The search goes
  /// out from `hint` in steps of 1, 3, 7, 15, … and then halves.
  private func gallopLeft(_ key: Ref, _ row: UnsafeMutablePointer<Ref>, _ count: Int, hint: Int) -> Int {
    var last = 0
    var offset = 1
    let first = order.less(row[hint], key)
    if first < 0 { return -1 }
    if first != 0 {
      // row[hint] < key: go right.
      let limit = count - hint
      while offset < limit {
        let less = order.less(row[hint + offset], key)
        if less < 0 { return -1 }
        if less == 0 { break }
        last = offset
        offset = (offset << 1) + 1
      }
      if offset > limit { offset = limit }
      last += hint
      offset += hint
    } else {
      // key <= row[hint]: go left.
      let limit = hint + 1
      while offset < limit {
        let less = order.less(row[hint - offset], key)
        if less < 0 { return -1 }
        if less != 0 { break }
        last = offset
        offset = (offset << 1) + 1
      }
      if offset > limit { offset = limit }
      (last, offset) = (hint - offset, hint - last)
    }
    last += 1
    while last < offset {
      let middle = last + ((offset - last) >> 1)
      let less = order.less(row[middle], key)
      if less < 0 { return -1 }
      if less != 0 { last = middle + 1 } else { offset = middle }
    }
    return offset
  }

  /// The same, right of equal elements.
  private func gallopRight(_ key: Ref, _ row: UnsafeMutablePointer<Ref>, _ count: Int, hint: Int) -> Int {
    var last = 0
    var offset = 1
    let first = order.less(key, row[hint])
    if first < 0 { return -1 }
    if first != 0 {
      // key < row[hint]: go left.
      let limit = hint + 1
      while offset < limit {
        let less = order.less(key, row[hint - offset])
        if less < 0 { return -1 }
        if less == 0 { break }
        last = offset
        offset = (offset << 1) + 1
      }
      if offset > limit { offset = limit }
      (last, offset) = (hint - offset, hint - last)
    } else {
      // row[hint] <= key: go right.
      let limit = count - hint
      while offset < limit {
        let less = order.less(key, row[hint + offset])
        if less < 0 { return -1 }
        if less != 0 { break }
        last = offset
        offset = (offset << 1) + 1
      }
      if offset > limit { offset = limit }
      last += hint
      offset += hint
    }
    last += 1
    while last < offset {
      let middle = last + ((offset - last) >> 1)
      let less = order.less(key, row[middle])
      if less < 0 { return -1 }
      if less != 0 { offset = middle } else { last = middle + 1 }
    }
    return offset
  }

  // MARK: Merging

  /// Room for `count` elements aside.
  private mutating func reserve(_ count: Int) -> Bool {
    if count <= scratchSize { return true }
    if scratchSize > 0 {
      PyMem_Free(scratch.keys)
      PyMem_Free(scratch.values)
      scratchSize = 0
      scratch.values = nil
    }
    guard let keys = PyMem_Malloc(count * 8) else {
      _ = PyErr_NoMemory()
      return false
    }
    if base.values != nil {
      guard let values = PyMem_Malloc(count * 8) else {
        PyMem_Free(keys)
        _ = PyErr_NoMemory()
        return false
      }
      scratch.values = values.assumingMemoryBound(to: Ref.self)
    }
    scratch.keys = keys.assumingMemoryBound(to: Ref.self)
    scratchSize = count
    return true
  }

  /// Merges adjacent runs from the left, the left one being the shorter, copied aside. Its first
  /// element is larger than the right's first, its last larger than all of the right.
  private mutating func mergeLow(
    _ left: SortSlice, _ leftCount: Int, _ right: SortSlice, _ rightCount: Int
  ) -> Bool {
    guard reserve(leftCount) else { return false }
    scratch.move(from: left, count: leftCount)
    var target = left
    var a = scratch
    var b = right
    var na = leftCount
    var nb = rightCount
    var succeeded = false
    var gallop = threshold

    target.set(b)
    target.advance()
    b.advance()
    nb -= 1
    merging: do {
      if nb == 0 {
        succeeded = true
        break merging
      }
      if na == 1 {
        succeeded = true
        break merging
      }
      while true {
        var winsA = 0
        var winsB = 0
        while true {
          let less = order.less(b.keys.pointee, a.keys.pointee)
          if less < 0 { break merging }
          if less != 0 {
            target.set(b)
            target.advance()
            b.advance()
            nb -= 1
            winsB += 1
            winsA = 0
            if nb == 0 {
              succeeded = true
              break merging
            }
            if winsB >= gallop { break }
          } else {
            target.set(a)
            target.advance()
            a.advance()
            na -= 1
            winsA += 1
            winsB = 0
            if na == 1 {
              succeeded = true
              break merging
            }
            if winsA >= gallop { break }
          }
        }
        gallop += 1
        repeat {
          if gallop > 1 { gallop -= 1 }
          threshold = gallop
          winsA = gallopRight(b.keys.pointee, a.keys, na, hint: 0)
          if winsA < 0 { break merging }
          if winsA > 0 {
            target.move(from: a, count: winsA)
            target.advance(winsA)
            a.advance(winsA)
            na -= winsA
            // An inconsistent comparison can use up the left run.
            if na <= 1 {
              succeeded = true
              break merging
            }
          }
          target.set(b)
          target.advance()
          b.advance()
          nb -= 1
          if nb == 0 {
            succeeded = true
            break merging
          }
          winsB = gallopLeft(a.keys.pointee, b.keys, nb, hint: 0)
          if winsB < 0 { break merging }
          if winsB > 0 {
            target.move(from: b, count: winsB)
            target.advance(winsB)
            b.advance(winsB)
            nb -= winsB
            if nb == 0 {
              succeeded = true
              break merging
            }
          }
          target.set(a)
          target.advance()
          a.advance()
          na -= 1
          if na == 1 {
            succeeded = true
            break merging
          }
        } while winsA >= Self.minimalGallop || winsB >= Self.minimalGallop
        gallop += 1
        threshold = gallop
      }
    }
    if succeeded && na == 1 && nb > 0 {
      // The one element left of the left run is the largest.
      target.move(from: b, count: nb)
      (target + nb).set(a)
    } else if na > 0 {
      target.move(from: a, count: na)
    }
    return succeeded
  }

  /// Merges adjacent runs from the right, the right one being the shorter, copied aside.
  private mutating func mergeHigh(
    _ left: SortSlice, _ leftCount: Int, _ right: SortSlice, _ rightCount: Int
  ) -> Bool {
    guard reserve(rightCount) else { return false }
    scratch.move(from: right, count: rightCount)
    var na = leftCount
    var nb = rightCount
    var target = right + (rightCount - 1)
    let baseB = scratch
    var a = left + (leftCount - 1)
    var b = scratch + (rightCount - 1)
    var succeeded = false
    var gallop = threshold

    target.set(a)
    target.advance(-1)
    a.advance(-1)
    na -= 1
    merging: do {
      if na == 0 || nb == 1 {
        succeeded = true
        break merging
      }
      while true {
        var winsA = 0
        var winsB = 0
        while true {
          let less = order.less(b.keys.pointee, a.keys.pointee)
          if less < 0 { break merging }
          if less != 0 {
            target.set(a)
            target.advance(-1)
            a.advance(-1)
            na -= 1
            winsA += 1
            winsB = 0
            if na == 0 {
              succeeded = true
              break merging
            }
            if winsA >= gallop { break }
          } else {
            target.set(b)
            target.advance(-1)
            b.advance(-1)
            nb -= 1
            winsB += 1
            winsA = 0
            if nb == 1 {
              succeeded = true
              break merging
            }
            if winsB >= gallop { break }
          }
        }
        gallop += 1
        repeat {
          if gallop > 1 { gallop -= 1 }
          threshold = gallop
          let keptA = gallopRight(b.keys.pointee, left.keys, na, hint: na - 1)
          if keptA < 0 { break merging }
          winsA = na - keptA
          if winsA > 0 {
            target.advance(-winsA)
            a.advance(-winsA)
            (target + 1).move(from: a + 1, count: winsA)
            na -= winsA
            if na == 0 {
              succeeded = true
              break merging
            }
          }
          target.set(b)
          target.advance(-1)
          b.advance(-1)
          nb -= 1
          if nb == 1 {
            succeeded = true
            break merging
          }
          let keptB = gallopLeft(a.keys.pointee, baseB.keys, nb, hint: nb - 1)
          if keptB < 0 { break merging }
          winsB = nb - keptB
          if winsB > 0 {
            target.advance(-winsB)
            b.advance(-winsB)
            (target + 1).move(from: b + 1, count: winsB)
            nb -= winsB
            if nb <= 1 {
              succeeded = true
              break merging
            }
          }
          target.set(a)
          target.advance(-1)
          a.advance(-1)
          na -= 1
          if na == 0 {
            succeeded = true
            break merging
          }
        } while winsA >= Self.minimalGallop || winsB >= Self.minimalGallop
        gallop += 1
        threshold = gallop
      }
    }
    if succeeded && nb == 1 && na > 0 {
      // The one element left of the right run is the smallest.
      target.advance(-na)
      a.advance(-na)
      (target + 1).move(from: a + 1, count: na)
      target.set(b)
    } else if nb > 0 {
      (target + (1 - nb)).move(from: baseB, count: nb)
    }
    return succeeded
  }
}
