import AST
import Parser
import Testing

@Suite struct StatementTests {
  @Test(arguments: [
    "x = y = 1", "x: int = 1", "(x): int", "x.y += 1", "a, *b = c", "[a, b[0]] = c",
    "del a, (b, c)",
    "global a, b", "from .a import (b as c, d,)", "from ... import *", "import a.b as c, d",
    "raise a from b", "assert a, b", "return", "type X[T: int = str, *Ts = *A, **P = []] = T",
    "type = 1", "match = case", "match(x)", "match x:\n case [1, *_] | {'a': b, **c}: pass",
    "match x, y:\n case A.B(c, d=-1+2j) as e if f: pass\n case _: pass",
    "with (a as b, c as d,): pass", "with (a, b) as c: pass", "with (a for b in c): pass",
    "async def f[T](a, /, b: T, *c: *d, e=1, **g) -> h:\n async for i in j: await k",
    "try:\n pass\nexcept* (A, B) as c:\n pass\nelse: pass\nfinally: pass",
    "@a.b(c)\n@d := e\nclass A[T](B, metaclass=C): x = 1; y = 2",
    "if a: pass\nelif b: pass\nelse: pass", "while a := b: break", "for x, in y: continue",
    "def f(*, a): yield", "x = yield", "\u{FEFF}x", "if a:\n\tb\n\n# c\n\td\n", "a = \\\n b",
  ])
  func isValid(source: String) throws {
    for statement in try parsed(source + "\n") { checkPlaces(.stmt(statement)) }
  }

  /// Children lie inside their parents.
  private func checkPlaces(_ node: Node) {
    node.forEachChild { child in
      if let outer = place(node), let inner = place(child) {
        #expect((outer.lineno, outer.colOffset) <= (inner.lineno, inner.colOffset))
        #expect(
          (outer.endLineno, outer.endColOffset) >= (inner.endLineno, inner.endColOffset))
      }
      checkPlaces(child)
    }
  }

  private func place(_ node: Node) -> SourceRange? {
    switch node {
    case .expr(let node): node.location
    case .pattern(let node): node.location
    case .keyword(let node): node.location
    case .stmt(let node):
      switch node.kind {
      // Decorators stand before the place of what they decorate.
      case .functionDef, .asyncFunctionDef, .classDef: nil
      default: node.location
      }
    default: nil
    }
  }

  @Test func typeCommentsAreKeptOnRequest() throws {
    let source = "x = [] # type: list[int]\ny = 1 # type: ignore[a]\n"
    let result = try parseModule(
      source: Array(source.utf8), options: ParseOptions(flags: .typeComments))
    guard case .module(let body, let ignores) = result.tree,
      case .assign(_, _, let comment) = body[0].kind
    else { throw ShapeError() }
    #expect(comment == "list[int]")
    #expect(ignores == [TypeIgnore(lineno: 2, tag: "[a]")])
  }

  @Test func signaturesOfTypeComments() throws {
    let source = Array("(int, *str, **Any) -> A[b]".utf8)
    guard
      case .functionType(let arguments, let result) = try parseModule(
        source: source, mode: .functionType
      ).tree
    else { throw ShapeError() }
    #expect(arguments.map(shape) == ["int", "str", "Any"])
    #expect(shape(result) == "A[b]")
  }

  @Test func warningsAreCollected() throws {
    let result = try parseModule(source: Array("0x1for x in y\n'''\n\\d'''\n".utf8))
    #expect(
      result.cautions.map(\.message) == [
        "invalid hexadecimal literal", "invalid escape sequence '\\d'",
      ])
    #expect(result.cautions.map(\.lineno) == [1, 3])
  }

  @Test func encodings() throws {
    let latin = Array("# -*- coding: latin-1 -*-\nx = '".utf8) + [0xE9, 0x27]
    #expect(try parseModule(source: latin).encoding == "iso-8859-1")
    let other = Array("# coding: koi8-r\nx".utf8)
    let result = try parseModule(
      source: other,
      decoder: { (name, _) throws(SyntaxFailure) in
        name == "koi8-r" ? Array("decoded".utf8) : nil
      })
    guard case .module(let body, _) = result.tree, case .expr(let value) = body[0].kind else {
      throw ShapeError()
    }
    #expect(shape(value) == "decoded")
  }
}
