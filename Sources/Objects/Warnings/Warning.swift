import CPythonABI

/// Issues a warning of a category; throws when a filter turns it into an error.
/// `stackLevel` 1 blames the running Python code.
public func warn(_ category: Ref, _ message: String, stackLevel: Int = 1) throws(Raised) {
  try check(message.withCString { PyErr_WarnEx(category, $0, stackLevel) })
}
