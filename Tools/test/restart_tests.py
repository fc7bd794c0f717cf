"""Python started and ended a hundred times in one process (Tests/restart), with many modules imported in between.

After each end no block may be left but the names that Swift variables hold for ever, and memory must not grow.
"""
import re, subprocess

from outcome import shorten

LIVES = 100
MODULES = """
    json re collections asyncio decimal datetime zoneinfo pickle csv sqlite3 ssl hashlib hmac lzma bz2 ctypes threading
    queue logging unittest typing dataclasses statistics xml.etree.ElementTree faulthandler tracemalloc subprocess
    multiprocessing concurrent.futures tempfile urllib.request inspect ast dis importlib.resources contextvars weakref
    gc atexit signal mmap resource pwd grp termios syslog fcntl uuid locale cProfile unicodedata fractions cmath
    """.split()
REPORT = re.compile(r"life (\d+): (\d+) blocks left, (\d+) permanent names, (\d+) KiB")
WARM = 10  # lives until the memory of the process has found its size
GROWTH = 2048  # KiB that it may vary by after that


def run_all(outcome, root, timeout=1800):
    build = subprocess.run(["swift", "build", "-c", "release", "--product", "restart-check"], cwd=root, text=True,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout)
    if build.returncode != 0:
        errors = [line for line in build.stdout.splitlines() if "error:" in line]
        outcome.fail("restart", "does not build" + shorten("\n".join(errors or build.stdout.splitlines()[-20:]), 30))
        return
    for name, modules in [("restart_plain", []), ("restart_with_modules", MODULES)]:
        done = subprocess.run([str(root / ".build/release/restart-check"), "--times", str(LIVES), *modules], cwd=root,
                              text=True, timeout=600, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        lives = [tuple(map(int, match)) for match in REPORT.findall(done.stdout)]
        left = [life for life in lives if life[1] > life[2]]
        if done.returncode != 0 or len(lives) != LIVES:
            outcome.fail(name, "exit code %d" % done.returncode + shorten(done.stdout, 20))
        elif left:
            outcome.fail(name, "%d blocks left after life %d" % (left[0][1] - left[0][2], left[0][0]))
        elif lives[-1][3] > lives[WARM][3] + GROWTH:
            outcome.fail(name, "memory grew from %d to %d KiB" % (lives[WARM][3], lives[-1][3]))
        else:
            outcome.ok()
