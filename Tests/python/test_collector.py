"""The cyclic collector: cycles, finalisers, weak references, generations, the gc module."""
import gc
import weakref


class Node:
    pass


def cycle():
    node = Node()
    node.me = node
    return node


# A cycle lives until a collection, and its weak reference with it.
gc.collect()
node = cycle()
reference = weakref.ref(node)
del node
assert reference() is not None
assert gc.collect() == 1
assert reference() is None

# Lists, dicts and functions that refer to themselves.
items = []
items.append(items)
del items
assert gc.collect() == 1
table = {}
table["self"] = table
del table
assert gc.collect() == 1


def maker():
    def inner():
        return inner
    return inner


maker()
assert gc.collect() == 3  # the function, its cell and its closure tuple

# Finalisers run once, also when they resurrect the object (PEP 442).
log = []
kept = []


class Lazarus:
    def __del__(self):
        log.append(self.name)
        kept.append(self)


lazarus = Lazarus()
lazarus.name = "first"
lazarus.me = lazarus
del lazarus
assert gc.collect() == 0
assert log == ["first"] and len(kept) == 1
assert gc.is_finalized(kept[0])
kept.clear()
assert gc.collect() == 1
assert log == ["first"]

# Callbacks of weak references to trash; the newest is called first.
calls = []
node = cycle()
reference = weakref.ref(node, lambda r: calls.append(r() is None))
del node
gc.collect()
assert calls == [True]
node = Node()
first = weakref.ref(node, lambda r: calls.append("first"))
second = weakref.ref(node, lambda r: calls.append("second"))
del node
assert calls == [True, "second", "first"]

# What is tracked.
assert not gc.is_tracked(()) and not gc.is_tracked(1) and not gc.is_tracked("a")
assert gc.is_tracked([]) and gc.is_tracked(Node())
assert not gc.is_tracked({}) and not gc.is_tracked({1: 2}) and gc.is_tracked({1: []})
atoms = tuple([1, 2, (3, 4)])
gc.collect()
assert not gc.is_tracked(atoms)

# Referrers and referents.
inner = [1]
outer = [inner]
assert any(each is outer for each in gc.get_referrers(inner))
assert gc.get_referents(outer) == [inner]
assert any(each is outer for each in gc.get_objects())

# Callbacks, statistics, thresholds, flags.
phases = []
gc.callbacks.append(lambda phase, info: phases.append((phase, sorted(info))))
gc.collect(0)
gc.callbacks.pop()
assert phases == [
    ("start", ["collected", "generation", "uncollectable"]),
    ("stop", ["collected", "generation", "uncollectable"]),
]
assert gc.get_threshold() == (2000, 10, 10)
gc.set_threshold(500)
assert gc.get_threshold() == (500, 10, 10)
gc.set_threshold(2000, 10, 10)
assert [sorted(each) for each in gc.get_stats()] == [["collected", "collections", "uncollectable"]] * 3
assert gc.isenabled()
gc.disable()
assert not gc.isenabled()
gc.enable()
for wrong in (-1, 3):
    try:
        gc.collect(wrong)
    except ValueError as error:
        assert str(error) == "invalid generation"
    else:
        assert False

# Freezing puts objects out of the collector's sight.
gc.freeze()
assert gc.get_freeze_count() > 0
gc.unfreeze()
assert gc.get_freeze_count() == 0

# DEBUG_SAVEALL keeps what was found.
gc.set_debug(gc.DEBUG_SAVEALL)
cycle()
gc.collect()
assert any(isinstance(each, Node) for each in gc.garbage)
gc.set_debug(0)
gc.garbage.clear()

# Collections start by themselves.
before = gc.get_stats()[0]["collections"]
for _ in range(20_000):
    a = Node()
    b = Node()
    a.other, b.other = b, a
assert gc.get_stats()[0]["collections"] > before

# A suspended generator in a cycle is closed.
def generator():
    try:
        yield 1
    finally:
        log.append("closed")


running = generator()
next(running)
node = cycle()
node.generator = running
del running, node
gc.collect()
assert log[-1] == "closed"

# Proxies end with their object.
node = Node()
node.value = 5
proxy = weakref.proxy(node)
assert proxy.value == 5
del node
try:
    proxy.value
except ReferenceError as error:
    assert str(error) == "weakly-referenced object no longer exists"
else:
    assert False
