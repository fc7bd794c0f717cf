"""Compiles library files of CPython 3.10 to .pyc files in both interpreters, and runs each file in the other.

    codefiles.py --apus PATH --oracle PATH [--classic PYTHON310] [--files FOLDER] [--count 200]

apus runs in its classic mode. Each side writes the files with py_compile; the other reads them, compares every code
object with what it compiles itself, field by field, and executes both, as modules: what stands in the namespace
afterwards, or the exception, has to be the same. (The bytes of the files may differ in which objects are marked as
shared: that depends on what else the process refers to.) --oracle is not used.
"""
import sys, tempfile
from pathlib import Path

import pair

WRITE = r'''
import py_compile, sys
listing, folder = sys.argv[1:]
for number, path in enumerate(open(listing).read().split("\n")):
    py_compile.compile(path, "%s/%d.pyc" % (folder, number), doraise=True)
'''

READ = r'''
import io, marshal, os, sys, types, warnings
listing, folder, out = sys.argv[1:]
root = os.path.dirname(os.path.dirname(os.path.commonprefix(open(listing).read().split("\n")) + "x"))
warnings.simplefilter("ignore")
FIELDS = [name for name in dir(types.CodeType) if name.startswith("co_") and name != "co_lnotab"
          and not callable(getattr(types.CodeType, name))]

def differences(one, other, path="<module>"):
    for name in FIELDS:
        left, right = getattr(one, name), getattr(other, name)
        if name == "co_consts":
            if len(left) != len(right): yield path + " co_consts"
            for a, b in zip(left, right):
                if isinstance(a, types.CodeType) and isinstance(b, types.CodeType):
                    yield from differences(a, b, path + "." + a.co_name)
                elif type(a) is not type(b) or repr(a) != repr(b) and a != b: yield "%s constant %r %r" % (path, a, b)
        elif left != right: yield "%s %s %r %r" % (path, name, left, right)

def execute(code, name, package):
    module = types.ModuleType(name)
    module.__file__ = code.co_filename
    module.__package__ = package
    streams = sys.stdout, sys.stderr, sys.stdin
    sys.stdout, sys.stderr, sys.stdin = io.StringIO(), io.StringIO(), io.StringIO()
    known = set(sys.modules)
    sys.modules[name] = module
    try:
        exec(code, module.__dict__)
        return sorted(module.__dict__)
    except BaseException as error:
        return "%s: %s" % (type(error).__name__, error)
    finally:
        sys.stdout, sys.stderr, sys.stdin = streams
        for extra in set(sys.modules) - known: del sys.modules[extra]

sys.setrecursionlimit(5000)
with open(out, "w", encoding="utf-8", errors="backslashreplace") as report:
    for number, path in enumerate(open(listing).read().split("\n")):
        with open("%s/%d.pyc" % (folder, number), "rb") as file:
            data = file.read()
        code = marshal.loads(data[16:])
        with open(path, "rb") as file:
            own = compile(file.read(), path, "exec", dont_inherit=True)
        found = list(differences(code, own))
        name = os.path.relpath(path, root)[:-3].replace("/", ".")
        package = name.rpartition(".")[0]
        if name.endswith(".__init__"): package = name = name.rpartition(".")[0]
        first, second = execute(code, "made_" + name.replace(".", "_"), package), execute(own, "made_" + name.replace(".", "_"), package)
        if first != second: found.append("executes as %.200r, not %.200r" % (first, second))
        report.write("%s\t%s\t%s\n" % (path, "raises" if isinstance(first, str) else "runs", "; ".join(found)[:500].replace("\n", " ").replace("\t", " ")))
        report.flush()
'''


def main():
    options = pair.classic_arguments(__doc__, 200).parse_args()
    skip = {"test", "tests", "site-packages", "lib2to3", "idlelib", "turtledemo", "antigravity.py", "__main__.py"}
    paths = pair.source_files(options, skip, range(501, sys.maxsize))
    report = pair.Report(options.show)
    sides = {"3.10": pair.Interpreter(options.classic), "apus": pair.Interpreter(options.apus + " -X classic")}
    with tempfile.TemporaryDirectory() as work:
        work = Path(work)
        (work / "write.py").write_text(WRITE)
        (work / "read.py").write_text(READ)
        (work / "files").write_text("\n".join(paths))
        for name, side in sides.items():
            (work / name).mkdir()
            done = side.run(work / "write.py", str(work / "files"), str(work / name), timeout=900, folder=str(work))
            if done.code:
                raise SystemExit("codefiles: %s cannot write: %s %s" % (name, done.ending(), done.err[-1000:]))
        for reader, writer in ("3.10", "apus"), ("apus", "3.10"):
            out = work / ("report-" + reader)
            done = sides[reader].run(work / "read.py", str(work / "files"), str(work / writer), str(out), timeout=1800, folder=str(work))
            lines = out.read_text(encoding="utf-8").splitlines() if out.exists() else []
            ran = 0
            for line in lines:
                path, way, problems = line.split("\t")
                ran += way == "runs"
                if problems:
                    report.differs("%s written by %s, read by %s" % (path, writer, reader), "no difference", problems)
                else:
                    report.same()
            if done.code or len(lines) != len(paths):
                report.differs("%s reads %d of %d files" % (reader, len(lines), len(paths)), "exit 0", done.ending() + " " + done.err[-500:])
            print("%d files written by %s run in %s, %d of them to the end" % (len(lines), writer, reader, ran))
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
