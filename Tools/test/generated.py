"""Checks that the generated files of the repository are what their generators make of them today.

Tools/generated.txt has one line per generator: the files it writes, a colon, and the command.
The command runs in a copy of the repository's files, and what it writes there is compared with what
is committed. In it {root} stands for the repository itself, with its build folder.
"""
import shlex, shutil, subprocess, tempfile
from pathlib import Path

from outcome import shorten


def entries(path, root):
    for line in path.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            files, _, command = line.partition(":")
            yield files.split(), shlex.split(command.replace("{root}", shlex.quote(str(root))))


def content(path):
    return path.read_bytes() if path.exists() else None


def run_all(outcome, root):
    listing = root / "Tools/generated.txt"
    if not listing.exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(root, copy, symlinks=True, ignore=shutil.ignore_patterns(".build", ".cache", ".git"))
        for files, command in entries(listing, root):
            done = subprocess.run(command, cwd=copy, stdin=subprocess.DEVNULL, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if done.returncode:
                outcome.fail(" ".join(files), "the generator ended with %d" % done.returncode + shorten(done.stdout))
                continue
            for name in files:
                if content(copy / name) == content(root / name) is not None:
                    outcome.ok()
                else:
                    outcome.fail(name, "is not what `%s` writes" % " ".join(command))
