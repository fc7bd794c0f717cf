import CPythonABI
import Objects

/// The program of `-c`, which tracebacks show the lines of. `linecache` is told it when it is imported,
/// as few programs need it.
enum CommandText {
  nonisolated(unsafe) private static var pending: (code: Ref, text: [UInt8])?

  /// Whether `linecache` does not know the text yet.
  static var isPending: Bool { pending != nil }

  static func remember(_ code: Ref, _ text: [UInt8]) {
    Py_INCREF(code)
    pending = (code, text)
  }

  /// To be called for each module imported while the text is pending.
  static func moduleIsLoaded(_ name: Ref) {
    guard let known = pending, text(of: name) == "linecache" else { return }
    pending = nil
    let saved = PyErr_GetRaisedException()
    if let fileName = newString("<string>") {
      InteractiveLoop.register(known.code, known.text, fileName)
      Py_DECREF(fileName)
    }
    PyErr_SetRaisedException(saved)
    Py_DECREF(known.code)
  }

  static func forget() {
    guard let known = pending else { return }
    pending = nil
    Py_DECREF(known.code)
  }
}
