import AST

/// Compiles a tree: folds constants, resolves names, makes code.
///
/// The tree is changed: constant expressions are replaced by their values.
///
/// - Parameters:
///   - mod: what the parser made; its kind is the mode (`exec`, `single`, `eval`).
///   - warn: receives the SyntaxWarnings in order, on the caller's thread, and says what becomes of
///     each.
/// - Throws: why the tree has no code, see `CompileError`.
public func compile(
  _ mod: Mod, _ options: CompilerOptions,
  warn: (CompilerWarning) -> WarningVerdict = { _ in .proceed }
) throws(CompileError) -> CodeUnit {
  let scan = try FutureScan(mod)
  let future = scan.features.union(options.future.intersection(.all))
  var warnings: [CompilerWarning] = []
  var invertedTruths: [SourceRange] = []
  var foldsInvertedTruths = !options.dialect.contains(.invertedTruthWarnings)
  let attempt = Attempt(options) { options throws(CompileError) in
    warnings = []
    invertedTruths = try foldConstants(
      mod, options, future: future, foldsInvertedTruths: foldsInvertedTruths)
    let table = try SymbolTableBuilder.build(mod, future: future, options: options)
    let generator = CodeGenerator(
      table: table, options: options, future: future, futureLine: scan.lastLine)
    defer { warnings = generator.warnings }
    return try generator.generate(mod)
  }
  var result = attempt.outcome()
  if !invertedTruths.isEmpty {
    // A warning that is an error is left to the running program.
    foldsInvertedTruths = true
    for place in invertedTruths {
      let warning = CompilerWarning(
        message: invertedTruthMessage, location: place, isDeprecation: true)
      switch warn(warning) {
      case .proceed: break
      case .syntaxError, .raised: foldsInvertedTruths = false
      }
    }
    if foldsInvertedTruths { result = attempt.outcome() }
  }
  for warning in warnings {
    switch warn(warning) {
    case .proceed: continue
    case .syntaxError: throw .syntax(message: warning.message, location: warning.location)
    case .raised: throw .warningRaised
    }
  }
  return try result.get()
}

/// One walk over a tree, tried on the caller's stack first and for deep trees again on a larger
/// one.
final class Attempt<Value> {
  /// Nesting that fits the stack of any thread.
  private let shallowLimit = 600

  private var options: CompilerOptions
  private let work: (CompilerOptions) throws(CompileError) -> Value
  private var result: Result<Value, CompileError> = .failure(.system(message: "not compiled"))

  init(
    _ options: CompilerOptions, _ work: @escaping (CompilerOptions) throws(CompileError) -> Value
  ) {
    self.options = options
    self.work = work
  }

  func outcome() -> Result<Value, CompileError> {
    do throws(CompileError) {
      return .success(try run())
    } catch {
      return .failure(error)
    }
  }

  func run() throws(CompileError) -> Value {
    attempt(limit: min(options.recursionLimit, shallowLimit))
    if case .failure(.recursion) = result, options.recursionLimit > shallowLimit {
      _ = onLargeStack { self.attempt(limit: self.options.recursionLimit) }
    }
    return try result.get()
  }

  private func attempt(limit: Int) {
    var options = options
    options.recursionLimit = limit
    do throws(CompileError) {
      result = .success(try work(options))
    } catch {
      result = .failure(error)
    }
  }
}

/// The symbol table of a tree (`symtable.symtable()`), which is left as it is.
public func makeSymbolTable(_ mod: Mod, _ options: CompilerOptions) throws(CompileError)
  -> SymbolTable
{
  let scan = try FutureScan(mod)
  let future = scan.features.union(options.future.intersection(.all))
  return try Attempt(options) { options throws(CompileError) in
    try SymbolTableBuilder.build(mod, future: future, options: options)
  }.run()
}

/// Replaces constant expressions of a tree by their values (`ast.parse(optimize=1)`).
///
/// - Returns: where `~True` and `~False` were left alone; none with `foldsInvertedTruths`.
@discardableResult
public func foldConstants(
  _ mod: Mod, _ options: CompilerOptions, future: FutureFeatures, foldsInvertedTruths: Bool = true
) throws(CompileError) -> [SourceRange] {
  var folding = ConstantFolding(
    optimize: options.optimize, dialect: options.dialect,
    stringAnnotations: future.contains(.annotations),
    depth: RecursionDepth(limit: options.recursionLimit))
  folding.foldsInvertedTruths = foldsInvertedTruths
  try folding.fold(mod)
  return folding.invertedTruths
}

private let invertedTruthMessage =
  "Bitwise inversion '~' on bool is deprecated and will be removed in Python 3.16. "
  + "This returns the bitwise inversion of the underlying int object and is usually "
  + "not what you expect from negating a bool. Use the 'not' operator for boolean "
  + "negation or ~int(x) if you really want the bitwise inversion of the underlying "
  + "int."
