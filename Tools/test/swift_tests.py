"""The Swift unit tests of the package, built and run by `swift test`, counted by test."""
import re, subprocess

from outcome import shorten

TOTAL = re.compile(r"Test run with (\d+) tests?.* (passed|failed) after")
FAILED = re.compile(r"^\S+ Test (?!run\b|case\b)(.+?) failed after", re.M)


def run_all(outcome, root, timeout):
    if ".testTarget(" not in (root / "Package.swift").read_text():
        return
    try:
        done = subprocess.run(["swift", "test", "--disable-xctest"], cwd=root, timeout=timeout, text=True,
                              errors="replace", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
    except subprocess.TimeoutExpired as error:
        output = (error.stdout or b"").decode("utf-8", "replace")
        outcome.fail("swift test", "timed out" + shorten(output))
        return
    total = TOTAL.search(done.stdout)
    if not total:
        outcome.fail("swift test", "no summary, exit code %d" % done.returncode + shorten(done.stdout, 30))
        return
    failed = FAILED.findall(done.stdout)
    outcome.ok(int(total[1]) - len(failed))
    for name in failed:
        issues = re.findall(r"^\S+ Test %s recorded an issue.*$" % re.escape(name), done.stdout, re.M)
        outcome.fail(name, "; ".join(issues) or "failed")
    if done.returncode and not failed:
        outcome.fail("swift test", "exit code %d" % done.returncode + shorten(done.stdout, 30))
