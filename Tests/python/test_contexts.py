# The with statement.
import sys

from _run import describe, error, main


class CM:
    """Records what happens to it; its exit returns `result`."""
    def __init__(self, log, name='cm', result=None):
        self.log, self.name, self.result = log, name, result
    def __enter__(self):
        self.log.append('enter ' + self.name)
        return self.name
    def __exit__(self, kind, value, trace):
        self.log.append('exit %s %s' % (self.name, kind and kind.__name__))
        return self.result


def test_normal_exit():
    log = []
    with CM(log) as x:
        log.append(x)
    assert log == ["enter cm", "cm", "exit cm None"]


def test_exception_passes():
    log = []
    def f():
        with CM(log):
            1 / 0
    assert error(lambda: f()) == "ZeroDivisionError: division by zero"
    assert log == ["enter cm", "exit cm ZeroDivisionError"]


def test_exception_swallowed():
    log = []
    with CM(log, result=True):
        1 / 0
    log.append('after')
    assert log == ["enter cm", "exit cm ZeroDivisionError", "after"]


def test_truthiness_of_exit():
    log = []
    def f(result):
        with CM(log, result=result):
            raise ValueError('v')
        return 'swallowed'
    assert f(1) == "swallowed"
    assert error(lambda: f([])) == "ValueError: v"
    assert f('yes') == "swallowed"
    assert error(lambda: f(0)) == "ValueError: v"
    class BadBool:
        def __bool__(self): raise TypeError('no bool')
    assert error(lambda: f(BadBool())) == "TypeError: no bool"


def test_several_managers():
    log = []
    with CM(log, 'a') as a, CM(log, 'b') as b:
        log.append(a + b)
    assert log == ["enter a", "enter b", "ab", "exit b None", "exit a None"]
    log.clear()
    with (CM(log, 'a') as a, CM(log, 'b'),):
        pass
    assert log == ["enter a", "enter b", "exit b None", "exit a None"]
    log.clear()
    with (CM(log, 'x')):
        pass
    assert log == ["enter x", "exit x None"]


def test_inner_swallows_outer_sees_nothing():
    log = []
    with CM(log, 'out'), CM(log, 'in', True):
        raise KeyError
    assert log == ["enter out", "enter in", "exit in KeyError", "exit out None"]


def test_enter_raises():
    log = []
    class Bad:
        def __enter__(self): raise ValueError('enter')
        def __exit__(self, *a): log.append('not called')
    def f():
        with CM(log), Bad():
            log.append('body')
    assert error(lambda: f()) == "ValueError: enter"
    assert log == ["enter cm", "exit cm ValueError"]


def test_exit_raises():
    class Bad:
        def __enter__(self): pass
        def __exit__(self, *a): raise KeyError('exit')
    def f():
        with Bad():
            raise ValueError('body')
    try:
        f()
    except KeyError as e:
        caught = e
    assert repr(caught.__context__) == "ValueError('body')"
    def g():
        with Bad(): pass
    assert error(lambda: g()) == "KeyError: 'exit'"


def test_return_break_continue_run_exit():
    log = []
    def f():
        with CM(log):
            return 'r'
    assert f() == "r"
    for i in range(2):
        with CM(log, str(i)):
            if i == 0:
                continue
            break
    assert log == ["enter cm", "exit cm None", "enter 0", "exit 0 None", "enter 1", "exit 1 None"]


def test_return_overridden_in_exit():
    log = []
    def f():
        for i in range(3):
            with CM(log):
                with CM(log, 'inner'):
                    return i
    assert f() == 0
    assert log == ["enter cm", "enter inner", "exit inner None", "exit cm None"]


def test_targets():
    log = []
    d = {}
    with CM(log, 'ab') as (x, y), CM(log, 'z') as d['k']:
        pass
    assert (x, y, d) == ("a", "b", {"k": "z"})
    with CM(log, 'pq') as [p, *q]:
        pass
    assert (p, q) == ("p", ["q"])
    class O: pass
    o = O()
    with CM(log) as o.attr:
        pass
    assert o.attr == "cm"
    def f():
        with CM(log, 'ab') as (x, y, z):
            pass
    log.clear()
    assert error(lambda: f()) == "ValueError: not enough values to unpack (expected 3, got 2)"
    assert log == ["enter ab", "exit ab ValueError"]


def test_missing_methods():
    class NoEnter:
        def __exit__(self, *a): pass
    class NoExit:
        def __enter__(self): pass
    def f(cm):
        with cm: pass
    assert (error(lambda: f(5))
            == "TypeError: 'int' object does not support the context manager protocol")
    assert (error(lambda: f(NoEnter()))
            == "TypeError: 'NoEnter' object does not support the context manager protocol")
    assert (error(lambda: f(NoExit()))
            == "TypeError: 'NoExit' object does not support the context manager protocol (missed __exit__ method)")
    assert (error(lambda: f(None))
            == "TypeError: 'NoneType' object does not support the context manager protocol")
    class Async:
        async def __aenter__(self): pass
        async def __aexit__(self, *a): pass
    assert (error(lambda: f(Async()))
            == "TypeError: 'Async' object does not support the context manager protocol")
    assert (error(lambda: f(CM))
            == "TypeError: 'type' object does not support the context manager protocol")


def test_methods_are_looked_up_on_the_type():
    class C: pass
    c = C()
    c.__enter__ = lambda: 1
    c.__exit__ = lambda *a: None
    def f():
        with c: pass
    assert (error(lambda: f())
            == "TypeError: 'C' object does not support the context manager protocol")


def test_exit_gets_the_exception():
    got = []
    class C:
        def __enter__(self): pass
        def __exit__(self, *a):
            got.extend([a[0].__name__, str(a[1]), type(a[2]).__name__])
            return True
    with C():
        raise ValueError('v')
    assert got == ["ValueError", "v", "traceback"]


def test_generator_manager_by_hand():
    class Manager:
        def __init__(self, g): self.g = g
        def __enter__(self): return next(self.g)
        def __exit__(self, t, v, tb):
            if v is None:
                next(self.g, None)
                return False
            try:
                self.g.throw(v)
            except StopIteration:
                return True
    log = []
    def m():
        try:
            yield 5
        except ValueError:
            log.append('handled')
    with Manager(m()) as v:
        raise ValueError
    assert (v, log) == (5, ["handled"])


def test_nested_functions_and_closures():
    log = []
    def f():
        with CM(log) as x:
            def g(): return x
        return g()
    assert f() == "cm"


def test_with_in_loops_and_try():
    log = []
    for i in range(2):
        try:
            with CM(log, str(i)):
                if i:
                    raise ValueError
        except ValueError:
            log.append('outer')
        else:
            log.append('else')
        finally:
            log.append('fin')
    assert (log
            == ["enter 0", "exit 0 None", "else", "fin", "enter 1", "exit 1 ValueError", "outer", "fin"])


def test_context_after_swallowed_exception():
    def f():
        log = []
        with CM(log, result=True):
            raise ValueError
        return sys.exc_info()
    assert f() == (None, None, None)


def test_syntax():
    assert (error(lambda: compile('with a as 1: pass', 'f', 'exec'))
            == "SyntaxError: cannot assign to literal (f, line 1)")
    assert (error(lambda: compile('with a as f(): pass', 'f', 'exec'))
            == "SyntaxError: cannot assign to function call (f, line 1)")
    assert type(compile('with a as b.c, d as e[0]: pass', 'f', 'exec')).__name__ == "code"
    assert type(compile('with (a as b): pass', 'f', 'exec')).__name__ == "code"
    assert type(compile('with (a, b) as c: pass', 'f', 'exec')).__name__ == "code"
    assert type(compile('with (a as b, c as d,): pass', 'f', 'exec')).__name__ == "code"
    assert error(lambda: compile('with a', 'f', 'exec')) == "SyntaxError: expected ':' (f, line 1)"
    assert (error(lambda: compile('with a:', 'f', 'exec'))
            == "IndentationError: expected an indented block after 'with' statement on line 1 (f, line 1)")
    assert (error(lambda: compile('with: pass', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('with a as: pass', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('with (a as b) as c: pass', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('with a as *b: pass', 'f', 'exec'))
            == "SyntaxError: starred assignment target must be in a list or tuple (f, line 1)")
    assert (error(lambda: compile('with a as (b + c): pass', 'f', 'exec'))
            == "SyntaxError: cannot assign to expression (f, line 1)")
    assert type(compile('with (a for a in b): pass', 'f', 'exec')).__name__ == "code"
    try:
        compile('with (yield): pass', 'f', 'exec')
    except BaseException as exception:
        assert describe(exception) == "SyntaxError: 'yield' outside function (f, line 1)"
    else:
        assert False, "nothing raised"
    assert type(compile('with a, b: pass', 'f', 'exec')).__name__ == "code"
    assert type(compile('with (a, b): pass', 'f', 'exec')).__name__ == "code"
    assert type(compile('with (a): pass', 'f', 'exec')).__name__ == "code"
    assert (error(lambda: compile('with a as None: pass', 'f', 'exec'))
            == "SyntaxError: cannot assign to None (f, line 1)")


def test_many_nested():
    log = []
    def f(n):
        if n == 0:
            raise KeyError
        with CM(log, str(n)):
            f(n - 1)
    assert error(lambda: f(30)) == "KeyError: "
    assert len(log) == 60
    assert log[-1] == "exit 30 KeyError"


main(globals())
