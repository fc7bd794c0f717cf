# Subclasses of builtin types: what is kept, what is overridden, what returns the base type.
import sys

from _run import describe, error, main



def test_int_subclass_operations_return_int():
    class I(int): pass
    assert ([type(f).__name__ for f in (I(1) + 1, I(1) - I(1), -I(1), abs(I(1)), I(3) // 2, I(3) & 1, ~I(1), I(2) ** 2, +I(1), int(I(1)))]
            == ["int", "int", "int", "int", "int", "int", "int", "int", "int", "int"])


def test_int_subclass_with_attributes():
    class I(int):
        def __new__(cls, v, tag): return super().__new__(cls, v)
        def __init__(self, v, tag): self.tag = tag
    i = I(5, 'x')
    assert repr((i, i.tag, i + 1, i == 5, hash(i) == hash(5))) == "(5, 'x', 6, True, True)"
    assert {5: 'five'}[i] == "five"
    assert [10, 20, 30][I(1, '')] == 20
    assert repr(range(I(2, ''))) == "range(0, 2)"
    assert repr(i) == "5"


def test_int_subclass_overriding_comparisons():
    class I(int):
        def __eq__(self, o): return True
        def __lt__(self, o): return 'lt'
        __hash__ = int.__hash__
    assert (I(1) == 2) is True
    assert (2 == I(1)) is True
    assert (I(1) < 0) == "lt"
    assert (0 > I(1)) == "lt"
    assert (I(1) in [5]) is True


def test_float_subclass():
    class F(float):
        def __repr__(self): return 'F(%s)' % float.__repr__(self)
        def __add__(self, o): return F(float(self) + o)
    assert repr(F(1.5)) == "F(1.5)"
    assert repr(F(1) + 1) == "F(2.0)"
    assert repr(sum([F(1), F(2)])) == "3.0"
    assert str(F(2)) == "F(2.0)"
    assert f'{F(2):.2f}' == "2.00"
    assert F(2).is_integer() is True
    assert repr(type(F.fromhex('0x1p0'))) == "<class '__main__.test_float_subclass.<locals>.F'>"
    assert round(F(1.5)) == 2


def test_str_subclass():
    class S(str):
        def upper(self): return 'UP'
        def __len__(self): return 99
        def __getitem__(self, i): return 'item'
        def __iter__(self): return iter('it')
        def __contains__(self, x): return 'maybe' == x
    s = S('abc')
    assert s.upper() == "UP"
    assert len(s) == 99
    assert s[0] == "item"
    assert list(s) == ["i", "t"]
    assert ('maybe' in s) is True
    assert ('a' in s) is False
    assert s + 'd' == "abcd"
    assert s.lower() == "abc"
    assert ''.join(s) == "it"
    assert ''.join([s]) == "abc"
    assert '%s' % s == "abc"
    assert f'{s}' == "abc"
    assert ('abc' == s) is True
    assert bytes(s, 'ascii') == b'abc'
    assert s.split('b') == ["a", "c"]
    assert type(s.split('b')[0]).__name__ == "str"


def test_str_subclass_with_str_method():
    class S(str):
        def __str__(self): return 'from __str__'
        def __repr__(self): return 'from __repr__'
        def __format__(self, spec): return 'from __format__ ' + spec
    s = S('raw')
    assert str(s) == "from __str__"
    assert repr(s) == "from __repr__"
    assert f'{s}' == "from __format__ "
    assert f'{s!s}' == "from __str__"
    assert '%s' % s == "from __str__"
    assert '{}'.format(s) == "from __format__ "
    assert str.__str__(s) == "raw"
    assert repr(type(str(S('x')))) == "<class 'str'>"


def test_str_subclass_as_dict_key_and_attribute_name():
    class S(str):
        def __hash__(self): return 5
        def __eq__(self, o): return str.__eq__(self, o)
    d = {'a': 1}
    assert (S('a') in d) is False
    d[S('b')] = 2
    assert ('b' in d) is False
    assert d.get(S('b')) == 2
    class C: pass
    assert (type(sorted(vars(type('X', (), {S('k'): 1})))[-1]).__name__ in ('S', 'str')) is True


def test_bytes_and_bytearray_subclasses():
    class B(bytes):
        def __getitem__(self, i): return 'g'
    class A(bytearray): pass
    assert B(b'ab')[0] == "g"
    assert B(b'ab') + b'c' == b'abc'
    assert repr(type(B(b'x').upper())) == "<class 'bytes'>"
    assert list(B(b'ab')) == [97, 98]
    assert repr(type(A(b'a') + b'b')) == "<class 'bytearray'>"
    assert repr(type(A(b'a') * 2)) == "<class 'bytearray'>"
    a = A(b'a')
    a += b'b'
    assert type(a).__name__ == "A"


def test_list_subclass():
    class L(list):
        def append(self, x): super().append(x * 2)
        def __getitem__(self, i): return ('got', list.__getitem__(self, i))
    l = L([1])
    l.append(2)
    l.extend([3])
    l += [4]
    assert list(l) == [1, 4, 3, 4]
    assert l[0] == ("got", 1)
    assert l[-1] == ("got", 4)
    assert list.__getitem__(l, 0) == 1
    assert type(l + []).__name__ == "list"
    assert type(l * 2).__name__ == "list"
    assert sorted(L([2, 1])) == [1, 2]
    a, b, *c = l
    assert (a, b, c) == (1, 4, [3, 4])
    assert [*l] == [1, 4, 3, 4]


def test_list_subclass_len_and_iter():
    class L(list):
        def __len__(self): return 0
        def __iter__(self): return iter('xy')
    l = L([1, 2, 3])
    assert bool(l) is False
    assert list(l) == ["x", "y"]
    assert [*l] == ["x", "y"]
    assert tuple(l) == ("x", "y")
    assert (l == [1, 2, 3]) is True
    assert l.copy() == [1, 2, 3]
    assert [0] + l == [0, 1, 2, 3]
    assert ''.join(l) == "xy"


def test_tuple_subclass():
    class T(tuple):
        def __new__(cls, *a): return super().__new__(cls, a)
        def __getitem__(self, i): return 'T%d' % i
    t = T(1, 2)
    assert repr(t) == "(1, 2)"
    assert t[0] == "T0"
    assert t + (3,) == (1, 2, 3)
    assert repr(type(t + ())) == "<class 'tuple'>"
    assert (hash(t) == hash((1, 2))) is True
    assert (t == (1, 2)) is True
    assert '%s %s' % t == "1 2"
    a, b = t
    assert (a, b) == (1, 2)
    assert isinstance(t, tuple) is True
    assert repr(T.__new__(T, 5)) == "(5,)"


def test_dict_subclass():
    class D(dict):
        def __getitem__(self, k): return 'got ' + k
        def get(self, k, d=None): return 'get'
        def __contains__(self, k): return True
        def __iter__(self): return iter(['fake'])
        def keys(self): return ['k1']
        def items(self): return [('i', 1)]
        def __len__(self): return 50
    d = D(a=1)
    assert d['x'] == "got x"
    assert d.get('q') == "get"
    assert ('nothing' in d) is True
    assert list(d) == ["fake"]
    assert dict(d) == {"k1": "got k1"}
    assert {**d} == {"k1": "got k1"}
    assert len(d) == 50
    assert bool(d) is True
    assert '%(key)s' % d == "got key"
    assert '{key}'.format_map(d) == "got key"
    assert (d == {'a': 1}) is True
    assert repr(d) == "{'a': 1}"
    assert d.copy() == {"k1": "got k1"}
    assert (lambda **k: k)(**d) == {"k1": "got k1"}


def test_dict_subclass_with_missing():
    class D(dict):
        def __missing__(self, k):
            self[k] = v = []
            return v
    d = D()
    d['a'].append(1)
    d['a'].append(2)
    assert repr(d) == "{'a': [1, 2]}"
    assert d.get('zz') is None
    assert repr(D.fromkeys('x')) == "{'x': None}"
    assert type(D.fromkeys('x')).__name__ == "D"


def test_default_dict_as_globals():
    class G(dict):
        def __missing__(self, k): return 'made ' + k
    assert eval('x', {}, G()) == "made x"
    assert eval('x', G()) == "made x"


def test_set_subclass():
    class S(set):
        def add(self, x): super().add(('added', x))
    s = S([1])
    s.add(2)
    s.update([3])
    assert (s == {1, 3, ('added', 2)}) is True
    assert type(s | {5}).__name__ == "set"
    assert type(s.union([5])).__name__ == "set"
    assert type(s.copy()).__name__ == "set"
    assert type(s - {1}).__name__ == "set"
    class F(frozenset): pass
    assert type(F() | {1}).__name__ == "frozenset"
    assert type(F([1]).union()).__name__ == "frozenset"


def test_exception_subclass():
    class E(ValueError):
        def __new__(cls, *a, **k):
            self = super().__new__(cls, *a)
            self.made = True
            return self
        def __init__(self, x, y=0):
            super().__init__(x)
            self.y = y
    e = E(1, y=2)
    assert repr((e.args, e.y, e.made)) == "((1,), 2, True)"
    assert str(e) == "1"
    assert repr(e) == "E(1)"
    try:
        raise E('raised', y=5)
    except ValueError as caught:
        r = caught.y
    assert r == 5


def test_property_subclass():
    class P(property):
        def __get__(self, o, t=None): return 'P ' + str(super().__get__(o, t))
    class C:
        @P
        def x(self): return 1
    assert C().x == "P 1"
    assert type(C.__dict__['x']).__name__ == "P"
    class Q(property): "own doc"
    assert Q(lambda s: 1).__doc__ is None


def test_classmethod_and_staticmethod_subclasses():
    class M(classmethod):
        tag = 't'
    class C:
        @M
        def f(cls): return cls.__name__
    assert C.f() == "C"
    assert C.__dict__['f'].tag == "t"


def test_type_subclass_instances():
    class T(type):
        def __len__(cls): return 3
    class A(metaclass=T): pass
    class B(A): pass
    assert len(A) == 3
    assert len(B) == 3
    assert (type(B) is T) is True


def test_module_subclass():
    class M(type(sys)):
        @property
        def p(self): return 'prop of ' + self.__name__
        def __getattr__(self, n): return 'attr ' + n
    m = M('mod')
    assert m.p == "prop of mod"
    assert m.anything == "attr anything"
    assert m.__name__ == "mod"
    m.__class__ = type(sys)
    assert error(lambda: m.anything) == "AttributeError: module 'mod' has no attribute 'anything'"


def test_complex_and_bool():
    class Z(complex):
        def __add__(self, o): return 'added'
    assert Z(1) + 1 == "added"
    assert repr(1 + Z(1)) == "(2+0j)"
    assert repr(type(-Z(1))) == "<class 'complex'>"
    assert (error(lambda: type('B', (bool,), {}))
            == "TypeError: type 'bool' is not an acceptable base type")


def test_object_with_slots_deriving_from_builtins():
    class L(list): __slots__ = ('x',)
    l = L([1])
    l.x = 5
    assert repr((l, l.x)) == "([1], 5)"
    try:
        l.y = 1
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: 'L' object has no attribute 'y' and no __dict__ for setting new attributes")
    else:
        assert False, "nothing raised"
    class I(int): __slots__ = ()
    try:
        I(1).x = 1
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: 'I' object has no attribute 'x' and no __dict__ for setting new attributes")
    else:
        assert False, "nothing raised"
    class T(tuple): __slots__ = ()
    assert repr(T((1,))) == "(1,)"


def test_init_arguments_of_builtin_subclasses():
    class L(list): pass
    assert error(lambda: L(x=1)) == "TypeError: list() takes no keyword arguments"
    class D(dict):
        def __init__(self, *a, **k): super().__init__(*a, extra=1, **k)
    assert repr(D(a=2)) == "{'extra': 1, 'a': 2}"
    class I(int): pass
    class S(str): pass
    assert repr(S(b'abc', 'ascii')) == "'abc'"
    assert repr(S(object=5)) == "'5'"


def test_new_returning_existing():
    class Cache(str):
        made = {}
        def __new__(cls, v):
            if v not in cls.made: cls.made[v] = super().__new__(cls, v)
            return cls.made[v]
    assert (Cache('a') is Cache('a')) is True


def test_multiple_inheritance_with_builtins():
    class Mixin:
        def double(self): return self + self
    class L(Mixin, list): pass
    class I(Mixin, int): pass
    class S(Mixin, str): pass
    assert L([1]).double() == [1, 1]
    assert I(2).double() == 4
    assert S('x').double() == "xx"
    assert [b.__name__ for b in L.__mro__] == ["L", "Mixin", "list", "object"]
    class Both(list, Mixin): pass
    assert Both([1]).double() == [1, 1]


def test_layout_conflicts():
    assert (error(lambda: type('X', (int, str), {}))
            == "TypeError: multiple bases have instance lay-out conflict")
    assert (error(lambda: type('X', (list, tuple), {}))
            == "TypeError: multiple bases have instance lay-out conflict")
    assert (error(lambda: type('X', (dict, set), {}))
            == "TypeError: multiple bases have instance lay-out conflict")
    assert (error(lambda: type('X', (int, float), {}))
            == "TypeError: multiple bases have instance lay-out conflict")
    assert repr(type('X', (ValueError, KeyError), {})) == "<class '__main__.X'>"
    assert (error(lambda: type('X', (ValueError, int), {}))
            == "TypeError: multiple bases have instance lay-out conflict")
    assert (error(lambda: type('X', (OSError, ImportError), {}))
            == "TypeError: multiple bases have instance lay-out conflict")
    assert (error(lambda: type('X', (list, int), {}))
            == "TypeError: multiple bases have instance lay-out conflict")
    assert (repr(type('X', (ValueError, KeyError), {}).__mro__[1:3])
            == "(<class 'ValueError'>, <class 'KeyError'>)")
    assert repr(type('X', (int, object), {}).__mro__[1]) == "<class 'int'>"
    assert (error(lambda: type('X', (bytes, str), {}))
            == "TypeError: multiple bases have instance lay-out conflict")


def test_hash_alone_keeps_equality():
    for base, value in ((list, [1]), (dict, {1: 2}), (tuple, (1,)), (int, 5), (str, "a")):
        class Hashed(base):
            def __hash__(self):
                return 1
        assert Hashed(value) == Hashed(value) and Hashed(value) == value and hash(Hashed(value)) == 1
        class Equal(base):
            def __eq__(self, other):
                return True
        assert error(lambda: hash(Equal(value))) == "TypeError: unhashable type: 'Equal'"


main(globals())
