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
      ExceptionPrinter.write("Traceback (most recent call last):\n")
      var entry: Ref? = traceback
      while let at = entry {
        printEntry(at)
        entry = at.view(PyTracebackObject.self).pointee.tb_next
      }
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

  private static func printEntry(_ entry: Ref) {
    guard let frame = entry.view(PyTracebackObject.self).pointee.tb_frame,
      let inner = frame.view(PyFrameObject.self).pointee.f_frame
    else { return }
    let code = Frame.code(inner)
    let line = TracebackType.line(entry)
    ExceptionPrinter.write(
      "  File \"\(text(of: code.pointee.co_filename))\", line \(line), in "
        + "\(text(of: code.pointee.co_name))\n")
    if let source = SyntaxErrors.sourceLine(code.pointee.co_filename, Int(line)) {
      let trimmed = source.drop { $0 == " " || $0 == "\t" }
      ExceptionPrinter.write("    " + String(trimmed).trimmingNewline() + "\n")
    }
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

/// Writes the entries of a traceback to a file object. 0, or -1 with an exception.
@c @implementation
public func PyTraceBack_Print(
  _ traceback: UnsafeMutablePointer<PyObject>, _ file: UnsafeMutablePointer<PyObject>
) -> Int32 {
  status {
    let module = try own(PyImport_ImportModule("traceback"))
    let function = try own(PyObject_GetAttrString(module.ref, "print_tb"))
    let keywords = try own(PyDict_New())
    try check(PyDict_SetItemString(keywords.ref, "file", file))
    let arguments = try own(PyTuple_New(1))
    Py_INCREF(traceback)
    apus_tuple_items(arguments.ref)[0] = traceback
    try check(PyFile_WriteString("Traceback (most recent call last):\n", file))
    _ = try own(PyObject_Call(function.ref, arguments.ref, keywords.ref))
  }
}
