import AST
import Bytecode

extension CodeGenerator {
  func function(_ node: FunctionDef, _ statement: Stmt, isAsync: Bool) throws(Failure) {
    try checkParameters(node.args)
    for decorator in node.decoratorList { try visit(decorator) }
    let firstLine = node.decoratorList.first?.location.lineno ?? statement.location.lineno
    var flags = try defaults(node.args)
    let isGeneric = !node.typeParams.isEmpty
    let carried = flags.nonzeroBitCount
    if isGeneric {
      try enter("<generic parameters of \(node.name)>", .typeParameters, node, firstLine: firstLine)
      unit.location = statement.location
      try typeParameters(node.typeParams)
      for index in 0..<carried { emit(.loadFast, index) }
    }
    if try annotations(node.args, node.returns) { flags |= 4 }
    try functionBody(node, statement, isAsync: isAsync, flags: flags, firstLine: firstLine)
    if isGeneric {
      emit(.rotTwo)
      emit(.callIntrinsic2, Int(IntrinsicFunction2.setFunctionTypeParams.rawValue))
      unit.argCount = carried
      let code = try assemble(addNone: false)
      leave()
      try makeClosure(code, flags: 0)
      if carried > 0 { emit(carried == 1 ? .rotTwo : .rotThree) }
      emit(.callFunction, carried)
    }
    try applyDecorators(node.decoratorList)
    try name(node.name, .store)
  }

  private func functionBody(
    _ node: FunctionDef, _ statement: Stmt, isAsync: Bool, flags: Int, firstLine: Int32
  ) throws(Failure) {
    try enter(node.name, isAsync ? .asyncFunction : .function, statement, firstLine: firstLine)
    var body = node.body[...]
    var documentation: [UInt8]?
    if options.optimize < 2 { documentation = docstring(of: node.body) }
    // The first constant is the docstring, or None.
    if let documentation {
      _ = unit.constants.add(.string(try cleaned(documentation)))
      body = body.dropFirst()
    } else {
      _ = unit.constants.add(.none)
    }
    countArguments(node.args)
    for item in body { try visit(item) }
    let code = try assemble(addNone: true)
    leave()
    try makeClosure(code, flags: flags)
  }

  func lambda(_ args: Arguments, _ body: Expr, _ expression: Expr) throws(Failure) {
    try checkParameters(args)
    let flags = try defaults(args)
    try enter("<lambda>", .lambda, expression, firstLine: expression.location.lineno)
    // In 3.10 the return belongs to line 0, which stands for the line of the code before it.
    unit.location = SourceRange(lineno: 0, colOffset: 0, endLineno: 0, endColOffset: 0)
    // So that a lambda has no docstring.
    _ = unit.constants.add(.none)
    countArguments(args)
    try visit(body)
    let code: CodeUnit
    if unit.scope.isGenerator {
      code = try assemble(addNone: false)
    } else {
      emit(.returnValue, at: hasColumns ? body.location : unit.location)
      code = try assemble(addNone: true)
    }
    leave()
    try makeClosure(code, flags: flags)
  }

  private func countArguments(_ args: Arguments) {
    unit.argCount = args.posonlyargs.count + args.args.count
    unit.posOnlyArgCount = args.posonlyargs.count
    unit.kwOnlyArgCount = args.kwonlyargs.count
  }

  /// Calls the decorators, the last one first.
  func applyDecorators(_ decorators: [Expr]) throws(Failure) {
    let saved = unit.location
    for decorator in decorators.reversed() {
      if hasColumns { unit.location = decorator.location }
      emit(.callFunction, 1)
    }
    unit.location = saved
  }

  private func checkParameters(_ args: Arguments) throws(Failure) {
    for arg in args.posonlyargs { try checkName(arg.arg, .store, at: arg.location) }
    for arg in args.args { try checkName(arg.arg, .store, at: arg.location) }
    for arg in args.kwonlyargs { try checkName(arg.arg, .store, at: arg.location) }
    if let arg = args.vararg { try checkName(arg.arg, .store, at: arg.location) }
    if let arg = args.kwarg { try checkName(arg.arg, .store, at: arg.location) }
  }

  /// Pushes the tuple of defaults and the dict of keyword-only defaults.
  ///
  /// - Returns: their bits of MAKE_FUNCTION's argument.
  private func defaults(_ args: Arguments) throws(Failure) -> Int {
    var flags = 0
    if !args.defaults.isEmpty {
      flags |= 1
      for value in args.defaults { try visit(value) }
      emit(.buildTuple, args.defaults.count)
    }
    var keys: [CodeConstant] = []
    for (arg, value) in zip(args.kwonlyargs, args.kwDefaults) {
      guard let value else { continue }
      keys.append(.string(Array(mangled(arg.arg).utf8)))
      try visit(value)
    }
    if !keys.isEmpty {
      flags |= 2
      emitConstant(.tuple(keys))
      emit(.buildConstKeyMap, keys.count)
    }
    return flags
  }

  // MARK: annotations

  /// Pushes the tuple `name, annotation, name, annotation...`; false when there is none.
  private func annotations(_ args: Arguments, _ returns: Expr?) throws(Failure) -> Bool {
    var count = 0
    try annotate(args.args, &count)
    try annotate(args.posonlyargs, &count)
    if let vararg = args.vararg { try annotate(vararg.arg, vararg.annotation, &count) }
    try annotate(args.kwonlyargs, &count)
    if let kwarg = args.kwarg { try annotate(kwarg.arg, kwarg.annotation, &count) }
    try annotate("return", returns, &count)
    if count == 0 { return false }
    emit(.buildTuple, count * 2)
    return true
  }

  private func annotate(_ args: [Arg], _ count: inout Int) throws(Failure) {
    for arg in args { try annotate(arg.arg, arg.annotation, &count) }
  }

  private func annotate(_ name: String, _ annotation: Expr?, _ count: inout Int) throws(Failure) {
    guard let annotation else { return }
    emitConstant(.string(Array(mangled(name).utf8)))
    if !future.annotations, case .starred(let value, _) = annotation.kind {
      // `*args: *Ts` (PEP 646)
      try visit(value)
      emit(.unpackSequence, 1)
    } else {
      try visit(annotation: annotation)
    }
    count += 1
  }

  /// The value of an annotation, or its text.
  func visit(annotation: Expr) throws(Failure) {
    if future.annotations {
      emitConstant(
        .string(Unparser.text(of: annotation)), at: hasColumns ? annotation.location : unit.location
      )
    } else {
      try visit(annotation)
    }
  }

  // MARK: closures

  /// Makes a function of a code object whose free variables are cells of this one.
  func makeClosure(_ code: CodeUnit, flags: Int, qualifiedName: String? = nil) throws(Failure) {
    var flags = flags
    if !code.freeVars.isEmpty {
      for name in code.freeVars {
        guard let index = closureIndex(name) else {
          throw .system(message: "no cell for \(name) of \(code.name) in \(unit.name)")
        }
        emit(.loadClosure, index)
      }
      flags |= 8
      emit(.buildTuple, code.freeVars.count)
    }
    emitConstant(.code(code))
    emitConstant(.string(Array((qualifiedName ?? code.qualifiedName).utf8)))
    emit(.makeFunction, flags)
  }

  private func closureIndex(_ name: String) -> Int? {
    // A name that is free and local in a class counts as free here.
    let isCell =
      unit.kind == .class && (name == "__class__" || name == "__classdict__")
      || unit.scope[name].scope == .cell || unit.freeVars.find(name) == nil
    return (isCell ? unit.cellIndex(name) : nil) ?? unit.freeIndex(name)
  }
}
