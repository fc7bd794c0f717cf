"""Runs the tests of Apus and adds everything up (./dev test).

    run.py --apus PATH [--part layout|generated|documentation|python|differential|extension|conformance|leaks|allocation|typing|examples|restart|swift]...
           [--inline] [NAME...]

NAMEs choose the Python tests, programs and modules of CPython's tests whose name contains one of them. The last line is
`N passed, N failed`; the failures listed in Tests/known-failures.txt are run too and counted on the line
before. The exit code is 1 when anything else failed. --update-known rewrites the list.
"""
import argparse, os, shlex, sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import allocation_failures, conformance, differential, documentation, examples, extension, generated, layout, leak_tests, python_tests, restart_tests, swift_tests, typing_stubs
from outcome import Outcome, known_failures

ROOT = Path(__file__).resolve().parents[2]
PARTS = ["layout", "generated", "documentation", "python", "differential", "extension", "conformance", "leaks", "allocation", "typing", "examples", "restart", "swift"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--apus", required=True, help="the interpreter under test")
    parser.add_argument("--part", action="append", choices=PARTS)
    parser.add_argument("--timeout", type=float, default=60, help="seconds per Python process")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--inline", action="store_true", help="for an interpreter that cannot import yet")
    parser.add_argument("--update-known", action="store_true", help="list what fails now as known")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    parts = options.part or (["python", "differential", "extension"] if options.names else PARTS)
    interpreter = shlex.split(options.apus)

    def selected(name):
        return not options.names or any(part in name for part in options.names)

    listing = ROOT / "Tests/known-failures.txt"
    known = known_failures(listing)
    outcomes = []
    with ThreadPoolExecutor(options.jobs) as pool:
        for part in parts:
            outcome = Outcome(part, known)
            outcomes.append(outcome)
            if part == "layout":
                layout.run_all(outcome, ROOT)
            elif part == "generated":
                generated.run_all(outcome, ROOT)
            elif part == "documentation":
                documentation.run_all(outcome, ROOT, interpreter, selected, pool, options.timeout)
            elif part == "python":
                python_tests.run_all(outcome, ROOT / "Tests/python", interpreter, selected, pool,
                                     options.timeout, options.inline)
            elif part == "differential":
                differential.run_all(outcome, ROOT / "Tests/differential", interpreter, selected, pool,
                                     options.timeout)
            elif part == "conformance":
                conformance.run_all(outcome, interpreter, selected, pool, options.timeout * 2)
            elif part == "extension":
                extension.run_all(outcome, ROOT / "Tests/extension", interpreter, selected, pool, options.timeout)
            elif part == "leaks":
                leak_tests.run_all(outcome, ROOT / "Tests/python", interpreter, selected, pool, options.timeout * 5)
            elif part == "typing":
                typing_stubs.run_all(outcome, ROOT, interpreter, options.timeout)
            elif part == "allocation":
                allocation_failures.run_all(outcome, interpreter, selected, pool, options.timeout * 5)
            elif part == "examples":
                examples.run_all(outcome, ROOT)
            elif part == "restart":
                restart_tests.run_all(outcome, ROOT)
            else:
                swift_tests.run_all(outcome, ROOT, timeout=1800)
            outcome.report()
    failed = sum(len(outcome.failures) for outcome in outcomes)
    expected = sorted(name for outcome in outcomes for name in outcome.expected)
    if not options.names and not options.part:
        for name in sorted(known - set(expected)):
            print("passes now, take it out of Tests/known-failures.txt: " + name)
    if options.update_known:
        names = sorted(set(expected) | {name for outcome in outcomes for name, _ in outcome.failures})
        listing.write_text("# Tests that fail, one a line. Work to do: this list only shrinks.\n"
                           + "".join(name + "\n" for name in names), encoding="utf-8")
    if expected:
        print("%d known failures, listed in Tests/known-failures.txt" % len(expected))
    print("%d passed, %d failed" % (sum(outcome.passed for outcome in outcomes), failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
