# Literals and lexical rules.
import sys

from _run import describe, error, main



def test_integers():
    assert 0 == 0
    assert 00 == 0
    assert 1_2_3 == 123
    assert 0x_f == 15
    assert 0b1_0 == 2
    assert 0o1_7 == 15
    assert 0XFF == 255
    assert 123456789012345678901234567890 == 123456789012345678901234567890


def test_floats():
    assert repr(1.) == "1.0"
    assert repr(.5) == "0.5"
    assert repr(1e5) == "100000.0"
    assert repr(1E+5) == "100000.0"
    assert repr(1_0.0_1e1_0) == "100100000000.0"
    assert repr(1e-5) == "1e-05"
    assert repr(0e0) == "0.0"
    assert repr(00.5) == "0.5"
    assert repr(09.5) == "9.5"
    assert repr(1e400) == "inf"


def test_imaginary():
    assert repr(1j) == "1j"
    assert repr(1.5J) == "1.5j"
    assert repr(.5j) == "0.5j"
    assert repr(1e3j) == "1000j"
    assert repr(0_1j) == "1j"
    assert repr(09j) == "9j"


def test_wrong_numbers():
    assert error(lambda: eval('1_')) == "SyntaxError: invalid decimal literal (<string>, line 1)"
    assert error(lambda: eval('1__0')) == "SyntaxError: invalid decimal literal (<string>, line 1)"
    assert error(lambda: eval('_1')) == "NameError: name '_1' is not defined"
    assert (error(lambda: eval('0x'))
            == "SyntaxError: invalid hexadecimal literal (<string>, line 1)")
    assert (error(lambda: eval('0b2'))
            == "SyntaxError: invalid digit '2' in binary literal (<string>, line 1)")
    assert (error(lambda: eval('0o8'))
            == "SyntaxError: invalid digit '8' in octal literal (<string>, line 1)")
    assert (error(lambda: eval('01'))
            == "SyntaxError: leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers (<string>, line 1)")
    assert (error(lambda: eval('0_1'))
            == "SyntaxError: leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers (<string>, line 1)")
    assert error(lambda: eval('1.e')) == "SyntaxError: invalid decimal literal (<string>, line 1)"
    assert error(lambda: eval('1e')) == "SyntaxError: invalid decimal literal (<string>, line 1)"
    assert error(lambda: eval('1e+')) == "SyntaxError: invalid decimal literal (<string>, line 1)"
    assert (error(lambda: eval('0xg'))
            == "SyntaxError: invalid hexadecimal literal (<string>, line 1)")
    assert error(lambda: eval('1_.5')) == "SyntaxError: invalid decimal literal (<string>, line 1)"
    assert error(lambda: eval('1._5')) == "SyntaxError: invalid decimal literal (<string>, line 1)"
    assert error(lambda: eval('0b')) == "SyntaxError: invalid binary literal (<string>, line 1)"
    assert error(lambda: eval('1.5.5')) == "SyntaxError: invalid syntax (<string>, line 1)"
    assert error(lambda: eval('1a')) == "SyntaxError: invalid decimal literal (<string>, line 1)"
    assert error(lambda: eval('0b1a')) == "SyntaxError: invalid binary literal (<string>, line 1)"
    assert error(lambda: eval('1jj')) == "SyntaxError: invalid imaginary literal (<string>, line 1)"
    assert (error(lambda: eval('0777'))
            == "SyntaxError: leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers (<string>, line 1)")
    assert error(lambda: eval('1__')) == "SyntaxError: invalid decimal literal (<string>, line 1)"
    assert error(lambda: eval('0x1.5')) == "SyntaxError: invalid syntax (<string>, line 1)"
    assert error(lambda: eval('1e5_')) == "SyntaxError: invalid decimal literal (<string>, line 1)"


def test_number_before_keyword():
    assert eval('1if 1else 2') == 1
    assert eval('0x1for x in []') == 31
    assert eval('[0x1for x in [1]]') == [31]
    assert eval('1or 2') == 1
    assert eval('1and 2') == 2
    assert eval('1in [1]') is True
    assert eval('1is 1') is True
    assert eval('1not in [2]') is True
    assert eval('0b1or 1') == 1


def test_string_prefixes():
    assert 'a' "b" '''c''' """d""" == "abcd"
    assert r'\n' == "\\n"
    assert R"\d" == "\\d"
    assert u'x' == "x"
    assert b'x' == b'x'
    assert B"x" == b'x'
    assert rb'\x' == b'\\x'
    assert bR'\x' == b'\\x'
    assert f'{1}' == "1"
    assert rf'{1}\n' == "1\\n"
    assert fR'{2}\t' == "2\\t"


def test_wrong_prefixes():
    assert error(lambda: eval("ub'x'")) == "SyntaxError: invalid syntax (<string>, line 1)"
    assert error(lambda: eval("bu'x'")) == "SyntaxError: invalid syntax (<string>, line 1)"
    assert error(lambda: eval("bf'x'")) == "SyntaxError: invalid syntax (<string>, line 1)"
    assert error(lambda: eval("rr'x'")) == "SyntaxError: invalid syntax (<string>, line 1)"
    assert error(lambda: eval("ur'x'")) == "SyntaxError: invalid syntax (<string>, line 1)"
    assert error(lambda: eval("fb'x'")) == "SyntaxError: invalid syntax (<string>, line 1)"
    assert error(lambda: eval("x'x'")) == "SyntaxError: invalid syntax (<string>, line 1)"


def test_escapes():
    assert '\n\t\r\\\'\"\a\b\f\v' == '\n\t\r\\\'"\x07\x08\x0c\x0b'
    assert '\0\00\000\0000' == "\x00\x00\x00\x000"
    assert '\x41\u0041\U00000041' == "AAA"
    assert '\N{SPACE}\N{space}' == "  "
    assert '\1\12\123' == "\x01\nS"
    assert '\377\400\777' == "\xff\u0100\u01ff"
    assert b'\n\x41\101' == b'\nAA'


def test_wrong_escapes():
    assert (error(lambda: eval(r"'\x'"))
            == "SyntaxError: (unicode error) 'unicodeescape' codec can't decode bytes in position 0-1: truncated \\xXX escape (<string>, line 1)")
    assert (error(lambda: eval(r"'\x4'"))
            == "SyntaxError: (unicode error) 'unicodeescape' codec can't decode bytes in position 0-2: truncated \\xXX escape (<string>, line 1)")
    assert (error(lambda: eval(r"'\u004'"))
            == "SyntaxError: (unicode error) 'unicodeescape' codec can't decode bytes in position 0-4: truncated \\uXXXX escape (<string>, line 1)")
    assert (error(lambda: eval(r"'\U0000004'"))
            == "SyntaxError: (unicode error) 'unicodeescape' codec can't decode bytes in position 0-8: truncated \\UXXXXXXXX escape (<string>, line 1)")
    assert (error(lambda: eval(r"'\U00110000'"))
            == "SyntaxError: (unicode error) 'unicodeescape' codec can't decode bytes in position 0-9: illegal Unicode character (<string>, line 1)")
    assert (error(lambda: eval(r"'\N'"))
            == "SyntaxError: (unicode error) 'unicodeescape' codec can't decode bytes in position 0-1: malformed \\N character escape (<string>, line 1)")
    assert (error(lambda: eval(r"'\N{'"))
            == "SyntaxError: (unicode error) 'unicodeescape' codec can't decode bytes in position 0-2: malformed \\N character escape (<string>, line 1)")
    assert (error(lambda: eval(r"'\N{}'"))
            == "SyntaxError: (unicode error) 'unicodeescape' codec can't decode bytes in position 0-2: malformed \\N character escape (<string>, line 1)")
    assert (error(lambda: eval(r"'\N{nope}'"))
            == "SyntaxError: (unicode error) 'unicodeescape' codec can't decode bytes in position 0-7: unknown Unicode character name (<string>, line 1)")
    assert (error(lambda: eval(r"b'\x4'"))
            == "SyntaxError: (value error) invalid \\x escape at position 0 (<string>, line 1)")


def test_unknown_escapes_stay():
    assert eval(r"'\d'") == "\\d"
    assert eval(r"'\ '") == "\\ "
    assert eval(r"b'\u0041'") == b'\\u0041'
    assert eval(r"'\8'") == "\\8"
    assert len(eval(r"'\N{DIGIT ONE}'")) == 1


def test_triple_quoted():
    text = '''one "two" 'three'
four'''
    assert text == 'one "two" \'three\'\nfour'
    assert len(text.split(chr(10))) == 2
    assert """a"b""c""" == 'a"b""c'
    assert """\"""""" == '"'


def test_concatenation():
    assert 'a' 'b' == "ab"
    assert b'a' b'b' == b'ab'
    assert (error(lambda: eval("'a' b'b'"))
            == "SyntaxError: cannot mix bytes and nonbytes literals (<string>, line 1)")
    assert 'a' r'\n' 'b' == "a\\nb"
    assert 'a' f'{1}' 'c' == "a1c"


def test_strings_not_closed():
    assert (error(lambda: eval("'abc"))
            == "SyntaxError: unterminated string literal (detected at line 1) (<string>, line 1)")
    assert (error(lambda: eval('"abc'))
            == "SyntaxError: unterminated string literal (detected at line 1) (<string>, line 1)")
    assert (error(lambda: eval("'''abc"))
            == "SyntaxError: unterminated triple-quoted string literal (detected at line 1) (<string>, line 1)")
    assert (error(lambda: eval("'a\nb'"))
            == "SyntaxError: unterminated string literal (detected at line 1) (<string>, line 1)")
    assert (error(lambda: eval("r'\\'"))
            == "SyntaxError: unterminated string literal (detected at line 1); perhaps you escaped the end quote? (<string>, line 1)")
    assert (error(lambda: eval("'\\"))
            == "SyntaxError: unterminated string literal (detected at line 1) (<string>, line 1)")


def test_identifiers():
    ns = {}
    exec('é = 1\n变量 = 2\n_ = 3\n__a1 = 4\nª = 5\nℌ = 6', ns)
    assert (sorted(k for k in ns if k != '__builtins__')
            == ["H", "_", "__a1", "a", "\xe9", "\u53d8\u91cf"])
    assert eval('ﬁ', {'fi': 7}) == 7
    assert 'a1'.isidentifier() is True
    assert (error(lambda: compile('1a = 1', 'f', 'exec'))
            == "SyntaxError: invalid decimal literal (f, line 1)")
    assert (error(lambda: compile('a-b = 1', 'f', 'exec'))
            == "SyntaxError: cannot assign to expression here. Maybe you meant '==' instead of '='? (f, line 1)")
    assert (error(lambda: compile('a$ = 1', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('€ = 1', 'f', 'exec'))
            == "SyntaxError: invalid character '\u20ac' (U+20AC) (f, line 1)")
    assert (error(lambda: compile('a\u200b = 1', 'f', 'exec'))
            == "SyntaxError: invalid non-printable character U+200B (f, line 1)")
    assert error(lambda: compile('a b', 'f', 'exec')) == "SyntaxError: invalid syntax (f, line 1)"
    assert (error(lambda: compile('\u00a0x = 1', 'f', 'exec'))
            == "SyntaxError: invalid non-printable character U+00A0 (f, line 1)")
    assert (error(lambda: compile('x\u037e = 1', 'f', 'exec'))
            == "SyntaxError: invalid character '\u037e' (U+037E) (f, line 1)")
    assert (error(lambda: compile('\ufeffx = 1', 'f', 'exec'))
            == "SyntaxError: invalid non-printable character U+FEFF (f, line 1)")


def test_keywords():
    import builtins
    assert (error(lambda: compile('True = 1', 'f', 'exec'))
            == "SyntaxError: cannot assign to True (f, line 1)")
    assert (error(lambda: compile('None = 1', 'f', 'exec'))
            == "SyntaxError: cannot assign to None (f, line 1)")
    assert (error(lambda: compile('False += 1', 'f', 'exec'))
            == "SyntaxError: 'False' is an illegal expression for augmented assignment (f, line 1)")
    assert (error(lambda: compile('def None(): pass', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('class True: pass', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('import None', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('for None in x: pass', 'f', 'exec'))
            == "SyntaxError: cannot assign to None (f, line 1)")
    assert (error(lambda: compile('x.True = 1', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('lambda None: 1', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('del True', 'f', 'exec'))
            == "SyntaxError: cannot delete True (f, line 1)")
    assert (error(lambda: compile('True: int = 1', 'f', 'exec'))
            == "SyntaxError: illegal target for annotation (f, line 1)")
    assert repr(eval('print')) == "<built-in function print>"


def test_indentation_errors():
    assert (error(lambda: compile('if 1:\nx', 'f', 'exec'))
            == "IndentationError: expected an indented block after 'if' statement on line 1 (f, line 2)")
    assert (error(lambda: compile(' x', 'f', 'exec'))
            == "IndentationError: unexpected indent (f, line 1)")
    assert (error(lambda: compile('if 1:\n  x\n y', 'f', 'exec'))
            == "IndentationError: unindent does not match any outer indentation level (f, line 3)")
    assert (error(lambda: compile('if 1:\n\tx\n        y', 'f', 'exec'))
            == "TabError: inconsistent use of tabs and spaces in indentation (f, line 3)")
    assert (error(lambda: compile('if 1:\n        x\n\ty', 'f', 'exec'))
            == "TabError: inconsistent use of tabs and spaces in indentation (f, line 3)")
    assert (error(lambda: compile('def f():\n\n\nx', 'f', 'exec'))
            == "IndentationError: expected an indented block after function definition on line 1 (f, line 4)")
    assert (error(lambda: compile('class C:\n# c\nx', 'f', 'exec'))
            == "IndentationError: expected an indented block after class definition on line 1 (f, line 3)")
    assert (error(lambda: compile('for x in y:', 'f', 'exec'))
            == "IndentationError: expected an indented block after 'for' statement on line 1 (f, line 1)")
    assert (error(lambda: compile('if 1:\n x\nelse:\ny', 'f', 'exec'))
            == "IndentationError: expected an indented block after 'else' statement on line 3 (f, line 4)")
    assert (error(lambda: compile('while 1:\n  x\n   y', 'f', 'exec'))
            == "IndentationError: unexpected indent (f, line 3)")
    assert (error(lambda: compile('try:\nx', 'f', 'exec'))
            == "IndentationError: expected an indented block after 'try' statement on line 1 (f, line 2)")
    assert (error(lambda: compile('with a:\nb', 'f', 'exec'))
            == "IndentationError: expected an indented block after 'with' statement on line 1 (f, line 2)")
    assert (error(lambda: compile('x\n y', 'f', 'exec'))
            == "IndentationError: unexpected indent (f, line 2)")


def test_tokens_after_backslash():
    assert (error(lambda: compile('x = 1 \\ 2', 'f', 'exec'))
            == "SyntaxError: unexpected character after line continuation character (f, line 1)")
    assert (error(lambda: compile('x = \\', 'f', 'exec'))
            == "SyntaxError: unexpected EOF while parsing (f, line 1)")
    assert type(compile('\\\nx = 1', 'f', 'exec')).__name__ == "code"
    assert (error(lambda: compile('x = 1\\\n', 'f', 'exec'))
            == "SyntaxError: unexpected EOF while parsing (f, line 1)")
    assert (error(lambda: compile('\\', 'f', 'exec'))
            == "SyntaxError: unexpected EOF while parsing (f, line 1)")
    assert type(compile('if x\\\n: pass', 'f', 'exec')).__name__ == "code"
    assert type(compile('x = (1\\\n)', 'f', 'exec')).__name__ == "code"


def test_encoding_declarations():
    assert type(compile(b'# coding: utf-8\nx = 1', 'f', 'exec')).__name__ == "code"
    assert type(compile(b'# -*- coding: latin-1 -*-\nx = "\xe9"', 'f', 'exec')).__name__ == "code"
    assert type(compile(b'\n# coding: latin-1\nx = "\xe9"', 'f', 'exec')).__name__ == "code"
    assert (error(lambda: compile(b'\n\n# coding: latin-1\nx = "\xe9"', 'f', 'exec'))
            == "SyntaxError: (unicode error) 'utf-8' codec can't decode byte 0xe9 in position 0: unexpected end of data (f, line 4)")
    assert type(compile(b'\xef\xbb\xbfx = 1', 'f', 'exec')).__name__ == "code"
    assert (error(lambda: compile(b'\xef\xbb\xbf# coding: latin-1\nx = 1', 'f', 'exec'))
            == "SyntaxError: encoding problem: iso-8859-1 with BOM (f, line 0)")
    assert (error(lambda: compile(b'# coding: ascii\n"\xe9"', 'f', 'exec'))
            == "SyntaxError: 'ascii' codec can't decode byte 0xe9 in position 17: ordinal not in range(128) (f, line 0)")
    assert type(compile(b'# vim: set fileencoding=utf8 :\n1', 'f', 'exec')).__name__ == "code"
    assert (error(lambda: compile(b'\xff\xfex', 'f', 'exec'))
            == "SyntaxError: (unicode error) 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte (f, line 1)")
    assert type(compile(b'x = "\xc3\xa9"', 'f', 'exec')).__name__ == "code"


def test_null_bytes():
    assert (error(lambda: compile('x\0', 'f', 'exec'))
            == "SyntaxError: source code string cannot contain null bytes")
    assert (error(lambda: compile(b'x\0', 'f', 'exec'))
            == "SyntaxError: source code string cannot contain null bytes")
    assert (error(lambda: eval('"\0"'))
            == "SyntaxError: source code string cannot contain null bytes")


def test_operators_tokens():
    assert (1<2) is True
    assert (1<=2) is True
    assert (1!=2) is True
    assert error(lambda: eval('1<>2')) == "SyntaxError: invalid syntax (<string>, line 1)"
    assert 2**3 == 8
    assert 7//2 == 3
    assert 1<<2 == 4
    assert [1][0:][0] == 1
    assert (lambda x:x)(1) == 1
    assert 5 .__add__(1) == 6
    assert error(lambda: eval('1=+1')) == "SyntaxError: invalid syntax (<string>, line 1)"
    try:
        eval('a:=1')
    except BaseException as exception:
        assert describe(exception) == "SyntaxError: invalid syntax (<string>, line 1)"
    else:
        assert False, "nothing raised"
    assert error(lambda: eval('x->y')) == "SyntaxError: invalid syntax (<string>, line 1)"


def test_ellipsis():
    assert ... is Ellipsis
    assert (Ellipsis is ...) is True
    assert error(lambda: eval('. . .')) == "SyntaxError: invalid syntax (<string>, line 1)"
    assert error(lambda: eval('....')) == "SyntaxError: invalid syntax (<string>, line 1)"
    assert ([...][0] is ...) is True


def test_type_comments_are_ignored():
    ns = {}
    exec('x = 1  # type: int\ndef f(a,  # type: str\n      ):\n    # type: (...) -> None\n    return a', ns)
    assert ns['f'](2) == 2


def test_future_imports():
    assert type(compile('from __future__ import division', 'f', 'exec')).__name__ == "code"
    assert (type(compile('from __future__ import annotations, generator_stop', 'f', 'exec')).__name__
            == "code")
    assert type(compile('"doc"\nfrom __future__ import division', 'f', 'exec')).__name__ == "code"
    assert (error(lambda: compile('x = 1\nfrom __future__ import division', 'f', 'exec'))
            == "SyntaxError: from __future__ imports must occur at the beginning of the file (f, line 2)")
    assert (error(lambda: compile('from __future__ import nope', 'f', 'exec'))
            == "SyntaxError: future feature nope is not defined (f, line 1)")
    assert type(compile('from __future__ import (division)', 'f', 'exec')).__name__ == "code"
    assert (error(lambda: compile('import sys\nfrom __future__ import division', 'f', 'exec'))
            == "SyntaxError: from __future__ imports must occur at the beginning of the file (f, line 2)")
    assert type(compile('from __future__ import division as d', 'f', 'exec')).__name__ == "code"
    assert (error(lambda: compile('from __future__ import *', 'f', 'exec'))
            == "SyntaxError: future feature * is not defined (f, line 1)")
    assert (error(lambda: compile('def f():\n from __future__ import division', 'f', 'exec'))
            == "SyntaxError: from __future__ imports must occur at the beginning of the file (f, line 2)")


def test_big_literals():
    assert len(eval('[' + '0,' * 5000 + ']')) == 5000
    assert len(eval('"' + 'a' * 100000 + '"')) == 100000
    assert (eval('0x' + 'f' * 1000) == 16**1000 - 1) is True
    assert eval('1' * 4000) % 9 == 4
    assert (error(lambda: eval('1' * 5000))
            == "SyntaxError: Exceeds the limit (4300 digits) for integer string conversion: value has 5000 digits; use sys.set_int_max_str_digits() to increase the limit - Consider hexadecimal for huge integer literals to avoid decimal conversion limits. (<string>, line 1)")
    assert len(eval('{' + ','.join(map(str, range(1000))) + '}')) == 1000


def test_adjacent_docstrings():
    def f():
        'one' ' two'
    def g():
        b'bytes'
    def h():
        f'x'
    def i():
        """
        Indented.
            More.
        """
    assert f.__doc__ == "one two"
    assert g.__doc__ is None
    assert h.__doc__ is None
    assert i.__doc__ == "\nIndented.\n    More.\n"


def test_docstring_indentation_is_removed():
    class C:
        """First line.

            Indented more.
        Back.
        """
    assert C.__doc__ == "First line.\n\n    Indented more.\nBack.\n"


def test_class_docstrings():
    class A: 'doc'
    class B:
        __doc__ = 'set'
    class C:
        'doc'
        __doc__ = 'later wins'
    assert (A.__doc__, B.__doc__, C.__doc__) == ("doc", "set", "later wins")


def test_constants_of_a_module_are_shared():
    names = {}
    exec("a = 1.5\nb = (1.5, 'x y', 12345)\nc = 'x y'\nz = 0.0\n"
         "def f(): return 1.5\ndef g(): return 'x y', 12345\ndef h(): return -0.0\n"
         "def t(): return (1.5, 'x y', 12345)\n", names)
    assert names["f"]() is names["a"] and names["b"][0] is names["a"]
    assert names["g"]()[0] is names["c"] and names["b"][1] is names["c"]
    assert names["g"]()[1] is names["b"][2] and names["t"]() is names["b"]
    assert repr((names["z"], names["h"]())) == "(0.0, -0.0)"


main(globals())
