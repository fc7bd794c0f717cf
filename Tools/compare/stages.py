"""Compares what `apus --show` prints of the front end with the same functions on CPython 3.13.

    stages.py --apus PATH --oracle PATH [--files FOLDER] [--count 300]

For each file: tokens, syntax tree and symbol tables, as text and as JSON, and the tree of what ast.unparse() makes of
the tree, which must be the tree again. Lib/apus/stages.py works on both sides, for it asks only the library; what it
shows of code is Apus's own. FOLDER is the library of the oracle by default, its tests included.
"""
import subprocess, sys, tempfile
from pathlib import Path

import pair

# Both sides run this, so that all files take one process each.
PROGRAM = r'''
import ast, hashlib, importlib.util, sys, types, warnings
module, listing, out = sys.argv[1:]
warnings.simplefilter("ignore")
sys.setrecursionlimit(5000)
sys.modules.setdefault("_machine", types.ModuleType("_machine"))
spec = importlib.util.spec_from_file_location("stages", module)
stages = importlib.util.module_from_spec(spec)
spec.loader.exec_module(stages)

def told(function):
    try:
        return function()
    except (SyntaxError, ValueError, stages.tokenize.TokenError) as error:
        return "%s: %s" % (type(error).__name__, error)

def again(source):
    tree = ast.parse(source)
    return "unparse " + str(ast.dump(ast.parse(ast.unparse(tree))) == ast.dump(tree))

with open(out, "w", encoding="utf-8", errors="backslashreplace") as file:
    for path in open(listing).read().split("\n"):
        with open(path, "rb") as opened:
            source = opened.read()
        for stage in stages.STAGES[:3]:
            for format in ("text", "json"):
                shown = told(lambda: stages.show(stage, source, path, format=format))
                file.write("%s %s %s %d\n" % (stage, format, hashlib.sha256(shown.encode("utf-8", "replace")).hexdigest()[:16],
                                              shown.count("\n")))
        file.write(told(lambda: again(source)) + "\n=== ")
'''


def main():
    parser = pair.arguments(__doc__)
    parser.add_argument("--files", help="folder of source files")
    parser.add_argument("--count", type=int, default=300)
    options = parser.parse_args()
    apus, oracle = pair.Interpreter(options.apus), pair.Interpreter(options.oracle)
    folder = options.files or subprocess.run(
        [*oracle.command, "-c", "import os; print(os.path.dirname(os.__file__))"], stdout=subprocess.PIPE, text=True,
        check=True).stdout.strip()
    paths = sorted(str(path) for path in Path(folder).rglob("*.py")
                   if "site-packages" not in path.parts and path.stat().st_size < 200000)
    paths = paths[::max(1, len(paths) // options.count)][:options.count]
    report = pair.Report(options.show)
    with tempfile.TemporaryDirectory() as work:
        (Path(work) / "program.py").write_text(PROGRAM)
        (Path(work) / "files").write_text("\n".join(paths))
        texts = []
        for interpreter in (oracle, apus):
            out = Path(work) / ("out%d" % len(texts))
            done = interpreter.run(Path(work) / "program.py", str(pair.ROOT / "Lib/apus/stages.py"), work + "/files",
                                   str(out), timeout=1800, folder=work)
            if done.code:
                raise SystemExit("stages: %s: %s %s" % (interpreter.command[0], done.ending(), done.err[-1000:]))
            texts.append(out.read_text(encoding="utf-8").split("=== "))
    for path, expected, mine in zip(paths, *texts):
        for left, right in zip(expected.splitlines(), mine.splitlines()):
            if left == right:
                report.same()
            else:
                report.differs(path, repr(left), repr(right))
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
