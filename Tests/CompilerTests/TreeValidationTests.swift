import AST
import Compiler
import Testing

@Suite struct TreeValidationTests {
  private static let place = SourceRange(lineno: 1, colOffset: 0, endLineno: 1, endColOffset: 1)

  private static func name(_ id: String = "a", _ ctx: ExprContext = .load) -> Expr {
    Expr(.name(id: id, ctx: ctx), at: place)
  }

  private static func statement(_ kind: Stmt.Kind) -> Mod {
    .module(body: [Stmt(kind, at: place)], typeIgnores: [])
  }

  private static func matching(_ pattern: Pattern.Kind) -> Mod {
    let item = MatchCase(
      pattern: Pattern(pattern, at: place), guard: nil, body: [Stmt(.pass, at: place)])
    return statement(.match(subject: name(), cases: [item]))
  }

  /// Messages of CPython 3.13 for trees that `compile()` refuses.
  private static var faults: [(String, Mod)] {
    [
      ("identifier field can't represent 'None' constant", .expression(body: name("None"))),
      (
        "expression must have Load context but has Store instead",
        .expression(body: name("a", .store))
      ),
      ("empty targets on Assign", statement(.assign(targets: [], value: name(), typeComment: nil))),
      (
        "expression which can't be assigned to in Store context",
        statement(
          .assign(
            targets: [Expr(.constant(value: .int(1), kind: nil), at: place)], value: name(),
            typeComment: nil))
      ),
      (
        "BoolOp with less than 2 values",
        .expression(body: Expr(.boolOp(op: .and, values: [name()]), at: place))
      ),
      (
        "Compare with no comparators",
        .expression(body: Expr(.compare(left: name(), ops: [.eq], comparators: []), at: place))
      ),
      (
        "Compare has a different number of comparators and operands",
        .expression(body: Expr(.compare(left: name(), ops: [], comparators: [name()]), at: place))
      ),
      (
        "Dict doesn't have the same number of keys as values",
        .expression(body: Expr(.dict(keys: [name()], values: []), at: place))
      ),
      (
        "comprehension with no generators",
        .expression(body: Expr(.listComp(elt: name(), generators: []), at: place))
      ),
      (
        "empty items on With",
        statement(.with(With(items: [], body: [Stmt(.pass, at: place)], typeComment: nil)))
      ),
      (
        "Try has neither except handlers nor finalbody",
        statement(
          .try(Try(body: [Stmt(.pass, at: place)], handlers: [], orelse: [], finalbody: [])))
      ),
      ("Raise with cause but no exception", statement(.raise(exc: nil, cause: name()))),
      ("empty body on While", statement(.while(test: name(), body: [], orelse: []))),
      ("MatchOr requires at least 2 patterns", matching(.matchOr(patterns: []))),
      ("can't use MatchStar here", matching(.matchStar(name: nil))),
      (
        "patterns may only match literals and attribute lookups",
        matching(.matchValue(value: name()))
      ),
      (
        "MatchMapping doesn't have the same number of keys as patterns",
        matching(.matchMapping(keys: [name()], patterns: [], rest: nil))
      ),
      (
        "AST node line range (5, 4) is not valid",
        .expression(
          body: Expr(
            .name(id: "a", ctx: .load),
            at: SourceRange(lineno: 5, colOffset: 0, endLineno: 4, endColOffset: 0)))
      ),
    ]
  }

  @Test(arguments: faults.indices)
  func refused(index: Int) {
    let (message, tree) = Self.faults[index]
    do throws(CompileError) {
      try validate(tree, CompilerOptions(fileName: "t.py"))
      Issue.record("accepted: \(message)")
    } catch {
      guard case .value(message) = error else {
        Issue.record("\(error)")
        return
      }
    }
  }

  @Test func parsedTreesAreValid() throws {
    for (_, source, _) in classicListings {
      try validate(parse(source), CompilerOptions(fileName: "t.py"))
    }
  }
}
