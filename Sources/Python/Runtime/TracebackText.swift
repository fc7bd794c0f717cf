import CPythonABI
import Glibc
import Objects

/// Writing to a file descriptor without Python's streams.
enum RawOutput {
  static func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { bytes in
      var offset = 0
      while offset < bytes.count {
        let written = Glibc.write(descriptor, bytes.baseAddress.map { $0 + offset }, bytes.count - offset)
        if written <= 0 { return }
        offset += written
      }
    }
  }
}

/// Prints an exception without the library's `traceback` module: entries with source lines, no
/// carets. CPython: Python/pythonrun.c, Python/traceback.c.
enum TracebackText {
  /// How many causes and contexts are followed: a chain may be long, or closed to a ring.
  private static let longestChain = 200

  static func print(_ exception: Ref, depth: Int = 0) {
    if depth > longestChain { return }
    let base = exception.view(PyBaseExceptionObject.self)
    if let cause = base.pointee.cause {
      print(cause, depth: depth + 1)
      ExceptionPrinter.write(
        "\nThe above exception was the direct cause of the following exception:\n\n")
    } else if let context = base.pointee.context, base.pointee.suppress_context == 0 {
      print(context, depth: depth + 1)
      ExceptionPrinter.write(
        "\nDuring handling of the above exception, another exception occurred:\n\n")
    }
    if let traceback = base.pointee.traceback, !traceback.isNone {
      ExceptionPrinter.write(report(traceback))
    }
    var line = exception.type.name
    if let shown = PyObject_Str(exception) {
      let message = text(of: shown)
      if !message.isEmpty { line += ": " + message }
      Py_DECREF(shown)
    } else {
      PyErr_Clear()
      line += ": <exception str() failed>"
    }
    ExceptionPrinter.write(line + "\n")
  }

  /// The most entries that are shown, the innermost ones, unless `sys.tracebacklimit` says otherwise.
  private static let usualLimit = 1000
  /// How often the same place is shown in a row; further ones are counted.
  private static let mostRepetitions = 3

  /// `sys.tracebacklimit`: nothing is shown for 0 and less.
  private static var limit: Int {
    guard let given = PySys_GetObject("tracebacklimit"), given.isInt else { return usualLimit }
    var overflow: Int32 = 0
    let limit = PyLong_AsLongAndOverflow(given, &overflow)
    return overflow > 0 ? Int.max : overflow < 0 ? 0 : limit
  }

  /// A traceback: a heading and its entries, each with its line of source. Empty when none is wanted.
  static func report(_ traceback: Ref) -> String {
    let limit = limit
    if limit <= 0 { return "" }
    var depth = 0
    var next: Ref? = traceback
    while let entry = next {
      depth += 1
      next = entry.view(PyTracebackObject.self).pointee.tb_next
    }
    var result = "Traceback (most recent call last):\n"
    var last = ""
    var repetitions = 0
    func countRepetitions() {
      let more = repetitions - mostRepetitions
      if more > 0 { result += "  [Previous line repeated \(more) more time\(more == 1 ? "" : "s")]\n" }
    }
    next = traceback
    while let entry = next {
      next = entry.view(PyTracebackObject.self).pointee.tb_next
      depth -= 1
      if depth >= limit { continue }
      let shown = lines(of: entry)
      if shown != last {
        countRepetitions()
        last = shown
        repetitions = 0
      }
      repetitions += 1
      if repetitions <= mostRepetitions { result += shown }
    }
    countRepetitions()
    return result
  }

  private static func lines(of entry: Ref) -> String {
    guard let frame = entry.view(PyTracebackObject.self).pointee.tb_frame,
      let inner = frame.view(PyFrameObject.self).pointee.f_frame
    else { return "" }
    let code = Frame.code(inner)
    let line = TracebackType.line(entry)
    let place =
      "  File \"\(text(of: code.pointee.co_filename))\", line \(line), in "
      + "\(text(of: code.pointee.co_name))\n"
    // Without modules there is nothing to open files with: CPython shows no source at the end.
    guard apus_tstate().pointee.interp.pointee.finalizing == 0,
      let source = SyntaxErrors.sourceLine(code.pointee.co_filename, Int(line))
    else { return place }
    let trimmed = source.drop { $0 == " " || $0 == "\t" || $0 == "\u{c}" }
    return place + "    " + String(trimmed).trimmingNewline() + "\n"
  }
}

extension String {
  /// Without line ends at the end.
  func trimmingNewline() -> String {
    var result = self
    while let last = result.last, last == "\n" || last == "\r" || last == "\r\n" {
      result.removeLast()
    }
    return result
  }
}

/// Writes a traceback to a file object. 0, or -1 with an exception.
@c @implementation
public func PyTraceBack_Print(
  _ traceback: UnsafeMutablePointer<PyObject>, _ file: UnsafeMutablePointer<PyObject>
) -> Int32 {
  status {
    guard traceback.type == tracebackType() else {
      throw raise(.systemError, "bad argument to internal function")
    }
    let shown = try own(newString(TracebackText.report(traceback)))
    try check(PyFile_WriteObject(shown.ref, file, 1))
  }
}
