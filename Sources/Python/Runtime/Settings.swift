/// How this process was asked to run: the command line and the environment, worked out.
public struct Settings: Sendable {
  public var executable = ""
  /// The executable behind a virtual environment's link (`sys._base_executable`).
  public var baseExecutable = ""
  public var prefix = ""
  /// Folder of the standard library; empty when there is none.
  public var stdlib = ""
  /// `sys.path` at the start.
  public var path: [String] = []
  public var argv: [String] = [""]
  /// Whether SIGINT raises KeyboardInterrupt.
  public var handlesSignals = true
  public var originalArgv: [String] = []
  public var warnOptions: [String] = []
  public var xOptions: [String] = []
  public var debug = 0
  public var inspect = false
  public var interactive = false
  public var optimize = 0
  public var dontWriteBytecode = false
  public var noUserSite = false
  public var noSite = false
  public var ignoreEnvironment = false
  public var verbose = 0
  public var bytesWarning = 0
  public var quiet = false
  public var hashRandomization = true
  /// `-R`: what PYTHONHASHSEED says does not count.
  public var forcesRandomHash = false
  /// The value of `PYTHONHASHSEED`; nil is random.
  public var hashSeed: UInt32?
  public var isolated = false
  public var devMode = false
  /// `-X faulthandler`: tracebacks on faults from the start.
  public var faultHandler = false
  /// `-X tracemalloc`: frames kept of each allocation; 0 for no tracing.
  public var tracedFrames: Int32 = 0
  public var utf8Mode = false
  /// Whether `-X utf8` or PYTHONUTF8 decides on the UTF-8 mode, and not the locale.
  public var isUTF8ModeGiven = false
  /// `-X cpu_count`; -1 when the system decides.
  public var processorCount: Int32 = -1
  public var warnDefaultEncoding = false
  public var safePath = false
  public var unbuffered = false
  public var intMaxStrDigits: Int32 = 4300
  public var pycachePrefix: String?
  /// `PYTHONIOENCODING`: encoding, then errors.
  public var ioEncoding: String?
  public var ioErrors: String?
  public var checkHashPycs = "default"
  public var importTime = false
  /// `-X frozen_modules`.
  public var frozenModules = true
  /// `-X classic`.
  public var classic = false
  /// `-X no_debug_ranges`.
  public var noDebugRanges = false
  public var skipFirstLine = false

  public init() {}
}

/// `-X cpu_count` for the functions that count processors.
public enum ProcessorCount {
  /// -1 when nothing is set.
  nonisolated(unsafe) public internal(set) static var configured: Int32 = -1
}
