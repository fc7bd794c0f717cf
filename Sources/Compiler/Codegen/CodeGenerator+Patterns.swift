import AST
import Bytecode

/// What matching one case keeps track of (PEP 634).
struct PatternContext {
  /// Names captured so far; their values lie on the stack, the first on top.
  var stores: [String] = []
  /// A pattern that always matches is allowed here.
  var allowIrrefutable = false
  /// Entry n: where a failure goes that has n values to pop.
  var failPop: [Int] = []
  /// Values on top of the stack that belong to the pattern being matched.
  var onTop = 0
}

extension CodeGenerator {
  private func isWildcard(_ pattern: Pattern) -> Bool {
    if case .matchAs(_, nil) = pattern.kind { true } else { false }
  }

  func match(_ subject: Expr, _ cases: [MatchCase]) throws(Failure) {
    try visit(subject)
    let end = newBlock()
    let count = cases.count
    let hasDefault = count > 1 && isWildcard(cases[count - 1].pattern)
    let tested = hasDefault ? count - 1 : count
    for (index, item) in cases.prefix(tested).enumerated() {
      let isLast = index == tested - 1
      unit.location = item.pattern.location
      if !isLast { emit(.dupTop) }
      var context = PatternContext()
      context.allowIrrefutable = item.guard != nil || index == count - 1
      try pattern(item.pattern, &context)
      for captured in context.stores { try name(captured, .store) }
      if let condition = item.guard {
        let fail = failBlock(&context, 0)
        if hasColumns { unit.location = condition.location }
        try jump(if: condition, is: false, to: fail)
      }
      if !isLast { emit(.popTop) }
      try visit(item.body)
      emitJump(.jumpForward, end, at: hasColumns ? .none : unit.location)
      // What a failure cleans up belongs to the pattern that failed.
      unit.location = item.pattern.location
      useFailBlocks(&context)
    }
    if hasDefault {
      let item = cases[count - 1]
      unit.location = item.pattern.location
      emit(count == 1 ? .popTop : .nop)
      if let condition = item.guard { try jump(if: condition, is: false, to: end) }
      try visit(item.body)
    }
    use(end)
  }

  // MARK: failure

  private func failBlock(_ context: inout PatternContext, _ count: Int) -> Int {
    while context.failPop.count <= count { context.failPop.append(newBlock()) }
    return context.failPop[count]
  }

  /// Fails on a jump, popping what the pattern has put on the stack.
  private func jumpToFail(_ op: Opcode, _ context: inout PatternContext) {
    emitJump(op, failBlock(&context, context.onTop + context.stores.count))
    startBlock()
  }

  private func useFailBlocks(_ context: inout PatternContext) {
    guard !context.failPop.isEmpty else { return startBlock() }
    for block in context.failPop.dropFirst().reversed() {
      use(block)
      emit(.popTop)
    }
    use(context.failPop[0])
    context.failPop = []
  }

  // MARK: patterns

  /// Adds the code that consumes the subject on top of the stack or fails.
  private func pattern(_ pattern: Pattern, _ context: inout PatternContext) throws(Failure) {
    try depth.enter()
    defer { depth.leave() }
    unit.location = pattern.location
    switch pattern.kind {
    case .matchValue(let value):
      switch value.kind {
      case .constant, .attribute: break
      default: throw error("patterns may only match literals and attribute lookups")
      }
      try visit(value)
      emitCompare(.eq)
      jumpToFail(.popJumpIfFalse, &context)
    case .matchSingleton(let value):
      emitConstant(CodeConstant(value))
      emitCompare(.is)
      jumpToFail(.popJumpIfFalse, &context)
    case .matchSequence(let patterns): try sequencePattern(patterns, pattern, &context)
    case .matchMapping(let keys, let patterns, let rest):
      try mappingPattern(keys, patterns, rest, pattern, &context)
    case .matchClass(let cls, let patterns, let attrs, let kwdPatterns):
      try classPattern(cls, patterns, attrs, kwdPatterns, pattern, &context)
    case .matchStar(let name): try store(name, &context)
    case .matchAs(let inner, let name): try asPattern(inner, name, &context)
    case .matchOr(let patterns): try orPattern(patterns, &context)
    }
  }

  private func subpattern(_ inner: Pattern, _ context: inout PatternContext) throws(Failure) {
    let saved = context.allowIrrefutable
    context.allowIrrefutable = true
    try pattern(inner, &context)
    context.allowIrrefutable = saved
  }

  /// Captures the top under a name: sinks it below what the pattern still needs.
  private func store(_ name: String?, _ context: inout PatternContext) throws(Failure) {
    guard let name else {
      emit(.popTop)
      return
    }
    try checkName(name, .store, at: unit.location)
    try checkDuplicate(name, context)
    emit(.rotN, context.onTop + context.stores.count + 1)
    context.stores.append(name)
  }

  private func checkDuplicate(_ name: String, _ context: PatternContext) throws(Failure) {
    if context.stores.contains(name) {
      throw error("multiple assignments to name '\(name)' in pattern")
    }
  }

  private func asPattern(
    _ inner: Pattern?, _ name: String?, _ context: inout PatternContext
  ) throws(Failure) {
    guard let inner else {
      if !context.allowIrrefutable {
        if let name { throw error("name capture '\(name)' makes remaining patterns unreachable") }
        throw error("wildcard makes remaining patterns unreachable")
      }
      return try store(name, &context)
    }
    let place = unit.location
    context.onTop += 1
    emit(.dupTop)
    try pattern(inner, &context)
    context.onTop -= 1
    if hasColumns { unit.location = place }
    try store(name, &context)
  }

  private func sequencePattern(
    _ patterns: [Pattern], _ whole: Pattern, _ context: inout PatternContext
  ) throws(Failure) {
    var star: Int?
    var onlyWildcards = true
    var starIsWildcard = false
    for (index, item) in patterns.enumerated() {
      if case .matchStar(let name) = item.kind {
        if star != nil { throw error("multiple starred names in sequence pattern") }
        starIsWildcard = name == nil
        if !starIsWildcard { onlyWildcards = false }
        star = index
      } else if !isWildcard(item) {
        onlyWildcards = false
      }
    }
    context.onTop += 1
    emit(.matchSequence)
    jumpToFail(.popJumpIfFalse, &context)
    if star == nil {
      emit(.getLen)
      emitConstant(.int(patterns.count))
      emitCompare(.eq)
      jumpToFail(.popJumpIfFalse, &context)
    } else if patterns.count > 1 {
      emit(.getLen)
      emitConstant(.int(patterns.count - 1))
      emitCompare(.gtE)
      jumpToFail(.popJumpIfFalse, &context)
    }
    context.onTop -= 1
    if onlyWildcards {
      emit(.popTop)
    } else if starIsWildcard, let star {
      try subscriptedItems(patterns, star, whole, &context)
    } else {
      try unpackedItems(patterns, star, &context)
    }
  }

  private func unpackedItems(
    _ patterns: [Pattern], _ star: Int?, _ context: inout PatternContext
  ) throws(Failure) {
    let count = patterns.count
    if let star {
      if star >= 1 << 8 || count - star - 1 >= Int(Int32.max) >> 8 {
        throw error("too many expressions in star-unpacking sequence pattern")
      }
      emit(.unpackEx, star + (count - star - 1) << 8)
    } else {
      emit(.unpackSequence, count)
    }
    context.onTop += count
    for item in patterns {
      context.onTop -= 1
      try subpattern(item, &context)
    }
  }

  /// With `*_` only the named items are fetched.
  private func subscriptedItems(
    _ patterns: [Pattern], _ star: Int, _ whole: Pattern, _ context: inout PatternContext
  ) throws(Failure) {
    context.onTop += 1
    for (index, item) in patterns.enumerated() {
      if isWildcard(item) || index == star { continue }
      if hasColumns { unit.location = whole.location }
      emit(.dupTop)
      if index < star {
        emitConstant(.int(index))
      } else {
        // The subject need not know negative indices.
        emit(.getLen)
        emitConstant(.int(patterns.count - index))
        emit(.binarySubtract)
      }
      emit(.binarySubscr)
      try subpattern(item, &context)
    }
    context.onTop -= 1
    emit(.popTop)
  }

  /// Matches patterns against the items of the tuple on top.
  private func tupleItems(_ patterns: [Pattern], _ whole: Pattern, _ context: inout PatternContext)
    throws(Failure)
  {
    for (index, item) in patterns.enumerated() where !isWildcard(item) {
      if hasColumns { unit.location = whole.location }
      emit(.dupTop)
      emitConstant(.int(index))
      emit(.binarySubscr)
      try subpattern(item, &context)
    }
  }

  private func classPattern(
    _ cls: Expr, _ patterns: [Pattern], _ attrs: [String], _ kwdPatterns: [Pattern],
    _ whole: Pattern,
    _ context: inout PatternContext
  ) throws(Failure) {
    for (index, attr) in attrs.enumerated() {
      try checkName(attr, .store, at: kwdPatterns[index].location)
      if let other = attrs[(index + 1)...].firstIndex(of: attr) {
        throw error(
          "attribute name repeated in class pattern: \(attr)", at: kwdPatterns[other].location)
      }
    }
    try visit(cls)
    emitConstant(.tuple(attrs.map { .string(Array($0.utf8)) }))
    emit(.matchClass, patterns.count)
    context.onTop += 1
    jumpToFail(.popJumpIfFalse, &context)
    try tupleItems(patterns + kwdPatterns, whole, &context)
    context.onTop -= 1
    emit(.popTop)
  }

  private func mappingPattern(
    _ keys: [Expr], _ patterns: [Pattern], _ rest: String?, _ whole: Pattern,
    _ context: inout PatternContext
  ) throws(Failure) {
    context.onTop += 1
    emit(.matchMapping)
    jumpToFail(.popJumpIfFalse, &context)
    if keys.isEmpty && rest == nil {
      context.onTop -= 1
      emit(.popTop)
      return
    }
    if !keys.isEmpty {
      emit(.getLen)
      emitConstant(.int(keys.count))
      emitCompare(.gtE)
      jumpToFail(.popJumpIfFalse, &context)
    }
    var seen: Set<ValueKey> = []
    for key in keys {
      switch key.kind {
      case .constant(let value, _):
        if !seen.insert(ValueKey(value)).inserted {
          throw error(
            "mapping pattern checks duplicate key (\(Unparser.representation(of: value)))",
            at: whole.location)
        }
      case .attribute: break
      default:
        throw error(
          "mapping pattern keys may only match literals and attribute lookups", at: whole.location)
      }
      try visit(key)
    }
    emit(.buildTuple, keys.count)
    emit(.matchKeys)
    context.onTop += 2
    jumpToFail(.popJumpIfFalse, &context)
    try tupleItems(patterns, whole, &context)
    context.onTop -= 2
    emit(.popTop)
    if let rest {
      if hasColumns { unit.location = whole.location }
      emit(.copyDictWithoutKeys)
      try store(rest, &context)
    } else {
      emit(.popTop)
    }
    context.onTop -= 1
    emit(.popTop)
  }

  private func orPattern(_ patterns: [Pattern], _ context: inout PatternContext) throws(Failure) {
    let end = newBlock()
    let place = unit.location
    // Every alternative must bind the names of the first, in its order on the stack.
    var control: [String] = []
    for (index, item) in patterns.enumerated() {
      unit.location = item.location
      var inner = PatternContext()
      inner.allowIrrefutable = index == patterns.count - 1 && context.allowIrrefutable
      emit(.dupTop)
      try pattern(item, &inner)
      if index == 0 {
        control = inner.stores
      } else {
        if hasColumns { unit.location = place }
        try reorder(&inner.stores, like: control)
        if hasColumns { unit.location = item.location }
      }
      emitJump(.jumpForward, end)
      startBlock()
      useFailBlocks(&inner)
    }
    if hasColumns { unit.location = place }
    // None matched: pop the copy of the subject and fail.
    emit(.popTop)
    jumpToFail(.jumpForward, &context)
    use(end)
    // The captures move below the copy of the subject and what was captured before.
    let rotations = control.count + 1 + context.onTop + context.stores.count
    for name in control {
      emit(.rotN, rotations)
      try checkDuplicate(name, context)
      context.stores.append(name)
    }
    emit(.popTop)
  }

  private func reorder(_ stores: inout [String], like control: [String]) throws(Failure) {
    let message = "alternative patterns bind different names"
    if stores.count != control.count { throw error(message) }
    for place in control.indices.reversed() {
      guard let found = stores.firstIndex(of: control[place]) else { throw error(message) }
      if found == place { continue }
      let rotated = Array(stores[...found])
      stores.removeSubrange(...found)
      stores.insert(contentsOf: rotated, at: place - found)
      for _ in rotated { emit(.rotN, place + 1) }
    }
  }
}
