"""A part of CPython's own tests: the modules listed in Tests/conformance/quick.txt, one process each.

The list gives the number of methods of each module that pass. A method that fails and is not in
Tests/conformance/expected-failures.txt is lost, and so is each one that the number falls short by (a test
that is skipped now). What is lost is run once more alone before it counts. Needs nothing but the standard
library with its package `test`; `./dev conform` measures all modules.

    conformance.py --apus PATH [MODULE...]     writes the numbers of the modules anew (all without names)
"""
import argparse, os, shlex, shutil, signal, subprocess, sys, tempfile, time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from outcome import Outcome, shorten

ROOT = Path(__file__).resolve().parents[2]
QUICK = ROOT / "Tests/conformance/quick.txt"
EXPECTED = ROOT / "Tests/conformance/expected-failures.txt"
NOT_COUNTED = ROOT / "Tests/conformance/not-counted.txt"
DRIVER = Path(__file__).with_name("conformance_methods.py")
RESTARTS = 3  # after a crash or a time-out
GRACE = 20  # seconds to exit in after the last method
HEADER = """\
# The modules of CPython's tests that ./dev test runs, with the number of methods that pass (no network,
# no terminal, as root). The numbers only grow.
"""


class UnitRun:
    """What is known of a module: the state of each method, and its reason."""

    def __init__(self, unit):
        self.unit, self.states, self.reasons = unit, {}, {}
        self.trouble = []  # how processes ended before their time

    def passed(self):
        return {name for name, state in self.states.items() if state == "ok"}

    def failed(self):
        return {name for name, state in self.states.items() if state not in ("ok", "skip", "expected failure")}


def expected_failures(path=EXPECTED):
    """Method -> reason."""
    pairs = (line.split("  # ", 1) for line in path.read_text(encoding="utf-8").splitlines()
             if line and not line.startswith("#"))
    return {pair[0].strip(): pair[-1].strip() for pair in pairs}


def quick_units(path=QUICK):
    """Module -> number of methods that pass."""
    pairs = (line.split() for line in path.read_text(encoding="utf-8").splitlines()
             if line and not line.startswith("#"))
    return {name: int(count) for name, count in pairs}


def environment(folder):
    unwanted = ("COLUMNS", "LINES", "FORCE_COLOR", "NO_COLOR", "LC_ALL", "LANGUAGE", "TZ", "SOURCE_DATE_EPOCH")
    kept = {name: value for name, value in os.environ.items()
            if name not in unwanted and (name == "PYTHONPATH" or not name.startswith("PYTHON"))}
    kept.update(LANG="C.UTF-8", TMPDIR=str(folder))
    kept.setdefault("TERM", "xterm")
    return kept


def restore_signals():
    """A signal that is ignored here (nohup) would be ignored by the tests, too."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def end_of(child, log, timeout):
    """Waits for CHILD and ends its process group. Returns how it ended when that was not of itself."""
    start, finished = time.monotonic(), None
    while child.poll() is None:
        now = time.monotonic()
        if finished is None and b"\n@@end\t" in tail(log):
            finished = now
        if now - start > timeout or finished is not None and now - finished > GRACE:
            break
        time.sleep(0.05)
    hung = child.poll() is None
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    child.wait()
    if hung:
        return "did not exit" if finished is not None else "timed out"
    return "killed by " + signal.Signals(-child.returncode).name if child.returncode < 0 else None


def tail(log):
    with open(log, "rb") as file:
        file.seek(max(0, os.path.getsize(log) - 400))
        return file.read()


def run_once(run, interpreter, timeout, chosen):
    """One process. Returns the method it ended in when it did not get through."""
    base = tempfile.mkdtemp(prefix="apus")
    try:
        work, log, names = Path(base, "work"), Path(base, "log"), Path(base, "names")
        work.mkdir()
        names.write_text("".join(line + "\n" for line in chosen), encoding="utf-8")
        with open(log, "wb") as sink:
            child = subprocess.Popen([*interpreter, str(DRIVER), run.unit, str(names)], cwd=work,
                                     env=environment(base), stdin=subprocess.DEVNULL, stdout=sink, stderr=sink,
                                     start_new_session=True, preexec_fn=restore_signals)
        ending = end_of(child, log, timeout)
        output = log.read_text(encoding="utf-8", errors="replace")
    finally:
        shutil.rmtree(base, ignore_errors=True)
    running, ended = None, False
    for line in output.split("\n"):
        fields = line[line.rfind("@@") + 2:].split("\t") if "@@" in line else [""]
        if fields[0] == "begin":
            running = fields[1]
        elif fields[0] == "end":
            ended = True
        elif len(fields) == 3:
            state, name, reason = fields
            run.states[name], run.reasons[name] = state, reason
            running = None if name == running else running
    if ended and ending is None:
        return None
    ending = ending or "exit code %d" % child.returncode
    if ended:
        run.trouble.append("at its end: " + ending)
    elif running is None:
        run.trouble.append(ending + shorten(output))
    else:
        run.states[running], run.reasons[running] = "error", ending
    return running


def run_unit(unit, interpreter, timeout, only=()):
    """Runs a module, or some of its methods. After a crash the methods behind the culprit go on."""
    run = UnitRun(unit)
    for _ in range(RESTARTS + 1):
        done = ["-" + name for name in run.states]
        if run_once(run, interpreter, timeout, done + ["+" + name for name in only]) is None:
            break
    return run


def lost(run, expected):
    """The methods that failed and may not, with their reasons."""
    found = {name: run.reasons.get(name, "") for name in run.failed() if run.unit + "." + name not in expected}
    for number, trouble in enumerate(run.trouble):
        found["(end of the module)" + " again" * number] = trouble
    return found


def run_all(outcome, interpreter, selected, pool, timeout):
    library = Path(os.environ.get("APUS_STDLIB", ""))
    if not (library / "test/test_grammar.py").exists():
        print("conformance: not run, for the library in %s is without its tests" % library)
        return
    expected = {**expected_failures(), **expected_failures(NOT_COUNTED)}
    units = {unit: count for unit, count in quick_units().items() if selected(unit)}
    runs = list(pool.map(lambda unit: run_unit(unit, interpreter, timeout), units))
    passing_again = 0
    for run in runs:
        missing = lost(run, expected)
        if missing:
            again = run_unit(run.unit, interpreter, timeout, () if run.trouble else missing)
            still = lost(again, expected)
            run.states.update((name, "ok") for name in again.passed())
            missing = {name: reason for name, reason in missing.items()
                       if name in still or name not in again.passed() and not name.startswith("(end")}
        passed = len(run.passed())
        outcome.ok(passed)
        for name, reason in sorted(missing.items()):
            outcome.fail("%s.%s" % (run.unit, name), reason)
        if not missing and passed < units[run.unit]:
            skipped = sorted(name for name, state in run.states.items() if state == "skip")
            text = "%d methods passed, must be %d" % (passed, units[run.unit]) + shorten(
                "\n".join("skipped: %s (%s)" % (name, run.reasons[name]) for name in skipped))
            if os.geteuid() == 0:
                outcome.fail(run.unit, text)
            else:  # some tests are for root only
                print("conformance: %s: %s" % (run.unit, text))
        passing_again += sum(run.unit + "." + name in expected for name in run.passed())
    if passing_again:
        print("conformance: %d methods pass that Tests/conformance/expected-failures.txt lists; "
              "./dev conform --shrink takes them out" % passing_again)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--apus", required=True)
    parser.add_argument("--timeout", type=float, default=120)
    parser.add_argument("units", nargs="*")
    options = parser.parse_args()
    counts, expected = quick_units(), {**expected_failures(), **expected_failures(NOT_COUNTED)}
    for unit in options.units or list(counts):
        start = time.monotonic()
        run = run_unit(unit, shlex.split(options.apus), options.timeout)
        counts[unit] = len(run.passed())
        print("%-40s %5d %6.1f s" % (unit, counts[unit], time.monotonic() - start), *lost(run, expected), flush=True)
    QUICK.write_text(HEADER + "".join("%s %d\n" % pair for pair in sorted(counts.items())), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
