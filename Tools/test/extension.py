"""Tests/extension: modules in C, compiled with the headers of CPython 3.13, and programs that use them.

Each NAME.c becomes an extension module NAME; each use_NAME.py is a program whose whole behaviour is compared with
use_NAME.out, as in Tests/differential (`./dev record` writes those with CPython, which loads the same files). A source
may begin with lines
    // compile: -DNAME=VALUE            (further options of the compiler)
    // suffix: .abi3.so                 (default: .so)
APUS_HEADERS names the folders of the headers, with colons between them.

Then each program runs again and again in one process: the count of live blocks must stand still, which it does not
when a function of the C API takes a reference too many.
"""
import os, re, subprocess, tempfile
from pathlib import Path

import differential
from outcome import shorten
from process import run

DIRECTIVE = re.compile(r"// (compile|suffix): (.*)")
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter", "-Wno-missing-field-initializers",
            "-Wno-cast-function-type"]


ROUNDS = 7  # the first two warm up

PROGRAM = r'''
import gc, os, sys
from array import array  # numbers without objects: counting must not grow what is counted
path, rounds = sys.argv[1], int(sys.argv[2])
with open(path, encoding="utf-8") as file:
    code = compile(file.read(), path, "exec")
counts = array("q", bytes(8 * rounds))
out, err, settings = sys.stdout, sys.stderr, (sys.argv[:], sys.path[:], sys.warnoptions[:], dict(sys._xoptions))
sys.stdout = sys.stderr = open(os.devnull, "w")
for turn in range(rounds):
    names = {"__name__": "__main__", "__file__": path}
    exec(code, names)
    names.clear()
    sys.argv[:], sys.path[:] = settings[0], settings[1]
    sys.warnoptions[:] = settings[2]
    for name in ("last_exc", "last_type", "last_value", "last_traceback"):
        vars(sys).pop(name, None)
    gc.collect()
    counts[turn] = sys.getallocatedblocks()
sys.stdout, sys.stderr = out, err
print("growth", min(counts[turn + 1] - counts[turn] for turn in range(1, rounds - 1)))
'''


def compile_one(source, headers, target):
    """None, or the compiler's complaints."""
    options, suffix = [], ".so"
    for line in source.read_text(encoding="utf-8").splitlines():
        match = DIRECTIVE.fullmatch(line)
        if not match:
            break
        if match[1] == "compile":
            options += match[2].split()
        else:
            suffix = match[2]
    command = ["clang", "-shared", "-fPIC", "-O1", "-std=c11", *WARNINGS, *options]
    for folder in headers:
        command += ["-isystem", folder]
    command += [str(source), "-o", str(target / (source.stem + suffix))]
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.stdout if done.returncode else None


def compile_all(folder, target, pool):
    """Compiles every module of FOLDER into TARGET: [(name, complaints)] of those that do not compile."""
    headers = [name for name in os.environ.get("APUS_HEADERS", "").split(":") if name]
    if not any((Path(name) / "Python.h").exists() for name in headers):
        return [("headers", "no C headers of CPython 3.13; set APUS_HEADERS to the folder that holds Python.h")]
    sources = sorted(folder.glob("*.c"))
    found = pool.map(lambda source: compile_one(source, headers, target), sources)
    return [(source.stem, "does not compile" + shorten(text)) for source, text in zip(sources, found) if text]


def compare(path, interpreter, timeout, built):
    """None, or how the program differs from its recording with the modules in BUILT."""
    return differential.compare(path, interpreter, timeout, {"PYTHONPATH": str(built)})


def growth(path, interpreter, timeout, built):
    """None, or what is wrong with the number of live blocks after each round."""
    program = Path(built) / "rounds.py"
    done = run([*interpreter, str(program), str(path), str(ROUNDS)], path.parent, timeout, b"",
               {"PYTHONPATH": str(built), "PYTHONHASHSEED": "0"})
    if re.search(r"^growth (0|-\d+)$", done.out, re.M):
        return None
    return done.ending() + shorten(done.out + done.err)


def run_all(outcome, folder, interpreter, selected, pool, timeout):
    with tempfile.TemporaryDirectory() as built:
        for name, complaints in compile_all(folder, Path(built), pool):
            outcome.fail("extension_" + name, complaints)
        paths = differential.programs(folder, selected)
        for path, difference in zip(paths, pool.map(lambda path: compare(path, interpreter, timeout, built), paths)):
            if difference is None:
                outcome.ok()
            else:
                outcome.fail("extension_" + path.stem, difference)
        (Path(built) / "rounds.py").write_text(PROGRAM, encoding="utf-8")
        for path, reason in zip(paths, pool.map(lambda path: growth(path, interpreter, timeout * 3, built), paths)):
            if reason is None:
                outcome.ok()
            else:
                outcome.fail("leaks_" + path.stem, reason)
