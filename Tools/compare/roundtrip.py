"""Takes every code object of the library and its tests apart with apus.bytecode and puts it together again.

    roundtrip.py --apus PATH --oracle PATH [--files FOLDER] [--processes 2]

No byte may change: the code, constants, names, variables, stack size, flags, lines and columns, in the default mode
and with -X classic. FOLDER is the library (default: that of apus). --oracle is not used.
"""
import os, subprocess, sys, tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pair

PROGRAM = r'''
import os, sys, types, warnings
from apus import bytecode
folder, part, parts = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
warnings.simplefilter("ignore")
sys.setrecursionlimit(20000)
FIELDS = ["_co_locations"] + [name for name in dir(types.CodeType) if name.startswith("co_") and name != "co_lnotab"
                              and not callable(getattr(types.CodeType, name))]

def difference(code):
    try: again = bytecode.Body.from_code(code).to_code()
    except Exception as error: return "%s: %s" % (type(error).__name__, error)
    for name in FIELDS:
        old, new = getattr(code, name), getattr(again, name)
        if old != new or name == "co_consts" and any(one is not other for one, other in zip(old, new)):
            return "%s: %.200r, then %.200r" % (name, old, new)

files = sorted(os.path.join(place, name) for place, _, names in os.walk(folder) for name in names if name.endswith(".py"))
count = 0
for path in files[part::parts]:
    try:
        with open(path, "rb") as file: pending = [compile(file.read(), path, "exec", dont_inherit=True)]
    except (SyntaxError, ValueError, RecursionError): continue
    while pending:
        code = pending.pop()
        pending += [constant for constant in code.co_consts if isinstance(constant, types.CodeType)]
        count += 1
        if found := difference(code): print("!", path, code.co_qualname, found)
print("=", count, flush=True)
'''


def main():
    parser = pair.arguments(__doc__)
    parser.add_argument("--files", help="folder of source files")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    folder = options.files or subprocess.run(
        [options.apus, "-c", "import os; print(os.path.dirname(os.__file__))"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    report, parts = pair.Report(options.show), 16
    with tempfile.TemporaryDirectory() as work, ThreadPoolExecutor(options.processes) as pool:
        program = Path(work) / "roundtrip_program.py"
        program.write_text(PROGRAM)
        jobs = [(mode, part) for mode in ("", " -X classic") for part in range(parts)]

        def run(job):
            mode, part = job
            return pair.Interpreter(options.apus + mode).run(program, folder, str(part), str(parts), timeout=1800, folder=work)
        for (mode, part), done in zip(jobs, pool.map(run, jobs)):
            lines = done.out.splitlines()
            if done.code or not lines or not lines[-1].startswith("= "):
                report.differs("part %d%s" % (part, mode), "exit 0", done.ending() + " " + done.err[-500:])
                continue
            report.same(int(lines[-1][2:]) - (len(lines) - 1))
            for line in lines[:-1]:
                report.differs(line[2:].split(": ")[0] + mode, "no difference", line.split(": ", 1)[-1])
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
