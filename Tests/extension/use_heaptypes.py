# Types made from specs in a module of its own state.
import gc
import importlib.util
import pickle
import sys
import weakref
import heaptypes
from heaptypes import Counter, Function, Node, Number, count_up, facts, is_tracked, statistics, subtype


def show(function, *args, **named):
    try:
        return repr(function(*args, **named))
    except BaseException as error:
        return "%s: %s" % (type(error).__name__, error)


print(heaptypes.__doc__, heaptypes.__name__, heaptypes.__spec__.name)
for kind in Node, Number, Counter, Function, heaptypes.error, list, type("Own", (Node,), {"__slots__": ()}):
    print(kind, facts(kind))
print(show(facts, 5))

# Members and properties.
node = Node(1, number=4)
print(node, node.left, node.right, node.number, node.weight, node.flag, node.label, node.double)
for name, value in [("left", [1]), ("right", None), ("number", 2**31 - 1), ("number", "x"), ("number", 2**40), ("weight", 1.0),
                    ("flag", True), ("flag", 1), ("label", "new"), ("double", 21), ("double", "x"), ("extra", 5), ("__dictoffset__", 0)]:
    print(name, show(setattr, node, name, value), show(getattr, node, name))
for name in "left", "right", "number", "label", "double", "extra", "nothing":
    print("del", name, show(delattr, node, name), show(getattr, node, name))
print(Node.__doc__, Node.__text_signature__, Node.__module__, Node.__dictoffset__ > 0, Node.__weakrefoffset__ > 0)
print(sorted(Node.__dict__))
print(Node.left, Node.double, Node.double.__doc__, Node.left.__doc__)
print(show(Node, 1, 2, 3, 4), show(Node, number="x"), show(Node, wrong=1))
print(Node.make(7), Node.make.__doc__, Node.twice("ab"), show(node.fail, 1, 2, x=3))
print(node.__dict__, show(setattr, node, "__dict__", {"y": 1}), node.__dict__, node.y, show(setattr, node, "__dict__", 5))

# Cycles.
gc.collect()
start = statistics()
node = Node()
node.left = node
node.more = Node(node, node)
print(repr(node), is_tracked(node))
seen = []
reference = weakref.ref(node, lambda _: seen.append("gone"))
print(weakref.getweakrefcount(node), reference() is node, gc.get_referents(node)[:1] == [node] or type(gc.get_referents(node)[0]))
del node
print(reference() is not None, seen, gc.collect() >= 2, reference(), seen)
now = statistics()
print({key: now[key] - start[key] for key in ("live", "finalized")}, now["visited"], now["cleared"] >= start["cleared"] + 2)
class Sub(Node):
    def __del__(self):
        print("Sub is finalized")
sub = Sub(1, 2)
sub.attribute = sub
del sub
gc.collect()
print(statistics()["live"] - start["live"])
for value in Node(), Sub(), 5, [], (), Number(1), heaptypes:
    print(type(value).__name__, is_tracked(value))

# Subclasses.
class Slotted(Node):
    __slots__ = "a", "b"
value = Slotted(1)
value.a = 5
print(value.a, show(getattr, value, "b"), value.left)
Made = subtype(Node)
print(Made, Made.__mro__, Made.__doc__, Made(1, 2, 3), facts(Made)["gc"])
print(subtype(int)(5) + 1, subtype((Node,)).__base__, show(subtype, bool), show(subtype, 5), show(subtype, Counter))
class Mixed(Node, object):
    pass
print(show(type, "Bad", (Node, list), {}))

# Numbers.
a, b = Number(50), Number(60)
print(a + b, a - b, a * b, -a, a + 1, 1 + a, show(lambda: a + 10**30), show(lambda: a + "x"), show(lambda: a / b))
print(a < b, a <= b, a == 50, a != b, a > 3, show(lambda: a < "x"), a == "x", hash(a), bool(Number()), int(a), float(a), [1, 2, 3][Number(1)])
print({Number(5): 1}[5], sum([a, b]), sorted([b, a]), divmod(int(a), 7), hex(a), range(Number(3)))
class Own(Number):
    def __add__(self, other):
        return "Own.__add__"
    def __radd__(self, other):
        return "Own.__radd__"
print(a + Own(1), Own(1) + a, Own(1) + 5, 5 + Own(1), Own(3) * 2)
print(show(setattr, Number, "x", 1), show(setattr, Node, "x", 1), Node.x)

# Iteration, sequences, item assignment.
print(list(count_up(3, 7)), len(count_up(0, 5)), count_up(0, 9)[4], count_up(0, 9)[-2], 4 in count_up(0, 5), 9 in count_up(0, 5))
print(show(lambda: count_up(0, 3)[3]), show(lambda: "x" in count_up(0, 3)), show(list, count_up(10, 20)), show(Counter), show(next, count_up(1, 1)))
counter = count_up(0, 3)
counter["end"] = 5
print(list(counter), show(counter.__setitem__, "x", 1), show(counter.__delitem__, "x"), show(lambda: counter.__getitem__("x")))
print([*zip(count_up(0, 3), count_up(5, 8))], max(count_up(0, 4)), tuple(reversed(count_up(0, 4))), hash(counter) == hash(counter))

# Calls by vector.
function = Function()
print(function(), function(1, 2), function(1, k=2), function(*[1, 2], **{"a": 3}), function.calls)
class Holder:
    method = function
holder = Holder()
print(holder.method(1)[0][0] is holder, holder.method(1, x=2)[1:], Holder.method is function, type(holder.method).__name__)
print(show(function, **{"a": 1}, **{"b": 2}), list(map(function, [1, 2])), show(sorted, [2, 1], key=function))

# Each load executes the module anew.
spec = importlib.util.find_spec("heaptypes")
again = importlib.util.module_from_spec(spec)
print(hasattr(again, "Node"))
spec.loader.exec_module(again)
print(again.Node is Node, again.error is heaptypes.error, again.Number(5) == 5, issubclass(again.error, LookupError))
print(show(again.Node().fail), show(lambda: again.Number(1) + Number(1)))
print(show(pickle.dumps, Number(1)), show(pickle.loads, pickle.dumps(Node)))
del again
gc.collect()
