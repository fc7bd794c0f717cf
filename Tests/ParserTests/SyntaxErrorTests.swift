import Parser
import Testing

/// Errors with the place they point at between « and ».
@Suite struct SyntaxErrorTests {
  @Test(arguments: [
    ("foo(«a b»)", "invalid syntax. Perhaps you forgot a comma?"),
    ("«print \"a\"»", "Missing parentheses in call to 'print'. Did you mean print(...)?"),
    ("«f()» = 1", "cannot assign to function call here. Maybe you meant '==' instead of '='?"),
    ("«1» = x", "cannot assign to literal here. Maybe you meant '==' instead of '='?"),
    ("a, «b + c» = x", "cannot assign to expression here. Maybe you meant '==' instead of '='?"),
    ("«None» = 1", "cannot assign to None"),
    ("«x + 1» += 1", "'expression' is an illegal expression for augmented assignment"),
    ("«(a, b)»: int", "only single target (not tuple) can be annotated"),
    ("del «f()»", "cannot delete function call"),
    ("for «f()» in x: pass", "cannot assign to function call"),
    ("if «x = 3»: pass", "invalid syntax. Maybe you meant '==' or ':=' instead of '='?"),
    ("f(«a for a in b», c)", "Generator expression must be parenthesized"),
    ("f(a=1, b«)»", "positional argument follows keyword argument"),
    ("f(**a, b«)»", "positional argument follows keyword argument unpacking"),
    ("f(«a + b=»1)", "expression cannot contain assignment, perhaps you meant \"==\"?"),
    ("f(«True=»1)", "cannot assign to True"),
    ("[«a, b» for a in c]", "did you forget parentheses around the comprehension target?"),
    ("[«*a» for a in c]", "iterable unpacking cannot be used in comprehension"),
    ("{«**»a for a in c}", "dict unpacking cannot be used in dict comprehension"),
    ("def f(a=1, «b»): pass", "parameter without a default follows parameter with a default"),
    ("def f(«*»): pass", "named arguments must follow bare *"),
    ("def f(«/», a): pass", "at least one argument must precede /"),
    ("def f(**a, «b»): pass", "arguments cannot follow var-keyword argument"),
    ("lambda a, /, b, «/»: 1", "/ may appear only once"),
    ("«a if b» 1", "expected 'else' after 'if' expression"),
    ("a + «not b»", "'not' after an operator must be parenthesized"),
    ("while x«»\n", "expected ':'"),
    ("class C«»\n", "expected ':'"),
    ("x = «(»1,\ny = 2\n", "'(' was never closed"),
    ("x = (1«]»", "closing parenthesis ']' does not match opening parenthesis '('"),
    ("x = 1«}»", "unmatched '}'"),
    ("x = «'»abc", "unterminated string literal (detected at line 1)"),
    ("x = «\"»\"\"abc\n", "unterminated triple-quoted string literal (detected at line 1)"),
    (
      "«00»77",
      "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers"
    ),
    ("1«_»", "invalid decimal literal"),
    ("0b1«2»", "invalid digit '2' in binary literal"),
    ("«1»a", "invalid decimal literal"),
    ("x = a«€»", "invalid character '€' (U+20AC)"),
    ("f'{«}»'", "f-string: valid expression required before '}'"),
    ("f'{a!«x»}'", "f-string: invalid conversion character 'x': expected 's', 'r', or 'a'"),
    ("f'{«a b»}'", "invalid syntax. Perhaps you forgot a comma?"),
    ("f'a«}»'", "f-string: single '}' is not allowed"),
    ("«b'é'»", "bytes can only contain ASCII literal characters"),
    ("match x:\n case A(b=1, «c»): pass", "positional patterns follow keyword patterns"),
    ("match x:\n case 1 as «_»: pass", "cannot use '_' as a target"),
    ("from a import b,«»\n", "trailing comma not allowed without surrounding parentheses"),
    ("try:\n pass\n«x» = 1", "expected 'except' or 'finally' block"),
    ("type X[*T«: int»] = T", "cannot use bound with TypeVarTuple"),
  ])
  func placed(source: String, message: String) {
    do {
      _ = try parseModule(source: Array(strip(source).utf8))
      Issue.record("no error in \(source)")
    } catch {
      let failure = error.failure
      #expect(failure.kind == .syntaxError)
      #expect(failure.message == message)
      let (line, offset) = position(of: "«", in: source)
      #expect(failure.lineno == line, "line in \(source)")
      #expect(failure.offset == offset, "offset in \(source)")
      // Between «» stands something without characters: a line end.
      if !source.contains("«»"), let end = failure.endOffset, end > 0, end != failure.offset {
        #expect(end == position(of: "»", in: source).1, "end in \(source)")
      }
    }
  }

  @Test(arguments: [
    ("if a:\npass\n", "expected an indented block after 'if' statement on line 1", 2),
    ("def f():\npass\n", "expected an indented block after function definition on line 1", 2),
    ("a\n  b\n", "unexpected indent", 2),
    ("if a:\n    b\n  c\n", "unindent does not match any outer indentation level", 3),
  ])
  func indentation(source: String, message: String, line: Int) {
    do {
      _ = try parseModule(source: Array(source.utf8))
      Issue.record("no error in \(source)")
    } catch {
      #expect(error.failure.kind == .indentationError)
      #expect(error.failure.message == message)
      #expect(error.failure.lineno == line)
    }
  }

  @Test func tabs() {
    do {
      _ = try parseModule(source: Array("if a:\n\tb\n        c\n".utf8))
      Issue.record("no error")
    } catch {
      #expect(error.failure.kind == .tabError)
    }
  }

  @Test(arguments: ["if a:", "x = (", "def f():\n  x", "'''a", "@a"])
  func incompleteInput(source: String) {
    let flags: ParserFlags = [.allowIncompleteInput, .dontImplyDedent]
    do {
      _ = try parseModule(
        source: Array(source.utf8), mode: .single, options: ParseOptions(flags: flags))
      Issue.record("no error in \(source)")
    } catch {
      #expect(error.failure.kind == .incompleteInput)
    }
  }

  @Test func olderFeatureVersions() {
    do {
      _ = try parseModule(
        source: Array("match x:\n case 1: pass\n".utf8), options: ParseOptions(featureVersion: 9))
      Issue.record("no error")
    } catch {
      #expect(
        error.failure.message == "Pattern matching is only supported in Python 3.10 and greater")
    }
  }

  @Test func deepNestingIsAnErrorAndNoCrash() {
    for (source, kind) in [
      (String(repeating: "(", count: 300), SyntaxFailure.Kind.syntaxError),
      (String(repeating: "-", count: 100_000) + "1", .memoryError),
      (String(repeating: "not ", count: 50_000) + "1", .memoryError),
      ("a" + String(repeating: ".a", count: 100_000), .recursionError),
      ("1" + String(repeating: "+1", count: 100_000), .recursionError),
    ] {
      do {
        _ = try parseModule(source: Array(source.utf8))
        Issue.record("no error")
      } catch {
        #expect(error.failure.kind == kind)
      }
    }
  }

  private func strip(_ source: String) -> String { source.filter { $0 != "«" && $0 != "»" } }

  /// Line and 1-based column of a marker, markers not counted.
  private func position(of marker: Character, in source: String) -> (Int, Int) {
    var line = 1
    var column = 1
    for c in source {
      if c == marker { break }
      if c == "«" || c == "»" { continue }
      if c == "\n" {
        line += 1
        column = 1
      } else {
        column += 1
      }
    }
    return (line, column)
  }
}
