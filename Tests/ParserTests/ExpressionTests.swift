import AST
import Parser
import Testing

@Suite struct ExpressionTests {
  @Test(arguments: [
    ("a + b * c", "(a add (b mult c))"),
    ("a - b - c", "((a sub b) sub c)"),
    ("a ** b ** c", "(a pow (b pow c))"),
    ("-a ** -b", "(uSub (a pow (uSub b)))"),
    ("a | b ^ c & d << e", "(a bitOr (b bitXor (c bitAnd (d lShift e))))"),
    ("not a == b and c or d", "(or (and (not (a eq b)), c), d)"),
    ("a < b <= c is not d not in e", "(a lt b ltE c isNot d notIn e)"),
    ("a if b else c if d else e", "(a if b else (c if d else e))"),
    ("lambda x, /, y=1, *z, w: x + y", "(lambda 1/1/1: (x add y))"),
    ("await a.b(c)[d]", "(await a.b(c)[d])"),
    ("a[b:c, ::d, *e]", "a[(b:c:, ::d, *e,)]"),
    ("f(a, *b, c=d, **e)", "f(a, *b, c=d, **e)"),
    ("f(x for x in y if z)", "f((x for x in y if z))"),
    ("[a async for b, c in d for e in f]", "[a async for (b, c,) in d for e in f]"),
    ("{a: b, **c}", "{a: b, **: c}"),
    ("{*a, b}", "{*a, b}"),
    ("(a, )", "(a,)"),
    ("(yield)", "(yield)"),
    ("(a := b, c)", "((a := b), c,)"),
    ("a, b", "(a, b,)"),
    ("a @ b // c % d", "(((a matMult b) floorDiv c) mod d)"),
  ])
  func grouping(source: String, expected: String) throws {
    #expect(try shape(expression(source)) == expected)
  }

  @Test(arguments: [
    ("0", "0"), ("1_000", "1000"), ("0xFF_FF", "65535"), ("0o17", "15"), ("0b1010", "10"),
    ("00", "0"), ("1.5e3", "1500.0"), (".5", "0.5"), ("1_0.0_1", "10.01"), ("1e400", "inf"),
    ("10j", "10.0j"), ("0777.5", "777.5"), ("9223372036854775807", "9223372036854775807"),
    ("9223372036854775808", "bigInt([0, 0, 8])"),
    ("0x1_0000_0000_0000_0000", "bigInt([0, 0, 16])"),
  ])
  func numbers(source: String, expected: String) throws {
    #expect(try shape(expression(source)) == expected)
  }

  @Test(arguments: [
    (#"'a' "b""#, "'ab'"), (#"b'\x41\102'"#, "b'AB'"), (#"r'\n'"#, #"'\n'"#),
    (#"u'a' 'b'"#, "u'ab'"), (#"'\N{BULLET}\u00e9\U0001F600'"#, "'•é😀'"),
    ("'\\101\\\nz'", "'Az'"),
    (#"f'a{b!r:>{c}}d'"#, "f<'a'{b!r:f<'>'{c}>}'d'>"), (#"f'{x=}'"#, "f<'x='{x!r}>"),
    (#"f'{x = :a}'"#, "f<'x = '{x:f<'a'>}>"), (#"f'{{}}' 'z'"#, "f<'{}z'>"),
    (#"rf'\{x}'"#, #"f<'\'{x}>"#), (#"f'{f"{'a'}"}'"#, "f<{f<{'a'}>}>"), ("f''", "f<>"),
  ])
  func strings(source: String, expected: String) throws {
    #expect(try shape(expression(source)) == expected)
  }

  @Test func loneSurrogateSurvives() throws {
    guard case .constant(.string(let bytes), _) = try expression(#""\ud800""#).kind else {
      throw ShapeError()
    }
    #expect(bytes == [0xED, 0xA0, 0x80])
  }

  @Test func identifiersAreNormalised() throws {
    #expect(try shape(expression("ﬁ.ℌ")) == "fi.H")
  }

  @Test func placesCountBytes() throws {
    let place = try expression("é + (x)").location
    #expect(place == SourceRange(lineno: 1, colOffset: 0, endLineno: 1, endColOffset: 8))
  }
}
