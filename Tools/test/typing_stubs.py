"""Programs that use our own modules, checked by mypy --strict against the .pyi files of Lib (`pip install mypy`).

Without mypy nothing is checked, which is said; Tests/python/test_stubs.py holds the stubs against the modules in any
case.
"""
import os, shutil, subprocess, sys, tempfile
from pathlib import Path

from outcome import shorten


def mypy():
    """The command of mypy, None where it is not installed."""
    found = shutil.which("mypy")
    if found:
        return [found]
    probe = subprocess.run([sys.executable, "-m", "mypy", "--version"], capture_output=True)
    return [sys.executable, "-m", "mypy"] if probe.returncode == 0 else None


def run_all(outcome, root, interpreter, timeout):
    command = mypy()
    if command is None:
        print("typing: mypy is not installed (pip install mypy): stubs are not type-checked")
    for program in sorted((root / "Tests/typing").glob("*.py")):
        run = subprocess.run([*interpreter, str(program)], capture_output=True, text=True, timeout=timeout)
        if run.returncode != 0:
            outcome.fail("typing_" + program.stem, "does not run" + shorten(run.stderr))
        else:
            outcome.ok()
    if command is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        # Stubs alone: the .py files beside them would be checked too.
        for stub in (root / "Lib").rglob("*.pyi"):
            target = Path(folder) / stub.relative_to(root / "Lib")
            target.parent.mkdir(exist_ok=True)
            shutil.copy(stub, target)
        flags = ["--strict", "--python-version", "3.13", "--cache-dir", folder + "/.cache"]
        for files in [sorted((root / "Tests/typing").glob("*.py")), sorted(Path(folder).rglob("*.pyi"))]:
            check = subprocess.run([*command, *flags, *map(str, files)], capture_output=True, text=True, cwd=root,
                                   timeout=timeout * 5, env={**os.environ, "MYPYPATH": folder})
            if check.returncode == 0:
                outcome.ok(len(files))
            else:
                outcome.fail("typing_" + ("programs" if files[0].suffix == ".py" else "stubs"), shorten(check.stdout))
