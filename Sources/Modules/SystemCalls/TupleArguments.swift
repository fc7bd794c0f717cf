import CPythonABI
import Objects

/// The arguments of a function that CPython reads with PyArg_ParseTuple: its count messages and
/// conversions differ from those of functions with a text signature. CPython: Python/getargs.c.
public struct TupleArguments {
  public let name: StaticString
  private let args: UnsafePointer<Ref>?
  public let count: Int

  /// Checks the number of arguments. Raises TypeError.
  public init(
    _ name: StaticString, _ args: UnsafePointer<Ref>?, _ count: Int, least: Int, most: Int
  ) throws(Raised) {
    if count < least || count > most {
      let limit = count < least ? least : most
      let bound = least == most ? "exactly" : count < least ? "at least" : "at most"
      throw raise(
        .typeError,
        "\(name)() takes \(bound) \(limit) argument\(limit == 1 ? "" : "s") (\(count) given)")
    }
    self.name = name
    self.args = args
    self.count = count
  }

  /// The argument, or nil when it was left out.
  public subscript(_ index: Int) -> Ref? {
    index < count ? args.unsafelyUnwrapped[index] : nil
  }

  /// A required argument.
  public func object(_ index: Int) -> Ref { self[index] ?? noneObject() }

  /// A C int (`'i'`).
  public func int32(_ index: Int, default fallback: Int32 = 0) throws(Raised) -> Int32 {
    guard let value = self[index] else { return fallback }
    return try NumberConversion.int32(value)
  }

  /// A size (`'n'`).
  public func size(_ index: Int, default fallback: Int = 0) throws(Raised) -> Int {
    guard let value = self[index] else { return fallback }
    return try NumberConversion.size(value)
  }

  /// Bytes to read (`'y*'`).
  public func buffer(_ index: Int) throws(Raised) -> BufferArgument {
    try BufferArgument(object(index))
  }

  /// Bytes to write (`'w*'`).
  public func writableBuffer(_ index: Int) throws(Raised) -> BufferArgument {
    do throws(Raised) {
      return try BufferArgument(object(index), writable: true)
    } catch {
      PyErr_Clear()
      throw bad(index, "read-write bytes-like object")
    }
  }

  /// Text without NUL, as UTF-8 that lives as long as the argument (`'s'`).
  public func text(_ index: Int) throws(Raised) -> UnsafePointer<CChar> {
    let value = object(index)
    guard value.isStr else { throw bad(index, "str") }
    return try NumberConversion.cText(value)
  }

  /// The TypeError of an argument of the wrong type.
  public func bad(_ index: Int, _ expected: String) -> Raised {
    let value = object(index)
    return raise(
      .typeError,
      "\(name)() argument \(index + 1) must be \(expected), not "
        + (value.isNone ? "None" : value.type.fullName))
  }
}

/// Numbers and texts as PyArg_Parse converts them, with its messages.
public enum NumberConversion {
  /// `'i'`
  public static func int32(_ value: Ref) throws(Raised) -> Int32 {
    let number = try own(PyNumber_Index(value))
    let wide = try check(PyLong_AsLong(number.ref))
    if wide > Int(Int32.max) {
      throw raise(.overflowError, "signed integer is greater than maximum")
    }
    if wide < Int(Int32.min) {
      throw raise(.overflowError, "signed integer is less than minimum")
    }
    return Int32(truncatingIfNeeded: wide)
  }

  /// `'n'`
  public static func size(_ value: Ref) throws(Raised) -> Int {
    let number = try own(PyNumber_Index(value))
    return try check(PyLong_AsSsize_t(number.ref))
  }

  /// `'k'` and `'I'`: the low bits, without an overflow check.
  public static func mask(_ value: Ref) throws(Raised) -> UInt {
    let number = try own(PyNumber_Index(value))
    let bits = PyLong_AsUnsignedLongMask(number.ref)
    if bits == .max && hasRaised() { throw Raised() }
    return bits
  }

  /// The UTF-8 of a str without NUL; lives as long as the str.
  public static func cText(_ value: Ref) throws(Raised) -> UnsafePointer<CChar> {
    var size = 0
    guard let start = PyUnicode_AsUTF8AndSize(value, &size) else { throw Raised() }
    for index in 0..<size where start[index] == 0 {
      throw raise(.valueError, "embedded null character")
    }
    return UnsafePointer(start)
  }
}

/// Sends an audit event (PEP 578) with its arguments as a tuple.
public func audit(_ event: StaticString, _ details: consuming Owned) throws(Raised) {
  try check(PySys_AuditTuple(cString(event), details.ref))
}
