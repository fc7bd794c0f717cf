import sys
from _run import error, main

M = sys.monitoring
E = M.events
TOOL = 3


def record(function, *names):
    """What a tool that wants these events is told while the function runs."""
    seen = []
    code = function.__code__
    M.use_tool_id(TOOL, "recorder")
    wanted = 0
    for name in names:
        event = getattr(E, name)
        wanted |= event

        def note(where, *details, name=name):
            if where is code:
                seen.append((name, *details))

        M.register_callback(TOOL, event, note)
    M.set_events(TOOL, wanted)
    try:
        function()
    except Exception:
        pass
    finally:
        M.set_events(TOOL, 0)
        for name in names:
            M.register_callback(TOOL, getattr(E, name), None)
        M.free_tool_id(TOOL)
    return seen


def test_constants():
    assert (M.DEBUGGER_ID, M.COVERAGE_ID, M.PROFILER_ID, M.OPTIMIZER_ID) == (0, 1, 2, 5)
    assert E.NO_EVENTS == 0 and E.PY_START == 1 and E.LINE == 32 and E.C_RAISE == 65536
    assert M.DISABLE is not M.MISSING


def test_tools():
    assert M.get_tool(TOOL) is None
    M.use_tool_id(TOOL, "x")
    assert M.get_tool(TOOL) == "x"
    assert error(lambda: M.use_tool_id(TOOL, "y")) == "ValueError: tool 3 is already in use"
    assert error(lambda: M.use_tool_id(6, "y")) == "ValueError: invalid tool 6 (must be between 0 and 5)"
    assert error(lambda: M.use_tool_id(4, 5)) == "ValueError: tool name must be a str"
    M.free_tool_id(TOOL)
    assert error(lambda: M.set_events(TOOL, 1)) == "ValueError: tool 3 is not in use"


def test_event_sets():
    M.use_tool_id(TOOL, "x")
    try:
        assert error(lambda: M.set_events(TOOL, -1)) == "ValueError: invalid event set 0xffffffff"
        assert (error(lambda: M.set_events(TOOL, E.C_RETURN))
                == "ValueError: cannot set C_RETURN or C_RAISE events independently")
        assert (error(lambda: M.register_callback(TOOL, 3, None))
                == "ValueError: The callback can only be set for one event at a time")
        assert error(lambda: M.get_local_events(TOOL, 5)) == "TypeError: code must be a code object"
        M.set_events(TOOL, E.PY_START | E.CALL | E.C_RETURN | E.C_RAISE)
        assert M.get_events(TOOL) == E.PY_START | E.CALL
        assert M._all_events() == {"PY_START": 8, "CALL": 8}
        assert M.register_callback(TOOL, E.LINE, len) is None
        assert M.register_callback(TOOL, E.LINE, None) is len
    finally:
        M.set_events(TOOL, 0)
        M.free_tool_id(TOOL)
    assert M._all_events() == {}


def test_start_and_return():
    def f():
        return 5
    assert record(f, "PY_START", "PY_RETURN") == [("PY_START", 0), ("PY_RETURN", 2, 5)]


def test_lines():
    def f():
        x = 1
        for i in (1, 2):
            x += i
        return x
    first = f.__code__.co_firstlineno
    assert [line - first for _, line in record(f, "LINE")] == [1, 2, 3, 2, 3, 2, 4]


def test_calls_with_results():
    def f():
        len([1])
        int("x")
    M.use_tool_id(TOOL, "x")
    seen = []
    for event in (E.CALL, E.C_RETURN, E.C_RAISE):
        M.register_callback(TOOL, event, lambda code, offset, function, argument, event=event:
                            code is f.__code__ and seen.append((event, function, argument)))
    M.set_events(TOOL, E.CALL)
    try:
        f()
    except ValueError:
        pass
    finally:
        M.set_events(TOOL, 0)
        M.free_tool_id(TOOL)
    assert seen == [(E.CALL, len, [1]), (E.C_RETURN, len, [1]),
                    (E.CALL, int, "x"), (E.C_RAISE, int, "x")]


def test_exceptions():
    def f():
        try:
            try:
                1 / 0
            finally:
                x = 1
        except ZeroDivisionError:
            raise KeyError
    kinds = [(name, type(exception).__name__)
             for name, _, exception in record(f, "RAISE", "RERAISE", "EXCEPTION_HANDLED", "PY_UNWIND")]
    assert kinds[0] == ("RAISE", "ZeroDivisionError")
    assert kinds.count(("RERAISE", "ZeroDivisionError")) == 1
    assert kinds[-1] == ("PY_UNWIND", "KeyError")


def test_generators():
    def f():
        yield 1
        yield 2
    M.use_tool_id(TOOL, "x")
    seen = []
    for name in ("PY_START", "PY_YIELD", "PY_RESUME", "PY_RETURN", "PY_THROW", "PY_UNWIND"):
        M.register_callback(TOOL, getattr(E, name), lambda code, *rest, name=name:
                            code is f.__code__ and seen.append(name))
    M.set_events(TOOL, E.PY_START | E.PY_YIELD | E.PY_RESUME | E.PY_RETURN | E.PY_THROW | E.PY_UNWIND)
    try:
        g = f()
        next(g)
        next(g)
        try:
            g.throw(KeyError)
        except KeyError:
            pass
    finally:
        M.set_events(TOOL, 0)
        M.free_tool_id(TOOL)
    assert seen == ["PY_START", "PY_YIELD", "PY_RESUME", "PY_YIELD", "PY_THROW", "PY_UNWIND"]


def test_disable_and_restart():
    def f():
        pass
    seen = []
    M.use_tool_id(TOOL, "x")

    def note(code, offset):
        if code is f.__code__:
            seen.append(1)
            return M.DISABLE

    M.register_callback(TOOL, E.PY_START, note)
    M.set_events(TOOL, E.PY_START)
    try:
        f()
        f()
        assert len(seen) == 1
        M.restart_events()
        f()
        assert len(seen) == 2
    finally:
        M.set_events(TOOL, 0)
        M.register_callback(TOOL, E.PY_START, None)
        M.free_tool_id(TOOL)


def test_local_events():
    def f():
        return 1

    def g():
        return 2
    seen = []
    M.use_tool_id(TOOL, "x")
    M.register_callback(TOOL, E.PY_START, lambda code, offset: seen.append(code.co_name))
    M.set_local_events(TOOL, f.__code__, E.PY_START)
    try:
        f()
        g()
        assert seen == ["f"]
        assert M.get_local_events(TOOL, f.__code__) == E.PY_START
        assert M.get_events(TOOL) == 0
    finally:
        M.set_local_events(TOOL, f.__code__, 0)
        M.register_callback(TOOL, E.PY_START, None)
        M.free_tool_id(TOOL)
    f()
    assert seen == ["f"]


def test_branches_and_jumps():
    def f():
        for i in range(2):
            if i:
                pass
    names = [name for name, *_ in record(f, "BRANCH", "JUMP")]
    assert names.count("BRANCH") == 5
    assert "JUMP" in names


def test_disabling_exception_events_is_refused():
    def f():
        1 / 0
    M.use_tool_id(TOOL, "x")
    M.register_callback(TOOL, E.RAISE, lambda *_: M.DISABLE)
    M.set_events(TOOL, E.RAISE)
    try:
        found = error(lambda: f())
    finally:
        M.set_events(TOOL, 0)
        M.free_tool_id(TOOL)
    assert found == "ValueError: Cannot disable RAISE events. Callback removed."


main(globals())
