import CPythonABI

/// A detail of an audit event.
public enum AuditDetail {
  /// An object; nil stands for None.
  case object(Ref?)
  case int(Int)
  case text(StaticString)
  /// Text that is made at run time.
  case string(String)

  func object() throws(Raised) -> Owned {
    switch self {
    case .object(let value): return (value ?? noneObject()).retained()
    case .int(let value): return try own(PyLong_FromLong(value))
    case .text(let value): return try own(PyUnicode_FromString(cString(value)))
    case .string(let value): return try own(newString(value))
    }
  }
}

/// Tells the hooks of `sys.addaudithook` what is about to happen (PEP 578). The events and their details
/// are those of CPython 3.13.
public enum Audit {
  /// Whether anybody listens; without that an event costs one look at this.
  nonisolated(unsafe) public static var isActive = false

  /// Sends an event. A hook refuses by raising, and what it raises is thrown.
  @inline(__always)
  public static func send(
    _ event: StaticString, _ details: @autoclosure () -> [AuditDetail] = []
  ) throws(Raised) {
    if isActive { try deliver(event, details()) }
  }

  /// The same where nothing can be thrown: true with an exception set when a hook refuses.
  @inline(__always)
  public static func refuses(
    _ event: StaticString, _ details: @autoclosure () -> [AuditDetail] = []
  ) -> Bool {
    if !isActive { return false }
    do {
      try deliver(event, details())
      return false
    } catch {
      return true
    }
  }

  @inline(never)
  private static func deliver(_ event: StaticString, _ details: [AuditDetail]) throws(Raised) {
    let tuple = try own(PyTuple_New(details.count))
    for (index, detail) in details.enumerated() {
      apus_tuple_items(tuple.ref)[index] = try detail.object().give()
    }
    try check(PySys_AuditTuple(cString(event), tuple.ref))
  }
}
