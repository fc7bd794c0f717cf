"""CPython's own tests with the shared runner, compared with the list of those that are known to fail.

    conform.py --tools FOLDER --apus PATH --stdlib FOLDER [--shrink] [arguments of the runner]

Without --group and --only the four groups language, builtins, runtime and stdlib-core are run. What fails
and is not in Tests/conformance/expected-failures.txt is run again, its module alone, before it counts as
lost. The exit code is 1 when a method is lost, or a module crashed or timed out.
--shrink takes the methods that pass out of the list; nothing adds to it.
"""
import argparse, json, os, subprocess, sys, tempfile
from pathlib import Path

from conformance import EXPECTED, expected_failures

GROUPS = "language,builtins,runtime,stdlib-core"


def methods(table):
    """The names in a table of the runner's: class -> methods, as a list or in one string."""
    for owner, names in table.items():
        for name in names.split(" ") if isinstance(names, str) else names:
            yield owner + "." + name if owner else name


class Conformance:
    def __init__(self, options, rest):
        self.options, self.rest = options, rest
        folder = Path(options.tools)
        with open(folder / "baseline-3.13.json", encoding="utf-8") as file:
            self.yard = {unit: set(methods(entry.get("ok", {}))) for unit, entry in json.load(file)["modules"].items()}
        with open(folder / "groups.json", encoding="utf-8") as file:
            self.groups = {unit: group for group, entry in json.load(file)["groups"].items()
                           for unit in entry["modules"]}

    def group(self, unit):
        while unit and unit not in self.groups:
            unit = unit.rpartition(".")[0]
        return self.groups.get(unit, "ungrouped")

    def measure(self, arguments, quiet=False):
        """Runs the shared runner; returns its results by module."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "results.json")
            subprocess.run([sys.executable, os.path.join(self.options.tools, "conform"), "--interp", self.options.apus,
                            "--stdlib", self.options.stdlib, "--against",
                            os.path.join(self.options.tools, "baseline-3.13.json"), "--restarts", "3",
                            *self.rest, *arguments, "--json", str(path)],
                           stdout=subprocess.DEVNULL if quiet else None, check=True)
            text = path.read_text(encoding="utf-8")
        if self.options.json and not quiet:
            Path(self.options.json).write_text(text, encoding="utf-8")
        return json.loads(text)["modules"]

    def failing(self, results):
        """Method -> reason, of those that CPython passes."""
        found = {}
        for unit, entry in results.items():
            passed = set(methods(entry["results"].get("ok", {})))
            for name in self.yard.get(unit, set()) - passed:
                reason = entry.get("why", {}).get(name) or entry.get("fatal") or entry["state"]
                found[unit + "." + name] = (unit, reason)
        return found


def broken(results):
    return {unit: "%s %s" % (entry["state"], entry.get("fatal") or "") for unit, entry in results.items()
            if entry["state"] not in ("done", "skipped", "loaderror")}


def shrink(passing):
    lines = EXPECTED.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if line.split("  # ", 1)[0].strip() not in passing]
    EXPECTED.write_text("".join(kept), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    for name in ("tools", "apus", "stdlib"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--group")
    parser.add_argument("--only")
    parser.add_argument("--match")
    parser.add_argument("--json")
    parser.add_argument("--shrink", action="store_true", help="take out of the list what passes")
    options, rest = parser.parse_known_args()
    run = Conformance(options, rest)
    chosen = ["--only", options.only] if options.only else ["--group", options.group or GROUPS]
    if options.match:
        run.measure(chosen + ["--match", options.match, "--failures"])
        return 0
    results = run.measure(chosen)
    expected, failing = expected_failures(), run.failing(results)
    again = sorted({unit for name, (unit, _) in failing.items() if name not in expected} | set(broken(results)))
    if again:
        print("\nonce more, alone:", *again, flush=True)
        second = run.measure(["--only", ",".join(again)], quiet=True)
        second = {unit: entry for unit, entry in second.items() if unit in again}
        retried = run.failing(second)
        failing = {name: (unit, reason) for name, (unit, reason) in failing.items()
                   if unit not in second or name in retried}
        results.update(second)
    print("\n%-14s %8s %8s %9s" % ("group", "passed", "of", ""))
    names = {name: unit for unit in results for name in (unit + "." + method for method in run.yard.get(unit, ()))}
    total = {}
    for name, unit in names.items():
        row = total.setdefault(run.group(unit), [0, 0])
        row[0] += name not in failing
        row[1] += 1
    for group, (passed, count) in total.items():
        print("%-14s %8d %8d %8.2f%%" % (group, passed, count, 100 * passed / count))
    lost = sorted(name for name in failing if name not in expected)
    passing = sorted(name for name in expected if name in names and name not in failing)
    print("%d methods fail that are listed in %s" % (len(failing) - len(lost), EXPECTED.relative_to(Path.cwd())
                                                     if EXPECTED.is_relative_to(Path.cwd()) else EXPECTED))
    for unit, state in sorted(broken(results).items()):
        print("BROKEN %s: %s" % (unit, state))
    for name in lost:
        print("LOST %s: %s" % (name, failing[name][1]))
    if passing and options.shrink:
        shrink(set(passing))
        print("%d methods taken out of the list" % len(passing))
    else:
        for name in passing:
            print("passes now, take it out of the list: " + name)
    return 1 if lost or broken(results) else 0


if __name__ == "__main__":
    sys.exit(main())
