# Iteration: loops, protocols, comprehension, iterator builtins.
from _run import error, main


class Countdown:
    def __init__(self, n): self.n = n
    def __iter__(self): return self
    def __next__(self):
        if self.n <= 0: raise StopIteration
        self.n -= 1
        return self.n


def test_iterator_class():
    assert list(Countdown(3)) == [2, 1, 0]
    assert [*Countdown(2)] == [1, 0]
    assert tuple(Countdown(3)) == (2, 1, 0)
    assert sum(Countdown(5)) == 10
    assert max(Countdown(4)) == 3
    a, b = Countdown(2)
    assert (a, b) == (1, 0)
    assert (1 in Countdown(3)) is True
    assert dict(zip(Countdown(2), 'ab')) == {1: "a", 0: "b"}
    assert ''.join(map(str, Countdown(3))) == "210"


def test_old_sequence_protocol():
    class S:
        def __getitem__(self, i):
            if i == 3: raise IndexError
            return i * i
    assert list(S()) == [0, 1, 4]
    i = iter(S())
    assert next(i) == 0
    assert list(i) == [1, 4]
    assert next(i, 'end') == "end"
    class T:
        def __getitem__(self, i):
            if i == 1: raise StopIteration
            return i
    assert list(T()) == [0]
    class U:
        def __getitem__(self, i): raise KeyError(i)
    assert error(lambda: list(U())) == "KeyError: 0"


def test_for_else():
    def f(items):
        for x in items:
            if x == 2: break
        else:
            return 'else'
        return 'break'
    assert f([1, 2]) == "break"
    assert f([1]) == "else"
    assert f([]) == "else"


def test_while_else():
    def f(n):
        while n:
            n -= 1
            if n == 2: break
        else:
            return 'else'
        return 'break'
    assert f(5) == "break"
    assert f(2) == "else"
    assert f(0) == "else"


def test_nested_loops():
    out = []
    for i in range(3):
        for j in range(3):
            if j == i: continue
            if j > i: break
            out.append((i, j))
    assert out == [(1, 0), (2, 0), (2, 1)]


def test_loop_variable_forms():
    out = []
    for a, (b, *c) in [(1, 'xyz'), (2, 'q')]:
        out.append((a, b, c))
    assert out == [(1, "x", ["y", "z"]), (2, "q", [])]
    d = {}
    for d['k'] in 'ab': pass
    assert d == {"k": "b"}
    class O: pass
    for O.x in [1, 2]: pass
    assert O.x == 2
    for [p, q] in [(1, 2)]: pass
    assert (p, q) == (1, 2)
    for z in *[1], *[2]: pass
    assert z == 2


def test_not_iterable():
    def f(v):
        for x in v: pass
    assert error(lambda: f(5)) == "TypeError: 'int' object is not iterable"
    assert error(lambda: f(None)) == "TypeError: 'NoneType' object is not iterable"
    assert error(lambda: f(len)) == "TypeError: 'builtin_function_or_method' object is not iterable"
    assert error(lambda: f(int)) == "TypeError: 'type' object is not iterable"
    assert error(lambda: f(object())) == "TypeError: 'object' object is not iterable"
    assert error(lambda: f(1.5)) == "TypeError: 'float' object is not iterable"
    assert error(lambda: f(...)) == "TypeError: 'ellipsis' object is not iterable"


def test_iter_returns_non_iterator():
    class C:
        def __iter__(self): return []
    def f():
        for x in C(): pass
    assert error(lambda: f()) == "TypeError: iter() returned non-iterator of type 'list'"
    assert error(lambda: iter(C())) == "TypeError: iter() returned non-iterator of type 'list'"
    assert error(lambda: list(C())) == "TypeError: iter() returned non-iterator of type 'list'"


def test_iterator_protocol_errors():
    class A:
        def __iter__(self): return self
    class B:
        def __iter__(self): raise ValueError('iter')
    class C:
        def __iter__(self): return self
        def __next__(self): raise ValueError('next')
    assert error(lambda: list(A())) == "TypeError: iter() returned non-iterator of type 'A'"
    assert error(lambda: list(B())) == "ValueError: iter"
    assert error(lambda: list(C())) == "ValueError: next"
    assert error(lambda: next(A())) == "TypeError: 'A' object is not an iterator"
    assert error(lambda: next(5)) == "TypeError: 'int' object is not an iterator"
    assert error(lambda: next([])) == "TypeError: 'list' object is not an iterator"


def test_iter_with_sentinel():
    values = [1, 2, 3, 0, 4]
    assert list(iter(lambda: values.pop(0), 0)) == [1, 2, 3]
    assert values == [4]
    assert error(lambda: iter(5, 0)) == "TypeError: iter(v, w): v must be callable"
    assert error(lambda: iter([], 0)) == "TypeError: iter(v, w): v must be callable"
    i = iter(lambda: 1, 1)
    assert next(i, 'end') == "end"
    assert next(i, 'still') == "still"
    def stop(): raise StopIteration
    assert list(iter(stop, 0)) == []
    def bad(): raise ValueError('called')
    assert error(lambda: next(iter(bad, 0))) == "ValueError: called"


def test_next_default():
    assert next(iter([]), 5) == 5
    assert next(iter([1]), 5) == 1
    assert error(lambda: next(iter([]))) == "StopIteration: "
    assert next(iter([]), None) is None


def test_enumerate():
    assert list(enumerate('ab')) == [(0, "a"), (1, "b")]
    assert list(enumerate('ab', 5)) == [(5, "a"), (6, "b")]
    assert list(enumerate('ab', start=-1)) == [(-1, "a"), (0, "b")]
    assert next(enumerate('a', 2**70)) == (1180591620717411303424, "a")
    assert error(lambda: enumerate(5)) == "TypeError: 'int' object is not iterable"
    assert (error(lambda: enumerate('a', 'b'))
            == "TypeError: 'str' object cannot be interpreted as an integer")
    assert (error(lambda: enumerate('a', 1, 2))
            == "TypeError: enumerate() takes at most 2 arguments (3 given)")
    assert list(enumerate(iterable='ab')) == [(0, "a"), (1, "b")]
    assert repr(enumerate('')).startswith('<enumerate object') is True
    e = enumerate('abc')
    next(e)
    assert list(e) == [(1, "b"), (2, "c")]


def test_zip():
    assert list(zip('ab', [1, 2, 3])) == [("a", 1), ("b", 2)]
    assert list(zip()) == []
    assert list(zip('ab')) == [("a",), ("b",)]
    assert list(zip('ab', 'cd', strict=True)) == [("a", "c"), ("b", "d")]
    assert (error(lambda: list(zip('ab', 'c', strict=True)))
            == "ValueError: zip() argument 2 is shorter than argument 1")
    assert (error(lambda: list(zip('a', 'bc', strict=True)))
            == "ValueError: zip() argument 2 is longer than argument 1")
    assert (error(lambda: list(zip('a', 'b', 'cd', strict=True)))
            == "ValueError: zip() argument 3 is longer than arguments 1-2")
    assert error(lambda: zip(5)) == "TypeError: 'int' object is not iterable"
    assert error(lambda: zip('a', 5)) == "TypeError: 'int' object is not iterable"
    i = iter([1, 2, 3, 4])
    assert list(zip(i, i)) == [(1, 2), (3, 4)]
    a, b = zip(*[(1, 2), (3, 4)])
    assert (a, b) == ((1, 3), (2, 4))


def test_zip_reads_left_first():
    i = iter([1, 2, 3])
    list(zip('', i))
    assert next(i) == 1
    i = iter([1, 2, 3])
    list(zip(i, 'a'))
    assert next(i) == 3


def test_map():
    assert list(map(str, [1, 2])) == ["1", "2"]
    assert list(map(lambda a, b: a + b, [1, 2], [3, 4, 5])) == [4, 6]
    assert error(lambda: list(map(None, [1]))) == "TypeError: 'NoneType' object is not callable"
    assert error(lambda: list(map(len, [1]))) == "TypeError: object of type 'int' has no len()"
    assert error(lambda: map(len, 5)) == "TypeError: 'int' object is not iterable"
    assert list(map(pow, [2, 3], [3, 2], [5, 5])) == [3, 4]
    assert (error(lambda: next(map(int, 'x')))
            == "ValueError: invalid literal for int() with base 10: 'x'")
    m = map(int, ['1', 'x', '3'])
    assert next(m) == 1
    assert error(lambda: next(m)) == "ValueError: invalid literal for int() with base 10: 'x'"
    assert next(m) == 3


def test_filter():
    assert list(filter(None, [0, 1, '', 'a', None])) == [1, "a"]
    assert list(filter(lambda x: x > 1, [1, 2, 3])) == [2, 3]
    assert list(filter(str.isdigit, 'a1b2')) == ["1", "2"]
    assert error(lambda: filter(None, 5)) == "TypeError: 'int' object is not iterable"
    assert error(lambda: list(filter(5, [1]))) == "TypeError: 'int' object is not callable"
    assert error(lambda: filter(None)) == "TypeError: filter expected 2 arguments, got 1"


def test_reversed():
    assert list(reversed([1, 2])) == [2, 1]
    assert list(reversed('ab')) == ["b", "a"]
    assert list(reversed(range(3))) == [2, 1, 0]
    assert list(reversed({1: 2, 3: 4})) == [3, 1]
    assert error(lambda: reversed({1, 2})) == "TypeError: 'set' object is not reversible"
    assert error(lambda: reversed(5)) == "TypeError: 'int' object is not reversible"
    assert (error(lambda: reversed(iter([])))
            == "TypeError: 'list_iterator' object is not reversible")
    class R:
        def __reversed__(self): return 'reversed result'
    class S:
        def __len__(self): return 3
        def __getitem__(self, i): return i
    class N:
        __reversed__ = None
        def __len__(self): return 0
        def __getitem__(self, i): return i
    assert reversed(R()) == "reversed result"
    assert list(reversed(S())) == [2, 1, 0]
    assert error(lambda: reversed(N())) == "TypeError: 'N' object is not reversible"


def test_sum():
    assert sum([1, 2, 3]) == 6
    assert sum([1, 2], 10) == 13
    assert sum([[1], [2]], []) == [1, 2]
    assert (error(lambda: sum(['a', 'b'], ''))
            == "TypeError: sum() can't sum strings [use ''.join(seq) instead]")
    assert (error(lambda: sum([b'a'], b''))
            == "TypeError: sum() can't sum bytes [use b''.join(seq) instead]")
    assert (error(lambda: sum([bytearray(b'a')], bytearray()))
            == "TypeError: sum() can't sum bytearray [use b''.join(seq) instead]")
    assert (error(lambda: sum(['a']))
            == "TypeError: unsupported operand type(s) for +: 'int' and 'str'")
    assert repr(sum([0.1] * 10)) == "1.0"
    assert repr(sum([1, 2.5, 3])) == "6.5"
    assert repr(sum([1e308, 1e308, -1e308])) == "inf"
    assert repr(sum([1e16, 1, -1e16])) == "0.0"
    assert repr(sum([2**62, 2**62, 1.0])) == "9.223372036854776e+18"
    assert repr(sum([1j, 2])) == "(2+1j)"
    assert repr(sum([0.1, 1j, 0.2])) == "(0.30000000000000004+1j)"
    assert error(lambda: sum(5)) == "TypeError: 'int' object is not iterable"
    assert sum([True, True]) == 2
    assert sum((), start=5) == 5
    assert (error(lambda: sum([[1]]))
            == "TypeError: unsupported operand type(s) for +: 'int' and 'list'")


def test_min_and_max():
    assert max([3, 1, 2]) == 3
    assert max(3, 1, 2) == 3
    assert min('b', 'a') == "a"
    assert max([], default=5) == 5
    assert error(lambda: max([])) == "ValueError: max() iterable argument is empty"
    assert error(lambda: min()) == "TypeError: min expected at least 1 argument, got 0"
    assert error(lambda: max(1)) == "TypeError: 'int' object is not iterable"
    assert max([1, 2], key=lambda v: -v) == 1
    assert (error(lambda: min([1, 'a']))
            == "TypeError: '<' not supported between instances of 'str' and 'int'")
    assert max(['a', 'bb', 'cc'], key=len) == "bb"
    assert min(['aa', 'bb', 'c', 'd'], key=len) == "c"
    assert (error(lambda: max(1, 2, default=3))
            == "TypeError: Cannot specify a default for max() with multiple positional arguments")
    assert error(lambda: max([1], key=5)) == "TypeError: 'int' object is not callable"
    assert min(1, 2, key=None) == 1
    assert max({'a': 1, 'b': 0}) == "b"
    assert repr(min([float('nan'), 1])) == "nan"


def test_any_and_all():
    assert any([]) is False
    assert all([]) is True
    assert any([0, '', 1]) is True
    assert all([1, 'a', 0]) is False
    assert error(lambda: any(5)) == "TypeError: 'int' object is not iterable"
    i = iter([0, 1, 2])
    any(i)
    assert next(i) == 2
    i = iter([1, 0, 2])
    all(i)
    assert next(i) == 2


def test_sorted():
    assert sorted('bca') == ["a", "b", "c"]
    assert sorted([3, 1], reverse=True) == [3, 1]
    assert (error(lambda: sorted([1, 'a']))
            == "TypeError: '<' not supported between instances of 'str' and 'int'")
    assert error(lambda: sorted(5)) == "TypeError: 'int' object is not iterable"
    assert sorted({'b': 1, 'a': 2}.items()) == [("a", 2), ("b", 1)]
    assert sorted([1, 2], key=lambda v: -v) == [2, 1]
    assert error(lambda: sorted(iterable=[1])) == "TypeError: sorted expected 1 argument, got 0"
    assert sorted([3, 1, 2], key=None, reverse=1) == [3, 2, 1]
    assert sorted([1], reverse='a') == [1]


def test_length_hint():
    class H:
        def __init__(self, v): self.v = v
        def __iter__(self): return iter('ab')
        def __length_hint__(self): return self.v
    assert list(H(5)) == ["a", "b"]
    assert list(H(0)) == ["a", "b"]
    assert list(H(NotImplemented)) == ["a", "b"]
    assert error(lambda: list(H(-1))) == "ValueError: __length_hint__() should return >= 0"
    assert error(lambda: list(H('a'))) == "TypeError: __length_hint__ must be an integer, not str"
    class E:
        def __iter__(self): return iter('a')
        def __length_hint__(self): raise TypeError('hint')
    class F:
        def __iter__(self): return iter('a')
        def __length_hint__(self): raise ValueError('hint')
    assert list(E()) == ["a"]
    assert error(lambda: list(F())) == "ValueError: hint"


def test_list_comprehension():
    assert [x for x in 'abc'] == ["a", "b", "c"]
    assert [x for x in range(10) if x % 2 if x % 3] == [1, 5, 7]
    assert [x + y for x in 'ab' for y in 'cd'] == ["ac", "ad", "bc", "bd"]
    assert [(x, y) for x in range(3) for y in range(x)] == [(1, 0), (2, 0), (2, 1)]
    assert [x if x else 'zero' for x in range(2)] == ["zero", 1]
    assert [[y for y in x] for x in ['ab', 'c']] == [["a", "b"], ["c"]]
    assert [x for x, in [(1,), (2,)]] == [1, 2]
    assert [a for a, *b in ['xyz']] == ["x"]
    assert error(lambda: [x for x in 5]) == "TypeError: 'int' object is not iterable"
    assert error(lambda: [x.y for x in [1]]) == "AttributeError: 'int' object has no attribute 'y'"


def test_dict_and_set_comprehension():
    assert {x: x * x for x in range(3)} == {0: 0, 1: 1, 2: 4}
    assert {x % 2 for x in range(5)} == {0, 1}
    assert {k: v for k, v in [('a', 1)] if v} == {"a": 1}
    assert {x: y for x in 'ab' for y in 'cd'} == {"a": "d", "b": "d"}
    assert error(lambda: {[] for x in 'a'}) == "TypeError: unhashable type: 'list'"
    assert error(lambda: {[]: 1 for x in 'a'}) == "TypeError: unhashable type: 'list'"


def test_iterators_of_comprehension_are_lazy_in_nested_loops():
    log = []
    def n(v):
        log.append(v)
        return v
    [x for x in n([1, 2]) for y in n('a')]
    assert log == [[1, 2], "a", "a"]


def test_iterator_exhaustion_is_permanent_for_builtins():
    i = iter([1])
    next(i)
    assert next(i, 'a') == "a"
    assert next(i, 'b') == "b"
    s = iter('')
    assert next(s, 'x') == "x"
    z = zip([1])
    next(z)
    assert next(z, 'end') == "end"
    assert list(z) == []


def test_star_unpacking_of_iterators():
    assert [*range(2), *'ab', *{1: 2}] == [0, 1, "a", "b", 1]
    assert {*'a', *()} == {"a"}
    assert (*iter([1, 2]),) == (1, 2)
    assert error(lambda: [*5]) == "TypeError: Value after * must be an iterable, not int"
    assert error(lambda: [*None]) == "TypeError: Value after * must be an iterable, not NoneType"
    assert error(lambda: {**5}) == "TypeError: 'int' object is not a mapping"
    assert error(lambda: {**[1]}) == "TypeError: 'list' object is not a mapping"
    assert [*Countdown(2), 'x'] == [1, 0, "x"]


def test_iterator_types():
    assert type(iter([])).__name__ == "list_iterator"
    assert type(iter(())).__name__ == "tuple_iterator"
    assert type(iter('')).__name__ == "str_ascii_iterator"
    assert type(iter({})).__name__ == "dict_keyiterator"
    assert type(iter(set())).__name__ == "set_iterator"
    assert type(iter(range(0))).__name__ == "range_iterator"
    assert type(iter(b'')).__name__ == "bytes_iterator"
    assert type(iter(bytearray())).__name__ == "bytearray_iterator"
    assert type(zip()).__name__ == "zip"
    assert type(map(len, [])).__name__ == "map"
    assert type(filter(None, [])).__name__ == "filter"
    assert type(enumerate([])).__name__ == "enumerate"
    assert type(reversed([])).__name__ == "list_reverseiterator"
    assert type(reversed('')).__name__ == "reversed"
    assert type(iter(int, 1)).__name__ == "callable_iterator"
    assert type(iter(memoryview(b''))).__name__ == "memory_iterator"
    assert type(iter('\u20ac')).__name__ == "str_iterator"


def test_mutating_while_iterating_a_list():
    l = [1, 2, 3]
    out = []
    for x in l:
        out.append(x)
        if x == 1: l.clear()
    assert out == [1]
    l = [1]
    i = iter(l)
    next(i)
    assert next(i, 'end') == "end"
    l.append(2)
    assert next(i, 'end') == "end"


main(globals())
