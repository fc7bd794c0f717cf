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
    // Features that `from __future__` statements turned on stay on.
    var features = 0
    var pending: [UInt8] = []
    while true {
      guard let line = readLine(prompt: pending.isEmpty ? "ps1" : "ps2") else {
        RawOutput.write("\n", to: 2)
        if pending.isEmpty { return 0 }
        do { _ = try evaluate(pending, fileName.ref, globals, &features, isLast: true) } catch {
          return Launcher.reportException()
        }
        return 0
      }
      if pending.isEmpty && isBlank(line) { continue }
      pending += line
      do {
        let isDone = try evaluate(pending, fileName.ref, globals, &features, isLast: false)
        if !isDone { continue }
        pending = []
      } catch {
        pending = []
        if PyErr_ExceptionMatches(.systemExit) != 0 { Launcher.exitProcess() }
        PyErr_Print()
      }
      _ = Lifecycle.flushStreams()
    }
  }

  private static func isBlank(_ line: [UInt8]) -> Bool {
    line.allSatisfy { $0 == 10 || $0 == 32 || $0 == 9 || $0 == 13 }
  }

  private static func setPrompt(_ name: String, _ text: String) throws(Raised) {
    if name.withCString({ PySys_GetObject($0) }) != nil { return }
    let prompt = try own(newString(text))
    try check(name.withCString { PySys_SetObject($0, prompt.ref) })
  }

  private static func readLine(prompt name: String) -> [UInt8]? {
    var shownPrompt = ""
    if let prompt = name.withCString({ PySys_GetObject($0) }), let shown = PyObject_Str(prompt) {
      shownPrompt = text(of: shown)
      Py_DECREF(shown)
    } else {
      PyErr_Clear()
    }
    if let editor = LineEditor.read, isatty(0) != 0, isatty(1) != 0 {
      guard let line = shownPrompt.withCString({ editor($0) }) else {
        RawOutput.write("\n", to: 2)
        PyErr_Print()
        return [10]
      }
      defer { free(line) }
      let bytes = UnsafeRawBufferPointer(start: line, count: strlen(line))
      return bytes.isEmpty ? nil : Array(bytes)
    }
    RawOutput.write(shownPrompt, to: 2)
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while true {
      let count = withoutGIL { read(0, &byte, 1) }
      if count < 0 && errno == EINTR {
        if PyErr_CheckSignals() < 0 {
          RawOutput.write("\n", to: 2)
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

  // MARK: Evaluation

  /// Runs a statement, unless more lines belong to it: then false. A line end shows that a compound
  /// statement is over only when an empty line follows, so the last one is left out at first. What is
  /// wrong with it is no statement yet, if it is right or incomplete with the line end (as in
  /// CPython's codeop).
  private static func evaluate(
    _ lines: [UInt8], _ fileName: Ref, _ globals: Ref, _ features: inout Int, isLast: Bool
  ) throws(Raised) -> Bool {
    var source = lines
    var request = Compilation.Request(fileName: fileName)
    request.mode = .single
    request.flags = features
    if !isLast {
      request.flags |= Compilation.Flag.allowIncompleteInput | Compilation.Flag.dontImplyDedent
      if source.last == 10 { source.removeLast() }
    }
    let code: Owned
    do { code = try Compilation.compile(source, request) } catch {
      if !isLast && PyErr_ExceptionMatches(.syntaxError) != 0 {
        let first = PyErr_GetRaisedException()
        defer { Py_XDECREF(first) }
        do {
          _ = try Compilation.compile(source + [10], request)
          return false
        } catch {
          if PyErr_ExceptionMatches(.incompleteInputError) != 0 {
            PyErr_Clear()
            return false
          }
        }
      }
      try explain(lines, fileName)
      throw error
    }
    features |= Int(code.ref.view(PyCodeObject.self).pointee.co_flags) & Compilation.Flag.futureMask
    register(code.ref, lines, fileName)
    _ = try own(PyEval_EvalCode(code.ref, globals, globals))
    return true
  }

  /// A second statement that directly follows a block is a syntax error here, told as such.
  private static func explain(_ lines: [UInt8], _ fileName: Ref) throws(Raised) {
    guard PyErr_ExceptionMatches(.syntaxError) != 0,
      PyErr_ExceptionMatches(.incompleteInputError) == 0,
      let exception = PyErr_GetRaisedException()
    else { return }
    defer { Py_DECREF(exception) }
    var isSecond = false
    if let shown = PyObject_Str(exception) {
      isSecond = text(of: shown).hasPrefix("multiple statements found")
      Py_DECREF(shown)
    } else {
      PyErr_Clear()
    }
    var all = lines.split(separator: 10, omittingEmptySubsequences: false)
    if all.last?.isEmpty == true { all.removeLast() }
    guard isSecond, all.count > 1, let last = all.last else {
      Py_INCREF(exception)
      PyErr_SetRaisedException(exception)
      return
    }
    let shown = String(decoding: last, as: UTF8.self)
    let word = last.prefix { $0 == 95 || $0 >= 128 || ($0 | 32) >= 97 && ($0 | 32) <= 122 }
    let end = max(word.count, 1) + 1
    throw SyntaxErrors.set(
      .syntaxError, "invalid syntax", fileName: fileName, line: all.count, offset: 1,
      endLine: all.count, endOffset: end, text: shown + "\n")
  }

  /// Tells `linecache` the text of the code, so that tracebacks show it.
  static func register(_ code: Ref, _ lines: [UInt8], _ fileName: Ref) {
    do {
      let module = try own("linecache".withCString { PyImport_ImportModule($0) })
      let function = try own(
        "_register_code".withCString { PyObject_GetAttrString(module.ref, $0) })
      let source = try own(newString(String(decoding: lines, as: UTF8.self)))
      let result = withUnsafeTemporaryAllocation(of: Ref.self, capacity: 3) { arguments in
        arguments[0] = code
        arguments[1] = source.ref
        arguments[2] = fileName
        return PyObject_Vectorcall(function.ref, arguments.baseAddress, 3, nil)
      }
      _ = try own(result)
    } catch {
      PyErr_Clear()
    }
  }
}
