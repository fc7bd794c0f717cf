# str: searching, splitting, stripping, padding, joining, predicates and their errors.
import sys

from _run import describe, error, main



def test_construction():
    assert str() == ""
    assert str(5) == "5"
    assert str(None) == "None"
    assert str(b'ab', 'ascii') == "ab"
    assert str(b'\xc3\xa9', encoding='utf-8') == "\xe9"
    assert (error(lambda: str(b'\xff', 'ascii'))
            == "UnicodeDecodeError: 'ascii' codec can't decode byte 0xff in position 0: ordinal not in range(128)")
    assert str(b'\xff', 'ascii', 'replace') == "\ufffd"
    assert str(b'\xff', errors='ignore') == ""
    assert error(lambda: str('a', 'utf-8')) == "TypeError: decoding str is not supported"
    assert (error(lambda: str(5, 'utf-8'))
            == "TypeError: decoding to str: need a bytes-like object, int found")
    assert str(object=7) == "7"
    assert error(lambda: str(b'a', 'nope')) == "LookupError: unknown encoding: nope"
    assert str(b'ab') == "b'ab'"


def test_find_and_rfind():
    assert 'abcabc'.find('c') == 2
    assert 'abcabc'.find('') == 0
    assert 'abcabc'.find('bc') == 1
    assert 'abcabc'.find('x') == -1
    assert 'abcabc'.find('abcabcd') == -1
    assert ''.find('c') == -1
    assert ''.find('') == 0
    assert ''.find('bc') == -1
    assert ''.find('x') == -1
    assert ''.find('abcabcd') == -1
    assert 'abcabc'.rfind('c') == 5
    assert 'abcabc'.rfind('') == 6
    assert 'abcabc'.rfind('bc') == 4
    assert 'abcabc'.rfind('x') == -1
    assert ''.rfind('c') == -1
    assert ''.rfind('') == 0
    assert ''.rfind('bc') == -1
    assert ''.rfind('x') == -1
    assert 'abcabc'.find('b', 0, 3) == 1
    assert 'abcabc'.find('b', 0, -1) == 1
    assert 'abcabc'.find('b', 0, None) == 1
    assert 'abcabc'.find('b', 0, 1) == -1
    assert 'abcabc'.find('b', 2, 3) == -1
    assert 'abcabc'.find('b', 2, -1) == 4
    assert 'abcabc'.find('b', 2, None) == 4
    assert 'abcabc'.find('b', 2, 1) == -1
    assert 'abcabc'.find('b', -2, 3) == -1
    assert 'abcabc'.find('b', -2, -1) == 4
    assert 'abcabc'.find('b', -2, None) == 4
    assert 'abcabc'.find('b', -2, 1) == -1
    assert 'abcabc'.find('b', 100, 3) == -1
    assert 'abcabc'.find('b', 100, -1) == -1
    assert 'abcabc'.find('b', 100, None) == -1
    assert 'abcabc'.find('b', 100, 1) == -1
    assert 'abcabc'.find('b', None, 3) == 1
    assert 'abcabc'.find('b', None, -1) == 1
    assert 'abcabc'.find('b', None, None) == 1
    assert 'abcabc'.find('b', None, 1) == -1
    assert 'abc'.find('', 3) == 3
    assert 'abc'.find('', 4) == -1
    assert 'abc'.rfind('', 1, 2) == 2
    assert error(lambda: 'abc'.find(1)) == "TypeError: find() argument 1 must be str, not int"
    assert error(lambda: 'abc'.find()) == "TypeError: find expected at least 1 argument, got 0"
    assert (error(lambda: 'abc'.find('a', 'b'))
            == "TypeError: slice indices must be integers or None or have an __index__ method")
    assert ('a' * 1000 + 'b' == ('a' * 1000 + 'b') and ('a' * 1000 + 'b').find('ab')) == 999
    assert ('ab' * 500 + 'ac' + 'ab' * 500).find('ac') == 1000
    assert ('ab' * 500 + 'ac' + 'ab' * 500).rfind('ac') == 1000


def test_index_and_rindex():
    assert 'abc'.index('b') == 1
    assert error(lambda: 'abc'.index('z')) == "ValueError: substring not found"
    assert 'abcb'.rindex('b') == 3
    assert error(lambda: 'abc'.rindex('z')) == "ValueError: substring not found"
    assert error(lambda: 'abc'.index('a', 1)) == "ValueError: substring not found"


def test_count():
    assert 'aaaa'.count('a') == 4
    assert 'aaaa'.count('aa') == 2
    assert 'aaaa'.count('') == 5
    assert 'aaaa'.count('ab') == 0
    assert 'aaaa'.count('x') == 0
    assert 'abab'.count('a') == 2
    assert 'abab'.count('aa') == 0
    assert 'abab'.count('') == 5
    assert 'abab'.count('ab') == 2
    assert 'abab'.count('x') == 0
    assert ''.count('a') == 0
    assert ''.count('aa') == 0
    assert ''.count('') == 1
    assert ''.count('ab') == 0
    assert ''.count('x') == 0
    assert 'aaaa'.count('a', 1, 3) == 2
    assert 'aaaa'.count('', 2) == 3
    assert 'abc'.count('', 4) == 0
    assert error(lambda: 'abc'.count(None)) == "TypeError: count() argument 1 must be str, not None"


def test_startswith_and_endswith():
    assert 'abc'.startswith('ab') is True
    assert 'abc'.startswith(('x', 'a')) is True
    assert 'abc'.startswith('b', 1) is True
    assert 'abc'.startswith('', 3) is True
    assert 'abc'.startswith('', 4) is False
    assert 'abc'.startswith(()) is False
    assert 'abc'.startswith('c', -1) is True
    assert 'abc'.endswith('bc') is True
    assert 'abc'.endswith(('x', 'c')) is True
    assert 'abc'.endswith('b', 0, 2) is True
    assert 'abc'.endswith('', 0, 0) is True
    assert (error(lambda: 'abc'.startswith(1))
            == "TypeError: startswith first arg must be str or a tuple of str, not int")
    assert (error(lambda: 'abc'.startswith((1,)))
            == "TypeError: tuple for startswith must only contain str, not int")
    assert (error(lambda: 'abc'.endswith(['c']))
            == "TypeError: endswith first arg must be str or a tuple of str, not list")
    assert (error(lambda: 'abc'.endswith(b'c'))
            == "TypeError: endswith first arg must be str or a tuple of str, not bytes")


def test_split_on_whitespace():
    assert '  a b\tc\n'.split() == ["a", "b", "c"]
    assert ''.split() == []
    assert '   '.split() == []
    assert 'a\u2003b'.split() == ["a", "b"]
    assert 'one'.split() == ["one"]
    assert ' a  b  c '.split(None, 1) == ["a", "b  c "]
    assert ' a  b  c '.split(maxsplit=0) == ["a  b  c "]
    assert '  a b '.rsplit(None, 1) == ["  a", "b"]
    assert ' a b c '.rsplit(maxsplit=1) == [" a b", "c"]
    assert 'a\x1cb\x85c'.split() == ["a", "b", "c"]


def test_split_on_separator():
    assert 'a,b,,c'.split(',') == ["a", "b", "", "c"]
    assert 'a,b,,c'.split('b') == ["a,", ",,c"]
    assert 'a,b,,c'.split(',,') == ["a,b", "c"]
    assert ','.split(',') == ["", ""]
    assert ','.split('b') == [","]
    assert ','.split(',,') == [","]
    assert ''.split(',') == [""]
    assert ''.split('b') == [""]
    assert ''.split(',,') == [""]
    assert 'abc'.split(',') == ["abc"]
    assert 'abc'.split('b') == ["a", "c"]
    assert 'abc'.split(',,') == ["abc"]
    assert 'a,b,c'.split(',', 1) == ["a", "b,c"]
    assert 'a,b,c'.rsplit(',', 1) == ["a,b", "c"]
    assert 'a,b,c'.split(',', -1) == ["a", "b", "c"]
    assert 'a,b,c'.split(sep=',', maxsplit=0) == ["a,b,c"]
    assert 'aaa'.split('aa') == ["", "a"]
    assert 'aaa'.rsplit('aa') == ["a", ""]
    assert error(lambda: 'a'.split('')) == "ValueError: empty separator"
    assert error(lambda: 'a'.split(1)) == "TypeError: must be str or None, not int"
    assert error(lambda: 'a'.split(b',')) == "TypeError: must be str or None, not bytes"
    assert (error(lambda: 'a'.split(',', 'x'))
            == "TypeError: 'str' object cannot be interpreted as an integer")
    assert (error(lambda: 'a'.split(',', 1, 2))
            == "TypeError: split() takes at most 2 arguments (3 given)")


def test_splitlines():
    assert 'a\nb\r\nc\rd'.splitlines() == ["a", "b", "c", "d"]
    assert ''.splitlines() == []
    assert '\n'.splitlines() == [""]
    assert 'a\n\nb'.splitlines() == ["a", "", "b"]
    assert ('a\x0bb\x0cc\x1cd\x1de\x1ef\x85g\u2028h\u2029i'.splitlines()
            == ["a", "b", "c", "d", "e", "f", "g", "h", "i"])
    assert 'a\nb\r\n'.splitlines(True) == ["a\n", "b\r\n"]
    assert 'a\nb'.splitlines(keepends=True) == ["a\n", "b"]
    assert 'a\r\nb'.splitlines(keepends=1) == ["a\r\n", "b"]
    assert (error(lambda: 'a'.splitlines(1, 2))
            == "TypeError: splitlines() takes at most 1 argument (2 given)")


def test_partition():
    assert 'a,b,c'.partition(',') == ("a", ",", "b,c")
    assert 'abc'.partition(',') == ("abc", "", "")
    assert ''.partition(',') == ("", "", "")
    assert ','.partition(',') == ("", ",", "")
    assert 'a,b,c'.rpartition(',') == ("a,b", ",", "c")
    assert 'abc'.rpartition(',') == ("", "", "abc")
    assert ''.rpartition(',') == ("", "", "")
    assert ','.rpartition(',') == ("", ",", "")
    assert error(lambda: 'a'.partition('')) == "ValueError: empty separator"
    assert error(lambda: 'a'.partition(1)) == "TypeError: must be str, not int"
    assert 'abcbd'.partition('bc') == ("a", "bc", "bd")
    assert 'abcbd'.rpartition('b') == ("abc", "b", "d")


def test_strip():
    assert '  a b\t\n'.strip() == "a b"
    assert '  a b\t\n'.lstrip() == "a b\t\n"
    assert '  a b\t\n'.rstrip() == "  a b"
    assert ''.strip() == ""
    assert ''.lstrip() == ""
    assert ''.rstrip() == ""
    assert '   '.strip() == ""
    assert '   '.lstrip() == ""
    assert '   '.rstrip() == ""
    assert '\u2003x\xa0'.strip() == "x"
    assert '\u2003x\xa0'.lstrip() == "x\xa0"
    assert '\u2003x\xa0'.rstrip() == "\u2003x"
    assert 'xxyaxyx'.strip('xy') == "a"
    assert 'xxyaxyx'.lstrip('xy') == "axyx"
    assert 'xxyaxyx'.rstrip('xy') == "xxya"
    assert 'abc'.strip('') == "abc"
    assert 'abc'.strip(None) == "abc"
    assert 'abc'.strip('cba') == ""
    assert error(lambda: 'abc'.strip(1)) == "TypeError: strip arg must be None or str"
    assert error(lambda: 'abc'.strip(b'a')) == "TypeError: strip arg must be None or str"
    assert '\u0430x\u0430'.strip('\u0430') == "x"


def test_prefixes_and_suffixes():
    assert 'abcd'.removeprefix('ab') == "cd"
    assert 'abcd'.removeprefix('x') == "abcd"
    assert 'abcd'.removesuffix('cd') == "ab"
    assert 'abcd'.removesuffix('') == "abcd"
    assert 'abcd'.removesuffix('abcde') == "abcd"
    assert (error(lambda: 'abcd'.removeprefix(1))
            == "TypeError: removeprefix() argument must be str, not int")
    assert (error(lambda: 'abcd'.removesuffix())
            == "TypeError: str.removesuffix() takes exactly one argument (0 given)")


def test_replace():
    assert 'abcabc'.replace('a', 'x') == "xbcxbc"
    assert 'abcabc'.replace('a', '') == "bcbc"
    assert 'abcabc'.replace('a', 'long') == "longbclongbc"
    assert 'abcabc'.replace('', 'x') == "xaxbxcxaxbxcx"
    assert 'abcabc'.replace('', '') == "abcabc"
    assert 'abcabc'.replace('', 'long') == "longalongblongclongalongblongclong"
    assert 'abcabc'.replace('bc', 'x') == "axax"
    assert 'abcabc'.replace('bc', '') == "aa"
    assert 'abcabc'.replace('bc', 'long') == "alongalong"
    assert 'abcabc'.replace('aa', 'x') == "abcabc"
    assert 'abcabc'.replace('aa', '') == "abcabc"
    assert 'abcabc'.replace('aa', 'long') == "abcabc"
    assert ''.replace('a', 'x') == ""
    assert ''.replace('a', '') == ""
    assert ''.replace('a', 'long') == ""
    assert ''.replace('', 'x') == "x"
    assert ''.replace('', '') == ""
    assert ''.replace('', 'long') == "long"
    assert ''.replace('bc', 'x') == ""
    assert ''.replace('bc', '') == ""
    assert ''.replace('bc', 'long') == ""
    assert ''.replace('aa', 'x') == ""
    assert ''.replace('aa', '') == ""
    assert ''.replace('aa', 'long') == ""
    assert 'aaa'.replace('a', 'x') == "xxx"
    assert 'aaa'.replace('a', '') == ""
    assert 'aaa'.replace('a', 'long') == "longlonglong"
    assert 'aaa'.replace('', 'x') == "xaxaxax"
    assert 'aaa'.replace('', '') == "aaa"
    assert 'aaa'.replace('', 'long') == "longalongalongalong"
    assert 'aaa'.replace('bc', 'x') == "aaa"
    assert 'aaa'.replace('bc', '') == "aaa"
    assert 'aaa'.replace('bc', 'long') == "aaa"
    assert 'aaa'.replace('aa', 'x') == "xa"
    assert 'aaa'.replace('aa', '') == "a"
    assert 'aaa'.replace('aa', 'long') == "longa"
    assert 'aaaa'.replace('a', 'b', 2) == "bbaa"
    assert 'aaaa'.replace('a', 'b', 0) == "aaaa"
    assert 'aaaa'.replace('a', 'b', -1) == "bbbb"
    assert 'abc'.replace('', '-', 2) == "-a-bc"
    assert 'aaaa'.replace('a', 'b', count=1) == "baaa"
    assert 'a'.replace('a', '\U0001f600') == "\U0001f600"
    assert (error(lambda: 'a'.replace('a'))
            == "TypeError: replace() takes at least 2 positional arguments (1 given)")
    assert (error(lambda: 'a'.replace(1, 'b'))
            == "TypeError: replace() argument 1 must be str, not int")
    assert (error(lambda: 'a'.replace('a', None))
            == "TypeError: replace() argument 2 must be str, not None")
    assert (error(lambda: 'a'.replace('a', 'b', 'c'))
            == "TypeError: 'str' object cannot be interpreted as an integer")


def test_join():
    assert ','.join(['a', 'b']) == "a,b"
    assert ','.join('abc') == "a,b,c"
    assert ','.join([]) == ""
    assert ','.join(['a']) == "a"
    assert ''.join(str(i) for i in range(5)) == "01234"
    assert (error(lambda: ','.join(['a', 1]))
            == "TypeError: sequence item 1: expected str instance, int found")
    assert error(lambda: ','.join(1)) == "TypeError: can only join an iterable"
    assert (error(lambda: ','.join([b'a']))
            == "TypeError: sequence item 0: expected str instance, bytes found")
    assert '\u20ac'.join('ab') == "a\u20acb"
    assert ','.join({'x': 1, 'y': 2}) == "x,y"
    s = 'abc'
    assert (''.join([s]) is s) is True


def test_padding():
    assert 'ab'.center(0) == "ab"
    assert 'ab'.center(2) == "ab"
    assert 'ab'.center(5) == "  ab "
    assert 'ab'.center(6) == "  ab  "
    assert 'ab'.center(-3) == "ab"
    assert 'ab'.ljust(0) == "ab"
    assert 'ab'.ljust(2) == "ab"
    assert 'ab'.ljust(5) == "ab   "
    assert 'ab'.ljust(6) == "ab    "
    assert 'ab'.ljust(-3) == "ab"
    assert 'ab'.rjust(0) == "ab"
    assert 'ab'.rjust(2) == "ab"
    assert 'ab'.rjust(5) == "   ab"
    assert 'ab'.rjust(6) == "    ab"
    assert 'ab'.rjust(-3) == "ab"
    assert 'ab'.zfill(0) == "ab"
    assert 'ab'.zfill(2) == "ab"
    assert 'ab'.zfill(5) == "000ab"
    assert 'ab'.zfill(6) == "0000ab"
    assert 'ab'.zfill(-3) == "ab"
    assert 'ab'.center(7, '*') == "***ab**"
    assert 'abc'.center(6, '*') == "*abc**"
    assert 'ab'.ljust(5, '\u20ac') == "ab\u20ac\u20ac\u20ac"
    assert (error(lambda: 'ab'.center(5, ''))
            == "TypeError: The fill character must be exactly one character long")
    assert (error(lambda: 'ab'.center(5, 'xy'))
            == "TypeError: The fill character must be exactly one character long")
    assert (error(lambda: 'ab'.center('5'))
            == "TypeError: 'str' object cannot be interpreted as an integer")
    assert (error(lambda: 'ab'.ljust(5, 1))
            == "TypeError: The fill character must be a unicode character, not int")
    assert '-5'.zfill(5) == "-0005"
    assert '+5'.zfill(4) == "+005"
    assert '--5'.zfill(6) == "-000-5"
    assert ''.zfill(2) == "00"
    assert (error(lambda: 'ab'.rjust(1.0))
            == "TypeError: 'float' object cannot be interpreted as an integer")


def test_expandtabs():
    assert 'a\tb'.expandtabs() == "a       b"
    assert 'a\tb'.expandtabs(4) == "a   b"
    assert '\ta\t'.expandtabs(2) == "  a "
    assert 'ab\ncd\te'.expandtabs(4) == "ab\ncd  e"
    assert 'a\tb'.expandtabs(0) == "ab"
    assert 'a\tb'.expandtabs(-1) == "ab"
    assert 'a\tb'.expandtabs(tabsize=3) == "a  b"
    assert 'a\r\tb'.expandtabs(4) == "a\r    b"
    assert (error(lambda: 'a\tb'.expandtabs('x'))
            == "TypeError: 'str' object cannot be interpreted as an integer")


def test_case():
    assert 'hello World'.upper() == "HELLO WORLD"
    assert 'hello World'.lower() == "hello world"
    assert 'hello World'.title() == "Hello World"
    assert 'hello World'.capitalize() == "Hello world"
    assert 'hello World'.swapcase() == "HELLO wORLD"
    assert 'hello World'.casefold() == "hello world"
    assert "they're bill's".title() == "They'Re Bill'S"
    assert 'x1y2z'.title() == "X1Y2Z"
    assert 'ABC dEF'.capitalize() == "Abc def"
    assert ''.title() == ""


def test_predicates():
    assert 'abc'.isalpha() is True
    assert 'ab1'.isalpha() is False
    assert ''.isalpha() is False
    assert '\xe9'.isalpha() is True
    assert '\u4e2d'.isalpha() is True
    assert '123'.isdigit() is True
    assert '1.2'.isdigit() is False
    assert ''.isdigit() is False
    assert '\xb2'.isdigit() is True
    assert '\u0663'.isdigit() is True
    assert '\u2460'.isdigit() is True
    assert '123'.isdecimal() is True
    assert '\xb2'.isdecimal() is False
    assert '\u0663'.isdecimal() is True
    assert ''.isdecimal() is False
    assert '123'.isnumeric() is True
    assert '\xbd'.isnumeric() is True
    assert '\u4e00'.isnumeric() is True
    assert 'x'.isnumeric() is False
    assert ''.isnumeric() is False
    assert 'a1'.isalnum() is True
    assert 'a b'.isalnum() is False
    assert ''.isalnum() is False
    assert '\xb2'.isalnum() is True
    assert ' \t\n'.isspace() is True
    assert ''.isspace() is False
    assert 'a'.isspace() is False
    assert '\u2003'.isspace() is True
    assert '\x1c'.isspace() is True
    assert '\u200b'.isspace() is False
    assert 'ABC'.isupper() is True
    assert 'Ab'.isupper() is False
    assert ''.isupper() is False
    assert '1'.isupper() is False
    assert 'A1'.isupper() is True
    assert '\u01c5'.isupper() is False
    assert 'abc'.islower() is True
    assert 'aB'.islower() is False
    assert ''.islower() is False
    assert '1'.islower() is False
    assert 'a1'.islower() is True
    assert '\xaa'.islower() is True
    assert 'Ab Cd'.istitle() is True
    assert 'AB'.istitle() is False
    assert ''.istitle() is False
    assert 'Ab cd'.istitle() is False
    assert 'A1b'.istitle() is False
    assert '\u01c5'.istitle() is True
    assert 'abc'.isascii() is True
    assert '\xe9'.isascii() is False
    assert ''.isascii() is True
    assert '\x7f'.isascii() is True
    assert 'abc'.isprintable() is True
    assert '\n'.isprintable() is False
    assert ''.isprintable() is True
    assert '\xa0'.isprintable() is False
    assert '\u20ac'.isprintable() is True
    assert '\ue000'.isprintable() is False
    assert '\U0001f600'.isprintable() is True
    assert '\xad'.isprintable() is False
    assert 'abc'.isidentifier() is True
    assert '1a'.isidentifier() is False
    assert ''.isidentifier() is False
    assert '_'.isidentifier() is True
    assert 'class'.isidentifier() is True
    assert '\xe9'.isidentifier() is True
    assert 'a b'.isidentifier() is False
    assert '\u2118'.isidentifier() is True
    assert 'a\xb7'.isidentifier() is True


def test_translate_and_maketrans():
    assert 'abc'.translate({97: 'x', 98: None, 99: 100}) == "xd"
    assert 'abc'.translate(str.maketrans('ab', 'xy')) == "xyc"
    assert 'abc'.translate(str.maketrans('ab', 'xy', 'c')) == "xy"
    assert str.maketrans({'a': 1, 98: 'z'}) == {97: 1, 98: "z"}
    assert (error(lambda: str.maketrans('ab', 'x'))
            == "ValueError: the first two maketrans arguments must have equal length")
    assert (error(lambda: str.maketrans({'ab': 1}))
            == "ValueError: string keys in translate table must be of length 1")
    assert (error(lambda: str.maketrans('a'))
            == "TypeError: if you give only one argument to maketrans it must be a dict")
    assert (error(lambda: str.maketrans(1, 2))
            == "TypeError: maketrans() argument 2 must be str, not int")
    assert (error(lambda: 'abc'.translate({97: 1.5}))
            == "TypeError: character mapping must return integer, None or str")
    assert (error(lambda: 'abc'.translate({97: -1}))
            == "ValueError: character mapping must be in range(0x110000)")
    assert (error(lambda: 'abc'.translate({97: 0x110000}))
            == "ValueError: character mapping must be in range(0x110000)")
    assert 'abc'.translate([]) == "abc"
    assert 'abc'.translate('x' * 200) == "xxx"
    class Up:
        def __getitem__(self, i):
            if i == 98:
                raise LookupError
            return chr(i).upper()
    assert 'abc'.translate(Up()) == "AbC"
    assert error(lambda: 'abc'.translate(1)) == "TypeError: 'int' object is not subscriptable"


def test_concatenation_and_repetition():
    assert 'a' + 'b' == "ab"
    assert 'ab' * 3 == "ababab"
    assert 3 * 'ab' == "ababab"
    assert 'a' * 0 == ""
    assert 'a' * -1 == ""
    assert error(lambda: 'a' + 1) == 'TypeError: can only concatenate str (not "int") to str'
    assert error(lambda: 'a' + b'b') == 'TypeError: can only concatenate str (not "bytes") to str'
    assert error(lambda: 'a' * 'b') == "TypeError: can't multiply sequence by non-int of type 'str'"
    assert (error(lambda: 'a' * 1.5)
            == "TypeError: can't multiply sequence by non-int of type 'float'")
    assert error(lambda: 1 + 'a') == "TypeError: unsupported operand type(s) for +: 'int' and 'str'"
    assert error(lambda: 'a' * 2**62) == "MemoryError: "
    s = 'x'
    s += 'y'
    s *= 2
    assert s == "xyxy"


def test_indexing_and_slicing():
    s = 'abcde'
    assert s[0] == "a"
    assert s[-1] == "e"
    assert error(lambda: s[5]) == "IndexError: string index out of range"
    assert error(lambda: s[-6]) == "IndexError: string index out of range"
    assert error(lambda: s['a']) == "TypeError: string indices must be integers, not 'str'"
    assert error(lambda: s[1.5]) == "TypeError: string indices must be integers, not 'float'"
    assert error(lambda: s[None]) == "TypeError: string indices must be integers, not 'NoneType'"
    assert s[::] == "abcde"
    assert s[::2] == "ace"
    assert s[::-1] == "edcba"
    assert s[:3:] == "abc"
    assert s[:3:2] == "ac"
    assert s[:3:-1] == "e"
    assert s[:-1:] == "abcd"
    assert s[:-1:2] == "ac"
    assert s[:-1:-1] == ""
    assert s[1::] == "bcde"
    assert s[1::2] == "bd"
    assert s[1::-1] == "ba"
    assert s[1:3:] == "bc"
    assert s[1:3:2] == "b"
    assert s[1:3:-1] == ""
    assert s[1:-1:] == "bcd"
    assert s[1:-1:2] == "bd"
    assert s[1:-1:-1] == ""
    assert s[-2::] == "de"
    assert s[-2::2] == "d"
    assert s[-2::-1] == "dcba"
    assert s[-2:3:] == ""
    assert s[-2:3:2] == ""
    assert s[-2:3:-1] == ""
    assert s[-2:-1:] == "d"
    assert s[-2:-1:2] == "d"
    assert s[-2:-1:-1] == ""
    assert s[10::] == ""
    assert s[10::2] == ""
    assert s[10::-1] == "edcba"
    assert s[10:3:] == ""
    assert s[10:3:2] == ""
    assert s[10:3:-1] == "e"
    assert s[10:-1:] == ""
    assert s[10:-1:2] == ""
    assert s[10:-1:-1] == ""
    assert error(lambda: s[::0]) == "ValueError: slice step cannot be zero"
    assert (error(lambda: s['a':])
            == "TypeError: slice indices must be integers or None or have an __index__ method")
    try:
        s[0] = 'x'
    except BaseException as exception:
        assert describe(exception) == "TypeError: 'str' object does not support item assignment"
    else:
        assert False, "nothing raised"
    try:
        del s[0]
    except BaseException as exception:
        assert describe(exception) == "TypeError: 'str' object doesn't support item deletion"
    else:
        assert False, "nothing raised"
    assert s[True] == "b"
    assert error(lambda: s[2**70]) == "IndexError: cannot fit 'int' into an index-sized integer"


def test_comparison():
    assert ('a' < 'b') is True
    assert ('a' < 'A') is False
    assert ('abc' < 'abcd') is True
    assert ('\uffff' < '\U00010000') is True
    assert ('a' == b'a') is False
    assert ('a' != 1) is True
    assert (error(lambda: 'a' < 1)
            == "TypeError: '<' not supported between instances of 'str' and 'int'")
    assert ('' < 'a') is True
    assert ('Z' < 'a' < '\xe9' < '\u4e2d') is True


def test_membership():
    assert ('b' in 'abc') is True
    assert ('' in 'abc') is True
    assert ('' in '') is True
    assert ('abcd' in 'abc') is False
    assert (error(lambda: 1 in 'abc')
            == "TypeError: 'in <string>' requires string as left operand, not int")
    assert (error(lambda: None in 'abc')
            == "TypeError: 'in <string>' requires string as left operand, not NoneType")
    assert (error(lambda: b'a' in 'abc')
            == "TypeError: 'in <string>' requires string as left operand, not bytes")


def test_formatting_with_percent():
    assert '%s and %r' % ('a', 'b') == "a and 'b'"
    assert '%d%%' % 5 == "5%"
    assert '%(x)s %(y)d' % {'x': 1, 'y': 2} == "1 2"
    assert '%5d|%-5d|%05d|%+d|% d' % (1, 1, 1, 1, 1) == "    1|1    |00001|+1| 1"
    assert '%x %X %o %#x %#o' % (255, 255, 8, 255, 8) == "ff FF 10 0xff 0o10"
    assert '%c%c' % (65, 'b') == "Ab"
    assert '%*d|%-*d' % (5, 1, 5, 1) == "    1|1    "
    assert '%.*f' % (2, 3.14159) == "3.14"
    assert '%.2s|%5.1s|%-4s|' % ('abc', 'abc', 'ab') == "ab|    a|ab  |"
    assert '%a' % '\xe9' == "'\\xe9'"
    assert '%s' % (1,) == "1"
    assert '%s' % [1, 2] == "[1, 2]"
    assert error(lambda: '%s %s' % (1,)) == "TypeError: not enough arguments for format string"
    assert (error(lambda: '%s' % (1, 2))
            == "TypeError: not all arguments converted during string formatting")
    assert error(lambda: '%d' % 'a') == "TypeError: %d format: a real number is required, not str"
    assert error(lambda: '%d' % '5') == "TypeError: %d format: a real number is required, not str"
    assert error(lambda: '%x' % 1.5) == "TypeError: %x format: an integer is required, not float"
    assert error(lambda: '%c' % 'ab') == "TypeError: %c requires int or char"
    assert error(lambda: '%c' % 0x110000) == "OverflowError: %c arg not in range(0x110000)"
    assert error(lambda: '%c' % -1) == "OverflowError: %c arg not in range(0x110000)"
    assert (error(lambda: '%y' % 1)
            == "ValueError: unsupported format character 'y' (0x79) at index 1")
    assert error(lambda: '%' % 1) == "ValueError: incomplete format"
    assert error(lambda: '%(a)s' % 1) == "TypeError: format requires a mapping"
    assert error(lambda: '%(a)s' % {}) == "KeyError: 'a'"
    assert error(lambda: '%(a' % {'a': 1}) == "ValueError: incomplete format key"
    assert (error(lambda: 'abc' % 1)
            == "TypeError: not all arguments converted during string formatting")
    assert 'abc' % {} == "abc"
    assert 'abc' % [] == "abc"
    assert '%i' % 3.99 == "3"
    assert '%d' % 10**25 == "10000000000000000000000000"
    assert '%.3d' % 5 == "005"
    assert '%.0d' % 0 == "0"
    assert '%+.3d' % 5 == "+005"
    assert '%#X' % 255 == "0XFF"
    assert '%s' % None == "None"
    assert error(lambda: '%*d' % ('a', 1)) == "TypeError: * wants int"
    assert '%ld' % 5 == "5"
    assert '%hd' % 5 == "5"
    assert '%(a)s %(b)s' % {'a': 1, 'b': 2, 'c': 3} == "1 2"
    assert '%%' % () == "%"
    assert error(lambda: '%5%' % ()) == "TypeError: not enough arguments for format string"


def test_hashing_and_interning():
    assert (hash('') == hash('')) is True
    assert (hash('abc') == hash('ab' + 'c')) is True
    assert hash('') == 0
    a = sys.intern('some text here')
    b = sys.intern('some ' + 'text here')
    assert (a is b) is True
    assert error(lambda: sys.intern(1)) == "TypeError: intern() argument must be str, not int"


def test_iteration():
    assert list('ab\u20ac') == ["a", "b", "\u20ac"]
    assert [*''] == []
    i = iter('ab')
    assert next(i) == "a"
    assert i.__length_hint__() == 1
    assert list(i) == ["b"]
    assert type(i).__name__ == "str_ascii_iterator"
    assert list(reversed('abc')) == ["c", "b", "a"]
    assert iter('\u20ac').__next__() == "\u20ac"


def test_subclass():
    class S(str):
        def __str__(self): return 'custom'
        extra = 1
    s = S('abc')
    assert (s == 'abc') is True
    assert str(s) == "custom"
    assert repr(s) == "'abc'"
    assert (type(s.upper()) is str) is True
    assert (type(s + 'd') is str) is True
    assert (type(s[:]) is str) is True
    assert f'{s}' == "custom"
    assert '%s' % s == "custom"
    assert ''.join([s]) == "abc"
    assert (hash(s) == hash('abc')) is True
    assert {s: 1}['abc'] == 1
    assert s.__class__.__name__ == "S"


def test_methods_on_the_type():
    assert str.upper('abc') == "ABC"
    assert (error(lambda: str.upper(1))
            == "TypeError: descriptor 'upper' for 'str' objects doesn't apply to a 'int' object")
    assert error(lambda: str.upper()) == "TypeError: unbound method str.upper() needs an argument"
    assert str.join(',', 'ab') == "a,b"
    assert error(lambda: 'abc'.upper(1)) == "TypeError: str.upper() takes no arguments (1 given)"
    assert 'a'.__add__('b') == "ab"
    assert error(lambda: 'a'.__add__(1)) == 'TypeError: can only concatenate str (not "int") to str'
    assert 'a'.__mul__(2) == "aa"
    assert 'a'.__rmul__(2) == "aa"
    assert 'a'.__contains__('a') is True
    assert (error(lambda: 'a'.__contains__(1))
            == "TypeError: 'in <string>' requires string as left operand, not int")
    assert 'a'.__len__() == 1
    assert 'a'.__mod__(()) == "a"
    assert 'a'.__rmod__('%s') == "a"
    assert 'a'.__getnewargs__() == ("a",)
    assert 'a'.__sizeof__() == 42
    assert '\u20ac'.__sizeof__() == 60
    assert '\U0001f600'.__sizeof__() == 64
    assert ''.__sizeof__() == 41


main(globals())
