import Bytecode
import Compiler
import Testing

@Suite struct ClassicListingTests {
  /// The classic dialect gives what CPython 3.10 prints, to the byte.
  @Test(arguments: classicListings.indices)
  func matchesCPython310(index: Int) throws {
    let (_, source, listing) = classicListings[index]
    #expect(try Disassembly.text(of: code(source, dialect: .classic)) == listing)
  }

  @Test func seedBytes() throws {
    let unit = try code("x = 1\ny = 2\nz = x + y\nprint(z)\n")
    #expect(
      unit.code == [
        100, 0, 90, 0, 100, 1, 90, 1, 101, 0, 101, 1, 23, 0, 90, 2, 101, 3, 101, 2, 131, 1, 1, 0,
        100, 2,
        83, 0,
      ])
    #expect(unit.names == ["x", "y", "z", "print"])
    #expect(unit.stackSize == 2)
  }
}

@Suite struct CurrentDialectTests {
  @Test func comprehensionRunsInline() throws {
    let unit = try #require(nested("f", in: code("def f(y):\n    return [x for x in y]\n")))
    #expect(unit.varNames == ["y", "x"])
    #expect(
      brief(unit).prefix(12) == [
        "LOAD_FAST y", "GET_ITER", "LOAD_FAST_AND_CLEAR x", "ROT_TWO", "SETUP_FINALLY to 32",
        "BUILD_LIST 0",
        "ROT_TWO", "FOR_ITER to 24", "STORE_FAST x", "LOAD_FAST x", "LIST_APPEND 2",
        "JUMP_ABSOLUTE to 14",
      ])
  }

  @Test func comprehensionCellsAreFresh() throws {
    let unit = try #require(nested("f", in: code("def f(y):\n    return [lambda: x for x in y]\n")))
    #expect(unit.cellVars == ["x"])
    #expect(brief(unit).contains("LOAD_CELL_AND_CLEAR x"))
    #expect(brief(unit).contains("STORE_CELL x"))
  }

  @Test func classesNoteAttributesAndLine() throws {
    let unit = try #require(
      nested("A", in: code("\nclass A:\n    def f(self):\n        self.x = self.y = 1\n")))
    let lines = brief(unit)
    #expect(lines.contains("STORE_NAME __static_attributes__"))
    #expect(lines.contains("STORE_NAME __firstlineno__"))
    #expect(lines.contains("LOAD_CONST ('x', 'y')"))
  }

  @Test(arguments: [
    ("", ""), ("a", "a"), ("  a\n    b\n      c\n    ", "a\nb\n  c\n"),
    ("a\n\n  b\n   c", "a\n\nb\n c"),
    ("\n\ta\n\t b", "\na\n b"),
  ])
  func docstringsLoseIndentation(text: String, expected: String) throws {
    let quoted = text.split(separator: "\n", omittingEmptySubsequences: false).joined(
      separator: "\\n")
    let unit = try #require(nested("f", in: code("def f():\n    \"\(quoted)\"\n")))
    guard case .string(let bytes)? = unit.constants.first else {
      Issue.record("no docstring")
      return
    }
    #expect(String(decoding: bytes, as: UTF8.self) == expected)
  }

  @Test func exceptionGroups() throws {
    let lines = brief(try code("try:\n    a\nexcept* E as e:\n    b\n"))
    #expect(lines.contains("CHECK_EG_MATCH"))
    #expect(lines.contains("PREP_RERAISE_STAR"))
    #expect(lines.last == "RERAISE_VALUE" || lines.last == "RETURN_VALUE")
  }

  @Test func typeParameters() throws {
    let unit = try code("def f[T: int = str](x: T = 1): pass\ntype A[*Ts] = tuple[*Ts]\n")
    let scope = try #require(nested("<generic parameters of f>", in: unit))
    #expect(scope.argCount == 1)
    #expect(
      brief(scope).contains("CALL_INTRINSIC_2 INTRINSIC_TYPEVAR_WITH_BOUND")
        && brief(scope).contains("CALL_INTRINSIC_2 INTRINSIC_SET_TYPEPARAM_DEFAULT")
        && brief(scope).contains("CALL_INTRINSIC_2 INTRINSIC_SET_FUNCTION_TYPE_PARAMS"))
    #expect(nested("A", in: unit)?.qualifiedName == "A")
  }

  @Test func percentFormatBecomesFString() throws {
    #expect(
      brief(try code("'%s-%5r' % (a, b)", mode: .eval)) == [
        "LOAD_NAME a", "FORMAT_VALUE str", "LOAD_CONST '-'", "LOAD_NAME b", "LOAD_CONST '>5'",
        "FORMAT_VALUE repr, with format", "BUILD_STRING 3", "RETURN_VALUE",
      ])
  }

  @Test func modes() throws {
    #expect(
      brief(try code("1 + x", mode: .eval)) == [
        "LOAD_CONST 1", "LOAD_NAME x", "BINARY_ADD", "RETURN_VALUE",
      ])
    #expect(brief(try code("x\n", mode: .single)).contains("PRINT_EXPR"))
  }

  @Test func optimizeLevels() throws {
    let source = "def f():\n    'doc'\n    assert x\n    return __debug__\n"
    let plain = try #require(nested("f", in: code(source)))
    #expect(brief(plain).contains("LOAD_ASSERTION_ERROR"))
    let bare = try #require(nested("f", in: code(source, optimize: 2)))
    #expect(brief(bare) == ["NOP", "LOAD_CONST False", "RETURN_VALUE"])
  }

  @Test func annotationsBecomeText() throws {
    let unit = try code(
      "from __future__ import annotations\nx: lambda a, *b: (a+1)*[c for c in d]\n")
    #expect(brief(unit).contains("LOAD_CONST 'lambda a, *b: (a + 1) * [c for c in d]'"))
  }

  @Test func deepTrees() throws {
    #expect(try code("x = a" + String(repeating: ".b", count: 5000)).names.count == 3)
  }
}
