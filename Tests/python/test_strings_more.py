# Strings at work: columns, templates, parsing, building, Unicode text.
from _run import error, main



def test_table_of_columns():
    rows = [('name', 'qty'), ('apple', 3), ('kiwi', 12)]
    assert ([f'{a:<8}|{b:>5}' for a, b in rows]
            == ["name    |  qty", "apple   |    3", "kiwi    |   12"])
    assert ['%-8s|%5s' % r for r in rows] == ["name    |  qty", "apple   |    3", "kiwi    |   12"]
    assert (['{0:^8}|{1!s:0>5}'.format(*r) for r in rows]
            == ["  name  |00qty", " apple  |00003", "  kiwi  |00012"])


def test_centring_odd_and_even():
    assert 'a'.center(3, '.') == ".a."
    assert 'a'.center(4, '.') == ".a.."
    assert 'a'.center(5, '.') == "..a.."
    assert 'a'.center(6, '.') == "..a..."
    assert 'ab'.center(3, '.') == ".ab"
    assert 'ab'.center(4, '.') == ".ab."
    assert 'ab'.center(5, '.') == "..ab."
    assert 'ab'.center(6, '.') == "..ab.."
    assert 'abc'.center(3, '.') == "abc"
    assert 'abc'.center(4, '.') == "abc."
    assert 'abc'.center(5, '.') == ".abc."
    assert 'abc'.center(6, '.') == ".abc.."


def test_numbers_in_columns():
    assert f'{3.14159:8.2f}' == "    3.14"
    assert f'{3.14159:+09.3f}' == "+0003.142"
    assert f'{3.14159:<10}' == "3.14159   "
    assert f'{3.14159:^12}' == "  3.14159   "
    assert f'{3.14159:e}' == "3.141590e+00"
    assert f'{3.14159:,}' == "3.14159"
    assert f'{-2:8.2f}' == "   -2.00"
    assert f'{-2:+09.3f}' == "-0002.000"
    assert f'{-2:<10}' == "-2        "
    assert f'{-2:^12}' == "     -2     "
    assert f'{-2:e}' == "-2.000000e+00"
    assert f'{-2:,}' == "-2"
    assert f'{1e10:8.2f}' == "10000000000.00"
    assert f'{1e10:+09.3f}' == "+10000000000.000"
    assert f'{1e10:<10}' == "10000000000.0"
    assert f'{1e10:^12}' == "10000000000.0"
    assert f'{1e10:e}' == "1.000000e+10"
    assert f'{1e10:,}' == "10,000,000,000.0"


def test_parsing_key_values():
    text = 'a=1; b = two ;c=; =d; e'
    assert ([tuple(p.strip() for p in x.partition('=')) for x in text.split(';')]
            == [("a", "=", "1"), ("b", "=", "two"), ("c", "=", ""), ("", "=", "d"), ("e", "", "")])
    assert dict(x.split(':') for x in 'a:1 b:2'.split()) == {"a": "1", "b": "2"}
    assert ([x.strip().split('=', 1) for x in text.split(';') if x.count('=') == 1]
            == [["a", "1"], ["b ", " two"], ["c", ""], ["", "d"]])


def test_path_like_splitting():
    assert (('a/b/c.txt'.rpartition('/'), 'c.txt'.rsplit('.', 1), '/a//b/'.split('/'), 'x'.rpartition('/'))
            == (("a/b", "/", "c.txt"), ["c", "txt"], ["", "a", "", "b", ""], ("", "", "x")))
    assert (('a.b.c'.split('.', -1), 'a.b.c'.rsplit('.', 1), '...'.split('.'))
            == (["a", "b", "c"], ["a.b", "c"], ["", "", "", ""]))


def test_building():
    assert ((''.join(reversed('hello')), 'hello'[::-1], '-'.join('abc'), ''.join(c * 2 for c in 'ab'))
            == ("olleh", "olleh", "a-b-c", "aabb"))
    s = ''
    for i in range(5): s += str(i)
    assert (s, len('x' * 1000 + 'y')) == ("01234", 1001)
    l = []
    for c in 'abc': l.append(c.upper())
    assert ''.join(l) == "ABC"


def test_replacing():
    assert (('aaa'.replace('a', 'b', 2), 'abc'.replace('', '-'), 'abc'.replace('b', ''), 'ab' * 3)
            == ("bba", "-a-b-c-", "ac", "ababab"))
    assert (('hello world'.translate(str.maketrans('lo', '01')), 'hello'.translate({ord('l'): None}))
            == ("he001 w1r0d", "heo"))
    assert (('a\tb'.expandtabs(), '1\t22\t333\t4'.expandtabs(4), '\t'.expandtabs(3))
            == ("a       b", "1   22  333 4", "   "))


def test_stripping():
    assert (('  x  '.strip(), 'xxhixx'.strip('x'), 'www.example.com'.lstrip('w.'), 'file.py'.removesuffix('.py'), 'prefix-x'.removeprefix('prefix-'))
            == ("x", "hi", "example.com", "file", "x"))
    assert (('\u3000x\u2009'.strip(), '\x1cx\x1f'.strip(), '\u200bx'.strip())
            == ("x", "x", "\u200bx"))


def test_case_in_other_alphabets():
    assert (('straße'.upper(), 'straße'.lower(), 'straße'.title(), 'straße'.swapcase())
            == ("STRASSE", "stra\xdfe", "Stra\xdfe", "STRASSE"))
    assert (('ǆ'.upper(), 'ǆ'.lower(), 'ǆ'.title(), 'ǆ'.swapcase())
            == ("\u01c4", "\u01c6", "\u01c5", "\u01c4"))
    assert (('İi'.upper(), 'İi'.lower(), 'İi'.title(), 'İi'.swapcase())
            == ("\u0130I", "i\u0307i", "\u0130i", "i\u0307I"))
    assert (('ΑΣ'.upper(), 'ΑΣ'.lower(), 'ΑΣ'.title(), 'ΑΣ'.swapcase())
            == ("\u0391\u03a3", "\u03b1\u03c2", "\u0391\u03c2", "\u03b1\u03c2"))
    assert ('ﬀ'.upper(), 'ﬀ'.lower(), 'ﬀ'.title(), 'ﬀ'.swapcase()) == ("FF", "\ufb00", "Ff", "FF")
    assert (('éÉ'.upper(), 'éÉ'.lower(), 'éÉ'.title(), 'éÉ'.swapcase())
            == ("\xc9\xc9", "\xe9\xe9", "\xc9\xe9", "\xc9\xe9"))
    assert (('ŉ'.upper(), 'ŉ'.lower(), 'ŉ'.title(), 'ŉ'.swapcase())
            == ("\u02bcN", "\u0149", "\u02bcN", "\u02bcN"))
    assert (('Ⅷ'.upper(), 'Ⅷ'.lower(), 'Ⅷ'.title(), 'Ⅷ'.swapcase())
            == ("\u2167", "\u2177", "\u2167", "\u2177"))


def test_casefold_comparisons():
    assert (('straße'.casefold() == 'STRASSE'.casefold(), 'ς'.casefold() == 'Σ'.casefold(), 'ı'.casefold(), 'ﬃ'.casefold())
            == (True, True, "\u0131", "ffi"))


def test_character_tests_in_other_scripts():
    assert (('é'.isalpha(), 'é'.isdigit(), 'é'.isnumeric(), 'é'.isupper(), 'é'.islower(), 'é'.isspace(), 'é'.isprintable())
            == (True, False, False, False, True, False, True))
    assert (('中'.isalpha(), '中'.isdigit(), '中'.isnumeric(), '中'.isupper(), '中'.islower(), '中'.isspace(), '中'.isprintable())
            == (True, False, False, False, False, False, True))
    assert (('٣'.isalpha(), '٣'.isdigit(), '٣'.isnumeric(), '٣'.isupper(), '٣'.islower(), '٣'.isspace(), '٣'.isprintable())
            == (False, True, True, False, False, False, True))
    assert (('½'.isalpha(), '½'.isdigit(), '½'.isnumeric(), '½'.isupper(), '½'.islower(), '½'.isspace(), '½'.isprintable())
            == (False, False, True, False, False, False, True))
    assert (('Ⅷ'.isalpha(), 'Ⅷ'.isdigit(), 'Ⅷ'.isnumeric(), 'Ⅷ'.isupper(), 'Ⅷ'.islower(), 'Ⅷ'.isspace(), 'Ⅷ'.isprintable())
            == (False, False, True, True, False, False, True))
    assert (('ª'.isalpha(), 'ª'.isdigit(), 'ª'.isnumeric(), 'ª'.isupper(), 'ª'.islower(), 'ª'.isspace(), 'ª'.isprintable())
            == (True, False, False, False, True, False, True))
    assert (('\u00a0'.isalpha(), '\u00a0'.isdigit(), '\u00a0'.isnumeric(), '\u00a0'.isupper(), '\u00a0'.islower(), '\u00a0'.isspace(), '\u00a0'.isprintable())
            == (False, False, False, False, False, True, False))
    assert (('\u200d'.isalpha(), '\u200d'.isdigit(), '\u200d'.isnumeric(), '\u200d'.isupper(), '\u200d'.islower(), '\u200d'.isspace(), '\u200d'.isprintable())
            == (False, False, False, False, False, False, False))
    assert (('😀'.isalpha(), '😀'.isdigit(), '😀'.isnumeric(), '😀'.isupper(), '😀'.islower(), '😀'.isspace(), '😀'.isprintable())
            == (False, False, False, False, False, False, True))
    assert (('ǅ'.isalpha(), 'ǅ'.isdigit(), 'ǅ'.isnumeric(), 'ǅ'.isupper(), 'ǅ'.islower(), 'ǅ'.isspace(), 'ǅ'.isprintable())
            == (True, False, False, False, False, False, True))
    assert (('_'.isalpha(), '_'.isdigit(), '_'.isnumeric(), '_'.isupper(), '_'.islower(), '_'.isspace(), '_'.isprintable())
            == (False, False, False, False, False, False, True))


def test_emoji_and_combining():
    assert ((len('👨‍👩‍👧'), len('é'), len('e\u0301'), '👍🏽'[0], list('🇫🇷'), '😀'.encode(), '😀'.encode('utf-16-be'))
            == (5, 1, 2, "\U0001f44d", ["\U0001f1eb", "\U0001f1f7"], b'\xf0\x9f\x98\x80', b'\xd8=\xde\x00'))
    assert (repr(('e\u0301'.isidentifier(), 'é' == 'e\u0301', sorted(['é', 'e', 'f'])))
            == "(True, False, ['e', 'f', '\xe9'])")


def test_mixed_width_slicing():
    s = 'aé€😀z'
    assert (([s[i] for i in range(len(s))], s[1:4], s[::-1], s.find('😀'), s.index('z'), s.split('€'), s.partition('😀'))
            == (["a", "\xe9", "\u20ac", "\U0001f600", "z"], "\xe9\u20ac\U0001f600", "z\U0001f600\u20ac\xe9a", 3, 4, ["a\xe9", "\U0001f600z"], ("a\xe9\u20ac", "\U0001f600", "z")))
    assert ((s.upper(), s.replace('€', 'E'), s * 2, s + s, s.encode('utf-8'), ascii(s), s.center(9, '·'))
            == ("A\xc9\u20ac\U0001f600Z", "a\xe9E\U0001f600z", "a\xe9\u20ac\U0001f600za\xe9\u20ac\U0001f600z", "a\xe9\u20ac\U0001f600za\xe9\u20ac\U0001f600z", b'a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z', "'a\\xe9\\u20ac\\U0001f600z'", "\xb7\xb7a\xe9\u20ac\U0001f600z\xb7\xb7"))


def test_comparisons_by_code_point():
    assert (('Z' < 'a', 'é' > 'z', '😀' > '€', 'ab' < 'abc', '' < 'a', 'a' * 100 < 'a' * 99 + 'b')
            == (True, True, True, True, True, True))
    assert ((sorted('bÀaéZ😀€'), max('aé€'), min('aé€'))
            == (["Z", "a", "b", "\xc0", "\xe9", "\u20ac", "\U0001f600"], "\u20ac", "a"))


def test_escapes_and_repr():
    assert repr('\n\t\\') == "'\\n\\t\\\\'"
    assert repr('\'"') == '\'\\\'"\''
    assert repr('é\u200b') == "'\xe9\\u200b'"
    assert repr('\x7f\x80') == "'\\x7f\\x80'"
    assert repr('\ud800') == "'\\ud800'"
    assert repr('\U0010ffff') == "'\\U0010ffff'"
    assert repr('a\0b') == "'a\\x00b'"


def test_numbers_from_text():
    assert int('٣٤') == 34
    assert int('１２') == 12
    assert int(' 7 ') == 7
    assert int('-0') == 0
    assert int('𝟝') == 5
    assert (repr((float('٣.٥'), '½'.isdigit(), '²'.isdigit(), '²'.isdecimal()))
            == "(3.5, False, True, False)")
    assert error(lambda: int('²')) == "ValueError: invalid literal for int() with base 10: '\xb2'"


def test_line_splitting():
    assert (('a\nb\r\nc\x0bd\x0ce\x1cf\x85g\u2028h'.splitlines(), 'a\n\nb\n'.splitlines(), 'a\n'.splitlines(True), ''.splitlines())
            == (["a", "b", "c", "d", "e", "f", "g", "h"], ["a", "", "b"], ["a\n"], []))
    assert ('a\nb'.split('\n'), 'a\r\nb'.split('\n')) == (["a", "b"], ["a\r", "b"])


def test_counting_and_finding_overlaps():
    assert (('aaaa'.count('aa'), 'abababa'.count('aba'), [i for i in range(7) if 'abababa'.startswith('aba', i)], 'banana'.find('an', 2), 'banana'.rfind('an', 0, 4))
            == (2, 2, [0, 2, 4], 3, 1))


def test_percent_formatting_by_mapping():
    assert (('%(a)s-%(b)05d-%(a)r' % {'a': 'x', 'b': 42}, '%s %s' % ('a', ['b']), '%%' % (), '%c%c' % (65, 'é'), '%5.1f|%-6x|%+d' % (3.14159, 255, 7))
            == ("x-00042-'x'", "a ['b']", "%", "A\xe9", "  3.1|ff    |+7"))


def test_format_of_nested_data():
    d = {'user': {'name': 'Ada', 'tags': ['x', 'y']}, 'n': 3}
    assert (('{user[name]} {user[tags][1]} {n:>3}'.format(**d), f"{d['user']['name']!r:>8} {d['n']:03d}", '{0[user][name]}'.format(d))
            == ("Ada y   3", "   'Ada' 003", "Ada"))


def test_text_of_containers():
    assert ((str(['é', "it's", 'a"b', '\n']), str({'k': ('x',)}), f'{[1.0, None]}', '%s' % {'a': b'\xff'})
            == ('[\'\xe9\', "it\'s", \'a"b\', \'\\n\']', "{'k': ('x',)}", "[1.0, None]", "{'a': b'\\xff'}"))


def test_interning_does_not_change_equality():
    a = ''.join(['he', 'llo'])
    assert (repr((a == 'hello', hash(a) == hash('hello'), {a: 1}['hello'], a in {'hello'}))
            == "(True, True, 1, True)")


def test_long_strings():
    s = 'ab' * 50000
    assert (repr((len(s), s.count('ba'), s.find('aa'), s.replace('ab', 'c').count('c'), len(s.split('a')), s[-1], hash(s) == hash('ab' * 50000)))
            == "(100000, 49999, -1, 50000, 50001, 'b', True)")
    assert (repr((('x' * 100000 + 'y').find('y'), ('x' * 99999 + 'é')[-1], len(('é' * 1000).encode()), ('€' * 500).upper() == '€' * 500))
            == "(100000, '\xe9', 2000, True)")


main(globals())
