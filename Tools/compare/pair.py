"""What the comparisons share: the two interpreters, running one program in both, masking, reporting.

The oracle is CPython 3.13; its answer is the right one.
"""
import argparse, glob, os, re, resource, shlex, subprocess, sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tools" / "test"))
from process import run  # noqa: E402

ADDRESS = re.compile(r"0x[0-9a-f]{6,}")
SECONDS = re.compile(r"\b\d+\.\d+s\b")


def arguments(doc):
    """The parser of the options that every comparison has."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--apus", required=True, help="the interpreter under test")
    parser.add_argument("--oracle", required=True, help="CPython 3.13")
    parser.add_argument("--show", type=int, default=40, help="differences to print (0: all)")
    return parser


def classic_arguments(doc, count):
    """The same for a comparison with CPython 3.10 over COUNT source files."""
    parser = arguments(doc)
    found = sorted(glob.glob(os.path.expanduser("~/.pyenv/versions/3.10.*/bin/python3.10")))
    parser.add_argument("--classic", default=found[-1] if found else None, required=not found, help="a CPython 3.10")
    parser.add_argument("--files", help="folder of source files (default: the library of --classic)")
    parser.add_argument("--count", type=int, default=count)
    return parser


def source_files(options, skip, sizes):
    """About options.count source files, spread over the folder, without those below a name in SKIP."""
    folder = options.files or subprocess.run(
        [options.classic, "-c", "import os; print(os.path.dirname(os.__file__))"], stdout=subprocess.PIPE,
        text=True, check=True).stdout.strip()
    paths = sorted(str(path) for path in Path(folder).rglob("*.py")
                   if not skip & set(path.relative_to(folder).parts) and path.stat().st_size in sizes)
    return paths[::max(1, len(paths) // options.count)][:options.count]


def facts(output):
    """Lines of `subject TAB fact TAB value` as a table."""
    table = {}
    for line in output.splitlines():
        subject, fact, value = line.split("\t", 2)
        table[subject, fact] = mask(value)
    return table


def limit_memory(gigabytes=4):
    """Bounds this process and the interpreters it starts, so that a wild program cannot take the machine."""
    size = int(gigabytes * 2 ** 30)
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def mask(text):
    return SECONDS.sub("0.0s", ADDRESS.sub("0x…", text))


class Interpreter:
    def __init__(self, command):
        self.command = shlex.split(command)

    def run(self, program, *args, timeout=120, folder="/tmp", stdin=b""):
        """Runs PROGRAM (a path) with hash seed 0."""
        return run([*self.command, str(program), *args], folder, timeout, stdin, {"PYTHONHASHSEED": "0"})


def answers(interpreter, program, count, *options, timeout=120, restarts=30):
    """Runs a PROGRAM of COUNT cases; returns case number -> the line printed for it.

    The program takes the number of the first case to do and prints `# NUMBER ...` before and one line
    after each case. It is started again behind a case that ended it.
    """
    found, start = {}, 0
    for _ in range(restarts):
        done = interpreter.run(program, str(start), *options, timeout=timeout)
        number = None
        for line in done.out.splitlines():
            if line.startswith("# "):
                number = int(line.split(" ", 2)[1])
            elif number is not None:
                found[number] = mask(line)
        if number is None:
            found[start] = done.ending() + ": " + done.err[-300:]
            break
        if number == count - 1 and number in found:
            break
        if number not in found:
            found[number] = done.ending()
        start = number + 1
        if start >= count:
            break
    return found


class Report:
    """Collects differences, prints the first of them and a last line with the count."""

    def __init__(self, show):
        self.show, self.equal, self.differences = show or 10 ** 9, 0, 0

    def same(self, count=1):
        self.equal += count

    def differs(self, subject, expected, found, quiet=False):
        self.differences += 1
        if not quiet and self.differences <= self.show:
            print("%s\n    oracle %s\n    apus   %s" % (subject, expected, found), flush=True)

    def compare(self, subject, expected, found):
        if expected == found:
            self.same()
        else:
            self.differs(subject, expected, found)

    def finish(self):
        if self.differences > self.show:
            print("... and %d more" % (self.differences - self.show))
        print("%d equal, %d different" % (self.equal, self.differences))
        return 1 if self.differences else 0
