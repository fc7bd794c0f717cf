import AST
import Bytecode

extension CodeGenerator {
  func call(
    _ expression: Expr, _ function: Expr, _ args: [Expr], _ keywords: [Keyword]
  ) throws(Failure) {
    if try methodCall(expression, function, args, keywords) { return }
    checkCalled(function)
    try visit(function)
    if hasColumns, case .attribute(_, let attr, .load) = function.kind, isPlain(args, keywords),
      args.count + keywords.count + 1 < Self.stackUseGuideline
    {
      unit.location = attributeLocation(function, attr, in: expression.location)
    }
    try call(pushed: 0, args, keywords)
  }

  /// Few arguments and none of them unpacked.
  private func isPlain(_ args: [Expr], _ keywords: [Keyword]) -> Bool {
    args.count + keywords.count * 2 <= Self.stackUseGuideline
      && !args.contains { if case .starred = $0.kind { true } else { false } }
      && keywords.allSatisfy { $0.arg != nil }
  }

  /// `object.method(positional...)` looks the method up without binding it.
  private func methodCall(
    _ expression: Expr, _ function: Expr, _ args: [Expr], _ keywords: [Keyword]
  ) throws(Failure) -> Bool {
    guard case .attribute(let object, let attr, .load) = function.kind, keywords.isEmpty,
      args.count < Self.stackUseGuideline
    else { return false }
    for arg in args {
      if case .starred = arg.kind { return false }
    }
    try visit(object)
    let place =
      hasColumns
      ? attributeLocation(function, attr) : attributeLocation(function, attr, in: unit.location)
    emitName(.loadMethod, attr, at: place)
    for arg in args { try visit(arg) }
    emit(.callMethod, args.count, at: attributeLocation(function, attr, in: expression.location))
    return true
  }

  /// Adds arguments and the call of a callable that lies on the stack with `pushed` arguments.
  func call(pushed: Int, _ args: [Expr], _ keywords: [Keyword]) throws(Failure) {
    try checkKeywords(keywords)
    guard isPlain(args, keywords) else { return try callWithUnpacking(pushed, args, keywords) }
    for arg in args { try visit(arg) }
    if keywords.isEmpty {
      emit(.callFunction, pushed + args.count)
      return
    }
    var names: [CodeConstant] = []
    for keyword in keywords {
      try visit(keyword.value)
      names.append(.string(Array((keyword.arg ?? "").utf8)))
    }
    emitConstant(.tuple(names))
    emit(.callFunctionKw, pushed + args.count + keywords.count)
  }

  private func callWithUnpacking(
    _ pushed: Int, _ args: [Expr], _ keywords: [Keyword]
  ) throws(Failure) {
    if pushed == 0, args.count == 1, case .starred(let value, _) = args[0].kind {
      try visit(value)
    } else {
      try sequence(args, pushed: pushed, .buildList, .listAppend, .listExtend, asTuple: true)
    }
    if !keywords.isEmpty {
      var hasDict = false
      var start = 0
      func flush(_ end: Int) throws(Failure) {
        if start < end {
          try keywordDict(keywords[start..<end])
          if hasDict { emit(.dictMerge, 1) }
          hasDict = true
        }
        start = end + 1
      }
      for (index, keyword) in keywords.enumerated() where keyword.arg == nil {
        try flush(index)
        if !hasDict {
          emit(.buildMap, 0)
          hasDict = true
        }
        try visit(keyword.value)
        emit(.dictMerge, 1)
      }
      try flush(keywords.count)
    }
    emit(.callFunctionEx, keywords.isEmpty ? 0 : 1)
  }

  private func keywordDict(_ keywords: ArraySlice<Keyword>) throws(Failure) {
    let isBig = keywords.count * 2 > Self.stackUseGuideline
    if keywords.count > 1, !isBig {
      for keyword in keywords { try visit(keyword.value) }
      emitConstant(.tuple(keywords.map { .string(Array(($0.arg ?? "").utf8)) }))
      emit(.buildConstKeyMap, keywords.count)
      return
    }
    if isBig { emit(.buildMap, 0, at: .none) }
    for keyword in keywords {
      emitConstant(.string(Array((keyword.arg ?? "").utf8)))
      try visit(keyword.value)
      if isBig { emit(.mapAdd, 1, at: .none) }
    }
    if !isBig { emit(.buildMap, keywords.count) }
  }

  private func checkKeywords(_ keywords: [Keyword]) throws(Failure) {
    if keywords.isEmpty { return }
    var seen: Set<String> = []
    for keyword in keywords {
      guard let arg = keyword.arg else { continue }
      try checkName(arg, .store, at: keyword.location)
      if !seen.insert(arg).inserted {
        throw error("keyword argument repeated: \(arg)", at: keyword.location)
      }
    }
  }
}
