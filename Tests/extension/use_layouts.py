# Types that are laid out in less usual ways.
import copy
import gc
import pickle
import weakref
import warnings
import layouts
from layouts import Behind, Made, Managed, Members, Meta, Point, Shout, Steps, Watched

warnings.simplefilter("ignore")


def show(function, *args, **named):
    try:
        return repr(function(*args, **named))
    except BaseException as error:
        return "%s: %s" % (type(error).__name__, error)


value = Members()
for name in sorted(vars(Members)):
    if name.startswith("_"):
        continue
    print(name, show(getattr, value, name), getattr(Members, name).__doc__)
    for given in True, 1, -1, 127, 300, -40_000, 2**31, 2**32 - 1, 2**63, 2**64, -2**70, 1.5, "x", "xy", None:
        print("   ", repr(given), show(setattr, value, name, given), show(getattr, value, name))
    print("    del", show(delattr, value, name), show(getattr, value, name))

with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    for name in "an_uint", "an_ulong", "an_ulonglong", "an_ushort", "an_int", "a_byte", "an_ubyte":
        for given in -1, -2**40, 2**33, 2**40, -5:
            setattr(value, name, given)
            print(name, given, getattr(value, name), [str(warning.message) for warning in seen])
            seen.clear()

value = Behind([1, 2])
value.set("a note")
value.append(3)
print(value, len(value), value.get()[:2], value.get()[2] >= 16, value.number, isinstance(value, list), Behind.__base__, Behind.__basicsize__ > list.__basicsize__)
value.number = 7
class Deeper(Behind):
    def __init__(self, *args):
        super().__init__(*args)
        self.more = 1
deeper = Deeper("ab")
deeper.set(deeper)
print(deeper, deeper.get()[0], deeper.more, value.get()[0])
watch = weakref.ref(deeper)
del deeper
gc.collect()
print(watch())

managed = Managed()
managed.a = 1
managed.self = managed
print(vars(managed).keys(), managed.a, show(getattr, managed, "b"), weakref.ref(managed)() is managed)
managed.__dict__ = {"c": 3}
print(managed.__dict__, show(getattr, managed, "a"), managed.c)
managed.self = managed
watch = weakref.ref(managed)
class Sub(Managed):
    pass
sub = Sub()
sub.x = managed
del managed
print(watch() is not None, sub.x is watch(), vars(sub).keys())
del sub
gc.collect()
print(watch())

watched = Watched(a=1)
watched["b"] = 2
del watched["a"]
watched.update(c=3)
print(watched, watched.changes, isinstance(watched, dict), watched == {"b": 2, "c": 3}, Watched.__mro__, show(setattr, watched, "changes", 1))
class Own(Watched):
    def __setitem__(self, key, value):
        super().__setitem__(key, value * 2)
own = Own()
own["x"] = 4
print(own, own.changes, copy.copy(own), {**own}, show(Watched, 5))

shout = Shout("hey")
print(repr(shout), str(shout), shout.loud, shout(1, 2, k=3), shout + "x", shout == "hey", hash(shout) == hash("hey"), {"hey": 1}[shout], shout.upper(), show(getattr, shout, "soft"))
print(type(shout[1:]), Shout.__basicsize__ == str.__basicsize__, "%s" % shout, f"{shout!r:>12}|")

print(type(Made), Made.describe(), Made.__doc__, type(Made()), show(Meta, "New", (), {}), show(lambda: Meta("New", (Made,), {"x": 1}).describe()))
class Derived(Made):
    pass
print(type(Derived), Derived.describe())

print(list(Steps()), list(Steps(0)))
def outer():
    result = yield from Steps(2)
    return result
generator = outer()
print(next(generator), next(generator), show(generator.send, None))
async def awaiting():
    return await Steps(1)
coroutine = awaiting()
print(coroutine.send(None), show(coroutine.send, None))

point = layouts.point()
print(point, point.x, point.y, point[2], point.hidden, len(point), Point.n_fields, Point.n_sequence_fields, Point.n_unnamed_fields, Point.__doc__, Point.x.__doc__)
print(point == (0, 10, 20), tuple(point), show(Point, (1, 2)), show(Point, (1, 2, 3)), show(Point, (1, 2, 3, 4)), Point.__match_args__, show(copy.replace, point, x=5))
for value in layouts.dates():
    print(repr(value))
