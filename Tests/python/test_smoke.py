# The least a Python must do.
from _run import error, main


def test_arithmetic():
    assert 1 + 2 * 3 == 7


def test_error():
    assert error(lambda: 1 / 0) == "ZeroDivisionError: division by zero"


main(globals())
