# dict: construction, methods, views, order, error messages.
from _run import describe, error, main



def test_construction():
    assert dict() == {}
    assert dict(a=1, b=2) == {"a": 1, "b": 2}
    assert dict([('a', 1), ('b', 2)]) == {"a": 1, "b": 2}
    assert dict({'a': 1}, b=3) == {"a": 1, "b": 3}
    assert dict([('a', 1)], a=2) == {"a": 2}
    assert dict(['ab', 'cd']) == {"a": "b", "c": "d"}
    assert dict(zip('ab', range(2))) == {"a": 0, "b": 1}
    assert error(lambda: dict(1)) == "TypeError: 'int' object is not iterable"
    assert (error(lambda: dict([1]))
            == "TypeError: cannot convert dictionary update sequence element #0 to a sequence")
    assert (error(lambda: dict(['abc']))
            == "ValueError: dictionary update sequence element #0 has length 3; 2 is required")
    assert (error(lambda: dict([('a',)]))
            == "ValueError: dictionary update sequence element #0 has length 1; 2 is required")
    assert error(lambda: dict(1, 2)) == "TypeError: dict expected at most 1 argument, got 2"
    assert dict(**{'x y': 1}) == {"x y": 1}
    assert {**{'a': 1}, 'b': 2, **{'a': 3}} == {"a": 3, "b": 2}
    assert {1: 'a', 1.0: 'b', True: 'c'} == {1: "c"}
    assert (error(lambda: dict([[1, 2, 3]]))
            == "ValueError: dictionary update sequence element #0 has length 3; 2 is required")
    assert error(lambda: dict(None)) == "TypeError: 'NoneType' object is not iterable"


def test_construction_from_mapping_protocol():
    class M:
        def keys(self): return ['x', 'y']
        def __getitem__(self, k): return k * 2
    assert dict(M()) == {"x": "xx", "y": "yy"}
    assert {**M()} == {"x": "xx", "y": "yy"}
    assert (lambda **k: k)(**M()) == {"x": "xx", "y": "yy"}
    d = {}
    d.update(M())
    assert d == {"x": "xx", "y": "yy"}


def test_get_and_setdefault():
    d = {'a': 1}
    assert d.get('a') == 1
    assert d.get('b') is None
    assert d.get('b', 5) == 5
    assert error(lambda: d.get([])) == "TypeError: unhashable type: 'list'"
    assert error(lambda: d.get()) == "TypeError: get expected at least 1 argument, got 0"
    assert d.setdefault('a', 9) == 1
    assert d.setdefault('z') is None
    assert d.setdefault('y', []) == []
    assert d == {"a": 1, "z": None, "y": []}
    assert error(lambda: d.setdefault([], 1)) == "TypeError: unhashable type: 'list'"
    assert (error(lambda: d.get('a', default=1))
            == "TypeError: dict.get() takes no keyword arguments")


def test_missing_keys():
    d = {}
    assert error(lambda: d['a']) == "KeyError: 'a'"
    assert error(lambda: d[1]) == "KeyError: 1"
    assert error(lambda: d[(1, 2)]) == "KeyError: (1, 2)"
    try:
        del d['a']
    except BaseException as exception:
        assert describe(exception) == "KeyError: 'a'"
    else:
        assert False, "nothing raised"
    assert error(lambda: d.pop('a')) == "KeyError: 'a'"
    assert d.pop('a', 7) == 7
    assert error(lambda: d.popitem()) == "KeyError: 'popitem(): dictionary is empty'"
    assert error(lambda: d[[]]) == "TypeError: unhashable type: 'list'"
    try:
        d[{}] = 1
    except BaseException as exception:
        assert describe(exception) == "TypeError: unhashable type: 'dict'"
    else:
        assert False, "nothing raised"
    assert error(lambda: d.pop()) == "TypeError: pop expected at least 1 argument, got 0"


def test_pop_and_popitem():
    d = {'a': 1, 'b': 2, 'c': 3}
    assert d.pop('b') == 2
    assert d.popitem() == ("c", 3)
    assert d == {"a": 1}
    assert d.popitem() == ("a", 1)
    assert d == {}
    assert error(lambda: d.pop('a', 1, 2)) == "TypeError: pop expected at most 2 arguments, got 3"


def test_update():
    d = {'a': 1}
    assert d.update({'b': 2}) is None
    assert d.update([('c', 3)], d=4) is None
    assert d.update() is None
    assert error(lambda: d.update(None)) == "TypeError: 'NoneType' object is not iterable"
    assert (error(lambda: d.update([1]))
            == "TypeError: cannot convert dictionary update sequence element #0 to a sequence")
    assert (error(lambda: d.update(['abc']))
            == "ValueError: dictionary update sequence element #0 has length 3; 2 is required")
    assert error(lambda: d.update(1, 2)) == "TypeError: update expected at most 1 argument, got 2"
    assert d.update(e=5) is None
    assert d == {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5}
    d |= {'f': 6}
    d |= [('g', 7)]
    assert d == {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6, "g": 7}
    try:
        d |= 5
    except BaseException as exception:
        assert describe(exception) == "TypeError: 'int' object is not iterable"
    else:
        assert False, "nothing raised"


def test_merge_operator():
    assert {'a': 1} | {'a': 2, 'b': 3} == {"a": 2, "b": 3}
    assert (error(lambda: {'a': 1} | [('a', 2)])
            == "TypeError: unsupported operand type(s) for |: 'dict' and 'list'")
    assert {} | {} == {}
    assert dict(a=1).__or__(5) is NotImplemented
    assert dict(a=1).__ror__({'b': 2}) == {"b": 2, "a": 1}


def test_insertion_order():
    d = {}
    for k in 'zyxw':
        d[k] = 1
    d['y'] = 2
    del d['z']
    d['z'] = 3
    assert list(d) == ["y", "x", "w", "z"]
    assert list(d.items()) == [("y", 2), ("x", 1), ("w", 1), ("z", 3)]
    assert list(reversed(d)) == ["z", "w", "x", "y"]
    assert list(reversed(d.items())) == [("z", 3), ("w", 1), ("x", 1), ("y", 2)]
    assert list(reversed(d.values())) == [3, 1, 1, 2]


def test_keys_view():
    d = {'a': 1, 'b': 2}
    k = d.keys()
    assert repr(k) == "dict_keys(['a', 'b'])"
    assert ('a' in k) is True
    assert k & {'a', 'z'} == {"a"}
    assert sorted(k | {'z'}) == ["a", "b", "z"]
    assert k - {'a'} == {"b"}
    assert sorted(k ^ ['a', 'q']) == ["b", "q"]
    assert (k == {'a', 'b'}) is True
    assert (k <= {'a', 'b', 'c'}) is True
    assert k.isdisjoint('xyz') is True
    assert repr(k.mapping) == "mappingproxy({'a': 1, 'b': 2})"
    d['c'] = 3
    assert len(k) == 3
    assert (error(lambda: k < 5)
            == "TypeError: '<' not supported between instances of 'dict_keys' and 'int'")
    assert error(lambda: k & 5) == "TypeError: 'int' object is not iterable"
    assert {'a'} & k == {"a"}
    assert (k == ['a', 'b', 'c']) is False
    assert error(lambda: hash(k)) == "TypeError: unhashable type: 'dict_keys'"
    assert error(lambda: k[0]) == "TypeError: 'dict_keys' object is not subscriptable"


def test_items_view():
    d = {'a': 1, 'b': [2]}
    i = d.items()
    assert repr(i) == "dict_items([('a', 1), ('b', [2])])"
    assert (('a', 1) in i) is True
    assert (('a', 2) in i) is False
    assert (('a',) in i) is False
    assert ('a' in i) is False
    assert {'a': 1}.items() & {('a', 1), ('b', 2)} == {("a", 1)}
    assert ({'a': 1}.items() == {('a', 1)}) is True
    assert {'a': 1}.items() - [('a', 1)] == set()
    assert error(lambda: i | {1}) == "TypeError: unhashable type: 'list'"
    assert {'a': 1}.items().isdisjoint([('a', 2)]) is True


def test_values_view():
    d = {'a': 1, 'b': 2}
    v = d.values()
    assert repr(v) == "dict_values([1, 2])"
    assert (1 in v) is True
    assert (9 in v) is False
    assert (d.values() == d.values()) is False
    assert len(v) == 2
    assert repr(v.mapping) == "mappingproxy({'a': 1, 'b': 2})"
    assert (error(lambda: v & {1})
            == "TypeError: unsupported operand type(s) for &: 'dict_values' and 'set'")


def test_fromkeys():
    assert dict.fromkeys('ab') == {"a": None, "b": None}
    assert dict.fromkeys('ab', 0) == {"a": 0, "b": 0}
    assert dict.fromkeys([]) == {}
    assert error(lambda: dict.fromkeys(1)) == "TypeError: 'int' object is not iterable"
    assert (error(lambda: dict.fromkeys())
            == "TypeError: fromkeys expected at least 1 argument, got 0")
    assert dict.fromkeys({'x': 1, 'y': 2}, 5) == {"x": 5, "y": 5}
    assert dict.fromkeys({3, 1} and [3, 1]) == {3: None, 1: None}
    class D(dict): pass
    assert type(D.fromkeys('a')).__name__ == "D"


def test_change_during_iteration():
    d = {'a': 1, 'b': 2}
    try:
        for k in d:
            d[k + 'x'] = 1
    except RuntimeError as e:
        message = str(e)
    assert message == "dictionary changed size during iteration"
    try:
        for k in d:
            del d[k]
    except RuntimeError as e:
        message = str(e)
    assert message == "dictionary changed size during iteration"
    d = {'a': 1}
    it = iter(d)
    d['b'] = 2
    del d['a']
    assert next(it) == "b"
    for k in list(d):
        del d[k]
    assert d == {}
    for k in {'a': 1}:
        pass
    d = {1: 1, 2: 2}
    for k in d:
        d[k] = 'changed'
    assert d == {1: "changed", 2: "changed"}


def test_keys_of_equal_value():
    d = {1: 'int'}
    d[True] = 'bool'
    d[1.0] = 'float'
    assert d == {1: "float"}
    assert d[1 + 0j] == "float"
    assert len({0, False, 0.0, -0.0}) == 1
    nan = float('nan')
    d = {nan: 1}
    assert d[nan] == 1
    assert (float('nan') in d) is False


def test_missing():
    class D(dict):
        def __missing__(self, key):
            return 'no ' + str(key)
    d = D(a=1)
    assert d['a'] == 1
    assert d['zz'] == "no zz"
    assert d.get('zz') is None
    assert ('zz' in d) is False
    assert repr(d) == "{'a': 1}"
    assert '%(q)s' % d == "no q"


def test_custom_hash_and_eq():
    log = []
    class K:
        def __init__(self, n): self.n = n
        def __hash__(self): log.append('hash'); return 1
        def __eq__(self, other): log.append('eq'); return self.n == other.n
    d = {K(1): 'a', K(2): 'b'}
    assert log == ["hash", "hash", "eq"]
    log.clear()
    assert d[K(2)] == "b"
    assert log == ["hash", "eq", "eq"]


def test_eq_that_raises():
    class K:
        def __hash__(self): return 1
        def __eq__(self, other): raise ValueError('eq')
    d = {K(): 1}
    assert error(lambda: d[K()]) == "ValueError: eq"
    assert error(lambda: K() in d) == "ValueError: eq"
    assert error(lambda: d == {K(): 1}) == "ValueError: eq"


def test_hash_that_raises():
    class K:
        def __hash__(self): raise ValueError('hash')
    class NoHash:
        __hash__ = None
    class BadHash:
        def __hash__(self): return 'x'
    assert error(lambda: {K(): 1}) == "ValueError: hash"
    assert error(lambda: {NoHash(): 1}) == "TypeError: unhashable type: 'NoHash'"
    assert error(lambda: {BadHash(): 1}) == "TypeError: __hash__ method should return an integer"
    assert error(lambda: {}[NoHash()]) == "TypeError: unhashable type: 'NoHash'"
    assert error(lambda: K() in {}) == "ValueError: hash"


def test_eq_that_changes_the_dict():
    class K:
        def __init__(self, d): self.d = d
        def __hash__(self): return 5
        def __eq__(self, other):
            self.d.clear()
            return False
    d = {}
    d[K(d)] = 1
    d[K(d)] = 2
    assert len(d) == 1


def test_equality():
    assert ({'a': 1} == {'a': 1.0}) is True
    assert ({'a': 1, 'b': 2} == {'b': 2, 'a': 1}) is True
    assert ({'a': 1} == {'a': 2}) is False
    assert ({'a': 1} != {}) is True
    assert ({} == []) is False
    assert (error(lambda: {} < {})
            == "TypeError: '<' not supported between instances of 'dict' and 'dict'")
    assert ({1: 2} == {1: 2, 3: 4}) is False


def test_repr():
    assert repr({'a': [1, {}], (1,): None}) == "{'a': [1, {}], (1,): None}"
    d = {}
    d['self'] = d
    assert repr(d) == "{'self': {...}}"
    assert repr(d.values()) == "dict_values([{'self': {...}}])"
    d2 = {1: d}
    assert repr(d2) == "{1: {'self': {...}}}"


def test_copy_and_clear():
    d = {'a': []}
    c = d.copy()
    assert (c == d and c is not d) is True
    assert (c['a'] is d['a']) is True
    d.clear()
    assert d == {}
    assert c == {"a": []}
    assert error(lambda: c.copy(1)) == "TypeError: dict.copy() takes no arguments (1 given)"


def test_truth_and_length():
    assert bool({}) is False
    assert bool({0: 0}) is True
    assert len({1: 2}) == 1
    assert (not {}) is True


def test_many_keys():
    d = {i: i * i for i in range(1000)}
    assert len(d) == 1000
    assert d[999] == 998001
    for i in range(0, 1000, 2):
        del d[i]
    assert len(d) == 500
    assert sum(d) == 250000
    d[0] = 'new'
    assert list(d)[-1] == 0
    assert list(d)[0] == 1


def test_collisions():
    class C:
        def __init__(self, n): self.n = n
        def __hash__(self): return 7
        def __eq__(self, other): return self.n == other.n
    d = {C(i): i for i in range(50)}
    assert all(d[C(i)] == i for i in range(50)) is True
    del d[C(10)]
    assert (C(10) in d) is False
    assert d[C(49)] == 49
    d[C(10)] = 'back'
    assert len(d) == 50


def test_iterator_behaviour():
    d = {'a': 1, 'b': 2}
    i = iter(d)
    assert i.__length_hint__() == 2
    assert next(i) == "a"
    assert list(i) == ["b"]
    assert next(i, 'end') == "end"
    assert type(iter(d)).__name__ == "dict_keyiterator"
    assert type(iter(d.items())).__name__ == "dict_itemiterator"
    assert type(iter(d.values())).__name__ == "dict_valueiterator"
    assert type(reversed(d)).__name__ == "dict_reversekeyiterator"
    assert iter(d.keys()).__reduce__()[1] == (["a", "b"],)


def test_dict_in_boolean_contexts_and_comprehension():
    assert {k: v for k, v in zip('abc', range(3)) if v} == {"b": 1, "c": 2}
    assert {v: k for k, v in {'a': 1}.items()} == {1: "a"}
    assert {i: {j: i * j for j in range(2)} for i in range(2)} == {0: {0: 0, 1: 0}, 1: {0: 0, 1: 1}}


def test_comprehension_evaluates_key_first():
    log = []
    def note(v):
        log.append(v)
        return v
    d = {note('k'): note('v') for _ in range(1)}
    assert log == ["k", "v"]
    log.clear()
    d = {note('a'): note(1), note('b'): note(2)}
    assert log == ["a", 1, "b", 2]


def test_assignment_evaluates_value_first():
    log = []
    def note(v):
        log.append(v)
        return v
    d = {}
    note(d)[note('k')] = note('v')
    assert log[0] == "v"
    assert log[2] == "k"


def test_subclass():
    class D(dict):
        def __setitem__(self, k, v): super().__setitem__(k, v * 2)
    d = D(a=1)
    d['b'] = 2
    assert repr(d) == "{'a': 1, 'b': 4}"
    d.update(c=3)
    assert repr(d) == "{'a': 1, 'b': 4, 'c': 3}"
    assert (type(d.copy()) is dict) is True
    assert (type(d | {}) is dict) is True
    assert (d == {'a': 1, 'b': 4, 'c': 3}) is True
    d.x = 5
    assert d.x == 5


def test_subclass_iteration_with_overridden_methods():
    class D(dict):
        def keys(self): return ['fake']
        def __getitem__(self, k): return 'item ' + k
        def __iter__(self): return iter(['it'])
    d = D(a=1)
    assert dict(d) == {"fake": "item fake"}
    assert {**d} == {"fake": "item fake"}
    assert list(d) == ["it"]
    assert [*d] == ["it"]
    assert repr(d.items()) == "dict_items([('a', 1)])"


def test_class_getitem():
    assert repr(dict[str, int]) == "dict[str, int]"
    assert repr(dict[str, int].__args__) == "(<class 'str'>, <class 'int'>)"


def test_sizeof():
    assert {}.__sizeof__() == 48
    assert {1: 2}.__sizeof__() == 208
    assert {'a': 1}.__sizeof__() == 168
    assert dict.fromkeys(range(6)).__sizeof__() == 336
    assert {i: i for i in range(100)}.__sizeof__() == 4672


def test_equality_while_values_compare_oddly():
    class Odd:
        def __eq__(self, other): return True
    assert ({'a': Odd()} == {'a': 5}) is True
    assert ({'a': 5} == {'a': Odd()}) is True


main(globals())
