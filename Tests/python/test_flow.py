# Control flow where statements meet: loops with try, finally with jumps, nested functions.
from _run import error, main



def test_break_in_try_finally():
    log = []
    for i in range(3):
        try:
            if i == 1: break
            log.append(i)
        finally:
            log.append('f')
    assert log == [0, "f", "f"]


def test_continue_in_try_finally():
    log = []
    for i in range(3):
        try:
            if i == 1: continue
            log.append(i)
        finally:
            log.append('f')
    assert log == [0, "f", "f", 2, "f"]


def test_continue_in_finally():
    def f():
        for i in range(3):
            try:
                pass
            finally:
                continue
        return i
    assert f() == 2


def test_return_in_nested_finally():
    def f():
        try:
            try:
                return 'inner'
            finally:
                log.append('a')
        finally:
            log.append('b')
    log = []
    assert f() == "inner"
    assert log == ["a", "b"]


def test_return_value_is_computed_before_finally():
    def f():
        x = [1]
        try:
            return x[0]
        finally:
            x[0] = 2
    assert f() == 1


def test_exception_in_finally_replaces_return():
    def f():
        try:
            return 1
        finally:
            {}['missing']
    assert error(lambda: f()) == "KeyError: 'missing'"


def test_break_in_finally_swallows():
    def f():
        while True:
            try:
                raise ValueError
            finally:
                break
        return 'survived'
    assert f() == "survived"


def test_return_in_finally_of_loop():
    def f():
        for i in range(5):
            try:
                continue
            finally:
                if i == 3: return i
    assert f() == 3


def test_else_of_try_skips_except():
    def f():
        try:
            pass
        except ValueError:
            return 'handler'
        else:
            raise ValueError('from else')
    assert error(lambda: f()) == "ValueError: from else"


def test_nested_except_handlers():
    log = []
    try:
        try:
            raise ValueError('v')
        except TypeError:
            log.append('no')
        finally:
            log.append('inner finally')
    except ValueError as e:
        log.append(str(e))
    assert log == ["inner finally", "v"]


def test_exception_in_handler_goes_out():
    log = []
    def f():
        try:
            raise ValueError
        except ValueError:
            raise KeyError('k')
        finally:
            log.append('finally')
    assert error(lambda: f()) == "KeyError: 'k'"
    assert log == ["finally"]


def test_loop_else_with_try():
    def f(xs):
        for x in xs:
            try:
                if x == 2: break
            except ValueError:
                pass
        else:
            return 'else'
        return 'broke'
    assert [f([1]), f([1, 2])] == ["else", "broke"]


def test_nested_loop_else():
    def f(n):
        for i in range(2, n):
            for j in range(2, i):
                if i % j == 0: break
            else:
                yield i
    assert list(f(20)) == [2, 3, 5, 7, 11, 13, 17, 19]


def test_while_with_complex_conditions():
    n, log = 0, []
    while n < 10 and (n != 5 or not log):
        n += 1
        if n % 2: continue
        log.append(n)
    assert (n, log) == (5, [2, 4])


def test_break_out_of_while_true_in_with():
    class C:
        def __enter__(self): log.append('in')
        def __exit__(self, *a): log.append('out')
    log = []
    while True:
        with C():
            break
    assert log == ["in", "out"]


def test_return_inside_with_inside_for():
    class C:
        def __enter__(self): return self
        def __exit__(self, *a): log.append('closed')
    log = []
    def f():
        for i in range(3):
            with C():
                if i == 1: return i
    assert f() == 1
    assert log == ["closed", "closed"]


def test_generator_return_in_finally():
    def g():
        try:
            yield 1
            yield 2
        finally:
            return 'r'
    it = g()
    assert next(it) == 1
    assert it.close() == "r"
    def run(): return (yield from g())
    assert list(run()) == [1, 2]


def test_deep_nesting_of_everything():
    log = []
    def f(n):
        for i in range(n):
            try:
                while True:
                    try:
                        if i == 1: break
                        if i == 2: raise ValueError
                        continue_ = False
                        break
                    finally:
                        log.append(('inner', i))
            except ValueError:
                log.append(('caught', i))
            else:
                log.append(('else', i))
            finally:
                log.append(('outer', i))
    f(3)
    assert (log
            == [("inner", 0), ("else", 0), ("outer", 0), ("inner", 1), ("else", 1), ("outer", 1), ("inner", 2), ("caught", 2), ("outer", 2)])


def test_unreachable_code_is_fine():
    def f():
        return 1
        raise ValueError
        x = undefined
        yield_ = 2
    assert f() == 1
    def g():
        while True:
            return 2
        return 3
    assert g() == 2
    def h():
        if 0: return 'never'
        if 1: return 'always'
        return 'end'
    assert h() == "always"


def test_unreachable_yield_makes_a_generator():
    def f():
        return
        yield
    assert list(f()) == []
    def g():
        if False:
            yield
    assert list(g()) == []


def test_constant_conditions():
    def f():
        if None: return 1
        if '': return 2
        if 0.0: return 3
        if not 1: return 4
        while 0: return 5
        return 6 if __debug__ else 7
    assert f() == 6


def test_exception_types_from_expressions():
    kinds = {'a': ValueError, 'b': KeyError}
    def f(k):
        try:
            raise kinds[k]
        except kinds['a']:
            return 'a'
        except tuple(kinds.values()):
            return 'any'
    assert [f('a'), f('b')] == ["a", "any"]


def test_loop_variable_after_exception():
    def f():
        try:
            for i in range(5):
                if i == 3: raise ValueError
        except ValueError:
            return i
    assert f() == 3


def test_try_in_while_condition_function():
    def take(it):
        try:
            return next(it)
        except StopIteration:
            return None
    it = iter([1, 2])
    out = []
    while (x := take(it)) is not None: out.append(x)
    assert out == [1, 2]


def test_recursion_with_try_finally_counts():
    def f(n):
        try:
            return 0 if n == 0 else f(n - 1)
        finally:
            log.append(n)
    log = []
    f(4)
    assert log == [0, 1, 2, 3, 4]


def test_finally_with_generators_and_exceptions():
    def g():
        try:
            yield 1
        except ValueError:
            yield 'caught'
        finally:
            yield 'finally'
    it = g()
    assert next(it) == 1
    assert it.throw(ValueError) == "caught"
    assert next(it) == "finally"
    assert next(it, 'end') == "end"


def test_assert_in_control_flow():
    def f(x):
        assert x > 0, x
        return 'ok'
    assert f(1) == "ok"
    assert error(lambda: f(-1)) == "AssertionError: -1"


def test_match_inside_try_inside_loop():
    out = []
    for v in [1, 'a', None, [1, 2]]:
        try:
            match v:
                case int(): out.append('int')
                case str(): raise ValueError(v)
                case [a, b]: out.append(a + b)
                case _: continue
        except ValueError as e:
            out.append(str(e))
        finally:
            out.append('.')
    assert out == ["int", ".", "a", ".", ".", 3, "."]


def test_star_args_in_return_and_yield():
    def f(): return *[1], *(2, 3)
    def g():
        yield *[1, 2],
    assert f() == (1, 2, 3)
    assert list(g()) == [(1, 2)]


def test_many_returns():
    def f(x):
        if x == 1: return 'one'
        elif x == 2: return 'two'
        for i in range(x):
            if i == 3: return 'loop'
        else:
            if x == 3: return 'three'
        try:
            return 'try'
        finally:
            pass
    assert [f(x) for x in range(1, 6)] == ["one", "two", "three", "loop", "loop"]


main(globals())
