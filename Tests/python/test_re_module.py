# The re module.
import re
from _run import error, main



def test_literals_and_classes():
    assert re.findall(r'a', 'ab12 cd-34\nEF_56') == ["a"]
    assert re.findall(r'[a-c]', 'ab12 cd-34\nEF_56') == ["a", "b", "c"]
    assert re.findall(r'[^a-z\s]+', 'ab12 cd-34\nEF_56') == ["12", "-34", "EF_56"]
    assert re.findall(r'\d+', 'ab12 cd-34\nEF_56') == ["12", "34", "56"]
    assert re.findall(r'\w+', 'ab12 cd-34\nEF_56') == ["ab12", "cd", "34", "EF_56"]
    assert re.findall(r'\W', 'ab12 cd-34\nEF_56') == [" ", "-", "\n"]
    assert re.findall(r'\s', 'ab12 cd-34\nEF_56') == [" ", "\n"]
    assert (re.findall(r'.', 'ab12 cd-34\nEF_56')
            == ["a", "b", "1", "2", " ", "c", "d", "-", "3", "4", "E", "F", "_", "5", "6"])
    assert re.findall(r'[\d-]+', 'ab12 cd-34\nEF_56') == ["12", "-34", "56"]
    assert re.findall(r'\D+', 'ab12 cd-34\nEF_56') == ["ab", " cd-", "\nEF_"]


def test_quantifiers():
    assert re.findall(r'a*', 'aaa abab') == ["aaa", "", "a", "", "a", "", ""]
    assert re.findall(r'a+', 'aaa abab') == ["aaa", "a", "a"]
    assert re.findall(r'a?', 'aaa abab') == ["a", "a", "a", "", "a", "", "a", "", ""]
    assert re.findall(r'a{2}', 'aaa abab') == ["aa"]
    assert re.findall(r'a{1,2}', 'aaa abab') == ["aa", "a", "a", "a"]
    assert re.findall(r'a{2,}', 'aaa abab') == ["aaa"]
    assert (re.findall(r'a*?', 'aaa abab')
            == ["", "a", "", "a", "", "a", "", "", "a", "", "", "a", "", ""])
    assert re.findall(r'a+?', 'aaa abab') == ["a", "a", "a", "a", "a"]
    assert re.findall(r'(?:ab)+', 'aaa abab') == ["abab"]
    assert re.findall(r'a{,2}', 'aaa abab') == ["aa", "a", "", "a", "", "a", "", ""]
    assert re.findall(r'a++', 'aaa abab') == ["aaa", "a", "a"]
    assert re.findall(r'a{0}', 'aaa abab') == ["", "", "", "", "", "", "", "", ""]


def test_anchors():
    assert [m.span() for m in re.finditer(r'^', 'ab\ncd\n')] == [(0, 0)]
    assert [m.span() for m in re.finditer(r'$', 'ab\ncd\n')] == [(5, 5), (6, 6)]
    assert [m.span() for m in re.finditer(r'\A', 'ab\ncd\n')] == [(0, 0)]
    assert [m.span() for m in re.finditer(r'\Z', 'ab\ncd\n')] == [(6, 6)]
    assert [m.span() for m in re.finditer(r'\b', 'ab\ncd\n')] == [(0, 0), (2, 2), (3, 3), (5, 5)]
    assert [m.span() for m in re.finditer(r'\B', 'ab\ncd\n')] == [(1, 1), (4, 4), (6, 6)]
    assert [m.span() for m in re.finditer(r'^c', 'ab\ncd\n')] == []
    assert [m.span() for m in re.finditer(r'b$', 'ab\ncd\n')] == []
    assert [m.span() for m in re.finditer(r'^', 'ab\ncd\n', re.M)] == [(0, 0), (3, 3), (6, 6)]
    assert [m.span() for m in re.finditer(r'$', 'ab\ncd\n', re.M)] == [(2, 2), (5, 5), (6, 6)]
    assert [m.span() for m in re.finditer(r'^c', 'ab\ncd\n', re.M)] == [(3, 4)]
    assert [m.span() for m in re.finditer(r'b$', 'ab\ncd\n', re.M)] == [(1, 2)]


def test_groups():
    m = re.match(r'(a)(b)?(?P<n>c)', 'ac')
    assert ((m.groups(), m.groups('-'), m.group(0, 1, 'n'), m.groupdict(), m.lastindex, m.lastgroup)
            == (("a", None, "c"), ("a", "-", "c"), ("ac", "a", "c"), {"n": "c"}, 3, "n"))
    assert ((m.start(1), m.end('n'), m.span(2), m['n'], m.regs, m.pos, m.endpos, m.string)
            == (0, 2, (-1, -1), "c", ((0, 2), (0, 1), (-1, -1), (1, 2)), 0, 2, "ac"))
    assert error(lambda: m.group(5)) == "IndexError: no such group"
    assert error(lambda: m.group('zz')) == "IndexError: no such group"
    assert m.expand(r'\1-\g<n>-\g<0>') == "a-c-ac"
    assert (repr((m.re.pattern, m.re.groups, m.re.groupindex))
            == "('(a)(b)?(?P<n>c)', 3, mappingproxy({'n': 3}))")


def test_alternation_and_lookaround():
    assert ((re.findall(r'cat|dog', 'cat dog'), re.findall(r'a(?=b)', 'ab ac'), re.findall(r'a(?!b)', 'ab ac'))
            == (["cat", "dog"], ["a"], ["a"]))
    assert ((re.findall(r'(?<=x)a', 'xa a'), re.findall(r'(?<!x)a', 'xa a'), re.findall('a|', 'ba'))
            == (["a"], ["a"], ["", "a", ""]))
    assert ((re.findall(r'(?>a+)b', 'aab'), re.match(r'(a)?(?(1)b|c)', 'ab').group(), re.match(r'(a)?(?(1)b|c)', 'c').group())
            == (["aab"], "ab", "c"))


def test_back_references():
    assert ((re.findall(r'(\w)\1', 'aabccd'), re.sub(r'(?P<x>.)(?P=x)', r'<\g<x>>', 'aab'))
            == (["a", "c"], "<a>b"))
    assert (error(lambda: re.match(r'(a)\2', 'aa'))
            == "PatternError: invalid group reference 2 at position 4")


def test_flags():
    assert ((re.findall('a', 'aA', re.I), re.findall('(?i:a)b', 'Ab AB'), re.findall('a.b', 'a\nb', re.S))
            == (["a", "A"], ["Ab"], ["a\nb"]))
    assert re.findall('a  # comment\n  b', 'ab', re.X) == ["ab"]
    assert (repr((re.findall(r'\w', '\xe9a', re.A), re.findall(r'\w', '\xe9a'), re.I | re.M, re.compile('a', re.I).flags))
            == "(['a'], ['\xe9', 'a'], re.IGNORECASE|re.MULTILINE, 34)")
    assert ((re.findall('(?i)straße', 'STRASSE straße'), re.findall('\u0130', 'i\u0307', re.I))
            == (["stra\xdfe"], ["i"]))


def test_search_match_fullmatch():
    assert ((re.match('b', 'ab'), re.search('b', 'ab').start(), re.fullmatch('a', 'ab'), re.fullmatch('a|ab', 'ab').group())
            == (None, 1, None, "ab"))
    p = re.compile('b')
    assert ((p.match('ab', 1).span(), p.search('bab', 1).span(), p.search('ab', 0, 1))
            == ((1, 2), (2, 3), None))


def test_sub_and_subn():
    assert ((re.sub('a', 'b', 'aXa'), re.subn('a', 'b', 'aaa', count=2), re.sub('', '-', 'ab'), re.sub('x*', '-', 'abxd'))
            == ("bXb", ("bba", 2), "-a-b-", "-a-b--d-"))
    assert ((re.sub(r'(\w+) (\w+)', r'\2 \1', 'a b'), re.sub('a', lambda m: str(m.start()), 'aba'), re.sub('a', r'\n\\', 'a'))
            == ("b a", "0b2", '\n\\'))
    assert (error(lambda: re.sub('a', r'\1', 'a'))
            == "PatternError: invalid group reference 1 at position 1")
    assert error(lambda: re.sub('a', r'\q', 'a')) == "PatternError: bad escape \\q at position 0"
    assert re.sub(b'a', b'b', b'aa') == b'bb'
    assert (error(lambda: re.sub('a', b'b', 'a'))
            == "TypeError: sequence item 0: expected str instance, bytes found")


def test_split():
    assert ((re.split(',', 'a,b,,c'), re.split('(,)', 'a,b'), re.split(r'\W+', 'a b,c', maxsplit=1), re.split('x*', 'axb'), re.split(r'\b', 'a b'))
            == (["a", "b", "", "c"], ["a", ",", "b"], ["a", "b,c"], ["", "a", "", "b", ""], ["", "a", " ", "b", ""]))


def test_findall_shapes():
    assert ((re.findall('a(b)', 'abab'), re.findall('(a)(b)?', 'aab'), re.findall('', 'ab'), re.findall('a', ''))
            == (["b", "b"], [("a", ""), ("a", "b")], ["", "", ""], []))


def test_escapes():
    assert ((re.escape('a.b-c d_1'), re.findall(r'\x41\u0042\103', 'ABC'), re.findall(r'[\]\-\\]', r']-\ '), re.findall(r'\.', 'a.b'), re.findall(r'\N{DIGIT ONE}', '1'))
            == ("a\\.b\\-c\\ d_1", ["ABC"], ["]", "-", '\\'], ["."], ["1"]))


def test_bytes_patterns():
    assert (repr((re.findall(rb'\w+', b'ab \xe9'), re.match(b'a', b'ab')))
            == "([b'ab'], <re.Match object; span=(0, 1), match=b'a'>)")
    assert (error(lambda: re.match(b'a', 'a'))
            == "TypeError: cannot use a bytes pattern on a string-like object")
    assert (error(lambda: re.match('a', b'a'))
            == "TypeError: cannot use a string pattern on a bytes-like object")


def test_errors():
    assert (error(lambda: re.compile(r'('))
            == "PatternError: missing ), unterminated subpattern at position 0")
    assert error(lambda: re.compile(r')')) == "PatternError: unbalanced parenthesis at position 0"
    assert (error(lambda: re.compile(r'['))
            == "PatternError: unterminated character set at position 0")
    assert error(lambda: re.compile(r'a**')) == "PatternError: multiple repeat at position 2"
    assert error(lambda: re.compile(r'*a')) == "PatternError: nothing to repeat at position 0"
    assert (error(lambda: re.compile(r'(?P<1>a)'))
            == "PatternError: bad character in group name '1' at position 4")
    assert (error(lambda: re.compile(r'(?P<a>x)(?P<a>y)'))
            == "PatternError: redefinition of group name 'a' as group 2; was group 1 at position 12")
    assert (error(lambda: re.compile(r'\1'))
            == "PatternError: invalid group reference 1 at position 1")
    assert error(lambda: re.compile(r'(?z)')) == "PatternError: unknown extension ?z at position 1"
    assert (error(lambda: re.compile(r'a{2,1}'))
            == "PatternError: min repeat greater than max repeat at position 2")
    assert (error(lambda: re.compile(r'[b-a]'))
            == "PatternError: bad character range b-a at position 1")
    assert (error(lambda: re.compile(r'(?<=a*)b'))
            == "PatternError: look-behind requires fixed-width pattern")
    assert error(lambda: re.compile(r'\q')) == "PatternError: bad escape \\q at position 0"
    assert (error(lambda: re.compile(r'(?P=x)'))
            == "PatternError: unknown group name 'x' at position 4")
    assert error(lambda: re.compile(r'(?(')) == "PatternError: missing group name at position 3"
    assert error(lambda: re.compile(r'\x1')) == "PatternError: incomplete escape \\x1 at position 0"
    assert (error(lambda: re.compile(r'[a'))
            == "PatternError: unterminated character set at position 0")
    assert (error(lambda: re.compile(r'(?'))
            == "PatternError: unexpected end of pattern at position 2")
    assert (error(lambda: re.compile(r'a(?i)b'))
            == "PatternError: global flags not at the start of the expression at position 1")
    assert (error(lambda: re.compile(r'(?P<n'))
            == "PatternError: missing >, unterminated name at position 4")
    assert error(lambda: re.compile(r'++')) == "PatternError: nothing to repeat at position 0"
    try:
        re.compile('a\n(b')
    except re.error as e:
        r = e.msg, e.pattern, e.pos, e.lineno, e.colno
    assert r == ("missing ), unterminated subpattern", "a\n(b", 2, 2, 1)


def test_repr_and_equality():
    assert (repr((re.compile('a'), re.compile('a', re.I | re.M), re.match('a', 'ab'), re.compile('a') == re.compile('a'), re.compile('a') is re.compile('a')))
            == "(re.compile('a'), re.compile('a', re.IGNORECASE|re.MULTILINE), <re.Match object; span=(0, 1), match='a'>, True, True)")


def test_unicode():
    assert ((re.findall(r'\d', '1\u0663'), re.findall(r'\s', 'a\u2003b'), re.findall('[\u4e00-\u9fff]', 'a\u4e2d'), re.findall('.', '\U0001f600a'), re.findall(r'[^\W\d_]', 'a1_\xe9'))
            == (["1", "\u0663"], ["\u2003"], ["\u4e2d"], ["\U0001f600", "a"], ["a", "\xe9"]))


def test_long_matches():
    assert ((len(re.match('a*', 'a' * 100000).group()), len(re.findall('ab', 'ab' * 10000)), re.match('(a|b)*c', 'ab' * 5000 + 'c').end())
            == (100000, 10000, 10001))
    assert ((re.sub('[aeiou]', '', 'the quick brown fox' * 3), re.match('(?:a?){20}a{20}', 'a' * 20).end())
            == ("th qck brwn fxth qck brwn fxth qck brwn fx", 20))


def test_tokenizer():
    spec = [('num', r'\d+'), ('id', r'[a-z]+'), ('op', r'[+*=]'), ('ws', r'\s+')]
    p = re.compile('|'.join(f'(?P<{n}>{r})' for n, r in spec))
    assert ([(m.lastgroup, m.group()) for m in p.finditer('x = 12 + y') if m.lastgroup != 'ws']
            == [("id", "x"), ("op", "="), ("num", "12"), ("op", "+"), ("id", "y")])


main(globals())
