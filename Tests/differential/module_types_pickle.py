"""Subclasses of types that modules make pickle in every protocol; their flags say heap type."""
import collections
import functools
import io
import pickle
import random
import typing

HEAP = 1 << 9
for kind in (int, object, io.BytesIO, io.TextIOWrapper, collections.deque, functools.partial, collections.OrderedDict):
    print(kind.__name__, bool(kind.__flags__ & HEAP))

T = typing.TypeVar("T")


class Box(typing.Generic[T]):
    def __init__(self, item=None):
        self.item = item


class Line(collections.deque):
    pass


class Dice(random.Random):
    pass


for protocol in range(6):
    box = pickle.loads(pickle.dumps(Box(3), protocol))
    line = pickle.loads(pickle.dumps(Line([1, 2]), protocol))
    dice = Dice(1)
    same = pickle.loads(pickle.dumps(dice, protocol))
    print(protocol, box.item, line, dice.random() == same.random())

try:
    pickle.dumps(io.BufferedReader(io.BytesIO()))
except TypeError as error:
    print(error)
