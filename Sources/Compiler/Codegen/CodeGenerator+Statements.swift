import AST
import Bytecode

extension CodeGenerator {
  func visit(_ statements: [Stmt]) throws(Failure) {
    for statement in statements { try visit(statement) }
  }

  func visit(_ statement: Stmt) throws(Failure) {
    try depth.enter()
    defer { depth.leave() }
    unit.location = statement.location
    switch statement.kind {
    case .functionDef(let node): try function(node, statement, isAsync: false)
    case .asyncFunctionDef(let node): try function(node, statement, isAsync: true)
    case .classDef(let node): try classDefinition(node, statement)
    case .typeAlias(let name, let typeParams, let value):
      try typeAlias(name, typeParams, value, statement)
    case .return(let value): try returnStatement(value, statement)
    case .delete(let targets): for target in targets { try visit(target) }
    case .assign(let targets, let value, _):
      try visit(value)
      for (index, target) in targets.enumerated() {
        if index + 1 < targets.count { emit(.dupTop) }
        try visit(target)
      }
    case .augAssign(let target, let op, let value): try augmented(target, op, value, statement)
    case .annAssign(let target, let annotation, let value, let simple):
      try annotated(target, annotation, value, simple)
    case .for(let node): try forLoop(node)
    case .asyncFor(let node): try asyncForLoop(node)
    case .while(let test, let body, let orelse): try whileLoop(test, body, orelse, statement)
    case .if(let test, let body, let orelse): try ifStatement(test, body, orelse)
    case .match(let subject, let cases): try match(subject, cases)
    case .raise(let exc, let cause):
      var count = 0
      if let exc {
        try visit(exc)
        count = 1
        if let cause {
          try visit(cause)
          count = 2
        }
      }
      emit(.raiseVarargs, count)
      startBlock()
    case .try(let node):
      if node.finalbody.isEmpty { try tryExcept(node) } else { try tryFinally(node, isStar: false) }
    case .tryStar(let node):
      if node.finalbody.isEmpty {
        try tryExceptStar(node)
      } else {
        try tryFinally(node, isStar: true)
      }
    case .assert(let test, let msg): try assertion(test, msg, statement)
    case .import(let names): try importModules(names)
    case .importFrom(let module, let names, let level):
      try importNames(module, names, level, statement)
    case .global, .nonlocal: break
    case .expr(let value): try expressionStatement(value)
    case .pass: emit(.nop)
    case .break: try leaveLoop(isBreak: true)
    case .continue: try leaveLoop(isBreak: false)
    case .with(let node): try with(node, 0, statement)
    case .asyncWith(let node): try asyncWith(node, 0, statement)
    }
  }

  private func expressionStatement(_ value: Expr) throws(Failure) {
    if isInteractive && outerUnits.isEmpty {
      try visit(value)
      emit(.printExpr)
      return
    }
    if case .constant = value.kind {
      // Nothing but its line.
      emit(.nop)
      return
    }
    try visit(value)
    unit.location = .none
    emit(.popTop)
  }

  private func returnStatement(_ value: Expr?, _ statement: Stmt) throws(Failure) {
    if !unit.scope.isFunctionLike { throw error("'return' outside function") }
    var constant: Constant?
    if let value {
      if unit.scope.isCoroutine && unit.scope.isGenerator {
        throw error("'return' with value in async generator")
      }
      if case .constant(let known, _) = value.kind {
        constant = known
        unit.location = value.location
        emit(.nop)
      } else {
        try visit(value)
      }
    }
    let keepsTop = value != nil && constant == nil
    if value == nil || value?.location.lineno != statement.location.lineno {
      unit.location = statement.location
      emit(.nop)
    }
    _ = try unwindBlocks(keepsTop: keepsTop, toLoop: false)
    if value == nil {
      emitConstant(.none)
    } else if let constant {
      emitConstant(CodeConstant(constant))
    }
    emit(.returnValue)
    startBlock()
  }

  // MARK: assignment

  private func augmented(
    _ target: Expr, _ op: Operator, _ value: Expr, _ statement: Stmt
  ) throws(Failure) {
    let inPlace = Self.inPlaceOpcode(op)
    switch target.kind {
    case .attribute(let object, let attr, _):
      unit.location = target.location
      try visit(object)
      emit(.dupTop)
      let place = attributeLocation(target, attr)
      emitName(.loadAttr, attr, at: place)
      unit.location = statement.location
      try visit(value)
      emit(inPlace)
      unit.location = place
      emit(.rotTwo)
      emitName(.storeAttr, attr, at: place)
    case .subscript(let object, let slice, _):
      unit.location = target.location
      try visit(object)
      try visit(slice)
      emit(.dupTopTwo)
      emit(.binarySubscr)
      unit.location = statement.location
      try visit(value)
      emit(inPlace)
      unit.location = target.location
      emit(.rotThree)
      emit(.storeSubscr)
    case .name(let id, _):
      unit.location = target.location
      try name(id, .load)
      unit.location = statement.location
      try visit(value)
      emit(inPlace)
      unit.location = target.location
      try name(id, .store)
    default:
      throw .system(message: "invalid node type for augmented assignment")
    }
  }

  private func annotated(
    _ target: Expr, _ annotation: Expr, _ value: Expr?, _ simple: Bool
  ) throws(Failure) {
    if let value {
      try visit(value)
      try visit(target)
    }
    switch target.kind {
    case .name(let id, _):
      try checkName(id, .store, at: unit.location)
      if simple, unit.kind == .module || unit.kind == .class {
        try visit(annotation: annotation)
        emitName(.loadName, "__annotations__")
        emitConstant(.string(Array(mangled(id).utf8)))
        emit(.storeSubscr)
      }
    case .attribute(let object, let attr, _):
      try checkName(attr, .store, at: unit.location)
      if value == nil { try evaluate(object) }
    case .subscript(let object, let slice, _):
      if value == nil {
        try evaluate(object)
        try evaluate(subscript: slice)
      }
    default:
      throw .system(message: "invalid node type for annotated assignment")
    }
    // The annotation of anything else is evaluated for its effects, in a module or class.
    if !simple, !future.annotations, unit.kind == .module || unit.kind == .class {
      try evaluate(annotation)
    }
  }

  /// Computes and drops.
  private func evaluate(_ expression: Expr) throws(Failure) {
    try visit(expression)
    emit(.popTop)
  }

  private func evaluate(subscript slice: Expr) throws(Failure) {
    switch slice.kind {
    case .slice(let lower, let upper, let step):
      if let lower { try evaluate(lower) }
      if let upper { try evaluate(upper) }
      if let step { try evaluate(step) }
    case .tuple(let elts, _): for elt in elts { try evaluate(subscript: elt) }
    default: try evaluate(slice)
    }
  }

  // MARK: conditions

  private func ifStatement(_ test: Expr, _ body: [Stmt], _ orelse: [Stmt]) throws(Failure) {
    let end = newBlock()
    let next = orelse.isEmpty ? end : newBlock()
    try jump(if: test, is: false, to: next)
    try visit(body)
    if !orelse.isEmpty {
      emitJump(.jumpForward, end, at: .none)
      use(next)
      try visit(orelse)
    }
    use(end)
  }

  private func assertion(_ test: Expr, _ msg: Expr?, _ statement: Stmt) throws(Failure) {
    switch test.kind {
    case .tuple(let elts, _) where !elts.isEmpty:
      warning("assertion is always true, perhaps remove parentheses?", at: statement.location)
    case .constant(.tuple(let items), _) where !items.isEmpty:
      warning("assertion is always true, perhaps remove parentheses?", at: statement.location)
    default: break
    }
    if options.optimize > 0 { return }
    let end = newBlock()
    try jump(if: test, is: true, to: end)
    if hasColumns { unit.location = statement.location }
    emit(.loadAssertionError)
    if let msg {
      try visit(msg)
      emit(.callFunction, 1, at: hasColumns ? test.location : unit.location)
    }
    emit(.raiseVarargs, 1, at: hasColumns ? test.location : unit.location)
    use(end)
  }

  // MARK: imports

  private func importModules(_ names: [Alias]) throws(Failure) {
    for alias in names {
      emitConstant(.int(0))
      emitConstant(.none)
      emitName(.importName, alias.name)
      let parts = alias.name.split(separator: ".", omittingEmptySubsequences: false)
      guard let asname = alias.asname else {
        try name(String(parts[0]), .store)
        continue
      }
      // `import a.b.c as x` takes b out of a and c out of b.
      if parts.count > 1 {
        for (index, part) in parts.dropFirst().enumerated() {
          if index > 0 {
            emit(.rotTwo)
            emit(.popTop)
          }
          emitName(.importFrom, String(part))
        }
        try name(asname, .store)
        emit(.popTop)
      } else {
        try name(asname, .store)
      }
    }
  }

  private func importNames(
    _ module: String?, _ names: [Alias], _ level: Int, _ statement: Stmt
  ) throws(Failure) {
    emitConstant(.int(level))
    if statement.location.lineno > futureLine, module == "__future__", level == 0 {
      throw error(FutureScan.lateMessage)
    }
    emitConstant(.tuple(names.map { .string(Array($0.name.utf8)) }))
    emitName(.importName, module ?? "")
    for (index, alias) in names.enumerated() {
      if index == 0, alias.name == "*" {
        emit(.importStar)
        return
      }
      emitName(.importFrom, alias.name)
      try name(alias.asname ?? alias.name, .store)
    }
    emit(.popTop)
  }
}
