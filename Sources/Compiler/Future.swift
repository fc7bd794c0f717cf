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
    var docstringSeen = false
    for statement in body {
      switch statement.kind {
      case .importFrom("__future__", let names, 0):
        for alias in names { try add(alias, statement) }
        lastLine = statement.location.lineno
      case .expr(let value) where !docstringSeen:
        guard case .constant(.string, _) = value.kind else { return }
        docstringSeen = true
      default: return
      }
    }
  }

  private mutating func add(_ alias: Alias, _ statement: Stmt) throws(CompileError) {
    // These errors have a start only.
    var place = statement.location
    place.endLineno = place.lineno
    place.endColOffset = -1
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
