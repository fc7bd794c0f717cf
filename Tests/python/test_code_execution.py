# exec, eval, compile and code objects at work.
import sys

from _run import describe, error, main



def test_exec_results():
    ns = {}
    exec('a = 1\ndef f(): return a\nclass C: b = a', ns)
    assert (ns['a'], ns['f'](), ns['C'].b) == (1, 1, 1)
    exec('a += 1', ns)
    assert (ns['a'], ns['f']()) == (2, 2)
    assert exec('1') is None


def test_exec_with_separate_locals():
    g, l = {'x': 1}, {}
    exec('y = x\nx = 2', g, l)
    assert (l, g['x']) == ({"y": 1, "x": 2}, 1)
    exec('global z\nz = 5', g, l)
    assert repr((g['z'], 'z' in l)) == "(5, False)"
    assert (error(lambda: exec('def f(): return y\nf()', g, l))
            == "NameError: name 'y' is not defined")
    assert error(lambda: exec('class C:\n k = y', g, l)) == "NameError: name 'y' is not defined"


def test_eval_of_everything():
    assert eval('1') == 1
    assert eval('[1, 2][0]') == 1
    assert eval('(lambda: 5)()') == 5
    assert eval('{"a": 1}') == {"a": 1}
    assert eval('1 if 1 else 2') == 1
    assert eval('[x for x in "ab"]') == ["a", "b"]
    assert eval('...') is Ellipsis
    assert eval('not 1') is False
    assert eval('1 < 2 < 3') is True
    assert eval('f"{1}"') == "1"
    assert eval('(yield_ := 5)') == 5
    assert eval('"a" "b"') == "ab"
    assert eval('-1') == -1
    assert eval('[*"ab"]') == ["a", "b"]
    assert eval('{**{}}') == {}
    assert error(lambda: eval('x = 1')) == "SyntaxError: invalid syntax (<string>, line 1)"
    assert error(lambda: eval('pass')) == "SyntaxError: invalid syntax (<string>, line 1)"
    assert error(lambda: eval('import sys')) == "SyntaxError: invalid syntax (<string>, line 1)"
    assert error(lambda: eval('1; 2')) == "SyntaxError: invalid syntax (<string>, line 1)"
    assert error(lambda: eval('1\n2')) == "SyntaxError: invalid syntax (<string>, line 2)"
    assert error(lambda: eval('return 1')) == "SyntaxError: invalid syntax (<string>, line 1)"
    assert error(lambda: eval('del x')) == "SyntaxError: invalid syntax (<string>, line 1)"
    try:
        eval('x :=')
    except BaseException as exception:
        assert describe(exception) == "SyntaxError: invalid syntax (<string>, line 1)"
    else:
        assert False, "nothing raised"
    assert error(lambda: eval('*a')) == "SyntaxError: invalid syntax (<string>, line 1)"
    assert error(lambda: eval('a b')) == "SyntaxError: invalid syntax (<string>, line 1)"


def test_eval_whitespace():
    assert ((eval('  1'), eval('\t1'), eval('1  '), eval('\n1'), eval('(1\n)'), eval('1 # c'))
            == (1, 1, 1, 1, 1, 1))
    assert error(lambda: eval(' \n ')) == "IndentationError: unexpected indent (<string>, line 2)"


def test_compile_and_run_later():
    c = compile('result = value * 2', '<test>', 'exec')
    out = []
    for v in (1, 'a', [0]):
        ns = {'value': v}
        exec(c, ns)
        out.append(ns['result'])
    assert out == [2, "aa", [0, 0]]


def test_compile_flags_inherit_future():
    assert compile('x: y = 1', 'f', 'exec', 0x1000000).co_flags & 0x1000000 == 16777216
    assert compile('x', 'f', 'exec', 0, 1).co_flags & 0x1000000 == 0


def test_builtins_are_inserted():
    ns = {}
    exec('', ns)
    assert (list(ns), type(ns['__builtins__']).__name__) == (["__builtins__"], "dict")
    ns = {'__builtins__': {'len': lambda x: 'mine'}}
    assert eval('len(1)', ns) == "mine"
    assert error(lambda: eval('abs(1)', ns)) == "NameError: name 'abs' is not defined"
    assert repr(eval('[].__class__', {'__builtins__': {}})) == "<class 'list'>"


def test_function_from_code():
    import types
    def f(a, b=2): return a + b + extra
    g = types.FunctionType(f.__code__, {'extra': 10}, 'g', (5,))
    assert (error(lambda: (g(1), g.__name__, g.__defaults__, g()))
            == "TypeError: test_function_from_code.<locals>.f() missing 1 required positional argument: 'a'")
    assert (error(lambda: types.FunctionType(5, {}))
            == "TypeError: function() argument 'code' must be code, not int")
    assert (error(lambda: types.FunctionType(f.__code__, 5))
            == "TypeError: function() argument 'globals' must be dict, not int")
    assert (error(lambda: types.FunctionType(f.__code__, {}, 5))
            == "TypeError: arg 3 (name) must be None or string")
    assert (error(lambda: types.FunctionType(f.__code__, {}, None, 5))
            == "TypeError: arg 4 (defaults) must be None or tuple")
    assert (error(lambda: types.FunctionType(f.__code__, {}, None, None, (1,)))
            == "ValueError: f requires closure of length 0, not 1")
    def outer(x):
        def inner(): return x
        return inner
    i = outer(3)
    h = types.FunctionType(i.__code__, {}, 'h', None, (types.CellType(99),))
    assert h() == 99
    assert (error(lambda: types.FunctionType(i.__code__, {}))
            == "TypeError: arg 5 (closure) must be tuple")
    assert (error(lambda: types.FunctionType(i.__code__, {}, None, None, ()))
            == "ValueError: inner requires closure of length 1, not 0")
    assert (error(lambda: types.FunctionType(i.__code__, {}, None, None, (5,)))
            == "TypeError: arg 5 (closure) expected cell, found int")


def test_cells():
    import types
    c = types.CellType()
    assert error(lambda: c.cell_contents) == "ValueError: Cell is empty"
    c.cell_contents = 5
    assert (repr((c.cell_contents, c == types.CellType(5), c < types.CellType(6), types.CellType() == types.CellType()))
            == "(5, True, True, True)")
    del c.cell_contents
    assert error(lambda: c.cell_contents) == "ValueError: Cell is empty"
    assert (error(lambda: types.CellType(1, 2))
            == "TypeError: cell expected at most 1 argument, got 2")
    assert repr(types.CellType()).endswith(': empty>') is True


def test_changing_function_internals():
    def f(a, b=1): return a, b
    f.__defaults__ = (7, 8)
    assert f() == (7, 8)
    f.__code__ = (lambda a, b: b).__code__
    assert f() == 8
    f.__name__, f.__qualname__, f.__module__, f.__doc__ = 'n', 'q', 'm', 'd'
    assert (f.__name__, f.__qualname__, f.__module__, f.__doc__) == ("n", "q", "m", "d")
    assert repr(f).split(' at ')[0] == "<function q"
    f.__dict__ = {'z': 1}
    assert f.z == 1


def test_code_constructor_through_replace():
    def f(x):
        y = x + 1
        return y
    g = f.__code__.replace(co_varnames=('a', 'b'))
    assert g.co_varnames == ("a", "b")
    h = type(f)(f.__code__.replace(co_consts=tuple(10 if c == 1 else c for c in f.__code__.co_consts)), {})
    assert h(1) == 11
    k = type(f)(f.__code__.replace(co_firstlineno=500, co_filename='elsewhere.py', co_name='k', co_qualname='Q.k'), {})
    assert ((k.__code__.co_firstlineno, k.__code__.co_filename, k.__name__, k.__qualname__)
            == (500, "elsewhere.py", "k", "Q.k"))
    assert f.__code__.replace(co_flags=0).co_flags == 0
    assert (error(lambda: f.__code__.replace(co_names=(1,)))
            == "SystemError: non-string found in code slot")
    assert (error(lambda: f.__code__.replace(co_consts=5))
            == "TypeError: replace() argument 'co_consts' must be tuple, not int")
    assert (error(lambda: f.__code__.replace(1))
            == "TypeError: replace() takes no positional arguments")


def test_nested_code_in_constants():
    def f():
        def g():
            return [lambda: 1]
        class K: pass
        return (x for x in [])
    assert ([c.co_name for c in f.__code__.co_consts if hasattr(c, 'co_name')]
            == ["g", "K", "<genexpr>"])
    assert f.__code__.co_consts[1].co_qualname.endswith('f.<locals>.g') is True


def test_recursion_of_exec():
    def deep(n): return n if n == 0 else eval('deep(n - 1) + 1', {'deep': deep, 'n': n})
    assert deep(50) == 50


def test_exec_sees_function_globals_only():
    def f():
        hidden = 1
        exec('seen = hidden + 1')
        return locals().get('seen'), eval('hidden')
    assert f() == (None, 1)
    def g():
        hidden = 1
        def inner(): return eval('hidden')
        return inner()
    assert error(lambda: g()) == "NameError: name 'hidden' is not defined"


def test_eval_in_comprehension_and_class():
    assert [eval('i * 2') for i in range(3)] == [0, 2, 4]
    class C:
        k = 5
        v = eval('k + 1')
        exec('w = k + 2')
    assert (C.v, C.w) == (6, 7)


def test_import_inside_exec():
    ns = {}
    exec('import sys as s\nfrom sys import path', ns)
    assert (ns['s'].__name__, type(ns['path']).__name__) == ("sys", "list")


def test_syntax_errors_carry_the_given_name():
    try:
        compile('a b', 'given_name', 'exec')
    except SyntaxError as e:
        r = e.filename, e.lineno, e.text
    assert r == ("given_name", 1, "a b\n")
    try:
        eval('1 +')
    except SyntaxError as e:
        r = e.filename, e.lineno, e.offset
    assert r == ("<string>", 1, 0)


def test_marshal_round_trip():
    import marshal
    def f(x): return [x, 'const', 1.5, (1, 2)]
    c = marshal.loads(marshal.dumps(f.__code__))
    assert repr(type(f)(c, {})(9)) == "[9, 'const', 1.5, (1, 2)]"
    assert (repr([marshal.loads(marshal.dumps(v)) for v in (None, True, 1, -2**70, 1.5, 1j, 'a\u20ac', b'b', (1,), [2], {'k': {3}}, frozenset([4]), ...)])
            == "[None, True, 1, -1180591620717411303424, 1.5, 1j, 'a\u20ac', b'b', (1,), [2], {'k': {3}}, frozenset({4}), Ellipsis]")
    assert error(lambda: marshal.loads(b'')) == "EOFError: EOF read where object expected"
    assert error(lambda: marshal.loads(b'?')) == "ValueError: bad marshal data (unknown type code)"
    assert error(lambda: marshal.dumps(object())) == "ValueError: unmarshallable object"
    assert (marshal.loads(marshal.dumps([1] * 1000)) == [1] * 1000) is True
    assert marshal.version == 4


def test_many_constants_and_names_run():
    src = '\n'.join(f'x{i} = {i} * 2.5' for i in range(700)) + '\ntotal = ' + ' + '.join(f'x{i}' for i in range(700))
    ns = {}
    exec(src, ns)
    assert repr(ns['total']) == "611625.0"


main(globals())
