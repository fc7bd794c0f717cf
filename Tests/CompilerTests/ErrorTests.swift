import Compiler
import Testing

@Suite struct CompileErrorTests {
  /// Messages and places of CPython 3.13.
  @Test(arguments: [
    ("return 1", "'return' outside function 1:1"),
    ("class A:\n    yield 1", "'yield' outside function 2:5"),
    ("await x", "'await' outside function 1:1"),
    ("def f():\n    await x", "'await' outside async function 2:5"),
    ("async def f():\n    yield 1\n    return 2", "'return' with value in async generator 3:5"),
    ("break", "'break' outside loop 1:1"),
    ("if 1:\n    continue", "'continue' not properly in loop 2:5"),
    ("def f(x):\n    global x", "name 'x' is parameter and global 2:5"),
    ("def f():\n    print(x)\n    global x", "name 'x' is used prior to global declaration 3:5"),
    ("nonlocal x", "nonlocal declaration not allowed at module level 1:1"),
    ("def f():\n    def g():\n        nonlocal x", "no binding for nonlocal 'x' found 3:9"),
    ("def f(a, a): pass", "duplicate argument 'a' in function definition 1:10"),
    ("def f[T, T](): pass", "duplicate type parameter 'T' 1:10"),
    ("__debug__ = 1", "cannot assign to __debug__ 1:1"),
    ("f(__debug__=1)", "cannot assign to __debug__ 1:3"),
    (
      "x = 1\nfrom __future__ import annotations",
      "from __future__ imports must occur at the beginning of the file 2:1"
    ),
    ("from __future__ import nope", "future feature nope is not defined 1:24"),
    ("[x async for x in y]", "asynchronous comprehension outside of an asynchronous function 1:1"),
    ("def f():\n    async with x: pass", "'async with' outside async function 2:5"),
    ("[(yield x) for x in y]", "'yield' inside list comprehension 1:3"),
    (
      "[y for x in (y := 1)]",
      "assignment expression cannot be used in a comprehension iterable expression 1:14"
    ),
    (
      "[(j := 0) for j in range(5)]",
      "assignment expression cannot rebind comprehension iteration variable 'j' 1:3"
    ),
    ("type A = (yield 1)", "yield expression cannot be used within a type alias 1:11"),
    (
      "match x:\n    case _: pass\n    case 1: pass",
      "wildcard makes remaining patterns unreachable 2:10"
    ),
    ("match x:\n    case (a, a): pass", "multiple assignments to name 'a' in pattern 2:14"),
    ("match x:\n    case (a, b) | (a, c): pass", "alternative patterns bind different names 2:10"),
    ("*a, *b = 1", "multiple starred expressions in assignment 1:1"),
    ("f(a=1, a=2)", "keyword argument repeated: a 1:8"),
    (
      "for x in y:\n    try: pass\n    except* A:\n        break",
      "'break', 'continue' and 'return' cannot appear in an except* block 4:9"
    ),
  ])
  func message(source: String, expected: String) throws {
    #expect(try failure(source) == expected)
  }

  @Test func warnings() throws {
    var messages: [String] = []
    let tree = try parse("assert (x, 'm')\nx is 'a'\n1(2)\n[1]['a']\nNone[1]\n")
    _ = try compile(tree, CompilerOptions(fileName: "t.py")) {
      messages.append($0.message)
      return .proceed
    }
    #expect(
      messages == [
        "assertion is always true, perhaps remove parentheses?",
        "\"is\" with 'str' literal. Did you mean \"==\"?",
        "'int' object is not callable; perhaps you missed a comma?",
        "list indices must be integers or slices, not str; perhaps you missed a comma?",
        "'NoneType' object is not subscriptable; perhaps you missed a comma?",
      ])
  }

  @Test func warningAsError() throws {
    let tree = try parse("x is 'a'")
    #expect(throws: CompileError.self) {
      _ = try compile(tree, CompilerOptions(fileName: "t.py")) { _ in .syntaxError }
    }
  }

  @Test(arguments: [
    "a" + String(repeating: ".b", count: 500), String(repeating: "-", count: 500) + "a",
  ])
  func nesting(source: String) throws {
    var options = CompilerOptions(fileName: "t.py")
    options.recursionLimit = 200
    let tree = try parse(source)
    do throws(CompileError) {
      _ = try compile(tree, options)
      Issue.record("compiled")
    } catch {
      guard case .recursion(let message) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(message == "maximum recursion depth exceeded during compilation")
    }
  }
}
