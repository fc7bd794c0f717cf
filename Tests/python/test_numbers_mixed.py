# Numbers of different types together: equality, ordering, hashing, arithmetic and conversion.
from _run import error, main



def test_addition_type_matrix():
    assert 1 + 2 == 3
    assert 1 + False == 1
    assert repr(1 + 0.5) == "1.5"
    assert repr(1 + 1j) == "(1+1j)"
    assert True + 2 == 3
    assert True + False == 1
    assert repr(True + 0.5) == "1.5"
    assert repr(True + 1j) == "(1+1j)"
    assert repr(1.5 + 2) == "3.5"
    assert repr(1.5 + False) == "1.5"
    assert repr(1.5 + 0.5) == "2.0"
    assert repr(1.5 + 1j) == "(1.5+1j)"
    assert repr(2j + 2) == "(2+2j)"
    assert repr(2j + False) == "2j"
    assert repr(2j + 0.5) == "(0.5+2j)"
    assert repr(2j + 1j) == "3j"
    assert 2**70 + 2 == 1180591620717411303426
    assert 2**70 + False == 1180591620717411303424
    assert repr(2**70 + 0.5) == "1.1805916207174113e+21"
    assert repr(2**70 + 1j) == "(1.1805916207174113e+21+1j)"


def test_subtraction_matrix():
    assert 1 - 2 == -1
    assert 1 - True == 0
    assert repr(1 - 0.5) == "0.5"
    assert repr(1 - 1j) == "(1-1j)"
    assert True - 2 == -1
    assert True - True == 0
    assert repr(True - 0.5) == "0.5"
    assert repr(True - 1j) == "(1-1j)"
    assert repr(1.5 - 2) == "-0.5"
    assert repr(1.5 - True) == "0.5"
    assert repr(1.5 - 0.5) == "1.0"
    assert repr(1.5 - 1j) == "(1.5-1j)"
    assert repr(2j - 2) == "(-2+2j)"
    assert repr(2j - True) == "(-1+2j)"
    assert repr(2j - 0.5) == "(-0.5+2j)"
    assert repr(2j - 1j) == "1j"
    assert 2**70 - 2 == 1180591620717411303422
    assert 2**70 - True == 1180591620717411303423
    assert repr(2**70 - 0.5) == "1.1805916207174113e+21"
    assert repr(2**70 - 1j) == "(1.1805916207174113e+21-1j)"


def test_multiplication_matrix():
    assert 3 * 2 == 6
    assert 3 * False == 0
    assert repr(3 * 0.5) == "1.5"
    assert repr(3 * 1j) == "3j"
    assert True * 2 == 2
    assert True * False == 0
    assert repr(True * 0.5) == "0.5"
    assert repr(True * 1j) == "1j"
    assert repr(1.5 * 2) == "3.0"
    assert repr(1.5 * False) == "0.0"
    assert repr(1.5 * 0.5) == "0.75"
    assert repr(1.5 * 1j) == "1.5j"
    assert repr(2j * 2) == "4j"
    assert repr(2j * False) == "0j"
    assert repr(2j * 0.5) == "1j"
    assert repr(2j * 1j) == "(-2+0j)"
    assert 2**70 * 2 == 2361183241434822606848
    assert 2**70 * False == 0
    assert repr(2**70 * 0.5) == "5.902958103587057e+20"
    assert repr(2**70 * 1j) == "1.1805916207174113e+21j"


def test_division_matrix():
    assert repr(3 / 2) == "1.5"
    assert repr(3 / True) == "3.0"
    assert repr(3 / 0.5) == "6.0"
    assert repr(3 / 1j) == "-3j"
    assert repr(True / 2) == "0.5"
    assert repr(True / True) == "1.0"
    assert repr(True / 0.5) == "2.0"
    assert repr(True / 1j) == "-1j"
    assert repr(1.5 / 2) == "0.75"
    assert repr(1.5 / True) == "1.5"
    assert repr(1.5 / 0.5) == "3.0"
    assert repr(1.5 / 1j) == "-1.5j"
    assert repr(2j / 2) == "1j"
    assert repr(2j / True) == "2j"
    assert repr(2j / 0.5) == "4j"
    assert repr(2j / 1j) == "(2+0j)"
    assert repr(2**70 / 2) == "5.902958103587057e+20"
    assert repr(2**70 / True) == "1.1805916207174113e+21"
    assert repr(2**70 / 0.5) == "2.3611832414348226e+21"
    assert repr(2**70 / 1j) == "-1.1805916207174113e+21j"


def test_floor_division_matrix():
    assert 7 // 2 == 3
    assert 7 // -2 == -4
    assert repr(7 // 0.5) == "14.0"
    assert 7 // True == 7
    assert -7 // 2 == -4
    assert -7 // -2 == 3
    assert repr(-7 // 0.5) == "-14.0"
    assert -7 // True == -7
    assert repr(7.5 // 2) == "3.0"
    assert repr(7.5 // -2) == "-4.0"
    assert repr(7.5 // 0.5) == "15.0"
    assert repr(7.5 // True) == "7.0"
    assert repr(-7.5 // 2) == "-4.0"
    assert repr(-7.5 // -2) == "3.0"
    assert repr(-7.5 // 0.5) == "-15.0"
    assert repr(-7.5 // True) == "-8.0"
    assert True // 2 == 0
    assert True // -2 == -1
    assert repr(True // 0.5) == "2.0"
    assert True // True == 1


def test_modulo_matrix():
    assert 7 % 2 == 1
    assert 7 % -2 == -1
    assert repr(7 % 0.75) == "0.25"
    assert repr(7 % -3.0) == "-2.0"
    assert -7 % 2 == 1
    assert -7 % -2 == -1
    assert repr(-7 % 0.75) == "0.5"
    assert repr(-7 % -3.0) == "-1.0"
    assert repr(7.5 % 2) == "1.5"
    assert repr(7.5 % -2) == "-0.5"
    assert repr(7.5 % 0.75) == "0.0"
    assert repr(7.5 % -3.0) == "-1.5"
    assert repr(-7.5 % 2) == "0.5"
    assert repr(-7.5 % -2) == "-1.5"
    assert repr(-7.5 % 0.75) == "0.0"
    assert repr(-7.5 % -3.0) == "-1.5"
    assert True % 2 == 1
    assert True % -2 == -1
    assert repr(True % 0.75) == "0.25"
    assert repr(True % -3.0) == "-2.0"


def test_power_matrix():
    assert 2 ** 3 == 8
    assert repr(2 ** -1) == "0.5"
    assert 2 ** 0 == 1
    assert 2 ** 2 == 4
    assert repr(2 ** 1j) == "(0.7692389013639721+0.6389612763136348j)"
    assert -2 ** 3 == -8
    assert repr(-2 ** -1) == "-0.5"
    assert -2 ** 0 == -1
    assert -2 ** 2 == -4
    assert repr(-2 ** 1j) == "(-0.7692389013639721-0.6389612763136348j)"
    assert repr(0.5 ** 3) == "0.125"
    assert repr(0.5 ** -1) == "2.0"
    assert repr(0.5 ** 0) == "1.0"
    assert repr(0.5 ** 2) == "0.25"
    assert repr(0.5 ** 1j) == "(0.7692389013639721-0.6389612763136348j)"
    assert repr(2j ** 3) == "(-0-8j)"
    assert repr(2j ** -1) == "-0.5j"
    assert repr(2j ** 0) == "(1+0j)"
    assert repr(2j ** 2) == "(-4+0j)"
    assert repr(2j ** 1j) == "(0.15990905692806806+0.13282699942462053j)"
    assert True ** 3 == 1
    assert repr(True ** -1) == "1.0"
    assert True ** 0 == 1
    assert True ** 2 == 1
    assert repr(True ** 1j) == "(1+0j)"


def test_comparison_matrix():
    assert (1 < 1, 1 == 1) == (False, True)
    assert (1 < 1.0, 1 == 1.0) == (False, True)
    assert (1 < False, 1 == False) == (False, False)
    assert (1 < 2.0**53, 1 == 2.0**53) == (True, False)
    assert (1 < 1e300, 1 == 1e300) == (True, False)
    assert (1.0 < 1, 1.0 == 1) == (False, True)
    assert (1.0 < 1.0, 1.0 == 1.0) == (False, True)
    assert (1.0 < False, 1.0 == False) == (False, False)
    assert (1.0 < 2.0**53, 1.0 == 2.0**53) == (True, False)
    assert (1.0 < 1e300, 1.0 == 1e300) == (True, False)
    assert (True < 1, True == 1) == (False, True)
    assert (True < 1.0, True == 1.0) == (False, True)
    assert (True < False, True == False) == (False, False)
    assert (True < 2.0**53, True == 2.0**53) == (True, False)
    assert (True < 1e300, True == 1e300) == (True, False)
    assert (2**53 < 1, 2**53 == 1) == (False, False)
    assert (2**53 < 1.0, 2**53 == 1.0) == (False, False)
    assert (2**53 < False, 2**53 == False) == (False, False)
    assert (2**53 < 2.0**53, 2**53 == 2.0**53) == (False, True)
    assert (2**53 < 1e300, 2**53 == 1e300) == (True, False)
    assert (0.5 < 1, 0.5 == 1) == (True, False)
    assert (0.5 < 1.0, 0.5 == 1.0) == (True, False)
    assert (0.5 < False, 0.5 == False) == (False, False)
    assert (0.5 < 2.0**53, 0.5 == 2.0**53) == (True, False)
    assert (0.5 < 1e300, 0.5 == 1e300) == (True, False)


def test_complex_equality_matrix():
    assert (1 + 0j == 1) is True
    assert (1 + 0j == 1.0) is True
    assert (1 + 0j == True) is True
    assert (1 + 0j == 1j) is False
    assert (1 + 0j == 2) is False


def test_bit_operation_matrix():
    assert (6 & 3, 6 | 3, 6 ^ 3) == (2, 7, 5)
    assert (6 & False, 6 | False, 6 ^ False) == (0, 6, 6)
    assert (6 & -1, 6 | -1, 6 ^ -1) == (6, -1, -7)
    assert (True & 3, True | 3, True ^ 3) == (1, 3, 2)
    assert (True & False, True | False, True ^ False) == (False, True, True)
    assert (True & -1, True | -1, True ^ -1) == (1, -1, -2)
    assert (-3 & 3, -3 | 3, -3 ^ 3) == (1, -1, -2)
    assert (-3 & False, -3 | False, -3 ^ False) == (0, -3, -3)
    assert (-3 & -1, -3 | -1, -3 ^ -1) == (-3, -1, 2)


def test_shift_matrix():
    assert (5 << 0, 5 >> 0) == (5, 5)
    assert (5 << 1, 5 >> 1) == (10, 2)
    assert (5 << 3, 5 >> 3) == (40, 0)
    assert (5 << True, 5 >> True) == (10, 2)
    assert (-5 << 0, -5 >> 0) == (-5, -5)
    assert (-5 << 1, -5 >> 1) == (-10, -3)
    assert (-5 << 3, -5 >> 3) == (-40, -1)
    assert (-5 << True, -5 >> True) == (-10, -3)
    assert (True << 0, True >> 0) == (1, 1)
    assert (True << 1, True >> 1) == (2, 0)
    assert (True << 3, True >> 3) == (8, 0)
    assert (True << True, True >> True) == (2, 0)
    assert (2**40 << 0, 2**40 >> 0) == (1099511627776, 1099511627776)
    assert (2**40 << 1, 2**40 >> 1) == (2199023255552, 549755813888)
    assert (2**40 << 3, 2**40 >> 3) == (8796093022208, 137438953472)
    assert (2**40 << True, 2**40 >> True) == (2199023255552, 549755813888)


def test_shift_errors():
    assert (error(lambda: 1.0 << 1)
            == "TypeError: unsupported operand type(s) for <<: 'float' and 'int'")
    assert (error(lambda: 1 << 1.0)
            == "TypeError: unsupported operand type(s) for <<: 'int' and 'float'")
    assert error(lambda: 1 >> -1) == "ValueError: negative shift count"
    assert (error(lambda: 1j & 1)
            == "TypeError: unsupported operand type(s) for &: 'complex' and 'int'")
    assert (error(lambda: 'a' << 1)
            == "TypeError: unsupported operand type(s) for <<: 'str' and 'int'")


def test_equal_numbers_hash_equal():
    assert (hash(1) == hash(1.0)) is True
    assert (hash(1) == hash(1+0j)) is True
    assert (hash(1) == hash(2.0**53)) is False
    assert (hash(1) == hash(0.0)) is False
    assert (hash(1) == hash(False)) is False
    assert (hash(1) == hash(5.0)) is False
    assert (hash(True) == hash(1.0)) is True
    assert (hash(True) == hash(1+0j)) is True
    assert (hash(True) == hash(2.0**53)) is False
    assert (hash(True) == hash(0.0)) is False
    assert (hash(True) == hash(False)) is False
    assert (hash(True) == hash(5.0)) is False
    assert (hash(2**53) == hash(1.0)) is False
    assert (hash(2**53) == hash(1+0j)) is False
    assert (hash(2**53) == hash(2.0**53)) is True
    assert (hash(2**53) == hash(0.0)) is False
    assert (hash(2**53) == hash(False)) is False
    assert (hash(2**53) == hash(5.0)) is False
    assert (hash(0) == hash(1.0)) is False
    assert (hash(0) == hash(1+0j)) is False
    assert (hash(0) == hash(2.0**53)) is False
    assert (hash(0) == hash(0.0)) is True
    assert (hash(0) == hash(False)) is True
    assert (hash(0) == hash(5.0)) is False
    assert (hash(5) == hash(1.0)) is False
    assert (hash(5) == hash(1+0j)) is False
    assert (hash(5) == hash(2.0**53)) is False
    assert (hash(5) == hash(0.0)) is False
    assert (hash(5) == hash(False)) is False
    assert (hash(5) == hash(5.0)) is True


def test_dict_keys_of_equal_numbers():
    assert {1: 'a', 1.0: 'b', True: 'c', 1+0j: 'd'} == {1: "d"}
    assert {0: 'a', False: 'b', 0.0: 'c', -0.0: 'd', 0j: 'e'} == {0: "e"}
    assert len({1, 1.0, 2, 2.0, True}) == 2


def test_int_of_float():
    assert int(1.9) == 1
    assert int(-1.9) == -1
    assert int(1e15) == 1000000000000000
    assert int(-0.5) == 0
    assert int(2.0**62) == 4611686018427387904


def test_float_of_int():
    assert repr(float(2**53)) == "9007199254740992.0"
    assert repr(float(2**53 + 1)) == "9007199254740992.0"
    assert repr(float(10**22)) == "1e+22"
    assert repr(float(10**23)) == "1e+23"
    assert repr(float(-(2**1000))) == "-1.0715086071862673e+301"
    assert error(lambda: float(2**1024)) == "OverflowError: int too large to convert to float"
    assert error(lambda: float(-(2**1024))) == "OverflowError: int too large to convert to float"
    assert (error(lambda: float(2**1024 - 2**970))
            == "OverflowError: int too large to convert to float")


def test_round_half_even():
    assert round(0.5) == 0
    assert round(1.5) == 2
    assert round(2.5) == 2
    assert round(3.5) == 4
    assert round(-0.5) == 0
    assert round(-1.5) == -2
    assert round(4.5) == 4
    assert repr(round(0.25, 1)) == "0.2"
    assert repr(round(0.35, 1)) == "0.3"
    assert repr(round(-0.25, 1)) == "-0.2"
    assert repr(round(2.675, 1)) == "2.7"
    assert repr(round(1e22, 1)) == "1e+22"
    assert round(5, -1) == 0
    assert round(15, -1) == 20
    assert round(25, -1) == 20
    assert round(-15, -1) == -20
    assert repr(round(5.0, -1)) == "0.0"
    assert repr(round(15.0, -1)) == "20.0"
    assert repr(round(25.0, -1)) == "20.0"


def test_floor_ceil_trunc_by_methods():
    assert ((1.5).__floor__(), (1.5).__ceil__(), (1.5).__trunc__()) == (1, 2, 1)
    assert ((-1.5).__floor__(), (-1.5).__ceil__(), (-1.5).__trunc__()) == (-2, -1, -1)
    assert ((2.0).__floor__(), (2.0).__ceil__(), (2.0).__trunc__()) == (2, 2, 2)
    assert ((-0.1).__floor__(), (-0.1).__ceil__(), (-0.1).__trunc__()) == (-1, 0, 0)
    assert (((1e20).__floor__(), (1e20).__ceil__(), (1e20).__trunc__())
            == (100000000000000000000, 100000000000000000000, 100000000000000000000))


def test_divmod_identity():
    assert divmod(17, 5) == (3, 2)
    assert divmod(17, -5) == (-4, -3)
    assert repr(divmod(17, 2.5)) == "(6.0, 2.0)"
    assert divmod(-17, 5) == (-4, 3)
    assert divmod(-17, -5) == (3, -2)
    assert repr(divmod(-17, 2.5)) == "(-7.0, 0.5)"
    assert repr(divmod(17.5, 5)) == "(3.0, 2.5)"
    assert repr(divmod(17.5, -5)) == "(-4.0, -2.5)"
    assert repr(divmod(17.5, 2.5)) == "(7.0, 0.0)"
    assert divmod(2**65, 5) == (7378697629483820646, 2)
    assert divmod(2**65, -5) == (-7378697629483820647, -3)
    assert repr(divmod(2**65, 2.5)) == "(1.4757395258967642e+19, 2.0)"


def test_mixed_large_comparisons():
    assert (2**53 + 1 == 2.0**53) is False
    assert (2**53 + 1 > 2.0**53) is True
    assert (10**400 > float('inf')) is False
    assert (10**400 == float('inf')) is False
    assert (1e308 < 10**309) is True
    assert (-10**309 < -1e308) is True
    assert (3 < 3.0000000001) is True
    assert (2**1000 == 2.0**1000) is True


def test_sum_of_mixed():
    assert repr(sum([1, 2.5, True])) == "4.5"
    assert repr(sum([1, 2j, 0.5])) == "(1.5+2j)"
    assert sum([2**63, 2**63]) == 18446744073709551616
    assert repr(sum([0.1] * 3)) == "0.30000000000000004"
    assert repr(sum([1, -0.0])) == "1.0"
    assert repr(sum([], 0.0)) == "0.0"
    assert repr(sum([1e100, 1, -1e100])) == "0.0"


def test_min_and_max_of_mixed():
    assert max(1, 1.0) == 1
    assert repr(max(1.0, 1)) == "1.0"
    assert min(True, 1) is True
    assert repr(max([1, 2.5, True])) == "2.5"
    assert (error(lambda: max(1, 1j))
            == "TypeError: '>' not supported between instances of 'complex' and 'int'")
    assert min(2**70, 1e30) == 1180591620717411303424


def test_abs_of_everything():
    assert abs(-5) == 5
    assert repr(abs(-2.5)) == "2.5"
    assert repr(abs(3-4j)) == "5.0"
    assert abs(True) == 1
    assert abs(-(2**70)) == 1180591620717411303424
    assert repr(abs(-0.0)) == "0.0"
    assert repr(abs(float('-inf'))) == "inf"


def test_pow_with_negative_and_modulus():
    assert pow(3, 0, 7) == 1
    assert pow(3, 1, 7) == 3
    assert pow(3, 5, 7) == 5
    assert pow(3, -1, 7) == 5
    assert pow(3, -2, 7) == 4
    assert pow(3, 100, 7) == 4
    assert (error(lambda: pow(2, -1, 8))
            == "ValueError: base is not invertible for the given modulus")
    assert pow(0, 0) == 1
    assert repr(0.0 ** 0) == "1.0"
    assert repr(0 ** 0j) == "(1+0j)"
    assert error(lambda: 0.0 ** -1) == "ZeroDivisionError: 0.0 cannot be raised to a negative power"
    assert repr((-8) ** (1 / 3)) == "(1.0000000000000002+1.7320508075688772j)"
    assert repr((-1) ** 0.5) == "(6.123233995736766e-17+1j)"


def test_infinities_and_nan():
    inf, nan = float('inf'), float('nan')
    assert repr((inf + 1, inf - inf, inf * 0, inf / inf)) == "(inf, nan, nan, nan)"
    assert repr((1 / inf, -1 / inf)) == "(0.0, -0.0)"
    assert (inf == inf, inf > 10**1000, nan != nan) == (True, True, True)
    assert [nan == nan, nan < nan, nan > nan] == [False, False, False]
    assert repr((max(nan, 1), max(1, nan))) == "(nan, 1)"
    assert repr((inf // 1, 5 % inf, -5 % inf)) == "(nan, 5.0, inf)"
    assert repr((inf ** 0, nan ** 0, 1 ** nan)) == "(1.0, 1.0, 1.0)"
    assert error(lambda: int(inf)) == "OverflowError: cannot convert float infinity to integer"
    assert error(lambda: int(nan)) == "ValueError: cannot convert float NaN to integer"
    assert (hash(inf), hash(-inf)) == (314159, -314159)
    assert (inf.is_integer(), nan.is_integer()) == (False, False)
    assert repr(sorted([1, -inf, inf])) == "[-inf, 1, inf]"
    assert error(lambda: round(inf)) == "OverflowError: cannot convert float infinity to integer"


def test_index_conversions():
    assert [10, 20, 30][True] == 20
    assert [10, 20, 30][False] == 10
    assert [10, 20, 30][0] == 10
    assert [10, 20, 30][-1] == 30
    assert (error(lambda: [10, 20, 30][1.0])
            == "TypeError: list indices must be integers or slices, not float")
    assert (error(lambda: [10, 20, 30]['1'])
            == "TypeError: list indices must be integers or slices, not str")
    assert (error(lambda: [10, 20, 30][None])
            == "TypeError: list indices must be integers or slices, not NoneType")
    assert repr(range(True)) == "range(0, 1)"
    assert repr(range(3)) == "range(0, 3)"
    assert (error(lambda: range(1.0))
            == "TypeError: 'float' object cannot be interpreted as an integer")
    assert (error(lambda: range('3'))
            == "TypeError: 'str' object cannot be interpreted as an integer")
    assert (error(lambda: range(None))
            == "TypeError: 'NoneType' object cannot be interpreted as an integer")
    assert 'ab' * True == "ab"
    assert 'ab' * 2 == "abab"
    assert (error(lambda: 'ab' * 1.0)
            == "TypeError: can't multiply sequence by non-int of type 'float'")
    assert (error(lambda: 'ab' * None)
            == "TypeError: can't multiply sequence by non-int of type 'NoneType'")
    assert chr(True) == "\x01"
    assert chr(97) == "a"
    assert (error(lambda: chr(97.0))
            == "TypeError: 'float' object cannot be interpreted as an integer")
    assert error(lambda: chr('a')) == "TypeError: 'str' object cannot be interpreted as an integer"
    assert hex(True) == "0x1"
    assert hex(255) == "0xff"
    assert (error(lambda: hex(1.5))
            == "TypeError: 'float' object cannot be interpreted as an integer")
    assert error(lambda: hex('a')) == "TypeError: 'str' object cannot be interpreted as an integer"


def test_numeric_strings():
    assert int('12') == 12
    assert int(' 12 ') == 12
    assert int('-0') == 0
    assert int('+5') == 5
    assert int('1_000') == 1000
    assert int('٣') == 3
    assert repr(float('12')) == "12.0"
    assert repr(float('1e3')) == "1000.0"
    assert repr(float(' -.5 ')) == "-0.5"
    assert repr(float('1_0.5')) == "10.5"
    assert repr(float('inf')) == "inf"
    assert repr(float('nan')) == "nan"
    assert repr(complex('1')) == "(1+0j)"
    assert repr(complex('1j')) == "1j"
    assert repr(complex('1+1j')) == "(1+1j)"
    assert repr(complex(' (2-3j) ')) == "(2-3j)"


def test_text_of_numbers():
    assert (str(1), repr(1), '%s' % (1,), f'{1}') == ("1", "1", "1", "1")
    assert (str(True), repr(True), '%s' % (True,), f'{True}') == ("True", "True", "True", "True")
    assert (str(1.0), repr(1.0), '%s' % (1.0,), f'{1.0}') == ("1.0", "1.0", "1.0", "1.0")
    assert ((str(1e20), repr(1e20), '%s' % (1e20,), f'{1e20}')
            == ("1e+20", "1e+20", "1e+20", "1e+20"))
    assert ((str(1e-7), repr(1e-7), '%s' % (1e-7,), f'{1e-7}')
            == ("1e-07", "1e-07", "1e-07", "1e-07"))
    assert (str(2j), repr(2j), '%s' % (2j,), f'{2j}') == ("2j", "2j", "2j", "2j")
    assert ((str(1+0.5j), repr(1+0.5j), '%s' % (1+0.5j,), f'{1+0.5j}')
            == ("(1+0.5j)", "(1+0.5j)", "(1+0.5j)", "(1+0.5j)"))
    assert (str(-0.0), repr(-0.0), '%s' % (-0.0,), f'{-0.0}') == ("-0.0", "-0.0", "-0.0", "-0.0")
    assert ((str(10**25), repr(10**25), '%s' % (10**25,), f'{10**25}')
            == ("10000000000000000000000000", "10000000000000000000000000", "10000000000000000000000000", "10000000000000000000000000"))


def test_integer_division_by_powers_of_two():
    assert (100 >> 3, 100 // 8, 100 & 7, 100 % 8) == (12, 12, 4, 4)
    assert (-100 >> 3, -100 // 8, -100 & 7, -100 % 8) == (-13, -13, 4, 4)
    assert ((2**70 + 5 >> 3, 2**70 + 5 // 8, 2**70 + 5 & 7, 2**70 + 5 % 8)
            == (147573952589676412928, 1180591620717411303424, 5, 1180591620717411303429))
    assert ((-(2**70) - 5 >> 3, -(2**70) - 5 // 8, -(2**70) - 5 & 7, -(2**70) - 5 % 8)
            == (-147573952589676412929, -1180591620717411303424, 3, -1180591620717411303429))


def test_in_place_on_mixed():
    x = 1
    x += 0.5
    x *= 2
    x -= 1j
    assert repr(x) == "(3-1j)"
    y = 5
    y //= 2.0
    y **= 2
    y %= 3
    assert repr(y) == "1.0"


def test_number_methods_on_results():
    assert repr(((3).__add__(4), (3).__radd__(4), (3).__add__(4.0))) == "(7, 7, NotImplemented)"
    assert repr(((3.5).__add__(1), (3.5).__add__('a'))) == "(4.5, NotImplemented)"
    assert repr(((3).__lt__(3.5), (3.5).__lt__(4))) == "(NotImplemented, True)"
    assert repr(((3).__eq__('3'), (3).__truediv__(0.5))) == "(NotImplemented, NotImplemented)"
    assert repr(((3).__float__(), (3.7).__int__(), (3).__index__())) == "(3.0, 3, 3)"
    assert (error(lambda: (3.0).__index__())
            == "AttributeError: 'float' object has no attribute '__index__'")
    assert (repr(((2j).__add__(1), (2j).__eq__(2j), (2j).__lt__(1)))
            == "((1+2j), True, NotImplemented)")
    assert (repr((True.__and__(True), True.__and__(5), True.__or__(2.0)))
            == "(True, 1, NotImplemented)")


def test_bool_arithmetic():
    assert repr((True + True, True * 5, True / 2, -True, +True)) == "(2, 5, 0.5, -1, 1)"
    assert (True << 3, True ** 2, True % 1, divmod(True, True)) == (8, 1, 0, (1, 0))
    assert (True & True, True | False, True ^ True) == (True, True, False)
    assert sum([True, True, False]) == 2
    assert (True == 1, True is 1 if False else True) == (True, True)
    assert repr((isinstance(True, int), type(True + 0))) == "(True, <class 'int'>)"
    assert (bool(0.0), bool(-0.0), bool(0j), bool(float('nan'))) == (False, False, False, True)
    assert ('%d' % True, f'{True:d}', str(True)) == ("1", "1", "True")
    assert repr((int(True), float(True), complex(True))) == "(1, 1.0, (1+0j))"


def test_big_number_identities():
    a, b = 3**200, 7**150
    assert repr(((a + b) - b == a, (a * b) // b == a, (a * b) % a)) == "(True, True, 0)"
    assert (divmod(a * b + 5, b) == (a, 5)) is True
    assert ((a ^ b) ^ b == a, (a & b) | (a ^ b) == a | b) == (True, True)
    assert (a.bit_length(), b.bit_length()) == (317, 422)
    assert (-a // b == -(-(-a) // b) - 1 if a % b else True) is True
    assert (int(str(a)) == a, int(hex(a), 16) == a) == (True, True)
    assert ((a << 77) >> 77 == a) is True
    assert (~a == -a - 1) is True
    assert (a ** 2 == a * a) is True
    assert pow(a, b, 1000003) == 137322


def test_float_identities():
    x, y = 0.1, 0.7
    assert (repr((x + y, x * y, x / y, x - y, x // y, x % y, x ** y))
            == "(0.7999999999999999, 0.06999999999999999, 0.14285714285714288, -0.6, 0.0, 0.1, 0.199526231496888)")
    assert ((x + y) - y == x) is False
    assert x.as_integer_ratio() == (3602879701896397, 36028797018963968)
    assert (x * 10).is_integer() is True
    assert (float.fromhex(x.hex()) == x) is True
    assert (float(repr(y)) == y) is True
    assert (float.fromhex('0x1.999999999999ap-4') == x) is True


main(globals())
