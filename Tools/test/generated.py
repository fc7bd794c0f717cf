"""Checks that the generated files of the repository are what their generators make of them today.

Tools/generated.txt has one line per generator: the files it writes, a colon, and the command (run in
the root of the repository, with {python} for the host's Python). The command runs in a copy of the
repository's files, where its output is compared with what is committed.
"""
import shlex, shutil, subprocess, sys, tempfile
from pathlib import Path

from outcome import shorten


def entries(path):
    for line in path.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            files, _, command = line.partition(":")
            yield files.split(), shlex.split(command.replace("{python}", shlex.quote(sys.executable)))


def run_all(outcome, root):
    listing = root / "Tools/generated.txt"
    if not listing.exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(root, copy, symlinks=True, ignore=shutil.ignore_patterns(".build", ".cache", ".git"))
        for files, command in entries(listing):
            done = subprocess.run(command, cwd=copy, stdin=subprocess.DEVNULL, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if done.returncode:
                outcome.fail(" ".join(files), "the generator ended with %d" % done.returncode + shorten(done.stdout))
                continue
            for name in files:
                if (copy / name).read_bytes() == (root / name).read_bytes():
                    outcome.ok()
                else:
                    outcome.fail(name, "is not what `%s` writes" % " ".join(command))
