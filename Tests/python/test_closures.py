# Closures and functions as values.
from _run import error, main



def test_counter():
    def counter():
        n = 0
        def inc(by=1):
            nonlocal n
            n += by
            return n
        return inc
    a, b = counter(), counter()
    assert (a(), a(5), b(), a()) == (1, 6, 1, 7)


def test_accumulator_shares_state():
    def account(balance):
        def deposit(x):
            nonlocal balance
            balance += x
            return balance
        def show(): return balance
        return deposit, show
    d, s = account(10)
    d(5)
    assert s() == 15


def test_loop_variables_are_shared():
    fs = []
    for i in range(3):
        def f(): return i
        fs.append(f)
    assert [f() for f in fs] == [2, 2, 2]
    fs = [(lambda i: lambda: i)(i) for i in range(3)]
    assert [f() for f in fs] == [0, 1, 2]


def test_closure_over_parameters():
    def add(a): return lambda b, c=0: a + b + c
    assert ((add(1)(2), add('x')('y', 'z'), [add(i)(10) for i in range(3)])
            == (3, "xyz", [10, 11, 12]))


def test_closure_over_star_arguments():
    def f(*args, **kw):
        def g(): return args, kw
        return g
    assert f(1, 2, x=3)() == ((1, 2), {"x": 3})


def test_deleting_a_closed_over_variable():
    def f():
        x = 1
        def g(): return x
        del x
        return g
    assert (error(lambda: f()())
            == "NameError: cannot access free variable 'x' where it is not associated with a value in enclosing scope")


def test_closure_before_assignment():
    def f():
        def g(): return later
        try:
            g()
        except NameError as e:
            first = str(e)
        later = 5
        return first, g()
    assert (f()
            == ("cannot access free variable 'later' where it is not associated with a value in enclosing scope", 5))


def test_nonlocal_skips_class_scopes():
    def f():
        x = 'outer'
        class C:
            x = 'class'
            def m(self):
                nonlocal x
                x = 'changed'
        C().m()
        return x, C.x
    assert f() == ("changed", "class")


def test_closures_in_comprehensions():
    def f(n): return [[lambda: (i, j, n) for j in range(2)] for i in range(2)]
    assert [g() for row in f(9) for g in row] == [(1, 1, 9), (1, 1, 9), (1, 1, 9), (1, 1, 9)]
    assert [x for x in [1, 2] for x in [x * 10, x]] == [10, 1, 20, 2]
    def g():
        y = 3
        return [x * y for x in range(3) if x < y], {y: x for x in 'a'}, list(y for _ in 'ab')
    assert g() == ([0, 3, 6], {3: "a"}, [3, 3])


def test_closure_cells_are_visible():
    def f():
        a, b = 1, 2
        def g(): return a + b
        return g
    g = f()
    assert ((g.__code__.co_freevars, [c.cell_contents for c in g.__closure__], f.__code__.co_cellvars)
            == (("a", "b"), [1, 2], ("a", "b")))


def test_recursion_through_closure():
    def outer(n):
        def even(k): return True if k == 0 else odd(k - 1)
        def odd(k): return False if k == 0 else even(k - 1)
        return even(n)
    assert (outer(10), outer(7)) == (True, False)


def test_functions_compare_by_identity_and_hash():
    def f(): pass
    g = f
    assert (repr((f == g, f is g, hash(f) == hash(g), f == (lambda: 0), {f: 1}[g]))
            == "(True, True, True, False, 1)")


def test_functions_in_containers():
    ops = {'+': lambda a, b: a + b, '-': lambda a, b: a - b}
    assert ((ops['+'](1, 2), sorted(['b', 'A'], key=str.lower), list(map(lambda p: p[0](p[1]), [(abs, -1), (str, 5)])))
            == (3, ["A", "b"], [1, "5"]))


def test_attributes_of_functions():
    def f(): f.calls = getattr(f, 'calls', 0) + 1
    f()
    f()
    assert (f.calls, vars(f)) == (2, {"calls": 2})


def test_default_values_hold_state():
    def f(x, seen=[]):
        seen.append(x)
        return len(seen)
    assert (f(1), f(2), f(3, []), f(4), f.__defaults__) == (1, 2, 1, 3, ([1, 2, 4],))


def test_default_values_are_evaluated_in_the_enclosing_scope():
    x = 'outer'
    class C:
        x = 'class'
        def m(self, v=x): return v
    assert C().m() == "class"


def test_generators_close_over_variables():
    def f(n):
        def g():
            while n: yield n
        return g()
    it = f(2)
    assert (next(it), next(it)) == (2, 2)
    def h():
        total = 0
        def add():
            nonlocal total
            while True:
                x = yield total
                total += x
        c = add()
        next(c)
        c.send(5)
        c.send(6)
        return total
    assert h() == 11


def test_exec_does_not_create_closures():
    def f():
        x = 1
        ns = {}
        exec('def g(): return x', ns)
        return ns['g']()
    assert error(lambda: f()) == "NameError: name 'x' is not defined"


def test_lambda_defaults_and_nesting():
    assert (((lambda x: (lambda y: (lambda z: x + y + z)))(1)(2)(3), (lambda *a, k=lambda: 5: k() + len(a))(1, 2))
            == (6, 7))


def test_class_body_closures():
    def f(v):
        class C:
            attr = v
            def m(self): return v
            def set(self, n):
                nonlocal v
                v = n
        return C
    C = f(1)
    c = C()
    c.set(2)
    assert (C.attr, c.m(), f(7)().m()) == (1, 2, 7)


def test_many_free_variables():
    ns = {}
    exec('def f():\n' + '\n'.join(f' v{i} = {i}' for i in range(300)) + '\n def g():\n  return ' + ' + '.join(f'v{i}' for i in range(300)) + '\n return g', ns)
    assert ns['f']()() == 44850


def test_closures_survive_their_maker():
    import gc
    def make():
        big = [1, 2, 3]
        return lambda: big
    f = make()
    gc.collect()
    assert f() == [1, 2, 3]


def test_same_code_different_closures():
    def make(i): return lambda: i
    a, b = make(1), make(2)
    assert repr((a.__code__ is b.__code__, a(), b())) == "(True, 1, 2)"


main(globals())
