import AST

/// Compiles a tree: folds constants, resolves names, makes code.
///
/// The tree is changed: constant expressions are replaced by their values.
///
/// - Parameters:
///   - mod: what the parser made; its kind is the mode (`exec`, `single`, `eval`).
///   - warn: receives SyntaxWarnings as they are found and says what becomes of them.
/// - Throws: why the tree has no code, see `CompileError`.
public func compile(
  _ mod: Mod, _ options: CompilerOptions,
  warn: @escaping (CompilerWarning) -> WarningVerdict = { _ in .proceed }
) throws(CompileError) -> CodeUnit {
  let scan = try FutureScan(mod)
  let future = scan.features.union(options.future.intersection(.all))
  try foldConstants(mod, options, future: future)
  let table = try SymbolTableBuilder.build(mod, future: future, options: options)
  let generator = CodeGenerator(
    table: table, options: options, future: future, futureLine: scan.lastLine, warn: warn)
  return try generator.generate(mod)
}

/// The symbol table of a tree (`symtable.symtable()`), which is left as it is.
public func makeSymbolTable(_ mod: Mod, _ options: CompilerOptions) throws(CompileError) -> SymbolTable {
  let scan = try FutureScan(mod)
  let future = scan.features.union(options.future.intersection(.all))
  return try SymbolTableBuilder.build(mod, future: future, options: options)
}

/// Replaces constant expressions of a tree by their values (`ast.parse(optimize=1)`).
public func foldConstants(
  _ mod: Mod, _ options: CompilerOptions, future: FutureFeatures
) throws(CompileError) {
  var folding = ConstantFolding(
    optimize: options.optimize, dialect: options.dialect,
    stringAnnotations: future.contains(.annotations),
    depth: RecursionDepth(limit: options.recursionLimit))
  try folding.fold(mod)
}
