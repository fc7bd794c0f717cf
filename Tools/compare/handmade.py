"""Runs code objects that no compiler made: mutations of compiled ones, and instructions at random.

    handmade.py --apus PATH --oracle PATH [--count 100000] [--seed 1] [--only NUMBER] [--show 40]

Each goes through code.replace, types.CodeType, marshal.loads or the assembler, apus.bytecode, and is then called as a
function, a generator, a coroutine or a module. Any Python error will do; a crash, a hang that no signal ends, a failed
check, or an assembler that raises anything but ValueError is reported with its number. (CPython has no such check: the oracle is not run.)
"""
import os, sys, tempfile
from pathlib import Path

import pair

PROGRAM = r'''
import marshal, os, random, resource, signal, sys, types, warnings
seed, start, end, log = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
warnings.simplefilter("ignore")
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
import opcode
from apus import bytecode

SOURCES = """
def plain(a=1, b=2, *args, k=3, **keywords):
    c = [a, b, *args]
    d = {"x": a, **keywords}
    for i in range(3):
        if i == 1: continue
        c.append(i)
    while a < 5: a += 1
    return c, d, k
def handling(a=0, b="x"):
    try:
        try: return 1 // a
        except ZeroDivisionError as e: b = str(e)
        finally: b += "f"
        raise KeyError(b)
    except (KeyError, ValueError) as e: return e.args
    else: return 5
    finally: a = None
def closing(a=1, b=2):
    x = a
    def inner(y=3, *, z=4) -> int:
        nonlocal x
        x += y
        return x + b + z
    return inner(), [lambda: x + i for i in range(2)][0]()
def making(a=3):
    class A(list, metaclass=type):
        v: int = a
        def m(self): return super().__len__()
    return A([1]).m(), {i: j for i, j in enumerate("ab")}, {i for i in (1, 2) if i}, [x for x in range(a) for y in "q"]
def generating(a=2):
    x = yield a
    try: y = yield from range(a)
    except GeneratorExit: raise
    finally: a = None
    return x
def unpacking(a=(1, 2, 3), b=None):
    x, *y = a
    (p, q), r = (1, 2), 3
    del x
    b = f"{a!r:>10}{q}" + "%s" % r
    return (*a, *y), [*a], {**{1: 2}}, max(*a, key=lambda v: -v), b, a[1:], a[::2]
def managing(a=None):
    class M:
        def __enter__(self): return 1
        def __exit__(self, *e): return True
    with M() as m, M():
        for i in (1, 2):
            with M(): raise ValueError(i)
    return m
def matching(a=(1, 2), b=None):
    match a:
        case [1, *rest] if rest: return rest
        case {"k": v, **others}: return v, others
        case int(real=r) | str(r): return r
        case complex(): return 1
        case _: return b
def grouped(a=1):
    try: raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
    except* ValueError as e: a = e
    except* TypeError: pass
    return a
def generic(a=1):
    def f[T: int, *Ts, **P](x: T) -> T: return x
    type Alias[K] = dict[K, int]
    class C[T]: pass
    return f(a), Alias, C[int]
def importing(a=1):
    import math
    from math import sin, cos as c
    global shared
    shared = sin(a)
    assert a, "no"
    return math.pi + c(shared)
async def waiting(a=1):
    class W:
        async def __aenter__(self): return self
        async def __aexit__(self, *e): return False
        def __aiter__(self): return self
        async def __anext__(self): raise StopAsyncIteration
    async with W() as w:
        async for i in w: pass
        return [i async for i in w], await other(a)
async def other(a=1): return a
async def streaming(a=2):
    for i in range(a): yield i
    x = [i async for i in streaming(0)]
    yield x
"""
top = compile(SOURCES, "handmade", "exec")
module = compile("x: int = 1\nfor i in range(3):\n  x += i\nclass A:\n  y = x\nfrom math import *\ndel i\nprint\n", "module", "exec")
codes, stack = [], [top, module]
while stack:
    one = stack.pop()
    codes.append(one)
    stack += [c for c in one.co_consts if isinstance(c, types.CodeType)]
OPS = [number for number in opcode.opmap.values()]
SAFE = {name: __builtins__[name] if isinstance(__builtins__, dict) else getattr(__builtins__, name) for name in
        """abs all any ascii bin bool bytes bytearray callable chr classmethod complex dict divmod enumerate filter float format
        frozenset getattr hasattr hash hex id int isinstance issubclass iter len list map max min next object oct ord pow
        print property range repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip
        __build_class__ ExceptionGroup ValueError TypeError KeyError ZeroDivisionError GeneratorExit StopAsyncIteration
        StopIteration Exception BaseException AssertionError RuntimeError""".split()}
import math
SAFE["__import__"] = lambda *args: math
SAFE["print"] = lambda *args, **keywords: None
VALUES = [None, 0, 1, "a", b"b", (), (1, 2), ("x",), ("a", "b"), 1.5, ..., frozenset([1]), 2 ** 70] + codes[:6]

def flip(data, chance, how_many):
    data = bytearray(data)
    for _ in range(how_many):
        if data: data[chance.randrange(len(data))] = chance.choice([chance.randrange(256), chance.choice([0, 1, 2, 255])])
    return bytes(data)

def constructed(code, chance):
    """CODE by the constructor, with some arguments changed."""
    values = [code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_nlocals, code.co_stacksize, code.co_flags,
              code.co_code, code.co_consts, code.co_names, code.co_varnames, code.co_filename, code.co_name, code.co_qualname,
              code.co_firstlineno, code.co_linetable, code.co_exceptiontable, code.co_freevars, code.co_cellvars]
    for _ in range(chance.choice([1, 1, 2])):
        at = chance.randrange(len(values))
        if type(values[at]) is int: values[at] = chance.choice([0, 1, values[at] + 1, values[at] ^ 1 << chance.randrange(12), -1])
        elif type(values[at]) is bytes: values[at] = flip(values[at], chance, chance.choice([1, 1, 3]))
        elif type(values[at]) is tuple:
            items = list(values[at])
            if items and chance.randrange(2): del items[chance.randrange(len(items))]
            else: items.append(chance.choice(VALUES if at == 7 else ["a", "x", "new"]))
            values[at] = tuple(items)
    return types.CodeType(*values)


def assembled(code, chance):
    """CODE taken apart, edited and put together again."""
    body = bytecode.Body.from_code(code)
    for _ in range(chance.choice([1, 1, 2, 3])):
        at, other = chance.randrange(len(body)), chance.randrange(len(body))
        action = chance.randrange(6)
        if action == 0: body[at], body[other] = body[other], body[at]
        elif action == 1 and len(body) > 1: del body[at]
        elif action == 2: body.insert(at, body[other])
        else:
            old = body[at]
            if isinstance(old, bytecode.Label): continue
            name = chance.choice(list(opcode.opmap)) if action == 3 else old.name
            if name == "EXTENDED_ARG": continue
            arg = old.arg if action == 3 else getattr(body[other], "arg", body[other]) if action == 4 else chance.choice(
                [0, 1, 2, "a", None, (), bytecode.Label(), 2 ** 32 - 1, 300])
            body[at] = bytecode.Instruction(name, arg, old.line, old.positions)
    try: return body.to_code()
    except ValueError: raise
    except TooLong: raise
    except BaseException as error:
        sys.stderr.write("the assembler raises %s: %s" % (type(error).__name__, error))
        os.abort()


def mutated(code, chance):
    """CODE with something changed."""
    kind = chance.randrange(18)
    if kind >= 16: return constructed(code, chance)
    if kind >= 14: return assembled(code, chance)
    body = code.co_code
    if kind < 4:
        return code.replace(co_code=flip(body, chance, chance.choice([1, 1, 2, 4])))
    if kind < 8:
        units = [body[i:i + 2] for i in range(0, len(body), 2)]
        for _ in range(chance.choice([1, 1, 2, 3])):
            at, other = chance.randrange(len(units)), chance.randrange(len(units))
            action = chance.randrange(5)
            if action == 0: units[at], units[other] = units[other], units[at]
            elif action == 1 and len(units) > 1: del units[at]
            elif action == 2: units.insert(at, units[other])
            elif action == 3: units[at] = bytes([chance.choice(OPS), units[at][1]])
            else: units[at] = bytes([units[at][0], chance.choice([0, 1, 2, 3, at & 255, other & 255])])
        return code.replace(co_code=b"".join(units), co_stacksize=chance.choice([code.co_stacksize, code.co_stacksize + 3]))
    if kind == 8:
        body = b"".join(bytes([chance.choice(OPS), chance.choice([0, 0, 1, 1, 2, 3, 5, chance.randrange(16)])])
                        for _ in range(chance.randrange(1, 20))) + bytes([100, 0, 83, 0])
        return code.replace(co_code=body, co_stacksize=chance.choice([2, 10, 30]))
    if kind == 9:
        name = chance.choice(["co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_nlocals", "co_stacksize",
                              "co_flags", "co_firstlineno"])
        old = getattr(code, name)
        new = chance.choice([0, 1, 2, old + 1, max(old - 1, 0), old ^ 1 << chance.randrange(12), 255, 2 ** 31 - 1])
        if name == "co_stacksize" and new > 10 ** 6: new = 10 ** 6
        return code.replace(**{name: new})
    if kind == 10:
        name = chance.choice(["co_consts", "co_names", "co_varnames", "co_cellvars", "co_freevars"])
        items = list(getattr(code, name))
        action = chance.randrange(3)
        if action == 0 and items: del items[chance.randrange(len(items))]
        elif action == 1 and items: items[chance.randrange(len(items))] = chance.choice(VALUES if name == "co_consts" else ["a", "x", "new"])
        else: items.append(chance.choice(VALUES if name == "co_consts" else ["a", "x", "new"]))
        changes = {name: tuple(items)}
        if name == "co_varnames": changes["co_nlocals"] = len(items)
        return code.replace(**changes)
    if kind == 11:
        name = chance.choice(["co_linetable", "co_linetable", "_co_locations"])
        return code.replace(**{name: flip(getattr(code, name), chance, 4)[:chance.randrange(60)]})
    if kind == 12:
        return marshal.loads(flip(marshal.dumps(code), chance, chance.choice([1, 2, 5])))
    return marshal.loads(flip(marshal.dumps(code), chance, 1) + b"\0" * 8)

class TooLong(BaseException): pass
armed = False
def late(*ignored):
    if armed: raise TooLong
signal.signal(signal.SIGALRM, late)

def use(code):
    """Runs the code in some ways."""
    names = dict(SAFE)
    scope = {"__builtins__": names, "__name__": "handmade", "shared": 1}
    try: exec(top, scope)
    except TooLong: raise
    except BaseException: pass
    cells = tuple(types.CellType(i) if i % 3 else types.CellType() for i, _ in enumerate(code.co_freevars))
    function = types.FunctionType(code, scope, "made", (1, 2), cells)
    repr(code), hash(code), code == codes[0], list(code.co_lines()), list(code.co_positions())
    if code.co_flags & 0x2A0 and code.co_argcount < 5:
        value = function(*range(code.co_argcount - 1 if code.co_argcount else 0))
        try:
            if code.co_flags & 0x200:
                value = value.asend(None)
            for _ in range(4):
                value.send(None)
            value.throw(ValueError(1))
        finally:
            value.close()
    else:
        try: function()
        finally:
            if not code.co_freevars: exec(code, scope)

def once(chance):
    try:
        code = mutated(chance.choice(codes), chance)
        while chance.random() < 0.3: code = mutated(code, chance)
    except Exception:
        return "refused when made"
    if not isinstance(code, types.CodeType):
        return "no code"
    try:
        use(code)
    except TooLong: raise
    except SystemError as error:
        return "refused before it ran" if "invalid wordcode" in str(error) else "raised"
    except BaseException:
        return "raised"
    return "ran"

file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
counts = {}
for number in range(start, end):
    os.write(file, b"# %d\n" % number)
    chance = random.Random("%s:%d" % (seed, number))
    result = "stopped"
    signal.setitimer(signal.ITIMER_REAL, 0.2, 0.05)
    # The timer goes on until the code has given up; it may fire once more while that is noticed.
    try:
        try:
            armed = True
            result = once(chance)
        except TooLong: pass
        armed = False
    except TooLong: armed = False
    signal.setitimer(signal.ITIMER_REAL, 0)
    counts[result] = counts.get(result, 0) + 1
import gc
gc.collect()
os.write(file, ("= %r\n" % counts).encode())
'''


def main():
    parser = pair.arguments(__doc__)
    parser.add_argument("--count", type=int, default=100000)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--only", type=int, help="only the mutation with this number")
    options = parser.parse_args()
    os.nice(10)
    apus, report, totals = pair.Interpreter(options.apus), pair.Report(options.show), {}
    first = options.only or 0
    last = first + 1 if options.only is not None else options.count
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "handmade_program.py"
        program.write_text(PROGRAM, encoding="utf-8")
        while first < last:
            end = min(first + 1000, last)
            log = Path(folder) / "log"
            log.unlink(missing_ok=True)
            done = apus.run(program, options.seed, str(first), str(end), str(log), timeout=400, folder=folder)
            lines = log.read_text().splitlines() if log.exists() else []
            if lines and lines[-1].startswith("= ") and done.code == 0:
                for word, count in eval(lines[-1][2:]).items():
                    totals[word] = totals.get(word, 0) + count
                report.same(end - first)
                first = end
                continue
            if not lines:
                raise SystemExit("the program does not run: %s %s" % (done.ending(), done.err[-2000:]))
            number = int(lines[-1].split()[1]) if lines[-1].startswith("# ") else end - 1
            report.same(number - first)
            report.differs("mutation %s:%d" % (options.seed, number), "any Python error", done.ending() + " " + done.err[-300:])
            first = number + 1
    print(", ".join("%d %s" % (count, word) for word, count in sorted(totals.items())))
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
