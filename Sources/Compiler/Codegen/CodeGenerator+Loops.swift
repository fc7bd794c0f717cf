import AST
import Bytecode

extension CodeGenerator {
  func forLoop(_ node: For) throws(Failure) {
    let start = newBlock(), body = newBlock(), cleanup = newBlock(), end = newBlock()
    try push(FrameBlock(kind: .forLoop, block: start, exit: end, location: unit.location))
    let place = hasColumns ? node.iter.location : unit.location
    try visit(node.iter)
    emit(.getIter, at: place)
    use(start)
    emitJump(.forIter, cleanup, at: place)
    use(body)
    try visit(node.target)
    try visit(node.body)
    unit.location = .none
    emitJump(.jumpAbsolute, start)
    use(cleanup)
    pop()
    try visit(node.orelse)
    use(end)
  }

  func asyncForLoop(_ node: For) throws(Failure) {
    if !allowsAwait { throw error("'async for' outside async function") }
    let start = newBlock(), except = newBlock(), end = newBlock()
    let place = hasColumns ? node.iter.location : unit.location
    try visit(node.iter)
    emit(.getAiter, at: place)
    use(start)
    try push(FrameBlock(kind: .forLoop, block: start, exit: end, location: unit.location))
    // Waiting for the next item belongs to the whole statement.
    let loop = unit.location
    emitJump(.setupFinally, except, at: loop)
    emit(.getAnext, at: loop)
    emitConstant(.none, at: loop)
    emit(.yieldFrom, at: loop)
    emit(.popBlock, at: loop)
    try visit(node.target)
    try visit(node.body)
    unit.location = .none
    emitJump(.jumpAbsolute, start)
    startBlock()
    pop()
    use(except)
    // The iterator ends the loop, not the body.
    unit.location = node.iter.location
    emit(.endAsyncFor)
    try visit(node.orelse)
    use(end)
  }

  /// Inside an asynchronous function, or with top-level await allowed.
  var allowsAwait: Bool {
    unit.kind == .asyncFunction || (options.allowTopLevelAwait && unit.scope.type == .module)
  }

  func whileLoop(
    _ test: Expr, _ body: [Stmt], _ orelse: [Stmt], _ statement: Stmt
  ) throws(Failure) {
    let loop = newBlock(), bodyBlock = newBlock(), anchor = newBlock(), end = newBlock()
    use(loop)
    try push(FrameBlock(kind: .whileLoop, block: loop, exit: end, location: unit.location))
    try jump(if: test, is: false, to: anchor)
    use(bodyBlock)
    try visit(body)
    unit.location = statement.location
    try jump(if: test, is: true, to: bodyBlock)
    pop()
    use(anchor)
    try visit(orelse)
    use(end)
  }

  /// `break` and `continue`.
  func leaveLoop(isBreak: Bool) throws(Failure) {
    let place = unit.location
    emit(.nop)
    guard let loop = try unwindBlocks(keepsTop: false, toLoop: true) else {
      throw error(isBreak ? "'break' outside loop" : "'continue' not properly in loop", at: place)
    }
    if isBreak {
      try unwind(loop, keepsTop: false)
      emitJump(.jumpAbsolute, loop.exit)
    } else {
      emitJump(.jumpAbsolute, loop.block)
    }
    startBlock()
  }

  /// Adds the code that leaves the statements around: all of them, or those inside the innermost
  /// loop, which is returned.
  func unwindBlocks(keepsTop: Bool, toLoop: Bool) throws(Failure) -> FrameBlock? {
    guard let top = unit.frameBlocks.last else { return nil }
    if top.kind == .exceptionGroupHandler {
      throw error("'break', 'continue' and 'return' cannot appear in an except* block")
    }
    if toLoop, top.kind == .whileLoop || top.kind == .forLoop { return top }
    unit.frameBlocks.removeLast()
    try unwind(top, keepsTop: keepsTop)
    let loop = try unwindBlocks(keepsTop: keepsTop, toLoop: toLoop)
    unit.frameBlocks.append(top)
    return loop
  }

  /// Adds the code that leaves one statement early.
  ///
  /// - Parameter keepsTop: a return value lies on top of the stack.
  func unwind(_ block: FrameBlock, keepsTop: Bool) throws(Failure) {
    switch block.kind {
    case .whileLoop, .exceptionHandler, .exceptionGroupHandler, .asyncComprehensionGenerator: break
    case .forLoop, .popValue:
      if keepsTop { emit(.rotTwo) }
      emit(.popTop)
    case .tryExcept: emit(.popBlock)
    case .finallyTry:
      emit(.popBlock)
      if keepsTop { try push(FrameBlock(kind: .popValue)) }
      try visit(block.finalBody)
      if keepsTop { pop() }
      // The rest of the leaving statement seems to come after the finally.
      unit.location = .none
    case .finallyEnd:
      if keepsTop { emit(.rotFour) }
      emit(.popTop)
      emit(.popTop)
      emit(.popTop)
      if keepsTop { emit(.rotFour) }
      emit(.popExcept)
    case .with, .asyncWith:
      unit.location = block.location
      emit(.popBlock)
      if keepsTop { emit(.rotTwo) }
      callExitWithNones()
      if block.kind == .asyncWith { awaitTop() }
      emit(.popTop)
      unit.location = .none
    case .handlerCleanup:
      if block.name != nil { emit(.popBlock) }
      if keepsTop { emit(.rotFour) }
      emit(.popExcept)
      if let name = block.name { try unbind(name) }
    }
  }

  /// `name = None; del name`, which works whatever the body did with it.
  func unbind(_ bound: String) throws(Failure) {
    emitConstant(.none)
    try name(bound, .store)
    try name(bound, .del)
  }

  /// Drives the awaitable on top of the stack.
  func awaitTop() {
    emit(.getAwaitable)
    emitConstant(.none)
    emit(.yieldFrom)
  }
}
