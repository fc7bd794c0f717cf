"""Programs that use our own modules, checked by mypy --strict and ty against the .pyi files of Lib (`pip install mypy`).

Without a type checker the programs are only run, which is said; Tests/python/test_stubs.py holds the stubs against the
modules in any case.
"""
import os, shutil, subprocess, sys, tempfile
from pathlib import Path

from outcome import shorten


def checkers(stubs):
    """name -> command of each type checker that is installed, with the folder of the stubs to take."""
    found = {}
    if shutil.which("mypy") or subprocess.run([sys.executable, "-m", "mypy", "--version"], capture_output=True).returncode == 0:
        mypy = [shutil.which("mypy")] if shutil.which("mypy") else [sys.executable, "-m", "mypy"]
        found["mypy"] = [*mypy, "--strict", "--python-version", "3.13", "--cache-dir", stubs + "/.cache"]
    if shutil.which("ty"):
        found["ty"] = ["ty", "check", "--python-version", "3.13", "--extra-search-path", stubs]
    return found


def run_all(outcome, root, interpreter, timeout):
    programs = sorted((root / "Tests/typing").glob("*.py"))
    for program in programs:
        run = subprocess.run([*interpreter, str(program)], capture_output=True, text=True, timeout=timeout)
        if run.returncode != 0:
            outcome.fail("typing_" + program.stem, "does not run" + shorten(run.stderr))
        else:
            outcome.ok()
    with tempfile.TemporaryDirectory() as folder:
        # Stubs alone: the .py files beside them would be checked too.
        for stub in (root / "Lib").rglob("*.pyi"):
            target = Path(folder) / stub.relative_to(root / "Lib")
            target.parent.mkdir(exist_ok=True)
            shutil.copy(stub, target)
        commands = checkers(folder)
        if not commands:
            print("typing: neither mypy nor ty is installed (pip install mypy): stubs are not type-checked")
        for name, command in commands.items():
            for kind, files in ("programs", programs), ("stubs", sorted(Path(folder).rglob("*.pyi"))):
                check = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, cwd=root,
                                       timeout=timeout * 5, env={**os.environ, "MYPYPATH": folder})
                if check.returncode == 0:
                    outcome.ok(len(files))
                else:
                    outcome.fail("typing_%s_%s" % (kind, name), shorten(check.stdout))
