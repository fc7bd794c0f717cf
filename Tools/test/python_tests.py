"""Tests/python/test_*.py: plain asserts, one process per file, counted by test function.

A file that crashes or hangs is started again with the functions behind the culprit, so that one bad
test costs one test.
"""
import re, tempfile
from pathlib import Path

from outcome import shorten
from process import run

SHARED = "_run.py"
IMPORT = re.compile(r"^from _run import .*$", re.M)


def names_in(text):
    return re.findall(r"^def (test_\w+)\(", text, re.M)


def run_file(path, interpreter, timeout, inline):
    """Runs the tests of one file. Returns the number passed and a list of (name, reason)."""
    text = path.read_text(encoding="utf-8")
    if inline:  # an interpreter that cannot import yet
        shared = path.with_name(SHARED).read_text(encoding="utf-8")
        text = IMPORT.sub(lambda _: shared, text, count=1)
    waiting, passed, failures = names_in(text), 0, []
    if not waiting:  # a plain script: one test, passed when it ends well
        done = run([*interpreter, str(path)], path.parent, timeout)
        if done.code == 0 and not done.timed_out:
            return 1, []
        return 0, [(path.stem, done.ending() + shorten(done.err))]
    with tempfile.TemporaryDirectory() as folder:
        program = path
        if inline:
            program = Path(folder) / path.name
            program.write_text(text, encoding="utf-8")
        while waiting:
            done = run([*interpreter, str(program), *waiting], folder, timeout)
            reached = 0
            for line in done.out.splitlines():
                word, _, rest = line.partition(" ")
                name, _, reason = rest.partition(" ")
                if word not in ("ok", "FAIL") or name not in waiting:
                    continue
                reached += 1
                if word == "ok":
                    passed += 1
                else:
                    failures.append((path.stem + "." + name, reason))
            if reached == len(waiting):
                if done.code not in (0, 1) or done.timed_out:
                    failures.append((path.stem, "at its end: " + done.ending() + shorten(done.err)))
                break
            failures.append((path.stem + "." + waiting[reached], done.ending() + shorten(done.err)))
            if reached == 0 and done.code == 1 and "test_" not in done.err:
                failures += [(path.stem + "." + name, "the file did not load") for name in waiting[1:]]
                break
            waiting = waiting[reached + 1:]
    return passed, failures


def run_all(outcome, folder, interpreter, selected, pool, timeout, inline):
    paths = [path for path in sorted(folder.glob("test_*.py")) if selected(path.stem)]
    for passed, failures in pool.map(lambda path: run_file(path, interpreter, timeout, inline), paths):
        outcome.ok(passed)
        for failure in failures:
            outcome.fail(*failure)
