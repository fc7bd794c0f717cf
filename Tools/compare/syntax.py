"""Compiles every string found in CPython's own tests, most of them not Python, in apus and in CPython
3.13, and compares type, message, line, offset, end and text of the errors, and the warnings.

    syntax.py --apus PATH --oracle PATH [--stdlib DIR] [--only FILE] [--show N] [--cut] [--mutate N]

The strings are the literals of Lib/test, str and bytes, the examples in its docstrings, and the whole files
that are no Python. Each is compiled
as a module; short ones also as an expression and as interactive input. Give the release that the library
is of as the oracle: others word a few errors differently. --cut adds every program of
Tests/python cut off or damaged at a few places. --mutate adds N variants of modules of the standard
library with a token or two swapped, removed, doubled or replaced.
"""
import ast, random, re, sys, tempfile, textwrap
from pathlib import Path

import fuzz
import pair

PROGRAM = r'''
import sys, warnings
given = []
def note(message, category, filename, lineno, file=None, line=None):
    given.append((category.__name__, str(message), filename, lineno))
warnings.showwarning = note
warnings.simplefilter("always")
cases = CASES
for number in range(int(sys.argv[1]), len(cases)):
    text, mode = cases[number]
    print("#", number, flush=True)
    given.clear()
    try:
        compile(text, "case", mode, 0, True)
        line = "compiles"
    except SyntaxError as error:
        line = repr((type(error).__name__, error.msg, error.lineno, error.offset, error.end_lineno, error.end_offset, error.text))
    except BaseException as error:
        line = type(error).__name__ + ": " + str(error)
    print(ascii(line), ascii(given) if given else "", flush=True)
'''


def examples(text):
    """The sources of the interactive examples in a docstring."""
    source = []
    for line in text.splitlines():
        match = re.match(r"\s*(>>>|\.\.\.)( |$)(.*)", line)
        if match and match[1] == ">>>" and source:
            yield "\n".join(source) + "\n"
            source = []
        if match:
            source.append(match[3])
        elif source:
            yield "\n".join(source) + "\n"
            source = []
    if source:
        yield "\n".join(source) + "\n"


def strings(path):
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        yield path.read_bytes()
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, bytes):
            if len(node.value) < 4000:
                yield node.value
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if len(node.value) < 4000:
                yield node.value
                yield textwrap.dedent(node.value)
            if ">>>" in node.value:
                yield from examples(node.value)


def damaged(path, count=12):
    """The program cut off, or with a stretch removed or doubled, at places chosen by its name."""
    text = path.read_text(encoding="utf-8")
    chance = random.Random(path.name)
    for _ in range(count):
        a = chance.randrange(len(text))
        b = min(len(text), a + chance.randrange(1, 12))
        yield text[:a]
        yield text[:a] + text[b:]
        yield text[:b] + text[a:]


def main():
    parser = pair.arguments(__doc__)
    parser.add_argument("--stdlib", help="the library with the tests (default: the oracle's)")
    parser.add_argument("--only", default="", help="test files whose name contains this")
    parser.add_argument("--cut", action="store_true")
    parser.add_argument("--mutate", type=int, default=0)
    parser.add_argument("--no-tests", action="store_true", help="leave out the strings of Lib/test")
    options = parser.parse_args()
    oracle, apus = pair.Interpreter(options.oracle), pair.Interpreter(options.apus)
    report = pair.Report(options.show)
    with tempfile.TemporaryDirectory() as name:
        program = Path(name) / "cases.py"
        if not options.stdlib:
            program.write_text("import os; print(os.path.dirname(os.__file__))")
            options.stdlib = oracle.run(program).out.strip()
        seen = set()
        for path in sorted(Path(options.stdlib, "test").rglob("*.py")):
            if options.only in path.name and not options.no_tests:
                check(path.name, strings(path), seen, program, oracle, apus, report)
        if options.cut:
            for path in sorted((pair.ROOT / "Tests" / "python").glob("test_*.py")):
                if options.only in path.name:
                    check(path.name, damaged(path), seen, program, oracle, apus, report)
        if options.mutate:
            pool = fuzz.library(Path(options.stdlib), chosen=1000)
            for batch in range(0, options.mutate, 100):
                chance = random.Random("mutate %d" % batch)
                texts = [fuzz.mutate(chance.choice(pool), chance) for _ in range(min(100, options.mutate - batch))]
                check("mutants from %d" % batch, texts, seen, program, oracle, apus, report)
    return report.finish()


def check(label, texts, seen, program, oracle, apus, report):
    cases = []
    for text in texts:
        for mode in ("exec", "eval", "single") if len(text) < 200 else ("exec",):
            if (text, mode) not in seen:
                seen.add((text, mode))
                cases.append((text, mode))
    if not cases:
        return
    program.write_text(PROGRAM.replace("CASES", "[\n" + ",\n".join(map(ascii, cases)) + "]"), encoding="utf-8")
    expected = pair.answers(oracle, program, len(cases))
    found = pair.answers(apus, program, len(cases))
    before = report.differences
    for number, (text, mode) in enumerate(cases):
        report.compare("%s: compile(%.300a, mode=%r)" % (label, text, mode),
                       expected.get(number, "not reached"), found.get(number, "not reached"))
    if report.differences > before:
        print("%s: %d of %d differ" % (label, report.differences - before, len(cases)), flush=True)


if __name__ == "__main__":
    sys.exit(main())
