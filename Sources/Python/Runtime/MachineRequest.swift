import CPythonABI
import Objects

/// What `--show`, `--trace` and `--profile-opcodes` of the command line ask for: to see the machine at
/// work. The program itself runs as it always does; the rest is Python, in `Lib/apus/_command.py`.
public struct MachineRequest: Equatable {
  static let stages = ["tokens", "ast", "symtable", "wordcode", "quickened"]
  static let formats = ["text", "json"]

  /// `--show`: a stage of the compiler to print, instead of running the program.
  var stage: String?
  /// `--json`, the format of `--show`.
  var isJSON = false
  /// `--trace`: text or json.
  var trace: String?
  var traceLimit: Int?
  var tracesAll = false
  var showsStamps = false
  /// `--trace-file`; standard error without.
  var traceFile: String?
  /// `--profile-opcodes`: text or json.
  var profile: String?

  /// An option that is one of these is taken, with the value that may stand behind it. False for any
  /// other.
  mutating func take(
    _ argument: String, next: () -> String?
  ) throws(BadOption) -> Bool {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      .map(String.init)
    let name = parts[0]
    let given = parts.count > 1 ? parts[1] : nil
    func value() throws(BadOption) -> String {
      guard let value = given ?? next() else {
        throw BadOption(text: "Argument expected for the \(name) option")
      }
      return value
    }
    func choice(_ text: String, _ choices: [String]) throws(BadOption) -> String {
      if choices.contains(text) { return text }
      throw BadOption(text: "\(name) must be one of \(choices.joined(separator: ", "))")
    }
    func flag() throws(BadOption) -> Bool {
      if given != nil { throw BadOption(text: "\(name) takes no value") }
      return true
    }
    switch name {
    case "--show": stage = try choice(try value(), Self.stages)
    case "--json": isJSON = try flag()
    case "--trace": trace = try choice(given ?? "text", Self.formats)
    case "--trace-limit":
      guard let limit = Int(try value()), limit >= 0 else {
        throw BadOption(text: "--trace-limit must be a number of instructions")
      }
      traceLimit = limit
    case "--trace-all": tracesAll = try flag()
    case "--trace-stamps": showsStamps = try flag()
    case "--trace-file": traceFile = try value()
    case "--profile-opcodes": profile = try choice(given ?? "text", Self.formats)
    default: return false
    }
    return true
  }

  /// What is wrong with the options taken together, and with what stands behind `--show STAGE FILE`.
  mutating func settle(_ rest: inout [String]) throws(BadOption) {
    if stage != nil {
      if rest == ["--json"] {
        isJSON = true
        rest = []
      }
      if trace != nil || profile != nil {
        throw BadOption(text: "--show prints a stage and runs nothing to trace or to profile")
      }
      if let extra = rest.first { throw BadOption(text: "--show takes one program, not also \(extra)") }
    } else if isJSON {
      throw BadOption(text: "--json is for --show; there are --trace=json, --profile-opcodes=json")
    }
    if trace == nil && (traceLimit != nil || tracesAll || showsStamps || traceFile != nil) {
      throw BadOption(text: "--trace-limit, -all, -stamps and -file are for --trace")
    }
    if trace != nil && profile != nil {
      throw BadOption(text: "--trace and --profile-opcodes do not go together")
    }
  }

  struct BadOption: Error {
    var text: String
  }

  // MARK: Carrying it out

  /// Prints a stage of a program; the exit status.
  func show(_ target: CommandLineOptions.Target) throws(Raised) -> Int32 {
    let (kind, text) =
      switch target {
      case .command(let text): ("command", text)
      case .module(let name): ("module", name)
      case .file(let path): ("file", path)
      case .standardInput: ("file", "-")
      }
    let result = try call(
      "show", [("stage", stage), ("format", isJSON ? "json" : "text"), ("kind", kind), ("program", text)])
    let status = PyLong_AsLong(result.ref)
    if status == -1 && hasRaised() { throw Raised() }
    _ = Lifecycle.flushStreams()
    return Int32(truncatingIfNeeded: status)
  }

  /// To be called before the program runs.
  func begin() throws(Raised) {
    if let trace {
      _ = try call(
        "begin_trace",
        [
          ("format", trace), ("limit", traceLimit.map { "\($0)" }), ("file", traceFile),
          ("everything", tracesAll ? "yes" : nil), ("stamps", showsStamps ? "yes" : nil),
        ])
    }
    OpcodeProfile.isWanted = profile != nil
  }

  /// To be called when the program is over. Its exception, if any, has been reported.
  func finish() {
    do {
      if trace != nil { _ = try call("end_trace", []) }
      if let profile { _ = try call("report_profile", [("format", profile)]) }
    } catch {
      PyErr_Print()
    }
  }

  /// Calls a function of `apus._command` with keyword arguments that are str or None.
  private func call(
    _ name: String, _ arguments: [(name: String, value: String?)]
  ) throws(Raised) -> Owned {
    let module = try own("apus._command".withCString { PyImport_ImportModule($0) })
    let function = try own(name.withCString { PyObject_GetAttrString(module.ref, $0) })
    let keywords = try own(PyDict_New())
    for (name, value) in arguments {
      let text = try own(value.map { SysValues.fileSystemString($0) } ?? Py_NewRef(noneObject()))
      try check(name.withCString { PyDict_SetItemString(keywords.ref, $0, text.ref) })
    }
    let none = try own(PyTuple_New(0))
    return try own(PyObject_Call(function.ref, none.ref, keywords.ref))
  }
}
