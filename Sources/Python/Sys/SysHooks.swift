import CPythonABI
import Objects

/// `sys.displayhook`: shows the value of an interactive expression.
enum DisplayHook {
  static func show(_ value: Ref) throws(Raised) {
    if value.isNone { return }
    guard let builtins = apus_tstate().pointee.interp.pointee.builtins else { return }
    try check(PyDict_SetItemString(builtins, "_", noneObject()))
    guard let stream = "stdout".withCString({ PySys_GetObject($0) }), !stream.isNone else {
      throw raise(.runtimeError, "lost sys.stdout")
    }
    let output = stream.retained()
    if PyFile_WriteObject(value, output.ref, 0) != 0 {
      guard PyErr_ExceptionMatches(.unicodeEncodeError) != 0 else { throw Raised() }
      PyErr_Clear()
      try writeEscaped(value, output.ref)
    }
    let newline = try own(newString("\n"))
    try check(PyFile_WriteObject(newline.ref, output.ref, 1))
    try check(PyDict_SetItemString(builtins, "_", value))
  }

  /// For a stream whose encoding cannot show the repr.
  private static func writeEscaped(_ value: Ref, _ output: Ref) throws(Raised) {
    let shown = try own(PyObject_Repr(value))
    let encoding = try own("encoding".withCString { PyObject_GetAttrString(output, $0) })
    guard let name = PyUnicode_AsUTF8(encoding.ref) else { throw Raised() }
    let bytes = try own(PyUnicode_AsEncodedString(shown.ref, name, "backslashreplace"))
    let text = try own(PyUnicode_FromEncodedObject(bytes.ref, name, "strict"))
    try check(PyFile_WriteObject(text.ref, output, 1))
  }
}

/// Audit hooks (PEP 578).
public enum AuditHooks {
  nonisolated(unsafe) private static var hooks: [Ref] = []

  /// Whether anybody listens.
  public static var isActive: Bool { !hooks.isEmpty }

  static func add(_ hook: Ref) throws(Raised) {
    let event = try own(newString("sys.addaudithook"))
    let empty = try own(PyTuple_New(0))
    do { try send(event.ref, empty.ref) } catch {
      // A hook refuses further ones with a RuntimeError.
      if PyErr_ExceptionMatches(.runtimeError) == 0 { throw Raised() }
      PyErr_Clear()
      return
    }
    Py_INCREF(hook)
    hooks.append(hook)
    Audit.isActive = true
  }

  /// Lets go of all hooks when the interpreter ends.
  static func forgetAll() {
    Audit.isActive = false
    while let hook = hooks.popLast() { Py_DECREF(hook) }
  }

  /// Calls every hook with an event and a tuple of details. Trace and profile functions do not see it,
  /// unless the hook has a true `__cantrace__`.
  public static func send(_ event: Ref, _ details: Ref) throws(Raised) {
    if hooks.isEmpty { return }
    let thread = apus_tstate()
    for hook in hooks {
      let isHidden = try !canBeTraced(hook)
      if isHidden { PyThreadState_EnterTracing(thread) }
      let result = withUnsafeTemporaryAllocation(of: Ref.self, capacity: 2) { arguments in
        arguments[0] = event
        arguments[1] = details
        return PyObject_Vectorcall(hook, arguments.baseAddress, 2, nil)
      }
      if isHidden { PyThreadState_LeaveTracing(thread) }
      _ = try own(result)
    }
  }

  private static func canBeTraced(_ hook: Ref) throws(Raised) -> Bool {
    let name = try own(newString("__cantrace__"))
    var found: Ref?
    try check(PyObject_GetOptionalAttr(hook, name.ref, &found))
    guard let found else { return false }
    defer { Py_DECREF(found) }
    return try check(PyObject_IsTrue(found)) != 0
  }
}

/// What the interpreter prints of exceptions nobody caught.
public enum ExceptionPrinter {
  /// Prints an exception to `sys.stderr`, through `traceback` when the library is there.
  public static func display(_ value: Ref, traceback: Ref) {
    // None: somebody wants no errors, or the descriptor was closed at the start.
    if let stream = "stderr".withCString({ PySys_GetObject($0) }), stream.isNone { return }
    if !value.isException {
      write("TypeError: print_exception(): Exception expected for value, \(value.type.fullName) found\n")
      return
    }
    if !traceback.isNone, traceback.type == tracebackType(),
      value.view(PyBaseExceptionObject.self).pointee.traceback == nil
    {
      _ = PyException_SetTraceback(value, traceback)
    }
    do { try displayThroughLibrary(value) } catch {
      PyErr_Clear()
      TracebackText.print(value)
    }
  }

  private static func displayThroughLibrary(_ value: Ref) throws(Raised) {
    let module = try own("traceback".withCString { PyImport_ImportModule($0) })
    let function = try own(
      "_print_exception_bltin".withCString { PyObject_GetAttrString(module.ref, $0) })
    _ = try own(PyObject_CallOneArg(function.ref, value))
  }

  /// Writes text to `sys.stderr`, or to the descriptor when there is no stream.
  static func write(_ text: String) {
    if let stream = "stderr".withCString({ PySys_GetObject($0) }), !stream.isNone {
      if text.withCString({ PyFile_WriteString($0, stream) }) == 0 { return }
      PyErr_Clear()
    }
    RawOutput.write(text, to: 2)
  }

  /// `sys.unraisablehook`.
  static func displayUnraisable(_ report: Ref) throws(Raised) {
    func field(_ name: String) throws(Raised) -> Owned {
      try own(name.withCString { PyObject_GetAttrString(report, $0) })
    }
    let value = try field("exc_value")
    let message = try field("err_msg")
    let object = try field("object")
    let traceback = try field("exc_traceback")
    let type = try field("exc_type")
    if let stream = "stderr".withCString({ PySys_GetObject($0) }), stream.isNone { return }
    var shown = ""
    if !object.ref.isNone {
      shown = (message.ref.isNone ? "Exception ignored in" : text(of: message.ref)) + ": "
      if let repr = PyObject_Repr(object.ref) {
        shown += text(of: repr)
        Py_DECREF(repr)
      } else {
        PyErr_Clear()
        shown += "<object repr() failed>"
      }
      shown += "\n"
    } else if !message.ref.isNone {
      shown = text(of: message.ref) + ":\n"
    }
    if traceback.ref.type == tracebackType() {
      shown += TracebackText.report(traceback.ref)
    }
    if type.ref.isType { shown += summary(type.ref, value.ref) }
    write(shown)
  }

  /// The last line of a report: type and text, without what led to the exception.
  private static func summary(_ type: Ref, _ value: Ref) -> String {
    var line = ""
    if let module = PyType_GetModuleName(type.asType) {
      let name = module.isStr ? text(of: module) : "<unknown>"
      if !module.isStr || (name != "builtins" && name != "__main__") { line = name + (module.isStr ? "." : "") }
      Py_DECREF(module)
    } else {
      PyErr_Clear()
      line = "<unknown>"
    }
    if let name = PyType_GetQualName(type.asType) {
      line += text(of: name)
      Py_DECREF(name)
    } else {
      PyErr_Clear()
      line += "<unknown>"
    }
    if value.isNone { return line + "\n" }
    line += ": "
    if let message = PyObject_Str(value) {
      line += text(of: message)
      Py_DECREF(message)
    } else {
      PyErr_Clear()
      line += "<exception str() failed>"
    }
    return line + "\n"
  }
}
