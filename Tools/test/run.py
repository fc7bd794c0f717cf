"""Runs the tests of Apus and adds everything up (./dev test).

    run.py --apus PATH [--part swift|python|differential|layout|generated]... [--inline] [NAME...]

NAMEs choose the Python tests and programs whose name contains one of them. The last line is
`N passed, N failed`; the exit code is 1 when anything failed.
"""
import argparse, os, shlex, sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import differential, generated, layout, python_tests, swift_tests
from outcome import Outcome

ROOT = Path(__file__).resolve().parents[2]
PARTS = ["layout", "generated", "python", "differential", "swift"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--apus", required=True, help="the interpreter under test")
    parser.add_argument("--part", action="append", choices=PARTS)
    parser.add_argument("--timeout", type=float, default=60, help="seconds per Python process")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--inline", action="store_true", help="for an interpreter that cannot import yet")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    parts = options.part or (["python", "differential"] if options.names else PARTS)
    interpreter = shlex.split(options.apus)

    def selected(name):
        return not options.names or any(part in name for part in options.names)

    outcomes = []
    with ThreadPoolExecutor(options.jobs) as pool:
        for part in parts:
            outcome = Outcome(part)
            outcomes.append(outcome)
            if part == "layout":
                layout.run_all(outcome, ROOT)
            elif part == "generated":
                generated.run_all(outcome, ROOT)
            elif part == "python":
                python_tests.run_all(outcome, ROOT / "Tests/python", interpreter, selected, pool,
                                     options.timeout, options.inline)
            elif part == "differential":
                differential.run_all(outcome, ROOT / "Tests/differential", interpreter, selected, pool,
                                     options.timeout)
            else:
                swift_tests.run_all(outcome, ROOT, timeout=1800)
            outcome.report()
    failed = sum(len(outcome.failures) for outcome in outcomes)
    print("%d passed, %d failed" % (sum(outcome.passed for outcome in outcomes), failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
