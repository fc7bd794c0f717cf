"""Runs functions of a test file while the n-th allocation fails, for n = 1, 2, 3 ... (Apus, PYTHONMALLOC=debug).

    failing.py FOLDER FILE PROGRESS MOST LONGEST FUNCTION...

Each function runs with only allocation n failing and with all from n on, until it needs fewer than n. More than MOST
numbers are spread evenly. A line for each function: its name, the number of runs and what was wrong: a SystemError, or
live blocks that grow each time n fails. A function named *_alone is spared the second way: it would leave a trace
function behind that cannot run. PROGRESS holds the function and n under way, for when the process dies.
"""
import gc, os, sys
from time import process_time

from _failmalloc import enable, disable

folder, path, progress, most, longest = sys.argv[1:6]
most, longest = int(most), float(longest)
chosen = sys.argv[6:]
sys.path[:0] = [folder, os.path.join(os.path.dirname(folder), "python")]
file = os.open(progress, os.O_WRONLY | os.O_CREAT)
is_strict = "allocation" in os.path.basename(folder)  # programs made for this let a MemoryError through


def blocks():
    gc.collect()
    return sys.getallocatedblocks()


def attempt(function, first, end):
    """What came of one run: None, or the exception's type."""
    enable(first, end)
    try:
        function()
    except BaseException as exception:
        disable()
        kind = type(exception)
        if kind is SystemError:
            return "SystemError: %s" % exception
        while exception is not None:  # let no traceback hold what the run made
            exception.__traceback__ = None
            exception = exception.__context__
        return kind.__name__
    finally:
        disable()
        sys.settrace(None)
        sys.setprofile(None)
    return None


def count(function):
    enable()
    try:
        function()
    except BaseException:
        pass
    return disable()


def numbers(total):
    if total <= most:
        return range(1, total + 2)
    head = most // 2
    return [*range(1, head), *range(head, total + 2, max((total - head) // (most - head), 1))]


def examine(name, function):
    wrong = {}
    begin = process_time()
    count(function)
    if process_time() - begin > longest:
        return "long", wrong
    total = max(count(function), count(function))
    runs = 0
    for kind in ("one",) if name.endswith("_alone") else ("one", "rest"):
        for n in numbers(total):
            os.pwrite(file, b"%s %s %d \n" % (name.encode(), kind.encode(), n), 0)
            end = n + 1 if kind == "one" else 0
            before = blocks()
            found = attempt(function, n, end)
            runs += 1
            if found is not None and (found.startswith("SystemError") or is_strict and found != "MemoryError"):
                wrong.setdefault(found, (kind, n))
            if blocks() > before and kind + " leak" not in wrong:
                # What is kept once (a cache, an import) does not count.
                growth = []
                for _ in range(4):
                    before = blocks()
                    attempt(function, n, end)
                    growth.append(blocks() - before)
                if min(growth) > 0:
                    wrong["%s leak" % kind] = (n, growth[-1])
    return runs, wrong


def raising():
    raise MemoryError


def main(namespace):
    attempt(raising, 0, 0)  # what the handlers there need is made before memory fails
    count(raising)
    gc.collect()
    gc.freeze()
    sys.unraisablehook = lambda arguments: None
    for name in chosen or [name for name in namespace if name.startswith("test_")]:
        print("#", name, flush=True)
        runs, wrong = examine(name, namespace[name])
        print(name, runs, wrong or "ok", flush=True)


import _run
_run.main = main
with open(path, encoding="utf-8") as source:
    code = compile(source.read(), path, "exec")
sys.argv[1:] = []
exec(code, {"__name__": "__main__", "__file__": path})
