# Everything that can be reached is an object: it has a count and a type, and the type is an object too.
import ast
import collections.abc
import gc
import sys
from _run import main


def reachable(*roots):
    """Every object that the roots hold, directly or not."""
    found, waiting = {}, list(roots)
    while waiting:
        value = waiting.pop()
        if id(value) in found:
            continue
        found[id(value)] = value
        waiting.append(type(value))
        waiting.extend(gc.get_referents(value))
    return list(found.values())


def make_all_kinds():
    def generator():
        yield sys._getframe()
    async def coroutine():
        pass
    def outer(cell):
        return lambda: cell
    def traceback():
        try:
            1 / 0
        except ZeroDivisionError as error:
            return error
    started = generator()
    waiting = coroutine()
    kinds = [started, next(started), outer(1), outer(1).__closure__, traceback(), 1, 1.5, 1j, 'a', b'a', bytearray(b'a'),
             memoryview(b'a'), (), [], {}, set(), frozenset(), {}.keys(), {}.items(), iter([]), iter({}), range(3), slice(1),
             ..., None, NotImplemented, property(), staticmethod(len), classmethod(len), super(int, 1), zip(), map(len, []),
             filter(None, []), enumerate([]), reversed([]), [].append, int.__add__, (1).__add__, int.from_bytes, list[int],
             int | str, type, object, collections.abc.Sized, sys, ast.parse('1'), compile('1', 'f', 'eval'), type('T', (), {})()]
    waiting.close()
    return kinds


def test_every_reachable_value_is_an_object():
    values = reachable(sys.modules, make_all_kinds())
    assert len(values) > 10_000
    for value in values:
        assert isinstance(value, object)
        kind = type(value)
        assert isinstance(kind, type) and issubclass(kind, object), kind
        assert kind.__mro__[-1] is object, kind
        # The value lies in the list, in the loop's variable and in the call.
        assert sys.getrefcount(value) >= 3, kind


def test_types_end_at_type():
    kinds = {type(value) for value in reachable(make_all_kinds())}
    assert len(kinds) > 60
    for kind in kinds:
        metaclass = type(kind)
        steps = 0
        while metaclass is not type:
            metaclass, steps = type(metaclass), steps + 1
            assert steps < 5, kind
    assert type(type) is type


main(globals())
