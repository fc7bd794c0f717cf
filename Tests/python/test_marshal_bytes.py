# Marshalled bytes, where they depend on how often a value is referred to. (As CPython 3.13.)
import marshal
import sys
from _run import error, main


def test_interned_strings_are_entered():
    name = "name"
    values = [sys.intern(name[:1] + name[1:] + str(len(name)))]
    assert marshal.dumps(values, 3) == b"\xdb\x01\0\0\0\xf4\x05\0\0\0name4"
    assert marshal.dumps(values, 4) == b"\xdb\x01\0\0\0\xda\x05name4"
    assert marshal.dumps([name[:1] + name[1:] + str(len(name))]) == b"[\x01\0\0\0z\x05name4"


def test_read_bytes_are_new():
    values = marshal.loads(b"[\x02\0\0\0s\x01\0\0\0as\x01\0\0\0a")
    assert values == [b"a", b"a"] and values[0] is not values[1]
    assert marshal.dumps(values) == b"\xdb\x02\0\0\0s\x01\0\0\0as\x01\0\0\0a"


def test_first_error_is_told():
    # The count is too large for the data; what is wrong with the items comes first.
    assert error(marshal.loads, b"(\xff\0\0\0NN?") == "ValueError: bad marshal data (unknown type code)"
    assert error(marshal.loads, b"(\xff\0\0\0NN0") == "TypeError: NULL object in marshal data for tuple"
    assert error(marshal.loads, b"(\xff\0\0\0NNi\0") == "EOFError: marshal data too short"
    assert error(marshal.loads, b"(\xff\0\0\0NN") == "EOFError: EOF read where object expected"
    assert error(marshal.loads, b"l\xff\0\0\0\x01\0\xff\xff") == "ValueError: bad marshal data (digit out of range in long)"
    assert error(marshal.loads, b"l\xff\0\0\0\x01\0") == "EOFError: marshal data too short"


main(globals())
