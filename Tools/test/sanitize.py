"""Runs tests with every block of memory guarded (./dev sanitize).

    sanitize.py --apus PATH [--part python|differential|failures|conform]... [--modules A,B] [NAME...]

Each block is a page of its own in front of one that nobody may touch, nothing is kept for reuse, and a block given back
is never touched again (PYTHONMALLOC=debug, APUS_GUARDMALLOC=1): an access after a block's life or behind its end is a
segmentation fault there. With --malloc malloc every block comes from malloc() instead, for a build with -sanitize=address
or a run under valgrind (--wrap 'valgrind -q').

NAMEs choose test files and programs whose name contains one of them. The modules of CPython's own tests are those of
Tests/sanitize/modules.txt. An error is a process that dies of a signal, and a program or test that does not do what it
does without guards. What is expected is in Tests/sanitize/expected.txt. The last line is
`N files, N errors, N expected`; the exit code is 1 when there are errors.
"""
import argparse, json, os, re, shlex, subprocess, sys, tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import allocation_failures, differential, python_tests

ROOT = Path(__file__).resolve().parents[2]
LISTS = ROOT / "Tests/sanitize"
DEATH = re.compile(r"\bcrash in this|\bSIG(SEGV|ABRT|BUS|ILL|TRAP)|Segmentation|(?<![\w.])-(11|6|7|4|5)(?!\w)|guarded memory|Debug memory")
PARTS = ["python", "differential", "failures", "conform"]
GUARDED = ["PYTHONMALLOC=debug", "APUS_GUARDMALLOC=1"]


def lines_of(path):
    """The lines of a list: # starts a comment."""
    found = (line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in found if line]


class Session:
    def __init__(self, options):
        self.options = options
        self.expected = [tuple(part.strip() for part in line.split(":", 1)) for line in
                         lines_of(LISTS / "expected.txt")]
        self.files, self.errors, self.allowed = 0, [], 0

    def interpreter(self):
        settings = GUARDED if self.options.malloc == "guarded" else ["PYTHONMALLOC=" + self.options.malloc]
        return ["env", *settings, *shlex.split(self.options.wrap), self.options.apus]

    def check(self, name, job):
        """Runs job(interpreter), which returns what it did and a list of problems."""
        done, problems = job(self.interpreter())
        self.files += 1
        lines = ["%-44s %s" % (name, done)]
        for problem in problems:
            if any(re.fullmatch(file, name) and re.search(pattern, problem) for file, pattern in self.expected):
                self.allowed += 1
            else:
                self.errors.append((name, problem))
                lines.append("ERROR %s: %s" % (name, problem))
        print("\n".join(lines), flush=True)


def run_python(session, path):
    def job(interpreter):
        passed, failures = python_tests.run_file(path, interpreter, session.options.timeout, False)
        return "%d passed" % passed, ["%s: %s" % failure for failure in failures]
    session.check(path.stem, job)


def run_program(session, path):
    def job(interpreter):
        difference = differential.compare(path, interpreter, session.options.timeout)
        return ("ok", []) if difference is None else ("differs", [difference])
    session.check(path.stem, job)


def run_failures(session, name):
    def job(interpreter):
        runs, problems = allocation_failures.run_file(name, interpreter, session.options.timeout * 10,
                                                      most=session.options.most, longest=0.3)
        return "%d runs" % runs, ["%s: %s" % problem for problem in problems]
    session.check("failures." + name, job)


def run_module(session, module):
    """A module of CPython's tests. Its failures without guards do not count: only how its processes end does."""
    tools, library = session.options.conformance, session.options.stdlib
    def job(interpreter):
        with tempfile.TemporaryDirectory() as folder:
            results = Path(folder) / "results.json"
            done = subprocess.run(
                [sys.executable, tools + "/conform", "--interp", shlex.join(interpreter), "--stdlib", library,
                 "--env", "APUS_STDLIB=" + library, "--env", "PYTHONPATH=" + session.options.path,
                 "--against", tools + "/baseline-3.13.json", "--only", module, "--json", str(results),
                 "--timeout", str(session.options.timeout), "--restarts", "5", "--mem", "14", "--failures"],
                stdin=subprocess.DEVNULL, capture_output=True, text=True)
            try:
                found = json.loads(results.read_text())
            except (OSError, ValueError):
                return "no result", [done.stderr[-400:] or done.stdout[-400:]]
        passed, problems = 0, []
        for unit, result in found.get("modules", {}).items():
            passed += result.get("counts", {}).get("ok", 0)
            problems += ["%s.%s: %s" % (unit, name, why) for name, why in sorted(result.get("why", {}).items())
                         if DEATH.search(why)]
            # Killed (9) because its end took long: the runner waits a few seconds only.
            if DEATH.search(result.get("fatal") or "") or (result.get("code") or 0) not in (-9, *range(256)):
                problems.append("%s: %s, code %s" % (unit, result.get("fatal"), result.get("code")))
        return "%d passed" % passed, problems
    session.check(module, job)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--apus", required=True)
    parser.add_argument("--part", action="append", choices=PARTS)
    parser.add_argument("--malloc", default="guarded", choices=["guarded", "debug", "malloc"])
    parser.add_argument("--wrap", default="", help="a command in front of the interpreter")
    parser.add_argument("--timeout", type=float, default=240, help="seconds per Python process")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--most", type=int, default=60, help="failing allocations tried for each test function")
    parser.add_argument("--modules", help="these modules of CPython's tests, with commas")
    parser.add_argument("--conformance", help="the folder of the conformance runner")
    parser.add_argument("--stdlib", help="the folder of the standard library")
    parser.add_argument("--path", default="", help="PYTHONPATH of CPython's tests")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    options.apus = str(Path(options.apus).resolve())
    parts = options.part or (["conform"] if options.modules else ["python", "differential", "failures"])
    os.environ["LC_ALL"] = "C.UTF-8"

    def selected(name):
        return not options.names or any(part in name for part in options.names)

    session = Session(options)
    with ThreadPoolExecutor(options.jobs) as pool:
        jobs = []
        for part in parts:
            if part == "python":
                files = sorted((ROOT / "Tests/python").glob("test_*.py"))
                jobs += [pool.submit(run_python, session, path) for path in files if selected(path.stem)]
            elif part == "differential":
                files = differential.programs(ROOT / "Tests/differential", selected)
                jobs += [pool.submit(run_program, session, path) for path in files]
            elif part == "failures":
                jobs += [pool.submit(run_failures, session, name) for name in allocation_failures.names()
                         if selected(name)]
            else:
                modules = options.modules.split(",") if options.modules else lines_of(LISTS / "modules.txt")
                jobs += [pool.submit(run_module, session, module) for module in modules if selected(module)]
        for job in jobs:
            job.result()
    for name, problem in session.errors:
        print("ERROR %s: %s" % (name, problem.split("\n")[0]))
    print("%d files, %d errors, %d expected" % (session.files, len(session.errors), session.allowed))
    return 1 if session.errors else 0


if __name__ == "__main__":
    sys.exit(main())
