# Recursion limits: RecursionError, never a crash.
import sys

from _run import error, main


def type_of(call):
    """The name of the exception CALL raises."""
    try:
        call()
    except RecursionError:
        return 'RecursionError'
    except Exception as e:
        return type(e).__name__
    return 'nothing'


def test_plain_recursion():
    def f(): return f()
    assert error(lambda: f()) == "RecursionError: maximum recursion depth exceeded"
    def g(n): return n and g(n - 1)
    assert g(900) == 0


def test_depth_is_the_limit():
    depth = 0
    def f():
        global depth
        depth += 1
        f()
    def run():
        global depth
        depth = 0
        try:
            f()
        except RecursionError:
            return 900 < depth <= 1000
    assert run() is True


def test_mutual_recursion():
    def a(): b()
    def b(): a()
    assert error(lambda: a()) == "RecursionError: maximum recursion depth exceeded"


def test_recursion_in_methods():
    class C:
        def m(self): return self.m()
        @property
        def p(self): return self.p
        def __getattr__(self, n): return getattr(self, n)
        def __call__(self): return self()
        def __len__(self): return len(self)
        def __iter__(self): return iter(self)
    c = C()
    assert type_of(lambda: c.m()) == "RecursionError"
    assert type_of(lambda: c.p) == "RecursionError"
    assert type_of(lambda: c.zz) == "RecursionError"
    assert type_of(lambda: c()) == "RecursionError"
    assert type_of(lambda: len(c)) == "RecursionError"
    assert type_of(lambda: iter(c)) == "RecursionError"


def test_recursion_in_operators():
    class C:
        def __add__(self, o): return self + o
        def __eq__(self, o): return self == o
        def __lt__(self, o): return self < o
        def __repr__(self): return repr(self)
        def __str__(self): return str(self)
        def __hash__(self): return hash(self)
        def __bool__(self): return bool(self)
        def __getitem__(self, k): return self[k]
        def __contains__(self, k): return k in self
        def __format__(self, s): return format(self, s)
        def __int__(self): return int(self)
        def __index__(self): return [1][self]
        def __enter__(self):
            with self: pass
        def __exit__(self, *a): pass
        def __setattr__(self, n, v): self.x = v
        def __delattr__(self, n): del self.x
    c = C()
    assert type_of(lambda: c + 1) == "RecursionError"
    assert type_of(lambda: c == 1) == "RecursionError"
    assert type_of(lambda: c < 1) == "RecursionError"
    assert type_of(lambda: repr(c)) == "RecursionError"
    assert type_of(lambda: str(c)) == "RecursionError"
    assert type_of(lambda: hash(c)) == "RecursionError"
    assert type_of(lambda: bool(c)) == "RecursionError"
    assert type_of(lambda: c[0]) == "RecursionError"
    assert type_of(lambda: 1 in c) == "RecursionError"
    assert type_of(lambda: f'{c}') == "RecursionError"
    assert type_of(lambda: int(c)) == "RecursionError"
    assert type_of(lambda: [1][c]) == "RecursionError"
    assert type_of(lambda: c.__enter__()) == "RecursionError"
    assert type_of(lambda: setattr(c, 'a', 1)) == "RecursionError"
    assert type_of(lambda: delattr(c, 'a')) == "RecursionError"


def test_deep_repr():
    l = []
    for i in range(100000):
        l = [l]
    assert type_of(lambda: repr(l)) == "RecursionError"
    d = {}
    for i in range(100000):
        d = {1: d}
    assert type_of(lambda: repr(d)) == "RecursionError"
    t = ()
    for i in range(100000):
        t = (t,)
    assert type_of(lambda: repr(t)) == "RecursionError"
    assert type_of(lambda: str(t)) == "RecursionError"


def test_deep_comparison():
    a, b = [], []
    for i in range(100000):
        a, b = [a], [b]
    assert type_of(lambda: a == b) == "RecursionError"
    assert type_of(lambda: a < b) == "RecursionError"
    x, y = (), ()
    for i in range(100000):
        x, y = (x,), (y,)
    assert type_of(lambda: x == y) == "RecursionError"
    assert type_of(lambda: hash(x)) == "nothing"
    p, q = {}, {}
    for i in range(100000):
        p, q = {1: p}, {1: q}
    assert type_of(lambda: p == q) == "RecursionError"


def test_deep_isinstance_and_issubclass():
    t = ()
    for i in range(100000):
        t = (t,)
    assert type_of(lambda: isinstance(5, t)) == "RecursionError"
    assert type_of(lambda: issubclass(int, t)) == "RecursionError"


def test_parser_depth():
    assert type_of(lambda: compile('(' * 300 + ')' * 300, 'f', 'eval')) == "SyntaxError"
    assert type_of(lambda: compile('(' * 100 + '1' + ')' * 100, 'f', 'eval')) == "nothing"
    assert type_of(lambda: compile('[' * 5000, 'f', 'eval')) == "SyntaxError"
    assert type_of(lambda: compile('-' * 50000 + '1', 'f', 'eval')) == "MemoryError"
    assert type_of(lambda: compile('x' + '.a' * 50000, 'f', 'eval')) == "RecursionError"
    assert type_of(lambda: compile('x' + '()' * 50000, 'f', 'eval')) == "RecursionError"
    assert type_of(lambda: compile('1' + '+1' * 50000, 'f', 'eval')) == "RecursionError"
    assert type_of(lambda: compile('not ' * 50000 + '1', 'f', 'eval')) == "MemoryError"
    assert type_of(lambda: compile('lambda: ' * 5000 + '1', 'f', 'eval')) == "MemoryError"
    assert type_of(lambda: compile('a if b else ' * 5000 + '1', 'f', 'eval')) == "nothing"


def test_parser_block_depth():
    def blocks(n): return ''.join(' ' * i + 'if x:\n' for i in range(n)) + ' ' * n + 'pass\n'
    assert type_of(lambda: compile(blocks(90), 'f', 'exec')) == "nothing"
    assert (error(lambda: compile(blocks(101), 'f', 'exec'))
            == "IndentationError: too many levels of indentation (f, line 101)")
    def loops(n): return ''.join(' ' * i + 'for x in y:\n' for i in range(n)) + ' ' * n + 'pass\n'
    assert type_of(lambda: compile(loops(20), 'f', 'exec')) == "nothing"
    assert error(lambda: compile(loops(21), 'f', 'exec')) == "nothing raised"


def test_recovery_after_recursion_error():
    def f(): return f()
    out = []
    for i in range(5):
        try:
            f()
        except RecursionError as e:
            out.append(str(e))
    assert out[0] == "maximum recursion depth exceeded"
    assert len(out) == 5


def test_catching_near_the_limit():
    def f(n):
        try:
            return f(n + 1)
        except RecursionError:
            return n
    assert (f(0) > 900) is True


def test_finally_during_recursion_error():
    count = 0
    def f():
        global count
        try:
            f()
        finally:
            count += 1
    def run():
        global count
        count = 0
        try:
            f()
        except RecursionError:
            return count > 900
    assert run() is True


def test_recursion_through_builtins():
    assert type_of(lambda: (f := lambda: list(map(lambda x: f(), [1])))()) == "RecursionError"
    assert type_of(lambda: (f := lambda: max([1], key=lambda x: f()))()) == "RecursionError"
    assert type_of(lambda: (f := lambda: sorted([1], key=lambda x: f()))()) == "RecursionError"
    assert type_of(lambda: (f := lambda: eval('f()', {'f': f}))()) == "RecursionError"
    assert type_of(lambda: (f := lambda: [f() for _ in 'a'])()) == "RecursionError"
    assert type_of(lambda: (f := lambda: next(f() for _ in 'a'))()) == "RecursionError"


def test_recursive_generators_hit_the_limit():
    def g(): yield from g()
    assert type_of(lambda: next(g())) == "RecursionError"
    def h():
        for x in h(): yield x
    assert type_of(lambda: next(h())) == "RecursionError"


def test_recursive_coroutines_hit_the_limit():
    async def c(): await c()
    def run():
        x = c()
        try:
            x.send(None)
        finally:
            x.close()
    assert type_of(run) == "RecursionError"


def test_recursive_metaclass_and_class_calls():
    class M(type):
        def __call__(cls): return cls()
    class C(metaclass=M): pass
    assert type_of(lambda: C()) == "RecursionError"
    class D:
        def __new__(cls): return D()
    assert type_of(lambda: D()) == "RecursionError"
    class E:
        def __init__(self): E()
    assert type_of(lambda: E()) == "RecursionError"


def test_raised_limit():
    old = sys.getrecursionlimit()
    def f(n): return 0 if n == 0 else 1 + f(n - 1)
    sys.setrecursionlimit(20000)
    try:
        r = f(15000)
    finally:
        sys.setrecursionlimit(old)
    assert r == 15000


def test_deep_nesting_of_exceptions():
    def f(n):
        if n:
            try:
                f(n - 1)
            except ValueError:
                raise
        else:
            raise ValueError('deep')
    assert error(lambda: f(500)) == "ValueError: deep"


def test_nested_functions_calls_with_many_arguments():
    def f(*a): return len(a)
    assert f(*range(10000)) == 10000
    assert eval('f(' + '1,' * 3000 + ')') == 3000
    assert eval('[' + '1,' * 10000 + ']')[-1] == 1
    assert len(eval('{' + ','.join(f'{i}:{i}' for i in range(3000)) + '}')) == 3000


def test_unpickled_style_deep_structures_freed():
    l = None
    for i in range(200000):
        l = (l, [i])
    del l
    assert 'ok' == "ok"


def test_a_long_chain_of_callers_is_freed():
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(200000)
    def f(): f()
    try:
        try: f()
        except RecursionError as e: kept = e
        del kept
    finally: sys.setrecursionlimit(limit)


main(globals())
