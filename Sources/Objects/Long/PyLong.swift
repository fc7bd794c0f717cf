import CPythonABI
import Numerics

/// int: a sign and a magnitude of 30-bit digits, least significant first.
///
///     ob_refcnt | ob_type | lv_tag: digits << 3 | sign | ob_digit[0] | ob_digit[1] | …
///
/// A *compact* int has at most one digit; nearly all ints are. -5 ... 256 are one object each.
/// Anything beyond a machine word is worked on by `Digits` (target Numerics).
/// CPython: Objects/longobject.c, Include/cpython/longintrepr.h.
@frozen public struct PyLong {
  @usableFromInline let object: Ref

  @inlinable @inline(__always) public init(_ object: Ref) { self.object = object }

  @inlinable @inline(__always) public var ref: Ref { object }
  @inlinable @inline(__always) public var isCompact: Bool { apus_long_is_compact(object) != 0 }
  /// The value of a compact int.
  @inlinable @inline(__always) public var compactValue: Int { apus_long_compact_value(object) }
  @inlinable @inline(__always) public var isNegative: Bool { apus_long_tag(object) & 3 == 2 }
  @inlinable @inline(__always) public var isZero: Bool { apus_long_tag(object) & 3 == 1 }
  /// -1, 0 or 1.
  @inlinable @inline(__always) public var sign: Int { Int(apus_long_sign(object)) }
  /// The number of digits; 0 for zero.
  @inlinable @inline(__always) public var count: Int { apus_long_digit_count(object) }
  @inlinable @inline(__always) public var digits: UnsafeMutablePointer<UInt32> {
    apus_long_digits(object)
  }
  @inlinable @inline(__always) public var source: Digits.Source { Digits.Source(digits) }
}

// MARK: Making ints

extension PyLong {
  /// An int object with the value; nil with MemoryError set. The fast path of all small arithmetic.
  @inlinable @inline(__always)
  public static func make(_ value: Int) -> Ref? {
    if value >= -Int(_PY_NSMALLNEGINTS) && value < Int(_PY_NSMALLPOSINTS) {
      return apus_small_int(value)
    }
    if value.magnitude <= UInt(PyLong_MASK) { return makeCompact(value) }
    return makeLarge(value)
  }

  /// An int of one digit that is not among the small ones.
  @inlinable @inline(__always)
  static func makeCompact(_ value: Int) -> Ref? {
    let free = apus_freelists()
    let object: Ref
    if let kept = free.pointee.ints {
      free.pointee.ints = apus_free_next(kept)
      free.pointee.int_count &-= 1
      object = kept
    } else {
      guard let memory = PyObject_Malloc(MemoryLayout<PyLongObject>.size) else {
        return PyErr_NoMemory()
      }
      object = memory.assumingMemoryBound(to: PyObject.self)
    }
    object.pointee.ob_refcnt = 1
    object.pointee.ob_type = intType()
    let long = object.view(PyLongObject.self)
    long.pointee.long_value.lv_tag = value < 0 ? 8 | 2 : 8
    long.pointee.long_value.ob_digit = UInt32(truncatingIfNeeded: value.magnitude)
    return object
  }

  /// An int of two or three digits.
  @usableFromInline @inline(never)
  static func makeLarge(_ value: Int) -> Ref? {
    makeLarge(UInt64(value.magnitude), negative: value < 0)
  }

  static func makeLarge(_ magnitude: UInt64, negative: Bool) -> Ref? {
    guard let object = allocate(3) else { return nil }
    let count = Digits.write(magnitude, into: PyLong(object).digits)
    PyLong(object).setTag(count, negative: negative)
    return object
  }

  static func make(unsigned value: UInt) -> Ref? {
    value <= UInt(Int.max) ? make(Int(value)) : makeLarge(UInt64(value), negative: false)
  }

  /// An int object with room for `count` digits and no value yet; nil with MemoryError set.
  static func allocate(_ count: Int) -> Ref? {
    let (digitBytes, overflow) = Swift.max(count, 1).multipliedReportingOverflow(by: 4)
    guard !overflow, digitBytes <= Int.max - 24, let memory = PyObject_Malloc(24 + digitBytes) else {
      return PyErr_NoMemory()
    }
    let object = memory.assumingMemoryBound(to: PyObject.self)
    object.pointee.ob_refcnt = 1
    object.pointee.ob_type = intType()
    let long = object.view(PyLongObject.self)
    long.pointee.long_value.lv_tag = UInt(Swift.max(count, 1)) << 3
    long.pointee.long_value.ob_digit = 0
    return object
  }

  @inline(__always)
  func setTag(_ count: Int, negative: Bool) {
    object.view(PyLongObject.self).pointee.long_value.lv_tag =
      count == 0 ? 1 : UInt(count) << 3 | (negative ? 2 : 0)
    if count == 0 { digits[0] = 0 }
  }

  /// A new int whose digits the body writes into room for `capacity` of them. The body returns
  /// their normalised count and the sign, nil when memory runs out.
  @inline(__always)
  static func make(
    capacity: Int, _ body: (UnsafeMutablePointer<UInt32>) -> (count: Int, negative: Bool)?
  ) throws(Raised) -> Owned {
    let result = try own(allocate(capacity))
    guard let (count, negative) = body(PyLong(result.ref).digits) else { throw raiseNoMemory() }
    PyLong(result.ref).setTag(count, negative: negative)
    if count <= 1 {
      // The small ints are unique.
      let value = PyLong(result.ref).compactValue
      if value >= -Int(_PY_NSMALLNEGINTS) && value < Int(_PY_NSMALLPOSINTS) {
        return Owned(adopting: apus_small_int(value))
      }
    }
    return result
  }

  /// A new int with the digits of a buffer; nil means that memory ran out.
  static func make(_ buffer: consuming DigitBuffer?, negative: Bool) throws(Raised) -> Owned {
    guard let buffer else {
      if hasRaised() { throw Raised() }
      throw raiseNoMemory()
    }
    let count = buffer.count
    let source = buffer.source
    return try make(capacity: count) { target in
      target.update(from: source, count: count)
      return (count, negative && count > 0)
    }
  }

  /// The int itself when it is an exact int, else an exact int of the same value.
  func exact() throws(Raised) -> Owned {
    if object.isExactInt { return object.retained() }
    if isCompact { return try own(PyLong.make(compactValue)) }
    let (source, count, negative) = (self.source, self.count, isNegative)
    return try PyLong.make(capacity: count) { target in
      target.update(from: source, count: count)
      return (count, negative)
    }
  }

  static let dealloc: destructor = { object in
    let free = apus_freelists()
    if object.isExactInt && apus_long_is_compact(object) != 0
      && free.pointee.int_count < APUS_INT_FREE_MAX
    {
      apus_set_free_next(object, free.pointee.ints)
      free.pointee.ints = object
      free.pointee.int_count &+= 1
      return
    }
    object.type.pointee.tp_free.unsafelyUnwrapped(object)
  }

  /// Frees every int kept for reuse (at a full collection).
  static func clearFreeList() {
    let free = apus_freelists()
    while let kept = free.pointee.ints {
      free.pointee.ints = apus_free_next(kept)
      PyObject_Free(kept)
    }
    free.pointee.int_count = 0
  }

  // MARK: Machine words

  /// The value if it fits in 64 bits with sign.
  @inline(__always)
  var word: Int? {
    if isCompact { return compactValue }
    guard let magnitude = Digits.word(source, count) else { return nil }
    if isNegative {
      return magnitude <= UInt64(1) << 63 ? Int(truncatingIfNeeded: 0 &- magnitude) : nil
    }
    return magnitude <= UInt64(Int.max) ? Int(magnitude) : nil
  }

  /// The value if it fits in 64 bits without sign.
  var unsignedWord: UInt64? {
    if isNegative { return nil }
    return Digits.word(source, count)
  }

  /// The value modulo 2**64.
  var lowWord: UInt64 {
    let magnitude = Digits.lowWord(source, count)
    return isNegative ? 0 &- magnitude : magnitude
  }
}
