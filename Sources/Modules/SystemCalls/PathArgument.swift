import CPythonABI
import Glibc
import Objects

/// A path given to a function: str, bytes, `os.PathLike`, and where allowed a file descriptor or
/// None. CPython: Modules/posixmodule.c, path_converter.
public struct PathArgument: ~Copyable {
  /// What was given, for the OSError: the path after `__fspath__`, the number, or nil for None.
  private let shown: Ref?
  /// The bytes of a path that had to be encoded. Both are strong references.
  private let encoded: Ref?
  private let text: UnsafePointer<CChar>?
  /// Bytes of the path.
  public let count: Int
  /// The descriptor, or -1 when a path was given.
  public let descriptor: Int32
  /// Whether a bytes path was given, so that results are bytes as well.
  public let isBytes: Bool

  public struct Options: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }
    public static let descriptor = Options(rawValue: 1)
    public static let none = Options(rawValue: 2)
    /// A path with a NUL in it is taken (`os._path_normpath`).
    public static let anyBytes = Options(rawValue: 4)
  }

  /// `function` and `argument` name the culprit in messages. nil counts as None.
  public init(
    _ object: Ref?, _ function: StaticString, _ argument: StaticString = "path",
    _ options: Options = []
  ) throws(Raised) {
    let parts = try Parts(object, function, argument, options)
    shown = parts.shown
    encoded = parts.encoded
    text = parts.text
    count = parts.count
    descriptor = parts.descriptor
    isBytes = parts.isBytes
  }

  deinit {
    Py_XDECREF(shown)
    Py_XDECREF(encoded)
  }

  /// The fields, found before the argument itself is made: an initialiser may not throw half-way.
  private struct Parts {
    var shown: Ref?
    var encoded: Ref?
    var text: UnsafePointer<CChar>?
    var count = 0
    var descriptor: Int32 = -1
    var isBytes = false

    init(
      _ object: Ref?, _ function: StaticString, _ argument: StaticString, _ options: Options
    ) throws(Raised) {
      guard let object, !(object.isNone && options.contains(.none)) else { return }
      if !object.isStr && !object.isBytes && options.contains(.descriptor)
        && PyIndex_Check(object) != 0
      {
        descriptor = try DescriptorArgument.number(object)
        shown = object.retained().give()
        return
      }
      let path = try PathArgument.resolve(object, function, argument, options)
      isBytes = path.ref.isBytes
      if isBytes {
        try use(bytes: path.ref, function, argument, options)
      } else if apus_str_is_ascii(path.ref) != 0 {
        // ASCII is its own encoding, and every str ends with a NUL.
        text = UnsafeRawPointer(apus_str_data(path.ref)).assumingMemoryBound(to: CChar.self)
        count = apus_str_length(path.ref)
        try check(function, argument, options)
      } else {
        let bytes = try own(PyUnicode_EncodeFSDefault(path.ref))
        try use(bytes: bytes.ref, function, argument, options)
        encoded = bytes.give()
      }
      shown = path.give()
    }

    private mutating func use(
      bytes: Ref, _ function: StaticString, _ argument: StaticString, _ options: Options
    ) throws(Raised) {
      guard let start = PyBytes_AsString(bytes) else { throw Raised() }
      text = UnsafePointer(start)
      count = apus_var_size(bytes)
      try check(function, argument, options)
    }

    private func check(
      _ function: StaticString, _ argument: StaticString, _ options: Options
    ) throws(Raised) {
      if !options.contains(.anyBytes), let text, strlen(text) != count {
        throw raise(.valueError, "\(function): embedded null character in \(argument)")
      }
    }
  }

  private static func resolve(
    _ object: Ref, _ function: StaticString, _ argument: StaticString, _ options: Options
  ) throws(Raised) -> Owned {
    if object.isStr || object.isBytes { return object.retained() }
    guard let method = try lookUpSpecial(object, "__fspath__") else {
      let expected =
        options.contains(.descriptor) && options.contains(.none)
        ? "string, bytes, os.PathLike, integer or None"
        : options.contains(.descriptor)
          ? "string, bytes, os.PathLike or integer"
          : options.contains(.none)
            ? "string, bytes, os.PathLike or None" : "string, bytes or os.PathLike"
      throw raise(
        .typeError, "\(function): \(argument) should be \(expected), not \(object.type.fullName)")
    }
    let path = try own(PyObject_CallNoArgs(method.ref))
    if path.ref.isStr || path.ref.isBytes { return path }
    throw raise(
      .typeError,
      "expected \(object.type.fullName).__fspath__() to return str or bytes, "
        + "not \(path.ref.type.fullName)")
  }

  /// A special method looked up on the type and bound, or nil.
  private static func lookUpSpecial(
    _ object: Ref, _ name: StaticString
  ) throws(Raised) -> Owned? {
    let name = try own(PyUnicode_InternFromString(cString(name)))
    guard let found = object.type.lookUp(name.ref), !found.isNone else { return nil }
    guard let bind = found.type.pointee.tp_descr_get else { return found.retained() }
    return try own(bind(found, object, object.type.object))
  }

  public var isDescriptor: Bool { descriptor != -1 }
  public var isNone: Bool { shown == nil }

  /// The path as a C string; the current directory when None was given.
  public var bytes: UnsafePointer<CChar> { text ?? cString(".") }

  /// What the OSError names.
  public var filename: Ref? { shown }

  /// A result in the type of the argument: bytes for bytes, else str.
  public func result(_ bytes: UnsafePointer<CChar>, _ count: Int) throws(Raised) -> Owned {
    try own(
      isBytes
        ? PyBytes_FromStringAndSize(bytes, count) : PyUnicode_DecodeFSDefaultAndSize(bytes, count))
  }

  /// Raises the OSError of the call that just failed on this path.
  public borrowing func raiseError() -> Raised { raiseSystemError(shown) }
}

extension AuditDetail {
  /// A descriptor of a folder that paths start from; -1 stands for the current one.
  public static func descriptor(_ number: Int32) -> AuditDetail {
    .int(number == AT_FDCWD ? -1 : Int(number))
  }
}
