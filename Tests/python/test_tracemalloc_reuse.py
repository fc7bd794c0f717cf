# What tracemalloc says of objects that take the memory of dead ones.
import tracemalloc
from _run import main


def test_list_in_memory_of_another_list():
    tracemalloc.start(1)
    try:
        one = []
        one = None
        one = []
        trace = tracemalloc.get_object_traceback(one)
        assert trace is None or trace[0].lineno == 11, trace  # not where the first one was made
    finally:
        tracemalloc.stop()


def test_empty_product_is_an_object_of_its_own():
    empty, times = b"", 0
    assert b"x" * times is not empty


main(globals())
