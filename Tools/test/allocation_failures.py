"""Allocation failures at every point: functions run while allocation n fails, for n = 1, 2, 3 ...

Tests/allocation/*.py are programs made for it, run by ./dev test: a function must end with MemoryError or finish,
whatever allocation fails, and leave no block behind. `names()` has the files of Tests/python as well, for ./dev
sanitize: their functions may end with any exception but SystemError.
"""
import re, tempfile
from pathlib import Path

from outcome import shorten
from process import run

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(__file__).with_name("failing.py")
FOLDERS = {"allocation": ROOT / "Tests/allocation", "python": ROOT / "Tests/python"}
MOST = 300  # numbers of an allocation that ./dev test tries for each function, spread evenly
#: What a file's tests do to processes, threads or the terminal goes beyond failing allocations of their own.
LEFT_OUT = {"test_command_line", "test_interactive", "test_threads", "test_threads_tracing", "test_recursion"}


def names():
    return [path.stem for folder in FOLDERS.values() for path in sorted(folder.glob("test_*.py"))
            if path.stem not in LEFT_OUT]


def path_of(name):
    for folder in FOLDERS.values():
        if (folder / (name + ".py")).exists():
            return folder / (name + ".py")
    raise ValueError(name)


def run_file(name, interpreter, timeout, most=100000, longest=0.5):
    """Returns the number of runs and a list of (function, what was wrong)."""
    path = path_of(name)
    waiting = re.findall(r"^def (test_\w+)\(", path.read_text(encoding="utf-8"), re.M)
    runs, problems = 0, []
    while waiting:
        with tempfile.TemporaryDirectory() as folder:
            progress = Path(folder) / "progress"
            done = run([*interpreter, str(PROGRAM), str(path.parent), str(path), str(progress), str(most),
                        str(longest), *waiting], folder, timeout, settings={"PYTHONHASHSEED": "0"})
            where = progress.read_text().split("\n")[0] if progress.exists() else "at its start"
        reached = 0
        for line in done.out.splitlines():
            words = line.split(" ", 2)
            if reached < len(waiting) and words[0] == waiting[reached] and len(words) == 3:
                reached += 1
                runs += int(words[1]) if words[1].isdigit() else 0
                if words[2] not in ("ok", "{}"):
                    problems.append((words[0], words[2]))
        if reached == len(waiting):
            if done.code != 0:
                problems.append((name, "at its end: " + done.ending() + shorten(done.err)))
            break
        problems.append((waiting[reached], "%s (%s)%s" % (done.ending(), where, shorten(done.err))))
        waiting = waiting[reached + 1:]
    return runs, problems


def run_starts(interpreter, timeout, numbers):
    """Starts and ends of the interpreter while one allocation fails, or all from one on: a list of (when, what)."""
    problems = []
    for number in numbers:
        for setting in ("%d:%d" % (number, number + 1), str(number)):
            done = run(["env", "APUS_FAILMALLOC=" + setting, *interpreter, "-c", "pass"], "/", timeout,
                       settings={"PYTHONHASHSEED": "0"})
            if done.code not in (0, 1) or done.timed_out:
                problems.append(("start", "APUS_FAILMALLOC=%s: %s%s" % (setting, done.ending(), shorten(done.err, 3))))
    return problems


def run_all(outcome, interpreter, selected, pool, timeout):
    chosen = [path.stem for path in sorted(FOLDERS["allocation"].glob("test_*.py")) if selected(path.stem)]
    interpreter = ["env", "PYTHONMALLOC=debug", *interpreter]
    results = pool.map(lambda name: (name, *run_file(name, interpreter, timeout, MOST)), chosen)
    total = 0
    for name, runs, problems in results:
        total += runs
        if not problems:
            outcome.ok()
        for function, problem in problems:
            outcome.fail("allocation_%s.%s" % (name, function), problem)
    starts = [*range(1, 12), *range(12, 40000, 2000)]
    problems = run_starts(interpreter, timeout, starts)
    if not problems:
        outcome.ok()
    for name, problem in problems:
        outcome.fail("allocation_" + name, problem)
    print("allocation: %d runs with a failing allocation" % total)
