# Generators: send, throw, close, yield from, return values, errors.
import sys

from _run import describe, error, main



def test_iteration_and_return_value():
    def g():
        yield 1
        yield 2
        return 'done'
    it = g()
    assert next(it) == 1
    assert next(it) == 2
    assert error(lambda: next(it)) == "StopIteration: done"
    assert error(lambda: next(it)) == "StopIteration: "
    assert list(g()) == [1, 2]


def test_send():
    def g():
        got = []
        got.append((yield 'first'))
        got.append((yield 'second'))
        return got
    it = g()
    assert (error(lambda: it.send('early'))
            == "TypeError: can't send non-None value to a just-started generator")
    assert it.send(None) == "first"
    assert it.send('x') == "second"
    assert error(lambda: it.send('y')) == "StopIteration: ['x', 'y']"
    assert error(lambda: it.send('late')) == "StopIteration: "


def test_throw():
    def g():
        while True:
            try:
                yield 'value'
            except ValueError as e:
                yield 'caught ' + str(e)
    it = g()
    next(it)
    assert it.throw(ValueError('v')) == "caught v"
    assert next(it) == "value"
    assert it.throw(ValueError, 'two') == "caught two"
    assert error(lambda: it.throw(KeyError('out'))) == "KeyError: 'out'"
    assert next(it, 'finished') == "finished"
    assert error(lambda: g().throw(ValueError('not started'))) == "ValueError: not started"
    assert (error(lambda: g().throw(5))
            == "TypeError: exceptions must be classes or instances deriving from BaseException, not int")
    assert (error(lambda: g().throw(int))
            == "TypeError: exceptions must be classes or instances deriving from BaseException, not type")
    assert (error(lambda: g().throw(ValueError('x'), 'y'))
            == "TypeError: instance exception may not have a separate value")


def test_throw_into_finished_generator():
    it = (i for i in ())
    list(it)
    assert error(lambda: it.throw(ValueError('z'))) == "ValueError: z"
    assert it.close() is None


def test_close():
    log = []
    def g():
        try:
            yield 1
        finally:
            log.append('cleanup')
    it = g()
    next(it)
    assert it.close() is None
    assert log == ["cleanup"]
    assert next(it, 'closed') == "closed"
    g().close()
    assert log == ["cleanup"]


def test_close_returns_value():
    def g():
        try:
            yield 1
        except GeneratorExit:
            return 'returned'
    it = g()
    next(it)
    assert it.close() == "returned"
    assert it.close() is None


def test_close_ignoring_exit():
    def g():
        try:
            yield 1
        except GeneratorExit:
            yield 2
    it = g()
    next(it)
    assert error(lambda: it.close()) == "RuntimeError: generator ignored GeneratorExit"


def test_close_raising_something_else():
    def g():
        try:
            yield 1
        finally:
            raise KeyError('in close')
    it = g()
    next(it)
    assert error(lambda: it.close()) == "KeyError: 'in close'"


def test_yield_from_list():
    def g():
        yield 0
        r = yield from [1, 2]
        yield r
    assert list(g()) == [0, 1, 2, None]


def test_yield_from_generator_passes_everything():
    log = []
    def inner():
        try:
            x = yield 1
            log.append(x)
            y = yield 2
        except ValueError as e:
            log.append(str(e))
            yield 'after error'
        return 'result'
    def outer():
        r = yield from inner()
        log.append(r)
    it = outer()
    assert next(it) == 1
    assert it.send('sent') == 2
    assert it.throw(ValueError('thrown')) == "after error"
    assert next(it, 'end') == "end"
    assert log == ["sent", "thrown", "result"]


def test_yield_from_close():
    log = []
    def inner():
        try:
            yield 1
        finally:
            log.append('inner closed')
    def outer():
        try:
            yield from inner()
        finally:
            log.append('outer closed')
    it = outer()
    next(it)
    it.close()
    assert log == ["inner closed", "outer closed"]


def test_yield_from_custom_iterator():
    class It:
        def __iter__(self): return self
        def __next__(self): return 1
        def send(self, v): return 'sent ' + str(v)
        def throw(self, e): return 'thrown ' + type(e).__name__
        def close(self): self.closed = True
    i = It()
    def g(): yield from i
    it = g()
    assert next(it) == 1
    assert it.send(5) == "sent 5"
    assert it.throw(ValueError()) == "thrown ValueError"
    it.close()
    assert i.closed is True
    def h(): yield from iter([1, 2])
    k = h()
    next(k)
    assert (error(lambda: k.send(5))
            == "AttributeError: 'list_iterator' object has no attribute 'send'")


def test_yield_from_not_iterable():
    def g(): yield from 5
    assert error(lambda: list(g())) == "TypeError: 'int' object is not iterable"


def test_gi_yieldfrom():
    def inner(): yield 1
    def outer(): yield from inner()
    o = outer()
    assert o.gi_yieldfrom is None
    next(o)
    assert o.gi_yieldfrom.__name__ == "inner"
    assert o.gi_running is False
    assert o.gi_suspended is True
    assert (o.gi_frame.f_lineno > 0) is True
    list(o)
    assert o.gi_frame is None
    assert o.gi_yieldfrom is None
    assert o.gi_suspended is False


def test_already_executing():
    def g():
        yield next(it)
    it = g()
    assert error(lambda: next(it)) == "ValueError: generator already executing"


def test_stop_iteration_inside_becomes_runtime_error():
    def g():
        yield 1
        raise StopIteration('oops')
    it = g()
    next(it)
    try:
        next(it)
    except RuntimeError as e:
        caught = e
    assert str(caught) == "generator raised StopIteration"
    assert repr(caught.__cause__) == "StopIteration('oops')"
    def h():
        yield next(iter([]))
    assert error(lambda: list(h())) == "RuntimeError: generator raised StopIteration"


def test_stop_iteration_value():
    try:
        next((lambda: (yield))() if False else iter(()))
    except StopIteration as e:
        v = e.value
    assert v is None
    assert StopIteration(1, 2).value == 1
    assert StopIteration().value is None
    e = StopIteration(5)
    e.value = 6
    assert e.value == 6
    def g():
        return (1, 2)
        yield
    try:
        next(g())
    except StopIteration as e:
        v = e.value
    assert v == (1, 2)


def test_names_and_attributes():
    def g(): yield
    it = g()
    assert it.__name__ == "g"
    assert it.__qualname__.endswith('<locals>.g') is True
    it.__name__ = 'renamed'
    assert it.__name__ == "renamed"
    try:
        it.__name__ = 5
    except BaseException as exception:
        assert describe(exception) == "TypeError: __name__ must be set to a string object"
    else:
        assert False, "nothing raised"
    try:
        it.gi_running = True
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: attribute 'gi_running' of 'generator' objects is not writable")
    else:
        assert False, "nothing raised"
    assert (it.gi_code is g.__code__) is True
    assert (i for i in ()).__name__ == "<genexpr>"
    assert repr((i for i in ())).startswith('<generator object ') is True


def test_generator_expressions():
    assert list(x * x for x in range(4)) == [0, 1, 4, 9]
    assert sum(x for x in range(5) if x % 2) == 4
    assert list((x, y) for x in range(2) for y in 'ab') == [(0, "a"), (0, "b"), (1, "a"), (1, "b")]
    assert tuple(x for x in (y for y in 'abc')) == ("a", "b", "c")
    g = (1 / x for x in [1, 0])
    assert repr(next(g)) == "1.0"
    assert error(lambda: next(g)) == "ZeroDivisionError: division by zero"
    assert next(g, 'dead') == "dead"


def test_first_iterable_is_evaluated_at_once():
    def f():
        log.append('evaluated')
        return [1]
    log = []
    g = (x for x in f())
    assert log == ["evaluated"]
    assert error(lambda: (x for x in 5)) == "TypeError: 'int' object is not iterable"
    def h(): return (x for x in undefined_here)
    assert error(lambda: h()) == "NameError: name 'undefined_here' is not defined"


def test_lazy_evaluation():
    log = []
    def note(v):
        log.append(v)
        return v
    g = (note(x) for x in 'abc')
    next(g)
    assert log == ["a"]


def test_exception_context_inside_generators():
    def g():
        try:
            yield 1
        except ValueError:
            yield sys.exc_info()[0].__name__
        yield sys.exc_info()[0]
    it = g()
    next(it)
    assert it.throw(ValueError()) == "ValueError"
    assert next(it) is None
    def outer():
        it = g()
        next(it)
        try:
            raise KeyError('outer')
        except KeyError:
            it.throw(ValueError())
            r = sys.exc_info()[0].__name__
        return r
    assert outer() == "KeyError"


def test_generator_keeps_its_exception_state():
    def g():
        try:
            raise KeyError('mine')
        except KeyError:
            yield sys.exc_info()[0].__name__
            yield sys.exc_info()[0].__name__
    it = g()
    out = [next(it)]
    try:
        raise ValueError
    except ValueError:
        out.append(next(it))
        out.append(sys.exc_info()[0].__name__)
    assert out == ["KeyError", "KeyError", "ValueError"]


def test_context_of_raised_exceptions():
    def g():
        yield 1
        raise ValueError('from g')
    it = g()
    next(it)
    try:
        try:
            raise KeyError('outer')
        except KeyError:
            next(it)
    except ValueError as e:
        caught = e
    assert repr(caught.__context__) == "KeyError('outer')"


def test_finally_runs_when_deleted():
    log = []
    def g():
        try:
            yield
        finally:
            log.append('finalised')
    it = g()
    next(it)
    del it
    assert log == ["finalised"]


def test_generator_in_for_with_break():
    log = []
    def g():
        try:
            for i in range(5):
                yield i
        finally:
            log.append('end')
    for v in g():
        if v == 2:
            break
    assert log == ["end"]


def test_yield_as_expression():
    def g():
        x = yield
        y = (yield x), (yield)
        return y
    it = g()
    next(it)
    assert it.send(1) == 1
    assert it.send(2) is None
    assert error(lambda: it.send(3)) == "StopIteration: (2, 3)"
    def h():
        print_ = [(yield 1), (yield 2)]
        return {(yield 3): (yield 4)}
    assert list(h()) == [1, 2, 3, 4]


def test_lambda_generator():
    g = (lambda: (yield 5))()
    assert next(g) == 5
    assert error(lambda: g.send(6)) == "StopIteration: 6"


def test_recursive_generators():
    def tree(n):
        if n:
            yield from tree(n - 1)
            yield n
            yield from tree(n - 1)
    assert list(tree(3)) == [1, 2, 1, 3, 1, 2, 1]
    def perms(s):
        if len(s) < 2:
            yield s
        for i, c in enumerate(s):
            if len(s) > 1:
                for p in perms(s[:i] + s[i + 1:]):
                    yield c + p
    assert list(perms('abc')) == ["abc", "acb", "bac", "bca", "cab", "cba"]
    def count(n):
        if n:
            yield n
            yield from count(n - 1)
    assert sum(1 for _ in count(200)) == 200


def test_many_active_generators():
    def g(i):
        while True:
            i = (yield i) or i + 1
    gs = [g(i) for i in range(100)]
    assert sum(next(x) for x in gs) == 4950
    assert sum(next(x) for x in gs) == 5050
    assert gs[0].send(50) == 50


def test_yield_inside_try_finally_loops():
    log = []
    def g():
        for i in range(3):
            try:
                if i == 1:
                    continue
                yield i
            finally:
                log.append(i)
    assert list(g()) == [0, 2]
    assert log == [0, 1, 2]


def test_with_inside_generator():
    log = []
    class CM:
        def __enter__(self): log.append('enter')
        def __exit__(self, *a): log.append(a[0].__name__ if a[0] else None)
    def g():
        with CM():
            yield 1
    it = g()
    next(it)
    it.close()
    assert log == ["enter", "GeneratorExit"]
    it = g()
    next(it)
    assert error(it.throw, ValueError('x')) == "ValueError: x"
    assert log == ["enter", "GeneratorExit", "enter", "ValueError"]


def test_arguments_are_bound_at_call():
    def g(a, b=2, *args, **kw):
        yield a, b, args, kw
    assert next(g(1, 3, 4, x=5)) == (1, 3, (4,), {"x": 5})
    assert (error(lambda: g())
            == "TypeError: test_arguments_are_bound_at_call.<locals>.g() missing 1 required positional argument: 'a'")


def test_generator_type():
    def g(): yield
    assert type(g()).__name__ == "generator"
    assert (iter(it := g()) is it) is True
    assert hasattr(g(), '__len__') is False
    assert error(lambda: len(g())) == "TypeError: object of type 'generator' has no len()"
    assert error(lambda: type(g())()) == "TypeError: cannot create 'generator' instances"
    assert bool(g()) is True
    assert error(lambda: g()[0]) == "TypeError: 'generator' object is not subscriptable"


def test_syntax_errors():
    try:
        compile('yield 1', 'f', 'exec')
    except BaseException as exception:
        assert describe(exception) == "SyntaxError: 'yield' outside function (f, line 1)"
    else:
        assert False, "nothing raised"
    try:
        compile('yield from x', 'f', 'exec')
    except BaseException as exception:
        assert describe(exception) == "SyntaxError: 'yield from' outside function (f, line 1)"
    else:
        assert False, "nothing raised"
    try:
        compile('class C: yield 1', 'f', 'exec')
    except BaseException as exception:
        assert describe(exception) == "SyntaxError: 'yield' outside function (f, line 1)"
    else:
        assert False, "nothing raised"
    try:
        compile('[(yield 1) for x in y]', 'f', 'exec')
    except BaseException as exception:
        assert describe(exception) == "SyntaxError: 'yield' inside list comprehension (f, line 1)"
    else:
        assert False, "nothing raised"
    try:
        compile('x = [i for i in (yield)]', 'f', 'exec')
    except BaseException as exception:
        assert describe(exception) == "SyntaxError: 'yield' outside function (f, line 1)"
    else:
        assert False, "nothing raised"
    try:
        compile('def f(x=(yield)): pass', 'f', 'exec')
    except BaseException as exception:
        assert describe(exception) == "SyntaxError: 'yield' outside function (f, line 1)"
    else:
        assert False, "nothing raised"
    try:
        compile('def f():\n yield = 1', 'f', 'exec')
    except BaseException as exception:
        assert (describe(exception)
                == "SyntaxError: assignment to yield expression not possible (f, line 2)")
    else:
        assert False, "nothing raised"
    try:
        compile('def f():\n (yield) = 1', 'f', 'exec')
    except BaseException as exception:
        assert (describe(exception)
                == "SyntaxError: cannot assign to yield expression here. Maybe you meant '==' instead of '='? (f, line 2)")
    else:
        assert False, "nothing raised"
    try:
        compile('def f():\n del (yield)', 'f', 'exec')
    except BaseException as exception:
        assert describe(exception) == "SyntaxError: cannot delete yield expression (f, line 2)"
    else:
        assert False, "nothing raised"
    try:
        compile('await x', 'f', 'exec')
    except BaseException as exception:
        assert describe(exception) == "SyntaxError: 'await' outside function (f, line 1)"
    else:
        assert False, "nothing raised"
    try:
        compile('async def f():\n yield from x', 'f', 'exec')
    except BaseException as exception:
        assert describe(exception) == "SyntaxError: 'yield from' inside async function (f, line 2)"
    else:
        assert False, "nothing raised"
    try:
        compile('def f():\n await x', 'f', 'exec')
    except BaseException as exception:
        assert describe(exception) == "SyntaxError: 'await' outside async function (f, line 2)"
    else:
        assert False, "nothing raised"
    try:
        compile('def f(): x = yield = 1', 'f', 'exec')
    except BaseException as exception:
        assert (describe(exception)
                == "SyntaxError: assignment to yield expression not possible (f, line 1)")
    else:
        assert False, "nothing raised"
    try:
        compile('def f(): yield from', 'f', 'exec')
    except BaseException as exception:
        assert describe(exception) == "SyntaxError: invalid syntax (f, line 1)"
    else:
        assert False, "nothing raised"
    try:
        compile('async def f():\n return 1\n yield', 'f', 'exec')
    except BaseException as exception:
        assert (describe(exception)
                == "SyntaxError: 'return' with value in async generator (f, line 2)")
    else:
        assert False, "nothing raised"
    try:
        compile('((yield) for x in y)', 'f', 'exec')
    except BaseException as exception:
        assert describe(exception) == "SyntaxError: 'yield' inside generator expression (f, line 1)"
    else:
        assert False, "nothing raised"
    try:
        compile('lambda: await x', 'f', 'exec')
    except BaseException as exception:
        assert describe(exception) == "SyntaxError: 'await' outside async function (f, line 1)"
    else:
        assert False, "nothing raised"


main(globals())
