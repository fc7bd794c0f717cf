import AST
import Bytecode

extension CodeGenerator {
  /// Adds the code of an expression; in load context its value ends on top of the stack.
  func visit(_ expression: Expr) throws(Failure) {
    try depth.enter()
    defer { depth.leave() }
    let saved = unit.location
    unit.location = expression.location
    try visitKind(expression)
    unit.location = saved
  }

  private func visitKind(_ expression: Expr) throws(Failure) {
    switch expression.kind {
    case .constant(let value, _): emitConstant(CodeConstant(value))
    case .name(let id, let ctx): try name(id, ctx)
    case .namedExpr(let target, let value):
      try visit(value)
      emit(.dupTop)
      try visit(target)
    case .boolOp(let op, let values): try boolean(op, values)
    case .binOp(let left, let op, let right):
      try visit(left)
      try visit(right)
      emit(Self.binaryOpcode(op))
    case .unaryOp(let op, let operand):
      try visit(operand)
      emit(Self.unaryOpcode(op))
    case .lambda(let args, let body): try lambda(args, body, expression)
    case .ifExp(let test, let body, let orelse):
      let end = newBlock(), next = newBlock()
      try jump(if: test, is: false, to: next)
      try visit(body)
      emitJump(.jumpForward, end, at: .none)
      use(next)
      try visit(orelse)
      use(end)
    case .dict(let keys, let values): try dictionary(keys, values)
    case .set(let elts):
      try sequence(elts, pushed: 0, .buildSet, .setAdd, .setUpdate, asTuple: false)
    case .listComp(let elt, let generators):
      try comprehension(expression, .list, "<listcomp>", generators, elt, nil)
    case .setComp(let elt, let generators):
      try comprehension(expression, .set, "<setcomp>", generators, elt, nil)
    case .dictComp(let key, let value, let generators):
      try comprehension(expression, .dict, "<dictcomp>", generators, key, value)
    case .generatorExp(let elt, let generators):
      try comprehension(expression, .generator, "<genexpr>", generators, elt, nil)
    case .yield(let value):
      if !unit.scope.isFunctionLike { throw error("'yield' outside function") }
      if let value { try visit(value) } else { emitConstant(.none) }
      emit(.yieldValue)
    case .yieldFrom(let value):
      if !unit.scope.isFunctionLike { throw error("'yield from' outside function") }
      if unit.kind == .asyncFunction { throw error("'yield from' inside async function") }
      try visit(value)
      emit(.getYieldFromIter)
      emitConstant(.none)
      emit(.yieldFrom)
    case .await(let value):
      if !(options.allowTopLevelAwait && unit.scope.type == .module) {
        if !unit.scope.isFunctionLike { throw error("'await' outside function") }
        if unit.kind != .asyncFunction, unit.kind != .comprehension {
          throw error("'await' outside async function")
        }
      }
      try visit(value)
      awaitTop()
    case .compare(let left, let ops, let comparators):
      try compare(expression, left, ops, comparators)
    case .call(let function, let args, let keywords): try call(expression, function, args, keywords)
    case .joinedStr(let values): try joined(values)
    case .formattedValue(let value, let conversion, let formatSpec):
      try formatted(value, conversion, formatSpec)
    case .attribute(let object, let attr, let ctx):
      if ctx == .store { noteStaticAttribute(object, attr) }
      try visit(object)
      let place = attributeLocation(expression, attr)
      switch ctx {
      case .load: emitName(.loadAttr, attr, at: place)
      case .store:
        try checkName(attr, .store, at: expression.location)
        emitName(.storeAttr, attr, at: place)
      case .del:
        emitName(.deleteAttr, attr, at: hasColumns ? place : unit.location)
      }
    case .subscript(let object, let slice, let ctx):
      if ctx == .load {
        checkSubscripted(object, at: expression.location)
        checkIndex(object, slice, at: expression.location)
      }
      try visit(object)
      try visit(slice)
      emit(ctx == .load ? .binarySubscr : ctx == .store ? .storeSubscr : .deleteSubscr)
    case .starred(_, let ctx):
      throw error(
        ctx == .store
          ? "starred assignment target must be in a list or tuple"
          : "can't use starred expression here")
    case .slice(let lower, let upper, let step):
      if let lower { try visit(lower) } else { emitConstant(.none) }
      if let upper { try visit(upper) } else { emitConstant(.none) }
      if let step { try visit(step) }
      emit(.buildSlice, step == nil ? 2 : 3)
    case .list(let elts, let ctx):
      switch ctx {
      case .load:
        try sequence(elts, pushed: 0, .buildList, .listAppend, .listExtend, asTuple: false)
      case .store: try unpack(elts)
      case .del: for elt in elts { try visit(elt) }
      }
    case .tuple(let elts, let ctx):
      switch ctx {
      case .load: try sequence(elts, pushed: 0, .buildList, .listAppend, .listExtend, asTuple: true)
      case .store: try unpack(elts)
      case .del: for elt in elts { try visit(elt) }
      }
    }
  }

  /// Where the access to an attribute belongs: to the line of its name when it is not that of the
  /// object.
  func attributeLocation(_ expression: Expr, _ attr: String) -> SourceRange {
    attributeLocation(expression, attr, in: expression.location)
  }

  /// The same for a call of that attribute, which covers `location`.
  func attributeLocation(_ attribute: Expr, _ attr: String, in location: SourceRange) -> SourceRange
  {
    var place = location
    let end = attribute.location
    if !hasColumns {
      place.lineno = end.endLineno
      return place
    }
    if end.lineno == end.endLineno { return place }
    place.lineno = end.endLineno
    let length = Int32(attr.utf8.count)
    if length <= end.endColOffset {
      place.colOffset = end.endColOffset - length
    } else {
      place.colOffset = -1
      place.endColOffset = -1
    }
    place.endLineno = max(place.endLineno, place.lineno)
    return place
  }

  // MARK: operators

  static func binaryOpcode(_ op: Operator) -> Opcode {
    switch op {
    case .add: .binaryAdd
    case .sub: .binarySubtract
    case .mult: .binaryMultiply
    case .matMult: .binaryMatrixMultiply
    case .div: .binaryTrueDivide
    case .mod: .binaryModulo
    case .pow: .binaryPower
    case .lShift: .binaryLshift
    case .rShift: .binaryRshift
    case .bitOr: .binaryOr
    case .bitXor: .binaryXor
    case .bitAnd: .binaryAnd
    case .floorDiv: .binaryFloorDivide
    }
  }

  static func inPlaceOpcode(_ op: Operator) -> Opcode {
    switch op {
    case .add: .inplaceAdd
    case .sub: .inplaceSubtract
    case .mult: .inplaceMultiply
    case .matMult: .inplaceMatrixMultiply
    case .div: .inplaceTrueDivide
    case .mod: .inplaceModulo
    case .pow: .inplacePower
    case .lShift: .inplaceLshift
    case .rShift: .inplaceRshift
    case .bitOr: .inplaceOr
    case .bitXor: .inplaceXor
    case .bitAnd: .inplaceAnd
    case .floorDiv: .inplaceFloorDivide
    }
  }

  static func unaryOpcode(_ op: UnaryOperator) -> Opcode {
    switch op {
    case .invert: .unaryInvert
    case .not: .unaryNot
    case .uAdd: .unaryPositive
    case .uSub: .unaryNegative
    }
  }

  func emitCompare(_ op: CompareOperator) {
    switch op {
    case .lt: emit(.compareOp, 0)
    case .ltE: emit(.compareOp, 1)
    case .eq: emit(.compareOp, 2)
    case .notEq: emit(.compareOp, 3)
    case .gt: emit(.compareOp, 4)
    case .gtE: emit(.compareOp, 5)
    case .is: emit(.isOp, 0)
    case .isNot: emit(.isOp, 1)
    case .in: emit(.containsOp, 0)
    case .notIn: emit(.containsOp, 1)
    }
  }

  private func boolean(_ op: BoolOperator, _ values: [Expr]) throws(Failure) {
    let end = newBlock()
    for value in values.dropLast() {
      try visit(value)
      emitJump(op == .and ? .jumpIfFalseOrPop : .jumpIfTrueOrPop, end)
      startBlock()
    }
    if let last = values.last { try visit(last) }
    use(end)
  }

  private func compare(
    _ expression: Expr, _ left: Expr, _ ops: [CompareOperator], _ comparators: [Expr]
  ) throws(Failure) {
    checkCompare(expression, left, ops, comparators)
    try visit(left)
    guard ops.count > 1 else {
      try visit(comparators[0])
      emitCompare(ops[0])
      return
    }
    let cleanup = newBlock()
    for index in 0..<(ops.count - 1) {
      try visit(comparators[index])
      emit(.dupTop)
      emit(.rotThree)
      emitCompare(ops[index])
      emitJump(.jumpIfFalseOrPop, cleanup)
      startBlock()
    }
    try visit(comparators[ops.count - 1])
    emitCompare(ops[ops.count - 1])
    let end = newBlock()
    emitJump(.jumpForward, end, at: .none)
    use(cleanup)
    emit(.rotTwo)
    emit(.popTop)
    use(end)
  }

  // MARK: conditional jumps

  /// Jumps to `target` when the truth of the expression is `condition`, else runs on.
  func jump(if expression: Expr, is condition: Bool, to target: Int) throws(Failure) {
    try depth.enter()
    defer { depth.leave() }
    switch expression.kind {
    case .unaryOp(.not, let operand):
      return try jump(if: operand, is: !condition, to: target)
    case .boolOp(let op, let values):
      guard let last = values.last else { break }
      let decides = op == .or
      let other = decides == condition ? target : newBlock()
      for value in values.dropLast() { try jump(if: value, is: decides, to: other) }
      try jump(if: last, is: condition, to: target)
      if other != target { use(other) }
      return
    case .ifExp(let test, let body, let orelse):
      let end = newBlock(), next = newBlock()
      try jump(if: test, is: false, to: next)
      try jump(if: body, is: condition, to: target)
      emitJump(.jumpForward, end, at: .none)
      use(next)
      try jump(if: orelse, is: condition, to: target)
      use(end)
      return
    case .compare(let left, let ops, let comparators):
      let saved = unit.location
      unit.location = expression.location
      if ops.count > 1 {
        try chainedJump(expression, left, ops, comparators, condition, target)
        if hasColumns { unit.location = saved }
        return
      }
    default: break
    }
    try visit(expression)
    emitJump(
      condition ? .popJumpIfTrue : .popJumpIfFalse, target,
      at: hasColumns ? expression.location : unit.location)
    startBlock()
  }

  private func chainedJump(
    _ expression: Expr, _ left: Expr, _ ops: [CompareOperator], _ comparators: [Expr],
    _ condition: Bool, _ target: Int
  ) throws(Failure) {
    checkCompare(expression, left, ops, comparators)
    let cleanup = newBlock()
    try visit(left)
    for index in 0..<(ops.count - 1) {
      try visit(comparators[index])
      emit(.dupTop)
      emit(.rotThree)
      emitCompare(ops[index])
      emitJump(.popJumpIfFalse, cleanup)
      startBlock()
    }
    try visit(comparators[ops.count - 1])
    emitCompare(ops[ops.count - 1])
    emitJump(condition ? .popJumpIfTrue : .popJumpIfFalse, target)
    startBlock()
    let end = newBlock()
    emitJump(.jumpForward, end, at: .none)
    use(cleanup)
    emit(.popTop)
    if !condition { emitJump(.jumpForward, target, at: .none) }
    use(end)
  }

  // MARK: f-strings

  private func joined(_ values: [Expr]) throws(Failure) {
    let values =
      dialect.contains(.fstringPositions) ? values : values.indices.map { piece(values, $0) }
    if values.count > Self.stackUseGuideline {
      emitConstant(.string([]))
      emitName(.loadMethod, "join")
      emit(.buildList, 0)
      for value in values {
        try visit(value)
        emit(.listAppend, 1)
      }
      emit(.callMethod, 1)
      return
    }
    for value in values { try visit(value) }
    if values.count != 1 { emit(.buildString, values.count) }
  }

  /// Before 3.12 the pieces of an f-string stand where the whole string begins; a format spec where
  /// the literal begins that contains it.
  private func piece(_ values: [Expr], _ index: Int) -> Expr {
    var kind = values[index].kind
    if case .formattedValue(let inner, let conversion, let formatSpec?) = kind,
      case .joinedStr(let parts) = formatSpec.kind
    {
      let place = literalBegins(values, index) ? formatSpec.location : unit.location
      var located = parts
      if let last = parts.last, case .constant = last.kind {
        located[located.count - 1] = Expr(last.kind, at: place)
      }
      kind = .formattedValue(
        value: inner, conversion: conversion,
        formatSpec: Expr(.joinedStr(values: located), at: place))
    }
    return Expr(kind, at: unit.location)
  }

  /// Whether one of several adjacent literals begins on the line of a value, as opposed to one
  /// literal that spans lines: then the text before the value has as many newlines as lines.
  private func literalBegins(_ values: [Expr], _ index: Int) -> Bool {
    for value in values[..<index] {
      guard case .constant(.string(let text), _) = value.kind else { continue }
      let span = Int(value.location.endLineno - value.location.lineno)
      if span > 0, text.reduce(0, { $1 == 10 ? $0 + 1 : $0 }) == span { return false }
    }
    return true
  }

  private func formatted(_ value: Expr, _ conversion: Int32, _ formatSpec: Expr?) throws(Failure) {
    try visit(value)
    var oparg: Int
    switch conversion {
    case 115: oparg = 1
    case 114: oparg = 2
    case 97: oparg = 3
    case -1: oparg = 0
    default: throw .system(message: "Unrecognized conversion character \(conversion)")
    }
    if let formatSpec {
      try visit(formatSpec)
      oparg |= 4
    }
    emit(.formatValue, oparg)
  }
}
