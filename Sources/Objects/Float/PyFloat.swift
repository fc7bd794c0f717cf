import CPythonABI
import Glibc
import Numerics

/// float: one IEEE 754 double. Dead floats are kept for reuse. CPython: Objects/floatobject.c.
@frozen public struct PyFloat {
  @usableFromInline let object: Ref

  @inlinable @inline(__always) public init(_ object: Ref) { self.object = object }

  @inlinable @inline(__always) public var ref: Ref { object }
  @inlinable @inline(__always) public var value: Double {
    object.view(PyFloatObject.self).pointee.ob_fval
  }

  /// A float object; nil with MemoryError set.
  @inlinable @inline(__always)
  public static func make(_ value: Double) -> Ref? {
    let free = apus_freelists()
    let object: Ref
    if let kept = free.pointee.floats {
      free.pointee.floats = apus_free_next(kept)
      free.pointee.float_count &-= 1
      object = kept
    } else {
      guard let memory = PyObject_Malloc(MemoryLayout<PyFloatObject>.size) else {
        return PyErr_NoMemory()
      }
      object = memory.assumingMemoryBound(to: PyObject.self)
    }
    object.pointee.ob_refcnt = 1
    object.pointee.ob_type = floatType()
    object.view(PyFloatObject.self).pointee.ob_fval = value
    return object
  }

  static let dealloc: destructor = { object in
    let free = apus_freelists()
    if object.isExactFloat && free.pointee.float_count < APUS_FLOAT_FREE_MAX {
      apus_set_free_next(object, free.pointee.floats)
      free.pointee.floats = object
      free.pointee.float_count &+= 1
      return
    }
    object.type.pointee.tp_free.unsafelyUnwrapped(object)
  }

  /// Frees every float kept for reuse (at a full collection).
  static func clearFreeList() {
    let free = apus_freelists()
    while let kept = free.pointee.floats {
      free.pointee.floats = apus_free_next(kept)
      PyObject_Free(kept)
    }
    free.pointee.float_count = 0
  }

  // MARK: Text

  static func repr(_ value: Double) throws(Raised) -> Owned {
    var room = InlineArray<32, UInt8>(repeating: 0)
    var span = room.mutableSpan
    return try span.withUnsafeMutableBufferPointer { buffer throws(Raised) in
      let start = buffer.baseAddress.unsafelyUnwrapped
      return try newString(ascii: start, FloatText.repr(value, into: start))
    }
  }

  /// The float that a text denotes. Raises ValueError, showing `object`.
  static func parse(
    _ text: UnsafePointer<UInt8>, _ count: Int, shown object: Ref
  ) throws(Raised) -> Owned {
    switch FloatText.parse(text, count) {
    case .value(let value): return try own(make(value))
    case .outOfMemory: throw raiseNoMemory()
    case .invalid:
      let shown = try own(PyObject_Repr(object))
      throw raise(.valueError, "could not convert string to float: \(Objects.text(of: shown.ref))")
    }
  }

  static func parse(_ object: Ref) throws(Raised) -> Owned {
    if object.isStr {
      let text = try numericText(of: object)
      return try parse(text.bytes, text.count, shown: object)
    }
    guard let view = try BytesView(object) else {
      throw raise(
        .typeError,
        "float() argument must be a string or a real number, not '\(object.type.fullName)'")
    }
    return try parse(view.bytes, view.count, shown: object)
  }

  static let hash: hashfunc = { object in _Py_HashDouble(object, PyFloat(object).value) }
}
