import CPythonABI

/// A reference somebody else keeps alive (CPython: borrowed). A plain pointer.
public typealias Ref = UnsafeMutablePointer<PyObject>

/// A type object.
public typealias TypeRef = UnsafeMutablePointer<PyTypeObject>

/// A reference this scope gives away exactly once (CPython: new, or strong).
///
/// The compiler checks that it is consumed on every path; when it is not, its end of life is a
/// DECREF. `Owned?` is one pointer wide.
@frozen public struct Owned: ~Copyable {
  @usableFromInline let pointer: Ref

  /// Takes over a reference that the caller owns.
  @inlinable @inline(__always) public init(adopting pointer: Ref) { self.pointer = pointer }

  /// Makes a new reference to a borrowed object.
  @inlinable @inline(__always) public init(retaining pointer: Ref) {
    Py_INCREF(pointer)
    self.pointer = pointer
  }

  @inlinable @inline(__always) deinit { Py_DECREF(pointer) }

  /// The object, borrowed: valid while this `Owned` lives.
  @inlinable @inline(__always) public var ref: Ref { pointer }

  /// Ends ownership here: the caller now holds the reference.
  @inlinable @inline(__always) public consuming func give() -> Ref {
    let result = pointer
    discard self
    return result
  }
}

/// Adopts the result of a C API call that returns a new reference, NULL with an exception set.
@inlinable @inline(__always) public func own(_ result: Ref?) throws(Raised) -> Owned {
  guard let result else { throw Raised() }
  return Owned(adopting: result)
}

/// Checks the result of a C API call that returns a borrowed reference, NULL with an exception set.
@inlinable @inline(__always) public func borrow(_ result: Ref?) throws(Raised) -> Ref {
  guard let result else { throw Raised() }
  return result
}

/// Checks the result of a C API call that returns a negative number with an exception set.
@inlinable @inline(__always) @discardableResult
public func check(_ result: Int32) throws(Raised) -> Int32 {
  if result < 0 { throw Raised() }
  return result
}

/// Checks the result of a C API call whose -1 means failure only when an exception is set.
@inlinable @inline(__always) @discardableResult
public func check(_ result: Int) throws(Raised) -> Int {
  if result == -1 && apus_tstate().pointee.current_exception != nil { throw Raised() }
  return result
}

extension UnsafeMutablePointer where Pointee == PyObject {
  /// The object's type.
  @inlinable @inline(__always) public var type: TypeRef { pointee.ob_type }

  /// A new strong reference.
  @inlinable @inline(__always) public func retained() -> Owned { Owned(retaining: self) }

  /// The object seen as its struct.
  @inlinable @inline(__always) public func view<T>(_: T.Type) -> UnsafeMutablePointer<T> {
    UnsafeMutableRawPointer(self).assumingMemoryBound(to: T.self)
  }

  @inlinable @inline(__always) public var isNone: Bool { self == noneObject() }

  /// Whether the type has one of the given `Py_TPFLAGS_*`.
  @inlinable @inline(__always) public func has(_ flag: UInt) -> Bool {
    type.pointee.tp_flags & flag != 0
  }

  @inlinable @inline(__always) public var isInt: Bool { has(1 << 24) }
  @inlinable @inline(__always) public var isList: Bool { has(1 << 25) }
  @inlinable @inline(__always) public var isTuple: Bool { has(1 << 26) }
  @inlinable @inline(__always) public var isBytes: Bool { has(1 << 27) }
  @inlinable @inline(__always) public var isStr: Bool { has(1 << 28) }
  @inlinable @inline(__always) public var isDict: Bool { has(1 << 29) }
  @inlinable @inline(__always) public var isException: Bool { has(1 << 30) }
  @inlinable @inline(__always) public var isType: Bool { has(1 << 31) }

  @inlinable @inline(__always) public var isExactInt: Bool { type == intType() }
  @inlinable @inline(__always) public var isExactFloat: Bool { type == floatType() }
  @inlinable @inline(__always) public var isExactStr: Bool { type == strType() }
  @inlinable @inline(__always) public var isExactList: Bool { type == listType() }
  @inlinable @inline(__always) public var isExactTuple: Bool { type == tupleType() }
  @inlinable @inline(__always) public var isExactDict: Bool { type == dictType() }
  @inlinable @inline(__always) public var isBool: Bool { type == boolType() }

  /// Whether the object is an instance of `base` by its type's MRO (no `__instancecheck__`).
  @inlinable @inline(__always) public func isInstance(of base: TypeRef) -> Bool {
    type == base || PyType_IsSubtype(type, base) != 0
  }

  /// The object as a type object; only valid when `isType`.
  @inlinable @inline(__always) public var asType: TypeRef { view(PyTypeObject.self) }
}

extension UnsafeMutablePointer where Pointee == PyTypeObject {
  /// The type as an object.
  @inlinable @inline(__always) public var object: Ref {
    UnsafeMutableRawPointer(self).assumingMemoryBound(to: PyObject.self)
  }

  /// `tp_name`, which of a static type may carry its module.
  public var fullName: String { pointee.tp_name.map { String(cString: $0) } ?? "?" }

  /// The name without its module (`type.__name__`).
  public var name: String {
    let text = fullName
    guard pointee.tp_flags & (1 << 9) == 0, let dot = text.lastIndex(of: ".") else { return text }
    return String(text[text.index(after: dot)...])
  }
}

/// True or False, immortal.
@inlinable @inline(__always) public func boolObject(_ value: Bool) -> Ref {
  value ? trueObject() : falseObject()
}

/// Ends an object whose count fell to zero. CPython: Objects/object.c, _Py_Dealloc.
@c @implementation
public func _Py_Dealloc(_ op: Ref) {
  apus_check_dead(op)
  op.type.pointee.tp_dealloc.unsafelyUnwrapped(op)
}
