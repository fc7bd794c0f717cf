"""The repr of a weak reference asks the type for the name, not the instance."""
import re
import weakref


class Mapping(dict):
    def __getattr__(self, name):
        return self[name]


class Named:
    pass


def function():
    pass


for thing in (Mapping(a=1), Named(), Named, function):
    print(re.sub("0x[0-9a-f]+", "0x", repr(weakref.ref(thing))))
