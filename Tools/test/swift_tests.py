"""The Swift unit tests of the package, built and run by `swift test`, counted by test."""
import re, subprocess

from outcome import shorten

TOTAL = re.compile(r"Test run with (\d+) tests?.* (passed|failed) after")
FAILED = re.compile(r"^\S+ Test (?!run\b|case\b)(.+?) failed after", re.M)


def run(root, timeout, *command):
    """Exit code and output of a command; the code is None when it took too long."""
    try:
        done = subprocess.run(command, cwd=root, timeout=timeout, text=True, errors="replace",
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.returncode, done.stdout
    except subprocess.TimeoutExpired as error:
        return None, (error.stdout or b"").decode("utf-8", "replace")


def problems(output):
    """The lines that say what went wrong in a build, or everything when there are none."""
    found = re.findall(r"^.*\berror: .*$", output, re.M)
    return "\n".join(dict.fromkeys(found)) or output


def run_all(outcome, root, timeout):
    package = (root / "Package.swift").read_text()
    if ".testTarget(" not in package:
        return
    # The product of the tests needs only the targets under test, where `swift build --build-tests` builds all.
    name = re.search(r'Package\(\s*name: "(\w+)"', package)[1]
    code, output = run(root, timeout, "swift", "build", "--product", name + "PackageTests")
    if code != 0:
        outcome.fail("swift build", "exit code %s" % code + shorten(problems(output), 30))
        return
    code, output = run(root, timeout, "swift", "test", "--skip-build", "--disable-xctest")
    total = TOTAL.search(output)
    failed = FAILED.findall(output)
    if total:
        outcome.ok(int(total[1]) - len(failed))
    for test in failed:
        issues = re.findall(r"^\S+ Test %s recorded an issue.*$" % re.escape(test), output, re.M)
        outcome.fail(test, "; ".join(issues) or "failed")
    if code != 0 and not failed or not total:
        outcome.fail("swift test", "timed out" if code is None else "exit code %d" % code + shorten(output, 30))
