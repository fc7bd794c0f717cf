"""Writes the expected output of the programs in Tests/differential and Tests/extension by running CPython.

    record.py --oracle PYTHON313 [NAME...]     (./dev record)
"""
import argparse, os, shlex, sys, tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import extension
from differential import behaviour, directives, programs

TESTS = Path(__file__).resolve().parents[2] / "Tests"


def older(version):
    """The command of the CPython VERSION that pyenv installed or PATH has."""
    for path in sorted(Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")).glob("versions/%s.*/bin/python3" % version)):
        return [str(path)]
    return ["python" + version]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--oracle", required=True)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    oracle = shlex.split(options.oracle)

    def chosen(folder):
        return programs(folder, lambda name: not options.names or any(part in name for part in options.names))

    def record(path, settings={}):
        version = directives(path)["oracle"]
        text = behaviour(path, oracle if version == "3.13" else older(version), 60, settings)
        target = path.with_suffix(".out")
        changed = not target.exists() or target.read_text(encoding="utf-8") != text
        if changed:
            target.write_text(text, encoding="utf-8")
        return path.stem if changed else None

    changed = []
    with ThreadPoolExecutor(os.cpu_count()) as pool, tempfile.TemporaryDirectory() as built:
        paths = chosen(TESTS / "differential")
        changed += pool.map(record, paths)
        extensions = chosen(TESTS / "extension")
        if extensions:
            for name, complaints in extension.compile_all(TESTS / "extension", Path(built), pool):
                print("%s: %s" % (name, complaints))
            changed += pool.map(lambda path: record(path, {"PYTHONPATH": built}), extensions)
    changed = [name for name in changed if name]
    print("%d programs, %d recordings changed" % (len(paths) + len(extensions), len(changed)), *changed)


if __name__ == "__main__":
    sys.exit(main())
