import AST

/// Writes a tree as shared/parity/dump_ast.py does.
struct TreeText {
  private(set) var text = ""

  private mutating func node(
    _ name: String, _ place: SourceRange?, _ fields: [(String, (inout TreeText) -> Void)]
  ) {
    text += name
    if let place {
      text += "@\(place.lineno):\(place.colOffset)-\(place.endLineno):\(place.endColOffset)"
    }
    text += "("
    for (index, field) in fields.enumerated() {
      if index > 0 { text += "," }
      text += field.0
      text += "="
      field.1(&self)
    }
    text += ")"
  }

  private mutating func list<T>(_ items: [T], _ write: (inout TreeText, T) -> Void) {
    text += "["
    for (index, item) in items.enumerated() {
      if index > 0 { text += "," }
      write(&self, item)
    }
    text += "]"
  }

  private mutating func writeNone() { text += "NoneType None" }

  private mutating func write(name: String?) {
    guard let name else { return writeNone() }
    text += "str "
    writeString(Array(name.utf8))
  }

  private mutating func write(_ expr: Expr?) {
    guard let expr else { return writeNone() }
    write(expr)
  }

  private mutating func write(_ exprs: [Expr]) { list(exprs) { $0.write($1) } }
  private mutating func write(_ stmts: [Stmt]) { list(stmts) { $0.write($1) } }
  private mutating func write(names: [String]) { list(names) { $0.write(name: $1) } }
  private mutating func write(_ value: Int) { text += "int \(value)" }

  // MARK: Statements

  mutating func write(_ tree: Mod) {
    switch tree {
    case .module(let body, let ignores):
      node(
        "Module", nil,
        [
          ("body", { $0.write(body) }),
          (
            "type_ignores",
            {
              $0.list(ignores) { text, ignore in
                text.node(
                  "TypeIgnore", nil,
                  [
                    ("lineno", { $0.write(Int(ignore.lineno)) }),
                    ("tag", { $0.write(name: ignore.tag) }),
                  ])
              }
            }
          ),
        ])
    case .interactive(let body): node("Interactive", nil, [("body", { $0.write(body) })])
    case .expression(let body): node("Expression", nil, [("body", { $0.write(body) })])
    case .functionType(let argtypes, let returns):
      node(
        "FunctionType", nil,
        [("argtypes", { $0.write(argtypes) }), ("returns", { $0.write(returns) })])
    }
  }

  mutating func write(_ stmt: Stmt) {
    let place = stmt.location
    switch stmt.kind {
    case .functionDef(let f): write(f, "FunctionDef", place)
    case .asyncFunctionDef(let f): write(f, "AsyncFunctionDef", place)
    case .classDef(let c):
      node(
        "ClassDef", place,
        [
          ("name", { $0.write(name: c.name) }), ("bases", { $0.write(c.bases) }),
          ("keywords", { $0.list(c.keywords) { $0.write($1) } }), ("body", { $0.write(c.body) }),
          ("decorator_list", { $0.write(c.decoratorList) }),
          ("type_params", { $0.list(c.typeParams) { $0.write($1) } }),
        ])
    case .return(let value): node("Return", place, [("value", { $0.write(value) })])
    case .delete(let targets): node("Delete", place, [("targets", { $0.write(targets) })])
    case .assign(let targets, let value, let comment):
      node(
        "Assign", place,
        [
          ("targets", { $0.write(targets) }), ("value", { $0.write(value) }),
          ("type_comment", { $0.write(name: comment) }),
        ])
    case .typeAlias(let name, let params, let value):
      node(
        "TypeAlias", place,
        [
          ("name", { $0.write(name) }), ("type_params", { $0.list(params) { $0.write($1) } }),
          ("value", { $0.write(value) }),
        ])
    case .augAssign(let target, let op, let value):
      node(
        "AugAssign", place,
        [
          ("target", { $0.write(target) }), ("op", { $0.write(op) }),
          ("value", { $0.write(value) }),
        ])
    case .annAssign(let target, let annotation, let value, let simple):
      node(
        "AnnAssign", place,
        [
          ("target", { $0.write(target) }), ("annotation", { $0.write(annotation) }),
          ("value", { $0.write(value) }), ("simple", { $0.write(simple ? 1 : 0) }),
        ])
    case .for(let f): write(f, "For", place)
    case .asyncFor(let f): write(f, "AsyncFor", place)
    case .while(let test, let body, let orelse):
      node(
        "While", place,
        [
          ("test", { $0.write(test) }), ("body", { $0.write(body) }),
          ("orelse", { $0.write(orelse) }),
        ])
    case .if(let test, let body, let orelse):
      node(
        "If", place,
        [
          ("test", { $0.write(test) }), ("body", { $0.write(body) }),
          ("orelse", { $0.write(orelse) }),
        ])
    case .with(let w): write(w, "With", place)
    case .asyncWith(let w): write(w, "AsyncWith", place)
    case .match(let subject, let cases):
      node(
        "Match", place,
        [("subject", { $0.write(subject) }), ("cases", { $0.list(cases) { $0.write($1) } })])
    case .raise(let exc, let cause):
      node("Raise", place, [("exc", { $0.write(exc) }), ("cause", { $0.write(cause) })])
    case .try(let t): write(t, "Try", place)
    case .tryStar(let t): write(t, "TryStar", place)
    case .assert(let test, let msg):
      node("Assert", place, [("test", { $0.write(test) }), ("msg", { $0.write(msg) })])
    case .import(let names):
      node("Import", place, [("names", { $0.list(names) { $0.write($1) } })])
    case .importFrom(let module, let names, let level):
      node(
        "ImportFrom", place,
        [
          ("module", { $0.write(name: module) }), ("names", { $0.list(names) { $0.write($1) } }),
          ("level", { $0.write(level) }),
        ])
    case .global(let names): node("Global", place, [("names", { $0.write(names: names) })])
    case .nonlocal(let names): node("Nonlocal", place, [("names", { $0.write(names: names) })])
    case .expr(let value): node("Expr", place, [("value", { $0.write(value) })])
    case .pass: node("Pass", place, [])
    case .break: node("Break", place, [])
    case .continue: node("Continue", place, [])
    }
  }

  private mutating func write(_ f: FunctionDef, _ name: String, _ place: SourceRange) {
    node(
      name, place,
      [
        ("name", { $0.write(name: f.name) }), ("args", { $0.write(f.args) }),
        ("body", { $0.write(f.body) }), ("decorator_list", { $0.write(f.decoratorList) }),
        ("returns", { $0.write(f.returns) }), ("type_comment", { $0.write(name: f.typeComment) }),
        ("type_params", { $0.list(f.typeParams) { $0.write($1) } }),
      ])
  }

  private mutating func write(_ f: For, _ name: String, _ place: SourceRange) {
    node(
      name, place,
      [
        ("target", { $0.write(f.target) }), ("iter", { $0.write(f.iter) }),
        ("body", { $0.write(f.body) }), ("orelse", { $0.write(f.orelse) }),
        ("type_comment", { $0.write(name: f.typeComment) }),
      ])
  }

  private mutating func write(_ w: With, _ name: String, _ place: SourceRange) {
    node(
      name, place,
      [
        ("items", { $0.list(w.items) { $0.write($1) } }), ("body", { $0.write(w.body) }),
        ("type_comment", { $0.write(name: w.typeComment) }),
      ])
  }

  private mutating func write(_ t: Try, _ name: String, _ place: SourceRange) {
    node(
      name, place,
      [
        ("body", { $0.write(t.body) }), ("handlers", { $0.list(t.handlers) { $0.write($1) } }),
        ("orelse", { $0.write(t.orelse) }), ("finalbody", { $0.write(t.finalbody) }),
      ])
  }

  private mutating func write(_ item: WithItem) {
    node(
      "withitem", nil,
      [
        ("context_expr", { $0.write(item.contextExpr) }),
        ("optional_vars", { $0.write(item.optionalVars) }),
      ])
  }

  private mutating func write(_ item: MatchCase) {
    node(
      "match_case", nil,
      [
        ("pattern", { $0.write(item.pattern) }), ("guard", { $0.write(item.guard) }),
        ("body", { $0.write(item.body) }),
      ])
  }

  private mutating func write(_ handler: ExceptHandler) {
    node(
      "ExceptHandler", handler.location,
      [
        ("type", { $0.write(handler.type) }), ("name", { $0.write(name: handler.name) }),
        ("body", { $0.write(handler.body) }),
      ])
  }

  private mutating func write(_ alias: Alias) {
    node(
      "alias", alias.location,
      [("name", { $0.write(name: alias.name) }), ("asname", { $0.write(name: alias.asname) })])
  }

  private mutating func write(_ param: TypeParam) {
    switch param.kind {
    case .typeVar(let name, let bound, let value):
      node(
        "TypeVar", param.location,
        [
          ("name", { $0.write(name: name) }), ("bound", { $0.write(bound) }),
          ("default_value", { $0.write(value) }),
        ])
    case .paramSpec(let name, let value):
      node(
        "ParamSpec", param.location,
        [("name", { $0.write(name: name) }), ("default_value", { $0.write(value) })])
    case .typeVarTuple(let name, let value):
      node(
        "TypeVarTuple", param.location,
        [("name", { $0.write(name: name) }), ("default_value", { $0.write(value) })])
    }
  }

  // MARK: Parameters and arguments

  private mutating func write(_ a: Arguments) {
    node(
      "arguments", nil,
      [
        ("posonlyargs", { $0.list(a.posonlyargs) { $0.write($1) } }),
        ("args", { $0.list(a.args) { $0.write($1) } }), ("vararg", { $0.write(a.vararg) }),
        ("kwonlyargs", { $0.list(a.kwonlyargs) { $0.write($1) } }),
        ("kw_defaults", { $0.list(a.kwDefaults) { $0.write($1) } }),
        ("kwarg", { $0.write(a.kwarg) }), ("defaults", { $0.write(a.defaults) }),
      ])
  }

  private mutating func write(_ arg: Arg?) {
    guard let arg else { return writeNone() }
    node(
      "arg", arg.location,
      [
        ("arg", { $0.write(name: arg.arg) }), ("annotation", { $0.write(arg.annotation) }),
        ("type_comment", { $0.write(name: arg.typeComment) }),
      ])
  }

  private mutating func write(_ keyword: Keyword) {
    node(
      "keyword", keyword.location,
      [("arg", { $0.write(name: keyword.arg) }), ("value", { $0.write(keyword.value) })])
  }

  private mutating func write(_ clause: Comprehension) {
    node(
      "comprehension", nil,
      [
        ("target", { $0.write(clause.target) }), ("iter", { $0.write(clause.iter) }),
        ("ifs", { $0.write(clause.ifs) }), ("is_async", { $0.write(clause.isAsync ? 1 : 0) }),
      ])
  }

  // MARK: Expressions

  mutating func write(_ expr: Expr) {
    let place = expr.location
    func both(
      _ elt: Expr, _ generators: [Comprehension]
    ) -> [(String, (inout TreeText) -> Void)] {
      [("elt", { $0.write(elt) }), ("generators", { $0.list(generators) { $0.write($1) } })]
    }
    switch expr.kind {
    case .boolOp(let op, let values):
      node(
        "BoolOp", place,
        [("op", { $0.text += op == .and ? "And()" : "Or()" }), ("values", { $0.write(values) })])
    case .namedExpr(let target, let value):
      node(
        "NamedExpr", place, [("target", { $0.write(target) }), ("value", { $0.write(value) })])
    case .binOp(let left, let op, let right):
      node(
        "BinOp", place,
        [("left", { $0.write(left) }), ("op", { $0.write(op) }), ("right", { $0.write(right) })])
    case .unaryOp(let op, let operand):
      let name =
        switch op {
        case .invert: "Invert()"
        case .not: "Not()"
        case .uAdd: "UAdd()"
        case .uSub: "USub()"
        }
      node(
        "UnaryOp", place, [("op", { $0.text += name }), ("operand", { $0.write(operand) })])
    case .lambda(let args, let body):
      node("Lambda", place, [("args", { $0.write(args) }), ("body", { $0.write(body) })])
    case .ifExp(let test, let body, let orelse):
      node(
        "IfExp", place,
        [
          ("test", { $0.write(test) }), ("body", { $0.write(body) }),
          ("orelse", { $0.write(orelse) }),
        ])
    case .dict(let keys, let values):
      node(
        "Dict", place,
        [("keys", { $0.list(keys) { $0.write($1) } }), ("values", { $0.write(values) })])
    case .set(let elts): node("Set", place, [("elts", { $0.write(elts) })])
    case .listComp(let elt, let generators): node("ListComp", place, both(elt, generators))
    case .setComp(let elt, let generators): node("SetComp", place, both(elt, generators))
    case .generatorExp(let elt, let generators): node("GeneratorExp", place, both(elt, generators))
    case .dictComp(let key, let value, let generators):
      node(
        "DictComp", place,
        [
          ("key", { $0.write(key) }), ("value", { $0.write(value) }),
          ("generators", { $0.list(generators) { $0.write($1) } }),
        ])
    case .await(let value): node("Await", place, [("value", { $0.write(value) })])
    case .yield(let value): node("Yield", place, [("value", { $0.write(value) })])
    case .yieldFrom(let value): node("YieldFrom", place, [("value", { $0.write(value) })])
    case .compare(let left, let ops, let comparators):
      node(
        "Compare", place,
        [
          ("left", { $0.write(left) }), ("ops", { $0.list(ops) { $0.write($1) } }),
          ("comparators", { $0.write(comparators) }),
        ])
    case .call(let function, let args, let keywords):
      node(
        "Call", place,
        [
          ("func", { $0.write(function) }), ("args", { $0.write(args) }),
          ("keywords", { $0.list(keywords) { $0.write($1) } }),
        ])
    case .formattedValue(let value, let conversion, let spec):
      node(
        "FormattedValue", place,
        [
          ("value", { $0.write(value) }), ("conversion", { $0.write(Int(conversion)) }),
          ("format_spec", { $0.write(spec) }),
        ])
    case .joinedStr(let values): node("JoinedStr", place, [("values", { $0.write(values) })])
    case .constant(let value, let kind):
      node(
        "Constant", place,
        [("value", { $0.write(value) }), ("kind", { $0.write(name: kind) })])
    case .attribute(let value, let attr, let ctx):
      node(
        "Attribute", place,
        [
          ("value", { $0.write(value) }), ("attr", { $0.write(name: attr) }),
          ("ctx", { $0.write(ctx) }),
        ])
    case .subscript(let value, let slice, let ctx):
      node(
        "Subscript", place,
        [
          ("value", { $0.write(value) }), ("slice", { $0.write(slice) }),
          ("ctx", { $0.write(ctx) }),
        ])
    case .starred(let value, let ctx):
      node("Starred", place, [("value", { $0.write(value) }), ("ctx", { $0.write(ctx) })])
    case .name(let id, let ctx):
      node("Name", place, [("id", { $0.write(name: id) }), ("ctx", { $0.write(ctx) })])
    case .list(let elts, let ctx):
      node("List", place, [("elts", { $0.write(elts) }), ("ctx", { $0.write(ctx) })])
    case .tuple(let elts, let ctx):
      node("Tuple", place, [("elts", { $0.write(elts) }), ("ctx", { $0.write(ctx) })])
    case .slice(let lower, let upper, let step):
      node(
        "Slice", place,
        [
          ("lower", { $0.write(lower) }), ("upper", { $0.write(upper) }),
          ("step", { $0.write(step) }),
        ])
    }
  }

  private mutating func write(_ ctx: ExprContext) {
    switch ctx {
    case .load: text += "Load()"
    case .store: text += "Store()"
    case .del: text += "Del()"
    }
  }

  private mutating func write(_ op: Operator) {
    switch op {
    case .add: text += "Add()"
    case .sub: text += "Sub()"
    case .mult: text += "Mult()"
    case .matMult: text += "MatMult()"
    case .div: text += "Div()"
    case .mod: text += "Mod()"
    case .pow: text += "Pow()"
    case .lShift: text += "LShift()"
    case .rShift: text += "RShift()"
    case .bitOr: text += "BitOr()"
    case .bitXor: text += "BitXor()"
    case .bitAnd: text += "BitAnd()"
    case .floorDiv: text += "FloorDiv()"
    }
  }

  private mutating func write(_ op: CompareOperator) {
    switch op {
    case .eq: text += "Eq()"
    case .notEq: text += "NotEq()"
    case .lt: text += "Lt()"
    case .ltE: text += "LtE()"
    case .gt: text += "Gt()"
    case .gtE: text += "GtE()"
    case .is: text += "Is()"
    case .isNot: text += "IsNot()"
    case .in: text += "In()"
    case .notIn: text += "NotIn()"
    }
  }

  // MARK: Patterns

  private mutating func write(_ pattern: Pattern?) {
    guard let pattern else { return writeNone() }
    let place = pattern.location
    switch pattern.kind {
    case .matchValue(let value): node("MatchValue", place, [("value", { $0.write(value) })])
    case .matchSingleton(let value):
      node("MatchSingleton", place, [("value", { $0.write(value) })])
    case .matchSequence(let patterns):
      node("MatchSequence", place, [("patterns", { $0.list(patterns) { $0.write($1) } })])
    case .matchMapping(let keys, let patterns, let rest):
      node(
        "MatchMapping", place,
        [
          ("keys", { $0.write(keys) }), ("patterns", { $0.list(patterns) { $0.write($1) } }),
          ("rest", { $0.write(name: rest) }),
        ])
    case .matchClass(let cls, let patterns, let names, let named):
      node(
        "MatchClass", place,
        [
          ("cls", { $0.write(cls) }), ("patterns", { $0.list(patterns) { $0.write($1) } }),
          ("kwd_attrs", { $0.write(names: names) }),
          ("kwd_patterns", { $0.list(named) { $0.write($1) } }),
        ])
    case .matchStar(let name): node("MatchStar", place, [("name", { $0.write(name: name) })])
    case .matchAs(let inner, let name):
      node(
        "MatchAs", place,
        [("pattern", { $0.write(inner) }), ("name", { $0.write(name: name) })])
    case .matchOr(let patterns):
      node("MatchOr", place, [("patterns", { $0.list(patterns) { $0.write($1) } })])
    }
  }

  // MARK: Constants

  private mutating func write(_ value: Constant) {
    switch value {
    case .none: writeNone()
    case .true: text += "bool True"
    case .false: text += "bool False"
    case .ellipsis: text += "ellipsis Ellipsis"
    case .int(let value): write(value)
    case .bigInt(let digits): text += "int " + decimalText(digits)
    case .float(let value): text += "float " + floatText(value)
    case .complex(let value):
      var shown = floatText(value)
      if shown.hasSuffix(".0") { shown.removeLast(2) }
      text += "complex \(shown)j"
    case .string(let bytes):
      text += "str "
      writeString(bytes)
    case .negativeBigInt(let digits): text += "int -" + decimalText(digits)
    case .complexNumber(let real, let imaginary): text += "complex (\(real), \(imaginary))"
    case .tuple(let items): list(items) { $0.write($1) }
    case .frozenset(let items): list(items) { $0.write($1) }
    case .bytes(let bytes):
      text += "bytes b"
      writeQuoted(bytes.map(UInt32.init), isBytes: true)
    }
  }

  /// The `ascii` of text given as WTF-8.
  mutating func writeString(_ bytes: [UInt8]) {
    var points: [UInt32] = []
    var i = 0
    while i < bytes.count {
      let c = UInt32(bytes[i])
      let length = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4
      var value = length == 1 ? c : c & (0x7F >> UInt32(length))
      for k in 1..<max(length, 1) where i + k < bytes.count {
        value = value << 6 | UInt32(bytes[i + k] & 0x3F)
      }
      points.append(value)
      i += length
    }
    writeQuoted(points, isBytes: false)
  }

  private mutating func writeQuoted(_ points: [UInt32], isBytes: Bool) {
    let quote: UInt32 = points.contains(39) && !points.contains(34) ? 34 : 39
    func hex(_ value: UInt32, _ width: Int) -> String {
      let digits = String(value, radix: 16)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    var out = quote == 34 ? "\"" : "'"
    for c in points {
      switch c {
      case quote, 92:
        out += "\\"
        out.unicodeScalars.append(Unicode.Scalar(UInt8(truncatingIfNeeded: c)))
      case 9: out += "\\t"
      case 10: out += "\\n"
      case 13: out += "\\r"
      case 32..<127: out.unicodeScalars.append(Unicode.Scalar(UInt8(truncatingIfNeeded: c)))
      case 0..<0x100: out += "\\x" + hex(c, 2)
      case 0x100..<0x10000: out += "\\u" + hex(c, 4)
      default: out += "\\U" + hex(c, 8)
      }
    }
    text += out + (quote == 34 ? "\"" : "'")
  }
}

/// The decimal text of an integer from 30-bit digits, least significant first.
private func decimalText(_ digits: [UInt32]) -> String {
  var rest = digits
  var chunks: [UInt64] = []
  while !rest.isEmpty {
    var remainder: UInt64 = 0
    for i in rest.indices.reversed() {
      let value = remainder << 30 | UInt64(rest[i])
      rest[i] = UInt32(value / 1_000_000_000)
      remainder = value % 1_000_000_000
    }
    chunks.append(remainder)
    while let last = rest.last, last == 0 { rest.removeLast() }
  }
  var out = chunks.last.map(String.init) ?? "0"
  for chunk in chunks.dropLast().reversed() {
    let text = String(chunk)
    out += String(repeating: "0", count: 9 - text.count) + text
  }
  return out
}

/// Python's `repr` of a non-negative float.
private func floatText(_ value: Double) -> String {
  if value.isInfinite { return "inf" }
  let shortest = "\(value)"
  var exponent = 0
  var mantissa = Substring(shortest)
  if let e = shortest.firstIndex(where: { $0 == "e" || $0 == "E" }) {
    exponent = Int(shortest[shortest.index(after: e)...]) ?? 0
    mantissa = shortest[..<e]
  }
  let parts = mantissa.split(separator: ".", omittingEmptySubsequences: false)
  var digits = String(parts[0]) + (parts.count > 1 ? String(parts[1]) : "")
  var point = parts[0].count + exponent
  while digits.hasPrefix("0"), digits.count > 1 {
    digits.removeFirst()
    point -= 1
  }
  while digits.hasSuffix("0"), digits.count > 1 { digits.removeLast() }
  if digits == "0" { return "0.0" }
  if point > 16 || point < -3 {
    let tail = digits.dropFirst()
    let e = point - 1
    let shown = abs(e) < 10 ? "0\(abs(e))" : "\(abs(e))"
    return "\(digits.prefix(1))\(tail.isEmpty ? "" : "." + tail)e\(e < 0 ? "-" : "+")\(shown)"
  }
  if point <= 0 { return "0." + String(repeating: "0", count: -point) + digits }
  if digits.count <= point {
    return digits + String(repeating: "0", count: point - digits.count) + ".0"
  }
  return "\(digits.prefix(point)).\(digits.dropFirst(point))"
}
