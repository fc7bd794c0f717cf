# Decorators, closures as decorators, function wrappers, properties of decorated things.
from _run import error, main



def test_order_of_application():
    log = []
    def deco(name):
        log.append('make ' + name)
        def inner(f):
            log.append('apply ' + name)
            return f
        return inner
    @deco('a')
    @deco('b')
    def f(): pass
    assert log == ["make a", "make b", "apply b", "apply a"]


def test_result_replaces_the_function():
    @lambda f: 5
    def f(): pass
    assert f == 5


def test_with_arguments():
    def times(n):
        def deco(f):
            def wrapper(*a): return [f(*a)] * n
            return wrapper
        return deco
    @times(3)
    def f(x): return x
    assert f('a') == ["a", "a", "a"]


def test_class_as_decorator():
    class Count:
        def __init__(self, f): self.f, self.n = f, 0
        def __call__(self, *a):
            self.n += 1
            return self.f(*a)
    @Count
    def f(x): return x
    f(1)
    f(2)
    assert f.n == 2


def test_decorated_methods():
    def upper(f):
        return lambda self: f(self).upper()
    class C:
        @upper
        def m(self): return 'abc'
    assert C().m() == "ABC"


def test_callable_instance_is_not_bound():
    class Wrap:
        def __init__(self, f): self.f = f
        def __call__(self, *a): return len(a)
    class C:
        @Wrap
        def m(self): pass
    assert C().m() == 0


def test_descriptor_decorator_is_bound():
    class Bound:
        def __init__(self, f): self.f = f
        def __get__(self, o, t): return lambda *a: self.f(o, *a)
    class C:
        @Bound
        def m(self, x): return type(self).__name__, x
    assert C().m(5) == ("C", 5)


def test_memoise():
    calls = []
    def memo(f):
        cache = {}
        def g(*a):
            if a not in cache:
                cache[a] = f(*a)
            return cache[a]
        return g
    @memo
    def fib(n):
        calls.append(n)
        return n if n < 2 else fib(n - 1) + fib(n - 2)
    assert fib(30) == 832040
    assert len(calls) == 31


def test_stacked_with_classmethod():
    class C:
        @classmethod
        def a(cls): return cls.__name__
        @staticmethod
        def b(): return 'static'
        @property
        def c(self): return 'prop'
    assert (C.a(), C.b(), C().c) == ("C", "static", "prop")


def test_registry():
    known = {}
    def register(name):
        def deco(f):
            known[name] = f
            return f
        return deco
    @register('add')
    def add(a, b): return a + b
    @register('mul')
    def mul(a, b): return a * b
    assert {k: v(3, 4) for k, v in known.items()} == {"add": 7, "mul": 12}


def test_evaluation_before_binding():
    def f(): return 'old'
    @lambda g: (f(), g())
    def f(): return 'new'
    assert f == ("old", "new")


def test_decorator_raising():
    def bad(f): raise ValueError('no')
    def run():
        @bad
        def f(): pass
    assert error(lambda: run()) == "ValueError: no"
    def run2():
        @5
        def f(): pass
    assert error(lambda: run2()) == "TypeError: 'int' object is not callable"
    def run3():
        @undefined_decorator
        def f(): pass
    assert error(lambda: run3()) == "NameError: name 'undefined_decorator' is not defined"


def test_decorator_expressions():
    class N:
        class M:
            @staticmethod
            def d(f): return 'nested'
    @N.M.d
    def a(): pass
    @[lambda f: 'indexed'][0]
    def b(): pass
    @(lambda x: lambda f: x)('called')
    def c(): pass
    assert (a, b, c) == ("nested", "indexed", "called")


def test_class_decorators_stack():
    def tag(n):
        def deco(c):
            c.tags = getattr(c, 'tags', ()) + (n,)
            return c
        return deco
    @tag(1)
    @tag(2)
    class C: pass
    assert C.tags == (2, 1)


def test_generator_as_context_decorator_by_hand():
    def logged(f):
        def wrapper(*a, **k):
            log.append(('call', a, k))
            try:
                return f(*a, **k)
            finally:
                log.append('done')
        return wrapper
    log = []
    @logged
    def f(x, y=2):
        if x: return x + y
        raise ValueError
    assert f(1, y=5) == 6
    assert error(lambda: f(0)) == "ValueError: "
    assert log == [("call", (1,), {"y": 5}), "done", ("call", (0,), {}), "done"]


def test_wrappers_keep_names_by_hand():
    def wraps(f):
        def deco(g):
            g.__name__ = f.__name__
            g.__doc__ = f.__doc__
            g.__wrapped__ = f
            return g
        return deco
    def d(f):
        @wraps(f)
        def g(*a): return f(*a)
        return g
    @d
    def named():
        "documented"
    assert (named.__name__, named.__doc__) == ("named", "documented")
    assert named.__wrapped__.__name__ == "named"


def test_partial_by_closure():
    def partial(f, *a, **k):
        return lambda *b, **m: f(*a, *b, **{**k, **m})
    assert partial(pow, 2)(10) == 1024
    assert partial(int, base=2)('101') == 5
    assert partial(dict, a=1)(b=2, a=3) == {"a": 3, "b": 2}


def test_compose_and_curry():
    def compose(*fs):
        def run(x):
            for f in reversed(fs):
                x = f(x)
            return x
        return run
    assert compose(str, abs, int)('-5') == "5"
    def curry(f, n):
        def step(*a): return f(*a) if len(a) >= n else lambda *b: step(*a, *b)
        return step
    assert curry(lambda a, b, c: a + b * c, 3)(1)(2)(3) == 7


def test_cached_property_by_descriptor():
    class cached:
        def __init__(self, f): self.f = f
        def __set_name__(self, owner, name): self.name = name
        def __get__(self, o, t):
            if o is None: return self
            v = o.__dict__[self.name] = self.f(o)
            return v
    runs = []
    class C:
        @cached
        def v(self):
            runs.append(1)
            return 42
    c = C()
    assert (c.v, c.v, len(runs)) == (42, 42, 1)


def test_validation_descriptor():
    class Positive:
        def __set_name__(self, o, n): self.n = '_' + n
        def __get__(self, o, t): return getattr(o, self.n)
        def __set__(self, o, v):
            if v <= 0: raise ValueError(f'{self.n[1:]} must be positive, got {v!r}')
            setattr(o, self.n, v)
    class P:
        x = Positive()
        def __init__(self, x): self.x = x
    assert P(5).x == 5
    assert error(lambda: P(-1)) == "ValueError: x must be positive, got -1"


def test_dispatch_on_type():
    def single(f):
        table = {}
        def register(t):
            return lambda g: table.setdefault(t, g)
        def call(x):
            for k in type(x).__mro__:
                if k in table: return table[k](x)
            return f(x)
        call.register = register
        return call
    @single
    def show(x): return 'object'
    @show.register(int)
    def _(x): return 'int'
    @show.register(str)
    def _(x): return 'str'
    assert [show(v) for v in (1, True, 'a', 1.5)] == ["int", "int", "str", "object"]


main(globals())
