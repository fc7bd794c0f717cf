import AST

/// What `from __future__` imports of a file switch on.
public struct FutureFeatures: OptionSet, Sendable, Hashable {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// PEP 563: annotations become text.
  public static let annotations = FutureFeatures(rawValue: 0x100_0000)
  /// PEP 401: `<>` instead of `!=`.
  public static let barryAsBDFL = FutureFeatures(rawValue: 0x40_0000)
  public static let generatorStop = FutureFeatures(rawValue: 0x80_0000)
  public static let division = FutureFeatures(rawValue: 0x2_0000)
  public static let absoluteImport = FutureFeatures(rawValue: 0x4_0000)
  public static let withStatement = FutureFeatures(rawValue: 0x8_0000)
  public static let printFunction = FutureFeatures(rawValue: 0x10_0000)
  public static let unicodeLiterals = FutureFeatures(rawValue: 0x20_0000)

  /// The bits of `compile()`'s flags and of `co_flags` (`PyCF_MASK`).
  public static let all: FutureFeatures = [
    .annotations, .barryAsBDFL, .generatorStop, .division, .absoluteImport, .withStatement,
    .printFunction, .unicodeLiterals,
  ]

  var annotations: Bool { contains(.annotations) }
}

/// Reads the `__future__` imports at the head of a tree (`Python/future.c`).
struct FutureScan {
  /// Switched on by the file itself.
  var features: FutureFeatures = []
  /// The line of the last of these imports; later ones are errors.
  var lastLine: Int32 = -1

  init(_ mod: Mod) throws(CompileError) {
    let body: [Stmt]
    switch mod {
    case .module(let statements, _), .interactive(let statements): body = statements
    case .expression, .functionType: return
    }
    var isFirst = true
    // The line on which something else has ended the head of the file.
    var endLine: Int32?
    for statement in body {
      defer { isFirst = false }
      if let endLine, statement.location.lineno > endLine { return }
      switch statement.kind {
      case .importFrom("__future__", let names, 0):
        if endLine != nil {
          throw .syntax(message: Self.lateMessage, location: statement.location)
        }
        for alias in names { try add(alias) }
        lastLine = statement.location.lineno
        continue
      case .expr(let value) where isFirst:
        if case .constant(.string, _) = value.kind { continue }
      default: break
      }
      endLine = statement.location.lineno
    }
  }

  static let lateMessage = "from __future__ imports must occur at the beginning of the file"

  private mutating func add(_ alias: Alias) throws(CompileError) {
    let place = alias.location
    switch alias.name {
    case "nested_scopes", "generators", "division", "absolute_import", "with_statement",
      "print_function", "unicode_literals", "generator_stop":
      break
    case "barry_as_FLUFL": features.insert(.barryAsBDFL)
    case "annotations": features.insert(.annotations)
    case "braces": throw .syntax(message: "not a chance", location: place)
    default: throw .syntax(message: "future feature \(alias.name) is not defined", location: place)
    }
  }
}
