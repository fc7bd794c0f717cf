import AST
import Bytecode

/// What a code object is made from.
enum UnitKind {
  case module, `class`, function, asyncFunction, lambda, comprehension
  /// Type parameters, their bounds and the values of type aliases.
  case typeParameters

  /// Names of what is defined in it go through `<locals>`.
  var hasLocals: Bool { self == .function || self == .asyncFunction || self == .lambda }
}

/// Names with their index in order of first use.
struct NameTable {
  private(set) var names: [String] = []
  private var index: [String: Int] = [:]

  init(_ names: [String] = []) {
    for name in names { _ = add(name) }
  }

  mutating func add(_ name: String) -> Int {
    if let found = index[name] { return found }
    index[name] = names.count
    names.append(name)
    return names.count - 1
  }

  func find(_ name: String) -> Int? { index[name] }
}

/// A statement that code is inside of, as far as leaving it early needs extra code.
struct FrameBlock {
  enum Kind {
    case whileLoop, forLoop
    /// Body of a `try` with handlers.
    case tryExcept
    /// Body of a `try` with a `finally`.
    case finallyTry
    /// The `finally` part after an exception.
    case finallyEnd
    case with, asyncWith
    /// Body of an `except` clause.
    case handlerCleanup
    /// A value on the stack below what is kept.
    case popValue
    /// The dispatch of exceptions to handlers.
    case exceptionHandler
    /// Body of an `except*` clause.
    case exceptionGroupHandler
    case asyncComprehensionGenerator
  }

  let kind: Kind
  /// Where `continue` goes.
  var block = -1
  /// Where `break` goes.
  var exit = -1
  /// The statements of a `finally`.
  var finalBody: [Stmt] = []
  /// The name an `except` clause binds.
  var name: String?
  /// Where the code that leaves a `with` belongs.
  var location = SourceRange.none
}

/// The state of one code object while it is generated (`struct compiler_unit`).
final class CompilationUnit {
  let scope: Scope
  let kind: UnitKind
  let name: String
  var qualifiedName = ""
  /// The class whose private names are mangled.
  var privateName: String?
  let firstLine: Int
  var argCount = 0
  var posOnlyArgCount = 0
  var kwOnlyArgCount = 0
  var graph = FlowGraph()
  var constants = ConstantTable()
  var names = NameTable()
  var varNames: NameTable
  var cellVars: NameTable
  var freeVars: NameTable
  var frameBlocks: [FrameBlock] = []
  /// Where instructions added now come from.
  var location: SourceRange
  /// Depth of inlined comprehensions.
  var inlinedDepth = 0
  /// Names that an inlined comprehension binds in a module or class.
  var hiddenLocals: Set<String> = []
  /// Attributes that methods of this class assign to `self`.
  var staticAttributes: Set<String> = []

  init(
    scope: Scope, kind: UnitKind, name: String, firstLine: Int, privateName: String?,
    dialect: Dialect
  ) {
    self.scope = scope
    self.kind = kind
    self.name = name
    self.firstLine = firstLine
    self.privateName = privateName
    location = SourceRange(
      lineno: Int32(truncatingIfNeeded: firstLine), colOffset: 0,
      endLineno: Int32(truncatingIfNeeded: firstLine), endColOffset: 0)
    varNames = NameTable(scope.varNames)
    var cells: [String] = []
    var free: [String] = []
    for (name, flags) in scope.symbols {
      if flags.scope == .cell || flags.contains(.defComprehensionCell) { cells.append(name) }
      if flags.scope == .free || flags.contains(.defFreeClass) { free.append(name) }
    }
    cells.sort(by: Self.precedes)
    if dialect.contains(.parameterCellsFirst), !cells.isEmpty {
      let parameters = scope.varNames.filter(cells.contains)
      if !parameters.isEmpty { cells = parameters + cells.filter { !parameters.contains($0) } }
    }
    free.sort(by: Self.precedes)
    if scope.needsClassClosure { cells.append("__class__") }
    if scope.needsClassDict { cells.append("__classdict__") }
    cellVars = NameTable(cells)
    freeVars = NameTable(free)
  }

  /// By code points, as Python compares strings.
  private static func precedes(_ a: String, _ b: String) -> Bool {
    a.unicodeScalars.lexicographicallyPrecedes(b.unicodeScalars)
  }

  /// Index of a cell among `cellVars + freeVars`.
  func cellIndex(_ name: String) -> Int? { cellVars.find(name) }
  func freeIndex(_ name: String) -> Int? { freeVars.find(name).map { $0 + cellVars.names.count } }
}
