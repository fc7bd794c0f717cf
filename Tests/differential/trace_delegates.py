# Recorded with a CPython 3.13.5.
# What a trace function sees of an await or yield from that ends, and of a generator that is closed.
import sys


async def agen():
    yield 1


class Countdown:
    def __init__(self, count):
        self.count = count

    def __iter__(self):
        return self

    def __next__(self):
        if not self.count:
            raise StopIteration("end")
        self.count -= 1
        return self.count


def plain():
    yield 1
    yield 2


def guarded():
    try:
        yield 1
    finally:
        pass


async def loop():
    async for item in agen():
        pass
    return item


def delegate(iterable):
    result = yield from iterable
    return result


def trace(frame, event, argument):
    if frame.f_code.co_filename == __file__ and frame.f_code.co_name not in ("<module>", "run"):
        shown = [argument[0].__name__, repr(argument[1])] if event == "exception" else ""
        print(" ", frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno, event, shown)
    return trace


def run(what, function):
    print(what)
    sys.settrace(trace)
    try:
        function()
    except StopIteration as error:
        print(" ", repr(error))
    finally:
        sys.settrace(None)


run("async for", lambda: loop().send(None))
run("object", lambda: list(delegate(Countdown(1))))
run("list", lambda: list(delegate([1])))
run("generator", lambda: list(delegate(plain())))
run("close", lambda: any(plain()))
run("close in try", lambda: any(guarded()))
generator = plain()
next(generator)
print(generator.close(), generator.gi_frame, generator.gi_running, generator.gi_suspended, list(generator))
