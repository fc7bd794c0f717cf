import CPythonABI
import Glibc
import Objects

/// When there is somebody to talk to, and how: with the library's `_pyrepl` on a terminal, statement
/// by statement from standard input otherwise. CPython: Modules/main.c, pymain_run_stdin, pymain_repl.
enum Interactive {
  /// `-i` or PYTHONINSPECT: SystemExit is shown instead of ending the process.
  nonisolated(unsafe) static var isInspecting = false

  static func hasUser(_ options: CommandLineOptions) -> Bool {
    isatty(0) != 0 || options.settings.interactive
  }

  /// The version, unless a program is run or `-q` was given.
  static func printHeader(_ options: CommandLineOptions) {
    let settings = options.settings
    if settings.quiet { return }
    if settings.verbose == 0 && (options.target != .standardInput || !hasUser(options)) { return }
    guard let version = "version".withCString({ PySys_GetObject($0) }) else { return }
    var lines = "Python \(text(of: version)) on linux\n"
    if !settings.noSite {
      lines += "Type \"help\", \"copyright\", \"credits\" or \"license\" for more information.\n"
    }
    RawOutput.write(lines, to: 2)
  }

  /// A session in place of a program.
  static func asProgram(_ options: CommandLineOptions) -> Int32 {
    do {
      try prepareTerminal()
      try runStartupFile(options)
      try callHook()
      if isatty(0) != 0 && options.environment("PYTHON_BASIC_REPL") == nil {
        return try runLibrary()
      }
      return try InteractiveLoop.run(try Launcher.mainDict())
    } catch {
      return Launcher.reportException()
    }
  }

  /// Whether a session follows the program; the program itself may have asked for it.
  static func isWanted(after options: CommandLineOptions) -> Bool {
    let wanted =
      isInspecting || (!options.settings.ignoreEnvironment && getenv("PYTHONINSPECT") != nil)
    return wanted && hasUser(options)
  }

  static func afterProgram(_ options: CommandLineOptions) -> Int32 {
    unsetenv("PYTHONINSPECT")
    do {
      try prepareTerminal()
      try callHook()
      if isatty(0) != 0 && options.environment("PYTHON_BASIC_REPL") == nil {
        do { return try runLibrary() } catch {
          // CPython's status here, whatever SystemExit asks for.
          if PyErr_ExceptionMatches(.systemExit) == 0 { throw error }
          PyErr_Clear()
          return 1
        }
      }
      return try InteractiveLoop.run(try Launcher.mainDict())
    } catch {
      return Launcher.reportException()
    }
  }

  /// Gives `_pyrepl` a module of our own in which to look terminals up, where there is no curses.
  private static func prepareTerminal() throws(Raised) {
    guard isatty(0) != 0 else { return }
    if let terminfo = "_terminfo".withCString({ PyImport_ImportModule($0) }) {
      let held = Owned(adopting: terminfo)
      try check(
        PyDict_SetItemString(try ImportSystem.modules(), "_pyrepl._minimal_curses", held.ref))
    } else {
      PyErr_Clear()
    }
  }

  /// `_pyrepl`, which falls back to `sys._baserepl()` on a terminal that it cannot use.
  private static func runLibrary() throws(Raised) -> Int32 {
    guard let module = "_pyrepl.main".withCString({ PyImport_ImportModule($0) }) else {
      if PyErr_ExceptionMatches(.importError) == 0 { throw Raised() }
      PyErr_Clear()
      return try InteractiveLoop.run(try Launcher.mainDict())
    }
    let held = Owned(adopting: module)
    let function = try own(
      "interactive_console".withCString { PyObject_GetAttrString(held.ref, $0) })
    _ = try own(PyObject_CallNoArgs(function.ref))
    _ = Lifecycle.flushStreams()
    return 0
  }

  /// The file that PYTHONSTARTUP names, in the namespace of the session. A failure is shown.
  private static func runStartupFile(_ options: CommandLineOptions) throws(Raised) {
    guard let path = options.environment("PYTHONSTARTUP") else { return }
    let name = try own(SysValues.fileSystemString(path))
    guard let source = SourceFile.read(path) else {
      let number = errno
      ExceptionPrinter.write("Could not open PYTHONSTARTUP\n")
      errno = number
      _ = PyErr_SetFromErrnoWithFilenameObjects(.osError, name.ref, nil)
      PyErr_Print()
      return
    }
    let dict = try Launcher.mainDict()
    try check(PyDict_SetItemString(dict, "__file__", name.ref))
    do {
      try Launcher.execute(try Launcher.compile(source, path, isFile: true))
    } catch {
      if PyErr_ExceptionMatches(.systemExit) != 0 { throw error }
      PyErr_Print()
    }
    if PyDict_DelItemString(dict, "__file__") < 0 { PyErr_Clear() }
  }

  /// `sys.__interactivehook__`, with which `site` prepares line editing.
  private static func callHook() throws(Raised) {
    guard let hook = "__interactivehook__".withCString({ PySys_GetObject($0) }) else { return }
    if let result = PyObject_CallNoArgs(hook) {
      Py_DECREF(result)
      return
    }
    if PyErr_ExceptionMatches(.systemExit) != 0 { throw Raised() }
    ExceptionPrinter.write("Failed calling sys.__interactivehook__\n")
    PyErr_Print()
  }
}
