# Names with surrogates in the messages of exceptions, and characters of the last planes.
import functools, re
def show(call):
    try:
        print(ascii(call()))
    except Exception as error:
        print(type(error).__name__, ascii(str(error)), ascii(getattr(error, "name", None)))
class A: __slots__ = ()
A.__name__ = A.__qualname__ = "A\U0010e123"
for name in ("\udcff", "a\ud800b", "\U0010ffff", "\U0010f8ff", "\u20ac"):
    show(lambda: getattr(1, name))
    show(lambda: setattr(1, name, 2))
    show(lambda: delattr(A(), name))
    show(lambda: {}[name])
    show(lambda: int(name))
    show(lambda: float(name))
    show(lambda: [].index(name))
    show(lambda: print(**{name: 1}))
    show(lambda: (lambda: 0)(**{name: 1}))
    show(lambda: __import__("os" + name))
    show(lambda: eval("x", {"__builtins__": {}}, {name: 1}))
    show(lambda: type(name, (), {})().missing)
    show(lambda: "{%s}" % name)
    show(lambda: format(1, name))
    show(lambda: "".encode(name))
    show(lambda: re.compile("(?P<%s>)" % name))
    show(lambda: functools.partial(len, **{name: 1})())
show(lambda: setattr(A(), "x", 1))
