import AST

/// How to compile.
public struct CompilerOptions: Sendable {
  public var fileName: String
  /// `-O` level: 0, 1 (no assertions), 2 (no docstrings either).
  public var optimize = 0
  public var dialect = Dialect.current
  /// Features inherited from the caller's code or given as flags of `compile()`.
  public var future: FutureFeatures = []
  /// `PyCF_ALLOW_TOP_LEVEL_AWAIT`.
  public var allowTopLevelAwait = false
  /// How deep trees may be nested (`Py_C_RECURSION_LIMIT`).
  public var recursionLimit = 10_000
  /// False leaves columns out (`-X no_debug_ranges`).
  public var columns = true

  public init(fileName: String) { self.fileName = fileName }
}

/// A SyntaxWarning found on the way.
public struct CompilerWarning: Sendable {
  public let message: String
  public let location: SourceRange
  /// A DeprecationWarning of the code that has something compiled, instead.
  public var isDeprecation = false
}

/// What the receiver of a warning wants.
public enum WarningVerdict: Sendable {
  case proceed
  /// The warning filter says "error": it becomes a SyntaxError with the same message.
  case syntaxError
  /// Another exception is set.
  case raised
}
