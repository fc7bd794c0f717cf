# float: text, arithmetic, rounding, formatting, hexadecimal, hashing.
import sys

from _run import error, main



def test_shortest_repr():
    assert repr(0.1) == "0.1"
    assert repr(1/3) == "0.3333333333333333"
    assert repr(1e16) == "1e+16"
    assert repr(1e15) == "1000000000000000.0"
    assert repr(123456789012345680.0) == "1.2345678901234568e+17"
    assert repr(1e-4) == "0.0001"
    assert repr(1e-5) == "1e-05"
    assert repr(5e-324) == "5e-324"
    assert repr(1.7976931348623157e308) == "1.7976931348623157e+308"
    assert repr(2.5e-8) == "2.5e-08"
    assert repr(100.0) == "100.0"
    assert repr(1e22) == "1e+22"
    assert repr(1e23) == "1e+23"
    assert repr(-0.0) == "-0.0"
    assert repr(0.1 + 0.2) == "0.30000000000000004"


def test_repr_of_special_values():
    assert repr(float('inf')) == "inf"
    assert repr(-float('inf')) == "-inf"
    assert repr(float('nan')) == "nan"
    assert str(1e100) == "1e+100"


def test_construction_from_text():
    assert repr(float('1.5')) == "1.5"
    assert repr(float('  2e3\n')) == "2000.0"
    assert repr(float('-.5')) == "-0.5"
    assert repr(float('1.')) == "1.0"
    assert repr(float('1_0.0_1')) == "10.01"
    assert repr(float('infinity')) == "inf"
    assert repr(float('-INF')) == "-inf"
    assert repr(float('+nan')) == "nan"
    assert repr(float('1e400')) == "inf"
    assert repr(float('1e-400')) == "0.0"
    assert repr(float('\u0661.\u0662')) == "1.2"
    assert repr(float(b'3.25')) == "3.25"
    assert error(lambda: float('')) == "ValueError: could not convert string to float: ''"
    assert error(lambda: float('1e')) == "ValueError: could not convert string to float: '1e'"
    assert error(lambda: float('.')) == "ValueError: could not convert string to float: '.'"
    assert error(lambda: float('1__0')) == "ValueError: could not convert string to float: '1__0'"
    assert error(lambda: float('0x1p3')) == "ValueError: could not convert string to float: '0x1p3'"
    assert error(lambda: float('abc')) == "ValueError: could not convert string to float: 'abc'"
    assert error(lambda: float('1 2')) == "ValueError: could not convert string to float: '1 2'"
    assert error(lambda: float(b'x')) == "ValueError: could not convert string to float: b'x'"
    assert error(lambda: float('1\0')) == "ValueError: could not convert string to float: '1\\x00'"


def test_construction_from_objects():
    class F:
        def __float__(self): return 2.5
    class X:
        def __index__(self): return 4
    class Bad:
        def __float__(self): return 1
    assert repr(float(F())) == "2.5"
    assert repr(float(X())) == "4.0"
    assert error(lambda: float(Bad())) == "TypeError: Bad.__float__ returned non-float (type int)"
    assert repr(float()) == "0.0"
    assert error(lambda: float(10**400)) == "OverflowError: int too large to convert to float"
    assert (error(lambda: float(None))
            == "TypeError: float() argument must be a string or a real number, not 'NoneType'")
    assert (error(lambda: float(1j))
            == "TypeError: float() argument must be a string or a real number, not 'complex'")
    assert (error(lambda: float([]))
            == "TypeError: float() argument must be a string or a real number, not 'list'")
    assert error(lambda: float(1, 2)) == "TypeError: float expected at most 1 argument, got 2"
    assert error(lambda: float(x=1)) == "TypeError: float() takes no keyword arguments"
    assert repr(float(True)) == "1.0"


def test_exact_parsing():
    assert repr(float('9007199254740993')) == "9007199254740992.0"
    assert repr(float('9007199254740992.9999999999999999')) == "9007199254740992.0"
    assert repr(float('2.2250738585072011e-308')) == "2.225073858507201e-308"
    assert repr(float('4.9406564584124654e-324')) == "5e-324"
    assert repr(float('2.4703282292062327e-324')) == "0.0"
    assert repr(float('2.4703282292062328e-324')) == "5e-324"
    assert repr(float('1.7976931348623158e308')) == "1.7976931348623157e+308"
    assert repr(float('1.7976931348623159e308')) == "inf"
    assert (repr(float('0.500000000000000166533453693773481063544750213623046875'))
            == "0.5000000000000002")
    assert repr(float('1' + '0' * 300 + 'e-300')) == "1.0"
    assert repr(float('0.' + '0' * 320 + '1e320')) == "0.1"


def test_arithmetic():
    assert repr(0.1 + 0.2) == "0.30000000000000004"
    assert repr(1.5 * 2) == "3.0"
    assert repr(1e308 * 10) == "inf"
    assert repr(-1e308 * 10) == "-inf"
    assert repr(7.5 // 2) == "3.0"
    assert repr(-7.5 // 2) == "-4.0"
    assert repr(7.5 % 2) == "1.5"
    assert repr(-7.5 % 2) == "0.5"
    assert repr(7.5 % -2) == "-0.5"
    assert repr(divmod(-7.5, 2)) == "(-4.0, 0.5)"
    assert repr(0.0 * -1) == "-0.0"
    assert repr(1e308 + 1e308 - 1e308) == "inf"
    assert repr(float('inf') - float('inf')) == "nan"
    assert repr(5.0 % float('inf')) == "5.0"
    assert repr(-5.0 % float('inf')) == "inf"
    assert repr(5.0 // float('inf')) == "0.0"
    assert repr(-5.0 // float('inf')) == "-1.0"


def test_division_by_zero():
    assert error(lambda: 1.0 / 0) == "ZeroDivisionError: float division by zero"
    assert error(lambda: 1.0 // 0) == "ZeroDivisionError: float floor division by zero"
    assert error(lambda: 1.0 % 0) == "ZeroDivisionError: float modulo by zero"
    assert error(lambda: divmod(1.0, 0)) == "ZeroDivisionError: float divmod()"
    assert error(lambda: 0.0 / 0.0) == "ZeroDivisionError: float division by zero"
    assert error(lambda: 0.0 ** -1) == "ZeroDivisionError: 0.0 cannot be raised to a negative power"
    assert error(lambda: 1 / 0.0) == "ZeroDivisionError: float division by zero"
    assert error(lambda: 1 % 0.0) == "ZeroDivisionError: float modulo by zero"


def test_powers():
    assert repr(2.0 ** 0.5) == "1.4142135623730951"
    assert repr((-8.0) ** 2) == "64.0"
    assert repr((-8.0) ** 0.5) == "(1.7319121124709868e-16+2.8284271247461903j)"
    assert repr(2.0 ** -1) == "0.5"
    assert repr(0.0 ** 0) == "1.0"
    assert error(lambda: 1e200 ** 2) == "OverflowError: (34, 'Numerical result out of range')"
    assert repr((-1.0) ** float('inf')) == "1.0"
    assert repr(1.0 ** float('nan')) == "1.0"
    assert repr(float('nan') ** 0) == "1.0"
    assert repr(2.0 ** 1023) == "8.98846567431158e+307"
    assert error(lambda: 2.0 ** 1024) == "OverflowError: (34, 'Numerical result out of range')"
    assert (error(lambda: pow(2.0, 3, 5))
            == "TypeError: pow() 3rd argument not allowed unless all arguments are integers")
    assert repr((-2.0) ** 3) == "-8.0"
    assert (error(lambda: (-0.0) ** -3)
            == "ZeroDivisionError: 0.0 cannot be raised to a negative power")
    assert repr(float('-inf') ** 3) == "-inf"
    assert repr(float('-inf') ** -3) == "-0.0"


def test_comparisons_with_nan():
    nan = float('nan')
    assert (nan == nan) is False
    assert (nan != nan) is True
    assert (nan < 1) is False
    assert (nan is nan) is True
    assert ([nan] == [nan]) is True
    assert (nan in [nan]) is True
    assert repr(max(nan, 1.0)) == "nan"
    assert repr(max(1.0, nan)) == "1.0"
    assert repr(min(1.0, nan)) == "1.0"


def test_comparison_with_large_ints():
    assert (1e16 == 10**16) is True
    assert (1e23 == 10**23) is False
    assert (1e22 == 10**22) is True
    assert (2.0**60 < 2**60 + 1) is True
    assert (float('inf') > 10**500) is True
    assert (0.5 < 1) is True
    assert (-0.5 > -1) is True
    assert (1.5 == 1) is False


def test_rounding_to_int():
    assert round(0.5) == 0
    assert round(1.5) == 2
    assert round(2.5) == 2
    assert round(-0.5) == 0
    assert round(-1.5) == -2
    assert round(2.4999) == 2
    assert round(1e20) == 100000000000000000000
    assert round(-2.5) == -2
    assert (error(lambda: round(float('inf')))
            == "OverflowError: cannot convert float infinity to integer")
    assert error(lambda: round(float('nan'))) == "ValueError: cannot convert float NaN to integer"


def test_rounding_to_digits():
    assert repr(round(2.675, 0)) == "3.0"
    assert repr(round(2.675, 1)) == "2.7"
    assert repr(round(2.675, 2)) == "2.67"
    assert repr(round(2.675, -2)) == "0.0"
    assert repr(round(2.675, 400)) == "2.675"
    assert repr(round(2.675, -400)) == "0.0"
    assert repr(round(1234.5678, 0)) == "1235.0"
    assert repr(round(1234.5678, 1)) == "1234.6"
    assert repr(round(1234.5678, 2)) == "1234.57"
    assert repr(round(1234.5678, -2)) == "1200.0"
    assert repr(round(1234.5678, 400)) == "1234.5678"
    assert repr(round(1234.5678, -400)) == "0.0"
    assert repr(round(-0.05, 0)) == "-0.0"
    assert repr(round(-0.05, 1)) == "-0.1"
    assert repr(round(-0.05, 2)) == "-0.05"
    assert repr(round(-0.05, -2)) == "-0.0"
    assert repr(round(-0.05, 400)) == "-0.05"
    assert repr(round(-0.05, -400)) == "-0.0"
    assert repr(round(1e300, 0)) == "1e+300"
    assert repr(round(1e300, 1)) == "1e+300"
    assert repr(round(1e300, 2)) == "1e+300"
    assert repr(round(1e300, -2)) == "1e+300"
    assert repr(round(1e300, 400)) == "1e+300"
    assert repr(round(1e300, -400)) == "0.0"
    assert repr(round(5e-324, 0)) == "0.0"
    assert repr(round(5e-324, 1)) == "0.0"
    assert repr(round(5e-324, 2)) == "0.0"
    assert repr(round(5e-324, -2)) == "0.0"
    assert repr(round(5e-324, 400)) == "5e-324"
    assert repr(round(5e-324, -400)) == "0.0"
    assert repr(round(1.25, 1)) == "1.2"
    assert repr(round(1.35, 1)) == "1.4"
    assert repr(round(0.15, 1)) == "0.1"
    assert repr(round(1e308, -308)) == "1e+308"
    assert (error(lambda: round(1.7e308, -308))
            == "OverflowError: rounded value too large to represent")
    assert (error(lambda: round(1.5, 'a'))
            == "TypeError: 'str' object cannot be interpreted as an integer")
    assert repr(round(number=1.5, ndigits=0)) == "2.0"
    assert repr(round(float('nan'), 2)) == "nan"


def test_hexadecimal_text():
    assert (1.0).hex() == "0x1.0000000000000p+0"
    assert (0.1).hex() == "0x1.999999999999ap-4"
    assert (-0.0).hex() == "-0x0.0p+0"
    assert (255.5).hex() == "0x1.ff00000000000p+7"
    assert (5e-324).hex() == "0x0.0000000000001p-1022"
    assert (float('inf')).hex() == "inf"
    assert (float('nan')).hex() == "nan"
    assert (1.7976931348623157e308).hex() == "0x1.fffffffffffffp+1023"
    assert (2.2250738585072014e-308).hex() == "0x1.0000000000000p-1022"
    assert (-3.5).hex() == "-0x1.c000000000000p+1"


def test_from_hexadecimal_text():
    assert repr(float.fromhex('0x1.8p1')) == "3.0"
    assert repr(float.fromhex('1.8')) == "1.5"
    assert repr(float.fromhex('-0x.8p0')) == "-0.5"
    assert repr(float.fromhex('inf')) == "inf"
    assert repr(float.fromhex('-nan')) == "nan"
    assert repr(float.fromhex('0x1p-1074')) == "5e-324"
    assert repr(float.fromhex('0x1p-1075')) == "0.0"
    assert repr(float.fromhex('0x1.8p-1075')) == "5e-324"
    assert repr(float.fromhex(' 0xA ')) == "10.0"
    assert repr(float.fromhex('0x1.fffffffffffff8p1022')) == "8.98846567431158e+307"
    assert (error(lambda: float.fromhex('0x1p1024'))
            == "OverflowError: hexadecimal value too large to represent as a float")
    assert (error(lambda: float.fromhex(''))
            == "ValueError: invalid hexadecimal floating-point string")
    assert (error(lambda: float.fromhex('0x'))
            == "ValueError: invalid hexadecimal floating-point string")
    assert (error(lambda: float.fromhex('g'))
            == "ValueError: invalid hexadecimal floating-point string")
    assert error(lambda: float.fromhex(1)) == "TypeError: bad argument type for built-in operation"


def test_integer_ratio():
    assert (0.5).as_integer_ratio() == (1, 2)
    assert (-0.1).as_integer_ratio() == (-3602879701896397, 36028797018963968)
    assert (10.0).as_integer_ratio() == (10, 1)
    assert (0.0).as_integer_ratio() == (0, 1)
    assert ((5e-324).as_integer_ratio()
            == (1, 202402253307310618352495346718917307049556649764142118356901358027430339567995346891960383701437124495187077864316811911389808737385793476867013399940738509921517424276566361364466907742093216341239767678472745068562007483424692698618103355649159556340810056512358769552333414615230502532186327508646006263307707741093494784))
    assert (error(lambda: float('inf').as_integer_ratio())
            == "OverflowError: cannot convert Infinity to integer ratio")
    assert (error(lambda: float('nan').as_integer_ratio())
            == "ValueError: cannot convert NaN to integer ratio")


def test_is_integer():
    assert (1.0).is_integer() is True
    assert (1.5).is_integer() is False
    assert (-0.0).is_integer() is True
    assert (float('inf')).is_integer() is False
    assert (float('nan')).is_integer() is False
    assert (1e300).is_integer() is True


def test_int_conversions():
    assert int(1e30) == 1000000000000000019884624838656
    assert int(-1.9) == -1
    assert (1.7).__trunc__() == 1
    assert (1.7).__floor__() == 1
    assert (-1.2).__floor__() == -2
    assert (1.2).__ceil__() == 2
    assert (-1.7).__ceil__() == -1
    assert ((1.2).__floor__() is not None) is True
    assert (error(lambda: float('inf').__floor__())
            == "OverflowError: cannot convert float infinity to integer")


def test_hashing():
    assert (hash(1.0) == hash(1)) is True
    assert hash(0.5) == 1152921504606846976
    assert hash(-1.0) == -2
    assert hash(float('inf')) == 314159
    assert hash(float('-inf')) == -314159
    assert hash(1e300) == 1224995262755759164
    assert hash(5e-324) == 16777216
    assert hash(2.0**61) == 1
    assert hash(0.1) == 230584300921369408
    assert (hash(0.0) == hash(-0.0)) is True


def test_signed_zero():
    assert str(-0.0) == "-0.0"
    assert (-0.0 == 0.0) is True
    assert repr(0.0 + -0.0) == "0.0"
    assert repr(-0.0 + -0.0) == "-0.0"
    assert repr(abs(-0.0)) == "0.0"
    assert repr(-(0.0)) == "-0.0"
    assert round(-0.4) == 0
    assert '%g' % -0.0 == "-0"
    assert format(-0.0, '.1f') == "-0.0"
    assert format(-0.0, 'z.1f') == "0.0"


def test_attributes():
    assert repr((1.5).real) == "1.5"
    assert repr((1.5).imag) == "0.0"
    assert repr((1.5).conjugate()) == "1.5"
    assert repr((1.5).__class__) == "<class 'float'>"
    assert repr((1.5).__getnewargs__()) == "(1.5,)"
    assert (1.5).__bool__() is True
    assert (0.0).__bool__() is False
    assert float.__getformat__('double') == "IEEE, little-endian"
    assert (error(lambda: float.__getformat__('x'))
            == "ValueError: __getformat__() argument 1 must be 'double' or 'float'")
    assert (float.from_number(1) if hasattr(float, 'from_number') else 'absent') == "absent"


def test_subclass():
    class F(float):
        def __repr__(self): return 'F!'
    f = F(2.5)
    assert repr(f) == "F!"
    assert str(f) == "F!"
    assert repr(f + 1) == "3.5"
    assert repr(type(f + 1)) == "<class 'float'>"
    assert F('3').hex() == "0x1.8000000000000p+1"
    assert repr(F.fromhex('0x1p1')) == "F!"
    assert (f == 2.5) is True
    assert repr(float(f)) == "2.5"
    assert repr(type(float(f))) == "<class 'float'>"


def test_unsupported_operands():
    assert (error(lambda: 1.5 + 'a')
            == "TypeError: unsupported operand type(s) for +: 'float' and 'str'")
    assert (error(lambda: 1.5 & 1)
            == "TypeError: unsupported operand type(s) for &: 'float' and 'int'")
    assert (error(lambda: 1.5 << 1)
            == "TypeError: unsupported operand type(s) for <<: 'float' and 'int'")
    assert error(lambda: ~1.5) == "TypeError: bad operand type for unary ~: 'float'"
    assert (error(lambda: 1.5 < 'a')
            == "TypeError: '<' not supported between instances of 'float' and 'str'")
    assert (error(lambda: 1.5 < 1j)
            == "TypeError: '<' not supported between instances of 'float' and 'complex'")
    assert (1.5 == 1j) is False
    assert error(lambda: 1.5[0]) == "TypeError: 'float' object is not subscriptable"
    assert error(lambda: len(1.5)) == "TypeError: object of type 'float' has no len()"
    assert error(lambda: 1.5()) == "TypeError: 'float' object is not callable"
    assert (error(lambda: divmod(1.5, 'a'))
            == "TypeError: unsupported operand type(s) for divmod(): 'float' and 'str'")
    assert error(lambda: -'a') == "TypeError: bad operand type for unary -: 'str'"


def test_float_info():
    assert repr(sys.float_info.max) == "1.7976931348623157e+308"
    assert repr(sys.float_info.epsilon) == "2.220446049250313e-16"
    assert sys.float_info.dig == 15
    assert sys.float_info.mant_dig == 53
    assert repr(sys.float_info.min) == "2.2250738585072014e-308"
    assert sys.float_info.radix == 2
    assert sys.float_repr_style == "short"


def test_format_codes():
    assert format(1234567.891, 'e') == "1.234568e+06"
    assert format(1234567.891, 'E') == "1.234568E+06"
    assert format(1234567.891, 'f') == "1234567.891000"
    assert format(1234567.891, 'F') == "1234567.891000"
    assert format(1234567.891, 'g') == "1.23457e+06"
    assert format(1234567.891, 'G') == "1.23457E+06"
    assert format(1234567.891, 'n') == "1.23457e+06"
    assert format(1234567.891, '%') == "123456789.100000%"
    assert format(1234567.891, '') == "1234567.891"
    assert format(1234567.891, ',.2f') == "1,234,567.89"
    assert format(1234567.891, '_.1f') == "1_234_567.9"
    assert format(1234567.891, '015.2f') == "000001234567.89"
    assert format(1234567.891, '+.0f') == "+1234568"
    assert format(1234567.891, '#.0f') == "1234568."
    assert format(1234567.891, '<20') == "1234567.891         "
    assert format(1234567.891, '^20.3e') == "     1.235e+06      "
    assert format(1234567.891, ' .2f') == " 1234567.89"
    assert format(1234567.891, '.3') == "1.23e+06"
    assert format(1234567.891, '10.4') == " 1.235e+06"


def test_format_of_small_and_large():
    assert format(0.0001, 'g') == "0.0001"
    assert format(0.0001, '.3g') == "0.0001"
    assert format(0.0001, 'f') == "0.000100"
    assert format(0.0001, '.0e') == "1e-04"
    assert format(0.0001, '#g') == "0.000100000"
    assert format(0.0001, '010') == "00000.0001"
    assert format(1e-10, 'g') == "1e-10"
    assert format(1e-10, '.3g') == "1e-10"
    assert format(1e-10, 'f') == "0.000000"
    assert format(1e-10, '.0e') == "1e-10"
    assert format(1e-10, '#g') == "1.00000e-10"
    assert format(1e-10, '010') == "000001e-10"
    assert format(1e10, 'g') == "1e+10"
    assert format(1e10, '.3g') == "1e+10"
    assert format(1e10, 'f') == "10000000000.000000"
    assert format(1e10, '.0e') == "1e+10"
    assert format(1e10, '#g') == "1.00000e+10"
    assert format(1e10, '010') == "10000000000.0"
    assert format(123456789.0, 'g') == "1.23457e+08"
    assert format(123456789.0, '.3g') == "1.23e+08"
    assert format(123456789.0, 'f') == "123456789.000000"
    assert format(123456789.0, '.0e') == "1e+08"
    assert format(123456789.0, '#g') == "1.23457e+08"
    assert format(123456789.0, '010') == "123456789.0"
    assert format(float('nan'), 'g') == "nan"
    assert format(float('nan'), '.3g') == "nan"
    assert format(float('nan'), 'f') == "nan"
    assert format(float('nan'), '.0e') == "nan"
    assert format(float('nan'), '#g') == "nan"
    assert format(float('nan'), '010') == "0000000nan"
    assert format(float('-inf'), 'g') == "-inf"
    assert format(float('-inf'), '.3g') == "-inf"
    assert format(float('-inf'), 'f') == "-inf"
    assert format(float('-inf'), '.0e') == "-inf"
    assert format(float('-inf'), '#g') == "-inf"
    assert format(float('-inf'), '010') == "-000000inf"


def test_format_errors():
    assert (error(lambda: format(1.5, 'd'))
            == "ValueError: Unknown format code 'd' for object of type 'float'")
    assert (error(lambda: format(1.5, 's'))
            == "ValueError: Unknown format code 's' for object of type 'float'")
    assert (error(lambda: format(1.5, 'x'))
            == "ValueError: Unknown format code 'x' for object of type 'float'")
    assert error(lambda: format(1.5, '.')) == "ValueError: Format specifier missing precision"
    assert (error(lambda: format(1.5, '.3.4'))
            == "ValueError: Invalid format specifier '.3.4' for object of type 'float'")
    assert error(lambda: format(1.5, ',_f')) == "ValueError: Cannot specify both ',' and '_'."
    assert (error(lambda: format(1.5, '\u20ac'))
            == "ValueError: Unknown format code '\\x20ac' for object of type 'float'")
    assert (error(lambda: format(1.5, '1' * 30))
            == "ValueError: Too many decimal digits in format string")


def test_percent_formats():
    assert '%f %e %g %G' % (1.5, 1.5, 1.5, 1e-10) == "1.500000 1.500000e+00 1.5 1E-10"
    assert ('%.3f|%10.2f|%-10.2f|%+f|% f|%010.3f' % (1.23456, 1.5, 1.5, 1.5, 1.5, -1.5)
            == "1.235|      1.50|1.50      |+1.500000| 1.500000|-00001.500")
    assert '%#.0f %#g' % (1.0, 1.0) == "1. 1.00000"
    assert '%r %s' % (0.1, 1e20) == "0.1 1e+20"
    assert '%d' % 3.99 == "3"
    assert error(lambda: '%x' % 3.5) == "TypeError: %x format: an integer is required, not float"
    assert error(lambda: '%c' % 3.5) == "TypeError: %c requires int or char"
    assert error(lambda: '%f' % 'a') == "TypeError: must be real number, not str"
    assert ('%.400f' % 1.0 == '1.' + '0' * 400) is True
    assert '%.60f' % 0.1 == "0.100000000000000005551115123125782702118158340454101562500000"


main(globals())
