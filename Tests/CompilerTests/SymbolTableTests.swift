import Compiler
import Testing

@Suite struct SymbolTableTests {
  private func top(_ source: String) throws -> Scope {
    try makeSymbolTable(parse(source), CompilerOptions(fileName: "t.py")).top
  }

  @Test func scopesOfNames() throws {
    let module = try top("def f(a):\n    b = a\n    def g():\n        nonlocal b\n        b = c\n")
    #expect(module["f"].scope == .local)
    let f = module.children[0]
    #expect(f["a"].scope == .local && f["b"].scope == .cell)
    let g = f.children[0]
    #expect(g["b"].scope == .free && g["c"].scope == .globalImplicit)
    #expect(g.isNested && !f.isNested)
  }

  @Test func privateNamesAreMangled() throws {
    let module = try top("class _A:\n    def f(self, __x): self.__y = __z__\n")
    let method = module.children[0].children[0]
    #expect(method.varNames == ["self", "_A__x"])
    #expect(method["__z__"].contains(.use))
  }

  @Test func comprehensionIsInlined() throws {
    let module = try top("def f():\n    return [x for x in y]\n")
    #expect(module.children[0].children.isEmpty)
    #expect(module.children[0]["x"].contains(.defLocal))
  }

  @Test func genericClassInClass() throws {
    let module = try top("class A:\n    class B[T](C): pass\n")
    let params = module.children[0].children[0]
    #expect(params.type == .typeParameters && params.canSeeClassScope)
    #expect(params["T"].contains(.defTypeParam))
    #expect(params["__classdict__"].scope == .free)
  }

  @Test func superNeedsClass() throws {
    let module = try top("class A:\n    def f(self): super()\n")
    #expect(module.children[0].needsClassClosure)
  }
}
