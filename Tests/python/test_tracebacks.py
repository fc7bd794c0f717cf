# Line numbers, tracebacks, code objects and frames as programs see them.
import sys

from _run import describe, error, main



def test_line_of_a_failing_statement():
    def f():
        x = 1
        y = x / 0
        return y
    try:
        f()
    except ZeroDivisionError as e:
        t = e.__traceback__.tb_next
    assert t.tb_lineno - f.__code__.co_firstlineno == 2
    assert t.tb_frame.f_lineno - f.__code__.co_firstlineno == 2


def test_line_in_multi_line_expression():
    def f():
        return (1 +
                undefined_name_here +
                3)
    def g():
        return len(
            5
        )
    def h():
        x = [
            1,
            1 / 0,
        ]
    def lines(f):
        try:
            f()
        except Exception as e:
            return e.__traceback__.tb_next.tb_lineno - f.__code__.co_firstlineno
    assert lines(f) == 2
    assert lines(g) == 1
    assert lines(h) == 3


def test_lines_of_loops_and_conditions():
    def f():
        for i in range(3):
            if i == 1:
                raise ValueError
    def g():
        while True:
            pass
            break
        raise ValueError
    def h():
        if (1 and
            1 / 0):
            pass
    def lines(f):
        try:
            f()
        except Exception as e:
            return e.__traceback__.tb_next.tb_lineno - f.__code__.co_firstlineno
    assert lines(f) == 3
    assert lines(g) == 4
    assert lines(h) == 2


def test_lines_of_calls_with_many_lines():
    def boom(*a): raise ValueError
    def f():
        boom(
            1,
            boom(
                2
            ),
        )
    def g():
        (boom
         (
         ))
    def h():
        x = 1; boom(); y = 2
    def lines(f):
        try:
            f()
        except Exception as e:
            return e.__traceback__.tb_next.tb_lineno - f.__code__.co_firstlineno
    assert lines(f) == 3
    assert lines(g) == 1
    assert lines(h) == 1


def test_finally_keeps_the_raising_line():
    def f():
        try:
            raise ValueError
        finally:
            x = 1
            y = 2
    def g():
        try:
            raise ValueError
        except ValueError:
            x = 1
            raise
    def lines(f):
        out = []
        try:
            f()
        except Exception as e:
            t = e.__traceback__.tb_next
            while t:
                out.append(t.tb_lineno - f.__code__.co_firstlineno)
                t = t.tb_next
        return out
    assert lines(f) == [2]
    assert lines(g) == [2]


def test_traceback_of_with_and_decorators():
    def deco(f): raise ValueError
    def f():
        @deco
        def g():
            pass
    def h():
        class C(
            undefined_base
        ):
            pass
    def lines(f):
        try:
            f()
        except Exception as e:
            return e.__traceback__.tb_next.tb_lineno - f.__code__.co_firstlineno
    assert lines(f) == 1
    assert lines(h) == 2


def test_code_object_attributes():
    def f(a, b, /, c, *d, e, **g):
        "doc"
        x = 1
        return x
    c = f.__code__
    assert ((c.co_name, c.co_argcount, c.co_posonlyargcount, c.co_kwonlyargcount, c.co_nlocals)
            == ("f", 3, 2, 1, 7))
    assert c.co_varnames == ("a", "b", "c", "e", "d", "g", "x")
    assert c.co_freevars == ()
    assert c.co_cellvars == ()
    assert c.co_names == ()
    assert c.co_flags & 0x0f == 15
    assert c.co_consts[0] == "doc"
    assert repr(type(c.co_code)) == "<class 'bytes'>"
    assert c.co_qualname.endswith('<locals>.f') is True
    assert (c.co_firstlineno > 1) is True


def test_code_flags():
    def f(): pass
    def g(): yield
    async def h(): pass
    async def i(): yield
    def j():
        x = 1
        return lambda: x
    assert f.__code__.co_flags & 0x20 == 0
    assert g.__code__.co_flags & 0x20 == 32
    assert h.__code__.co_flags & 0x80 == 128
    assert i.__code__.co_flags & 0x200 == 512
    assert j().__code__.co_flags & 0x10 == 16
    assert (lambda *a, **k: 0).__code__.co_flags & 0xc == 12
    assert compile('x', 'f', 'exec').co_flags & 0x3 == 0


def test_code_replace():
    def f(): return 1
    c = f.__code__.replace(co_name='new')
    assert c.co_name == "new"
    assert (c == f.__code__) is False
    assert (f.__code__ == f.__code__.replace()) is True
    assert (hash(f.__code__) == hash(f.__code__.replace())) is True
    assert (error(lambda: f.__code__.replace(co_nothing=1))
            == "TypeError: replace() got an unexpected keyword argument 'co_nothing'")
    assert (error(lambda: f.__code__.replace(co_name=5))
            == "TypeError: replace() argument 'co_name' must be str, not int")
    assert (error(lambda: f.__code__.replace(co_argcount=-1))
            == "ValueError: co_argcount must be a positive integer")
    try:
        f.__code__.co_name = 'x'
    except BaseException as exception:
        assert describe(exception) == "AttributeError: readonly attribute"
    else:
        assert False, "nothing raised"
    d = f.__code__.replace(co_consts=(None, 42) if 42 else ())
    assert type(d).__name__ == "code"


def test_code_equality():
    assert (compile('x = 1', 'f', 'exec') == compile('x = 1', 'f', 'exec')) is True
    assert (compile('x = 1', 'f', 'exec') == compile('x = 2', 'f', 'exec')) is False
    assert (compile('1', 'f', 'eval') == compile('1.0', 'f', 'eval')) is False
    assert (compile('0.0', 'f', 'eval') == compile('-0.0', 'f', 'eval')) is False
    assert (error(lambda: compile('x', 'f', 'eval') < compile('x', 'f', 'eval'))
            == "TypeError: '<' not supported between instances of 'code' and 'code'")


def test_co_lines():
    def f():
        a = 1
        b = 2
        return a
    first = f.__code__.co_firstlineno
    assert ({l - first for _, _, l in f.__code__.co_lines() if l is not None} >= {1, 2, 3}) is True
    assert all(s < e for s, e, _ in f.__code__.co_lines()) is True


def test_co_positions():
    def f(): return a + b
    p = list(f.__code__.co_positions())
    assert (len(p) == len(f.__code__.co_code) // 2) is True
    assert all(len(x) == 4 for x in p) is True
    assert any(x[3] is not None and x[2] is not None and x[3] - x[2] == 5 for x in p) is True


def test_constants_are_folded():
    def consts(s): return compile(s, 'f', 'eval').co_consts
    assert (3 in consts('1 + 2')) is True
    assert ('aaa' in consts('"a" * 3')) is True
    assert ((1, 2, 3) in consts('(1, 2, 3)')) is True
    assert (-1 in consts('-1')) is True
    assert (frozenset({1, 2}) in consts('x in {1, 2}')) is True
    assert ((1, 2) in consts('x in [1, 2]')) is True
    assert (2**100 in consts('2**100')) is False
    assert consts('1/0') == (1, 0)


def test_frame_attributes_while_running():
    def f():
        frame = sys._getframe()
        a = frame.f_lineno
        b = frame.f_lineno
        return b - a, frame.f_back.f_code.co_name, frame.f_locals['a'] == a
    assert repr(f()) == "(1, 'test_frame_attributes_while_running', True)"


def test_f_lineno_can_be_set_only_when_tracing():
    def f():
        frame = sys._getframe()
        frame.f_lineno = 1
    assert error(lambda: f()) == "ValueError: f_lineno can only be set in a trace function"


def test_jumping_with_a_trace_function():
    out = []
    def f():
        out.append(1)
        out.append(2)
        out.append(3)
    def tracer(frame, event, arg):
        if frame.f_code is f.__code__ and event == 'line' and frame.f_lineno == frame.f_code.co_firstlineno + 2:
            frame.f_lineno += 1
        return tracer
    sys.settrace(tracer)
    f()
    sys.settrace(None)
    assert out == [1, 3]


def test_frame_clear():
    def g():
        x = [1]
        yield
    it = g()
    next(it)
    fr = it.gi_frame
    assert repr(fr.f_locals) == "{'x': [1]}"
    assert error(lambda: fr.clear()) == "RuntimeError: cannot clear a suspended frame"
    list(it)
    fr.clear()
    assert repr(fr.f_locals) == "{}"
    def h(): sys._getframe().clear()
    assert error(lambda: h()) == "RuntimeError: cannot clear an executing frame"


def test_exception_from_exec_has_its_file_name():
    try:
        exec(compile('\n\nraise ValueError', 'given.py', 'exec'))
    except ValueError as e:
        t = e.__traceback__.tb_next
    assert t.tb_frame.f_code.co_filename == "given.py"
    assert t.tb_lineno == 3
    assert t.tb_frame.f_code.co_name == "<module>"


def test_syntax_error_details():
    def details(s):
        try:
            compile(s, 'f', 'exec')
        except SyntaxError as e:
            return type(e).__name__, e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset, e.text
    assert details('x = =') == ("SyntaxError", "invalid syntax", 1, 5, 1, 6, "x = =\n")
    assert details('if x\n y') == ("SyntaxError", "expected ':'", 1, 5, 1, 6, "if x\n")
    assert details('def f(:\n') == ("SyntaxError", "invalid syntax", 1, 7, 1, 8, "def f(:\n")
    assert details('(1, 2') == ("SyntaxError", "'(' was never closed", 1, 1, 1, 0, "(1, 2\n")
    assert (details('"abc')
            == ("SyntaxError", "unterminated string literal (detected at line 1)", 1, 1, 1, 1, '"abc'))
    assert (details("'''abc")
            == ("SyntaxError", "unterminated triple-quoted string literal (detected at line 1)", 1, 1, 1, 1, "'''abc"))
    assert details('x = 5 5') == ("SyntaxError", "invalid syntax", 1, 7, 1, 8, "x = 5 5\n")
    assert details('for') == ("SyntaxError", "invalid syntax", 1, 4, 1, 5, "for\n")
    assert details('a\n  b') == ("IndentationError", "unexpected indent", 2, 2, 2, -1, "  b\n")
    assert (details('if 1:\nx')
            == ("IndentationError", "expected an indented block after 'if' statement on line 1", 2, 1, 2, 2, "x\n"))
    assert (details('if 1:\n\tx\n        y')
            == ("TabError", "inconsistent use of tabs and spaces in indentation", 3, 1, 3, 0, "        y\n"))
    assert details('x = (1,\n2') == ("SyntaxError", "'(' was never closed", 1, 5, 1, 0, "x = (1,")
    assert details('x]') == ("SyntaxError", "unmatched ']'", 1, 2, 1, 2, "x]")
    assert details('1a') == ("SyntaxError", "invalid decimal literal", 1, 1, 1, 1, "1a")
    assert (details('0777')
            == ("SyntaxError", "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers", 1, 1, 1, 2, "0777"))
    assert (details('0b12')
            == ("SyntaxError", "invalid digit '2' in binary literal", 1, 4, 1, 4, "0b12"))
    assert details('1__0') == ("SyntaxError", "invalid decimal literal", 1, 2, 1, 2, "1__0")
    assert details('$') == ("SyntaxError", "invalid syntax", 1, 1, 1, 2, "$\n")
    assert details('a?b') == ("SyntaxError", "invalid syntax", 1, 2, 1, 3, "a?b\n")
    assert (details('\u20ac = 1')
            == ("SyntaxError", "invalid character '\u20ac' (U+20AC)", 1, 1, 1, 1, "\u20ac = 1"))
    assert (details('x = "\\N{nope}"')
            == ("SyntaxError", "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-7: unknown Unicode character name", 1, 5, 1, 15, 'x = "\\N{nope}"\n'))
    assert details('return') == ("SyntaxError", "'return' outside function", 1, 1, 1, 7, None)
    assert details('break') == ("SyntaxError", "'break' outside loop", 1, 1, 1, 6, None)
    assert (details('continue')
            == ("SyntaxError", "'continue' not properly in loop", 1, 1, 1, 9, None))
    assert details('a = b = ') == ("SyntaxError", "invalid syntax", 1, 9, 1, 10, "a = b = \n")
    assert (details('f(**x, *y)')
            == ("SyntaxError", "iterable argument unpacking follows keyword argument unpacking", 1, 6, 1, 10, "f(**x, *y)\n"))
    assert (details('import')
            == ("SyntaxError", "Expected one or more names after 'import'", 1, 7, 1, 7, "import\n"))
    assert (details('from x import')
            == ("SyntaxError", "Expected one or more names after 'import'", 1, 14, 1, 14, "from x import\n"))
    assert (details('from . import *,')
            == ("SyntaxError", "invalid syntax", 1, 16, 1, 17, "from . import *,\n"))
    assert details('class') == ("SyntaxError", "invalid syntax", 1, 6, 1, 7, "class\n")
    assert details('lambda') == ("SyntaxError", "invalid syntax", 1, 7, 1, 8, "lambda\n")
    assert details('else') == ("SyntaxError", "invalid syntax", 1, 1, 1, 5, "else\n")
    assert (details('x = {1: 2, 3}')
            == ("SyntaxError", "':' expected after dictionary key", 1, 12, 1, 0, "x = {1: 2, 3}\n"))
    assert (details('x = {1, 2: 3}')
            == ("SyntaxError", "invalid syntax", 1, 10, 1, 11, "x = {1, 2: 3}\n"))
    assert details('{**a, *b}') == ("SyntaxError", "invalid syntax", 1, 7, 1, 8, "{**a, *b}\n")
    assert (details('print "x"')
            == ("SyntaxError", "Missing parentheses in call to 'print'. Did you mean print(...)?", 1, 1, 1, 10, 'print "x"\n'))
    assert (details('a = 1 if 2')
            == ("SyntaxError", "expected 'else' after 'if' expression", 1, 5, 1, 11, "a = 1 if 2\n"))
    assert (details('[1 2]')
            == ("SyntaxError", "invalid syntax. Perhaps you forgot a comma?", 1, 2, 1, 5, "[1 2]\n"))
    assert (details('\\x')
            == ("SyntaxError", "unexpected character after line continuation character", 1, 2, 1, 0, "\\x\n"))
    assert (details('x \\ y')
            == ("SyntaxError", "unexpected character after line continuation character", 1, 4, 1, 0, "x \\ y\n"))
    assert details('é = = 1') == ("SyntaxError", "invalid syntax", 1, 5, 1, 6, "\xe9 = = 1\n")



main(globals())
