# bytes: construction, methods, formatting, error messages.
from _run import describe, error, main



def test_construction():
    assert bytes() == b''
    assert bytes(3) == b'\x00\x00\x00'
    assert bytes([1, 2, 255]) == b'\x01\x02\xff'
    assert bytes('a\xe9', 'utf-8') == b'a\xc3\xa9'
    assert bytes('a', encoding='ascii', errors='strict') == b'a'
    assert bytes(b'ab') == b'ab'
    assert bytes(bytearray(b'x')) == b'x'
    assert bytes(memoryview(b'yz')) == b'yz'
    assert bytes(range(3)) == b'\x00\x01\x02'
    assert bytes((True, False)) == b'\x01\x00'


def test_construction_errors():
    assert error(lambda: bytes('a')) == "TypeError: string argument without an encoding"
    assert error(lambda: bytes(-1)) == "ValueError: negative count"
    assert error(lambda: bytes([256])) == "ValueError: bytes must be in range(0, 256)"
    assert error(lambda: bytes([-1])) == "ValueError: bytes must be in range(0, 256)"
    assert (error(lambda: bytes(['a']))
            == "TypeError: 'str' object cannot be interpreted as an integer")
    assert error(lambda: bytes(1.5)) == "TypeError: cannot convert 'float' object to bytes"
    assert error(lambda: bytes(None)) == "TypeError: cannot convert 'NoneType' object to bytes"
    assert error(lambda: bytes(b'a', 'utf-8')) == "TypeError: encoding without a string argument"
    assert error(lambda: bytes(errors='strict')) == "TypeError: errors without a string argument"
    assert error(lambda: bytes(5, 'utf-8')) == "TypeError: encoding without a string argument"
    assert (error(lambda: bytes('\xe9', 'ascii'))
            == "UnicodeEncodeError: 'ascii' codec can't encode character '\\xe9' in position 0: ordinal not in range(128)")
    assert error(lambda: bytes(2**62)) == "MemoryError: "
    assert (error(lambda: bytes(2**100))
            == "OverflowError: cannot fit 'int' into an index-sized integer")
    assert error(lambda: bytes([2**70])) == "ValueError: bytes must be in range(0, 256)"


def test_dunder_bytes():
    class B:
        def __bytes__(self): return b'made'
    class Bad:
        def __bytes__(self): return 'text'
    class X:
        def __index__(self): return 2
    assert bytes(B()) == b'made'
    assert error(lambda: bytes(Bad())) == "TypeError: __bytes__ returned non-bytes (type str)"
    assert bytes(X()) == b'\x00\x00'
    assert b'%b' % B() == b'made'
    assert bytes([X()]) == b'\x02'


def test_repr():
    assert repr(b'abc') == "b'abc'"
    assert repr(b'\x00\xff\n\t\r') == "b'\\x00\\xff\\n\\t\\r'"
    assert repr(b"it's") == 'b"it\'s"'
    assert repr(b'a"b') == 'b\'a"b\''
    assert repr(b'a"b\'c') == 'b\'a"b\\\'c\''
    assert repr(b'\\') == "b'\\\\'"
    assert repr(b'') == "b''"
    assert str(b'a') == "b'a'"
    assert ascii(b'\xe9') == "b'\\xe9'"


def test_indexing():
    b = b'abc'
    assert b[0] == 97
    assert b[-1] == 99
    assert error(lambda: b[3]) == "IndexError: index out of range"
    assert error(lambda: b[-4]) == "IndexError: index out of range"
    assert error(lambda: b['a']) == "TypeError: byte indices must be integers or slices, not str"
    assert error(lambda: b[1.0]) == "TypeError: byte indices must be integers or slices, not float"
    assert b[::] == b'abc'
    assert b[::-1] == b'cba'
    assert b[::2] == b'ac'
    assert b[:2:] == b'ab'
    assert b[:2:-1] == b''
    assert b[:2:2] == b'a'
    assert b[:0:] == b''
    assert b[:0:-1] == b'cb'
    assert b[:0:2] == b''
    assert b[1::] == b'bc'
    assert b[1::-1] == b'ba'
    assert b[1::2] == b'b'
    assert b[1:2:] == b'b'
    assert b[1:2:-1] == b''
    assert b[1:2:2] == b'b'
    assert b[1:0:] == b''
    assert b[1:0:-1] == b'b'
    assert b[1:0:2] == b''
    assert b[-1::] == b'c'
    assert b[-1::-1] == b'cba'
    assert b[-1::2] == b'c'
    assert b[-1:2:] == b''
    assert b[-1:2:-1] == b''
    assert b[-1:2:2] == b''
    assert b[-1:0:] == b''
    assert b[-1:0:-1] == b'cb'
    assert b[-1:0:2] == b''
    try:
        b[0] = 1
    except BaseException as exception:
        assert describe(exception) == "TypeError: 'bytes' object does not support item assignment"
    else:
        assert False, "nothing raised"
    try:
        del b[0]
    except BaseException as exception:
        assert describe(exception) == "TypeError: 'bytes' object doesn't support item deletion"
    else:
        assert False, "nothing raised"
    assert list(b) == [97, 98, 99]


def test_find_count_index():
    assert b'abcabc'.find(b'c') == 2
    assert b'abcabc'.find(b'') == 0
    assert b'abcabc'.find(b'zz') == -1
    assert b'abcabc'.find(99) == 2
    assert b'abcabc'.find(b'bc') == 1
    assert b'abcabc'.rfind(b'c') == 5
    assert b'abcabc'.rfind(b'') == 6
    assert b'abcabc'.rfind(b'zz') == -1
    assert b'abcabc'.rfind(99) == 5
    assert b'abcabc'.rfind(b'bc') == 4
    assert b'abcabc'.count(b'c') == 2
    assert b'abcabc'.count(b'') == 7
    assert b'abcabc'.count(b'zz') == 0
    assert b'abcabc'.count(99) == 2
    assert b'abcabc'.count(b'bc') == 2
    assert error(lambda: b'abc'.index(b'z')) == "ValueError: subsection not found"
    assert b'abc'.rindex(98) == 1
    assert (error(lambda: b'abc'.find('a'))
            == "TypeError: argument should be integer or bytes-like object, not 'str'")
    assert error(lambda: b'abc'.find(300)) == "ValueError: byte must be in range(0, 256)"
    assert error(lambda: b'abc'.find(-1)) == "ValueError: byte must be in range(0, 256)"
    assert b'abc'.count(b'a', 1) == 0
    assert error(lambda: b'abc'.index(b'c', 0, 2)) == "ValueError: subsection not found"


def test_membership():
    assert (97 in b'abc') is True
    assert (b'bc' in b'abc') is True
    assert error(lambda: 'a' in b'abc') == "TypeError: a bytes-like object is required, not 'str'"
    assert error(lambda: 300 in b'abc') == "ValueError: byte must be in range(0, 256)"
    assert (b'' in b'') is True
    assert (error(lambda: None in b'a')
            == "TypeError: a bytes-like object is required, not 'NoneType'")
    assert (bytearray(b'b') in b'abc') is True


def test_split_and_join():
    assert b' a b  c '.split() == [b'a', b'b', b'c']
    assert b' a b  c '.split(None) == [b'a', b'b', b'c']
    assert b' a b  c '.split(b' ') == [b'', b'a', b'b', b'', b'c', b'']
    assert b' a b  c '.split(b'b') == [b' a ', b'  c ']
    assert b'a,b,c'.rsplit(b',', 1) == [b'a,b', b'c']
    assert error(lambda: b'a'.split(b'')) == "ValueError: empty separator"
    assert error(lambda: b'a'.split('a')) == "TypeError: a bytes-like object is required, not 'str'"
    assert b','.join([b'a', bytearray(b'b'), memoryview(b'c')]) == b'a,b,c'
    assert (error(lambda: b','.join(['a']))
            == "TypeError: sequence item 0: expected a bytes-like object, str found")
    assert (error(lambda: b','.join([1]))
            == "TypeError: sequence item 0: expected a bytes-like object, int found")
    assert (error(lambda: b','.join(b'ab'))
            == "TypeError: sequence item 0: expected a bytes-like object, int found")
    assert b''.join([]) == b''
    assert b'a\nb\r\nc'.splitlines() == [b'a', b'b', b'c']
    assert b'a\nb\x0bc\x85d'.splitlines(True) == [b'a\n', b'b\x0bc\x85d']
    assert b'a,b'.partition(b',') == (b'a', b',', b'b')
    assert b'a,b'.rpartition(b'x') == (b'', b'', b'a,b')
    assert error(lambda: b'a'.partition(b'')) == "ValueError: empty separator"


def test_strip_family():
    assert b'  xx '.strip() == b'xx'
    assert b'  xx '.lstrip() == b'xx '
    assert b'  xx '.rstrip() == b'  xx'
    assert b'xyaxy'.strip(b'xy') == b'a'
    assert b'xyaxy'.lstrip(b'xy') == b'axy'
    assert b'xyaxy'.rstrip(b'xy') == b'xya'
    assert b'xyaxy'.removeprefix(b'xy') == b'axy'
    assert b'xyaxy'.removesuffix(b'xy') == b'xya'
    assert error(lambda: b'a'.strip('a')) == "TypeError: a bytes-like object is required, not 'str'"
    assert b'a'.strip(None) == b'a'


def test_startswith():
    assert b'abc'.startswith(b'ab') is True
    assert b'abc'.startswith((b'x', b'a')) is True
    assert b'abc'.endswith(b'c', 1) is True
    assert (error(lambda: b'abc'.startswith('a'))
            == "TypeError: startswith first arg must be bytes or a tuple of bytes, not str")
    assert (error(lambda: b'abc'.startswith(['a']))
            == "TypeError: startswith first arg must be bytes or a tuple of bytes, not list")
    assert b'abc'.endswith(bytearray(b'bc')) is True


def test_replace_and_translate():
    assert b'aXbX'.replace(b'X', b'--') == b'a--b--'
    assert b'aaa'.replace(b'a', b'b', 2) == b'bba'
    assert b'abc'.replace(b'', b'-') == b'-a-b-c-'
    assert (error(lambda: b'abc'.replace('a', 'b'))
            == "TypeError: a bytes-like object is required, not 'str'")
    assert b'abc'.translate(bytes(range(256))) == b'abc'
    assert b'abc'.translate(None, b'b') == b'ac'
    assert (error(lambda: b'abc'.translate(b'short'))
            == "ValueError: translation table must be 256 characters long")
    assert b'abc'.translate(bytes.maketrans(b'ab', b'xy'), delete=b'c') == b'xy'
    assert (error(lambda: bytes.maketrans(b'a', b'xy'))
            == "ValueError: maketrans arguments must have same length")
    assert (error(lambda: bytes.maketrans('a', 'b'))
            == "TypeError: a bytes-like object is required, not 'str'")


def test_padding_and_case():
    assert b'ab'.center(5) == b'  ab '
    assert b'ab'.ljust(5) == b'ab   '
    assert b'ab'.rjust(5) == b'   ab'
    assert b'ab'.zfill(5) == b'000ab'
    assert b'aB1z'.upper() == b'AB1Z'
    assert b'aB1z'.lower() == b'ab1z'
    assert b'aB1z'.title() == b'Ab1Z'
    assert b'aB1z'.capitalize() == b'Ab1z'
    assert b'aB1z'.swapcase() == b'Ab1Z'
    assert b'ab'.center(5, b'*') == b'**ab*'
    assert (error(lambda: b'ab'.center(5, '*'))
            == "TypeError: center() argument 2 must be a byte string of length 1, not str")
    assert (error(lambda: b'ab'.center(5, b'**'))
            == "TypeError: center() argument 2 must be a byte string of length 1, not bytes")
    assert b'-5'.zfill(4) == b'-005'
    assert b'a\tb'.expandtabs(4) == b'a   b'


def test_predicates():
    assert b'abc'.isalpha() is True
    assert b'abc'.isdigit() is False
    assert b'abc'.isalnum() is True
    assert b'abc'.isupper() is False
    assert b'abc'.islower() is True
    assert b'abc'.istitle() is False
    assert b'abc'.isspace() is False
    assert b'abc'.isascii() is True
    assert b'ABC'.isalpha() is True
    assert b'ABC'.isdigit() is False
    assert b'ABC'.isalnum() is True
    assert b'ABC'.isupper() is True
    assert b'ABC'.islower() is False
    assert b'ABC'.istitle() is False
    assert b'ABC'.isspace() is False
    assert b'ABC'.isascii() is True
    assert b'12'.isalpha() is False
    assert b'12'.isdigit() is True
    assert b'12'.isalnum() is True
    assert b'12'.isupper() is False
    assert b'12'.islower() is False
    assert b'12'.istitle() is False
    assert b'12'.isspace() is False
    assert b'12'.isascii() is True
    assert b'Ab'.isalpha() is True
    assert b'Ab'.isdigit() is False
    assert b'Ab'.isalnum() is True
    assert b'Ab'.isupper() is False
    assert b'Ab'.islower() is False
    assert b'Ab'.istitle() is True
    assert b'Ab'.isspace() is False
    assert b'Ab'.isascii() is True
    assert b''.isalpha() is False
    assert b''.isdigit() is False
    assert b''.isalnum() is False
    assert b''.isupper() is False
    assert b''.islower() is False
    assert b''.istitle() is False
    assert b''.isspace() is False
    assert b''.isascii() is True
    assert b''.isalpha() is False
    assert b''.isdigit() is False
    assert b''.isalnum() is False
    assert b''.isupper() is False
    assert b''.islower() is False
    assert b''.istitle() is False
    assert b''.isspace() is False
    assert b''.isascii() is True
    assert b'\xff'.isascii() is False
    assert b'\xe9'.isalpha() is False


def test_hex():
    assert b'\x01\xab'.hex() == "01ab"
    assert b'\x01\xab\xff'.hex('-') == "01-ab-ff"
    assert b'\x01\xab\xff\x00'.hex(':', 2) == "01ab:ff00"
    assert b'\x01\xab\xff'.hex(' ', -2) == "01ab ff"
    assert error(lambda: b'a'.hex('--')) == "ValueError: sep must be length 1."
    assert error(lambda: b'a'.hex(1)) == "TypeError: object of type 'int' has no len()"
    assert error(lambda: b'a'.hex('\u20ac')) == "ValueError: sep must be ASCII."
    assert bytes.fromhex('01 ab FF') == b'\x01\xab\xff'
    assert (error(lambda: bytes.fromhex('0'))
            == "ValueError: non-hexadecimal number found in fromhex() arg at position 1")
    assert (error(lambda: bytes.fromhex('0g'))
            == "ValueError: non-hexadecimal number found in fromhex() arg at position 1")
    assert (error(lambda: bytes.fromhex('0 1'))
            == "ValueError: non-hexadecimal number found in fromhex() arg at position 1")
    assert (error(lambda: bytes.fromhex(b'01'))
            == "TypeError: fromhex() argument must be str, not bytes")
    assert (error(lambda: bytes.fromhex('\u20ac0'))
            == "ValueError: non-hexadecimal number found in fromhex() arg at position 0")
    assert bytes.fromhex(' \n01\t') == b'\x01'


def test_concatenation():
    assert b'a' + b'b' == b'ab'
    assert b'a' + bytearray(b'b') == b'ab'
    assert error(lambda: b'a' + 'b') == "TypeError: can't concat str to bytes"
    assert error(lambda: b'a' + 1) == "TypeError: can't concat int to bytes"
    assert b'ab' * 2 == b'abab'
    assert 2 * b'a' == b'aa'
    assert b'a' * -1 == b''
    assert (error(lambda: b'a' * 'a')
            == "TypeError: can't multiply sequence by non-int of type 'str'")
    assert error(lambda: b'a' * 2**62) == "MemoryError: "
    assert b'a' + memoryview(b'z') == b'az'


def test_comparison():
    assert (b'a' < b'b') is True
    assert (b'a' == 'a') is False
    assert (b'a' == bytearray(b'a')) is True
    assert (b'a' < bytearray(b'b')) is True
    assert (error(lambda: b'a' < 'b')
            == "TypeError: '<' not supported between instances of 'bytes' and 'str'")
    assert (b'a' == 97) is False
    assert (b'' < b'a') is True
    assert (b'ab' >= b'a') is True


def test_percent_formatting():
    assert b'%d %s' % (5, b'x') == b'5 x'
    assert b'%a' % '\xe9' == b"'\\xe9'"
    assert b'%r' % 'a' == b"'a'"
    assert b'%c' % 65 == b'A'
    assert b'%c' % b'z' == b'z'
    assert b'%x' % 255 == b'ff'
    assert b'%5.1f|' % 3.14 == b'  3.1|'
    assert b'%(a)s' % {b'a': b'v'} == b'v'
    assert (error(lambda: b'%s' % 'text')
            == "TypeError: %b requires a bytes-like object, or an object that implements __bytes__, not 'str'")
    assert (error(lambda: b'%s' % 5)
            == "TypeError: %b requires a bytes-like object, or an object that implements __bytes__, not 'int'")
    assert error(lambda: b'%c' % 256) == "OverflowError: %c arg not in range(256)"
    assert (error(lambda: b'%c' % 'a')
            == "TypeError: %c requires an integer in range(256) or a single byte")
    assert error(lambda: b'%d' % 'a') == "TypeError: %d format: a real number is required, not str"
    assert (error(lambda: b'%z' % 1)
            == "ValueError: unsupported format character 'z' (0x7a) at index 1")
    assert error(lambda: b'%s %s' % (b'a',)) == "TypeError: not enough arguments for format string"
    assert (error(lambda: b'a' % 1)
            == "TypeError: not all arguments converted during bytes formatting")
    assert b'%%' % () == b'%'
    assert b'%-5d|%05d' % (3, 3) == b'3    |00003'


def test_decode():
    assert b'abc'.decode() == "abc"
    assert (error(lambda: b'\xff'.decode())
            == "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte")
    assert b'\xff'.decode('latin-1') == "\xff"
    assert b'a'.decode(errors='ignore', encoding='ascii') == "a"
    assert error(lambda: b'a'.decode('x-nope')) == "LookupError: unknown encoding: x-nope"
    assert (error(lambda: b'a'.decode(1))
            == "TypeError: decode() argument 'encoding' must be str, not int")


def test_hash():
    assert (hash(b'a') == hash('a')) is True
    assert hash(b'')  == 0
    assert (hash(b'abc') == hash(bytes([97, 98, 99]))) is True
    assert {b'a': 1}[b'a'] == 1


def test_literal_errors():
    assert (error(lambda: eval("b'\xe9'"))
            == "SyntaxError: bytes can only contain ASCII literal characters (<string>, line 1)")
    assert (error(lambda: eval("b'a' 'b'"))
            == "SyntaxError: cannot mix bytes and nonbytes literals (<string>, line 1)")
    assert b'a' b'b' == b'ab'
    assert rb'\n' == b'\\n'
    assert Rb'\x' == b'\\x'
    assert (error(lambda: eval("b'\\x1'"))
            == "SyntaxError: (value error) invalid \\x escape at position 0 (<string>, line 1)")


def test_subclass():
    class B(bytes):
        pass
    b = B(b'ab')
    assert repr(b) == "b'ab'"
    assert (b == b'ab') is True
    assert repr(type(b + b'c')) == "<class 'bytes'>"
    assert repr(type(b[:])) == "<class 'bytes'>"
    assert repr(B.fromhex('61')) == "b'a'"
    assert type(B.fromhex('61')).__name__ == "B"
    assert repr(type(bytes(b))) == "<class 'bytes'>"


def test_single_bytes_are_shared():
    assert (b'a'[0:1] is b'a'[0:1]) is True
    assert (bytes(b'abc') is b'abc' or 'copied') is True
    assert (bytes() is b'') is True


def test_iterator():
    i = iter(b'ab')
    assert next(i) == 97
    assert i.__length_hint__() == 1
    assert list(i) == [98]
    assert type(i).__name__ == "bytes_iterator"
    assert list(reversed(b'ab')) == [98, 97]


def test_other_methods():
    assert b'abc'.__sizeof__() == 36
    assert b'abc'.__getnewargs__() == (b'abc',)
    assert b'abc'.__len__() == 3
    assert b'abc'.__bytes__() == b'abc'
    assert b'abc'.__mod__(()) == b'abc'
    assert error(lambda: b'abc'.count()) == "TypeError: count expected at least 1 argument, got 0"
    assert error(lambda: b'a'.upper(1)) == "TypeError: bytes.upper() takes no arguments (1 given)"


main(globals())
