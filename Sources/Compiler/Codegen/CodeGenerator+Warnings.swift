import AST

/// SyntaxWarnings for expressions that cannot work (`check_compare`, `check_caller` and others in
/// `Python/compile.c`).
extension CodeGenerator {
  /// The type name of a display or constant; nil when it is not known.
  private func typeName(_ expression: Expr) -> String? {
    switch expression.kind {
    case .tuple: "tuple"
    case .list, .listComp: "list"
    case .dict, .dictComp: "dict"
    case .set, .setComp: "set"
    case .generatorExp: "generator"
    case .lambda: "function"
    case .joinedStr, .formattedValue: "str"
    case .constant(let value, _):
      switch value {
      case .none: "NoneType"
      case .true, .false: "bool"
      case .ellipsis: "ellipsis"
      case .int, .bigInt, .negativeBigInt: "int"
      case .float: "float"
      case .complex, .complexNumber: "complex"
      case .string: "str"
      case .bytes: "bytes"
      case .tuple: "tuple"
      case .frozenset: "frozenset"
      }
    default: nil
    }
  }

  func checkCompare(
    _ expression: Expr, _ left: Expr, _ ops: [CompareOperator], _ comparators: [Expr]
  ) {
    func isIdentity(_ operand: Expr) -> Bool {
      guard case .constant(let value, _) = operand.kind else { return true }
      switch value {
      case .none, .true, .false, .ellipsis: return true
      default: return false
      }
    }
    var previous = left
    for (op, right) in zip(ops, comparators) {
      if op == .is || op == .isNot {
        let literal = !isIdentity(previous) ? previous : !isIdentity(right) ? right : nil
        if let literal {
          let type = typeName(literal) ?? "object"
          return warning(
            op == .is
              ? "\"is\" with '\(type)' literal. Did you mean \"==\"?"
              : "\"is not\" with '\(type)' literal. Did you mean \"!=\"?", at: expression.location)
        }
      }
      previous = right
    }
  }

  func checkCalled(_ function: Expr) {
    switch function.kind {
    case .constant, .tuple, .list, .listComp, .dict, .dictComp, .set, .setComp, .generatorExp,
      .joinedStr, .formattedValue:
      warning(
        "'\(typeName(function) ?? "object")' object is not callable; perhaps you missed a comma?",
        at: function.location)
    default: break
    }
  }

  func checkSubscripted(_ object: Expr, at location: SourceRange) {
    switch object.kind {
    case .constant(let value, _):
      switch value {
      case .none, .ellipsis, .true, .false, .int, .bigInt, .negativeBigInt, .float, .complex,
        .complexNumber, .frozenset:
        break
      case .string, .bytes, .tuple: return
      }
    case .set, .setComp, .generatorExp, .lambda: break
    default: return
    }
    warning(
      "'\(typeName(object) ?? "object")' object is not subscriptable; perhaps you missed a comma?",
      at: location)
  }

  func checkIndex(_ object: Expr, _ index: Expr, at location: SourceRange) {
    guard let type = typeName(index), type != "int", type != "bool" else { return }
    switch object.kind {
    case .constant(let value, _):
      switch value {
      case .string, .bytes, .tuple: break
      default: return
      }
    case .tuple, .list, .listComp, .joinedStr, .formattedValue: break
    default: return
    }
    warning(
      "\(typeName(object) ?? "object") indices must be integers or slices, not \(type); "
        + "perhaps you missed a comma?", at: location)
  }
}
