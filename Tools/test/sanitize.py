"""Runs the tests with an AddressSanitizer build and lists what it finds (./dev sanitize).

    sanitize.py --apus PATH [--part python|differential|failures|conform]... [--modules A,B] [NAME...]

Every block comes from malloc() and nothing is kept for reuse (PYTHONMALLOC), so each access behind, in front of or
after a block's life is seen; the build checks reference counts too. NAMEs choose test files and programs whose name
contains one of them. Modules of CPython's own tests are those of Tests/sanitize/modules.txt. What is expected is in
Tests/sanitize/expected.txt. A report is counted once however often it comes. The last line is
`N files, N errors, N expected`; the exit code is 1 when there are errors.
"""
import argparse, os, re, shlex, shutil, subprocess, sys, tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import allocation_failures, differential, python_tests

ROOT = Path(__file__).resolve().parents[2]
LISTS = ROOT / "Tests/sanitize"
PARTS = ["python", "differential", "failures", "conform"]

#: Swift's own stores of metadata are never freed, and neither are static types: leaks are the block count's job.
SETTINGS = ("detect_leaks=0:halt_on_error=0:allocator_may_return_null=1:print_cmdline=1:exitcode=0"
            ":detect_stack_use_after_return=0:max_allocation_size_mb=4096:quarantine_size_mb=64:malloc_context_size=20")
KIND = re.compile(r"^==\d+==\s*(?:ERROR|WARNING): (?:AddressSanitizer: )?(.*)$", re.M)
FRAME = re.compile(r"^ +#\d+ 0x[0-9a-f]+ (?:in )?(.*)$", re.M)
COUNT = re.compile(r"^Fatal Python error: wrong reference count: .*$", re.M)


def lines_of(path):
    """The words of a list: a name a line, # starts a comment."""
    found = (line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in found if line]


class Report:
    """One finding: what kind, and the functions on the stack, innermost first."""

    def __init__(self, text):
        head = KIND.search(text)
        self.text = text
        self.kind = re.sub(r"0x[0-9a-f]+|\(.*", "", head.group(1)).strip() if head else text.splitlines()[0]
        self.kind = " ".join(self.kind.split()[:4])
        first = text.split("\n\n")[0]
        self.frames = [frame.strip() for frame in FRAME.findall(first)]

    def key(self):
        return self.kind, tuple(self.frames[:4])


def reports_in(folder):
    found = []
    for path in sorted(folder.glob("*")):
        text = path.read_text(encoding="utf-8", errors="replace")
        pieces = re.split(r"(?m)^=+$\n(?===\d+==)", text)
        found += [Report(piece) for piece in pieces if KIND.search(piece)]
    return found


class Session:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.expected = [tuple(part.strip() for part in line.split(":", 1)) for line in
                         lines_of(LISTS / "expected.txt")]
        self.files, self.found, self.allowed = 0, {}, 0

    def interpreter(self, logs, malloc):
        settings = "%s:log_path=%s" % (SETTINGS, logs / "report")
        return ["env", "ASAN_OPTIONS=" + settings, "PYTHONMALLOC=" + malloc, self.options.apus]

    def is_expected(self, name, report):
        return any(re.fullmatch(file, name) and re.search(pattern, report.text) for file, pattern in self.expected)

    def check(self, name, job, malloc=None):
        """Runs job(interpreter) and takes in the reports that its processes wrote."""
        logs = Path(tempfile.mkdtemp(dir=self.folder))
        ending = job(self.interpreter(logs, malloc or self.options.malloc))
        self.files += 1
        lines = []
        for report in reports_in(logs):
            if self.is_expected(name, report):
                self.allowed += 1
            elif report.key() in self.found:
                self.found[report.key()].append(name)
            else:
                self.found[report.key()] = [name]
                lines.append("ERROR %s: %s\n    %s" % (name, report.kind, "\n    ".join(report.frames[:12])))
                if self.options.logs:
                    target = Path(self.options.logs) / ("%s-%d.txt" % (name, len(self.found)))
                    target.write_text(report.text, encoding="utf-8")
        shutil.rmtree(logs)
        print("\n".join(["%-44s %s" % (name, ending), *lines]), flush=True)


def run_python(session, path):
    def job(interpreter):
        passed, failures = python_tests.run_file(path, interpreter, session.options.timeout, False)
        return "%d passed%s" % (passed, "".join("\n  FAIL %s: %s" % failure for failure in failures))
    session.check(path.stem, job)


def run_program(session, path):
    def job(interpreter):
        difference = differential.compare(path, interpreter, session.options.timeout)
        return "ok" if difference is None else difference
    session.check(path.stem, job)


def run_failures(session, name):
    def job(interpreter):
        runs, problems = allocation_failures.run_file(name, interpreter, session.options.timeout * 10, most=60, longest=0.1)
        return "%d runs%s" % (runs, "".join("\n  FAIL %s: %s" % problem for problem in problems))
    session.check("failures." + name, job, malloc="debug")


def run_module(session, module):
    tools, library = session.options.conformance, session.options.stdlib
    def job(interpreter):
        done = subprocess.run(
            [sys.executable, tools + "/conform", "--interp", shlex.join(interpreter), "--stdlib", library,
             "--env", "APUS_STDLIB=" + library, "--against", tools + "/baseline-3.13.json", "--only", module,
             "--timeout", str(session.options.timeout * 10), "--restarts", "3", "--mem", "12", "--failures"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True)
        lines = [line for line in done.stdout.splitlines() if re.match(r"\s*(\[|test_\w+\s|%s\b)" % re.escape(module), line)]
        return "; ".join(line.strip() for line in lines[:12]) or done.stderr[-300:]
    session.check(module, job)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--apus", required=True, help="the build with -sanitize=address")
    parser.add_argument("--part", action="append", choices=PARTS)
    parser.add_argument("--malloc", default="malloc", choices=["malloc", "debug"])
    parser.add_argument("--timeout", type=float, default=240, help="seconds per Python process")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--logs", help="keep the reports in this folder")
    parser.add_argument("--modules", help="these modules of CPython's tests, with commas")
    parser.add_argument("--conformance", help="the folder of the conformance runner")
    parser.add_argument("--stdlib", help="the folder of the standard library")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    options.apus = str(Path(options.apus).resolve())
    parts = options.part or (["conform"] if options.modules else ["python", "differential", "failures"])
    if options.logs:
        Path(options.logs).mkdir(parents=True, exist_ok=True)
    os.environ["LC_ALL"] = "C.UTF-8"

    def selected(name):
        return not options.names or any(part in name for part in options.names)

    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(options.jobs) as pool:
        session = Session(options, Path(folder))
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
    for (kind, frames), names in session.found.items():
        print("%s in %s" % (kind, ", ".join(sorted(set(names)))), *frames, sep="\n    ")
    print("%d files, %d errors, %d expected" % (session.files, len(session.found), session.allowed))
    return 1 if session.found else 0


if __name__ == "__main__":
    sys.exit(main())
