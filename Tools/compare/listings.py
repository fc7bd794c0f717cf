"""Compares the whole output of `-m dis` for library files with CPython 3.10's, addresses masked.

    listings.py --apus PATH --oracle PATH [--classic PYTHON310] [--files FOLDER] [--count 300]

For every code object what code_info(), get_instructions(), findlinestarts() and findlabels() tell is compared, too,
and the stack effects of all instructions. The items of a frozenset are sorted first: the releases hash text in
different ways. apus runs in its classic mode. FOLDER is the library of CPython 3.10 (default: that of PYTHON310,
which is looked for among pyenv's); --oracle is not used.
"""
import re, subprocess, sys, tempfile
from pathlib import Path

import pair

# Both sides run this, so that a hundred files take one process each.
PROGRAM = r'''
import contextlib, dis, opcode, sys
listing, out = sys.argv[1:]
sys.setrecursionlimit(5000)

def tell(code):
    print(dis.code_info(code))
    for one in dis.get_instructions(code):
        print(one.opname, one.opcode, one.arg, repr(one.argval), one.argrepr, one.offset, one.is_jump_target)
    last, starts = None, []
    for offset, line in dis.findlinestarts(code):
        # 3.13 has the places without a line, too.
        if line is not None and line != last: starts.append((offset, line))
        last = last if line is None else line
    print(starts, dis.findlabels(code.co_code))
    for constant in code.co_consts:
        if hasattr(constant, "co_code"): tell(constant)

def effects(number, argument, jump):
    try: return opcode.stack_effect(number, argument, jump=jump)
    except ValueError as error: return str(error)
with open(out, "w", encoding="utf-8", errors="backslashreplace") as file, contextlib.redirect_stdout(file):
    for path in open(listing).read().split("\n"):
        print("=== " + path)
        with open(path, "rb") as source:
            code = compile(source.read(), path, "exec")
        dis.dis(code)
        tell(code)
    print("=== stack effects")
    for name, number in sorted(dis.opmap.items()):
        if name in NAMES:
            for argument in range(8) if number >= dis.HAVE_ARGUMENT else [None]:
                print(name, argument, *(effects(number, argument, jump) for jump in (None, True, False)))
'''


def masked(text):
    return re.sub(r"frozenset\(\{(.*?)\}\)", lambda found: "frozenset(%s)" % sorted(found[1].split(", ")), pair.mask(text))


def main():
    options = pair.classic_arguments(__doc__, 300).parse_args()
    skip = {"test", "tests", "site-packages", "lib2to3"}
    paths = pair.source_files(options, skip, range(1001, 60000))
    report = pair.Report(options.show)
    with tempfile.TemporaryDirectory() as work:
        # The instructions of 3.10, which has nothing that apus has not.
        names = subprocess.run([options.classic, "-c", "import dis; print(set(dis.opmap))"], stdout=subprocess.PIPE, text=True, check=True).stdout
        (Path(work) / "program.py").write_text("NAMES = " + names + PROGRAM)
        (Path(work) / "files").write_text("\n".join(paths))
        texts = []
        for command in ([options.classic], [*pair.Interpreter(options.apus).command, "-X", "classic"]):
            out = Path(work) / ("out%d" % len(texts))
            done = pair.Interpreter(" ".join(command)).run(
                Path(work) / "program.py", work + "/files", str(out), timeout=900, folder=work)
            if done.code:
                raise SystemExit("listings: %s: %s %s" % (command[0], done.ending(), done.err[-1000:]))
            texts.append(masked(out.read_text(encoding="utf-8")).split("=== ")[1:])
    for path, expected, mine in zip(paths + ["stack effects"], *texts):
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
