import CPythonABI
import Glibc
import Objects

/// A plain read-eval-print loop: statement by statement from standard input.
/// CPython: Python/pythonrun.c, PyRun_InteractiveLoop.
enum InteractiveLoop {
  /// Reads until the end of input; the exit status.
  static func run(_ globals: Ref) throws(Raised) -> Int32 {
    try setPrompt("ps1", ">>> ")
    try setPrompt("ps2", "... ")
    let fileName = try own(newString("<stdin>"))
    var pending: [UInt8] = []
    while true {
      guard let line = readLine(prompt: pending.isEmpty ? "ps1" : "ps2") else {
        if pending.isEmpty {
          RawOutput.write("\n", to: 2)
          return 0
        }
        try? evaluate(pending, fileName.ref, globals, isComplete: true)
        return hasRaised() ? Launcher.reportException() : 0
      }
      let isBlank = line.allSatisfy { $0 == 10 || $0 == 32 || $0 == 9 }
      if pending.isEmpty && isBlank { continue }
      pending += line
      do {
        try evaluate(pending, fileName.ref, globals, isComplete: isBlank)
        pending = []
      } catch {
        if PyErr_ExceptionMatches(.incompleteInputError) != 0 {
          PyErr_Clear()
          continue
        }
        pending = []
        if PyErr_ExceptionMatches(.systemExit) != 0 { return Launcher.reportException() }
        PyErr_Print()
      }
      _ = Lifecycle.flushStreams()
    }
  }

  private static func setPrompt(_ name: String, _ text: String) throws(Raised) {
    if name.withCString({ PySys_GetObject($0) }) != nil { return }
    let prompt = try own(newString(text))
    try check(name.withCString { PySys_SetObject($0, prompt.ref) })
  }

  private static func readLine(prompt name: String) -> [UInt8]? {
    if let prompt = name.withCString({ PySys_GetObject($0) }), let shown = PyObject_Str(prompt) {
      RawOutput.write(text(of: shown), to: 2)
      Py_DECREF(shown)
    } else {
      PyErr_Clear()
    }
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while true {
      let count = withoutGIL { read(0, &byte, 1) }
      if count < 0 && errno == EINTR {
        if PyErr_CheckSignals() < 0 {
          PyErr_Print()
          return [10]
        }
        continue
      }
      if count <= 0 { return line.isEmpty ? nil : line }
      line.append(byte)
      if byte == 10 { return line }
    }
  }

  private static func evaluate(
    _ source: [UInt8], _ fileName: Ref, _ globals: Ref, isComplete: Bool
  ) throws(Raised) {
    var request = Compilation.Request(fileName: fileName)
    request.mode = .single
    if !isComplete {
      request.flags = Compilation.Flag.allowIncompleteInput | Compilation.Flag.dontImplyDedent
    }
    let code = try Compilation.compile(source, request)
    _ = try own(PyEval_EvalCode(code.ref, globals, globals))
  }
}
