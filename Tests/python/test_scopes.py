# Names: local, global, nonlocal, closures, class scopes, comprehension scopes, del.
import sys

from _run import describe, error, main



def test_local_before_assignment():
    def f():
        x
        x = 1
    assert (error(lambda: f())
            == "UnboundLocalError: cannot access local variable 'x' where it is not associated with a value")
    def g():
        del y
        y = 1
    assert (error(lambda: g())
            == "UnboundLocalError: cannot access local variable 'y' where it is not associated with a value")
    def h(v):
        del v
        return v
    assert (error(lambda: h(1))
            == "UnboundLocalError: cannot access local variable 'v' where it is not associated with a value")


def test_free_variable_before_assignment():
    def outer():
        def inner(): return x
        inner()
        x = 1
    assert (error(lambda: outer())
            == "NameError: cannot access free variable 'x' where it is not associated with a value in enclosing scope")
    def outer2():
        x = 1
        def inner(): return x
        del x
        return inner()
    assert (error(lambda: outer2())
            == "NameError: cannot access free variable 'x' where it is not associated with a value in enclosing scope")


def test_unknown_global():
    def f(): return no_such_name_anywhere
    assert error(lambda: f()) == "NameError: name 'no_such_name_anywhere' is not defined"
    def g():
        global no_such_global
        del no_such_global
    assert error(lambda: g()) == "NameError: name 'no_such_global' is not defined"


def test_closures_see_later_changes():
    def make():
        x = 1
        def get(): return x
        x = 2
        return get
    assert make()() == 2
    fs = [lambda: i for i in range(3)]
    assert [f() for f in fs] == [2, 2, 2]
    fs = [lambda i=i: i for i in range(3)]
    assert [f() for f in fs] == [0, 1, 2]


def test_closure_cells():
    def make(x):
        def get(): return x
        def set_(v):
            nonlocal x
            x = v
        return get, set_
    get, set_ = make(1)
    set_(5)
    assert get() == 5
    assert get.__closure__[0].cell_contents == 5
    assert get.__code__.co_freevars == ("x",)
    assert make.__code__.co_cellvars == ("x",)
    assert (get.__closure__[0] is set_.__closure__[0]) is True
    get.__closure__[0].cell_contents = 9
    assert get() == 9
    del get.__closure__[0].cell_contents
    assert (error(lambda: get())
            == "NameError: cannot access free variable 'x' where it is not associated with a value in enclosing scope")
    assert error(lambda: get.__closure__[0].cell_contents) == "ValueError: Cell is empty"
    assert make.__closure__ is None


def test_nonlocal_through_levels():
    def a():
        x = 0
        def b():
            def c():
                nonlocal x
                x += 1
                return x
            return c
        return b
    c = a()()
    assert [c(), c(), c()] == [1, 2, 3]


def test_global_declaration():
    ns = {}
    exec('''
x = 1
def f():
    global x, y
    x = 2
    y = 3
f()
''', ns)
    assert (ns['x'], ns['y']) == (2, 3)


def test_syntax_errors_of_declarations():
    assert (error(lambda: compile('def f():\n x = 1\n global x', 'f', 'exec'))
            == "SyntaxError: name 'x' is assigned to before global declaration (f, line 3)")
    assert (error(lambda: compile('def f():\n print(x)\n global x', 'f', 'exec'))
            == "SyntaxError: name 'x' is used prior to global declaration (f, line 3)")
    assert (error(lambda: compile('def f(x):\n global x', 'f', 'exec'))
            == "SyntaxError: name 'x' is parameter and global (f, line 2)")
    assert (error(lambda: compile('nonlocal x', 'f', 'exec'))
            == "SyntaxError: nonlocal declaration not allowed at module level (f, line 1)")
    assert (error(lambda: compile('def f():\n nonlocal x', 'f', 'exec'))
            == "SyntaxError: no binding for nonlocal 'x' found (f, line 2)")
    assert (error(lambda: compile('def f():\n x = 1\n def g():\n  x = 2\n  nonlocal x', 'f', 'exec'))
            == "SyntaxError: name 'x' is assigned to before nonlocal declaration (f, line 5)")
    assert (error(lambda: compile('def f(x):\n nonlocal x', 'f', 'exec'))
            == "SyntaxError: name 'x' is parameter and nonlocal (f, line 2)")
    assert (error(lambda: compile('def f():\n global x\n nonlocal x', 'f', 'exec'))
            == "SyntaxError: name 'x' is nonlocal and global (f, line 2)")
    assert (error(lambda: compile('x: int = 1\nglobal x', 'f', 'exec'))
            == "SyntaxError: annotated name 'x' can't be global (f, line 2)")
    assert (error(lambda: compile('def f():\n global x\n x: int = 1', 'f', 'exec'))
            == "SyntaxError: annotated name 'x' can't be global (f, line 3)")
    assert (error(lambda: compile('def f():\n x: int\n nonlocal x', 'f', 'exec'))
            == "SyntaxError: annotated name 'x' can't be nonlocal (f, line 3)")


def test_class_scope_is_skipped_by_methods():
    ns = {}
    exec('''
x = 'global'
class C:
    x = 'class'
    def f(self): return x
    y = x
    g = lambda self: x
    z = [x for _ in 'a']
    w = [v for v in x]
''', ns)
    C = ns['C']
    assert C().f() == "global"
    assert C.y == "class"
    assert C().g() == "global"
    assert C.z == ["global"]
    assert C.w == ["c", "l", "a", "s", "s"]


def test_class_body_reads_enclosing_or_global():
    x = 'function'
    class C:
        y = x
    assert C.y == "function"
    def before():
        class C:
            y = x
            x = 'class'
    assert error(lambda: before()) == "NameError: name 'x' is not defined"
    def f():
        x = 'local'
        class D:
            if False:
                x = 'never'
            y = None
            try:
                y = x
            except NameError as e:
                y = str(e)
        return D.y
    assert f() == "name 'x' is not defined"


def test_class_with_nonlocal_and_global():
    def f():
        x = 1
        class C:
            nonlocal x
            x = 2
            y = 3
        return x, hasattr(C, 'x')
    assert repr(f()) == "(2, False)"


def test_comprehension_variable_stays_inside():
    x = 'kept'
    assert [x for x in range(3)] == [0, 1, 2]
    assert x == "kept"
    assert {x: x for x in 'ab'} == {"a": "a", "b": "b"}
    assert x == "kept"
    assert list(x for x in 'ab') == ["a", "b"]
    assert x == "kept"


def test_comprehension_first_iterable_is_evaluated_outside():
    def f(n):
        return [n for n in range(n)]
    assert f(3) == [0, 1, 2]
    def g():
        x = [1, 2]
        return [x for x in x for x in [x, x]]
    assert g() == [1, 1, 2, 2]
    class C:
        data = [1, 2]
        ok = [v for v in data]
    assert C.ok == [1, 2]
    def h():
        class C:
            data = [1]
            k = 2
            bad = [v * k for v in data]
    assert error(lambda: h()) == "NameError: name 'k' is not defined"


def test_nested_comprehension_closures():
    assert ([f() for f in [lambda: (i, j) for i in range(2) for j in range(2)]]
            == [(1, 1), (1, 1), (1, 1), (1, 1)])
    assert ([[f() for f in row] for row in [[lambda: (i, j) for j in range(2)] for i in range(2)]]
            == [[(1, 1), (1, 1)], [(1, 1), (1, 1)]])


def test_walrus_binds_outside():
    def f():
        [y := i for i in range(3)]
        return y
    assert f() == 2
    def g():
        return [(z := i * 2, z) for i in range(2)], z
    assert g() == ([(0, 0), (2, 2)], 2)
    def h():
        if any((hit := n) > 2 for n in range(6)):
            return hit
    assert h() == 3


def test_walrus_errors():
    try:
        compile('[i := 0 for i in range(5)]', 'f', 'exec')
    except BaseException as exception:
        assert (describe(exception)
                == "SyntaxError: assignment expression cannot rebind comprehension iteration variable 'i' (f, line 1)")
    else:
        assert False, "nothing raised"
    try:
        compile('[[(i := 0) for j in range(5)] for i in range(5)]', 'f', 'exec')
    except BaseException as exception:
        assert (describe(exception)
                == "SyntaxError: assignment expression cannot rebind comprehension iteration variable 'i' (f, line 1)")
    else:
        assert False, "nothing raised"
    try:
        compile('[i for i in (j := range(3))]', 'f', 'exec')
    except BaseException as exception:
        assert (describe(exception)
                == "SyntaxError: assignment expression cannot be used in a comprehension iterable expression (f, line 1)")
    else:
        assert False, "nothing raised"
    try:
        compile('class C: [(x := i) for i in range(3)]', 'f', 'exec')
    except BaseException as exception:
        assert (describe(exception)
                == "SyntaxError: assignment expression within a comprehension cannot be used in a class body (f, line 1)")
    else:
        assert False, "nothing raised"
    try:
        compile('x := 1', 'f', 'exec')
    except BaseException as exception:
        assert describe(exception) == "SyntaxError: invalid syntax (f, line 1)"
    else:
        assert False, "nothing raised"
    try:
        compile('(x.y := 1)', 'f', 'exec')
    except BaseException as exception:
        assert (describe(exception)
                == "SyntaxError: cannot use assignment expressions with attribute (f, line 1)")
    else:
        assert False, "nothing raised"
    try:
        compile('(x[0] := 1)', 'f', 'exec')
    except BaseException as exception:
        assert (describe(exception)
                == "SyntaxError: cannot use assignment expressions with subscript (f, line 1)")
    else:
        assert False, "nothing raised"
    try:
        compile('f(x=y := 1)', 'f', 'exec')
    except BaseException as exception:
        assert describe(exception) == "SyntaxError: invalid syntax (f, line 1)"
    else:
        assert False, "nothing raised"
    try:
        compile('lambda: x := 1', 'f', 'exec')
    except BaseException as exception:
        assert (describe(exception)
                == "SyntaxError: cannot use assignment expressions with lambda (f, line 1)")
    else:
        assert False, "nothing raised"
    try:
        compile('def f(a=b := 1): pass', 'f', 'exec')
    except BaseException as exception:
        assert describe(exception) == "SyntaxError: invalid syntax (f, line 1)"
    else:
        assert False, "nothing raised"
    try:
        compile('((a, b) := 1)', 'f', 'exec')
    except BaseException as exception:
        assert (describe(exception)
                == "SyntaxError: cannot use assignment expressions with tuple (f, line 1)")
    else:
        assert False, "nothing raised"
    try:
        compile('(f() := 1)', 'f', 'exec')
    except BaseException as exception:
        assert (describe(exception)
                == "SyntaxError: cannot use assignment expressions with function call (f, line 1)")
    else:
        assert False, "nothing raised"
    try:
        compile('(True := 1)', 'f', 'exec')
    except BaseException as exception:
        assert (describe(exception)
                == "SyntaxError: cannot use assignment expressions with True (f, line 1)")
    else:
        assert False, "nothing raised"
    try:
        compile('[i for i, j := 1 in x]', 'f', 'exec')
    except BaseException as exception:
        assert (describe(exception)
                == "SyntaxError: 'in' expected after for-loop variables (f, line 1)")
    else:
        assert False, "nothing raised"


def test_walrus_in_expressions():
    assert (n := 5) + n == 10
    assert [y := 1, y**2] == [1, 1]
    assert {(a := 1): (b := 2)} == {1: 2}
    assert (a, b) == (1, 2)
    def f(v): return v
    assert f(x := 3) == 3
    assert x == 3
    assert ((x := 1, 2)) == (1, 2)
    assert x == 1
    while (line := [3, 2, 1, 0][len(str(x)) if False else x - 1]) and x < 3:
        x += 1
    assert (line, x) == (1, 3)


def test_exception_variable_is_deleted():
    def f():
        e = 'before'
        try:
            1 / 0
        except ZeroDivisionError as e:
            pass
        return e
    assert (error(lambda: f())
            == "UnboundLocalError: cannot access local variable 'e' where it is not associated with a value")
    def g():
        try:
            1 / 0
        except ZeroDivisionError as e:
            e = 'reassigned'
        return 'e' in locals()
    assert g() is False


def test_del_then_rebinding():
    def f():
        x = 1
        del x
        x = 2
        return x
    assert f() == 2
    def g():
        x = 1
        del x
        del x
    assert (error(lambda: g())
            == "UnboundLocalError: cannot access local variable 'x' where it is not associated with a value")


def test_locals_snapshot_in_functions():
    def f(a, b=2):
        c = 3
        first = locals()
        d = 4
        second = locals()
        first['a'] = 'changed'
        return a, sorted(first), sorted(second), first is second
    assert repr(f(1)) == "(1, ['a', 'b', 'c'], ['a', 'b', 'c', 'd', 'first'], False)"


def test_locals_of_classes_and_modules():
    class C:
        x = 1
        locals()['y'] = 2
    assert C.y == 2
    ns = {}
    exec("a = 1\nlocals()['b'] = 2\nc = locals() is globals()", ns)
    assert ns['b'] == 2
    assert ns['c'] is True


def test_locals_in_comprehensions():
    def f():
        x = 1
        return [sorted(k for k in locals()) for y in 'a']
    assert f() == [["x", "y"]]


def test_locals_with_cells():
    def f(x):
        def g(): return x
        y = 2
        return sorted(locals())
    assert f(1) == ["g", "x", "y"]
    def outer():
        x = 1
        def inner():
            x
            return locals()
        return inner()
    assert outer() == {"x": 1}


def test_frame_locals_proxy():
    def f():
        x = 1
        frame = sys._getframe()
        frame.f_locals['x'] = 5
        frame.f_locals['new'] = 6
        return x, frame.f_locals['new'], 'x' in frame.f_locals
    assert repr(f()) == "(5, 6, True)"
    assert type(sys._getframe().f_locals).__name__ == "FrameLocalsProxy"


def test_exec_in_functions():
    def f():
        x = 1
        exec('x = 2')
        return x
    assert f() == 1
    def g():
        ns = {'x': 1}
        exec('x += 1; y = x', ns)
        return ns['x'], ns['y'], '__builtins__' in ns
    assert repr(g()) == "(2, 2, True)"
    def h():
        exec('z = 1')
        return z
    assert error(lambda: h()) == "NameError: name 'z' is not defined"


def test_eval_scopes():
    x = 'local'
    assert eval('x') == "local"
    assert eval('x', {'x': 'given'}) == "given"
    assert eval('x', {'x': 'global'}, {'x': 'local'}) == "local"
    assert error(lambda: eval('y', {'x': 1})) == "NameError: name 'y' is not defined"
    assert [eval('x') for _ in range(1)] == ["local"]
    assert eval('[x for _ in range(1)]', {'x': 1}, {'x': 2}) == [2]
    assert eval('lambda: x', {'x': 1}, {'x': 2})() == 1


def test_custom_mapping_as_locals():
    class M(dict):
        def __missing__(self, key): return 'missing ' + key
    assert eval('abc', {}, M()) == "missing abc"
    log = []
    class W:
        def __getitem__(self, k):
            log.append(('get', k))
            raise KeyError(k)
        def __setitem__(self, k, v): log.append(('set', k, v))
        def __delitem__(self, k): log.append(('del', k))
    exec('a = 1\ndel a\nlen', {}, W())
    assert log == [("set", "a", 1), ("del", "a"), ("get", "len")]
    assert error(lambda: eval('1', {}, 5)) == "TypeError: locals must be a mapping"
    assert error(lambda: eval('1', 5)) == "TypeError: globals must be a dict"
    assert eval('a', M()) == "missing a"


def test_builtins_can_be_replaced():
    assert eval('len', {'__builtins__': {'len': 'mine'}}) == "mine"
    assert (error(lambda: eval('print', {'__builtins__': {}}))
            == "NameError: name 'print' is not defined")
    assert (error(lambda: exec('class C: pass', {'__builtins__': {}}))
            == "NameError: __build_class__ not found")
    assert (error(lambda: exec('import x', {'__builtins__': {}}))
            == "ImportError: __import__ not found")
    assert eval('abs(-1)', {'abs': lambda v: 'shadow'}) == "shadow"


def test_names_with_many_uses():
    def f():
        for i in range(3):
            pass
        else:
            j = i
        with_ = i
        return i, j, with_
    assert f() == (2, 2, 2)
    def g():
        for x in []:
            pass
        return x
    assert (error(lambda: g())
            == "UnboundLocalError: cannot access local variable 'x' where it is not associated with a value")


def test_private_names_are_mangled():
    class C:
        __x = 1
        def get(self): return self.__x
        def set(self): self.__y = 2
        def local(self):
            __z = 3
            return locals()
        def kw(self, *, __k): return __k
    c = C()
    c.set()
    assert C._C__x == 1
    assert c.get() == 1
    assert c._C__y == 2
    assert sorted(c.local())[0] == "_C__z"
    assert c.kw(_C__k=4) == 4
    assert error(lambda: c.__x) == "AttributeError: 'C' object has no attribute '__x'"
    class _U:
        __a = 5
        __b__ = 6
    assert _U._U__a == 5
    assert _U.__b__ == 6
    class ___:
        __q = 7
    assert ___.__q == 7


def test_import_star_only_at_module_level():
    assert (error(lambda: compile('def f():\n from x import *', 'f', 'exec'))
            == "SyntaxError: import * only allowed at module level (f, line 2)")


def test_function_names_and_qualified_names():
    def f():
        def g(): pass
        class C:
            def m(self): pass
            n = lambda self: 0
        return g, C, C.m, C.n, [lambda: 0 for _ in 'a'][0]
    assert ([v.__qualname__.rpartition('<locals>.f.')[2] for v in f()]
            == ["<locals>.g", "<locals>.C", "<locals>.C.m", "<locals>.C.<lambda>", "<locals>.<lambda>"])
    assert ([v.__qualname__.split('f.<locals>.')[-1] for v in f()]
            == ["g", "C", "C.m", "C.<lambda>", "<lambda>"])
    def h():
        global gg
        def gg(): pass
        return gg.__qualname__
    assert h() == "gg"


def test_conditional_function_definitions():
    if True:
        def pick(): return 'a'
    else:
        def pick(): return 'b'
    assert pick() == "a"


def test_recursion_through_a_closure():
    def outer():
        def fact(n): return 1 if n < 2 else n * fact(n - 1)
        return fact
    assert outer()(10) == 3628800


def test_class_cell():
    class A:
        def who(self): return __class__
    assert (A().who() is A) is True
    def f(): return __class__
    assert error(lambda: f()) == "NameError: name '__class__' is not defined"


def test_default_arguments_are_evaluated_once():
    log = []
    def f(x=log):
        x.append(1)
        return len(x)
    assert [f(), f(), f([])] == [1, 2, 1]
    n = 1
    def g(v=n): return v
    n = 2
    assert g() == 1


main(globals())
