# str over the whole of Unicode: case mapping, repr, encodings, surrogates.
from _run import error, main



def test_special_case_mappings():
    assert (('\xdf'.upper(), '\xdf'.lower(), '\xdf'.title(), '\xdf'.casefold())
            == ("SS", "\xdf", "Ss", "ss"))
    assert (('\u0130'.upper(), '\u0130'.lower(), '\u0130'.title(), '\u0130'.casefold())
            == ("\u0130", "i\u0307", "\u0130", "i\u0307"))
    assert (('\u01c4'.upper(), '\u01c4'.lower(), '\u01c4'.title(), '\u01c4'.casefold())
            == ("\u01c4", "\u01c6", "\u01c5", "\u01c6"))
    assert (('\ufb01'.upper(), '\ufb01'.lower(), '\ufb01'.title(), '\ufb01'.casefold())
            == ("FI", "\ufb01", "Fi", "fi"))
    assert (('\u0149'.upper(), '\u0149'.lower(), '\u0149'.title(), '\u0149'.casefold())
            == ("\u02bcN", "\u0149", "\u02bcN", "\u02bcn"))
    assert (('\u1f80'.upper(), '\u1f80'.lower(), '\u1f80'.title(), '\u1f80'.casefold())
            == ("\u1f08\u0399", "\u1f80", "\u1f88", "\u1f00\u03b9"))
    assert (('\u03a3'.upper(), '\u03a3'.lower(), '\u03a3'.title(), '\u03a3'.casefold())
            == ("\u03a3", "\u03c3", "\u03a3", "\u03c3"))
    assert (('\u1e9e'.upper(), '\u1e9e'.lower(), '\u1e9e'.title(), '\u1e9e'.casefold())
            == ("\u1e9e", "\xdf", "\u1e9e", "ss"))
    assert (('\xb5'.upper(), '\xb5'.lower(), '\xb5'.title(), '\xb5'.casefold())
            == ("\u039c", "\xb5", "\u039c", "\u03bc"))
    assert (('\U00010400'.upper(), '\U00010400'.lower(), '\U00010400'.title(), '\U00010400'.casefold())
            == ("\U00010400", "\U00010428", "\U00010400", "\U00010428"))


def test_final_sigma():
    assert '\u039f\u03a3'.lower() == "\u03bf\u03c2"
    assert '\u039f\u03a3 \u039f'.lower() == "\u03bf\u03c2 \u03bf"
    assert '\u03a3'.lower() == "\u03c3"
    assert 'A\u03a3.B'.lower() == "a\u03c3.b"
    assert 'A\u03a3.'.lower() == "a\u03c2."
    assert '\u0391\u0301\u03a3'.lower() == "\u03b1\u0301\u03c2"


def test_swapcase_and_capitalize_beyond_ascii():
    assert '\xdfA'.swapcase() == "SSa"
    assert '\ufb01x'.capitalize() == "Fix"
    assert '\u01c6x'.capitalize() == "\u01c5x"
    assert '\u0130'.swapcase() == "i\u0307"
    assert '\xe9\xc9'.swapcase() == "\xc9\xe9"
    assert '\u0149A'.title() == "\u02bcNa"


def test_repr_escapes():
    assert repr('\x00\x1f\x7f') == "'\\x00\\x1f\\x7f'"
    assert repr('\t\n\r\\') == "'\\t\\n\\r\\\\'"
    assert repr('\x80\x9f\xa0\xad') == "'\\x80\\x9f\\xa0\\xad'"
    assert repr('\xe9\u20ac') == "'\xe9\u20ac'"
    assert repr('\u200b\u2028\ufeff') == "'\\u200b\\u2028\\ufeff'"
    assert repr('\ud800') == "'\\ud800'"
    assert repr('\U0001f600\U000e0001') == "'\U0001f600\\U000e0001'"
    assert repr('\U0010ffff') == "'\\U0010ffff'"
    assert repr("it's") == '"it\'s"'
    assert repr('a"b') == '\'a"b\''
    assert repr('a"b\'c') == '\'a"b\\\'c\''
    assert repr('\u0378') == "'\\u0378'"


def test_ascii():
    assert ascii('\xe9') == "'\\xe9'"
    assert ascii('\u20ac') == "'\\u20ac'"
    assert ascii('\U0001f600') == "'\\U0001f600'"
    assert ascii('a\'b') == '"a\'b"'
    assert ascii('\ud800') == "'\\ud800'"


def test_encode_utf_8():
    assert 'a'.encode() == b'a'
    assert '\xe9'.encode() == b'\xc3\xa9'
    assert '\u20ac'.encode() == b'\xe2\x82\xac'
    assert '\U0001f600'.encode() == b'\xf0\x9f\x98\x80'
    assert ''.encode() == b''
    assert (error(lambda: '\ud800'.encode())
            == "UnicodeEncodeError: 'utf-8' codec can't encode character '\\ud800' in position 0: surrogates not allowed")
    assert '\ud800'.encode('utf-8', 'surrogatepass') == b'\xed\xa0\x80'
    assert '\udcff'.encode('utf-8', 'surrogateescape') == b'\xff'
    assert 'a\ud800b'.encode('utf-8', 'replace') == b'a?b'
    assert 'a\ud800b'.encode('utf-8', 'backslashreplace') == b'a\\ud800b'
    assert 'a\ud800b'.encode('utf-8', 'ignore') == b'ab'


def test_encode_ascii_with_handlers():
    assert 'a\xe9\u20ac\U0001f600'.encode('ascii', 'ignore') == b'a'
    assert 'a\xe9\u20ac\U0001f600'.encode('ascii', 'replace') == b'a???'
    assert ('a\xe9\u20ac\U0001f600'.encode('ascii', 'xmlcharrefreplace')
            == b'a&#233;&#8364;&#128512;')
    assert ('a\xe9\u20ac\U0001f600'.encode('ascii', 'backslashreplace')
            == b'a\\xe9\\u20ac\\U0001f600')
    assert ('a\xe9\u20ac\U0001f600'.encode('ascii', 'namereplace')
            == b'a\\N{LATIN SMALL LETTER E WITH ACUTE}\\N{EURO SIGN}\\N{GRINNING FACE}')
    assert (error(lambda: 'a\xe9\u20ac\U0001f600'.encode('ascii', 'strict'))
            == "UnicodeEncodeError: 'ascii' codec can't encode characters in position 1-3: ordinal not in range(128)")
    assert (error(lambda: 'a\xe9\u20ac\U0001f600'.encode('ascii', 'nope'))
            == "LookupError: unknown error handler name 'nope'")
    assert (error(lambda: 'a\u20ac'.encode('latin-1', 'strict'))
            == "UnicodeEncodeError: 'latin-1' codec can't encode character '\\u20ac' in position 1: ordinal not in range(256)")
    assert 'a\u20ac'.encode('latin-1', 'replace') == b'a?'
    assert 'a\u20ac'.encode('latin-1', 'ignore') == b'a'


def test_encode_utf_16_and_32():
    assert 'a\u20ac\U0001f600'.encode('utf-16-le') == b'a\x00\xac =\xd8\x00\xde'
    assert 'a\u20ac\U0001f600'.encode('utf-16-be') == b'\x00a \xac\xd8=\xde\x00'
    assert 'a\u20ac\U0001f600'.encode('utf-32-le') == b'a\x00\x00\x00\xac \x00\x00\x00\xf6\x01\x00'
    assert 'a\u20ac\U0001f600'.encode('utf-32-be') == b'\x00\x00\x00a\x00\x00 \xac\x00\x01\xf6\x00'
    assert 'a\u20ac\U0001f600'.encode('utf-16') == b'\xff\xfea\x00\xac =\xd8\x00\xde'
    assert ('a\u20ac\U0001f600'.encode('utf-32')
            == b'\xff\xfe\x00\x00a\x00\x00\x00\xac \x00\x00\x00\xf6\x01\x00')
    assert (error(lambda: '\ud800'.encode('utf-16-le'))
            == "UnicodeEncodeError: 'utf-16-le' codec can't encode character '\\ud800' in position 0: surrogates not allowed")
    assert '\ud800'.encode('utf-16-le', 'surrogatepass') == b'\x00\xd8'


def test_decode_utf_8_errors():
    assert (error(lambda: b'\x80'.decode())
            == "UnicodeDecodeError: 'utf-8' codec can't decode byte 0x80 in position 0: invalid start byte")
    assert (error(lambda: b'\xc3'.decode())
            == "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xc3 in position 0: unexpected end of data")
    assert (error(lambda: b'\xc3('.decode())
            == "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xc3 in position 0: invalid continuation byte")
    assert (error(lambda: b'\xe2\x82'.decode())
            == "UnicodeDecodeError: 'utf-8' codec can't decode bytes in position 0-1: unexpected end of data")
    assert (error(lambda: b'\xf8'.decode())
            == "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xf8 in position 0: invalid start byte")
    assert (error(lambda: b'\xed\xa0\x80'.decode())
            == "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xed in position 0: invalid continuation byte")
    assert (error(lambda: b'\xf4\x90\x80\x80'.decode())
            == "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xf4 in position 0: invalid continuation byte")
    assert (error(lambda: b'\xc0\xaf'.decode())
            == "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xc0 in position 0: invalid start byte")
    assert (error(lambda: b'ab\xff'.decode())
            == "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 2: invalid start byte")
    assert b'\x80a'.decode('utf-8', 'replace') == "\ufffda"
    assert b'\xe2\x82a'.decode('utf-8', 'replace') == "\ufffda"
    assert b'\xed\xa0\x80'.decode('utf-8', 'replace') == "\ufffd\ufffd\ufffd"
    assert b'\xf0\x9f\x98'.decode('utf-8', 'replace') == "\ufffd"
    assert b'\xc0\xaf'.decode('utf-8', 'replace') == "\ufffd\ufffd"
    assert b'\xf0\x80\x80\x80'.decode('utf-8', 'replace') == "\ufffd\ufffd\ufffd\ufffd"
    assert b'a\xffb'.decode('utf-8', 'ignore') == "ab"
    assert b'a\xffb'.decode('utf-8', 'backslashreplace') == "a\\xffb"
    assert b'a\xffb'.decode('utf-8', 'surrogateescape') == "a\udcffb"
    assert (error(lambda: b'a\xffb'.decode('utf-8', 'strict'))
            == "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 1: invalid start byte")
    assert b'\xed\xa0\x80'.decode('utf-8', 'surrogatepass') == "\ud800"


def test_decode_ascii_and_latin():
    assert (error(lambda: b'a\xe9'.decode('ascii'))
            == "UnicodeDecodeError: 'ascii' codec can't decode byte 0xe9 in position 1: ordinal not in range(128)")
    assert b'a\xe9'.decode('latin-1') == "a\xe9"
    assert b'a\xe9'.decode('ascii', 'surrogateescape') == "a\udce9"
    assert b'a\xe9'.decode('ascii', 'replace') == "a\ufffd"


def test_decode_utf_16_and_32():
    assert b'\xff\xfea\x00'.decode('utf-16') == "a"
    assert b'\xfe\xff\x00a'.decode('utf-16') == "a"
    assert b'a\x00'.decode('utf-16') == "a"
    assert (error(lambda: b'a'.decode('utf-16'))
            == "UnicodeDecodeError: 'utf-16-le' codec can't decode byte 0x61 in position 0: truncated data")
    assert (error(lambda: b'\x00\xd8a\x00'.decode('utf-16-le'))
            == "UnicodeDecodeError: 'utf-16-le' codec can't decode bytes in position 0-1: illegal UTF-16 surrogate")
    assert b'=\xd8\x00\xde'.decode('utf-16-le') == "\U0001f600"
    assert (error(lambda: b'\x00\x00\x11\x00'.decode('utf-32-le'))
            == "UnicodeDecodeError: 'utf-32-le' codec can't decode bytes in position 0-3: code point not in range(0x110000)")
    assert b'a\0\0\0'.decode('utf-32-le') == "a"
    assert (error(lambda: b'a\0\0'.decode('utf-32-le'))
            == "UnicodeDecodeError: 'utf-32-le' codec can't decode bytes in position 0-2: truncated data")


def test_unicode_escape():
    assert b'\\u20ac\\n\\x41\\N{BULLET}'.decode('unicode_escape') == "\u20ac\nA\u2022"
    assert '\u20ac\n\xe9'.encode('unicode_escape') == b'\\u20ac\\n\\xe9'
    assert (error(lambda: b'\\u20'.decode('unicode_escape'))
            == "UnicodeDecodeError: 'unicodeescape' codec can't decode bytes in position 0-3: truncated \\uXXXX escape")
    assert b'\\u20ac\\n'.decode('raw_unicode_escape') == "\u20ac\\n"
    assert '\u20ac\xe9'.encode('raw_unicode_escape') == b'\\u20ac\xe9'


def test_encoding_names():
    assert 'a'.encode('UTF8') == b'a'
    assert 'a'.encode('Latin1') == b'a'
    assert 'a'.encode('iso-8859-1') == b'a'
    assert 'a'.encode('US-ASCII') == b'a'
    assert 'a'.encode('utf_8') == b'a'
    assert error(lambda: 'a'.encode('nope')) == "LookupError: unknown encoding: nope"
    assert (error(lambda: 'a'.encode(1))
            == "TypeError: encode() argument 'encoding' must be str, not int")
    assert (error(lambda: 'a'.encode('utf-8', 1))
            == "TypeError: encode() argument 'errors' must be str, not int")
    assert 'a'.encode(errors='strict') == b'a'
    assert error(lambda: 'a'.encode('utf\x00')) == "ValueError: embedded null character"


def test_unicode_error_attributes():
    try:
        'ab\u20ac'.encode('ascii')
    except UnicodeEncodeError as e:
        caught = e
    assert caught.encoding == "ascii"
    assert caught.object == "ab\u20ac"
    assert caught.start == 2
    assert caught.end == 3
    assert caught.reason == "ordinal not in range(128)"
    assert caught.args == ("ascii", "ab\u20ac", 2, 3, "ordinal not in range(128)")
    assert (str(UnicodeEncodeError('ascii', 'abc', 0, 2, 'why'))
            == "'ascii' codec can't encode characters in position 0-1: why")
    assert (str(UnicodeDecodeError('utf-8', b'\xff', 0, 1, 'why'))
            == "'utf-8' codec can't decode byte 0xff in position 0: why")
    assert (str(UnicodeTranslateError('abc', 0, 1, 'why'))
            == "can't translate character '\\x61' in position 0: why")
    assert (error(lambda: UnicodeEncodeError('ascii', 'abc', 0, 'x', 'why'))
            == "TypeError: 'str' object cannot be interpreted as an integer")
    assert (error(lambda: UnicodeDecodeError('ascii', 'abc', 0, 1, 'why'))
            == "TypeError: a bytes-like object is required, not 'str'")
    assert (error(lambda: UnicodeEncodeError('ascii'))
            == "TypeError: function takes exactly 5 arguments (1 given)")


def test_lengths_count_code_points():
    assert len('\U0001f600') == 1
    assert len('e\u0301') == 2
    assert len('\ud83d\ude00') == 2
    assert len('') == 0
    assert len('\x00') == 1


def test_ord_and_chr():
    assert ord('a') == 97
    assert ord('\U0010ffff') == 1114111
    assert chr(0x10ffff) == "\U0010ffff"
    assert error(lambda: chr(0x110000)) == "ValueError: chr() arg not in range(0x110000)"
    assert error(lambda: chr(-1)) == "ValueError: chr() arg not in range(0x110000)"
    assert (error(lambda: ord(''))
            == "TypeError: ord() expected a character, but string of length 0 found")
    assert (error(lambda: ord('ab'))
            == "TypeError: ord() expected a character, but string of length 2 found")
    assert error(lambda: ord(1)) == "TypeError: ord() expected string of length 1, but int found"
    assert ord(b'a') == 97
    assert (error(lambda: ord(b'ab'))
            == "TypeError: ord() expected a character, but string of length 2 found")
    assert error(lambda: chr('a')) == "TypeError: 'str' object cannot be interpreted as an integer"
    assert (error(lambda: chr(1.5))
            == "TypeError: 'float' object cannot be interpreted as an integer")
    assert chr(0xd800) == "\ud800"


def test_escapes_in_literals():
    assert '\x41\u0041\U00000041\101\7' == "AAAA\x07"
    assert '\N{LATIN SMALL LETTER E WITH ACUTE}' == "\xe9"
    assert r'\n\x41' == "\\n\\x41"
    joined = 'a\
    b'
    assert joined == "a    b"
    assert '\a\b\f\v\0' == "\x07\x08\x0c\x0b\x00"
    assert b'\x41\101\n\'' == b"AA\n'"
    assert '\400' == "\u0100"


def test_find_in_wide_strings():
    s = 'a\u20ac\U0001f600b\u20ac'
    assert s.find('\u20ac') == 1
    assert s.rfind('\u20ac') == 4
    assert s.find('\U0001f600') == 2
    assert s.index('b') == 3
    assert s.split('\u20ac') == ["a", "\U0001f600b", ""]
    assert s.replace('\u20ac', 'e') == "ae\U0001f600be"
    assert s.replace('\U0001f600', '') == "a\u20acb\u20ac"
    assert s.count('\u20ac') == 2
    assert s[::-1] == "\u20acb\U0001f600\u20aca"
    assert s.find('\U0001f601') == -1
    assert 'abc'.find('\u20ac') == -1
    assert s.partition('b') == ("a\u20ac\U0001f600", "b", "\u20ac")


def test_widening_and_narrowing():
    s = 'a\u20acb'
    assert (s[0].__sizeof__() == 'a'.__sizeof__()) is True
    assert (s.replace('\u20ac', 'c').__sizeof__() == 'acb'.__sizeof__()) is True
    assert s[:1] + s[2:] == "ab"
    assert (('\U0001f600' + 'a')[1:].__sizeof__() == 'a'.__sizeof__()) is True


def test_identifiers_are_normalised():
    ns = {}
    exec('\ufb01x = 1', ns)
    assert ns['fix'] == 1
    exec('\u2115 = 2', ns)
    assert ns['N'] == 2
    exec('class C: \u017f = 3', ns)
    assert ns['C'].s == 3


def test_string_hash_does_not_depend_on_how_it_was_made():
    assert (hash('\u20ac'[0:1]) == hash('\u20ac')) is True
    assert (hash(('a\u20ac')[:1]) == hash('a')) is True
    assert {'\xe9': 1}[b'\xc3\xa9'.decode()] == 1


def test_title_of_mixed_text():
    assert '\u01f3x \u01f3'.title() == "\u01f2x \u01f2"
    assert '\u1f88'.lower() == "\u1f80"
    assert '\u1f80'.title() == "\u1f88"
    assert 'o\u2019neil'.title() == "O\u2019Neil"
    assert '\u0345a'.upper() == "\u0399A"


main(globals())
