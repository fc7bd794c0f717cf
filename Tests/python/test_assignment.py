# Assignment, unpacking, augmented assignment, del, annotations of variables.
from _run import describe, error, main



def test_chained():
    a = b = [1]
    assert (a is b) is True
    x = y = z = 5
    assert (x, y, z) == (5, 5, 5)
    l = [0, 0]
    i = l[i2 := 1] = 7
    assert (i, l) == (7, [0, 7])


def test_chained_targets_left_to_right():
    log = []
    class D(dict):
        def __setitem__(self, k, v): log.append(k)
    d = D()
    d['a'] = d['b'] = d['c'] = 1
    assert log == ["a", "b", "c"]


def test_unpacking_forms():
    a, b = 1, 2
    (c, d) = 'xy'
    [e, f] = {1: 2, 3: 4}
    g, = [9]
    [h] = 'q'
    () = []
    [] = ()
    assert (a, b, c, d, e, f, g, h) == (1, 2, "x", "y", 1, 3, 9, "q")


def test_nested_unpacking():
    (a, (b, [c, *d])), e = (1, (2, 'xyz')), 5
    assert (a, b, c, d, e) == (1, 2, "x", ["y", "z"], 5)


def test_starred():
    *a, = 'ab'
    b, *c = [1]
    *d, e = range(4)
    f, *g, h = 'xyz'
    assert (a, b, c, d, e, f, g, h) == (["a", "b"], 1, [], [0, 1, 2], 3, "x", ["y"], "z")


def test_starred_into_attributes_and_items():
    class O: pass
    o = O()
    l = [0]
    o.x, *l[0:1], o.y = 1, 2, 3, 4
    assert (o.x, l, o.y) == (1, [2, 3], 4)
    *o.z, l[0] = 'abc'
    assert (o.z, l) == (["a", "b"], ["c", 3])


def test_unpack_errors():
    def f(v):
        a, b = v
    def g(v):
        a, *b, c = v
    def h(v):
        () = v
    def k(v):
        a, b, c, d = v
    assert error(lambda: f([])) == "ValueError: not enough values to unpack (expected 2, got 0)"
    assert error(lambda: f([1])) == "ValueError: not enough values to unpack (expected 2, got 1)"
    assert error(lambda: f([1, 2, 3])) == "ValueError: too many values to unpack (expected 2)"
    assert error(lambda: f(range(10))) == "ValueError: too many values to unpack (expected 2)"
    assert error(lambda: f(5)) == "TypeError: cannot unpack non-iterable int object"
    assert error(lambda: f(None)) == "TypeError: cannot unpack non-iterable NoneType object"
    assert error(lambda: f('abc')) == "ValueError: too many values to unpack (expected 2)"
    assert (error(lambda: f(iter([1])))
            == "ValueError: not enough values to unpack (expected 2, got 1)")
    assert error(lambda: f({1: 2})) == "ValueError: not enough values to unpack (expected 2, got 1)"
    assert (error(lambda: g([]))
            == "ValueError: not enough values to unpack (expected at least 2, got 0)")
    assert (error(lambda: g([1]))
            == "ValueError: not enough values to unpack (expected at least 2, got 1)")
    assert error(lambda: g(5)) == "TypeError: cannot unpack non-iterable int object"
    assert error(lambda: h([1])) == "ValueError: too many values to unpack (expected 0)"
    assert (error(lambda: k((1, 2, 3)))
            == "ValueError: not enough values to unpack (expected 4, got 3)")
    assert error(lambda: k([1, 2, 3, 4, 5])) == "ValueError: too many values to unpack (expected 4)"
    assert error(lambda: k({1, 2})) == "ValueError: not enough values to unpack (expected 4, got 2)"


def test_unpacking_infinite_iterator_stops():
    def count():
        n = 0
        while True:
            yield n
            n += 1
    it = count()
    try:
        a, b = it
    except ValueError as e:
        message = str(e)
    assert message == "too many values to unpack (expected 2)"
    assert next(it) == 3


def test_unpacking_errors_come_from_the_iterator():
    class Bad:
        def __iter__(self): return self
        def __next__(self): raise KeyError('next')
    class Bad2:
        def __iter__(self): return 5
    class Bad3:
        def __getitem__(self, i):
            if i > 2: raise IndexError
            return i
    def f(v):
        a, b = v
    def g(v):
        a, b, c = v
        return a, b, c
    assert error(lambda: f(Bad())) == "KeyError: 'next'"
    assert error(lambda: f(Bad2())) == "TypeError: iter() returned non-iterator of type 'int'"
    assert g(Bad3()) == (0, 1, 2)


def test_failed_unpacking_keeps_old_values():
    a, b = 1, 2
    try:
        a, b = [9]
    except ValueError:
        pass
    assert (a, b) == (1, 2)
    l = [0, 0]
    try:
        l[0], l[5] = 1, 2
    except IndexError:
        pass
    assert l == [1, 0]


def test_swap():
    a, b, c = 1, 2, 3
    a, b, c = c, a, b
    assert (a, b, c) == (3, 1, 2)
    l = [1, 2, 3]
    l[0], l[2] = l[2], l[0]
    assert l == [3, 2, 1]
    i, l[i] = 1, 'x'
    assert (i, l) == (1, [3, "x", 1])


def test_augmented_targets():
    class C: pass
    c = C()
    c.x = 1
    c.x += 1
    l = [[1]]
    l[0] += [2]
    d = {'k': 5}
    d['k'] **= 2
    assert (c.x, l, d) == (2, [[1, 2]], {"k": 25})
    def f(): return l
    f()[0] *= 2
    assert l == [[1, 2, 1, 2]]


def test_augmented_evaluates_target_once():
    log = []
    def n(v):
        log.append(v)
        return v
    l = [1, 2]
    n(l)[n(1)] += n(5)
    assert log[1:] == [1, 5]
    assert l == [1, 7]


def test_augmented_dunder():
    class A:
        def __iadd__(self, o): return 'iadd'
    class B:
        def __add__(self, o): return 'add'
    class D:
        def __iadd__(self, o): return NotImplemented
        def __add__(self, o): return 'fallback'
    class E:
        def __iadd__(self, o): return NotImplemented
    a, b, d = A(), B(), D()
    a += 1
    b += 1
    d += 1
    assert (a, b, d) == ("iadd", "add", "fallback")
    e = E()
    try:
        e += 1
    except BaseException as exception:
        assert describe(exception) == "TypeError: unsupported operand type(s) for +=: 'E' and 'int'"
    else:
        assert False, "nothing raised"
    class R:
        def __radd__(self, o): return 'radd'
    e = 5
    e += R()
    assert e == "radd"


def test_all_augmented_operators():
    class T:
        def __getattr__(self, n): raise AttributeError(n)
    for_op = {}
    for op in ['+', '-', '*', '/', '//', '%', '**', '<<', '>>', '&', '^', '|', '@']:
        ns = {'log': []}
        exec('class C:\n' + '\n'.join(f' def __i{m}__(self, o): log.append("{m}"); return self' for m in 'add sub mul truediv floordiv mod pow lshift rshift and xor or matmul'.split()) + f'\nc = C()\nc {op}= 1', ns)
        for_op[op] = ns['log']
    assert (for_op
            == {"+": ["add"], "-": ["sub"], "*": ["mul"], "/": ["truediv"], "//": ["floordiv"], "%": ["mod"], "**": ["pow"], "<<": ["lshift"], ">>": ["rshift"], "&": ["and"], "^": ["xor"], "|": ["or"], "@": ["matmul"]})


def test_augmented_unbound():
    def f():
        x += 1
    assert (error(lambda: f())
            == "UnboundLocalError: cannot access local variable 'x' where it is not associated with a value")
    def g():
        global undefined_for_aug
        undefined_for_aug += 1
    assert error(lambda: g()) == "NameError: name 'undefined_for_aug' is not defined"
    class C:
        try:
            q += 1
        except NameError as e:
            text = str(e)
    assert C.text == "name 'q' is not defined"


def test_in_place_on_tuple_element():
    t = ([1],)
    try:
        t[0] += [2]
    except TypeError as e:
        text = str(e)
    assert (t, text) == (([1, 2],), "'tuple' object does not support item assignment")


def test_del_targets():
    a = b = c = d = 1
    l = [1, 2, 3, 4]
    m = {'x': 1, 'y': 2}
    del a
    del (b, [c]), l[0]
    del l[:1], m['x'],
    assert l == [3, 4]
    assert m == {"y": 2}
    try:
        a
    except BaseException as exception:
        assert (describe(exception)
                == "UnboundLocalError: cannot access local variable 'a' where it is not associated with a value")
    else:
        assert False, "nothing raised"
    try:
        b
    except BaseException as exception:
        assert (describe(exception)
                == "UnboundLocalError: cannot access local variable 'b' where it is not associated with a value")
    else:
        assert False, "nothing raised"
    try:
        c
    except BaseException as exception:
        assert (describe(exception)
                == "UnboundLocalError: cannot access local variable 'c' where it is not associated with a value")
    else:
        assert False, "nothing raised"
    try:
        del m['zz']
    except BaseException as exception:
        assert describe(exception) == "KeyError: 'zz'"
    else:
        assert False, "nothing raised"
    try:
        del l[9]
    except BaseException as exception:
        assert describe(exception) == "IndexError: list assignment index out of range"
    else:
        assert False, "nothing raised"
    try:
        del d.x
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: 'int' object has no attribute 'x' and no __dict__ for setting new attributes")
    else:
        assert False, "nothing raised"
    try:
        del 5 .x
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: 'int' object has no attribute 'x' and no __dict__ for setting new attributes")
    else:
        assert False, "nothing raised"


def test_del_unbound():
    def f():
        del x
        x = 1
    assert (error(lambda: f())
            == "UnboundLocalError: cannot access local variable 'x' where it is not associated with a value")
    try:
        del (lambda: 0).__name__
    except BaseException as exception:
        assert describe(exception) == "TypeError: __name__ must be set to a string object"
    else:
        assert False, "nothing raised"


def test_annotations_of_variables():
    ns = {}
    exec('x: int = 1\ny: str\nz: list[int] = []\n(w): int = 2\na.b: int = 3' if False else 'x: int = 1\ny: str\n(w): int = 2', ns)
    assert repr(ns['__annotations__']) == "{'x': <class 'int'>, 'y': <class 'str'>}"
    assert ns['x'] == 1
    assert ('y' in ns) is False
    class C:
        a: int = 1
        b: 'forward'
        c: undefined_in_lambda if False else int = 5
        __p: int = 2
    assert (repr(C.__annotations__)
            == "{'a': <class 'int'>, 'b': 'forward', 'c': <class 'int'>, '_C__p': <class 'int'>}")
    def f():
        v: undefined_annotation = 1
        w: int
        return v
    assert f() == 1
    assert f.__annotations__ == {}
    def g():
        w: int
        return w
    assert (error(lambda: g())
            == "UnboundLocalError: cannot access local variable 'w' where it is not associated with a value")


def test_annotation_evaluation_order():
    log = []
    def n(v):
        log.append(v)
        return v
    class C:
        d = {}
        d[n('k')]: n('annotation') = n('value')
        x: n('a') = n('v')
    assert log == ["value", "k", "annotation", "v", "a"]
    class E: pass
    e = E()
    e.x: int = 5
    assert e.x == 5


def test_annotations_with_future_import():
    ns = {}
    exec('from __future__ import annotations\nx: undefined_name = 1\ndef f(a: b.c[d], *e: f) -> 1 + 1: pass\nclass C:\n y: "q"', ns)
    assert ns['__annotations__'] == {"x": "undefined_name"}
    assert ns['f'].__annotations__ == {"a": "b.c[d]", "e": "f", "return": "1 + 1"}
    assert ns['C'].__annotations__ == {"y": "'q'"}


def test_function_annotations():
    def f(a: 1, b: 2 = 3, *c: 4, d: 5 = 6, **e: 7) -> 8: pass
    assert f.__annotations__ == {"a": 1, "b": 2, "c": 4, "d": 5, "e": 7, "return": 8}
    try:
        f.__annotations__ = 5
    except BaseException as exception:
        assert describe(exception) == "TypeError: __annotations__ must be set to a dict object"
    else:
        assert False, "nothing raised"
    f.__annotations__ = None
    assert f.__annotations__ == {}
    del f.__annotations__
    assert f.__annotations__ == {}


def test_class_annotations_are_lazy_to_appear():
    class C: pass
    assert C.__annotations__ == {}
    assert ('__annotations__' in C.__dict__) is True
    class D: x: int
    class E(D): pass
    assert E.__annotations__ == {}
    del D.__annotations__
    assert D.__annotations__ == {}
    C.__annotations__ = 5
    assert C.__annotations__ == 5


def test_syntax_errors():
    assert (error(lambda: compile('1 = x', 'f', 'exec'))
            == "SyntaxError: cannot assign to literal here. Maybe you meant '==' instead of '='? (f, line 1)")
    assert (error(lambda: compile('f() = 1', 'f', 'exec'))
            == "SyntaxError: cannot assign to function call here. Maybe you meant '==' instead of '='? (f, line 1)")
    assert (error(lambda: compile('a + b = c', 'f', 'exec'))
            == "SyntaxError: cannot assign to expression here. Maybe you meant '==' instead of '='? (f, line 1)")
    assert (error(lambda: compile('None = 1', 'f', 'exec'))
            == "SyntaxError: cannot assign to None (f, line 1)")
    assert (error(lambda: compile('x = 1 = y', 'f', 'exec'))
            == "SyntaxError: cannot assign to literal (f, line 1)")
    assert (error(lambda: compile('a, 1 = b', 'f', 'exec'))
            == "SyntaxError: cannot assign to literal here. Maybe you meant '==' instead of '='? (f, line 1)")
    assert (error(lambda: compile('(a, b) += 1', 'f', 'exec'))
            == "SyntaxError: 'tuple' is an illegal expression for augmented assignment (f, line 1)")
    assert (error(lambda: compile('[a] += 1', 'f', 'exec'))
            == "SyntaxError: 'list' is an illegal expression for augmented assignment (f, line 1)")
    assert (error(lambda: compile('f() += 1', 'f', 'exec'))
            == "SyntaxError: 'function call' is an illegal expression for augmented assignment (f, line 1)")
    assert (error(lambda: compile('*a = 1', 'f', 'exec'))
            == "SyntaxError: starred assignment target must be in a list or tuple (f, line 1)")
    assert (error(lambda: compile('*a, *b = c', 'f', 'exec'))
            == "SyntaxError: multiple starred expressions in assignment (f, line 1)")
    assert (error(lambda: compile('a = *b', 'f', 'exec'))
            == "SyntaxError: can't use starred expression here (f, line 1)")
    assert (error(lambda: compile('(*a) = 1', 'f', 'exec'))
            == "SyntaxError: cannot use starred expression here (f, line 1)")
    assert (error(lambda: compile('x: int: str', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('a, b: int', 'f', 'exec'))
            == "SyntaxError: only single target (not tuple) can be annotated (f, line 1)")
    assert (error(lambda: compile('(a, b): int', 'f', 'exec'))
            == "SyntaxError: only single target (not tuple) can be annotated (f, line 1)")
    assert (error(lambda: compile('[a]: int', 'f', 'exec'))
            == "SyntaxError: only single target (not list) can be annotated (f, line 1)")
    assert (error(lambda: compile('f(): int', 'f', 'exec'))
            == "SyntaxError: illegal target for annotation (f, line 1)")
    assert (error(lambda: compile('del f()', 'f', 'exec'))
            == "SyntaxError: cannot delete function call (f, line 1)")
    assert (error(lambda: compile('del 1', 'f', 'exec'))
            == "SyntaxError: cannot delete literal (f, line 1)")
    assert (error(lambda: compile('del a + b', 'f', 'exec'))
            == "SyntaxError: cannot delete expression (f, line 1)")
    assert (error(lambda: compile('del *a', 'f', 'exec'))
            == "SyntaxError: cannot delete starred (f, line 1)")
    assert (error(lambda: compile('del (a, *b)', 'f', 'exec'))
            == "SyntaxError: cannot delete starred (f, line 1)")
    assert (error(lambda: compile('del None', 'f', 'exec'))
            == "SyntaxError: cannot delete None (f, line 1)")
    assert error(lambda: compile('del', 'f', 'exec')) == "SyntaxError: invalid syntax (f, line 1)"
    assert (error(lambda: compile('"a" = 1', 'f', 'exec'))
            == "SyntaxError: cannot assign to literal here. Maybe you meant '==' instead of '='? (f, line 1)")
    assert (error(lambda: compile('a.b.c() = 1', 'f', 'exec'))
            == "SyntaxError: cannot assign to function call here. Maybe you meant '==' instead of '='? (f, line 1)")
    try:
        compile('x = yield = 1', 'f', 'exec')
    except BaseException as exception:
        assert (describe(exception)
                == "SyntaxError: assignment to yield expression not possible (f, line 1)")
    else:
        assert False, "nothing raised"
    assert (error(lambda: compile('lambda: 0 = 1', 'f', 'exec'))
            == "SyntaxError: cannot assign to lambda (f, line 1)")
    assert (error(lambda: compile('a if b else c = 1', 'f', 'exec'))
            == "SyntaxError: cannot assign to conditional expression (f, line 1)")
    assert (error(lambda: compile('not a = 1', 'f', 'exec'))
            == "SyntaxError: cannot assign to expression (f, line 1)")
    assert (error(lambda: compile('-a = 1', 'f', 'exec'))
            == "SyntaxError: cannot assign to expression here. Maybe you meant '==' instead of '='? (f, line 1)")
    assert (error(lambda: compile('{a} = 1', 'f', 'exec'))
            == "SyntaxError: cannot assign to set display here. Maybe you meant '==' instead of '='? (f, line 1)")
    assert (error(lambda: compile('{} = 1', 'f', 'exec'))
            == "SyntaxError: cannot assign to dict literal here. Maybe you meant '==' instead of '='? (f, line 1)")
    assert (error(lambda: compile('[a for a in b] = 1', 'f', 'exec'))
            == "SyntaxError: cannot assign to list comprehension here. Maybe you meant '==' instead of '='? (f, line 1)")
    assert (error(lambda: compile('... = 1', 'f', 'exec'))
            == "SyntaxError: cannot assign to ellipsis here. Maybe you meant '==' instead of '='? (f, line 1)")
    assert (error(lambda: compile('a and b = 1', 'f', 'exec'))
            == "SyntaxError: cannot assign to expression (f, line 1)")
    assert (error(lambda: compile('a < b = 1', 'f', 'exec'))
            == "SyntaxError: cannot assign to comparison (f, line 1)")
    assert (error(lambda: compile('f"{a}" = 1', 'f', 'exec'))
            == "SyntaxError: cannot assign to f-string expression here. Maybe you meant '==' instead of '='? (f, line 1)")
    assert (error(lambda: compile('True = 1', 'f', 'exec'))
            == "SyntaxError: cannot assign to True (f, line 1)")
    assert (error(lambda: compile('__debug__ = 1', 'f', 'exec'))
            == "SyntaxError: cannot assign to __debug__ (f, line 1)")
    assert (error(lambda: compile('x.__debug__ = 1', 'f', 'exec'))
            == "SyntaxError: cannot assign to __debug__ (f, line 1)")
    assert (error(lambda: compile('def __debug__(): pass', 'f', 'exec'))
            == "SyntaxError: cannot assign to __debug__ (f, line 1)")
    try:
        compile('a := 1', 'f', 'exec')
    except BaseException as exception:
        assert describe(exception) == "SyntaxError: invalid syntax (f, line 1)"
    else:
        assert False, "nothing raised"
    assert (error(lambda: compile('for 1 in x: pass', 'f', 'exec'))
            == "SyntaxError: cannot assign to literal (f, line 1)")
    assert (error(lambda: compile('for f() in x: pass', 'f', 'exec'))
            == "SyntaxError: cannot assign to function call (f, line 1)")
    assert (error(lambda: compile('for *a in x: pass', 'f', 'exec'))
            == "SyntaxError: starred assignment target must be in a list or tuple (f, line 1)")
    assert error(lambda: compile('x = ', 'f', 'exec')) == "SyntaxError: invalid syntax (f, line 1)"
    assert error(lambda: compile('= 1', 'f', 'exec')) == "SyntaxError: invalid syntax (f, line 1)"
    assert (error(lambda: compile('a b = 1', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('a = b c', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('a == b = c', 'f', 'exec'))
            == "SyntaxError: cannot assign to comparison (f, line 1)")
    assert (error(lambda: compile('print x', 'f', 'exec'))
            == "SyntaxError: Missing parentheses in call to 'print'. Did you mean print(...)? (f, line 1)")
    assert (error(lambda: compile('exec x', 'f', 'exec'))
            == "SyntaxError: Missing parentheses in call to 'exec'. Did you mean exec(...)? (f, line 1)")
    assert (error(lambda: compile('(a, b = 1, 2)', 'f', 'exec'))
            == "SyntaxError: invalid syntax. Maybe you meant '==' or ':=' instead of '='? (f, line 1)")


main(globals())
