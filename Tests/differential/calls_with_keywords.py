"""Calls whose keywords, defaults and receivers change under specialised code."""


def plain(a, b=2, *, c=3, d=4):
    return a, b, c, d


def positional_only(a, /, b, *, c=None):
    return a, b, c


def everything(*args, **keywords):
    return args, keywords


def cells(a, b=1):
    return (lambda: (a, b))()


class Point:
    kind = "point"

    def __init__(self, x=0, *, y=0):
        self.x, self.y = x, y

    def moved(self, dx, *, dy=0):
        return Point(self.x + dx, y=self.y + dy)


def attempt(call):
    try:
        return call()
    except TypeError as error:
        return str(error)


def keywords(function, a, b):
    return [
        attempt(lambda: function(a, b=b)),
        attempt(lambda: function(a=a, b=b)),
        attempt(lambda: function(a, c=b)),
        attempt(lambda: function(b=a, a=b, d=0)),
        attempt(lambda: function(a, a=b)),
        attempt(lambda: function(c=1, d=2)),
        attempt(lambda: function(a, wrong=1)),
    ]


# The same instructions, now with one callee and now with another.
for turn in range(40):
    function = [plain, plain, plain, positional_only, everything, cells][turn % 6 if turn > 30 else 0]
    result = keywords(function, turn, -turn)
    if turn > 28:
        print(function.__name__, result)


def same_place():
    return [plain(1, b=5), plain(1, c=6), Point(3, y=4).moved(1, dy=2).y]


print([same_place() for _ in range(10)][-1])
plain.__defaults__ = (20,)
plain.__kwdefaults__["d"] = 40
print(same_place(), plain(1, d=0))
del plain.__kwdefaults__["c"]
print(attempt(same_place))
plain.__defaults__ = None
print(attempt(lambda: plain(c=1)), attempt(lambda: plain(1, c=1)), plain(1, 2, c=3))
plain.__kwdefaults__ = None
print(attempt(lambda: plain(1, 2, c=3)), attempt(lambda: plain(1, 2)))

# A bound method that is called by keyword, an attribute of the class that an instance hides.
points = [Point(1, y=1), Point(2, y=2)]


def kinds(points):
    return [(point.kind, point.moved(1, dy=1).y, point.__class__.__name__) for point in points]


for _ in range(10):
    shown = kinds(points)
print(shown)
points[0].kind = "own"
print(kinds(points))
Point.kind = "changed"
print(kinds(points))
points[1].moved = lambda dx, *, dy: Point(y=-dy)
print(kinds(points))


# Names that were put together at run time, and defaults whose lookup runs code in the middle of a call.
made = "".join(["first", "_name"])
renamed = type(plain)(cells.__code__.replace(co_varnames=(made, "b"), co_cellvars=(made, "b")), globals(), "renamed", (1,))
print([attempt(lambda: renamed(first_name=3, b=2)) for _ in range(5)][-1])


class Colliding:
    def __hash__(self):
        return hash("k")

    def __eq__(self, other):
        import gc
        import sys
        gc.collect()
        print("compared", repr(sys._getframe(1).f_code.co_name))
        raise KeyError("lookup")


def defaulted(a, b, *, k=1):
    return a, b, k


def call_defaulted():
    return defaulted([1], b=[2])


print([call_defaulted() for _ in range(8)][-1])
defaulted.__kwdefaults__ = {Colliding(): 5}
for _ in range(3):
    try:
        call_defaulted()
    except KeyError as error:
        print(error)


# Spreading into Python functions needs no native stack.
def depth(*args, **keywords):
    n, = args
    return 0 if n == 0 else 1 + depth(*(n - 1,), **keywords)


import sys

sys.setrecursionlimit(60_000)
print(depth(50_000), depth(50_000, key=1))


class Deep:
    def down(self, n, *, step):
        return 0 if n == 0 else 1 + self.down(n - step, step=step)

    def spread(self, *args, **keywords):
        return self.down(*args, **keywords)


print(Deep().down(50_000, step=1), Deep().spread(1000, step=1))
for arguments, options in [((1,), {}), ((), {"a": 1}), ((1, 2), {"b": 1}), ((), {1: 2}), (3, {}), ((), 3)]:
    print(attempt(lambda: cells(*arguments, **options)))
    print(attempt(lambda: Deep().down(*arguments, **options)))
