import AST

/// PEP 695 and 696: the scopes of type parameters.
extension SymbolTableBuilder {
  /// Opens the block that holds the type parameters of a function, class or alias.
  mutating func enterTypeParams(
    _ name: String, _ node: AnyObject, hasDefaults: Bool, hasKeywordDefaults: Bool, isClass: Bool,
    _ location: SourceRange
  ) throws(Failure) {
    let inClass = current.type == .class
    enter(name, .typeParameters, node, location)
    if inClass {
      current.canSeeClassScope = true
      try define("__classdict__", .use, location)
    }
    if isClass {
      for name in [".type_params", ".generic_base"] {
        try define(name, .defLocal, location)
        try define(name, .use, location)
      }
    }
    if hasDefaults { try define(".defaults", .defParam, location) }
    if hasKeywordDefaults { try define(".kwdefaults", .defParam, location) }
  }

  mutating func visit(_ param: TypeParam) throws(Failure) {
    switch param.kind {
    case .typeVar(let name, let bound, let defaultValue):
      try defineParameter(name, param.location)
      if let bound {
        let isTuple = if case .tuple = bound.kind { true } else { false }
        try visitLazy(bound, name, param, isTuple ? "a TypeVar constraint" : "a TypeVar bound")
      }
      if let defaultValue {
        try visitLazy(defaultValue, name, nil, "a TypeVar default")
      }
    case .paramSpec(let name, let defaultValue):
      try defineParameter(name, param.location)
      if let defaultValue { try visitLazy(defaultValue, name, nil, "a ParamSpec default") }
    case .typeVarTuple(let name, let defaultValue):
      try defineParameter(name, param.location)
      if let defaultValue {
        try visitLazy(defaultValue, name, nil, "a TypeVarTuple default")
      }
    }
  }

  /// The scope of a class has a variable `__classdict__` of its own.
  private mutating func defineParameter(
    _ name: String, _ location: SourceRange
  ) throws(Failure) {
    if name == "__classdict__" {
      throw error("reserved name '\(name)' cannot be used for type parameter", at: location)
    }
    try define(name, [.defTypeParam, .defLocal], location)
  }

  /// A bound (found by its parameter) or default: a block of its own, run on demand.
  private mutating func visitLazy(
    _ expression: Expr, _ name: String, _ bounded: TypeParam?, _ info: String
  ) throws(Failure) {
    let inClass = current.canSeeClassScope
    enter(
      name, .typeVariable, bounded ?? expression, expression.location, isDefault: bounded == nil)
    current.canSeeClassScope = inClass
    if inClass { try define("__classdict__", .use, expression.location) }
    current.scopeInfo = info
    try visit(expression)
    leave()
  }

  mutating func visitTypeAlias(
    _ name: Expr, _ typeParams: [TypeParam], _ value: Expr, _ statement: Stmt
  ) throws(Failure) {
    try visit(name)
    guard case .name(let id, _) = name.kind else {
      throw .value(message: "TypeAlias with non-Name name")
    }
    let inClass = current.type == .class
    if !typeParams.isEmpty {
      try enterTypeParams(
        id, name, hasDefaults: false, hasKeywordDefaults: false, isClass: false, statement.location)
      for param in typeParams { try visit(param) }
    }
    enter(id, .typeAlias, statement, statement.location)
    current.canSeeClassScope = inClass
    if inClass { try define("__classdict__", .use, value.location) }
    try visit(value)
    leave()
    if !typeParams.isEmpty { leave() }
  }
}
