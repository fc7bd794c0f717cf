import AST
import Bytecode

extension CodeGenerator {
  /// `try` with `finally`: the final statements stand twice, after the body and in the handler.
  func tryFinally(_ node: Try, isStar: Bool) throws(Failure) {
    let body = newBlock(), end = newBlock(), exit = newBlock()
    emitJump(.setupFinally, end)
    use(body)
    try push(
      FrameBlock(
        kind: .finallyTry, block: body, exit: end, finalBody: node.finalbody,
        location: unit.location))
    if node.handlers.isEmpty {
      try visit(node.body)
    } else if isStar {
      try tryExceptStar(node)
    } else {
      try tryExcept(node)
    }
    emit(.popBlock, at: .none)
    pop()
    try visit(node.finalbody)
    emitJump(.jumpForward, exit, at: .none)
    use(end)
    // The runtime pushes a handler block here.
    try push(FrameBlock(kind: .finallyEnd, block: end))
    if hasColumns { unit.location = .none }
    try visit(node.finalbody)
    pop()
    emit(.reraise, 0, at: hasColumns ? .none : unit.location)
    use(exit)
  }

  func tryExcept(_ node: Try) throws(Failure) {
    let body = newBlock(), orelse = newBlock(), end = newBlock()
    var except = newBlock()
    emitJump(.setupFinally, except)
    use(body)
    try push(FrameBlock(kind: .tryExcept, block: body, location: unit.location))
    try visit(node.body)
    pop()
    emit(.popBlock, at: .none)
    emitJump(.jumpForward, orelse, at: .none)
    use(except)
    let known = warnings.count
    try push(FrameBlock(kind: .exceptionHandler, location: unit.location))
    for (index, handler) in node.handlers.enumerated() {
      unit.location = handler.location
      if handler.type == nil && index < node.handlers.count - 1 {
        throw error("default 'except:' must be last")
      }
      except = newBlock()
      if let type = handler.type {
        emit(.dupTop)
        try visit(type)
        emitJump(.jumpIfNotExcMatch, except)
        startBlock()
      }
      emit(.popTop)
      if let bound = handler.name {
        try namedHandler(handler, bound, end)
      } else {
        emit(.popTop)
        emit(.popTop)
        let cleanup = newBlock()
        use(cleanup)
        try push(FrameBlock(kind: .handlerCleanup, block: cleanup, location: unit.location))
        try visit(handler.body)
        pop()
        unit.location = .none
        emit(.popExcept)
        emitJump(.jumpForward, end)
      }
      use(except)
    }
    pop()
    unit.location = .none
    emit(.reraise, 0)
    use(orelse)
    // The code of 3.13 has `else` before the handlers; its warnings come in that order.
    let ofHandlers = warnings[known...]
    warnings.removeSubrange(known...)
    try visit(node.orelse)
    warnings.append(contentsOf: ofHandlers)
    use(end)
  }

  /// `except E as name:` unbinds the name in the end, also when its body raises.
  private func namedHandler(_ handler: ExceptHandler, _ bound: String, _ end: Int) throws(Failure) {
    let cleanupEnd = newBlock(), cleanupBody = newBlock()
    try name(bound, .store)
    emit(.popTop)
    emitJump(.setupFinally, cleanupEnd)
    use(cleanupBody)
    try push(
      FrameBlock(kind: .handlerCleanup, block: cleanupBody, name: bound, location: unit.location))
    try visit(handler.body)
    pop()
    unit.location = .none
    emit(.popBlock)
    emit(.popExcept)
    try unbind(bound)
    emitJump(.jumpForward, end)
    use(cleanupEnd)
    unit.location = .none
    try unbind(bound)
    emit(.reraise, 1)
  }

  // MARK: except* (PEP 654)

  /// Below the handled exception the stack holds `original, results, rest` while the clauses run:
  /// the exception as raised, the list of what clauses raised, and what no clause has taken yet.
  func tryExceptStar(_ node: Try) throws(Failure) {
    let body = newBlock(), except = newBlock(), orelse = newBlock(), end = newBlock()
    emitJump(.setupFinally, except)
    use(body)
    try push(FrameBlock(kind: .tryExcept, block: body, location: unit.location))
    try visit(node.body)
    pop()
    emit(.popBlock, at: .none)
    emitJump(.jumpForward, orelse, at: .none)
    use(except)
    try push(FrameBlock(kind: .exceptionHandler, location: unit.location))
    for (index, handler) in node.handlers.enumerated() {
      unit.location = handler.location
      if index == 0 {
        emit(.popTop)
        emit(.rotTwo)
        emit(.popTop)
        emit(.dupTop)
        emit(.buildList, 0)
        emit(.rotTwo)
      }
      try starHandler(handler)
    }
    pop()
    let reraise = newBlock()
    unit.location = .none
    emit(.listAppend, 1)
    emit(.prepReraiseStar)
    emit(.dupTop)
    emitConstant(.none)
    emit(.isOp, 0)
    emitJump(.popJumpIfFalse, reraise)
    startBlock()
    emit(.popTop)
    emit(.popExcept)
    emitJump(.jumpForward, end)
    use(reraise)
    emit(.reraiseValue)
    use(orelse)
    try visit(node.orelse)
    use(end)
  }

  private func starHandler(_ handler: ExceptHandler) throws(Failure) {
    let noMatch = newBlock(), next = newBlock(), cleanupEnd = newBlock(), cleanupBody = newBlock()
    guard let type = handler.type else {
      throw .value(message: "except* handler without a type")
    }
    try visit(type)
    emit(.checkEgMatch)
    emit(.dupTop)
    emitConstant(.none)
    emit(.isOp, 0)
    emitJump(.popJumpIfTrue, noMatch)
    startBlock()
    if let bound = handler.name { try name(bound, .store) } else { emit(.popTop) }
    emitJump(.setupFinally, cleanupEnd)
    use(cleanupBody)
    try push(FrameBlock(kind: .exceptionGroupHandler, block: cleanupBody, location: unit.location))
    try visit(handler.body)
    pop()
    unit.location = .none
    emit(.popBlock)
    if let bound = handler.name { try unbind(bound) }
    emitJump(.jumpForward, next)
    use(cleanupEnd)
    if let bound = handler.name { try unbind(bound) }
    // Keep the exception the clause raised, leave its handler.
    emit(.popTop)
    emit(.rotTwo)
    emit(.popTop)
    emit(.rotFour)
    emit(.popExcept)
    emit(.listAppend, 2)
    emitJump(.jumpForward, next)
    use(noMatch)
    unit.location = handler.location
    emit(.popTop)
    use(next)
  }

  // MARK: with

  func with(_ node: With, _ position: Int, _ statement: Stmt) throws(Failure) {
    let item = node.items[position]
    let block = newBlock(), final = newBlock(), exit = newBlock()
    let place = hasColumns ? item.contextExpr.location : statement.location
    try visit(item.contextExpr)
    emitJump(.setupWith, final, at: place)
    use(block)
    try push(FrameBlock(kind: .with, block: block, exit: final, location: place))
    if let target = item.optionalVars { try visit(target) } else { emit(.popTop, at: place) }
    if position + 1 < node.items.count {
      try with(node, position + 1, statement)
    } else {
      try visit(node.body)
    }
    unit.location = .none
    emit(.popBlock)
    pop()
    unit.location = place
    callExitWithNones()
    emit(.popTop)
    emitJump(.jumpForward, exit)
    use(final)
    emit(.withExceptStart)
    finishWithException()
    use(exit)
  }

  func asyncWith(_ node: With, _ position: Int, _ statement: Stmt) throws(Failure) {
    if !allowsAwait { throw error("'async with' outside async function") }
    let item = node.items[position]
    let block = newBlock(), final = newBlock(), exit = newBlock()
    let place = hasColumns ? item.contextExpr.location : statement.location
    try visit(item.contextExpr)
    unit.location = place
    emit(.beforeAsyncWith)
    awaitTop()
    emitJump(.setupAsyncWith, final)
    use(block)
    try push(FrameBlock(kind: .asyncWith, block: block, exit: final, location: place))
    if let target = item.optionalVars { try visit(target) } else { emit(.popTop) }
    if position + 1 < node.items.count {
      unit.location = statement.location
      try asyncWith(node, position + 1, statement)
    } else {
      try visit(node.body)
    }
    // 3.10 leaves this one at the line of the last statement.
    if hasColumns { unit.location = .none }
    emit(.popBlock)
    pop()
    unit.location = place
    callExitWithNones()
    awaitTop()
    emit(.popTop)
    emitJump(.jumpAbsolute, exit)
    use(final)
    emit(.withExceptStart)
    awaitTop()
    finishWithException()
    use(exit)
  }

  /// `exit(None, None, None)`.
  func callExitWithNones() {
    emitConstant(.none)
    emit(.dupTop)
    emit(.dupTop)
    emit(.callFunction, 3)
  }

  /// After an exception: a true result of `__exit__` swallows it.
  private func finishWithException() {
    let exit = newBlock()
    emitJump(.popJumpIfTrue, exit)
    startBlock()
    emit(.reraise, 1)
    use(exit)
    emit(.popTop)
    emit(.popTop)
    emit(.popTop)
    emit(.popExcept)
    emit(.popTop)
  }
}
