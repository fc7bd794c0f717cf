"""Marshals random values, in versions 0 to 4, in both interpreters and compares the bytes.

    marshalled.py --apus PATH --oracle PATH [--count 5000] [--seed 1] [--classic PYTHON310 | --classic none]

A value is a nest of all plain kinds with shared parts, values that hold themselves and buffers among them. Each side
reads what it wrote, and what it reads is compared too, with the bytes it gives when it is written again; then each
reads the same damaged data: the value or the exception has to be the same. CPython 3.10 (default: what pyenv has) is
compared with -X classic; not for sets, whose order differs between the releases, for values that hold themselves, for
strings of one character, which a process shares when it has met them, nor for damaged data. With --oracle none it is the
only one.
"""
import glob, os, sys, tempfile
from pathlib import Path

import pair

PROGRAM = r'''
import array, gc, marshal, math, random, sys
start, count, seed, kinds, damage = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5] == "1"
CODE = {} if sys.version_info < (3, 13) else {"allow_code": False}
INTS = [0, 1, -1, 256, 257, -5, -6, 2**15 - 1, 2**15, -2**15, 2**30 - 1, 2**30, -2**30, 2**31 - 1, 2**31, -2**31, -2**31 - 1,
        2**32, 2**45, 2**62, 2**63 - 1, -2**63, 2**64, 10**30, -10**100]
FLOATS = [0.0, -0.0, 1.0, 1.5, math.inf, -math.inf, math.nan, 5e-324, 1.7976931348623157e308, 0.1, 1e22, 1e-5, 123456789.125]
WORDS = ["", "a", "ab", "name", "Z", "x" * 255, "y" * 256, "z" * 300, "\x7f", "\x80", "\xe9", "\xff" * 200, "\u0100", "\u20ac uro",
         "\U0001f600", "\ud800", "a\udfff", "with space", "\0", "1digit"]


def scalar(chance):
    pick = chance.randrange(16)
    if pick == 0: return None
    if pick == 1: return chance.choice([True, False])
    if pick == 2: return chance.choice([..., StopIteration])
    if pick < 6: return chance.choice([chance.choice(INTS), chance.randrange(-300, 300), chance.getrandbits(chance.randrange(1, 300)) - 7])
    if pick < 8: return chance.choice([chance.choice(FLOATS), chance.random() * 10.0 ** chance.randrange(-300, 300)])
    if pick == 8: return complex(chance.choice(FLOATS), chance.random())
    if pick < 12:
        text = chance.choice(WORDS)
        if chance.randrange(2): text += str(chance.randrange(30))
        if "s" not in kinds and len(text) < 2: text += "longer"
        return sys.intern(text) if chance.randrange(3) == 0 else text[:1] + text[1:]
    if pick < 14: return bytes(chance.randrange(256) for _ in range(chance.choice([0, 1, 2, 5, 300])))
    data = bytes(chance.randrange(256) for _ in range(chance.randrange(6)))
    return chance.choice([bytearray, memoryview, lambda data: array.array("B", data)])(data)


def value(chance, depth, made):
    if made and chance.randrange(4) == 0: return chance.choice(made)
    pick = chance.randrange(10) if depth else 0
    if pick < 4: result = scalar(chance)
    else:
        size = chance.choice([0, 1, 2, 3, 3, 4, 255, 256]) if chance.randrange(30) == 0 else chance.randrange(4)
        items = [value(chance, depth - 1, made) for _ in range(size)]
        if pick < 6: result = tuple(items)
        elif pick < 8:
            result = items
            if "s" in kinds and chance.randrange(25) == 0: items.append(items)
        elif pick == 8:
            result = {}
            for item in items:
                key = scalar(chance)
                try: result[key] = item
                except TypeError: pass
            if "s" in kinds and chance.randrange(25) == 0: result["self"] = result
        elif "s" not in kinds: result = items
        else:
            keys = []
            for item in items:
                try: hash(item)
                except TypeError: continue
                keys.append(item)
            result = chance.choice([set, frozenset])(keys)
    made.append(result)
    return result


def shown(value, seen=()):
    kind = type(value)
    if any(value is one for one in seen): return "<cycle>"
    seen += (value,)
    if kind is float or kind is complex: return kind.__name__ + " " + repr(value)
    if kind in (tuple, list): return kind.__name__ + "[" + ",".join(shown(one, seen) for one in value) + "]"
    if kind in (set, frozenset): return kind.__name__ + "[" + ",".join(sorted(shown(one, seen) for one in value)) + "]"
    if kind is dict: return "{" + ",".join(shown(key) + ":" + shown(one, seen) for key, one in value.items()) + "}"
    return kind.__name__ + " " + ascii(value)


def attempt(call):
    try: return call()
    except RecursionError: return "RecursionError"
    except Exception as error: return type(error).__name__ + ": " + str(error)


def once(number):
    # What holds itself, made before, would still have a share in interned strings.
    gc.collect()
    chance = random.Random("%s:%d" % (seed, number))
    made = []
    thing = value(chance, 5, made)
    del made[:]
    out = []
    for version in range(5):
        data = attempt(lambda: marshal.dumps(thing, version))
        if type(data) is str:
            out.append(data)
            continue
        again = attempt(lambda: marshal.loads(data))
        out += [data.hex(), attempt(lambda: shown(again)), attempt(lambda: marshal.dumps(again, version).hex())]
    if damage:
        data = marshal.dumps(thing, 4) if type(attempt(lambda: marshal.dumps(thing, 4))) is bytes else b""
        for _ in range(4):
            data = bytearray(data)
            for _ in range(chance.choice([1, 1, 2, 5])):
                # Not into the high bytes of a count: how much memory there is should not matter.
                if data: data[chance.randrange(len(data))] = chance.choice([0, 1, 2, 3, chance.choice(b"0NFTS.iIfgxylstr([{cu?<>aA)zZ"), chance.randrange(128)])
            if chance.randrange(4) == 0: del data[chance.randrange(len(data) + 1):]
            again = attempt(lambda: marshal.loads(bytes(data), **CODE))
            out.append(again if type(again) is str else attempt(lambda: shown(again)))
    return out

sys.setrecursionlimit(3000)
for number in range(start, count):
    print("# %d" % number)
    print(*once(number), sep=" | ", flush=True)
'''


def main():
    parser = pair.arguments(__doc__)
    found = sorted(glob.glob(os.path.expanduser("~/.pyenv/versions/3.10.*/bin/python3.10")))
    parser.add_argument("--classic", default=found[-1] if found else "none", help="a CPython 3.10, or none")
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--seed", default="1")
    options = parser.parse_args()
    report, apus = pair.Report(options.show), pair.Interpreter(options.apus)
    pair.limit_memory(4)
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "marshalled_program.py"
        program.write_text(PROGRAM, encoding="utf-8")
        rounds = []
        if options.oracle != "none":
            rounds.append(("3.13", apus, pair.Interpreter(options.oracle), ("s", "1")))
        if options.classic != "none":
            rounds.append(("3.10", pair.Interpreter(options.apus + " -X classic"), pair.Interpreter(options.classic), ("-", "0")))
        for release, apus, oracle, kinds in rounds:
            ended = 0
            settings = (str(options.count), options.seed, *kinds)
            expected, mine = (pair.answers(side, program, options.count, *settings, timeout=2400, restarts=1000) for side in (oracle, apus))
            for number in range(options.count):
                left, right = (side.get(number, "no answer").split(" | ") for side in (expected, mine))
                if left[0].startswith("killed"):
                    # Damaged data can end CPython.
                    ended += 1
                    continue
                if left == right:
                    report.same()
                    continue
                for part, (one, other) in enumerate(zip(left + ["(end)"], right + ["(end)"])):
                    # CPython asks for as much memory as damaged data say, at once.
                    if one != other and not one.startswith("MemoryError"):
                        at = max(len(os.path.commonprefix([one, other])) - 60, 0)
                        report.differs("%s value %s:%d part %d, from %d" % (release, options.seed, number, part, at),
                                       one[at:at + 150], other[at:at + 150])
                        break
                else:
                    report.same()
            if ended:
                print("%d values end CPython %s" % (ended, release))
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
