# list: methods, slices, sorting, error messages, growth while iterating.
from _run import describe, error, main



def test_construction():
    assert list() == []
    assert list('abc') == ["a", "b", "c"]
    assert list((1, 2)) == [1, 2]
    assert list({'a': 1}) == ["a"]
    assert list(range(3)) == [0, 1, 2]
    assert error(lambda: list(1)) == "TypeError: 'int' object is not iterable"
    assert error(lambda: list(1, 2)) == "TypeError: list expected at most 1 argument, got 2"
    assert error(lambda: list(iterable=[1])) == "TypeError: list() takes no keyword arguments"
    assert [*'ab', *[1]] == ["a", "b", 1]


def test_append_extend_insert():
    x = [1]
    assert x.append(2) is None
    assert x.extend('ab') is None
    assert x.extend(c for c in 'z') is None
    assert x == [1, 2, "a", "b", "z"]
    assert x.insert(0, 'first') is None
    assert x.insert(-1, 'before last') is None
    assert x.insert(100, 'end') is None
    assert x.insert(-100, 'start') is None
    assert x == ["start", "first", 1, 2, "a", "b", "before last", "z", "end"]
    assert (error(lambda: x.append())
            == "TypeError: list.append() takes exactly one argument (0 given)")
    assert (error(lambda: x.append(1, 2))
            == "TypeError: list.append() takes exactly one argument (2 given)")
    assert error(lambda: x.extend(1)) == "TypeError: 'int' object is not iterable"
    assert (error(lambda: x.extend())
            == "TypeError: list.extend() takes exactly one argument (0 given)")
    assert error(lambda: x.insert(0)) == "TypeError: insert expected 2 arguments, got 1"
    assert (error(lambda: x.insert('a', 1))
            == "TypeError: 'str' object cannot be interpreted as an integer")


def test_extend_with_itself():
    x = [1, 2]
    x.extend(x)
    assert x == [1, 2, 1, 2]
    x += x
    assert x == [1, 2, 1, 2, 1, 2, 1, 2]
    x[1:1] = x
    assert len(x) == 16


def test_pop():
    x = [1, 2, 3, 4]
    assert x.pop() == 4
    assert x.pop(0) == 1
    assert x.pop(-1) == 3
    assert error(lambda: x.pop(5)) == "IndexError: pop index out of range"
    assert error(lambda: x.pop(-5)) == "IndexError: pop index out of range"
    assert (error(lambda: x.pop('a'))
            == "TypeError: 'str' object cannot be interpreted as an integer")
    assert (error(lambda: x.pop(1.0))
            == "TypeError: 'float' object cannot be interpreted as an integer")
    assert x.pop() == 2
    assert error(lambda: x.pop()) == "IndexError: pop from empty list"
    assert x == []


def test_remove_index_count():
    x = [1, 2, 1.0, True, 'a']
    assert x.count(1) == 3
    assert x.index('a') == 4
    assert x.index(1, 1) == 2
    assert x.index(1, 3, 4) == 3
    assert x.index(1, -2) == 3
    assert error(lambda: x.index('zz')) == "ValueError: 'zz' is not in list"
    assert error(lambda: x.index(2, 2)) == "ValueError: 2 is not in list"
    assert x.remove(1) is None
    assert repr(x) == "[2, 1.0, True, 'a']"
    assert error(lambda: x.remove('zz')) == "ValueError: list.remove(x): x not in list"
    assert error(lambda: x.index()) == "TypeError: index expected at least 1 argument, got 0"
    assert (error(lambda: x.index(1, 'a'))
            == "TypeError: slice indices must be integers or have an __index__ method")
    assert x.index(1, -100, 100) == 1


def test_clear_copy_reverse():
    x = [1, [2], 3]
    y = x.copy()
    assert (y == x and y is not x) is True
    assert (y[1] is x[1]) is True
    assert x.reverse() is None
    assert x == [3, [2], 1]
    assert x.clear() is None
    assert x == []
    assert y == [1, [2], 3]


def test_indexing():
    x = list('abcde')
    assert x[0] == "a"
    assert x[-1] == "e"
    assert x[4] == "e"
    assert x[-5] == "a"
    assert error(lambda: x[5]) == "IndexError: list index out of range"
    assert error(lambda: x[-6]) == "IndexError: list index out of range"
    assert x[True] == "b"
    assert error(lambda: x['a']) == "TypeError: list indices must be integers or slices, not str"
    assert error(lambda: x[1.0]) == "TypeError: list indices must be integers or slices, not float"
    assert (error(lambda: x[None])
            == "TypeError: list indices must be integers or slices, not NoneType")
    assert error(lambda: x[2**100]) == "IndexError: cannot fit 'int' into an index-sized integer"
    assert error(lambda: x[-2**100]) == "IndexError: cannot fit 'int' into an index-sized integer"
    assert error(lambda: x[1, 2]) == "TypeError: list indices must be integers or slices, not tuple"
    try:
        x[5] = 1
    except BaseException as exception:
        assert describe(exception) == "IndexError: list assignment index out of range"
    else:
        assert False, "nothing raised"
    try:
        x['a'] = 1
    except BaseException as exception:
        assert describe(exception) == "TypeError: list indices must be integers or slices, not str"
    else:
        assert False, "nothing raised"
    try:
        del x[5]
    except BaseException as exception:
        assert describe(exception) == "IndexError: list assignment index out of range"
    else:
        assert False, "nothing raised"
    try:
        del x['a']
    except BaseException as exception:
        assert describe(exception) == "TypeError: list indices must be integers or slices, not str"
    else:
        assert False, "nothing raised"


def test_slicing():
    x = list(range(10))
    assert x[::] == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert x[::1] == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert x[::2] == [0, 2, 4, 6, 8]
    assert x[::-1] == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    assert x[::-3] == [9, 6, 3, 0]
    assert x[:5:] == [0, 1, 2, 3, 4]
    assert x[:5:1] == [0, 1, 2, 3, 4]
    assert x[:5:2] == [0, 2, 4]
    assert x[:5:-1] == [9, 8, 7, 6]
    assert x[:5:-3] == [9, 6]
    assert x[:-1:] == [0, 1, 2, 3, 4, 5, 6, 7, 8]
    assert x[:-1:1] == [0, 1, 2, 3, 4, 5, 6, 7, 8]
    assert x[:-1:2] == [0, 2, 4, 6, 8]
    assert x[:-1:-1] == []
    assert x[:-1:-3] == []
    assert x[:-100:] == []
    assert x[:-100:1] == []
    assert x[:-100:2] == []
    assert x[:-100:-1] == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    assert x[:-100:-3] == [9, 6, 3, 0]
    assert x[2::] == [2, 3, 4, 5, 6, 7, 8, 9]
    assert x[2::1] == [2, 3, 4, 5, 6, 7, 8, 9]
    assert x[2::2] == [2, 4, 6, 8]
    assert x[2::-1] == [2, 1, 0]
    assert x[2::-3] == [2]
    assert x[2:5:] == [2, 3, 4]
    assert x[2:5:1] == [2, 3, 4]
    assert x[2:5:2] == [2, 4]
    assert x[2:5:-1] == []
    assert x[2:5:-3] == []
    assert x[2:-1:] == [2, 3, 4, 5, 6, 7, 8]
    assert x[2:-1:1] == [2, 3, 4, 5, 6, 7, 8]
    assert x[2:-1:2] == [2, 4, 6, 8]
    assert x[2:-1:-1] == []
    assert x[2:-1:-3] == []
    assert x[2:-100:] == []
    assert x[2:-100:1] == []
    assert x[2:-100:2] == []
    assert x[2:-100:-1] == [2, 1, 0]
    assert x[2:-100:-3] == [2]
    assert x[-3::] == [7, 8, 9]
    assert x[-3::1] == [7, 8, 9]
    assert x[-3::2] == [7, 9]
    assert x[-3::-1] == [7, 6, 5, 4, 3, 2, 1, 0]
    assert x[-3::-3] == [7, 4, 1]
    assert x[-3:5:] == []
    assert x[-3:5:1] == []
    assert x[-3:5:2] == []
    assert x[-3:5:-1] == [7, 6]
    assert x[-3:5:-3] == [7]
    assert x[-3:-1:] == [7, 8]
    assert x[-3:-1:1] == [7, 8]
    assert x[-3:-1:2] == [7]
    assert x[-3:-1:-1] == []
    assert x[-3:-1:-3] == []
    assert x[-3:-100:] == []
    assert x[-3:-100:1] == []
    assert x[-3:-100:2] == []
    assert x[-3:-100:-1] == [7, 6, 5, 4, 3, 2, 1, 0]
    assert x[-3:-100:-3] == [7, 4, 1]
    assert x[100::] == []
    assert x[100::1] == []
    assert x[100::2] == []
    assert x[100::-1] == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    assert x[100::-3] == [9, 6, 3, 0]
    assert x[100:5:] == []
    assert x[100:5:1] == []
    assert x[100:5:2] == []
    assert x[100:5:-1] == [9, 8, 7, 6]
    assert x[100:5:-3] == [9, 6]
    assert x[100:-1:] == []
    assert x[100:-1:1] == []
    assert x[100:-1:2] == []
    assert x[100:-1:-1] == []
    assert x[100:-1:-3] == []
    assert x[100:-100:] == []
    assert x[100:-100:1] == []
    assert x[100:-100:2] == []
    assert x[100:-100:-1] == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    assert x[100:-100:-3] == [9, 6, 3, 0]
    assert error(lambda: x[::0]) == "ValueError: slice step cannot be zero"
    assert (error(lambda: x['a':])
            == "TypeError: slice indices must be integers or None or have an __index__ method")
    assert (error(lambda: x[:1.5])
            == "TypeError: slice indices must be integers or None or have an __index__ method")
    assert x[2**100:] == []
    assert x[-2**100:2] == [0, 1]


def test_slice_assignment():
    x = list(range(6))
    x[1:3] = 'abc'
    assert x == [0, "a", "b", "c", 3, 4, 5]
    x[:0] = [9]
    assert x == [9, 0, "a", "b", "c", 3, 4, 5]
    x[::2] = 'wxyz'
    assert x == ["w", 0, "x", "b", "y", 3, "z", 5]
    x[5:2] = [0]
    assert x == ["w", 0, "x", "b", "y", 0, 3, "z", 5]
    x[-2:] = ()
    assert x == ["w", 0, "x", "b", "y", 0, 3]
    try:
        x[::2] = [1]
    except BaseException as exception:
        assert (describe(exception)
                == "ValueError: attempt to assign sequence of size 1 to extended slice of size 4")
    else:
        assert False, "nothing raised"
    try:
        x[1:2] = 5
    except BaseException as exception:
        assert describe(exception) == "TypeError: must assign iterable to extended slice"
    else:
        assert False, "nothing raised"
    try:
        x[::0] = []
    except BaseException as exception:
        assert describe(exception) == "ValueError: slice step cannot be zero"
    else:
        assert False, "nothing raised"
    try:
        x[::-1] = [1, 2]
    except BaseException as exception:
        assert (describe(exception)
                == "ValueError: attempt to assign sequence of size 2 to extended slice of size 7")
    else:
        assert False, "nothing raised"
    x[:] = []
    assert x == []


def test_slice_deletion():
    x = list(range(10))
    del x[::3]
    assert x == [1, 2, 4, 5, 7, 8]
    del x[-2:]
    assert x == [1, 2, 4, 5]
    del x[3:1]
    assert x == [1, 2, 4, 5]
    del x[::-2]
    assert x == [1, 4]
    del x[:]
    assert x == []


def test_concatenation_and_repetition():
    assert [1] + [2] == [1, 2]
    assert [1, 2] * 3 == [1, 2, 1, 2, 1, 2]
    assert 2 * ['a'] == ["a", "a"]
    assert [1] * 0 == []
    assert [1] * -5 == []
    assert error(lambda: [1] + (2,)) == 'TypeError: can only concatenate list (not "tuple") to list'
    assert error(lambda: [1] + 1) == 'TypeError: can only concatenate list (not "int") to list'
    assert error(lambda: [1] * 'a') == "TypeError: can't multiply sequence by non-int of type 'str'"
    assert (error(lambda: [1] * 1.5)
            == "TypeError: can't multiply sequence by non-int of type 'float'")
    assert [[]] * 2 == [[], []]
    assert error(lambda: [0] * 2**62) == "MemoryError: "
    x = [[]] * 3
    x[0].append(1)
    assert x == [[1], [1], [1]]


def test_in_place_operators():
    x = y = [1]
    x += (2, 3)
    assert y == [1, 2, 3]
    x *= 2
    assert y == [1, 2, 3, 1, 2, 3]
    x *= -1
    assert y == []
    try:
        x += 1
    except BaseException as exception:
        assert describe(exception) == "TypeError: 'int' object is not iterable"
    else:
        assert False, "nothing raised"
    try:
        x *= 'a'
    except BaseException as exception:
        assert describe(exception) == "TypeError: can't multiply sequence by non-int of type 'str'"
    else:
        assert False, "nothing raised"


def test_comparison():
    assert ([1, 2] < [1, 3]) is True
    assert ([1, 2] < [1, 2, 0]) is True
    assert ([] < [0]) is True
    assert ([1, 2] == [1.0, 2.0]) is True
    assert ([1] == (1,)) is False
    assert ([1] != [1]) is False
    assert (error(lambda: [1] < 1)
            == "TypeError: '<' not supported between instances of 'list' and 'int'")
    assert (error(lambda: [1] < (1,))
            == "TypeError: '<' not supported between instances of 'list' and 'tuple'")
    assert (error(lambda: [1, 'a'] < [1, 2])
            == "TypeError: '<' not supported between instances of 'str' and 'int'")
    assert ([[1], 2] >= [[1], 2]) is True
    assert ([1, 'a'] < [2, 1]) is True


def test_recursive_repr():
    x = [1]
    x.append(x)
    assert repr(x) == "[1, [...]]"
    y = [x, x]
    assert repr(y) == "[[1, [...]], [1, [...]]]"


def test_recursive_comparison():
    a = []
    a.append(a)
    b = []
    b.append(b)
    assert (a == a) is True
    assert error(lambda: a == b) == "RecursionError: maximum recursion depth exceeded in comparison"


def test_membership_uses_identity_then_equality():
    class Never:
        def __eq__(self, other): return False
    n = Never()
    assert (n in [n]) is True
    assert (Never() in [n]) is False
    assert [n].index(n) == 0
    assert [n].count(n) == 1
    assert ([n] == [n]) is True
    assert (1 in [True]) is True


def test_sort_basics():
    x = [3, 1, 2]
    assert x.sort() is None
    assert x == [1, 2, 3]
    x.sort(reverse=True)
    assert x == [3, 2, 1]
    x = ['b', 'A', 'a', 'B']
    x.sort()
    assert x == ["A", "B", "a", "b"]
    x.sort(key=str.lower)
    assert x == ["A", "a", "B", "b"]
    x.sort(key=str.lower, reverse=True)
    assert x == ["B", "b", "A", "a"]
    x.sort(key=None)
    assert x == ["A", "B", "a", "b"]
    assert error(lambda: x.sort(1)) == "TypeError: sort() takes no positional arguments"
    assert error(lambda: x.sort(key=1)) == "TypeError: 'int' object is not callable"
    assert (error(lambda: x.sort(foo=1))
            == "TypeError: sort() got an unexpected keyword argument 'foo'")
    assert (error(lambda: [1, 'a'].sort())
            == "TypeError: '<' not supported between instances of 'str' and 'int'")
    assert (error(lambda: [[], 1].sort())
            == "TypeError: '<' not supported between instances of 'int' and 'list'")
    assert (error(lambda: [1j, 2j].sort())
            == "TypeError: '<' not supported between instances of 'complex' and 'complex'")
    assert (error(lambda: [None, None].sort())
            == "TypeError: '<' not supported between instances of 'NoneType' and 'NoneType'")


def test_sort_stability():
    pairs = [(i % 3, i) for i in range(12)]
    pairs.sort(key=lambda p: p[0])
    assert (pairs
            == [(0, 0), (0, 3), (0, 6), (0, 9), (1, 1), (1, 4), (1, 7), (1, 10), (2, 2), (2, 5), (2, 8), (2, 11)])
    pairs.sort(key=lambda p: p[0], reverse=True)
    assert (pairs
            == [(2, 2), (2, 5), (2, 8), (2, 11), (1, 1), (1, 4), (1, 7), (1, 10), (0, 0), (0, 3), (0, 6), (0, 9)])


def test_sort_key_called_once_in_order():
    calls = []
    def key(v):
        calls.append(v)
        return -v
    x = [3, 1, 2]
    x.sort(key=key)
    assert x == [3, 2, 1]
    assert calls == [3, 1, 2]


def test_sort_larger_inputs():
    x = [(i * 7919) % 1009 for i in range(1000)]
    y = sorted(x)
    assert all(a <= b for a, b in zip(y, y[1:])) is True
    assert (y[:5], y[-5:]) == ([0, 1, 2, 3, 4], [1004, 1005, 1006, 1007, 1008])
    assert (sorted(y) == y) is True
    assert (sorted(y[::-1]) == y) is True
    assert (sorted(x, reverse=True) == y[::-1]) is True
    assert (sorted(x + y) == sorted(y + x)) is True
    assert sorted([i % 10 for i in range(100)])[::10] == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]


def test_sort_with_mutation():
    x = [3, 2, 1]
    def key(v):
        x.append(v)
        return v
    assert error(lambda: x.sort(key=key)) == "ValueError: list modified during sort"
    assert x == [1, 2, 3]


def test_list_looks_empty_while_sorting():
    x = [3, 2, 1]
    seen = []
    x.sort(key=lambda v: seen.append(len(x)) or v)
    assert seen == [0, 0, 0]


def test_sort_error_keeps_items():
    x = [3, 'a', 1]
    assert (error(lambda: x.sort())
            == "TypeError: '<' not supported between instances of 'str' and 'int'")
    assert sorted(map(str, x)) == ["1", "3", "a"]


def test_sort_uses_only_less_than():
    class Item:
        def __init__(self, v): self.v = v
        def __lt__(self, other): return self.v < other.v
    assert [i.v for i in sorted([Item(3), Item(1), Item(2)])] == [1, 2, 3]
    class NoOrder: pass
    assert (error(lambda: sorted([NoOrder(), NoOrder()]))
            == "TypeError: '<' not supported between instances of 'NoOrder' and 'NoOrder'")


def test_sort_of_mixed_numbers():
    assert (repr(sorted([2.5, 1, True, 0, -1.5, 10**30]))
            == "[-1.5, 0, 1, True, 2.5, 1000000000000000000000000000000]")
    assert repr(sorted([float('inf'), 1, -float('inf')])) == "[-inf, 1, inf]"
    assert sorted([b'b', b'a']) == [b'a', b'b']
    assert sorted([(2, 'b'), (1, 'z'), (2, 'a')]) == [(1, "z"), (2, "a"), (2, "b")]
    assert sorted([[2], [1, 5], [1]]) == [[1], [1, 5], [2]]
    assert sorted('hello') == ["e", "h", "l", "l", "o"]
    assert sorted({'b': 1, 'a': 2}) == ["a", "b"]
    assert sorted([1, 2], key=lambda v: -v, reverse=True) == [1, 2]
    assert error(lambda: sorted(1)) == "TypeError: 'int' object is not iterable"
    assert error(lambda: sorted()) == "TypeError: sorted expected 1 argument, got 0"
    assert error(lambda: sorted([1], [2])) == "TypeError: sorted expected 1 argument, got 2"


def test_change_while_iterating():
    x = [1, 2, 3]
    seen = []
    for v in x:
        seen.append(v)
        if len(x) < 6:
            x.append(v * 10)
    assert seen == [1, 2, 3, 10, 20, 30]
    x = [1, 2, 3, 4]
    for v in x:
        x.remove(v)
    assert x == [2, 4]


def test_iterator_behaviour():
    x = [1, 2]
    i = iter(x)
    assert i.__length_hint__() == 2
    assert next(i) == 1
    assert i.__length_hint__() == 1
    assert next(i) == 2
    assert next(i, 'end') == "end"
    x.append(3)
    assert next(i, 'end') == "end"
    assert i.__length_hint__() == 0


def test_reversed_iterator():
    x = [1, 2, 3]
    r = reversed(x)
    assert next(r) == 3
    assert r.__length_hint__() == 2
    assert list(r) == [2, 1]
    assert list(r) == []
    assert type(reversed(x)).__name__ == "list_reverseiterator"


def test_iterator_state():
    i = iter([1, 2, 3])
    next(i)
    i.__setstate__(2)
    assert next(i) == 3
    assert next(i, 'end') == "end"
    assert iter([]).__reduce__()[1] == ([],)


def test_truth_and_length():
    assert bool([]) is False
    assert bool([0]) is True
    assert len([1, 2]) == 2
    assert [].__len__() == 0
    assert (not []) is True


def test_unhashable():
    assert error(lambda: hash([])) == "TypeError: unhashable type: 'list'"
    assert error(lambda: {[]: 1}) == "TypeError: unhashable type: 'list'"
    assert [].__hash__ is None


def test_subclass():
    class L(list):
        pass
    x = L([1, 2])
    x.extra = 5
    assert repr(x) == "[1, 2]"
    assert x + [3] == [1, 2, 3]
    assert (type(x + [3]) is list) is True
    assert (type(x[:]) is list) is True
    assert (type(x * 2) is list) is True
    assert x.extra == 5
    assert (type(x.copy()) is list) is True
    assert (x == [1, 2]) is True
    assert isinstance(x, list) is True


def test_subclass_with_new_arguments():
    class L(list):
        def __init__(self, *a, flag=False):
            super().__init__(a)
            self.flag = flag
    assert repr(L(1, 2, flag=True)) == "[1, 2]"
    assert L(1, flag=2).flag == 2


def test_overridden_methods_are_used():
    class L(list):
        def __getitem__(self, i): return 'item'
        def __len__(self): return 42
        def __iter__(self): return iter('it')
    assert L([1])[0] == "item"
    assert len(L()) == 42
    assert list(L([1, 2])) == ["i", "t"]
    assert [*L()] == ["i", "t"]
    assert bool(L()) is True


def test_class_getitem():
    assert repr(list[int]) == "list[int]"
    assert repr(list[int, str]) == "list[int, str]"
    assert list[int]() == []
    assert repr(list[int].__origin__) == "<class 'list'>"
    assert repr(list[int].__args__) == "(<class 'int'>,)"
    assert (list[int] == list[int]) is True


def test_unpacking():
    a, *b, c = [1, 2, 3, 4]
    assert (a, b, c) == (1, [2, 3], 4)
    [d, e] = [5, 6]
    assert (d, e) == (5, 6)
    try:
        a, b = [1]
    except BaseException as exception:
        assert describe(exception) == "ValueError: not enough values to unpack (expected 2, got 1)"
    else:
        assert False, "nothing raised"
    try:
        a, b = [1, 2, 3]
    except BaseException as exception:
        assert describe(exception) == "ValueError: too many values to unpack (expected 2)"
    else:
        assert False, "nothing raised"
    try:
        a, *b, c = [1]
    except BaseException as exception:
        assert (describe(exception)
                == "ValueError: not enough values to unpack (expected at least 2, got 1)")
    else:
        assert False, "nothing raised"
    try:
        a, b = 5
    except BaseException as exception:
        assert describe(exception) == "TypeError: cannot unpack non-iterable int object"
    else:
        assert False, "nothing raised"


def test_multiplication_keeps_references():
    x = []
    y = [x] * 3
    assert all(v is x for v in y) is True


def test_nested_comprehension():
    assert [[j for j in range(i)] for i in range(4)] == [[], [0], [0, 1], [0, 1, 2]]
    assert [(i, j) for i in range(3) if i for j in 'ab' if j != 'b'] == [(1, "a"), (2, "a")]


def test_sizeof_grows_in_steps():
    x = []
    sizes = []
    for i in range(40):
        s = x.__sizeof__()
        if not sizes or sizes[-1] != s:
            sizes.append(s)
        x.append(i)
    assert sizes == [40, 72, 104, 168, 232, 296, 360]


def test_init_again():
    x = [1, 2]
    assert x.__init__('ab') is None
    assert x == ["a", "b"]
    assert x.__init__() is None
    assert x == []


main(globals())
