# Format specifications, str.format, format_map and the format builtin.
from _run import error, main



def test_integer_types():
    assert format(255, 'b') == "11111111"
    assert format(255, 'o') == "377"
    assert format(255, 'd') == "255"
    assert format(255, 'x') == "ff"
    assert format(255, 'X') == "FF"
    assert format(255, 'c') == "\xff"
    assert format(255, 'n') == "255"
    assert format(255, 'e') == "2.550000e+02"
    assert format(255, 'f') == "255.000000"
    assert format(255, 'g') == "255"
    assert format(255, '%') == "25500.000000%"
    assert format(255, '') == "255"
    assert format(-255, '#b') == "-0b11111111"
    assert format(-255, '#o') == "-0o377"
    assert format(-255, '#x') == "-0xff"
    assert format(-255, '#X') == "-0XFF"
    assert format(-255, '08d') == "-0000255"
    assert format(-255, '+d') == "-255"
    assert format(-255, ' d') == "-255"
    assert format(-255, '<8d') == "-255    "
    assert format(-255, '^8d') == "  -255  "
    assert format(-255, '=8d') == "-    255"
    assert format(-255, '*>10x') == "*******-ff"


def test_integer_grouping():
    assert format(1234567890, ',') == "1,234,567,890"
    assert format(1234567890, '_') == "1_234_567_890"
    assert format(1234567890, '_b') == "100_1001_1001_0110_0000_0010_1101_0010"
    assert format(1234567890, '_x') == "4996_02d2"
    assert format(1234567890, '#_x') == "0x4996_02d2"
    assert format(1234567890, ',d') == "1,234,567,890"
    assert format(1234567890, '020,') == "0,000,001,234,567,890"
    assert format(1234567890, '020_x') == "0_0000_0000_4996_02d2"
    assert format(1234567890, '+,') == "+1,234,567,890"
    assert error(lambda: format(1234, ',x')) == "ValueError: Cannot specify ',' with 'x'."
    assert error(lambda: format(1234, ',b')) == "ValueError: Cannot specify ',' with 'b'."
    assert format(0, ',') == "0"
    assert format(999, ',') == "999"
    assert format(1000, ',') == "1,000"
    assert format(1234, '08,') == "0,001,234"
    assert format(10**30, ',') == "1,000,000,000,000,000,000,000,000,000,000"


def test_integer_errors():
    assert (error(lambda: format(5, '.2d'))
            == "ValueError: Precision not allowed in integer format specifier")
    assert (error(lambda: format(5, '.2'))
            == "ValueError: Precision not allowed in integer format specifier")
    assert (error(lambda: format(5, 's'))
            == "ValueError: Unknown format code 's' for object of type 'int'")
    assert (error(lambda: format(5, 'y'))
            == "ValueError: Unknown format code 'y' for object of type 'int'")
    assert error(lambda: format(5, ',,')) == "ValueError: Cannot specify ',' with ','."
    assert error(lambda: format(5, ',_')) == "ValueError: Cannot specify both ',' and '_'."
    assert error(lambda: format(5, '_,')) == "ValueError: Cannot specify both ',' and '_'."
    assert format(300, 'c') == "\u012c"
    assert error(lambda: format(-1, 'c')) == "OverflowError: %c arg not in range(0x110000)"
    assert error(lambda: format(0x110000, 'c')) == "OverflowError: %c arg not in range(0x110000)"
    assert (error(lambda: format(5, '+c'))
            == "ValueError: Sign not allowed with integer format specifier 'c'")
    assert (error(lambda: format(5, 'zd'))
            == "ValueError: Negative zero coercion (z) not allowed in integer format specifier")
    assert (error(lambda: format(5, '<<<'))
            == "ValueError: Unknown format code '<' for object of type 'int'")
    assert (error(lambda: format(5, '10d5'))
            == "ValueError: Invalid format specifier '10d5' for object of type 'int'")
    assert error(lambda: format(5, '.')) == "ValueError: Format specifier missing precision"
    assert error(lambda: format(5, ',n')) == "ValueError: Cannot specify ',' with 'n'."


def test_strings():
    assert format('abc', '') == "abc"
    assert format('abc', '10') == "abc       "
    assert format('abc', '<10') == "abc       "
    assert format('abc', '>10') == "       abc"
    assert format('abc', '^10') == "   abc    "
    assert format('abc', '*^10') == "***abc****"
    assert format('abc', '.2') == "ab"
    assert format('abc', '10.2') == "ab        "
    assert format('abc', 's') == "abc"
    assert format('abc', '010') == "abc0000000"
    assert format('abc', '<010') == "abc0000000"
    assert (error(lambda: format('abc', 'd'))
            == "ValueError: Unknown format code 'd' for object of type 'str'")
    assert (error(lambda: format('abc', '=10'))
            == "ValueError: '=' alignment not allowed in string format specifier")
    assert (error(lambda: format('abc', '+'))
            == "ValueError: Sign not allowed in string format specifier")
    assert error(lambda: format('abc', ',')) == "ValueError: Cannot specify ',' with 's'."
    assert (error(lambda: format('abc', '#'))
            == "ValueError: Alternate form (#) not allowed in string format specifier")
    assert (error(lambda: format('abc', ' '))
            == "ValueError: Space not allowed in string format specifier")
    assert format('\u20ac', '>5') == "    \u20ac"
    assert format('ab', '\u20ac^6') == "\u20ac\u20acab\u20ac\u20ac"


def test_bool_and_none():
    assert format(True) == "True"
    assert format(True, '5') == "    1"
    assert format(True, 'd') == "1"
    assert format(None) == "None"
    assert (error(lambda: format(None, '5'))
            == "TypeError: unsupported format string passed to NoneType.__format__")
    assert (error(lambda: format([], '5'))
            == "TypeError: unsupported format string passed to list.__format__")
    assert format([]) == "[]"
    assert (error(lambda: format(True, 's'))
            == "ValueError: Unknown format code 's' for object of type 'bool'")


def test_format_method_calls():
    class F:
        def __format__(self, spec): return 'spec:' + spec
    class Bad:
        def __format__(self, spec): return 5
    assert format(F(), 'abc') == "spec:abc"
    assert '{:x y}'.format(F()) == "spec:x y"
    assert f'{F():>>}' == "spec:>>"
    assert error(lambda: format(Bad())) == "TypeError: __format__ must return a str, not int"
    assert error(lambda: format(5, 5)) == "TypeError: format() argument 2 must be str, not int"
    assert format(F()) == "spec:"
    assert error(lambda: format()) == "TypeError: format expected at least 1 argument, got 0"


def test_positional_fields():
    assert '{} {}'.format(1, 2) == "1 2"
    assert '{1} {0}'.format(1, 2) == "2 1"
    assert '{0}{0}'.format('a') == "aa"
    assert (error(lambda: '{} {}'.format(1))
            == "IndexError: Replacement index 1 out of range for positional args tuple")
    assert (error(lambda: '{0} {}'.format(1, 2))
            == "ValueError: cannot switch from manual field specification to automatic field numbering")
    assert (error(lambda: '{} {0}'.format(1, 2))
            == "ValueError: cannot switch from automatic field numbering to manual field specification")
    assert (error(lambda: '{5}'.format(1))
            == "IndexError: Replacement index 5 out of range for positional args tuple")
    assert error(lambda: '{-1}'.format(1)) == "KeyError: '-1'"
    assert (error(lambda: '{}'.format())
            == "IndexError: Replacement index 0 out of range for positional args tuple")


def test_named_fields():
    assert '{a} {b}'.format(a=1, b=2) == "1 2"
    assert error(lambda: '{a}'.format()) == "KeyError: 'a'"
    assert '{a} {}'.format(5, a=1) == "1 5"
    assert '{a b}'.format(**{'a b': 3}) == "3"


def test_attributes_and_items():
    assert '{0.real}'.format(5) == "5"
    assert '{0[1]}'.format([1, 2]) == "2"
    assert '{0[a]}'.format({'a': 3}) == "3"
    assert '{0[0][b]}'.format([{'b': 7}]) == "7"
    assert error(lambda: '{0.a}'.format(5)) == "AttributeError: 'int' object has no attribute 'a'"
    assert error(lambda: '{0[5]}'.format([1])) == "IndexError: list index out of range"
    assert (error(lambda: '{0[a]}'.format([1]))
            == "TypeError: list indices must be integers or slices, not str")
    assert '{0[-1]}'.format({'-1': 'x'}) == "x"
    assert error(lambda: '{0[}'.format(1)) == "ValueError: expected '}' before end of string"
    assert error(lambda: '{0.}'.format(1)) == "ValueError: Empty attribute in format string"
    assert error(lambda: '{0[]}'.format(1)) == "ValueError: Empty attribute in format string"
    assert (error(lambda: '{0[a]b}'.format({'a': 1}))
            == "ValueError: Only '.' or '[' may follow ']' in format field specifier")
    assert '{.real}'.format(3) == "3"
    assert '{[0]}'.format('abc') == "a"


def test_conversions():
    assert '{!r}'.format('a') == "'a'"
    assert '{!s}'.format('a') == "a"
    assert '{!a}'.format('\xe9') == "'\\xe9'"
    assert error(lambda: '{!x}'.format(1)) == "ValueError: Unknown conversion specifier x"
    assert error(lambda: '{!}'.format(1)) == "ValueError: unmatched '{' in format spec"
    assert error(lambda: '{!rx}'.format(1)) == "ValueError: expected ':' after conversion specifier"
    assert '{!r:>5}'.format('a') == "  'a'"
    assert '{0!r:^10}'.format('a') == "   'a'    "


def test_nested_specs():
    assert '{:{}}'.format('a', 5) == "a    "
    assert '{:{w}.{p}}'.format('abcdef', w=5, p=2) == "ab   "
    assert '{:{}{}{}}'.format(3.14159, '>', 10, '.2f') == "      3.14"
    assert error(lambda: '{:{:{}}}'.format(1, 2, 3)) == "ValueError: Max string recursion exceeded"
    assert '{0:{1}}'.format(5, 'x') == "5"


def test_braces():
    assert '{{}}'.format() == "{}"
    assert '{{{}}}'.format(1) == "{1}"
    assert error(lambda: '{'.format()) == "ValueError: Single '{' encountered in format string"
    assert error(lambda: '}'.format()) == "ValueError: Single '}' encountered in format string"
    assert error(lambda: '{0'.format(1)) == "ValueError: expected '}' before end of string"
    assert error(lambda: 'a}b'.format()) == "ValueError: Single '}' encountered in format string"
    assert '{{'.format() == "{"
    assert (error(lambda: '{:{{}}}'.format(1))
            == "ValueError: Invalid format specifier '{}' for object of type 'int'")
    assert (error(lambda: '{0!'.format(1))
            == "ValueError: end of string while looking for conversion specifier")


def test_format_map():
    class D(dict):
        def __missing__(self, key): return '<' + key + '>'
    assert '{a} {b}'.format_map(D(a=1)) == "1 <b>"
    assert '{a}'.format_map({'a': 2}) == "2"
    assert (error(lambda: '{}'.format_map({'a': 2}))
            == "ValueError: Format string contains positional fields")
    assert (error(lambda: '{0}'.format_map({'0': 2}))
            == "ValueError: Format string contains positional fields")
    assert (error(lambda: '{a}'.format_map())
            == "TypeError: str.format_map() takes exactly one argument (0 given)")
    assert error(lambda: '{a}'.format_map(5)) == "TypeError: 'int' object is not subscriptable"


def test_alignment_of_numbers():
    assert format(-42, '10') == "       -42"
    assert format(-42, '<10') == "-42       "
    assert format(-42, '>10') == "       -42"
    assert format(-42, '^10') == "   -42    "
    assert format(-42, '=10') == "-       42"
    assert format(-42, '0=10') == "-000000042"
    assert format(-42, '010') == "-000000042"
    assert format(-42, 'x=10') == "-xxxxxxx42"
    assert format(-42, '^+10') == "   -42    "
    assert format(3.5, '10') == "       3.5"
    assert format(3.5, '<10') == "3.5       "
    assert format(3.5, '=+10') == "+      3.5"
    assert format(3.5, '010') == "00000003.5"
    assert format(3.5, '^10.1f') == "   3.5    "


def test_percent_type():
    assert format(0.256, '.1%') == "25.6%"
    assert format(1, '%') == "100.000000%"
    assert format(0.5, '%') == "50.000000%"
    assert format(12.345, ',.1%') == "1,234.5%"


def test_alternate_form():
    assert format(1.0, '#g') == "1.00000"
    assert format(100000000.0, '#g') == "1.00000e+08"
    assert (format(3, '#.3g') if False else format(3.0, '#.3g')) == "3.00"
    assert format(8, '#o') == "0o10"
    assert format(0, '#x') == "0x0"
    assert format(1.0, '#.0e') == "1.e+00"


def test_sign_handling():
    assert format(0, '+') == "+0"
    assert format(0, ' ') == " 0"
    assert format(0, '-') == "0"
    assert format(0, '+.1f') == "+0.0"
    assert format(5, '+') == "+5"
    assert format(5, ' ') == " 5"
    assert format(5, '-') == "5"
    assert format(5, '+.1f') == "+5.0"
    assert format(-5, '+') == "-5"
    assert format(-5, ' ') == "-5"
    assert format(-5, '-') == "-5"
    assert format(-5, '+.1f') == "-5.0"
    assert format(0.0, '+') == "+0.0"
    assert format(0.0, ' ') == " 0.0"
    assert format(0.0, '-') == "0.0"
    assert format(0.0, '+.1f') == "+0.0"
    assert format(-0.0, '+') == "-0.0"
    assert format(-0.0, ' ') == "-0.0"
    assert format(-0.0, '-') == "-0.0"
    assert format(-0.0, '+.1f') == "-0.0"


def test_negative_zero_coercion():
    assert format(-0.0, 'z') == "0.0"
    assert format(-0.0001, 'z.1f') == "0.0"
    assert format(-0.0001, '.1f') == "-0.0"
    assert format(-1.5, 'z.1f') == "-1.5"
    assert f'{-0.0:z.0f}' == "0"
    assert (error(lambda: format(1, 'z'))
            == "ValueError: Negative zero coercion (z) not allowed in integer format specifier")
    assert (error(lambda: format('a', 'z'))
            == "ValueError: Negative zero coercion (z) not allowed in string format specifier")


def test_huge_widths():
    assert format(1, '5000')[-1] == "1"
    assert len(format(1, '5000')) == 5000
    assert (error(lambda: format(1, '9' * 25))
            == "ValueError: Too many decimal digits in format string")
    assert (error(lambda: format('a', '.' + '9' * 25))
            == "ValueError: Too many decimal digits in format string")
    assert (error(lambda: '%.*d' % (2**40, 1))
            == "OverflowError: Python int too large to convert to C int")


main(globals())
