# The decimal module.
import copy
import decimal
import math
import pickle
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from _run import error, main


def test_native():
    import _decimal
    assert decimal.Decimal is _decimal.Decimal
    assert decimal.HAVE_THREADS and decimal.HAVE_CONTEXTVAR


def test_construction():
    assert str(Decimal("  -1_000.50\n")) == "-1000.50"
    assert str(Decimal(0.1)) == "0.1000000000000000055511151231257827021181583404541015625"
    assert str(Decimal((1, (1, 2, 5), -2))) == "-1.25"
    assert str(Decimal(10 ** 60 + 1)) == "1" + "0" * 59 + "1"
    assert str(Decimal("\u0661\u0662")) == "12"
    assert error(lambda: Decimal("x")) == (
        "InvalidOperation: [<class 'decimal.ConversionSyntax'>]")
    assert error(lambda: Decimal(1j)) == (
        "TypeError: conversion from complex to Decimal is not supported")
    assert error(lambda: Decimal((2, (1,), 0))) == (
        "ValueError: sign must be an integer with the value 0 or 1")


def test_hash_and_comparison():
    for text, other in (("1.5", 1.5), ("7", 7), ("0.25", Fraction(1, 4)), ("-3", -3 + 0j)):
        assert Decimal(text) == other and hash(Decimal(text)) == hash(other)
    assert Decimal("0.1") < Fraction(1, 9) and Decimal(1) / 3 != Fraction(1, 3)
    assert hash(Decimal("1e400")) == hash(10 ** 400)
    nan = Decimal("nan")
    assert nan != nan and not nan == 1
    assert error(lambda: nan < 1) == "InvalidOperation: [<class 'decimal.InvalidOperation'>]"
    assert error(lambda: hash(Decimal("snan"))) == "TypeError: Cannot hash a signaling NaN value"


def test_contexts():
    with localcontext(prec=5) as c:
        assert str(Decimal(1) / 3) == "0.33333" and c.flags[decimal.Inexact]
        with localcontext(Context(prec=2, rounding=decimal.ROUND_UP)):
            assert str(Decimal(1) / 3) == "0.34"
        assert str(Decimal(2).sqrt()) == "1.4142"
    c = Context(traps=[])
    assert str(c.divide(1, 0)) == "Infinity" and c.flags[decimal.DivisionByZero]
    assert error(lambda: setattr(c, "prec", 0)) == "ValueError: valid range for prec is [1, MAX_PREC]"
    assert error(lambda: delattr(c, "prec")) == (
        "AttributeError: context attributes cannot be deleted")
    again = pickle.loads(pickle.dumps(c))
    assert repr(again) == repr(c)


def test_methods():
    assert Decimal("12.50").as_tuple() == (0, (1, 2, 5, 0), -2)
    assert Decimal("-3.25").as_integer_ratio() == (-13, 4)
    assert str(Decimal("1.2345").quantize(Decimal("0.01"), rounding=decimal.ROUND_UP)) == "1.24"
    assert Decimal("1E+3").to_eng_string() == "1E+3" and Decimal("1E+4").to_eng_string() == "10E+3"
    assert (math.floor(Decimal("-1.5")), math.ceil(Decimal("-1.5")), round(Decimal("2.5"))) == (
        -2, -1, 2)
    assert copy.deepcopy(Decimal("1.0")).compare_total(Decimal("1.0")) == 0
    assert pickle.loads(pickle.dumps(Decimal("-1E-5"))) == Decimal("-0.00001")
    assert pow(Decimal(3), 5, 7) == 5
    assert error(lambda: Decimal(1).compare()) == (
        "TypeError: function missing required argument 'other' (pos 1)")


def test_formatting():
    for value, spec, expected in (
            ("1234567.891", ",.2f", "1,234,567.89"), ("-0.004", "z.2f", "0.00"),
            ("0.0125", ".1%", "1.2%"), ("1E+5", "g", "1e+5"), ("42", "*^9", "***42****"),
            ("42", "09,", "0,000,042"), ("NaN", "08", "     NaN"), ("1.5", "#.3g", "1.5"),
            ("12345", "E", "1.2345E+4"), ("7", "=+6", "+    7")):
        assert format(Decimal(value), spec) == expected, (value, spec, format(Decimal(value), spec))
    assert error(lambda: format(Decimal(1), "_")) == "ValueError: invalid format string"


def test_subclass():
    class Money(Decimal):
        pass
    value = Money("1.10")
    value.currency = "EUR"
    assert type(value) is Money and type(value + 1) is Decimal and str(value) == "1.10"
    assert type(Money.from_float(0.5)) is Money


main(globals())
