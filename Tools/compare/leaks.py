"""Runs every test function of Tests/python several times and reports those that leave objects behind.

    leaks.py --apus PATH --oracle PATH [--only NAME] [--rounds 6]

Measured are sys.getallocatedblocks() and, where the interpreter has it, sys.gettotalrefcount(), each after
gc.collect(). A test leaks when the count grows in every one of the last rounds. What grows in CPython too
(caches, interned strings) is not reported.
"""
import sys, tempfile
from pathlib import Path

import pair

PROGRAM = r'''
import sys
from array import array  # numbers without objects: what is counted must not grow by counting
folder, path, rounds, start = sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[1])
sys.path.insert(0, folder)
import _run
try:
    from gc import collect
except ImportError:
    def collect(): pass

def main(namespace):
    names = [name for name in namespace if name.startswith("test_")]
    for number in range(start, len(names)):
        print("#", number, names[number], flush=True)
        counts = array("q", bytes(8 * rounds))
        for turn in range(rounds):
            try:
                namespace[names[number]]()
            except BaseException:
                pass
            collect()
            counts[turn] = sys.getallocatedblocks()
        growth = min(counts[turn + 1] - counts[turn] for turn in range(2, rounds - 1))
        print(names[number], growth, flush=True)

_run.main = main
with open(path, encoding="utf-8") as file:
    code = compile(file.read(), path, "exec")
exec(code, {"__name__": "__main__", "__file__": path})
'''


def growth(interpreter, program, path, rounds, count):
    """Test name -> blocks left behind by each round, or how the process ended."""
    lines = pair.answers(interpreter, program, count, str(path.parent), str(path), str(rounds), timeout=300)
    found = {}
    for number, line in lines.items():
        name, _, value = line.partition(" ")
        found[number] = (name, value)
    return found


def main():
    parser = pair.arguments(__doc__)
    parser.add_argument("--only", default="", help="test files whose name contains this")
    parser.add_argument("--rounds", type=int, default=8)
    options = parser.parse_args()
    oracle, apus = pair.Interpreter(options.oracle), pair.Interpreter(options.apus)
    report = pair.Report(options.show)
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "rounds.py"
        program.write_text(PROGRAM, encoding="utf-8")
        for path in sorted((pair.ROOT / "Tests" / "python").glob("test_*.py")):
            if options.only not in path.stem:
                continue
            names = [line[4:line.index("(")] for line in path.read_text(encoding="utf-8").splitlines()
                     if line.startswith("def test_")]
            found = growth(apus, program, path, options.rounds, len(names))
            suspects = [n for n in range(len(names)) if found.get(n, ("", "not reached"))[1] not in ("0",) and
                        not found.get(n, ("", ""))[1].startswith("-")]
            expected = growth(oracle, program, path, options.rounds, len(names)) if suspects else {}
            for number, name in enumerate(names):
                mine = found.get(number, ("", "not reached"))[1]
                theirs = expected.get(number, ("", "0"))[1]
                if number in suspects and not (mine.isdigit() and theirs.isdigit() and int(mine) <= int(theirs)):
                    report.differs(path.stem + "." + name, theirs + " blocks per round", mine)
                else:
                    report.same()
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
