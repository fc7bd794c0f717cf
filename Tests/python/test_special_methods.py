# Which special method each operation calls, and with what.
from _run import error, main


log = []


class Spy:
    """Logs every special method that is called on it."""
    def note(self, name, *args):
        log.append((name, *args))


def add(name, result):
    def method(self, *args):
        self.note(name, *[a for a in args if not isinstance(a, Spy)])
        return result
    setattr(Spy, name, method)


for name, result in {
        '__len__': 3, '__getitem__': 'item', '__setitem__': None, '__delitem__': None, '__contains__': True,
        '__call__': 'called', '__enter__': 'entered', '__exit__': True, '__bool__': True, '__int__': 5,
        '__float__': 5.5, '__complex__': 5j, '__index__': 2, '__neg__': 'neg', '__pos__': 'pos',
        '__invert__': 'inv', '__abs__': 'abs', '__round__': 'round', '__trunc__': 4, '__floor__': 'floor',
        '__ceil__': 'ceil', '__lt__': True, '__le__': True, '__eq__': True, '__ne__': True, '__gt__': True,
        '__ge__': True, '__hash__': 7, '__str__': 'str', '__repr__': 'repr', '__bytes__': b'bytes',
        '__format__': 'format', '__dir__': ['d'], '__reversed__': 'reversed', '__iadd__': 'iadd',
        '__add__': 'add', '__radd__': 'radd', '__matmul__': 'matmul', '__divmod__': 'divmod',
        '__pow__': 'pow', '__length_hint__': 9, '__sizeof__': 64}.items():
    add(name, result)


def calls(action):
    """What ACTION returns and the calls it makes."""
    del log[:]
    try:
        result = action(Spy())
    except Exception as exception:
        result = type(exception).__name__
    return result if type(result) in (int, str, bool, float, list, bytes, complex) else type(result).__name__, list(log)


def test_container_methods():
    assert calls(lambda s: len(s)) == (3, [("__len__",)])
    assert calls(lambda s: s[1]) == ("item", [("__getitem__", 1)])
    assert repr(calls(lambda s: s[1:2])) == "('item', [('__getitem__', slice(1, 2, None))])"
    assert calls(lambda s: s['a', 2]) == ("item", [("__getitem__", ("a", 2))])
    assert repr(calls(lambda s: 3 in s)) == "(True, [('__contains__', 3)])"
    assert repr(calls(lambda s: 3 not in s)) == "(False, [('__contains__', 3)])"
    assert calls(lambda s: reversed(s)) == ("reversed", [("__reversed__",)])
    assert calls(lambda s: s.__delitem__(1)) == ("NoneType", [("__delitem__", 1)])


def test_call_and_context():
    assert calls(lambda s: s()) == ("called", [("__call__",)])
    assert calls(lambda s: s(1, 'a')) == ("called", [("__call__", 1, "a")])
    assert calls(lambda s: s.__enter__()) == ("entered", [("__enter__",)])
    def use(s):
        with s as v:
            return v
    assert calls(use) == ("entered", [("__enter__",), ("__exit__", None, None, None)])
    def fail(s):
        with s:
            raise ValueError
        return 'after'
    assert [c[0] for c in calls(fail)[1]] == ["__enter__", "__exit__"]


def test_truth():
    assert repr(calls(lambda s: bool(s))) == "(True, [('__bool__',)])"
    assert repr(calls(lambda s: not s)) == "(False, [('__bool__',)])"
    assert calls(lambda s: 1 if s else 2) == (1, [("__bool__",)])
    assert calls(lambda s: s and 5) == (5, [("__bool__",)])
    assert calls(lambda s: s or 5) == ("Spy", [("__bool__",)])
    def loop(s):
        while s: break
        return 'done'
    assert calls(loop) == ("done", [("__bool__",)])
    def asserts(s):
        assert s
        return 'ok'
    assert calls(asserts) == ("ok", [("__bool__",)])


def test_conversions():
    assert calls(lambda s: int(s)) == (5, [("__int__",)])
    assert repr(calls(lambda s: float(s))) == "(5.5, [('__float__',)])"
    assert repr(calls(lambda s: complex(s))) == "(5j, [('__complex__',)])"
    assert calls(lambda s: hex(s)) == ("0x2", [("__index__",)])
    assert calls(lambda s: bin(s)) == ("0b10", [("__index__",)])
    assert calls(lambda s: [1, 2, 3][s]) == (3, [("__index__",)])
    assert calls(lambda s: range(s).stop) == (2, [("__index__",)])
    assert calls(lambda s: 'ab' * s) == ("abab", [("__index__",)])
    assert calls(lambda s: chr(s)) == ("\x02", [("__index__",)])
    assert calls(lambda s: round(s)) == ("round", [("__round__",)])
    assert calls(lambda s: round(s, 1)) == ("round", [("__round__", 1)])
    assert calls(lambda s: divmod(s, 3)) == ("divmod", [("__divmod__", 3)])
    assert calls(lambda s: bytes(s)) == (b'bytes', [("__bytes__",)])
    assert calls(lambda s: 'abc'[s]) == ("c", [("__index__",)])
    assert calls(lambda s: abs(s)) == ("abs", [("__abs__",)])
    assert calls(lambda s: pow(s, 2)) == ("pow", [("__pow__", 2)])
    assert calls(lambda s: pow(s, 2, 5)) == ("pow", [("__pow__", 2, 5)])


def test_text():
    assert calls(lambda s: str(s)) == ("str", [("__str__",)])
    assert calls(lambda s: repr(s)) == ("repr", [("__repr__",)])
    assert calls(lambda s: f'{s}') == ("format", [("__format__", "")])
    assert calls(lambda s: f'{s!r}') == ("repr", [("__repr__",)])
    assert calls(lambda s: f'{s:>5}') == ("format", [("__format__", ">5")])
    assert calls(lambda s: '%s' % s) == ("str", [("__str__",)])
    assert calls(lambda s: '%r' % s) == ("repr", [("__repr__",)])
    assert calls(lambda s: '{}'.format(s)) == ("format", [("__format__", "")])
    assert calls(lambda s: format(s, 'x')) == ("format", [("__format__", "x")])
    assert calls(lambda s: ascii(s)) == ("repr", [("__repr__",)])
    assert calls(lambda s: f'{s!s:>5}') == ("  str", [("__str__",)])
    assert calls(lambda s: '%d' % s) == ("5", [("__int__",)])
    assert calls(lambda s: '%f' % s) == ("5.500000", [("__float__",)])
    assert calls(lambda s: '%x' % s) == ("2", [("__index__",)])


def test_comparison():
    assert repr(calls(lambda s: s < 1)) == "(True, [('__lt__', 1)])"
    assert repr(calls(lambda s: s <= 1)) == "(True, [('__le__', 1)])"
    assert repr(calls(lambda s: s == 1)) == "(True, [('__eq__', 1)])"
    assert repr(calls(lambda s: s != 1)) == "(True, [('__ne__', 1)])"
    assert repr(calls(lambda s: s > 1)) == "(True, [('__gt__', 1)])"
    assert repr(calls(lambda s: s >= 1)) == "(True, [('__ge__', 1)])"
    assert repr(calls(lambda s: 1 < s)) == "(True, [('__gt__', 1)])"
    assert repr(calls(lambda s: 1 == s)) == "(True, [('__eq__', 1)])"
    assert repr(calls(lambda s: s in [5])) == "(True, [('__eq__', 5)])"
    assert repr(calls(lambda s: [s] == [5])) == "(True, [('__eq__', 5)])"
    assert repr(calls(lambda s: (s,) < (5,))) == "(False, [('__eq__', 5)])"
    assert repr(calls(lambda s: max(s, 5) is s)) == "(False, [('__lt__', 5)])"
    assert repr(calls(lambda s: sorted([1, s])[0] == 1)) == "(True, [('__lt__', 1), ('__eq__', 1)])"


def test_hashing():
    assert calls(lambda s: hash(s)) == (7, [("__hash__",)])
    assert calls(lambda s: {s: 1}) == ("dict", [("__hash__",)])
    assert calls(lambda s: {s}) == ("set", [("__hash__",)])
    assert repr(calls(lambda s: s in {7: 1})) == "(True, [('__hash__',), ('__eq__', 7)])"
    assert calls(lambda s: {1: 2}.get(s)) == ("NoneType", [("__hash__",)])
    assert calls(lambda s: frozenset([s])) == ("frozenset", [("__hash__",)])
    assert repr(calls(lambda s: hash((s,)) is None)) == "(False, [('__hash__',)])"


def test_arithmetic():
    assert calls(lambda s: s + 1) == ("add", [("__add__", 1)])
    assert calls(lambda s: 1 + s) == ("radd", [("__radd__", 1)])
    assert calls(lambda s: s @ 2) == ("matmul", [("__matmul__", 2)])
    assert calls(lambda s: -s) == ("neg", [("__neg__",)])
    assert calls(lambda s: +s) == ("pos", [("__pos__",)])
    assert calls(lambda s: ~s) == ("inv", [("__invert__",)])
    assert calls(lambda s: s ** 2) == ("pow", [("__pow__", 2)])
    def aug(s):
        s += 5
        return s
    assert calls(aug) == ("iadd", [("__iadd__", 5)])


def test_other_protocols():
    assert calls(lambda s: dir(s)) == (["d"], [("__dir__",)])
    assert calls(lambda s: s.__class__.__name__) == ("Spy", [])
    assert repr(calls(lambda s: isinstance(s, Spy))) == "(True, [])"
    assert repr(calls(lambda s: callable(s))) == "(True, [])"
    assert repr(calls(lambda s: s is s)) == "(True, [])"
    assert repr(calls(lambda s: type(s) is Spy)) == "(True, [])"
    assert repr(calls(lambda s: id(s) == id(s))) == "(True, [])"
    assert repr(calls(lambda s: hasattr(s, 'zz'))) == "(False, [])"


def test_iteration_falls_back_to_getitem():
    class S:
        def __init__(self): self.asked = []
        def __getitem__(self, i):
            self.asked.append(i)
            if i >= 2: raise IndexError
            return i
    s = S()
    list(s)
    assert s.asked == [0, 1, 2]
    s = S()
    1 in s
    assert s.asked == [0, 1]


def test_getattr_order():
    order = []
    class M(type):
        def __getattribute__(cls, n):
            order.append(('meta', n))
            return super().__getattribute__(n)
    class C(metaclass=M):
        def __getattribute__(self, n):
            order.append(('inst', n))
            return super().__getattribute__(n)
        def __getattr__(self, n):
            order.append(('fallback', n))
            return n
    c = C()
    c.x
    C.__name__
    assert order == [("inst", "x"), ("fallback", "x"), ("meta", "__name__")]
    order.clear()
    len.__call__([])
    assert order == []


def test_implicit_lookups_skip_getattribute():
    class C:
        def __getattribute__(self, n): raise RuntimeError('asked for ' + n)
        def __len__(self): return 4
        def __iter__(self): return iter('x')
    c = C()
    assert len(c) == 4
    assert list(c) == ["x"]
    assert error(lambda: c.anything) == "RuntimeError: asked for anything"


def test_set_name_and_init_subclass_order():
    order = []
    class D:
        def __init__(self, n): self.n = n
        def __set_name__(self, o, n): order.append(('set', n))
    class B:
        def __init_subclass__(cls): order.append(('sub', cls.__name__))
    class C(B):
        x = D(1)
        y = D(2)
    assert order == [("set", "x"), ("set", "y"), ("sub", "C")]


def test_new_before_init():
    order = []
    class C:
        def __new__(cls, *a, **k):
            order.append(('new', a, k))
            return super().__new__(cls)
        def __init__(self, *a, **k): order.append(('init', a, k))
    C(1, x=2)
    assert order == [("new", (1,), {"x": 2}), ("init", (1,), {"x": 2})]


def test_init_is_skipped_for_other_types():
    class C:
        def __new__(cls, v): return v
        def __init__(self, v): order.append('init')
    order = []
    C(5)
    assert order == []
    class D(C):
        def __new__(cls): return object.__new__(C)
    D()
    assert order == []


def test_del_after_failed_init():
    order = []
    class C:
        def __init__(self): raise ValueError
        def __del__(self): order.append('del')
    def run():
        C()
    assert error(lambda: run()) == "ValueError: "
    assert order == ["del"]


def test_class_call_goes_through_metaclass():
    class M(type):
        def __call__(cls, *a): return ('M', a)
    class C(metaclass=M):
        def __init__(self): raise ValueError
    assert C(1) == ("M", (1,))
    assert type.__call__(M, 'X', (), {}).__name__ == "X"


def test_instance_call_looks_at_the_type():
    class C: pass
    c = C()
    c.__call__ = lambda: 1
    assert callable(c) is False
    assert error(lambda: c()) == "TypeError: 'C' object is not callable"
    C.__call__ = lambda self: 2
    assert c() == 2


def test_format_spec_passed_through():
    class C:
        def __format__(self, s): return repr(s)
    assert f'{C()}' == "''"
    assert f'{C():}' == "''"
    assert f'{C():{">"}{5}}' == "'>5'"
    assert '{:a:b}'.format(C()) == "'a:b'"
    assert format(C(), '\u20ac') == "'\u20ac'"


def test_missing_and_contains_on_dict_subclasses():
    class D(dict):
        def __missing__(self, k): return ('missing', k)
        def __contains__(self, k): return False
    d = D(a=1)
    assert repr((d['a'], d['b'], 'a' in d, d.get('b'))) == "(1, ('missing', 'b'), False, None)"


def test_getitem_with_slices_builds_slice_objects():
    class C:
        def __getitem__(self, k): return k
    c = C()
    assert (repr((c[1:2], c[:], c[::2], c['a':'b':'c']))
            == "(slice(1, 2, None), slice(None, None, None), slice(None, None, 2), slice('a', 'b', 'c'))")
    assert repr((c[1:2, 3], c[...], c[None])) == "((slice(1, 2, None), 3), Ellipsis, None)"
    assert type(c[:]).__name__ == "slice"


def test_copy_protocol_methods():
    class C:
        def __copy__(self): return 'copied'
        def __deepcopy__(self, memo): return 'deep'
    import copy
    assert copy.copy(C()) == "copied"
    assert copy.deepcopy([C()]) == ["deep"]


def test_class_getitem_and_getitem_of_metaclass():
    class M(type):
        def __getitem__(cls, k): return ('meta', k)
    class C(metaclass=M):
        def __class_getitem__(cls, k): return ('class', k)
    assert C[1] == ("meta", 1)
    class D:
        def __class_getitem__(cls, k): return ('class', k)
    assert D[1] == ("class", 1)


def test_instancecheck_is_not_used_for_exact_type():
    class M(type):
        def __instancecheck__(cls, o): return False
    class C(metaclass=M): pass
    assert isinstance(C(), C) is True
    assert isinstance(5, C) is False


def test_subclass_hooks():
    class M(type):
        def __subclasscheck__(cls, s): return s is int
    class C(metaclass=M): pass
    assert (issubclass(int, C), issubclass(str, C)) == (True, False)


def test_fspath_index_and_length_hint():
    import os
    class P:
        def __fspath__(self): return '/p'
    assert os.fspath(P()) == "/p"
    class L:
        def __iter__(self): return iter([1])
        def __length_hint__(self): order.append('hint'); return 3
    order = []
    list(L())
    assert order == ["hint"]


main(globals())
