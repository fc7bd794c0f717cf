# compile, eval, exec, import and output while memory runs out.
import os, sys
from _run import main

SOURCE = '''
import sys as system
from os import path, sep as separator
X: int = 5
def function(a, b=1, *args, c, d=2, **keywords):
    """Text."""
    global G
    G = [i ** 2 for i in range(a) if i % 2]
    def inner():
        nonlocal a
        a += 1
        return lambda: a
    with open("x") as f, open("y") as g:
        yield f, g
    try:
        return {1: 2, **keywords}, {1, 2}, f"{a!r:>{b}} {c=}"
    except (ValueError, TypeError) as e:
        raise RuntimeError from e
    finally:
        del b
async def coroutine():
    async with a as b:
        async for x in y:
            await z
class C[T](list, metaclass=type):
    x = 1.5, 2j, b"bytes", 10 ** 20, "text", None, True, ...
    @property
    def p(self): return super().p
match X:
    case ({"a": [1, *_]} | C(x=1)) as whole: pass
    case {"b": _, **rest}: pass
    case "s" | -1.5: pass
while X and not Y or Z:
    if (n := 5) > 3 != 2: break
    else: continue
else:
    assert X, "message"
'''


def test_compile():
    compile(SOURCE, "<source>", "exec")


def test_compile_expression():
    compile("a + b * (c, [d], {e: f}) if g else lambda x: x.y[1:2](z, *w, **v)", "<e>", "eval")


def test_compile_single():
    compile("x = 1", "<s>", "single")


def test_syntax_errors():
    for text in ("def f(:", "a b", "f(1", "'abc", "  x", "return", "x = = 1", "f() = 1", "for", "1 +", "{1: }", "print 1", "\x00"):
        try:
            compile(text, "<bad>", "exec")
        except (SyntaxError, ValueError):
            pass


def test_tree():
    import ast
    tree = ast.parse("def f(a, *b, c=1): return [x for x in a if x] + {1: 2}[1]")
    ast.dump(tree), compile(tree, "<tree>", "exec")


def test_eval():
    eval("1 + 2"), eval("[x * 1000 for x in range(5)]"), eval("a + b", {"a": "x", "b": "y"}), eval("lambda: 5")()


def test_exec():
    exec("def f(x):\n  return x * 2\nclass C: y = f(2000)\nz = C().y", {})


def test_marshal():
    import marshal
    code = compile("def f(a): return a + 1.5, 'text', 10 ** 30, (1, 2), b'x', None", "<m>", "exec")
    marshal.loads(marshal.dumps(code)), marshal.loads(marshal.dumps([1, 1.5, 1 << 80, "a", {"b": (1, {2})}, 2j]))


def test_import():
    name = "keyword"
    kept = sys.modules.pop(name, None)
    try:
        __import__(name)
    finally:
        if kept is not None:
            sys.modules[name] = kept


def test_import_native():
    kept = sys.modules.pop("math", None)
    try:
        import math
        math.pi
    finally:
        if kept is not None:
            sys.modules["math"] = kept


def test_import_missing():
    try:
        import no_such_module
    except ImportError as error:
        str(error), error.name


def test_import_from_missing():
    try:
        from os import no_such_name
    except ImportError as error:
        str(error)


def test_traceback():
    import traceback
    def deep(n):
        return deep(n - 1) if n else 1 // 0
    try:
        deep(3)
    except ZeroDivisionError as error:
        traceback.format_exception(error)


def test_file():
    with open(os.devnull, "w", encoding="utf-8") as file:
        print("text", 5, [1.5], file=file)
        file.write("more" * 10)
    with open(__file__, encoding="utf-8") as file:
        file.readline(), file.read(100), file.tell()
    with open(__file__, "rb") as file:
        file.readline(), file.read(100), file.seek(0), file.readlines(200)


def test_memory_files():
    import io
    file = io.StringIO("first\nsecond\n")
    list(file), file.getvalue(), file.write("third"), file.seek(0), file.read()
    file = io.BytesIO(b"first\nsecond\n")
    list(file), file.getvalue(), file.write(b"third" * 20), file.getbuffer()[:3].tobytes()
    text = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\r\n")
    text.write("a\nb\u0394"), text.flush(), text.seek(0), text.read()


def test_trace_alone():
    events = []
    def tracer(frame, event, argument):
        events.append(event)
        return tracer
    def traced(n):
        for i in range(n):
            i * 1000
        return n
    sys.settrace(tracer)
    try:
        traced(2)
    finally:
        sys.settrace(None)


def test_threads():
    import _thread
    lock = _thread.allocate_lock()
    with lock:
        pass
    _thread._local().x = 1
    repr(lock), _thread.RLock()


main(globals())
