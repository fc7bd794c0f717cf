"""Compares the whole output of `-m dis` for library files with CPython 3.10's, addresses masked.

    listings.py --apus PATH --oracle PATH [--classic PYTHON310] [--files FOLDER] [--count 100]

The items of a frozenset are sorted first: the releases hash text in different ways. apus runs in its classic mode. FOLDER is the library of CPython 3.10 (default: that of PYTHON310, which is
looked for among pyenv's); --oracle is not used.
"""
import glob, os, re, subprocess, sys, tempfile
from pathlib import Path

import pair

# Both sides run this, so that a hundred files take one process each.
PROGRAM = r'''
import contextlib, dis, sys
listing, out = sys.argv[1:]
sys.setrecursionlimit(5000)
with open(out, "w", encoding="utf-8", errors="backslashreplace") as file, contextlib.redirect_stdout(file):
    for path in open(listing).read().split("\n"):
        print("=== " + path)
        with open(path, "rb") as source:
            dis.dis(compile(source.read(), path, "exec"))
'''


def masked(text):
    return re.sub(r"frozenset\(\{(.*?)\}\)", lambda found: "frozenset(%s)" % sorted(found[1].split(", ")), pair.mask(text))


def main():
    parser = pair.arguments(__doc__)
    found = sorted(glob.glob(os.path.expanduser("~/.pyenv/versions/3.10.*/bin/python3.10")))
    parser.add_argument("--classic", default=found[-1] if found else None, help="a CPython 3.10")
    parser.add_argument("--files", help="folder of source files")
    parser.add_argument("--count", type=int, default=100)
    options = parser.parse_args()
    if not options.classic:
        raise SystemExit("listings: no CPython 3.10; give one with --classic")
    folder = options.files or subprocess.run(
        [options.classic, "-c", "import os; print(os.path.dirname(os.__file__))"], stdout=subprocess.PIPE,
        text=True, check=True).stdout.strip()
    paths = sorted(str(path) for path in Path(folder).glob("*.py") if 1000 < path.stat().st_size < 60000)
    step = max(1, len(paths) // options.count)
    paths = paths[::step][:options.count]
    report = pair.Report(options.show)
    with tempfile.TemporaryDirectory() as work:
        (Path(work) / "program.py").write_text(PROGRAM)
        (Path(work) / "files").write_text("\n".join(paths))
        texts = []
        for command in ([options.classic], [*pair.Interpreter(options.apus).command, "-X", "classic"]):
            out = Path(work) / ("out%d" % len(texts))
            done = pair.Interpreter(" ".join(command)).run(
                Path(work) / "program.py", work + "/files", str(out), timeout=900, folder=work)
            if done.code:
                raise SystemExit("listings: %s: %s %s" % (command[0], done.ending(), done.err[-1000:]))
            texts.append(masked(out.read_text(encoding="utf-8")).split("=== ")[1:])
    for path, expected, mine in zip(paths, *texts):
        if expected == mine:
            report.same()
            continue
        for left, right in zip(expected.splitlines(), mine.splitlines()):
            if left != right:
                report.differs(path, repr(left), repr(right))
                break
        else:
            report.differs(path, "%d lines" % expected.count("\n"), "%d lines" % mine.count("\n"))
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
