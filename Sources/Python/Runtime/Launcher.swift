import CPythonABI
import Glibc
import Objects

/// The `apus` command. CPython: Modules/main.c.
public enum Launcher {
  /// Runs a command line; the result is the process's exit status.
  public static func run(_ arguments: [String], modules: [ModuleSpec]) -> Int32 {
    setlocale(LC_CTYPE, "")
    signal(SIGPIPE, SIG_IGN)
    var options = CommandLineOptions(arguments)
    if let message = options.message {
      RawOutput.write(message.text, to: message.toError ? 2 : 1)
      return message.status
    }
    LibraryLocation.fill(&options)
    guard Lifecycle.initialize(options.settings, modules: modules) else { return 1 }
    var status = runTarget(options)
    if options.settings.inspect && (options.target != .standardInput || isatty(0) == 0) {
      status = interact(options)
    }
    let flushing = Lifecycle.finalize()
    if flushing != 0 && status == 0 { status = flushing }
    if interrupted {
      // End as a process that the signal killed, so that a shell sees it.
      signal(SIGINT, SIG_DFL)
      kill(getpid(), SIGINT)
    }
    return status
  }

  nonisolated(unsafe) private static var interrupted = false

  private static func runTarget(_ options: CommandLineOptions) -> Int32 {
    do {
      switch options.target {
      case .command(let text):
        try prependPath(options, "")
        return try runCommand(text)
      case .module(let name):
        try prependPath(options, LibraryLocation.currentFolder())
        return try runModule(name, setArgv0: true)
      case .file(let path): return try runFile(path, options)
      case .standardInput:
        try prependPath(options, "")
        if isatty(0) != 0 || options.settings.interactive { return interact(options) }
        return try runStandardInput()
      }
    } catch {
      return reportException()
    }
  }

  /// Prints the exception that is set; the exit status it asks for.
  static func reportException() -> Int32 {
    guard let exception = PyErr_GetRaisedException() else { return 1 }
    if PyErr_GivenExceptionMatches(exception, .systemExit) != 0 {
      let status = exitStatus(exception)
      Py_DECREF(exception)
      return status
    }
    let isInterrupt = PyErr_GivenExceptionMatches(exception, .keyboardInterrupt) != 0
    PyErr_SetRaisedException(exception)
    PyErr_Print()
    if isInterrupt {
      interrupted = true
      return 128 + SIGINT
    }
    return 1
  }

  /// What `SystemExit` says: a number, nothing (0), or a text to print (1).
  private static func exitStatus(_ exception: Ref) -> Int32 {
    guard let code = "code".withCString({ PyObject_GetAttrString(exception, $0) }) else {
      PyErr_Clear()
      return 0
    }
    defer { Py_DECREF(code) }
    if code.isNone { return 0 }
    if code.isInt {
      let number = PyLong_AsLong(code)
      if number == -1 && hasRaised() {
        PyErr_Clear()
        return 255
      }
      return Int32(truncatingIfNeeded: number & 0xFF)
    }
    if let shown = PyObject_Str(code) {
      _ = Lifecycle.flushStreams()
      ExceptionPrinter.write(text(of: shown) + "\n")
      Py_DECREF(shown)
    } else {
      PyErr_Clear()
    }
    return 1
  }

  /// Ends the process as the SystemExit that is set says.
  static func exitProcess() -> Never {
    let status = reportException()
    let flushing = Lifecycle.finalize()
    exit(flushing != 0 && status == 0 ? flushing : status)
  }

  // MARK: Namespaces

  private static func mainDict() throws(Raised) -> Ref {
    let main = try own("__main__".withCString { PyImport_AddModuleRef($0) })
    guard let dict = PyModule_GetDict(main.ref) else { throw Raised() }
    return dict
  }

  /// Puts a folder in front of `sys.path`, unless the path shall be safe.
  private static func prependPath(
    _ options: CommandLineOptions, _ folder: String
  ) throws(Raised) {
    if options.settings.safePath { return }
    try insertPath(folder)
  }

  private static func insertPath(_ folder: String) throws(Raised) {
    guard let path = "path".withCString({ PySys_GetObject($0) }) else { return }
    let text = try own(SysValues.fileSystemString(folder))
    try check(PyList_Insert(path, 0, text.ref))
  }

  // MARK: Running

  private static func execute(_ code: consuming Owned) throws(Raised) {
    let dict = try mainDict()
    _ = try own(PyEval_EvalCode(code.ref, dict, dict))
    _ = Lifecycle.flushStreams()
  }

  private static func compile(
    _ source: [UInt8], _ name: String, isFile: Bool, skipFirstLine: Bool = false
  ) throws(Raised) -> Owned {
    let fileName = try own(SysValues.fileSystemString(name))
    var request = Compilation.Request(fileName: fileName.ref)
    request.isFile = isFile
    // The line end stays, so that line numbers are right.
    if skipFirstLine, let end = source.firstIndex(of: 10) {
      return try Compilation.compile(Array(source[end...]), request)
    }
    return try Compilation.compile(source, request)
  }

  private static func runCommand(_ text: String) throws(Raised) -> Int32 {
    try execute(try compile(Array((text + "\n").utf8), "<string>", isFile: false))
    return 0
  }

  private static func runStandardInput() throws(Raised) -> Int32 {
    guard let source = SourceFile.read(Int32(0)) else {
      RawOutput.write("can't read from stdin\n", to: 2)
      return 1
    }
    let dict = try mainDict()
    let name = try own(newString("<stdin>"))
    try check(PyDict_SetItemString(dict, "__file__", name.ref))
    try execute(try compile(source, "<stdin>", isFile: true))
    return 0
  }

  private static func runModule(_ name: String, setArgv0: Bool) throws(Raised) -> Int32 {
    let runpy = try own("runpy".withCString { PyImport_ImportModule($0) })
    let function = try own(
      "_run_module_as_main".withCString { PyObject_GetAttrString(runpy.ref, $0) })
    let text = try own(newString(name))
    let result = withUnsafeTemporaryAllocation(of: Ref.self, capacity: 2) { arguments in
      arguments[0] = text.ref
      arguments[1] = boolObject(setArgv0)
      return PyObject_Vectorcall(function.ref, arguments.baseAddress, 2, nil)
    }
    _ = try own(result)
    _ = Lifecycle.flushStreams()
    return 0
  }

  private static func runFile(_ path: String, _ options: CommandLineOptions) throws(Raised) -> Int32 {
    if LibraryLocation.isFolder(path) || isZip(path) {
      try insertPath(path)
      return try runModule("__main__", setArgv0: false)
    }
    guard let source = SourceFile.read(path) else {
      let reason = String(cString: strerror(errno))
      RawOutput.write(
        "\(options.settings.executable): can't open file '\(absolute(path))': "
          + "[Errno \(errno)] \(reason)\n", to: 2)
      return 2
    }
    try prependPath(options, folderOfProgram(path))
    let dict = try mainDict()
    // Tracebacks and `__file__` show the whole path; sys.argv[0] stays as it was given.
    let whole = absolute(path)
    let name = try own(SysValues.fileSystemString(whole))
    try check(PyDict_SetItemString(dict, "__file__", name.ref))
    try check(PyDict_SetItemString(dict, "__cached__", noneObject()))
    try setLoader(dict, whole)
    try execute(
      try compile(source, whole, isFile: true, skipFirstLine: options.settings.skipFirstLine))
    return 0
  }

  private static func setLoader(_ dict: Ref, _ path: String) throws(Raised) {
    guard apus_tstate().pointee.interp.pointee.importlib != nil,
      let modules = apus_tstate().pointee.interp.pointee.modules,
      let external = PyDict_GetItemString(modules, "_frozen_importlib_external")
    else { return }
    let type = try own(
      "SourceFileLoader".withCString { PyObject_GetAttrString(external, $0) })
    let name = try own(newString("__main__"))
    let file = try own(SysValues.fileSystemString(path))
    let loader = withUnsafeTemporaryAllocation(of: Ref.self, capacity: 2) { arguments in
      arguments[0] = name.ref
      arguments[1] = file.ref
      return PyObject_Vectorcall(type.ref, arguments.baseAddress, 2, nil)
    }
    let made = try own(loader)
    try check(PyDict_SetItemString(dict, "__loader__", made.ref))
  }

  private static func isZip(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { return false }
    defer { close(descriptor) }
    var head: UInt32 = 0
    return read(descriptor, &head, 4) == 4 && head == 0x0403_4B50
  }

  private static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : LibraryLocation.currentFolder() + "/" + path
  }

  private static func folderOfProgram(_ path: String) -> String {
    var target = path
    if let resolved = realpath(path, nil) {
      target = String(cString: resolved)
      free(resolved)
    }
    guard let slash = target.lastIndex(of: "/") else { return "" }
    return slash == target.startIndex ? "/" : String(target[..<slash])
  }

  // MARK: Interactive

  private static func interact(_ options: CommandLineOptions) -> Int32 {
    do {
      let dict = try mainDict()
      if !options.settings.quiet {
        guard let version = "version".withCString({ PySys_GetObject($0) }) else { return 1 }
        ExceptionPrinter.write(
          "Python \(text(of: version)) on linux\nType \"help\", \"copyright\", \"credits\" or "
            + "\"license\" for more information.\n")
      }
      return try InteractiveLoop.run(dict)
    } catch {
      return reportException()
    }
  }
}
