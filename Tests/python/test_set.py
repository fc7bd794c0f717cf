# set and frozenset: operators, methods, mutation, hashing, errors.
from _run import describe, error, main



def test_construction():
    assert set() == set()
    assert (set('aab') == {'a', 'b'}) is True
    assert set([1, 2, 1]) == {1, 2}
    assert set(range(3)) == {0, 1, 2}
    assert frozenset() == frozenset()
    assert frozenset([1]) == frozenset({1})
    assert error(lambda: set(1)) == "TypeError: 'int' object is not iterable"
    assert error(lambda: set(1, 2)) == "TypeError: set expected at most 1 argument, got 2"
    assert error(lambda: set([[]])) == "TypeError: unhashable type: 'list'"
    assert {1, 1.0, True} == {1}
    assert ({*'aa', *[1]} == {'a', 1}) is True
    assert error(lambda: set(a=1)) == "TypeError: set() takes no keyword arguments"
    assert (frozenset(frozenset([1])) == frozenset([1])) is True


def test_repr():
    assert repr(set()) == "set()"
    assert repr({1}) == "{1}"
    assert repr(frozenset({1})) == "frozenset({1})"
    assert repr(frozenset()) == "frozenset()"
    class S(set): pass
    assert repr(S()) == "S()"
    assert repr(S([1])) == "S({1})"
    class F(frozenset): pass
    assert repr(F([1])) == "F({1})"


def test_operators():
    a = {1, 2, 3}
    b = {2, 3, 4}
    assert a & b == {2, 3}
    assert a | b == {1, 2, 3, 4}
    assert a - b == {1}
    assert a ^ b == {1, 4}
    assert a & frozenset(b) == {2, 3}
    assert repr(type(frozenset(a) & b)) == "<class 'frozenset'>"
    assert repr(type(a & frozenset(b))) == "<class 'set'>"
    assert (error(lambda: a & [2])
            == "TypeError: unsupported operand type(s) for &: 'set' and 'list'")
    assert (error(lambda: a | [2])
            == "TypeError: unsupported operand type(s) for |: 'set' and 'list'")
    assert error(lambda: a - 'x') == "TypeError: unsupported operand type(s) for -: 'set' and 'str'"
    assert (error(lambda: a ^ (1,))
            == "TypeError: unsupported operand type(s) for ^: 'set' and 'tuple'")
    assert error(lambda: a + b) == "TypeError: unsupported operand type(s) for +: 'set' and 'set'"


def test_methods_take_iterables():
    a = {1, 2, 3}
    assert (a.union([4], (5,), 'x') == {1, 2, 3, 4, 5, 'x'}) is True
    assert a.intersection([2, 3], [3]) == {3}
    assert a.difference([1], [2]) == {3}
    assert a.symmetric_difference([3, 4]) == {1, 2, 4}
    assert a.union() == {1, 2, 3}
    assert a.intersection() == {1, 2, 3}
    assert a.difference() == {1, 2, 3}
    assert (error(lambda: a.symmetric_difference())
            == "TypeError: set.symmetric_difference() takes exactly one argument (0 given)")
    assert (error(lambda: a.symmetric_difference([1], [2]))
            == "TypeError: set.symmetric_difference() takes exactly one argument (2 given)")
    assert error(lambda: a.union(5)) == "TypeError: 'int' object is not iterable"
    assert error(lambda: a.intersection(5)) == "TypeError: 'int' object is not iterable"
    assert error(lambda: a.difference([[]])) == "TypeError: unhashable type: 'list'"
    assert a.isdisjoint([4, 5]) is True
    assert a.isdisjoint([3]) is False
    assert error(lambda: a.isdisjoint(5)) == "TypeError: 'int' object is not iterable"
    assert a.issubset([1, 2, 3, 4]) is True
    assert a.issuperset([1]) is True
    assert error(lambda: a.issubset(5)) == "TypeError: 'int' object is not iterable"
    assert a.issuperset([]) is True


def test_comparison():
    assert ({1} < {1, 2}) is True
    assert ({1} <= {1}) is True
    assert ({1, 2} > {1}) is True
    assert ({1} == frozenset([1])) is True
    assert ({1} < {2}) is False
    assert ({1} > {2}) is False
    assert ({1} == [1]) is False
    assert (error(lambda: {1} < [1, 2])
            == "TypeError: '<' not supported between instances of 'set' and 'list'")
    assert ({1} != {1}) is False
    assert (set() <= set()) is True
    assert ({1} >= frozenset()) is True


def test_add_discard_remove_pop():
    s = {1}
    assert s.add(2) is None
    assert s.add(1) is None
    assert s == {1, 2}
    assert error(lambda: s.add([])) == "TypeError: unhashable type: 'list'"
    assert s.discard(5) is None
    assert error(lambda: s.discard([])) == "TypeError: unhashable type: 'list'"
    assert s.remove(2) is None
    assert error(lambda: s.remove(2)) == "KeyError: 2"
    assert error(lambda: s.remove([])) == "TypeError: unhashable type: 'list'"
    assert s.pop() == 1
    assert error(lambda: s.pop()) == "KeyError: 'pop from an empty set'"
    assert s == set()
    assert error(lambda: s.add()) == "TypeError: set.add() takes exactly one argument (0 given)"
    assert error(lambda: s.add(1, 2)) == "TypeError: set.add() takes exactly one argument (2 given)"


def test_in_place_operators():
    s = t = {1, 2, 3}
    s |= {4}
    assert t == {1, 2, 3, 4}
    s &= {1, 2, 4, 5}
    assert t == {1, 2, 4}
    s -= {1}
    assert t == {2, 4}
    s ^= {2, 7}
    assert t == {4, 7}
    try:
        s |= [1]
    except BaseException as exception:
        assert (describe(exception)
                == "TypeError: unsupported operand type(s) for |=: 'set' and 'list'")
    else:
        assert False, "nothing raised"
    try:
        s &= 'a'
    except BaseException as exception:
        assert (describe(exception)
                == "TypeError: unsupported operand type(s) for &=: 'set' and 'str'")
    else:
        assert False, "nothing raised"
    try:
        s -= 1
    except BaseException as exception:
        assert (describe(exception)
                == "TypeError: unsupported operand type(s) for -=: 'set' and 'int'")
    else:
        assert False, "nothing raised"
    s -= s
    assert t == set()
    s ^= s
    assert t == set()
    f = g = frozenset([1])
    f |= {2}
    assert (f is g) is False
    assert f == frozenset({1, 2})


def test_update_methods():
    s = {1}
    assert s.update([2], 'a') is None
    assert (s == {1, 2, 'a'}) is True
    assert s.update() is None
    assert error(lambda: s.update(1)) == "TypeError: 'int' object is not iterable"
    assert s.intersection_update([1, 2, 9], [2]) is None
    assert s == {2}
    assert s.difference_update([2], []) is None
    assert s == set()
    assert s.symmetric_difference_update([5, 5, 6]) is None
    assert s == {5, 6}
    assert error(lambda: s.intersection_update(1)) == "TypeError: 'int' object is not iterable"


def test_membership_of_unhashable():
    s = {frozenset([1]), 2}
    assert ({1} in s) is True
    assert error(lambda: [1] in s) == "TypeError: unhashable type: 'list'"
    assert s.discard({1}) is None
    assert s == {2}
    assert error(lambda: s.remove({1})) == "KeyError: {1}"


def test_frozenset_hash():
    assert (hash(frozenset([1, 2])) == hash(frozenset([2, 1]))) is True
    assert hash(frozenset()) == 133146708735736
    assert hash(frozenset([1])) == -558064481276695278
    assert hash(frozenset([1, 2, 3])) == -272375401224217160
    assert error(lambda: hash({1})) == "TypeError: unhashable type: 'set'"
    assert {frozenset([1]): 'a'}[frozenset([1])] == "a"
    assert hash(frozenset(range(100))) == 4411996150312757951


def test_frozenset_has_no_mutators():
    assert (error(lambda: frozenset().add(1))
            == "AttributeError: 'frozenset' object has no attribute 'add'")
    assert hasattr(frozenset, 'update') is False
    assert (frozenset([1]).copy() == frozenset([1])) is True
    f = frozenset([1])
    assert (f.copy() is f) is True
    assert (frozenset(f) is f) is True
    assert (frozenset() is frozenset([])) is False


def test_change_during_iteration():
    s = {1, 2}
    try:
        for v in s:
            s.add(v + 10)
    except RuntimeError as e:
        message = str(e)
    assert message == "Set changed size during iteration"


def test_iterator():
    i = iter({1})
    assert i.__length_hint__() == 1
    assert next(i) == 1
    assert next(i, 'end') == "end"
    assert type(i).__name__ == "set_iterator"


def test_small_ints_iterate_in_order():
    assert list({3, 1, 2}) == [1, 2, 3]
    assert (list(set(range(20)))
            == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19])
    assert list({100, 1, 33}) == [1, 100, 33]
    assert list({-1, -2, 0}) == [0, -1, -2]


def test_copy_and_clear():
    s = {1}
    c = s.copy()
    s.clear()
    assert s == set()
    assert c == {1}
    assert bool(s) is False
    assert len(c) == 1


def test_subclass():
    class S(set):
        def __init__(self, *a, extra=None):
            super().__init__(*a)
            self.extra = extra
    s = S([1], extra=5)
    assert s.extra == 5
    assert (type(s | {2}) is S) is False
    assert (type(s.copy()) is S) is False
    assert (type(s & {1}) is S) is False
    assert (s == {1}) is True
    class F(frozenset): pass
    assert type(F([1]) | {2}).__name__ == "frozenset"
    assert type(F([1]).copy()).__name__ == "frozenset"


def test_custom_hash():
    class C:
        def __init__(self, n): self.n = n
        def __hash__(self): return 3
        def __eq__(self, other): return self.n == other.n
    s = {C(i) for i in range(30)}
    assert len(s) == 30
    assert (C(29) in s) is True
    assert (C(30) in s) is False
    s.discard(C(5))
    assert len(s) == 29
    s.add(C(5))
    s.add(C(5))
    assert len(s) == 30


def test_large_sets():
    a = set(range(0, 1000, 2))
    b = set(range(0, 1000, 3))
    assert len(a & b) == 167
    assert len(a | b) == 667
    assert len(a - b) == 333
    assert len(a ^ b) == 500
    assert sum(a & b) == 83166
    assert ((a & b) <= a) is True


def test_comprehension():
    assert {i % 3 for i in range(10)} == {0, 1, 2}
    assert ({i for i in 'abca'} == set('abc')) is True
    assert (({(i, j) for i in range(2) for j in range(2)} == {(0, 0), (0, 1), (1, 0), (1, 1)})
            is True)


def test_truth_and_equality_with_dict_keys():
    assert ({1: 2}.keys() == {1}) is True
    assert ({1} == {1: 2}.keys()) is True
    assert bool(frozenset()) is False


def test_class_getitem():
    assert repr(set[int]) == "set[int]"
    assert repr(frozenset[str]) == "frozenset[str]"


def test_reduce():
    assert repr(frozenset([1]).__reduce__()) == "(<class 'frozenset'>, ([1],), None)"
    assert repr({1}.__reduce__()) == "(<class 'set'>, ([1],), None)"


def test_sizeof():
    assert set().__sizeof__() == 200
    assert set(range(5)).__sizeof__() == 712
    assert set(range(6)).__sizeof__() == 712
    assert set(range(100)).__sizeof__() == 8392


main(globals())
