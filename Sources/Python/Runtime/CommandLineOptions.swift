import Glibc
import Objects

/// The command line of `python3`, read. CPython: Python/initconfig.c, Python/getopt.c.
public struct CommandLineOptions {
  /// What to run.
  public enum Target: Equatable {
    case command(String)
    case module(String)
    case file(String)
    case standardInput
  }

  public var settings = Settings()
  public var target = Target.standardInput
  /// Arguments behind the target.
  public var rest: [String] = []
  /// To show the machine at work; nil for an ordinary run.
  public var machine: MachineRequest?
  /// Print something and end with this status.
  public var message: (text: String, toError: Bool, status: Int32)?

  static let version = "Python 3.13.5"

  static let usage = """
    usage: apus [option] ... [-c cmd | -m mod | file | -] [arg] ...
    Options (as of python3):
    -b     : warn about converting bytes to str and comparing bytes with str; -bb: an error
    -B     : write no .pyc files
    -c cmd : run cmd
    -d     : parser debugging (no effect)
    -E     : ignore PYTHON* environment variables
    -h     : print this help
    -i     : go on interactively after the program
    -I     : isolated mode: -E, -P, -s
    -m mod : run a library module as a program
    -O     : drop assertions; -OO: docstrings too
    -P     : do not put an unsafe path first in sys.path
    -q     : no version at the start of an interactive session
    -s     : leave the user's site-packages out of sys.path
    -S     : do not import site
    -u     : unbuffered stdout and stderr
    -v     : trace imports
    -V     : print the version; -VV: more of it
    -W arg : warning control: action:message:category:module:lineno
    -x     : skip the first line of the source
    -X opt : set an implementation option (classic, dev, frozen_modules, importtime,
             int_max_str_digits=N, no_debug_ranges, pycache_prefix=PATH, utf8, ...)
    --check-hash-based-pycs always|default|never
    Options of Apus, in front of the program like the others:
    --show STAGE : print what the compiler makes of the program instead of running it:
             tokens, ast, symtable, wordcode or quickened; --json: as JSON
    --trace[=json] : print each instruction with the value stack before and after it
    --trace-limit N : no more than N instructions; --trace-all: other files too;
             --trace-stamps: with the time-stamp counter; --trace-file F: not to stderr
    --profile-opcodes[=json] : count instructions, pairs, time and allocations
    file   : a program file, a folder or a zip file with __main__.py
    -      : read the program from standard input (the default; interactive on a terminal)

    """

  public init(_ arguments: [String]) {
    settings.originalArgv = arguments
    var index = 1
    var chosen = false
    func fail(_ text: String) -> (String, Bool, Int32) {
      (text + "\nusage: apus [option] ... [-c cmd | -m mod | file | -] [arg] ...\n"
        + "Try `apus -h' for more information.\n", true, 2)
    }
    scan: while index < arguments.count {
      let argument = arguments[index]
      if argument == "-" || !argument.hasPrefix("-") { break }
      index += 1
      if argument.hasPrefix("--") {
        switch argument {
        case "--help", "--help-all", "--help-env", "--help-xoptions":
          message = (Self.usage, false, 0)
          return
        case "--version":
          message = (Self.version + "\n", false, 0)
          return
        case "--check-hash-based-pycs":
          guard index < arguments.count,
            ["always", "default", "never"].contains(arguments[index])
          else {
            message = (
              "--check-hash-based-pycs must be one of 'default', 'always', or 'never'\n", true, 2)
            return
          }
          settings.checkHashPycs = arguments[index]
          index += 1
        default:
          var request = machine ?? MachineRequest()
          do throws(MachineRequest.BadOption) {
            let isKnown = try request.take(argument) {
              if index >= arguments.count { return nil }
              index += 1
              return arguments[index - 1]
            }
            if isKnown {
              machine = request
              continue scan
            }
            message = fail("unknown option \(argument)")
          } catch {
            message = fail(error.text)
          }
          return
        }
        continue
      }
      var letters = Array(argument.dropFirst())
      while !letters.isEmpty {
        let letter = letters.removeFirst()
        switch letter {
        case "c", "m", "W", "X":
          let value: String
          if !letters.isEmpty {
            value = String(letters)
            letters = []
          } else if index < arguments.count {
            value = arguments[index]
            index += 1
          } else {
            message = fail("Argument expected for the -\(letter) option")
            return
          }
          if letter == "c" {
            target = .command(value)
            chosen = true
            break scan
          }
          if letter == "m" {
            target = .module(value)
            chosen = true
            break scan
          }
          if letter == "W" { settings.warnOptions.append(value) } else {
            settings.xOptions.append(value)
          }
        case "b": settings.bytesWarning += 1
        case "B": settings.dontWriteBytecode = true
        case "d": settings.debug += 1
        case "E": settings.ignoreEnvironment = true
        case "h", "?":
          message = (Self.usage, false, 0)
          return
        case "i":
          settings.inspect = true
          settings.interactive = true
        case "I":
          settings.isolated = true
          settings.ignoreEnvironment = true
          settings.noUserSite = true
          settings.safePath = true
        case "J":
          message = ("-J is reserved for Jython\n", true, 2)
          return
        case "O": settings.optimize += 1
        case "P": settings.safePath = true
        case "q": settings.quiet = true
        case "R": settings.forcesRandomHash = true
        case "s": settings.noUserSite = true
        case "S": settings.noSite = true
        case "t": break
        case "u": settings.unbuffered = true
        case "v": settings.verbose += 1
        case "V":
          let long = letters.contains("V") || arguments[index...].contains("-V")
          message = (
            (long ? Self.version + " (Apus 0.1) [Swift 6.3.1]" : Self.version) + "\n", false, 0)
          return
        case "x": settings.skipFirstLine = true
        default:
          message = fail("Unknown option: -\(letter)")
          return
        }
      }
    }
    if !chosen && index < arguments.count {
      target = arguments[index] == "-" ? .standardInput : .file(arguments[index])
      settings.argv = [arguments[index]]
      index += 1
    } else {
      switch target {
      case .command: settings.argv = ["-c"]
      case .module: settings.argv = ["-m"]
      default: settings.argv = [""]
      }
    }
    rest = index < arguments.count ? Array(arguments[index...]) : []
    do throws(MachineRequest.BadOption) {
      try machine?.settle(&rest)
    } catch {
      message = fail(error.text)
      return
    }
    settings.argv += rest
    settings.optimize = min(settings.optimize, 2)
    readEnvironment()
    readXOptions()
  }

  // MARK: Environment

  /// A PYTHON* variable; nil when it is unset, empty or ignored.
  func environment(_ name: String) -> String? {
    if settings.ignoreEnvironment { return nil }
    guard let value = getenv(name) else { return nil }
    let text = String(cString: value)
    return text.isEmpty ? nil : text
  }

  /// A variable that counts: a number, or 1 for any other text.
  private func level(_ name: String) -> Int {
    guard let text = environment(name) else { return 0 }
    guard let number = Int(text) else { return 1 }
    return number < 0 ? 1 : number
  }

  private mutating func readEnvironment() {
    if let name = environment("PYTHONMALLOC"), !AllocatorChoice.choose(name) {
      message = (
        "Fatal Python error: preconfig_init_allocator: PYTHONMALLOC: unknown allocator\n"
          + "Python runtime state: preinitializing\n\n", true, 1)
      return
    }
    if let seed = environment("PYTHONHASHSEED"), seed != "random", !settings.forcesRandomHash {
      guard let number = UInt32(seed) else {
        message = (
          "Fatal Python error: config_init_hash_seed: PYTHONHASHSEED must be \"random\" or an "
            + "integer in range [0; 4294967295]\nPython runtime state: preinitialized\n\n", true, 1)
        return
      }
      settings.hashSeed = number
      settings.hashRandomization = number != 0
    }
    settings.optimize = max(settings.optimize, level("PYTHONOPTIMIZE"))
    settings.debug = max(settings.debug, min(level("PYTHONDEBUG"), 1))
    settings.verbose = max(settings.verbose, level("PYTHONVERBOSE"))
    if environment("PYTHONINSPECT") != nil { settings.inspect = true }
    if environment("PYTHONDONTWRITEBYTECODE") != nil { settings.dontWriteBytecode = true }
    if environment("PYTHONNOUSERSITE") != nil { settings.noUserSite = true }
    if environment("PYTHONUNBUFFERED") != nil { settings.unbuffered = true }
    if environment("PYTHONSAFEPATH") != nil { settings.safePath = true }
    if environment("PYTHONNODEBUGRANGES") != nil { settings.noDebugRanges = true }
    if let mode = environment("PYTHONUTF8") {
      setUTF8Mode(mode, "PYTHONUTF8 environment variable")
    }
    if let count = environment("PYTHON_CPU_COUNT") { setProcessorCount(count) }
    if environment("PYTHONWARNDEFAULTENCODING") != nil { settings.warnDefaultEncoding = true }
    if environment("PYTHONDEVMODE") != nil { settings.devMode = true }
    if environment("PYTHONFAULTHANDLER") != nil { settings.faultHandler = true }
    if let frames = environment("PYTHONTRACEMALLOC") {
      setTracedFrames(frames, "PYTHONTRACEMALLOC")
    }
    if environment("PYTHONPROFILEIMPORTTIME") != nil { settings.importTime = true }
    settings.pycachePrefix = environment("PYTHONPYCACHEPREFIX")
    if let warnings = environment("PYTHONWARNINGS") {
      settings.warnOptions = warnings.split(separator: ",").map(String.init) + settings.warnOptions
    }
    if let encoding = environment("PYTHONIOENCODING") {
      let parts = encoding.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      if let first = parts.first, !first.isEmpty { settings.ioEncoding = String(first) }
      if parts.count > 1, !parts[1].isEmpty { settings.ioErrors = String(parts[1]) }
    }
    if let digits = environment("PYTHONINTMAXSTRDIGITS") { setMaxDigits(digits, "PYTHONINTMAXSTRDIGITS") }
  }

  private mutating func setTracedFrames(_ text: String, _ source: String) {
    guard let number = Int32(text), number >= 0, number <= 65535 else {
      message = (
        "Fatal Python error: config_init_tracemalloc: \(source): invalid number of frames\n"
          + "Python runtime state: preinitialized\n\n", true, 1)
      return
    }
    settings.tracedFrames = number
  }

  private mutating func setMaxDigits(_ text: String, _ source: String) {
    guard let number = Int32(text), number == 0 || number >= 640 else {
      message = (
        "Fatal Python error: config_init_int_max_str_digits: \(source): invalid limit; must be "
          + ">= 640 or 0 for unlimited.\nPython runtime state: preinitialized\n\n", true, 1)
      return
    }
    settings.intMaxStrDigits = number
  }

  private mutating func setUTF8Mode(_ text: String, _ source: String) {
    guard text == "0" || text == "1" else {
      message = (
        "Fatal Python error: preconfig_init_utf8_mode: invalid \(source) value\n"
          + "Python runtime state: preinitializing\n\n", true, 1)
      return
    }
    settings.utf8Mode = text == "1"
    settings.isUTF8ModeGiven = true
  }

  private mutating func setProcessorCount(_ text: String) {
    if text == "default" {
      settings.processorCount = -1
    } else if let number = Int32(text), number > 0 {
      settings.processorCount = number
    } else {
      message = (
        "Fatal Python error: config_init_cpu_count: -X cpu_count=n option: n is missing or an "
          + "invalid number, n must be greater than 0\nPython runtime state: preinitialized\n\n",
        true, 1)
    }
  }

  private mutating func readXOptions() {
    for option in settings.xOptions {
      let parts = option.split(separator: "=", maxSplits: 1).map(String.init)
      let value = parts.count > 1 ? parts[1] : nil
      switch parts.first ?? "" {
      case "classic": settings.classic = true
      case "dev": settings.devMode = true
      case "faulthandler": settings.faultHandler = true
      case "tracemalloc": setTracedFrames(value ?? "1", "-X tracemalloc=NFRAME")
      case "utf8": setUTF8Mode(value ?? "1", "-X utf8 option")
      case "cpu_count": setProcessorCount(value ?? "")
      case "importtime": settings.importTime = true
      case "frozen_modules": settings.frozenModules = value != "off"
      case "no_debug_ranges": settings.noDebugRanges = true
      case "warn_default_encoding": settings.warnDefaultEncoding = true
      case "pycache_prefix": settings.pycachePrefix = value
      case "int_max_str_digits":
        setMaxDigits(value ?? "", "-X int_max_str_digits")
      default: break
      }
    }
    if settings.devMode { settings.faultHandler = true }
    if settings.devMode && settings.warnOptions.isEmpty { settings.warnOptions = ["default"] }
    if settings.bytesWarning > 0 {
      settings.warnOptions.append(settings.bytesWarning > 1 ? "error::BytesWarning" : "default::BytesWarning")
    }
  }
}
