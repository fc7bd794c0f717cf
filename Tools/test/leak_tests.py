"""Every test function of Tests/python again and again in one process: the count of live blocks must stand still.

Counted by file. What a file's first rounds leave behind (imports, caches) does not count; a block more in every
later round does. Functions that take long are run once only, and the last line says how many. `./dev compare leaks`
does the same with more rounds and lets off what grows in CPython too.
"""
import re, tempfile
from pathlib import Path

from outcome import shorten
from process import run

ROUNDS = 6  # the first two warm up
LONGEST = 0.4  # seconds of one run that is still repeated

PROGRAM = r'''
import sys
from array import array  # numbers without objects: counting must not grow what is counted
from gc import collect
from time import perf_counter
folder, path, rounds, longest, start = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5])
sys.path.insert(0, folder)
import _run

def growth(function, counts):
    begin = perf_counter()
    for turn in range(rounds):
        try:
            function()
        except BaseException:
            pass
        if turn == 0 and perf_counter() - begin > longest:
            return "long"
        if "typing" in sys.modules:
            for clear in sys.modules["typing"]._cleanups:  # the caches keep every class they see
                clear()
        collect()
        counts[turn] = sys.getallocatedblocks()
    return min(counts[turn + 1] - counts[turn] for turn in range(1, rounds - 1))

def main(namespace):
    names = [name for name in namespace if name.startswith("test_")]
    counts = array("q", bytes(8 * rounds))
    for name in names[start:]:
        print("#", name, flush=True)
        print(name, growth(namespace[name], counts), flush=True)

_run.main = main
with open(path, encoding="utf-8") as file:
    code = compile(file.read(), path, "exec")
sys.argv[1:] = []
exec(code, {"__name__": "__main__", "__file__": path})
'''



def measure(path, interpreter, program, timeout):
    """Test name -> growth by round, "long", or how the process ended while the test ran."""
    names = re.findall(r"^def (test_\w+)\(", path.read_text(encoding="utf-8"), re.M)
    found, start = {}, 0
    while start < len(names):
        with tempfile.TemporaryDirectory() as folder:
            done = run([*interpreter, str(program), str(path.parent), str(path), str(ROUNDS), str(LONGEST),
                        str(start)], folder, timeout)
        lines = [line.split(" ", 1) for line in done.out.splitlines()]
        results = {line[0]: line[1] for line in lines if len(line) == 2 and line[0] in names[start:]}
        found.update(results)
        if start + len(results) >= len(names) or not lines:
            break
        # A test that ends its process ends its own rounds only; one that crashes it fails.
        crashed = done.code < 0 or done.timed_out
        found[names[start + len(results)]] = done.ending() if crashed else "long"
        start += len(results) + 1
    return found


def run_all(outcome, folder, interpreter, selected, pool, timeout):
    paths = [path for path in sorted(folder.glob("test_*.py")) if selected(path.stem)]
    long = 0
    with tempfile.TemporaryDirectory() as temporary:
        program = Path(temporary) / "rounds.py"
        program.write_text(PROGRAM, encoding="utf-8")
        results = pool.map(lambda path: (path, measure(path, interpreter, program, timeout)), paths)
        for path, found in results:
            for name, growth in found.items():
                if growth == "long":
                    long += 1
            leaks = ["%s: %s" % (name, growth + " blocks in every round" if growth.isdigit() else growth)
                     for name, growth in found.items() if growth not in ("long", "0") and not growth.startswith("-")]
            if leaks:
                outcome.fail("leaks_" + path.stem, "live blocks grow, or a round crashed" + shorten("\n".join(leaks)))
            elif found:
                outcome.ok()
            elif re.search(r"^def test_", path.read_text(encoding="utf-8"), re.M):
                outcome.fail("leaks_" + path.stem, "no test ran")
    print("leaks: %d functions take long or end their process, and ran once" % long)
