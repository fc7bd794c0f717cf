"""The bytes _pickle writes in every protocol, and what it reads back."""
import _pickle
import pickle
import io
from collections import OrderedDict, deque
from functools import partial


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y


class Slotted:
    __slots__ = ("a", "b")


class Outer:
    class Inner:
        pass


class Reduced:
    def __init__(self, value):
        self.value = value

    def __reduce__(self):
        return self.value


def describe(call):
    try:
        return repr(call())
    except Exception as error:
        return f"{type(error).__name__}: {error}"


slotted = Slotted()
slotted.a = 1
shared = ["x"]
cycle = []
cycle.append(cycle)
loop = {}
loop["self"] = loop
values = [
    None, True, False, 0, 1, -1, 255, 256, 65535, 65536, 2**31 - 1, 2**31, -2**31, -2**31 - 1,
    2**63, -2**63, 2**200, -128, 1.5, float("inf"), -0.0, "", "abc", "a\\\n\r\0\x1a", "é€\U0001f600",
    "\ud800", b"", b"x\xe9", bytearray(), bytearray(b"\0\1"), (), (1,), (1, 2), (1, 2, 3),
    (1, 2, 3, 4), [], [1], [1, 2], {}, {1: 2}, {1: 2, "a": None}, {1}, frozenset({1}), set(),
    [shared, shared], cycle, loop, (cycle,), Point(1, [2]), slotted, Outer.Inner, len, str.upper,
    [].append, partial(int, base=2), OrderedDict(a=1), deque([1, 2]), range(3), slice(1, 2), 1j,
    type(None), type(...), ..., NotImplemented, list(range(1001)), {i: i for i in range(1001)},
    "x" * 300, b"y" * 300, "z" * 70000,
]
for protocol in range(6):
    total = 0
    for value in values:
        if value is slotted and protocol < 2:
            continue
        data = _pickle.dumps(value, protocol)
        total = (total * 31 + sum(data)) % 1000003
        if len(data) < 120:
            print(protocol, data)
        back = _pickle.loads(data)
        if value is not cycle and value is not loop and not isinstance(value, (tuple, Point, Slotted, partial)):
            assert repr(back) == repr(value) or callable(value), (back, value)
    print(protocol, total)

for value in [
    1, "nosuch", (1,), (1, 2), (len, 2), (len, (), None, 1), (len, (), None, None, 1),
    (len, (), None, None, None, 1), (1, 2, 3, 4, 5, 6, 7), (len, (), {"a": 1}, None, None, len),
]:
    for protocol in (0, 2, 4):
        print(describe(lambda: _pickle.dumps(Reduced(value), protocol)).split(" object at ")[0])

for data in [
    b"", b"I42", b"I\n", b"I4x\n.", b"L12x\n.", b"Fx\n.", b"S1\n.", b".", b"(.", b"\x80\t", b"a.",
    b"]a.", b"t.", b"(Na.", b"\x85.", b"NN\x81.", b"cbuiltins\nint\nN\x81.", b"cbuiltins\nint\nNR.",
    b"cbuiltins\nintx\n.", b"\x80\x04NN\x93.", b"c\n", b"g1\n.", b"h\1.", b"Np-1\n.", b"\x82\0.",
    b"\x82\xf0.", b"\x8b\xff\xff\xff\xff.", b"\x8e\xff\xff\xff\xff\xff\xff\xff\xff.", b"\x97.",
    b"Pabc\n.", b"P\xff\n.", b"NQ.", b"N)b.", b"}(Nu.", b"N(NNu.", b"(Nd.", b"~", b"'", b"\xff",
    b"I01\n.", b"I1_0\n.", b"\x8a\1\xff.", b"r\1\0\0\0.", b"M\1", b"\x98.", b"N\x98.", b"(i", b"o.",
]:
    print(data, describe(lambda: _pickle.loads(data)))


class Persistent(_pickle.Pickler):
    def persistent_id(self, value):
        return "id" if value is shared else None


class Finder(_pickle.Unpickler):
    def persistent_load(self, key):
        return ("found", key)

    def find_class(self, module, name):
        return f"{module}.{name}"


for protocol in range(6):
    out = io.BytesIO()
    Persistent(out, protocol).dump([shared, len])
    print(out.getvalue(), Finder(io.BytesIO(out.getvalue())).load())

buffers = []
data = pickle.dumps([pickle.PickleBuffer(b"abc"), pickle.PickleBuffer(bytearray(b"d"))], 5,
                    buffer_callback=buffers.append)
print(data, len(buffers), [bytes(b) for b in pickle.loads(data, buffers=buffers)])
pickler = _pickle.Pickler(io.BytesIO())
pickler.dump("abc")
print(list(pickler.memo.copy().values()), pickler.bin, pickler.fast)
