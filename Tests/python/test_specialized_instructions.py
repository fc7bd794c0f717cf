"""Instructions that have learned what they meet must notice when it changes."""
from _run import main


def raises(kind, function, *arguments):
    try:
        function(*arguments)
    except kind as error:
        return str(error)
    raise AssertionError("nothing raised")


class Point:
    def __init__(self, x, y=2):
        self.x = x
        self.y = y

    def total(self):
        return self.x + self.y


def make(x):
    return Point(x)


def test_class_call_with_default():
    for x in range(50):
        assert make(x).total() == x + 2
    old = Point.__init__.__defaults__
    Point.__init__.__defaults__ = (5,)
    try:
        assert make(1).total() == 6
    finally:
        Point.__init__.__defaults__ = old
    assert make(1).total() == 3


def test_class_call_with_new_init():
    class Thing:
        def __init__(self, value):
            self.value = value

    def build():
        return Thing(3).value

    assert [build() for _ in range(20)] == [3] * 20
    Thing.__init__ = lambda self, value: setattr(self, "value", value * 2)
    assert build() == 6
    Thing.__new__ = lambda cls, value: 7
    assert raises(AttributeError, build) == "'int' object has no attribute 'value'"


def test_init_that_returns_something():
    class Odd:
        def __init__(self, result):
            self.result = result
            if result:
                return result

    def build(result):
        return Odd(result)

    for _ in range(20):
        build(None)
    assert raises(TypeError, build, 5) == "__init__() should return None, not 'int'"
    assert build(None).result is None


def test_init_that_raises():
    class Failing:
        def __init__(self, fails):
            if fails:
                raise ValueError("no")

    def build(fails):
        return [1, Failing(fails), 2]

    for _ in range(20):
        build(False)
    assert raises(ValueError, build, True) == "no"
    import sys
    try:
        build(True)
    except ValueError:
        traceback = sys.exc_info()[2]
    names = []
    while traceback:
        names.append(traceback.tb_frame.f_code.co_name)
        traceback = traceback.tb_next
    assert names == ["test_init_that_raises", "build", "__init__"]


def test_class_becoming_abstract():
    import abc

    class Base(abc.ABC):
        def __init__(self, x):
            self.x = x

    def build():
        return Base(1)

    for _ in range(20):
        build()
    Base.f = abc.abstractmethod(lambda self: 0)
    abc.update_abstractmethods(Base)
    assert "abstract" in raises(TypeError, build)


def test_super_method_changes():
    class A:
        def f(self):
            return "A"

    class B(A):
        def f(self):
            return "B" + super().f()

    class C(B):
        pass

    for receiver in (B(), C(), B()) * 10:
        assert receiver.f() == "BA"
    A.f = lambda self: "X"
    assert B().f() == "BX"
    C.__bases__ = (B, type("D", (A,), {"f": lambda self: "D"}))
    assert C().f() == "BD"
    assert B().f() == "BX"


def test_super_of_several_receivers():
    class Base:
        def f(self):
            return "base"

    class Middle(Base):
        def f(self):
            return "middle " + super().f()

    kinds = [type(f"Leaf{i}", (Middle,), {}) for i in range(6)]
    other = type("Other", (Base,), {"f": lambda self: "other"})
    mixed = type("Mixed", (Middle, other), {})
    receivers = [kind() for kind in kinds] + [Middle(), mixed()]
    for _ in range(40):
        for receiver in receivers:
            expected = "middle other" if type(receiver) is mixed else "middle base"
            assert receiver.f() == expected
    Base.f = lambda self: "changed"
    assert [receiver.f() for receiver in receivers] == ["middle changed"] * 7 + ["middle other"]
    del Base.f
    assert "'super' object has no attribute 'f'" in raises(AttributeError, receivers[0].f)


def test_super_with_arguments():
    class A:
        def f(self, x):
            return ("A", x)

    class B(A):
        def f(self, x, start=None):
            return super(start or B, self).f(x)

    class C(B):
        pass

    for x in range(30):
        assert B().f(x) == ("A", x)
        assert C().f(x) == ("A", x)
    assert C().f(1, C) == ("A", 1)
    assert "obj" in raises(TypeError, B().f, 1, C)
    assert "must be a type" in raises(TypeError, B().f, 1, 5)
    A.f = lambda self, x: "new"
    assert B().f(1) == C().f(1) == "new"


def test_one_code_in_several_classes():
    def build(base):
        class Inner(base):
            def name(self):
                return "inner " + super().name()
        return Inner

    class First:
        def name(self):
            return "first"

    class Second:
        def name(self):
            return "second"

    one, two = build(First)(), build(Second)()
    for _ in range(20):
        assert one.name() == "inner first"
        assert two.name() == "inner second"


def test_attributes_of_several_types():
    classes = [type(f"K{i}", (), {"f": lambda self, i=i: i, "c": i}) for i in range(8)]
    objects = [cls() for cls in classes]
    for i, one in enumerate(objects):
        for j in range(i):
            setattr(one, f"pad{j}", j)
        one.value = i * 10

    def read(one):
        return one.value, one.f(), one.c

    def write(one, value):
        one.value = value

    for _ in range(40):
        for i, one in enumerate(objects):
            assert read(one) == (i * 10, i, i)
    objects[3].f = lambda: "own"
    assert read(objects[3]) == (30, "own", 3)
    objects[4].__dict__["c"] = "dict"
    assert read(objects[4]) == (40, 4, "dict")
    classes[5].value = property(lambda self: "property", lambda self, value: None)
    assert read(objects[5]) == ("property", 5, 5)
    for round in range(40):
        for one in objects:
            write(one, round)
            assert read(one)[0] == ("property" if one is objects[5] else round)
    del objects[2].value
    assert "value" in raises(AttributeError, read, objects[2])
    classes[2].__getattr__ = lambda self, name: name
    assert read(objects[2])[0] == "value"


def test_load_of_attribute_keeps_the_variable():
    class Node:
        def __init__(self, value):
            self.value = value

    def work(node):
        total = 0
        for _ in range(30):
            total += node.value
            node.value = total
        return total

    assert work(Node(1)) == 2 ** 29
    node = Node(1)
    node.__dict__
    assert work(node) == 2 ** 29

    def unbound():
        if False:
            node = None
        return node.value

    for _ in range(20):
        assert "node" in raises(UnboundLocalError, unbound)


def test_slices():
    numbers = list(range(7))
    bounds = [None, 0, 1, 3, 6, 7, 9, -1, -3, -7, -9, 10 ** 20, -10 ** 20, True]
    for low in bounds:
        for high in bounds:
            for sequence in (numbers, tuple(numbers), "abcdefg", b"abcdefg", range(7)):
                assert sequence[low:high] == sequence[slice(low, high)]
            for step in (None, 1, 2, 3, -1, -2, -9, 10 ** 20, -10 ** 20):
                assert numbers[low:high:step] == numbers[slice(low, high, step)]
                assert "abcdefg"[low:high:step] == "abcdefg"[slice(low, high, step)]
            for new in ([], [9], [9, 8, 7], (1, 2), "xy", iter([5]), [object(), object()]):
                one, two = list(numbers), list(numbers)
                if not isinstance(new, (list, tuple, str)):
                    new = list(new)
                one[low:high] = new
                two[slice(low, high)] = new
                assert one == two
    numbers[:] = numbers
    assert numbers == list(range(7))
    numbers[1:3] = numbers
    assert numbers == [0, 0, 1, 2, 3, 4, 5, 6, 3, 4, 5, 6]
    assert raises(ValueError, lambda: numbers[::0]) == "slice step cannot be zero"
    assert "slice indices" in raises(TypeError, lambda: numbers["a":])


def test_slice_assignment_runs_destructors_last():
    events = []

    class Noisy:
        def __del__(self):
            events.append(list(items))

    items = [Noisy(), Noisy(), 3]
    items[0:2] = [1, 2]
    assert events == [[1, 2, 3], [1, 2, 3]]


def test_containment():
    class Equal:
        def __eq__(self, other):
            return True
        __hash__ = None

    assert 3 in [1, 2, 3] and 4 not in [1, 2, 3] and -3 not in [3]
    assert 3 in [1, Equal()] and "a" in (1, Equal()) and 1 in [1.0] and True in [1] and 1 in [True]
    assert "ab" in ["x", "a" + "b"] and "é" not in ["e"] and "a" not in []
    assert 2 ** 70 in [2 ** 70] and 0 in [False] and float("nan") not in [float("nan")]


def test_float_and_int():
    def all_of(a, b):
        return a + b, a - b, a * b, a / b, a < b, a <= b, a == b, a != b, a > b, a >= b

    for _ in range(20):
        assert all_of(1.5, 2) == (3.5, -0.5, 3.0, 0.75, True, True, False, True, False, False)
        assert all_of(2, 0.5) == (2.5, 1.5, 1.0, 4.0, False, False, False, True, True, True)
    assert raises(ZeroDivisionError, all_of, 1.0, 0) == "float division by zero"
    assert 2.0 == 2 and not 2.5 < 2 and 2 ** 60 + 1 != float(2 ** 60)
    nan = float("nan")
    assert not nan < 1 and not nan >= 1 and nan != 1


def test_delegating_generators():
    def count(depth):
        if depth:
            received = yield from count(depth - 1)
            assert received == depth - 1
        try:
            got = yield depth
            while got is not None:
                got = yield got * 2
        except KeyError:
            yield "caught"
        return depth

    assert list(count(6)) == [0, 1, 2, 3, 4, 5, 6]
    generator = count(3)
    assert next(generator) == 0
    assert generator.send(21) == 42
    assert generator.throw(KeyError) == "caught"
    assert list(generator) == [1, 2, 3]
    generator = count(3)
    next(generator)
    assert generator.gi_yieldfrom is not None
    generator.close()
    assert list(generator) == []

    def failing(depth):
        if depth == 0:
            yield 1
            raise LookupError("deep")
        yield from failing(depth - 1)

    generator = failing(5)
    assert next(generator) == 1
    assert raises(LookupError, next, generator) == "deep"

    def consumer():
        total = 0
        for value in failing(4):
            total += value
        return total

    assert raises(LookupError, consumer) == "deep"

    def endless(depth):
        yield from endless(depth + 1)

    assert "recursion" in raises(RecursionError, list, endless(0))


def test_generator_arguments():
    def generate(a, b=2, *rest, c=3, **more):
        inner = lambda: (a, b)
        yield inner(), rest, c, more

    assert next(generate(1)) == ((1, 2), (), 3, {})
    assert next(generate(1, 5, 6, c=7, d=8)) == ((1, 5), (6,), 7, {"d": 8})

    def captured(a, b):
        def inner():
            nonlocal a
            a += b
            return a
        yield inner()
        yield a

    assert list(captured(1, 2)) == [3, 3]


def test_bound_methods():
    class Counter:
        def __init__(self):
            self.n = 0

        def add(self, amount=1):
            self.n += amount
            return self.n

        def each(self):
            yield self.n

    counter = Counter()
    add, each = counter.add, counter.each
    for i in range(30):
        assert add() == i + 1
    assert add(10) == 40 and list(each()) == [40]
    counter.call = add
    assert counter.call(2) == 42
    assert "positional argument" in raises(TypeError, add, 1, 2)


main(globals())
