import AST
import Bytecode

extension CodeGenerator {
  func comprehension(
    _ expression: Expr, _ kind: ComprehensionKind, _ name: String, _ generators: [Comprehension],
    _ elt: Expr, _ value: Expr?
  ) throws(Failure) {
    guard let outermost = generators.first, let scope = table.scope(of: expression) else {
      throw .system(message: "unknown scope for comprehension")
    }
    let isAsync = scope.isCoroutine && kind != .generator
    if isAsync, unit.kind != .comprehension, !allowsAwait {
      throw error("asynchronous comprehension outside of an asynchronous function")
    }
    if scope.isInlined {
      return try inlinedComprehension(expression, scope, kind, generators, elt, value)
    }
    try enter(name, .comprehension, expression, firstLine: expression.location.lineno)
    unit.location = expression.location
    unit.argCount = 1
    switch kind {
    case .list: emit(.buildList, 0)
    case .set: emit(.buildSet, 0)
    case .dict: emit(.buildMap, 0)
    case .generator, .none: break
    }
    try generator(generators, 0, depth: 0, elt, value, kind, iteratorOnStack: false)
    if kind != .generator { emit(.returnValue) }
    let code = try assemble(addNone: true)
    leave()
    try makeClosure(code, flags: 0)
    try visit(outermost.iter)
    emit(
      outermost.isAsync ? .getAiter : .getIter,
      at: hasColumns ? outermost.iter.location : unit.location)
    emit(.callFunction, 1)
    if isAsync { awaitTop() }
  }

  /// One `for ... in ... if ...` and those inside it.
  private func generator(
    _ generators: [Comprehension], _ index: Int, depth: Int, _ elt: Expr, _ value: Expr?,
    _ kind: ComprehensionKind, iteratorOnStack: Bool
  ) throws(Failure) {
    try self.depth.enter()
    defer { self.depth.leave() }
    if generators[index].isAsync {
      try asyncGenerator(
        generators, index, depth: depth, elt, value, kind, iteratorOnStack: iteratorOnStack)
    } else {
      try syncGenerator(
        generators, index, depth: depth, elt, value, kind, iteratorOnStack: iteratorOnStack)
    }
  }

  private func syncGenerator(
    _ generators: [Comprehension], _ index: Int, depth outerDepth: Int, _ elt: Expr, _ value: Expr?,
    _ kind: ComprehensionKind, iteratorOnStack: Bool
  ) throws(Failure) {
    let generator = generators[index]
    let start = newBlock(), skip = newBlock(), ifCleanup = newBlock(), anchor = newBlock()
    var depth = outerDepth
    var loops = true
    let place = hasColumns ? generator.iter.location : unit.location
    if index == 0 {
      // The iterator is the only argument, or lies on the stack.
      if !iteratorOnStack { emit(.loadFast, 0) }
    } else {
      // `for y in [f(x)]` is an assignment.
      switch generator.iter.kind {
      case .list(let elts, _), .tuple(let elts, _):
        if elts.count == 1 {
          if case .starred = elts[0].kind { break }
          try visit(elts[0])
          loops = false
        }
      default: break
      }
      if loops {
        try visit(generator.iter)
        emit(.getIter, at: place)
      }
    }
    if loops {
      depth += 1
      use(start)
      emitJump(.forIter, anchor, at: place)
      startBlock()
    }
    try visit(generator.target)
    for condition in generator.ifs {
      try jump(if: condition, is: false, to: ifCleanup)
      startBlock()
    }
    if index + 1 < generators.count {
      try self.generator(
        generators, index + 1, depth: depth, elt, value, kind, iteratorOnStack: false)
    } else {
      try element(elt, value, kind, depth + 1)
      use(skip)
    }
    use(ifCleanup)
    if loops {
      emitJump(.jumpAbsolute, start, at: hasColumns ? elementLocation(elt, value) : unit.location)
      use(anchor)
    }
  }

  private func asyncGenerator(
    _ generators: [Comprehension], _ index: Int, depth: Int, _ elt: Expr, _ value: Expr?,
    _ kind: ComprehensionKind, iteratorOnStack: Bool
  ) throws(Failure) {
    let generator = generators[index]
    let start = newBlock(), except = newBlock(), ifCleanup = newBlock()
    let place = hasColumns ? generator.iter.location : unit.location
    if index == 0 {
      if !iteratorOnStack { emit(.loadFast, 0) }
    } else {
      try visit(generator.iter)
      emit(.getAiter, at: place)
    }
    use(start)
    try push(FrameBlock(kind: .asyncComprehensionGenerator, block: start, location: unit.location))
    emitJump(.setupFinally, except)
    emit(.getAnext)
    emitConstant(.none)
    emit(.yieldFrom)
    emit(.popBlock)
    try visit(generator.target)
    for condition in generator.ifs {
      try jump(if: condition, is: false, to: ifCleanup)
      startBlock()
    }
    if index + 1 < generators.count {
      try self.generator(
        generators, index + 1, depth: depth + 1, elt, value, kind, iteratorOnStack: false)
    } else {
      try element(elt, value, kind, depth + 2)
    }
    use(ifCleanup)
    emitJump(.jumpAbsolute, start, at: hasColumns ? elementLocation(elt, value) : unit.location)
    startBlock()
    pop()
    use(except)
    emit(.endAsyncFor)
  }

  /// Adds one element to what lies `depth` below, or yields it.
  private func element(
    _ elt: Expr, _ value: Expr?, _ kind: ComprehensionKind, _ depth: Int
  ) throws(Failure) {
    try visit(elt)
    let place = hasColumns ? elementLocation(elt, value) : unit.location
    switch kind {
    case .generator, .none:
      emit(.yieldValue, at: place)
      emit(.popTop, at: place)
    case .list: emit(.listAppend, depth, at: place)
    case .set: emit(.setAdd, depth, at: place)
    case .dict:
      if let value { try visit(value) }
      emit(.mapAdd, depth, at: place)
    }
  }

  private func elementLocation(_ elt: Expr, _ value: Expr?) -> SourceRange {
    value.map { SourceRange(from: elt.location, to: $0.location) } ?? elt.location
  }

  // MARK: inlined (PEP 709)

  /// What an inlined comprehension has changed in the unit around it.
  private struct InlinedState {
    var hidden: [String] = []
    /// Flags of names as they are outside.
    var outerFlags: [(name: String, flags: SymbolFlags?)] = []
    /// Variables saved on the stack: opcode that restores, and its argument.
    var saved: [(op: Opcode, index: Int)] = []
  }

  private func inlinedComprehension(
    _ expression: Expr, _ scope: Scope, _ kind: ComprehensionKind, _ generators: [Comprehension],
    _ elt: Expr, _ value: Expr?
  ) throws(Failure) {
    let outermost = generators[0]
    let place = hasColumns ? outermost.iter.location : unit.location
    try visit(outermost.iter)
    emit(outermost.isAsync ? .getAiter : .getIter, at: place)
    let state = enterInlined(scope)
    let cleanup = newBlock(), end = newBlock()
    if !state.saved.isEmpty {
      emitJump(.setupFinally, cleanup)
      startBlock()
    }
    switch kind {
    case .list: emit(.buildList, 0)
    case .set: emit(.buildSet, 0)
    case .dict: emit(.buildMap, 0)
    case .generator, .none: break
    }
    emit(.rotTwo)
    try generator(generators, 0, depth: 0, elt, value, kind, iteratorOnStack: true)
    if !state.saved.isEmpty {
      emit(.popBlock, at: .none)
      restore(state, at: unit.location)
      emitJump(.jumpForward, end, at: .none)
      // On an exception: drop the iterator, restore, and raise again.
      use(cleanup)
      let saved = unit.location
      unit.location = .none
      emit(.popTop)
      emit(.rotTwo)
      emit(.popTop)
      emit(.rotFour)
      emit(.popExcept)
      emit(.rotTwo)
      emit(.popTop)
      restore(state, at: .none)
      emit(.reraiseValue)
      use(end)
      unit.location = saved
    }
    leaveInlined(state)
  }

  /// Makes the comprehension's names local to it, saving outer values below the iterator.
  private func enterInlined(_ scope: Scope) -> InlinedState {
    var state = InlinedState()
    let inClass = unit.scope.type == .class && unit.inlinedDepth == 0
    unit.inlinedDepth += 1
    for (name, flags) in scope.symbols {
      let isBound = flags.contains(.defLocal) && !flags.contains(.defNonlocal)
      guard !flags.contains(.defParam) else { continue }
      if !isBound && !inClass {
        // Global here, while the block around got a local of this name from another comprehension.
        if flags.scope == .globalImplicit, unit.scope[name].scope != .globalImplicit {
          state.outerFlags.append((name, unit.scope.contains(name) ? unit.scope[name] : nil))
          unit.scope[name] = flags
        }
        continue
      }
      if !unit.scope.isFunctionLike, unit.hiddenLocals.insert(name).inserted {
        state.hidden.append(name)
      }
      let inner = flags.scope
      let outer = unit.scope[name].scope
      if (inner != outer && inner != .free && !(inner == .cell && outer == .free)) || inClass {
        state.outerFlags.append((name, unit.scope.contains(name) ? unit.scope[name] : nil))
        unit.scope[name] = flags
      }
      guard isBound else { continue }
      if inner == .cell {
        let index =
          (outer == .free ? unit.freeIndex(name) : unit.cellIndex(name)) ?? unit.cellIndex(name)
          ?? 0
        emit(.loadCellAndClear, index)
        state.saved.append((.storeCell, index))
      } else {
        let index = unit.varNames.add(name)
        emit(.loadFastAndClear, index)
        state.saved.append((.storeFastMaybeNull, index))
      }
      emit(.rotTwo)
    }
    return state
  }

  /// Restores saved variables, which lie below the top.
  private func restore(_ state: InlinedState, at location: SourceRange) {
    for (op, index) in state.saved.reversed() {
      emit(.rotTwo, at: location)
      emit(op, index, at: location)
    }
  }

  private func leaveInlined(_ state: InlinedState) {
    unit.inlinedDepth -= 1
    for (name, flags) in state.outerFlags {
      if let flags { unit.scope[name] = flags } else { unit.scope.remove(name) }
    }
    for name in state.hidden { unit.hiddenLocals.remove(name) }
  }
}
