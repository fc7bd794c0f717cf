# complex: construction, arithmetic, text.
from _run import describe, error, main



def test_repr():
    assert repr(1j) == "1j"
    assert repr(0j) == "0j"
    assert repr(1+2j) == "(1+2j)"
    assert repr(1-2j) == "(1-2j)"
    assert repr(-1j) == "(-0-1j)"
    assert repr(complex(0, -0.0)) == "-0j"
    assert repr(complex(-0.0, 0.0)) == "(-0+0j)"
    assert repr(complex(1.5, float('nan'))) == "(1.5+nanj)"
    assert repr(complex(float('inf'), float('-inf'))) == "(inf-infj)"
    assert repr(1e100+1e-7j) == "(1e+100+1e-07j)"


def test_construction_from_text():
    assert repr(complex('1+2j')) == "(1+2j)"
    assert repr(complex('1e3-4.5J')) == "(1000-4.5j)"
    assert repr(complex('j')) == "1j"
    assert repr(complex('-j')) == "-1j"
    assert repr(complex('(1+2j)')) == "(1+2j)"
    assert repr(complex(' ( 3 ) ')) == "(3+0j)"
    assert repr(complex('nan+infj')) == "(nan+infj)"
    assert repr(complex('1_0j')) == "10j"
    assert repr(complex('+5')) == "(5+0j)"
    assert error(lambda: complex('1 + 2j')) == "ValueError: complex() arg is a malformed string"
    assert error(lambda: complex('')) == "ValueError: complex() arg is a malformed string"
    assert error(lambda: complex('1+2')) == "ValueError: complex() arg is a malformed string"
    assert error(lambda: complex('()')) == "ValueError: complex() arg is a malformed string"
    assert error(lambda: complex('1j2')) == "ValueError: complex() arg is a malformed string"
    assert (error(lambda: complex('1+2j', 3))
            == "TypeError: complex() can't take second arg if first is a string")
    assert error(lambda: complex(1, '2')) == "TypeError: complex() second arg can't be a string"
    assert (error(lambda: complex(b'1'))
            == "TypeError: complex() first argument must be a string or a number, not 'bytes'")


def test_construction_from_numbers():
    assert repr(complex(1, 2)) == "(1+2j)"
    assert repr(complex(1j, 2)) == "3j"
    assert repr(complex(1j, 1j)) == "(-1+1j)"
    assert repr(complex(real=3)) == "(3+0j)"
    assert repr(complex(imag=3)) == "3j"
    assert repr(complex(1.5)) == "(1.5+0j)"
    assert repr(complex()) == "0j"
    assert (error(lambda: complex(None))
            == "TypeError: complex() first argument must be a string or a number, not 'NoneType'")
    assert (error(lambda: complex(1, None))
            == "TypeError: complex() second argument must be a number, not 'NoneType'")
    assert (error(lambda: complex(1, 2, 3))
            == "TypeError: complex() takes at most 2 arguments (3 given)")
    assert error(lambda: complex(10**400)) == "OverflowError: int too large to convert to float"


def test_dunder_complex():
    class C:
        def __complex__(self): return 3 + 4j
    class Bad:
        def __complex__(self): return 3.0
    class F:
        def __float__(self): return 2.0
    class X:
        def __index__(self): return 7
    assert repr(complex(C())) == "(3+4j)"
    assert (error(lambda: complex(Bad()))
            == "TypeError: __complex__ returned non-complex (type float)")
    assert repr(complex(F())) == "(2+0j)"
    assert repr(complex(X(), X())) == "(7+7j)"
    assert (abs(C()) if hasattr(C, '__abs__') else 'no abs') == "no abs"


def test_arithmetic():
    assert repr((1+2j) + (3-1j)) == "(4+1j)"
    assert repr((1+2j) - 1) == "2j"
    assert repr((1+2j) * (3-1j)) == "(5+5j)"
    assert repr((1+2j) / (3-1j)) == "(0.1+0.7000000000000001j)"
    assert repr(1 / (1+1j)) == "(0.5-0.5j)"
    assert repr((1+2j) ** 2) == "(-3+4j)"
    assert repr((1+2j) ** -1) == "(0.2-0.4j)"
    assert repr((1+2j) ** 0.5) == "(1.272019649514069+0.7861513777574233j)"
    assert repr((1+2j) ** (1+1j)) == "(-0.24720004426291722+0.6964504870825432j)"
    assert repr(0j ** 0) == "(1+0j)"
    assert repr(2 ** (1j)) == "(0.7692389013639721+0.6389612763136348j)"
    assert repr(-(1+2j)) == "(-1-2j)"
    assert repr(+(1+2j)) == "(1+2j)"
    assert repr(abs(3+4j)) == "5.0"
    assert repr((1+2j) * 1.5) == "(1.5+3j)"
    assert repr(1.5 + 1j) == "(1.5+1j)"
    assert repr(True + 1j) == "(1+1j)"


def test_division_by_zero():
    assert error(lambda: 1j / 0) == "ZeroDivisionError: complex division by zero"
    assert error(lambda: 1j / 0j) == "ZeroDivisionError: complex division by zero"
    assert error(lambda: 0j ** -1) == "ZeroDivisionError: 0.0 to a negative or complex power"
    assert error(lambda: 0j ** 1j) == "ZeroDivisionError: 0.0 to a negative or complex power"
    assert (error(lambda: 1j // 1)
            == "TypeError: unsupported operand type(s) for //: 'complex' and 'int'")
    assert (error(lambda: 1j % 1)
            == "TypeError: unsupported operand type(s) for %: 'complex' and 'int'")
    assert (error(lambda: divmod(1j, 1))
            == "TypeError: unsupported operand type(s) for divmod(): 'complex' and 'int'")
    assert error(lambda: pow(1j, 2, 3)) == "ValueError: complex modulo"


def test_overflow():
    assert repr(abs(complex(1e308, 1e308))) == "1.4142135623730951e+308"
    assert repr(abs(complex(float('inf'), float('nan')))) == "inf"
    assert error(lambda: (1e200+1j) ** 3) == "OverflowError: complex exponentiation"
    assert repr((1e308+1e308j) * 2) == "(inf+infj)"


def test_comparison():
    assert (1j == 1j) is True
    assert (1+0j == 1) is True
    assert (1+0j == 1.0) is True
    assert (1j == 'a') is False
    assert (1j != 1) is True
    assert (error(lambda: 1j < 1j)
            == "TypeError: '<' not supported between instances of 'complex' and 'complex'")
    assert (error(lambda: 1j >= 1)
            == "TypeError: '>=' not supported between instances of 'complex' and 'int'")
    assert (complex(2**53) == 2**53 + 1) is False
    assert (complex(float('nan')) == complex(float('nan'))) is False


def test_hashing():
    assert (hash(1+0j) == hash(1)) is True
    assert hash(1j) == 1000003
    assert (hash(1.5+0j) == hash(1.5)) is True
    assert hash(0j) == 0
    assert hash(-1-1j) == -2000008
    assert hash(2+3j) == 3000011


def test_attributes():
    assert repr((1+2j).real) == "1.0"
    assert repr((1+2j).imag) == "2.0"
    assert repr((1+2j).conjugate()) == "(1-2j)"
    try:
        (1j).real = 2
    except BaseException as exception:
        assert describe(exception) == "AttributeError: readonly attribute"
    else:
        assert False, "nothing raised"
    assert repr((1j).__getnewargs__()) == "(0.0, 1.0)"
    assert bool(0j) is False
    assert bool(1j) is True
    assert (error(lambda: int(1j))
            == "TypeError: int() argument must be a string, a bytes-like object or a real number, not 'complex'")
    assert (error(lambda: float(1j))
            == "TypeError: float() argument must be a string or a real number, not 'complex'")
    assert error(lambda: round(1j)) == "TypeError: type complex doesn't define __round__ method"
    assert repr((1+2j).__complex__()) == "(1+2j)"


def test_format():
    assert format(1.5-2.25j, '') == "(1.5-2.25j)"
    assert format(1.5-2.25j, '.2f') == "1.50-2.25j"
    assert format(1.5-2.25j, 'e') == "1.500000e+00-2.250000e+00j"
    assert format(1.5-2.25j, 'g') == "1.5-2.25j"
    assert format(1.5-2.25j, '+.1f') == "+1.5-2.2j"
    assert format(1.5-2.25j, '>20') == "         (1.5-2.25j)"
    assert format(1.5-2.25j, '<20.1f') == "1.5-2.2j            "
    assert format(1.5-2.25j, ',') == "(1.5-2.25j)"
    assert (error(lambda: format(1j, 'd'))
            == "ValueError: Unknown format code 'd' for object of type 'complex'")
    assert (error(lambda: format(1j, '=10'))
            == "ValueError: '=' alignment flag is not allowed in complex format specifier")
    assert (error(lambda: format(1j, '010'))
            == "ValueError: Zero padding is not allowed in complex format specifier")
    assert '%s %r' % (1j, 1j) == "1j 1j"
    assert error(lambda: '%f' % 1j) == "TypeError: must be real number, not complex"
    assert f'{3+4j:.1f}' == "3.0+4.0j"


def test_subclass():
    class Z(complex):
        pass
    assert repr(Z(1, 2) + 1) == "(2+2j)"
    assert repr(type(Z(1, 2) + 1)) == "<class 'complex'>"
    assert repr(Z('1+1j')) == "(1+1j)"
    assert repr(Z(1j)) == "1j"


main(globals())
