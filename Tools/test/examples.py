"""Builds the programs of Examples and compares what each prints with its expected.txt."""
import os, subprocess

from outcome import shorten

EXAMPLES = {"embedding": "embedding-example"}  # folder: product


def run_all(outcome, root, timeout=1800):
    for folder, product in sorted(EXAMPLES.items()):
        name = "example_" + folder
        build = subprocess.run(["swift", "build", "-c", "release", "--product", product], cwd=root, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout)
        if build.returncode != 0:
            errors = [line for line in build.stdout.splitlines() if "error:" in line]
            outcome.fail(name, "does not build" + shorten("\n".join(errors or build.stdout.splitlines()[-20:]), 30))
            continue
        result = subprocess.run([str(root / ".build/release" / product)], cwd=root, text=True, timeout=60,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=dict(os.environ))
        expected = (root / "Examples" / folder / "expected.txt").read_text()
        if result.returncode == 0 and result.stdout == expected:
            outcome.ok()
        else:
            outcome.fail(name, "exit code %d" % result.returncode + shorten(result.stdout, 40))
