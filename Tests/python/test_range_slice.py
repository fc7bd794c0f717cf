# range and slice objects.
from _run import describe, error, main



def test_construction():
    assert repr(range(5)) == "range(0, 5)"
    assert repr(range(1, 5)) == "range(1, 5)"
    assert repr(range(1, 10, 3)) == "range(1, 10, 3)"
    assert repr(range(0)) == "range(0, 0)"
    assert error(lambda: range()) == "TypeError: range expected at least 1 argument, got 0"
    assert (error(lambda: range(1, 2, 3, 4))
            == "TypeError: range expected at most 3 arguments, got 4")
    assert (error(lambda: range(1.0))
            == "TypeError: 'float' object cannot be interpreted as an integer")
    assert (error(lambda: range('a'))
            == "TypeError: 'str' object cannot be interpreted as an integer")
    assert error(lambda: range(1, 2, 0)) == "ValueError: range() arg 3 must not be zero"
    assert error(lambda: range(stop=5)) == "TypeError: range() takes no keyword arguments"
    assert repr(range(True)) == "range(0, 1)"
    assert repr(range(0, 5, 1)) == "range(0, 5)"
    assert repr(range(2, 5, -1)) == "range(2, 5, -1)"


def test_contents():
    assert list(range(0, 5, 1)) == [0, 1, 2, 3, 4]
    assert list(range(0, 5, 2)) == [0, 2, 4]
    assert list(range(0, 5, -2)) == []
    assert list(range(0, 0, 1)) == []
    assert list(range(0, 0, 2)) == []
    assert list(range(0, 0, -2)) == []
    assert list(range(0, -5, 1)) == []
    assert list(range(0, -5, 2)) == []
    assert list(range(0, -5, -2)) == [0, -2, -4]
    assert list(range(5, 5, 1)) == []
    assert list(range(5, 5, 2)) == []
    assert list(range(5, 5, -2)) == []
    assert list(range(5, 0, 1)) == []
    assert list(range(5, 0, 2)) == []
    assert list(range(5, 0, -2)) == [5, 3, 1]
    assert list(range(5, -5, 1)) == []
    assert list(range(5, -5, 2)) == []
    assert list(range(5, -5, -2)) == [5, 3, 1, -1, -3]
    assert list(range(-3, 5, 1)) == [-3, -2, -1, 0, 1, 2, 3, 4]
    assert list(range(-3, 5, 2)) == [-3, -1, 1, 3]
    assert list(range(-3, 5, -2)) == []
    assert list(range(-3, 0, 1)) == [-3, -2, -1]
    assert list(range(-3, 0, 2)) == [-3, -1]
    assert list(range(-3, 0, -2)) == []
    assert list(range(-3, -5, 1)) == []
    assert list(range(-3, -5, 2)) == []
    assert list(range(-3, -5, -2)) == [-3]


def test_length():
    assert len(range(0, 10, 1)) == 10
    assert len(range(0, 10, 3)) == 4
    assert len(range(0, 10, -1)) == 0
    assert len(range(0, 10, -7)) == 0
    assert len(range(0, 0, 1)) == 0
    assert len(range(0, 0, 3)) == 0
    assert len(range(0, 0, -1)) == 0
    assert len(range(0, 0, -7)) == 0
    assert len(range(0, 2**40, 1)) == 1099511627776
    assert len(range(0, 2**40, 3)) == 366503875926
    assert len(range(0, 2**40, -1)) == 0
    assert len(range(0, 2**40, -7)) == 0
    assert len(range(10, 10, 1)) == 0
    assert len(range(10, 10, 3)) == 0
    assert len(range(10, 10, -1)) == 0
    assert len(range(10, 10, -7)) == 0
    assert len(range(10, 0, 1)) == 0
    assert len(range(10, 0, 3)) == 0
    assert len(range(10, 0, -1)) == 10
    assert len(range(10, 0, -7)) == 2
    assert len(range(10, 2**40, 1)) == 1099511627766
    assert len(range(10, 2**40, 3)) == 366503875922
    assert len(range(10, 2**40, -1)) == 0
    assert len(range(10, 2**40, -7)) == 0
    assert (error(lambda: len(range(2**63)))
            == "OverflowError: Python int too large to convert to C ssize_t")
    assert (error(lambda: range(2**63).__len__())
            == "OverflowError: Python int too large to convert to C ssize_t")
    assert bool(range(2**70)) is True
    assert (error(lambda: len(range(-2**62, 2**62)))
            == "OverflowError: Python int too large to convert to C ssize_t")


def test_indexing():
    r = range(10, 20, 2)
    assert r[0] == 10
    assert r[-1] == 18
    assert r[4] == 18
    assert error(lambda: r[5]) == "IndexError: range object index out of range"
    assert error(lambda: r[-6]) == "IndexError: range object index out of range"
    assert error(lambda: r['a']) == "TypeError: range indices must be integers or slices, not str"
    assert error(lambda: r[1.5]) == "TypeError: range indices must be integers or slices, not float"
    assert repr(r[::]) == "range(10, 20, 2)"
    assert repr(r[::2]) == "range(10, 20, 4)"
    assert repr(r[::-1]) == "range(18, 8, -2)"
    assert repr(r[:3:]) == "range(10, 16, 2)"
    assert repr(r[:3:2]) == "range(10, 16, 4)"
    assert repr(r[:3:-1]) == "range(18, 16, -2)"
    assert repr(r[:-1:]) == "range(10, 18, 2)"
    assert repr(r[:-1:2]) == "range(10, 18, 4)"
    assert repr(r[:-1:-1]) == "range(18, 18, -2)"
    assert repr(r[1::]) == "range(12, 20, 2)"
    assert repr(r[1::2]) == "range(12, 20, 4)"
    assert repr(r[1::-1]) == "range(12, 8, -2)"
    assert repr(r[1:3:]) == "range(12, 16, 2)"
    assert repr(r[1:3:2]) == "range(12, 16, 4)"
    assert repr(r[1:3:-1]) == "range(12, 16, -2)"
    assert repr(r[1:-1:]) == "range(12, 18, 2)"
    assert repr(r[1:-1:2]) == "range(12, 18, 4)"
    assert repr(r[1:-1:-1]) == "range(12, 18, -2)"
    assert repr(r[-2::]) == "range(16, 20, 2)"
    assert repr(r[-2::2]) == "range(16, 20, 4)"
    assert repr(r[-2::-1]) == "range(16, 8, -2)"
    assert repr(r[-2:3:]) == "range(16, 16, 2)"
    assert repr(r[-2:3:2]) == "range(16, 16, 4)"
    assert repr(r[-2:3:-1]) == "range(16, 16, -2)"
    assert repr(r[-2:-1:]) == "range(16, 18, 2)"
    assert repr(r[-2:-1:2]) == "range(16, 18, 4)"
    assert repr(r[-2:-1:-1]) == "range(16, 18, -2)"
    assert range(2**70)[2**69] == 590295810358705651712
    assert range(2**70)[-1] == 1180591620717411303423
    assert error(lambda: r[::0]) == "ValueError: slice step cannot be zero"
    try:
        r[0] = 1
    except BaseException as exception:
        assert describe(exception) == "TypeError: 'range' object does not support item assignment"
    else:
        assert False, "nothing raised"


def test_membership():
    r = range(0, 100, 7)
    assert (14 in r) is True
    assert (15 in r) is False
    assert (14.0 in r) is True
    assert ('14' in r) is False
    assert (105 in r) is False
    assert (-7 in r) is False
    assert (2**70 in range(2**71)) is True
    assert (True in range(2)) is True
    class E:
        def __eq__(self, other): return other == 7
    assert (E() in r) is True


def test_index_and_count():
    r = range(5, 50, 5)
    assert r.index(15) == 2
    assert error(lambda: r.index(16)) == "ValueError: 16 is not in range"
    assert error(lambda: r.index('a')) == "ValueError: sequence.index(x): x not in sequence"
    assert r.count(10) == 1
    assert r.count(11) == 0
    assert (error(lambda: r.index())
            == "TypeError: range.index() takes exactly one argument (0 given)")
    assert (error(lambda: r.index(15, 1))
            == "TypeError: range.index() takes exactly one argument (2 given)")


def test_attributes():
    r = range(1, 10, 2)
    assert (r.start, r.stop, r.step) == (1, 10, 2)
    try:
        r.start = 5
    except BaseException as exception:
        assert describe(exception) == "AttributeError: readonly attribute"
    else:
        assert False, "nothing raised"
    assert error(lambda: r.foo) == "AttributeError: 'range' object has no attribute 'foo'"
    try:
        r.foo = 1
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: 'range' object has no attribute 'foo' and no __dict__ for setting new attributes")
    else:
        assert False, "nothing raised"


def test_equality_and_hash():
    assert (range(0) == range(5, 5)) is True
    assert (range(0, 5, 2) == range(0, 6, 2)) is True
    assert (range(3) == [0, 1, 2]) is False
    assert (range(1) == range(0, 1, 100)) is True
    assert (hash(range(0, 5, 2)) == hash(range(0, 6, 2))) is True
    assert (error(lambda: range(3) < range(4))
            == "TypeError: '<' not supported between instances of 'range' and 'range'")
    assert (error(lambda: range(3) + range(2))
            == "TypeError: unsupported operand type(s) for +: 'range' and 'range'")
    assert {range(3): 'a'}[range(0, 3)] == "a"


def test_iteration():
    i = iter(range(3))
    assert i.__length_hint__() == 3
    assert next(i) == 0
    assert list(i) == [1, 2]
    assert type(i).__name__ == "range_iterator"
    assert type(iter(range(2**70))).__name__ == "longrange_iterator"
    assert (list(range(2**70, 2**70 + 3))
            == [1180591620717411303424, 1180591620717411303425, 1180591620717411303426])
    assert list(reversed(range(5))) == [4, 3, 2, 1, 0]
    assert list(reversed(range(0, 10, 3))) == [9, 6, 3, 0]
    assert (list(reversed(range(2**70, 2**70 + 2)))
            == [1180591620717411303425, 1180591620717411303424])
    assert repr(iter(range(5)).__reduce__()[1]) == "(range(0, 5),)"


def test_iterator_set_state():
    i = iter(range(10))
    i.__setstate__(7)
    assert list(i) == [7, 8, 9]
    i = iter(range(10))
    i.__setstate__(100)
    assert list(i) == []


def test_cannot_subclass():
    try:
        class R(range): pass
    except BaseException as exception:
        assert describe(exception) == "TypeError: type 'range' is not an acceptable base type"
    else:
        assert False, "nothing raised"


def test_unpack():
    a, *b = range(4)
    assert (a, b) == (0, [1, 2, 3])
    assert [*range(3)] == [0, 1, 2]
    assert sum(range(101)) == 5050
    assert max(range(5)) == 4
    assert min(range(5, 0, -1)) == 1
    assert sorted(range(3), reverse=True) == [2, 1, 0]


def test_huge_arithmetic():
    r = range(-2**64, 2**64, 2**32)
    assert len(r) == 8589934592
    assert r[0] == -18446744073709551616
    assert r[-1] == 18446744069414584320
    assert (0 in r) is True
    assert r[2**32] == 0
    assert r.index(0) == 4294967296


def test_slice_objects():
    assert repr(slice(1)) == "slice(None, 1, None)"
    assert repr(slice(1, 2)) == "slice(1, 2, None)"
    assert repr(slice(1, 2, 3)) == "slice(1, 2, 3)"
    assert repr(slice(None)) == "slice(None, None, None)"
    assert error(lambda: slice()) == "TypeError: slice expected at least 1 argument, got 0"
    assert (error(lambda: slice(1, 2, 3, 4))
            == "TypeError: slice expected at most 3 arguments, got 4")
    assert repr(slice('a', [], {})) == "slice('a', [], {})"
    s = slice(1, 2, 3)
    assert (s.start, s.stop, s.step) == (1, 2, 3)
    try:
        s.start = 1
    except BaseException as exception:
        assert describe(exception) == "AttributeError: readonly attribute"
    else:
        assert False, "nothing raised"


def test_slice_indices():
    assert slice(None, None, None).indices(10) == (0, 10, 1)
    assert slice(None, None, 2).indices(10) == (0, 10, 2)
    assert slice(None, None, -1).indices(10) == (9, -1, -1)
    assert slice(None, 5, None).indices(10) == (0, 5, 1)
    assert slice(None, 5, 2).indices(10) == (0, 5, 2)
    assert slice(None, 5, -1).indices(10) == (9, 5, -1)
    assert slice(None, -20, None).indices(10) == (0, 0, 1)
    assert slice(None, -20, 2).indices(10) == (0, 0, 2)
    assert slice(None, -20, -1).indices(10) == (9, -1, -1)
    assert slice(-3, None, None).indices(10) == (7, 10, 1)
    assert slice(-3, None, 2).indices(10) == (7, 10, 2)
    assert slice(-3, None, -1).indices(10) == (7, -1, -1)
    assert slice(-3, 5, None).indices(10) == (7, 5, 1)
    assert slice(-3, 5, 2).indices(10) == (7, 5, 2)
    assert slice(-3, 5, -1).indices(10) == (7, 5, -1)
    assert slice(-3, -20, None).indices(10) == (7, 0, 1)
    assert slice(-3, -20, 2).indices(10) == (7, 0, 2)
    assert slice(-3, -20, -1).indices(10) == (7, -1, -1)
    assert slice(15, None, None).indices(10) == (10, 10, 1)
    assert slice(15, None, 2).indices(10) == (10, 10, 2)
    assert slice(15, None, -1).indices(10) == (9, -1, -1)
    assert slice(15, 5, None).indices(10) == (10, 5, 1)
    assert slice(15, 5, 2).indices(10) == (10, 5, 2)
    assert slice(15, 5, -1).indices(10) == (9, 5, -1)
    assert slice(15, -20, None).indices(10) == (10, 0, 1)
    assert slice(15, -20, 2).indices(10) == (10, 0, 2)
    assert slice(15, -20, -1).indices(10) == (9, -1, -1)
    assert error(lambda: slice(1, 2, 0).indices(5)) == "ValueError: slice step cannot be zero"
    assert error(lambda: slice(1, 2).indices(-1)) == "ValueError: length should not be negative"
    assert (error(lambda: slice('a').indices(5))
            == "TypeError: slice indices must be integers or None or have an __index__ method")
    assert (error(lambda: slice(1).indices('a'))
            == "TypeError: 'str' object cannot be interpreted as an integer")
    assert slice(2**100).indices(5) == (0, 5, 1)
    assert slice(None).indices(2**100) == (0, 1267650600228229401496703205376, 1)


def test_slice_equality_and_hash():
    assert (slice(1, 2) == slice(1, 2, None)) is True
    assert (slice(1) == slice(2)) is False
    assert (slice(1, 2) < slice(1, 3)) is True
    assert (hash(slice(1, 2, 3)) == hash(slice(1, 2, 3))) is True
    assert error(lambda: hash(slice([], 1))) == "TypeError: unhashable type: 'list'"
    assert (slice(1) == 1) is False


def test_getitem_receives_slices():
    class C:
        def __getitem__(self, k): return k
    c = C()
    assert repr(c[1:2]) == "slice(1, 2, None)"
    assert repr(c[1:2, ::3]) == "(slice(1, 2, None), slice(None, None, 3))"
    assert c[...] is Ellipsis
    assert repr(c[:]) == "slice(None, None, None)"
    assert repr(c[::]) == "slice(None, None, None)"
    assert repr(c[1:2:3, 4]) == "(slice(1, 2, 3), 4)"
    assert c[(1, 2)] == (1, 2)
    assert c[1,] == (1,)
    assert c[*[1, 2]] == (1, 2)
    assert c[()] == ()


def test_setitem_and_delitem_receive_slices():
    log = []
    class C:
        def __setitem__(self, k, v): log.append((k, v))
        def __delitem__(self, k): log.append(k)
    c = C()
    c[1:2] = 5
    c[::2, 'a'] = 6
    del c[3:]
    del c[1], c[2]
    assert (repr(log)
            == "[(slice(1, 2, None), 5), ((slice(None, None, 2), 'a'), 6), slice(3, None, None), 1, 2]")


def test_index_in_slices():
    class X:
        def __init__(self, v): self.v = v
        def __index__(self): return self.v
    assert 'abcdef'[X(1):X(4)] == "bcd"
    assert list(range(10))[X(-3):] == [7, 8, 9]
    assert slice(X(1), X(5)).indices(3) == (1, 3, 1)


main(globals())
