import AST
import CPythonABI
import Objects
import Parser

/// Makes a tree of `ast` objects.
///
/// Fields are read as CPython's generated converters do: what may be missing counts as None, a
/// missing list as empty; anything else raises TypeError or ValueError. Whether the tree makes sense
/// is for `Compiler.validate`.
struct TreeReader {
  let classes: NodeClasses
  /// The node classes by their pointers.
  private let kinds: [Ref: String]

  static func tree(_ object: Ref, _ mode: ParseMode) throws(Raised) -> Mod {
    let reader = try TreeReader()
    let wanted =
      switch mode {
      case .eval: "Expression"
      case .single: "Interactive"
      case .functionType: "FunctionType"
      default: "Module"
      }
    let kind = reader.kind(of: object)
    if kind != wanted {
      throw raise(.typeError, "expected \(wanted) node, got \(object.type.fullName)")
    }
    switch mode {
    case .eval: return .expression(body: try reader.expression(object, "body", "Expression"))
    case .single: return .interactive(body: try reader.statements(object, "body", "Interactive"))
    case .functionType:
      return .functionType(
        argtypes: try reader.expressions(object, "argtypes", "FunctionType"),
        returns: try reader.expression(object, "returns", "FunctionType"))
    default:
      let ignores = try reader.list(object, "type_ignores", "Module") { item throws(Raised) in
        TypeIgnore(
          lineno: Int32(truncatingIfNeeded: try reader.int(item, "lineno", "TypeIgnore")),
          tag: try reader.requiredText(item, "tag", "TypeIgnore"))
      }
      return .module(
        body: try reader.statements(object, "body", "Module"), typeIgnores: ignores)
    }
  }

  private init() throws(Raised) {
    classes = try NodeClasses()
    var kinds: [Ref: String] = [:]
    for name in Self.names { kinds[try classes.type(name)] = name }
    self.kinds = kinds
  }

  private static let names =
    [
      "Module", "Interactive", "Expression", "FunctionType", "FunctionDef", "AsyncFunctionDef",
      "ClassDef", "Return", "Delete", "Assign", "TypeAlias", "AugAssign", "AnnAssign", "For",
      "AsyncFor", "While", "If", "With", "AsyncWith", "Match", "Raise", "Try", "TryStar", "Assert",
      "Import", "ImportFrom", "Global", "Nonlocal", "Expr", "Pass", "Break", "Continue", "BoolOp",
      "NamedExpr", "BinOp", "UnaryOp", "Lambda", "IfExp", "Dict", "Set", "ListComp", "SetComp",
      "DictComp", "GeneratorExp", "Await", "Yield", "YieldFrom", "Compare", "Call",
      "FormattedValue", "JoinedStr", "Constant", "Attribute", "Subscript", "Starred", "Name",
      "List", "Tuple", "Slice", "And", "Or", "ExceptHandler", "MatchValue", "MatchSingleton",
      "MatchSequence", "MatchMapping", "MatchClass", "MatchStar", "MatchAs", "MatchOr", "TypeVar",
      "ParamSpec", "TypeVarTuple",
    ] + NodeNames.operators + NodeNames.unaryOperators + NodeNames.compareOperators
    + NodeNames.contexts

  /// The class of a node, or of the nearest base class that is one.
  private func kind(of object: Ref) -> String? {
    var type: TypeRef? = object.type
    while let current = type {
      if let kind = kinds[current.object] { return kind }
      type = current.pointee.tp_base
    }
    return nil
  }

  // MARK: fields

  private func unexpected(_ group: String, _ object: Ref) -> Raised {
    guard let shown = PyObject_Repr(object) else { return Raised() }
    let held = Owned(adopting: shown)
    return raise(
      .typeError, "expected some sort of \(group), but got \(Objects.text(of: held.ref))")
  }

  /// A field; nil when it is missing or None.
  private func optional(_ node: Ref, _ field: String) throws(Raised) -> Owned? {
    var value: Ref?
    try check(PyObject_GetOptionalAttr(node, try classes.key(field), &value))
    guard let value else { return nil }
    let held = Owned(adopting: value)
    if held.ref.isNone { return nil }
    return held
  }

  private func required(_ node: Ref, _ field: String, _ owner: String) throws(Raised) -> Owned {
    var value: Ref?
    if try check(PyObject_GetOptionalAttr(node, try classes.key(field), &value)) == 0 {
      throw raise(.typeError, "required field \"\(field)\" missing from \(owner)")
    }
    guard let value else { throw Raised() }
    return Owned(adopting: value)
  }

  private func list<Item>(
    _ node: Ref, _ field: String, _ owner: String, _ convert: (Ref) throws(Raised) -> Item
  ) throws(Raised) -> [Item] {
    var value: Ref?
    try check(PyObject_GetOptionalAttr(node, try classes.key(field), &value))
    guard let value else { return [] }
    let held = Owned(adopting: value)
    guard held.ref.isList else {
      throw raise(
        .typeError, "\(owner) field \"\(field)\" must be a list, not a \(held.ref.type.fullName)")
    }
    let count = apus_var_size(held.ref)
    var items: [Item] = []
    items.reserveCapacity(count)
    for index in 0..<count {
      if apus_var_size(held.ref) != count {
        throw raise(.runtimeError, "\(owner) field \"\(field)\" changed size during iteration")
      }
      let item = apus_list_item(held.ref, index).retained()
      items.append(try convert(item.ref))
    }
    return items
  }

  private func int(_ value: Ref) throws(Raised) -> Int {
    guard value.isInt else {
      let shown = try own(PyObject_Repr(value))
      throw raise(.valueError, "invalid integer value: \(Objects.text(of: shown.ref))")
    }
    let number = PyLong_AsInt(value)
    if number == -1 && hasRaised() { throw Raised() }
    return Int(number)
  }

  private func int(_ node: Ref, _ field: String, _ owner: String) throws(Raised) -> Int {
    let value = try required(node, field, owner)
    return try int(value.ref)
  }

  private func string(_ value: Ref, _ what: String) throws(Raised) -> String {
    guard value.isStr else { throw raise(.typeError, "AST \(what) must be of type str") }
    var size = 0
    guard let bytes = PyUnicode_AsUTF8AndSize(value, &size) else { throw Raised() }
    return String(
      decoding: UnsafeRawBufferPointer(start: bytes, count: size), as: UTF8.self)
  }

  private func text(_ node: Ref, _ field: String, _ what: String) throws(Raised) -> String? {
    guard let value = try optional(node, field) else { return nil }
    return try string(value.ref, what)
  }

  private func requiredText(_ node: Ref, _ field: String, _ owner: String) throws(Raised) -> String
  {
    let value = try required(node, field, owner)
    if value.ref.isNone {
      throw raise(.valueError, "field '\(field)' is required for \(owner)")
    }
    return try string(value.ref, field == "tag" ? "string" : "identifier")
  }

  private func identifiers(_ node: Ref, _ field: String, _ owner: String) throws(Raised) -> [String]
  {
    try list(node, field, owner) { item throws(Raised) in try string(item, "identifier") }
  }

  /// The positions of a node; the end may be left out.
  private func place(_ node: Ref, _ group: String) throws(Raised) -> SourceRange {
    let line = Int32(truncatingIfNeeded: try int(node, "lineno", group))
    let column = Int32(truncatingIfNeeded: try int(node, "col_offset", group))
    var place = SourceRange(
      lineno: line, colOffset: column, endLineno: line, endColOffset: column)
    if let end = try optional(node, "end_lineno") {
      place.endLineno = Int32(truncatingIfNeeded: try int(end.ref))
    }
    if let end = try optional(node, "end_col_offset") {
      place.endColOffset = Int32(truncatingIfNeeded: try int(end.ref))
    }
    return place
  }

  private func enter(_ group: String) throws(Raised) {
    try Objects.check(" while traversing '\(group)' node".withCString { Py_EnterRecursiveCall($0) })
  }

  /// An operator or context by its class.
  private func instance(
    _ value: Ref, _ names: [String], _ group: String
  ) throws(Raised) -> UInt8 {
    guard let kind = kind(of: value), let index = names.firstIndex(of: kind) else {
      throw unexpected(group, value)
    }
    return UInt8(index)
  }

  private func required(
    _ node: Ref, _ field: String, _ owner: String, _ names: [String], _ group: String
  ) throws(Raised) -> UInt8 {
    let value = try required(node, field, owner)
    if value.ref.isNone { throw raise(.valueError, "field '\(field)' is required for \(owner)") }
    return try instance(value.ref, names, group)
  }

  private func binaryOperator(_ node: Ref, _ owner: String) throws(Raised) -> Operator {
    let index = try required(node, "op", owner, NodeNames.operators, "operator")
    return Operator(rawValue: index) ?? .add
  }

  private func context(_ node: Ref) throws(Raised) -> ExprContext {
    guard let value = try optional(node, "ctx") else { return .load }
    let index = try instance(value.ref, NodeNames.contexts, "expr_context")
    return ExprContext(rawValue: index) ?? .load
  }

  // MARK: statements

  private func statements(_ node: Ref, _ field: String, _ owner: String) throws(Raised) -> [Stmt] {
    try list(node, field, owner) { item throws(Raised) in
      if item.isNone { throw raise(.valueError, "None disallowed in statement list") }
      return try statement(item)
    }
  }

  private func statement(_ node: Ref) throws(Raised) -> Stmt {
    try enter("stmt")
    defer { Py_LeaveRecursiveCall() }
    let place = try place(node, "stmt")
    guard let kind = kind(of: node) else { throw unexpected("stmt", node) }
    return Stmt(try statement(kind, node), at: place)
  }

  private func statement(_ kind: String, _ node: Ref) throws(Raised) -> Stmt.Kind {
    switch kind {
    case "FunctionDef": return .functionDef(try function(node, kind))
    case "AsyncFunctionDef": return .asyncFunctionDef(try function(node, kind))
    case "ClassDef":
      return .classDef(
        ClassDef(
          name: try requiredText(node, "name", kind), bases: try expressions(node, "bases", kind),
          keywords: try keywords(node, kind), body: try statements(node, "body", kind),
          decoratorList: try expressions(node, "decorator_list", kind),
          typeParams: try typeParams(node, kind)))
    case "Return": return .return(value: try optionalExpression(node, "value"))
    case "Delete": return .delete(targets: try expressions(node, "targets", kind))
    case "Assign":
      return .assign(
        targets: try expressions(node, "targets", kind), value: try expression(node, "value", kind),
        typeComment: try text(node, "type_comment", "string"))
    case "TypeAlias":
      return .typeAlias(
        name: try expression(node, "name", kind), typeParams: try typeParams(node, kind),
        value: try expression(node, "value", kind))
    case "AugAssign":
      return .augAssign(
        target: try expression(node, "target", kind), op: try binaryOperator(node, kind),
        value: try expression(node, "value", kind))
    case "AnnAssign":
      return .annAssign(
        target: try expression(node, "target", kind),
        annotation: try expression(node, "annotation", kind),
        value: try optionalExpression(node, "value"), simple: try int(node, "simple", kind) != 0)
    case "For": return .for(try loop(node, kind))
    case "AsyncFor": return .asyncFor(try loop(node, kind))
    case "While":
      return .while(
        test: try expression(node, "test", kind), body: try statements(node, "body", kind),
        orelse: try statements(node, "orelse", kind))
    case "If":
      return .if(
        test: try expression(node, "test", kind), body: try statements(node, "body", kind),
        orelse: try statements(node, "orelse", kind))
    case "With": return .with(try with(node, kind))
    case "AsyncWith": return .asyncWith(try with(node, kind))
    case "Match":
      return .match(
        subject: try expression(node, "subject", kind),
        cases: try list(node, "cases", kind) { item throws(Raised) in
          MatchCase(
            pattern: try pattern(item, "pattern", "match_case"),
            guard: try optionalExpression(item, "guard"),
            body: try statements(item, "body", "match_case"))
        })
    case "Raise":
      return .raise(
        exc: try optionalExpression(node, "exc"), cause: try optionalExpression(node, "cause"))
    case "Try": return .try(try tryStatement(node, kind))
    case "TryStar": return .tryStar(try tryStatement(node, kind))
    case "Assert":
      return .assert(
        test: try expression(node, "test", kind), msg: try optionalExpression(node, "msg"))
    case "Import": return .import(names: try aliases(node, kind))
    case "ImportFrom":
      var level = 0
      if let value = try optional(node, "level") { level = try int(value.ref) }
      return .importFrom(
        module: try text(node, "module", "identifier"), names: try aliases(node, kind), level: level
      )
    case "Global": return .global(names: try identifiers(node, "names", kind))
    case "Nonlocal": return .nonlocal(names: try identifiers(node, "names", kind))
    case "Expr": return .expr(value: try expression(node, "value", kind))
    case "Pass": return .pass
    case "Break": return .break
    case "Continue": return .continue
    default: throw unexpected("stmt", node)
    }
  }

  private func function(_ node: Ref, _ kind: String) throws(Raised) -> FunctionDef {
    FunctionDef(
      name: try requiredText(node, "name", kind), args: try arguments(node, "args", kind),
      body: try statements(node, "body", kind),
      decoratorList: try expressions(node, "decorator_list", kind),
      returns: try optionalExpression(node, "returns"),
      typeComment: try text(node, "type_comment", "string"),
      typeParams: try typeParams(node, kind))
  }

  private func loop(_ node: Ref, _ kind: String) throws(Raised) -> For {
    For(
      target: try expression(node, "target", kind), iter: try expression(node, "iter", kind),
      body: try statements(node, "body", kind), orelse: try statements(node, "orelse", kind),
      typeComment: try text(node, "type_comment", "string"))
  }

  private func with(_ node: Ref, _ kind: String) throws(Raised) -> With {
    With(
      items: try list(node, "items", kind) { item throws(Raised) in
        WithItem(
          contextExpr: try expression(item, "context_expr", "withitem"),
          optionalVars: try optionalExpression(item, "optional_vars"))
      }, body: try statements(node, "body", kind),
      typeComment: try text(node, "type_comment", "string"))
  }

  private func tryStatement(_ node: Ref, _ kind: String) throws(Raised) -> Try {
    Try(
      body: try statements(node, "body", kind),
      handlers: try list(node, "handlers", kind) { item throws(Raised) in
        guard self.kind(of: item) == "ExceptHandler" else {
          throw unexpected("excepthandler", item)
        }
        return ExceptHandler(
          type: try optionalExpression(item, "type"), name: try text(item, "name", "identifier"),
          body: try statements(item, "body", "ExceptHandler"),
          at: try place(item, "excepthandler"))
      }, orelse: try statements(node, "orelse", kind),
      finalbody: try statements(node, "finalbody", kind))
  }

  private func aliases(_ node: Ref, _ kind: String) throws(Raised) -> [Alias] {
    try list(node, "names", kind) { item throws(Raised) in
      Alias(
        name: try requiredText(item, "name", "alias"),
        asname: try text(item, "asname", "identifier"),
        at: try place(item, "alias"))
    }
  }

  private func typeParams(_ node: Ref, _ owner: String) throws(Raised) -> [TypeParam] {
    try list(node, "type_params", owner) { item throws(Raised) in
      let place = try place(item, "type_param")
      switch kind(of: item) {
      case "TypeVar":
        return TypeParam(
          .typeVar(
            name: try requiredText(item, "name", "TypeVar"),
            bound: try optionalExpression(item, "bound"),
            defaultValue: try optionalExpression(item, "default_value")), at: place)
      case "ParamSpec":
        return TypeParam(
          .paramSpec(
            name: try requiredText(item, "name", "ParamSpec"),
            defaultValue: try optionalExpression(item, "default_value")), at: place)
      case "TypeVarTuple":
        return TypeParam(
          .typeVarTuple(
            name: try requiredText(item, "name", "TypeVarTuple"),
            defaultValue: try optionalExpression(item, "default_value")), at: place)
      default: throw unexpected("type_param", item)
      }
    }
  }

  private func arguments(
    _ node: Ref, _ field: String, _ owner: String
  ) throws(Raised) -> AST.Arguments {
    let part = try required(node, field, owner)
    if part.ref.isNone { throw raise(.valueError, "field '\(field)' is required for \(owner)") }
    let kind = "arguments"
    return AST.Arguments(
      posonlyargs: try args(part.ref, "posonlyargs"), args: try args(part.ref, "args"),
      vararg: try optionalArg(part.ref, "vararg"), kwonlyargs: try args(part.ref, "kwonlyargs"),
      kwDefaults: try optionals(part.ref, "kw_defaults", kind),
      kwarg: try optionalArg(part.ref, "kwarg"),
      defaults: try expressions(part.ref, "defaults", kind))
  }

  private func args(_ node: Ref, _ field: String) throws(Raised) -> [Arg] {
    try list(node, field, "arguments") { item throws(Raised) in try arg(item) }
  }

  private func optionalArg(_ node: Ref, _ field: String) throws(Raised) -> Arg? {
    guard let value = try optional(node, field) else { return nil }
    return try arg(value.ref)
  }

  private func arg(_ item: Ref) throws(Raised) -> Arg {
    Arg(
      arg: try requiredText(item, "arg", "arg"),
      annotation: try optionalExpression(item, "annotation"),
      typeComment: try text(item, "type_comment", "string"), at: try place(item, "arg"))
  }

  private func keywords(_ node: Ref, _ owner: String) throws(Raised) -> [Keyword] {
    try list(node, "keywords", owner) { item throws(Raised) in
      Keyword(
        arg: try text(item, "arg", "identifier"), value: try expression(item, "value", "keyword"),
        at: try place(item, "keyword"))
    }
  }

  // MARK: expressions

  private func expressions(_ node: Ref, _ field: String, _ owner: String) throws(Raised) -> [Expr] {
    try list(node, field, owner) { item throws(Raised) in
      if item.isNone { throw raise(.valueError, "None disallowed in expression list") }
      return try expression(item)
    }
  }

  private func optionals(_ node: Ref, _ field: String, _ owner: String) throws(Raised) -> [Expr?] {
    try list(node, field, owner) { item throws(Raised) in
      item.isNone ? nil : try expression(item)
    }
  }

  private func optionalExpression(_ node: Ref, _ field: String) throws(Raised) -> Expr? {
    guard let value = try optional(node, field) else { return nil }
    return try expression(value.ref)
  }

  private func expression(_ node: Ref, _ field: String, _ owner: String) throws(Raised) -> Expr {
    let value = try required(node, field, owner)
    if value.ref.isNone { throw raise(.valueError, "field '\(field)' is required for \(owner)") }
    return try expression(value.ref)
  }

  private func expression(_ node: Ref) throws(Raised) -> Expr {
    try enter("expr")
    defer { Py_LeaveRecursiveCall() }
    let place = try place(node, "expr")
    guard let kind = kind(of: node) else { throw unexpected("expr", node) }
    return Expr(try expression(kind, node), at: place)
  }

  private func expression(_ kind: String, _ node: Ref) throws(Raised) -> Expr.Kind {
    switch kind {
    case "BoolOp":
      let op = try required(node, "op", kind, ["And", "Or"], "boolop")
      return .boolOp(op: op == 0 ? .and : .or, values: try expressions(node, "values", kind))
    case "NamedExpr":
      return .namedExpr(
        target: try expression(node, "target", kind), value: try expression(node, "value", kind))
    case "BinOp":
      return .binOp(
        left: try expression(node, "left", kind), op: try binaryOperator(node, kind),
        right: try expression(node, "right", kind))
    case "UnaryOp":
      let op = try required(node, "op", kind, NodeNames.unaryOperators, "unaryop")
      return .unaryOp(
        op: UnaryOperator(rawValue: op) ?? .not, operand: try expression(node, "operand", kind))
    case "Lambda":
      return .lambda(
        args: try arguments(node, "args", kind), body: try expression(node, "body", kind))
    case "IfExp":
      return .ifExp(
        test: try expression(node, "test", kind), body: try expression(node, "body", kind),
        orelse: try expression(node, "orelse", kind))
    case "Dict":
      return .dict(
        keys: try optionals(node, "keys", kind), values: try expressions(node, "values", kind))
    case "Set": return .set(elts: try expressions(node, "elts", kind))
    case "ListComp":
      return .listComp(
        elt: try expression(node, "elt", kind), generators: try generators(node, kind))
    case "SetComp":
      return .setComp(
        elt: try expression(node, "elt", kind), generators: try generators(node, kind))
    case "GeneratorExp":
      return .generatorExp(
        elt: try expression(node, "elt", kind), generators: try generators(node, kind))
    case "DictComp":
      return .dictComp(
        key: try expression(node, "key", kind), value: try expression(node, "value", kind),
        generators: try generators(node, kind))
    case "Await": return .await(value: try expression(node, "value", kind))
    case "Yield": return .yield(value: try optionalExpression(node, "value"))
    case "YieldFrom": return .yieldFrom(value: try expression(node, "value", kind))
    case "Compare":
      return .compare(
        left: try expression(node, "left", kind),
        ops: try list(node, "ops", kind) { item throws(Raised) in
          let index = try instance(item, NodeNames.compareOperators, "cmpop")
          return CompareOperator(rawValue: index) ?? .eq
        }, comparators: try expressions(node, "comparators", kind))
    case "Call":
      return .call(
        function: try expression(node, "func", kind), args: try expressions(node, "args", kind),
        keywords: try keywords(node, kind))
    case "FormattedValue":
      return .formattedValue(
        value: try expression(node, "value", kind),
        conversion: Int32(truncatingIfNeeded: try int(node, "conversion", kind)),
        formatSpec: try optionalExpression(node, "format_spec"))
    case "JoinedStr": return .joinedStr(values: try expressions(node, "values", kind))
    case "Constant":
      let value = try required(node, "value", kind)
      return .constant(value: try constant(value.ref), kind: try text(node, "kind", "string"))
    case "Attribute":
      return .attribute(
        value: try expression(node, "value", kind), attr: try requiredText(node, "attr", kind),
        ctx: try context(node))
    case "Subscript":
      return .subscript(
        value: try expression(node, "value", kind), slice: try expression(node, "slice", kind),
        ctx: try context(node))
    case "Starred":
      return .starred(value: try expression(node, "value", kind), ctx: try context(node))
    case "Name": return .name(id: try requiredText(node, "id", kind), ctx: try context(node))
    case "List": return .list(elts: try expressions(node, "elts", kind), ctx: try context(node))
    case "Tuple": return .tuple(elts: try expressions(node, "elts", kind), ctx: try context(node))
    case "Slice":
      return .slice(
        lower: try optionalExpression(node, "lower"), upper: try optionalExpression(node, "upper"),
        step: try optionalExpression(node, "step"))
    default: throw unexpected("expr", node)
    }
  }

  private func generators(_ node: Ref, _ owner: String) throws(Raised) -> [Comprehension] {
    try list(node, "generators", owner) { item throws(Raised) in
      Comprehension(
        target: try expression(item, "target", "comprehension"),
        iter: try expression(item, "iter", "comprehension"),
        ifs: try expressions(item, "ifs", "comprehension"),
        isAsync: try int(item, "is_async", "comprehension") != 0)
    }
  }

  // MARK: patterns

  private func patterns(_ node: Ref, _ field: String, _ owner: String) throws(Raised) -> [Pattern] {
    try list(node, field, owner) { item throws(Raised) in try pattern(item) }
  }

  private func pattern(_ node: Ref, _ field: String, _ owner: String) throws(Raised) -> Pattern {
    let value = try required(node, field, owner)
    if value.ref.isNone { throw raise(.valueError, "field '\(field)' is required for \(owner)") }
    return try pattern(value.ref)
  }

  private func pattern(_ node: Ref) throws(Raised) -> Pattern {
    try enter("pattern")
    defer { Py_LeaveRecursiveCall() }
    let place = try place(node, "pattern")
    guard let kind = kind(of: node) else { throw unexpected("pattern", node) }
    return Pattern(try pattern(kind, node), at: place)
  }

  private func pattern(_ kind: String, _ node: Ref) throws(Raised) -> Pattern.Kind {
    switch kind {
    case "MatchValue": return .matchValue(value: try expression(node, "value", kind))
    case "MatchSingleton":
      let value = try required(node, "value", kind)
      return .matchSingleton(value: try constant(value.ref))
    case "MatchSequence": return .matchSequence(patterns: try patterns(node, "patterns", kind))
    case "MatchMapping":
      return .matchMapping(
        keys: try expressions(node, "keys", kind), patterns: try patterns(node, "patterns", kind),
        rest: try text(node, "rest", "identifier"))
    case "MatchClass":
      return .matchClass(
        cls: try expression(node, "cls", kind), patterns: try patterns(node, "patterns", kind),
        kwdAttrs: try identifiers(node, "kwd_attrs", kind),
        kwdPatterns: try patterns(node, "kwd_patterns", kind))
    case "MatchStar": return .matchStar(name: try text(node, "name", "identifier"))
    case "MatchAs":
      var inner: Pattern?
      if let value = try optional(node, "pattern") { inner = try pattern(value.ref) }
      return .matchAs(pattern: inner, name: try text(node, "name", "identifier"))
    case "MatchOr": return .matchOr(patterns: try patterns(node, "patterns", kind))
    default: throw unexpected("pattern", node)
    }
  }

  // MARK: constants

  private func constant(_ value: Ref) throws(Raised) -> Constant {
    try enter("constant")
    defer { Py_LeaveRecursiveCall() }
    if value.isNone { return .none }
    if value == trueObject() { return .true }
    if value == falseObject() { return .false }
    if value == ellipsisObject() { return .ellipsis }
    if value.isExactInt { return try integer(value) }
    if value.isExactFloat { return .float(PyFloat_AsDouble(value)) }
    if value.type == complexType() {
      return .complexNumber(
        real: PyComplex_RealAsDouble(value), imaginary: PyComplex_ImagAsDouble(value))
    }
    if value.isExactStr {
      let bytes = try own(
        "utf-8".withCString { encoding in
          "surrogatepass".withCString { PyUnicode_AsEncodedString(value, encoding, $0) }
        })
      return .string(content(bytes.ref))
    }
    if value.type == bytesType() { return .bytes(content(value)) }
    if value.isExactTuple {
      var items: [Constant] = []
      for index in 0..<apus_var_size(value) {
        items.append(try constant(apus_tuple_item(value, index)))
      }
      return .tuple(items)
    }
    if value.type == frozenSetType() {
      let members = try own(PySequence_List(value))
      var items: [Constant] = []
      for index in 0..<apus_var_size(members.ref) {
        items.append(try constant(apus_list_item(members.ref, index)))
      }
      return .frozenset(items)
    }
    throw raise(.typeError, "got an invalid type in Constant: \(value.type.fullName)")
  }

  private func content(_ bytes: Ref) -> [UInt8] {
    Array(UnsafeBufferPointer(start: apus_bytes_data(bytes), count: apus_var_size(bytes)))
  }

  private func integer(_ value: Ref) throws(Raised) -> Constant {
    var overflow: Int32 = 0
    let word = PyLong_AsLongAndOverflow(value, &overflow)
    if overflow == 0 {
      if word == -1 && hasRaised() { throw Raised() }
      return .int(word)
    }
    let count = Int(value.view(PyLongObject.self).pointee.long_value.lv_tag >> 3)
    let digits = Array(UnsafeBufferPointer(start: apus_long_digits(value), count: count))
    return overflow < 0 ? .negativeBigInt(digits) : .bigInt(digits)
  }
}
