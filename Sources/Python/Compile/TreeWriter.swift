import AST
import CPythonABI
import Compiler
import Objects

/// The `_ast` module as the two directions of conversion need it.
final class NodeClasses {
  /// Borrowed from the module, which `sys.modules` and `module` keep.
  private var classes: [String: Ref] = [:]
  private var names: [String: Ref] = [:]
  private let module: Ref
  let namespace: Ref

  /// Imports `_ast`.
  init() throws(Raised) {
    module = try own("_ast".withCString { PyImport_ImportModule($0) }).give()
    namespace = try borrow(PyModule_GetDict(module))
  }

  deinit {
    for name in names.values { Py_DECREF(name) }
    Py_DECREF(module)
  }

  /// The node class of this name.
  func type(_ name: String) throws(Raised) -> Ref {
    if let known = classes[name] { return known }
    guard let found = try item(namespace, name) else {
      throw raise(.systemError, "_ast has no class \(name)")
    }
    classes[name] = found
    return found
  }

  /// What a dict has under a name, borrowed.
  func item(_ dict: Ref, _ name: String) throws(Raised) -> Ref? {
    let key = try own(newString(name))
    let found = PyDict_GetItemWithError(dict, key.ref)
    if found == nil && hasRaised() { throw Raised() }
    return found
  }

  /// The name of a field as an interned str.
  func key(_ name: String) throws(Raised) -> Ref {
    if let known = names[name] { return known }
    guard let key = name.withCString({ PyUnicode_InternFromString($0) }) else { throw Raised() }
    names[name] = key
    return key
  }
}

/// Makes `ast` objects of a tree.
struct TreeWriter {
  let classes: NodeClasses

  static func object(_ mod: Mod) throws(Raised) -> Owned {
    let writer = TreeWriter(classes: try NodeClasses())
    switch mod {
    case .module(let body, let ignores):
      let node = try writer.make("Module", nil)
      try writer.set(node.ref, "body", try writer.statements(body))
      try writer.set(
        node.ref, "type_ignores",
        try writer.list(ignores) { ignore throws(Raised) in
          let item = try writer.make("TypeIgnore", nil)
          try writer.set(item.ref, "lineno", try writer.int(Int(ignore.lineno)))
          try writer.set(item.ref, "tag", try writer.string(ignore.tag))
          return item
        })
      return node
    case .interactive(let body):
      let node = try writer.make("Interactive", nil)
      try writer.set(node.ref, "body", try writer.statements(body))
      return node
    case .expression(let body):
      let node = try writer.make("Expression", nil)
      try writer.set(node.ref, "body", try writer.expression(body))
      return node
    case .functionType(let argtypes, let returns):
      let node = try writer.make("FunctionType", nil)
      try writer.set(node.ref, "argtypes", try writer.expressions(argtypes))
      try writer.set(node.ref, "returns", try writer.expression(returns))
      return node
    }
  }

  // MARK: pieces

  /// A node without fields, with its positions.
  private func make(_ name: String, _ place: SourceRange?) throws(Raised) -> Owned {
    let type = try classes.type(name)
    let node = try own(PyType_GenericAlloc(type.asType, 0))
    if let place {
      try set(node.ref, "lineno", try int(Int(place.lineno)))
      try set(node.ref, "col_offset", try int(Int(place.colOffset)))
      try set(node.ref, "end_lineno", try int(Int(place.endLineno)))
      try set(node.ref, "end_col_offset", try int(Int(place.endColOffset)))
    }
    return node
  }

  private func set(_ node: Ref, _ field: String, _ value: consuming Owned) throws(Raised) {
    let value = value
    try check(PyObject_SetAttr(node, try classes.key(field), value.ref))
  }

  private func int(_ value: Int) throws(Raised) -> Owned { try own(PyLong_FromSsize_t(value)) }

  private func string(_ text: String?) throws(Raised) -> Owned {
    guard let text else { return noneObject().retained() }
    return try own(newString(text))
  }

  private func constant(_ value: Constant) throws(Raised) -> Owned {
    try CodeMaterializer.constant(CodeConstant(value), fileName: noneObject())
  }

  /// The shared instance of an operator or context.
  private func instance(_ name: String) throws(Raised) -> Owned {
    guard let instances = try classes.item(classes.namespace, "_instances"),
      instances.isDict, let found = try classes.item(instances, name)
    else { throw raise(.systemError, "_ast has no instance of \(name)") }
    return found.retained()
  }

  private func list<Item>(
    _ items: [Item], _ convert: (Item) throws(Raised) -> Owned
  ) throws(Raised) -> Owned {
    let result = try own(PyList_New(0))
    for item in items {
      let object = try convert(item)
      try check(PyList_Append(result.ref, object.ref))
    }
    return result
  }

  private func statements(_ items: [Stmt]) throws(Raised) -> Owned {
    try list(items) { item throws(Raised) in try statement(item) }
  }

  private func expressions(_ items: [Expr]) throws(Raised) -> Owned {
    try list(items) { item throws(Raised) in try expression(item) }
  }

  private func optionals(_ items: [Expr?]) throws(Raised) -> Owned {
    try list(items) { item throws(Raised) in try expression(item) }
  }

  private func expression(_ item: Expr?) throws(Raised) -> Owned {
    guard let item else { return noneObject().retained() }
    return try expression(item)
  }

  private func enter() throws(Raised) {
    try check(" during ast construction".withCString { Py_EnterRecursiveCall($0) })
  }

  // MARK: statements

  private func statement(_ item: Stmt) throws(Raised) -> Owned {
    try enter()
    defer { Py_LeaveRecursiveCall() }
    let place = item.location
    switch item.kind {
    case .functionDef(let node): return try function(node, "FunctionDef", place)
    case .asyncFunctionDef(let node): return try function(node, "AsyncFunctionDef", place)
    case .classDef(let part):
      let node = try make("ClassDef", place)
      try set(node.ref, "name", try string(part.name))
      try set(node.ref, "bases", try expressions(part.bases))
      try set(node.ref, "keywords", try keywords(part.keywords))
      try set(node.ref, "body", try statements(part.body))
      try set(node.ref, "decorator_list", try expressions(part.decoratorList))
      try set(node.ref, "type_params", try typeParams(part.typeParams))
      return node
    case .return(let value):
      let node = try make("Return", place)
      try set(node.ref, "value", try expression(value))
      return node
    case .delete(let targets):
      let node = try make("Delete", place)
      try set(node.ref, "targets", try expressions(targets))
      return node
    case .assign(let targets, let value, let comment):
      let node = try make("Assign", place)
      try set(node.ref, "targets", try expressions(targets))
      try set(node.ref, "value", try expression(value))
      try set(node.ref, "type_comment", try string(comment))
      return node
    case .typeAlias(let name, let params, let value):
      let node = try make("TypeAlias", place)
      try set(node.ref, "name", try expression(name))
      try set(node.ref, "type_params", try typeParams(params))
      try set(node.ref, "value", try expression(value))
      return node
    case .augAssign(let target, let op, let value):
      let node = try make("AugAssign", place)
      try set(node.ref, "target", try expression(target))
      try set(node.ref, "op", try instance(NodeNames.name(of: op)))
      try set(node.ref, "value", try expression(value))
      return node
    case .annAssign(let target, let annotation, let value, let simple):
      let node = try make("AnnAssign", place)
      try set(node.ref, "target", try expression(target))
      try set(node.ref, "annotation", try expression(annotation))
      try set(node.ref, "value", try expression(value))
      try set(node.ref, "simple", try int(simple ? 1 : 0))
      return node
    case .for(let node): return try loop(node, "For", place)
    case .asyncFor(let node): return try loop(node, "AsyncFor", place)
    case .while(let test, let body, let orelse):
      return try conditional("While", test, body, orelse, place)
    case .if(let test, let body, let orelse):
      return try conditional("If", test, body, orelse, place)
    case .with(let node): return try with(node, "With", place)
    case .asyncWith(let node): return try with(node, "AsyncWith", place)
    case .match(let subject, let cases):
      let node = try make("Match", place)
      try set(node.ref, "subject", try expression(subject))
      try set(
        node.ref, "cases",
        try list(cases) { item throws(Raised) in
          let part = try make("match_case", nil)
          try set(part.ref, "pattern", try pattern(item.pattern))
          try set(part.ref, "guard", try expression(item.guard))
          try set(part.ref, "body", try statements(item.body))
          return part
        })
      return node
    case .raise(let exc, let cause):
      let node = try make("Raise", place)
      try set(node.ref, "exc", try expression(exc))
      try set(node.ref, "cause", try expression(cause))
      return node
    case .try(let node): return try tryStatement(node, "Try", place)
    case .tryStar(let node): return try tryStatement(node, "TryStar", place)
    case .assert(let test, let msg):
      let node = try make("Assert", place)
      try set(node.ref, "test", try expression(test))
      try set(node.ref, "msg", try expression(msg))
      return node
    case .import(let names):
      let node = try make("Import", place)
      try set(node.ref, "names", try aliases(names))
      return node
    case .importFrom(let module, let names, let level):
      let node = try make("ImportFrom", place)
      try set(node.ref, "module", try string(module))
      try set(node.ref, "names", try aliases(names))
      try set(node.ref, "level", try int(level))
      return node
    case .global(let names):
      let node = try make("Global", place)
      try set(node.ref, "names", try identifiers(names))
      return node
    case .nonlocal(let names):
      let node = try make("Nonlocal", place)
      try set(node.ref, "names", try identifiers(names))
      return node
    case .expr(let value):
      let node = try make("Expr", place)
      try set(node.ref, "value", try expression(value))
      return node
    case .pass: return try make("Pass", place)
    case .break: return try make("Break", place)
    case .continue: return try make("Continue", place)
    }
  }

  private func identifiers(_ names: [String]) throws(Raised) -> Owned {
    try list(names) { name throws(Raised) in try string(name) }
  }

  private func aliases(_ names: [Alias]) throws(Raised) -> Owned {
    try list(names) { alias throws(Raised) in
      let node = try make("alias", alias.location)
      try set(node.ref, "name", try string(alias.name))
      try set(node.ref, "asname", try string(alias.asname))
      return node
    }
  }

  private func function(
    _ part: FunctionDef, _ name: String, _ place: SourceRange
  ) throws(Raised) -> Owned {
    let node = try make(name, place)
    try set(node.ref, "name", try string(part.name))
    try set(node.ref, "args", try arguments(part.args))
    try set(node.ref, "body", try statements(part.body))
    try set(node.ref, "decorator_list", try expressions(part.decoratorList))
    try set(node.ref, "returns", try expression(part.returns))
    try set(node.ref, "type_comment", try string(part.typeComment))
    try set(node.ref, "type_params", try typeParams(part.typeParams))
    return node
  }

  private func conditional(
    _ name: String, _ test: Expr, _ body: [Stmt], _ orelse: [Stmt], _ place: SourceRange
  ) throws(Raised) -> Owned {
    let node = try make(name, place)
    try set(node.ref, "test", try expression(test))
    try set(node.ref, "body", try statements(body))
    try set(node.ref, "orelse", try statements(orelse))
    return node
  }

  private func loop(_ part: For, _ name: String, _ place: SourceRange) throws(Raised) -> Owned {
    let node = try make(name, place)
    try set(node.ref, "target", try expression(part.target))
    try set(node.ref, "iter", try expression(part.iter))
    try set(node.ref, "body", try statements(part.body))
    try set(node.ref, "orelse", try statements(part.orelse))
    try set(node.ref, "type_comment", try string(part.typeComment))
    return node
  }

  private func with(_ part: With, _ name: String, _ place: SourceRange) throws(Raised) -> Owned {
    let node = try make(name, place)
    try set(
      node.ref, "items",
      try list(part.items) { item throws(Raised) in
        let object = try make("withitem", nil)
        try set(object.ref, "context_expr", try expression(item.contextExpr))
        try set(object.ref, "optional_vars", try expression(item.optionalVars))
        return object
      })
    try set(node.ref, "body", try statements(part.body))
    try set(node.ref, "type_comment", try string(part.typeComment))
    return node
  }

  private func tryStatement(
    _ part: Try, _ name: String, _ place: SourceRange
  ) throws(Raised) -> Owned {
    let node = try make(name, place)
    try set(node.ref, "body", try statements(part.body))
    try set(
      node.ref, "handlers",
      try list(part.handlers) { handler throws(Raised) in
        let object = try make("ExceptHandler", handler.location)
        try set(object.ref, "type", try expression(handler.type))
        try set(object.ref, "name", try string(handler.name))
        try set(object.ref, "body", try statements(handler.body))
        return object
      })
    try set(node.ref, "orelse", try statements(part.orelse))
    try set(node.ref, "finalbody", try statements(part.finalbody))
    return node
  }

  private func typeParams(_ params: [TypeParam]) throws(Raised) -> Owned {
    try list(params) { param throws(Raised) in
      switch param.kind {
      case .typeVar(let name, let bound, let value):
        let node = try make("TypeVar", param.location)
        try set(node.ref, "name", try string(name))
        try set(node.ref, "bound", try expression(bound))
        try set(node.ref, "default_value", try expression(value))
        return node
      case .paramSpec(let name, let value):
        let node = try make("ParamSpec", param.location)
        try set(node.ref, "name", try string(name))
        try set(node.ref, "default_value", try expression(value))
        return node
      case .typeVarTuple(let name, let value):
        let node = try make("TypeVarTuple", param.location)
        try set(node.ref, "name", try string(name))
        try set(node.ref, "default_value", try expression(value))
        return node
      }
    }
  }

  private func arguments(_ part: AST.Arguments) throws(Raised) -> Owned {
    let node = try make("arguments", nil)
    try set(node.ref, "posonlyargs", try args(part.posonlyargs))
    try set(node.ref, "args", try args(part.args))
    try set(node.ref, "vararg", try arg(part.vararg))
    try set(node.ref, "kwonlyargs", try args(part.kwonlyargs))
    try set(node.ref, "kw_defaults", try optionals(part.kwDefaults))
    try set(node.ref, "kwarg", try arg(part.kwarg))
    try set(node.ref, "defaults", try expressions(part.defaults))
    return node
  }

  private func args(_ items: [Arg]) throws(Raised) -> Owned {
    try list(items) { item throws(Raised) in try arg(item) }
  }

  private func arg(_ item: Arg?) throws(Raised) -> Owned {
    guard let item else { return noneObject().retained() }
    let node = try make("arg", item.location)
    try set(node.ref, "arg", try string(item.arg))
    try set(node.ref, "annotation", try expression(item.annotation))
    try set(node.ref, "type_comment", try string(item.typeComment))
    return node
  }

  private func keywords(_ items: [Keyword]) throws(Raised) -> Owned {
    try list(items) { item throws(Raised) in
      let node = try make("keyword", item.location)
      try set(node.ref, "arg", try string(item.arg))
      try set(node.ref, "value", try expression(item.value))
      return node
    }
  }

  // MARK: expressions

  private func expression(_ item: Expr) throws(Raised) -> Owned {
    try enter()
    defer { Py_LeaveRecursiveCall() }
    let node = try make(NodeNames.name(of: item), item.location)
    let ref = node.ref
    switch item.kind {
    case .boolOp(let op, let values):
      try set(ref, "op", try instance(op == .and ? "And" : "Or"))
      try set(ref, "values", try expressions(values))
    case .namedExpr(let target, let value):
      try set(ref, "target", try expression(target))
      try set(ref, "value", try expression(value))
    case .binOp(let left, let op, let right):
      try set(ref, "left", try expression(left))
      try set(ref, "op", try instance(NodeNames.name(of: op)))
      try set(ref, "right", try expression(right))
    case .unaryOp(let op, let operand):
      try set(ref, "op", try instance(NodeNames.name(of: op)))
      try set(ref, "operand", try expression(operand))
    case .lambda(let args, let body):
      try set(ref, "args", try arguments(args))
      try set(ref, "body", try expression(body))
    case .ifExp(let test, let body, let orelse):
      try set(ref, "test", try expression(test))
      try set(ref, "body", try expression(body))
      try set(ref, "orelse", try expression(orelse))
    case .dict(let keys, let values):
      try set(ref, "keys", try optionals(keys))
      try set(ref, "values", try expressions(values))
    case .set(let elts): try set(ref, "elts", try expressions(elts))
    case .listComp(let elt, let generators), .setComp(let elt, let generators),
      .generatorExp(let elt, let generators):
      try set(ref, "elt", try expression(elt))
      try set(ref, "generators", try comprehensions(generators))
    case .dictComp(let key, let value, let generators):
      try set(ref, "key", try expression(key))
      try set(ref, "value", try expression(value))
      try set(ref, "generators", try comprehensions(generators))
    case .await(let value), .yieldFrom(let value): try set(ref, "value", try expression(value))
    case .yield(let value): try set(ref, "value", try expression(value))
    case .compare(let left, let ops, let comparators):
      try set(ref, "left", try expression(left))
      try set(
        ref, "ops", try list(ops) { op throws(Raised) in try instance(NodeNames.name(of: op)) })
      try set(ref, "comparators", try expressions(comparators))
    case .call(let function, let args, let keywords):
      try set(ref, "func", try expression(function))
      try set(ref, "args", try expressions(args))
      try set(ref, "keywords", try self.keywords(keywords))
    case .formattedValue(let value, let conversion, let formatSpec):
      try set(ref, "value", try expression(value))
      try set(ref, "conversion", try int(Int(conversion)))
      try set(ref, "format_spec", try expression(formatSpec))
    case .joinedStr(let values): try set(ref, "values", try expressions(values))
    case .constant(let value, let kind):
      try set(ref, "value", try constant(value))
      try set(ref, "kind", try string(kind))
    case .attribute(let value, let attr, let ctx):
      try set(ref, "value", try expression(value))
      try set(ref, "attr", try string(attr))
      try set(ref, "ctx", try instance(NodeNames.name(of: ctx)))
    case .subscript(let value, let slice, let ctx):
      try set(ref, "value", try expression(value))
      try set(ref, "slice", try expression(slice))
      try set(ref, "ctx", try instance(NodeNames.name(of: ctx)))
    case .starred(let value, let ctx):
      try set(ref, "value", try expression(value))
      try set(ref, "ctx", try instance(NodeNames.name(of: ctx)))
    case .name(let id, let ctx):
      try set(ref, "id", try string(id))
      try set(ref, "ctx", try instance(NodeNames.name(of: ctx)))
    case .list(let elts, let ctx), .tuple(let elts, let ctx):
      try set(ref, "elts", try expressions(elts))
      try set(ref, "ctx", try instance(NodeNames.name(of: ctx)))
    case .slice(let lower, let upper, let step):
      try set(ref, "lower", try expression(lower))
      try set(ref, "upper", try expression(upper))
      try set(ref, "step", try expression(step))
    }
    return node
  }

  private func comprehensions(_ generators: [Comprehension]) throws(Raised) -> Owned {
    try list(generators) { generator throws(Raised) in
      let node = try make("comprehension", nil)
      try set(node.ref, "target", try expression(generator.target))
      try set(node.ref, "iter", try expression(generator.iter))
      try set(node.ref, "ifs", try expressions(generator.ifs))
      try set(node.ref, "is_async", try int(generator.isAsync ? 1 : 0))
      return node
    }
  }

  // MARK: patterns

  private func patterns(_ items: [Pattern]) throws(Raised) -> Owned {
    try list(items) { item throws(Raised) in try pattern(item) }
  }

  private func pattern(_ item: Pattern) throws(Raised) -> Owned {
    try enter()
    defer { Py_LeaveRecursiveCall() }
    let node = try make(NodeNames.name(of: item), item.location)
    let ref = node.ref
    switch item.kind {
    case .matchValue(let value): try set(ref, "value", try expression(value))
    case .matchSingleton(let value): try set(ref, "value", try constant(value))
    case .matchSequence(let patterns), .matchOr(let patterns):
      try set(ref, "patterns", try self.patterns(patterns))
    case .matchMapping(let keys, let patterns, let rest):
      try set(ref, "keys", try expressions(keys))
      try set(ref, "patterns", try self.patterns(patterns))
      try set(ref, "rest", try string(rest))
    case .matchClass(let cls, let patterns, let kwdAttrs, let kwdPatterns):
      try set(ref, "cls", try expression(cls))
      try set(ref, "patterns", try self.patterns(patterns))
      try set(ref, "kwd_attrs", try identifiers(kwdAttrs))
      try set(ref, "kwd_patterns", try self.patterns(kwdPatterns))
    case .matchStar(let name): try set(ref, "name", try string(name))
    case .matchAs(let inner, let name):
      if let inner {
        try set(ref, "pattern", try pattern(inner))
      } else {
        try set(ref, "pattern", noneObject().retained())
      }
      try set(ref, "name", try string(name))
    }
    return node
  }
}
