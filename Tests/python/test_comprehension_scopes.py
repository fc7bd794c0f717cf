# Comprehensions inlined into the frame around them keep their names to themselves (PEP 709).
from _run import error, main


def test_outer_variable_survives():
    x = "outer"
    assert [x for x in range(3)] == [0, 1, 2] and x == "outer"
    assert {x: x * x for x in (1, 2)} == {1: 1, 2: 4} and x == "outer"
    assert {x % 2 for x in range(5)} == {0, 1} and x == "outer"


def test_unbound_stays_unbound():
    def f():
        [y for y in range(3)]
        return y
    assert error(f).startswith("NameError")

    def g():
        if 0:
            y = 1
        [y for y in range(3)]
        return y
    assert error(g).startswith("UnboundLocalError")


def test_restored_after_exception():
    x = 1
    try:
        [1 // x for x in (2, 1, 0)]
    except ZeroDivisionError:
        pass
    assert x == 1

    def f():
        try:
            [z / 0 for z in (1,)]
        except ZeroDivisionError:
            return z
    assert error(f).startswith("NameError")


def test_cells_are_fresh():
    x = 10
    later = [lambda: x for x in range(3)]
    assert [f() for f in later] == [2, 2, 2]
    assert x == 10
    pairs = [[lambda: (i, j) for j in range(2)] for i in range(2)]
    assert [[f() for f in row] for row in pairs] == [[(1, 1), (1, 1)]] * 2


def test_outer_cell_and_inner_local():
    x = "cell"

    def show():
        return x
    assert [x for x in "ab"] == ["a", "b"]
    assert show() == "cell"
    assert [(show(), x) for x in "c"] == [("cell", "c")]


def test_free_variable():
    x = 5

    def f():
        return [x + y for y in range(2)], [x for x in range(1)], x
    assert f() == ([5, 6], [0], 5)


def test_assignment_expression():
    total = 0
    assert [total := total + i for i in range(4)] == [0, 1, 3, 6]
    assert total == 6

    def f():
        if any((last := i) > 2 for i in range(10)):
            return last
    assert f() == 3


def test_nested():
    assert [[i * j for j in range(3)] for i in range(3)] == [[0, 0, 0], [0, 1, 2], [0, 2, 4]]
    assert [i for i in [j for j in range(3) if j] if i > 1] == [2]
    i = "i"
    assert [(i, [i for i in range(i)]) for i in range(3)] == [(0, []), (1, [0]), (2, [0, 1])]
    assert i == "i"
    assert [x for x in [1, 2] for x in [x, x * 10]] == [1, 10, 2, 20]


def test_class_body():
    y = "function"

    class A:
        y = [1, 2]
        z = [v * 2 for v in y]
        w = [(y, v) for v in range(1)]
        n = [__name__ for _ in range(1)]
    assert A.z == [2, 4]
    assert A.w == [("function", 0)]
    assert not hasattr(A, "v")

    class B:
        f = [lambda: __class__ for _ in range(1)]

        def m(self):
            return [__class__ for _ in range(1)]
    assert B().m() == [B]
    assert B.f[0]() is B


def test_generator_and_locals():
    def f():
        a = 1
        return [sorted(locals()) for b in range(1)]
    assert f() == [["a", "b"]]

    def g():
        yield from [i for i in range(3)]
    assert list(g()) == [0, 1, 2]
    assert error(compile, "[(yield i) for i in x]", "t", "exec").startswith("SyntaxError")


def test_async():
    async def ticks(n):
        for i in range(n):
            yield i

    async def value(x):
        return x * 2

    async def run():
        a = [x async for x in ticks(3) if x]
        b = {x: await value(x) async for x in ticks(3)}
        c = [[y async for y in ticks(x)] for x in range(3)]
        d = [await value(x) for x in range(2)]
        return a, b, c, d
    task = run()
    try:
        task.send(None)
    except StopIteration as stop:
        assert stop.value == ([1, 2], {0: 0, 1: 2, 2: 4}, [[], [0], [0, 1]], [0, 2])


def test_module_level():
    names = {}
    exec("x = 1\ny = [x for x in range(3)]\nz = [lambda: q for q in range(2)]\nr = z[0]()", names)
    assert names["x"] == 1 and names["y"] == [0, 1, 2] and names["r"] == 1
    assert "q" not in names


main(globals())
