import AST
import Bytecode

extension CodeGenerator {
  /// `name = __build_class__(body, "name", *bases, **keywords)`, decorated.
  func classDefinition(_ node: ClassDef, _ statement: Stmt) throws(Failure) {
    for decorator in node.decoratorList { try visit(decorator) }
    let firstLine = node.decoratorList.first?.location.lineno ?? statement.location.lineno
    let isGeneric = !node.typeParams.isEmpty
    if isGeneric {
      try enter(
        "<generic parameters of \(node.name)>", .typeParameters, node, firstLine: firstLine,
        privateName: node.name)
      unit.location = statement.location
      try typeParameters(node.typeParams)
      try name(".type_params", .store)
    }
    let code = try classBody(node, statement, firstLine)
    emit(.loadBuildClass)
    try makeClosure(code, flags: 0, qualifiedName: code.name)
    emitConstant(.string(Array(node.name.utf8)))
    if isGeneric {
      try name(".type_params", .load)
      emit(.callIntrinsic1, Int(IntrinsicFunction1.subscriptGeneric.rawValue))
      try name(".generic_base", .store)
      let base = Expr(.name(id: ".generic_base", ctx: .load), at: statement.location)
      try call(pushed: 2, node.bases + [base], node.keywords)
      let outer = try assemble(addNone: false)
      leave()
      try makeClosure(outer, flags: 0)
      emit(.callFunction, 0)
    } else {
      try call(pushed: 2, node.bases, node.keywords)
    }
    try applyDecorators(node.decoratorList)
    try name(node.name, .store)
  }

  private func classBody(
    _ node: ClassDef, _ statement: Stmt, _ firstLine: Int32
  ) throws(Failure) -> CodeUnit {
    try enter(node.name, .class, statement, firstLine: firstLine, privateName: node.name)
    try name("__name__", .load)
    try name("__module__", .store)
    emitConstant(.string(Array(unit.qualifiedName.utf8)))
    try name("__qualname__", .store)
    if dialect.contains(.classFirstLine) {
      emitConstant(.int(unit.firstLine))
      try name("__firstlineno__", .store)
    }
    if !node.typeParams.isEmpty {
      try name(".type_params", .load)
      try name("__type_params__", .store)
    }
    if unit.scope.needsClassDict, let cell = unit.cellIndex("__classdict__") {
      emit(.loadLocals)
      emit(.storeDeref, cell)
    }
    try statements(node.body)
    unit.location = .none
    if dialect.contains(.staticAttributes) {
      emitConstant(.tuple(unit.staticAttributes.sorted().map { .string(Array($0.utf8)) }))
      try name("__static_attributes__", .store)
    }
    if unit.scope.needsClassDict, let cell = unit.cellIndex("__classdict__") {
      emit(.loadClosure, cell)
      try name("__classdictcell__", .store)
    }
    if unit.scope.needsClassClosure, let cell = unit.cellIndex("__class__") {
      // type.__new__ fills the cell.
      emit(.loadClosure, cell)
      emit(.dupTop)
      try name("__classcell__", .store)
    } else {
      emitConstant(.none)
    }
    emit(.returnValue)
    let code = try assemble(addNone: true)
    leave()
    return code
  }

  /// Notes `self.attribute = ...` for the class around (3.13: `__static_attributes__`).
  func noteStaticAttribute(_ object: Expr, _ attribute: String) {
    guard dialect.contains(.staticAttributes), case .name("self", _) = object.kind else { return }
    for outer in outerUnits.reversed() where outer.kind == .class {
      outer.staticAttributes.insert(attribute)
      return
    }
  }
}
