"""Compares the builtin types, functions and sys of apus with CPython 3.13's.

For each type: its attributes, their kind, signature and whether they have a docstring; bases, method
resolution order, sizes, offsets, flags. For each builtin function and function of sys: signature and
docstring.

    typefacts.py --apus PATH --oracle PATH [--only NAME] [--show N]
"""
import sys, tempfile
from pathlib import Path

import pair

PROGRAM = r'''
import sys
builtins = sys.modules["builtins"]

def generator(): yield
async def coroutine(): pass
async def asyncgen(): yield
class Slotted: __slots__ = ("x",)
def failing():
    try:
        1 / 0
    except Exception as error:
        return error
started = coroutine()
wrapped = coroutine().__await__()
agen = asyncgen()
found = {}

def add(value):
    if isinstance(value, type):
        found.setdefault(value.__module__ + "." + value.__qualname__, value)

for name in dir(builtins):
    add(getattr(builtins, name))
T = type("T", (), {})
cell = (lambda x: (lambda: x))(1).__closure__[0]
for value in [
    iter([]), iter(()), iter(""), iter("\u20ac"), iter(b""), iter(bytearray()), iter({}), iter({}.items()),
    iter({}.values()), reversed({}), reversed({}.items()), reversed({}.values()), iter(set()), reversed([]),
    iter(range(1)), iter(range(2**70)), iter(memoryview(b"")), iter(lambda: 1, 1), {}.keys(), {}.values(),
    {}.items(), generator(), started, wrapped, agen, agen.__anext__(), agen.asend(None), agen.athrow(ValueError),
    generator, len, [].append, list.append, int.__add__, (5).__add__, dict.__dict__["fromkeys"], int.real,
    Slotted.x, T.__dict__, T().__init__, T.__dict__["__dict__"], Slotted().__init__, cell, generator.__code__,
    sys._getframe(), failing().__traceback__, sys, None, ..., NotImplemented, list[int], int | str,
    sys.implementation, sys.version_info, sys.flags, sys.float_info, sys.int_info, sys.hash_info,
    sys.thread_info, generator.__code__.co_lines(), generator.__code__.co_positions(), iter(list[int]),
    sys._getframe().f_locals, iter(T().__class__.__mro__), memoryview(b""), type.__dict__["__abstractmethods__"],
    classmethod(len), staticmethod(len), property(), super(T), map(len, []), zip(), filter(None, []),
    enumerate([]), reversed(()), slice(1), T().__init__, sys.get_asyncgen_hooks(), sys.__class__,
    anext(asyncgen(), 1), type(sys.__spec__),
]:
    add(type(value))
    if not isinstance(value, type):
        found.setdefault(type(value).__module__ + "." + type(value).__qualname__, type(value))
namespace = {}
exec("def f[X, *Y, **Z](): return X, Y, Z, Y.__args__ if False else None\ntype A[Q] = Q", namespace)
for value in (*namespace["f"].__type_params__, namespace["A"], *namespace["A"].__type_params__):
    add(type(value))
started.close(); wrapped.close()

def show(subject, fact, value):
    print(subject, fact, ascii(value), sep="\t")

def describe(subject, value):
    show(subject, "kind", type(value).__name__)
    show(subject, "doc", bool(getattr(value, "__doc__", None)))
    try:
        show(subject, "signature", getattr(value, "__text_signature__", None))
    except Exception as error:
        show(subject, "signature", repr(error))

SAME = ~((1 << 1) | (1 << 12) | (1 << 19))  # static builtin, ready, version tag: not visible behaviour
for name in sorted(found):
    cls = found[name]
    describe(name, cls)
    show(name, "bases", [base.__qualname__ for base in cls.__bases__])
    show(name, "mro", [base.__qualname__ for base in cls.__mro__])
    for fact in ("__basicsize__", "__itemsize__", "__dictoffset__", "__weakrefoffset__", "__module__", "__name__"):
        show(name, fact, getattr(cls, fact, None))
    show(name, "__flags__", [bit for bit in range(64) if cls.__flags__ & SAME & 1 << bit])
    show(name, "hashable", cls.__hash__ is not None)
    for key in dir(cls):
        show(name, "dir " + key, True)
    for key in sorted(vars(cls)):
        describe(name + "." + key, vars(cls)[key])
for module in builtins, sys:
    for key in sorted(vars(module)):
        subject = module.__name__ + "." + key
        show(subject, "present", True)
        if type(getattr(module, key)).__name__ in ("builtin_function_or_method", "function"):
            describe(subject, getattr(module, key))
'''


def facts(interpreter, program):
    done = interpreter.run(program)
    if done.code or done.timed_out:
        sys.exit("typefacts: %s: %s\n%s" % (interpreter.command[0], done.ending(), done.err[-2000:]))
    return pair.facts(done.out)


def main():
    parser = pair.arguments(__doc__)
    parser.add_argument("--only", default="", help="subjects that contain this")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "facts.py"
        program.write_text(PROGRAM, encoding="utf-8")
        expected = facts(pair.Interpreter(options.oracle), program)
        found = facts(pair.Interpreter(options.apus), program)
    report = pair.Report(options.show)
    for key in sorted(expected.keys() | found.keys()):
        if options.only in key[0]:
            want, have = expected.get(key, "absent"), found.get(key, "absent")
            # A docstring where CPython has none is welcome.
            if key[1] == "doc" and (want, have) == ("False", "True"):
                have = want
            report.compare("%s: %s" % key, want, have)
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
