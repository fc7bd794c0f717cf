"""The mapping that frame.f_locals of a function is (PEP 667)."""
import sys


def show(title, function):
    try:
        print(title, function())
    except Exception as error:
        print(title, type(error).__name__, error)


class Impostor:
    def __hash__(self):
        return hash("x")

    def __eq__(self, other):
        return other == "x"


class Unhashable(str):
    __hash__ = None


def variables():
    x, y = 1, 2
    return sys._getframe()


proxy = variables().f_locals
Proxy = type(proxy)
show("keys", lambda: proxy.keys())
show("reversed", lambda: reversed(proxy))
show("or", lambda: proxy | {"z": 3})
show("or a list", lambda: proxy | [3])
show("update", lambda: proxy.update([1, 2]))
show("update", lambda: (proxy.update({"z": 5}), proxy["z"]))
show("like a name", lambda: proxy[Impostor()])
show("unhashable", lambda: proxy[Unhashable("x")])
show("pop", lambda: proxy.pop("x"))
show("pop", lambda: proxy.pop("z"))
show("pop", lambda: proxy.pop("q"))
show("pop", lambda: proxy.pop("q", 9))
show("new", lambda: Proxy())
show("new", lambda: Proxy(5))
show("new", lambda: Proxy(frame=sys._getframe()))
show("new", lambda: Proxy(variables()))
proxy["self"] = proxy
show("repr", lambda: repr(proxy))


def in_place():
    x = 1
    d = sys._getframe().f_locals
    d |= {"x": 5}
    show("in place", lambda: d.__ior__(3))
    return x


show("x", in_place)


def hidden():
    lambda: k
    k = 1
    return [locals()["k"] for k in [0]], k


show("hidden", hidden)


def cleared():
    value = object()
    raise ValueError


try:
    cleared()
except ValueError as error:
    frame = error.__traceback__.tb_next.tb_frame
frame.clear()
print(dict(frame.f_locals), frame.f_globals is globals(), frame.f_builtins is not None,
      frame.f_code.co_name)


def unbound():
    try:
        print(blech)
    except UnboundLocalError as error:
        print(error, error.name)
    blech = 1


unbound()


def last_line(function):
    frame = None

    def save():
        nonlocal frame
        frame = sys._getframe(1)

    function(save)
    return frame.f_lineno - frame.f_code.co_firstlineno


def ends(save):
    save()
    if save:
        pass


print(last_line(ends))
