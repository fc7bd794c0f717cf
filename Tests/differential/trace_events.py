"""Events of sys.settrace for loops, generators, with, except*, and jumps by f_lineno."""
import sys


def trace(function, *arguments):
    first = function.__code__.co_firstlineno
    events = []

    def tracer(frame, event, argument):
        if frame.f_code.co_filename == __file__:
            events.append((frame.f_code.co_name, frame.f_lineno - first, event))
        return tracer

    sys.settrace(tracer)
    try:
        function(*arguments)
    except Exception as error:
        sys.settrace(None)
        print(type(error).__name__, error)
    finally:
        sys.settrace(None)
    print(function.__name__)
    for event in events:
        print("  ", *event)


def loops():
    for i in range(2): pass
    for i in range(2):
        if i:
            continue
        x = [j for j in range(2)]
    while i:
        i -= 1
    else:
        x = 1


def generator():
    def items():
        yield 1
        yield 2
    for item in items():
        pass
    g = items()
    next(g)
    try:
        g.throw(KeyError)
    except KeyError:
        pass


def contexts():
    class Manager:
        def __enter__(self):
            return self

        def __exit__(self, *info):
            return True
    with Manager():
        1 / 0
    with Manager() as m, Manager():
        x = 1


def handlers():
    try:
        raise ExceptionGroup("g", [ValueError(1)])
    except* ValueError as group:
        x = 1
    except* TypeError:
        x = 2
    try:
        x = 3
    finally:
        x = 4
    return x


for function in (loops, generator, contexts, handlers):
    trace(function)


def jump(function, start, target):
    first = function.__code__.co_firstlineno
    done = []

    def tracer(frame, event, argument):
        if frame.f_code is function.__code__ and event == "line" and not done:
            if frame.f_lineno == first + start:
                done.append(1)
                frame.f_lineno = first + target
        return tracer

    sys.settrace(tracer)
    try:
        result = function()
    except Exception as error:
        sys.settrace(None)
        result = "%s: %s" % (type(error).__name__, error)
    finally:
        sys.settrace(None)
    print(function.__name__, start, target, result)


def plain():
    out = []
    out.append(1)
    out.append(2)
    out.append(3)
    return out


def loop():
    out = []
    for i in range(2):
        out.append(i)
        out.append("b")
    out.append("end")
    return out


def guarded():
    out = []
    try:
        out.append(1)
        out.append(2)
    except ValueError:
        out.append(3)
    finally:
        out.append(4)
    return out


jump(plain, 2, 4)
jump(plain, 4, 2)
jump(plain, 2, -1)
jump(plain, 2, 50)
jump(loop, 3, 5)
jump(loop, 2, 4)
jump(loop, 5, 3)
jump(guarded, 3, 4)
jump(guarded, 3, 6)
jump(guarded, 2, 9)
