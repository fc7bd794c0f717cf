import AST

/// First pass: collects what every block does with its names.
///
/// Rules and messages: `Python/symtable.c` of CPython 3.13.
struct SymbolTableBuilder {
  let stringAnnotations: Bool
  let allowTopLevelAwait: Bool
  let table: SymbolTable
  var stack: [Scope] = []
  var current: Scope
  /// The class whose private names are mangled.
  var privateName: String?
  var depth: RecursionDepth

  typealias Failure = CompileError

  /// Builds and analyses the table of a tree.
  static func build(
    _ mod: Mod, future: FutureFeatures, options: CompilerOptions
  ) throws(Failure) -> SymbolTable {
    let top = Scope(
      name: "top", type: .module,
      location: SourceRange(lineno: 0, colOffset: 0, endLineno: 0, endColOffset: 0))
    var builder = SymbolTableBuilder(
      stringAnnotations: future.annotations, allowTopLevelAwait: options.allowTopLevelAwait,
      table: SymbolTable(top: top), current: top,
      depth: RecursionDepth(limit: options.recursionLimit))
    builder.stack.append(top)
    switch mod {
    case .module(let body, _), .interactive(let body): try builder.visit(body)
    case .expression(let body): try builder.visit(body)
    case .functionType: throw .system(message: "this compiler does not handle FunctionTypes")
    }
    var analysis = SymbolAnalysis(
      inlineComprehensions: options.dialect.contains(.inlinedComprehensions))
    try analysis.analyze(builder.table)
    return builder.table
  }

  // MARK: blocks

  mutating func enter(
    _ name: String, _ type: ScopeType, _ node: AnyObject, _ location: SourceRange,
    isDefault: Bool = false
  ) {
    let scope = Scope(name: name, type: type, location: location)
    scope.isNested = current.isNested || current.isFunctionLike
    // Everything inside a comprehension's iterable is part of it.
    scope.comprehensionIterableDepth = current.comprehensionIterableDepth
    if type != .class { scope.mangledNames = current.mangledNames }
    // An annotation that becomes text has no effect on the table around it.
    if type != .annotation {
      current.children.append(scope)
      if isDefault {
        table.defaultScopes[ObjectIdentifier(node)] = scope
      } else {
        table.scopes[ObjectIdentifier(node)] = scope
      }
    }
    stack.append(scope)
    current = scope
  }

  mutating func leave() {
    stack.removeLast()
    current = stack[stack.count - 1]
  }

  // MARK: names

  func error(_ message: String, at location: SourceRange) -> Failure {
    .syntax(message: message, location: location)
  }

  func lookUp(_ name: String) -> SymbolFlags {
    current[mangle(name, in: privateName, scope: current)]
  }

  mutating func define(
    _ name: String, _ flag: SymbolFlags, _ location: SourceRange
  ) throws(Failure) {
    if flag.contains(.defTypeParam) { current.mangledNames?.names.insert(name) }
    try define(name, flag, in: current, location)
  }

  func define(
    _ name: String, _ flag: SymbolFlags, in scope: Scope, _ location: SourceRange
  ) throws(Failure) {
    let mangled = mangle(name, in: privateName, scope: current)
    var flags = scope[mangled]
    if flag.contains(.defParam) && flags.contains(.defParam) {
      throw error("duplicate argument '\(name)' in function definition", at: location)
    }
    if flag.contains(.defTypeParam) && flags.contains(.defTypeParam) {
      throw error("duplicate type parameter '\(name)'", at: location)
    }
    flags.formUnion(flag)
    if scope.isIterationTarget {
      if !flags.isDisjoint(with: [.defGlobal, .defNonlocal]) {
        throw error(
          "comprehension inner loop cannot rebind assignment expression target '\(name)'",
          at: location)
      }
      flags.insert(.defComprehensionIteration)
    }
    scope[mangled] = flags
    if flag.contains(.defParam) {
      scope.varNames.append(mangled)
    } else if flag.contains(.defGlobal), scope !== table.top {
      table.top[mangled].insert(.defGlobal)
    }
  }

  // MARK: statements

  mutating func visit(_ statements: [Stmt]) throws(Failure) {
    for statement in statements { try visit(statement) }
  }

  mutating func visit(_ statement: Stmt) throws(Failure) {
    try depth.enter()
    defer { depth.leave() }
    switch statement.kind {
    case .functionDef(let node): try visitFunction(node, statement, isAsync: false)
    case .asyncFunctionDef(let node): try visitFunction(node, statement, isAsync: true)
    case .classDef(let node): try visitClass(node, statement)
    case .return(let value): try visit(value)
    case .delete(let targets): try visit(targets)
    case .assign(let targets, let value, _):
      try visit(targets)
      try visit(value)
    case .typeAlias(let name, let typeParams, let value):
      try visitTypeAlias(name, typeParams, value, statement)
    case .augAssign(let target, _, let value):
      try visit(target)
      try visit(value)
    case .annAssign(let target, let annotation, let value, let simple):
      try visitAnnotated(target, annotation, value, simple, statement)
    case .for(let node): try visitLoop(node)
    case .asyncFor(let node):
      markTopLevelAwait()
      try visitLoop(node)
    case .while(let test, let body, let orelse), .if(let test, let body, let orelse):
      try visit(test)
      try visit(body)
      try visit(orelse)
    case .with(let node): try visitWith(node)
    case .asyncWith(let node):
      markTopLevelAwait()
      try visitWith(node)
    case .match(let subject, let cases):
      try visit(subject)
      for item in cases {
        try visit(item.pattern)
        try visit(item.guard)
        try visit(item.body)
      }
    case .raise(let exc, let cause):
      try visit(exc)
      try visit(cause)
    case .try(let node), .tryStar(let node):
      try visit(node.body)
      for handler in node.handlers {
        try visit(handler.type)
        if let name = handler.name { try define(name, .defLocal, handler.location) }
        try visit(handler.body)
      }
      try visit(node.orelse)
      try visit(node.finalbody)
    case .assert(let test, let msg):
      try visit(test)
      try visit(msg)
    case .import(let names), .importFrom(_, let names, _):
      for alias in names { try visit(alias) }
    case .global(let names): try visitDirective(names, .defGlobal, "global", statement.location)
    case .nonlocal(let names):
      try visitDirective(names, .defNonlocal, "nonlocal", statement.location)
    case .expr(let value): try visit(value)
    case .pass, .break, .continue: break
    }
  }

  /// With top-level await allowed, an asynchronous statement makes the module a coroutine.
  private func markTopLevelAwait() {
    if allowTopLevelAwait && current.type == .module { current.isCoroutine = true }
  }

  private mutating func visitLoop(_ node: For) throws(Failure) {
    try visit(node.target)
    try visit(node.iter)
    try visit(node.body)
    try visit(node.orelse)
  }

  private mutating func visitWith(_ node: With) throws(Failure) {
    for item in node.items {
      try visit(item.contextExpr)
      try visit(item.optionalVars)
    }
    try visit(node.body)
  }

  private mutating func visitFunction(
    _ node: FunctionDef, _ statement: Stmt, isAsync: Bool
  ) throws(Failure) {
    try define(node.name, .defLocal, statement.location)
    try visit(node.args.defaults)
    for value in node.args.kwDefaults { try visit(value) }
    try visit(node.decoratorList)
    if !node.typeParams.isEmpty {
      try enterTypeParams(
        node.name, node, hasDefaults: true,
        hasKeywordDefaults: node.args.kwDefaults.contains { $0 != nil }, isClass: false,
        statement.location)
      for param in node.typeParams { try visit(param) }
    }
    try visitAnnotations(node.args, node.returns, statement)
    enter(node.name, .function, statement, statement.location)
    if isAsync { current.isCoroutine = true }
    try visitParameters(node.args)
    try visit(node.body)
    leave()
    if !node.typeParams.isEmpty { leave() }
  }

  private mutating func visitClass(_ node: ClassDef, _ statement: Stmt) throws(Failure) {
    try define(node.name, .defLocal, statement.location)
    try visit(node.decoratorList)
    let outer = privateName
    if !node.typeParams.isEmpty {
      try enterTypeParams(
        node.name, node, hasDefaults: false, hasKeywordDefaults: false, isClass: true,
        statement.location)
      privateName = node.name
      current.mangledNames = MangledNames()
      for param in node.typeParams { try visit(param) }
    }
    try visit(node.bases)
    for keyword in node.keywords { try visit(keyword) }
    enter(node.name, .class, statement, statement.location)
    privateName = node.name
    if !node.typeParams.isEmpty {
      try define("__type_params__", .defLocal, statement.location)
      try define(".type_params", .use, statement.location)
    }
    try visit(node.body)
    leave()
    if !node.typeParams.isEmpty { leave() }
    privateName = outer
  }

  private mutating func visitAnnotated(
    _ target: Expr, _ annotation: Expr, _ value: Expr?, _ simple: Bool, _ statement: Stmt
  ) throws(Failure) {
    if case .name(let id, _) = target.kind {
      let flags = lookUp(id)
      if !flags.isDisjoint(with: [.defGlobal, .defNonlocal]), current !== table.top, simple {
        let kind = flags.contains(.defGlobal) ? "global" : "nonlocal"
        throw error("annotated name '\(id)' can't be \(kind)", at: statement.location)
      }
      if simple {
        try define(id, [.defAnnotation, .defLocal], target.location)
      } else if value != nil {
        try define(id, .defLocal, target.location)
      }
    } else {
      try visit(target)
    }
    try visit(annotation: annotation)
    try visit(value)
  }

  /// `global` and `nonlocal`: nothing may have been done with the names before.
  private mutating func visitDirective(
    _ names: [String], _ flag: SymbolFlags, _ word: String, _ location: SourceRange
  ) throws(Failure) {
    for name in names {
      let flags = lookUp(name)
      if flags.contains(.defParam) {
        throw error("name '\(name)' is parameter and \(word)", at: location)
      }
      if flags.contains(.use) {
        throw error("name '\(name)' is used prior to \(word) declaration", at: location)
      }
      if flags.contains(.defAnnotation) {
        throw error("annotated name '\(name)' can't be \(word)", at: location)
      }
      if flags.contains(.defLocal) {
        throw error("name '\(name)' is assigned to before \(word) declaration", at: location)
      }
      try define(name, flag, location)
      recordDirective(name, location)
    }
  }

  func recordDirective(_ name: String, _ location: SourceRange) {
    current.directives.append((mangle(name, in: privateName, scope: current), location))
  }

  private mutating func visit(_ alias: Alias) throws(Failure) {
    let name = alias.asname ?? alias.name
    if name == "*" {
      if current.type != .module {
        throw error("import * only allowed at module level", at: alias.location)
      }
      return
    }
    let stored = name.utf8.contains(UInt8(ascii: ".")) ? String(name.prefix { $0 != "." }) : name
    try define(stored, .defImport, alias.location)
  }

  // MARK: parameters and annotations

  mutating func visitParameters(_ args: Arguments) throws(Failure) {
    for arg in args.posonlyargs { try visitParameter(arg) }
    for arg in args.args { try visitParameter(arg) }
    for arg in args.kwonlyargs { try visitParameter(arg) }
    if let vararg = args.vararg {
      try visitParameter(vararg)
      current.hasVarArgs = true
    }
    if let kwarg = args.kwarg {
      try visitParameter(kwarg)
      current.hasVarKeywords = true
    }
  }

  private mutating func visitParameter(_ arg: Arg) throws(Failure) {
    try define(arg.arg, .defParam, arg.location)
  }

  private mutating func visit(annotation: Expr) throws(Failure) {
    if stringAnnotations { enter("_annotation", .annotation, annotation, annotation.location) }
    try visit(annotation)
    if stringAnnotations { leave() }
  }

  private mutating func visitAnnotations(
    _ args: Arguments, _ returns: Expr?, _ statement: Stmt
  ) throws(Failure) {
    if stringAnnotations { enter("_annotation", .annotation, statement, statement.location) }
    for arg in args.posonlyargs { try visit(arg.annotation) }
    for arg in args.args { try visit(arg.annotation) }
    try visit(args.vararg?.annotation)
    try visit(args.kwarg?.annotation)
    for arg in args.kwonlyargs { try visit(arg.annotation) }
    if stringAnnotations { leave() }
    if let returns { try visit(annotation: returns) }
  }

  // MARK: patterns

  private mutating func visit(_ pattern: Pattern) throws(Failure) {
    try depth.enter()
    defer { depth.leave() }
    switch pattern.kind {
    case .matchValue(let value): try visit(value)
    case .matchSingleton: break
    case .matchSequence(let patterns), .matchOr(let patterns):
      for item in patterns { try visit(item) }
    case .matchMapping(let keys, let patterns, let rest):
      try visit(keys)
      for item in patterns { try visit(item) }
      if let rest { try define(rest, .defLocal, pattern.location) }
    case .matchClass(let cls, let patterns, _, let kwdPatterns):
      try visit(cls)
      for item in patterns { try visit(item) }
      for item in kwdPatterns { try visit(item) }
    case .matchStar(let name): if let name { try define(name, .defLocal, pattern.location) }
    case .matchAs(let inner, let name):
      if let inner { try visit(inner) }
      if let name { try define(name, .defLocal, pattern.location) }
    }
  }
}
