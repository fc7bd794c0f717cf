import CPythonABI
import Interpreter
import Objects

/// The Python of this process, as PythonKit names it, with errors thrown.
///
///     try Python.start()
///     let math = try Python.import("math")
///     print(try math.sqrt(2))                       // a method call
///     print(try Python.sum([1, 2, 3]))              // a builtin
///     try Python.run("print('hello')")
///
/// Every function may be called from any thread: each takes Python's lock (the GIL) for its own
/// time. `withLock` holds it over several calls.
@dynamicMemberLookup
public enum Python {
  /// How Python is started in a program.
  public struct Configuration: Sendable {
    /// The folder of CPython 3.13's standard library (it holds `os.py`); nil looks at `APUS_STDLIB`,
    /// beside the program and in the usual places of the system.
    public var standardLibrary: String?
    /// Folders in front of `sys.path`.
    public var searchPath: [String] = []
    /// `sys.argv`.
    public var arguments: [String] = [""]
    /// Reads `PYTHON*` variables and the user's site-packages, as `python3` does without `-I`.
    public var readsEnvironment = false
    /// Imports `site`, which adds site-packages to the path.
    public var importsSite = true
    /// Native modules of the program's own, besides those of Apus.
    public var modules: [ModuleSpec] = []

    public init() {}
  }

  /// Starts Python; while it runs a second call does nothing.
  ///
  /// - Throws: `StartError` when the standard library is missing or cannot be imported.
  public static func start(_ configuration: Configuration = Configuration()) throws {
    if isRunning { return }
    var options = CommandLineOptions(configuration.readsEnvironment ? ["apus"] : ["apus", "-I"])
    options.settings.argv = configuration.arguments
    options.settings.noSite = !configuration.importsSite
    LibraryLocation.fill(&options, standardLibrary: configuration.standardLibrary)
    options.settings.path = configuration.searchPath + options.settings.path
    guard !options.settings.stdlib.isEmpty else { throw StartError.standardLibraryIsMissing }
    guard Lifecycle.initialize(options.settings, modules: nativeModules + configuration.modules)
    else { throw StartError.failed }
    // From here on every thread is equal: each call takes the lock for itself.
    _ = PyEval_SaveThread()
  }

  /// Why Python did not start.
  public enum StartError: Error {
    /// No folder with CPython 3.13's `os.py` was found.
    case standardLibraryIsMissing
    /// The reason was printed on standard error.
    case failed
  }

  public static var isRunning: Bool { Py_IsInitialized() != 0 }

  /// Ends Python as `Py_FinalizeEx` does: waits for its threads, runs what is registered for the end
  /// (`atexit`), flushes `sys.stdout`, drops every module and frees everything. Call it on the thread
  /// that started Python, when no other one uses it any more; `start` may follow.
  ///
  /// Objects that Swift still holds are lost: using them is an error, letting go of them is not.
  public static func stop() {
    guard isRunning else { return }
    _ = PyGILState_Ensure()
    _ = Lifecycle.finalizeAndFree()
    run += 1
  }

  /// How often Python ended: objects of an earlier run are not given back to a later one.
  nonisolated(unsafe) static var run = 0

  /// Runs a body with Python's lock held, for several calls in a row without another Python thread
  /// in between.
  public static func withLock<Result>(_ body: () throws -> Result) rethrows -> Result {
    let state = PyGILState_Ensure()
    defer { PyGILState_Release(state) }
    return try body()
  }

  /// Imports a module; a dotted name gives the innermost.
  public static func `import`(_ name: String) throws -> PythonObject {
    try PythonObject.take { name.withCString { PyImport_ImportModule($0) } }
  }

  /// Runs statements in `__main__`, or in the namespace given.
  public static func run(_ source: String, in namespace: PythonObject? = nil) throws {
    _ = try execute(source, Py_file_input, namespace)
  }

  /// The value of an expression, seen from `__main__` or the namespace given.
  public static func evaluate(
    _ expression: String, in namespace: PythonObject? = nil
  ) throws -> PythonObject {
    try execute(expression, Py_eval_input, namespace)
  }

  private static func execute(
    _ source: String, _ start: Int32, _ namespace: PythonObject?
  ) throws -> PythonObject {
    try PythonObject.take {
      let globals: Ref
      if let namespace {
        globals = namespace.reference
      } else {
        guard let main = "__main__".withCString({ PyImport_AddModule($0) }),
          let dict = PyModule_GetDict(main)
        else { return nil }
        globals = dict
      }
      return source.withCString { PyRun_String($0, start, globals, globals) }
    }
  }

  /// A builtin: `Python.len`, `Python.print`.
  public static subscript(dynamicMember name: String) -> PythonObject {
    get throws { try Python.import("builtins")[dynamicMember: name] }
  }
}
