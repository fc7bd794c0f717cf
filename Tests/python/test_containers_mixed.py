# Containers together: equality across kinds, nesting, copying, conversion, sorting, views, unpacking.
from _run import describe, error, main



def test_equality_across_kinds():
    assert ([1, 2] == [1, 2]) is True
    assert ([1, 2] == (1, 2)) is False
    assert ([1, 2] == {2, 1}) is False
    assert ([1, 2] == bytearray(b'\x01\x02')) is False
    assert ([1, 2] == range(1, 3)) is False
    assert ((1, 2) == [1, 2]) is False
    assert ((1, 2) == (1, 2)) is True
    assert ((1, 2) == {2, 1}) is False
    assert ((1, 2) == bytearray(b'\x01\x02')) is False
    assert ((1, 2) == range(1, 3)) is False
    assert ({1, 2} == [1, 2]) is False
    assert ({1, 2} == (1, 2)) is False
    assert ({1, 2} == {2, 1}) is True
    assert ({1, 2} == bytearray(b'\x01\x02')) is False
    assert ({1, 2} == range(1, 3)) is False
    assert (frozenset([1, 2]) == [1, 2]) is False
    assert (frozenset([1, 2]) == (1, 2)) is False
    assert (frozenset([1, 2]) == {2, 1}) is True
    assert (frozenset([1, 2]) == bytearray(b'\x01\x02')) is False
    assert (frozenset([1, 2]) == range(1, 3)) is False
    assert ({1: 2} == [1, 2]) is False
    assert ({1: 2} == (1, 2)) is False
    assert ({1: 2} == {2, 1}) is False
    assert ({1: 2} == bytearray(b'\x01\x02')) is False
    assert ({1: 2} == range(1, 3)) is False
    assert (range(1, 3) == [1, 2]) is False
    assert (range(1, 3) == (1, 2)) is False
    assert (range(1, 3) == {2, 1}) is False
    assert (range(1, 3) == bytearray(b'\x01\x02')) is False
    assert (range(1, 3) == range(1, 3)) is True
    assert (b'\x01\x02' == [1, 2]) is False
    assert (b'\x01\x02' == (1, 2)) is False
    assert (b'\x01\x02' == {2, 1}) is False
    assert (b'\x01\x02' == bytearray(b'\x01\x02')) is True
    assert (b'\x01\x02' == range(1, 3)) is False


def test_ordering_across_kinds():
    assert ([1] < [2]) is True
    assert (error(lambda: [1] < (2,))
            == "TypeError: '<' not supported between instances of 'list' and 'tuple'")
    assert (error(lambda: [1] < {1, 2})
            == "TypeError: '<' not supported between instances of 'list' and 'set'")
    assert (error(lambda: [1] < 'b')
            == "TypeError: '<' not supported between instances of 'list' and 'str'")
    assert (error(lambda: [1] < b'b')
            == "TypeError: '<' not supported between instances of 'list' and 'bytes'")
    assert (error(lambda: (1,) < [2])
            == "TypeError: '<' not supported between instances of 'tuple' and 'list'")
    assert ((1,) < (2,)) is True
    assert (error(lambda: (1,) < {1, 2})
            == "TypeError: '<' not supported between instances of 'tuple' and 'set'")
    assert (error(lambda: (1,) < 'b')
            == "TypeError: '<' not supported between instances of 'tuple' and 'str'")
    assert (error(lambda: (1,) < b'b')
            == "TypeError: '<' not supported between instances of 'tuple' and 'bytes'")
    assert (error(lambda: {1} < [2])
            == "TypeError: '<' not supported between instances of 'set' and 'list'")
    assert (error(lambda: {1} < (2,))
            == "TypeError: '<' not supported between instances of 'set' and 'tuple'")
    assert ({1} < {1, 2}) is True
    assert (error(lambda: {1} < 'b')
            == "TypeError: '<' not supported between instances of 'set' and 'str'")
    assert (error(lambda: {1} < b'b')
            == "TypeError: '<' not supported between instances of 'set' and 'bytes'")
    assert (error(lambda: 'a' < [2])
            == "TypeError: '<' not supported between instances of 'str' and 'list'")
    assert (error(lambda: 'a' < (2,))
            == "TypeError: '<' not supported between instances of 'str' and 'tuple'")
    assert (error(lambda: 'a' < {1, 2})
            == "TypeError: '<' not supported between instances of 'str' and 'set'")
    assert ('a' < 'b') is True
    assert (error(lambda: 'a' < b'b')
            == "TypeError: '<' not supported between instances of 'str' and 'bytes'")
    assert (error(lambda: b'a' < [2])
            == "TypeError: '<' not supported between instances of 'bytes' and 'list'")
    assert (error(lambda: b'a' < (2,))
            == "TypeError: '<' not supported between instances of 'bytes' and 'tuple'")
    assert (error(lambda: b'a' < {1, 2})
            == "TypeError: '<' not supported between instances of 'bytes' and 'set'")
    assert (error(lambda: b'a' < 'b')
            == "TypeError: '<' not supported between instances of 'bytes' and 'str'")
    assert (b'a' < b'b') is True
    assert (error(lambda: None < [2])
            == "TypeError: '<' not supported between instances of 'NoneType' and 'list'")
    assert (error(lambda: None < (2,))
            == "TypeError: '<' not supported between instances of 'NoneType' and 'tuple'")
    assert (error(lambda: None < {1, 2})
            == "TypeError: '<' not supported between instances of 'NoneType' and 'set'")
    assert (error(lambda: None < 'b')
            == "TypeError: '<' not supported between instances of 'NoneType' and 'str'")
    assert (error(lambda: None < b'b')
            == "TypeError: '<' not supported between instances of 'NoneType' and 'bytes'")
    assert (error(lambda: 1 < [2])
            == "TypeError: '<' not supported between instances of 'int' and 'list'")
    assert (error(lambda: 1 < (2,))
            == "TypeError: '<' not supported between instances of 'int' and 'tuple'")
    assert (error(lambda: 1 < {1, 2})
            == "TypeError: '<' not supported between instances of 'int' and 'set'")
    assert (error(lambda: 1 < 'b')
            == "TypeError: '<' not supported between instances of 'int' and 'str'")
    assert (error(lambda: 1 < b'b')
            == "TypeError: '<' not supported between instances of 'int' and 'bytes'")


def test_conversion_between_kinds():
    assert list('ba') == ["b", "a"]
    assert list({2: 1}) == [2]
    assert list(range(2)) == [0, 1]
    assert list(b'ab') == [97, 98]
    assert list((3, 1)) == [3, 1]
    assert tuple('ba') == ("b", "a")
    assert tuple({2: 1}) == (2,)
    assert tuple(range(2)) == (0, 1)
    assert tuple(b'ab') == (97, 98)
    assert tuple((3, 1)) == (3, 1)
    assert sorted('ba') == ["a", "b"]
    assert sorted({2: 1}) == [2]
    assert sorted(range(2)) == [0, 1]
    assert sorted(b'ab') == [97, 98]
    assert sorted((3, 1)) == [1, 3]
    assert (set([1, 2, 1]) == {1, 2}) is True
    assert (set((2, 1)) == {1, 2}) is True
    assert (set({1: 0, 2: 0}) == {1, 2}) is True
    assert (set(range(1, 3)) == {1, 2}) is True
    assert (set(b'\x01\x02') == {1, 2}) is True
    assert bytes([1, 2]) == b'\x01\x02'
    assert bytes((3,)) == b'\x03'
    assert bytes(range(3)) == b'\x00\x01\x02'
    assert bytes({7}) == b'\x07'
    assert bytes(bytearray(b'z')) == b'z'


def test_nested_mutation():
    a = [[0] * 2] * 2
    a[0][0] = 1
    assert a == [[1, 0], [1, 0]]
    b = [[0] * 2 for _ in range(2)]
    b[0][0] = 1
    assert b == [[1, 0], [0, 0]]
    c = {'k': []}
    d = dict(c)
    d['k'].append(1)
    assert c == {"k": [1]}


def test_self_containing_containers():
    l = []
    l.append(l)
    assert repr(l) == "[[...]]"
    assert (l[0][0][0] is l) is True
    d = {}
    d['d'] = d
    assert repr(d) == "{'d': {...}}"
    t = ([],)
    t[0].append(t)
    assert repr(t) == "([(...)],)"
    l2 = [1, l]
    assert repr(l2) == "[1, [[...]]]"


def test_sort_with_keys_of_many_kinds():
    assert sorted(['b', 'A', 'c'], key=str.casefold) == ["A", "b", "c"]
    assert sorted([(1, 'b'), (1, 'a')]) == [(1, "a"), (1, "b")]
    assert sorted([[2], [1, 2], []], key=len) == [[], [2], [1, 2]]
    assert sorted({'b': 2, 'a': 1}, key={'b': 2, 'a': 1}.get) == ["a", "b"]
    assert sorted('hello', key=lambda c: (-ord(c), c)) == ["o", "l", "l", "h", "e"]
    assert sorted([3, -1, 2], key=abs, reverse=True) == [3, 2, -1]
    assert repr(sorted([True, False, 2, 0.5])) == "[False, 0.5, True, 2]"
    assert repr(sorted([0.1, 0, -0.0])) == "[0, -0.0, 0.1]"
    assert sorted(['10', '9', '2'], key=int) == ["2", "9", "10"]


def test_sort_stability_with_equal_keys():
    words = 'the quick brown fox jumps over the lazy dog'.split()
    assert (sorted(words, key=len)
            == ["the", "fox", "the", "dog", "over", "lazy", "quick", "brown", "jumps"])
    assert (sorted(words, key=len, reverse=True)
            == ["quick", "brown", "jumps", "over", "lazy", "the", "fox", "the", "dog"])
    assert (sorted(sorted(words), key=len)
            == ["dog", "fox", "the", "the", "lazy", "over", "brown", "jumps", "quick"])


def test_sorting_runs_and_patterns():
    up = list(range(100))
    assert (sorted(up) == up) is True
    assert (sorted(up[::-1]) == up) is True
    assert (sorted(up[50:] + up[:50]) == up) is True
    assert (sorted(up[::2] + up[1::2]) == up) is True
    assert ((sorted([x % 7 for x in up]) == sorted(sorted([x % 7 for x in up], reverse=True)))
            is True)
    saw = [x * 37 % 64 for x in range(64)]
    assert (sorted(saw) == list(range(64))) is True
    assert (sorted([1] * 100) == [1] * 100) is True


def test_comparisons_counted_in_sorting():
    count = 0
    class C:
        def __init__(self, v): self.v = v
        def __lt__(self, o):
            global count
            count += 1
            return self.v < o.v
    def run(values):
        global count
        count = 0
        sorted([C(v) for v in values])
        return count
    assert run(range(100)) == 99
    assert run(range(100, 0, -1)) == 99
    assert run([5] * 50) == 49
    assert run([2, 1]) == 1
    assert run([]) == 0


def test_unpacking_everywhere():
    assert [*'ab', *{1: 2}, *range(2)] == ["a", "b", 1, 0, 1]
    assert {**{'a': 1}, 'b': 2, **{'a': 3}} == {"a": 3, "b": 2}
    assert (*[], *()) == ()
    assert {*[1, 1], *(2,)} == {1, 2}
    assert print(*[], end='') is None
    assert [*[*[*[1]]]] == [1]
    assert {**{}, **{}} == {}
    assert dict(**{'a': 1}, b=2) == {"a": 1, "b": 2}
    assert max(*[1, 5], *(3,)) == 5
    a, *b = {**{'x': 1, 'y': 2}}
    assert (a, b) == ("x", ["y"])


def test_merging_order():
    assert list({'a': 1, 'b': 2} | {'c': 3, 'a': 4}) == ["a", "b", "c"]
    assert list({**{'x': 1}, 'a': 2, **{'x': 3}}) == ["x", "a"]
    d = {'a': 1}
    d.update(b=2, a=3)
    assert list(d.items()) == [("a", 3), ("b", 2)]


def test_dict_views_follow_changes():
    d = {}
    k, v, i = d.keys(), d.values(), d.items()
    d['a'] = 1
    assert (list(k), list(v), list(i)) == (["a"], [1], [("a", 1)])
    del d['a']
    assert repr((list(k), len(v), bool(i))) == "([], 0, False)"
    assert (k == set()) is True


def test_view_operations_return_sets():
    d, e = {'a': 1, 'b': 2}, {'b': 2, 'c': 3}
    assert d.keys() & e.keys() == {"b"}
    assert d.keys() - e.keys() == {"a"}
    assert sorted(d.keys() | e.keys()) == ["a", "b", "c"]
    assert sorted(d.keys() ^ e.keys()) == ["a", "c"]
    assert d.items() & e.items() == {("b", 2)}
    assert (d.keys() <= {'a', 'b', 'c'}) is True
    assert (d.keys() > {'a'}) is True
    assert d.keys().isdisjoint({'z'}) is True
    assert (d.items() >= {('a', 1)}) is True
    assert ['a'] & d.keys() == {"a"}


def test_in_on_views_of_unhashable_values():
    d = {'a': [1]}
    assert (('a', [1]) in d.items()) is True
    assert ([1] in d.values()) is True
    assert error(lambda: [1] in d.keys()) == "TypeError: unhashable type: 'list'"
    assert error(lambda: d.items() | set()) == "TypeError: unhashable type: 'list'"


def test_slices_of_everything():
    s = 'abcdefgh'
    l, t, b = list(s), tuple(s), s.encode()
    assert ([s[::2], l[::2], t[::2], b[::2]]
            == ["aceg", ["a", "c", "e", "g"], ("a", "c", "e", "g"), b'aceg'])
    assert [s[::-1], l[-3:], t[:-6], b[2:4]] == ["hgfedcba", ["f", "g", "h"], ("a", "b"), b'cd']
    assert s[100:] + s[:-100] == ""
    assert l[3:1] == []
    assert repr(range(10)[2:8:3]) == "range(2, 8, 3)"
    assert s[slice(1, 3)] == "bc"


def test_index_errors_of_everything():
    assert error(lambda: [][10]) == "IndexError: list index out of range"
    assert error(lambda: ()[10]) == "IndexError: tuple index out of range"
    assert error(lambda: ''[10]) == "IndexError: string index out of range"
    assert error(lambda: b''[10]) == "IndexError: index out of range"
    assert error(lambda: range(3)[10]) == "IndexError: range object index out of range"
    assert error(lambda: bytearray(b'a')[10]) == "IndexError: bytearray index out of range"
    assert error(lambda: memoryview(b'a')[10]) == "IndexError: index out of bounds on dimension 1"
    assert error(lambda: []['a']) == "TypeError: list indices must be integers or slices, not str"
    assert error(lambda: ()['a']) == "TypeError: tuple indices must be integers or slices, not str"
    assert error(lambda: ''['a']) == "TypeError: string indices must be integers, not 'str'"
    assert error(lambda: b''['a']) == "TypeError: byte indices must be integers or slices, not str"
    assert (error(lambda: range(3)['a'])
            == "TypeError: range indices must be integers or slices, not str")
    assert (error(lambda: bytearray(b'a')['a'])
            == "TypeError: bytearray indices must be integers or slices, not str")
    assert error(lambda: {}['a']) == "KeyError: 'a'"


def test_membership_of_everything():
    assert (1 in [1.0]) is True
    assert (1 in (True,)) is True
    assert (1 in {1: 2}) is True
    assert (1 in {1}) is True
    assert (1 in range(2)) is True
    assert (1 in b'\x01') is True
    assert (error(lambda: 1 in '1')
            == "TypeError: 'in <string>' requires string as left operand, not int")
    assert (1 in frozenset()) is False


def test_multiplication_of_everything():
    assert [1] * 3 == [1, 1, 1]
    assert (1,) * 3 == (1, 1, 1)
    assert 'ab' * 3 == "ababab"
    assert b'ab' * 3 == b'ababab'
    assert repr(bytearray(b'a') * 3) == "bytearray(b'aaa')"
    assert (error(lambda: range(2) * 3)
            == "TypeError: unsupported operand type(s) for *: 'range' and 'int'")
    assert error(lambda: {1} * 3) == "TypeError: unsupported operand type(s) for *: 'set' and 'int'"
    assert error(lambda: {} * 3) == "TypeError: unsupported operand type(s) for *: 'dict' and 'int'"
    assert (error(lambda: None * 3)
            == "TypeError: unsupported operand type(s) for *: 'NoneType' and 'int'")
    assert [1] * 0 == []
    assert (1,) * 0 == ()
    assert 'ab' * 0 == ""
    assert b'ab' * 0 == b''
    assert [1] * -1 == []
    assert (1,) * -1 == ()
    assert 'ab' * -1 == ""
    assert b'ab' * -1 == b''
    assert 2 * [1] == [1, 1]
    assert 2 * (1,) == (1, 1)
    assert 2 * 'ab' == "abab"
    assert 2 * b'ab' == b'abab'


def test_addition_of_everything():
    assert [1] + [1] == [1, 1]
    assert (1,) + (1,) == (1, 1)
    assert 'a' + 'a' == "aa"
    assert b'a' + b'a' == b'aa'
    assert (error(lambda: {1} + {1})
            == "TypeError: unsupported operand type(s) for +: 'set' and 'set'")
    assert (error(lambda: {} + {})
            == "TypeError: unsupported operand type(s) for +: 'dict' and 'dict'")
    assert (error(lambda: range(1) + range(1))
            == "TypeError: unsupported operand type(s) for +: 'range' and 'range'")
    assert (error(lambda: None + None)
            == "TypeError: unsupported operand type(s) for +: 'NoneType' and 'NoneType'")
    assert True + True == 2


def test_len_and_bool_of_everything():
    assert repr((len([]), bool([]))) == "(0, False)"
    assert repr((len(()), bool(()))) == "(0, False)"
    assert repr((len(''), bool(''))) == "(0, False)"
    assert repr((len(b''), bool(b''))) == "(0, False)"
    assert repr((len({}), bool({}))) == "(0, False)"
    assert repr((len(set()), bool(set()))) == "(0, False)"
    assert repr((len(range(0)), bool(range(0)))) == "(0, False)"
    assert repr((len([0]), bool([0]))) == "(1, True)"
    assert repr((len((0,)), bool((0,)))) == "(1, True)"
    assert repr((len('0'), bool('0'))) == "(1, True)"
    assert repr((len({0}), bool({0}))) == "(1, True)"
    assert repr((len({0: 0}), bool({0: 0}))) == "(1, True)"
    assert repr((len(range(1)), bool(range(1)))) == "(1, True)"
    assert repr((len(bytearray()), bool(bytearray()))) == "(0, False)"
    assert repr((len(memoryview(b'')), bool(memoryview(b'')))) == "(0, False)"


def test_copies():
    assert ([].copy() is not None) is True
    assert ({}.copy() is not None) is True
    assert (set().copy() is not None) is True
    assert (frozenset().copy() is not None) is True
    assert (bytearray().copy() is not None) is True
    assert error(lambda: ().copy()) == "AttributeError: 'tuple' object has no attribute 'copy'"
    assert error(lambda: ''.copy()) == "AttributeError: 'str' object has no attribute 'copy'"
    l = [1, [2]]
    assert (l[:] == l and l[:] is not l) is True
    assert (list(l)[1] is l[1]) is True


def test_hashability_of_everything():
    assert isinstance(hash(1), int) is True
    assert isinstance(hash('a'), int) is True
    assert isinstance(hash(b'a'), int) is True
    assert isinstance(hash((1,)), int) is True
    assert isinstance(hash(None), int) is True
    assert isinstance(hash(frozenset()), int) is True
    assert isinstance(hash(range(1)), int) is True
    assert isinstance(hash(1.5), int) is True
    assert isinstance(hash(1j), int) is True
    assert isinstance(hash(int), int) is True
    assert isinstance(hash(len), int) is True
    assert error(lambda: hash([])) == "TypeError: unhashable type: 'list'"
    assert error(lambda: hash({})) == "TypeError: unhashable type: 'dict'"
    assert error(lambda: hash(set())) == "TypeError: unhashable type: 'set'"
    assert error(lambda: hash(bytearray())) == "TypeError: unhashable type: 'bytearray'"
    assert error(lambda: hash(([],))) == "TypeError: unhashable type: 'list'"
    assert error(lambda: hash(slice(1, []))) == "TypeError: unhashable type: 'list'"


def test_string_containers():
    assert (['a', 'b'] == list('ab')) is True
    assert ' '.join(sorted('hello world'.split())) == "hello world"
    assert {c: 'hello'.count(c) for c in 'hello'} == {"h": 1, "e": 1, "l": 2, "o": 1}
    assert dict(zip('abc', range(3))) == {"a": 0, "b": 1, "c": 2}
    assert dict(enumerate('ab')) == {0: "a", 1: "b"}
    assert list(map(list, zip([1, 2], [3, 4]))) == [[1, 3], [2, 4]]
    assert [''.join(p) for p in zip('ab', 'cd')] == ["ac", "bd"]


def test_grouping_and_counting_idioms():
    d = {}
    for w in ['apple', 'avocado', 'banana']:
        d.setdefault(w[0], []).append(w)
    assert d == {"a": ["apple", "avocado"], "b": ["banana"]}
    assert {k: len(v) for k, v in d.items()} == {"a": 2, "b": 1}
    assert [x for l in d.values() for x in l] == ["apple", "avocado", "banana"]


def test_flatten():
    def flat(x):
        if isinstance(x, (list, tuple)):
            for y in x: yield from flat(y)
        else:
            yield x
    assert list(flat([1, [2, (3, [4])], []])) == [1, 2, 3, 4]


def test_matrix_as_dict():
    m = {(r, c): r * c for r in range(3) for c in range(3)}
    assert m[2, 2] == 4
    assert ((1, 1) in m) is True
    assert max(m, key=m.get) == (2, 2)
    assert sum(v for (r, c), v in m.items() if r == c) == 5


def test_frozen_keys():
    d = {frozenset('ab'): 1, (1, (2, 3)): 2, range(3): 3, b'x': 4, None: 5, ...: 6, 1j: 7}
    assert d[frozenset('ba')] == 1
    assert d[1, (2, 3)] == 2
    assert d[range(0, 3)] == 3
    assert [d[None], d[...], d[1j], d[b'x']] == [5, 6, 7, 4]


def test_deletion_while_copying():
    l = list(range(10))
    for x in l[:]:
        if x % 2: l.remove(x)
    assert l == [0, 2, 4, 6, 8]
    d = {i: i for i in range(5)}
    for k in list(d):
        if k % 2: del d[k]
    assert d == {0: 0, 2: 2, 4: 4}


def test_list_as_stack_and_queue():
    s = []
    s.append(1)
    s.append(2)
    assert (s.pop(), s.pop(), s) == (2, 1, [])
    q = [1, 2, 3]
    assert (q.pop(0), q) == (1, [2, 3])
    q.insert(0, 9)
    assert q == [9, 2, 3]


def test_long_containers():
    l = list(range(10000))
    assert (sum(l), l[5000], len(l[::3])) == (49995000, 5000, 3334)
    l.reverse()
    assert l[0] == 9999
    d = dict.fromkeys(l)
    assert len(d) == 10000
    assert len(set(l) & set(range(0, 20000, 2))) == 5000
    assert len(tuple(l) + tuple(l)) == 20000


def test_extend_with_iterators_that_fail():
    def bad():
        yield 1
        raise ValueError('stop')
    l = [0]
    assert error(lambda: l.extend(bad())) == "ValueError: stop"
    assert l == [0, 1]
    s = set()
    assert error(lambda: s.update(bad())) == "ValueError: stop"
    assert s == {1}
    d = {}
    assert error(lambda: d.update((k, 1) for k in bad())) == "ValueError: stop"
    assert d == {1: 1}
    try:
        l[0:1] = bad()
    except BaseException as exception:
        assert describe(exception) == "ValueError: stop"
    else:
        assert False, "nothing raised"
    assert l == [0, 1]


main(globals())
