# tuple: construction, methods, hashing, comparison.
from _run import describe, error, main



def test_construction():
    assert tuple() == ()
    assert tuple('ab') == ("a", "b")
    assert tuple([1, 2]) == (1, 2)
    assert error(lambda: tuple(1)) == "TypeError: 'int' object is not iterable"
    assert error(lambda: tuple(1, 2)) == "TypeError: tuple expected at most 1 argument, got 2"
    assert (1,) == (1,)
    assert (1,) == (1,)
    assert () == ()
    assert (*'ab', 3) == ("a", "b", 3)
    assert error(lambda: tuple(iterable=[1])) == "TypeError: tuple() takes no keyword arguments"


def test_repr():
    assert repr((1,)) == "(1,)"
    assert repr(()) == "()"
    assert repr((1, 'a', None)) == "(1, 'a', None)"
    x = ([],)
    x[0].append(x)
    assert repr(x) == "([(...)],)"


def test_same_object():
    t = (1, 2)
    assert (tuple(t) is t) is True
    assert (t[:] is t) is True
    assert (t * 1 is t) is True
    assert (t + () is t) is True
    assert (() is ()) is True
    assert (tuple([]) is ()) is True


def test_indexing_and_slices():
    t = tuple('abcde')
    assert t[0] == "a"
    assert t[-1] == "e"
    assert error(lambda: t[5]) == "IndexError: tuple index out of range"
    assert error(lambda: t[-6]) == "IndexError: tuple index out of range"
    assert error(lambda: t['a']) == "TypeError: tuple indices must be integers or slices, not str"
    assert error(lambda: t[1.5]) == "TypeError: tuple indices must be integers or slices, not float"
    assert (error(lambda: t[None])
            == "TypeError: tuple indices must be integers or slices, not NoneType")
    assert error(lambda: t[2**80]) == "IndexError: cannot fit 'int' into an index-sized integer"
    assert t[::] == ("a", "b", "c", "d", "e")
    assert t[::2] == ("a", "c", "e")
    assert t[::-1] == ("e", "d", "c", "b", "a")
    assert t[:4:] == ("a", "b", "c", "d")
    assert t[:4:2] == ("a", "c")
    assert t[:4:-1] == ()
    assert t[:-1:] == ("a", "b", "c", "d")
    assert t[:-1:2] == ("a", "c")
    assert t[:-1:-1] == ()
    assert t[1::] == ("b", "c", "d", "e")
    assert t[1::2] == ("b", "d")
    assert t[1::-1] == ("b", "a")
    assert t[1:4:] == ("b", "c", "d")
    assert t[1:4:2] == ("b", "d")
    assert t[1:4:-1] == ()
    assert t[1:-1:] == ("b", "c", "d")
    assert t[1:-1:2] == ("b", "d")
    assert t[1:-1:-1] == ()
    assert t[-2::] == ("d", "e")
    assert t[-2::2] == ("d",)
    assert t[-2::-1] == ("d", "c", "b", "a")
    assert t[-2:4:] == ("d",)
    assert t[-2:4:2] == ("d",)
    assert t[-2:4:-1] == ()
    assert t[-2:-1:] == ("d",)
    assert t[-2:-1:2] == ("d",)
    assert t[-2:-1:-1] == ()
    assert error(lambda: t[::0]) == "ValueError: slice step cannot be zero"
    try:
        t[0] = 1
    except BaseException as exception:
        assert describe(exception) == "TypeError: 'tuple' object does not support item assignment"
    else:
        assert False, "nothing raised"
    try:
        del t[0]
    except BaseException as exception:
        assert describe(exception) == "TypeError: 'tuple' object doesn't support item deletion"
    else:
        assert False, "nothing raised"
    try:
        t[0:1] = ()
    except BaseException as exception:
        assert describe(exception) == "TypeError: 'tuple' object does not support item assignment"
    else:
        assert False, "nothing raised"


def test_count_and_index():
    t = (1, 2, 1.0, 'a')
    assert t.count(1) == 2
    assert t.count('zz') == 0
    assert t.index('a') == 3
    assert t.index(1, 1) == 2
    assert error(lambda: t.index(1, 3)) == "ValueError: tuple.index(x): x not in tuple"
    assert error(lambda: t.index('zz')) == "ValueError: tuple.index(x): x not in tuple"
    assert error(lambda: t.index()) == "TypeError: index expected at least 1 argument, got 0"
    assert (error(lambda: t.count())
            == "TypeError: tuple.count() takes exactly one argument (0 given)")


def test_operators():
    assert (1,) + (2,) == (1, 2)
    assert (1, 2) * 2 == (1, 2, 1, 2)
    assert 2 * (1,) == (1, 1)
    assert (1,) * -1 == ()
    assert (error(lambda: (1,) + [2])
            == 'TypeError: can only concatenate tuple (not "list") to tuple')
    assert error(lambda: (1,) + 1) == 'TypeError: can only concatenate tuple (not "int") to tuple'
    assert (error(lambda: (1,) * 'a')
            == "TypeError: can't multiply sequence by non-int of type 'str'")
    assert error(lambda: (1,) * 2**62) == "MemoryError: "
    assert (1 in (1, 2)) is True
    assert ((1,) in ((1,),)) is True
    t = (1,)
    t += (2,)
    assert t == (1, 2)


def test_comparison():
    assert ((1, 2) < (1, 3)) is True
    assert ((1, 2) < (1, 2, 3)) is True
    assert (() < (1,)) is True
    assert ((1, 2) == (1.0, 2)) is True
    assert ((1,) == [1]) is False
    assert (error(lambda: (1, 'a') < (1, 2))
            == "TypeError: '<' not supported between instances of 'str' and 'int'")
    assert (error(lambda: (1,) < 1)
            == "TypeError: '<' not supported between instances of 'tuple' and 'int'")
    assert ((3,) > (2, 9)) is True
    assert ((float('nan'),) == (float('nan'),)) is False


def test_hash_values():
    assert hash(()) == 5740354900026072187
    assert hash((1,)) == -6644214454873602895
    assert hash((1, 2, 3)) == 529344067295497451
    assert hash((1, (2, 3))) == 7267574591690527098
    assert (hash((0, 0)) != hash((0,))) is True
    assert hash(((),)) == -5486347211504344842
    assert hash((-1, -2)) == 960947337673586213
    assert hash((1.5, None is None)) == 1767087712303363268
    assert error(lambda: hash(([],))) == "TypeError: unhashable type: 'list'"
    assert (hash((1, 2)) == hash((1.0, 2.0))) is True


def test_mutable_members_stay_mutable():
    t = ([],)
    t[0].append(1)
    assert t == ([1],)
    try:
        t[0] += [2]
    except BaseException as exception:
        assert describe(exception) == "TypeError: 'tuple' object does not support item assignment"
    else:
        assert False, "nothing raised"
    assert t == ([1, 2],)


def test_subclass():
    class P(tuple):
        def __new__(cls, a, b): return super().__new__(cls, (a, b))
        @property
        def first(self): return self[0]
    p = P(1, 2)
    assert repr(p) == "(1, 2)"
    assert p.first == 1
    assert (p == (1, 2)) is True
    assert (type(p + (3,)) is tuple) is True
    assert (type(p[:]) is tuple) is True
    assert (type(p * 1) is tuple) is True
    assert (hash(p) == hash((1, 2))) is True
    assert (tuple(p) == p) is True
    assert (type(tuple(p)) is tuple) is True


def test_unpacking():
    a, (b, *c) = 1, (2, 3, 4)
    assert (a, b, c) == (1, 2, [3, 4])
    assert (lambda *a: a)(*(1, 2), *'ab') == (1, 2, "a", "b")
    try:
        a, b, c = (1, 2)
    except BaseException as exception:
        assert describe(exception) == "ValueError: not enough values to unpack (expected 3, got 2)"
    else:
        assert False, "nothing raised"
    try:
        (a, b), c = 1, 2
    except BaseException as exception:
        assert describe(exception) == "TypeError: cannot unpack non-iterable int object"
    else:
        assert False, "nothing raised"


def test_iterator():
    i = iter((1, 2))
    assert i.__length_hint__() == 2
    assert next(i) == 1
    assert list(i) == [2]
    assert type(i).__name__ == "tuple_iterator"
    assert iter((1, 2, 3)).__reduce__()[1:] == (((1, 2, 3),), 0)


def test_class_getitem():
    assert repr(tuple[int, ...]) == "tuple[int, ...]"
    assert repr(tuple[()]) == "tuple[()]"
    assert repr(tuple[int, str].__args__) == "(<class 'int'>, <class 'str'>)"


def test_named_methods():
    assert (1,).__getnewargs__() == ((1,),)
    assert (1, 2).__len__() == 2
    assert (1, 2).__contains__(2) is True
    assert (error(lambda: (1, 2).__add__(3))
            == 'TypeError: can only concatenate tuple (not "int") to tuple')
    assert (1, 2).__rmul__(2) == (1, 2, 1, 2)
    assert (1, 2).__sizeof__() == 40
    assert ().__sizeof__() == 24


def test_assignment_evaluates_right_first():
    x = [0, 1]
    i = 0
    i, x[i] = 1, 9
    assert (i, x) == (1, [0, 9])


def test_constant_tuples():
    def f(): return (1, 2, 'a')
    assert (f() is f()) is True


def test_no_attributes():
    try:
        (1,).x = 5
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: 'tuple' object has no attribute 'x' and no __dict__ for setting new attributes")
    else:
        assert False, "nothing raised"
    assert error(lambda: (1,).x) == "AttributeError: 'tuple' object has no attribute 'x'"


main(globals())
