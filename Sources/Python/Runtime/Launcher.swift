import CPythonABI
import Glibc
import Objects

/// The `apus` command. CPython: Modules/main.c.
public enum Launcher {
  /// The command line of this process. Not a closure of main.swift, where it would belong to the main
  /// actor and pull Swift's concurrency runtime into every start.
  public static func processArguments() -> [String] {
    var arguments: [String] = []
    for index in 0..<apus_argument_count() {
      if let argument = apus_argument(index) { arguments.append(ArgumentText.decode(argument)) }
    }
    return arguments
  }

  /// Runs a command line; the result is the process's exit status.
  public static func run(_ arguments: [String], modules: [ModuleSpec]) -> Int32 {
    setlocale(LC_CTYPE, "")
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    var options = CommandLineOptions(arguments)
    Interactive.isInspecting = options.settings.inspect
    if let message = options.message {
      RawOutput.write(message.text, to: message.toError ? 2 : 1)
      return message.status
    }
    LocaleChoice.make(&options.settings)
    LibraryLocation.fill(&options)
    StageTimes.isWanted = options.settings.xOptions.contains("stages")
    StageTimes.begin(.initialization)
    if options.settings.stdlib.isEmpty {
      RawOutput.write(
        "apus: no standard library found: set APUS_STDLIB to a folder of CPython 3.13's library "
          + "(it holds os.py)\n", to: 2)
    }
    guard Lifecycle.initialize(options.settings, modules: modules) else { return 1 }
    StageTimes.end()
    Interactive.printHeader(options)
    var status = runTarget(options)
    options.machine?.finish()
    StageTimes.show()
    if Interactive.isWanted(after: options) {
      Interactive.isInspecting = false
      status = Interactive.afterProgram(options)
    }
    let flushing = Lifecycle.finalize()
    if flushing != 0 { status = flushing }
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
      if let machine = options.machine {
        if machine.stage != nil { return try machine.show(options.target) }
        try machine.begin()
      }
      switch options.target {
      case .command(let text):
        try Audit.send("cpython.run_command", [.string(text)])
        try prependPath(options, "")
        return try runCommand(text)
      case .module(let name):
        try Audit.send("cpython.run_module", [.string(name)])
        try prependPath(options, LibraryLocation.currentFolder())
        return try runModule(name, setArgv0: true)
      case .file(let path):
        try Audit.send("cpython.run_file", [.string(path)])
        return try ProgramFile.run(path, options.settings)
      case .standardInput:
        try Audit.send("cpython.run_stdin")
        try prependPath(options, "")
        if Interactive.hasUser(options) {
          // SystemExit ends the session.
          Interactive.isInspecting = false
          return Interactive.asProgram(options)
        }
        return try runStandardInput()
      }
    } catch {
      return reportException()
    }
  }

  /// Prints the exception that is set; the exit status it asks for.
  static func reportException() -> Int32 {
    guard let exception = PyErr_GetRaisedException() else { return 1 }
    if PyErr_GivenExceptionMatches(exception, .systemExit) != 0, !Interactive.isInspecting {
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
    _ = Lifecycle.flushStreams()
    if let stream = "stderr".withCString({ PySys_GetObject($0) }), !stream.isNone {
      if PyFile_WriteObject(code, stream, 1) < 0 { PyErr_Clear() }
    } else if let shown = PyObject_Str(code) {
      RawOutput.write(text(of: shown), to: 2)
      Py_DECREF(shown)
    }
    PyErr_Clear()
    ExceptionPrinter.write("\n")
    return 1
  }

  /// Ends the process as the SystemExit that is set says.
  static func exitProcess() -> Never {
    let status = reportException()
    let flushing = Lifecycle.finalize()
    exit(flushing != 0 ? flushing : status)
  }

  // MARK: Namespaces

  static func mainDict() throws(Raised) -> Ref {
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

  static func insertPath(_ folder: String) throws(Raised) {
    guard let path = "path".withCString({ PySys_GetObject($0) }) else { return }
    ModuleShadowing.programFolder = folder
    let text = try own(SysValues.fileSystemString(folder))
    try check(PyList_Insert(path, 0, text.ref))
  }

  // MARK: Running

  static func execute(_ code: consuming Owned) throws(Raised) {
    let dict = try mainDict()
    StageTimes.begin(.interpretation)
    defer { StageTimes.end() }
    let result = OpcodeProfile.program { PyEval_EvalCode(code.ref, dict, dict) }
    _ = try own(result)
    _ = Lifecycle.flushStreams()
  }

  static func compile(
    _ source: [UInt8], _ name: String, isFile: Bool, skipFirstLine: Bool = false
  ) throws(Raised) -> Owned {
    StageTimes.begin(.compilation)
    defer { StageTimes.end() }
    let fileName = try own(SysValues.fileSystemString(name))
    var request = Compilation.Request(fileName: fileName.ref)
    request.isFile = isFile
    // What stands on the command line has been decoded.
    if !isFile { request.flags |= Compilation.Flag.ignoreCookie }
    // The line end stays, so that line numbers are right.
    if skipFirstLine, let end = source.firstIndex(of: 10) {
      return try Compilation.compile(Array(source[end...]), request)
    }
    return try Compilation.compile(source, request)
  }

  private static func runCommand(_ text: String) throws(Raised) -> Int32 {
    if ArgumentText.isDamaged(text) {
      RawOutput.write("Unable to decode the command from the command line:\n", to: 2)
      let command = try own(SysValues.fileSystemString(text))
      _ = PyUnicode_AsUTF8AndSize(command.ref, nil)
      throw Raised()
    }
    let source = Array((text + "\n").utf8)
    let code = try compile(source, "<string>", isFile: false)
    CommandText.remember(code.ref, source)
    try execute(code)
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

  static func runModule(_ name: String, setArgv0: Bool) throws(Raised) -> Int32 {
    let runpy = try own("runpy".withCString { PyImport_ImportModule($0) })
    let function = try own(
      "_run_module_as_main".withCString { PyObject_GetAttrString(runpy.ref, $0) })
    let text = try own(SysValues.fileSystemString(name))
    let result = withUnsafeTemporaryAllocation(of: Ref.self, capacity: 2) { arguments in
      arguments[0] = text.ref
      arguments[1] = boolObject(setArgv0)
      return OpcodeProfile.program {
        PyObject_Vectorcall(function.ref, arguments.baseAddress, 2, nil)
      }
    }
    _ = try own(result)
    _ = Lifecycle.flushStreams()
    return 0
  }
}
