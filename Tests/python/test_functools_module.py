# The functools and operator modules.
import functools
import operator
from _run import error, main



def test_partial():
    p = functools.partial(divmod, 17)
    assert repr((p(5), p.func is divmod, p.args, p.keywords)) == "((3, 2), True, (17,), {})"
    q = functools.partial(int, base=2)
    assert (q('101'), q('zz', base=36), q.keywords) == (5, 1295, {"base": 2})
    assert functools.partial(functools.partial(pow, 2), 3).args == (2, 3)
    assert (error(lambda: functools.partial())
            == "TypeError: type 'partial' takes at least one argument")
    assert error(lambda: functools.partial(5)) == "TypeError: the first argument must be callable"
    assert (repr(functools.partial(print, 1, sep=''))[:40]
            == "functools.partial(<built-in function pri")
    p.extra = 1
    assert p.extra == 1
    assert error(lambda: p()) == "TypeError: divmod expected 2 arguments, got 1"


def test_partial_as_method():
    class C:
        def m(self, a, b): return a, b
        half = functools.partialmethod(m, 1)
    assert C().half(2) == (1, 2)


def test_reduce():
    assert ((functools.reduce(operator.add, [1, 2, 3]), functools.reduce(operator.add, [], 5), functools.reduce(operator.mul, [2], 3))
            == (6, 5, 6))
    assert (error(lambda: functools.reduce(operator.add, []))
            == "TypeError: reduce() of empty iterable with no initial value")
    assert (error(lambda: functools.reduce(operator.add, 5))
            == "TypeError: reduce() arg 2 must support iteration")
    assert error(lambda: functools.reduce(5, [1, 2])) == "TypeError: 'int' object is not callable"


def test_lru_cache():
    calls = []
    @functools.lru_cache(maxsize=2)
    def f(x):
        calls.append(x)
        return x * 2
    assert (f(1), f(2), f(1), f(3), f(2)) == (2, 4, 2, 6, 4)
    assert (repr((calls, f.cache_info()))
            == "([1, 2, 3, 2], CacheInfo(hits=1, misses=4, maxsize=2, currsize=2))")
    f.cache_clear()
    assert (repr((f.cache_info(), f.__wrapped__(5), f.cache_parameters()))
            == "(CacheInfo(hits=0, misses=0, maxsize=2, currsize=0), 10, {'maxsize': 2, 'typed': False})")
    assert error(lambda: f([])) == "TypeError: unhashable type: 'list'"
    @functools.lru_cache
    def g(*a, **k): return a, k
    assert (g(1, b=2), g(1, b=2), g.cache_info().hits) == (((1,), {"b": 2}), ((1,), {"b": 2}), 1)
    @functools.lru_cache(typed=True)
    def h(x): return type(x).__name__
    assert (h(1), h(1.0)) == ("int", "float")
    @functools.cache
    def fact(n): return n * fact(n - 1) if n else 1
    assert (repr((fact(30), fact.cache_info()))
            == "(265252859812191058636308480000000, CacheInfo(hits=0, misses=31, maxsize=None, currsize=31))")


def test_wraps():
    def f(a: int) -> str:
        "doc of f"
    f.mark = 1
    @functools.wraps(f)
    def g(*a): pass
    assert (repr((g.__name__, g.__doc__, g.mark, g.__wrapped__ is f, g.__annotations__))
            == "('f', 'doc of f', 1, True, {'a': <class 'int'>, 'return': <class 'str'>})")
    functools.update_wrapper(len_wrap := lambda: 0, len)
    assert len_wrap.__name__ == "len"


def test_total_ordering():
    @functools.total_ordering
    class C:
        def __init__(self, v): self.v = v
        def __eq__(self, o): return self.v == o.v
        def __lt__(self, o): return self.v < o.v
    assert (C(1) <= C(1), C(2) > C(1), C(1) >= C(2), C(1) < C(2)) == (True, True, False, True)


def test_cmp_to_key():
    k = functools.cmp_to_key(lambda a, b: len(a) - len(b))
    assert (repr((sorted(['ccc', 'a', 'bb'], key=k), k('a') < k('bb'), k('a') == k('b')))
            == "(['a', 'bb', 'ccc'], True, True)")
    assert error(lambda: hash(k('a'))) == "TypeError: unhashable type: 'functools.KeyWrapper'"


def test_singledispatch():
    @functools.singledispatch
    def f(x): return 'object'
    @f.register
    def _(x: int | str): return 'int or str'
    @f.register(list)
    def _(x): return 'list'
    assert (repr((f(1), f('a'), f([]), f(1.5), f(True), f.dispatch(bool) is f.dispatch(int), sorted(t.__name__ for t in f.registry)))
            == "('int or str', 'int or str', 'list', 'object', 'int or str', True, ['int', 'list', 'object', 'str'])")
    assert error(lambda: f()) == "TypeError: f requires at least 1 positional argument"
    class C:
        @functools.singledispatchmethod
        def m(self, x): return 'any'
        @m.register
        def _(self, x: int): return 'int'
    assert (C().m(1), C().m('a')) == ("int", "any")


def test_cached_property():
    class C:
        n = 0
        @functools.cached_property
        def v(self):
            self.n += 1
            return self.n
    c = C()
    assert (c.v, c.v, c.n, c.__dict__) == (1, 1, 1, {"n": 1, "v": 1})
    del c.v
    assert c.v == 2
    c.v = 'set'
    assert c.v == "set"


def test_operator_functions():
    assert operator.add(7, 2) == 9
    assert operator.sub(7, 2) == 5
    assert operator.mul(7, 2) == 14
    assert repr(operator.truediv(7, 2)) == "3.5"
    assert operator.floordiv(7, 2) == 3
    assert operator.mod(7, 2) == 1
    assert operator.pow(7, 2) == 49
    assert operator.lshift(7, 2) == 28
    assert operator.rshift(7, 2) == 1
    assert operator.and_(7, 2) == 2
    assert operator.or_(7, 2) == 7
    assert operator.xor(7, 2) == 5
    assert operator.lt(7, 2) is False
    assert operator.le(7, 2) is False
    assert operator.eq(7, 2) is False
    assert operator.ne(7, 2) is True
    assert operator.gt(7, 2) is True
    assert operator.ge(7, 2) is True
    assert operator.is_(7, 2) is False
    assert operator.is_not(7, 2) is True
    assert (repr((operator.neg(1), operator.pos(1), operator.invert(1), operator.abs(-1), operator.not_(1), operator.truth([]), operator.index(True)))
            == "(-1, 1, -2, 1, False, False, 1)")
    assert (error(lambda: operator.index(1.5))
            == "TypeError: 'float' object cannot be interpreted as an integer")


def test_operator_on_containers():
    l = [1, 2]
    assert (repr((operator.getitem(l, 0), operator.contains(l, 2), operator.concat(l, [3]), operator.countOf([1, 1], 1), operator.indexOf(l, 2)))
            == "(1, True, [1, 2, 3], 2, 1)")
    operator.setitem(l, 0, 9)
    operator.delitem(l, 1)
    assert (l, operator.iadd(l, [5]), l) == ([9, 5], [9, 5], [9, 5])
    assert (error(lambda: operator.indexOf(l, 77))
            == "ValueError: sequence.index(x): x not in sequence")
    assert (operator.length_hint(iter([1, 2])), operator.length_hint(5, 3)) == (2, 3)
    assert error(lambda: operator.concat(1, 2)) == "TypeError: 'int' object can't be concatenated"
    assert operator.call(len, [1]) == 1


def test_getters():
    assert ((operator.itemgetter(1)('abc'), operator.itemgetter(0, 2)('abc'), operator.itemgetter('k')({'k': 5}), operator.itemgetter(slice(1))('abc'))
            == ("b", ("a", "c"), 5, "a"))
    assert ((operator.attrgetter('real')(5), operator.attrgetter('real', 'imag')(5), operator.attrgetter('__class__.__name__')(5))
            == (5, (5, 0), "int"))
    assert ((operator.methodcaller('upper')('a'), operator.methodcaller('split', ',', maxsplit=1)('a,b,c'))
            == ("A", ["a", "b,c"]))
    assert (error(lambda: operator.itemgetter())
            == "TypeError: itemgetter expected 1 argument, got 0")
    assert error(lambda: operator.attrgetter(5)) == "TypeError: attribute name must be a string"
    assert error(lambda: operator.itemgetter(5)('abc')) == "IndexError: string index out of range"
    assert (repr((operator.itemgetter(1), operator.attrgetter('a.b'), operator.methodcaller('m', 1, x=2)))
            == "(operator.itemgetter(1), operator.attrgetter('a.b'), operator.methodcaller('m', 1, x=2))")


def test_placeholders_and_reprs():
    assert ((functools.reduce.__name__, operator.add.__name__, operator.itemgetter.__module__)
            == ("reduce", "add", "operator"))


def test_lru_cache_in_a_cycle():
    import gc
    for i in range(5):
        @functools.lru_cache(maxsize=3)
        def f(n):
            return [f, n]
        for n in range(5):
            f(n)
        f(3)
        del f
    gc.collect()  # may empty the cache's dict before the cache itself

    @functools.lru_cache(maxsize=2)
    def g(n):
        g.cache_clear()
        return n
    assert [g(n) for n in (1, 2, 3, 1)] == [1, 2, 3, 1]
    assert g.cache_info().currsize == 1


main(globals())
