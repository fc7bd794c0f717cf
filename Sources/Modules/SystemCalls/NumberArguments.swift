import CPythonABI
import Glibc
import Objects

/// File descriptors as arguments.
public enum DescriptorArgument {
  /// The number of a descriptor given as an int-like object, for functions that take a path as well.
  /// CPython: Modules/posixmodule.c, _fd_converter.
  public static func number(_ object: Ref) throws(Raised) -> Int32 {
    if object.isBool {
      try warn(.runtimeWarning, "bool is used as a file descriptor")
    }
    let index = try own(PyNumber_Index(object))
    var overflow: Int32 = 0
    let value = PyLong_AsLongAndOverflow(index.ref, &overflow)
    if overflow > 0 || value > Int(Int32.max) {
      throw raise(.overflowError, "fd is greater than maximum")
    }
    if overflow < 0 || value < Int(Int32.min) {
      throw raise(.overflowError, "fd is less than minimum")
    }
    return Int32(truncatingIfNeeded: value)
  }

  /// A descriptor given as an int or as an object with `fileno()`.
  public static func fileno(_ object: Ref) throws(Raised) -> Int32 {
    try check(PyObject_AsFileDescriptor(object))
  }

  /// The `dir_fd` of an argument list: `AT_FDCWD` when it was left out or None.
  public static func directory(_ object: Ref?) throws(Raised) -> Int32 {
    guard let object, !object.isNone else { return AT_FDCWD }
    guard PyIndex_Check(object) != 0 else {
      throw raise(.typeError, "argument should be integer or None, not \(object.type.fullName)")
    }
    return try number(object)
  }
}

extension Arguments {
  /// A file descriptor that must be an int (`'i'`).
  public func descriptor(_ index: Int) throws(Raised) -> Int32 { try int32(index) }

  /// A file descriptor, or an object with a `fileno` method.
  public func fileno(_ index: Int) throws(Raised) -> Int32 {
    try DescriptorArgument.fileno(object(index))
  }

  /// A user or group number; -1 stands for "unchanged". CPython: _Py_Uid_Converter.
  public func identity(_ index: Int, _ name: StaticString) throws(Raised) -> UInt32 {
    try identityNumber(object(index), name)
  }

  /// A file offset (64 bits).
  public func offset(_ index: Int, default fallback: Int = 0) throws(Raised) -> Int {
    guard let value = self[index] else { return fallback }
    let number = try own(PyNumber_Index(value))
    return try check(PyLong_AsLong(number.ref))
  }

  /// A buffer argument, held until `release`.
  public func buffer(_ index: Int, writable: Bool = false) throws(Raised) -> BufferArgument {
    try BufferArgument(object(index), writable: writable)
  }
}

/// A user or group number; -1 stands for "unchanged".
public func identityNumber(_ object: Ref, _ name: StaticString) throws(Raised) -> UInt32 {
  guard PyIndex_Check(object) != 0 else {
    throw raise(.typeError, "\(name) should be integer, not \(object.type.fullName)")
  }
  let index = try own(PyNumber_Index(object))
  var overflow: Int32 = 0
  let value = PyLong_AsLongAndOverflow(index.ref, &overflow)
  if value == -1 && overflow == 0 { return UInt32.max }
  if overflow < 0 || (overflow == 0 && value < 0) {
    throw raise(.overflowError, "\(name) is less than minimum")
  }
  guard overflow == 0, let narrow = UInt32(exactly: value), narrow != .max else {
    throw raise(.overflowError, "\(name) is greater than maximum")
  }
  return narrow
}

/// The contiguous memory of an object that exports a buffer, released at the end of life.
public struct BufferArgument: ~Copyable {
  private let view: UnsafeMutablePointer<Py_buffer>

  /// Raises TypeError when the object has no buffer, or no writable one when that is asked for.
  public init(_ object: Ref, writable: Bool = false) throws(Raised) {
    let made = UnsafeMutablePointer<Py_buffer>.allocate(capacity: 1)
    made.initialize(to: Py_buffer())
    if PyObject_GetBuffer(object, made, writable ? 1 : 0) < 0 {
      made.deallocate()
      throw Raised()
    }
    // Only now: throwing out of a complete value would end its life and release the buffer.
    view = made
  }

  deinit {
    PyBuffer_Release(view)
    view.deallocate()
  }

  public var start: UnsafeMutableRawPointer? { view.pointee.buf }
  public var count: Int { view.pointee.len }
}
