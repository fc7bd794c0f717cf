import AST
import Bytecode

extension CodeGenerator {
  /// Displays with more items than this are built step by step, to keep the stack small.
  static let stackUseGuideline = 30

  private func isStarred(_ expression: Expr) -> Bool {
    if case .starred = expression.kind { true } else { false }
  }

  /// The constants of expressions, nil when one is none.
  func constants(_ expressions: ArraySlice<Expr>) -> [CodeConstant]? {
    var items: [CodeConstant] = []
    for expression in expressions {
      guard case .constant(let value, _) = expression.kind else { return nil }
      items.append(CodeConstant(value))
    }
    return items
  }

  /// A list, set or tuple of items that may be starred.
  ///
  /// - Parameter pushed: items that lie on the stack already.
  func sequence(
    _ elts: [Expr], pushed: Int, _ build: Opcode, _ add: Opcode, _ extend: Opcode, asTuple: Bool
  ) throws(Failure) {
    if elts.count > 2, let items = constants(elts[...]) {
      if asTuple, pushed == 0 {
        emitConstant(.tuple(items))
      } else {
        var folded = CodeConstant.tuple(items)
        if add == .setAdd { folded = frozenset(elts) }
        emit(build, pushed)
        emitConstant(folded)
        emit(extend, 1)
        if asTuple { emit(.listToTuple) }
      }
      return
    }
    let isBig = elts.count + pushed > Self.stackUseGuideline
    if !isBig, !elts.contains(where: isStarred) {
      for elt in elts { try visit(elt) }
      emit(asTuple ? .buildTuple : build, elts.count + pushed)
      return
    }
    var isBuilt = false
    if isBig {
      emit(build, pushed)
      isBuilt = true
    }
    for (index, elt) in elts.enumerated() {
      if case .starred(let value, _) = elt.kind {
        if !isBuilt {
          emit(build, index + pushed)
          isBuilt = true
        }
        try visit(value)
        emit(extend, 1)
      } else {
        try visit(elt)
        if isBuilt { emit(add, 1) }
      }
    }
    if asTuple { emit(.listToTuple) }
  }

  private func frozenset(_ elts: [Expr]) -> CodeConstant {
    var items: [Constant] = []
    for elt in elts {
      if case .constant(let value, _) = elt.kind { items.append(value) }
    }
    return CodeConstant(ConstantArithmetic.frozenset(of: items))
  }

  /// Takes a sequence apart and stores it to targets.
  func unpack(_ elts: [Expr]) throws(Failure) {
    var star: Int?
    for (index, elt) in elts.enumerated() where isStarred(elt) {
      if star != nil { throw error("multiple starred expressions in assignment") }
      if index >= 1 << 8 || elts.count - index - 1 >= Int(Int32.max) >> 8 {
        throw error("too many expressions in star-unpacking assignment")
      }
      star = index
      emit(.unpackEx, index + (elts.count - index - 1) << 8)
    }
    if star == nil { emit(.unpackSequence, elts.count) }
    for elt in elts {
      if case .starred(let target, _) = elt.kind { try visit(target) } else { try visit(elt) }
    }
  }

  // MARK: dictionaries

  func dictionary(_ keys: [Expr?], _ values: [Expr]) throws(Failure) {
    var hasDict = false
    var pending = 0
    func flush(_ end: Int) throws(Failure) {
      try part(keys, values, end - pending, end)
      if hasDict { emit(.dictUpdate, 1) }
      hasDict = true
      pending = 0
    }
    for index in values.indices {
      if keys[index] == nil {
        if pending > 0 { try flush(index) }
        if !hasDict {
          emit(.buildMap, 0)
          hasDict = true
        }
        try visit(values[index])
        emit(.dictUpdate, 1)
      } else if pending * 2 > Self.stackUseGuideline {
        pending += 1
        try flush(index + 1)
      } else {
        pending += 1
      }
    }
    if pending > 0 { try flush(values.count) }
    if !hasDict { emit(.buildMap, 0) }
  }

  /// A dict of the pairs from `start` to `end`.
  private func part(_ keys: [Expr?], _ values: [Expr], _ start: Int, _ end: Int) throws(Failure) {
    let count = end - start
    let isBig = count * 2 > Self.stackUseGuideline
    if count > 1, !isBig, let folded = constants(keys[start..<end].compactMap { $0 }[...]) {
      for value in values[start..<end] { try visit(value) }
      emitConstant(.tuple(folded))
      emit(.buildConstKeyMap, count)
      return
    }
    if isBig { emit(.buildMap, 0) }
    for index in start..<end {
      if let key = keys[index] { try visit(key) }
      try visit(values[index])
      if isBig { emit(.mapAdd, 1) }
    }
    if !isBig { emit(.buildMap, count) }
  }
}
