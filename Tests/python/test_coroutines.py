# Coroutines, async generators, async with and async for, driven by hand.
import sys

from _run import describe, error, main


class Suspend:
    """Awaitable that suspends once with a value and returns what is sent."""
    def __init__(self, value): self.value = value
    def __await__(self):
        return (yield self.value)


def drive(co, *sends):
    """Runs a coroutine; returns the values it suspended with and how it ended."""
    out = []
    sends = list(sends)
    value = None
    try:
        while True:
            out.append(co.send(value))
            value = sends.pop(0) if sends else None
    except StopIteration as e:
        return out, e.value
    except Exception as e:
        return out, type(e).__name__ + ': ' + str(e)


def test_basic_await():
    async def f():
        x = await Suspend(1)
        y = await Suspend(2)
        return x, y
    assert drive(f(), 'a', 'b') == ([1, 2], ("a", "b"))


def test_nested_coroutines():
    async def inner(v):
        return await Suspend(v) + 1
    async def outer():
        return [await inner(i) for i in range(3)]
    assert drive(outer(), 10, 20, 30) == ([0, 1, 2], [11, 21, 31])


def test_return_without_suspending():
    async def f(): return 5
    assert drive(f()) == ([], 5)


def test_exceptions_travel():
    async def f():
        await Suspend(1)
        raise ValueError('from f')
    async def g():
        try:
            await f()
        except ValueError as e:
            return 'caught ' + str(e)
    assert drive(f()) == ([1], "ValueError: from f")
    assert drive(g()) == ([1], "caught from f")


def test_throw_into_a_coroutine():
    async def f():
        try:
            await Suspend('waiting')
        except KeyError as e:
            return 'handled'
    c = f()
    assert c.send(None) == "waiting"
    assert error(lambda: c.throw(KeyError('k'))) == "StopIteration: handled"


def test_close_a_coroutine():
    log = []
    async def f():
        try:
            await Suspend(1)
        finally:
            log.append('cleanup')
    c = f()
    c.send(None)
    assert c.close() is None
    assert log == ["cleanup"]
    assert error(lambda: c.send(None)) == "RuntimeError: cannot reuse already awaited coroutine"


def test_reuse_after_end():
    async def f(): return 1
    c = f()
    drive(c)
    assert error(lambda: c.send(None)) == "RuntimeError: cannot reuse already awaited coroutine"
    assert (error(lambda: c.throw(ValueError('x')))
            == "RuntimeError: cannot reuse already awaited coroutine")
    assert c.close() is None


def test_sending_to_unstarted():
    async def f(): pass
    c = f()
    assert (error(lambda: c.send(1))
            == "TypeError: can't send non-None value to a just-started coroutine")
    assert c.close() is None


def test_awaiting_twice():
    async def f(): return 1
    async def g():
        c = f()
        await c
        await c
    assert drive(g()) == ([], "RuntimeError: cannot reuse already awaited coroutine")
    async def busy():
        await me
    me = busy()
    assert drive(me) == ([], "ValueError: coroutine already executing")


def test_awaiting_what_cannot_be_awaited():
    async def f(): await 5
    async def g(): await (x for x in ())
    class Bad:
        def __await__(self): return 5
    async def h(): await Bad()
    class Bad2:
        def __await__(self): return [1]
    async def i(): await Bad2()
    class Co:
        def __await__(self): return self.c
    async def j():
        b = Co()
        b.c = f()
        try:
            await b
        finally:
            b.c.close()
    assert drive(f()) == ([], "TypeError: object int can't be used in 'await' expression")
    assert drive(g()) == ([], "TypeError: object generator can't be used in 'await' expression")
    assert drive(h()) == ([], "TypeError: __await__() returned non-iterator of type 'int'")
    assert drive(i()) == ([], "TypeError: __await__() returned non-iterator of type 'list'")
    assert drive(j()) == ([], "TypeError: __await__() returned a coroutine")


def test_coroutine_attributes():
    async def f(): await Suspend(1)
    c = f()
    assert c.__name__ == "f"
    assert c.cr_running is False
    assert c.cr_suspended is False
    assert c.cr_await is None
    c.send(None)
    assert c.cr_suspended is True
    assert type(c.cr_await).__name__ == "generator"
    assert (c.cr_code is f.__code__) is True
    assert c.cr_origin is None
    c.close()
    assert c.cr_frame is None
    assert error(lambda: iter(c)) == "TypeError: 'coroutine' object is not iterable"
    assert error(lambda: next(c)) == "TypeError: 'coroutine' object is not an iterator"
    assert error(lambda: [x for x in c]) == "TypeError: 'coroutine' object is not iterable"
    assert f.__code__.co_flags & 0x80 == 128
    assert type(c).__name__ == "coroutine"
    assert type(c.__await__()).__name__ == "coroutine_wrapper"


def test_async_for():
    class Count:
        def __init__(self, n): self.n = n
        def __aiter__(self): return self
        async def __anext__(self):
            if not self.n:
                raise StopAsyncIteration
            self.n -= 1
            return await Suspend(self.n)
    async def f():
        out = []
        async for v in Count(3):
            out.append(v)
        else:
            out.append('else')
        return out
    assert drive(f(), 'a', 'b', 'c') == ([2, 1, 0], ["a", "b", "c", "else"])


def test_async_for_break_and_continue():
    class Numbers:
        def __init__(self): self.i = 0
        def __aiter__(self): return self
        async def __anext__(self):
            self.i += 1
            return self.i
    async def f():
        out = []
        async for v in Numbers():
            if v % 2:
                continue
            if v > 6:
                break
            out.append(v)
        else:
            out.append('never')
        return out
    assert drive(f()) == ([], [2, 4, 6])


def test_async_for_errors():
    async def f():
        async for x in [1]: pass
    class A:
        def __aiter__(self): return 5
    class B:
        def __aiter__(self): return self
        def __anext__(self): return 5
    async def g():
        async for x in A(): pass
    async def h():
        async for x in B(): pass
    assert (drive(f())
            == ([], "TypeError: 'async for' requires an object with __aiter__ method, got list"))
    assert (drive(g())
            == ([], "TypeError: 'async for' received an object from __aiter__ that does not implement __anext__: int"))
    assert (drive(h())
            == ([], "TypeError: 'async for' received an invalid object from __anext__: int"))


def test_async_comprehension():
    class Numbers:
        def __init__(self, n): self.i, self.n = 0, n
        def __aiter__(self): return self
        async def __anext__(self):
            if self.i == self.n:
                raise StopAsyncIteration
            self.i += 1
            return self.i
    async def f():
        return ([x async for x in Numbers(3)], {x async for x in Numbers(2)}, {x: x * 2 async for x in Numbers(2)},
                [x async for x in Numbers(4) if x % 2], [y async for x in Numbers(2) for y in range(x)])
    assert drive(f()) == ([], ([1, 2, 3], {1, 2}, {1: 2, 2: 4}, [1, 3], [0, 0, 1]))
    async def g(): return [await Suspend(x) for x in range(2)]
    assert drive(g(), 'a', 'b') == ([0, 1], ["a", "b"])
    async def h():
        gen = (x async for x in Numbers(2))
        return [x async for x in gen]
    assert drive(h()) == ([], [1, 2])
    async def i(): return [[x async for x in Numbers(n)] for n in range(3)]
    assert drive(i()) == ([], [[], [1], [1, 2]])


def test_async_with():
    log = []
    class CM:
        async def __aenter__(self):
            log.append('enter')
            return await Suspend('entering')
        async def __aexit__(self, t, v, tb):
            log.append(t and t.__name__)
            await Suspend('leaving')
            return t is ValueError
    async def f():
        async with CM() as x:
            log.append(x)
        async with CM():
            raise ValueError('swallowed')
        async with CM():
            raise KeyError('passes')
    assert (drive(f(), 'given')
            == (["entering", "leaving", "entering", "leaving", "entering", "leaving"], "KeyError: 'passes'"))
    assert log == ["enter", "given", None, "enter", "ValueError", "enter", "KeyError"]


def test_async_with_errors():
    async def f():
        async with 5: pass
    class A:
        async def __aenter__(self): pass
    async def g():
        async with A(): pass
    class B:
        def __aenter__(self): return 5
        def __aexit__(self, *a): return 5
    async def h():
        async with B(): pass
    class Plain:
        def __enter__(self): pass
        def __exit__(self, *a): pass
    async def i():
        async with Plain(): pass
    def j():
        class AW:
            async def __aenter__(self): pass
            async def __aexit__(self, *a): pass
        with AW(): pass
    assert (drive(f())
            == ([], "TypeError: 'int' object does not support the asynchronous context manager protocol"))
    assert (drive(g())
            == ([], "TypeError: 'A' object does not support the asynchronous context manager protocol (missed __aexit__ method)"))
    assert (drive(h())
            == ([], "TypeError: 'async with' received an object from __aenter__ that does not implement __await__: int"))
    assert (drive(i())
            == ([], "TypeError: 'Plain' object does not support the asynchronous context manager protocol"))
    assert (error(lambda: j())
            == "TypeError: 'AW' object does not support the context manager protocol")


def test_async_generator():
    async def ag():
        x = yield 1
        y = yield x
        await Suspend('mid')
        yield y
    async def f():
        out = []
        g = ag()
        out.append(await g.__anext__())
        out.append(await g.asend('sent'))
        out.append(await g.asend('again'))
        try:
            await g.__anext__()
        except StopAsyncIteration:
            out.append('stop')
        return out
    assert drive(f()) == (["mid"], [1, "sent", "again", "stop"])


def test_async_generator_athrow_and_aclose():
    log = []
    async def ag():
        try:
            yield 1
            yield 2
        except ValueError:
            yield 'caught'
        finally:
            log.append('closed')
    async def f():
        g = ag()
        out = [await g.__anext__(), await g.athrow(ValueError('v'))]
        await g.aclose()
        return out
    assert drive(f()) == ([], [1, "caught"])
    assert log == ["closed"]
    async def h():
        g = ag()
        await g.aclose()
        try:
            await g.__anext__()
        except StopAsyncIteration:
            return 'ended'
    assert drive(h()) == ([], "ended")


def test_async_generator_ignoring_close():
    async def ag():
        try:
            yield 1
        except GeneratorExit:
            yield 2
    async def f():
        g = ag()
        await g.__anext__()
        await g.aclose()
    assert drive(f()) == ([], "RuntimeError: async generator ignored GeneratorExit")


def test_async_generator_attributes():
    async def ag(): yield 1
    g = ag()
    assert g.__name__ == "ag"
    assert g.ag_running is False
    assert g.ag_await is None
    assert (g.ag_code is ag.__code__) is True
    assert type(g).__name__ == "async_generator"
    assert (g.__aiter__() is g) is True
    assert error(lambda: iter(g)) == "TypeError: 'async_generator' object is not iterable"
    assert (aiter(g) is g) is True
    assert type(g.__anext__()).__name__ == "async_generator_asend"
    assert type(g.asend(1)).__name__ == "async_generator_asend"
    assert type(g.aclose()).__name__ == "async_generator_athrow"


def test_sending_to_new_async_generator():
    async def ag(): yield 1
    async def f():
        await ag().asend(5)
    assert (drive(f())
            == ([], "TypeError: can't send non-None value to a just-started async generator"))


def test_stop_iteration_inside_coroutine():
    async def f(): raise StopIteration('x')
    async def g():
        yield 1
        raise StopAsyncIteration('y')
    async def h():
        it = g()
        await it.__anext__()
        await it.__anext__()
    async def i():
        it = k()
        await it.__anext__()
    async def k():
        raise StopIteration('z')
        yield
    assert drive(f()) == ([], "RuntimeError: coroutine raised StopIteration")
    assert drive(h()) == ([], "RuntimeError: async generator raised StopAsyncIteration")
    assert drive(i()) == ([], "RuntimeError: async generator raised StopIteration")


def test_anext_and_aiter_builtins():
    async def ag():
        yield 1
    async def f():
        g = ag()
        return await anext(g), await anext(g, 'default'), await anext(g, None)
    assert drive(f()) == ([], (1, "default", None))
    assert error(lambda: anext(5)) == "TypeError: 'int' object is not an async iterator"
    assert error(lambda: aiter(5)) == "TypeError: 'int' object is not an async iterable"
    assert error(lambda: aiter()) == "TypeError: aiter() takes exactly one argument (0 given)"
    assert error(lambda: anext()) == "TypeError: anext expected at least 1 argument, got 0"
    async def h():
        return await anext(ag())
    assert drive(h()) == ([], 1)
    async def i():
        g = ag()
        await anext(g)
        await anext(g)
    assert drive(i()) == ([], "StopAsyncIteration: ")


def test_await_in_expressions():
    async def v(x): return x
    async def f():
        return (await v(1) + await v(2), -await v(3), (await v([1, 2]))[0], await v(2) ** 2,
                f'{await v("f")}', {await v('k'): await v('v')}, await v(1) if await v(True) else 0,
                [*await v([7]), await v(8)], not await v(0), await v(1) < await v(2))
    assert repr(drive(f())) == "([], (3, -3, 1, 4, 'f', {'k': 'v'}, 1, [7, 8], True, True))"


def test_await_in_arguments_and_assignments():
    async def v(x): return x
    async def f(a=0):
        d = {}
        d[await v('k')] = await v('w')
        x = y = await v(3)
        x += await v(1)
        if (z := await v(9)) > 5:
            pass
        for i in await v([1]):
            pass
        assert await v(True)
        del d[await v('k')]
        return d, x, y, z, i, max(await v(1), await v(2), key=await v(abs))
    assert drive(f()) == ([], ({}, 4, 3, 9, 1, 2))


def test_types_coroutine_generators():
    def gen():
        x = yield 'from generator'
        return x
    class Wrap:
        def __await__(self): return gen()
    async def f(): return await Wrap()
    assert drive(f(), 'sent') == (["from generator"], "sent")


def test_finally_with_await():
    log = []
    async def f():
        try:
            await Suspend('try')
            return 'returned'
        finally:
            log.append(await Suspend('finally'))
    assert drive(f(), 1, 2) == (["try", "finally"], "returned")
    assert log == [2]


def test_asyncgen_hooks():
    seen = []
    old = sys.get_asyncgen_hooks()
    sys.set_asyncgen_hooks(firstiter=lambda g: seen.append(g.__name__))
    async def ag(): yield 1
    async def f():
        async for x in ag(): pass
    drive(f())
    sys.set_asyncgen_hooks(*old)
    assert seen == ["ag"]
    assert repr(sys.get_asyncgen_hooks()) == "asyncgen_hooks(firstiter=None, finalizer=None)"
    assert (error(lambda: sys.set_asyncgen_hooks(firstiter=5))
            == "TypeError: callable firstiter expected, got int")


def test_coroutine_origin_tracking():
    assert sys.get_coroutine_origin_tracking_depth() == 0
    sys.set_coroutine_origin_tracking_depth(2)
    async def f(): pass
    c = f()
    sys.set_coroutine_origin_tracking_depth(0)
    c.close()
    assert len(c.cr_origin) == 2
    assert c.cr_origin[0][2].startswith('test_') is True
    assert (error(lambda: sys.set_coroutine_origin_tracking_depth(-1))
            == "ValueError: depth must be >= 0")


def test_syntax_errors():
    assert (error(lambda: compile('async with x: pass', 'f', 'exec'))
            == "SyntaxError: 'async with' outside async function (f, line 1)")
    assert (error(lambda: compile('async for x in y: pass', 'f', 'exec'))
            == "SyntaxError: 'async for' outside async function (f, line 1)")
    assert (error(lambda: compile('[x async for x in y]', 'f', 'exec'))
            == "SyntaxError: asynchronous comprehension outside of an asynchronous function (f, line 1)")
    assert (error(lambda: compile('def f():\n async with x: pass', 'f', 'exec'))
            == "SyntaxError: 'async with' outside async function (f, line 2)")
    assert (error(lambda: compile('def f():\n [x async for x in y]', 'f', 'exec'))
            == "SyntaxError: asynchronous comprehension outside of an asynchronous function (f, line 2)")
    assert (error(lambda: compile('async x = 1', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    try:
        compile('async def f(): return [(yield) for x in y]', 'f', 'exec')
    except BaseException as exception:
        assert describe(exception) == "SyntaxError: 'yield' inside list comprehension (f, line 1)"
    else:
        assert False, "nothing raised"
    assert (error(lambda: compile('async lambda: 1', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    try:
        compile('async def f():\n yield\n return 5', 'f', 'exec')
    except BaseException as exception:
        assert (describe(exception)
                == "SyntaxError: 'return' with value in async generator (f, line 3)")
    else:
        assert False, "nothing raised"
    try:
        compile('async def f(x=await y): pass', 'f', 'exec')
    except BaseException as exception:
        assert describe(exception) == "SyntaxError: 'await' outside function (f, line 1)"
    else:
        assert False, "nothing raised"
    try:
        compile('await = 1', 'f', 'exec')
    except BaseException as exception:
        assert describe(exception) == "SyntaxError: invalid syntax (f, line 1)"
    else:
        assert False, "nothing raised"
    assert (error(lambda: compile('async = 1', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('def async(): pass', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    try:
        compile('async def f(): await', 'f', 'exec')
    except BaseException as exception:
        assert describe(exception) == "SyntaxError: invalid syntax (f, line 1)"
    else:
        assert False, "nothing raised"
    try:
        compile('async def f(): await = 1', 'f', 'exec')
    except BaseException as exception:
        assert describe(exception) == "SyntaxError: invalid syntax (f, line 1)"
    else:
        assert False, "nothing raised"
    assert error(lambda: compile('async', 'f', 'exec')) == "SyntaxError: invalid syntax (f, line 1)"
    assert (error(lambda: compile('async if x: pass', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")


def test_async_comprehension_in_class_and_lambda():
    async def f():
        g = lambda: [1]
        return g()
    assert drive(f()) == ([], [1])
    try:
        compile('async def f():\n class C:\n  [await x for x in y]', 'f', 'exec')
    except BaseException as exception:
        assert (describe(exception)
                == "SyntaxError: asynchronous comprehension outside of an asynchronous function (f, line 3)")
    else:
        assert False, "nothing raised"
    assert (error(lambda: compile('async def f():\n lambda: [x async for x in y]', 'f', 'exec'))
            == "SyntaxError: asynchronous comprehension outside of an asynchronous function (f, line 2)")
    assert (type(compile('async def f():\n [[x async for x in y] for z in w]', 'f', 'exec')).__name__
            == "code")


main(globals())
