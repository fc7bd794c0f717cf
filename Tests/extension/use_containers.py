# The builtin types through their C functions.
import re
import sys
import containers


class Index:
    def __index__(self):
        return 7


class Odd:
    def __len__(self):
        return -1
    def __getitem__(self, index):
        if index > 2:
            raise IndexError
        return index * 10


class Plain:
    pass


PLACE = re.compile(r" at 0x[0-9a-f]+|\b\w+/\w+\.c:\d+: ")


def show(name, *args):
    label = ", ".join(repr(value) if " at 0x" not in repr(value) else type(value).__name__ for value in args)
    try:
        found = getattr(containers, name)(*args)
    except BaseException as error:
        found = ["%s: %s" % (type(error).__name__, error)]
    for number, value in enumerate(found):
        print(name, label[:60], number, PLACE.sub("", repr(value)))


for value in 0, -1, 5, 2**31, -2**63, 2**63, 2**64 - 1, -2**200, True, 1.5, Index(), "5", None:
    show("numbers", value)
show("new_numbers")
for a, b in (7, 2), (-7, 0), (2.5, 2), ("ab", "cd"), ("ab", 2), ([1], [2]), ({1}, {2}), (5, None), (Index(), 1), (True, 2**70):
    show("operate", a, b)
for value in "", "abc", "banana\nsplit", "é", "€uro", "\U0001f40d a", "nul\0l", "\udc80", b"bytes":
    show("text", value)
show("new_text")
for value in "xy", 5, [3, 1], (1, "a"), None, {}:
    show("lists", value)
for value in [1, 2, 3], (3, 1), "1a", b"ab", range(4), {1: 2}, {1}, Odd(), Plain(), 5, iter([1, 2]), bytearray(b"q"):
    show("sequences", value)
for value in "key", 5, (1, 2), [1, 2], {"a": 1}, [("x", 1)], frozenset([1]), None:
    show("dicts", value)
for value in 5, "text", [1], Plain, Plain(), int, None, 1.5, sys, Odd():
    show("objects", value)
sys.stdout.flush()
show("imports")
