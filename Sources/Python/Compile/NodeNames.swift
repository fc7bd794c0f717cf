import AST

/// The names of node classes in `ast`.
enum NodeNames {
  static let operators = [
    "Add", "Sub", "Mult", "MatMult", "Div", "Mod", "Pow", "LShift", "RShift", "BitOr", "BitXor",
    "BitAnd", "FloorDiv",
  ]
  static let unaryOperators = ["Invert", "Not", "UAdd", "USub"]
  static let compareOperators = [
    "Eq", "NotEq", "Lt", "LtE", "Gt", "GtE", "Is", "IsNot", "In", "NotIn",
  ]
  static let contexts = ["Load", "Store", "Del"]

  static func name(of op: Operator) -> String { operators[Int(op.rawValue)] }
  static func name(of op: UnaryOperator) -> String { unaryOperators[Int(op.rawValue)] }
  static func name(of op: CompareOperator) -> String { compareOperators[Int(op.rawValue)] }
  static func name(of context: ExprContext) -> String { contexts[Int(context.rawValue)] }

  static func name(of expression: Expr) -> String {
    switch expression.kind {
    case .boolOp: "BoolOp"
    case .namedExpr: "NamedExpr"
    case .binOp: "BinOp"
    case .unaryOp: "UnaryOp"
    case .lambda: "Lambda"
    case .ifExp: "IfExp"
    case .dict: "Dict"
    case .set: "Set"
    case .listComp: "ListComp"
    case .setComp: "SetComp"
    case .dictComp: "DictComp"
    case .generatorExp: "GeneratorExp"
    case .await: "Await"
    case .yield: "Yield"
    case .yieldFrom: "YieldFrom"
    case .compare: "Compare"
    case .call: "Call"
    case .formattedValue: "FormattedValue"
    case .joinedStr: "JoinedStr"
    case .constant: "Constant"
    case .attribute: "Attribute"
    case .subscript: "Subscript"
    case .starred: "Starred"
    case .name: "Name"
    case .list: "List"
    case .tuple: "Tuple"
    case .slice: "Slice"
    }
  }

  static func name(of pattern: Pattern) -> String {
    switch pattern.kind {
    case .matchValue: "MatchValue"
    case .matchSingleton: "MatchSingleton"
    case .matchSequence: "MatchSequence"
    case .matchMapping: "MatchMapping"
    case .matchClass: "MatchClass"
    case .matchStar: "MatchStar"
    case .matchAs: "MatchAs"
    case .matchOr: "MatchOr"
    }
  }
}
