# Every builtin type at work, small: each allocation of each function is made to fail (Tools/test/failing.py).
from _run import main


def test_int():
    a = 1 << 70
    b = a * 3 + 12345
    b // 7, b % 7, divmod(b, 1 << 40), -b, b ** 3, pow(b, 5, 1000007 << 40), b >> 3, b & a, b | a, b ^ a, ~b
    str(b), repr(b), int(str(b)), hex(b), oct(b), bin(b), int("ff" * 12, 16), format(b, ",d"), f"{b:x}"
    b.bit_length(), b.bit_count(), b.to_bytes(12, "big"), int.from_bytes(b"abcdefghijkl", "little")
    b.as_integer_ratio(), hash(b), float(b), complex(b), b == a, b < a, round(b, -3), int(1e30), isinstance(b, int)


def test_float():
    a = 1.5
    b = a * 1e10 + 0.25
    b / 3, b // 3, b % 3, divmod(b, 3.0), b ** 0.5, -b, abs(-b), str(b), repr(b), float("1.25e3"), b.hex()
    float.fromhex("0x1.8p3"), b.as_integer_ratio(), b.is_integer(), round(b, 2), round(b), int(b), hash(b)
    format(b, ".3f"), f"{b:>20.2e}", "%.3g" % b, b == a, b < 3


def test_complex():
    a = 1 + 2j
    b = a * a - 3
    b / a, b ** 2, b ** 0.5, abs(b), -b, b.conjugate(), str(b), complex("1+2j"), format(b, ".2f"), b == a, hash(b), b.real


def test_str():
    text = "alpha beta gamma"
    wide = "\u0394elta \u03b1\u03b2 \U0001f600"
    for s in (text, wide):
        s.upper(), s.lower(), s.title(), s.casefold(), s.swapcase(), s.capitalize(), s.split(), s.split("a")
        s.rsplit(" ", 1), s.partition(" "), s.rpartition(" "), s.replace("a", "\u0394\u0394"), s.strip("a")
        s.center(40), s.ljust(40), s.rjust(40), s.zfill(40), s.find("z"), s.count("a"), s.encode("utf-8"), s.encode("utf-16")
        s * 3, s + "x", s[2:5], s[::-1], s[::2], ",".join([s, s, "\u0394"]), s.splitlines(), s.expandtabs()
        s.startswith(("x", "a")), s.translate({97: "bb", 98: None}), str.maketrans("ab", "cd"), hash(s), repr(s), ascii(s)
        "{} {!r:>20} {x[0]}".format(s, 1, x=[2]), f"{s!r:>30}{1.5:08.3f}", "%s %r %(a)s" % {"a": s} if 0 else "%s %r" % (s, s)
        sorted(s), list(s), set(s), s.isidentifier(), s == text, s < text, "a" in s, [c for c in s], iter(s)


def test_str_grows():
    s = t = ""
    for i in range(30):
        s += "abc" * i
        t = t + "\u0394" * i
    b = b""
    a = bytearray()
    for i in range(30):
        b += b"xy" * i
        a += b"xy" * i
    while a:
        del a[len(a) // 2:], a[:1]


def test_bytes():
    data = b"alpha beta gamma"
    for b in (data, bytearray(data)):
        b.upper(), b.split(), b.replace(b"a", b"zz"), b.hex(), b.hex(" ", 2), b.decode(), b.decode("latin-1"), b.strip(b"a")
        b.center(30), b.find(b"z"), b.partition(b" "), b.splitlines(), b * 3, b + b"x", b[2:5], b[::2], repr(b), list(b)
        b.translate(bytes(range(256)), b"a"), b.join([b"a", b"b"]), b.zfill(30), b == data, b"a" in b, b.count(b"a")
    bytes.fromhex("00 ff 10"), bytes([1, 2, 3]), bytes(5), b"%d %s" % (5, b"x"), bytes.maketrans(b"a", b"b")


def test_bytearray():
    b = bytearray(b"abc")
    b.append(1)
    b.extend(b"defghij" * 5)
    b.insert(0, 5)
    b += b"xyz"
    b *= 2
    b[2:4] = b"long replacement"
    del b[1:5], b[::3]
    b.pop(), b.remove(100), b.reverse(), b.copy(), b.clear()


def test_memoryview():
    m = memoryview(bytearray(b"abcdefgh"))
    m[2:4], m.tolist(), m.tobytes(), m.cast("H"), m.hex(), m[::-1].tobytes(), m == b"abcdefgh", repr(m), m.shape, m.strides
    m[0:2] = b"zz"
    m.toreadonly(), hash(memoryview(b"abc")), list(m), m.cast("B", (2, 4)).tolist()
    m.release()


def test_list():
    a = [3, 1, 2]
    a.append(5)
    a.extend(range(1000, 1020))
    a.insert(0, 7)
    a += (1, 2)
    a *= 2
    a.sort()
    a.sort(key=lambda x: -x)
    a.reverse()
    a[2:5] = [1.5, 2.5, 3.5, 4.5, 5.5]
    a[::2] = a[1::2] if len(a) % 2 == 0 else a[::2]
    del a[1:3], a[::4]
    a + a, a * 2, a[1:3], a[::-1], a.copy(), repr(a), a == a[:], a < [9], a.index(5), a.count(1), a.pop(), sorted(a), list(reversed(a))
    [x for x in a if x], list(map(str, a)), a.clear()


def test_list_shrinks():
    a = [[i] for i in range(64)]
    while a:
        a.pop()  # the buffer moves: an item must not be lost to the list and kept by it
    a = [[i] for i in range(64)]
    del a[5:], a[1:3]
    a.remove([4])


def test_warnings():
    import warnings
    with warnings.catch_warnings(record=True):
        warnings.simplefilter("always")
        warnings.warn("text", DeprecationWarning)


def test_tuple():
    t = (1.5, "a", 300)
    t + t, t * 3, t[1:], t[::-1], repr(t), hash(t), t == (1, 2), t < (2,), tuple([1, 2]), tuple(range(30)), (*t, *t), t.index("a"), sorted([t, t])


def test_dict():
    d = {"a": 1, "b": [2]}
    d["c"] = 3
    d.update(x=1, y=2)
    d.update([("p", 1), ("q", 2)])
    for i in range(300, 330):
        d[i] = str(i)
    d.setdefault("new", []), d.pop("a"), d.popitem(), d.get("zz"), d.copy(), d | {"z": 1}, dict(d), repr(d), d == dict(d)
    list(d), list(d.items()), list(d.values()), d.keys() & {"b"}, d.keys() | {"b"}, d.keys() - {"b"}, d.keys() ^ {1}, d.items() & {("p", 1)}
    {**d, "k": 1}, dict.fromkeys(range(20)), {k: v for k, v in d.items()}, list(reversed(d)), d.clear(), dict(zip("abc", "def"))


def test_set():
    s = {1, "a", 2.5}
    s.add(1000)
    s.update(range(400, 430), "xyz")
    f = frozenset(s)
    s | f, s & f, s - {1}, s ^ {1, 5}, s.copy(), repr(s), s == f, s <= f, hash(f), s.isdisjoint({5}), sorted(range(5)), {x for x in s}
    s.discard(1), s.pop(), s.intersection_update({400, 401}), s.difference_update({400}), s.symmetric_difference_update({9, 8}), s.clear()


def test_range_slice():
    r = range(1000, 3000, 7)
    r[2:10], r[::-1], list(r)[:3], r.index(1007), repr(r), hash(r), r == range(5), list(reversed(r[:4])), range(1 << 70)[1 << 65]
    s = slice(1, 1 << 40, 3)
    s.indices(1 << 50), repr(s), s == slice(1), slice(1).start, hash(s)


def test_iterators():
    list(enumerate("abc", 1 << 40)), list(zip("abc", range(3), strict=True)), list(map(lambda x, y: (x, y), "ab", "cd"))
    list(filter(None, [0, 1, 2])), list(reversed([1, 2, 3])), iter(int, 0).__next__ and list(iter([1, 2])), next(iter({1: 2}.items()))
    sum([1.5, 1 << 70]), max("abc", key=ord), min([3, 1]), any([0, 1]), all([]), sorted("bca", reverse=True), dict(enumerate("ab"))
    a, *b = "abcdef"
    [*b, *a], {**{}, "a": 1}


def test_generator():
    def numbers(n):
        try:
            for i in range(n):
                got = yield i * 1000
        finally:
            cleanup = [1]
    g = numbers(5)
    next(g), g.send("x"), g.close()
    list(numbers(3)), sum(x for x in numbers(4)), [*numbers(2)]

    def outer():
        result = yield from numbers(2)
        return [result]
    list(outer())
    g = numbers(3)
    next(g)
    try:
        g.throw(ValueError("x"))
    except ValueError:
        pass


def test_coroutine():
    class Wait:
        def __await__(self):
            yield 1
            return [2]

    async def inner():
        return await Wait()

    async def several():
        for i in range(3):
            yield i

    async def outer():
        async for x in several():
            pass
        return [x async for x in several()], await inner()
    c = outer()
    try:
        while True:
            c.send(None)
    except StopIteration as stop:
        stop.value


def test_functions():
    def f(a, b=2, *args, c=[3], **keywords):
        return a, b, args, c, keywords
    f(1), f(1, 2, 3, 4, d=5, e=6), f(*[1, 2], **{"x": 1}), f.__code__.co_varnames, f.__defaults__, f.__kwdefaults__, f.__annotations__, repr(f)
    g = lambda *a: a
    g(1, 2, 3)

    def closure(n):
        def inner():
            nonlocal n
            n = n + 1000
            return n
        return inner
    closure(5)()
    f.attribute = 1
    f.__dict__, f.__get__(5), repr(f.__get__(5))


def test_class():
    class Base:
        def __init__(self, x):
            self.x = x

        def method(self):
            return self.x

        @property
        def value(self):
            return self.x * 1000

        @classmethod
        def make(cls, n):
            return cls(n)

        @staticmethod
        def helper(n):
            return [n]

        def __add__(self, other):
            return Base(self.x + other.x)

        def __repr__(self):
            return f"Base({self.x})"

        def __eq__(self, other):
            return self.x == other.x

        def __hash__(self):
            return hash(self.x)

    class Derived(Base):
        __slots__ = ("y",)

        def method(self):
            return super().method() + 1

    a, b = Base(1), Derived.make(2)
    b.y = 5
    a + b, repr(a), str(b), a == b, {a: b}, a.method(), b.method(), a.value, b.helper(1), Derived.__mro__, vars(a), dir(b)
    a.extra = 1
    del a.extra
    getattr(a, "missing", None), hasattr(b, "zz"), isinstance(b, Base), Base.__subclasses__(), type("T", (Base,), {"z": 1})(3).z


def test_metaclass():
    class Meta(type):
        @classmethod
        def __prepare__(mcs, name, bases, **keywords):
            return {"prepared": name}

        def __new__(mcs, name, bases, namespace, **keywords):
            return super().__new__(mcs, name, bases, namespace)

        def __call__(cls, *args):
            return super().__call__(*args)

    class Descriptor:
        def __set_name__(self, owner, name):
            self.name = name

        def __get__(self, instance, owner=None):
            return self.name, instance

        def __set__(self, instance, value):
            instance.__dict__[self.name] = value

    class C(metaclass=Meta, option=1):
        d = Descriptor()

        def __init_subclass__(cls, **keywords):
            super().__init_subclass__()

    class D(C):
        pass
    d = D()
    d.d = 5
    d.d, D.d, D.prepared


def test_exceptions():
    try:
        try:
            {}["missing"]
        except KeyError as error:
            raise ValueError("text", 5) from error
    except ValueError as error:
        str(error), repr(error), error.__cause__, error.__traceback__.tb_lineno, error.add_note("note"), error.args
    try:
        raise ExceptionGroup("group", [TypeError(1), ValueError(2)])
    except* TypeError as group:
        repr(group)
    except* ValueError as group:
        str(group)
    try:
        "x" + 1
    except TypeError:
        pass
    try:
        object().missing
    except AttributeError as error:
        error.name, error.obj
    try:
        open("/nonexistent/file")
    except FileNotFoundError as error:
        str(error), error.filename


def test_weakref():
    import weakref
    class C:
        pass
    c = C()
    seen = []
    r = weakref.ref(c, seen.append)
    p = weakref.proxy(c)
    p.x = 1
    r(), repr(r), weakref.getweakrefs(c), weakref.WeakValueDictionary(a=c), weakref.WeakSet([c])
    del c


def test_types():
    import types
    types.SimpleNamespace(a=1, b=[2]), repr(types.SimpleNamespace(a=1)), types.MappingProxyType({"a": 1}) | {}, list[int], repr(dict[str, list[int]])
    int | str, repr(int | None), (int | str) == (str | int), hash(int | str), list[int](), types.ModuleType("m").__dict__, types.new_class("N", (), {})
    type C[T] = list[T]
    C.__value__, C[int], repr(C)

    def generic[T: int](x: T) -> T:
        return x
    generic.__type_params__, generic(5)


def test_match():
    class P:
        __match_args__ = ("x", "y")

        def __init__(self, x, y):
            self.x, self.y = x, y
    for value in (1, "s", [1, 2, 3], {"a": 1, "b": 2}, P(1, 2), (1, (2, 3))):
        match value:
            case int(n):
                n
            case [a, *rest] if len(rest) > 1:
                rest
            case {"a": x, **others}:
                others
            case P(x, y=2):
                x
            case (a, (b, c)) | [a, b, c, _]:
                b
            case _:
                pass


def test_interpreter_objects():
    import sys
    frame = sys._getframe()
    frame.f_locals, frame.f_code, frame.f_lineno, frame.f_globals, repr(frame), dict(frame.f_locals)
    code = frame.f_code
    code.co_consts, code.co_names, list(code.co_lines()), list(code.co_positions())[:3], code.replace(co_name="other"), hash(code), code == code
    sys.exc_info(), sys.getsizeof([]), sys.intern("some" + "thing"), globals(), locals(), vars(), dir(sys)[:3]


def test_cycle():
    import gc
    class Node:
        def __del__(self):
            [1.5]
    a, b = Node(), Node()
    a.b, b.a = b, a
    cycle = []
    cycle.append((cycle, {"c": cycle}))
    del a, b, cycle
    gc.collect()


main(globals())
