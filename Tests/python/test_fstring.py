# f-strings: nesting, formats, conversions, debugging, errors (PEP 498, PEP 701).
from _run import describe, error, main



def test_simple_fields():
    x = 5
    assert f'{x}' == "5"
    assert f'a{x}b{x + 1}c' == "a5b6c"
    assert f'' == ""
    assert f'{{}}' == "{}"
    assert f'{{{x}}}' == "{5}"
    assert f'{x!r:>5}' == "    5"
    assert F'{x}' == "5"
    assert rf'\n{x}' == "\\n5"
    text = f'''{
    x
}'''
    assert text == "5"


def test_format_specs():
    x = 3.14159
    w = 10
    assert f'{x:.2f}' == "3.14"
    assert f'{x:{w}.{2}f}' == "      3.14"
    assert f'{x:>{w}}' == "   3.14159"
    assert f'{x!s:^{w}}' == " 3.14159  "
    assert f'{"a":*^{w}}' == "****a*****"
    assert f'{x:{"."}{2}f}' == "3.14"
    assert f'{10:#x}' == "0xa"
    assert f'{w:{w}{"d"}}' == "        10"


def test_debug_expressions():
    x = 7
    assert f'{x=}' == "x=7"
    assert f'{x = }' == "x = 7"
    assert f'{x=:>5}' == "x=    7"
    assert f'{x=!s}' == "x=7"
    assert f'{"a"=}' == '"a"=\'a\''
    assert f'{x + 1=}' == "x + 1=8"
    assert f'{ x =}' == " x =7"
    assert f'{x=:}' == "x=7"
    assert f'a {x=} b {x=!r:^5}' == "a x=7 b x=  7  "


def test_nested_quotes_and_f_strings():
    x = {'a': 1}
    assert f'{x['a']}' == "1"
    assert f"{x["a"]}" == "1"
    assert f'{f'{f'{1 + 1}'}'}' == "2"
    assert f'{'\n'.join(['a', 'b'])}' == "a\nb"
    assert f"{'{'}" == "{"
    assert f'{'}'}' == "}"
    assert f'{"a" 'b'}' == "ab"


def test_expressions():
    assert f'{(lambda v: v * 2)(3)}' == "6"
    assert f'{[i for i in range(3)]}' == "[0, 1, 2]"
    assert f'{ {1: 2}[1] }' == "2"
    assert f'{1 if True else 2}' == "1"
    assert f'{(y := 5)}' == "5"
    assert f'{1, 2}' == "(1, 2)"
    assert f'{*[1, 2], 3}' == "(1, 2, 3)"
    assert f'{3 != 4}' == "True"
    assert f'{1 == 1}' == "True"
    assert f'{"a" > "b"}' == "False"
    assert f'{not True}' == "False"
    assert f'{-5:+}' == "-5"
    assert f'{3.0:}' == "3.0"
    assert f'{[1, 2, 3][1:]}' == "[2, 3]"


def test_colon_parsing():
    assert f'{5:=5}' == "    5"
    assert f'{(x := 5):>4}' == "   5"
    assert f'{5!s:}' == "5"
    assert f'{ {"a": 1}["a"]:>3}' == "  1"
    assert f'{"abc"[1:]}' == "bc"
    assert f'{5:{"{"}>4}' == "{{{5"


def test_implicit_concatenation():
    x = 1
    assert 'a' f'{x}' 'b' == "a1b"
    assert f'{x}' f'{x}' '{x}' == "11{x}"
    assert '{' f'{x}' '}' == "{1}"
    assert f'{x}' r'\n' == "1\\n"


def test_multi_line():
    x = 3
    one = f'''a
{x}
b'''
    two = f'''{
x  # comment
}'''
    assert one == "a\n3\nb"
    assert two == "3"


def test_escapes():
    assert f'\x41\u0041\N{DIGIT ONE}' == "AA1"
    assert f'\N{LATIN SMALL LETTER A}{1}' == "a1"
    assert rf'\{6}' == "\\6"
    assert f'a\tb{"\t"}' == "a\tb\t"


def test_evaluation_order():
    log = []
    def note(v):
        log.append(v)
        return v
    assert f'{note("a")}{note("b"):{note(5)}}{note("c")}' == "ab    c"
    assert log == ["a", "b", 5, "c"]


def test_conversion_calls():
    class C:
        def __str__(self): return 'str'
        def __repr__(self): return 'repr'
        def __format__(self, s): return 'format ' + s
    c = C()
    assert f'{c}' == "format "
    assert f'{c!s}' == "str"
    assert f'{c!r}' == "repr"
    assert f'{c!a}' == "repr"
    assert f'{c:x}' == "format x"
    assert f'{c!s:>5}' == "  str"
    assert f'{c=}' == "c=repr"
    assert f'{c=:x}' == "c=format x"


def test_runtime_errors():
    assert error(lambda: f'{undefined_name}') == "NameError: name 'undefined_name' is not defined"
    assert error(lambda: f'{1 / 0}') == "ZeroDivisionError: division by zero"
    assert error(lambda: f'{5:y}') == "ValueError: Unknown format code 'y' for object of type 'int'"
    assert (error(lambda: f'{"a":d}')
            == "ValueError: Unknown format code 'd' for object of type 'str'")
    assert (error(lambda: f'{[]:5}')
            == "TypeError: unsupported format string passed to list.__format__")
    assert (error(lambda: f'{5:{"a"}}')
            == "ValueError: Unknown format code 'a' for object of type 'int'")


def test_syntax_errors():
    assert (error(lambda: compile("f'{'", 'f', 'eval'))
            == "SyntaxError: f-string: expecting '}' (f, line 1)")
    assert (error(lambda: compile("f'}'", 'f', 'eval'))
            == "SyntaxError: f-string: single '}' is not allowed (f, line 1)")
    assert (error(lambda: compile("f'{}'", 'f', 'eval'))
            == "SyntaxError: f-string: valid expression required before '}' (f, line 1)")
    assert (error(lambda: compile("f'{!r}'", 'f', 'eval'))
            == "SyntaxError: f-string: valid expression required before '!' (f, line 1)")
    assert (error(lambda: compile("f'{a!}'", 'f', 'eval'))
            == "SyntaxError: f-string: missing conversion character (f, line 1)")
    assert (error(lambda: compile("f'{a!x}'", 'f', 'eval'))
            == "SyntaxError: f-string: invalid conversion character 'x': expected 's', 'r', or 'a' (f, line 1)")
    assert (error(lambda: compile("f'{a b}'", 'f', 'eval'))
            == "SyntaxError: invalid syntax. Perhaps you forgot a comma? (f, line 1)")
    assert (error(lambda: compile("f'{a $ b}'", 'f', 'eval'))
            == "SyntaxError: f-string: expecting '=', or '!', or ':', or '}' (f, line 1)")
    assert (error(lambda: compile("f'{lambda x:1}'", 'f', 'eval'))
            == "SyntaxError: f-string: lambda expressions are not allowed without parentheses (f, line 1)")
    assert (error(lambda: compile("f'{a:{b:{c:{d}}}}'", 'f', 'eval'))
            == "SyntaxError: f-string: expressions nested too deeply (f, line 1)")
    assert (error(lambda: compile("f'{a!r b}'", 'f', 'eval'))
            == "SyntaxError: f-string: expecting ':' or '}' (f, line 1)")
    assert (error(lambda: compile("f'{a'", 'f', 'eval'))
            == "SyntaxError: f-string: expecting '}' (f, line 1)")
    assert (error(lambda: compile("f'{(a'", 'f', 'eval'))
            == "SyntaxError: f-string: expecting '}' (f, line 1)")
    assert (error(lambda: compile("f'{a)}'", 'f', 'eval'))
            == "SyntaxError: f-string: unmatched ')' (f, line 1)")
    assert (error(lambda: compile("f'{*a}'", 'f', 'eval'))
            == "SyntaxError: can't use starred expression here (f, line 1)")
    try:
        compile("f'{yield}'", 'f', 'eval')
    except BaseException as exception:
        assert describe(exception) == "SyntaxError: 'yield' outside function (f, line 1)"
    else:
        assert False, "nothing raised"
    assert (error(lambda: compile("f'{a=!}'", 'f', 'eval'))
            == "SyntaxError: f-string: missing conversion character (f, line 1)")
    assert (error(lambda: compile("f'{:x}'", 'f', 'eval'))
            == "SyntaxError: f-string: valid expression required before ':' (f, line 1)")
    assert (error(lambda: compile("f'{=}'", 'f', 'eval'))
            == "SyntaxError: f-string: valid expression required before '=' (f, line 1)")
    assert (error(lambda: compile("f'{,}'", 'f', 'eval'))
            == "SyntaxError: f-string: expecting a valid expression after '{' (f, line 1)")
    assert (error(lambda: compile("f'{a:{}}'", 'f', 'eval'))
            == "SyntaxError: f-string: valid expression required before '}' (f, line 1)")
    assert (error(lambda: compile("f'{**a}'", 'f', 'eval'))
            == "SyntaxError: f-string: expecting a valid expression after '{' (f, line 1)")


def test_scopes():
    x = 'outer'
    class K:
        x = 'class'
        text = f'{x}'
        nested = [f'{y}' for y in 'ab']
    assert K.text == "class"
    assert K.nested == ["a", "b"]
    def outer():
        v = 1
        def inner():
            return f'{v}'
        return inner
    assert outer()() == "1"


def test_in_docstring_position():
    def f():
        f'not a docstring'
    assert f.__doc__ is None


def test_constant_folding_keeps_text():
    assert f'{1}{2}' == "12"
    assert f'{"a"}' == "a"
    assert f'{None}' == "None"
    assert f'{"\x00"!r}' == "'\\x00'"
    assert f'{...}' == "Ellipsis"


def test_await_is_allowed():
    async def co():
        async def value(): return 3
        return f'{await value()}'
    c = co()
    try:
        c.send(None)
    except StopIteration as e:
        result = e.value
    assert result == "3"


def test_very_long():
    x = 1
    assert len(f'{"x" * 1000}{x}') == 1001
    assert (eval('f"' + '{1}' * 300 + '"') == '1' * 300) is True


main(globals())
