# The struct and array modules.
import struct
from array import array
from _run import describe, error, main



def test_packing_integers():
    assert struct.pack('b', 1) == b'\x01'
    assert struct.pack('B', 1) == b'\x01'
    assert struct.pack('<h', 1) == b'\x01\x00'
    assert struct.pack('>h', 1) == b'\x00\x01'
    assert struct.pack('<i', 1) == b'\x01\x00\x00\x00'
    assert struct.pack('>I', 1) == b'\x00\x00\x00\x01'
    assert struct.pack('<q', 1) == b'\x01\x00\x00\x00\x00\x00\x00\x00'
    assert struct.pack('>Q', 1) == b'\x00\x00\x00\x00\x00\x00\x00\x01'
    assert struct.pack('?', 1) == b'\x01'
    assert struct.pack('<l', 1) == b'\x01\x00\x00\x00'
    assert struct.pack('@n', 1) == b'\x01\x00\x00\x00\x00\x00\x00\x00'
    assert struct.pack('<' + 'b', -2) == b'\xfe'
    assert struct.pack('<' + 'h', -2) == b'\xfe\xff'
    assert struct.pack('<' + 'i', -2) == b'\xfe\xff\xff\xff'
    assert struct.pack('<' + 'q', -2) == b'\xfe\xff\xff\xff\xff\xff\xff\xff'


def test_packing_floats():
    assert (repr((struct.pack('<f', 1.5), struct.pack('>d', -0.1), struct.pack('<e', 0.5), struct.unpack('<e', b'\x00\x3c')))
            == "(b'\\x00\\x00\\xc0?', b'\\xbf\\xb9\\x99\\x99\\x99\\x99\\x99\\x9a', b'\\x008', (1.0,))")
    assert (error(lambda: struct.pack('<f', 1e300))
            == "OverflowError: float too large to pack with f format")
    assert (error(lambda: struct.pack('<e', 1e10))
            == "OverflowError: float too large to pack with e format")
    assert repr(struct.unpack('<f', struct.pack('<f', 0.1))) == "(0.10000000149011612,)"


def test_packing_text_and_padding():
    assert ((struct.pack('3s', b'abcd'), struct.pack('5s', b'ab'), struct.pack('4p', b'abcdef'), struct.pack('c', b'x'), struct.pack('2x'), struct.pack('0s', b''))
            == (b'abc', b'ab\x00\x00\x00', b'\x03abc', b'x', b'\x00\x00', b''))
    assert (error(lambda: struct.pack('c', b'xy'))
            == "error: char format requires a bytes object of length 1")
    assert (error(lambda: struct.pack('3s', 'abc'))
            == "error: argument for 's' must be a bytes object")


def test_alignment():
    assert ((struct.calcsize('bi'), struct.calcsize('<bi'), struct.calcsize('bq'), struct.calcsize('b0q'), struct.calcsize('3i2h'))
            == (8, 5, 16, 8, 16))
    assert ((struct.pack('bi', 1, 2), struct.pack('=bi', 1, 2))
            == (b'\x01\x00\x00\x00\x02\x00\x00\x00', b'\x01\x02\x00\x00\x00'))


def test_repeat_counts():
    assert ((struct.pack('3h', 1, 2, 3), struct.unpack('2B', b'ab'), struct.unpack('<2hB', b'\1\0\2\0\3'), struct.pack(' b  b ', 1, 2))
            == (b'\x01\x00\x02\x00\x03\x00', (97, 98), (1, 2, 3), b'\x01\x02'))


def test_unpack_forms():
    assert ((struct.unpack('<I', b'\x01\x02\x03\x04'), struct.unpack_from('<H', b'abcd', 1), struct.unpack_from('B', b'ab', -1), list(struct.iter_unpack('<H', b'abcd')))
            == ((67305985,), (25442,), (98,), [(25185,), (25699,)]))
    b = bytearray(4)
    struct.pack_into('<H', b, 1, 258)
    assert repr(b) == "bytearray(b'\\x00\\x02\\x01\\x00')"
    assert error(lambda: struct.unpack('I', b'abc')) == "error: unpack requires a buffer of 4 bytes"
    assert (error(lambda: struct.unpack_from('I', b'abc'))
            == "error: unpack_from requires a buffer of at least 4 bytes for unpacking 4 bytes at offset 0 (actual buffer size is 3)")
    assert (error(lambda: struct.iter_unpack('H', b'abc'))
            == "error: iterative unpacking requires a buffer of a multiple of 2 bytes")
    assert (error(lambda: struct.pack_into('I', b, 2, 1))
            == "error: pack_into requires a buffer of at least 6 bytes for packing 4 bytes at offset 2 (actual buffer size is 4)")
    assert ((struct.unpack('3s', bytearray(b'xyz')), struct.unpack('B', memoryview(b'a')))
            == ((b'xyz',), (97,)))


def test_errors():
    assert error(lambda: struct.pack('B', 256)) == "error: 'B' format requires 0 <= number <= 255"
    assert (error(lambda: struct.pack('b', -129))
            == "error: 'b' format requires -128 <= number <= 127")
    assert error(lambda: struct.pack('H', -1)) == "error: 'H' format requires 0 <= number <= 65535"
    assert (error(lambda: struct.pack('i', 2**31))
            == "error: 'i' format requires -2147483648 <= number <= 2147483647")
    assert (error(lambda: struct.pack('Q', -1))
            == "error: 'Q' format requires 0 <= number <= 18446744073709551615")
    assert error(lambda: struct.pack('i', 1.5)) == "error: required argument is not an integer"
    assert error(lambda: struct.pack('i', 'a')) == "error: required argument is not an integer"
    assert error(lambda: struct.pack('i')) == "error: pack expected 1 items for packing (got 0)"
    assert (error(lambda: struct.pack('i', 1, 2))
            == "error: pack expected 1 items for packing (got 2)")
    assert error(lambda: struct.pack('z', 1)) == "error: bad char in struct format"
    assert error(lambda: struct.pack('5')) == "error: repeat count given without format specifier"
    assert error(lambda: struct.calcsize('!n')) == "error: bad char in struct format"
    assert (error(lambda: struct.pack(5))
            == "TypeError: Struct() argument 1 must be a str or bytes object, not int")
    assert (error(lambda: struct.unpack('i', 'abcd'))
            == "TypeError: a bytes-like object is required, not 'str'")
    assert error(lambda: struct.pack('f', 'a')) == "error: required argument is not a float"


def test_struct_objects():
    s = struct.Struct('<hb')
    assert ((s.size, s.format, s.pack(1, 2), s.unpack(b'\1\0\2'), s.unpack_from(b'x\1\0\2', 1))
            == (3, "<hb", b'\x01\x00\x02', (1, 2), (1, 2)))
    assert error(lambda: struct.Struct('zz')) == "error: bad char in struct format"
    assert repr(s) == "Struct('<hb')"


def test_array_basics():
    a = array('i', [1, 2, 3])
    assert (repr((a, a[0], a[-1], len(a), a.typecode, a.itemsize, list(a), a.tolist(), a[1:], a[::-1]))
            == "(array('i', [1, 2, 3]), 1, 3, 3, 'i', 4, [1, 2, 3], [1, 2, 3], array('i', [2, 3]), array('i', [3, 2, 1]))")
    a.append(4)
    a.extend([5, 6])
    a.insert(0, 0)
    assert (repr((a, a.pop(), a.pop(0), a.index(3), a.count(2)))
            == "(array('i', [1, 2, 3, 4, 5]), 6, 0, 2, 1)")
    a.remove(2)
    a.reverse()
    assert repr(a) == "array('i', [5, 4, 3, 1])"
    assert error(lambda: a.remove(99)) == "ValueError: array.remove(x): x not in array"
    assert error(lambda: a.index(99)) == "ValueError: array.index(x): x not in array"
    assert error(lambda: a[50]) == "IndexError: array index out of range"


def test_array_of_every_type():
    assert array('b', [1, 2]).tobytes().hex() == "0102"
    assert array('B', [1, 2]).tobytes().hex() == "0102"
    assert array('h', [1, 2]).tobytes().hex() == "01000200"
    assert array('H', [1, 2]).tobytes().hex() == "01000200"
    assert array('i', [1, 2]).tobytes().hex() == "0100000002000000"
    assert array('I', [1, 2]).tobytes().hex() == "0100000002000000"
    assert array('q', [1, 2]).tobytes().hex() == "01000000000000000200000000000000"
    assert array('Q', [1, 2]).tobytes().hex() == "01000000000000000200000000000000"
    assert array('f', [1, 2]).tobytes().hex() == "0000803f00000040"
    assert array('d', [1, 2]).tobytes().hex() == "000000000000f03f0000000000000040"
    assert (repr((array('u', 'ab'), array('w', 'x\u20ac')))
            == "(array('u', 'ab'), array('w', 'x\u20ac'))")


def test_array_limits():
    assert (error(lambda: array('B', [256]))
            == "OverflowError: unsigned byte integer is greater than maximum")
    assert error(lambda: array('b', [-129])) == "OverflowError: signed char is less than minimum"
    assert (error(lambda: array('I', [-1]))
            == "OverflowError: can't convert negative value to unsigned int")
    assert (error(lambda: array('i', [2**31]))
            == "OverflowError: signed integer is greater than maximum")
    assert (error(lambda: array('i', [1.5]))
            == "TypeError: 'float' object cannot be interpreted as an integer")
    assert error(lambda: array('f', ['a'])) == "TypeError: must be real number, not str"
    assert error(lambda: array('u', [1])) == "TypeError: array item must be unicode character"
    assert (error(lambda: array('B', 'ab'))
            == "TypeError: cannot use a str to initialize an array with typecode 'B'")
    assert error(lambda: array('q', [2**63])) == "OverflowError: int too big to convert"
    assert (error(lambda: array('xx'))
            == "TypeError: array() argument 1 must be a unicode character, not str")
    assert (error(lambda: array(5))
            == "TypeError: array() argument 1 must be a unicode character, not int")


def test_array_operators():
    assert (repr((array('i', [1]) + array('i', [2]), array('i', [1]) * 2, array('i', [1]) == array('i', [1]), array('i', [1]) < array('i', [2]), array('i', [1]) == array('d', [1.0])))
            == "(array('i', [1, 2]), array('i', [1, 1]), True, True, True)")
    assert (error(lambda: array('i') + array('d'))
            == "TypeError: bad argument type for built-in operation")
    assert (error(lambda: array('i') + [1])
            == 'TypeError: can only append array (not "list") to array')
    assert (1 in array('i', [1]), bool(array('i'))) == (True, False)
    a = array('i', [1, 2, 3, 4])
    a[1:3] = array('i', [9])
    assert repr(a) == "array('i', [1, 9, 4])"
    del a[0]
    assert repr(a) == "array('i', [9, 4])"
    try:
        a[0:1] = [5]
    except BaseException as exception:
        assert describe(exception) == 'TypeError: can only assign array (not "list") to array slice'
    else:
        assert False, "nothing raised"
    try:
        a[0] = 'x'
    except BaseException as exception:
        assert describe(exception) == "TypeError: 'str' object cannot be interpreted as an integer"
    else:
        assert False, "nothing raised"


def test_array_buffers():
    a = array('h', [1, 2])
    m = memoryview(a)
    m[0] = 77
    assert repr((a, m.format, m.itemsize, m.tolist())) == "(array('h', [77, 2]), 'h', 2, [77, 2])"
    assert (error(lambda: a.append(5))
            == "BufferError: cannot resize an array that is exporting buffers")
    m.release()
    a.append(5)
    assert repr(a) == "array('h', [77, 2, 5])"
    assert (repr((bytes(array('B', [1, 2])), array('B', b'ab').tobytes(), bytearray(array('h', [1]))))
            == "(b'\\x01\\x02', b'ab', bytearray(b'\\x01\\x00'))")
    a = array('i')
    a.frombytes(b'\1\0\0\0')
    a.fromlist([2])
    assert repr(a) == "array('i', [1, 2])"
    assert (error(lambda: a.frombytes(b'abc'))
            == "ValueError: bytes length not a multiple of item size")
    a.byteswap()
    assert repr(a) == "array('i', [16777216, 33554432])"
    assert a.buffer_info()[1] == 2


main(globals())
