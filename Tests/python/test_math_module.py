# The math module.
import math
from _run import error, main



def test_constants():
    assert (repr((math.pi, math.e, math.tau, math.inf, math.nan != math.nan))
            == "(3.141592653589793, 2.718281828459045, 6.283185307179586, inf, True)")


def test_rounding():
    assert (math.floor(1.5), math.ceil(1.5), math.trunc(1.5)) == (1, 2, 1)
    assert (math.floor(-1.5), math.ceil(-1.5), math.trunc(-1.5)) == (-2, -1, -1)
    assert (math.floor(0.0), math.ceil(0.0), math.trunc(0.0)) == (0, 0, 0)
    assert ((math.floor(1e300), math.ceil(1e300), math.trunc(1e300))
            == (1000000000000000052504760255204420248704468581108159154915854115511802457988908195786371375080447864043704443832883878176942523235360430575644792184786706982848387200926575803737830233794788090059368953234970799945081119038967640880074652742780142494579258788820056842838115669472196386865459400540160, 1000000000000000052504760255204420248704468581108159154915854115511802457988908195786371375080447864043704443832883878176942523235360430575644792184786706982848387200926575803737830233794788090059368953234970799945081119038967640880074652742780142494579258788820056842838115669472196386865459400540160, 1000000000000000052504760255204420248704468581108159154915854115511802457988908195786371375080447864043704443832883878176942523235360430575644792184786706982848387200926575803737830233794788090059368953234970799945081119038967640880074652742780142494579258788820056842838115669472196386865459400540160))
    assert (math.floor(True), math.ceil(True), math.trunc(True)) == (1, 1, 1)
    assert (math.floor(-0.5), math.ceil(-0.5), math.trunc(-0.5)) == (-1, 0, 0)
    assert (error(lambda: math.floor(math.inf))
            == "OverflowError: cannot convert float infinity to integer")
    assert error(lambda: math.ceil(math.nan)) == "ValueError: cannot convert float NaN to integer"
    assert error(lambda: math.trunc('a')) == "TypeError: type str doesn't define __trunc__ method"


def test_roots_and_powers():
    assert (repr([math.sqrt(x) for x in (0, 1, 2, 1e300, 4)])
            == "[0.0, 1.0, 1.4142135623730951, 1e+150, 2.0]")
    assert error(lambda: math.sqrt(-1)) == "ValueError: math domain error"
    assert repr((math.cbrt(-27), math.cbrt(2))) == "(-3.0000000000000004, 1.2599210498948734)"
    assert (repr((math.pow(2, 0.5), math.pow(0, 0), math.pow(-8, 3)))
            == "(1.4142135623730951, 1.0, -512.0)")
    assert error(lambda: math.pow(-8, 1 / 3)) == "ValueError: math domain error"
    assert error(lambda: math.pow(0, -1)) == "ValueError: math domain error"
    assert (repr((math.exp(1), math.exp(-1000), math.exp2(10), math.expm1(1e-10)))
            == "(2.718281828459045, 0.0, 1024.0, 1.00000000005e-10)")
    assert error(lambda: math.exp(1e5)) == "OverflowError: math range error"
    assert (math.isqrt(99), math.isqrt(2**200)) == (9, 1267650600228229401496703205376)
    assert error(lambda: math.isqrt(-1)) == "ValueError: isqrt() argument must be nonnegative"
    assert (error(lambda: math.isqrt(1.5))
            == "TypeError: 'float' object cannot be interpreted as an integer")


def test_logarithms():
    assert (repr((math.log(math.e), math.log(8, 2), math.log(2**2000), math.log10(10**300)))
            == "(1.0, 3.0, 1386.2943611198907, 300.0)")
    assert (repr((math.log2(2**1500), math.log2(3), math.log1p(1e-12)))
            == "(1500.0, 1.584962500721156, 9.999999999995e-13)")
    assert error(lambda: math.log(0)) == "ValueError: math domain error"
    assert error(lambda: math.log(-1)) == "ValueError: math domain error"
    assert error(lambda: math.log(10, 1)) == "ZeroDivisionError: float division by zero"
    assert error(lambda: math.log('a')) == "TypeError: must be real number, not str"
    assert repr(math.log(10**400)) == "921.0340371976182"


def test_trigonometry():
    assert repr(math.sin(0.5)) == "0.479425538604203"
    assert repr(math.cos(0.5)) == "0.8775825618903728"
    assert repr(math.tan(0.5)) == "0.5463024898437905"
    assert repr(math.asin(0.5)) == "0.5235987755982989"
    assert repr(math.acos(0.5)) == "1.0471975511965979"
    assert repr(math.atan(0.5)) == "0.4636476090008061"
    assert repr(math.sinh(0.5)) == "0.5210953054937474"
    assert repr(math.cosh(0.5)) == "1.1276259652063807"
    assert repr(math.tanh(0.5)) == "0.46211715726000974"
    assert repr(math.asinh(0.5)) == "0.48121182505960347"
    assert repr(math.atanh(0.5)) == "0.5493061443340548"
    assert (repr((math.acosh(2), math.atan2(1, -1), math.atan2(-0.0, -1)))
            == "(1.3169578969248166, 2.356194490192345, -3.141592653589793)")
    assert error(lambda: math.asin(2)) == "ValueError: math domain error"
    assert error(lambda: math.sin(math.inf)) == "ValueError: math domain error"
    assert repr((math.degrees(1), math.radians(1))) == "(57.29577951308232, 0.017453292519943295)"


def test_integers():
    assert (math.gcd(), math.gcd(12), math.gcd(-4, 6, 10), math.gcd(0, 0)) == (0, 12, 2, 0)
    assert (math.lcm(), math.lcm(4, -6), math.lcm(0, 5)) == (1, 12, 0)
    assert (error(lambda: math.gcd(1.5, 2))
            == "TypeError: 'float' object cannot be interpreted as an integer")
    assert (math.factorial(0), math.factorial(25)) == (1, 15511210043330985984000000)
    assert (error(lambda: math.factorial(-1))
            == "ValueError: factorial() not defined for negative values")
    assert (error(lambda: math.factorial(2.0))
            == "TypeError: 'float' object cannot be interpreted as an integer")
    assert ((math.comb(5, 2), math.comb(100, 50), math.comb(2, 5))
            == (10, 100891344545564193334812497256, 0))
    assert error(lambda: math.comb(-1, 2)) == "ValueError: n must be a non-negative integer"
    assert (math.perm(5), math.perm(5, 2), math.perm(2, 5)) == (120, 20, 0)


def test_sums_and_products():
    assert (repr((math.fsum([1e100, 1, -1e100]), math.fsum([0.1] * 10), math.fsum([])))
            == "(1.0, 1.0, 0.0)")
    assert (repr((math.prod([]), math.prod([2, 3.5]), math.prod([1, 2], start=10), math.prod(['a', 2])))
            == "(1, 7.0, 20, 'aa')")
    assert math.prod(['a'], start=1) == "a"
    assert (repr((math.sumprod([1, 2, 3], [4, 5, 6]), math.sumprod([0.1] * 10, [1] * 10)))
            == "(32, 1.0)")
    assert error(lambda: math.sumprod([1], [1, 2])) == "ValueError: Inputs are not the same length"
    assert error(lambda: math.fsum(['a'])) == "TypeError: must be real number, not str"


def test_distances():
    assert (repr((math.hypot(), math.hypot(3, 4), math.hypot(1, 1, 1), math.hypot(1e200, 1e200)))
            == "(0.0, 5.0, 1.7320508075688772, 1.414213562373095e+200)")
    assert repr((math.dist((1, 2), (4, 6)), math.dist([0.0], [math.inf]))) == "(5.0, inf)"
    assert (error(lambda: math.dist((1,), (1, 2)))
            == "ValueError: both points must have the same number of dimensions")


def test_float_parts():
    assert (repr((math.frexp(0), math.frexp(-5.5), math.frexp(math.inf)))
            == "((0.0, 0), (-0.6875, 3), (inf, 0))")
    assert repr((math.ldexp(1, -1074), math.ldexp(1.5, 10))) == "(5e-324, 1536.0)"
    assert error(lambda: math.ldexp(1.0, 5000)) == "OverflowError: math range error"
    assert (repr((math.modf(3.25), math.modf(-0.0), math.modf(math.inf)))
            == "((0.25, 3.0), (-0.0, -0.0), (0.0, inf))")
    assert (repr((math.fmod(7, -3), math.fmod(-7, 3), math.remainder(5, 2), math.remainder(-5, 3)))
            == "(1.0, -1.0, 1.0, 1.0)")
    assert error(lambda: math.fmod(1, 0)) == "ValueError: math domain error"
    assert repr((math.copysign(3, -0.0), math.fabs(-3))) == "(-3.0, 3.0)"


def test_comparing():
    assert ((math.isclose(1, 1 + 1e-10), math.isclose(1, 1.1, rel_tol=0.2), math.isclose(0, 1e-12, abs_tol=1e-9))
            == (True, True, True))
    assert (error(lambda: math.isclose(1, 1, rel_tol=-1))
            == "ValueError: tolerances must be non-negative")
    assert (math.isnan(math.nan), math.isinf(-math.inf), math.isfinite(1e308)) == (True, True, True)
    assert (repr((math.nextafter(1, 2), math.nextafter(0, -1), math.nextafter(1.0, 2, steps=3)))
            == "(1.0000000000000002, -5e-324, 1.0000000000000007)")
    assert (repr((math.ulp(1), math.ulp(1e300), math.ulp(0)))
            == "(2.220446049250313e-16, 1.487016908477783e+284, 5e-324)")


def test_special_functions():
    assert (repr((math.gamma(0.5), math.gamma(10), math.lgamma(100), math.lgamma(0.5)))
            == "(1.7724538509055159, 362880.0, 359.1342053695754, 0.5723649429247004)")
    assert error(lambda: math.gamma(0)) == "ValueError: math domain error"
    assert error(lambda: math.gamma(-1)) == "ValueError: math domain error"
    assert (repr((math.erf(0.5), math.erfc(0.5), math.erf(5)))
            == "(0.5204998778130465, 0.4795001221869535, 0.9999999999984626)")


def test_fused_multiply_add():
    assert repr((math.fma(2, 3, 4), math.fma(0.1, 10, -1))) == "(10.0, 5.551115123125783e-17)"
    assert error(lambda: math.fma(math.inf, 0, 1)) == "ValueError: invalid operation in fma"


def test_conversions_by_dunder_methods():
    class F:
        def __float__(self): return 0.25
        def __floor__(self): return 'floor'
        def __ceil__(self): return 'ceil'
        def __trunc__(self): return 'trunc'
    assert (repr((math.sqrt(F()), math.floor(F()), math.ceil(F()), math.trunc(F())))
            == "(0.5, 'floor', 'ceil', 'trunc')")
    class X:
        def __index__(self): return 6
    assert (repr((math.factorial(X()), math.gcd(X(), 4), math.sqrt(X())))
            == "(720, 2, 2.449489742783178)")


def test_wrong_arguments():
    assert (error(lambda: math.sqrt())
            == "TypeError: math.sqrt() takes exactly one argument (0 given)")
    assert (error(lambda: math.sqrt(1, 2))
            == "TypeError: math.sqrt() takes exactly one argument (2 given)")
    assert error(lambda: math.sqrt('1')) == "TypeError: must be real number, not str"
    assert error(lambda: math.sqrt(None)) == "TypeError: must be real number, not NoneType"
    assert error(lambda: math.atan2(1)) == "TypeError: atan2 expected 2 arguments, got 1"
    assert error(lambda: math.hypot('a')) == "TypeError: must be real number, not str"
    assert error(lambda: math.sqrt(10**400)) == "OverflowError: int too large to convert to float"


main(globals())
