"""Compares what the native modules of apus and of CPython 3.13 say about themselves.

For every module that CPython has built in or in a shared library: its names; for each function, type and
method their kind, text signature, inspect.signature(), qualified name, module and whether they have a
docstring; for types their bases and dir(). Types that are only reachable as attributes count too.

    signatures.py --apus PATH --oracle PATH [--only NAME] [--show N]

Modules made for CPython's own tests are left out, as are the docstrings that CPython lacks.
"""
import sys, tempfile
from pathlib import Path

import pair

PROGRAM = r'''
import importlib, inspect, os, sys, warnings
warnings.simplefilter("ignore")

def show(subject, fact, value):
    print(subject, fact, ascii(value), sep="\t")

def attempt(function, *arguments):
    try:
        return function(*arguments)
    except BaseException as error:
        return type(error).__name__ + ": " + str(error)

def describe(subject, value):
    kind = type(value).__name__
    show(subject, "kind", kind)
    if kind in SIMPLE:
        return
    if isinstance(value, type) or callable(value) or inspect.isdatadescriptor(value):
        show(subject, "doc", bool(attempt(getattr, value, "__doc__", None)))
        for fact in "__text_signature__", "__qualname__", "__module__", "__name__":
            show(subject, fact, attempt(getattr, value, fact, None))
    if callable(value):
        show(subject, "signature()", attempt(lambda: str(inspect.signature(value))))

def describe_type(subject, cls):
    describe(subject, cls)
    show(subject, "bases", [base.__qualname__ for base in cls.__bases__])
    show(subject, "flags", [name for bit, name in FLAGS.items() if cls.__flags__ >> bit & 1])
    for key in dir(cls):
        show(subject, "dir " + key, True)
    for key in sorted(vars(cls)):
        if key not in SKIPPED:
            describe(subject + "." + key, vars(cls)[key])

SIMPLE = {"int", "str", "float", "bytes", "tuple", "NoneType", "bool", "dict", "list", "frozenset"}
FLAGS = {5: "sequence", 6: "mapping", 7: "not called", 8: "immutable", 9: "heap", 10: "base", 22: "match self"}
SKIPPED = {"__doc__", "__module__", "__loader__", "__spec__", "__file__", "__name__", "__package__"}
done = set()
for module_name in sys.argv[1].split():
    try:
        module = importlib.import_module(module_name)
    except BaseException as error:
        show(module_name, "import", type(error).__name__)
        continue
    show(module_name, "import", True)
    show(module_name, "doc", bool(module.__doc__))
    for key in sorted(vars(module)):
        subject = module_name + "." + key
        show(subject, "present", True)
        if key in SKIPPED:
            continue
        value = vars(module)[key]
        if isinstance(value, type):
            if value in done or value.__module__ == "builtins" and module_name != "builtins":
                show(subject, "type", value.__module__ + "." + value.__qualname__)
            else:
                done.add(value)
                describe_type(subject, value)
        elif type(value) is not type(sys):
            describe(subject, value)
'''

LISTING = r'''
import os, sys, sysconfig
names = set(sys.builtin_module_names)
folder = os.path.join(sys.prefix, "lib", "python3.13", "lib-dynload")
names |= {name.partition(".")[0] for name in os.listdir(folder)}
unwanted = "_test", "_xxtest", "xx", "_ctypes_test"
print(*sorted(name for name in names if not name.startswith(unwanted)))
'''


def facts(interpreter, program, names):
    table, names = {}, list(names)
    # A process for a few modules, so that one that ends its process hides few others.
    for start in range(0, len(names), 8):
        done = interpreter.run(program, " ".join(names[start:start + 8]))
        if done.code or done.timed_out:
            print("signatures: %s: %s: %s\n%s" % (names[start:start + 8], interpreter.command[0], done.ending(), done.err[-2000:]))
        table |= pair.facts(done.out)
    return table


def main():
    parser = pair.arguments(__doc__)
    parser.add_argument("--only", default="", help="modules whose name contains this")
    options = parser.parse_args()
    oracle, apus = pair.Interpreter(options.oracle), pair.Interpreter(options.apus)
    with tempfile.TemporaryDirectory() as folder:
        listing = Path(folder) / "listing.py"
        listing.write_text(LISTING, encoding="utf-8")
        names = [name for name in oracle.run(listing).out.split() if options.only in name]
        program = Path(folder) / "facts.py"
        program.write_text(PROGRAM, encoding="utf-8")
        expected, found = facts(oracle, program, names), facts(apus, program, names)
    report = pair.Report(options.show)
    for key in sorted(expected.keys() | found.keys()):
        want, have = expected.get(key, "absent"), found.get(key, "absent")
        if key[1] == "doc" and (want, have) == ("False", "True"):
            have = want
        report.compare("%s: %s" % key, want, have)
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
