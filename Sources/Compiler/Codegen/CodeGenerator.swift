import AST
import Bytecode

/// Makes code from a tree and its symbol table.
///
/// The shape of the code is that of CPython 3.10 (`Python/compile.c`), with constructs of later
/// releases in the same style. Statements and expressions are in the extensions by topic.
final class CodeGenerator {
  let table: SymbolTable
  let options: CompilerOptions
  let dialect: Dialect
  /// Features of the file and those inherited.
  let future: FutureFeatures
  /// Line of the last `__future__` import.
  let futureLine: Int32
  /// `single` mode: values of expression statements are shown.
  var isInteractive = false
  /// SyntaxWarnings found so far.
  var warnings: [CompilerWarning] = []
  var depth: RecursionDepth
  /// The units around the present one.
  var outerUnits: [CompilationUnit] = []
  var unit: CompilationUnit

  typealias Failure = CompileError

  init(
    table: SymbolTable, options: CompilerOptions, future: FutureFeatures, futureLine: Int32
  ) {
    self.table = table
    self.options = options
    dialect = options.dialect
    self.future = future
    self.futureLine = futureLine
    depth = RecursionDepth(limit: options.recursionLimit)
    unit = CompilationUnit(
      scope: table.top, kind: .module, name: "<module>", firstLine: 1, privateName: nil,
      dialect: options.dialect)
    unit.qualifiedName = "<module>"
  }

  /// Positions as 3.11 and later place them.
  var hasColumns: Bool { dialect.contains(.columns) }

  // MARK: the whole tree

  func generate(_ mod: Mod) throws(Failure) -> CodeUnit {
    var addNone = true
    switch mod {
    case .module(let body, _): try statements(body)
    case .interactive(let body):
      if containsAnnotations(body) { emit(.setupAnnotations) }
      isInteractive = true
      try visit(body)
    case .expression(let body):
      try visit(body)
      addNone = false
    case .functionType: throw .system(message: "module kind cannot be compiled")
    }
    return try assemble(addNone: addNone)
  }

  /// The statements of a module or class, with docstring and annotations.
  func statements(_ statements: [Stmt]) throws(Failure) {
    if unit.kind == .module, let first = statements.first { unit.location = first.location }
    if containsAnnotations(statements) { emit(.setupAnnotations) }
    var rest = statements[...]
    if options.optimize < 2, let text = docstring(of: statements) {
      rest = rest.dropFirst()
      let saved = unit.location
      if case .expr(let value) = statements[0].kind { unit.location = value.location }
      emitConstant(.string(try cleaned(text)))
      unit.location = saved
      unit.location = .none
      try name("__doc__", .store)
    }
    for statement in rest { try visit(statement) }
  }

  /// Whether a variable annotation stands in these statements, not counting nested functions.
  func containsAnnotations(_ statements: [Stmt]) -> Bool {
    for statement in statements {
      switch statement.kind {
      case .annAssign: return true
      case .for(let node), .asyncFor(let node):
        if containsAnnotations(node.body) || containsAnnotations(node.orelse) { return true }
      case .while(_, let body, let orelse), .if(_, let body, let orelse):
        if containsAnnotations(body) || containsAnnotations(orelse) { return true }
      case .match(_, let cases) where dialect.contains(.annotationsInMatch):
        for item in cases where containsAnnotations(item.body) { return true }
      case .with(let node), .asyncWith(let node):
        if containsAnnotations(node.body) { return true }
      case .try(let node), .tryStar(let node):
        if containsAnnotations(node.body) || containsAnnotations(node.finalbody)
          || containsAnnotations(node.orelse)
        {
          return true
        }
        for handler in node.handlers where containsAnnotations(handler.body) { return true }
      default: break
      }
    }
    return false
  }

  func cleaned(_ docstring: [UInt8]) throws(Failure) -> [UInt8] {
    dialect.contains(.cleanDocstrings) ? try cleanedDocstring(docstring) : docstring
  }

  // MARK: units

  /// Starts a nested code object.
  func enter(
    _ name: String, _ kind: UnitKind, _ node: AnyObject, firstLine: Int32,
    privateName: String? = nil
  ) throws(Failure) {
    try enter(name, kind, table.scope(of: node), firstLine: firstLine, privateName: privateName)
  }

  func enter(
    _ name: String, _ kind: UnitKind, _ scope: Scope?, firstLine: Int32,
    privateName: String? = nil
  ) throws(Failure) {
    guard let scope else {
      throw .system(message: "unknown scope for node of \(name)")
    }
    let inner = CompilationUnit(
      scope: scope, kind: kind, name: name, firstLine: Int(firstLine),
      privateName: privateName ?? unit.privateName, dialect: dialect)
    outerUnits.append(unit)
    inner.qualifiedName = qualifiedName(of: name, kind)
    unit = inner
  }

  func leave() {
    if let outer = outerUnits.popLast() { unit = outer }
  }

  /// `__qualname__` of what is defined in the innermost of `outerUnits` (PEP 3155).
  private func qualifiedName(of name: String, _ kind: UnitKind) -> String {
    var place = outerUnits.count - 1
    if place >= 0, outerUnits[place].kind == .typeParameters {
      if place == 1 { return name }
      place -= 1
    }
    if place <= 0 && outerUnits[0].kind == .module && place == 0 { return name }
    let parent = outerUnits[place]
    if kind == .function || kind == .asyncFunction || kind == .class {
      let mangled = mangle(name, in: parent.privateName, scope: parent.scope)
      if parent.scope[mangled].scope == .globalExplicit { return name }
    }
    return parent.qualifiedName + (parent.kind.hasLocals ? ".<locals>." : ".") + name
  }

  // MARK: instructions

  /// Adds an instruction at the present place.
  @inline(__always)
  func emit(_ op: Opcode, _ oparg: Int = 0) {
    unit.graph.add(Instruction(op, oparg, at: unit.location))
  }

  @inline(__always)
  func emit(_ op: Opcode, _ oparg: Int = 0, at location: SourceRange) {
    unit.graph.add(Instruction(op, oparg, at: location))
  }

  func emitJump(_ op: Opcode, _ target: Int) {
    unit.graph.add(Instruction(op, target: target, at: unit.location))
  }

  func emitJump(_ op: Opcode, _ target: Int, at location: SourceRange) {
    unit.graph.add(Instruction(op, target: target, at: location))
  }

  func emitConstant(_ constant: CodeConstant) { emit(.loadConst, unit.constants.add(constant)) }

  func emitConstant(_ constant: CodeConstant, at location: SourceRange) {
    emit(.loadConst, unit.constants.add(constant), at: location)
  }

  /// An instruction whose argument is an attribute or module name.
  func emitName(_ op: Opcode, _ name: String) { emitName(op, name, at: unit.location) }

  func emitName(_ op: Opcode, _ name: String, at location: SourceRange) {
    emit(op, unit.names.add(mangled(name)), at: location)
  }

  func mangled(_ name: String) -> String { mangle(name, in: unit.privateName, scope: unit.scope) }

  func newBlock() -> Int { unit.graph.newBlock() }
  func use(_ block: Int) { unit.graph.use(block) }
  func startBlock() { unit.graph.startBlock() }

  // MARK: errors

  func error(_ message: String, at location: SourceRange) -> Failure {
    .syntax(message: message, location: location)
  }

  func error(_ message: String) -> Failure { error(message, at: unit.location) }

  /// Notes a warning; code that is generated twice gives it once.
  func warning(_ message: String, at location: SourceRange) {
    warnings.append(CompilerWarning(message: message, location: location))
  }

  // MARK: blocks of statements

  func push(_ block: FrameBlock) throws(Failure) {
    if unit.frameBlocks.count >= (dialect.contains(.deeperBlocks) ? 21 : 20) {
      throw error(
        "too many statically nested blocks",
        at: block.location.hasLine ? block.location : unit.location)
    }
    unit.frameBlocks.append(block)
  }

  func pop() { unit.frameBlocks.removeLast() }

  // MARK: names

  /// Loads, stores or deletes a variable.
  func name(_ name: String, _ context: ExprContext) throws(Failure) {
    try checkName(name, context, at: unit.location)
    let mangled = mangled(name)
    let scope = unit.scope[mangled].scope
    let isFunction = unit.scope.isFunctionLike
    switch scope {
    case .free: try emitCell(mangled, unit.freeIndex(mangled) ?? unit.cellIndex(mangled), context)
    case .cell: try emitCell(mangled, unit.cellIndex(mangled), context)
    case .local where isFunction || unit.hiddenLocals.contains(mangled):
      let index = unit.varNames.add(mangled)
      emit(context == .load ? .loadFast : context == .store ? .storeFast : .deleteFast, index)
    case .globalImplicit where isFunction, .globalExplicit:
      let index = unit.names.add(mangled)
      switch context {
      case .load:
        if unit.scope.canSeeClassScope, scope == .globalImplicit,
          let dict = unit.freeIndex("__classdict__")
        {
          emit(.loadDeref, dict)
          emit(.loadFromDictOrGlobals, index)
        } else {
          emit(.loadGlobal, index)
        }
      case .store: emit(.storeGlobal, index)
      case .del: emit(.deleteGlobal, index)
      }
    default:
      let index = unit.names.add(mangled)
      switch context {
      case .load:
        emit(unit.scope.type == .class && unit.inlinedDepth > 0 ? .loadGlobal : .loadName, index)
      case .store: emit(.storeName, index)
      case .del: emit(.deleteName, index)
      }
    }
  }

  private func emitCell(_ name: String, _ index: Int?, _ context: ExprContext) throws(Failure) {
    guard let index else { throw .system(message: "no cell for \(name) in \(unit.name)") }
    switch context {
    case .load:
      if unit.scope.type == .class, unit.inlinedDepth == 0 {
        emit(.loadClassderef, index)
      } else if unit.scope.canSeeClassScope, let dict = unit.freeIndex("__classdict__"),
        dict != index
      {
        emit(.loadDeref, dict)
        emit(.loadFromDictOrDeref, index)
      } else {
        emit(.loadDeref, index)
      }
    case .store: emit(.storeDeref, index)
    case .del: emit(.deleteDeref, index)
    }
  }

  /// `__debug__` cannot be bound.
  func checkName(_ name: String, _ context: ExprContext, at location: SourceRange) throws(Failure) {
    guard context != .load, name == "__debug__" else { return }
    throw error(
      context == .store ? "cannot assign to __debug__" : "cannot delete __debug__", at: location)
  }

  // MARK: assembling

  private func codeFlags() -> CodeFlags {
    let scope = unit.scope
    var flags: CodeFlags = []
    if scope.isFunctionLike {
      flags = [.newLocals, .optimized]
      if scope.isNested { flags.insert(.nested) }
      switch (scope.isGenerator, scope.isCoroutine) {
      case (true, false): flags.insert(.generator)
      case (false, true): flags.insert(.coroutine)
      case (true, true): flags.insert(.asyncGenerator)
      case (false, false): break
      }
      if scope.hasVarArgs { flags.insert(.varArgs) }
      if scope.hasVarKeywords { flags.insert(.varKeywords) }
    }
    flags.formUnion(CodeFlags(rawValue: future.rawValue))
    if options.allowTopLevelAwait, scope.isCoroutine, !scope.isGenerator {
      flags.insert(.coroutine)
    }
    if unit.cellVars.names.isEmpty, unit.freeVars.names.isEmpty, !dialect.contains(.withoutNoFree) {
      flags.insert(.noFree)
    }
    return flags
  }

  /// Finishes the present unit.
  ///
  /// - Parameter addNone: an end without `return` returns None, not the value on the stack.
  func assemble(addNone: Bool) throws(Failure) -> CodeUnit {
    if !unit.graph.currentBlock.endsInReturn {
      unit.location = .none
      if addNone { emitConstant(.none) }
      emit(.returnValue)
    }
    try unit.graph.normalize()
    let flags = codeFlags()
    let isCoroutineLike = !flags.isDisjoint(with: [.generator, .coroutine, .asyncGenerator])
    if isCoroutineLike {
      let kind = flags.contains(.coroutine) ? 1 : flags.contains(.asyncGenerator) ? 2 : 0
      unit.graph.blocks[0].instructions.insert(Instruction(.genStart, kind, at: .none), at: 0)
    }
    unit.graph.optimize(&unit.constants)
    unit.graph.duplicateExitsWithoutLine()
    trimConstants()
    unit.graph.propagateLines()
    unit.graph.guaranteeExitLines(firstLine: unit.firstLine)
    let stackSize = try unit.graph.stackDepth(
      startsWithValue: unit.scope.isGenerator || unit.scope.isCoroutine)
    unit.graph.chooseJumpOpcodes()
    try unit.graph.assignJumpOffsets()
    let (code, lineTable, locationTable) = unit.graph.emit(
      firstLine: unit.firstLine, locations: hasColumns, columns: options.columns)
    return CodeUnit(
      argCount: unit.argCount, posOnlyArgCount: unit.posOnlyArgCount,
      kwOnlyArgCount: unit.kwOnlyArgCount,
      stackSize: stackSize, flags: flags, firstLine: unit.firstLine, code: code,
      constants: unit.constants.items, names: unit.names.names, varNames: unit.varNames.names,
      cellVars: unit.cellVars.names, freeVars: unit.freeVars.names, fileName: options.fileName,
      name: unit.name, qualifiedName: unit.qualifiedName, lineTable: lineTable,
      locationTable: locationTable)
  }

  /// Drops constants after the last one in use; the first stays, it may be the docstring.
  private func trimConstants() {
    var last = 0
    var index = 0
    while index >= 0 {
      let block = unit.graph.blocks[index]
      for instruction in block.instructions where instruction.op == .loadConst {
        last = max(last, instruction.oparg)
      }
      index = block.next
    }
    unit.constants.truncate(to: last + 1)
  }
}
