# memoryview: formats, slices, casts, release, comparison.
from _run import describe, error, main



def test_basic_attributes():
    m = memoryview(b'abcdef')
    assert m.format == "B"
    assert m.itemsize == 1
    assert m.ndim == 1
    assert m.shape == (6,)
    assert m.strides == (1,)
    assert m.suboffsets == ()
    assert m.readonly is True
    assert m.nbytes == 6
    assert m.contiguous is True
    assert m.c_contiguous is True
    assert m.f_contiguous is True
    assert m.obj == b'abcdef'
    assert len(m) == 6


def test_indexing():
    m = memoryview(b'abc')
    assert m[0] == 97
    assert m[-1] == 99
    assert error(lambda: m[3]) == "IndexError: index out of bounds on dimension 1"
    assert error(lambda: m['a']) == "TypeError: memoryview: invalid slice key"
    assert error(lambda: m[1.5]) == "TypeError: memoryview: invalid slice key"
    assert bytes(m[1:]) == b'bc'
    assert bytes(m[::-1]) == b'cba'
    assert m[::2].tolist() == [97, 99]
    assert m[::2].contiguous is False
    assert m[::-1].strides == (-1,)
    assert m[1:0].tolist() == []
    assert error(lambda: m[None]) == "TypeError: memoryview: invalid slice key"
    assert error(lambda: m[0, 0]) == "TypeError: cannot index 1-dimension view with 2-element tuple"
    assert error(lambda: m[()]) == "NotImplementedError: sub-views are not implemented"
    assert error(lambda: m[...] is m) == "TypeError: memoryview: invalid slice key"


def test_writing():
    b = bytearray(b'abcdef')
    m = memoryview(b)
    m[0] = 65
    m[1:3] = b'XY'
    assert repr(b) == "bytearray(b'AXYdef')"
    try:
        m[0] = 256
    except BaseException as exception:
        assert describe(exception) == "ValueError: memoryview: invalid value for format 'B'"
    else:
        assert False, "nothing raised"
    try:
        m[0] = 'a'
    except BaseException as exception:
        assert describe(exception) == "TypeError: memoryview: invalid type for format 'B'"
    else:
        assert False, "nothing raised"
    try:
        m[0:2] = b'abc'
    except BaseException as exception:
        assert (describe(exception)
                == "ValueError: memoryview assignment: lvalue and rvalue have different structures")
    else:
        assert False, "nothing raised"
    try:
        m[9] = 1
    except BaseException as exception:
        assert describe(exception) == "IndexError: index out of bounds on dimension 1"
    else:
        assert False, "nothing raised"
    try:
        del m[0]
    except BaseException as exception:
        assert describe(exception) == "TypeError: cannot delete memory"
    else:
        assert False, "nothing raised"
    m[::2] = b'123'
    assert repr(b) == "bytearray(b'1X2d3f')"
    m[1:] = m[:-1]
    assert repr(b) == "bytearray(b'11X2d3')"


def test_read_only():
    m = memoryview(b'abc')
    try:
        m[0] = 1
    except BaseException as exception:
        assert describe(exception) == "TypeError: cannot modify read-only memory"
    else:
        assert False, "nothing raised"
    try:
        m[0:1] = b'a'
    except BaseException as exception:
        assert describe(exception) == "TypeError: cannot modify read-only memory"
    else:
        assert False, "nothing raised"


def test_construction_errors():
    assert (error(lambda: memoryview('a'))
            == "TypeError: memoryview: a bytes-like object is required, not 'str'")
    assert (error(lambda: memoryview(5))
            == "TypeError: memoryview: a bytes-like object is required, not 'int'")
    assert (error(lambda: memoryview())
            == "TypeError: memoryview() missing required argument 'object' (pos 1)")
    assert (error(lambda: memoryview(b'', 1))
            == "TypeError: memoryview() takes at most 1 argument (2 given)")
    assert memoryview(object=b'a').tobytes() == b'a'


def test_conversion():
    m = memoryview(b'ab\xff')
    assert m.tobytes() == b'ab\xff'
    assert m.tolist() == [97, 98, 255]
    assert m.hex() == "6162ff"
    assert m.hex(':') == "61:62:ff"
    assert bytes(m) == b'ab\xff'
    assert m.tobytes('C') == b'ab\xff'
    assert error(lambda: m.tobytes('x')) == "ValueError: order must be 'C', 'F' or 'A'"
    assert list(m) == [97, 98, 255]


def test_cast():
    m = memoryview(bytes(range(8)))
    assert m.cast('H').tolist() == [256, 770, 1284, 1798]
    assert m.cast('I').tolist() == [50462976, 117835012]
    assert m.cast('q').tolist() == [506097522914230528]
    assert m.cast('b')[7] == 7
    assert m.cast('c')[1] == b'\x01'
    assert m.cast('B', (2, 4)).tolist() == [[0, 1, 2, 3], [4, 5, 6, 7]]
    assert m.cast('B', [2, 2, 2]).tolist() == [[[0, 1], [2, 3]], [[4, 5], [6, 7]]]
    assert m.cast('?').tolist() == [False, True, True, True, True, True, True, True]
    assert (error(lambda: m.cast('x'))
            == "ValueError: memoryview: destination format must be a native single character format prefixed with an optional '@'")
    assert (error(lambda: m.cast('H', (3,)))
            == "TypeError: memoryview: product(shape) * itemsize != buffer size")
    assert (error(lambda: m[::2].cast('H'))
            == "TypeError: memoryview: casts are restricted to C-contiguous views")
    assert (error(lambda: m[1:].cast('H'))
            == "TypeError: memoryview: length is not a multiple of itemsize")
    assert (error(lambda: m.cast('H').cast('I'))
            == "TypeError: memoryview: cannot cast between two non-byte formats")
    assert m.cast('B', (2, 4)).shape == (2, 4)
    assert m.cast('d').itemsize == 8
    assert m.cast('@H').format == "@H"
    assert error(lambda: m.cast(1)) == "TypeError: cast() argument 'format' must be str, not int"


def test_multi_dimensional():
    m = memoryview(bytes(range(6))).cast('B', (2, 3))
    assert m[1, 2] == 5
    assert (error(lambda: m[0])
            == "NotImplementedError: multi-dimensional sub-views are not implemented")
    assert error(lambda: m[2, 0]) == "IndexError: index out of bounds on dimension 1"
    assert error(lambda: m[0, 5]) == "IndexError: index out of bounds on dimension 2"
    assert len(m) == 2
    assert m.strides == (3, 1)
    assert m.nbytes == 6
    assert m.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert (error(lambda: m[0, 1, 2])
            == "TypeError: cannot index 2-dimension view with 3-element tuple")
    assert (error(lambda: list(m))
            == "NotImplementedError: multi-dimensional sub-views are not implemented")


def test_writing_through_casts():
    b = bytearray(8)
    m = memoryview(b).cast('h')
    m[0] = -2
    m[3] = 258
    assert repr(b) == "bytearray(b'\\xfe\\xff\\x00\\x00\\x00\\x00\\x02\\x01')"
    try:
        m[0] = 40000
    except BaseException as exception:
        assert describe(exception) == "ValueError: memoryview: invalid value for format 'h'"
    else:
        assert False, "nothing raised"
    try:
        m[0] = 1.5
    except BaseException as exception:
        assert describe(exception) == "TypeError: memoryview: invalid type for format 'h'"
    else:
        assert False, "nothing raised"
    d = memoryview(b).cast('d')
    d[0] = 1.5
    assert repr(d.tolist()) == "[1.5]"
    assert b.hex() == "000000000000f83f"
    f = memoryview(bytearray(4)).cast('f')
    f[0] = 0.1
    assert repr(f[0]) == "0.10000000149011612"
    c = memoryview(bytearray(2)).cast('c')
    c[0] = b'z'
    assert c.tolist() == [b'z', b'\x00']
    try:
        c[0] = 5
    except BaseException as exception:
        assert describe(exception) == "TypeError: memoryview: invalid type for format 'c'"
    else:
        assert False, "nothing raised"
    q = memoryview(bytearray(1)).cast('?')
    q[0] = [1]
    assert q[0] is True


def test_release():
    b = bytearray(b'ab')
    m = memoryview(b)
    assert m.release() is None
    assert m.release() is None
    assert error(lambda: m[0]) == "ValueError: operation forbidden on released memoryview object"
    assert error(lambda: len(m)) == "ValueError: operation forbidden on released memoryview object"
    assert (error(lambda: m.tobytes())
            == "ValueError: operation forbidden on released memoryview object")
    assert (error(lambda: m.format)
            == "ValueError: operation forbidden on released memoryview object")
    assert b.append(1) is None
    assert repr(m).startswith('<released memory at 0x') is True
    with memoryview(b) as n:
        k = n[0]
    assert k == 97
    assert error(lambda: n[0]) == "ValueError: operation forbidden on released memoryview object"


def test_release_with_views():
    m = memoryview(b'abc')
    n = m[1:]
    assert m.release() is None
    assert n.tobytes() == b'bc'
    assert error(lambda: m[0]) == "ValueError: operation forbidden on released memoryview object"


def test_equality():
    assert (memoryview(b'ab') == b'ab') is True
    assert (memoryview(b'ab') == bytearray(b'ab')) is True
    assert (memoryview(b'ab') == memoryview(b'ab')) is True
    assert (memoryview(b'ab') == 'ab') is False
    assert (memoryview(b'ab') != b'ac') is True
    assert (error(lambda: memoryview(b'ab') < b'ac')
            == "TypeError: '<' not supported between instances of 'memoryview' and 'bytes'")
    assert (memoryview(b'abcd')[::2] == b'ac') is True
    assert (memoryview(b'\x01\x00').cast('H') == memoryview(b'\x01')) is True
    assert (memoryview(b'a').cast('c') == memoryview(b'a')) is False


def test_hashing():
    assert (hash(memoryview(b'abc')) == hash(b'abc')) is True
    assert (error(lambda: hash(memoryview(bytearray(b'a'))))
            == "ValueError: cannot hash writable memoryview object")
    assert (error(lambda: hash(memoryview(b'ab').cast('H')))
            == "ValueError: memoryview: hashing is restricted to formats 'B', 'b' or 'c'")
    assert {memoryview(b'k'): 1}[b'k'] == 1


def test_toreadonly():
    m = memoryview(bytearray(b'a'))
    r = m.toreadonly()
    assert r.readonly is True
    try:
        r[0] = 1
    except BaseException as exception:
        assert describe(exception) == "TypeError: cannot modify read-only memory"
    else:
        assert False, "nothing raised"
    m[0] = 98
    assert r[0] == 98


def test_membership_and_iteration():
    assert (97 in memoryview(b'ab')) is True
    assert (b'a' in memoryview(b'ab')) is False
    assert sum(memoryview(b'\x01\x02')) == 3
    assert list(reversed(memoryview(b'ab'))) == [98, 97]
    assert (memoryview(b'ab').index(98) if hasattr(memoryview, 'index') else 'absent') == "absent"


def test_repr():
    assert repr(memoryview(b'')).startswith('<memory at 0x') is True


def test_nesting_keeps_the_object_alive():
    def make():
        return memoryview(memoryview(bytearray(b'xyz'))[1:])
    assert make().tobytes() == b'yz'
    assert repr(make().obj) == "bytearray(b'xyz')"


main(globals())
