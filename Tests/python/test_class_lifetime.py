# Classes go when nobody needs them any more: what the interpreter remembers of them keeps none alive.
from _run import main
import gc
import weakref


def gone(make):
    """Whether the class that MAKE builds and uses is free after a collection."""
    reference = make()
    gc.collect()
    return reference() is None


def test_class_of_super_calls():
    def make():
        class A:
            def m(self): return 1
        class B(A):
            def m(self): return super().m()
        assert [B().m() for _ in range(50)] == [1] * 50
        return weakref.ref(B)
    assert all(gone(make) for _ in range(5))


def test_base_of_super_calls_of_several_receivers():
    def make():
        class A:
            def m(self): return 1
        class B(A):
            def m(self): return super().m()
        class C(B): pass
        class D(B): pass
        for _ in range(50):
            assert B().m() + C().m() + D().m() == 3
        return weakref.ref(A)
    assert all(gone(make) for _ in range(5))


def test_class_of_attributes():
    def make():
        class A:
            def __init__(self): self.x = 1
            def m(self): return self.x
        class B(A): pass
        for _ in range(50):
            assert A().m() + B().m() == 2
        return weakref.ref(A)
    assert all(gone(make) for _ in range(5))


main(globals())
