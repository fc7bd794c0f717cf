# int: construction, arithmetic, conversion, methods, error messages.
import sys

from _run import describe, error, main



def test_construction_from_text():
    assert int('0') == 0
    assert int('  -12\n') == -12
    assert int('1_000_000') == 1000000
    assert int('+7') == 7
    assert int('\u0663\u0664') == 34
    assert int(b'42') == 42
    assert int(bytearray(b'-8')) == -8
    assert int() == 0
    assert error(lambda: int('')) == "ValueError: invalid literal for int() with base 10: ''"
    assert (error(lambda: int('1__0'))
            == "ValueError: invalid literal for int() with base 10: '1__0'")
    assert error(lambda: int('_1')) == "ValueError: invalid literal for int() with base 10: '_1'"
    assert error(lambda: int('1_')) == "ValueError: invalid literal for int() with base 10: '1_'"
    assert error(lambda: int('12a')) == "ValueError: invalid literal for int() with base 10: '12a'"
    assert error(lambda: int(b'4x')) == "ValueError: invalid literal for int() with base 10: b'4x'"
    assert error(lambda: int('- 1')) == "ValueError: invalid literal for int() with base 10: '- 1'"
    assert (error(lambda: int('1\x00'))
            == "ValueError: invalid literal for int() with base 10: '1\\x00'")


def test_construction_with_base():
    assert int('10', 2) == 2
    assert int('10', 8) == 8
    assert int('10', 10) == 10
    assert int('10', 16) == 16
    assert int('10', 36) == 36
    assert int('10', 0) == 10
    assert error(lambda: int('z', 2)) == "ValueError: invalid literal for int() with base 2: 'z'"
    assert error(lambda: int('z', 8)) == "ValueError: invalid literal for int() with base 8: 'z'"
    assert error(lambda: int('z', 10)) == "ValueError: invalid literal for int() with base 10: 'z'"
    assert error(lambda: int('z', 16)) == "ValueError: invalid literal for int() with base 16: 'z'"
    assert int('z', 36) == 35
    assert error(lambda: int('z', 0)) == "ValueError: invalid literal for int() with base 0: 'z'"
    assert (error(lambda: int('0x1f', 2))
            == "ValueError: invalid literal for int() with base 2: '0x1f'")
    assert (error(lambda: int('0x1f', 8))
            == "ValueError: invalid literal for int() with base 8: '0x1f'")
    assert (error(lambda: int('0x1f', 10))
            == "ValueError: invalid literal for int() with base 10: '0x1f'")
    assert int('0x1f', 16) == 31
    assert int('0x1f', 36) == 42819
    assert int('0x1f', 0) == 31
    assert int('0b11', 2) == 3
    assert (error(lambda: int('0b11', 8))
            == "ValueError: invalid literal for int() with base 8: '0b11'")
    assert (error(lambda: int('0b11', 10))
            == "ValueError: invalid literal for int() with base 10: '0b11'")
    assert int('0b11', 16) == 2833
    assert int('0b11', 36) == 14293
    assert int('0b11', 0) == 3
    assert (error(lambda: int('-0o17', 2))
            == "ValueError: invalid literal for int() with base 2: '-0o17'")
    assert int('-0o17', 8) == -15
    assert (error(lambda: int('-0o17', 10))
            == "ValueError: invalid literal for int() with base 10: '-0o17'")
    assert (error(lambda: int('-0o17', 16))
            == "ValueError: invalid literal for int() with base 16: '-0o17'")
    assert int('-0o17', 36) == -31147
    assert int('-0o17', 0) == -15
    assert int('0x_ff', 16) == 255
    assert (error(lambda: int('010', 0))
            == "ValueError: invalid literal for int() with base 0: '010'")
    assert int('0', 0) == 0
    assert int('00', 0) == 0
    assert error(lambda: int('10', 1)) == "ValueError: int() base must be >= 2 and <= 36, or 0"
    assert error(lambda: int('10', 37)) == "ValueError: int() base must be >= 2 and <= 36, or 0"
    assert error(lambda: int('10', -1)) == "ValueError: int() base must be >= 2 and <= 36, or 0"
    assert (error(lambda: int(10, 2))
            == "TypeError: int() can't convert non-string with explicit base")
    assert error(lambda: int(base=2)) == "TypeError: int() missing string argument"
    assert int('10', base=3) == 3
    assert error(lambda: int(x='1')) == "TypeError: int() got an unexpected keyword argument 'x'"
    assert (error(lambda: int('10', 2.0))
            == "TypeError: 'float' object cannot be interpreted as an integer")


def test_construction_from_numbers():
    assert int(3.99) == 3
    assert int(-3.99) == -3
    assert int(1e20) == 100000000000000000000
    assert int(0.0) == 0
    assert int(-0.5) == 0
    assert int(True) == 1
    assert int(False) == 0
    assert (error(lambda: int(float('inf')))
            == "OverflowError: cannot convert float infinity to integer")
    assert (error(lambda: int(float('-inf')))
            == "OverflowError: cannot convert float infinity to integer")
    assert error(lambda: int(float('nan'))) == "ValueError: cannot convert float NaN to integer"
    assert (error(lambda: int(1j))
            == "TypeError: int() argument must be a string, a bytes-like object or a real number, not 'complex'")
    assert (error(lambda: int(None))
            == "TypeError: int() argument must be a string, a bytes-like object or a real number, not 'NoneType'")
    assert (error(lambda: int([]))
            == "TypeError: int() argument must be a string, a bytes-like object or a real number, not 'list'")
    assert error(lambda: int(1, 2, 3)) == "TypeError: int expected at most 2 arguments, got 3"


def test_construction_through_dunder_methods():
    class I:
        def __int__(self): return 5
    class X:
        def __index__(self): return 6
    class T:
        def __trunc__(self): return 7
    class Bad:
        def __int__(self): return 'no'
    class BadIndex:
        def __index__(self): return 1.5
    assert int(I()) == 5
    assert int(X()) == 6
    assert error(lambda: int(Bad())) == "TypeError: __int__ returned non-int (type str)"
    assert error(lambda: int(BadIndex())) == "TypeError: __index__ returned non-int (type float)"
    assert [1, 2, 3, 4, 5, 6, 7][X()] == 7
    assert error(lambda: [1][I()]) == "TypeError: list indices must be integers or slices, not I"


def test_addition_and_subtraction():
    assert 2**30 + 2**30 == 2147483648
    assert (2**60 - 1) + 1 == 1152921504606846976
    assert 2**60 - (2**60 + 1) == -1
    assert -(2**30) - 2**30 == -2147483648
    assert 2**90 - 2**90 == 0
    assert (2**120 - 1) - (2**60) == 1329227995784915871750885555673497599
    assert 0 - 2**70 == -1180591620717411303424


def test_multiplication():
    assert (2**30 - 1) * (2**30 - 1) == 1152921502459363329
    assert (2**64 - 1) * (2**64 - 1) == 340282366920938463426481119284349108225
    assert -(10**20) * 10**15 == -100000000000000000000000000000000000
    assert 0 * 10**50 == 0
    assert 123456789**5 == 28679718602997181072337614380936720482949
    assert (10**25 + 7) * (10**25 - 7) == 99999999999999999999999999999999999999999999999951


def test_floor_division_and_modulo_signs():
    assert (7 // 2, 7 % 2, divmod(7, 2)) == (3, 1, (3, 1))
    assert (7 // -2, 7 % -2, divmod(7, -2)) == (-4, -1, (-4, -1))
    assert (7 // 3, 7 % 3, divmod(7, 3)) == (2, 1, (2, 1))
    assert ((7 // -(10**10), 7 % -(10**10), divmod(7, -(10**10)))
            == (-1, -9999999993, (-1, -9999999993)))
    assert (-7 // 2, -7 % 2, divmod(-7, 2)) == (-4, 1, (-4, 1))
    assert (-7 // -2, -7 % -2, divmod(-7, -2)) == (3, -1, (3, -1))
    assert (-7 // 3, -7 % 3, divmod(-7, 3)) == (-3, 2, (-3, 2))
    assert (-7 // -(10**10), -7 % -(10**10), divmod(-7, -(10**10))) == (0, -7, (0, -7))
    assert (0 // 2, 0 % 2, divmod(0, 2)) == (0, 0, (0, 0))
    assert (0 // -2, 0 % -2, divmod(0, -2)) == (0, 0, (0, 0))
    assert (0 // 3, 0 % 3, divmod(0, 3)) == (0, 0, (0, 0))
    assert (0 // -(10**10), 0 % -(10**10), divmod(0, -(10**10))) == (0, 0, (0, 0))
    assert ((10**20 // 2, 10**20 % 2, divmod(10**20, 2))
            == (50000000000000000000, 0, (50000000000000000000, 0)))
    assert ((10**20 // -2, 10**20 % -2, divmod(10**20, -2))
            == (-50000000000000000000, 0, (-50000000000000000000, 0)))
    assert ((10**20 // 3, 10**20 % 3, divmod(10**20, 3))
            == (33333333333333333333, 1, (33333333333333333333, 1)))
    assert ((10**20 // -(10**10), 10**20 % -(10**10), divmod(10**20, -(10**10)))
            == (-10000000000, 0, (-10000000000, 0)))


def test_division_by_zero():
    assert error(lambda: 1 // 0) == "ZeroDivisionError: integer division or modulo by zero"
    assert error(lambda: 1 % 0) == "ZeroDivisionError: integer modulo by zero"
    assert error(lambda: divmod(1, 0)) == "ZeroDivisionError: integer division or modulo by zero"
    assert error(lambda: 1 / 0) == "ZeroDivisionError: division by zero"
    assert error(lambda: 0 ** -1) == "ZeroDivisionError: 0.0 cannot be raised to a negative power"
    assert error(lambda: 10**30 // 0) == "ZeroDivisionError: integer division or modulo by zero"
    assert error(lambda: pow(2, 5, 0)) == "ValueError: pow() 3rd argument cannot be 0"


def test_true_division():
    assert repr(1 / 3) == "0.3333333333333333"
    assert repr(10**30 / 10**29) == "10.0"
    assert repr(-7 / 2) == "-3.5"
    assert repr((2**1023) / (2**1023 - 1)) == "1.0"
    assert repr(10**400 / 10**399) == "10.0"
    assert (error(lambda: 10**400 / 1)
            == "OverflowError: integer division result too large for a float")
    assert repr(1 / 10**400) == "0.0"
    assert repr(3 / 10**320) == "3e-320"
    assert repr((2**53 + 1) / 1) == "9007199254740992.0"
    assert repr((2**54 + 3) / 2) == "9007199254740994.0"


def test_long_division():
    assert (10**50 + 12345) // (10**20 + 7) == 999999999999999999930000000000
    assert (10**50 + 12345) % (10**20 + 7) == 490000012345
    assert -(10**50 + 12345) // (10**20 + 7) == -999999999999999999930000000001
    assert -(10**50 + 12345) % (10**20 + 7) == 99999999509999987662
    assert ((2**300 - 1) // (2**100 - 1)
            == 1606938044258990275541962092342430253122431223184289538506753)
    assert (2**300 - 1) % (2**100 + 1) == 1267650600228229401496703205375


def test_power():
    assert 2 ** 100 == 1267650600228229401496703205376
    assert (-2) ** 101 == -2535301200456458802993406410752
    assert repr(2 ** -2) == "0.25"
    assert repr((-2) ** -3) == "-0.125"
    assert 0 ** 0 == 1
    assert 10 ** 40 == 10000000000000000000000000000000000000000
    assert 3 ** 77 == 5474401089420219382077155933569751763
    assert pow(3, 200, 1000007) == 959082
    assert pow(3, -1, 11) == 4
    assert (error(lambda: pow(2, -1, 4))
            == "ValueError: base is not invertible for the given modulus")
    assert pow(-5, 3, 7) == 1
    assert pow(5, 3, -7) == -1
    assert pow(0, 0, 1) == 0
    assert pow(2, 10, mod=1000) == 24
    assert (error(lambda: pow(2, 3.0, 5))
            == "TypeError: pow() 3rd argument not allowed unless all arguments are integers")
    assert pow(10, 100, 10**20 + 39) == 99999999999909775840


def test_shifts():
    assert 1 << 100 == 1267650600228229401496703205376
    assert -1 << 65 == -36893488147419103232
    assert (1 << 100) >> 98 == 4
    assert -5 >> 1 == -3
    assert -1 >> 1000 == -1
    assert 5 >> 1000 == 0
    assert 0 << 10**30 == 0
    assert error(lambda: 1 << -1) == "ValueError: negative shift count"
    assert error(lambda: 1 >> -1) == "ValueError: negative shift count"
    assert 1 >> 10**30 == 0
    assert -1 >> 10**30 == -1
    assert (-(2**90) + 1) >> 30 == -1152921504606846976
    assert -(2**90) >> 60 == -1073741824


def test_bitwise_and_or_xor():
    assert (12 & 10, 12 | 10, 12 ^ 10) == (8, 14, 6)
    assert (12 & -10, 12 | -10, 12 ^ -10) == (4, -2, -6)
    assert (12 & 2**40 - 1, 12 | 2**40 - 1, 12 ^ 2**40 - 1) == (12, 1099511627775, 1099511627763)
    assert ((12 & -(2**65), 12 | -(2**65), 12 ^ -(2**65))
            == (0, -36893488147419103220, -36893488147419103220))
    assert (-12 & 10, -12 | 10, -12 ^ 10) == (0, -2, -2)
    assert (-12 & -10, -12 | -10, -12 ^ -10) == (-12, -10, 2)
    assert ((-12 & 2**40 - 1, -12 | 2**40 - 1, -12 ^ 2**40 - 1)
            == (1099511627764, -1, -1099511627765))
    assert ((-12 & -(2**65), -12 | -(2**65), -12 ^ -(2**65))
            == (-36893488147419103232, -12, 36893488147419103220))
    assert ((2**70 + 5 & 10, 2**70 + 5 | 10, 2**70 + 5 ^ 10)
            == (0, 1180591620717411303439, 1180591620717411303439))
    assert ((2**70 + 5 & -10, 2**70 + 5 | -10, 2**70 + 5 ^ -10)
            == (1180591620717411303428, -9, -1180591620717411303437))
    assert ((2**70 + 5 & 2**40 - 1, 2**70 + 5 | 2**40 - 1, 2**70 + 5 ^ 2**40 - 1)
            == (5, 1180591621816922931199, 1180591621816922931194))
    assert ((2**70 + 5 & -(2**65), 2**70 + 5 | -(2**65), 2**70 + 5 ^ -(2**65))
            == (1180591620717411303424, -36893488147419103227, -1217485108864830406651))
    assert ((-(2**70) - 5 & 10, -(2**70) - 5 | 10, -(2**70) - 5 ^ 10)
            == (10, -1180591620717411303429, -1180591620717411303439))
    assert ((-(2**70) - 5 & -10, -(2**70) - 5 | -10, -(2**70) - 5 ^ -10)
            == (-1180591620717411303438, -1, 1180591620717411303437))
    assert ((-(2**70) - 5 & 2**40 - 1, -(2**70) - 5 | 2**40 - 1, -(2**70) - 5 ^ 2**40 - 1)
            == (1099511627771, -1180591620717411303425, -1180591621816922931196))
    assert ((-(2**70) - 5 & -(2**65), -(2**70) - 5 | -(2**65), -(2**70) - 5 ^ -(2**65))
            == (-1217485108864830406656, -5, 1217485108864830406651))


def test_invert_and_negate():
    assert ~0 == -1
    assert ~-1 == 0
    assert ~(2**70) == -1180591620717411303425
    assert -(-(2**70)) == 1180591620717411303424
    assert +True == 1
    assert -False == 0
    assert ~True == -2
    assert abs(-(2**80)) == 1208925819614629174706176
    assert abs(-5) == 5


def test_comparison_with_floats():
    assert (1 == 1.0) is True
    assert (2**53 == float(2**53)) is True
    assert (2**53 + 1 == float(2**53)) is False
    assert (2**53 + 1 > float(2**53)) is True
    assert (10**400 > 1e308) is True
    assert (10**400 < float('inf')) is True
    assert (-(10**400) > float('-inf')) is True
    assert (1 < float('nan')) is False
    assert (1 == float('nan')) is False
    assert (3 < 3.5) is True
    assert (1 == '1') is False
    assert (error(lambda: 1 < '1')
            == "TypeError: '<' not supported between instances of 'int' and 'str'")
    assert (error(lambda: 1 >= None)
            == "TypeError: '>=' not supported between instances of 'int' and 'NoneType'")


def test_bit_length_and_bit_count():
    assert (0).bit_length() == 0
    assert (1).bit_length() == 1
    assert (-1).bit_length() == 1
    assert (255).bit_length() == 8
    assert (256).bit_length() == 9
    assert (-256).bit_length() == 9
    assert (2**30).bit_length() == 31
    assert (2**60 - 1).bit_length() == 60
    assert (2**100).bit_length() == 101
    assert (0).bit_count() == 0
    assert (255).bit_count() == 8
    assert (-255).bit_count() == 8
    assert (2**100 - 1).bit_count() == 100
    assert (2**90).bit_count() == 1


def test_to_bytes():
    assert (1024).to_bytes(2, 'big') == b'\x04\x00'
    assert (1024).to_bytes(4, 'little') == b'\x00\x04\x00\x00'
    assert (-1024).to_bytes(4, 'big', signed=True) == b'\xff\xff\xfc\x00'
    assert (255).to_bytes() == b'\xff'
    assert (0).to_bytes(0) == b''
    assert (-1).to_bytes(3, 'little', signed=True) == b'\xff\xff\xff'
    assert ((2**100).to_bytes(16, 'big')
            == b'\x00\x00\x00\x10\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00')
    assert error(lambda: (256).to_bytes()) == "OverflowError: int too big to convert"
    assert error(lambda: (-1).to_bytes()) == "OverflowError: can't convert negative int to unsigned"
    assert error(lambda: (128).to_bytes(1, signed=True)) == "OverflowError: int too big to convert"
    assert error(lambda: (1).to_bytes(-1)) == "ValueError: length argument must be non-negative"
    assert (error(lambda: (1).to_bytes(1, 'middle'))
            == "ValueError: byteorder must be either 'little' or 'big'")
    assert (1).to_bytes(length=2, byteorder='big') == b'\x00\x01'


def test_from_bytes():
    assert int.from_bytes(b'\x04\x00', 'big') == 1024
    assert int.from_bytes(b'\x04\x00', 'little') == 4
    assert int.from_bytes(b'\xff\xfe', 'big', signed=True) == -2
    assert int.from_bytes(b'') == 0
    assert int.from_bytes([1, 2, 3], 'big') == 66051
    assert int.from_bytes(b'\xff' * 12, 'little', signed=True) == -1
    assert int.from_bytes(b'\xff' * 12) == 79228162514264337593543950335
    assert error(lambda: int.from_bytes([256])) == "ValueError: bytes must be in range(0, 256)"
    assert error(lambda: int.from_bytes('a')) == "TypeError: cannot convert 'str' object to bytes"
    assert (error(lambda: int.from_bytes(b'a', 'up'))
            == "ValueError: byteorder must be either 'little' or 'big'")


def test_as_integer_ratio_and_friends():
    assert (5).as_integer_ratio() == (5, 1)
    assert True.as_integer_ratio() == (1, 1)
    assert (7).conjugate() == 7
    assert (7).real == 7
    assert (7).imag == 0
    assert (7).numerator == 7
    assert (7).denominator == 1
    assert (7).is_integer() is True


def test_rounding():
    assert round(12345, -1) == 12340
    assert round(12345, -2) == 12300
    assert round(12345, 0) == 12345
    assert round(12345, 2) == 12345
    assert round(12345, -30) == 0
    assert round(-12345, -1) == -12340
    assert round(-12345, -2) == -12300
    assert round(-12345, 0) == -12345
    assert round(-12345, 2) == -12345
    assert round(-12345, -30) == 0
    assert round(15, -1) == 20
    assert round(15, -2) == 0
    assert round(15, 0) == 15
    assert round(15, 2) == 15
    assert round(15, -30) == 0
    assert round(25, -1) == 20
    assert round(25, -2) == 0
    assert round(25, 0) == 25
    assert round(25, 2) == 25
    assert round(25, -30) == 0
    assert round(-15, -1) == -20
    assert round(-15, -2) == 0
    assert round(-15, 0) == -15
    assert round(-15, 2) == -15
    assert round(-15, -30) == 0
    assert round(10**25 + 5, -1) == 10000000000000000000000000
    assert round(10**25 + 5, -2) == 10000000000000000000000000
    assert round(10**25 + 5, 0) == 10000000000000000000000005
    assert round(10**25 + 5, 2) == 10000000000000000000000005
    assert round(10**25 + 5, -30) == 0
    assert round(7) == 7
    assert round(7, None) == 7
    assert (error(lambda: round(7, 1.5))
            == "TypeError: 'float' object cannot be interpreted as an integer")
    assert (7).__floor__() == 7
    assert (7).__ceil__() == 7
    assert (7).__trunc__() == 7
    assert (1234).__round__(-2) == 1200


def test_text_of_numbers():
    assert str(2**64) == "18446744073709551616"
    assert repr(-(10**30)) == "-1000000000000000000000000000000"
    assert bin(10) == "0b1010"
    assert bin(-10) == "-0b1010"
    assert oct(64) == "0o100"
    assert hex(255) == "0xff"
    assert hex(-(2**70)) == "-0x400000000000000000"
    assert bin(2**35) == "0b100000000000000000000000000000000000"
    assert oct(-(8**20)) == "-0o100000000000000000000"
    assert (error(lambda: hex(1.5))
            == "TypeError: 'float' object cannot be interpreted as an integer")
    assert str(10**60 - 1) == "999999999999999999999999999999999999999999999999999999999999"


def test_literals_in_all_bases():
    assert 0b1010 == 10
    assert 0o777 == 511
    assert 0xDEAD_BEEF == 3735928559
    assert 1_000 == 1000
    assert 0B1 == 1
    assert 0O7 == 7
    assert 0XAb == 171


def test_hashing():
    assert hash(0) == 0
    assert hash(-1) == -2
    assert hash(-2) == -2
    assert hash(1) == 1
    assert hash(2**61 - 1) == 0
    assert hash(2**61) == 1
    assert hash(-(2**61)) == -2
    assert hash(2**200) == 131072
    assert (hash(10**50) == hash(10**50)) is True
    assert (hash(2**53) == hash(float(2**53))) is True


def test_bool_is_an_int():
    assert True + True == 2
    assert isinstance(True, int) is True
    assert bool(2) is True
    assert bool(0) is False
    assert True & 5 == 1
    assert True & False is False
    assert True ^ True is False
    assert True | 0 == 1
    assert repr(True) == "True"
    assert int(True) == 1
    assert (True == 1) is True
    assert {1: 'a'}[True] == "a"
    assert bool('False') is True
    assert error(lambda: bool(x=1)) == "TypeError: bool() takes no keyword arguments"
    assert error(lambda: bool(1, 2)) == "TypeError: bool expected at most 1 argument, got 2"


def test_bool_cannot_be_subclassed():
    try:
        class B(bool): pass
    except BaseException as exception:
        assert describe(exception) == "TypeError: type 'bool' is not an acceptable base type"
    else:
        assert False, "nothing raised"


def test_int_subclass():
    class N(int):
        def __add__(self, other): return 'added'
    n = N(5)
    assert n + 1 == "added"
    assert 1 + n == 6
    assert n * 2 == 10
    assert repr(type(n * 2)) == "<class 'int'>"
    assert (type(+n) is int) is True
    assert repr(n) == "5"
    assert (N(3) == 3) is True
    assert (hash(N(3)) == 3) is True
    assert N.from_bytes(b'\x05').real == 5
    assert (type(N.from_bytes(b'\x05')) is N) is True
    assert (type(N(1) | 2) is int) is True


def test_int_subclass_reflected_has_priority():
    class N(int):
        def __radd__(self, other): return ('radd', other)
        def __rsub__(self, other): return ('rsub', other)
    assert 1 + N(2) == ("radd", 1)
    assert 1 - N(2) == ("rsub", 1)
    assert N(2) + 1 == 3


def test_unsupported_operands():
    assert error(lambda: 1 + 'a') == "TypeError: unsupported operand type(s) for +: 'int' and 'str'"
    assert error(lambda: 1 - 'a') == "TypeError: unsupported operand type(s) for -: 'int' and 'str'"
    assert error(lambda: 1 / 'a') == "TypeError: unsupported operand type(s) for /: 'int' and 'str'"
    assert (error(lambda: 1 // 'a')
            == "TypeError: unsupported operand type(s) for //: 'int' and 'str'")
    assert error(lambda: 1 % 'a') == "TypeError: unsupported operand type(s) for %: 'int' and 'str'"
    assert (error(lambda: 1 ** 'a')
            == "TypeError: unsupported operand type(s) for ** or pow(): 'int' and 'str'")
    assert (error(lambda: 1 << 'a')
            == "TypeError: unsupported operand type(s) for <<: 'int' and 'str'")
    assert (error(lambda: 1 >> 'a')
            == "TypeError: unsupported operand type(s) for >>: 'int' and 'str'")
    assert error(lambda: 1 & 'a') == "TypeError: unsupported operand type(s) for &: 'int' and 'str'"
    assert error(lambda: 1 ^ 'a') == "TypeError: unsupported operand type(s) for ^: 'int' and 'str'"
    assert error(lambda: 1 @ 'a') == "TypeError: unsupported operand type(s) for @: 'int' and 'str'"
    assert 1 * [] == []
    assert error(lambda: 'a' + 1) == 'TypeError: can only concatenate str (not "int") to str'
    assert (error(lambda: 1 + None)
            == "TypeError: unsupported operand type(s) for +: 'int' and 'NoneType'")
    assert (-None if False else 1) == 1
    assert error(lambda: ~1.5) == "TypeError: bad operand type for unary ~: 'float'"
    assert error(lambda: -'a') == "TypeError: bad operand type for unary -: 'str'"
    assert error(lambda: +[]) == "TypeError: bad operand type for unary +: 'list'"


def test_digit_limit_of_text_conversion():
    assert int('1' * 4300) % 1000 == 111
    assert (error(int, '1' * 4301)
            == "ValueError: Exceeds the limit (4300 digits) for integer string conversion: value has 4301 digits; use sys.set_int_max_str_digits() to increase the limit")
    assert (error(str, 10**4300)
            == "ValueError: Exceeds the limit (4300 digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit")
    assert len(str(10**4299)) == 4300
    assert len(hex(10**5000)) == 4155


def test_large_conversions():
    x = 7**1500
    assert str(x)[:20] == "44366995681111453509"
    assert str(x)[-20:] == "65191787731920900001"
    assert (int(str(x)) == x) is True
    assert len(str(x)) == 1268
    assert (int(hex(x), 16) == x) is True
    assert (int(bin(x), 2) == x) is True


def test_karatsuba_sized_products():
    a = 3**900 + 1
    b = 5**800 - 1
    assert (a * b) % 1000000007 == 815805953
    assert ((a * a) == a**2) is True
    assert ((a * b) // b == a) is True
    assert (a * b + 17) % b == 17
    assert (divmod(a * b + 17, b) == (a, 17)) is True
    assert hash(a * b) == 2147677891467903650


def test_attributes_are_read_only():
    try:
        (5).real = 3
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: attribute 'real' of 'int' objects is not writable")
    else:
        assert False, "nothing raised"
    try:
        (5).foo = 3
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: 'int' object has no attribute 'foo' and no __dict__ for setting new attributes")
    else:
        assert False, "nothing raised"
    try:
        del (5).real
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: attribute 'real' of 'int' objects is not writable")
    else:
        assert False, "nothing raised"
    assert error(lambda: (5).foo) == "AttributeError: 'int' object has no attribute 'foo'"


def test_small_ints_are_identical():
    a = 256
    b = 255
    assert (a is b + 1) is True
    assert ((-5) is (-4 - 1)) is True


def test_augmented_assignment():
    x = 10
    x += 5
    x -= 3
    x *= 2
    x //= 5
    x **= 3
    x %= 50
    x <<= 3
    x |= 1
    x &= 0xff
    x ^= 3
    x >>= 1
    assert x == 57
    x /= 4
    assert repr(x) == "14.25"


def test_index_protocol():
    class X:
        def __index__(self): return 3
    assert hex(X()) == "0x3"
    assert bin(X()) == "0b11"
    assert 'abc' * X() == "abcabcabc"
    assert [1, 2, 3, 4][X()] == 4
    assert repr(range(X())) == "range(0, 3)"
    assert repr(round(1.23456, X())) == "1.235"
    assert 'abcdef'[:X()] == "abc"
    assert (int.from_bytes(b'a') == 97) is True
    assert bytes(X()) == b'\x00\x00\x00'
    assert chr(X()) == "\x03"
    assert error(lambda: 1 << X()) == "TypeError: unsupported operand type(s) for <<: 'int' and 'X'"


def test_doc_and_signatures():
    assert int.__name__ == "int"
    assert repr(int.__mro__) == "(<class 'int'>, <class 'object'>)"
    assert (int.__doc__ is not None) is True
    assert repr((5).__class__) == "<class 'int'>"
    assert int.__getnewargs__(5) == (5,)
    assert (5).__sizeof__() == 28
    assert (2**30).__sizeof__() == 32
    assert (0).__sizeof__() == 28
    assert (2**100).__sizeof__() == 40
    assert (5).__format__('') == "5"
    assert (5).__divmod__(2) == (2, 1)
    assert (5).__rpow__(2) == 32
    assert (5).__add__('a') is NotImplemented
    assert (5).__eq__(5.0) is NotImplemented
    assert (5).__bool__() is True


main(globals())
