import AST
import Bytecode

/// PEP 695: type parameters and type aliases; PEP 696: defaults.
extension CodeGenerator {
  /// Makes the parameters, binds them, and pushes the tuple of them.
  func typeParameters(_ params: [TypeParam]) throws(Failure) {
    let saved = unit.location
    var defaultSeen = false
    for param in params {
      unit.location = param.location
      let bound: String
      let defaultValue: Expr?
      switch param.kind {
      case .typeVar(let name, let limit, let value):
        bound = name
        defaultValue = value
        emitConstant(.string(Array(name.utf8)))
        if let limit {
          try lazyValue(limit, name, table.scope(of: param), unpacks: false)
          let isTuple = if case .tuple = limit.kind { true } else { false }
          let intrinsic: IntrinsicFunction2 = isTuple ? .typeVarWithConstraints : .typeVarWithBound
          emit(.callIntrinsic2, Int(intrinsic.rawValue))
        } else {
          emit(.callIntrinsic1, Int(IntrinsicFunction1.typeVar.rawValue))
        }
      case .paramSpec(let name, let value):
        bound = name
        defaultValue = value
        emitConstant(.string(Array(name.utf8)))
        emit(.callIntrinsic1, Int(IntrinsicFunction1.paramSpec.rawValue))
      case .typeVarTuple(let name, let value):
        bound = name
        defaultValue = value
        emitConstant(.string(Array(name.utf8)))
        emit(.callIntrinsic1, Int(IntrinsicFunction1.typeVarTuple.rawValue))
      }
      if let defaultValue {
        defaultSeen = true
        let unpacks = if case .typeVarTuple = param.kind { true } else { false }
        try lazyValue(
          defaultValue, bound, table.scope(ofDefault: defaultValue), unpacks: unpacks)
        emit(.callIntrinsic2, Int(IntrinsicFunction2.setTypeParamDefault.rawValue))
      } else if defaultSeen {
        throw error("non-default type parameter '\(bound)' follows default type parameter")
      }
      emit(.dupTop)
      try name(bound, .store)
    }
    if let first = params.first { unit.location = first.location }
    emit(.buildTuple, params.count)
    unit.location = saved
  }

  /// A function that computes a bound or default when it is asked for.
  private func lazyValue(
    _ expression: Expr, _ name: String, _ scope: Scope?, unpacks: Bool
  ) throws(Failure) {
    try enter(name, .typeParameters, scope, firstLine: expression.location.lineno)
    unit.location = expression.location
    if unpacks, case .starred(let value, _) = expression.kind {
      try visit(value)
      emit(.unpackSequence, 1)
    } else {
      try visit(expression)
    }
    emit(.returnValue)
    let code = try assemble(addNone: true)
    leave()
    try makeClosure(code, flags: 0)
  }

  func typeAlias(
    _ target: Expr, _ params: [TypeParam], _ value: Expr, _ statement: Stmt
  ) throws(Failure) {
    guard case .name(let id, _) = target.kind else {
      throw .value(message: "TypeAlias with non-Name name")
    }
    let isGeneric = !params.isEmpty
    let place = statement.location
    if isGeneric {
      try enter("<generic parameters of \(id)>", .typeParameters, target, firstLine: place.lineno)
      unit.location = place
      emitConstant(.string(Array(id.utf8)))
      try typeParameters(params)
    } else {
      emitConstant(.string(Array(id.utf8)))
      emitConstant(.none)
    }
    try enter(id, .typeParameters, statement, firstLine: place.lineno)
    unit.location = place
    // So that the function has no docstring.
    _ = unit.constants.add(.none)
    try visit(value)
    emit(.returnValue)
    let code = try assemble(addNone: false)
    leave()
    try makeClosure(code, flags: 0)
    emit(.buildTuple, 3)
    emit(.callIntrinsic1, Int(IntrinsicFunction1.typeAlias.rawValue))
    if isGeneric {
      let outer = try assemble(addNone: false)
      leave()
      try makeClosure(outer, flags: 0)
      emit(.callFunction, 0)
    }
    try name(id, .store)
  }
}
