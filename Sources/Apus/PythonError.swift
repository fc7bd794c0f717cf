import CPythonABI
import Objects

/// An exception that Python raised.
public struct PythonError: Error, CustomStringConvertible {
  /// The exception object.
  public let exception: PythonObject

  /// Takes the exception that is set. The caller holds the lock.
  static func current() -> PythonError {
    if let raised = PyErr_GetRaisedException() {
      return PythonError(exception: PythonObject(adopting: raised))
    }
    return PythonError(exception: .none)
  }

  /// The class: `"ZeroDivisionError"`.
  public var type: String {
    Python.withLock {
      guard let name = exception.reference.type.pointee.tp_name else { return "" }
      let full = String(cString: name)
      return full.split(separator: ".").last.map(String.init) ?? full
    }
  }

  /// `str(exception)`.
  public var message: String { exception.description }

  /// The traceback as Python prints it, ended by the exception.
  public func traceback() throws -> String {
    let lines = try Python.import("traceback").format_exception(exception)
    return try lines.items().map { $0.description }.joined()
  }

  public var description: String { message.isEmpty ? type : "\(type): \(message)" }
}
