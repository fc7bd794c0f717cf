# Enumerations and data classes.
import enum
from dataclasses import FrozenInstanceError, InitVar, KW_ONLY, asdict, astuple, dataclass, field, fields, make_dataclass, replace
from enum import Enum, Flag, IntEnum, IntFlag, StrEnum, auto, unique
from _run import describe, error, main


class Color(Enum):
    RED = 1
    GREEN = 2
    CRIMSON = 1

    def shout(self): return self.name + '!'


@dataclass
class Point:
    x: int
    y: int = 0


def test_members():
    assert (repr((Color.RED, Color.RED.name, Color.RED.value, list(Color), len(Color), Color.CRIMSON is Color.RED, Color.RED.shout()))
            == "(<Color.RED: 1>, 'RED', 1, [<Color.RED: 1>, <Color.GREEN: 2>], 2, True, 'RED!')")
    assert (repr((Color(1), Color['GREEN'], 'RED' in Color.__members__, list(Color.__members__), Color.RED in Color, 1 in Color))
            == "(<Color.RED: 1>, <Color.GREEN: 2>, True, ['RED', 'GREEN', 'CRIMSON'], True, True)")
    assert error(lambda: Color(9)) == "ValueError: 9 is not a valid Color"
    assert error(lambda: Color['BLUE']) == "KeyError: 'BLUE'"
    assert ((str(Color.RED), repr(Color.RED), f'{Color.RED}', hash(Color.RED) == hash('RED'), Color.RED == 1, Color.RED != Color.GREEN)
            == ("Color.RED", "<Color.RED: 1>", "Color.RED", True, False, True))


def test_members_are_constant():
    try:
        Color.RED = 5
    except BaseException as exception:
        assert describe(exception) == "AttributeError: cannot reassign member 'RED'"
    else:
        assert False, "nothing raised"
    try:
        Color.RED.value = 5
    except BaseException as exception:
        assert describe(exception) == "AttributeError: <enum 'Enum'> cannot set attribute 'value'"
    else:
        assert False, "nothing raised"
    try:
        del Color.RED
    except BaseException as exception:
        assert describe(exception) == "AttributeError: 'Color' cannot delete member 'RED'."
    else:
        assert False, "nothing raised"
    assert (error(lambda: Color.RED < Color.GREEN)
            == "TypeError: '<' not supported between instances of 'Color' and 'Color'")
    try:
        class More(Color): X = 3
    except BaseException as exception:
        assert describe(exception) == "TypeError: <enum 'More'> cannot extend <enum 'Color'>"
    else:
        assert False, "nothing raised"


def test_functional_form():
    A = Enum('A', 'x y z')
    assert repr((list(A), A.y.value)) == "([<A.x: 1>, <A.y: 2>, <A.z: 3>], 2)"
    B = Enum('B', {'p': 'P', 'q': 'Q'})
    assert repr(list(B)) == "[<B.p: 'P'>, <B.q: 'Q'>]"
    C = IntEnum('C', ['a', 'b'], start=5)
    assert repr(list(C)) == "[<C.a: 5>, <C.b: 6>]"


def test_auto_values():
    class N(Enum):
        A = auto()
        B = auto()
        X = 10
        C = auto()
    assert [m.value for m in N] == [1, 2, 10, 11]
    class S(StrEnum):
        ONE = auto()
        TWO = 'deux'
    assert (repr((S.ONE, S.ONE == 'one', S.TWO.upper(), f'{S.TWO}'))
            == "(<S.ONE: 'one'>, True, 'DEUX', 'deux')")
    class G(Enum):
        def _generate_next_value_(name, start, count, last): return name.lower()
        FOO = auto()
    assert G.FOO.value == "foo"


def test_int_enum():
    class I(IntEnum):
        A = 1
        B = 2
    assert (repr((I.A + 1, I.B > I.A, I(2), [10, 20, 30][I.A], str(I.A), repr(I.A), f'{I.A:03}', sorted([I.B, I.A]), I.A == 1))
            == "(2, True, <I.B: 2>, 20, '1', '<I.A: 1>', '001', [<I.A: 1>, <I.B: 2>], True)")


def test_flags():
    class P(Flag):
        R = auto()
        W = auto()
        X = auto()
        RW = R | W
    assert (repr((P.R | P.X, P.RW, P.RW & P.W, ~P.R, P.R in P.RW, bool(P.R & P.W), P(0), list(P.RW), P.R ^ P.RW, len(P.RW)))
            == "(<P.R|X: 5>, <P.RW: 3>, <P.W: 2>, <P.W|X: 6>, True, False, <P: 0>, [<P.R: 1>, <P.W: 2>], <P.W: 2>, 2)")
    assert (error(lambda: P(8))
            == "ValueError: <flag 'P'> invalid value 8\n    given 0b0 1000\n  allowed 0b0 0111")
    class F(IntFlag):
        A = 1
        B = 2
    assert repr((F.A | F.B, F(4), F.A + 1, F.A | 8)) == "(<F.A|B: 3>, <F: 4>, 2, <F.A|8: 9>)"


def test_unique_and_verify():
    def make():
        @unique
        class U(Enum):
            A = 1
            B = 1
    assert error(lambda: make()) == "ValueError: duplicate values found in <enum 'U'>: B -> A"


def test_enum_with_values_of_several_parts():
    class Planet(Enum):
        EARTH = (5.97e24, 6.37e6)
        MARS = (6.42e23, 3.39e6)
        def __init__(self, mass, radius): self.mass, self.radius = mass, radius
        @property
        def gravity(self): return round(6.67e-11 * self.mass / self.radius ** 2, 2)
    assert repr((Planet.EARTH.gravity, Planet.MARS.value)) == "(9.81, (6.42e+23, 3390000.0))"
    class T(Enum):
        A = 'a'
        @classmethod
        def _missing_(cls, v): return cls.A if v == 'other' else None
    assert repr(T('other')) == "<T.A: 'a'>"
    assert (error(lambda: T('nothing'))
            == "ValueError: 'nothing' is not a valid test_enum_with_values_of_several_parts.<locals>.T")


def test_data_class_basics():
    p = Point(1, y=2)
    assert (repr((p, p.x, p == Point(1, 2), p != Point(2, 1), Point(5)))
            == "(Point(x=1, y=2), 1, True, True, Point(x=5, y=0))")
    p.x = 9
    assert repr(p) == "Point(x=9, y=2)"
    assert (error(lambda: Point())
            == "TypeError: Point.__init__() missing 1 required positional argument: 'x'")
    assert (error(lambda: Point(1, 2, 3))
            == "TypeError: Point.__init__() takes from 2 to 3 positional arguments but 4 were given")
    assert (error(lambda: Point(1) < Point(2))
            == "TypeError: '<' not supported between instances of 'Point' and 'Point'")
    assert error(lambda: hash(Point(1))) == "TypeError: unhashable type: 'Point'"
    assert (repr((Point.__match_args__, [f.name for f in fields(Point)], Point.__annotations__))
            == "(('x', 'y'), ['x', 'y'], {'x': <class 'int'>, 'y': <class 'int'>})")


def test_conversions():
    @dataclass
    class Line:
        a: Point
        b: list
    l = Line(Point(1), [Point(2), {'k': Point(3)}])
    assert (repr((asdict(l), astuple(Point(1, 2)), replace(Point(1, 2), y=7)))
            == "({'a': {'x': 1, 'y': 0}, 'b': [{'x': 2, 'y': 0}, {'k': {'x': 3, 'y': 0}}]}, (1, 2), Point(x=1, y=7))")
    assert error(lambda: asdict(5)) == "TypeError: asdict() should be called on dataclass instances"


def test_order_and_hash():
    @dataclass(order=True, frozen=True)
    class V:
        major: int
        minor: int = 0
    assert (repr((V(1) < V(1, 1), max(V(2), V(1, 9)), sorted([V(2), V(1)]), hash(V(1)) == hash(V(1)), {V(1): 'a'}[V(1, 0)]))
            == "(True, test_order_and_hash.<locals>.V(major=2, minor=0), [test_order_and_hash.<locals>.V(major=1, minor=0), test_order_and_hash.<locals>.V(major=2, minor=0)], True, 'a')")
    try:
        V(1).major = 5
    except BaseException as exception:
        assert describe(exception) == "FrozenInstanceError: cannot assign to field 'major'"
    else:
        assert False, "nothing raised"
    try:
        del V(1).major
    except BaseException as exception:
        assert describe(exception) == "FrozenInstanceError: cannot delete field 'major'"
    else:
        assert False, "nothing raised"
    assert (error(lambda: V(1) < 5)
            == "TypeError: '<' not supported between instances of 'V' and 'int'")


def test_fields():
    @dataclass
    class C:
        a: list = field(default_factory=list)
        b: int = field(default=3, repr=False, compare=False)
        c: int = field(init=False, default=7)
    assert ((C().__repr__().rpartition('.')[2], C() == C(b=9), C().a is C().a)
            == ("C(a=[], c=7)", True, False))
    assert (error(lambda: C(c=1))
            == "TypeError: test_fields.<locals>.C.__init__() got an unexpected keyword argument 'c'")
    def bad():
        @dataclass
        class X: a: list = []
    def bad2():
        @dataclass
        class X:
            a: int = 1
            b: int
    assert (error(lambda: bad())
            == "ValueError: mutable default <class 'list'> for field a is not allowed: use default_factory")
    assert (error(lambda: bad2())
            == "TypeError: non-default argument 'b' follows default argument 'a'")


def test_post_init_and_init_vars():
    @dataclass
    class D:
        w: int
        h: int
        scale: InitVar[int] = 1
        area: int = field(init=False)
        def __post_init__(self, scale): self.area = self.w * self.h * scale
    assert (D(2, 3, 10).area, [f.name for f in fields(D)]) == (60, ["w", "h", "area"])


def test_keyword_only_and_slots():
    @dataclass(kw_only=True, slots=True)
    class K:
        a: int
        b: int = 2
    assert (K(a=1).b, K.__slots__) == (2, ("a", "b"))
    assert (error(lambda: K(1))
            == "TypeError: test_keyword_only_and_slots.<locals>.K.__init__() takes 1 positional argument but 2 were given")
    try:
        K(a=1).z = 1
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: 'K' object has no attribute 'z' and no __dict__ for setting new attributes")
    else:
        assert False, "nothing raised"
    @dataclass
    class M:
        x: int
        _: KW_ONLY
        y: int = 0
    assert M(1, y=2).y == 2
    assert (error(lambda: M(1, 2))
            == "TypeError: test_keyword_only_and_slots.<locals>.M.__init__() takes 2 positional arguments but 3 were given")


def test_inheritance():
    @dataclass
    class A:
        x: int
        y: int = 1
    @dataclass
    class B(A):
        z: int = 2
        y: int = 5
    assert ([f.name for f in fields(B)], B(0).y) == (["x", "y", "z"], 5)


def test_made_at_run_time():
    X = make_dataclass('X', ['a', ('b', int), ('c', int, 5)])
    assert repr(X(1, 2)) == "X(a=1, b=2, c=5)"


def test_matching():
    def f(p):
        match p:
            case Point(0, 0): return 'origin'
            case Point(x, 0): return x
            case Point(x=a, y=b): return a + b
    assert (f(Point(0)), f(Point(3)), f(Point(1, 2))) == ("origin", 3, 3)


main(globals())
