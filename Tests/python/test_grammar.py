# The grammar, small pieces: statements, expressions and where they may stand.
import sys

from _run import describe, error, main



def test_empty_suites():
    def f(): pass
    class C: pass
    if 1: pass
    for x in []: pass
    while 0: pass
    assert f() is None


def test_ellipsis_as_body():
    def f(): ...
    class C: ...
    assert f() is None


def test_several_statements_on_a_line():
    a = 1; b = 2; c = a + b
    assert c == 3
    if a: x = 1; y = 2
    assert (x, y) == (1, 2)
    def f(): p = 1; q = 2; return p + q
    assert f() == 3


def test_trailing_semicolon():
    x = 1;
    assert x == 1


def test_line_continuation():
    x = 1 + \
        2
    assert x == 3
    y = (1 +

         2)  # comment
    assert y == 3
    z = [
        1,  # one

        2,
    ]
    assert z == [1, 2]


def test_comments_anywhere():
    # before
    x = 1  # after
        # odd indentation
    # between
    y = 2
    assert x + y == 3


def test_nested_functions():
    def a():
        def b():
            def c():
                return 'deep'
            return c
        return b
    assert a()()() == "deep"


def test_if_elif_else():
    def f(x):
        if x < 0: return 'neg'
        elif x == 0: return 'zero'
        elif x < 10: return 'small'
        else: return 'big'
    assert [f(x) for x in (-1, 0, 5, 50)] == ["neg", "zero", "small", "big"]


def test_nested_if_binding_of_else():
    def f(a, b):
        if a:
            if b: return 1
            else: return 2
        return 3
    assert [f(1, 1), f(1, 0), f(0, 1)] == [1, 2, 3]


def test_conditional_expression_nesting():
    def f(x): return 'a' if x == 1 else 'b' if x == 2 else 'c'
    assert [f(1), f(2), f(3)] == ["a", "b", "c"]
    assert (1 if 0 else 2) + 3 == 5
    assert (1 if 0 else 2 + 3) == 5


def test_lambda_forms():
    assert (lambda: 1)() == 1
    assert (lambda x, /, y, *, z: (x, y, z))(1, 2, z=3) == (1, 2, 3)
    assert (lambda *a, **k: (a, k))(1, b=2) == ((1,), {"b": 2})
    assert (lambda x=1, *y, z=2: (x, y, z))() == (1, (), 2)
    assert [f(2) for f in (lambda x: x, lambda x: x * x)] == [2, 4]
    assert (lambda x: lambda y: x + y)(1)(2) == 3
    assert (lambda: (yield))().__class__.__name__ == "generator"


def test_boolean_operators():
    assert [a or b for a in (0, 1) for b in (0, 2)] == [0, 2, 1, 1]
    assert [a and b for a in (0, 1) for b in (0, 2)] == [0, 0, 0, 2]
    assert (not 1) is False
    assert (not not 1) is True
    assert (not 1 in [1]) is False
    assert (1 or 1 / 0) == 1
    assert (0 and 1 / 0) == 0


def test_comparisons():
    assert (1 < 2) is True
    assert (1 < 2 < 3) is True
    assert (3 > 2 >= 2 == 2 != 1) is True
    assert (1 in [1] is True) is False
    assert ('a' not in 'bc') is True
    assert (None is not 1) is True
    assert (1 < 3 > 2) is True


def test_bit_operators_precedence():
    assert 1 | 2 ^ 3 & 4 == 3
    assert 1 << 2 + 1 == 8
    assert ~1 & 3 == 2
    assert -1 >> 1 == -1
    assert (6 & 3 == 3) is False


def test_arithmetic_precedence():
    assert 2 + 3 * 4 == 14
    assert (2 + 3) * 4 == 20
    assert 2 ** 3 ** 0 == 2
    assert -3 ** 2 == -9
    assert (-3) ** 2 == 9
    assert repr(2 ** -2) == "0.25"
    assert 10 - 4 - 3 == 3
    assert repr(100 / 10 / 2) == "5.0"
    assert 7 % 4 * 2 == 6
    assert 2 * 7 % 4 == 2
    assert 1 + -+-1 == 2
    assert - - 1 == 1


def test_subscript_forms():
    class C:
        def __getitem__(self, k): return k
    c = C()
    assert c[0] == 0
    assert c[0,] == (0,)
    assert c[0, 1] == (0, 1)
    assert repr(c[:]) == "slice(None, None, None)"
    assert repr(c[1:]) == "slice(1, None, None)"
    assert repr(c[:1]) == "slice(None, 1, None)"
    assert repr(c[::]) == "slice(None, None, None)"
    assert repr(c[1:2:3]) == "slice(1, 2, 3)"
    assert repr(c[1:2, 3]) == "(slice(1, 2, None), 3)"
    assert repr(c[..., 1]) == "(Ellipsis, 1)"
    assert c[()] == ()
    assert c[*(1, 2)] == (1, 2)
    assert repr(c[*(1,), 2:3]) == "(1, slice(2, 3, None))"
    assert c[lambda: 0].__class__.__name__ == "function"
    assert c[x := 5] == 5


def test_attribute_chains():
    class C:
        def __getattr__(self, n): return self if n != 'end' else 'end'
    assert C().a.b.c.end == "end"
    assert C().if_.end == "end"
    assert 1 .real == 1
    assert repr(1.0.real) == "1.0"
    assert repr(1..real) == "1.0"
    assert 'a'.upper().lower().title() == "A"
    assert [1].append.__name__ == "append"


def test_call_forms():
    def f(*a, **k): return a, k
    assert f() == ((), {})
    assert f(1,) == ((1,), {})
    assert f(*[1], 2, *[3]) == ((1, 2, 3), {})
    assert f(a=1, **{'b': 2}, c=3) == ((), {"a": 1, "b": 2, "c": 3})
    assert f(1, *[2], x=3, **{'y': 4},) == ((1, 2), {"x": 3, "y": 4})
    assert f(*[], **{}) == ((), {})
    assert f(x for x in 'ab')[0][0].__class__.__name__ == "generator"
    assert f(a := 1, b=(c := 2)) == ((1,), {"b": 2})
    assert f(*[1] if True else [2]) == ((1,), {})
    assert f(**{} or {'z': 1}) == ((), {"z": 1})


def test_container_displays():
    assert [] == []
    assert [1,] == [1]
    assert [*[1], *[2]] == [1, 2]
    assert () == ()
    assert (1,) == (1,)
    assert (*[1],) == (1,)
    assert {} == {}
    assert {1: 2,} == {1: 2}
    assert {**{1: 2}, 3: 4} == {1: 2, 3: 4}
    assert {1,} == {1}
    assert {*[1], 2} == {1, 2}
    assert [[], [[]], ()] == [[], [[]], ()]
    assert (1, (2, (3,))) == (1, (2, (3,)))
    assert [1, *'ab', 2] == [1, "a", "b", 2]


def test_comprehension_forms():
    assert [x for x in 'ab'] == ["a", "b"]
    assert {x for x in 'a'} == {"a"}
    assert {x: 1 for x in 'a'} == {"a": 1}
    assert list(x for x in 'ab') == ["a", "b"]
    assert [x for x in range(9) if x % 2 if x > 3] == [5, 7]
    assert [x for x in range(3) for y in range(x)] == [1, 2, 2]
    assert [(x, y) for x, y in [(1, 2)]] == [(1, 2)]
    assert [x for x in (1, 2, 3) if (lambda v: v > 1)(x)] == [2, 3]
    assert [x for x in [1] or [2]] == [1]
    assert [i for i in range(5) if i if not i % 2] == [2, 4]
    assert [[x for x in y] for y in ['ab']] == [["a", "b"]]
    assert [x if x else y for x in [0, 1] for y in [5]] == [5, 1]
    assert [lambda: x for x in 'a'][0]() == "a"


def test_generator_arguments():
    assert sum(x for x in range(3)) == 3
    assert sum((x for x in range(3)), 10) == 13
    assert ','.join(c for c in 'abc') == "a,b,c"
    assert max((x for x in range(3)), default=0) == 2


def test_assert_forms():
    assert True
    assert 1, 'message'
    assert (1, 2) != ()
    try:
        assert False
    except BaseException as exception:
        assert describe(exception) == "AssertionError: "
    else:
        assert False, "nothing raised"
    try:
        assert 0, 'text'
    except BaseException as exception:
        assert describe(exception) == "AssertionError: text"
    else:
        assert False, "nothing raised"
    try:
        assert [], f'{1 + 1}'
    except BaseException as exception:
        assert describe(exception) == "AssertionError: 2"
    else:
        assert False, "nothing raised"
    try:
        assert None, None
    except BaseException as exception:
        assert describe(exception) == "AssertionError: None"
    else:
        assert False, "nothing raised"


def test_global_statement_at_module_level():
    ns = {}
    exec('global x\nx = 1', ns)
    assert ns['x'] == 1


def test_pass_everywhere():
    for i in range(2):
        if i: pass
        else: pass
    try: pass
    except: pass
    else: pass
    finally: pass
    with memoryview(b''): pass
    while False: pass
    else: pass
    assert i == 1


def test_return_forms():
    def a(): return
    def b(): return 1,
    def c(): return 1, *[2, 3]
    def d(): return (yield)
    def e(): return lambda: 1
    def g(): return 1 if 0 else 2
    assert a() is None
    assert b() == (1,)
    assert c() == (1, 2, 3)
    assert e()() == 1
    assert g() == 2


def test_del_forms():
    a = b = c = 1
    l = [0, 1, 2, 3]
    del a
    del b, c
    del l[0], l[0:1]
    del (l[0])
    del []
    del ()
    assert l == [3]


def test_raise_forms():
    try:
        raise ValueError
    except BaseException as exception:
        assert describe(exception) == "ValueError: "
    else:
        assert False, "nothing raised"
    try:
        raise ValueError()
    except BaseException as exception:
        assert describe(exception) == "ValueError: "
    else:
        assert False, "nothing raised"
    try:
        raise ValueError('a') from None
    except BaseException as exception:
        assert describe(exception) == "ValueError: a"
    else:
        assert False, "nothing raised"
    try:
        raise (ValueError)
    except BaseException as exception:
        assert describe(exception) == "ValueError: "
    else:
        assert False, "nothing raised"
    try:
        raise ValueError if True else KeyError
    except BaseException as exception:
        assert describe(exception) == "ValueError: "
    else:
        assert False, "nothing raised"


def test_import_forms():
    import sys as s, sys
    from sys import path as p, version
    from sys import (maxsize,
                     byteorder,)
    assert (s is sys) is True
    assert (p is sys.path) is True
    assert (byteorder == sys.byteorder) is True


def test_while_forms():
    n = 3
    while n: n -= 1
    assert n == 0
    while True:
        n += 1
        if n < 5: continue
        break
    assert n == 5
    while n > 0:
        n -= 2
    else:
        n = 'else'
    assert n == "else"


def test_for_forms():
    r = []
    for x in 1, 2: r.append(x)
    for x, in [(3,)]: r.append(x)
    for (x) in [4]: r.append(x)
    for x, *y in ['abc']: r.append(y)
    for [x, [y]] in [(1, [2])]: r.append((x, y))
    for x in *'pq', *'r': r.append(x)
    assert r == [1, 2, 3, 4, ["b", "c"], (1, 2), "p", "q", "r"]


def test_try_forms():
    r = []
    try: r.append(1)
    finally: r.append(2)
    try: 1 / 0
    except: r.append(3)
    try: 1 / 0
    except (TypeError, ZeroDivisionError): r.append(4)
    try: {}[0]
    except KeyError as e: r.append(e.args)
    try: pass
    except E: pass
    else: r.append('else')
    assert r == [1, 2, 3, 4, (0,), "else"]


def test_with_forms():
    class C:
        def __enter__(self): return self
        def __exit__(self, *a): r.append('x')
    r = []
    with C(): pass
    with C() as a: pass
    with C() as a, C() as b: pass
    with (C()): pass
    with (C(), C()): pass
    with (C() as a, C() as b): pass
    with (C() as a,): pass
    with (C()) as a, (C()): pass
    assert len(r) == 12


def test_decorator_forms():
    def d(f): return f
    class N: pass
    N.d = d
    ds = [d]
    @d
    @N.d
    @ds[0]
    @(lambda f: f)
    @d if True else None
    @(x := d)
    def f(): return 'decorated'
    assert f() == "decorated"


def test_class_forms():
    class A: x = 1
    class B(): x = 2
    class C(A, metaclass=type): pass
    class D(*[A], **{}): pass
    class E(A if True else B): pass
    assert [k.x for k in (A, B, C, D, E)] == [1, 2, 1, 1, 1]


def test_async_forms():
    async def f():
        async with x as y, z: pass
        async for a, b in c: pass
        return [await i async for i in j if await k]
    assert f.__name__ == "f"
    async def g(): pass
    c = g()
    assert c.__class__.__name__ == "coroutine"
    c.close()


def test_parenthesised_names_and_targets():
    (a) = 1
    (b), c = 2, 3
    [d] = [4]
    (((e))) = 5
    assert (a, b, c, d, e) == (1, 2, 3, 4, 5)
    for (x) in [6]: pass
    assert x == 6
    with memoryview(b'') as (m): pass
    assert m.__class__.__name__ == "memoryview"


def test_chained_assignment_to_everything():
    class O: pass
    o = O()
    l = [0]
    a = o.x = l[0] = b, c = 1, 2
    assert (a, o.x, l, b, c) == ((1, 2), (1, 2), [(1, 2)], 1, 2)


def test_star_expressions():
    a, *b = 1, 2, 3
    *c, d = [1]
    (*e,), f = [1, 2], 3
    [g, *h, i] = 'xyz'
    assert (a, b, c, d, e, f, g, h, i) == (1, [2, 3], [], 1, [1, 2], 3, "x", ["y"], "z")


def test_walrus_places():
    assert [y := 1, y + 1] == [1, 2]
    assert {(z := 2): z} == {2: 2}
    assert (lambda: (w := 3))() == 3
    if (v := 4) > 3: pass
    assert v == 4
    while (v := v - 1) > 2: pass
    assert v == 2
    assert [u for t in [1, 2] if (u := t)] == [1, 2]
    def f(x=(k := 9)): return x
    assert f() + k == 18
    assert f'{(q := 7)}' == "7"
    assert q == 7


def test_soft_keywords_as_names():
    match = case = type = _ = 1
    assert match + case + type + _ == 4
    def match(case): return case
    assert match(5) == 5
    class type: match = 3
    assert type.match == 3


def test_keywords_as_attributes_are_errors():
    assert error(lambda: compile('a.if', 'f', 'exec')) == "SyntaxError: invalid syntax (f, line 1)"
    assert (error(lambda: compile('a.None', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert type(compile('None.x = 1', 'f', 'exec')).__name__ == "code"
    assert (error(lambda: compile('f(if=1)', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('def if(): pass', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('import if', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('class for: pass', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('x = in', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('a.is.b', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")


def test_unusual_whitespace():
    x=1
    y  =  [ 1 ,2,  3 ]
    z = x+y [ 0 ]
    assert ( x , y , z ) == (1, [1, 2, 3], 2)
    assert y[ 1 : 2 ] == [2]
    assert ( lambda  a : a )( 5 ) == 5


def test_form_feed_and_tabs():
    ns = {}
    exec('if 1:\n\tx = 1\n\ty = 2\n\x0c\nz = 3\n', ns)
    assert (ns['x'], ns['y'], ns['z']) == (1, 2, 3)


def test_windows_and_old_mac_line_ends():
    ns = {}
    exec('x = 1\r\ny = 2\rz = 3\n', ns)
    assert (ns['x'], ns['y'], ns['z']) == (1, 2, 3)
    exec('s = """a\r\nb\rc"""', ns)
    assert ns['s'] == "a\nb\nc"


def test_no_newline_at_the_end():
    ns = {}
    exec('x = 1', ns)
    exec('if 1:\n  y = 2', ns)
    exec('def f():\n  return 3 # comment', ns)
    assert (ns['x'], ns['y'], ns['f']()) == (1, 2, 3)


def test_deep_indentation():
    ns = {}
    exec(''.join(' ' * i + 'if 1:\n' for i in range(50)) + ' ' * 50 + 'x = 1', ns)
    assert ns['x'] == 1


def test_long_expressions():
    assert eval('+'.join(['1'] * 500)) == 500
    assert (eval('[' + ','.join(['[]'] * 500) + ']') == [[]] * 500) is True
    assert len(eval('(' + '1,' * 1000 + ')')) == 1000
    assert eval(' or '.join(['0'] * 300 + ['7'])) == 7
    assert eval('1' + ' if 1 else 0' * 90) == 1


def test_many_names_and_constants():
    ns = {}
    exec('\n'.join(f'v{i} = {i}' for i in range(600)), ns)
    assert ns['v599'] == 599
    exec('def f():\n' + '\n'.join(f' w{i} = {i} + 0.5' for i in range(400)) + '\n return w399', ns)
    assert repr(ns['f']()) == "399.5"
    exec('def g(' + ', '.join(f'a{i}={i}' for i in range(300)) + '): return a299', ns)
    assert ns['g']() == 299


def test_large_jumps():
    ns = {}
    exec('def f(x):\n if x:\n' + '  x += 1\n' * 2000 + ' else:\n' + '  x -= 1\n' * 2000 + ' return x', ns)
    assert ns['f'](1) == 2001
    assert ns['f'](0) == -2000
    exec('def g(n):\n t = 0\n for i in range(n):\n' + '  t += i\n' * 1500 + ' return t', ns)
    assert ns['g'](3) == 4500


main(globals())
