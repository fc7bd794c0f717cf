import CPythonABI
import Glibc
import Objects

/// `sys.stdin`, `sys.stdout`, `sys.stderr`. CPython: Python/pylifecycle.c, init_sys_streams.
enum StandardStreams {
  static func install(_ settings: Settings) throws(Raised) {
    guard BuiltinModules.contains("_io") else {
      try set("stdin", noneObject())
      try set("stdout", try StandardPrinter.make(1))
      try set("stderr", try StandardPrinter.make(2))
      return
    }
    if !settings.stdlib.isEmpty {
      _ = try own("encodings".withCString { PyImport_ImportModule($0) })
    }
    let module = settings.stdlib.isEmpty ? "_io" : "io"
    let io = try own(module.withCString { PyImport_ImportModule($0) })
    let open = try own("open".withCString { PyObject_GetAttrString(io.ref, $0) })
    if let builtins = apus_tstate().pointee.interp.pointee.builtins {
      try check(PyDict_SetItemString(builtins, "open", open.ref))
    }
    let errors = settings.ioErrors
    // An encoding without errors in PYTHONIOENCODING means strict ones.
    let isLenient = settings.ioEncoding == nil && (isCLocale || settings.utf8Mode)
    let inputErrors = errors ?? (isLenient ? "surrogateescape" : "strict")
    let encoding = try codecName(settings.ioEncoding ?? localeEncoding(settings))
    try set("stdin", try make(io.ref, 0, "<stdin>", false, encoding, inputErrors, settings))
    try set("stdout", try make(io.ref, 1, "<stdout>", true, encoding, inputErrors, settings))
    try set("stderr", try make(io.ref, 2, "<stderr>", true, encoding, "backslashreplace", settings))
  }

  private static func localeEncoding(_ settings: Settings) -> String {
    if settings.utf8Mode { return "utf-8" }
    return nl_langinfo(nl_item(CODESET)).map { String(cString: $0) } ?? "utf-8"
  }

  /// The name that the codec of an encoding has.
  private static func codecName(_ encoding: String) throws(Raised) -> String {
    if encoding == "utf-8" || encoding == "UTF-8" { return "utf-8" }
    let codec = try own(encoding.withCString { _PyCodec_Lookup($0) })
    let name = try own("name".withCString { PyObject_GetAttrString(codec.ref, $0) })
    return text(of: name.ref)
  }

  /// The C locale, or one of those that stand in for it (PEP 538).
  private static var isCLocale: Bool {
    guard let locale = setlocale(LC_CTYPE, nil) else { return true }
    let name = String(cString: locale)
    return ["C", "POSIX", "C.UTF-8", "C.utf8", "UTF-8"].contains(name)
  }

  private static func set(_ name: String, _ stream: Ref) throws(Raised) {
    try check(name.withCString { PySys_SetObject($0, stream) })
    try check("__\(name)__".withCString { PySys_SetObject($0, stream) })
  }

  private static func set(_ name: String, _ stream: consuming Owned) throws(Raised) {
    try set(name, stream.ref)
  }

  private static func endWithoutInput() -> Never {
    let thread = String(UInt(pthread_self()), radix: 16)
    RawOutput.write(
      "Fatal Python error: init_sys_streams: <stdin> is a directory, cannot continue\n"
        + "Python runtime state: core initialized\n\nCurrent thread 0x"
        + String(repeating: "0", count: max(0, 16 - thread.count)) + thread
        + " (most recent call first):\n  <no Python frame>\n", to: 2)
    exit(1)
  }

  private static func make(
    _ io: Ref, _ descriptor: Int32, _ name: String, _ writes: Bool, _ encoding: String,
    _ errors: String, _ settings: Settings
  ) throws(Raised) -> Owned {
    // A closed descriptor gives None, as when a daemon was started without streams.
    if fcntl(descriptor, F_GETFD) < 0 { return noneObject().retained() }
    var status = stat()
    if descriptor == 0, fstat(0, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      endWithoutInput()
    }
    let fileIO = try own("open".withCString { PyObject_GetAttrString(io, $0) })
    let isUnbuffered = settings.unbuffered && writes
    let number = try own(PyLong_FromLong(Int(descriptor)))
    let mode = try own(newString(writes ? "wb" : "rb"))
    let buffering = try own(PyLong_FromLong(isUnbuffered ? 0 : -1))
    let raw = try call(
      fileIO.ref, [number.ref, mode.ref, buffering.ref],
      [("closefd", falseObject())])
    let isTerminal = isatty(descriptor) != 0
    let shown = try own(newString(name))
    let nameAttribute = id_name().retained()
    // The raw stream carries the name.
    var inner = raw.ref.retained()
    if !isUnbuffered {
      inner = try own("raw".withCString { PyObject_GetAttrString(raw.ref, $0) })
    }
    try check(PyObject_SetAttr(inner.ref, nameAttribute.ref, shown.ref))
    let wrapper = try own("TextIOWrapper".withCString { PyObject_GetAttrString(io, $0) })
    let encodingText = try own(newString(encoding))
    let errorsText = try own(newString(errors))
    let newline: Ref = writes ? try own(newString("\n")).give() : noneObject()
    defer { Py_DECREF(newline) }
    let lineBuffering = isTerminal || (descriptor == 2 && !isUnbuffered) || settings.interactive && writes
    let stream = try call(
      wrapper.ref, [raw.ref],
      [
        ("encoding", encodingText.ref), ("errors", errorsText.ref), ("newline", newline),
        ("line_buffering", boolObject(lineBuffering)),
        ("write_through", boolObject(isUnbuffered)),
      ])
    let modeText = try own(newString(writes ? "w" : "r"))
    let modeName = try own(newString("mode"))
    try check(PyObject_SetAttr(stream.ref, modeName.ref, modeText.ref))
    return stream
  }

  private static func call(
    _ function: Ref, _ positional: [Ref], _ keywords: [(String, Ref)]
  ) throws(Raised) -> Owned {
    let tuple = try own(PyTuple_New(positional.count))
    for (index, value) in positional.enumerated() {
      apus_tuple_items(tuple.ref)[index] = value.retained().give()
    }
    let dict = try own(PyDict_New())
    for (name, value) in keywords {
      try check(name.withCString { PyDict_SetItemString(dict.ref, $0, value) })
    }
    return try own(PyObject_Call(function, tuple.ref, dict.ref))
  }
}
