# bytearray: mutation, slices, buffer locks, error messages.
from _run import describe, error, main



def test_construction():
    assert repr(bytearray()) == "bytearray(b'')"
    assert repr(bytearray(2)) == "bytearray(b'\\x00\\x00')"
    assert repr(bytearray(b'ab')) == "bytearray(b'ab')"
    assert repr(bytearray([1, 2])) == "bytearray(b'\\x01\\x02')"
    assert repr(bytearray('a', 'ascii')) == "bytearray(b'a')"
    assert error(lambda: bytearray('a')) == "TypeError: string argument without an encoding"
    assert error(lambda: bytearray(-1)) == "ValueError: negative count"
    assert error(lambda: bytearray([256])) == "ValueError: byte must be in range(0, 256)"
    assert error(lambda: bytearray(1.5)) == "TypeError: cannot convert 'float' object to bytearray"
    assert repr(bytearray(source=b'a')) == "bytearray(b'a')"


def test_repr_and_text():
    assert repr(bytearray(b"it's")) == 'bytearray(b"it\\\'s")'
    assert str(bytearray(b'a')) == "bytearray(b'a')"
    assert repr(bytearray(b'\x00"')) == 'bytearray(b\'\\x00"\')'


def test_item_assignment():
    b = bytearray(b'abc')
    b[0] = 65
    b[-1] = 0x43
    assert repr(b) == "bytearray(b'AbC')"
    try:
        b[0] = 256
    except BaseException as exception:
        assert describe(exception) == "ValueError: byte must be in range(0, 256)"
    else:
        assert False, "nothing raised"
    try:
        b[0] = -1
    except BaseException as exception:
        assert describe(exception) == "ValueError: byte must be in range(0, 256)"
    else:
        assert False, "nothing raised"
    try:
        b[0] = 'a'
    except BaseException as exception:
        assert describe(exception) == "TypeError: 'str' object cannot be interpreted as an integer"
    else:
        assert False, "nothing raised"
    try:
        b[0] = b'a'
    except BaseException as exception:
        assert (describe(exception)
                == "TypeError: 'bytes' object cannot be interpreted as an integer")
    else:
        assert False, "nothing raised"
    try:
        b[5] = 1
    except BaseException as exception:
        assert describe(exception) == "IndexError: bytearray index out of range"
    else:
        assert False, "nothing raised"
    try:
        b['a'] = 1
    except BaseException as exception:
        assert (describe(exception)
                == "TypeError: bytearray indices must be integers or slices, not str")
    else:
        assert False, "nothing raised"
    assert error(lambda: b[5]) == "IndexError: bytearray index out of range"
    del b[1]
    assert repr(b) == "bytearray(b'AC')"
    try:
        del b[9]
    except BaseException as exception:
        assert describe(exception) == "IndexError: bytearray index out of range"
    else:
        assert False, "nothing raised"


def test_slice_assignment():
    b = bytearray(b'abcdef')
    b[1:3] = b'XYZ'
    assert repr(b) == "bytearray(b'aXYZdef')"
    b[:0] = [1, 2]
    assert repr(b) == "bytearray(b'\\x01\\x02aXYZdef')"
    b[::2] = b'-----'[:len(b[::2])]
    assert repr(b) == "bytearray(b'-\\x02-X-Z-e-')"
    try:
        b[::2] = b'a'
    except BaseException as exception:
        assert (describe(exception)
                == "ValueError: attempt to assign bytes of size 1 to extended slice of size 5")
    else:
        assert False, "nothing raised"
    try:
        b[0:1] = 5
    except BaseException as exception:
        assert (describe(exception)
                == "TypeError: can assign only bytes, buffers, or iterables of ints in range(0, 256)")
    else:
        assert False, "nothing raised"
    try:
        b[0:1] = 'a'
    except BaseException as exception:
        assert (describe(exception)
                == "TypeError: can assign only bytes, buffers, or iterables of ints in range(0, 256)")
    else:
        assert False, "nothing raised"
    try:
        b[0:1] = [300]
    except BaseException as exception:
        assert describe(exception) == "ValueError: byte must be in range(0, 256)"
    else:
        assert False, "nothing raised"
    del b[::2]
    assert repr(b) == "bytearray(b'\\x02XZe')"
    b[1:1] = b
    assert repr(b) == "bytearray(b'\\x02\\x02XZeXZe')"
    del b[:]
    assert repr(b) == "bytearray(b'')"


def test_append_extend_insert():
    b = bytearray()
    assert b.append(1) is None
    assert error(lambda: b.append(256)) == "ValueError: byte must be in range(0, 256)"
    assert (error(lambda: b.append('a'))
            == "TypeError: 'str' object cannot be interpreted as an integer")
    assert (error(lambda: b.append())
            == "TypeError: bytearray.append() takes exactly one argument (0 given)")
    assert b.extend([2, 3]) is None
    assert b.extend(b'ab') is None
    assert error(lambda: b.extend('ab')) == "TypeError: expected iterable of integers; got: 'str'"
    assert error(lambda: b.extend([1, 300])) == "ValueError: byte must be in range(0, 256)"
    assert error(lambda: b.extend(5)) == "TypeError: can't extend bytearray with int"
    assert repr(b) == "bytearray(b'\\x01\\x02\\x03ab')"
    assert b.insert(0, 9) is None
    assert b.insert(-1, 8) is None
    assert b.insert(100, 7) is None
    assert repr(b) == "bytearray(b'\\t\\x01\\x02\\x03a\\x08b\\x07')"


def test_pop_remove_reverse_clear_copy():
    b = bytearray(b'abcab')
    assert b.pop() == 98
    assert b.pop(0) == 97
    assert error(lambda: b.pop(10)) == "IndexError: pop index out of range"
    assert b.remove(ord('c')) is None
    assert error(lambda: b.remove(200)) == "ValueError: value not found in bytearray"
    assert error(lambda: b.remove(300)) == "ValueError: byte must be in range(0, 256)"
    assert b.reverse() is None
    assert repr(b) == "bytearray(b'ab')"
    c = b.copy()
    assert (c == b and c is not b) is True
    assert b.clear() is None
    assert repr(b) == "bytearray(b'')"
    assert repr(c) == "bytearray(b'ab')"
    assert error(lambda: bytearray().pop()) == "IndexError: pop from empty bytearray"


def test_in_place_operators():
    b = d = bytearray(b'a')
    b += b'b'
    b += bytearray(b'c')
    b *= 2
    assert repr(d) == "bytearray(b'abcabc')"
    try:
        b += 'a'
    except BaseException as exception:
        assert describe(exception) == "TypeError: can't concat str to bytearray"
    else:
        assert False, "nothing raised"
    try:
        b += 5
    except BaseException as exception:
        assert describe(exception) == "TypeError: can't concat int to bytearray"
    else:
        assert False, "nothing raised"
    try:
        b *= 'a'
    except BaseException as exception:
        assert describe(exception) == "TypeError: can't multiply sequence by non-int of type 'str'"
    else:
        assert False, "nothing raised"
    b *= 0
    assert repr(d) == "bytearray(b'')"


def test_methods_return_bytearray():
    b = bytearray(b' aXb ')
    assert repr(b.strip()) == "bytearray(b'aXb')"
    assert repr(b.upper()) == "bytearray(b' AXB ')"
    assert repr(b.replace(b'X', b'y')) == "bytearray(b' ayb ')"
    assert repr(b.split(b'X')) == "[bytearray(b' a'), bytearray(b'b ')]"
    assert repr(b.partition(b'X')) == "(bytearray(b' a'), bytearray(b'X'), bytearray(b'b '))"
    assert repr(b.join([b'1', b'2'])) == "bytearray(b'1 aXb 2')"
    assert b.find(b'X') == 2
    assert repr(b.center(9, b'*')) == "bytearray(b'** aXb **')"
    assert b.decode() == " aXb "
    assert b.hex() == "2061586220"
    assert b.startswith(b' a') is True
    assert repr(b.translate(None, b'X')) == "bytearray(b' ab ')"
    assert repr(b.title()) == "bytearray(b' Axb ')"
    assert repr(bytearray.fromhex('6162')) == "bytearray(b'ab')"


def test_not_hashable():
    assert error(lambda: hash(bytearray())) == "TypeError: unhashable type: 'bytearray'"
    assert error(lambda: {bytearray(): 1}) == "TypeError: unhashable type: 'bytearray'"


def test_comparison():
    assert (bytearray(b'a') == b'a') is True
    assert (bytearray(b'a') < b'b') is True
    assert (bytearray(b'a') == 'a') is False
    assert (error(lambda: bytearray(b'a') < 'a')
            == "TypeError: '<' not supported between instances of 'bytearray' and 'str'")
    assert (bytearray(b'b') > bytearray(b'a')) is True


def test_locked_while_exported():
    b = bytearray(b'abc')
    m = memoryview(b)
    assert (error(lambda: b.append(1))
            == "BufferError: Existing exports of data: object cannot be re-sized")
    assert (error(lambda: b.clear())
            == "BufferError: Existing exports of data: object cannot be re-sized")
    assert (error(lambda: b.pop())
            == "BufferError: Existing exports of data: object cannot be re-sized")
    try:
        del b[0]
    except BaseException as exception:
        assert (describe(exception)
                == "BufferError: Existing exports of data: object cannot be re-sized")
    else:
        assert False, "nothing raised"
    try:
        b += b'x'
    except BaseException as exception:
        assert (describe(exception)
                == "BufferError: Existing exports of data: object cannot be re-sized")
    else:
        assert False, "nothing raised"
    b[0] = 90
    assert repr(b) == "bytearray(b'Zbc')"
    m.release()
    b.append(1)
    assert repr(b) == "bytearray(b'Zbc\\x01')"


def test_alloc():
    assert bytearray().__alloc__() == 0
    assert (bytearray(10).__alloc__() >= 11) is True


def test_concatenation():
    assert repr(bytearray(b'a') + b'b') == "bytearray(b'ab')"
    assert b'a' + bytearray(b'b') == b'ab'
    assert error(lambda: bytearray(b'a') + 'b') == "TypeError: can't concat str to bytearray"
    assert repr(bytearray(b'ab') * 2) == "bytearray(b'abab')"
    assert repr(2 * bytearray(b'a')) == "bytearray(b'aa')"
    assert repr(bytearray(b'%d') % 5) == "bytearray(b'5')"
    assert repr(bytearray(b'%s') % b'z') == "bytearray(b'z')"


def test_iteration():
    b = bytearray(b'abc')
    out = []
    for v in b:
        out.append(v)
        if len(b) < 5:
            b.append(122)
    assert out == [97, 98, 99, 122, 122]
    i = iter(b)
    next(i)
    assert i.__length_hint__() == 4
    assert type(i).__name__ == "bytearray_iterator"
    assert list(reversed(b)) == [122, 122, 99, 98, 97]


def test_subclass():
    class B(bytearray):
        pass
    b = B(b'ab')
    b.x = 1
    assert repr(b) == "B(b'ab')"
    assert b.x == 1
    assert repr(type(b + b'')) == "<class 'bytearray'>"
    assert repr(type(b.copy())) == "<class 'bytearray'>"
    assert repr(type(b[:])) == "<class 'bytearray'>"


def test_front_deletion_is_cheap_and_right():
    b = bytearray(range(100))
    del b[:50]
    assert b[0] == 50
    b.append(7)
    del b[:49]
    assert repr(b) == "bytearray(b'c\\x07')"


def test_resize_keeps_content():
    b = bytearray()
    for i in range(1000):
        b.append(i % 256)
    assert len(b) == 1000
    assert b[999] == 231
    del b[10:]
    assert repr(b) == "bytearray(b'\\x00\\x01\\x02\\x03\\x04\\x05\\x06\\x07\\x08\\t')"


main(globals())
